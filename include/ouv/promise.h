/*
 * promise.h - what becomes of a promise, by what both sides say of it
 */
#ifndef OUV_PROMISE_H
#define OUV_PROMISE_H

#include <stdbool.h>

/*
 * Who promised (company, consumer, office) and what each side says: "done",
 * "late", "not-done", NULL for nothing.  lapsed: whoever it was promised to
 * was asked, and the time to answer is over.
 *
 * "kept", "late" or "broken"; NULL: nobody can tell yet, or both contradict
 * each other and a person must look.
 */
const char *ouv_promise_verdict(const char *promiser, const char *says_company,
	const char *says_consumer, bool lapsed);

#endif
