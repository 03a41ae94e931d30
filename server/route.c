/*
 * route.c - from address to page, by one table
 *
 * A form that changes something is checked here, before any page sees it, so
 * that no page can forget to.
 */
#include <string.h>

#include "ouv/log.h"

#include "api.h"
#include "page.h"
#include "reply.h"
#include "route.h"
#include "session.h"

#define READ (METHOD_GET | METHOD_HEAD)

/* clang-format off */
static const struct route routes[] = {
	/* name        methods      who          pattern                       answer */
	{ "worklist",  READ,        WHO_STAFF,   "/",                          page_worklist },
	{ "cases",     READ,        WHO_STAFF,   "/cases",                     page_worklist },
	{ "view",      METHOD_POST, WHO_STAFF,   "/cases/views",               page_view_add },
	{ "view-drop", METHOD_POST, WHO_STAFF,   "/cases/views/drop",          page_view_drop },
	{ "cases-csv", METHOD_POST, WHO_STAFF,   "/cases/csv",                 page_cases_csv },
	{ "bulk",      METHOD_POST, WHO_STAFF,   "/cases/bulk",                page_bulk },
	{ "held",      READ,        WHO_STAFF,   "/held",                      page_held },
	{ "search",    READ,        WHO_STAFF,   "/search",                    page_search },
	{ "search",    METHOD_POST, WHO_STAFF,   "/search",                    page_search_post },
	{ "case",      READ,        WHO_STAFF,   "/cases/*",                   page_case },
	{ "raw",       READ,        WHO_STAFF,   "/cases/*/items/*/raw",       page_item_raw },
	{ "text",      READ,        WHO_STAFF,   "/cases/*/items/*/text",      page_item_text },
	{ "layout",    READ,        WHO_STAFF,   "/cases/*/items/*/layout",    page_item_layout },
	{ "part",      READ,        WHO_STAFF,   "/cases/*/items/*/parts/*",   page_item_part },
	{ "scan",      READ,        WHO_STAFF,   "/cases/*/items/*/parts/*/pages", page_scan },
	{ "scan",      READ,        WHO_STAFF,   "/cases/*/items/*/parts/*/pages/*", page_scan },
	{ "scan-page", READ,        WHO_STAFF,   "/cases/*/items/*/parts/*/pages/*/picture", page_scan_picture },
	{ "check",     METHOD_POST, WHO_STAFF,   "/cases/*/check",             page_check },
	{ "act",       METHOD_POST, WHO_STAFF,   "/cases/*/*",                 page_case_post },
	{ "case_log",  READ,        WHO_STAFF,   "/cases/*/log",               page_case_log },
	{ "log",       READ,        WHO_STAFF,   "/log",                       page_office_log },
	{ "move",      READ,        WHO_STAFF,   "/cases/*/do/*",              page_move },
	{ "letters",   METHOD_POST, WHO_STAFF,   "/cases/*/do/*/preview",      page_move_letters },
	{ "texts",     READ,        WHO_STAFF,   "/templates",                 page_texts },
	{ "waiting",   READ,        WHO_STAFF,   "/templates/waiting",         page_texts_waiting },
	{ "template",  READ,        WHO_STAFF,   "/templates/*/*",             page_texts_one },
	{ "compare",   READ,        WHO_STAFF,   "/templates/*/*/compare",     page_texts_compare },
	{ "preview",   READ,        WHO_STAFF,   "/templates/*/*/preview",     page_texts_preview },
	{ "previewed", READ,        WHO_STAFF,   "/templates/*/*/html",        page_texts_html },
	{ "edit",      READ,        WHO_STAFF,   "/templates/*/*/edit",        page_texts_edit },
	{ "edit",      METHOD_POST, WHO_STAFF,   "/templates/*/*/edit",        page_texts_edit_post },
	{ "back",      READ,        WHO_STAFF,   "/templates/*/*/back",        page_texts_back },
	{ "back",      METHOD_POST, WHO_STAFF,   "/templates/*/*/back",        page_texts_back_post },
	{ "decide",    METHOD_POST, WHO_STAFF,   "/templates/*/*/decide",      page_texts_decide },
	{ "calendar",  READ,        WHO_STAFF,   "/calendar",                  page_calendar },
	{ "due",       READ,        WHO_STAFF,   "/calendar/due",              page_due },
	{ "due",       READ,        WHO_STAFF,   "/calendar/due.ics",          page_due_ics },
	{ "days",      READ,        WHO_STAFF,   "/calendar/days",             page_days },
	{ "days",      METHOD_POST, WHO_STAFF,   "/calendar/days/*",           page_day_decide },
	{ "absences",  READ,        WHO_STAFF,   "/calendar/absences",         page_absences },
	{ "absence",   READ,        WHO_STAFF,   "/calendar/absences/new",     page_absence_new },
	{ "absence",   METHOD_POST, WHO_STAFF,   "/calendar/absences/new",     page_absence_new_post },
	{ "absence",   METHOD_POST, WHO_STAFF,   "/calendar/absences/*/end",   page_absence_end },
	{ "companies", READ,        WHO_STAFF,   "/companies",                 page_companies },
	{ "company",   READ,        WHO_STAFF,   "/companies/new",             page_company_edit },
	{ "company",   METHOD_POST, WHO_STAFF,   "/companies/new/put",         page_company_put },
	{ "company",   READ,        WHO_STAFF,   "/companies/*",               page_company },
	{ "company",   READ,        WHO_STAFF,   "/companies/*/edit",          page_company_edit },
	{ "company",   METHOD_POST, WHO_STAFF,   "/companies/*/edit/put",      page_company_put },
	{ "unit",      READ,        WHO_STAFF,   "/companies/*/new",           page_unit_edit },
	{ "unit",      METHOD_POST, WHO_STAFF,   "/companies/*/new/put",       page_unit_put },
	{ "unit",      READ,        WHO_STAFF,   "/companies/*/*/edit",        page_unit_edit },
	{ "unit",      METHOD_POST, WHO_STAFF,   "/companies/*/*/edit/put",    page_unit_put },
	{ "contact",   READ,        WHO_STAFF,   "/companies/*/*/contacts/*",  page_contact_edit },
	{ "contact",   METHOD_POST, WHO_STAFF,   "/companies/*/*/contacts/*/put", page_contact_put },
	{ "tokens",    READ,        WHO_STAFF,   "/companies/*/*/tokens",      page_tokens },
	{ "token",     METHOD_POST, WHO_STAFF,   "/companies/*/*/tokens/put",  page_token_new },
	{ "token-end", METHOD_POST, WHO_STAFF,   "/companies/*/*/tokens/*/end", page_token_end },
	{ "admin",     READ,        WHO_STAFF,   "/admin",                     page_admin },
	{ "admin",     READ,        WHO_STAFF,   "/admin/roles",               page_admin_roles },
	{ "admin",     READ,        WHO_STAFF,   "/admin/deadlines",           page_admin_deadlines },
	{ "admin",     READ,        WHO_STAFF,   "/admin/codes",               page_admin_codes },
	{ "admin",     READ,        WHO_STAFF,   "/admin/keys",                page_admin_keys },
	{ "reports",   READ,        WHO_STAFF,   "/reports",                   page_figures },
	{ "spread",    READ,        WHO_STAFF,   "/reports/spread",            page_spread },
	{ "figure",    READ,        WHO_STAFF,   "/reports/*",                 page_figure },
	{ "retention", READ,        WHO_STAFF,   "/retention",                 page_retention },
	{ "loose",     READ,        WHO_STAFF,   "/retention/mail",            page_loose },
	{ "erase-loose", METHOD_POST, WHO_STAFF, "/retention/mail/erase",      page_loose_erase },
	{ "post",      READ,        WHO_STAFF,   "/letters",                   page_letters },
	{ "post",      METHOD_POST, WHO_STAFF,   "/letters/print",             page_letters_print },
	{ "post",      METHOD_POST, WHO_STAFF,   "/letters/post",              page_letters_post },
	{ "post",      METHOD_POST, WHO_STAFF,   "/letters/end",               page_letters_end },
	{ "post-csv",  METHOD_POST, WHO_STAFF,   "/letters/csv",               page_letters_csv },
	{ "letter-in", READ,        WHO_STAFF,   "/letters/new",               page_letter },
	{ "letter-in", METHOD_POST, WHO_STAFF,   "/letters/new/put",           page_letter_put },
	{ "call",      READ,        WHO_STAFF,   "/calls/new",                 page_call },
	{ "call",      METHOD_POST, WHO_STAFF,   "/calls/new/put",             page_call_put },
	{ "paper",     READ,        WHO_STAFF,   "/requests/new",              page_paper },
	{ "paper",     METHOD_POST, WHO_STAFF,   "/requests/new/put",          page_paper_put },
	{ "conflicts", READ,        WHO_STAFF,   "/conflicts",                 page_conflicts },
	{ "conflicts", METHOD_POST, WHO_STAFF,   "/conflicts/new",             page_conflict_new },
	{ "conflicts", METHOD_POST, WHO_STAFF,   "/conflicts/training",        page_training_new },
	{ "conflicts", METHOD_POST, WHO_STAFF,   "/conflicts/*/end",           page_conflict_end },
	{ "people",    READ,        WHO_STAFF,   "/people",                    page_people },
	{ "person",    READ,        WHO_STAFF,   "/people/*",                  page_person },
	{ "keys-give", METHOD_POST, WHO_STAFF,   "/people/*/keys",             page_person_keys },
	{ "invite",    METHOD_POST, WHO_STAFF,   "/people/*/invite",           page_invite },
	{ "staff-leave", METHOD_POST, WHO_STAFF, "/people/*/leave",            page_person_leave },
	{ "profile",   READ,        WHO_STAFF,   "/profile",                   page_profile },
	{ "profile",   METHOD_POST, WHO_STAFF,   "/profile",                   page_profile_post },
	{ "login",     READ,        WHO_VISITOR, "/login",                     page_login },
	{ "login",     METHOD_POST, WHO_VISITOR, "/login",                     page_login_post },
	{ "password",  READ,        WHO_ENTERING, "/profile/password",         page_password },
	{ "password",  METHOD_POST, WHO_ENTERING, "/profile/password",         page_password_post },
	{ "recovery",  READ,        WHO_ENTERING, "/profile/recovery",         page_recovery },
	{ "recovery",  METHOD_POST, WHO_ENTERING, "/profile/recovery/begin",   page_recovery_begin },
	{ "recovery",  METHOD_POST, WHO_ENTERING, "/profile/recovery/confirm", page_recovery_confirm },
	{ "device",    READ,        WHO_ENTERING, "/profile/device",           page_device },
	{ "device",    METHOD_POST, WHO_ENTERING, "/profile/device/begin",     page_device_begin },
	{ "device",    METHOD_POST, WHO_ENTERING, "/profile/device/confirm",   page_device_confirm },
	{ "sessions",  READ,        WHO_STAFF,   "/profile/sessions",          page_sessions },
	{ "sessions",  METHOD_POST, WHO_STAFF,   "/profile/sessions/end",      page_sessions_end },
	{ "sessions",  METHOD_POST, WHO_STAFF,   "/profile/sessions/known",    page_sessions_known },
	{ "recover",   READ,        WHO_VISITOR, "/recover",                   page_recover },
	{ "recover",   METHOD_POST, WHO_VISITOR, "/recover",                   page_recover_post },
	{ "logout",    METHOD_POST, WHO_ENTERING, "/logout",                    page_logout },
	{ "language",  METHOD_POST, WHO_VISITOR, "/language",                  page_language },
	{ "theme",     METHOD_POST, WHO_VISITOR, "/theme",                     page_theme },
	{ "keys",      READ,        WHO_STAFF,   "/keys",                      page_keys },
	{ "keys",      METHOD_POST, WHO_STAFF,   "/keys",                      page_keys_post },
	{ "office",    READ,        WHO_STAFF,   "/office",                    page_office },
	{ "components", READ,       WHO_STAFF,   "/components",                page_components },
	{ "track",     READ,        WHO_ANYBODY, "/t",                         page_track },
	{ "track",     METHOD_POST, WHO_ANYBODY, "/t",                         page_track_post },
	{ "track-leave", METHOD_POST, WHO_ANYBODY, "/t/leave",                 page_track_leave },
	{ "track-code", READ,       WHO_ANYBODY, "/t/code",                    page_track_ask },
	{ "track-code", METHOD_POST, WHO_ANYBODY, "/t/code",                   page_track_ask_post },
	{ "track-say", READ,        WHO_ANYBODY, "/t/say",                     page_track_say },
	{ "track-say", METHOD_POST, WHO_ANYBODY, "/t/say",                     page_track_say_post },
	{ "track-read", READ,       WHO_ANYBODY, "/t/messages/*",              page_track_message },
	{ "track-file", READ,       WHO_ANYBODY, "/t/messages/*/files/*",      page_track_file },
	{ "link",      READ,        WHO_ANYBODY, "/t/*",                       page_link },
	{ "link",      METHOD_POST, WHO_ANYBODY, "/t/*",                       page_link_post },
	{ "member",    READ,        WHO_ANYBODY, "/p",                         page_member },
	{ "member",    METHOD_POST, WHO_ANYBODY, "/p",                         page_member_post },
	{ "member-leave", METHOD_POST, WHO_ANYBODY, "/p/leave",                page_member_leave },
	{ "member-code", READ,      WHO_ANYBODY, "/p/code",                    page_member_ask },
	{ "member-code", METHOD_POST, WHO_ANYBODY, "/p/code",                  page_member_ask_post },
	{ "member-figures", READ,   WHO_ANYBODY, "/p/figures",                 page_member_figures },
	{ "member-figures", READ,   WHO_ANYBODY, "/p/figures.csv",             page_member_figures_csv },
	{ "member-figures", READ,   WHO_ANYBODY, "/p/promises.csv",            page_member_promises_csv },
	{ "member-link", READ,      WHO_ANYBODY, "/p/*",                       page_member_link },
	{ "member-link", METHOD_POST, WHO_ANYBODY, "/p/*",                     page_member_link_post },
	{ "member-say", READ,       WHO_ANYBODY, "/p/*/*",                     page_member_form },
	{ "member-say", METHOD_POST, WHO_ANYBODY, "/p/*/*",                    page_member_form_post },
	{ "member-file", READ,      WHO_ANYBODY, "/p/*/files/*/*",             page_member_file },
	{ "released",  READ,        WHO_ANYBODY, "/d",                         page_released },
	{ "released",  READ,        WHO_ANYBODY, "/d/file/*",                  page_released_file },
	{ "release",   READ,        WHO_ANYBODY, "/d/*",                       page_release },
	{ "release",   METHOD_POST, WHO_ANYBODY, "/d/*",                       page_release_post },
	{ "static",    READ,        WHO_ANYBODY, "/static/*",                  page_static },
	{ "healthz",   READ,        WHO_ANYBODY, "/healthz",                   page_health },
	{ "metrics",   READ,        WHO_ANYBODY, "/metrics",                   page_metrics },
};
/* clang-format on */
#define ROUTES (sizeof(routes) / sizeof(routes[0]))

