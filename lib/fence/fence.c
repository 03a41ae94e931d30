/*
 * fence.c - the gateway's side of the fence
 *
 * Three pipes and two shared mappings, all made before the first fork:
 *
 *   gateway --request-->  child    { number, length }, mail in `raw`
 *   gateway <--reply----  child    { number, length, rss }, text in `answer`
 *   gateway <--control--> keeper   orders (spawn, kill), news (born, dead)
 *
 * Whatever the child writes is bounded and copied before it is looked at.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "fence_int.h"
#include "ouv/log.h"

/* Forking, dying and being buried take milliseconds. */
#define KEEPER_MS 10000
#define LATE_MS 120000 /* and opening what is opened late may take its time */

/* The gateway to the keeper, who may be gone: no SIGPIPE. */
static bool
give_order(const struct ouv_fence *fence, enum order order)
{
	const char c = (char)order;
	ssize_t n;

	while ((n = send(fence->control, &c, 1, MSG_NOSIGNAL)) < 0 &&
		errno == EINTR)
		;
	return n == 1;
}

static int64_t
now_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static enum ouv_err
keeper_lost(struct ouv_fence *fence)
{
	if (!fence->gone)
		ouv_log_error("fence: the keeper process is gone");
	fence->gone = true;
	fence->child = 0;
	return OUV_TEMPORARY;
}

/* Waits for the next word of the keeper. */
static bool
hear(struct ouv_fence *fence, struct news *news_out)
{
	int64_t by = now_ms() + (fence->limits.late ? LATE_MS : KEEPER_MS);
	struct pollfd p = { .fd = fence->control, .events = POLLIN };

	for (;;) {
		int64_t left = by - now_ms();
		int n = left <= 0 ? 0 : poll(&p, 1, (int)left);

		if (n > 0)
			return fence_read(
				fence->control, news_out, sizeof(*news_out));
		if (n == 0 || errno != EINTR)
			return false;
	}
}

/*
 * What an earlier child left in the mappings, be it an answer it died of, must
 * not be there for the next.  Their pages go; untouched ones read as zeros.
 */
static bool
windows_empty(const struct ouv_fence *fence)
{
	return madvise(fence->raw, fence->limits.raw_max, MADV_REMOVE) == 0 &&
	       madvise(fence->answer, fence->limits.answer_max, MADV_REMOVE) ==
		       0;
}

static enum ouv_err
child_fresh(struct ouv_fence *fence)
{
	struct news news;

	if (fence->gone || !give_order(fence, ORDER_SPAWN))
		return keeper_lost(fence);
	/* A child that died of itself between two mails is told first. */
	do {
		if (!hear(fence, &news))
			return keeper_lost(fence);
	} while (news.kind == NEWS_DEAD);
	if (news.kind != NEWS_BORN) {
		ouv_log_error("fence: cannot fork: %s", strerror(news.status));
		return OUV_TEMPORARY;
	}
	fence_drain(fence->reply);
	if (!windows_empty(fence)) {
		ouv_log_error("fence: cannot empty: %s", strerror(errno));
		return OUV_TEMPORARY;
	}
	fence->child = news.pid;
	fence->served = 0;
	fence->rss_first_kb = fence->rss_last_kb = 0;
	fence->stats.children++;
	return OUV_OK;
}

static bool
is_spent(const struct ouv_fence *fence)
{
	return fence->child == 0 || fence->served >= fence->limits.mails ||
	       fence->rss_last_kb - fence->rss_first_kb >
		       fence->limits.growth_kb;
}

static enum ouv_err
child_died(struct ouv_fence *fence, int status, bool late,
	const char **failure_out)
{
	bool timeout =
		late || (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU);

	fence->child = 0;
	*failure_out = timeout ? "child_timeout" : "child_killed";
	if (timeout)
		fence->stats.timeouts++;
	else
		fence->stats.killed++;
	ouv_log_warn("fence: %s signal=%d exit=%d", *failure_out,
		WIFSIGNALED(status) ? WTERMSIG(status) : 0,
		WIFEXITED(status) ? WEXITSTATUS(status) : 0);
	return OUV_INVALID;
}

/* Has the child ended by the keeper, who says how it died. */
static enum ouv_err
child_end(struct ouv_fence *fence, bool late, const char **failure_out)
{
	struct news news;

	if (!give_order(fence, ORDER_KILL) || !hear(fence, &news) ||
		news.kind != NEWS_DEAD)
		return keeper_lost(fence);
	return child_died(fence, news.status, late, failure_out);
}

