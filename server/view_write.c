/*
 * view_write.c - the composer: a letter to a party or a holding notice, what
 * the rules say of it, and the mail as it would arrive
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "ouv/clock.h"
#include "ouv/id.h"

#include "move.h"
#include "ouv/number.h"
#include "scan_words.h"
#include "scanner.h"
#include "utf8.h"
#include "view.h"
#include "write.h"

#define PROMISES 5
#define REPEATED(n)                             \
	{ "promise_text-" #n, "promise_text" }, \
	{                                       \
		"promise_by-" #n, "promise_by"  \
	}

/* clang-format off */
static const struct sheet_field
	reply_fields[] = { { "subject", "subject" }, { "text", "reply_text" },
		{ "piece", "piece" }, { "piece_find", "piece_find" }, { "overrule", "overrule" },
		{ "promise_text", "promise_text" },
		{ "promise_by", "promise_by" },
		REPEATED(2), REPEATED(3), REPEATED(4), REPEATED(5),
		{ NULL, NULL } },
	holding_fields[] = { { "reason", "holding_reason" },
		{ "new_date", "holding_date" },
		{ "what_we_do", "holding_doing" },
		{ "overrule", "overrule" }, { NULL, NULL } };

static const char *const endings[PROMISES] = { "", "-2", "-3", "-4", "-5" };
/* clang-format on */

/* ---- what the rules say
 * ----------------------------------------------------- */

/* How many UTF-16 units a browser counts in these bytes. */
static size_t
units(const char *text, size_t len)
{
	size_t n = 0;
	uint32_t code;

	while (len > 0) {
		size_t step = utf8_step(text, len, &code);

		if (step == 0)
			break;
		n += step == 4 ? 2 : 1;
		text += step;
		len -= step;
	}
	return n;
}

static const char *
field_of(const struct ouv_check *check, size_t i)
{
	if (check->fields != NULL && check->fields[i] != NULL)
		return check->fields[i];
	return check->findings[i].place == OUV_LINT_SUBJECT ? "subject"
							    : "text";
}

static const char *
typed(const struct request *request, const char *field)
{
	const char *text = form_get(&request->form, field);

	return view_clean(request->arena, text, true);
}

/* The field's own name on the page of a move, else on this one. */
static const char *
label_of(const struct request *request, const char *field)
{
	const struct sheet_field *lists[] = { reply_fields, holding_fields };
	const char *own = move_label(request, field);

	if (own != NULL)
		return own;
	for (size_t i = 0; i < 2; i++)
		for (const struct sheet_field *f = lists[i]; f->name != NULL;
			f++)
			if (strcmp(f->name, field) == 0)
				return f->label;
	return "reply_text";
}

/*
 * Where the words stand in the field as it was typed: the rules read it
 * without the blanks at its ends.
 */
static size_t
place(const char *text, const struct ouv_finding *f)
{
	size_t at = strspn(text, " \t\n") + f->offset;
	const char *found = f->found != NULL ? f->found : "";

	if (at <= strlen(text) && strncmp(text + at, found, strlen(found)) == 0)
		return at;
	found = strstr(text, found);
	return found != NULL ? (size_t)(found - text) : 0;
}

static int
line_of(const char *text, size_t at)
{
	int line = 1;

	for (size_t i = 0; i < at; i++)
		line += text[i] == '\n';
	return line;
}

