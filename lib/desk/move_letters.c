/*
 * move_letters.c - what a move tells each party
 *
 * Both letters are written and judged before anything is; then each goes to
 * everybody of its side, or on paper (post.c) to one.
 */
#include <string.h>

#include "frame.h"
#include "page_seal.h"

static const char *const sides[SIDES] = { "consumer", "company" };
static const enum ouv_lane lanes[SIDES] = { OUV_LANE_CONSUMER,
	OUV_LANE_COMPANY };

/* ---- the readers -----------------------------------------------------------
 */

/* By a person with the case's key, by a program with the gateway's. */
static enum ouv_err
open_reader(struct verb_call *call, const struct store_capsule *capsule,
	struct consumer *to)
{
	struct ouv_context context;

	if (by_program(call)) {
		if (!capsule->has_svc)
			return OUV_NOT_FOUND;
		TRY(svc_capsule(call->desk, call->tx, call->arena, capsule,
			capsule->box_svc, to));
	} else {
		context_make(call->desk, OUV_KIND_CAPSULE_KEY, OUV_COLUMN_CPK,
			&call->file->id, &capsule->id, capsule->key_version,
			&context);
		TRY(open_capsule(call->arena, &context, call->opened->csk,
			capsule->box_case, capsule, to));
	}
	to->main = capsule->main;
	to->contact = capsule->contact;
	return OUV_OK;
}

/* Those who answer for a company; else the oldest address: later ones are for
 * copies to somebody else. */
static bool
wanted(const struct store_capsule *list, size_t count, size_t i,
	const struct ouv_id *party)
{
	bool any = false;

	if (!ouv_id_equal(&list[i].party, party))
		return false;
	for (size_t k = 0; k < count; k++)
		any |= list[k].main && ouv_id_equal(&list[k].party, party);
	if (any)
		return list[i].main;
	for (size_t k = 0; k < i; k++)
		if (ouv_id_equal(&list[k].party, party))
			return false;
	return true;
}

/* On paper there is one letter for a side: to the first whose postal address
 * is known.  Who has no address of any kind gets none by mail either. */
static void
one_sheet(struct readers *r)
{
	size_t n = 0;

	for (size_t i = 0; i < r->count; i++)
		if (!r->list[i].by_post)
			r->list[n++] = r->list[i];
	if (n > 0 || r->count == 0) {
		r->count = n;
		return;
	}
	while (n < r->count - 1 && *r->list[n].postal == '\0')
		n++;
	if (*r->list[n].postal == '\0')
		n = 0;
	r->list[0] = r->list[n];
	r->count = 1;
}

enum ouv_err
readers_load(
	struct verb_call *call, const char *side, struct readers *readers_out)
{
	struct readers *r = readers_out;
	struct store_capsule *list;
	size_t count;
	enum ouv_err err;
	int version;

	*r = (struct readers){ .count = 0 };
	err = store_party_side(
		call->tx, &call->file->id, side, &r->party, &version);
	if (err != OUV_OK)
		return err == OUV_NOT_FOUND ? OUV_OK : err;
	r->there = true;
	TRY(store_capsules(
		call->tx, call->arena, &call->file->id, &list, &count));
	for (size_t i = 0; i < count && r->count < READERS_MOST; i++) {
		struct consumer *to = &r->list[r->count];

		if (!wanted(list, count, i, &r->party))
			continue;
		err = open_reader(call, &list[i], to);
		if (err == OUV_TEMPORARY)
			return err;
		if (err != OUV_OK)
			continue;
		TRY(reply_code(call->desk, call->tx, &call->file->id, &r->party,
			version, false, to->code));
		r->count++;
	}
	one_sheet(r);
	return OUV_OK;
}

/* ---- the values all letters have -------------------------------------------
 */

static void
set_moment(json_t *data, const char *key, int64_t at)
{
	if (at > 0)
		(void)json_object_set_new(data, key, json_integer(at));
}