static enum ouv_err
take_reply(struct ouv_fence *fence, struct ouv_arena *arena,
	struct ouv_str *answer_out, const char **failure_out)
{
	struct reply reply;
	struct ouv_str answer;

	/* Everything in it is the child's word. */
	if (!fence_read(fence->reply, &reply, sizeof(reply)) ||
		reply.number != fence->number ||
		reply.len > fence->limits.answer_max ||
		reply.verdict > VERDICT_TOO_LARGE)
		return child_end(fence, false, failure_out);
	fence->served++;
	fence->rss_last_kb = (long)reply.rss_kb;
	if (fence->rss_first_kb == 0)
		fence->rss_first_kb = fence->rss_last_kb;
	if (fence->rss_last_kb > fence->stats.maxrss_kb)
		fence->stats.maxrss_kb = fence->rss_last_kb;
	if (reply.verdict == VERDICT_TOO_LARGE) {
		fence->served = fence->limits.mails; /* no more for this one */
		*failure_out = "answer_too_large";
		return OUV_INVALID;
	}
	answer.len = (size_t)reply.len;
	answer.p = ouv_arena_strndup(
		arena, (const char *)fence->answer, answer.len);
	explicit_bzero(fence->answer, answer.len);
	*answer_out = answer;
	return OUV_OK;
}

static enum ouv_err
await(struct ouv_fence *fence, struct ouv_arena *arena,
	struct ouv_str *answer_out, const char **failure_out)
{
	int64_t by = now_ms() + fence->limits.wall_ms;
	struct news news;

	for (;;) {
		struct pollfd p[2] = { { .fd = fence->reply, .events = POLLIN },
			{ .fd = fence->control, .events = POLLIN } };
		int64_t left = by - now_ms();
		int n = left <= 0 ? 0 : poll(p, 2, (int)left);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return child_end(fence, n == 0, failure_out);
		/* An answer given before dying counts. */
		if (p[0].revents & POLLIN)
			return take_reply(
				fence, arena, answer_out, failure_out);
		if (!fence_read(fence->control, &news, sizeof(news)) ||
			news.kind != NEWS_DEAD)
			return keeper_lost(fence);
		return child_died(fence, news.status, false, failure_out);
	}
}

/* A fresh child finds an empty window: what is parsed comes after it. */
enum ouv_err
ouv_fence_begin(struct ouv_fence *fence)
{
	if (fence->gone)
		return keeper_lost(fence);
	explicit_bzero(fence->raw, fence->filled);
	fence->filled = 0;
	return is_spent(fence) ? child_fresh(fence) : OUV_OK;
}

enum ouv_err
ouv_fence_put(struct ouv_fence *fence, size_t at, const void *data, size_t len)
{
	if (at > fence->limits.raw_max || len > fence->limits.raw_max - at)
		return OUV_INVALID;
	memcpy(fence->raw + at, data, len);
	if (fence->filled < at + len)
		fence->filled = at + len;
	return OUV_OK;
}

enum ouv_err
ouv_fence_parse(struct ouv_fence *fence, const void *raw, size_t len,
	struct ouv_arena *arena, struct ouv_str *answer_out,
	const char **failure_out)
{
	struct request request = { .len = len };
	enum ouv_err err;

	if (len > fence->limits.raw_max) {
		*failure_out = "raw_too_large";
		return OUV_INVALID;
	}
	if ((raw != NULL || len == 0) &&
		(err = ouv_fence_begin(fence)) != OUV_OK)
		return err;
	if (fence->gone)
		return keeper_lost(fence);
	request.number = ++fence->number;
	fence->stats.mails++;
	if (raw != NULL && len > 0)
		memcpy(fence->raw, raw, len);
	if (!fence_write(fence->request, &request, sizeof(request)))
		return keeper_lost(fence);
	err = await(fence, arena, answer_out, failure_out);
	explicit_bzero(fence->raw, len);
	return err;
}

void
ouv_fence_hurry(struct ouv_fence *fence)
{
	/* The thread that waits for the answer hears from the keeper. */
	if (!fence->gone)
		(void)give_order(fence, ORDER_KILL);
}

struct ouv_fence_stats
ouv_fence_stats(const struct ouv_fence *fence)
{
	struct ouv_fence_stats stats = fence->stats;

	stats.child = fence->child;
	return stats;
}

/* ---- making and ending --------------------------------------------------- */

