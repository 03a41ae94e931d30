/*
 * view_form.c - the form of a move, made of nothing but what its verb declares
 *
 * A field that may be given several times is called NAME, NAME-2, ...; such
 * fields that stand together are rows of one table.  All rows are there, so
 * that none has to be added; those left empty are not counted.  Only of
 * codebooks, which are long, the last ones come when those before are filled,
 * and a filled one that finds no room offers what it has or nothing: emptied,
 * it comes back whole.
 */
#include <stdlib.h>
#include <string.h>

#include "ouv/clock.h"
#include "ouv/disclosure.h"

#include "move.h"

/* Rows shown besides those that are filled; the others wait behind a line. */
#define SPARE_ROWS 1
/* Of whole codebooks no more than so many rows fit a page that stays light. */
#define WHOLE_ROWS 4
#define BOXES_FROM "boxes_from" /* with which box a page of them begins */

/* clang-format off */
static const char *const sources[] = { "letter", "call", "fax", "chat", NULL };

/* How a field of each kind is typed; NULL: it is chosen. */
static const struct {
	const char *type;
	bool brief;
} kinds[OUV_FIELD__COUNT] = {
	[OUV_FIELD_LINE] = { "text", false },
	[OUV_FIELD_WORDS] = { "text", false },
	[OUV_FIELD_DAY] = { "date", true },
	[OUV_FIELD_PAST_DAY] = { "date", true },
	[OUV_FIELD_NUMBER] = { "number", true },
	[OUV_FIELD_PROTOCOL] = { "text", true },
};
/* clang-format on */

struct making {
	struct sheet *sheet;
	const struct request *request;
	const struct ouv_case_view *view;
	const struct ouv_next *next;
	const json_t *form; /* as sheet_form made it */
	bool mine;
	bool kept; /* a row that offers what it has, or nothing */
	bool late; /* somebody set what it sets while it was filled in */
};

static const char *
numbered(struct ouv_arena *arena, const char *name, int n)
{
	return n == 1 ? name : ouv_arena_printf(arena, "%s-%d", name, n);
}

static int
rows_of(const struct ouv_field_decl *decl)
{
	return decl->repeat > 1 ? decl->repeat : 1;
}

/* ---- what stands in a field ------------------------------------------------
 */

/* The text of the message that the form, or its address, names. */
static const char *
item_text(const struct making *m)
{
	const char *item = m->mine ? form_get(&m->request->form, "item")
				   : form_get(&m->request->query_form, "item");

	for (size_t i = 0; item != NULL && i < m->view->item_count; i++)
		if (strcmp(ouv_arena_printf(m->request->arena, "%d",
				   m->view->items[i].seq),
			    item) == 0)
			return m->view->items[i].mail.text;
	return "";
}

/* The number of the message that the act is about anyway. */
static const char *
unread_item(const struct making *m)
{
	const struct ouv_item_view *item =
		view_said_unread(m->request, m->view, m->next);

	return item == NULL
		       ? ""
		       : ouv_arena_printf(m->request->arena, "%d", item->seq);
}

/* What the case has in the n-th row of a field. */
static const char *
case_value(const struct ouv_form_field *field, int n)
{
	if (n == 1)
		return field->value != NULL ? field->value : "";
	for (int i = 0; field->more != NULL && field->more[i] != NULL; i++)
		if (i == n - 2)
			return field->more[i];
	return "";
}

/* What was typed; else what the address says; else what the case has. */
static const char *
value_of(const struct making *m, const struct ouv_form_field *field,
	const char *name, int n)
{
	const char *asked = form_get(&m->request->query_form, name);

	const char *typed =
		m->mine ? json_string_value(json_object_get(m->form, name))
			: NULL;

	if (field->decl->from_item && (typed == NULL || *typed == '\0'))
		return item_text(m);
	if (m->mine)
		return typed;
	if (asked != NULL)
		return asked;
	if (field->decl->kind == OUV_FIELD_ITEM && field->decl->side != NULL)
		return unread_item(m);
	return case_value(field, n);
}

/* Does the case by now have something else there than what was typed, since
 * somebody was faster? */
