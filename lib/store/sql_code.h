/*
 * sql_code.h - the rows of sql.c's table about codebooks
 *
 * Only sql.c includes it, inside the table and with its macros.
 */
/* clang-format off */

#define CODE_COLUMNS \
	" book, code, parent, n, pos, from_day - date '1970-01-01'," \
	" until_day - date '1970-01-01', label->>'pt-BR', label->>'en'," \
	" label->>'it', more::text, author"
#define CODE_DAY(arg) "date '1970-01-01' + " arg "::int4"
/* Of book $1, or of all, the version of each entry that began last by day $2. */
#define CODES_BEGUN \
	"SELECT DISTINCT ON (book, code) * FROM code_entry" \
	" WHERE $1::text IN ('', book) AND from_day <= " CODE_DAY("$2") \
	" ORDER BY book, code, n DESC"

	[SQL_CODES] = { "codes", 2, SQL_BOTH, SQL_PLAIN,
		"SELECT" CODE_COLUMNS " FROM (" CODES_BEGUN ") c"
		" WHERE until_day IS NULL OR until_day >= " CODE_DAY("$2")
		" ORDER BY book, pos, code" },
	[SQL_CODE] = { "code", 3, SQL_BOTH, SQL_PLAIN,
		"SELECT" CODE_COLUMNS " FROM code_entry"
		" WHERE book = $1 AND code = $2 AND from_day <= " CODE_DAY("$3")
		" ORDER BY n DESC LIMIT 1" },
	[SQL_CODE_LAST] = { "code_last", 1, SQL_BOTH, SQL_PLAIN,
		"SELECT" CODE_COLUMNS " FROM (SELECT DISTINCT ON (book, code) *"
		"  FROM code_entry WHERE $1::text IN ('', book)"
		"  ORDER BY book, code, n DESC) c ORDER BY book, pos, code" },
	[SQL_CODE_STAMP] = { "code_stamp", 0, SQL_BOTH, SQL_PLAIN,
		"SELECT count(*), coalesce((extract(epoch FROM max(at))"
		" * 1000000)::int8, 0) FROM code_entry" },
	/* $12: who; NULL: the product. */
	[SQL_CODE_ADD] = { "code_add", 12, SQL_OWNER, SQL_PLAIN,
		"INSERT INTO code_entry (book, code, parent, n, pos, from_day,"
		" until_day, label, more, author) VALUES ($1, $2, $3, $4::int4,"
		" $5::int4, " CODE_DAY("$6") ","
		" CASE WHEN $7::int4 <> 0 THEN " CODE_DAY("$7") " END,"
		" jsonb_build_object('pt-BR', $8::text, 'en', $9::text, 'it',"
		" $10::text), $11::text::jsonb, $12)" },

