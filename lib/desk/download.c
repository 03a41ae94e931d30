/*
 * download.c - a message or an attachment, piece by piece, as long as its
 * reader may read it
 *
 * A mail of 35 MiB is in memory a few pieces at a time, and whoever loses the
 * key of the case while it runs gets no more of it.
 */
#include <string.h>

#include "desk_impl.h"
#include "ouv/clock.h"
#include "ouv/download.h"
#include "ouv/log.h"
#include "ouv/store_keys.h"
#include "raw_read.h"

#define CHECK_MS 1000

struct downloading {
	struct ouv_id case_id, item, person;
	int64_t begun_us; /* of the session */
	int64_t checked_ms;
	struct raw_reading raw;
	size_t taken; /* of raw.out */
	bool failed;
};

/* ---- the beginning
 * -----------------------------------------------------------
 */

static enum ouv_err
choose_part(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct opened *opened, const struct store_item *item, int part,
	struct ouv_download *download)
{
	struct ouv_mail mail;
	const struct ouv_mail_part *p;

	download->name = ouv_arena_printf(arena, "%d.eml", item->seq);
	download->type = "message/rfc822";
	if (part < 0)
		return OUV_OK;
	TRY(open_doc(desk, arena, opened, item, &mail));
	if ((size_t)part >= mail.part_count)
		return OUV_NOT_FOUND;
	p = &mail.parts[part];
	download->name = p->filename != NULL
				 ? p->filename
				 : ouv_arena_printf(arena, "%d.bin", part + 1);
	download->type = p->content_type;
	download->inside->raw.part = ouv_mail_part_stream_new(arena, p);
	return OUV_OK;
}

static enum ouv_err
prepare(struct ouv_desk *desk, struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_actor *actor, const struct opened *opened,
	const struct store_item *item, struct downloading *d)
{
	uint8_t dek[OUV_KEY], session[32];

	ouv_session_id(actor->token, session);
	TRY(store_session_begun(tx, session, &d->begun_us));
	TRY(open_item_key(desk, opened, item, dek));
	raw_begin(desk, arena, &item->id, dek, &d->raw);
	ouv_wipe(dek, sizeof(dek));
	d->case_id = opened->c.id;
	d->item = item->id;
	d->person = actor->person;
	d->checked_ms = ouv_clock_mono_ms();
	d->raw.pieces = raw_pieces(arena);
	ouv_buf_init(&d->raw.out, d->raw.pieces, 0);
	return OUV_OK;
}

enum ouv_err
ouv_desk_download(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const char *number,
	const struct ouv_id *item_id, int part,
	struct ouv_download *download_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct ouv_download download = { .inside = ouv_arena_alloc(arena,
						 sizeof(*download.inside)) };
	struct opened opened;
	struct store_item item;
	enum ouv_err err;

	TRY(store_begin(desk->store, &tx));
	TRY(open_locked(desk, tx, arena, actor, number, &opened));
	err = store_item(tx, arena, &opened.c.id, item_id, &item);
	if (err == OUV_OK)
		err = prepare(desk, tx, arena, actor, &opened, &item,
			download.inside);
	if (err == OUV_OK)
		err = choose_part(desk, arena, &opened, &item, part, &download);
	if (err == OUV_OK)
		err = log_existing(desk, tx, arena, &opened.c.id,
			&actor->person, "download", item_id);
	ouv_wipe(opened.csk, sizeof(opened.csk));
	if (err == OUV_OK)
		err = store_commit(&tx);
	if (err == OUV_OK)
		*download_out = download;
	return err;
}

/* ---- on the way -----------------------------------------------------------
 */

/* May it go on?  Asked once a second, before anything else is handed out. */
static enum ouv_err
still_may(struct downloading *d, struct store_tx *tx)
{
	TRY(store_still_holds(tx, &d->case_id, &d->person, d->begun_us));
	d->checked_ms = ouv_clock_mono_ms();
	return OUV_OK;
}

static enum ouv_err
go_on(struct ouv_desk *desk, struct downloading *d)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	bool due = ouv_clock_mono_ms() - d->checked_ms >= CHECK_MS;
	bool empty = d->taken == d->raw.out.len && !d->raw.end;

	if (!due && !empty)
		return OUV_OK;
	TRY(store_begin(desk->store, &tx));
	if (due)
		TRY(still_may(d, tx));
	while (d->taken == d->raw.out.len && !d->raw.end) {
		TRY(raw_more(tx, &d->item, &d->raw));
		d->taken = 0;
	}
	return store_commit(&tx);
}

static void
give_up(struct downloading *d, enum ouv_err err)
{
	char hex[OUV_ID_HEX];

	d->failed = true;
	ouv_id_hex(&d->item, hex);
	ouv_log_info("item=%s: its download ends before its end: %s", hex,
		err == OUV_REFUSED ? "its reader may read it no more, or it "
				     "was altered"
				   : "the database does not answer");
}

enum ouv_err
ouv_desk_download_read(struct ouv_desk *desk, struct ouv_download *download,
	char *bytes, size_t most, size_t *len_out)
{
	struct downloading *d = download->inside;
	enum ouv_err err = d->failed ? OUV_REFUSED : go_on(desk, d);
	size_t len;

	if (err != OUV_OK) {
		if (!d->failed)
			give_up(d, err);
		return err;
	}
	len = d->raw.out.len - d->taken;
	if (len > most)
		len = most;
	memcpy(bytes, d->raw.out.data + d->taken, len);
	d->taken += len;
	*len_out = len;
	return OUV_OK;
}