/* Segments that "*" stood for go to args. */
static bool
match(const char *pattern, const char *path, struct ouv_arena *arena,
	const char *args[ROUTE_ARGS])
{
	int n = 0;

	while (*pattern != '\0') {
		size_t len = strcspn(path, "/");

		if (*pattern != '*') {
			if (*pattern++ != *path++)
				return false;
			continue;
		}
		if (len == 0 || n == ROUTE_ARGS)
			return false;
		args[n++] = ouv_arena_strndup(arena, path, len);
		path += len;
		pattern++;
	}
	return *path == '\0';
}

/* The row for this method; else another row of the same address.  A row that
 * names the address itself stands before those where a "*" would do: what it
 * does not take, they do not either. */
void
route_find(struct request *request)
{
	const char *args[ROUTE_ARGS] = { NULL };
	const char *named = NULL;

	for (size_t i = 0; i < ROUTES; i++) {
		if ((named != NULL && strcmp(routes[i].pattern, named) != 0) ||
			!match(routes[i].pattern, request->path, request->arena,
				args))
			continue;
		if (strchr(routes[i].pattern, '*') == NULL)
			named = routes[i].pattern;
		request->route = &routes[i];
		memcpy(request->args, args, sizeof(args));
		if ((routes[i].methods & request->method) != 0)
			return;
	}
}

