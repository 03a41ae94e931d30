/*
 * terms_file.h - a deadline profile as an office writes it down
 * (deadlines/NAME.json, or its own version in the database)
 *
 * docs/deadlines.md says how one is written.
 */
#ifndef OUV_TERMS_FILE_H
#define OUV_TERMS_FILE_H

#include "ouv/arena.h"
#include "ouv/term.h"

#define OUV_TERMS_MOST 65536 /* bytes of a profile */

/* Whoever finds the profile that another one extends.  Errors are told in
 * what_out. */
typedef enum ouv_err ouv_terms_base_fn(void *of, const char *name,
	struct ouv_terms *terms_out, char what_out[200]);

/*
 * name is the profile's own; base (may be NULL: it may extend none) is asked
 * at most once.  Everything lives in arena.
 *
 * OUV_INVALID: it is no profile; what_out says where and why, in words for its
 * editor.
 */
OUV_MUST_CHECK enum ouv_err ouv_terms_parse(struct ouv_arena *arena,
	const char *name, const char *json, size_t len, ouv_terms_base_fn *base,
	void *of, struct ouv_terms *terms_out, char what_out[200]);
/* folder/name.json and what it extends; OUV_NOT_FOUND as well. */
OUV_MUST_CHECK enum ouv_err ouv_terms_read_file(struct ouv_arena *arena,
	const char *folder, const char *name, struct ouv_terms *terms_out,
	char what_out[200]);
/* Names of the profiles in a folder, sorted. */
OUV_MUST_CHECK enum ouv_err ouv_terms_names(struct ouv_arena *arena,
	const char *folder, const char ***names_out, size_t *count_out);

#endif
