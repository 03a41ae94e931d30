/*
 * classify.c - what sort of mail this is, and everything that says so
 *
 * A wrong "human" sends an answer to a machine, a wrong "automatic" loses a
 * person's letter: so every hit is recorded for staff, and the first one in
 * the order below decides.
 */
#include <string.h>
#include <strings.h>

#include "meaning.h"
#include "classify.h"
#include "classify_words.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
#define REASONS_MAX 40
#define REASON_LEN 120 /* of a header's value inside a reason */

/* clang-format off */
static const char *const names[OUV_MAIL_CLASS__COUNT] = {
	[OUV_MAIL_HUMAN] = "human",
	[OUV_MAIL_AUTO_REPLY] = "auto_reply",
	[OUV_MAIL_BOUNCE] = "bounce",
	[OUV_MAIL_DSN] = "dsn",
	[OUV_MAIL_MDN] = "mdn",
	[OUV_MAIL_ARF] = "arf",
	[OUV_MAIL_LIST] = "list",
	[OUV_MAIL_BULK] = "bulk",
	[OUV_MAIL_NOTIFICATION] = "notification",
	[OUV_MAIL_OWN] = "own",
};
/* clang-format on */

const char *
ouv_mail_class_name(enum ouv_mail_class kind)
{
	return (unsigned)kind < OUV_MAIL_CLASS__COUNT ? names[kind] : "human";
}

void
mail_reason(struct mail_view *view, const char *text)
{
	struct ouv_mail *mail = view->mail;

	if (mail->reasons.list == NULL)
		mail->reasons.list = ouv_arena_array(
			view->arena, REASONS_MAX, sizeof(const char *));
	if (mail->reasons.count == REASONS_MAX)
		return;
	for (size_t i = 0; i < mail->reasons.count; i++)
		if (strcmp(mail->reasons.list[i], text) == 0)
			return;
	mail->reasons.list[mail->reasons.count++] = text;
}

void
mail_hit(struct mail_view *view, enum ouv_mail_class kind, const char *reason)
{
	mail_reason(view, reason);
	if (view->mail->kind == OUV_MAIL_HUMAN)
		view->mail->kind = kind;
}

bool
mail_has_reason(const struct ouv_mail *mail, const char *start)
{
	for (size_t i = 0; i < mail->reasons.count; i++)
		if (strncasecmp(mail->reasons.list[i], start, strlen(start)) ==
			0)
			return true;
	return false;
}

/* ---- headers ----------------------------------------------------- */

/* Is text[0..len) one of "a|b|c"?  Or, with part, does it hold one? */
static bool
among(const char *text, size_t len, const char *values, bool part)
{
	for (;;) {
		size_t n = strcspn(values, "|");

		if (part ? memmem(text, len, values, n) != NULL
			 : n == len && memcmp(text, values, n) == 0)
			return true;
		if (values[n] == '\0')
			return false;
		values += n + 1;
	}
}

/* Past blanks and leading "(comments)". */
static const char *
skip_comment(const char *value)
{
	value += strspn(value, " ");
	while (*value == '(') {
		value += strcspn(value, ")");
		value += *value == ')';
		value += strspn(value, " ");
	}
	return value;
}

static bool
value_matches(const struct header_rule *rule, const char *value)
{
	size_t len;

	if (rule->match == THERE)
		return true;
	value = skip_comment(value);
	len = strcspn(value, " ;(,\t");
	switch (rule->match) {
	case IS:
		return among(value, len, rule->values, false);
	case HAS:
		return among(value, strlen(value), rule->values, true);
	case ANY:
	case NAME:
	case THERE:
		break;
	}
	return len > 0 && !among(value, len, "no|false|0|none|nao", false);
}

/* True of equal letters in any case, and of little else. */
static bool
alike(char a, char b)
{
	return (a | 0x20) == (b | 0x20);
}

static bool
name_matches(const struct header_rule *rule, struct ouv_str name)
{
	size_t len;

	/* most rules fail here, and there are many of them */
	if (name.len < 3 || !alike(name.p[0], rule->name[0]) ||
		!alike(name.p[2], rule->name[2]))
		return false;
	len = strlen(rule->name);
	if (rule->match != NAME)
		return mail_name_is(name, rule->name);
	/* "X-Auto-Response-Suppress" only asks not to be answered */
	return name.len >= len && strncasecmp(name.p, rule->name, len) == 0 &&
	       (name.len < 8 ||
		       strncasecmp(name.p + name.len - 8, "suppress", 8) != 0);
}

/* "Name: value", short, in one line. */
static const char *
header_reason(struct mail_view *view, const struct mail_field *field)
{
	struct ouv_str raw = field->raw;
	const char *value;
	size_t len;

	if (raw.len > REASON_LEN)
		raw.len = REASON_LEN;
	value = mail_decode_2047(view->arena, raw, NULL);
	len = strlen(value);
	return ouv_arena_printf(view->arena, "%.*s: %.*s",
		(int)(field->name.len > 60 ? 60 : field->name.len),
		field->name.p, (int)len, value);
}

