/*
 * view_timeline.c - the messages of a case in their order: whose they are, what
 * is new, which are open, and how much of them one page holds
 *
 * A page of a long case must stay light: it holds the last messages, and their
 * words as far as there is room.  What has none is one link away.
 */
#include <stdlib.h>
#include <string.h>

#include "ouv/buf.h"
#include "ouv/clock.h"

#include "utf8.h"
#include "view.h"

#define ROWS 20        /* messages on a page */
#define ROOM 24000     /* bytes that they may take on it, about */
#define ROW 600        /* of which one takes when it is folded away */
#define BODY 1300      /* what else stands around its words */
#define FILE_ROW 480   /* an attachment, and how far it is read */
#define TEXT_MOST 5000 /* of its words, unless it is asked for by itself */
#define NEWS 4         /* named at the head of the page */
#define FIRST_WORDS 110

enum lane {
	ALL,
	CONSUMER,
	COMPANY,
	INTERNAL,
	LANES
};
/* clang-format off */
static const struct {
	const char *name, *word;
	enum ouv_lane lane;
} lanes[LANES] = {
	[ALL] = { "", "lane_all", OUV_LANE__COUNT },
	[CONSUMER] = { "consumer", "lane_consumer", OUV_LANE_CONSUMER },
	[COMPANY] = { "company", "lane_company", OUV_LANE_COMPANY },
	[INTERNAL] = { "internal", "lane_internal", OUV_LANE_INTERNAL },
};
static const char *const icons[OUV_ITEM__COUNT] = {
	[OUV_ITEM_MAIL_IN] = "mail-in",
	[OUV_ITEM_AUTO_IN] = "automatic",
	[OUV_ITEM_MAIL_OUT] = "mail-out",
	[OUV_ITEM_AUTO_OUT] = "automatic",
	[OUV_ITEM_NOTE] = "internal",
	[OUV_ITEM_UNPARSED] = "warning",
};
/* clang-format on */

struct row {
	const struct ouv_item_view *item;
	bool open, body, whole; /* whole: with the quoted text, folded */
	size_t words;           /* so many bytes of its words */
};
struct thread {
	const struct request *request;
	const struct ouv_case_view *view;
	const char *path;
	enum lane lane;
	bool all;     /* everything open */
	int one;      /* the message asked for by its number; 0: none */
	int before;   /* messages before this one; 0: the last ones */
	bool earlier; /* there are such before these */
	struct row rows[ROWS];
	size_t count; /* newest first */
	size_t room;
};

/* ---- what is asked for -----------------------------------------------------
 */

static int
number_of(const struct request *request, const char *name)
{
	const char *text = form_get(&request->query_form, name);
	char *end;
	long n;

	if (text == NULL || *text < '1' || *text > '9')
		return 0;
	n = strtol(text, &end, 10);
	return *end == '\0' && n < 1000000 ? (int)n : 0;
}

static void
read_wishes(struct thread *t)
{
	const struct form *query = &t->request->query_form;
	const char *lane = form_get(query, "lane");
	const char *open = form_get(query, "open");

	for (int i = CONSUMER; lane != NULL && i < LANES; i++)
		if (strcmp(lane, lanes[i].name) == 0)
			t->lane = (enum lane)i;
	t->all = open != NULL && strcmp(open, "all") == 0;
	t->one = number_of(t->request, "open");
	t->before = number_of(t->request, "before");
	if (t->one > 0 && t->before == 0 && t->view->item_count >= ROWS &&
		t->one <= t->view->items[t->view->item_count - ROWS].seq)
		t->before = t->one + ROWS / 2;
}

/* "/cases/N?lane=company&before=7": any of them may be none. */
static const char *
address(const struct thread *t, enum lane lane, const char *open, int before)
{
	struct ouv_arena *arena = t->request->arena;
	const char *sign = "?", *out = t->path;

	if (lane != ALL) {
		out = ouv_arena_printf(
			arena, "%s%slane=%s", out, sign, lanes[lane].name);
		sign = "&";
	}
	if (open != NULL) {
		out = ouv_arena_printf(arena, "%s%sopen=%s", out, sign, open);
		sign = "&";
	}
	if (before > 0)
		out = ouv_arena_printf(
			arena, "%s%sbefore=%d", out, sign, before);
	return out;
}

/* ---- which are on this page, and how much of each --------------------------
 */

