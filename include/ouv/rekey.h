/*
 * rekey.h - new keys for cases of which somebody lost the old one
 *
 * A case waits for its new key until somebody who holds the present one opens
 * it or acts in it; whoever is there may as well make those that wait.
 */
#ifndef OUV_REKEY_H
#define OUV_REKEY_H

#include "ouv/desk.h"

/*
 * Makes new keys for at most so many waiting cases of which the actor holds
 * the key, for about most_ms milliseconds; each in a transaction of its own.
 * Those that are not done wait on (why is on the log).
 */
void ouv_desk_rekey(struct ouv_desk *desk, const struct ouv_actor *actor,
	int most, int64_t most_ms);

#endif
