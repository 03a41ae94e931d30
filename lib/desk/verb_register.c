/*
 * verb_register.c - a held case becomes an ordinary one, with a number
 *
 * As the gateway does it when it has no doubt.  What a message could not be
 * read for, the person tells; then no answer goes by itself.
 */
#include <string.h>
#include <time.h>

#include "page_seal.h"

#define NAME_MOST 200
#define SUBJECT_MOST 200

struct registering {
	struct verb_call *call;
	struct store_item *items;
	size_t count;
	struct ouv_mail mail; /* the first message */
	bool by_hand;
	struct consumer consumer;
	struct store_case c;
};

static void
read_hand(struct registering *r)
{
	struct verb_call *call = r->call;
	const char *addr = held_text(call, "from_addr", 254, true);
	const char *subject = held_text(call, "subject", SUBJECT_MOST, true);
	struct summary summary;

	r->consumer.addr = addr;
	r->consumer.name = held_text(call, "from_name", NAME_MOST, true);
	if (*addr == '\0')
		verb_error(call, "from_addr", "empty");
	else if (!ouv_mail_addr_ok(addr))
		verb_error(call, "from_addr", "not-an-address");
	if (*subject == '\0')
		verb_error(call, "subject", "empty");
	if (call->result->error_count > 0)
		return;
	summary.subject = subject;
	summary.name = *r->consumer.name != '\0' ? r->consumer.name : addr;
	summary.addr = addr;
	casefile_summary(call->desk, call->arena, call->file, call->opened->csk,
		&summary, &r->c.summary);
}

static void
read_sender(struct registering *r)
{
	const struct ouv_mail_addrs *from = &r->mail.from;

	r->by_hand = r->items[0].kind != OUV_ITEM_MAIL_IN || from->count == 0 ||
		     !ouv_mail_addr_ok(from->list[0].addr);
	if (r->by_hand) {
		read_hand(r);
		return;
	}
	r->consumer.addr = from->list[0].addr;
	r->consumer.name = from->list[0].name;
}

/* Message-IDs, so that what answers them finds the case. */
static enum ouv_err
add_names(struct registering *r)
{
	struct verb_call *call = r->call;

	for (size_t i = 0; i < r->count; i++) {
		struct ouv_mail mail;
		struct store_token token;

		if (open_doc(call->desk, call->arena, call->opened,
			    &r->items[i], &mail) != OUV_OK ||
			mail.message_id == NULL)
			continue;
		ident_make(call->desk->office, "mid", mail.message_id, &token);
		TRY(store_ident_add(call->tx, &token, STORE_IDENT_MESSAGE,
			&call->file->id, &r->consumer.party));
	}
	return OUV_OK;
}

/* A flood and a sender that may be forged are not answered by a machine. */
static bool
may_answer(const struct registering *r)
{
	static const char *const silent[] = { "burst",
		"authentication-failed" };
	const char *why = r->items[0].why != NULL ? r->items[0].why : "";

	for (size_t i = 0; i < sizeof(silent) / sizeof(silent[0]); i++)
		if (strcmp(silent[i], why) == 0)
			return false;
	return !r->by_hand && r->count == 1 && r->mail.may_ack;
}

static enum ouv_err
acknowledge(struct registering *r)
{
	struct verb_call *call = r->call;
	struct ack_ask ask = { .addr = r->consumer.addr };
	struct ack_facts facts = { .mail = &r->mail,
		.item = r->items[0].id,
		.received_at = r->items[0].at,
		.now = call->now };
	bool queued;

	if (!may_answer(r))
		return OUV_OK;
	ident_count(call->desk->office, "addr",
		ouv_mail_addr_fold(call->arena, ask.addr), &ask.sender);
	TRY(ack_away(call->desk, call->tx, call->now, &ask.sender, &facts));
	TRY(ack_allow(call->desk, call->tx, call->arena, call->now, &ask, 1));
	if (!ask.allowed)
		return OUV_OK;
	TRY(page_key_consumer(call->desk, call->tx, call->arena, call->file,
		call->actor, true, call->now, &r->consumer));
	TRY(ack_queue(call->desk, call->tx, call->arena, call->file,
		&r->consumer, &facts, &queued));
	if (!queued)
		return OUV_OK;
	TRY(store_case_touch(call->tx, &call->file->id, 1, call->now));
	return store_outbox_notify(call->tx);
}

static enum ouv_err
run(struct verb_call *call)
{
	enum ouv_lang office = ouv_lang_parse(
		call->desk->office->config->office_language, OUV_LANG_PT_BR);
	struct registering r = { .call = call };
	size_t remaining;

	TRY(held_messages(call, &r.items, &r.count, &remaining));
	if (remaining > 0) { /* the whole case, or nothing */
		verb_error(call, "item", "unknown");
		return OUV_INVALID;
	}
	TRY(open_doc(
		call->desk, call->arena, call->opened, &r.items[0], &r.mail));
	r.consumer.lang = ouv_lang_parse(r.mail.lang, office);
	r.consumer.lang_assumed =
		ouv_lang_parse(r.mail.lang, OUV_LANG__COUNT) == OUV_LANG__COUNT;
	read_sender(&r);
	if (call->result->error_count > 0)
		return OUV_INVALID;
	r.c.id = call->file->id;
	r.c.lang = ouv_lang_tag(r.consumer.lang);
	TRY(letter_due(call->desk, call->tx, call->now, &r.c.due_at));
	TRY(casefile_number(
		call, store_held_number, &call->file->id, &r.c.protocol));
	call->file->protocol = r.c.protocol;
	TRY(casefile_consumer(
		call->desk, call->tx, call->arena, call->file, &r.consumer));
	TRY(store_held_register(call->tx, &r.c, &r.consumer.party));
	TRY(add_names(&r));
	TRY(acknowledge(&r));
	TRY(page_catch_up(call->desk, call->tx, call->arena, call->opened));
	call->result->location = ouv_arena_printf(
		call->arena, "/cases/%s?done=register", r.c.protocol);
	return OUV_OK;
}

const struct verb verb_register = { "register", OUV_ACTION_REGISTER, run, false,
	NULL };
