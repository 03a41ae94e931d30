/*
 * set.c - templates that belong together, and the public functions
 *
 * Partials are joined to the templates that name them right after parsing, so
 * that a missing one is found when the programs start and rendering never
 * looks anything up but data.
 */
#include <errno.h>
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "node.h"

struct ouv_tmpl_set {
	struct ouv_arena *arena;
	struct tmpl *items; /* sorted by name */
	size_t count;
};

#define NAME(s) (int)((s).len < 60 ? (s).len : 60), (s).p

static int
has_suffix(const char *name, const char *suffix)
{
	size_t len = strlen(name);
	size_t end = strlen(suffix);

	return len > end && strcmp(name + len - end, suffix) == 0;
}

/* clang-format off */
static const struct {
	const char *suffix;
	enum ouv_tmpl_mode mode;
} kinds[] = {
	{ ".html", OUV_TMPL_STRICT_HTML },
	{ ".txt", OUV_TMPL_STRICT_TEXT },
};
/* clang-format on */

enum {
	KINDS = sizeof(kinds) / sizeof(kinds[0])
};

/* The suffix's row in kinds, or KINDS. */
static size_t
kind_of(const char *name)
{
	size_t i = 0;

	while (i < KINDS && !has_suffix(name, kinds[i].suffix))
		i++;
	return i;
}

static int
by_name(const void *a, const void *b)
{
	const struct tmpl *x = a;
	const struct tmpl *y = b;

	return strcmp(x->name, y->name);
}

static const struct tmpl *
find(const struct ouv_tmpl_set *set, const char *name)
{
	struct tmpl wanted = { .name = name };

	if (set->count == 0)
		return NULL;
	return bsearch(
		&wanted, set->items, set->count, sizeof(wanted), by_name);
}

/* ---- cycles ------------------------------------------------------------- */

/*
 * A partial that includes itself would render for ever or be cut at some
 * depth; neither belongs into a letter, so strict mode refuses it.
 */
static enum ouv_err
refuse_cycles(struct tmpl *tmpl, struct ouv_tmpl_error *error_out)
{
	enum {
		NEW,
		BEGUN,
		DONE
	};

	if (tmpl->visit == DONE)
		return OUV_OK;
	tmpl->visit = BEGUN;
	for (unsigned i = 0; i < tmpl->count; i++) {
		struct tmpl_node *node = &tmpl->nodes[i];
		struct tmpl *partial = (struct tmpl *)node->partial;
		enum ouv_err err;

		if (partial == NULL)
			continue;
		if (partial->visit == BEGUN)
			return tmpl_fail(error_out, tmpl->name, node->line,
				"partial %.*s includes itself",
				NAME(node->text));
		err = refuse_cycles(partial, error_out);
		if (err != OUV_OK)
			return err;
	}
	tmpl->visit = DONE;
	return OUV_OK;
}

/* ---- loading a folder --------------------------------------------------- */

static enum ouv_err
read_file(struct ouv_arena *arena, const char *path, struct ouv_str *text_out)
{
	struct ouv_buf buf;
	char piece[4096];
	size_t got;
	FILE *file = fopen(path, "re");
	int failed;

	if (file == NULL)
		return OUV_TEMPORARY;
	ouv_buf_init(&buf, arena, sizeof(piece));
	while ((got = fread(piece, 1, sizeof(piece), file)) > 0 &&
		buf.len <= TMPL_TEXT_MAX)
		ouv_buf_add(&buf, piece, got);
	failed = ferror(file);
	(void)fclose(file);
	if (failed)
		return OUV_TEMPORARY;
	*text_out = (struct ouv_str){ buf.data, buf.len };
	return OUV_OK;
}

static enum ouv_err
load_file(struct ouv_tmpl_set *set, const char *path, const char *name,
	struct tmpl **first, struct ouv_tmpl_error *error_out)
{
	size_t kind = kind_of(name);
	struct ouv_str text;
	struct tmpl *tmpl;
	enum ouv_err err;

	if (kind == KINDS)
		return OUV_OK;
	if ((err = read_file(set->arena, path, &text)) != OUV_OK) {
		(void)tmpl_fail(error_out, name, 0, "cannot be read");
		return err;
	}
	err = tmpl_parse(set->arena, kinds[kind].mode, name, text.p, text.len,
		&tmpl, error_out);
	if (err != OUV_OK)
		return err;
	tmpl->next = *first;
	*first = tmpl;
	set->count++;
	return OUV_OK;
}

