/*
 * lint_corpus_test.c - the rules as shipped are right about whole letters, good
 * ones and bad ones, in three languages
 *
 * tests/data/lint/NAME.json are lists of texts, each with the rules that must
 * find something in it ("expect"), and all others must not, save those about
 * which one may differ ("may": a bare "(number and date)" is taken for a blank
 * by design).  Numbers about tone say that known wordings are still heard, not
 * how many others are missed.  With -v the counts are printed by rule and
 * language.  Runs from the project's folder.
 */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "ouv/lint.h"
#include "ouv/mail.h"

#define FOLDER "tests/data/lint"
#define RULES "lint/rules.json"
#define RULES_MAX 64
#define MINIMUM 120 /* texts of either sort, all files together */
#define TRIED 3     /* bad texts of each rule */
#define MISSED_PERCENT 10
#define FALSE_PERCENT 5

enum outcome {
	RIGHT,
	MISSED,
	FALSE_ALARM,
	OUTCOME__COUNT
};
static const char *const outcome_words[OUTCOME__COUNT] = { "right", "missed",
	"false" };

static struct ouv_lint_set *set;
static const struct ouv_lint_rule *rules;
static size_t rule_count;

static int counts[RULES_MAX][OUV_LANG__COUNT][OUTCOME__COUNT];
static int bad_texts[OUV_LANG__COUNT], good_texts[OUV_LANG__COUNT];
static bool verbose;

static bool
holds(const json_t *list, const char *word)
{
	size_t i;
	const json_t *item;

	json_array_foreach(list, i, item) if (strcmp(json_string_value(item),
						      word) == 0) return true;
	return false;
}

static const char *const *
strings(struct ouv_arena *arena, const json_t *list, size_t *count_out)
{
	size_t n = json_array_size(list);
	const char **out = ouv_arena_alloc(arena, (n + 1) * sizeof(*out));

	for (size_t i = 0; i < n; i++)
		out[i] = json_string_value(json_array_get(list, i));
	*count_out = n;
	return out;
}

static enum ouv_lint_kind
kind_named(const char *name)
{
	for (int kind = 0; kind < OUV_LINT_KIND__COUNT; kind++)
		if (strcmp(ouv_lint_kind_name(kind), name) == 0)
			return kind;
	fail_msg("no such kind: %s", name);
	return OUV_LINT_KIND__COUNT;
}

/* A misspelt name of a rule would never be missed. */
static void
check_names(const json_t *list)
{
	size_t i, known;
	const json_t *item;

	json_array_foreach(list, i, item)
	{
		for (known = 0; known < rule_count; known++)
			if (strcmp(rules[known].name,
				    json_string_value(item)) == 0)
				break;
		if (known == rule_count)
			fail_msg("no such rule: %s", json_string_value(item));
	}
}

static const struct ouv_finding *
finding_of(const struct ouv_lint_rule *rule, const struct ouv_finding *findings,
	size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (findings[i].rule == rule)
			return &findings[i];
	return NULL;
}

static void
count_one(size_t rule, const json_t *doc, enum ouv_lang lang,
	const struct ouv_finding *finding)
{
	const char *name = rules[rule].name;
	enum outcome outcome = RIGHT;

	if (holds(json_object_get(doc, "expect"), name))
		outcome = finding != NULL ? RIGHT : MISSED;
	else if (finding == NULL || holds(json_object_get(doc, "may"), name))
		return;
	else
		outcome = FALSE_ALARM;
	counts[rule][lang][outcome]++;
	if (outcome != RIGHT)
		(void)printf("# %s %s: \"%s\" in %.300s\n",
			outcome_words[outcome], name,
			finding != NULL ? finding->found : "",
			json_string_value(json_object_get(doc, "text")));
}

static void
measure(const json_t *doc)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	const json_t *expect = json_object_get(doc, "expect");
	struct ouv_lint_text text = {
		.lang = ouv_lang_parse(
			json_string_value(json_object_get(doc, "lang")),
			OUV_LANG__COUNT),
		.kind = kind_named(
			json_string_value(json_object_get(doc, "kind"))),
		.body = json_string_value(json_object_get(doc, "text")),
		.html = json_string_value(json_object_get(doc, "html")),
		.protocol = json_string_value(json_object_get(doc, "protocol")),
	};
	struct ouv_finding *findings;
	size_t count;

	if (text.lang == OUV_LANG__COUNT || !json_is_array(expect))
		fail_msg("without language or expectation: %s", text.body);
	check_names(expect);
	check_names(json_object_get(doc, "may"));
	text.written = ouv_mail_lang(arena, text.body);
	text.own = strings(arena, json_object_get(doc, "own"), &text.own_count);
	text.others = strings(
		arena, json_object_get(doc, "others"), &text.other_count);
	if (json_array_size(expect) > 0)
		bad_texts[text.lang]++;
	else
		good_texts[text.lang]++;
	ouv_lint_run(arena, set, &text, &findings, &count);
	for (size_t rule = 0; rule < rule_count; rule++)
		count_one(rule, doc, text.lang,
			finding_of(&rules[rule], findings, count));
	ouv_arena_free(&arena);
}

static int
is_corpus(const struct dirent *entry)
{
	const char *dot = strrchr(entry->d_name, '.');

	return dot != NULL && strcmp(dot, ".json") == 0;
}

