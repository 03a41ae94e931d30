/*
 * gate_test.c - what the gate lets through, and why it turns the rest away
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "../../server/cookie.c" /* NOLINT(bugprone-suspicious-include) */
#include "../../server/gate.c"   /* NOLINT(bugprone-suspicious-include) */

static const char *const cookies[] = { "__Host-ouv", "__Host-ouv-pre", NULL };
static const struct gate_rules rules = { "ouvidoria.example", cookies,
	"view.example:8443" };

#define HOST                                \
	{                                   \
		"Host", "ouvidoria.example" \
	}
#define MOST 5

struct attempt {
	const char *method, *target;
	struct header headers[MOST];
	enum gate want;
};

/* clang-format off */
static const struct attempt attempts[] = {
	{ "GET", "/", { HOST }, GATE_OK },
	{ "HEAD", "/cases/2026-000123-7", { HOST }, GATE_OK },
	{ "GET", "/cases?queue=open&after=a%2Bb%2F", { HOST }, GATE_OK },
	{ "GET", "/a~b_c.d-e?x=a+b%20~", { HOST }, GATE_OK },
	{ "GET", "/", { { "hOST", "OUVIDORIA.example" } }, GATE_OK },
	{ "GET", "/", { { "Host", "View.example:8443" } }, GATE_OK },
	{ "GET", "/", { { "Host", "view.example" } }, GATE_HOST },
	{ "GET", "/", { HOST, { "Host", "view.example:8443" } }, GATE_HOST },
	{ "POST", "/login", { HOST, { "Content-Length", "0" } }, GATE_OK },
	{ "GET", "/", { HOST, { "Content-Length", "0" } }, GATE_OK },
	{ "GET", "/", { HOST, { "X-Name", "caf\xc3\xa9\ttab" } }, GATE_OK },
	{ "GET", "/", { HOST, { "Cookie", "__Host-ouv=a; other=b; other=c" } }, GATE_OK },
	{ "GET", "/", { HOST, { "Cookie", "__Host-ouv=a; __Host-ouv-pre=b" } }, GATE_OK },

	/* methods */
	{ "PUT", "/", { HOST }, GATE_METHOD_REFUSED },
	{ "DELETE", "/", { HOST }, GATE_METHOD_REFUSED },
	{ "TRACE", "/", { HOST }, GATE_METHOD_REFUSED },
	{ "CONNECT", "ouvidoria.example:443", { HOST }, GATE_METHOD_REFUSED },
	{ "OPTIONS", "*", { HOST }, GATE_METHOD_REFUSED },
	{ "PATCH", "/", { HOST }, GATE_METHOD_REFUSED },
	{ "get", "/", { HOST }, GATE_METHOD_UNKNOWN },
	{ "GETS", "/", { HOST }, GATE_METHOD_UNKNOWN },
	{ "", "/", { HOST }, GATE_METHOD_UNKNOWN },
	{ "PROPFIND", "/", { HOST }, GATE_METHOD_UNKNOWN },

	/* targets */
	{ "GET", "", { HOST }, GATE_TARGET_SHAPE },
	{ "GET", "*", { HOST }, GATE_TARGET_SHAPE },
	{ "GET", "http://ouvidoria.example/", { HOST }, GATE_TARGET_SHAPE },
	{ "GET", "//evil.example/", { HOST }, GATE_TARGET_TRICK },
	{ "GET", "/a//b", { HOST }, GATE_TARGET_TRICK },
	{ "GET", "/../etc/passwd", { HOST }, GATE_TARGET_TRICK },
	{ "GET", "/a/..", { HOST }, GATE_TARGET_TRICK },
	{ "GET", "/%2e%2e/x", { HOST }, GATE_TARGET_SHAPE },
	{ "GET", "/case%00.css", { HOST }, GATE_TARGET_SHAPE },
	{ "GET", "/a%2fb", { HOST }, GATE_TARGET_SHAPE },
	{ "GET", "/a b", { HOST }, GATE_TARGET_SHAPE },
	{ "GET", "/a\tb", { HOST }, GATE_TARGET_SHAPE },
	{ "GET", "/a\\b", { HOST }, GATE_TARGET_SHAPE },
	{ "GET", "/a#b", { HOST }, GATE_TARGET_SHAPE },
	{ "GET", "/a;b", { HOST }, GATE_TARGET_SHAPE },
	{ "GET", "/caf\xc3\xa9", { HOST }, GATE_TARGET_SHAPE },
	{ "GET", "/\x7f", { HOST }, GATE_TARGET_SHAPE },
	{ "GET", "/?a=b?c", { HOST }, GATE_TARGET_SHAPE },
	{ "GET", "/?a=/etc", { HOST }, GATE_TARGET_SHAPE },
	{ "GET", "/?a=<b>", { HOST }, GATE_TARGET_SHAPE },
	{ "GET", "/?a=%00", { HOST }, GATE_TARGET_TRICK },
	{ "GET", "/?a=%0d%0aSet-Cookie", { HOST }, GATE_TARGET_TRICK },
	{ "GET", "/?a=%0D", { HOST }, GATE_TARGET_TRICK },
	{ "GET", "/?a=%0A", { HOST }, GATE_TARGET_TRICK },
	{ "GET", "/?a=%2E%2e", { HOST }, GATE_TARGET_TRICK },
	{ "GET", "/?a=%2e.", { HOST }, GATE_TARGET_TRICK },
	{ "GET", "/?a=.%2E", { HOST }, GATE_TARGET_TRICK },

	/* header lines */
	{ "GET", "/", { HOST, { "X Y", "1" } }, GATE_HEADER_NAME },
	{ "GET", "/", { HOST, { "Content-Length ", "1" } }, GATE_HEADER_NAME },
	{ "GET", "/", { HOST, { "X:Y", "1" } }, GATE_HEADER_NAME },
	{ "GET", "/", { HOST, { "", "1" } }, GATE_HEADER_NAME },
	{ "GET", "/", { HOST, { "X\xc3\xa9", "1" } }, GATE_HEADER_NAME },
	{ "GET", "/", { HOST, { "X", "a\r\n b" } }, GATE_HEADER_VALUE },
	{ "GET", "/", { HOST, { "X", "a\x01" } }, GATE_HEADER_VALUE },
	{ "GET", "/", { HOST, { "X", "\x7f" } }, GATE_HEADER_VALUE },

	/* host */
	{ "GET", "/", { { "Accept", "*/*" } }, GATE_HOST },
	{ "GET", "/", { HOST, HOST }, GATE_HOST },
	{ "GET", "/", { HOST, { "host", "evil.example" } }, GATE_HOST },
	{ "GET", "/", { { "Host", "evil.example" } }, GATE_HOST },
	{ "GET", "/", { { "Host", "ouvidoria.example:8080" } }, GATE_HOST },
	{ "GET", "/", { { "Host", "ouvidoria.example." } }, GATE_HOST },
	{ "GET", "/", { { "Host", "x@ouvidoria.example" } }, GATE_HOST },
	{ "GET", "/", { { "Host", "" } }, GATE_HOST },

	/* where the message ends */
	{ "POST", "/", { HOST, { "Transfer-Encoding", "chunked" } }, GATE_TRANSFER },
	{ "POST", "/", { HOST, { "transfer-encoding", "identity" }, { "Content-Length", "4" } }, GATE_TRANSFER },
	{ "GET", "/", { HOST, { "Transfer-Encoding", "xchunked" } }, GATE_TRANSFER },
	{ "POST", "/", { HOST, { "Content-Length", "4" }, { "content-length", "4" } }, GATE_LENGTH_TWICE },
	{ "POST", "/", { HOST, { "Content-Length", "4" }, { "Content-Length", "40" } }, GATE_LENGTH_TWICE },
	{ "POST", "/", { HOST }, GATE_LENGTH_MISSING },
	{ "POST", "/", { HOST, { "Content-Length", "" } }, GATE_LENGTH_SHAPE },
	{ "POST", "/", { HOST, { "Content-Length", "-1" } }, GATE_LENGTH_SHAPE },
	{ "POST", "/", { HOST, { "Content-Length", "+1" } }, GATE_LENGTH_SHAPE },
	{ "POST", "/", { HOST, { "Content-Length", "1, 1" } }, GATE_LENGTH_SHAPE },
	{ "POST", "/", { HOST, { "Content-Length", "0x10" } }, GATE_LENGTH_SHAPE },
	{ "POST", "/", { HOST, { "Content-Length", "18446744073709551617" } }, GATE_LENGTH_SHAPE },
	{ "GET", "/", { HOST, { "Content-Length", "5" } }, GATE_BODY_UNWANTED },
	{ "HEAD", "/", { HOST, { "Content-Length", "1" } }, GATE_BODY_UNWANTED },

	/* cookies */
	{ "GET", "/", { HOST, { "Cookie", "a=1" }, { "Cookie", "b=2" } }, GATE_COOKIE_TWICE },
	{ "GET", "/", { HOST, { "Cookie", "__Host-ouv=a; __Host-ouv=b" } }, GATE_COOKIE_TWICE },
	{ "GET", "/", { HOST, { "Cookie", "__Host-ouv=a;__Host-ouv=a" } }, GATE_COOKIE_TWICE },
	{ "GET", "/", { HOST, { "Cookie", "__Host-ouv-pre=a; x=y; __Host-ouv-pre =b" } }, GATE_COOKIE_TWICE },
};
/* clang-format on */

