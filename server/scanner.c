/*
 * scanner.c - pages of attachments read and shown, behind fences
 *
 * Two fences of the same making: one reads, page after page, with the language
 * data in its keeper and minutes for each; one draws pages for requests, within
 * seconds.  Each page has a child of its own, so a picture that takes a child
 * over sees no other's.  This file alone brings lib/attach, which draws pages
 * of PDFs, and lib/ocr, which reads pictures, together.
 */
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "ouv/attach.h"
#include "ouv/fence.h"
#include "ouv/log.h"
#include "ouv/number.h"
#include "ouv/ocr.h"

#include "scanner.h"
#include "turn.h"

#define LIMIT_BYTES ((size_t)36 << 20)
#define LIMIT_ANSWER ((size_t)4 << 20)
#define LIMIT_MEMORY ((size_t)1280 << 20)
/* A page of A4 at 300 dots takes three to five; a page full of stains that look
 * like letters ends here. */
#define READ_SECS 40
/* It runs when nothing else does, so it may wait long for its seconds. */
#define READ_WALL_MS 300000
#define READ_NICE 15
#define SHOW_SECS 4
#define SHOW_WALL_MS 6000
#define SHOW_WAIT_MS 1500
#define INCH 300
#define SHOW_INCH 150
#define SHOW_DOTS 4000000U

static struct {
	pthread_mutex_t lock; /* of showing; reading has one thread */
	struct ouv_fence *reading, *showing;
	struct ouv_ocr_data data;
	bool reads;
} scanner = { .lock = PTHREAD_MUTEX_INITIALIZER };

/* ---- in the child -----------------------------------------------------------
 */

enum type {
	NO_PICTURE,
	PDF,
	PICTURE, /* of one page */
	TIFF
};

static bool
begins(struct ouv_str file, const char *with, size_t len)
{
	return file.len >= len && memcmp(file.p, with, len) == 0;
}

/* Whatever its name and its type say. */
static enum type
type_of(struct ouv_str file)
{
	/* clang-format off */
	static const struct { const char *magic; size_t len; enum type type; } types[] = {
		{ "%PDF-", 5, PDF }, { "\xff\xd8\xff", 3, PICTURE },
		{ "\x89PNG\r\n\x1a\n", 8, PICTURE },
		{ "II*\0", 4, TIFF }, { "MM\0*", 4, TIFF },
	};
	/* clang-format on */

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (begins(file, types[i].magic, types[i].len))
			return types[i].type;
	return NO_PICTURE;
}

static void
none(struct ouv_buf *answer, const char *why)
{
	answer->len = 0;
	ouv_buf_printf(answer, "none %s", why);
}

/* ---- looking */

static void
look_pdf(struct ouv_arena *arena, struct ouv_str file, struct ouv_buf *answer)
{
	bool locked = false;
	int pages = 0;
	const char *kinds =
		ouv_attach_pdf_kinds(arena, file.p, file.len, &pages, &locked);

	if (kinds == NULL || *kinds == '\0')
		none(answer, locked ? "locked" : "damaged");
	else if (strchr(kinds, OUV_ATTACH_PICTURE) == NULL &&
		 strchr(kinds, OUV_ATTACH_WORDS) != NULL)
		none(answer, "words");
	else
		ouv_buf_printf(answer, "scan %zu %s", strlen(kinds), kinds);
}

static void
look_picture(struct ouv_arena *arena, struct ouv_str file, enum type type,
	struct ouv_buf *answer)
{
	struct ouv_look look = { .pages = 1 };
	int wide = 0, high = 0;
	enum ouv_ocr_open open =
		ouv_ocr_size(file.p, file.len, 0, &wide, &high);
	char *kinds;

	if (type == TIFF) {
		look.pages = 0;
		ouv_look_tiff(file.p, file.len, &look);
	}
	if (look.pages > OUV_SCAN_PAGES)
		look.pages = OUV_SCAN_PAGES;
	if (open == OUV_OCR_TOO_LARGE)
		none(answer, "large");
	else if (open != OUV_OCR_OPEN || look.pages < 1)
		none(answer, "damaged");
	else if (wide < OUV_OCR_SMALL || high < OUV_OCR_SMALL)
		none(answer, "small");
	else {
		kinds = ouv_arena_alloc(arena, (size_t)look.pages + 1);
		memset(kinds, OUV_ATTACH_PICTURE, (size_t)look.pages);
		ouv_buf_printf(answer, "scan %d %s", look.pages, kinds);
	}
}

/* ---- reading and showing */

