/*
 * receive.c - the first step of a mail: sealed bytes and one row, committed
 *
 * Nothing is understood here.  Whatever happens later, the mail is in the
 * database or still on the mail server.
 */
#include <string.h>

#include "desk_impl.h"

struct pieces {
	struct store_tx *tx;
	const struct ouv_id *id;
};

static enum ouv_err
emit_piece(uint32_t n, const void *data, size_t len, void *user)
{
	struct pieces *pieces = user;

	return store_inbound_chunk(pieces->tx, pieces->id, (int)n, data, len);
}

static void
add_bytes(void *user, const void *data, size_t len)
{
	ouv_hasher_add(user, data, len);
}

static void
raw_mac(struct ouv_arena *arena, const struct ouv_key *k_id, const void *raw,
	size_t len, uint8_t mac_out[32])
{
	struct ouv_hasher *hasher = ouv_hasher_new(arena, ouv_key_bytes(k_id));

	ouv_hasher_add(hasher, "raw", 3);
	ouv_hasher_add(hasher, raw, len);
	ouv_hasher_end(hasher, mac_out);
}

/* Two MACs: of the bytes as they came, and of what two deliveries of the same
 * message have in common. */
static void
make_macs(struct ouv_arena *arena, const struct ouv_key *k_id,
	const struct ouv_arrival *a, uint8_t raw_out[32], uint8_t canon_out[32])
{
	struct ouv_hasher *hasher = ouv_hasher_new(arena, ouv_key_bytes(k_id));

	raw_mac(arena, k_id, a->raw, a->len, raw_out);
	ouv_hasher_add(hasher, "canon", 5);
	ouv_mail_canonical(a->raw, a->len, add_bytes, hasher);
	if (a->oversize) /* the header alone is not the message */
		ouv_hasher_add(hasher, &a->size, sizeof(a->size));
	ouv_hasher_end(hasher, canon_out);
}

static enum ouv_err
receive_one(struct ouv_desk *desk, struct store_tx *tx, struct ouv_arena *arena,
	struct ouv_arrival *a)
{
	const struct ouv_key *k_id = desk->office->k_id;
	struct store_inbound row = { .id = a->id = ouv_id_new(),
		.mailbox = desk->office->config->imap_mailbox,
		.has_uid = a->has_uid,
		.uidvalidity = a->uidvalidity,
		.uid = a->uid,
		.size = a->size,
		.mac_version = (int)ouv_key_version(k_id),
		.padded = (int64_t)ouv_padme(a->len + 1) };
	struct pieces pieces = { tx, &a->id };
	struct ouv_stream_out *stream OUV_CLEANUP(ouv_stream_out_free) = NULL;
	struct ouv_context context;

	make_macs(arena, k_id, a, row.raw_mac, row.canon_mac);
	if (ouv_key_former(k_id) != NULL)
		make_macs(arena, ouv_key_former(k_id), a, row.raw_before,
			row.canon_before);
	ouv_random(a->dek, sizeof(a->dek));
	context_make(desk, OUV_KIND_ITEM_KEY, OUV_COLUMN_SVC, NULL, &a->id,
		desk->svc_version, &context);
	ouv_seal_key(&context, desk->svc_public, a->dek, row.dek_box_svc);
	TRY(store_inbound_add(tx, &row, &desk->worker));
	context_make(
		desk, OUV_KIND_RAW, OUV_COLUMN_NONE, NULL, &a->id, 1, &context);
	stream = ouv_stream_out_new(&context, a->dek, emit_piece, &pieces);
	TRY(ouv_stream_out_push(stream, a->raw, a->len));
	return ouv_stream_out_end(&stream, NULL, NULL);
}

enum ouv_err
ouv_desk_receive(struct ouv_desk *desk, struct ouv_arena *arena,
	struct ouv_arrival *arrivals, size_t count)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct ouv_id *ids = ouv_arena_array(arena, count, sizeof(*ids));
	const char **states = ouv_arena_array(arena, count, sizeof(*states));

	TRY(store_begin(desk->store, &tx));
	for (size_t i = 0; i < count; i++) {
		TRY(receive_one(desk, tx, arena, &arrivals[i]));
		ids[i] = arrivals[i].id;
	}
	TRY(store_inbound_states(tx, arena, ids, count, states));
	TRY(store_commit(&tx));
	for (size_t i = 0; i < count; i++)
		arrivals[i].state = states[i] != NULL ? states[i] : "duplicate";
	return OUV_OK;
}

/* ---- taking up what another left behind
 * --------------------------------------- */

