/*
 * calendar_file_test.c - the calendars we ship, and files that are wrong
 *
 * The holidays of a year are written out here as the laws and the decrees of
 * that year name them.  Runs from the project's folder.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "ouv/calendar_file.h"

static int
set_up(void **state)
{
	*state = ouv_arena_new(OUV_ARENA_PLAIN);
	return 0;
}

static int
tear_down(void **state)
{
	struct ouv_arena *arena = *state;

	ouv_arena_free(&arena);
	return 0;
}

static const struct ouv_calendar *
shipped(void **state, const char *name)
{
	struct ouv_calendar_book *book = ouv_arena_alloc(*state, sizeof(*book));
	struct ouv_calendar_error error;

	if (ouv_calendar_read(*state, "calendars", name, book, &error) !=
		OUV_OK)
		fail_msg("%s: %s", error.file, error.what);
	return &book->calendar;
}

/* Every closed day of a year that no weekday without hours explains, and those
 * that a weekend hides, are exactly these. */
static void
year_is(const struct ouv_calendar *c, int year, const int (*days)[2],
	size_t count)
{
	size_t found = 0;

	for (int32_t day = ouv_day_of(year, 1, 1);
		day <= ouv_day_of(year, 12, 31); day++) {
		const char *why;
		int y, m, d;

		if (ouv_calendar_open(c, day, &why) ||
			strcmp(why, "weekly") == 0)
			continue;
		ouv_day_split(day, &y, &m, &d);
		if (found >= count || days[found][0] != m ||
			days[found][1] != d)
			fail_msg(
				"%s %04d-%02d-%02d: %s", c->name, y, m, d, why);
		found++;
	}
	assert_int_equal(found, count);
}

#define YEAR(calendar, year, days) \
	year_is(calendar, year, days, sizeof(days) / sizeof((days)[0]))

static void
brazil_is_closed_on_its_holidays(void **state)
{
	static const int days_2023[][2] = { { 1, 1 }, { 2, 20 }, { 2, 21 },
		{ 4, 7 }, { 4, 21 }, { 5, 1 }, { 6, 8 }, { 9, 7 }, { 10, 12 },
		{ 11, 2 }, { 11, 15 }, { 12, 25 } };
	static const int days_2026[][2] = { { 1, 1 }, { 2, 16 }, { 2, 17 },
		{ 4, 3 }, { 4, 21 }, { 5, 1 }, { 6, 4 }, { 9, 7 }, { 10, 12 },
		{ 11, 2 }, { 11, 15 }, { 11, 20 }, { 12, 25 } };
	const struct ouv_calendar *br = shipped(state, "br");

	YEAR(br, 2023, days_2023);
	YEAR(br, 2026, days_2026);
}

static void
a_state_adds_its_own_day(void **state)
{
	const struct ouv_calendar *sp = shipped(state, "br-sp");
	const struct ouv_calendar *br = shipped(state, "br");
	const char *why;

	assert_string_equal(sp->name, "br-sp");
	assert_string_equal(sp->zone, "America/Sao_Paulo");
	assert_int_equal(sp->closed_count, br->closed_count + 1);
	assert_false(ouv_calendar_open(sp, ouv_day_of(2026, 7, 9), &why));
	assert_string_equal(why, "constitutionalist-revolution");
	assert_true(ouv_calendar_open(br, ouv_day_of(2026, 7, 9), NULL));
	assert_false(ouv_calendar_open(sp, ouv_day_of(2026, 9, 7), NULL));
}

static void
italy_is_closed_on_its_holidays(void **state)
{
	static const int days_2025[][2] = { { 1, 1 }, { 1, 6 }, { 4, 20 },
		{ 4, 21 }, { 4, 25 }, { 5, 1 }, { 6, 2 }, { 8, 15 }, { 11, 1 },
		{ 12, 8 }, { 12, 25 }, { 12, 26 } };
	static const int days_2026[][2] = { { 1, 1 }, { 1, 6 }, { 4, 5 },
		{ 4, 6 }, { 4, 25 }, { 5, 1 }, { 6, 2 }, { 8, 15 }, { 10, 4 },
		{ 11, 1 }, { 12, 8 }, { 12, 25 }, { 12, 26 } };
	const struct ouv_calendar *it = shipped(state, "it");

	YEAR(it, 2025, days_2025);
	YEAR(it, 2026, days_2026);
	assert_int_equal(it->week[0].count, 2);
	assert_int_equal(it->week[5].count, 0);
}

static void
names_are_there_in_every_language(void **state)
{
	static const char *const all[] = { "br", "br-sp", "it" };

	for (size_t i = 0; i < 3; i++) {
		struct ouv_calendar_book book;
		struct ouv_calendar_error error;

		assert_int_equal(ouv_calendar_read(*state, "calendars", all[i],
					 &book, &error),
			OUV_OK);
		for (size_t n = 0; n < book.calendar.closed_count; n++) {
			assert_string_equal(
				book.names[n].id, book.calendar.closed[n].id);
			assert_true(*book.names[n].law != '\0');
			for (int lang = 0; lang < 3; lang++)
				assert_true(*book.names[n].in[lang] != '\0');
		}
	}
}

