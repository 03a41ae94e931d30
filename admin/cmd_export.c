/*
 * cmd_export.c - export: the file of a case, by a colleague who may have it
 *
 * The operator holds no key to any case.  A colleague gives login, password and
 * code; with their key it is made, and as theirs it is logged.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>
#include <jansson.h>

#include "cmd.h"
#include "ouv/copy.h"
#include "ouv/desk.h"
#include "ouv/history.h"
#include "ouv/id.h"
#include "ouv/log.h"
#include "ouv/setup.h"
#include "ouv/zip.h"

static const char usage[] =
	"usage: ouvidoria export CASE --out FILE [--for WHO] [--purpose "
	"WORDS]\n"
	"           [--whom NAME] [--lanes consumer,company,internal] "
	"[--no-notes]\n"
	"           [--log] [--redact] [--from DAY] [--until DAY] [--lang T]\n"
	"           [--pdf] [--json]\n"
	"       ouvidoria export CASE --out FILE --take [--json]\n"
	"  WHO: internal (the office's archive), consumer, company, authority, "
	"court.\n"
	"  To authority and court nothing goes unmasked but with --take, after "
	"a\n"
	"  second person confirmed it.  Asks for login, password and code of "
	"a\n"
	"  colleague who may open the case: on the terminal, or as three lines "
	"of\n"
	"  standard input.\n";

#define FIELDS_MOST 16
#define LINE_MOST 1024

enum {
	OPT_OUT = 256,
	OPT_FOR,
	OPT_PURPOSE,
	OPT_WHOM,
	OPT_LANES,
	OPT_NO_NOTES,
	OPT_LOG,
	OPT_REDACT,
	OPT_FROM,
	OPT_UNTIL,
	OPT_LANG,
	OPT_PDF,
	OPT_TAKE,
	OPT_JSON,
};

static const struct option options[] = {
	{ "out", required_argument, NULL, OPT_OUT },
	{ "for", required_argument, NULL, OPT_FOR },
	{ "purpose", required_argument, NULL, OPT_PURPOSE },
	{ "whom", required_argument, NULL, OPT_WHOM },
	{ "lanes", required_argument, NULL, OPT_LANES },
	{ "no-notes", no_argument, NULL, OPT_NO_NOTES },
	{ "log", no_argument, NULL, OPT_LOG },
	{ "redact", no_argument, NULL, OPT_REDACT },
	{ "from", required_argument, NULL, OPT_FROM },
	{ "until", required_argument, NULL, OPT_UNTIL },
	{ "lang", required_argument, NULL, OPT_LANG },
	{ "pdf", no_argument, NULL, OPT_PDF },
	{ "take", no_argument, NULL, OPT_TAKE },
	{ "json", no_argument, NULL, OPT_JSON },
	{ NULL, 0, NULL, 0 },
};

struct wanted {
	const char *number, *out, *who, *lanes, *purpose;
	bool redact, take, json, no_notes;
	struct ouv_field fields[FIELDS_MOST];
	size_t count;
	bool wrong;
};

struct exported {
	int64_t bytes;
	int files;
	char sha256[65]; /* of the file */
};

/* ---- what is wanted --------------------------------------------------------
 */

static void
add(struct wanted *w, const char *name, const char *value)
{
	if (w->count < FIELDS_MOST)
		w->fields[w->count++] = (struct ouv_field){ name, value };
}

