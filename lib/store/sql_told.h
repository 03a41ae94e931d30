/*
 * sql_told.h - the rows of sql.c's table about how the office's keys stand
 *
 * Only sql.c includes it, inside the table and with its macros.
 */
/* clang-format off */

	[SQL_SECRETS_KEPT] = { "secrets_kept", 0, SQL_SERVER, SQL_PLAIN,
		"SELECT name, version FROM secrets_kept()" },
	[SQL_KEYS_TOLD] = { "keys_told", 0, SQL_SERVER, SQL_PLAIN,
		"SELECT cases, no_escrow, nobody, rekey_due, people, no_recovery,"
		" escrow_given, escrow_at, drill_at FROM keys_told()" },

