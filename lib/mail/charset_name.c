/*
 * charset_name.c - which charset a sender meant by the name that he wrote
 *
 * RFC 2978 names, their misspellings, and supersets in use under the name of
 * a subset.  What nobody knows stays as it is, and ICU does not know it.
 */
#include <string.h>
#include <strings.h>

#include "charset.h"

/* Names that lie, or that ICU does not know; "" is "whatever it is". */
/* clang-format off */
static const struct {
	const char *name, *means;
} aliases[] = {
	{ "utf-8",                 "utf-8" },
	{ "uft-8",                 "utf-8" },
	{ "cp65001",               "utf-8" },
	{ "65001",                 "utf-8" },
	{ "us-ascii",              "" },
	{ "ascii",                 "" },
	{ "ansi_x3.4-1968",        "" },
	{ "iso-ir-6",              "" },
	{ "646",                   "" },
	{ "unknown-8bit",          "" },
	{ "x-unknown",             "" },
	{ "unknown",               "" },
	{ "default",               "" },
	{ "default_charset",       "" },
	{ "x-user-defined",        "" },
	{ "8bit",                  "" },
	{ "7bit",                  "" },
	{ "binary",                "" },
	{ "none",                  "" },
	/* browsers and mailers write windows-125x and call it iso-8859 */
	{ "ansi",                  "windows-1252" },
	{ "x-ansi",                "windows-1252" },
	{ "iso-8859-1",            "windows-1252" },
	{ "iso8859-1",             "windows-1252" },
	{ "iso-8859-1-windows-3.1-latin-1", "windows-1252" },
	{ "iso_8859-1",            "windows-1252" },
	{ "iso88591",              "windows-1252" },
	{ "iso-8859",              "windows-1252" },
	{ "iso-latin-1",           "windows-1252" },
	{ "western",               "windows-1252" },
	{ "latin1",                "windows-1252" },
	{ "latin-1",               "windows-1252" },
	{ "l1",                    "windows-1252" },
	{ "iso-8859-9",            "windows-1254" },
	{ "iso-8859-11",           "windows-874" },
	{ "tis-620",               "windows-874" },
	{ "iso-8859-8-i",          "iso-8859-8" },
	{ "iso-8859-8-e",          "iso-8859-8" },
	{ "iso-8859-6-i",          "iso-8859-6" },
	{ "iso-8859-6-e",          "iso-8859-6" },
	/* supersets in use under the name of the subset */
	{ "gb2312",                "gb18030" },
	{ "gb_2312-80",            "gb18030" },
	{ "gbk",                   "gb18030" },
	{ "x-gbk",                 "gb18030" },
	{ "gb-2312",               "gb18030" },
	{ "gb_2312",               "gb18030" },
	{ "x-gb2312",              "gb18030" },
	{ "gb13000",               "gb18030" },
	{ "cp936",                 "gb18030" },
	{ "euc-cn",                "gb18030" },
	{ "ks_c_5601-1987",        "windows-949" },
	{ "ks_c_5601",             "windows-949" },
	{ "ksc5601",               "windows-949" },
	{ "ksc_5601",              "windows-949" },
	{ "ks_c_5601_1987",        "windows-949" },
	{ "korean",                "windows-949" },
	{ "euc-kr",                "windows-949" },
	{ "cp949",                 "windows-949" },
	{ "x-windows-949",         "windows-949" },
	{ "shift_jis",             "windows-31j" },
	{ "shift-jis",             "windows-31j" },
	{ "x-sjis",                "windows-31j" },
	{ "sjis",                  "windows-31j" },
	{ "cp932",                 "windows-31j" },
	{ "eucjp-ms",              "euc-jp" },
	{ "euc_jp",                "euc-jp" },
	{ "iso-2022-jp",           "JIS_Encoding" },
	{ "iso-2022-jp-1",         "JIS_Encoding" },
	{ "iso-2022-jp-ms",        "JIS_Encoding" },
	{ "csiso2022jp",           "JIS_Encoding" },
	{ "cp50220",               "JIS_Encoding" },
	{ "cp50221",               "JIS_Encoding" },
	{ "big5",                  "windows-950" },
	{ "cn-big5",               "windows-950" },
	{ "x-x-big5",              "windows-950" },
	{ "x-mac-roman",           "macintosh" },
	{ "mac-roman",             "macintosh" },
	{ "x-mac-cyrillic",        "x-mac-cyrillic" },
	{ "utf7",                  "utf-7" },
	{ "unicode-1-1-utf-7",     "utf-7" },
	{ "x-unicode-2-0-utf-7",   "utf-7" },
	{ "unicode-2-0-utf-7",     "utf-7" },
	{ "unicode",               "utf-16" },
	{ "ucs-2",                 "utf-16" },
	{ "iso-10646-ucs-2",       "utf-16" },
	{ "koi8",                  "koi8-r" },
	{ "x-koi8-r",              "koi8-r" },
	{ "cp-850",                "cp850" },
	{ "dos-850",               "cp850" },
};
/* clang-format on */

