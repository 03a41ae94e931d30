/*
 * verb_case_file.c - the file of a case, for a party, an authority, a court or
 * the office's archive
 *
 * What it was made for is kept; the file leaves with the answer to the form.  A
 * file for an authority in which nothing is masked waits for a second person;
 * once confirmed its author takes it, for a week.
 */
#include <string.h>

#include "dossier.h"
#include "pending.h"

#define PURPOSE_MOST 300
#define WHOM_MOST 200
#define TAKE_SECS (7 * INT64_C(86400))

/* clang-format off */
static const char *const outside[] = { "authority", "court", NULL };
static const char *const langs[] = { "pt-BR", "en", "it", NULL };
static const char *const forms[] = { "zip", "pdf", NULL };

#define FIELDS_OF(recipients)                                                          \
	{ .name = "recipient", .kind = OUV_FIELD_WORD, .required = true, .words = recipients }, \
	{ .name = "whom", .kind = OUV_FIELD_LINE, .most = WHOM_MOST },                  \
	{ .name = "purpose", .kind = OUV_FIELD_LINE, .required = true, .most = PURPOSE_MOST }, \
	{ .name = "lane_consumer", .kind = OUV_FIELD_FLAG },                            \
	{ .name = "lane_company", .kind = OUV_FIELD_FLAG },                             \
	{ .name = "lane_internal", .kind = OUV_FIELD_FLAG },                            \
	{ .name = "notes", .kind = OUV_FIELD_FLAG },                                    \
	{ .name = "log", .kind = OUV_FIELD_FLAG },                                      \
	{ .name = "from", .kind = OUV_FIELD_PAST_DAY },                                 \
	{ .name = "until", .kind = OUV_FIELD_PAST_DAY },                                \
	{ .name = "lang", .kind = OUV_FIELD_WORD, .words = langs },                     \
	{ .name = "form", .kind = OUV_FIELD_WORD, .words = forms }

static const struct ouv_field_decl fields[] = {
	FIELDS_OF(dossier_for_names),
	{ .name = "mask", .kind = OUV_FIELD_FLAG },
	{ .name = NULL },
};
static const struct ouv_field_decl whole_fields[] = {
	FIELDS_OF(outside),
	{ .name = NULL },
};
static const struct ouv_field_decl take_fields[] = {
	{ .name = NULL },
};
/* clang-format on */

/* What would be in it, for whoever looks before. */
static enum ouv_err
look(struct verb_call *call, const struct dossier_ask *ask)
{
	struct dossier *d = ouv_arena_alloc(call->arena, sizeof(*d));
	enum ouv_err err = dossier_plan(call, ask, d);

	ouv_wipe(d->csk, sizeof(d->csk));
	for (size_t i = 0; i < d->count; i++)
		ouv_wipe(d->entries[i].dek, sizeof(d->entries[i].dek));
	if (err == OUV_OK)
		call->result->look = &d->look;
	return err;
}

static enum ouv_err
run(struct verb_call *call)
{
	struct dossier_ask ask;

	TRY(dossier_ask_read(call, false, &ask));
	call->move->reason = dossier_reason(call->arena, &ask);
	if (call->move->dry)
		return look(call, &ask);
	return dossier_make(call, &ask, &call->result->copy);
}

/* Confirmed, it is not made yet: whoever wrote it takes it. */
static enum ouv_err
run_whole(struct verb_call *call)
{
	struct dossier_ask ask;

	TRY(dossier_ask_read(call, true, &ask));
	call->move->reason = dossier_reason(call->arena, &ask);
	return call->move->dry ? look(call, &ask) : OUV_OK;
}

/* The newest that was confirmed. */
static enum ouv_err
find(struct verb_call *call, const struct store_confirmed **out)
{
	struct store_confirmed *list;
	size_t count;

	TRY(store_confirmed(call->tx, call->arena, &call->file->id,
		ouv_action_name(OUV_ACTION_WHOLE_FILE), &call->actor->person,
		call->now - TAKE_SECS, &list, &count));
	*out = list;
	return count > 0 ? OUV_OK : OUV_CONFLICT; /* its week just ended */
}

static enum ouv_err
run_take(struct verb_call *call)
{
	const struct store_confirmed *it;
	struct verb_call then = *call;
	struct dossier_ask ask;
	const char *text;

	TRY(find(call, &it));
	TRY(words_read(call, &it->item, &text));
	TRY(pending_fields(call->arena, text, &then.fields, &then.field_count));
	TRY(dossier_ask_read(&then, true, &ask));
	call->object = it->id;
	call->move->reason = dossier_reason(call->arena, &ask);
	if (call->move->dry)
		return look(call, &ask);
	return dossier_make(call, &ask, &call->result->copy);
}

const struct verb verb_case_file = { "case-file", OUV_ACTION_CASE_FILE, run,
	false, fields };
const struct verb verb_whole_file = { "whole-file", OUV_ACTION_WHOLE_FILE,
	run_whole, false, whole_fields };
const struct verb verb_take_file = { "take-file", OUV_ACTION_TAKE_FILE,
	run_take, false, take_fields };
