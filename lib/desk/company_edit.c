/*
 * company_edit.c - the register of companies is changed from the console
 *
 * A wrong address gives a case to a stranger.  So whoever enters one has seen
 * it once more, alone and in full, and gives a fresh code; and no address is
 * ever changed: another one is another entry.
 */
#include <stdlib.h>
#include <string.h>

#include "move.h"
#include "ouv/post.h"
#include "ouv/clock.h"
#include "ouv/register.h"
#include "ouv/store_console.h"

#define NAME_MOST 200
#define ADDR_MOST 254

const char *const ouv_unit_kinds[] = { "sac", "call-center", "contact-center",
	"help-desk", "telemarketing", "ombudsman", "other", NULL };
const char *const ouv_contact_roles[] = { "answers", "copy", NULL };
static const char *const yes_no[] = { "yes", "no", NULL };

bool
ouv_company_may_edit(const struct ouv_actor *actor)
{
	return actor->role == OUV_ROLE_OMBUDSMAN ||
	       actor->role == OUV_ROLE_ADMIN;
}

struct editing {
	struct verb_call call;
	const struct ouv_id *of, *id; /* id zero: a new entry */
	bool fresh;
	int32_t today;
};

/* ---- fields ----------------------------------------------------------------
 */

static const char *
read_name(struct editing *e, const char *field, bool needed)
{
	const char *text = verb_field(&e->call, field);

	if (needed && *text == '\0')
		verb_error(&e->call, field, "empty");
	else if (strlen(text) > NAME_MOST)
		verb_error(&e->call, field, "too-long");
	else if (text[strcspn(text, "\r\n\t")] != '\0')
		verb_error(&e->call, field, "line-break");
	return text;
}

static int32_t
read_day(struct editing *e, const char *field, bool needed)
{
	const char *text = verb_field(&e->call, field);
	int32_t day = 0;

	if (*text == '\0' && needed)
		verb_error(&e->call, field, "empty");
	else if (*text != '\0' && !ouv_day_read(text, &day))
		verb_error(&e->call, field, "not-a-date");
	return day;
}

static const char *
read_word(struct editing *e, const char *field, const char *const *words)
{
	const char *text = verb_field(&e->call, field);

	for (; *words != NULL; words++)
		if (strcmp(*words, text) == 0)
			return *words;
	verb_error(&e->call, field, *text == '\0' ? "empty" : "unknown");
	return "";
}

static bool
read_yes(struct editing *e, const char *field)
{
	return strcmp(read_word(e, field, yes_no), "yes") == 0;
}

/* 0: of a new entry; one that is none is nobody's. */
static int64_t
read_rev(struct editing *e)
{
	long long rev = strtoll(verb_field(&e->call, "rev"), NULL, 10);

	if (e->fresh)
		return 0;
	return rev > 0 ? rev : -1;
}

static enum ouv_err
need_code(struct editing *e)
{
	if (e->call.actor->stepped)
		return OUV_OK;
	e->call.result->step_up = true;
	return OUV_REFUSED;
}

static enum ouv_err
note(struct editing *e, const char *action, const struct ouv_id *id,
	const char *name)
{
	return log_own_named(e->call.desk, e->call.tx, &e->call.actor->person,
		action, id,
		(struct ouv_str){ name, name != NULL ? strlen(name) : 0 });
}

/* A name that another entry has. */
static enum ouv_err
taken(struct editing *e, const char *field, const struct ouv_id *other)
{
	if (e->fresh || !ouv_id_equal(other, e->id))
		verb_error(&e->call, field, "entry-exists");
	return OUV_OK;
}

/* ---- a company -------------------------------------------------------------
 */

static enum ouv_err
read_sector(struct editing *e, struct store_company *c)
{
	const char *sector = verb_field(&e->call, "sector");
	const struct store_code *code;
	enum ouv_err err;

	c->sector = "";
	if (*sector == '\0')
		return OUV_OK;
	err = codes_find(e->call.desk, e->call.tx, "sector", sector, &code);
	if (err == OUV_NOT_FOUND)
		verb_error(&e->call, "sector", "unknown");
	else if (err == OUV_OK)
		c->sector = code->code;
	return err == OUV_NOT_FOUND ? OUV_OK : err;
}

static enum ouv_err
check_company_name(struct editing *e, const struct store_company *c)
{
	static const struct ouv_id none;
	struct store_company other;
	enum ouv_err err = store_company(
		e->call.tx, e->call.arena, &none, c->name, &other);

	if (err == OUV_NOT_FOUND)
		return OUV_OK;
	return err == OUV_OK ? taken(e, "name", &other.id) : err;
}

