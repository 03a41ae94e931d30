/*
 * check.c - is this value of its type?
 *
 * Hostile strings come this way (a consumer's name): what is let through may
 * stand in a subject line.
 */
#include <string.h>

#include "text_impl.h"

/* Days of the years 1 and 9999: what a calendar can name. */
#define DAY_FIRST (-719162)
#define DAY_LAST 2932896
#define DAY_SECS 86400

static const char *const names[OUV_TEXT_TYPE__COUNT] = {
	[OUV_TEXT_LINE] = "line",
	[OUV_TEXT_LINES] = "lines",
	[OUV_TEXT_DATE] = "date",
	[OUV_TEXT_MOMENT] = "moment",
	[OUV_TEXT_NUMBER] = "number",
	[OUV_TEXT_PROTOCOL] = "protocol",
	[OUV_TEXT_EMAIL] = "email",
	[OUV_TEXT_PHONE] = "phone",
	[OUV_TEXT_URL] = "url",
	[OUV_TEXT_FLAG] = "flag",
	[OUV_TEXT_LIST] = "list",
};

const char *
ouv_text_type_name(enum ouv_text_type type)
{
	return names[type];
}

/* C0, DEL, C1 and the line ends of Unicode, at p. */
static bool
is_control(const unsigned char *p)
{
	if (*p < ' ' || *p == 0x7f)
		return true;
	if (p[0] == 0xC2 && p[1] >= 0x80 && p[1] <= 0x9F)
		return true;
	return p[0] == 0xE2 && p[1] == 0x80 && (p[2] == 0xA8 || p[2] == 0xA9);
}

static bool
breaks(const char *text)
{
	const unsigned char *p = (const unsigned char *)text;

	for (; *p != '\0'; p++)
		if (is_control(p))
			return true;
	return false;
}

static const char *
check_line(const json_t *value)
{
	const char *text = json_string_value(value);

	if (text == NULL || strlen(text) != json_string_length(value))
		return "is no text";
	return breaks(text) ? "is not one line" : NULL;
}

static const char *
check_lines(const json_t *value)
{
	const unsigned char *p =
		(const unsigned char *)json_string_value(value);

	if (p == NULL || strlen((const char *)p) != json_string_length(value))
		return "is no text";
	for (; *p != '\0'; p++)
		if (strchr("\t\r\n", *p) == NULL && is_control(p))
			return "holds a control character";
	return NULL;
}

static const char *
check_date(const json_t *value)
{
	json_int_t day = json_integer_value(value);

	return json_is_integer(value) && day >= DAY_FIRST && day <= DAY_LAST
		       ? NULL
		       : "is no date: days since 1970-01-01";
}

static const char *
check_moment(const json_t *value)
{
	json_int_t at = json_integer_value(value);

	return json_is_integer(value) &&
			       at >= (json_int_t)DAY_FIRST * DAY_SECS &&
			       at <= (json_int_t)DAY_LAST * DAY_SECS
		       ? NULL
		       : "is no moment: seconds since 1970-01-01, UTC";
}

static const char *
check_number(const json_t *value)
{
	return json_is_integer(value) ? NULL : "is no whole number";
}

static const char *
check_protocol(const json_t *value)
{
	const char *text = json_string_value(value);
	char canonical[OUV_PROTOCOL_MAX];

	return text != NULL && ouv_protocol_parse(text, canonical) == OUV_OK &&
			       strcmp(text, canonical) == 0
		       ? NULL
		       : "is no protocol number";
}

static const char *
check_email(const json_t *value)
{
	const char *text = json_string_value(value);
	const char *at = text != NULL ? strchr(text, '@') : NULL;

	return at != NULL && at != text && at[1] != '\0' &&
			       strchr(at + 1, '@') == NULL &&
			       strpbrk(text, " <>,;\"") == NULL && !breaks(text)
		       ? NULL
		       : "is no address: local@domain";
}

static const char *
check_phone(const json_t *value)
{
	const char *text = json_string_value(value);
	size_t digits = 0;

	if (text == NULL || strspn(text, "0123456789+()-. ") != strlen(text))
		return "is no phone number: digits, + ( ) - . and spaces";
	for (const char *p = text; *p != '\0'; p++)
		digits += *p >= '0' && *p <= '9';
	return digits >= 3 ? NULL : "has too few digits for a phone number";
}

static const char *
check_url(const json_t *value)
{
	static const char *const begins[] = { "https://", "http://" };
	const char *text = json_string_value(value);

	for (size_t i = 0; text != NULL && i < COUNT(begins); i++) {
		size_t len = strlen(begins[i]);

		if (strncmp(text, begins[i], len) == 0 && text[len] != '\0' &&
			strpbrk(text, " <>\"") == NULL && !breaks(text))
			return NULL;
	}
	return "is no address that begins with https:// or http://";
}

static const char *
check_flag(const json_t *value)
{
	return json_is_boolean(value) ? NULL : "is neither true nor false";
}

static const char *
check_list(const json_t *value)
{
	return json_is_array(value) ? NULL : "is no list";
}

static const char *(*const checks[OUV_TEXT_TYPE__COUNT])(const json_t *) = {
	[OUV_TEXT_LINE] = check_line,
	[OUV_TEXT_LINES] = check_lines,
	[OUV_TEXT_DATE] = check_date,
	[OUV_TEXT_MOMENT] = check_moment,
	[OUV_TEXT_NUMBER] = check_number,
	[OUV_TEXT_PROTOCOL] = check_protocol,
	[OUV_TEXT_EMAIL] = check_email,
	[OUV_TEXT_PHONE] = check_phone,
	[OUV_TEXT_URL] = check_url,
	[OUV_TEXT_FLAG] = check_flag,
	[OUV_TEXT_LIST] = check_list,
};

bool
ouv_text_fits(enum ouv_text_type type, const char *text)
{
	json_t *value = json_string(text);
	bool fits = value != NULL && checks[type](value) == NULL;

	json_decref(value);
	return fits;
}

bool
check_empty(const json_t *value)
{
	const char *text = json_string_value(value);

	if (text != NULL)
		return strspn(text, " \t\r\n") == strlen(text);
	return value == NULL || json_is_null(value) ||
	       (json_is_array(value) && json_array_size(value) == 0);
}

const char *
check_value(const struct ouv_text_var *var, const json_t *value)
{
	if (!check_empty(value))
		return checks[var->type](value);
	if (var->optional)
		return NULL;
	return value == NULL ? "is missing" : "is empty";
}
