/*
 * code.c - reply addresses that survive being typed by hand
 *
 * 20 symbols of a keyed hash and 6 of a Reed-Solomon code over GF(32), the
 * code of length 31 shortened to 26: any 3 wrong symbols are found and mended.
 * Mending says nothing about who may use a code; that is ouv_code_fits.
 */
#include <string.h>

#include <sodium.h>

#include "inner.h"

#define DATA 20
#define PARITY (OUV_CODE - DATA)
#define MEND_MAX (PARITY / 2)
#define ORDER 31 /* of the multiplicative group */

/* Powers of the root a of x^5 + x^2 + 1, and their logarithms; and, highest
 * power first without the leading 1, (x - a)(x - a^2)...(x - a^6). */
/* clang-format off */
static const uint8_t power[ORDER] = {
	1, 2, 4, 8, 16, 5, 10, 20, 13, 26, 17, 7, 14, 28, 29, 31, 27, 19, 3, 6,
	12, 24, 21, 15, 30, 25, 23, 11, 22, 9, 18,
};
static const uint8_t logarithm[32] = {
	0 /* of none */, 0, 1, 18, 2, 5, 19, 11, 3, 29, 6, 27, 20, 8, 12, 23,
	4, 10, 30, 17, 7, 22, 28, 26, 21, 25, 9, 16, 13, 14, 24, 15,
};
static const uint8_t generator[PARITY] = { 17, 26, 30, 27, 30, 24 };
/* clang-format on */

static uint8_t
mul(uint8_t a, uint8_t b)
{
	if (a == 0 || b == 0)
		return 0;
	return power[(logarithm[a] + logarithm[b]) % ORDER];
}

static uint8_t
divide(uint8_t a, uint8_t b)
{
	if (a == 0)
		return 0;
	return power[(logarithm[a] + ORDER - logarithm[b]) % ORDER];
}

/* p[0] + p[1] x + ... at x = a^e */
static uint8_t
evaluate(const uint8_t *p, int count, int e)
{
	uint8_t sum = 0;

	while (count-- > 0)
		sum = (uint8_t)(mul(sum, power[e % ORDER]) ^ p[count]);
	return sum;
}

/* ---- Reed-Solomon ------------------------------------------------------ */

/* Fills the last PARITY symbols from the first DATA ones. */
static void
code_protect(uint8_t symbols[OUV_CODE])
{
	uint8_t rest[PARITY] = { 0 };

	for (int i = 0; i < DATA; i++) {
		const uint8_t feedback = symbols[i] ^ rest[0];

		for (int j = 0; j < PARITY; j++)
			rest[j] = (uint8_t)((j + 1 < PARITY ? rest[j + 1] : 0) ^
					    mul(feedback, generator[j]));
	}
	memcpy(symbols + DATA, rest, PARITY);
}

/* The word at a, a^2 ... a^6; false: all zero, nothing is wrong. */
static bool
code_syndromes(const uint8_t symbols[OUV_CODE], uint8_t out[PARITY])
{
	uint8_t any = 0;

	for (int j = 0; j < PARITY; j++) {
		uint8_t sum = 0;

		for (int i = 0; i < OUV_CODE; i++)
			sum = (uint8_t)(mul(sum, power[j + 1]) ^ symbols[i]);
		out[j] = sum;
		any |= sum;
	}
	return any != 0;
}

/*
 * Berlekamp-Massey: the shortest polynomial (lowest power first) whose
 * recurrence makes the syndromes; its roots tell the places.  Returns its
 * degree, which is more than MEND_MAX when it is beyond mending.
 */
static int
code_locator(const uint8_t syndrome[PARITY], uint8_t locator[PARITY + 1])
{
	uint8_t before[PARITY + 1] = { 1 }, saved[PARITY + 1];
	uint8_t last = 1;
	int degree = 0, gap = 1;

	memset(locator, 0, PARITY + 1);
	locator[0] = 1;
	for (int n = 0; n < PARITY; n++, gap++) {
		uint8_t miss = syndrome[n], factor;

		for (int i = 1; i <= degree; i++)
			miss ^= mul(locator[i], syndrome[n - i]);
		if (miss == 0)
			continue;
		memcpy(saved, locator, sizeof(saved));
		factor = divide(miss, last);
		for (int i = gap; i <= PARITY; i++)
			locator[i] ^= mul(factor, before[i - gap]);
		if (2 * degree > n)
			continue;
		degree = n + 1 - degree;
		memcpy(before, saved, sizeof(before));
		last = miss;
		gap = 0;
	}
	return degree;
}

