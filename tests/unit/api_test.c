/*
 * api_test.c - the table of what companies' programs may ask, and how strictly
 * what they send is read
 *
 * Run from the project's folder: the real words are read.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "../../server/api.c"       /* NOLINT(bugprone-suspicious-include) */
#include "../../server/api_body.c"  /* NOLINT(bugprone-suspicious-include) */
#include "../../server/api_table.c" /* NOLINT(bugprone-suspicious-include) */
#include "../../server/form.c"      /* NOLINT(bugprone-suspicious-include) */
#include "../../server/gate.c"      /* NOLINT(bugprone-suspicious-include) */
#include "../../server/cookie.c"    /* NOLINT(bugprone-suspicious-include) */
#include "../../server/utf8.c"      /* NOLINT(bugprone-suspicious-include) */
#include "../../server/words.c"     /* NOLINT(bugprone-suspicious-include) */

/* ---- what the server would do with it -------------------------------------
 */

static enum api_problem told;
static char codes[1000];
static struct words words;

void
api_problem(struct request *request, enum api_problem problem, json_t *errors)
{
	(void)request;
	told = problem;
	json_decref(errors);
}

void
api_wrong(const struct request *request, json_t *errors, const char *pointer,
	const char *code)
{
	(void)request;
	(void)snprintf(codes + strlen(codes), sizeof(codes) - strlen(codes),
		"%s:%s ", pointer, code);
	json_array_append_new(errors, json_string(code));
}

