/*
 * party_say_test.c - what a party's answer decides: never a wrong one, and how
 * many of the clear ones are heard
 *
 * tests/data/say/NAME.json are lists of answers as people write them, each
 * with the state it comes in and what it means to a person who reads it ("":
 * nothing that may be carried out).  Whatever is carried out must be what it
 * means, without exception.  "must": it says it in the words our letters ask
 * for, or as clearly.  Runs from the project's folder.
 */
#include "../../lib/desk/party_say.c"
#include "../../lib/desk/say_clause.c"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>

#define FOLDER "tests/data/say"
#define MINIMUM 150
#define RECALL_PERCENT 85

/* ---- the corpus ------------------------------------------------------------
 */

struct figures {
	int answers, meant, heard, wrong, deaf;
};

static const char *
text_of(const json_t *one, const char *key)
{
	const char *text = json_string_value(json_object_get(one, key));

	assert_non_null(text);
	return text;
}

static void
ask_of(const json_t *one, struct say_ask *ask)
{
	*ask = (struct say_ask){ .company = strcmp(text_of(one, "side"),
						    "company") == 0,
		.options = (int)json_integer_value(
			json_object_get(one, "options")),
		.asked = json_is_true(json_object_get(one, "asked")),
		.text = text_of(one, "text") };
	assert_int_equal(
		ouv_state_parse(text_of(one, "state"), &ask->state), OUV_OK);
}

/* "accept", "choose:2", "answer"; "" when a person must read it. */
static void
carried_out(const struct said *said, char out[40])
{
	out[0] = '\0';
	if (said->kind == SAY_ACT || said->kind == SAY_ANSWER)
		(void)snprintf(out, 40, "%s%s%s", ouv_action_name(said->action),
			said->choice[0] != '\0' ? ":" : "", said->choice);
}

static void
try_one(const json_t *one, struct figures *f)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_WIPE);
	const char *means = text_of(one, "means");
	struct say_ask ask;
	struct said said;
	char done[40];

	ask_of(one, &ask);
	party_say(arena, &ask, &said);
	carried_out(&said, done);
	f->answers++;
	f->meant += means[0] != '\0';
	if (done[0] != '\0' && strcmp(done, means) != 0) {
		f->wrong++;
		print_error("taken for \"%s\", means \"%s\": %s\n", done, means,
			ask.text);
	}
	if (done[0] != '\0' && strcmp(done, means) == 0)
		f->heard++;
	else if (json_is_true(json_object_get(one, "must"))) {
		f->deaf++;
		print_error("not heard: %s\n", ask.text);
	} else if (means[0] != '\0')
		print_message("left to a person: %s\n", ask.text);
	ouv_arena_free(&arena);
}

static void
try_file(const char *name, struct figures *f)
{
	char path[256];
	json_error_t error;
	json_t *list;

	(void)snprintf(path, sizeof(path), FOLDER "/%s", name);
	list = json_load_file(path, 0, &error);
	if (list == NULL)
		print_error("%s:%d: %s\n", path, error.line, error.text);
	assert_non_null(list);
	for (size_t i = 0; i < json_array_size(list); i++)
		try_one(json_array_get(list, i), f);
	json_decref(list);
}

static void
test_nothing_is_taken_for_what_it_is_not(void **state)
{
	struct figures f = { 0 };
	DIR *folder = opendir(FOLDER);
	struct dirent *entry;

	(void)state;
	assert_non_null(folder);
	while ((entry = readdir(folder)) != NULL)
		if (entry->d_name[0] != '.')
			try_file(entry->d_name, &f);
	(void)closedir(folder);
	print_message("%d answers, %d mean something, %d heard (%d %%), %d "
		      "wrong\n",
		f.answers, f.meant, f.heard, f.heard * 100 / f.meant, f.wrong);
	assert_true(f.answers >= MINIMUM);
	assert_int_equal(f.wrong, 0);
	assert_int_equal(f.deaf, 0);
	assert_true(f.heard * 100 >= f.meant * RECALL_PERCENT);
}

/* ---- what must hold for every answer ---------------------------------------
 */

