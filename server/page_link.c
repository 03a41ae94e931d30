/*
 * page_link.c - a party's own page: where the case stands, what they may decide
 *
 * The address of the page is its key.  Reading it changes nothing, however
 * often and by whatever program; deciding takes two steps, of which only the
 * second one counts.
 */
#include <stdio.h>
#include <string.h>

#include "ouv/id.h"
#include "ouv/party_page.h"

#include "page.h"
#include "reply.h"
#include "session.h"
#include "track.h"

#define WORDS_MOST 6000

/* What the person sees of the two steps. */
struct step {
	int status;
	const char *what, *words;                     /* as sent; "" */
	const char *what_error, *words_error, *error; /* words; NULL: none */
	bool confirm, done;
};

/* Acts that say nothing without words. */
static const char *const wordy[] = { "complement", "comment", "ask-review",
	"ask-extension", "decline" };

static const char *
field(const struct request *request, const char *name)
{
	const char *value = form_get(&request->form, name);

	return value != NULL ? value : "";
}

/* ---- choices --------------------------------------------------------------
 */

/* "accept", "choose:2": what the form sends. */
const char *
link_choice_value(
	struct ouv_arena *arena, const struct ouv_party_choice *choice)
{
	if (choice->choice[0] == '\0')
		return choice->action;
	return ouv_arena_printf(arena, "%s:%s", choice->action, choice->choice);
}

const char *
link_choice_label(
	const struct request *request, const struct ouv_party_choice *choice)
{
	const struct words *words = &request->server->words;
	const char *value = link_choice_value(request->arena, choice);
	const char *label = words_code(words, request->lang, "link_do_", value);

	if (label != NULL)
		return label;
	label = words_code(words, request->lang, "link_do_", choice->action);
	return ouv_arena_printf(request->arena, "%s %s",
		label != NULL ? label : choice->action, choice->choice);
}

static const struct ouv_party_choice *
chosen(const struct request *request, const struct ouv_party_page *page,
	const char *what)
{
	for (size_t i = 0; i < page->choice_count; i++)
		if (strcmp(link_choice_value(request->arena, &page->choices[i]),
			    what) == 0)
			return &page->choices[i];
	return NULL;
}

static bool
needs_words(const struct ouv_party_choice *choice)
{
	for (size_t i = 0; i < sizeof(wordy) / sizeof(wordy[0]); i++)
		if (strcmp(wordy[i], choice->action) == 0)
			return true;
	return false;
}

/* ---- the page --------------------------------------------------------------
 */

/* Whose turn it is, seen by who reads. */
const char *
link_turn(const struct ouv_party_page *page)
{
	static const char *const turns[OUV_OWES__COUNT][2] = {
		[OUV_OWES_NONE] = { "none", "none" },
		[OUV_OWES_OFFICE] = { "office", "office" },
		[OUV_OWES_CONSUMER] = { "you", "other" },
		[OUV_OWES_COMPANY] = { "other", "you" },
		[OUV_OWES_BOTH] = { "both", "both" },
	};

	return turns[page->owes][page->company];
}

static void
add_error(const struct request *request, json_t *data, const char *name,
	const char *word)
{
	char key[32];

	(void)snprintf(key, sizeof(key), "has_%s", name);
	view_flag(data, key, word != NULL);
	view_line(data, name, "");
	if (word != NULL)
		view_word(request, data, name, word);
}

static void
add_choices(const struct request *request, json_t *data,
	const struct ouv_party_page *page, const struct step *step)
{
	json_t *list = json_array();
	bool wants = false;

	for (size_t i = 0; i < page->choice_count; i++) {
		const char *value =
			link_choice_value(request->arena, &page->choices[i]);
		json_t *one = json_object();

		view_line(one, "value", value);
		view_line(one, "id",
			ouv_arena_printf(request->arena, "what-%zu", i + 1));
		view_line(one, "name",
			link_choice_label(request, &page->choices[i]));
		view_flag(one, "is_current", strcmp(value, step->what) == 0);
		json_array_append_new(list, one);
		wants |= needs_words(&page->choices[i]);
	}
	view_flag(data, "wants_words", wants);
	view_flag(data, "has_choices", page->choice_count > 0);
	json_object_set_new(data, "choices", list);
}

static void
add_confirm(const struct request *request, json_t *data,
	const struct ouv_party_page *page, const struct step *step)
{
	const struct ouv_party_choice *choice =
		chosen(request, page, step->what);
	struct ouv_id id = ouv_id_new();
	char hex[OUV_ID_HEX];

	ouv_id_hex(&id, hex);
	view_flag(data, "is_confirm", step->confirm);
	view_line(data, "form_key", hex);
	view_line(data, "what", step->what);
	view_line(data, "chosen",
		choice != NULL ? link_choice_label(request, choice) : "");
	view_flag(data, "has_words", step->words[0] != '\0');
	view_text(data, "words", step->words);
}