static json_t *
finding(const struct request *request, const char *id,
	const struct ouv_finding *f, const char *field)
{
	const char *text = typed(request, field);
	const char *found = f->found != NULL ? f->found : "";
	size_t at = place(text, f);
	bool blocks = f->rule->severity == OUV_LINT_BLOCKS;
	json_t *one = json_object();

	view_flag(one, "blocks", blocks);
	view_word(request, one, "severity",
		blocks ? "finding_blocks" : "finding_warns");
	view_line(one, "rule", f->rule->name);
	view_line(one, "says", f->rule->says[request->lang]);
	view_line(one, "found", found);
	view_flag(one, "has_found", *found != '\0');
	view_line(one, "instead", f->instead);
	view_flag(one, "has_instead", *f->instead != '\0');
	view_word(request, one, "place", label_of(request, field));
	view_number(one, "line", line_of(text, at));
	view_flag(one, "has_line", strchr(text, '\n') != NULL);
	view_line(one, "target_path",
		ouv_arena_printf(request->arena, "#%s-%s", id, field));
	view_number(one, "at", (int64_t)units(text, at));
	view_number(one, "length", (int64_t)units(found, strlen(found)));
	return one;
}

/* What nobody may overrule comes first. */
static json_t *
findings(const struct request *request, const char *id,
	const struct ouv_check *check)
{
	json_t *list = json_array();

	for (int severity = OUV_LINT_BLOCKS; severity <= OUV_LINT_WARNS;
		severity++)
		for (size_t i = 0; check != NULL && i < check->finding_count;
			i++)
			if ((int)check->findings[i].rule->severity == severity)
				json_array_append_new(
					list, finding(request, id,
						      &check->findings[i],
						      field_of(check, i)));
	return list;
}

/* A field that is wrong before any rule is asked; not what is still empty. */
static json_t *
problems(const struct request *request, const struct ouv_verb_result *result)
{
	json_t *list = json_array();

	for (size_t i = 0; result != NULL && i < result->error_count; i++) {
		const struct ouv_field_error *error = &result->errors[i];
		json_t *one;

		if (strcmp(error->code, "empty") == 0 ||
			strcmp(error->code, "blocked") == 0 ||
			strcmp(error->code, "warned") == 0)
			continue;
		one = json_object();
		view_word(
			request, one, "place", label_of(request, error->field));
		view_code(request, one, "says", "field_", error->code);
		json_array_append_new(list, one);
	}
	return list;
}

void
view_findings(const struct request *request, json_t *data, const char *id,
	const struct ouv_check *check, const struct ouv_verb_result *result)
{
	json_t *list = findings(request, id, check);
	json_t *wrong = problems(request, result);
	bool none = json_array_size(list) == 0;

	view_line(data, "found_id",
		ouv_arena_printf(request->arena, "%s-found", id));
	view_flag(data, "has_check", check != NULL);
	view_flag(data, "is_clean", check != NULL && none);
	view_flag(data, "is_blocked", check != NULL && check->blocked);
	view_flag(data, "is_warned",
		check != NULL && check->warned && !check->blocked);
	view_flag(data, "is_settled",
		check != NULL && !none && !check->blocked && !check->warned);
	view_flag(data, "has_findings", !none);
	json_object_set_new(data, "findings", list);
	view_flag(data, "has_problems", json_array_size(wrong) > 0);
	json_object_set_new(data, "problems", wrong);
}

/* ---- the mail as it would arrive
 * -------------------------------------------- */

static void
add_mail(json_t *form, const struct ouv_check *check)
{
	bool whole = check != NULL && check->text != NULL;

	view_flag(form, "has_mail", whole);
	view_line(form, "mail_to_name", whole ? check->to_name : "");
	view_line(form, "mail_to_addr", whole ? check->to_addr : "");
	view_flag(form, "is_covered", whole && check->covered);
	view_line(form, "mail_subject", whole ? check->subject : "");
	view_text(form, "mail_text", whole ? check->text : "");
	view_line(form, "mail_lang", whole ? ouv_lang_tag(check->lang) : "");
}

/* ---- promises
 * ------------------------------------------------------------------- */

/* The sentence around these words, on one line. */
static const char *
sentence_of(const struct request *request, const struct ouv_finding *f,
	const char *field)
{
	const char *text = typed(request, field);
	size_t at = place(text, f), from = at, until = at + f->len;

	if (until > strlen(text))
		until = strlen(text);
	while (from > 0 && strchr(".!?\n", text[from - 1]) == NULL)
		from--;
	while (from < at && text[from] == ' ')
		from++;
	until += strcspn(text + until, ".!?\n");
	if (text[until] != '\0' && text[until] != '\n')
		until++;
	return ouv_arena_strndup(request->arena, text + from, until - from);
}

