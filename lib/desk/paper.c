/*
 * paper.c - a request about somebody's own data that came by letter, by
 * telephone or in person becomes a case
 *
 * Sealed as the gateway would have sealed a mail of the same words: to those on
 * the desk and to the escrow, and to whoever enters it, who certifies its key.
 * The law counts from the day on which it arrived.
 */
#include <string.h>
#include <time.h>

#include "clock.h"
#include "ouv/paper.h"
#include "ouv/store_console.h"
#include "write.h"

#define LINE_MOST 200
#define ADDR_MOST 254
#define POSTAL_MOST 500
#define TEXT_MOST 8000
#define OLDEST_DAYS 366
#define NOON 43200

const char *const ouv_paper_channels[] = { "letter", "phone", "in-person",
	NULL };
const char *const ouv_paper_laws[] = { "lgpd", "gdpr", NULL };

struct paper {
	struct verb_call *call;
	const char *channel, *right, *law, *postal, *identified, *subject;
	const char *text;
	int64_t arrived_at;
	struct consumer who;
	struct colleague *holders;
	size_t holder_count;
	struct casefile file;
	struct store_case c;
	struct store_case_key key;
	struct store_item item; /* what was asked */
};

bool
ouv_paper_may(const struct ouv_actor *actor)
{
	return actor->role == OUV_ROLE_INTAKE ||
	       actor->role == OUV_ROLE_MEDIATOR ||
	       actor->role == OUV_ROLE_OMBUDSMAN ||
	       actor->role == OUV_ROLE_CUSTODIAN;
}

const char *
ouv_desk_paper_law(const struct ouv_desk *desk)
{
	enum ouv_lang lang = ouv_lang_parse(
		desk->office->config->office_language, OUV_LANG_PT_BR);

	return ouv_paper_laws[lang == OUV_LANG_PT_BR ? 0 : 1];
}

enum ouv_err
ouv_desk_paper_rights(struct ouv_desk *desk, struct ouv_arena *arena,
	enum ouv_lang lang, struct ouv_choice **list_out, size_t *count_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	const struct store_code *codes;
	struct ouv_choice *list;

	TRY(store_begin(desk->store, &tx));
	TRY(codes_list(desk, tx, "right", &codes, count_out));
	list = ouv_arena_array(arena, *count_out, sizeof(*list));
	for (size_t i = 0; i < *count_out; i++)
		list[i] = (struct ouv_choice){
			.value = ouv_arena_strdup(arena, codes[i].code),
			.label = ouv_arena_strdup(arena, codes[i].label[lang])
		};
	*list_out = list;
	return store_commit(&tx);
}

/* ---- what was typed --------------------------------------------------------
 */

static const char *
read_word(struct verb_call *call, const char *field, const char *const *words)
{
	const char *value = verb_field(call, field);

	for (; *words != NULL; words++)
		if (strcmp(*words, value) == 0)
			return *words;
	verb_error(call, field, *value == '\0' ? "empty" : "unknown");
	return "";
}

/* One that has come, and not so long ago that it must be a slip; today counts
 * from now, a day before from its noon. */
static enum ouv_err
read_arrived(struct paper *p)
{
	struct verb_call *call = p->call;
	const char *text = verb_field(call, "arrived");
	const struct ouv_calendar *calendar;
	int32_t day = 0, today;

	TRY(calendar_live(call->desk, call->tx, NULL, &calendar));
	today = ouv_calendar_day(calendar, call->now, NULL);
	p->arrived_at = call->now;
	if (*text == '\0')
		verb_error(call, "arrived", "empty");
	else if (!ouv_day_read(text, &day))
		verb_error(call, "arrived", "not-a-date");
	else if (day > today)
		verb_error(call, "arrived", "future");
	else if (day < today - OLDEST_DAYS)
		verb_error(call, "arrived", "too-long-ago");
	else if (day < today)
		p->arrived_at = ouv_calendar_instant(calendar, day, NOON);
	return OUV_OK;
}