static int64_t
clock_end(const struct frame *frame, enum ouv_clock kind)
{
	for (size_t i = 0; i < frame->clock_count; i++)
		if (frame->clocks[i].kind == kind && frame->clocks[i].n == 0 &&
			frame->clocks[i].state == STORE_CLOCK_RUNNING)
			return frame->clocks[i].due_at;
	return 0;
}

static void
add_next(const struct frame *frame, int side, json_t *data)
{
	enum ouv_owes owes = ouv_state_info(frame->move.to)->owes;
	bool company = owes == OUV_OWES_COMPANY || owes == OUV_OWES_BOTH;
	bool consumer = owes == OUV_OWES_CONSUMER || owes == OUV_OWES_BOTH;
	bool you = side == COMPANY ? company : consumer;
	int64_t due = frame->due_at > 0 ? frame->due_at : 0;

	(void)json_object_set_new(data, "owes_you", json_boolean(you));
	(void)json_object_set_new(
		data, "owes_us", json_boolean(owes == OUV_OWES_OFFICE));
	(void)json_object_set_new(data, "owes_other",
		json_boolean(side == COMPANY ? consumer : company));
	if (owes != OUV_OWES_NONE)
		set_moment(data, "next_by", due);
	if (you)
		set_moment(data, "your_by", due);
	set_moment(data, "total_by", clock_end(frame, OUV_CLOCK_TOTAL));
}

static void
set_text(json_t *data, const char *key, const char *value)
{
	if (value != NULL && *value != '\0')
		(void)json_object_set_new(data, key, json_string(value));
	else
		(void)json_object_del(data, key);
}

/* What differs from one reader of a side to the next. */
static void
set_reader(struct verb_call *call, const struct consumer *to, json_t *data)
{
	set_text(data, "name", to->name);
	set_text(data, "link_url", link_url(call->desk, call->arena, to));
	set_text(data, "page_code", to->page_code);
	set_text(data, "page_url",
		to->page_code != NULL
			? page_base_url(call->desk, call->arena, to->main)
			: NULL);
}

/* The first letter to somebody of a company brings the code of their page. */
static bool
brings_code(const char *template)
{
	return strcmp(template, "notice") == 0 ||
	       strcmp(template, "forward-company") == 0;
}

/* As it is looked at before it is sent: there is no code yet. */
static enum ouv_err
expect_code(struct verb_call *call, const char *template, struct consumer *to)
{
	if (!brings_code(template) || ouv_id_is_zero(&to->capsule))
		return OUV_OK;
	TRY(page_readers_of(call->desk, call->tx, call->arena, call->file));
	if (!page_has_key(call->file, to))
		to->page_code = "\xe2\x80\xa6"; /* an ellipsis */
	return OUV_OK;
}

static enum ouv_err
make_code(struct verb_call *call, const char *template, struct consumer *to)
{
	if (!brings_code(template))
		return OUV_OK;
	return page_key_contact(call->desk, call->tx, call->arena, call->file,
		by_program(call) ? NULL : call->actor, call->now, to);
}

static enum ouv_err
add_signature(struct verb_call *call, struct letter_out *letter)
{
	const char *text = call->desk->office->config->office_name;

	if (!by_program(call))
		TRY(profile_lines(call->desk, call->tx, call->arena,
			call->actor, letter->lang, &text, &letter->blue));
	set_text(letter->data, "signature", text);
	return OUV_OK;
}

/* ---- what is not this reader's ---------------------------------------------
 */

/* A program reads no message: it knows both sides' names and addresses. */
static enum ouv_err
others_of_program(struct verb_call *call, struct draft *draft, int side)
{
	struct readers other;
	const char **list;
	size_t n = 0;

	TRY(readers_load(call, sides[1 - side], &other));
	list = ouv_arena_array(call->arena, 2 * other.count, sizeof(*list));
	for (size_t i = 0; i < other.count; i++) {
		if (*other.list[i].addr != '\0')
			list[n++] = other.list[i].addr;
		/* Of a company that gets paper nobody is named but itself. */
		if (strchr(other.list[i].name, ' ') != NULL &&
			(side == COMPANY || *other.list[i].addr != '\0'))
			list[n++] = other.list[i].name;
	}
	draft->letter.lane = lanes[side];
	draft->letter.others = list;
	draft->letter.other_count = n;
	return OUV_OK;
}

