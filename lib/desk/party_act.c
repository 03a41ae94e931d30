/*
 * party_act.c - a party's answer becomes an act, or a task for a person
 *
 * Written in the transaction that files the mail and carried out by the
 * clockwork, through the same frame as everything else.  Only a person's own
 * mail is read for a decision: from their reply address, by a sender that is
 * theirs.
 */
#include <string.h>

#include "batch.h"
#include "move.h"
#include "party_say.h"

/* ---- may it be believed? -------------------------------------------------
 */

/*
 * The secret address and the party's own sender.  Where our mail server tells
 * who wrote, it must say so too.
 */
static bool
is_authentic(const struct batch *b, const struct incoming *in)
{
	const struct ouv_config *config = b->desk->office->config;

	if (in->lead != LEAD_ADDRESS || !in->sender_fits)
		return false;
	return *config->mailgw_authserv_id == '\0' ||
	       (in->mail.auth_results != NULL &&
		       auth_says(in->mail.auth_results, "dmarc", "pass"));
}

/* ---- letters --------------------------------------------------------------
 */

/* At this address, else the one that letters go to, else the oldest. */
static enum ouv_err
find_reader(struct ouv_desk *desk, struct store_tx *tx, struct ouv_arena *arena,
	const struct store_say *say, const char *addr, struct consumer *to)
{
	struct store_capsule *list;
	struct consumer one;
	bool found = false;
	size_t count;

	TRY(store_capsules(tx, arena, &say->case_id, &list, &count));
	for (size_t i = 0; i < count; i++) {
		enum ouv_err err;
		bool fits;

		if (!list[i].has_svc ||
			!ouv_id_equal(&list[i].party, &say->party))
			continue;
		err = svc_capsule(
			desk, tx, arena, &list[i], list[i].box_svc, &one);
		if (err == OUV_TEMPORARY)
			return err;
		if (err != OUV_OK)
			continue;
		fits = addr != NULL &&
		       strcmp(ouv_mail_addr_fold(arena, one.addr),
			       ouv_mail_addr_fold(arena, addr)) == 0;
		one.main = list[i].main;
		one.contact = list[i].contact;
		if (!found || fits)
			*to = one;
		found = true;
		if (fits)
			break;
	}
	if (!found)
		return OUV_NOT_FOUND;
	return reply_code(desk, tx, &say->case_id, &say->party,
		say->code_version, false, to->code);
}

static bool
owes(const struct store_say *say, enum ouv_owes who)
{
	enum ouv_owes owes = ouv_state_info(say->state)->owes;

	return owes == who ||
	       (owes == OUV_OWES_BOTH &&
		       (who == OUV_OWES_CONSUMER || who == OUV_OWES_COMPANY));
}

/* What every letter of a case says (templates/case.json). */
static json_t *
common(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct store_say *say, const struct consumer *to)
{
	enum ouv_owes you = say->company ? OUV_OWES_COMPANY : OUV_OWES_CONSUMER;
	enum ouv_owes other =
		say->company ? OUV_OWES_CONSUMER : OUV_OWES_COMPANY;
	json_t *data = json_pack("{s:s, s:s, s:s, s:b, s:b, s:b}", "protocol",
		say->protocol, "name", to->name, "signature",
		desk->office->config->office_name, "owes_you", owes(say, you),
		"owes_us", owes(say, OUV_OWES_OFFICE), "owes_other",
		owes(say, other));

	if (owes(say, you) && say->due_at != 0)
		json_object_set_new(data, "your_by", json_integer(say->due_at));
	json_object_set_new(
		data, "link_url", json_string(link_url(desk, arena, to)));
	return data;
}

/* One automatic letter to a party about a message of theirs, with these flags;
 * each once for its key. */
struct telling {
	const char *template, *dedupe;
	const char *const *flags; /* all that the text knows; NULL at the end */
	const char *set;          /* the one that holds; NULL: none */
	const char *addr;         /* who wrote; NULL: by the link */
	const struct ouv_mail *mail; /* what they wrote; NULL */
	struct ouv_id item;
	int64_t now;
};