static bool
is_overtaken(const struct making *m, const struct ouv_form_field *field,
	const char *name, int n)
{
	return m->late &&
	       strcmp(value_of(m, field, name, n), case_value(field, n)) != 0;
}

static const char *
form_word(const json_t *form, const char *pattern_name)
{
	const char *text =
		json_string_value(json_object_get(form, pattern_name));

	return text != NULL ? text : "";
}

/* ---- choices ---------------------------------------------------------------
 */

static json_t *
option(const char *value, const char *label, const char *chosen)
{
	json_t *one = json_object();

	view_line(one, "value", value);
	view_line(one, "label", label);
	view_flag(one, "is_current", strcmp(value, chosen) == 0);
	return one;
}

/* "#4 Message from Ana Souza, 3 Dec 2026". */
static const char *
item_label(const struct making *m, const struct ouv_item_view *item)
{
	json_t *one = view_item(m->request, "", item);
	const char *who =
		form_word(one, view_is_incoming(item) ? "from_who" : "author");
	const char *label =
		ouv_arena_printf(m->request->arena, "#%d %s %s, %s", item->seq,
			form_word(one, "kind_name"), who, form_word(one, "at"));

	json_decref(one);
	return label;
}

/* The message of this number; NULL: none. */
static const struct ouv_item_view *
item_of(const struct making *m, long seq)
{
	for (size_t i = 0; i < m->view->item_count; i++)
		if (m->view->items[i].seq == seq)
			return &m->view->items[i];
	return NULL;
}

/* clang-format off */
/* What kind of file it is, by how its type begins. */
static const struct {
	const char *type, *word;
} files[] = {
	{ "image/", "nameless_image" },
	{ "audio/", "nameless_audio" },
	{ "video/", "nameless_video" },
	{ "text/calendar", "nameless_calendar" },
	{ "text/", "nameless_text" },
	{ "message/", "nameless_message" },
	{ "application/pdf", "nameless_pdf" },
	{ "", "unnamed_file" },
};
/* clang-format on */

/* "Attachment 2: image without a name" */
static const char *
file_label(const struct making *m, const struct ouv_item_view *item, long part)
{
	const struct words *words = &m->request->server->words;
	const char *type = NULL;
	size_t i = 0;

	if (part >= 1 && (size_t)part <= item->mail.part_count)
		type = item->mail.parts[part - 1].content_type;
	while (strncmp(type != NULL ? type : "", files[i].type,
		       strlen(files[i].type)) != 0)
		i++;
	return ouv_arena_printf(m->request->arena, "%s %ld: %s",
		words_get(words, m->request->lang, "file_nth"), part,
		words_get(words, m->request->lang, files[i].word));
}

/* Of "7" the message, of "7.2" its second attachment; NULL: no such. */
static const char *
item_or_file(const struct making *m, const char *value)
{
	char *end;
	const struct ouv_item_view *item = item_of(m, strtol(value, &end, 10));

	if (item == NULL)
		return NULL;
	return *end == '.' ? file_label(m, item, strtol(end + 1, NULL, 10))
			   : item_label(m, item);
}

static const char *
choice_label(const struct making *m, const struct ouv_field_decl *decl,
	const struct ouv_choice *choice)
{
	const char *word = NULL;

	if (choice->label != NULL)
		return choice->label;
	if (decl->kind == OUV_FIELD_ITEM || decl->kind == OUV_FIELD_PIECES)
		word = item_or_file(m, choice->value);
	if (word != NULL)
		return word;
	word = move_word(m->request,
		ouv_arena_printf(m->request->arena, "word_%s_", m->next->verb),
		decl->name, choice->value);
	if (word == NULL)
		word = move_word(
			m->request, "word_", decl->name, choice->value);
	return word != NULL ? word : choice->value;
}

static struct ouv_choice *
words_as_choices(const struct making *m, const struct ouv_field_decl *decl,
	size_t *count_out)
{
	struct ouv_choice *list;
	size_t n = 0;

	while (decl->words[n] != NULL)
		n++;
	list = ouv_arena_array(m->request->arena, n, sizeof(*list));
	for (size_t i = 0; i < n; i++)
		list[i].value = decl->words[i];
	*count_out = n;
	return list;
}