/* NULL: why_out says why. */
static struct ouv_ocr_picture *
open_page(struct ouv_str file, int n, int inch, unsigned dots,
	const char **why_out)
{
	struct ouv_ocr_picture *picture = NULL;
	struct ouv_attach_drawing drawing;

	*why_out = "damaged";
	if (type_of(file) == PDF) {
		if (!ouv_attach_pdf_draw(
			    file.p, file.len, n, inch, dots, &drawing))
			return NULL;
		picture = ouv_ocr_dots(drawing.rows, drawing.width,
			drawing.height, drawing.stride, drawing.inch);
		ouv_attach_drawn(&drawing);
		return picture;
	}
	if (ouv_ocr_picture(file.p, file.len, n, &picture) == OUV_OCR_TOO_LARGE)
		*why_out = "large";
	return picture;
}

/* A page of a scan that holds its own text after all. */
static bool
own_words(struct ouv_arena *arena, struct ouv_str file, int n,
	struct ouv_ocr_page *page)
{
	const char *text;

	if (type_of(file) != PDF)
		return false;
	text = ouv_attach_pdf_words(arena, file.p, file.len, n);
	if (text == NULL)
		return false;
	ouv_ocr_page_plain(arena, text, page);
	return page->words > 0;
}

/* "read PAGE KIND LANG" */
static bool
read_wish(const char *wish, int *page, char *kind, char lang[8])
{
	size_t len;

	if (strncmp(wish, "read ", 5) != 0)
		return false;
	wish += 5;
	if (!ouv_number(&wish, 1, INT_MAX, page) || !ouv_passed(&wish, ' ') ||
		*wish == '\0' || *wish == '\n')
		return false;
	*kind = *wish++;
	(void)ouv_passed(&wish, ' ');
	len = strcspn(wish, "\n");
	if (len > 7)
		return false;
	memcpy(lang, wish, len);
	lang[len] = '\0';
	return true;
}

static void
read_page(struct ouv_arena *arena, const char *wish, struct ouv_str file,
	struct ouv_buf *answer)
{
	struct ouv_ocr_picture *picture;
	struct ouv_ocr_page page = { 0 };
	char lang[8] = "", kind = OUV_ATTACH_PICTURE;
	const char *why;
	int n;

	if (!read_wish(wish, &n, &kind, lang))
		return;
	if (kind == OUV_ATTACH_WORDS && own_words(arena, file, n - 1, &page)) {
		ouv_ocr_page_write(&page, answer);
		return;
	}
	picture = open_page(file, n - 1, INCH, OUV_OCR_DOTS, &why);
	if (picture == NULL)
		none(answer, why);
	else if (!ouv_ocr_read(picture, lang, arena, &page))
		none(answer, "damaged");
	else
		ouv_ocr_page_write(&page, answer);
	ouv_ocr_close(&picture);
}

static void
show_page(const char *wish, struct ouv_str file, struct ouv_buf *answer)
{
	int n, turn, skew, side;
	struct ouv_ocr_picture *picture;
	const char *why;

	if (strncmp(wish, "show ", 5) != 0)
		return;
	wish += 5;
	if (!ouv_number(&wish, 1, INT_MAX, &n) || !ouv_passed(&wish, ' ') ||
		!ouv_number(&wish, INT_MIN, INT_MAX, &turn) ||
		!ouv_passed(&wish, ' ') ||
		!ouv_number(&wish, INT_MIN, INT_MAX, &skew) ||
		!ouv_passed(&wish, ' ') ||
		!ouv_number(&wish, INT_MIN, INT_MAX, &side))
		return;
	picture = open_page(file, n - 1, SHOW_INCH, SHOW_DOTS, &why);
	if (picture != NULL)
		(void)ouv_ocr_show(picture, turn, skew, side, answer);
	ouv_ocr_close(&picture);
}

/* A line that says what is wished, then the attachment. */
static void
parse(struct ouv_arena *arena, const void *raw, size_t len,
	struct ouv_buf *answer, void *user)
{
	const char *end = memchr(raw, '\n', len);
	struct ouv_str file;
	const char *wish;

	(void)user;
	if (end == NULL)
		return;
	wish = ouv_arena_strndup(arena, raw, (size_t)(end - (const char *)raw));
	file.p = end + 1;
	file.len = len - (size_t)(file.p - (const char *)raw);
	if (strncmp(wish, "read ", 5) == 0)
		read_page(arena, wish, file, answer);
	else if (strncmp(wish, "show ", 5) == 0)
		show_page(wish, file, answer);
	else if (type_of(file) == PDF)
		look_pdf(arena, file, answer);
	else if (type_of(file) == NO_PICTURE)
		none(answer, "kind");
	else
		look_picture(arena, file, type_of(file), answer);
}

/* Fonts, colours and what else opens files on first use. */
static void
warm_show(void *user)
{
	(void)user;
	ouv_attach_warm();
}

