/*
 * retire.c - the end of a secret that was replaced, when nothing hangs on it
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host_secret.h"
#include "ouv/log.h"
#include "ouv/rotation.h"
#include "ouv/store_keys.h"
#include "rotate.h"

/* ---- what waits
 * --------------------------------------------------------------- */

enum ouv_err
waiting_load(struct waiting *w, struct store_tx *tx, int pepper, int k_id)
{
	TRY(store_key_taken(tx, w->arena, &w->taken, &w->taken_count));
	TRY(store_rotations(tx, w->arena, &w->rotations, &w->rotation_count));
	TRY(store_key_letters(tx, &w->letters, &w->live));
	TRY(store_idents_left(tx, k_id, &w->idents));
	return store_key_left(tx, w->arena, pepper, &w->left, &w->left_count);
}

const struct store_rotation *
waiting_rotation(const struct waiting *w, const char *name)
{
	for (size_t i = 0; i < w->rotation_count; i++)
		if (strcmp(w->rotations[i].name, name) == 0)
			return &w->rotations[i];
	return NULL;
}

static const struct holder {
	const char *name, *program;
} holders[] = {
	{ "svc", "gateway" },
	{ "svc", "server" },
	{ "k_id", "gateway" },
	{ "k_id", "server" },
	{ "k_tok", "gateway" },
	{ "k_tok", "server" },
	{ "gw_sig", "gateway" },
	{ "srv_sig", "server" },
	{ "pepper", "server" },
};

static bool
holds(const struct waiting *w, const struct holder *h, int version)
{
	for (size_t i = 0; i < w->taken_count; i++)
		if (strcmp(w->taken[i].program, h->program) == 0 &&
			strcmp(w->taken[i].name, h->name) == 0)
			return w->taken[i].version >= version;
	return false;
}

static void
tell_left(const struct waiting *w, json_t *doc, json_t *waits)
{
	json_t *left = json_object_get(doc, "left");
	json_int_t links = 0;

	for (size_t i = 0; i < w->left_count; i++) {
		if (w->left[i].login == NULL)
			links++;
		else
			(void)json_array_append_new(
				left, json_string(w->left[i].login));
	}
	(void)json_object_set_new(doc, "links", json_integer(links));
	if (json_array_size(left) > 0)
		(void)json_array_append_new(waits, json_string("people"));
	if (links > 0)
		(void)json_array_append_new(waits, json_string("links"));
}

/* What nobody may answer any more need not be waited for. */
static void
tell_letters(const struct waiting *w, json_t *doc, json_t *waits)
{
	(void)json_object_set_new(doc, "letters", json_integer(w->letters));
	(void)json_object_set_new(doc, "live", json_integer(w->live));
	if (w->live > 0)
		(void)json_array_append_new(waits, json_string("letters"));
}

static void
tell_idents(const struct waiting *w, json_t *doc, json_t *waits)
{
	const struct store_idents_left *left = &w->idents;
	const struct {
		const char *code;
		int64_t n;
		bool waits;
	} counts[] = {
		{ "names", left->names, true },
		{ "cases", left->cases, false },
		{ "lost", left->lost, false },
		{ "ties", left->ties, true },
		{ "coming", left->coming, true },
		{ "held", left->held, true },
		{ "recent", left->recent, true },
	};

	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		(void)json_object_set_new(
			doc, counts[i].code, json_integer(counts[i].n));
		if (counts[i].waits && counts[i].n > 0)
			(void)json_array_append_new(
				waits, json_string(counts[i].code));
	}
}

void
waiting_tell(
	const struct waiting *w, const char *name, int version, json_t *doc)
{
	const struct store_rotation *rotation = waiting_rotation(w, name);
	json_t *waits = json_array();

	(void)json_object_set_new(doc, "left", json_array());
	(void)json_object_set_new(doc, "links", json_integer(0));
	(void)json_object_set_new(doc, "letters", json_integer(0));
	(void)json_object_set_new(doc, "live", json_integer(0));
	(void)json_object_set_new(doc, "waits", waits);
	for (size_t i = 0; i < sizeof(holders) / sizeof(holders[0]); i++)
		if (strcmp(holders[i].name, name) == 0 &&
			!holds(w, &holders[i], version))
			(void)json_array_append_new(
				waits, json_string(holders[i].program));
	if (rotation != NULL && !rotation->done)
		(void)json_array_append_new(waits, json_string("moving"));
	if (strcmp(name, "pepper") == 0)
		tell_left(w, doc, waits);
	if (strcmp(name, "k_tok") == 0)
		tell_letters(w, doc, waits);
	if (strcmp(name, "k_id") == 0)
		tell_idents(w, doc, waits);
}

