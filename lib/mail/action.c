/*
 * action.c - what may be done with a mail, before caps are asked
 *
 * An answer to a machine can start a loop, an answer to a forged sender
 * annoys a stranger: so it takes every condition below to permit one
 * (RFC 3834 2, RFC 5230 4.5 and 4.6).  A case takes much less: a person's
 * letter is never refused for what its headers ask.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "meaning.h"
#include "classify.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
#define RECEIVED_MAX 50 /* hops: more is a loop (RFC 5321 6.3: 100) */
#define SUPPRESS_OOF 0x10
#define SUPPRESS_AUTOREPLY 0x20
#define BOUNCE_LOCAL "b"

/* ---- conditions -------------------------------------------------- */

static bool
loops(struct mail_view *view)
{
	const struct mail_header *header = &view->message->header;
	size_t received = 0;

	for (size_t i = 0; i < header->count; i++)
		received += mail_name_is(header->fields[i].name, "Received");
	return received > RECEIVED_MAX;
}

/* The same as bits, for those who write the number (MS-OXCMAIL). */
static bool
suppressed_bits(const char *value)
{
	char *end;
	long bits = strtol(value, &end, 0);

	if (end == value || end[strspn(end, " ")] != '\0')
		return false;
	return (bits & (SUPPRESS_OOF | SUPPRESS_AUTOREPLY)) != 0;
}

/* Exchange: "All", or a list with "OOF" or "AutoReply" in it. */
static bool
suppressed(struct mail_view *view)
{
	static const char *const names[] = { "X-Auto-Response-Suppress",
		"X-AutoResponse-Suppress" };
	const struct mail_field *field;

	for (size_t k = 0; k < COUNT(names); k++)
		for (size_t n = 0;
			(field = mail_field_nth(
				 &view->message->header, names[k], n)) != NULL;
			n++) {
			const char *value = mail_plain(
				view->arena, field->raw.p, field->raw.len);

			if (strstr(value, "all") != NULL ||
				strstr(value, "autoreply") != NULL ||
				strstr(value, "oof") != NULL ||
				suppressed_bits(value))
				return true;
		}
	return false;
}

static bool
names_us(struct mail_view *view, const struct ouv_mail_addrs *addrs)
{
	for (size_t i = 0; i < addrs->count; i++)
		if (mail_is_ours(view->office, addrs->list[i].addr))
			return true;
	return false;
}

/*
 * RFC 5230 4.5: who was not addressed does not answer.  Delivered-To is no
 * address: a blind copy and a list's copy have it too.
 */
static bool
addressed(struct mail_view *view)
{
	if (view->office->address == NULL)
		return view->mail->to.count + view->mail->cc.count > 0;
	return names_us(view, &view->mail->to) ||
	       names_us(view, &view->mail->cc);
}

/* Is one domain the other, or below it?  ("bounce.loja.example") */
static bool
domains_agree(const char *a, const char *b)
{
	size_t la = strlen(a), lb = strlen(b);

	if (la < lb)
		return domains_agree(b, a);
	return lb > 0 && strcasecmp(a + la - lb, b) == 0 &&
	       (la == lb || (a[la - lb - 1] == '.' && strchr(b, '.')));
}

static bool
has_result(const char *results, const char *method, const char *result)
{
	size_t len = strlen(method);

	for (const char *p = strstr(results, method); p != NULL;
		p = strstr(p + 1, method))
		if (p[len] == '=' && mail_starts(p + len + 1, result))
			return true;
	return false;
}

/* Our border server says: this sender is not who he says he is. */
static bool
forged(struct mail_view *view)
{
	const char *results;

	if (view->mail->auth_results == NULL)
		return false;
	results = mail_plain(view->arena, view->mail->auth_results,
		strlen(view->mail->auth_results));
	if (has_result(results, "dmarc", "fail"))
		return true;
	return has_result(results, "spf", "fail") &&
	       !has_result(results, "dkim", "pass") &&
	       !has_result(results, "dmarc", "pass");
}

static bool
is_junk(struct mail_view *view)
{
	struct ouv_str flag =
		mail_field_raw(&view->message->header, "X-Spam-Flag");

	return flag.p != NULL && flag.len >= 3 &&
	       strncasecmp(flag.p, "yes", 3) == 0;
}

static bool
from_us(struct mail_view *view, const char *addr)
{
	return mail_is_ours(view->office, addr) ||
	       mail_plus_name(view->arena, view->office, BOUNCE_LOCAL, addr) !=
		       NULL;
}

/* He wants the answer elsewhere, where we have not looked at anything. */
static bool
redirects(const struct ouv_mail *mail, const char *from)
{
	for (size_t i = 0; i < mail->reply_to.count; i++)
		if (mail_same_mailbox(mail->reply_to.list[i].addr, from))
			return false;
	return mail->reply_to.count > 0;
}

