/*
 * bounce.c - what became of our letters, and what a person must do then
 *
 * A report counts only when it names a letter of ours: by the envelope address
 * made for that letter, or by its Message-ID; both carry our MAC.
 */
#include <string.h>

#include "batch.h"
#include "clock.h"

/* ---- the task a failure opens -------------------------------------------- */

enum ouv_err
task_open(struct ouv_desk *desk, struct store_tx *tx, struct ouv_arena *arena,
	struct casefile *file, const struct store_letter *letter,
	const char *kind, int64_t now)
{
	struct store_task task = { .id = ouv_id_new(),
		.case_id = letter->case_id,
		.item = letter->item,
		.party = letter->party,
		.kind = kind,
		.opened_at = now };
	bool opened;

	TRY(letter_due(desk, tx, now, &task.due_at));
	TRY(store_task_add(tx, &task, &opened));
	if (!opened)
		return OUV_OK;
	if (strcmp(kind, "other-channel") == 0)
		TRY(clock_unserve(tx, arena, letter, now));
	if (file == NULL)
		return log_existing(desk, tx, arena, &letter->case_id, NULL,
			"task-open", &task.id);
	return log_case(desk, tx, file, NULL, "task-open", &task.id);
}

/* ---- reports ---------------------------------------------------------------
 */

/* Of the recipient that failed: ours have one. */
static const struct ouv_mail_dsn_rcpt *
failed_recipient(const struct ouv_mail *mail)
{
	for (size_t i = 0; i < mail->dsn_count; i++)
		if (strcmp(mail->dsn[i].action, "failed") == 0)
			return &mail->dsn[i];
	return mail->dsn_count > 0 ? &mail->dsn[0] : NULL;
}

/* What passes by itself is worth another try; the rest is not. */
static const char *
task_kind(const struct ouv_mail *mail, const struct ouv_mail_dsn_rcpt *failed)
{
	static const char *const passing[] = { "full", "expired" };

	for (size_t i = 0; failed != NULL && failed->cause != NULL &&
			   i < sizeof(passing) / sizeof(passing[0]);
		i++)
		if (strcmp(failed->cause, passing[i]) == 0)
			return "send-again";
	return mail->dsn_hard == 0 ? "send-again" : "other-channel";
}

enum ouv_err
bounce_note(struct batch *b, const struct incoming *in)
{
	const struct ouv_id *row =
		!ouv_id_is_zero(&in->verp) ? &in->verp : &in->original;
	const struct ouv_mail_dsn_rcpt *failed = failed_recipient(&in->mail);
	struct store_letter letter;
	struct casefile *file;
	const char *kind;
	bool instead = false;
	enum ouv_err err;

	/* A delayed or delivered one is only kept. */
	if (in->mail.kind != OUV_MAIL_BOUNCE || ouv_id_is_zero(row))
		return OUV_OK;
	err = store_letter_of(b->tx, row, &letter);
	if (err != OUV_OK)
		return err == OUV_NOT_FOUND ? OUV_OK : err;
	TRY(batch_existing(b, &letter.case_id, &file));
	/* It is over: how its letters ended stays as it was. */
	if (file->state == OUV_STATE_ERASED)
		return OUV_OK;
	TRY(store_outbox_bounced(
		b->tx, row, failed != NULL ? failed->status : ""));
	kind = task_kind(&in->mail, failed);
	if (strcmp(kind, "other-channel") == 0)
		TRY(post_instead(b->desk, b->tx, b->arena, file, &letter, row,
			b->now, &instead));
	return instead ? OUV_OK
		       : task_open(b->desk, b->tx, b->arena, file, &letter,
				 kind, b->now);
}
