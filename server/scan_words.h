/*
 * scan_words.h - the words of a page that was read, for a page of ours
 */
#ifndef SERVER_SCAN_WORDS_H
#define SERVER_SCAN_WORDS_H

#include <jansson.h>

#include "ouv/ocr_page.h"

/* Runs of text, those of doubtful words by themselves: {text, is_doubtful}.
 * cut_out: there is more than a page of ours holds. */
json_t *scan_runs(struct ouv_arena *arena, const struct ouv_ocr_page *page,
	bool *cut_out);
bool scan_has_doubts(const struct ouv_ocr_page *page);
/* As a quotation: "> " before each line. */
const char *scan_quoted(
	struct ouv_arena *arena, const struct ouv_ocr_page *page);

#endif
