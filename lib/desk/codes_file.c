/*
 * codes_file.c - codes/BOOK.json to a codebook
 *
 * Strict: whoever edits one learns of every slip when it is imported, and
 * nothing of a book with a slip in it counts.
 */
#include <stdio.h>
#include <string.h>

#include "desk_impl.h"
#include "ouv/code.h"

#define ENTRIES_MOST 2000
#define CODE_MOST 63
#define LABEL_MOST 200 /* bytes */

struct reader {
	struct ouv_arena *arena;
	const char *at; /* the code, or the book */
	char *what;
};

/* What an entry of this book may say in "more". */
#define MORE_MOST 3
/* clang-format off */
static const struct {
	const char *name;
	const char *more[MORE_MOST];
} books[] = {
	{ "service",    { NULL } },
	{ "allegation", { "article", "least" } },
	{ "article",    { NULL } },
	{ "law",        { NULL } },
	{ "remedy",     { NULL } },
	{ "ground",     { "say", "referral" } },
	{ "referral",   { "how", "url" } },
	{ "sector",     { NULL } },
	{ "training",   { "months" } },
	{ "right",      { NULL } },
	{ "denial",     { NULL } },
};
/* clang-format on */
#define BOOKS (sizeof(books) / sizeof(books[0]))

static enum ouv_err
wrong(const struct reader *r, const char *what)
{
	(void)snprintf(r->what, 200, "%.80s: %.110s", r->at, what);
	return OUV_INVALID;
}

static enum ouv_err
known_keys(const struct reader *r, const json_t *object,
	const char *const *keys, size_t count)
{
	const char *key;
	json_t *value;

	if (!json_is_object(object))
		return wrong(r, "is no object");
	json_object_foreach((json_t *)object, key, value)
	{
		size_t i = 0;

		while (i < count &&
			(keys[i] == NULL || strcmp(keys[i], key) != 0))
			i++;
		if (i == count)
			return wrong(r, ouv_arena_printf(r->arena,
						"unknown key %s", key));
	}
	return OUV_OK;
}

/* One line of words that may stand in a letter. */
static bool
is_line(const char *text)
{
	if (text == NULL || *text == '\0' || strlen(text) > LABEL_MOST)
		return false;
	for (const unsigned char *p = (const unsigned char *)text; *p != '\0';
		p++)
		if (*p < ' ' || *p == 0x7f)
			return false;
	return true;
}

static enum ouv_err
read_words(const struct reader *r, const json_t *object,
	const char *out[OUV_LANG__COUNT])
{
	const char *tags[OUV_LANG__COUNT];

	for (int i = 0; i < OUV_LANG__COUNT; i++) {
		tags[i] = ouv_lang_tag((enum ouv_lang)i);
		out[i] = json_string_value(json_object_get(object, tags[i]));
		if (!is_line(out[i]))
			return wrong(
				r, ouv_arena_printf(r->arena,
					   "no words of at most %d bytes in %s",
					   LABEL_MOST, tags[i]));
	}
	return known_keys(r, object, tags, OUV_LANG__COUNT);
}

/* As the database takes it (code_entry_code_check). */
static bool
is_code(const char *code)
{
	return code != NULL && *code != '\0' && *code != '.' && *code != '-' &&
	       strlen(code) <= CODE_MOST &&
	       strspn(code, "abcdefghijklmnopqrstuvwxyz0123456789.-") ==
		       strlen(code);
}

static enum ouv_err
read_day(const struct reader *r, const json_t *entry, const char *key,
	bool needed, int32_t *day_out)
{
	const json_t *value = json_object_get(entry, key);
	const char *text = json_string_value(value);

	if (value == NULL && !needed)
		return OUV_OK;
	if (text == NULL || !ouv_day_read(text, day_out))
		return wrong(r, ouv_arena_printf(r->arena,
					"%s is no day, YYYY-MM-DD", key));
	return OUV_OK;
}

static const struct ouv_code *
find(const struct ouv_code *list, size_t count, const char *code)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(list[i].code, code) == 0)
			return &list[i];
	return NULL;
}

