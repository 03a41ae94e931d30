/*
 * view_mail.c - what staff must know of a message before they believe it
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "shown.h"
#include "view.h"

/* "2026-11-21" as the reader's language writes a day; else as it stands. */
static void
add_day(const struct request *request, json_t *data, const char *key,
	const char *day)
{
	bool english = request->lang == OUV_LANG_EN;
	char text[32];
	struct tm tm = { 0 };
	const char *end = day != NULL ? strptime(day, "%Y-%m-%d", &tm) : NULL;

	view_flag(data, ouv_arena_printf(request->arena, "has_%s", key),
		day != NULL && *day != '\0');
	if (end == NULL || *end != '\0' ||
		strftime(text, sizeof(text), english ? "%-d %b %Y" : "%d/%m/%Y",
			&tm) == 0) {
		view_line(data, key, day);
		return;
	}
	view_line(data, key, text);
}

static json_t *
people(const struct ouv_mail_addrs *addrs)
{
	json_t *list = json_array();

	for (size_t i = 0; i < addrs->count; i++) {
		json_t *one = json_object();

		view_line(one, "name", addrs->list[i].name);
		view_line(one, "addr", addrs->list[i].addr);
		json_array_append_new(list, one);
	}
	return list;
}

void
view_mail_absence(const struct request *request, json_t *data,
	const struct ouv_mail *mail)
{
	const struct ouv_mail_absence *absence = &mail->absence;

	view_flag(data, "has_absence", mail->has_absence);
	add_day(request, data, "away_from", absence->from);
	add_day(request, data, "away_until", absence->until);
	add_day(request, data, "away_back", absence->back);
	view_flag(data, "has_instead", absence->instead.count > 0);
	json_object_set_new(data, "instead", people(&absence->instead));
}

static void
add_forward(json_t *data, const struct ouv_mail *mail)
{
	const struct ouv_mail_forward *forward = &mail->forward;
	const char *subject = forward->subject != NULL ? forward->subject : "";
	const char *name = forward->from.name != NULL ? forward->from.name : "";
	const char *addr = forward->from.addr != NULL ? forward->from.addr : "";

	view_flag(data, "has_forward", mail->has_forward);
	view_line(data, "forward_name", name);
	view_line(data, "forward_addr", addr);
	view_flag(data, "has_forward_from", *name != '\0' || *addr != '\0');
	view_flag(data, "has_forward_addr", *addr != '\0');
	view_line(data, "forward_subject", subject);
	view_flag(data, "has_forward_subject", *subject != '\0');
}

/* One recipient of a delivery report. */
static json_t *
recipient(const struct request *request, const struct ouv_mail_dsn_rcpt *rcpt)
{
	json_t *one = json_object();

	view_line(one, "addr", rcpt->addr);
	view_flag(one, "has_addr", *rcpt->addr != '\0');
	view_code(request, one, "action", "report_", rcpt->action);
	view_flag(one, "has_action", *rcpt->action != '\0');
	view_code(request, one, "cause", "cause_", rcpt->cause);
	view_flag(one, "has_cause", *rcpt->cause != '\0');
	view_line(one, "status", rcpt->status);
	view_flag(one, "has_status", *rcpt->status != '\0');
	return one;
}

static void
add_report(const struct request *request, json_t *data,
	const struct ouv_mail *mail)
{
	json_t *list = json_array();

	for (size_t i = 0; mail->has_dsn && i < mail->dsn_count; i++)
		json_array_append_new(list, recipient(request, &mail->dsn[i]));
	view_flag(data, "has_report", json_array_size(list) > 0);
	json_object_set_new(data, "report", list);
	view_flag(data, "is_hard", mail->has_dsn && mail->dsn_hard == 1);
	view_flag(data, "is_soft", mail->has_dsn && mail->dsn_hard == 0);
}

static void
add_marks(const struct request *request, json_t *data,
	const struct ouv_mail *mail)
{
	json_t *list = json_array();

	for (size_t i = 0; i < mail->marks.count; i++) {
		json_t *one = json_object();

		view_code(request, one, "text", "mark_", mail->marks.list[i]);
		json_array_append_new(list, one);
	}
	view_flag(data, "has_marks", mail->marks.count > 0);
	json_object_set_new(data, "marks", list);
}

/* A name that holds another address than the sender's own. */
static void
add_shown(const struct request *request, json_t *data,
	const struct ouv_mail *mail)
{
	const struct ouv_mail_addr *from =
		mail->from.count > 0 ? &mail->from.list[0] : NULL;
	const char *shown = from == NULL ? NULL
					 : shown_address(request->arena,
						   from->name, from->addr);

	view_flag(data, "has_shown", shown != NULL);
	view_line(data, "shown_addr", shown);
}

void
view_mail(const struct request *request, json_t *data,
	const struct ouv_mail *mail)
{
	const char *verdict =
		mail->auth_results != NULL ? mail->auth_results : "";

	add_shown(request, data, mail);
	add_marks(request, data, mail);
	add_forward(data, mail);
	view_mail_absence(request, data, mail);
	add_report(request, data, mail);
	view_line(data, "verdict", verdict);
	view_flag(data, "has_verdict", *verdict != '\0');
}
