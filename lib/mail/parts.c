/*
 * parts.c - the attachments of a mail: where they lie, how big, which hash
 *
 * Bytes are decoded in pieces for measuring; only a winmail.dat is decoded
 * whole, because its files stand in the middle of it.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <gnutls/gnutls.h>
#include <gnutls/crypto.h>

#include "marks.h"

static void
to_hex(const unsigned char digest[32], char hex_out[65])
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < 32; i++) {
		hex_out[2 * i] = digits[digest[i] >> 4];
		hex_out[2 * i + 1] = digits[digest[i] & 15];
	}
	hex_out[64] = '\0';
}

void
mail_sha256(const void *data, size_t len, char hex_out[65])
{
	unsigned char digest[32] = { 0 };

	/* fails for lack of memory alone */
	if (gnutls_hash_fast(GNUTLS_DIG_SHA256, data, len, digest) < 0)
		abort();
	to_hex(digest, hex_out);
}

struct measure {
	gnutls_hash_hd_t hash;
	size_t size;
};

static void
measure_piece(void *user, const unsigned char *data, size_t len)
{
	struct measure *m = user;

	if (gnutls_hash(m->hash, data, len) < 0)
		abort();
	m->size += len;
}

/* Size and hash of what encoded decodes to; false: it was broken. */
static bool
measure(enum ouv_mail_encoding encoding, struct ouv_str encoded,
	struct ouv_mail_part *part)
{
	unsigned char digest[32] = { 0 };
	struct measure m = { NULL, 0 };
	bool clean;

	if (gnutls_hash_init(&m.hash, GNUTLS_DIG_SHA256) < 0)
		abort();
	clean = mail_decode(encoding, encoded, measure_piece, &m);
	gnutls_hash_deinit(m.hash, digest);
	part->size = m.size;
	to_hex(digest, part->sha256);
	return clean;
}

struct lister {
	struct ouv_arena *arena;
	const struct mail_message *message;
	struct ouv_mail *mail;
	size_t cap;
};

static struct ouv_mail_part *
add_part(struct lister *l)
{
	struct ouv_mail *mail = l->mail;

	if (mail->part_count == l->cap) {
		struct ouv_mail_part *more;

		l->cap = l->cap == 0 ? 4 : l->cap * 2;
		more = ouv_arena_array(l->arena, l->cap, sizeof(*more));
		if (mail->part_count > 0)
			memcpy(more, mail->parts,
				mail->part_count * sizeof(*more));
		mail->parts = more;
	}
	return &mail->parts[mail->part_count++];
}

static bool
is_blank_text(const char *text)
{
	while (*text != '\0' && (unsigned char)*text <= ' ')
		text++;
	return *text == '\0';
}

/* Many Outlook mails have their text in the winmail.dat alone. */
static void
take_body(struct lister *l, struct ouv_arena *scratch,
	const struct mail_tnef *tnef)
{
	struct ouv_mail *mail = l->mail;
	bool html = tnef->text.len == 0;
	struct ouv_buf text;

	if (!is_blank_text(mail->text))
		return;
	if (tnef->text.len == 0 && tnef->html.len == 0) {
		if (tnef->rtf)
			mail_defect(l->arena, mail, "tnef-rtf-body");
		return;
	}
	ouv_buf_init(&text, l->arena, tnef->text.len);
	if (html) {
		struct mail_rendering seen =
			mail_html_render(scratch, tnef->html, &text);

		mail_say_rendering(l->arena, mail, &seen);
	}
	for (size_t i = 0; i < tnef->text.len && text.len < MAIL_TEXT_MAX; i++)
		if (tnef->text.p[i] != '\r')
			ouv_buf_char(&text, tnef->text.p[i]);
	mail->text = text.data;
	mail->text_source = html ? OUV_TEXT_HTML : OUV_TEXT_PLAIN;
}

static void
add_tnef_file(struct lister *l, const struct mail_leaf *leaf,
	const struct mail_tnef_file *file, size_t index)
{
	struct ouv_mail_part *part = add_part(l);

	if (file->filename != NULL)
		part->filename = ouv_arena_strdup(l->arena, file->filename);
	if (file->content_id != NULL)
		part->content_id = ouv_arena_strdup(l->arena, file->content_id);
	part->content_type = ouv_arena_strdup(l->arena, file->content_type);
	part->size = file->data.len;
	mail_sha256(file->data.p, file->data.len, part->sha256);
	part->from_tnef = true;
	part->offset = leaf->offset;
	part->length = leaf->length;
	part->encoding = OUV_MAIL_TNEF;
	part->index = (int)index;
}

