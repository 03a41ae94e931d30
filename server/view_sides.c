/*
 * view_sides.c - what both sides brought, side by side, where somebody weighs
 * it: the last messages of each, its evidence, and whether both were heard
 */
#include <string.h>

#include "move.h"

#define MESSAGES 3 /* of each side, the last ones */
#define WORDS 600  /* bytes of each */
#define PROOFS 20  /* of each side */

static const char *const sides[] = { "consumer", "company" };

/* Acts for which both sides are weighed. */
static bool
is_weighing(enum ouv_action action)
{
	static const enum ouv_action weighing[] = { OUV_ACTION_PROPOSE,
		OUV_ACTION_HEAR, OUV_ACTION_DRAFT_OPINION, OUV_ACTION_DECIDE,
		OUV_ACTION_DECIDE_REVIEW };

	for (size_t i = 0; i < sizeof(weighing) / sizeof(weighing[0]); i++)
		if (weighing[i] == action)
			return true;
	return false;
}

/* Up to so many bytes, none of them half a character. */
static const char *
beginning(const struct request *request, const char *text, bool *cut_out)
{
	size_t len = strlen(text);

	*cut_out = len > WORDS;
	if (!*cut_out)
		return text;
	len = WORDS;
	while (len > 0 && ((unsigned char)text[len] & 0xC0) == 0x80)
		len--;
	return ouv_arena_strndup(request->arena, text, len);
}

static const char *
said(const struct ouv_item_view *item)
{
	const char *text = item->mail.reply_text;

	if (text == NULL || *text == '\0')
		text = item->mail.text;
	return text != NULL ? text : "";
}

static json_t *
message(const struct request *request, const char *path,
	const struct ouv_item_view *item)
{
	json_t *one = json_object();
	bool cut;
	const char *words = beginning(request, said(item), &cut);

	view_number(one, "said_seq", item->seq);
	view_line(one, "said_path",
		view_item_path(request, NULL, path, item->seq));
	view_time(request, one, "said_at", item->at);
	view_text(one, "said", words);
	view_flag(one, "has_said", *words != '\0');
	view_flag(one, "is_said_cut", cut);
	return one;
}

/* The last ones, the oldest of them first. */
static json_t *
messages(const struct request *request, const char *path,
	const struct ouv_case_view *view, const char *side)
{
	json_t *list = json_array();

	for (size_t i = view->item_count; i-- > 0;) {
		const struct ouv_item_view *item = &view->items[i];

		if (!view_is_incoming(item) || item->side == NULL ||
			strcmp(item->side, side) != 0)
			continue;
		if (json_array_size(list) == MESSAGES)
			break;
		(void)json_array_insert_new(
			list, 0, message(request, path, item));
	}
	return list;
}

static json_t *
proofs(const struct request *request, const char *path,
	const struct ouv_mediation *m, const char *side)
{
	json_t *list = json_array();

	for (size_t i = 0; i < m->evidence_count; i++) {
		const struct ouv_evidence_view *e = &m->evidence[i];
		json_t *one;

		if (e->side == NULL || strcmp(e->side, side) != 0 ||
			json_array_size(list) == PROOFS)
			continue;
		one = json_object();
		view_number(one, "proof_n", e->n);
		view_line(one, "proof_title", e->title);
		view_flag(one, "has_proof_path", e->item_seq > 0);
		view_line(one, "proof_path",
			view_item_path(request, NULL, path, e->item_seq));
		json_array_append_new(list, one);
	}
	return list;
}

void
view_sides(const struct request *request, json_t *data,
	const struct ouv_case_view *view, const struct ouv_mediation *m,
	enum ouv_action action)
{
	const char *path = view_case_path(request, &view->line);
	json_t *list = json_array();

	view_flag(data, "has_sides", is_weighing(action));
	json_object_set_new(data, "sides", list);
	if (!is_weighing(action))
		return;
	view_file(request, data, view, m);
	for (size_t i = 0; i < sizeof(sides) / sizeof(sides[0]); i++) {
		json_t *one = json_object();
		json_t *words = messages(request, path, view, sides[i]);
		json_t *index = proofs(request, path, m, sides[i]);

		view_line(one, "side_id", sides[i]);
		view_code(request, one, "side_name", "side_", sides[i]);
		view_flag(one, "has_messages", json_array_size(words) > 0);
		json_object_set_new(one, "messages", words);
		view_flag(one, "has_proofs", json_array_size(index) > 0);
		json_object_set_new(one, "proofs", index);
		json_array_append_new(list, one);
	}
}