/* An address to answer to, of either kind. */
static void
read_who(struct paper *p)
{
	struct verb_call *call = p->call;
	const char *lang = verb_field(call, "lang");

	p->who.name = field_words(call, "name", LINE_MOST, true, true);
	p->who.addr = field_words(call, "addr", ADDR_MOST, true, false);
	p->postal = field_words(call, "postal", POSTAL_MOST, false, false);
	if (*p->who.addr == '\0' && *p->postal == '\0')
		verb_error(call, "addr", "no-address");
	else if (*p->who.addr != '\0' && !ouv_mail_addr_ok(p->who.addr))
		verb_error(call, "addr", "not-an-address");
	p->who.lang = ouv_lang_parse(lang, OUV_LANG__COUNT);
	if (p->who.lang == OUV_LANG__COUNT) {
		p->who.lang = OUV_LANG_PT_BR;
		verb_error(call, "lang", *lang == '\0' ? "empty" : "unknown");
	}
}

static enum ouv_err
read_right(struct paper *p)
{
	struct verb_call *call = p->call;
	const struct store_code *code;
	enum ouv_err err;

	p->right = verb_field(call, "right");
	err = codes_find(call->desk, call->tx, "right", p->right, &code);
	if (err == OUV_NOT_FOUND)
		verb_error(
			call, "right", *p->right == '\0' ? "empty" : "unknown");
	return err == OUV_NOT_FOUND ? OUV_OK : err;
}

/* In the order in which the form shows them. */
static enum ouv_err
read_all(struct paper *p)
{
	struct verb_call *call = p->call;

	p->channel = read_word(call, "channel", ouv_paper_channels);
	TRY(read_arrived(p));
	read_who(p);
	p->identified =
		field_words(call, "identified", POSTAL_MOST, false, true);
	TRY(read_right(p));
	p->law = read_word(call, "profile", ouv_paper_laws);
	p->subject = field_words(call, "subject", LINE_MOST, true, true);
	p->text = field_words(call, "text", TEXT_MOST, false, true);
	return call->result->error_count > 0 ? OUV_INVALID : OUV_OK;
}

/* ---- who gets its key ------------------------------------------------------
 */

static bool
holds(const struct paper *p, const struct ouv_id *person)
{
	for (size_t i = 0; i < p->holder_count; i++)
		if (ouv_id_equal(&p->holders[i].id, person))
			return true;
	return false;
}

/* Those on the desk, and whoever enters it. */
static enum ouv_err
find_holders(struct paper *p)
{
	struct verb_call *call = p->call;
	const struct ouv_id *me = &call->actor->person;
	const struct colleague *own;
	struct colleague *all;
	size_t count;

	TRY(keys_colleagues(call->desk, call->tx, call->arena, &all, &count));
	p->holders =
		ouv_arena_array(call->arena, count + 1, sizeof(*p->holders));
	for (size_t i = 0; i < count; i++)
		if (all[i].desk && !holds(p, &all[i].id))
			p->holders[p->holder_count++] = all[i];
	if (!holds(p, me)) {
		TRY(keys_colleague(
			call->desk, call->tx, call->arena, me, &own));
		p->holders[p->holder_count++] = *own;
	}
	return OUV_OK;
}

/* One alone is too few: of those who can open it, now that whoever is tied to
 * the consumer has no key and who never logged in is not counted. */
static enum ouv_err
enough(struct paper *p)
{
	static const struct ouv_id nobody;
	struct verb_call *call = p->call;
	int holders;

	TRY(store_grant_others(call->tx, &p->file.id, &nobody, &holders));
	if (holders >= 2)
		return OUV_OK;
	verb_error(call, "name", "few-holders");
	return OUV_INVALID;
}

