/*
 * fence_jobs.h - the parser of fence_test.c: it does whatever a mail tells it
 */
#ifndef FENCE_JOBS_H
#define FENCE_JOBS_H

/* What the test parser does is said by the first byte of the "mail". */
static int warmed;
/* Of this process's, which a child finds there or nowhere. */
static const char *elsewhere;

static void
warm(void *user)
{
	(void)user;
	warmed = 1;
}

static void
say(struct ouv_buf *answer, const char *what)
{
	ouv_buf_text(answer, what);
}

static int
overflow_stack(volatile const char *above, long levels)
{
	volatile char here[4096];
	int sum;

	here[0] = above == NULL ? 1 : above[0];
	if (levels == 0)
		return here[0];
	sum = overflow_stack(here, levels - 1) + here[0];
	return sum;
}

static void
spin(void)
{
	for (volatile unsigned long n = 0;; n++)
		;
}

static void
take_memory(struct ouv_arena *arena)
{
	for (int mib = 0; mib < 5120; mib++)
		memset(ouv_arena_alloc(arena, 1 << 20), 1, 1 << 20);
}

static void
try_open(struct ouv_buf *answer)
{
	int fd = open("/etc/passwd", O_RDONLY);

	say(answer, fd < 0 ? strerrorname_np(errno) : "opened");
}

static void
try_create(struct ouv_buf *answer)
{
	int fd = open("/tmp/of_the_fence", O_WRONLY | O_CREAT, 0600);

	say(answer, fd < 0 ? strerrorname_np(errno) : "created");
}

/* ---- what only a taken-over child would do --------------------------------
 */

static char page[8192] __attribute__((aligned(4096)));

static void
try_socket(void)
{
	(void)socket(AF_INET, SOCK_STREAM, 0);
}

static void
try_unix_socket(void)
{
	int pair[2];

	(void)socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
}

static void
try_fork(void)
{
	(void)fork();
}

static void *
nothing(void *user)
{
	return user;
}

static void
try_thread(void)
{
	pthread_t thread;

	(void)pthread_create(&thread, NULL, nothing, NULL);
}

static void
try_exec(void)
{
	char *const argv[] = { (char[]){ "/bin/true" }, NULL };

	(void)execv(argv[0], argv);
}

static void
try_kill(void)
{
	(void)kill(getppid(), SIGKILL);
}

static void
try_kill_thread(void)
{
	(void)syscall(SYS_tgkill, getppid(), getppid(), SIGKILL);
}

static void
try_ptrace(void)
{
	(void)ptrace(PTRACE_TRACEME, 0, NULL, NULL);
}

static void
try_read_of_another(void)
{
	struct iovec here = { page, 1 }, there = { page, 1 };

	(void)process_vm_readv(1, &here, 1, &there, 1, 0);
}

