/*
 * net_probe.c - drives the gateway's IMAP and SMTP clients line by line, so
 * that a test can play the server
 *
 *   net_probe key=value...  <commands  >answers
 *
 * Keys are those of struct ouv_config without their section.  Each command
 * gives one line: its name, the error's name, then what it found.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <gnutls/crypto.h>

#include "../../mailgw/imap.h"
#include "../../mailgw/smtp.h"
#include "ouv/log.h"

#define UIDS_MAX 20000

static struct ouv_config config;
static struct ouv_arena *arena;
static struct imap *imap;
static struct smtp *smtp;

/* ---- configuration ------------------------------------------------------- */

static const struct text_key {
	const char *name;
	const char **place;
} text_keys[] = {
	{ "imap_host", &config.imap_host },
	{ "imap_security", &config.imap_security },
	{ "imap_user", &config.imap_user },
	{ "imap_password_file", &config.imap_password_file },
	{ "imap_mailbox", &config.imap_mailbox },
	{ "imap_processed", &config.imap_processed },
	{ "imap_ca_file", &config.imap_ca_file },
	{ "smtp_host", &config.smtp_host },
	{ "smtp_security", &config.smtp_security },
	{ "smtp_user", &config.smtp_user },
	{ "smtp_password_file", &config.smtp_password_file },
	{ "smtp_ca_file", &config.smtp_ca_file },
};

static const struct number_key {
	const char *name;
	int *place;
} number_keys[] = {
	{ "imap_port", &config.imap_port },
	{ "smtp_port", &config.smtp_port },
	{ "smtp_dot_secs", &config.smtp_dot_secs },
};

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

static void
configure(char *word)
{
	char *value = strchr(word, '=');

	if (value == NULL)
		exit(2);
	*value++ = '\0';
	for (size_t i = 0; i < COUNT(text_keys); i++)
		if (strcmp(word, text_keys[i].name) == 0) {
			*text_keys[i].place = value;
			return;
		}
	for (size_t i = 0; i < COUNT(number_keys); i++)
		if (strcmp(word, number_keys[i].name) == 0) {
			*number_keys[i].place = (int)strtol(value, NULL, 10);
			return;
		}
	(void)fprintf(stderr, "no key %s\n", word);
	exit(2);
}

/* ---- helpers ------------------------------------------------------------- */

static void
answer(const char *command, enum ouv_err err)
{
	(void)printf("%s %s", command, ouv_err_name(err));
}

/* "1:5,7" or "1,2" */
static size_t
read_uids(char *text, uint32_t *uids)
{
	size_t n = 0;
	char *save = NULL;

	for (char *part = strtok_r(text, ",", &save);
		part != NULL && n < UIDS_MAX;
		part = strtok_r(NULL, ",", &save)) {
		char *colon;
		unsigned long first = strtoul(part, &colon, 10), last = first;

		if (*colon == ':')
			last = strtoul(colon + 1, NULL, 10);
		for (unsigned long uid = first; uid <= last && n < UIDS_MAX;
			uid++)
			uids[n++] = (uint32_t)uid;
	}
	return n;
}

static void
print_digest(struct ouv_str bytes)
{
	unsigned char digest[32];

	if (gnutls_hash_fast(GNUTLS_DIG_SHA256, bytes.p, bytes.len, digest) < 0)
		abort();
	(void)printf("%zu:", bytes.len);
	for (size_t i = 0; i < 8; i++)
		(void)printf("%02x", digest[i]);
}

static char *
read_file(const char *path, size_t *len_out)
{
	FILE *file = fopen(path, "rb");
	char *data = NULL;
	long size;

	if (file == NULL || fseek(file, 0, SEEK_END) != 0 ||
		(size = ftell(file)) < 0 || fseek(file, 0, SEEK_SET) != 0 ||
		(data = malloc((size_t)size + 1)) == NULL ||
		fread(data, 1, (size_t)size, file) != (size_t)size)
		exit(2);
	(void)fclose(file);
	*len_out = (size_t)size;
	return data;
}

/* ---- commands ------------------------------------------------------------ */

static void
imap_open_it(char **args)
{
	enum ouv_err err = imap_open(&config, &imap);

	(void)args;
	answer("imap", err);
	if (err == OUV_OK)
		(void)printf(
			" %u %d", imap_uidvalidity(imap), imap_can_move(imap));
}

