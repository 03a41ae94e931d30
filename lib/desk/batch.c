/*
 * batch.c - the case files of a batch: each is made or locked once
 */
#include <time.h>

#include "batch.h"

static struct casefile *
file_slot(struct batch *b, const struct ouv_id *id)
{
	for (size_t i = 0; i < b->file_count; i++)
		if (ouv_id_equal(&b->files[i].id, id))
			return &b->files[i];
	return NULL;
}

static bool
was_asked(const struct batch *b, const struct ouv_id *id)
{
	for (size_t i = 0; i < b->asked_count; i++)
		if (ouv_id_equal(&b->asked[i], id))
			return true;
	return false;
}

/* Its part of what was asked for all; of another it is asked when needed. */
static void
take_readers(const struct batch *b, struct casefile *file)
{
	struct page_readers *own;

	file->pile = (struct page_pile *)&b->pile;
	if (file->readers != NULL || !was_asked(b, &file->id))
		return;
	own = ouv_arena_array(b->arena, 1, sizeof(*own));
	own->list =
		ouv_arena_array(b->arena, b->readers.count, sizeof(*own->list));
	own->count = 0;
	for (size_t i = 0; i < b->readers.count; i++)
		if (ouv_id_equal(&b->readers.list[i].case_id, &file->id))
			own->list[own->count++] = b->readers.list[i];
	file->readers = own;
}

enum ouv_err
batch_readers(struct batch *b)
{
	b->asked = ouv_arena_array(b->arena, b->count, sizeof(*b->asked));
	for (size_t i = 0; i < b->count; i++)
		if (b->in[i].action == OUV_ACTION_APPEND &&
			!was_asked(b, &b->in[i].case_id))
			b->asked[b->asked_count++] = b->in[i].case_id;
	TRY(page_readers_load(b->desk, b->tx, b->arena, b->asked,
		b->asked_count, &b->readers));
	for (size_t i = 0; i < b->file_count; i++)
		take_readers(b, &b->files[i]);
	return OUV_OK;
}

enum ouv_err
batch_existing(struct batch *b, const struct ouv_id *id, struct casefile **out)
{
	*out = file_slot(b, id);
	if (*out != NULL)
		return OUV_OK;
	TRY(casefile_lock(b->desk, b->tx, b->arena, b->colleagues,
		b->colleague_count, id, &b->files[b->file_count]));
	*out = &b->files[b->file_count++];
	take_readers(b, *out);
	return OUV_OK;
}

enum ouv_lang
batch_language(const struct batch *b, const struct incoming *in)
{
	enum ouv_lang office = ouv_lang_parse(
		b->desk->office->config->office_language, OUV_LANG_PT_BR);

	return in->understood ? ouv_lang_parse(in->mail.lang, office) : office;
}

enum ouv_err
batch_new(struct batch *b, const struct incoming *in, enum ouv_state state,
	int desk_month, struct casefile **out)
{
	char number[OUV_PROTOCOL_MAX];
	struct store_case c = { .state = state,
		.desk_month = desk_month,
		.lang = ouv_lang_tag(batch_language(b, in)),
		.channel = "email",
		.opened_at = b->now,
		.last_at = b->now,
		.items = in->ack ? 2 : 1 };
	struct summary summary = { "", "", "" };

	if (state == OUV_STATE_RECEIVED) {
		ouv_protocol_format(b->year, b->protocol++, number);
		c.protocol = ouv_arena_strdup(b->arena, number);
		TRY(letter_due(b->desk, b->tx, b->now, &c.due_at));
	}
	if (in->understood && desk_month == 0) {
		summary.subject = in->mail.subject;
		if (in->mail.from.count > 0) {
			const struct ouv_mail_addr *from =
				&in->mail.from.list[0];

			summary.name = *from->name ? from->name : from->addr;
			summary.addr = from->addr;
		}
	}
	*out = &b->files[b->file_count++];
	TRY(casefile_new(b->desk, b->tx, b->arena, b->colleagues,
		b->colleague_count, &c, &summary, *out));
	(*out)->pile = &b->pile;
	if (desk_month == 0) {
		int held = state == OUV_STATE_HELD;

		b->opened[held][b->opened_count[held]++] = c.id;
	}
	return OUV_OK;
}

enum ouv_err
batch_desk_file(
	struct batch *b, const struct incoming *in, struct casefile **out)
{
	time_t t = (time_t)b->now;
	struct ouv_id id;
	struct tm tm;
	enum ouv_err err;
	int month;

	(void)localtime_r(&t, &tm);
	month = (tm.tm_year + 1900) * 100 + tm.tm_mon + 1;
	for (size_t i = 0; i < b->file_count; i++) {
		if (b->files[i].fresh && b->files[i].desk_month == month) {
			*out = &b->files[i];
			return OUV_OK;
		}
	}
	err = store_desk_file(b->tx, month, &id);
	if (err == OUV_OK)
		return batch_existing(b, &id, out);
	if (err != OUV_NOT_FOUND)
		return err;
	TRY(batch_new(b, in, OUV_STATE_HELD, month, out));
	(*out)->desk_month = month;
	return OUV_OK;
}

/* The row of a new case counts its first items already. */
enum ouv_err
batch_count_item(struct batch *b, const struct casefile *file)
{
	if (file->items <= file->planned)
		return OUV_OK;
	return store_case_touch(b->tx, &file->id, 1, b->now);
}
