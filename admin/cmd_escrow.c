/*
 * cmd_escrow.c - escrow open (off line), escrow import (in the office)
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "ouv/escrow.h"
#include "ouv/log.h"

static const char usage[] =
	"usage: ouvidoria escrow open --share F --share F --for LOGIN --out "
	"FILE\n"
	"           --all | CASE...\n"
	"       ouvidoria escrow import --fingerprint X FILE\n"
	"           --confirm LOGIN --password-file F (twice)\n"
	"  open works on a copy of the database, off line, and needs no "
	"secret\n"
	"  of a host; it prints the fingerprint that import asks for.\n";

enum {
	OPT_SHARE = 256,
	OPT_FOR,
	OPT_OUT,
	OPT_ALL,
	OPT_FINGERPRINT,
	OPT_CONFIRM,
	OPT_PASSWORD,
};

static const struct option options[] = {
	{ "share", required_argument, NULL, OPT_SHARE },
	{ "for", required_argument, NULL, OPT_FOR },
	{ "out", required_argument, NULL, OPT_OUT },
	{ "all", no_argument, NULL, OPT_ALL },
	{ "fingerprint", required_argument, NULL, OPT_FINGERPRINT },
	{ "confirm", required_argument, NULL, OPT_CONFIRM },
	{ "password-file", required_argument, NULL, OPT_PASSWORD },
	{ NULL, 0, NULL, 0 },
};

struct wanted {
	const char *shares[2], *logins[2], *passwords[2];
	const char *login, *out, *fingerprint;
	size_t share_count, login_count, password_count;
	bool all, wrong;
};

static void
take_two(struct wanted *w, const char *two[2], size_t *count)
{
	if (*count < 2)
		two[(*count)++] = optarg;
	else
		w->wrong = true;
}

static void
read_options(int argc, char **argv, struct wanted *w)
{
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == OPT_SHARE)
			take_two(w, w->shares, &w->share_count);
		else if (c == OPT_CONFIRM)
			take_two(w, w->logins, &w->login_count);
		else if (c == OPT_PASSWORD)
			take_two(w, w->passwords, &w->password_count);
		else if (c == OPT_FOR)
			w->login = optarg;
		else if (c == OPT_OUT)
			w->out = optarg;
		else if (c == OPT_ALL)
			w->all = true;
		else if (c == OPT_FINGERPRINT)
			w->fingerprint = optarg;
		else
			w->wrong = true;
	}
}

/* ---- off line --------------------------------------------------------------
 */

static enum ouv_err
save(const char *path, json_t *doc)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	enum ouv_err err = OUV_OK;

	if (fd < 0) {
		ouv_log_error("%s: %s", path, strerror(errno));
		return OUV_INVALID;
	}
	if (json_dumpfd(doc, fd, JSON_INDENT(1)) != 0 || fsync(fd) != 0) {
		ouv_log_error("%s: %s", path, strerror(errno));
		err = OUV_TEMPORARY;
	}
	(void)close(fd);
	if (err != OUV_OK)
		(void)unlink(path);
	return err;
}

static int
open_cases(struct cmd_env *env, const struct wanted *w, char **cases,
	size_t count, struct ouv_arena *arena)
{
	struct ouv_escrow_ask ask = { .login = w->login,
		.case_count = count,
		.cases = (const char *const *)cases };
	char fingerprint[OUV_FINGERPRINT_MAX];
	json_t *file = NULL;
	enum ouv_err err;

	err = cmd_secret(arena, w->shares[0], &ask.share_a);
	if (err == OUV_OK)
		err = cmd_secret(arena, w->shares[1], &ask.share_b);
	if (err == OUV_OK)
		err = ouv_escrow_open(
			env->config, arena, &ask, &file, fingerprint);
	if (err == OUV_OK)
		err = save(w->out, file);
	if (err == OUV_OK)
		printf("cases %zu\nfingerprint %s\n",
			json_array_size(json_object_get(file, "keys")),
			fingerprint);
	json_decref(file);
	return cmd_status(err);
}

/* ---- in the office ---------------------------------------------------------
 */

static enum ouv_err
read_passwords(struct ouv_arena *arena, const struct wanted *w,
	struct ouv_escrow_confirm confirm[2])
{
	for (size_t i = 0; i < 2; i++) {
		enum ouv_err err = cmd_secret(
			arena, w->passwords[i], &confirm[i].password);

		confirm[i].login = w->logins[i];
		if (err != OUV_OK)
			return err;
	}
	return OUV_OK;
}

static int
import(struct cmd_env *env, const struct wanted *w, const char *path,
	struct ouv_arena *arena)
{
	struct ouv_office *office OUV_CLEANUP(ouv_office_free) = NULL;
	struct ouv_desk *desk OUV_CLEANUP(ouv_desk_close) = NULL;
	struct ouv_escrow_confirm confirm[2];
	json_t *file = json_load_file(path, JSON_REJECT_DUPLICATES, NULL);
	int64_t given = 0;
	enum ouv_err err;

	if (file == NULL) {
		ouv_log_error("%s cannot be read", path);
		return 1;
	}
	err = read_passwords(arena, w, confirm);
	if (err == OUV_OK)
		err = ouv_office_new(env->config, OUV_DESK_OPERATOR, &office);
	if (err == OUV_OK)
		err = ouv_desk_open(office, &desk);
	if (err == OUV_OK)
		err = ouv_escrow_import(
			desk, file, w->fingerprint, confirm, &given);
	json_decref(file);
	if (err == OUV_OK)
		printf("given %" PRId64 "\n", given);
	return cmd_status(err);
}

int
cmd_escrow(struct cmd_env *env, int argc, char **argv)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_WIPE);
	struct wanted w = { .share_count = 0 };
	const char *verb;
	size_t rest;

	read_options(argc, argv, &w);
	verb = !w.wrong && optind < argc ? argv[optind] : "";
	rest = *verb != '\0' ? (size_t)(argc - optind - 1) : 0;
	if (strcmp(verb, "open") == 0 && w.share_count == 2 &&
		w.login != NULL && w.out != NULL && w.all == (rest == 0))
		return open_cases(env, &w, argv + optind + 1, rest, arena);
	if (strcmp(verb, "import") == 0 && rest == 1 && w.login_count == 2 &&
		w.password_count == 2 && w.fingerprint != NULL)
		return import(env, &w, argv[optind + 1], arena);
	fputs(usage, stderr);
	return 2;
}
