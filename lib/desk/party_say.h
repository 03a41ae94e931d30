/*
 * party_say.h - what a party's answer decides, if it says so clearly
 */
#ifndef OUV_DESK_PARTY_SAY_H
#define OUV_DESK_PARTY_SAY_H

#include "ouv/arena.h"
#include "ouv/case.h"

struct say_ask {
	enum ouv_state state;
	bool company;     /* who writes; else the consumer */
	int options;      /* settlement options they may choose among */
	bool chosen;      /* ... and they have already */
	bool asked;       /* they were asked whether a promise was kept */
	bool hearing;     /* they were shown the file, to comment on it */
	const char *text; /* the new part of their message */
};

enum say_kind {
	SAY_NOTHING, /* it joins the case, and that is all            */
	SAY_ACT,     /* action and choice                             */
	SAY_ANSWER,  /* a company's answer: a person reads it         */
	SAY_LOOK,    /* may be a decision: a person reads it          */
	SAY_UNCLEAR, /* ... and they owe one: they are told how to say it */
};

struct said {
	enum say_kind kind;
	enum ouv_action action;
	char choice[16]; /* a number, yes, no, resolved, not-resolved; "" */
};

void party_say(
	struct ouv_arena *arena, const struct say_ask *ask, struct said *said);

/*
 * Could this answer be an act of that side in that state at all?  Without it
 * nobody needs to ask what say_ask wants to know.
 */
bool party_say_listens(enum ouv_state state, bool company);
struct store_say;
/* party_act.c: what the database knows, as a question. */
void say_ask_of(
	const struct store_say *say, const char *text, struct say_ask *ask);

/* What that side may decide now, each once, as a page offers it. */
size_t party_say_choices(
	const struct say_ask *ask, struct said *list, size_t most);

#endif