static const char *
named(const struct request *request, const char *name, size_t i)
{
	return ouv_arena_printf(request->arena, "%s%s", name, endings[i]);
}

static const char *
value(const json_t *form, const char *key)
{
	const char *text = json_string_value(json_object_get(form, key));

	return text != NULL ? text : "";
}

/* One promise: what, by when, and what is wrong with either. */
static json_t *
promise(const struct request *request, const json_t *form, size_t i,
	const char *text)
{
	static const char *const names[] = { "promise_text", "promise_by" };
	static const char *const keys[] = { [0] = "what", [1] = "by" };
	json_t *one = json_object();

	for (size_t k = 0; k < 2; k++) {
		const char *name = named(request, names[k], i);
		const char *error = value(form,
			ouv_arena_printf(request->arena, "%s_error", name));

		view_line(one,
			ouv_arena_printf(request->arena, "%s_name", keys[k]),
			name);
		view_line(one, keys[k], value(form, name));
		view_flag(one,
			ouv_arena_printf(
				request->arena, "has_%s_error", keys[k]),
			*error != '\0');
		view_line(one,
			ouv_arena_printf(request->arena, "%s_error", keys[k]),
			error);
	}
	view_line(one, "what", text);
	view_number(one, "number", (int64_t)i + 1);
	return one;
}

struct promises {
	const char *text[PROMISES]; /* NULL: that place is free */
};

/* What was typed stays where it was: the errors are about those names. */
static void
keep_typed(
	const struct request *request, const json_t *form, struct promises *all)
{
	for (size_t i = 0; i < PROMISES; i++) {
		const char *by = named(request, "promise_by", i);
		const char *text = named(request, "promise_text", i);

		if (*value(form, by) != '\0' ||
			*value(form, ouv_arena_printf(request->arena,
					     "%s_error", by)) != '\0')
			all->text[i] = value(form, text);
	}
}

static void
offer(struct promises *all, const char *text)
{
	for (size_t i = 0; i < PROMISES; i++)
		if (all->text[i] != NULL && strcmp(all->text[i], text) == 0)
			return;
	for (size_t i = 0; i < PROMISES; i++)
		if (all->text[i] == NULL) {
			all->text[i] = text;
			return;
		}
}

static void
add_promises(const struct request *request, json_t *form,
	const struct ouv_check *check)
{
	struct promises all = { { NULL } };
	json_t *list = json_array();

	keep_typed(request, form, &all);
	for (size_t i = 0; check != NULL && i < check->finding_count; i++) {
		const struct ouv_finding *f = &check->findings[i];

		if (strcmp(f->rule->name, "promise-without-date") == 0)
			offer(&all,
				sentence_of(request, f, field_of(check, i)));
	}
	for (size_t i = 0; i < PROMISES; i++)
		if (all.text[i] != NULL)
			json_array_append_new(
				list, promise(request, form, i, all.text[i]));
	view_flag(form, "has_promises", json_array_size(list) > 0);
	json_object_set_new(form, "promises", list);
}

/* ---- pieces
 * --------------------------------------------------------------------- */

/* "hear-you" of "piece/hear-you": part of an id. */
static const char *
short_name(const char *name)
{
	const char *slash = strrchr(name, '/');

	return slash != NULL ? slash + 1 : name;
}

static json_t *
piece(const struct request *request, const struct ouv_piece *p)
{
	json_t *one = json_object();

	view_line(one, "piece_id",
		ouv_arena_printf(
			request->arena, "piece-%s", short_name(p->name)));
	view_line(one, "piece_name", p->name);
	view_line(one, "piece_title", p->title);
	view_text(one, "piece_text", p->text);
	return one;
}

