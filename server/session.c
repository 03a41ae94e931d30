/*
 * session.c - cookies, hidden tokens and the origin of a form
 */
#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

#include "ouv/id.h"
#include "ouv/log.h"
#include "ouv/vault.h"

#include "cookie.h"
#include "reply.h"
#include "route.h"
#include "session.h"

#define LIST_MOST 1000

static const char *
header(const struct request *request, const char *name)
{
	return header_find(request->headers, request->header_count, name);
}

static bool
cookie_token(
	const struct request *request, const char *name, uint8_t token_out[32])
{
	const char *text;

	return cookie_find(request->arena, header(request, "Cookie"), name,
		       &text) == OUV_OK &&
	       ouv_token_parse(text, token_out) == OUV_OK;
}

static void
set_cookie(struct request *request, const char *name, const char *value,
	enum cookie_life life)
{
	reply_header(request, "Set-Cookie",
		cookie_write(request->arena, name, value,
			request->server->site.secure, life));
}

/* The first language of the browser's list that we write. */
static enum ouv_lang
browser_language(const struct request *request, enum ouv_lang fallback)
{
	const char *list = header(request, "Accept-Language");
	char tag[16];

	for (; list != NULL && *list != '\0'; list++) {
		size_t len;
		enum ouv_lang lang;

		list += strspn(list, " \t");
		len = strcspn(list, ",; \t");
		if (len > 0 && len < sizeof(tag)) {
			memcpy(tag, list, len);
			tag[len] = '\0';
			lang = ouv_lang_parse(tag, OUV_LANG__COUNT);
			if (lang < OUV_LANG__COUNT)
				return lang;
		}
		list += strcspn(list, ",");
		if (*list == '\0')
			break;
	}
	return fallback;
}

void
session_language(struct request *request)
{
	const struct server *server = request->server;
	const char *text;

	request->lang = browser_language(request,
		ouv_lang_parse(server->config->office_language, OUV_LANG_EN));
	if (cookie_find(request->arena, header(request, "Cookie"),
		    server->site.language_cookie, &text) == OUV_OK)
		request->lang = ouv_lang_parse(text, request->lang);
}

void
session_theme(struct request *request)
{
	const char *text;

	request->theme = OUV_THEME_AUTO;
	if (cookie_find(request->arena, header(request, "Cookie"),
		    request->server->site.theme_cookie, &text) == OUV_OK)
		request->theme = ouv_theme_parse(text, OUV_THEME_AUTO);
}

enum ouv_err
session_load(struct request *request)
{
	struct ouv_desk *desk;
	uint8_t token[32];
	enum ouv_err err;

	if (!cookie_token(request, request->server->site.session_cookie, token))
		return OUV_OK;
	if ((err = desk_here(request->server, &desk)) != OUV_OK)
		return err;
	err = ouv_desk_session(desk, request->arena, token, &request->actor);
	ouv_wipe(token, sizeof(token));
	if (err == OUV_OK) {
		request->lang = request->actor->lang;
		request->theme = request->actor->theme;
		return OUV_OK;
	}
	request->actor = NULL;
	return err == OUV_TEMPORARY ? err : OUV_OK;
}

void
session_entry(struct request *request)
{
	const char *name = request->server->site.entry_cookie;
	char text[OUV_TOKEN_B64];

	if (request->has_entry)
		return;
	request->has_entry = true;
	if (cookie_token(request, name, request->entry))
		return;
	ouv_random(request->entry, sizeof(request->entry));
	ouv_token_text(request->entry, text);
	set_cookie(request, name, text, COOKIE_SESSION);
}

static const uint8_t *
cookie_of(const struct request *request)
{
	return request->actor != NULL ? request->actor->token : request->entry;
}

const char *
session_token(const struct request *request, const char *action)
{
	char text[OUV_TOKEN_B64];

	ouv_csrf_token(ouv_office_pepper(request->server->office),
		cookie_of(request), action, text);
	return ouv_arena_strdup(request->arena, text);
}

const char *
session_foreign(const struct request *request)
{
	const char *ours = request->server->site.origin;
	const char *origin = header(request, "Origin");
	const char *referer = header(request, "Referer");
	const char *fetch = header(request, "Sec-Fetch-Site");
	size_t len = strlen(ours);

	if (origin != NULL && strcasecmp(origin, ours) != 0)
		return "origin";
	if (origin == NULL &&
		(referer == NULL || strncasecmp(referer, ours, len) != 0 ||
			(referer[len] != '/' && referer[len] != '\0')))
		return "referer";
	if (fetch != NULL && strcmp(fetch, "same-origin") != 0)
		return "sec_fetch_site";
	return NULL;
}

/* A form that is only checked has the token of where it will be sent. */
static const char *
destination(const struct request *request)
{
	const char *verb = form_get(&request->form, "verb");

	if (strcmp(request->route->name, "letters") == 0)
		return ouv_arena_printf(request->arena, "/cases/%s/%s",
			request->args[0], request->args[1]);
	if (verb == NULL || strcmp(request->route->name, "check") != 0)
		return request->path;
	return ouv_arena_printf(
		request->arena, "/cases/%s/%s", request->args[0], verb);
}

