/*
 * view_form.c - the form of a move, made of nothing but what its verb declares
 *
 * A field that may be given several times is called NAME, NAME-2, ...; such
 * fields that stand together are rows of one table.  All rows are there, so
 * that none has to be added; those left empty are not counted.  Only of
 * codebooks, which are long, the last ones come when those before are filled.
 */
#include <string.h>

#include "ouv/clock.h"
#include "ouv/disclosure.h"

#include "move.h"

/* Rows shown besides those that are filled; the others wait behind a line. */
#define SPARE_ROWS 1
#define CLOSED_ROWS 4           /* of codebooks an empty form has so many */
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
	if (n == 1)
		return field->value != NULL ? field->value : "";
	for (int i = 0; field->more != NULL && field->more[i] != NULL; i++)
		if (i == n - 2)
			return field->more[i];
	return "";
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

static const char *
choice_label(const struct making *m, const struct ouv_field_decl *decl,
	const struct ouv_choice *choice)
{
	const char *word;

	if (choice->label != NULL)
		return choice->label;
	for (size_t i = 0; (decl->kind == OUV_FIELD_ITEM ||
				   decl->kind == OUV_FIELD_PIECES) &&
			   i < m->view->item_count;
		i++)
		if (strcmp(ouv_arena_printf(m->request->arena, "%d",
				   m->view->items[i].seq),
			    choice->value) == 0)
			return item_label(m, &m->view->items[i]);
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

static struct ouv_choice *
items_as_choices(const struct making *m, size_t *count_out)
{
	size_t n = m->view->item_count;
	struct ouv_choice *list =
		ouv_arena_array(m->request->arena, n, sizeof(*list));

	for (size_t i = 0; i < n; i++)
		list[i].value = ouv_arena_printf(
			m->request->arena, "%d", m->view->items[i].seq);
	*count_out = n;
	return list;
}

static bool
same(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
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
	else if (count == 0 && decl->kind == OUV_FIELD_ITEM)
		list = items_as_choices(m, &count);
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
is_chosen(enum ouv_field_kind kind)
{
	return kinds[kind].type == NULL && kind != OUV_FIELD_FLAG &&
	       kind != OUV_FIELD_PIECES;
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

	view_line(one, "field_id", id);
	view_line(one, "field_name", name);
	view_line(one, "field_label", label_of(m, decl->name));
	view_text(one, "value", value);
	view_flag(one, "is_filled", *value != '\0');
	view_flag(one, "is_required", decl->required && n == 1);
	move_line(one, "field_help", help);
	move_line(one, "field_error", error);
	view_line(one, "described",
		ouv_arena_printf(arena, "%s%s%s%s%s", help != NULL ? id : "",
			help != NULL ? "-h" : "",
			help != NULL && *error != '\0' ? " " : "",
			*error != '\0' ? id : "", *error != '\0' ? "-e" : ""));
	view_flag(one, "has_described", help != NULL || *error != '\0');
	add_kind(m, one, field, value);
	return one;
}

/* ---- rows ------------------------------------------------------------------
 */

static json_t *
make_row(const struct making *m, const struct ouv_form_field *fields,
	size_t count, int n, bool *used_out)
{
	json_t *row = json_object(), *list = json_array();

	*used_out = false;
	for (size_t i = 0; i < count; i++) {
		json_t *one = make_field(m, &fields[i], n);

		*used_out |=
			json_is_true(json_object_get(one, "is_filled")) ||
			json_is_true(json_object_get(one, "has_field_error"));
		json_array_append_new(list, one);
	}
	view_number(row, "number", n);
	json_object_set_new(row, "fields", list);
	return row;
}

/* ---- boxes -----------------------------------------------------------------
 */

/* What may be ticked, as the n-th of its page; an attachment stands below its
 * message. */
static json_t *
make_box(const struct making *m, const struct ouv_form_field *field,
	const struct ouv_choice *choice, size_t i)
{
	struct ouv_arena *arena = m->request->arena;
	const char *name = numbered(arena, field->decl->name, (int)i + 1);
	const char *asked =
		form_get(&m->request->query_form, field->decl->name);
	const char *typed = m->mine         ? form_word(m->form, name)
			    : asked != NULL ? asked
					    : "";
	json_t *one = json_object();

	view_line(one, "field_id",
		ouv_arena_printf(arena, i > 0 ? "move-%s" : "move-%s-1", name));
	view_line(one, "field_name", name);
	view_line(one, "value", choice->value);
	view_line(one, "field_label", choice_label(m, field->decl, choice));
	view_flag(one, "is_deep", strchr(choice->value, '.') != NULL);
	view_flag(one, "is_checked", strcmp(typed, choice->value) == 0);
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
			return i - i % OUV_PIECES_MOST;
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
			      "%s/do/%s?" BOXES_FROM "=%s#move-piece",
			      m->sheet->path, m->next->verb,
			      field->choices[first].value));
}

