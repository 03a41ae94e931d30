/*
 * sql_retention.h - the rows of sql.c's table about how long files are kept,
 * and what stands against their erasure
 *
 * Only sql.c includes it, inside the table and with its macros; the guards'
 * facts (sql_mediation.h) ask the same questions.
 */
/* clang-format off */

#define DAY_OF(x) "(" x " - date '1970-01-01')"
/* Of case c and its clock k: letters that the reminder of this round made. */
#define NOTICES(o)                                                            \
	"outbox " o " WHERE " o ".case_id = c.id AND " o ".kind = 'reminder'" \
	"  AND starts_with(" o ".dedupe_key, 'alarm:'"                        \
	"   || replace(c.id::text, '-', '') || ':retention:0:' || k.round || ':')"
/* By a letter that arrived, or by a colleague, by another way. */
#define TOLD(side)                                                            \
	"(EXISTS (SELECT 1 FROM capsule l JOIN party p ON p.id = l.party"     \
	"   AND p.side = " side " WHERE l.case_id = c.id"                     \
	"   AND EXISTS (SELECT 1 FROM " NOTICES("o")                          \
	"    AND o.capsule = l.id AND o.state = 'sent'))"                     \
	" OR EXISTS (SELECT 1 FROM task t JOIN party p ON p.id = t.party"     \
	"   AND p.side = " side " WHERE t.case_id = c.id"                     \
	"   AND t.done IS NOT NULL AND t.outcome <> 'not-needed'"             \
	"   AND (t.kind = 'tell-erasure' AND t.opened >= k.started"           \
	"    OR t.kind IN ('other-channel', 'send-again') AND EXISTS"         \
	"     (SELECT 1 FROM " NOTICES("o") " AND o.item = t.item))))"
#define KEPT_CLOCK                                                            \
	"k.case_id = c.id AND k.kind = 'retention' AND k.n = 0"               \
	" AND k.state = 'running'"
/* The company only where it ever knew of the case; and what the notice named
 * is over: until then its end does not ring, nor what whoever was told last
 * has as their time ('told', which does nothing else). */
#define KEPT_NOTIFIED                                                         \
	"EXISTS (SELECT 1 FROM clock k WHERE " KEPT_CLOCK                     \
	"  AND " TOLD("'consumer'")                                           \
	"  AND (NOT c.told OR " TOLD("'company'") ")"                         \
	"  AND NOT EXISTS (SELECT 1 FROM alarm a WHERE a.case_id = c.id"      \
	"   AND a.clock = 'retention' AND a.n = 0 AND a.round = k.round"      \
	"   AND a.kind IN ('lapse', 'told') AND a.done IS NULL"               \
	"   AND a.at > now() + interval '1 minute'))"
/* Nobody wrote since the notice (where none went by mail, since the clock
 * began), and no letter is on its way. */
#define KEPT_QUIET                                                            \
	"(NOT EXISTS (SELECT 1 FROM item i JOIN clock k ON " KEPT_CLOCK       \
	"   WHERE i.case_id = c.id AND i.kind = 'mail_in' AND i.at > coalesce(" \
	"    (SELECT max(o.sent) FROM " NOTICES("o") "), k.started))"         \
	" AND NOT EXISTS (SELECT 1 FROM outbox w WHERE w.case_id = c.id"      \
	"  AND w.state IN ('queued', 'unknown')))"

#define DUPLICATE_HELD                                                        \
	"EXISTS (SELECT 1 FROM case_link l JOIN case_file d"                  \
	"   ON d.id = l.case_id AND d.legal_hold"                             \
	"  WHERE l.other = c.id AND l.kind = 'merge' AND l.undone IS NULL)"
