/*
 * search_index.c - taking a case in: its words become tokens under its key
 *
 * Done in the session of a reader, part by part (the words of a message, then
 * each of its attachments, then pages that were read from pictures since), so
 * that it can stop at any and go on in the next one's.  Nothing is parsed
 * inside a transaction.  An item that does not open, or an attachment that
 * cannot be read, is passed over: the case is found by the rest.
 */
#include <string.h>
#include <strings.h>

#include "ouv/clock.h"
#include "ouv/log.h"
#include "scan.h"
#include "search.h"
#include "write.h"

#define ATTACHMENT_MOST ((size_t)20 << 20)
#define PAGES_MOST 50 /* that were read from pictures, taken in at once */

void
ouv_office_reader(struct ouv_office *office, ouv_reader_fn *reader, void *user)
{
	office->reader = reader;
	office->reader_user = user;
}

/* ---- what is under way ------------------------------------------------------
 */

struct taking {
	struct ouv_desk *desk;
	struct ouv_arena *arena, *scratch;
	const struct ouv_actor *actor;
	int64_t until_ms;
	struct opened opened;
	struct tokens tokens;
	struct store_item_row *rows;
	size_t count;
	struct store_indexed was, now;
	struct store_scan_due *pages;
	size_t page_count, pages_taken;
	bool any;     /* something was taken in */
	bool stopped; /* something is left */
	bool failed;  /* for it cannot be read now */
};

/* One part at least, or a large one would never be taken in. */
static bool
may_go_on(struct taking *t)
{
	if (t->any && ouv_clock_mono_ms() >= t->until_ms)
		t->stopped = true;
	return !t->stopped;
}

static void
part_taken(struct taking *t)
{
	t->now.part++;
	t->any = true;
}

/* ---- attachments -----------------------------------------------------------
 */

/* What is worth a reader's while; by type, or by name where the type says
 * nothing. */
static bool
has_words(const struct ouv_mail_part *part)
{
	static const char *const types[] = { "application/pdf", "text/",
		"application/vnd.openxmlformats-officedocument.",
		"application/vnd.oasis.opendocument.text",
		"application/vnd.oasis.opendocument.spreadsheet",
		"message/rfc822" };
	static const char *const ends[] = { ".pdf", ".docx", ".xlsx", ".pptx",
		".odt", ".ods", ".txt", ".csv", ".eml" };
	const char *name = part->filename != NULL ? part->filename : "";
	size_t len = strlen(name);

	if (part->size == 0 || part->size > ATTACHMENT_MOST)
		return false;
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (strncmp(part->content_type, types[i], strlen(types[i])) ==
			0)
			return true;
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (len >= strlen(ends[i]) &&
			strcasecmp(name + len - strlen(ends[i]), ends[i]) == 0)
			return true;
	return false;
}

/* The part as a reader wants it: how it begins tells a PDF or an archive; what
 * is neither is a text whatever its sender called it. */
static struct ouv_str
whole_part(struct ouv_arena *arena, const struct ouv_mail_part *part,
	struct ouv_str bytes)
{
	const char *type = part->content_type;
	struct ouv_buf buf;

	if (strncmp(type, "text/", 5) != 0 && strncmp(type, "message/", 8) != 0)
		type = "text/plain";
	ouv_buf_init(&buf, arena, bytes.len + 512);
	ouv_buf_printf(&buf,
		"Content-Type: %s\r\nContent-Transfer-Encoding: binary\r\n\r\n",
		type);
	ouv_buf_add(&buf, bytes.p, bytes.len);
	return (struct ouv_str){ buf.data, buf.len };
}

static void
take_attachment(
	struct taking *t, const struct ouv_mail_part *part, struct ouv_str raw)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_WIPE);
	const struct ouv_office *office = t->desk->office;
	struct ouv_str bytes, text;
	enum ouv_err err;

	if (ouv_mail_part_bytes(arena, raw.p, raw.len, part, &bytes) != OUV_OK)
		return;
	bytes = whole_part(arena, part, bytes);
	err = office->reader(office->reader_user, arena, bytes, &text);
	if (err == OUV_OK)
		tokens_text(&t->tokens, t->scratch, text.p);
	else if (err == OUV_TEMPORARY)
		t->stopped = t->failed = true;
}

