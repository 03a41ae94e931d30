/*
 * unzip_test.c - an archive that goes by: whole, altered, cut, and one that
 * says two things
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "ouv/zip.h"

/* What was told: "a.txt:" its bytes "." when it was whole. */
struct told {
	struct ouv_buf text;
};

static void
take(void *user, enum ouv_unzip_step step, const char *name, const void *bytes,
	size_t len)
{
	struct told *told = user;

	if (step == OUV_UNZIP_FILE)
		ouv_buf_printf(&told->text, "%s:", name);
	else if (step == OUV_UNZIP_BYTES)
		ouv_buf_add(&told->text, bytes, len);
	else
		ouv_buf_char(&told->text, '.');
}

static struct ouv_str
archive(struct ouv_arena *arena, size_t large)
{
	struct ouv_zip *zip = ouv_zip_new(arena);
	struct ouv_buf out;
	struct ouv_str bit;
	char *noise = ouv_arena_raw(arena, large + 1);
	uint32_t n = 7;

	for (size_t i = 0; i < large; i++)
		noise[i] =
			(char)('a' + ((n = n * 1103515245 + 12345) >> 24) % 26);
	ouv_buf_init(&out, arena, 0);
	assert_int_equal(ouv_zip_file(zip, "a.txt", 1700000000), OUV_OK);
	assert_int_equal(ouv_zip_bytes(zip, "hello", 5), OUV_OK);
	assert_int_equal(ouv_zip_file(zip, "b/empty", 1700000000), OUV_OK);
	assert_int_equal(ouv_zip_file(zip, "c", 1700000000), OUV_OK);
	assert_int_equal(ouv_zip_bytes(zip, noise, large), OUV_OK);
	assert_int_equal(ouv_zip_end(zip), OUV_OK);
	bit = ouv_zip_take(zip);
	ouv_buf_add(&out, bit.p, bit.len);
	return (struct ouv_str){ out.data, out.len };
}

/* NULL: it holds; else what is wrong.  In pieces of so many bytes. */
static const char *
look(struct ouv_arena *arena, struct ouv_str bytes, size_t piece,
	struct told *told)
{
	struct ouv_unzip *unzip;
	const char *wrong;

	ouv_buf_init(&told->text, arena, 0);
	unzip = ouv_unzip_new(arena, take, told);
	for (size_t at = 0; at < bytes.len; at += piece)
		if (ouv_unzip_add(unzip, bytes.p + at,
			    bytes.len - at < piece ? bytes.len - at : piece) !=
			OUV_OK)
			break;
	if (ouv_unzip_end(unzip) == OUV_OK)
		return NULL;
	wrong = ouv_unzip_wrong(unzip);
	assert_non_null(wrong);
	return wrong;
}

static void
what_was_packed_comes_out_whatever_the_pieces(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	struct ouv_str bytes = archive(arena, 300000);
	static const size_t pieces[] = { 1, 2, 3, 7, 64, 65536, 10000000 };
	struct told told;

	(void)state;
	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		assert_null(look(arena, bytes, pieces[i], &told));
		assert_int_equal(told.text.len,
			strlen("a.txt:hello.b/empty:.c:.") + 300000);
		assert_memory_equal(told.text.data, "a.txt:hello.b/empty:.c:",
			strlen("a.txt:hello.b/empty:.c:"));
	}
	ouv_arena_free(&arena);
}

static void
turn(struct ouv_str bytes, size_t i, int bit)
{
	char *p = (char *)(uintptr_t)bytes.p;

	p[i] = (char)(p[i] ^ 1 << bit);
}

/* Wherever one bit turns that any reader looks at, it is told; dates, and the
 * rights of a file, are nobody's business here. */
static void
no_turned_bit_gives_other_bytes(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	struct ouv_str bytes = archive(arena, 60);
	struct told good, told;
	int refused = 0;

	(void)state;
	assert_null(look(arena, bytes, bytes.len, &good));
	for (size_t i = 0; i < bytes.len; i++)
		for (int bit = 0; bit < 8; bit++) {
			turn(bytes, i, bit);
			if (look(arena, bytes, bytes.len, &told) != NULL) {
				refused++;
			} else {
				assert_int_equal(told.text.len, good.text.len);
				assert_memory_equal(told.text.data,
					good.text.data, good.text.len);
			}
			turn(bytes, i, bit);
		}
	assert_true(refused > (int)bytes.len * 4);
	ouv_arena_free(&arena);
}

static void
one_that_was_cut_is_not_whole(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	struct ouv_str bytes = archive(arena, 60);
	struct told told;

	(void)state;
	for (size_t len = 0; len < bytes.len; len++)
		assert_non_null(look(arena, (struct ouv_str){ bytes.p, len },
			bytes.len, &told));
	ouv_arena_free(&arena);
}

/* The directory at the end leads other programs: it may not lead them
 * elsewhere. */
static void
nothing_may_stand_between_before_or_behind(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	struct ouv_str bytes = archive(arena, 60);
	char *directory = memmem(bytes.p, bytes.len, "PK\1\2", 4);
	size_t at = (size_t)(directory - bytes.p);
	struct ouv_buf out;
	struct told told;

	(void)state;
	ouv_buf_init(&out, arena, 0);
	ouv_buf_add(&out, bytes.p, bytes.len);
	ouv_buf_text(&out, "x");
	assert_string_equal(
		look(arena, (struct ouv_str){ out.data, out.len }, 64, &told),
		"something stands behind its end");
	out.len = 0;
	ouv_buf_add(&out, bytes.p, at);
	ouv_buf_text(&out, "hidden");
	ouv_buf_add(&out, bytes.p + at, bytes.len - at);
	assert_string_equal(
		look(arena, (struct ouv_str){ out.data, out.len }, 64, &told),
		"something stands between its files");
	out.len = 0;
	ouv_buf_text(&out, "MZ");
	ouv_buf_add(&out, bytes.p, bytes.len);
	assert_string_equal(
		look(arena, (struct ouv_str){ out.data, out.len }, 64, &told),
		"it is no ZIP archive");
	assert_string_equal(
		look(arena, (struct ouv_str){ out.data, 0 }, 64, &told),
		"it is no ZIP archive");
	ouv_arena_free(&arena);
}

static void
a_directory_that_names_other_files_is_refused(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	struct ouv_str bytes = archive(arena, 60);
	char *directory = memmem(bytes.p, bytes.len, "PK\1\2", 4);
	struct told told;

	(void)state;
	assert_memory_equal(directory + 46, "a.txt", 5);
	directory[46] = 'z';
	assert_string_equal(look(arena, bytes, 64, &told),
		"the directory at its end says something else");
	ouv_arena_free(&arena);
}

static void
names_are_plain(void **state)
{
	static const char *const bad[] = { "../a.t", "/a.txt", "a\\b.t",
		"a\1b.t", "a..tx" };
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	struct ouv_str bytes = archive(arena, 60);
	struct told told;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		memcpy((char *)(uintptr_t)bytes.p + 30, bad[i], 5);
		assert_string_equal(look(arena, bytes, 64, &told),
			"a file has a name that is no plain one");
	}
	ouv_arena_free(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_packed_comes_out_whatever_the_pieces),
		cmocka_unit_test(no_turned_bit_gives_other_bytes),
		cmocka_unit_test(one_that_was_cut_is_not_whole),
		cmocka_unit_test(nothing_may_stand_between_before_or_behind),
		cmocka_unit_test(a_directory_that_names_other_files_is_refused),
		cmocka_unit_test(names_are_plain),
	};

	return cmocka_run_group_tests_name("unzip", tests, NULL, NULL);
}
