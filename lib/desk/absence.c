/*
 * absence.c - absences as people see them: in lists, on a case, in a letter
 */
#include <string.h>

#include "desk_impl.h"
#include "ouv/clock.h"

/* clang-format off */
static const struct {
	const char *name, *flag; /* in the database; in a letter's data */
} reasons[OUV_ABSENCE__COUNT] = {
	[OUV_ABSENCE_VACATION]         = { "vacation",         "is_vacation" },
	[OUV_ABSENCE_HOLIDAY]          = { "holiday",          "is_holiday" },
	[OUV_ABSENCE_BUSINESS_TRIP]    = { "business-trip",    "is_business_trip" },
	[OUV_ABSENCE_TRAINING]         = { "training",         "is_training" },
	[OUV_ABSENCE_EXTERNAL_MEETING] = { "external-meeting", "is_external_meeting" },
};
/* clang-format on */

const char *
ouv_absence_reason_name(enum ouv_absence_reason reason)
{
	return reasons[reason].name;
}

static enum ouv_absence_reason
reason_of(const struct store_absence *a)
{
	for (int i = 0; i < OUV_ABSENCE__COUNT; i++)
		if (strcmp(reasons[i].name, a->reason) == 0)
			return (enum ouv_absence_reason)i;
	return OUV_ABSENCE_VACATION; /* the schema knows no other */
}

struct ouv_absence *
absence_view(struct ouv_arena *arena, const struct store_absence *a)
{
	struct ouv_absence *view = ouv_arena_array(arena, 1, sizeof(*view));
	bool office = ouv_id_is_zero(&a->person);

	*view = (struct ouv_absence){ .id = a->id,
		.person = a->person,
		.login = ouv_arena_strdup(
			arena, a->login != NULL ? a->login : ""),
		.name = office ? "" : ouv_arena_strdup(arena, a->signed_as),
		.reason = reason_of(a),
		.first_day = a->first_day,
		.last_day = a->last_day,
		.back_day = a->back_day,
		.urgent_name = ouv_arena_strdup(arena, a->urgent_name),
		.urgent_email = ouv_arena_strdup(arena, a->urgent_email),
		.urgent_phone = ouv_arena_strdup(arena, a->urgent_phone),
		.substitute =
			*a->substitute_as == '\0'
				? NULL
				: ouv_arena_strdup(arena, a->substitute_as),
		.made_at = a->made_at,
		.called_off_at = a->called_off_at,
		.now = absence_holds(a, ouv_clock_now()),
		.told = a->told };
	return view;
}

/* The day somebody is back may have moved since it was written down. */
static enum ouv_err
view_back(struct ouv_desk *desk, struct store_tx *tx,
	const struct store_absence *a, int32_t *day)
{
	enum ouv_err err = absence_back(desk, tx, a, day);

	return err == OUV_INVALID ? OUV_OK : err;
}

enum ouv_err
absence_data(struct ouv_desk *desk, struct store_tx *tx,
	const struct store_absence *a, json_t *data)
{
	int32_t back;

	for (int i = 0; i < OUV_ABSENCE__COUNT; i++)
		json_object_set_new(data, reasons[i].flag,
			json_boolean(a != NULL && (int)reason_of(a) == i));
	json_object_set_new(data, "one_day",
		json_boolean(a != NULL && a->first_day == a->last_day));
	if (a == NULL)
		return OUV_OK;
	back = a->back_day;
	TRY(view_back(desk, tx, a, &back));
	json_object_set_new(data, "first_day", json_integer(a->first_day));
	json_object_set_new(data, "last_day", json_integer(a->last_day));
	json_object_set_new(data, "back_day", json_integer(back));
	json_object_set_new(data, "urgent_name", json_string(a->urgent_name));
	json_object_set_new(data, "urgent_email", json_string(a->urgent_email));
	json_object_set_new(data, "urgent_phone", json_string(a->urgent_phone));
	return OUV_OK;
}

enum ouv_err
absence_owner(struct ouv_desk *desk, struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *case_id,
	struct ouv_case_view *view)
{
	struct store_absence row;
	struct ouv_absence *away;
	const char *name = NULL;
	enum ouv_err err;

	err = store_case_stand_in(tx, arena, case_id, &row, &name);
	if (err != OUV_OK)
		return err == OUV_NOT_FOUND ? OUV_OK : err;
	away = absence_view(arena, &row);
	TRY(view_back(desk, tx, &row, &away->back_day));
	view->owner_away = away;
	view->stand_in = name;
	return OUV_OK;
}

/* ---- lists ----------------------------------------------------------------
 */

enum ouv_err
ouv_desk_absences(struct ouv_desk *desk, struct ouv_arena *arena,
	int32_t from_day, int32_t until_day, struct ouv_absence **list_out,
	size_t *count_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct store_absence *rows;
	struct ouv_absence *list;
	size_t count;

	TRY(store_begin(desk->store, &tx));
	TRY(store_absences(tx, arena, from_day, until_day, &rows, &count));
	list = ouv_arena_array(arena, count, sizeof(*list));
	for (size_t i = 0; i < count; i++) {
		list[i] = *absence_view(arena, &rows[i]);
		TRY(view_back(desk, tx, &rows[i], &list[i].back_day));
	}
	TRY(store_commit(&tx));
	*list_out = list;
	*count_out = count;
	return OUV_OK;
}

static enum ouv_err
colleague(struct ouv_desk *desk, struct store_tx *tx, struct ouv_arena *arena,
	const struct store_person *person, struct ouv_colleague *out)
{
	const struct store_absence *a;

	*out = (struct ouv_colleague){ .id = person->id,
		.login = person->login,
		.name = person->name,
		.role = person->role };
	TRY(absence_of(desk, tx, &person->id, ouv_clock_now(), &a));
	if (a == NULL)
		return OUV_OK;
	out->away = true;
	out->back_day = a->back_day;
	if (*a->substitute_as != '\0')
		out->substitute = ouv_arena_strdup(arena, a->substitute_as);
	return view_back(desk, tx, a, &out->back_day);
}

enum ouv_err
ouv_desk_colleagues(struct ouv_desk *desk, struct ouv_arena *arena,
	struct ouv_colleague **list_out, size_t *count_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct store_person *people;
	struct ouv_colleague *list;
	size_t count, n = 0;

	TRY(store_begin(desk->store, &tx));
	TRY(store_person_list(tx, arena, &people, &count));
	list = ouv_arena_array(arena, count, sizeof(*list));
	for (size_t i = 0; i < count; i++)
		if (people[i].active)
			TRY(colleague(desk, tx, arena, &people[i], &list[n++]));
	TRY(store_commit(&tx));
	*list_out = list;
	*count_out = n;
	return OUV_OK;
}
