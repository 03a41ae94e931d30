/*
 * upload_use.c - files that lie there for a form: listed, and taken into one
 * message
 */
#include <stdlib.h>
#include <string.h>

#include "ouv/log.h"
#include "ouv/store_upload.h"
#include "upload_use.h"

#define FILES_MOST 1000

/* ---- what lies there -------------------------------------------------------
 */

static const char *
text_of(const json_t *doc, const char *key)
{
	const char *text = json_string_value(json_object_get(doc, key));

	return text != NULL ? text : "";
}

static bool
read_head(struct ouv_arena *arena, struct ouv_str text, struct ouv_upload *is)
{
	json_t *doc = json_loadb(text.p, text.len, 0, NULL);
	const char *sha256 = text_of(doc, "sha256");
	bool whole = strlen(sha256) == 64;

	is->name = ouv_arena_strdup(arena, text_of(doc, "name"));
	is->type = ouv_arena_strdup(arena, text_of(doc, "type"));
	is->size = (uint64_t)json_integer_value(json_object_get(doc, "size"));
	is->pages = (int)json_integer_value(json_object_get(doc, "pages"));
	is->marks = (unsigned)json_integer_value(json_object_get(doc, "marks"));
	if (whole)
		memcpy(is->sha256, sha256, 65);
	json_decref(doc);
	return whole;
}

/* By PEPPER, or by the one before it: a form may be older than its change. */
static bool
open_head(struct ouv_desk *desk, struct ouv_arena *arena,
	const uint8_t secret[OUV_UPLOAD_KEY], const struct store_upload *row,
	struct upload_one *one)
{
	const struct ouv_key *pepper = desk->office->pepper;
	struct ouv_context context;
	struct ouv_str text;

	context_make(desk, OUV_KIND_UPLOAD, OUV_COLUMN_NONE, NULL, &row->id, 1,
		&context);
	one->id = row->id;
	one->is.n = row->n;
	for (; pepper != NULL; pepper = ouv_key_former(pepper)) {
		ouv_upload_dek(pepper, secret, &row->id, one->dek);
		if (ouv_blob_open(arena, &context, one->dek, row->head.p,
			    row->head.len, &text) == OUV_OK)
			return read_head(arena, text, &one->is);
	}
	ouv_log_warn("a file of a form does not open: left out");
	return false;
}

static enum ouv_err
load(struct ouv_desk *desk, struct store_tx *tx, struct ouv_arena *arena,
	const char *secret, struct upload_list *list_out)
{
	uint8_t bytes[OUV_UPLOAD_KEY];
	struct store_upload *rows;
	size_t count;

	*list_out = (struct upload_list){ .count = 0 };
	if (ouv_token_parse(secret, bytes) != OUV_OK)
		return OUV_OK;
	list_out->any = true;
	ouv_upload_form(bytes, list_out->form);
	TRY(store_uploads(tx, arena, list_out->form, &rows, &count));
	list_out->list = ouv_arena_array(arena, count, sizeof(*list_out->list));
	for (size_t i = 0; i < count; i++)
		if (open_head(desk, arena, bytes, &rows[i],
			    &list_out->list[list_out->count]))
			list_out->count++;
	ouv_wipe(bytes, sizeof(bytes));
	return OUV_OK;
}

void
upload_wipe(struct upload_list *list)
{
	if (list->count > 0)
		ouv_wipe(list->list, list->count * sizeof(*list->list));
	list->count = 0;
}

enum ouv_err
ouv_desk_uploads(struct ouv_desk *desk, struct ouv_arena *arena,
	const char *secret, struct ouv_upload **list_out, size_t *count_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct upload_list all;
	struct ouv_upload *list;

	TRY(store_begin(desk->store, &tx));
	TRY(load(desk, tx, arena, secret, &all));
	list = ouv_arena_array(arena, all.count, sizeof(*list));
	for (size_t i = 0; i < all.count; i++)
		list[i] = all.list[i].is;
	*list_out = list;
	*count_out = all.count;
	upload_wipe(&all);
	return store_commit(&tx);
}

enum ouv_err
ouv_desk_upload_remove(struct ouv_desk *desk, struct ouv_arena *arena,
	const char *secret, int n)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	uint8_t bytes[OUV_UPLOAD_KEY], form[32];

	(void)arena;
	if (ouv_token_parse(secret, bytes) != OUV_OK)
		return OUV_OK;
	ouv_upload_form(bytes, form);
	ouv_wipe(bytes, sizeof(bytes));
	TRY(store_begin(desk->store, &tx));
	TRY(store_upload_remove(tx, form, n));
	return store_commit(&tx);
}

/* ---- those of a form -------------------------------------------------------
 */

static const struct upload_one *
find(const struct upload_list *all, long n)
{
	for (size_t i = 0; i < all->count; i++)
		if (all->list[i].is.n == n)
			return &all->list[i];
	return NULL;
}