static int
in_order(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

static enum ouv_err
load_entry(struct ouv_tmpl_set *set, FTS *tree, FTSENT *entry, size_t prefix,
	struct tmpl **first, struct ouv_tmpl_error *error_out)
{
	const char *name = entry->fts_path + prefix;

	if (entry->fts_level > 0 && entry->fts_name[0] == '.') {
		/* An editor's backup, a version control's folder. */
		(void)fts_set(tree, entry, FTS_SKIP);
		return OUV_OK;
	}
	if (entry->fts_info == FTS_NS || entry->fts_info == FTS_DNR ||
		entry->fts_info == FTS_ERR || entry->fts_info == FTS_SLNONE) {
		if (entry->fts_level == 0 && entry->fts_errno == ENOENT)
			return OUV_NOT_FOUND;
		(void)tmpl_fail(
			error_out, entry->fts_name, 0, "cannot be read");
		return OUV_TEMPORARY;
	}
	if (entry->fts_level == 0)
		return entry->fts_info == FTS_F ? OUV_NOT_FOUND : OUV_OK;
	if (entry->fts_info != FTS_F)
		return OUV_OK;
	return load_file(set, entry->fts_path, name, first, error_out);
}

static enum ouv_err
load_folder(struct ouv_tmpl_set *set, const char *folder,
	struct tmpl **first_out, struct ouv_tmpl_error *error_out)
{
	char *root = ouv_arena_strdup(set->arena, folder);
	char *roots[] = { root, NULL };
	enum ouv_err err = OUV_OK;
	FTSENT *entry;
	size_t prefix;
	FTS *tree;

	for (prefix = strlen(root); prefix > 1 && root[prefix - 1] == '/';)
		root[--prefix] = '\0';
	prefix += root[prefix - 1] != '/';
	/* LOGICAL: an office may link a template to one of its own. */
	tree = fts_open(roots, FTS_LOGICAL | FTS_NOCHDIR, in_order);
	if (tree == NULL)
		return OUV_TEMPORARY;
	while (err == OUV_OK && (entry = fts_read(tree)) != NULL)
		err = load_entry(
			set, tree, entry, prefix, first_out, error_out);
	(void)fts_close(tree);
	return err;
}

/*
 * Suffixes to try after a partial's name, in a template "mail/ack.en.txt":
 * none if it has one, else ".en.txt", else ".txt".
 */
static const struct tmpl *
find_beside(const struct ouv_tmpl_set *set, const struct tmpl *from,
	const char *folder, size_t folder_len, struct ouv_str name)
{
	const char *slash = strrchr(from->name, '/');
	const char *base = slash == NULL ? from->name : slash + 1;
	const char *suffixes[] = { "", strchr(base, '.'), strrchr(base, '.') };
	const struct tmpl *found = NULL;

	for (size_t i = 0; i < 3 && found == NULL; i++) {
		char *full = ouv_arena_printf(set->arena, "%.*s%.*s%s",
			(int)folder_len, folder, (int)name.len, name.p,
			suffixes[i]);

		found = find(set, full);
	}
	return found;
}

static enum ouv_err
join_one(const struct ouv_tmpl_set *set, const struct tmpl *tmpl,
	struct tmpl_node *node, struct ouv_tmpl_error *error_out)
{
	const char *slash = strrchr(tmpl->name, '/');
	size_t len = slash == NULL ? 0 : (size_t)(slash - tmpl->name) + 1;

	node->partial = find_beside(set, tmpl, tmpl->name, len, node->text);
	if (node->partial == NULL)
		node->partial = find_beside(set, tmpl, "", 0, node->text);
	if (node->partial == NULL)
		return tmpl_fail(error_out, tmpl->name, node->line,
			"no partial %.*s", NAME(node->text));
	if (node->partial->mode != tmpl->mode)
		return tmpl_fail(error_out, tmpl->name, node->line,
			"partial %.*s is of another kind", NAME(node->text));
	return OUV_OK;
}

static enum ouv_err
join_set(struct ouv_tmpl_set *set, struct ouv_tmpl_error *error_out)
{
	enum ouv_err err;

	for (size_t i = 0; i < set->count; i++) {
		struct tmpl *tmpl = &set->items[i];

		for (unsigned j = 0; j < tmpl->count; j++) {
			if (tmpl->nodes[j].kind != NODE_PARTIAL)
				continue;
			err = join_one(set, tmpl, &tmpl->nodes[j], error_out);
			if (err != OUV_OK)
				return err;
		}
	}
	for (size_t i = 0; i < set->count; i++) {
		if ((err = refuse_cycles(&set->items[i], error_out)) != OUV_OK)
			return err;
	}
	return OUV_OK;
}

enum ouv_err
ouv_tmpl_load(const char *folder, struct ouv_tmpl_set **set_out,
	struct ouv_tmpl_error *error_out)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	struct ouv_tmpl_set *set = ouv_arena_alloc(arena, sizeof(*set));
	struct tmpl *first = NULL;
	enum ouv_err err;
	size_t i = 0;

	set->arena = arena;
	if (folder[0] == '\0')
		err = OUV_NOT_FOUND;
	else
		err = load_folder(set, folder, &first, error_out);
	if (err == OUV_OK) {
		set->items = ouv_arena_array(
			arena, set->count, sizeof(set->items[0]));
		for (struct tmpl *t = first; t != NULL; t = t->next)
			set->items[i++] = *t;
		qsort(set->items, set->count, sizeof(set->items[0]), by_name);
		err = join_set(set, error_out);
	}
	if (err != OUV_OK) {
		ouv_arena_free(&arena);
		return err;
	}
	*set_out = set;
	return OUV_OK;
}

