/*
 * post_paper.c - what stands on the sheet of a letter
 *
 * By its stored words, byte for byte as they were written: colleagues see them
 * with the page's address hidden, the paper has it.  They are read behind the
 * fence that reads attachments.  The address is the present one when it is
 * printed first, and that one whenever it is printed again.
 */
#include <string.h>

#include "ouv/clock.h"
#include "ouv/log.h"
#include "ouv/text.h"
#include "post.h"

/* ---- where it goes ---------------------------------------------------------
 */

static enum ouv_err
address_now(struct verb_call *call, const struct store_post *post,
	struct post_words *words)
{
	struct ouv_context context;
	struct store_capsule *list;
	struct consumer to;
	size_t count;

	TRY(store_capsules(
		call->tx, call->arena, &call->file->id, &list, &count));
	for (size_t i = 0; i < count; i++) {
		if (!ouv_id_equal(&list[i].id, &post->capsule))
			continue;
		context_make(call->desk, OUV_KIND_CAPSULE_KEY, OUV_COLUMN_CPK,
			&call->file->id, &list[i].id, list[i].key_version,
			&context);
		TRY(open_capsule(call->arena, &context, call->opened->csk,
			list[i].box_case, &list[i], &to));
		words->name = to.name;
		words->postal = to.postal;
		words->lang = ouv_lang_tag(to.lang);
	}
	return OUV_OK;
}

static void
add_lines(struct verb_call *call, const struct post_words *words,
	struct ouv_print_letter *letter)
{
	const char **to = ouv_arena_array(
		call->arena, OUV_PRINT_ADDRESS_LINES + 1, sizeof(*to));
	const char *text = words->postal;

	if (*words->name != '\0')
		to[letter->to_count++] = words->name;
	while (*text != '\0' && letter->to_count < OUV_PRINT_ADDRESS_LINES) {
		size_t len = strcspn(text, "\n");

		to[letter->to_count++] =
			ouv_arena_strndup(call->arena, text, len);
		text += len + (text[len] == '\n');
	}
	letter->to = to;
}

/* ---- what it says ----------------------------------------------------------
 */

/* The reader gives the subject, a line end, the words. */
static enum ouv_err
read_words(struct verb_call *call, const struct store_post *post,
	const uint8_t dek[OUV_KEY], struct ouv_print_letter *letter)
{
	const struct ouv_office *office = call->desk->office;
	struct ouv_str raw, text;
	const char *end;

	if (office->reader == NULL)
		return OUV_INVALID;
	TRY(open_raw(call->desk, call->tx, call->arena, &post->item, dek, false,
		&raw));
	TRY(office->reader(office->reader_user, call->arena, raw, &text));
	end = memchr(text.p, '\n', text.len);
	if (end == NULL)
		return OUV_INVALID;
	letter->subject =
		ouv_arena_strndup(call->arena, text.p, (size_t)(end - text.p));
	letter->words = ouv_arena_strndup(
		call->arena, end + 1, text.len - (size_t)(end + 1 - text.p));
	return OUV_OK;
}

/* The address of the reader's own page, if the letter names one. */
static const char *
page_of(struct verb_call *call, const char *words)
{
	const char *base = call->desk->office->config->server_base_url;
	static const char *const pages[] = { "/t/", "/p/", "/t", "/p" };

	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
		const char *want =
			ouv_arena_printf(call->arena, "%s%s", base, pages[i]);
		const char *at = strstr(words, want);

		if (at != NULL)
			return ouv_arena_strndup(
				call->arena, at, strcspn(at, " \n\t,;<>\""));
	}
	return NULL;
}

/* ---- what is round it ------------------------------------------------------
 */

enum label {
	LABEL_REFERENCE,
	LABEL_ENCLOSURES,
	LABEL_FOOT,
	LABELS
};

