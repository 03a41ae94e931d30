/*
 * moved_clock.c - another time of day for the program that preloads it
 *
 *   LD_PRELOAD=moved_clock.so OUV_CLOCK=FILE program
 *
 * FILE holds one int64_t: by how many nanoseconds the time of day is moved.
 * It is mapped, so that whoever writes there moves the clock of every such
 * program at once: no reading opens a file or takes a lock, none sees the
 * real time, whatever other threads do, and a parser without rights reads the
 * same clock as its parent.  Clocks that only measure stay as they are.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define SECOND 1000000000LL

static _Atomic int64_t *moved;
static int (*real_clock)(clockid_t, struct timespec *);

/* A clock that cannot be moved must not pass for one that is. */
static void
give_up(const char *why)
{
	(void)fprintf(stderr, "moved_clock: %s\n", why);
	_exit(70);
}

__attribute__((constructor)) static void
begin(void)
{
	const char *path = getenv("OUV_CLOCK");
	int fd;

	if (moved != NULL)
		return;
	*(void **)&real_clock = dlsym(RTLD_NEXT, "clock_gettime");
	if (real_clock == NULL)
		give_up("no clock to move");
	fd = path != NULL ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	if (fd < 0)
		give_up("OUV_CLOCK names no file");
	moved = mmap(NULL, sizeof(*moved), PROT_READ, MAP_SHARED, fd, 0);
	if (moved == MAP_FAILED)
		give_up("the file cannot be mapped");
	(void)close(fd);
}

int
clock_gettime(clockid_t clock, struct timespec *ts)
{
	int64_t by;

	if (moved == NULL)
		begin(); /* another constructor asks */
	if (real_clock(clock, ts) != 0)
		return -1;
	if (clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE)
		return 0;
	by = atomic_load_explicit(moved, memory_order_relaxed);
	ts->tv_sec += (time_t)(by / SECOND);
	ts->tv_nsec += (long)(by % SECOND);
	if (ts->tv_nsec >= SECOND) {
		ts->tv_nsec -= SECOND;
		ts->tv_sec++;
	} else if (ts->tv_nsec < 0) {
		ts->tv_nsec += SECOND;
		ts->tv_sec--;
	}
	return 0;
}

int
gettimeofday(struct timeval *restrict tv, void *restrict zone)
{
	struct timespec ts;

	(void)zone;
	if (clock_gettime(CLOCK_REALTIME, &ts) != 0)
		return -1;
	tv->tv_sec = ts.tv_sec;
	tv->tv_usec = ts.tv_nsec / 1000;
	return 0;
}

time_t
time(time_t *out)
{
	struct timespec ts;

	if (clock_gettime(CLOCK_REALTIME, &ts) != 0)
		return (time_t)-1;
	if (out != NULL)
		*out = ts.tv_sec;
	return ts.tv_sec;
}
