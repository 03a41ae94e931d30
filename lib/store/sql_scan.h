/*
 * sql_scan.h - the rows of sql.c's table about words read from pictures
 *
 * Only sql.c includes it, inside the table and with its macros.
 */
/* clang-format off */

	/* Of each attachment of a case that was looked at: how many of its
	 * pages are done, and page 0. */
	[SQL_SCAN_STATES] = { "scan_states", 1, SQL_SERVER, SQL_PLAIN,
		"SELECT p.item, p.part, count(*) FILTER (WHERE p.page > 0),"
		"  (array_agg(p.ct) FILTER (WHERE p.page = 0))[1]"
		"  FROM item i JOIN item_page p ON p.item = i.id"
		" WHERE i.case_id = $1 GROUP BY p.item, p.part"
		" ORDER BY p.item, p.part" },
	[SQL_SCAN_ROWS] = { "scan_rows", 2, SQL_SERVER, SQL_PLAIN,
		"SELECT page, CASE WHEN page = 0 THEN ct END FROM item_page"
		" WHERE item = $1 AND part = $2::int4 ORDER BY page" },
	[SQL_SCAN_PAGE] = { "scan_page", 4, SQL_SERVER, SQL_PLAIN,
		"SELECT p.ct FROM item i JOIN item_page p ON p.item = i.id"
		" WHERE i.case_id = $1 AND p.item = $2 AND p.part = $3::int4"
		"   AND p.page = $4::int4" },
	/* Not once its case was erased: whoever erases it holds its row. */
	[SQL_SCAN_ADD] = { "scan_add", 5, SQL_SERVER, SQL_PLAIN,
		"WITH c AS (SELECT id FROM case_file WHERE id = $1"
		"   AND erased IS NULL FOR SHARE)"
		" INSERT INTO item_page (item, part, page, ct)"
		" SELECT i.id, $3::int4, $4::int4, $5 FROM item i, c"
		"  WHERE i.id = $2 AND i.case_id = c.id"
		" ON CONFLICT DO NOTHING" },
	[SQL_SCAN_DUE] = { "scan_due", 2, SQL_SERVER, SQL_PLAIN,
		"SELECT p.item, p.part, p.page, p.ct, i.key_version, i.dek_box"
		"  FROM item i JOIN item_page p ON p.item = i.id"
		" WHERE i.case_id = $1 AND p.page > 0 AND NOT p.taken"
		" ORDER BY i.seq, p.part, p.page LIMIT $2::int4" },
	/* Too late when the case has another key by now, or another reader was
	 * faster. */
	[SQL_SCAN_TAKEN] = { "scan_taken", 5, SQL_SERVER, SQL_MUST_CHANGE,
		"WITH c AS (SELECT id FROM case_file WHERE id = $1"
		"   AND key_version = $2::int4 AND erased IS NULL FOR SHARE)"
		" UPDATE item_page p SET taken = true"
		"  FROM unnest($3::uuid[], $4::bigint[], $5::bigint[])"
		"   AS q(item, part, page) JOIN item i ON i.id = q.item, c"
		" WHERE i.case_id = c.id AND p.item = q.item"
		"   AND p.part = q.part AND p.page = q.page AND NOT p.taken" },

