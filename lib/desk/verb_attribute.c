/*
 * verb_attribute.c - a held message goes to the case where it belongs
 *
 * Its key and document are sealed anew to that case; the bytes stay where they
 * are.  Whoever does it holds a key to both cases.
 */
#include <stdlib.h>
#include <string.h>

#include "clock.h"

struct accepting {
	struct verb_call *call;
	const char *side; /* consumer, company, third */
	enum ouv_lane lane;
	struct store_item *items;
	size_t count, remaining;
	const char *protocol; /* of the target */
	struct ouv_id party;  /* zero: a third person */
	struct casefile file; /* the target */
};

/* clang-format off */
static const char *const sides[] = { "consumer", "company", "third" };
static const enum ouv_lane lanes[] = {
	OUV_LANE_CONSUMER, OUV_LANE_COMPANY, OUV_LANE_INTERNAL,
};
/* clang-format on */
#define SIDES (sizeof(sides) / sizeof(sides[0]))

static void
read_side(struct accepting *a)
{
	a->side = held_word(a->call, "as", sides, SIDES);
	a->lane = OUV_LANE_INTERNAL;
	for (size_t i = 0; a->side != NULL && i < SIDES; i++)
		if (a->side == sides[i])
			a->lane = lanes[i];
}

/* One of the guesses, by its place; its party too, if that side is meant. */
static enum ouv_err
read_guess(struct accepting *a, const char *field)
{
	struct verb_call *call = a->call;
	struct store_guess *guesses;
	char *end;
	long wanted = strtol(field, &end, 10), n = 0;
	size_t count;

	TRY(store_guesses(call->tx, call->arena, &call->opened->c.id,
		&call->actor->person, &guesses, &count));
	for (size_t i = 0; *end == '\0' && i < count; i++) {
		if (!ouv_id_equal(&guesses[i].item, &a->items[0].id) ||
			n++ != wanted)
			continue;
		if (guesses[i].protocol == NULL)
			return OUV_REFUSED; /* no key to that case */
		a->protocol = guesses[i].protocol;
		if (a->side != NULL && strcmp(guesses[i].side, a->side) == 0)
			a->party = guesses[i].party;
		return OUV_OK;
	}
	verb_error(call, "guess", "not-a-guess");
	return OUV_OK;
}

static enum ouv_err
read_target(struct accepting *a)
{
	const char *to = verb_field(a->call, "to");
	const char *guess = verb_field(a->call, "guess");
	char protocol[OUV_PROTOCOL_MAX];

	if (to[strspn(to, " \t\r\n")] == '\0') {
		if (*guess != '\0')
			return read_guess(a, guess);
		verb_error(a->call, "to", "empty");
	} else if (ouv_protocol_parse(to, protocol) != OUV_OK) {
		verb_error(a->call, "to", "not-a-number");
	} else {
		a->protocol = ouv_arena_strdup(a->call->arena, protocol);
	}
	return OUV_OK;
}

/* The target, locked; whoever holds no key to it is refused. */
static enum ouv_err
open_target(struct accepting *a)
{
	struct verb_call *call = a->call;
	const struct ouv_move *move;
	struct opened opened;
	enum ouv_err err;

	err = open_case(call->desk, call->tx, call->arena, call->actor,
		a->protocol, &opened);
	ouv_wipe(opened.csk, sizeof(opened.csk));
	if (err == OUV_NOT_FOUND) {
		verb_error(call, "to", "no-such-case");
		return OUV_INVALID;
	}
	if (err != OUV_OK)
		return err;
	TRY(casefile_lock(call->desk, call->tx, call->arena, call->colleagues,
		call->colleague_count, &opened.c.id, &a->file));
	TRY(hand_impartial(call->tx, &a->file.id, &call->actor->person));
	err = ouv_workflow_find(
		a->file.state, OUV_ACTION_APPEND, call->actor->role, &move);
	if (err == OUV_INVALID)
		verb_error(call, "to", "not-open");
	return err;
}

/* The company has none yet: whoever sent the message becomes it. */
static enum ouv_err
make_company(struct accepting *a)
{
	struct verb_call *call = a->call;
	struct consumer company = { .addr = NULL };
	struct store_token token;
	struct ouv_id known;
	struct ouv_mail mail;

	TRY(open_doc(
		call->desk, call->arena, call->opened, &a->items[0], &mail));
	if (mail.from.count == 0 || !ouv_mail_addr_ok(mail.from.list[0].addr)) {
		verb_error(call, "remember", "no-sender");
		return OUV_INVALID;
	}
	company.name = mail.from.list[0].name;
	company.addr = mail.from.list[0].addr;
	company.lang = ouv_lang_parse(mail.lang, a->file.lang);
	ident_make(call->desk->office, "addr",
		ouv_mail_addr_fold(call->arena, company.addr), &token);
	TRY(store_ident_party(call->tx, &token, &a->file.id, &known));
	if (!ouv_id_is_zero(&known)) {
		verb_error(call, "remember", "other-party");
		return OUV_INVALID;
	}
	TRY(casefile_party(call->desk, call->tx, call->arena, &a->file,
		"company", &company));
	a->party = company.party;
	return OUV_OK;
}

