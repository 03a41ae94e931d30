/*
 * told.c - a document as the list of its pieces
 */
#include <string.h>

#include "inner.h"

#define CHUNK_MOST 3000 /* bytes that are shaped at once */
#define SIGN_MM 14      /* the room in which somebody signs */

enum ouv_err
ouv_print_begin(struct ouv_arena *arena, const struct ouv_print_about *about,
	struct ouv_print **print_out)
{
	struct ouv_print *print = ouv_arena_alloc(arena, sizeof(*print));
	enum ouv_err err = fonts_open(arena, about->fonts, &print->fonts);

	if (err != OUV_OK)
		return err;
	print->arena = arena;
	print->end = &print->first;
	print->unknown_in = "";
	print->about = (struct ouv_print_about){
		.title = told_text(print, about->title),
		.author = told_text(print, about->author),
		.lang = ouv_arena_strdup(arena, about->lang),
		.made_at = about->made_at,
	};
	print->unknown = 0; /* nobody sees those of the title */
	print->unknown_in = "";
	*print_out = print;
	return OUV_OK;
}

const char *
told_text(struct ouv_print *print, const char *text)
{
	return fonts_clean(print->fonts, print->arena, text != NULL ? text : "",
		&print->unknown, &print->unknown_in);
}

static struct piece *
add(struct ouv_print *print, enum piece_kind kind, int n)
{
	struct piece *piece = ouv_arena_alloc(print->arena, sizeof(*piece));

	piece->kind = kind;
	piece->n = n;
	*print->end = piece;
	print->end = &piece->next;
	return piece;
}

void
ouv_print_part(struct ouv_print *print, const char *foot)
{
	add(print, PIECE_PART, 0)->a = told_text(print, foot);
	print->part_count++;
}

void
ouv_print_heading(struct ouv_print *print, int level, const char *text)
{
	add(print, PIECE_HEADING,
		level < 1   ? 1
		: level > 3 ? 3
			    : level)
		->a = told_text(print, text);
}

/* Where a text that is too long to be shaped at once is cut: behind a line, a
 * word, a character. */
static size_t
cut(const char *text, size_t len)
{
	size_t n = CHUNK_MOST;
	const char *at;

	if (len <= CHUNK_MOST)
		return len;
	at = memrchr(text, '\n', CHUNK_MOST);
	if (at == NULL)
		at = memrchr(text, ' ', CHUNK_MOST);
	if (at != NULL && at > text)
		return (size_t)(at - text) + 1;
	while (n > 1 && ((unsigned char)text[n] & 0xC0) == 0x80)
		n--;
	return n;
}

/* The line end at its end is the end of the paragraph. */
static const char *
chunk(struct ouv_print *print, const char *text, size_t len)
{
	while (len > 0 && (text[len - 1] == '\n' || text[len - 1] == ' '))
		len--;
	return ouv_arena_strndup(print->arena, text, len);
}

void
ouv_print_para(
	struct ouv_print *print, enum ouv_print_style style, const char *text)
{
	const char *all = told_text(print, text);
	bool goes_on = false;

	while (*all != '\0') {
		size_t len = cut(all, strlen(all));
		struct piece *piece = add(print, PIECE_PARA, (int)style);

		piece->a = chunk(print, all, len);
		piece->goes_on = goes_on;
		goes_on = true;
		all += len;
	}
}

/* A piece, and as many that go on with it as the text is long. */
static void
add_chunks(struct ouv_print *print, enum piece_kind kind, const char *label,
	const char *all)
{
	bool goes_on = false;

	do {
		size_t len = cut(all, strlen(all));
		struct piece *piece = add(print, kind, 0);

		piece->a = goes_on ? "" : label;
		piece->b = chunk(print, all, len);
		piece->goes_on = goes_on;
		goes_on = true;
		all += len;
	} while (*all != '\0');
}

void
ouv_print_item(struct ouv_print *print, const char *text)
{
	add_chunks(print, PIECE_ITEM, "\xE2\x80\xA2", told_text(print, text));
}

