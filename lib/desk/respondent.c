/*
 * respondent.c - the company's side of a case, from the register
 */
#include <string.h>

#include "intake.h"

static enum ouv_err
no_chain(struct verb_call *call)
{
	call->result->failed |= OUV_GUARD_BIT(OUV_GUARD_CHAIN);
	return OUV_REFUSED;
}

enum ouv_err
respondent_unit(
	struct verb_call *call, const char *field, struct store_unit *unit_out)
{
	struct ouv_id id = call->move->m.unit;
	enum ouv_err err = OUV_OK;

	if (field != NULL)
		err = ouv_id_parse(move_text(call, field, 1), &id);
	if (err == OUV_OK)
		err = store_unit(call->tx, call->arena, &id, intake_today(call),
			unit_out);
	if (err == OUV_OK || err == OUV_TEMPORARY)
		return err;
	if (field == NULL)
		return no_chain(call);
	verb_error(call, field, "unknown");
	return OUV_INVALID;
}

/* ---- to whom one writes
 * ------------------------------------------------------ */

struct people {
	const struct store_contact *list[64];
	size_t count;
};

static bool
is_here(const struct store_contact *c, int32_t today)
{
	return c->active && (c->away_from == 0 || today < c->away_from ||
				    today > c->away_until);
}

static void
add(struct people *people, const struct store_contact *c)
{
	for (size_t i = 0; i < people->count; i++)
		if (ouv_id_equal(&people->list[i]->id, &c->id))
			return;
	if (people->count < sizeof(people->list) / sizeof(people->list[0]))
		people->list[people->count++] = c;
}

/* Who is away and has nobody is written to all the same. */
static const struct store_contact *
stand_in(const struct store_contact *c, const struct store_contact *list,
	size_t count, int32_t today)
{
	if (is_here(c, today))
		return c;
	for (size_t i = 0; i < count; i++)
		if (ouv_id_equal(&list[i].id, &c->substitute) &&
			is_here(&list[i], today))
			return &list[i];
	return c;
}

static enum ouv_err
choose(struct verb_call *call, const struct ouv_id *unit, struct people *people)
{
	struct store_contact *list;
	int32_t today = intake_today(call);
	size_t count;

	TRY(store_contacts(call->tx, call->arena, unit, &list, &count));
	for (size_t i = 0; i < count; i++)
		if (list[i].active)
			add(people, stand_in(&list[i], list, count, today));
	return OUV_OK;
}

/* ---- the party
 * ---------------------------------------------------------------- */

/* Their address is known as the company's from now on, and never as the
 * other side's. */
static enum ouv_err
know(struct verb_call *call, const struct consumer *one, bool fresh)
{
	struct store_token token;
	struct ouv_id known;

	if (*one->addr == '\0')
		return OUV_OK;
	ident_make(call->desk->office, "addr",
		ouv_mail_addr_fold(call->arena, one->addr), &token);
	TRY(store_ident_party(call->tx, &token, &call->file->id, &known));
	if (ouv_id_is_zero(&known))
		return fresh ? OUV_OK
			     : store_ident_add(call->tx, &token,
				       STORE_IDENT_ADDRESS, &call->file->id,
				       &one->party);
	return ouv_id_equal(&known, &one->party) ? OUV_OK : no_chain(call);
}

/* The first one of a case without a company brings it in. */
static enum ouv_err
join(struct verb_call *call, struct consumer *one, bool fresh)
{
	TRY(know(call, one, fresh));
	if (fresh)
		return casefile_party(call->desk, call->tx, call->arena,
			call->file, "company", one);
	return casefile_capsule(
		call->desk, call->tx, call->arena, call->file, one);
}

struct joining {
	struct verb_call *call;
	struct ouv_id party;
	int code_version;
	bool fresh;
	struct ouv_id *there; /* contacts that have an address in the case */
	size_t there_count;
};

static enum ouv_err
begin(struct joining *j)
{
	struct verb_call *call = j->call;
	enum ouv_err err = store_party_side(call->tx, &call->file->id,
		"company", &j->party, &j->code_version);

	j->fresh = err == OUV_NOT_FOUND;
	if (err == OUV_OK)
		err = store_capsule_contacts(call->tx, call->arena, &j->party,
			&j->there, &j->there_count);
	return j->fresh ? OUV_OK : err;
}

static bool
is_there(const struct joining *j, const struct ouv_id *contact)
{
	for (size_t i = 0; i < j->there_count; i++)
		if (!ouv_id_is_zero(contact) &&
			ouv_id_equal(&j->there[i], contact))
			return true;
	return false;
}

static enum ouv_err
join_one(struct joining *j, struct consumer one)
{
	struct verb_call *call = j->call;

	one.party = j->party;
	one.main = true;
	if (!is_there(j, &one.contact))
		TRY(join(call, &one, j->fresh));
	if (j->fresh) {
		j->party = one.party;
		j->fresh = false;
		j->code_version = 1;
	}
	TRY(reply_code(call->desk, call->tx, &call->file->id, &j->party,
		j->code_version, false, one.code));
	if (call->move->party[COMPANY] == NULL)
		call->move->party[COMPANY] =
			ouv_arena_memdup(call->arena, &one, sizeof(one));
	return OUV_OK;
}

/* Who is away, or stands in later, answers for the company as well. */
static enum ouv_err
know_all(struct joining *j, const struct ouv_id *unit)
{
	struct verb_call *call = j->call;
	struct store_contact *list;
	size_t count;

	TRY(store_contacts(call->tx, call->arena, unit, &list, &count));
	for (size_t i = 0; i < count; i++)
		if (list[i].active)
			TRY(know(call,
				&(struct consumer){ .party = j->party,
					.addr = list[i].addr },
				false));
	return OUV_OK;
}

enum ouv_err
respondent_join(struct verb_call *call, const struct store_unit *unit)
{
	struct joining j = { .call = call };
	struct people people = { .count = 0 };

	TRY(choose(call, &unit->id, &people));
	if (people.count == 0 && *unit->postal == '\0')
		return no_chain(call);
	TRY(begin(&j));
	/* Nobody answers mails there: on paper, to the unit itself. */
	if (people.count == 0)
		return join_one(
			&j, (struct consumer){ .name = unit->company_name,
				    .addr = "",
				    .postal = unit->postal,
				    .lang = unit->lang,
				    .by_post = true });
	for (size_t i = 0; i < people.count; i++)
		TRY(join_one(
			&j, (struct consumer){ .name = people.list[i]->name,
				    .addr = people.list[i]->addr,
				    .postal = unit->postal,
				    .lang = unit->lang,
				    .contact = people.list[i]->id }));
	return know_all(&j, &unit->id);
}

enum ouv_err
respondent_other(struct verb_call *call, const char *name, const char *addr)
{
	struct joining j = { .call = call };

	TRY(begin(&j));
	return join_one(&j,
		(struct consumer){
			.name = name, .addr = addr, .lang = call->file->lang });
}
