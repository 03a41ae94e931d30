/*
 * mail_pass_test.c - a letter with scans, written while it goes by
 *
 * The same bytes as when it is written whole, however its attachments are cut;
 * what is said of its parts on the way is what our reader finds afterwards, and
 * GMime takes the same files out.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <gmime/gmime.h>

#include "ouv/mail.h"

#define FILES 4

static int
load(void **state)
{
	(void)state;
	g_mime_init();
	return 0;
}

static int
unload(void **state)
{
	(void)state;
	g_mime_shutdown();
	return 0;
}

/* Bytes of every value, no two files alike. */
static void
fill(unsigned char *bytes, size_t len, unsigned seed)
{
	for (size_t i = 0; i < len; i++) {
		seed = seed * 1103515245U + 12345U;
		bytes[i] = (unsigned char)(seed >> 16);
	}
}

static const size_t lengths[FILES] = { 57 * 4000, 1, 100003, 56 };
static const char *const names[FILES] = { "page 1.png",
	"p\xc3\xa1gina \xe2\x80\x9c"
	"2\xe2\x80\x9d; \"3\".pdf",
	"a very long name of a scan that goes over more than one line of a "
	"header, with an end.jpeg",
	"x" };
static const char *const types[FILES] = { "image/png", "application/pdf",
	"image/jpeg", "image/tiff" };

struct passing {
	struct ouv_buf out;
	unsigned char *data[FILES];
	size_t at[FILES], piece, most_held;
	enum ouv_err put_err, more_err;
};

static enum ouv_err
put(void *user, const void *data, size_t len)
{
	struct passing *p = user;

	ouv_buf_add(&p->out, data, len);
	if (p->most_held < len)
		p->most_held = len;
	return p->put_err;
}

static enum ouv_err
more(void *user, size_t part, struct ouv_str *piece_out)
{
	struct passing *p = user;
	size_t left = lengths[part] - p->at[part];
	size_t take = left < p->piece ? left : p->piece;

	*piece_out =
		(struct ouv_str){ (char *)p->data[part] + p->at[part], take };
	p->at[part] += take;
	return p->at[part] > 1000 ? p->more_err : OUV_OK;
}

static struct ouv_letter
letter_of(const struct ouv_letter_part *parts, size_t count)
{
	return (struct ouv_letter){ .from_name = "Jos\xc3\xa9 Silva",
		.from_addr = "no-address@ouvidoria.invalid",
		.to_addr = "ouvidoria@ouvidoria.example",
		.subject = "A carta de Jos\xc3\xa9",
		.message_id = "entered.0@ouvidoria.example",
		.date = 1760000000,
		.lang = "pt-BR",
		.text = "Ol\xc3\xa1,\n\nsegue a carta.\n",
		.channel = "letter",
		.part_count = count,
		.parts = parts };
}

static struct passing *
begin(struct ouv_arena *arena, struct ouv_letter_part parts[FILES],
	size_t piece)
{
	struct passing *p = ouv_arena_alloc(arena, sizeof(*p));

	p->piece = piece;
	ouv_buf_init(&p->out, arena, 1 << 20);
	for (size_t i = 0; i < FILES; i++) {
		p->data[i] = ouv_arena_alloc(arena, lengths[i]);
		fill(p->data[i], lengths[i], (unsigned)i + 1);
		parts[i] = (struct ouv_letter_part){ names[i], types[i],
			p->data[i], lengths[i] };
	}
	return p;
}

static enum ouv_err
pass(struct ouv_arena *arena, struct passing *p,
	const struct ouv_letter *letter, struct ouv_mail_part *parts,
	size_t *size, char sha256[65])
{
	const struct ouv_letter_sink sink = { put, more, p };

	return ouv_letter_pass(arena, letter, &sink, parts, size, sha256);
}

static void
it_is_the_same_letter_however_its_files_are_cut(void **state)
{
	static const size_t pieces[] = { 1, 56, 57, 58, 4096, 1 << 20 };

	(void)state;
	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_WIPE);
		struct ouv_letter_part parts[FILES];
		struct ouv_mail_part found[FILES];
		struct passing *p = begin(arena, parts, pieces[i]);
		const struct ouv_letter letter = letter_of(parts, FILES);
		struct ouv_str whole;
		char sha256[65], own[65];
		size_t size;

		assert_int_equal(
			ouv_letter_write(arena, &letter, &whole), OUV_OK);
		assert_int_equal(
			pass(arena, p, &letter, found, &size, sha256), OUV_OK);
		assert_int_equal(p->out.len, whole.len);
		assert_memory_equal(p->out.data, whole.p, whole.len);
		assert_int_equal(size, whole.len);
		ouv_mail_sha256(whole.p, whole.len, own);
		assert_string_equal(sha256, own);
		/* No more than a piece and its text lines at a time. */
		if (pieces[i] < lengths[0])
			assert_true(p->most_held < 4096 + pieces[i] * 3 / 2);
		ouv_arena_free(&arena);
	}
}

