/*
 * multipart_test.c - forms with files: one meaning however they are cut, or
 * refused
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "ouv/buf.h"

#include "../../server/multipart.c" /* NOLINT(bugprone-suspicious-include) */
#include "../../server/utf8.c"      /* NOLINT(bugprone-suspicious-include) */

#define B "x-BOUND"
#define HEAD(name) \
	"--" B "\r\nContent-Disposition: form-data; name=\"" name "\""
#define FIELD(name, value) HEAD(name) "\r\n\r\n" value "\r\n"
#define FILE_(name, file, type, value)                          \
	HEAD(name)                                              \
	"; filename=\"" file "\"\r\nContent-Type: " type "\r\n" \
	"\r\n" value "\r\n"
#define END "--" B "--\r\n"

static int
setup(void **state)
{
	*state = ouv_arena_new(OUV_ARENA_WIPE);
	return 0;
}

static int
teardown(void **state)
{
	struct ouv_arena *arena = *state;

	ouv_arena_free(&arena);
	return 0;
}

/* What came out, as text: name[filename|type]=bytes; ... */
struct heard {
	struct ouv_buf buf;
	enum ouv_err refuse; /* what the sink says of the first file */
};

static enum ouv_err
heard_begin(void *user, const struct multipart_part *part)
{
	struct heard *h = user;

	ouv_buf_text(&h->buf, part->name);
	if (part->filename != NULL)
		ouv_buf_printf(&h->buf, "[%s|%s]", part->filename,
			part->type != NULL ? part->type : "-");
	ouv_buf_char(&h->buf, '=');
	return part->filename != NULL ? h->refuse : OUV_OK;
}

static enum ouv_err
heard_data(void *user, const char *data, size_t len)
{
	struct heard *h = user;

	assert_true(len > 0);
	ouv_buf_add(&h->buf, data, len);
	return OUV_OK;
}

static enum ouv_err
heard_end(void *user)
{
	struct heard *h = user;

	ouv_buf_text(&h->buf, ";");
	return OUV_OK;
}

/* In pieces of so many bytes. */
static enum ouv_err
hear(struct ouv_arena *arena, const char *text, size_t len, size_t piece,
	struct heard *h)
{
	const struct multipart_sink sink = { heard_begin, heard_data, heard_end,
		h };
	struct multipart *m = multipart_new(arena, B, &sink);
	enum ouv_err err = OUV_OK;

	ouv_buf_init(&h->buf, arena, 64);
	for (size_t at = 0; err == OUV_OK && at < len; at += piece)
		err = multipart_add(
			m, text + at, len - at < piece ? len - at : piece);
	return err != OUV_OK ? err : multipart_end(m);
}

/* clang-format off */
static const struct {
	const char *text, *heard;
} accepted[] = {
	{ FIELD("a", "1") END, "a=1;" },
	{ FIELD("a", "1") "--" B "--", "a=1;" },
	{ FIELD("a", "") END, "a=;" },
	{ FIELD("a", "1") FIELD("b", "2\r\n3") END, "a=1;b=2\r\n3;" },
	{ FILE_("f", "a.pdf", "application/pdf", "%PDF") END, "f[a.pdf|application/pdf]=%PDF;" },
	{ FILE_("f", "", "application/octet-stream", "") END, "f[|application/octet-stream]=;" },
	{ HEAD("f") "; filename=\"a\"\r\n\r\nx\r\n" END, "f[a|-]=x;" },
	{ FILE_("f", "a%22b%0D%0Ac%41.txt", "text/plain", "x") END, "f[a\"b\r\nc%41.txt|text/plain]=x;" },
	{ FILE_("f", "\xc3\xa9.png", "image/png", "x") END, "f[\xc3\xa9.png|image/png]=x;" },
	/* what begins as a boundary and is none */
	{ FIELD("a", "\r") END, "a=\r;" },
	{ FIELD("a", "\r\r\n") END, "a=\r\r\n;" },
	{ FIELD("a", "\r\n") END, "a=\r\n;" },
	{ FIELD("a", "\r\n--") END, "a=\r\n--;" },
	{ FIELD("a", "\r\n--x-BOUN\r\n--x-BOUNc") END, "a=\r\n--x-BOUN\r\n--x-BOUNc;" },
	{ FIELD("a", "--" B) END, "a=--" B ";" },
	{ FIELD("a", "\n--" B "\n") END, "a=\n--" B "\n;" },
	{ "--" B "\r\ncontent-disposition: form-data; name=\"a\"\r\n\r\n1\r\n" END, "a=1;" },
	{ "--" B "\r\nContent-Type: image/png\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a\"\r\n\r\n1\r\n" END, "f[a|image/png]=1;" },
	{ "--" B "--\r\n", "" },
};

