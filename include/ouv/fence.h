/*
 * fence.h - hostile bytes are parsed where nothing can be reached from
 *
 * A mail can crash a parser, keep it busy for ever or fill the memory.  So the
 * parser runs in a child process without rights: no files, no sockets, no new
 * processes, little memory, seconds of time.  The child serves mail after mail
 * over shared memory; when it dies the mail is the failure, not the gateway.
 * After a few mails, and after any trouble, it is replaced.
 *
 * Between the two stands a keeper, forked when the fence is made, that forks
 * the children and buries them.  It exists so that a child never inherits what
 * the gateway learns later: make the fence FIRST, before keys and passwords
 * are read and before any connection is opened.
 */
#ifndef OUV_FENCE_H
#define OUV_FENCE_H

#include <stdbool.h>
#include <stddef.h>

#include "ouv/arena.h"
#include "ouv/buf.h"
#include "ouv/err.h"

struct ouv_fence;

struct ouv_fence_job {
	/*
	 * Runs once in the keeper, before any hostile byte and before the
	 * limits: whatever opens files on first use (converters, tables,
	 * locales) must be used here once.  May be NULL.
	 */
	void (*warm)(void *user);
	/* Runs in the child; arena and answer are reset for each mail. */
	void (*parse)(struct ouv_arena *arena, const void *raw, size_t len,
		struct ouv_buf *answer, void *user);
	void *user; /* as it was when the fence was made */
};

/* Zeroes in struct ouv_fence_limits mean these. */
#define OUV_FENCE_RAW_MAX (40UL << 20)
#define OUV_FENCE_ANSWER_MAX (16UL << 20)
#define OUV_FENCE_WALL_MS 30000
#define OUV_FENCE_CPU_SECS 10
#define OUV_FENCE_MEMORY (1UL << 30)
/*
 * A child that a mail has taken over could look at what the mails before it
 * left in memory, and answer falsely for those behind it.  One child for each
 * mail would cost nine tenths of the speed (docs/threats.md has the figures),
 * so a few mails share one.
 */
#define OUV_FENCE_MAILS 32
#define OUV_FENCE_GROWTH_KB (256L << 10)

struct ouv_fence_limits {
	size_t raw_max, answer_max; /* bytes */
	int wall_ms;                /* for one mail */
	int cpu_secs;               /* for one mail */
	size_t memory;              /* address space of the child */
	int mails;                  /* before a fresh child */
	long growth_kb;             /* of resident memory, likewise */
	/* What `warm` opens is large and seldom needed: it runs before the
	 * first child, and not when the fence is made. */
	bool late;
};

/*
 * Forks the keeper.  limits may be NULL.  Only lack of memory or descriptors
 * fails it, and is logged.
 */
OUV_MUST_CHECK enum ouv_err ouv_fence_new(const struct ouv_fence_job *job,
	const struct ouv_fence_limits *limits, struct ouv_fence **fence_out);

/*
 * Has the child parse one mail.  The answer is a copy in the arena and is to
 * be believed as little as the mail itself.
 *
 * OUV_INVALID: the mail is at fault; failure_out (a constant string) says
 * "child_killed" (crashed, broke a limit or a rule), "child_timeout" (wall
 * clock or CPU), "answer_too_large" or "raw_too_large".  The next call has a
 * fresh child.  OUV_TEMPORARY: the keeper is gone or cannot fork; logged.
 */
OUV_MUST_CHECK enum ouv_err ouv_fence_parse(struct ouv_fence *fence,
	const void *raw, size_t len, struct ouv_arena *arena,
	struct ouv_str *answer_out, const char **failure_out);

/*
 * For bytes that need not lie in this process as one: begin, put each piece
 * where it belongs, then ouv_fence_parse with raw NULL and their length.
 * Errors as above.
 */
OUV_MUST_CHECK enum ouv_err ouv_fence_begin(struct ouv_fence *fence);
OUV_MUST_CHECK enum ouv_err ouv_fence_put(
	struct ouv_fence *fence, size_t at, const void *data, size_t len);

/* By another thread: what is parsed now ends as if it had been killed. */
void ouv_fence_hurry(struct ouv_fence *fence);

/* For the log and for tests. */
struct ouv_fence_stats {
	unsigned long mails, children, killed, timeouts;
	long maxrss_kb; /* the largest any child reported */
	int child;      /* process id, 0: none now */
};
struct ouv_fence_stats ouv_fence_stats(const struct ouv_fence *fence);

/* Ends child and keeper; NULLs *fence. */
void ouv_fence_free(struct ouv_fence **fence);

#endif
