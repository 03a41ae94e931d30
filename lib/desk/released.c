/*
 * released.c - a party opens what was released to it
 *
 * By the link of its letter, and a code where one was told: each opening is
 * counted and logged, and lasts half an hour under a cookie of its own.  No
 * colleague's key is in this; what was not released has no box under the link.
 */
#include <string.h>

#include "ouv/clock.h"
#include "ouv/log.h"
#include "page_seal.h"
#include "release.h"

/* ---- the link --------------------------------------------------------------
 */

enum ouv_err
ouv_release_link(const char *link, bool *wants_code_out)
{
	uint8_t bytes[OUV_LINK];
	enum ouv_err err;

	if (link[0] != 'l' && link[0] != 'c')
		return OUV_NOT_FOUND;
	err = ouv_token_parse(link + 1, bytes);
	ouv_wipe(bytes, sizeof(bytes));
	*wants_code_out = link[0] == 'c';
	return err == OUV_OK ? OUV_OK : OUV_NOT_FOUND;
}

/* What the link and the code together are. */
static enum ouv_err
read_link(const char *link, const char *code, uint8_t out[OUV_LINK])
{
	uint8_t raw[OUV_CODE_RAW];
	bool wants_code;

	TRY(ouv_release_link(link, &wants_code));
	TRY(ouv_token_parse(link + 1, out));
	if (!wants_code)
		return OUV_OK;
	if (access_code_read(code, raw) != OUV_OK)
		return OUV_NOT_FOUND;
	ouv_link_coded(out, raw, out);
	ouv_wipe(raw, sizeof(raw));
	return OUV_OK;
}

/* ---- opening it ------------------------------------------------------------
 */

static void
visit_context(const struct ouv_desk *desk, const struct store_disclosure *d,
	const uint8_t id[32], struct ouv_context *context_out)
{
	context_make(desk, OUV_KIND_VISIT, OUV_COLUMN_NONE, &d->case_id, &d->id,
		1, context_out);
	memcpy(context_out->extra.b, id, sizeof(context_out->extra.b));
}

static bool
opens_one(const struct ouv_desk *desk, const struct store_disclosure *d,
	const struct store_disclosure_piece *pieces, size_t count,
	const uint8_t key[OUV_KEY])
{
	uint8_t dek[OUV_KEY];
	bool opens = false;

	for (size_t i = 0; i < count && !opens; i++) {
		if (!ouv_id_equal(&pieces[i].disclosure, &d->id))
			continue;
		opens = release_piece(desk, d, &pieces[i], key, dek) == OUV_OK;
		ouv_wipe(dek, sizeof(dek));
	}
	return opens;
}

/* A link may be older than a change of PEPPER.  OUV_NOT_FOUND: with it opens
 * nothing, for instance because its limits were altered. */
static enum ouv_err
key_of_link(struct ouv_desk *desk, struct store_tx *tx, struct ouv_arena *arena,
	const struct store_disclosure *d, const uint8_t link[OUV_LINK],
	uint8_t key_out[OUV_KEY])
{
	const struct ouv_key *pepper = desk->office->pepper;
	struct store_disclosure_piece *pieces;
	size_t count;

	TRY(store_disclosure_pieces(tx, arena, &d->case_id, &pieces, &count));
	for (; pepper != NULL; pepper = ouv_key_former(pepper)) {
		ouv_link_key(pepper, link, &d->id, key_out);
		if (opens_one(desk, d, pieces, count, key_out))
			return OUV_OK;
	}
	return OUV_NOT_FOUND;
}

static enum ouv_err
begin_visit(struct ouv_desk *desk, struct store_tx *tx, struct ouv_arena *arena,
	const struct store_disclosure *d, const uint8_t link[OUV_LINK],
	int64_t now, uint8_t token_out[32])
{
	const struct ouv_key *pepper = desk->office->pepper;
	struct store_visit visit = { .disclosure = d->id,
		.expires_at = now + OUV_VISIT_SECS };
	uint8_t key[OUV_KEY], link_key[OUV_KEY];
	struct ouv_context context;

	TRY(key_of_link(desk, tx, arena, d, link, link_key));
	ouv_random(token_out, 32);
	ouv_session_id(token_out, visit.id);
	visit_context(desk, d, visit.id, &context);
	ouv_visit_key(pepper, token_out, key);
	ouv_piece_seal(&context, key, link_key, 0, visit.box);
	ouv_wipe(key, sizeof(key));
	ouv_wipe(link_key, sizeof(link_key));
	return store_visit_add(tx, &visit, now);
}