const char *
view_fresh_text(const struct ouv_mail *mail)
{
	const char *text = mail->text != NULL ? mail->text : "";
	const char *fresh = mail->reply_text;

	return fresh != NULL && *fresh != '\0' ? fresh : text;
}

size_t
view_byte_cost(char byte)
{
	return byte != '\0' && strchr("<>&\"'", byte) != NULL ? 6 : 1;
}

size_t
view_fitting(const char *text, size_t room)
{
	size_t n = 0, cost = 0;

	for (; text[n] != '\0'; n++) {
		cost += view_byte_cost(text[n]);
		if (cost > room)
			break;
	}
	while (n > 0 && text[n] != '\0' &&
		((unsigned char)text[n] & 0xc0) == 0x80)
		n--;
	return n;
}

static size_t
cost_of(const char *text)
{
	size_t cost = 0;

	for (; *text != '\0'; text++)
		cost += view_byte_cost(*text);
	return cost;
}

static size_t
around(const struct ouv_item_view *item)
{
	return BODY + FILE_ROW * item->mail.part_count;
}

static bool
belongs(const struct thread *t, const struct ouv_item_view *item)
{
	return (t->lane == ALL || item->lane == lanes[t->lane].lane) &&
	       (t->before == 0 || item->seq < t->before);
}

/* The whole message, if it is more than its own words and not too long. */
static size_t
whole_cost(const struct ouv_mail *mail)
{
	const char *text = mail->text;
	size_t cost;

	if (text == NULL || strcmp(text, view_fresh_text(mail)) == 0)
		return 0;
	cost = cost_of(text);
	return cost < TEXT_MOST ? cost : 0;
}

/* The last ones; where all are to be open, as many as there is room for. */
static void
choose(struct thread *t)
{
	size_t taken = 0;

	for (size_t i = t->view->item_count; i-- > 0;) {
		const struct ouv_item_view *item = &t->view->items[i];
		size_t cost = cost_of(view_fresh_text(&item->mail));

		if (!belongs(t, item))
			continue;
		taken += ROW + around(item) +
			 (cost < TEXT_MOST ? cost : TEXT_MOST) +
			 whole_cost(&item->mail);
		if (t->count == ROWS ||
			(t->all && t->count > 0 && taken > ROOM)) {
			t->earlier = true;
			return;
		}
		t->rows[t->count++].item = item;
	}
}

/* New ones are open, the one asked for, the last that was said, and the last
 * that came. */
static void
choose_open(struct thread *t)
{
	bool said = false, came = false;

	for (size_t i = 0; i < t->count; i++) {
		struct row *row = &t->rows[i];
		const struct ouv_item_view *item = row->item;

		row->open = t->all || item->seq == t->one ||
			    t->view->line.protocol == NULL;
		if (view_is_automatic(item)) {
			row->open = row->open && t->one == item->seq;
			continue;
		}
		row->open = row->open || item->is_new || !said ||
			    (!came && view_is_incoming(item));
		said = true;
		came = came || view_is_incoming(item);
	}
}

static void
give(struct thread *t, struct row *row, size_t most)
{
	const char *fresh = view_fresh_text(&row->item->mail);
	size_t need = around(row->item), cost;

	row->words = view_fitting(fresh, most);
	if (row->body || need > t->room)
		return;
	t->room -= need;
	if (row->words > t->room)
		row->words = view_fitting(fresh, t->room);
	row->body = true;
	cost = cost_of(fresh);
	t->room -= cost < t->room && row->words == strlen(fresh)
			   ? cost
			   : (row->words < t->room ? row->words : t->room);
	cost = whole_cost(&row->item->mail);
	row->whole = cost > 0 && cost <= (t->all ? t->room : t->room / 2);
	if (row->whole)
		t->room -= cost;
}

static void
share(struct thread *t)
{
	size_t rows = t->count * ROW;

	t->room = rows < ROOM ? ROOM - rows : 0;
	for (size_t i = 0; i < t->count; i++)
		if (t->rows[i].open && t->rows[i].item->seq == t->one)
			give(t, &t->rows[i], t->room);
	for (size_t i = 0; i < t->count; i++)
		if (t->rows[i].open)
			give(t, &t->rows[i], TEXT_MOST);
	for (size_t i = 0; i < t->count; i++) {
		const char *fresh = view_fresh_text(&t->rows[i].item->mail);

		/* What is folded away is whole or not there. */
		if (!t->rows[i].body && cost_of(fresh) < TEXT_MOST &&
			cost_of(fresh) + around(t->rows[i].item) < t->room)
			give(t, &t->rows[i], TEXT_MOST);
	}
}

