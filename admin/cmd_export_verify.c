/*
 * cmd_export_verify.c - export-verify: does a case file hold?
 *
 * For whoever was handed one: no configuration, no database, no secret.  The
 * archive may be anybody's: it is read by a child without rights, a piece at a
 * time, and so is its list.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <jansson.h>

#include "cmd.h"
#include "ouv/copy.h"
#include "ouv/fence.h"
#include "ouv/log.h"

static const char usage[] =
	"usage: ouvidoria export-verify [--json] FILE.zip\n";

#define PIECE ((size_t)256 << 10)

/* ---- behind the fence ------------------------------------------------------
 */

/* Of the child, from one piece to the next. */
static struct ouv_arena *kept;
static struct ouv_dossier_check *check;

static void
begin(void)
{
	ouv_arena_free(&kept);
	kept = ouv_arena_new(OUV_ARENA_PLAIN);
	check = ouv_dossier_check_new(kept);
}

static void
answer_end(struct ouv_buf *answer)
{
	struct ouv_dossier_found f;
	json_t *doc;
	char *dump;

	ouv_dossier_check_end(check, &f);
	doc = json_pack("{s:b, s:s, s:s, s:i, s:i, s:s, s:s, s:s, s:b}", "ok",
		f.wrong == NULL, "wrong", f.wrong != NULL ? f.wrong : "",
		"where", f.where, "files", f.files, "entries", f.entries,
		"protocol", f.protocol, "manifest_sha256", f.manifest,
		"log_head", f.log_head, "incomplete", f.incomplete);
	dump = doc != NULL ? json_dumps(doc, JSON_COMPACT) : NULL;
	ouv_buf_text(answer, dump != NULL ? dump : "");
	free(dump);
	json_decref(doc);
}

/* The first byte says what follows: the archive begins, goes on, has ended. */
static void
look(struct ouv_arena *arena, const void *raw, size_t len,
	struct ouv_buf *answer, void *user)
{
	const char *bytes = raw;

	(void)arena;
	(void)user;
	if (len > 0 && *bytes == 'b')
		begin();
	if (check == NULL)
		return; /* its child was replaced: nothing more is said */
	if (len > 1)
		ouv_dossier_check_add(check, bytes + 1, len - 1);
	if (len > 0 && *bytes == 'e')
		answer_end(answer);
	else
		ouv_buf_text(answer, ".");
}

/* ---- in front of it --------------------------------------------------------
 */

static const struct ouv_fence_job job = { .parse = look };
/* One child sees all of it. */
static const struct ouv_fence_limits limits = { .raw_max = PIECE + 1,
	.cpu_secs = 60,
	.wall_ms = 120000,
	.memory = (size_t)3 << 30,
	.mails = INT_MAX,
	.growth_kb = LONG_MAX };

static enum ouv_err
send(struct ouv_fence *fence, struct ouv_arena *arena, char *piece, size_t len,
	struct ouv_str *answer)
{
	const char *failure = NULL;
	enum ouv_err err =
		ouv_fence_parse(fence, piece, len, arena, answer, &failure);

	if (err == OUV_INVALID)
		ouv_log_error("it cannot be read: %s", failure);
	if (err == OUV_OK && answer->len == 0)
		err = OUV_TEMPORARY;
	return err;
}

static ssize_t
read_full(int fd, char *out, size_t most)
{
	size_t len = 0;
	ssize_t n = 1;

	while (len < most && n > 0) {
		n = read(fd, out + len, most - len);
		if (n < 0 && errno == EINTR)
			n = 1;
		else if (n > 0)
			len += (size_t)n;
	}
	return n < 0 ? n : (ssize_t)len;
}

static enum ouv_err
send_all(struct ouv_fence *fence, struct ouv_arena *arena, int fd,
	struct ouv_str *answer)
{
	char *piece = ouv_arena_raw(arena, PIECE + 1);
	ssize_t n;

	*piece = 'b';
	do {
		struct ouv_arena *own OUV_CLEANUP(ouv_arena_free) =
			ouv_arena_new(OUV_ARENA_PLAIN);
		enum ouv_err err;

		n = read_full(fd, piece + 1, PIECE);
		if (n < 0) {
			ouv_log_error("it cannot be read: %s", strerror(errno));
			return OUV_INVALID;
		}
		err = send(fence, own, piece, (size_t)n + 1, answer);
		if (err != OUV_OK)
			return err;
		*piece = 'm';
	} while (n > 0);
	*piece = 'e';
	return send(fence, arena, piece, 1, answer);
}

static void
tell(const json_t *found)
{
	const char *wrong, *where, *number, *manifest, *head;
	int ok, files, entries, incomplete;

	if (json_unpack((json_t *)found,
		    "{s:b, s:s, s:s, s:i, s:i, s:s, s:s, s:s, s:b}", "ok", &ok,
		    "wrong", &wrong, "where", &where, "files", &files,
		    "entries", &entries, "protocol", &number, "manifest_sha256",
		    &manifest, "log_head", &head, "incomplete",
		    &incomplete) != 0)
		return;
	if (!ok) {
		printf("broken: %s%s%s\n", where, *where != '\0' ? ": " : "",
			wrong);
		return;
	}
	printf("case %s: %d files are what the list names\n"
	       "sum of the list (manifest.json): %s\n",
		number, files, manifest);
	if (entries > 0)
		printf("log: %d entries follow each other, the last one is "
		       "%s\n",
			entries, head);
	if (incomplete)
		puts("it says itself that something could not be read: see "
		     "MANIFEST.txt");
	puts("That it is the office's own, the office says: its log keeps the "
	     "sum of the list.");
}

static int
verify(int fd, bool json)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_PLAIN);
	struct ouv_fence *fence = NULL;
	struct ouv_str answer = { NULL, 0 };
	enum ouv_err err = ouv_fence_new(&job, &limits, &fence);
	json_t *found;
	bool ok;

	if (err == OUV_OK)
		err = send_all(fence, arena, fd, &answer);
	ouv_fence_free(&fence);
	if (err != OUV_OK)
		return cmd_status(err);
	found = json_loadb(answer.p, answer.len, 0, NULL);
	ok = json_is_true(json_object_get(found, "ok"));
	if (json)
		printf("%.*s\n", (int)answer.len, answer.p);
	else
		tell(found);
	json_decref(found);
	return ok ? 0 : 1;
}

int
cmd_export_verify(struct cmd_env *env, int argc, char **argv)
{
	static const struct option options[] = {
		{ "json", no_argument, NULL, 'j' },
		{ NULL, 0, NULL, 0 },
	};
	bool json = false, wrong = false;
	int c, fd, status;

	(void)env;
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		json = json || c == 'j';
		wrong = wrong || c != 'j';
	}
	if (wrong || argc - optind != 1) {
		fputs(usage, stderr);
		return 2;
	}
	fd = open(argv[optind], O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		ouv_log_error("%s: %s", argv[optind], strerror(errno));
		return 1;
	}
	status = verify(fd, json);
	(void)close(fd);
	return status;
}
