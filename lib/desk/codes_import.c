/*
 * codes_import.c - codebooks into the database, and out of it for reading
 *
 * An entry that differs from its last version gets a new one; what was said
 * before stays.  What the office has changed itself a shipped book leaves
 * alone.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "desk_impl.h"
#include "ouv/code.h"
#include "ouv/log.h"
#include "ouv/store_mediation.h"

#define FILE_MOST ((size_t)1024 * 1024)
#define BOOKS_MOST 64

struct importing {
	struct ouv_arena *arena;
	struct store_tx *tx;
	struct ouv_id author; /* zero: shipped */
	struct store_code *last;
	size_t last_count;
	struct ouv_code_change change;
};

static const char *
more_text(struct ouv_arena *arena, const json_t *more)
{
	char *text = more != NULL ? json_dumps(more, JSON_COMPACT) : NULL;
	const char *kept = ouv_arena_strdup(arena, text != NULL ? text : "{}");

	free(text);
	return kept;
}

static bool
same_more(const char *stored, const json_t *more)
{
	json_t *was = json_loads(stored, 0, NULL);
	json_t *none = json_object();
	bool same = json_equal(was, more != NULL ? (json_t *)more : none) != 0;

	json_decref(none);
	json_decref(was);
	return same;
}

static bool
same(const struct store_code *was, const struct ouv_code *now)
{
	for (int i = 0; i < OUV_LANG__COUNT; i++)
		if (strcmp(was->label[i], now->label[i]) != 0)
			return false;
	return strcmp(was->parent, now->parent) == 0 &&
	       was->from_day == now->from_day &&
	       was->until_day == now->until_day &&
	       same_more(was->more, now->more);
}

static enum ouv_err
import_one(struct importing *im, const char *book, const struct ouv_code *code,
	int pos)
{
	struct store_code row = { .book = book,
		.code = code->code,
		.parent = code->parent,
		.n = 1,
		.pos = pos,
		.from_day = code->from_day,
		.until_day = code->until_day,
		.more = more_text(im->arena, code->more),
		.author = im->author };

	for (size_t i = 0; i < im->last_count; i++) {
		const struct store_code *was = &im->last[i];

		if (strcmp(was->book, book) != 0 ||
			strcmp(was->code, code->code) != 0)
			continue;
		if (same(was, code)) {
			im->change.same++;
			return OUV_OK;
		}
		if (ouv_id_is_zero(&im->author) &&
			!ouv_id_is_zero(&was->author)) {
			im->change.kept++;
			return OUV_OK;
		}
		row.n = was->n + 1;
	}
	memcpy(row.label, code->label, sizeof(row.label));
	im->change.added++;
	return store_code_add(im->tx, &row);
}

static enum ouv_err
import_book(struct importing *im, const struct ouv_code_book *book)
{
	TRY(store_code_last(
		im->tx, im->arena, book->name, &im->last, &im->last_count));
	for (size_t i = 0; i < book->count; i++)
		TRY(import_one(im, book->name, &book->list[i], (int)i + 1));
	return OUV_OK;
}

/* ---- what is shipped ------------------------------------------------------
 */

static int
is_book(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return len > 5 && strcmp(entry->d_name + len - 5, ".json") == 0;
}

static enum ouv_err
read_file(struct ouv_arena *arena, const char *path,
	struct ouv_code_book *book_out)
{
	char what[200], *text = ouv_arena_raw(arena, FILE_MOST);
	FILE *file = fopen(path, "re");
	enum ouv_err err = OUV_NOT_FOUND;
	size_t len;

	if (file == NULL) {
		ouv_log_error("%s: %s", path, strerror(errno));
		return err;
	}
	len = fread(text, 1, FILE_MOST, file);
	(void)fclose(file);
	err = len == FILE_MOST
		      ? OUV_INVALID
		      : ouv_code_parse(arena, text, len, book_out, what);
	if (err != OUV_OK)
		ouv_log_error(
			"%s: %s", path, len == FILE_MOST ? "too large" : what);
	return err;
}

static enum ouv_err
read_shipped(struct ouv_arena *arena, const char *folder,
	struct ouv_code_book *books, size_t *count_out)
{
	struct dirent **names = NULL;
	int found = scandir(folder, &names, is_book, alphasort);
	enum ouv_err err = OUV_OK;