/* They come sorted by group. */
static json_t *
groups(const struct request *request, const struct ouv_piece *list,
	size_t count)
{
	json_t *all = json_array(), *pieces = NULL;

	for (size_t i = 0; i < count; i++) {
		if (i == 0 || strcmp(list[i].group, list[i - 1].group) != 0) {
			json_t *group = json_object();

			pieces = json_array();
			view_code(request, group, "group_name", "piece_group_",
				list[i].group);
			json_object_set_new(group, "pieces", pieces);
			json_array_append_new(all, group);
		}
		json_array_append_new(pieces, piece(request, &list[i]));
	}
	return all;
}

size_t
write_matching(struct ouv_piece *list, size_t count, const char *letters)
{
	size_t n = 0;

	for (size_t i = 0; i < count; i++)
		if (strcasecmp(list[i].title, letters) == 0) {
			list[0] = list[i];
			return 1;
		}
	for (size_t i = 0; i < count; i++)
		if (strcasestr(list[i].title, letters) != NULL)
			list[n++] = list[i];
	return n;
}

/* What the field of letters offers while one types. */
static void
titles(json_t *form, const struct ouv_piece *list, size_t count)
{
	json_t *all = json_array();

	for (size_t i = 0; i < count; i++) {
		json_t *one = json_object();

		view_line(one, "title_line", list[i].title);
		json_array_append_new(all, one);
	}
	json_object_set_new(form, "titles", all);
}

/* Several have the letters that were typed: those are left to choose. */
static size_t
narrow(const json_t *form, struct ouv_piece *list, size_t count)
{
	const char *letters = value(form, "piece_find");
	struct ouv_piece *kept = list;
	size_t found;

	letters += strspn(letters, " ");
	if (*letters == '\0' || *value(form, "piece_find_error") == '\0')
		return count;
	found = write_matching(kept, count, letters);
	return found > 1 ? found : count;
}

/* Without them one can write all the same. */
static void
add_pieces(const struct request *request, json_t *form,
	const struct ouv_case_view *view, const char *to)
{
	struct ouv_piece *list = NULL;
	struct ouv_desk *desk;
	size_t count = 0;

	if (desk_here(request->server, &desk) != OUV_OK ||
		ouv_desk_pieces(desk, request->arena, request->actor,
			view->line.protocol, to, request->lang, &list,
			&count) != OUV_OK)
		count = 0;
	titles(form, list, count);
	view_pieces(request, form, list, narrow(form, list, count));
}

void
view_pieces(const struct request *request, json_t *data,
	const struct ouv_piece *list, size_t count)
{
	view_flag(data, "has_pieces", count > 0);
	json_object_set_new(data, "groups", groups(request, list, count));
}

/* ---- the forms
 * ------------------------------------------------------------------ */

static const struct ouv_check *
check_of(const struct sheet *sheet, const char *verb)
{
	if (!sheet_is_mine(sheet, verb, true) || sheet->trouble->result == NULL)
		return NULL;
	return sheet->trouble->result->check;
}

static bool
is_told(const json_t *form, const char *field, const struct request *request)
{
	return *value(form, field) != '\0' ||
	       json_is_true(
		       json_object_get(form, ouv_arena_printf(request->arena,
						     "has_%s_error", field)));
}

/* The number of the last message that its writer knows.  It stays the one of
 * the first page until they were told of what has come since, and then it is
 * the last they were told of: two people who answer the same message must not
 * send two letters. */
static const char *
last_seen(const struct sheet *sheet, const char *verb,
	const struct ouv_case_view *view)
{
	const struct trouble *trouble = sheet->trouble;
	const char *typed = form_get(&sheet->request->form, "seen");
	const struct ouv_verb_result *result =
		trouble != NULL ? trouble->result : NULL;
	int last = view->item_count > 0 ? view->items[view->item_count - 1].seq
					: 0;

	if (typed != NULL && sheet_is_mine(sheet, verb, true)) {
		if (result == NULL || trouble->status != 409 ||
			result->change_count == 0)
			return typed;
		last = result->changes[result->change_count - 1].item;
	}
	return ouv_arena_printf(sheet->request->arena, "%d", last);
}

