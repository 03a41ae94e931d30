/*
 * check.c - what stands against a letter, before it is sent
 *
 * The whole letter is looked at as it would go out; each typed field once
 * more by itself, so that what is found has its place there.
 */
#include <string.h>

#include "ouv/clock.h"
#include "ouv/log.h"
#include "write.h"

#define FINDINGS_MOST 300

struct judging {
	struct verb_call *call;
	const struct draft *draft;
	struct ouv_check *check;
	struct ouv_finding *findings;
	const char **fields;
	size_t count;
};

/* A lack is the letter's, not a field's. */
static bool
is_lack(const struct ouv_finding *f)
{
	return f->len == 0 && f->rule->severity == OUV_LINT_BLOCKS;
}

/* Words that both parties read are in the language of one of them. */
static const char *
written_in(const struct judging *j, const struct typed *typed)
{
	const char *lang = ouv_mail_lang(j->call->arena, typed->text);

	return lang != NULL && typed->other_lang != NULL &&
			       strncmp(lang, typed->other_lang, 2) == 0
		       ? NULL
		       : lang;
}

static void
look_at(struct judging *j, const struct typed *typed)
{
	const struct letter_out *letter = &j->draft->letter;
	const struct ouv_lint_text text = { .lang = letter->lang,
		.kind = OUV_LINT_LETTER,
		.written = written_in(j, typed),
		.subject = typed->subject ? typed->text : NULL,
		.body = typed->subject ? "" : typed->text,
		.protocol = j->call->opened->c.protocol,
		.other_count = letter->other_count,
		.others = letter->others,
		.own_count = letter->own_count,
		.own = letter->own };
	struct ouv_finding *list;
	size_t count;

	ouv_lint_run(j->call->arena, j->call->desk->office->lint, &text, &list,
		&count);
	for (size_t i = 0; i < count && j->count < FINDINGS_MOST; i++) {
		if (is_lack(&list[i]))
			continue;
		j->findings[j->count] = list[i];
		j->fields[j->count++] = typed->field;
	}
}

static const struct typed *
typed_of(const struct judging *j, size_t finding)
{
	const struct typed *typed = j->draft->typed;

	while (typed->field != j->fields[finding])
		typed++;
	return typed;
}

static bool
is_promise(const struct ouv_finding *f)
{
	return strcmp(f->rule->name, "promise-without-date") == 0;
}

/* "We will look at it and come back": one sentence, one promise. */
static bool
same_sentence(const struct judging *j, size_t before, size_t finding)
{
	const char *text = typed_of(j, finding)->text;
	const struct ouv_finding *a = &j->findings[before];
	const struct ouv_finding *b = &j->findings[finding];
	size_t end = a->offset + a->len;

	if (j->fields[before] != j->fields[finding] || b->offset < end)
		return j->fields[before] == j->fields[finding];
	for (size_t i = end; i < b->offset; i++)
		if (strchr(".!?\n", text[i]) != NULL)
			return false;
	return true;
}

/* How many promises are found that have no day yet. */
static size_t
open_promises(const struct judging *j)
{
	size_t found = 0, entered = j->draft->promise_count, last = j->count;

	for (size_t i = 0; i < j->count; i++) {
		if (!is_promise(&j->findings[i]))
			continue;
		found += last == j->count || !same_sentence(j, last, i);
		last = i;
	}
	return j->draft->dated || found <= entered ? 0 : found - entered;
}

/* What blocks is told at its field, once. */
static void
tell_blocked(struct judging *j, const char *field)
{
	const struct ouv_verb_result *result = j->call->result;

	j->check->blocked = true;
	for (size_t i = 0; i < result->error_count; i++)
		if (strcmp(result->errors[i].field, field) == 0)
			return;
	verb_error(j->call, field, "blocked");
}

static void
weigh(struct judging *j)
{
	j->check->warned = open_promises(j) > 0;
	for (size_t i = 0; i < j->count; i++) {
		const struct ouv_finding *f = &j->findings[i];

		if (f->rule->severity == OUV_LINT_BLOCKS)
			tell_blocked(j, j->fields[i]);
		else if (!is_promise(f))
			j->check->warned = true;
	}
}

static bool
is_typed(const struct judging *j, const struct ouv_finding *wanted)
{
	for (size_t i = 0; i < j->count; i++)
		if (j->findings[i].rule == wanted->rule &&
			strcmp(j->findings[i].found, wanted->found) == 0)
			return true;
	return false;
}

