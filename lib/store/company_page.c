/*
 * company_page.c - what a company reads and does on its own page
 */
#include <string.h>

#include "inner.h"
#include "ouv/store_company_page.h"
#include "ouv/store_page.h"

#define MEMBER(m) \
	SQL_TEXT((m)->kind), SQL_ID(&(m)->reader), sql_id_or_null(&(m)->case_id)

/* ---- who ---------------------------------------------------------------- */

enum ouv_err
store_member_who(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *reader, struct store_member_who *who)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_MEMBER_WHO, &res, ARGS(SQL_ID(reader))));
	if (PQntuples(res) == 0)
		return OUV_NOT_FOUND;
	row = row_at(res, 0);
	who->contact = row_id(&row);
	who->unit = row_id(&row);
	who->company = row_id(&row);
	who->name = row_text(&row, arena);
	who->addr = row_text(&row, arena);
	who->unit_name = row_text(&row, arena);
	who->company_name = row_text(&row, arena);
	who->sector = row_text(&row, arena);
	who->active = row_bool(&row);
	who->owned = row_bool(&row);
	who->from_day = (int32_t)row_int(&row);
	who->until_day = (int32_t)row_int(&row);
	who->member_until = (int32_t)row_int(&row);
	who->lang = ouv_lang_parse(row_text(&row, arena), OUV_LANG_PT_BR);
	return OUV_OK;
}

/* ---- cases -------------------------------------------------------------- */

/* MEMBER_COLUMNS. */
static void
row_case_of(struct row *row, struct ouv_arena *arena, void *entry)
{
	struct store_member_case *c = entry;

	c->id = row_id(row);
	c->party = row_id(row);
	c->protocol = row_text(row, arena);
	c->kind = row_text(row, arena);
	c->identity = row_text(row, arena);
	if (ouv_state_parse(row_peek(row).p, &c->state) != OUV_OK)
		c->state = OUV_STATE_ERASED;
	c->stage = (int)row_int(row);
	c->opened_at = row_int(row);
	c->moved_at = row_int(row);
	c->closed_at = row_int(row);
	c->due_at = row_int(row);
	c->waiting = row_bool(row);
	c->reading = row_bool(row);
	c->asked = row_bool(row);
	c->last_by = row_text(row, arena);
	c->last_what = row_text(row, arena);
	c->last_at = row_int(row);
	c->sort = row_int(row);
}

enum ouv_err
store_member_cases(struct store_tx *tx, struct ouv_arena *arena,
	const struct store_member_of *member,
	const struct store_member_wish *wish,
	struct store_member_case **list_out, size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_MEMBER_CASES, &res,
		ARGS(MEMBER(member), SQL_INT(wish->stages),
			SQL_INT(wish->closed_days), SQL_TEXT(wish->search),
			sql_ids(sql_scratch(tx->store), wish->also,
				sizeof(*wish->also), wish->also_count),
			SQL_INT(wish->after), SQL_ID(&wish->after_id),
			SQL_INT(wish->most))));
	*list_out = read_rows(
		res, arena, sizeof(**list_out), row_case_of, count_out);
	return OUV_OK;
}

enum ouv_err
store_member_counts(struct store_tx *tx, const struct store_member_of *member,
	int64_t counts_out[3], int64_t *late_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_MEMBER_COUNTS, &res, ARGS(MEMBER(member))));
	row = row_at(res, 0);
	for (size_t i = 0; i < 3; i++)
		counts_out[i] = row_int(&row);
	*late_out = row_int(&row);
	return OUV_OK;
}

enum ouv_err
store_member_case(struct store_tx *tx, struct ouv_arena *arena,
	const struct store_member_of *member, const char *protocol,
	struct store_member_case *case_out)
{
	PGresult *res RESULT;
	struct row row;

	if (protocol == NULL && ouv_id_is_zero(&member->case_id))
		return OUV_NOT_FOUND;
	TRY(sql_read(tx, SQL_MEMBER_CASE, &res,
		ARGS(MEMBER(member), SQL_TEXT(protocol))));
	if (PQntuples(res) == 0)
		return OUV_NOT_FOUND;
	row = row_at(res, 0);
	row_case_of(&row, arena, case_out);
	return OUV_OK;
}

