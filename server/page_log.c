/*
 * page_log.c - the log of a case in plain words, and the office's own
 *
 * Newest last, a hundred at a time: one reads it as it happened.
 */
#include <stdlib.h>
#include <string.h>

#include "ouv/history.h"
#include "ouv/id.h"

#include "move.h"
#include "page.h"
#include "reply.h"
#include "view.h"

#define PIECES 10 /* of one release that are named, of up to 300 */

/* ---- one line
 * -------------------------------------------------------------------------- */

/* "Key given to {{name}}" with the name of the colleague it is about. */
static const char *
with_name(struct ouv_arena *arena, const char *word, const char *name)
{
	static const char mark[] = "{{name}}";
	const char *at = strstr(word, mark);

	if (at == NULL)
		return word;
	return ouv_arena_printf(arena, "%.*s%s%s", (int)(at - word), word,
		*name != '\0' ? name : "?", at + sizeof(mark) - 1);
}

static void
add_what(const struct request *request, json_t *one,
	const struct ouv_log_line *line)
{
	const char *word = words_code(
		&request->server->words, request->lang, "event_", line->action);

	view_line(one, "what",
		with_name(request->arena, word != NULL ? word : line->action,
			line->object));
}

/* "3" is a message, "4.1" the first file of one. */
static json_t *
make_piece(const char *text)
{
	json_t *one = json_object();
	char *end;

	view_number(one, "piece_seq", strtol(text, &end, 10));
	view_flag(one, "is_file", *end == '.');
	view_number(
		one, "piece_part", *end == '.' ? strtol(end + 1, NULL, 10) : 0);
	return one;
}

/* "company: 3, 4.1" as a release leaves it: its side, and what of the case;
 * false: it is somebody's own words. */
static bool
add_released(const struct request *request, json_t *one,
	const struct ouv_log_line *line, const char *reason)
{
	bool is = strcmp(line->action, "disclose") == 0 && reason != NULL;
	const char *at = is ? strstr(reason, ": ") : NULL;
	json_t *list = json_array();
	int64_t more = 0;

	for (const char *p = at; p != NULL; p = strchr(p, ',')) {
		p += 2;
		if (json_array_size(list) < PIECES)
			json_array_append_new(list, make_piece(p));
		else
			more++;
	}
	move_code(request, one, "released_to", "side_",
		at == NULL ? NULL
			   : ouv_arena_strndup(request->arena, reason,
				     (size_t)(at - reason)));
	json_object_set_new(one, "released", list);
	view_flag(one, "has_more_released", more > 0);
	view_number(one, "more_released", more);
	return at != NULL;
}

/* What a step left there: where the case went, for whom it was entered, why. */
static void
add_details(const struct request *request, json_t *one,
	const struct ouv_log_line *line)
{
	json_t *doc = *line->details != '\0'
			      ? json_loads(line->details, 0, NULL)
			      : NULL;
	const char *from = json_string_value(json_object_get(doc, "from"));
	const char *to = json_string_value(json_object_get(doc, "to"));
	const char *role = json_string_value(json_object_get(doc, "role"));
	const char *source = json_string_value(json_object_get(doc, "source"));
	bool moved = from != NULL && to != NULL && strcmp(from, to) != 0;
	const char *reason = json_string_value(json_object_get(doc, "reason"));
	bool party = role != NULL && (strcmp(role, "consumer") == 0 ||
					     strcmp(role, "company") == 0);

	move_code(request, one, "to", "state_", moved ? to : NULL);
	move_code(request, one, "party", "role_", party ? role : NULL);
	move_code(request, one, "source", "source_", party ? source : NULL);
	move_line(one, "reason",
		add_released(request, one, line, reason) ? NULL : reason);
	json_decref(doc);
	view_flag(one, "is_locked", line->locked);
}

/* The message it is about, and whose lane it stands in. */
static void
add_item(const struct request *request, json_t *data, json_t *one,
	const struct ouv_log_line *line, const char *path)
{
	bool is = path != NULL && line->item > 0;

	view_flag(one, "has_item", is);
	if (!is)
		return;
	view_number(one, "item", line->item);
	view_line(one, "item_path",
		view_item_path(request, data, path, line->item));
	view_code(request, one, "item_lane", "lane_", line->lane);
}

/* path: of the case, whose entries are numbered; NULL: the office's log. */
static json_t *
make_line(const struct request *request, json_t *data,
	const struct ouv_log_line *line, int64_t broken, const char *path)
{
	json_t *one = json_object();
	bool numbered = path != NULL;
	bool named = !numbered && *line->details != '\0';

	view_time(request, one, "at", line->at);
	if (*line->who != '\0')
		view_line(one, "who", line->who);
	else
		view_code(request, one, "who", "log_by_", line->program);
	add_what(request, one, line);
	move_line(one, "name", named ? line->details : NULL);
	add_item(request, data, one, line, path);
	add_details(request, one, line);
	view_flag(one, "has_number", numbered);
	view_number(one, "number", line->seq);
	view_flag(one, "is_bad", broken != 0 && line->seq >= broken);
	return one;
}