static enum ouv_err
put_company(struct editing *e)
{
	struct store_company was = { .full_text = false };
	struct store_company c = {
		.id = ouv_id_new(), .calendar = "", .member_from = e->today
	};

	if (!e->fresh) {
		TRY(store_company(
			e->call.tx, e->call.arena, e->id, NULL, &was));
		c = was;
	}
	c.name = read_name(e, "name", true);
	TRY(read_sector(e, &c));
	c.lang = ouv_lang_parse(verb_field(&e->call, "lang"), OUV_LANG__COUNT);
	if (c.lang == OUV_LANG__COUNT)
		verb_error(&e->call, "lang", "unknown");
	c.member_until = read_day(e, "member_until", false);
	if (c.member_until != 0 && c.member_until < c.member_from)
		verb_error(&e->call, "member_until", "order");
	c.full_text = read_yes(e, "full_text");
	TRY(check_company_name(e, &c));
	if (e->call.result->error_count > 0)
		return OUV_INVALID;
	/* All of a text in a mail, instead of a link to it. */
	if (c.full_text && !was.full_text)
		TRY(need_code(e));
	TRY(store_company_write(e->call.tx, &c, read_rev(e)));
	return note(e, "company-set", &c.id, c.name);
}

/* ---- a unit ----------------------------------------------------------------
 */

static enum ouv_err
put_unit(struct editing *e)
{
	struct store_unit u = { .id = ouv_id_new(), .company = *e->of };
	struct store_company company;
	struct store_unit *list;
	bool found = e->fresh;
	size_t count;

	TRY(store_company(e->call.tx, e->call.arena, e->of, NULL, &company));
	TRY(store_units(e->call.tx, e->call.arena, e->of, 0, &list, &count));
	u.name = read_name(e, "name", true);
	u.kind = read_word(e, "kind", ouv_unit_kinds);
	u.owned = read_yes(e, "owned");
	u.from_day = read_day(e, "from", true);
	u.until_day = read_day(e, "until", false);
	if (u.until_day != 0 && u.until_day < u.from_day)
		verb_error(&e->call, "until", "order");
	u.postal =
		ouv_post_address(e->call.arena, verb_field(&e->call, "postal"));
	if (u.postal == NULL)
		verb_error(&e->call, "postal", "not-an-envelope");
	for (size_t i = 0; i < count; i++) {
		if (!e->fresh && ouv_id_equal(&list[i].id, e->id)) {
			u.id = list[i].id;
			found = true;
		}
		if (strcmp(list[i].name, u.name) == 0)
			TRY(taken(e, "name", &list[i].id));
	}
	if (!found)
		return OUV_NOT_FOUND;
	if (e->call.result->error_count > 0)
		return OUV_INVALID;
	TRY(store_unit_write(e->call.tx, &u, read_rev(e)));
	return note(e, "unit-set", &u.id, u.name);
}

/* ---- a contact -------------------------------------------------------------
 */

struct contacts {
	struct store_contact *list;
	size_t count;
	const struct store_contact *was; /* NULL: a new one */
};

static const struct store_contact *
contact_of(const struct contacts *all, const struct ouv_id *id)
{
	for (size_t i = 0; i < all->count; i++)
		if (ouv_id_equal(&all->list[i].id, id))
			return &all->list[i];
	return NULL;
}

static bool
is_moving(const struct contacts *all, const struct store_contact *c)
{
	return all->was == NULL || strcasecmp(all->was->addr, c->addr) != 0;
}

/* As it is written now is how it was seen. */
static void
read_address(
	struct editing *e, const struct contacts *all, struct store_contact *c)
{
	c->addr = verb_field(&e->call, "addr");
	if (*c->addr == '\0')
		verb_error(&e->call, "addr", "empty");
	else if (strlen(c->addr) > ADDR_MOST || !ouv_mail_addr_ok(c->addr))
		verb_error(&e->call, "addr", "not-an-address");
	else if (is_moving(all, c))
		for (size_t i = 0; i < all->count; i++)
			if (strcasecmp(all->list[i].addr, c->addr) == 0)
				verb_error(&e->call, "addr", "entry-exists");
}