/* Summer time ended for good in Brazil on 2019-02-17 (Decreto 9.772/2019). */
static void
offsets_are_those_of_the_zone(void **state)
{
	const struct ouv_calendar *br = shipped(state, "br");
	const struct ouv_calendar *it = shipped(state, "it");

	/* noon on the wall, in UTC */
	assert_int_equal(
		ouv_calendar_instant(br, ouv_day_of(2018, 12, 1), 12 * 3600),
		1543672800);
	assert_int_equal(
		ouv_calendar_instant(br, ouv_day_of(2020, 1, 2), 12 * 3600),
		1577977200);
	assert_int_equal(
		ouv_calendar_instant(it, ouv_day_of(2026, 7, 1), 12 * 3600),
		1782900000);
	assert_int_equal(
		ouv_calendar_instant(it, ouv_day_of(2026, 12, 1), 12 * 3600),
		1796122800);
	assert_int_equal(
		ouv_calendar_instant(it, ouv_day_of(2026, 3, 29), 3 * 3600),
		1774746000);
}

/* ---- files that are wrong
 * ------------------------------------------------------------------ */

#define HEAD                                                                 \
	"\"calendar\":\"x\",\"zone\":\"Europe/Rome\",\"years\":[2020,2030]," \
	"\"name\":{\"pt-BR\":\"x\",\"en\":\"x\",\"it\":\"x\"}"
#define NAME "\"name\":{\"pt-BR\":\"d\",\"en\":\"d\",\"it\":\"d\"}"

static void
what_is_not_understood_is_refused(void **state)
{
	/* clang-format off */
	static const struct { const char *text, *says; } table[] = {
		{ "[", "line 1" },
		{ "[]", "object" },
		{ "{" HEAD ",\"extra\":1}", "extra" },
		{ "{\"calendar\":\"y\"}", "own name" },
		{ "{" HEAD ",\"hours\":{\"monday\":[]}}", "monday" },
		{ "{" HEAD ",\"hours\":{\"mon\":[\"9-18\"]}}", "mon" },
		{ "{" HEAD ",\"hours\":{\"mon\":[\"18:00-09:00\"]}}", "mon" },
		{ "{" HEAD ",\"hours\":{\"mon\":[\"09:00-12:00\",\"11:00-13:00\"]}}", "mon" },
		{ "{" HEAD ",\"closed\":[{\"on\":\"01-01\"," NAME "}]}", "no id" },
		{ "{" HEAD ",\"closed\":[{\"id\":\"d\"," NAME "}]}", "d: " },
		{ "{" HEAD ",\"closed\":[{\"id\":\"d\",\"on\":\"02-30\"," NAME "}]}", "d: " },
		{ "{" HEAD ",\"closed\":[{\"id\":\"d\",\"day\":\"2026-02-29\"," NAME "}]}", "d: " },
		{ "{" HEAD ",\"closed\":[{\"id\":\"d\",\"on\":\"01-01\",\"easter\":1," NAME "}]}", "d: " },
		{ "{" HEAD ",\"closed\":[{\"id\":\"d\",\"easter\":\"1\"," NAME "}]}", "d: " },
		{ "{" HEAD ",\"closed\":[{\"id\":\"d\",\"nth\":{\"n\":0,\"month\":5,\"weekday\":\"mon\"}," NAME "}]}", "d: " },
		{ "{" HEAD ",\"closed\":[{\"id\":\"d\",\"on\":\"01-01\",\"form\":2024," NAME "}]}", "form" },
		{ "{" HEAD ",\"closed\":[{\"id\":\"d\",\"on\":\"01-01\",\"name\":{\"en\":\"d\"}}]}", "language" },
		{ "{\"calendar\":\"x\",\"extends\":\"x\"}", "circles" },
		{ "{\"calendar\":\"x\",\"extends\":\"nobody\"}", "nobody" },
		{ "{\"calendar\":\"x\",\"extends\":\"../x\"}", "not a name" },
		{ "{\"calendar\":\"x\",\"zone\":\"Europe/Nowhere\",\"years\":[2020,2030],"
		  "\"name\":{\"pt-BR\":\"x\",\"en\":\"x\",\"it\":\"x\"}}", "Nowhere" },
		{ "{\"calendar\":\"x\",\"zone\":\"Europe/Rome\",\"years\":[2030,2020],"
		  "\"name\":{\"pt-BR\":\"x\",\"en\":\"x\",\"it\":\"x\"}}", "years" },
	};
	/* clang-format on */
	char folder[] = "/tmp/calendar-XXXXXX", path[64], said[400];

	assert_non_null(mkdtemp(folder));
	(void)snprintf(path, sizeof(path), "%s/x.json", folder);
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct ouv_calendar_book book = { .title = { "kept" } };
		struct ouv_calendar_error error;
		FILE *file = fopen(path, "we");

		assert_non_null(file);
		(void)fputs(table[i].text, file);
		(void)fclose(file);
		if (ouv_calendar_read(*state, folder, "x", &book, &error) ==
			OUV_OK)
			fail_msg("taken: %s", table[i].text);
		(void)snprintf(
			said, sizeof(said), "%s: %s", error.file, error.what);
		if (strstr(said, table[i].says) == NULL)
			fail_msg("%s: says %s", table[i].text, said);
		assert_string_equal(book.title[0], "kept");
	}
	(void)unlink(path);
	(void)rmdir(folder);
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		T(brazil_is_closed_on_its_holidays),
		T(a_state_adds_its_own_day),
		T(italy_is_closed_on_its_holidays),
		T(names_are_there_in_every_language),
		T(offsets_are_those_of_the_zone),
		T(what_is_not_understood_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
