/*
 * site_test.c - what base_url may be, and what follows from it
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "../../server/site.c" /* NOLINT(bugprone-suspicious-include) */

/* clang-format off */
static const struct {
	const char *base_url;
	const char *origin, *host, *session_cookie; /* NULL: refused */
} sites[] = {
	{ "https://ouvidoria.example", "https://ouvidoria.example", "ouvidoria.example", "__Host-ouv" },
	{ "https://ouvidoria.example/", "https://ouvidoria.example", "ouvidoria.example", "__Host-ouv" },
	{ "https://Ouvidoria.Example", "https://ouvidoria.example", "ouvidoria.example", "__Host-ouv" },
	{ "https://ouvidoria.example:443", "https://ouvidoria.example", "ouvidoria.example", "__Host-ouv" },
	{ "https://ouvidoria.example:8443", "https://ouvidoria.example:8443", "ouvidoria.example:8443", "__Host-ouv" },
	{ "https://localhost", "https://localhost", "localhost", "__Host-ouv" },
	{ "http://127.0.0.1:8080", "http://127.0.0.1:8080", "127.0.0.1:8080", "ouv" },
	{ "http://127.0.0.1:80/", "http://127.0.0.1", "127.0.0.1", "ouv" },
	{ "http://localhost:8080/", "http://localhost:8080", "localhost:8080", "ouv" },
	{ "http://[::1]:8080", "http://[::1]:8080", "[::1]:8080", "ouv" },
	/* plain http to anything but this machine */
	{ "http://ouvidoria.example", NULL, NULL, NULL },
	{ "http://127.0.0.1.evil.example", NULL, NULL, NULL },
	{ "http://localhost.evil.example:80", NULL, NULL, NULL },
	{ "http://10.0.0.1:8080", NULL, NULL, NULL },
	/* no address of a site */
	{ "", NULL, NULL, NULL },
	{ "ouvidoria.example", NULL, NULL, NULL },
	{ "ftp://ouvidoria.example", NULL, NULL, NULL },
	{ "https://", NULL, NULL, NULL },
	{ "https:///", NULL, NULL, NULL },
	{ "https://ouvidoria.example/console", NULL, NULL, NULL },
	{ "https://a@ouvidoria.example", NULL, NULL, NULL },
	{ "https://ouvidoria.example?x", NULL, NULL, NULL },
	{ "https://ouvi doria.example", NULL, NULL, NULL },
};
/* clang-format on */

static void
each_base_url_is_read_as_in_the_table(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);

	(void)state;
	for (size_t i = 0; i < sizeof(sites) / sizeof(sites[0]); i++) {
		struct site site = { 0 };
		enum ouv_err err = site_parse(arena, sites[i].base_url, &site);

		if ((err == OUV_OK) != (sites[i].origin != NULL))
			fail_msg(
				"%s: %s", sites[i].base_url, ouv_err_name(err));
		if (err != OUV_OK) {
			assert_null(site.origin); /* outputs are left alone */
			continue;
		}
		assert_string_equal(site.origin, sites[i].origin);
		assert_string_equal(site.host, sites[i].host);
		assert_string_equal(
			site.session_cookie, sites[i].session_cookie);
	}
	ouv_arena_free(&arena);
}