#define NOT_CALLED(name)                 \
	void name(struct api_call *call) \
	{                                \
		(void)call;              \
		fail_msg("%s", #name);   \
	}
NOT_CALLED(api_get_document)
NOT_CALLED(api_get_problem)
NOT_CALLED(api_list_tasks)
NOT_CALLED(api_list_cases)
NOT_CALLED(api_get_case)
NOT_CALLED(api_list_messages)
NOT_CALLED(api_get_message)
NOT_CALLED(api_get_attachment)
NOT_CALLED(api_list_promises)
NOT_CALLED(api_get_figures)
NOT_CALLED(api_say)
NOT_CALLED(api_set_reference)
NOT_CALLED(api_post_file)
NOT_CALLED(api_file_cut)

bool
api_file_begin(struct api_call *call)
{
	(void)call;
	return false;
}

void
api_file_more(struct api_call *call, const char *data, size_t len)
{
	(void)call;
	(void)data;
	(void)len;
}

void
reply_bytes(struct request *request, int status, const char *type,
	struct ouv_str bytes)
{
	(void)type;
	request->response.status = status;
	request->response.body = bytes;
}

void
reply_header(struct request *request, const char *name, const char *value)
{
	(void)request;
	(void)name;
	(void)value;
}

void
session_language(struct request *request)
{
	request->lang = OUV_LANG_EN;
}

const char *
session_address(const struct request *request)
{
	(void)request;
	return NULL;
}

enum ouv_err
desk_here(const struct server *server, struct ouv_desk **desk_out)
{
	(void)server;
	(void)desk_out;
	return OUV_TEMPORARY;
}

void
desk_drop(void)
{
}

/* ---- the table -------------------------------------------------------------
 */

static int
setup(void **state)
{
	(void)state;
	return words_load("templates", &words) == OUV_OK ? 0 : -1;
}

static int
teardown(void **state)
{
	(void)state;
	words_free(&words);
	return 0;
}

static void
must_have(const char *prefix, const char *code)
{
	for (int i = 0; i < OUV_LANG__COUNT; i++) {
		const char *text =
			words_code(&words, (enum ouv_lang)i, prefix, code);

		if (text == NULL || *text == '\0')
			fail_msg("%s: no words for %s%s",
				ouv_lang_tag((enum ouv_lang)i), prefix, code);
	}
}

static void
every_operation_problem_and_field_is_described(void **state)
{
	(void)state;
	for (size_t i = 0; i < api_op_count; i++)
		must_have("api_op_", api_ops[i].name);
	for (int p = 0; p < API_PROBLEM__COUNT; p++) {
		must_have("api_problem_", api_problems[p].name);
		must_have("api_why_", api_problems[p].name);
	}
	for (size_t i = 0; api_schemas[i] != NULL; i++)
		for (const struct api_field *f = api_schemas[i]->fields;
			f->name != NULL; f++)
			if (words_code(&words, OUV_LANG_EN, "api_f_",
				    f->name) == NULL) {
				char key[100];

				(void)snprintf(key, sizeof(key), "%s_%s",
					api_schemas[i]->name, f->name);
				must_have("api_f_", key);
			}
}

static void
whatever_an_operation_uses_is_in_the_document(void **state)
{
	(void)state;
	for (size_t i = 0; i < api_op_count; i++) {
		const struct api_schema *of[] = { api_ops[i].takes,
			api_ops[i].gives };

		for (size_t n = 0; n < 2; n++) {
			bool found = of[n] == NULL;

			for (size_t s = 0; api_schemas[s] != NULL; s++)
				found |= api_schemas[s] == of[n];
			assert_true(found);
		}
		/* Whoever acts may only by a token that may answer. */
		if (api_ops[i].method == METHOD_POST) {
			assert_false(api_ops[i].open);
			assert_int_equal(api_ops[i].scope, OUV_SCOPE_ANSWER);
			assert_true((api_ops[i].problems &
					    API_BIT(API_KEY_MISSING)) != 0);
		}
	}
}

/* ---- addresses -------------------------------------------------------------
 */

static const char *
found(const char *path, enum method method)
{
	static struct ouv_arena *arena;
	static struct request request;
	static struct api_call call;
	enum api_problem problem;

	if (arena == NULL)
		arena = ouv_arena_new(OUV_ARENA_PLAIN);
	request = (struct request){
		.arena = arena, .path = path, .method = method
	};
	call = (struct api_call){ .request = &request };
	find(&call, &problem);
	return call.op != NULL ? call.op->name : api_problems[problem].name;
}

static void
an_address_is_one_operation(void **state)
{
	(void)state;
	assert_string_equal(found("/api/v1/tasks", METHOD_GET), "listTasks");
	assert_string_equal(found("/api/v1/tasks", METHOD_HEAD), "listTasks");
	assert_string_equal(
		found("/api/v1/tasks", METHOD_POST), "method-not-allowed");
	assert_string_equal(found("/api/v1/tasks/", METHOD_GET), "not-found");
	assert_string_equal(found("/api/v1", METHOD_GET), "not-found");
	assert_string_equal(
		found("/api/v1/cases/2026-000001-3/messages", METHOD_GET),
		"listMessages");
	assert_string_equal(
		found("/api/v1/cases/2026-000001-3/messages", METHOD_POST),
		"writeMessage");
	assert_string_equal(
		found("/api/v1/cases//messages", METHOD_GET), "not-found");
	assert_string_equal(
		found("/api/v1/cases/x/messages/3/attachments/0", METHOD_GET),
		"getAttachment");
	assert_true(api_is("/api/v1/x"));
	assert_true(api_is("/api/v1?x=1"));
	assert_false(api_is("/api/v12/x"));
	assert_false(api_is("/api"));
}

/* ---- bodies ----------------------------------------------------------------
 */

/* What is said of that body sent to the operation; "" : it is taken. */
static const char *
read_as(const char *op, const char *type, const char *body, size_t len)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	const struct header headers[] = { { "Content-Type", type } };
	struct request request = { .arena = arena,
		.headers = headers,
		.header_count = type != NULL,
		.body = { body, len } };
	struct api_call call = { .request = &request };
	static char out[1100];
	bool taken;

	for (size_t i = 0; i < api_op_count; i++)
		if (strcmp(api_ops[i].name, op) == 0)
			call.op = &api_ops[i];
	codes[0] = '\0';
	taken = api_read_body(&call);
	if (taken)
		out[0] = '\0';
	else
		(void)snprintf(out, sizeof(out), "%s %s",
			api_problems[told].name, codes);
	json_decref(call.body);
	ouv_arena_free(&arena);
	return out;
}

static const char *
sent(const char *op, const char *body)
{
	return read_as(op, "application/json", body, strlen(body));
}

static void
a_body_is_what_the_table_says_and_nothing_else(void **state)
{
	(void)state;
	assert_string_equal(
		sent("writeMessage", "{\"words\":\"Bom dia\"}"), "");
	assert_string_equal(
		sent("writeMessage", "{}"), "invalid /words:missing ");
	assert_string_equal(sent("writeMessage", "{\"words\":\"\"}"),
		"invalid /words:length ");
	assert_string_equal(sent("writeMessage", "{\"words\":7}"),
		"invalid /words:not-text ");
	assert_string_equal(sent("writeMessage", "{\"words\":null}"),
		"invalid /words:not-null ");
	assert_string_equal(
		sent("writeMessage", "{\"words\":\"x\",\"word/s\":1}"),
		"invalid /word~1s:unknown-field ");
	assert_string_equal(sent("answer", "{\"points\":[{\"happened\":\"x\","
					   "\"by\":\"2026-02-30\"}]}"),
		"invalid /points/0/by:not-a-day ");
	assert_string_equal(sent("answer", "{\"points\":{\"happened\":\"x\"}}"),
		"invalid /points:not-a-list ");
	assert_string_equal(sent("answer", "{\"points\":[7]}"),
		"invalid /points/0:not-an-object ");
	assert_string_equal(sent("answer", "{\"files\":[0,-1]}"),
		"invalid /files/1:number-range ");
	assert_string_equal(sent("answer", "{\"files\":[0.5]}"),
		"invalid /files/0:not-a-number ");
	assert_string_equal(sent("setReference", "{\"reference\":null}"), "");
}

