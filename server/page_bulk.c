/*
 * page_bulk.c - one act for many cases: first what would happen to each, then
 * it is done, each case for itself
 *
 * The list posts what was chosen ("case-NUMBER" with the revision it showed)
 * and the act.  The first answer rehearses it; its form, sent, does it.  A part
 * of that form that was done already is not done again.  Where a choice is
 * missing, the list itself comes back, with what was chosen and typed.
 */
#include <string.h>

#include "ouv/clock.h"

#include "cases.h"
#include "move.h"
#include "page.h"
#include "reply.h"
#include "session.h"
#include "view.h"
#include "wish.h"

#define PREFIX "case-"
#define HERE "/cases/bulk"
#define NOTE_MOST 4000

/* ---- what may be done with many ---------------------------------------------
 */

/* clang-format off */
static const struct bulk {
	const char *name, *verb;
	const char *typed; /* the list's field; NULL: none */
	const char *field; /* the verb's */
	bool person;       /* ... whose value is a login */
} bulks[] = {
	{ "assign",   "assign",   "to",       "to",       true },
	{ "take",     "assign",   NULL,       "to",       true }, /* oneself */
	{ "team",     "team",     "to",       "person",   true },
	{ "severity", "classify", "severity", "severity", false },
	{ "note",     "note",     "note",     "text",     false },
	{ "open",     "open",     NULL,       NULL,       false },
};
/* clang-format on */

struct many {
	const struct bulk *bulk;
	const char *value; /* of the verb's field; "" none */
	const char *shown; /* as a person reads it */
	const char *list;  /* where it was chosen: the query of its address */
	size_t count;
	struct one {
		const char *number, *rev;
		enum ouv_err err;
		bool repeated;
		const char *why;              /* NULL: it can be done, or was */
		const struct ouv_chosen *was; /* NULL: not for this reader */
	} cases[OUV_WORK_PAGE];
};

static const struct bulk *
find(const char *name)
{
	for (size_t i = 0; name != NULL && i < sizeof(bulks) / sizeof(bulks[0]);
		i++)
		if (strcmp(bulks[i].name, name) == 0)
			return &bulks[i];
	return NULL;
}

/* False: no form of ours. */
static bool
read_many(const struct request *request, struct many *many)
{
	const struct form *form = &request->form;
	const char *typed;

	*many = (struct many){ .bulk = find(form_get(form, "bulk")),
		.value = "",
		.list = form_get(form, "list") };
	if (many->list == NULL)
		many->list = "";
	if (many->bulk == NULL)
		return false;
	if (many->bulk->typed != NULL) {
		typed = form_get(form, many->bulk->typed);
		many->value = typed != NULL ? typed : "";
	} else if (many->bulk->field != NULL) {
		many->value = request->actor->login;
	}
	if (strlen(many->value) > NOTE_MOST)
		return false;
	for (size_t i = 0; i < form->count; i++) {
		const struct ouv_field *f = &form->fields[i];

		if (strncmp(f->name, PREFIX, strlen(PREFIX)) != 0)
			continue;
		if (many->count == OUV_WORK_PAGE)
			return false;
		many->cases[many->count++] =
			(struct one){ .number = f->name + strlen(PREFIX),
				.rev = f->value };
	}
	return true;
}

/* How the cases are before anything is done. */
static enum ouv_err
read_lines(struct request *request, struct many *many)
{
	const char *numbers[OUV_WORK_PAGE];
	struct ouv_chosen *list;
	struct ouv_desk *desk;
	size_t count;
	enum ouv_err err = desk_here(request->server, &desk);

	for (size_t i = 0; i < many->count; i++)
		numbers[i] = many->cases[i].number;
	if (err == OUV_OK)
		err = ouv_desk_chosen(desk, request->arena, request->actor,
			numbers, many->count, &list, &count);
	for (size_t k = 0; err == OUV_OK && k < count; k++)
		for (size_t i = 0; i < many->count; i++)
			if (list[k].line.protocol != NULL &&
				strcmp(list[k].line.protocol, numbers[i]) == 0)
				many->cases[i].was = &list[k];
	return err;
}