static bool
same(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* One that is not among them is none. */
static const struct ouv_choice *
only_chosen(const struct ouv_choice *list, const char *chosen, size_t *count)
{
	for (size_t i = 0; i < *count; i++)
		if (strcmp(list[i].value, chosen) == 0) {
			*count = 1;
			return &list[i];
		}
	*count = 0;
	return list;
}

/* groups: [{label, has_label, options}]; a select with its levels. */
static void
add_choices(const struct making *m, json_t *one,
	const struct ouv_form_field *field, const char *chosen)
{
	const struct ouv_field_decl *decl = field->decl;
	const struct ouv_choice *list = field->choices;
	size_t count = field->choice_count;
	json_t *groups = json_array(), *options = NULL;

	if (count == 0 && decl->words != NULL)
		list = words_as_choices(m, decl, &count);
	if (m->kept)
		list = only_chosen(list, chosen, &count);
	for (size_t i = 0; i < count; i++) {
		if (i == 0 || !same(list[i].group, list[i - 1].group)) {
			json_t *group = json_object();

			options = json_array();
			move_line(group, "group", list[i].group);
			json_object_set_new(group, "options", options);
			json_array_append_new(groups, group);
		}
		json_array_append_new(options,
			option(list[i].value, choice_label(m, decl, &list[i]),
				chosen));
	}
	json_object_set_new(one, "groups", groups);
}

/* ---- one field -------------------------------------------------------------
 */

static const char *
label_of(const struct making *m, const char *name)
{
	const char *word = move_word(m->request, "label_", m->next->verb, name);

	return word != NULL ? word : name;
}

static bool
is_ticked(enum ouv_field_kind kind)
{
	return kind == OUV_FIELD_PIECES || kind == OUV_FIELD_EVIDENCE;
}

static bool
is_chosen(enum ouv_field_kind kind)
{
	return kinds[kind].type == NULL && kind != OUV_FIELD_FLAG &&
	       !is_ticked(kind);
}

/* First and last day that a date field takes; "" : any. */
static void
add_days(const struct making *m, json_t *one, enum ouv_field_kind kind)
{
	int32_t today = ouv_clock_today();
	struct ouv_arena *arena = m->request->arena;

	move_line(one, "min",
		kind == OUV_FIELD_DAY ? view_day_iso(arena, today + 1) : "");
	move_line(one, "max",
		kind == OUV_FIELD_PAST_DAY ? view_day_iso(arena, today) : "");
}

static void
add_kind(const struct making *m, json_t *one,
	const struct ouv_form_field *field, const char *value)
{
	const struct ouv_field_decl *decl = field->decl;
	const char *type = kinds[decl->kind].type;
	bool words = decl->kind == OUV_FIELD_WORDS;

	view_flag(one, "is_words", words);
	view_flag(one, "is_flag", decl->kind == OUV_FIELD_FLAG);
	view_flag(one, "is_choice", is_chosen(decl->kind));
	view_flag(one, "is_input", type != NULL && !words);
	view_flag(one, "is_short", kinds[decl->kind].brief);
	view_line(one, "type", type != NULL ? type : "");
	view_flag(one, "is_checked", strcmp(value, "1") == 0);
	view_number(one, "most", decl->most);
	view_flag(one, "has_length",
		decl->most > 0 && (words || decl->kind == OUV_FIELD_LINE));
	view_flag(one, "has_limit", decl->most > 0 && words);
	view_flag(one, "has_highest",
		decl->most > 0 && decl->kind == OUV_FIELD_NUMBER);
	view_number(one, "rows",
		decl->from_item     ? 14
		: decl->most > 1000 ? 6
				    : 3);
	add_days(m, one, decl->kind);
	if (is_chosen(decl->kind))
		add_choices(m, one, field, value);
	else
		json_object_set_new(one, "groups", json_array());
}

/* What the case has by now, in words. */
static const char *
case_word(const struct making *m, const struct ouv_form_field *field, int n)
{
	const struct words *words = &m->request->server->words;
	const char *value = case_value(field, n);
	const struct ouv_choice *list = field->choices;
	size_t count = field->choice_count;
	int32_t day;

	if (field->decl->kind == OUV_FIELD_FLAG)
		return words_get(words, m->request->lang,
			*value != '\0' ? "now_ticked" : "now_not_ticked");
	if (*value == '\0')
		return words_get(words, m->request->lang, "now_nothing");
	if (count == 0 && field->decl->words != NULL)
		list = words_as_choices(m, field->decl, &count);
	for (size_t i = 0; i < count; i++)
		if (strcmp(list[i].value, value) == 0)
			return choice_label(m, field->decl, &list[i]);
	if (field->decl->kind == OUV_FIELD_PAST_DAY &&
		view_day_typed(m->request->lang, value, &day)) {
		json_t *one = json_object();

		view_day(m->request, one, "day", day);
		value = ouv_arena_strdup(
			m->request->arena, form_word(one, "day"));
		json_decref(one);
	}
	return value;
}

/* Beside one's own what somebody else set meanwhile. */
static void
add_now(const struct making *m, json_t *one, const struct ouv_form_field *field,
	const char *name, int n)
{
	move_line(one, "now",
		is_overtaken(m, field, name, n) ? case_word(m, field, n) : "");
}

/* The ids of what is said of a field, one after another. */
static const char *
said_ids(struct ouv_arena *arena, const char *id, bool help, bool error,
	bool now)
{
	const char *ids = ouv_arena_printf(arena, "%s%s%s%s%s%s%s%s%s",
		help ? " " : "", help ? id : "", help ? "-h" : "",
		error ? " " : "", error ? id : "", error ? "-e" : "",
		now ? " " : "", now ? id : "", now ? "-n" : "");

	return *ids != '\0' ? ids + 1 : ids;
}

static json_t *
make_field(const struct making *m, const struct ouv_form_field *field, int n)
{
	struct ouv_arena *arena = m->request->arena;
	const struct ouv_field_decl *decl = field->decl;
	const char *name = numbered(arena, decl->name, n);
	const char *value = value_of(m, field, name, n);
	const char *help = n == 1 ? move_word(m->request, "labelhelp_",
					    m->next->verb, decl->name)
				  : NULL;
	const char *error =
		form_word(m->form, ouv_arena_printf(arena, "%s_error", name));
	const char *id = ouv_arena_printf(arena, "move-%s", name);
	json_t *one = json_object();
	bool now;

	view_line(one, "field_id", id);
	view_line(one, "field_name", name);
	view_line(one, "field_label", label_of(m, decl->name));
	view_text(one, "value", value);
	view_flag(one, "is_filled", *value != '\0');
	view_flag(one, "is_required", decl->required && n == 1);
	move_line(one, "field_help", help);
	move_line(one, "field_error", error);
	add_now(m, one, field, name, n);
	now = json_is_true(json_object_get(one, "has_now"));
	/* A box has its help in its label. */
	move_line(one, "described",
		said_ids(arena, id,
			help != NULL && decl->kind != OUV_FIELD_FLAG,
			*error != '\0', now));
	add_kind(m, one, field, value);
	return one;
}

/* ---- rows ------------------------------------------------------------------
 */

static json_t *
make_row(const struct making *m, const struct ouv_form_field *fields,
	size_t count, int n)
{
	json_t *row = json_object(), *list = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, make_field(m, &fields[i], n));
	view_number(row, "number", n);
	json_object_set_new(row, "fields", list);
	return row;
}