static void
check_headers(struct mail_view *view)
{
	const struct mail_header *header = &view->message->header;
	char **plain =
		ouv_arena_array(view->arena, header->count, sizeof *plain);

	for (size_t r = 0; r < COUNT(header_rules); r++)
		for (size_t i = 0; i < header->count; i++) {
			const struct mail_field *field = &header->fields[i];
			size_t len = field->raw.len;

			if (!name_matches(&header_rules[r], field->name))
				continue;
			if (plain[i] == NULL)
				plain[i] = mail_plain(view->arena, field->raw.p,
					len > 1000 ? 1000 : len);
			if (value_matches(&header_rules[r], plain[i]))
				mail_hit(view, header_rules[r].kind,
					header_reason(view, field));
		}
}

/* ---- senders ----------------------------------------------------- */

static bool
local_matches(const struct local_rule *rule, const char *local)
{
	switch (rule->match) {
	case EXACTLY:
		return strcmp(local, rule->word) == 0;
	case BEGINS:
		return mail_starts(local, rule->word);
	case ENDS:
		return mail_ends(local, rule->word);
	case HOLDS:
		return strstr(local, rule->word) != NULL;
	}
	return false;
}

static bool
local_among(struct ouv_arena *arena, const char *addr,
	const struct local_rule *rules, size_t count, bool path)
{
	char *local;

	if (addr == NULL || addr[0] == '\0')
		return false;
	local = mail_plain(arena, addr, strcspn(addr, "@"));
	for (char *p = local; *p != '\0'; p++)
		if (*p == '.' || *p == '_')
			*p = '-';
	for (size_t i = 0; i < count; i++)
		if ((path || !rules[i].path_only) &&
			local_matches(&rules[i], local))
			return true;
	return false;
}

bool
mail_is_unread(struct ouv_arena *arena, const char *addr)
{
	const char *domain = mail_domain(addr);
	size_t len = strcspn(domain, ".");

	for (size_t i = 0; i < COUNT(unread_labels); i++)
		if (strlen(unread_labels[i]) == len &&
			strncasecmp(domain, unread_labels[i], len) == 0)
			return true;
	return local_among(
		arena, addr, unread_locals, COUNT(unread_locals), false);
}

static void
check_list_sender(
	struct mail_view *view, const char *name, const char *addr, bool path)
{
	if (local_among(
		    view->arena, addr, list_locals, COUNT(list_locals), path))
		mail_hit(view, OUV_MAIL_LIST,
			ouv_arena_printf(
				view->arena, "%s: %.120s", name, addr));
}

static void
check_senders(struct mail_view *view)
{
	const struct ouv_mail *mail = view->mail;

	for (size_t i = 0; i < mail->from.count; i++)
		check_list_sender(view, "From", mail->from.list[i].addr, false);
	for (size_t i = 0; i < mail->sender.count; i++)
		check_list_sender(
			view, "Sender", mail->sender.list[i].addr, true);
	/* a person whose name looks like a list's writes under it */
	check_list_sender(view, "Return-Path", mail->return_path,
		mail->from.count == 0 || mail->return_path == NULL ||
			strcasecmp(mail->return_path,
				mail->from.list[0].addr) != 0);
}

/* "root (Cron Daemon)": only programs have such names. */
static void
check_name(struct mail_view *view)
{
	const char *name;

	if (view->mail->from.count == 0)
		return;
	name = view->mail->from.list[0].name;
	name = mail_plain(view->arena, name, strlen(name));
	for (size_t i = 0; i < COUNT(program_names); i++)
		if (strstr(name, program_names[i]) != NULL)
			mail_hit(view, OUV_MAIL_NOTIFICATION,
				"From: a program's name");
}

/* An invitation or the answer to one: read by people, answered by none. */
static void
check_calendar(struct mail_view *view)
{
	for (size_t i = 0; i < view->message->count; i++) {
		const struct mail_leaf *leaf = &view->message->nodes[i];
		const char *method;

		if (strcmp(leaf->content_type, "text/calendar") != 0 ||
			strcmp(leaf->disposition, "attachment") == 0)
			continue;
		method = mail_param(&leaf->type, "method");
		if (method != NULL && strcasecmp(method, "publish") != 0)
			mail_hit(view, OUV_MAIL_HUMAN,
				ouv_arena_printf(view->arena,
					"calendar: method=%.20s", method));
	}
}

/* ---- our own, reports -------------------------------------------- */

