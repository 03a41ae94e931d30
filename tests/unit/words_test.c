/*
 * words_test.c - whatever a page can show has words in every language
 *
 * Run from the project's folder: the real templates and sources are read.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <glob.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "ouv/desk.h"
#include "ouv/hearing.h"
#include "ouv/worklist.h"

#include "../../server/reason.c" /* NOLINT(bugprone-suspicious-include) */
#include "../../server/words.c"  /* NOLINT(bugprone-suspicious-include) */

static struct words words;

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

/* In all languages, and not empty. */
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
every_state_role_lane_and_kind_has_words(void **state)
{
	(void)state;
	for (int i = 0; i < OUV_STATE__COUNT; i++)
		must_have("state_", ouv_state_name((enum ouv_state)i));
	for (int i = 0; i < OUV_ROLE__COUNT; i++)
		must_have("role_", ouv_role_name((enum ouv_role)i));
	for (int i = 0; i < OUV_LANE__COUNT; i++)
		must_have("lane_", ouv_lane_name((enum ouv_lane)i));
	for (int i = 0; i < OUV_ITEM__COUNT; i++)
		must_have("kind_", ouv_item_kind_name((enum ouv_item_kind)i));
	for (int i = 0; i < OUV_LANG__COUNT; i++)
		must_have("lang_", ouv_lang_tag((enum ouv_lang)i));
}

static void
every_class_delivery_and_queue_has_words(void **state)
{
	(void)state;
	for (int i = 0; i < OUV_MAIL_CLASS__COUNT; i++)
		must_have(
			"class_", ouv_mail_class_name((enum ouv_mail_class)i));
	for (int i = 0; i < OUV_DELIVERY__COUNT; i++)
		must_have("delivery_", ouv_delivery_name((enum ouv_delivery)i));
	for (int i = 0; i < OUV_QUEUE__COUNT; i++) {
		const char *name = ouv_queue_name((enum ouv_queue)i);

		must_have("queue_", name);
		must_have("queue_title_", name);
		must_have("empty_", name);
	}
}

static char *
read_whole(const char *path)
{
	FILE *file = fopen(path, "re");
	static char text[512 * 1024];
	size_t len;

	if (file == NULL)
		fail_msg("%s cannot be read", path);
	len = fread(text, 1, sizeof(text) - 1, file);
	(void)fclose(file);
	assert_true(len < sizeof(text) - 1);
	text[len] = '\0';
	return text;
}

/* How often pattern is found in the files; its last group is a code. */
static int
each_found(const char *files, const char *pattern, const char *prefix)
{
	regmatch_t match[3];
	glob_t found;
	regex_t regex;
	int n = 0;

	assert_int_equal(regcomp(&regex, pattern, REG_EXTENDED), 0);
	assert_int_equal(glob(files, 0, NULL, &found), 0);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		const char *at = read_whole(found.gl_pathv[i]);

		for (; regexec(&regex, at, 3, match, 0) == 0;
			at += match[0].rm_eo, n++) {
			const regmatch_t *last = &match[regex.re_nsub];
			char code[100];

			(void)snprintf(code, sizeof(code), "%.*s",
				(int)(last->rm_eo - last->rm_so),
				at + last->rm_so);
			must_have(prefix, code);
		}
	}
	globfree(&found);
	regfree(&regex);
	return n;
}

static void
every_word_that_a_page_uses_exists(void **state)
{
	(void)state;
	assert_true(each_found("templates/html/*.html",
			    "\\{\\{w\\.([a-z0-9_]+)\\}\\}", "") > 50);
}

static void
every_code_of_the_sources_has_words(void **state)
{
	(void)state;
	/* what is wrong with a field, and why mail is held or recorded */
	assert_true(each_found("lib/desk/verb_*.c",
			    "verb_error\\([^\"]*\"[a-z_]+\",[ \t\n]*"
			    "\"([a-z-]+)\"",
			    "field_") > 0);
	assert_true(
		each_found("lib/desk/decide.c",
			"OUV_ACTION_[A-Z]+,[ \t\n]*\"([a-z-]+)\"", "why_") > 0);
	assert_true(each_found("lib/desk/*.c", "why = [^;(]*\"([a-z-]+)\"",
			    "why_") > 0);
	assert_true(each_found("lib/desk/*.c", "reason = \"([a-z-]+)\"",
			    "why_") > 0);
	assert_true(each_found("mailgw/*.c", "failure(_out)? = \"([a-z_-]+)\"",
			    "why_") > 0);
	assert_true(each_found("lib/mail/*.c",
			    "mail_defect\\([^\";]*\"([a-z-]+)", "defect_") > 0);
	assert_true(each_found("server/*.c", "word = \"([a-z_]+)\"", "") > 0);
	assert_true(each_found("server/*.c",
			    "(notice_link|view_word)\\([^;]*\"([a-z_]+)\"\\)",
			    "") > 0);
	assert_true(each_found("server/view_*.c",
			    "\\{ \"[a-z_]+\", \"([a-z_]+)\" \\}", "") > 0);
	assert_true(each_found("server/*.c",
			    "view_base\\(request, \"([a-z_]+)\"", "") > 0);
}

