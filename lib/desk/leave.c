/*
 * leave.c - a colleague has left: nothing of theirs opens anything any more
 *
 * The schema does it in one function, or not at all; here it is asked first
 * what stands against it, and each case's log learns of it.
 */
#include <string.h>

#include "leave.h"

enum ouv_err
leave_stops(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *person, struct ouv_leaving *leaving)
{
	struct store_leave_stop *list;
	size_t count;

	TRY(store_leave_stops(tx, arena, person, &list, &count));
	leaving->cases = ouv_arena_array(arena, count, sizeof(*leaving->cases));
	leaving->case_count = count;
	for (size_t i = 0; i < count; i++) {
		char hex[OUV_ID_HEX];

		ouv_id_hex(&list[i].case_id, hex);
		leaving->cases[i] = list[i].protocol != NULL
					    ? list[i].protocol
					    : ouv_arena_strdup(arena, hex);
	}
	return count > 0 ? OUV_INVALID : OUV_OK;
}

/* Somebody must be there who can certify, and somebody who can decide. */
static enum ouv_err
check_role(struct store_tx *tx, const struct store_person *person,
	const char **wrong_out)
{
	int others;

	if (person->role != OUV_ROLE_ADMIN &&
		person->role != OUV_ROLE_OMBUDSMAN)
		return OUV_OK;
	TRY(store_role_others(tx, &person->id, &others));
	if (others == 0)
		*wrong_out = "last-of-role";
	return OUV_OK;
}

/* OUV_INVALID: wrong says what stands against it. */
static enum ouv_err
check(struct store_tx *tx, struct ouv_arena *arena, const struct ouv_id *actor,
	const char *login, struct store_person *person,
	struct ouv_leaving *leaving, const char **wrong_out)
{
	enum ouv_err err = store_person_by_login(tx, arena, login, person);

	*wrong_out = NULL;
	if (err == OUV_NOT_FOUND || (err == OUV_OK && !person->active))
		*wrong_out = "unknown";
	else if (err != OUV_OK)
		return err;
	else if (ouv_id_equal(&person->id, actor))
		*wrong_out = "not-yourself";
	else
		TRY(check_role(tx, person, wrong_out));
	if (*wrong_out != NULL)
		return OUV_INVALID;
	err = leave_stops(tx, arena, &person->id, leaving);
	if (err == OUV_INVALID)
		*wrong_out = "last-holders";
	return err;
}

enum ouv_err
leave_run(struct ouv_desk *desk, struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *actor, const char *login,
	struct ouv_leaving *leaving, const char **wrong_out)
{
	struct store_person person;
	struct ouv_id *cases;
	enum ouv_err err;
	size_t count;

	TRY(check(tx, arena, actor, login, &person, leaving, wrong_out));
	err = store_leave(tx, arena, &person.id, &cases, &count);
	if (err == OUV_CONFLICT) /* since we looked: what is it now? */
		TRY(check(
			tx, arena, actor, login, &person, leaving, wrong_out));
	TRY(err);
	for (size_t i = 0; i < count; i++)
		TRY(log_existing(desk, tx, arena, &cases[i], actor, "key-left",
			&person.id));
	leaving->left = (int64_t)count;
	return log_own(desk, tx, actor, "staff-leave", &person.id);
}

struct going {
	const char *login;
	struct ouv_leaving *leaving;
};

static enum ouv_err
run(struct verb_call *call, void *user)
{
	struct going *g = user;
	const char *wrong = NULL;
	enum ouv_err err = leave_run(call->desk, call->tx, call->arena,
		&call->actor->person, g->login, g->leaving, &wrong);

	if (wrong != NULL)
		verb_error(call, "login", wrong);
	return err;
}

enum ouv_err
ouv_desk_leave(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const char *form_key, const char *login,
	struct ouv_leaving *leaving_out, struct ouv_verb_result *result_out)
{
	struct verb_call call =
		change_call(desk, arena, actor, NULL, 0, result_out);
	struct going g = { login, leaving_out };

	memset(leaving_out, 0, sizeof(*leaving_out));
	memset(result_out, 0, sizeof(*result_out));
	if (!ouv_people_head(actor))
		return OUV_REFUSED;
	if (!actor->stepped) {
		result_out->step_up = true;
		return OUV_REFUSED;
	}
	return change_once(&call, form_key, "staff-leave", run, &g);
}
