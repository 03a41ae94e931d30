/*
 * sql_address.h - the rows of sql.c's table about addresses that the gateway
 * can read, once a case is over
 *
 * Only sql.c includes it, inside the table and with its macros.
 */
/* clang-format off */

	[SQL_ADDRESSES_END] = { "addresses_end", 1, SQL_GATEWAY, SQL_PLAIN,
		"SELECT addresses_end($1::int4)" },
	/* Of case $1 and its key's version $2, if somebody is to be written to. */
	[SQL_ADDRESSES_LACKING] = { "addresses_lacking", 2, SQL_SERVER, SQL_PLAIN,
		"SELECT id, box_case FROM capsule WHERE case_id = $1"
		"   AND key_version = $2::int4 AND box_svc IS NULL"
		"   AND (EXISTS (SELECT 1 FROM task t WHERE t.case_id = $1"
		"     AND t.kind = 'notice-address' AND t.done IS NULL)"
		"    OR EXISTS (SELECT 1 FROM outbox o WHERE o.case_id = $1"
		"     AND o.state IN ('queued', 'unknown') AND NOT o.paper))" },
	[SQL_ADDRESS_BACK] = { "address_back", 5, SQL_SERVER, SQL_MUST_CHANGE,
		"SELECT 1 WHERE address_back($1, $2, $3, $4::int4, $5)" },
