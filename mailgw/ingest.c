/*
 * ingest.c - mail without IMAP: `parse` to look at it, `ingest` to hand it in
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mailgw.h"
#include "seal.h"
#include "ouv/log.h"

static char *standard_input[] = { (char[]){ "-" }, NULL };

enum ouv_err
gw_slurp(struct ouv_arena *arena, const char *path, struct ouv_str *bytes_out)
{
	int fd = strcmp(path, "-") == 0 ? STDIN_FILENO
					: open(path, O_RDONLY | O_CLOEXEC);
	struct ouv_buf buf;
	char piece[65536];
	ssize_t n;

	if (fd < 0) {
		ouv_log_error("%s: %s", path, strerror(errno));
		return OUV_NOT_FOUND;
	}
	ouv_buf_init(&buf, arena, sizeof(piece));
	while ((n = read(fd, piece, sizeof(piece))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			break;
		ouv_buf_add(&buf, piece, (size_t)n);
	}
	if (n < 0)
		ouv_log_error("%s: %s", path, strerror(errno));
	if (fd != STDIN_FILENO)
		(void)close(fd);
	explicit_bzero(piece, sizeof(piece));
	*bytes_out = (struct ouv_str){ buf.data, buf.len };
	return n < 0 ? OUV_TEMPORARY : OUV_OK;
}

/* The child's word is not for a terminal before it has proved to be JSON,
 * which holds no control characters. */
static bool
is_document(struct ouv_str doc)
{
	json_t *json = json_loadb(doc.p, doc.len, 0, NULL);
	bool good = json_is_object(json);

	json_decref(json);
	return good && memchr(doc.p, '\n', doc.len) == NULL;
}

int
gw_parse(const struct ouv_config *config, char **files)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_PLAIN);
	struct ouv_fence *fence OUV_CLEANUP(ouv_fence_free) = NULL;
	int status = GW_DONE;

	if (gw_fence(config, false, &fence) != OUV_OK)
		return GW_AGAIN;
	for (char **f = *files != NULL ? files : standard_input; *f != NULL;
		f++) {
		const char *failure = NULL;
		struct ouv_str raw, doc;
		enum ouv_err err;

		ouv_arena_reset(arena);
		if (gw_slurp(arena, *f, &raw) != OUV_OK) {
			status = GW_FAILED;
			continue;
		}
		err = ouv_fence_parse(
			fence, raw.p, raw.len, arena, &doc, &failure);
		if (err == OUV_TEMPORARY)
			return GW_AGAIN;
		if (err == OUV_OK && !is_document(doc))
			failure = "unparsed";
		if (failure != NULL)
			doc = gw_failed_doc(arena, raw, failure);
		(void)fwrite(doc.p, 1, doc.len, stdout);
		(void)putchar('\n');
	}
	return fflush(stdout) == 0 ? status : GW_FAILED;
}

/* ---- ingest
 * ----------------------------------------------------------------------- */

/* As a delivery agent does: the envelope's recipient on top. */
static struct ouv_str
with_recipient(struct ouv_arena *arena, const char *rcpt, struct ouv_str raw)
{
	struct ouv_buf buf;

	if (rcpt == NULL)
		return raw;
	ouv_buf_init(&buf, arena, raw.len + 400);
	ouv_buf_printf(&buf, "Delivered-To: %s\r\n", rcpt);
	ouv_buf_add(&buf, raw.p, raw.len);
	return (struct ouv_str){ buf.data, buf.len };
}

static void
say(const struct ouv_arrival *a, const struct ouv_filing *filing)
{
	bool new = strcmp(a->state, "received") == 0;
	json_t *doc = json_pack("{s:s, s:s?, s:s?, s:s}", "outcome",
		new ? filing->outcome : "duplicate", "protocol",
		new ? filing->protocol : NULL, "auto",
		new ? filing->automatic : NULL, "reason",
		new && filing->reason != NULL ? filing->reason : "");
	char *text = json_dumps(doc, JSON_COMPACT);

	if (text != NULL)
		puts(text);
	free(text);
	json_decref(doc);
}

static enum ouv_err
ingest_one(struct ouv_desk *desk, struct ouv_fence *fence, const char *rcpt,
	const char *path)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_WIPE);
	struct ouv_arrival arrival = { 0 };
	struct ouv_filing filing = { .epoch = 1, .attempts = 1 };
	struct ouv_str raw;
	size_t ready = 0;
	enum ouv_err err = gw_slurp(arena, path, &raw);

	if (err != OUV_OK)
		return err;
	raw = with_recipient(arena, rcpt, raw);
	arrival.raw = raw.p;
	arrival.len = raw.len;
	arrival.size = (int64_t)raw.len;
	err = ouv_desk_receive(desk, arena, &arrival, 1);
	if (err == OUV_OK && strcmp(arrival.state, "received") == 0) {
		filing.id = arrival.id;
		filing.raw = raw.p;
		filing.len = raw.len;
		filing.dek = arrival.dek;
		err = gw_understand(
			desk, fence, arena, &filing, 1, true, &ready);
		if (err == OUV_OK)
			err = gw_file_ready(desk, arena, &filing, ready, true);
		else
			err = OUV_TEMPORARY; /* no parser: try again later */
		if (err == OUV_OK && filing.outcome == NULL)
			err = OUV_TEMPORARY;
	}
	if (err == OUV_OK)
		say(&arrival, &filing);
	return err;
}

int
gw_ingest(const struct ouv_config *config, const char *rcpt, char **files)
{
	struct ouv_fence *fence OUV_CLEANUP(ouv_fence_free) = NULL;
	struct ouv_office *office OUV_CLEANUP(ouv_office_free) = NULL;
	struct ouv_desk *desk OUV_CLEANUP(ouv_desk_close) = NULL;
	enum ouv_err err;

	if (rcpt != NULL && !ouv_mail_addr_ok(rcpt)) {
		fputs("--rcpt: not an address\n", stderr);
		return GW_USAGE;
	}
	if (gw_fence(config, true, &fence) != OUV_OK)
		return GW_AGAIN;
	if (ouv_office_new(config, OUV_DESK_GATEWAY, &office) != OUV_OK)
		return GW_FAILED;
	err = ouv_desk_open(office, &desk);
	for (char **f = *files != NULL ? files : standard_input;
		*f != NULL && err == OUV_OK; f++) {
		err = ingest_one(desk, fence, rcpt, *f);
		(void)fflush(stdout);
	}
	gw_seal(desk, true);
	if (err == OUV_OK)
		return GW_DONE;
	return err == OUV_TEMPORARY || err == OUV_CONFLICT ? GW_AGAIN
							   : GW_FAILED;
}
