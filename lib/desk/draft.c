/*
 * draft.c - seals what was typed to who typed it, and opens it for them alone
 *
 * box of a fresh key to the person | blob of the moment and the text
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "desk_impl.h"
#include "ouv/clock.h"
#include "ouv/draft.h"

static struct ouv_context
about(const struct ouv_desk *desk, const struct ouv_id *person)
{
	struct ouv_context context;

	context_make(desk, OUV_KIND_DRAFT, OUV_COLUMN_PERSON, NULL, person, 1,
		&context);
	return context;
}

enum ouv_err
ouv_desk_draft_seal(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_id *person, const char *text,
	struct ouv_str *sealed_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	const struct ouv_context context = about(desk, person);
	const char *dated = ouv_arena_printf(
		arena, "%" PRId64 "\n%s", ouv_clock_now(), text);
	const struct colleague *to;
	struct ouv_str blob;
	uint8_t key[OUV_KEY];
	char *sealed;

	TRY(store_begin(desk->store, &tx));
	TRY(keys_colleague(desk, tx, arena, person, &to));
	TRY(store_commit(&tx));
	ouv_random(key, sizeof(key));
	ouv_blob_seal(arena, &context, key, dated, strlen(dated), &blob);
	sealed = ouv_arena_alloc(arena, OUV_BOX + blob.len);
	ouv_seal_key(&context, to->pk, key, (uint8_t *)sealed);
	memcpy(sealed + OUV_BOX, blob.p, blob.len);
	ouv_wipe(key, sizeof(key));
	*sealed_out = (struct ouv_str){ sealed, OUV_BOX + blob.len };
	return OUV_OK;
}

/* "1789000000\n" in front of the text; one of the future is none of ours. */
static bool
is_fresh(const char *dated)
{
	const int64_t age = ouv_clock_now() - strtoll(dated, NULL, 10);

	return age >= 0 && age <= OUV_DRAFT_MINUTES * INT64_C(60);
}

enum ouv_err
ouv_desk_draft_open(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, struct ouv_str sealed,
	const char **text_out)
{
	const struct ouv_context context = about(desk, &actor->person);
	const uint8_t *box = (const uint8_t *)sealed.p;
	uint8_t key[OUV_KEY];
	struct ouv_str dated;
	const char *text;
	enum ouv_err err;

	if (sealed.len <= OUV_BOX ||
		ouv_open_key(&context, actor->identity->box, box, OUV_BOX,
			key) != OUV_OK)
		return OUV_REFUSED;
	err = ouv_blob_open(arena, &context, key, box + OUV_BOX,
		sealed.len - OUV_BOX, &dated);
	ouv_wipe(key, sizeof(key));
	if (err != OUV_OK || !is_fresh(dated.p))
		return OUV_REFUSED;
	text = strchr(dated.p, '\n');
	if (text == NULL)
		return OUV_REFUSED;
	*text_out = text + 1;
	return OUV_OK;
}