/* templates/paper/letter.LANG.txt, a line each. */
static enum ouv_err
read_labels(struct verb_call *call, enum ouv_lang lang, const char *protocol,
	const char *labels[LABELS])
{
	struct ouv_tmpl_error error = { 0 };
	json_t *data = json_pack("{s:s}", "protocol", protocol);
	struct ouv_str text;
	const char *at;
	enum ouv_err err =
		ouv_tmpl_render(call->arena, call->desk->office->templates,
			ouv_arena_printf(call->arena, "paper/letter.%s.txt",
				ouv_lang_tag(lang)),
			data, &text, &error);

	json_decref(data);
	if (err != OUV_OK) {
		ouv_log_error("template %s:%d: %s", error.template, error.line,
			error.what);
		return OUV_INVALID;
	}
	at = ouv_arena_strndup(call->arena, text.p, text.len);
	for (int i = 0; i < LABELS; i++) {
		size_t len = strcspn(at, "\n");

		labels[i] = ouv_arena_strndup(call->arena, at, len);
		at += len + (at[len] == '\n');
	}
	return OUV_OK;
}

static void
add_office(struct verb_call *call, struct ouv_print_letter *letter)
{
	const struct ouv_config *config = call->desk->office->config;
	const char *const own[] = { config->office_postal, config->office_phone,
		config->office_site };
	const char **head = ouv_arena_array(call->arena, 3, sizeof(*head));

	letter->office = config->office_name;
	for (size_t i = 0; i < 3; i++)
		if (*own[i] != '\0')
			head[letter->head_count++] = own[i];
	letter->head = head;
	letter->sender =
		*config->office_postal != '\0'
			? ouv_arena_printf(call->arena, "%s, %s",
				  config->office_name, config->office_postal)
			: config->office_name;
}

static const char *
place_date(struct verb_call *call, enum ouv_lang lang, int64_t at)
{
	const char *place = call->desk->office->config->office_place;
	char day[OUV_TEXT_WHEN_MAX] = "";

	if (!ouv_text_when(lang, OUV_TEXT_DATE, ouv_clock_day(at), day))
		day[0] = '\0';
	return *place != '\0'
		       ? ouv_arena_printf(call->arena, "%s, %s", place, day)
		       : ouv_arena_strdup(call->arena, day);
}

/* Above the name of the colleague who wrote it there is room for a hand. */
static enum ouv_err
add_hand(struct verb_call *call, const struct ouv_id *author,
	struct ouv_print_letter *letter)
{
	struct store_person person;
	enum ouv_err err;

	if (ouv_id_is_zero(author))
		return OUV_OK;
	err = store_person_by_id(call->tx, call->arena, author, &person);
	if (err != OUV_OK)
		return err == OUV_NOT_FOUND ? OUV_OK : err;
	letter->signature = person.name;
	return OUV_OK;
}

static const char *
square(struct verb_call *call, const struct ouv_print_letter *letter)
{
	const char *page = page_of(call, letter->words);

	return page != NULL ? ouv_arena_printf(call->arena, "%s\n%s",
				      letter->reference, page)
			    : letter->reference;
}

enum ouv_err
post_paper(struct verb_call *call, const struct store_post *post,
	struct post_words *words, const uint8_t dek[OUV_KEY],
	struct ouv_post_paper *paper_out)
{
	struct ouv_post_paper paper = { .letter = { .foot = "" } };
	struct ouv_print_letter *letter = &paper.letter;
	const char *labels[LABELS];
	struct store_item item;
	enum ouv_lang lang;

	if (*words->postal == '\0')
		TRY(address_now(call, post, words));
	if (*words->postal == '\0')
		return OUV_REFUSED;
	TRY(store_item(
		call->tx, call->arena, &call->file->id, &post->item, &item));
	lang = ouv_lang_parse(words->lang, call->file->lang);
	letter->reference = call->opened->c.protocol != NULL
				    ? call->opened->c.protocol
				    : "";
	TRY(read_labels(call, lang, letter->reference, labels));
	letter->reference_label = labels[LABEL_REFERENCE];
	letter->enclosures_label = labels[LABEL_ENCLOSURES];
	letter->foot = labels[LABEL_FOOT];
	add_lines(call, words, letter);
	add_office(call, letter);
	TRY(read_words(call, post, dek, letter));
	letter->place_date = place_date(call, lang, item.at);
	letter->qr = square(call, letter);
	TRY(add_hand(call, &item.author, letter));
	TRY(post_enclosed(call, post, &item, letter));
	paper.lang = ouv_lang_tag(lang);
	paper.made_at = item.at;
	*paper_out = paper;
	return OUV_OK;
}
