/*
 * sql_loose.h - the rows of sql.c's table about mail that is no case and is
 * not kept for ever
 *
 * Only sql.c includes it, inside the table and with its macros.
 */
/* clang-format off */

/* $1 what was set aside before, $2 a month's file that ended before. */
#define LOOSE                                                                 \
	"  FROM loose_files() l JOIN case_file c ON c.id = l.id"              \
	" WHERE l.since < CASE WHEN c.desk_month IS NULL"                     \
	"  THEN to_timestamp($1::int8) ELSE to_timestamp($2::int8) END"

	[SQL_LOOSE_DUE] = { "loose_due", 4, SQL_SERVER, SQL_PLAIN,
		"SELECT c.id, " SECS("l.since") ", c.aside,"
		" coalesce(to_char(c.desk_month, 'YYYYMM')::int4, 0), c.items,"
		" EXISTS (SELECT 1 FROM case_grant g WHERE g.case_id = c.id"
		"  AND g.version = c.key_version AND g.person = $3)"
		LOOSE " ORDER BY l.since, l.id LIMIT $4::int8" },
	[SQL_LOOSE_COUNT] = { "loose_count", 2, SQL_SERVER, SQL_PLAIN,
		"SELECT count(*)" LOOSE },
	[SQL_LOOSE_ERASE] = { "loose_erase", 2, SQL_SERVER, SQL_PLAIN,
		"SELECT loose_erase($1, to_timestamp($2::int8))" },
