/*
 * opinion.c - what is written of a case's merit: read, kept, told to both
 */
#include <stdlib.h>
#include <string.h>

#include "opine.h"
#include "ouv/log.h"

/* clang-format off */
const char *const merits[] = {
	"founded", "partly", "unfounded", "not-established", NULL,
};
static const char *const flags[] = {
	"is_founded", "is_partly", "is_unfounded", "is_open",
};
/* clang-format on */

/* What an item of the case holds of it, one below the other. */
#define RULE "\n\n* * *\n\n"

void
opinion_free(struct opining *o)
{
	json_decref(o->data);
	o->data = NULL;
}

void
opinion_pairs(struct verb_call *call, const char *first, const char *second)
{
	int a = move_count(call, first), b = move_count(call, second);

	for (int n = 1; n <= a || n <= b; n++) {
		if (n > a)
			verb_error(call, settle_field(call, first, n), "empty");
		if (n > b)
			verb_error(
				call, settle_field(call, second, n), "empty");
	}
}

/* ---- what it rests on -----------------------------------------------------
 */

/* Only on what both know: it was shown to them, or they brought it. */
static bool
known(const struct ouv_hearing *h, const struct store_evidence *e)
{
	for (int side = 0; side < SIDES; side++)
		if (e->n > h->side[side].last_n &&
			strcmp(e->side, side_names[side]) != 0)
			return false;
	return true;
}

static const char *
stands_against(const struct ouv_hearing *h, const struct store_evidence *list,
	size_t count, int64_t n)
{
	for (size_t i = 0; i < count; i++)
		if (list[i].n == n)
			return known(h, &list[i]) ? NULL : "not-shown";
	return "unknown";
}

static enum ouv_err
read_evidence(struct opining *o)
{
	struct verb_call *call = o->call;
	struct store_evidence *list;
	struct ouv_hearing h;
	size_t all;

	TRY(evidence_now(call, &list, &all));
	TRY(store_hearing(call->tx, &call->move->m.case_id, call->now, &h));
	for (int n = 1; n <= EVIDENCE_MOST; n++) {
		const char *text = move_text(call, "evidence", n);
		int64_t number = strtol(text, NULL, 10);
		const char *code;

		if (*text == '\0') /* a box that was left */
			continue;
		code = stands_against(&h, list, all, number);
		if (code != NULL)
			verb_error(
				call, settle_field(call, "evidence", n), code);
		o->rests_on[o->rests_count++] = number;
	}
	if (o->rests_count == 0 && all > 0)
		verb_error(call, "evidence", "empty");
	return OUV_OK;
}

/* ---- the values of both letters -------------------------------------------
 */

static void
set_text(struct opining *o, const char *field)
{
	const char *text = move_text(o->call, field, 1);

	if (*text != '\0')
		(void)json_object_set_new(o->data, field, json_string(text));
}

static enum ouv_err
set_lists(struct opining *o)
{
	json_t *evidence = json_array(), *recommendations = json_array();
	enum ouv_err err = OUV_OK;

	if (o->rests_count > 0)
		err = evidence_list(
			o->call, o->rests_on, o->rests_count, evidence);
	if (err == OUV_OK)
		err = recommendations_list(o->call, recommendations);
	if (json_array_size(evidence) > 0)
		(void)json_object_set(o->data, "evidence", evidence);
	if (json_array_size(recommendations) > 0)
		(void)json_object_set(
			o->data, "recommendations", recommendations);
	json_decref(evidence);
	json_decref(recommendations);
	return err;
}

enum ouv_err
opinion_read(struct opining *o)
{
	const char *merit = move_text(o->call, "merit", 1);

	opinion_pairs(o->call, "recommendation", "recommendation_day");
	TRY(read_evidence(o));
	if (o->call->result->error_count > 0)
		return OUV_INVALID;
	o->data = json_object();
	for (size_t i = 0; merits[i] != NULL; i++)
		(void)json_object_set_new(o->data, flags[i],
			json_boolean(strcmp(merits[i], merit) == 0));
	set_text(o, "findings");
	set_text(o, "reasons");
	set_text(o, "measures");
	return set_lists(o);
}

/* ---- kept, and told -------------------------------------------------------
 */

enum ouv_err
opinion_keep(struct opining *o)
{
	struct verb_call *call = o->call;
	const char *measures = move_text(call, "measures", 1);
	struct store_opinion row = { .kind = o->kind,
		.merit = move_text(call, "merit", 1),
		.author = call->actor->person,
		.reader = call->move->second,
		.at = call->now };

	TRY(words_keep(call,
		ouv_arena_printf(call->arena, "%s" RULE "%s%s%s",
			move_text(call, "findings", 1),
			move_text(call, "reasons", 1),
			*measures != '\0' ? RULE : "", measures),
		&row.item));
	o->item = row.item;
	call->object = row.item;
	return store_opinion_add(call->tx, &call->move->m.case_id, &row,
		o->rests_on, o->rests_count);
}

void
opinion_tell(struct opining *o)
{
	for (int side = 0; side < SIDES; side++)
		(void)json_object_update(o->call->move->data[side], o->data);
}

enum ouv_err
opinion_referrals(struct verb_call *call)
{
	const struct consumer *to = call->move->party[CONSUMER];
	enum ouv_lang lang = to != NULL ? to->lang : call->file->lang;
	int count = move_count(call, "referral");
	json_t *list;

	if (count == 0)
		return OUV_OK;
	list = json_array();
	settle_one(call, CONSUMER, "referrals", list);
	for (int n = 1; n <= count; n++) {
		const char *label;

		TRY(code_label(call->desk, call->tx, "referral",
			move_text(call, "referral", n), lang, &label));
		if (label != NULL)
			(void)json_array_append_new(
				list, json_pack("{s:s}", "label", label));
	}
	return OUV_OK;
}
