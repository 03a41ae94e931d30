/*
 * view_code.c - codes of the workflow as words, from the general to the
 * particular
 */
#include <ctype.h>
#include <string.h>

#include "move.h"
#include "write.h"

void
move_line(json_t *data, const char *key, const char *text)
{
	char name[64];

	view_line(data, key, text);
	(void)snprintf(name, sizeof(name), "has_%s", key);
	view_flag(data, name, text != NULL && *text != '\0');
}

void
move_body(json_t *data, const char *key, const char *text)
{
	char name[64];

	view_text(data, key, text);
	(void)snprintf(name, sizeof(name), "has_%s", key);
	view_flag(data, name, text != NULL && *text != '\0');
}

void
move_code(const struct request *request, json_t *data, const char *key,
	const char *prefix, const char *code)
{
	const char *word = NULL;

	if (code != NULL && *code != '\0')
		word = words_code(
			&request->server->words, request->lang, prefix, code);
	move_line(data, key, word != NULL ? word : code);
}

/* As words_code makes a key of a code. */
static const char *
plain(struct ouv_arena *arena, const char *code)
{
	char *text = ouv_arena_strdup(arena, code);

	for (char *p = text; *p != '\0'; p++) {
		int c = tolower((unsigned char)*p);

		*p = (char)(isalnum(c) && c < 0x80 ? c : '_');
	}
	return text;
}

const char *
move_key(const struct request *request, const char *prefix, const char *verb,
	const char *name)
{
	const struct words *words = &request->server->words;
	const char *own = plain(request->arena, name);
	const char *keys[] = {
		ouv_arena_printf(request->arena, "%s%s_%s", prefix,
			plain(request->arena, verb), own),
		ouv_arena_printf(request->arena, "%s%s", prefix, own),
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (words_get(words, request->lang, keys[i]) != NULL)
			return keys[i];
	return NULL;
}

const char *
move_word(const struct request *request, const char *prefix, const char *verb,
	const char *name)
{
	const char *key = move_key(request, prefix, verb, name);

	return key == NULL
		       ? NULL
		       : words_get(&request->server->words, request->lang, key);
}

const char *
move_field(struct ouv_arena *arena, const char *name)
{
	const char *dash = strrchr(name, '-');

	if (dash == NULL || dash[1] == '\0' ||
		dash[1 + strspn(dash + 1, "0123456789")] != '\0')
		return name;
	return ouv_arena_strndup(arena, name, (size_t)(dash - name));
}

const char *
move_label(const struct request *request, const char *field)
{
	const char *verb = request->args[1];

	if (verb == NULL || strcmp(verb, "reply") == 0 ||
		strcmp(verb, "holding") == 0)
		return NULL;
	return move_key(
		request, "label_", verb, move_field(request->arena, field));
}

json_t *
move_guards(const struct request *request, uint64_t failed)
{
	json_t *list = json_array();

	for (int g = 0; g < OUV_GUARD__COUNT; g++) {
		const char *name = ouv_guard_name((enum ouv_guard)g);
		json_t *one;

		if ((failed & OUV_GUARD_BIT(g)) == 0)
			continue;
		one = json_object();
		view_code(request, one, "guard", "guard_", name);
		view_code(request, one, "todo", "guardhelp_", name);
		view_line(one, "guard_name", name);
		json_array_append_new(list, one);
	}
	return list;
}

void
view_guards(const struct request *request, json_t *data, uint64_t failed)
{
	view_flag(data, "has_guards", failed != 0);
	json_object_set_new(data, "guards", move_guards(request, failed));
}

/* What was typed is kept on this page: the way on is down to its form. */
static void
add_way_on(const struct request *request, json_t *data,
	const struct ouv_verb_result *result)
{
	const bool crossed = result != NULL && result->change_count > 0 &&
			     result->changes[0].item != 0;
	const char *handed = result != NULL ? result->handed : NULL;

	view_flag(data, "is_kept_here", crossed || handed != NULL);
	view_line(data, "form_path",
		ouv_arena_printf(request->arena, "#%s",
			request->args[1] != NULL ? request->args[1] : ""));
	view_word(request, data, "form_name",
		crossed ? "changed_letter" : "changed_form");
	view_flag(data, "is_handed", handed != NULL);
	move_line(data, "handed_to", handed);
}

void
view_changes(const struct request *request, json_t *data,
	const struct trouble *trouble, const char *say)
{
	bool late = trouble != NULL && trouble->status == 409;
	size_t count = late ? trouble->result->change_count : 0;
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++) {
		const struct ouv_change *change = &trouble->result->changes[i];
		json_t *one = json_object();

		view_time(request, one, "changed_at", change->at);
		move_line(one, "changed_by",
			change->item == 0 || change->who != NULL
				? change->who
				: view_word_of(
					  request, "lane_", write_to(request)));
		view_flag(one, "is_message", change->item != 0);
		view_number(one, "changed_seq", change->item);
		view_code(request, one, "change", "event_", change->action);
		json_array_append_new(list, one);
	}
	view_flag(data, "is_conflict", late);
	view_flag(data, "has_changes", count > 0);
	add_way_on(request, data, late ? trouble->result : NULL);
	json_object_set_new(data, "changes", list);
	view_word(request, data, "changed_say", say);
}
