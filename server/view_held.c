/*
 * view_held.c - a message that waits for a person: why, and what can be done
 */
#include <stdio.h>
#include <string.h>

#include "ouv/id.h"

#include "reason.h"
#include "view.h"

/* clang-format off */
static const struct sheet_field
	attribute_fields[] = { { "to", "case_number" }, { "as", "attribute_as" },
		{ "remember", "attribute_remember" }, { NULL, NULL } },
	person_fields[] = { { "from_name", "from_name" },
		{ "from_addr", "from_addr" }, { "subject", "subject" },
		{ NULL, NULL } },
	discard_fields[] = { { "reason", "discard_reason" },
		{ "note", "note" }, { NULL, NULL } },
	no_fields[] = { { NULL, NULL } };

static const char *const discard_reasons[] = { "spam", "not-for-us",
	"duplicate", "empty", "threat-or-abuse", "other", NULL };
/* clang-format on */

static const char *
word_of(const struct request *request, const char *prefix, const char *code)
{
	return words_code(&request->server->words, request->lang, prefix, code);
}

void
view_why(const struct request *request, json_t *data, const char *code)
{
	const char *word = code == NULL ? NULL : word_of(request, "why_", code);

	view_flag(data, "has_why", code != NULL);
	view_flag(data, "has_why_code", code != NULL && word == NULL);
	view_line(data, "why_code", code);
	if (code != NULL && word == NULL)
		view_word(request, data, "why", "why_other");
	else
		view_line(data, "why", word);
}

void
view_guess(const struct request *request, json_t *data,
	const struct ouv_guess *guess)
{
	const char *number = guess->protocol;

	view_flag(data, "has_guess", guess->lead != NULL);
	view_code(request, data, "lead", "lead_",
		guess->lead != NULL ? guess->lead : "");
	view_flag(data, "has_guess_case", number != NULL);
	view_line(data, "guess_case", number);
	view_line(data, "guess_path",
		ouv_arena_printf(request->arena, "/cases/%s",
			number != NULL ? number : ""));
	view_flag(
		data, "has_side", guess->side != NULL && *guess->side != '\0');
	view_code(request, data, "side", "lane_",
		guess->side != NULL ? guess->side : "");
}

static const char *
first_why(const struct ouv_case_view *view)
{
	const char *code = view->line.why;

	for (size_t i = 0; code == NULL && i < view->item_count; i++)
		code = view->items[i].why;
	return code;
}

/* A file of automatic mail has no subject and no sender: it holds many. */
static bool
is_desk_file(const char *why)
{
	return why != NULL && strcmp(why, "automatic") == 0;
}

const char *
view_unnamed(const struct request *request, const struct ouv_case_view *view)
{
	return words_get(&request->server->words, request->lang,
		is_desk_file(first_why(view)) ? "desk_file" : "no_subject");
}

void
view_held_line(const struct request *request, json_t *data,
	const struct ouv_case_line *line)
{
	view_why(request, data, line->why);
	if (!is_desk_file(line->why))
		return;
	view_word(request, data, "subject", "desk_file");
	view_flag(data, "has_subject", true);
	view_flag(data, "has_from", true);
}

/* The reason on top of the page. */
static void
add_reason(const struct request *request, json_t *data,
	const struct ouv_case_view *view)
{
	const char *code = first_why(view);
	const char *family;

	family = code != NULL ? reason_of(code)->family : "other";
	view_why(request, data, code);
	view_line(data, "danger", word_of(request, "danger_", family));
	view_line(data, "todo", word_of(request, "todo_", family));
	view_flag(data, "has_reason", code != NULL);
	view_flag(data, "is_set_aside", view->line.aside != NULL);
	view_code(request, data, "aside", "discard_",
		view->line.aside != NULL ? view->line.aside : "");
}

