/*
 * paper.h - a request about somebody's own data that came by letter, by
 * telephone or in person
 *
 * Functions of the desk (desk.h) with its conventions; docs/requests.md.
 */
#ifndef OUV_PAPER_H
#define OUV_PAPER_H

#include "ouv/desk.h"

/* How it came, and by which law its term counts; NULL ends them. */
extern const char *const ouv_paper_channels[];
extern const char *const ouv_paper_laws[];

/* Those who receive such requests. */
bool ouv_paper_may(const struct ouv_actor *actor);
/* The rights one may choose from; and the law that is usual here. */
OUV_MUST_CHECK enum ouv_err ouv_desk_paper_rights(struct ouv_desk *desk,
	struct ouv_arena *arena, enum ouv_lang lang,
	struct ouv_choice **list_out, size_t *count_out);
const char *ouv_desk_paper_law(const struct ouv_desk *desk);
/*
 * Fields: channel, arrived (YYYY-MM-DD), name, addr or postal, lang, right,
 * profile, identified, subject, text.  The case with its first message, its
 * terms from the day on which it arrived and its acknowledgement.
 */
OUV_MUST_CHECK enum ouv_err ouv_desk_paper(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	const char *form_key, const struct ouv_field *fields,
	size_t field_count, struct ouv_verb_result *result_out);

#endif