/* A colleague's name, a code's word, else as it was typed. */
static enum ouv_err
find_shown(struct request *request, struct many *many)
{
	struct ouv_colleague *people;
	struct ouv_desk *desk;
	enum ouv_err err;
	size_t count = 0;

	many->shown = many->value;
	if (*many->value == '\0')
		return OUV_OK;
	if (strcmp(many->bulk->name, "severity") == 0)
		many->shown = view_word_of(request, "severity_", many->value);
	if (!many->bulk->person)
		return OUV_OK;
	err = desk_here(request->server, &desk);
	if (err == OUV_OK)
		err = ouv_desk_colleagues(
			desk, request->arena, &people, &count);
	for (size_t i = 0; err == OUV_OK && i < count; i++)
		if (strcmp(people[i].login, many->value) == 0)
			many->shown = people[i].name;
	return err;
}

/* ---- one case ---------------------------------------------------------------
 */

/* What it is now, of what the act changes; NULL: nothing that a line shows. */
static const char *
before(const struct request *request, const struct many *many,
	const struct one *one)
{
	const char *name = many->bulk->name, *owner;

	if (one->was == NULL || strcmp(name, "note") == 0 ||
		strcmp(name, "team") == 0)
		return NULL;
	if (strcmp(name, "severity") == 0)
		return one->was->severity != NULL
			       ? view_word_of(request, "severity_",
					 one->was->severity)
			       : words_get(&request->server->words,
					 request->lang, "no_severity");
	if (strcmp(name, "open") == 0)
		return view_word_of(request, "state_",
			ouv_state_name(one->was->line.state));
	owner = one->was->line.owner;
	return owner != NULL ? owner
			     : words_get(&request->server->words, request->lang,
				       "nobody");
}

static const char *
after(const struct request *request, const struct many *many)
{
	if (strcmp(many->bulk->name, "open") == 0)
		return view_word_of(
			request, "state_", ouv_state_name(OUV_STATE_TRIAGE));
	return many->shown;
}

/* Nothing would change: that is told, not done.  Colleagues may have the same
 * name, so what is compared is what is sent. */
static bool
is_same(const struct many *many, const struct one *one)
{
	const char *was = NULL;

	if (one->was != NULL && strcmp(many->bulk->field, "to") == 0)
		was = one->was->owner;
	else if (one->was != NULL && strcmp(many->bulk->field, "severity") == 0)
		was = one->was->severity;
	return was != NULL && strcmp(was, many->value) == 0;
}

/* A word in which the name of the case's state stands at its "#". */
static const char *
of_state(const struct request *request, const struct one *one, const char *word)
{
	const char *at = strchr(word, '#');

	if (at == NULL)
		return word;
	return ouv_arena_printf(request->arena, "%.*s%s%s", (int)(at - word),
		word,
		view_word_of(request, "state_",
			ouv_state_name(one->was->line.state)),
		at + 1);
}

/* No such step in this state, or no key: what the case says of it. */
static const char *
place_word(const struct request *request, const struct many *many,
	const struct one *one, enum ouv_err err)
{
	const struct words *words = &request->server->words;
	const char *word;

	if (one->was == NULL)
		return err == OUV_REFUSED ? words_get(words, request->lang,
						    "bulk_why_no_key")
					  : NULL;
	if (err != OUV_INVALID)
		return NULL;
	word = words_code(
		words, request->lang, "bulk_why_state_", many->bulk->verb);
	return of_state(request, one,
		word != NULL
			? word
			: words_get(words, request->lang, "bulk_why_state"));
}

static const char *
refused_word(const struct request *request, const struct ouv_verb_result *r)
{
	json_t *guards = move_guards(request, r->failed);
	const char *text = json_string_value(
		json_object_get(json_array_get(guards, 0), "guard"));
	const char *word =
		text != NULL ? ouv_arena_strdup(request->arena, text) : NULL;

	json_decref(guards);
	return word;
}