/* A yes with any of these beside it is nobody's yes. */
static void
test_a_condition_takes_every_yes_back(void **state)
{
	static const char *const yes[] = { "Aceito", "I accept", "Accetto" };
	static const char *const take_back[] = { "se pagarem", "mas tarde",
		"desde que", "if they pay", "but", "unless", "se pagano", "ma",
		"a condizione", "nao", "non", "not", "?" };

	(void)state;
	for (size_t y = 0; y < COUNT(yes); y++)
		for (size_t t = 0; t < COUNT(take_back); t++)
			for (int at = 0; at < 3; at++) {
				struct ouv_arena *arena =
					ouv_arena_new(OUV_ARENA_WIPE);
				const char *text = ouv_arena_printf(arena,
					at == 0   ? "%s %s"
					: at == 1 ? "%s, %s"
						  : "%s.\n%s",
					yes[y], take_back[t]);
				struct say_ask ask = {
					.state = OUV_STATE_CONSUMER,
					.text = text
				};
				struct said said;

				party_say(arena, &ask, &said);
				if (said.kind == SAY_ACT)
					print_error("%s\n", text);
				/* "Accept. ?" alone asks nothing. */
				if (strcmp(take_back[t], "?") != 0 || at == 0)
					assert_int_not_equal(
						said.kind, SAY_ACT);
				ouv_arena_free(&arena);
			}
}

/* Who may not act in a state is not heard in it. */
static void
test_only_who_may_act_is_heard(void **state)
{
	static const char *const texts[] = { "ACEITO", "RECUSO", "OPTION 1",
		"DESISTO", "SIM", "REVIEW", "PRAZO", "DECLINO" };

	(void)state;
	for (int s = 0; s < OUV_STATE__COUNT; s++)
		for (int side = 0; side < 2; side++)
			for (size_t t = 0; t < COUNT(texts); t++) {
				struct ouv_arena *arena =
					ouv_arena_new(OUV_ARENA_WIPE);
				struct say_ask ask = {
					.state = (enum ouv_state)s,
					.company = side == 1,
					.options = 2,
					.asked = true,
					.text = texts[t]
				};
				const struct ouv_move *row;
				struct said said;

				party_say(arena, &ask, &said);
				if (said.kind == SAY_ACT)
					assert_int_equal(
						ouv_workflow_find(ask.state,
							said.action,
							ask.company
								? OUV_ROLE_COMPANY
								: OUV_ROLE_CONSUMER,
							&row),
						OUV_OK);
				if (said.kind != SAY_NOTHING)
					assert_true(party_say_listens(
						ask.state, ask.company));
				ouv_arena_free(&arena);
			}
}

static void
test_a_page_offers_what_an_answer_may_say(void **state)
{
	struct say_ask ask = { .state = OUV_STATE_PROPOSAL, .options = 3 };
	struct said list[16];

	(void)state;
	assert_int_equal(party_say_choices(&ask, list, 16), 5);
	assert_int_equal(list[0].action, OUV_ACTION_CHOOSE);
	assert_string_equal(list[0].choice, "1");
	assert_string_equal(list[2].choice, "3");
	assert_string_equal(list[3].choice, "0");
	assert_int_equal(list[4].action, OUV_ACTION_WITHDRAW);
	ask.chosen = true; /* another one may still be chosen */
	assert_int_equal(party_say_choices(&ask, list, 16), 5);
	ask = (struct say_ask){ .state = OUV_STATE_PLAN, .asked = true };
	assert_int_equal(party_say_choices(&ask, list, 16), 3);
	ask = (struct say_ask){ .state = OUV_STATE_HELD };
	assert_int_equal(party_say_choices(&ask, list, 16), 0);
	ask = (struct say_ask){ .state = OUV_STATE_COMPANY, .company = true };
	assert_int_equal(party_say_choices(&ask, list, 16), 2);
}

/* Whatever bytes come, nothing is read beyond them. */
static void
test_any_bytes_will_do(void **state)
{
	uint32_t seed = 1;
	char text[200];

	(void)state;
	for (int round = 0; round < 3000; round++) {
		struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_WIPE);
		struct say_ask ask = { .state = OUV_STATE_PROPOSAL,
			.options = 2 };
		struct said said;
		char *copy;
		size_t len;

		for (len = 0; len < sizeof(text) - 1; len++) {
			seed = seed * 1103515245 + 12345;
			text[len] = (char)(seed >> 16);
			if (text[len] == '\0')
				break;
		}
		copy = ouv_arena_strndup(arena, text, len);
		ask.text = copy;
		party_say(arena, &ask, &said);
		assert_true(said.kind <= SAY_UNCLEAR);
		ouv_arena_free(&arena);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_is_taken_for_what_it_is_not),
		cmocka_unit_test(test_a_condition_takes_every_yes_back),
		cmocka_unit_test(test_only_who_may_act_is_heard),
		cmocka_unit_test(test_a_page_offers_what_an_answer_may_say),
		cmocka_unit_test(test_any_bytes_will_do),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
