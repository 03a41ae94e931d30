/*
 * dsn.c - delivery reports: who was not reached, for how long, which letter
 *
 * RFC 3464 reports.  The bounces of mailers that do not write them are in
 * bounce.c.
 */
#include <string.h>
#include <strings.h>

#include "meaning.h"
#include "classify.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
#define FIELD_TEXT 400 /* bytes of a report's field that are looked at */

/* Actions of RFC 3464 2.3.3 and what they make of the letter. */
static const char *const actions[] = {
	"failed",
	"delayed",
	"delivered",
	"relayed",
	"expanded",
};

/* clang-format off */
/* "Later" although the class says "never". */
static const char *const soft_statuses[] = {
	"5.2.2", /* mailbox full (RFC 3463 3.3) */
};

static const char *const full_words[] = {
	"mailbox full", "mailbox is full", "over quota", "quota exceeded",
	"exceeded quota", "overquota", "exceeded storage", "caixa cheia",
	"caixa postal cheia", "casella piena", "casella postale piena",
	"out of storage", "insufficient storage", "mailbox size limit",
	"buzon lleno", "boite pleine", "postfach voll",
};

static const char *const status_leaves[] = {
	"message/delivery-status", "message/global-delivery-status",
};

static const char *const original_leaves[] = {
	"message/rfc822", "text/rfc822-headers", "message/rfc822-headers",
	"message/global", "message/global-headers",
};
/* clang-format on */

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* "5.1.1" at p (RFC 3463 2); its length, 0: none. */
static size_t
status_len(const char *p, const char *end)
{
	size_t groups[3] = { 0, 0, 0 }, group = 0;
	const char *start = p;

	if (end - p < 5 || (*p != '2' && *p != '4' && *p != '5') || p[1] != '.')
		return 0;
	for (; p < end; p++) {
		if (is_digit(*p))
			groups[group]++;
		else if (*p == '.' && group < 2 && p + 1 < end &&
			 is_digit(p[1]))
			group++;
		else
			break;
	}
	if (group != 2 || groups[1] > 3 || groups[2] > 3)
		return 0;
	return p < end && *p == '.' && p + 1 < end && is_digit(p[1])
		       ? 0
		       : (size_t)(p - start);
}

const char *
mail_status_find(struct ouv_arena *arena, const char *text, size_t len)
{
	const char *end = text + len;

	for (const char *p = text; p < end; p++) {
		size_t n;

		if (p > text && (is_digit(p[-1]) || p[-1] == '.'))
			continue;
		n = status_len(p, end);
		if (n > 0)
			return ouv_arena_strndup(arena, p, n);
	}
	return NULL;
}

/* "550 ..." without an enhanced status says only the class. */
static const char *
smtp_class(const char *text, size_t len)
{
	for (size_t i = 0; i + 3 <= len; i++) {
		if ((i > 0 && (is_digit(text[i - 1]) || text[i - 1] == '.')) ||
			!is_digit(text[i + 1]) || !is_digit(text[i + 2]) ||
			(i + 3 < len && text[i + 3] != ' ' &&
				text[i + 3] != '-'))
			continue;
		if (text[i] == '5')
			return "5.0.0";
		if (text[i] == '4')
			return "4.0.0";
	}
	return NULL;
}

/* Enhanced status, else words for a full mailbox, else the reply code. */
const char *
mail_status_guess(struct ouv_arena *arena, const char *text, size_t len)
{
	const char *status = mail_status_find(arena, text, len);
	const char *plain;

	if (status != NULL && !mail_ends(status, ".0.0"))
		return status;
	plain = mail_plain(arena, text, len);
	for (size_t i = 0; i < COUNT(full_words); i++)
		if (strstr(plain, full_words[i]) != NULL)
			return "5.2.2";
	return status != NULL ? status : smtp_class(text, len);
}

static bool
is_soft(const char *status)
{
	if (status[0] != '5')
		return true;
	for (size_t i = 0; i < COUNT(soft_statuses); i++)
		if (strcmp(status, soft_statuses[i]) == 0)
			return true;
	return false;
}

