/*
 * view_day.c - days without a time: as they are typed, as they are shown
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ouv/clock.h"

#include "view.h"

const char *
view_day_iso(struct ouv_arena *arena, int32_t day)
{
	char text[OUV_DAY_MAX];

	ouv_day_write(day, text);
	return ouv_arena_strdup(arena, text);
}

void
view_day(const struct request *request, json_t *data, const char *key,
	int32_t day)
{
	bool english = request->lang == OUV_LANG_EN;
	struct tm tm = { 0 };
	char text[32];

	ouv_day_split(day, &tm.tm_year, &tm.tm_mon, &tm.tm_mday);
	tm.tm_year -= 1900;
	tm.tm_mon -= 1;
	if (strftime(text, sizeof(text), english ? "%-d %b %Y" : "%d/%m/%Y",
		    &tm) == 0)
		text[0] = '\0';
	view_line(data, key, text);
	view_line(data, ouv_arena_printf(request->arena, "%s_iso", key),
		view_day_iso(request->arena, day));
}

/* Three numbers of at most four digits with this sign between them, and
 * nothing else. */
static bool
three(const char *text, char sign, int out[3])
{
	for (int i = 0; i < 3; i++) {
		size_t digits = strspn(text, "0123456789");

		if (digits == 0 || digits > 4)
			return false;
		out[i] = (int)strtol(text, NULL, 10);
		text += digits;
		if (*text++ != (i < 2 ? sign : '\0'))
			return false;
	}
	return true;
}

bool
view_day_typed(enum ouv_lang lang, const char *text, int32_t *day_out)
{
	/* Day first: 3/4 is no day that an English reader could tell. */
	static const char signs[] = "/.-";
	int n[3];

	if (three(text, '-', n) && n[0] > 31) {
		if (!ouv_day_valid(n[0], n[1], n[2]))
			return false;
		*day_out = ouv_day_of(n[0], n[1], n[2]);
		return true;
	}
	for (const char *s = signs; lang != OUV_LANG_EN && *s != '\0'; s++)
		if (three(text, *s, n) && ouv_day_valid(n[2], n[1], n[0])) {
			*day_out = ouv_day_of(n[2], n[1], n[0]);
			return true;
		}
	return false;
}
