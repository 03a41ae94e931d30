/*
 * retain.c - what is kept until when, as lists; what is left of what was
 * erased
 */
#include <inttypes.h>
#include <string.h>

#include "desk_impl.h"
#include "ouv/clock.h"
#include "ouv/retain.h"
#include "ouv/store_keys.h"

#define DAY 86400
#define MOST 500

static const char *const names[OUV_KEPT__COUNT] = {
	[OUV_KEPT_DUE] = "due",
	[OUV_KEPT_HOLD] = "hold",
	[OUV_KEPT_WAITING] = "waiting",
	[OUV_KEPT_ERASED] = "erased",
};

const char *
ouv_kept_list_name(enum ouv_kept_list which)
{
	return names[which];
}

bool
ouv_kept_may(const struct ouv_actor *actor)
{
	return actor->role == OUV_ROLE_CUSTODIAN ||
	       actor->role == OUV_ROLE_OMBUDSMAN;
}

static uint64_t
against(const struct store_kept *k)
{
	uint64_t bits = 0;

	if (!k->retained)
		bits |= OUV_GUARD_BIT(OUV_GUARD_RETAINED);
	if (k->hold)
		bits |= OUV_GUARD_BIT(OUV_GUARD_NO_HOLD);
	if (!k->notified)
		bits |= OUV_GUARD_BIT(OUV_GUARD_NOTIFIED);
	if (!k->quiet)
		bits |= OUV_GUARD_BIT(OUV_GUARD_QUIET);
	return k->erased_at != 0 ? 0 : bits;
}

static struct ouv_kept
line_of(const struct store_kept *k)
{
	return (struct ouv_kept){ .protocol = k->protocol,
		.closed_at = k->closed_at,
		.due_at = k->due_at,
		.erased_at = k->erased_at,
		.end = ouv_end_of(k->closed_by),
		.profile = k->profile,
		.unit = k->unit,
		.law = k->law,
		.amount = k->amount,
		.review_day = k->review_day,
		.waiting_at = k->waiting_at,
		.author = k->author,
		.against = against(k),
		.readable = k->readable };
}

static const char *
cursor_of(struct ouv_arena *arena, const struct store_kept *last)
{
	char hex[OUV_ID_HEX];

	ouv_id_hex(&last->case_id, hex);
	return ouv_arena_printf(arena, "%" PRId64 "-%s", last->cursor, hex);
}

enum ouv_err
ouv_desk_kept(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, enum ouv_kept_list which,
	const char *after, int most, struct ouv_kept_page *page_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	const int64_t now = ouv_clock_now();
	const int fit = most > 0 && most < MOST ? most : MOST;
	struct store_kept_ask ask = { .most = fit + 1,
		.now = now,
		.until = now + (int64_t)OUV_KEPT_DAYS * DAY };
	struct store_kept *rows;
	size_t count, shown;

	if (actor != NULL && !ouv_kept_may(actor))
		return OUV_REFUSED;
	if (actor != NULL)
		ask.reader = actor->person;
	TRY(list_cursor(after, &ask.after, &ask.after_id));
	TRY(store_begin(desk->store, &tx));
	TRY(store_kept(
		tx, arena, (enum store_kept_list)which, &ask, &rows, &count));
	shown = count > (size_t)fit ? (size_t)fit : count;
	*page_out = (struct ouv_kept_page){
		.list = ouv_arena_array(arena, shown, sizeof(*page_out->list)),
		.count = shown,
		.after = count > shown ? cursor_of(arena, &rows[shown - 1])
				       : NULL,
	};
	for (size_t i = 0; i < shown; i++)
		page_out->list[i] = line_of(&rows[i]);
	return store_commit(&tx);
}

enum ouv_err
ouv_desk_kept_counts(struct ouv_desk *desk, struct ouv_kept_counts *out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	const int64_t now = ouv_clock_now();
	struct store_kept_count c;

	TRY(store_begin(desk->store, &tx));
	TRY(store_kept_count(tx, now, now + (int64_t)OUV_KEPT_DAYS * DAY, &c));
	*out = (struct ouv_kept_counts){ .of = { [OUV_KEPT_DUE] = c.due,
						 [OUV_KEPT_HOLD] = c.hold,
						 [OUV_KEPT_WAITING] = c.waiting,
						 [OUV_KEPT_ERASED] = c.erased },
		.now = c.now };
	return store_commit(&tx);
}

enum ouv_err
ouv_desk_tombstone(struct ouv_desk *desk, struct ouv_arena *arena,
	const char *number, struct ouv_tombstone *out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	char protocol[OUV_PROTOCOL_MAX];
	struct store_tombstone t;

	if (ouv_protocol_parse(number, protocol) != OUV_OK)
		return OUV_NOT_FOUND;
	TRY(store_begin(desk->store, &tx));
	TRY(store_tombstone(tx, arena, protocol, &t));
	*out = (struct ouv_tombstone){ .protocol = t.protocol,
		.opened_at = t.opened_at,
		.closed_at = t.closed_at,
		.erased_at = t.erased_at,
		.kind = t.kind,
		.merit = t.merit,
		.resolution = t.resolution };
	return store_commit(&tx);
}
