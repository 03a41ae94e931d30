/*
 * verb_split.c - a part of a case becomes a case of its own
 *
 * The same consumer, a number of its own, the messages it is about copied and
 * sealed to its own key.  Whoever could open the one can open the other, and
 * nobody else.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "clock.h"
#include "grant.h"
#include "opine.h"

#define ITEMS_MOST 10

static const struct ouv_field_decl fields[] = {
	{ .name = "item",
		.kind = OUV_FIELD_ITEM,
		.required = true,
		.repeat = ITEMS_MOST },
	{ .name = "matter",
		.kind = OUV_FIELD_LINE,
		.required = true,
		.most = 200,
		.letter = true },
	{ .name = "reason", .kind = OUV_FIELD_WORDS, .most = 2000 },
	{ .name = NULL },
};

struct splitting {
	struct verb_call *call;
	struct store_item_row *rows; /* of the case */
	size_t row_count;
	struct casefile file; /* the new one */
	struct store_case c;
	struct store_case_key key;
	struct consumer consumer;
	int64_t reply_by;
};

/* ---- what goes over -------------------------------------------------------
 */

/* What the consumer sent, and our own notes: nothing of the company's. */
static bool
may_go(const struct store_item *item)
{
	return (item->lane == OUV_LANE_CONSUMER &&
		       item->kind == OUV_ITEM_MAIL_IN) ||
	       item->kind == OUV_ITEM_NOTE;
}

static const struct store_item *
chosen(const struct splitting *s, int n)
{
	long seq = strtol(move_text(s->call, "item", n), NULL, 10);

	for (size_t i = 0; i < s->row_count; i++)
		if (s->rows[i].item.seq == seq)
			return &s->rows[i].item;
	return NULL;
}

static enum ouv_err
check(struct splitting *s)
{
	struct verb_call *call = s->call;
	int count = move_count(call, "item");

	TRY(store_items(call->tx, call->arena, &call->opened->c.id, &s->rows,
		&s->row_count));
	for (int n = 1; n <= count; n++) {
		const struct store_item *item = chosen(s, n);

		if (item == NULL || !may_go(item))
			verb_error(call, settle_field(call, "item", n),
				item == NULL ? "unknown" : "not-consumers");
	}
	if (call->move->party[CONSUMER] == NULL)
		verb_error(call, "item", "no-such-party");
	return call->result->error_count > 0 ? OUV_INVALID : OUV_OK;
}

/* Bytes and document anew: a chunk is sealed in the name of its item. */
static enum ouv_err
copy(struct splitting *s, const struct store_item *from, uint8_t dek[OUV_KEY],
	uint8_t fresh[OUV_KEY])
{
	struct verb_call *call = s->call;
	struct store_item item = *from;
	struct ouv_str doc, raw;

	TRY(open_body(call->desk, call->arena, call->opened, from, dek, &doc));
	TRY(open_raw(call->desk, call->tx, call->arena, &from->id, dek, false,
		&raw));
	ouv_random(fresh, OUV_KEY);
	item.id = ouv_id_new();
	item.why = NULL;
	item.party = item.lane == OUV_LANE_CONSUMER ? s->consumer.party
						    : (struct ouv_id){ { 0 } };
	TRY(casefile_raw(call->desk, call->tx, &item.id, fresh, raw.p, raw.len,
		&item.raw_padded));
	return casefile_item(call->desk, call->tx, call->arena, &s->file, &item,
		fresh, &doc);
}

static enum ouv_err
copy_all(struct splitting *s)
{
	int count = move_count(s->call, "item");

	for (int n = 1; n <= count; n++) {
		uint8_t dek[OUV_KEY] = { 0 }, fresh[OUV_KEY] = { 0 };
		enum ouv_err err = copy(s, chosen(s, n), dek, fresh);

		ouv_wipe(dek, sizeof(dek));
		ouv_wipe(fresh, sizeof(fresh));
		if (err != OUV_OK)
			return err;
	}
	return store_case_touch(s->call->tx, &s->file.id, count, s->call->now);
}

/* ---- the new case ---------------------------------------------------------
 */

