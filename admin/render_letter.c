/*
 * render_letter.c - `ouvidoria render` of a text with a declaration: typed
 * data, both parts, and the message as it would be sent
 */
#include <stdio.h>
#include <string.h>

#include "ouv/clock.h"
#include "ouv/mail.h"
#include "ouv/text.h"
#include "render.h"

#define FROM "ouvidoria@ouvidoria.example"
#define TO "consumidor@example.org"
#define REPLY "caso+exemplo@ouvidoria.example"
#define MESSAGE "exemplo@ouvidoria.example"

/* The declaration's examples; with data of one's own only the office's. */
static json_t *
complete(const struct ouv_text_decl *decl, const json_t *data)
{
	json_t *examples = ouv_text_example(decl);
	json_t *out;

	if (data == NULL)
		return examples;
	out = json_copy((json_t *)data);
	for (size_t i = 0; i < decl->var_count; i++) {
		const char *name = decl->vars[i].name;

		if (strncmp(name, "office_", 7) == 0 &&
			json_object_get(out, name) == NULL)
			(void)json_object_set(
				out, name, json_object_get(examples, name));
	}
	json_decref(examples);
	return out;
}

/* One language, as its template and the data give it. */
static int
render_part(const struct render_ask *ask, const struct ouv_tmpl_set *set,
	const struct ouv_text_decl *decl, const char *locale,
	struct ouv_text_part *part)
{
	struct ouv_tmpl_error error = { 0 };
	struct ouv_text_error wrong = { 0 };
	const char *file =
		ouv_arena_printf(ask->arena, "%s.%s.txt", decl->name, locale);
	json_t *data, *values = NULL;
	enum ouv_err err;

	part->lang = ouv_lang_parse(locale, OUV_LANG__COUNT);
	if (part->lang == OUV_LANG__COUNT)
		return render_say(locale, 0, "no language of the office");
	data = complete(decl, ask->data);
	err = ouv_text_values(decl, data, part->lang, &values, &wrong);
	json_decref(data);
	if (err != OUV_OK)
		return render_say(wrong.text, 0,
			ouv_arena_printf(
				ask->arena, "%s %s", wrong.var, wrong.what));
	err = ouv_tmpl_render(
		ask->arena, set, file, values, &part->text, &error);
	json_decref(values);
	if (err != OUV_OK)
		return render_say(error.template, error.line, error.what);
	return 0;
}

/* As it is sent: what answers a mail says so, what the clock sends too. */
static const char *
auto_submitted(const struct ouv_text_decl *decl, bool answers)
{
	if (answers)
		return "auto-replied";
	return decl->automatic ? "auto-generated" : NULL;
}

static int
print_mail(const struct render_ask *ask, const struct ouv_text_decl *decl,
	const struct ouv_text_letter *letter)
{
	const char *langs = ask->second == NULL
				    ? ask->locale
				    : ouv_arena_printf(ask->arena, "%s, %s",
					      ask->locale, ask->second);
	const bool answers = decl->kind == OUV_TEXT_ACKNOWLEDGEMENT ||
			     decl->kind == OUV_TEXT_ABSENCE;
	struct ouv_letter mail = { .from_name = "Ouvidoria Exemplo",
		.from_addr = FROM,
		.to_addr = TO,
		.reply_to = REPLY,
		.subject = letter->subject,
		.message_id = MESSAGE,
		.date = ouv_clock_now(),
		.lang = langs,
		.text = letter->text,
		.flowed = true,
		.html = letter->html,
		.auto_submitted = auto_submitted(decl, answers),
		.precedence_bulk = answers };
	struct ouv_str mime;

	if (ouv_letter_write(ask->arena, &mail, &mime) != OUV_OK)
		return render_say(ask->name, 0, "no message can be made of it");
	return render_print(mime.p, mime.len);
}

static int
print_letter(const struct render_ask *ask, const struct ouv_text_decl *decl,
	const struct ouv_text_part *parts, size_t count)
{
	struct ouv_text_letter letter;
	const char *text;

	if (decl->kind == OUV_TEXT_PIECE) {
		if (ask->as != RENDER_TEXT)
			return render_say(ask->name, 0, "a piece is no letter");
		return render_print(parts[0].text.p, parts[0].text.len);
	}
	if (ouv_text_layout(ask->arena, parts, count, false, &letter) != OUV_OK)
		return render_say(ask->name, 0, "no subject, or no words");
	if (ask->as == RENDER_MAIL)
		return print_mail(ask, decl, &letter);
	text = ask->as == RENDER_HTML
		       ? letter.html
		       : ouv_arena_printf(ask->arena, "Subject: %s\n\n%s",
				 letter.subject, letter.plain);
	return render_print(text, strlen(text));
}

static int
render_all(const struct render_ask *ask, const struct ouv_tmpl_set *set,
	const struct ouv_text_decl *decl)
{
	const char *locales[] = { ask->locale, ask->second };
	size_t count = ask->second != NULL ? 2 : 1;
	struct ouv_text_part parts[2] = { 0 };
	int status = 0;

	for (size_t i = 0; status == 0 && i < count; i++)
		status = render_part(ask, set, decl, locales[i], &parts[i]);
	return status != 0 ? status : print_letter(ask, decl, parts, count);
}

int
render_letter(const struct render_ask *ask, struct ouv_tmpl_set *set)
{
	struct ouv_text_error error = { 0 };
	struct ouv_text_book *book = NULL;
	const struct ouv_text_decl *decl;
	int status = -1;

	if (ouv_text_read(ask->templates, &book, &error) != OUV_OK)
		return render_say(error.text, 0,
			ouv_arena_printf(
				ask->arena, "%s %s", error.var, error.what));
	decl = ouv_text_find(book, ask->name);
	if (decl != NULL)
		status = render_all(ask, set, decl);
	ouv_text_free(&book);
	return status;
}