static enum ouv_err
tell(struct ouv_desk *desk, struct store_tx *tx, struct ouv_arena *arena,
	struct casefile *file, const struct store_say *say,
	const struct telling *t, bool *queued_out)
{
	struct letter_out letter = { .template = t->template,
		.kind = t->template,
		.dedupe_key = t->dedupe,
		.automatic = true,
		.answers = t->mail != NULL,
		.lane = say->company ? OUV_LANE_COMPANY : OUV_LANE_CONSUMER,
		.now = t->now };
	struct consumer to;
	enum ouv_err err;
	bool known;

	*queued_out = false;
	TRY(store_letter_known(tx, t->dedupe, &known));
	if (known || say->protocol == NULL)
		return OUV_OK;
	err = find_reader(desk, tx, arena, say, t->addr, &to);
	if (err != OUV_OK)
		return err == OUV_NOT_FOUND ? OUV_OK : err;
	letter.lang = to.lang;
	letter.data = common(desk, arena, say, &to);
	for (size_t i = 0; t->flags[i] != NULL; i++)
		json_object_set_new(letter.data, t->flags[i],
			json_boolean(t->set != NULL &&
				     strcmp(t->flags[i], t->set) == 0));
	if (t->mail != NULL)
		ack_thread(t->mail, &letter);
	err = ack_send(desk, tx, arena, file, &to, &letter, &t->item,
		t->template, queued_out);
	json_decref(letter.data);
	return err;
}

/* Once in each state: a second one would say nothing new, and two machines
 * that write like people must not go on for ever. */
static const char *
once(struct ouv_arena *arena, const char *what, const struct store_say *say)
{
	char hex[OUV_ID_HEX];

	ouv_id_hex(&say->party, hex);
	return ouv_arena_printf(
		arena, "%s:%s:%lld", what, hex, (long long)say->moved_at);
}

/* ---- a mail that joins its case -------------------------------------------
 */

struct hearing_of {
	struct batch *b;
	struct incoming *in;
	struct casefile *file;
	const struct store_say *say;
	const struct said *said;
};

static enum ouv_err
open_task(const struct hearing_of *h, const char *kind)
{
	struct store_letter about = { .case_id = h->file->id,
		.item = h->in->filing->id,
		.party = h->in->party };

	return task_open(h->b->desk, h->b->tx, h->b->arena, h->file, &about,
		kind, h->b->now);
}

static enum ouv_err
answer_mail(const struct hearing_of *h, const char *template, const char *what,
	const char *const *flags, const char *set)
{
	struct batch *b = h->b;
	const struct telling t = { .template = template,
		.dedupe = once(b->arena, what, h->say),
		.flags = flags,
		.set = set,
		.addr = h->in->mail.from.list[0].addr,
		.mail = &h->in->mail,
		.item = h->in->filing->id,
		.now = b->now };
	bool queued;

	if (!h->in->mail.may_ooo)
		return OUV_OK;
	TRY(tell(b->desk, b->tx, b->arena, h->file, h->say, &t, &queued));
	if (!queued)
		return OUV_OK;
	b->letters = true;
	return batch_count_item(b, h->file);
}

static enum ouv_err
hear_nothing(const struct hearing_of *h)
{
	(void)h;
	return OUV_OK;
}

static enum ouv_err
hear_act(const struct hearing_of *h)
{
	const struct store_party_act act = { .id = ouv_id_new(),
		.case_id = h->file->id,
		.party = h->in->party,
		.item = h->in->filing->id,
		.action = ouv_action_name(h->said->action),
		.choice = h->said->choice,
		.source = "mail",
		.at = h->b->now };

	return store_party_act_add(h->b->tx, &act);
}

/* The company has written: what it owes waits until a person has read it. */
static enum ouv_err
hear_answer(const struct hearing_of *h)
{
	static const char *const flags[] = { "is_direct", NULL };

	TRY(open_task(h, "read-answer"));
	if (h->say->state == OUV_STATE_COMPANY)
		TRY(clock_pause(h->b->desk, h->b->tx, h->b->arena, &h->file->id,
			OUV_CLOCK_COMPANY, h->b->now));
	return answer_mail(h, "received-company", "received", flags,
		h->in->direct_copy ? "is_direct" : NULL);
}

static enum ouv_err
hear_look(const struct hearing_of *h)
{
	return open_task(h, "read-decision");
}

/* What act-unclear asks for, by state and side. */
static const char *const unclear_flags[] = { "is_evaluation", "is_options",
	"is_plan", "is_not_now", NULL };

static const char *
unclear_flag(enum ouv_state state)
{
	static const char *const flags[OUV_STATE__COUNT] = {
		[OUV_STATE_CONSUMER] = "is_evaluation",
		[OUV_STATE_PROPOSAL] = "is_options",
		[OUV_STATE_PLAN] = "is_plan",
	};

	return flags[state];
}

static enum ouv_err
hear_unclear(const struct hearing_of *h)
{
	TRY(open_task(h, "read-decision"));
	return answer_mail(h, "act-unclear", "unclear", unclear_flags,
		unclear_flag(h->say->state));
}

static enum ouv_err (*const hears[])(const struct hearing_of *h) = {
	[SAY_NOTHING] = hear_nothing,
	[SAY_ACT] = hear_act,
	[SAY_ANSWER] = hear_answer,
	[SAY_LOOK] = hear_look,
	[SAY_UNCLEAR] = hear_unclear,
};