void
mail_dsn_verdict(struct ouv_mail *mail)
{
	bool soft = false, unknown = false;

	mail->dsn_hard = -1;
	for (size_t i = 0; i < mail->dsn_count; i++) {
		const struct ouv_mail_dsn_rcpt *rcpt = &mail->dsn[i];

		if (strcmp(rcpt->action, "delayed") == 0) {
			soft = true;
		} else if (strcmp(rcpt->action, "failed") == 0) {
			if (rcpt->status[0] == '\0')
				unknown = true;
			else if (is_soft(rcpt->status))
				soft = true;
			else
				mail->dsn_hard = 1;
		}
	}
	if (mail->dsn_hard != 1 && soft && !unknown)
		mail->dsn_hard = 0;
}

void
mail_dsn_add(struct ouv_arena *arena, struct ouv_mail *mail, const char *addr,
	const char *action, const char *status)
{
	if (mail->dsn == NULL)
		mail->dsn = ouv_arena_array(
			arena, MAIL_ADDRS_MAX, sizeof *mail->dsn);
	if (mail->dsn_count == MAIL_ADDRS_MAX)
		return;
	mail->dsn[mail->dsn_count++] =
		(struct ouv_mail_dsn_rcpt){ addr, action, status, "" };
	mail->has_dsn = true;
}

/* ---- fields of a report ------------------------------------------ */

static struct ouv_str
field_text(const struct mail_header *header, const char *name)
{
	struct ouv_str raw = mail_field_raw(header, name);

	if (raw.p == NULL)
		return (struct ouv_str){ "", 0 };
	if (raw.len > FIELD_TEXT)
		raw.len = FIELD_TEXT;
	return raw;
}

/* "rfc822; ana@x.example" without the type; "" when there is none. */
static const char *
report_addr(struct ouv_arena *arena, const struct mail_header *header,
	const char *name)
{
	struct ouv_str raw = field_text(header, name);
	const char *semi = raw.len ? memchr(raw.p, ';', raw.len) : NULL;
	struct ouv_mail_addrs addrs = { 0, NULL };

	if (semi != NULL) {
		raw.len -= (size_t)(semi + 1 - raw.p);
		raw.p = semi + 1;
	}
	raw = mail_trim(raw);
	if (raw.len == 0)
		return "";
	mail_addresses(arena, raw, NULL, &addrs);
	return addrs.count > 0 ? addrs.list[0].addr : "";
}

/* The keyword, if it is one; else what the status says. */
static const char *
report_action(struct ouv_arena *arena, const struct mail_header *header,
	const char *status)
{
	struct ouv_str raw = field_text(header, "Action");
	const char *word = mail_plain(arena, raw.p, raw.len);

	for (size_t i = 0; i < COUNT(actions); i++)
		if (mail_starts(word, actions[i]))
			return actions[i];
	if (status[0] == '2')
		return "delivered";
	return status[0] == '4' ? "delayed" : "failed";
}

static const char *
report_status(struct ouv_arena *arena, const struct mail_header *header)
{
	struct ouv_str raw = field_text(header, "Status");
	const char *status = mail_status_find(arena, raw.p, raw.len), *more;

	if (status != NULL && !mail_ends(status, ".0.0"))
		return status;
	raw = field_text(header, "Diagnostic-Code");
	more = mail_status_guess(arena, raw.p, raw.len);
	if (more != NULL && (status == NULL || more[0] == status[0]))
		return more;
	return status != NULL ? status : "";
}

/* One group of fields; the first one is about the message as a whole. */
static void
read_group(struct ouv_arena *arena, const struct mail_header *header,
	struct ouv_mail *mail)
{
	const char *addr, *status;

	addr = report_addr(arena, header, "Final-Recipient");
	if (addr[0] == '\0')
		addr = report_addr(arena, header, "Original-Recipient");
	if (addr[0] == '\0' && mail_field_raw(header, "Action").p == NULL &&
		mail_field_raw(header, "Status").p == NULL)
		return;
	status = report_status(arena, header);
	mail_dsn_add(arena, mail, addr, report_action(arena, header, status),
		status);
}

