/*
 * texts_check_test.c - what is said of words that somebody proposes
 *
 * The product's own texts are taken as they are shipped, one thing in them is
 * made wrong, and the finding must name it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#include "../../lib/desk/texts.h"
#include "ouv/log.h"

static struct ouv_config config = { .paths_templates = "templates",
	.paths_lint_rules = "lint/rules.json" };
static struct ouv_office office = { .config = &config };
static struct ouv_arena *arena;

#define ok(call) assert_int_equal(call, OUV_OK)

static int
start(void **state)
{
	struct ouv_text_error wrong;
	struct ouv_lint_error error;

	(void)state;
	ouv_log_init("texts_check_test", OUV_LOG_ERROR);
	(void)setenv("TZ", "America/Sao_Paulo", 1);
	tzset();
	office.arena = ouv_arena_new(OUV_ARENA_PLAIN);
	arena = ouv_arena_new(OUV_ARENA_PLAIN);
	if (ouv_text_read(config.paths_templates, &office.texts, &wrong) !=
			OUV_OK ||
		ouv_lint_load(config.paths_lint_rules, &office.lint, &error) !=
			OUV_OK)
		return -1;
	return texts_read(&office) == OUV_OK ? 0 : -1;
}

static int
stop(void **state)
{
	(void)state;
	ouv_text_free(&office.texts);
	ouv_lint_free(&office.lint);
	ouv_arena_free(&office.arena);
	ouv_arena_free(&arena);
	return 0;
}

/* ---- a proposal ---------------------------------------------------------- */

struct proposal {
	const struct text_live *shipped;
	const char *body[OUV_LANG__COUNT];
	struct ouv_text_finding *findings;
	size_t count;
};

static struct proposal
take(const char *name)
{
	struct proposal p = { 0 };
	size_t index;

	ok(texts_index(&office, name, &index));
	p.shipped = &office.shipped[index];
	memcpy(p.body, p.shipped->body, sizeof(p.body));
	return p;
}

/* Puts words in the place of others, which must be there. */
static void
swap(struct proposal *p, enum ouv_lang lang, const char *old, const char *new)
{
	const char *at = strstr(p->body[lang], old);

	if (at == NULL)
		fail_msg("%s is not in the text", old);
	p->body[lang] =
		ouv_arena_printf(arena, "%.*s%s%s", (int)(at - p->body[lang]),
			p->body[lang], new, at + strlen(old));
}

static void
swap_all(struct proposal *p, const char *old, const char *new)
{
	for (int l = 0; l < OUV_LANG__COUNT; l++)
		swap(p, (enum ouv_lang)l, old, new);
}

/* A paragraph more, where all languages have one that is rarely there. */
static void
say(struct proposal *p, enum ouv_lang lang, const char *words)
{
	swap(p, lang, "{{#too_large}}\n",
		ouv_arena_printf(arena, "%s\n\n{{#too_large}}\n", words));
}

static void
check(struct proposal *p)
{
	ok(text_check(arena, &office, p->shipped, (const char *const *)p->body,
		&p->findings, &p->count));
}

static const struct ouv_text_finding *
find(const struct proposal *p, const char *rule, const char *found)
{
	for (size_t i = 0; i < p->count; i++)
		if (strcmp(p->findings[i].rule, rule) == 0 &&
			strcmp(p->findings[i].found, found) == 0)
			return &p->findings[i];
	return NULL;
}

/* That finding, and nothing else that blocks. */
static const struct ouv_text_finding *
only(struct proposal *p, const char *rule, const char *found)
{
	const struct ouv_text_finding *f;

	check(p);
	f = find(p, rule, found);
	for (size_t i = 0; i < p->count; i++)
		if (f == NULL ||
			(p->findings[i].blocks &&
				strcmp(p->findings[i].rule, rule) != 0))
			fail_msg("%s instead of %s: '%s'", p->findings[i].rule,
				rule, p->findings[i].found);
	assert_non_null(f);
	return f;
}

static int
line_of(const char *body, const char *words)
{
	const char *at = strstr(body, words);
	int line = 1;

	assert_non_null(at);
	for (; body < at; body++)
		line += *body == '\n';
	return line;
}

