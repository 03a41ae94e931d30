/*
 * api_command.c - tokens of companies' programs by the operator's command
 *
 * A token is certified by a colleague, so one gives their password to make one;
 * it is stretched between two transactions, as in staff.c.
 */
#include <string.h>

#include "account.h"
#include "api_token.h"
#include "ouv/clock.h"
#include "ouv/log.h"
#include "ouv/store_mediation.h"

struct ordering {
	struct ouv_desk *desk;
	const struct ouv_token_wish *wish;
	struct ouv_arena *arena;
	struct store_person person;
	struct store_person_key key;
	struct ouv_identity *identity;
	struct ouv_id unit;
};

static enum ouv_err
missing(const char *what, const char *name)
{
	ouv_log_error("no such %s: %s", what, name);
	return OUV_NOT_FOUND;
}

static enum ouv_err
check(const struct ouv_token_wish *wish)
{
	const unsigned all = (1u << OUV_SCOPE__COUNT) - 1;

	if (*wish->label == '\0' ||
		strlen(wish->label) > OUV_TOKEN_LABEL_MOST ||
		wish->label[strcspn(wish->label, "\r\n\t")] != '\0')
		ouv_log_error("label: one line of 1 to %d bytes",
			OUV_TOKEN_LABEL_MOST);
	else if (wish->days < 1 || wish->days > OUV_TOKEN_DAYS_MOST)
		ouv_log_error("days: 1 to %d", OUV_TOKEN_DAYS_MOST);
	else if (wish->scopes == 0 || (wish->scopes & ~all) != 0)
		ouv_log_error("scopes: read, answer, or both with a comma");
	else
		return OUV_OK;
	return OUV_INVALID;
}

static enum ouv_err
find_unit(struct ordering *o, struct store_tx *tx)
{
	static const struct ouv_id none;
	struct store_company company;
	struct store_unit *list;
	size_t count;
	enum ouv_err err;

	err = store_company(tx, o->arena, &none, o->wish->company, &company);
	if (err == OUV_NOT_FOUND)
		return missing("company", o->wish->company);
	TRY(err);
	TRY(store_units(
		tx, o->arena, &company.id, ouv_clock_today(), &list, &count));
	for (size_t i = 0; i < count; i++)
		if (strcmp(list[i].name, o->wish->unit) == 0) {
			o->unit = list[i].id;
			return OUV_OK;
		}
	return missing("unit that works today", o->wish->unit);
}

static enum ouv_err
look_up(struct ordering *o)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	enum ouv_err err;

	TRY(store_begin(o->desk->store, &tx));
	TRY(find_unit(o, tx));
	err = store_person_by_login(
		tx, o->arena, o->wish->as_login, &o->person);
	if (err == OUV_NOT_FOUND)
		return missing("colleague", o->wish->as_login);
	TRY(err);
	TRY(store_person_key(tx, &o->person.id, OUV_COLUMN_PASSWORD, &o->key));
	return store_commit(&tx);
}

/* Slow: nothing is open meanwhile. */
static enum ouv_err
open_identity(struct ordering *o)
{
	const struct ouv_office *office = o->desk->office;
	const struct ouv_actor actor = { .role = o->person.role };
	struct ouv_wrap wrap;

	wrap_of(&o->key, &wrap);
	TRY(ouv_identity_unwrap(&wrap, &office->tenant, &o->person.id,
		OUV_COLUMN_PASSWORD, office->pepper, o->wish->as_password,
		&o->identity));
	if (o->person.active && ouv_token_may_edit(&actor))
		return OUV_OK;
	ouv_log_error("%s may give no token: the ombudsman, registrars and "
		      "administrators do",
		o->wish->as_login);
	return OUV_REFUSED;
}

static enum ouv_err
write_it(struct ordering *o, char bearer_out[OUV_BEARER_MAX])
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	const struct ouv_actor actor = { .person = o->person.id,
		.identity = o->identity };
	const struct token_wish wish = { .actor = &actor,
		.unit = &o->unit,
		.label = o->wish->label,
		.days = o->wish->days,
		.scopes = o->wish->scopes,
		.now = ouv_clock_now() };
	const struct ouv_str label = { wish.label, strlen(wish.label) };
	struct ouv_id key;

	TRY(store_begin(o->desk->store, &tx));
	TRY(token_make(o->desk, tx, o->arena, &wish, &key, bearer_out));
	TRY(log_operator(o->desk, tx, NULL, NULL));
	TRY(log_own_named(
		o->desk, tx, &o->person.id, "token-add", &o->unit, label));
	return store_commit(&tx);
}