/* ---- boxes -----------------------------------------------------------------
 */

/* Does any of the boxes that were sent say so?  What may be ticked may have
 * changed since, and with it which box has which name. */
static bool
was_ticked(const struct making *m, const struct ouv_form_field *field,
	const char *value)
{
	struct ouv_arena *arena = m->request->arena;
	const char *asked =
		form_get(&m->request->query_form, field->decl->name);

	if (!m->mine)
		return asked != NULL && strcmp(asked, value) == 0;
	for (int n = 1; n <= rows_of(field->decl); n++)
		if (strcmp(form_word(m->form,
				   numbered(arena, field->decl->name, n)),
			    value) == 0)
			return true;
	return false;
}

/* What may be ticked, as the n-th of its page; an attachment stands below its
 * message. */
static json_t *
make_box(const struct making *m, const struct ouv_form_field *field,
	const struct ouv_choice *choice, size_t i)
{
	struct ouv_arena *arena = m->request->arena;
	const char *name = numbered(arena, field->decl->name, (int)i + 1);
	json_t *one = json_object();

	view_line(one, "field_id",
		ouv_arena_printf(arena, i > 0 ? "move-%s" : "move-%s-1", name));
	view_line(one, "field_name", name);
	view_line(one, "value", choice->value);
	view_line(one, "field_label", choice_label(m, field->decl, choice));
	view_flag(one, "is_deep", strchr(choice->value, '.') != NULL);
	view_flag(one, "is_checked", was_ticked(m, field, choice->value));
	move_line(one, "box_error",
		i == 0 ? ""
		       : form_word(m->form,
				 ouv_arena_printf(arena, "%s_error", name)));
	return one;
}

