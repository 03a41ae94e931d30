/*
 * readers.c - how many mails a second our reader, libetpan and GMime read
 *
 * All three in one process and one thread, from memory, over the same files,
 * every part decoded.  "decode" is the work that the libraries do too; "whole"
 * adds what they do not: text of HTML, hashes, quotes, classes, language.
 * The files are the specimens and what lies below OUV_BENCH_MAIL, a list of
 * folders separated by colons.  Prints one JSON line for each figure.
 *
 *   readers [SECONDS]     seconds for each reader and round, 0.5 if not given
 */
#include <ftw.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../unit/mail_oracles.c"

#define ROUNDS 5
#define MAILS_MAX 20000
#define FILE_MAX ((off_t)32 << 20)

static struct ouv_str mails[MAILS_MAX];
static size_t count, bytes;

static int
load(const char *path, const struct stat *status, int kind, struct FTW *where)
{
	FILE *file;
	char *data;

	if (kind != FTW_F || count == MAILS_MAX || status->st_size == 0 ||
		status->st_size > FILE_MAX ||
		strstr(path + where->base, ".json") != NULL ||
		strncmp(path + where->base, "INDEX", 5) == 0 ||
		(file = fopen(path, "re")) == NULL)
		return 0;
	data = malloc((size_t)status->st_size);
	if (data == NULL)
		abort();
	mails[count].p = data;
	mails[count].len = fread(data, 1, (size_t)status->st_size, file);
	bytes += mails[count].len;
	count++;
	(void)fclose(file);
	return 0;
}

static void
load_folders(char *list)
{
	char *rest = NULL;

	for (char *one = strtok_r(list, ":", &rest); one != NULL;
		one = strtok_r(NULL, ":", &rest))
		(void)nftw(one, load, 16, FTW_PHYS);
}