static bool
is_page(const char *pattern, size_t len)
{
	for (size_t i = 0; i < ROUTES; i++)
		if ((routes[i].methods & READ) != 0 &&
			strlen(routes[i].pattern) == len &&
			memcmp(routes[i].pattern, pattern, len) == 0)
			return true;
	return false;
}

/* "/cases/N/reply" came from "/cases/N": one segment after the other goes from
 * the pattern and from the path, until there is such a page. */
const char *
route_back(const struct request *request)
{
	const char *pattern = request->route->pattern;
	size_t len = strlen(pattern), path_len = strlen(request->path);

	while (len > 1 && !is_page(pattern, len)) {
		while (pattern[--len] != '/')
			;
		while (request->path[--path_len] != '/')
			;
	}
	return len > 1 ? ouv_arena_strndup(
				 request->arena, request->path, path_len)
		       : "/";
}

const char *
route_name(const struct request *request)
{
	if (request->is_view)
		return "view";
	if (request->api != NULL)
		return api_route_name(request);
	return request->route != NULL ? request->route->name : "-";
}

static void
refuse_method(struct request *request)
{
	const char *pattern = request->route->pattern;
	const bool named = strchr(pattern, '*') == NULL;
	unsigned methods = 0;
	const char *args[ROUTE_ARGS];

	for (size_t i = 0; i < ROUTES; i++)
		if ((!named || strcmp(routes[i].pattern, pattern) == 0) &&
			match(routes[i].pattern, request->path, request->arena,
				args))
			methods |= routes[i].methods;
	reply_header(request, "Allow",
		methods == METHOD_POST ? "POST"
		: methods == READ      ? "GET, HEAD"
				       : "GET, HEAD, POST");
	/* A tab that was opened again after a form: not as if one were a
	 * stranger, and not without the way to that form. */
	if (request->route->who == WHO_ANYBODY ||
		session_load(request) != OUV_OK)
		request->actor = NULL;
	page_error_method(request);
}