/* Who wrote the first message, and how much came. */
static void
add_sender(const struct request *request, json_t *data,
	const struct ouv_case_view *view)
{
	static const struct ouv_mail_addr nobody = { "", "" };
	const struct ouv_mail_addr *from = &nobody;
	size_t size = 0, files = 0;

	for (size_t i = 0; i < view->item_count; i++) {
		const struct ouv_mail *mail = &view->items[i].mail;

		if (from == &nobody && mail->from.count > 0)
			from = &mail->from.list[0];
		size += mail->size;
		files += mail->part_count;
	}
	view_line(data, "sender_name", from->name);
	view_line(data, "sender_addr", from->addr);
	view_flag(
		data, "has_sender", *from->name != '\0' || *from->addr != '\0');
	view_size(request, data, "held_size", size);
	view_number(data, "file_count", (int64_t)files);
	view_flag(data, "has_file_count", files > 0);
	view_flag(data, "has_one_file", files == 1);
}

/* ---- accepting
 * ---------------------------------------------------------------- */

/* Whose words they are if nobody says otherwise: a party's only when nothing
 * speaks against it, for what a party said may be shown to that party. */
static const char *
likely_side(const struct ouv_item_view *item, const struct ouv_guess *guess)
{
	if (guess == NULL || guess->side == NULL || *guess->side == '\0' ||
		item->why == NULL || reason_of(item->why)->doubtful)
		return "third";
	return guess->side;
}

/* Is it this form for this message that was sent? */
static bool
was_sent_to(const struct sheet *sheet, const char *item, const char *protocol)
{
	const char *of = sheet_typed(sheet, "item");
	const char *to = sheet_typed(sheet, "to");

	return of != NULL && strcmp(of, item) == 0 && to != NULL &&
	       strcmp(to, protocol) == 0;
}

static bool
was_sent_to_a_guess(const struct sheet *sheet, const char *hex,
	const struct ouv_item_view *item)
{
	for (size_t i = 0; i < item->guess_count; i++)
		if (item->guesses[i].protocol != NULL &&
			was_sent_to(sheet, hex, item->guesses[i].protocol))
			return true;
	return false;
}

static void
add_sides(
	const struct sheet *sheet, json_t *form, bool mine, const char *likely)
{
	static const char *const sides[] = { "consumer", "company", "third" };
	const char *typed = mine ? sheet_typed(sheet, "as") : NULL;

	for (size_t i = 0; i < sizeof(sides) / sizeof(sides[0]); i++)
		view_flag(form,
			ouv_arena_printf(
				sheet->request->arena, "as_%s", sides[i]),
			strcmp(sides[i], typed != NULL ? typed : likely) == 0);
	view_flag(form, "is_remembered",
		mine && sheet_typed(sheet, "remember") != NULL);
}

/* guess NULL: the form where a protocol number is typed. */
static json_t *
attribute_form(struct sheet *sheet, const struct ouv_item_view *item,
	const struct ouv_guess *guess, size_t number)
{
	static const struct ouv_guess none = { NULL, NULL, NULL };
	struct ouv_arena *arena = sheet->request->arena;
	char hex[OUV_ID_HEX];
	json_t *form;
	bool mine;

	ouv_id_hex(&item->id, hex);
	if (guess != NULL) {
		mine = was_sent_to(sheet, hex, guess->protocol);
	} else {
		const char *of = sheet_typed(sheet, "item");

		mine = of != NULL && strcmp(of, hex) == 0 &&
		       !was_sent_to_a_guess(sheet, hex, item);
	}
	form = sheet_form(sheet, "attribute",
		ouv_arena_printf(arena, "attribute-%d-%zu", item->seq, number),
		mine, attribute_fields);
	mine = sheet_is_mine(sheet, "attribute", mine);
	view_line(form, "item", hex);
	view_flag(form, "is_typed", guess == NULL);
	if (guess != NULL)
		view_line(form, "to", guess->protocol);
	view_guess(sheet->request, form, guess != NULL ? guess : &none);
	add_sides(sheet, form, mine, likely_side(item, guess));
	return form;
}

