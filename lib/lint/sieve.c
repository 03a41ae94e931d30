/*
 * sieve.c - one look at a text that says which patterns may match where
 *
 * All strings that patterns demand lie in one table by their first characters;
 * each place of the text is looked up once.  A pattern that demands nothing
 * may match everywhere.
 */
#include <string.h>
#include <unicode/ustring.h>

#include "lint_impl.h"

#define KEY_MOST 3
#define SLOTS 4096
/* A page is cut at the first empty line after so many units. */
#define PIECE_LEAST 200

struct entry {
	const UChar *p;
	int32_t len;
	size_t pattern;
	const struct entry *next;
};

struct sieve {
	struct ouv_arena *arena;
	size_t count;                               /* of patterns   */
	const struct entry *slots[KEY_MOST][SLOTS]; /* by key's length */
	size_t always_count, always_room;
	size_t *always; /* patterns that demand nothing */
};

struct sieve *
lint_sieve_new(struct ouv_arena *arena)
{
	struct sieve *sieve = ouv_arena_alloc(arena, sizeof(*sieve));

	sieve->arena = arena;
	return sieve;
}

static unsigned
hash(const UChar *p, int32_t len)
{
	unsigned h = 0;

	for (int32_t i = 0; i < len; i++)
		h = h * 31 + p[i];
	return (h ^ h >> 12) % SLOTS;
}

static void
add_literal(struct sieve *sieve, const struct literal *literal, size_t pattern)
{
	struct entry *entry = ouv_arena_alloc(sieve->arena, sizeof(*entry));
	int32_t key = literal->len < KEY_MOST ? literal->len : KEY_MOST;
	const struct entry **slot =
		&sieve->slots[key - 1][hash(literal->p, key)];

	*entry = (struct entry){ literal->p, literal->len, pattern, *slot };
	*slot = entry;
}

static void
add_always(struct sieve *sieve, size_t pattern)
{
	if (sieve->always_count == sieve->always_room) {
		size_t room = sieve->always_room * 2 + 16;
		size_t *more =
			ouv_arena_array(sieve->arena, room, sizeof(*more));

		if (sieve->always_count > 0)
			memcpy(more, sieve->always,
				sieve->always_count * sizeof(*more));
		sieve->always = more;
		sieve->always_room = room;
	}
	sieve->always[sieve->always_count++] = pattern;
}

size_t
lint_sieve_add(struct sieve *sieve, const UChar *pattern, int32_t len)
{
	const struct literals *literals =
		lint_literals(sieve->arena, pattern, len);
	size_t n = sieve->count++;

	if (literals == NULL)
		add_always(sieve, n);
	for (int i = 0; literals != NULL && i < literals->count; i++)
		add_literal(sieve, &literals->list[i], n);
	return n;
}

/* ---- a page ----------------------------------------------------------------
 */

static void
cut(struct ouv_arena *arena, const struct page *page, struct sifted *out)
{
	size_t room = (size_t)page->unit_count / PIECE_LEAST + 1;
	struct span *pieces = ouv_arena_array(arena, room, sizeof(*pieces));
	size_t n = 0;
	int32_t from = 0;

	for (int32_t i = 1; i < page->unit_count; i++) {
		if (i - from < PIECE_LEAST || page->units[i] != '\n' ||
			page->units[i - 1] != '\n')
			continue;
		pieces[n++] = (struct span){ from, i };
		from = i;
	}
	pieces[n++] = (struct span){ from, page->unit_count };
	out->pieces = pieces;
	out->piece_count = n;
	out->words = (n + 63) / 64;
}

static void
look_up(const struct sieve *sieve, const UChar *text, int32_t left,
	size_t piece, size_t words, uint64_t *bits)
{
	for (int32_t key = 1; key <= KEY_MOST && key <= left; key++)
		for (const struct entry *e =
				sieve->slots[key - 1][hash(text, key)];
			e != NULL; e = e->next)
			if (e->len <= left && u_memcmp(text, e->p, e->len) == 0)
				bits[e->pattern * words + piece / 64] |=
					UINT64_C(1) << piece % 64;
}

void
lint_sift(struct ouv_arena *arena, const struct sieve *sieve,
	const struct page *page, struct sifted *out)
{
	UChar *folded = ouv_arena_raw(
		arena, ((size_t)page->unit_count + 1) * sizeof(*folded));
	uint64_t *bits;

	cut(arena, page, out);
	bits = ouv_arena_array(arena, sieve->count * out->words, sizeof(*bits));
	for (int32_t i = 0; i < page->unit_count; i++)
		folded[i] = lint_fold(page->units[i]);
	for (size_t i = 0; i < sieve->always_count; i++)
		memset(&bits[sieve->always[i] * out->words], 0xFF,
			out->words * sizeof(*bits));
	for (size_t piece = 0; piece < out->piece_count; piece++) {
		struct span span = out->pieces[piece];

		for (int32_t i = span.from; i < span.until; i++)
			look_up(sieve, folded + i, span.until - i, piece,
				out->words, bits);
	}
	out->bits = bits;
}

size_t
lint_sifted_next(const struct sifted *sifted, size_t pattern, size_t piece)
{
	const uint64_t *bits = &sifted->bits[pattern * sifted->words];

	while (piece < sifted->piece_count &&
		(bits[piece / 64] >> piece % 64 & 1) == 0) {
		/* 64 at once where none of them may match */
		if (piece % 64 == 0 && bits[piece / 64] == 0)
			piece += 63;
		piece++;
	}
	return piece < sifted->piece_count ? piece : sifted->piece_count;
}
