/*
 * sql_words.h - the rows of sql.c's table about finding words in cases
 *
 * Only sql.c includes it, inside the table and with its macros.
 */
/* clang-format off */

	/* Held messages have a page of their own. */
#define IS_SEARCHED                                                           \
	"c.protocol IS NOT NULL AND c.desk_month IS NULL"                     \
	" AND c.state <> 'erased'"
	[SQL_SEARCH_CASES] = { "search_cases", 1, SQL_SERVER, SQL_PLAIN,
		"SELECT c.id, c.key_version, c.items, c.indexed, r.seq > c.indexed, "
		"d.case_id IS NOT NULL, "
		MICROS("c.last") ", g.box, k.box"
		"  FROM case_file c" GRANTED
		"  LEFT JOIN word_key k ON k.person = g.person"
		"   AND k.case_id = g.case_id AND k.version = g.version"
		"  LEFT JOIN word_part r ON r.case_id = c.id"
		"   AND r.version = c.key_version"
		"  LEFT JOIN (SELECT DISTINCT i.case_id"
		"   FROM item_page p JOIN item i ON i.id = p.item"
		"   WHERE NOT p.taken AND p.page > 0) d ON d.case_id = c.id"
		" WHERE " IS_SEARCHED " ORDER BY c.last DESC, c.id DESC" },
	[SQL_SEARCH_LINES] = { "search_lines", 2, SQL_SERVER, SQL_PLAIN,
		CASE_LINE " WHERE c.id = ANY($2::uuid[]) AND " IS_SEARCHED
		" ORDER BY c.last DESC, c.id DESC" },
	/* $3 how many of the words that each case is asked for are enough. */
	[SQL_WORDS_FIND] = { "words_find", 3, SQL_SERVER, SQL_PLAIN,
		"SELECT q.id FROM unnest($1::uuid[], $2::bytea[]) AS q(id, token)"
		"  JOIN word_token w ON w.case_id = q.id AND w.token = q.token"
		" GROUP BY q.id HAVING count(*) >= $3" },
	[SQL_IDENT_FIND] = { "ident_find", 3, SQL_SERVER, SQL_PLAIN,
		"SELECT DISTINCT c.id FROM ident_token t"
		"  JOIN case_file c ON c.id = t.case_id" GRANTED
		" WHERE t.token = ANY(ARRAY[$2::uuid, $3::uuid]) AND t.kind = 1"
		"   AND " IS_SEARCHED },
	[SQL_WORDS] = { "words", 1, SQL_SERVER, SQL_PLAIN,
		"SELECT token FROM word_token WHERE case_id = $1" },
	[SQL_WORDS_ADD] = { "words_add", 2, SQL_SERVER, SQL_PLAIN,
		"INSERT INTO word_token (case_id, token)"
		" SELECT $1, unnest($2::bytea[]) ON CONFLICT DO NOTHING" },
	[SQL_CASE_INDEXED_GET] = { "case_indexed_get", 2, SQL_SERVER, SQL_PLAIN,
		"SELECT c.indexed, r.seq, r.part, EXISTS (SELECT 1 FROM item i"
		"   JOIN item_page p ON p.item = i.id"
		"   WHERE i.case_id = c.id AND p.page > 0 AND NOT p.taken)"
		"  FROM case_file c LEFT JOIN word_part r ON r.case_id = c.id"
		"   AND r.version = $2::int4"
		" WHERE c.id = $1" },
	[SQL_CASE_PART] = { "case_part", 4, SQL_SERVER, SQL_PLAIN,
		"INSERT INTO word_part AS p (case_id, version, seq, part)"
		" VALUES ($1, $2::int4, $3::int4, $4::int4)"
		" ON CONFLICT (case_id) DO UPDATE SET version = excluded.version,"
		"  seq = excluded.seq, part = excluded.part"
		" WHERE (p.version, p.seq, p.part)"
		"  < (excluded.version, excluded.seq, excluded.part)" },
	[SQL_WORD_KEYS_ADD] = { "word_keys_add", 4, SQL_SERVER, SQL_PLAIN,
		"INSERT INTO word_key (person, case_id, version, box)"
		" SELECT g.person, g.case_id, g.version, n.box"
		"  FROM unnest($2::uuid[], $3::bigint[], $4::bytea[])"
		"   AS n(id, version, box)"
		"  JOIN case_grant g ON g.case_id = n.id"
		"   AND g.version = n.version AND g.person = $1"
		" ON CONFLICT (person, case_id, version)"
		"  DO UPDATE SET box = excluded.box" },
	/* Too late when another reader, or a new key, was faster. */
	[SQL_CASE_INDEXED] = { "case_indexed", 4, SQL_SERVER, SQL_MUST_CHANGE,
		"UPDATE case_file SET indexed = $3::int4 WHERE id = $1"
		" AND indexed = $2::int4 AND key_version = $4::int4"
		" AND state <> 'erased'" },

