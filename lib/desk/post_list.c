/*
 * post_list.c - the register of letters on paper
 *
 * A line shows what its reader's keys open; whose key is missing is not there.
 */
#include <inttypes.h>
#include <string.h>

#include "post.h"

static const char *const names[OUV_POST__COUNT] = {
	[OUV_POST_TO_PRINT] = "to-print",
	[OUV_POST_TO_POST] = "to-post",
	[OUV_POST_UNDER_WAY] = "under-way",
	[OUV_POST_DONE] = "done",
};

const char *
ouv_post_list_name(enum ouv_post_list list)
{
	return names[list];
}

enum ouv_err
ouv_post_list_parse(const char *name, enum ouv_post_list *list_out)
{
	for (int i = 0; i < OUV_POST__COUNT; i++)
		if (strcmp(names[i], name) == 0) {
			*list_out = (enum ouv_post_list)i;
			return OUV_OK;
		}
	return OUV_NOT_FOUND;
}

/* ---- one line --------------------------------------------------------------
 */

static enum ouv_err
case_key(struct ouv_desk *desk, const struct ouv_actor *actor,
	const struct store_post_line *row, struct opened *opened)
{
	struct ouv_context context;

	opened->c = row->line.c;
	context_make(desk, OUV_KIND_CASE_KEY, OUV_COLUMN_PERSON, &opened->c.id,
		&actor->person, opened->c.key_version, &context);
	return ouv_open_key(&context, actor->identity->box, row->line.box,
		sizeof(row->line.box), opened->csk);
}

/* As it was printed; before, as the case has it now. */
static enum ouv_err
where_to(struct ouv_desk *desk, struct store_tx *tx, struct ouv_arena *arena,
	const struct opened *opened, const struct store_post *post,
	struct post_words *words)
{
	struct ouv_context context;
	struct store_capsule *list;
	struct consumer to;
	size_t count;

	TRY(store_capsules(tx, arena, &opened->c.id, &list, &count));
	for (size_t i = 0; i < count; i++) {
		if (!ouv_id_equal(&list[i].id, &post->capsule))
			continue;
		context_make(desk, OUV_KIND_CAPSULE_KEY, OUV_COLUMN_CPK,
			&opened->c.id, &list[i].id, list[i].key_version,
			&context);
		if (open_capsule(arena, &context, opened->csk, list[i].box_case,
			    &list[i], &to) != OUV_OK)
			continue;
		words->name = to.name;
		words->postal = to.postal;
	}
	return OUV_OK;
}

static enum ouv_err
open_words(struct ouv_desk *desk, struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_actor *actor, const struct store_post_line *row,
	struct post_words *words)
{
	struct store_item item = { .id = row->post.item,
		.case_id = row->post.case_id,
		.key_version = row->key_version };
	struct opened opened;
	uint8_t dek[OUV_KEY];
	enum ouv_err err;

	*words = (struct post_words){ "", "", "", "", "" };
	if (case_key(desk, actor, row, &opened) != OUV_OK)
		return OUV_OK; /* altered: that hides nothing else */
	memcpy(item.dek_box, row->dek_box, sizeof(item.dek_box));
	if (open_item_key(desk, &opened, &item, dek) == OUV_OK) {
		/* What was altered is not shown. */
		if (post_words_open(desk, arena, &row->post, dek, words) !=
			OUV_OK)
			*words = (struct post_words){ "", "", "", "", "" };
		ouv_wipe(dek, sizeof(dek));
	}
	err = *words->postal == '\0'
		      ? where_to(desk, tx, arena, &opened, &row->post, words)
		      : OUV_OK;
	ouv_wipe(opened.csk, sizeof(opened.csk));
	return err;
}

static const char *
hex_of(struct ouv_arena *arena, const uint8_t hash[32])
{
	struct ouv_buf buf;

	ouv_buf_init(&buf, arena, 65);
	for (int i = 0; i < 32; i++)
		ouv_buf_printf(&buf, "%02x", hash[i]);
	return buf.data;
}

static enum ouv_err
line_of(struct ouv_desk *desk, struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_actor *actor, const struct store_post_line *row,
	struct ouv_post_line *line)
{
	const struct store_post *p = &row->post;
	struct post_words words;

	list_line(&row->line, &line->line);
	line->line.subject = line->line.from_name = line->line.from_addr = "";
	TRY(open_words(desk, tx, arena, actor, row, &words));
	line->id = p->id;
	line->state = p->state;
	line->side = p->side != NULL ? p->side : "";
	line->kind = p->kind;
	line->seq = p->seq;
	line->addressed = *words.postal != '\0';
	line->made_at = p->made_at;
	line->printed_at = p->printed_at;
	line->printed_by = p->printed_by;
	line->sha256 = p->printed_at != 0 ? hex_of(arena, p->pdf) : "";
	line->pages = p->pages;
	line->posted = p->posted;
	line->presumed = p->presumed;
	line->ended = p->ended;
	line->assumed = p->assumed;
	line->service = p->service != NULL ? p->service : "";
	line->name = words.name;
	line->postal = words.postal;
	line->tracking = words.tracking;
	line->why = words.why;
	return OUV_OK;
}

enum ouv_err
ouv_desk_posts(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, enum ouv_post_list which,
	const char *after, int most, struct ouv_post_line **list_out,
	size_t *count_out, const char **after_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct store_post_line *rows;
	struct ouv_post_line *list;
	struct ouv_id after_id;
	int64_t after_us;
	char hex[OUV_ID_HEX];
	size_t count;

	TRY(list_cursor(after, &after_us, &after_id));
	TRY(store_begin_reading(desk->store, &tx));
	TRY(store_post_lines(tx, arena, &actor->person,
		(enum store_post_list)which, after_us, &after_id, most + 1,
		&rows, &count));
	*after_out = NULL;
	if (count > (size_t)most) {
		count = (size_t)most;
		ouv_id_hex(&rows[count - 1].post.id, hex);
		*after_out = ouv_arena_printf(
			arena, "%" PRId64 "-%s", rows[count - 1].at_us, hex);
	}
	list = ouv_arena_array(arena, count, sizeof(*list));
	for (size_t i = 0; i < count; i++)
		TRY(line_of(desk, tx, arena, actor, &rows[i], &list[i]));
	*list_out = list;
	*count_out = count;
	return store_commit(&tx);
}

enum ouv_err
ouv_desk_post_counts(struct ouv_desk *desk, const struct ouv_actor *actor,
	int64_t counts_out[OUV_POST__COUNT], int64_t *unaddressed_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	int64_t counts[STORE_POST__COUNT];

	TRY(store_begin_reading(desk->store, &tx));
	TRY(store_post_counts(tx, &actor->person, counts, unaddressed_out));
	memcpy(counts_out, counts, sizeof(counts));
	return store_commit(&tx);
}
