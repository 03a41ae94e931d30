/*
 * saved_view.c - filters of the list of cases that somebody gave a name
 *
 * A view is an address, so whoever opens it sees their own cases only.
 */
#include <string.h>

#include "desk_impl.h"
#include "ouv/store_console.h"
#include "ouv/worklist.h"
#include "write.h"

/* Whoever answers for the office also for what hangs on its wall. */
static bool
may_tidy(const struct ouv_actor *actor)
{
	return actor->role == OUV_ROLE_OMBUDSMAN;
}

enum ouv_err
ouv_desk_views(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, struct ouv_saved_view **list_out,
	size_t *count_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct ouv_saved_view *list;
	struct store_view *rows;
	size_t count;

	TRY(store_begin(desk->store, &tx));
	TRY(store_views(tx, arena, &actor->person, &rows, &count));
	TRY(store_commit(&tx));
	list = ouv_arena_array(arena, count, sizeof(*list));
	for (size_t i = 0; i < count; i++)
		list[i] = (struct ouv_saved_view){ .id = rows[i].id,
			.name = rows[i].name,
			.query = rows[i].query,
			.author = rows[i].author,
			.shared = rows[i].shared,
			.mine = rows[i].mine,
			.may_drop = rows[i].mine || may_tidy(actor) };
	*list_out = list;
	*count_out = count;
	return OUV_OK;
}

static enum ouv_err
refuse(struct ouv_verb_result *result, const char *field, const char *code)
{
	result->errors[result->error_count++] =
		(struct ouv_field_error){ field, code, NULL };
	return OUV_INVALID;
}

enum ouv_err
ouv_desk_view_add(struct ouv_desk *desk, const struct ouv_actor *actor,
	const char *form_key, const char *name, const char *query, bool shared,
	struct ouv_verb_result *result_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct ouv_id id = ouv_id_new();
	enum ouv_err err;

	memset(result_out, 0, sizeof(*result_out));
	if (name[strspn(name, " ")] == '\0')
		return refuse(result_out, "name", "empty");
	if (strlen(name) > OUV_VIEW_NAME)
		return refuse(result_out, "name", "too-long");
	if (strlen(query) > OUV_VIEW_QUERY)
		return refuse(result_out, "query", "too-long");
	TRY(store_begin(desk->store, &tx));
	err = form_once(tx, actor, form_key, "view");
	if (err == OUV_CONFLICT) {
		result_out->repeated = true;
		return OUV_OK;
	}
	if (err != OUV_OK)
		return err;
	TRY(store_view_add(tx, &id, &actor->person, name, query, shared));
	return store_commit(&tx);
}

enum ouv_err
ouv_desk_view_drop(struct ouv_desk *desk, const struct ouv_actor *actor,
	const struct ouv_id *id)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	enum ouv_err err;

	TRY(store_begin(desk->store, &tx));
	TRY(store_view_drop(tx, id, &actor->person, may_tidy(actor)));
	err = store_commit(&tx);
	return err == OUV_CONFLICT ? OUV_NOT_FOUND : err;
}

const char *
ouv_form_key_part(
	struct ouv_arena *arena, const char *form_key, const char *number)
{
	const char *both = ouv_arena_printf(arena, "%s %s", form_key, number);
	uint8_t hash[OUV_KEY];
	struct ouv_id id;
	char hex[OUV_ID_HEX];

	ouv_hash("form-part", both, strlen(both), hash);
	memcpy(id.b, hash, sizeof(id.b));
	ouv_id_hex(&id, hex);
	return ouv_arena_strdup(arena, hex);
}