/* A link that is none asks the same question. */
static enum ouv_err
find(struct ouv_desk *desk, struct store_tx *tx, struct ouv_arena *arena,
	const uint8_t link[OUV_LINK], struct store_disclosure *d)
{
	uint8_t id[32];

	(void)desk;
	ouv_link_id(link, id);
	TRY(store_disclosure_by_link(tx, arena, id, d));
	if (d->erased || d->protocol == NULL)
		return OUV_NOT_FOUND;
	return release_over(d, ouv_clock_now()) == NULL ? OUV_OK : OUV_CONFLICT;
}

static enum ouv_err
open_once(struct ouv_desk *desk, struct ouv_arena *arena,
	const uint8_t link[OUV_LINK], uint8_t token_out[32])
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	int64_t now = ouv_clock_now();
	struct store_disclosure d;

	TRY(store_begin(desk->store, &tx));
	TRY(find(desk, tx, arena, link, &d));
	TRY(log_existing(
		desk, tx, arena, &d.case_id, NULL, "released-open", &d.id));
	TRY(store_disclosure_open(tx, &d.id, now));
	TRY(begin_visit(desk, tx, arena, &d, link, now, token_out));
	return store_commit(&tx);
}

enum ouv_err
ouv_desk_release_open(struct ouv_desk *desk, struct ouv_arena *arena,
	const char *link, const char *code, const char *address,
	uint8_t token_out[32], int *wait_secs_out)
{
	uint8_t bytes[OUV_LINK];
	enum ouv_err err;

	TRY(link_count(desk, link, address, wait_secs_out));
	if (*wait_secs_out > 0)
		return OUV_REFUSED;
	err = read_link(link, code, bytes);
	if (err == OUV_OK)
		err = open_once(desk, arena, bytes, token_out);
	ouv_wipe(bytes, sizeof(bytes));
	return err == OUV_INVALID ? OUV_NOT_FOUND : err;
}

/* ---- a visit ---------------------------------------------------------------
 */

struct looking {
	struct ouv_desk *desk;
	struct store_tx *tx;
	struct ouv_arena *arena;
	struct store_disclosure d;
	struct store_disclosure_piece *pieces;
	size_t count;
	int64_t until_at;
	uint8_t key[OUV_KEY]; /* the link's */
};

/* It was open once; it must still be so.  Used up matters to who comes next. */
static enum ouv_err
still_open(const struct store_disclosure *d)
{
	const char *over = release_over(d, ouv_clock_now());

	if (d->erased)
		return OUV_NOT_FOUND;
	return over == NULL || strcmp(over, "used") == 0 ? OUV_OK
							 : OUV_CONFLICT;
}

static enum ouv_err
look(struct looking *l, const uint8_t token[32])
{
	struct store_disclosure_piece *all;
	struct ouv_context context;
	struct store_visit visit;
	const struct ouv_key *pepper = l->desk->office->pepper;
	uint8_t id[32], key[OUV_KEY];
	enum ouv_err err = OUV_REFUSED;
	size_t count;

	ouv_session_id(token, id);
	TRY(store_visit(l->tx, id, ouv_clock_now(), &visit));
	l->until_at = visit.expires_at;
	TRY(store_disclosure(l->tx, l->arena, &visit.disclosure, &l->d));
	TRY(still_open(&l->d));
	visit_context(l->desk, &l->d, id, &context);
	for (; pepper != NULL && err == OUV_REFUSED;
		pepper = ouv_key_former(pepper)) {
		ouv_visit_key(pepper, token, key);
		err = ouv_piece_open(
			&context, key, visit.box, sizeof(visit.box), 0, l->key);
	}
	ouv_wipe(key, sizeof(key));
	TRY(err);
	TRY(store_disclosure_pieces(
		l->tx, l->arena, &l->d.case_id, &all, &count));
	l->pieces = ouv_arena_array(l->arena, count, sizeof(*l->pieces));
	for (size_t i = 0; i < count; i++)
		if (ouv_id_equal(&all[i].disclosure, &l->d.id))
			l->pieces[l->count++] = all[i];
	return OUV_OK;
}

/* The message of a piece, under the key that the link opens. */
static enum ouv_err
open_piece(const struct looking *l, const struct store_disclosure_piece *p,
	struct store_item *item, uint8_t dek_out[OUV_KEY],
	struct ouv_mail *mail)
{
	struct ouv_str doc;

	TRY(release_piece(l->desk, &l->d, p, l->key, dek_out));
	TRY(store_item(l->tx, l->arena, &l->d.case_id, &p->item, item));
	TRY(open_body_by_key(l->desk, l->arena, item, dek_out, &doc));
	return ouv_mail_unpack(l->arena, doc, mail);
}

/* ---- what they read --------------------------------------------------------
 */

