/*
 * intake.h - what the verbs of the first half share: words from codebooks, and
 * the company side of a case
 */
#ifndef OUV_DESK_INTAKE_H
#define OUV_DESK_INTAKE_H

#include <jansson.h>

#include "move.h"

#define INTAKE_WORDS 8000
#define INTAKE_LINE 200
#define INTAKE_ALLEGATIONS 6
#define INTAKE_REFERRALS 4

/* ---- intake.c --------------------------------------------------------------
 */

/* Today by the case's calendar. */
int32_t intake_today(const struct verb_call *call);
/* In which language that side reads. */
enum ouv_lang intake_lang(const struct verb_call *call, int side);
/* A value of one side's letter, of both. */
void intake_one(
	struct verb_call *call, int side, const char *name, json_t *value);
void intake_both(struct verb_call *call, const char *name, json_t *value);
/* The label of a code into the letter of that side; nothing for none. */
OUV_MUST_CHECK enum ouv_err intake_label(struct verb_call *call, int side,
	const char *name, const char *book, const char *code);
/* The end of a clock that begins now, as a moment of that side's letter;
 * nothing where there is no such term. */
OUV_MUST_CHECK enum ouv_err intake_until(struct verb_call *call, int side,
	const char *name, enum ouv_clock kind);
/* The index of evidence into the letter of that side. */
OUV_MUST_CHECK enum ouv_err intake_evidence(struct verb_call *call, int side);
/* May the company read who complains?  Then the frame lets the name pass. */
bool intake_named(struct verb_call *call);

/* ---- respondent.c
 * ------------------------------------------------------------ */

/* The unit that a field names, or (field NULL) the case's; it must work today.
 * OUV_INVALID: no such unit (an error of that field, or the guard). */
OUV_MUST_CHECK enum ouv_err respondent_unit(
	struct verb_call *call, const char *field, struct store_unit *unit_out);
/*
 * Makes those who answer for this unit the company's side of the case, each
 * with an address of their own to write to; who is away is replaced by their
 * substitute.  OUV_REFUSED: the unit has nobody (the guard says so).
 */
OUV_MUST_CHECK enum ouv_err respondent_join(
	struct verb_call *call, const struct store_unit *unit);
/* The same for somebody who is in no register. */
OUV_MUST_CHECK enum ouv_err respondent_other(
	struct verb_call *call, const char *name, const char *addr);

/* request.c: a request about the writer's own data has the term of its law,
 * counted from the day on which it came.  profile: as it was before. */
OUV_MUST_CHECK enum ouv_err request_terms(
	struct verb_call *call, const char *profile);

#endif