/* Codes are made with it; the server's host has the file. */
static enum ouv_err
need_k_tok(struct ouv_office *office)
{
	return office->k_tok != NULL
		       ? OUV_OK
		       : ouv_key_read_both(office->config->keys_k_tok_file,
				 &office->k_tok);
}

enum ouv_err
ouv_token_add(struct ouv_desk *desk, const struct ouv_token_wish *wish,
	char bearer_out[OUV_BEARER_MAX])
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_WIPE);
	struct ordering o = { .desk = desk, .wish = wish, .arena = arena };
	enum ouv_err err = check(wish);

	if (err == OUV_OK)
		err = need_k_tok(desk->office);
	if (err == OUV_OK)
		err = look_up(&o);
	if (err == OUV_OK)
		err = open_identity(&o);
	if (err == OUV_OK)
		err = write_it(&o, bearer_out);
	ouv_identity_free(&o.identity);
	return err;
}

/* ---- what there is ---------------------------------------------------------
 */

static json_t *
moment_json(int64_t at)
{
	char text[21];

	if (at == 0)
		return json_null();
	ouv_clock_rfc3339(at, text);
	return json_string(text);
}

static json_t *
token_json(const struct store_api_line *line, const struct store_unit *unit)
{
	json_t *scopes = json_array();
	char id[OUV_ID_HEX];

	for (int s = 0; s < OUV_SCOPE__COUNT; s++)
		if ((unsigned)line->scopes & OUV_SCOPE_BIT(s))
			(void)json_array_append_new(
				scopes, json_string(ouv_scope_name(s)));
	ouv_id_hex(&line->id, id);
	return json_pack(
		"{s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:s, s:b}", "id",
		id, "company", unit->company_name, "unit", unit->name, "label",
		line->label, "scopes", scopes, "made",
		moment_json(line->made_at), "expires",
		moment_json(line->expires_at), "revoked",
		moment_json(line->revoked_at), "last_used",
		moment_json(line->last_used_at), "by", line->by, "works",
		(int)(line->revoked_at == 0 &&
			line->expires_at > ouv_clock_now()));
}

static enum ouv_err
list_company(struct store_tx *tx, struct ouv_arena *arena,
	const struct store_company *company, json_t *list)
{
	struct store_unit *units;
	struct store_api_line *lines;
	size_t count, line_count;

	TRY(store_units(tx, arena, &company->id, 0, &units, &count));
	for (size_t i = 0; i < count; i++) {
		units[i].company_name = company->name;
		TRY(store_api_tokens(
			tx, arena, &units[i].id, &lines, &line_count));
		for (size_t n = 0; n < line_count; n++)
			(void)json_array_append_new(
				list, token_json(&lines[n], &units[i]));
	}
	return OUV_OK;
}

static enum ouv_err
list_all(struct ouv_desk *desk, const char *name, json_t *list)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_PLAIN);
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	static const struct ouv_id none;
	struct store_company one, *companies = &one;
	size_t count = 1;
	enum ouv_err err;

	TRY(store_begin(desk->store, &tx));
	err = name != NULL ? store_company(tx, arena, &none, name, &one)
			   : store_companies(tx, arena, &companies, &count);
	if (err == OUV_NOT_FOUND)
		return missing("company", name);
	TRY(err);
	for (size_t i = 0; i < count; i++)
		TRY(list_company(tx, arena, &companies[i], list));
	return store_commit(&tx);
}

enum ouv_err
ouv_token_list(struct ouv_desk *desk, const char *company, json_t **list_out)
{
	json_t *list = json_array();
	enum ouv_err err = list_all(desk, company, list);

	if (err == OUV_OK)
		*list_out = list;
	else
		json_decref(list);
	return err;
}

/* ---- no longer ---------------------------------------------------------- */

enum ouv_err
ouv_token_end(struct ouv_desk *desk, const struct ouv_id *token)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_PLAIN);
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	static const struct ouv_id none;
	struct store_api_line *list;
	char hex[OUV_ID_HEX];
	size_t count;

	TRY(store_begin(desk->store, &tx));
	TRY(store_api_tokens(tx, arena, &none, &list, &count));
	for (size_t i = 0; i < count; i++) {
		if (!ouv_id_equal(&list[i].id, token))
			continue;
		TRY(store_page_key_end(tx, token, "office"));
		TRY(log_command(
			desk, tx, "token-end", &list[i].unit, list[i].label));
		return store_commit(&tx);
	}
	ouv_id_hex(token, hex);
	return missing("token", hex);
}
