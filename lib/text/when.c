/*
 * when.c - days and moments in the words and the order of a language
 */
#include <stdlib.h>
#include <string.h>
#include <unicode/udat.h>
#include <unicode/ustring.h>

#include "text_impl.h"

#define DAY_SECS 86400

/* A date has no zone: it is read as noon of that day in UTC. */
static UDateFormat *
open_format(enum ouv_lang lang, bool moment)
{
	UErrorCode status = U_ZERO_ERROR;
	const char *tz = moment ? getenv("TZ") : NULL;
	UChar zone[64];
	UDateFormat *format;

	u_uastrncpy(zone, tz != NULL ? tz : "UTC", 63);
	zone[63] = 0;
	format = udat_open(moment ? UDAT_SHORT : UDAT_NONE, UDAT_LONG,
		ouv_lang_tag(lang), zone, -1, NULL, 0, &status);
	return U_SUCCESS(status) ? format : NULL;
}

/* Newer data write "2:05 PM" with a narrow blank that old fonts lack. */
static void
plain_blanks(UChar *text, int32_t len)
{
	for (int32_t i = 0; i < len; i++)
		if (text[i] == 0x202F || text[i] == 0x00A0)
			text[i] = ' ';
}

bool
ouv_text_when(enum ouv_lang lang, enum ouv_text_type type, int64_t value,
	char out[OUV_TEXT_WHEN_MAX])
{
	/* Opening one costs far more than using it; each thread keeps its
	 * own, since a format is not shared safely. */
	static _Thread_local UDateFormat *formats[OUV_LANG__COUNT][2];
	bool moment = type == OUV_TEXT_MOMENT;
	UDateFormat **format = &formats[lang][moment];
	int64_t at = moment ? value : value * DAY_SECS + DAY_SECS / 2;
	UErrorCode status = U_ZERO_ERROR;
	UChar wide[128];
	int32_t len;

	if (*format == NULL)
		*format = open_format(lang, moment);
	if (*format == NULL)
		return false;
	len = udat_format(*format, (UDate)at * 1000, wide, 128, NULL, &status);
	if (U_FAILURE(status) || len >= 128)
		return false;
	plain_blanks(wide, len);
	(void)u_strToUTF8(out, OUV_TEXT_WHEN_MAX, NULL, wide, len, &status);
	return U_SUCCESS(status) && status != U_STRING_NOT_TERMINATED_WARNING;
}
