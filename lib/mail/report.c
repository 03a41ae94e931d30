/*
 * report.c - is this mail the report of a mail system?
 *
 * A person who writes about a failed delivery must never be taken for a
 * machine: words alone decide nothing, they count only from a sender that
 * people do not have.  Structure (RFC 6522) speaks for itself.
 */
#include <string.h>
#include <strings.h>

#include "meaning.h"
#include "classify.h"
#include "report.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
#define BOUNCE_LOCAL "b"
#define BOUNCE_LONG "bounce"

/* clang-format off */
/* Local parts, folded; a mail system's own, "..." stands for any ending. */
static const struct {
	const char *local;
	bool begins;
	enum report_sender sure;
} locals[] = {
	{ "mailer-daemon", true, SENDER_SURE },
	{ "mailer_daemon", true, SENDER_SURE },
	{ "mailerdaemon", true, SENDER_SURE },
	{ "mailer.daemon", true, SENDER_SURE },
	{ "maildaemon", true, SENDER_SURE },
	{ "mail-daemon", true, SENDER_SURE },
	{ "mail_daemon", true, SENDER_SURE },
	{ "double-bounce", false, SENDER_SURE },
	{ "microsoftexchange329e71ec88ae4615bbc36ab6ce41109e", false, SENDER_SURE },
	{ "mdaemon", false, SENDER_LIKELY },
	{ "postmaster", true, SENDER_LIKELY },
	{ "post_master", true, SENDER_LIKELY },
	{ "post-master", true, SENDER_LIKELY },
	{ "mailsystem", false, SENDER_LIKELY },
	{ "mail-system", false, SENDER_LIKELY },
	{ "bounce-notification", true, SENDER_LIKELY },
};

/* Parts of display names, folded. */
static const struct {
	const char *words;
	enum report_sender sure;
} systems[] = {
	{ "mail delivery subsystem", SENDER_SURE },
	{ "mail delivery system", SENDER_SURE },
	{ "mail deliver system", SENDER_SURE },
	{ "mailer-daemon", SENDER_SURE },
	{ "mailer daemon", SENDER_SURE },
	{ "internet mail delivery", SENDER_SURE },
	{ "postmaster", SENDER_LIKELY },
	{ "delivery status notif", SENDER_LIKELY },
	{ "mail delivery", SENDER_PERHAPS },
	{ "mail administrator", SENDER_PERHAPS },
	{ "mail system", SENDER_PERHAPS },
	{ "mail server", SENDER_PERHAPS },
	{ "mail router", SENDER_PERHAPS },
	{ "mailserver", SENDER_PERHAPS },
	{ "system administrator", SENDER_PERHAPS },
	{ "administrador do sistema", SENDER_PERHAPS },
	{ "administrador del sistema", SENDER_PERHAPS },
	{ "administrateur systeme", SENDER_PERHAPS },
	{ "systemadministrator", SENDER_PERHAPS },
	{ "amministratore di sistema", SENDER_PERHAPS },
	{ "internet mail service", SENDER_PERHAPS },
	{ "returned mail", SENDER_PERHAPS },
	{ "undeliverable", SENDER_PERHAPS },
	{ "interscan", SENDER_PERHAPS },
	{ "mdaemon", SENDER_PERHAPS },
	{ "groupwise", SENDER_PERHAPS },
	{ "email delivery", SENDER_PERHAPS },
	{ "mail gateway", SENDER_PERHAPS },
	{ "smtp gateway", SENDER_PERHAPS },
	{ "security gateway", SENDER_PERHAPS },
	{ "mail filter", SENDER_PERHAPS },
	{ "mail transfer", SENDER_PERHAPS },
	{ "smtp server", SENDER_PERHAPS },
	{ "messaging server", SENDER_PERHAPS },
	{ "surfcontrol", SENDER_PERHAPS },
	{ "mailmarshal", SENDER_PERHAPS },
	{ "sistema de correio", SENDER_PERHAPS },
};
/* clang-format on */

/* Local parts of programs that report, among other things. */
static const char *const machines[] = {
	"sysadmin",
	"administrator",
	"admin",
	"system",
	"mail",
	"email",
	"smtp",
	"mta",
	"mailadmin",
	"mail-admin",
	"mailgate",
	"gateway",
};

/* The reverse path; some systems deliver "<>" as <MAILER-DAEMON>. */
enum path {
	PATH_UNKNOWN,
	PATH_EMPTY,
	PATH_SOMEBODY
};

static enum path
path_of(const struct ouv_mail *mail)
{
	const char *path = mail->return_path;

	if (path == NULL)
		return PATH_UNKNOWN;
	return path[0] == '\0' || strncasecmp(path, "mailer-daemon", 13) == 0
		       ? PATH_EMPTY
		       : PATH_SOMEBODY;
}

