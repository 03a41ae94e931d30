/*
 * dossier.c - what belongs to the file of a case for this recipient
 *
 * A party: what is theirs, byte for byte, and what was released to them and not
 * taken back, as they may read it.  Everybody else: the lanes that were chosen,
 * byte for byte or with their words masked.  What is left out is counted with
 * its reason, unless its recipient is not to know that there is any.
 */
#include <string.h>

#include "dossier_plan.h"
#include "release.h"

static const char *const sides[SIDES] = { "consumer", "company" };

/* ---- whose is it? ----------------------------------------------------------
 */

bool
plan_came_in(const struct store_item *item)
{
	return item->kind == OUV_ITEM_MAIL_IN ||
	       item->kind == OUV_ITEM_AUTO_IN ||
	       item->kind == OUV_ITEM_UNPARSED;
}

int
plan_side(const struct dossier_ask *ask)
{
	return ask->who == DOSSIER_CONSUMER  ? CONSUMER
	       : ask->who == DOSSIER_COMPANY ? COMPANY
					     : SIDES;
}

static bool
is_given(const struct planning *p, const struct store_disclosure_piece *piece,
	int side)
{
	for (size_t i = 0; i < p->given_count; i++)
		if (ouv_id_equal(&p->given[i].id, &piece->disclosure))
			return p->given[i].revoked_at == 0 &&
			       (side == SIDES ||
				       ouv_id_equal(&p->given[i].party,
					       &p->party[side]));
	return false;
}

bool
plan_given(
	const struct planning *p, const struct ouv_id *item, int part, int side)
{
	for (size_t i = 0; i < p->piece_count; i++)
		if (p->pieces[i].part == part &&
			ouv_id_equal(&p->pieces[i].item, item) &&
			is_given(p, &p->pieces[i], side))
			return true;
	return false;
}

static bool
any_given(const struct planning *p, const struct ouv_id *item, int side)
{
	for (size_t i = 0; i < p->piece_count; i++)
		if (ouv_id_equal(&p->pieces[i].item, item) &&
			is_given(p, &p->pieces[i], side))
			return true;
	return false;
}

/* ---- which message, and how? -----------------------------------------------
 */

static bool
is_of_days(const struct dossier_ask *ask, const struct store_item *item)
{
	return (ask->from_at == 0 || item->at >= ask->from_at) &&
	       (ask->until_at == 0 || item->at <= ask->until_at);
}

static enum choice
for_party(const struct planning *p, const struct store_item *item)
{
	int side = plan_side(&p->d->ask);
	bool own = item->kind != OUV_ITEM_NOTE &&
		   ouv_id_equal(&item->party, &p->party[side]);

	if (!own && (!release_may(item) || !any_given(p, &item->id, side)))
		return OUT;
	if (!is_of_days(&p->d->ask, item))
		return OUT_DAYS;
	return own ? IN_RAW : IN_RELEASED;
}

static enum choice
for_other(const struct planning *p, const struct store_item *item)
{
	const struct dossier_ask *ask = &p->d->ask;

	/* What a form held waits there and is part of no file. */
	if (item->why != NULL && strcmp(item->why, "fields") == 0)
		return OUT;
	if (item->kind == OUV_ITEM_NOTE && !ask->notes)
		return OUT_NOTE;
	if (item->kind != OUV_ITEM_NOTE && (ask->lanes & 1U << item->lane) == 0)
		return OUT_LANE;
	if (!is_of_days(ask, item))
		return OUT_DAYS;
	if (item->kind == OUV_ITEM_NOTE)
		return IN_NOTE;
	if (!ask->masked)
		return IN_RAW;
	return item->kind == OUV_ITEM_UNPARSED ? OUT_UNREAD : IN_MASKED;
}

static enum choice
choose(const struct planning *p, const struct store_item *item)
{
	return dossier_is_party(&p->d->ask) ? for_party(p, item)
					    : for_other(p, item);
}

static void
count_out(struct planning *p, enum choice choice)
{
	struct ouv_dossier_look *look = &p->d->look;

	look->left_lane += choice == OUT_LANE;
	look->left_days += choice == OUT_DAYS;
	look->left_notes += choice == OUT_NOTE;
	look->left_unread += choice == OUT_UNREAD;
}

