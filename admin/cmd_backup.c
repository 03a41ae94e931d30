/*
 * cmd_backup.c - one consistent copy of the office, without any clear secret
 *
 * The database as pg_dump sees it at one moment (sessions are not in it), the
 * configuration, and a list with their hashes.  The hosts' secrets are in the
 * database, sealed to ESCROW.  What is older than it may be goes, and before
 * anything is made what one that was killed left behind.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cmd.h"
#include "manifest.h"
#include "ouv/clock.h"
#include "ouv/log.h"
#include "ouv/setup.h"
#include "pg_tool.h"

#define PATH_MOST 4096
#define DRAFT ".draft"
#define KEEP_DAYS 35
#define DAY INT64_C(86400)
#define NAME_LEN 16     /* 20260202T100000Z */
#define YOUNG_SECS 3600 /* its maker may not hold it yet */

static const char usage[] =
	"usage: ouvidoria backup --out DIR [--keep-days N]\n"
	"  Each goes into a folder of its own below DIR; older ones than N "
	"days\n"
	"  (35) are deleted.\n";

enum {
	OPT_OUT = 256,
	OPT_KEEP
};

static const struct option options[] = {
	{ "out", required_argument, NULL, OPT_OUT },
	{ "keep-days", required_argument, NULL, OPT_KEEP },
	{ NULL, 0, NULL, 0 },
};

static enum ouv_err
trouble(const char *path)
{
	ouv_log_error("%s: %s", path, strerror(errno));
	return OUV_TEMPORARY;
}

static int
create(const char *folder, const char *name)
{
	char path[PATH_MOST + 32];
	int fd;

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		(void)trouble(path);
	return fd;
}

static enum ouv_err
dump(const char *folder, const struct ouv_config *config)
{
	/* What is sealed is not made smaller; sessions belong to this host. */
	static const char *const args[] = { "pg_dump", "--format=custom",
		"--compress=1", "--no-owner", "--no-unlogged-table-data",
		"--lock-wait-timeout=60000", NULL };
	int fd = create(folder, BACKUP_DATABASE);
	enum ouv_err err;

	if (fd < 0)
		return OUV_TEMPORARY;
	err = pg_tool(config, args, fd);
	if (err == OUV_OK && fsync(fd) != 0)
		err = trouble(folder);
	(void)close(fd);
	return err;
}

static enum ouv_err
copy_config(const char *folder, const char *path)
{
	FILE *file = fopen(path, "re");
	int fd = file != NULL ? create(folder, BACKUP_CONFIG) : -1;
	char piece[4096];
	size_t got;
	enum ouv_err err = fd >= 0 ? OUV_OK : trouble(path);

	while (err == OUV_OK &&
		(got = fread(piece, 1, sizeof(piece), file)) > 0)
		if (write(fd, piece, got) != (ssize_t)got)
			err = trouble(folder);
	if (err == OUV_OK && fsync(fd) != 0)
		err = trouble(folder);
	if (fd >= 0)
		(void)close(fd);
	if (file != NULL)
		(void)fclose(file);
	return err;
}

/* ---- one folder
 * --------------------------------------------------------------
 */

static void
remove_folder(const char *folder)
{
	static const char *const names[] = { MANIFEST, BACKUP_DATABASE,
		BACKUP_CONFIG };
	char path[PATH_MOST + 32];

	/* The list first: what is left of it is no backup any more. */
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		(void)unlink(path);
	}
	if (rmdir(folder) != 0)
		(void)trouble(folder);
}

static enum ouv_err
sync_folder(const char *folder)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	enum ouv_err err = fd >= 0 && fsync(fd) == 0 ? OUV_OK : trouble(folder);

	if (fd >= 0)
		(void)close(fd);
	return err;
}

/* Nobody takes a folder away that is held; -1: it cannot be. */
static int
hold(const char *folder)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
		return fd;
	if (fd >= 0)
		(void)close(fd);
	return -1;
}

static enum ouv_err
fill(struct cmd_env *env, const char *draft, int64_t now, const char *path)
{
	enum ouv_err err = dump(draft, env->config);

	if (err == OUV_OK)
		err = copy_config(draft, env->config_path);
	if (err == OUV_OK)
		err = manifest_write(draft, env->config, now);
	if (err == OUV_OK)
		err = sync_folder(draft);
	if (err == OUV_OK && rename(draft, path) != 0)
		err = trouble(path);
	return err;
}

