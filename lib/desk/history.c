/*
 * history.c - the log as people read it, and who tried to read what they may
 * not
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ouv/clock.h"
#include "ouv/log.h"
#include "details.h"
#include "verify.h"

#define PAGE 100
/* Two who write on our own chain at the same moment: once more. */
#define TRIES 5
#define SEEN_US INT64_C(60000000)

/* ---- writing down who looked
 * ----------------------------------------------------- */

static enum ouv_err
find_case(struct store_tx *tx, const char *number, struct ouv_id *id_out)
{
	char protocol[OUV_PROTOCOL_MAX];
	const char *by_number = NULL;
	struct ouv_id id = { 0 };

	if (ouv_protocol_parse(number, protocol) == OUV_OK)
		by_number = protocol;
	else if (ouv_id_parse(number, &id) != OUV_OK)
		return OUV_NOT_FOUND;
	return store_history_case_id(tx, by_number, &id, id_out);
}

static enum ouv_err
deny(struct ouv_desk *desk, const struct ouv_actor *actor, const char *number)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_PLAIN);
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct ouv_id id;

	TRY(store_begin(desk->store, &tx));
	if (number != NULL)
		TRY(find_case(tx, number, &id));
	TRY(log_denied(
		desk, tx, arena, number != NULL ? &id : NULL, &actor->person));
	return store_commit(&tx);
}

void
ouv_desk_denied(struct ouv_desk *desk, const struct ouv_actor *actor,
	const char *number)
{
	enum ouv_err err = OUV_CONFLICT;

	for (int i = 0; i < TRIES && err == OUV_CONFLICT; i++)
		err = deny(desk, actor, number);
	if (err != OUV_OK && err != OUV_NOT_FOUND)
		ouv_log_warn("a denied attempt was not written down: %s",
			ouv_err_name(err));
}

static enum ouv_err
see(struct ouv_desk *desk, const struct ouv_actor *actor, const char *action)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	bool did = false;

	TRY(store_begin(desk->store, &tx));
	TRY(store_history_since(tx, &desk->office->signer.id, &actor->person,
		action, ouv_clock_now_us() - SEEN_US, &did));
	if (!did)
		TRY(log_own(desk, tx, &actor->person, action, &actor->person));
	return store_commit(&tx);
}

enum ouv_err
ouv_desk_seen(struct ouv_desk *desk, const struct ouv_actor *actor,
	const char *action)
{
	enum ouv_err err = OUV_CONFLICT;

	for (int i = 0; i < TRIES && err == OUV_CONFLICT; i++)
		err = see(desk, actor, action);
	return err;
}

/* ---- lines
 * -------------------------------------------------------------------------- */

static void
fill_line(const struct store_history *h, struct ouv_log_line *line)
{
	*line = (struct ouv_log_line){ .at = h->event.at_us / 1000000,
		.seq = h->event.seq,
		.who = h->actor,
		.program = h->program,
		.action = h->event.action,
		.object = h->object,
		.item = h->item,
		.lane = h->lane,
		.details = "" };
}

/* Rows come newest first and stand oldest first. */
static void
fill_lines(struct ouv_arena *arena, const struct store_history *rows,
	size_t count, struct secrets *secrets, struct ouv_log_page *page)
{
	page->count = count > PAGE ? PAGE : count;
	page->lines = ouv_arena_array(arena, page->count, sizeof(*page->lines));
	for (size_t i = 0; i < page->count; i++) {
		struct ouv_log_line *line = &page->lines[page->count - 1 - i];

		const struct ouv_str details = rows[i].event.details;

		fill_line(&rows[i], line);
		if (details.len == 0)
			continue;
		if (secrets == NULL) /* a name, in clear */
			line->details = ouv_arena_strndup(
				arena, details.p, details.len);
		else
			line->locked =
				details_open(secrets, arena, &rows[i].event,
					&line->details) != OUV_OK;
	}
}

struct checking {
	struct verify_chain at;
	struct ouv_log_page *page;
};

static enum ouv_err
check(const struct store_audit *event, void *user)
{
	struct checking *c = user;

	c->page->total++;
	if (c->page->first_at == 0)
		c->page->first_at = event->at_us / 1000000;
	if (c->page->broken == 0 && verify_step(&c->at, event) != NULL)
		c->page->broken = event->seq;
	return OUV_OK;
}

static enum ouv_err
read_case(struct ouv_desk *desk, struct store_tx *tx, struct ouv_arena *arena,
	const struct opened *opened, int64_t before, struct ouv_log_page *page)
{
	struct secrets secrets = { .desk = desk,
		.tx = tx,
		.case_id = &opened->c.id,
		.version = opened->c.key_version };
	struct checking checking = { .page = page };
	struct store_history *rows;
	size_t count;

	TRY(store_history_chain(tx, &opened->c.id, check, &checking));
	TRY(store_history_case(
		tx, arena, &opened->c.id, before, PAGE + 1, &rows, &count));
	memcpy(secrets.csk, opened->csk, sizeof(secrets.csk));
	fill_lines(arena, rows, count, &secrets, page);
	ouv_wipe(secrets.csk, sizeof(secrets.csk));
	if (count > PAGE)
		page->before =
			ouv_arena_printf(arena, "%" PRId64, page->lines[0].seq);
	return OUV_OK;
}

