/*
 * account.c - what colleagues do with their own password, codes and sessions
 */
#include <string.h>

#include "inner.h"
#include "ouv/store_keys.h"

/* ---- sessions --------------------------------------------------------------
 */

enum ouv_err
store_session_step(struct store_tx *tx, const uint8_t id[32],
	const uint8_t new_id[32], const uint8_t wrapped[104])
{
	return sql_write(tx, SQL_SESSION_STEP,
		ARGS(SQL_BYTES(id, 32), SQL_BYTES(new_id, 32),
			SQL_BYTES(wrapped, 104)));
}

enum ouv_err
store_session_agent(
	struct store_tx *tx, const uint8_t id[32], struct ouv_str agent)
{
	return sql_write(tx, SQL_SESSION_AGENT,
		ARGS(SQL_BYTES(id, 32), SQL_BYTES(agent.p, agent.len)));
}

enum ouv_err
store_sessions(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *person, int idle_minutes, int hours,
	struct store_session_row **list_out, size_t *count_out)
{
	struct store_session_row *list;
	PGresult *res RESULT;
	size_t count;

	TRY(sql_read(tx, SQL_SESSIONS, &res,
		ARGS(SQL_ID(person), SQL_INT(idle_minutes), SQL_INT(hours))));
	count = (size_t)PQntuples(res);
	list = ouv_arena_array(arena, count, sizeof(*list));
	for (size_t i = 0; i < count; i++) {
		struct row row = row_at(res, (int)i);

		(void)row_bytes(&row, list[i].id, sizeof(list[i].id));
		list[i].created_at = row_int(&row);
		list[i].seen_at = row_int(&row);
		list[i].agent = row_str(&row, arena);
	}
	*list_out = list;
	*count_out = count;
	return OUV_OK;
}

enum ouv_err
store_session_end_one(struct store_tx *tx, const struct ouv_id *person,
	const uint8_t half[16])
{
	return sql_write(tx, SQL_SESSION_END_ONE,
		ARGS(SQL_ID(person), SQL_BYTES(half, 16)));
}

enum ouv_err
store_session_end_others(
	struct store_tx *tx, const struct ouv_id *person, const uint8_t id[32])
{
	return sql_write(tx, SQL_SESSION_END_OTHERS,
		ARGS(SQL_ID(person), SQL_BYTES(id, 32)));
}

enum ouv_err
store_session_new(struct store_tx *tx, struct ouv_arena *arena,
	const uint8_t id[32], struct ouv_str *totp_out,
	struct ouv_str *recovery_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_SESSION_NEW, &res, ARGS(SQL_BYTES(id, 32))));
	if (PQntuples(res) == 0)
		return OUV_NOT_FOUND;
	row = row_at(res, 0);
	*totp_out = row_str(&row, arena);
	*recovery_out = row_str(&row, arena);
	return OUV_OK;
}

static struct sql_arg
bytes_or_null(struct ouv_str bytes)
{
	return bytes.p != NULL ? SQL_BYTES(bytes.p, bytes.len) : SQL_NULL;
}

enum ouv_err
store_session_totp_new(
	struct store_tx *tx, const uint8_t id[32], struct ouv_str box)
{
	return sql_write(tx, SQL_SESSION_TOTP_NEW,
		ARGS(SQL_BYTES(id, 32), bytes_or_null(box)));
}

enum ouv_err
store_session_recovery_new(
	struct store_tx *tx, const uint8_t id[32], struct ouv_str wrap)
{
	return sql_write(tx, SQL_SESSION_RECOVERY_NEW,
		ARGS(SQL_BYTES(id, 32), bytes_or_null(wrap)));
}

/* ---- password, authenticator, what is asked for
 * ------------------------------
 */

enum ouv_err
store_person_key_set(struct store_tx *tx, const struct store_person_key *key)
{
	return sql_write(tx, SQL_PERSON_KEY_SET,
		ARGS(SQL_ID(&key->person), SQL_BYTES(key->pk, sizeof(key->pk)),
			SQL_INT(key->how),
			SQL_BYTES(key->salt, sizeof(key->salt)),
			SQL_INT(key->ops), SQL_INT(key->mem),
			SQL_INT(key->version),
			SQL_BYTES(key->commit, sizeof(key->commit)),
			SQL_BYTES(key->wrapped, sizeof(key->wrapped))));
}

enum ouv_err
store_person_totp_set(struct store_tx *tx, const struct ouv_id *person,
	struct ouv_str box, int64_t step)
{
	return sql_write(tx, SQL_PERSON_TOTP_SET,
		ARGS(SQL_ID(person), SQL_BYTES(box.p, box.len), SQL_INT(step)));
}

enum ouv_err
store_person_must(
	struct store_tx *tx, const struct ouv_id *person, int done, int asked)
{
	return sql_write(tx, SQL_PERSON_MUST,
		ARGS(SQL_ID(person), SQL_INT(done), SQL_INT(asked)));
}