/* The page begins with the box that its address or its form names; a box that
 * is asked for stands on the page it has from the beginning. */
static size_t
first_box(const struct making *m, const struct ouv_form_field *field)
{
	const struct form *query = &m->request->query_form;
	const char *from = form_get(&m->request->form, BOXES_FROM);
	const char *asked = form_get(query, field->decl->name);

	if (from == NULL)
		from = form_get(query, BOXES_FROM);
	for (size_t i = 0; i < field->choice_count; i++) {
		const char *value = field->choices[i].value;

		if (from != NULL && strcmp(value, from) == 0)
			return i;
		if (from == NULL && asked != NULL && strcmp(value, asked) == 0)
			return i - i % (size_t)rows_of(field->decl);
	}
	return 0;
}

static void
add_box_page(const struct making *m, json_t *part, const char *key,
	const struct ouv_form_field *field, bool is, size_t first)
{
	struct ouv_arena *arena = m->request->arena;

	view_flag(part, ouv_arena_printf(arena, "has_%s", key), is);
	view_line(part, key,
		!is ? ""
		    : ouv_arena_printf(arena,
			      "%s/do/%s?" BOXES_FROM "=%s#move-%s",
			      m->sheet->path, m->next->verb,
			      field->choices[first].value, field->decl->name));
}

/* Where there are more than one form may hold: the part that is shown. */
static void
add_box_pages(const struct making *m, json_t *part,
	const struct ouv_form_field *field, size_t first, size_t end)
{
	const size_t most = (size_t)rows_of(field->decl);

	view_flag(part, "has_box_pages", field->choice_count > end - first);
	view_line(part, "boxes_from",
		end > first ? field->choices[first].value : "");
	view_number(part, "box_first", (int64_t)first + 1);
	view_number(part, "box_last", (int64_t)end);
	view_number(part, "box_all", (int64_t)field->choice_count);
	add_box_page(m, part, "before_path", field, first > 0,
		first > most ? first - most : 0);
	add_box_page(
		m, part, "after_path", field, end < field->choice_count, end);
}

static json_t *
make_boxes(const struct making *m, const struct ouv_form_field *field)
{
	const size_t first = first_box(m, field);
	const size_t left = field->choice_count - first;
	const size_t most = (size_t)rows_of(field->decl);
	const size_t count = left < most ? left : most;
	const char *name = field->decl->name;
	const char *error = form_word(
		m->form, ouv_arena_printf(m->request->arena, "%s_error", name));
	json_t *part = json_object(), *boxes = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(boxes,
			make_box(m, field, &field->choices[first + i], i));
	add_box_pages(m, part, field, first, first + count);
	view_flag(part, "is_rows", false);
	view_flag(part, "is_boxes", true);
	view_line(part, "boxes_id",
		ouv_arena_printf(m->request->arena, "move-%s", name));
	view_line(part, "legend", label_of(m, name));
	move_line(part, "legend_help",
		move_word(m->request, "labelhelp_", m->next->verb, name));
	move_line(part, "legend_error", error);
	view_flag(part, "has_boxes", field->choice_count > 0);
	json_object_set_new(part, "boxes", boxes);
	json_object_set_new(part, "rows", json_array());
	return part;
}

