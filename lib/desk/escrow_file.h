/*
 * escrow_file.h - the document that carries keys from the escrow to the office
 */
#ifndef DESK_ESCROW_FILE_H
#define DESK_ESCROW_FILE_H

#include <jansson.h>

#include "desk_impl.h"
#include "ouv/escrow.h"

struct escrow_key {
	struct ouv_id case_id;
	int version;
	uint8_t box[OUV_BOX]; /* sealed to file->person */
};
struct escrow_file {
	struct ouv_id tenant, person;
	uint8_t pk[OUV_KEY]; /* to which they are sealed */
	struct escrow_key *keys;
	size_t count;
};

json_t *escrow_file_write(const struct escrow_file *file);
/* OUV_INVALID: it is none. */
OUV_MUST_CHECK enum ouv_err escrow_file_read(struct ouv_arena *arena,
	const json_t *doc, struct escrow_file *file_out);
/* Of everything in it: ten bytes in five groups. */
void escrow_file_print(
	const struct escrow_file *file, char out[OUV_FINGERPRINT_MAX]);

#endif