static const char *const refused[] = {
	"",
	"--" B,
	"--" B "\r\n",
	"\r\n" FIELD("a", "1") END,                  /* something before */
	"preamble\r\n" FIELD("a", "1") END,
	"-- " B "\r\n",
	FIELD("a", "1"),                             /* cut: no end */
	FIELD("a", "1") "--" B "-",
	FIELD("a", "1") "--" B "--\r",
	FIELD("a", "1") END "x",                     /* something behind */
	FIELD("a", "1") END "\r\n",
	FIELD("a", "1") "--" B "x\r\n",
	FIELD("a", "1") "--" B " \r\n",              /* RFC 2046 allows, no browser writes */
	FIELD("", "1") END,
	"--" B "\r\n\r\n1\r\n" END,                  /* no header */
	"--" B "\r\nContent-Type: text/plain\r\n\r\n1\r\n" END,
	HEAD("a") "; x=\"1\"\r\n\r\n1\r\n" END,
	HEAD("a") "; filename*=UTF-8''b\r\n\r\n1\r\n" END,
	HEAD("a") "; filename=\"b\"; filename=\"c\"\r\n\r\n1\r\n" END,
	HEAD("a") ";filename=\"b\"\r\n\r\n1\r\n" END,
	HEAD("a") "; filename=b\r\n\r\n1\r\n" END,
	HEAD("a") "; filename=\"b\r\n\r\n1\r\n" END,
	HEAD("a\xff") "\r\n\r\n1\r\n" END,           /* not UTF-8 */
	HEAD("a") "\r\nX-Other: 1\r\n\r\n1\r\n" END,
	HEAD("a") "\r\nContent-Transfer-Encoding: base64\r\n\r\n1\r\n" END,
	HEAD("a") "\r\n folded: 1\r\n\r\n1\r\n" END,
	HEAD("a") "\n\r\n\r\n1\r\n" END,
	HEAD("a") "\r\nContent-Type: \r\n\r\n1\r\n" END,
	HEAD("a") "\r\nContent-Type: a\tb\r\n\r\n1\r\n" END,
	HEAD("a") "\r\nContent-Disposition: form-data; name=\"b\"\r\n\r\n1\r\n" END,
	"--" B "\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\n1\r\n" END,
	"--" B "\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n" END,
	"--" B "\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n" END,
	"--y" "\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--y--\r\n",
};

static const struct {
	const char *type, *boundary; /* NULL: refused */
} types[] = {
	{ "multipart/form-data; boundary=abc", "abc" },
	{ "multipart/form-data;boundary=abc", "abc" },
	{ "Multipart/Form-Data; Boundary=\"a b\"", NULL },
	{ "multipart/form-data; boundary=\"a:b\"", "a:b" },
	{ "multipart/form-data; boundary=----WebKitFormBoundary7MA4YWxkTrZu0gW", "----WebKitFormBoundary7MA4YWxkTrZu0gW" },
	{ "multipart/form-data; boundary=---------------------------9051914041544843365972754266", "---------------------------9051914041544843365972754266" },
	{ "multipart/form-data", NULL },
	{ "multipart/form-data;", NULL },
	{ "multipart/form-data; boundary=", NULL },
	{ "multipart/form-data; boundary=\"\"", NULL },
	{ "multipart/form-data; boundary=a b", NULL },
	{ "multipart/form-data; boundary=a; boundary=b", NULL },
	{ "multipart/form-data; charset=utf-8; boundary=a", NULL },
	{ "multipart/form-data; boundary=a\"", NULL },
	{ "multipart/form-data; boundary=\"a", NULL },
	{ "multipart/mixed; boundary=a", NULL },
	{ "multipart/form-datax; boundary=a", NULL },
	{ "multipart/form-data; boundary=12345678901234567890123456789012345678901234567890123456789012345678901", NULL },
	{ NULL, NULL },
};
/* clang-format on */

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static void
what_a_browser_writes_is_read_the_same_however_it_is_cut(void **state)
{
	struct ouv_arena *arena = *state;

	for (size_t i = 0; i < COUNT(accepted); i++) {
		const char *text = accepted[i].text;

		for (size_t piece = 1; piece <= strlen(text) + 1; piece++) {
			struct heard h = { .refuse = OUV_OK };

			if (hear(arena, text, strlen(text), piece, &h) !=
					OUV_OK ||
				strcmp(h.buf.data, accepted[i].heard) != 0)
				fail_msg("%zu, by %zu: %s", i, piece,
					h.buf.data);
		}
	}
}

