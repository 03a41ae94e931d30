/*
 * painter_test.c - that the page of a mail is rebuilt behind the fence, and
 * that a hostile one breaks its child at most
 */
#include "../../server/painter.c" /* NOLINT(bugprone-suspicious-include) */
#include "../../server/turn.c"    /* NOLINT(bugprone-suspicious-include) */

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static struct ouv_arena *arena;

static int
begin(void **state)
{
	(void)state;
	arena = ouv_arena_new(OUV_ARENA_WIPE);
	return painter_begin() == OUV_OK ? 0 : -1;
}

static int
end(void **state)
{
	(void)state;
	painter_end();
	ouv_arena_free(&arena);
	return 0;
}

static const struct painter_words words = { "Título", "de fora",
	"não mostrada" };

static enum ouv_err
paint(const char *raw, struct ouv_str *document)
{
	return painter_paint(
		arena, &words, (struct ouv_str){ raw, strlen(raw) }, document);
}

static const char *
painted(const char *raw)
{
	struct ouv_str document;

	assert_int_equal(paint(raw, &document), OUV_OK);
	assert_int_equal(strlen(document.p), document.len);
	return document.p;
}

#define HTML "Content-Type: text/html; charset="

static void
the_page_of_a_mail_is_painted(void **state)
{
	const char *page = painted("Subject: x\r\n" HTML "utf-8\r\n\r\n"
				   "<p>Ol\xc3\xa1 <script>x</script><b>Ana");

	(void)state;
	assert_non_null(strstr(page, "<p>Olá <b>Ana"));
	assert_non_null(strstr(page, "<title>Título</title>"));
	assert_null(strstr(page, "script"));
}

static void
charsets_and_encodings_are_read(void **state)
{
	(void)state;
	assert_non_null(strstr(
		painted(HTML "iso-8859-1\r\n\r\n<p>a\xe7\xe3o"), "<p>ação"));
	assert_non_null(strstr(painted(HTML "windows-1251\r\n"
					    "Content-Transfer-Encoding: "
					    "quoted-printable\r\n\r\n"
					    "<p>=CF=F0"),
		"<p>Пр"));
	assert_non_null(strstr(painted(HTML "utf-8\r\n"
					    "Content-Transfer-Encoding: "
					    "base64\r\n\r\nPHA+PGI+eDwvYj4="),
		"<p><b>x</b>"));
	/* What only some readers take for a tag is none here either. */
	assert_null(strstr(
		painted(HTML "utf-7\r\n\r\n+ADw-script+AD4-a"), "<script"));
}

#define PARTS(html)                                                         \
	"Content-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\n"          \
	"Content-Type: multipart/alternative; boundary=a\r\n\r\n"           \
	"--a\r\nContent-Type: text/plain\r\n\r\nplain words\r\n--a\r\n"     \
	"Content-Type: multipart/related; boundary=r\r\n\r\n--r\r\n"        \
	"Content-Type: text/html\r\n\r\n" html "\r\n--r\r\n"                \
	"Content-Type: application/octet-stream\r\n"                        \
	"Content-ID: <logo@x>\r\nContent-Transfer-Encoding: base64\r\n\r\n" \
	"R0lGODlhAQABAAAAACw=\r\n--r--\r\n--a--\r\n--m\r\n"                 \
	"Content-Type: text/html\r\n"                                       \
	"Content-Disposition: attachment; filename=a.html\r\n\r\n"          \
	"<p>an attachment\r\n--m--\r\n"

static void
a_picture_of_the_mail_is_in_it(void **state)
{
	const char *page = painted(PARTS("<p>x <img src=\"cid:logo@x\">"
					 "<img src=http://t.example/a alt=T>"
					 "<img src=cid:none>"));

	(void)state;
	assert_non_null(
		strstr(page, "<img src=\"data:image/gif;base64,R0lGODlhAQAB"));
	assert_non_null(strstr(page, "T – de fora</span>"));
	assert_non_null(strstr(page, ">não mostrada</span>"));
	assert_null(strstr(page, "plain words"));
	assert_null(strstr(page, "an attachment"));
	assert_null(strstr(page, "t.example"));
}

/* What one leaves open does not swallow the next. */
static void
several_pages_stand_below_each_other(void **state)
{
	const char *page = painted(
		"Content-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\n"
		"Content-Type: text/html\r\n\r\n<p>one<!-- <b>\r\n--m\r\n"
		"Content-Type: text/html\r\n\r\n<p>two<plaintext>\r\n"
		"--m\r\nContent-Type: text/html\r\n\r\n<h1>three\r\n"
		"--m--\r\n");

	(void)state;
	assert_non_null(strstr(page, "<p>one</p>\n<p>two"));
	assert_non_null(strstr(page, "</p>\n<h1>three</h1>\n</body>"));
}