/* Lists what is inside; false: the file itself has to be kept. */
static bool
open_tnef(struct lister *l, const struct mail_leaf *leaf)
{
	struct ouv_str encoded = { l->message->raw.p + leaf->offset,
		leaf->length };
	struct ouv_arena *scratch = ouv_arena_new(OUV_ARENA_WIPE);
	struct mail_tnef tnef;
	bool whole = false;

	if (mail_tnef_open(scratch, mail_tnef_bytes(scratch, encoded), &tnef)) {
		for (size_t i = 0; i < tnef.count; i++)
			add_tnef_file(l, leaf, &tnef.files[i], i);
		take_body(l, scratch, &tnef);
		whole = !tnef.broken && !(tnef.rtf && tnef.count == 0);
		if (tnef.broken)
			mail_defect(l->arena, l->mail, "tnef-broken");
	} else {
		mail_defect(l->arena, l->mail, "tnef-unreadable");
	}
	ouv_arena_free(&scratch);
	return whole;
}

static bool
is_tnef(const struct mail_leaf *leaf)
{
	return strcmp(leaf->content_type, "application/ms-tnef") == 0 ||
	       strcmp(leaf->content_type, "application/vnd.ms-tnef") == 0 ||
	       (leaf->filename != NULL &&
		       strcasecmp(leaf->filename, "winmail.dat") == 0);
}

/* A uuencoded part names itself in its first line. */
static const char *
uu_filename(struct lister *l, struct ouv_str encoded)
{
	struct mail_lines lines = { encoded.p, encoded.p + encoded.len,
		mail_eol(encoded.p, encoded.len) };
	struct ouv_str line, name;

	for (int i = 0; i < 20 && mail_line_next(&lines, &line); i++)
		if (mail_uu_begin(line, &name))
			return mail_clean_filename(
				l->arena, mail_decode_2047(l->arena, name,
						  l->message->charset));
	return NULL;
}

static void
add_leaf(struct lister *l, const struct mail_leaf *leaf)
{
	struct ouv_str encoded = { l->message->raw.p + leaf->offset,
		leaf->length };
	struct ouv_mail_part *part;

	if (is_tnef(leaf) && open_tnef(l, leaf))
		return;
	part = add_part(l);
	part->filename = leaf->filename;
	if (part->filename == NULL && leaf->encoding == OUV_MAIL_UUENCODE)
		part->filename = uu_filename(l, encoded);
	part->content_type = leaf->content_type;
	part->inline_ = strcmp(leaf->disposition, "inline") == 0;
	part->content_id = leaf->content_id;
	part->offset = leaf->offset;
	part->length = leaf->length;
	part->encoding = leaf->encoding;
	if (!measure(leaf->encoding, encoded, part))
		mail_defect(l->arena, l->mail, "bad-encoding");
}

static void
add_found(struct lister *l, const struct mail_found *found)
{
	struct ouv_str encoded = { l->message->raw.p + found->offset,
		found->length };
	struct ouv_mail_part *part = add_part(l);

	part->filename = found->filename;
	part->content_type = "application/octet-stream";
	part->offset = found->offset;
	part->length = found->length;
	part->encoding = OUV_MAIL_UUENCODE;
	(void)measure(OUV_MAIL_UUENCODE, encoded, part);
}

void
mail_parts(struct ouv_arena *arena, const struct mail_message *message,
	const enum mail_role *roles, const struct mail_found *found,
	struct ouv_mail *mail)
{
	struct lister l = { .arena = arena, .message = message, .mail = mail };

	for (size_t i = 0; i < message->count; i++) {
		const struct mail_leaf *leaf = &message->nodes[i];

		for (; found != NULL && found->offset < leaf->offset;
			found = found->next)
			add_found(&l, found);
		if (!leaf->multipart && roles[i] != MAIL_ROLE_TEXT)
			add_leaf(&l, leaf);
	}
	for (; found != NULL; found = found->next)
		add_found(&l, found);
	mail_marks(arena, message, mail);
}