static void
what_no_browser_writes_is_refused_however_it_is_cut(void **state)
{
	struct ouv_arena *arena = *state;

	for (size_t i = 0; i < COUNT(refused); i++)
		for (size_t piece = 1; piece <= strlen(refused[i]) + 1;
			piece++) {
			struct heard h = { .refuse = OUV_OK };

			if (hear(arena, refused[i], strlen(refused[i]), piece,
				    &h) != OUV_INVALID)
				fail_msg("%zu, by %zu: taken as %s", i, piece,
					h.buf.data);
		}
}

static void
a_zero_in_a_header_is_refused_and_in_a_file_is_kept(void **state)
{
	static const char head[] = HEAD("a\0b") "\r\n\r\n1\r\n" END;
	static const char body[] =
		FILE_("f", "a", "image/png", "\0\r\0\n\0") END;
	struct heard h = { .refuse = OUV_OK };

	assert_int_equal(
		hear(*state, head, sizeof(head) - 1, 7, &h), OUV_INVALID);
	assert_int_equal(hear(*state, body, sizeof(body) - 1, 1, &h), OUV_OK);
	assert_memory_equal(
		h.buf.data, "f[a|image/png]=\0\r\0\n\0;", h.buf.len);
}

static void
every_cut_form_is_refused(void **state)
{
	static const char whole[] =
		FIELD("a", "1") FILE_("f", "a.png", "image/png", "\r\nx") END;

	/* The line's end behind the last boundary may be missing. */
	for (size_t len = 0; len < sizeof(whole) - 1; len++) {
		struct heard h = { .refuse = OUV_OK };
		enum ouv_err wanted =
			len == sizeof(whole) - 3 ? OUV_OK : OUV_INVALID;

		assert_int_equal(hear(*state, whole, len, 3, &h), wanted);
	}
}

static void
a_header_without_an_end_fills_no_memory(void **state)
{
	static char text[3 * MULTIPART_HEAD];
	struct heard h = { .refuse = OUV_OK };
	size_t used;

	memcpy(text, HEAD("a"), sizeof(HEAD("a")) - 1);
	memset(text + sizeof(HEAD("a")) - 1, 'x',
		sizeof(text) - sizeof(HEAD("a")) + 1);
	used = ouv_arena_used(*state);
	assert_int_equal(
		hear(*state, text, sizeof(text), 100, &h), OUV_INVALID);
	assert_true(ouv_arena_used(*state) - used < 4 * MULTIPART_HEAD);
}

static void
more_parts_than_any_form_has_are_refused(void **state)
{
	struct heard h = { .refuse = OUV_OK };
	struct ouv_buf text;

	ouv_buf_init(&text, *state, 1 << 16);
	for (int i = 0; i < MULTIPART_PARTS; i++)
		ouv_buf_text(&text, FIELD("a", "1"));
	ouv_buf_text(&text, FIELD("a", "1") END);
	assert_int_equal(
		hear(*state, text.data, text.len, 1000, &h), OUV_INVALID);
}

static void
what_its_reader_says_ends_it_and_is_passed_on(void **state)
{
	static const char text[] = FIELD("a", "1")
		FILE_("f", "a", "image/png", "x") FIELD("b", "2") END;
	struct heard h = { .refuse = OUV_TEMPORARY };

	assert_int_equal(
		hear(*state, text, sizeof(text) - 1, 5, &h), OUV_TEMPORARY);
	assert_string_equal(h.buf.data, "a=1;f[a|image/png]=");
}

static void
a_boundary_is_one_of_a_browser_or_none(void **state)
{
	for (size_t i = 0; i < COUNT(types); i++) {
		const char *boundary = NULL;
		enum ouv_err err =
			multipart_boundary(*state, types[i].type, &boundary);

		if (types[i].boundary == NULL) {
			if (err != OUV_INVALID)
				fail_msg("%s: taken", types[i].type);
			continue;
		}
		assert_int_equal(err, OUV_OK);
		assert_string_equal(boundary, types[i].boundary);
	}
}

#define ROW(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ROW(what_a_browser_writes_is_read_the_same_however_it_is_cut),
		ROW(what_no_browser_writes_is_refused_however_it_is_cut),
		ROW(a_zero_in_a_header_is_refused_and_in_a_file_is_kept),
		ROW(every_cut_form_is_refused),
		ROW(a_header_without_an_end_fills_no_memory),
		ROW(more_parts_than_any_form_has_are_refused),
		ROW(what_its_reader_says_ends_it_and_is_passed_on),
		ROW(a_boundary_is_one_of_a_browser_or_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