/* ---- what was written on the page --------------------------------------- */

enum ouv_err
store_member_post_add(struct store_tx *tx, const struct store_member_post *post)
{
	TRY(sql_write(tx, SQL_MEMBER_POST_ADD,
		ARGS(SQL_ID(&post->item), SQL_ID(&post->case_id),
			sql_id_or_null(&post->contact), SQL_TEXT(post->what),
			sql_id_or_null(&post->points), SQL_INT(post->at),
			SQL_BOOL(post->tell))));
	return post->tell ? store_timer_notify(tx) : OUV_OK;
}

enum ouv_err
store_member_faster(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *case_id, const struct ouv_id *party, int seen,
	const char **by_out, const char **what_out, int64_t *at_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_MEMBER_FASTER, &res,
		ARGS(SQL_ID(case_id), SQL_ID(party), SQL_INT(seen))));
	if (PQntuples(res) == 0)
		return OUV_NOT_FOUND;
	row = row_at(res, 0);
	*by_out = row_text(&row, arena);
	*what_out = row_text(&row, arena);
	*at_out = row_int(&row);
	return OUV_OK;
}

enum ouv_err
store_member_last_seq(struct store_tx *tx, const struct ouv_id *case_id,
	const struct ouv_id *party, int *seq_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_MEMBER_LAST_SEQ, &res,
		ARGS(SQL_ID(case_id), SQL_ID(party))));
	row = row_at(res, 0);
	*seq_out = (int)row_int(&row);
	return OUV_OK;
}

enum ouv_err
store_member_mail(struct store_tx *tx, const struct ouv_id *contact,
	bool *all_out, bool *page_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_MEMBER_MAIL, &res, ARGS(SQL_ID(contact))));
	*all_out = true;
	*page_out = false;
	if (PQntuples(res) == 0)
		return OUV_OK;
	row = row_at(res, 0);
	*all_out = row_bool(&row);
	*page_out = row_bool(&row);
	return OUV_OK;
}

enum ouv_err
store_member_points(struct store_tx *tx, const struct ouv_id *case_id,
	int *seq_out, struct ouv_id *points_out)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_MEMBER_POINTS, &res, ARGS(SQL_ID(case_id))));
	if (PQntuples(res) == 0)
		return OUV_NOT_FOUND;
	row = row_at(res, 0);
	*seq_out = (int)row_int(&row);
	*points_out = row_id(&row);
	return OUV_OK;
}

enum ouv_err
store_member_references(struct store_tx *tx, struct ouv_arena *arena,
	const struct store_member_of *member,
	struct store_member_reference **list_out, size_t *count_out)
{
	struct store_member_reference *list;
	PGresult *res RESULT;
	size_t count;

	TRY(sql_read(tx, SQL_MEMBER_REFERENCES, &res,
		ARGS(MEMBER(member), SQL_ID(&member->page_key))));
	count = (size_t)PQntuples(res);
	list = ouv_arena_array(arena, count, sizeof(*list));
	for (size_t i = 0; i < count; i++) {
		struct row row = row_at(res, (int)i);

		TRY(row_item(&row, arena, &list[i].item));
		(void)row_bytes(&row, list[i].box, sizeof(list[i].box));
	}
	*list_out = list;
	*count_out = count;
	return OUV_OK;
}

static void
row_open(struct row *row, struct ouv_arena *arena, void *entry)
{
	struct store_member_open *o = entry;

	(void)arena;
	o->seq = (int)row_int(row);
	o->part = (int)row_int(row);
	o->own = row_bool(row);
}

enum ouv_err
store_member_opens(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *page_key, const struct ouv_id *case_id,
	struct store_member_open **list_out, size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_MEMBER_OPENS, &res,
		ARGS(SQL_ID(page_key), SQL_ID(case_id))));
	*list_out =
		read_rows(res, arena, sizeof(**list_out), row_open, count_out);
	return OUV_OK;
}

