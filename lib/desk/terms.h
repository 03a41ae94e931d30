/*
 * terms.h - what the files about deadlines and days share
 */
#ifndef DESK_TERMS_H
#define DESK_TERMS_H

#include "desk_impl.h"
#include "ouv/store_mediation.h"
#include "ouv/terms_file.h"

/* terms_file.c: the text of folder/name.json; OUV_NOT_FOUND. */
OUV_MUST_CHECK enum ouv_err terms_text(struct ouv_arena *arena,
	const char *folder, const char *name, const char **text_out,
	size_t *len_out, char what_out[200]);

/* terms_live.c: as terms_live, with the reason in what_out; content NULL, or
 * the office's next version of it. */
OUV_MUST_CHECK enum ouv_err terms_resolve(struct ouv_desk *desk,
	struct store_tx *tx, struct ouv_arena *arena, const char *name,
	const char *content, struct ouv_terms *terms_out, char what_out[200]);
/* The calendar with its names; as calendar_live. */
OUV_MUST_CHECK enum ouv_err calendar_book_live(struct ouv_desk *desk,
	struct store_tx *tx, const char *name,
	const struct ouv_calendar_book **book_out);
/* Its calendar is "" when the office's own is that one or builds on it. */
void terms_at_office(
	const struct ouv_calendar_book *office, struct ouv_terms *terms);

#endif
