/*
 * party_page.h - a party's personal page: what it may read there, and decide
 *
 * By the token of a letter's link; nobody is logged in.  Reading changes
 * nothing.  Nothing of the case's content, nor of the other party, is here.
 */
#ifndef OUV_PARTY_PAGE_H
#define OUV_PARTY_PAGE_H

#include "ouv/desk.h"

#define OUV_PARTY_CHOICES 16

struct ouv_party_choice {
	const char *action, *choice; /* as ouv_action_name; "", a number, ... */
};
struct ouv_party_page {
	const char *protocol;
	enum ouv_state state;
	bool company; /* whose page it is; else the consumer's */
	enum ouv_owes owes;
	int64_t due_at; /* of whoever owes the next step; 0: none */
	bool waiting;   /* a decision of theirs is being carried out: no choices
			 */
	int released;   /* documents wait under so many links of our letters */
	int64_t released_until; /* the last day of the last one */
	size_t choice_count;
	struct ouv_party_choice choices[OUV_PARTY_CHOICES];
};
/* OUV_NOT_FOUND: no such link, or no longer; which one is not told. */
OUV_MUST_CHECK enum ouv_err ouv_desk_party_page(struct ouv_desk *desk,
	struct ouv_arena *arena, const char *token,
	struct ouv_party_page *view_out);

struct ouv_page_visit; /* page_key.h */
/* The same to whoever reads by a page key: of the case of that number, or of
 * the visit's own (NULL). */
OUV_MUST_CHECK enum ouv_err ouv_desk_page_standing(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_page_visit *visit,
	const char *number, struct ouv_party_page *view_out);

struct ouv_party_decision {
	const char *action, *choice; /* one of the view's choices */
	const char *text;            /* what was chosen and typed, for people */
	const char *form_key;        /* as in ouv_desk_do; twice does it once */
};
/*
 * Written down with its words as a message of the case; carried out soon.
 * address is where the request came from (limits only; may be NULL).
 *
 * OUV_NOT_FOUND: as above.  OUV_INVALID: no form key, or too long.
 * OUV_CONFLICT: that is not theirs to decide now.  OUV_REFUSED: too many
 * tries, wait_secs_out says how long.
 */
OUV_MUST_CHECK enum ouv_err ouv_desk_party_decide(struct ouv_desk *desk,
	struct ouv_arena *arena, const char *token, const char *address,
	const struct ouv_party_decision *act, int *wait_secs_out);

#endif