/* ---- claims -------------------------------------------------------------- */

static void
of_the_products_own_words_nothing_is_said(void **state)
{
	(void)state;
	assert_true(office.shipped_count >= 4);
	for (size_t i = 0; i < office.shipped_count; i++) {
		struct proposal p = take(office.shipped[i].decl->name);

		check(&p);
		if (p.count > 0)
			fail_msg("%s.%s:%d: %s '%s'", p.shipped->decl->name,
				ouv_lang_tag(p.findings[0].lang),
				p.findings[0].line, p.findings[0].rule,
				p.findings[0].found);
		ouv_arena_reset(arena);
	}
}

static void
a_template_that_does_not_parse_blocks_with_its_line(void **state)
{
	struct proposal p = take("mail/ack");
	const struct ouv_text_finding *f = NULL;

	(void)state;
	swap(&p, OUV_LANG_EN, "{{/too_large}}", "");
	check(&p);
	for (size_t i = 0; i < p.count; i++)
		if (strcmp(p.findings[i].rule, "template-error") == 0)
			f = &p.findings[i];
	assert_non_null(f);
	assert_true(f->blocks);
	assert_int_equal(f->lang, OUV_LANG_EN);
	assert_true(f->line > 1);
	assert_non_null(strstr(f->found, "too_large"));
}

static void
a_raw_tag_blocks(void **state)
{
	struct proposal p = take("mail/ack");

	(void)state;
	swap(&p, OUV_LANG_IT, "{{first_reply_by}}", "{{{first_reply_by}}}");
	check(&p);
	assert_true(p.count > 0);
	assert_string_equal(p.findings[0].rule, "template-error");
	assert_int_equal(p.findings[0].lang, OUV_LANG_IT);
	assert_true(p.findings[0].blocks);
}

static void
a_partial_blocks(void **state)
{
	struct proposal p = take("mail/ack");

	(void)state;
	swap(&p, OUV_LANG_IT, "{{office_name}}", "{{> letter}}");
	assert_true(only(&p, "template-error", "no partial letter")->blocks);
}

static void
a_variable_that_nobody_declared_blocks(void **state)
{
	struct proposal p = take("mail/ack");
	const struct ouv_text_finding *f;

	(void)state;
	/* in a branch that the examples never take, too */
	swap(&p, OUV_LANG_EN, "{{#too_large}}\n",
		"{{#too_large}}\n{{^too_large}}{{nickname}}{{/too_large}}\n");
	f = only(&p, "unknown-variable", "{{nickname}}");
	assert_true(f->blocks);
	assert_int_equal(f->lang, OUV_LANG_EN);
	assert_int_equal(f->line, line_of(p.body[OUV_LANG_EN], "{{nickname}}"));
	/* has_ is of optional variables only */
	p = take("mail/ack");
	swap(&p, OUV_LANG_EN, "{{protocol}}",
		"{{#has_protocol}}{{protocol}}"
		"{{/has_protocol}}");
	check(&p);
	assert_non_null(find(&p, "unknown-variable", "{{#has_protocol}}"));
}

static void
a_variable_that_is_left_out_warns(void **state)
{
	struct proposal p = take("mail/ack");
	const struct ouv_text_finding *f;

	(void)state;
	swap_all(&p, "{{first_reply_by}}", "12h");
	f = only(&p, "missing-variable", "{{first_reply_by}}");
	assert_false(f->blocks);
	assert_non_null(f->says[OUV_LANG_IT]);
	/* what need not be there may be left out */
	p = take("mail/ack");
	swap_all(&p, "{{office_site_url}}", "-");
	check(&p);
	assert_null(find(&p, "missing-variable", "{{office_site_url}}"));
}

