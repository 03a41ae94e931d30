/*
 * page_post_act.c - letters on paper: printed, posted, delivered, returned, as
 * many as were ticked
 *
 * Each letter is an act of its own case; one that cannot be done leaves the
 * others alone and comes back with its reason, and with what was typed for it.
 */
#include <string.h>

#include "ouv/worklist.h"

#include "calendar.h"
#include "post_page.h"
#include "reply.h"
#include "session.h"
#include "sheet.h"

#define PREFIX "letter-"

bool
post_rows_read(const struct request *request, struct post_rows *rows)
{
	const struct form *form = &request->form;

	rows->count = 0;
	for (size_t i = 0; i < form->count; i++) {
		const struct ouv_field *f = &form->fields[i];
		struct ouv_id id;

		if (strncmp(f->name, PREFIX, strlen(PREFIX)) != 0)
			continue;
		if (rows->count == POST_ROWS ||
			ouv_id_parse(f->name + strlen(PREFIX), &id) != OUV_OK)
			return false;
		rows->list[rows->count++] =
			(struct post_row){ .id = f->name + strlen(PREFIX),
				.number = f->value };
	}
	return true;
}

const char *
post_field(const struct request *request, const char *name,
	const struct post_row *row)
{
	const char *value = form_get(&request->form,
		ouv_arena_printf(request->arena, "%s-%s", name, row->id));

	return value != NULL ? value : "";
}

const char *
post_why(const struct request *request, enum ouv_err err,
	const struct ouv_verb_result *result)
{
	const struct words *words = &request->server->words;
	const char *word = NULL;

	if (result->error_count > 0)
		word = words_code(words, request->lang, "post_why_",
			result->errors[0].code);
	if (word == NULL)
		word = words_code(
			words, request->lang, "bulk_why_", ouv_err_name(err));
	return word != NULL ? word
			    : words_get(words, request->lang, "bulk_why_other");
}

/* ---- one letter ------------------------------------------------------------
 */

static enum ouv_err
run(struct request *request, struct post_row *row, const char *verb,
	const char *key, const struct ouv_field *fields, size_t count)
{
	struct ouv_verb_result result = { 0 };
	struct ouv_desk *desk;
	enum ouv_err err = desk_here(request->server, &desk);

	if (err == OUV_OK)
		err = ouv_desk_do(desk, request->arena, request->actor,
			row->number, verb,
			ouv_form_key_part(request->arena, key, row->id), fields,
			count, &result);
	if (err == OUV_TEMPORARY)
		return err;
	row->done = err == OUV_OK;
	row->printed = result.printed;
	if (err != OUV_OK) {
		row->why = post_why(request, err, &result);
		row->field =
			result.error_count > 0 ? result.errors[0].field : NULL;
	}
	return OUV_OK;
}

static bool
all_done(const struct post_rows *rows)
{
	for (size_t i = 0; i < rows->count; i++)
		if (rows->list[i].why != NULL)
			return false;
	return rows->count > 0;
}

static bool
all_printed(const struct post_rows *rows)
{
	for (size_t i = 0; i < rows->count; i++)
		if (rows->list[i].printed == NULL)
			return false;
	return all_done(rows);
}

/* ---- printed ---------------------------------------------------------------
 */

static enum ouv_err
print_all(struct request *request, struct post_rows *rows, const char *key,
	bool again)
{
	for (size_t i = 0; i < rows->count; i++) {
		const struct ouv_field fields[] = { { "letter",
							    rows->list[i].id },
			{ "again", again ? "1" : "" } };
		enum ouv_err err =
			run(request, &rows->list[i], "print", key, fields, 2);

		if (err != OUV_OK)
			return err;
	}
	return OUV_OK;
}

