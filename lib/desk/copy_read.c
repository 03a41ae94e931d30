/*
 * copy_read.c - a copy goes out file by file, a few pieces in memory at a time
 *
 * Whoever loses the key of the case while it runs gets no more of it.  A file
 * that was altered ends where it does, and the copy says so at its end.
 */
#include <string.h>

#include "dossier.h"
#include "ouv/clock.h"
#include "ouv/log.h"
#include "release.h"

#define CHECK_MS 1000

/* The file that is being read. */
struct copy_reading {
	struct ouv_arena *file; /* reset with each */
	size_t at;              /* index of it */
	bool open, failed;
	struct ouv_mail_digest *digest;
	struct raw_reading raw;
};

void
copy_reading_begin(struct ouv_copy *copy)
{
	struct copy_reading *r = ouv_arena_alloc(copy->arena, sizeof(*r));

	r->file = raw_pieces(copy->arena);
	r->raw.pieces = raw_pieces(copy->arena);
	copy->reading = r;
}

struct ouv_arena *
copy_room(struct ouv_copy *copy)
{
	return copy->reading->file;
}

/* ---- one file --------------------------------------------------------------
 */

enum ouv_err
copy_mail(struct ouv_desk *desk, struct store_tx *tx, struct ouv_copy *copy,
	struct ouv_arena *arena, const struct ouv_id *id,
	const uint8_t dek[OUV_KEY], struct ouv_mail *mail_out)
{
	struct store_item item;
	struct ouv_str doc;

	TRY(store_item(tx, arena, &copy->case_id, id, &item));
	TRY(open_body_by_key(desk, arena, &item, dek, &doc));
	return ouv_mail_unpack(arena, doc, mail_out);
}

static enum ouv_err
open_mail(struct ouv_desk *desk, struct store_tx *tx, struct ouv_copy *copy,
	const struct copy_file *f, struct ouv_mail *mail)
{
	return copy_mail(
		desk, tx, copy, copy->reading->file, &f->item, f->dek, mail);
}

static void
put_text(struct copy_reading *r, const char *text)
{
	ouv_buf_init(&r->raw.out, r->file, strlen(text) + 1);
	ouv_buf_text(&r->raw.out, text);
	r->raw.end = true;
}

static enum ouv_err
masked(struct ouv_desk *desk, struct store_tx *tx, struct ouv_copy *copy,
	struct copy_file *f)
{
	struct copy_reading *r = copy->reading;
	struct ouv_mail mail;
	const char *text;

	TRY(open_mail(desk, tx, copy, f, &mail));
	TRY(dossier_words(desk, copy, f, r->file, &mail, &text));
	put_text(r, text);
	return OUV_OK;
}

/* Subject and words, all at once: a text is small. */
static enum ouv_err
words(struct ouv_desk *desk, struct store_tx *tx, struct ouv_copy *copy,
	const struct copy_file *f)
{
	struct copy_reading *r = copy->reading;
	const char *subject, *text;
	struct ouv_mail mail;

	TRY(open_mail(desk, tx, copy, f, &mail));
	subject = mail.subject;
	text = mail.text != NULL ? mail.text : "";
	if (f->kind == COPY_RELEASED) {
		subject = release_mask(desk, r->file, subject);
		text = release_words(desk, r->file, &mail);
	}
	ouv_buf_init(&r->raw.out, r->file, strlen(subject) + strlen(text) + 4);
	ouv_buf_text(&r->raw.out, subject);
	ouv_buf_text(&r->raw.out, "\n\n");
	ouv_buf_text(&r->raw.out, text);
	ouv_buf_char(&r->raw.out, '\n');
	r->raw.end = true;
	return OUV_OK;
}

static enum ouv_err
begin_stream(struct ouv_desk *desk, struct store_tx *tx, struct ouv_copy *copy,
	const struct copy_file *f)
{
	struct copy_reading *r = copy->reading;
	struct ouv_mail mail;

	if (f->kind == COPY_PART) {
		TRY(open_mail(desk, tx, copy, f, &mail));
		if (f->part >= (int)mail.part_count)
			return OUV_INVALID;
		r->raw.part =
			ouv_mail_part_stream_new(r->file, &mail.parts[f->part]);
	}
	raw_begin(desk, r->file, &f->item, f->dek, &r->raw);
	return OUV_OK;
}

static enum ouv_err
more(struct ouv_desk *desk, struct store_tx *tx, struct ouv_copy *copy,
	struct copy_file *f)
{
	struct copy_reading *r = copy->reading;

	if (f->kind == COPY_MASKED)
		return masked(desk, tx, copy, f);
	if (f->kind == COPY_WORDS || f->kind == COPY_RELEASED)
		return words(desk, tx, copy, f);
	if (r->raw.stream == NULL)
		TRY(begin_stream(desk, tx, copy, f));
	return raw_more(tx, &f->item, &r->raw);
}

/* What is no item's: made here. */
static enum ouv_err
made(struct ouv_desk *desk, struct store_tx *tx, struct ouv_copy *copy,
	struct copy_file *f)
{
	struct copy_reading *r = copy->reading;
	struct ouv_str text = f->text;

