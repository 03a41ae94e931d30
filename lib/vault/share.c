/*
 * share.c - a secret for three custodians, of whom any two suffice
 *
 * For each pair of custodians one holds a random pad and the other the secret
 * XOR the pad: perfect secrecy against one, and arithmetic that fits a page.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "inner.h"

#define SHARES 3
#define HALF ((size_t)OUV_KEY)
#define BODY ((size_t)2 * HALF)
#define CHECK ((size_t)4)
#define HEAD "OUV-SHARE-1"
#define NAME_LEN_MAX 40

/* Longest line: head, name, number, 128 and 8 digits, 4 blanks, zero. */
_Static_assert(sizeof(HEAD) - 1 + NAME_LEN_MAX + 1 + 4 * HALF + 2 * CHECK + 5 <=
		       OUV_SHARE_MAX,
	"a share fits its line");

/* What the halves of each share hold: the pad of a pair, or its complement. */
/* clang-format off */
static const struct half {
	int pair;    /* 0: (1,2)  1: (1,3)  2: (2,3) */
	bool masked; /* secret XOR pad */
} halves[SHARES][2] = {
	{ { 0, false }, { 1, false } },
	{ { 0, true  }, { 2, false } },
	{ { 1, true  }, { 2, true  } },
};
/* clang-format on */

struct share {
	int n; /* from 0 */
	uint8_t body[BODY];
};

static bool
name_good(const char *name)
{
	size_t len = strlen(name);

	if (len == 0 || len > NAME_LEN_MAX)
		return false;
	while (len-- > 0)
		if (!isalnum((unsigned char)name[len]) &&
			strchr("._-", name[len]) == NULL)
			return false;
	return true;
}

static void
share_check(const char *name, const struct share *share, uint8_t out[CHECK])
{
	const char number = (char)('1' + share->n);
	uint8_t hash[32];

	vault_hash(NULL,
		VAULT_PARTS(VAULT_LABEL(HEAD), { name, strlen(name) + 1 },
			{ &number, 1 }, { share->body, BODY }),
		hash, sizeof(hash));
	memcpy(out, hash, CHECK);
	sodium_memzero(hash, sizeof(hash));
}

static void
share_print(
	const char *name, const struct share *share, char out[OUV_SHARE_MAX])
{
	char body[2 * BODY + 1], check_text[2 * CHECK + 1];
	uint8_t check[CHECK];

	share_check(name, share, check);
	(void)sodium_bin2hex(body, sizeof(body), share->body, BODY);
	(void)sodium_bin2hex(check_text, sizeof(check_text), check, CHECK);
	(void)snprintf(out, OUV_SHARE_MAX, HEAD " %s %d %s %s", name,
		share->n + 1, body, check_text);
	sodium_memzero(body, sizeof(body));
}

void
ouv_share_split(const char *name, const uint8_t secret[OUV_KEY],
	char out[3][OUV_SHARE_MAX])
{
	uint8_t pads[SHARES][HALF];
	struct share share;

	if (!name_good(name))
		vault_die("name of a share");
	randombytes_buf(pads, sizeof(pads));
	for (int n = 0; n < SHARES; n++) {
		share.n = n;
		for (int h = 0; h < 2; h++) {
			const struct half *half = &halves[n][h];

			for (size_t i = 0; i < HALF; i++)
				share.body[(size_t)h * HALF + i] =
					(uint8_t)(pads[half->pair][i] ^
						  (half->masked ? secret[i]
								: 0));
		}
		share_print(name, &share, out[n]);
	}
	sodium_memzero(pads, sizeof(pads));
	sodium_memzero(&share, sizeof(share));
}

/* Steps over a word and the blank behind it; NULL if it is not there. */
static const char *
skip_word(const char *p, const char *word)
{
	const size_t len = strlen(word);

	if (p == NULL || strncmp(p, word, len) != 0 || p[len] != ' ')
		return NULL;
	return p + len + 1;
}

/* Exactly len bytes of hexadecimal digits; NULL if they are not there. */
static const char *
skip_hex(const char *p, uint8_t *out, size_t len)
{
	size_t got = 0;

	if (p == NULL || strnlen(p, 2 * len) != 2 * len ||
		sodium_hex2bin(out, len, p, 2 * len, NULL, &got, NULL) != 0 ||
		got != len)
		return NULL;
	return p + 2 * len;
}

/* text may have white space around it: it comes from a file or a keyboard. */
static bool
share_read(const char *name, const char *text, struct share *share_out)
{
	uint8_t check[CHECK], given[CHECK];
	const char *p = text;

	while (isspace((unsigned char)*p))
		p++;
	p = skip_word(skip_word(p, HEAD), name);
	if (p == NULL || *p < '1' || *p > '0' + SHARES || p[1] != ' ')
		return false;
	share_out->n = *p - '1';
	p = skip_hex(p + 2, share_out->body, BODY);
	if (p == NULL || *p != ' ')
		return false;
	if ((p = skip_hex(p + 1, given, CHECK)) == NULL)
		return false;
	while (isspace((unsigned char)*p))
		p++;
	share_check(name, share_out, check);
	return *p == 0 && sodium_memcmp(check, given, CHECK) == 0;
}

/* The halves of two shares that belong to the same pair, XORed. */
static void
share_combine(const struct share *a, const struct share *b,
	uint8_t secret_out[OUV_KEY])
{
	for (int i = 0; i < 2; i++)
		for (int j = 0; j < 2; j++) {
			if (halves[a->n][i].pair != halves[b->n][j].pair)
				continue;
			for (size_t k = 0; k < HALF; k++)
				secret_out[k] = a->body[(size_t)i * HALF + k] ^
						b->body[(size_t)j * HALF + k];
		}
}

enum ouv_err
ouv_share_join(const char *name, const char *share_a, const char *share_b,
	uint8_t secret_out[OUV_KEY])
{
	struct share a, b;
	enum ouv_err err = OUV_INVALID;

	if (name_good(name) && share_read(name, share_a, &a) &&
		share_read(name, share_b, &b) && a.n != b.n) {
		share_combine(&a, &b, secret_out);
		err = OUV_OK;
	}
	sodium_memzero(&a, sizeof(a));
	sodium_memzero(&b, sizeof(b));
	return err;
}