static enum ouv_err
add_entries(struct planning *p)
{
	for (size_t i = 0; i < p->row_count; i++) {
		enum choice choice = choose(p, &p->rows[i].item);

		if (choice < IN_RAW)
			count_out(p, choice);
		else
			TRY(plan_entry(p, &p->rows[i], choice));
	}
	return OUV_OK;
}

/* ---- whom to mask ----------------------------------------------------------
 */

/* Is that one side's, and this side's words masked? */
static bool
is_masked_side(const struct planning *p, const struct ouv_id *party)
{
	int own = plan_side(&p->d->ask);

	return own == SIDES || !ouv_id_equal(party, &p->party[own]);
}

/* The company may know who complains: the name, nothing else of them. */
static bool
may_know_name(const struct planning *p, const struct ouv_id *party)
{
	return p->d->ask.who == DOSSIER_COMPANY && p->m.identity != NULL &&
	       strcmp(p->m.identity, "open") == 0 &&
	       ouv_id_equal(party, &p->party[CONSUMER]);
}

static void
mask_one(struct planning *p, const struct ouv_id *party, const char *name,
	const char *addr)
{
	if (is_masked_side(p, party))
		mask_person(
			p->mask, may_know_name(p, party) ? NULL : name, addr);
}

/* A postal address line by line: a street, a code with its place. */
static void
mask_postal(struct planning *p, const struct consumer *who)
{
	char *lines, *save, *line;

	if (who->postal == NULL || !is_masked_side(p, &who->party))
		return;
	lines = ouv_arena_strdup(p->call->arena, who->postal);
	for (line = strtok_r(lines, "\n", &save); line != NULL;
		line = strtok_r(NULL, "\n", &save))
		mask_line(p->mask, line);
}

static enum ouv_err
mask_capsules(struct planning *p)
{
	struct verb_call *call = p->call;
	struct store_capsule *list;
	struct ouv_context context;
	struct consumer who;
	size_t count;

	TRY(store_capsules(
		call->tx, call->arena, &call->file->id, &list, &count));
	for (size_t i = 0; i < count; i++) {
		context_make(call->desk, OUV_KIND_CAPSULE_KEY, OUV_COLUMN_CPK,
			&call->file->id, &list[i].id, list[i].key_version,
			&context);
		if (open_capsule(call->arena, &context, call->opened->csk,
			    list[i].box_case, &list[i], &who) != OUV_OK)
			continue;
		mask_one(p, &list[i].party, who.name, who.addr);
		mask_postal(p, &who);
	}
	return OUV_OK;
}

/* Everybody whose message is in the case: also who stands in for a party, and
 * who is none. */
static enum ouv_err
mask_writers(struct planning *p)
{
	struct verb_call *call = p->call;

	for (size_t i = 0; i < p->row_count; i++) {
		struct ouv_arena *own OUV_CLEANUP(ouv_arena_free) =
			ouv_arena_new(OUV_ARENA_WIPE);
		const struct store_item *item = &p->rows[i].item;
		uint8_t dek[OUV_KEY] = { 0 };
		struct ouv_mail mail;
		struct ouv_str doc;
		enum ouv_err err;

		if (!plan_came_in(item))
			continue;
		err = open_body(call->desk, own, call->opened, item, dek, &doc);
		ouv_wipe(dek, sizeof(dek));
		if (err == OUV_OK)
			err = ouv_mail_unpack(own, doc, &mail);
		if (err == OUV_TEMPORARY)
			return err;
		for (size_t k = 0; err == OUV_OK && k < mail.from.count; k++)
			mask_one(p, &item->party, mail.from.list[k].name,
				mail.from.list[k].addr);
	}
	return OUV_OK;
}

static enum ouv_err
make_mask(struct planning *p)
{
	if (!p->d->ask.masked)
		return OUV_OK;
	p->d->mask = p->mask =
		mask_new(p->call->desk, p->call->arena, p->m.company_name);
	TRY(mask_capsules(p));
	return mask_writers(p);
}

/* ---- the case --------------------------------------------------------------
 */

