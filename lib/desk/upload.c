/*
 * upload.c - files that somebody brings with a form, until it is done
 *
 * Each arrives in sealed pieces, each piece in a short transaction of its own,
 * so that a slow line holds nothing.  Of the form's secret only a hash is kept.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ouv/log.h"
#include "ouv/store_upload.h"
#include "upload_use.h"

#define MIB ((uint64_t)1 << 20)
/* Of all forms together: a disk is not filled by files of nobody. */
#define ROOM ((int64_t)4 << 30)
#define NUMBER_TRIES 5
#define NAME_MOST 120 /* bytes */
#define PIECES 1      /* of 256 KiB, read at a time */

/* clang-format off */
static const char *const marks[OUV_UPLOAD_MARK__COUNT] = {
	[OUV_UPLOAD_LOCKED] = "file-locked",
	[OUV_UPLOAD_DAMAGED] = "file-damaged",
	[OUV_UPLOAD_LONG] = "file-long",
};
static const char *const whys[OUV_UPLOAD_WHY__COUNT] = {
	[OUV_UPLOAD_FINE] = "fine",
	[OUV_UPLOAD_EMPTY] = "empty",
	[OUV_UPLOAD_TOO_LARGE] = "too-large",
	[OUV_UPLOAD_TOO_MUCH] = "too-much",
	[OUV_UPLOAD_TOO_MANY] = "too-many",
	[OUV_UPLOAD_KIND] = "kind",
	[OUV_UPLOAD_LIES] = "lies",
	[OUV_UPLOAD_BOMB] = "bomb",
	[OUV_UPLOAD_UNREADABLE] = "unreadable",
	[OUV_UPLOAD_BUSY] = "busy",
};
/* clang-format on */

const char *
ouv_upload_mark_name(enum ouv_upload_mark mark)
{
	return marks[mark];
}

const char *
ouv_upload_why_name(enum ouv_upload_why why)
{
	return whys[why];
}

void
ouv_upload_secret(char out[OUV_UPLOAD_SECRET])
{
	uint8_t secret[OUV_UPLOAD_KEY];

	ouv_random(secret, sizeof(secret));
	ouv_token_text(secret, out);
	ouv_wipe(secret, sizeof(secret));
}

struct ouv_upload_limits
ouv_upload_limits(const struct ouv_config *config)
{
	return (struct ouv_upload_limits){
		.file = (uint64_t)config->server_upload_file_mib * MIB,
		.form = (uint64_t)config->server_upload_form_mib * MIB,
		.files = config->server_upload_files,
	};
}

void
ouv_office_looker(
	struct ouv_office *office, ouv_upload_look_fn *look, void *user)
{
	office->looker = look;
	office->looker_user = user;
}

/* ---- reading a file that lies there ----------------------------------------
 */

static void
file_context(const struct ouv_desk *desk, const struct ouv_id *id,
	struct ouv_context *context)
{
	context_make(
		desk, OUV_KIND_UPLOAD, OUV_COLUMN_NONE, NULL, id, 1, context);
}

static void
free_arena(void *arena)
{
	struct ouv_arena *it = arena;

	ouv_arena_free(&it);
}

void
upload_read_begin(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_id *id, const uint8_t dek[OUV_KEY],
	struct upload_reading *reading)
{
	struct ouv_context context;

	*reading = (struct upload_reading){ .id = *id };
	reading->scratch = ouv_arena_new(OUV_ARENA_WIPE);
	ouv_arena_defer(arena, free_arena, reading->scratch);
	file_context(desk, id, &context);
	reading->stream = ouv_stream_in_new(arena, &context, dek);
}

static enum ouv_err
take_piece(int n, const void *data, size_t len, void *user)
{
	struct upload_reading *reading = user;

	reading->next = n + 1; /* the stream refuses a wrong order */
	return ouv_stream_in_next(reading->stream, reading->scratch, data, len,
		&reading->out, &reading->end);
}

enum ouv_err
upload_read_more(struct store_tx *tx, struct upload_reading *reading)
{
	int count;

	do {
		ouv_arena_reset(reading->scratch);
		ouv_buf_init(&reading->out, reading->scratch,
			(size_t)PIECES * OUV_CHUNK);
		if (reading->end)
			return OUV_OK;
		TRY(store_upload_chunks(tx, &reading->id, reading->next, PIECES,
			take_piece, reading, &count));
		if (count == 0)
			return OUV_REFUSED; /* the last one is missing */
	} while (reading->out.len == 0);
	return OUV_OK;
}

/* ---- arriving --------------------------------------------------------------
 */

struct ouv_uploading {
	struct ouv_desk *desk; /* of this call */
	struct ouv_arena *arena;
	struct ouv_upload_limits limits;
	enum ouv_upload_taker taker;
	const char *name, *declared;
	struct ouv_id id;
	int n;
	uint8_t dek[OUV_KEY];
	struct ouv_stream_out *stream;
	bool live; /* its row is ours to take away */
	struct ouv_mail_digest *digest;
	uint64_t size, before; /* before: what the form has already */
};

