/*
 * ident.c - by what addresses and messages are known again: blind tokens, under
 * the present k_id and the one before, and how they become those of the present
 */
#include <string.h>

#include "desk_impl.h"
#include "ouv/log.h"
#include "ouv/rotation.h"
#include "ouv/store_keys.h"

void
ident_make(const struct ouv_office *office, const char *kind, const char *value,
	struct store_token *token_out)
{
	const struct ouv_key *former = ouv_key_former(office->k_id);

	ouv_ident_token(office->k_id, kind, value, &token_out->now);
	token_out->before = token_out->now;
	token_out->version = (int)ouv_key_version(office->k_id);
	if (former != NULL)
		ouv_ident_token(former, kind, value, &token_out->before);
}

bool
ident_is_none(const struct store_token *token)
{
	return ouv_id_is_zero(&token->now);
}

void
ident_count(const struct ouv_office *office, const char *kind,
	const char *value, struct ouv_id *token_out)
{
	struct store_token token;

	ident_make(office, kind, value, &token);
	*token_out = token.before;
}

/* ---- what the gateway can read
 * ------------------------------------------------
 */

/* An altered one is left to whoever opens its case. */
static enum ouv_err
read_addresses(struct ouv_desk *desk, struct store_tx *tx,
	struct ouv_arena *arena, const struct store_capsule *list, size_t count,
	struct store_token *tokens, size_t *n)
{
	for (size_t i = 0; i < count; i++) {
		struct consumer one;
		enum ouv_err err = svc_capsule(
			desk, tx, arena, &list[i], list[i].box_svc, &one);

		if (err == OUV_TEMPORARY)
			return err;
		if (err == OUV_OK)
			ident_make(desk->office, "addr",
				ouv_mail_addr_fold(arena, one.addr),
				&tokens[(*n)++]);
	}
	return OUV_OK;
}

static enum ouv_err
move_some(struct ouv_desk *desk, struct store_tx *tx, struct ouv_id *at,
	int64_t *moved, size_t *count_out)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_WIPE);
	struct store_capsule *list;
	struct store_token *tokens;
	size_t n = 0;

	TRY(store_ident_capsules(tx, arena, at, &list, count_out));
	if (*count_out == 0)
		return OUV_OK;
	tokens = ouv_arena_array(arena, *count_out, sizeof(*tokens));
	TRY(read_addresses(desk, tx, arena, list, *count_out, tokens, &n));
	*at = list[*count_out - 1].id;
	return store_idents_move(tx, tokens, n, moved);
}

enum ouv_err
ouv_desk_idents(struct ouv_desk *desk, size_t *read_out)
{
	const struct ouv_key *k_id = desk->office->k_id;
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct ouv_id at;
	int version, stage;
	int64_t moved = 0;
	enum ouv_err err;

	*read_out = 0;
	if (ouv_key_former(k_id) == NULL)
		return OUV_OK;
	TRY(store_begin(desk->store, &tx));
	err = store_rotation_next(tx, "k_id", &version, &stage, &at);
	if (err == OUV_NOT_FOUND)
		return store_commit(&tx);
	TRY(err);
	/* Not by a process that was started before. */
	if (version != (int)ouv_key_version(k_id))
		return OUV_OK;
	TRY(move_some(desk, tx, &at, &moved, read_out));
	TRY(store_rotation_moved(
		tx, "k_id", stage, &at, moved, *read_out == 0));
	TRY(store_commit(&tx));
	if (*read_out == 0)
		ouv_log_info("the gateway knows no address by the former k_id "
			     "any more");
	return OUV_OK;
}
