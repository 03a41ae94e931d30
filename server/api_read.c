/*
 * api_read.c - what a company's program reads: lists of cases, messages,
 * promises, figures
 *
 * Texts go out as pages show them: valid UTF-8, without characters that hide or
 * turn what follows.
 */
#include <stdlib.h>
#include <string.h>

#include "ouv/clock.h"

#include "api.h"
#include "page.h"
#include "reply.h"
#include "view.h"

/* ---- values ----------------------------------------------------------------
 */

json_t *
api_moment(int64_t at)
{
	char text[21];

	if (at == 0)
		return json_null();
	ouv_clock_rfc3339(at, text);
	return json_string(text);
}

json_t *
api_text(const char *text)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_WIPE);
	json_t *out = json_string(view_clean(arena, text, true));

	ouv_arena_free(&arena);
	return out;
}

json_t *
api_text_or_null(const char *text)
{
	return text != NULL && *text != '\0' ? api_text(text) : json_null();
}

json_t *
api_clocks(const struct ouv_clock_view *clocks, size_t count)
{
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++) {
		const struct ouv_clock_view *c = &clocks[i];

		json_array_append_new(list,
			json_pack("{s:s, s:s, s:o, s:o, s:b, s:i, s:s, s:o}",
				"name", ouv_clock_name(c->clock), "state",
				c->state, "started_at",
				api_moment(c->started_at), "due_at",
				api_moment(c->due_at), "lapsed", (int)c->lapsed,
				"amount", c->amount, "unit", c->unit, "law",
				api_text_or_null(c->law)));
	}
	return list;
}

void
api_put_line(json_t *one, const struct ouv_member_line *line)
{
	/* clang-format off */
	const struct { const char *name; json_t *value; } values[] = {
		{ "protocol", api_text(line->protocol) },
		{ "state", json_string(ouv_state_name(line->state)) },
		{ "stage", json_string(ouv_member_stage_name(line->stage)) },
		{ "owes", json_string(ouv_owes_name(line->owes)) },
		{ "opened_at", api_moment(line->opened_at) },
		{ "moved_at", api_moment(line->moved_at != 0 ? line->moved_at : line->opened_at) },
		{ "closed_at", api_moment(line->closed_at) },
		{ "due_at", api_moment(line->due_at) },
		{ "late", json_boolean(line->late) },
		{ "being_read", json_boolean(line->reading) },
		{ "being_done", json_boolean(line->waiting) },
		{ "reference", api_text_or_null(line->reference) },
		{ "last_by", api_text_or_null(line->last_by) },
		{ "last_at", api_moment(line->last_at) },
	};
	/* clang-format on */

	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		json_object_set_new(one, values[i].name, values[i].value);
}

/* ---- cases -----------------------------------------------------------------
 */

static json_t *
counts_of(const struct ouv_member_lines *lines)
{
	return json_pack("{s:I, s:I, s:I, s:I}", "owed",
		(json_int_t)lines->counts[OUV_MEMBER_OWED], "waiting",
		(json_int_t)lines->counts[OUV_MEMBER_WAITING], "closed",
		(json_int_t)lines->counts[OUV_MEMBER_CLOSED], "late",
		(json_int_t)lines->late);
}

static void
list_lines(struct api_call *call, struct ouv_member_wish *wish,
	const char *name, bool clocks)
{
	struct ouv_member_lines lines;
	json_t *list;
	enum ouv_err err;

	wish->after = api_query(call, "after");
	wish->most = api_query_number(call, "most", API_PAGE);
	err = ouv_desk_member_lines(call->desk, call->request->arena,
		&call->caller.visit, wish, call->request->lang, &lines);
	if (err != OUV_OK) {
		api_error(call, err);
		return;
	}
	list = json_array();
	for (size_t i = 0; i < lines.count; i++) {
		json_t *one = json_object();

		api_put_line(one, &lines.list[i]);
		if (clocks)
			json_object_set_new(one, "clocks",
				api_clocks(lines.list[i].clocks,
					lines.list[i].clock_count));
		json_array_append_new(list, one);
	}
	api_reply(call, json_pack("{s:o, s:o, s:o}", name, list, "counts",
				counts_of(&lines), "next",
				api_text_or_null(lines.after)));
}

