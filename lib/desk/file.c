/*
 * file.c - the second step of a mail: from bytes to its case
 *
 * A batch is one transaction.  What the database knows of all its mails is
 * asked first; then every mail is decided and written without waiting.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "batch.h"
#include "clock.h"
#include "ouv/clock.h"
#include "ouv/log.h"

/* ---- understanding
 * -------------------------------------------------------------- */

static void
read_doc(struct batch *b, struct incoming *in)
{
	const struct ouv_filing *filing = in->filing;

	in->understood =
		filing->failure == NULL && filing->doc.len > 0 &&
		ouv_mail_unpack(b->arena, filing->doc, &in->mail) == OUV_OK &&
		in->mail.size == filing->len;
	if (!in->understood || in->mail.from.count == 0 ||
		*in->mail.from.list[0].addr == '\0')
		return;
	ident_make(b->desk->office, "addr",
		ouv_mail_addr_fold(b->arena, in->mail.from.list[0].addr),
		&in->sender);
}

/* Our own letters, come back by a forward or a loop. */
static void
note_own(struct batch *b, struct incoming *in)
{
	struct ouv_id row;
	const char *id = in->mail.message_id;
	const char *at = id != NULL ? strchr(id, '@') : NULL;

	if (at == NULL || ouv_message_name_read(b->desk->office->k_tok, "mid",
				  id, (size_t)(at - id), &row) != OUV_OK)
		return;
	in->mail.kind = OUV_MAIL_OWN;
	in->mail.may_case = in->mail.may_ack = in->mail.may_ooo = false;
}

/* ---- how many automatic answers may go
 * ---------------------------------------------- */

static enum ouv_err
limit_answers(struct batch *b)
{
	struct ack_ask *asks =
		ouv_arena_array(b->arena, b->count, sizeof(*asks));
	size_t n = 0;

	for (size_t i = 0; i < b->count; i++) {
		struct incoming *in = &b->in[i];

		in->ack = in->action == OUV_ACTION_REGISTER && in->mail.may_ack;
		if (in->ack || in->note)
			asks[n++] =
				(struct ack_ask){ .sender = in->sender.before,
					.addr = in->mail.from.list[0].addr };
	}
	if (n == 0)
		return OUV_OK;
	TRY(ack_allow(b->desk, b->tx, b->arena, b->now, asks, n));
	n = 0;
	for (size_t i = 0; i < b->count; i++) {
		struct incoming *in = &b->in[i];
		bool allowed;

		if (!in->ack && !in->note)
			continue;
		allowed = asks[n++].allowed;
		if (in->ack && !allowed)
			in->reason = "acknowledgement-limit";
		in->ack = in->ack && allowed;
		in->note = in->note && allowed;
	}
	return OUV_OK;
}

/* ---- one mail
 * -------------------------------------------------------------------------- */

/* A document for what could not be read, so that a person sees why. */
static struct ouv_str
doc_of(struct batch *b, const struct incoming *in)
{
	struct ouv_mail mail = { .subject = "",
		.text = "",
		.reply_text = "",
		.lang = "und",
		.size = in->filing->len };
	struct ouv_buf doc;

	if (in->understood)
		return in->filing->doc;
	ouv_mail_sha256(in->filing->raw, in->filing->len, mail.sha256);
	ouv_buf_init(&doc, b->arena, 1024);
	ouv_mail_pack(&mail, &doc);
	return (struct ouv_str){ doc.data, doc.len };
}

/* What a party wrote is in its own lane; the other never sees it there. */
static enum ouv_lane
lane_of(const struct incoming *in, enum ouv_item_kind kind,
	const struct ouv_id *party)
{
	if (kind != OUV_ITEM_MAIL_IN || party == NULL)
		return OUV_LANE_INTERNAL;
	return in->company ? OUV_LANE_COMPANY : OUV_LANE_CONSUMER;
}

static enum ouv_err
add_item(struct batch *b, struct incoming *in, struct casefile *file,
	enum ouv_item_kind kind, const struct ouv_id *party)
{
	struct ouv_filing *filing = in->filing;
	struct ouv_str doc = doc_of(b, in);
	struct store_item item = { .id = filing->id,
		.kind = kind,
		.lane = lane_of(in, kind, party),
		.at = b->now,
		.why = filing->oversize ? "oversize"
		       : filing->failure != NULL && !in->understood
			       ? filing->failure
			       : in->reason,
		.raw_padded = (int64_t)ouv_padme(filing->len + 1) };

	if (party != NULL)
		item.party = *party;
	TRY(casefile_item(
		b->desk, b->tx, b->arena, file, &item, filing->dek, &doc));
	return batch_count_item(b, file);
}

