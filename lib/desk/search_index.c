/*
 * search_index.c - taking a case in: its words become tokens under its key
 *
 * Done in the session of a reader, item by item, so that it can stop at any and
 * go on in the next one's.  An item that does not open, or an attachment that
 * cannot be read, is passed over: the case is found by the rest.
 */
#include <string.h>
#include <strings.h>

#include "ouv/clock.h"
#include "ouv/log.h"
#include "ouv/store_keys.h"
#include "search.h"
#include "write.h"

#define ATTACHMENT_MOST ((size_t)20 << 20)

void
ouv_office_reader(struct ouv_office *office, ouv_reader_fn *reader, void *user)
{
	office->reader = reader;
	office->reader_user = user;
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
take_attachments(struct ouv_desk *desk, struct ouv_arena *scratch,
	const struct ouv_mail *mail, struct ouv_str raw, struct tokens *tokens)
{
	const struct ouv_office *office = desk->office;

	for (size_t i = 0; i < mail->part_count; i++) {
		struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) = NULL;
		struct ouv_str bytes, text;

		if (!has_words(&mail->parts[i]))
			continue;
		arena = ouv_arena_new(OUV_ARENA_WIPE);
		if (ouv_mail_part_bytes(arena, raw.p, raw.len, &mail->parts[i],
			    &bytes) != OUV_OK)
			continue;
		bytes = whole_part(arena, &mail->parts[i], bytes);
		if (office->reader(office->reader_user, arena, bytes, &text))
			tokens_text(tokens, scratch, text.p);
	}
}

/* ---- an item ----------------------------------------------------------------
 */

static bool
wants_raw(const struct ouv_desk *desk, const struct ouv_mail *mail)
{
	for (size_t i = 0; desk->office->reader != NULL && i < mail->part_count;
		i++)
		if (has_words(&mail->parts[i]))
			return true;
	return false;
}

static void
take_people(const struct ouv_mail_addrs *people, struct ouv_arena *scratch,
	struct tokens *tokens)
{
	for (size_t i = 0; i < people->count; i++) {
		tokens_text(tokens, scratch, people->list[i].name);
		tokens_text(tokens, scratch, people->list[i].addr);
	}
}

/* OUV_TEMPORARY alone stops: all else is passed over. */
static enum ouv_err
take_item(struct ouv_desk *desk, struct store_tx *tx,
	const struct opened *opened, const struct store_item *item,
	struct tokens *tokens)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_WIPE);
	struct ouv_arena *scratch OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_WIPE);
	uint8_t dek[OUV_KEY];
	struct ouv_mail mail;
	struct ouv_str raw;
	enum ouv_err err;

	/* What a form held is said again where its act was done. */
	if (item->why != NULL && strcmp(item->why, "fields") == 0)
		return OUV_OK;
	if (open_doc(desk, arena, opened, item, &mail) != OUV_OK)
		return OUV_OK;
	tokens_text(tokens, scratch, mail.subject);
	tokens_text(tokens, scratch,
		*mail.reply_text != '\0' ? mail.reply_text : mail.text);
	take_people(&mail.from, scratch, tokens);
	for (size_t i = 0; i < mail.part_count; i++)
		tokens_text(tokens, scratch, mail.parts[i].filename);
	if (!wants_raw(desk, &mail) ||
		open_item_key(desk, opened, item, dek) != OUV_OK)
		return OUV_OK;
	err = open_raw(desk, tx, arena, &item->id, dek, false, &raw);
	ouv_wipe(dek, sizeof(dek));
	if (err == OUV_OK)
		take_attachments(desk, scratch, &mail, raw, tokens);
	return err == OUV_TEMPORARY ? err : OUV_OK;
}

/* ---- a case -----------------------------------------------------------------
 */

struct taking {
	struct ouv_desk *desk;
	struct store_tx *tx;
	struct ouv_arena *arena, *scratch;
	const struct ouv_actor *actor;
	struct opened opened;
	struct tokens tokens;
	int was, now; /* the highest number of an item taken in */
};