static void
uids_it(char **args)
{
	uint32_t *uids = NULL;
	size_t n = 0;
	enum ouv_err err = imap_uids(imap, arena, &uids, &n);

	(void)args;
	answer("uids", err);
	if (err == OUV_OK)
		(void)printf(" %zu", n);
	for (size_t i = 0; err == OUV_OK && i < n && i < 100; i++)
		(void)printf(" %u", uids[i]);
}

static void
sizes_it(char **args)
{
	static uint32_t uids[UIDS_MAX];
	size_t n = read_uids(args[0], uids);
	uint32_t *sizes = NULL;
	enum ouv_err err = imap_sizes(imap, arena, uids, n, &sizes);

	answer("sizes", err);
	for (size_t i = 0; err == OUV_OK && i < n && i < 100; i++)
		(void)printf(" %d", (int)sizes[i]);
}

static void
fetch_it(char **args)
{
	static uint32_t uids[UIDS_MAX];
	size_t n = read_uids(args[0], uids), found = 0;
	struct imap_mail *mails = NULL;
	enum ouv_err err = imap_fetch(imap, arena, uids, n, &mails, &found);

	answer("fetch", err);
	for (size_t i = 0; err == OUV_OK && i < found; i++) {
		(void)printf(" %u:", mails[i].uid);
		print_digest(mails[i].raw);
	}
}

static void
piece_it(char **args)
{
	struct ouv_str bytes = { 0 };
	enum ouv_err err = imap_fetch_piece(imap, arena,
		(uint32_t)strtoul(args[0], NULL, 10),
		(uint32_t)strtoul(args[1], NULL, 10),
		(uint32_t)strtoul(args[2], NULL, 10), &bytes);

	answer("piece", err);
	if (err == OUV_OK) {
		(void)printf(" ");
		print_digest(bytes);
	}
}

static void
header_it(char **args)
{
	struct ouv_str bytes = { 0 };
	enum ouv_err err = imap_header(
		imap, arena, (uint32_t)strtoul(args[0], NULL, 10), &bytes);

	answer("header", err);
	if (err == OUV_OK) {
		(void)printf(" ");
		print_digest(bytes);
	}
}

static void
mark_it(char **args)
{
	static uint32_t uids[UIDS_MAX];
	size_t n = read_uids(args[0], uids);

	answer("mark", imap_mark(imap, uids, n));
}

static void
move_it(char **args)
{
	static uint32_t uids[UIDS_MAX];
	size_t n = read_uids(args[0], uids);

	answer("move", imap_move(imap, uids, n));
}

static void
expunge_it(char **args)
{
	size_t n = 0;
	enum ouv_err err =
		imap_expunge_older(imap, (int)strtol(args[0], NULL, 10),
			(int64_t)time(NULL) + strtol(args[1], NULL, 10), &n);

	answer("expunge", err);
	if (err == OUV_OK)
		(void)printf(" %zu", n);
}

/* idle <ms> <watch>: with watch 1 the next line of commands ends it. */
static void
idle_it(char **args)
{
	struct pollfd in = { .fd = STDIN_FILENO, .events = POLLIN };
	int woke = 0;
	enum ouv_err err = imap_idle(imap, (int)strtol(args[0], NULL, 10), &in,
		(size_t)strtol(args[1], NULL, 10), &woke);

	answer("idle", err);
	if (err == OUV_OK)
		(void)printf(" %d", woke);
}

static void
imap_close_it(char **args)
{
	(void)args;
	imap_close(&imap);
	answer("imap_close", OUV_OK);
}

static void
print_reply(const struct smtp_reply *reply)
{
	(void)printf(" %s %d %s", smtp_phase_name(reply->phase), reply->code,
		reply->text);
}

static void
smtp_open_it(char **args)
{
	struct smtp_reply reply = { 0 };
	enum ouv_err err = smtp_open(&config, &smtp, &reply);

	(void)args;
	answer("smtp", err);
	print_reply(&reply);
}

/* send <from or -> <to> <file>; %0d and %0a stand for themselves. */
static void
decode(char *text)
{
	char *out = text;

	for (; *text != '\0'; text++)
		if (strncmp(text, "%0d", 3) == 0 ||
			strncmp(text, "%0a", 3) == 0 ||
			strncmp(text, "%20", 3) == 0) {
			*out++ = text[2] == 'd'   ? '\r'
				 : text[2] == 'a' ? '\n'
						  : ' ';
			text += 2;
		} else {
			*out++ = *text;
		}
	*out = '\0';
}

