/*
 * case.c - a case: its row, its keys, who holds them, its parties
 */
#include <string.h>

#include "inner.h"
#include "ouv/log.h"

/* ---- writing ---------------------------------------------------------------
 */

enum ouv_err
store_case_add(struct store_tx *tx, const struct store_case *c)
{
	return sql_write(tx, SQL_CASE_ADD,
		ARGS(SQL_ID(&c->id), SQL_TEXT(c->protocol),
			SQL_TEXT(ouv_state_name(c->state)),
			SQL_INT(c->desk_month), SQL_TEXT(c->lang),
			SQL_TEXT(c->channel), sql_id_or_null(&c->owner),
			SQL_INT(c->opened_at), SQL_INT(c->due_at),
			SQL_INT(c->last_at), SQL_INT(c->items),
			SQL_INT(c->key_version),
			SQL_BYTES(c->summary.p, c->summary.len)));
}

enum ouv_err
store_case_key_add(struct store_tx *tx, const struct ouv_id *case_id,
	int version, const uint8_t cpk[32], const struct ouv_id *signer,
	const uint8_t sig[64])
{
	return sql_write(tx, SQL_CASE_KEY_ADD,
		ARGS(SQL_ID(case_id), SQL_INT(version), SQL_BYTES(cpk, 32),
			SQL_ID(signer), SQL_BYTES(sig, 64)));
}

enum ouv_err
store_grants_add(
	struct store_tx *tx, const struct store_grant *grants, size_t count)
{
	struct ouv_arena *arena = sql_scratch(tx->store);
	int64_t *versions = ouv_arena_array(arena, count, sizeof(*versions));
	const size_t stride = sizeof(*grants);

	if (count == 0)
		return tx->failed;
	for (size_t i = 0; i < count; i++)
		versions[i] = grants[i].version;
	return sql_write(tx, SQL_GRANTS_ADD,
		ARGS(sql_ids(arena, &grants->case_id, stride, count),
			sql_ints(arena, versions, count),
			sql_ids(arena, &grants->person, stride, count),
			sql_blobs(arena, grants->pk, sizeof(grants->pk), stride,
				count),
			sql_blobs(arena, grants->box, sizeof(grants->box),
				stride, count),
			sql_ids(arena, &grants->granted_by, stride, count),
			sql_blobs(arena, grants->sig, sizeof(grants->sig),
				stride, count)));
}

enum ouv_err
store_party_add(struct store_tx *tx, const struct ouv_id *id,
	const struct ouv_id *case_id, const char *side)
{
	return sql_write(tx, SQL_PARTY_ADD,
		ARGS(SQL_ID(id), SQL_ID(case_id), SQL_TEXT(side)));
}

enum ouv_err
store_reply_address_add(struct store_tx *tx, const struct ouv_id *id,
	const struct ouv_id *case_id, const struct ouv_id *party, int version)
{
	return sql_write(tx, SQL_REPLY_ADDRESS_ADD,
		ARGS(SQL_ID(id), SQL_ID(case_id), SQL_ID(party),
			SQL_INT(version)));
}

enum ouv_err
store_ident_add(struct store_tx *tx, const struct store_token *token,
	enum store_ident kind, const struct ouv_id *case_id,
	const struct ouv_id *party)
{
	return sql_write(tx, SQL_IDENT_ADD,
		ARGS(SQL_ID(&token->now), SQL_ID(&token->before),
			SQL_INT(token->version), SQL_INT(kind), SQL_ID(case_id),
			SQL_ID(party)));
}

enum ouv_err
store_capsule_add(struct store_tx *tx, const struct store_capsule *capsule)
{
	return sql_write(tx, SQL_CAPSULE_ADD,
		ARGS(SQL_ID(&capsule->id), SQL_ID(&capsule->case_id),
			SQL_ID(&capsule->party), SQL_INT(capsule->key_version),
			SQL_BYTES(capsule->ct.p, capsule->ct.len),
			SQL_BYTES(capsule->box_case, sizeof(capsule->box_case)),
			capsule->has_svc ? SQL_BYTES(capsule->box_svc,
						   sizeof(capsule->box_svc))
					 : SQL_NULL,
			SQL_BOOL(capsule->main),
			sql_id_or_null(&capsule->contact)));
}

enum ouv_err
store_case_touch(struct store_tx *tx, const struct ouv_id *id, int added,
	int64_t last_at)
{
	return sql_write(tx, SQL_CASE_TOUCH,
		ARGS(SQL_ID(id), SQL_INT(added), SQL_INT(last_at)));
}

