/*
 * fence_child.c - the child that parses and the keeper that forks and buries it
 *
 * Runs in processes of its own.  The keeper reads orders from the gateway and
 * nothing else; the child gives up every right before it sees the first mail.
 */
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <seccomp.h>

#include "fence_int.h"

#define RULES_MAX 1024 /* instructions; there are some hundred */
#define KEEP_BYTES (32 << 20)

bool
fence_write(int fd, const void *data, size_t len)
{
	ssize_t n;

	while ((n = write(fd, data, len)) < 0 && errno == EINTR)
		;
	return n == (ssize_t)len;
}

bool
fence_read(int fd, void *data, size_t len)
{
	ssize_t n;

	while ((n = read(fd, data, len)) < 0 && errno == EINTR)
		;
	return n == (ssize_t)len;
}

void
fence_drain(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	char dust[256];

	while (poll(&p, 1, 0) == 1 && (p.revents & POLLIN) != 0 &&
		read(fd, dust, sizeof(dust)) > 0)
		;
}

/* ---- the child ----------------------------------------------------------- */

/*
 * Needed to compute and to answer.  Looking for a file must fail as if it were
 * not there, since libraries try optional ones (a converter nobody has heard
 * of); everything else is an attack, or abort(), whose signal ends us as well.
 */
static const int allowed_calls[] = {
	SCMP_SYS(read),
	SCMP_SYS(write),
	SCMP_SYS(futex),
	SCMP_SYS(munmap),
	SCMP_SYS(mremap),
	SCMP_SYS(brk),
	SCMP_SYS(rt_sigaction),
	SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigreturn),
	SCMP_SYS(sigaltstack),
	SCMP_SYS(clock_gettime),
	SCMP_SYS(gettimeofday),
	SCMP_SYS(getrandom),
	SCMP_SYS(getrusage),
	SCMP_SYS(getpid),
	SCMP_SYS(gettid),
	SCMP_SYS(poll),
	SCMP_SYS(sched_yield),
	SCMP_SYS(restart_syscall),
	SCMP_SYS(exit),
	SCMP_SYS(exit_group),
};

static const int absent_calls[] = {
	SCMP_SYS(open),
	SCMP_SYS(openat),
	SCMP_SYS(stat),
	SCMP_SYS(lstat),
	SCMP_SYS(newfstatat),
	SCMP_SYS(access),
	SCMP_SYS(faccessat),
	SCMP_SYS(readlink),
	SCMP_SYS(readlinkat),
	SCMP_SYS(getcwd),
};

static bool
add_advice(scmp_filter_ctx filter)
{
	if (SANITIZED) /* which advise a good deal more */
		return seccomp_rule_add(filter, SCMP_ACT_ALLOW,
			       SCMP_SYS(madvise), 0) == 0;
	return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(madvise), 1,
		       SCMP_A2(SCMP_CMP_EQ, MADV_DONTNEED)) == 0;
}

static bool
add_rules(scmp_filter_ctx filter)
{
	const unsigned no_code = PROT_EXEC;

	for (size_t i = 0; i < sizeof(allowed_calls) / sizeof(int); i++)
		if (seccomp_rule_add(
			    filter, SCMP_ACT_ALLOW, allowed_calls[i], 0) != 0)
			return false;
	for (size_t i = 0; i < sizeof(absent_calls) / sizeof(int); i++)
		if (seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOENT),
			    absent_calls[i], 0) != 0)
			return false;
	/* Memory that is never executable, and given back at most: other
	 * advice can punch holes or poison pages.  Its own CPU limit. */
	return add_advice(filter) &&
	       seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
		       SCMP_A2(SCMP_CMP_MASKED_EQ, no_code, 0)) == 0 &&
	       seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
		       SCMP_A2(SCMP_CMP_MASKED_EQ, no_code, 0)) == 0 &&
	       seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 2,
		       SCMP_A0(SCMP_CMP_EQ, 0),
		       SCMP_A1(SCMP_CMP_EQ, RLIMIT_CPU)) == 0;
}

/* The keeper compiles the rules once, every child only loads them. */
static struct sock_filter rules[RULES_MAX];
static struct sock_fprog program = { .filter = rules };

