/*
 * verb_serve.c - the company is told: what is alleged, what is asked for, how
 * to answer and by when
 *
 * It goes to those who answer for the unit, each by an address of their own.
 * Who complains is told only where the identity is open.
 */
#include "intake.h"

static const struct ouv_field_decl fields[] = {
	{ .name = "summary",
		.kind = OUV_FIELD_WORDS,
		.required = true,
		.most = INTAKE_WORDS,
		.letter = true },
	{ .name = NULL },
};

static enum ouv_err
add_label(struct verb_call *call, const char *book, const char *code,
	const char *name, json_t *entry)
{
	const char *label = NULL;

	if (*code == '\0')
		return OUV_OK;
	TRY(code_label(call->desk, call->tx, book, code,
		intake_lang(call, COMPANY), &label));
	if (label != NULL)
		(void)json_object_set_new(entry, name, json_string(label));
	return OUV_OK;
}

static enum ouv_err
add_allegations(struct verb_call *call)
{
	struct store_allegation *all;
	json_t *list = json_array();
	size_t count;

	intake_one(call, COMPANY, "allegations", list);
	TRY(store_allegations(
		call->tx, call->arena, &call->file->id, &all, &count));
	for (size_t i = 0; i < count; i++) {
		json_t *entry = json_object();

		(void)json_array_append_new(list, entry);
		TRY(add_label(call, "allegation", all[i].code, "label", entry));
		TRY(add_label(
			call, "article", all[i].article, "article", entry));
		TRY(add_label(call, "law", all[i].law, "law", entry));
		/* A code that has ended since stands for itself. */
		if (json_object_get(entry, "label") == NULL)
			(void)json_object_set_new(
				entry, "label", json_string(all[i].code));
	}
	return OUV_OK;
}

/* When the company itself was asked, and its number there. */
static enum ouv_err
add_first(struct verb_call *call)
{
	const struct store_mediation *m = &call->move->m;
	const char *number = "";

	if (m->first_instance == 0)
		return OUV_OK;
	intake_one(call, COMPANY, "first_day", json_integer(m->first_instance));
	if (!ouv_id_is_zero(&m->first_instance_item))
		TRY(words_read(call, &m->first_instance_item, &number));
	if (*number != '\0')
		intake_one(call, COMPANY, "first_number", json_string(number));
	return OUV_OK;
}

static enum ouv_err
add_about(struct verb_call *call)
{
	const struct store_mediation *m = &call->move->m;

	intake_both(
		call, "summary", json_string(move_text(call, "summary", 1)));
	for (int side = 0; side < SIDES; side++) {
		TRY(intake_label(call, side, "remedy", "remedy", m->remedy));
		TRY(intake_evidence(call, side));
	}
	TRY(intake_label(call, COMPANY, "service", "service", m->service));
	TRY(add_allegations(call));
	return add_first(call);
}

static enum ouv_err
run(struct verb_call *call)
{
	struct store_mediation *m = &call->move->m;
	struct store_unit unit;
	int64_t due_at = 0;

	TRY(respondent_unit(call, NULL, &unit));
	TRY(respondent_join(call, &unit));
	m->company_name = unit.company_name;
	if (m->complete_at == 0)
		m->complete_at = m->opened_at;
	TRY(add_about(call));
	(void)intake_named(call);
	intake_one(call, CONSUMER, "unit", json_string(unit.name));
	TRY(clock_would(call->desk, call->tx, call->arena, m, OUV_CLOCK_COMPANY,
		call->now, &due_at));
	return hearing_sent(call, COMPANY, due_at);
}

const struct verb verb_serve = { "serve", OUV_ACTION_SERVE, run, true, fields };
