/*
 * details.c - opening what was sealed beside an entry of a case's log
 */
#include <string.h>

#include "details.h"

static enum ouv_err
go_back(struct secrets *s)
{
	struct ouv_context context;
	uint8_t box[OUV_BOX], older[OUV_KEY];

	TRY(store_case_old_key(s->tx, s->case_id, s->version, box));
	context_make(s->desk, OUV_KIND_CASE_KEY, OUV_COLUMN_CPK, s->case_id,
		s->case_id, s->version, &context);
	TRY(ouv_open_key(&context, s->csk, box, sizeof(box), older));
	memcpy(s->csk, older, sizeof(s->csk));
	ouv_wipe(older, sizeof(older));
	s->version--;
	return OUV_OK;
}

enum ouv_err
details_open(struct secrets *s, struct ouv_arena *arena,
	const struct store_audit *event, const char **text_out)
{
	const uint8_t *p = (const uint8_t *)event->details.p;
	struct ouv_context context;
	uint8_t key[OUV_KEY];
	struct ouv_str text;
	int version;
	enum ouv_err err;

	if (event->details.len <= OUV_BOX + OUV_BLOB_HEAD)
		return OUV_REFUSED;
	version = p[OUV_BOX + 1] << 24 | p[OUV_BOX + 2] << 16 |
		  p[OUV_BOX + 3] << 8 | p[OUV_BOX + 4];
	/* Newest first: a later version was left behind already. */
	while (s->version > version && version > 0)
		TRY(go_back(s));
	if (s->version != version)
		return OUV_REFUSED;
	context_make(s->desk, OUV_KIND_AUDIT, OUV_COLUMN_CPK, &event->chain,
		&event->object, version, &context);
	for (int i = 0; i < 8; i++)
		context.extra.b[15 - i] =
			(uint8_t)((uint64_t)event->seq >> (8 * i));
	TRY(ouv_open_key(&context, s->csk, p, OUV_BOX, key));
	context.column = OUV_COLUMN_NONE;
	err = ouv_blob_open(arena, &context, key, p + OUV_BOX,
		event->details.len - OUV_BOX, &text);
	ouv_wipe(key, sizeof(key));
	if (err == OUV_OK)
		*text_out = text.p;
	return err;
}
