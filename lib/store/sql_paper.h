/*
 * sql_paper.h - the rows of sql.c's table about requests that came on paper
 *
 * Only sql.c includes it, inside the table and with its macros.
 */
/* clang-format off */

	[SQL_PAPER_NUMBER] = { "paper_number", 2, SQL_SERVER, SQL_PLAIN,
		"SELECT paper_number($1, $2::int4)" },
	[SQL_PAPER] = { "paper", 11, SQL_SERVER, SQL_PLAIN,
		"SELECT case_paper($1, $2, $3, $4, $5, $6,"
		" to_timestamp($7::int8), $8, $9, $10, $11)" },
	[SQL_ENTERED] = { "entered", 10, SQL_SERVER, SQL_PLAIN,
		"SELECT case_entered($1, $2, $3, $4, to_timestamp($5::int8),"
		" $6, $7, $8, $9, $10)" },