/* What blocks and is no field's stands in the office's own words around them:
 * nothing is sent, and whoever keeps the texts reads why. */
static void
look_around(struct judging *j, const struct letter_words *words)
{
	const struct draft *draft = j->draft;

	for (size_t i = 0; i < words->finding_count; i++) {
		const struct ouv_finding *f = &words->findings[i];

		if (f->rule->severity != OUV_LINT_BLOCKS || is_typed(j, f))
			continue;
		ouv_log_error("text mail/%s.%s: rule %s blocks every letter",
			draft->letter.template,
			ouv_lang_tag(draft->letter.lang), f->rule->name);
		if (!j->check->blocked && draft->typed_count > 0)
			tell_blocked(
				j, draft->typed[draft->typed_count - 1].field);
		j->check->blocked = true;
	}
}

enum ouv_err
draft_judge(struct verb_call *call, const struct draft *draft,
	struct ouv_check *check_out)
{
	struct judging j = { .call = call,
		.draft = draft,
		.check = check_out,
		.findings = ouv_arena_array(
			call->arena, FINDINGS_MOST, sizeof(struct ouv_finding)),
		.fields = ouv_arena_array(
			call->arena, FINDINGS_MOST, sizeof(const char *)) };
	struct letter_words words;

	TRY(letter_words(call->desk, call->tx, call->arena, &draft->to,
		&draft->letter, &words));
	*check_out = (struct ouv_check){ .to_name = draft->to.name,
		.to_addr = draft->to.by_post
				   ? post_line(call->arena, draft->to.postal)
				   : draft->to.addr,
		.lang = draft->letter.lang,
		.subject = words.subject,
		.text = link_hidden(call->desk, call->arena, words.text),
		.html = link_hidden(call->desk, call->arena, words.html),
		.findings = j.findings,
		.fields = j.fields };
	for (size_t i = 0; i < draft->typed_count; i++)
		if (*draft->typed[i].text != '\0')
			look_at(&j, &draft->typed[i]);
	TRY(letter_is_covered(call->tx, &draft->to, draft->letter.template,
		&check_out->covered));
	check_out->finding_count = j.count;
	weigh(&j);
	look_around(&j, &words);
	return OUV_OK;
}

/* ---- without sending ------------------------------------------------------
 */

/* clang-format off */
static const struct {
	const char *verb;
	draft_fn *make;
} drafts[] = {
	{ "reply",   reply_draft },
	{ "holding", holding_draft },
};
/* clang-format on */

static enum ouv_err
check_case(struct verb_call *call, enum ouv_action action, draft_fn *make,
	struct ouv_check *check_out)
{
	const struct store_case *c = &call->opened->c;
	struct draft draft = { 0 };
	const struct ouv_move *move;
	enum ouv_err err;

	if (c->desk_month != 0)
		return OUV_REFUSED;
	TRY(hand_impartial(call->tx, &c->id, &call->actor->person));
	TRY(ouv_workflow_find(c->state, action, call->actor->role, &move));
	err = make(call, &draft);
	if (err == OUV_OK)
		err = draft_judge(call, &draft, check_out);
	draft_free(&draft);
	call->result->error_count =
		err == OUV_OK ? 0 : call->result->error_count;
	return err;
}

enum ouv_err
ouv_desk_check(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const char *number, const char *verb,
	const struct ouv_field *fields, size_t field_count,
	struct ouv_check *check_out, struct ouv_verb_result *result_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	const struct verb *found = verb_find(verb);
	struct opened opened;
	struct verb_call call = { .desk = desk,
		.arena = arena,
		.actor = actor,
		.opened = &opened,
		.fields = fields,
		.field_count = field_count,
		.now = ouv_clock_now(),
		.result = result_out };
	draft_fn *make = NULL;
	enum ouv_err err;

	memset(result_out, 0, sizeof(*result_out));
	for (size_t i = 0; i < sizeof(drafts) / sizeof(drafts[0]); i++)
		if (strcmp(drafts[i].verb, verb) == 0)
			make = drafts[i].make;
	if (found == NULL || make == NULL)
		return OUV_NOT_FOUND;
	TRY(store_begin_reading(desk->store, &tx));
	call.tx = tx;
	TRY(open_case(desk, tx, arena, actor, number, &opened));
	err = check_case(&call, found->action, make, check_out);
	ouv_wipe(opened.csk, sizeof(opened.csk));
	return err;
}