enum ouv_err
upload_chosen(struct verb_call *call, struct upload_list *list_out)
{
	const char *text = verb_field(call, OUV_UPLOAD_FILES_FIELD);
	struct upload_list all, chosen;
	char *end;

	TRY(load(call->desk, call->tx, call->arena,
		verb_field(call, OUV_UPLOAD_FIELD), &all));
	chosen = all;
	chosen.count = 0;
	chosen.list =
		ouv_arena_array(call->arena, FILES_MOST, sizeof(*chosen.list));
	for (; *text != '\0' && chosen.count < FILES_MOST;
		text = *end == ',' ? end + 1 : end) {
		const struct upload_one *one =
			find(&all, strtol(text, &end, 10));

		if (end == text || (*end != ',' && *end != '\0') ||
			one == NULL) {
			verb_error(call, OUV_UPLOAD_FILES_FIELD, "files-gone");
			break;
		}
		chosen.list[chosen.count++] = *one;
	}
	upload_wipe(&all);
	*list_out = chosen;
	return OUV_OK;
}

/* ---- into a message --------------------------------------------------------
 */

struct writing {
	struct verb_call *call;
	const struct upload_list *list;
	const struct ouv_id *item;
	struct ouv_stream_out *stream;
	struct upload_reading reading;
	size_t part; /* of reading; list->count: none */
};

static enum ouv_err
keep_chunk(uint32_t n, const void *data, size_t len, void *user)
{
	struct writing *w = user;

	return store_chunk_add(w->call->tx, w->item, (int)n, data, len);
}

static enum ouv_err
put(void *user, const void *data, size_t len)
{
	struct writing *w = user;

	return ouv_stream_out_push(w->stream, data, len);
}

static enum ouv_err
more(void *user, size_t part, struct ouv_str *piece_out)
{
	struct writing *w = user;
	const struct upload_one *one = &w->list->list[part];

	if (w->part != part) {
		upload_read_begin(w->call->desk, w->call->arena, &one->id,
			one->dek, &w->reading);
		w->part = part;
	}
	TRY(upload_read_more(w->call->tx, &w->reading));
	*piece_out =
		(struct ouv_str){ w->reading.out.data, w->reading.out.len };
	return OUV_OK;
}

/* What staff must know before they open a file. */
static void
add_marks(struct verb_call *call, const struct upload_list *list,
	struct ouv_mail *mail)
{
	const char **names = ouv_arena_array(
		call->arena, OUV_UPLOAD_MARK__COUNT, sizeof(*names));
	unsigned all = 0;
	size_t n = 0;

	for (size_t i = 0; i < list->count; i++)
		all |= list->list[i].is.marks;
	for (int mark = 0; mark < OUV_UPLOAD_MARK__COUNT; mark++)
		if ((all & OUV_UPLOAD_BIT(mark)) != 0)
			names[n++] = ouv_upload_mark_name(mark);
	mail->marks.list = names;
	mail->marks.count = n;
}

enum ouv_err
upload_letter(struct verb_call *call, const struct upload_list *list,
	const struct ouv_letter *letter, struct store_item *item,
	const uint8_t dek[OUV_KEY], struct ouv_mail *mail)
{
	struct writing w = { .call = call,
		.list = list,
		.item = &item->id,
		.part = list->count };
	const struct ouv_letter_sink sink = { put, more, &w };
	struct ouv_stream_out *stream OUV_CLEANUP(ouv_stream_out_free) = NULL;
	struct ouv_letter_part *parts =
		ouv_arena_array(call->arena, list->count, sizeof(*parts));
	struct ouv_letter whole = *letter;
	struct ouv_context context;
	uint64_t padded;

	for (size_t i = 0; i < list->count; i++)
		parts[i] =
			(struct ouv_letter_part){ .filename =
							  list->list[i].is.name,
				.content_type = list->list[i].is.type };
	whole.part_count = list->count;
	whole.parts = parts;
	mail->part_count = list->count;
	mail->parts =
		ouv_arena_array(call->arena, list->count, sizeof(*mail->parts));
	context_make(call->desk, OUV_KIND_RAW, OUV_COLUMN_NONE, NULL, w.item, 1,
		&context);
	stream = w.stream = ouv_stream_out_new(&context, dek, keep_chunk, &w);
	TRY(ouv_letter_pass(call->arena, &whole, &sink, mail->parts,
		&mail->size, mail->sha256));
	TRY(ouv_stream_out_end(&stream, NULL, &padded));
	item->raw_padded = (int64_t)padded;
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(mail->parts[i].sha256, list->list[i].is.sha256) != 0)
			return OUV_REFUSED; /* not what came */
	add_marks(call, list, mail);
	return OUV_OK;
}

enum ouv_err
upload_taken(struct verb_call *call, const struct upload_list *list)
{
	return list->any ? store_upload_remove(call->tx, list->form, -1)
			 : OUV_OK;
}
