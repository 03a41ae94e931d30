/*
 * store_scan.h - rows about words read from pictures (scan.c, sql_scan.h)
 *
 * Beside store.h and with its conventions.  What a row says is sealed; that an
 * attachment has so many pages is all that can be seen of it.
 */
#ifndef OUV_STORE_SCAN_H
#define OUV_STORE_SCAN_H

#include "ouv/store.h"

/* An attachment that was looked at. */
struct store_scan_state {
	struct ouv_id item;
	int part;
	int done;            /* pages */
	struct ouv_str head; /* page 0, sealed; empty: it is not there */
};
/* In the order of their items' ids. */
OUV_MUST_CHECK enum ouv_err store_scan_states(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *case_id,
	struct store_scan_state **list_out, size_t *count_out);

/* Which pages of one are there, ascending; head as above. */
struct store_scan_rows {
	struct ouv_str head;
	size_t count;
	int *pages; /* from 1 on */
};
OUV_MUST_CHECK enum ouv_err store_scan_rows(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *item, int part,
	struct store_scan_rows *rows_out);

/* OUV_NOT_FOUND: not read yet, or not of this case. */
OUV_MUST_CHECK enum ouv_err store_scan_page(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *case_id,
	const struct ouv_id *item, int part, int page, struct ouv_str *ct_out);

/* Queued.  One that is there already stays; of a case that was erased, or that
 * the item has left, nothing is written. */
OUV_MUST_CHECK enum ouv_err store_scan_add(struct store_tx *tx,
	const struct ouv_id *case_id, const struct ouv_id *item, int part,
	int page, struct ouv_str ct);

/* Pages whose words are not among the tokens of their case. */
struct store_scan_due {
	struct ouv_id item;
	int part, page;
	struct ouv_str ct;
	int key_version;
	uint8_t dek_box[112];
};
OUV_MUST_CHECK enum ouv_err store_scan_due(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *case_id, int most,
	struct store_scan_due **list_out, size_t *count_out);
/* They are now.  OUV_CONFLICT: the case has another key by now, or somebody
 * else took them in. */
OUV_MUST_CHECK enum ouv_err store_scan_taken(struct store_tx *tx,
	const struct ouv_id *case_id, int version,
	const struct store_scan_due *list, size_t count);

#endif
