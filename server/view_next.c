/*
 * view_next.c - what can happen next in a case: now, not yet and why, and what
 * a party said to a colleague
 */
#include <string.h>

#include "ouv/letter_in.h"

#include "move.h"

/* These have a place of their own on the page of the case. */
static const char *const elsewhere[] = { "open", "second", "unlink" };

enum place {
	MOVES,    /* bring the case on  */
	ACTS,     /* leave it where it is */
	CONSUMER, /* entered for a party  */
	COMPANY,
	LATER, /* a guard fails        */
	PLACES
};
/* clang-format off */
static const struct {
	const char *key, *has, *count;
} places[PLACES] = {
	[MOVES] = { "moves", "has_moves", "moves_count" },
	[ACTS] = { "acts", "has_acts", "acts_count" },
	[CONSUMER] = { "by_consumer", "has_by_consumer", "by_consumer_count" },
	[COMPANY] = { "by_company", "has_by_company", "by_company_count" },
	[LATER] = { "later", "has_later", "later_count" },
};
/* clang-format on */

static enum place
place_of(const struct ouv_next *next)
{
	if (next->failed != 0)
		return LATER;
	if (next->role == OUV_ROLE_CONSUMER)
		return CONSUMER;
	if (next->role == OUV_ROLE_COMPANY)
		return COMPANY;
	return next->move->n > 0 || next->move->to != 0 ? MOVES : ACTS;
}

/* It will never be one of this case's: what answers a request about somebody's
 * own data, in another case; what begins a dispute, in such a request.  And a
 * file that nobody confirmed is none to take. */
static bool
is_of_others(const struct ouv_next *next, bool is_request)
{
	const uint64_t of_disputes = OUV_GUARD_BIT(OUV_GUARD_NO_REQUEST) |
				     OUV_GUARD_BIT(OUV_GUARD_COMPLAINT) |
				     OUV_GUARD_BIT(OUV_GUARD_NO_DISPUTE);

	if ((next->failed & OUV_GUARD_BIT(OUV_GUARD_CONFIRMED)) != 0)
		return true;
	return (next->failed &
		       (is_request ? of_disputes
				   : OUV_GUARD_BIT(OUV_GUARD_REQUEST))) != 0;
}

/* Nothing brings the case on before it is classified: not as a dispute, not as
 * anything else. */
static bool
waits_to_be_classified(const struct ouv_next *list, size_t count)
{
	const uint64_t kind = OUV_GUARD_BIT(OUV_GUARD_COMPLAINT) |
			      OUV_GUARD_BIT(OUV_GUARD_NO_DISPUTE);
	const uint64_t by_it = kind | OUV_GUARD_BIT(OUV_GUARD_CLASSIFIED) |
			       OUV_GUARD_BIT(OUV_GUARD_CHAIN) |
			       OUV_GUARD_BIT(OUV_GUARD_IDENTITY);
	bool some = false;

	for (size_t i = 0; i < count; i++) {
		if ((list[i].move->guards & kind) == 0)
			continue;
		if ((list[i].failed & by_it) == 0)
			return false;
		some = true;
	}
	return some;
}

/* Is what answers one among what can be done, or would it be? */
static bool
answers_request(const struct ouv_next *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if ((list[i].move->guards & OUV_GUARD_BIT(OUV_GUARD_REQUEST)) !=
			0)
			return (list[i].failed &
				       OUV_GUARD_BIT(OUV_GUARD_REQUEST)) == 0;
	return false;
}

static bool
is_elsewhere(const char *verb)
{
	for (size_t i = 0; i < sizeof(elsewhere) / sizeof(elsewhere[0]); i++)
		if (strcmp(elsewhere[i], verb) == 0)
			return true;
	return view_is_key_move(verb);
}

/* A letter of theirs that was registered just now: the form is about it, and
 * says how it came. */
static const char *
entered(const struct request *request, const char *role)
{
	const char *whose = form_get(&request->query_form, "entered");
	const char *item = form_get(&request->query_form, "open");
	const char *channel = form_get(&request->query_form, "channel");

	if (whose == NULL || strcmp(whose, role) != 0 || item == NULL ||
		channel == NULL)
		return "";
	if (strcmp(channel, "phone") == 0)
		channel = "call";
	return ouv_arena_printf(request->arena, "&item=%s&source=%s",
		form_escape(request->arena, item),
		form_escape(request->arena, channel));
}

