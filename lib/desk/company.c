/*
 * company.c - the register of companies, as the operator keeps it
 */
#include <string.h>

#include "desk_impl.h"
#include "ouv/clock.h"
#include "ouv/company.h"
#include "ouv/log.h"
#include "ouv/store_mediation.h"

#define NAME_MOST 200

struct keeping {
	const struct ouv_config *config;
	struct store *store;
	struct ouv_arena *arena;
	struct store_tx *tx;
	const void *entry;
	json_t *list;
	struct command_log *log;
};
typedef enum ouv_err keep_fn(struct keeping *k);

/* One transaction with the owner's role. */
static enum ouv_err
keep(const struct ouv_config *config, keep_fn *run, const void *entry,
	json_t **list_out)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_PLAIN);
	struct keeping k = { .config = config, .arena = arena, .entry = entry };
	enum ouv_err err;

	TRY(store_open(config, STORE_OWNER, &k.store));
	err = store_begin(k.store, &k.tx);
	if (err == OUV_OK)
		err = run(&k);
	if (err == OUV_OK)
		err = store_commit(&k.tx);
	store_rollback(&k.tx);
	command_log_end(&k.log);
	store_close(&k.store);
	if (err == OUV_OK && list_out != NULL)
		*list_out = k.list;
	else
		json_decref(k.list);
	return err;
}

/* Whose: companies and their units have names that everybody knows, people have
 * not. */
static enum ouv_err
note(struct keeping *k, const char *action, const struct ouv_id *id,
	const char *name)
{
	return command_log_write(
		&k->log, k->config, k->store, k->tx, action, id, name);
}

static enum ouv_err
bad(const char *what, const char *value)
{
	ouv_log_error("%s: %s", what, value);
	return OUV_INVALID;
}

static enum ouv_err
missing(const char *what, const char *value)
{
	ouv_log_error("no such %s: %s", what, value);
	return OUV_NOT_FOUND;
}

/* ---- values ----------------------------------------------------------------
 */

static enum ouv_err
take_name(struct keeping *k, const char *what, const char *text,
	const char **name_out)
{
	if (text == NULL)
		return OUV_OK;
	if (*text == '\0' || strlen(text) > NAME_MOST ||
		text[strcspn(text, "\r\n\t")] != '\0')
		return bad(what, "one line of 1 to 200 bytes");
	*name_out = ouv_arena_strdup(k->arena, text);
	return OUV_OK;
}

static enum ouv_err
take_day(const char *what, const char *text, int32_t *day_out)
{
	if (text == NULL)
		return OUV_OK;
	*day_out = 0;
	if (*text != '\0' && !ouv_day_read(text, day_out))
		return bad(what, "a day is YYYY-MM-DD");
	return OUV_OK;
}

static enum ouv_err
take_yes(const char *what, const char *text, bool *yes_out)
{
	if (text == NULL)
		return OUV_OK;
	*yes_out = strcmp(text, "yes") == 0;
	if (!*yes_out && strcmp(text, "no") != 0)
		return bad(what, "yes or no");
	return OUV_OK;
}

static enum ouv_err
take_word(const char *what, const char *text, const char *const *words,
	const char **word_out)
{
	if (text == NULL)
		return OUV_OK;
	for (; *words != NULL; words++)
		if (strcmp(*words, text) == 0) {
			*word_out = *words;
			return OUV_OK;
		}
	return bad(what, text);
}

/* ---- the three kinds of entries ---------------------------------------------
 */

static enum ouv_err
find_company(struct keeping *k, const char *name, struct store_company *c)
{
	static const struct ouv_id none;
	enum ouv_err err = store_company(k->tx, k->arena, &none, name, c);

	return err == OUV_NOT_FOUND ? missing("company", name) : err;
}

static enum ouv_err
find_unit(struct keeping *k, const struct ouv_id *company, const char *name,
	struct store_unit *unit)
{
	struct store_unit *list;
	size_t count;

	TRY(store_units(k->tx, k->arena, company, 0, &list, &count));
	for (size_t i = 0; i < count; i++)
		if (strcmp(list[i].name, name) == 0) {
			*unit = list[i];
			return OUV_OK;
		}
	return OUV_NOT_FOUND;
}

static enum ouv_err
find_contact(struct keeping *k, const struct ouv_id *unit, const char *addr,
	struct store_contact *contact)
{
	struct store_contact *list;
	size_t count;

