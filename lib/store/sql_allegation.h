/*
 * sql_allegation.h - the rows of sql.c's table about what a case alleges
 *
 * Only sql.c includes it, inside the table and with its macros.
 */
/* clang-format off */

	[SQL_ALLEGATIONS] = { "allegations", 1, SQL_BOTH, SQL_PLAIN,
		"SELECT code, article, law FROM allegation WHERE case_id = $1"
		" ORDER BY n" },
	[SQL_ALLEGATIONS_DROP] = { "allegations_drop", 1, SQL_SERVER, SQL_PLAIN,
		"DELETE FROM allegation WHERE case_id = $1" },
	[SQL_ALLEGATIONS_ADD] = { "allegations_add", 4, SQL_SERVER, SQL_PLAIN,
		"INSERT INTO allegation (case_id, n, code, article, law)"
		" SELECT $1, u.n, u.code, u.article, u.law"
		"  FROM unnest($2::text[], $3::text[], $4::text[])"
		"  WITH ORDINALITY AS u(code, article, law, n)" },

