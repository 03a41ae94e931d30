/*
 * reason.h - why a message is held: from the program's codes to their words
 *
 * Pure.  why_CODE says what was seen; danger_FAMILY and todo_FAMILY say what
 * may come of it and what to do, for all codes of a family.
 */
#ifndef SERVER_REASON_H
#define SERVER_REASON_H

#include <stdbool.h>
#include <stddef.h>

struct reason {
	const char *code, *family;
	/* Is it doubtful that its sender is who they say, or a party at all?
	 * Then its words are nobody's until a person says whose they are. */
	bool doubtful;
	bool quiet; /* the desk answers none of these by itself */
	bool retry; /* reading or filing it failed: may go better now */
};

/* Never NULL: a code that is not known is of the family "other". */
const struct reason *reason_of(const char *code);
/* All that are known, for tests. */
const struct reason *reason_rows(size_t *count_out);

#endif