static bool
compile_rules(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
	int fd = memfd_create("rules", MFD_CLOEXEC);
	ssize_t n = -1;

	if (filter != NULL && fd >= 0 && add_rules(filter) &&
		seccomp_export_bpf(filter, fd) == 0)
		n = pread(fd, rules, sizeof(rules), 0);
	if (filter != NULL)
		seccomp_release(filter);
	if (fd >= 0)
		(void)close(fd);
	/* A full buffer could have been cut. */
	if (n <= 0 || n == (ssize_t)sizeof(rules))
		return false;
	program.len = (unsigned short)((size_t)n / sizeof(rules[0]));
	return true;
}

static bool
limit(int resource, rlim_t value)
{
	const struct rlimit both = { value, value };

	return setrlimit((enum __rlimit_resource)resource, &both) == 0;
}

static bool
seal(const struct ouv_fence *fence)
{
	if (close_range(FD_CONTROL, ~0U, 0) != 0)
		return false;
	if (mprotect(fence->raw, fence->limits.raw_max, PROT_READ) != 0)
		return false;
	/* The sanitizers reserve terabytes and read /proc when they report. */
	if (!SANITIZED && (!limit(RLIMIT_AS, fence->limits.memory) ||
				  prctl(PR_SET_DUMPABLE, 0) != 0))
		return false;
	return limit(RLIMIT_CORE, 0) && limit(RLIMIT_FSIZE, 0) &&
	       limit(RLIMIT_NPROC, 0) && limit(RLIMIT_NOFILE, 0) &&
	       prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	       prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

static bool
usage(long *cpu_secs_out, long *rss_kb_out)
{
	struct rusage r;

	if (getrusage(RUSAGE_SELF, &r) != 0)
		return false;
	*cpu_secs_out = r.ru_utime.tv_sec + r.ru_stime.tv_sec + 1;
	*rss_kb_out = r.ru_maxrss;
	return true;
}

/* The soft limit counts the process's whole life, so it moves with each mail;
 * at it the kernel sends SIGXCPU, which ends us. */
static bool
grant_time(const struct ouv_fence *fence)
{
	struct rlimit cpu = { .rlim_max = RLIM_INFINITY };
	long used, rss;

	if (!usage(&used, &rss))
		return false;
	cpu.rlim_cur = (rlim_t)used + (rlim_t)fence->limits.cpu_secs;
	return setrlimit(RLIMIT_CPU, &cpu) == 0;
}

static bool
serve_one(const struct ouv_fence *fence, struct ouv_arena *arena)
{
	struct request request;
	struct reply reply = { 0 };
	struct ouv_buf answer;
	long used, rss;

	if (!fence_read(FD_REQUEST, &request, sizeof(request)) ||
		request.len > fence->limits.raw_max || !grant_time(fence))
		return false;
	ouv_buf_init(&answer, arena, 4096);
	fence->job.parse(arena, fence->raw, (size_t)request.len, &answer,
		fence->job.user);
	if (!usage(&used, &rss))
		return false;
	reply.number = request.number;
	reply.rss_kb = (uint32_t)rss;
	if (answer.len > fence->limits.answer_max) {
		reply.verdict = VERDICT_TOO_LARGE;
	} else {
		memcpy(fence->answer, answer.data, answer.len);
		reply.verdict = VERDICT_ANSWER;
		reply.len = answer.len;
	}
	ouv_arena_reset(arena);
	return fence_write(FD_REPLY, &reply, sizeof(reply));
}

static _Noreturn void
child_run(const struct ouv_fence *fence, pid_t keeper)
{
	struct ouv_arena *arena;

	/* If the keeper died in between, nobody will send the signal. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != keeper ||
		prctl(PR_SET_NAME, "ouv-fence") != 0 || !seal(fence))
		_exit(1);
	arena = ouv_arena_new(OUV_ARENA_WIPE);
	while (serve_one(fence, arena))
		ouv_stack_wipe();
	_exit(0);
}

/* ---- the keeper ---------------------------------------------------------- */

static void
tell(enum news_kind kind, pid_t pid, int status)
{
	const struct news news = { .kind = kind, .pid = pid, .status = status };

	if (!fence_write(FD_CONTROL, &news, sizeof(news)))
		_exit(0); /* the gateway is gone */
}

/* Collects the child; when it died by itself that is news. */
static void
bury(pid_t *child, int *pidfd, bool is_news)
{
	int status = 0;

	if (*child <= 0)
		return;
	(void)kill(*child, SIGKILL);
	while (waitpid(*child, &status, 0) < 0 && errno == EINTR)
		;
	(void)close(*pidfd);
	if (is_news)
		tell(NEWS_DEAD, *child, status);
	*child = 0;
	*pidfd = -1;
}

static void
spawn(const struct ouv_fence *fence, pid_t *child, int *pidfd)
{
	pid_t keeper = getpid();

	/* What the dead one did not read must not reach the next. */
	fence_drain(FD_REQUEST);
	*child = fork();
	if (*child == 0)
		child_run(fence, keeper);
	if (*child > 0 && (*pidfd = pidfd_open(*child, 0)) >= 0) {
		tell(NEWS_BORN, *child, 0);
		return;
	}
	bury(child, pidfd, false);
	*child = 0;
	tell(NEWS_NO_FORK, 0, errno);
}

/* What it opens must be open before the child is shut in. */
static void
warm_late(const struct ouv_fence *fence, bool *warmed)
{
	if (!*warmed && fence->job.warm != NULL)
		fence->job.warm(fence->job.user);
	*warmed = true;
}

static void
keep(const struct ouv_fence *fence)
{
	bool warmed = !fence->limits.late;
	pid_t child = 0;
	int pidfd = -1;

	for (;;) {
		struct pollfd p[2] = { { .fd = FD_CONTROL, .events = POLLIN },
			{ .fd = pidfd, .events = POLLIN } };
		char order;

		if (poll(p, 2, -1) < 0) {
			if (errno == EINTR)
				continue;
			return;
		}
		if (p[1].revents != 0)
			bury(&child, &pidfd, true);
		if (p[0].revents == 0)
			continue;
		if (!fence_read(FD_CONTROL, &order, 1))
			return; /* the gateway is gone */
		bury(&child, &pidfd, order == ORDER_KILL);
		if (order == ORDER_SPAWN) {
			warm_late(fence, &warmed);
			spawn(fence, &child, &pidfd);
		}
	}
}

/* What a parser prints could be the mail itself. */
static bool
silence(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	return null >= 0 && dup2(null, STDIN_FILENO) >= 0 &&
	       dup2(null, STDOUT_FILENO) >= 0 &&
	       (SANITIZED || dup2(null, STDERR_FILENO) >= 0);
}

/* Gives this process the three descriptors at their places and no others. */
static bool
arrange(int request, int reply, int control)
{
	/* First above everything, as sources and targets may overlap. */
	int r = fcntl(request, F_DUPFD_CLOEXEC, FD_FIRST_FOREIGN);
	int a = fcntl(reply, F_DUPFD_CLOEXEC, FD_FIRST_FOREIGN);
	int c = fcntl(control, F_DUPFD_CLOEXEC, FD_FIRST_FOREIGN);

	return r >= 0 && a >= 0 && c >= 0 && silence() &&
	       dup2(r, FD_REQUEST) >= 0 && dup2(a, FD_REPLY) >= 0 &&
	       dup2(c, FD_CONTROL) >= 0 &&
	       close_range(FD_FIRST_FOREIGN, ~0U, 0) == 0;
}

/* A child lives for a few mails: asking the kernel for the same pages again for
 * each of them would cost more than keeping them to its end. */
static void
keep_memory(void)
{
	(void)mallopt(M_MMAP_THRESHOLD, KEEP_BYTES);
	(void)mallopt(M_TRIM_THRESHOLD, KEEP_BYTES);
	(void)mallopt(M_TOP_PAD, 1 << 20);
}

/* Some services are handed their passwords in it. */
static void
forget_environment(void)
{
	for (char **e = environ; e != NULL && *e != NULL; e++)
		explicit_bzero(*e, strlen(*e));
}

_Noreturn void
fence_keeper_run(const struct ouv_fence *fence, pid_t gateway, int request,
	int reply, int control)
{
	sigset_t none;

	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	/* A stop is for the gateway to decide, which ends us by leaving; so
	 * the mail at hand can be finished. */
	for (int sig = 1; sig < SIGRTMIN; sig++)
		(void)signal(sig, SIG_DFL);
	(void)signal(SIGTERM, SIG_IGN);
	(void)signal(SIGINT, SIG_IGN);
	(void)signal(SIGHUP, SIG_IGN);
	(void)signal(SIGPIPE, SIG_IGN);
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != gateway ||
		prctl(PR_SET_NAME, "ouv-keeper") != 0 ||
		!arrange(request, reply, control) || !compile_rules())
		_exit(1);
	keep_memory();
	if (fence->job.warm != NULL && !fence->limits.late)
		fence->job.warm(fence->job.user);
	forget_environment();
	keep(fence);
	_exit(0);
}
