/*
 * view_readers.c - who can read a case, since when, and why
 */
#include <string.h>

#include "ouv/grants.h"

#include "move.h"

static json_t *
reader(const struct request *request, const struct ouv_reader *r)
{
	json_t *one = json_object();

	view_line(one, "reader", r->name);
	view_code(request, one, "reader_role", "role_", ouv_role_name(r->role));
	view_flag(one, "is_due", r->due);
	view_time(request, one, "since", r->since_at);
	view_code(request, one, "key_why", "key_why_", r->why);
	view_line(one, "giver", r->given_by);
	view_flag(one, "has_giver", r->given_by != NULL);
	return one;
}

bool
view_is_key_move(const char *verb)
{
	return strcmp(verb, "grant") == 0 || strcmp(verb, "revoke") == 0;
}

/* To give the key, and to take it away: where this person may. */
void
view_key_moves(const struct request *request, json_t *data,
	const struct ouv_case_view *view, const struct ouv_next *next,
	size_t count)
{
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++) {
		json_t *one;

		if (!view_is_key_move(next[i].verb) || next[i].failed != 0)
			continue;
		one = json_object();
		view_code(request, one, "action", "action_", next[i].verb);
		view_line(one, "move_path",
			view_next_path(
				request, view, next[i].verb, next[i].role));
		json_array_append_new(list, one);
	}
	view_flag(data, "has_key_moves", json_array_size(list) > 0);
	json_object_set_new(data, "key_moves", list);
}

void
view_readers(const struct request *request, json_t *data,
	const struct ouv_reader *readers, size_t count)
{
	json_t *list = json_array();
	int64_t holders = 0;

	for (size_t i = 0; i < count; i++) {
		json_array_append_new(list, reader(request, &readers[i]));
		holders += !readers[i].due;
	}
	view_flag(data, "has_readers", count > 0);
	view_number(data, "reader_count", holders);
	json_object_set_new(data, "readers", list);
}