	TRY(store_contacts(k->tx, k->arena, unit, &list, &count));
	for (size_t i = 0; i < count; i++)
		if (strcasecmp(list[i].addr, addr) == 0) {
			*contact = list[i];
			return OUV_OK;
		}
	return OUV_NOT_FOUND;
}

static enum ouv_err
put_company(struct keeping *k)
{
	const struct ouv_company_entry *e = k->entry;
	struct store_company c;
	static const struct ouv_id none;
	struct store_code sector;
	enum ouv_err err;

	err = store_company(k->tx, k->arena, &none, e->company, &c);
	if (err == OUV_NOT_FOUND) {
		c = (struct store_company){ .id = ouv_id_new(),
			.sector = "",
			.calendar = "",
			.lang = ouv_lang_parse(
				k->config->office_language, OUV_LANG_PT_BR),
			.member_from = ouv_clock_today() };
		err = take_name(k, "name", e->company, &c.name);
	}
	TRY(err);
	if (e->sector != NULL && *e->sector != '\0') {
		err = store_code(k->tx, k->arena, "sector", e->sector,
			ouv_clock_today(), &sector);
		if (err != OUV_OK)
			return err == OUV_NOT_FOUND
				       ? bad("no such sector", e->sector)
				       : err;
		c.sector = sector.code;
	}
	if (e->lang != NULL) {
		c.lang = ouv_lang_parse(e->lang, OUV_LANG__COUNT);
		if (c.lang == OUV_LANG__COUNT)
			return bad("no such language", e->lang);
	}
	TRY(take_day("member-until", e->member_until, &c.member_until));
	TRY(take_yes("full-text", e->full_text, &c.full_text));
	TRY(store_company_set(k->tx, &c));
	return note(k, "company-set", &c.id, c.name);
}

static enum ouv_err
put_unit(struct keeping *k)
{
	static const char *const kinds[] = { "call-center", "contact-center",
		"help-desk", "sac", "telemarketing", "ombudsman", "other",
		NULL };
	const struct ouv_unit_entry *e = k->entry;
	struct store_company c;
	struct store_unit u;
	enum ouv_err err;

	TRY(find_company(k, e->company, &c));
	err = find_unit(k, &c.id, e->unit, &u);
	if (err == OUV_NOT_FOUND) {
		u = (struct store_unit){ .id = ouv_id_new(),
			.company = c.id,
			.kind = "sac",
			.owned = true,
			.from_day = ouv_clock_today() };
		err = take_name(k, "unit", e->unit, &u.name);
	}
	TRY(err);
	TRY(take_word("no such kind", e->kind, kinds, &u.kind));
	TRY(take_yes("owned", e->owned, &u.owned));
	TRY(take_day("from", e->from, &u.from_day));
	TRY(take_day("until", e->until, &u.until_day));
	if (u.from_day == 0 || (u.until_day != 0 && u.until_day < u.from_day))
		return bad("unit", "it ends before it begins");
	TRY(store_unit_set(k->tx, &u));
	return note(k, "unit-set", &u.id, u.name);
}

static enum ouv_err
take_substitute(struct keeping *k, const char *addr, struct store_contact *c)
{
	static const struct ouv_id none;
	struct store_contact other;

	if (addr == NULL)
		return OUV_OK;
	c->substitute = none;
	if (*addr == '\0')
		return OUV_OK;
	if (find_contact(k, &c->unit, addr, &other) != OUV_OK)
		return missing("contact of that unit", addr);
	if (ouv_id_equal(&other.id, &c->id))
		return bad("substitute", "somebody else");
	c->substitute = other.id;
	return OUV_OK;
}

