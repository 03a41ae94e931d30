/*
 * letter.c - from words to a letter that waits in the outbox
 *
 * The letter is rendered and composed once, here; what is sent later, and sent
 * again, are these bytes.  They lie in the case as an item; until they are
 * sent the gateway holds a key to them as well.  What is read in the case and
 * on a party's page are its words, also where its mail bears a cover alone.
 */
#include <stdio.h>
#include <string.h>

#include "desk_impl.h"
#include "ouv/log.h"

/* What the console shows of it: the same document as for mail that came in. */
static struct ouv_str
make_doc(struct ouv_arena *arena, const struct ouv_letter *letter,
	const char *plain, struct ouv_str mime)
{
	struct ouv_mail_addr from = { letter->from_name, letter->from_addr };
	struct ouv_mail_addr to = { letter->to_name, letter->to_addr };
	struct ouv_mail mail = { .ok = true,
		.size = mime.len,
		.subject = letter->subject,
		.from = { 1, &from },
		.to = { 1, &to },
		.has_date = true,
		.date = letter->date,
		.message_id = letter->message_id,
		.auto_submitted = letter->auto_submitted,
		.text = plain,
		.text_source = OUV_TEXT_PLAIN,
		.reply_text = plain,
		.lang = "und",
		.kind = OUV_MAIL_OWN };
	struct ouv_buf doc;

	ouv_mail_sha256(mime.p, mime.len, mail.sha256);
	ouv_buf_init(&doc, arena, mime.len);
	ouv_mail_pack(&mail, &doc);
	return (struct ouv_str){ doc.data, doc.len };
}

/* RFC 5322 3.6.4: what the parent refers to, then the parent. */
static struct ouv_mail_ids
references(struct ouv_arena *arena, const struct letter_out *letter)
{
	struct ouv_mail_ids ids = letter->references;
	const char **list;

	if (letter->in_reply_to == NULL)
		return ids;
	list = ouv_arena_array(arena, ids.count + 1, sizeof(*list));
	for (size_t i = 0; i < ids.count; i++)
		list[i] = ids.list[i];
	list[ids.count++] = letter->in_reply_to;
	ids.list = list;
	return ids;
}

/* RFC 3282: one language, or both in their order. */
static const char *
languages(struct ouv_arena *arena, const struct letter_out *letter)
{
	if (!letter->two)
		return ouv_lang_tag(letter->lang);
	return ouv_arena_printf(arena, "%s, %s", ouv_lang_tag(letter->lang),
		ouv_lang_tag(letter->second_lang));
}

/* A whole message as any other, with an address that no mail server knows: what
 * is printed are its words. */
static enum ouv_err
compose_paper(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct consumer *to, const struct letter_words *words,
	struct ouv_letter *mail, struct ouv_str *mime_out,
	struct ouv_str *doc_out)
{
	mail->to_addr = "";
	mail->postal = post_line(arena, to->postal);
	mail->auto_submitted = NULL;
	mail->precedence_bulk = false;
	mail->subject = words->subject;
	mail->text = words->text;
	TRY(ouv_letter_write(arena, mail, mime_out));
	*doc_out = make_doc(
		arena, mail, link_hidden(desk, arena, words->plain), *mime_out);
	return OUV_OK;
}

static enum ouv_err
compose(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct consumer *to, const struct letter_out *letter,
	const struct letter_words *words, const struct letter_words *sent,
	const struct ouv_id *outbox, struct ouv_str *mime_out,
	struct ouv_str *doc_out)
{
	const struct ouv_office *office = desk->office;
	const struct ouv_config *config = office->config;
	char name[OUV_NAME_MAX];
	struct ouv_letter mail = { .from_name = config->office_name,
		.from_addr = config->office_address,
		.to_name = to->name,
		.to_addr = to->addr,
		.in_reply_to = letter->in_reply_to,
		.references = references(arena, letter),
		.date = letter->now,
		.lang = languages(arena, letter),
		.auto_submitted = letter->answers     ? "auto-replied"
				  : letter->automatic ? "auto-generated"
						      : NULL,
		.precedence_bulk = letter->answers,
		.loop_id = office->loop_id };

	ouv_message_name(tok_present(desk), "mid", outbox, name);
	mail.message_id =
		ouv_arena_printf(arena, "%s@%s", name, config->office_domain);
	if (to->by_post)
		return compose_paper(
			desk, arena, to, words, &mail, mime_out, doc_out);
	mail.reply_to = ouv_arena_printf(arena, "%s+%s@%s",
		config->office_reply_local, to->code, config->office_domain);
	mail.subject = sent->subject;
	mail.text = sent->text;
	mail.flowed = true;
	mail.html = sent->html;
	TRY(ouv_letter_write(arena, &mail, mime_out));
	mail.subject = words->subject;
	*doc_out = make_doc(arena, &mail,
		link_hidden(desk, arena, words->plain), *mime_out);
	return OUV_OK;
}

/* The rules' names alone: the words are the case's. */
static void
log_blocked(const struct letter_out *letter, const struct letter_words *words)
{
	for (size_t i = 0; i < words->finding_count; i++)
		if (words->findings[i].rule->severity == OUV_LINT_BLOCKS)
			ouv_log_error("a letter of mail/%s was not sent: the "
				      "rule %s found something in it",
				letter->template,
				words->findings[i].rule->name);
}

enum ouv_err
letter_queue(struct ouv_desk *desk, struct store_tx *tx,
	struct ouv_arena *arena, struct casefile *file,
	const struct consumer *to, const struct letter_out *letter,
	struct ouv_id *outbox_out)
{
	uint8_t dek[OUV_KEY];
	struct ouv_context context;
	struct ouv_str mime, doc;
	struct letter_words words, cover;
	bool is_covered;
	struct store_item item = { .id = ouv_id_new(),
		.kind = letter->automatic ? OUV_ITEM_AUTO_OUT
					  : OUV_ITEM_MAIL_OUT,
		.lane = letter->lane,
		.party = to->party,
		.author = letter->author,
		.at = letter->now };
	struct store_outbox out = { .id = ouv_id_new(),
		.case_id = file->id,
		.item = item.id,
		.capsule = to->capsule,
		.kind = letter->kind,
		.dedupe_key = letter->dedupe_key,
		.null_path = letter->answers,
		.paper = to->by_post };

	TRY(letter_words(desk, tx, arena, to, letter, &words));
	TRY(letter_cover(desk, tx, arena, to, letter, &cover, &is_covered));
	if (words.blocked || (is_covered && cover.blocked)) {
		log_blocked(letter, words.blocked ? &words : &cover);
		return OUV_REFUSED;
	}
	TRY(compose(desk, arena, to, letter, &words,
		is_covered ? &cover : &words, &out.id, &mime, &doc));
	ouv_random(dek, sizeof(dek));
	TRY(casefile_raw(
		desk, tx, &item.id, dek, mime.p, mime.len, &item.raw_padded));
	TRY(casefile_letter(
		desk, tx, arena, file, &item, dek, &doc, &to->capsule));
	if (!out.paper) {
		context_make(desk, OUV_KIND_ITEM_KEY, OUV_COLUMN_SVC, &file->id,
			&item.id, desk->svc_version, &context);
		ouv_seal_key(&context, desk->svc_public, dek, out.dek_box_svc);
	}
	ouv_wipe(dek, sizeof(dek));
	TRY(store_outbox_add(tx, &out));
	*outbox_out = out.id;
	return out.paper ? post_queue(desk, tx, file, to, &out, letter)
			 : OUV_OK;
}
