/*
 * clock.h - what the clocks of a case share: their rules, and when their
 * alarms ring
 */
#ifndef OUV_DESK_CLOCK_H
#define OUV_DESK_CLOCK_H

#include "move.h"

#define DATE_UNIT "date" /* of a clock that ends on a day agreed */
#define ALARMS_MOST 4    /* of one clock */

/* What happens when a clock runs out; in tick_end.c, a function each. */
enum clock_end {
	END_NOTHING,
	END_TASK,    /* somebody of the office must do something */
	END_CONFIRM, /* the same, once the reminder has arrived */
	END_DECLINE, /* the company is silent */
	END_HEARING, /* whoever has not commented will not */
	END_PROMISE, /* was it done? */
	END_ATTEST,  /* nobody said */
	END_ERASE,
	END__COUNT
};

/* What is particular to a clock (clock_rules.c). */
struct clock_rule {
	enum clock_end end;
	const char *task; /* the kind that END_TASK, END_CONFIRM open */
	/* The kind when a reminder reaches nobody; NULL: "cannot-remind". */
	const char *untold;
	/* Letters wait until the gateway can read an address again. */
	bool waits_for_address;
	/* The text of each reminder to each side; NULL: none. */
	const char *remind[OUV_REMINDERS][SIDES];
	const char *ahead; /* the kind a reminder opens for the office; NULL */
	int told;          /* reminders that must have arrived before it ends */
	bool anyway;       /* a calendar that ends does not stop it */
};
const struct clock_rule *clock_rule(enum ouv_clock kind);

/* clock_alarm.c: the alarms of a running clock into out (room for ALARMS_MOST);
 * none of them before now, all of them while the office serves. */
size_t clock_alarms(const struct ouv_calendar *calendar,
	const struct ouv_terms *terms, const struct store_clock *clock,
	int64_t now, struct store_alarm *out);
/* That moment, or the next one at which the office serves. */
int64_t clock_service(const struct ouv_calendar *calendar, int64_t at);
/* After a reminder at that moment nothing ends before. */
int64_t clock_notice(const struct ouv_calendar *calendar,
	const struct ouv_terms *terms, enum ouv_clock kind, int64_t at);

/* clock.c: profile and calendar of a clock, as they count now. */
OUV_MUST_CHECK enum ouv_err clock_terms(struct ouv_desk *desk,
	struct store_tx *tx, const struct store_clock *clock,
	const struct ouv_terms **terms_out,
	const struct ouv_calendar **calendar_out);
/* When it ends; steps (may be NULL) as ouv_run_due fills them.  OUV_INVALID:
 * the calendar ends before (on the log). */
OUV_MUST_CHECK enum ouv_err clock_due(const struct ouv_calendar *calendar,
	const struct store_clock *clock, struct ouv_due *due_out);
/* The same clock begun anew at that moment. */
OUV_MUST_CHECK enum ouv_err clock_again(struct ouv_desk *desk,
	struct store_tx *tx, struct store_clock *clock, int64_t from,
	int64_t now);
/* The case's own date by these clocks; 0: none. */
int64_t clock_case_due(
	enum ouv_state state, const struct store_clock *list, size_t count);

/* request.c: somebody asks about their own data; its whole time is a law's. */
bool request_is(const struct store_mediation *m);

/* A batch of new cases: the clocks that begin with a case of that state, for
 * all of them at once.  now is day zero of each. */
OUV_MUST_CHECK enum ouv_err clock_new_cases(struct ouv_desk *desk,
	struct store_tx *tx, struct ouv_arena *arena, enum ouv_action action,
	const struct ouv_id *cases, size_t count, int64_t now);
/* A notice came back for good: the company owes nothing yet. */
OUV_MUST_CHECK enum ouv_err clock_unserve(struct store_tx *tx,
	struct ouv_arena *arena, const struct store_letter *letter,
	int64_t now);

/* ---- tick_*.c: one alarm ----------------------------------------------------
 */

struct ring {
	struct ouv_desk *desk;
	struct store_tx *tx;
	struct ouv_arena *arena;
	int64_t now;
	struct store_alarm alarm;
	struct store_clock clock; /* that it belongs to */
	const struct ouv_terms *terms;
	const struct ouv_calendar *calendar;
	const struct clock_rule *rule;
	struct store_mediation m;
	int64_t answer_by;     /* instead of the clock's own end; 0: that */
	const char *outcome;   /* NULL: it rings again later */
	const char *otherwise; /* the task when it cannot be done */
};
typedef enum ouv_err ring_fn(struct ring *ring);
ring_fn tick_remind;   /* tick_remind.c */
ring_fn tick_end;      /* tick_end.c */
ring_fn tick_delivery; /* tick_delivery.c */
/* tick_act.c: what parties decided; done_out: how many. */
OUV_MUST_CHECK enum ouv_err tick_acts(struct ouv_desk *desk, size_t *done_out);
/* tick_retain.c: must that side be told that the file will be erased? */
bool retain_tells(const struct ring *ring, int side);
/* No address can be read: whoever opens the case next makes one readable, and
 * it rings again.  waits_out: nothing more is done now. */
OUV_MUST_CHECK enum ouv_err retain_address(struct ring *ring, bool *waits_out);
/* A task to reach that side by another way. */
OUV_MUST_CHECK enum ouv_err retain_untold(struct ring *ring, int side);
/* Somebody wrote in a closed case: it is kept from now on. */
OUV_MUST_CHECK enum ouv_err retain_anew(struct ouv_desk *desk,
	struct store_tx *tx, struct ouv_arena *arena, struct casefile *file,
	const struct ouv_id *item, int64_t now);
/* A party was told of the erasure by that task (zero: by a letter): it has the
 * time of the notice from now on. */
OUV_MUST_CHECK enum ouv_err retain_told(struct ouv_desk *desk,
	struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *case_id, const struct ouv_id *task, int64_t now);
/* Holds whose day of review has come. */
OUV_MUST_CHECK enum ouv_err retain_holds(struct ouv_desk *desk, int64_t now);
/* A task about the case; due in a service day. */
OUV_MUST_CHECK enum ouv_err tick_task(struct ring *ring, const char *kind);
/* One letter to one side; queued_out false: a person was asked instead. */
OUV_MUST_CHECK enum ouv_err tick_letter(
	struct ring *ring, int side, const char *text, bool *queued_out);
/* Not before that moment, this one and what follows it. */
OUV_MUST_CHECK enum ouv_err tick_later(struct ring *ring, int64_t at);

#endif