static void
read_away(struct editing *e, struct store_contact *c)
{
	c->away_from = read_day(e, "away_from", false);
	c->away_until = read_day(e, "away_until", false);
	if ((c->away_from == 0) != (c->away_until == 0))
		verb_error(&e->call,
			c->away_from == 0 ? "away_from" : "away_until",
			"empty");
	else if (c->away_until < c->away_from)
		verb_error(&e->call, "away_until", "order");
}

static void
read_substitute(
	struct editing *e, const struct contacts *all, struct store_contact *c)
{
	const char *text = verb_field(&e->call, "substitute");
	const struct store_contact *other;
	struct ouv_id id;

	c->substitute = (struct ouv_id){ { 0 } };
	if (*text == '\0')
		return;
	other = ouv_id_parse(text, &id) == OUV_OK ? contact_of(all, &id) : NULL;
	if (other == NULL)
		verb_error(&e->call, "substitute", "unknown");
	else if (all->was != NULL && ouv_id_equal(&other->id, &all->was->id))
		verb_error(&e->call, "substitute", "not-yourself");
	else
		c->substitute = other->id;
}

/* The entry of before ends, and whoever it stood in for follows. */
static enum ouv_err
replace(struct editing *e, const struct contacts *all,
	const struct store_contact *c)
{
	struct store_contact was = *all->was;

	was.active = false;
	TRY(store_contact_write(e->call.tx, &was, read_rev(e)));
	TRY(store_contact_write(e->call.tx, c, 0));
	TRY(store_contact_follow(e->call.tx, &was.id, &c->id));
	return note(e, "contact-set", &was.id, NULL);
}

static enum ouv_err
write_contact(
	struct editing *e, const struct contacts *all, struct store_contact *c)
{
	bool moving = is_moving(all, c);

	if (moving && strcmp(verb_field(&e->call, "seen"), c->addr) != 0) {
		verb_error(&e->call, "addr", "look-again");
		return OUV_INVALID;
	}
	TRY(need_code(e));
	c->id = moving ? ouv_id_new() : all->was->id;
	if (moving && all->was != NULL)
		TRY(replace(e, all, c));
	else
		TRY(store_contact_write(
			e->call.tx, c, moving ? 0 : read_rev(e)));
	return note(e, "contact-set", &c->id, NULL);
}

static enum ouv_err
put_contact(struct editing *e)
{
	struct store_contact c = { .unit = *e->of };
	struct contacts all = { 0 };

	TRY(store_contacts(
		e->call.tx, e->call.arena, e->of, &all.list, &all.count));
	if (!e->fresh && (all.was = contact_of(&all, e->id)) == NULL)
		return OUV_NOT_FOUND;
	c.name = read_name(e, "name", false);
	read_address(e, &all, &c);
	c.role = read_word(e, "role", ouv_contact_roles);
	c.active = read_yes(e, "active");
	read_away(e, &c);
	read_substitute(e, &all, &c);
	if (e->call.result->error_count > 0)
		return OUV_INVALID;
	return write_contact(e, &all, &c);
}

/* ---- the door --------------------------------------------------------------
 */

typedef enum ouv_err put_fn(struct editing *e);
static const struct {
	const char *verb;
	put_fn *put;
} puts_of[OUV_ENTRY__COUNT] = {
	[OUV_ENTRY_COMPANY] = { "company-set", put_company },
	[OUV_ENTRY_UNIT] = { "unit-set", put_unit },
	[OUV_ENTRY_CONTACT] = { "contact-set", put_contact },
};

struct asked {
	struct editing e;
	put_fn *put;
};

static enum ouv_err
put(struct verb_call *call, void *user)
{
	struct asked *a = user;

	a->e.call = *call;
	TRY(office_day(call->desk, call->tx, call->now, &a->e.today));
	return a->put(&a->e);
}

enum ouv_err
ouv_desk_entry_put(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const char *form_key,
	enum ouv_entry entry, const struct ouv_id *of, const struct ouv_id *id,
	const struct ouv_field *fields, size_t field_count,
	struct ouv_verb_result *result_out)
{
	struct verb_call call = change_call(
		desk, arena, actor, fields, field_count, result_out);
	struct asked a = {
		.e = { .of = of, .id = id, .fresh = ouv_id_is_zero(id) },
		.put = puts_of[entry].put
	};

	memset(result_out, 0, sizeof(*result_out));
	if (!ouv_company_may_edit(actor))
		return OUV_REFUSED;
	return change_once(&call, form_key, puts_of[entry].verb, put, &a);
}