/* To the login page, and from there to where the reader wanted to go. */
static void
send_to_login(struct request *request)
{
	if (request->method == METHOD_POST) {
		page_login_lost(request);
		return;
	}
	reply_redirect(request,
		strcmp(request->path, "/") == 0
			? "/login"
			: ouv_arena_printf(request->arena, "/login?to=%s",
				  form_escape(request->arena, request->path)));
}

/* A login page that outlived its visit, in another tab or by being sent again:
 * nobody logs in by it, and what was typed before it is not lost. */
static bool
is_late_login(const struct request *request)
{
	const char *draft = form_get(&request->form, "draft");

	return request->route->answer == page_login_post && draft != NULL &&
	       *draft != '\0' && session_foreign(request) == NULL;
}

/* False: the form is not ours, or not well formed; it has been answered. */
static bool
accept_form(struct request *request)
{
	const char *wrong;

	/* A form with files is read as it comes (incoming.c). */
	if (request->incoming == NULL &&
		form_parse(request->arena, request->body.p, request->body.len,
			&request->form) != OUV_OK) {
		page_error(request, 400);
		return false;
	}
	if (request->route->who >= WHO_STAFF && request->actor == NULL)
		wrong = session_foreign(request);
	else
		wrong = session_forged(request);
	if (wrong == NULL)
		return true;
	ouv_log_warn(
		"form refused route=%s check=%s", request->route->name, wrong);
	if (is_late_login(request))
		page_login_late(request);
	else
		page_error(request, 400);
	return false;
}