/* The very bytes that were received, whoever had them meanwhile. */
static bool
same_bytes(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct store_inbound *row, struct ouv_str raw)
{
	const struct ouv_key *k_id = desk->office->k_id;
	bool same = false;
	uint8_t mac[32];

	for (; k_id != NULL && !same; k_id = ouv_key_former(k_id)) {
		raw_mac(arena, k_id, raw.p, raw.len, mac);
		same = memcmp(mac, row->raw_mac, sizeof(mac)) == 0;
	}
	return same;
}

static enum ouv_err
open_arrival(struct ouv_desk *desk, struct store_tx *tx,
	struct ouv_arena *arena, const struct store_inbound *row,
	struct ouv_filing *filing)
{
	struct ouv_key *fresh = ouv_key_random();
	uint8_t *dek = ouv_arena_memdup(arena, ouv_key_bytes(fresh), OUV_KEY);
	struct ouv_context context;
	struct ouv_str raw;

	/* A box that does not open gives no key: what cannot be read is held
	 * under one of its own. */
	ouv_key_free(&fresh);
	filing->dek = dek;
	context_make(desk, OUV_KIND_ITEM_KEY, OUV_COLUMN_SVC, NULL, &row->id,
		desk->svc_version, &context);
	TRY(svc_open(desk, tx, &context, row->dek_box_svc, dek));
	TRY(open_raw(desk, tx, arena, &row->id, dek, true, &raw));
	if (!same_bytes(desk, arena, row, raw))
		return OUV_INVALID;
	filing->raw = raw.p;
	filing->len = raw.len;
	filing->oversize = row->size > (int64_t)raw.len;
	return OUV_OK;
}

enum ouv_err
ouv_desk_claim(struct ouv_desk *desk, struct ouv_arena *arena, int limit,
	struct ouv_filing **filings_out, size_t *count_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct store_inbound *rows;
	struct ouv_filing *filings;
	size_t count;

	TRY(store_inbound_claim(
		desk->store, arena, &desk->worker, limit, &rows, &count));
	filings = ouv_arena_array(arena, count, sizeof(*filings));
	TRY(store_begin(desk->store, &tx));
	for (size_t i = 0; i < count; i++) {
		enum ouv_err err;

		filings[i].id = rows[i].id;
		filings[i].epoch = rows[i].lease_epoch;
		filings[i].attempts = rows[i].attempts;
		err = open_arrival(desk, tx, arena, &rows[i], &filings[i]);
		if (err == OUV_TEMPORARY)
			return err;
		if (err != OUV_OK)
			filings[i].failure = "sealed-bytes-altered";
	}
	TRY(store_commit(&tx));
	*filings_out = filings;
	*count_out = count;
	return OUV_OK;
}

enum ouv_err
ouv_desk_file_failed(struct ouv_desk *desk, const struct ouv_filing *filing,
	const char *error_code)
{
	return store_inbound_failed(desk->store, &filing->id, filing->epoch,
		error_code, 5 * filing->attempts * filing->attempts);
}

enum ouv_err
ouv_desk_inbound_next(struct ouv_desk *desk, int *secs_out)
{
	return store_inbound_next(desk->store, secs_out);
}

/* ---- the mailbox
 * ------------------------------------------------------------------ */

enum ouv_err
ouv_desk_mailbox_lease(struct ouv_desk *desk, int secs)
{
	int64_t epoch;

	return store_lease(desk->store, desk->office->config->imap_mailbox,
		&desk->worker, secs, &epoch);
}

enum ouv_err
ouv_desk_mailbox_known(struct ouv_desk *desk, struct ouv_arena *arena,
	int64_t uidvalidity, const uint32_t *uids, size_t count,
	bool *known_out)
{
	return store_inbound_known(desk->store, arena,
		desk->office->config->imap_mailbox, uidvalidity, uids, count,
		known_out);
}

enum ouv_err
ouv_desk_mailbox_settled(struct ouv_desk *desk, struct ouv_arena *arena,
	int64_t uidvalidity, int hours, uint32_t **uids_out, size_t *count_out)
{
	return store_inbound_settled(desk->store, arena,
		desk->office->config->imap_mailbox, uidvalidity, hours,
		uids_out, count_out);
}

enum ouv_err
ouv_desk_mailbox_moved(struct ouv_desk *desk, int64_t uidvalidity,
	const uint32_t *uids, size_t count)
{
	return store_inbound_moved(desk->store,
		desk->office->config->imap_mailbox, uidvalidity, uids, count);
}