/* What both forms have: where it is checked, what was found, the mail. */
static void
add_common(const struct sheet *sheet, json_t *form, const char *verb,
	const struct ouv_case_view *view, const struct ouv_check *check)
{
	const struct request *request = sheet->request;

	view_line(form, "seen", last_seen(sheet, verb, view));
	view_line(form, "verb", verb);
	view_line(form, "check_path",
		ouv_arena_printf(request->arena, "%s/check", sheet->path));
	view_line(form, "script_path",
		request->server->assets[ASSET_SCRIPT].path);
	view_findings(request, form, verb, check, NULL);
	view_flag(form, "wants_overrule",
		(check != NULL && check->warned && !check->blocked) ||
			is_told(form, "overrule", request));
	add_mail(form, check);
}

/* The party written to: of the form that came back, else of the address. */
const char *
write_to(const struct request *request)
{
	const char *to = form_get(&request->form, "to");

	if (to == NULL || request->method != METHOD_POST)
		to = form_get(&request->query_form, "to");
	return to != NULL && strcmp(to, "company") == 0 ? "company"
							: "consumer";
}

/* "?quote=..." as the address has it: what is quoted to the one can be quoted
 * to the other. */
static const char *
quoted(const struct request *request, char sign)
{
	const char *asked = form_get(&request->query_form, "quote");

	if (asked == NULL || asked[strspn(asked, "0123456789abcdef.")] != '\0')
		return "";
	return ouv_arena_printf(request->arena, "%cquote=%s", sign, asked);
}

static void
add_party(const struct sheet *sheet, json_t *form,
	const struct ouv_case_view *view, bool company)
{
	const struct request *request = sheet->request;
	enum ouv_lang lang = company ? view->company_lang : view->lang;
	const char *name = company ? view->company_name : view->consumer_name;
	const char *addr = company ? view->company_addr : view->consumer_addr;

	view_line(form, "to", company ? "company" : "consumer");
	view_flag(form, "is_company", company);
	view_line(form, "to_name", name);
	view_line(form, "to_addr", addr);
	view_code(request, form, "to_lang", "lang_", ouv_lang_tag(lang));
	view_line(form, "to_lang_tag", ouv_lang_tag(lang));
	view_flag(form, "has_company", view->has_company);
	view_line(form, "consumer_path",
		ouv_arena_printf(request->arena, "%s%s#reply", sheet->path,
			quoted(request, '?')));
	view_line(form, "company_path",
		ouv_arena_printf(request->arena, "%s?to=company%s#reply",
			sheet->path, quoted(request, '&')));
}

/* "Re: " before it, once (RFC 5322 3.6.5). */
static const char *
reply_subject(const struct request *request, const char *subject)
{
	if (subject == NULL)
		subject = "";
	if (strncasecmp(subject, "Re:", 3) == 0)
		return subject;
	return ouv_arena_printf(request->arena, "Re: %s", subject);
}

/* What sending it does to the terms; it can be sent without knowing that. */
static void
add_effects(const struct request *request, json_t *form,
	const struct ouv_case_view *view, const char *to)
{
	struct ouv_effects effects = { 0 };
	struct ouv_desk *desk;

	if (desk_here(request->server, &desk) != OUV_OK ||
		ouv_desk_effects(desk, request->arena, request->actor,
			view->line.protocol, "reply", request->actor->role, to,
			&effects) != OUV_OK)
		effects.known = false;
	view_effects(request, form, &effects);
}

