/*
 * deadline.h - when something is due and why, and the profiles that say so
 *
 * As an operator asks for them; cases get their dates through their clocks.
 * What is wrong is told in words for the operator (English).
 */
#ifndef OUV_DEADLINE_H
#define OUV_DEADLINE_H

#include "ouv/desk.h"
#include "ouv/term.h"

struct ouv_deadline_ask {
	const char *profile;  /* NULL: the office's */
	const char *clock;    /* of a case, or a limit */
	const char *calendar; /* NULL: the profile's, else the office's */
	const char *outcome;  /* of "retention": how the case ended; NULL */
	int64_t from;
};

/* Why a day was not counted. */
struct ouv_deadline_why {
	const char *code;                /* as struct ouv_step; NULL */
	const char *in[OUV_LANG__COUNT]; /* its name; NULL: code says it all */
	const char *law;                 /* "" : none */
};

struct ouv_deadline {
	struct ouv_terms terms;
	const struct ouv_term *term;
	const struct ouv_calendar *calendar; /* until the desk is asked again */
	struct ouv_due due;
	const struct ouv_deadline_why *why; /* one for each step of due */
};

/*
 * OUV_NOT_FOUND: no such profile or calendar.  OUV_INVALID: no such clock, or
 * the calendar ends before.  what_out says it, and names the calendar.
 */
OUV_MUST_CHECK enum ouv_err ouv_desk_deadline(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_deadline_ask *ask,
	struct ouv_deadline *out, char what_out[200]);
/* The same from the product's files alone. */
OUV_MUST_CHECK enum ouv_err ouv_file_deadline(const struct ouv_config *config,
	struct ouv_arena *arena, const struct ouv_deadline_ask *ask,
	struct ouv_deadline *out, char what_out[200]);

struct ouv_terms_line {
	const char *name;
	int n;              /* of the office's own version; 0: the product's */
	const char *reason; /* NULL: the product's */
	int64_t at;
};
/* Every profile, by name; from the files alone when desk is NULL. */
OUV_MUST_CHECK enum ouv_err ouv_desk_terms_list(struct ouv_desk *desk,
	const struct ouv_config *config, struct ouv_arena *arena,
	struct ouv_terms_line **list_out, size_t *count_out);
/* As it counts now.  Errors as above. */
OUV_MUST_CHECK enum ouv_err ouv_desk_terms(struct ouv_desk *desk,
	const struct ouv_config *config, struct ouv_arena *arena,
	const char *name, struct ouv_terms *terms_out, char what_out[200]);
/*
 * The office's next version of a profile.  A clock that runs keeps the rule
 * with which it began.  OUV_INVALID: it is no profile, its calendar cannot be
 * read, or there is no reason; nothing is stored.
 */
OUV_MUST_CHECK enum ouv_err ouv_desk_terms_set(struct ouv_desk *desk,
	struct ouv_arena *arena, const char *name, const char *content,
	const char *reason, int *n_out, char what_out[200]);

#endif
