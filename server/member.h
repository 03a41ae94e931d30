/*
 * member.h - what the pages of whoever answers for a company share (/p...)
 *
 * docs/company-page.md.
 */
#ifndef SERVER_MEMBER_H
#define SERVER_MEMBER_H

#include "ouv/company_page.h"

#include "view.h"

#define MEMBER_HERE "/p"

/* One request of somebody whose visit holds. */
struct member {
	struct request *request;
	struct ouv_desk *desk;
	struct ouv_page_visit visit;
	struct ouv_member_reader reader;
};

/* page_member_in.c.  False: there is no visit, or no way in any more; it has
 * been answered.  A form that came without a visit is kept: its page asks for
 * the code, and with the code it goes on. */
bool member_enter(struct request *request, struct member *m);
void member_end(struct member *m);
/* Who reads, and the way around: what every page of theirs has. */
json_t *member_base(struct member *m, const char *title_key, const char *here);
/* The page for an error of the desk. */
void member_error(struct member *m, enum ouv_err err);
/* May whoever sends this form bring files? */
bool member_may_upload(const struct request *request);

/* The page that asks for the code. */
struct member_door {
	int status;
	const char *path;  /* to which it posts */
	const char *error; /* a word; NULL: none */
	bool letter;       /* by a letter's link: the case may be looked at */
	bool coded;        /* the address bears the code */
	bool kept;         /* a form waits for it */
	bool ended;        /* a visit is over */
};

void member_door_show(struct request *request, const struct member_door *door);
/* In by a code; false: it has been answered, by the door where it may be tried
 * again. */
bool member_door_open(struct request *request, struct ouv_desk *desk,
	const char *code, const char *token, struct member_door *door,
	uint8_t cookie_out[32]);

/* page_member.c: a line of the list: its place, stage, dates, reason. */
json_t *member_line_view(
	const struct request *request, const struct ouv_member_line *line);
/* What the personal page calls a choice: "accept", "choose:2". */
const char *member_choice_value(
	struct ouv_arena *arena, const struct ouv_party_choice *choice);
const char *member_choice_label(
	const struct request *request, const struct ouv_party_choice *choice);

/* page_member_case.c: the case that the address names. */
void member_case_page(struct request *request);

/* page_member_text.c: all that is typed, as people read it; the form's. */
const char *member_text(const struct request *request,
	const struct ouv_member_case *c, const struct ouv_member_said *said);

#endif
