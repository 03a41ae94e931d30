/*
 * search.h - finding cases by what stands in them
 *
 * docs/search.md says how: tokens under the key of each case, made in the
 * session of somebody who may read it.
 */
#ifndef OUV_SEARCH_H
#define OUV_SEARCH_H

#include "ouv/desk.h"

/*
 * The words of an attachment, as text in the arena.  bytes is its whole part: a
 * Content-Type line, an empty line, the data.  Called by any thread, outside
 * of transactions; takes three seconds at most.
 *
 * OUV_INVALID: it has none, or cannot be read.  OUV_TEMPORARY: not now.
 */
typedef enum ouv_err ouv_reader_fn(void *user, struct ouv_arena *arena,
	struct ouv_str bytes, struct ouv_str *text_out);
/* Before threads.  Without it attachments are found by their names alone. */
void ouv_office_reader(
	struct ouv_office *office, ouv_reader_fn *reader, void *user);

#define OUV_SEARCH_WORDS 8 /* of a query that count */

struct ouv_search {
	size_t count;
	struct ouv_case_line *lines; /* newest activity first, at most 50 */
	const char *after; /* cursor of the next page; NULL: the last one */
	size_t found;      /* on all pages */
	size_t mine;       /* cases the actor holds a key to */
	size_t searched;   /* of which all words are taken in */
	size_t failed;     /* which could not be taken in whole when tried */
	bool asked;        /* false: nothing in it can be looked for */
};

/*
 * The cases the actor holds a key to in which all words of the query stand, or
 * whose number it is, or a party's address.  Takes in what was not yet, within
 * bounds: where searched is below mine, asking again goes on.  Writes "search"
 * to our log, with how many were found and without the words.
 *
 * OUV_INVALID: after is not a cursor of ours.
 */
OUV_MUST_CHECK enum ouv_err ouv_desk_search(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	const char *query, const char *after, struct ouv_search *search_out);

/* Takes the words of this case in, for about so long.  What goes wrong is on
 * the log: a reading does not fail by it. */
void ouv_desk_take_words(struct ouv_desk *desk, const struct ouv_actor *actor,
	const struct ouv_id *case_id, int most_ms);

#endif