static enum ouv_err
make_row(struct splitting *s)
{
	struct verb_call *call = s->call;
	const struct consumer *to = call->move->party[CONSUMER];
	const struct summary summary = { .subject =
						 move_text(call, "matter", 1),
		.name = *to->name != '\0' ? to->name : to->addr,
		.addr = to->addr };

	/* Its public key is certified by whoever splits. */
	casefile_fresh(
		call->desk, call->actor, call->file->lang, &s->file, &s->key);
	s->c.id = s->file.id;
	TRY(casefile_number(
		call, store_split_number, &call->file->id, &s->c.protocol));
	s->file.protocol = s->c.protocol;
	casefile_summary(call->desk, call->arena, &s->file, s->file.csk,
		&summary, &s->c.summary);
	return store_split(call->tx, &call->file->id, &s->c, &s->key);
}

static enum ouv_err
grant(struct splitting *s, const struct ouv_id *person,
	const uint8_t public[OUV_KEY])
{
	struct verb_call *call = s->call;
	struct store_grant row;

	casefile_grant(call->desk, &s->file, person, public,
		&call->actor->person, call->actor->identity->sign, &row);
	return store_grant_add(call->tx, &row, "split");
}

/* Whoever holds a key to the one, and the escrow. */
static enum ouv_err
grant_all(struct splitting *s)
{
	static const struct ouv_id nobody;
	struct verb_call *call = s->call;
	struct colleague *heirs;
	size_t count;

	bool mine = false;

	TRY(grant_heirs(call, &heirs, &count));
	TRY(grant(s, &nobody, call->desk->escrow));
	for (size_t i = 0; i < count; i++) {
		mine |= ouv_id_equal(&heirs[i].id, &call->actor->person);
		TRY(grant(s, &heirs[i].id, heirs[i].pk));
	}
	/* Whose signature counts for nothing makes no case. */
	return mine ? OUV_OK : OUV_REFUSED;
}

/* Its terms begin today. */
static enum ouv_err
begin_clocks(struct splitting *s)
{
	struct verb_call *call = s->call;
	struct ouv_id *list[1] = { &s->file.id };

	TRY(clock_new_cases(call->desk, call->tx, call->arena,
		OUV_ACTION_REGISTER, list[0], 1, call->now));
	TRY(letter_due(call->desk, call->tx, call->now, &s->reply_by));
	return store_case_due(call->tx, &s->file.id, 0, s->reply_by);
}

static enum ouv_err
make_case(struct splitting *s)
{
	struct verb_call *call = s->call;
	const struct consumer *to = call->move->party[CONSUMER];

	TRY(make_row(s));
	TRY(grant_all(s));
	s->consumer = (struct consumer){ .name = to->name,
		.addr = to->addr,
		.lang = to->lang,
		.lang_assumed = to->lang_assumed };
	TRY(casefile_consumer(
		call->desk, call->tx, call->arena, &s->file, &s->consumer));
	TRY(copy_all(s));
	TRY(begin_clocks(s));
	TRY(log_case(call->desk, call->tx, &s->file, &call->actor->person,
		ouv_action_name(OUV_ACTION_SPLIT), &call->file->id));
	return store_link_add(call->tx, &s->file.id, &call->file->id, "split",
		&call->actor->person);
}

static void
tell(struct splitting *s)
{
	struct verb_call *call = s->call;

	settle_one(call, CONSUMER, "new_protocol", json_string(s->c.protocol));
	settle_one(call, CONSUMER, "matter",
		json_string(move_text(call, "matter", 1)));
	settle_one(call, CONSUMER, "reply_by", json_integer(s->reply_by));
	call->object = s->file.id;
	call->result->location = ouv_arena_printf(
		call->arena, "/cases/%s?done=split", s->c.protocol);
}

static enum ouv_err
run(struct verb_call *call)
{
	const char *reason = move_text(call, "reason", 1);
	struct splitting s = { .call = call };
	enum ouv_err err;

	TRY(check(&s));
	if (*reason != '\0')
		call->move->reason = reason;
	err = make_case(&s);
	casefile_wipe(&s.file);
	if (err == OUV_OK)
		tell(&s);
	return err;
}

const struct verb verb_split = { "split", OUV_ACTION_SPLIT, run, false,
	fields };
