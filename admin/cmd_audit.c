/*
 * cmd_audit.c - audit verify, audit status: was the log altered, and who would
 * notice?
 */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <jansson.h>

#include "cmd.h"
#include "ouv/history.h"

static const char usage[] =
	"usage: ouvidoria audit verify [--json] [--mail FILE]...\n"
	"                              [--escrow FILE --escrow FILE]\n"
	"       ouvidoria audit status [--json]\n"
	"  --mail FILE    checkpoints that were mailed and kept\n"
	"  --escrow FILE  a share of ESCROW; with two of them the MACs as "
	"well\n";

enum {
	OPT_JSON = 256,
	OPT_MAIL,
	OPT_ESCROW,
};

static const struct option options[] = {
	{ "json", no_argument, NULL, OPT_JSON },
	{ "mail", required_argument, NULL, OPT_MAIL },
	{ "escrow", required_argument, NULL, OPT_ESCROW },
	{ NULL, 0, NULL, 0 },
};

struct wanted {
	bool json, wrong;
	const char **mails;
	size_t mail_count, share_count;
	const char *shares[2];
};

static void
read_options(int argc, char **argv, struct wanted *w)
{
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == OPT_JSON)
			w->json = true;
		else if (c == OPT_MAIL)
			w->mails[w->mail_count++] = optarg;
		else if (c == OPT_ESCROW && w->share_count < 2)
			w->shares[w->share_count++] = optarg;
		else
			w->wrong = true;
	}
	if (w->share_count == 1 || argc - optind != 1)
		w->wrong = true;
}

static enum ouv_err
slurp(struct ouv_arena *arena, const char *path, const char **text_out)
{
	char text[OUV_SHARE_MAX + 1];
	size_t len;
	enum ouv_err err = ouv_secret_read(path, text, sizeof(text), &len);

	if (err == OUV_OK)
		*text_out = ouv_arena_strndup(arena, text, len);
	ouv_wipe(text, sizeof(text));
	return err;
}

static void
print_json(json_t *doc)
{
	(void)json_dumpf(doc, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(doc);
}

static void
print_found(const struct ouv_audit_found *f, const struct wanted *w)
{
	if (w->json) {
		print_json(json_pack("{s:b, s:I, s:I, s:I, s:I, s:I, s:I, s:I,"
				     " s:s, s:s, s:I, s:s}",
			"ok", (int)!f->broken, "events", (json_int_t)f->events,
			"chains", (json_int_t)f->chains, "signers",
			(json_int_t)f->signers, "checkpoints",
			(json_int_t)f->checkpoints, "mailed",
			(json_int_t)f->mails, "macs", (json_int_t)f->macs,
			"unsealed", (json_int_t)f->unsealed, "where",
			f->broken ? f->where : "", "chain",
			f->broken ? f->chain : "", "seq", (json_int_t)f->seq,
			"what", f->broken ? f->what : ""));
		return;
	}
	if (f->broken) {
		printf("broken: %s %s %s %" PRId64 ": %s\n", f->where, f->chain,
			strcmp(f->where, "chain") == 0 ? "entry" : "number",
			f->seq, f->what);
		return;
	}
	printf("%" PRId64 " entries in %" PRId64 " chains: whole\n"
	       "%" PRId64 " runs of programs, %" PRId64 " checkpoints, %" PRId64
	       " entries not sealed yet\n",
		f->events, f->chains, f->signers, f->checkpoints, f->unsealed);
	if (w->mail_count > 0)
		printf("%" PRId64 " mailed checkpoints are all there\n",
			f->mails);
	if (w->share_count > 0)
		printf("%" PRId64 " MACs hold\n", f->macs);
}

static int
verify(struct cmd_env *env, const struct wanted *w, struct ouv_arena *arena)
{
	struct ouv_audit_ask ask = { .mail_count = w->mail_count,
		.mails = w->mails };
	struct ouv_audit_found found;
	enum ouv_err err = OUV_OK;

	if (w->share_count == 2) {
		err = slurp(arena, w->shares[0], &ask.share_a);
		if (err == OUV_OK)
			err = slurp(arena, w->shares[1], &ask.share_b);
	}
	if (err == OUV_OK)
		err = ouv_audit_verify(env->config, &ask, &found);
	if (err != OUV_OK)
		return cmd_status(err);
	print_found(&found, w);
	return found.broken ? 1 : 0;
}

static const char *
moment(int64_t at, char out[32])
{
	time_t t = (time_t)at;
	struct tm tm;

	(void)snprintf(out, 32, "never");
	if (at != 0 && gmtime_r(&t, &tm) != NULL)
		(void)strftime(out, 32, "%Y-%m-%dT%H:%M:%SZ", &tm);
	return out;
}

static int
status(struct cmd_env *env, const struct wanted *w)
{
	struct ouv_audit_status s;
	char newest[32], mailed[32];
	enum ouv_err err = ouv_audit_status(env->config, &s);

	if (err != OUV_OK)
		return cmd_status(err);
	(void)moment(s.newest_at, newest);
	(void)moment(s.mailed_at, mailed);
	if (w->json) {
		print_json(json_pack("{s:I, s:I, s:I, s:I, s:I, s:s, s:s, s:s}",
			"events", (json_int_t)s.events, "signers",
			(json_int_t)s.signers, "checkpoints",
			(json_int_t)s.checkpoints, "unsealed",
			(json_int_t)s.unsealed, "unmailed",
			(json_int_t)s.unmailed, "newest", newest, "mailed",
			mailed, "mail_to", s.mail_to));
		return 0;
	}
	printf("entries      %" PRId64 ", %" PRId64 " not sealed yet\n"
	       "checkpoints  %" PRId64 ", the newest %s\n"
	       "mailed       %s, %" PRId64 " wait\n"
	       "mail_to      %s\n",
		s.events, s.unsealed, s.checkpoints, newest, mailed, s.unmailed,
		*s.mail_to != '\0' ? s.mail_to
				   : "nobody: a cut end of the log would not "
				     "be noticed; set [audit] mail_to");
	return 0;
}

int
cmd_audit(struct cmd_env *env, int argc, char **argv)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_WIPE);
	struct wanted w = { .json = false };
	const char *verb;

	w.mails = ouv_arena_array(arena, (size_t)argc, sizeof(*w.mails));
	read_options(argc, argv, &w);
	verb = w.wrong ? "" : argv[optind];
	if (strcmp(verb, "verify") == 0)
		return verify(env, &w, arena);
	if (strcmp(verb, "status") == 0 && w.mail_count == 0 &&
		w.share_count == 0)
		return status(env, &w);
	fputs(usage, stderr);
	return 2;
}
