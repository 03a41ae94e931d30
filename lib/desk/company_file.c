/*
 * company_file.c - the register of companies as the console reads it
 *
 * Names, units and addresses are everybody's; of cases a reader sees those
 * whose key they hold, and of figures what is told of the company anyway.
 */
#include <string.h>

#include "move.h"
#include "ouv/clock.h"
#include "ouv/log.h"
#include "ouv/register.h"
#include "ouv/store_console.h"

#define PAGE 50

static bool
is_member(const struct store_company *c, int32_t today)
{
	return c->member_until == 0 || c->member_until >= today;
}

enum ouv_err
ouv_desk_companies(struct ouv_desk *desk, struct ouv_arena *arena,
	const char *text, const char *after, enum ouv_lang lang,
	struct ouv_company_list *list_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct ouv_company_list list = { 0 };
	struct store_company *rows;
	int32_t today;
	size_t count;

	TRY(store_begin_reading(desk->store, &tx));
	TRY(office_day(desk, tx, ouv_clock_now(), &today));
	TRY(store_companies_page(tx, arena, text, after != NULL ? after : "",
		PAGE + 1, &rows, &count));
	list.count = count > PAGE ? PAGE : count;
	list.list = ouv_arena_array(arena, list.count, sizeof(*list.list));
	for (size_t i = 0; i < list.count; i++) {
		struct ouv_company_line *line = &list.list[i];

		line->id = rows[i].id;
		line->name = rows[i].name;
		line->member = is_member(&rows[i], today);
		TRY(code_label(desk, tx, "sector", rows[i].sector, lang,
			&line->sector));
	}
	if (count > PAGE)
		list.after = rows[PAGE - 1].name;
	*list_out = list;
	return store_commit(&tx);
}

/* ---- one company -----------------------------------------------------------
 */

struct reading {
	struct ouv_desk *desk;
	struct store_tx *tx;
	struct ouv_arena *arena;
	const struct ouv_actor *actor; /* NULL: no cases */
	enum ouv_lang lang;
	int32_t today;
	struct ouv_company_file *file;
};

static enum ouv_err
read_contacts(struct reading *r, struct ouv_company_unit *unit)
{
	struct store_contact *rows;

	TRY(store_contacts(
		r->tx, r->arena, &unit->id, &rows, &unit->contact_count));
	unit->contacts = ouv_arena_array(
		r->arena, unit->contact_count, sizeof(*unit->contacts));
	for (size_t i = 0; i < unit->contact_count; i++) {
		struct ouv_company_contact *c = &unit->contacts[i];

		*c = (struct ouv_company_contact){ .id = rows[i].id,
			.name = rows[i].name,
			.addr = rows[i].addr,
			.role = rows[i].role,
			.substitute_id = rows[i].substitute,
			.active = rows[i].active,
			.away_from = rows[i].away_from,
			.away_until = rows[i].away_until };
		for (size_t j = 0; j < unit->contact_count; j++)
			if (ouv_id_equal(&rows[j].id, &rows[i].substitute))
				c->substitute = rows[j].addr;
	}
	return OUV_OK;
}

static enum ouv_err
read_units(struct reading *r)
{
	struct ouv_company_file *f = r->file;
	struct store_unit *rows;

	TRY(store_units(r->tx, r->arena, &f->id, 0, &rows, &f->unit_count));
	f->units = ouv_arena_array(r->arena, f->unit_count, sizeof(*f->units));
	for (size_t i = 0; i < f->unit_count; i++) {
		struct ouv_company_unit *u = &f->units[i];

		*u = (struct ouv_company_unit){ .id = rows[i].id,
			.name = rows[i].name,
			.kind = rows[i].kind,
			.owned = rows[i].owned,
			.works = f->member && rows[i].from_day <= r->today &&
				 (rows[i].until_day == 0 ||
					 rows[i].until_day >= r->today),
			.from_day = rows[i].from_day,
			.until_day = rows[i].until_day,
			.postal = rows[i].postal };
		TRY(read_contacts(r, u));
	}
	return OUV_OK;
}

