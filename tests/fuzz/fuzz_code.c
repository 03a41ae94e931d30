/*
 * fuzz_code.c - codes, names and tokens as strangers type them
 *
 * The first byte chooses the reader; the rest is its text.  What is read must
 * be of the promised shape and, where the reader also writes, come back.
 */
#include <stdlib.h>
#include <string.h>

#include "ouv/vault.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct ouv_key *key;
static const struct ouv_id row = { { 1, 2, 3 } };

static void
must(bool holds)
{
	if (!holds)
		abort();
}

/* Any bytes; text has a zero behind it. */
static void
read_code(const char *text, size_t len)
{
	uint8_t raw[OUV_CODE_RAW];
	int mended = -1;

	if (ouv_code_read(text, len, raw, &mended) != OUV_OK)
		return;
	must(len == OUV_CODE && mended >= 0 && mended <= 3);
	must((raw[OUV_CODE_RAW - 1] & 0x0f) == 0);
	must(!ouv_code_fits(key, &row, &row, 7, raw));
}

/* A code of ours with up to three symbols replaced must be mended. */
static void
mend_code(const char *text, size_t len)
{
	static const char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";
	char code[OUV_CODE_MAX];
	uint8_t raw[OUV_CODE_RAW];
	int mended;

	ouv_code_make(key, &row, &row, 1, code);
	for (size_t i = 0; i + 1 < len && i < 6; i += 2)
		code[(uint8_t)text[i] % OUV_CODE] =
			alphabet[(uint8_t)text[i + 1] % 32];
	must(ouv_code_read(code, OUV_CODE, raw, &mended) == OUV_OK);
	must(mended <= 3 && ouv_code_fits(key, &row, &row, 1, raw));
}

static void
read_name(const char *text, size_t len)
{
	struct ouv_id id;

	/* Only the one name whose MAC a seed may hold is ours. */
	if (ouv_message_name_read(key, "mid", text, len, &id) == OUV_OK)
		must(ouv_id_equal(&id, &row));
}

static void
read_token(const char *text, size_t len)
{
	uint8_t token[32];
	char again[OUV_TOKEN_B64];

	(void)len;
	if (ouv_token_parse(text, token) != OUV_OK)
		return;
	ouv_token_text(token, again);
	must(strcmp(text, again) == 0);
}

/* Two shares on two lines. */
static void
read_shares(const char *text, size_t len)
{
	char *copy = strdup(text), *second;
	uint8_t secret[OUV_KEY];

	(void)len;
	must(copy != NULL);
	second = strchr(copy, '\n');
	if (second != NULL)
		*second++ = 0;
	if (ouv_share_join("escrow", copy, second != NULL ? second : "",
		    secret) == OUV_OK)
		must(second != NULL && strcmp(copy, second) != 0);
	free(copy);
}

static void
read_recovery(const char *text, size_t len)
{
	static const struct ouv_wrap none = { .version = 1 };
	struct ouv_identity *identity = NULL;

	(void)len;
	must(ouv_identity_unwrap(&none, &row, &row, OUV_COLUMN_RECOVERY, key,
		     text, &identity) != OUV_OK);
}

static void
read_totp(const char *text, size_t len)
{
	static const uint8_t seed[OUV_TOTP_SEED] = "12345678901234567890";
	int64_t step = 0;

	/* Step 0, 1 and 2 have 755224, 287082 and 359152 (RFC 4226). */
	if (ouv_totp_check(seed, text, 30, -1, &step) == OUV_OK)
		must(len >= 6 && step >= 0 && step <= 2);
}

static void (*const readers[])(const char *text, size_t len) = {
	read_code,
	mend_code,
	read_name,
	read_token,
	read_shares,
	read_recovery,
	read_totp,
};

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t bytes[OUV_KEY] = "a key that everybody may know";
	char *text;

	if (size == 0)
		return 0;
	if (key == NULL) {
		ouv_vault_init();
		key = ouv_key_new(bytes);
	}
	text = malloc(size); /* exact: a reader one byte too far is seen */
	must(text != NULL);
	memcpy(text, data + 1, size - 1);
	text[size - 1] = 0;
	readers[data[0] % (sizeof(readers) / sizeof(readers[0]))](
		text, size - 1);
	free(text);
	return 0;
}