static void
a_mail_without_a_page_has_none(void **state)
{
	struct ouv_str document;

	(void)state;
	assert_int_equal(
		paint("Subject: x\r\n\r\nwords", &document), OUV_NOT_FOUND);
	assert_int_equal(paint("", &document), OUV_NOT_FOUND);
	assert_int_equal(paint("Content-Type: text/html\r\n"
			       "Content-Disposition: attachment\r\n\r\n<p>x",
				 &document),
		OUV_NOT_FOUND);
}

static void
what_is_too_much_is_said_and_the_next_is_painted(void **state)
{
	struct ouv_str document;
	struct ouv_buf deep;

	(void)state;
	ouv_buf_init(&deep, arena, 0);
	ouv_buf_text(&deep, HTML "utf-8\r\n\r\n");
	for (int i = 0; i < 100000; i++)
		ouv_buf_text(&deep, "<div>");
	assert_int_equal(paint(deep.data, &document), OUV_INVALID);
	assert_non_null(
		strstr(painted(HTML "utf-8\r\n\r\n<p>next"), "<p>next"));
}

/* Whatever the child says is read as carefully as the mail. */
static void
a_false_answer_is_no_document(void **state)
{
	struct ouv_str document = { NULL, 0 };

	(void)state;
	assert_int_equal(
		take_answer((struct ouv_str){ "", 0 }, &document), OUV_INVALID);
	assert_int_equal(take_answer((struct ouv_str){ "<p>", 3 }, &document),
		OUV_INVALID);
	assert_int_equal(take_answer((struct ouv_str){ "t<p>", 4 }, &document),
		OUV_INVALID);
	assert_null(document.p);
}

static void
each_mail_has_a_child_of_its_own(void **state)
{
	unsigned long before = ouv_fence_stats(painter.fence).children;

	(void)state;
	(void)painted(HTML "utf-8\r\n\r\n<p>one");
	(void)painted(HTML "utf-8\r\n\r\n<p>two");
	assert_int_equal(ouv_fence_stats(painter.fence).children, before + 2);
}

static void *
keep_it(void *user)
{
	pthread_barrier_t *both = user;

	(void)pthread_mutex_lock(&painter.lock);
	(void)pthread_barrier_wait(both); /* it is mine */
	(void)pthread_barrier_wait(both); /* no more needed */
	(void)pthread_mutex_unlock(&painter.lock);
	return NULL;
}

/* The console has few threads: nobody waits long for another's page. */
static void
whoever_comes_meanwhile_is_told_so_at_once(void **state)
{
	struct timespec begun, ended;
	pthread_barrier_t both;
	struct ouv_str document;
	pthread_t other;

	(void)state;
	assert_int_equal(pthread_barrier_init(&both, NULL, 2), 0);
	assert_int_equal(pthread_create(&other, NULL, keep_it, &both), 0);
	(void)pthread_barrier_wait(&both);
	(void)clock_gettime(CLOCK_MONOTONIC, &begun);
	assert_int_equal(
		paint(HTML "utf-8\r\n\r\n<p>x", &document), OUV_TEMPORARY);
	(void)clock_gettime(CLOCK_MONOTONIC, &ended);
	(void)pthread_barrier_wait(&both);
	(void)pthread_join(other, NULL);
	(void)pthread_barrier_destroy(&both);
	assert_in_range((ended.tv_sec - begun.tv_sec) * 1000 +
				(ended.tv_nsec - begun.tv_nsec) / 1000000,
		250, 2000);
	(void)painted(HTML "utf-8\r\n\r\n<p>then");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_page_of_a_mail_is_painted),
		cmocka_unit_test(charsets_and_encodings_are_read),
		cmocka_unit_test(a_picture_of_the_mail_is_in_it),
		cmocka_unit_test(several_pages_stand_below_each_other),
		cmocka_unit_test(a_mail_without_a_page_has_none),
		cmocka_unit_test(
			what_is_too_much_is_said_and_the_next_is_painted),
		cmocka_unit_test(a_false_answer_is_no_document),
		cmocka_unit_test(each_mail_has_a_child_of_its_own),
		cmocka_unit_test(whoever_comes_meanwhile_is_told_so_at_once),
	};

	return cmocka_run_group_tests_name("painter", tests, begin, end);
}
