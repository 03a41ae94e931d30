/*
 * painter.c - the page of a mail rebuilt for a frame, behind a fence
 *
 * A child that can reach nothing takes the mail and its page apart
 * (ouv/fence.h) and answers with the document.  Each mail has a child of its
 * own; one is read at a time, and whoever comes meanwhile is told to come
 * again.  What the child answers is believed as little as the mail: it is shown
 * in a frame without rights on another host name.
 */
#include <pthread.h>
#include <string.h>

#include "ouv/fence.h"
#include "ouv/layout.h"
#include "ouv/log.h"
#include "ouv/mail.h"

#include "painter.h"
#include "turn.h"

#define LIMIT_BYTES ((size_t)40 << 20)
#define LIMIT_ANSWER ((size_t)12 << 20)
#define LIMIT_MEMORY ((size_t)768 << 20)
#define LIMIT_SECS 2
/* Whoever waits holds one of the console's few threads. */
#define LIMIT_WALL_MS 3000
#define LIMIT_WAIT_MS 300

static struct {
	pthread_mutex_t lock; /* held for one mail */
	struct ouv_fence *fence;
} painter = { .lock = PTHREAD_MUTEX_INITIALIZER };

/* First byte of the child's answer. */
enum verdict {
	VERDICT_DOCUMENT = 'd', /* which is the rest */
	VERDICT_NO_PAGE = 'n',
	VERDICT_TOO_MUCH = 't',
};

/* ---- in the child -----------------------------------------------------------
 */

/* Three words, each with its zero, then the mail. */
static const char *
take_word(const char **at, size_t *left)
{
	const char *word = *at, *end = memchr(word, '\0', *left);

	if (end == NULL)
		return "";
	*left -= (size_t)(end + 1 - word);
	*at = end + 1;
	return word;
}

static void
parse(struct ouv_arena *arena, const void *bytes, size_t len,
	struct ouv_buf *answer, void *user)
{
	const char *at = bytes;
	struct ouv_layout layout = { .title = take_word(&at, &len),
		.remote = take_word(&at, &len),
		.missing = take_word(&at, &len) };
	struct ouv_layout_picture *pictures;
	struct ouv_mail_page page;

	(void)user;
	if (ouv_mail_page(arena, at, len, &page) != OUV_OK) {
		ouv_buf_char(answer, VERDICT_NO_PAGE);
		return;
	}
	pictures =
		ouv_arena_array(arena, page.picture_count, sizeof(*pictures));
	for (size_t i = 0; i < page.picture_count; i++)
		pictures[i] = (struct ouv_layout_picture){ page.pictures[i].id,
			page.pictures[i].bytes };
	layout.part_count = page.part_count;
	layout.parts = page.parts;
	layout.picture_count = page.picture_count;
	layout.pictures = pictures;
	ouv_buf_char(answer, VERDICT_DOCUMENT);
	if (ouv_layout_document(&layout, answer) == OUV_OK)
		return;
	answer->len = 0;
	ouv_buf_char(answer, VERDICT_TOO_MUCH);
}

/* Converters of charsets are loaded from files, which the child has not. */
static void
warm(void *user)
{
	static const char *const charsets[] = { "us-ascii", "utf-8", "utf-7",
		"utf-16", "iso-8859-1", "iso-8859-2", "iso-8859-15",
		"windows-1250", "windows-1251", "windows-1252", "windows-1254",
		"koi8-r", "macintosh", "gb2312", "gbk", "gb18030", "big5",
		"shift_jis", "euc-jp", "iso-2022-jp", "euc-kr" };
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	struct ouv_buf answer, mail;

	for (size_t i = 0; i < sizeof(charsets) / sizeof(charsets[0]); i++) {
		ouv_arena_reset(arena);
		ouv_buf_init(&answer, arena, 0);
		ouv_buf_init(&mail, arena, 0);
		ouv_buf_add(&mail, "\0\0\0", 3);
		ouv_buf_printf(&mail,
			"Content-Type: text/html; charset=%s\r\n\r\n"
			"<p>+AOk- \xe9\xe1 &amp; <b>a</b>",
			charsets[i]);
		parse(arena, mail.data, mail.len, &answer, user);
	}
	ouv_arena_free(&arena);
}

/* ---- in the console ---------------------------------------------------------
 */

enum ouv_err
painter_begin(void)
{
	static const struct ouv_fence_job job = { warm, parse, NULL };
	static const struct ouv_fence_limits limits = {
		.raw_max = LIMIT_BYTES,
		.answer_max = LIMIT_ANSWER,
		.wall_ms = LIMIT_WALL_MS,
		.cpu_secs = LIMIT_SECS,
		.memory = LIMIT_MEMORY,
		.mails = 1,
	};

	return ouv_fence_new(&job, &limits, &painter.fence);
}

static enum ouv_err
take_answer(struct ouv_str answer, struct ouv_str *document_out)
{
	if (answer.len > 0 && answer.p[0] == VERDICT_NO_PAGE)
		return OUV_NOT_FOUND;
	if (answer.len == 0 || answer.p[0] != VERDICT_DOCUMENT)
		return OUV_INVALID;
	*document_out = (struct ouv_str){ answer.p + 1, answer.len - 1 };
	return OUV_OK;
}

enum ouv_err
painter_paint(struct ouv_arena *arena, const struct painter_words *words,
	struct ouv_str raw, struct ouv_str *document_out)
{
	struct ouv_arena *scratch = ouv_arena_new(OUV_ARENA_WIPE);
	const char *failure = "";
	struct ouv_str answer;
	struct ouv_buf whole;
	enum ouv_err err = OUV_TEMPORARY;

	ouv_buf_init(&whole, scratch, raw.len + 500);
	ouv_buf_add(&whole, words->title, strlen(words->title) + 1);
	ouv_buf_add(&whole, words->remote, strlen(words->remote) + 1);
	ouv_buf_add(&whole, words->missing, strlen(words->missing) + 1);
	ouv_buf_add(&whole, raw.p, raw.len);
	if (turn_take(&painter.lock, LIMIT_WAIT_MS)) {
		err = ouv_fence_parse(painter.fence, whole.data, whole.len,
			arena, &answer, &failure);
		(void)pthread_mutex_unlock(&painter.lock);
	}
	ouv_arena_free(&scratch);
	if (err == OUV_INVALID)
		ouv_log_warn("a page cannot be rebuilt: %s", failure);
	return err == OUV_OK ? take_answer(answer, document_out) : err;
}

void
painter_end(void)
{
	ouv_fence_free(&painter.fence);
}
