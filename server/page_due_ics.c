/*
 * page_due_ics.c - one's own dates as an iCalendar file (RFC 5545), to keep
 *
 * Protocol and kind of date, and nothing else of a case: where the file goes
 * nobody knows.  A download for whoever is logged in, no address that a program
 * could ask again.
 */
#include <string.h>
#include <time.h>

#include "ouv/clock.h"
#include "ouv/dues.h"

#include "page.h"
#include "reply.h"
#include "view.h"

#define MOST 1000
#define LINE_MOST 73 /* octets before the line is folded */

/* A content line: special characters escaped, folded between characters. */
static void
put(struct ouv_buf *out, const char *name, const char *value)
{
	size_t on_line = strlen(name) + 1;

	ouv_buf_text(out, name);
	ouv_buf_char(out, ':');
	for (; *value != '\0'; value++) {
		bool starts = ((unsigned char)*value & 0xC0) != 0x80;

		if (starts && on_line >= LINE_MOST - 4) {
			ouv_buf_text(out, "\r\n ");
			on_line = 1;
		}
		if (strchr("\\;,", *value) != NULL) {
			ouv_buf_char(out, '\\');
			on_line++;
		}
		ouv_buf_char(out, *value);
		on_line++;
	}
	ouv_buf_text(out, "\r\n");
}

static const char *
moment(struct ouv_arena *arena, int64_t at)
{
	time_t when = (time_t)at;
	struct tm tm = { 0 };
	char text[32];

	(void)gmtime_r(&when, &tm);
	(void)strftime(text, sizeof(text), "%Y%m%dT%H%M%SZ", &tm);
	return ouv_arena_strdup(arena, text);
}

static void
put_event(const struct request *request, struct ouv_buf *out,
	const struct ouv_due_row *row, int64_t now)
{
	struct ouv_arena *arena = request->arena;
	const char *code = row->task != NULL ? row->task
					     : ouv_clock_name(row->clock.clock);
	const char *what = words_code(&request->server->words, request->lang,
		row->task != NULL ? "task_" : "clock_", code);
	const char *number = row->line.protocol;

	if (number == NULL) /* held mail has none, and no name of its own */
		number = words_get(
			&request->server->words, request->lang, "no_protocol");
	put(out, "BEGIN", "VEVENT");
	put(out, "UID",
		ouv_arena_printf(arena, "%s@%s", row->key,
			request->server->config->office_domain));
	put(out, "DTSTAMP", moment(arena, now));
	put(out, "DTSTART", moment(arena, row->due_at));
	put(out, "SUMMARY",
		ouv_arena_printf(
			arena, "%s: %s", number, what != NULL ? what : code));
	put(out, "END", "VEVENT");
}

void
page_due_ics(struct request *request)
{
	const struct ouv_due_wish wish = {
		.mine = true, .bare = true, .most = MOST
	};
	struct ouv_due_list list = { 0 };
	struct ouv_desk *desk;
	struct ouv_buf out;
	int64_t now = ouv_clock_now();
	enum ouv_err err = desk_here(request->server, &desk);

	if (err == OUV_OK)
		err = ouv_desk_dues(desk, request->arena, request->actor, &wish,
			request->lang, &list);
	if (err != OUV_OK) {
		page_error_desk(request, err);
		return;
	}
	ouv_buf_init(&out, request->arena, 256 * (list.count + 2));
	put(&out, "BEGIN", "VCALENDAR");
	put(&out, "VERSION", "2.0");
	put(&out, "PRODID", "-//Ouvidoria//" OUV_VERSION "//EN");
	for (size_t i = 0; i < list.count; i++)
		put_event(request, &out, &list.rows[i], now);
	put(&out, "END", "VCALENDAR");
	reply_bytes(request, 200, "text/calendar; charset=utf-8",
		(struct ouv_str){ out.data, out.len });
	reply_header_set(request, "Content-Disposition",
		download_name(request, "ouvidoria.ics"));
}
