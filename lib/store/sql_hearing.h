/*
 * sql_hearing.h - the rows of sql.c's table about evidence, the hearing of both
 * sides, opinions and recommendations
 *
 * Only sql.c includes it, inside the table and with its macros.
 */
/* clang-format off */

	/* ---- the index of evidence --------------------------------------------- */

	[SQL_EVIDENCE] = { "evidence", 1, SQL_BOTH, SQL_PLAIN,
		"SELECT e.n, e.item, i.seq, e.part, e.title_item, e.side,"
		" " SECS("e.added") ", " SECS("e.removed")
		"  FROM evidence e JOIN item i ON i.id = e.item"
		" WHERE e.case_id = $1 ORDER BY e.n" },
	/* The case's row is locked: nobody takes the same number. */
	[SQL_EVIDENCE_ADD] = { "evidence_add", 7, SQL_SERVER, SQL_PLAIN,
		"INSERT INTO evidence (case_id, n, item, part, title_item, side,"
		" added, added_by)"
		" SELECT $1, coalesce(max(n), 0) + 1, $2, $3::int4, $4, $5,"
		" to_timestamp($6::int8), $7 FROM evidence WHERE case_id = $1"
		" RETURNING n" },
	[SQL_EVIDENCE_REMOVE] = { "evidence_remove", 3, SQL_SERVER, SQL_MUST_CHANGE,
		"UPDATE evidence SET removed = to_timestamp($3::int8)"
		" WHERE case_id = $1 AND n = $2::int4 AND removed IS NULL" },

	/* ---- what each side was shown ------------------------------------------ */

	/* The last round, a row for each side, the consumer first. */
	[SQL_HEARING] = { "hearing", 1, SQL_BOTH, SQL_PLAIN,
		"SELECT coalesce(r.last, 0), h.side IS NOT NULL, h.last_n,"
		" (SELECT max(e.n) FROM evidence e WHERE e.case_id = $1"
		"   AND e.removed IS NULL AND e.side <> s.side::text),"
		" h.days, " SECS("h.sent") ", " SECS("h.due") ","
		" " SECS("h.answered") ", h.lapsed IS NOT NULL"
		"  FROM (SELECT max(round) AS last FROM hearing"
		"         WHERE case_id = $1) r"
		"  CROSS JOIN (VALUES ('consumer'::party_side), ('company')) s(side)"
		"  LEFT JOIN hearing h ON h.case_id = $1 AND h.round = r.last"
		"   AND h.side = s.side ORDER BY s.side" },
	[SQL_HEARINGS] = { "hearings", 1, SQL_SERVER, SQL_PLAIN,
		"SELECT round, side::text, last_n, days, " SECS("sent") ","
		" " SECS("due") ", " SECS("answered") ", " SECS("lapsed")
		"  FROM hearing WHERE case_id = $1 ORDER BY round, side" },
	[SQL_HEARING_ADD] = { "hearing_add", 7, SQL_BOTH, SQL_PLAIN,
		"INSERT INTO hearing (case_id, round, side, last_n, days, sent, due)"
		" VALUES ($1, $2, $3, $4, $5, to_timestamp($6::int8),"
		" to_timestamp($7::int8))" },
	/* Of that side's last round; noted once. */
	[SQL_HEARING_ANSWERED] = { "hearing_answered", 3, SQL_BOTH, SQL_PLAIN,
		"UPDATE hearing SET answered = to_timestamp($3::int8)"
		" WHERE case_id = $1 AND side = $2 AND answered IS NULL"
		"   AND round = (SELECT max(round) FROM hearing"
		"                 WHERE case_id = $1 AND side = $2)" },
	[SQL_HEARING_LAPSED] = { "hearing_lapsed", 3, SQL_BOTH, SQL_PLAIN,
		"UPDATE hearing SET lapsed = to_timestamp($3::int8)"
		" WHERE case_id = $1 AND side = $2 AND answered IS NULL"
		"   AND lapsed IS NULL"
		"   AND round = (SELECT max(round) FROM hearing"
		"                 WHERE case_id = $1 AND side = $2)" },
	[SQL_HEARING_EXTENDED] = { "hearing_extended", 4, SQL_BOTH, SQL_PLAIN,
		"UPDATE hearing SET days = $3::int4, due = to_timestamp($4::int8)"
		" WHERE case_id = $1 AND side = $2 AND answered IS NULL"
		"   AND lapsed IS NULL"
		"   AND round = (SELECT max(round) FROM hearing"
		"                 WHERE case_id = $1 AND side = $2)" },

	/* ---- opinions ---------------------------------------------------------- */

	[SQL_OPINIONS] = { "opinions", 1, SQL_SERVER, SQL_PLAIN,
		"SELECT o.n, o.kind, o.merit::text, o.item, o.author, o.reader,"
		" a.name, r.name, " SECS("o.at") ","
		" array_to_string(o.evidence, ' ')"
		"  FROM opinion o JOIN person a ON a.id = o.author"
		"  LEFT JOIN person r ON r.id = o.reader"
		" WHERE o.case_id = $1 ORDER BY o.n" },
	[SQL_OPINION_ADD] = { "opinion_add", 8, SQL_SERVER, SQL_PLAIN,
		"INSERT INTO opinion (case_id, n, kind, merit, item, evidence,"
		" author, reader, at)"
		" SELECT $1, coalesce(max(n), 0) + 1, $2, $3::merit, $4,"
		" $5::int8[]::int4[], $6, $7, to_timestamp($8::int8)"
		"  FROM opinion WHERE case_id = $1" },

	/* ---- recommendations --------------------------------------------------- */

	[SQL_RECOMMENDATION_ADD] = { "recommendation_add", 6, SQL_SERVER, SQL_PLAIN,
		"INSERT INTO recommendation (id, case_id, company, item, made, due)"
		" VALUES ($1, $2, $3, $4, to_timestamp($5::int8),"
		" to_timestamp($6::int8))" },