	if (f->kind == COPY_MORE) {
		ouv_arena_reset(r->raw.pieces);
		ouv_buf_init(&r->raw.out, r->raw.pieces, 0);
		return f->more(desk, tx, copy, f, &r->raw);
	}
	if (f->kind == COPY_PROBLEMS)
		TRY(copy_problems(desk, r->file, copy, &text));
	else if (f->kind == COPY_MANIFEST)
		text = copy_manifest(r->file, copy);
	ouv_buf_init(&r->raw.out, r->file, text.len + 1);
	ouv_buf_add(&r->raw.out, text.p, text.len);
	r->raw.end = true;
	return OUV_OK;
}

/* ---- one after the other ---------------------------------------------------
 */

static bool
is_item(const struct copy_file *f)
{
	return f->kind != COPY_TEXT && f->kind != COPY_PROBLEMS &&
	       f->kind != COPY_MANIFEST && f->kind != COPY_MORE;
}

static bool
is_whole(const struct ouv_copy *copy)
{
	for (size_t i = 0; i < copy->count; i++)
		if (copy->files[i].broken)
			return false;
	return copy->lost == 0;
}

/* May it go on?  Asked once a second, before anything else is handed out. */
static enum ouv_err
still_may(struct ouv_copy *copy, struct store_tx *tx)
{
	if (ouv_clock_mono_ms() - copy->checked_ms < CHECK_MS)
		return OUV_OK;
	TRY(store_still_holds(
		tx, &copy->case_id, &copy->person, copy->begun_us));
	copy->checked_ms = ouv_clock_mono_ms();
	return OUV_OK;
}

static void
tell_broken(const struct copy_file *f)
{
	char hex[OUV_ID_HEX];

	ouv_id_hex(&f->item, hex);
	ouv_log_error("item=%s: a copy has it only in part: altered, or a "
		      "piece of it is missing",
		hex);
}

/* The next bytes of the open file, into reading->out. */
static enum ouv_err
read_some(struct ouv_desk *desk, struct ouv_copy *copy, struct copy_file *f)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct copy_reading *r = copy->reading;
	enum ouv_err err;

	TRY(store_begin(desk->store, &tx));
	TRY(still_may(copy, tx));
	err = is_item(f) ? more(desk, tx, copy, f) : made(desk, tx, copy, f);
	if (err == OUV_TEMPORARY || (err != OUV_OK && !is_item(f)))
		return err;
	if (err != OUV_OK) {
		f->broken = r->raw.end = true;
		tell_broken(f);
	}
	return store_commit(&tx);
}

static void
end_file(struct ouv_copy *copy)
{
	struct copy_reading *r = copy->reading;
	struct copy_file *f = &copy->files[r->at];

	ouv_mail_digest_end(r->digest, f->sha256);
	ouv_wipe(f->dek, sizeof(f->dek));
	f->done = true;
	r->open = false;
	r->at++;
}

static void
begin_file(struct ouv_copy *copy, struct ouv_copy_bit *bit)
{
	struct copy_reading *r = copy->reading;
	const struct copy_file *f = &copy->files[r->at];

	ouv_arena_reset(r->file);
	ouv_arena_reset(r->raw.pieces);
	r->digest = ouv_mail_digest_new(r->file);
	r->raw = (struct raw_reading){ .pieces = r->raw.pieces };
	r->open = true;
	*bit = (struct ouv_copy_bit){
		.step = OUV_COPY_FILE, .name = f->name, .at = f->at
	};
}

static enum ouv_err
step(struct ouv_desk *desk, struct ouv_copy *copy, struct ouv_copy_bit *bit)
{
	struct copy_reading *r = copy->reading;
	struct copy_file *f;

	if (r->open && r->raw.end)
		end_file(copy);
	while (!r->open && r->at < copy->count &&
		copy->files[r->at].kind == COPY_PROBLEMS && is_whole(copy))
		r->at++;
	if (r->at == copy->count) {
		if (copy->dossier != NULL && !copy->ended)
			TRY(dossier_log_out(desk, copy));
		copy->ended = true;
		*bit = (struct ouv_copy_bit){ .step = OUV_COPY_END };
		return OUV_OK;
	}
	if (!r->open) {
		begin_file(copy, bit);
		return OUV_OK;
	}
	f = &copy->files[r->at];
	r->raw.out.len = 0;
	TRY(read_some(desk, copy, f));
	ouv_mail_digest_add(r->digest, r->raw.out.data, r->raw.out.len);
	f->size += (int64_t)r->raw.out.len;
	*bit = (struct ouv_copy_bit){ .step = OUV_COPY_BYTES,
		.bytes = { r->raw.out.data, r->raw.out.len } };
	return OUV_OK;
}

enum ouv_err
ouv_desk_copy_next(struct ouv_desk *desk, struct ouv_copy *copy,
	struct ouv_copy_bit *bit_out)
{
	struct copy_reading *r = copy->reading;
	enum ouv_err err = r->failed ? OUV_REFUSED : step(desk, copy, bit_out);

	if (err != OUV_OK && !r->failed) {
		r->failed = true;
		ouv_log_info("a copy ends before its end: %s",
			err == OUV_REFUSED
				? "its maker may read the case no more"
				: "the database does not answer");
	}
	return err;
}
