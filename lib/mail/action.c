/*
 * action.c - what may be done with a mail, before caps are asked
 *
 * An answer to a machine can start a loop, an answer to a forged sender
 * annoys a stranger: so it takes every condition below to permit one
 * (RFC 3834 2, RFC 5230 4.5 and 4.6).  A case takes much less: a person's
 * letter is never refused for what its headers ask.
 */
#include <string.h>
#include <strings.h>

#include "meaning.h"
#include "classify.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
#define RECEIVED_MAX 50 /* hops: more is a loop (RFC 5321 6.3: 100) */

/* Fields whose presence alone forbids an automatic answer. */
static const char *const silencing[] = {
	"List-Id",
	"List-Help",
	"List-Unsubscribe",
	"List-Post",
	"List-Owner",
	"List-Subscribe",
	"List-Archive",
	"X-Loop",
	"X-RT-Loop-Prevention",
	"X-OTRS-Loop",
	"X-Zammad-Loop",
	"X-Ouvidoria-Loop",
	"X-Failed-Recipients",
	"X-Autoreply-Loop",
};

/* ---- conditions -------------------------------------------------- */

static bool
silenced(struct mail_view *view, const char **why_out)
{
	const struct mail_header *header = &view->message->header;
	size_t received = 0;

	for (size_t i = 0; i < COUNT(silencing); i++)
		if (mail_field_raw(header, silencing[i]).p != NULL) {
			*why_out = silencing[i];
			return true;
		}
	for (size_t i = 0; i < header->count; i++)
		received += mail_name_is(header->fields[i].name, "Received");
	*why_out = "Received: too many";
	return received > RECEIVED_MAX;
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
				strstr(value, "oof") != NULL)
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

/* RFC 5230 4.5: who was not addressed does not answer. */
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

/* Why no automatic answer may go out; NULL: one may. */
static const char *
why_silent(struct mail_view *view)
{
	const struct ouv_mail *mail = view->mail;
	const char *why, *from;

	if (mail->kind != OUV_MAIL_HUMAN)
		return ouv_mail_class_name(mail->kind);
	if (mail->from.count != 1)
		return mail->from.count == 0 ? "no From" : "several in From";
	from = mail->from.list[0].addr;
	if (!ouv_mail_addr_ok(from))
		return "From is no address";
	if (mail_is_ours(view->office, from))
		return "From is ours";
	if (mail_is_unread(view->arena, from))
		return "From is not read by anybody";
	if (mail->return_path != NULL && mail->return_path[0] == '\0')
		return "Return-Path: <>";
	if (mail->return_path != NULL &&
		!domains_agree(
			mail_domain(mail->return_path), mail_domain(from)))
		return "Return-Path and From differ";
	if (mail->return_path != NULL &&
		mail_is_unread(view->arena, mail->return_path))
		return "Return-Path is not read by anybody";
	if (!addressed(view))
		return "not addressed to us";
	if (suppressed(view))
		return "X-Auto-Response-Suppress";
	if (silenced(view, &why))
		return why;
	if (forged(view))
		return "Authentication-Results: fail";
	return is_junk(view) ? "X-Spam-Flag" : NULL;
}

/* ---- cases ------------------------------------------------------- */

static bool
has_reason(const struct ouv_mail *mail, const char *start)
{
	for (size_t i = 0; i < mail->reasons.count; i++)
		if (strncasecmp(mail->reasons.list[i], start, strlen(start)) ==
			0)
			return true;
	return false;
}

/* A program's answer known by its subject alone, to a mail of ours. */
static bool
is_plain_answer(struct mail_view *view)
{
	const struct ouv_mail *mail = view->mail;

	return mail_vacation(view) == VACATION_YES &&
	       (mail->thread_ids.count > 0 || mail->token != NULL);
}

/*
 * May it open a case or join one as a letter?  Where a person may have
 * written it, yes: a list that we are addressed through, a help desk's
 * letter to a case, a subject that only looks automatic.
 */
static bool
may_case(struct mail_view *view)
{
	const struct ouv_mail *mail = view->mail;

	switch (mail->kind) {
	case OUV_MAIL_HUMAN:
		return true;
	case OUV_MAIL_LIST:
		return view->office->address != NULL && addressed(view);
	case OUV_MAIL_BULK:
		return mail->token != NULL && !has_reason(mail, "Precedence") &&
		       !has_reason(mail, "X-Precedence");
	case OUV_MAIL_AUTO_REPLY:
		return mail->reasons.count == 1 &&
		       has_reason(mail, "Subject:") && !is_plain_answer(view);
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