static enum report_sender
sender_by_local(const char *local)
{
	for (size_t i = 0; i < COUNT(locals); i++)
		if (locals[i].begins ? mail_starts(local, locals[i].local)
				     : strcmp(local, locals[i].local) == 0)
			return locals[i].sure;
	return SENDER_PERSON;
}

static enum report_sender
sender_by_name(const char *name)
{
	for (size_t i = 0; i < COUNT(systems); i++)
		if (strstr(name, systems[i].words) != NULL)
			return systems[i].sure;
	return SENDER_PERSON;
}

/* With an empty reverse path: an address that no person writes from. */
static bool
is_machine(struct mail_view *view, const char *addr, const char *local)
{
	if (addr[0] == '\0' || mail_is_unread(view->arena, addr))
		return true;
	for (size_t i = 0; i < COUNT(machines); i++)
		if (strcmp(local, machines[i]) == 0)
			return true;
	return false;
}

static enum report_sender
sender_of(struct mail_view *view)
{
	const struct ouv_mail *mail = view->mail;
	bool empty = path_of(mail) == PATH_EMPTY;
	enum report_sender sure, by_name;
	const char *addr, *shown, *local;

	if (mail->from.count == 0)
		return empty ? SENDER_PERHAPS : SENDER_PERSON;
	addr = mail->from.list[0].addr;
	shown = mail->from.list[0].name;
	local = mail_plain(view->arena, addr, strcspn(addr, "@"));
	sure = sender_by_local(local);
	by_name = sender_by_name(mail_plain(view->arena, shown, strlen(shown)));
	if (by_name > sure)
		sure = by_name;
	if (sure == SENDER_PERSON && empty && is_machine(view, addr, local))
		return SENDER_PERHAPS;
	return sure;
}

static bool
names_failed(const struct mail_view *view)
{
	return mail_field_raw(&view->message->header, "X-Failed-Recipients")
		       .p != NULL;
}

/*
 * Does a person send this?  Somebody who passes a report on to us has a
 * return path; a mail system that reports has none (RFC 5321 6.1).
 */
static bool
is_passed_on(const struct mail_view *view, enum report_sender sender)
{
	enum path path = path_of(view->mail);

	if (mail_report_type(view)[0] != '\0' || sender > SENDER_PERSON)
		return false;
	/* nothing could make the other one a report: no need to read on */
	return path == PATH_SOMEBODY ||
	       (path == PATH_UNKNOWN && !names_failed(view) &&
		       view->mail->verp == NULL);
}

/*
 * Do the words of such a sender make it a report?  The less sure the sender,
 * the more they must say; beside: a recipient stands beside a reply.
 */
static bool
words_suffice(enum report_sender sender, enum path path,
	const struct report_words *words, bool beside)
{
	bool said = words->opening || words->subject;
	bool empty = path == PATH_EMPTY;

	if (sender == SENDER_PERSON)
		return false;
	if (words->certain && (empty || sender >= SENDER_LIKELY || beside))
		return true;
	if (sender >= SENDER_LIKELY)
		return words->opening ? words->copy || beside || empty
				      : words->subject && (beside || empty);
	return sender == SENDER_PERHAPS && path != PATH_SOMEBODY && said &&
	       (beside || (words->copy && empty));
}

/* One of the failed recipients makes it a bounce (RFC 3464 2.3.3). */
static enum ouv_mail_class
kind_of(const struct ouv_mail *mail)
{
	for (size_t i = 0; i < mail->dsn_count; i++)
		if (strcmp(mail->dsn[i].action, "failed") == 0)
			return OUV_MAIL_BOUNCE;
	return mail->dsn_count > 0 ? OUV_MAIL_DSN : OUV_MAIL_BOUNCE;
}

/* ---- what is missing still --------------------------------------- */

/* To whom our letter went: the best guess when the report names nobody. */
static const char *
returned_to(struct mail_view *view, const struct mail_header *header)
{
	static const char *const fields[] = { "To", "Cc" };

	for (size_t i = 0; i < COUNT(fields); i++) {
		struct ouv_str raw = mail_field_raw(header, fields[i]);
		struct ouv_mail_addrs addrs = { 0, NULL };

		if (raw.p == NULL)
			continue;
		mail_addresses(view->arena, raw, "utf-8", &addrs);
		if (addrs.count == 1 && ouv_mail_addr_ok(addrs.list[0].addr))
			return addrs.list[0].addr;
	}
	return "";
}

