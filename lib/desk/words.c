/*
 * words.c - words of the case: kept as internal items, and read again
 */
#include "frame.h"

enum ouv_err
words_keep(struct verb_call *call, const char *text, struct ouv_id *item_out)
{
	return held_note(call, text, item_out);
}

enum ouv_err
words_read(struct verb_call *call, const struct ouv_id *item,
	const char **text_out)
{
	struct ouv_mail mail;
	struct store_item row;

	if (by_program(call))
		return OUV_REFUSED;
	TRY(store_item(call->tx, call->arena, &call->file->id, item, &row));
	TRY(open_doc(call->desk, call->arena, call->opened, &row, &mail));
	*text_out = mail.text;
	return OUV_OK;
}