static void
try_code(void)
{
	(void)mmap(NULL, 4096, PROT_READ | PROT_EXEC,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static void
try_data_as_code(void)
{
	(void)mprotect(page, 4096, PROT_READ | PROT_EXEC);
}

static void
try_advice(void)
{
	(void)madvise(page, 4096, MADV_WIPEONFORK);
}

static void
try_more_files(void)
{
	const struct rlimit more = { 100, 100 };

	(void)setrlimit(RLIMIT_NOFILE, &more);
}

static void
try_unlink(void)
{
	(void)unlink("/tmp/of_the_fence");
}

static void
try_copy_of_descriptor(void)
{
	(void)!dup(FD_REPLY);
}

static void
try_ioctl(void)
{
	(void)fcntl(FD_REPLY, F_GETFL);
}

static void
try_memfd(void)
{
	(void)memfd_create("x", 0);
}

static void
try_user(void)
{
	(void)!setuid(0);
}

static void
try_less_rules(void)
{
	(void)prctl(PR_SET_DUMPABLE, 1);
}

/* A mail "!n" commits the n-th. */
static void (*const crimes[])(void) = { try_socket, try_unix_socket, try_fork,
	try_thread, try_exec, try_kill, try_kill_thread, try_ptrace,
	try_read_of_another, try_code, try_data_as_code, try_advice,
	try_more_files, try_unlink, try_copy_of_descriptor, try_ioctl,
	try_memfd, try_user, try_less_rules, abort };

#define CRIMES (sizeof(crimes) / sizeof(crimes[0]))

static void
list_descriptors(struct ouv_buf *answer)
{
	/* fcntl is not for the child; reading from nothing is. */
	for (int fd = 0; fd < 1024; fd++) {
		ssize_t n = fd == FD_REQUEST ? 0 : write(fd, "", 0);

		if (n >= 0 || errno != EBADF)
			ouv_buf_printf(answer, "%d ", fd);
	}
}

static size_t
not_zero(const unsigned char *p, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++)
		n += p[i] != 0;
	return n;
}

/* What stands in memory that the arena has had before. */
static size_t
leftovers(struct ouv_arena *arena)
{
	return not_zero(ouv_arena_raw(arena, 8000), 8000);
}

static void
parse(struct ouv_arena *arena, const void *raw, size_t len,
	struct ouv_buf *answer, void *user)
{
	static unsigned char *kept;
	struct request forged = { 0 };
	struct sigaction ignore = { .sa_handler = SIG_IGN };

	(void)user;
	switch (len > 0 ? *(const char *)raw : 0) {
	case 'S':
		ouv_buf_add(answer, raw, len);
		break;
	case 'c':
		(void)raise(SIGSEGV);
		abort();
	case 'd':
		ouv_buf_printf(answer, "%d", overflow_stack(NULL, 1 << 24));
		break;
	case 'x':
		_exit(0);
	case 'l':
		spin();
		break;
	case 'L': /* will not die of SIGXCPU */
		(void)sigaction(SIGXCPU, &ignore, NULL);
		spin();
		break;
	case 'w':
		(void)poll(NULL, 0, 100000);
		break;
	case 'm':
		take_memory(arena);
		break;
	case 'o':
		try_open(answer);
		break;
	case 'O':
		try_create(answer);
		break;
	case '!':
		crimes[strtol((const char *)raw + 1, NULL, 10)]();
		break;
	case 'E':
		say(answer, getenv("OUV_FENCE_TEST") == NULL
				    ? "(none)"
				    : getenv("OUV_FENCE_TEST"));
		break;
	case 'k': /* keeps a secret where the next mail may look */
		memcpy(ouv_arena_raw(arena, len), raw, len);
		break;
	case 'z':
		ouv_buf_printf(answer, "%zu %zu", leftovers(arena),
			not_zero((const unsigned char *)raw + len,
				OUV_FENCE_RAW_MAX - len));
		break;
	case 'r':
		((unsigned char *)(uintptr_t)raw)[0] = 0;
		break;
	case 'D':
		list_descriptors(answer);
		break;
	case 'Y':
		say(answer, elsewhere);
		break;
	case 'W':
		say(answer, warmed ? "warm" : "cold");
		break;
	case 'P':
		ouv_buf_printf(answer, "%d", (int)getpid());
		break;
	case 'b':
		take_memory(arena); /* bounded by the limit the test sets */
		break;
	case 'B':
		memset(ouv_arena_alloc(answer->arena, 1 << 20), 0, 1 << 20);
		while (answer->len <= 2 << 20)
			say(answer, "0123456789abcdef0123456789abcdef");
		break;
	case 'g': /* grows and keeps */
		kept = malloc(64 << 20);
		memset(kept, 1, 64 << 20);
		break;
	case 'F': /* a reply of its own making, then silence */
		(void)fence_write(FD_REPLY, &forged, sizeof(forged));
		(void)poll(NULL, 0, 100000);
		break;
	default:
		ouv_buf_printf(answer, "%zu", len);
	}
}

#endif
