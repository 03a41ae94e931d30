/*
 * sql_ident.h - the rows of sql.c's table about blind tokens while the key that
 * makes them is changed
 *
 * Only sql.c includes it, inside the table and with its macros.
 */
/* clang-format off */

	[SQL_IDENTS_MOVE] = { "idents_move", 3, SQL_BOTH, SQL_PLAIN,
		"SELECT idents_move($1::uuid[], $2::uuid[], $3::int4)" },
	[SQL_CASE_IDENTS_MOVE] = { "case_idents_move", 5, SQL_SERVER, SQL_PLAIN,
		"SELECT case_idents_move($1, $2::uuid[], $3::uuid[], $4::int4,"
		" $5::bool)" },
	[SQL_IDENT_CAPSULES] = { "ident_capsules", 1, SQL_GATEWAY, SQL_PLAIN,
		"SELECT id, case_id, key_version, ct, box_svc FROM capsule"
		" WHERE box_svc IS NOT NULL AND id > $1 ORDER BY id LIMIT 200" },
	[SQL_IDENT_FORMER] = { "ident_former", 1, SQL_BOTH, SQL_PLAIN,
		"SELECT ident_former($1::int4)" },
	[SQL_IDENT_MOVES] = { "ident_moves", 1, SQL_BOTH, SQL_PLAIN,
		"SELECT ident_moves($1::int4)" },
	/* Version 0 is looked for no more.  Asked once whether they move. */
#define IDENTS_LEFT                                                           \
	" EXISTS (SELECT FROM ident_token t WHERE t.case_id = c.id"           \
	"   AND t.version > 0 AND t.version < $2::int4)"                      \
	"  AND c.state <> 'erased' AND (SELECT ident_moves($2::int4))"
	[SQL_IDENTS_CASES] = { "idents_cases", 4, SQL_SERVER, SQL_PLAIN,
		"(SELECT c.id FROM case_file c" GRANTED
		" WHERE c.id = $3 AND" IDENTS_LEFT ") UNION ALL"
		" (SELECT c.id FROM case_file c" GRANTED
		" WHERE c.id <> $3 AND" IDENTS_LEFT " LIMIT $4::int4)" },
	[SQL_IDENTS_LEFT] = { "idents_left", 1, SQL_OWNER, SQL_PLAIN,
		"SELECT (SELECT count(*) FROM ident_token WHERE version < $1::int4),"
		" (SELECT count(DISTINCT case_id) FROM ident_token"
		"   WHERE version < $1::int4),"
		" (SELECT count(*) FROM ident_token WHERE version = 0),"
		" (SELECT count(*) FROM conflict_register WHERE ended IS NULL"
		"   AND consumer IS NOT NULL AND consumer_version < $1::int4),"
		" count(*) FILTER (WHERE i.state = 'received'),"
		" count(*) FILTER (WHERE c.state = 'held'"
		"  AND c.desk_month IS NULL),"
		" count(*) FILTER (WHERE i.canon_mac IS NOT NULL"
		"   AND i.received > now() - interval '7 days')"
		"  FROM inbound i LEFT JOIN item t ON t.id = i.id"
		"  LEFT JOIN case_file c ON c.id = t.case_id"
		" WHERE i.mac_version < $1::int4" },
	/* A token that nothing makes is what is left of a tie's. */
	[SQL_IDENTS_RETIRE] = { "idents_retire", 1, SQL_OWNER, SQL_PLAIN,
		"WITH t AS (DELETE FROM ident_token WHERE version < $1::int4),"
		" r AS (UPDATE conflict_register SET consumer = gen_random_uuid(),"
		"   consumer_version = $1::int4, ended = coalesce(ended, now())"
		"  WHERE consumer IS NOT NULL AND consumer_version < $1::int4),"
		" k AS (UPDATE key_rotation SET stage = 1 WHERE name = 'k_id'),"
		" o AS (UPDATE outbox SET dedupe_key = 'copy:' || id"
		"  WHERE dedupe_key LIKE 'copy:%')"
		" UPDATE inbound SET raw_mac = '', canon_mac = NULL,"
		"  mac_version = $1::int4 WHERE mac_version < $1::int4" },