/* ---- browsers
 * ----------------------------------------------------------------
 */

enum ouv_err
store_device_is(struct store_tx *tx, const struct ouv_id *person,
	const uint8_t id[32], bool *is_out, bool *known_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_DEVICE_IS, &res,
		ARGS(SQL_ID(person), SQL_BYTES(id, 32))));
	*is_out = PQntuples(res) > 0;
	*known_out = false;
	if (*is_out) {
		row = row_at(res, 0);
		*known_out = row_bool(&row);
	}
	return OUV_OK;
}

enum ouv_err
store_device_used(struct store_tx *tx, const struct ouv_id *person,
	const uint8_t id[32], bool *new_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_DEVICE_SEEN, &res,
		ARGS(SQL_ID(person), SQL_BYTES(id, 32))));
	*new_out = PQntuples(res) == 0;
	return *new_out ? sql_write(tx, SQL_DEVICE_ADD,
				  ARGS(SQL_ID(person), SQL_BYTES(id, 32)))
			: OUV_OK;
}

enum ouv_err
store_device_known(struct store_tx *tx, const struct ouv_id *person)
{
	return sql_write(tx, SQL_DEVICE_KNOWN, ARGS(SQL_ID(person)));
}

enum ouv_err
store_device_news(struct store_tx *tx, const struct ouv_id *person,
	const uint8_t id[32], int64_t *at_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_DEVICE_NEWS, &res,
		ARGS(SQL_ID(person), SQL_BYTES(id, 32))));
	row = row_at(res, 0);
	*at_out = row_int(&row);
	return OUV_OK;
}

/* ---- invitations
 * -------------------------------------------------------------
 */

static enum ouv_err
is_done(struct store_tx *tx, enum sql_id id, const struct sql_arg *args,
	size_t count)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, id, &res, args, count));
	row = row_at(res, 0);
	return row_bool(&row) ? OUV_OK : OUV_CONFLICT;
}

enum ouv_err
store_invite_put(struct store_tx *tx, const struct store_person *p,
	const struct store_person_key *key, bool all_the_same)
{
	return is_done(tx, SQL_INVITE_PUT,
		ARGS(SQL_ID(&p->id), SQL_ID(&p->cert_admin),
			SQL_BOOL(all_the_same), SQL_BYTES(p->pk, sizeof(p->pk)),
			SQL_BYTES(p->sig_pk, sizeof(p->sig_pk)),
			SQL_BYTES(p->cert_sig, sizeof(p->cert_sig)),
			p->has_admin_sig
				? SQL_BYTES(p->admin_sig, sizeof(p->admin_sig))
				: SQL_NULL,
			SQL_BYTES(p->totp_box.p, p->totp_box.len),
			SQL_BYTES(key->salt, sizeof(key->salt)),
			SQL_BYTES(key->commit, sizeof(key->commit)),
			SQL_BYTES(key->wrapped, sizeof(key->wrapped))));
}

enum ouv_err
store_invite_ask(struct store_tx *tx, const struct store_person *p,
	const struct store_person_key *key, bool all_the_same)
{
	return is_done(tx, SQL_INVITE_ASK,
		ARGS(SQL_ID(&p->id), SQL_ID(&p->cert_admin),
			SQL_BOOL(all_the_same), SQL_BYTES(p->pk, sizeof(p->pk)),
			SQL_BYTES(p->sig_pk, sizeof(p->sig_pk)),
			SQL_BYTES(p->cert_sig, sizeof(p->cert_sig)),
			SQL_BYTES(p->totp_box.p, p->totp_box.len),
			SQL_BYTES(key->salt, sizeof(key->salt)),
			SQL_BYTES(key->commit, sizeof(key->commit)),
			SQL_BYTES(key->wrapped, sizeof(key->wrapped))));
}

enum ouv_err
store_invite(struct store_tx *tx, const struct ouv_id *person,
	struct store_person_key *key_out)
{
	struct store_person_key key = { .person = *person,
		.version = 0 }; /* of which pepper is not said */
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_INVITE, &res, ARGS(SQL_ID(person))));
	if (PQntuples(res) == 0)
		return OUV_NOT_FOUND;
	row = row_at(res, 0);
	(void)row_bytes(&row, key.salt, sizeof(key.salt));
	(void)row_bytes(&row, key.commit, sizeof(key.commit));
	(void)row_bytes(&row, key.wrapped, sizeof(key.wrapped));
	*key_out = key;
	return OUV_OK;
}

enum ouv_err
store_invite_take(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *person, const uint8_t pk[32],
	struct ouv_id **cases_out, size_t *count_out)
{
	return ask_done(tx, arena, SQL_INVITE_TAKE,
		ARGS(SQL_ID(person), SQL_BYTES(pk, 32)), cases_out, count_out);
}
