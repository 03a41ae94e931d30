/*
 * book.c - every declaration below templates/, by name
 */
#include <errno.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "text_impl.h"

struct ouv_text_book {
	struct ouv_arena *arena; /* the book itself lies in it */
	size_t count;
	struct ouv_text_decl *list;
	struct text_common common;
};

static void
free_json(void *doc)
{
	json_decref(doc);
}

/* The parsed file lives as long as the book: names point into it. */
static enum ouv_err
read_json(struct decl_reader *r, const char *path, json_t **doc_out)
{
	json_error_t error;
	json_t *doc = json_load_file(path, JSON_REJECT_DUPLICATES, &error);

	if (doc == NULL)
		return text_wrong(r->error, r->name, "",
			ouv_arena_printf(r->arena, "line %d: %s", error.line,
				error.text));
	ouv_arena_defer(r->arena, free_json, doc);
	*doc_out = doc;
	return OUV_OK;
}

/* folder/name.json: variables alone, with room for more behind them. */
static enum ouv_err
read_shared(struct ouv_text_book *book, const char *folder, const char *name,
	size_t room, struct ouv_text_var **vars_out, size_t *count_out,
	struct ouv_text_error *error)
{
	struct decl_reader r = { book->arena, name, error };
	const char *path =
		ouv_arena_printf(book->arena, "%s/%s.json", folder, name);
	json_t *doc = NULL;

	*vars_out = ouv_arena_array(book->arena, room, sizeof(**vars_out));
	*count_out = 0;
	if (access(path, F_OK) != 0)
		return OUV_OK;
	TRY(read_json(&r, path, &doc));
	return decl_vars(&r, json_object_get(doc, "variables"), room, vars_out,
		count_out);
}

/* What every text may say of the office, and letters of moves of the case. */
static enum ouv_err
read_common(struct ouv_text_book *book, const char *folder,
	struct ouv_text_error *error)
{
	struct text_common *common = &book->common;

	TRY(read_shared(book, folder, "office", 0, &common->office,
		&common->office_count, error));
	TRY(read_shared(book, folder, "case", common->office_count,
		&common->of_case, &common->case_count, error));
	for (size_t i = 0; i < common->office_count; i++)
		common->of_case[common->case_count++] = common->office[i];
	return OUV_OK;
}

/* folder/mail/ack.json is mail/ack. */
static enum ouv_err
read_one(struct ouv_text_book *book, const char *folder, const char *path,
	struct ouv_text_error *error)
{
	const char *name = path + strlen(folder) + 1;
	struct decl_reader r = { .arena = book->arena, .error = error };
	json_t *doc = NULL;

	r.name = ouv_arena_strndup(
		book->arena, name, strlen(name) - strlen(".json"));
	TRY(read_json(&r, path, &doc));
	TRY(decl_read(&r, doc, &book->common, &book->list[book->count]));
	book->count++;
	return OUV_OK;
}

static int
by_name(const void *a, const void *b)
{
	const struct ouv_text_decl *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static enum ouv_err
read_all(struct ouv_text_book *book, const char *folder,
	struct ouv_text_error *error)
{
	glob_t found = { 0 };
	enum ouv_err err = read_common(book, folder, error);

	(void)glob(ouv_arena_printf(book->arena, "%s/mail/*.json", folder), 0,
		NULL, &found);
	(void)glob(ouv_arena_printf(book->arena, "%s/piece/*.json", folder),
		GLOB_APPEND, NULL, &found);
	book->list = ouv_arena_array(
		book->arena, found.gl_pathc, sizeof(*book->list));
	for (size_t i = 0; err == OUV_OK && i < found.gl_pathc; i++)
		err = read_one(book, folder, found.gl_pathv[i], error);
	globfree(&found);
	if (book->count > 1)
		qsort(book->list, book->count, sizeof(*book->list), by_name);
	return err;
}

enum ouv_err
ouv_text_read(const char *folder, struct ouv_text_book **book_out,
	struct ouv_text_error *error_out)
{
	struct ouv_arena *arena;
	struct ouv_text_book *book;
	enum ouv_err err;

	if (access(folder, R_OK | X_OK) != 0) {
		(void)text_wrong(error_out, folder, "", strerror(errno));
		return OUV_NOT_FOUND;
	}
	arena = ouv_arena_new(OUV_ARENA_PLAIN);
	book = ouv_arena_alloc(arena, sizeof(*book));
	book->arena = arena;
	err = read_all(book, folder, error_out);
	if (err == OUV_OK)
		*book_out = book;
	else
		ouv_arena_free(&arena);
	return err;
}

void
ouv_text_free(struct ouv_text_book **book)
{
	struct ouv_arena *arena;

	if (*book == NULL)
		return;
	arena = (*book)->arena;
	*book = NULL;
	ouv_arena_free(&arena);
}

const struct ouv_text_decl *
ouv_text_find(const struct ouv_text_book *book, const char *name)
{
	struct ouv_text_decl wanted = { .name = name };

	return bsearch(
		&wanted, book->list, book->count, sizeof(*book->list), by_name);
}

const struct ouv_text_decl *
ouv_text_list(const struct ouv_text_book *book, size_t *count_out)
{
	*count_out = book->count;
	return book->list;
}

enum ouv_err
ouv_text_office(const struct ouv_text_book *book, const json_t *data,
	struct ouv_text_error *error_out)
{
	struct ouv_text_decl office = { .name = "office",
		.var_count = book->common.office_count,
		.vars = book->common.office };
	json_t *values;

	TRY(ouv_text_values(&office, data, OUV_LANG_EN, &values, error_out));
	json_decref(values);
	return OUV_OK;
}
