/*
 * opine.h - what the verbs about evidence, hearing and opinions share
 */
#ifndef OUV_DESK_OPINE_H
#define OUV_DESK_OPINE_H

#include "settle.h"

#define EVIDENCE_MOST 100 /* boxes of one form */
#define RECOMMENDATIONS_MOST 3
#define REFERRALS_MOST 5
#define TITLE_MOST 200

/* "consumer", "company" */
extern const char *const side_names[SIDES];

/* ---- hearing.c -------------------------------------------------------------
 */

/* A new round: both are shown the index with the same days from now; days and
 * comment_by stand in both letters. */
OUV_MUST_CHECK enum ouv_err hearing_both(struct verb_call *call);
/* A moment's day by the case's calendar. */
OUV_MUST_CHECK enum ouv_err hearing_day(
	struct verb_call *call, int64_t at, int32_t *day_out);

/* ---- verb_evidence.c -------------------------------------------------------
 */

/* What is in the index now. */
OUV_MUST_CHECK enum ouv_err evidence_now(struct verb_call *call,
	struct store_evidence **list_out, size_t *count_out);
/* [{n, title}] of those of these numbers, or of all (count 0). */
OUV_MUST_CHECK enum ouv_err evidence_list(struct verb_call *call,
	const int64_t *numbers, size_t count, json_t *list);

/* ---- opinion.c -------------------------------------------------------------
 */

/* What is written of a case's merit, and to whom it goes. */
struct opining {
	struct verb_call *call;
	const char *kind; /* provisional, final */
	json_t *data;     /* of both letters */
	int64_t rests_on[EVIDENCE_MOST];
	size_t rests_count;
	struct ouv_id item; /* the words, once they are kept */
};
/* From the fields merit, findings, reasons, evidence, measures,
 * recommendation.  What is wrong is told: OUV_INVALID. */
OUV_MUST_CHECK enum ouv_err opinion_read(struct opining *o);
/* The words as an item, the opinion's row. */
OUV_MUST_CHECK enum ouv_err opinion_keep(struct opining *o);
/* The same to both: data is taken over. */
void opinion_tell(struct opining *o);
void opinion_free(struct opining *o);
/* Each repeated field of first has its second; what lacks is told. */
void opinion_pairs(
	struct verb_call *call, const char *first, const char *second);
/* Labels of the codes in the field referral, into data of the consumer. */
OUV_MUST_CHECK enum ouv_err opinion_referrals(struct verb_call *call);

extern const char *const merits[];

/* The fields of both opinions; a decision must say what is to be done. */
/* clang-format off */
#define OPINION_FIELDS(needs_measures)					\
	{ .name = "merit", .kind = OUV_FIELD_WORD, .required = true,	\
	  .words = merits },						\
	{ .name = "findings", .kind = OUV_FIELD_WORDS, .required = true,	\
	  .most = WORDS_MOST, .letter = true },				\
	{ .name = "reasons", .kind = OUV_FIELD_WORDS, .required = true,	\
	  .most = WORDS_MOST, .letter = true },				\
	{ .name = "evidence", .kind = OUV_FIELD_EVIDENCE, .most = 1000,	\
	  .repeat = EVIDENCE_MOST },					\
	{ .name = "measures", .kind = OUV_FIELD_WORDS,			\
	  .required = (needs_measures), .most = WORDS_MOST, .letter = true },	\
	{ .name = "recommendation", .kind = OUV_FIELD_WORDS, .most = 2000,	\
	  .repeat = RECOMMENDATIONS_MOST, .letter = true },		\
	{ .name = "recommendation_day", .kind = OUV_FIELD_DAY,		\
	  .repeat = RECOMMENDATIONS_MOST }
/* clang-format on */

/* ---- recommendation.c ------------------------------------------------------
 */

/* From the fields recommendation and recommendation_day, into [{text, by}]. */
OUV_MUST_CHECK enum ouv_err recommendations_list(
	struct verb_call *call, json_t *list);
/* Each a row of the company's file, and a task for the registrar. */
OUV_MUST_CHECK enum ouv_err recommendations_keep(struct verb_call *call);

#endif