void
mail_dsn_fields(
	struct ouv_arena *arena, struct ouv_str text, struct ouv_mail *mail)
{
	const char *p = text.p, *end = text.p + text.len;

	while (p < end && mail->dsn_count < MAIL_ADDRS_MAX) {
		struct mail_header header = { 0 };

		while (p < end && (*p == '\r' || *p == '\n' || *p == ' '))
			p++;
		if (p == end)
			break;
		mail_header_split(arena, p, (size_t)(end - p), &header);
		read_group(arena, &header, mail);
		p += header.length > 0 ? header.length : 1;
		if (header.length == 0 && header.count == 0)
			break; /* no fields at all: this is no report */
	}
	mail_dsn_verdict(mail);
}

/* ---- the letter it is about -------------------------------------- */

static const char *
first_id(struct ouv_arena *arena, struct ouv_str raw)
{
	struct ouv_mail_ids ids = { 0, NULL };

	if (raw.p == NULL)
		return NULL;
	mail_ids(arena, raw, &ids);
	return ids.count > 0 ? ids.list[0] : NULL;
}

/* "Message-ID: <...>" in a letter that was copied into the text. */
static const char *
id_in_text(struct ouv_arena *arena, const char *text)
{
	for (const char *p = text; *p != '\0'; p += *p == '\n') {
		size_t len = strcspn(p, "\n"), skip = strspn(p, "> \t");

		if (strncasecmp(p + skip, "message-id:", 11) == 0) {
			struct ouv_str raw = { p + skip + 11, len - skip - 11 };
			const char *id;

			/* a long id is folded onto the next line */
			if (memchr(raw.p, '<', raw.len) == NULL &&
				p[len] == '\n')
				raw.len += 1 + strcspn(p + len + 1, "\n");
			id = first_id(arena, mail_trim(raw));
			if (id != NULL)
				return id;
		}
		p += len;
	}
	return NULL;
}

static const char *
field_of_leaf(
	struct mail_view *view, const struct mail_leaf *leaf, const char *name)
{
	struct ouv_str bytes =
		mail_leaf_bytes(view->arena, view->message, leaf);
	struct mail_header header = { 0 };

	if (bytes.len == 0)
		return NULL;
	mail_header_split(view->arena, bytes.p, bytes.len, &header);
	return first_id(view->arena, mail_field_raw(&header, name));
}

const char *
mail_original_id(struct mail_view *view)
{
	const struct mail_leaf *leaf;
	const char *id;

	leaf = mail_report_leaf(
		view->message, "message/disposition-notification");
	if (leaf != NULL) {
		id = field_of_leaf(view, leaf, "Original-Message-ID");
		if (id != NULL)
			return id;
	}
	for (size_t i = 0; i < COUNT(original_leaves); i++) {
		leaf = mail_report_leaf(view->message, original_leaves[i]);
		id = leaf == NULL ? NULL
				  : field_of_leaf(view, leaf, "Message-ID");
		if (id != NULL)
			return id;
	}
	return id_in_text(view->arena, view->mail->text);
}

/* ---- finding it -------------------------------------------------- */

static bool
is_status(const struct mail_leaf *leaf)
{
	for (size_t i = 0; i < COUNT(status_leaves); i++)
		if (!leaf->multipart && leaf->depth <= 2 &&
			strcmp(leaf->content_type, status_leaves[i]) == 0)
			return true;
	return false;
}

/* Some mailers label their words as a report too: the first that names. */
bool
mail_dsn_read(struct mail_view *view)
{
	const struct mail_message *message = view->message;
	struct ouv_mail *mail = view->mail;
	bool found = strcasecmp(mail_report_type(view), "delivery-status") == 0;

	for (size_t i = 0; i < message->count && mail->dsn_count == 0; i++) {
		if (!is_status(&message->nodes[i]))
			continue;
		found = true;
		mail_dsn_fields(view->arena,
			mail_leaf_bytes(
				view->arena, message, &message->nodes[i]),
			mail);
	}
	if (!found)
		return false;
	mail->has_dsn = true;
	mail_dsn_verdict(mail);
	mail->dsn_original_id = mail_original_id(view);
	return true;
}
