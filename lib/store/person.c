/*
 * person.c - the people of the office and the keys under their passwords
 */
#include "inner.h"
#include "ouv/log.h"
#include "ouv/store_keys.h"

/* PERSON_COLUMNS. */
static enum ouv_err
row_person(struct row *row, struct ouv_arena *arena, struct store_person *p)
{
	struct ouv_str role;

	p->id = row_id(row);
	role = row_peek(row);
	if (ouv_role_parse(role.p, &p->role) != OUV_OK) {
		ouv_log_error("database: a person with a role we do not know");
		return OUV_INVALID;
	}
	p->desk = row_bool(row);
	p->active = row_bool(row);
	(void)row_bytes(row, p->pk, sizeof(p->pk));
	(void)row_bytes(row, p->sig_pk, sizeof(p->sig_pk));
	p->cert_admin = row_id(row);
	(void)row_bytes(row, p->cert_sig, sizeof(p->cert_sig));
	p->has_admin_sig = row_bytes(row, p->admin_sig, sizeof(p->admin_sig));
	if (row->column == PQnfields(row->result))
		return OUV_OK; /* the gateway's view */
	p->login = row_text(row, arena);
	p->name = row_text(row, arena);
	p->lang = row_text(row, arena);
	p->totp_box = row_str(row, arena);
	p->totp_last_step = row_int(row);
	p->must = (int)row_int(row);
	return OUV_OK;
}

static enum ouv_err
people(struct store_tx *tx, enum sql_id id, struct ouv_arena *arena,
	const struct sql_arg *args, size_t arg_count,
	struct store_person **people_out, size_t *count_out)
{
	PGresult *res RESULT;
	struct store_person *list;
	size_t count;

	TRY(sql_read(tx, id, &res, args, arg_count));
	count = (size_t)PQntuples(res);
	list = ouv_arena_array(arena, count, sizeof(*list));
	for (size_t i = 0; i < count; i++) {
		struct row row = row_at(res, (int)i);

		TRY(row_person(&row, arena, &list[i]));
	}
	*people_out = list;
	*count_out = count;
	return OUV_OK;
}

enum ouv_err
store_person_certified(struct store_tx *tx, struct ouv_arena *arena,
	struct store_person **people_out, size_t *count_out)
{
	return people(tx, SQL_PERSON_CERTIFIED, arena, NO_ARGS, people_out,
		count_out);
}

enum ouv_err
store_text_signers(struct store_tx *tx, struct ouv_arena *arena,
	struct store_person **people_out, size_t *count_out)
{
	return people(
		tx, SQL_TEXT_SIGNERS, arena, NO_ARGS, people_out, count_out);
}

enum ouv_err
store_person_list(struct store_tx *tx, struct ouv_arena *arena,
	struct store_person **people_out, size_t *count_out)
{
	return people(
		tx, SQL_PERSON_LIST, arena, NO_ARGS, people_out, count_out);
}

enum ouv_err
store_person_signer(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *person, struct store_person **people_out,
	size_t *count_out)
{
	return people(tx, SQL_PERSON_SIGNER, arena, ARGS(SQL_ID(person)),
		people_out, count_out);
}

static enum ouv_err
one_person(struct store_tx *tx, enum sql_id id, struct ouv_arena *arena,
	struct sql_arg key, struct store_person *person_out)
{
	PGresult *res RESULT;
	struct store_person person = { .login = NULL };
	struct row row;

	TRY(sql_read(tx, id, &res, ARGS(key)));
	if (PQntuples(res) == 0)
		return OUV_NOT_FOUND;
	row = row_at(res, 0);
	TRY(row_person(&row, arena, &person));
	*person_out = person;
	return OUV_OK;
}

enum ouv_err
store_person_by_login(struct store_tx *tx, struct ouv_arena *arena,
	const char *login, struct store_person *person_out)
{
	return one_person(
		tx, SQL_PERSON_BY_LOGIN, arena, SQL_TEXT(login), person_out);
}

enum ouv_err
store_person_by_id(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *id, struct store_person *person_out)
{
	return one_person(tx, SQL_PERSON_BY_ID, arena, SQL_ID(id), person_out);
}

enum ouv_err
store_person_key(struct store_tx *tx, const struct ouv_id *person, int how,
	struct store_person_key *key_out)
{
	PGresult *res RESULT;
	struct store_person_key key = { .person = *person, .how = how };
	struct row row;

	TRY(sql_read(
		tx, SQL_PERSON_KEY, &res, ARGS(SQL_ID(person), SQL_INT(how))));
	if (PQntuples(res) == 0)
		return OUV_NOT_FOUND;
	row = row_at(res, 0);
	(void)row_bytes(&row, key.salt, sizeof(key.salt));
	key.ops = (int)row_int(&row);
	key.mem = row_int(&row);
	key.version = (int)row_int(&row);
	(void)row_bytes(&row, key.commit, sizeof(key.commit));
	(void)row_bytes(&row, key.wrapped, sizeof(key.wrapped));
	*key_out = key;
	return OUV_OK;
}

enum ouv_err
store_person_add(struct store_tx *tx, const struct store_person *p)
{
	return sql_write(tx, SQL_PERSON_ADD,
		ARGS(SQL_ID(&p->id), SQL_TEXT(p->login), SQL_TEXT(p->name),
			SQL_TEXT(ouv_role_name(p->role)), SQL_BOOL(p->desk),
			SQL_BOOL(p->active), SQL_TEXT(p->lang),
			SQL_BYTES(p->pk, sizeof(p->pk)),
			SQL_BYTES(p->sig_pk, sizeof(p->sig_pk)),
			SQL_ID(&p->cert_admin),
			SQL_BYTES(p->cert_sig, sizeof(p->cert_sig)),
			p->has_admin_sig
				? SQL_BYTES(p->admin_sig, sizeof(p->admin_sig))
				: SQL_NULL,
			SQL_BYTES(p->totp_box.p, p->totp_box.len)));
}

enum ouv_err
store_person_key_add(struct store_tx *tx, const struct store_person_key *key)
{
	return sql_write(tx, SQL_PERSON_KEY_ADD,
		ARGS(SQL_ID(&key->person), SQL_INT(key->how),
			SQL_BYTES(key->salt, sizeof(key->salt)),
			SQL_INT(key->ops), SQL_INT(key->mem),
			SQL_INT(key->version),
			SQL_BYTES(key->commit, sizeof(key->commit)),
			SQL_BYTES(key->wrapped, sizeof(key->wrapped))));
}

/* Asked at once and no failure of the transaction: the caller decides. */
enum ouv_err
store_person_totp_used(
	struct store_tx *tx, const struct ouv_id *person, int64_t step)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_PERSON_TOTP_USED, &res,
		ARGS(SQL_ID(person), SQL_INT(step))));
	return PQntuples(res) == 1 ? OUV_OK : OUV_CONFLICT;
}

enum ouv_err
store_person_lang(
	struct store_tx *tx, const struct ouv_id *person, const char *lang)
{
	return sql_write(
		tx, SQL_PERSON_LANG, ARGS(SQL_ID(person), SQL_TEXT(lang)));
}
