/*
 * sql_text.h - the rows of sql.c's table about an office's versions of texts
 *
 * Only sql.c includes it, inside the table and with its macros.
 */
/* clang-format off */

	/* Differs as soon as something was published; versions are never taken
	 * back. */
	[SQL_TEXT_STAMP] = { "text_stamp", 0, SQL_BOTH, SQL_PLAIN,
		"SELECT count(*), coalesce(" MICROS("max(published)") ", 0)"
		"  FROM text_version WHERE published IS NOT NULL" },
	/* The newest published version of each text, or of text $1 that is older
	 * than $2. */
	[SQL_TEXT_PUBLISHED] = { "text_published", 2, SQL_BOTH, SQL_PLAIN,
		"SELECT DISTINCT ON (v.name)" TEXT_COLUMNS
		"  FROM text_version v"
		" WHERE v.published IS NOT NULL"
		"   AND ($1::text IS NULL OR (v.name = $1 AND v.n < $2::int4))"
		" ORDER BY v.name, v.n DESC" },
	/* Whoever signed one, also when they have left; who certified them. */
	[SQL_TEXT_SIGNERS] = { "text_signers", 0, SQL_BOTH, SQL_PLAIN,
		"SELECT" PERSON_COLUMNS " FROM person WHERE role = 'admin'"
		" OR id IN (SELECT author FROM text_version)"
		" OR id IN (SELECT second FROM text_version)" PERSON_FORMER
		" ORDER BY 1" },
	/* What is told of it later is checked against this very row. */
	[SQL_TEXT_VERSIONS] = { "text_versions", 1, SQL_SERVER, SQL_PLAIN,
		"SELECT" TEXT_COLUMNS ", a.name, s.name FROM text_version v"
		"  LEFT JOIN person a ON a.id = v.author"
		"  LEFT JOIN person s ON s.id = v.second"
		" WHERE v.name = $1 ORDER BY v.n DESC" },
	[SQL_TEXT_HISTORY] = { "text_history", 0, SQL_SERVER, SQL_PLAIN,
		"SELECT v.name, v.n, " SECS("v.at") ", a.name,"
		" v.published IS NULL AND v.refused IS NULL"
		"  FROM text_version v LEFT JOIN person a ON a.id = v.author"
		" ORDER BY v.name, v.n DESC" },
	[SQL_TEXT_LAST] = { "text_last", 1, SQL_SERVER, SQL_PLAIN,
		"SELECT coalesce(max(n), 0)::int4 FROM text_version"
		" WHERE name = $1" },
	[SQL_TEXT_ADD] = { "text_add", 10, SQL_SERVER, SQL_PLAIN,
		"INSERT INTO text_version (name, n, content, reason, from_n,"
		" overrule, author, at, sig, published) VALUES ($1, $2::int4, $3,"
		" $4, $5::int4, $6, $7, to_timestamp($8::int8), $9,"
		" CASE WHEN $10::boolean THEN now() END)" },
	/* Once: who comes second changes nothing; nor when a later one is live. */
	[SQL_TEXT_DECIDE] = { "text_decide", 7, SQL_SERVER, SQL_MUST_CHANGE,
		"UPDATE text_version v SET second = $3,"
		" second_at = to_timestamp($4::int8), second_sig = $5,"
		" second_why = $6,"
		" published = CASE WHEN $7::boolean THEN now() END,"
		" refused = CASE WHEN NOT $7::boolean THEN now() END"
		" WHERE v.name = $1 AND v.n = $2::int4"
		"   AND v.published IS NULL AND v.refused IS NULL"
		"   AND NOT EXISTS (SELECT 1 FROM text_version w"
		"    WHERE w.name = $1 AND w.n > $2::int4"
		"     AND w.published IS NOT NULL)" },