static void
every_verb_has_words_for_its_end(void **state)
{
	(void)state;
	assert_true(each_found("lib/desk/verb_*.c",
			    "const struct verb verb_[a-z_]+ = "
			    "\\{[ \t\n]*\"([a-z-]+)\"",
			    "done_") > 0);
}

static void
every_step_guard_and_clock_of_the_workflow_has_words(void **state)
{
	(void)state;
	for (int i = 0; i < OUV_ACTION__COUNT; i++) {
		must_have("action_", ouv_action_name((enum ouv_action)i));
		must_have("event_", ouv_action_name((enum ouv_action)i));
	}
	for (int i = 0; i < OUV_GUARD__COUNT; i++) {
		must_have("guard_", ouv_guard_name((enum ouv_guard)i));
		must_have("guardhelp_", ouv_guard_name((enum ouv_guard)i));
	}
	for (int i = 0; i < OUV_CLOCK__COUNT; i++)
		must_have("clock_", ouv_clock_name((enum ouv_clock)i));
	for (int i = 0; i < OUV_OWES__COUNT; i++)
		must_have("owes_", ouv_owes_name((enum ouv_owes)i));
	for (int i = 0; i < OUV_STATE__COUNT; i++)
		must_have("owes_what_", ouv_state_name((enum ouv_state)i));
	for (int i = 0; i < OUV_UNIT__COUNT; i++) {
		must_have("unit_", ouv_unit_name((enum ouv_unit)i));
		must_have("unit_one_", ouv_unit_name((enum ouv_unit)i));
	}
	for (int i = 0; i < OUV_CASE__COUNT; i++) {
		must_have(
			"case_", ouv_case_kind_name((enum ouv_kind_of_case)i));
		must_have("word_kind_",
			ouv_case_kind_name((enum ouv_kind_of_case)i));
	}
	for (int i = 0; i < OUV_HEARING_LACK__COUNT; i++)
		must_have("lack_",
			ouv_hearing_lack_name((enum ouv_hearing_lack)i));
}

/* A field is named for its verb, or for all that have one of this name. */
static void
every_field_that_a_verb_declares_has_a_label(void **state)
{
	regmatch_t match[2];
	glob_t found;
	regex_t regex;
	int n = 0;

	(void)state;
	assert_int_equal(regcomp(&regex,
				 "\\.name = \"([a-z_]+)\",[ \t\n]*"
				 "\\.kind = OUV_FIELD_",
				 REG_EXTENDED),
		0);
	assert_int_equal(glob("lib/desk/verb_*.c", 0, NULL, &found), 0);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		const char *at = read_whole(found.gl_pathv[i]);
		char verb[100], code[200];

		/* "lib/desk/verb_draft_opinion.c" */
		(void)snprintf(verb, sizeof(verb), "%s",
			strstr(found.gl_pathv[i], "verb_") + 5);
		verb[strlen(verb) - 2] = '\0';
		for (; regexec(&regex, at, 2, match, 0) == 0;
			at += match[0].rm_eo, n++) {
			int len = (int)(match[1].rm_eo - match[1].rm_so);

			(void)snprintf(code, sizeof(code), "%s_%.*s", verb, len,
				at + match[1].rm_so);
			if (words_code(&words, OUV_LANG_EN, "label_", code) !=
				NULL)
				must_have("label_", code);
			else
				must_have("label_", code + strlen(verb) + 1);
		}
	}
	globfree(&found);
	regfree(&regex);
	assert_true(n > 30);
}

/* clang-format off */
/* What a held message may wait for. */
static const char *const held_reasons[] = { "unparsed", "no-sender",
	"several-cases", "authentication-failed", "address-of-another",
	"thread-of-another", "other-party", "third-person", "copy-of-direct-answer",
	"address-unknown", "not-a-manifestation", "burst", "oversize",
	"child_killed", "child_timeout", "answer_too_large",
	"cannot-be-filed", "sealed-bytes-altered", "automatic" };

