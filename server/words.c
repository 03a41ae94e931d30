/*
 * words.c - loads the words of the pages and holds the languages together
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "ouv/log.h"

#include "words.h"

static enum ouv_err
load_one(const char *folder, const char *tag, json_t **words_out)
{
	char path[1024];
	json_error_t error;
	json_t *words;
	const char *key;
	json_t *value;

	(void)snprintf(
		path, sizeof(path), "%s/html/words.%s.json", folder, tag);
	words = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
	if (words == NULL) {
		ouv_log_error("%s:%d: %s", path, error.line, error.text);
		return OUV_INVALID;
	}
	json_object_foreach(words, key, value)
	{
		if (json_is_string(value))
			continue;
		ouv_log_error("%s: %s is no text", path, key);
		json_decref(words);
		return OUV_INVALID;
	}
	*words_out = words;
	return OUV_OK;
}

/* Says each key of one that the other lacks; how many. */
static int
lacking(const json_t *one, json_t *other, const char *other_tag)
{
	int missing = 0;
	void *at;

	for (at = json_object_iter((json_t *)one); at != NULL;
		at = json_object_iter_next((json_t *)one, at)) {
		const char *key = json_object_iter_key(at);

		if (json_object_get(other, key) != NULL)
			continue;
		ouv_log_error("words.%s.json lacks %s", other_tag, key);
		missing++;
	}
	return missing;
}

enum ouv_err
words_load(const char *folder, struct words *words_out)
{
	struct words words = { { NULL } };
	int missing = 0;

	for (int i = 0; i < OUV_LANG__COUNT; i++) {
		enum ouv_err err = load_one(
			folder, ouv_lang_tag((enum ouv_lang)i), &words.in[i]);

		if (err != OUV_OK) {
			words_free(&words);
			return err;
		}
	}
	for (int i = 1; i < OUV_LANG__COUNT; i++) {
		missing += lacking(words.in[0], words.in[i],
			ouv_lang_tag((enum ouv_lang)i));
		missing += lacking(words.in[i], words.in[0],
			ouv_lang_tag((enum ouv_lang)0));
	}
	if (missing > 0) {
		words_free(&words);
		return OUV_INVALID;
	}
	/* Pages of all threads refer to them: jansson leaves a count of -1, as
	 * its own constants have, alone, so nothing is written any more. */
	for (int i = 0; i < OUV_LANG__COUNT; i++)
		words.in[i]->refcount = (size_t)-1;
	*words_out = words;
	return OUV_OK;
}

void
words_free(struct words *words)
{
	for (int i = 0; i < OUV_LANG__COUNT; i++) {
		if (words->in[i] != NULL)
			words->in[i]->refcount = 1;
		json_decref(words->in[i]);
		words->in[i] = NULL;
	}
}

const char *
words_get(const struct words *words, enum ouv_lang lang, const char *key)
{
	return json_string_value(json_object_get(words->in[lang], key));
}

const char *
words_code(const struct words *words, enum ouv_lang lang, const char *prefix,
	const char *code)
{
	char key[128];
	size_t n = (size_t)snprintf(key, sizeof(key), "%s", prefix);

	if (code == NULL)
		return NULL;
	for (; *code != '\0' && n + 1 < sizeof(key); code++) {
		int c = tolower((unsigned char)*code);

		key[n++] = (char)(isalnum(c) && c < 0x80 ? c : '_');
	}
	key[n] = '\0';
	return words_get(words, lang, key);
}
