/*
 * verb_evidence.c - the index of evidence: what both sides are told of
 *
 * A title stands in letters to both, so it may hold nothing of either that
 * the other must not read.
 */
#include <stdlib.h>
#include <string.h>

#include "opine.h"
#include "write.h"

/* clang-format off */
static const char *const what[] = { "add", "remove", NULL };
static const char *const sides[] = { "consumer", "company", "office", NULL };
/* clang-format on */

static const struct ouv_field_decl fields[] = {
	{ .name = "what",
		.kind = OUV_FIELD_WORD,
		.required = true,
		.words = what },
	{ .name = "item", .kind = OUV_FIELD_ITEM },
	{ .name = "part", .kind = OUV_FIELD_NUMBER, .most = 200 },
	{ .name = "title", .kind = OUV_FIELD_LINE, .most = TITLE_MOST },
	{ .name = "side", .kind = OUV_FIELD_WORD, .words = sides },
	{ .name = "n", .kind = OUV_FIELD_NUMBER, .most = 1000 },
	{ .name = "reason", .kind = OUV_FIELD_WORDS, .most = 2000 },
	{ .name = NULL },
};

/* ---- reading the index ----------------------------------------------------
 */

enum ouv_err
evidence_now(struct verb_call *call, struct store_evidence **list_out,
	size_t *count_out)
{
	struct store_evidence *list;
	size_t count, n = 0;

	TRY(store_evidence(
		call->tx, call->arena, &call->move->m.case_id, &list, &count));
	for (size_t i = 0; i < count; i++)
		if (list[i].removed_at == 0)
			list[n++] = list[i];
	*list_out = list;
	*count_out = n;
	return OUV_OK;
}

static bool
wanted(const int64_t *numbers, size_t count, int n)
{
	for (size_t i = 0; i < count; i++)
		if (numbers[i] == n)
			return true;
	return count == 0;
}

enum ouv_err
evidence_list(struct verb_call *call, const int64_t *numbers, size_t count,
	json_t *out)
{
	struct store_evidence *list;
	size_t all;

	TRY(evidence_now(call, &list, &all));
	for (size_t i = 0; i < all; i++) {
		const char *title;
		enum ouv_err err;

		if (!wanted(numbers, count, list[i].n))
			continue;
		err = words_read(call, &list[i].title, &title);
		if (err == OUV_REFUSED) /* a program: its letters list none */
			return OUV_OK;
		if (err != OUV_OK)
			return err;
		(void)json_array_append_new(
			out, json_pack("{s:i, s:s}", "n", list[i].n, "title",
				     title));
	}
	return OUV_OK;
}

enum ouv_err
evidence_titles(struct verb_call *call, int side, json_t *list)
{
	(void)side; /* both are told of the same */
	return evidence_list(call, NULL, 0, list);
}

/* ---- a title --------------------------------------------------------------
 */

static void
judge(struct verb_call *call, const struct draft *draft, const char *title)
{
	const struct ouv_lint_text text = { .lang = OUV_LANG__COUNT,
		.kind = OUV_LINT_LETTER,
		.body = title,
		.protocol = call->opened->c.protocol,
		.other_count = draft->letter.other_count,
		.others = draft->letter.others };
	struct ouv_finding *findings;
	size_t count;

	ouv_lint_run(call->arena, call->desk->office->lint, &text, &findings,
		&count);
	for (size_t i = 0; i < count; i++)
		if (findings[i].len > 0 &&
			findings[i].rule->severity == OUV_LINT_BLOCKS) {
			verb_error(call, "title", "blocked");
			return;
		}
}

/* As each side would read it; the company also before there is one. */
static enum ouv_err
judge_title(struct verb_call *call, const char *title)
{
	for (int side = 0; side < SIDES; side++) {
		struct draft draft = { .side = side_names[side] };
		enum ouv_err err;

		err = party_find(call->desk, call->tx, call->arena,
			call->opened, draft.side, &draft.to);
		if (err != OUV_OK && err != OUV_NOT_FOUND)
			return err;
		TRY(party_letter(call, &draft));
		judge(call, &draft, title);
		if (call->result->error_count > 0)
			return OUV_INVALID;
	}
	return OUV_OK;
}

/* ---- in and out -----------------------------------------------------------
 */

static enum ouv_err
find_item(struct verb_call *call, struct store_evidence *e)
{
	long seq = strtol(move_text(call, "item", 1), NULL, 10);
	struct store_item_row *rows;
	size_t count;

	TRY(store_items(
		call->tx, call->arena, &call->opened->c.id, &rows, &count));
	for (size_t i = 0; i < count; i++)
		if (rows[i].item.seq == seq) {
			e->item = rows[i].item.id;
			return OUV_OK;
		}
	verb_error(call, "item", "unknown");
	return OUV_INVALID;
}

/* Part of a message: 1 is its first attachment; 0 or nothing: all of it. */
static int
part_of(struct verb_call *call)
{
	const char *text = move_text(call, "part", 1);

	return *text == '\0' ? -1 : (int)strtol(text, NULL, 10) - 1;
}

static enum ouv_err
add(struct verb_call *call)
{
	/* clang-format off */
	static const char *const needed[] = { "item", "title", "side" };
	/* clang-format on */
	struct store_evidence e = { .part = part_of(call),
		.side = move_text(call, "side", 1),
		.added_at = call->now };
	const char *title = move_text(call, "title", 1);
	int n;

	for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++)
		if (*move_text(call, needed[i], 1) == '\0')
			verb_error(call, needed[i], "empty");
	if (call->result->error_count > 0)
		return OUV_INVALID;
	TRY(find_item(call, &e));
	TRY(judge_title(call, title));
	TRY(words_keep(call, title, &e.title));
	call->object = e.item;
	return store_evidence_add(
		call->tx, &call->move->m.case_id, &e, &call->actor->person, &n);
}

static enum ouv_err
take_out(struct verb_call *call)
{
	const char *reason = move_text(call, "reason", 1);
	long n = strtol(move_text(call, "n", 1), NULL, 10);
	struct store_evidence *list;
	bool found = false;
	size_t count;

	TRY(evidence_now(call, &list, &count));
	for (size_t i = 0; i < count; i++)
		found = found || list[i].n == n;
	if (!found)
		verb_error(call, "n", n == 0 ? "empty" : "unknown");
	if (*reason == '\0')
		verb_error(call, "reason", "empty");
	if (call->result->error_count > 0)
		return OUV_INVALID;
	call->move->reason = reason;
	return store_evidence_remove(
		call->tx, &call->move->m.case_id, (int)n, call->now);
}

static enum ouv_err
run(struct verb_call *call)
{
	return strcmp(move_text(call, "what", 1), "add") == 0 ? add(call)
							      : take_out(call);
}

const struct verb verb_evidence = { "evidence", OUV_ACTION_EVIDENCE, run, false,
	fields };