enum ouv_err
store_case_move(struct store_tx *tx, const struct ouv_id *id,
	enum ouv_state from, enum ouv_state to, const struct ouv_id *owner)
{
	return sql_write(tx, SQL_CASE_MOVE,
		ARGS(SQL_ID(id), SQL_TEXT(ouv_state_name(from)),
			SQL_TEXT(ouv_state_name(to)), sql_id_or_null(owner)));
}

enum ouv_err
store_protocol_take(struct store_tx *tx, int year, int n, int64_t *first_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(
		tx, SQL_PROTOCOL_TAKE, &res, ARGS(SQL_INT(year), SQL_INT(n))));
	row = row_at(res, 0);
	*first_out = row_int(&row);
	return OUV_OK;
}

/* ---- reading ----------------------------------------------------------- */

/* CASE_COLUMNS. */
enum ouv_err
row_case(struct row *row, struct ouv_arena *arena, struct store_case *c)
{
	struct ouv_str state;

	c->id = row_id(row);
	c->protocol = row_text(row, arena);
	state = row_peek(row);
	if (ouv_state_parse(state.p, &c->state) != OUV_OK) {
		ouv_log_error("database: a case in a state we do not know");
		return OUV_INVALID;
	}
	c->desk_month = (int)row_int(row);
	c->lang = row_text(row, arena);
	c->channel = row_text(row, arena);
	c->opened_at = row_int(row);
	c->due_at = row_int(row);
	c->last_at = row_int(row);
	c->items = (int)row_int(row);
	c->key_version = (int)row_int(row);
	c->summary = row_str(row, arena);
	c->owner = row_id(row);
	c->rekey_due = row_bool(row);
	return OUV_OK;
}

enum ouv_err
store_case_lock(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *id, struct store_case *c_out)
{
	PGresult *res RESULT;
	struct store_case c;
	struct row row;

	TRY(sql_read(tx,
		tx->store->role == STORE_GATEWAY ? SQL_CASE_LOCK_GATEWAY
						 : SQL_CASE_LOCK,
		&res, ARGS(SQL_ID(id))));
	if (PQntuples(res) == 0)
		return OUV_NOT_FOUND;
	row = row_at(res, 0);
	TRY(row_case(&row, arena, &c));
	*c_out = c;
	return OUV_OK;
}

enum ouv_err
store_case_find(struct store_tx *tx, struct ouv_arena *arena,
	const char *protocol, const struct ouv_id *id,
	const struct ouv_id *person, struct store_case *c_out,
	struct store_grant *grant_out)
{
	PGresult *res RESULT;
	struct store_grant grant;
	struct store_case c;
	struct row row;

	TRY(sql_read(tx,
		protocol != NULL ? SQL_CASE_BY_PROTOCOL : SQL_CASE_BY_ID, &res,
		ARGS(protocol != NULL ? SQL_TEXT(protocol) : SQL_ID(id),
			SQL_ID(person))));
	if (PQntuples(res) == 0)
		return OUV_NOT_FOUND;
	row = row_at(res, 0);
	TRY(row_case(&row, arena, &c));
	grant.case_id = c.id;
	grant.person = *person;
	grant.version = (int)row_int(&row);
	if (!row_bytes(&row, grant.box, sizeof(grant.box)))
		return OUV_REFUSED;
	grant.granted_by = row_id(&row);
	(void)row_bytes(&row, grant.sig, sizeof(grant.sig));
	*c_out = c;
	*grant_out = grant;
	return OUV_OK;
}

static const struct {
	const char *name;
	enum sql_id id;
} queues[] = {
	{ "held", SQL_CASE_LIST_HELD },
	{ "aside", SQL_CASE_LIST_ASIDE },
	{ "months", SQL_CASE_LIST_MONTHS },
};

static enum ouv_err
queue_statement(const char *name, enum sql_id *id_out)
{
	for (size_t i = 0; i < sizeof(queues) / sizeof(queues[0]); i++)
		if (strcmp(queues[i].name, name) == 0) {
			*id_out = queues[i].id;
			return OUV_OK;
		}
	return OUV_INVALID;
}

/* Later than any line: where a list starts. */
#define END_OF_TIME_US INT64_C(32503680000000000) /* the year 3000 */

enum ouv_err
read_line(
	struct row *row, struct ouv_arena *arena, struct store_case_line *line)
{
	TRY(row_case(row, arena, &line->c));
	(void)row_bytes(row, line->box, sizeof(line->box));
	line->owner_name = row_text(row, arena);
	line->failed = row_bool(row);
	line->tasks = (int)row_int(row);
	line->aside = row_text(row, arena);
	line->rev = (int)row_int(row);
	return OUV_OK;
}

