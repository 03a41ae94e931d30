/*
 * worklist.h - the lists a colleague works from: queues with their counts,
 * filters, views that somebody gave a name, one act for many cases
 *
 * Beside desk.h and with its conventions.
 */
#ifndef OUV_WORKLIST_H
#define OUV_WORKLIST_H

#include "ouv/desk.h"

/* ---- which cases -----------------------------------------------------------
 */

enum ouv_queue {
	OUV_QUEUE_OPEN,    /* every open case I may read                   */
	OUV_QUEUE_MINE,    /* that I look after, or stand in for           */
	OUV_QUEUE_NEW,     /* received, or nobody looks after it           */
	OUV_QUEUE_DUE,     /* it or a promise in it due within a day, or late */
	OUV_QUEUE_CLOSED,  /* closed                                        */
	OUV_QUEUE_SECOND,  /* where an act waits for my second reading      */
	OUV_QUEUE_OVERDUE, /* its date has passed                           */
	OUV_QUEUE_SOON,    /* its date comes within a day                   */
	OUV_QUEUE_CONSUMER, /* the consumer owes the next step, or both do   */
	OUV_QUEUE_COMPANY,  /* the company owes it, or both do               */
	OUV_QUEUE_OFFICE,   /* we owe it                                     */
	OUV_QUEUE_TROUBLE,  /* a letter did not arrive and nobody has seen to it
			     */
	OUV_QUEUE_PROMISE,  /* something promised is due within a day        */
	OUV_QUEUE_TASK,     /* something is to be done by a person           */
	OUV_QUEUE_UNREAD,   /* a party wrote since I looked last, or I never did
			       and look after it */
	OUV_QUEUE__COUNT
};
const char *ouv_queue_name(enum ouv_queue queue); /* "open", "mine", ... */
OUV_MUST_CHECK enum ouv_err ouv_queue_parse(
	const char *name, enum ouv_queue *queue_out);

enum ouv_order {
	OUV_ORDER_LAST,   /* newest activity first */
	OUV_ORDER_DUE,    /* what is due first */
	OUV_ORDER_OPENED, /* received last first */
	OUV_ORDER__COUNT
};
const char *ouv_order_name(enum ouv_order order); /* "last", ... */
OUV_MUST_CHECK enum ouv_err ouv_order_parse(
	const char *name, enum ouv_order *order_out);

#define OUV_WORK_PAGE 40
#define OUV_WORK_MOST 500 /* lines asked for at once */

/* A text NULL or "", a moment 0: any. */
struct ouv_wish {
	enum ouv_queue queue;
	enum ouv_state state; /* OUV_STATE__COUNT: any */
	const char *owner;    /* a login, "nobody" */
	const char *kind, *severity, *lang, *channel;
	const char *company; /* part of its name */
	int64_t due_from, due_before, opened_from, opened_before;
	enum ouv_order order;
	const char *at; /* a cursor of ours; NULL: the first page */
	bool back;      /* the page before it */
	int most;       /* 0: OUV_WORK_PAGE */
};

struct ouv_work_line {
	struct ouv_case_line line;
	const char *company;                   /* NULL: none */
	const char *kind, *severity, *channel; /* codes; NULL: not known */
	const char *lang;                      /* the consumer's */
	enum ouv_owes owes;
	bool promise;  /* one is due within a day */
	bool second;   /* an act waits for a second person */
	bool away;     /* its owner is */
	int64_t fresh; /* letters of a party that the reader has not seen */
};
struct ouv_work {
	size_t count;
	struct ouv_work_line *lines;
	const char *before, *after; /* cursors; NULL: nothing there */
};
/* Cases the actor holds a key to.  OUV_INVALID: at is no cursor of ours, or
 * there is no such kind, severity, person. */
OUV_MUST_CHECK enum ouv_err ouv_desk_work(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	const struct ouv_wish *wish, struct ouv_work *work_out);

/* As part of a list that goes out step by step: no key is given on the way.
 * *begun_us is 0 at the first step.  OUV_REFUSED: its session has ended. */
OUV_MUST_CHECK enum ouv_err ouv_desk_work_step(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	const struct ouv_wish *wish, int64_t *begun_us,
	struct ouv_work *work_out);

#define OUV_COUNT_MOST 100
struct ouv_queues {
	int64_t counts[OUV_QUEUE__COUNT]; /* OUV_COUNT_MOST: so many or more;
					     what is closed is not counted */
	int64_t held;
	int64_t letters; /* on paper, to be printed or posted */
};
OUV_MUST_CHECK enum ouv_err ouv_desk_queues(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	struct ouv_queues *queues_out);

/* What codes a case may have, each list ending with NULL. */
extern const char *const ouv_work_kinds[], *const ouv_work_severities[],
						   *const ouv_work_channels[];

/* A list goes out as a file: a code is asked for, and the log says it.
 * OUV_REFUSED with result->step_up: the code first. */
OUV_MUST_CHECK enum ouv_err ouv_desk_work_export(struct ouv_desk *desk,
	const struct ouv_actor *actor, struct ouv_verb_result *result_out);

/* ---- views with a name -----------------------------------------------------
 */

#define OUV_VIEW_NAME 60
#define OUV_VIEW_QUERY 600

struct ouv_saved_view {
	struct ouv_id id;
	const char *name, *query; /* query: behind "/cases?" */
	const char *author;
	bool shared, mine, may_drop;
};
OUV_MUST_CHECK enum ouv_err ouv_desk_views(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	struct ouv_saved_view **list_out, size_t *count_out);
/* OUV_INVALID: result says which field (name: empty, too-long; query:
 * too-long).  OUV_CONFLICT: this person has 30 already. */
OUV_MUST_CHECK enum ouv_err ouv_desk_view_add(struct ouv_desk *desk,
	const struct ouv_actor *actor, const char *form_key, const char *name,
	const char *query, bool shared, struct ouv_verb_result *result_out);
/* OUV_NOT_FOUND: there is none of the actor's own with that id; an ombudsman
 * also drops what others shared. */
OUV_MUST_CHECK enum ouv_err ouv_desk_view_drop(struct ouv_desk *desk,
	const struct ouv_actor *actor, const struct ouv_id *id);

/* ---- many cases ------------------------------------------------------------
 */

/* Those of these cases that the actor can open, in no order; a number that is
 * none is not there. */
struct ouv_chosen {
	struct ouv_case_line line;
	const char *kind, *severity; /* codes; NULL: not known */
	const char *owner;           /* a login; NULL: nobody's yet */
	bool urgent;
};
OUV_MUST_CHECK enum ouv_err ouv_desk_chosen(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	const char *const *numbers, size_t number_count,
	struct ouv_chosen **list_out, size_t *count_out);

/*
 * What ouv_desk_do would answer now: the same run, of which nothing is left.
 * For verbs that write to nobody.  Errors and result as there.
 */
OUV_MUST_CHECK enum ouv_err ouv_desk_rehearse(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	const char *number, const char *verb, const struct ouv_field *fields,
	size_t field_count, struct ouv_verb_result *result_out);
/* The key of one case's part of a form: the same for the same two. */
const char *ouv_form_key_part(
	struct ouv_arena *arena, const char *form_key, const char *number);

#endif
