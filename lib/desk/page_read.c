/*
 * page_read.c - what a party reads on its page: messages and files, each opened
 * with its page key
 *
 * Nothing here has another key.  What was not sealed to this one is counted,
 * and not shown.
 */
#include <limits.h>
#include <string.h>

#include "ouv/clock.h"
#include "ouv/log.h"
#include "page_seal.h"
#include "release.h"

#define MOST 50 /* messages at once */

enum ouv_err
page_case_of(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_page_visit *visit, const char *number,
	struct store_page_case *case_out)
{
	char protocol[OUV_PROTOCOL_MAX];
	struct ouv_id id = visit->case_id;
	const char *by_number = NULL;

	if (number != NULL && ouv_protocol_parse(number, protocol) == OUV_OK)
		by_number = protocol;
	else if (number != NULL && ouv_id_parse(number, &id) != OUV_OK)
		return OUV_NOT_FOUND;
	if (by_number != NULL)
		memset(&id, 0, sizeof(id));
	else if (ouv_id_is_zero(&id))
		return OUV_NOT_FOUND;
	return store_page_case(
		tx, arena, &visit->key, &id, by_number, case_out);
}

struct reading {
	struct ouv_desk *desk;
	struct store_tx *tx;
	struct ouv_arena *arena;
	const struct ouv_page_visit *visit;
	struct store_page_case c;
	struct store_page_item *rows;
	size_t count;
};

static enum ouv_err
open_row(const struct reading *r, const struct store_page_item *row,
	uint8_t dek_out[OUV_KEY])
{
	struct ouv_context context;

	page_box_context(r->desk, &r->visit->key, &r->c.case_id, &row->item.id,
		row->part, &row->disclosure, row->until_at, &context);
	return ouv_open_key_pair(&context, r->visit->pk, r->visit->secret,
		row->box, sizeof(row->box), dek_out);
}

static enum ouv_err
open_message(const struct reading *r, const struct store_page_item *row,
	uint8_t dek_out[OUV_KEY], struct ouv_mail *mail)
{
	struct ouv_str doc;

	TRY(open_row(r, row, dek_out));
	TRY(open_body_by_key(r->desk, r->arena, &row->item, dek_out, &doc));
	return ouv_mail_unpack(r->arena, doc, mail);
}

/* ---- as they see it --------------------------------------------------------
 */

static const char *
from_of(const struct reading *r, const struct store_page_item *row)
{
	const struct store_item *item = &row->item;

	if (item->kind == OUV_ITEM_NOTE)
		return "extract";
	if (item->kind != OUV_ITEM_MAIL_IN)
		return "office";
	if (ouv_id_equal(&item->party, &r->c.party))
		return "you";
	return row->side != NULL ? row->side : "other";
}

static bool
is_own(const struct store_page_item *row)
{
	return ouv_id_is_zero(&row->disclosure);
}

/* Their own as they wrote it, without what it quotes; a letter whole; of what
 * was released what may be read of it. */
static const char *
words_of(const struct reading *r, const struct store_page_item *row,
	const struct ouv_mail *mail)
{
	const char *own = mail->reply_text;

	if (!is_own(row))
		return release_words(r->desk, r->arena, mail);
	if (row->item.kind != OUV_ITEM_MAIL_IN || own == NULL ||
		own[strspn(own, " \t\r\n")] == '\0')
		own = mail->text;
	return own != NULL ? link_hidden(r->desk, r->arena, own) : "";
}

static void
add_file(struct ouv_page_message *m, const struct ouv_mail *mail, int part)
{
	const struct ouv_mail_part *p = &mail->parts[part];

	m->files[m->file_count++] = (struct ouv_page_file){ .part = part,
		.name = p->filename != NULL ? p->filename : "",
		.size = p->size };
}

/* Rows of one message under one release, or under none, are one message. */
static bool
goes_on(const struct store_page_item *a, const struct store_page_item *b)
{
	return ouv_id_equal(&a->item.id, &b->item.id) &&
	       ouv_id_equal(&a->disclosure, &b->disclosure);
}

static void
begin_message(const struct reading *r, const struct store_page_item *row,
	const struct ouv_mail *mail, struct ouv_page_message *m)
{
	*m = (struct ouv_page_message){ .seq = row->item.seq,
		.from = from_of(r, row),
		.at = row->item.at,
		.subject = "",
		.text = "",
		.lang = mail->lang,
		.released = !is_own(row),
		.until_at = row->until_at };
	m->files =
		ouv_arena_array(r->arena, mail->part_count, sizeof(*m->files));
}

static void
add_row(const struct reading *r, const struct store_page_item *row,
	const struct ouv_mail *mail, struct ouv_page_message *m)
{
	if (row->part >= 0) {
		if ((size_t)row->part < mail->part_count)
			add_file(m, mail, row->part);
		return;
	}
	m->words = true;
	m->subject = mail->subject != NULL
			     ? release_mask(r->desk, r->arena, mail->subject)
			     : "";
	m->text = words_of(r, row, mail);
	for (size_t i = 0; is_own(row) && i < mail->part_count; i++)
		add_file(m, mail, (int)i);
}

