/*
 * sql_history.h - the rows of sql.c's table about reading the log: a case's
 * own, and the office's
 *
 * Only sql.c includes it, inside the table and with its macros.
 */
/* clang-format off */

/* The object has a name where it is a colleague, and a number where it is a
 * message of the case or the letter that carries one. */
#define HISTORY_COLUMNS                                                       \
	" e.chain, e.seq, e.at_us, e.signer, e.signer_seq, e.actor, e.action," \
	" e.object, e.details, e.prev, e.hash, e.mac, coalesce(a.name, ''),"   \
	" coalesce(o.name, ''), coalesce(s.kind, ''), coalesce(i.seq, 0),"     \
	" coalesce(i.lane::text, '')"                                          \
	"  FROM audit_event e LEFT JOIN person a ON a.id = e.actor"           \
	"  LEFT JOIN person o ON o.id = e.object"                             \
	"  LEFT JOIN audit_signer s ON s.id = e.signer"                        \
	"  LEFT JOIN outbox b ON b.id = e.object AND b.case_id = e.chain"      \
	"  LEFT JOIN item i ON i.id = coalesce(b.item, e.object)"              \
	"   AND i.case_id = e.chain"

	/* The newest $3 before $2, newest first; $2 0: from the end. */
	[SQL_HISTORY_CASE] = { "history_case", 3, SQL_SERVER, SQL_PLAIN,
		"SELECT" HISTORY_COLUMNS
		" WHERE e.chain = $1 AND ($2::int8 = 0 OR e.seq < $2::int8)"
		" ORDER BY e.seq DESC LIMIT $3::int4" },
	[SQL_HISTORY_CHAIN] = { "history_chain", 3, SQL_SERVER, SQL_PLAIN,
		"SELECT chain, seq, at_us, signer, signer_seq, actor, action,"
		" object, details, prev, hash, mac FROM audit_event"
		" WHERE chain = $1 AND seq > $2::int8 ORDER BY seq"
		" LIMIT $3::int4" },
	/* What stands in no case, of person $1 (NULL: of anybody), from $2 until
	 * $3, before the entry ($3, $4, $5). */
	[SQL_HISTORY_OWN] = { "history_own", 6, SQL_SERVER, SQL_PLAIN,
		"SELECT" HISTORY_COLUMNS
		" WHERE e.chain = e.signer AND e.at_us >= $2::int8"
		"   AND (e.at_us, e.chain, e.seq) < ($3::int8, $4::uuid, $5::int8)"
		"   AND ($1::uuid IS NULL OR e.actor = $1::uuid)"
		" ORDER BY e.at_us DESC, e.chain DESC, e.seq DESC LIMIT $6::int4" },
	[SQL_HISTORY_CASE_ID] = { "history_case_id", 2, SQL_SERVER, SQL_PLAIN,
		"SELECT id FROM case_file WHERE protocol = $1 OR id = $2" },
	/* Did $2 do this in chain $1 since $4, among its last entries? */
	[SQL_HISTORY_SINCE] = { "history_since", 4, SQL_SERVER, SQL_PLAIN,
		"SELECT 1 FROM (SELECT actor, action, at_us FROM audit_event"
		"   WHERE chain = $1 ORDER BY seq DESC LIMIT 200) e"
		" WHERE e.actor = $2 AND e.action = $3 AND e.at_us > $4::int8"
		" LIMIT 1" },
	[SQL_HISTORY_PEOPLE] = { "history_people", 0, SQL_SERVER, SQL_PLAIN,
		"SELECT id, login, name FROM person ORDER BY name, login" },
