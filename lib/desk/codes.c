/*
 * codes.c - the codes that count today, as each desk keeps them
 *
 * Read again when a version was added or the day is another one: one cheap
 * question a transaction.
 */
#include <stdlib.h>
#include <string.h>

#include "move.h"
#include "ouv/clock.h"

struct codes {
	struct ouv_arena *arena;
	struct store_code_stamp stamp;
	int32_t day;
	uint64_t tx; /* the transaction in which it was last asked */
	struct store_code *list;
	size_t count;
};

void
codes_free(struct ouv_desk *desk)
{
	if (desk->codes == NULL)
		return;
	ouv_arena_free(&desk->codes->arena);
	free(desk->codes);
	desk->codes = NULL;
}

static enum ouv_err
load(struct ouv_desk *desk, struct store_tx *tx, int32_t day,
	const struct store_code_stamp *stamp)
{
	struct codes *fresh = calloc(1, sizeof(*fresh));

	if (fresh == NULL)
		abort();
	codes_free(desk);
	desk->codes = fresh;
	fresh->arena = ouv_arena_new(OUV_ARENA_PLAIN);
	fresh->stamp = *stamp;
	fresh->day = day;
	TRY(store_codes(
		tx, fresh->arena, NULL, day, &fresh->list, &fresh->count));
	fresh->tx = store_tx_number(tx);
	return OUV_OK;
}

static enum ouv_err
need(struct ouv_desk *desk, struct store_tx *tx)
{
	struct store_code_stamp stamp;
	struct codes *all = desk->codes;
	int32_t day;

	if (all != NULL && all->tx == store_tx_number(tx))
		return OUV_OK;
	TRY(office_day(desk, tx, ouv_clock_now(), &day));
	TRY(store_code_stamp(tx, &stamp));
	if (all == NULL || all->tx == 0 || all->day != day ||
		all->stamp.count != stamp.count ||
		all->stamp.last_us != stamp.last_us)
		return load(desk, tx, day, &stamp);
	all->tx = store_tx_number(tx);
	return OUV_OK;
}

enum ouv_err
codes_list(struct ouv_desk *desk, struct store_tx *tx, const char *book,
	const struct store_code **list_out, size_t *count_out)
{
	const struct codes *all;
	size_t from = 0, to;

	TRY(need(desk, tx));
	all = desk->codes;
	while (from < all->count && strcmp(all->list[from].book, book) != 0)
		from++;
	for (to = from; to < all->count; to++)
		if (strcmp(all->list[to].book, book) != 0)
			break;
	*list_out = all->list + from;
	*count_out = to - from;
	return OUV_OK;
}

enum ouv_err
codes_find(struct ouv_desk *desk, struct store_tx *tx, const char *book,
	const char *code, const struct store_code **code_out)
{
	const struct store_code *list;
	size_t count;

	TRY(codes_list(desk, tx, book, &list, &count));
	for (size_t i = 0; i < count; i++)
		if (strcmp(list[i].code, code) == 0) {
			*code_out = &list[i];
			return OUV_OK;
		}
	return OUV_NOT_FOUND;
}

enum ouv_err
code_label(struct ouv_desk *desk, struct store_tx *tx, const char *book,
	const char *code, enum ouv_lang lang, const char **label_out)
{
	const struct store_code *found;
	enum ouv_err err = codes_find(desk, tx, book, code, &found);

	if (err == OUV_OK)
		*label_out = found->label[lang];
	else if (err == OUV_NOT_FOUND)
		*label_out = NULL;
	return err == OUV_NOT_FOUND ? OUV_OK : err;
}