/* The part before the first is the message's words. */
static void
take_attachments(
	struct taking *t, const struct ouv_mail *mail, struct ouv_str raw)
{
	for (size_t i = (size_t)t->now.part - 1; i < mail->part_count; i++) {
		if (has_words(&mail->parts[i])) {
			if (!may_go_on(t))
				return;
			take_attachment(t, &mail->parts[i], raw);
			if (t->stopped)
				return;
		}
		part_taken(t);
	}
}

/* ---- an item ----------------------------------------------------------------
 */

static bool
wants_raw(const struct taking *t, const struct ouv_mail *mail)
{
	if (t->desk->office->reader == NULL)
		return false;
	for (size_t i = (size_t)t->now.part - 1; i < mail->part_count; i++)
		if (has_words(&mail->parts[i]))
			return true;
	return false;
}

static void
take_people(struct taking *t, const struct ouv_mail_addrs *people)
{
	for (size_t i = 0; i < people->count; i++) {
		tokens_text(&t->tokens, t->scratch, people->list[i].name);
		tokens_text(&t->tokens, t->scratch, people->list[i].addr);
	}
}

static void
take_message(struct taking *t, const struct ouv_mail *mail)
{
	tokens_text(&t->tokens, t->scratch, mail->subject);
	tokens_text(&t->tokens, t->scratch,
		*mail->reply_text != '\0' ? mail->reply_text : mail->text);
	take_people(t, &mail->from);
	for (size_t i = 0; i < mail->part_count; i++)
		tokens_text(&t->tokens, t->scratch, mail->parts[i].filename);
	part_taken(t);
}

static enum ouv_err
read_raw(struct taking *t, struct ouv_arena *arena,
	const struct store_item *item, struct ouv_str *raw_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	uint8_t dek[OUV_KEY];
	enum ouv_err err;

	TRY(open_item_key(t->desk, &t->opened, item, dek));
	err = store_begin(t->desk->store, &tx);
	if (err == OUV_OK)
		err = open_raw(
			t->desk, tx, arena, &item->id, dek, false, raw_out);
	ouv_wipe(dek, sizeof(dek));
	return err == OUV_OK ? store_commit(&tx) : err;
}

/* OUV_TEMPORARY alone stops: all else is passed over. */
static enum ouv_err
take_item(struct taking *t, const struct store_item *item)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_WIPE);
	struct ouv_mail mail;
	struct ouv_str raw;
	enum ouv_err err;

	/* What a form held is said again where its act was done. */
	if (item->why != NULL && strcmp(item->why, "fields") == 0)
		return OUV_OK;
	if (open_doc(t->desk, arena, &t->opened, item, &mail) != OUV_OK)
		return OUV_OK;
	if (t->now.part == 0)
		take_message(t, &mail);
	if (!wants_raw(t, &mail) || !may_go_on(t))
		return OUV_OK;
	err = read_raw(t, arena, item, &raw);
	if (err == OUV_OK)
		take_attachments(t, &mail, raw);
	return err == OUV_TEMPORARY ? err : OUV_OK;
}

/* ---- a case -----------------------------------------------------------------
 */

static enum ouv_err
take_parties(struct taking *t, struct store_tx *tx)
{
	static const char *const sides[] = { "consumer", "company" };

	for (size_t i = 0; i < sizeof(sides) / sizeof(sides[0]); i++) {
		struct consumer party = { .addr = NULL };
		enum ouv_err err = party_find(
			t->desk, tx, t->arena, &t->opened, sides[i], &party);

		if (err == OUV_TEMPORARY)
			return err;
		tokens_text(&t->tokens, t->scratch, party.name);
		tokens_text(&t->tokens, t->scratch, party.addr);
	}
	return OUV_OK;
}

static enum ouv_err
begin(struct taking *t, const struct ouv_id *id)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	char hex[OUV_ID_HEX];

	ouv_id_hex(id, hex);
	TRY(store_begin(t->desk->store, &tx));
	TRY(open_case(t->desk, tx, t->arena, t->actor, hex, &t->opened));
	TRY(store_case_indexed_get(tx, id, t->opened.c.key_version, &t->was));
	if (t->was.pages)
		TRY(store_scan_due(tx, t->arena, id, PAGES_MOST, &t->pages,
			&t->page_count));
	t->now = t->was;
	tokens_init(&t->tokens, t->arena, t->opened.csk);
	if (t->was.upto < t->opened.c.items) {
		TRY(take_parties(t, tx));
		TRY(store_items(tx, t->arena, id, &t->rows, &t->count));
	}
	return store_commit(&tx);
}

