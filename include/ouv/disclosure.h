/*
 * disclosure.h - what a person released of a case to one of its parties
 *
 * A colleague sees what was released and how often it was opened; the party
 * opens it by the link of its letter, for half an hour each time.  The link is
 * the key: without it neither the database nor this program opens anything.
 */
#ifndef OUV_DISCLOSURE_H
#define OUV_DISCLOSURE_H

#include "ouv/desk.h"

/* Check boxes of one form: messages and attachments of a case. */
#define OUV_PIECES_MOST 300

/* ---- for colleagues -------------------------------------------------------
 */

struct ouv_disclosed {
	int item_seq, part; /* part -1: the words of the message */
};
struct ouv_disclosure {
	int n;
	const char *side, *mode;     /* consumer, company; link, code */
	const char *code;            /* to be told; NULL: none, or it is over */
	const char *by, *revoked_by; /* names; NULL */
	int opened, max_opens;
	int64_t created_at, expires_at, first_opened_at, last_opened_at,
		revoked_at;
	const char *over; /* revoked, expired, used; NULL: it opens now */
	size_t piece_count;
	struct ouv_disclosed *pieces;
};
/* The last one first.  Errors as ouv_desk_case. */
OUV_MUST_CHECK enum ouv_err ouv_desk_disclosures(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	const char *number, struct ouv_disclosure **list_out,
	size_t *count_out);

/* What ran out or was used up is destroyed: no link opens it any more.  The
 * server asks for it every minute, whether anybody looks or not. */
OUV_MUST_CHECK enum ouv_err ouv_desk_disclosures_end(struct ouv_desk *desk);

/* ---- for the party --------------------------------------------------------
 */

#define OUV_VISIT_SECS 1800

/* Does this link want a code besides?  By its own shape; nothing is asked.
 * OUV_NOT_FOUND: it is no link. */
OUV_MUST_CHECK enum ouv_err ouv_release_link(
	const char *link, bool *wants_code_out);
/*
 * One opening: counted, logged, and token_out names it for half an hour.  code
 * is what was typed, or "".  address is where the request came from (limits
 * only; may be NULL).
 *
 * OUV_NOT_FOUND: no such link, or the code is another one.  OUV_CONFLICT: it
 * was taken back, is over or used up.  OUV_REFUSED: too many tries,
 * wait_secs_out says how long.
 */
OUV_MUST_CHECK enum ouv_err ouv_desk_release_open(struct ouv_desk *desk,
	struct ouv_arena *arena, const char *link, const char *code,
	const char *address, uint8_t token_out[32], int *wait_secs_out);

struct ouv_released_piece {
	int n;
	bool is_file;
	const char *from; /* consumer, company, office, extract, other */
	int64_t at;
	const char *subject, *text, *lang; /* of words */
	const char *name;                  /* of a file; "" */
	size_t size;
};
struct ouv_released {
	const char *protocol;
	int opened, max_opens;
	int64_t expires_at, until_at; /* until_at: of this visit */
	size_t count;
	struct ouv_released_piece *pieces;
};
/* OUV_NOT_FOUND: no such visit, or no longer.  OUV_CONFLICT: what it shows was
 * taken back or is over. */
OUV_MUST_CHECK enum ouv_err ouv_desk_released(struct ouv_desk *desk,
	struct ouv_arena *arena, const uint8_t token[32],
	struct ouv_released *view_out);
/* The bytes of one attachment; logged. */
OUV_MUST_CHECK enum ouv_err ouv_desk_released_file(struct ouv_desk *desk,
	struct ouv_arena *arena, const uint8_t token[32], int n,
	struct ouv_str *bytes_out, const char **name_out);

#endif
