/*
 * sql_colleague.h - the rows of sql.c's table about what colleagues sign with
 * and who may look after a case
 *
 * Only sql.c includes it, inside the table and with its macros.
 */
/* clang-format off */

	[SQL_PROFILE] = { "profile", 1, SQL_SERVER, SQL_PLAIN,
		"SELECT title, phone, color = 'blue' FROM profile"
		" WHERE person = $1" },
	[SQL_PROFILE_SET] = { "profile_set", 4, SQL_SERVER, SQL_MUST_CHANGE,
		"INSERT INTO profile (person, title, phone, color)"
		" VALUES ($1, $2, $3, CASE WHEN $4::bool THEN 'blue' ELSE 'black' END)"
		" ON CONFLICT (person) DO UPDATE SET title = excluded.title,"
		" phone = excluded.phone, color = excluded.color" },
	[SQL_CONFLICT_IS] = { "conflict_is", 2, SQL_BOTH, SQL_PLAIN,
		"SELECT 1 WHERE conflicted($1, $2)" },
	[SQL_CONFLICT_ADD] = { "conflict_add", 2, SQL_SERVER, SQL_PLAIN,
		"INSERT INTO case_conflict (case_id, person) VALUES ($1, $2)"
		" ON CONFLICT DO NOTHING" },
	[SQL_CASE_OWNER] = { "case_owner", 2, SQL_SERVER, SQL_MUST_CHANGE,
		"UPDATE case_file SET owner = $2 WHERE id = $1" },
	[SQL_CASE_OWNED] = { "case_owned", 1, SQL_SERVER, SQL_PLAIN,
		"SELECT c.owner, p.name FROM case_file c"
		"  LEFT JOIN person p ON p.id = c.owner WHERE c.id = $1" },
	/* As seen from case $1: who has its key, a conflict, is away now. */
	[SQL_CANDIDATES] = { "candidates", 1, SQL_SERVER, SQL_PLAIN,
		"SELECT p.id, p.login, p.name, p.role::text, g.person IS NOT NULL,"
		" conflicted(c.id, p.id), a.back - date '1970-01-01'"
		"  FROM case_file c CROSS JOIN person p"
		"  LEFT JOIN case_grant g ON g.case_id = c.id"
		"   AND g.version = c.key_version AND g.person = p.id"
		"  LEFT JOIN LATERAL (SELECT max(back_day) AS back FROM absence"
		"    WHERE person = p.id AND called_off IS NULL"
		"      AND starts <= now() AND ends > now()) a ON true"
		" WHERE c.id = $1 AND p.active ORDER BY p.name, p.login" },