static void
each_attempt_has_the_outcome_in_the_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(attempts); i++) {
		const struct attempt *a = &attempts[i];
		size_t n = 0;
		enum gate got;

		while (n < MOST && a->headers[n].name != NULL)
			n++;
		got = gate_check(&rules, a->method, a->target, a->headers, n);
		if (got != a->want)
			fail_msg("row %zu (%s %s): %s, not %s", i, a->method,
				a->target, gate_name(got), gate_name(a->want));
	}
}

static void
every_reason_is_met_by_the_table_or_by_a_limit(void **state)
{
	bool met[GATE__COUNT] = { false };

	(void)state;
	for (size_t i = 0; i < COUNT(attempts); i++)
		met[attempts[i].want] = true;
	met[GATE_TARGET_LONG] = met[GATE_HEADERS_MANY] = true;
	for (int i = 0; i < GATE__COUNT; i++)
		if (!met[i])
			fail_msg("nothing meets %s", gate_name((enum gate)i));
}

static void
a_target_may_have_2048_bytes_and_no_more(void **state)
{
	const struct header host = HOST;
	char target[GATE_TARGET_MAX + 2];

	(void)state;
	memset(target, 'a', sizeof(target));
	target[0] = '/';
	target[GATE_TARGET_MAX + 1] = '\0';
	assert_int_equal(
		gate_check(&rules, "GET", target, &host, 1), GATE_TARGET_LONG);
	target[GATE_TARGET_MAX] = '\0';
	assert_int_equal(gate_check(&rules, "GET", target, &host, 1), GATE_OK);
}

