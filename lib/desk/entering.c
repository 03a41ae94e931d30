/*
 * entering.c - a case that a colleague enters, of what came by letter, by
 * telephone or otherwise than by mail
 */
#include <string.h>
#include <stdio.h>

#include "entering.h"
#include "ouv/number.h"
#include "page_seal.h"
#include "ouv/post.h"

#define OLDEST_DAYS 366
#define NOON 43200
/* Of whoever has no address: one that can never be (RFC 6761, 6.4). */
#define NO_ADDRESS "no-address@ouvidoria.invalid"

/* ---- what was typed --------------------------------------------------------
 */

const char *
entering_word(
	struct verb_call *call, const char *field, const char *const *words)
{
	const char *value = verb_field(call, field);

	for (; *words != NULL; words++)
		if (strcmp(*words, value) == 0)
			return *words;
	verb_error(call, field, *value == '\0' ? "empty" : "unknown");
	return "";
}

/* "14:05" or "9:30"; false: it is none. */
static bool
read_time(const char *text, int32_t *secs_out)
{
	int hour, minute;

	if (!ouv_number(&text, 0, 23, &hour) || !ouv_passed(&text, ':') ||
		!ouv_number(&text, 0, 59, &minute) || *text != '\0')
		return false;
	*secs_out = hour * 3600 + minute * 60;
	return true;
}

static enum ouv_err
read_moment(struct entering *e, const struct ouv_calendar *calendar,
	int32_t day, int32_t today)
{
	struct verb_call *call = e->call;
	const char *text = verb_field(call, "arrived_time");
	int32_t secs = NOON;

	if (*text == '\0') {
		if (day < today)
			e->arrived_at =
				ouv_calendar_instant(calendar, day, NOON);
		return OUV_OK;
	}
	if (!read_time(text, &secs))
		verb_error(call, "arrived_time", "not-a-time");
	else if (ouv_calendar_instant(calendar, day, secs) > call->now)
		verb_error(call, "arrived_time", "future");
	else
		e->arrived_at = ouv_calendar_instant(calendar, day, secs);
	return OUV_OK;
}

enum ouv_err
entering_arrived(struct entering *e, bool timed)
{
	struct verb_call *call = e->call;
	const char *text = verb_field(call, "arrived");
	const struct ouv_calendar *calendar;
	int32_t day = 0, today;

	TRY(calendar_live(call->desk, call->tx, NULL, &calendar));
	today = ouv_calendar_day(calendar, call->now, NULL);
	e->arrived_at = call->now;
	if (*text == '\0')
		verb_error(call, "arrived", "empty");
	else if (!ouv_day_read(text, &day))
		verb_error(call, "arrived", "not-a-date");
	else if (day > today)
		verb_error(call, "arrived", "future");
	else if (day < today - OLDEST_DAYS)
		verb_error(call, "arrived", "too-long-ago");
	else if (timed)
		return read_moment(e, calendar, day, today);
	else if (day < today)
		e->arrived_at = ouv_calendar_instant(calendar, day, NOON);
	return OUV_OK;
}

/* Digits enough for a number, and what one writes between them. */
bool
entering_is_phone(const char *text)
{
	size_t digits = 0;

	for (; *text != '\0'; text++) {
		digits += *text >= '0' && *text <= '9';
		if ((*text < '0' || *text > '9') &&
			strchr(" +-()./", *text) == NULL)
			return false;
	}
	return digits >= 3 && digits <= 20;
}