/* On a page that is none of a case, nobody has a case open; what a script
 * fetches is no page. */
static void
leave_case(const struct request *request)
{
	const char *dest = header_find(
		request->headers, request->header_count, "Sec-Fetch-Dest");
	struct ouv_desk *desk;

	if (request->actor == NULL || !request->actor->at_case ||
		request->method != METHOD_GET ||
		strncmp(request->route->pattern, "/cases/*", 8) == 0 ||
		(dest != NULL && strcmp(dest, "document") != 0))
		return;
	if (desk_here(request->server, &desk) == OUV_OK &&
		ouv_desk_left(desk, request->actor) != OUV_OK)
		ouv_log_warn("where a session went was not written down");
}

bool
route_admit(struct request *request)
{
	const struct route *route;
	enum ouv_err err;

	session_language(request);
	session_theme(request);
	route_find(request);
	route = request->route;
	if (route == NULL) {
		/* Whoever is logged in keeps their menu on the way back. */
		if (session_load(request) != OUV_OK)
			request->actor = NULL;
		page_error(request, 404);
		return false;
	}
	if ((route->methods & request->method) == 0) {
		refuse_method(request);
		return false;
	}
	if (form_parse(request->arena, request->query, strlen(request->query),
		    &request->query_form) != OUV_OK) {
		page_error(request, 400);
		return false;
	}
	err = route->who != WHO_ANYBODY ? session_load(request) : OUV_OK;
	if (err != OUV_OK) {
		page_error_desk(request, err);
		return false;
	}
	return request->method != METHOD_POST || accept_form(request);
}

void
route_serve(struct request *request)
{
	const struct route *route = request->route;

	leave_case(request);
	if (route->who >= WHO_STAFF && request->actor == NULL)
		send_to_login(request);
	else if (route->who == WHO_STAFF && request->actor->must != 0)
		page_entering(request);
	else if (request->method == METHOD_POST && page_choice_taken(request))
		return;
	else if (request->actor == NULL || step_up_taken(request))
		route->answer(request);
}

void
route_answer(struct request *request)
{
	if (request->is_view)
		page_view(request);
	else if (route_admit(request))
		route_serve(request);
}
