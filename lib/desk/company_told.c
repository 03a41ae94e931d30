/*
 * company_told.c - the gateway tells those who answer for a company what was
 * done on their page: an answer was received, a case was handed over
 *
 * The console has no key to anybody's address; what it wrote down is told
 * here, once.
 */
#include <string.h>

#include "member.h"
#include "move.h"
#include "ouv/clock.h"
#include "ouv/log.h"

#define BATCH 50

struct telling {
	struct ouv_desk *desk;
	struct store_tx *tx;
	struct ouv_arena *arena;
	int64_t now;
	char hex[OUV_ID_HEX]; /* what is told; "" : nothing was found */
};

/* ---- an answer ---------------------------------------------------------- */

static enum ouv_err
tell_answer(struct telling *t)
{
	struct act_letter letter = {
		.side = COMPANY, .text = "received-company", .now = t->now
	};
	struct store_member_untold post;
	enum ouv_err err;
	int queued = 0;

	TRY(store_member_untold(t->tx, t->arena, &post));
	ouv_id_hex(&post.id, t->hex);
	letter.case_id = post.case_id;
	letter.dedupe = ouv_arena_printf(t->arena, "posted:%s", t->hex);
	letter.data = json_pack("{s:b}", "is_direct", 0);
	err = act_letter(t->desk, t->tx, t->arena, &letter, &queued);
	json_decref(letter.data);
	TRY(err);
	TRY(store_member_told(t->tx, &post.id));
	return queued > 0 ? store_outbox_notify(t->tx) : OUV_OK;
}

/* ---- a case that was handed over ---------------------------------------- */

struct both_of {
	struct telling *t;
	struct store_member_hand hand;
	struct store_say say;
	struct casefile file;
};

/* Their address in this case.  OUV_NOT_FOUND: the gateway has it no more. */
static enum ouv_err
find_contact(const struct both_of *b, const struct ouv_id *contact,
	struct consumer *to)
{
	const struct telling *t = b->t;
	struct store_capsule *list;
	size_t count;

	TRY(store_capsules(t->tx, t->arena, &b->hand.case_id, &list, &count));
	for (size_t i = 0; i < count; i++) {
		if (!list[i].has_svc ||
			!ouv_id_equal(&list[i].contact, contact))
			continue;
		TRY(svc_capsule(t->desk, t->tx, t->arena, &list[i],
			list[i].box_svc, to));
		/* Also of one who gets no letters any more: the page is
		 * theirs. */
		to->main = true;
		to->contact = *contact;
		return reply_code(t->desk, t->tx, &b->hand.case_id, &to->party,
			b->say.code_version, false, to->code);
	}
	return OUV_NOT_FOUND;
}

static json_t *
data_of(const struct both_of *b, const struct consumer *to, bool to_you)
{
	struct ouv_desk *desk = b->t->desk;
	const bool owed =
		ouv_state_info(b->say.state)->owes == OUV_OWES_COMPANY ||
		ouv_state_info(b->say.state)->owes == OUV_OWES_BOTH;
	json_t *data = json_pack(
		"{s:s, s:s, s:s, s:s, s:s, s:s, s:b, s:b, s:b, s:b, s:b}",
		"protocol", b->file.protocol, "name", to->name, "signature",
		desk->office->config->office_name, "link_url",
		link_url(desk, b->t->arena, to), "giver", b->hand.giver_name,
		"heir", b->hand.heir_name, "to_you", (int)to_you, "keeps",
		(int)b->hand.both, "owes_you", (int)(to_you && owed), "owes_us",
		0, "owes_other", 0);

	if (*b->hand.heir_unit != '\0')
		(void)json_object_set_new(
			data, "heir_unit", json_string(b->hand.heir_unit));
	if (to_you && owed && b->say.due_at != 0)
		(void)json_object_set_new(
			data, "your_by", json_integer(b->say.due_at));
	if (to->page_code == NULL)
		return data;
	(void)json_object_set_new(
		data, "page_code", json_string(to->page_code));
	(void)json_object_set_new(data, "page_url",
		json_string(page_base_url(desk, b->t->arena, true)));
	return data;
}