/* ---- the end
 * ------------------------------------------------------------------ */

struct retiring {
	struct bare bare;
	struct ouv_arena *arena;
	const struct host_secret *secret;
	const char *old;
	int version; /* that stays */
	bool former; /* the database has a backup of one before */
};

static enum ouv_err
find_versions(struct retiring *r)
{
	struct store_host_secret *boxes;
	size_t count;

	TRY(store_host_secrets(r->bare.tx, r->arena, &boxes, &count));
	for (size_t i = 0; i < count; i++)
		if (strcmp(boxes[i].name, r->secret->name) == 0 &&
			boxes[i].version > r->version)
			r->version = boxes[i].version;
	for (size_t i = 0; i < count; i++)
		r->former |= strcmp(boxes[i].name, r->secret->name) == 0 &&
			     boxes[i].version < r->version;
	r->old = ouv_arena_printf(r->arena, "%s" OUV_KEY_OLD,
		host_secret_path(r->bare.office.config, r->secret));
	return r->former || access(r->old, F_OK) == 0 ? OUV_OK : OUV_NOT_FOUND;
}

static bool
may_be_overridden(const char *code)
{
	static const char *const codes[] = { "people", "links", "letters",
		"names", "ties", "held", "recent" };

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (strcmp(codes[i], code) == 0)
			return true;
	return false;
}

static bool
may_end(const json_t *waits, bool all_the_same)
{
	for (size_t i = 0; i < json_array_size(waits); i++)
		if (!all_the_same || !may_be_overridden(json_string_value(
					     json_array_get(waits, i))))
			return false;
	return true;
}

static enum ouv_err
end_rows(struct retiring *r)
{
	if (strcmp(r->secret->name, "k_id") == 0)
		TRY(store_idents_retire(r->bare.tx, r->version));
	TRY(store_key_retire(
		r->bare.tx, r->secret->name, r->secret->kind, r->version));
	return bare_commit(&r->bare, "key-retire", r->secret->name);
}

/* Its bytes first, for what the file system does not give back at once. */
static enum ouv_err
end_file(const char *path)
{
	static const char zeros[128];
	struct stat st;
	int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);

	if (fd < 0 && errno == ENOENT)
		return OUV_OK;
	if (fd >= 0 && fstat(fd, &st) == 0 && st.st_nlink == 1) {
		(void)!write(fd, zeros, sizeof(zeros));
		(void)fsync(fd);
	}
	if (fd >= 0)
		(void)close(fd);
	if (unlink(path) != 0) {
		ouv_log_error("%s: %s", path, strerror(errno));
		return OUV_INVALID;
	}
	return host_secret_sync(path);
}

static enum ouv_err
retire(struct retiring *r, bool all_the_same, json_t *found)
{
	struct waiting w = { .arena = r->arena };

	TRY(find_versions(r));
	TRY(waiting_load(&w, r->bare.tx, r->version, r->version));
	waiting_tell(&w, r->secret->name, r->version, found);
	if (!may_end(json_object_get(found, "waits"), all_the_same))
		return OUV_CONFLICT;
	if (r->former)
		TRY(end_rows(r));
	return end_file(r->old);
}

enum ouv_err
ouv_key_retire(const struct ouv_config *config, const char *name,
	bool all_the_same, json_t **found_out)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_PLAIN);
	struct retiring r = { .arena = arena };
	enum ouv_err err;

	*found_out = NULL;
	TRY(rotate_find(name, &r.secret));
	*found_out = json_object();
	err = bare_open(&r.bare, config);
	if (err == OUV_OK)
		err = retire(&r, all_the_same, *found_out);
	bare_close(&r.bare);
	return err;
}