/* Codes of forms and of mail that come from no table of the server. */
static const struct {
	const char *prefix, *codes[16];
} spoken[] = {
	{ "discard_", { "spam", "not-for-us", "duplicate", "empty",
		"threat-or-abuse", "other" } },
	{ "version_", { "waiting", "live", "past", "refused", "doubtful" } },
	{ "texts_kind_", { "letter", "acknowledgement", "absence", "piece" } },
	{ "texts_type_", { "line", "lines", "date", "moment", "number",
		"protocol", "email", "phone", "url", "flag", "list" } },
	{ "done_text_", { "waits", "live", "published", "refused",
		"not-yours" } },
	{ "outcome_", { "letter", "phone", "other-address", "sent-again",
		"not-needed", "kept", "late", "done" } },
	{ "task_", { "other-channel", "send-again", "promise",
		"write-by-hand", "second-person", "act-returned", "act-void",
		"send-by-post", "overdue", "overdue-refusal", "overdue-total",
		"confirm-lapse", "silence", "cannot-remind", "act-failed" } },
	{ "task_", { "proposal-over", "promise-due", "confirm-plan", "erase",
		"alarm-failed", "read-decision", "read-answer", "pass-on",
		"options-differ", "promise-disputed", "comments-over",
		"reopen", "recommendation", "seal-review", "tell-erasure" } },
	{ "task_", { "notice-address", "hold-review", "confirm-by-post" } },
	{ "task_", { "request-due", "erasure-asked" } },
	{ "task_", { "extension-asked", "ask-consumer" } },
	{ "member_tab_", { "owed", "waiting", "open", "closed" } },
	{ "member_form_", { "answer", "message", "ask-datum", "decide" } },
	{ "member_lead_", { "answer", "message", "ask-datum", "decide" } },
	{ "member_words_", { "answer", "message", "ask-datum", "decide" } },
	{ "member_done_", { "answer", "message", "ask-datum", "decide",
		"reference", "hand" } },
	{ "member_then_", { "answer", "message", "ask-datum", "ask-extension",
		"decline", "comment", "choose", "no-agreement", "attest",
		"rate", "ask-review" } },
	{ "member_faster_", { "answer", "message", "ask-datum",
		"ask-extension", "decline", "comment", "choose",
		"no-agreement", "attest", "rate", "ask-review", "mail" } },
	{ "member_step_", { "company", "forwarded", "proposal", "provisional",
		"mediation", "merit", "review", "plan" } },
	{ "member_wait_", { "received", "triage", "info", "company",
		"forwarded", "reading", "entering", "consumer", "mediation",
		"proposal", "merit", "provisional", "plan", "review",
		"closed" } },
	{ "member_promise_", { "open", "kept", "late", "broken", "void" } },
	{ "member_turn_", { "none", "office", "consumer", "company", "both" } },
	{ "outcome_", { "granted", "partly", "refused", "not-identified" } },
	{ "severity_", { "low", "moderate", "high", "critical" } },
	{ "difficulty_", { "simple", "complex" } },
	{ "identity_", { "open", "protected" } },
	{ "direction_", { "inbound", "outbound" } },
	{ "channel_", { "phone", "e-mail", "chat", "fax", "letter",
		"in-person", "site", "app", "social", "other" } },
	{ "profile_", { "default", "seed", "br-public", "br-bank", "br-sac",
		"consumidor", "eu-adr", "lgpd", "gdpr" } },
	{ "merit_", { "founded", "partly", "unfounded", "not-established" } },
	{ "resolution_", { "kept", "broken", "refused", "silent", "none" } },
	{ "rating_", { "resolved", "not-resolved", "not-rated" } },
	{ "promised_", { "open", "kept", "late", "broken", "void" } },
	{ "says_", { "done", "late", "not-done", "silent" } },
	{ "side_", { "consumer", "company", "office" } },
	{ "opinion_", { "provisional", "final", "review" } },
	{ "link_out_", { "merge", "split", "linked", "follows" } },
	{ "link_in_", { "merge", "split", "linked", "follows" } },
	{ "source_", { "letter", "call", "fax", "chat" } },
	{ "lead_", { "address", "letter", "message", "sender" } },
	{ "mark_", { "calendar", "smime-signed", "smime-encrypted",
		"pgp-signed", "pgp-encrypted", "pgp-key", "remote-content",
		"hidden-text" } },
	{ "cause_", { "unknown-user", "disabled", "full", "too-big", "policy",
		"spam", "auth", "relay", "host", "expired", "loop", "other" } },
	{ "report_", { "failed", "delayed", "delivered", "relayed",
		"expanded" } },
	{ "done_", { "attribute", "register", "discard", "restore", "retry",
		"task-done" } },
	{ "field_", { "empty", "not-a-number", "no-such-case", "not-open",
		"not-a-guess", "unknown", "no-such-party", "other-party",
		"no-sender", "not-an-address", "too-long", "line-break" } },
};
/* clang-format on */