void
api_list_tasks(struct api_call *call)
{
	struct ouv_member_wish wish = { .stages = 1u << OUV_MEMBER_OWED,
		.search = "" };

	list_lines(call, &wish, "tasks", true);
}

void
api_list_cases(struct api_call *call)
{
	const char *stage = api_query(call, "stage");
	const char *search = api_query(call, "search");
	struct ouv_member_wish wish = {
		.stages = (1u << OUV_MEMBER_STAGE__COUNT) - 1,
		.search = search != NULL ? search : "",
		.closed_days = api_query_number(call, "closed_days", 0),
		.bare = true
	};

	for (int s = 0; stage != NULL && s < OUV_MEMBER_STAGE__COUNT; s++)
		if (strcmp(stage, ouv_member_stage_name(
					  (enum ouv_member_stage)s)) == 0)
			wish.stages = 1u << s;
	list_lines(call, &wish, "cases", false);
}

/* ---- messages --------------------------------------------------------------
 */

static json_t *
attachments_of(const struct ouv_page_message *m)
{
	json_t *list = json_array();

	for (size_t i = 0; i < m->file_count; i++)
		json_array_append_new(list,
			json_pack("{s:i, s:o, s:I}", "k", m->files[i].part,
				"name", api_text_or_null(m->files[i].name),
				"size", (json_int_t)m->files[i].size));
	return list;
}

static json_t *
message_of(const struct ouv_page_message *m, bool whole)
{
	json_t *one = json_pack("{s:i, s:s, s:o, s:o, s:o, s:b, s:o, s:o}", "n",
		m->seq, "from", m->from, "at", api_moment(m->at), "subject",
		api_text_or_null(m->subject), "language",
		api_text_or_null(m->lang), "has_text", (int)m->words,
		"released_until", api_moment(m->released ? m->until_at : 0),
		"attachments", attachments_of(m));

	if (whole)
		json_object_set_new(one, "text", api_text(m->text));
	return one;
}

/* A number of the address; -1: it is none. */
static int
number_of(const char *text)
{
	const size_t len = strlen(text);

	return len > 0 && len < 7 && strspn(text, "0123456789") == len
		       ? (int)strtol(text, NULL, 10)
		       : -1;
}

void
api_list_messages(struct api_call *call)
{
	const char *after = api_query(call, "after");
	const int before = after != NULL ? number_of(after) : 0;
	struct ouv_page_messages found;
	json_t *list, *next;
	enum ouv_err err;

	err = before < 0 || (after != NULL && before == 0)
		      ? OUV_INVALID
		      : ouv_desk_page_messages(call->desk, call->request->arena,
				&call->caller.visit, call->args[0], before,
				api_query_number(call, "most", API_PAGE),
				&found);
	if (err != OUV_OK) {
		api_error(call, err);
		return;
	}
	list = json_array();
	for (size_t i = 0; i < found.count; i++)
		json_array_append_new(list, message_of(&found.list[i], false));
	next = found.more && found.count > 0
		       ? json_string(ouv_arena_printf(call->request->arena,
				 "%d", found.list[found.count - 1].seq))
		       : json_null();
	api_reply(call, json_pack("{s:o, s:i, s:o}", "messages", list,
				"not_yet", found.lacking, "next", next));
}

void
api_get_message(struct api_call *call)
{
	const int n = number_of(call->args[1]);
	struct ouv_page_messages found = { .count = 0 };
	enum ouv_err err = n < 1 ? OUV_NOT_FOUND : OUV_OK;

	if (err == OUV_OK)
		err = ouv_desk_page_messages(call->desk, call->request->arena,
			&call->caller.visit, call->args[0], n + 1, 1, &found);
	if (err == OUV_OK && (found.count == 0 || found.list[0].seq != n))
		err = OUV_NOT_FOUND;
	if (err != OUV_OK)
		api_error(call, err);
	else
		api_reply(call, message_of(&found.list[0], true));
}

