/*
 * dossier_check.c - is a case file what the office handed out?
 *
 * Without a secret, a database or an office: each file against the manifest and
 * the list of sums, and the log entry by entry.  That the manifest is the
 * office's own is for the office to say: its log keeps the manifest's sum.
 * What is read here may be anybody's; it runs behind a fence.
 */
#include <stdlib.h>
#include <string.h>
#include <jansson.h>

#include "ouv/copy.h"
#include "ouv/zip.h"
#include "verify.h"

#define KEPT_MOST ((size_t)128 << 20) /* bytes of a list, or of a log */

struct checked {
	const char *name;
	int64_t size;
	char sha256[65];
	bool named; /* by the manifest */
};
/* Files whose bytes are looked at, and not only their sum. */
enum keep {
	KEEP_MANIFEST,
	KEEP_SUMS,
	KEEP_LOG,
	KEEPS
};
static const char *const kept_names[KEEPS] = { "manifest.json", "SHA256SUMS",
	"log.json" };

struct ouv_dossier_check {
	struct ouv_arena *arena;
	struct ouv_unzip *unzip;
	struct ouv_mail_digest *digest;
	struct checked *files;
	size_t count, room;
	struct ouv_buf kept[KEEPS];
	bool has[KEEPS], too_long;
	int keep; /* of the file that is read; KEEPS: none */
	struct ouv_dossier_found found;
};

/* ---- while it goes by ------------------------------------------------------
 */

static void
begin(struct ouv_dossier_check *c, const char *name)
{
	if (c->count == c->room) {
		size_t room = 2 * c->room + 64;
		struct checked *more =
			ouv_arena_array(c->arena, room, sizeof(*more));

		if (c->count > 0)
			memcpy(more, c->files, c->count * sizeof(*more));
		c->files = more;
		c->room = room;
	}
	c->files[c->count++] = (struct checked){ .name = name };
	c->digest = ouv_mail_digest_new(c->arena);
	for (c->keep = 0; c->keep < KEEPS; c->keep++)
		if (strcmp(kept_names[c->keep], name) == 0)
			break;
	if (c->keep < KEEPS) {
		ouv_buf_init(&c->kept[c->keep], c->arena, 0);
		c->has[c->keep] = true;
	}
}

static void
take(void *user, enum ouv_unzip_step step, const char *name, const void *bytes,
	size_t len)
{
	struct ouv_dossier_check *c = user;
	struct checked *f;

	if (step == OUV_UNZIP_FILE) {
		begin(c, name);
		return;
	}
	f = &c->files[c->count - 1];
	if (step == OUV_UNZIP_DONE) {
		ouv_mail_digest_end(c->digest, f->sha256);
		return;
	}
	ouv_mail_digest_add(c->digest, bytes, len);
	f->size += (int64_t)len;
	if (c->keep == KEEPS)
		return;
	if (c->kept[c->keep].len + len > KEPT_MOST)
		c->too_long = true;
	else
		ouv_buf_add(&c->kept[c->keep], bytes, len);
}

struct ouv_dossier_check *
ouv_dossier_check_new(struct ouv_arena *arena)
{
	struct ouv_dossier_check *c = ouv_arena_alloc(arena, sizeof(*c));

	c->arena = arena;
	c->keep = KEEPS;
	c->unzip = ouv_unzip_new(arena, take, c);
	c->found = (struct ouv_dossier_found){
		.where = "", .protocol = "", .manifest = "", .log_head = ""
	};
	return c;
}

void
ouv_dossier_check_add(
	struct ouv_dossier_check *check, const void *bytes, size_t len)
{
	/* What is wrong is told at the end. */
	(void)!ouv_unzip_add(check->unzip, bytes, len);
}

/* ---- the sums --------------------------------------------------------------
 */