static enum ouv_err
take_items(struct taking *t)
{
	for (size_t i = 0; i < t->count; i++) {
		const struct store_item *item = &t->rows[i].item;

		if (item->seq <= t->was.upto)
			continue;
		if (!may_go_on(t))
			return OUV_OK;
		if (item->seq != t->now.seq) {
			t->now.seq = item->seq;
			t->now.part = 0;
		}
		TRY(take_item(t, item));
		if (t->stopped)
			return OUV_OK;
		t->now.upto = item->seq;
		t->any = true;
	}
	if (t->opened.c.items > t->now.upto)
		t->now.upto = t->opened.c.items; /* others went elsewhere */
	return OUV_OK;
}

/* ---- pages of pictures -----------------------------------------------------
 */

/* One that does not open is passed over, and not tried again. */
static void
take_page(struct taking *t, const struct store_scan_due *due)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_WIPE);
	struct store_item item = { .id = due->item,
		.key_version = due->key_version };
	struct ouv_ocr_page page;
	uint8_t dek[OUV_KEY];
	struct ouv_str text;

	memcpy(item.dek_box, due->dek_box, sizeof(item.dek_box));
	if (open_item_key(t->desk, &t->opened, &item, dek) != OUV_OK)
		return;
	if (scan_open(t->desk, arena, &due->item, due->part, due->page, dek,
		    due->ct, &text) == OUV_OK &&
		ouv_ocr_page_read(arena, text, &page) == OUV_OK)
		tokens_scan(&t->tokens, t->scratch,
			ouv_ocr_page_text(arena, &page, OUV_OCR_NOISE));
	ouv_wipe(dek, sizeof(dek));
}

static void
take_pages(struct taking *t)
{
	while (t->pages_taken < t->page_count && may_go_on(t)) {
		take_page(t, &t->pages[t->pages_taken++]);
		t->any = true;
	}
	if (t->page_count == PAGES_MOST)
		t->stopped = true;
}

static enum ouv_err
keep(struct taking *t)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	const struct ouv_id *id = &t->opened.c.id;
	int version = t->opened.c.key_version;
	uint8_t(*old)[OUV_WORD], (*fresh)[OUV_WORD];
	struct tokens known;
	size_t count;

	TRY(store_begin(t->desk->store, &tx));
	TRY(store_case_indexed(tx, id, t->was.upto, t->now.upto, version));
	if (t->now.seq > t->now.upto)
		TRY(store_case_part(tx, id, version, t->now.seq, t->now.part));
	TRY(store_scan_taken(tx, id, version, t->pages, t->pages_taken));
	TRY(store_words(tx, t->arena, id, &old, &count));
	tokens_init(&known, t->arena, t->opened.csk);
	tokens_wipe(&known);
	for (size_t i = 0; i < count; i++)
		(void)tokens_put(&known, old[i]);
	fresh = tokens_new(&t->tokens, &known, &count);
	TRY(store_words_add(tx, id, fresh, count));
	return store_commit(&tx);
}

static enum ouv_err
run(struct taking *t, const struct ouv_id *id)
{
	TRY(begin(t, id));
	if (t->was.upto < t->opened.c.items)
		TRY(take_items(t));
	if (!t->stopped)
		take_pages(t);
	if (t->any)
		TRY(keep(t));
	return t->failed ? OUV_TEMPORARY : OUV_OK;
}

enum ouv_err
index_case(struct ouv_desk *desk, const struct ouv_actor *actor,
	const struct ouv_id *id, int64_t until_ms, bool *left_out)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_WIPE);
	struct ouv_arena *scratch OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_WIPE);
	struct taking t = { .desk = desk,
		.arena = arena,
		.scratch = scratch,
		.actor = actor,
		.until_ms = until_ms };
	enum ouv_err err = run(&t, id);

	tokens_wipe(&t.tokens);
	ouv_wipe(t.opened.csk, sizeof(t.opened.csk));
	*left_out = err != OUV_OK || t.stopped;
	return err == OUV_NOT_FOUND || err == OUV_CONFLICT ? OUV_OK : err;
}

void
ouv_desk_take_words(struct ouv_desk *desk, const struct ouv_actor *actor,
	const struct ouv_id *case_id, int most_ms)
{
	char hex[OUV_ID_HEX];
	bool left;

	if (index_case(desk, actor, case_id, ouv_clock_mono_ms() + most_ms,
		    &left) == OUV_OK)
		return;
	ouv_id_hex(case_id, hex);
	ouv_log_warn("case=%s: its words are not taken in yet", hex);
}