void
api_get_attachment(struct api_call *call)
{
	struct request *request = call->request;
	const int n = number_of(call->args[1]), k = number_of(call->args[2]);
	struct ouv_str bytes;
	const char *name;
	enum ouv_err err = n < 1 || k < 0 ? OUV_NOT_FOUND : OUV_OK;

	if (err == OUV_OK)
		err = ouv_desk_page_file(call->desk, request->arena,
			&call->caller.visit, call->args[0], n, k, &bytes,
			&name);
	if (err != OUV_OK) {
		api_error(call, err);
		return;
	}
	reply_bytes(
		request, call->op->status, "application/octet-stream", bytes);
	reply_header_set(request, "Content-Security-Policy",
		"sandbox; default-src 'none'");
	reply_header(request, "Content-Disposition",
		download_name(
			request, name != NULL && *name != '\0'
					 ? name
					 : ouv_arena_printf(request->arena,
						   "%d-%d", n, k)));
}

/* ---- promises and figures --------------------------------------------------
 */

json_t *
api_promise(const struct ouv_member_promise *p)
{
	return json_pack("{s:i, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "n",
		p->n, "protocol", api_text_or_null(p->protocol), "by",
		api_text_or_null(p->promiser), "source",
		api_text_or_null(p->source), "state",
		api_text_or_null(p->state), "you_said",
		api_text_or_null(p->says_company), "made_at",
		api_moment(p->made_at), "due_at", api_moment(p->due_at),
		"ended_at", api_moment(p->ended_at));
}

void
api_list_promises(struct api_call *call)
{
	struct ouv_member_debts owed;
	json_t *promises, *advice;
	enum ouv_err err = ouv_desk_member_debts(
		call->desk, call->request->arena, &call->caller.visit, &owed);

	if (err != OUV_OK) {
		api_error(call, err);
		return;
	}
	promises = json_array();
	advice = json_array();
	for (size_t i = 0; i < owed.promise_count; i++)
		json_array_append_new(promises, api_promise(&owed.promises[i]));
	for (size_t i = 0; i < owed.advice_count; i++)
		json_array_append_new(advice,
			json_pack("{s:o, s:o, s:o, s:o}", "protocol",
				api_text(owed.advice[i].protocol), "state",
				api_text(owed.advice[i].state), "made_at",
				api_moment(owed.advice[i].made_at), "due_at",
				api_moment(owed.advice[i].due_at)));
	api_reply(call, json_pack("{s:o, s:o}", "promises", promises,
				"recommendations", advice));
}

static json_t *
share_of(const struct ouv_cell *cell)
{
	return json_pack("{s:I, s:I}", "part", (json_int_t)cell->part, "of",
		(json_int_t)cell->whole);
}

static json_t *
sum_of(const struct ouv_member_sum *s)
{
	return json_pack("{s:I, s:I, s:o, s:o, s:I, s:o, s:o, s:o, s:o, s:o}",
		"cases", (json_int_t)s->cases, "companies",
		(json_int_t)s->companies, "answered", share_of(&s->answered),
		"median_days",
		s->median_days == OUV_FIGURE_NONE
			? json_null()
			: json_integer(s->median_days),
		"answers", (json_int_t)s->answers, "founded",
		share_of(&s->founded), "agreed", share_of(&s->agreed), "silent",
		share_of(&s->silent), "resolved", share_of(&s->resolved),
		"kept", share_of(&s->kept));
}

/* This year, unless another period is asked for. */
static bool
period_of(const struct api_call *call, struct ouv_period *period)
{
	const char *text = api_query(call, "period");
	char day[OUV_DAY_MAX];

	if (text != NULL)
		return ouv_period_read(text, period);
	ouv_day_write(ouv_clock_today(), day);
	day[4] = '\0';
	return ouv_period_read(day, period);
}

void
api_get_figures(struct api_call *call)
{
	struct ouv_member_figures f;
	struct ouv_period period;
	char text[OUV_PERIOD_MAX];
	enum ouv_err err =
		period_of(call, &period)
			? ouv_desk_member_figures(call->desk,
				  call->request->arena, &call->caller.visit,
				  &period, call->request->lang, &f)
			: OUV_INVALID;

	if (err != OUV_OK) {
		api_error(call, err);
		return;
	}
	ouv_period_write(&f.period, text);
	api_reply(
		call, json_pack("{s:s, s:b, s:o, s:o, s:o}", "period", text,
			      "of_unit", (int)f.of_unit, "sector",
			      api_text_or_null(f.sector), "own", sum_of(&f.own),
			      "others",
			      f.has_others ? sum_of(&f.others) : json_null()));
}