/* What is wrong with the addresses; NULL: nothing. */
static const char *
wrong_address(struct mail_view *view)
{
	const struct ouv_mail *mail = view->mail;
	const char *path = mail->return_path, *from;

	if (mail->from.count != 1)
		return mail->from.count == 0 ? "no From" : "several in From";
	from = mail->from.list[0].addr;
	if (!ouv_mail_addr_ok(from))
		return "From is no address";
	if (from_us(view, from))
		return "From is ours";
	if (mail_is_unread(view->arena, from))
		return "From is not read by anybody";
	for (size_t i = 0; i < mail->sender.count; i++)
		if (mail_is_unread(view->arena, mail->sender.list[i].addr))
			return "Sender is not read by anybody";
	if (redirects(mail, from))
		return "Reply-To and From differ";
	if (path != NULL && path[0] == '\0')
		return "Return-Path: <>";
	if (path != NULL &&
		!domains_agree(mail_domain(path), mail_domain(from)))
		return "Return-Path and From differ";
	if (path != NULL && mail_is_unread(view->arena, path))
		return "Return-Path is not read by anybody";
	return addressed(view) ? NULL : "not addressed to us";
}

/* Why no automatic answer may go out; NULL: one may. */
static const char *
why_silent(struct mail_view *view)
{
	const struct ouv_mail *mail = view->mail;
	const char *why;

	if (mail->kind != OUV_MAIL_HUMAN)
		return ouv_mail_class_name(mail->kind);
	if ((why = wrong_address(view)) != NULL)
		return why;
	/* a person's mail with a sign of a program in it */
	if (mail->reasons.count > 0)
		return mail->reasons.list[0];
	if (suppressed(view))
		return "X-Auto-Response-Suppress";
	if (loops(view))
		return "Received: too many";
	if (forged(view))
		return "Authentication-Results: fail";
	return is_junk(view) ? "X-Spam-Flag" : NULL;
}

/* ---- cases ------------------------------------------------------- */

/* It names a letter of somebody's, or came to a reply address of ours. */
static bool
is_answer(const struct ouv_mail *mail)
{
	return mail->thread_ids.count > 0 || mail->token != NULL;
}

/* The same, and it is ours beyond doubt. */
static bool
answers_us(const struct mail_view *view)
{
	const struct ouv_mail *mail = view->mail;

	for (size_t i = 0; i < mail->thread_ids.count; i++)
		if (mail_id_is_ours(view->office, mail->thread_ids.list[i]))
			return true;
	return mail->token != NULL;
}

/* Is it known by words alone, which a person may write? */
static bool
by_words_alone(const struct ouv_mail *mail)
{
	for (size_t i = 0; i < mail->reasons.count; i++)
		if (!mail_starts(mail->reasons.list[i], "Subject:") &&
			!mail_starts(mail->reasons.list[i], "Text:"))
			return false;
	return true;
}

/*
 * A program's answer known by its subject alone, to a mail of ours; or
 * without a return path, which no person's program does.
 */
static bool
is_plain_answer(struct mail_view *view)
{
	const struct ouv_mail *mail = view->mail;

	return (mail_vacation(view) == VACATION_YES && is_answer(mail)) ||
	       (mail->return_path != NULL && mail->return_path[0] == '\0');
}

/* A list that nobody but its owner writes to. */
static bool
is_newsletter(const struct ouv_mail *mail)
{
	static const char *const signs[] = { "List-Unsubscribe-Post",
		"Precedence: bulk", "Precedence: junk", "Feedback-ID",
		"X-Campaign" };

	if (mail_has_reason(mail, "List-Post"))
		return false;
	for (size_t i = 0; i < COUNT(signs); i++)
		if (mail_has_reason(mail, signs[i]))
			return true;
	return false;
}

/*
 * May it open a case or join one as a letter?  Where a person may have
 * written it, yes:
 *   list          when it is addressed to us (a member of a list writes to
 *                 us and to it), or when nobody knows our address; but a
 *                 newsletter only when it answers;
 *   bulk          when it answers: customer systems add List-Unsubscribe to
 *                 what their agents write, newsletters answer nothing.  With
 *                 Precedence, when it came to a reply address or names a
 *                 letter of ours (help desks mark their agents' letters so);
 *   auto_reply    known by words alone, unless more fits;
 * else no: a notice or a receipt is kept at the case it answers, or with
 * the desk's papers, where staff see it, and moves nothing.
 */
static bool
may_case(struct mail_view *view)
{
	const struct ouv_mail *mail = view->mail;
	bool marked;

	switch (mail->kind) {
	case OUV_MAIL_HUMAN:
		return true;
	case OUV_MAIL_LIST:
		return addressed(view) &&
		       (!is_newsletter(mail) || is_answer(mail));
	case OUV_MAIL_BULK:
		marked = mail_has_reason(mail, "Precedence") ||
			 mail_has_reason(mail, "X-Precedence");
		return marked ? answers_us(view) : is_answer(mail);
	case OUV_MAIL_AUTO_REPLY:
		return by_words_alone(mail) && !is_plain_answer(view);
	default:
		return false;
	}
}

void
mail_action(struct mail_view *view)
{
	const char *silent = why_silent(view);

	view->mail->may_case = may_case(view);
	view->mail->may_ack = silent == NULL;
	view->mail->may_ooo = silent == NULL;
	if (silent != NULL && view->mail->kind == OUV_MAIL_HUMAN)
		mail_reason(view,
			ouv_arena_printf(view->arena, "no answer: %s", silent));
}