/* The forms of one message; those of cases that one may read come first. */
static json_t *
acceptance(struct sheet *sheet, const struct ouv_item_view *item)
{
	json_t *one = json_object(), *forms = json_array();
	json_t *closed = json_array();

	for (size_t i = 0; i < item->guess_count; i++) {
		const struct ouv_guess *guess = &item->guesses[i];
		json_t *unreadable;

		if (guess->protocol != NULL) {
			json_array_append_new(forms,
				attribute_form(sheet, item, guess, i + 1));
			continue;
		}
		unreadable = json_object();
		view_guess(sheet->request, unreadable, guess);
		json_array_append_new(closed, unreadable);
	}
	json_array_append_new(forms, attribute_form(sheet, item, NULL, 0));
	view_number(one, "item_seq", item->seq);
	json_object_set_new(one, "forms", forms);
	json_object_set_new(one, "unreadable", closed);
	return one;
}

static void
add_attributions(
	struct sheet *sheet, json_t *data, const struct ouv_case_view *view)
{
	json_t *list = json_array();

	for (size_t i = 0; view->may_attribute && i < view->item_count; i++)
		if (view_is_incoming(&view->items[i]))
			json_array_append_new(
				list, acceptance(sheet, &view->items[i]));
	view_flag(data, "has_several", json_array_size(list) > 1);
	json_object_set_new(data, "attributions", list);
}

/* ---- the other decisions
 * ------------------------------------------------------ */

/* Nobody could read who wrote it: a person types that in. */
static bool
is_by_hand(const struct ouv_case_view *view)
{
	for (size_t i = 0; i < view->item_count; i++) {
		const struct ouv_mail *mail = &view->items[i].mail;

		if (view->items[i].kind == OUV_ITEM_UNPARSED || !mail->ok ||
			mail->from.count == 0 ||
			!ouv_mail_addr_ok(mail->from.list[0].addr))
			return true;
	}
	return false;
}

static void
add_form(struct sheet *sheet, json_t *data, const char *key, const char *verb,
	bool may, const struct sheet_field *fields)
{
	json_object_set_new(data, key,
		may ? sheet_form(sheet, verb, key, true, fields)
		    : json_false());
}

static void
add_discard(struct sheet *sheet, json_t *data, const struct ouv_case_view *view)
{
	bool mine = sheet_is_mine(sheet, "discard", true);

	add_form(sheet, data, "discard", "discard", view->may_discard,
		discard_fields);
	if (view->may_discard)
		json_object_set_new(json_object_get(data, "discard"), "reasons",
			sheet_choices(sheet, mine, "reason", "discard_",
				discard_reasons));
	/* What came since it was shown was not looked at. */
	if (view->may_discard)
		view_number(json_object_get(data, "discard"), "rev",
			view->line.rev);
}

/* Only what the gateway did not manage is worth another try. */
static bool
is_worth_a_try(const struct ouv_case_view *view)
{
	for (size_t i = 0; i < view->item_count; i++) {
		const char *why = view->items[i].why;

		if (view->items[i].kind == OUV_ITEM_UNPARSED)
			return true;
		if (why != NULL && reason_of(why)->retry)
			return true;
	}
	return false;
}

/* Will the desk send no acknowledgement when it is registered? */
static bool
is_quiet(const struct ouv_case_view *view)
{
	size_t count = 0;

	for (size_t i = 0; i < view->item_count; i++) {
		const struct ouv_item_view *item = &view->items[i];

		if (!view_is_incoming(item))
			continue;
		if (++count > 1 || !item->mail.may_ack ||
			(item->why != NULL && reason_of(item->why)->quiet))
			return true;
	}
	return false;
}

void
view_held(struct sheet *sheet, json_t *data, const struct ouv_case_view *view)
{
	bool by_hand = is_by_hand(view);

	add_reason(sheet->request, data, view);
	add_sender(sheet->request, data, view);
	add_attributions(sheet, data, view);
	add_form(sheet, data, "register", "register",
		view->may_register && !by_hand, no_fields);
	view_flag(data, "is_quiet", is_quiet(view));
	add_form(sheet, data, "retry", "retry",
		view->may_retry && is_worth_a_try(view), no_fields);
	add_form(sheet, data, "by_hand", "register",
		view->may_register && by_hand, person_fields);
	add_discard(sheet, data, view);
	add_form(sheet, data, "restore", "restore", view->may_restore,
		no_fields);
	view_flag(data, "may_decide",
		view->may_attribute || view->may_register ||
			view->may_discard || view->may_retry ||
			view->may_restore);
}