/* The company may read who complains: the name, not the address. */
static void
allow_name(struct verb_call *call, const struct frame *frame, int side,
	struct letter_out *letter)
{
	const struct consumer *who = frame->move.party[CONSUMER];
	const char **list;
	size_t n = 0;

	if (side != COMPANY || !frame->move.name_consumer || who == NULL)
		return;
	list = ouv_arena_array(call->arena, letter->other_count, sizeof(*list));
	for (size_t i = 0; i < letter->other_count; i++)
		if (strcasecmp(letter->others[i], who->name) != 0)
			list[n++] = letter->others[i];
	letter->others = list;
	letter->other_count = n;
}

/* ---- one letter ------------------------------------------------------------
 */

/* Nobody knows yet on which day it will arrive: it says how long there is from
 * then, and no date. */
static void
from_delivery(const struct moving *move, struct letter_out *letter)
{
	letter->clock = move->paper.clock;
	letter->clock_round = move->paper.round;
	letter->term = move->paper.term;
	(void)json_object_del(letter->data, "your_by");
	(void)json_object_del(letter->data, "next_by");
}

enum ouv_err
letter_draft(struct verb_call *call, const struct frame *frame, int side,
	const char *text, const json_t *data, struct move_letter *letter_out)
{
	struct move_letter *l = letter_out;
	struct draft *draft = &l->draft;
	const struct moving *move = &frame->move;

	TRY(readers_load(call, sides[side], &l->readers));
	if (!l->readers.there)
		return OUV_OK;
	l->wanted = true;
	draft->side = sides[side];
	draft->to = l->readers.count > 0
			    ? l->readers.list[0]
			    : (struct consumer){ .party = l->readers.party,
				      .name = "",
				      .addr = "",
				      .postal = "",
				      .by_post = true,
				      .lang = call->file->lang };
	TRY(expect_code(call, text, &draft->to));
	draft->letter = (struct letter_out){ .template = text,
		.kind = text,
		.lang = draft->to.lang,
		.data = json_copy((json_t *)data),
		.automatic = by_program(call),
		.author = call->actor->person,
		.now = call->now };
	json_object_set_new(draft->letter.data, "protocol",
		json_string(call->file->protocol != NULL ? call->file->protocol
							 : ""));
	set_text(draft->letter.data, "company_name", move->m.company_name);
	set_reader(call, &draft->to, draft->letter.data);
	add_next(frame, side, draft->letter.data);
	if (move->paper.term.amount > 0 && move->paper.side == side)
		from_delivery(move, &draft->letter);
	TRY(add_signature(call, &draft->letter));
	if (by_program(call))
		TRY(others_of_program(call, draft, side));
	else
		TRY(party_letter(call, draft));
	allow_name(call, frame, side, &draft->letter);
	return OUV_OK;
}

/* Does this text stand somewhere in the data? */
static bool
holds(const json_t *data, const char *text)
{
	const char *key;
	json_t *value;
	size_t i;

	if (json_is_string(data))
		return strstr(json_string_value(data), text) != NULL;
	if (json_is_array(data))
		json_array_foreach(
			data, i, value) if (holds(value, text)) return true;
	if (json_is_object(data))
		json_object_foreach((json_t *)data, key,
			value) if (holds(value, text)) return true;
	return false;
}

/* Only what stands in this letter is looked at by its field. */
static void
add_typed(struct verb_call *call, const struct frame *frame, int side,
	struct draft *draft)
{
	struct typed all[TYPED_MOST];
	size_t count = fields_typed(call, frame->verb->fields, all, TYPED_MOST);
	const struct move_letter *other = &frame->letters[!side];

	for (size_t i = 0; i < count; i++) {
		if (!holds(frame->move.data[side], all[i].text))
			continue;
		if (other->wanted &&
			holds(frame->move.data[!side], all[i].text))
			all[i].other_lang =
				ouv_lang_tag(other->draft.letter.lang);
		draft->typed[draft->typed_count++] = all[i];
	}
	draft->dated = fields_dated(call, frame->verb->fields);
	draft->overrule = move_text(call, "overrule", 1);
}

