/*
 * texts.h - what the files about the office's texts share
 */
#ifndef OUV_DESK_TEXTS_H
#define OUV_DESK_TEXTS_H

#include "desk_impl.h"

/* ---- texts.c ------------------------------------------------------------ */

/* A text as it counts now; live.body are the words. */
struct text_now {
	struct text_live live;
	int n;           /* of the live version, 0: there is none */
	bool counted;    /* findings is known */
	size_t findings; /* of the live words */
};
/* What this desk keeps, asked anew at most once a transaction; in the order of
 * office->shipped. */
OUV_MUST_CHECK enum ouv_err texts_now(struct ouv_desk *desk,
	struct store_tx *tx, struct text_now **list_out, size_t *count_out);
/* Index of a text of that name; OUV_NOT_FOUND. */
OUV_MUST_CHECK enum ouv_err texts_index(
	const struct ouv_office *office, const char *name, size_t *index_out);

/* ---- texts_sign.c -------------------------------------------------------- */

/* The author's signature; person and at are in the row. */
void text_sign(const struct ouv_office *office,
	const struct ouv_identity *identity, struct store_text *v);
/* The second person's; second, second_at, second_why and published are. */
void text_sign_second(const struct ouv_office *office,
	const struct ouv_identity *identity, struct store_text *v);
/* OUV_REFUSED: a signature that must be there is not, or does not hold. */
OUV_MUST_CHECK enum ouv_err text_signed(const struct ouv_office *office,
	const struct colleague *signers, size_t count,
	const struct ouv_text_decl *decl, const struct store_text *v);
/* Of whoever ever signed one, checked up to ROOT. */
OUV_MUST_CHECK enum ouv_err text_signers(struct ouv_desk *desk,
	struct store_tx *tx, struct ouv_arena *arena,
	struct colleague **list_out, size_t *count_out);

/* What was signed, and back; an empty content is no words at all. */
const char *text_content(
	struct ouv_arena *arena, const char *const body[OUV_LANG__COUNT]);
OUV_MUST_CHECK enum ouv_err text_bodies(struct ouv_arena *arena,
	const char *content, const char *body_out[OUV_LANG__COUNT]);
/* For the log: which version, as an id. */
struct ouv_id text_id(const char *name, int n);

/* ---- texts_render.c ------------------------------------------------------ */

/* "Subject: ..." in the first line; subject_out NULL: there is none. */
const char *text_split(
	struct ouv_arena *arena, const char *text, const char **subject_out);
/* Strict, with these typed data. */
OUV_MUST_CHECK enum ouv_err text_render(struct ouv_arena *arena,
	const struct ouv_text_decl *decl, const char *body, enum ouv_lang lang,
	const json_t *data, struct ouv_str *text_out,
	struct ouv_tmpl_error *error_out);
/* Do all languages render with the examples? error_out says which does not. */
OUV_MUST_CHECK enum ouv_err text_fits(struct ouv_arena *arena,
	const struct ouv_text_decl *decl,
	const char *const body[OUV_LANG__COUNT],
	struct ouv_tmpl_error *error_out);

/* ---- texts_check.c, texts_names.c, texts_words.c ------------------------- */

#define TEXT_FINDINGS_MOST 200

struct text_checking {
	struct ouv_arena *arena;
	const struct ouv_office *office;
	const struct ouv_text_decl *decl;
	const char *shipped[OUV_LANG__COUNT];
	const char *body[OUV_LANG__COUNT];
	struct ouv_text_finding *list;
	size_t count;
};
/* Once for each language, rule, place and words. */
void text_finding(
	struct text_checking *c, const struct ouv_text_finding *finding);
/* Variables and sections: declared, used, the same in all languages. */
void text_check_names(struct text_checking *c);
/* Rendered with what may come; read by the lint. */
void text_check_words(struct text_checking *c, enum ouv_lang lang);
OUV_MUST_CHECK enum ouv_err text_check(struct ouv_arena *arena,
	const struct ouv_office *office, const struct text_live *shipped,
	const char *const body[OUV_LANG__COUNT],
	struct ouv_text_finding **findings_out, size_t *count_out);

/* ---- texts_read.c -------------------------------------------------------- */

bool text_may_change(const struct ouv_actor *actor);
bool text_may_decide(const struct ouv_actor *actor);

#endif