void
say_ask_of(const struct store_say *say, const char *text, struct say_ask *ask)
{
	*ask = (struct say_ask){ .state = say->state,
		.company = say->company,
		.options = say->options,
		.chosen = say->chosen,
		.asked = say->asked,
		.hearing = say->hearing,
		.text = text };
}

/* What is asked here stays so: the case is locked, and no mail of this batch
 * changes it. */
enum ouv_err
say_find(struct batch *b)
{
	struct ouv_id *parties =
		ouv_arena_array(b->arena, b->count, sizeof(*parties));
	struct store_say *says =
		ouv_arena_array(b->arena, b->count, sizeof(*says));
	size_t n = 0;

	for (size_t i = 0; i < b->count; i++) {
		struct incoming *in = &b->in[i];
		struct casefile *file;

		in->say = NULL;
		if (in->action != OUV_ACTION_APPEND ||
			in->mail.kind != OUV_MAIL_HUMAN)
			continue;
		TRY(batch_existing(b, &in->case_id, &file));
		if (!party_say_listens(file->state, in->company))
			continue;
		in->say = &says[n];
		parties[n++] = in->party;
	}
	return store_says(b->tx, b->arena, parties, n, says);
}

enum ouv_err
say_filed(struct batch *b, struct incoming *in, struct casefile *file)
{
	struct say_ask ask;
	struct said said;
	struct hearing_of h = { b, in, file, in->say, &said };

	if (in->say == NULL || ouv_id_is_zero(&in->say->party))
		return OUV_OK;
	say_ask_of(in->say, in->mail.reply_text, &ask);
	party_say(b->arena, &ask, &said);
	if (said.kind != SAY_NOTHING && !is_authentic(b, in))
		said.kind = SAY_LOOK;
	return hears[said.kind](&h);
}

/* ---- what became of it ----------------------------------------------------
 */

/* Acts whose move has no letter of its own: the party hears that it is in. */
static const struct {
	enum ouv_action action;
	const char *flag;
} noted[] = {
	{ OUV_ACTION_COMMENT, "is_comment" },
	{ OUV_ACTION_ASK_EXTENSION, "is_extension" },
	{ OUV_ACTION_RATE, "is_rating" },
	{ OUV_ACTION_ATTEST, "is_attest" },
};
static const char *const noted_flags[] = { "is_comment", "is_extension",
	"is_rating", "is_attest", NULL };

static const char *
noted_flag(enum ouv_action action)
{
	for (size_t i = 0; i < sizeof(noted) / sizeof(noted[0]); i++)
		if (noted[i].action == action)
			return noted[i].flag;
	return NULL;
}

static enum ouv_err
tell_party(struct ouv_desk *desk, struct store_tx *tx, struct ouv_arena *arena,
	const struct act *act, const struct store_say *say,
	const struct telling *t)
{
	struct colleague *colleagues;
	struct casefile file;
	size_t count;
	bool queued;

	TRY(keys_colleagues(desk, tx, arena, &colleagues, &count));
	TRY(casefile_lock(
		desk, tx, arena, colleagues, count, &act->case_id, &file));
	TRY(tell(desk, tx, arena, &file, say, t, &queued));
	if (!queued)
		return OUV_OK;
	TRY(store_case_touch(tx, &act->case_id, 1, act->now));
	return store_outbox_notify(tx);
}

enum ouv_err
party_act_ran(struct ouv_desk *desk, struct store_tx *tx,
	struct ouv_arena *arena, const struct act *act, enum ouv_err err)
{
	struct telling t = { .item = act->item, .now = act->now };
	struct store_say say;
	enum ouv_err found;
	char hex[OUV_ID_HEX];

	if (ouv_id_is_zero(&act->party) || ouv_id_is_zero(&act->item))
		return OUV_OK;
	found = store_say(tx, arena, &act->party, &say);
	if (found != OUV_OK)
		return found == OUV_NOT_FOUND ? OUV_OK : found;
	if (err == OUV_OK) {
		/* What closed the case has told it by its own letter. */
		t.set = say.state == OUV_STATE_CLOSED &&
					act->action == OUV_ACTION_ATTEST
				? NULL
				: noted_flag(act->action);
		if (t.set == NULL)
			return OUV_OK;
		ouv_id_hex(&act->item, hex);
		t.template = "act-noted";
		t.flags = noted_flags;
		t.dedupe = ouv_arena_printf(arena, "noted:%s", hex);
	} else {
		t.template = "act-unclear";
		t.flags = unclear_flags;
		t.set = "is_not_now";
		t.dedupe = once(arena, "not-now", &say);
	}
	return tell_party(desk, tx, arena, act, &say, &t);
}