void
entering_who(struct entering *e)
{
	struct verb_call *call = e->call;
	const char *lang = verb_field(call, "lang");
	const char *phone = e->phone_will_do ? verb_field(call, "phone") : "";

	e->who.name = field_words(call, "name", ENTER_LINE, true, true);
	e->who.addr = field_words(call, "addr", ENTER_ADDR, true, false);
	e->postal = field_words(call, "postal", ENTER_POSTAL, false, false);
	e->who.postal = ouv_post_address(call->arena, e->postal);
	if (e->who.postal == NULL)
		verb_error(call, "postal", "not-an-envelope");
	if (*phone != '\0' && !entering_is_phone(phone))
		verb_error(call, "phone", "not-a-phone");
	if (*e->who.addr == '\0' && *e->postal == '\0' && *phone == '\0')
		verb_error(call, "addr",
			e->phone_will_do ? "no-way-back" : "no-address");
	else if (*e->who.addr != '\0' && !ouv_mail_addr_ok(e->who.addr))
		verb_error(call, "addr", "not-an-address");
	e->who.lang = ouv_lang_parse(lang, OUV_LANG__COUNT);
	if (e->who.lang == OUV_LANG__COUNT) {
		e->who.lang = OUV_LANG_PT_BR;
		verb_error(call, "lang", *lang == '\0' ? "empty" : "unknown");
	}
}

/* ---- who gets its key ------------------------------------------------------
 */

static bool
holds(const struct entering *e, const struct ouv_id *person)
{
	for (size_t i = 0; i < e->holder_count; i++)
		if (ouv_id_equal(&e->holders[i].id, person))
			return true;
	return false;
}

static enum ouv_err
add_holder(struct entering *e, const struct ouv_id *person)
{
	struct verb_call *call = e->call;
	const struct colleague *one;

	if (holds(e, person))
		return OUV_OK;
	TRY(keys_colleague(call->desk, call->tx, call->arena, person, &one));
	e->holders[e->holder_count++] = *one;
	return OUV_OK;
}

/* Those on the desk, and whoever enters it. */
static enum ouv_err
find_holders(struct entering *e)
{
	struct verb_call *call = e->call;
	const struct ouv_id *me = &call->actor->person;
	struct colleague *all;
	size_t count;

	TRY(keys_colleagues(call->desk, call->tx, call->arena, &all, &count));
	e->holders =
		ouv_arena_array(call->arena, count + 2, sizeof(*e->holders));
	for (size_t i = 0; i < count; i++)
		if (all[i].desk && !holds(e, &all[i].id))
			e->holders[e->holder_count++] = all[i];
	TRY(add_holder(e, me));
	return ouv_id_is_zero(&e->also) ? OUV_OK : add_holder(e, &e->also);
}

/* One alone is too few: of those who can open it, now that whoever is tied to
 * the consumer has no key and who never logged in is not counted. */
static enum ouv_err
enough(struct entering *e)
{
	static const struct ouv_id nobody;
	struct verb_call *call = e->call;
	int holders;

	TRY(store_grant_others(call->tx, &e->file.id, &nobody, &holders));
	if (holders >= 2)
		return OUV_OK;
	verb_error(call, "name", "few-holders");
	return OUV_INVALID;
}

static enum ouv_err
add_grants(struct entering *e)
{
	static const struct ouv_id escrow;
	struct verb_call *call = e->call;
	const struct ouv_actor *actor = call->actor;
	struct store_grant *rows = ouv_arena_array(
		call->arena, e->holder_count + 1, sizeof(*rows));

	casefile_grant(call->desk, &e->file, &escrow, call->desk->escrow,
		&actor->person, actor->identity->sign, &rows[0]);
	for (size_t i = 0; i < e->holder_count; i++)
		casefile_grant(call->desk, &e->file, &e->holders[i].id,
			e->holders[i].pk, &actor->person, actor->identity->sign,
			&rows[i + 1]);
	return store_grants_add(call->tx, rows, e->holder_count + 1);
}

/* ---- the message -----------------------------------------------------------
 */

/* From whoever wrote, to the office, on the day on which it came. */
static struct ouv_letter
make_letter(struct entering *e, const struct ouv_mail *mail)
{
	const struct ouv_config *config = e->call->desk->office->config;
	char hex[OUV_ID_HEX];

	ouv_id_hex(&e->item.id, hex);
	return (struct ouv_letter){ .from_name = e->who.name,
		.from_addr = *e->who.addr != '\0' ? e->who.addr : NO_ADDRESS,
		.to_name = config->office_name,
		.to_addr = config->office_address,
		.subject = mail->subject,
		.message_id = ouv_arena_printf(e->call->arena, "entered.%s@%s",
			hex, config->office_domain),
		.date = e->arrived_at,
		.lang = ouv_lang_tag(e->who.lang),
		.text = mail->text,
		.channel = e->channel };
}