static enum ouv_err
add_grants(struct paper *p)
{
	static const struct ouv_id escrow;
	struct verb_call *call = p->call;
	const struct ouv_actor *actor = call->actor;
	struct store_grant *rows = ouv_arena_array(
		call->arena, p->holder_count + 1, sizeof(*rows));

	casefile_grant(call->desk, &p->file, &escrow, call->desk->escrow,
		&actor->person, actor->identity->sign, &rows[0]);
	for (size_t i = 0; i < p->holder_count; i++)
		casefile_grant(call->desk, &p->file, &p->holders[i].id,
			p->holders[i].pk, &actor->person, actor->identity->sign,
			&rows[i + 1]);
	return store_grants_add(call->tx, rows, p->holder_count + 1);
}

/* ---- the case --------------------------------------------------------------
 */

static enum ouv_err
make_row(struct paper *p)
{
	struct verb_call *call = p->call;
	const struct summary summary = {
		.subject = p->subject, .name = p->who.name, .addr = p->who.addr
	};

	casefile_fresh(call->desk, call->actor, p->who.lang, &p->file, &p->key);
	TRY(casefile_number(call, store_paper_number, &call->actor->person,
		&p->c.protocol));
	p->file.protocol = p->c.protocol;
	p->c.id = p->file.id;
	p->c.lang = ouv_lang_tag(p->who.lang);
	p->c.channel = p->channel;
	p->c.opened_at = p->arrived_at;
	casefile_summary(call->desk, call->arena, &p->file, p->file.csk,
		&summary, &p->c.summary);
	return store_paper(call->tx, &p->c, &p->key, p->right, p->law);
}

/* As a message without a header; bytes and document say the same. */
static enum ouv_err
add_item(struct paper *p, struct store_item *item, struct ouv_mail *mail)
{
	struct verb_call *call = p->call;
	uint8_t dek[OUV_KEY];
	struct ouv_buf doc;
	enum ouv_err err;

	item->id = ouv_id_new();
	mail->ok = true;
	mail->text_source = OUV_TEXT_PLAIN;
	mail->reply_text = mail->text;
	mail->size = strlen(mail->text);
	ouv_mail_sha256(mail->text, mail->size, mail->sha256);
	ouv_buf_init(&doc, call->arena, mail->size + 1024);
	ouv_mail_pack(mail, &doc);
	ouv_random(dek, sizeof(dek));
	err = casefile_raw(call->desk, call->tx, &item->id, dek, mail->text,
		mail->size, &item->raw_padded);
	if (err == OUV_OK)
		err = casefile_item(call->desk, call->tx, call->arena, &p->file,
			item, dek, &(struct ouv_str){ doc.data, doc.len });
	ouv_wipe(dek, sizeof(dek));
	return err;
}

/* What was asked, below the postal address as in a letter; and, for the office
 * alone, how they showed who they are. */
static enum ouv_err
add_items(struct paper *p)
{
	struct verb_call *call = p->call;
	struct ouv_mail_addr from = { p->who.name, p->who.addr };
	struct ouv_mail asked = { .subject = p->subject,
		.from = { 1, &from },
		.has_date = true,
		.date = p->arrived_at,
		.lang = ouv_lang_tag(p->who.lang),
		.text = *p->postal == '\0'
				? p->text
				: ouv_arena_printf(call->arena, "%s\n\n%s",
					  p->postal, p->text) };
	struct ouv_mail shown = {
		.subject = "", .lang = "und", .text = p->identified
	};
	struct store_item note = { .kind = OUV_ITEM_NOTE,
		.lane = OUV_LANE_INTERNAL,
		.author = call->actor->person,
		.at = call->now };

	p->item = (struct store_item){ .kind = OUV_ITEM_MAIL_IN,
		.lane = OUV_LANE_CONSUMER,
		.party = p->who.party,
		.at = p->arrived_at };
	TRY(add_item(p, &p->item, &asked));
	TRY(add_item(p, &note, &shown));
	return store_case_touch(call->tx, &p->file.id, 2, call->now);
}

