/*
 * figures.c - counts become tables: rows in their order, shares with their
 * whole
 */
#include <string.h>

#include "figures.h"
#include "move.h"
#include "ouv/store_console.h"

/* clang-format off */
static const struct ouv_figure_kind kinds[OUV_FIGURE__COUNT] = {
	[OUV_FIGURE_TIMES] = { "times", { { "begun", false }, { "done", false },
		{ "median", false }, { "nine-of-ten", false }, { "in-time", true } } },
	[OUV_FIGURE_TYPE] = { "type", { { "cases", false }, { "share", true } } },
	[OUV_FIGURE_CHANNEL] = { "channel", { { "cases", false }, { "share", true } } },
	[OUV_FIGURE_CONTACT] = { "contact", { { "cases", false }, { "share", true } } },
	[OUV_FIGURE_ARTICLE] = { "article", { { "cases", false }, { "share", true } } },
	[OUV_FIGURE_REPLY] = { "reply", { { "cases", false }, { "share", true } } },
	[OUV_FIGURE_REPLY_HOURS] = { "reply-hours", { { "cases", false }, { "share", true } } },
	[OUV_FIGURE_END] = { "end", { { "cases", false }, { "share", true } } },
	[OUV_FIGURE_END_DAYS] = { "end-days", { { "cases", false }, { "share", true } } },
	[OUV_FIGURE_BACKLOG] = { "backlog", { { "open", false }, { "overdue", false }, { "late-share", true } } },
	[OUV_FIGURE_ENDED_BY] = { "ended-by", { { "cases", false }, { "share", true } } },
	[OUV_FIGURE_MERIT] = { "merit", { { "cases", false }, { "share", true } } },
	[OUV_FIGURE_RESOLUTION] = { "resolution", { { "cases", false }, { "share", true } } },
	[OUV_FIGURE_RATING] = { "rating", { { "cases", false }, { "share", true } } },
	[OUV_FIGURE_MEDIATOR] = { "mediator", { { "open", false }, { "overdue", false },
		{ "begun", false }, { "ended", false } } },
	[OUV_FIGURE_COMPANY] = { "company", { { "cases", false }, { "answered", true },
		{ "agreed", true }, { "kept", true } } },
};
/* clang-format on */

const struct ouv_figure_kind *
ouv_figure_kind(enum ouv_figure figure)
{
	return &kinds[figure];
}

size_t
ouv_figure_columns(enum ouv_figure figure)
{
	size_t n = 0;

	while (n < OUV_FIGURE_COLUMNS && kinds[figure].columns[n].code != NULL)
		n++;
	return n;
}

enum ouv_err
ouv_figure_parse(const char *name, enum ouv_figure *figure_out)
{
	for (int i = 0; i < OUV_FIGURE__COUNT; i++)
		if (strcmp(name, kinds[i].name) == 0) {
			*figure_out = (enum ouv_figure)i;
			return OUV_OK;
		}
	return OUV_NOT_FOUND;
}

bool
ouv_figure_share(const struct ouv_cell *cell, int *percent_out)
{
	if (cell->whole < OUV_FIGURE_LEAST)
		return false;
	*percent_out =
		(int)((cell->part * 100 + cell->whole / 2) / cell->whole);
	return true;
}

int64_t
ouv_figure_rank(
	const struct ouv_weight *list, size_t count, int64_t whole, int percent)
{
	int64_t below = 0;

	for (size_t i = 0; i < count; i++) {
		below += list[i].n;
		if (list[i].n > 0 && below * 100 >= whole * percent)
			return list[i].value;
	}
	return OUV_FIGURE_NONE;
}

/* ---- rows ------------------------------------------------------------------
 */

struct ouv_figure_row *
figure_row(struct making *m, enum ouv_figure figure, const char *code)
{
	struct ouv_figure_table *table = &m->out->tables[figure];

	for (size_t i = 0; i < table->count; i++)
		if (strcmp(table->rows[i].code, code) == 0)
			return &table->rows[i];
	if (table->count == m->room[figure]) {
		size_t room = m->room[figure] * 2 + 16;
		struct ouv_figure_row *rows =
			ouv_arena_array(m->arena, room, sizeof(*rows));

		if (table->count > 0)
			memcpy(rows, table->rows, table->count * sizeof(*rows));
		table->rows = rows;
		m->room[figure] = room;
	}
	table->rows[table->count] = (struct ouv_figure_row){ .code = code };
	return &table->rows[table->count++];
}

/* ---- one code, one row ------------------------------------------------------
 */

#define CODES_MOST 16

/* Rows that are there also with no case in them, in this order; those apart
 * are counted, and part of no share. */
struct plain {
	enum ouv_figure figure;
	const char *from; /* the count's name */
	const char *codes[CODES_MOST];
	const char *apart[4];
};

