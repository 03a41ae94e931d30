/*
 * arena.c - memory that lives as long as one unit of work
 *
 * Blocks in a list, filled from the front; a deferred call is a small object
 * in the arena itself.  A block that held case text is wiped before it goes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ouv/arena.h"

#define BLOCK_MIN 16384
#define ALIGN 16

struct block {
	struct block *next;
	size_t used, size;
	_Alignas(ALIGN) unsigned char data[];
};

struct deferred {
	struct deferred *next;
	void (*free_it)(void *);
	void *object;
};

struct ouv_arena {
	struct block *blocks; /* newest first */
	struct deferred *deferred;
	enum ouv_arena_flags flags;
	size_t used;
};

static _Noreturn void
no_memory(void)
{
	fputs("<3>out of memory\n", stderr);
	abort();
}

static struct block *
block_new(size_t size)
{
	struct block *block;

	if (size > SIZE_MAX - sizeof(*block) ||
		(block = malloc(sizeof(*block) + size)) == NULL)
		no_memory();
	block->next = NULL;
	block->used = 0;
	block->size = size;
	return block;
}

static void
block_free(const struct ouv_arena *arena, struct block *block)
{
	if (arena->flags & OUV_ARENA_WIPE)
		explicit_bzero(block->data, block->used);
	free(block);
}

struct ouv_arena *
ouv_arena_new(enum ouv_arena_flags flags)
{
	struct ouv_arena *arena = calloc(1, sizeof(*arena));

	if (arena == NULL)
		no_memory();
	arena->flags = flags;
	arena->blocks = block_new(BLOCK_MIN);
	return arena;
}

static void
run_deferred(struct ouv_arena *arena)
{
	while (arena->deferred != NULL) {
		struct deferred *d = arena->deferred;

		arena->deferred = d->next;
		d->free_it(d->object);
	}
}

void
ouv_arena_free(struct ouv_arena **arena)
{
	if (arena == NULL || *arena == NULL)
		return;
	run_deferred(*arena);
	while ((*arena)->blocks != NULL) {
		struct block *block = (*arena)->blocks;

		(*arena)->blocks = block->next;
		block_free(*arena, block);
	}
	free(*arena);
	*arena = NULL;
}

void
ouv_arena_reset(struct ouv_arena *arena)
{
	struct block *block;

	run_deferred(arena);
	while ((block = arena->blocks)->next != NULL) {
		arena->blocks = block->next;
		block_free(arena, block);
	}
	if (arena->flags & OUV_ARENA_WIPE)
		explicit_bzero(block->data, block->used);
	block->used = 0;
	arena->used = 0;
}

void *
ouv_arena_raw(struct ouv_arena *arena, size_t size)
{
	struct block *block = arena->blocks;
	void *out;

	if (size > SIZE_MAX - ALIGN)
		no_memory();
	size = (size + ALIGN - 1) & ~(size_t)(ALIGN - 1);
	if (block->size - block->used < size) {
		if (size > BLOCK_MIN / 2) {
			/* A large object gets a block of its own, behind the
			 * current one, which stays open for small ones. */
			struct block *own = block_new(size);

			own->next = block->next;
			block->next = own;
			block = own;
		} else {
			block = block_new(BLOCK_MIN);
			block->next = arena->blocks;
			arena->blocks = block;
		}
	}
	out = block->data + block->used;
	block->used += size;
	arena->used += size;
	return out;
}

void *
ouv_arena_alloc(struct ouv_arena *arena, size_t size)
{
	return memset(ouv_arena_raw(arena, size), 0, size);
}

void *
ouv_arena_array(struct ouv_arena *arena, size_t count, size_t size)
{
	size_t total;

	if (__builtin_mul_overflow(count, size, &total))
		no_memory();
	return ouv_arena_alloc(arena, total);
}

char *
ouv_arena_strndup(struct ouv_arena *arena, const char *text, size_t len)
{
	char *out = ouv_arena_raw(arena, len + 1);

	if (len > 0)
		memcpy(out, text, len);
	out[len] = '\0';
	return out;
}

char *
ouv_arena_strdup(struct ouv_arena *arena, const char *text)
{
	return ouv_arena_strndup(arena, text, strlen(text));
}

void *
ouv_arena_memdup(struct ouv_arena *arena, const void *data, size_t len)
{
	return ouv_arena_strndup(arena, data, len);
}

char *
ouv_arena_printf(struct ouv_arena *arena, const char *format, ...)
{
	va_list args;
	char *out;
	int len;

	va_start(args, format);
	len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (len < 0)
		no_memory();
	out = ouv_arena_raw(arena, (size_t)len + 1);
	va_start(args, format);
	(void)vsnprintf(out, (size_t)len + 1, format, args);
	va_end(args);
	return out;
}

void
ouv_arena_defer(struct ouv_arena *arena, void (*free_it)(void *), void *object)
{
	struct deferred *d = ouv_arena_alloc(arena, sizeof(*d));

	d->free_it = free_it;
	d->object = object;
	d->next = arena->deferred;
	arena->deferred = d;
}

size_t
ouv_arena_used(const struct ouv_arena *arena)
{
	return arena->used;
}

#define STACK_WIPED (128 * 1024)

__attribute__((noinline)) void
ouv_stack_wipe(void)
{
	unsigned char below[STACK_WIPED];

	explicit_bzero(below, sizeof(below));
}