enum ouv_err
entering_message(
	struct entering *e, const uint8_t dek[OUV_KEY], struct ouv_str *doc_out)
{
	struct verb_call *call = e->call;
	struct ouv_mail_addr from = { e->who.name, e->who.addr };
	struct ouv_mail mail = { .ok = true,
		.subject = e->subject,
		.from = { 1, &from },
		.has_date = true,
		.date = e->arrived_at,
		.lang = ouv_lang_tag(e->who.lang),
		.text_source = OUV_TEXT_PLAIN,
		.text = *e->postal == '\0'
				? e->text
				: ouv_arena_printf(call->arena, "%s\n\n%s",
					  e->postal, e->text) };
	const struct ouv_letter letter = make_letter(e, &mail);
	struct ouv_buf doc;
	enum ouv_err err;

	mail.reply_text = mail.text;
	err = upload_letter(call, &e->files, &letter, &e->item, dek, &mail);
	if (err == OUV_INVALID && call->result->error_count == 0)
		/* what a header may not hold stands in one of these */
		verb_error(call,
			ouv_mail_addr_ok(letter.from_addr) ? "subject" : "addr",
			"unknown");
	if (err != OUV_OK)
		return err;
	ouv_buf_init(&doc, call->arena, strlen(mail.text) + 4096);
	ouv_mail_pack(&mail, &doc);
	*doc_out = (struct ouv_str){ doc.data, doc.len };
	return OUV_OK;
}

/* For the office alone: how they showed who they are, for whom they speak. */
static enum ouv_err
add_note(struct entering *e)
{
	struct verb_call *call = e->call;
	struct ouv_mail mail = { .ok = true,
		.subject = "",
		.lang = "und",
		.text_source = OUV_TEXT_PLAIN,
		.text = e->note,
		.reply_text = e->note,
		.size = strlen(e->note) };
	struct store_item item = { .id = ouv_id_new(),
		.kind = OUV_ITEM_NOTE,
		.lane = OUV_LANE_INTERNAL,
		.author = call->actor->person,
		.at = call->now };
	uint8_t dek[OUV_KEY];
	struct ouv_buf doc;
	enum ouv_err err;

	if (*e->note == '\0')
		return OUV_OK;
	ouv_mail_sha256(e->note, mail.size, mail.sha256);
	ouv_buf_init(&doc, call->arena, mail.size + 1024);
	ouv_mail_pack(&mail, &doc);
	ouv_random(dek, sizeof(dek));
	err = casefile_raw(call->desk, call->tx, &item.id, dek, e->note,
		mail.size, &item.raw_padded);
	if (err == OUV_OK)
		err = casefile_item(call->desk, call->tx, call->arena, &e->file,
			&item, dek, &(struct ouv_str){ doc.data, doc.len });
	ouv_wipe(dek, sizeof(dek));
	return err;
}

/* ---- that it arrived -------------------------------------------------------
 */

/* Neither: they are called, and told their number and until when. */
static enum ouv_err
by_telephone(struct entering *e)
{
	return e->phone_will_do ? callback_ask(e->call, &e->file,
					  &e->call->actor->person, &e->item.id)
				: OUV_OK;
}

static enum ouv_err
send_ack(struct entering *e, const struct ack_facts *facts)
{
	struct verb_call *call = e->call;
	bool queued;

	TRY(ack_queue(call->desk, call->tx, call->arena, &e->file, &e->who,
		facts, &queued));
	if (!queued)
		return OUV_OK;
	TRY(store_case_touch(call->tx, &e->file.id, 1, call->now));
	return store_outbox_notify(call->tx);
}