static void
there_may_be_64_headers_and_no_more(void **state)
{
	struct header headers[GATE_HEADER_MAX + 1];

	(void)state;
	headers[0] = (struct header)HOST;
	for (int i = 1; i <= GATE_HEADER_MAX; i++)
		headers[i] = (struct header){ "X", "y" };
	assert_int_equal(
		gate_check(&rules, "GET", "/", headers, GATE_HEADER_MAX),
		GATE_OK);
	assert_int_equal(
		gate_check(&rules, "GET", "/", headers, GATE_HEADER_MAX + 1),
		GATE_HEADERS_MANY);
}

static void
headers_may_have_16_kib_together_and_no_more(void **state)
{
	static char value[GATE_HEADER_BYTES];
	struct header headers[2] = { HOST, { "X", value } };
	size_t left = GATE_HEADER_BYTES - strlen("Host") -
		      strlen("ouvidoria.example") - strlen("X");

	(void)state;
	memset(value, 'v', left);
	assert_int_equal(gate_check(&rules, "GET", "/", headers, 2), GATE_OK);
	value[left] = 'v';
	assert_int_equal(
		gate_check(&rules, "GET", "/", headers, 2), GATE_HEADERS_MANY);
}

static void
no_byte_but_those_of_the_rule_may_stand_in_a_path(void **state)
{
	static const char allowed[] = ALNUM "/_.~-?";
	const struct header host = HOST;

	(void)state;
	for (int c = 1; c < 256; c++) {
		char target[] = "/a_b";
		enum gate got;

		target[2] = (char)c;
		got = gate_check(&rules, "GET", target, &host, 1);
		assert_int_equal(got == GATE_OK, strchr(allowed, c) != NULL);
	}
}

static void
every_reason_has_a_name_and_an_error_status(void **state)
{
	(void)state;
	for (int i = 0; i < GATE__COUNT; i++) {
		int status = gate_status((enum gate)i);

		assert_non_null(gate_name((enum gate)i));
		if (i == GATE_OK)
			assert_int_equal(status, 200);
		else
			assert_true(status >= 400 && status < 600);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_attempt_has_the_outcome_in_the_table),
		cmocka_unit_test(
			every_reason_is_met_by_the_table_or_by_a_limit),
		cmocka_unit_test(a_target_may_have_2048_bytes_and_no_more),
		cmocka_unit_test(there_may_be_64_headers_and_no_more),
		cmocka_unit_test(headers_may_have_16_kib_together_and_no_more),
		cmocka_unit_test(
			no_byte_but_those_of_the_rule_may_stand_in_a_path),
		cmocka_unit_test(every_reason_has_a_name_and_an_error_status),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
