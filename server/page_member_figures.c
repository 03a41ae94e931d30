/*
 * page_member_figures.c - a company's own figures beside its sector's, what it
 * promised, what was recommended to it; and the same as tables
 */
#include <string.h>

#include "ouv/clock.h"
#include "ouv/csv.h"

#include "figure.h"
#include "member.h"
#include "move.h"
#include "page.h"
#include "reply.h"

#define HERE MEMBER_HERE "/figures"
#define YEARS 3

/* ---- rows --------------------------------------------------------------- */

#define CELL(name) offsetof(struct ouv_member_sum, name)

/* clang-format off */
static const struct {
	const char *code;
	size_t cell;
} shares[] = {
	{ "answered", CELL(answered) },
	{ "founded",  CELL(founded) },
	{ "agreed",   CELL(agreed) },
	{ "silent",   CELL(silent) },
	{ "resolved", CELL(resolved) },
	{ "kept",     CELL(kept) },
};
/* clang-format on */
#define SHARES (sizeof(shares) / sizeof(shares[0]))

static const struct ouv_cell *
cell_of(const struct ouv_member_sum *sum, size_t i)
{
	return (const struct ouv_cell *)((const char *)sum + shares[i].cell);
}

/* "12 / 40 (30 %)"; of too few no percentage, of none a dash. */
static const char *
share_text(const struct request *request, const struct ouv_cell *cell)
{
	int percent;

	if (cell->whole == 0)
		return "\xe2\x80\x93";
	if (!ouv_figure_share(cell, &percent))
		return ouv_arena_printf(request->arena, "%lld / %lld",
			(long long)cell->part, (long long)cell->whole);
	return ouv_arena_printf(request->arena, "%lld / %lld (%d %%)",
		(long long)cell->part, (long long)cell->whole, percent);
}

static const char *
number_text(const struct request *request, int64_t n)
{
	if (n == OUV_FIGURE_NONE)
		return "\xe2\x80\x93";
	return ouv_arena_printf(request->arena, "%lld", (long long)n);
}

static void
add_row(const struct request *request, json_t *list, const char *code,
	const char *own, const char *others)
{
	json_t *one = json_object();

	view_code(request, one, "what", "member_fig_", code);
	view_code(request, one, "of_what", "member_fig_of_", code);
	view_line(one, "own", own);
	view_line(one, "others", others);
	json_array_append_new(list, one);
}

static json_t *
make_rows(const struct request *request, const struct ouv_member_figures *f)
{
	json_t *list = json_array();
	const char *dash = "\xe2\x80\x93";

	add_row(request, list, "cases", number_text(request, f->own.cases),
		f->has_others ? number_text(request, f->others.cases) : dash);
	add_row(request, list, "median",
		number_text(request, f->own.median_days),
		f->has_others ? number_text(request, f->others.median_days)
			      : dash);
	for (size_t i = 0; i < SHARES; i++)
		add_row(request, list, shares[i].code,
			share_text(request, cell_of(&f->own, i)),
			f->has_others
				? share_text(request, cell_of(&f->others, i))
				: dash);
	return list;
}

/* ---- the period --------------------------------------------------------- */

static struct ouv_period
asked_period(const struct request *request)
{
	const char *text = form_get(&request->query_form, "period");
	struct ouv_period period = { .month = 1, .months = 12 };
	int month, day;

	ouv_day_split(ouv_clock_today(), &period.year, &month, &day);
	if (text != NULL)
		(void)ouv_period_read(text, &period);
	return period;
}

static json_t *
years(const struct request *request, const struct ouv_period *period)
{
	json_t *list = json_array();
	int year, month, day;

	ouv_day_split(ouv_clock_today(), &year, &month, &day);
	for (int y = year; y > year - YEARS; y--) {
		struct ouv_period p = { .year = y, .month = 1, .months = 12 };
		char text[OUV_PERIOD_MAX];
		json_t *one = json_object();

		ouv_period_write(&p, text);
		view_line(one, "period_path",
			ouv_arena_printf(
				request->arena, HERE "?period=%s", text));
		view_line(one, "period_name", figure_period_word(request, &p));
		view_flag(one, "is_period", period->year == y);
		json_array_append_new(list, one);
	}
	return list;
}

