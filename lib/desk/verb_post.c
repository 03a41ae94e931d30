/*
 * verb_post.c - a letter on paper goes from state to state: printed, posted,
 * delivered or returned
 *
 * The one door for it.  Two who print at once: the case's row is locked, one
 * wins, and the other is told by whom and when it was printed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ouv/clock.h"
#include "post.h"

#define LINE_MOST 200
#define WHY_MOST 500
#define NOON 43200

/* The letter of a call, with what is sealed of it. */
struct letter {
	struct store_post post;
	struct post_words words;
	uint8_t dek[OUV_KEY];
};

static enum ouv_err
load(struct verb_call *call, struct letter *l)
{
	struct ouv_id id;
	enum ouv_err err = ouv_id_parse(verb_field(call, "letter"), &id);

	if (err == OUV_OK)
		err = store_post(
			call->tx, call->arena, &call->file->id, &id, &l->post);
	if (err == OUV_NOT_FOUND || err == OUV_INVALID) {
		verb_error(call, "letter", "unknown");
		return OUV_INVALID;
	}
	if (err != OUV_OK)
		return err;
	call->object = l->post.letter;
	TRY(post_key(call, &l->post, l->dek));
	err = post_words_open(
		call->desk, call->arena, &l->post, l->dek, &l->words);
	if (err != OUV_OK)
		ouv_wipe(l->dek, sizeof(l->dek));
	return err;
}

static bool
is(const struct letter *l, const char *state)
{
	return strcmp(l->post.state, state) == 0;
}

static void
seal(struct verb_call *call, struct letter *l)
{
	post_words_seal(call->desk, call->arena, &l->post, l->dek, &l->words);
	ouv_wipe(l->dek, sizeof(l->dek));
}

/* ---- printed ---------------------------------------------------------------
 */

static enum ouv_err
make(struct verb_call *call, struct letter *l, struct ouv_post_printed *p)
{
	const struct ouv_office *office = call->desk->office;
	enum ouv_err err =
		post_paper(call, &l->post, &l->words, l->dek, &p->paper);
	const char *code = err == OUV_REFUSED   ? "no-address"
			   : err == OUV_INVALID ? "unreadable"
						: NULL;

	if (err == OUV_OK && office->press == NULL)
		return OUV_REFUSED;
	if (err == OUV_OK) {
		err = office->press(
			office->press_user, call->arena, &p->paper, &p->made);
		code = err == OUV_INVALID ? "too-long" : NULL;
	}
	if (code == NULL)
		return err;
	verb_error(call, "letter", code);
	return OUV_INVALID;
}

static void
hash_of(const struct ouv_print_made *made, uint8_t out[32], char hex[65])
{
	ouv_mail_sha256(made->pdf.p, made->pdf.len, hex);
	for (size_t i = 0; i < 32; i++) {
		const char byte[] = { hex[2 * i], hex[2 * i + 1], '\0' };

		out[i] = (uint8_t)strtoul(byte, NULL, 16);
	}
}

static enum ouv_err
print(struct verb_call *call)
{
	struct ouv_post_printed *p = ouv_arena_alloc(call->arena, sizeof(*p));
	struct letter l = { .dek = { 0 } };
	uint8_t was[32];
	char hex[65];

	TRY(load(call, &l));
	p->again = !is(&l, "to-print");
	if (is(&l, "void") ||
		(p->again && *verb_field(call, "again") == '\0')) {
		ouv_wipe(l.dek, sizeof(l.dek));
		verb_error(call, "letter", "printed");
		return OUV_INVALID;
	}
	memcpy(was, l.post.pdf, sizeof(was));
	TRY(make(call, &l, p));
	hash_of(&p->made, l.post.pdf, hex);
	p->same = p->again && memcmp(was, l.post.pdf, sizeof(was)) == 0;
	l.post.pages = (int)p->made.pages;
	call->reason = ouv_arena_strdup(call->arena, hex);
	call->result->printed = p;
	seal(call, &l);
	if (p->again)
		return OUV_OK;
	return store_post_printed(
		call->tx, &l.post, &call->actor->person, call->now);
}

const struct verb verb_print = { "print", OUV_ACTION_PRINT, print, false,
	NULL };

/* ---- days ------------------------------------------------------------------
 */

/* A day that has come, and not before the one of what had to come first. */
static bool
read_day(struct verb_call *call, int32_t first, int32_t *day_out)
{
	const char *text = verb_field(call, "day"), *code = NULL;

	if (*text == '\0')
		code = "empty";
	else if (!ouv_day_read(text, day_out))
		code = "not-a-date";
	else if (*day_out > ouv_clock_day(call->now))
		code = "future";
	else if (*day_out < first)
		code = "before-it";
	if (code != NULL)
		verb_error(call, "day", code);
	return code == NULL;
}

