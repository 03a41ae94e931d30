/*
 * held.c - what the verbs about held mail share
 */
#include <string.h>

#include "desk_impl.h"

enum ouv_err
held_messages(struct verb_call *call, struct store_item **items_out,
	size_t *count_out, size_t *remaining_out)
{
	const char *field = verb_field(call, "item");
	struct store_item_row *rows;
	struct store_item *items;
	struct ouv_id wanted;
	size_t count, n = 0, all = 0;

	if (*field != '\0' && ouv_id_parse(field, &wanted) != OUV_OK) {
		verb_error(call, "item", "unknown");
		return OUV_INVALID;
	}
	TRY(store_items(
		call->tx, call->arena, &call->opened->c.id, &rows, &count));
	items = ouv_arena_array(call->arena, count, sizeof(*items));
	for (size_t i = 0; i < count; i++) {
		if (rows[i].item.kind != OUV_ITEM_MAIL_IN &&
			rows[i].item.kind != OUV_ITEM_UNPARSED)
			continue;
		all++;
		if (*field == '\0' || ouv_id_equal(&rows[i].item.id, &wanted))
			items[n++] = rows[i].item;
	}
	if (n == 0) {
		verb_error(call, "item", "unknown");
		return OUV_INVALID;
	}
	*items_out = items;
	*count_out = n;
	*remaining_out = all - n;
	return OUV_OK;
}

enum ouv_err
held_note(struct verb_call *call, const char *text, struct ouv_id *item_out)
{
	return held_words(call, text, NULL, item_out);
}

enum ouv_err
held_words(struct verb_call *call, const char *text, const char *why,
	struct ouv_id *item_out)
{
	return held_titled(call, "", text, why, item_out);
}

enum ouv_err
held_titled(struct verb_call *call, const char *title, const char *text,
	const char *why, struct ouv_id *item_out)
{
	struct ouv_mail mail = { .ok = true,
		.size = strlen(text),
		.subject = title,
		.text = text,
		.text_source = OUV_TEXT_PLAIN,
		.reply_text = text,
		.lang = "und" };
	struct store_item item = { .id = ouv_id_new(),
		.kind = OUV_ITEM_NOTE,
		.lane = OUV_LANE_INTERNAL,
		.author = call->actor->person,
		.at = call->now,
		.why = why };
	uint8_t dek[OUV_KEY];
	struct ouv_str doc;
	struct ouv_buf buf;

	ouv_mail_sha256(text, mail.size, mail.sha256);
	ouv_buf_init(&buf, call->arena, mail.size + 1024);
	ouv_mail_pack(&mail, &buf);
	doc = (struct ouv_str){ buf.data, buf.len };
	ouv_random(dek, sizeof(dek));
	TRY(casefile_raw(call->desk, call->tx, &item.id, dek, text, mail.size,
		&item.raw_padded));
	TRY(casefile_item(call->desk, call->tx, call->arena, call->file, &item,
		dek, &doc));
	ouv_wipe(dek, sizeof(dek));
	*item_out = item.id;
	return store_case_touch(call->tx, &call->file->id, 1, call->now);
}

enum ouv_err
held_log(struct verb_call *call, const char *action,
	const struct store_item *items, size_t count)
{
	for (size_t i = 0; i + 1 < count; i++)
		TRY(log_case(call->desk, call->tx, call->file,
			&call->actor->person, action, &items[i].id));
	call->object = items[count - 1].id;
	return OUV_OK;
}

const char *
held_word(struct verb_call *call, const char *field, const char *const *words,
	size_t count)
{
	const char *value = verb_field(call, field);

	for (size_t i = 0; i < count; i++)
		if (strcmp(words[i], value) == 0)
			return words[i];
	verb_error(call, field, *value == '\0' ? "empty" : "unknown");
	return NULL;
}

const char *
held_text(struct verb_call *call, const char *field, size_t most, bool one_line)
{
	const char *value = verb_field(call, field);

	value += strspn(value, " \t\r\n");
	if (strlen(value) > most)
		verb_error(call, field, "too-long");
	else if (one_line && strpbrk(value, "\r\n") != NULL)
		verb_error(call, field, "line-break");
	return value;
}