static void
let_go(void *it)
{
	struct ouv_uploading *file = it;

	ouv_stream_out_free(&file->stream);
	ouv_wipe(file->dek, sizeof(file->dek));
}

/* A piece, by itself. */
static enum ouv_err
keep_piece(uint32_t n, const void *data, size_t len, void *user)
{
	struct ouv_uploading *file = user;
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;

	TRY(store_begin(file->desk->store, &tx));
	TRY(store_upload_chunk(tx, &file->id, (int)n, data, len));
	TRY(store_upload_grow(tx, &file->id, (int64_t)file->size));
	return store_commit(&tx);
}

/* The name as the browser gave it, without a path and without what no line
 * shows; cut between characters, its ending stays. */
static const char *
clean_name(struct ouv_arena *arena, const char *given)
{
	const char *name = given, *dot;
	struct ouv_buf buf;
	size_t tail, keep;

	for (const char *p = given; *p != '\0'; p++)
		if (*p == '/' || *p == '\\')
			name = p + 1;
	ouv_buf_init(&buf, arena, strlen(name) + 1);
	for (const unsigned char *p = (const unsigned char *)name; *p != 0;
		p++) {
		/* controls, C1, and what turns or hides (U+200B to 206F) */
		if (*p < ' ' || *p == 0x7f || (*p == 0xc2 && p[1] < 0xa0)) {
			p += *p == 0xc2;
			continue;
		}
		if (*p == 0xe2 &&
			((p[1] == 0x80 &&
				 (p[2] >= 0xa8 ||
					 (p[2] >= 0x8b && p[2] <= 0x8f))) ||
				(p[1] == 0x81 && p[2] >= 0xa0))) {
			p += 2;
			continue;
		}
		ouv_buf_char(&buf, (char)*p);
	}
	if (buf.data[strspn(buf.data, " .")] == '\0')
		return "file";
	if (buf.len <= NAME_MOST)
		return buf.data;
	dot = strrchr(buf.data, '.');
	tail = dot != NULL && strlen(dot) <= 10 ? strlen(dot) : 0;
	keep = NAME_MOST - tail;
	while (keep > 0 && ((unsigned char)buf.data[keep] & 0xc0) == 0x80)
		keep--;
	return ouv_arena_printf(
		arena, "%.*s%s", (int)keep, buf.data, tail > 0 ? dot : "");
}

static enum ouv_err
refuse(enum ouv_upload_why why, enum ouv_upload_why *why_out)
{
	*why_out = why;
	return OUV_REFUSED;
}

/* Room for one more?  Its row, with the next number. */
static enum ouv_err
make_row(struct ouv_uploading *file, const uint8_t form[32],
	enum ouv_upload_why *why_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct store_upload_sums sums;
	enum ouv_err err = OUV_CONFLICT;

	TRY(store_begin(file->desk->store, &tx));
	TRY(store_upload_sweep(tx));
	TRY(store_upload_sums(tx, form, &sums));
	if (sums.all >= ROOM) {
		ouv_log_error("files of unfinished forms: no room for more");
		return OUV_TEMPORARY;
	}
	if (sums.count >= file->limits.files)
		return refuse(OUV_UPLOAD_TOO_MANY, why_out);
	file->before = (uint64_t)sums.bytes;
	for (int i = 0; i < NUMBER_TRIES && err == OUV_CONFLICT; i++)
		err = store_upload_begin(tx, form, &file->id, &file->n);
	if (err != OUV_OK)
		return err == OUV_CONFLICT ? OUV_TEMPORARY : err;
	return store_commit(&tx);
}

enum ouv_err
ouv_desk_upload_begin(struct ouv_desk *desk, struct ouv_arena *arena,
	const char *secret, enum ouv_upload_taker taker, const char *name,
	const char *declared, struct ouv_uploading **out,
	enum ouv_upload_why *why_out)
{
	struct ouv_uploading *file = ouv_arena_alloc(arena, sizeof(*file));
	uint8_t bytes[OUV_UPLOAD_KEY], form[32];
	struct ouv_context context;
	enum ouv_err err;

	TRY(ouv_token_parse(secret, bytes));
	*file = (struct ouv_uploading){ .desk = desk,
		.arena = arena,
		.limits = ouv_upload_limits(desk->office->config),
		.taker = taker,
		.name = clean_name(arena, name),
		.declared = declared != NULL ? ouv_arena_strdup(arena, declared)
					     : "",
		.id = ouv_id_new() };
	ouv_arena_defer(arena, let_go, file);
	ouv_upload_form(bytes, form);
	ouv_upload_dek(desk->office->pepper, bytes, &file->id, file->dek);
	ouv_wipe(bytes, sizeof(bytes));
	err = make_row(file, form, why_out);
	if (err != OUV_OK)
		return err;
	file->live = true;
	file_context(desk, &file->id, &context);
	file->stream =
		ouv_stream_out_new(&context, file->dek, keep_piece, file);
	file->digest = ouv_mail_digest_new(arena);
	*out = file;
	return OUV_OK;
}