/* clang-format off */
static const struct plain plains[] = {
	{ OUV_FIGURE_TYPE, "type", { "complaint", "question", "suggestion",
		"criticism", "praise", "report", "data-request", "none" }, { NULL } },
	{ OUV_FIGURE_CHANNEL, "channel", { NULL }, { NULL } },
	{ OUV_FIGURE_CONTACT, "contact", { "phone", "e-mail", "chat", "fax",
		"letter", "in-person", "site", "app", "social", "other", "none" },
		{ "none" } },
	{ OUV_FIGURE_REPLY, "reply", { "in-time", "late", "overdue", "running",
		"withdrawn", "no-term" }, { "running", "withdrawn", "no-term" } },
	{ OUV_FIGURE_END, "end", { "in-time", "late", "overdue", "running",
		"no-term" }, { "running", "no-term" } },
	{ OUV_FIGURE_ENDED_BY, "ended-by", { "accept", "confirm", "decide",
		"decide-review", "withdraw", "lapse", "refuse" }, { NULL } },
	{ OUV_FIGURE_MERIT, "merit", { "founded", "partly", "unfounded",
		"not-established", "none" }, { "none" } },
	{ OUV_FIGURE_RESOLUTION, "resolution", { "kept", "broken", "refused",
		"silent", "none" }, { NULL } },
	{ OUV_FIGURE_RATING, "rating", { "resolved", "not-resolved", "not-rated" },
		{ "not-rated" } },
};
/* clang-format on */
#define PLAINS (sizeof(plains) / sizeof(plains[0]))

static bool
is_apart(const struct plain *plain, const char *code)
{
	for (size_t i = 0; i < 4 && plain->apart[i] != NULL; i++)
		if (strcmp(plain->apart[i], code) == 0)
			return true;
	return false;
}

/* The share of all but those apart. */
static void
set_shares(struct making *m, const struct plain *plain)
{
	struct ouv_figure_table *table = &m->out->tables[plain->figure];
	int64_t whole = 0;

	for (size_t i = 0; i < table->count; i++)
		if (!is_apart(plain, table->rows[i].code))
			whole += table->rows[i].cells[0].part;
	for (size_t i = 0; i < table->count; i++)
		table->rows[i].cells[1] =
			(struct ouv_cell){ .part = table->rows[i].cells[0].part,
				.whole = is_apart(plain, table->rows[i].code)
						 ? 0
						 : whole };
}

static void
make_plain(struct making *m, const struct plain *plain)
{
	for (size_t i = 0; i < CODES_MOST && plain->codes[i] != NULL; i++)
		(void)figure_row(m, plain->figure, plain->codes[i]);
	for (size_t i = 0; i < m->count; i++)
		if (strcmp(m->list[i].name, plain->from) == 0)
			figure_row(m, plain->figure, m->list[i].a)
				->cells[0]
				.part += m->list[i].n;
	set_shares(m, plain);
}

/* A complaint of two articles counts with both: the shares are of complaints,
 * and may be more than a hundred together. */
static enum ouv_err
make_articles(struct making *m, enum ouv_lang lang)
{
	struct ouv_figure_table *table = &m->out->tables[OUV_FIGURE_ARTICLE];
	int64_t whole = 0;

	for (size_t i = 0; i < m->count; i++) {
		const struct store_figure *f = &m->list[i];

		if (strcmp(f->name, "complaints") == 0)
			whole += f->n;
		if (strcmp(f->name, "article") != 0)
			continue;
		figure_row(m, OUV_FIGURE_ARTICLE, f->a)->cells[0].part += f->n;
		if (strcmp(f->a, "none") == 0)
			whole -= f->n;
	}
	for (size_t i = 0; i < table->count; i++) {
		struct ouv_figure_row *row = &table->rows[i];
		bool none = strcmp(row->code, "none") == 0;

		row->cells[1] = (struct ouv_cell){ .part = row->cells[0].part,
			.whole = none ? 0 : whole };
		if (!none)
			TRY(code_label(m->desk, m->tx, "article", row->code,
				lang, &row->label));
		if (!none && row->label == NULL)
			row->label = row->code;
	}
	return OUV_OK;
}

/* ---- people and companies
 * --------------------------------------------------------- */

/* Where a count of a company goes: into which column, and whether it is part of
 * what is counted or of its whole alone. */
static const struct {
	const char *b;
	int column;
	bool part, whole;
} of_company[] = {
	{ "cases", 0, true, false },
	{ "in-time", 1, true, true },
	{ "not-in-time", 1, false, true },
	{ "agreed", 2, true, true },
	{ "not-agreed", 2, false, true },
	{ "kept", 3, true, true },
	{ "late", 3, false, true },
	{ "broken", 3, false, true },
};

static void
add_company(struct ouv_figure_row *row, const struct store_figure *f)
{
	for (size_t i = 0; i < sizeof(of_company) / sizeof(of_company[0]); i++)
		if (strcmp(of_company[i].b, f->b) == 0) {
			struct ouv_cell *cell =
				&row->cells[of_company[i].column];

			cell->part += of_company[i].part ? f->n : 0;
			cell->whole += of_company[i].whole ? f->n : 0;
		}
}

