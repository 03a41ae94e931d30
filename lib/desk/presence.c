/*
 * presence.c - where a colleague is, for those who open the same case
 *
 * A case is open where a session had its page last.  Whoever went on to another
 * page, or logged out, was there; whoever still writes is there, even if the
 * page was loaded an hour ago.
 */
#include "desk_impl.h"
#include "ouv/store_console.h"

enum ouv_err
presence_at(struct store_tx *tx, const struct ouv_actor *actor,
	const struct ouv_id *case_id)
{
	uint8_t session[32];

	ouv_session_id(actor->token, session);
	return store_seen_at(tx, session, case_id);
}

static enum ouv_err
note_staying(struct ouv_desk *desk, struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	struct opened *opened)
{
	const struct ouv_id *id = &opened->c.id;

	(void)desk;
	(void)arena;
	TRY(store_seen_stay(tx, id, &actor->person));
	return presence_at(tx, actor, id);
}

enum ouv_err
ouv_desk_stay(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const char *number)
{
	return open_noted(desk, arena, actor, number, note_staying);
}

enum ouv_err
ouv_desk_left(struct ouv_desk *desk, const struct ouv_actor *actor)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;

	TRY(store_begin(desk->store, &tx));
	TRY(presence_at(tx, actor, NULL));
	return store_commit(&tx);
}