/* ---- handing over ------------------------------------------------------- */

static void
row_heir(struct row *row, struct ouv_arena *arena, void *entry)
{
	struct store_member_heir *h = entry;

	h->id = row_id(row);
	h->name = row_text(row, arena);
	h->addr = row_text(row, arena);
	h->unit_name = row_text(row, arena);
	h->owned = row_bool(row);
	h->away_from = (int32_t)row_int(row);
	h->away_until = (int32_t)row_int(row);
	h->lang = ouv_lang_parse(row_text(row, arena), OUV_LANG_PT_BR);
}

enum ouv_err
store_member_heirs(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *contact, int32_t day,
	struct store_member_heir **list_out, size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_MEMBER_HEIRS, &res,
		ARGS(SQL_ID(contact), SQL_INT(day))));
	*list_out =
		read_rows(res, arena, sizeof(**list_out), row_heir, count_out);
	return OUV_OK;
}

enum ouv_err
store_member_hand_add(
	struct store_tx *tx, const struct store_member_hand *hand, int32_t day)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_MEMBER_HAND_ADD, &res,
		ARGS(SQL_ID(&hand->id), SQL_ID(&hand->case_id),
			SQL_ID(&hand->giver), SQL_ID(&hand->heir),
			SQL_BOOL(hand->both), SQL_INT(day))));
	row = row_at(res, 0);
	if (!row_bool(&row))
		return OUV_REFUSED;
	return store_timer_notify(tx);
}

/* HAND_COLUMNS. */
static void
row_hand(struct row *row, struct ouv_arena *arena, void *entry)
{
	struct store_member_hand *h = entry;

	h->id = row_id(row);
	h->case_id = row_id(row);
	h->giver = row_id(row);
	h->heir = row_id(row);
	h->both = row_bool(row);
	h->giver_name = row_text(row, arena);
	h->heir_name = row_text(row, arena);
	h->heir_unit = row_text(row, arena);
	h->at = row_int(row);
}

enum ouv_err
store_member_hands(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *case_id, struct store_member_hand **list_out,
	size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_MEMBER_HANDS, &res, ARGS(SQL_ID(case_id))));
	*list_out =
		read_rows(res, arena, sizeof(**list_out), row_hand, count_out);
	return OUV_OK;
}

static void
row_lack(struct row *row, struct ouv_arena *arena, void *entry)
{
	struct store_member_lack *l = entry;

	(void)arena;
	l->heir_key = row_id(row);
	l->item = row_id(row);
	l->disclosure = row_id(row);
	l->part = (int)row_int(row);
	(void)row_bytes(row, l->box, sizeof(l->box));
	l->until_at = row_int(row);
}

enum ouv_err
store_member_lacks(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *page_key, const struct ouv_id *case_id, int most,
	struct store_member_lack **list_out, size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_MEMBER_LACKS, &res,
		ARGS(SQL_ID(page_key), SQL_ID(case_id), SQL_INT(most))));
	*list_out =
		read_rows(res, arena, sizeof(**list_out), row_lack, count_out);
	return OUV_OK;
}

static void
row_colleague(struct row *row, struct ouv_arena *arena, void *entry)
{
	struct store_member_colleague *c = entry;

	c->name = row_text(row, arena);
	c->unit_name = row_text(row, arena);
	c->main = row_bool(row);
}

enum ouv_err
store_member_colleagues(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *party, struct store_member_colleague **list_out,
	size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_MEMBER_COLLEAGUES, &res, ARGS(SQL_ID(party))));
	*list_out = read_rows(
		res, arena, sizeof(**list_out), row_colleague, count_out);
	return OUV_OK;
}

/* ---- the gateway tells -------------------------------------------------- */

enum ouv_err
store_member_untold(struct store_tx *tx, struct ouv_arena *arena,
	struct store_member_untold *untold)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_MEMBER_UNTOLD, &res, NO_ARGS));
	if (PQntuples(res) == 0)
		return OUV_NOT_FOUND;
	row = row_at(res, 0);
	untold->id = row_id(&row);
	untold->case_id = row_id(&row);
	untold->what = row_text(&row, arena);
	return OUV_OK;
}