/* Neighbours that may be given several times together. */
static size_t
run_of(const struct ouv_next *next, size_t from)
{
	size_t n = 1;

	while (rows_of(next->fields[from].decl) > 1 &&
		from + n < next->field_count &&
		next->fields[from + n].decl->repeat ==
			next->fields[from].decl->repeat)
		n++;
	return n;
}

enum showing {
	GONE,
	KEPT,
	WHOLE,
};
struct row_plan {
	bool filled, wrong;
	enum showing showing;
};

/* Those that must be whole first: what is wrong, one to fill; then the filled
 * ones, then those that only wait. */
static void
share_rows(struct row_plan *rows, int all)
{
	enum turn {
		IS_WRONG,
		IS_SPARE,
		IS_FILLED,
		WAITS,
		TURNS
	};
	int room = WHOLE_ROWS;

	for (int turn = 0; turn < TURNS; turn++) {
		for (int n = 1; n <= all && room > 0; n++) {
			const struct row_plan *row = &rows[n];
			bool used = row->filled || row->wrong;

			if (row->showing == WHOLE ||
				(turn == IS_WRONG && !row->wrong) ||
				(turn == IS_SPARE && used) ||
				(turn == IS_FILLED && !used) ||
				(turn == WAITS && n > WHOLE_ROWS))
				continue;
			rows[n].showing = WHOLE;
			room--;
			if (turn == IS_SPARE)
				break;
		}
	}
	for (int n = 1; n <= all; n++)
		if (rows[n].showing != WHOLE &&
			(rows[n].filled || rows[n].wrong))
			rows[n].showing = KEPT;
}

static bool
is_wrong(const struct making *m, const char *name)
{
	return *form_word(m->form, ouv_arena_printf(m->request->arena,
					   "%s_error", name)) != '\0';
}

/* How much of each row is shown, from 1 on. */
static struct row_plan *
plan_rows(const struct making *m, const struct ouv_form_field *fields,
	size_t count, int all)
{
	struct ouv_arena *arena = m->request->arena;
	struct row_plan *rows =
		ouv_arena_array(arena, (size_t)all + 1, sizeof(*rows));

	for (int n = 1; n <= all; n++) {
		rows[n] = (struct row_plan){ .showing = GONE };
		for (size_t i = 0; i < count; i++) {
			const char *name =
				numbered(arena, fields[i].decl->name, n);

			rows[n].filled |=
				*value_of(m, &fields[i], name, n) != '\0' ||
				is_overtaken(m, &fields[i], name, n);
			rows[n].wrong |= is_wrong(m, name);
		}
		if (fields[0].decl->kind != OUV_FIELD_CODE)
			rows[n].showing = WHOLE;
	}
	if (fields[0].decl->kind == OUV_FIELD_CODE)
		share_rows(rows, all);
	return rows;
}

/* {label, rows, more_rows}: what is filled, one spare, the others closed. */
static json_t *
make_part(const struct making *m, size_t from, size_t count)
{
	const struct ouv_form_field *fields = &m->next->fields[from];
	const char *first = fields[0].decl->name;
	int all = rows_of(fields[0].decl), spare = SPARE_ROWS;
	json_t *part = json_object(), *rows = json_array(),
	       *more = json_array();
	const char *legend =
		move_word(m->request, "rows_", m->next->verb, first);
	const struct row_plan *plan = plan_rows(m, fields, count, all);
	bool kept = false;

	for (int n = 1; n <= all; n++) {
		struct making one = *m;
		bool used = plan[n].filled || plan[n].wrong;

		if (plan[n].showing == GONE)
			continue;
		one.kept = plan[n].showing == KEPT;
		kept |= one.kept;
		json_array_append_new(
			used || n == 1 || spare-- > 0 ? rows : more,
			make_row(&one, fields, count, n));
	}
	view_flag(part, "has_kept_rows", kept);
	view_flag(part, "is_rows", all > 1);
	view_flag(part, "is_boxes", false);
	view_line(part, "legend", legend != NULL ? legend : label_of(m, first));
	json_object_set_new(part, "rows", rows);
	view_flag(part, "has_more_rows", json_array_size(more) > 0);
	json_object_set_new(part, "more_rows", more);
	return part;
}

