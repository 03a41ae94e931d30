/*
 * post.c - a letter that goes on paper instead of by mail
 *
 * Any letter to somebody who gets paper has a row to be printed (letter.c asks
 * for it), and a task that ends when it was posted.  A letter that came back by
 * mail becomes such a one by itself where a postal address is known.
 */
#include <string.h>

#include "clock.h"
#include "post.h"

#define NOON 43200

const char *const ouv_post_services[] = { "simple", "registered", "receipt",
	NULL };

/* ---- addresses -------------------------------------------------------------
 */

const char *
post_line(struct ouv_arena *arena, const char *postal)
{
	struct ouv_buf buf;

	ouv_buf_init(&buf, arena, 256);
	for (; postal != NULL && *postal != '\0'; postal++)
		if (*postal == '\n')
			ouv_buf_text(&buf, " / ");
		else
			ouv_buf_char(&buf, *postal);
	return buf.data;
}

static size_t
chars(const char *text, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++)
		n += ((unsigned char)text[i] & 0xC0) != 0x80;
	return n;
}

const char *
ouv_post_address(struct ouv_arena *arena, const char *text)
{
	struct ouv_buf buf;
	int lines = 0;

	ouv_buf_init(&buf, arena, strlen(text) + 1);
	while (*text != '\0') {
		size_t whole = strcspn(text, "\r\n"), len = whole;
		const char *from = text;

		for (; len > 0 && *from == ' '; len--)
			from++;
		while (len > 0 && from[len - 1] == ' ')
			len--;
		if (chars(from, len) > OUV_POST_LINE_MOST)
			return NULL;
		if (len > 0 && lines++ > 0)
			ouv_buf_char(&buf, '\n');
		ouv_buf_add(&buf, from, len);
		text += whole + strspn(text + whole, "\r\n");
	}
	/* The name stands above them. */
	return lines <= OUV_PRINT_ADDRESS_LINES - 1 ? buf.data : NULL;
}

/* ---- a letter that is queued ------------------------------------------------
 */

/* Somebody must print it, or find out where it goes. */
static enum ouv_err
ask(struct ouv_desk *desk, struct store_tx *tx, struct casefile *file,
	const struct store_post *post, const struct ouv_id *by)
{
	return post_ask(desk, tx, file, post,
		post->addressed ? "send-by-post" : "other-channel",
		post->made_at, by);
}

enum ouv_err
post_ask(struct ouv_desk *desk, struct store_tx *tx, struct casefile *file,
	const struct store_post *post, const char *kind, int64_t now,
	const struct ouv_id *by)
{
	struct store_task task = { .id = ouv_id_new(),
		.case_id = post->case_id,
		.item = post->item,
		.party = post->party,
		.kind = kind,
		.opened_at = now };
	bool opened;

	TRY(letter_due(desk, tx, now, &task.due_at));
	TRY(store_task_add(tx, &task, &opened));
	/* The gateway asks for each letter once. */
	if (!opened)
		return ouv_id_is_zero(by) ? OUV_OK
					  : store_task_again(tx, &task);
	return log_case(desk, tx, file, ouv_id_is_zero(by) ? NULL : by,
		"task-open", &task.id);
}

enum ouv_err
post_queue(struct ouv_desk *desk, struct store_tx *tx, struct casefile *file,
	const struct consumer *to, const struct store_outbox *out,
	const struct letter_out *letter)
{
	struct store_post post = { .id = ouv_id_new(),
		.letter = out->id,
		.case_id = file->id,
		.item = out->item,
		.party = to->party,
		.addressed = to->postal != NULL && *to->postal != '\0',
		.made_at = letter->now,
		.has_clock = letter->term.amount > 0,
		.clock = letter->clock,
		.round = letter->clock_round };

	TRY(store_post_add(tx, &post));
	return ask(desk, tx, file, &post, &letter->author);
}

enum ouv_err
post_presumed(struct ouv_desk *desk, struct store_tx *tx, const char *profile,
	const char *calendar, int64_t from, int64_t *at_out)
{
	const struct ouv_calendar *days;
	const struct ouv_terms *terms;
	const struct ouv_term *term;
	struct ouv_due due = { 0 };
	enum ouv_err err = terms_live(desk, tx, profile, &terms);
	int32_t day;

	if (err == OUV_NOT_FOUND)
		err = terms_live(desk, tx, NULL, &terms);
	if (err != OUV_OK)
		return err;
	TRY(calendar_live(desk, tx, calendar, &days));
	term = &terms->limits[OUV_LIMIT_POST];
	day = ouv_calendar_day(days, from, NULL) + term->amount;
	/* Where the calendar ends, plain days. */
	if (ouv_calendar_due(days, term->unit, term->amount, from, &due) ==
		OUV_OK)
		day = ouv_calendar_day(days, due.at, NULL);
	*at_out = ouv_calendar_instant(days, day, NOON);
	return OUV_OK;
}