/* Forney: the value of the error at a root of the locator, a^e. */
static uint8_t
error_value(const uint8_t syndrome[PARITY], const uint8_t locator[PARITY + 1],
	int e)
{
	uint8_t evaluator[PARITY] = { 0 }, slope[PARITY] = { 0 };

	for (int i = 0; i < PARITY; i++)
		for (int j = 0; j <= i; j++)
			evaluator[i] ^= mul(locator[j], syndrome[i - j]);
	for (int i = 1; i <= PARITY; i += 2) /* even powers vanish */
		slope[i - 1] = locator[i];
	return divide(
		evaluate(evaluator, PARITY, e), evaluate(slope, PARITY, e));
}

/* False: more is wrong than can be mended. */
static bool
code_mend(uint8_t symbols[OUV_CODE])
{
	uint8_t syndrome[PARITY], locator[PARITY + 1];

	if (!code_syndromes(symbols, syndrome))
		return true;
	if (code_locator(syndrome, locator) > MEND_MAX)
		return false;
	for (int i = 0; i < OUV_CODE; i++) {
		/* Symbol i is the factor of x^(25-i). */
		const int e = ORDER - (OUV_CODE - 1 - i);

		if (evaluate(locator, PARITY + 1, e) != 0)
			continue;
		symbols[i] ^= error_value(syndrome, locator, e);
	}
	/* Roots that lie in the shortened part leave the word wrong. */
	return !code_syndromes(symbols, syndrome);
}

/* ---- codes ------------------------------------------------------------- */

/* The 100 bits, left-aligned. */
static void
code_raw(const struct ouv_key *k_tok, const struct ouv_id *case_id,
	const struct ouv_id *party, uint32_t version,
	uint8_t raw_out[OUV_CODE_RAW])
{
	uint8_t number[4], hash[32];

	vault_put32(number, version);
	vault_hash(ouv_key_bytes(k_tok),
		VAULT_PARTS(VAULT_LABEL("reply"),
			{ case_id->b, sizeof(case_id->b) },
			{ party->b, sizeof(party->b) },
			{ number, sizeof(number) }),
		hash, sizeof(hash));
	memcpy(raw_out, hash, OUV_CODE_RAW);
	raw_out[OUV_CODE_RAW - 1] &= 0xf0;
	sodium_memzero(hash, sizeof(hash));
}

void
ouv_code_make(const struct ouv_key *k_tok, const struct ouv_id *case_id,
	const struct ouv_id *party, uint32_t version, char out[OUV_CODE_MAX])
{
	uint8_t raw[OUV_CODE_RAW], symbols[OUV_CODE];

	code_raw(k_tok, case_id, party, version, raw);
	for (int i = 0; i < DATA; i++)
		symbols[i] = base32_bits(raw, sizeof(raw), (size_t)i);
	code_protect(symbols);
	for (int i = 0; i < OUV_CODE; i++)
		out[i] = base32_alphabet[symbols[i]];
	out[OUV_CODE] = 0;
}

enum ouv_err
ouv_code_read(const char *text, size_t len, uint8_t raw_out[OUV_CODE_RAW],
	int *mended_out)
{
	uint8_t symbols[OUV_CODE];
	int typed[OUV_CODE], mended = 0;

	if (len != OUV_CODE)
		return OUV_INVALID;
	for (int i = 0; i < OUV_CODE; i++) {
		if ((typed[i] = base32_value(text[i])) < 0)
			return OUV_INVALID;
		symbols[i] =
			(uint8_t)(typed[i] & 31); /* unknown: any will do */
	}
	if (!code_mend(symbols))
		return OUV_INVALID;
	for (int i = 0; i < OUV_CODE; i++)
		mended += typed[i] != symbols[i];
	/* Unknown symbols that happened to stand for 0 count as well. */
	if (mended > MEND_MAX)
		return OUV_INVALID;
	memset(raw_out, 0, OUV_CODE_RAW);
	for (int bit = 0; bit < 5 * DATA; bit++)
		if (symbols[bit / 5] >> (4 - bit % 5) & 1)
			raw_out[bit / 8] |= (uint8_t)(0x80 >> bit % 8);
	if (mended_out != NULL)
		*mended_out = mended;
	return OUV_OK;
}

void
ouv_code_id(const uint8_t raw[OUV_CODE_RAW], struct ouv_id *id_out)
{
	vault_hash(NULL, VAULT_PARTS(VAULT_LABEL("rid"), { raw, OUV_CODE_RAW }),
		id_out->b, sizeof(id_out->b));
}

bool
ouv_code_fits(const struct ouv_key *k_tok, const struct ouv_id *case_id,
	const struct ouv_id *party, uint32_t version,
	const uint8_t raw[OUV_CODE_RAW])
{
	uint8_t want[OUV_CODE_RAW];
	bool fits = false;

	for (; k_tok != NULL && !fits; k_tok = ouv_key_former(k_tok)) {
		code_raw(k_tok, case_id, party, version, want);
		fits = sodium_memcmp(want, raw, sizeof(want)) == 0;
	}
	sodium_memzero(want, sizeof(want));
	return fits;
}
