/*
 * sql_settlement.h - the rows of sql.c's table about options and choices
 *
 * Only sql.c includes it, inside the table and with its macros.
 */
/* clang-format off */

#define LAST_ROUND(case_id)                                                   \
	"(SELECT max(r.round) FROM settlement r WHERE r.case_id = " case_id ")"

	/* Of the last round, with who chose what. */
	[SQL_OPTIONS] = { "options", 1, SQL_BOTH, SQL_PLAIN,
		"SELECT s.round, s.n, s.item, s.promiser, " SECS("s.due") ","
		" coalesce(bool_or(k.side = 'consumer'), false),"
		" coalesce(bool_or(k.side = 'company'), false)"
		"  FROM settlement s LEFT JOIN settlement_choice k"
		"   ON k.case_id = s.case_id AND k.round = s.round AND k.n = s.n"
		" WHERE s.case_id = $1 AND s.round = " LAST_ROUND("$1")
		" GROUP BY s.round, s.n, s.item, s.promiser, s.due ORDER BY s.n" },
	/* $2 the round before; the case's row is locked by us. */
	[SQL_OPTION_ADD] = { "option_add", 6, SQL_SERVER, SQL_PLAIN,
		"INSERT INTO settlement (case_id, round, n, item, promiser, due)"
		" VALUES ($1, $2, $3, $4, $5, to_timestamp($6::int8))" },
	[SQL_OPTION_ROUND] = { "option_round", 1, SQL_SERVER, SQL_PLAIN,
		"SELECT coalesce(" LAST_ROUND("$1") ", 0)" },
	/* Until there is an agreement it may be changed. */
	[SQL_CHOICE_SET] = { "choice_set", 6, SQL_BOTH, SQL_PLAIN,
		"INSERT INTO settlement_choice (case_id, round, side, n, at, source)"
		" VALUES ($1, $2, $3::party_side, $4, to_timestamp($5::int8), $6)"
		" ON CONFLICT (case_id, round, side) DO UPDATE"
		" SET n = excluded.n, at = excluded.at, source = excluded.source" },
	[SQL_CHOICES] = { "choices", 1, SQL_BOTH, SQL_PLAIN,
		"SELECT side::text, n FROM settlement_choice k"
		" WHERE k.case_id = $1 AND k.round = " LAST_ROUND("$1") },