/*
 * The name as it can be looked up: lower case, no quotes, no "charset=" in
 * front, nothing from the first character on that no charset's name has.
 */
static void
normal_name(const char *charset, char out[MAIL_CHARSET_LEN])
{
	size_t n = 0;

	while (*charset == '"' || *charset == '\'' || *charset == ' ' ||
		*charset == '=')
		charset++;
	if (strncasecmp(charset, "charset=", 8) == 0)
		charset += 8;
	if (strncmp(charset, "3D", 2) == 0) /* '=' in quoted-printable */
		charset += 2;
	while (*charset == '"' || *charset == '\'')
		charset++;
	for (; *charset != '\0' && n < MAIL_CHARSET_LEN - 1; charset++) {
		char c = *charset;

		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if (c == ' ' && n > 0)
			c = '-';
		if ((c < 'a' || c > 'z') && (c < '0' || c > '9') &&
			strchr("-_.:+()", c) == NULL)
			break;
		out[n++] = c;
	}
	while (n > 0 && (out[n - 1] == '-' || out[n - 1] == '.'))
		n--;
	out[n] = '\0';
}

/* cp1252, win-1251, 1250, "windows-1252http-equiv...": the number tells. */
static const char *
windows_name(const char *name)
{
	static const char *const pages[] = { "windows-1250", "windows-1251",
		"windows-1252", "windows-1253", "windows-1254", "windows-1255",
		"windows-1256", "windows-1257", "windows-1258" };
	const char *number = strstr(name, "125");

	if (number == NULL || number[3] < '0' || number[3] > '8' ||
		(number[4] >= '0' && number[4] <= '9') || number - name > 8)
		return name;
	return pages[number[3] - '0'];
}

static const char *
resolve_alias(const char *name)
{
	if (*name == '\0')
		return name;
	for (size_t i = 0; i < sizeof(aliases) / sizeof(aliases[0]); i++)
		if (strcmp(name, aliases[i].name) == 0)
			return aliases[i].means;
	/* utf-8-sig, x-utf-8, utf8mb4, pt_br.utf-8, utf-8-(plain-text) */
	if (strstr(name, "utf-8") != NULL || strstr(name, "utf8") != NULL)
		return "utf-8";
	return windows_name(name);
}

const char *
mail_charset_name(const char *charset, char space[MAIL_CHARSET_LEN])
{
	space[0] = '\0';
	if (charset != NULL)
		normal_name(charset, space);
	return resolve_alias(space);
}

UConverter *
mail_charset_open(const char *name)
{
	UErrorCode code = U_ZERO_ERROR;
	UConverter *conv;

	if (*name == '\0')
		return NULL;
	conv = ucnv_open(name, &code);
	if (U_FAILURE(code) && strncmp(name, "x-", 2) == 0) {
		code = U_ZERO_ERROR;
		conv = ucnv_open(name + 2, &code);
	}
	return U_FAILURE(code) ? NULL : conv;
}

bool
mail_charset_known(const char *charset)
{
	char space[MAIL_CHARSET_LEN];
	const char *name = mail_charset_name(charset, space);
	UConverter *conv;

	if (*name == '\0')
		return *space != '\0';
	if (strcmp(name, "utf-8") == 0 || strcmp(name, "windows-1252") == 0)
		return true;
	conv = mail_charset_open(name);
	if (conv == NULL)
		return false;
	ucnv_close(conv);
	return true;
}