static void
take_option(struct wanted *w, int c)
{
	/* clang-format off */
	static const struct { int option; const char *field, *value; } plain[] = {
		{ OPT_WHOM, "whom", NULL },
		{ OPT_FROM, "from", NULL },
		{ OPT_UNTIL, "until", NULL },
		{ OPT_LANG, "lang", NULL },
		{ OPT_LOG, "log", "1" },
		{ OPT_PDF, "form", "pdf" },
	};
	/* clang-format on */

	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
		if (plain[i].option == c) {
			add(w, plain[i].field,
				plain[i].value != NULL ? plain[i].value
						       : optarg);
			return;
		}
	if (c == OPT_OUT)
		w->out = optarg;
	else if (c == OPT_FOR)
		w->who = optarg;
	else if (c == OPT_PURPOSE)
		w->purpose = optarg;
	else if (c == OPT_LANES)
		w->lanes = optarg;
	else if (c == OPT_NO_NOTES)
		w->no_notes = true;
	else if (c == OPT_REDACT)
		w->redact = true;
	else if (c == OPT_TAKE)
		w->take = true;
	else if (c == OPT_JSON)
		w->json = true;
	else
		w->wrong = true;
}

static bool
is_party(const struct wanted *w)
{
	return strcmp(w->who, "consumer") == 0 ||
	       strcmp(w->who, "company") == 0;
}

/* All lanes unless some are named; a party's own is implied. */
static void
add_lanes(struct wanted *w, struct ouv_arena *arena)
{
	static const char *const lanes[] = { "consumer", "company",
		"internal" };
	char *list = ouv_arena_strdup(arena,
		w->lanes != NULL ? w->lanes : "consumer,company,internal");
	char *save, *one;

	if (w->lanes == NULL && is_party(w))
		return;
	for (one = strtok_r(list, ",", &save); one != NULL;
		one = strtok_r(NULL, ",", &save)) {
		size_t i = 0;

		while (i < 3 && strcmp(lanes[i], one) != 0)
			i++;
		if (i == 3)
			w->wrong = true;
		else
			add(w, ouv_arena_printf(arena, "lane_%s", one), "1");
	}
}

static const char *
verb_of(const struct wanted *w)
{
	bool outside = strcmp(w->who, "authority") == 0 ||
		       strcmp(w->who, "court") == 0;

	if (w->take)
		return "take-file";
	return outside && !w->redact ? "whole-file" : "case-file";
}

static void
add_fields(struct wanted *w, struct ouv_arena *arena)
{
	if (w->take) {
		w->count = 0;
		return;
	}
	add(w, "recipient", w->who);
	add(w, "purpose", w->purpose);
	add_lanes(w, arena);
	if (!w->no_notes && !is_party(w))
		add(w, "notes", "1");
	if (w->redact && strcmp(w->who, "internal") == 0)
		add(w, "mask", "1");
}

/* ---- who gives their key ---------------------------------------------------
 */