/* ---- promises ----------------------------------------------------------- */

static json_t *
make_promises(
	const struct request *request, const struct ouv_member_debts *debts)
{
	int64_t now = ouv_clock_now();
	json_t *list = json_array();

	for (size_t i = 0; i < debts->promise_count; i++) {
		const struct ouv_member_promise *p = &debts->promises[i];
		bool open = strcmp(p->state, "open") == 0;
		json_t *one = json_object();

		view_line(one, "protocol", p->protocol);
		view_line(one, "case_path",
			ouv_arena_printf(request->arena, MEMBER_HERE "/%s",
				p->protocol));
		view_number(one, "promise_n", p->n);
		view_code(request, one, "promise_state", "member_promise_",
			p->state);
		view_flag(one, "is_offer",
			open && strcmp(p->source, "answer") == 0);
		view_flag(one, "is_late", open && p->due_at < now);
		view_time(request, one, "promise_due", p->due_at);
		json_array_append_new(list, one);
	}
	return list;
}

static json_t *
make_advice(const struct request *request, const struct ouv_member_debts *debts)
{
	json_t *list = json_array();

	for (size_t i = 0; i < debts->advice_count; i++) {
		const struct ouv_member_advice *a = &debts->advice[i];
		json_t *one = json_object();

		view_line(one, "protocol", a->protocol);
		view_line(one, "case_path",
			ouv_arena_printf(request->arena, MEMBER_HERE "/%s",
				a->protocol));
		view_code(request, one, "advice_state", "member_advice_",
			a->state);
		view_time(request, one, "advice_due", a->due_at);
		json_array_append_new(list, one);
	}
	return list;
}

/* ---- pages -------------------------------------------------------------- */

static enum ouv_err
load(struct member *m, struct ouv_member_figures *f,
	struct ouv_member_debts *debts)
{
	struct request *request = m->request;
	struct ouv_period period = asked_period(request);
	enum ouv_err err = ouv_desk_member_figures(
		m->desk, request->arena, &m->visit, &period, request->lang, f);

	/* Whom the register does not know has one case, and no figures. */
	if (err == OUV_NOT_FOUND) {
		*f = (struct ouv_member_figures){ .period = period };
		f->own.median_days = OUV_FIGURE_NONE;
		err = OUV_OK;
	}
	return err == OUV_OK ? ouv_desk_member_debts(m->desk, request->arena,
				       &m->visit, debts)
			     : err;
}

void
page_member_figures(struct request *request)
{
	struct ouv_member_figures f;
	struct ouv_member_debts debts;
	struct member m;
	char period[OUV_PERIOD_MAX];
	json_t *data;
	enum ouv_err err;

	if (!member_enter(request, &m))
		return;
	err = load(&m, &f, &debts);
	if (err != OUV_OK) {
		member_error(&m, err);
		return;
	}
	data = member_base(&m, "member_figures_title", HERE);
	ouv_period_write(&f.period, period);
	view_flag(data, "at_member_figures", true);
	view_line(data, "period", period);
	view_line(data, "period_word", figure_period_word(request, &f.period));
	json_object_set_new(data, "periods", years(request, &f.period));
	view_flag(data, "is_of_unit", f.of_unit);
	move_line(data, "sector", f.sector);
	view_flag(data, "has_others", f.has_others);
	view_number(data, "other_companies", f.others.companies);
	json_object_set_new(data, "rows", make_rows(request, &f));
	view_flag(data, "has_promises", debts.promise_count > 0);
	json_object_set_new(data, "promises", make_promises(request, &debts));
	view_flag(data, "has_advice", debts.advice_count > 0);
	json_object_set_new(data, "advice", make_advice(request, &debts));
	reply_page(request, 200, "memberfigures", data);
	member_end(&m);
}

/* ---- tables ------------------------------------------------------------- */