	if (found < 0) {
		ouv_log_error("%s: %s", folder, strerror(errno));
		return OUV_NOT_FOUND;
	}
	*count_out = 0;
	for (int i = 0; i < found; i++) {
		if (err == OUV_OK && i < BOOKS_MOST)
			err = read_file(arena,
				ouv_arena_printf(arena, "%s/%s", folder,
					names[i]->d_name),
				&books[(*count_out)++]);
		free(names[i]);
	}
	free(names);
	return err;
}

/* ---- the whole ------------------------------------------------------------
 */

struct import_ask {
	const struct ouv_config *config;
	const char *login;
	const struct ouv_code_book *books;
	size_t count;
	bool own; /* a file of the office */
};

/* What comes with the product is no decision of the office. */
static enum ouv_err
note(const struct import_ask *ask, struct store *store, struct store_tx *tx,
	const struct ouv_id *author, struct command_log **log)
{
	return ask->own ? command_log_write(log, ask->config, store, tx,
				  "code-import", author, ask->books[0].name)
			: OUV_OK;
}

static enum ouv_err
import_all(struct store *store, struct ouv_arena *arena,
	const struct import_ask *ask, struct command_log **log,
	struct ouv_code_change *change_out)
{
	const struct ouv_code_book *books = ask->books;
	const char *login = ask->login;
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct importing im = { .arena = arena };
	struct store_person person;
	enum ouv_err err;

	TRY(store_begin(store, &tx));
	im.tx = tx;
	if (login != NULL) {
		err = store_person_by_login(tx, arena, login, &person);
		if (err == OUV_NOT_FOUND)
			ouv_log_error("there is no colleague %s", login);
		if (err != OUV_OK)
			return err;
		im.author = person.id;
	}
	for (size_t i = 0; i < ask->count; i++)
		TRY(import_book(&im, &books[i]));
	TRY(note(ask, store, tx, &im.author, log));
	TRY(store_commit(&tx));
	*change_out = im.change;
	return OUV_OK;
}

enum ouv_err
ouv_code_import(const struct ouv_config *config, const char *text,
	const char *login, struct ouv_code_change *change_out)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_PLAIN);
	struct ouv_code_book books[BOOKS_MOST];
	struct import_ask ask = { .config = config,
		.login = login,
		.books = books,
		.own = text != NULL };
	struct command_log *log = NULL;
	struct store *store = NULL;
	size_t count = 1;
	char what[200];
	enum ouv_err err;

	if (text == NULL) {
		TRY(read_shipped(arena, config->paths_codes, books, &count));
	} else if (ouv_code_parse(arena, text, strlen(text), &books[0], what) !=
		   OUV_OK) {
		ouv_log_error("%s", what);
		return OUV_INVALID;
	}
	TRY(store_open(config, STORE_OWNER, &store));
	ask.count = count;
	err = import_all(store, arena, &ask, &log, change_out);
	command_log_end(&log);
	store_close(&store);
	return err;
}

/* ---- reading ---------------------------------------------------------------
 */

static json_t *
day_json(int32_t day)
{
	char text[OUV_DAY_MAX];

	if (day == 0)
		return json_null();
	ouv_day_write(day, text);
	return json_string(text);
}

static json_t *
code_json(const struct store_code *code)
{
	json_t *label = json_object();

	for (int i = 0; i < OUV_LANG__COUNT; i++)
		(void)json_object_set_new(label, ouv_lang_tag((enum ouv_lang)i),
			json_string(code->label[i]));
	return json_pack("{s:s, s:s, s:s, s:i, s:o, s:o, s:o, s:o, s:b}",
		"book", code->book, "code", code->code, "parent", code->parent,
		"n", code->n, "from", day_json(code->from_day), "until",
		day_json(code->until_day), "label", label, "more",
		json_loads(code->more, 0, NULL), "shipped",
		(int)ouv_id_is_zero(&code->author));
}

static enum ouv_err
list_all(struct store *store, const char *book, int32_t day, json_t **list_out)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_PLAIN);
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct store_code *codes;
	json_t *list;
	size_t count;

	TRY(store_begin(store, &tx));
	TRY(store_codes(tx, arena, book, day, &codes, &count));
	list = json_array();
	for (size_t i = 0; i < count; i++)
		(void)json_array_append_new(list, code_json(&codes[i]));
	*list_out = list;
	return OUV_OK;
}

enum ouv_err
ouv_code_list(const struct ouv_config *config, const char *book, int32_t day,
	json_t **list_out)
{
	struct store *store = NULL;
	enum ouv_err err;

	TRY(store_open(config, STORE_OWNER, &store));
	err = list_all(store, book, day, list_out);
	store_close(&store);
	return err;
}
