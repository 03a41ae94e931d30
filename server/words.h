/*
 * words.h - every word of the pages, per language, from templates/html
 *
 * words.<language>.json is one flat object, key to text.  The three files hold
 * the same keys, or the program does not start.
 */
#ifndef SERVER_WORDS_H
#define SERVER_WORDS_H

#include <jansson.h>

#include "ouv/case.h"
#include "ouv/err.h"

struct words {
	json_t *in[OUV_LANG__COUNT];
};

/* OUV_NOT_FOUND, OUV_INVALID: said on the log. folder is paths_templates. */
OUV_MUST_CHECK enum ouv_err words_load(
	const char *folder, struct words *words_out);
void words_free(struct words *words);

/* NULL: no such key. */
const char *words_get(
	const struct words *words, enum ouv_lang lang, const char *key);
/*
 * Text for a code of the program: key is prefix + code, where letters and
 * digits stay, become lower case, and all else is "_"; NULL: none, as for no
 * code.
 */
const char *words_code(const struct words *words, enum ouv_lang lang,
	const char *prefix, const char *code);

#endif
