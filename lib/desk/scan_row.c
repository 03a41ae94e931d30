/*
 * scan_row.c - what was read on a page, as a row under the key of its item
 *
 * Neither case nor version of its key is part of what a row is bound to: the
 * row goes where the item goes, and outlives keys of the case, as its chunks
 * do.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "scan.h"

#define ATTACHMENT_MOST ((size_t)35 << 20)

/* ---- sealing ---------------------------------------------------------------
 */

static void
put32(uint8_t out[4], int n)
{
	for (int i = 0; i < 4; i++)
		out[i] = (uint8_t)((unsigned)n >> 8 * (3 - i));
}

static struct ouv_context
context_of(const struct ouv_desk *desk, const struct ouv_id *item, int part,
	int page)
{
	struct ouv_context context;

	context_make(
		desk, OUV_KIND_SCAN, OUV_COLUMN_NONE, NULL, item, 1, &context);
	put32(context.extra.b, part);
	put32(context.extra.b + 4, page);
	return context;
}

void
scan_seal(const struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_id *item, int part, int page,
	const uint8_t dek[OUV_KEY], struct ouv_str text, struct ouv_str *ct_out)
{
	const struct ouv_context context = context_of(desk, item, part, page);

	ouv_blob_seal(arena, &context, dek, text.p, text.len, ct_out);
}

enum ouv_err
scan_open(const struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_id *item, int part, int page,
	const uint8_t dek[OUV_KEY], struct ouv_str ct, struct ouv_str *text_out)
{
	const struct ouv_context context = context_of(desk, item, part, page);

	return ouv_blob_open(arena, &context, dek, ct.p, ct.len, text_out);
}

/* ---- what a row says -------------------------------------------------------
 */

/* Nobody can read it; as a row it would say so in this word. */
static const char scan_damaged[] = "damaged";

const char *
scan_why(struct ouv_str text)
{
	static const char *const whys[] = { "words", "small", "locked",
		scan_damaged, "large", "kind", "stuck" };

	if (text.len < 5 || memcmp(text.p, "none ", 5) != 0)
		return NULL;
	for (size_t i = 0; i < sizeof(whys) / sizeof(whys[0]); i++)
		if (text.len - 5 == strlen(whys[i]) &&
			memcmp(text.p + 5, whys[i], text.len - 5) == 0)
			return whys[i];
	return scan_damaged;
}

enum ouv_err
scan_head_read(struct ouv_arena *arena, struct ouv_str text,
	struct scan_head *head_out)
{
	struct scan_head head = { .why = scan_why(text) };
	const char *copy = ouv_arena_strndup(arena, text.p, text.len);
	char *end;
	long pages;

	if (head.why == NULL) {
		if (strncmp(copy, "scan ", 5) != 0)
			return OUV_INVALID;
		pages = strtol(copy + 5, &end, 10);
		if (pages < 1 || pages > OUV_SCAN_PAGES || *end != ' ' ||
			strlen(end + 1) != (size_t)pages ||
			strspn(end + 1, "tsb") != (size_t)pages)
			return OUV_INVALID;
		head.pages = (int)pages;
		head.kinds = end + 1;
	}
	*head_out = head;
	return OUV_OK;
}

/* ---- which attachments -----------------------------------------------------
 */

bool
scan_is_picture(const struct ouv_mail_part *part)
{
	static const char *const types[] = { "application/pdf", "image/jpeg",
		"image/jpg", "image/pjpeg", "image/png", "image/tiff" };
	static const char *const ends[] = { ".pdf", ".jpg", ".jpeg", ".png",
		".tif", ".tiff" };
	const char *name = part->filename != NULL ? part->filename : "";
	size_t len = strlen(name);

	if (part->size == 0 || part->size > ATTACHMENT_MOST)
		return false;
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (part->content_type != NULL &&
			strcmp(part->content_type, types[i]) == 0)
			return true;
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (len >= strlen(ends[i]) &&
			strcasecmp(name + len - strlen(ends[i]), ends[i]) == 0)
			return true;
	return false;
}

static struct ouv_scan_state
state_of(const struct ouv_desk *desk, struct ouv_arena *arena,
	const uint8_t dek[OUV_KEY], const struct store_scan_state *row)
{
	struct ouv_scan_state state = { .part = row->part, .pages = -1 };
	struct scan_head head;
	struct ouv_str text;

	if (row->head.len == 0)
		return state;
	/* Altered: nothing is read on it, and it is not asked for again. */
	state.pages = 0;
	state.why = scan_damaged;
	if (scan_open(desk, arena, &row->item, row->part, 0, dek, row->head,
		    &text) != OUV_OK ||
		scan_head_read(arena, text, &head) != OUV_OK)
		return state;
	state.pages = head.pages;
	state.why = head.why;
	state.done = row->done < head.pages ? row->done : head.pages;
	return state;
}

void
scan_states(const struct ouv_desk *desk, struct ouv_arena *arena,
	const uint8_t dek[OUV_KEY], const struct ouv_id *item,
	const struct ouv_mail *mail, const struct store_scan_state *rows,
	size_t count, struct ouv_scan_state **list_out, size_t *count_out)
{
	struct ouv_scan_state *list =
		ouv_arena_array(arena, mail->part_count, sizeof(*list));
	size_t n = 0;

	for (size_t part = 0; part < mail->part_count; part++) {
		if (!scan_is_picture(&mail->parts[part]))
			continue;
		list[n] = (struct ouv_scan_state){ .part = (int)part,
			.pages = -1 };
		for (size_t i = 0; i < count; i++)
			if (rows[i].part == (int)part &&
				ouv_id_equal(&rows[i].item, item))
				list[n] = state_of(desk, arena, dek, &rows[i]);
		n++;
	}
	*list_out = list;
	*count_out = n;
}