void
ouv_desk_upload_drop(struct ouv_desk *desk, struct ouv_uploading *file)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;

	if (!file->live)
		return;
	file->live = false;
	ouv_stream_out_free(&file->stream);
	if (store_begin(desk->store, &tx) != OUV_OK ||
		store_upload_drop(tx, &file->id) != OUV_OK ||
		store_commit(&tx) != OUV_OK)
		ouv_log_warn("a file that was cut off stays until it is swept");
}

static enum ouv_err
turn_away(struct ouv_desk *desk, struct ouv_uploading *file,
	enum ouv_upload_why why, enum ouv_upload_why *why_out)
{
	ouv_desk_upload_drop(desk, file);
	return refuse(why, why_out);
}

enum ouv_err
ouv_desk_upload_add(struct ouv_desk *desk, struct ouv_uploading *file,
	const void *data, size_t len, enum ouv_upload_why *why_out)
{
	file->desk = desk;
	file->size += len;
	if (file->size > file->limits.file)
		return turn_away(desk, file, OUV_UPLOAD_TOO_LARGE, why_out);
	if (file->before + file->size > file->limits.form)
		return turn_away(desk, file, OUV_UPLOAD_TOO_MUCH, why_out);
	ouv_mail_digest_add(file->digest, data, len);
	return ouv_stream_out_push(file->stream, data, len);
}

/* ---- it is whole -----------------------------------------------------------
 */

struct feeding {
	struct ouv_desk *desk;
	struct upload_reading reading;
};

static enum ouv_err
feed(void *user, struct ouv_str *piece_out)
{
	struct feeding *feeding = user;
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;

	TRY(store_begin(feeding->desk->store, &tx));
	TRY(upload_read_more(tx, &feeding->reading));
	*piece_out = (struct ouv_str){ feeding->reading.out.data,
		feeding->reading.out.len };
	return store_commit(&tx);
}

static enum ouv_err
look(struct ouv_desk *desk, struct ouv_uploading *file, struct ouv_upload *is,
	enum ouv_upload_why *why_out)
{
	const struct ouv_office *office = desk->office;
	struct feeding feeding = { .desk = desk };
	const struct ouv_upload_feed source = { feed, &feeding };

	if (office->looker == NULL)
		return OUV_TEMPORARY;
	upload_read_begin(
		desk, file->arena, &file->id, file->dek, &feeding.reading);
	return office->looker(office->looker_user, &source, file->taker,
		file->name, file->declared, is, why_out);
}

static void
seal_head(struct ouv_desk *desk, struct ouv_uploading *file,
	const struct ouv_upload *is, struct ouv_str *blob_out)
{
	struct ouv_context context;
	json_t *doc = json_pack("{s:s, s:s, s:I, s:s, s:i, s:i}", "name",
		is->name, "type", is->type, "size", (json_int_t)is->size,
		"sha256", is->sha256, "pages", is->pages, "marks",
		(int)is->marks);
	char *text = json_dumps(doc, JSON_COMPACT);

	if (text == NULL)
		abort();
	file_context(desk, &file->id, &context);
	ouv_blob_seal(
		file->arena, &context, file->dek, text, strlen(text), blob_out);
	ouv_wipe(text, strlen(text));
	free(text);
	json_decref(doc);
}

static enum ouv_err
keep(struct ouv_desk *desk, struct ouv_uploading *file,
	const struct ouv_upload *is)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct ouv_str head;

	seal_head(desk, file, is, &head);
	TRY(store_begin(desk->store, &tx));
	TRY(store_upload_keep(tx, &file->id, head));
	return store_commit(&tx);
}

/* Looked at, and kept if it may be; why_out is set when it may not. */
static enum ouv_err
settle(struct ouv_desk *desk, struct ouv_uploading *file, struct ouv_upload *is,
	enum ouv_upload_why *why_out)
{
	TRY(ouv_stream_out_end(&file->stream, NULL, NULL));
	TRY(look(desk, file, is, why_out));
	return keep(desk, file, is);
}

enum ouv_err
ouv_desk_upload_end(struct ouv_desk *desk, struct ouv_uploading *file,
	struct ouv_upload *kept_out, enum ouv_upload_why *why_out)
{
	struct ouv_upload is = {
		.n = file->n, .name = file->name, .size = file->size
	};
	enum ouv_err err;

	if (file->size == 0)
		return turn_away(desk, file, OUV_UPLOAD_EMPTY, why_out);
	file->desk = desk;
	ouv_mail_digest_end(file->digest, is.sha256);
	err = settle(desk, file, &is, why_out);
	if (err != OUV_OK) {
		ouv_desk_upload_drop(desk, file);
		return err;
	}
	file->live = false;
	*kept_out = is;
	return OUV_OK;
}