static unsigned char *
shared(size_t size)
{
	/* Anonymous and shared: no descriptor exists that could resize it. */
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return NULL;
	(void)madvise(p, size, MADV_DONTDUMP);
	return p;
}

/* The keeper has them, and its children; whatever else this process forks, as
 * the keeper of another fence, has not. */
static bool
no_one_elses(const struct ouv_fence *fence)
{
	return madvise(fence->raw, fence->limits.raw_max, MADV_DONTFORK) == 0 &&
	       madvise(fence->answer, fence->limits.answer_max,
		       MADV_DONTFORK) == 0;
}

static struct ouv_fence_limits
limits_with_defaults(const struct ouv_fence_limits *given)
{
	struct ouv_fence_limits l = { 0 };

	if (given != NULL)
		l = *given;
	l.raw_max = l.raw_max ? l.raw_max : OUV_FENCE_RAW_MAX;
	l.answer_max = l.answer_max ? l.answer_max : OUV_FENCE_ANSWER_MAX;
	l.wall_ms = l.wall_ms ? l.wall_ms : OUV_FENCE_WALL_MS;
	l.cpu_secs = l.cpu_secs ? l.cpu_secs : OUV_FENCE_CPU_SECS;
	l.memory = l.memory ? l.memory : OUV_FENCE_MEMORY;
	l.mails = l.mails ? l.mails : OUV_FENCE_MAILS;
	l.growth_kb = l.growth_kb ? l.growth_kb : OUV_FENCE_GROWTH_KB;
	return l;
}

static bool
plumb(struct ouv_fence *fence, int request[2], int reply[2], int control[2])
{
	if (pipe2(request, O_CLOEXEC) != 0 || pipe2(reply, O_CLOEXEC) != 0 ||
		socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0,
			control) != 0)
		return false;
	fence->raw = shared(fence->limits.raw_max);
	fence->answer = shared(fence->limits.answer_max);
	return fence->raw != NULL && fence->answer != NULL;
}

static void
close_pair(int pair[2])
{
	for (int i = 0; i < 2; i++)
		if (pair[i] >= 0)
			(void)close(pair[i]);
}

static enum ouv_err
cannot_make(
	struct ouv_fence **fence, int request[2], int reply[2], int control[2])
{
	ouv_log_error("fence: cannot be made: %s", strerror(errno));
	close_pair(request);
	close_pair(reply);
	close_pair(control);
	ouv_fence_free(fence);
	return OUV_TEMPORARY;
}

enum ouv_err
ouv_fence_new(const struct ouv_fence_job *job,
	const struct ouv_fence_limits *limits, struct ouv_fence **fence_out)
{
	int request[2] = { -1, -1 }, reply[2] = { -1, -1 },
	    control[2] = { -1, -1 };
	struct ouv_fence *fence = calloc(1, sizeof(*fence));
	pid_t gateway = getpid();

	if (fence == NULL)
		abort();
	fence->job = *job;
	fence->limits = limits_with_defaults(limits);
	fence->control = fence->request = fence->reply = -1;
	fence->request_reader = -1;
	if (!plumb(fence, request, reply, control))
		return cannot_make(&fence, request, reply, control);
	fence->keeper = fork();
	if (fence->keeper < 0)
		return cannot_make(&fence, request, reply, control);
	if (fence->keeper == 0)
		fence_keeper_run(
			fence, gateway, request[0], reply[1], control[1]);
	if (!no_one_elses(fence))
		return cannot_make(&fence, request, reply, control);
	(void)close(control[1]);
	(void)close(reply[1]);
	fence->request_reader = request[0];
	fence->control = control[0];
	fence->request = request[1];
	fence->reply = reply[0];
	*fence_out = fence;
	return OUV_OK;
}

void
ouv_fence_free(struct ouv_fence **fence)
{
	struct ouv_fence *f;

	if (fence == NULL || (f = *fence) == NULL)
		return;
	if (f->raw != NULL)
		(void)munmap(f->raw, f->limits.raw_max);
	if (f->answer != NULL)
		(void)munmap(f->answer, f->limits.answer_max);
	if (f->control >= 0)
		(void)close(f->control);
	if (f->request >= 0)
		(void)close(f->request);
	if (f->reply >= 0)
		(void)close(f->reply);
	if (f->request_reader >= 0)
		(void)close(f->request_reader);
	if (f->keeper > 0) {
		(void)kill(f->keeper, SIGKILL);
		(void)waitpid(f->keeper, NULL, 0);
	}
	free(f);
	*fence = NULL;
}