/* "b+NAME@" where our letter says it came from. */
static const char *
returned_verp(struct mail_view *view, const struct mail_header *header)
{
	static const char *const fields[] = { "Return-Path", "Sender",
		"X-Envelope-From", "Errors-To" };

	for (size_t i = 0; i < COUNT(fields); i++) {
		struct ouv_str raw = mail_field_raw(header, fields[i]);
		struct ouv_mail_addrs addrs = { 0, NULL };
		const char *name;

		if (raw.p == NULL)
			continue;
		mail_addresses(view->arena, raw, NULL, &addrs);
		name = addrs.count == 0
			       ? NULL
			       : mail_plus_name(view->arena, view->office,
					 BOUNCE_LOCAL, addrs.list[0].addr);
		if (name != NULL)
			return name;
	}
	return NULL;
}

/* A report to "bounce+NAME@" came to us all the same. */
static const char *
long_verp(struct mail_view *view)
{
	const struct ouv_mail *mail = view->mail;
	const struct ouv_mail_addrs *places[] = { &mail->delivered_to,
		&mail->to };

	for (size_t i = 0; i < COUNT(places); i++)
		for (size_t k = 0; k < places[i]->count; k++) {
			const char *name =
				mail_plus_name(view->arena, view->office,
					BOUNCE_LONG, places[i]->list[k].addr);

			if (name != NULL)
				return name;
		}
	return NULL;
}

static void
complete(struct mail_view *view, const struct report_words *words)
{
	struct ouv_mail *mail = view->mail;
	struct mail_header returned = { 0 };
	bool known = report_returned(view, words->len, &returned);
	struct mail_cause why;

	mail->has_dsn = true;
	if (mail->dsn_count == 0) {
		struct ouv_str text = { mail->text, words->len };
		const char *addr = known ? returned_to(view, &returned) : "";

		mail_cause(view->arena, NULL, text,
			strcmp(words->action, "delayed") == 0, &why);
		if (addr[0] != '\0' || why.status[0] != '\0' ||
			words->opening || words->certain)
			mail_dsn_add(
				view->arena, mail, addr, words->action, &why);
	}
	for (size_t i = 0; i < mail->dsn_count; i++)
		if (mail->dsn[i].addr[0] == '\0' && known)
			mail->dsn[i].addr = returned_to(view, &returned);
	mail_dsn_verdict(mail);
	mail->dsn_original_id = mail_original_id(view);
	if (mail->dsn_original_id == NULL && mail->in_reply_to.count > 0)
		mail->dsn_original_id = mail->in_reply_to.list[0];
	if (mail->verp == NULL && known)
		mail->verp = returned_verp(view, &returned);
}

/* ---- the decision ------------------------------------------------ */

/* Why its words make it a report; NULL: they do not. */
static const char *
by_words(struct mail_view *view, enum report_sender sender, bool answer,
	const struct report_words *words)
{
	struct ouv_mail *mail = view->mail;
	enum path path = path_of(mail);
	bool beside;

	if (answer && sender < SENDER_LIKELY && !names_failed(view))
		return NULL; /* it went to the return path: RFC 3834 4 */
	if (names_failed(view)) {
		report_header_recipients(view, words);
		return "X-Failed-Recipients: of a mail system";
	}
	beside = report_recipients(view, words);
	if (words_suffice(sender, path, words, beside))
		return "body: report of a mail system";
	if (sender == SENDER_SURE ||
		(sender == SENDER_LIKELY && path == PATH_EMPTY && !answer))
		return "From: a mail system";
	if (mail->verp != NULL && !answer && path != PATH_SOMEBODY)
		return "arrived at a bounce address";
	mail->dsn_count = 0;
	mail->has_dsn = false;
	return NULL;
}

const char *
mail_report(struct mail_view *view, enum ouv_mail_class *kind_out)
{
	struct ouv_mail *mail = view->mail;
	enum report_sender sender = sender_of(view);
	const char *verp = mail->verp, *reason = NULL;
	struct report_words words;

	if (report_json(view, kind_out))
		return "body: JSON of a mail service";
	if (verp == NULL)
		mail->verp = long_verp(view);
	if (!is_passed_on(view, sender)) {
		report_words(view, &words);
		bool trusted = sender >= SENDER_LIKELY ||
			       (sender == SENDER_PERHAPS &&
				       path_of(mail) != PATH_SOMEBODY);

		if (mail_dsn_read(view, trusted || path_of(mail) == PATH_EMPTY,
			    trusted)) {
			reason = "report-type: delivery-status";
			if (mail->dsn_count == 0)
				(void)report_recipients(view, &words);
		} else {
			reason = by_words(
				view, sender, mail_is_answer(view), &words);
		}
	}
	if (reason == NULL) {
		mail->verp = verp;
		return NULL;
	}
	complete(view, &words);
	*kind_out = kind_of(mail);
	return reason;
}
