/*
 * base_test.c - arena, buffers, ids, clock, secret files
 */
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "ouv/number.h"
#include "ouv/buf.h"
#include "ouv/clock.h"
#include "ouv/config.h"
#include "ouv/id.h"

static void
arena_memory_is_zeroed_and_aligned(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);

	(void)state;
	for (size_t size = 0; size < 40000; size = size * 2 + 1) {
		unsigned char *p = ouv_arena_alloc(arena, size);

		assert_int_equal((uintptr_t)p % 16, 0);
		for (size_t i = 0; i < size; i++)
			assert_int_equal(p[i], 0);
		memset(p, 0xff, size);
	}
	ouv_arena_reset(arena);
	for (int i = 0; i < 100; i++) {
		unsigned char *p = ouv_arena_alloc(arena, 64);

		for (int k = 0; k < 64; k++)
			assert_int_equal(p[k], 0);
	}
	ouv_arena_free(&arena);
	assert_null(arena);
}

static char order[8];
static void
note(void *object)
{
	strncat(order, object, 1);
}

static void
deferred_calls_run_last_one_first(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);

	(void)state;
	ouv_arena_defer(arena, note, (char[]){ "a" });
	ouv_arena_defer(arena, note, (char[]){ "b" });
	ouv_arena_defer(arena, note, (char[]){ "c" });
	ouv_arena_free(&arena);
	assert_string_equal(order, "cba");
}

static void
a_buffer_keeps_what_was_added_however_it_grows(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_WIPE);
	struct ouv_buf buf;

	(void)state;
	ouv_buf_init(&buf, arena, 1);
	for (int i = 0; i < 1000; i++)
		ouv_buf_printf(&buf, "%04d,", i);
	assert_int_equal(buf.len, 5000);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(atoi(buf.data + 5 * (size_t)i), i);
	assert_int_equal(buf.data[buf.len], '\0');
	ouv_arena_free(&arena);
}

static void
ids_sort_by_time_and_survive_text(void **state)
{
	struct ouv_id before = ouv_id_new(), again, id;
	int64_t start = ouv_clock_mono_ms();
	char hex[OUV_ID_HEX];

	(void)state;
	while (ouv_clock_mono_ms() - start < 3)
		continue;
	id = ouv_id_new();
	assert_true(memcmp(before.b, id.b, 6) < 0);
	assert_int_equal(id.b[6] >> 4, 7);
	assert_int_equal(id.b[8] >> 6, 2);
	ouv_id_hex(&id, hex);
	assert_int_equal(ouv_id_parse(hex, &again), OUV_OK);
	assert_true(ouv_id_equal(&id, &again));
	hex[31] = 'g';
	assert_int_equal(ouv_id_parse(hex, &again), OUV_INVALID);
	hex[31] = '\0';
	assert_int_equal(ouv_id_parse(hex, &again), OUV_INVALID);
}

static void
times_are_written_as_the_rfcs_say(void **state)
{
	char rfc3339[21], rfc5322[32];

	(void)state;
	ouv_clock_rfc3339(1770026400, rfc3339);
	assert_string_equal(rfc3339, "2026-02-02T10:00:00Z");
	ouv_clock_rfc5322(1770026400, rfc5322);
	assert_string_equal(rfc5322, "Mon, 02 Feb 2026 10:00:00 +0000");
	ouv_clock_rfc5322(951782399, rfc5322); /* the last second before */
	assert_string_equal(rfc5322, "Mon, 28 Feb 2000 23:59:59 +0000");
}

/* ---- secret files -----------------------------------------------------------
 */

static void
write_file(const char *path, const char *text, mode_t mode)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fputs(text, file) >= 0, 1);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(path, mode), 0);
}