/* ---- as the page shows them -------------------------------------------------
 */

/* Without half a character at its end. */
static size_t
whole_chars(const char *line)
{
	size_t at = 0, left = strlen(line), n;
	uint32_t code;

	while (left > 0 && (n = utf8_step(line + at, left, &code)) > 0) {
		at += n;
		left -= n;
	}
	return left < 4 ? at : at + left;
}

/* The beginning, on one line. */
static const char *
first_words(const struct request *request, const char *text)
{
	size_t cut = view_fitting(text, 4L * FIRST_WORDS), n = 0;
	char *line = ouv_arena_strndup(request->arena, text, cut);

	for (const char *p = line; *p != '\0' && n < FIRST_WORDS; p++) {
		bool blank = strchr(" \t\r\n", *p) != NULL;

		if (!blank)
			line[n++] = *p;
		else if (n > 0 && line[n - 1] != ' ')
			line[n++] = ' ';
	}
	line[n] = '\0';
	return ouv_arena_printf(request->arena, "%.*s%s",
		(int)whole_chars(line), line,
		n >= FIRST_WORDS || cut < strlen(text) ? "…" : "");
}

/* Two cases of one matter: this one may go on in another. */
static bool
may_join(const struct thread *t)
{
	const struct ouv_move *move;

	return t->view->line.protocol != NULL && !t->view->in_conflict &&
	       ouv_workflow_find(t->view->line.state, OUV_ACTION_MERGE,
		       t->request->actor->role, &move) == OUV_OK;
}

static json_t *
make_row(const struct thread *t, const struct row *row)
{
	const struct ouv_item_view *item = row->item;
	const char *fresh = view_fresh_text(&item->mail);
	const char *number =
		ouv_arena_printf(t->request->arena, "%d", item->seq);
	json_t *one = view_item(t->request, t->path, item);

	view_flag(one, "may_add", t->view->may_attribute);
	view_flag(one, "may_join", may_join(t));
	view_line(one, "icon", icons[item->kind]);
	view_line(one, "by", view_item_by(item));
	view_flag(one, "is_new", item->is_new);
	view_flag(one, "is_open", row->open);
	view_flag(one, "has_body", row->body);
	view_line(one, "first_words", first_words(t->request, fresh));
	view_number(one, "file_count", (int64_t)item->mail.part_count);
	view_flag(one, "has_one_file", item->mail.part_count == 1);
	view_line(one, "open_path",
		ouv_arena_printf(t->request->arena, "%s#item-%d",
			address(t, t->lane, number, t->before), item->seq));
	view_text(one, "fresh_text",
		row->body ? ouv_arena_strndup(
				    t->request->arena, fresh, row->words)
			  : "");
	view_flag(one, "is_cut", row->body && row->words < strlen(fresh));
	view_flag(one, "is_alone", item->seq == t->one);
	view_flag(one, "has_more", row->whole);
	if (!row->whole)
		view_text(one, "whole_text", "");
	return one;
}

static void
add_lanes(const struct thread *t, json_t *data)
{
	json_t *list = json_array();

	for (int i = ALL; i < LANES; i++) {
		int64_t n = 0;
		json_t *one;

		for (size_t k = 0; k < t->view->item_count; k++)
			n += i == ALL ||
			     t->view->items[k].lane == lanes[i].lane;
		if (n == 0 && i != ALL)
			continue;
		one = json_object();
		view_word(t->request, one, "name", lanes[i].word);
		view_line(one, "lane", lanes[i].name);
		view_number(one, "count", n);
		view_flag(one, "is_current", (int)t->lane == i);
		view_line(one, "lane_path",
			ouv_arena_printf(t->request->arena, "%s#timeline",
				address(t, (enum lane)i, NULL, 0)));
		json_array_append_new(list, one);
	}
	view_flag(data, "has_lanes", json_array_size(list) > 2);
	json_object_set_new(data, "lanes", list);
}

