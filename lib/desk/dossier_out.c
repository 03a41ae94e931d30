/*
 * dossier_out.c - the file of a case as the list of files that goes out, and
 * what is kept of it
 */
#include <stdlib.h>
#include <string.h>

#include "dossier.h"

/* ---- its files -------------------------------------------------------------
 */

static void
add_more(struct ouv_copy *copy, const char *name, copy_more_fn *more)
{
	copy_add(copy, COPY_MORE, name)->more = more;
}

/* "case.pdf"; of a long case "case-2-of-8.pdf". */
static void
add_volumes(struct ouv_copy *copy)
{
	const struct dossier *d = copy->dossier;
	size_t volumes = (d->count + DOSSIER_VOLUME - 1) / DOSSIER_VOLUME;
	struct copy_file *f;

	volumes = volumes > 0 ? volumes : 1;
	for (size_t v = 0; v < volumes; v++) {
		add_more(copy,
			copy->single   ? copy->name
			: volumes == 1 ? "case.pdf"
				       : ouv_arena_printf(copy->arena,
						 "case-%zu-of-%zu.pdf", v + 1,
						 volumes),
			d->press->more);
		f = &copy->files[copy->count - 1];
		f->from = v * DOSSIER_VOLUME;
		f->until =
			v + 1 == volumes ? d->count : f->from + DOSSIER_VOLUME;
	}
}

static void
add_entry(struct ouv_copy *copy, struct dossier_entry *e)
{
	const struct store_item item = { .id = e->item, .at = e->at };
	struct copy_file *f;

	if (e->path != NULL) {
		copy_add_sealed(copy,
			e->how == DOSSIER_RAW ? COPY_RAW : COPY_MASKED, e->path,
			&item, e->dek, -1);
		f = &copy->files[copy->count - 1];
		f->entry = e;
	}
	for (size_t i = 0; i < e->part_count; i++) {
		if (e->parts[i].path == NULL)
			continue;
		copy_add_sealed(copy, COPY_PART, e->parts[i].path, &item,
			e->dek, e->parts[i].n);
		f = &copy->files[copy->count - 1];
		f->entry = e;
		f->part_of = &e->parts[i];
	}
}

/* The list of them comes behind them, so that it can tell what they were. */
static void
add_files(struct ouv_copy *copy)
{
	struct dossier *d = copy->dossier;

	if (copy->single) {
		add_volumes(copy);
		return;
	}
	add_more(copy, "README.txt", dossier_readme);
	for (size_t i = 0; i < d->count; i++)
		add_entry(copy, &d->entries[i]);
	if (d->log_until > 0)
		add_more(copy, "log.json", dossier_log);
	add_more(copy, "MANIFEST.txt", dossier_list);
	add_more(copy, "manifest.json", dossier_manifest);
	if (d->press != NULL)
		add_volumes(copy);
	add_more(copy, "SHA256SUMS", dossier_sums);
}

static void
wipe_keys(void *user)
{
	struct dossier *d = user;

	ouv_wipe(d->csk, sizeof(d->csk));
	for (size_t i = 0; i < d->count; i++)
		ouv_wipe(d->entries[i].dek, sizeof(d->entries[i].dek));
}

enum ouv_err
dossier_make(struct verb_call *call, const struct dossier_ask *ask,
	struct ouv_copy **copy_out)
{
	struct ouv_copy *copy = ouv_arena_alloc(call->arena, sizeof(*copy));
	struct dossier *d = ouv_arena_alloc(call->arena, sizeof(*d));

	TRY(copy_begin(call, copy));
	ouv_arena_defer(call->arena, wipe_keys, d);
	TRY(dossier_plan(call, ask, d));
	copy->dossier = d;
	copy->lang = d->ask.lang;
	copy->single = ask->pdf;
	copy->lost = d->look.lost;
	copy->name = ouv_arena_printf(call->arena, "%s-%s.%s", copy->protocol,
		dossier_for_names[ask->who], ask->pdf ? "pdf" : "zip");
	add_files(copy);
	copy_reading_begin(copy);
	*copy_out = copy;
	return OUV_OK;
}

const char *
ouv_copy_single(const struct ouv_copy *copy)
{
	return copy->single ? "application/pdf" : NULL;
}

/* ---- what is kept of it ----------------------------------------------------
 */

/* How many files went out, whole or not, and the sum of what names them all:
 * a file that comes back can be told from one that never left. */
static struct ouv_str
details_of(struct ouv_arena *arena, const struct ouv_copy *copy)
{
	json_int_t bytes = 0;
	bool whole = copy->lost == 0;
	const char *name = copy->single ? copy->name : "manifest.json";
	const char *sum = "";
	struct ouv_str text;
	json_t *doc;
	char *dump;

	for (size_t i = 0; i < copy->count; i++) {
		bytes += copy->files[i].size;
		whole = whole && !copy->files[i].broken;
		if (strcmp(copy->files[i].name, name) == 0)
			sum = copy->files[i].sha256;
	}
	doc = json_pack("{s:s, s:s, s:i, s:I, s:b, s:s}", "file", name,
		"sha256", sum, "files", (int)copy->count, "bytes", bytes,
		"whole", whole, "reason",
		ouv_arena_printf(arena, "%s SHA-256 %s", name, sum));
	dump = json_dumps(doc, JSON_COMPACT | JSON_SORT_KEYS);
	json_decref(doc);
	text.len = strlen(dump);
	text.p = ouv_arena_strndup(arena, dump, text.len);
	free(dump);
	return text;
}

enum ouv_err
dossier_log_out(struct ouv_desk *desk, struct ouv_copy *copy)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_WIPE);
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct colleague *colleagues;
	struct casefile file;
	size_t count;

	TRY(store_begin(desk->store, &tx));
	TRY(keys_colleagues(desk, tx, arena, &colleagues, &count));
	TRY(casefile_lock(
		desk, tx, arena, colleagues, count, &copy->case_id, &file));
	TRY(log_case_details(desk, tx, arena, &file, &copy->person,
		"case-file-out", &copy->case_id, details_of(arena, copy)));
	return store_commit(&tx);
}