static void
a_secret_others_could_read_is_refused(void **state)
{
	/* clang-format off */
	static const struct { mode_t mode; enum ouv_err err; } cases[] = {
		{ 0600, OUV_OK },      { 0400, OUV_OK },
		{ 0640, OUV_REFUSED }, { 0604, OUV_REFUSED },
		{ 0700, OUV_REFUSED }, { 0660, OUV_REFUSED },
	};
	/* clang-format on */
	char path[] = "/tmp/ouv-secret-XXXXXX", out[64];
	int fd = mkstemp(path);
	size_t len;

	(void)state;
	assert_true(fd >= 0);
	(void)close(fd);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		(void)unlink(path);
		write_file(path, "open sesame\n", cases[i].mode);
		assert_int_equal(ouv_secret_read(path, out, sizeof(out), &len),
			cases[i].err);
	}
	(void)unlink(path);
	write_file(path, "open sesame\n", 0600);
	assert_int_equal(ouv_secret_read(path, out, sizeof(out), &len), OUV_OK);
	assert_int_equal(len, 11); /* the line feed is not part of it */
	assert_memory_equal(out, "open sesame", 11);
	assert_int_equal(ouv_secret_read(path, out, 5, &len), OUV_INVALID);
	(void)unlink(path);
	write_file(path, "", 0600);
	assert_int_equal(
		ouv_secret_read(path, out, sizeof(out), &len), OUV_INVALID);
	(void)unlink(path);
	assert_int_equal(
		ouv_secret_read(path, out, sizeof(out), &len), OUV_NOT_FOUND);
}

/* ---- configuration
 * -------------------------------------------------------------- */

static char said[4096];

static enum ouv_err
load(const char *text, struct ouv_arena *arena, struct ouv_config *config)
{
	char path[] = "/tmp/ouv-config-XXXXXX";
	FILE *complaints = fmemopen(said, sizeof(said), "w");
	int fd = mkstemp(path);
	enum ouv_err err;

	assert_true(fd >= 0);
	(void)close(fd);
	write_file(path, text, 0600);
	err = ouv_config_load(arena, path, complaints, config);
	(void)fclose(complaints);
	(void)unlink(path);
	return err;
}

static void
the_office_reads_its_file(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	struct ouv_config c;

	(void)state;
	assert_int_equal(
		load("; a comment\n[office]\nname = Ouvidoria Exemplo\n"
		     "address = fale@casa.example\n[imap]\nport = 143\n"
		     "security = none\n[keys]\nsvc_file = secrets/svc.key\n",
			arena, &c),
		OUV_OK);
	assert_string_equal(c.office_name, "Ouvidoria Exemplo");
	assert_string_equal(c.office_local, "fale");
	assert_string_equal(c.office_domain, "casa.example");
	assert_int_equal(c.imap_port, 143);
	assert_int_equal(c.smtp_port, 465); /* its default */
	assert_string_equal(c.keys_svc_file, "/tmp/secrets/svc.key");
	ouv_arena_free(&arena);
}

/* 2026-11-23 01:30 UTC is still the day before in Brazil, and 15:30 of the same
 * day on Kiritimati. */
static void
the_day_is_the_offices(void **state)
{
	static const struct {
		const char *zone;
		int64_t at;
		int32_t day;
	} cases[] = { { "America/Sao_Paulo", 1795397400, 20779 },
		{ "Etc/UTC", 1795397400, 20780 },
		{ "Pacific/Kiritimati", 1795397400, 20780 },
		{ "Pacific/Kiritimati", 1795347000, 20780 },
		{ "America/Sao_Paulo", 0, -1 }, { "Etc/UTC", -86400, -1 } };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
		struct ouv_config c;
		char text[80];

		(void)snprintf(text, sizeof(text), "[office]\ntime_zone = %s\n",
			cases[i].zone);
		assert_int_equal(load(text, arena, &c), OUV_OK);
		assert_int_equal(ouv_clock_day(cases[i].at), cases[i].day);
		ouv_arena_free(&arena);
	}
}

