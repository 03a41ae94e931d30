/*
 * view.h - values for templates: made safe, formatted, in one language
 *
 * Strict templates want every name they use, so these always set all of a
 * group, also when there is nothing to show.
 */
#ifndef SERVER_VIEW_H
#define SERVER_VIEW_H

#include <jansson.h>

#include "server.h"
#include "sheet.h"

/* Words, language, office, person, menu: what every page needs.  title_key is
 * a word; pages overwrite "title" where it holds a value. */
json_t *view_base(struct request *request, const char *title_key);

/*
 * The buttons for language and theme send this form along, so that what was
 * typed stands in the page that comes; path is one that again.c knows.  NULL:
 * the page has no such form.
 */
void view_carry(json_t *data, const char *form_id, const char *path);

/* A line: no control or direction-changing characters, valid UTF-8. */
void view_line(json_t *data, const char *key, const char *text);
/* A text of many lines: as above, line feeds and tabs stay. */
void view_text(json_t *data, const char *key, const char *text);
/* A word of the language; has_KEY is not set. */
void view_word(const struct request *request, json_t *data, const char *key,
	const char *word_key);
void view_flag(json_t *data, const char *key, bool value);
void view_number(json_t *data, const char *key, int64_t number);
/*
 * KEY, KEY_iso and has_KEY: "21/11/2026 18:42" in the office's time zone; 0 is
 * no date.
 */
void view_time(const struct request *request, json_t *data, const char *key,
	int64_t at);
/* wait, wait_unit, has_wait: seconds up to a minute, then minutes. */
void view_wait(const struct request *request, json_t *data, int secs);
/* "12 kB", "1,4 MB". */
void view_size(const struct request *request, json_t *data, const char *key,
	size_t size);
/* The notice that a verb is done; false: it has no words. */
bool view_done(const struct request *request, json_t *data, const char *verb);
/* A link under the notice on top. */
void view_notice_link(const struct request *request, json_t *data,
	const char *path, const char *word_key);
/* The word of prefix + code, or the code itself. */
const char *view_word_of(
	const struct request *request, const char *prefix, const char *code);
/* One of a field's choices, put to LIST: value, name, is_current. */
void view_option(
	json_t *list, const char *value, const char *name, bool is_current);
/* Sets KEY to the word of prefix + code, or to fallback's word and the code. */
void view_code(const struct request *request, json_t *data, const char *key,
	const char *prefix, const char *code);

/* A text that holds only what a page may hold, in the arena. */
const char *view_clean(
	struct ouv_arena *arena, const char *text, bool many_lines);

/* One case as lists and heads show it. */
void view_case_line(const struct request *request, json_t *data,
	const struct ouv_case_line *line, int64_t now);
/* "/cases/2026-000001-3", or with the id of a held case. */
const char *view_case_path(
	const struct request *request, const struct ouv_case_line *line);
/* One message of a case; number is the case's, for links. */
json_t *view_item(const struct request *request, const char *case_path,
	const struct ouv_item_view *item);
/* Did it come to us from outside? */
bool view_is_incoming(const struct ouv_item_view *item);
/* Is it a program's, theirs or ours? */
bool view_is_automatic(const struct ouv_item_view *item);
/* Whose it is, in one word; "" : a program's of ours. */
const char *view_item_by(const struct ouv_item_view *item);
/* view_timeline.c: its own words, without what it quotes; all, if it has none
 * of its own. */
const char *view_fresh_text(const struct ouv_mail *mail);
/* What a byte takes on the page once it is escaped. */
size_t view_byte_cost(char byte);
/* So many bytes of the text take at most that much room there; never half a
 * character. */
size_t view_fitting(const char *text, size_t room);
/* The messages as far as the page holds them (items, with
 * is_new, is_open, has_body...), lanes, pages, news, lookers. */
void view_timeline(const struct request *request, json_t *data,
	const struct ouv_case_view *view, const char *path);

/* Where that message is read: on the page of data, if view_timeline put it
 * there, else on one that holds it. */
const char *view_item_path(const struct request *request, const json_t *data,
	const char *path, int seq);

/* view_lookers.c: has_lookers, lookers. */
void view_lookers(const struct request *request, json_t *data,
	const struct ouv_case_view *view);

/* view_mail.c: warnings, what it forwards, says of an absence, reports. */
void view_mail(const struct request *request, json_t *data,
	const struct ouv_mail *mail);
/* ... of an absence alone: away_from, away_until, away_back, instead. */
void view_mail_absence(const struct request *request, json_t *data,
	const struct ouv_mail *mail);

/* view_day.c: days without a time, as struct ouv_calendar counts them. */
const char *view_day_iso(struct ouv_arena *arena, int32_t day);
/* KEY: "21/11/2026"; KEY_iso. */
void view_day(const struct request *request, json_t *data, const char *key,
	int32_t day);
/* "2026-11-21", and where one writes the day first "21/11/2026". */
bool view_day_typed(enum ouv_lang lang, const char *text, int32_t *day_out);

/* view_away.c: who of a case is away: owner_away, notices. */
void view_away(
	struct sheet *sheet, json_t *data, const struct ouv_case_view *view);
/* assign, conflict: forms, or false; is_in_conflict. */
void view_hand_over(
	struct sheet *sheet, json_t *data, const struct ouv_case_view *view);
/* view_news.c: news, when somebody logged in as the reader from a browser that
 * is new to them. */
void view_news(struct request *request, json_t *data);
/* page_admin.c: has_alarm and what it says, for whoever is told that mail no
 * longer comes or goes. */
void view_alarm(const struct request *request, json_t *data);
/* view_held.c: what stands for the subject of a case that has none. */
const char *view_unnamed(
	const struct request *request, const struct ouv_case_view *view);
/* A line of the held list, after view_case_line: why it waits. */
void view_held_line(const struct request *request, json_t *data,
	const struct ouv_case_line *line);
/* why, has_why, why_code, has_why_code; code may be NULL. */
void view_why(const struct request *request, json_t *data, const char *code);
/* lead, side, guess_case, guess_path, and what there is of them. */
void view_guess(const struct request *request, json_t *data,
	const struct ouv_guess *guess);
/* The reason on top, and the forms by which a held message leaves. */
void view_held(
	struct sheet *sheet, json_t *data, const struct ouv_case_view *view);
/* view_fate.c: has_fate, and what {{> fate}} shows of a held case that is
 * decided and no longer to be seen; false: it is, or it is none. */
bool view_fate(struct request *request, json_t *data, const char *number);
/* view_triage.c: look, a held message beside their list, with its decisions;
 * false: there is none such.  undo: what was set aside is taken back. */
bool view_triage(struct request *request, json_t *data,
	const struct ouv_case_list *list, const char *at);
void view_triage_undo(struct request *request, json_t *data, const char *of);
/* view_task.c: tasks with their forms, done_tasks. */
void view_tasks(
	struct sheet *sheet, json_t *data, const struct ouv_case_view *view);

#endif