static void
csv_word(const struct request *request, struct ouv_buf *buf, const char *key)
{
	ouv_csv_cell(
		buf, words_get(&request->server->words, request->lang, key));
}

static void
csv_share(struct ouv_buf *buf, const struct ouv_cell *cell)
{
	if (cell->whole == 0) {
		ouv_csv_cell(buf, NULL);
		ouv_csv_cell(buf, NULL);
		return;
	}
	ouv_csv_number(buf, cell->part);
	ouv_csv_number(buf, cell->whole);
}

static void
csv_count(struct ouv_buf *buf, int64_t n)
{
	if (n == OUV_FIGURE_NONE)
		ouv_csv_cell(buf, NULL);
	else
		ouv_csv_number(buf, n);
	ouv_csv_cell(buf, NULL);
}

static void
csv_figures(const struct request *request, const struct ouv_member_figures *f,
	const struct ouv_member_debts *debts, struct ouv_buf *buf)
{
	static const char *const heads[] = { "member_csv_figure",
		"member_csv_own", "member_csv_own_of", "member_csv_others",
		"member_csv_others_of" };

	(void)debts;
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
		csv_word(request, buf, heads[i]);
	ouv_csv_end(buf);
	csv_word(request, buf, "member_fig_cases");
	csv_count(buf, f->own.cases);
	csv_count(buf, f->has_others ? f->others.cases : OUV_FIGURE_NONE);
	ouv_csv_end(buf);
	csv_word(request, buf, "member_fig_median");
	csv_count(buf, f->own.median_days);
	csv_count(buf, f->others.median_days);
	ouv_csv_end(buf);
	for (size_t i = 0; i < SHARES; i++) {
		ouv_csv_cell(buf,
			view_word_of(request, "member_fig_", shares[i].code));
		csv_share(buf, cell_of(&f->own, i));
		csv_share(buf, cell_of(&f->others, i));
		ouv_csv_end(buf);
	}
}

static void
csv_promises(const struct request *request, const struct ouv_member_figures *f,
	const struct ouv_member_debts *debts, struct ouv_buf *buf)
{
	static const char *const heads[] = { "csv_protocol",
		"member_csv_promise", "member_csv_state", "col_due" };

	(void)f;
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
		csv_word(request, buf, heads[i]);
	ouv_csv_end(buf);
	for (size_t i = 0; i < debts->promise_count; i++) {
		const struct ouv_member_promise *p = &debts->promises[i];

		ouv_csv_cell(buf, p->protocol);
		ouv_csv_number(buf, p->n);
		ouv_csv_cell(buf,
			view_word_of(request, "member_promise_", p->state));
		ouv_csv_cell(buf,
			view_day_iso(request->arena, ouv_clock_day(p->due_at)));
		ouv_csv_end(buf);
	}
}

typedef void table_fn(const struct request *request,
	const struct ouv_member_figures *f,
	const struct ouv_member_debts *debts, struct ouv_buf *buf);

static void
reply_table(struct request *request, const char *name, table_fn *write)
{
	struct ouv_member_figures f;
	struct ouv_member_debts debts;
	struct member m;
	struct ouv_buf buf;
	char period[OUV_PERIOD_MAX];
	enum ouv_err err;

	if (!member_enter(request, &m))
		return;
	err = load(&m, &f, &debts);
	if (err != OUV_OK) {
		member_error(&m, err);
		return;
	}
	member_end(&m);
	ouv_buf_init(&buf, request->arena, 4096);
	ouv_buf_text(&buf, OUV_CSV_BOM);
	write(request, &f, &debts, &buf);
	ouv_period_write(&f.period, period);
	reply_bytes(request, 200, "text/csv; charset=utf-8; header=present",
		(struct ouv_str){ buf.data, buf.len });
	reply_header(request, "Content-Disposition",
		download_name(request, ouv_arena_printf(request->arena,
					       "%s-%s.csv", name, period)));
}

void
page_member_figures_csv(struct request *request)
{
	reply_table(request, "figures", csv_figures);
}

void
page_member_promises_csv(struct request *request)
{
	reply_table(request, "promises", csv_promises);
}
