/*
 * recommendation.c - what feeds the company's file: recommendations, and the
 * registrar's look at its seal
 */
#include "opine.h"

enum ouv_err
recommendations_list(struct verb_call *call, json_t *list)
{
	int count = move_count(call, "recommendation");

	for (int n = 1; n <= count; n++) {
		int64_t end_at;
		int32_t day;

		if (!move_day(call, "recommendation_day", n, &day, &end_at))
			continue;
		(void)json_array_append_new(
			list, json_pack("{s:s, s:i}", "text",
				      move_text(call, "recommendation", n),
				      "by", day));
	}
	return OUV_OK;
}

enum ouv_err
recommendations_keep(struct verb_call *call)
{
	const struct store_mediation *m = &call->move->m;
	int count = move_count(call, "recommendation");

	if (count > 0 && ouv_id_is_zero(&m->company)) {
		verb_error(call, "recommendation", "no-company");
		return OUV_INVALID;
	}
	for (int n = 1; n <= count; n++) {
		struct ouv_id item;
		int64_t end_at;
		int32_t day;

		if (!move_day(call, "recommendation_day", n, &day, &end_at))
			continue;
		TRY(words_keep(
			call, move_text(call, "recommendation", n), &item));
		TRY(store_recommendation_add(call->tx, &m->case_id, &m->company,
			&item, call->now, end_at));
		TRY(task_ask(call, "recommendation", &item, end_at));
	}
	return OUV_OK;
}

enum ouv_err
seal_review(struct verb_call *call, const struct ouv_id *item)
{
	int64_t due_at;

	if (ouv_id_is_zero(&call->move->m.company))
		return OUV_OK;
	TRY(letter_due(call->desk, call->tx, call->now, &due_at));
	return task_ask(call, "seal-review",
		ouv_id_is_zero(item) ? &call->move->m.case_id : item, due_at);
}
