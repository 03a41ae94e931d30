/*
 * codes_page.c - the codebooks for whoever wants to read them: one book, as it
 * counts today
 */
#include <string.h>

#include "move.h"
#include "ouv/clock.h"
#include "ouv/health.h"

/* Their entries stand book by book. */
static void
take_books(struct ouv_arena *arena, const struct store_code *all, size_t count,
	struct ouv_code_page *page)
{
	page->books = ouv_arena_array(arena, count, sizeof(*page->books));
	for (size_t i = 0; i < count; i++)
		if (i == 0 || strcmp(all[i - 1].book, all[i].book) != 0)
			page->books[page->book_count++] = all[i].book;
}

enum ouv_err
ouv_desk_code_page(struct ouv_desk *desk, struct ouv_arena *arena,
	const char *book, enum ouv_lang lang, struct ouv_code_page *page_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct ouv_code_page page = { 0 };
	struct store_code *all;
	int32_t today;
	size_t count;

	TRY(store_begin_reading(desk->store, &tx));
	TRY(office_day(desk, tx, ouv_clock_now(), &today));
	TRY(store_codes(tx, arena, NULL, today, &all, &count));
	TRY(store_commit(&tx));
	take_books(arena, all, count, &page);
	page.book = book != NULL          ? book
		    : page.book_count > 0 ? page.books[0]
					  : "";
	page.list = ouv_arena_array(arena, count, sizeof(*page.list));
	for (size_t i = 0; i < count; i++)
		if (strcmp(all[i].book, page.book) == 0)
			page.list[page.count++] = (struct ouv_code_line){
				.code = all[i].code,
				.parent = all[i].parent,
				.label = all[i].label[lang],
				.from_day = all[i].from_day,
				.until_day = all[i].until_day,
				.own = !ouv_id_is_zero(&all[i].author)
			};
	if (book != NULL && page.count == 0)
		return OUV_NOT_FOUND;
	*page_out = page;
	return OUV_OK;
}
