/*
 * company_sums.c - a company's own figures beside its sector's, its promises
 * and recommendations; and its answer as the form of whoever passes it on
 *
 * Their own are told as they are: they know their cases.  Of the others nothing
 * is told that could be the outcome of one case, or of one company.
 */
#include <string.h>

#include "member.h"
#include "move.h"
#include "settle.h"

#define COMPANIES_LEAST 3 /* others of a sector */
#define YEAR_SECS (INT64_C(366) * 86400)

/* ---- figures ------------------------------------------------------------ */

static struct ouv_cell
share(const int64_t *sums, enum store_member_sum part,
	enum store_member_sum whole)
{
	return (struct ouv_cell){ sums[part], sums[whole] };
}

static void
fill(const int64_t *sums, struct ouv_member_sum *sum)
{
	*sum = (struct ouv_member_sum){ .cases = sums[STORE_SUM_CASES],
		.companies = sums[STORE_SUM_COMPANIES],
		.answered =
			share(sums, STORE_SUM_IN_TIME, STORE_SUM_ANSWERABLE),
		.median_days = sums[STORE_SUM_MEDIAN] < 0
				       ? OUV_FIGURE_NONE
				       : sums[STORE_SUM_MEDIAN],
		.answers = sums[STORE_SUM_ANSWERS],
		.founded = share(sums, STORE_SUM_FOUNDED, STORE_SUM_JUDGED),
		.agreed = share(sums, STORE_SUM_AGREED, STORE_SUM_ENDED),
		.silent = share(sums, STORE_SUM_SILENT, STORE_SUM_ENDED),
		.resolved = share(sums, STORE_SUM_RESOLVED, STORE_SUM_RATED),
		.kept = share(sums, STORE_SUM_KEPT, STORE_SUM_PROMISED) };
}

/* A whole of too few cases is none. */
static void
hide_few(struct ouv_member_sum *sum)
{
	struct ouv_cell *cells[] = { &sum->answered, &sum->founded,
		&sum->agreed, &sum->silent, &sum->resolved, &sum->kept };

	for (size_t i = 0; i < sizeof(cells) / sizeof(cells[0]); i++)
		if (cells[i]->whole < OUV_FIGURE_LEAST)
			*cells[i] = (struct ouv_cell){ 0 };
	if (sum->answers < OUV_FIGURE_LEAST)
		sum->median_days = OUV_FIGURE_NONE;
}

static enum ouv_err
read_sums(const struct membership *ms, struct ouv_member_figures *f)
{
	static const struct ouv_id all;
	const struct ouv_id *unit = f->of_unit ? &ms->who.unit : &all;
	const struct ouv_calendar *calendar;
	int64_t sums[STORE_SUM__COUNT];
	int32_t from = ouv_period_from(&f->period);
	int32_t before = ouv_period_before(&f->period);

	TRY(absence_calendar(ms->desk, ms->tx, &calendar));
	TRY(store_member_sums(ms->tx, &ms->who.company, unit, true,
		calendar->zone, from, before, sums));
	fill(sums, &f->own);
	TRY(store_member_sums(ms->tx, &ms->who.company, &all, false,
		calendar->zone, from, before, sums));
	fill(sums, &f->others);
	f->has_others = f->others.companies >= COMPANIES_LEAST &&
			f->others.cases >= OUV_FIGURE_LEAST;
	if (f->has_others)
		hide_few(&f->others);
	else
		f->others = (struct ouv_member_sum){ .median_days =
							     OUV_FIGURE_NONE };
	return OUV_OK;
}

enum ouv_err
ouv_desk_member_figures(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_page_visit *visit, const struct ouv_period *period,
	enum ouv_lang lang, struct ouv_member_figures *figures_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct ouv_member_figures f = { .period = *period };
	struct membership ms;

	TRY(store_begin_reading(desk->store, &tx));
	TRY(member_begin(desk, tx, arena, visit, &ms));
	if (!ms.known)
		return OUV_NOT_FOUND;
	/* Who works for several companies sees what is theirs. */
	f.of_unit = !ms.who.owned;
	if (*ms.who.sector != '\0')
		TRY(code_label(
			desk, tx, "sector", ms.who.sector, lang, &f.sector));
	TRY(read_sums(&ms, &f));
	*figures_out = f;
	return store_commit(&tx);
}

