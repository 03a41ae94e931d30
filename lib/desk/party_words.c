/*
 * party_words.c - what a party pressed, typed and brought on its page becomes a
 * message of the case
 *
 * A complete one, as every other; sealed to the case and to whoever of that
 * party reads on a page.
 */
#include <string.h>

#include "clock.h"
#include "ouv/clock.h"
#include "page_seal.h"

static void
make_letter(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct party_words *words, struct ouv_letter *letter,
	struct ouv_mail *mail)
{
	const struct ouv_config *config = desk->office->config;
	const struct store_say *say = words->say;
	struct ouv_id id = ouv_id_new();
	char name[OUV_NAME_MAX];

	*letter = (struct ouv_letter){ .from_name = config->office_name,
		.from_addr = config->office_address,
		.to_name = config->office_name,
		.to_addr = config->office_address,
		.date = words->at,
		.lang = ouv_lang_tag(say->lang),
		.subject = say->protocol,
		.text = words->text,
		.loop_id = desk->office->loop_id };
	*mail = (struct ouv_mail){ .ok = true,
		.subject = say->protocol,
		.has_date = true,
		.date = words->at,
		.text = words->text,
		.text_source = OUV_TEXT_PLAIN,
		.reply_text = words->text,
		.lang = ouv_lang_tag(say->lang),
		.kind = OUV_MAIL_HUMAN };
	ouv_message_name(tok_present(desk), "lnk", &id, name);
	letter->message_id =
		ouv_arena_printf(arena, "%s@%s", name, config->office_domain);
}

/* Its bytes, and what is understood of them. */
static enum ouv_err
write_bytes(struct ouv_desk *desk, struct store_tx *tx, struct ouv_arena *arena,
	const struct party_words *words, struct store_item *item,
	const uint8_t dek[OUV_KEY], struct ouv_str *doc_out)
{
	struct ouv_letter letter;
	struct ouv_mail mail;
	struct ouv_str raw;
	struct ouv_buf doc;

	make_letter(desk, arena, words, &letter, &mail);
	if (words->files != NULL && words->files->count > 0)
		TRY(upload_letter(
			words->call, words->files, &letter, item, dek, &mail));
	else {
		TRY(ouv_letter_write(arena, &letter, &raw));
		mail.size = raw.len;
		ouv_mail_sha256(raw.p, raw.len, mail.sha256);
		TRY(casefile_raw(desk, tx, &item->id, dek, raw.p, raw.len,
			&item->raw_padded));
	}
	ouv_buf_init(&doc, arena, strlen(words->text) + 1024);
	ouv_mail_pack(&mail, &doc);
	*doc_out = (struct ouv_str){ doc.data, doc.len };
	return OUV_OK;
}

enum ouv_err
party_words_keep(struct ouv_desk *desk, struct store_tx *tx,
	struct ouv_arena *arena, const struct party_words *words,
	struct ouv_id *item_out)
{
	const struct store_say *say = words->say;
	struct store_item item = { .id = ouv_id_new(),
		.kind = OUV_ITEM_MAIL_IN,
		.lane = say->company ? OUV_LANE_COMPANY : OUV_LANE_CONSUMER,
		.party = say->party,
		.why = "by-link",
		.at = words->at };
	struct colleague *colleagues;
	struct casefile file;
	uint8_t dek[OUV_KEY];
	struct ouv_str doc;
	enum ouv_err err;
	size_t count;

	TRY(keys_colleagues(desk, tx, arena, &colleagues, &count));
	TRY(casefile_lock(
		desk, tx, arena, colleagues, count, &say->case_id, &file));
	ouv_random(dek, sizeof(dek));
	err = write_bytes(desk, tx, arena, words, &item, dek, &doc);
	if (err == OUV_OK)
		err = casefile_item(desk, tx, arena, &file, &item, dek, &doc);
	ouv_wipe(dek, sizeof(dek));
	TRY(err);
	TRY(store_case_touch(tx, &say->case_id, 1, words->at));
	*item_out = item.id;
	TRY(log_case(desk, tx, &file, NULL, "append", &item.id));
	return file.state == OUV_STATE_CLOSED
		       ? retain_anew(
				 desk, tx, arena, &file, &item.id, words->at)
		       : OUV_OK;
}