/* Noon of that day by the office's clock on the wall. */
static enum ouv_err
noon(struct verb_call *call, int32_t day, int64_t *at_out)
{
	const struct ouv_calendar *calendar;

	TRY(calendar_live(call->desk, call->tx, NULL, &calendar));
	*at_out = ouv_calendar_instant(calendar, day, NOON);
	return OUV_OK;
}

static enum ouv_err
wrong_state(struct verb_call *call, struct letter *l)
{
	ouv_wipe(l->dek, sizeof(l->dek));
	verb_error(call, "letter",
		is(l, "to-print") ? "printed-first" : l->post.state);
	return OUV_INVALID;
}

/* ---- posted ----------------------------------------------------------------
 */

static const char *
read_service(struct verb_call *call)
{
	size_t count = 0;

	while (ouv_post_services[count] != NULL)
		count++;
	return held_word(call, "service", ouv_post_services, count);
}

/* What asked for it is done. */
static enum ouv_err
end_task(struct verb_call *call, const struct store_post *post)
{
	static const struct ouv_id none;
	struct store_task *tasks;
	size_t count;

	TRY(store_tasks(
		call->tx, call->arena, &call->file->id, &tasks, &count));
	for (size_t i = 0; i < count; i++)
		if (tasks[i].done_at == 0 &&
			strcmp(tasks[i].kind, "send-by-post") == 0 &&
			tasks[i].item_seq == post->seq)
			TRY(store_task_done(call->tx, &call->file->id,
				&tasks[i].id, &call->actor->person, "letter",
				&none));
	return OUV_OK;
}

/* It counts as arrived after the profile's days, until somebody knows. */
static enum ouv_err
presume(struct verb_call *call, struct store_post *post)
{
	struct store_mediation m;
	int64_t from, at;

	TRY(store_mediation(call->tx, call->arena, &call->file->id, &m));
	TRY(noon(call, post->posted, &from));
	TRY(post_presumed(
		call->desk, call->tx, m.profile, m.calendar, from, &at));
	post->presumed = ouv_clock_day(at);
	return post_clock_from(call, post, at);
}

static enum ouv_err
posted(struct verb_call *call)
{
	const char *tracking = held_text(call, "tracking", LINE_MOST, true);
	struct letter l = { .dek = { 0 } };

	TRY(load(call, &l));
	if (!is(&l, "printed"))
		return wrong_state(call, &l);
	l.post.service = read_service(call);
	(void)read_day(call, ouv_clock_day(l.post.made_at), &l.post.posted);
	if (call->result->error_count > 0) {
		ouv_wipe(l.dek, sizeof(l.dek));
		return OUV_INVALID;
	}
	l.words.tracking = tracking;
	call->reason = tracking;
	TRY(presume(call, &l.post));
	TRY(end_task(call, &l.post));
	seal(call, &l);
	return store_post_posted(call->tx, &l.post, call->now);
}

const struct verb verb_post = { "post", OUV_ACTION_POST, posted, false, NULL };

/* ---- delivered, returned ---------------------------------------------------
 */

/* A message of the case that shows it: a scan of the receipt. */
static enum ouv_err
read_proof(struct verb_call *call, struct ouv_id *proof_out)
{
	const char *text = verb_field(call, "message");
	int n = (int)strtol(text, NULL, 10);
	enum ouv_err err;

	if (*text == '\0')
		return OUV_OK;
	err = store_item_seq(call->tx, &call->file->id, n, proof_out);
	if (err != OUV_NOT_FOUND)
		return err;
	verb_error(call, "message", "no-such-message");
	return OUV_OK;
}

static enum ouv_err
end(struct verb_call *call, struct letter *l, const char *state)
{
	const char *why = held_text(call, "why", WHY_MOST, false);

	TRY(load(call, l));
	if (!is(l, "posted"))
		return wrong_state(call, l);
	(void)read_day(call, l->post.posted, &l->post.ended);
	TRY(read_proof(call, &l->post.proof));
	if (call->result->error_count > 0) {
		ouv_wipe(l->dek, sizeof(l->dek));
		return OUV_INVALID;
	}
	l->words.why = why;
	call->reason = why;
	seal(call, l);
	return store_post_ended(call->tx, &l->post, state, call->now);
}

static enum ouv_err
delivered(struct verb_call *call)
{
	struct letter l = { .dek = { 0 } };
	int64_t at;

	TRY(end(call, &l, "delivered"));
	TRY(noon(call, l.post.ended, &at));
	return post_clock_from(call, &l.post, at);
}

const struct verb verb_delivered = { "delivered", OUV_ACTION_DELIVERED,
	delivered, false, NULL };

/* As a mail that came back for good: nothing was owed, another way is sought.
 */
static enum ouv_err
returned(struct verb_call *call)
{
	struct letter l = { .dek = { 0 } };

	TRY(end(call, &l, "returned"));
	TRY(post_clock_off(call, &l.post));
	return post_ask(call->desk, call->tx, call->file, &l.post,
		"other-channel", call->now, &call->actor->person);
}

const struct verb verb_returned = { "returned", OUV_ACTION_RETURNED, returned,
	false, NULL };
