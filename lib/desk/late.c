/*
 * late.c - mail for a case that is over, or that goes on in another
 *
 * What a party writes to a case that was merged joins the one in which it
 * goes on.  A consumer's letter long after the end opens a case of its own
 * that follows the old one; one that may still be opened again asks a person.
 * What joins a closed case puts its erasure off, also a list's or what only
 * reads like an automatic answer; what is known to be one is recorded, no more.
 */
#include <string.h>

#include "batch.h"
#include "clock.h"
#include "ouv/store_keys.h"
#include "ouv/store_mediation.h"

static enum ouv_err
find_merged(struct batch *b)
{
	struct store_merged *list =
		ouv_arena_array(b->arena, b->count, sizeof(*list));
	size_t n = 0;

	for (size_t i = 0; i < b->count; i++)
		if (b->in[i].action == OUV_ACTION_APPEND)
			list[n++] = (struct store_merged){
				.case_id = b->in[i].case_id,
				.party = b->in[i].party,
			};
	TRY(store_link_merged(b->tx, list, n));
	n = 0;
	for (size_t i = 0; i < b->count; i++) {
		struct incoming *in = &b->in[i];

		if (in->action != OUV_ACTION_APPEND)
			continue;
		if (list[n].found) {
			in->case_id = list[n].case_id;
			in->party = list[n].party;
		}
		n++;
	}
	return OUV_OK;
}

/* Only the consumer's own letter begins anew; the company's joins the file. */
static void
decide(struct incoming *in, const struct store_case_end *end)
{
	if (!end->closed || in->mail.kind != OUV_MAIL_HUMAN)
		return;
	if (end->open_again || in->company) {
		in->late = true;
		return;
	}
	in->action = OUV_ACTION_REGISTER;
	in->former = end->case_id;
	in->former_protocol = end->protocol;
}

/* A number of a file that was erased: there is no case to join, and its
 * writer learns that it must be told anew.  Only a person's letter that leads
 * nowhere else; a reply address is of no use any more. */
static bool
may_name_erased(const struct incoming *in)
{
	return in->understood && in->lead == LEAD_NONE &&
	       !in->unreadable_code && in->mail.kind == OUV_MAIL_HUMAN &&
	       in->mail.subject_tag != NULL &&
	       (in->action == OUV_ACTION_REGISTER ||
		       (in->action == OUV_ACTION_HOLD && in->reason != NULL &&
			       strcmp(in->reason, "address-unknown") == 0));
}

static void
take_erased(struct incoming *in, const char *const *erased, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(erased[i], in->mail.subject_tag) == 0) {
			in->action = OUV_ACTION_REGISTER;
			in->reason = NULL;
			in->former_protocol = erased[i];
			in->former_erased = true;
		}
}

static enum ouv_err
find_erased(struct batch *b)
{
	const char **asked =
		ouv_arena_array(b->arena, b->count, sizeof(*asked));
	const char **erased;
	size_t n = 0;

	for (size_t i = 0; i < b->count; i++)
		if (may_name_erased(&b->in[i]))
			asked[n++] = b->in[i].mail.subject_tag;
	if (n == 0)
		return OUV_OK;
	TRY(store_erased_numbers(b->tx, b->arena, asked, n, &erased, &n));
	for (size_t i = 0; n > 0 && i < b->count; i++)
		if (may_name_erased(&b->in[i]))
			take_erased(&b->in[i], erased, n);
	return OUV_OK;
}

enum ouv_err
late_find(struct batch *b)
{
	struct store_case_end *list =
		ouv_arena_array(b->arena, b->count, sizeof(*list));
	size_t n = 0;

	TRY(find_merged(b));
	TRY(find_erased(b));
	for (size_t i = 0; i < b->count; i++)
		if (b->in[i].action == OUV_ACTION_APPEND)
			list[n++].case_id = b->in[i].case_id;
	TRY(store_case_ends(b->tx, b->arena, list, n, b->now));
	n = 0;
	for (size_t i = 0; i < b->count; i++)
		if (b->in[i].action == OUV_ACTION_APPEND)
			decide(&b->in[i], &list[n++]);
	return OUV_OK;
}

enum ouv_err
late_ask(struct batch *b, const struct incoming *in, struct casefile *file)
{
	const struct store_letter about = {
		.case_id = file->id, .item = in->filing->id, .party = in->party
	};

	if (file->state != OUV_STATE_CLOSED)
		return OUV_OK;
	TRY(retain_anew(
		b->desk, b->tx, b->arena, file, &in->filing->id, b->now));
	if (!in->late)
		return OUV_OK;
	return task_open(
		b->desk, b->tx, b->arena, file, &about, "reopen", b->now);
}

enum ouv_err
late_follow(
	struct batch *b, const struct incoming *in, const struct casefile *file)
{
	static const struct ouv_id nobody;

	struct casefile *former;

	/* Of an erased one there is nothing to follow. */
	if (in->former_protocol == NULL || in->former_erased)
		return OUV_OK;
	TRY(batch_existing(b, &in->former, &former));
	TRY(retain_anew(
		b->desk, b->tx, b->arena, former, &in->filing->id, b->now));
	return store_link_add(
		b->tx, &file->id, &in->former, "follows", &nobody);
}