/* What later mail is known by: this message's name, and who was in copy. */
static enum ouv_err
add_names(struct batch *b, const struct incoming *in,
	const struct casefile *file, const struct ouv_id *party)
{
	struct store_token token;

	for (size_t i = 0; i < in->other_count; i++)
		TRY(store_ident_add(b->tx, &in->others[i], STORE_IDENT_COPY,
			&file->id, party));
	if (in->mail.message_id == NULL)
		return OUV_OK;
	ident_make(b->desk->office, "mid", in->mail.message_id, &token);
	return store_ident_add(
		b->tx, &token, STORE_IDENT_MESSAGE, &file->id, party);
}

/* Where it may belong, kept for the person who decides. */
static void
add_guesses(struct batch *b, const struct incoming *in)
{
	for (size_t i = 0; i < in->candidate_count; i++)
		b->guesses[b->guess_count++] =
			(struct store_guess){ .item = in->filing->id,
				.case_id = in->candidates[i].case_id,
				.party = in->candidates[i].party,
				.n = (int)i,
				.lead = lead_name(in->candidates[i].kind) };
}

static enum ouv_err
acknowledge(struct batch *b, struct incoming *in, struct casefile *file,
	const struct consumer *to)
{
	struct ack_facts facts = { .mail = &in->mail,
		.item = in->filing->id,
		.away = in->away,
		.former = in->former_protocol,
		.former_erased = in->former_erased,
		.received_at = b->now,
		.now = b->now,
		.oversize = in->filing->oversize };
	bool queued;

	TRY(ack_queue(b->desk, b->tx, b->arena, file, to, &facts, &queued));
	if (!queued) { /* the row of the case has counted it already */
		file->planned--;
		return store_case_touch(b->tx, &file->id, -1, b->now);
	}
	in->filing->acknowledged = true;
	b->letters = true;
	return batch_count_item(b, file);
}

static enum ouv_err
do_register(struct batch *b, struct incoming *in, struct casefile **file_out)
{
	const struct ouv_mail_addr *from = &in->mail.from.list[0];
	struct consumer consumer = { .name = from->name,
		.addr = from->addr,
		.lang = batch_language(b, in),
		.lang_assumed = ouv_lang_parse(in->mail.lang,
					OUV_LANG__COUNT) == OUV_LANG__COUNT };
	struct casefile *file;

	TRY(batch_new(b, in, OUV_STATE_RECEIVED, 0, &file));
	TRY(casefile_consumer(b->desk, b->tx, b->arena, file, &consumer));
	if (in->ack) /* the letter that brings it */
		TRY(page_key_consumer(b->desk, b->tx, b->arena, file, NULL,
			true, b->now, &consumer));
	TRY(add_item(b, in, file, OUV_ITEM_MAIL_IN, &consumer.party));
	TRY(add_names(b, in, file, &consumer.party));
	TRY(log_case(b->desk, b->tx, file, NULL, "register", &in->filing->id));
	TRY(late_follow(b, in, file));
	add_guesses(b, in); /* other cases of this address */
	if (in->ack)
		TRY(acknowledge(b, in, file, &consumer));
	in->filing->outcome = "created";
	*file_out = file;
	return OUV_OK;
}

static enum ouv_err
do_append(struct batch *b, struct incoming *in, struct casefile **file_out)
{
	struct casefile *file;

	TRY(batch_existing(b, &in->case_id, &file));
	/* Erased since we looked: the next look, at this mail alone, finds no
	 * such case; were it not so, it is counted, and a person sees it. */
	if (file->state == OUV_STATE_ERASED)
		return OUV_CONFLICT;
	TRY(add_item(b, in, file, OUV_ITEM_MAIL_IN, &in->party));
	TRY(add_names(b, in, file, &in->party));
	TRY(log_case(b->desk, b->tx, file, NULL, "append", &in->filing->id));
	TRY(late_ask(b, in, file));
	TRY(say_filed(b, in, file));
	TRY(note_send(b, in, file));
	in->filing->outcome = "appended";
	*file_out = file;
	return OUV_OK;
}

static enum ouv_err
do_record(struct batch *b, struct incoming *in, struct casefile **file_out)
{
	bool known = in->lead != LEAD_NONE && !in->several;
	struct casefile *file;

	if (known)
		TRY(batch_existing(b, &in->case_id, &file));
	/* Of an erased case nobody could open it. */
	known = known && file->state != OUV_STATE_ERASED;
	if (!known)
		TRY(batch_desk_file(b, in, &file));
	TRY(add_item(b, in, file, OUV_ITEM_AUTO_IN,
		known && in->sender_fits ? &in->party : NULL));
	TRY(bounce_note(b, in));
	TRY(log_case(b->desk, b->tx, file, NULL, "record", &in->filing->id));
	in->filing->outcome = "recorded";
	*file_out = file;
	return OUV_OK;
}