#define KEPT(where, cursor, order)                                            \
	"SELECT c.id, c.protocol, " SECS("c.closed") ", c.closed_by,"         \
	" " SECS("k.due") ", k.profile, k.unit, k.amount, k.law,"             \
	" c.legal_hold OR " DUPLICATE_HELD ","                                \
	" " DAY_OF("c.hold_review") ", " SECS("c.erased") ","                 \
	" coalesce(k.due < to_timestamp($5::int8), false), " KEPT_NOTIFIED ","\
	" " KEPT_QUIET ", " SECS("w.at") ", a.name,"                          \
	" EXISTS (SELECT 1 FROM case_grant g WHERE g.case_id = c.id"          \
	"  AND g.version = c.key_version AND g.person = $1),"                 \
	" " cursor                                                            \
	"  FROM case_file c LEFT JOIN clock k ON " KEPT_CLOCK                 \
	"  LEFT JOIN act_pending w ON w.case_id = c.id"                       \
	"   AND w.action = 'erase' AND w.decided IS NULL"                     \
	"  LEFT JOIN person a ON a.id = w.author"                             \
	" WHERE $6::int8 IS NOT NULL AND " where                              \
	" AND (" cursor ", c.id) " order

	/* $1 the reader, $2 and $3 the line before, $4 how many, $5 now, $6 for
	 * what falls due: until when. */
	[SQL_KEPT_DUE] = { "kept_due", 6, SQL_SERVER, SQL_PLAIN,
		KEPT("c.state = 'closed' AND k.kind = 'retention'"
			" AND k.state = 'running'"
			" AND k.due < to_timestamp($6::int8)", SECS("k.due"),
			"> ($2::int8, $3::uuid) ORDER BY 19, 1 LIMIT $4::int8") },
	[SQL_KEPT_HOLD] = { "kept_hold", 6, SQL_SERVER, SQL_PLAIN,
		KEPT("c.legal_hold", "coalesce(" DAY_OF("c.hold_review")
			", 1)::int8", "> ($2::int8, $3::uuid)"
			" ORDER BY 19, 1 LIMIT $4::int8") },
	[SQL_KEPT_WAITING] = { "kept_waiting", 6, SQL_SERVER, SQL_PLAIN,
		KEPT("w.id IS NOT NULL AND c.state = 'closed'", SECS("w.at"),
			"> ($2::int8, $3::uuid) ORDER BY 19, 1 LIMIT $4::int8") },
	/* The latest first. */
	[SQL_KEPT_ERASED] = { "kept_erased", 6, SQL_SERVER, SQL_PLAIN,
		KEPT("c.erased IS NOT NULL", SECS("c.erased"),
			"< ($2::int8, $3::uuid)"
			" ORDER BY 19 DESC, 1 DESC LIMIT $4::int8") },
	[SQL_KEPT_COUNT] = { "kept_count", 2, SQL_SERVER, SQL_PLAIN,
		"SELECT (SELECT count(*) FROM clock k JOIN case_file c"
		"   ON " KEPT_CLOCK " AND c.state = 'closed'"
		"   WHERE k.due < to_timestamp($2::int8)),"
		" (SELECT count(*) FROM clock k JOIN case_file c"
		"   ON " KEPT_CLOCK " AND c.state = 'closed'"
		"   WHERE k.due < to_timestamp($1::int8)),"
		" (SELECT count(*) FROM case_file WHERE legal_hold),"
		" (SELECT count(*) FROM act_pending WHERE action = 'erase'"
		"   AND decided IS NULL),"
		" (SELECT count(*) FROM case_file WHERE erased IS NOT NULL)" },
	/* What is left of a case that was erased, by its number. */
	[SQL_KEPT_TOMBSTONE] = { "kept_tombstone", 1, SQL_SERVER, SQL_PLAIN,
		"SELECT id, protocol, " SECS("opened") ", " SECS("closed") ","
		" " SECS("erased") ", closed_by, kind::text, merit::text,"
		" resolution::text FROM case_file"
		" WHERE protocol = $1 AND erased IS NOT NULL" },
	/* Which of these numbers are of cases that were erased. */
	[SQL_KEPT_NUMBERS] = { "kept_numbers", 1, SQL_GATEWAY, SQL_PLAIN,
		"SELECT c.protocol FROM case_file c"
		" WHERE c.protocol = ANY ($1::text[]) AND c.state = 'erased'" },
	/* 0: no day. */
	[SQL_HOLD_REVIEW_SET] = { "hold_review_set", 2, SQL_SERVER, SQL_MUST_CHANGE,
		"UPDATE case_file SET hold_review = date '1970-01-01'"
		" + nullif($2::int4, 0) WHERE id = $1" },
	/* $1 today, $2 now, $3 when to be done. */
	[SQL_HOLDS_DUE] = { "holds_due", 3, SQL_GATEWAY, SQL_PLAIN,
		"SELECT holds_due(date '1970-01-01' + $1::int4,"
		" to_timestamp($2::int8), to_timestamp($3::int8))" },
	/* Of a side's addresses: how many, and how many the gateway may read. */
	[SQL_SIDE_READABLE] = { "side_readable", 2, SQL_GATEWAY, SQL_PLAIN,
		"SELECT count(*), count(l.box_svc) FROM capsule l"
		" JOIN party p ON p.id = l.party AND p.side = $2::party_side"
		" WHERE l.case_id = $1" },
	[SQL_TASK_IS_OPEN] = { "task_is_open", 2, SQL_GATEWAY, SQL_PLAIN,
		"SELECT 1 FROM task WHERE case_id = $1 AND kind = $2"
		" AND done IS NULL" },
	/* $2 a task: only where it was to tell a party by another way; NULL: a
	 * letter was.  Whoever is told later has time until later. */
	[SQL_KEPT_TOLD] = { "kept_told", 3, SQL_BOTH, SQL_PLAIN,
		"INSERT INTO alarm AS a (case_id, clock, n, round, kind, at)"
		" SELECT k.case_id, k.kind, k.n, k.round, 'told',"
		"  to_timestamp($3::int8)"
		"  FROM case_file c JOIN clock k ON " KEPT_CLOCK
		" WHERE c.id = $1 AND ($2::uuid IS NULL OR EXISTS (SELECT 1"
		"  FROM task t WHERE t.id = $2 AND (t.kind = 'tell-erasure'"
		"   OR t.kind IN ('other-channel', 'send-again') AND EXISTS"
		"    (SELECT 1 FROM " NOTICES("o") " AND o.item = t.item))))"
		" ON CONFLICT (case_id, clock, n, round, kind) DO UPDATE"
		"  SET at = greatest(a.at, excluded.at), done = NULL,"
		"  outcome = NULL" },
	[SQL_ALARMS_AT] = { "alarms_at", 3, SQL_SERVER, SQL_PLAIN,
		"UPDATE alarm a SET at = greatest(k.due, to_timestamp($3::int8))"
		" FROM clock k"
		" WHERE a.case_id = $1 AND a.clock = $2::clock_kind"
		"  AND k.case_id = a.case_id AND k.kind = a.clock AND k.n = a.n"
		"  AND k.round = a.round AND k.state = 'running'"
		"  AND a.kind = 'lapse' AND a.done IS NULL"
		"  AND a.at > greatest(k.due, to_timestamp($3::int8))" },
