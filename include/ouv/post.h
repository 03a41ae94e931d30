/*
 * post.h - letters on paper: the register of what is to be printed, posted,
 * and what became of it
 *
 * A party without a mail address that lets our letters through gets them on
 * paper: the same words, the same lint.  Each such letter has one row here and
 * goes from state to state by a verb of its case (ouv_desk_do), which its log
 * has: "print", "post", "delivered", "returned"; "reach" says how a party is
 * reached.  Whoever lacks the case's key sees none of it.
 */
#ifndef OUV_POST_H
#define OUV_POST_H

#include "ouv/desk.h"
#include "ouv/print.h"

/* ---- how a sheet is made --------------------------------------------------
 */

/* What stands on it, and what is to be known of it. */
struct ouv_post_paper {
	struct ouv_print_letter letter;
	const char *lang;
	int64_t made_at;
};

/*
 * Makes the file of one letter.  Set by the program that prints: no other
 * needs fonts.  As ouv_print_end.
 */
typedef enum ouv_err ouv_post_press_fn(void *user, struct ouv_arena *arena,
	const struct ouv_post_paper *paper, struct ouv_print_made *made_out);
void ouv_office_press(
	struct ouv_office *office, ouv_post_press_fn *press, void *user);
/* Such a press, of lib/print; user is not looked at. */
ouv_post_press_fn ouv_post_press;

/* What "print" made (struct ouv_verb_result.printed). */
struct ouv_post_printed {
	struct ouv_post_paper paper; /* for a file of many letters */
	struct ouv_print_made made;
	bool again; /* it had been printed before */
	bool same;  /* ... and these are the same bytes */
};

/* ---- the register ---------------------------------------------------------
 */

enum ouv_post_list {
	OUV_POST_TO_PRINT,
	OUV_POST_TO_POST,
	OUV_POST_UNDER_WAY,
	OUV_POST_DONE,
	OUV_POST__COUNT
};
const char *ouv_post_list_name(enum ouv_post_list list); /* "to-print" */
OUV_MUST_CHECK enum ouv_err ouv_post_list_parse(
	const char *name, enum ouv_post_list *list_out);

struct ouv_post_line {
	struct ouv_case_line line; /* the case; nothing counted of it */
	struct ouv_id id;
	const char *state, *side, *kind; /* kind: "notice" */
	int seq;                         /* the message in the case */
	bool addressed;
	int64_t made_at, printed_at;
	const char *printed_by; /* NULL: nobody yet */
	const char *sha256;     /* of the file, in hex; "" : none yet */
	int pages;
	int32_t posted, presumed, ended; /* days; 0: none */
	bool assumed;
	const char *service;       /* "" : not posted */
	const char *name, *postal; /* "" : not known */
	const char *tracking, *why;
};
/* after: as the list before gave it; NULL: the first page.  after_out NULL:
 * there is no more. */
OUV_MUST_CHECK enum ouv_err ouv_desk_posts(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	enum ouv_post_list which, const char *after, int most,
	struct ouv_post_line **list_out, size_t *count_out,
	const char **after_out);
/* How many wait; unaddressed: of those to print, how many have no address. */
OUV_MUST_CHECK enum ouv_err ouv_desk_post_counts(struct ouv_desk *desk,
	const struct ouv_actor *actor, int64_t counts_out[OUV_POST__COUNT],
	int64_t *unaddressed_out);

/*
 * Verbs and their fields: "print" (letter: its id; again: "1" where it was
 * printed before; codes unknown, printed, no-address, unreadable, too-long);
 * "post" (letter, day, service: simple, registered, receipt; tracking; codes
 * printed-first, future, before-it); "delivered" (letter, day, why: what shows
 * it, message: the number of a message that does); "returned" (letter, day,
 * why).  OUV_CONFLICT: it is in another state by now.  "reach" (party:
 * consumer, company; way: mail, post; addr, postal; again: "1": what came back
 * goes out once more).
 */
extern const char *const ouv_post_services[]; /* NULL at the end */

/* The lines of an address as they may stand on an envelope: trimmed, none
 * empty.  NULL: too many or too long. */
const char *ouv_post_address(struct ouv_arena *arena, const char *text);
#define OUV_POST_LINE_MOST 60

#endif
