/*
 * understand.c - parsing behind the fence, and filing what came of it
 */
#include <stdlib.h>
#include <string.h>
#include <unicode/ucnv.h>

#include "mailgw.h"
#include "prescan.h"
#include "ouv/log.h"

/* What the parser in the child knows; copied by fork. */
struct parser {
	struct ouv_mail_office office;
	bool pack;
};
static struct parser parser;

static void
add_json(struct ouv_buf *answer, const json_t *doc)
{
	char *text = json_dumps(doc, JSON_COMPACT);

	if (text != NULL)
		ouv_buf_text(answer, text);
	free(text);
}

static void
parse(struct ouv_arena *arena, const void *raw, size_t len,
	struct ouv_buf *answer, void *user)
{
	struct ouv_mail mail;
	json_t *doc;

	(void)user;
	ouv_mail_read(arena, raw, len, &parser.office, &mail);
	if (parser.pack) {
		ouv_mail_pack(&mail, answer);
		return;
	}
	doc = ouv_mail_to_json(&mail);
	add_json(answer, doc);
	json_decref(doc);
}

/* What mails ask for again and again; a child that inherits it ready need not
 * find, load and bind it anew. */
static const char *const charsets[] = { "us-ascii", "utf-8", "utf-7", "utf-16",
	"utf-16le", "utf-32", "iso-8859-1", "iso-8859-2", "iso-8859-3",
	"iso-8859-5", "iso-8859-7", "iso-8859-8", "iso-8859-9", "iso-8859-15",
	"windows-1250", "windows-1251", "windows-1252", "windows-1253",
	"windows-1254", "windows-1255", "windows-1256", "windows-1257",
	"koi8-r", "koi8-u", "ibm850", "macintosh", "gb2312", "gbk", "gb18030",
	"hz-gb-2312", "big5", "shift_jis", "euc-jp", "iso-2022-jp", "euc-kr",
	"ks_c_5601-1987", "iso-2022-kr", "tis-620", "x-unknown" };

/* clang-format off */
static const char letter[] =
	"Return-Path: <a@example.org>\r\n"
	"Received: from a by b; Mon, 2 Feb 2026 10:00:00 +0000\r\n"
	"From: =?iso-2022-jp?B?GyRCJWEbKEI=?= <a@example.org>\r\n"
	"To: \"B\" <b@example.org>, c@example.org (C)\r\n"
	"Subject: =?gb18030?Q?=B2=E2?= =?utf-8?B?w6fDo28=?=\r\n"
	"Date: Mon, 2 Feb 2026 10:00:00 -0300 (BRT)\r\n"
	"Message-ID: <1@example.org>\r\nReferences: <2@example.org>\r\n"
	"MIME-Version: 1.0\r\n"
	"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
	"--b\r\nContent-Type: multipart/alternative; boundary=c\r\n\r\n"
	"--c\r\nContent-Type: text/plain; charset=utf-8; format=flowed\r\n"
	"Content-Transfer-Encoding: quoted-printable\r\n\r\n"
	"Ol=C3=A1, quero reclamar.\r\n-- \r\nAna\r\n\r\n"
	"Em 2/2, a loja escreveu:\r\n> Bom dia\r\n"
	"--c\r\nContent-Type: text/html; charset=koi8-r\r\n\r\n"
	"<p>\xd4<b>a</b> &amp; <a href=\"http://example.org\">c</a>"
	"<table><tr><td>d</table><blockquote>e</blockquote>\r\n"
	"--c--\r\n"
	"--b\r\nContent-Type: application/pdf\r\n"
	"Content-Disposition: attachment; filename*=utf-8''%c3%a1.pdf\r\n"
	"Content-Transfer-Encoding: base64\r\n\r\nJVBERi0xLjQK\r\n"
	"--b--\r\n";
/* clang-format on */

/* Opens every table a mail may ask for, while files may still be opened. */
static void
warm(void *user)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	struct ouv_buf answer, mail;

	for (size_t i = 0; i < sizeof(charsets) / sizeof(charsets[0]); i++) {
		ouv_arena_reset(arena);
		ouv_buf_init(&answer, arena, 0);
		ouv_buf_init(&mail, arena, 0);
		ouv_buf_printf(&mail,
			"Content-Type: text/plain; charset=%s\r\n"
			"\r\n+AOk- \xe9\xe1\r\n",
			charsets[i]);
		parse(arena, mail.data, mail.len, &answer, user);
	}
	ouv_arena_reset(arena);
	ouv_buf_init(&answer, arena, 0);
	parse(arena, letter, sizeof(letter) - 1, &answer, user);
	ouv_arena_free(&arena);
}

enum ouv_err
gw_fence(const struct ouv_config *config, bool pack,
	struct ouv_fence **fence_out)
{
	static const struct ouv_fence_job job = { warm, parse, NULL };

