/*
 * original.c - which letter a report is about
 *
 * The returned part says it, or its copy in the text, or the report's own
 * fields.
 */
#include <string.h>
#include <strings.h>

#include "meaning.h"
#include "classify.h"
#include "report.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
#define COPY_MAX ((size_t)64 * 1024) /* of a copied letter: its header */

/* clang-format off */
static const char *const original_leaves[] = {
	"message/rfc822", "text/rfc822-headers", "message/rfc822-headers",
	"message/global", "message/global-headers", "text/rfc822-header",
	"text/rfc822", "application/rfc822", "message/partial",
};

/* Reports name the letter's id in a field of their own, too. */
static const char *const id_fields[] = {
	"Original-Message-ID", "X-Original-Message-ID",
};

static const char *const report_leaves[] = {
	"message/disposition-notification", "message/delivery-status",
	"message/global-disposition-notification",
	"message/global-delivery-status",
};

/* As they stand in a text, folded; the value follows. */
static const char *const id_labels[] = {
	"message-id:", "message id:", "original-message-id:",
	"original message id:", "x-original-message-id:",
};
/* clang-format on */

static const char *
first_id(struct ouv_arena *arena, struct ouv_str raw)
{
	struct ouv_mail_ids ids = { 0, NULL };

	if (raw.p == NULL)
		return NULL;
	mail_ids(arena, raw, &ids);
	return ids.count > 0 ? ids.list[0] : NULL;
}

/* The value behind a label at the line's start; p is NULL: no label. */
static struct ouv_str
behind_label(const char *p, size_t len)
{
	size_t skip = strspn(p, "> \t");

	if (skip < len)
		for (size_t i = 0; i < COUNT(id_labels); i++) {
			size_t n = strlen(id_labels[i]);

			if (strncasecmp(p + skip, id_labels[i], n) == 0)
				return (struct ouv_str){ p + skip + n,
					len - skip - n };
		}
	return (struct ouv_str){ NULL, 0 };
}

/* "Message-ID: <...>" in a letter that was copied into the text. */
static const char *
id_in_text(struct ouv_arena *arena, const char *text)
{
	for (const char *p = text; *p != '\0'; p += *p == '\n') {
		size_t len = strcspn(p, "\n");
		struct ouv_str raw = behind_label(p, len);
		const char *id;

		if (raw.p != NULL) {
			/* a long id is folded onto the next line */
			if (memchr(raw.p, '<', raw.len) == NULL &&
				mail_trim(raw).len == 0 && p[len] == '\n')
				raw.len += 1 + strcspn(p + len + 1, "\n");
			id = first_id(arena, mail_trim(raw));
			if (id != NULL)
				return id;
		}
		p += len;
	}
	return NULL;
}

static bool
header_of_leaf(struct mail_view *view, const struct mail_leaf *leaf,
	struct mail_header *header_out)
{
	struct ouv_str bytes =
		mail_leaf_bytes(view->arena, view->message, leaf);

	if (bytes.len == 0)
		return false;
	memset(header_out, 0, sizeof *header_out);
	mail_header_split(view->arena, bytes.p, bytes.len, header_out);
	return header_out->count > 0;
}

static const char *
id_in_report(struct mail_view *view)
{
	for (size_t i = 0; i < COUNT(report_leaves); i++) {
		const struct mail_leaf *leaf =
			mail_report_leaf(view->message, report_leaves[i]);
		struct mail_header header;
		const char *id = NULL;

		if (leaf == NULL || !header_of_leaf(view, leaf, &header))
			continue;
		for (size_t k = 0; k < COUNT(id_fields) && id == NULL; k++)
			id = first_id(view->arena,
				mail_field_raw(&header, id_fields[k]));
		if (id != NULL)
			return id;
	}
	return NULL;
}

const char *
mail_original_id(struct mail_view *view)
{
	const char *id = id_in_report(view);

	for (size_t i = 0; i < COUNT(original_leaves) && id == NULL; i++) {
		const struct mail_leaf *leaf =
			mail_report_leaf(view->message, original_leaves[i]);
		struct mail_header header;

		if (leaf != NULL && header_of_leaf(view, leaf, &header))
			id = first_id(view->arena,
				mail_field_raw(&header, "Message-ID"));
	}
	return id != NULL ? id : id_in_text(view->arena, view->mail->text);
}

/* ---- the whole header -------------------------------------------- */

/* Does a field begin here, as in "Received: from"? */
static bool
is_field(const char *p, const char *end)
{
	const char *start = p;

	while (p < end &&
		((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') ||
			*p == '-' || (*p >= '0' && *p <= '9')))
		p++;
	return p > start && end - p > 1 && p[0] == ':' && p[1] == ' ';
}

bool
report_returned(
	struct mail_view *view, size_t from, struct mail_header *header_out)
{
	const char *p = view->mail->text + from, *end;

	for (size_t i = 0; i < COUNT(original_leaves); i++) {
		const struct mail_leaf *leaf =
			mail_report_leaf(view->message, original_leaves[i]);

		if (leaf != NULL && header_of_leaf(view, leaf, header_out))
			return true;
	}
	end = p + strnlen(p, COPY_MAX);
	while (p < end && !is_field(p, end)) {
		const char *eol = memchr(p, '\n', (size_t)(end - p));

		p = eol == NULL ? end : eol + 1;
	}
	memset(header_out, 0, sizeof *header_out);
	if (p < end)
		mail_header_split(
			view->arena, p, (size_t)(end - p), header_out);
	return header_out->count > 0;
}
