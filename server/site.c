/*
 * site.c - takes base_url apart; refuses to speak plain HTTP to a network
 */
#include <ctype.h>
#include <string.h>

#include "ouv/log.h"

#include "site.h"

static bool
is_loopback(const char *host)
{
	static const char *const names[] = { "localhost", "127.0.0.1",
		"[::1]" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		size_t len = strlen(names[i]);

		if (strncmp(host, names[i], len) == 0 &&
			(host[len] == '\0' || host[len] == ':'))
			return true;
	}
	return false;
}

/* Lower-case authority, without the port that the scheme implies. */
static const char *
authority(struct ouv_arena *arena, const char *text, const char *port)
{
	size_t len = strlen(text);
	size_t port_len = strlen(port);
	char *host;

	if (len > 0 && text[len - 1] == '/')
		len--;
	if (len > port_len &&
		memcmp(text + len - port_len, port, port_len) == 0)
		len -= port_len;
	host = ouv_arena_strndup(arena, text, len);
	for (char *p = host; *p != '\0'; p++)
		*p = (char)tolower((unsigned char)*p);
	if (*host == '\0' ||
		host[strspn(host,
			"abcdefghijklmnopqrstuvwxyz0123456789.-:[]")] != '\0')
		return NULL;
	return host;
}

enum ouv_err
site_parse(struct ouv_arena *arena, const char *base_url, struct site *site_out)
{
	struct site site = { 0 };
	const char *prefix;

	site.secure = strncmp(base_url, "https://", 8) == 0;
	if (!site.secure && strncmp(base_url, "http://", 7) != 0) {
		ouv_log_error("[server] base_url %s: begins neither with "
			      "https:// nor with http://",
			base_url);
		return OUV_INVALID;
	}
	site.host = authority(arena, strstr(base_url, "://") + 3,
		site.secure ? ":443" : ":80");
	if (site.host == NULL) {
		ouv_log_error("[server] base_url %s: expected a host, perhaps "
			      "a port, and no path",
			base_url);
		return OUV_INVALID;
	}
	if (!site.secure && !is_loopback(site.host)) {
		ouv_log_error("[server] base_url %s: http is for this machine "
			      "alone; use https",
			base_url);
		return OUV_INVALID;
	}
	prefix = site.secure ? "__Host-" : "";
	site.origin = ouv_arena_printf(
		arena, "%s://%s", site.secure ? "https" : "http", site.host);
	site.session_cookie = ouv_arena_printf(arena, "%souv", prefix);
	site.entry_cookie = ouv_arena_printf(arena, "%souv-pre", prefix);
	site.language_cookie = ouv_arena_printf(arena, "%souv-lang", prefix);
	site.release_cookie = ouv_arena_printf(arena, "%souv-d", prefix);
	site.device_cookie = ouv_arena_printf(arena, "%souv-dev", prefix);
	site.theme_cookie = ouv_arena_printf(arena, "%souv-theme", prefix);
	site.who_cookie = ouv_arena_printf(arena, "%souv-who", prefix);
	site.list_cookie = ouv_arena_printf(arena, "%souv-list", prefix);
	site.member_cookie = ouv_arena_printf(arena, "%souv-p", prefix);
	site.track_cookie = ouv_arena_printf(arena, "%souv-t", prefix);
	site.cookies[0] = site.session_cookie;
	site.cookies[1] = site.entry_cookie;
	site.cookies[2] = site.language_cookie;
	site.cookies[3] = site.release_cookie;
	site.cookies[4] = site.device_cookie;
	site.cookies[5] = site.theme_cookie;
	site.cookies[6] = site.who_cookie;
	site.cookies[7] = site.list_cookie;
	site.cookies[8] = site.member_cookie;
	site.cookies[9] = site.track_cookie;
	*site_out = site;
	return OUV_OK;
}

/* Names below "localhost" are this machine's (RFC 6761 6.3). */
static bool
is_below_localhost(const char *host)
{
	static const char end[] = ".localhost";
	size_t len = strcspn(host, ":");

	return len > strlen(end) &&
	       memcmp(host + len - strlen(end), end, strlen(end)) == 0;
}

/* Ports do not keep cookies apart. */
static bool
is_same_name(const char *a, const char *b)
{
	size_t len = strcspn(a, ":");

	return len == strcspn(b, ":") && memcmp(a, b, len) == 0;
}

enum ouv_err
site_parse_view(
	struct ouv_arena *arena, const char *view_url, struct site *site)
{
	const char *scheme = site->secure ? "https://" : "http://";
	const char *host = NULL;

	if (*view_url == '\0')
		return OUV_OK;
	if (strncmp(view_url, scheme, strlen(scheme)) == 0)
		host = authority(arena, view_url + strlen(scheme),
			site->secure ? ":443" : ":80");
	if (host == NULL || is_same_name(host, site->host) ||
		(!site->secure && !is_loopback(host) &&
			!is_below_localhost(host))) {
		ouv_log_error("[server] view_url %s: expected %s and a name "
			      "that is not the console's",
			view_url, scheme);
		return OUV_INVALID;
	}
	site->view_host = host;
	site->view_origin = ouv_arena_printf(arena, "%s%s", scheme, host);
	return OUV_OK;
}