static void
send_it(char **args)
{
	struct smtp_reply reply = { 0 };
	size_t len = 0;
	char *data = read_file(args[2], &len);
	enum ouv_err err;

	decode(args[0]);
	decode(args[1]);
	err = smtp_send(smtp, strcmp(args[0], "-") == 0 ? "" : args[0], args[1],
		data, len, &reply);
	answer("send", err);
	print_reply(&reply);
	if (!smtp_is_usable(smtp))
		(void)printf(" (session over)");
	free(data);
}

static void
smtp_close_it(char **args)
{
	(void)args;
	smtp_close(&smtp);
	answer("smtp_close", OUV_OK);
}

static void
rss_it(char **args)
{
	char line[256];
	long peak = -1;
	FILE *status = fopen("/proc/self/status", "re");

	(void)args;
	/* Not ru_maxrss: that remembers the process that started us. */
	while (status != NULL && fgets(line, sizeof(line), status) != NULL)
		if (strncmp(line, "VmHWM:", 6) == 0)
			peak = strtol(line + 6, NULL, 10);
	if (status != NULL)
		(void)fclose(status);
	(void)printf("rss ok %ld", peak);
}

static const struct command {
	const char *name;
	int args;
	const struct imap *const *needs_imap;
	const struct smtp *const *needs_smtp;
	void (*run)(char **args);
} commands[] = {
	{ "imap", 0, NULL, NULL, imap_open_it },
	{ "uids", 0, (void *)&imap, NULL, uids_it },
	{ "sizes", 1, (void *)&imap, NULL, sizes_it },
	{ "fetch", 1, (void *)&imap, NULL, fetch_it },
	{ "piece", 3, (void *)&imap, NULL, piece_it },
	{ "header", 1, (void *)&imap, NULL, header_it },
	{ "mark", 1, (void *)&imap, NULL, mark_it },
	{ "move", 1, (void *)&imap, NULL, move_it },
	{ "expunge", 2, (void *)&imap, NULL, expunge_it },
	{ "idle", 2, (void *)&imap, NULL, idle_it },
	{ "imap_close", 0, NULL, NULL, imap_close_it },
	{ "smtp", 0, NULL, NULL, smtp_open_it },
	{ "send", 3, NULL, (void *)&smtp, send_it },
	{ "smtp_close", 0, NULL, NULL, smtp_close_it },
	{ "rss", 0, NULL, NULL, rss_it },
};

static void
run_line(char *line)
{
	char *args[4] = { NULL }, *save = NULL;
	const char *name = strtok_r(line, " \n", &save);
	int n = 0;

	while (n < 4 && (args[n] = strtok_r(NULL, " \n", &save)) != NULL)
		n++;
	for (size_t i = 0; name != NULL && i < COUNT(commands); i++) {
		const struct command *c = &commands[i];

		if (strcmp(name, c->name) != 0 || n != c->args)
			continue;
		if ((c->needs_imap != NULL && *c->needs_imap == NULL) ||
			(c->needs_smtp != NULL && *c->needs_smtp == NULL))
			(void)printf("%s not_open", name);
		else
			c->run(args);
		(void)printf("\n");
		return;
	}
	(void)printf("what?\n");
}

int
main(int argc, char **argv)
{
	char line[262144];

	ouv_log_init("net_probe", OUV_LOG_INFO);
	config.imap_mailbox = "INBOX";
	config.imap_processed = "Processed";
	config.smtp_dot_secs = 600;
	config.smtp_user = "";
	for (int i = 1; i < argc; i++)
		configure(argv[i]);
	arena = ouv_arena_new(OUV_ARENA_WIPE);
	/* Unbuffered, so that poll() on it tells the truth. */
	(void)setvbuf(stdin, NULL, _IONBF, 0);
	(void)setvbuf(stdout, NULL, _IOLBF, 0);
	while (fgets(line, sizeof(line), stdin) != NULL) {
		run_line(line);
		ouv_arena_reset(arena);
	}
	imap_close(&imap);
	smtp_close(&smtp);
	ouv_arena_free(&arena);
	return 0;
}
