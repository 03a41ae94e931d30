/*
 * sql_distrust.h - the row of sql.c's table about what does not hold
 *
 * Only sql.c includes it, inside the table and with its macros.
 */
/* clang-format off */

	/* Whether it was said since $4, and the number of the case it is about. */
	[SQL_DISTRUST_SAID] = { "distrust_said", 4, SQL_BOTH, SQL_PLAIN,
		"SELECT distrust_said($1, $2, $3, $4::int8),"
		" (SELECT protocol FROM case_file WHERE id = $2)" },
