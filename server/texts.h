/*
 * texts.h - what the pages about the office's texts share
 */
#ifndef SERVER_TEXTS_H
#define SERVER_TEXTS_H

#include <jansson.h>

#include "server.h"
#include "sheet.h"

/* ---- page_texts.c -------------------------------------------------------- */

/* The text of the address /templates/GROUP/NAME...; false: it has been
 * answered that there is none. */
bool texts_open(struct request *request, struct ouv_text_view *view_out);
/* What that page's template is given, before anything of its own. */
json_t *texts_base(struct request *request, const struct ouv_text_view *view);
/* The version that text, a number, names; fallback when it is NULL; NULL: no
 * number, or no such version. */
const struct ouv_text_version *texts_version(
	const struct ouv_text_view *view, const char *text, int fallback);
/* A form's key that can be one; false: it has been answered. */
bool texts_form_key(struct request *request, const char **key_out);
/* Proposes a new version with these fields of the form, as far as they came;
 * names ends with NULL. */
OUV_MUST_CHECK enum ouv_err texts_propose(struct request *request,
	const struct ouv_text_view *view, const char *key,
	const char *const *names, struct ouv_verb_result *result);
/* To the page of the text, which says what became of it. */
void texts_go_on(struct request *request, const struct ouv_text_view *view);
/* What a refused form is told, by the desk's error; false: no form's error,
 * and it has been answered. */
bool texts_trouble(
	struct request *request, enum ouv_err err, struct trouble *trouble);

/* ---- view_texts.c: a text, its versions and findings --------------------- */

/* "/templates/mail/ack" */
const char *texts_path(struct ouv_arena *arena, const char *name);
/* title, name, kind, is_automatic, text_path, can_change, live. */
void texts_head(const struct request *request, json_t *data,
	const struct ouv_text_view *view);
/* "Version 3", or the words for the product's own text. */
void texts_number(
	const struct request *request, json_t *data, const char *key, int n);
/* Number, state, who, when and why, links to what can be looked at. */
json_t *texts_version_view(const struct request *request,
	const struct ouv_text_view *view,
	const struct ouv_text_version *version);
/* A select of all versions, newest first. */
json_t *texts_version_choices(const struct request *request,
	const struct ouv_text_view *view, int chosen);
/* tag and lang_name of each language, in the order of the columns. */
json_t *texts_language(const struct request *request, enum ouv_lang lang);
/* findings, has_findings, finding_count of one language; target is the
 * address of its line 0, so "#x-" leads to "#x-5", or of the whole when it
 * does not end with "-". */
void texts_findings(const struct request *request, json_t *data,
	const struct ouv_text_finding *findings, size_t count,
	enum ouv_lang lang, const char *target);
/* Each language of a version by lines, with what is said of it. */
json_t *texts_bodies(const struct request *request,
	const struct ouv_text_version *version,
	const struct ouv_text_finding *findings, size_t count);

/* ---- view_texts_vars.c --------------------------------------------------- */

/* variables, has_variables: what may be put in, with examples. */
void texts_variables(const struct request *request, json_t *data,
	const struct ouv_text_decl *decl);

/* ---- view_texts_diff.c --------------------------------------------------- */

/* Each language: what was taken out of a and put in by b, and what is said of
 * b; id keeps several comparisons of one page apart. */
json_t *texts_diffs(const struct request *request, const char *id,
	const struct ouv_text_version *a, const struct ouv_text_version *b,
	const struct ouv_text_finding *findings, size_t count);

#endif