static enum ouv_err
judge(struct verb_call *call, struct frame *frame, struct move_letter *l)
{
	struct letter_words words;

	if (!by_program(call))
		TRY(draft_judge(call, &l->draft, &l->check));
	else {
		TRY(letter_words(call->desk, call->tx, call->arena,
			&l->draft.to, &l->draft.letter, &words));
		l->check.blocked = words.blocked;
	}
	if (l->check.blocked && call->result->error_count == 0)
		frame->failed |= OUV_GUARD_BIT(OUV_GUARD_LINT);
	return OUV_OK;
}

enum ouv_err
letters_write(struct verb_call *call, struct frame *frame)
{
	struct ouv_verb_result *result = call->result;
	struct moving *move = &frame->move;
	bool warned = false;

	for (int side = 0; side < SIDES; side++) {
		struct move_letter *l = &frame->letters[side];

		if (move->text[side] == NULL ||
			(side == COMPANY && move->row->told && !move->m.told))
			continue;
		TRY(letter_draft(call, frame, side, move->text[side],
			move->data[side], l));
	}
	for (int side = 0; side < SIDES; side++) {
		struct move_letter *l = &frame->letters[side];

		if (!l->wanted)
			continue;
		add_typed(call, frame, side, &l->draft);
		TRY(judge(call, frame, l));
		warned |= l->check.warned;
		if (result->check == NULL &&
			(l->check.blocked || l->check.warned))
			/* The frame ends before its result is read. */
			result->check = ouv_arena_memdup(
				call->arena, &l->check, sizeof(l->check));
	}
	if (frame->preview) {
		result->error_count = 0; /* the checks tell it */
		return OUV_OK;
	}
	if (warned && *move_text(call, "overrule", 1) == '\0')
		verb_error(call, "overrule", "warned");
	return result->error_count > 0 ? OUV_INVALID : OUV_OK;
}

/* ---- sending ---------------------------------------------------------------
 */

enum ouv_err
letter_deliver(struct verb_call *call, const struct move_letter *l,
	const char *key, int *queued_out)
{
	struct letter_out letter = l->draft.letter;
	struct ouv_id outbox;
	char hex[OUV_ID_HEX];

	*queued_out = 0;
	for (size_t i = 0; i < l->readers.count; i++) {
		struct consumer one = l->readers.list[i];
		const struct consumer *to = &one;

		TRY(make_code(call, letter.template, &one));
		ouv_id_hex(&to->capsule, hex);
		letter.dedupe_key =
			ouv_arena_printf(call->arena, "%s:%s", key, hex);
		letter.lang = to->lang;
		set_reader(call, to, letter.data);
		TRY(letter_queue(call->desk, call->tx, call->arena, call->file,
			to, &letter, &outbox));
		TRY(store_case_touch(call->tx, &call->file->id, 1, call->now));
		(*queued_out)++;
	}
	return *queued_out > 0 ? store_outbox_notify(call->tx) : OUV_OK;
}

enum ouv_err
letters_send(struct verb_call *call, struct frame *frame)
{
	const char *key;
	char hex[OUV_ID_HEX];

	ouv_id_hex(&call->file->id, hex);
	key = ouv_arena_printf(call->arena, "move:%s:%llu", hex,
		(unsigned long long)call->file->audit_seq + 1);
	for (int side = 0; side < SIDES; side++) {
		struct move_letter *l = &frame->letters[side];
		int queued = 0;

		if (!l->wanted)
			continue;
		/* Nobody can be written to: it waits for an address. */
		if (l->readers.count == 0)
			l->readers.list[l->readers.count++] = l->draft.to;
		TRY(letter_deliver(call, l, key, &queued));
		if (l->check.warned)
			TRY(draft_overruled(call, &l->draft, &l->check));
		frame->move.m.told |= side == COMPANY;
	}
	return OUV_OK;
}
