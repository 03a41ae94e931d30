/*
 * list.c - a line of a list of cases, and the list of what is held
 *
 * What a line shows is opened with that colleague's keys, in that request.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "grant.h"
#include "ouv/history.h"

#define PAGE 40 /* with first words and addresses of any length: 60 kB */
#define WORDS_CHARS 120 /* of a held message, in a list */

/* ---- lists
 * ----------------------------------------------------------------------- */

static enum ouv_err
row_key(struct ouv_desk *desk, const struct ouv_actor *actor,
	const struct store_case_line *row, uint8_t csk_out[OUV_KEY])
{
	struct ouv_context context;

	context_make(desk, OUV_KIND_CASE_KEY, OUV_COLUMN_PERSON, &row->c.id,
		&actor->person, row->c.key_version, &context);
	return ouv_open_key(&context, actor->identity->box, row->box,
		sizeof(row->box), csk_out);
}

void
list_summary(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const struct store_case_line *row,
	struct ouv_case_line *line)
{
	struct ouv_context context;
	uint8_t csk[OUV_KEY], key[OUV_KEY];
	struct ouv_str text;
	const char *subject = "", *name = "", *addr = "";
	json_t *doc = NULL;

	if (row_key(desk, actor, row, csk) == OUV_OK) {
		ouv_hash_keyed(csk, "ouv-summ", "", 0, key);
		context_make(desk, OUV_KIND_SUMMARY, OUV_COLUMN_NONE,
			&row->c.id, &row->c.id, row->c.key_version, &context);
		if (ouv_blob_open(arena, &context, key, row->c.summary.p,
			    row->c.summary.len, &text) == OUV_OK)
			doc = json_loadb(text.p, text.len, 0, NULL);
		ouv_wipe(key, sizeof(key));
		ouv_wipe(csk, sizeof(csk));
	}
	(void)json_unpack(doc, "{s?s, s?s, s?s}", "subject", &subject, "name",
		&name, "addr", &addr);
	line->subject = ouv_arena_strdup(arena, subject);
	line->from_name = ouv_arena_strdup(arena, name);
	line->from_addr = ouv_arena_strdup(arena, addr);
	json_decref(doc);
}

void
list_line(const struct store_case_line *row, struct ouv_case_line *line)
{
	const struct store_case *c = &row->c;

	line->id = c->id;
	line->protocol = c->protocol;
	line->state = c->state;
	line->opened_at = c->opened_at;
	line->due_at = c->due_at;
	line->items = c->items;
	line->owner = row->owner_name;
	line->failed = row->failed;
	line->tasks = row->tasks;
	line->aside = row->aside;
	line->rev = row->rev;
}

struct ouv_guess
list_guess(const struct store_guess *guess)
{
	return (struct ouv_guess){ .protocol = guess->protocol,
		.lead = guess->lead,
		.side = guess->side };
}

enum ouv_err
list_cursor(const char *text, int64_t *us_out, struct ouv_id *id_out)
{
	char *end;

	*us_out = 0;
	memset(id_out, 0, sizeof(*id_out));
	if (text == NULL || *text == '\0')
		return OUV_OK;
	*us_out = strtoll(text, &end, 10);
	if (end == text || *end != '-' || *us_out <= 0)
		return OUV_INVALID;
	return ouv_id_parse(end + 1, id_out);
}

/* ---- how a held message begins --------------------------------------------
 */

/* Runs of blanks are one; a word is not cut, unless it has no end. */
static const char *
first_words(struct ouv_arena *arena, const char *text)
{
	size_t chars = 0, blank = 0;
	struct ouv_buf buf;

	ouv_buf_init(&buf, arena, 4 * WORDS_CHARS + 8);
	for (const char *p = text; *p != '\0'; p++) {
		bool space = strchr(" \t\r\n", *p) != NULL;

		if (space && (buf.len == 0 || buf.data[buf.len - 1] == ' '))
			continue;
		if (((unsigned char)*p & 0xC0) != 0x80 &&
			chars++ == WORDS_CHARS) {
			buf.len = blank > 0 ? blank : buf.len;
			ouv_buf_text(&buf, "\xE2\x80\xA6");
			break;
		}
		if (space)
			blank = buf.len;
		ouv_buf_char(&buf, space ? ' ' : *p);
	}
	return ouv_arena_strndup(arena, buf.len > 0 ? buf.data : "", buf.len);
}

/* "": nothing was understood of it, it has no words, or its key is another. */
static const char *
held_begins(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const struct store_case_line *row,
	const struct store_item *first)
{
	struct opened opened = { .c = row->c };
	struct ouv_mail mail;
	enum ouv_err err;

	if (first->body.len == 0)
		return "";
	err = row_key(desk, actor, row, opened.csk);
	if (err == OUV_OK)
		err = open_doc(desk, arena, &opened, first, &mail);
	ouv_wipe(opened.csk, sizeof(opened.csk));
	if (err != OUV_OK || !mail.ok)
		return "";
	return first_words(arena, mail.reply_text);
}

enum ouv_err
ouv_desk_held(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, enum ouv_held which, const char *after,
	struct ouv_case_list *list_out)
{
	static const char *const queues[OUV_HELD__COUNT] = { "held", "aside",
		"months" };
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct ouv_case_list result = { 0 };
	struct store_case_line *rows;
	struct store_held_note *notes;
	struct ouv_id after_id;
	char hex[OUV_ID_HEX];
	int64_t after_us;
	size_t count;

	TRY(list_cursor(after, &after_us, &after_id));
	TRY(store_begin(desk->store, &tx));
	/* One more than shown tells whether there is a next page. */
	TRY(store_case_list(tx, arena, &actor->person, queues[which], after_us,
		&after_id, PAGE + 1, &rows, &count));
	TRY(store_held_notes(tx, arena, rows, count, &actor->person, &notes));
	TRY(store_commit(&tx));
	result.count = count > PAGE ? PAGE : count;
	result.lines =
		ouv_arena_array(arena, result.count, sizeof(*result.lines));
	for (size_t i = 0; i < result.count; i++) {
		struct ouv_case_line *line = &result.lines[i];

		list_line(&rows[i], line);
		line->last_at = rows[i].c.last_at / 1000000;
		line->why = notes[i].why;
		line->guess = list_guess(&notes[i].guess);
		list_summary(desk, arena, actor, &rows[i], line);
		/* A month's file is of many. */
		line->words = which == OUV_HELD_MONTHS
				      ? ""
				      : held_begins(desk, arena, actor,
						&rows[i], &notes[i].first);
	}
	if (count > PAGE) {
		ouv_id_hex(&rows[PAGE - 1].c.id, hex);
		result.after = ouv_arena_printf(
			arena, "%" PRId64 "-%s", rows[PAGE - 1].c.last_at, hex);
	}
	*list_out = result;
	return ouv_desk_seen(desk, actor, "list-held");
}
