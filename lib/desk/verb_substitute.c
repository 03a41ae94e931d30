/*
 * verb_substitute.c - our last letter to a company goes to its substitute too
 *
 * A company's absence note may name whom to write to meanwhile.  A note can be
 * forged, so only an address beside the company's own is offered, and whoever
 * answers from there is held like any stranger until a person decides.
 */
#include <string.h>
#include <strings.h>

#include "write.h"

#define NOTE_DAYS 14 /* a note that does not say until when */
#define BITS 32

/* ---- what is offered ------------------------------------------------------
 */

static bool
in_force(const struct ouv_mail_absence *absence, const char *today, bool recent)
{
	if (absence->from != NULL && strcmp(absence->from, today) > 0)
		return false;
	if (absence->until != NULL)
		return strcmp(absence->until, today) >= 0;
	if (absence->back != NULL)
		return strcmp(absence->back, today) > 0;
	return recent;
}

/* At the same domain as the company itself, and nobody else of the case. */
static bool
is_beside(const char *addr, const char *company, const char *consumer)
{
	const char *at = strrchr(addr, '@'), *own = strrchr(company, '@');

	return ouv_mail_addr_ok(addr) && at != NULL && own != NULL &&
	       strcasecmp(at, own) == 0 && strcasecmp(addr, company) != 0 &&
	       (consumer == NULL || strcasecmp(addr, consumer) != 0);
}

uint32_t
substitute_offers(struct ouv_arena *arena, const struct ouv_calendar *calendar,
	const struct substitute_note *note)
{
	const struct ouv_mail *mail = note->mail;
	int32_t today = ouv_calendar_day(calendar, note->now, NULL);
	int32_t came = ouv_calendar_day(calendar, note->item->at, NULL);
	uint32_t bits = 0;

	if (note->item->kind != OUV_ITEM_AUTO_IN || !mail->has_absence ||
		!ouv_id_equal(&note->item->party, &note->company->party) ||
		!in_force(&mail->absence, field_day_text(arena, today),
			today < came + NOTE_DAYS))
		return 0;
	for (size_t i = 0; i < mail->absence.instead.count && i < BITS; i++)
		if (is_beside(mail->absence.instead.list[i].addr,
			    note->company->addr, note->consumer_addr))
			bits |= 1U << i;
	return bits;
}

/* ---- the letter that is copied ---------------------------------------------
 */

/* To the company itself, not a copy of one. */
bool
substitute_is_letter(const struct store_item *item, const struct ouv_mail *mail,
	const struct consumer *company)
{
	return item->kind == OUV_ITEM_MAIL_OUT &&
	       ouv_id_equal(&item->party, &company->party) &&
	       mail->to.count > 0 &&
	       strcasecmp(mail->to.list[0].addr, company->addr) == 0;
}

static enum ouv_err
find_letter(struct verb_call *call, const struct consumer *company,
	struct store_item *item_out, struct ouv_mail *mail_out)
{
	struct store_item_row *rows;
	size_t count;

	TRY(store_items(
		call->tx, call->arena, &call->opened->c.id, &rows, &count));
	for (size_t i = count; i-- > 0;) {
		if (rows[i].item.kind != OUV_ITEM_MAIL_OUT ||
			open_doc(call->desk, call->arena, call->opened,
				&rows[i].item, mail_out) != OUV_OK ||
			!substitute_is_letter(&rows[i].item, mail_out, company))
			continue;
		*item_out = rows[i].item;
		return OUV_OK;
	}
	return OUV_NOT_FOUND;
}

/* The first line that holds something. */
static struct ouv_str
first_line(const char *text)
{
	text += strspn(text, " \t\r\n");
	return (struct ouv_str){ text, strcspn(text, "\r\n") };
}

/* What stands between the greeting and the closing words: whole is the letter
 * that was sent, frame the same letter with mark in place of its words.  A
 * frame that has changed since is left around them. */
static const char *
cut(struct ouv_arena *arena, const char *whole, const char *frame,
	const char *mark)
{
	const char *at = strstr(frame, mark), *end = NULL;
	size_t head = at != NULL ? (size_t)(at - frame) : 0;
	const char *text = whole;
	struct ouv_str after;

	if (at == NULL)
		return whole;
	if (strncmp(whole, frame, head) == 0)
		text = whole + head;
	after = first_line(at + strlen(mark));
	for (const char *p = text; after.len > 0; p++) {
		p = memmem(p, strlen(p), after.p, after.len);
		if (p == NULL)
			break;
		end = p;
	}
	return end != NULL
		       ? ouv_arena_strndup(arena, text, (size_t)(end - text))
		       : text;
}