enum ouv_err
read_lines(PGresult *res, struct ouv_arena *arena,
	struct store_case_line **lines_out, size_t *count_out)
{
	size_t count = (size_t)PQntuples(res);
	struct store_case_line *lines =
		ouv_arena_array(arena, count, sizeof(*lines));

	for (size_t i = 0; i < count; i++) {
		struct row row = row_at(res, (int)i);

		TRY(read_line(&row, arena, &lines[i]));
	}
	*lines_out = lines;
	*count_out = count;
	return OUV_OK;
}

/* Who may confirm what, as the workflow says: "refuse reader,...". */
const char *
second_acts(struct ouv_arena *arena)
{
	size_t count;
	const struct ouv_move *rows = ouv_workflow_rows(&count);
	struct ouv_buf buf;

	ouv_buf_init(&buf, arena, 256);
	for (size_t i = 0; i < count; i++)
		for (int role = 0; role < OUV_ROLE__COUNT; role++)
			if ((rows[i].second & OUV_ROLE_BIT(role)) != 0)
				ouv_buf_printf(&buf, "%s%s %s",
					buf.len > 0 ? "," : "",
					ouv_action_name(rows[i].action),
					ouv_role_name((enum ouv_role)role));
	return buf.data;
}

enum ouv_err
store_case_line_of(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *id, const struct ouv_id *person,
	struct store_case_line *line_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(
		tx, SQL_CASE_LINE, &res, ARGS(SQL_ID(person), SQL_ID(id))));
	if (PQntuples(res) == 0)
		return OUV_NOT_FOUND;
	row = row_at(res, 0);
	return read_line(&row, arena, line_out);
}

enum ouv_err
store_case_list(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *person, const char *queue, int64_t after_us,
	const struct ouv_id *after_id, int limit,
	struct store_case_line **lines_out, size_t *count_out)
{
	static const struct ouv_id nobody;
	PGresult *res RESULT;
	enum sql_id id;

	TRY(queue_statement(queue, &id));
	if (after_us == 0 || after_id == NULL) {
		after_us = id == SQL_CASE_LIST_HELD ? 0 : END_OF_TIME_US;
		after_id = &nobody;
	}
	TRY(sql_read(tx, id, &res,
		ARGS(SQL_ID(person), SQL_INT(after_us), SQL_ID(after_id),
			SQL_INT(limit))));
	return read_lines(res, arena, lines_out, count_out);
}

enum ouv_err
store_capsules(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *case_id, struct store_capsule **capsules_out,
	size_t *count_out)
{
	PGresult *res RESULT;
	struct store_capsule *list;
	size_t count;

	TRY(sql_read(tx,
		tx->store->role == STORE_GATEWAY ? SQL_CAPSULES_GATEWAY
						 : SQL_CAPSULES,
		&res, ARGS(SQL_ID(case_id))));
	count = (size_t)PQntuples(res);
	list = ouv_arena_array(arena, count, sizeof(*list));
	for (size_t i = 0; i < count; i++) {
		struct row row = row_at(res, (int)i);

		list[i].id = row_id(&row);
		list[i].case_id = row_id(&row);
		list[i].party = row_id(&row);
		list[i].key_version = (int)row_int(&row);
		list[i].ct = row_str(&row, arena);
		(void)row_bytes(
			&row, list[i].box_case, sizeof(list[i].box_case));
		list[i].has_svc = row_bytes(
			&row, list[i].box_svc, sizeof(list[i].box_svc));
		list[i].main = row_bool(&row);
		list[i].contact = row_id(&row);
		list[i].by_post = row_bool(&row);
	}
	*capsules_out = list;
	*count_out = count;
	return OUV_OK;
}

enum ouv_err
store_case_key(struct store_tx *tx, const struct ouv_id *case_id, int version,
	struct store_case_key *key_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_CASE_KEY, &res,
		ARGS(SQL_ID(case_id), SQL_INT(version))));
	if (PQntuples(res) == 0)
		return OUV_NOT_FOUND;
	row = row_at(res, 0);
	key_out->version = (int)row_int(&row);
	(void)row_bytes(&row, key_out->cpk, sizeof(key_out->cpk));
	(void)row_bytes(&row, key_out->sig, sizeof(key_out->sig));
	key_out->signer = row_id(&row);
	return OUV_OK;
}
