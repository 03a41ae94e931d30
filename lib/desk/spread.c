/*
 * spread.c - how outcomes are spread, and draws done again
 */
#include <jansson.h>
#include <string.h>

#include "desk_impl.h"
#include "ouv/clock.h"
#include "ouv/draw.h"
#include "ouv/impartial.h"
#include "ouv/store_keys.h"
#include "ouv/store_mediation.h"

#define YEAR_DAYS 365

static const char *const names[OUV_SPREAD__COUNT] = {
	[OUV_SPREAD_ALL] = "all",
	[OUV_SPREAD_COMPANY] = "company",
	[OUV_SPREAD_MEDIATOR] = "mediator",
};

const char *
ouv_spread_name(enum ouv_spread_by by)
{
	return names[by];
}

/* ---- the spread -------------------------------------------------------------
 */

static void
add(struct ouv_spread *to, const struct store_spread *row)
{
	to->cases += row->cases;
	to->founded += row->merit[0];
	to->partly += row->merit[1];
	to->unfounded += row->merit[2];
	to->not_established += row->merit[3];
	to->no_merit += row->merit[4];
	to->kept += row->resolution[0];
	to->broken += row->resolution[1];
	to->refused += row->resolution[2];
	to->silent += row->resolution[3];
	to->none += row->resolution[4];
	to->resolved += row->rating[0];
	to->not_resolved += row->rating[1];
	to->not_rated += row->rating[2];
}

/* The one of fewest cases; it goes with those that are too few by themselves,
 * for the whole stands beside and what lacks of it is them. */
static size_t
add_smallest(struct ouv_spread *few, const struct store_spread *rows,
	size_t count, struct ouv_spread *list, size_t n)
{
	size_t at = 0, row = 0;

	for (size_t i = 1; i < n; i++)
		if (list[i].cases < list[at].cases)
			at = i;
	while (row < count && strcmp(rows[row].who, list[at].who) != 0)
		row++;
	add(few, &rows[row]);
	memmove(&list[at], &list[at + 1], (n - at - 1) * sizeof(*list));
	return n - 1;
}

/* Few cases would tell of a person, not of the office: they are counted
 * together.  What is too few even so is not told. */
static size_t
gather(const struct store_spread *rows, size_t count, bool all,
	struct ouv_spread *list)
{
	struct ouv_spread few = { .who = "" };
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		if (!all && (rows[i].cases < OUV_SPREAD_LEAST ||
				    *rows[i].who == '\0')) {
			add(&few, &rows[i]);
			continue;
		}
		list[n].who = rows[i].who;
		add(&list[n++], &rows[i]);
	}
	if (few.cases > 0 && few.cases < OUV_SPREAD_LEAST && n > 0)
		n = add_smallest(&few, rows, count, list, n);
	if (few.cases >= OUV_SPREAD_LEAST)
		list[n++] = few;
	return n;
}

/* Days into moments; until 0: today, from 0: a year before. */
static enum ouv_err
moments(struct ouv_desk *desk, struct store_tx *tx, int32_t from_day,
	int32_t until_day, int64_t *from_out, int64_t *until_out)
{
	const struct ouv_calendar *calendar;

	TRY(absence_calendar(desk, tx, &calendar));
	if (until_day == 0)
		until_day = ouv_calendar_day(calendar, ouv_clock_now(), NULL);
	if (from_day == 0)
		from_day = until_day - YEAR_DAYS;
	*from_out = ouv_calendar_instant(calendar, from_day, 0);
	*until_out = ouv_calendar_instant(calendar, until_day + 1, 0);
	return OUV_OK;
}

enum ouv_err
ouv_desk_spread(struct ouv_desk *desk, struct ouv_arena *arena,
	enum ouv_spread_by by, int32_t from_day, int32_t until_day,
	struct ouv_spread **list_out, size_t *count_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct store_spread *rows;
	struct ouv_spread *list;
	int64_t from, until;
	size_t count;

	TRY(store_begin(desk->store, &tx));
	TRY(moments(desk, tx, from_day, until_day, &from, &until));
	TRY(store_spread(tx, arena, names[by], from, until, &rows, &count));
	list = ouv_arena_array(arena, count + 1, sizeof(*list));
	*count_out = gather(rows, count, by == OUV_SPREAD_ALL, list);
	*list_out = list;
	return store_commit(&tx);
}

enum ouv_err
ouv_desk_spread_of(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_id *company, struct ouv_spread *spread_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct store_spread row = { 0 };
	int64_t from, until;

	TRY(store_begin(desk->store, &tx));
	TRY(moments(desk, tx, 0, 0, &from, &until));
	TRY(store_spread_of(tx, arena, company, from, until, &row));
	if (row.cases < OUV_SPREAD_LEAST)
		return OUV_NOT_FOUND;
	*spread_out = (struct ouv_spread){ .who = row.who };
	add(spread_out, &row);
	return store_commit(&tx);
}

/* ---- draws
 * -------------------------------------------------------------------- */

static void
draw_again(struct ouv_arena *arena, const struct store_draw *draw,
	struct ouv_drawn *out)
{
	json_t *record = json_loads(draw->pool, 0, NULL), *entry;
	const char **who = ouv_arena_array(
		arena, json_array_size(record) + 1, sizeof(*who));
	int *loads = ouv_arena_array(
		arena, json_array_size(record) + 1, sizeof(*loads));
	char chosen[OUV_ID_HEX];
	size_t i, n = 0;

	ouv_id_hex(&draw->chosen, chosen);
	json_array_foreach(record, i,
		entry) if (json_object_get(entry, "against") == NULL &&
			   json_unpack(entry, "{s:s, s:i}", "person", &who[n],
				   "load", &loads[n]) == 0) n++;
	*out = (struct ouv_drawn){
		.n = draw->n, .at = draw->at, .recorded = draw->chosen_name
	};
	if (n > 0) {
		const char *drawn = who[ouv_draw(loads, n, draw->seed)];

		out->same = strcmp(drawn, chosen) == 0;
		out->again = ouv_arena_strdup(arena, drawn);
		json_array_foreach(record, i,
			entry) if (strcmp(drawn,
					   json_string_value(json_object_get(
						   entry, "person"))) == 0)
			out->again = ouv_arena_strdup(arena,
			json_string_value(json_object_get(entry, "name")));
	}
	json_decref(record);
}

enum ouv_err
ouv_desk_draws_again(struct ouv_desk *desk, struct ouv_arena *arena,
	const char *number, struct ouv_drawn **list_out, size_t *count_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	char protocol[OUV_PROTOCOL_MAX];
	struct store_draw *draws;
	const struct ouv_id nobody = { { 0 } };
	struct store_grant escrow; /* every case that is there has that one */
	struct store_tombstone gone;
	struct ouv_drawn *list;
	struct store_case c;
	enum ouv_err err;

	if (ouv_protocol_parse(number, protocol) != OUV_OK)
		return OUV_NOT_FOUND;
	TRY(store_begin(desk->store, &tx));
	err = store_case_find(
		tx, arena, protocol, &nobody, &nobody, &c, &escrow);
	if (err == OUV_REFUSED) {
		TRY(store_tombstone(tx, arena, protocol, &gone));
		c.id = gone.case_id;
	} else if (err != OUV_OK)
		return err;
	TRY(store_draws(tx, arena, &c.id, &draws, count_out));
	list = ouv_arena_array(arena, *count_out, sizeof(*list));
	for (size_t i = 0; i < *count_out; i++)
		draw_again(arena, &draws[i], &list[i]);
	*list_out = list;
	return store_commit(&tx);
}
