/*
 * page_cases_csv.c - the list of cases as a file for a spreadsheet
 *
 * What its page shows, up to MOST lines, sent while it is read.  It is personal
 * data that leaves the console: a code is asked for, and the log says it.
 */
#include <string.h>

#include "ouv/clock.h"
#include "ouv/csv.h"

#include "cases.h"
#include "page.h"
#include "reply.h"
#include "view.h"
#include "wish.h"

#define MOST 5000

struct listing {
	/* The request itself is gone when its answer is under way. */
	const struct server *server;
	const struct ouv_actor *actor;
	enum ouv_lang lang;
	struct ouv_wish wish;
	char cursor[80];  /* where the next step begins; "": at the beginning */
	int64_t begun_us; /* of the session; once it has ended, no more comes */
	int lines;
	bool end;
	struct ouv_arena *arena; /* of one step */
	struct ouv_str ready;
};

/* ---- cells ------------------------------------------------------------------
 */

static const char *
word(const struct listing *l, const char *prefix, const char *code)
{
	const char *found = NULL;

	if (code != NULL && *code != '\0')
		found = words_code(&l->server->words, l->lang, prefix, code);
	return found != NULL ? found : code;
}

static const char *
day(const struct listing *l, int64_t at)
{
	return at != 0 ? view_day_iso(l->arena, ouv_clock_day(at)) : "";
}

static void
put_head(const struct listing *l, struct ouv_buf *buf)
{
	static const char *const heads[] = { "csv_protocol", "csv_subject",
		"col_from", "csv_company", "col_state", "csv_owes", "col_due",
		"csv_opened", "col_last", "col_owner", "csv_messages",
		"filter_kind", "filter_severity", "filter_channel",
		"filter_lang" };

	ouv_buf_text(buf, OUV_CSV_BOM);
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
		ouv_csv_cell(
			buf, words_get(&l->server->words, l->lang, heads[i]));
	ouv_csv_end(buf);
}

static void
put_line(const struct listing *l, struct ouv_buf *buf,
	const struct ouv_work_line *w)
{
	const struct ouv_case_line *c = &w->line;

	ouv_csv_cell(buf, c->protocol);
	ouv_csv_cell(buf, view_clean(l->arena, c->subject, false));
	ouv_csv_cell(buf, view_clean(l->arena, c->from_name, false));
	ouv_csv_cell(buf, w->company);
	ouv_csv_cell(buf, word(l, "state_", ouv_state_name(c->state)));
	ouv_csv_cell(buf, word(l, "owes_", ouv_owes_name(w->owes)));
	ouv_csv_cell(buf, day(l, c->due_at));
	ouv_csv_cell(buf, day(l, c->opened_at));
	ouv_csv_cell(buf, day(l, c->last_at));
	ouv_csv_cell(buf, c->owner);
	ouv_csv_number(buf, c->items);
	/* In the words of the filters. */
	ouv_csv_cell(buf, word(l, "word_kind_", w->kind));
	ouv_csv_cell(buf, word(l, "word_severity_", w->severity));
	ouv_csv_cell(buf, word(l, "word_contact_channel_", w->channel));
	ouv_csv_cell(buf, word(l, "lang_", w->lang));
	ouv_csv_end(buf);
}

/* ---- steps ------------------------------------------------------------------
 */

/* The next lines into ready. */
static enum ouv_err
step(struct listing *l)
{
	struct ouv_work work;
	struct ouv_desk *desk;
	struct ouv_buf buf;
	enum ouv_err err = desk_here(l->server, &desk);

	ouv_arena_reset(l->arena);
	l->wish.at = *l->cursor != '\0' ? l->cursor : NULL;
	l->wish.most = MOST - l->lines < OUV_WORK_MOST ? MOST - l->lines
						       : OUV_WORK_MOST;
	if (err == OUV_OK)
		err = ouv_desk_work_step(desk, l->arena, l->actor, &l->wish,
			&l->begun_us, &work);
	if (err != OUV_OK)
		return err;
	ouv_buf_init(&buf, l->arena, (size_t)64 * 1024);
	if (l->lines == 0)
		put_head(l, &buf);
	for (size_t i = 0; i < work.count; i++)
		put_line(l, &buf, &work.lines[i]);
	l->lines += (int)work.count;
	l->end = work.after == NULL || l->lines >= MOST ||
		 strlen(work.after) >= sizeof(l->cursor);
	if (!l->end)
		memcpy(l->cursor, work.after, strlen(work.after) + 1);
	l->ready = (struct ouv_str){ buf.data, buf.len };
	return OUV_OK;
}

static enum ouv_err
more(void *user, char *bytes, size_t most, size_t *len_out)
{
	struct listing *l = user;
	enum ouv_err err = OUV_OK;

	if (l->ready.len == 0 && !l->end)
		err = step(l);
	if (err == OUV_TEMPORARY)
		desk_drop();
	if (err != OUV_OK)
		return err;
	*len_out = l->ready.len < most ? l->ready.len : most;
	if (*len_out > 0)
		memcpy(bytes, l->ready.p, *len_out);
	l->ready.p += *len_out;
	l->ready.len -= *len_out;
	return OUV_OK;
}

static void
free_arena(void *object)
{
	struct ouv_arena *arena = object;

	ouv_arena_free(&arena);
}

static void
reply_listing(struct request *request, struct listing *l)
{
	reply_bytes(request, 200, "text/csv; charset=utf-8; header=present",
		(struct ouv_str){ "", 0 });
	request->response.more = more;
	request->response.more_user = l;
	reply_header(request, "Content-Disposition",
		"attachment; filename=\"cases.csv\"");
}

void
page_cases_csv(struct request *request)
{
	struct listing *l = ouv_arena_alloc(request->arena, sizeof(*l));
	struct ouv_verb_result result = { 0 };
	struct ouv_desk *desk;
	struct wish wish;
	enum ouv_err err;

	wish_read(request, &request->form, &wish);
	if (wish.is_wrong) {
		worklist_show(request, &request->form, NULL);
		return;
	}
	err = desk_here(request->server, &desk);
	if (err == OUV_OK)
		err = ouv_desk_work_export(desk, request->actor, &result);
	if (err == OUV_REFUSED && result.step_up) {
		page_step_up(request);
		return;
	}
	*l = (struct listing){ .server = request->server,
		.actor = request->actor,
		.lang = request->lang,
		.wish = wish.ouv,
		.arena = ouv_arena_new(OUV_ARENA_WIPE) };
	l->wish.at = NULL;
	l->wish.back = false;
	ouv_arena_defer(request->arena, free_arena, l->arena);
	if (err == OUV_OK)
		err = step(l);
	if (err == OUV_OK)
		reply_listing(request, l);
	else if (err == OUV_INVALID) /* a name that nobody has */
		worklist_show(request, &request->form, NULL);
	else
		page_error_desk(request, err);
}
