/*
 * read.c - the words on a page; the only door to tesseract
 *
 * An engine for each language as the first, with the others behind it: where
 * the first does not fit a line, they are tried, so a letter with a page in
 * another language is read as well.  The engines are made before the fence is
 * shut; each page has a process of its own and spoils them for nobody.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <omp.h>
#include <tesseract/capi.h>

#include "inner.h"

/* clang-format off */
static const struct {
	const char *name, *tag;
} langs[] = {
	{ "por", "pt-BR" }, { "eng", "en" }, { "ita", "it" },
};
/* clang-format on */
#define LANGS (sizeof(langs) / sizeof(langs[0]))
#define WELL 85 /* so sure it is of a page that lies as it should */

static TessBaseAPI *engines[LANGS];

/* ---- languages -------------------------------------------------------------
 */

static bool
is_there(const char *folder, const char *lang)
{
	char path[512];
	int n = snprintf(path, sizeof(path), "%s/%s.traineddata", folder, lang);

	return n > 0 && (size_t)n < sizeof(path) && access(path, R_OK) == 0;
}

static bool
look_in(const char *folder, struct ouv_ocr_data *data)
{
	size_t len = 0;

	if (strlen(folder) >= sizeof(data->path))
		return false;
	for (size_t i = 0; i < LANGS; i++)
		if (is_there(folder, langs[i].name))
			len += (size_t)snprintf(data->langs + len,
				sizeof(data->langs) - len, "%s%s",
				len > 0 ? "+" : "", langs[i].name);
	(void)snprintf(data->path, sizeof(data->path), "%s", folder);
	return len > 0;
}

bool
ouv_ocr_find(struct ouv_ocr_data *data_out)
{
	static const char *const usual[] = {
		"/usr/share/tesseract-ocr/5/tessdata", "/usr/share/tessdata",
		"/usr/local/share/tessdata"
	};
	const char *said = getenv("TESSDATA_PREFIX");

	*data_out = (struct ouv_ocr_data){ .path = "" };
	if (said != NULL && *said != '\0')
		return look_in(said, data_out);
	for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++)
		if (look_in(usual[i], data_out))
			return true;
	return false;
}

/* "eng+por+ita": that one first, then the others that are there. */
static void
order(const struct ouv_ocr_data *data, size_t first, char out[16])
{
	size_t len = (size_t)snprintf(out, 16, "%s", langs[first].name);

	for (size_t i = 0; i < LANGS; i++)
		if (i != first && strstr(data->langs, langs[i].name) != NULL)
			len += (size_t)snprintf(
				out + len, 16 - len, "+%s", langs[i].name);
}

static TessBaseAPI *
engine(const struct ouv_ocr_data *data, size_t first)
{
	TessBaseAPI *api;
	char list[16];

	if (strstr(data->langs, langs[first].name) == NULL)
		return NULL;
	order(data, first, list);
	api = TessBaseAPICreate();
	if (TessBaseAPIInit2(api, data->path, list, OEM_LSTM_ONLY) != 0) {
		TessBaseAPIDelete(api);
		return NULL;
	}
	/* White letters on black are rare, and looking for them doubles the
	 * time of every stain. */
	(void)TessBaseAPISetVariable(api, "tessedit_do_invert", "0");
	TessBaseAPISetPageSegMode(api, PSM_AUTO);
	return api;
}

void
ouv_ocr_warm(const struct ouv_ocr_data *data)
{
	/* The fence lets nobody make threads, and tesseract asks for a number
	 * of its own: what runs in parallel does so at no level. */
	omp_set_max_active_levels(0);
	for (size_t i = 0; i < LANGS; i++)
		if (engines[i] == NULL)
			engines[i] = engine(data, i);
}

/* The language's own; else any. */
static TessBaseAPI *
engine_for(const char *tag)
{
	for (size_t i = 0; i < LANGS; i++)
		if (strcmp(tag, langs[i].tag) == 0 && engines[i] != NULL)
			return engines[i];
	for (size_t i = 0; i < LANGS; i++)
		if (engines[i] != NULL)
			return engines[i];
	return NULL;
}