/* What is overdue is open as well. */
static void
add_mediator(struct ouv_figure_row *row, const struct store_figure *f)
{
	if (strcmp(f->b, "open") == 0 || strcmp(f->b, "overdue") == 0)
		row->cells[0].part += f->n;
	if (strcmp(f->b, "overdue") == 0)
		row->cells[1].part += f->n;
	if (strcmp(f->b, "begun") == 0)
		row->cells[2].part += f->n;
	if (strcmp(f->b, "ended") == 0)
		row->cells[3].part += f->n;
}

/* In the order of their names, which says nothing of them. */
static void
make_named(struct making *m, enum ouv_figure figure,
	void (*add)(struct ouv_figure_row *row, const struct store_figure *f))
{
	for (size_t i = 0; i < m->count; i++) {
		const struct store_figure *f = &m->list[i];
		struct ouv_figure_row *row;

		if (strcmp(f->name, kinds[figure].name) != 0)
			continue;
		row = figure_row(m, figure, f->a);
		if (*f->label != '\0')
			row->label = f->label;
		add(row, f);
	}
}

/* ---- of companies, not of single cases -------------------------------------
 */

static void
move_cell(struct ouv_cell *from, struct ouv_cell *to)
{
	to->part += from->part;
	to->whole += from->whole;
	*from = (struct ouv_cell){ 0 };
}

/* A share of too few, which is the outcome of a case to whoever knows of it. */
static bool
is_few(const struct ouv_figure_column *column, const struct ouv_cell *cell)
{
	return column->is_share && cell->whole < OUV_FIGURE_LEAST;
}

/* The least share of a column that is told of a company by name. */
static struct ouv_cell *
smallest(const struct ouv_figure_table *table, size_t column)
{
	struct ouv_cell *found = NULL;

	for (size_t i = 0; i < table->count; i++) {
		struct ouv_cell *cell = &table->rows[i].cells[column];

		if (cell->whole > 0 &&
			(found == NULL || cell->whole < found->whole))
			found = cell;
	}
	return found;
}

/* Another table has all of them: what lacked there would be these few.  So the
 * smallest share goes with them. */
static void
cover_few(const struct ouv_figure_table *table,
	const struct ouv_figure_column *columns, size_t width,
	struct ouv_figure_row *others)
{
	for (size_t c = 0; c < width; c++) {
		struct ouv_cell *of = &others->cells[c], *cell;

		while (of->whole > 0 && is_few(&columns[c], of) &&
			(cell = smallest(table, c)) != NULL)
			move_cell(cell, of);
		if (is_few(&columns[c], of))
			*of = (struct ouv_cell){ 0 };
	}
	if (others->cells[0].part < OUV_FIGURE_LEAST)
		others->cells[0].part = OUV_FIGURE_NONE;
}

/* Companies with few complaints are one row, the last, and so is of the others
 * each share of a small whole.  Where all of it together is too small, nothing
 * is told. */
void
figure_fold(struct making *m)
{
	struct ouv_figure_table *table = &m->out->tables[OUV_FIGURE_COMPANY];
	const struct ouv_figure_column *columns =
		kinds[OUV_FIGURE_COMPANY].columns;
	size_t width = ouv_figure_columns(OUV_FIGURE_COMPANY), n = 0;
	struct ouv_figure_row others = { .code = "others" };
	bool any = false;

	for (size_t i = 0; i < table->count; i++) {
		struct ouv_figure_row row = table->rows[i];
		bool few = row.cells[0].part < OUV_FIGURE_LEAST;

		for (size_t c = 0; c < width; c++)
			if (few || is_few(&columns[c], &row.cells[c])) {
				any = any || few || row.cells[c].whole > 0;
				move_cell(&row.cells[c], &others.cells[c]);
			}
		if (!few)
			table->rows[n++] = row;
	}
	table->count = n;
	if (!any)
		return;
	cover_few(table, columns, width, &others);
	*figure_row(m, OUV_FIGURE_COMPANY, others.code) = others;
}

/* ---- all of them
 * -------------------------------------------------------------
 */

enum ouv_err
ouv_desk_figures_refresh(struct ouv_desk *desk, int secs, bool *made_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	const struct ouv_calendar *calendar;

	TRY(store_begin(desk->store, &tx));
	TRY(absence_calendar(desk, tx, &calendar));
	TRY(store_figures_refresh(tx, calendar->zone, secs, made_out));
	return store_commit(&tx);
}

enum ouv_err
ouv_desk_figures(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_period *period, enum ouv_lang lang,
	struct ouv_figures *figures_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct ouv_figures figures = { .period = *period };
	struct making m = { .desk = desk, .arena = arena, .out = &figures };

	TRY(store_begin_reading(desk->store, &tx));
	m.tx = tx;
	TRY(store_figures(tx, arena, ouv_period_from(period),
		ouv_period_before(period), &figures.made_at, &m.list,
		&m.count));
	for (size_t i = 0; i < PLAINS; i++)
		make_plain(&m, &plains[i]);
	TRY(make_articles(&m, lang));
	figure_times(&m);
	make_named(&m, OUV_FIGURE_MEDIATOR, add_mediator);
	make_named(&m, OUV_FIGURE_COMPANY, add_company);
	figure_fold(&m);
	*figures_out = figures;
	return store_commit(&tx);
}
