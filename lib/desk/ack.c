/*
 * ack.c - acknowledgements: how many may go, and the letter itself
 *
 * No guard sees a loop of two help desks that write like people: only these
 * numbers end it.  A mail above them is filed all the same.
 */
#include <string.h>

#include "move.h"

#define HOUR 3600
#define DAY 86400

struct stage {
	const char *scope;
	int window;
	int most;
};

/* What is counted: the sender, its domain, everybody. */
static void
token_of(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ack_ask *ask, size_t stage, struct ouv_id *token_out)
{
	const char *addr = ouv_mail_addr_fold(arena, ask->addr);
	const char *at = strrchr(addr, '@');

	memset(token_out, 0, sizeof(*token_out));
	if (stage == 0)
		*token_out = ask->sender;
	else if (stage == 1)
		ident_count(desk->office, "domain", at != NULL ? at + 1 : addr,
			token_out);
}

/* Each stage counts only what the one before let pass: a sender above their
 * number must not use up everybody's. */
enum ouv_err
ack_allow(struct ouv_desk *desk, struct store_tx *tx, struct ouv_arena *arena,
	int64_t now, struct ack_ask *asks, size_t count)
{
	const struct ouv_config *config = desk->office->config;
	const struct stage stages[] = {
		{ "sender", DAY, config->mailgw_acks_sender_day },
		{ "domain", HOUR, config->mailgw_acks_domain_hour },
		{ "office", HOUR, config->mailgw_acks_hour },
	};
	struct store_rate *rates =
		ouv_arena_array(arena, count, sizeof(*rates));

	for (size_t i = 0; i < count; i++)
		asks[i].allowed = true;
	for (size_t s = 0; s < sizeof(stages) / sizeof(stages[0]); s++) {
		size_t n = 0;

		for (size_t i = 0; i < count; i++) {
			if (!asks[i].allowed)
				continue;
			rates[n] = (struct store_rate){ .scope =
								stages[s].scope,
				.start_at = now - now % stages[s].window };
			token_of(desk, arena, &asks[i], s, &rates[n++].token);
		}
		TRY(store_rates_add(tx, arena, rates, n));
		n = 0;
		for (size_t i = 0; i < count; i++)
			if (asks[i].allowed)
				asks[i].allowed =
					rates[n++].count <= stages[s].most;
	}
	return OUV_OK;
}

/* ---- the letter -----------------------------------------------------------
 */

enum ouv_err
ack_send(struct ouv_desk *desk, struct store_tx *tx, struct ouv_arena *arena,
	struct casefile *file, const struct consumer *to,
	const struct letter_out *letter, const struct ouv_id *answers,
	const char *action, bool *queued_out)
{
	struct store_letter about = {
		.case_id = file->id, .item = *answers, .party = to->party
	};
	struct ouv_id outbox;
	enum ouv_err err;

	err = letter_queue(desk, tx, arena, file, to, letter, &outbox);
	*queued_out = err == OUV_OK;
	if (err == OUV_OK)
		return log_case(desk, tx, file, NULL, action, &outbox);
	/* The mail is filed all the same, and a person writes. */
	if (err == OUV_REFUSED || err == OUV_INVALID)
		return task_open(desk, tx, arena, file, &about, "write-by-hand",
			letter->now);
	return err;
}

/* RFC 5322, 3.6.4: without References the parent's In-Reply-To stands in, if it
 * names one message. */
void
ack_thread(const struct ouv_mail *mail, struct letter_out *letter)
{
	letter->in_reply_to = mail->message_id;
	letter->references = mail->references;
	if (mail->references.count == 0 && mail->in_reply_to.count == 1)
		letter->references = mail->in_reply_to;
}

