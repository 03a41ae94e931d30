/*
 * page_track.c - a consumer's case on one page: where it stands, what they may
 * do, what was written; a message in full; an attachment
 *
 * Each message is opened with the key that their code made.  A long one is cut,
 * so that the page stays small, and read in full at an address of its own.
 */
#include <stdlib.h>
#include <string.h>

#include "move.h"
#include "page.h"
#include "reply.h"
#include "track.h"

#define AT_ONCE 8  /* messages */
#define SHORT 1200 /* bytes of one on the page of all */
#define LONG 24000 /* ... on its own */

/* ---- what may be done ------------------------------------------------------
 */

static json_t *
make_deed(const struct request *request, const char *value, const char *label)
{
	json_t *one = json_object();

	view_line(one, "deed", label);
	view_line(one, "deed_path",
		ouv_arena_printf(request->arena, TRACK_HERE "/say?what=%s",
			form_escape(request->arena, value)));
	return one;
}

static void
add_deeds(const struct track *t, json_t *data)
{
	static const char *const wishes[] = { "message", "person", "data" };
	const struct request *request = t->request;
	json_t *now = json_array(), *always = json_array();

	for (size_t i = 0; i < t->page.choice_count; i++) {
		const struct ouv_party_choice *c = &t->page.choices[i];

		json_array_append_new(now,
			make_deed(request, link_choice_value(request->arena, c),
				link_choice_label(request, c)));
	}
	for (size_t i = 0; i < sizeof(wishes) / sizeof(wishes[0]); i++)
		json_array_append_new(always,
			make_deed(request, wishes[i],
				view_word_of(request, "track_do_", wishes[i])));
	view_flag(data, "has_deeds", json_array_size(now) > 0);
	json_object_set_new(data, "deeds", now);
	json_object_set_new(data, "wishes", always);
}

static void
add_standing(const struct track *t, json_t *data)
{
	const struct request *request = t->request;
	const struct ouv_party_page *page = &t->page;
	const bool open = ouv_state_is_open(page->state);

	view_code(request, data, "standing", "link_state_",
		ouv_state_name(page->state));
	view_code(request, data, "turn", "link_turn_", link_turn(page));
	view_time(request, data, "by", open ? page->due_at : 0);
	view_flag(data, "is_open", open);
	view_flag(data, "is_closed", page->state == OUV_STATE_CLOSED);
	view_flag(data, "is_waiting", page->waiting);
	view_time(request, data, "released_until", page->released_until);
	json_object_set_new(data, "steps", track_steps(request, page->state));
}

/* ---- what was written ------------------------------------------------------
 */

static json_t *
make_file(const struct request *request, const struct ouv_page_message *m,
	const struct ouv_page_file *file)
{
	json_t *one = json_object();

	move_line(one, "file_name", file->name);
	view_size(request, one, "size", file->size);
	view_line(one, "file_path",
		ouv_arena_printf(request->arena,
			TRACK_HERE "/messages/%d/files/%d", m->seq,
			file->part + 1));
	return one;
}