enum ouv_err
store_member_told(struct store_tx *tx, const struct ouv_id *item)
{
	return sql_write(tx, SQL_MEMBER_TOLD, ARGS(SQL_ID(item)));
}

enum ouv_err
store_member_hand_untold(struct store_tx *tx, struct ouv_arena *arena,
	struct store_member_hand *hand)
{
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_MEMBER_HAND_UNTOLD, &res, NO_ARGS));
	if (PQntuples(res) == 0)
		return OUV_NOT_FOUND;
	row = row_at(res, 0);
	row_hand(&row, arena, hand);
	return OUV_OK;
}

enum ouv_err
store_member_hand_told(struct store_tx *tx, const struct ouv_id *id)
{
	return sql_write(tx, SQL_MEMBER_HAND_TOLD, ARGS(SQL_ID(id)));
}

/* ---- figures ------------------------------------------------------------ */

enum ouv_err
store_member_sums(struct store_tx *tx, const struct ouv_id *company,
	const struct ouv_id *unit, bool own, const char *zone, int32_t from_day,
	int32_t before_day, int64_t sums_out[STORE_SUM__COUNT])
{
	/* As the statement's columns stand. */
	static const enum store_member_sum columns[] = { STORE_SUM_CASES,
		STORE_SUM_COMPANIES, STORE_SUM_IN_TIME, STORE_SUM_ANSWERABLE,
		STORE_SUM_ANSWERS, STORE_SUM_MEDIAN, STORE_SUM_FOUNDED,
		STORE_SUM_JUDGED, STORE_SUM_AGREED, STORE_SUM_SILENT,
		STORE_SUM_ENDED, STORE_SUM_RESOLVED, STORE_SUM_RATED,
		STORE_SUM_KEPT, STORE_SUM_PROMISED };
	PGresult *res RESULT;
	struct row row;

	TRY(sql_read(tx, SQL_MEMBER_SUMS, &res,
		ARGS(SQL_ID(company), sql_id_or_null(unit), SQL_BOOL(own),
			SQL_TEXT(zone), SQL_INT(from_day),
			SQL_INT(before_day))));
	row = row_at(res, 0);
	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
		sums_out[columns[i]] = row_int(&row);
	return OUV_OK;
}

static void
row_promise(struct row *row, struct ouv_arena *arena, void *entry)
{
	struct store_member_promise *p = entry;

	p->n = (int)row_int(row);
	p->protocol = row_text(row, arena);
	p->promiser = row_text(row, arena);
	p->source = row_text(row, arena);
	p->state = row_text(row, arena);
	p->says_company = row_text(row, arena);
	p->made_at = row_int(row);
	p->due_at = row_int(row);
	p->ended_at = row_int(row);
}

enum ouv_err
store_member_promises(struct store_tx *tx, struct ouv_arena *arena,
	const struct store_member_of *member, int64_t since_at,
	struct store_member_promise **list_out, size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_MEMBER_PROMISES, &res,
		ARGS(MEMBER(member), SQL_INT(since_at))));
	*list_out = read_rows(
		res, arena, sizeof(**list_out), row_promise, count_out);
	return OUV_OK;
}

static void
row_advice(struct row *row, struct ouv_arena *arena, void *entry)
{
	struct store_member_advice *a = entry;

	a->protocol = row_text(row, arena);
	a->state = row_text(row, arena);
	a->made_at = row_int(row);
	a->due_at = row_int(row);
}

enum ouv_err
store_member_advices(struct store_tx *tx, struct ouv_arena *arena,
	const struct store_member_of *member,
	struct store_member_advice **list_out, size_t *count_out)
{
	PGresult *res RESULT;

	TRY(sql_read(tx, SQL_MEMBER_ADVICES, &res, ARGS(MEMBER(member))));
	*list_out = read_rows(
		res, arena, sizeof(**list_out), row_advice, count_out);
	return OUV_OK;
}