static enum ouv_err
do_hold(struct batch *b, struct incoming *in, struct casefile **file_out)
{
	bool readable = in->understood && in->mail.ok;
	struct casefile *file;

	if (in->burst != NULL)
		TRY(burst_file(b, in, &file));
	else
		TRY(batch_new(b, in, OUV_STATE_HELD, 0, &file));
	TRY(add_item(b, in, file,
		readable ? OUV_ITEM_MAIL_IN : OUV_ITEM_UNPARSED, NULL));
	TRY(log_case(b->desk, b->tx, file, NULL, "hold", &in->filing->id));
	add_guesses(b, in);
	in->filing->outcome = "held";
	*file_out = file;
	return OUV_OK;
}

typedef enum ouv_err step_fn(
	struct batch *b, struct incoming *in, struct casefile **file_out);
static step_fn *const steps[OUV_ACTION__COUNT] = {
	[OUV_ACTION_REGISTER] = do_register,
	[OUV_ACTION_APPEND] = do_append,
	[OUV_ACTION_RECORD] = do_record,
	[OUV_ACTION_HOLD] = do_hold,
};

static enum ouv_err
file_one(struct batch *b, struct incoming *in)
{
	struct ouv_filing *filing = in->filing;
	struct casefile *file;

	TRY(steps[in->action](b, in, &file));
	filing->protocol = file->protocol;
	filing->reason = in->reason;
	filing->automatic = in->understood && in->mail.kind != OUV_MAIL_HUMAN
				    ? ouv_mail_class_name(in->mail.kind)
				    : NULL;
	return store_inbound_filed(b->tx, &filing->id, filing->epoch,
		filing->failure != NULL && !in->understood ? "quarantine"
							   : "filed",
		&file->id, filing->outcome,
		filing->oversize ? "oversize" : filing->failure);
}

/* ---- the batch
 * -----------------------------------------------------------------------------
 */

static enum ouv_err
take_numbers(struct batch *b)
{
	time_t t = (time_t)b->now;
	struct tm tm;
	int wanted = 0;

	for (size_t i = 0; i < b->count; i++)
		wanted += b->in[i].action == OUV_ACTION_REGISTER;
	(void)localtime_r(&t, &tm);
	b->year = tm.tm_year + 1900;
	if (wanted == 0)
		return OUV_OK;
	return store_protocol_take(b->tx, b->year, wanted, &b->protocol);
}

static enum ouv_err
run_batch(struct batch *b)
{
	for (size_t i = 0; i < b->count; i++) {
		read_doc(b, &b->in[i]);
		if (b->in[i].understood)
			note_own(b, &b->in[i]);
	}
	TRY(keys_colleagues(
		b->desk, b->tx, b->arena, &b->colleagues, &b->colleague_count));
	TRY(attribute(b->desk, b->tx, b->arena, b->in, b->count));
	for (size_t i = 0; i < b->count; i++)
		attribute_decide(&b->in[i]);
	TRY(late_find(b));
	/* Rows that others wait for are locked in this order everywhere: counts
	 * of mails, their cases, the number, who was told, counts of letters.
	 */
	TRY(burst_find(b));
	TRY(take_numbers(b));
	TRY(note_find(b));
	TRY(limit_answers(b));
	TRY(say_find(b));
	TRY(batch_readers(b));
	for (size_t i = 0; i < b->count; i++)
		TRY(file_one(b, &b->in[i]));
	TRY(page_pile_write(b->tx, &b->pile));
	TRY(store_guesses_add(b->tx, b->guesses, b->guess_count));
	TRY(clock_new_cases(b->desk, b->tx, b->arena, OUV_ACTION_REGISTER,
		b->opened[0], b->opened_count[0], b->now));
	TRY(clock_new_cases(b->desk, b->tx, b->arena, OUV_ACTION_HOLD,
		b->opened[1], b->opened_count[1], b->now));
	if (b->letters)
		TRY(store_outbox_notify(b->tx));
	return OUV_OK;
}

enum ouv_err
ouv_desk_file(struct ouv_desk *desk, struct ouv_arena *arena,
	struct ouv_filing *filings, size_t count)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct batch b = { .desk = desk,
		.arena = arena,
		.count = count,
		.now = ouv_clock_now() };
	enum ouv_err err;

	b.in = ouv_arena_array(arena, count, sizeof(*b.in));
	/* Each mail has its case; a report may name a letter of another, and a
	 * flood one that was closed meanwhile. */
	b.files = ouv_arena_array(arena, 3 * count + 1, sizeof(*b.files));
	b.guesses =
		ouv_arena_array(arena, count * CANDIDATES, sizeof(*b.guesses));
	for (int held = 0; held < 2; held++)
		b.opened[held] = ouv_arena_array(
			arena, 2 * count, sizeof(*b.opened[held]));
	for (size_t i = 0; i < count; i++)
		b.in[i].filing = &filings[i];
	TRY(store_begin(desk->store, &tx));
	b.tx = tx;
	err = run_batch(&b);
	for (size_t i = 0; i < b.file_count; i++)
		casefile_wipe(&b.files[i]);
	return err != OUV_OK ? err : store_commit(&tx);
}
