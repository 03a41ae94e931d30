/*
 * sql_rekey.h - the rows of sql.c's table about a new key for a case, and who
 * signed what the present ones rest on
 *
 * Only sql.c includes it, inside the table and with its macros.
 */
/* clang-format off */

	[SQL_REKEY] = { "rekey", 17, SQL_SERVER, SQL_PLAIN,
		"SELECT case_rekey($1, $2, $3::int4, $4, $5, $6, $7, $8, $9, $10,"
		" $11, $12, $13, $14, $15, $16, $17)" },
	/* A person with whoever certified them. */
	[SQL_PERSON_SIGNER] = { "person_signer", 1, SQL_BOTH, SQL_PLAIN,
		"WITH who (id) AS (SELECT $1::uuid"
		" UNION SELECT cert_admin FROM person WHERE id = $1"
		" UNION SELECT cert_admin FROM person_former WHERE person = $1)"
		" SELECT" PERSON_COLUMNS " FROM person"
		"  WHERE id IN (SELECT id FROM who)" PERSON_FORMER
		"  WHERE f.person IN (SELECT id FROM who)" },
	/* Those who hold the key of case $1 and may go on holding it, with the
	 * escrow (zero). */
	[SQL_REKEY_GRANTS] = { "rekey_grants", 1, SQL_SERVER, SQL_PLAIN,
		"SELECT g.person," GRANT_COLUMNS
		"  FROM case_grant g JOIN case_file c"
		"    ON c.id = g.case_id AND c.key_version = g.version"
		"  LEFT JOIN person p ON p.id = g.person"
		" WHERE g.case_id = $1 AND coalesce(p.active, true)"
		"   AND NOT conflicted($1, g.person) ORDER BY g.person" },
	[SQL_CASE_REKEY_DUE] = { "case_rekey_due", 1, SQL_SERVER, SQL_PLAIN,
		"SELECT rekey_due FROM case_file WHERE id = $1" },
	/* What of a case stays to be sealed anew. */
	[SQL_REKEY_ITEMS] = { "rekey_items", 2, SQL_SERVER, SQL_PLAIN,
		"SELECT id, dek_box FROM item WHERE case_id = $1"
		"  AND key_version = $2::int4 ORDER BY seq" },
	[SQL_CASE_OLD_KEY] = { "case_old_key", 2, SQL_SERVER, SQL_PLAIN,
		"SELECT old_box FROM case_key WHERE case_id = $1"
		"  AND version = $2::int4" },
	/* Cases that wait for a new key, of which $1 holds the present one. */
	[SQL_REKEY_WAITING] = { "rekey_waiting", 2, SQL_SERVER, SQL_PLAIN,
		"SELECT c.id FROM case_file c" GRANTED
		" WHERE c.rekey_due ORDER BY c.id LIMIT $2::int4" },
	[SQL_SESSION_BEGUN] = { "session_begun", 1, SQL_SERVER, SQL_PLAIN,
		"SELECT " MICROS("created") " FROM session WHERE id = $1" },
	/* Has person $1 the session of $2 still? */
	[SQL_SESSION_LIVES] = { "session_lives", 2, SQL_SERVER, SQL_PLAIN,
		"SELECT 1 FROM person p JOIN session s ON s.person = p.id"
		"   AND s.created = " FROM_MICROS("$2")
		" WHERE p.id = $1 AND p.active" },
	/* Has person $2 the session of $3 and the key of case $1 still? */
	[SQL_STILL_HOLDS] = { "still_holds", 3, SQL_SERVER, SQL_PLAIN,
		"SELECT 1 FROM case_file c JOIN case_grant g"
		"   ON g.case_id = c.id AND g.version = c.key_version"
		"  AND g.person = $2"
		"  JOIN person p ON p.id = g.person AND p.active"
		"  JOIN session s ON s.person = p.id"
		"   AND s.created = " FROM_MICROS("$3")
		" WHERE c.id = $1" },
