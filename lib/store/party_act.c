/*
 * party_act.c - what parties say and decide, and by which address or link
 */
#include <string.h>

#include "inner.h"
#include "ouv/store_mediation.h"

static void
read_say(struct row *row, struct ouv_arena *arena, struct store_say *say)
{
	const char *state;

	say->case_id = row_id(row);
	say->party = row_id(row);
	say->code_version = (int)row_int(row);
	state = row_text(row, arena);
	if (ouv_state_parse(state, &say->state) != OUV_OK)
		say->state = OUV_STATE_ERASED;
	say->company = row_bool(row);
	say->protocol = row_text(row, arena);
	say->lang = ouv_lang_parse(row_text(row, arena), OUV_LANG_PT_BR);
	say->moved_at = row_int(row);
	say->due_at = row_int(row);
	say->options = (int)row_int(row);
	say->chosen = row_bool(row);
	say->asked = row_bool(row);
	say->hearing = row_bool(row);
	say->waiting = row_bool(row);
}

enum ouv_err
store_says(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *parties, size_t count, struct store_say *says_out)
{
	PGresult *res RESULT;

	if (count == 0)
		return tx->failed;
	memset(says_out, 0, count * sizeof(*says_out));
	TRY(sql_read(tx, SQL_PARTY_SAYS, &res,
		ARGS(sql_ids(sql_scratch(tx->store), parties, sizeof(*parties),
			count))));
	for (int i = 0; i < PQntuples(res); i++) {
		struct row row = row_at(res, i);
		int64_t n = row_int(&row);

		read_say(&row, arena, &says_out[n - 1]);
	}
	return OUV_OK;
}

enum ouv_err
store_say(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *party, struct store_say *say_out)
{
	TRY(store_says(tx, arena, party, 1, say_out));
	return ouv_id_is_zero(&say_out->party) ? OUV_NOT_FOUND : OUV_OK;
}

enum ouv_err
store_say_link(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *address, struct store_say *say_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_PARTY_LINK, &res, ARGS(SQL_ID(address))));
	if (PQntuples(res) == 0)
		return OUV_NOT_FOUND;
	row = row_at(res, 0);
	read_say(&row, arena, say_out);
	return OUV_OK;
}

enum ouv_err
store_say_capsule(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *capsule, struct store_say *say_out,
	struct ouv_id *contact_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_PARTY_CAPSULE, &res, ARGS(SQL_ID(capsule))));
	if (PQntuples(res) == 0)
		return OUV_NOT_FOUND;
	row = row_at(res, 0);
	*contact_out = row_id(&row);
	read_say(&row, arena, say_out);
	return OUV_OK;
}

enum ouv_err
store_party_act_add(struct store_tx *tx, const struct store_party_act *act)
{
	TRY(sql_write(tx, SQL_PARTY_ACT_ADD,
		ARGS(SQL_ID(&act->id), SQL_ID(&act->case_id),
			SQL_ID(&act->party), SQL_TEXT(act->action),
			SQL_TEXT(act->choice), sql_id_or_null(&act->item),
			SQL_TEXT(act->source), SQL_INT(act->at))));
	return store_timer_notify(tx);
}

static enum ouv_err
any_row(struct store_tx *tx, enum sql_id id, const struct sql_arg *args,
	size_t count, bool *any_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, id, &res, args, count));
	*any_out = PQntuples(res) > 0;
	return OUV_OK;
}

enum ouv_err
store_letter_known(struct store_tx *tx, const char *dedupe_key, bool *known_out)
{
	return any_row(
		tx, SQL_LETTER_KNOWN, ARGS(SQL_TEXT(dedupe_key)), known_out);
}

enum ouv_err
store_contact_fits(struct store_tx *tx, const struct ouv_id *case_id,
	const char *addr, bool *fits_out)
{
	return any_row(tx, SQL_CONTACT_FITS,
		ARGS(SQL_ID(case_id), SQL_TEXT(addr)), fits_out);
}
