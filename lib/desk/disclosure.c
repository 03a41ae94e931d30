/*
 * disclosure.c - a release is written down, and shown to the case's people
 *
 * The link is made here, goes into one letter and is forgotten.  The key of
 * each message lies under the link's: a new key for the case leaves it as it
 * is, and taking the release back destroys it.
 */
#include <string.h>

#include "ouv/clock.h"
#include "page_seal.h"
#include "release.h"

_Static_assert(sizeof(((struct store_disclosure_piece *)0)->box) == OUV_PIECE,
	"rows hold what the vault makes");

/* ---- a new one -------------------------------------------------------------
 */

static const char *
url_of(struct verb_call *call, const struct release *release,
	const uint8_t link[OUV_LINK])
{
	const char *base = call->desk->office->config->server_base_url;
	size_t len = strlen(base);
	char text[OUV_TOKEN_B64];
	const char *url;

	while (len > 0 && base[len - 1] == '/')
		len--;
	ouv_token_text(link, text);
	url = ouv_arena_printf(call->arena, "%.*s/d/%c%s", (int)len, base,
		release->mode[0], text);
	ouv_wipe(text, sizeof(text));
	return url;
}

static void
put64(uint8_t *p, uint64_t value)
{
	for (size_t i = 0; i < 8; i++)
		p[7 - i] = (uint8_t)(value >> (8 * i));
}

void
release_context(const struct ouv_desk *desk, const struct store_disclosure *d,
	const struct ouv_id *item, struct ouv_context *context_out)
{
	uint8_t limits[sizeof(d->id.b) + 16], hash[32];

	memcpy(limits, d->id.b, sizeof(d->id.b));
	put64(limits + sizeof(d->id.b), (uint64_t)d->expires_at);
	put64(limits + sizeof(d->id.b) + 8, (uint64_t)d->max_opens);
	ouv_hash("limits", limits, sizeof(limits), hash);
	context_make(desk, OUV_KIND_PIECE, OUV_COLUMN_NONE, &d->case_id, item,
		1, context_out);
	memcpy(context_out->extra.b, hash, sizeof(context_out->extra.b));
}

enum ouv_err
release_piece(const struct ouv_desk *desk, const struct store_disclosure *d,
	const struct store_disclosure_piece *piece, const uint8_t key[OUV_KEY],
	uint8_t dek_out[OUV_KEY])
{
	const uint32_t part = (uint32_t)(piece->part + 1);
	struct ouv_context context;

	if (!piece->has_box)
		return OUV_REFUSED;
	release_context(desk, d, &piece->item, &context);
	if (ouv_piece_open(&context, key, piece->box, sizeof(piece->box), part,
		    dek_out) == OUV_OK)
		return OUV_OK;
	context.extra = d->id;
	return ouv_piece_open(
		&context, key, piece->box, sizeof(piece->box), part, dek_out);
}

static enum ouv_err
add_piece(struct verb_call *call, const struct store_disclosure *d,
	const uint8_t key[OUV_KEY], const struct piece *piece, int n)
{
	struct store_disclosure_piece row = { .disclosure = d->id,
		.n = n,
		.item = piece->item->id,
		.part = piece->part };
	struct ouv_context context;
	uint8_t dek[OUV_KEY];

	TRY(open_item_key(call->desk, call->opened, piece->item, dek));
	release_context(call->desk, d, &row.item, &context);
	ouv_piece_seal(&context, key, dek, (uint32_t)(row.part + 1), row.box);
	ouv_wipe(dek, sizeof(dek));
	return store_disclosure_piece_add(call->tx, &row);
}

static enum ouv_err
add_rows(struct verb_call *call, const struct release *release,
	const struct store_disclosure *d, const uint8_t link[OUV_LINK])
{
	uint8_t id[32], key[OUV_KEY];
	enum ouv_err err;

	ouv_link_id(link, id);
	ouv_link_key(call->desk->office->pepper, link, &d->id, key);
	err = store_disclosure_add(call->tx, d, id, &call->actor->person);
	for (size_t i = 0; err == OUV_OK && i < release->piece_count; i++)
		err = add_piece(call, d, key, &release->pieces[i], (int)i + 1);
	ouv_wipe(key, sizeof(key));
	return err;
}

enum ouv_err
release_make(struct verb_call *call, const struct release *release,
	struct ouv_id *id_out, const char **url_out)
{
	struct store_disclosure d = { .id = ouv_id_new(),
		.case_id = call->file->id,
		.party = release->party,
		.mode = release->mode,
		.created_at = call->now,
		.expires_at = release->expires_at,
		.max_opens = release->max_opens };
	uint8_t link[OUV_LINK], raw[OUV_CODE_RAW];
	enum ouv_err err = OUV_OK;

