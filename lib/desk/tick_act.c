/*
 * tick_act.c - what a party decided, by mail or on its page, is carried out
 *
 * Each in a transaction of its own under the lock of its case, in the order in
 * which they came.  What is not possible any more becomes a task for a person.
 */
#include <string.h>

#include "clock.h"
#include "ouv/clock.h"
#include "ouv/log.h"

#define BATCH 100

struct doing {
	struct ouv_desk *desk;
	struct ouv_arena *arena;
	struct store_act row;
	struct act act;
	struct ouv_field field;
	uint64_t failed;
};

static void
read_row(struct doing *d, int64_t now)
{
	d->field = (struct ouv_field){ "choice", d->row.choice };
	d->act = (struct act){ .case_id = d->row.case_id,
		.action = d->row.action,
		.role = d->row.company ? OUV_ROLE_COMPANY : OUV_ROLE_CONSUMER,
		.party = d->row.party,
		.item = d->row.item,
		.source = d->row.source,
		.auth = true,
		.fields = &d->field,
		.field_count = *d->row.choice != '\0',
		.now = now };
}

/* The guards that stood against it, by name. */
static const char *
outcome_of(const struct doing *d)
{
	const char *text = "";

	for (int g = 0; g < OUV_GUARD__COUNT; g++)
		if ((d->failed & OUV_GUARD_BIT(g)) != 0)
			text = ouv_arena_printf(d->arena, "%s%s%s", text,
				*text != '\0' ? " " : "",
				ouv_guard_name((enum ouv_guard)g));
	return *text != '\0' ? text : "task";
}

static enum ouv_err
carry_out(struct doing *d)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	int64_t now = ouv_clock_now();
	enum ouv_err err;

	TRY(store_begin(d->desk->store, &tx));
	TRY(store_act_claim(tx, d->arena, &d->row));
	read_row(d, now);
	err = act_run(d->desk, tx, d->arena, &d->act, &d->failed);
	if (err != OUV_OK)
		return err;
	TRY(party_act_ran(d->desk, tx, d->arena, &d->act, OUV_OK));
	TRY(store_act_done(tx, &d->row.id, "moved", now));
	return store_commit(&tx);
}

static enum ouv_err
refuse(struct doing *d, enum ouv_err why)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct store_task task = { .id = ouv_id_new(),
		.case_id = d->row.case_id,
		.item = d->row.item,
		.party = d->row.party,
		.kind = "act-failed",
		.opened_at = d->act.now };
	bool opened;

	TRY(store_begin(d->desk->store, &tx));
	TRY(letter_due(d->desk, tx, task.opened_at, &task.due_at));
	TRY(store_task_add(tx, &task, &opened));
	TRY(store_act_done(tx, &d->row.id, outcome_of(d), d->act.now));
	TRY(log_existing(d->desk, tx, d->arena, &d->row.case_id, NULL,
		"task-open", &task.id));
	TRY(party_act_ran(d->desk, tx, d->arena, &d->act, why));
	return store_commit(&tx);
}

/* OUV_NOT_FOUND: none waits. */
static enum ouv_err
next(struct ouv_desk *desk)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_WIPE);
	struct doing d = { .desk = desk, .arena = arena };
	enum ouv_err err = carry_out(&d);

	if (d.act.source == NULL)
		return err;
	switch (err) {
	case OUV_INVALID:
	case OUV_REFUSED:
	case OUV_NOT_FOUND:
		ouv_log_info("an act %s of a party was not possible",
			ouv_action_name(d.act.action));
		return refuse(&d, err);
	default:
		return err == OUV_CONFLICT ? OUV_TEMPORARY : err;
	}
}

enum ouv_err
tick_acts(struct ouv_desk *desk, size_t *done_out)
{
	enum ouv_err err = OUV_OK;
	size_t n = 0;

	while (err == OUV_OK && n < BATCH) {
		err = next(desk);
		n += err == OUV_OK;
	}
	*done_out = n;
	/* Another worker was faster: the next round finds what is left. */
	return err == OUV_NOT_FOUND || err == OUV_CONFLICT ? OUV_OK : err;
}
