/*
 * view_dossier.c - what would be in a case file, and what is left out of it
 */
#include "ouv/copy.h"

#include "move.h"

struct row {
	const char *word;
	int count;
	bool always; /* also where there is none */
};

static json_t *
rows_of(const struct request *request, const struct row *rows, size_t count)
{
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++) {
		json_t *one;

		if (rows[i].count == 0 && !rows[i].always)
			continue;
		one = json_object();
		view_word(request, one, "name", rows[i].word);
		view_number(one, "count", rows[i].count);
		json_array_append_new(list, one);
	}
	return list;
}

void
view_dossier(const struct request *request, json_t *data,
	const struct ouv_dossier_look *look)
{
	static const struct ouv_dossier_look nothing;
	const struct ouv_dossier_look *l = look != NULL ? look : &nothing;
	const struct row in[] = {
		{ "file_messages", l->messages, true },
		{ "file_masked", l->masked, false },
		{ "file_released", l->released, l->party },
		{ "file_attachments", l->attachments, true },
		{ "file_notes", l->notes, false },
		{ "file_log", l->log, false },
	};
	const struct row out[] = {
		{ "file_left_lane", l->left_lane, false },
		{ "file_left_days", l->left_days, false },
		{ "file_left_notes", l->left_notes, false },
		{ "file_left_attachments", l->left_attachments, false },
		{ "file_left_unread", l->left_unread, false },
		{ "file_left_lost", l->lost, false },
	};
	json_t *left = rows_of(request, out, sizeof(out) / sizeof(out[0]));

	view_flag(data, "has_file_look", look != NULL);
	view_flag(data, "look_party", l->party);
	json_object_set_new(data, "look_rows",
		rows_of(request, in, sizeof(in) / sizeof(in[0])));
	view_flag(data, "has_look_left", json_array_size(left) > 0);
	json_object_set_new(data, "look_left", left);
	view_size(request, data, "look_size", (size_t)l->bytes);
	view_number(data, "look_pages", l->pages);
	view_code(request, data, "look_lang", "lang_", ouv_lang_tag(l->lang));
}