static enum ouv_err
acknowledge(struct entering *e)
{
	struct verb_call *call = e->call;
	struct ouv_mail none = { .subject = "", .text = "" };
	struct ack_ask ask = { .addr = e->who.addr };
	struct ack_facts facts = { .mail = &none,
		.item = e->item.id,
		.received_at = e->arrived_at,
		.now = call->now };

	if (*e->who.addr == '\0' && *e->postal == '\0')
		return by_telephone(e);
	if (*e->who.addr == '\0') /* on paper, whatever mails went today */
		return send_ack(e, &facts);
	ident_count(call->desk->office, "addr",
		ouv_mail_addr_fold(call->arena, ask.addr), &ask.sender);
	TRY(ack_away(call->desk, call->tx, call->now, &ask.sender, &facts));
	TRY(ack_allow(call->desk, call->tx, call->arena, call->now, &ask, 1));
	return ask.allowed ? send_ack(e, &facts) : OUV_OK;
}

/* ---- the case --------------------------------------------------------------
 */

static enum ouv_err
make_row(struct entering *e, entering_fn *row, void *user)
{
	struct verb_call *call = e->call;
	const struct summary summary = {
		.subject = e->subject, .name = e->who.name, .addr = e->who.addr
	};

	TRY(casefile_number(call, store_paper_number, &call->actor->person,
		&e->c.protocol));
	e->file.protocol = e->c.protocol;
	e->c.id = e->file.id;
	e->c.lang = ouv_lang_tag(e->who.lang);
	e->c.channel = e->channel;
	e->c.opened_at = e->arrived_at;
	casefile_summary(call->desk, call->arena, &e->file, e->file.csk,
		&summary, &e->c.summary);
	return row(e, user);
}

static enum ouv_err
add_items(struct entering *e, const uint8_t dek[OUV_KEY],
	const struct ouv_str *doc)
{
	struct verb_call *call = e->call;
	const int count = *e->note != '\0' ? 2 : 1;

	e->item.party = e->who.party;
	TRY(casefile_item(call->desk, call->tx, call->arena, &e->file, &e->item,
		dek, doc));
	TRY(add_note(e));
	TRY(upload_taken(call, &e->files));
	return store_case_touch(call->tx, &e->file.id, count, call->now);
}

/* The bytes before the number: whoever waits for the next one does not wait for
 * a hundred scans. */
static enum ouv_err
make_case(struct entering *e, const uint8_t dek[OUV_KEY], entering_fn *row,
	entering_fn *clocks, void *user)
{
	struct verb_call *call = e->call;
	struct ouv_str doc;

	TRY(entering_message(e, dek, &doc));
	casefile_fresh(call->desk, call->actor, e->who.lang, &e->file, &e->key);
	e->file.state = e->state;
	TRY(make_row(e, row, user));
	TRY(add_grants(e));
	TRY(casefile_consumer(
		call->desk, call->tx, call->arena, &e->file, &e->who));
	TRY(enough(e));
	/* Before what they wrote, which is sealed to it. */
	TRY(page_key_consumer(call->desk, call->tx, call->arena, &e->file,
		call->actor, true, call->now, &e->who));
	TRY(add_items(e, dek, &doc));
	TRY(clocks(e, user));
	TRY(log_case(call->desk, call->tx, &e->file, &call->actor->person,
		ouv_action_name(OUV_ACTION_REGISTER), &e->item.id));
	return acknowledge(e);
}

enum ouv_err
entering_case(
	struct entering *e, entering_fn *row, entering_fn *clocks, void *user)
{
	uint8_t dek[OUV_KEY];
	enum ouv_err err;

	TRY(find_holders(e));
	e->item = (struct store_item){ .id = ouv_id_new(),
		.kind = OUV_ITEM_MAIL_IN,
		.lane = OUV_LANE_CONSUMER,
		.at = e->arrived_at };
	ouv_random(dek, sizeof(dek));
	err = make_case(e, dek, row, clocks, user);
	ouv_wipe(dek, sizeof(dek));
	casefile_wipe(&e->file);
	upload_wipe(&e->files);
	return err;
}
