/*
 * write.c - what all letters in a colleague's words have in common
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ouv/store_mediation.h"
#include "write.h"

void
draft_free(struct draft *draft)
{
	json_decref(draft->letter.data);
	draft->letter.data = NULL;
}

enum ouv_err
draft_to(struct verb_call *call, struct draft *draft, bool company)
{
	/* clang-format off */
	static const char *const sides[] = { "consumer", "company" };
	/* clang-format on */
	const char *to = verb_field(call, "to");
	size_t count = company ? 2 : 1;
	enum ouv_err err;

	draft->side =
		*to == '\0' ? sides[0] : held_word(call, "to", sides, count);
	if (draft->side == NULL)
		return OUV_INVALID;
	err = party_find(call->desk, call->tx, call->arena, call->opened,
		draft->side, &draft->to);
	if (err != OUV_NOT_FOUND)
		return err;
	if (draft->side == sides[0])
		return OUV_REFUSED; /* nobody to write to */
	verb_error(call, "to", "no-such-party");
	return OUV_INVALID;
}

enum ouv_err
draft_begin(struct verb_call *call, struct draft *draft, const char *template,
	const char *kind)
{
	const char *protocol = call->opened->c.protocol;
	struct ouv_id id = ouv_id_new();
	struct letter_out *letter = &draft->letter;
	char hex[OUV_ID_HEX];

	ouv_id_hex(&id, hex);
	*letter = (struct letter_out){ .template = template,
		.kind = kind,
		.lang = draft->to.lang,
		.dedupe_key = ouv_arena_printf(call->arena, "%s:%s", kind, hex),
		.author = call->actor->person,
		.now = call->now };
	letter->data = json_pack("{s:s, s:s}", "protocol",
		protocol != NULL ? protocol : "", "name", draft->to.name);
	if (letter->data == NULL)
		return OUV_INVALID;
	TRY(profile_sign(call->tx, call->arena, call->actor, letter->data,
		&letter->blue));
	return party_letter(call, draft);
}

/* ---- what goes with it ----------------------------------------------------
 */

/* Why, and over what: each finding by its rule's own words. */
enum ouv_err
draft_overruled(struct verb_call *call, const struct draft *draft,
	const struct ouv_check *check)
{
	struct ouv_id note;
	struct ouv_buf text;

	ouv_buf_init(&text, call->arena, 1024);
	ouv_buf_text(&text, draft->overrule);
	ouv_buf_text(&text, "\n");
	for (size_t i = 0; i < check->finding_count; i++) {
		const struct ouv_finding *f = &check->findings[i];

		ouv_buf_printf(&text, "\n- %s: \"%s\"\n  %s", f->rule->name,
			f->found, f->rule->says[call->actor->lang]);
	}
	TRY(held_note(call, ouv_arena_strndup(call->arena, text.data, text.len),
		&note));
	return log_case(call->desk, call->tx, call->file, &call->actor->person,
		"overrule", &note);
}

static enum ouv_err
enter_promise(struct verb_call *call, const struct draft *draft,
	const struct promise *promise)
{
	struct store_task task = { .id = ouv_id_new(),
		.case_id = call->file->id,
		.party = draft->to.party,
		.opened_at = call->now,
		.due_at = promise->due_at };
	struct store_promise entry = { .id = ouv_id_new(),
		.person = call->actor->person,
		.promiser = "office",
		.source = "letter",
		.made_at = call->now,
		.due_at = promise->due_at };

	TRY(held_note(call, promise->words, &task.words));
	TRY(store_promise_add(call->tx, &task, &call->object));
	entry.item = task.words;
	TRY(store_promise_new(call->tx, &call->file->id, &entry));
	return log_case(call->desk, call->tx, call->file, &call->actor->person,
		"task-open", &task.id);
}

/* With its promises, and the reason that warnings were passed over for. */
static enum ouv_err
send(struct verb_call *call, const struct draft *draft,
	const struct ouv_check *check)
{
	TRY(letter_queue(call->desk, call->tx, call->arena, call->file,
		&draft->to, &draft->letter, &call->object));
	TRY(store_case_touch(call->tx, &call->file->id, 1, call->now));
	if (check->warned)
		TRY(draft_overruled(call, draft, check));
	for (size_t i = 0; i < draft->promise_count; i++)
		TRY(enter_promise(call, draft, &draft->promises[i]));
	return store_outbox_notify(call->tx);
}

/* Two who answer the same message must not send two letters: whoever writes is
 * told of each letter to this party, or from it, that they have not seen.
 * What else happened in the case is no reason to wait. */
static enum ouv_err
check_seen(struct verb_call *call)
{
	const bool company = strcmp(verb_field(call, "to"), "company") == 0;
	const char *seen = verb_field(call, "seen");
	struct ouv_verb_result *result = call->result;

	if (*seen == '\0')
		return OUV_OK;
	TRY(store_letters_since(call->tx, call->arena, &call->file->id,
		company ? "company" : "consumer", (int)strtol(seen, NULL, 10),
		&result->changes, &result->change_count));
	return result->change_count == 0 ? OUV_OK : OUV_CONFLICT;
}

enum ouv_err
draft_run(struct verb_call *call, draft_fn *make, struct draft *draft)
{
	struct ouv_check *check =
		ouv_arena_array(call->arena, 1, sizeof(*check));
	enum ouv_err err = check_seen(call);

	if (err == OUV_OK)
		err = make(call, draft);
	if (err == OUV_OK)
		err = draft_judge(call, draft, check);
	if (err == OUV_OK && check->warned && *draft->overrule == '\0')
		verb_error(call, "overrule", "warned");
	if (err == OUV_OK && call->result->error_count > 0) {
		call->result->check = check;
		err = OUV_INVALID;
	}
	if (err == OUV_OK)
		err = send(call, draft, check);
	draft_free(draft);
	return err;
}
