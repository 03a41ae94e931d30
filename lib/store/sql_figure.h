/*
 * sql_figure.h - the rows of sql.c's table about the office's figures
 *
 * Only sql.c includes it, inside the table and with its macros.  How each is
 * counted stands in one place: figures_refresh of the schema.
 */
/* clang-format off */

	/* Until the end of the transaction: all cases are gone through. */
	[SQL_FIGURES_PATIENCE] = { "figures_patience", 0, SQL_BOTH, SQL_PLAIN,
		"SELECT set_config('statement_timeout', '120000', true)" },
	/* In the time zone $1; nothing if they are younger than $2 seconds. */
	[SQL_FIGURES_REFRESH] = { "figures_refresh", 2, SQL_BOTH, SQL_PLAIN,
		"SELECT figures_refresh($1::text, $2::int4)" },
	[SQL_FIGURES_MADE] = { "figures_made", 0, SQL_SERVER, SQL_PLAIN,
		"SELECT " SECS("at") " FROM figure_made" },
	/* Of the months from $1 and before $2, added up, and what is so now. */
	[SQL_FIGURES] = { "figures", 2, SQL_SERVER, SQL_PLAIN,
		"SELECT q.name, q.a, q.b, q.value, q.n, coalesce(k.name, p.name, '')"
		"  FROM (SELECT name, a, b, value, sum(n)::int8 AS n FROM figure"
		"   WHERE month >= " OF_DAY("$1") " AND month < " OF_DAY("$2")
		"    OR month = '-infinity'"
		"   GROUP BY name, a, b, value) q"
		"  LEFT JOIN company k ON q.name = 'company' AND k.id::text = q.a"
		"  LEFT JOIN person p ON q.name = 'mediator' AND p.id::text = q.a"
		" ORDER BY q.name, 6, q.a, q.b, q.value" },