static void
add_lines(const struct request *request, json_t *data,
	const struct ouv_log_page *page, const char *path)
{
	json_t *list = json_array();

	for (size_t i = 0; i < page->count; i++)
		json_array_append_new(
			list, make_line(request, data, &page->lines[i],
				      page->broken, path));
	view_flag(data, "has_log", page->count > 0);
	json_object_set_new(data, "log", list);
}

static void
add_pager(const struct request *request, json_t *data, const char *path,
	const char *sign, const char *here, const char *before)
{
	view_flag(data, "has_older", before != NULL);
	view_line(data, "older_path",
		before == NULL ? "/"
			       : ouv_arena_printf(request->arena,
					 "%s%sbefore=%s", path, sign,
					 form_escape(request->arena, before)));
	view_flag(data, "has_newest", here != NULL);
	view_line(data, "newest_path", path);
	view_flag(data, "has_log_pager", before != NULL || here != NULL);
}

/* ---- of a case
 * ------------------------------------------------------------------------- */

void
page_case_log(struct request *request)
{
	const char *before = form_get(&request->query_form, "before");
	struct ouv_log_page page = { 0 };
	struct ouv_desk *desk;
	const char *path;
	json_t *data;
	enum ouv_err err = desk_here(request->server, &desk);

	if (err == OUV_OK)
		err = ouv_desk_case_log(desk, request->arena, request->actor,
			request->args[0], before, &page);
	if (err != OUV_OK) {
		page_error_desk(
			request, err == OUV_INVALID ? OUV_NOT_FOUND : err);
		return;
	}
	path = ouv_arena_printf(request->arena, "/cases/%s", request->args[0]);
	data = view_base(request, "log_title");
	view_flag(data, "at_worklist", true);
	view_line(data, "case_path", path);
	view_line(data, "number", request->args[0]);
	add_lines(request, data, &page, path);
	path = ouv_arena_printf(request->arena, "%s/log", path);
	view_line(data, "here", path);
	view_flag(data, "is_whole", page.broken == 0 && page.total > 0);
	view_flag(data, "is_broken", page.broken != 0);
	view_number(data, "broken", page.broken);
	view_number(data, "total", page.total);
	view_time(request, data, "first_at", page.first_at);
	add_pager(request, data, path, "?", before, page.before);
	reply_page(request, 200, "log", data);
}

/* ---- the office's
 * ---------------------------------------------------------------------- */

static void
add_people(json_t *data, const struct ouv_log_person *people, size_t count,
	const char *login)
{
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++) {
		json_t *one = json_object();

		view_line(one, "value", people[i].login);
		view_line(one, "name", people[i].name);
		view_flag(one, "is_current",
			login != NULL && strcmp(login, people[i].login) == 0);
		json_array_append_new(list, one);
	}
	json_object_set_new(data, "people", list);
}

/* With what was asked for, so that the next page asks the same. */
static const char *
own_path(const struct request *request, const struct ouv_log_ask *ask)
{
	struct ouv_arena *arena = request->arena;

	return ouv_arena_printf(arena, "/log?who=%s&day=%s",
		form_escape(arena, ask->login != NULL ? ask->login : ""),
		ask->day != 0 ? view_day_iso(arena, ask->day) : "");
}

static void
show_own(struct request *request, const struct ouv_log_ask *ask,
	const struct ouv_log_page *page, const struct ouv_log_person *people,
	size_t count)
{
	const char *typed = form_get(&request->query_form, "day");
	json_t *data = view_base(request, "office_log_title");

	view_line(data, "here", "/log");
	add_people(data, people, count, ask->login);
	view_line(data, "day_iso",
		ask->day != 0 ? view_day_iso(request->arena, ask->day) : "");
	view_flag(data, "has_day_error",
		ask->day == 0 && typed != NULL && *typed != '\0');
	add_lines(request, data, page, NULL);
	add_pager(request, data, own_path(request, ask), "&", ask->before,
		page->before);
	reply_page(request, 200, "officelog", data);
}

void
page_office_log(struct request *request)
{
	const char *day = form_get(&request->query_form, "day");
	struct ouv_log_ask ask = { .login = form_get(
					   &request->query_form, "who"),
		.before = form_get(&request->query_form, "before") };
	struct ouv_log_person *people;
	struct ouv_log_page page;
	struct ouv_desk *desk;
	size_t count;
	enum ouv_err err = desk_here(request->server, &desk);

	if (day != NULL && !view_day_typed(request->lang, day, &ask.day))
		ask.day = 0;
	if (err == OUV_OK)
		err = ouv_desk_office_log(desk, request->arena, request->actor,
			&ask, &page, &people, &count);
	if (err == OUV_OK) {
		show_own(request, &ask, &page, people, count);
		return;
	}
	if (err == OUV_REFUSED) {
		ouv_desk_denied(desk, request->actor, NULL);
		page_error(request, 403);
		return;
	}
	page_error_desk(request, err == OUV_INVALID ? OUV_NOT_FOUND : err);
}