static void
a_language_that_lacks_what_another_has_warns(void **state)
{
	struct proposal p = take("mail/ack");
	const struct ouv_text_finding *f;

	(void)state;
	swap(&p, OUV_LANG_PT_BR, "{{office_name}}",
		"{{office_name}}\n{{#has_name}}{{name}}{{/has_name}}"
		"{{#is_holiday}} {{/is_holiday}}{{^is_vacation}} "
		"{{/is_vacation}}");
	f = only(&p, "parity", "{{^is_vacation}}");
	assert_false(f->blocks);
	assert_int_not_equal(f->lang, OUV_LANG_PT_BR);
}

static void
a_missing_language_blocks(void **state)
{
	static const char *const nothing[] = { NULL, "", " \n\t\n" };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct proposal p = take("mail/letter");
		const struct ouv_text_finding *f;

		p.body[OUV_LANG_IT] = nothing[i];
		f = only(&p, "parity", "");
		assert_true(f->blocks);
		assert_int_equal(f->lang, OUV_LANG_IT);
	}
}

static void
a_letter_without_a_subject_line_blocks(void **state)
{
	struct proposal p = take("mail/ack");
	const struct ouv_text_finding *f;

	(void)state;
	p.body[OUV_LANG_EN] = strchr(p.body[OUV_LANG_EN], '\n') + 2;
	f = only(&p, "subject", "");
	assert_true(f->blocks);
	assert_int_equal(f->lang, OUV_LANG_EN);
}

static void
a_piece_with_a_subject_line_blocks(void **state)
{
	const char *name = NULL;
	struct proposal p;

	(void)state;
	for (size_t i = 0; i < office.shipped_count && name == NULL; i++)
		if (office.shipped[i].decl->kind == OUV_TEXT_PIECE)
			name = office.shipped[i].decl->name;
	if (name == NULL)
		skip();
	p = take(name);
	p.body[OUV_LANG_EN] = ouv_arena_printf(
		arena, "Subject: x\n\n%s", p.body[OUV_LANG_EN]);
	assert_true(only(&p, "subject", "")->blocks);
}

static void
an_open_blank_blocks_at_its_line(void **state)
{
	struct proposal p = take("mail/ack");
	const struct ouv_text_finding *f;

	(void)state;
	swap(&p, OUV_LANG_PT_BR, "{{first_reply_by}}", "(dia/mês)");
	check(&p);
	f = find(&p, "open-blank", "(dia/mês)");
	assert_non_null(f);
	assert_true(f->blocks);
	assert_int_equal(f->lang, OUV_LANG_PT_BR);
	assert_int_equal(f->line, line_of(p.body[OUV_LANG_PT_BR], "(dia/mês)"));
	assert_true(f->column > 1);
}

static void
an_open_blank_is_found_in_a_branch_that_is_never_taken(void **state)
{
	struct proposal p = take("mail/ack");

	(void)state;
	swap(&p, OUV_LANG_EN, "{{#too_large}}\n",
		"{{#too_large}}\n{{^too_large}}____{{/too_large}}\n");
	check(&p);
	assert_non_null(find(&p, "open-blank", "____"));
}

static void
what_the_lint_says_of_optional_words_alone_is_found(void **state)
{
	struct proposal p = take("mail/ack");
	const struct ouv_text_finding *f;

	(void)state;
	/* the examples do not say it: the office is not away there */
	swap(&p, OUV_LANG_EN, "{{#is_away}}\n",
		"{{#is_away}}\nYOU MUST ALWAYS SEND LESS THAN THAT.\n");
	check(&p);
	f = NULL;
	for (size_t i = 0; i < p.count; i++)
		if (strcmp(p.findings[i].rule, "capitals") == 0)
			f = &p.findings[i];
	assert_non_null(f);
	assert_false(f->blocks);
	assert_int_equal(f->line, line_of(p.body[OUV_LANG_EN], "YOU MUST"));
}

static void
a_finding_across_a_value_is_told_at_its_line(void **state)
{
	struct proposal p = take("mail/ack");
	const struct ouv_text_finding *f = NULL;
	static const char words[] =
		"we will do all that anybody could ever think of so that you "
		"will hear from us about {{protocol}} and all that you told us "
		"and all that the shop told us and all that we found and all "
		"that we think and all that we hope for in the days to come";

	(void)state;
	say(&p, OUV_LANG_EN, words);
	check(&p);
	for (size_t i = 0; i < p.count; i++)
		if (strcmp(p.findings[i].rule, "long-sentence") == 0)
			f = &p.findings[i];
	assert_non_null(f);
	assert_int_equal(
		f->line, line_of(p.body[OUV_LANG_EN], "anybody could"));
}