static bool
read_line(const char *ask, bool hidden, char out[LINE_MOST])
{
	struct termios was, quiet;
	bool tty = isatty(STDIN_FILENO) != 0, good;

	if (tty)
		fprintf(stderr, "%s: ", ask);
	if (tty && hidden && tcgetattr(STDIN_FILENO, &was) == 0) {
		quiet = was;
		quiet.c_lflag &= ~(tcflag_t)ECHO;
		(void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
	}
	good = fgets(out, LINE_MOST, stdin) != NULL;
	if (tty && hidden) {
		(void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &was);
		fputc('\n', stderr);
	}
	if (good)
		out[strcspn(out, "\r\n")] = '\0';
	return good && *out != '\0';
}

static enum ouv_err
enter(struct ouv_desk *desk, struct ouv_arena *arena,
	struct ouv_actor **actor_out)
{
	char login[LINE_MOST], password[LINE_MOST], code[LINE_MOST];
	struct ouv_credentials entry = { login, password, code,
		"ouvidoria export" };
	enum ouv_err err = OUV_INVALID;
	int wait = 0;

	/* What stdio keeps of a password would outlive it. */
	(void)setvbuf(stdin, NULL, _IONBF, 0);
	if (read_line("login", false, login) &&
		read_line("password", true, password) &&
		read_line("code", true, code))
		err = ouv_desk_enter(desk, arena, &entry, actor_out, &wait);
	else
		ouv_log_error("login, password and code are needed");
	ouv_wipe(password, sizeof(password));
	ouv_wipe(code, sizeof(code));
	if (err == OUV_REFUSED)
		ouv_log_error("login, password or code is wrong");
	if (err == OUV_CONFLICT)
		ouv_log_error("too many tries: wait %d seconds", wait);
	if (err == OUV_OK && (*actor_out)->must != 0) {
		ouv_log_error("log in on the console first: something is asked "
			      "for there");
		err = OUV_REFUSED;
	}
	return err;
}

/* ---- the file --------------------------------------------------------------
 */

struct writing {
	struct ouv_arena *arena;
	struct ouv_mail_digest *digest;
	struct ouv_zip *zip; /* NULL: one file by itself */
	int fd;
	struct exported *told;
};

static enum ouv_err
put(struct writing *w, struct ouv_str bytes)
{
	w->told->bytes += (int64_t)bytes.len;
	ouv_mail_digest_add(w->digest, bytes.p, bytes.len);
	while (bytes.len > 0) {
		ssize_t n = write(w->fd, bytes.p, bytes.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			ouv_log_error(
				"it cannot be written: %s", strerror(errno));
			return OUV_TEMPORARY;
		}
		bytes.p += n;
		bytes.len -= (size_t)n;
	}
	return OUV_OK;
}

static enum ouv_err
put_bit(struct writing *w, const struct ouv_copy_bit *bit)
{
	enum ouv_err err = OUV_OK;

	w->told->files += bit->step == OUV_COPY_FILE;
	if (w->zip == NULL)
		return bit->step == OUV_COPY_BYTES ? put(w, bit->bytes)
						   : OUV_OK;
	if (bit->step == OUV_COPY_FILE)
		err = ouv_zip_file(w->zip, bit->name, bit->at);
	else if (bit->step == OUV_COPY_BYTES)
		err = ouv_zip_bytes(w->zip, bit->bytes.p, bit->bytes.len);
	else
		err = ouv_zip_end(w->zip);
	return err == OUV_OK ? put(w, ouv_zip_take(w->zip)) : err;
}

static enum ouv_err
put_all(struct ouv_desk *desk, struct ouv_copy *copy, struct writing *w)
{
	struct ouv_copy_bit bit = { .step = OUV_COPY_BYTES };
	enum ouv_err err = OUV_OK;

	while (err == OUV_OK && bit.step != OUV_COPY_END) {
		err = ouv_desk_copy_next(desk, copy, &bit);
		if (err == OUV_OK)
			err = put_bit(w, &bit);
	}
	return err;
}

/* Whole, or not there: it gets its name when all of it is on the disk. */
static enum ouv_err
write_file(struct ouv_desk *desk, struct ouv_arena *arena,
	struct ouv_copy *copy, const char *path, struct exported *told)
{
	const char *draft = ouv_arena_printf(arena, "%s.part", path);
	struct writing w = { .arena = arena,
		.digest = ouv_mail_digest_new(arena),
		.told = told,
		.fd = open(draft,
			O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC,
			0600) };
	enum ouv_err err = OUV_OK;

	if (w.fd < 0) {
		ouv_log_error("%s: %s", draft, strerror(errno));
		return OUV_TEMPORARY;
	}
	if (ouv_copy_single(copy) == NULL &&
		(w.zip = ouv_zip_new(arena)) == NULL)
		err = OUV_TEMPORARY;
	if (err == OUV_OK)
		err = put_all(desk, copy, &w);
	if (err == OUV_OK && fsync(w.fd) != 0)
		err = OUV_TEMPORARY;
	(void)close(w.fd);
	if (err == OUV_OK && link(draft, path) != 0) {
		ouv_log_error("%s: %s", path, strerror(errno));
		err = OUV_CONFLICT;
	}
	(void)unlink(draft);
	ouv_mail_digest_end(w.digest, told->sha256);
	return err;
}

/* ---- all of it -------------------------------------------------------------
 */

static void
tell_wrong(enum ouv_err err, const struct ouv_verb_result *r)
{
	for (size_t i = 0; i < r->error_count; i++)
		ouv_log_error("%s: %s", r->errors[i].field, r->errors[i].code);
	if (r->failed != 0) {
		json_t *list = ouv_desk_guard_names(r->failed);
		char *names = json_dumps(list, JSON_COMPACT);

		ouv_log_error("this stands against it: %s", names);
		free(names);
		json_decref(list);
	} else if (err == OUV_REFUSED) {
		ouv_log_error("this colleague may not do that in this case");
	} else if (err == OUV_NOT_FOUND) {
		ouv_log_error("there is no such case");
	} else if (err == OUV_INVALID && r->error_count == 0) {
		ouv_log_error("this is not possible in this case now");
	}
}

static void
tell(const struct wanted *w, const struct exported *e)
{
	json_t *doc;

	if (!w->json) {
		printf("%s  %s\n%lld bytes, %d files\n", e->sha256, w->out,
			(long long)e->bytes, e->files);
		return;
	}
	doc = json_pack("{s:s, s:s, s:I, s:i, s:b}", "file", w->out, "sha256",
		e->sha256, "bytes", (json_int_t)e->bytes, "files", e->files,
		"waiting", 0);
	(void)json_dumpf(doc, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(doc);
}

static void
tell_waiting(const struct wanted *w)
{
	if (w->json)
		puts("{\"waiting\":true}");
	else
		puts("It waits for a second person. Once it is confirmed on "
		     "the page of the case:\n"
		     "  ouvidoria export CASE --out FILE --take");
}

static enum ouv_err
run(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const struct wanted *w)
{
	struct ouv_verb_result result = { 0 };
	struct exported told = { 0 };
	struct ouv_id key = ouv_id_new();
	char hex[OUV_ID_HEX];
	enum ouv_err err;

	ouv_id_hex(&key, hex);
	err = ouv_desk_do(desk, arena, actor, w->number, verb_of(w), hex,
		w->fields, w->count, &result);
	if (err != OUV_OK) {
		tell_wrong(err, &result);
		return err;
	}
	if (result.waiting) {
		tell_waiting(w);
		return OUV_OK;
	}
	if (result.copy == NULL)
		return OUV_INVALID;
	err = write_file(desk, arena, result.copy, w->out, &told);
	if (err == OUV_OK)
		tell(w, &told);
	return err;
}

static enum ouv_err
run_here(struct ouv_office *office, struct ouv_arena *arena,
	const struct wanted *w)
{
	struct ouv_actor *actor = NULL;
	struct ouv_desk *desk;
	enum ouv_err err = ouv_desk_open(office, &desk);

	if (err != OUV_OK)
		return err;
	err = enter(desk, arena, &actor);
	if (err == OUV_OK)
		err = run(desk, arena, actor, w);
	if (actor != NULL && ouv_desk_logout(desk, actor) != OUV_OK)
		ouv_log_warn("the session could not be ended; it ends by "
			     "itself");
	(void)!ouv_desk_checkpoint(desk, true);
	ouv_desk_close(&desk);
	return err;
}

int
cmd_export(struct cmd_env *env, int argc, char **argv)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_WIPE);
	struct wanted w = { .who = "internal", .purpose = "ouvidoria export" };
	struct ouv_office *office = NULL;
	enum ouv_err err;
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1)
		take_option(&w, c);
	add_fields(&w, arena);
	if (w.wrong || w.out == NULL || argc - optind != 1) {
		fputs(usage, stderr);
		return 2;
	}
	w.number = argv[optind];
	if (access(w.out, F_OK) == 0) {
		ouv_log_error("%s: it is there already", w.out);
		return 1;
	}
	/* What the console needs of this host, it needs as well. */
	err = ouv_office_new(env->config, OUV_DESK_SERVER, &office);
	if (err == OUV_OK) {
		ouv_office_prints(office);
		err = run_here(office, arena, &w);
	}
	ouv_office_free(&office);
	return cmd_status(err);
}
