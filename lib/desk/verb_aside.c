/*
 * verb_aside.c - a held case is set aside with a reason, or taken back
 *
 * Nothing is removed: its bytes stay, and it is in a list of its own.
 */
#include <string.h>

#include "desk_impl.h"

#define NOTE_MOST 20000

/* clang-format off */
static const char *const reasons[] = {
	"spam", "not-for-us", "duplicate", "empty", "threat-or-abuse", "other",
};
/* clang-format on */

static enum ouv_err
discard(struct verb_call *call)
{
	const char *reason = held_word(
		call, "reason", reasons, sizeof(reasons) / sizeof(reasons[0]));
	const char *note = held_text(call, "note", NOTE_MOST, false);
	struct ouv_id item;

	if (reason != NULL && strcmp(reason, "other") == 0 && *note == '\0')
		verb_error(call, "note", "empty");
	if (call->result->error_count > 0)
		return OUV_INVALID;
	if (*note != '\0')
		TRY(held_note(call, note, &item));
	call->result->location = "/held?done=discard";
	return store_case_aside(call->tx, &call->file->id, reason);
}

/* The workflow knows only that it is closed: as a case, perhaps. */
static enum ouv_err
restore(struct verb_call *call)
{
	bool aside;

	TRY(store_case_is_aside(call->tx, &call->file->id, &aside));
	if (!aside)
		return OUV_REFUSED;
	return store_case_aside(call->tx, &call->file->id, NULL);
}

const struct verb verb_discard = { "discard", OUV_ACTION_DISCARD, discard,
	false, NULL };
const struct verb verb_restore = { "restore", OUV_ACTION_RESTORE, restore,
	false, NULL };
