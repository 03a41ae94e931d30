/*
 * words.c - words of the case: kept as internal items, and read again
 */
#include "frame.h"
#include "together.h"

enum ouv_err
words_keep(struct verb_call *call, const char *text, struct ouv_id *item_out)
{
	return held_note(call, text, item_out);
}

static enum ouv_err
words_open(struct ouv_desk *desk, struct store_tx *tx, struct ouv_arena *arena,
	const struct opened *opened, const struct ouv_id *item,
	const char **text_out)
{
	struct ouv_mail mail;
	struct store_item row;

	if (docs_find(desk, &opened->c.id, item, &mail)) {
		*text_out = mail.text;
		return OUV_OK;
	}
	TRY(store_item(tx, arena, &opened->c.id, item, &row));
	TRY(open_doc(desk, arena, opened, &row, &mail));
	*text_out = mail.text;
	return OUV_OK;
}

enum ouv_err
words_read(struct verb_call *call, const struct ouv_id *item,
	const char **text_out)
{
	if (by_program(call))
		return OUV_REFUSED;
	return words_open(call->desk, call->tx, call->arena, call->opened, item,
		text_out);
}

enum ouv_err
mv_words(struct mv *mv, const struct ouv_id *item, const char **text_out)
{
	enum ouv_err err = words_open(
		mv->desk, mv->tx, mv->arena, mv->opened, item, text_out);

	if (err == OUV_TEMPORARY)
		return err;
	if (err != OUV_OK)
		*text_out = "";
	return OUV_OK;
}