static bool
inside_char(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

/* At most so many bytes of it, whole words where there are any; how many. */
static size_t
fitting(const char *text, size_t most)
{
	size_t len = strlen(text), word;

	if (len <= most)
		return len;
	len = most;
	while (len > 0 && inside_char(text[len]))
		len--;
	word = len;
	while (word > 0 && strchr(" \n", text[word]) == NULL)
		word--;
	return word > len / 2 ? word : len;
}

/* The address at which it goes on, or, from the page of all, all of it. */
static const char *
rest_path(const struct request *request, int seq, size_t at, bool alone)
{
	if (!alone)
		return ouv_arena_printf(
			request->arena, TRACK_HERE "/messages/%d", seq);
	return ouv_arena_printf(
		request->arena, TRACK_HERE "/messages/%d?from=%zu", seq, at);
}

static json_t *
make_message(const struct request *request, const struct ouv_page_message *m,
	size_t from, size_t most)
{
	const size_t len = strlen(m->text);
	const char *text = m->text + (from < len ? from : len);
	const bool alone = most == LONG;
	size_t part;
	json_t *one = json_object(), *files = json_array();

	while (inside_char(*text))
		text++; /* whoever changes the address by hand */
	part = fitting(text, most);
	view_code(request, one, "from", "track_from_", m->from);
	view_time(request, one, "at", m->at);
	view_number(one, "seq", m->seq);
	view_line(one, "message_path",
		ouv_arena_printf(
			request->arena, TRACK_HERE "/messages/%d", m->seq));
	move_line(one, "message_subject", m->subject);
	move_body(one, "message_text",
		ouv_arena_strndup(request->arena, text, part));
	view_flag(one, "has_words", m->words);
	view_flag(one, "is_cut", text[part] != '\0');
	view_flag(one, "is_alone", alone);
	view_line(one, "rest_path",
		rest_path(request, m->seq, (size_t)(text - m->text) + part,
			alone));
	view_line(one, "text_lang",
		m->lang != NULL && *m->lang != '\0' ? m->lang : "und");
	view_flag(one, "is_released", m->released);
	view_time(request, one, "message_until", m->until_at);
	for (size_t i = 0; i < m->file_count; i++)
		json_array_append_new(
			files, make_file(request, m, &m->files[i]));
	view_flag(one, "has_files", m->file_count > 0);
	json_object_set_new(one, "files", files);
	return one;
}

static int
number(const char *text)
{
	if (text == NULL || *text == '\0' || strlen(text) > 6 ||
		text[strspn(text, "0123456789")] != '\0')
		return 0;
	return (int)strtol(text, NULL, 10);
}

static enum ouv_err
add_messages(const struct track *t, json_t *data)
{
	const struct request *request = t->request;
	const int before = number(form_get(&request->query_form, "before"));
	struct ouv_page_messages m;
	json_t *list;
	enum ouv_err err = ouv_desk_page_messages(
		t->desk, request->arena, &t->visit, NULL, before, AT_ONCE, &m);

	if (err != OUV_OK)
		return err;
	list = json_array();
	for (size_t i = 0; i < m.count; i++)
		json_array_append_new(
			list, make_message(request, &m.list[i], 0, SHORT));
	view_flag(data, "has_messages", m.count > 0);
	view_flag(data, "has_lacking", m.lacking > 0);
	view_number(data, "lacking", m.lacking);
	view_flag(data, "is_later", before > 0);
	view_flag(data, "has_older", m.more);
	view_line(data, "older_path",
		m.more ? ouv_arena_printf(request->arena,
				 TRACK_HERE "?before=%d#messages",
				 m.list[m.count - 1].seq)
		       : "");
	json_object_set_new(data, "messages", list);
	return OUV_OK;
}

/* ---- pages -----------------------------------------------------------------
 */

void
page_track(struct request *request)
{
	const char *done = form_get(&request->query_form, "done");
	struct track t;
	json_t *data;
	enum ouv_err err;

	if (!track_enter(request, &t))
		return;
	data = track_base(&t, "track_title", TRACK_HERE);
	add_standing(&t, data);
	add_deeds(&t, data);
	err = add_messages(&t, data);
	if (err != OUV_OK) {
		json_decref(data);
		track_error(&t, err);
		return;
	}
	view_flag(data, "has_done", done != NULL);
	view_code(request, data, "done", "track_done_",
		done != NULL && (strcmp(done, "person") == 0 ||
					strcmp(done, "data") == 0 ||
					strcmp(done, "message") == 0)
			? done
			: "decide");
	reply_page(request, 200, "track", data);
	track_end(&t);
}

/* The one of that number, if they may read it. */
static enum ouv_err
one_message(const struct track *t, int seq, struct ouv_page_messages *out)
{
	enum ouv_err err;

	if (seq < 1)
		return OUV_NOT_FOUND;
	err = ouv_desk_page_messages(
		t->desk, t->request->arena, &t->visit, NULL, seq + 1, 1, out);
	if (err == OUV_OK && (out->count == 0 || out->list[0].seq != seq))
		err = OUV_NOT_FOUND;
	return err;
}

void
page_track_message(struct request *request)
{
	const int seq = number(request->args[0]);
	const int from = number(form_get(&request->query_form, "from"));
	struct ouv_page_messages m;
	struct track t;
	json_t *data, *list;
	enum ouv_err err;

	if (!track_enter(request, &t))
		return;
	err = one_message(&t, seq, &m);
	if (err != OUV_OK) {
		if (err == OUV_NOT_FOUND)
			page_error(request, 404);
		else
			page_error_desk(request, err);
		track_end(&t);
		return;
	}
	data = track_base(&t, "track_message_title",
		ouv_arena_printf(
			request->arena, TRACK_HERE "/messages/%d", seq));
	list = json_array();
	for (size_t i = 0; i < m.count; i++)
		json_array_append_new(list,
			make_message(request, &m.list[i], (size_t)from, LONG));
	json_object_set_new(data, "messages", list);
	reply_page(request, 200, "trackmessage", data);
	track_end(&t);
}

/* Never shown in the page's own name: a picture is a download as well. */
void
page_track_file(struct request *request)
{
	const int seq = number(request->args[0]);
	const int part = number(request->args[1]);
	const char *name = "";
	struct ouv_str bytes;
	struct track t;
	enum ouv_err err;

	if (!track_enter(request, &t))
		return;
	err = seq > 0 && part > 0
		      ? ouv_desk_page_file(t.desk, request->arena, &t.visit,
				NULL, seq, part - 1, &bytes, &name)
		      : OUV_NOT_FOUND;
	track_end(&t);
	if (err == OUV_NOT_FOUND) {
		page_error(request, 404);
		return;
	}
	if (err != OUV_OK) {
		page_error_desk(request, err);
		return;
	}
	reply_bytes(request, 200, "application/octet-stream", bytes);
	reply_header_set(request, "Content-Security-Policy",
		"sandbox; default-src 'none'");
	reply_header(request, "Content-Disposition",
		download_name(
			request, *name != '\0' ? name : request->args[1]));
}