static void
a_mistake_names_its_line(void **state)
{
	/* clang-format off */
	static const struct { const char *text, *says; } cases[] = {
		{ "[office]\nname = A\nnam = B\n",            ":3: unknown key [office] nam" },
		{ "[office]\n\n\nlanguage = de\n",            ":4: [office] language = de" },
		{ "[imap]\nport = 70000\n",                   ":2: [imap] port = 70000" },
		{ "[imap]\nport = 12x\n",                     ":2: [imap] port = 12x" },
		{ "[imap]\nsecurity = ssl\n",                 ":2: [imap] security = ssl" },
		{ "[office]\naddress = nobody\n",             ":2: [office] address = nobody" },
		{ "[office]\naddress = a@b@c\n",              ":2: [office] address" },
		{ "[office]\nname =\n",                       ":2: [office] name" },
		{ "[keys]\nroot_public = 12\n",               ":2: [keys] root_public" },
		{ "[office]\nname = A\nname = B\n",           ":3: [office] name stands here twice" },
		{ "[office]\nthis is no pair\n",              ":2: not `key = value`" },
		{ "name = A\n",                               ":1: unknown key [] name" },
		{ "[office]\ntime_zone = Brasil/Sampa\n",     ":2: [office] time_zone = Brasil/Sampa" },
		{ "[office]\ntime_zone = ../localtime\n",     ":2: [office] time_zone" },
		{ "[smtp]\ndot_secs = 0\n",                   ":2: [smtp] dot_secs = 0" },
	};
	/* clang-format on */
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
		struct ouv_config c = { .office_name = "untouched" };

		assert_int_equal(load(cases[i].text, arena, &c), OUV_INVALID);
		if (strstr(said, cases[i].says) == NULL)
			fail_msg("case %zu said: %s", i, said);
		assert_string_equal(c.office_name, "untouched");
		ouv_arena_free(&arena);
	}
}

static void
a_line_too_long_is_said_not_cut(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	char text[600] = "[office]\nname = ";
	struct ouv_config c;

	(void)state;
	memset(text + strlen(text), 'x', 400);
	strcat(text, "\n[imap]\nport = 99\n");
	assert_int_equal(load(text, arena, &c), OUV_INVALID);
	assert_non_null(strstr(said, ":2: the line is longer"));
	ouv_arena_free(&arena);
}

static void
the_printed_configuration_is_one_we_can_read(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	struct ouv_config c;

	(void)state;
	ouv_config_print(out);
	(void)fclose(out);
	assert_int_equal(load(text, arena, &c), OUV_OK);
	assert_int_equal(c.smtp_dot_secs, 600);
	free(text);
	ouv_arena_free(&arena);
}

/* ---- numbers ---------------------------------------------------------------
 */

static void
only_whole_numbers_within_their_bounds_are_read(void **state)
{
	static const struct {
		const char *text;
		int least, most, got;
		const char *rest; /* NULL: refused */
	} rows[] = { { "0", 0, 9, 0, "" }, { "23:59", 0, 23, 23, ":59" },
		{ "24", 0, 23, 0, NULL }, { "007", 0, 9, 7, "" },
		{ "", 0, 9, 0, NULL }, { " 1", 0, 9, 0, NULL },
		{ "+1", 0, 9, 0, NULL }, { "-1", 0, 9, 0, NULL },
		{ "-150 8", -900, 900, -150, " 8" }, { "-", -9, 9, 0, NULL },
		{ "2147483647", 0, INT_MAX, INT_MAX, "" },
		{ "2147483648", 0, INT_MAX, 0, NULL },
		{ "99999999999999999999999", 0, INT_MAX, 0, NULL },
		{ "0x10", 0, 99, 0, "x10" } };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *at = rows[i].text;
		int got = -7;
		bool ok = ouv_number(&at, rows[i].least, rows[i].most, &got);

		assert_int_equal(ok, rows[i].rest != NULL);
		assert_string_equal(at, ok ? rows[i].rest : rows[i].text);
		assert_int_equal(got, ok ? rows[i].got : -7);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			only_whole_numbers_within_their_bounds_are_read),
		cmocka_unit_test(arena_memory_is_zeroed_and_aligned),
		cmocka_unit_test(deferred_calls_run_last_one_first),
		cmocka_unit_test(
			a_buffer_keeps_what_was_added_however_it_grows),
		cmocka_unit_test(ids_sort_by_time_and_survive_text),
		cmocka_unit_test(times_are_written_as_the_rfcs_say),
		cmocka_unit_test(a_secret_others_could_read_is_refused),
		cmocka_unit_test(the_office_reads_its_file),
		cmocka_unit_test(the_day_is_the_offices),
		cmocka_unit_test(a_mistake_names_its_line),
		cmocka_unit_test(a_line_too_long_is_said_not_cut),
		cmocka_unit_test(the_printed_configuration_is_one_we_can_read),
	};

	return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
