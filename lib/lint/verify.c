/*
 * verify.c - is a candidate really one? check digits, other protocols
 *
 * A number that only looks like a CPF is left alone: findings that are false
 * teach people to overlook them.
 */
#include <string.h>

#include "lint_impl.h"

#define DIGITS_MOST 40

/* Letters and digits of a span, upper case; the rest is passed over. */
static size_t
characters(const struct page *page, struct span span, char out[DIGITS_MOST])
{
	size_t n = 0;

	for (int32_t i = span.from; i < span.until && n < DIGITS_MOST; i++) {
		UChar c = page->units[i];

		if (c >= 'a' && c <= 'z')
			c = (UChar)(c - 'a' + 'A');
		if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'))
			out[n++] = (char)c;
	}
	return n;
}

static bool
all_same(const char *text, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if (text[i] != text[0])
			return false;
	return true;
}

/* Weights from the right: 2, 3, ... up to most, then 2 again (modulus 11). */
static int
modulus_11(const char *text, size_t n, int most)
{
	int sum = 0, weight = 2;

	for (size_t i = n; i-- > 0;) {
		sum += (text[i] - '0') * weight;
		weight = weight == most ? 2 : weight + 1;
	}
	return sum % 11 < 2 ? 0 : 11 - sum % 11;
}

/* Both check digits of a CPF (9 + 2) or CNPJ (12 + 2; letters count as their
 * code less 48: Instrução Normativa RFB 2.229/2024). */
static bool
two_digits(const char *text, size_t n, int most)
{
	return text[n - 2] - '0' == modulus_11(text, n - 2, most) &&
	       text[n - 1] - '0' == modulus_11(text, n - 1, most);
}

static bool
cpf(const struct page *page, struct span span)
{
	char text[DIGITS_MOST];

	return characters(page, span, text) == 11 && !all_same(text, 11) &&
	       two_digits(text, 11, 12);
}

static bool
cnpj(const struct page *page, struct span span)
{
	char text[DIGITS_MOST];

	return characters(page, span, text) == 14 && !all_same(text, 14) &&
	       two_digits(text, 14, 9);
}

/* ISO/IEC 7812: every second digit from the right counts twice. */
static bool
luhn(const char *text, size_t n)
{
	int sum = 0;

	for (size_t i = 0; i < n; i++) {
		int digit = text[n - 1 - i] - '0';

		if (digit < 0 || digit > 9)
			return false;
		if (i % 2 == 1)
			digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
		sum += digit;
	}
	return sum % 10 == 0;
}

static bool
card(const struct page *page, struct span span)
{
	char text[DIGITS_MOST];
	size_t n = characters(page, span, text);

	return n >= 13 && n <= 19 && !all_same(text, n) && luhn(text, n);
}

static bool
partita_iva(const struct page *page, struct span span)
{
	char text[DIGITS_MOST];
	size_t n = characters(page, span, text);

	if (n == 13) /* with IT before it */
		memmove(text, text + 2, n -= 2);
	return n == 11 && !all_same(text, 11) && luhn(text, 11);
}

/* ISO 13616: moved by four, letters as numbers, remainder of 97 is 1. */
static bool
iban(const struct page *page, struct span span)
{
	char text[DIGITS_MOST];
	size_t n = characters(page, span, text);
	int rest = 0;

	if (n < 15 || n > 34)
		return false;
	for (size_t i = 0; i < n; i++) {
		char c = text[(i + 4) % n];

		rest = c <= '9' ? rest * 10 + (c - '0')
				: rest * 100 + (c - 'A' + 10);
		rest %= 97;
	}
	return rest == 1;
}

/* The 16th letter of an Italian tax code (D.M. 23 December 1976). */
static bool
codice_fiscale(const struct page *page, struct span span)
{
	/* of the characters at odd places, 0-9 then A-Z */
	static const int odd[] = { 1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 1, 0, 5,
		7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16,
		10, 22, 25, 24, 23 };
	char text[DIGITS_MOST];
	int sum = 0;

	if (characters(page, span, text) != 16)
		return false;
	for (size_t i = 0; i < 15; i++) {
		int digit = text[i] <= '9' ? text[i] - '0' : text[i] - 'A';
		int place = text[i] <= '9' ? digit : digit + 10;

		sum += i % 2 == 0 ? odd[place] : digit;
	}
	return text[15] == 'A' + sum % 26;
}

/* A protocol number that is not this case's.  Eleven digits in a row may be
 * anything: they are one only with the right check digit. */
static bool
other_protocol(const struct page *page, struct span span)
{
	char found[DIGITS_MOST], own[DIGITS_MOST];
	char canonical[OUV_PROTOCOL_MAX];
	const char *protocol = page->text->protocol;
	size_t n = characters(page, span, found), m = 0;

	for (; protocol != NULL && *protocol != '\0' && m < DIGITS_MOST;
		protocol++)
		if (*protocol >= '0' && *protocol <= '9')
			own[m++] = *protocol;
	if (n == m && memcmp(found, own, n) == 0)
		return false;
	if ((int32_t)n < span.until - span.from || n >= OUV_PROTOCOL_MAX)
		return true; /* written in groups */
	found[n] = '\0';
	return ouv_protocol_parse(found, canonical) == OUV_OK;
}

static const struct {
	const char *name;
	verify_fn *verify;
} table[] = {
	{ "cpf", cpf },
	{ "cnpj", cnpj },
	{ "card", card },
	{ "iban", iban },
	{ "codice-fiscale", codice_fiscale },
	{ "partita-iva", partita_iva },
	{ "other-protocol", other_protocol },
};

verify_fn *
lint_verify_find(const char *name)
{
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (strcmp(table[i].name, name) == 0)
			return table[i].verify;
	return NULL;
}