static enum ouv_err
tell_one(struct both_of *b, const struct ouv_id *contact, bool to_you)
{
	struct telling *t = b->t;
	struct letter_out letter = { .template = "handed-over",
		.kind = "handed-over",
		.automatic = true,
		.lane = OUV_LANE_COMPANY,
		.now = t->now };
	struct consumer to;
	bool queued = false;
	enum ouv_err err = find_contact(b, contact, &to);

	if (err == OUV_NOT_FOUND)
		return OUV_OK;
	TRY(err);
	if (to_you)
		TRY(page_key_contact(
			t->desk, t->tx, t->arena, &b->file, NULL, t->now, &to));
	letter.lang = to.lang;
	letter.dedupe_key =
		ouv_arena_printf(t->arena, "hand:%s:%d", t->hex, (int)to_you);
	letter.data = data_of(b, &to, to_you);
	err = ack_send(t->desk, t->tx, t->arena, &b->file, &to, &letter,
		&b->hand.id, "handed-over", &queued);
	json_decref(letter.data);
	TRY(err);
	return queued ? store_case_touch(t->tx, &b->hand.case_id, 1, t->now)
		      : OUV_OK;
}

static enum ouv_err
find_party(struct both_of *b)
{
	const struct telling *t = b->t;
	struct ouv_id party;
	int version;

	TRY(store_party_side(
		t->tx, &b->hand.case_id, "company", &party, &version));
	return store_say(t->tx, t->arena, &party, &b->say);
}

static enum ouv_err
tell_hand(struct telling *t)
{
	struct both_of b = { .t = t };
	struct colleague *colleagues;
	size_t count;

	TRY(store_member_hand_untold(t->tx, t->arena, &b.hand));
	ouv_id_hex(&b.hand.id, t->hex);
	TRY(keys_colleagues(t->desk, t->tx, t->arena, &colleagues, &count));
	TRY(casefile_lock(t->desk, t->tx, t->arena, colleagues, count,
		&b.hand.case_id, &b.file));
	TRY(find_party(&b));
	TRY(tell_one(&b, &b.hand.heir, true));
	TRY(tell_one(&b, &b.hand.giver, false));
	TRY(store_member_hand_told(t->tx, &b.hand.id));
	return store_outbox_notify(t->tx);
}

/* ---- one after the other ------------------------------------------------ */

static const struct {
	enum ouv_err (*tell)(struct telling *t);
	enum ouv_err (*skip)(struct store_tx *tx, const struct ouv_id *id);
} sorts[] = {
	{ tell_answer, store_member_told },
	{ tell_hand, store_member_hand_told },
};

/* What cannot be told keeps nothing else waiting. */
static enum ouv_err
give_up(struct ouv_desk *desk, size_t sort, const char *hex)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct ouv_id id;

	ouv_log_error("what a company did on its page could not be told by "
		      "mail: %s",
		hex);
	TRY(ouv_id_parse(hex, &id));
	TRY(store_begin(desk->store, &tx));
	TRY(sorts[sort].skip(tx, &id));
	return store_commit(&tx);
}

static enum ouv_err
next(struct ouv_desk *desk, size_t sort)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_WIPE);
	struct telling t = {
		.desk = desk, .arena = arena, .now = ouv_clock_now()
	};
	enum ouv_err err;

	{
		struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;

		TRY(store_begin(desk->store, &tx));
		t.tx = tx;
		err = sorts[sort].tell(&t);
		if (err == OUV_OK)
			err = store_commit(&tx);
	}
	if (err == OUV_OK || err == OUV_TEMPORARY || t.hex[0] == '\0')
		return err;
	return err == OUV_CONFLICT ? OUV_TEMPORARY : give_up(desk, sort, t.hex);
}

enum ouv_err
tick_company(struct ouv_desk *desk, size_t *done_out)
{
	size_t n = 0;

	for (size_t i = 0; i < sizeof(sorts) / sizeof(sorts[0]); i++) {
		enum ouv_err err = OUV_OK;

		while (err == OUV_OK && n < BATCH) {
			err = next(desk, i);
			n += err == OUV_OK;
		}
		if (err != OUV_OK && err != OUV_NOT_FOUND)
			return err;
	}
	*done_out = n;
	return OUV_OK;
}
