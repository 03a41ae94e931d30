/*
 * fuzz_ical.c - an iCalendar file becomes days in order, or a reason
 */
#include <stdlib.h>
#include <string.h>

#include "ouv/calendar_import.h"

static const struct ouv_shift shifts[] = { { INT64_MIN, -10800 } };
static const struct ouv_calendar calendar = { .name = "br",
	.zone = "America/Sao_Paulo",
	.first_year = 2020,
	.last_year = 2030,
	.shift_count = 1,
	.shifts = shifts };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	struct ouv_ical ical = { 0 };
	char what[200] = "";

	if (ouv_ical_read(arena, (const char *)data, size, &calendar, &ical,
		    what) != OUV_OK) {
		if (*what == '\0' || strlen(what) >= sizeof(what))
			abort();
	} else if (ical.count > OUV_ICAL_DAYS) {
		abort();
	}
	for (size_t i = 0; i < ical.count; i++) {
		size_t len = strlen(ical.days[i].name);

		if (len == 0 || len > OUV_ICAL_NAME ||
			strpbrk(ical.days[i].name, "\r\n") != NULL ||
			ical.days[i].day < ouv_day_of(2020, 1, 1) ||
			ical.days[i].day > ouv_day_of(2030, 12, 31) ||
			(i > 0 && ical.days[i].day <= ical.days[i - 1].day))
			abort();
	}
	ouv_arena_free(&arena);
	return 0;
}