/* ---- promises, recommendations ------------------------------------------ */

enum ouv_err
ouv_desk_member_debts(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_page_visit *visit, struct ouv_member_debts *out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct store_member_promise *rows;
	struct store_member_advice *advice;
	struct membership ms;

	memset(out, 0, sizeof(*out));
	TRY(store_begin_reading(desk->store, &tx));
	TRY(member_begin(desk, tx, arena, visit, &ms));
	TRY(store_member_promises(tx, arena, &ms.m, ms.now - YEAR_SECS, &rows,
		&out->promise_count));
	out->promises = ouv_arena_array(
		arena, out->promise_count, sizeof(*out->promises));
	for (size_t i = 0; i < out->promise_count; i++)
		out->promises[i] = (struct ouv_member_promise){ .n = rows[i].n,
			.protocol = rows[i].protocol,
			.promiser = rows[i].promiser,
			.source = rows[i].source,
			.state = rows[i].state,
			.says_company = rows[i].says_company,
			.made_at = rows[i].made_at,
			.due_at = rows[i].due_at,
			.ended_at = rows[i].ended_at };
	TRY(store_member_advices(
		tx, arena, &ms.m, &advice, &out->advice_count));
	out->advice =
		ouv_arena_array(arena, out->advice_count, sizeof(*out->advice));
	for (size_t i = 0; i < out->advice_count; i++)
		out->advice[i] =
			(struct ouv_member_advice){ .protocol =
							    advice[i].protocol,
				.state = advice[i].state,
				.made_at = advice[i].made_at,
				.due_at = advice[i].due_at };
	return store_commit(&tx);
}

/* ---- passing an answer on ----------------------------------------------- */

struct filling {
	struct ouv_arena *arena;
	struct ouv_field *list;
	size_t count;
	int promises;
};

static void
add(struct filling *f, const char *name, int n, const char *value)
{
	f->list[f->count++] = (struct ouv_field){
		n <= 1 ? name : ouv_arena_printf(f->arena, "%s-%d", name, n),
		ouv_arena_strdup(f->arena, value)
	};
}

static const char *
text_of(const json_t *entry, const char *key)
{
	const char *text = json_string_value(json_object_get(entry, key));

	return text != NULL ? text : "";
}

/* What was offered with a date is a promise. */
static void
fill_answer(struct filling *f, int seq, const char *text)
{
	json_t *list = json_loads(text, 0, NULL);
	size_t i;
	json_t *entry;

	f->list = ouv_arena_array(
		f->arena, 1 + 2 * PLEDGES_MOST, sizeof(*f->list));
	add(f, "item", 1, ouv_arena_printf(f->arena, "%d", seq));
	json_array_foreach(list, i, entry)
	{
		const char *by = text_of(entry, "by");

		if (*by == '\0' || f->promises == PLEDGES_MOST)
			continue;
		f->promises++;
		add(f, "promise", f->promises, text_of(entry, "offered"));
		add(f, "promise_day", f->promises, by);
	}
	json_decref(list);
}

enum ouv_err
ouv_desk_member_answer(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const char *number,
	struct ouv_field **fields_out, size_t *count_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct filling f = { .arena = arena };
	struct opened opened;
	struct store_item row;
	struct ouv_mail mail;
	struct ouv_id points;
	enum ouv_err err;
	int seq;

	*fields_out = NULL;
	*count_out = 0;
	TRY(store_begin_reading(desk->store, &tx));
	TRY(open_case(desk, tx, arena, actor, number, &opened));
	err = store_member_points(tx, &opened.c.id, &seq, &points);
	if (err == OUV_OK)
		err = store_item(tx, arena, &opened.c.id, &points, &row);
	if (err == OUV_OK)
		err = open_doc(desk, arena, &opened, &row, &mail);
	ouv_wipe(opened.csk, sizeof(opened.csk));
	/* What does not open fills nothing. */
	if (err != OUV_OK)
		return err == OUV_TEMPORARY ? err : OUV_OK;
	fill_answer(&f, seq, mail.text);
	*fields_out = f.list;
	*count_out = f.count;
	return store_commit(&tx);
}
