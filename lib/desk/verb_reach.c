/*
 * verb_reach.c - how a party is reached from now on: by mail or on paper, and
 * where
 *
 * Its page, its reply address and what it wrote stay as they were; letters that
 * came back may go out once more, on paper.
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "post.h"

#define ADDR_MOST 254
#define POSTAL_MOST 400

/* clang-format off */
static const char *const sides[] = { "consumer", "company", NULL };
static const char *const ways[] = { "mail", "post", NULL };
/* clang-format on */

static const struct ouv_field_decl fields[] = {
	{ .name = "party",
		.kind = OUV_FIELD_WORD,
		.required = true,
		.words = sides },
	{ .name = "way",
		.kind = OUV_FIELD_WORD,
		.required = true,
		.words = ways },
	{ .name = "addr", .kind = OUV_FIELD_LINE, .most = ADDR_MOST },
	{ .name = "postal", .kind = OUV_FIELD_WORDS, .most = POSTAL_MOST },
	{ .name = "again", .kind = OUV_FIELD_FLAG },
	{ .name = NULL },
};

struct reach {
	const char *side;
	bool post;
	struct consumer to; /* as it is, then as it shall be */
	struct store_capsule capsule;
	bool new_addr;
};

/* ---- who, and what was typed -----------------------------------------------
 */

static enum ouv_err
find(struct verb_call *call, struct reach *r)
{
	struct store_capsule *list;
	struct readers readers;
	size_t count;

	TRY(readers_load(call, r->side, &readers));
	if (!readers.there || readers.count == 0) {
		verb_error(call, "party", "no-such-party");
		return OUV_INVALID;
	}
	r->to = readers.list[0];
	TRY(store_capsules(
		call->tx, call->arena, &call->file->id, &list, &count));
	for (size_t i = 0; i < count; i++)
		if (ouv_id_equal(&list[i].id, &r->to.capsule))
			r->capsule = list[i];
	return OUV_OK;
}

/* It is not the other side's. */
static enum ouv_err
read_addr(struct verb_call *call, struct reach *r)
{
	const char *addr = move_text(call, "addr", 1);
	struct store_token token;
	struct ouv_id known;

	if (*addr == '\0' || strcmp(addr, r->to.addr) == 0) {
		if (!r->post && *r->to.addr == '\0')
			verb_error(call, "addr", "empty");
		return OUV_OK;
	}
	if (!ouv_mail_addr_ok(addr)) {
		verb_error(call, "addr", "not-an-address");
		return OUV_OK;
	}
	ident_make(call->desk->office, "addr",
		ouv_mail_addr_fold(call->arena, addr), &token);
	TRY(store_ident_party(call->tx, &token, &call->file->id, &known));
	if (!ouv_id_is_zero(&known) && !ouv_id_equal(&known, &r->to.party)) {
		verb_error(call, "addr", "theirs");
		return OUV_OK;
	}
	r->new_addr = ouv_id_is_zero(&known);
	r->to.addr = addr;
	return OUV_OK;
}

static void
read_postal(struct verb_call *call, struct reach *r)
{
	const char *text = move_text(call, "postal", 1);
	const char *postal = ouv_post_address(call->arena, text);

	if (postal == NULL)
		verb_error(call, "postal", "not-an-envelope");
	else if (*postal != '\0')
		r->to.postal = postal;
	else if (r->post && *r->to.postal == '\0')
		verb_error(call, "postal", "empty");
}

/* ---- what is written --------------------------------------------------------
 */

static enum ouv_err
keep(struct verb_call *call, struct reach *r)
{
	json_t *doc = json_pack("{s:s, s:s, s:s, s:s}", "name", r->to.name,
		"addr", r->to.addr, "lang", ouv_lang_tag(r->to.lang), "postal",
		r->to.postal);
	char *text = json_dumps(doc, JSON_COMPACT);

	json_decref(doc);
	casefile_capsule_seal(call->desk, call->arena, call->file,
		&(struct ouv_str){ text, strlen(text) }, &r->capsule);
	ouv_wipe(text, strlen(text));
	free(text);
	return store_capsule_reach(call->tx, &call->actor->person, &r->capsule);
}

/* The address is theirs from now on, and theirs alone. */
static enum ouv_err
know(struct verb_call *call, const struct reach *r)
{
	struct store_token token;

	if (!r->new_addr)
		return OUV_OK;
	ident_make(call->desk->office, "addr",
		ouv_mail_addr_fold(call->arena, r->to.addr), &token);
	return store_ident_add(call->tx, &token, STORE_IDENT_ADDRESS,
		&call->file->id, &r->to.party);
}

static enum ouv_err
once_more(struct verb_call *call, const struct store_post *lost)
{
	struct store_post post = { .id = ouv_id_new(),
		.letter = lost->letter,
		.case_id = call->file->id,
		.item = lost->item,
		.party = lost->party,
		.addressed = true,
		.made_at = call->now };
	struct store_clock *list;
	size_t count;
	int side;

	post.has_clock = post_clock_of(lost->kind, &side, &post.clock);
	TRY(store_clocks(
		call->tx, call->arena, &call->file->id, &list, &count));
	for (size_t i = 0; post.has_clock && i < count; i++)
		if (list[i].kind == post.clock && list[i].n == 0 &&
			list[i].state == STORE_CLOCK_RUNNING)
			post.round = list[i].round;
	TRY(store_post_add(call->tx, &post));
	TRY(post_ask(call->desk, call->tx, call->file, &post, "send-by-post",
		call->now, &call->actor->person));
	return log_case(call->desk, call->tx, call->file, &call->actor->person,
		"by-post", &post.letter);
}

static enum ouv_err
again(struct verb_call *call, const struct reach *r)
{
	struct store_post *lost;
	size_t count;

	if (!r->post || !move_flag(call, "again"))
		return OUV_OK;
	TRY(store_post_lost(call->tx, call->arena, &call->file->id,
		&r->to.party, &lost, &count));
	for (size_t i = 0; i < count; i++) {
		lost[i].party = r->to.party;
		TRY(once_more(call, &lost[i]));
	}
	return OUV_OK;
}

static enum ouv_err
run(struct verb_call *call)
{
	struct reach r = { .side = move_text(call, "party", 1) };
	const char *way = move_text(call, "way", 1);

	r.post = strcmp(way, "post") == 0;
	TRY(find(call, &r));
	TRY(read_addr(call, &r));
	read_postal(call, &r);
	if (call->result->error_count > 0)
		return OUV_INVALID;
	call->object = r.to.party;
	call->move->reason =
		ouv_arena_printf(call->arena, "%s: %s", r.side, way);
	TRY(keep(call, &r));
	TRY(know(call, &r));
	TRY(store_party_by_post(call->tx, &r.to.party, r.post));
	TRY(store_post_addressed(call->tx, &r.to.party, *r.to.postal != '\0'));
	TRY(store_tasks_settled(call->tx, &call->file->id, "other-channel",
		r.side, &call->actor->person));
	return again(call, &r);
}

const struct verb verb_reach = { "reach", OUV_ACTION_REACH, run, false,
	fields };