static void
what_is_no_json_of_ours_is_refused(void **state)
{
	char deep[100];

	(void)state;
	assert_string_equal(sent("writeMessage", ""), "bad-json ");
	assert_string_equal(sent("writeMessage", "[]"), "bad-json ");
	assert_string_equal(
		sent("writeMessage", "{\"words\":\"x\"} {}"), "bad-json ");
	assert_string_equal(
		sent("writeMessage", "{\"words\":\"x\",\"words\":\"y\"}"),
		"bad-json ");
	assert_string_equal(
		sent("writeMessage", "{\"words\":\"\\u0000\"}"), "bad-json ");
	assert_string_equal(
		sent("writeMessage", "{\"words\":\"\xff\"}"), "bad-json ");
	assert_string_equal(read_as("writeMessage", "application/json",
				    "{\"words\":\"a\0b\"}", 15),
		"bad-json ");
	memset(deep, '[', sizeof(deep) - 1);
	deep[sizeof(deep) - 1] = '\0';
	assert_string_equal(sent("writeMessage", deep), "bad-json ");
	/* Brackets in a text are no levels. */
	assert_string_equal(
		sent("writeMessage", "{\"words\":\"\\\"[[[[[[[[[[\"}"), "");
	assert_string_equal(
		read_as("writeMessage", "text/plain", "{}", 2), "media-type ");
	assert_string_equal(
		read_as("writeMessage", NULL, "{}", 2), "media-type ");
	assert_string_equal(
		read_as("writeMessage", "application/json; charset=utf-8",
			"{\"words\":\"x\"}", 13),
		"");
}

static void
long_texts_are_counted_in_characters(void **state)
{
	static char body[3 * API_WORDS + 100];
	size_t n = 0;

	(void)state;
	n += (size_t)snprintf(body, sizeof(body), "{\"words\":\"");
	for (int i = 0; i < API_WORDS; i++) {
		memcpy(body + n, "\xc3\xa3", 2);
		n += 2;
	}
	memcpy(body + n, "\"}", 3);
	assert_string_equal(sent("writeMessage", body), "");
	memcpy(body + n, "x\"}", 4);
	assert_string_equal(
		sent("writeMessage", body), "invalid /words:length ");
}

/* ---- headers ---------------------------------------------------------------
 */

static const char *
key_of(const char *value)
{
	static struct ouv_arena *arena;
	static struct header headers[1];
	static struct request request;
	const char *key;

	if (arena == NULL)
		arena = ouv_arena_new(OUV_ARENA_PLAIN);
	headers[0] = (struct header){ "idempotency-key", value };
	request = (struct request){
		.arena = arena, .headers = headers, .header_count = 1
	};
	key = idempotency_key(&request);
	return key != NULL ? key : "-";
}

static void
a_request_is_named_by_a_string(void **state)
{
	char longest[300];

	(void)state;
	assert_string_equal(key_of("\"8e03978e\""), "8e03978e");
	assert_string_equal(key_of("8e03978e"), "8e03978e");
	assert_string_equal(key_of(""), "-");
	assert_string_equal(key_of("\"\""), "-");
	assert_string_equal(key_of("a\"b"), "-");
	assert_string_equal(key_of("a\tb"), "-");
	assert_string_equal(key_of("\xc3\xa3"), "-");
	memset(longest, 'k', sizeof(longest));
	longest[256] = '\0';
	assert_string_equal(key_of(longest), "-");
	longest[255] = '\0';
	assert_string_equal(key_of(longest), longest);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			every_operation_problem_and_field_is_described),
		cmocka_unit_test(whatever_an_operation_uses_is_in_the_document),
		cmocka_unit_test(an_address_is_one_operation),
		cmocka_unit_test(
			a_body_is_what_the_table_says_and_nothing_else),
		cmocka_unit_test(what_is_no_json_of_ours_is_refused),
		cmocka_unit_test(long_texts_are_counted_in_characters),
		cmocka_unit_test(a_request_is_named_by_a_string),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
