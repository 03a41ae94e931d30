/*
 * sql_office_key.h - the rows of sql.c's table about the office's own keys and
 * the escrow
 *
 * Only sql.c includes it, inside the table and with its macros.
 */
/* clang-format off */

	[SQL_IS_EMPTY] = { "is_empty", 0, SQL_OWNER, SQL_BARE,
		"SELECT count(*)::int8 FROM pg_class"
		" WHERE relnamespace = 'public'::regnamespace" },
	[SQL_HOST_SECRETS] = { "host_secrets", 0, SQL_OWNER, SQL_PLAIN,
		"SELECT name, version, box FROM host_secret"
		" ORDER BY name, version" },
	/* $1 a number or an id in 32 digits, NULL: all; $2 who is to get them. */
	[SQL_ESCROW_CASES] = { "escrow_cases", 2, SQL_OWNER, SQL_PLAIN,
		"SELECT c.id, c.protocol, conflicted(c.id, $2)," GRANT_COLUMNS
		"  FROM case_file c JOIN case_grant g"
		"    ON g.case_id = c.id AND g.version = c.key_version"
		"   AND g.person = '00000000-0000-0000-0000-000000000000'"
		" WHERE c.state <> 'erased' AND ($1::text IS NULL"
		"   OR c.protocol = $1 OR replace(c.id::text, '-', '') = $1)"
		" ORDER BY c.id" },
	[SQL_ESCROW_GIVEN_ADD] = { "escrow_given_add", 8, SQL_OWNER, SQL_PLAIN,
		"INSERT INTO escrow_given (case_id, version, person, grant_hash,"
		" first, second, first_sig, second_sig)"
		" VALUES ($1, $2::int4, $3, $4, $5, $6, $7, $8)"
		" ON CONFLICT DO NOTHING" },
	/* The third of person.must's bits: no recovery code of their own. */
	[SQL_KEY_STATUS] = { "key_status", 0, SQL_OWNER, SQL_PLAIN,
		"SELECT count(*), count(*) FILTER (WHERE NOT EXISTS (SELECT 1"
		"   FROM case_grant g WHERE g.case_id = c.id"
		"    AND g.version = c.key_version"
		"    AND g.person = '00000000-0000-0000-0000-000000000000')),"
		" count(*) FILTER (WHERE NOT EXISTS (SELECT 1 FROM case_grant g"
		"   JOIN person p ON p.id = g.person AND p.active"
		"   WHERE g.case_id = c.id AND g.version = c.key_version"
		"    AND EXISTS (SELECT 1 FROM person_key k WHERE k.person = p.id))),"
		"  count(*) FILTER (WHERE c.rekey_due),"
		" (SELECT count(*) FROM person WHERE active),"
		" (SELECT count(*) FROM person p WHERE active AND (must & 4 <> 0"
		"   OR NOT EXISTS (SELECT 1 FROM person_key k"
		"     WHERE k.person = p.id AND k.how = 2))),"
		" (SELECT count(*) FROM escrow_given),"
		" coalesce(" SECS("(SELECT max(at) FROM escrow_given)") ", 0),"
		" (SELECT coalesce(max(at_us), 0) / 1000000 FROM audit_event"
		"   WHERE chain = signer AND action = 'key-drill')"
		"  FROM case_file c WHERE c.state <> 'erased'" },

