/*
 * reader.c - the words of attachments, read behind a fence
 *
 * PDFs, archives and web pages of strangers are taken apart in a child that
 * can reach nothing (ouv/fence.h).  Each attachment has a child of its own, so
 * one that takes it over sees no other's.  One is read at a time; whoever comes
 * meanwhile waits a moment only, for their page waits with them.
 */
#include <pthread.h>
#include <string.h>

#include "ouv/attach.h"
#include "ouv/fence.h"
#include "ouv/log.h"
#include "ouv/mail.h"

#include "reader.h"
#include "turn.h"

#define LIMIT_BYTES ((size_t)24 << 20)
#define LIMIT_MEMORY ((size_t)768 << 20)
#define LIMIT_SECS 2
/* Together the three seconds that ouv/search.h promises. */
#define LIMIT_WALL_MS 2700
#define LIMIT_WAIT_MS 300

static struct {
	pthread_mutex_t lock; /* held for one attachment */
	struct ouv_fence *fence;
} reader = { .lock = PTHREAD_MUTEX_INITIALIZER };

/* ---- in the child -----------------------------------------------------------
 */

static bool
begins(const char *data, size_t len, const char *with)
{
	return len >= strlen(with) && memcmp(data, with, strlen(with)) == 0;
}

/* Whatever its type says: by how it begins; all else as a mail would have it,
 * so that charsets, web pages and mails inside are read. */
static void
parse(struct ouv_arena *arena, const void *raw, size_t len,
	struct ouv_buf *answer, void *user)
{
	const char *data = memmem(raw, len, "\r\n\r\n", 4);
	const struct ouv_mail_office nobody = { 0 };
	struct ouv_mail mail;
	size_t rest;

	(void)user;
	if (data == NULL)
		return;
	data += 4;
	rest = len - (size_t)(data - (const char *)raw);
	if (begins(data, rest, "%PDF-")) {
		(void)ouv_attach_pdf(data, rest, answer);
		return;
	}
	if (begins(data, rest, "PK\3\4")) {
		(void)ouv_attach_office(arena, data, rest, answer);
		return;
	}
	if (memchr(data, '\0', rest) != NULL)
		return;
	if (begins(raw, len, "Content-Type: message/"))
		ouv_mail_read(arena, data, rest, &nobody, &mail);
	else
		ouv_mail_read(arena, raw, len, &nobody, &mail);
	ouv_buf_text(answer, mail.subject);
	ouv_buf_char(answer, '\n');
	ouv_buf_text(answer, mail.text);
}

static void
warm(void *user)
{
	static const char *const pages[] = {
		"Content-Type: text/html\r\n\r\n<p>\xe9\xe1 &amp; <b>a</b>",
		"Content-Type: text/plain\r\n\r\n\xc3\xa9 a\r\n",
		"Content-Type: message/rfc822\r\n\r\nSubject: =?utf-8?Q?a?="
		"\r\n\r\na\r\n",
	};
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	struct ouv_buf answer;

	ouv_attach_warm();
	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
		ouv_buf_init(&answer, arena, 0);
		parse(arena, pages[i], strlen(pages[i]), &answer, user);
	}
	ouv_arena_free(&arena);
}

/* ---- in the console
 * ---------------------------------------------------------- */

enum ouv_err
reader_begin(void)
{
	static const struct ouv_fence_job job = { warm, parse, NULL };
	static const struct ouv_fence_limits limits = {
		.raw_max = LIMIT_BYTES,
		.answer_max = 2 * OUV_ATTACH_TEXT,
		.wall_ms = LIMIT_WALL_MS,
		.cpu_secs = LIMIT_SECS,
		.memory = LIMIT_MEMORY,
		.mails = 1,
	};

	return ouv_fence_new(&job, &limits, &reader.fence);
}

enum ouv_err
reader_text(void *user, struct ouv_arena *arena, struct ouv_str bytes,
	struct ouv_str *text_out)
{
	const char *failure = "";
	enum ouv_err err;

	(void)user;
	if (!turn_take(&reader.lock, LIMIT_WAIT_MS))
		return OUV_TEMPORARY;
	err = ouv_fence_parse(
		reader.fence, bytes.p, bytes.len, arena, text_out, &failure);
	(void)pthread_mutex_unlock(&reader.lock);
	if (err == OUV_INVALID)
		ouv_log_warn(
			"an attachment's words cannot be read: %s", failure);
	return err;
}

void
reader_end(void)
{
	ouv_fence_free(&reader.fence);
}
