/*
 * buf.c - bytes that grow, in an arena
 */
#include <stdio.h>
#include <string.h>

#include "ouv/buf.h"

void
ouv_buf_init(struct ouv_buf *buf, struct ouv_arena *arena, size_t hint)
{
	buf->arena = arena;
	buf->len = 0;
	buf->cap = hint < 64 ? 64 : hint;
	buf->data = ouv_arena_raw(arena, buf->cap + 1);
	buf->data[0] = '\0';
}

static void
grow(struct ouv_buf *buf, size_t more)
{
	size_t cap = buf->cap;
	char *data;

	if (buf->cap - buf->len >= more)
		return;
	while (cap - buf->len < more)
		cap *= 2;
	data = ouv_arena_raw(buf->arena, cap + 1);
	memcpy(data, buf->data, buf->len + 1);
	buf->data = data;
	buf->cap = cap;
}

void
ouv_buf_add(struct ouv_buf *buf, const void *data, size_t len)
{
	if (len == 0)
		return;
	grow(buf, len);
	memcpy(buf->data + buf->len, data, len);
	buf->len += len;
	buf->data[buf->len] = '\0';
}

void
ouv_buf_text(struct ouv_buf *buf, const char *text)
{
	ouv_buf_add(buf, text, strlen(text));
}

void
ouv_buf_char(struct ouv_buf *buf, char c)
{
	ouv_buf_add(buf, &c, 1);
}

void
ouv_buf_printf(struct ouv_buf *buf, const char *format, ...)
{
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (len <= 0)
		return;
	grow(buf, (size_t)len);
	va_start(args, format);
	(void)vsnprintf(buf->data + buf->len, (size_t)len + 1, format, args);
	va_end(args);
	buf->len += (size_t)len;
}