/* Under another name until it is whole. */
static enum ouv_err
make(struct cmd_env *env, const char *out, int64_t now, char path[PATH_MOST])
{
	char draft[PATH_MOST], name[NAME_LEN + 1];
	time_t t = (time_t)now;
	struct tm tm;
	enum ouv_err err;
	int held;

	(void)gmtime_r(&t, &tm);
	(void)strftime(name, sizeof(name), "%Y%m%dT%H%M%SZ", &tm);
	(void)snprintf(draft, sizeof(draft), "%s/.%s" DRAFT, out, name);
	(void)snprintf(path, PATH_MOST, "%s/%s", out, name);
	if (mkdir(draft, 0700) != 0)
		return trouble(draft);
	held = hold(draft);
	err = held >= 0 ? fill(env, draft, now, path) : trouble(draft);
	if (err != OUV_OK)
		remove_folder(draft);
	if (held >= 0)
		(void)close(held);
	return err == OUV_OK ? sync_folder(out) : err;
}

/* ---- what is old
 * ---------------------------------------------------------------
 */

/* When the backup of that name was begun, and whether it was never finished;
 * -1: it is none of ours. */
static int64_t
made_at(const char *name, bool *is_draft_out)
{
	struct tm tm = { .tm_sec = 0 };
	const char *end;

	*is_draft_out = *name == '.';
	name += *is_draft_out;
	if (strnlen(name, NAME_LEN) != NAME_LEN ||
		strcmp(name + NAME_LEN, *is_draft_out ? DRAFT : "") != 0)
		return -1;
	end = strptime(name, "%Y%m%dT%H%M%SZ", &tm);
	return end == name + NAME_LEN ? (int64_t)timegm(&tm) : -1;
}

/* Nobody works on it any more. */
static void
remove_draft(const char *folder)
{
	int held = hold(folder);

	if (held < 0)
		return;
	ouv_log_info("a backup that was never finished is removed: %s", folder);
	remove_folder(folder);
	(void)close(held);
}

/* What was begun before that moment: whole ones, or drafts. */
static int
clean(const char *out, bool drafts, int64_t before)
{
	DIR *folder = opendir(out);
	struct dirent *entry;
	char path[PATH_MOST];
	int gone = 0;

	while (folder != NULL && (entry = readdir(folder)) != NULL) {
		bool is_draft;
		int64_t at = made_at(entry->d_name, &is_draft);

		if (at < 0 || at >= before || is_draft != drafts)
			continue;
		(void)snprintf(path, sizeof(path), "%s/%s", out, entry->d_name);
		if (is_draft)
			remove_draft(path);
		else
			remove_folder(path);
		gone++;
	}
	if (folder != NULL)
		(void)closedir(folder);
	return gone;
}

int
cmd_backup(struct cmd_env *env, int argc, char **argv)
{
	const char *out = NULL;
	long keep = KEEP_DAYS;
	char path[PATH_MOST], *end = NULL;
	int64_t now = ouv_clock_now();
	enum ouv_err err;
	int c, gone;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == OPT_OUT)
			out = optarg;
		else if (c == OPT_KEEP)
			keep = strtol(optarg, &end, 10);
		else
			keep = 0;
	}
	if (out == NULL || keep < 1 || keep > 3650 ||
		(end != NULL && *end != '\0') || argc - optind != 0) {
		fputs(usage, stderr);
		return 2;
	}
	err = ouv_setup_check_dsn(env->config);
	if (err == OUV_OK && mkdir(out, 0700) != 0 && errno != EEXIST)
		err = trouble(out);
	if (err != OUV_OK)
		return cmd_status(err);
	(void)clean(out, true, now - YOUNG_SECS);
	err = make(env, out, now, path);
	if (err != OUV_OK)
		return cmd_status(err);
	gone = clean(out, false, now - keep * DAY);
	printf("%s\n", path);
	if (gone > 0)
		ouv_log_info("backups deleted=%d", gone);
	return 0;
}