static enum ouv_err
load_parties(struct planning *p)
{
	struct verb_call *call = p->call;
	enum ouv_err err;
	int version;

	for (int side = 0; side < SIDES; side++) {
		err = store_party_side(call->tx, &call->file->id, sides[side],
			&p->party[side], &version);
		if (err != OUV_OK && err != OUV_NOT_FOUND)
			return err;
		err = party_find(call->desk, call->tx, call->arena,
			call->opened, sides[side], &p->who[side]);
		if (err == OUV_TEMPORARY)
			return err;
		if (err != OUV_OK)
			p->who[side] = (struct consumer){ .name = NULL };
	}
	if (plan_side(&p->d->ask) < SIDES &&
		ouv_id_is_zero(&p->party[plan_side(&p->d->ask)])) {
		verb_error(call, "recipient", "no-such-party");
		return OUV_INVALID;
	}
	return OUV_OK;
}

static enum ouv_err
load(struct planning *p)
{
	struct verb_call *call = p->call;
	const struct ouv_id *id = &call->file->id;

	TRY(store_mediation(call->tx, call->arena, id, &p->m));
	TRY(load_parties(p));
	TRY(store_items(call->tx, call->arena, id, &p->rows, &p->row_count));
	TRY(store_disclosures(
		call->tx, call->arena, id, &p->given, &p->given_count));
	return store_disclosure_pieces(
		call->tx, call->arena, id, &p->pieces, &p->piece_count);
}

/* The recipient's own language, where nobody chose one. */
static void
set_lang(struct planning *p)
{
	int side = plan_side(&p->d->ask);

	if (!p->d->ask.has_lang && side < SIDES && p->who[side].name != NULL)
		p->d->ask.lang = p->who[side].lang;
	p->d->look.lang = p->d->ask.lang;
	p->d->look.party = side < SIDES;
}

/* What stands on its first page. */
static void
tell_case(struct planning *p)
{
	struct dossier *d = p->d;
	const struct consumer *who = &p->who[CONSUMER];
	bool hidden = d->ask.masked && d->ask.who != DOSSIER_CONSUMER;

	d->state = p->m.state;
	d->opened_at = p->m.opened_at;
	d->closed_at = p->m.closed_at;
	d->company = plan_kept(p, p->m.company_name);
	d->consumer_name = plan_kept(p, who->name);
	d->consumer_addr = plan_kept(p, who->addr);
	if (hidden && !may_know_name(p, &p->party[CONSUMER]))
		d->consumer_name = "";
	if (hidden)
		d->consumer_addr = "";
	d->role = p->call->actor->role;
	d->by = dossier_is_party(&d->ask) ? ""
					  : plan_kept(p, p->call->actor->name);
}

static enum ouv_err
tell_mediation(struct planning *p)
{
	struct verb_call *call = p->call;
	struct mv mv = { .desk = call->desk,
		.tx = call->tx,
		.arena = call->arena,
		.actor = call->actor,
		.opened = call->opened,
		.lang = p->d->ask.lang,
		.out = &p->d->m };

	TRY(mv_about(&mv));
	TRY(mv_agreed(&mv));
	TRY(mv_file(&mv));
	return p->d->ask.who == DOSSIER_INTERNAL ? mv_clocks(&mv) : OUV_OK;
}

enum ouv_err
dossier_plan(struct verb_call *call, const struct dossier_ask *ask,
	struct dossier *dossier_out)
{
	struct planning p = { .call = call, .d = dossier_out };
	struct dossier *d = dossier_out;

	*d = (struct dossier){ .ask = *ask,
		.press = call->desk->office->paper,
		.log_until = ask->log ? (int64_t)call->file->audit_seq + 1 : 0,
		.version = call->file->version };
	memcpy(d->csk, call->opened->csk, sizeof(d->csk));
	TRY(load(&p));
	set_lang(&p);
	TRY(make_mask(&p));
	TRY(add_entries(&p));
	tell_case(&p);
	if (ask->pdf && d->count > DOSSIER_VOLUME) {
		verb_error(call, "form", "too-long-for-one");
		return OUV_INVALID;
	}
	d->look.log = (int)d->log_until;
	d->look.bytes += d->log_until * 700;
	d->look.pages += 3;
	return call->move->dry ? OUV_OK : tell_mediation(&p);
}
