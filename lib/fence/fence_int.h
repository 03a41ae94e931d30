/*
 * fence_int.h - what the two sides of the fence say to each other
 */
#ifndef FENCE_INT_H
#define FENCE_INT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "ouv/fence.h"

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

/* Where the child's three descriptors end up. */
enum {
	FD_REQUEST = 3,
	FD_REPLY = 4,
	FD_CONTROL = 5, /* the keeper only */
	FD_FIRST_FOREIGN
};

struct request {
	uint64_t number, len;
};

enum verdict {
	VERDICT_ANSWER,
	VERDICT_TOO_LARGE,
};

struct reply {
	uint64_t number, len;
	uint32_t verdict;
	uint32_t rss_kb;
};

enum order {
	ORDER_SPAWN = 'S', /* a fresh child, after ending the old one */
	ORDER_KILL = 'K',
};

enum news_kind {
	NEWS_BORN = 'B',
	NEWS_DEAD = 'D',
	NEWS_NO_FORK = 'N',
};

struct news {
	uint32_t kind;
	int32_t pid, status;
};

struct ouv_fence {
	struct ouv_fence_job job;
	struct ouv_fence_limits limits;
	unsigned char *raw, *answer;
	int control, request, reply; /* the gateway's ends */
	int request_reader; /* kept open: a dead child is no broken pipe */
	pid_t keeper, child;
	uint64_t number;
	size_t filled;     /* of raw, put there and not parsed */
	int served;        /* by this child */
	long rss_first_kb; /* of this child's first reply */
	long rss_last_kb;
	bool gone; /* the keeper */
	struct ouv_fence_stats stats;
};

/* The keeper's whole life, from the fork on; request, reply and control are
 * its ends of the pipes. */
_Noreturn void fence_keeper_run(const struct ouv_fence *fence, pid_t gateway,
	int request, int reply, int control);

/* One message; all are far below PIPE_BUF: whole or not at all. */
bool fence_write(int fd, const void *data, size_t len);
bool fence_read(int fd, void *data, size_t len);
/* Throws away what nobody will read any more. */
void fence_drain(int fd);

#endif