/* The office's own terms begin now, the law's with the day it arrived. */
static enum ouv_err
begin_clocks(struct paper *p)
{
	struct verb_call *call = p->call;
	struct store_mediation m;
	struct store_clock *list;
	size_t count;

	TRY(clock_new_cases(call->desk, call->tx, call->arena,
		OUV_ACTION_REGISTER, &p->file.id, 1, call->now));
	TRY(store_mediation(call->tx, call->arena, &p->file.id, &m));
	TRY(clock_begin(call->desk, call->tx, call->arena, &m, OUV_CLOCK_TOTAL,
		0, p->arrived_at));
	TRY(store_clocks(call->tx, call->arena, &p->file.id, &list, &count));
	return store_case_due_set(
		call->tx, &p->file.id, clock_case_due(m.state, list, count));
}

/* ---- that it arrived -------------------------------------------------------
 */

/* Without an address a person writes it, on paper. */
static enum ouv_err
confirm_by_post(struct paper *p)
{
	struct verb_call *call = p->call;
	struct store_letter about = {
		.case_id = p->file.id, .item = p->item.id, .party = p->who.party
	};

	return task_open(call->desk, call->tx, call->arena, &p->file, &about,
		"confirm-by-post", call->now);
}

static enum ouv_err
acknowledge(struct paper *p)
{
	struct verb_call *call = p->call;
	struct ouv_mail none = { .subject = "", .text = "" };
	struct ack_ask ask = { .addr = p->who.addr };
	struct ack_facts facts = { .mail = &none,
		.item = p->item.id,
		.received_at = p->arrived_at,
		.now = call->now };
	bool queued;

	if (*p->who.addr == '\0')
		return confirm_by_post(p);
	ident_count(call->desk->office, "addr",
		ouv_mail_addr_fold(call->arena, ask.addr), &ask.sender);
	TRY(ack_away(call->desk, call->tx, call->now, &ask.sender, &facts));
	TRY(ack_allow(call->desk, call->tx, call->arena, call->now, &ask, 1));
	if (!ask.allowed)
		return OUV_OK;
	TRY(ack_queue(call->desk, call->tx, call->arena, &p->file, &p->who,
		&facts, &queued));
	if (!queued)
		return OUV_OK;
	TRY(store_case_touch(call->tx, &p->file.id, 1, call->now));
	return store_outbox_notify(call->tx);
}

static enum ouv_err
make_case(struct paper *p)
{
	struct verb_call *call = p->call;

	TRY(make_row(p));
	TRY(add_grants(p));
	TRY(casefile_consumer(
		call->desk, call->tx, call->arena, &p->file, &p->who));
	TRY(enough(p));
	TRY(add_items(p));
	TRY(begin_clocks(p));
	TRY(log_case(call->desk, call->tx, &p->file, &call->actor->person,
		ouv_action_name(OUV_ACTION_REGISTER), &p->item.id));
	return acknowledge(p);
}

static enum ouv_err
enter(struct verb_call *call, void *user)
{
	struct paper p = { .call = call };
	enum ouv_err err;

	(void)user;
	TRY(read_all(&p));
	TRY(find_holders(&p));
	err = make_case(&p);
	casefile_wipe(&p.file);
	if (err == OUV_OK)
		call->result->location = ouv_arena_printf(
			call->arena, "/cases/%s?done=paper", p.c.protocol);
	return err;
}

enum ouv_err
ouv_desk_paper(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const char *form_key,
	const struct ouv_field *fields, size_t field_count,
	struct ouv_verb_result *result_out)
{
	struct verb_call call = change_call(
		desk, arena, actor, fields, field_count, result_out);

	if (!ouv_paper_may(actor))
		return OUV_REFUSED;
	return change_once(&call, form_key, "register-paper", enter, NULL);
}
