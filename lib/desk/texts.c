/*
 * texts.c - which words count now: the product's, or a version of the office's
 *
 * Each desk keeps what it found and asks once a transaction whether something
 * was published since.  A version that is not signed as it must be, or no
 * longer fits its declaration, is passed over: the one before it counts.
 */
#include <stdlib.h>
#include <string.h>

#include "ouv/log.h"
#include "texts.h"

struct texts {
	struct ouv_arena *arena; /* of everything here but this struct */
	uint64_t asked;          /* in which transaction */
	struct store_text_stamp stamp;
	struct text_now *list; /* as office->shipped */
	struct colleague *signers;
	size_t signer_count;
	bool have_signers;
};

enum ouv_err
texts_index(
	const struct ouv_office *office, const char *name, size_t *index_out)
{
	for (size_t i = 0; i < office->shipped_count; i++)
		if (strcmp(office->shipped[i].decl->name, name) == 0) {
			*index_out = i;
			return OUV_OK;
		}
	return OUV_NOT_FOUND;
}

/* True once in a process for each version. */
static bool
is_news(struct ouv_office *office, const char *name, int n)
{
	struct ouv_id id = text_id(name, n);
	bool news = true;

	(void)pthread_mutex_lock(&office->signer.lock);
	for (size_t i = 0; i < office->doubtful_count; i++)
		if (ouv_id_equal(&office->doubtful[i], &id))
			news = false;
	if (news && office->doubtful_count < DOUBTFUL_MOST)
		office->doubtful[office->doubtful_count++] = id;
	(void)pthread_mutex_unlock(&office->signer.lock);
	return news;
}

/* ---- one version --------------------------------------------------------- */

static enum ouv_err
need_signers(struct ouv_desk *desk, struct store_tx *tx, struct texts *t)
{
	if (t->have_signers)
		return OUV_OK;
	TRY(text_signers(desk, tx, t->arena, &t->signers, &t->signer_count));
	t->have_signers = true;
	return OUV_OK;
}

/* NULL: it may be used; else what is said of it. */
static const char *
doubt(const struct ouv_office *office, struct texts *t,
	const struct ouv_text_decl *decl, const struct store_text *v,
	const char *body[OUV_LANG__COUNT])
{
	struct ouv_tmpl_error error = { 0 };

	if (text_signed(office, t->signers, t->signer_count, decl, v) != OUV_OK)
		return "a signature does not hold";
	if (*v->content == '\0')
		return NULL;
	if (text_bodies(t->arena, v->content, body) != OUV_OK)
		return "it is not a text in all languages";
	if (text_fits(t->arena, decl, (const char *const *)body, &error) !=
		OUV_OK)
		return ouv_arena_printf(
			t->arena, "line %d: %s", error.line, error.what);
	return NULL;
}

/* From the newest back to the first that may be used. */
static enum ouv_err
take(struct ouv_desk *desk, struct store_tx *tx, struct texts *t,
	struct store_text *newest)
{
	struct ouv_office *office = desk->office;
	struct store_text *v = newest;
	struct text_now *now;
	size_t index, count = 1;

	/* Of a text that is no longer shipped nothing is ever sent. */
	if (texts_index(office, newest->name, &index) != OUV_OK)
		return OUV_OK;
	now = &t->list[index];
	TRY(need_signers(desk, tx, t));
	while (count > 0) {
		const char *body[OUV_LANG__COUNT];
		const char *why = doubt(office, t, now->live.decl, v, body);

		if (why == NULL) {
			now->n = v->n;
			if (*v->content == '\0')
				return OUV_OK;
			now->live.n = v->n;
			memcpy(now->live.body, body, sizeof(body));
			return OUV_OK;
		}
		if (is_news(office, v->name, v->n))
			ouv_log_error("text %s, version %d is not used: %s",
				v->name, v->n, why);
		TRY(store_text_published(
			tx, t->arena, v->name, v->n, &v, &count));
	}
	return OUV_OK;
}

/* ---- what this desk keeps ------------------------------------------------ */

static enum ouv_err
load(struct ouv_desk *desk, struct store_tx *tx, struct texts *t)
{
	const struct ouv_office *office = desk->office;
	struct store_text *newest;
	size_t count;

	t->list = ouv_arena_array(
		t->arena, office->shipped_count, sizeof(*t->list));
	for (size_t i = 0; i < office->shipped_count; i++)
		t->list[i].live = office->shipped[i];
	TRY(store_text_published(tx, t->arena, NULL, 0, &newest, &count));
	for (size_t i = 0; i < count; i++)
		TRY(take(desk, tx, t, &newest[i]));
	return OUV_OK;
}

/* The old one stays until the new one is whole. */
static enum ouv_err
renew(struct ouv_desk *desk, struct store_tx *tx,
	const struct store_text_stamp *stamp)
{
	struct texts fresh = { .arena = ouv_arena_new(OUV_ARENA_PLAIN),
		.asked = store_tx_number(tx),
		.stamp = *stamp };
	enum ouv_err err = load(desk, tx, &fresh);

	if (err != OUV_OK) {
		ouv_arena_free(&fresh.arena);
		return err;
	}
	texts_free(desk);
	desk->texts = calloc(1, sizeof(*desk->texts));
	if (desk->texts == NULL)
		abort();
	*desk->texts = fresh;
	return OUV_OK;
}

enum ouv_err
texts_now(struct ouv_desk *desk, struct store_tx *tx,
	struct text_now **list_out, size_t *count_out)
{
	struct texts *t = desk->texts;
	struct store_text_stamp stamp;

	if (t == NULL || t->asked != store_tx_number(tx)) {
		TRY(store_text_stamp(tx, &stamp));
		if (t == NULL || t->stamp.count != stamp.count ||
			t->stamp.last_us != stamp.last_us)
			TRY(renew(desk, tx, &stamp));
		desk->texts->asked = store_tx_number(tx);
	}
	*list_out = desk->texts->list;
	*count_out = desk->office->shipped_count;
	return OUV_OK;
}

enum ouv_err
texts_live(struct ouv_desk *desk, struct store_tx *tx, const char *name,
	struct text_live *live_out)
{
	struct text_now *list;
	size_t count, index;

	TRY(texts_index(desk->office, name, &index));
	TRY(texts_now(desk, tx, &list, &count));
	*live_out = list[index].live;
	return OUV_OK;
}

void
texts_free(struct ouv_desk *desk)
{
	if (desk->texts == NULL)
		return;
	ouv_arena_free(&desk->texts->arena);
	free(desk->texts);
	desk->texts = NULL;
}
