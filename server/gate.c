/*
 * gate.c - refuses a request whose shape no browser behind our proxy sends
 */
#include <ctype.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "cookie.h"
#include "gate.h"

/* clang-format off */
static const struct {
	int status;
	const char *name;
} outcomes[GATE__COUNT] = {
	[GATE_OK] = { 200, "ok" },
	[GATE_METHOD_UNKNOWN] = { 501, "method_unknown" },
	[GATE_METHOD_REFUSED] = { 405, "method_refused" },
	[GATE_TARGET_LONG] = { 414, "target_long" },
	[GATE_TARGET_SHAPE] = { 400, "target_shape" },
	[GATE_TARGET_TRICK] = { 400, "target_trick" },
	[GATE_HEADERS_MANY] = { 431, "headers_many" },
	[GATE_HEADER_NAME] = { 400, "header_name" },
	[GATE_HEADER_VALUE] = { 400, "header_value" },
	[GATE_HOST] = { 400, "host" },
	[GATE_LENGTH_SHAPE] = { 400, "length_shape" },
	[GATE_LENGTH_TWICE] = { 400, "length_twice" },
	[GATE_LENGTH_MISSING] = { 411, "length_missing" },
	[GATE_BODY_UNWANTED] = { 400, "body_unwanted" },
	[GATE_TRANSFER] = { 501, "transfer_encoding" },
	[GATE_COOKIE_TWICE] = { 400, "cookie_twice" },
};

/* Methods that HTTP knows (RFC 9110, RFC 5789) and we do not serve. */
static const char *const refused[] = {
	"PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH",
};

/* Encodings of what a path or a line must not hold; lower case. */
static const char *const tricks[] = {
	"//", "..", "%00", "%0a", "%0d", "%2e%2e", "%2e.", ".%2e",
};
/* clang-format on */

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define ALNUM                                                  \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" \
	"0123456789"

int
gate_status(enum gate gate)
{
	return outcomes[gate].status;
}

const char *
gate_name(enum gate gate)
{
	return outcomes[gate].name;
}

const char *
header_find(const struct header *headers, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcasecmp(headers[i].name, name) == 0)
			return headers[i].value;
	return NULL;
}

static size_t
header_count(const struct header *headers, size_t count, const char *name)
{
	size_t n = 0;

	for (size_t i = 0; i < count; i++)
		n += strcasecmp(headers[i].name, name) == 0;
	return n;
}

static enum gate
check_method(const char *method)
{
	if (strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0 ||
		strcmp(method, "POST") == 0)
		return GATE_OK;
	for (size_t i = 0; i < COUNT(refused); i++)
		if (strcmp(method, refused[i]) == 0)
			return GATE_METHOD_REFUSED;
	return GATE_METHOD_UNKNOWN;
}

/* ^/[A-Za-z0-9/_.~-]*(\?[A-Za-z0-9_=&.%+~-]*)?$ */
static enum gate
check_target(const char *target)
{
	const char *p = target;

	if (strnlen(target, GATE_TARGET_MAX + 1) > GATE_TARGET_MAX)
		return GATE_TARGET_LONG;
	if (*p != '/')
		return GATE_TARGET_SHAPE;
	p += strspn(p, ALNUM "/_.~-");
	if (*p == '?')
		p += 1 + strspn(p + 1, ALNUM "_=&.%+~-");
	if (*p != '\0')
		return GATE_TARGET_SHAPE;
	for (size_t i = 0; i < COUNT(tricks); i++)
		if (strcasestr(target, tricks[i]) != NULL)
			return GATE_TARGET_TRICK;
	return GATE_OK;
}

/* RFC 9110 5.6.2 */
static bool
is_token(const char *name)
{
	return *name != '\0' &&
	       name[strspn(name, ALNUM "!#$%&'*+-.^_`|~")] == '\0';
}

static bool
has_control(const char *value)
{
	for (; *value != '\0'; value++) {
		unsigned char c = (unsigned char)*value;

		if ((c < 0x20 && c != '\t') || c == 0x7f)
			return true;
	}
	return false;
}

static enum gate
check_headers(const struct header *headers, size_t count)
{
	size_t bytes = 0;

	if (count > GATE_HEADER_MAX)
		return GATE_HEADERS_MANY;
	for (size_t i = 0; i < count; i++) {
		if (!is_token(headers[i].name))
			return GATE_HEADER_NAME;
		if (has_control(headers[i].value))
			return GATE_HEADER_VALUE;
		bytes += strlen(headers[i].name) + strlen(headers[i].value);
		if (bytes > GATE_HEADER_BYTES)
			return GATE_HEADERS_MANY;
	}
	return GATE_OK;
}

bool
gate_is_view(const struct gate_rules *rules, const struct header *headers,
	size_t count)
{
	const char *value = header_find(headers, count, "Host");

	return rules->view_host != NULL && value != NULL &&
	       strcasecmp(value, rules->view_host) == 0;
}

static enum gate
check_host(const struct gate_rules *rules, const struct header *headers,
	size_t count)
{
	const char *value = header_find(headers, count, "Host");

	if (header_count(headers, count, "Host") != 1 ||
		(strcasecmp(value, rules->host) != 0 &&
			!gate_is_view(rules, headers, count)))
		return GATE_HOST;
	return GATE_OK;
}

/* Where the message ends must have one answer only (RFC 9112 6.3). */
static enum gate
check_length(const char *method, const struct header *headers, size_t count)
{
	const char *length = header_find(headers, count, "Content-Length");
	bool post = strcmp(method, "POST") == 0;

	if (header_find(headers, count, "Transfer-Encoding") != NULL)
		return GATE_TRANSFER;
	if (header_count(headers, count, "Content-Length") > 1)
		return GATE_LENGTH_TWICE;
	if (length == NULL)
		return post ? GATE_LENGTH_MISSING : GATE_OK;
	if (*length == '\0' || strlen(length) > 12 ||
		length[strspn(length, "0123456789")] != '\0')
		return GATE_LENGTH_SHAPE;
	if (!post && strspn(length, "0") != strlen(length))
		return GATE_BODY_UNWANTED;
	return GATE_OK;
}

static enum gate
check_cookies(const struct gate_rules *rules, const struct header *headers,
	size_t count)
{
	const char *line = header_find(headers, count, "Cookie");

	if (header_count(headers, count, "Cookie") > 1)
		return GATE_COOKIE_TWICE;
	if (line == NULL)
		return GATE_OK;
	for (const char *const *name = rules->cookies; *name != NULL; name++)
		if (cookie_count(line, *name) > 1)
			return GATE_COOKIE_TWICE;
	return GATE_OK;
}

enum gate
gate_check(const struct gate_rules *rules, const char *method,
	const char *target, const struct header *headers, size_t count)
{
	enum gate gate;

	if ((gate = check_method(method)) != GATE_OK)
		return gate;
	if ((gate = check_target(target)) != GATE_OK)
		return gate;
	if ((gate = check_headers(headers, count)) != GATE_OK)
		return gate;
	if ((gate = check_host(rules, headers, count)) != GATE_OK)
		return gate;
	if ((gate = check_length(method, headers, count)) != GATE_OK)
		return gate;
	return check_cookies(rules, headers, count);
}