/* A level above is written before its own, and is of the first level. */
static enum ouv_err
read_place(const struct reader *r, const struct ouv_code *list, size_t n,
	const json_t *entry, struct ouv_code *code)
{
	const json_t *parent = json_object_get(entry, "parent");
	const struct ouv_code *above;

	if (find(list, n, code->code) != NULL)
		return wrong(r, "stands twice");
	code->parent = "";
	if (parent == NULL)
		return OUV_OK;
	code->parent = json_string_value(parent);
	above = code->parent != NULL ? find(list, n, code->parent) : NULL;
	if (above == NULL || *above->parent != '\0')
		return wrong(r, "its parent is no entry of the first level "
				"that stands before it");
	return OUV_OK;
}

static enum ouv_err
read_entry(struct reader *r, size_t book, const json_t *entry, size_t n,
	struct ouv_code *list)
{
	static const char *const keys[] = { "code", "parent", "from", "until",
		"label", "more" };
	struct ouv_code code = { .code = json_string_value(
					 json_object_get(entry, "code")) };

	r->at = ouv_arena_printf(r->arena, "entry %zu", n + 1);
	if (!is_code(code.code))
		return wrong(r, "its code is not 1 to 63 of a-z 0-9 . -");
	r->at = code.code;
	TRY(known_keys(r, entry, keys, sizeof(keys) / sizeof(keys[0])));
	TRY(read_place(r, list, n, entry, &code));
	TRY(read_day(r, entry, "from", true, &code.from_day));
	TRY(read_day(r, entry, "until", false, &code.until_day));
	if (code.until_day != 0 && code.until_day < code.from_day)
		return wrong(r, "ends before it begins");
	TRY(read_words(r, json_object_get(entry, "label"), code.label));
	code.more = json_object_get(entry, "more");
	if (code.more != NULL)
		TRY(known_keys(r, code.more, books[book].more, MORE_MOST));
	list[n] = code;
	return OUV_OK;
}

static enum ouv_err
read_book(struct reader *r, const json_t *doc, struct ouv_code_book *book)
{
	static const char *const keys[] = { "book", "title", "entries" };
	const char *name = json_string_value(json_object_get(doc, "book"));
	const json_t *entries = json_object_get(doc, "entries");
	size_t which = 0, count = json_array_size(entries);
	struct ouv_code *list;

	while (which < BOOKS &&
		(name == NULL || strcmp(books[which].name, name) != 0))
		which++;
	if (which == BOOKS)
		return wrong(r, "there is no book of that name");
	r->at = book->name = books[which].name;
	TRY(known_keys(r, doc, keys, sizeof(keys) / sizeof(keys[0])));
	TRY(read_words(r, json_object_get(doc, "title"), book->title));
	if (!json_is_array(entries) || count > ENTRIES_MOST)
		return wrong(r, "entries is no list of at most 2000");
	list = ouv_arena_array(r->arena, count, sizeof(*list));
	for (size_t i = 0; i < count; i++)
		TRY(read_entry(r, which, json_array_get(entries, i), i, list));
	book->list = list;
	book->count = count;
	return OUV_OK;
}

static void
free_doc(void *doc)
{
	json_decref(doc);
}

enum ouv_err
ouv_code_parse(struct ouv_arena *arena, const char *json, size_t len,
	struct ouv_code_book *book_out, char what_out[200])
{
	struct reader r = { .arena = arena, .at = "book", .what = what_out };
	struct ouv_code_book book = { .name = NULL };
	json_error_t error;
	json_t *doc = json_loadb(json, len, JSON_REJECT_DUPLICATES, &error);

	if (doc == NULL) {
		(void)snprintf(what_out, 200, "line %d: %.160s", error.line,
			error.text);
		return OUV_INVALID;
	}
	ouv_arena_defer(arena, free_doc, doc);
	TRY(read_book(&r, doc, &book));
	*book_out = book;
	return OUV_OK;
}