static void
all_cookies_of_a_site_are_listed_for_the_gate(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	struct site site = { 0 };

	(void)state;
	assert_int_equal(
		site_parse(arena, "https://ouvidoria.example", &site), OUV_OK);
	assert_true(site.secure);
	assert_string_equal(site.session_cookie, "__Host-ouv");
	assert_string_equal(site.entry_cookie, "__Host-ouv-pre");
	assert_string_equal(site.language_cookie, "__Host-ouv-lang");
	assert_string_equal(site.cookies[0], site.session_cookie);
	assert_string_equal(site.cookies[1], site.entry_cookie);
	assert_string_equal(site.cookies[2], site.language_cookie);
	assert_string_equal(site.release_cookie, "__Host-ouv-d");
	assert_string_equal(site.device_cookie, "__Host-ouv-dev");
	assert_string_equal(site.cookies[3], site.release_cookie);
	assert_string_equal(site.cookies[4], site.device_cookie);
	assert_string_equal(site.theme_cookie, "__Host-ouv-theme");
	assert_string_equal(site.cookies[5], site.theme_cookie);
	assert_string_equal(site.who_cookie, "__Host-ouv-who");
	assert_string_equal(site.cookies[6], site.who_cookie);
	assert_string_equal(site.list_cookie, "__Host-ouv-list");
	assert_string_equal(site.cookies[7], site.list_cookie);
	assert_string_equal(site.cookies[8], site.member_cookie);
	assert_string_equal(site.cookies[9], site.track_cookie);
	assert_null(site.cookies[10]);
	ouv_arena_free(&arena);
}

/* clang-format off */
static const struct {
	const char *base_url, *view_url, *origin, *host; /* NULL: refused */
} views[] = {
	{ "https://o.example", "https://view.o.example/", "https://view.o.example", "view.o.example" },
	{ "https://o.example", "https://View.example:8443", "https://view.example:8443", "view.example:8443" },
	{ "http://127.0.0.1:80", "http://view.localhost:8080", "http://view.localhost:8080", "view.localhost:8080" },
	{ "http://127.0.0.1:8080", "http://localhost:8080", "http://localhost:8080", "localhost:8080" },
	/* its own name, at whatever port: cookies do not know ports */
	{ "https://o.example", "https://o.example", NULL, NULL },
	{ "https://o.example", "https://O.example:8443", NULL, NULL },
	{ "http://127.0.0.1:8080", "http://127.0.0.1:8081", NULL, NULL },
	/* another scheme, a network, no address */
	{ "https://o.example", "http://view.localhost", NULL, NULL },
	{ "http://127.0.0.1:8080", "https://view.o.example", NULL, NULL },
	{ "http://127.0.0.1:8080", "http://view.o.example", NULL, NULL },
	{ "http://127.0.0.1:8080", "http://localhost.o.example", NULL, NULL },
	{ "http://127.0.0.1:8080", "http://.localhost", NULL, NULL },
	{ "https://o.example", "view.o.example", NULL, NULL },
	{ "https://o.example", "https://view.o.example/v", NULL, NULL },
	{ "https://o.example", "https://v.example; script-src *", NULL, NULL },
};
/* clang-format on */

static void
each_second_name_is_read_as_in_the_table(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);

	(void)state;
	for (size_t i = 0; i < sizeof(views) / sizeof(views[0]); i++) {
		struct site site = { 0 };
		enum ouv_err err;

		assert_int_equal(
			site_parse(arena, views[i].base_url, &site), OUV_OK);
		err = site_parse_view(arena, views[i].view_url, &site);
		if ((err == OUV_OK) != (views[i].origin != NULL))
			fail_msg(
				"%s: %s", views[i].view_url, ouv_err_name(err));
		if (err != OUV_OK) {
			assert_null(site.view_origin);
			assert_null(site.view_host);
			continue;
		}
		assert_string_equal(site.view_origin, views[i].origin);
		assert_string_equal(site.view_host, views[i].host);
	}
	ouv_arena_free(&arena);
}

static void
without_a_second_name_there_is_none(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	struct site site = { 0 };

	(void)state;
	assert_int_equal(site_parse(arena, "https://o.example", &site), OUV_OK);
	assert_int_equal(site_parse_view(arena, "", &site), OUV_OK);
	assert_null(site.view_origin);
	assert_null(site.view_host);
	ouv_arena_free(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_base_url_is_read_as_in_the_table),
		cmocka_unit_test(each_second_name_is_read_as_in_the_table),
		cmocka_unit_test(without_a_second_name_there_is_none),
		cmocka_unit_test(all_cookies_of_a_site_are_listed_for_the_gate),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