static void
every_reason_says_what_it_means_what_may_come_of_it_and_what_to_do(void **state)
{
	size_t count;
	const struct reason *rows = reason_rows(&count);

	(void)state;
	for (size_t i = 0; i < sizeof(held_reasons) / sizeof(held_reasons[0]);
		i++) {
		must_have("why_", held_reasons[i]);
		if (strcmp(reason_of(held_reasons[i])->code, held_reasons[i]) !=
			0)
			fail_msg("%s is told like any other", held_reasons[i]);
	}
	for (size_t i = 0; i < count; i++) {
		must_have("why_", rows[i].code);
		must_have("danger_", rows[i].family);
		must_have("todo_", rows[i].family);
	}
	must_have("danger_", reason_of("no such code")->family);
	must_have("todo_", reason_of("no such code")->family);
}

static void
a_sender_that_may_be_another_is_no_party_by_default(void **state)
{
	(void)state;
	assert_true(reason_of("authentication-failed")->doubtful);
	assert_true(reason_of("address-of-another")->doubtful);
	assert_true(reason_of("thread-of-another")->doubtful);
	assert_true(reason_of("other-party")->doubtful);
	assert_true(reason_of("no such code")->doubtful);
	assert_false(reason_of("several-cases")->doubtful);
}

static void
every_code_that_a_form_or_a_mail_brings_has_words(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(spoken) / sizeof(spoken[0]); i++)
		for (const char *const *code = spoken[i].codes; *code != NULL;
			code++)
			must_have(spoken[i].prefix, *code);
}

static void
every_status_that_is_told_has_a_title_and_a_text(void **state)
{
	static const int told[] = { 400, 403, 404, 405, 411, 413, 414, 415, 431,
		500, 501, 503 };

	(void)state;
	for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++) {
		char code[16];

		(void)snprintf(code, sizeof(code), "%d_title", told[i]);
		must_have("error_", code);
		(void)snprintf(code, sizeof(code), "%d_text", told[i]);
		must_have("error_", code);
	}
}

static void
no_text_is_empty(void **state)
{
	(void)state;
	for (int i = 0; i < OUV_LANG__COUNT; i++) {
		const char *key;
		json_t *value;

		json_object_foreach(words.in[i], key,
			value) if (*json_string_value(value) == '\0')
			fail_msg("%s is empty", key);
	}
}

static void
a_language_that_lacks_a_word_is_refused(void **state)
{
	static const char *const files[][2] = {
		{ "words.pt-BR.json", "{\"a\":\"x\",\"b\":\"y\"}" },
		{ "words.en.json", "{\"a\":\"x\",\"b\":\"y\"}" },
		{ "words.it.json", "{\"a\":\"x\"}" },
	};
	char folder[] = "/tmp/words_test.XXXXXX", path[100];
	struct words got = { { NULL } };

	(void)state;
	assert_non_null(mkdtemp(folder));
	(void)snprintf(path, sizeof(path), "%s/html", folder);
	assert_int_equal(mkdir(path, 0700), 0);
	for (int i = 0; i < 3; i++) {
		FILE *file;

		(void)snprintf(
			path, sizeof(path), "%s/html/%s", folder, files[i][0]);
		file = fopen(path, "we");
		assert_non_null(file);
		fputs(files[i][1], file);
		(void)fclose(file);
	}
	assert_int_equal(words_load(folder, &got), OUV_INVALID);
	assert_null(got.in[0]);
	for (int i = 0; i < 3; i++) {
		(void)snprintf(
			path, sizeof(path), "%s/html/%s", folder, files[i][0]);
		(void)unlink(path);
	}
	(void)snprintf(path, sizeof(path), "%s/html", folder);
	(void)rmdir(path);
	(void)rmdir(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_state_role_lane_and_kind_has_words),
		cmocka_unit_test(every_class_delivery_and_queue_has_words),
		cmocka_unit_test(
			every_step_guard_and_clock_of_the_workflow_has_words),
		cmocka_unit_test(every_field_that_a_verb_declares_has_a_label),
		cmocka_unit_test(every_word_that_a_page_uses_exists),
		cmocka_unit_test(every_code_of_the_sources_has_words),
		cmocka_unit_test(every_verb_has_words_for_its_end),
		cmocka_unit_test(
			every_reason_says_what_it_means_what_may_come_of_it_and_what_to_do),
		cmocka_unit_test(
			a_sender_that_may_be_another_is_no_party_by_default),
		cmocka_unit_test(
			every_code_that_a_form_or_a_mail_brings_has_words),
		cmocka_unit_test(
			every_status_that_is_told_has_a_title_and_a_text),
		cmocka_unit_test(no_text_is_empty),
		cmocka_unit_test(a_language_that_lacks_a_word_is_refused),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
