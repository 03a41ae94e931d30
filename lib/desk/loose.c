/*
 * loose.c - mail that is no case is not kept for ever: what was set aside, and
 * the months' files of automatic mail
 *
 * Nobody is told before and no second person confirms, for nobody's case is in
 * it.  What goes is what was shown to whoever says so.
 */
#include <inttypes.h>
#include <string.h>

#include "desk_impl.h"
#include "ouv/clock.h"
#include "ouv/retain.h"
#include "ouv/store_keys.h"
#include "move.h"

#define DAY 86400

/* Only terms in days say when: an office that wrote another unit for how long
 * cases are kept, and nothing for these, keeps them. */
static int
days_of(const struct ouv_terms *terms, enum ouv_end end)
{
	const struct ouv_term *term = ouv_terms_kept(terms, end);

	return term->unit == OUV_UNIT_DAYS || term->unit == OUV_UNIT_EXACT_DAYS
		       ? term->amount
		       : 0;
}

static int64_t
before(int days, int64_t at)
{
	return days == 0 ? 0 : at - (int64_t)days * DAY;
}

/* The same list has the same token, whoever asks. */
static void
make_token(struct ouv_arena *arena, struct ouv_loose_page *page)
{
	struct ouv_buf ids;
	uint8_t hash[32];

	ouv_buf_init(&ids, arena, (page->count + 1) * sizeof(struct ouv_id));
	for (size_t i = 0; i < page->count; i++)
		ouv_buf_add(&ids, page->list[i].id.b, sizeof(struct ouv_id));
	ouv_hash("loose", ids.data, ids.len, hash);
	ouv_hex(hash, sizeof(hash), page->token);
}

static void
fill(struct ouv_arena *arena, const struct store_loose *rows, size_t count,
	struct ouv_loose_page *page)
{
	page->list = ouv_arena_array(arena, count, sizeof(*page->list));
	page->count = count;
	for (size_t i = 0; i < count; i++)
		page->list[i] = (struct ouv_loose){ .id = rows[i].id,
			.since = rows[i].since,
			.aside = rows[i].aside,
			.month = rows[i].month,
			.items = rows[i].items,
			.readable = rows[i].readable };
	make_token(arena, page);
}

static enum ouv_err
read_page(struct ouv_desk *desk, struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_actor *actor, int64_t at, struct ouv_loose_page *page)
{
	struct store_loose_ask ask = { .most = OUV_LOOSE_MOST };
	const int64_t soon = (int64_t)OUV_KEPT_DAYS * DAY;
	const int64_t now = ouv_clock_now();
	const struct ouv_terms *terms;
	struct store_loose *rows;
	size_t count;

	memset(page, 0, sizeof(*page));
	page->at = at > 0 && at < now ? at : now;
	if (actor != NULL)
		ask.reader = actor->person;
	TRY(terms_live(desk, tx, NULL, &terms));
	page->aside_days = days_of(terms, OUV_END_SET_ASIDE);
	page->automatic_days = days_of(terms, OUV_END_AUTOMATIC);
	ask.aside = before(page->aside_days, page->at + soon);
	ask.automatic = before(page->automatic_days, page->at + soon);
	TRY(store_loose_count(tx, &ask, &page->soon));
	ask.aside = before(page->aside_days, page->at);
	ask.automatic = before(page->automatic_days, page->at);
	TRY(store_loose_count(tx, &ask, &page->now));
	TRY(store_loose(tx, arena, &ask, &rows, &count));
	fill(arena, rows, count, page);
	return OUV_OK;
}

enum ouv_err
ouv_desk_loose(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, int64_t at,
	struct ouv_loose_page *page_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;

	if (actor != NULL && !ouv_kept_may(actor))
		return OUV_REFUSED;
	TRY(store_begin(desk->store, &tx));
	TRY(read_page(desk, tx, arena, actor, at, page_out));
	return store_commit(&tx);
}

struct erasing {
	int64_t at;
	const char *token;
	size_t count;
};

/* One line in each file's log, and one with their number in the office's,
 * whose chain is locked last of all. */
static enum ouv_err
erase(struct verb_call *call, void *user)
{
	static const struct ouv_id none;
	const struct ouv_id *actor = &call->actor->person;
	struct erasing *e = user;
	struct ouv_loose_page page;
	char number[24];

	TRY(read_page(
		call->desk, call->tx, call->arena, call->actor, e->at, &page));
	if (page.count == 0 || strcmp(page.token, e->token) != 0)
		return OUV_CONFLICT;
	/* The lines lock the files, before the first that is wiped locks the
	 * keys of all: whoever holds one of them may want a key. */
	for (size_t i = 0; i < page.count; i++)
		TRY(log_existing(call->desk, call->tx, call->arena,
			&page.list[i].id, actor, "erase-loose",
			&page.list[i].id));
	for (size_t i = 0; i < page.count; i++) {
		const struct ouv_loose *one = &page.list[i];

		TRY(store_loose_erase(call->tx, &one->id,
			before(one->month != 0 ? page.automatic_days
					       : page.aside_days,
				page.at)));
	}
	e->count = page.count;
	(void)snprintf(number, sizeof(number), "%zu", page.count);
	return log_own_named(call->desk, call->tx, actor, "erase-loose", &none,
		(struct ouv_str){ number, strlen(number) });
}

enum ouv_err
ouv_desk_loose_erase(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const char *form_key, int64_t at,
	const char *token, size_t *count_out,
	struct ouv_verb_result *result_out)
{
	struct verb_call call =
		change_call(desk, arena, actor, NULL, 0, result_out);
	struct erasing e = { .at = at, .token = token };
	enum ouv_err err;

	memset(result_out, 0, sizeof(*result_out));
	if (actor->role != OUV_ROLE_CUSTODIAN)
		return OUV_REFUSED;
	if (!actor->stepped) {
		result_out->step_up = true;
		return OUV_REFUSED;
	}
	err = change_once(&call, form_key, "erase-loose", erase, &e);
	*count_out = e.count;
	return err;
}