	parser.pack = pack;
	if (config != NULL)
		ouv_desk_mail_office(config, &parser.office);
	return ouv_fence_new(&job, NULL, fence_out);
}

struct ouv_str
gw_failed_doc(struct ouv_arena *arena, struct ouv_str raw, const char *failure)
{
	const char *defects[] = { failure };
	struct ouv_mail mail = { .size = raw.len,
		.subject = "",
		.text = "",
		.reply_text = "",
		.lang = "und" };
	struct ouv_str out;
	json_t *doc;
	char *text;

	mail.defects.count = 1;
	mail.defects.list = defects;
	ouv_mail_sha256(raw.p, raw.len, mail.sha256);
	doc = ouv_mail_to_json(&mail);
	text = json_dumps(doc, JSON_COMPACT);
	out.len = text != NULL ? strlen(text) : 0;
	out.p = ouv_arena_strndup(arena, text, out.len);
	free(text);
	json_decref(doc);
	return out;
}

#define ATTEMPTS 3

/* OUV_CONFLICT: it failed and will be tried again later. */
static enum ouv_err
understand(struct ouv_desk *desk, struct ouv_fence *fence,
	struct ouv_arena *arena, struct ouv_filing *filing, bool final)
{
	const char *failure = NULL;
	enum ouv_err err;

	if (filing->failure != NULL)
		return OUV_OK;
	/* The same every time: no second attempt would change it. */
	filing->failure = prescan(filing->raw, filing->len);
	if (filing->failure != NULL)
		return OUV_OK;
	err = ouv_fence_parse(
		fence, filing->raw, filing->len, arena, &filing->doc, &failure);
	if (err == OUV_OK)
		return OUV_OK;
	if (err == OUV_TEMPORARY)
		return OUV_NOT_FOUND;
	if (!final && filing->attempts < ATTEMPTS) {
		if (ouv_desk_file_failed(desk, filing, failure) != OUV_OK)
			ouv_log_warn("a failed mail keeps its lease");
		return OUV_CONFLICT;
	}
	filing->failure = failure;
	filing->doc = (struct ouv_str){ NULL, 0 };
	return OUV_OK;
}

static enum ouv_err
file_single(struct ouv_desk *desk, struct ouv_filing *filing, bool final)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_WIPE);
	enum ouv_err err = ouv_desk_file(desk, arena, filing, 1);

	if (err == OUV_OK || err == OUV_TEMPORARY)
		return err;
	if (!final && filing->attempts < ATTEMPTS)
		return ouv_desk_file_failed(desk, filing, ouv_err_name(err));
	/* Whatever it is, a person will see it: bytes and reason. */
	filing->failure = "cannot-be-filed";
	filing->doc = (struct ouv_str){ NULL, 0 };
	return ouv_desk_file(desk, arena, filing, 1);
}

enum ouv_err
gw_understand(struct ouv_desk *desk, struct ouv_fence *fence,
	struct ouv_arena *arena, struct ouv_filing *filings, size_t count,
	bool final, size_t *ready_out)
{
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		struct ouv_filing ready;
		enum ouv_err err =
			understand(desk, fence, arena, &filings[i], final);

		if (err == OUV_NOT_FOUND)
			return err;
		if (err != OUV_OK)
			continue;
		ready = filings[i];
		filings[i] = filings[n];
		filings[n++] = ready;
	}
	*ready_out = n;
	return OUV_OK;
}

enum ouv_err
gw_file_ready(struct ouv_desk *desk, struct ouv_arena *arena,
	struct ouv_filing *filings, size_t count, bool final)
{
	enum ouv_err err;

	if (count == 0)
		return OUV_OK;
	err = ouv_desk_file(desk, arena, filings, count);
	if (err == OUV_OK || err == OUV_TEMPORARY)
		return err;
	ouv_log_warn("a batch of %zu was refused (%s): one by one", count,
		ouv_err_name(err));
	for (size_t i = 0; i < count; i++) {
		err = file_single(desk, &filings[i], final);
		if (err == OUV_TEMPORARY)
			return err;
		if (err != OUV_OK)
			ouv_log_error("a mail could not be filed: %s",
				ouv_err_name(err));
	}
	return OUV_OK;
}

enum ouv_err
gw_file_waiting(struct ouv_desk *desk, struct ouv_fence *fence, int batch)
{
	for (;;) {
		struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
			ouv_arena_new(OUV_ARENA_WIPE);
		struct ouv_filing *filings;
		enum ouv_err err;
		size_t count;

		err = ouv_desk_claim(desk, arena, batch, &filings, &count);
		if (err != OUV_OK || count == 0)
			return err;
		err = gw_understand(
			desk, fence, arena, filings, count, false, &count);
		if (err == OUV_OK)
			err = gw_file_ready(desk, arena, filings, count, false);
		if (err != OUV_OK)
			return err;
		ouv_log_info("filed waiting=%zu", count);
	}
}
