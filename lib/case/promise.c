/*
 * promise.c - what becomes of a promise, as one table
 */
#include <stddef.h>
#include <string.h>

#include "ouv/promise.h"

enum says {
	NOTHING,
	DONE,
	LATE,
	NOT_DONE,
	SAYS__COUNT
};

/* clang-format off */
static const char *const names[SAYS__COUNT] = {
	[NOTHING] = "", [DONE] = "done", [LATE] = "late", [NOT_DONE] = "not-done",
};

/* Whoever it was promised to has the last word; where the promiser says that
 * it was done and they say that it was not, a person looks. */
static const char *const verdicts[SAYS__COUNT][SAYS__COUNT] = {
	/* the promiser  nothing  done    late    not done: to whom it was promised */
	[NOTHING] =    { NULL,    "kept", "late", "broken" },
	[DONE] =       { NULL,    "kept", "late", NULL },
	[LATE] =       { NULL,    "late", "late", NULL },
	[NOT_DONE] =   { NULL,    "kept", "late", "broken" },
};
/* They were asked and did not answer: what the promiser says counts. */
static const char *const silent[SAYS__COUNT] = {
	[NOTHING] = "broken", [DONE] = "kept", [LATE] = "late", [NOT_DONE] = "broken",
};
/* clang-format on */

static enum says
read_says(const char *says)
{
	for (int i = 0; says != NULL && i < SAYS__COUNT; i++)
		if (strcmp(says, names[i]) == 0)
			return (enum says)i;
	return NOTHING;
}

const char *
ouv_promise_verdict(const char *promiser, const char *says_company,
	const char *says_consumer, bool lapsed)
{
	bool by_consumer = strcmp(promiser, "consumer") == 0;
	bool by_company = strcmp(promiser, "company") == 0;
	enum says company = read_says(says_company);
	enum says consumer = read_says(says_consumer);
	enum says own = by_company ? company : by_consumer ? consumer : NOTHING;
	enum says other = by_consumer ? company : consumer;

	if (lapsed && other == NOTHING)
		return silent[own];
	return verdicts[own][other];
}
