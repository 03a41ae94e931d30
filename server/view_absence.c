/*
 * view_absence.c - who is away, until when, and whom to ask meanwhile
 */
#include <string.h>

#include "ouv/id.h"

#include "calendar.h"

bool
absence_may_all(const struct ouv_actor *actor)
{
	return actor->role == OUV_ROLE_OMBUDSMAN ||
	       actor->role == OUV_ROLE_ADMIN;
}

bool
absence_is_office(const struct ouv_absence *absence)
{
	return ouv_id_is_zero(&absence->person);
}

bool
absence_is_over(const struct ouv_absence *absence, int32_t today)
{
	return absence->called_off_at != 0 || absence->last_day < today;
}

bool
absence_may_end(const struct request *request,
	const struct ouv_absence *absence, int32_t today)
{
	return !absence_is_over(absence, today) &&
	       (absence_may_all(request->actor) ||
		       ouv_id_equal(&absence->person, &request->actor->person));
}

static void
add_said(const struct request *request, json_t *one, const char *key,
	const char *text)
{
	view_line(one, key, text);
	view_flag(one, ouv_arena_printf(request->arena, "has_%s", key),
		text != NULL && *text != '\0');
}

void
absence_who(const struct request *request, json_t *one, const char *key,
	const struct ouv_absence *absence)
{
	if (absence_is_office(absence))
		view_word(request, one, key, "absence_office");
	else
		view_line(one, key, absence->name);
}

json_t *
view_absence(const struct request *request, const struct ouv_absence *absence)
{
	json_t *one = json_object();

	absence_who(request, one, "away_who", absence);
	view_flag(one, "is_office", absence_is_office(absence));
	view_code(request, one, "reason", "absence_",
		ouv_absence_reason_name(absence->reason));
	view_day(request, one, "first", absence->first_day);
	view_day(request, one, "last", absence->last_day);
	view_day(request, one, "back", absence->back_day);
	view_flag(one, "has_one_day", absence->first_day == absence->last_day);
	add_said(request, one, "urgent_name", absence->urgent_name);
	add_said(request, one, "urgent_email", absence->urgent_email);
	add_said(request, one, "urgent_phone", absence->urgent_phone);
	add_said(request, one, "substitute", absence->substitute);
	view_time(request, one, "called_off", absence->called_off_at);
	view_flag(one, "is_now", absence->now);
	view_number(one, "told", absence->told);
	view_flag(one, "has_told", absence->told > 0);
	view_flag(one, "has_one_told", absence->told == 1);
	return one;
}
