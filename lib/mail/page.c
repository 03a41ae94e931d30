/*
 * page.c - the page of a mail, as it was sent, and the pictures that came along
 *
 * For showing it rebuilt; what it says is read elsewhere (text.c).
 */
#include <string.h>

#include "internal.h"

#define PARTS_MAX 50
#define PICTURES_MAX 200
#define PICTURES_BYTES ((size_t)8 << 20) /* decoded, in all */

static bool
is_page(const struct mail_leaf *leaf)
{
	return !leaf->multipart &&
	       strcmp(leaf->content_type, "text/html") == 0 &&
	       leaf->length > 0 &&
	       (*leaf->disposition == '\0' ||
		       strcmp(leaf->disposition, "inline") == 0);
}

bool
mail_has_page(const struct mail_message *message)
{
	for (size_t i = 0; i < message->count; i++)
		if (is_page(&message->nodes[i]))
			return true;
	return false;
}

/* Several, as in mails with pictures between their texts. */
static void
add_parts(struct ouv_arena *arena, const struct mail_message *message,
	struct ouv_mail_page *page)
{
	size_t bytes = 0;

	page->parts = ouv_arena_array(arena, PARTS_MAX, sizeof(*page->parts));
	for (size_t i = 0; i < message->count; i++) {
		const struct mail_leaf *leaf = &message->nodes[i];

		if (!is_page(leaf) || page->part_count == PARTS_MAX ||
			bytes > MAIL_HTML_MAX)
			continue;
		page->parts[page->part_count] =
			mail_leaf_text(arena, message, leaf);
		bytes += page->parts[page->part_count++].len;
	}
}

static void
add_pictures(struct ouv_arena *arena, const struct mail_message *message,
	struct ouv_mail_page *page)
{
	struct ouv_mail_picture *list =
		ouv_arena_array(arena, PICTURES_MAX, sizeof(*list));
	size_t bytes = 0;

	for (size_t i = 0; i < message->count; i++) {
		const struct mail_leaf *leaf = &message->nodes[i];
		struct ouv_mail_picture *one = &list[page->picture_count];

		if (leaf->multipart || leaf->content_id == NULL ||
			page->picture_count == PICTURES_MAX ||
			leaf->length > 2 * PICTURES_BYTES)
			continue;
		one->id = leaf->content_id;
		one->bytes = mail_leaf_bytes(arena, message, leaf);
		if (one->bytes.len > PICTURES_BYTES - bytes)
			continue;
		bytes += one->bytes.len;
		page->picture_count++;
	}
	page->pictures = list;
}

enum ouv_err
ouv_mail_page(struct ouv_arena *arena, const void *raw, size_t len,
	struct ouv_mail_page *page_out)
{
	struct mail_message message = { .raw = { len == 0 ? "" : raw, len } };
	struct ouv_mail_page page = { .picture_count = 0 };
	struct ouv_mail said = { .ok = true }; /* defects are told elsewhere */

	mail_open(arena, &message, &said);
	if (!mail_has_page(&message))
		return OUV_NOT_FOUND;
	add_parts(arena, &message, &page);
	add_pictures(arena, &message, &page);
	*page_out = page;
	return OUV_OK;
}
