/*
 * sql_post.h - the rows of sql.c's table about letters on paper
 *
 * Only sql.c includes it, inside the table and with its macros.
 */
/* clang-format off */

#define POST_DAY(column) "coalesce(" column " - date '1970-01-01', 0)"
#define POST_DATE(arg) "date '1970-01-01' + " arg "::int4"
#define POST_COLUMNS                                                          \
	" q.id, q.letter, q.case_id, q.item, q.party, q.state, q.addressed,"  \
	" " SECS("q.made") ", " SECS("q.moved") ", q.clock::text,"            \
	" coalesce(q.round, 0), " SECS("q.printed") ", qb.name, q.pdf,"       \
	" coalesce(q.pages, 0), " POST_DAY("q.posted") ","                    \
	" " POST_DAY("q.presumed") ", " POST_DAY("q.ended") ", q.service,"    \
	" q.assumed, q.proof, q.words, qo.capsule, qo.kind, qy.side::text,"   \
	" qi.seq"
#define POST_JOINS                                                            \
	"  JOIN outbox qo ON qo.id = q.letter"                                \
	"  JOIN item qi ON qi.id = q.item"                                    \
	"  LEFT JOIN party qy ON qy.id = q.party"                             \
	"  LEFT JOIN person qb ON qb.id = q.printed_by"
#define POST_LINES(at, where, than, order)                                    \
	"SELECT" CASE_LINE_COLUMNS "," POST_COLUMNS ", " MICROS(at) ","       \
	" qi.dek_box, qi.key_version" CASE_LINE_FROM                          \
	"  JOIN post q ON q.case_id = c.id" POST_JOINS                        \
	" WHERE q.state " where " AND c.erased IS NULL"                       \
	"   AND (" at ", q.id) " than " (" FROM_MICROS("$2") ", $3::uuid)"    \
	" ORDER BY " at order ", q.id" order " LIMIT $4::int4"

	[SQL_POST_ADD] = { "post_add", 9, SQL_BOTH, SQL_PLAIN,
		"INSERT INTO post (id, letter, case_id, item, party, addressed,"
		" made, moved, clock, round) VALUES ($1, $2, $3, $4, $5, $6::bool,"
		" to_timestamp($7::int8), to_timestamp($7::int8),"
		" $8::clock_kind, nullif($9::int4, 0))" },
	[SQL_POST] = { "post", 2, SQL_SERVER, SQL_PLAIN,
		"SELECT" POST_COLUMNS " FROM post q" POST_JOINS
		" WHERE q.case_id = $1 AND q.id = $2" },
	[SQL_POSTS] = { "posts", 1, SQL_SERVER, SQL_PLAIN,
		"SELECT" POST_COLUMNS " FROM post q" POST_JOINS
		" WHERE q.case_id = $1 ORDER BY q.id" },
	/* The address as it was printed stays: printed again is the same. */
	[SQL_POST_PRINTED] = { "post_printed", 6, SQL_SERVER, SQL_MUST_CHANGE,
		"UPDATE post SET state = 'printed', printed = to_timestamp($6::int8),"
		" moved = to_timestamp($6::int8), printed_by = $2, pdf = $3,"
		" pages = $4::int4, words = $5"
		" WHERE id = $1 AND state = 'to-print'" },
	[SQL_POST_POSTED] = { "post_posted", 6, SQL_SERVER, SQL_MUST_CHANGE,
		"UPDATE post SET state = 'posted', moved = to_timestamp($6::int8),"
		" posted = " POST_DATE("$2") ", presumed = " POST_DATE("$3") ","
		" service = $4, words = $5"
		" WHERE id = $1 AND state = 'printed'" },
	[SQL_POST_ENDED] = { "post_ended", 6, SQL_SERVER, SQL_MUST_CHANGE,
		"UPDATE post SET state = $2, moved = to_timestamp($6::int8),"
		" ended = " POST_DATE("$3") ", proof = $4, words = $5"
		" WHERE id = $1 AND state = 'posted'" },
	[SQL_POST_ADDRESSED] = { "post_addressed", 2, SQL_SERVER, SQL_PLAIN,
		"UPDATE post SET addressed = $2::bool"
		" WHERE party = $1 AND state = 'to-print'" },
	[SQL_POST_ROUND] = { "post_round", 2, SQL_SERVER, SQL_PLAIN,
		"UPDATE post SET round = $2::int4 WHERE id = $1" },
	[SQL_POST_PRESUME] = { "post_presume", 0, SQL_GATEWAY, SQL_PLAIN,
		"SELECT post_presume()" },
	/* Letters of a side that came back for good, by mail or on paper. */
	[SQL_POST_LOST] = { "post_lost", 2, SQL_SERVER, SQL_PLAIN,
		"SELECT o.id, o.item, o.capsule, o.kind FROM outbox o"
		"  JOIN item i ON i.id = o.item AND i.party = $2"
		" WHERE o.case_id = $1 AND o.state IN ('failed', 'bounced')"
		" ORDER BY o.created, o.id" },
	/* A task of that item and kind is asked once more. */
	[SQL_TASK_AGAIN] = { "task_again", 4, SQL_SERVER, SQL_PLAIN,
		"UPDATE task SET done = NULL, done_by = NULL, outcome = NULL,"
		" note = NULL, opened = to_timestamp($3::int8),"
		" due = to_timestamp($4::int8)"
		" WHERE item = $1 AND kind = $2 AND done IS NOT NULL" },
	[SQL_PARTY_BY_POST] = { "party_by_post", 2, SQL_BOTH, SQL_MUST_CHANGE,
		"UPDATE party SET by_post = $2::bool WHERE id = $1" },
	[SQL_CAPSULE_REACH] = { "capsule_reach", 7, SQL_SERVER, SQL_MUST_CHANGE,
		"SELECT 1 WHERE capsule_reach($1, $2, $3, $4::int4, $5, $6, $7)" },

	[SQL_POST_TO_PRINT] = { "post_to_print", 4, SQL_SERVER, SQL_PLAIN,
		POST_LINES("q.made", "= 'to-print'", ">", "") },
	[SQL_POST_TO_POST] = { "post_to_post", 4, SQL_SERVER, SQL_PLAIN,
		POST_LINES("q.made", "= 'printed'", ">", "") },
	[SQL_POST_UNDER_WAY] = { "post_under_way", 4, SQL_SERVER, SQL_PLAIN,
		POST_LINES("q.made", "= 'posted'", ">", "") },
	[SQL_POST_DONE] = { "post_done", 4, SQL_SERVER, SQL_PLAIN,
		POST_LINES("q.moved", "IN ('delivered', 'returned', 'void')", "<",
			" DESC") },
	[SQL_POST_COUNTS] = { "post_counts", 1, SQL_SERVER, SQL_PLAIN,
		"SELECT count(*) FILTER (WHERE q.state = 'to-print'),"
		" count(*) FILTER (WHERE q.state = 'printed'),"
		" count(*) FILTER (WHERE q.state = 'posted'),"
		" count(*) FILTER (WHERE q.state = 'to-print'"
		"  AND NOT q.addressed)"
		"  FROM post q JOIN case_file c ON c.id = q.case_id"
		"   AND c.erased IS NULL" GRANTED
		" WHERE q.state IN ('to-print', 'printed', 'posted')" },