static void
greeting_and_thanks_must_be_there_when_nothing_optional_is(void **state)
{
	struct proposal p = take("mail/ack");

	(void)state;
	swap(&p, OUV_LANG_EN, "{{^has_name}}\nHello,\n{{/has_name}}\n", "");
	check(&p);
	assert_non_null(find(&p, "greeting", ""));
	p = take("mail/ack");
	p.body[OUV_LANG_EN] = ouv_arena_printf(arena,
		"Subject: We have it, {{protocol}}\n\n{{#has_name}}\nDear "
		"{{name}},\n{{/has_name}}\n{{^has_name}}\nHello,\n"
		"{{/has_name}}\n\nIt came on {{received_on}}.\n\n"
		"{{#too_large}}\nThank you.\n{{/too_large}}\n"
		"{{office_name}}\n");
	check(&p);
	assert_non_null(find(&p, "thanks", ""));
}

static void
defence_blocks_in_an_acknowledgement_and_not_in_a_letter(void **state)
{
	static const char *const names[] = { "mail/ack", "mail/letter" };

	(void)state;
	for (size_t n = 0; n < 2; n++) {
		struct proposal p = take(names[n]);
		bool found = false;

		swap(&p, OUV_LANG_EN, "{{/has_name}}\n\n",
			"{{/has_name}}\n\nHowever, the company was right.\n\n");
		check(&p);
		for (size_t i = 0; i < p.count; i++)
			found |= strcmp(p.findings[i].rule, "defence") == 0 &&
				 p.findings[i].blocks;
		assert_int_equal(found, n == 0);
	}
}

static void
findings_are_in_the_order_of_the_text_and_told_once(void **state)
{
	struct proposal p = take("mail/ack");

	(void)state;
	swap_all(&p, "Subject: ", "Subject: [...] ");
	swap(&p, OUV_LANG_IT, "{{first_reply_by}}", "(giorno/mese)");
	check(&p);
	assert_true(p.count >= 4);
	for (size_t i = 1; i < p.count; i++) {
		const struct ouv_text_finding *a = &p.findings[i - 1],
					      *b = &p.findings[i];

		assert_true(a->lang < b->lang ||
			    (a->lang == b->lang && a->line <= b->line));
		assert_false(a->lang == b->lang && a->line == b->line &&
			     strcmp(a->rule, b->rule) == 0 &&
			     strcmp(a->found, b->found) == 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(of_the_products_own_words_nothing_is_said),
		cmocka_unit_test(
			a_template_that_does_not_parse_blocks_with_its_line),
		cmocka_unit_test(a_raw_tag_blocks),
		cmocka_unit_test(a_partial_blocks),
		cmocka_unit_test(a_variable_that_nobody_declared_blocks),
		cmocka_unit_test(a_variable_that_is_left_out_warns),
		cmocka_unit_test(a_language_that_lacks_what_another_has_warns),
		cmocka_unit_test(a_missing_language_blocks),
		cmocka_unit_test(a_letter_without_a_subject_line_blocks),
		cmocka_unit_test(a_piece_with_a_subject_line_blocks),
		cmocka_unit_test(an_open_blank_blocks_at_its_line),
		cmocka_unit_test(
			an_open_blank_is_found_in_a_branch_that_is_never_taken),
		cmocka_unit_test(
			what_the_lint_says_of_optional_words_alone_is_found),
		cmocka_unit_test(a_finding_across_a_value_is_told_at_its_line),
		cmocka_unit_test(
			greeting_and_thanks_must_be_there_when_nothing_optional_is),
		cmocka_unit_test(
			defence_blocks_in_an_acknowledgement_and_not_in_a_letter),
		cmocka_unit_test(
			findings_are_in_the_order_of_the_text_and_told_once),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
