/*
 * upload.c - keys of the files that somebody brings with a form
 *
 * The form's secret goes to the browser and back and is kept nowhere here; with
 * PEPPER it opens what was sent so far.  Neither the database nor the host
 * alone does.
 */
#include "inner.h"

void
ouv_upload_form(const uint8_t secret[OUV_UPLOAD_KEY], uint8_t form_out[32])
{
	vault_hash(NULL,
		VAULT_PARTS(
			VAULT_LABEL("ouv-upid"), { secret, OUV_UPLOAD_KEY }),
		form_out, 32);
}

void
ouv_upload_dek(const struct ouv_key *pepper,
	const uint8_t secret[OUV_UPLOAD_KEY], const struct ouv_id *file,
	uint8_t dek_out[OUV_KEY])
{
	vault_hash(ouv_key_bytes(pepper),
		VAULT_PARTS(VAULT_LABEL("ouv-upld"), { secret, OUV_UPLOAD_KEY },
			{ file->b, sizeof(file->b) }),
		dek_out, OUV_KEY);
}