/* What whoever prints must look at before it goes into an envelope. */
static void
add_warnings(const struct request *request, json_t *one,
	const struct ouv_post_printed *p)
{
	const bool there = p != NULL;

	view_flag(one, "has_pages", there);
	view_number(one, "page_count", there ? (int64_t)p->made.pages : 0);
	view_flag(one, "has_one_page", there && p->made.pages == 1);
	view_flag(one, "has_unknown", there && p->made.unknown > 0);
	view_line(one, "unknown_in", there ? p->made.unknown_in : "");
	view_flag(one, "is_other", there && p->again && !p->same);
	(void)request;
}

static void
show_printed(struct request *request, const struct post_rows *rows)
{
	json_t *data = view_base(request, "post_printed_title");
	json_t *can = json_array(), *cannot = json_array();

	for (size_t i = 0; i < rows->count; i++) {
		const struct post_row *row = &rows->list[i];
		json_t *one = json_object();

		view_line(one, "id", row->id);
		view_line(one, "number", row->number);
		view_line(one, "case_path",
			ouv_arena_printf(request->arena, "/cases/%s",
				form_escape(request->arena, row->number)));
		view_line(one, "why", row->why != NULL ? row->why : "");
		add_warnings(request, one, row->printed);
		json_array_append_new(row->done ? can : cannot, one);
	}
	view_flag(data, "at_letters", true);
	view_number(data, "count", (int64_t)json_array_size(can));
	view_flag(data, "has_one", json_array_size(can) == 1);
	view_flag(data, "has_can", json_array_size(can) > 0);
	view_flag(data, "has_cannot", json_array_size(cannot) > 0);
	json_object_set_new(data, "can", can);
	json_object_set_new(data, "cannot", cannot);
	view_line(data, "csrf", session_token(request, POST_HERE "/print"));
	view_line(data, "form_key", sheet_new_key(request));
	reply_page(request, all_done(rows) ? 200 : 409, "lettersprinted", data);
}

/* One file of all, each letter a part with its own numbers of pages. */
static enum ouv_err
join(struct request *request, const struct post_rows *rows,
	struct ouv_print_made *made)
{
	const struct ouv_config *config = request->server->config;
	struct ouv_print_about about = { .title = words_get(
						 &request->server->words,
						 request->lang, "post_title"),
		.author = config->office_name,
		.lang = config->office_language };
	struct ouv_print *print;
	enum ouv_err err;

	for (size_t i = 0; i < rows->count; i++)
		if (rows->list[i].printed->paper.made_at > about.made_at)
			about.made_at = rows->list[i].printed->paper.made_at;
	err = ouv_print_begin(request->arena, &about, &print);
	if (err != OUV_OK)
		return err;
	for (size_t i = 0; i < rows->count; i++)
		ouv_print_letter(print, &rows->list[i].printed->paper.letter);
	return ouv_print_end(print, made);
}

static void
reply_pdf(struct request *request, const struct post_rows *rows)
{
	struct ouv_print_made made;
	const char *name = rows->count == 1 ? rows->list[0].number : "letters";
	enum ouv_err err = OUV_OK;

	/* One letter alone is the file whose hash the register has. */
	if (rows->count == 1)
		made = rows->list[0].printed->made;
	else
		err = join(request, rows, &made);
	if (err != OUV_OK) {
		page_error_desk(request, err);
		return;
	}
	reply_bytes(request, 200, "application/pdf", made.pdf);
	reply_header(request, "Content-Disposition",
		download_name(request,
			ouv_arena_printf(request->arena, "%s.pdf", name)));
}

/* Pressed twice it is wanted twice: it changes nothing. */
static void
print_again(struct request *request, struct post_rows *rows)
{
	enum ouv_err err =
		print_all(request, rows, sheet_new_key(request), true);

	if (err != OUV_OK)
		page_error_desk(request, err);
	else if (!all_printed(rows))
		show_printed(request, rows);
	else
		reply_pdf(request, rows);
}

