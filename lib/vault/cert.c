/*
 * cert.c - who vouches for which public key
 *
 * Without signatures, whoever can write to the database puts a key of his own
 * where a case's or a colleague's belongs, and waits.
 */
#include <string.h>

#include <sodium.h>

#include "inner.h"

#define DOMAIN 16
#define MESSAGE (DOMAIN + 3 * 16 + 4 + 2 * OUV_KEY)

/* A signature for one purpose must be none for another: sixteen bytes, filled
 * up with zeros, no two alike. */
/* clang-format off */
static const char domains[OUV_CERT__COUNT][DOMAIN + 1] = {
	[OUV_CERT_ADMIN]   = "OUV-CERT-ADMIN-1",
	[OUV_CERT_GATEWAY] = "OUV-CERT-GATE-1",
	[OUV_CERT_SERVER]  = "OUV-CERT-SERV-1",
	[OUV_CERT_ESCROW]  = "OUV-CERT-ESCR-1",
	[OUV_CERT_SVC]     = "OUV-CERT-SVC-1",
	[OUV_CERT_PERSON]  = "OUV-CERT-PERS-1",
	[OUV_CERT_CASE]    = "OUV-CERT-CASE-1",
	[OUV_CERT_GRANT]   = "OUV-CERT-GRNT-1",
	[OUV_CERT_SIGNER]  = "OUV-CERT-SIGN-1",
	[OUV_CERT_TEXT]    = "OUV-CERT-TEXT-1",
	[OUV_CERT_SECOND]  = "OUV-CERT-SCND-1",
	[OUV_CERT_PAGE]    = "OUV-CERT-PAGE-1",
};
/* clang-format on */

/* False: no such kind. */
static bool
cert_encode(const struct ouv_cert *cert, uint8_t out[MESSAGE])
{
	uint8_t *p = out;

	if ((unsigned)cert->kind >= OUV_CERT__COUNT)
		return false;
	memcpy(p, domains[cert->kind], DOMAIN);
	memcpy(p + 16, cert->tenant.b, 16);
	memcpy(p + 32, cert->subject.b, 16);
	memcpy(p + 48, cert->extra.b, 16);
	vault_put32(p + 64, cert->version);
	memcpy(p + 68, cert->a, OUV_KEY);
	memcpy(p + 100, cert->b, OUV_KEY);
	return true;
}

void
ouv_cert_sign(const struct ouv_cert *cert, const uint8_t seed[OUV_KEY],
	uint8_t sig_out[OUV_SIG])
{
	uint8_t message[MESSAGE];
	uint8_t public[OUV_KEY], secret[crypto_sign_SECRETKEYBYTES];

	if (!cert_encode(cert, message))
		vault_die("certificate of no kind");
	(void)crypto_sign_seed_keypair(public, secret, seed);
	(void)crypto_sign_detached(
		sig_out, NULL, message, sizeof(message), secret);
	sodium_memzero(secret, sizeof(secret));
}

enum ouv_err
ouv_cert_check(const struct ouv_cert *cert, const uint8_t public[OUV_KEY],
	const uint8_t *sig, size_t sig_len)
{
	uint8_t message[MESSAGE];

	if (sig_len != OUV_SIG || !cert_encode(cert, message))
		return OUV_REFUSED;
	if (crypto_sign_verify_detached(
		    sig, message, sizeof(message), public) != 0)
		return OUV_REFUSED;
	return OUV_OK;
}
