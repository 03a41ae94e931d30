/*
 * page_calendar_import.c - days that came with a file: a person accepts or
 * refuses each
 */
#include <string.h>

#include "ouv/calendar_import.h"
#include "ouv/id.h"

#include "calendar.h"
#include "page.h"
#include "reply.h"
#include "session.h"

#define HERE "/calendar/days"
#define SHOWN 100 /* at once; the others come up as these are decided */

/* clang-format off */
static const struct sheet_field no_fields[] = { { NULL, NULL } };
static const struct ouv_verb_result nothing_wrong;
/* clang-format on */

static json_t *
row(struct sheet *sheet, const struct ouv_imported_day *day, int number)
{
	const struct request *request = sheet->request;
	char hex[OUV_ID_HEX];
	json_t *one;

	ouv_id_hex(&day->id, hex);
	one = sheet_form(sheet, ouv_arena_strdup(request->arena, hex),
		ouv_arena_printf(request->arena, "proposed-%d", number), true,
		no_fields);
	view_day(request, one, "day", day->day);
	view_weekday(request, one, day->day);
	view_line(one, "name", day->name);
	view_line(one, "source", day->source);
	view_line(one, "calendar_name", day->calendar);
	return one;
}

enum ouv_err
view_proposed(
	struct sheet *sheet, struct ouv_desk *desk, size_t most, json_t *data)
{
	const struct request *request = sheet->request;
	struct ouv_imported_day *days = NULL;
	json_t *list = json_array();
	size_t count = 0;
	enum ouv_err err = OUV_OK;

	if (absence_may_all(request->actor))
		err = ouv_desk_imported_days(
			desk, request->arena, "proposed", &days, &count);
	for (size_t i = 0; i < count && i < most; i++)
		json_array_append_new(list, row(sheet, &days[i], (int)i + 1));
	view_flag(data, "has_proposed", count > 0);
	view_flag(data, "has_more_proposed", count > most);
	view_number(data, "proposed_count", (int64_t)count);
	json_object_set_new(data, "proposed", list);
	return err;
}

static void
show(struct request *request, const struct trouble *trouble)
{
	struct sheet sheet = sheet_begin(request, HERE, trouble);
	const char *done = form_get(&request->query_form, "done");
	json_t *data = view_base(request, "proposed_title");
	struct ouv_desk *desk;
	enum ouv_err err;

	sheet.verb = "";
	view_flag(data, "at_calendar", true);
	err = desk_here(request->server, &desk);
	if (err == OUV_OK)
		err = view_proposed(&sheet, desk, SHOWN, data);
	if (err != OUV_OK) {
		json_decref(sheet.errors);
		json_decref(data);
		page_error_desk(request, err);
		return;
	}
	sheet_end(&sheet, data);
	if (done != NULL)
		(void)view_done(request, data, done);
	reply_page(request, trouble != NULL ? trouble->status : 200,
		"importdays", data);
}

void
page_days(struct request *request)
{
	if (absence_may_all(request->actor))
		show(request, NULL);
	else
		page_error(request, 403);
}

/* accept, refuse; false: neither. */
static bool
read_decision(const struct request *request, bool *accept_out)
{
	const char *decision = form_get(&request->form, "decision");

	*accept_out = decision != NULL && strcmp(decision, "accept") == 0;
	return *accept_out ||
	       (decision != NULL && strcmp(decision, "refuse") == 0);
}

void
page_day_decide(struct request *request)
{
	struct trouble trouble = { .result = &nothing_wrong };
	const char *key = own_key(request);
	struct ouv_desk *desk;
	struct ouv_id id;
	bool accept;
	enum ouv_err err;

	if (key == NULL)
		return;
	if (!read_decision(request, &accept)) {
		page_error(request, 400);
		return;
	}
	err = own_id(request, &desk, &id);
	if (err == OUV_OK)
		err = ouv_desk_day_decide(
			desk, request->arena, request->actor, key, &id, accept);
	if (err == OUV_OK) {
		reply_redirect(request, accept ? HERE "?done=day-accept"
					       : HERE "?done=day-refuse");
	} else if (err == OUV_CONFLICT) {
		trouble.status = reply_status(err);
		trouble.word = "day_decided";
		show(request, &trouble);
	} else {
		page_error_desk(request, err);
	}
}
