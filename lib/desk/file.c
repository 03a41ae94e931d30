/*
 * file.c - the second step of a mail: from bytes to its case
 *
 * A batch is one transaction.  What the database knows of all its mails is
 * asked first; then every mail is decided and written without waiting.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "attribute.h"
#include "ouv/clock.h"
#include "ouv/log.h"

/* One batch on its way. */
struct batch {
	struct ouv_desk *desk;
	struct store_tx *tx;
	struct ouv_arena *arena;
	struct colleague *colleagues;
	size_t colleague_count;
	struct incoming *in;
	size_t count;
	int64_t now;
	int year;
	int64_t protocol;       /* next number */
	struct casefile *files; /* locked or made in this batch */
	size_t file_count;
	bool letters;
};

void
ouv_desk_mail_office(
	const struct ouv_config *config, struct ouv_mail_office *office_out)
{
	*office_out = (struct ouv_mail_office){
		.address = config->office_address,
		.reply_local = config->office_reply_local,
		.authserv_id = *config->mailgw_authserv_id
				       ? config->mailgw_authserv_id
				       : NULL,
	};
}

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
	ouv_ident_token(b->desk->office->k_id, "addr",
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

/* ---- how many acknowledgements may go
 * ---------------------------------------------- */

#define HOUR 3600
#define DAY 86400

static enum ouv_err
limit_acks(struct batch *b)
{
	const struct ouv_config *config = b->desk->office->config;
	const struct ouv_key *k_id = b->desk->office->k_id;
	struct store_rate *rates =
		ouv_arena_array(b->arena, b->count * 3, sizeof(*rates));
	size_t n = 0;

	for (size_t i = 0; i < b->count; i++) {
		struct incoming *in = &b->in[i];
		const char *addr, *at;

		in->ack = in->action == OUV_ACTION_REGISTER && in->mail.may_ack;
		if (!in->ack)
			continue;
		addr = ouv_mail_addr_fold(b->arena, in->mail.from.list[0].addr);
		at = strrchr(addr, '@');
		rates[n] = (struct store_rate){ .scope = "sender",
			.token = in->sender,
			.start_at = b->now - b->now % DAY };
		rates[n + 1] = (struct store_rate){ .scope = "domain",
			.start_at = b->now - b->now % HOUR };
		ouv_ident_token(k_id, "domain", at != NULL ? at + 1 : addr,
			&rates[n + 1].token);
		rates[n + 2] = (struct store_rate){ .scope = "office",
			.start_at = b->now - b->now % HOUR };
		n += 3;
	}
	if (n == 0)
		return OUV_OK;
	TRY(store_rates_add(b->tx, b->arena, rates, n));
	n = 0;
	for (size_t i = 0; i < b->count; i++) {
		if (!b->in[i].ack)
			continue;
		b->in[i].ack =
			rates[n].count <= config->mailgw_acks_sender_day &&
			rates[n + 1].count <= config->mailgw_acks_domain_hour &&
			rates[n + 2].count <= config->mailgw_acks_hour;
		if (!b->in[i].ack)
			b->in[i].reason = "acknowledgement-limit";
		n += 3;
	}
	return OUV_OK;
}

/* ---- files of this batch
 * --------------------------------------------------------------- */

static struct casefile *
file_slot(struct batch *b, const struct ouv_id *id)
{
	for (size_t i = 0; id != NULL && i < b->file_count; i++)
		if (ouv_id_equal(&b->files[i].id, id))
			return &b->files[i];
	return NULL;
}

static enum ouv_err
file_existing(struct batch *b, const struct ouv_id *id, struct casefile **out)
{
	*out = file_slot(b, id);
	if (*out != NULL)
		return OUV_OK;
	TRY(casefile_lock(b->desk, b->tx, b->arena, b->colleagues,
		b->colleague_count, id, &b->files[b->file_count]));
	*out = &b->files[b->file_count++];
	return OUV_OK;
}

static enum ouv_lang
mail_language(const struct batch *b, const struct incoming *in)
{
	enum ouv_lang office = ouv_lang_parse(
		b->desk->office->config->office_language, OUV_LANG_PT_BR);

	return in->understood ? ouv_lang_parse(in->mail.lang, office) : office;
}

static enum ouv_err
file_new(struct batch *b, const struct incoming *in, enum ouv_state state,
	int desk_month, struct casefile **out)
{
	char number[OUV_PROTOCOL_MAX];
	struct store_case c = { .state = state,
		.desk_month = desk_month,
		.lang = ouv_lang_tag(mail_language(b, in)),
		.channel = "email",
		.opened_at = b->now,
		.last_at = b->now,
		.items = in->ack ? 2 : 1 };
	const char *subject = "", *name = "";

	if (state == OUV_STATE_RECEIVED) {
		ouv_protocol_format(b->year, b->protocol++, number);
		c.protocol = ouv_arena_strdup(b->arena, number);
		c.due_at = letter_due(b->now);
	}
	if (in->understood && desk_month == 0) {
		subject = in->mail.subject;
		if (in->mail.from.count > 0)
			name = *in->mail.from.list[0].name
				       ? in->mail.from.list[0].name
				       : in->mail.from.list[0].addr;
	}
	*out = &b->files[b->file_count++];
	return casefile_new(b->desk, b->tx, b->arena, b->colleagues,
		b->colleague_count, &c, subject, name, *out);
}

/* Where mail goes that belongs to no case: one file a month. */
static enum ouv_err
file_of_the_desk(
	struct batch *b, const struct incoming *in, struct casefile **out)
{
	time_t t = (time_t)b->now;
	struct ouv_id id;
	struct tm tm;
	enum ouv_err err;
	int month;

	(void)localtime_r(&t, &tm);
	month = (tm.tm_year + 1900) * 100 + tm.tm_mon + 1;
	for (size_t i = 0; i < b->file_count; i++) {
		if (b->files[i].fresh && b->files[i].desk_month == month) {
			*out = &b->files[i];
			return OUV_OK;
		}
	}
	err = store_desk_file(b->tx, month, &id);
	if (err == OUV_OK)
		return file_existing(b, &id, out);
	if (err != OUV_NOT_FOUND)
		return err;
	TRY(file_new(b, in, OUV_STATE_HELD, month, out));
	(*out)->desk_month = month;
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

/* The row of a new case counts its first items already. */
static enum ouv_err
count_item(struct batch *b, const struct casefile *file)
{
	if (file->items <= file->planned)
		return OUV_OK;
	return store_case_touch(b->tx, &file->id, 1, b->now);
}

static enum ouv_err
add_item(struct batch *b, struct incoming *in, struct casefile *file,
	enum ouv_item_kind kind, const struct ouv_id *party)
{
	struct ouv_filing *filing = in->filing;
	struct ouv_str doc = doc_of(b, in);
	struct store_item item = { .id = filing->id,
		.kind = kind,
		.lane = kind == OUV_ITEM_MAIL_IN && party != NULL
				? OUV_LANE_CONSUMER
				: OUV_LANE_INTERNAL,
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
	return count_item(b, file);
}

static enum ouv_err
add_message_id(struct batch *b, const struct incoming *in,
	const struct casefile *file, const struct ouv_id *party)
{
	struct ouv_id token;

	if (in->mail.message_id == NULL)
		return OUV_OK;
	ouv_ident_token(
		b->desk->office->k_id, "mid", in->mail.message_id, &token);
	return store_ident_add(b->tx, &token, 2, &file->id, party);
}

static enum ouv_err
acknowledge(struct batch *b, struct incoming *in, struct casefile *file,
	const struct consumer *to)
{
	char hex[OUV_ID_HEX];
	struct ouv_id outbox;
	json_t *data;
	struct letter_out letter = { .template = "ack",
		.lang = to->lang,
		.kind = "acknowledgement",
		.automatic = true,
		.in_reply_to = in->mail.message_id,
		.references = in->mail.references,
		.now = b->now };
	enum ouv_err err;

	ouv_id_hex(&file->id, hex);
	letter.dedupe_key = ouv_arena_printf(b->arena, "ack:%s", hex);
	letter.data = data = json_pack("{s:s, s:s, s:b, s:s, s:s, s:b}",
		"protocol", file->protocol, "name", to->name, "has_name",
		*to->name != '\0', "received_on",
		letter_when(b->arena, to->lang, b->now, true), "first_reply_by",
		letter_when(b->arena, to->lang, letter_due(b->now), true),
		"too_large", (int)in->filing->oversize);
	err = letter_queue(
		b->desk, b->tx, b->arena, file, to, &letter, &outbox);
	json_decref(data);
	if (err != OUV_OK)
		return err;
	in->filing->acknowledged = true;
	b->letters = true;
	TRY(count_item(b, file));
	return log_case(b->desk, b->tx, file, NULL, "acknowledge", &outbox);
}

static enum ouv_err
do_register(struct batch *b, struct incoming *in, struct casefile **file_out)
{
	const struct ouv_mail_addr *from = &in->mail.from.list[0];
	struct consumer consumer = { .name = from->name,
		.addr = from->addr,
		.lang = mail_language(b, in) };
	struct casefile *file;

	TRY(file_new(b, in, OUV_STATE_RECEIVED, 0, &file));
	TRY(casefile_consumer(b->desk, b->tx, b->arena, file, &consumer));
	TRY(add_item(b, in, file, OUV_ITEM_MAIL_IN, &consumer.party));
	TRY(add_message_id(b, in, file, &consumer.party));
	TRY(log_case(b->desk, b->tx, file, NULL, "register", &in->filing->id));
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

	TRY(file_existing(b, &in->case_id, &file));
	TRY(add_item(b, in, file, OUV_ITEM_MAIL_IN, &in->party));
	TRY(add_message_id(b, in, file, &in->party));
	TRY(log_case(b->desk, b->tx, file, NULL, "append", &in->filing->id));
	in->filing->outcome = "appended";
	*file_out = file;
	return OUV_OK;
}

/* A delivery report counts only when it names a message of ours. */
static enum ouv_err
note_bounce(struct batch *b, const struct incoming *in)
{
	const struct ouv_id *row =
		!ouv_id_is_zero(&in->verp) ? &in->verp : &in->original;
	const char *status =
		in->mail.dsn_count > 0 ? in->mail.dsn[0].status : "";
	enum ouv_err err;

	if (in->mail.kind != OUV_MAIL_BOUNCE || in->mail.dsn_hard == 0 ||
		ouv_id_is_zero(row))
		return OUV_OK;
	err = store_outbox_bounced(b->tx, row, status);
	return err == OUV_NOT_FOUND ? OUV_OK : err;
}

static enum ouv_err
do_record(struct batch *b, struct incoming *in, struct casefile **file_out)
{
	bool known = in->lead != LEAD_NONE && !in->several;
	struct casefile *file;

	if (known)
		TRY(file_existing(b, &in->case_id, &file));
	else
		TRY(file_of_the_desk(b, in, &file));
	TRY(add_item(b, in, file, OUV_ITEM_AUTO_IN,
		known && in->sender_fits ? &in->party : NULL));
	TRY(note_bounce(b, in));
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

	if (readable)
		TRY(file_new(b, in, OUV_STATE_HELD, 0, &file));
	else
		TRY(file_of_the_desk(b, in, &file));
	TRY(add_item(b, in, file,
		readable ? OUV_ITEM_MAIL_IN : OUV_ITEM_UNPARSED, NULL));
	TRY(log_case(b->desk, b->tx, file, NULL, "hold", &in->filing->id));
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
	TRY(take_numbers(b));
	TRY(limit_acks(b));
	for (size_t i = 0; i < b->count; i++)
		TRY(file_one(b, &b->in[i]));
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
	b.files = ouv_arena_array(arena, count + 1, sizeof(*b.files));
	for (size_t i = 0; i < count; i++)
		b.in[i].filing = &filings[i];
	TRY(store_begin(desk->store, &tx));
	b.tx = tx;
	err = run_batch(&b);
	for (size_t i = 0; i < b.file_count; i++)
		casefile_wipe(&b.files[i]);
	return err != OUV_OK ? err : store_commit(&tx);
}