/* The letters of a form, and its key; false: that has been answered. */
static bool
begin(struct request *request, enum ouv_post_list which, struct post_rows *rows,
	const char **key_out)
{
	*key_out = own_key(request);
	if (*key_out == NULL)
		return false;
	if (!post_rows_read(request, rows))
		page_error(request, 400);
	else if (rows->count == 0)
		post_show(request, which, rows, 422, NULL);
	else
		return true;
	return false;
}

static bool
is_again(const struct request *request)
{
	return form_get(&request->form, "again") != NULL;
}

void
page_letters_print(struct request *request)
{
	struct post_rows rows;
	const char *key;
	enum ouv_err err;

	if (!begin(request, OUV_POST_TO_PRINT, &rows, &key))
		return;
	if (is_again(request)) {
		print_again(request, &rows);
		return;
	}
	err = print_all(request, &rows, key, false);
	if (err != OUV_OK)
		page_error_desk(request, err);
	else
		show_printed(request, &rows);
}

/* ---- posted, delivered, returned -------------------------------------------
 */

static const char *
day_of(struct request *request, const char *text)
{
	int32_t day;

	return text != NULL && view_day_typed(request->lang, text, &day)
		       ? view_day_iso(request->arena, day)
	       : text != NULL ? text
			      : "";
}

static void
finish(struct request *request, struct post_rows *rows,
	enum ouv_post_list which, const char *verb, enum ouv_err err)
{
	if (err != OUV_OK)
		page_error_desk(request, err);
	else if (all_done(rows))
		reply_redirect(
			request, ouv_arena_printf(request->arena,
					 POST_HERE "?list=%s&done=%s",
					 ouv_post_list_name(which), verb));
	else
		post_show(request, which, rows, 422, NULL);
}

void
page_letters_post(struct request *request)
{
	const char *day = day_of(request, form_get(&request->form, "day"));
	const char *service = form_get(&request->form, "service");
	struct post_rows rows;
	enum ouv_err err = OUV_OK;
	const char *key;

	if (!begin(request, OUV_POST_TO_POST, &rows, &key))
		return;
	if (is_again(request)) {
		print_again(request, &rows);
		return;
	}
	for (size_t i = 0; i < rows.count && err == OUV_OK; i++) {
		const struct ouv_field fields[] = {
			{ "letter", rows.list[i].id }, { "day", day },
			{ "service", service != NULL ? service : "" },
			{ "tracking",
				post_field(request, "tracking", &rows.list[i]) }
		};

		err = run(request, &rows.list[i], "post", key, fields, 4);
	}
	finish(request, &rows, OUV_POST_TO_POST, "post", err);
}

/* Of the letters under way only those for which something was chosen. */
static void
drop_unchosen(const struct request *request, struct post_rows *rows)
{
	size_t n = 0;

	for (size_t i = 0; i < rows->count; i++)
		if (*post_field(request, "outcome", &rows->list[i]) != '\0')
			rows->list[n++] = rows->list[i];
	rows->count = n;
}

void
page_letters_end(struct request *request)
{
	struct post_rows rows;
	enum ouv_err err = OUV_OK;
	const char *key;

	if (!begin(request, OUV_POST_UNDER_WAY, &rows, &key))
		return;
	drop_unchosen(request, &rows);
	for (size_t i = 0; i < rows.count && err == OUV_OK; i++) {
		struct post_row *row = &rows.list[i];
		const char *outcome = post_field(request, "outcome", row);
		const struct ouv_field fields[] = { { "letter", row->id },
			{ "day", day_of(request,
					 post_field(request, "day", row)) },
			{ "why", post_field(request, "why", row) },
			{ "message", post_field(request, "message", row) } };

		if (strcmp(outcome, "delivered") != 0 &&
			strcmp(outcome, "returned") != 0) {
			page_error(request, 400);
			return;
		}
		err = run(request, row, outcome, key, fields, 4);
	}
	finish(request, &rows, OUV_POST_UNDER_WAY, "post-end", err);
}