/* ---- a letter that came back by mail ---------------------------------------
 */

/* Where the gateway would write to, if it knows; "": it does not. */
static enum ouv_err
postal_of(struct ouv_desk *desk, struct store_tx *tx, struct ouv_arena *arena,
	const struct store_letter *letter, const char **postal_out)
{
	struct store_capsule *list;
	size_t count;

	*postal_out = "";
	TRY(store_capsules(tx, arena, &letter->case_id, &list, &count));
	for (size_t i = 0; i < count; i++) {
		struct consumer to = { .postal = "" };
		enum ouv_err err;

		if (!ouv_id_equal(&list[i].id, &letter->capsule) ||
			!list[i].has_svc)
			continue;
		err = svc_capsule(
			desk, tx, arena, &list[i], list[i].box_svc, &to);
		if (err == OUV_TEMPORARY)
			return err;
		if (err == OUV_OK)
			*postal_out = to.postal;
	}
	return OUV_OK;
}

/* One of several people of a company may still be reached by mail. */
static enum ouv_err
side_lost(struct store_tx *tx, const struct store_letter *letter, int64_t now,
	bool *lost_out)
{
	struct ouv_id company;
	int version;
	enum ouv_err err = store_party_side(
		tx, &letter->case_id, "company", &company, &version);

	*lost_out = true;
	if (err == OUV_NOT_FOUND ||
		(err == OUV_OK && !ouv_id_equal(&company, &letter->party)))
		return OUV_OK;
	if (err != OUV_OK)
		return err;
	return store_side_lost(tx, &letter->case_id, "company", now, lost_out);
}

/* The clock that this letter began begins again when it is delivered. */
static enum ouv_err
clock_for(struct store_tx *tx, struct ouv_arena *arena,
	const struct store_letter *letter, struct store_post *post)
{
	struct store_clock *list;
	size_t count;
	int side;

	post->has_clock = post_clock_of(letter->kind, &side, &post->clock);
	if (!post->has_clock)
		return OUV_OK;
	TRY(store_clocks(tx, arena, &letter->case_id, &list, &count));
	for (size_t i = 0; i < count; i++)
		if (list[i].kind == post->clock && list[i].n == 0 &&
			list[i].state == STORE_CLOCK_RUNNING)
			post->round = list[i].round;
	return OUV_OK;
}

static enum ouv_err
log_it(struct ouv_desk *desk, struct store_tx *tx, struct ouv_arena *arena,
	struct casefile *file, const struct ouv_id *case_id,
	const struct store_post *post)
{
	static const struct ouv_id nobody;
	struct colleague *colleagues;
	struct casefile own;
	size_t count;

	if (file == NULL) {
		TRY(keys_colleagues(desk, tx, arena, &colleagues, &count));
		TRY(casefile_lock(
			desk, tx, arena, colleagues, count, case_id, &own));
		file = &own;
	}
	TRY(log_case(desk, tx, file, NULL, "by-post", &post->letter));
	return ask(desk, tx, file, post, &nobody);
}

enum ouv_err
post_instead(struct ouv_desk *desk, struct store_tx *tx,
	struct ouv_arena *arena, struct casefile *file,
	const struct store_letter *letter, const struct ouv_id *outbox,
	int64_t now, bool *instead_out)
{
	struct store_post post = { .id = ouv_id_new(),
		.letter = *outbox,
		.case_id = letter->case_id,
		.item = letter->item,
		.party = letter->party,
		.addressed = true,
		.made_at = now };
	const char *postal;
	bool lost;

	*instead_out = false;
	if (ouv_id_is_zero(&letter->party))
		return OUV_OK;
	TRY(postal_of(desk, tx, arena, letter, &postal));
	if (*postal == '\0')
		return OUV_OK;
	TRY(side_lost(tx, letter, now, &lost));
	if (!lost)
		return OUV_OK;
	TRY(clock_unserve(tx, arena, letter, now));
	TRY(clock_for(tx, arena, letter, &post));
	TRY(store_post_add(tx, &post));
	TRY(store_party_by_post(tx, &letter->party, true));
	*instead_out = true;
	return log_it(desk, tx, arena, file, &letter->case_id, &post);
}
