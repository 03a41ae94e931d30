/*
 * meaning.c - the order in which a mail that was read is understood
 */
#include <string.h>

#include "meaning.h"

#define LANG_MAX 8000 /* bytes that are enough to tell a language */

/* The subject helps a text of few words; quoted text would mislead. */
static const char *
language(struct mail_view *view)
{
	const struct ouv_mail *mail = view->mail;
	size_t len = strnlen(mail->reply_text, LANG_MAX);
	const char *lang = mail_lang(view->arena, mail->reply_text, len);
	char *both;

	if (strcmp(lang, "und") != 0)
		return lang;
	both = ouv_arena_printf(view->arena, "%.400s\n%.*s", mail->subject,
		(int)len, mail->reply_text);
	return mail_lang(view->arena, both, strlen(both));
}

void
mail_meaning(struct ouv_arena *arena, const struct mail_message *message,
	const struct ouv_mail_office *office, struct ouv_mail *mail)
{
	static const struct ouv_mail_office nobody;
	struct mail_view view = { arena, message,
		office == NULL ? &nobody : office, mail };

	mail_recipients(&view);
	mail_auth(&view);
	mail_quote(&view);
	mail_classify(&view);
	mail_thread(&view);
	mail->lang = language(&view);
	mail_absence(&view);
	mail_action(&view);
}
