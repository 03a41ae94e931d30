/*
 * api_token.c - the office gives a company's unit a token, sees what there is,
 * and ends one
 */
#include <stdlib.h>
#include <string.h>

#include "api_token.h"
#include "ouv/clock.h"
#include "ouv/store_mediation.h"

static const char *const scope_names[OUV_SCOPE__COUNT] = {
	[OUV_SCOPE_READ] = "read",
	[OUV_SCOPE_ANSWER] = "answer",
};

const char *
ouv_scope_name(enum ouv_scope scope)
{
	return scope_names[scope];
}

bool
ouv_token_may_edit(const struct ouv_actor *actor)
{
	return actor->role == OUV_ROLE_OMBUDSMAN ||
	       actor->role == OUV_ROLE_REGISTRAR ||
	       actor->role == OUV_ROLE_ADMIN;
}

/* ---- what there is ---------------------------------------------------------
 */

enum ouv_err
ouv_desk_tokens(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_id *unit, struct ouv_token_list *list_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	const int64_t now = ouv_clock_now();
	struct ouv_token_list list = { 0 };
	struct store_api_line *rows;

	TRY(store_begin_reading(desk->store, &tx));
	TRY(store_api_tokens(tx, arena, unit, &rows, &list.count));
	list.list = ouv_arena_array(arena, list.count, sizeof(*list.list));
	for (size_t i = 0; i < list.count; i++)
		list.list[i] = (struct ouv_token_line){ .id = rows[i].id,
			.unit = rows[i].unit,
			.label = rows[i].label,
			.by = rows[i].by,
			.scopes = (unsigned)rows[i].scopes,
			.made_at = rows[i].made_at,
			.expires_at = rows[i].expires_at,
			.revoked_at = rows[i].revoked_at,
			.last_used_at = rows[i].last_used_at,
			.works = rows[i].revoked_at == 0 &&
				 rows[i].expires_at > now };
	*list_out = list;
	return store_commit(&tx);
}

/* ---- a new one -------------------------------------------------------------
 */

enum ouv_err
token_make(struct ouv_desk *desk, struct store_tx *tx, struct ouv_arena *arena,
	const struct token_wish *wish, struct ouv_id *key_out,
	char bearer_out[OUV_BEARER_MAX])
{
	const struct page_wish page = { .kind = OUV_PAGE_TOKEN,
		.reader = *wish->unit,
		.label = wish->label,
		.days = wish->days,
		.now = wish->now,
		.actor = wish->actor };
	struct store_api_token token = { .unit = *wish->unit,
		.signer = wish->actor->person,
		.scopes = (int)wish->scopes };
	struct store_page_key key;
	struct ouv_cert cert;
	const char *code;

	TRY(page_key_make(desk, tx, arena, NULL, &page, &key, &code));
	token.page_key = key.id;
	scopes_cert(desk, &token, key.pk, &cert);
	ouv_cert_sign(&cert, wish->actor->identity->sign, token.sig);
	TRY(store_api_token_add(tx, &token));
	bearer_write(&key.id, code, bearer_out);
	*key_out = key.id;
	return OUV_OK;
}

static unsigned
read_scopes(struct verb_call *call)
{
	unsigned scopes = 0;

	for (int s = 0; s < OUV_SCOPE__COUNT; s++)
		if (strcmp(verb_field(call, scope_names[s]), "yes") == 0)
			scopes |= OUV_SCOPE_BIT(s);
	if (scopes == 0)
		verb_error(call, scope_names[0], "scope-needed");
	return scopes;
}

static int
read_days(struct verb_call *call)
{
	const char *text = verb_field(call, "days");
	char *end;
	long days = strtol(text, &end, 10);

	if (*text == '\0')
		verb_error(call, "days", "empty");
	else if (*end != '\0' || days < 1 || days > OUV_TOKEN_DAYS_MOST)
		verb_error(call, "days", "token-days");
	return (int)days;
}