static const char *
from_of(const struct store_item *item)
{
	if (item->kind == OUV_ITEM_NOTE)
		return "extract";
	if (item->kind != OUV_ITEM_MAIL_IN)
		return "office";
	if (item->lane == OUV_LANE_CONSUMER)
		return "consumer";
	return item->lane == OUV_LANE_COMPANY ? "company" : "other";
}

static void
fill_piece(const struct looking *l, const struct store_disclosure_piece *p,
	const struct store_item *item, const struct ouv_mail *mail,
	struct ouv_released_piece *view)
{
	*view = (struct ouv_released_piece){ .n = p->n,
		.is_file = p->part >= 0,
		.from = from_of(item),
		.at = item->at,
		.subject = "",
		.text = "",
		.lang = "und",
		.name = "" };
	if (p->part < 0) {
		view->subject = release_mask(l->desk, l->arena, mail->subject);
		view->text = release_words(l->desk, l->arena, mail);
		view->lang = mail->lang;
	} else if ((size_t)p->part < mail->part_count) {
		const struct ouv_mail_part *part = &mail->parts[p->part];

		view->name = part->filename != NULL ? part->filename : "";
		view->size = part->size;
	}
}

static enum ouv_err
read_all(struct looking *l, struct ouv_released *view)
{
	*view = (struct ouv_released){ .protocol = l->d.protocol,
		.opened = l->d.opened,
		.max_opens = l->d.max_opens,
		.expires_at = l->d.expires_at,
		.until_at = l->until_at };
	view->pieces =
		ouv_arena_array(l->arena, l->count, sizeof(*view->pieces));
	for (size_t i = 0; i < l->count; i++) {
		uint8_t dek[OUV_KEY];
		struct store_item item;
		struct ouv_mail mail;
		enum ouv_err err =
			open_piece(l, &l->pieces[i], &item, dek, &mail);
		char hex[OUV_ID_HEX];

		ouv_wipe(dek, sizeof(dek));
		if (err == OUV_TEMPORARY)
			return err;
		ouv_id_hex(&l->pieces[i].item, hex);
		if (err != OUV_OK)
			ouv_log_error("item=%s does not open by a link: "
				      "altered or moved",
				hex);
		else
			fill_piece(l, &l->pieces[i], &item, &mail,
				&view->pieces[view->count++]);
	}
	return OUV_OK;
}

enum ouv_err
ouv_desk_released(struct ouv_desk *desk, struct ouv_arena *arena,
	const uint8_t token[32], struct ouv_released *view_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct looking l = { .desk = desk, .arena = arena };
	enum ouv_err err;

	TRY(store_begin(desk->store, &tx));
	l.tx = tx;
	err = look(&l, token);
	if (err == OUV_OK)
		err = read_all(&l, view_out);
	ouv_wipe(l.key, sizeof(l.key));
	return err == OUV_OK ? store_commit(&tx) : err;
}

static enum ouv_err
read_file(struct looking *l, int n, struct ouv_str *bytes_out,
	const char **name_out)
{
	const struct store_disclosure_piece *p = NULL;
	uint8_t dek[OUV_KEY] = { 0 };
	struct store_item item;
	struct ouv_mail mail;
	struct ouv_str raw;
	enum ouv_err err;

	for (size_t i = 0; i < l->count; i++)
		if (l->pieces[i].n == n && l->pieces[i].part >= 0)
			p = &l->pieces[i];
	if (p == NULL)
		return OUV_NOT_FOUND;
	err = open_piece(l, p, &item, dek, &mail);
	if (err == OUV_OK && (size_t)p->part >= mail.part_count)
		err = OUV_NOT_FOUND;
	if (err == OUV_OK)
		err = open_raw(
			l->desk, l->tx, l->arena, &p->item, dek, false, &raw);
	ouv_wipe(dek, sizeof(dek));
	if (err == OUV_OK)
		err = ouv_mail_part_bytes(l->arena, raw.p, raw.len,
			&mail.parts[p->part], bytes_out);
	TRY(err);
	*name_out = mail.parts[p->part].filename != NULL
			    ? mail.parts[p->part].filename
			    : "";
	return log_existing(l->desk, l->tx, l->arena, &l->d.case_id, NULL,
		"released-file", &p->item);
}

enum ouv_err
ouv_desk_released_file(struct ouv_desk *desk, struct ouv_arena *arena,
	const uint8_t token[32], int n, struct ouv_str *bytes_out,
	const char **name_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct looking l = { .desk = desk, .arena = arena };
	enum ouv_err err;

	TRY(store_begin(desk->store, &tx));
	l.tx = tx;
	err = look(&l, token);
	if (err == OUV_OK)
		err = read_file(&l, n, bytes_out, name_out);
	ouv_wipe(l.key, sizeof(l.key));
	return err == OUV_OK ? store_commit(&tx) : err;
}
