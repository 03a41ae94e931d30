/*
 * page_box.c - what is written to a party is sealed to its page key
 *
 * Each message by itself, at the moment in which its key is at hand.  What was
 * written when the party had no such key is added by whoever opens the case
 * next, a part each time.
 */
#include <string.h>

#include "page_seal.h"
#include "release.h"

#define AT_ONCE 100 /* boxes of each sort in one opening of a case */

void
page_box_context(const struct ouv_desk *desk, const struct ouv_id *page_key,
	const struct ouv_id *case_id, const struct ouv_id *item, int part,
	const struct ouv_id *release, int64_t until_at,
	struct ouv_context *context_out)
{
	context_make(desk, OUV_KIND_PAGE_ITEM, OUV_COLUMN_NONE, case_id, item,
		part + 1, context_out);
	ouv_page_extra(page_key, release, until_at, &context_out->extra);
}

/* What is to be sealed: a message, or a part of one that was released. */
struct piece_of {
	const struct ouv_id *case_id, *item;
	int part;
	struct ouv_id release; /* zero: their own */
	int64_t until_at;
};

static void
seal(const struct ouv_desk *desk, const struct store_page_key *key,
	const struct piece_of *piece, const uint8_t dek[OUV_KEY],
	struct store_page_box *box)
{
	struct ouv_context context;

	*box = (struct store_page_box){ .page_key = key->id,
		.item = *piece->item,
		.disclosure = piece->release,
		.part = piece->part };
	page_box_context(desk, &key->id, piece->case_id, piece->item,
		piece->part, &piece->release, piece->until_at, &context);
	ouv_seal_key(&context, key->pk, dek, box->box);
}

/* ---- as it is written ------------------------------------------------------
 */

static bool
is_between(const struct store_item *item)
{
	return item->lane != OUV_LANE_INTERNAL &&
	       (item->kind == OUV_ITEM_MAIL_IN ||
		       item->kind == OUV_ITEM_MAIL_OUT ||
		       item->kind == OUV_ITEM_AUTO_OUT);
}

/* A letter is read by whom it went to, what they wrote by all of their side. */
static bool
reads(const struct store_page_reader *r, const struct store_item *item,
	const struct ouv_id *capsule)
{
	if (!ouv_id_equal(&r->party, &item->party))
		return false;
	return ouv_id_is_zero(&r->capsule) || item->kind == OUV_ITEM_MAIL_IN ||
	       capsule == NULL || ouv_id_equal(&r->capsule, capsule);
}

static void
pile_boxes(struct ouv_arena *arena, struct page_pile *pile,
	const struct store_page_box *boxes, size_t count)
{
	if (pile->box_count + count > pile->box_room) {
		size_t room = 2 * pile->box_room + count + 32;
		struct store_page_box *more =
			ouv_arena_array(arena, room, sizeof(*more));

		if (pile->box_count > 0)
			memcpy(more, pile->boxes,
				pile->box_count * sizeof(*more));
		pile->boxes = more;
		pile->box_room = room;
	}
	memcpy(pile->boxes + pile->box_count, boxes, count * sizeof(*boxes));
	pile->box_count += count;
}

static enum ouv_err
write_boxes(struct store_tx *tx, struct ouv_arena *arena,
	struct page_pile *pile, const struct store_page_box *boxes,
	size_t count)
{
	if (count == 0)
		return OUV_OK;
	if (pile == NULL)
		return store_page_write(tx, NULL, 0, boxes, count);
	pile_boxes(arena, pile, boxes, count);
	return OUV_OK;
}

enum ouv_err
page_seal_item(struct ouv_desk *desk, struct store_tx *tx,
	struct ouv_arena *arena, struct casefile *file,
	const struct store_item *item, const uint8_t dek[OUV_KEY],
	const struct ouv_id *capsule)
{
	const struct piece_of piece = { &file->id, &item->id, -1, { { 0 } },
		0 };
	struct store_page_box *boxes;
	size_t n = 0;

	if (ouv_id_is_zero(&item->party) || !is_between(item))
		return OUV_OK;
	TRY(page_readers_of(desk, tx, arena, file));
	boxes = ouv_arena_array(arena, file->readers->count, sizeof(*boxes));
	for (size_t i = 0; i < file->readers->count; i++)
		if (reads(&file->readers->list[i], item, capsule))
			seal(desk, &file->readers->list[i].key, &piece, dek,
				&boxes[n++]);
	return write_boxes(tx, arena, file->pile, boxes, n);
}

