/*
 * bounce.c - delivery failures in words: mailers that write no report
 *
 * qmail, Exim, Exchange, Notes and others tell it in text of their own; one
 * web service tells it in JSON.  Each row is how such a text begins.
 */
#include <string.h>
#include <strings.h>

#include "meaning.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
#define TEXT_MAX 16384 /* bytes of the text that are looked at */
#define OPENING 600    /* where a mailer's first words stand */

struct opening {
	const char *words;  /* folded */
	bool certain;       /* no person begins a letter so */
	const char *action; /* "failed", "delayed" */
};

/* clang-format off */
static const struct opening openings[] = {
	/* delays first: their texts hold words of failures */
	{ "this is a warning message only", true, "delayed" },
	{ "this message was created automatically by mail delivery software. "
	  "a message that you sent has not yet been delivered", true, "delayed" },
	{ "a message that you sent has not yet been delivered", false, "delayed" },
	{ "delivery to the following recipients has been delayed", false, "delayed" },
	{ "delivery is delayed to these recipients", false, "delayed" },
	{ "will be retried", false, "delayed" },
	{ "hi. this is the qmail-send program", true, "failed" },
	{ "this message was created automatically by mail delivery software",
	  true, "failed" },
	{ "a message that you sent could not be delivered", false, "failed" },
	{ "this is the mail system at host", true, "failed" },
	{ "this is the postfix program at host", true, "failed" },
	{ "this is the mail delivery agent", true, "failed" },
	{ "this is the dragonfly mail agent", true, "failed" },
	{ "your message did not reach some or all of the intended recipients",
	  false, "failed" },
	{ "delivery has failed to these recipients", false, "failed" },
	{ "delivery to the following recipient", false, "failed" },
	{ "delivery to these recipients or groups", false, "failed" },
	{ "sorry, we were unable to deliver your message", false, "failed" },
	{ "your message wasn't delivered", false, "failed" },
	{ "your message couldn't be delivered", false, "failed" },
	{ "your message could not be delivered", false, "failed" },
	{ "the following addresses had permanent", false, "failed" },
	{ "the following address(es) failed", false, "failed" },
	{ "the following recipient", false, "failed" },
	{ "undeliverable message", false, "failed" },
	{ "was not delivered to", false, "failed" },
	{ "unable to deliver", false, "failed" },
	{ "could not be delivered", false, "failed" },
	{ "couldn't be delivered", false, "failed" },
	{ "user unknown", false, "failed" },
	{ "mensagem nao pode ser entregue", false, "failed" },
	{ "nao foi possivel entregar", false, "failed" },
	{ "falha na entrega", false, "failed" },
	{ "impossibile recapitare", false, "failed" },
	{ "recapito non riuscito", false, "failed" },
	{ "no se pudo entregar", false, "failed" },
	{ "n'a pas pu etre remis", false, "failed" },
	{ "konnte nicht zugestellt werden", false, "failed" },
};

/* Whatever follows is a copy of our own letter. */
static const char *const copies[] = {
	"--- Below this line is a copy", "------ This is a copy of",
	"--- The header of the original message", "----- Original message",
	"--- Mensagem original", "-----Original Message", "Received: from ",
	"--- Enclosed are the original headers", "Original message headers",
};
/* clang-format on */

static const struct opening *
find_opening(struct mail_view *view, bool daemon)
{
	const char *text = view->mail->text;
	const char *plain =
		mail_plain(view->arena, text, strnlen(text, OPENING));

	for (size_t i = 0; i < COUNT(openings); i++) {
		const struct opening *row = &openings[i];

		if (daemon ? strstr(plain, row->words) != NULL
			   : row->certain && mail_starts(plain, row->words))
			return row;
	}
	return NULL;
}

/* The report without the copy of our letter. */
static size_t
report_len(const char *text)
{
	size_t len = strnlen(text, TEXT_MAX);

	for (size_t i = 0; i < COUNT(copies); i++) {
		const char *at =
			memmem(text, len, copies[i], strlen(copies[i]));

		if (at != NULL)
			len = (size_t)(at - text);
	}
	return len;
}

/* ---- who was not reached ----------------------------------------- */

static bool
is_addr_char(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z') || strchr("!#$%&*+-/=?_~.@", c) != NULL;
}

/* The address around the '@' at p, if it is one that is not ours. */
static const char *
addr_around(struct mail_view *view, const char *text, const char *at,
	const char *end)
{
	const char *from = at, *to = at;
	const char *addr;

	while (from > text && from[-1] != '\0' && is_addr_char(from[-1]))
		from--;
	while (to < end && *to != '\0' && is_addr_char(*to))
		to++;
	while (to > at && strchr(".-_/=", to[-1]) != NULL)
		to--;
	if (to - from > 254)
		return NULL;
	addr = ouv_arena_strndup(view->arena, from, (size_t)(to - from));
	if (!ouv_mail_addr_ok(addr) || mail_is_ours(view->office, addr))
		return NULL;
	return addr;
}

static bool
is_sender(const struct ouv_mail *mail, const char *addr)
{
	return mail->from.count > 0 &&
	       strcasecmp(mail->from.list[0].addr, addr) == 0;
}

static bool
already(const struct ouv_mail *mail, const char *addr)
{
	for (size_t i = 0; i < mail->dsn_count; i++)
		if (strcasecmp(mail->dsn[i].addr, addr) == 0)
			return true;
	return false;
}

