/*
 * sql_grant.h - the rows of sql.c's table about who holds which key
 *
 * Only sql.c includes it, inside the table and with its macros.
 */
/* clang-format off */

/* The key that somebody holds of a case now. */
#define KEY_OF(g, person)                                                     \
	" JOIN case_grant " g " ON " g ".case_id = c.id"                      \
	" AND " g ".version = c.key_version AND " g ".person = " person
#define LACKS_KEY(person)                                                     \
	" NOT EXISTS (SELECT 1 FROM case_grant k WHERE k.case_id = c.id"      \
	" AND k.version = c.key_version AND k.person = " person ")"
#define NOT_TAKEN_BACK(person)                                                \
	" NOT EXISTS (SELECT 1 FROM grant_ended e WHERE e.case_id = c.id"     \
	" AND e.person = " person ")"

/* Cases that $1 can open and $2 cannot, and from whom nobody took that key
 * back; $3: all that are open, of the desk,
 * one's own, those of $4, or closed ones. */
#define KEYS_FROM                                                             \
	"  FROM case_file c" KEY_OF("g", "$1")                                \
	" WHERE" LACKS_KEY("$2") " AND" NOT_TAKEN_BACK("$2")                  \
	" AND CASE $3::text"                                                  \
	"  WHEN 'open' THEN " IS_OPEN                                         \
	"  WHEN 'mine' THEN " IS_OPEN " AND c.owner = $1"                     \
	"  WHEN 'of' THEN " IS_OPEN " AND c.owner = $4::uuid"                 \
	"  WHEN 'desk' THEN c.desk_month IS NOT NULL"                         \
	"   OR c.state IN ('held', 'received', 'triage', 'info')"             \
	"  WHEN 'closed' THEN " IS_CLOSED                                     \
	"  ELSE false END"

	/* For $2 who holds the key; roles as "reader,ombudsman". */
	[SQL_GRANT_LACKING] = { "grant_lacking", 3, SQL_SERVER, SQL_PLAIN,
		"SELECT p.id FROM case_file c" KEY_OF("me", "$2")
		"  JOIN person p ON p.active"
		"   AND p.role::text = ANY (string_to_array($3::text, ','))"
		" WHERE c.id = $1 AND" LACKS_KEY("p.id")
		"   AND" NOT_TAKEN_BACK("p.id") " AND NOT conflicted(c.id, p.id)"
		" ORDER BY p.id" },
	[SQL_GRANT_ASK] = { "grant_ask", 3, SQL_BOTH, SQL_PLAIN,
		"SELECT grant_ask($1, string_to_array($2::text, ','), $3)" },
	[SQL_GRANT_REVOKE] = { "grant_revoke", 3, SQL_SERVER, SQL_PLAIN,
		"SELECT grant_revoke($1, $2, $3)" },
	[SQL_TIES_FELT] = { "ties_felt", 0, SQL_GATEWAY, SQL_PLAIN,
		"SELECT of_case, of_person FROM ties_felt()" },
	[SQL_GRANTS_DESK_END] = { "grants_desk_end", 1, SQL_SERVER, SQL_PLAIN,
		"SELECT grants_desk_end($1)" },
	/* $1 a case, NULL: any; $2 who holds their keys, $3 how many.  What
	 * another works on now is left for later. */
	[SQL_GRANTS_DUE] = { "grants_due", 3, SQL_SERVER, SQL_PLAIN,
		"SELECT c.id, c.key_version, g.box, d.person, d.why"
		"  FROM grant_due d JOIN case_file c ON c.id = d.case_id"
		KEY_OF("g", "$2")
		"  JOIN person p ON p.id = d.person AND p.active"
		" WHERE ($1::uuid IS NULL OR d.case_id = $1)"
		"   AND" LACKS_KEY("d.person") " AND" NOT_TAKEN_BACK("d.person")
		"   AND NOT conflicted(c.id, d.person)"
		" ORDER BY c.id, d.person LIMIT $3::int4"
		" FOR UPDATE OF c SKIP LOCKED" },
	[SQL_KEYS_LACKING] = { "keys_lacking", 5, SQL_SERVER, SQL_PLAIN,
		"SELECT c.id, c.key_version, g.box, $2::uuid, ''::text" KEYS_FROM
		"   AND NOT conflicted(c.id, $2)"
		" ORDER BY c.id LIMIT $5::int4 FOR UPDATE OF c SKIP LOCKED" },
	/* How many; of how many that colleague cannot be impartial. */
	[SQL_KEYS_LEFT] = { "keys_left", 4, SQL_SERVER, SQL_PLAIN,
		"SELECT count(*) FILTER (WHERE NOT s.k), count(*) FILTER (WHERE s.k)"
		"  FROM (SELECT conflicted(c.id, $2) AS k" KEYS_FROM ") s" },
	/* What $1 looks after, for $2. */
	[SQL_GRANTS_DUE_OF] = { "grants_due_of", 2, SQL_SERVER, SQL_PLAIN,
		"INSERT INTO grant_due (case_id, person, why)"
		" SELECT c.id, $2, 'substitute' FROM case_file c"
		"  WHERE c.owner = $1 AND " IS_OPEN " AND" LACKS_KEY("$2")
		"   AND" NOT_TAKEN_BACK("$2")
		"   AND NOT conflicted(c.id, $2) ON CONFLICT DO NOTHING" },

	/* ---- who they are ------------------------------------------------------ */

	/* Of case $1, for $2 who can open it: those who can, then those who are
	 * to. */
	[SQL_READERS] = { "readers", 2, SQL_SERVER, SQL_PLAIN,
		"SELECT p.login, p.name, p.role::text, " SECS("coalesce(o.at, c.opened)")
		", b.name, coalesce(o.why, 'desk'), false"
		"  FROM case_file c" KEY_OF("me", "$2")
		"  JOIN case_grant g ON g.case_id = c.id AND g.version = c.key_version"
		"  JOIN person p ON p.id = g.person AND p.active"
		"  LEFT JOIN grant_given o ON o.case_id = c.id AND o.person = p.id"
		"  LEFT JOIN person b ON b.id = o.giver WHERE c.id = $1"
		" UNION ALL SELECT p.login, p.name, p.role::text, " SECS("d.since")
		", NULL, d.why, true FROM case_file c" KEY_OF("me", "$2")
		"  JOIN grant_due d ON d.case_id = c.id"
		"  JOIN person p ON p.id = d.person AND p.active"
		" WHERE c.id = $1 ORDER BY 7, 2, 1" },
	/* $1 a login, NULL: everybody; $2 idle minutes, $3 hours of a session.
	 * Keys are counted from the open cases on: of closed ones there are ever
	 * more. */
	[SQL_STAFF] = { "staff", 3, SQL_SERVER, SQL_PLAIN,
		"WITH h AS MATERIALIZED (SELECT g.person, count(*) AS n"
		"   FROM case_file c JOIN case_grant g ON g.case_id = c.id"
		"    AND g.version = c.key_version"
		"  WHERE " IS_OPEN " AND ($1::text IS NULL OR g.person ="
		"   (SELECT id FROM person WHERE login = $1)) GROUP BY g.person)"
		" SELECT p.id, p.login, p.name, p.role::text, p.active, p.desk,"
		" EXISTS (SELECT 1 FROM absence a WHERE a.person = p.id"
		"  AND a.called_off IS NULL AND a.starts <= now() AND a.ends > now()),"
		" coalesce((SELECT h.n FROM h WHERE h.person = p.id), 0),"
		" (SELECT count(*) FROM case_file c WHERE c.owner = p.id AND " IS_OPEN "),"
		" (SELECT count(*) FROM session s WHERE s.person = p.id"
		"   AND s.seen > now() - make_interval(mins => $2::int4)"
		"   AND s.created > now() - make_interval(hours => $3::int4)),"
		" " SECS("(SELECT max(s.seen) FROM session s WHERE s.person = p.id)")
		"  FROM person p WHERE $1::text IS NULL OR p.login = $1"
		" ORDER BY p.active DESC, p.name, p.login" },

	/* ---- somebody leaves --------------------------------------------------- */

	[SQL_LEAVE_STOPS] = { "leave_stops", 1, SQL_SERVER, SQL_PLAIN,
		"SELECT c.id, c.protocol FROM person_leave_stops($1) s(id)"
		"  JOIN case_file c ON c.id = s.id ORDER BY c.protocol NULLS LAST, c.id"
		" LIMIT 100" },
	[SQL_LEAVE] = { "leave", 1, SQL_SERVER, SQL_PLAIN,
		"SELECT person_leave($1)" },
	/* Who else has that person's role, and can log in. */
	[SQL_ROLE_OTHERS] = { "role_others", 1, SQL_SERVER, SQL_PLAIN,
		"SELECT role_others($1)" },

