/*
 * scan_view.c - a page of a scan as a colleague sees it: its words, its picture
 */
#include <string.h>

#include "scan.h"

struct viewing {
	struct ouv_desk *desk;
	struct ouv_arena *arena;
	int part, page;
	struct opened opened;
	struct store_item item;
	struct store_scan_rows rows;
	uint8_t dek[OUV_KEY];
	struct ouv_mail mail;
	struct scan_head head;
	struct ouv_str ct, raw; /* ct empty: the page is not read */
};

/* Everything of it in one transaction; raw too if it is wanted. */
static enum ouv_err
read_rows(struct viewing *v, const struct ouv_actor *actor, const char *number,
	const struct ouv_id *item, bool raw)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	const struct ouv_id *id = &v->opened.c.id;
	enum ouv_err err;

	TRY(store_begin_reading(v->desk->store, &tx));
	TRY(open_case(v->desk, tx, v->arena, actor, number, &v->opened));
	TRY(store_item(tx, v->arena, id, item, &v->item));
	TRY(open_item_key(v->desk, &v->opened, &v->item, v->dek));
	TRY(store_scan_rows(tx, v->arena, item, v->part, &v->rows));
	err = store_scan_page(tx, v->arena, id, item, v->part, v->page, &v->ct);
	if (err != OUV_OK && err != OUV_NOT_FOUND)
		return err;
	if (raw)
		TRY(open_raw(
			v->desk, tx, v->arena, item, v->dek, false, &v->raw));
	return store_commit(&tx);
}

static enum ouv_err
find(struct viewing *v, const struct ouv_actor *actor, const char *number,
	const struct ouv_id *item, bool raw)
{
	struct ouv_str text;

	TRY(read_rows(v, actor, number, item, raw));
	TRY(open_doc(v->desk, v->arena, &v->opened, &v->item, &v->mail));
	if (v->rows.head.len == 0 || (size_t)v->part >= v->mail.part_count)
		return OUV_NOT_FOUND;
	TRY(scan_open(v->desk, v->arena, item, v->part, 0, v->dek, v->rows.head,
		&text));
	TRY(scan_head_read(v->arena, text, &v->head));
	return v->page >= 1 && v->page <= v->head.pages ? OUV_OK
							: OUV_NOT_FOUND;
}

static void
wipe(struct viewing *v)
{
	ouv_wipe(v->dek, sizeof(v->dek));
	ouv_wipe(v->opened.csk, sizeof(v->opened.csk));
}

/* What was read; false: nothing was, and why (NULL: not yet). */
static bool
words_of(struct viewing *v, struct ouv_ocr_page *words, const char **why_out)
{
	struct ouv_str text;

	*why_out = NULL;
	if (v->ct.len == 0)
		return false;
	*why_out = "damaged";
	if (scan_open(v->desk, v->arena, &v->item.id, v->part, v->page, v->dek,
		    v->ct, &text) != OUV_OK)
		return false;
	if (scan_why(text) != NULL) {
		*why_out = scan_why(text);
		return false;
	}
	if (ouv_ocr_page_read(v->arena, text, words) != OUV_OK)
		return false;
	*why_out = NULL;
	return true;
}

static bool
may(const struct viewing *v, const struct ouv_actor *actor,
	enum ouv_action action)
{
	const struct ouv_move *move;

	return ouv_workflow_find(
		       v->opened.c.state, action, actor->role, &move) == OUV_OK;
}

static void
fill(struct viewing *v, const struct ouv_actor *actor,
	struct ouv_scan_page *page)
{
	*page = (struct ouv_scan_page){
		.seq = v->item.seq,
		.name = v->mail.parts[v->part].filename,
		.pages = v->head.pages,
		.done = (int)v->rows.count,
		.page = v->page,
		.lang = ouv_lang_parse(v->opened.c.lang, OUV_LANG_PT_BR),
		.may_quote = may(v, actor, OUV_ACTION_REPLY),
		.may_index = may(v, actor, OUV_ACTION_EVIDENCE),
	};
	page->read = words_of(v, &page->words, &page->why);
}

enum ouv_err
ouv_desk_scan_words(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const char *number,
	const struct ouv_id *item, int part, int page,
	struct ouv_scan_page *page_out)
{
	struct viewing v = {
		.desk = desk, .arena = arena, .part = part, .page = page
	};
	enum ouv_err err = find(&v, actor, number, item, false);

	if (err == OUV_OK)
		fill(&v, actor, page_out);
	wipe(&v);
	return err;
}

enum ouv_err
ouv_desk_scan_page(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const char *number,
	const struct ouv_id *item, int part, int page,
	struct ouv_scan_page *page_out)
{
	TRY(open_reading(desk, arena, actor, number));
	return ouv_desk_scan_words(
		desk, arena, actor, number, item, part, page, page_out);
}

static enum ouv_err
draw(struct viewing *v, ouv_scanner_fn *scanner, void *user,
	struct ouv_str *jpeg_out)
{
	struct ouv_scan_wish wish = {
		.ask = OUV_SCAN_SHOW, .page = v->page, .side = OUV_SCAN_SIDE
	};
	struct ouv_ocr_page words;
	struct ouv_str bytes, jpeg;
	const char *why;

	if (words_of(v, &words, &why)) {
		wish.turn = words.turn;
		wish.skew = words.skew;
	}
	TRY(ouv_mail_part_bytes(v->arena, v->raw.p, v->raw.len,
		&v->mail.parts[v->part], &bytes));
	TRY(scanner(user, v->arena, &wish, bytes, &jpeg));
	/* All that a browser is told of it is that it is this. */
	if (jpeg.len < 4 || memcmp(jpeg.p, "\xff\xd8\xff", 3) != 0)
		return OUV_INVALID;
	*jpeg_out = jpeg;
	return OUV_OK;
}

enum ouv_err
ouv_desk_scan_picture(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const char *number,
	const struct ouv_id *item, int part, int page, ouv_scanner_fn *scanner,
	void *user, struct ouv_str *jpeg_out)
{
	struct viewing v = {
		.desk = desk, .arena = arena, .part = part, .page = page
	};
	enum ouv_err err;

	TRY(open_reading(desk, arena, actor, number));
	err = find(&v, actor, number, item, true);
	if (err == OUV_OK)
		err = draw(&v, scanner, user, jpeg_out);
	wipe(&v);
	return err;
}