/* Why not, in words. */
static const char *
why(const struct request *request, const struct many *many,
	const struct one *one, enum ouv_err err,
	const struct ouv_verb_result *r)
{
	const struct words *words = &request->server->words;
	const char *word = NULL;

	if (err == OUV_OK)
		return NULL;
	if (err == OUV_INVALID && r->error_count > 0)
		word = words_code(words, request->lang,
			ouv_arena_printf(request->arena, "bulk_why_%s_%s_",
				many->bulk->name, r->errors[0].field),
			r->errors[0].code);
	if (word == NULL && err == OUV_INVALID && r->error_count > 0)
		word = words_code(words, request->lang,
			ouv_arena_printf(request->arena, "bulk_why_%s_",
				many->bulk->name),
			r->errors[0].code);
	if (word == NULL && err == OUV_INVALID && r->error_count > 0)
		word = move_word(
			request, "field_", many->bulk->verb, r->errors[0].code);
	if (err == OUV_REFUSED && r->failed != 0)
		word = refused_word(request, r);
	if (word == NULL && r->error_count == 0 && r->failed == 0)
		word = place_word(request, many, one, err);
	if (word == NULL)
		word = words_code(
			words, request->lang, "bulk_why_", ouv_err_name(err));
	return word != NULL ? word
			    : words_get(words, request->lang, "bulk_why_other");
}

static enum ouv_err
run_one(struct request *request, struct ouv_desk *desk, const struct many *many,
	struct one *one, const char *key, struct ouv_verb_result *result)
{
	struct ouv_field fields[4] = { { "rev", one->rev },
		{ many->bulk->field, many->value } };
	size_t count = many->bulk->field != NULL ? 2 : 1;

	/* Its form has these two always; they stay as they are. */
	if (strcmp(many->bulk->verb, "classify") == 0 && one->was != NULL) {
		fields[count++] = (struct ouv_field){ "kind",
			one->was->kind != NULL ? one->was->kind : "" };
		fields[count++] = (struct ouv_field){ "urgent",
			one->was->urgent ? "1" : "" };
	}

	if (key == NULL)
		return ouv_desk_rehearse(desk, request->arena, request->actor,
			one->number, many->bulk->verb, fields, count, result);
	return ouv_desk_do(desk, request->arena, request->actor, one->number,
		many->bulk->verb,
		ouv_form_key_part(request->arena, key, one->number), fields,
		count, result);
}

static const char *
in_vain(const struct request *request, const struct many *many,
	const struct one *one, bool sure)
{
	if (!sure && many->bulk->field != NULL && is_same(many, one))
		return words_get(&request->server->words, request->lang,
			"bulk_why_same");
	return NULL;
}

/* Rehearses (key NULL) or does each.  step_up: nothing of it, a code first. */
static enum ouv_err
run_all(struct request *request, struct many *many, const char *key,
	bool *step_up)
{
	struct ouv_desk *desk;

	*step_up = false;
	for (size_t i = 0; i < many->count; i++) {
		struct one *one = &many->cases[i];
		struct ouv_verb_result result = { 0 };
		enum ouv_err err = desk_here(request->server, &desk);

		one->why = in_vain(request, many, one, key != NULL);
		if (one->why != NULL)
			continue;
		if (err == OUV_OK)
			err = run_one(request, desk, many, one, key, &result);
		if (err == OUV_TEMPORARY)
			return err;
		one->err = err;
		one->repeated = result.repeated;
		*step_up |= err == OUV_REFUSED && result.step_up;
		one->why = why(request, many, one, err, &result);
	}
	return OUV_OK;
}

/* ---- the two pages ----------------------------------------------------------
 */

/* Which case it is, and what becomes of it. */
static void
add_line(const struct request *request, json_t *row, const struct many *many,
	const struct one *one)
{
	const char *was = before(request, many, one);
	const char *subject = one->was != NULL ? one->was->line.subject : "";
	const char *from = one->was != NULL ? one->was->line.from_name : "";

	view_flag(row, "has_subject", *subject != '\0');
	view_line(row, "subject", subject);
	view_flag(row, "has_from_name", *from != '\0');
	view_line(row, "from_name", from);
	view_flag(row, "has_change", was != NULL && one->why == NULL);
	view_line(row, "was", was != NULL ? was : "");
	view_line(row, "becomes", after(request, many));
}