/* The first thing that is wrong ends it. */
static bool
wrong(struct ouv_dossier_check *c, const char *where, const char *what)
{
	c->found.where = ouv_arena_strdup(c->arena, where);
	c->found.wrong = what;
	return false;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(((const struct checked *)a)->name,
		((const struct checked *)b)->name);
}

static struct checked *
find(struct ouv_dossier_check *c, const char *name)
{
	const struct checked key = { .name = name };

	return bsearch(&key, c->files, c->count, sizeof(key), by_name);
}

static bool
check_row(struct ouv_dossier_check *c, const json_t *row)
{
	const char *path = json_string_value(json_object_get(row, "path"));
	const char *sum = json_string_value(json_object_get(row, "sha256"));
	json_int_t size = json_integer_value(json_object_get(row, "bytes"));
	struct checked *f;

	if (path == NULL || sum == NULL)
		return wrong(c, "manifest.json", "it is no list of ours");
	f = find(c, path);
	if (f == NULL)
		return wrong(c, path,
			"the manifest names it, and it is not "
			"there");
	if (f->size != size || strcmp(f->sha256, sum) != 0)
		return wrong(c, path,
			"its bytes are not those that the "
			"manifest names");
	f->named = true;
	c->found.files++;
	return true;
}

/* These name the others, or come behind the list. */
static bool
is_apart(const char *name)
{
	size_t len = strlen(name);

	return strcmp(name, "manifest.json") == 0 ||
	       strcmp(name, "SHA256SUMS") == 0 ||
	       (strncmp(name, "case", 4) == 0 && strchr(name, '/') == NULL &&
		       len > 4 && strcmp(name + len - 4, ".pdf") == 0);
}

static bool
check_manifest(struct ouv_dossier_check *c, const json_t *doc)
{
	const char *format = json_string_value(json_object_get(doc, "format"));
	const char *number =
		json_string_value(json_object_get(doc, "protocol"));
	const json_t *files = json_object_get(doc, "files"), *row;
	size_t i;

	if (format == NULL || strcmp(format, "ouvidoria-casefile-1") != 0 ||
		number == NULL || !json_is_array(files))
		return wrong(c, "manifest.json", "it is no list of ours");
	c->found.protocol = ouv_arena_strdup(c->arena, number);
	c->found.manifest = find(c, "manifest.json")->sha256;
	c->found.incomplete = !json_is_true(json_object_get(doc, "complete"));
	json_array_foreach(files, i, row) if (!check_row(c, row)) return false;
	for (i = 0; i < c->count; i++)
		if (!c->files[i].named && !is_apart(c->files[i].name))
			return wrong(c, c->files[i].name,
				"the manifest does not name it");
	return true;
}

static bool
check_sum(struct ouv_dossier_check *c, char *line, size_t *count)
{
	struct checked *f;

	if (strlen(line) < 67 || line[64] != ' ' || line[65] != ' ')
		return wrong(c, "SHA256SUMS", "it is no list of sums");
	line[64] = '\0';
	f = find(c, line + 66);
	if (f == NULL || strcmp(f->sha256, line) != 0)
		return wrong(c, line + 66,
			"its bytes are not those that SHA256SUMS names");
	(*count)++;
	return true;
}

static bool
check_sums(struct ouv_dossier_check *c)
{
	struct ouv_buf *kept = &c->kept[KEEP_SUMS];
	char *text = ouv_arena_strndup(c->arena, kept->data, kept->len);
	char *save, *line = strtok_r(text, "\n", &save);
	size_t count = 0;

	for (; line != NULL; line = strtok_r(NULL, "\n", &save))
		if (!check_sum(c, line, &count))
			return false;
	return count + 1 == c->count
		       ? true
		       : wrong(c, "SHA256SUMS", "it does not name every file");
}

/* ---- the log ---------------------------------------------------------------
 */

static const char *
text_of(const json_t *line, const char *name)
{
	const char *text = json_string_value(json_object_get(line, name));

	return text != NULL ? text : "";
}