/* Of the processor: others may be at work on this machine. */
static double
now(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

/* ---- the three -------------------------------------------------------------
 */

static struct ouv_arena *arena;

/* What the libraries do: fields, addresses, structure, every part decoded. */
static void
decode_ours(struct ouv_str mail)
{
	struct mail_message message = { .raw = mail };
	struct ouv_mail result = { .ok = true, .subject = "", .text = "" };
	struct mail_lines lines = { mail.p, mail.p + mail.len,
		mail_eol(mail.p, mail.len) };

	lines.p += lead_length(mail.p, mail.len);
	mail_header_lines(arena, &lines, &message.header);
	mail_structure(arena, &lines, &message, &result);
	read_headers(arena, &message, &result);
	for (size_t i = 0; i < message.count; i++) {
		const struct mail_leaf *leaf = &message.nodes[i];

		if (!leaf->multipart)
			(void)mail_leaf_bytes(arena, &message, leaf);
	}
	ouv_arena_reset(arena);
}

/* All of it: text of HTML, hashes, quotes, classes, language. */
static void
read_ours(struct ouv_str mail)
{
	struct ouv_mail result;

	ouv_mail_read(arena, mail.p, mail.len, &oracle_office, &result);
	ouv_arena_reset(arena);
}

static void
read_etpan(struct ouv_str mail)
{
	struct view view;

	view_etpan(mail.p, mail.len, &view);
	view_free(&view);
}

static void
read_gmime(struct ouv_str mail)
{
	struct view view;

	view_gmime(mail.p, mail.len, &view);
	view_free(&view);
}

static struct reader {
	const char *name;
	void (*read)(struct ouv_str mail);
	double rates[ROUNDS]; /* passes over all files a second */
} readers[] = {
	{ "ouvidoria_decode", decode_ours, { 0 } },
	{ "ouvidoria_whole", read_ours, { 0 } },
	{ "libetpan", read_etpan, { 0 } },
	{ "gmime", read_gmime, { 0 } },
};

#define READERS (sizeof(readers) / sizeof(readers[0]))

static double
passes_per_second(const struct reader *reader, double seconds)
{
	double begun = now(), spent;
	size_t passes = 0;

	do {
		for (size_t i = 0; i < count; i++)
			reader->read(mails[i]);
		passes++;
		spent = now() - begun;
	} while (spent < seconds);
	return (double)passes / spent;
}

static int
by_size(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;

	return left < right ? -1 : left > right;
}

static double
median(struct reader *reader)
{
	qsort(reader->rates, ROUNDS, sizeof(reader->rates[0]), by_size);
	return reader->rates[ROUNDS / 2];
}

static void
print_line(const char *name, const char *what, double value, const char *unit,
	size_t n, int median_of)
{
	printf("{\"name\": \"read_%s%s\", \"value\": %.3f, \"unit\": \"%s\", "
	       "\"n\": %zu, \"median_of\": %d}\n",
		name, what, value, unit, n, median_of);
}

/* ---- memory ----------------------------------------------------------------
 */

static size_t
large_mail(char *mail, size_t room)
{
	static const char line[] = "JVBERi0xLjQKJVBERi0xLjQKJVBERi0xLjQKJVBERi0"
				   "xLjQKJVBERi0xLjQKJVBERi0xLjQK\r\n";
	size_t n = (size_t)snprintf(mail, room,
		"From: ana@consumidora.example\r\nSubject: anexo\r\n"
		"Content-Type: application/pdf; name=a.pdf\r\n"
		"Content-Transfer-Encoding: base64\r\n\r\n");

	for (; room - n > sizeof(line); n += sizeof(line) - 1)
		memcpy(mail + n, line, sizeof(line) - 1);
	return n;
}

/* Kilobytes that reading 20 MB adds to the bytes themselves, in a child. */
static long
peak_beyond_raw(void)
{
	long kb = -1;
	int pipes[2];
	pid_t pid;

	if (pipe(pipes) != 0 || (pid = fork()) < 0)
		abort();
	if (pid == 0) {
		size_t room = (size_t)20 << 20;
		char *mail = malloc(room);
		struct rusage before, after;

		if (mail == NULL)
			_exit(1);
		room = large_mail(mail, room);
		(void)getrusage(RUSAGE_SELF, &before);
		read_ours((struct ouv_str){ mail, room });
		(void)getrusage(RUSAGE_SELF, &after);
		kb = after.ru_maxrss - before.ru_maxrss;
		(void)!write(pipes[1], &kb, sizeof(kb));
		_exit(0);
	}
	(void)close(pipes[1]);
	if (read(pipes[0], &kb, sizeof(kb)) != (ssize_t)sizeof(kb))
		kb = -1;
	(void)close(pipes[0]);
	(void)waitpid(pid, NULL, 0);
	return kb;
}

int
main(int argc, char **argv)
{
	double seconds = argc > 1 ? atof(argv[1]) : 0.5;

	g_mime_init();
	keep_text = false;
	load_folders((char[]){ "tests/data/mail" });
	if (getenv("OUV_BENCH_MAIL") != NULL)
		load_folders(getenv("OUV_BENCH_MAIL"));
	if (count == 0) {
		fputs("readers: no mails here\n", stderr);
		return 1;
	}
	arena = ouv_arena_new(OUV_ARENA_PLAIN);
	print_line("ouvidoria_whole", "_peak_beyond_raw_20_MB",
		(double)peak_beyond_raw(), "kB", 1, 1);
	for (int round = 0; round < ROUNDS; round++)
		for (size_t i = 0; i < READERS; i++)
			readers[i].rates[round] =
				passes_per_second(&readers[i], seconds);
	for (size_t i = 0; i < READERS; i++) {
		double rate = median(&readers[i]);

		print_line(readers[i].name, "_mails", rate * (double)count,
			"mails/s", count, ROUNDS);
		print_line(readers[i].name, "_bytes",
			rate * (double)bytes / 1e6, "MB/s", count, ROUNDS);
	}
	ouv_arena_free(&arena);
	return 0;
}
