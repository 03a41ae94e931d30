/*
 * buf.h - bytes that grow, in an arena
 *
 * For building text: pages, letters, JSON.  Always followed by a zero byte
 * that len does not count, so data can be used as a C string.
 */
#ifndef OUV_BUF_H
#define OUV_BUF_H

#include "ouv/arena.h"

struct ouv_buf {
	struct ouv_arena *arena;
	char *data; /* never NULL after init */
	size_t len;
	size_t cap;
};

/* Borrowed bytes; not necessarily followed by a zero. */
struct ouv_str {
	const char *p;
	size_t len;
};

void ouv_buf_init(struct ouv_buf *buf, struct ouv_arena *arena, size_t hint);
void ouv_buf_add(struct ouv_buf *buf, const void *data, size_t len);
void ouv_buf_text(struct ouv_buf *buf, const char *text);
void ouv_buf_char(struct ouv_buf *buf, char c);
void ouv_buf_printf(struct ouv_buf *buf, const char *format, ...)
	OUV_PRINTF(2, 3);

#endif
