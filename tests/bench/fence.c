/*
 * fence.c - how many mails a second are understood behind the fence
 *
 * Reads every mail named (files, or folders with all below them) into memory,
 * stays on one processor and has them parsed and packed, again and again:
 * in this process, and through the fence with so many mails a child.  Time is
 * that of the processor, of all processes together, so that a busy machine
 * does not change the figure.
 *
 *   fence SECONDS MAILS-PER-CHILD FILE|FOLDER...    (0: as the gateway)
 *   prints {"mails":…,"bytes":…,"in_process":…,"fenced":…,"children":…,
 *           "failed":…}; rates in mails a second
 */
#include "../../lib/fence/fence.c"
#include "../../lib/fence/fence_child.c"
#include "../../mailgw/prescan.c"
#include "../../mailgw/understand.c"

#include <fts.h>
#include <sched.h>
#include <stdio.h>
#include <sys/stat.h>

struct mails {
	struct ouv_arena *arena;
	struct ouv_str *list;
	size_t count, room, bytes;
};

static _Noreturn void
die(const char *what)
{
	(void)fprintf(stderr, "fence: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void
add_mail(struct mails *mails, const char *path, size_t len)
{
	char *raw = ouv_arena_alloc(mails->arena, len + 1);
	FILE *file = fopen(path, "re");

	if (file == NULL || fread(raw, 1, len, file) != len)
		die(path);
	(void)fclose(file);
	if (mails->count == mails->room) {
		mails->room = mails->room * 2 + 64;
		mails->list = realloc(
			mails->list, mails->room * sizeof(*mails->list));
		if (mails->list == NULL)
			die("memory");
	}
	mails->list[mails->count++] = (struct ouv_str){ raw, len };
	mails->bytes += len;
}

/* A folder of specimens holds their documents, too. */
static bool
is_mail(const FTSENT *entry)
{
	const char *dot = strrchr(entry->fts_name, '.');

	return entry->fts_info == FTS_F &&
	       (dot == NULL ||
		       (strcmp(dot, ".json") != 0 && strcmp(dot, ".md") != 0));
}

static void
load(struct mails *mails, char **paths)
{
	FTS *tree = fts_open(paths, FTS_LOGICAL | FTS_NOCHDIR, NULL);
	FTSENT *entry;

	while (tree != NULL && (entry = fts_read(tree)) != NULL)
		if (is_mail(entry))
			add_mail(mails, entry->fts_accpath,
				(size_t)entry->fts_statp->st_size);
	if (tree != NULL)
		(void)fts_close(tree);
	if (mails->count == 0)
		die("no mails");
}

static void
stay_on_one_processor(void)
{
	cpu_set_t set;
	int cpu = sched_getcpu();

	CPU_ZERO(&set);
	CPU_SET(cpu < 0 ? 0 : cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set) != 0)
		die("sched_setaffinity");
}

static double
seconds_of(int who)
{
	struct rusage r;

	if (getrusage((enum __rusage_who)who, &r) != 0)
		die("getrusage");
	return (double)(r.ru_utime.tv_sec + r.ru_stime.tv_sec) +
	       (double)(r.ru_utime.tv_usec + r.ru_stime.tv_usec) / 1e6;
}

/* Ours, and that of every process of ours that has ended. */
static double
processor_seconds(void)
{
	return seconds_of(RUSAGE_SELF) + seconds_of(RUSAGE_CHILDREN);
}

static double
in_process(const struct mails *mails, double seconds)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_WIPE);
	double begun = processor_seconds(), took;
	unsigned long done = 0;

	do {
		for (size_t i = 0; i < mails->count; i++) {
			struct ouv_buf answer;

			ouv_buf_init(&answer, arena, 4096);
			parse(arena, mails->list[i].p, mails->list[i].len,
				&answer, NULL);
			ouv_arena_reset(arena);
		}
		done += mails->count;
	} while ((took = processor_seconds() - begun) < seconds);
	ouv_arena_free(&arena);
	return (double)done / took;
}

struct outcome {
	double rate;
	unsigned long children, failed;
};

/* Time is known only of processes that were waited for: the keeper has to see
 * its last child's end before it goes itself. */
static void
bury_last(struct ouv_fence *fence)
{
	struct news news;

	if (!give_order(fence, ORDER_KILL) || !hear(fence, &news))
		die("the last child");
}

static struct outcome
fenced(const struct mails *mails, double seconds, int per_child)
{
	static const struct ouv_fence_job job = { warm, parse, NULL };
	const struct ouv_fence_limits limits = { .mails = per_child };
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_WIPE);
	struct outcome outcome = { 0 };
	struct ouv_fence *fence = NULL;
	unsigned long done = 0;
	double begun = processor_seconds();
	int64_t until = now_ms() + (int64_t)(seconds * 1000);

	if (ouv_fence_new(&job, &limits, &fence) != OUV_OK)
		die("fence");
	do {
		for (size_t i = 0; i < mails->count; i++) {
			const char *failure = NULL;
			struct ouv_str answer;

			if (ouv_fence_parse(fence, mails->list[i].p,
				    mails->list[i].len, arena, &answer,
				    &failure) != OUV_OK)
				outcome.failed++;
			ouv_arena_reset(arena);
		}
		done += mails->count;
	} while (now_ms() < until);
	outcome.children = ouv_fence_stats(fence).children;
	bury_last(fence);
	ouv_fence_free(&fence);
	outcome.rate = (double)done / (processor_seconds() - begun);
	ouv_arena_free(&arena);
	return outcome;
}

int
main(int argc, char **argv)
{
	struct mails mails = { .arena = ouv_arena_new(OUV_ARENA_PLAIN) };
	struct outcome outcome;
	double seconds, alone;

	if (argc < 4) {
		(void)fprintf(stderr, "usage: fence SECONDS MAILS-PER-CHILD "
				      "FILE|FOLDER...\n");
		return 2;
	}
	seconds = strtod(argv[1], NULL);
	load(&mails, argv + 3);
	stay_on_one_processor();
	parser.pack = true;
	warm(NULL);
	alone = in_process(&mails, seconds);
	outcome = fenced(&mails, seconds, (int)strtol(argv[2], NULL, 10));
	printf("{\"mails\":%zu,\"bytes\":%zu,\"in_process\":%.1f,"
	       "\"fenced\":%.1f,\"children\":%lu,\"failed\":%lu}\n",
		mails.count, mails.bytes, alone, outcome.rate, outcome.children,
		outcome.failed);
	free(mails.list);
	ouv_arena_free(&mails.arena);
	return 0;
}