	ouv_random(link, sizeof(link));
	*url_out = url_of(call, release, link);
	if (strcmp(release->mode, "code") == 0) {
		const char *code =
			access_code_new(call->desk, call->arena, raw);

		ouv_link_coded(link, raw, link);
		ouv_wipe(raw, sizeof(raw));
		/* Shown where it is told, and nowhere else of the file. */
		err = held_words(call, code, "fields", &d.code_item);
	}
	if (err == OUV_OK)
		err = add_rows(call, release, &d, link);
	if (err == OUV_OK)
		err = page_seal_release(call, release, &d.id);
	ouv_wipe(link, sizeof(link));
	*id_out = d.id;
	return err;
}

/* ---- its end ---------------------------------------------------------------
 */

enum ouv_err
ouv_desk_disclosures_end(struct ouv_desk *desk)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;

	TRY(store_begin(desk->store, &tx));
	TRY(store_disclosures_end(tx, ouv_clock_now()));
	return store_commit(&tx);
}

/* ---- as colleagues see it --------------------------------------------------
 */

const char *
release_over(const struct store_disclosure *d, int64_t now)
{
	if (d->revoked_at != 0)
		return "revoked";
	if (d->expires_at <= now)
		return "expired";
	return d->opened >= d->max_opens ? "used" : NULL;
}

/* Only while it is of use. */
static enum ouv_err
read_code(struct verb_call *call, const struct store_disclosure *row,
	struct ouv_disclosure *d)
{
	enum ouv_err err;

	if (d->over != NULL || ouv_id_is_zero(&row->code_item))
		return OUV_OK;
	err = words_read(call, &row->code_item, &d->code);
	return err == OUV_TEMPORARY ? err : OUV_OK;
}

static void
add_pieces(struct ouv_arena *arena, const struct store_disclosure *row,
	const struct store_disclosure_piece *pieces, size_t count,
	struct ouv_disclosure *d)
{
	d->pieces = ouv_arena_array(arena, count, sizeof(*d->pieces));
	for (size_t i = 0; i < count; i++)
		if (ouv_id_equal(&pieces[i].disclosure, &row->id))
			d->pieces[d->piece_count++] =
				(struct ouv_disclosed){ pieces[i].item_seq,
					pieces[i].part };
}

static enum ouv_err
list_all(struct verb_call *call, struct ouv_disclosure **list_out,
	size_t *count_out)
{
	const struct ouv_id *id = &call->opened->c.id;
	struct store_disclosure_piece *pieces;
	struct store_disclosure *rows;
	struct ouv_disclosure *list;
	size_t count, piece_count;

	TRY(store_disclosures(call->tx, call->arena, id, &rows, &count));
	TRY(store_disclosure_pieces(
		call->tx, call->arena, id, &pieces, &piece_count));
	list = ouv_arena_array(call->arena, count, sizeof(*list));
	for (size_t i = 0; i < count; i++) {
		const struct store_disclosure *r = &rows[count - 1 - i];

		list[i] = (struct ouv_disclosure){ .n = r->n,
			.side = r->side,
			.mode = r->mode,
			.by = r->by_name,
			.revoked_by = r->revoked_by_name,
			.opened = r->opened,
			.max_opens = r->max_opens,
			.created_at = r->created_at,
			.expires_at = r->expires_at,
			.first_opened_at = r->first_opened_at,
			.last_opened_at = r->last_opened_at,
			.revoked_at = r->revoked_at,
			.over = release_over(r, call->now) };
		add_pieces(call->arena, r, pieces, piece_count, &list[i]);
		TRY(read_code(call, r, &list[i]));
	}
	*list_out = list;
	*count_out = count;
	return OUV_OK;
}

enum ouv_err
ouv_desk_disclosures(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const char *number,
	struct ouv_disclosure **list_out, size_t *count_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct opened opened;
	struct verb_call call = { .desk = desk,
		.arena = arena,
		.actor = actor,
		.opened = &opened,
		.now = ouv_clock_now() };
	enum ouv_err err;

	TRY(store_begin_reading(desk->store, &tx));
	call.tx = tx;
	TRY(open_case(desk, tx, arena, actor, number, &opened));
	err = list_all(&call, list_out, count_out);
	ouv_wipe(opened.csk, sizeof(opened.csk));
	return err == OUV_OK ? store_commit(&tx) : err;
}