/* ---- what is released ------------------------------------------------------
 */

static enum ouv_err
seal_piece(struct verb_call *call, const struct release *release,
	const struct ouv_id *disclosure, const struct piece *piece,
	struct store_page_box *boxes, size_t *n)
{
	const struct page_readers *readers = call->file->readers;
	const struct piece_of what = { &call->file->id, &piece->item->id,
		piece->part, *disclosure, release->expires_at };
	uint8_t dek[OUV_KEY];

	TRY(open_item_key(call->desk, call->opened, piece->item, dek));
	for (size_t i = 0; i < readers->count; i++)
		if (ouv_id_equal(&readers->list[i].party, &release->party))
			seal(call->desk, &readers->list[i].key, &what, dek,
				&boxes[(*n)++]);
	ouv_wipe(dek, sizeof(dek));
	return OUV_OK;
}

enum ouv_err
page_seal_release(struct verb_call *call, const struct release *release,
	const struct ouv_id *disclosure)
{
	struct store_page_box *boxes;
	size_t n = 0;

	/* Whoever asks for a code does not trust the way a letter takes; the
	 * page's own code went it. */
	if (strcmp(release->mode, "link") != 0)
		return OUV_OK;
	TRY(page_readers_of(call->desk, call->tx, call->arena, call->file));
	boxes = ouv_arena_array(call->arena,
		release->piece_count * call->file->readers->count,
		sizeof(*boxes));
	for (size_t i = 0; i < release->piece_count; i++)
		TRY(seal_piece(call, release, disclosure, &release->pieces[i],
			boxes, &n));
	return write_boxes(call->tx, call->arena, NULL, boxes, n);
}

/* ---- what lacks ------------------------------------------------------------
 */

static const struct store_page_key *
key_named(const struct page_readers *readers, const struct ouv_id *id)
{
	for (size_t i = 0; i < readers->count; i++)
		if (ouv_id_equal(&readers->list[i].key.id, id))
			return &readers->list[i].key;
	return NULL;
}

/* One that does not open was altered; it keeps nobody from the rest. */
static bool
seal_lack(struct ouv_desk *desk, const struct opened *opened,
	const struct page_readers *readers, const struct store_page_lack *lack,
	struct store_page_box *box)
{
	const struct store_page_key *key = key_named(readers, &lack->page_key);
	const struct piece_of piece = { &opened->c.id, &lack->item, lack->part,
		lack->disclosure, lack->until_at };
	struct store_item item = { .id = lack->item,
		.key_version = lack->key_version };
	uint8_t dek[OUV_KEY];

	memcpy(item.dek_box, lack->dek_box, sizeof(item.dek_box));
	if (key == NULL || open_item_key(desk, opened, &item, dek) != OUV_OK)
		return false;
	seal(desk, key, &piece, dek, box);
	ouv_wipe(dek, sizeof(dek));
	return true;
}

enum ouv_err
page_catch_up(struct ouv_desk *desk, struct store_tx *tx,
	struct ouv_arena *arena, const struct opened *opened)
{
	struct store_page_lack *lacks;
	struct store_page_box *boxes;
	struct page_readers readers;
	size_t count, n = 0;

	TRY(store_page_missing(
		tx, arena, &opened->c.id, AT_ONCE, &lacks, &count));
	if (count == 0)
		return OUV_OK;
	TRY(page_readers_load(desk, tx, arena, &opened->c.id, 1, &readers));
	boxes = ouv_arena_array(arena, count, sizeof(*boxes));
	for (size_t i = 0; i < count; i++)
		n += seal_lack(desk, opened, &readers, &lacks[i], &boxes[n]);
	return write_boxes(tx, arena, NULL, boxes, n);
}
