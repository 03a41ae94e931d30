/*
 * people.c - who works here and can open how much, and who can open one case
 */
#include "grant.h"
#include "ouv/grants.h"

/* ---- one case --------------------------------------------------------------
 */

enum ouv_err
ouv_desk_readers(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const char *number,
	struct ouv_reader **list_out, size_t *count_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct store_reader *rows;
	struct ouv_reader *list;
	struct opened opened;
	size_t count;

	TRY(store_begin_reading(desk->store, &tx));
	TRY(open_case(desk, tx, arena, actor, number, &opened));
	ouv_wipe(opened.csk, sizeof(opened.csk));
	TRY(store_readers(
		tx, arena, &opened.c.id, &actor->person, &rows, &count));
	list = ouv_arena_array(arena, count, sizeof(*list));
	for (size_t i = 0; i < count; i++)
		list[i] = (struct ouv_reader){ .login = rows[i].login,
			.name = rows[i].name,
			.role = rows[i].role,
			.since_at = rows[i].since_at,
			.given_by = rows[i].given_by,
			.why = rows[i].why,
			.due = rows[i].due };
	*list_out = list;
	*count_out = count;
	return store_commit(&tx);
}

/* ---- the people of the office ----------------------------------------------
 */

bool
ouv_people_head(const struct ouv_actor *actor)
{
	return actor->role == OUV_ROLE_OMBUDSMAN ||
	       actor->role == OUV_ROLE_ADMIN;
}

static enum ouv_err
read_staff(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const char *login,
	struct ouv_person **list_out, size_t *count_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	const struct ouv_config *config = desk->office->config;
	const bool head = ouv_people_head(actor);
	struct store_staff *rows;
	struct ouv_person *list;
	size_t count;

	TRY(store_begin(desk->store, &tx));
	TRY(store_staff(tx, arena, login, config->server_idle_minutes,
		config->server_session_hours, &rows, &count));
	list = ouv_arena_array(arena, count, sizeof(*list));
	for (size_t i = 0; i < count; i++)
		list[i] = (struct ouv_person){ .id = rows[i].id,
			.login = rows[i].login,
			.name = rows[i].name,
			.role = rows[i].role,
			.active = rows[i].active,
			.desk = rows[i].desk,
			.away = rows[i].away,
			.self = ouv_id_equal(&rows[i].id, &actor->person),
			.held = rows[i].held,
			.owned = rows[i].owned,
			.sessions = head ? rows[i].sessions : 0,
			.seen_at = head ? rows[i].seen_at : 0 };
	*list_out = list;
	*count_out = count;
	return store_commit(&tx);
}

enum ouv_err
ouv_desk_people(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, struct ouv_person **list_out,
	size_t *count_out)
{
	return read_staff(desk, arena, actor, NULL, list_out, count_out);
}

enum ouv_err
ouv_desk_person(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const char *login,
	struct ouv_person *person_out)
{
	struct ouv_person *list;
	size_t count;

	TRY(read_staff(desk, arena, actor, login, &list, &count));
	if (count == 0)
		return OUV_NOT_FOUND;
	*person_out = list[0];
	return OUV_OK;
}
