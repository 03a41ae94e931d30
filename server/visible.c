/*
 * visible.c - cuts bytes into what can be shown and what must be spelled out
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "utf8.h"
#include "visible.h"

struct writer {
	struct ouv_arena *arena;
	struct visible_run *runs;
	size_t count, room;
	struct ouv_buf buf; /* of the last run */
};

static void
end_run(struct writer *w)
{
	if (w->count > 0)
		w->runs[w->count - 1].text =
			(struct ouv_str){ w->buf.data, w->buf.len };
}

/* The last run, when it is of this kind; else a new one. */
static void
need_run(struct writer *w, bool is_code)
{
	if (w->count > 0 && w->runs[w->count - 1].is_code == is_code)
		return;
	end_run(w);
	if (w->count == w->room) {
		size_t room = w->room * 2 + 16;
		struct visible_run *runs =
			ouv_arena_array(w->arena, room, sizeof(*runs));

		if (w->count > 0)
			memcpy(runs, w->runs, w->count * sizeof(*runs));
		w->runs = runs;
		w->room = room;
	}
	w->runs[w->count++] = (struct visible_run){ .is_code = is_code };
	ouv_buf_init(&w->buf, w->arena, 16);
}

/* A byte as "FF", any other character as "U+202E". */
static void
add_code(struct writer *w, uint32_t code)
{
	need_run(w, true);
	if (w->buf.len > 0)
		ouv_buf_char(&w->buf, ' ');
	if (code < 0x100)
		ouv_buf_printf(&w->buf, "%02X", code);
	else
		ouv_buf_printf(&w->buf, "U+%04X", code);
}

static bool
is_hidden(uint32_t code)
{
	/* U+2028 and U+2029 end a line without a line's end. */
	return utf8_invisible(code) || utf8_forbidden(code) || code == 0x2028 ||
	       code == 0x2029;
}

/* What stands at p goes to a run; how many bytes that was. */
static size_t
take(struct writer *w, const char *p, size_t len)
{
	uint32_t code = 0;
	size_t n = utf8_step(p, len, &code);

	if (n == 0) {
		add_code(w, (unsigned char)*p);
		return 1;
	}
	if (code == '\r' && len > 1 && p[1] == '\n')
		return 1;
	if (code == '\n' || code == '\t' || !is_hidden(code)) {
		need_run(w, false);
		ouv_buf_add(&w->buf, p, n);
		return n;
	}
	/* The C1 controls are two bytes: told apart from one that is wrong. */
	if (code >= 0x80 && code < 0x100)
		for (size_t i = 0; i < n; i++)
			add_code(w, (unsigned char)p[i]);
	else
		add_code(w, code);
	return n;
}

struct visible_run *
visible_runs(struct ouv_arena *arena, struct ouv_str bytes, size_t *count_out)
{
	struct writer w = { .arena = arena };

	for (size_t at = 0; at < bytes.len;)
		at += take(&w, bytes.p + at, bytes.len - at);
	end_run(&w);
	*count_out = w.count;
	return w.runs;
}

size_t
visible_begin(struct ouv_str bytes, size_t offset)
{
	size_t most = offset < VISIBLE_BACK ? offset : VISIBLE_BACK;
	uint32_t code;

	if (offset == 0 || offset >= bytes.len)
		return offset < bytes.len ? offset : bytes.len;
	for (size_t back = 0; back < most; back++)
		if (bytes.p[offset - back - 1] == '\n')
			return offset - back;
	if (most == offset)
		return 0;
	if (bytes.p[offset] == '\n' && bytes.p[offset - 1] == '\r')
		return offset - 1;
	for (size_t back = 1; back < 4 && back <= offset; back++)
		if (utf8_step(bytes.p + offset - back,
			    bytes.len - offset + back, &code) > back)
			return offset - back;
	return offset;
}