static void
measure_file(const char *name)
{
	char path[512];
	json_error_t error;
	json_t *list;
	size_t i;
	const json_t *doc;

	(void)snprintf(path, sizeof(path), FOLDER "/%s", name);
	list = json_load_file(path, 0, &error);
	if (list == NULL)
		fail_msg("%s:%d: %s", path, error.line, error.text);
	json_array_foreach(list, i, doc) measure(doc);
	json_decref(list);
}

static int
total(size_t rule, enum outcome outcome)
{
	int sum = 0;

	for (int lang = 0; lang < OUV_LANG__COUNT; lang++)
		sum += counts[rule][lang][outcome];
	return sum;
}

static int
total_of(enum ouv_severity severity, enum outcome outcome)
{
	int sum = 0;

	for (size_t rule = 0; rule < rule_count; rule++)
		if (rules[rule].severity == severity)
			sum += total(rule, outcome);
	return sum;
}

static void
print_table(void)
{
	(void)printf("# right/missed/false      ");
	for (int lang = 0; lang < OUV_LANG__COUNT; lang++)
		(void)printf("%10s", ouv_lang_tag(lang));
	(void)printf("       all\n");
	for (size_t rule = 0; rule < rule_count; rule++) {
		(void)printf("# %-21s", rules[rule].name);
		(void)printf("%s", rules[rule].severity == OUV_LINT_BLOCKS
					   ? "[b]"
					   : "   ");
		for (int lang = 0; lang < OUV_LANG__COUNT; lang++)
			(void)printf("%6d/%d/%d", counts[rule][lang][RIGHT],
				counts[rule][lang][MISSED],
				counts[rule][lang][FALSE_ALARM]);
		(void)printf("%6d/%d/%d\n", total(rule, RIGHT),
			total(rule, MISSED), total(rule, FALSE_ALARM));
	}
}

static void
print_totals(void)
{
	for (int lang = 0; lang < OUV_LANG__COUNT; lang++)
		(void)printf("# %s: %d bad texts, %d good\n",
			ouv_lang_tag(lang), bad_texts[lang], good_texts[lang]);
	for (int s = OUV_LINT_BLOCKS; s <= OUV_LINT_WARNS; s++)
		(void)printf("# %s: %d right, %d missed, %d false\n",
			s == OUV_LINT_BLOCKS ? "blocks" : "warns",
			total_of(s, RIGHT), total_of(s, MISSED),
			total_of(s, FALSE_ALARM));
}

static int
set_up_all(void **state)
{
	struct dirent **names = NULL;
	struct ouv_lint_error error;
	int files;

	(void)state;
	if (ouv_lint_load(RULES, &set, &error) != OUV_OK) {
		(void)fprintf(stderr, "%s: %s\n", error.rule, error.what);
		return -1;
	}
	rules = ouv_lint_rules(set, &rule_count);
	if (rule_count > RULES_MAX)
		return -1;
	files = scandir(FOLDER, &names, is_corpus, alphasort);
	for (int i = 0; i < files; i++) {
		measure_file(names[i]->d_name);
		free(names[i]);
	}
	free(names);
	if (verbose)
		print_table();
	print_totals();
	return 0;
}

static int
tear_down_all(void **state)
{
	(void)state;
	ouv_lint_free(&set);
	return 0;
}

static void
the_corpus_is_large_enough_in_every_language(void **state)
{
	(void)state;
	for (int lang = 0; lang < OUV_LANG__COUNT; lang++) {
		assert_true(bad_texts[lang] >= MINIMUM / OUV_LANG__COUNT);
		assert_true(good_texts[lang] >= MINIMUM / OUV_LANG__COUNT);
	}
}

/* Said of a template by its declaration; no text holds them. */
static bool
is_declared(const char *name)
{
	static const char *const names[] = { "unknown-variable",
		"missing-variable", "parity", "template-error", "subject" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

static void
every_rule_is_tried_on_three_texts(void **state)
{
	(void)state;
	for (size_t rule = 0; rule < rule_count; rule++)
		if (!is_declared(rules[rule].name) &&
			total(rule, RIGHT) + total(rule, MISSED) < TRIED)
			fail_msg("%s is not tried enough", rules[rule].name);
}

static void
a_rule_that_blocks_is_never_wrong(void **state)
{
	(void)state;
	for (size_t rule = 0; rule < rule_count; rule++)
		if (rules[rule].severity == OUV_LINT_BLOCKS &&
			total(rule, MISSED) + total(rule, FALSE_ALARM) > 0)
			fail_msg("%s: %d missed, %d false", rules[rule].name,
				total(rule, MISSED), total(rule, FALSE_ALARM));
}

static void
rules_that_warn_are_seldom_wrong(void **state)
{
	int right = total_of(OUV_LINT_WARNS, RIGHT);
	int missed = total_of(OUV_LINT_WARNS, MISSED);
	int wrong = total_of(OUV_LINT_WARNS, FALSE_ALARM);

	(void)state;
	if (missed * 100 > MISSED_PERCENT * (right + missed))
		fail_msg("%d of %d missed", missed, right + missed);
	if (wrong * 100 > FALSE_PERCENT * (right + wrong))
		fail_msg("%d of %d false", wrong, right + wrong);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_corpus_is_large_enough_in_every_language),
		cmocka_unit_test(every_rule_is_tried_on_three_texts),
		cmocka_unit_test(a_rule_that_blocks_is_never_wrong),
		cmocka_unit_test(rules_that_warn_are_seldom_wrong),
	};

	verbose = argc > 1 && strcmp(argv[1], "-v") == 0;
	return cmocka_run_group_tests(tests, set_up_all, tear_down_all);
}