static void
add_rows(const struct request *request, json_t *data, const struct many *many)
{
	json_t *can = json_array(), *cannot = json_array();

	for (size_t i = 0; i < many->count; i++) {
		const struct one *one = &many->cases[i];
		json_t *row = json_object();

		view_line(row, "number", one->number);
		view_line(row, "rev", one->rev);
		view_line(row, "case_path",
			ouv_arena_printf(request->arena, "/cases/%s",
				form_escape(request->arena, one->number)));
		view_flag(row, "is_repeated", one->repeated);
		add_line(request, row, many, one);
		view_line(row, "why", one->why != NULL ? one->why : "");
		json_array_append_new(one->why == NULL ? can : cannot, row);
	}
	view_number(data, "can_count", (int64_t)json_array_size(can));
	view_number(data, "cannot_count", (int64_t)json_array_size(cannot));
	view_flag(data, "has_one_can", json_array_size(can) == 1);
	view_flag(data, "has_one_cannot", json_array_size(cannot) == 1);
	view_flag(data, "has_can", json_array_size(can) > 0);
	view_flag(data, "has_cannot", json_array_size(cannot) > 0);
	json_object_set_new(data, "can", can);
	json_object_set_new(data, "cannot", cannot);
}

static void
show(struct request *request, const struct many *many, const char *key)
{
	json_t *data = view_base(request, "bulk_title");
	const bool note = strcmp(many->bulk->name, "note") == 0;

	view_flag(data, "at_worklist", true);
	view_flag(data, "is_done", key != NULL);
	view_line(data, "csrf", session_token(request, HERE));
	view_line(data, "form_key", key != NULL ? key : sheet_new_key(request));
	view_line(data, "bulk", many->bulk->name);
	view_code(request, data, "act", "bulk_", many->bulk->name);
	view_flag(data, "has_value",
		many->bulk->typed != NULL && *many->value != '\0');
	view_line(data, "field",
		many->bulk->typed != NULL ? many->bulk->typed : "");
	view_text(data, "value", many->value);
	view_flag(data, "has_shown", *many->shown != '\0');
	view_text(data, "shown", many->shown);
	view_flag(data, "is_note", note);
	view_line(data, "list_query", many->list);
	view_line(data, "list_path", wish_back(request, many->list));
	add_rows(request, data, many);
	if (key == NULL && json_is_true(json_object_get(data, "has_can")))
		view_carry(data, "bulk-form", HERE);
	reply_page(request, 200, "bulk", data);
}

/* True: nothing was chosen, or not what is to be done; it is asked for. */
static bool
asks(struct request *request, const struct many *many)
{
	struct missing missing[3] = { { NULL, NULL } };
	size_t n = 0;

	if (many->count == 0)
		missing[n++] = (struct missing){ "cases", "bulk_nothing" };
	if (many->bulk->typed != NULL &&
		many->value[strspn(many->value, " \t\n")] == '\0')
		missing[n++] = (struct missing){ many->bulk->typed,
			ouv_arena_printf(request->arena, "bulk_why_%s_empty",
				many->bulk->name) };
	if (n > 0)
		worklist_choose(request, many->list, missing);
	return n > 0;
}

void
page_bulk(struct request *request)
{
	const char *confirmed = form_get(&request->form, "confirmed");
	const char *key = form_get(&request->form, "form_key");
	struct many many;
	bool step_up;
	enum ouv_err err;

	if (!read_many(request, &many) || (confirmed != NULL && key == NULL)) {
		page_error(request, 400);
		return;
	}
	if (asks(request, &many))
		return;
	if (confirmed == NULL)
		key = NULL;
	err = find_shown(request, &many);
	if (err == OUV_OK)
		err = read_lines(request, &many);
	if (err == OUV_OK)
		err = run_all(request, &many, key, &step_up);
	if (err != OUV_OK)
		page_error_desk(request, err);
	else if (step_up)
		page_step_up(request);
	else
		show(request, &many, key);
}

/* As if it had just been chosen on the list. */
void
page_bulk_again(struct request *request)
{
	struct form *form = &request->form;
	size_t n = 0;

	for (size_t i = 0; i < form->count; i++)
		if (strcmp(form->fields[i].name, "confirmed") != 0)
			form->fields[n++] = form->fields[i];
	form->count = n;
	page_bulk(request);
}
