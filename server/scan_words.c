/*
 * scan_words.c - the words of a page that was read, for a page of ours
 */
#include <string.h>

#include "scan_words.h"
#include "view.h"

#define ROOM 40000 /* bytes of a page, with what marks doubtful words */
#define RUN 60     /* around a run of its own */
#define QUOTED 16000

static void
end_run(struct ouv_arena *arena, json_t *list, struct ouv_buf *run,
	bool doubtful)
{
	if (run->len > 0)
		json_array_append_new(list,
			json_pack("{s:b, s:s}", "is_doubtful", doubtful, "text",
				view_clean(arena,
					ouv_arena_strndup(
						arena, run->data, run->len),
					true)));
	run->len = 0;
}

static bool
is_doubtful(const struct ouv_ocr_word *word)
{
	return word->conf < OUV_OCR_DOUBTFUL;
}

static size_t
cost_of(const struct ouv_ocr_word *word)
{
	size_t cost = is_doubtful(word) ? RUN : 1;

	for (const char *p = word->text; *p != '\0'; p++)
		cost += view_byte_cost(*p);
	return cost;
}

json_t *
scan_runs(
	struct ouv_arena *arena, const struct ouv_ocr_page *page, bool *cut_out)
{
	json_t *list = json_array();
	struct ouv_buf run;
	size_t room = ROOM;

	*cut_out = false;
	ouv_buf_init(&run, arena, 4096);
	for (size_t i = 0; i < page->count && !*cut_out; i++) {
		const struct ouv_ocr_line *line = &page->lines[i];

		if (i > 0)
			ouv_buf_text(&run, line->first ? "\n\n" : "\n");
		for (size_t k = 0; k < line->count; k++) {
			const struct ouv_ocr_word *word = &line->words[k];
			size_t cost = cost_of(word);

			*cut_out = cost > room;
			if (*cut_out)
				break;
			room -= cost;
			if (k > 0)
				ouv_buf_char(&run, ' ');
			if (is_doubtful(word))
				end_run(arena, list, &run, false);
			ouv_buf_text(&run, word->text);
			if (is_doubtful(word))
				end_run(arena, list, &run, true);
		}
	}
	end_run(arena, list, &run, false);
	return list;
}

bool
scan_has_doubts(const struct ouv_ocr_page *page)
{
	for (size_t i = 0; i < page->count; i++)
		for (size_t k = 0; k < page->lines[i].count; k++)
			if (is_doubtful(&page->lines[i].words[k]))
				return true;
	return false;
}

const char *
scan_quoted(struct ouv_arena *arena, const struct ouv_ocr_page *page)
{
	const char *text = ouv_ocr_page_text(arena, page, 0);
	struct ouv_buf out;

	ouv_buf_init(&out, arena, 4096);
	while (*text != '\0' && out.len < QUOTED) {
		size_t len = strcspn(text, "\n");

		ouv_buf_text(&out, len > 0 ? "> " : ">");
		ouv_buf_add(&out, text, len);
		ouv_buf_char(&out, '\n');
		text += len + (text[len] != '\0');
	}
	return ouv_arena_printf(arena, "%.*s\n", (int)out.len, out.data);
}
