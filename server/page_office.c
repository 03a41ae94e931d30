/*
 * page_office.c - where everything is that a day seldom needs: one page instead
 * of a longer menu
 */
#include "ouv/letter_in.h"
#include "ouv/paper.h"
#include "ouv/retain.h"

#include "page.h"
#include "reply.h"
#include "view.h"

static bool
runs(const struct ouv_actor *actor)
{
	return actor->role == OUV_ROLE_OMBUDSMAN ||
	       actor->role == OUV_ROLE_CUSTODIAN ||
	       actor->role == OUV_ROLE_ADMIN;
}

static bool
heads(const struct ouv_actor *actor)
{
	return actor->role == OUV_ROLE_OMBUDSMAN ||
	       actor->role == OUV_ROLE_ADMIN;
}

/* clang-format off */
static const struct {
	const char *path, *title, *help;    /* of which two are words */
	bool (*may)(const struct ouv_actor *actor);  /* NULL: everybody */
} places[] = {
	{ "/people", "people_title", "office_people", NULL },
	{ "/conflicts", "register_title", "office_conflicts", NULL },
	{ "/letters/new", "letter_title", "office_letter", ouv_letter_may },
	{ "/calls/new", "call_title", "office_call", ouv_call_may },
	{ "/requests/new", "paper_title", "office_paper", ouv_paper_may },
	{ "/retention", "menu_retention", "office_retention", ouv_kept_may },
	{ "/log", "office_log_title", "office_log", heads },
	{ "/admin", "office_admin_name", "office_admin", runs },
	{ "/keys", "keys_title", "office_keys", NULL },
	{ "/components", "components_title", "office_components", heads },
};
/* clang-format on */

void
page_office(struct request *request)
{
	json_t *data = view_base(request, "menu_office");
	json_t *list = json_array();

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		json_t *one;

		if (places[i].may != NULL && !places[i].may(request->actor))
			continue;
		one = json_object();
		view_line(one, "place_path", places[i].path);
		view_word(request, one, "name", places[i].title);
		view_word(request, one, "help", places[i].help);
		json_array_append_new(list, one);
	}
	json_object_set_new(data, "places", list);
	reply_page(request, 200, "office", data);
}