void
ouv_print_row(struct ouv_print *print, const char *label, const char *value)
{
	add_chunks(print, PIECE_ROW, told_text(print, label),
		told_text(print, value));
}

void
ouv_print_rule(struct ouv_print *print)
{
	(void)add(print, PIECE_RULE, 0);
}

void
ouv_print_gap(struct ouv_print *print, int mm)
{
	(void)add(print, PIECE_GAP, mm);
}

void
ouv_print_break(struct ouv_print *print)
{
	(void)add(print, PIECE_BREAK, 0);
}

void
ouv_print_picture(
	struct ouv_print *print, struct ouv_str bytes, const char *caption)
{
	struct piece *piece = add(print, PIECE_PICTURE, 0);
	int width, height;

	piece->a = told_text(print, caption);
	if (bytes.len > OUV_PRINT_PICTURES - print->picture_bytes ||
		!picture_size(bytes, &width, &height)) {
		print->undecoded++;
		return;
	}
	print->picture_bytes += bytes.len;
	piece->bytes = (struct ouv_str){
		ouv_arena_memdup(print->arena, bytes.p, bytes.len), bytes.len
	};
}

/* ---- words with marks ------------------------------------------------------
 */

struct words {
	struct ouv_print *print;
	int level;
	const char *hand;    /* above this line somebody signs; NULL */
	struct ouv_buf para; /* the lines of the paragraph that is open */
};

static void
end_para(struct words *w)
{
	if (w->para.len > 0)
		ouv_print_para(w->print, OUV_PRINT_PLAIN, w->para.data);
	ouv_buf_init(&w->para, w->print->arena, 256);
}

static void
take_line(struct words *w, const char *line)
{
	bool heading = strncmp(line, "# ", 2) == 0;
	bool item = strncmp(line, "- ", 2) == 0;

	if (heading || item || *line == '\0')
		end_para(w);
	if (w->hand != NULL && strcmp(line, w->hand) == 0) {
		end_para(w);
		ouv_print_gap(w->print, SIGN_MM);
		w->hand = NULL;
	}
	if (heading)
		ouv_print_heading(w->print, w->level, line + 2);
	else if (item)
		ouv_print_item(w->print, line + 2);
	else if (*line != '\0') {
		if (w->para.len > 0)
			ouv_buf_char(&w->para, '\n');
		ouv_buf_text(&w->para, line);
	}
}

static void
tell_words(
	struct ouv_print *print, int level, const char *words, const char *hand)
{
	struct words w = { .print = print, .level = level, .hand = hand };

	ouv_buf_init(&w.para, print->arena, 256);
	while (*words != '\0') {
		size_t len = strcspn(words, "\n");
		size_t end = len;

		while (end > 0 &&
			(words[end - 1] == '\r' || words[end - 1] == ' '))
			end--;
		take_line(&w, ouv_arena_strndup(print->arena, words, end));
		words += len + (words[len] == '\n');
	}
	end_para(&w);
}

void
ouv_print_words(struct ouv_print *print, int level, const char *words)
{
	tell_words(print, level, words, NULL);
}

/* ---- a letter --------------------------------------------------------------
 */

void
ouv_print_letter(struct ouv_print *print, const struct ouv_print_letter *letter)
{
	ouv_print_part(print, letter->foot);
	add(print, PIECE_LETTER, 0)->letter = letter_copy(print, letter);
	ouv_print_para(print, OUV_PRINT_STRONG, letter->subject);
	ouv_print_gap(print, 3);
	tell_words(print, 3, letter->words, letter->signature);
	if (letter->enclosure_count == 0)
		return;
	ouv_print_gap(print, 4);
	ouv_print_para(print, OUV_PRINT_STRONG, letter->enclosures_label);
	for (size_t i = 0; i < letter->enclosure_count; i++)
		ouv_print_item(print, letter->enclosures[i]);
}
