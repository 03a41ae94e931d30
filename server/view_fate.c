/*
 * view_fate.c - held mail that somebody decided on first: who, what, when, and
 * where it is now, instead of an empty case
 */
#include <string.h>

#include "ouv/id.h"

#include "page.h"
#include "reply.h"
#include "view.h"

/* clang-format off */
static const char *const decisions[] = { "attribute", "register", "discard",
	"retry", "restore" };
/* clang-format on */

static bool
is_decision(const char *verb)
{
	for (size_t i = 0; i < sizeof(decisions) / sizeof(decisions[0]); i++)
		if (verb != NULL && strcmp(decisions[i], verb) == 0)
			return true;
	return false;
}

static bool
find(struct request *request, const char *number, const char *item,
	struct ouv_fate *fate)
{
	struct ouv_desk *desk;
	struct ouv_id id;

	return number != NULL && ouv_id_parse(number, &id) == OUV_OK &&
	       desk_here(request->server, &desk) == OUV_OK &&
	       ouv_desk_held_fate(desk, request->arena, request->actor, number,
		       item, fate) == OUV_OK;
}

static void
add_fate(const struct request *request, json_t *data, const char *number,
	const struct ouv_fate *fate)
{
	const char *protocol = fate->protocol;
	/* Set aside, and the others that came with it: still to be read. */
	const bool here = fate->held || strcmp(fate->action, "discard") == 0;

	view_code(request, data, "fate", "fate_", fate->action);
	view_line(data, "fate_by", fate->who);
	view_time(request, data, "fate_at", fate->at);
	view_flag(data, "has_fate_case", protocol != NULL);
	view_line(data, "fate_case", protocol);
	view_line(data, "fate_path",
		ouv_arena_printf(request->arena, "/cases/%s",
			protocol != NULL ? protocol : ""));
	view_flag(data, "is_fate_closed",
		protocol == NULL && strcmp(fate->action, "attribute") == 0);
	view_flag(data, "is_fate_here", here);
	view_line(data, "fate_here_path",
		ouv_arena_printf(request->arena, "/cases/%s", number));
	view_word(request, data, "fate_here_name",
		fate->held ? "fate_rest" : "to_the_message");
}

bool
view_fate(struct request *request, json_t *data, const char *number)
{
	struct ouv_fate fate;
	bool is = find(request, number, NULL, &fate) &&
		  strcmp(fate.action, "discard") != 0;

	view_flag(data, "has_fate", is);
	if (is)
		add_fate(request, data, number, &fate);
	return is;
}

static void
show(struct request *request, const struct ouv_fate *fate, int status)
{
	json_t *data = view_base(request, "fate_title");

	view_flag(data, "at_held", true);
	view_flag(data, "has_fate", true);
	add_fate(request, data, request->args[0], fate);
	view_flag(data, "is_late", status >= 400);
	view_flag(data, "has_error_title", status >= 400);
	reply_page(request, status, "heldgone", data);
}

bool
page_decided(struct request *request, const struct trouble *trouble)
{
	const char *item = form_get(&request->form, "item");
	struct ouv_fate fate;

	if (trouble != NULL && !is_decision(request->args[1]))
		return false;
	if (!find(request, request->args[0], trouble != NULL ? item : NULL,
		    &fate))
		return false;
	if (trouble != NULL)
		show(request, &fate, trouble->status >= 400 ? 409 : 200);
	else if (strcmp(fate.action, "discard") == 0)
		return false; /* there it is, and can be taken back */
	else if (strcmp(fate.action, "register") == 0)
		reply_redirect(request, ouv_arena_printf(request->arena,
						"/cases/%s", fate.protocol));
	else
		show(request, &fate, 200);
	return true;
}
