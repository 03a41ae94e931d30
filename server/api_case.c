/*
 * api_case.c - one case as its company's program reads it
 */
#include "api.h"

static json_t *
points_of(const struct ouv_member_case *c)
{
	json_t *list = json_array();

	for (size_t i = 0; i < c->point_count; i++) {
		const struct ouv_allegation_view *p = &c->points[i];

		json_array_append_new(list,
			json_pack("{s:i, s:o, s:o, s:o, s:o, s:o, s:o}", "n",
				(int)i + 1, "code", api_text(p->code), "label",
				api_text_or_null(p->label), "article",
				api_text_or_null(p->article), "article_label",
				api_text_or_null(p->article_label), "law",
				api_text_or_null(p->law), "law_label",
				api_text_or_null(p->law_label)));
	}
	return list;
}

static json_t *
choices_of(const struct ouv_member_case *c)
{
	json_t *list = json_array();

	for (size_t i = 0; i < c->choice_count; i++)
		json_array_append_new(
			list, json_pack("{s:o, s:o}", "action",
				      api_text(c->choices[i].action), "choice",
				      api_text_or_null(c->choices[i].choice)));
	return list;
}

static json_t *
proofs_of(const struct ouv_member_case *c)
{
	json_t *list = json_array();

	for (size_t i = 0; i < c->proof_count; i++) {
		const struct ouv_member_proof *p = &c->proofs[i];

		json_array_append_new(list,
			json_pack("{s:i, s:i, s:o, s:o, s:o, s:b}", "n", p->n,
				"message", p->item_seq, "attachment",
				p->part < 0 ? json_null()
					    : json_integer(p->part),
				"side", api_text_or_null(p->side), "added_at",
				api_moment(p->added_at), "readable",
				(int)p->readable));
	}
	return list;
}

void
api_get_case(struct api_call *call)
{
	struct ouv_member_case c;
	json_t *one, *promises;
	enum ouv_err err = ouv_desk_member_case(call->desk,
		call->request->arena, &call->caller.visit, call->args[0],
		call->request->lang, &c);

	if (err != OUV_OK) {
		/* What is no number of a case is no case of theirs. */
		api_error(call, err == OUV_INVALID ? OUV_NOT_FOUND : err);
		return;
	}
	promises = json_array();
	for (size_t i = 0; i < c.promise_count; i++)
		json_array_append_new(promises, api_promise(&c.promises[i]));
	one = json_pack("{s:o, s:b, s:i, s:b, s:o, s:o, s:o, s:o, s:o}", "kind",
		api_text_or_null(c.kind), "consumer_named",
		(int)c.consumer_named, "last_message", c.last_seq, "may_answer",
		(int)c.may_answer, "points", points_of(&c), "choices",
		choices_of(&c), "clocks", api_clocks(c.clocks, c.clock_count),
		"evidence", proofs_of(&c), "promises", promises);
	api_put_line(one, &c.line);
	api_reply(call, one);
}