static void
show(struct request *request, const struct ouv_party_page *page,
	const struct step *step)
{
	json_t *data;

	session_entry(request);
	data = view_base(request, "link_title");
	view_line(data, "here", request->path);
	view_line(data, "action_path", request->path);
	view_line(data, "csrf", session_token(request, request->path));
	view_line(data, "protocol", page->protocol);
	view_code(request, data, "standing", "link_state_",
		ouv_state_name(page->state));
	view_code(request, data, "turn", "link_turn_", link_turn(page));
	view_time(request, data, "by", page->due_at);
	view_flag(data, "is_waiting", page->waiting);
	view_time(request, data, "released_until", page->released_until);
	view_flag(data, "is_open", ouv_state_is_open(page->state));
	view_flag(data, "is_done", step->done);
	view_flag(data, "has_error_title", step->status >= 400);
	view_flag(data, "has_wrong",
		step->what_error != NULL || step->words_error != NULL);
	add_error(request, data, "error", step->error);
	add_error(request, data, "what_error", step->what_error);
	add_error(request, data, "words_error", step->words_error);
	add_choices(request, data, page, step);
	add_confirm(request, data, page, step);
	reply_page(request, step->status, "link", data);
}

/* Wrong, old, of an erased case: nobody learns which. */
void
link_gone(struct request *request)
{
	json_t *data;

	session_entry(request);
	data = view_base(request, "link_gone_title");
	reply_page(request, 404, "linkgone", data);
}

/* False: it has been answered. */
static bool
load(struct request *request, struct ouv_desk **desk_out,
	struct ouv_party_page *page)
{
	enum ouv_err err = desk_here(request->server, desk_out);

	if (err == OUV_OK)
		err = ouv_desk_party_page(
			*desk_out, request->arena, request->args[0], page);
	if (err == OUV_OK)
		return true;
	if (err == OUV_NOT_FOUND)
		link_gone(request);
	else
		page_error_desk(request, err);
	return false;
}

void
page_link(struct request *request)
{
	struct step step = { .status = 200, .what = "", .words = "" };
	const char *done = form_get(&request->query_form, "done");
	struct ouv_party_page page;
	struct ouv_desk *desk;

	if (strchr(request->args[0], '-') != NULL) {
		track_link(request); /* it bears the code as well */
		return;
	}
	if (!load(request, &desk, &page))
		return;
	if (page.company) { /* of before companies had a page */
		reply_redirect(request, ouv_arena_printf(request->arena,
						"/p/%s", request->args[0]));
		return;
	}
	step.done = done != NULL;
	show(request, &page, &step);
}

/* ---- deciding --------------------------------------------------------------
 */

static bool
is_blank(const char *text)
{
	return text[strspn(text, " \t\r\n")] == '\0';
}

/* What stands against it; false: nothing. */
static bool
is_wrong(const struct ouv_party_choice *choice, struct step *step)
{
	if (choice == NULL)
		step->what_error =
			step->what[0] == '\0' ? "link_choose" : "link_not_now";
	else if (needs_words(choice) && is_blank(step->words))
		step->words_error = "link_words_needed";
	if (strlen(step->words) > WORDS_MOST)
		step->words_error = "field_too_long";
	step->status = 422;
	return step->what_error != NULL || step->words_error != NULL;
}

static void
refuse_for_now(struct request *request, const struct ouv_party_page *page,
	struct step *step, int wait)
{
	reply_header(request, "Retry-After",
		ouv_arena_printf(request->arena, "%d", wait > 0 ? wait : 1));
	step->status = 429;
	step->error = "link_too_often";
	step->confirm = false;
	show(request, page, step);
}

static void
decide(struct request *request, struct ouv_desk *desk,
	const struct ouv_party_page *page,
	const struct ouv_party_choice *choice, struct step *step)
{
	/* Sent twice: the first one has taken the choices away already, and the
	 * desk knows the form. */
	const struct ouv_party_choice none = { "", "" };
	const char *label =
		choice != NULL ? link_choice_label(request, choice) : "";
	const struct ouv_party_decision decision = {
		.action = (choice != NULL ? choice : &none)->action,
		.choice = (choice != NULL ? choice : &none)->choice,
		.text = is_blank(step->words)
				? label
				: ouv_arena_printf(request->arena, "%s\n\n%s",
					  label, step->words),
		.form_key = field(request, "form_key")
	};
	int wait = 0;
	enum ouv_err err = ouv_desk_party_decide(desk, request->arena,
		request->args[0], session_address(request), &decision, &wait);

	switch (err) {
	case OUV_OK:
		reply_redirect(request, ouv_arena_printf(request->arena,
						"%s?done=1", request->path));
		return;
	case OUV_REFUSED:
		refuse_for_now(request, page, step, wait);
		return;
	case OUV_CONFLICT:
		step->status = 409;
		step->confirm = false;
		step->error = "link_not_now";
		show(request, page, step);
		return;
	case OUV_NOT_FOUND:
		link_gone(request);
		return;
	default:
		page_error_desk(request, err);
	}
}

void
page_link_post(struct request *request)
{
	struct step step = { .status = 422,
		.what = field(request, "what"),
		.words = view_clean(
			request->arena, field(request, "words"), true) };
	const struct ouv_party_choice *choice;
	struct ouv_party_page page;
	struct ouv_desk *desk;
	bool confirmed;

	if (strchr(request->args[0], '-') != NULL ||
		form_get(&request->form, "open") != NULL) {
		track_link_post(request);
		return;
	}
	if (!load(request, &desk, &page))
		return;
	choice = chosen(request, &page, step.what);
	confirmed = form_get(&request->form, "confirm") != NULL;
	if (is_wrong(choice, &step) && (choice != NULL || !confirmed)) {
		show(request, &page, &step);
		return;
	}
	step.what_error = NULL;
	step.status = 200;
	step.confirm = true;
	if (confirmed)
		decide(request, desk, &page, choice, &step);
	else
		show(request, &page, &step);
}
