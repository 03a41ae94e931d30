/*
 * verb_redact.c - an extract: a message's text with parts left out, as an item
 * of its own
 *
 * What stands in [[two brackets]] is left out: one mark for all of it, so that
 * its length says nothing.  The message itself stays as it is.
 */
#include <string.h>

#include "release.h"

#define EXTRACT_MOST 20000

/* clang-format off */
static const struct ouv_field_decl fields[] = {
	{ .name = "item", .kind = OUV_FIELD_ITEM, .required = true },
	{ .name = "title", .kind = OUV_FIELD_LINE, .most = 200 },
	{ .name = "text", .kind = OUV_FIELD_WORDS, .most = EXTRACT_MOST, .from_item = true },
	{ .name = NULL },
};
/* clang-format on */

/* False: a bracket that has no other one. */
static bool
leave_out(struct ouv_arena *arena, const char *text, const char **out)
{
	struct ouv_buf buf;
	const char *open, *close;

	ouv_buf_init(&buf, arena, strlen(text) + 256);
	while ((open = strstr(text, "[[")) != NULL) {
		close = strstr(open + 2, "]]");
		if (close == NULL)
			return false;
		ouv_buf_add(&buf, text, (size_t)(open - text));
		ouv_buf_text(&buf, RELEASE_MARK);
		text = close + 2;
	}
	if (strstr(text, "]]") != NULL)
		return false;
	ouv_buf_text(&buf, text);
	*out = ouv_arena_strndup(arena, buf.data, buf.len);
	return true;
}

static enum ouv_err
run(struct verb_call *call)
{
	const char *text = move_text(call, "text", 1);
	const char *title = move_text(call, "title", 1);

	if (*text == '\0') {
		verb_error(call, "text", "take");
		return OUV_INVALID;
	}
	if (*title == '\0')
		verb_error(call, "title", "empty");
	if (!leave_out(call->arena, text, &text) ||
		!leave_out(call->arena, title, &title))
		verb_error(call, "text", "brackets");
	if (call->result->error_count > 0)
		return OUV_INVALID;
	call->move->reason =
		ouv_arena_printf(call->arena, "%s", move_text(call, "item", 1));
	return held_titled(call, title,
		release_mask(call->desk, call->arena, text), "extract",
		&call->object);
}

const struct verb verb_redact = { "redact", OUV_ACTION_REDACT, run, false,
	fields };
