/*
 * dossier_picture.c - the pictures of a message, in the place it stands in a
 * printed case file
 *
 * Each is drawn anew behind the fence that shows scans (ouv/scan.h).  What
 * cannot be drawn, now or ever, is told by its name and sum, as everything else
 * that was attached.
 */
#include <string.h>
#include <strings.h>

#include "dossier.h"
#include "ouv/scan.h"
#include "scan.h"

struct drawing {
	struct ouv_desk *desk;
	struct store_tx *tx;
	struct ouv_arena *arena;
	const struct dossier_entry *entry;
	struct ouv_mail mail;
	struct ouv_str raw; /* of the message, read with its first picture */
};

void
ouv_office_draws(struct ouv_office *office, ouv_scanner_fn *scanner, void *user)
{
	office->draw = scanner;
	office->draw_user = user;
}

static bool
is_document(const struct ouv_mail_part *part)
{
	const char *name = part->filename != NULL ? part->filename : "";
	size_t len = strlen(name);

	return (part->content_type != NULL &&
		       strcmp(part->content_type, "application/pdf") == 0) ||
	       (len >= 4 && strcasecmp(name + len - 4, ".pdf") == 0);
}

/* A scan has as many as its first row says, another picture one; a document
 * with words of its own is read in its own file. */
static enum ouv_err
count_pages(struct drawing *d, int part, int *pages_out)
{
	const struct ouv_mail_part *p = &d->mail.parts[part];
	const struct dossier_entry *e = d->entry;
	struct store_scan_rows rows;
	struct scan_head head;
	struct ouv_str text;

	*pages_out = 0;
	if (!scan_is_picture(p))
		return OUV_OK;
	*pages_out = is_document(p) ? 0 : 1;
	TRY(store_scan_rows(d->tx, d->arena, &e->item, part, &rows));
	if (rows.head.len == 0 ||
		scan_open(d->desk, d->arena, &e->item, part, 0, e->dek,
			rows.head, &text) != OUV_OK ||
		scan_head_read(d->arena, text, &head) != OUV_OK)
		return OUV_OK;
	if (head.pages > 0)
		*pages_out = head.pages;
	return OUV_OK;
}

static enum ouv_err
read_part(struct drawing *d, int part, struct ouv_str *bytes_out)
{
	const struct dossier_entry *e = d->entry;

	if (d->raw.len == 0)
		TRY(open_raw(d->desk, d->tx, d->arena, &e->item, e->dek, false,
			&d->raw));
	return ouv_mail_part_bytes(d->arena, d->raw.p, d->raw.len,
		&d->mail.parts[part], bytes_out);
}

static bool
is_jpeg(struct ouv_str bytes)
{
	return bytes.len >= 4 && memcmp(bytes.p, "\xff\xd8\xff", 3) == 0;
}

/* Those that could be drawn, in their order. */
static void
draw_pages(struct drawing *d, struct ouv_str bytes,
	struct dossier_pictures *pictures)
{
	const struct ouv_office *office = d->desk->office;
	int pages = pictures->pages < DOSSIER_PICTURES ? pictures->pages
						       : DOSSIER_PICTURES;

	for (int page = 1; page <= pages; page++) {
		const struct ouv_scan_wish wish = { .ask = OUV_SCAN_SHOW,
			.page = page,
			.side = OUV_SCAN_SIDE };
		struct ouv_str jpeg;

		if (office->draw(office->draw_user, d->arena, &wish, bytes,
			    &jpeg) != OUV_OK ||
			!is_jpeg(jpeg))
			continue;
		pictures->page[pictures->count] = page;
		pictures->jpeg[pictures->count++] = jpeg;
	}
}

enum ouv_err
dossier_draw(struct ouv_desk *desk, struct store_tx *tx, struct ouv_copy *copy,
	struct ouv_arena *arena, const struct dossier_entry *entry, int part,
	struct dossier_pictures *pictures)
{
	struct drawing d = {
		.desk = desk, .tx = tx, .arena = arena, .entry = entry
	};
	struct ouv_str bytes;

	*pictures = (struct dossier_pictures){ .count = 0 };
	if (desk->office->draw == NULL)
		return OUV_OK;
	TRY(copy_mail(
		desk, tx, copy, arena, &entry->item, entry->dek, &d.mail));
	if (part < 0 || (size_t)part >= d.mail.part_count)
		return OUV_INVALID;
	TRY(count_pages(&d, part, &pictures->pages));
	if (pictures->pages == 0)
		return OUV_OK;
	TRY(read_part(&d, part, &bytes));
	draw_pages(&d, bytes, pictures);
	return OUV_OK;
}
