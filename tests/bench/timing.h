/*
 * timing.h - how long something took, by the clock and in processor time
 *
 * On a machine that does other work as well the second says more.
 */
#ifndef BENCH_TIMING_H
#define BENCH_TIMING_H

#include <stdlib.h>
#include <time.h>

static inline double
millis_of(clockid_t clock)
{
	struct timespec t;

	(void)clock_gettime(clock, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static inline double
millis(void)
{
	return millis_of(CLOCK_MONOTONIC);
}

/* Of this process. */
static inline double
cpu_millis(void)
{
	return millis_of(CLOCK_PROCESS_CPUTIME_ID);
}

static inline int
ascending(const void *a, const void *b)
{
	const double *x = a;
	const double *y = b;

	return (*x > *y) - (*x < *y);
}

/* Sorts them. */
static inline double
median(double *took, int runs)
{
	qsort(took, (size_t)runs, sizeof(*took), ascending);
	return took[runs / 2];
}

#endif
