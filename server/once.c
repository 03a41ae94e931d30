/*
 * once.c - documents that are given out once, to whoever has their address
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "ouv/vault.h"

#include "once.h"

#define PLACES 32
#define BYTES_MAX ((size_t)48 << 20)

struct place {
	uint8_t name[OUV_KEY]; /* digest of the address */
	struct ouv_id item;
	int64_t until_ms;
	void *blob; /* NULL: nothing here */
	size_t len;
};

static struct {
	pthread_mutex_t lock;
	struct place places[PLACES];
} once = { .lock = PTHREAD_MUTEX_INITIALIZER };

static void
make_token(char token_out[ONCE_TOKEN + 1])
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz234567";
	uint8_t random[ONCE_TOKEN];

	ouv_random(random, sizeof(random));
	for (size_t i = 0; i < ONCE_TOKEN; i++)
		token_out[i] = letters[random[i] & 31];
	token_out[ONCE_TOKEN] = '\0';
	ouv_wipe(random, sizeof(random));
}

static void
name_of(const char *token, uint8_t name_out[OUV_KEY])
{
	ouv_hash("ouv-view-name", token, ONCE_TOKEN, name_out);
}

static void
key_of(const char *token, uint8_t key_out[OUV_KEY])
{
	ouv_hash("ouv-view-key", token, ONCE_TOKEN, key_out);
}

/* It leads to this item's document alone. */
static struct ouv_context
context_of(const struct ouv_id *item)
{
	return (struct ouv_context){
		.kind = OUV_KIND_ITEM_BODY, .row = *item, .version = 1
	};
}

/* ---- under the lock ---------------------------------------------------------
 */

static void
empty(struct place *place)
{
	free(place->blob);
	memset(place, 0, sizeof(*place));
}

static size_t
bytes_held(void)
{
	size_t bytes = 0;

	for (size_t i = 0; i < PLACES; i++)
		bytes += once.places[i].len;
	return bytes;
}

static void
drop_late(int64_t now_ms)
{
	for (size_t i = 0; i < PLACES; i++)
		if (once.places[i].until_ms <= now_ms)
			empty(&once.places[i]);
}

static struct place *
oldest(void)
{
	struct place *found = &once.places[0];

	for (size_t i = 1; i < PLACES; i++)
		if (once.places[i].until_ms < found->until_ms)
			found = &once.places[i];
	return found;
}

/* An empty place has no time, so it is the oldest. */
static struct place *
room_for(size_t len)
{
	struct place *place;

	while ((place = oldest())->blob != NULL)
		empty(place);
	while (bytes_held() > BYTES_MAX - len) {
		struct place *full = NULL;

		for (size_t i = 0; i < PLACES; i++)
			if (once.places[i].blob != NULL &&
				(full == NULL || once.places[i].until_ms <
							 full->until_ms))
				full = &once.places[i];
		empty(full);
	}
	return place;
}

static struct place *
find(const uint8_t name[OUV_KEY])
{
	struct place *found = NULL;

	for (size_t i = 0; i < PLACES; i++)
		if (ouv_equal(once.places[i].name, name, OUV_KEY) &&
			once.places[i].blob != NULL)
			found = &once.places[i];
	return found;
}

/* ---- for the pages ----------------------------------------------------------
 */

void
once_put(int64_t now_ms, const struct ouv_id *item, struct ouv_str bytes,
	char token_out[ONCE_TOKEN + 1])
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	struct ouv_context context = context_of(item);
	struct ouv_str blob;
	uint8_t key[OUV_KEY];
	struct place *place;

	make_token(token_out);
	key_of(token_out, key);
	ouv_blob_seal(arena, &context, key, bytes.p, bytes.len, &blob);
	ouv_wipe(key, sizeof(key));
	(void)pthread_mutex_lock(&once.lock);
	drop_late(now_ms);
	if (blob.len <= BYTES_MAX) {
		place = room_for(blob.len);
		place->blob = malloc(blob.len);
		if (place->blob == NULL)
			abort();
		memcpy(place->blob, blob.p, blob.len);
		place->len = blob.len;
		place->item = *item;
		place->until_ms = now_ms + ONCE_SECS * INT64_C(1000);
		name_of(token_out, place->name);
	}
	(void)pthread_mutex_unlock(&once.lock);
	ouv_arena_free(&arena);
}

enum ouv_err
once_take(struct ouv_arena *arena, int64_t now_ms, const char *token,
	struct ouv_str *bytes_out)
{
	struct place taken = { .blob = NULL }, *place;
	struct ouv_context context;
	uint8_t name[OUV_KEY], key[OUV_KEY];
	enum ouv_err err;

	if (strlen(token) != ONCE_TOKEN)
		return OUV_NOT_FOUND;
	name_of(token, name);
	(void)pthread_mutex_lock(&once.lock);
	drop_late(now_ms);
	if ((place = find(name)) != NULL) {
		taken = *place;
		memset(place, 0, sizeof(*place)); /* nobody else gets it */
	}
	(void)pthread_mutex_unlock(&once.lock);
	if (taken.blob == NULL)
		return OUV_NOT_FOUND;
	context = context_of(&taken.item);
	key_of(token, key);
	err = ouv_blob_open(
		arena, &context, key, taken.blob, taken.len, bytes_out);
	ouv_wipe(key, sizeof(key));
	free(taken.blob);
	return err == OUV_OK ? OUV_OK : OUV_NOT_FOUND;
}

void
once_sweep(int64_t now_ms)
{
	(void)pthread_mutex_lock(&once.lock);
	drop_late(now_ms);
	(void)pthread_mutex_unlock(&once.lock);
}
