/*
 * post_words.c - what is sealed of a letter's way: where it went, under which
 * number, why it came back
 *
 * With the key of the letter's item: who may read the letter may read this, and
 * a new key of the case changes nothing of it.
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "post.h"

static void
context_of(const struct ouv_desk *desk, const struct store_post *post,
	struct ouv_context *context)
{
	context_make(desk, OUV_KIND_POST, OUV_COLUMN_NONE, &post->case_id,
		&post->id, 1, context);
}

enum ouv_err
post_words_open(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct store_post *post, const uint8_t dek[OUV_KEY],
	struct post_words *words_out)
{
	const char *name = "", *postal = "", *tracking = "", *why = "";
	const char *lang = "";
	struct ouv_context context;
	struct ouv_str text;
	json_t *doc;

	*words_out = (struct post_words){ "", "", "", "", "" };
	if (post->words.len == 0)
		return OUV_OK;
	context_of(desk, post, &context);
	TRY(ouv_blob_open(
		arena, &context, dek, post->words.p, post->words.len, &text));
	doc = json_loadb(text.p, text.len, 0, NULL);
	if (json_unpack(doc, "{s:s, s:s, s:s, s:s, s:s}", "name", &name,
		    "postal", &postal, "lang", &lang, "tracking", &tracking,
		    "why", &why) != 0) {
		json_decref(doc);
		return OUV_INVALID;
	}
	*words_out = (struct post_words){ ouv_arena_strdup(arena, name),
		ouv_arena_strdup(arena, postal), ouv_arena_strdup(arena, lang),
		ouv_arena_strdup(arena, tracking),
		ouv_arena_strdup(arena, why) };
	json_decref(doc);
	return OUV_OK;
}

void
post_words_seal(struct ouv_desk *desk, struct ouv_arena *arena,
	struct store_post *post, const uint8_t dek[OUV_KEY],
	const struct post_words *words)
{
	json_t *doc = json_pack("{s:s, s:s, s:s, s:s, s:s}", "name",
		words->name, "postal", words->postal, "lang", words->lang,
		"tracking", words->tracking, "why", words->why);
	char *text = json_dumps(doc, JSON_COMPACT);
	struct ouv_context context;

	context_of(desk, post, &context);
	ouv_blob_seal(arena, &context, dek, text, strlen(text), &post->words);
	ouv_wipe(text, strlen(text));
	free(text);
	json_decref(doc);
}

enum ouv_err
post_key(struct verb_call *call, const struct store_post *post,
	uint8_t dek[OUV_KEY])
{
	struct store_item item;

	TRY(store_item(
		call->tx, call->arena, &call->file->id, &post->item, &item));
	return open_item_key(call->desk, call->opened, &item, dek);
}
