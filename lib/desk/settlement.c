/*
 * settlement.c - what letters say of options and promises
 */
#include <string.h>

#include "settle.h"

bool
settle_by_colleague(const struct verb_call *call)
{
	/* clang-format off */
	static const char *const alone[] = { "mail", "link", "timer" };
	/* clang-format on */
	const char *source = call->move->source;

	for (size_t i = 0; i < sizeof(alone) / sizeof(alone[0]); i++)
		if (strcmp(source, alone[i]) == 0)
			return false;
	return true;
}

enum ouv_err
settle_task(struct verb_call *call, const char *kind, const struct ouv_id *item)
{
	int64_t due_at;

	if (!ouv_id_is_zero(&call->move->item))
		item = &call->move->item;
	if (ouv_id_is_zero(item))
		return OUV_OK;
	TRY(letter_due(call->desk, call->tx, call->now, &due_at));
	return task_ask(call, kind, item, due_at);
}

void
settle_one(struct verb_call *call, int side, const char *key, json_t *value)
{
	(void)json_object_set_new(call->move->data[side], key, value);
}

void
settle_both(struct verb_call *call, const char *key, json_t *value)
{
	settle_one(call, CONSUMER, key, json_incref(value));
	settle_one(call, COMPANY, key, value);
}

/* A program has no key: its letters name the promise by its date alone. */
static enum ouv_err
read_what(struct verb_call *call, const struct ouv_id *words, json_t *entry)
{
	const char *what;
	enum ouv_err err = words_read(call, words, &what);

	if (err == OUV_REFUSED)
		return OUV_OK;
	if (err == OUV_OK)
		(void)json_object_set_new(entry, "what", json_string(what));
	return err;
}

enum ouv_err
settle_entry(struct verb_call *call, const struct ouv_id *words,
	const char *promiser, int64_t due_at, json_t **entry_out)
{
	/* clang-format off */
	static const struct { const char *who, *flag; } flags[] = {
		{ "company", "by_company" },
		{ "consumer", "by_consumer" },
		{ "office", "by_office" },
	};
	/* clang-format on */
	const struct ouv_calendar *calendar;
	json_t *entry;
	enum ouv_err err;

	TRY(calendar_live(
		call->desk, call->tx, call->move->m.calendar, &calendar));
	entry = json_pack(
		"{s:i}", "due", (int)ouv_calendar_day(calendar, due_at, NULL));
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		(void)json_object_set_new(entry, flags[i].flag,
			json_boolean(strcmp(flags[i].who, promiser) == 0));
	err = read_what(call, words, entry);
	if (err == OUV_OK)
		*entry_out = entry;
	else
		json_decref(entry);
	return err;
}

static void
add_outcome(const struct store_promise *promise, json_t *entry)
{
	/* clang-format off */
	static const char *const states[] = { "kept", "late", "broken" };
	/* clang-format on */

	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
		(void)json_object_set_new(entry, states[i],
			json_boolean(strcmp(promise->state, states[i]) == 0));
}

enum ouv_err
settle_promises(
	struct verb_call *call, bool open, bool outcomes, json_t **list_out)
{
	struct store_promise *list;
	json_t *entries, *entry;
	size_t count;
	enum ouv_err err = OUV_OK;

	TRY(store_promises(
		call->tx, call->arena, &call->move->m.case_id, &list, &count));
	entries = json_array();
	for (size_t i = 0; err == OUV_OK && i < count; i++) {
		const struct store_promise *p = &list[i];

		if (!promise_of_plan(p) || (open && !promise_is_open(p)) ||
			strcmp(p->state, "void") == 0)
			continue;
		err = settle_entry(
			call, &p->item, p->promiser, p->due_at, &entry);
		if (err != OUV_OK)
			break;
		if (outcomes)
			add_outcome(p, entry);
		(void)json_array_append_new(entries, entry);
	}
	if (err == OUV_OK)
		*list_out = entries;
	else
		json_decref(entries);
	return err;
}

enum ouv_err
settle_review_by(struct verb_call *call, int side)
{
	int64_t due_at = 0;

	TRY(clock_would(call->desk, call->tx, call->arena, &call->move->m,
		OUV_CLOCK_REVIEW_WINDOW, call->now, &due_at));
	if (due_at != 0)
		settle_one(call, side, "review_by", json_integer(due_at));
	return OUV_OK;
}

void
settle_axis(const char **axis, const char *value)
{
	if (*axis == NULL)
		*axis = value;
}

const char *
settle_field(struct verb_call *call, const char *name, int n)
{
	return n == 1 ? name : ouv_arena_printf(call->arena, "%s-%d", name, n);
}
