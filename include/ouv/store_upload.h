/*
 * store_upload.h - files that a form brings, while they wait for it
 *
 * Functions of the store (store.h) with its conventions.
 */
#ifndef OUV_STORE_UPLOAD_H
#define OUV_STORE_UPLOAD_H

#include "ouv/store.h"

struct store_upload {
	int n;
	struct ouv_id id;
	int64_t bytes;
	struct ouv_str head; /* sealed */
};
struct store_upload_sums {
	int64_t count, bytes; /* of that form, also on their way */
	int64_t all;          /* bytes of everybody */
};
OUV_MUST_CHECK enum ouv_err store_upload_sums(struct store_tx *tx,
	const uint8_t form[32], struct store_upload_sums *sums_out);
/* OUV_CONFLICT: another one took the number; ask again. */
OUV_MUST_CHECK enum ouv_err store_upload_begin(struct store_tx *tx,
	const uint8_t form[32], const struct ouv_id *id, int *n_out);
OUV_MUST_CHECK enum ouv_err store_upload_chunk(struct store_tx *tx,
	const struct ouv_id *id, int n, const void *data, size_t len);
/* OUV_CONFLICT (with the commit): it is gone, or was whole already. */
OUV_MUST_CHECK enum ouv_err store_upload_grow(
	struct store_tx *tx, const struct ouv_id *id, int64_t bytes);
OUV_MUST_CHECK enum ouv_err store_upload_keep(
	struct store_tx *tx, const struct ouv_id *id, struct ouv_str head);
/* The whole ones, in order of arrival. */
OUV_MUST_CHECK enum ouv_err store_uploads(struct store_tx *tx,
	struct ouv_arena *arena, const uint8_t form[32],
	struct store_upload **list_out, size_t *count_out);
/* At most `most` of them, as store_chunks_some. */
OUV_MUST_CHECK enum ouv_err store_upload_chunks(struct store_tx *tx,
	const struct ouv_id *id, int from, int most, store_chunk_fn *each,
	void *user, int *count_out);
OUV_MUST_CHECK enum ouv_err store_upload_drop(
	struct store_tx *tx, const struct ouv_id *id);
/* n -1: all of that form. */
OUV_MUST_CHECK enum ouv_err store_upload_remove(
	struct store_tx *tx, const uint8_t form[32], int n);
/* What nobody finished. */
OUV_MUST_CHECK enum ouv_err store_upload_sweep(struct store_tx *tx);

#endif
