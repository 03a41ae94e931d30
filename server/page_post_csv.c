/*
 * page_post_csv.c - a list of the register of letters as a file for a
 * spreadsheet
 *
 * It is personal data that leaves the console: a code is asked for, and the log
 * says it.
 */
#include <string.h>

#include "ouv/clock.h"
#include "ouv/csv.h"
#include "ouv/worklist.h"

#include "post_page.h"
#include "reply.h"
#include "view.h"

#define MOST 5000
#define STEP 200

static void
put_head(const struct request *request, struct ouv_buf *buf)
{
	static const char *const heads[] = { "csv_protocol", "csv_post_name",
		"csv_post_address", "col_state", "csv_post_made",
		"csv_post_printed", "csv_post_pages", "csv_post_hash",
		"csv_post_posted", "csv_post_service", "csv_post_tracking",
		"csv_post_presumed", "csv_post_ended", "csv_post_why" };

	ouv_buf_text(buf, OUV_CSV_BOM);
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
		ouv_csv_cell(buf, words_get(&request->server->words,
					  request->lang, heads[i]));
	ouv_csv_end(buf);
}

static const char *
day(const struct request *request, int32_t value)
{
	return value != 0 ? view_day_iso(request->arena, value) : "";
}

static const char *
day_at(const struct request *request, int64_t at)
{
	return at != 0 ? day(request, ouv_clock_day(at)) : "";
}

/* On one line: a spreadsheet shows one. */
static const char *
one_line(const struct request *request, const char *text)
{
	char *out = ouv_arena_strdup(
		request->arena, view_clean(request->arena, text, true));

	for (char *p = out; *p != '\0'; p++)
		if (*p == '\n')
			*p = ',';
	return out;
}

static void
put_line(const struct request *request, struct ouv_buf *buf,
	const struct ouv_post_line *l)
{
	ouv_csv_cell(buf, l->line.protocol);
	ouv_csv_cell(buf, view_clean(request->arena, l->name, false));
	ouv_csv_cell(buf, one_line(request, l->postal));
	ouv_csv_cell(buf, view_word_of(request, "post_state_", l->state));
	ouv_csv_cell(buf, day_at(request, l->made_at));
	ouv_csv_cell(buf, day_at(request, l->printed_at));
	ouv_csv_number(buf, l->pages);
	ouv_csv_cell(buf, l->sha256);
	ouv_csv_cell(buf, day(request, l->posted));
	ouv_csv_cell(buf,
		*l->service != '\0'
			? view_word_of(request, "post_service_", l->service)
			: "");
	ouv_csv_cell(buf, view_clean(request->arena, l->tracking, false));
	ouv_csv_cell(buf, day(request, l->presumed));
	ouv_csv_cell(buf, day(request, l->ended));
	ouv_csv_cell(buf, one_line(request, l->why));
	ouv_csv_end(buf);
}

static enum ouv_err
put_all(struct request *request, enum ouv_post_list which, struct ouv_buf *buf)
{
	const char *after = NULL;
	size_t lines = 0;

	do {
		struct ouv_post_line *list;
		struct ouv_desk *desk;
		size_t count;
		enum ouv_err err = desk_here(request->server, &desk);

		if (err == OUV_OK)
			err = ouv_desk_posts(desk, request->arena,
				request->actor, which, after, STEP, &list,
				&count, &after);
		if (err != OUV_OK)
			return err;
		for (size_t i = 0; i < count; i++)
			put_line(request, buf, &list[i]);
		lines += count;
	} while (after != NULL && lines < MOST);
	return OUV_OK;
}

void
page_letters_csv(struct request *request)
{
	const char *name = form_get(&request->form, "list");
	struct ouv_verb_result result = { 0 };
	enum ouv_post_list which;
	struct ouv_desk *desk;
	struct ouv_buf buf;
	enum ouv_err err;

	if (name == NULL || ouv_post_list_parse(name, &which) != OUV_OK) {
		page_error(request, 400);
		return;
	}
	err = desk_here(request->server, &desk);
	if (err == OUV_OK)
		err = ouv_desk_work_export(desk, request->actor, &result);
	if (err == OUV_REFUSED && result.step_up) {
		page_step_up(request);
		return;
	}
	ouv_buf_init(&buf, request->arena, (size_t)64 * 1024);
	put_head(request, &buf);
	if (err == OUV_OK)
		err = put_all(request, which, &buf);
	if (err != OUV_OK) {
		page_error_desk(request, err);
		return;
	}
	reply_bytes(request, 200, "text/csv; charset=utf-8; header=present",
		(struct ouv_str){ buf.data, buf.len });
	reply_header(request, "Content-Disposition",
		"attachment; filename=\"letters.csv\"");
}
