/*
 * verb_refuse.c - the office cannot take it: a coded ground, the reasons, and
 * where to go instead
 */
#include "intake.h"

/* clang-format off */
static const char *const kinds[] = { "complaint", "suggestion", "question",
	"criticism", "praise", "report", NULL };

static const struct ouv_field_decl fields[] = {
	{ .name = "kind", .kind = OUV_FIELD_WORD, .words = kinds },
	{ .name = "ground", .kind = OUV_FIELD_CODE, .book = "ground", .required = true },
	{ .name = "reasons", .kind = OUV_FIELD_WORDS, .most = INTAKE_WORDS,
	  .required = true, .letter = true },
	{ .name = "referral", .kind = OUV_FIELD_CODE, .book = "referral",
	  .repeat = INTAKE_REFERRALS },
	{ .name = NULL },
};
/* clang-format on */

/* One more place to ask: its name, what it does, its address. */
static enum ouv_err
add_place(struct verb_call *call, const char *code, json_t *list)
{
	enum ouv_lang lang = intake_lang(call, CONSUMER);
	const struct store_code *found;
	const char *how, *url;
	json_t *more, *place;
	enum ouv_err err =
		codes_find(call->desk, call->tx, "referral", code, &found);

	if (err != OUV_OK)
		return err == OUV_NOT_FOUND ? OUV_OK : err;
	more = json_loads(found->more, 0, NULL);
	how = json_string_value(json_object_get(
		json_object_get(more, "how"), ouv_lang_tag(lang)));
	url = json_string_value(json_object_get(more, "url"));
	place = json_pack("{s:s, s:s}", "name", found->label[lang], "how",
		how != NULL ? how : found->label[lang]);
	if (url != NULL)
		(void)json_object_set_new(place, "url", json_string(url));
	(void)json_array_append_new(list, place);
	json_decref(more);
	return OUV_OK;
}

/* Those that were chosen, else those that fit the ground. */
static enum ouv_err
add_places(struct verb_call *call, const json_t *usual)
{
	json_t *list = json_array();
	int count = move_count(call, "referral");

	intake_one(call, CONSUMER, "where", list);
	for (int n = 1; n <= count; n++)
		TRY(add_place(call, move_text(call, "referral", n), list));
	for (size_t i = 0; count == 0 && i < json_array_size(usual); i++)
		TRY(add_place(call, json_string_value(json_array_get(usual, i)),
			list));
	return OUV_OK;
}

static enum ouv_err
explain(struct verb_call *call, const char *ground)
{
	const struct store_code *found;
	const char *say;
	json_t *more;
	enum ouv_err err;

	TRY(codes_find(call->desk, call->tx, "ground", ground, &found));
	more = json_loads(found->more, 0, NULL);
	say = json_string_value(json_object_get(json_object_get(more, "say"),
		ouv_lang_tag(intake_lang(call, CONSUMER))));
	intake_one(call, CONSUMER, "ground_say",
		json_string(say != NULL ? say : "."));
	err = add_places(call, json_object_get(more, "referral"));
	json_decref(more);
	TRY(err);
	TRY(intake_label(call, CONSUMER, "ground", "ground", ground));
	return intake_label(call, COMPANY, "ground", "ground", ground);
}

static enum ouv_err
run(struct verb_call *call)
{
	struct store_mediation *m = &call->move->m;
	const char *kind = move_text(call, "kind", 1);

	if (*kind != '\0')
		m->kind = kind;
	if (m->kind == NULL) {
		verb_error(call, "kind", "empty");
		return OUV_INVALID;
	}
	m->ground = move_text(call, "ground", 1);
	m->merit = "not-established";
	m->resolution = "none";
	m->rating = "not-rated";
	intake_one(call, CONSUMER, "reasons",
		json_string(move_text(call, "reasons", 1)));
	TRY(explain(call, m->ground));
	return intake_until(
		call, CONSUMER, "review_by", OUV_CLOCK_REVIEW_WINDOW);
}

const struct verb verb_refuse = { "refuse", OUV_ACTION_REFUSE, run, true,
	fields };