/* Where there are more than one form may hold: the part that is shown. */
static void
add_box_pages(const struct making *m, json_t *part,
	const struct ouv_form_field *field, size_t first, size_t end)
{
	const size_t most = OUV_PIECES_MOST;

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
	const size_t count = left < OUV_PIECES_MOST ? left : OUV_PIECES_MOST;
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

/* {label, rows, more_rows}: what is filled, one spare, the others closed; of
   whole codebooks not more than is needed, a filled one makes room. */
static json_t *
make_part(const struct making *m, size_t from, size_t count)
{
	const struct ouv_form_field *fields = &m->next->fields[from];
	const char *first = fields[0].decl->name;
	int all = rows_of(fields[0].decl), spare = SPARE_ROWS, filled = 0;
	json_t *part = json_object(), *rows = json_array(),
	       *more = json_array();
	const char *legend =
		move_word(m->request, "rows_", m->next->verb, first);
	/* Numbers alone stand side by side, all of them. */
	bool slots = count == 1 && fields[0].decl->kind == OUV_FIELD_NUMBER;
	bool books = fields[0].decl->kind == OUV_FIELD_CODE;

	for (int n = 1; n <= all; n++) {
		bool used;
		json_t *row = make_row(m, fields, count, n, &used);

		filled += used ? 1 : 0;
		if (books && !used && n > CLOSED_ROWS && n > filled + 1) {
			json_decref(row);
			continue;
		}
		json_array_append_new(
			slots || used || n == 1 || spare-- > 0 ? rows : more,
			row);
	}
	view_flag(part, "is_rows", all > 1);
	view_flag(part, "is_boxes", false);
	view_flag(part, "is_slots", slots);
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
static void
add_behalf(const struct making *m, json_t *form)
{
	bool behalf = is_party(m->next->role);

	view_flag(form, "is_behalf", behalf);
	view_line(form, "behalf", behalf ? ouv_role_name(m->next->role) : "");
	view_code(m->request, form, "behalf_name", "role_",
		ouv_role_name(m->next->role));
	json_object_set_new(form, "sources",
		sheet_choices(m->sheet, m->mine, "source", "source_", sources));
}

json_t *
view_form(struct sheet *sheet, const struct ouv_case_view *view,
	const struct ouv_next *next)
{
	struct making m = { .sheet = sheet,
		.request = sheet->request,
		.view = view,
		.next = next,
		.mine = sheet_is_mine(sheet, next->verb, true) };
	json_t *form = sheet_form(
		sheet, next->verb, "move", true, list_of(sheet->request, next));
	json_t *parts = json_array();

	m.form = form;
	for (size_t i = 0; i < next->field_count;) {
		const struct ouv_form_field *field = &next->fields[i];
		bool boxes = field->decl->kind == OUV_FIELD_PIECES;
		size_t count = boxes ? 1 : run_of(next, i);

		json_array_append_new(parts, boxes ? make_boxes(&m, field)
						   : make_part(&m, i, count));
		i += count;
	}
	view_flag(form, "has_parts", next->field_count > 0);
	json_object_set_new(form, "parts", parts);
	add_behalf(&m, form);
	return form;
}