/* ---- the form --------------------------------------------------------------
 */

/* Every field's name and label, for the summary of errors. */
static const struct sheet_field *
list_of(const struct request *request, const struct ouv_next *next)
{
	struct sheet_field *list;
	size_t n = 0, k = 0;

	for (size_t i = 0; i < next->field_count; i++)
		n += (size_t)rows_of(next->fields[i].decl);
	list = ouv_arena_array(request->arena, n + 3, sizeof(*list));
	for (size_t i = 0; i < next->field_count; i++) {
		const struct ouv_field_decl *decl = next->fields[i].decl;

		for (int row = 1; row <= rows_of(decl); row++) {
			const char *key = move_key(
				request, "label_", next->verb, decl->name);

			list[k].name =
				numbered(request->arena, decl->name, row);
			list[k++].label = key != NULL ? key : "reply_text";
		}
	}
	list[k++] = (struct sheet_field){ "source", "label_source" };
	list[k++] = (struct sheet_field){ "overrule", "overrule" };
	return list;
}

static bool
is_party(enum ouv_role role)
{
	return role == OUV_ROLE_CONSUMER || role == OUV_ROLE_COMPANY;
}

/* A colleague enters what a party said to them: how they heard it. */
static json_t *
how_heard(const struct making *m)
{
	const struct request *request = m->request;
	const char *source = m->mine ? sheet_typed(m->sheet, "source") : NULL;
	json_t *list = json_array();

	if (source == NULL)
		source = form_get(&request->query_form, "source");
	for (const char *const *p = sources; *p != NULL; p++)
		view_option(list, *p, view_word_of(request, "source_", *p),
			source != NULL && strcmp(source, *p) == 0);
	return list;
}

static void
add_behalf(const struct making *m, json_t *form)
{
	bool behalf = is_party(m->next->role);

	view_flag(form, "is_behalf", behalf);
	view_line(form, "behalf", behalf ? ouv_role_name(m->next->role) : "");
	view_code(m->request, form, "behalf_name", "role_",
		ouv_role_name(m->next->role));
	json_object_set_new(form, "sources", how_heard(m));
}

/* Only this form shows what the case has; another begins empty. */
static bool
is_late(const struct sheet *sheet, const struct ouv_next *next)
{
	const struct trouble *trouble = sheet->trouble;

	if (trouble == NULL || trouble->status != 409 ||
		next->move->action != OUV_ACTION_CLASSIFY)
		return false;
	for (size_t i = 0; i < trouble->result->change_count; i++)
		if (strcmp(trouble->result->changes[i].action, next->verb) == 0)
			return true;
	return false;
}

json_t *
view_form(struct sheet *sheet, const struct ouv_case_view *view,
	const struct ouv_next *next)
{
	struct making m = { .sheet = sheet,
		.request = sheet->request,
		.view = view,
		.next = next,
		.mine = sheet_is_mine(sheet, next->verb, true),
		.late = is_late(sheet, next) };
	json_t *form = sheet_form(
		sheet, next->verb, "move", true, list_of(sheet->request, next));
	json_t *parts = json_array();

	m.form = form;
	for (size_t i = 0; i < next->field_count;) {
		const struct ouv_form_field *field = &next->fields[i];
		bool boxes = is_ticked(field->decl->kind);
		size_t count = boxes ? 1 : run_of(next, i);

		/* An index without an entry is nothing to choose from. */
		if (field->decl->kind != OUV_FIELD_EVIDENCE ||
			field->choice_count > 0)
			json_array_append_new(
				parts, boxes ? make_boxes(&m, field)
					     : make_part(&m, i, count));
		i += count;
	}
	view_flag(form, "has_parts", next->field_count > 0);
	json_object_set_new(form, "parts", parts);
	add_behalf(&m, form);
	return form;
}
