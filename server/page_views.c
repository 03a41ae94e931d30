/*
 * page_views.c - a filter of the list of cases gets a name, or loses it
 */
#include <string.h>

#include "ouv/id.h"

#include "cases.h"
#include "page.h"
#include "reply.h"
#include "view.h"
#include "wish.h"

/* The address of the list, and what was done there. */
static void
go_back(struct request *request, const char *query, const char *done)
{
	reply_redirect(
		request, ouv_arena_printf(request->arena, "/cases?%s%sdone=%s",
				 query, *query != '\0' ? "&" : "", done));
}

void
page_view_add(struct request *request)
{
	const struct form *form = &request->form;
	const char *name = form_get(form, "name");
	const char *key = form_get(form, "form_key");
	const bool shared = form_get(form, "shared") != NULL;
	struct ouv_verb_result result = { 0 };
	struct trouble trouble = { .result = &result };
	struct ouv_desk *desk;
	const char *query;
	struct wish wish;
	enum ouv_err err;

	if (name == NULL || key == NULL) {
		page_error(request, 400);
		return;
	}
	wish_read(request, form, &wish);
	if (wish.is_wrong) {
		worklist_show(request, form, NULL);
		return;
	}
	query = wish_query(request, &wish, WISH__COUNT);
	err = desk_here(request->server, &desk);
	if (err == OUV_OK)
		err = ouv_desk_view_add(desk, request->actor, key,
			view_clean(request->arena, name, false), query, shared,
			&result);
	if (err == OUV_OK) {
		go_back(request, query, "view");
		return;
	}
	if (err != OUV_INVALID && err != OUV_CONFLICT) {
		page_error_desk(request, err);
		return;
	}
	trouble.status = reply_status(err);
	trouble.word = err == OUV_CONFLICT ? "view_too_many" : NULL;
	worklist_show(request, form, &trouble);
}

void
page_view_drop(struct request *request)
{
	const char *text = form_get(&request->form, "view");
	struct ouv_desk *desk;
	struct ouv_id id;
	enum ouv_err err;

	if (text == NULL || ouv_id_parse(text, &id) != OUV_OK) {
		page_error(request, 400);
		return;
	}
	err = desk_here(request->server, &desk);
	if (err == OUV_OK)
		err = ouv_desk_view_drop(desk, request->actor, &id);
	if (err == OUV_OK)
		go_back(request, "", "view-drop");
	else
		page_error_desk(request, err);
}

void
page_view_again(struct request *request)
{
	static const struct ouv_verb_result nothing;
	const struct trouble typed = { .status = 200, .result = &nothing };

	worklist_show(request, &request->form, &typed);
}