static void
add_pages(const struct thread *t, json_t *data)
{
	const char *open = t->all ? "all" : NULL;
	int first = t->count > 0 ? t->rows[t->count - 1].item->seq : 0;

	view_flag(data, "has_earlier", t->earlier);
	view_line(data, "earlier_path",
		ouv_arena_printf(t->request->arena, "%s#timeline",
			address(t, t->lane, open, first)));
	view_flag(data, "has_later_items", t->before != 0);
	view_line(data, "latest_path",
		ouv_arena_printf(t->request->arena, "%s#timeline",
			address(t, t->lane, open, 0)));
	view_flag(data, "has_folded", t->count > 1);
	view_flag(data, "is_all_open", t->all);
	view_line(data, "open_all_path",
		ouv_arena_printf(t->request->arena, "%s#timeline",
			address(t, t->lane, t->all ? NULL : "all", t->before)));
}

static bool
is_whole(const struct thread *t, const struct ouv_item_view *item)
{
	for (size_t i = 0; i < t->count; i++) {
		const struct row *row = &t->rows[i];

		if (row->item == item)
			return row->body &&
			       row->words >=
				       strlen(view_fresh_text(&item->mail));
	}
	return false;
}

/* "#1-#49, #52": paper has no links, so it says what it lacks. */
static void
add_missing(const struct thread *t, json_t *data)
{
	const struct ouv_case_view *view = t->view;
	struct ouv_buf buf;
	int first = 0, last = 0;

	ouv_buf_init(&buf, t->request->arena, 128);
	for (size_t i = 0; i <= view->item_count; i++) {
		const struct ouv_item_view *item =
			i < view->item_count ? &view->items[i] : NULL;

		if (item != NULL && t->lane != ALL &&
			item->lane != lanes[t->lane].lane)
			continue;
		if (item != NULL && !is_whole(t, item)) {
			first = first == 0 ? item->seq : first;
			last = item->seq;
			continue;
		}
		if (first != 0)
			ouv_buf_printf(
				&buf, "%s#%d", buf.len > 0 ? ", " : "", first);
		if (last > first)
			ouv_buf_printf(&buf, "–#%d", last);
		first = last = 0;
	}
	view_flag(data, "has_missing", buf.len > 0);
	view_line(data, "missing", buf.len > 0 ? buf.data : "");
}

/* What came since the last visit, at the head of the page. */
static void
add_news(const struct thread *t, json_t *data)
{
	json_t *list = json_array();
	int64_t count = 0;

	for (size_t i = t->view->item_count; i-- > 0;) {
		const struct ouv_item_view *item = &t->view->items[i];
		json_t *one;

		if (!item->is_new || ++count > NEWS)
			continue;
		one = json_object();
		view_number(one, "seq", item->seq);
		view_line(one, "item_path",
			view_item_path(t->request, data, t->path, item->seq));
		view_code(t->request, one, "kind_name", "kind_",
			ouv_item_kind_name(item->kind));
		view_line(one, "by", view_item_by(item));
		view_time(t->request, one, "at", item->at);
		json_array_append_new(list, one);
	}
	view_number(data, "new_count", count);
	view_flag(data, "has_news", count > 0);
	view_flag(data, "has_one_news", count == 1);
	view_flag(data, "has_more_news", count > NEWS);
	json_object_set_new(data, "news_items", list);
}

static bool
is_here(const json_t *data, int seq)
{
	const json_t *items = json_object_get(data, "items");

	for (size_t i = 0; i < json_array_size(items); i++)
		if (json_integer_value(json_object_get(
			    json_array_get(items, i), "seq")) == seq)
			return true;
	return false;
}

const char *
view_item_path(const struct request *request, const json_t *data,
	const char *path, int seq)
{
	if (is_here(data, seq))
		return ouv_arena_printf(request->arena, "#item-%d", seq);
	return ouv_arena_printf(
		request->arena, "%s?open=%d#item-%d", path, seq, seq);
}

void
view_timeline(const struct request *request, json_t *data,
	const struct ouv_case_view *view, const char *path)
{
	struct thread t = { .request = request, .view = view, .path = path };
	json_t *items = json_array();

	read_wishes(&t);
	choose(&t);
	choose_open(&t);
	share(&t);
	for (size_t i = t.count; i-- > 0;)
		json_array_append_new(items, make_row(&t, &t.rows[i]));
	view_flag(data, "has_items", t.count > 0);
	json_object_set_new(data, "items", items);
	view_number(data, "message_count", (int64_t)view->item_count);
	add_missing(&t, data);
	add_lanes(&t, data);
	add_pages(&t, data);
	add_news(&t, data);
	view_lookers(request, data, view);
}
