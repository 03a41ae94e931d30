/*
 * fuzz_text.c - whatever a rendered text holds, both parts hold its words
 *
 * Any bytes behind a subject line: the flowed text put together again is the
 * plain one, and the page has no tag that is not of the few.
 */
#include <stdlib.h>
#include <string.h>

#include "ouv/text.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const tags[] = { "<!DOCTYPE html>\n", "<html lang=\"en\">\n",
	"<head>\n", "<meta charset=\"utf-8\">\n", "<title>", "</title>\n",
	"</head>\n", "<body>\n", "</body>\n", "</html>\n", "<div lang=\"en\" ",
	"</div>\n", "<p>", "</p>\n", "<br>\n", "<ul>\n", "</ul>\n", "<li>",
	"</li>\n", "<strong>", "</strong>", "<a href=\"http", "</a>" };

static void
must(bool holds)
{
	if (!holds)
		abort();
}

static void
check_page(const char *p)
{
	for (; (p = strchr(p, '<')) != NULL; p++) {
		size_t i = 0;

		while (i < COUNT(tags) &&
			strncmp(p, tags[i], strlen(tags[i])) != 0)
			i++;
		must(i < COUNT(tags));
	}
}

/* RFC 3676 4: takes plain along while it puts text together. */
static void
check_flow(const char *text, const char *plain)
{
	while (*text != '\0') {
		size_t len = strcspn(text, "\n");
		size_t stuffed = *text == ' ';
		bool soft = len > 0 && text[len - 1] == ' ' &&
			    !(len == 3 && memcmp(text, "-- ", 3) == 0);

		must(*text != '>' && strncmp(text, "From ", 5) != 0);
		must(strncmp(plain, text + stuffed, len - stuffed) == 0);
		plain += len - stuffed;
		if (!soft)
			must(*plain++ == '\n');
		text += len + (text[len] == '\n');
	}
	must(*plain == '\0');
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	struct ouv_text_part part = { .lang = OUV_LANG_EN };
	struct ouv_text_letter letter;
	struct ouv_buf text;

	ouv_buf_init(&text, arena, size + 32);
	ouv_buf_text(&text, "Subject: s\n\n");
	for (size_t i = 0; i < size; i++)
		ouv_buf_char(&text, data[i] == 0 ? '?' : (char)data[i]);
	part.text = (struct ouv_str){ text.data, text.len };
	if (ouv_text_layout(arena, &part, 1, false, &letter) == OUV_OK) {
		check_flow(letter.text, letter.plain);
		check_page(letter.html);
	}
	ouv_arena_free(&arena);
	return 0;
}