static enum ouv_err
find_party(struct accepting *a)
{
	enum ouv_err err;
	int version;

	if (a->lane == OUV_LANE_INTERNAL || !ouv_id_is_zero(&a->party))
		return OUV_OK;
	err = store_party_side(
		a->call->tx, &a->file.id, a->side, &a->party, &version);
	if (err != OUV_NOT_FOUND)
		return err;
	if (a->lane == OUV_LANE_COMPANY &&
		*verb_field(a->call, "remember") != '\0')
		return make_company(a);
	verb_error(a->call, "as", "no-such-party");
	return OUV_INVALID;
}

/* From now on this address is that party's: never another's of the case. */
static enum ouv_err
remember(struct accepting *a, const struct ouv_mail *mail)
{
	struct verb_call *call = a->call;
	struct store_token token;
	struct ouv_id known;

	if (*verb_field(call, "remember") == '\0' || ouv_id_is_zero(&a->party))
		return OUV_OK;
	if (mail->from.count == 0 ||
		!ouv_mail_addr_ok(mail->from.list[0].addr)) {
		verb_error(call, "remember", "no-sender");
		return OUV_INVALID;
	}
	ident_make(call->desk->office, "addr",
		ouv_mail_addr_fold(call->arena, mail->from.list[0].addr),
		&token);
	TRY(store_ident_party(call->tx, &token, &a->file.id, &known));
	if (!ouv_id_is_zero(&known) && !ouv_id_equal(&known, &a->party)) {
		verb_error(call, "remember", "other-party");
		return OUV_INVALID;
	}
	return store_ident_add(
		call->tx, &token, STORE_IDENT_ADDRESS, &a->file.id, &a->party);
}

/* What later mail is known by. */
static enum ouv_err
add_names(struct accepting *a, const struct ouv_mail *mail)
{
	struct store_token token;

	TRY(remember(a, mail));
	if (mail->message_id == NULL || ouv_id_is_zero(&a->party))
		return OUV_OK;
	ident_make(a->call->desk->office, "mid", mail->message_id, &token);
	return store_ident_add(a->call->tx, &token, STORE_IDENT_MESSAGE,
		&a->file.id, &a->party);
}

static enum ouv_err
move_one(struct accepting *a, const struct store_item *held, int seq)
{
	struct verb_call *call = a->call;
	struct store_item item = *held;
	uint8_t dek[OUV_KEY] = { 0 };
	struct ouv_mail mail;
	struct ouv_str doc;
	enum ouv_err err;

	err = open_body(call->desk, call->arena, call->opened, held, dek, &doc);
	if (err == OUV_OK)
		casefile_seal(
			call->desk, call->arena, &a->file, &item, dek, &doc);
	ouv_wipe(dek, sizeof(dek));
	if (err != OUV_OK)
		return err;
	TRY(ouv_mail_unpack(call->arena, doc, &mail));
	item.seq = seq;
	item.lane = a->lane;
	item.party = a->party;
	TRY(store_held_move(call->tx, &call->opened->c.id, &item));
	return add_names(a, &mail);
}

static enum ouv_err
move_all(struct accepting *a)
{
	struct verb_call *call = a->call;

	/* From the last on, so that few numbers change behind it. */
	for (size_t i = a->count; i-- > 0;)
		TRY(move_one(a, &a->items[i], a->file.items + (int)i + 1));
	for (size_t i = 0; i < a->count; i++)
		TRY(log_case(call->desk, call->tx, &a->file,
			&call->actor->person,
			ouv_action_name(OUV_ACTION_ATTRIBUTE),
			&a->items[i].id));
	TRY(store_case_touch(call->tx, &a->file.id, (int)a->count, call->now));
	if (a->file.state == OUV_STATE_CLOSED)
		TRY(retain_anew(call->desk, call->tx, call->arena, &a->file,
			&a->items[0].id, call->now));
	call->file->items -= (int)a->count;
	call->emptied = a->remaining == 0;
	return held_log(call, ouv_action_name(OUV_ACTION_ATTRIBUTE), a->items,
		a->count);
}

static enum ouv_err
run(struct verb_call *call)
{
	struct accepting a = { .call = call };

	TRY(held_messages(call, &a.items, &a.count, &a.remaining));
	read_side(&a);
	TRY(read_target(&a));
	if (call->result->error_count > 0)
		return OUV_INVALID;
	TRY(open_target(&a));
	TRY(find_party(&a));
	TRY(move_all(&a));
	call->result->location = ouv_arena_printf(
		call->arena, "/cases/%s?done=attribute", a.protocol);
	return OUV_OK;
}

const struct verb verb_attribute = { "attribute", OUV_ACTION_ATTRIBUTE, run,
	false, NULL };