static enum ouv_err
take_parties(struct taking *t)
{
	static const char *const sides[] = { "consumer", "company" };

	for (size_t i = 0; i < sizeof(sides) / sizeof(sides[0]); i++) {
		struct consumer party = { .addr = NULL };
		enum ouv_err err = party_find(
			t->desk, t->tx, t->arena, &t->opened, sides[i], &party);

		if (err == OUV_TEMPORARY)
			return err;
		tokens_text(&t->tokens, t->scratch, party.name);
		tokens_text(&t->tokens, t->scratch, party.addr);
	}
	return OUV_OK;
}

static enum ouv_err
take_items(struct taking *t, int64_t until_ms)
{
	struct store_item_row *rows;
	size_t count;

	TRY(store_items(t->tx, t->arena, &t->opened.c.id, &rows, &count));
	t->now = t->was;
	for (size_t i = 0; i < count; i++) {
		const struct store_item *item = &rows[i].item;

		if (item->seq <= t->was)
			continue;
		/* One at least, or a large one would never be taken in. */
		if (t->now > t->was && ouv_clock_mono_ms() >= until_ms)
			return OUV_OK;
		TRY(take_item(t->desk, t->tx, &t->opened, item, &t->tokens));
		t->now = item->seq;
	}
	if (t->opened.c.items > t->now)
		t->now = t->opened.c.items; /* others went to another case */
	return OUV_OK;
}

static enum ouv_err
keep_tokens(struct taking *t)
{
	const struct ouv_id *id = &t->opened.c.id;
	uint8_t(*old)[OUV_WORD], (*fresh)[OUV_WORD];
	struct tokens known;
	size_t count;

	TRY(store_case_indexed(
		t->tx, id, t->was, t->now, t->opened.c.key_version));
	TRY(store_words(t->tx, t->arena, id, &old, &count));
	tokens_init(&known, t->arena, t->opened.csk);
	tokens_wipe(&known);
	for (size_t i = 0; i < count; i++)
		(void)tokens_put(&known, old[i]);
	fresh = tokens_new(&t->tokens, &known, &count);
	return store_words_add(t->tx, id, fresh, count);
}

static enum ouv_err
take_in(struct taking *t, int64_t until_ms)
{
	enum ouv_err err = take_parties(t);

	if (err == OUV_OK)
		err = take_items(t, until_ms);
	if (err == OUV_OK && t->now > t->was)
		err = keep_tokens(t);
	if (err == OUV_OK)
		err = store_commit(&t->tx);
	return err;
}

static void
rollback(struct taking *t)
{
	store_rollback(&t->tx);
	tokens_wipe(&t->tokens);
	ouv_wipe(t->opened.csk, sizeof(t->opened.csk));
}

enum ouv_err
index_case(struct ouv_desk *desk, const struct ouv_actor *actor,
	const struct ouv_id *id, int64_t until_ms, bool *left_out)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_WIPE);
	struct ouv_arena *scratch OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_WIPE);
	struct taking t = {
		.desk = desk, .arena = arena, .scratch = scratch, .actor = actor
	};
	char hex[OUV_ID_HEX];
	enum ouv_err err;

	*left_out = true;
	ouv_id_hex(id, hex);
	TRY(store_begin(desk->store, &t.tx));
	err = open_case(desk, t.tx, arena, actor, hex, &t.opened);
	if (err == OUV_OK)
		err = store_case_indexed_get(t.tx, id, &t.was);
	if (err == OUV_OK && t.was >= t.opened.c.items) {
		*left_out = false;
		rollback(&t);
		return OUV_OK;
	}
	if (err == OUV_OK) {
		tokens_init(&t.tokens, arena, t.opened.csk);
		err = take_in(&t, until_ms);
	}
	if (err == OUV_OK)
		*left_out = t.now < t.opened.c.items;
	rollback(&t);
	return err == OUV_TEMPORARY ? err : OUV_OK;
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