static void
warm_read(void *user)
{
	const struct ouv_ocr_data *data = user;

	ouv_attach_warm();
	ouv_ocr_warm(data);
	(void)setpriority(PRIO_PROCESS, 0, READ_NICE);
}

/* ---- in the console ---------------------------------------------------------
 */

static enum ouv_err
begin_reading(void)
{
	const struct ouv_fence_job job = { warm_read, parse, &scanner.data };
	static const struct ouv_fence_limits limits = {
		.raw_max = LIMIT_BYTES,
		.answer_max = LIMIT_ANSWER,
		.wall_ms = READ_WALL_MS,
		.cpu_secs = READ_SECS,
		.memory = LIMIT_MEMORY,
		.mails = 1,
		.late = true,
	};

	return ouv_fence_new(&job, &limits, &scanner.reading);
}

static enum ouv_err
begin_showing(void)
{
	static const struct ouv_fence_job job = { warm_show, parse, NULL };
	static const struct ouv_fence_limits limits = {
		.raw_max = LIMIT_BYTES,
		.answer_max = LIMIT_ANSWER,
		.wall_ms = SHOW_WALL_MS,
		.cpu_secs = SHOW_SECS,
		.memory = LIMIT_MEMORY,
		.mails = 1,
		.late = true,
	};

	return ouv_fence_new(&job, &limits, &scanner.showing);
}

enum ouv_err
scanner_begin(void)
{
	enum ouv_err err;

	scanner.reads = ouv_ocr_find(&scanner.data);
	err = scanner.reads ? begin_reading() : OUV_OK;
	return err == OUV_OK ? begin_showing() : err;
}

void
scanner_tell(void)
{
	if (scanner.reads)
		ouv_log_info(
			"scans are read by machine: %s", scanner.data.langs);
	else
		ouv_log_warn("scans are not read by machine: no language data "
			     "of tesseract (por, eng, ita) is installed");
}

bool
scanner_reads(void)
{
	return scanner.reads;
}

static void
put_wish(const struct ouv_scan_wish *wish, struct ouv_buf *out)
{
	if (wish->ask == OUV_SCAN_READ)
		ouv_buf_printf(out, "read %d %c %s\n", wish->page, wish->kind,
			wish->lang);
	else if (wish->ask == OUV_SCAN_SHOW)
		ouv_buf_printf(out, "show %d %d %d %d\n", wish->page,
			wish->turn, wish->skew, wish->side);
	else
		ouv_buf_text(out, "look\n");
}

static enum ouv_err
ask(struct ouv_fence *fence, struct ouv_arena *arena,
	const struct ouv_scan_wish *wish, struct ouv_str bytes,
	struct ouv_str *answer_out)
{
	struct ouv_arena *scratch = ouv_arena_new(OUV_ARENA_WIPE);
	const char *failure = "";
	struct ouv_buf whole;
	enum ouv_err err;

	ouv_buf_init(&whole, scratch, bytes.len + 100);
	put_wish(wish, &whole);
	ouv_buf_add(&whole, bytes.p, bytes.len);
	err = ouv_fence_parse(
		fence, whole.data, whole.len, arena, answer_out, &failure);
	ouv_arena_free(&scratch);
	if (err == OUV_INVALID)
		ouv_log_warn("a page of an attachment cannot be %s: %s",
			wish->ask == OUV_SCAN_SHOW ? "shown" : "read", failure);
	return err;
}

enum ouv_err
scanner_read(void *user, struct ouv_arena *arena,
	const struct ouv_scan_wish *wish, struct ouv_str bytes,
	struct ouv_str *answer_out)
{
	(void)user;
	if (scanner.reading == NULL)
		return OUV_TEMPORARY;
	return ask(scanner.reading, arena, wish, bytes, answer_out);
}

enum ouv_err
scanner_show(void *user, struct ouv_arena *arena,
	const struct ouv_scan_wish *wish, struct ouv_str bytes,
	struct ouv_str *answer_out)
{
	enum ouv_err err;

	(void)user;
	if (!turn_take(&scanner.lock, SHOW_WAIT_MS))
		return OUV_TEMPORARY;
	err = ask(scanner.showing, arena, wish, bytes, answer_out);
	ouv_fence_hurry(scanner.showing); /* the child still holds the page */
	(void)pthread_mutex_unlock(&scanner.lock);
	return err;
}

void
scanner_rest(void)
{
	scanner_hurry();
}

void
scanner_hurry(void)
{
	if (scanner.reading != NULL)
		ouv_fence_hurry(scanner.reading);
}

long
scanner_largest_kb(void)
{
	return scanner.reading != NULL
		       ? ouv_fence_stats(scanner.reading).maxrss_kb
		       : 0;
}

void
scanner_end(void)
{
	ouv_fence_free(&scanner.reading);
	ouv_fence_free(&scanner.showing);
}
