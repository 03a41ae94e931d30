/*
 * turn.c - waiting, but not for long, to be the one who asks a fenced child
 */
#include <time.h>

#include "turn.h"

bool
turn_take(pthread_mutex_t *turn, int ms)
{
	struct timespec by;

	(void)clock_gettime(CLOCK_MONOTONIC, &by);
	by.tv_nsec += ms * 1000000L;
	by.tv_sec += by.tv_nsec / 1000000000L;
	by.tv_nsec %= 1000000000L;
	return pthread_mutex_clocklock(turn, CLOCK_MONOTONIC, &by) == 0;
}
