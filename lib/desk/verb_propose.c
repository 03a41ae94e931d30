/*
 * verb_propose.c - options to settle it, in the same words to both sides
 */
#include "settle.h"

/* clang-format off */
static const char *const promisers[] = { "company", "consumer", "office", NULL };
/* clang-format on */

static const struct ouv_field_decl fields[] = {
	{ .name = "option",
		.kind = OUV_FIELD_LINE,
		.required = true,
		.most = PROMISE_WORDS,
		.repeat = PLEDGES_MOST,
		.letter = true },
	{ .name = "promiser",
		.kind = OUV_FIELD_WORD,
		.required = true,
		.repeat = PLEDGES_MOST,
		.words = promisers },
	{ .name = "day",
		.kind = OUV_FIELD_DAY,
		.required = true,
		.repeat = PLEDGES_MOST },
	{ .name = NULL },
};

/* Each with who does it and by when; none of it without words. */
static enum ouv_err
whole(struct verb_call *call, int *count_out)
{
	int counts[] = { move_count(call, "option"),
		move_count(call, "promiser"), move_count(call, "day") };
	int most = 1;

	for (size_t i = 0; i < 3; i++)
		most = counts[i] > most ? counts[i] : most;
	for (size_t i = 0; i < 3; i++)
		for (int n = counts[i] + 1; n <= most; n++)
			verb_error(call, settle_field(call, fields[i].name, n),
				"empty");
	*count_out = most;
	return call->result->error_count > 0 ? OUV_INVALID : OUV_OK;
}

static enum ouv_err
add_option(struct verb_call *call, int round, int n, json_t *list)
{
	struct store_option option = { .round = round,
		.n = n,
		.promiser = move_text(call, "promiser", n) };
	const char *words = move_text(call, "option", n);
	json_t *entry;
	int32_t day;

	(void)move_day(call, "day", n, &day, &option.due_at);
	TRY(words_keep(call, words, &option.item));
	TRY(store_option_add(call->tx, &call->move->m.case_id, &option));
	TRY(settle_entry(
		call, &option.item, option.promiser, option.due_at, &entry));
	(void)json_object_set_new(entry, "n", json_integer(n));
	(void)json_object_set_new(entry, "what", json_string(words));
	(void)json_array_append_new(list, entry);
	return OUV_OK;
}

/* The same list and the same index to both. */
static enum ouv_err
letters(struct verb_call *call, json_t *options)
{
	json_t *titles = json_array();
	enum ouv_err err = evidence_titles(call, CONSUMER, titles);

	if (err != OUV_OK) {
		json_decref(titles);
		return err;
	}
	settle_both(call, "options", json_incref(options));
	settle_both(call, "evidence", titles);
	return OUV_OK;
}

static enum ouv_err
run(struct verb_call *call)
{
	json_t *options;
	int count, round;
	enum ouv_err err = OUV_OK;

	TRY(whole(call, &count));
	TRY(store_option_round(call->tx, &call->move->m.case_id, &round));
	options = json_array();
	for (int n = 1; err == OUV_OK && n <= count; n++)
		err = add_option(call, round + 1, n, options);
	if (err == OUV_OK)
		err = letters(call, options);
	json_decref(options);
	return err;
}

const struct verb verb_propose = { "propose", OUV_ACTION_PROPOSE, run, false,
	fields };
