/*
 * copy_read.c - a copy goes out file by file, a few pieces in memory at a time
 *
 * Whoever loses the key of the case while it runs gets no more of it.  A file
 * that was altered ends where it does, and the copy says so at its end.
 */
#include <string.h>

#include "copy.h"
#include "ouv/clock.h"
#include "ouv/log.h"
#include "release.h"

#define PIECES 4 /* of 256 KiB, at a time */
#define CHECK_MS 1000

/* The file that is being read. */
struct copy_reading {
	struct ouv_arena *file, *pieces; /* reset with each file, each piece */
	size_t at;                       /* index of it */
	bool open, failed;
	struct ouv_mail_digest *digest;
	struct ouv_stream_in *stream;
	struct ouv_mail_part_stream *part;
	struct ouv_buf out;
	int next; /* chunk */
	bool end;
};

static void
free_arena(void *arena)
{
	struct ouv_arena *it = arena;

	ouv_arena_free(&it);
}

void
copy_reading_begin(struct ouv_copy *copy)
{
	struct copy_reading *r = ouv_arena_alloc(copy->arena, sizeof(*r));

	r->file = ouv_arena_new(OUV_ARENA_WIPE);
	ouv_arena_defer(copy->arena, free_arena, r->file);
	r->pieces = ouv_arena_new(OUV_ARENA_WIPE);
	ouv_arena_defer(copy->arena, free_arena, r->pieces);
	copy->reading = r;
}

/* ---- one file --------------------------------------------------------------
 */

static enum ouv_err
open_mail(struct ouv_desk *desk, struct store_tx *tx, struct ouv_copy *copy,
	const struct copy_file *f, struct ouv_mail *mail)
{
	struct ouv_arena *arena = copy->reading->file;
	struct store_item item;
	struct ouv_str doc;

	TRY(store_item(tx, arena, &copy->case_id, &f->item, &item));
	TRY(open_body_by_key(desk, arena, &item, f->dek, &doc));
	return ouv_mail_unpack(arena, doc, mail);
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
	ouv_buf_init(&r->out, r->file, strlen(subject) + strlen(text) + 4);
	ouv_buf_text(&r->out, subject);
	ouv_buf_text(&r->out, "\n\n");
	ouv_buf_text(&r->out, text);
	ouv_buf_char(&r->out, '\n');
	r->end = true;
	return OUV_OK;
}

static enum ouv_err
begin_stream(struct ouv_desk *desk, struct store_tx *tx, struct ouv_copy *copy,
	const struct copy_file *f)
{
	struct copy_reading *r = copy->reading;
	struct ouv_context context;
	struct ouv_mail mail;

	if (f->kind == COPY_PART) {
		TRY(open_mail(desk, tx, copy, f, &mail));
		if (f->part >= (int)mail.part_count)
			return OUV_INVALID;
		r->part =
			ouv_mail_part_stream_new(r->file, &mail.parts[f->part]);
	}
	context_make(desk, OUV_KIND_RAW, OUV_COLUMN_NONE, NULL, &f->item, 1,
		&context);
	r->stream = ouv_stream_in_new(r->file, &context, f->dek);
	return OUV_OK;
}

static enum ouv_err
take_chunk(int n, const void *data, size_t len, void *user)
{
	struct copy_reading *r = user;
	struct ouv_buf plain;

	r->next = n + 1; /* the stream itself refuses a wrong order */
	if (r->part == NULL)
		return ouv_stream_in_next(
			r->stream, r->pieces, data, len, &r->out, &r->end);
	ouv_buf_init(&plain, r->pieces, OUV_CHUNK);
	TRY(ouv_stream_in_next(
		r->stream, r->pieces, data, len, &plain, &r->end));
	ouv_mail_part_stream_add(r->part, plain.data, plain.len, &r->out);
	return r->end ? ouv_mail_part_stream_end(r->part, &r->out) : OUV_OK;
}

static enum ouv_err
more(struct ouv_desk *desk, struct store_tx *tx, struct ouv_copy *copy,
	const struct copy_file *f)
{
	struct copy_reading *r = copy->reading;
	int count;

	if (f->kind == COPY_WORDS || f->kind == COPY_RELEASED)
		return words(desk, tx, copy, f);
	if (r->stream == NULL)
		TRY(begin_stream(desk, tx, copy, f));
	ouv_arena_reset(r->pieces);
	ouv_buf_init(&r->out, r->pieces, (size_t)PIECES * OUV_CHUNK);
	TRY(store_chunks_some(
		tx, &f->item, r->next, PIECES, take_chunk, r, &count));
	return count == 0 ? OUV_REFUSED : OUV_OK; /* the last one is missing */
}

/* What is no item's: made here. */
static enum ouv_err
made(struct ouv_desk *desk, struct ouv_copy *copy, const struct copy_file *f)
{
	struct copy_reading *r = copy->reading;
	struct ouv_str text = f->text;

	if (f->kind == COPY_PROBLEMS)
		TRY(copy_problems(desk, r->file, copy, &text));
	else if (f->kind == COPY_MANIFEST)
		text = copy_manifest(r->file, copy);
	ouv_buf_init(&r->out, r->file, text.len + 1);
	ouv_buf_add(&r->out, text.p, text.len);
	r->end = true;
	return OUV_OK;
}

/* ---- one after the other ---------------------------------------------------
 */

static bool
is_item(const struct copy_file *f)
{
	return f->kind != COPY_TEXT && f->kind != COPY_PROBLEMS &&
	       f->kind != COPY_MANIFEST;
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
	err = is_item(f) ? more(desk, tx, copy, f) : made(desk, copy, f);
	if (err == OUV_TEMPORARY || (err != OUV_OK && !is_item(f)))
		return err;
	if (err != OUV_OK) {
		f->broken = r->end = true;
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
	ouv_arena_reset(r->pieces);
	r->digest = ouv_mail_digest_new(r->file);
	r->stream = NULL;
	r->part = NULL;
	r->next = 0;
	r->end = false;
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

	if (r->open && r->end)
		end_file(copy);
	while (!r->open && r->at < copy->count &&
		copy->files[r->at].kind == COPY_PROBLEMS && is_whole(copy))
		r->at++;
	if (r->at == copy->count) {
		*bit = (struct ouv_copy_bit){ .step = OUV_COPY_END };
		return OUV_OK;
	}
	if (!r->open) {
		begin_file(copy, bit);
		return OUV_OK;
	}
	f = &copy->files[r->at];
	r->out.len = 0;
	TRY(read_some(desk, copy, f));
	ouv_mail_digest_add(r->digest, r->out.data, r->out.len);
	f->size += (int64_t)r->out.len;
	*bit = (struct ouv_copy_bit){ .step = OUV_COPY_BYTES,
		.bytes = { r->out.data, r->out.len } };
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