static enum ouv_err
put_contact(struct keeping *k)
{
	static const char *const roles[] = { "answers", "copy", NULL };
	const struct ouv_contact_entry *e = k->entry;
	struct store_company company;
	struct store_contact c;
	struct store_unit unit;
	enum ouv_err err;

	TRY(find_company(k, e->company, &company));
	err = find_unit(k, &company.id, e->unit, &unit);
	if (err == OUV_NOT_FOUND)
		return missing("unit", e->unit);
	if (err == OUV_OK)
		err = find_contact(k, &unit.id, e->addr, &c);
	if (err == OUV_NOT_FOUND) {
		if (!ouv_mail_addr_ok(e->addr))
			return bad("no address of a mailbox", e->addr);
		c = (struct store_contact){ .id = ouv_id_new(),
			.unit = unit.id,
			.name = "",
			.addr = e->addr,
			.role = "answers",
			.active = true };
		err = OUV_OK;
	}
	TRY(err);
	TRY(take_name(k, "name", e->name, &c.name));
	TRY(take_word("no such role", e->role, roles, &c.role));
	TRY(take_yes("active", e->active, &c.active));
	TRY(take_day("away-from", e->away_from, &c.away_from));
	TRY(take_day("away-until", e->away_until, &c.away_until));
	if ((c.away_from == 0) != (c.away_until == 0) ||
		c.away_until < c.away_from)
		return bad("away", "from and until, in this order");
	TRY(take_substitute(k, e->substitute, &c));
	TRY(store_contact_set(k->tx, &c));
	return note(k, "contact-set", &c.id, NULL);
}

enum ouv_err
ouv_company_put(
	const struct ouv_config *config, const struct ouv_company_entry *entry)
{
	return keep(config, put_company, entry, NULL);
}

enum ouv_err
ouv_unit_put(
	const struct ouv_config *config, const struct ouv_unit_entry *entry)
{
	return keep(config, put_unit, entry, NULL);
}

enum ouv_err
ouv_contact_put(
	const struct ouv_config *config, const struct ouv_contact_entry *entry)
{
	return keep(config, put_contact, entry, NULL);
}

/* ---- reading
 * ----------------------------------------------------------------- */

static json_t *
day_json(int32_t day)
{
	char text[OUV_DAY_MAX];

	if (day == 0)
		return json_null();
	ouv_day_write(day, text);
	return json_string(text);
}

static json_t *
contact_json(const struct store_contact *c, const struct store_contact *list,
	size_t count)
{
	const char *substitute = NULL;

	for (size_t i = 0; i < count; i++)
		if (ouv_id_equal(&list[i].id, &c->substitute))
			substitute = list[i].addr;
	return json_pack("{s:s, s:s, s:s, s:b, s:o, s:o, s:s?}", "name",
		c->name, "address", c->addr, "role", c->role, "active",
		(int)c->active, "away_from", day_json(c->away_from),
		"away_until", day_json(c->away_until), "substitute",
		substitute);
}

static enum ouv_err
unit_json(struct keeping *k, const struct store_unit *u, json_t *units)
{
	struct store_contact *list;
	json_t *contacts;
	char id[OUV_ID_HEX];
	size_t count;

	TRY(store_contacts(k->tx, k->arena, &u->id, &list, &count));
	contacts = json_array();
	for (size_t i = 0; i < count; i++)
		(void)json_array_append_new(
			contacts, contact_json(&list[i], list, count));
	ouv_id_hex(&u->id, id);
	(void)json_array_append_new(units,
		json_pack("{s:s, s:s, s:s, s:b, s:o, s:o, s:o}", "id", id,
			"name", u->name, "kind", u->kind, "owned",
			(int)u->owned, "from", day_json(u->from_day), "until",
			day_json(u->until_day), "contacts", contacts));
	return OUV_OK;
}

static enum ouv_err
company_json(struct keeping *k, const struct store_company *c)
{
	struct store_unit *list;
	json_t *units = json_array();
	size_t count;

	(void)json_array_append_new(
		k->list, json_pack("{s:s, s:s, s:s, s:o, s:o, s:b, s:o}",
				 "name", c->name, "sector", c->sector, "lang",
				 ouv_lang_tag(c->lang), "member_from",
				 day_json(c->member_from), "member_until",
				 day_json(c->member_until), "full_text",
				 (int)c->full_text, "units", units));
	TRY(store_units(k->tx, k->arena, &c->id, 0, &list, &count));
	for (size_t i = 0; i < count; i++)
		TRY(unit_json(k, &list[i], units));
	return OUV_OK;
}

static enum ouv_err
list_companies(struct keeping *k)
{
	const char *name = k->entry;
	struct store_company one, *list = &one;
	size_t count = 1;

	k->list = json_array();
	if (name != NULL)
		TRY(find_company(k, name, &one));
	else
		TRY(store_companies(k->tx, k->arena, &list, &count));
	for (size_t i = 0; i < count; i++)
		TRY(company_json(k, &list[i]));
	return OUV_OK;
}

enum ouv_err
ouv_company_list(
	const struct ouv_config *config, const char *name, json_t **list_out)
{
	return keep(config, list_companies, name, list_out);
}
