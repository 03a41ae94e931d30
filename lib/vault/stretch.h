/*
 * stretch.h - what identity.c needs of passwords and paper codes
 */
#ifndef OUV_VAULT_STRETCH_H
#define OUV_VAULT_STRETCH_H

#include "inner.h"

#define STRETCH_OPS 3
#define STRETCH_MEM (UINT64_C(256) << 20)

/*
 * Argon2id of a password, at most three at once in the process.
 *
 * OUV_REFUSED: ops and mem, as stored in a row, are outside what is sane.
 * OUV_TEMPORARY: too many wait, or there is no memory for it now.
 */
OUV_MUST_CHECK enum ouv_err stretch(const char *secret,
	const uint8_t salt[OUV_SALT], uint32_t ops, uint64_t mem,
	uint8_t key_out[OUV_KEY]);

/* The 32 bytes of a code as printed; false: mistyped. */
bool recovery_read(const char *text, uint8_t code_out[OUV_KEY]);

#endif
