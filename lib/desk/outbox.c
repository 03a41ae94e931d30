/*
 * outbox.c - letters on their way out
 *
 * The bytes were made when the letter was queued; here the gateway opens them
 * and the address, and writes down what the mail server answered.
 */
#include <string.h>

#include "desk_impl.h"
#include "ouv/clock.h"
#include "ouv/log.h"
#include "ouv/store_post.h"

static enum ouv_err
open_bytes(struct ouv_desk *desk, struct store_tx *tx, struct ouv_arena *arena,
	const struct store_outbox *row, struct ouv_str *mime_out)
{
	uint8_t dek[OUV_KEY];
	struct ouv_context context;
	enum ouv_err err;

	context_make(desk, OUV_KIND_ITEM_KEY, OUV_COLUMN_SVC, &row->case_id,
		&row->item, desk->svc_version, &context);
	TRY(svc_open(desk, tx, &context, row->dek_box_svc, dek));
	err = open_raw(desk, tx, arena, &row->item, dek, true, mime_out);
	ouv_wipe(dek, sizeof(dek));
	return err;
}

static enum ouv_err
open_address(struct ouv_desk *desk, struct store_tx *tx,
	struct ouv_arena *arena, const struct store_outbox *row,
	const char **to_out)
{
	struct store_capsule capsule = { .id = row->capsule,
		.case_id = row->case_id,
		.party = row->party,
		.key_version = row->key_version,
		.ct = row->capsule_ct };
	struct consumer consumer;

	if (!row->has_capsule_box)
		return OUV_REFUSED; /* the case is closed for good */
	TRY(svc_capsule(
		desk, tx, arena, &capsule, row->capsule_box_svc, &consumer));
	if (!ouv_mail_addr_ok(consumer.addr))
		return OUV_INVALID;
	*to_out = consumer.addr;
	return OUV_OK;
}

static enum ouv_err
open_letter(struct ouv_desk *desk, struct store_tx *tx, struct ouv_arena *arena,
	const struct store_outbox *row, struct ouv_outgoing *letter)
{
	const struct ouv_office *office = desk->office;
	char name[OUV_NAME_MAX];
	enum ouv_err err;

	letter->id = row->id;
	letter->case_id = row->case_id;
	letter->epoch = row->lease_epoch;
	letter->attempts = row->attempts;
	letter->expired = row->expired;
	letter->from = "";
	if (!row->null_path) {
		ouv_message_name(office->k_tok, "verp", &row->id, name);
		letter->from = ouv_arena_printf(
			arena, "b+%s@%s", name, office->config->office_domain);
	}
	err = open_address(desk, tx, arena, row, &letter->to);
	if (err == OUV_OK)
		err = open_bytes(desk, tx, arena, row, &letter->mime);
	if (err == OUV_TEMPORARY)
		return err;
	if (err != OUV_OK)
		letter->failure = "the letter or its address does not open";
	return OUV_OK;
}

enum ouv_err
ouv_desk_outbox_claim(struct ouv_desk *desk, struct ouv_arena *arena, int limit,
	struct ouv_outgoing **letters_out, size_t *count_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct store_outbox *rows;
	struct ouv_outgoing *letters;
	size_t count;

	TRY(store_outbox_claim(
		desk->store, arena, &desk->worker, limit, &rows, &count));
	letters = ouv_arena_array(arena, count, sizeof(*letters));
	if (count > 0) {
		TRY(store_begin(desk->store, &tx));
		for (size_t i = 0; i < count; i++)
			TRY(open_letter(
				desk, tx, arena, &rows[i], &letters[i]));
		TRY(store_commit(&tx));
	}
	*letters_out = letters;
	*count_out = count;
	return OUV_OK;
}

/* ---- what came of it
 * ---------------------------------------------------------- */

/* clang-format off */
static const struct {
	const char *state, *action;
	bool answered;
	const char *task; /* that it opens */
} ends[OUV_SEND__COUNT] = {
	[OUV_SEND_SENT]    = { "sent",    "sent",            true,  NULL },
	[OUV_SEND_LATER]   = { "queued",  NULL,              true,  NULL },
	[OUV_SEND_REFUSED] = { "failed",  "delivery-failed", true,  "other-channel" },
	[OUV_SEND_LOST]    = { "unknown", NULL,              false, NULL },
	[OUV_SEND_RELAY]   = { "queued",  NULL,              true,  NULL },
};
/* clang-format on */

#define RETRY_FIRST 300 /* 5 min, doubled each time */
#define RETRY_MOST 4000
#define RELAY_PAUSE 30

static int
delay(enum ouv_send_end end, int attempts)
{
	uint32_t spread;
	int secs = RETRY_FIRST;

	if (end == OUV_SEND_RELAY)
		return RELAY_PAUSE;
	for (int i = 1; i < attempts && secs < RETRY_MOST; i++)
		secs *= 2;
	if (secs > RETRY_MOST)
		secs = RETRY_MOST;
	/* Spread, so that letters refused together do not come together. */
	ouv_random(&spread, sizeof(spread));
	return secs - (int)(spread % ((unsigned)secs / 4));
}

/* On paper, where its reader's address is known; else a person is asked. */
static enum ouv_err
open_task(struct ouv_desk *desk, struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_outgoing *outgoing, const char *kind)
{
	int64_t now = ouv_clock_now();
	struct store_letter letter;
	bool instead;

	TRY(store_letter_of(tx, &outgoing->id, &letter));
	TRY(post_instead(
		desk, tx, arena, NULL, &letter, &outgoing->id, now, &instead));
	return instead ? OUV_OK
		       : task_open(desk, tx, arena, NULL, &letter, kind, now);
}

enum ouv_err
ouv_desk_outbox_finish(struct ouv_desk *desk, const struct ouv_outgoing *letter,
	enum ouv_send_end end, const char *phase, int code, const char *text)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_PLAIN);
	struct store_outbox row = { .id = letter->id,
		.attempts = letter->attempts,
		.lease_epoch = letter->epoch };
	struct store_outbox_end result = { .state = ends[end].state,
		.phase = phase,
		.code = code,
		.text = text,
		.delay_secs = delay(end, letter->attempts),
		.answered = ends[end].answered };

	TRY(store_begin(desk->store, &tx));
	if (ends[end].action != NULL)
		TRY(log_existing(desk, tx, arena, &letter->case_id, NULL,
			ends[end].action, &letter->id));
	TRY(store_outbox_finish(tx, &row, &result));
	if (ends[end].task != NULL)
		TRY(open_task(desk, tx, arena, letter, ends[end].task));
	return store_commit(&tx);
}

enum ouv_err
ouv_desk_outbox_next(struct ouv_desk *desk, int *secs_out)
{
	return store_outbox_next(desk->store, secs_out);
}

enum ouv_err
ouv_desk_sweep(struct ouv_desk *desk)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;

	TRY(store_begin(desk->store, &tx));
	TRY(store_sweep_gateway(tx));
	TRY(store_post_presume(tx));
	return store_commit(&tx);
}