static enum ouv_err
read_cases(struct reading *r)
{
	struct ouv_company_file *f = r->file;
	struct store_case_line *rows;
	struct store_owed *owed;

	TRY(store_company_cases(r->tx, r->arena, &f->id, &r->actor->person,
		OUV_COMPANY_MOST, &rows, &f->case_count));
	f->cases = ouv_arena_array(r->arena, f->case_count, sizeof(*f->cases));
	for (size_t i = 0; i < f->case_count; i++) {
		list_line(&rows[i], &f->cases[i]);
		f->cases[i].last_at = rows[i].c.last_at;
		list_summary(
			r->desk, r->arena, r->actor, &rows[i], &f->cases[i]);
	}
	TRY(store_company_owes(r->tx, r->arena, &f->id, &r->actor->person,
		OUV_COMPANY_MOST, &owed, &f->owed_count));
	f->owed = ouv_arena_array(r->arena, f->owed_count, sizeof(*f->owed));
	for (size_t i = 0; i < f->owed_count; i++)
		f->owed[i] = (struct ouv_company_owed){ owed[i].protocol,
			owed[i].promise, owed[i].at };
	return OUV_OK;
}

static enum ouv_err
read_company(struct reading *r, const struct ouv_id *id)
{
	struct ouv_company_file *f = r->file;
	struct store_company c;

	TRY(store_company(r->tx, r->arena, id, NULL, &c));
	f->id = c.id;
	f->name = c.name;
	f->sector = c.sector;
	f->lang = c.lang;
	f->member_from = c.member_from;
	f->member_until = c.member_until;
	f->member = is_member(&c, r->today);
	f->full_text = c.full_text;
	TRY(code_label(
		r->desk, r->tx, "sector", c.sector, r->lang, &f->sector_word));
	return read_units(r);
}

/* Of few cases nothing is told. */
static enum ouv_err
read_spread(struct ouv_desk *desk, struct ouv_arena *arena,
	struct ouv_company_file *file)
{
	enum ouv_err err =
		ouv_desk_spread_of(desk, arena, &file->id, &file->spread);

	file->has_spread = err == OUV_OK;
	return err == OUV_NOT_FOUND ? OUV_OK : err;
}

static enum ouv_err
read_file(struct reading *r, const struct ouv_id *id)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;

	TRY(store_begin_reading(r->desk->store, &tx));
	r->tx = tx;
	TRY(office_day(r->desk, tx, ouv_clock_now(), &r->today));
	TRY(read_company(r, id));
	if (r->actor != NULL)
		TRY(read_cases(r));
	return store_commit(&tx);
}

enum ouv_err
ouv_desk_company(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const struct ouv_id *id,
	enum ouv_lang lang, struct ouv_company_file *file_out)
{
	struct reading r = { .desk = desk,
		.arena = arena,
		.actor = actor,
		.lang = lang,
		.file = file_out };

	memset(file_out, 0, sizeof(*file_out));
	TRY(read_file(&r, id));
	return read_spread(desk, arena, file_out);
}

enum ouv_err
ouv_desk_company_entry(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_id *id, enum ouv_lang lang,
	struct ouv_company_file *file_out)
{
	struct reading r = {
		.desk = desk, .arena = arena, .lang = lang, .file = file_out
	};

	memset(file_out, 0, sizeof(*file_out));
	return read_file(&r, id);
}

enum ouv_err
ouv_desk_entry_rev(struct ouv_desk *desk, enum ouv_entry entry,
	const struct ouv_id *id, int64_t *rev_out)
{
	static const enum store_entry entries[OUV_ENTRY__COUNT] = {
		[OUV_ENTRY_COMPANY] = STORE_ENTRY_COMPANY,
		[OUV_ENTRY_UNIT] = STORE_ENTRY_UNIT,
		[OUV_ENTRY_CONTACT] = STORE_ENTRY_CONTACT,
	};
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;

	TRY(store_begin_reading(desk->store, &tx));
	TRY(store_entry_rev(tx, entries[entry], id, rev_out));
	return store_commit(&tx);
}

enum ouv_err
ouv_desk_entry_last(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_id *id, int64_t *at_out, const char **who_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;

	TRY(store_begin_reading(desk->store, &tx));
	TRY(store_entry_last(tx, arena, id, at_out, who_out));
	return store_commit(&tx);
}