static const char *
read_label(struct verb_call *call)
{
	const char *text = verb_field(call, "label");

	if (*text == '\0')
		verb_error(call, "label", "empty");
	else if (strlen(text) > OUV_TOKEN_LABEL_MOST)
		verb_error(call, "label", "too-long");
	else if (text[strcspn(text, "\r\n\t")] != '\0')
		verb_error(call, "label", "line-break");
	return text;
}

struct making {
	const struct ouv_id *company, *unit, *token;
	char *bearer;
};

static enum ouv_err
find_unit(struct verb_call *call, const struct making *m)
{
	struct store_unit *list;
	size_t count;
	int32_t today;

	TRY(office_day(call->desk, call->tx, call->now, &today));
	TRY(store_units(call->tx, call->arena, m->company, 0, &list, &count));
	for (size_t i = 0; i < count; i++)
		if (ouv_id_equal(&list[i].id, m->unit))
			return list[i].until_day != 0 &&
					       list[i].until_day < today
				       ? OUV_CONFLICT
				       : OUV_OK;
	return OUV_NOT_FOUND;
}

static enum ouv_err
add(struct verb_call *call, void *user)
{
	struct making *m = user;
	struct token_wish wish = { .actor = call->actor,
		.unit = m->unit,
		.label = read_label(call),
		.days = read_days(call),
		.scopes = read_scopes(call),
		.now = call->now };
	struct ouv_id key;

	TRY(find_unit(call, m));
	if (call->result->error_count > 0)
		return OUV_INVALID;
	if (!call->actor->stepped) {
		call->result->step_up = true;
		return OUV_REFUSED;
	}
	TRY(token_make(
		call->desk, call->tx, call->arena, &wish, &key, m->bearer));
	return log_own_named(call->desk, call->tx, &call->actor->person,
		"token-add", m->unit,
		(struct ouv_str){ wish.label, strlen(wish.label) });
}

enum ouv_err
ouv_desk_token_add(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const char *form_key,
	const struct ouv_id *company, const struct ouv_id *unit,
	const struct ouv_field *fields, size_t field_count,
	char bearer_out[OUV_BEARER_MAX], struct ouv_verb_result *result_out)
{
	struct verb_call call = change_call(
		desk, arena, actor, fields, field_count, result_out);
	struct making m = {
		.company = company, .unit = unit, .bearer = bearer_out
	};

	memset(result_out, 0, sizeof(*result_out));
	*bearer_out = '\0';
	if (!ouv_token_may_edit(actor))
		return OUV_REFUSED;
	return change_once(&call, form_key, "token-add", add, &m);
}

/* ---- no longer ---------------------------------------------------------- */

static enum ouv_err
end(struct verb_call *call, void *user)
{
	struct making *m = user;
	struct store_api_line *list;
	size_t count;

	TRY(store_api_tokens(call->tx, call->arena, m->unit, &list, &count));
	for (size_t i = 0; i < count; i++) {
		if (!ouv_id_equal(&list[i].id, m->token))
			continue;
		TRY(store_page_key_end(call->tx, m->token, "office"));
		return log_own_named(call->desk, call->tx, &call->actor->person,
			"token-end", m->unit,
			(struct ouv_str){
				list[i].label, strlen(list[i].label) });
	}
	return OUV_NOT_FOUND;
}

enum ouv_err
ouv_desk_token_end(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const char *form_key,
	const struct ouv_id *unit, const struct ouv_id *token,
	struct ouv_verb_result *result_out)
{
	struct verb_call call =
		change_call(desk, arena, actor, NULL, 0, result_out);
	struct making m = { .unit = unit, .token = token };

	memset(result_out, 0, sizeof(*result_out));
	if (!ouv_token_may_edit(actor))
		return OUV_REFUSED;
	return change_once(&call, form_key, "token-end", end, &m);
}
