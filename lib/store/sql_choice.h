/*
 * sql_choice.h - the rows of sql.c's table about how a person wants their pages
 *
 * Only sql.c includes it, inside the table and with its macros.  It is read
 * with the session (SQL_SESSION_GET).
 */
/* clang-format off */

	[SQL_CHOICE_THEME] = { "choice_theme", 2, SQL_SERVER, SQL_MUST_CHANGE,
		"INSERT INTO person_choice (person, theme) VALUES ($1, $2)"
		" ON CONFLICT (person) DO UPDATE SET theme = excluded.theme" },
	[SQL_CHOICE_KEYS] = { "choice_keys", 2, SQL_SERVER, SQL_MUST_CHANGE,
		"INSERT INTO person_choice (person, keys) VALUES ($1, $2::bool)"
		" ON CONFLICT (person) DO UPDATE SET keys = excluded.keys" },

	/* clang-format on */
