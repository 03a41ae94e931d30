/*
 * staff_leave.c - the operator's way: somebody left, and what one of the staff
 * can open
 */
#include <jansson.h>

#include "leave.h"
#include "ouv/setup.h"

enum ouv_err
ouv_setup_staff_leave(struct ouv_desk *desk, struct ouv_arena *arena,
	const char *login, struct ouv_leaving *leaving_out,
	const char **wrong_out)
{
	static const struct ouv_id nobody;
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;

	TRY(store_begin(desk->store, &tx));
	TRY(log_operator(desk, tx, NULL, NULL));
	TRY(leave_run(desk, tx, arena, &nobody, login, leaving_out, wrong_out));
	return store_commit(&tx);
}

enum ouv_err
ouv_setup_staff_show(
	struct ouv_desk *desk, const char *login, json_t **person_out)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_PLAIN);
	const struct ouv_actor head = { .role = OUV_ROLE_ADMIN };
	struct ouv_person p;

	TRY(ouv_desk_person(desk, arena, &head, login, &p));
	*person_out = json_pack("{s:s, s:s, s:s, s:b, s:b, s:b, s:I, s:I, s:I,"
				" s:I}",
		"login", p.login, "name", p.name, "role", ouv_role_name(p.role),
		"desk", (int)p.desk, "active", (int)p.active, "away",
		(int)p.away, "can_open", (json_int_t)p.held, "looks_after",
		(json_int_t)p.owned, "sessions", (json_int_t)p.sessions, "seen",
		(json_int_t)p.seen_at);
	return *person_out != NULL ? OUV_OK : OUV_INVALID;
}
