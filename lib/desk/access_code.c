/*
 * access_code.c - codes that open something, as people read and type them
 *
 * 100 bits in 26 characters of which three may be misheard, in groups of four.
 */
#include <ctype.h>
#include <string.h>

#include "page_seal.h"

#define GROUP 4
#define ELLIPSIS "\xe2\x80\xa6"

/* "1234-5678" is a telephone number to who looks for them. */
static bool
has_number(const char *code)
{
	for (size_t i = 0; i < OUV_CODE; i += GROUP) {
		size_t digits = 0;

		for (size_t k = i; k < i + GROUP && k < OUV_CODE; k++)
			digits += isdigit((unsigned char)code[k]) != 0;
		if (digits == GROUP)
			return true;
	}
	return false;
}

const char *
access_code_new(const struct ouv_desk *desk, struct ouv_arena *arena,
	uint8_t raw_out[OUV_CODE_RAW])
{
	char code[OUV_CODE_MAX], *out;
	size_t n = 0;

	do {
		const struct ouv_id a = ouv_id_new(), b = ouv_id_new();

		ouv_code_make(desk->office->k_tok, &a, &b, 1, code);
	} while (has_number(code) ||
		 ouv_code_read(code, OUV_CODE, raw_out, NULL) != OUV_OK);
	out = ouv_arena_alloc(arena, OUV_PAGE_CODE_MAX);
	for (size_t i = 0; i < OUV_CODE; i++) {
		if (i > 0 && i % GROUP == 0)
			out[n++] = '-';
		out[n++] = code[i];
	}
	out[n] = '\0';
	ouv_wipe(code, sizeof(code));
	return out;
}

enum ouv_err
access_code_read(const char *typed, uint8_t raw_out[OUV_CODE_RAW])
{
	char code[OUV_CODE_MAX];
	enum ouv_err err;
	size_t n = 0;

	for (; *typed != '\0'; typed++) {
		if (strchr("- \t\r\n.", *typed) != NULL)
			continue;
		if (n == OUV_CODE)
			return OUV_INVALID;
		code[n++] = *typed;
	}
	code[n] = '\0';
	err = ouv_code_read(code, n, raw_out, NULL);
	ouv_wipe(code, sizeof(code));
	return err;
}

/* ---- out of sight ----------------------------------------------------------
 */

struct found {
	const char *at; /* NULL: none */
	size_t len;
};

/* A code that begins here: six groups of four and two more. */
static bool
is_grouped(const char *at)
{
	uint8_t raw[OUV_CODE_RAW];
	char code[OUV_CODE_MAX];
	size_t n = 0;
	bool is;

	for (size_t i = 0; i < OUV_PAGE_CODE_MAX - 1; i++) {
		if (at[i] == '\0' ||
			(i % (GROUP + 1) == GROUP) != (at[i] == '-'))
			return false;
		if (at[i] != '-')
			code[n++] = at[i];
	}
	is = ouv_code_read(code, n, raw, NULL) == OUV_OK;
	ouv_wipe(code, sizeof(code));
	ouv_wipe(raw, sizeof(raw));
	return is;
}

/* In one piece, as an address of ours has it that a mail program broke in two:
 * none of its characters is wrong. */
static bool
is_whole(const char *at, size_t len)
{
	uint8_t raw[OUV_CODE_RAW];
	int mended = 0;
	bool is = len == OUV_CODE &&
		  ouv_code_read(at, len, raw, &mended) == OUV_OK && mended == 0;

	ouv_wipe(raw, sizeof(raw));
	return is;
}

static struct found
next_code(const char *text)
{
	while (*text != '\0') {
		size_t len = 0;

		while (isalnum((unsigned char)text[len]))
			len++;
		if (len == GROUP && text[len] == '-' && is_grouped(text))
			return (struct found){ text, OUV_PAGE_CODE_MAX - 1 };
		if (is_whole(text, len))
			return (struct found){ text, len };
		text += len;
		text += *text != '\0';
	}
	return (struct found){ NULL, 0 };
}

const char *
access_code_hidden(struct ouv_arena *arena, const char *text)
{
	struct found found;
	struct ouv_buf buf;

	if (text == NULL || next_code(text).at == NULL)
		return text;
	ouv_buf_init(&buf, arena, strlen(text) + 1);
	while ((found = next_code(text)).at != NULL) {
		ouv_buf_add(&buf, text, (size_t)(found.at - text));
		ouv_buf_text(&buf, ELLIPSIS);
		text = found.at + found.len;
	}
	ouv_buf_add(&buf, text, strlen(text) + 1);
	return (const char *)buf.data;
}