/* "ITEM.PART.PAGE" */
static bool
read_place(const char *text, struct ouv_id *item, int *part, int *page)
{
	char hex[OUV_ID_HEX];

	if (strlen(text) < OUV_ID_HEX - 1)
		return false;
	memcpy(hex, text, OUV_ID_HEX - 1);
	hex[OUV_ID_HEX - 1] = '\0';
	text += OUV_ID_HEX - 1;
	return ouv_id_parse(hex, item) == OUV_OK && ouv_passed(&text, '.') &&
	       ouv_number(&text, 0, 9999, part) && ouv_passed(&text, '.') &&
	       ouv_number(&text, 0, 9999, page) && *text == '\0';
}

/* ?quote=ITEM.PART.PAGE: the words of a page of a scan, to be answered. Without
 * them one can write all the same. */
static void
add_quote(const struct request *request, json_t *form,
	const struct ouv_case_view *view)
{
	const char *asked = form_get(&request->query_form, "quote");
	struct ouv_scan_page page;
	struct ouv_desk *desk;
	struct ouv_id item;
	int part, n;

	if (asked == NULL || !read_place(asked, &item, &part, &n) ||
		desk_here(request->server, &desk) != OUV_OK ||
		ouv_desk_scan_words(desk, request->arena, request->actor,
			view->line.protocol, &item, part, n, &page) != OUV_OK ||
		!page.read)
		return;
	view_text(form, "text", scan_quoted(request->arena, &page.words));
}

static json_t *
reply_form(struct sheet *sheet, const struct ouv_case_view *view)
{
	const struct ouv_check *check = check_of(sheet, "reply");
	json_t *form = sheet_form(sheet, "reply", "reply", true, reply_fields);
	bool company = view->has_company &&
		       strcmp(write_to(sheet->request), "company") == 0;

	/* The company does not read how the consumer calls it. */
	if (!company && !sheet_is_mine(sheet, "reply", true))
		view_line(form, "subject",
			reply_subject(sheet->request, view->line.subject));
	if (!sheet_is_mine(sheet, "reply", true))
		add_quote(sheet->request, form, view);
	add_common(sheet, form, "reply", view, check);
	add_party(sheet, form, view, company);
	add_promises(sheet->request, form, check);
	add_pieces(
		sheet->request, form, view, company ? "company" : "consumer");
	add_effects(
		sheet->request, form, view, company ? "company" : "consumer");
	return form;
}

/* The day after this one, as a date field writes it. */
static const char *
tomorrow(const struct request *request)
{
	time_t now = (time_t)ouv_clock_now();
	char text[16] = "";
	struct tm tm;

	if (localtime_r(&now, &tm) != NULL) {
		tm.tm_mday++;
		tm.tm_hour = 12;
		tm.tm_isdst = -1;
		(void)mktime(&tm);
		(void)strftime(text, sizeof(text), "%Y-%m-%d", &tm);
	}
	return ouv_arena_strdup(request->arena, text);
}

static json_t *
holding_form(struct sheet *sheet, const struct ouv_case_view *view)
{
	const struct ouv_check *check = check_of(sheet, "holding");
	json_t *form =
		sheet_form(sheet, "holding", "holding", true, holding_fields);

	add_common(sheet, form, "holding", view, check);
	add_party(sheet, form, view, false);
	view_line(form, "first_day", tomorrow(sheet->request));
	view_flag(form, "is_open_now", sheet_is_mine(sheet, "holding", true));
	return form;
}

/* Their sections have the names by which links go there. */
static void
name_form(struct sheet *sheet)
{
	if (sheet_is_mine(sheet, "reply", true))
		sheet->form = "reply-form";
	if (sheet_is_mine(sheet, "holding", true))
		sheet->form = "holding-form";
}

void
view_write(struct sheet *sheet, json_t *data, const struct ouv_case_view *view)
{
	json_object_set_new(data, "reply",
		view->may_reply ? reply_form(sheet, view) : json_false());
	json_object_set_new(data, "holding",
		view->may_hold ? holding_form(sheet, view) : json_false());
	if (sheet->form != NULL)
		name_form(sheet);
}