const char *
view_next_path(const struct request *request, const struct ouv_case_view *view,
	const char *verb, enum ouv_role role)
{
	bool party = role == OUV_ROLE_CONSUMER || role == OUV_ROLE_COMPANY;
	const char *name = ouv_role_name(role);

	return ouv_arena_printf(request->arena, "%s/do/%s%s%s%s",
		view_case_path(request, &view->line), verb,
		party ? "?behalf=" : "", party ? name : "",
		party ? entered(request, name) : "");
}

/* Some acts have another name in another state: "accept" of an answer, of an
 * option. */
static void
add_names(const struct request *request, json_t *one, const char *verb,
	enum ouv_state state)
{
	const char *name =
		move_word(request, "action_", verb, ouv_state_name(state));
	const char *help =
		move_word(request, "actionhelp_", verb, ouv_state_name(state));

	if (name != NULL)
		view_line(one, "action", name);
	else
		view_code(request, one, "action", "action_", verb);
	if (help != NULL)
		move_line(one, "help", help);
	else
		move_code(request, one, "help", "actionhelp_", verb);
}

static json_t *
make_one(const struct request *request, const struct ouv_case_view *view,
	const struct ouv_next *next)
{
	json_t *one = json_object();
	bool party = next->role == OUV_ROLE_CONSUMER ||
		     next->role == OUV_ROLE_COMPANY;

	view_line(one, "move_path",
		view_next_path(request, view, next->verb, next->role));
	view_line(one, "verb", next->verb);
	add_names(request, one, next->verb, view->line.state);
	move_code(request, one, "by_party", "role_",
		party ? ouv_role_name(next->role) : NULL);
	view_flag(one, "needs_second",
		(next->move->guards & OUV_GUARD_BIT(OUV_GUARD_EYES)) != 0);
	json_object_set_new(one, "failed", move_guards(request, next->failed));
	return one;
}

/* Writing to nobody: beside writing to a party. */
static void
add_note(const struct request *request, json_t *data,
	const struct ouv_case_view *view, const struct ouv_next *list,
	size_t count)
{
	const struct ouv_next *note = NULL;

	for (size_t i = 0; i < count; i++)
		if (strcmp(list[i].verb, "note") == 0 && list[i].failed == 0)
			note = &list[i];
	view_flag(data, "has_note_move", note != NULL);
	view_line(data, "note_path",
		note != NULL
			? view_next_path(request, view, note->verb, note->role)
			: "/");
}

/* What reaches the office otherwise than by mail. */
static void
add_letter_in(const struct request *request, json_t *data,
	const struct ouv_case_view *view)
{
	const char *protocol = view->line.protocol;
	bool may = protocol != NULL && request->actor != NULL &&
		   ouv_letter_may(request->actor);

	view_flag(data, "has_letter_in", may);
	view_line(data, "letter_in_path",
		ouv_arena_printf(request->arena, "/letters/new?protocol=%s",
			may ? protocol : ""));
}

void
view_next(const struct request *request, json_t *data,
	const struct ouv_case_view *view, const struct ouv_next *list,
	size_t count)
{
	const bool is_request = answers_request(list, count);
	const char *first = !is_request && waits_to_be_classified(list, count)
				    ? "classify"
				    : "";
	json_t *lists[PLACES];
	size_t all = 0;

	for (int p = 0; p < PLACES; p++)
		lists[p] = json_array();
	for (size_t i = 0; i < count; i++) {
		if (is_elsewhere(list[i].verb) ||
			is_of_others(&list[i], is_request))
			continue;
		if (strcmp(list[i].verb, first) == 0 && list[i].failed == 0)
			json_array_insert_new(lists[MOVES], 0,
				make_one(request, view, &list[i]));
		else
			json_array_append_new(lists[place_of(&list[i])],
				make_one(request, view, &list[i]));
	}
	for (int p = 0; p < PLACES; p++) {
		size_t n = json_array_size(lists[p]);

		all += n;
		view_flag(data, places[p].has, n > 0);
		view_number(data, places[p].count, (int64_t)n);
		json_object_set_new(data, places[p].key, lists[p]);
	}
	view_flag(data, "has_next_moves", all > 0);
	add_note(request, data, view, list, count);
	add_letter_in(request, data, view);
}