void
ouv_tmpl_free(struct ouv_tmpl_set **set)
{
	struct ouv_arena *arena;

	if (*set == NULL)
		return;
	arena = (*set)->arena; /* the set itself lives in it */
	*set = NULL;
	ouv_arena_free(&arena);
}

int
ouv_tmpl_has(const struct ouv_tmpl_set *set, const char *name)
{
	return find(set, name) != NULL;
}

enum ouv_err
ouv_tmpl_render(struct ouv_arena *arena, const struct ouv_tmpl_set *set,
	const char *name, const json_t *data, struct ouv_str *text_out,
	struct ouv_tmpl_error *error_out)
{
	const struct tmpl *tmpl = find(set, name);

	if (tmpl == NULL) {
		(void)tmpl_fail(error_out, name, 0, "no such template");
		return OUV_NOT_FOUND;
	}
	return tmpl_render(arena, tmpl, data, text_out, error_out);
}

/* ---- a text that is in no set ------------------------------------------- */

struct loose {
	struct ouv_arena *arena;
	enum ouv_tmpl_mode mode;
	struct tmpl *all;        /* newest first; a partial is parsed once */
	const struct tmpl *main; /* a partial of that name is another text */
	ouv_tmpl_partial_fn *partial;
	void *user;
	struct ouv_tmpl_error *error;
};

static enum ouv_err
loose_add(struct loose *l, const char *name, const char *text,
	struct tmpl **tmpl_out)
{
	enum ouv_err err = tmpl_parse(l->arena, l->mode, name, text,
		strlen(text), tmpl_out, l->error);

	if (err != OUV_OK)
		return err;
	(*tmpl_out)->next = l->all;
	l->all = *tmpl_out;
	return OUV_OK;
}

static enum ouv_err
loose_join(struct loose *l, const struct tmpl *tmpl, struct tmpl_node *node)
{
	char *name = ouv_arena_strndup(l->arena, node->text.p, node->text.len);
	const char *text = NULL;
	struct tmpl *found = l->all;
	enum ouv_err err;

	while (found != NULL &&
		(found == l->main || strcmp(found->name, name) != 0))
		found = found->next;
	if (found == NULL && l->partial != NULL)
		text = l->partial(name, l->user);
	if (text != NULL && (err = loose_add(l, name, text, &found)) != OUV_OK)
		return err;
	if (found == NULL && l->mode != OUV_TMPL_SPEC)
		return tmpl_fail(l->error, tmpl->name, node->line,
			"no partial %s", name);
	node->partial = found;
	return OUV_OK;
}

/* Joins every template found so far; what is found meanwhile goes in front,
 * so it is gone through until nothing new came. */
static enum ouv_err
loose_join_all(struct loose *l)
{
	struct tmpl *done = NULL;
	enum ouv_err err;

	while (l->all != done) {
		struct tmpl *newest = l->all;

		for (struct tmpl *t = newest; t != done; t = t->next) {
			for (unsigned i = 0; i < t->count; i++) {
				if (t->nodes[i].kind != NODE_PARTIAL)
					continue;
				err = loose_join(l, t, &t->nodes[i]);
				if (err != OUV_OK)
					return err;
			}
		}
		done = newest;
	}
	return OUV_OK;
}

enum ouv_err
ouv_tmpl_render_text(struct ouv_arena *arena, enum ouv_tmpl_mode mode,
	const char *name, const char *text, const json_t *data,
	ouv_tmpl_partial_fn *partial, void *user, struct ouv_str *text_out,
	struct ouv_tmpl_error *error_out)
{
	struct loose l = { arena, mode, NULL, NULL, partial, user, error_out };
	struct tmpl *tmpl;
	enum ouv_err err;

	if ((err = loose_add(&l, name, text, &tmpl)) != OUV_OK)
		return err;
	l.main = tmpl;
	if ((err = loose_join_all(&l)) != OUV_OK)
		return err;
	if (mode != OUV_TMPL_SPEC &&
		(err = refuse_cycles(tmpl, error_out)) != OUV_OK)
		return err;
	return tmpl_render(arena, tmpl, data, text_out, error_out);
}