static void
tell_altered(const struct store_page_item *row)
{
	char hex[OUV_ID_HEX];

	ouv_id_hex(&row->item.id, hex);
	ouv_log_error(
		"item=%s does not open by a page key: altered or moved", hex);
}

static enum ouv_err
read_rows(struct reading *r, struct ouv_page_messages *out)
{
	out->list = ouv_arena_array(r->arena, r->count, sizeof(*out->list));
	for (size_t i = 0; i < r->count; i++) {
		const struct store_page_item *row = &r->rows[i];
		uint8_t dek[OUV_KEY];
		struct ouv_mail mail;
		enum ouv_err err = open_message(r, row, dek, &mail);

		ouv_wipe(dek, sizeof(dek));
		if (err == OUV_TEMPORARY)
			return err;
		if (err != OUV_OK) {
			tell_altered(row);
			continue;
		}
		if (out->count == 0 || i == 0 || !goes_on(row, row - 1))
			begin_message(r, row, &mail, &out->list[out->count++]);
		add_row(r, row, &mail, &out->list[out->count - 1]);
	}
	return OUV_OK;
}

static size_t
count_messages(const struct reading *r)
{
	size_t n = 0;

	for (size_t i = 0; i < r->count; i++)
		n += i == 0 || r->rows[i].item.seq != r->rows[i - 1].item.seq;
	return n;
}

/* One more than is shown tells that there are more. */
static void
cut(struct reading *r, size_t most, struct ouv_page_messages *out)
{
	out->more = count_messages(r) > most;
	if (!out->more)
		return;
	for (int last = r->rows[r->count - 1].item.seq;
		r->count > 0 && r->rows[r->count - 1].item.seq == last;
		r->count--)
		;
}

enum ouv_err
ouv_desk_page_messages(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_page_visit *visit, const char *number, int before,
	int most, struct ouv_page_messages *out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct reading r = { .desk = desk, .arena = arena, .visit = visit };
	struct ouv_page_messages page = { .count = 0 };

	if (most < 1 || most > MOST)
		most = MOST;
	TRY(store_begin_reading(desk->store, &tx));
	r.tx = tx;
	TRY(page_case_of(tx, arena, visit, number, &r.c));
	page.protocol = r.c.protocol;
	TRY(store_page_items(tx, arena, &visit->key, &r.c.case_id,
		before > 0 ? before : INT_MAX, most + 1, ouv_clock_now(),
		&r.rows, &r.count));
	TRY(store_page_lacks(tx, &visit->key, &r.c.case_id, &page.lacking));
	TRY(store_commit(&tx));
	cut(&r, (size_t)most, &page);
	TRY(read_rows(&r, &page));
	*out = page;
	return OUV_OK;
}

/* ---- one file --------------------------------------------------------------
 */

/* The box by which that part may be read. */
static const struct store_page_item *
row_of_part(const struct reading *r, int seq, int part)
{
	for (size_t i = 0; i < r->count; i++) {
		const struct store_page_item *row = &r->rows[i];

		if (row->item.seq == seq &&
			(row->part == part || (row->part == -1 && is_own(row))))
			return row;
	}
	return NULL;
}

static enum ouv_err
read_file(struct reading *r, int seq, int part, struct ouv_str *bytes_out,
	const char **name_out)
{
	const struct store_page_item *row = row_of_part(r, seq, part);
	uint8_t dek[OUV_KEY] = { 0 };
	struct ouv_mail mail;
	struct ouv_str raw;
	enum ouv_err err;

	if (row == NULL)
		return OUV_NOT_FOUND;
	err = open_message(r, row, dek, &mail);
	if (err == OUV_OK && (size_t)part >= mail.part_count)
		err = OUV_NOT_FOUND;
	if (err == OUV_OK)
		err = open_raw(r->desk, r->tx, r->arena, &row->item.id, dek,
			false, &raw);
	ouv_wipe(dek, sizeof(dek));
	if (err == OUV_OK)
		err = ouv_mail_part_bytes(
			r->arena, raw.p, raw.len, &mail.parts[part], bytes_out);
	TRY(err);
	*name_out = mail.parts[part].filename != NULL
			    ? mail.parts[part].filename
			    : "";
	return log_existing(r->desk, r->tx, r->arena, &r->c.case_id, NULL,
		"page-file", &row->item.id);
}

enum ouv_err
ouv_desk_page_file(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_page_visit *visit, const char *number, int seq,
	int part, struct ouv_str *bytes_out, const char **name_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct reading r = { .desk = desk, .arena = arena, .visit = visit };

	if (seq < 1 || part < 0 || seq == INT_MAX)
		return OUV_NOT_FOUND;
	TRY(store_begin(desk->store, &tx));
	r.tx = tx;
	TRY(page_case_of(tx, arena, visit, number, &r.c));
	TRY(store_page_items(tx, arena, &visit->key, &r.c.case_id, seq + 1, 1,
		ouv_clock_now(), &r.rows, &r.count));
	TRY(read_file(&r, seq, part, bytes_out, name_out));
	return store_commit(&tx);
}
