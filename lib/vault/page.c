/*
 * page.c - the key of a party's own page, made of a code that only its reader
 * has
 *
 * No secret of ours is in it: the gateway makes it and forgets it, and what was
 * sealed to it opens with the code alone.
 */
#include <string.h>

#include "inner.h"

static const struct ouv_id none;

void
ouv_page_secret(const struct ouv_id *id, const uint8_t code[OUV_CODE_RAW],
	uint8_t secret_out[OUV_KEY])
{
	vault_hash(NULL,
		VAULT_PARTS(VAULT_LABEL("page"), { id->b, sizeof(id->b) },
			{ code, OUV_CODE_RAW }),
		secret_out, OUV_KEY);
}

void
ouv_page_name(const uint8_t code[OUV_CODE_RAW], uint8_t name_out[32])
{
	vault_hash(NULL,
		VAULT_PARTS(VAULT_LABEL("pgid"), { code, OUV_CODE_RAW }),
		name_out, 32);
}

void
ouv_page_extra(const struct ouv_id *page_key, const struct ouv_id *release,
	int64_t until_at, struct ouv_id *extra_out)
{
	uint8_t until[8], hash[32];

	if (release == NULL)
		release = &none;
	vault_put64(until, (uint64_t)until_at);
	vault_hash(NULL,
		VAULT_PARTS(VAULT_LABEL("pgbox"),
			{ page_key->b, sizeof(page_key->b) },
			{ release->b, sizeof(release->b) },
			{ until, sizeof(until) }),
		hash, sizeof(hash));
	memcpy(extra_out->b, hash, sizeof(extra_out->b));
}

void
ouv_page_terms(uint8_t kind, const struct ouv_id *case_id, int64_t until_at,
	uint8_t out[OUV_KEY])
{
	uint8_t until[8];

	if (case_id == NULL)
		case_id = &none;
	vault_put64(until, (uint64_t)until_at);
	vault_hash(NULL,
		VAULT_PARTS(VAULT_LABEL("pgkey"), { &kind, 1 },
			{ case_id->b, sizeof(case_id->b) },
			{ until, sizeof(until) }),
		out, OUV_KEY);
}
