/*
 * arena.h - memory that lives as long as one unit of work
 *
 * A request, a mail, a letter: each makes one arena, everything returned in it
 * goes with it.  Lack of memory ends the process (systemd restarts it; work is
 * committed before it is acknowledged).  Secrets never enter an arena unless
 * it was made with OUV_ARENA_WIPE, which overwrites every block before it is
 * given back.
 */
#ifndef OUV_ARENA_H
#define OUV_ARENA_H

#include <stddef.h>
#include <stdint.h>
#include <stdarg.h>

#include "ouv/err.h"

struct ouv_arena;

enum ouv_arena_flags {
	OUV_ARENA_PLAIN = 0,
	OUV_ARENA_WIPE = 1, /* holds case text: zeroed when freed */
};

/* Never NULL. */
struct ouv_arena *ouv_arena_new(enum ouv_arena_flags flags);
/* Runs the deferred functions, last one first, then frees; NULLs *arena. */
void ouv_arena_free(struct ouv_arena **arena);
/* As free and new, keeping the first block: for loops over many mails. */
void ouv_arena_reset(struct ouv_arena *arena);

/* Zeroed, aligned for any type; size 0 is a valid empty object. */
void *ouv_arena_alloc(struct ouv_arena *arena, size_t size);
/* The same, not zeroed: for bytes that are written at once. */
void *ouv_arena_raw(struct ouv_arena *arena, size_t size);
/* count * size with the multiplication checked. */
void *ouv_arena_array(struct ouv_arena *arena, size_t count, size_t size);
char *ouv_arena_strdup(struct ouv_arena *arena, const char *text);
/* Copies len bytes and adds a final zero, which len does not count. */
char *ouv_arena_strndup(struct ouv_arena *arena, const char *text, size_t len);
void *ouv_arena_memdup(struct ouv_arena *arena, const void *data, size_t len);
char *ouv_arena_printf(struct ouv_arena *arena, const char *format, ...)
	OUV_PRINTF(2, 3);
/* Calls free_it(object) when the arena goes: PGresult, json_t, xml trees. */
void ouv_arena_defer(
	struct ouv_arena *arena, void (*free_it)(void *), void *object);
/* Bytes handed out so far, for limits and for tests. */
size_t ouv_arena_used(const struct ouv_arena *arena);

/* Overwrites what calls that have returned left below the caller's frame: the
 * stack's next 128 KiB.  For a thread that goes to wait after a unit of work.
 */
void ouv_stack_wipe(void);

#endif