static bool
read_bytes(const json_t *line, const char *name, uint8_t *out, size_t len)
{
	const char *text = text_of(line, name);

	return strlen(text) == 2 * len && ouv_unhex(text, out, len) == OUV_OK;
}

static bool
read_entry(
	struct ouv_arena *arena, const json_t *line, struct store_audit *entry)
{
	size_t len = strlen(text_of(line, "details")) / 2;
	uint8_t *details = ouv_arena_raw(arena, len + 1);

	*entry = (struct store_audit){ .seq = json_integer_value(
					       json_object_get(line, "seq")),
		.at_us = json_integer_value(json_object_get(line, "at_us")),
		.signer_seq =
			json_integer_value(json_object_get(line, "signer_seq")),
		.action = text_of(line, "action"),
		.details = { (char *)details, len } };
	return ouv_id_parse(text_of(line, "chain"), &entry->chain) == OUV_OK &&
	       ouv_id_parse(text_of(line, "signer"), &entry->signer) ==
		       OUV_OK &&
	       ouv_id_parse(text_of(line, "actor"), &entry->actor) == OUV_OK &&
	       ouv_id_parse(text_of(line, "object"), &entry->object) ==
		       OUV_OK &&
	       read_bytes(line, "details", details, len) &&
	       read_bytes(line, "prev", entry->prev, sizeof(entry->prev)) &&
	       read_bytes(line, "hash", entry->hash, sizeof(entry->hash));
}

static bool
check_entries(struct ouv_dossier_check *c, const json_t *doc)
{
	const json_t *lines = json_object_get(doc, "entries"), *line;
	json_int_t until = json_integer_value(json_object_get(doc, "until"));
	struct verify_chain at = { .seq = 0 };
	struct store_audit entry;
	char head[65];
	size_t i;

	json_array_foreach(lines, i, line)
	{
		const char *what = "an entry cannot be read";

		if (read_entry(c->arena, line, &entry))
			what = verify_step(&at, &entry);
		if (what == NULL && strcmp(text_of(doc, "chain"),
					    text_of(line, "chain")) != 0)
			what = "it is of another log";
		if (what != NULL)
			return wrong(c,
				ouv_arena_printf(
					c->arena, "log.json, entry %zu", i + 1),
				what);
		c->found.entries++;
	}
	if (at.seq != until)
		return wrong(c, "log.json", "its last entries are missing");
	ouv_hex(at.head, sizeof(at.head), head);
	c->found.log_head = ouv_arena_strdup(c->arena, head);
	return true;
}

/* ---- all of it -------------------------------------------------------------
 */

static bool
check_json(struct ouv_dossier_check *c, enum keep which,
	bool (*check)(struct ouv_dossier_check *c, const json_t *doc))
{
	struct ouv_buf *kept = &c->kept[which];
	json_t *doc = json_loadb(kept->data, kept->len, 0, NULL);
	bool good = doc != NULL;

	if (!good)
		(void)wrong(c, kept_names[which], "it is no list of ours");
	else
		good = check(c, doc);
	json_decref(doc);
	return good;
}

static bool
check_all(struct ouv_dossier_check *c)
{
	if (ouv_unzip_end(c->unzip) != OUV_OK)
		return wrong(c, "", ouv_unzip_wrong(c->unzip));
	if (c->too_long)
		return wrong(c, "", "its lists are longer than is read here");
	if (!c->has[KEEP_MANIFEST] || !c->has[KEEP_SUMS])
		return wrong(c, "",
			"it is no case file: its list, or its sums, are "
			"missing");
	qsort(c->files, c->count, sizeof(*c->files), by_name);
	return check_json(c, KEEP_MANIFEST, check_manifest) && check_sums(c) &&
	       (!c->has[KEEP_LOG] || check_json(c, KEEP_LOG, check_entries));
}

void
ouv_dossier_check_end(
	struct ouv_dossier_check *check, struct ouv_dossier_found *found_out)
{
	(void)check_all(check);
	*found_out = check->found;
}
