/*
 * reader.c - the words of attachments, read behind a fence
 *
 * PDFs, archives and web pages of strangers are taken apart in a child that
 * can reach nothing (ouv/fence.h).  Each attachment has a child of its own, so
 * one that takes it over sees no other's.  One is read at a time; whoever comes
 * meanwhile waits a moment only, for their page waits with them.
 *
 * What a file is that somebody brings is found out behind a fence of its own,
 * so that neither waits for the other.
 */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "ouv/attach.h"
#include "ouv/fence.h"
#include "ouv/log.h"
#include "ouv/mail.h"

#include "ouv/number.h"
#include "reader.h"
#include "turn.h"

#define TYPE_MOST 100
#define LIMIT_BYTES ((size_t)24 << 20)
#define LIMIT_MEMORY ((size_t)768 << 20)
#define LIMIT_SECS 2
/* Together the three seconds that ouv/search.h promises. */
#define LIMIT_WALL_MS 2700
#define LIMIT_WAIT_MS 300

/* Of files that are brought: as large as the largest setting. */
#define LOOK_BYTES ((size_t)28 << 20)
#define LOOK_SECS 4
#define LOOK_WALL_MS 6000
#define LOOK_WAIT_MS 12000
#define LOOK_ANSWER 256

static struct behind {
	pthread_mutex_t lock; /* held for one attachment */
	struct ouv_fence *fence;
} reader = { .lock = PTHREAD_MUTEX_INITIALIZER },
  looker = { .lock = PTHREAD_MUTEX_INITIALIZER };

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

/* "image/png 1 0 1 0": type or -, pages, locked, damaged, bomb. */
static void
look(struct ouv_arena *arena, const void *raw, size_t len,
	struct ouv_buf *answer, void *user)
{
	struct ouv_look is;

	(void)arena;
	(void)user;
	ouv_attach_look(raw, len, &is);
	ouv_buf_printf(answer, "%s %d %d %d %d",
		is.type != NULL ? is.type : "-", is.pages, is.locked,
		is.damaged, is.bomb);
}

/* ---- in the console
 * ---------------------------------------------------------- */

static enum ouv_err
looker_begin(void)
{
	static const struct ouv_fence_job job = { warm, look, NULL };
	static const struct ouv_fence_limits limits = {
		.raw_max = LOOK_BYTES,
		.answer_max = LOOK_ANSWER,
		.wall_ms = LOOK_WALL_MS,
		.cpu_secs = LOOK_SECS,
		.memory = LIMIT_MEMORY,
		.mails = 1,
	};

	return ouv_fence_new(&job, &limits, &looker.fence);
}

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

	enum ouv_err err = looker_begin();

	return err != OUV_OK ? err
			     : ouv_fence_new(&job, &limits, &reader.fence);
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

/* ---- what a file is --------------------------------------------------------
 */

/* The child's word is no more to be believed than the file. */
static bool
read_answer(struct ouv_str answer, struct ouv_look *is)
{
	const char *at = answer.p, *space = strchr(at, ' ');
	size_t len = space != NULL ? (size_t)(space - at) : TYPE_MOST;
	int pages, locked, damaged, bomb;
	char type[TYPE_MOST];

	if (answer.len >= LOOK_ANSWER || len >= sizeof(type))
		return false;
	memcpy(type, at, len);
	type[len] = '\0';
	at += len;
	if (!ouv_passed(&at, ' ') || !ouv_number(&at, 0, 9999999, &pages) ||
		!ouv_passed(&at, ' ') || !ouv_number(&at, 0, 1, &locked) ||
		!ouv_passed(&at, ' ') || !ouv_number(&at, 0, 1, &damaged) ||
		!ouv_passed(&at, ' ') || !ouv_number(&at, 0, 1, &bomb) ||
		at != answer.p + answer.len)
		return false;
	*is = (struct ouv_look){ .type = ouv_look_type(type),
		.pages = pages,
		.locked = locked == 1,
		.damaged = damaged == 1,
		.bomb = bomb == 1 };
	return is->type != NULL || strcmp(type, "-") == 0;
}

/* The bytes into the fence's window, and its child's answer. */
static enum ouv_err
look_behind(struct ouv_arena *arena, const struct ouv_upload_feed *feed,
	struct ouv_str *answer_out, const char **failure_out)
{
	struct ouv_str piece = { NULL, 0 };
	size_t len = 0;
	enum ouv_err err = ouv_fence_begin(looker.fence);

	while (err == OUV_OK) {
		err = feed->more(feed->user, &piece);
		if (err != OUV_OK || piece.len == 0)
			break;
		err = ouv_fence_put(looker.fence, len, piece.p, piece.len);
		len += piece.len;
	}
	if (err == OUV_OK)
		err = ouv_fence_parse(looker.fence, NULL, len, arena,
			answer_out, failure_out);
	else if (ouv_fence_begin(looker.fence) != OUV_OK)
		ouv_log_warn("the fence's window is not empty"); /* as now */
	return err;
}

static enum ouv_upload_why
judge(const struct ouv_look *is, enum ouv_upload_taker taker, const char *name,
	const char *declared)
{
	switch (ouv_look_fits(
		is->type, taker == OUV_UPLOAD_PARTY, name, declared)) {
	case OUV_LOOK_NOT_TAKEN:
		return OUV_UPLOAD_KIND;
	case OUV_LOOK_LIES:
		return OUV_UPLOAD_LIES;
	default:
		return is->bomb ? OUV_UPLOAD_BOMB : OUV_UPLOAD_FINE;
	}
}

static void
tell(const struct ouv_look *is, struct ouv_upload *found)
{
	found->type = is->type;
	found->pages = is->pages;
	if (is->locked)
		found->marks |= OUV_UPLOAD_BIT(OUV_UPLOAD_LOCKED);
	if (is->damaged)
		found->marks |= OUV_UPLOAD_BIT(OUV_UPLOAD_DAMAGED);
	if (is->pages > OUV_ATTACH_PAGES)
		found->marks |= OUV_UPLOAD_BIT(OUV_UPLOAD_LONG);
}

enum ouv_err
reader_look(void *user, const struct ouv_upload_feed *feed,
	enum ouv_upload_taker taker, const char *name, const char *declared,
	struct ouv_upload *found, enum ouv_upload_why *why_out)
{
	struct ouv_arena *arena;
	struct ouv_str answer;
	struct ouv_look is;
	const char *failure = "";
	enum ouv_err err;

	(void)user;
	*why_out = OUV_UPLOAD_BUSY;
	if (!turn_take(&looker.lock, LOOK_WAIT_MS))
		return OUV_REFUSED;
	arena = ouv_arena_new(OUV_ARENA_WIPE);
	err = look_behind(arena, feed, &answer, &failure);
	(void)pthread_mutex_unlock(&looker.lock);
	if (err == OUV_INVALID)
		ouv_log_warn("a file cannot be looked at: %s", failure);
	*why_out = OUV_UPLOAD_UNREADABLE;
	if (err == OUV_OK && !read_answer(answer, &is))
		err = OUV_INVALID;
	ouv_arena_free(&arena);
	if (err != OUV_OK)
		return err == OUV_INVALID ? OUV_REFUSED : err;
	*why_out = judge(&is, taker, name, declared);
	tell(&is, found);
	return *why_out == OUV_UPLOAD_FINE ? OUV_OK : OUV_REFUSED;
}

void
reader_end(void)
{
	ouv_fence_free(&looker.fence);
	ouv_fence_free(&reader.fence);
}
