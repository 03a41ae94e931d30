/*
 * intake.c - values that several letters of the first half have in common
 */
#include <string.h>

#include "intake.h"

int32_t
intake_today(const struct verb_call *call)
{
	return ouv_calendar_day(call->move->days, call->now, NULL);
}

enum ouv_lang
intake_lang(const struct verb_call *call, int side)
{
	const struct consumer *party = call->move->party[side];

	return party != NULL ? party->lang : call->file->lang;
}

void
intake_one(struct verb_call *call, int side, const char *name, json_t *value)
{
	(void)json_object_set_new(call->move->data[side], name, value);
}

void
intake_both(struct verb_call *call, const char *name, json_t *value)
{
	intake_one(call, CONSUMER, name, json_incref(value));
	intake_one(call, COMPANY, name, value);
}

enum ouv_err
intake_label(struct verb_call *call, int side, const char *name,
	const char *book, const char *code)
{
	const char *label = NULL;

	if (code == NULL || *code == '\0')
		return OUV_OK;
	TRY(code_label(call->desk, call->tx, book, code,
		intake_lang(call, side), &label));
	if (label != NULL)
		intake_one(call, side, name, json_string(label));
	return OUV_OK;
}

enum ouv_err
intake_until(
	struct verb_call *call, int side, const char *name, enum ouv_clock kind)
{
	int64_t due_at = 0;
	enum ouv_err err = clock_would(call->desk, call->tx, call->arena,
		&call->move->m, kind, call->now, &due_at);

	if (err == OUV_NOT_FOUND || (err == OUV_OK && due_at == 0))
		return OUV_OK;
	if (err == OUV_OK)
		intake_one(call, side, name, json_integer(due_at));
	return err;
}

enum ouv_err
intake_evidence(struct verb_call *call, int side)
{
	json_t *list = json_array();
	enum ouv_err err = evidence_titles(call, side, list);

	intake_one(call, side, "evidence", list);
	return err;
}

bool
intake_named(struct verb_call *call)
{
	const struct store_mediation *m = &call->move->m;
	const struct consumer *consumer = call->move->party[CONSUMER];

	call->move->name_consumer =
		m->identity != NULL && strcmp(m->identity, "open") == 0;
	if (call->move->name_consumer && consumer != NULL &&
		consumer->name != NULL)
		intake_one(call, COMPANY, "consumer_name",
			json_string(consumer->name));
	intake_one(call, CONSUMER, "named",
		json_boolean(call->move->name_consumer));
	return call->move->name_consumer;
}