/* ---- words -----------------------------------------------------------------
 */

struct taking {
	struct ouv_arena *arena;
	struct ouv_ocr_page *page;
	size_t line_room, word_room; /* of the last line */
};

/* An array with room for one more. */
static void *
grown(struct ouv_arena *arena, void *list, size_t count, size_t *room,
	size_t size)
{
	void *more;

	if (count < *room)
		return list;
	*room = *room == 0 ? 16 : *room * 2;
	more = ouv_arena_array(arena, *room, size);
	if (count > 0)
		memcpy(more, list, count * size);
	return more;
}

static void
begin_line(struct taking *t, bool first)
{
	struct ouv_ocr_page *page = t->page;

	page->lines = grown(t->arena, page->lines, page->count, &t->line_room,
		sizeof(*page->lines));
	page->lines[page->count++] = (struct ouv_ocr_line){ .first = first };
	t->word_room = 0;
}

static void
take_word(struct taking *t, TessResultIterator *it)
{
	const TessPageIterator *place =
		TessResultIteratorGetPageIteratorConst(it);
	struct ouv_ocr_line *line = &t->page->lines[t->page->count - 1];
	char *text = TessResultIteratorGetUTF8Text(it, RIL_WORD);
	float conf = TessResultIteratorConfidence(it, RIL_WORD);
	int left = 0, top = 0, right = 0, bottom = 0;

	(void)TessPageIteratorBoundingBox(
		place, RIL_WORD, &left, &top, &right, &bottom);
	if (text != NULL && *text != '\0') {
		line->words = grown(t->arena, line->words, line->count,
			&t->word_room, sizeof(*line->words));
		line->words[line->count++] = (struct ouv_ocr_word){
			.text = ouv_arena_strdup(t->arena, text),
			.conf = conf < 0     ? 0
				: conf > 100 ? 100
					     : (int)conf,
			.x = left,
			.y = top,
			.w = right - left,
			.h = bottom - top,
		};
		t->page->words++;
	}
	TessDeleteText(text);
}

static void
take_words(struct taking *t, TessResultIterator *it)
{
	const TessPageIterator *place;

	if (it == NULL)
		return;
	place = TessResultIteratorGetPageIteratorConst(it);
	do {
		if (t->page->count == 0 ||
			TessPageIteratorIsAtBeginningOf(place, RIL_TEXTLINE))
			begin_line(t, TessPageIteratorIsAtBeginningOf(
					      place, RIL_PARA));
		take_word(t, it);
	} while (t->page->words < OUV_OCR_WORDS &&
		 TessResultIteratorNext(it, RIL_WORD));
}

static bool
read_once(TessBaseAPI *api, PIX *whole, bool turn, struct ouv_arena *arena,
	struct ouv_ocr_page *page)
{
	struct taking t = { .arena = arena, .page = page };
	TessResultIterator *it;
	PIX *pix;

	*page = (struct ouv_ocr_page){ .count = 0 };
	if ((pix = ocr_upright(whole, turn, page)) == NULL)
		return false;
	TessBaseAPISetImage2(api, pix);
	pixDestroy(&pix);
	if (TessBaseAPIRecognize(api, NULL) != 0)
		return false;
	it = TessBaseAPIGetIterator(api);
	take_words(&t, it);
	if (it != NULL)
		TessResultIteratorDelete(it);
	TessBaseAPIClear(api);
	return true;
}

bool
ouv_ocr_read(const struct ouv_ocr_picture *picture, const char *lang,
	struct ouv_arena *arena, struct ouv_ocr_page *page_out)
{
	TessBaseAPI *api = engine_for(lang);
	struct ouv_ocr_page page, as_it_lay;

	if (api == NULL || !read_once(api, picture->pix, true, arena, &page))
		return false;
	/* The shape of few letters, or of capitals alone, can mislead. */
	if (page.turn != 0 && ouv_ocr_page_sure(&page) < WELL &&
		read_once(api, picture->pix, false, arena, &as_it_lay) &&
		ouv_ocr_page_sure(&as_it_lay) > ouv_ocr_page_sure(&page))
		page = as_it_lay;
	*page_out = page;
	return true;
}
