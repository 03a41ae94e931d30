/*
 * thread.c - to which case a mail may belong
 *
 * Best evidence first: the code in our own reply address, then the ids of
 * mail it answers, last a number in the subject (a suggestion only).  A
 * number in the body or a Thread-Index mixes cases up and is not read.
 */
#include <string.h>
#include <strings.h>

#include "meaning.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
#define TOKENS_MAX 20
#define IDS_MAX 200 /* References can name every mail of a year */
#define BOUNCE_LOCAL "b"
#define REPLY_LOCAL "caso"

/* Written by our own border server, most specific first. */
static const char *const envelope_fields[] = {
	"Delivered-To",
	"X-Original-To",
	"Envelope-To",
};

/* ---- recipients -------------------------------------------------- */

static void
append(struct ouv_arena *arena, struct ouv_mail_addrs *to,
	const struct ouv_mail_addrs *more)
{
	if (to->list == NULL)
		to->list = ouv_arena_array(
			arena, MAIL_ADDRS_MAX, sizeof *to->list);
	for (size_t i = 0; i < more->count && to->count < MAIL_ADDRS_MAX; i++)
		to->list[to->count++] = more->list[i];
}

/* In order of appearance, as mail.h promises. */
static void
read_delivered(struct mail_view *view)
{
	const struct mail_header *header = &view->message->header;
	struct ouv_mail_addrs *to = &view->mail->delivered_to;

	for (size_t i = 0; i < header->count && to->count < MAIL_ADDRS_MAX;
		i++) {
		const struct mail_field *field = &header->fields[i];
		struct ouv_mail_addrs some = { 0, NULL };

		for (size_t k = 0; k < COUNT(envelope_fields); k++)
			if (mail_name_is(field->name, envelope_fields[k])) {
				mail_addresses(
					view->arena, field->raw, NULL, &some);
				append(view->arena, to, &some);
				break;
			}
	}
}

/*
 * The code behind "caso+".  Without an office (a mail is only looked at) any
 * domain will do: nothing is decided by it.
 */
static const char *
token_of(struct mail_view *view, const char *addr)
{
	struct ouv_mail_office office = *view->office;

	if (office.reply_local == NULL)
		office.reply_local = REPLY_LOCAL;
	if (office.address == NULL)
		office.address = addr;
	return mail_plus_name(view->arena, &office, office.reply_local, addr);
}

static void
add_token(struct mail_view *view, const char *token)
{
	struct ouv_mail *mail = view->mail;

	if (token == NULL)
		return;
	if (mail->tokens.list == NULL)
		mail->tokens.list = ouv_arena_array(
			view->arena, TOKENS_MAX, sizeof(const char *));
	for (size_t i = 0; i < mail->tokens.count; i++)
		if (strcasecmp(mail->tokens.list[i], token) == 0)
			return;
	if (mail->tokens.count < TOKENS_MAX)
		mail->tokens.list[mail->tokens.count++] = token;
}

static void
read_addrs(struct mail_view *view, const struct ouv_mail_addrs *addrs)
{
	for (size_t i = 0; i < addrs->count; i++) {
		const char *addr = addrs->list[i].addr;

		add_token(view, token_of(view, addr));
		if (view->mail->verp == NULL)
			view->mail->verp = mail_plus_name(
				view->arena, view->office, BOUNCE_LOCAL, addr);
	}
}

/* One envelope field after the other: the first is trusted most. */
static void
read_envelope(struct mail_view *view, const char *name)
{
	const struct mail_field *field;

	for (size_t n = 0; n < MAIL_ADDRS_MAX &&
			   (field = mail_field_nth(
				    &view->message->header, name, n)) != NULL;
		n++) {
		struct ouv_mail_addrs some = { 0, NULL };

		mail_addresses(view->arena, field->raw, NULL, &some);
		read_addrs(view, &some);
	}
}

void
mail_recipients(struct mail_view *view)
{
	struct ouv_mail *mail = view->mail;

	read_delivered(view);
	for (size_t i = 0; i < COUNT(envelope_fields); i++)
		read_envelope(view, envelope_fields[i]);
	read_addrs(view, &mail->to);
	read_addrs(view, &mail->cc);
	mail->token = mail->tokens.count > 0 ? mail->tokens.list[0] : NULL;
}

/* ---- what it answers --------------------------------------------- */

static void
add_id(struct mail_view *view, const char *id)
{
	struct ouv_mail_ids *ids = &view->mail->thread_ids;

	if (id == NULL || id[0] == '\0' || ids->count == IDS_MAX)
		return;
	for (size_t i = 0; i < ids->count; i++)
		if (strcmp(ids->list[i], id) == 0)
			return;
	ids->list[ids->count++] = id;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Length of "2026-000123-7" (any separator) at p; 0: no such shape. */
static size_t
number_len(const char *p)
{
	const char *start = p;
	size_t digits;

	if (strncmp(p, "20", 2) != 0 || !is_digit(p[2]) || !is_digit(p[3]))
		return 0;
	p += 4;
	p += *p != '\0' && strchr("-./ ", *p) != NULL;
	digits = strspn(p, "0123456789");
	p += digits;
	if (digits < 6)
		return 0;
	if (*p != '\0' && strchr("-./ ", *p) != NULL && is_digit(p[1]) &&
		!is_digit(p[2]))
		p += 2;
	return (size_t)(p - start);
}

/* The first number in the subject whose check digit is right. */
static const char *
subject_tag(struct ouv_arena *arena, const char *subject)
{
	for (const char *p = subject; *p != '\0'; p++) {
		char canonical[OUV_PROTOCOL_MAX];
		size_t len;

		if (p > subject && is_digit(p[-1]))
			continue;
		len = number_len(p);
		if (len == 0 || len >= OUV_PROTOCOL_MAX)
			continue;
		if (ouv_protocol_parse(ouv_arena_strndup(arena, p, len),
			    canonical) == OUV_OK)
			return ouv_arena_strdup(arena, canonical);
	}
	return NULL;
}

void
mail_thread(struct mail_view *view)
{
	struct ouv_mail *mail = view->mail;
	bool report = mail->kind == OUV_MAIL_BOUNCE ||
		      mail->kind == OUV_MAIL_DSN ||
		      mail->kind == OUV_MAIL_MDN || mail->kind == OUV_MAIL_ARF;

	mail->thread_ids.list =
		ouv_arena_array(view->arena, IDS_MAX, sizeof(const char *));
	add_id(view, mail->dsn_original_id);
	if (report && mail->dsn_original_id == NULL)
		add_id(view, mail_original_id(view));
	for (size_t i = 0; i < mail->in_reply_to.count; i++)
		add_id(view, mail->in_reply_to.list[i]);
	for (size_t i = mail->references.count; i > 0; i--)
		add_id(view, mail->references.list[i - 1]);
	mail->subject_tag = subject_tag(view->arena, mail->subject);
}