static void
check_own(struct mail_view *view)
{
	static const char *const loops[] = { "X-Ouvidoria-Loop", "X-Loop" };
	const char *id = view->office->loop_id;
	const struct mail_field *field;

	if (mail_id_is_ours(view->office, view->mail->message_id))
		mail_hit(view, OUV_MAIL_OWN, "Message-ID: ours");
	if (id == NULL || id[0] == '\0')
		return;
	for (size_t i = 0; i < COUNT(loops); i++)
		for (size_t n = 0;
			(field = mail_field_nth(
				 &view->message->header, loops[i], n)) != NULL;
			n++)
			if (field->raw.len == strlen(id) &&
				memcmp(field->raw.p, id, field->raw.len) == 0)
				mail_hit(view, OUV_MAIL_OWN,
					ouv_arena_printf(view->arena,
						"%s: ours", loops[i]));
}

/* From the field itself: the tree has no multipart without its parts. */
const char *
mail_report_type(const struct mail_view *view)
{
	struct ouv_str raw =
		mail_field_raw(&view->message->header, "Content-Type");
	struct mail_params params = { 0 };
	const char *type;

	if (raw.p == NULL)
		return "";
	mail_params_read(view->arena, raw, NULL, &params);
	if (strcmp(params.value, "multipart/report") != 0)
		return "";
	type = mail_param(&params, "report-type");
	return type == NULL || type[0] == '\0' ? "unknown" : type;
}

const struct mail_leaf *
mail_report_leaf(const struct mail_message *message, const char *type)
{
	for (size_t i = 0; i < message->count; i++)
		if (!message->nodes[i].multipart &&
			message->nodes[i].depth <= 2 &&
			strcmp(message->nodes[i].content_type, type) == 0)
			return &message->nodes[i];
	return NULL;
}

/* In any other mail a person passes such a part on. */
static bool
is_report(struct mail_view *view, const char *type, const char *leaf)
{
	const char *given = mail_report_type(view);

	return strcasecmp(given, type) == 0 ||
	       (given[0] != '\0' && mail_report_leaf(view->message, leaf));
}

static void
check_arf(struct mail_view *view)
{
	const struct ouv_mail *mail = view->mail;

	if (is_report(view, "feedback-report", "message/feedback-report"))
		mail_hit(view, OUV_MAIL_ARF, "report-type: feedback-report");
	if (mail->from.count > 0 &&
		strcasecmp(mail->from.list[0].addr, "staff@hotmail.com") == 0 &&
		strncasecmp(mail->subject, "complaint about message", 23) == 0)
		mail_hit(view, OUV_MAIL_ARF, "From: feedback loop");
}

static void
check_mdn(struct mail_view *view)
{
	if (is_report(view, "disposition-notification",
		    "message/disposition-notification") ||
		is_report(view, "disposition-notification",
			"message/global-disposition-notification"))
		mail_hit(view, OUV_MAIL_MDN,
			"report-type: disposition-notification");
}

/* ---- bounces ----------------------------------------------------- */

static void
check_bounce(struct mail_view *view)
{
	enum ouv_mail_class kind = OUV_MAIL_BOUNCE;
	const char *reason;

	if (view->mail->kind != OUV_MAIL_HUMAN)
		return;
	reason = mail_report(view, &kind);
	if (reason == NULL)
		return;
	mail_hit(view, kind, reason);
	if (view->mail->verp != NULL)
		mail_reason(view, "arrived at a bounce address");
}

bool
mail_is_answer(struct mail_view *view)
{
	struct ouv_mail probe = *view->mail;
	struct mail_view look = *view;

	look.mail = &probe;
	probe.reasons.list = NULL;
	probe.reasons.count = 0;
	probe.kind = OUV_MAIL_HUMAN;
	check_headers(&look);
	return probe.kind == OUV_MAIL_AUTO_REPLY ||
	       mail_vacation(view) > VACATION_WORD;
}

/* ---- a person's word ---------------------------------------------- */

/* RFC 3834 5: "no" is a program's word that a person wrote this. */
static bool
says_person(struct mail_view *view)
{
	const struct mail_field *field;
	size_t n = 0;

	while ((field = mail_field_nth(
			&view->message->header, "Auto-Submitted", n)) != NULL) {
		const char *value = skip_comment(
			mail_plain(view->arena, field->raw.p, field->raw.len));

		if (!among(value, strcspn(value, " ;(,\t"), "no", false))
			return false;
		n++;
	}
	return n > 0;
}

/* It outweighs makers' own headers, never structure nor a list. */
static bool
gives_way(enum ouv_mail_class kind)
{
	return kind == OUV_MAIL_HUMAN || kind == OUV_MAIL_AUTO_REPLY ||
	       kind == OUV_MAIL_NOTIFICATION || kind == OUV_MAIL_BULK;
}

void
mail_classify(struct mail_view *view)
{
	view->mail->kind = OUV_MAIL_HUMAN;
	check_own(view);
	check_arf(view);
	check_mdn(view);
	check_bounce(view);
	check_headers(view);
	check_senders(view);
	check_name(view);
	check_calendar(view);
	if (!says_person(view))
		mail_robot(view);
	else if (gives_way(view->mail->kind))
		view->mail->kind = OUV_MAIL_HUMAN;
}