/* A form may be older than a change of PEPPER. */
static bool
token_fits(const struct request *request, const char *given)
{
	const struct ouv_key *pepper =
		ouv_office_pepper(request->server->office);
	char wanted[OUV_TOKEN_B64];
	bool fits = false;

	if (strlen(given) != sizeof(wanted) - 1)
		return false;
	for (; pepper != NULL && !fits; pepper = ouv_key_former(pepper)) {
		ouv_csrf_token(pepper, cookie_of(request), destination(request),
			wanted);
		fits = ouv_equal(given, wanted, sizeof(wanted) - 1);
	}
	return fits;
}

const char *
session_forged(const struct request *request)
{
	const char *foreign = session_foreign(request);
	const char *given = form_get(&request->form, "csrf");
	struct request visit = *request;

	if (foreign != NULL)
		return foreign;
	if (request->actor == NULL &&
		!cookie_token(request, request->server->site.entry_cookie,
			visit.entry))
		return "entry_cookie";
	return given != NULL && token_fits(&visit, given) ? NULL : "token";
}

void
session_begin(struct request *request, const uint8_t token[32])
{
	char text[OUV_TOKEN_B64];

	ouv_token_text(token, text);
	set_cookie(request, request->server->site.session_cookie, text,
		COOKIE_SESSION);
	set_cookie(
		request, request->server->site.entry_cookie, "", COOKIE_GONE);
	ouv_wipe(text, sizeof(text));
}

void
session_end(struct request *request)
{
	set_cookie(
		request, request->server->site.session_cookie, "", COOKIE_GONE);
	set_cookie(request, request->server->site.who_cookie, "", COOKIE_GONE);
	reply_header(request, "Clear-Site-Data", "\"*\"");
}

/* Who was here last, as a number that only we can have written. */
static void
who_proof(const struct request *request, const struct ouv_id *person,
	uint8_t out[32])
{
	uint8_t hash[32];

	ouv_hash_keyed(
		ouv_key_bytes(ouv_office_pepper(request->server->office)),
		"ouv-whos", person->b, sizeof(person->b), hash);
	memcpy(out, person->b, 16);
	memcpy(out + 16, hash, 16);
}

void
session_keep_who(struct request *request, const struct ouv_id *person)
{
	uint8_t proof[32];
	char text[OUV_TOKEN_B64];

	who_proof(request, person, proof);
	ouv_token_text(proof, text);
	set_cookie(request, request->server->site.who_cookie, text,
		COOKIE_SESSION);
}

bool
session_who(const struct request *request, struct ouv_id *person_out)
{
	uint8_t given[32], proof[32];
	struct ouv_id person;

	if (!cookie_token(request, request->server->site.who_cookie, given))
		return false;
	memcpy(person.b, given, sizeof(person.b));
	who_proof(request, &person, proof);
	if (!ouv_equal(given, proof, sizeof(proof)))
		return false;
	*person_out = person;
	return true;
}

void
session_keep_language(struct request *request, enum ouv_lang lang)
{
	set_cookie(request, request->server->site.language_cookie,
		ouv_lang_tag(lang), COOKIE_YEAR);
}

void
session_keep_theme(struct request *request, enum ouv_theme theme)
{
	set_cookie(request, request->server->site.theme_cookie,
		ouv_theme_name(theme), COOKIE_YEAR);
}

static const char *
kept_list(const struct request *request)
{
	const char *text;

	return cookie_find(request->arena, header(request, "Cookie"),
		       request->server->site.list_cookie, &text) == OUV_OK
		       ? text
		       : "";
}

void
session_keep_list(struct request *request, const char *query)
{
	if (strlen(query) > LIST_MOST || strcmp(query, kept_list(request)) == 0)
		return;
	set_cookie(request, request->server->site.list_cookie, query,
		*query != '\0' ? COOKIE_SESSION : COOKIE_GONE);
}

/* Behind our origin; NULL: not told, or not of ours. */
static const char *
came_from(const struct request *request)
{
	const char *ours = request->server->site.origin;
	const char *referer = header(request, "Referer");
	const size_t len = strlen(ours);

	return referer != NULL && strncasecmp(referer, ours, len) == 0
		       ? referer + len
		       : NULL;
}

/* Two windows may have two lists open: the page one comes from says more than
 * the cookie. */
const char *
session_list(const struct request *request)
{
	const char *from = came_from(request);

	if (from != NULL && strncmp(from, "/cases?", 7) == 0)
		return from + 7;
	if (from != NULL &&
		(strcmp(from, "/") == 0 || strcmp(from, "/cases") == 0))
		return "";
	return kept_list(request);
}

const char *
session_address(const struct request *request)
{
	const char *list = header(request, "X-Forwarded-For");
	unsigned char binary[16];
	const char *last;

	if (list == NULL)
		return NULL;
	last = strrchr(list, ',');
	last = last != NULL ? last + 1 : list;
	last += strspn(last, " \t");
	if (inet_pton(AF_INET, last, binary) == 1 ||
		inet_pton(AF_INET6, last, binary) == 1)
		return last;
	return NULL;
}

void
session_visit(struct request *request, struct ouv_visit *visit_out)
{
	visit_out->address = session_address(request);
	visit_out->user_agent = header(request, "User-Agent");
	if (!cookie_token(request, request->server->site.device_cookie,
		    visit_out->device))
		ouv_random(visit_out->device, sizeof(visit_out->device));
}

void
session_keep_device(struct request *request, const struct ouv_visit *visit)
{
	char text[OUV_TOKEN_B64];

	ouv_token_text(visit->device, text);
	set_cookie(request, request->server->site.device_cookie, text,
		COOKIE_YEAR);
}
