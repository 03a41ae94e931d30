/*
 * sql_disclosure.h - the rows of sql.c's table about what was released to a
 * party
 *
 * Only sql.c includes it, inside the table and with its macros.
 */
/* clang-format off */

#define DISCLOSURE                                                            \
	"SELECT d.id, d.case_id, d.n, d.party, p.side::text, d.mode,"         \
	" d.code_item, " SECS("d.created") ", a.name, " SECS("d.expires") "," \
	" d.opened, d.max_opens, " SECS("d.first_opened") ","                 \
	" " SECS("d.last_opened") ", " SECS("d.revoked") ", b.name,"          \
	" c.protocol, c.state = 'erased'"                                     \
	"  FROM disclosure d JOIN party p ON p.id = d.party"                  \
	"  JOIN case_file c ON c.id = d.case_id"                              \
	"  JOIN person a ON a.id = d.created_by"                              \
	"  LEFT JOIN person b ON b.id = d.revoked_by"

	/* The case's row is locked: nobody takes the same number. */
	[SQL_DISCLOSURE_ADD] = { "disclosure_add", 10, SQL_SERVER, SQL_PLAIN,
		"INSERT INTO disclosure (id, case_id, n, party, link, mode,"
		" code_item, created, created_by, expires, max_opens)"
		" SELECT $1, $2, coalesce(max(n), 0) + 1, $3, $4, $5, $6,"
		" to_timestamp($7::int8), $8, to_timestamp($9::int8), $10::int4"
		"  FROM disclosure WHERE case_id = $2" },
	[SQL_DISCLOSURE_ITEM_ADD] = { "disclosure_item_add", 5, SQL_SERVER, SQL_PLAIN,
		"INSERT INTO disclosure_item (disclosure, n, item, part, box)"
		" VALUES ($1, $2::int4, $3, $4::int4, $5)" },
	[SQL_DISCLOSURES] = { "disclosures", 1, SQL_SERVER, SQL_PLAIN,
		DISCLOSURE " WHERE d.case_id = $1 ORDER BY d.n" },
	[SQL_DISCLOSURE_PIECES] = { "disclosure_pieces", 1, SQL_SERVER, SQL_PLAIN,
		"SELECT x.disclosure, x.n, x.item, i.seq, x.part, x.box"
		"  FROM disclosure d JOIN disclosure_item x ON x.disclosure = d.id"
		"  JOIN item i ON i.id = x.item AND i.case_id = d.case_id"
		" WHERE d.case_id = $1 ORDER BY d.n, x.n" },
	[SQL_DISCLOSURE_BY_LINK] = { "disclosure_by_link", 1, SQL_SERVER, SQL_PLAIN,
		DISCLOSURE " WHERE d.link = $1" },
	/* Two at once: the second one sees what the first one counted. */
	[SQL_DISCLOSURE_OPEN] = { "disclosure_open", 2, SQL_SERVER, SQL_MUST_CHANGE,
		"UPDATE disclosure SET opened = opened + 1,"
		" first_opened = coalesce(first_opened, to_timestamp($2::int8)),"
		" last_opened = to_timestamp($2::int8)"
		" WHERE id = $1 AND revoked IS NULL AND opened < max_opens"
		"   AND expires > to_timestamp($2::int8)" },
	[SQL_DISCLOSURE_REVOKE] = { "disclosure_revoke", 4, SQL_SERVER, SQL_MUST_CHANGE,
		"UPDATE disclosure SET revoked = to_timestamp($4::int8),"
		" revoked_by = $3"
		" WHERE case_id = $1 AND n = $2::int4 AND revoked IS NULL" },
	/* What is over is opened by no link any more: taken back, past its day,
	 * or used up and nobody is reading it now. */
	[SQL_DISCLOSURE_SHUT] = { "disclosure_shut", 1, SQL_SERVER, SQL_PLAIN,
		"UPDATE disclosure_item x SET box = NULL FROM disclosure d"
		" WHERE d.id = x.disclosure AND x.box IS NOT NULL"
		"   AND (d.revoked IS NOT NULL OR d.expires <= to_timestamp($1::int8)"
		"    OR (d.opened >= d.max_opens AND NOT EXISTS (SELECT 1"
		"     FROM disclosure_visit v WHERE v.disclosure = d.id"
		"      AND v.expires > to_timestamp($1::int8))))" },
	[SQL_VISIT_SWEEP] = { "visit_sweep", 1, SQL_SERVER, SQL_PLAIN,
		"DELETE FROM disclosure_visit"
		" WHERE expires <= to_timestamp($1::int8)" },
	[SQL_VISIT_ADD] = { "visit_add", 4, SQL_SERVER, SQL_PLAIN,
		"INSERT INTO disclosure_visit (id, disclosure, box, expires)"
		" VALUES ($1, $2, $3, to_timestamp($4::int8))" },
	[SQL_VISIT] = { "visit", 2, SQL_SERVER, SQL_PLAIN,
		"SELECT v.disclosure, v.box, " SECS("v.expires") " FROM disclosure_visit v"
		" WHERE v.id = $1 AND v.expires > to_timestamp($2::int8)" },
	[SQL_DISCLOSURE_BY_ID] = { "disclosure_by_id", 1, SQL_SERVER, SQL_PLAIN,
		DISCLOSURE " WHERE d.id = $1" },

