/*
 * sql_write.h - the rows of sql.c's table about writing to a party
 *
 * Only sql.c includes it, inside the table and with its macros.
 */
/* clang-format off */

	[SQL_PARTY_SIDE] = { "party_side", 2, SQL_BOTH, SQL_PLAIN,
		"SELECT id, code_version FROM party"
		" WHERE case_id = $1 AND side = $2 ORDER BY id LIMIT 1" },
	/* $3 names the letter's row in the outbox: its item is meant. */
	[SQL_PROMISE_ADD] = { "promise_add", 7, SQL_SERVER, SQL_MUST_CHANGE,
		"INSERT INTO task (id, case_id, kind, item, party, opened, due, words)"
		" SELECT $1, $2, 'promise', o.item, $4, to_timestamp($5::int8),"
		" to_timestamp($6::int8), $7 FROM outbox o"
		" WHERE o.id = $3 AND o.case_id = $2" },
	/* $2 the date we read (NULL: none), $3 the one we want. */
	[SQL_CASE_DUE] = { "case_due", 3, SQL_SERVER, SQL_MUST_CHANGE,
		"UPDATE case_file SET due = to_timestamp($3::int8)"
		" WHERE id = $1 AND " SECS("due") " IS NOT DISTINCT FROM $2::int8" },
	/* $2 the side, $3 the last number seen.  What programs send and take in
	 * is nobody's letter. */
	[SQL_LETTERS_SINCE] = { "letters_since", 3, SQL_SERVER, SQL_PLAIN,
		"SELECT " SECS("i.at") ", p.name,"
		" CASE WHEN i.kind <> 'mail_out' THEN 'append'"
		"  WHEN EXISTS (SELECT 1 FROM outbox o WHERE o.case_id = i.case_id"
		"   AND o.item = i.id AND o.kind = 'holding') THEN 'holding'"
		"  ELSE 'reply' END, i.seq"
		" FROM item i LEFT JOIN person p ON p.id = i.author"
		" WHERE i.case_id = $1 AND i.lane = $2::lane AND i.seq > $3::int4"
		"  AND (i.kind IN ('mail_in', 'unparsed')"
		"   OR i.kind = 'mail_out' AND i.author IS NOT NULL)"
		" ORDER BY i.seq LIMIT 50" },

