/*
 * track.h - what the pages of a consumer share (/t...)
 *
 * docs/parties.md.
 */
#ifndef SERVER_TRACK_H
#define SERVER_TRACK_H

#include "ouv/page_key.h"

#include "view.h"

#define TRACK_HERE "/t"

/* One request of a consumer whose visit holds. */
struct track {
	struct request *request;
	struct ouv_desk *desk;
	struct ouv_page_visit visit;
	struct ouv_party_page page; /* where the case stands */
};

/* page_track_in.c.  False: there is no visit any more, or no such case; it has
 * been answered.  A form that came too late is kept: its page asks for the
 * code, and with the code it goes on. */
bool track_enter(struct request *request, struct track *t);
void track_end(struct track *t);
/* The way around: what every page of theirs has. */
json_t *track_base(struct track *t, const char *title_key, const char *here);
/* The page for an error of the desk. */
void track_error(struct track *t, enum ouv_err err);
/* May whoever sends this form bring files? */
bool track_may_upload(const struct request *request);

/* A letter's link that bears the code, and a letter's link with the code typed
 * beside it. */
void track_link(struct request *request);
void track_link_post(struct request *request);

/* page_link.c: "accept", "choose:2", as forms and addresses say it; and in
 * words. */
const char *link_choice_value(
	struct ouv_arena *arena, const struct ouv_party_choice *choice);
const char *link_choice_label(
	const struct request *request, const struct ouv_party_choice *choice);
/* Whose turn it is, seen by who reads: you, office, other, both, none. */
const char *link_turn(const struct ouv_party_page *page);
/* Wrong, old, of an erased case: nobody learns which. */
void link_gone(struct request *request);

/* track_steps.c: the way of a case in a few steps, and how far it is: STEPS of
 * {step, is_done, is_now}; none of a closed one. */
json_t *track_steps(const struct request *request, enum ouv_state state);

#endif
