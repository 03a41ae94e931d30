/*
 * burst.c - floods: what one sender writes too much in an hour is one case
 *
 * Nothing is lost and nothing is answered: each mail is an item of one held
 * case, and a person decides about all of them at once.
 */
#include "batch.h"

struct burst {
	struct store_burst row;
	struct casefile *file; /* NULL: to be made */
};

/* Automatic mail opens nothing, and who is not known has no count. */
static bool
counts(const struct incoming *in)
{
	return in->understood && is_letter(in) && !ident_is_none(&in->sender) &&
	       (in->action == OUV_ACTION_REGISTER ||
		       in->action == OUV_ACTION_HOLD);
}

static enum ouv_err
count_mails(struct batch *b, struct store_rate *rates)
{
	int64_t start = b->now - b->now % HOUR;
	size_t n = 0;

	for (size_t i = 0; i < b->count; i++)
		if (counts(&b->in[i]))
			rates[n++] = (struct store_rate){ .scope = "mail",
				.token = b->in[i].sender.before,
				.start_at = start };
	return store_rates_add(b->tx, b->arena, rates, n);
}

static struct burst *
slot_of(struct store_burst *rows, struct burst *slots, size_t *count,
	const struct store_rate *rate)
{
	for (size_t i = 0; i < *count; i++)
		if (ouv_id_equal(&rows[i].token, &rate->token))
			return &slots[i];
	rows[*count] = (struct store_burst){ .token = rate->token,
		.start_at = rate->start_at };
	return &slots[(*count)++];
}

/* A case that a person has decided about takes nothing more. */
static enum ouv_err
find_files(struct batch *b, struct store_burst *rows, struct burst *slots,
	size_t count)
{
	TRY(store_bursts(b->tx, rows, count));
	for (size_t i = 0; i < count; i++) {
		slots[i].row = rows[i];
		if (ouv_id_is_zero(&rows[i].case_id))
			continue;
		TRY(batch_existing(b, &rows[i].case_id, &slots[i].file));
		if (slots[i].file->state != OUV_STATE_HELD)
			slots[i].file = NULL;
	}
	return OUV_OK;
}

enum ouv_err
burst_find(struct batch *b)
{
	int most = b->desk->office->config->mailgw_mails_sender_hour;
	struct store_rate *rates =
		ouv_arena_array(b->arena, b->count, sizeof(*rates));
	struct burst *slots =
		ouv_arena_array(b->arena, b->count, sizeof(*slots));
	struct store_burst *rows =
		ouv_arena_array(b->arena, b->count, sizeof(*rows));
	size_t n = 0, count = 0;

	TRY(count_mails(b, rates));
	for (size_t i = 0; i < b->count; i++) {
		struct incoming *in = &b->in[i];

		if (!counts(in) || rates[n++].count <= most)
			continue;
		in->action = OUV_ACTION_HOLD;
		in->reason = "burst";
		in->burst = slot_of(rows, slots, &count, &rates[n - 1]);
	}
	return find_files(b, rows, slots, count);
}

enum ouv_err
burst_file(struct batch *b, struct incoming *in, struct casefile **out)
{
	struct burst *burst = in->burst;

	if (burst->file == NULL) {
		TRY(batch_new(b, in, OUV_STATE_HELD, 0, &burst->file));
		burst->row.case_id = burst->file->id;
		TRY(store_burst_set(b->tx, &burst->row));
	}
	*out = burst->file;
	return OUV_OK;
}