/* Addresses at a line's start: "<ana@x.example>:", "  ana@x.example". */
static void
addrs_in_text(struct mail_view *view, const char *text, size_t len,
	const char *action, const char *status)
{
	const char *p = text, *end = text + len;
	const char *any = NULL;

	while (p < end && view->mail->dsn_count < MAIL_ADDRS_MAX) {
		const char *eol = memchr(p, '\n', (size_t)(end - p));
		const char *start = p, *at, *addr;

		eol = eol == NULL ? end : eol;
		while (start < eol && strchr(" \t<*'\"", *start) != NULL &&
			*start != '\0')
			start++;
		at = memchr(start, '@', (size_t)(eol - start));
		addr = at == NULL ? NULL : addr_around(view, start, at, eol);
		if (addr != NULL && !is_sender(view->mail, addr)) {
			any = any == NULL ? addr : any;
			if (strncasecmp(start, addr, strlen(addr)) == 0 &&
				!already(view->mail, addr))
				mail_dsn_add(view->arena, view->mail, addr,
					action, status);
		}
		p = eol + 1;
	}
	if (view->mail->dsn_count == 0 && any != NULL)
		mail_dsn_add(view->arena, view->mail, any, action, status);
}

static void
addrs_in_header(struct mail_view *view, const char *status)
{
	const struct mail_field *field;
	struct ouv_mail_addrs addrs;

	for (size_t n = 0; (field = mail_field_nth(&view->message->header,
				    "X-Failed-Recipients", n)) != NULL;
		n++) {
		addrs.count = 0;
		mail_addresses(view->arena, field->raw, NULL, &addrs);
		for (size_t i = 0; i < addrs.count; i++)
			if (!already(view->mail, addrs.list[i].addr))
				mail_dsn_add(view->arena, view->mail,
					addrs.list[i].addr, "failed", status);
	}
}

bool
mail_names_failed(const struct mail_view *view)
{
	return mail_field_raw(&view->message->header, "X-Failed-Recipients")
		       .p != NULL;
}

bool
mail_dsn_guess(struct mail_view *view, bool daemon)
{
	struct ouv_mail *mail = view->mail;
	bool named = mail_names_failed(view);
	const struct opening *row;
	const char *status;
	size_t len;

	row = find_opening(view, daemon || named);
	if (row == NULL && !named)
		return false;
	len = report_len(mail->text);
	status = mail_status_guess(view->arena, mail->text, len);
	if (status == NULL)
		status = "";
	if (named)
		addrs_in_header(view, status);
	if (mail->dsn_count == 0)
		addrs_in_text(view, mail->text, len,
			row == NULL ? "failed" : row->action, status);
	if (mail->dsn_count == 0)
		mail_dsn_add(view->arena, mail, "",
			row == NULL ? "failed" : row->action, status);
	mail_dsn_verdict(mail);
	mail->dsn_original_id = mail_original_id(view);
	return true;
}

void
mail_dsn_bare(struct mail_view *view)
{
	struct ouv_mail *mail = view->mail;
	size_t len = report_len(mail->text);
	const char *status = mail_status_guess(view->arena, mail->text, len);

	addrs_in_text(
		view, mail->text, len, "failed", status == NULL ? "" : status);
	mail->has_dsn = true;
	mail_dsn_verdict(mail);
	mail->dsn_original_id = mail_original_id(view);
}

/* ---- Amazon SES -------------------------------------------------- */

static const char *
json_text(struct ouv_arena *arena, const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text == NULL ? "" : ouv_arena_strdup(arena, text);
}

static void
json_recipients(struct mail_view *view, const json_t *bounce)
{
	const json_t *list = json_object_get(bounce, "bouncedRecipients");
	bool permanent = strcmp(json_text(view->arena, bounce, "bounceType"),
				 "Permanent") == 0;

	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *one = json_array_get(list, i);
		const char *status = json_text(view->arena, one, "status");

		status = mail_status_find(view->arena, status, strlen(status));
		if (status == NULL)
			status = permanent ? "5.0.0" : "4.0.0";
		mail_dsn_add(view->arena, view->mail,
			json_text(view->arena, one, "emailAddress"), "failed",
			status);
	}
}

static const char *
json_message_id(struct mail_view *view, const json_t *doc)
{
	const json_t *headers =
		json_object_get(json_object_get(doc, "mail"), "commonHeaders");
	const char *text = json_text(view->arena, headers, "messageId");
	struct ouv_mail_ids ids = { 0, NULL };

	mail_ids(view->arena, (struct ouv_str){ text, strlen(text) }, &ids);
	return ids.count > 0 ? ids.list[0] : NULL;
}

bool
mail_dsn_json(struct mail_view *view)
{
	const char *text = view->mail->text + strspn(view->mail->text, " \r\n");
	const json_t *bounce;
	json_t *doc;

	if (*text != '{' || strstr(text, "bouncedRecipients") == NULL)
		return false;
	doc = json_loads(text, JSON_DISABLE_EOF_CHECK, NULL);
	if (doc == NULL)
		return false;
	bounce = json_object_get(doc, "bounce");
	json_recipients(view, bounce);
	view->mail->dsn_original_id = json_message_id(view, doc);
	json_decref(doc);
	mail_dsn_verdict(view->mail);
	return view->mail->dsn_count > 0;
}