static enum ouv_err
read_number(const char *text, int64_t *out)
{
	char *end;

	*out = 0;
	if (text == NULL || *text == '\0')
		return OUV_OK;
	*out = strtoll(text, &end, 10);
	return *end == '\0' && *out > 0 ? OUV_OK : OUV_INVALID;
}

/* Whoever looks leaves a line, once a minute. */
static enum ouv_err
note_look(struct ouv_desk *desk, struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_actor *actor, struct opened *opened)
{
	const struct ouv_id *id = &opened->c.id;
	bool did = false;

	TRY(store_history_since(tx, id, &actor->person, "read-log",
		ouv_clock_now_us() - SEEN_US, &did));
	if (did)
		return OUV_OK;
	TRY(open_lock(desk, tx, arena, actor, opened));
	return log_locked(desk, tx, id, &actor->person, "read-log", id);
}

enum ouv_err
ouv_desk_case_log(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const char *number, const char *before,
	struct ouv_log_page *page_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct ouv_log_page page = { .count = 0 };
	struct opened opened;
	int64_t from;
	enum ouv_err err;

	TRY(read_number(before, &from));
	/* Checking a long chain takes a while. */
	TRY(open_noted(desk, arena, actor, number, note_look));
	TRY(store_begin_reading(desk->store, &tx));
	TRY(open_case(desk, tx, arena, actor, number, &opened));
	err = read_case(desk, tx, arena, &opened, from, &page);
	ouv_wipe(opened.csk, sizeof(opened.csk));
	if (err == OUV_OK)
		err = store_commit(&tx);
	if (err == OUV_OK)
		*page_out = page;
	return err;
}

/* ---- the office's own
 * --------------------------------------------------------------- */

static int64_t
start_of_us(int32_t day)
{
	int year, month, of_month;
	struct tm tm = { .tm_isdst = -1 };

	ouv_day_split(day, &year, &month, &of_month);
	tm.tm_year = year - 1900;
	tm.tm_mon = month - 1;
	tm.tm_mday = of_month;
	return (int64_t)mktime(&tm) * 1000000;
}

/* "microseconds-chain-number": where a page ended. */
static enum ouv_err
read_own_cursor(const char *text, struct store_history_ask *ask)
{
	char hex[OUV_ID_HEX];
	char *end;

	if (text == NULL || *text == '\0')
		return OUV_OK;
	ask->before_us = strtoll(text, &end, 10);
	if (end == text || *end != '-' || strlen(end) < OUV_ID_HEX + 1 ||
		end[OUV_ID_HEX] != '-')
		return OUV_INVALID;
	(void)snprintf(hex, sizeof(hex), "%.32s", end + 1);
	TRY(ouv_id_parse(hex, &ask->chain));
	return read_number(end + OUV_ID_HEX + 1, &ask->seq);
}

static enum ouv_err
find_person(const struct store_history_person *people, size_t count,
	const char *login, struct ouv_id *id_out)
{
	if (login == NULL || *login == '\0')
		return OUV_OK;
	for (size_t i = 0; i < count; i++)
		if (strcmp(people[i].login, login) == 0) {
			*id_out = people[i].id;
			return OUV_OK;
		}
	return OUV_INVALID;
}

static void
fill_people(struct ouv_arena *arena, const struct store_history_person *rows,
	size_t count, struct ouv_log_person **list_out)
{
	struct ouv_log_person *list =
		ouv_arena_array(arena, count, sizeof(*list));

	for (size_t i = 0; i < count; i++)
		list[i] =
			(struct ouv_log_person){ rows[i].login, rows[i].name };
	*list_out = list;
}

static enum ouv_err
read_own(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_log_ask *asked, struct store_history_ask *ask,
	struct ouv_log_page *page, struct ouv_log_person **people_out,
	size_t *people_count_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct store_history_person *people;
	struct store_history *rows;
	size_t count;

	TRY(store_begin(desk->store, &tx));
	TRY(store_history_people(tx, arena, &people, people_count_out));
	TRY(find_person(people, *people_count_out, asked->login, &ask->person));
	TRY(store_history_own(tx, arena, ask, PAGE + 1, &rows, &count));
	TRY(store_commit(&tx));
	fill_people(arena, people, *people_count_out, people_out);
	fill_lines(arena, rows, count, NULL, page);
	if (count > PAGE) {
		const struct store_audit *last = &rows[PAGE - 1].event;
		char hex[OUV_ID_HEX];

		ouv_id_hex(&last->chain, hex);
		page->before = ouv_arena_printf(arena,
			"%" PRId64 "-%s-%" PRId64, last->at_us, hex, last->seq);
	}
	return OUV_OK;
}

enum ouv_err
ouv_desk_office_log(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const struct ouv_log_ask *asked,
	struct ouv_log_page *page_out, struct ouv_log_person **people_out,
	size_t *people_count_out)
{
	struct store_history_ask ask = { .before_us = INT64_MAX };

	memset(page_out, 0, sizeof(*page_out));
	if (actor->role != OUV_ROLE_OMBUDSMAN && actor->role != OUV_ROLE_ADMIN)
		return OUV_REFUSED;
	if (asked->day != 0) {
		ask.from_us = start_of_us(asked->day);
		ask.before_us = start_of_us(asked->day + 1);
	}
	TRY(read_own_cursor(asked->before, &ask));
	ouv_desk_distrust_write(desk);
	TRY(ouv_desk_seen(desk, actor, "read-log"));
	return read_own(desk, arena, asked, &ask, page_out, people_out,
		people_count_out);
}
