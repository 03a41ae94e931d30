/*
 * write.h - the composer of a case page, and how what it holds is checked
 */
#ifndef SERVER_WRITE_H
#define SERVER_WRITE_H

#include <jansson.h>

#include "server.h"
#include "sheet.h"

/* The forms "reply" and "holding" of a case; false where one may not. */
void view_write(
	struct sheet *sheet, json_t *data, const struct ouv_case_view *view);
/*
 * What the rules say of the form that came: the template "findings".  id is
 * the form's; check NULL: it was not checked; result NULL: its errors are told
 * elsewhere.
 */
void view_findings(const struct request *request, json_t *data, const char *id,
	const struct ouv_check *check, const struct ouv_verb_result *result);
/* "consumer" or "company": whom this request is about to write to. */
const char *write_to(const struct request *request);

/* Answers with the formatted part of a letter, for a frame of ours. */
void write_letter(struct request *request, const char *html);
/* Lets the page's own script run, and shows a frame of ours. */
void write_policy(struct request *request);

/* Moves those whose title has these letters (one that is nothing else: that
 * alone) to the front, in their order, and says how many. */
size_t write_matching(
	struct ouv_piece *list, size_t count, const char *letters);
/* has_pieces, groups: ready-made texts, by group. */
void view_pieces(const struct request *request, json_t *data,
	const struct ouv_piece *list, size_t count);

#endif
