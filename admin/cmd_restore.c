/*
 * cmd_restore.c - an office comes back on an empty machine
 *
 * Everything is looked at before anything is done: the backup against its list,
 * the shares, that there is nothing here yet.  Then the database in one
 * transaction, the hosts' secrets by two shares of ESCROW, and a look at the
 * result.
 */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <jansson.h>

#include "cmd.h"
#include "manifest.h"
#include "ouv/clock.h"
#include "ouv/escrow.h"
#include "ouv/history.h"
#include "ouv/log.h"
#include "ouv/setup.h"
#include "pg_tool.h"

static const char usage[] =
	"usage: ouvidoria restore --from DIR --share F --share F\n"
	"  Into the empty database of the configuration; the hosts' secrets "
	"go\n"
	"  to where it names their files.  The shares are of ESCROW.\n";

enum {
	OPT_FROM = 256,
	OPT_SHARE
};

static const struct option options[] = {
	{ "from", required_argument, NULL, OPT_FROM },
	{ "share", required_argument, NULL, OPT_SHARE },
	{ NULL, 0, NULL, 0 },
};

struct restore {
	const struct ouv_config *config;
	const char *from, *share_a, *share_b;
	int steps, written;
	struct ouv_audit_found log;
};

static enum ouv_err
load(const struct restore *r)
{
	char file[4096];
	const char *const args[] = { "pg_restore", "--exit-on-error",
		"--single-transaction", "--no-owner", file, NULL };

	(void)snprintf(file, sizeof(file), "%s/" BACKUP_DATABASE, r->from);
	return pg_tool(r->config, args, -1);
}

static enum ouv_err
look(struct restore *r)
{
	struct ouv_audit_ask ask = { .share_a = r->share_a,
		.share_b = r->share_b };
	enum ouv_err err = ouv_setup_check_sql(r->config);

	if (err == OUV_OK)
		err = ouv_audit_verify(r->config, &ask, &r->log);
	if (err == OUV_OK && r->log.broken) {
		ouv_log_error("the log is broken: %s %s %" PRId64 ": %s",
			r->log.where, r->log.chain, r->log.seq, r->log.what);
		err = OUV_INVALID;
	}
	return err;
}

static enum ouv_err
run(struct restore *r)
{
	enum ouv_err err = ouv_setup_check_dsn(r->config);

	if (err == OUV_OK)
		err = manifest_check(r->from, r->config);
	if (err == OUV_OK)
		err = ouv_restore_ready(r->config, r->share_a, r->share_b);
	if (err == OUV_OK)
		err = load(r);
	if (err != OUV_OK)
		return err;
	err = ouv_setup_migrate(r->config, &r->steps);
	if (err == OUV_OK)
		err = ouv_restore_secrets(
			r->config, r->share_a, r->share_b, &r->written);
	if (err == OUV_OK)
		err = look(r);
	if (err != OUV_OK)
		ouv_log_error("it is not finished: empty the database and "
			      "try again");
	return err;
}

static void
tell(const struct restore *r, int64_t began_ms)
{
	printf("secrets %d\nmigrations %d\nlog %" PRId64
	       " entries whole, %" PRId64 " MACs hold\nseconds %.1f\n",
		r->written, r->steps, r->log.events, r->log.macs,
		(double)(ouv_clock_mono_ms() - began_ms) / 1000);
}

int
cmd_restore(struct cmd_env *env, int argc, char **argv)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_WIPE);
	struct restore r = { .config = env->config };
	const char *shares[2];
	int64_t began_ms = ouv_clock_mono_ms();
	size_t count = 0;
	bool wrong = false;
	enum ouv_err err;
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == OPT_FROM)
			r.from = optarg;
		else if (c == OPT_SHARE && count < 2)
			shares[count++] = optarg;
		else
			wrong = true;
	}
	if (wrong || r.from == NULL || count != 2 || argc - optind != 0) {
		fputs(usage, stderr);
		return 2;
	}
	err = cmd_secret(arena, shares[0], &r.share_a);
	if (err == OUV_OK)
		err = cmd_secret(arena, shares[1], &r.share_b);
	if (err == OUV_OK)
		err = run(&r);
	if (err == OUV_OK)
		tell(&r, began_ms);
	return cmd_status(err);
}