static void
what_is_said_of_its_files_is_what_our_reader_finds(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_WIPE);
	const struct ouv_mail_office office = { 0 };
	struct ouv_letter_part parts[FILES];
	struct ouv_mail_part found[FILES];
	struct passing *p = begin(arena, parts, 1000);
	const struct ouv_letter letter = letter_of(parts, FILES);
	struct ouv_mail mail;
	char sha256[65];
	size_t size;

	(void)state;
	assert_int_equal(pass(arena, p, &letter, found, &size, sha256), OUV_OK);
	ouv_mail_read(arena, p->out.data, p->out.len, &office, &mail);
	assert_true(mail.ok);
	assert_int_equal(mail.defects.count, 0);
	assert_string_equal(mail.subject, letter.subject);
	assert_string_equal(mail.from.list[0].name, letter.from_name);
	assert_non_null(strstr(p->out.data, "X-Ouvidoria-Channel: letter\r\n"));
	assert_int_equal(mail.part_count, FILES);
	for (size_t i = 0; i < FILES; i++) {
		const struct ouv_mail_part *is = &mail.parts[i];
		struct ouv_str bytes;

		assert_string_equal(is->filename, names[i]);
		assert_string_equal(is->filename, found[i].filename);
		assert_string_equal(is->content_type, found[i].content_type);
		assert_int_equal(is->size, found[i].size);
		assert_string_equal(is->sha256, found[i].sha256);
		assert_int_equal(is->offset, found[i].offset);
		assert_int_equal(is->encoding, found[i].encoding);
		/* By either place the same bytes come out. */
		assert_int_equal(ouv_mail_part_bytes(arena, p->out.data,
					 p->out.len, &found[i], &bytes),
			OUV_OK);
		assert_int_equal(bytes.len, lengths[i]);
		assert_memory_equal(bytes.p, p->data[i], lengths[i]);
		assert_int_equal(is->length, found[i].length);
	}
	ouv_arena_free(&arena);
}

struct taken {
	struct passing *p;
	size_t count;
};

static void
take_file(GMimeObject *parent, GMimeObject *object, gpointer user)
{
	struct taken *t = user;
	GMimeStream *stream;
	GByteArray *bytes;

	(void)parent;
	if (!GMIME_IS_PART(object) ||
		!g_mime_part_is_attachment(GMIME_PART(object)))
		return;
	assert_in_range(t->count, 0, FILES - 1);
	assert_string_equal(
		g_mime_part_get_filename(GMIME_PART(object)), names[t->count]);
	stream = g_mime_stream_mem_new();
	g_mime_data_wrapper_write_to_stream(
		g_mime_part_get_content(GMIME_PART(object)), stream);
	bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
	assert_int_equal(bytes->len, lengths[t->count]);
	assert_memory_equal(bytes->data, t->p->data[t->count], bytes->len);
	t->count++;
	g_object_unref(stream);
}

static void
another_program_takes_the_same_files_out(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_WIPE);
	struct ouv_letter_part parts[FILES];
	struct ouv_mail_part found[FILES];
	struct passing *p = begin(arena, parts, 777);
	const struct ouv_letter letter = letter_of(parts, FILES);
	struct taken taken = { p, 0 };
	GMimeStream *stream;
	GMimeParser *parser;
	GMimeMessage *message;
	char sha256[65];
	size_t size;

	(void)state;
	assert_int_equal(pass(arena, p, &letter, found, &size, sha256), OUV_OK);
	stream = g_mime_stream_mem_new_with_buffer(p->out.data, p->out.len);
	parser = g_mime_parser_new_with_stream(stream);
	message = g_mime_parser_construct_message(parser, NULL);
	assert_non_null(message);
	assert_string_equal(
		g_mime_message_get_subject(message), letter.subject);
	g_mime_message_foreach(message, take_file, &taken);
	assert_int_equal(taken.count, FILES);
	g_object_unref(message);
	g_object_unref(parser);
	g_object_unref(stream);
	ouv_arena_free(&arena);
}

static void
what_goes_wrong_on_the_way_is_passed_on(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_WIPE);
	struct ouv_letter_part parts[FILES];
	struct ouv_mail_part found[FILES];
	struct ouv_letter letter;
	struct passing *p = begin(arena, parts, 100);
	char sha256[65];
	size_t size;

	(void)state;
	letter = letter_of(parts, FILES);
	p->more_err = OUV_REFUSED;
	assert_int_equal(
		pass(arena, p, &letter, found, &size, sha256), OUV_REFUSED);
	p = begin(arena, parts, 100);
	p->put_err = OUV_TEMPORARY;
	assert_int_equal(
		pass(arena, p, &letter, found, &size, sha256), OUV_TEMPORARY);
	p = begin(arena, parts, 100);
	letter.channel = "two words";
	assert_int_equal(
		pass(arena, p, &letter, found, &size, sha256), OUV_INVALID);
	assert_int_equal(p->out.len, 0);
	ouv_arena_free(&arena);
}

static void
a_letter_without_files_is_the_same_too(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_WIPE);
	struct ouv_letter_part parts[FILES];
	struct passing *p = begin(arena, parts, 100);
	const struct ouv_letter letter = letter_of(NULL, 0);
	struct ouv_str whole;
	char sha256[65];
	size_t size;

	(void)state;
	assert_int_equal(ouv_letter_write(arena, &letter, &whole), OUV_OK);
	assert_int_equal(pass(arena, p, &letter, NULL, &size, sha256), OUV_OK);
	assert_int_equal(p->out.len, whole.len);
	assert_memory_equal(p->out.data, whole.p, whole.len);
	ouv_arena_free(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			it_is_the_same_letter_however_its_files_are_cut),
		cmocka_unit_test(
			what_is_said_of_its_files_is_what_our_reader_finds),
		cmocka_unit_test(another_program_takes_the_same_files_out),
		cmocka_unit_test(what_goes_wrong_on_the_way_is_passed_on),
		cmocka_unit_test(a_letter_without_files_is_the_same_too),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