/* When somebody is there to read it. */
static enum ouv_err
add_hours(struct ouv_desk *desk, struct store_tx *tx, enum ouv_lang lang,
	const struct ack_facts *facts, json_t *data)
{
	const struct ouv_calendar_book *book = &desk->office->calendar;
	const struct ouv_calendar *calendar;
	int64_t opens_at;
	const char *why;
	bool closed;

	TRY(absence_calendar(desk, tx, &calendar));
	closed = facts->away == NULL &&
		 !ouv_calendar_serving(calendar, facts->now) &&
		 ouv_calendar_next(calendar, facts->now, &opens_at) == OUV_OK;
	json_object_set_new(data, "closed_now", json_boolean(closed));
	if (!closed)
		return OUV_OK;
	json_object_set_new(data, "opens_at", json_integer(opens_at));
	(void)ouv_calendar_open(
		calendar, ouv_calendar_day(calendar, facts->now, NULL), &why);
	for (size_t i = 0; i < book->calendar.closed_count; i++)
		if (book->names[i].id == why)
			json_object_set_new(data, "closed_why",
				json_string(book->names[i].in[lang]));
	return OUV_OK;
}

/* A late letter is told which case it follows; while everybody is away that
 * comes first. */
static bool
follows(const struct ack_facts *facts)
{
	return facts->former != NULL && facts->away == NULL;
}

/* Their page, where a code of it comes with this letter. */
static void
add_page(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct consumer *to, json_t *data)
{
	if (to->page_code == NULL)
		return;
	json_object_set_new(
		data, "link_url", json_string(link_url(desk, arena, to)));
	json_object_set_new(data, "page_url",
		json_string(page_base_url(desk, arena, false)));
	json_object_set_new(data, "page_code", json_string(to->page_code));
}

static enum ouv_err
ack_data(struct ouv_desk *desk, struct store_tx *tx, struct ouv_arena *arena,
	const struct casefile *file, const struct consumer *to,
	const struct ack_facts *facts, json_t *data)
{
	int64_t due_at;

	add_page(desk, arena, to, data);
	TRY(letter_due(desk, tx, facts->now, &due_at));
	json_object_set_new(data, "protocol", json_string(file->protocol));
	json_object_set_new(data, "name", json_string(to->name));
	json_object_set_new(
		data, "received_on", json_integer(facts->received_at));
	json_object_set_new(data, "first_reply_by", json_integer(due_at));
	json_object_set_new(data, "too_large", json_boolean(facts->oversize));
	if (follows(facts)) {
		json_object_set_new(
			data, "former_protocol", json_string(facts->former));
		return OUV_OK;
	}
	json_object_set_new(data, "is_away", json_boolean(facts->away != NULL));
	TRY(absence_data(desk, tx, facts->away, data));
	return add_hours(desk, tx, to->lang, facts, data);
}

enum ouv_err
ack_queue(struct ouv_desk *desk, struct store_tx *tx, struct ouv_arena *arena,
	struct casefile *file, const struct consumer *to,
	const struct ack_facts *facts, bool *queued_out)
{
	char hex[OUV_ID_HEX];
	json_t *data = json_object();
	struct letter_out letter = { .template = !follows(facts) ? "ack"
						 : facts->former_erased
							 ? "former-erased"
							 : "follow-up",
		.lang = to->lang,
		.kind = "acknowledgement",
		.automatic = true,
		.answers = true,
		.data = data,
		.now = facts->now };
	enum ouv_err err;

	ack_thread(facts->mail, &letter);
	ouv_id_hex(&file->id, hex);
	letter.dedupe_key = ouv_arena_printf(arena, "ack:%s", hex);
	err = ack_data(desk, tx, arena, file, to, facts, data);
	if (err == OUV_OK)
		err = ack_send(desk, tx, arena, file, to, &letter, &facts->item,
			"acknowledge", queued_out);
	json_decref(data);
	return err;
}

enum ouv_err
ack_away(struct ouv_desk *desk, struct store_tx *tx, int64_t now,
	const struct ouv_id *sender, struct ack_facts *facts)
{
	static const struct ouv_id office;
	struct store_note note = { .sender = *sender };

	TRY(absence_of(desk, tx, &office, now, &facts->away));
	if (facts->away == NULL)
		return OUV_OK;
	note.absence = facts->away->id;
	return store_notes_claim(tx, &note, 1, now, now - NOTE_SECS);
}