/* Its words and its subject, as they were typed. */
static enum ouv_err
take_words(struct verb_call *call, struct draft *draft,
	const struct ouv_mail *sent)
{
	struct ouv_id id = ouv_id_new();
	json_t *data = draft->letter.data;
	struct letter_words frame;
	char mark[OUV_ID_HEX];

	ouv_id_hex(&id, mark);
	json_object_set_new(data, "subject", json_string(mark));
	json_object_set_new(data, "words", json_string(mark));
	TRY(letter_words(call->desk, call->tx, call->arena, &draft->to,
		&draft->letter, &frame));
	json_object_set_new(data, "subject",
		json_string(
			cut(call->arena, sent->subject, frame.subject, mark)));
	json_object_set_new(data, "words",
		json_string(cut(call->arena, sent->text, frame.plain, mark)));
	return OUV_OK;
}

/* ---- the verb --------------------------------------------------------------
 */

/* The note, and which of those it names is meant. */
static enum ouv_err
read_note(struct verb_call *call, const struct draft *draft,
	const struct ouv_mail_addr **to_out)
{
	const char *to = verb_field(call, "to");
	struct ouv_mail *mail = ouv_arena_array(call->arena, 1, sizeof(*mail));
	const struct ouv_calendar *calendar;
	struct consumer consumer = { .addr = NULL };
	struct store_item item;
	struct substitute_note note = { &item, mail, &draft->to, NULL,
		call->now };
	struct ouv_id id;
	uint32_t offers;
	enum ouv_err err;

	err = ouv_id_parse(verb_field(call, "item"), &id);
	if (err == OUV_OK)
		err = store_item(
			call->tx, call->arena, &call->opened->c.id, &id, &item);
	if (err == OUV_OK)
		err = open_doc(
			call->desk, call->arena, call->opened, &item, mail);
	if (err == OUV_INVALID || err == OUV_NOT_FOUND) {
		verb_error(call, "item", "unknown");
		return OUV_INVALID;
	}
	if (err == OUV_OK)
		err = party_find(call->desk, call->tx, call->arena,
			call->opened, "consumer", &consumer);
	if (err != OUV_OK && err != OUV_NOT_FOUND)
		return err;
	note.consumer_addr = consumer.addr;
	TRY(absence_calendar(call->desk, call->tx, &calendar));
	offers = substitute_offers(call->arena, calendar, &note);
	for (size_t i = 0; i < BITS; i++)
		if ((offers & 1U << i) &&
			strcmp(to, ouv_arena_printf(call->arena, "%zu", i)) ==
				0) {
			*to_out = &mail->absence.instead.list[i];
			return OUV_OK;
		}
	verb_error(call, "to", "not-offered");
	return OUV_INVALID;
}

/* Once for each letter and address, whoever asks: the key of the outbox. */
static const char *
once(struct verb_call *call, const struct ouv_id *letter, const char *addr)
{
	char first[OUV_ID_HEX], second[OUV_ID_HEX];
	struct ouv_id token;

	ident_count(call->desk->office, "addr",
		ouv_mail_addr_fold(call->arena, addr), &token);
	ouv_id_hex(letter, first);
	ouv_id_hex(&token, second);
	return ouv_arena_printf(call->arena, "copy:%s:%s", first, second);
}

static enum ouv_err
make_copy(struct verb_call *call, struct draft *draft)
{
	const struct ouv_mail_addr *to;
	const char *company;
	struct store_item letter;
	struct ouv_mail sent;
	enum ouv_err err;

	draft->side = "company";
	err = party_find(call->desk, call->tx, call->arena, call->opened,
		draft->side, &draft->to);
	if (err == OUV_NOT_FOUND)
		return OUV_REFUSED; /* only a company has substitutes */
	if (err != OUV_OK)
		return err;
	TRY(read_note(call, draft, &to));
	err = find_letter(call, &draft->to, &letter, &sent);
	if (err == OUV_NOT_FOUND) {
		verb_error(call, "to", "not-offered");
		return OUV_INVALID;
	}
	if (err != OUV_OK)
		return err;
	company = *draft->to.name != '\0' ? draft->to.name : draft->to.addr;
	TRY(draft_begin(call, draft, "letter", "copy"));
	TRY(take_words(call, draft, &sent));
	draft->letter.dedupe_key = once(call, &letter.id, to->addr);
	json_object_set_new(
		draft->letter.data, "copy_for", json_string(company));
	json_object_set_new(draft->letter.data, "name", json_string(to->name));
	draft->to.name = to->name;
	draft->to.addr = to->addr;
	return OUV_OK;
}

static enum ouv_err
send(struct verb_call *call, struct draft *draft)
{
	TRY(casefile_capsule(
		call->desk, call->tx, call->arena, call->file, &draft->to));
	TRY(letter_queue(call->desk, call->tx, call->arena, call->file,
		&draft->to, &draft->letter, &call->object));
	TRY(store_case_touch(call->tx, &call->file->id, 1, call->now));
	TRY(store_outbox_notify(call->tx));
	return store_flush(call->tx);
}

static enum ouv_err
run(struct verb_call *call)
{
	struct draft draft = { .overrule = "" };
	enum ouv_err err = make_copy(call, &draft);

	if (err == OUV_OK)
		err = send(call, &draft);
	draft_free(&draft);
	return err;
}

const struct verb verb_substitute = { "substitute", OUV_ACTION_SUBSTITUTE, run,
	false, NULL };
