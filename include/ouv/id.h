/*
 * id.h - 16-byte names of rows: time-ordered, random, without a sequence
 *
 * UUID version 7 layout (RFC 9562): 48 bits of milliseconds, then random.
 * Time order keeps B-tree inserts at the right edge; no counter is shared, so
 * any worker can make them.
 */
#ifndef OUV_ID_H
#define OUV_ID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ouv/err.h"

struct ouv_id {
	uint8_t b[16];
};

#define OUV_ID_HEX 33 /* 32 digits and the final zero */

struct ouv_id ouv_id_new(void);
bool ouv_id_is_zero(const struct ouv_id *id);
bool ouv_id_equal(const struct ouv_id *a, const struct ouv_id *b);
void ouv_id_hex(const struct ouv_id *id, char out[OUV_ID_HEX]);
/* OUV_INVALID unless text is exactly 32 hexadecimal digits. */
OUV_MUST_CHECK enum ouv_err ouv_id_parse(
	const char *text, struct ouv_id *id_out);

/* Fills with bytes of the kernel's generator; cannot fail (ends the process).
 */
void ouv_random(void *out, size_t len);

/* Lower-case hexadecimal; out holds 2*len+1 bytes. */
void ouv_hex(const void *data, size_t len, char *out);
/* OUV_INVALID unless text is exactly 2*len hexadecimal digits. */
OUV_MUST_CHECK enum ouv_err ouv_unhex(
	const char *text, void *data_out, size_t len);

#endif
