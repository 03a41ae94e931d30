/*
 * together.c - the readings of one page as one transaction
 *
 * A page asks much that it knows from the beginning, and some of it twice.
 * While readings are together they share a transaction, and so one moment: what
 * was asked once is not asked again, and what will be asked can be sent ahead,
 * all of it for one answer's wait.
 */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "inner.h"

/* A question of a page has few words; others are asked as ever. */
#define KEY_MOST 256

struct told {
	struct told *next;
	enum sql_id id;
	PGresult *result; /* NULL: sent, and not answered yet */
	size_t len;
	uint8_t key[]; /* the arguments */
};

static atomic_uint_fast64_t statements, waits;

void
together_count(bool statement)
{
	atomic_fetch_add_explicit(
		statement ? &statements : &waits, 1, memory_order_relaxed);
}

void
store_counts(uint64_t *statements_out, uint64_t *waits_out)
{
	*statements_out = atomic_load(&statements);
	*waits_out = atomic_load(&waits);
}

/* ---- what was asked ------------------------------------------------------ */

static bool
put(uint8_t key[KEY_MOST], size_t *len, const void *data, size_t size)
{
	if (size > KEY_MOST - *len)
		return false;
	if (size > 0)
		memcpy(key + *len, data, size);
	*len += size;
	return true;
}

/* With its zero, so that none is not the same as an empty one. */
static size_t
text_len(const char *text)
{
	return text != NULL ? strlen(text) + 1 : 0;
}

/* False: too long to be kept. */
static bool
make_key(const struct sql_arg *args, size_t count, uint8_t key[KEY_MOST],
	size_t *len_out)
{
	*len_out = 0;
	for (size_t i = 0; i < count; i++) {
		const struct sql_arg *a = &args[i];
		uint8_t kind = (uint8_t)a->kind;
		size_t size = a->kind == ARG_BINARY ? a->len
			      : a->kind == ARG_TEXT ? text_len(a->p)
			      : a->kind == ARG_INT  ? sizeof(a->n)
						    : 0;
		const void *data = a->kind == ARG_INT ? &a->n : a->p;

		if (!put(key, len_out, &kind, sizeof(kind)) ||
			!put(key, len_out, &size, sizeof(size)) ||
			!put(key, len_out, data, size))
			return false;
	}
	return true;
}

struct told *
together_find(const struct store *store, enum sql_id id,
	const struct sql_arg *args, size_t count)
{
	uint8_t key[KEY_MOST];
	size_t len;

	if (!store->together.open || !make_key(args, count, key, &len))
		return NULL;
	for (struct told *t = store->together.told; t != NULL; t = t->next)
		if (t->id == id && t->len == len &&
			memcmp(t->key, key, len) == 0)
			return t;
	return NULL;
}

struct told *
together_note(struct store *store, enum sql_id id, const struct sql_arg *args,
	size_t count)
{
	uint8_t key[KEY_MOST];
	struct told *told;
	size_t len;

	if (!store->together.open || !make_key(args, count, key, &len))
		return NULL;
	told = calloc(1, sizeof(*told) + len);
	if (told == NULL)
		abort();
	told->id = id;
	told->len = len;
	memcpy(told->key, key, len);
	told->next = store->together.told;
	store->together.told = told;
	return told;
}

void
together_keep(struct told *told, PGresult *result)
{
	told->result = result;
}

bool
together_give(const struct told *told, PGresult **result_out)
{
	if (told->result == NULL)
		return false;
	*result_out = PQcopyResult(
		told->result, PG_COPYRES_ATTRS | PG_COPYRES_TUPLES);
	if (*result_out == NULL)
		abort();
	return true;
}

/* ---- what will be asked -------------------------------------------------- */

enum {
	CASE = 1,
	PERSON,
	CONSUMER,
	COMPANY
};

/* clang-format off */
static const struct {
	enum sql_id id;
	int args[3]; /* as above, in their order */
} page[] = {
	{ SQL_ITEMS,             { CASE } },
	{ SQL_GUESSES,           { CASE, PERSON } },
	{ SQL_TASKS,             { CASE } },
	{ SQL_CASE_LINE,         { PERSON, CASE } },
	{ SQL_CASE_STAND_IN,     { CASE } },
	{ SQL_PARTY_SIDE,        { CASE, CONSUMER } },
	{ SQL_PARTY_SIDE,        { CASE, COMPANY } },
	{ SQL_ABSENCE_STAMP,     { 0 } },
	{ SQL_TERMS_STAMP,       { 0 } },
	{ SQL_CANDIDATES,        { CASE } },
	{ SQL_MEDIATION,         { CASE } },
	{ SQL_ALLEGATIONS,       { CASE } },
	{ SQL_CLOCKS,            { CASE } },
	{ SQL_OPTIONS,           { CASE } },
	{ SQL_PROMISES,          { CASE } },
	{ SQL_EVIDENCE,          { CASE } },
	{ SQL_HEARINGS,          { CASE } },
	{ SQL_OPINIONS,          { CASE } },
	{ SQL_LINKS,             { CASE, PERSON } },
	{ SQL_PENDING_LIST,      { CASE } },
	{ SQL_TEAM,              { CASE } },
	{ SQL_DRAWS,             { CASE } },
	{ SQL_DISCLOSURES,       { CASE } },
	{ SQL_DISCLOSURE_PIECES, { CASE } },
	{ SQL_READERS,           { CASE, PERSON } },
	{ SQL_SEEN,              { CASE, PERSON } },
	{ SQL_SCAN_STATES,       { CASE } },
	{ SQL_PROFILE,           { PERSON } },
	{ SQL_TEXT_STAMP,        { 0 } },
};
/* clang-format on */

enum ouv_err
store_ahead(struct store_tx *tx, const struct ouv_id *case_id,
	const struct ouv_id *person)
{
	const struct sql_arg known[] = { [CASE] = SQL_ID(case_id),
		[PERSON] = SQL_ID(person),
		[CONSUMER] = SQL_TEXT("consumer"),
		[COMPANY] = SQL_TEXT("company") };
	struct store *store = tx->store;

	if (!store->together.open)
		return OUV_OK;
	for (size_t i = 0; i < sizeof(page) / sizeof(page[0]); i++) {
		struct sql_arg args[3];
		struct told *told;
		size_t n = 0;

		for (; n < 3 && page[i].args[n] != 0; n++)
			args[n] = known[page[i].args[n]];
		if (together_find(store, page[i].id, args, n) != NULL)
			continue;
		TRY(sql_write(tx, page[i].id, args, n));
		told = together_note(store, page[i].id, args, n);
		store->keep[store->queued - 1] = told;
	}
	return OUV_OK;
}

/* ---- beginning and end --------------------------------------------------- */

void
store_together(struct store *store)
{
	store->together.on = true;
}

enum ouv_err
store_apart(struct store *store)
{
	struct store_tx *tx = store->together.open ? &store->tx : NULL;
	struct told *next;
	enum ouv_err err = OUV_OK;

	store->together.on = store->together.open = false;
	if (tx != NULL)
		err = store_commit(&tx);
	for (struct told *t = store->together.told; t != NULL; t = next) {
		next = t->next;
		PQclear(t->result);
		free(t);
	}
	store->together.told = NULL;
	return err;
}
