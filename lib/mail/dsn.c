/*
 * dsn.c - delivery reports: who was not reached, for how long, and why
 *
 * The fields of RFC 3464 (and 6533) wherever and however they are written.
 * Which letter a report is about is in original.c; reports in words are read
 * by bounce.c.
 */
#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "meaning.h"
#include "classify.h"
#include "report.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
#define FIELD_TEXT 1000 /* bytes of a report's field that are looked at */
/* bytes of a report's fields: 200 recipients take less than a tenth */
#define STATUS_MAX ((size_t)1024 * 1024)

/* clang-format off */
/* How actions begin, folded (RFC 3464 2.3.3; the others are mistakes). */
static const struct {
	const char *begins, *action;
} actions[] = {
	{ "fail", "failed" },           { "delay", "delayed" },
	{ "deliver", "delivered" },     { "relay", "relayed" },
	{ "expan", "expanded" },        { "expired", "failed" },
	{ "deferred", "delayed" },      { "transient", "delayed" },
	{ "undeliver", "failed" },      { "bounced", "failed" },
	{ "rejected", "failed" },       { "permanent", "failed" },
	{ "success", "delivered" },     { "falh", "failed" },
	{ "fallit", "failed" },         { "fehl", "failed" },
	{ "echec", "failed" },          { "echou", "failed" },
	{ "error", "failed" },          { "erro", "failed" },
};

/* What is known of one recipient, field by field. */
struct group {
	struct ouv_str final, original, actual, action, status, code, more;
};

static const struct {
	const char *name;
	size_t at;
} group_fields[] = {
	{ "Final-Recipient", offsetof(struct group, final) },
	{ "Original-Recipient", offsetof(struct group, original) },
	{ "X-Actual-Recipient", offsetof(struct group, actual) },
	{ "Action", offsetof(struct group, action) },
	{ "Status", offsetof(struct group, status) },
	{ "Diagnostic-Code", offsetof(struct group, code) },
	{ "X-Diagnostic-Code", offsetof(struct group, code) },
	{ "X-Supplementary-Info", offsetof(struct group, more) },
	{ "X-PowerMTA-BounceCategory", offsetof(struct group, more) },
	{ "X-Reason", offsetof(struct group, more) },
	{ "Reason", offsetof(struct group, more) },
};
/* clang-format on */

/* A report on its way through its blocks of fields. */
struct reading {
	struct ouv_arena *arena, *scratch;
	struct ouv_mail *mail;
	struct group group;
};

/* ---- hard or soft ------------------------------------------------ */

/* Later, perhaps: class 4, and a mailbox that is only full (RFC 3463). */
static bool
is_soft(const struct ouv_mail_dsn_rcpt *rcpt)
{
	return rcpt->status[0] != '5' || strcmp(rcpt->cause, "full") == 0;
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
			else if (is_soft(rcpt))
				soft = true;
			else
				mail->dsn_hard = 1;
		}
	}
	if (mail->dsn_hard != 1 && soft && !unknown)
		mail->dsn_hard = 0;
}

/* All places are taken, a failure among them: more would change nothing. */
static bool
is_all_told(const struct ouv_mail *mail)
{
	return mail->dsn_count == MAIL_ADDRS_MAX &&
	       strcmp(mail->dsn[MAIL_ADDRS_MAX - 1].action, "failed") == 0;
}

/* The place for one more; when all are taken, that of one who got it. */
static struct ouv_mail_dsn_rcpt *
place(struct ouv_arena *arena, struct ouv_mail *mail, const char *action)
{
	if (mail->dsn == NULL)
		mail->dsn = ouv_arena_array(
			arena, MAIL_ADDRS_MAX, sizeof *mail->dsn);
	if (mail->dsn_count < MAIL_ADDRS_MAX)
		return &mail->dsn[mail->dsn_count++];
	return strcmp(action, "failed") == 0 && !is_all_told(mail)
		       ? &mail->dsn[MAIL_ADDRS_MAX - 1]
		       : NULL;
}

void
mail_dsn_add(struct ouv_arena *arena, struct ouv_mail *mail, const char *addr,
	const char *action, const struct mail_cause *why)
{
	struct ouv_mail_dsn_rcpt *rcpt = place(arena, mail, action);
	bool wrong =
		strcmp(action, "failed") == 0 || strcmp(action, "delayed") == 0;

	if (rcpt == NULL)
		return;
	*rcpt = (struct ouv_mail_dsn_rcpt){ addr, action, why->status,
		wrong ? why->cause : "" };
	mail->has_dsn = true;
}

/* ---- fields of a report ------------------------------------------ */

static struct ouv_str
shortened(struct ouv_str raw)
{
	if (raw.p == NULL)
		return (struct ouv_str){ "", 0 };
	if (raw.len > FIELD_TEXT)
		raw.len = FIELD_TEXT;
	return raw;
}

static int
hex_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Puts the character of "\x{E9}" at p (RFC 6533 3); bytes of the escape. */
static size_t
unescape(const char *p, const char *end, struct ouv_buf *out)
{
	uint32_t code = 0;
	const char *q = p + 3;
	char utf8[4];

	if (end - p < 5 || memcmp(p, "\\x{", 3) != 0)
		return 0;
	for (; q < end && hex_of(*q) >= 0 && q - p < 9; q++)
		code = code << 4 | (uint32_t)hex_of(*q);
	if (q == end || *q != '}' || code <= 0x20 || code > 0x10FFFF ||
		(code >= 0xD800 && code < 0xE000))
		return 0;
	ouv_buf_add(out, utf8, mail_utf8_put(code, utf8));
	return (size_t)(q + 1 - p);
}

/* Escapes of RFC 6533 and the "(a)" for '@' of X.400 (RFC 2156 3.1). */
static struct ouv_str
plain_addr(struct ouv_arena *arena, struct ouv_str raw)
{
	const char *p = raw.p, *end = raw.p + raw.len;
	struct ouv_buf out;

	ouv_buf_init(&out, arena, raw.len + 1);
	while (p < end) {
		size_t n = *p == '\\' ? unescape(p, end, &out) : 0;

		if (n == 0 && end - p >= 3 && strncasecmp(p, "(a)", 3) == 0) {
			ouv_buf_char(&out, '@');
			n = 3;
		} else if (n == 0) {
			ouv_buf_char(&out, *p);
			n = 1;
		}
		p += n;
	}
	return (struct ouv_str){ out.data, out.len };
}

/* The address behind "RFC-822=" of an X.400 name, the whole if none. */
static struct ouv_str
inside_x400(struct ouv_str raw)
{
	static const char *const marks[] = { "RFC-822=", "RFC822=", "SMTP=" };

	for (size_t i = 0; i < COUNT(marks); i++) {
		size_t len = strlen(marks[i]);

		for (size_t k = 0; k + len < raw.len; k++)
			if (strncasecmp(raw.p + k, marks[i], len) == 0) {
				raw.p += k + len;
				raw.len -= k + len;
				for (k = 0; k < raw.len; k++)
					if (strchr("/;,", raw.p[k]) != NULL)
						raw.len = k;
				return raw;
			}
	}
	return raw;
}

/* "rfc822; ana@x.example" without the type; "" when there is none. */
static const char *
report_addr(struct ouv_arena *arena, struct ouv_str raw)
{
	struct ouv_mail_addrs addrs = { 0, NULL };
	const char *semi;

	raw = shortened(raw);
	semi = raw.len ? memchr(raw.p, ';', raw.len) : NULL;
	if (semi != NULL) {
		raw.len -= (size_t)(semi + 1 - raw.p);
		raw.p = semi + 1;
	}
	raw = mail_trim(raw);
	if (raw.len == 0)
		return "";
	if (memchr(raw.p, '\\', raw.len) || memmem(raw.p, raw.len, "(a)", 3))
		raw = plain_addr(arena, raw);
	mail_addresses(arena, inside_x400(raw), "utf-8", &addrs);
	return addrs.count > 0 ? addrs.list[0].addr : "";
}

/* The one that is an address; else whatever was said at all. */
static const char *
group_addr(struct ouv_arena *arena, const struct group *group)
{
	const struct ouv_str places[] = { group->final, group->original,
		group->actual };
	const char *any = "";

	for (size_t i = 0; i < COUNT(places); i++) {
		const char *addr = report_addr(arena, places[i]);

		if (ouv_mail_addr_ok(addr))
			return addr;
		if (any[0] == '\0')
			any = addr;
	}
	return any;
}

/* The keyword, if it is one; else what the status says. */
static const char *
group_action(struct ouv_arena *arena, struct ouv_str raw, char class)
{
	const char *word = mail_plain(arena, raw.p, raw.len);

	for (size_t i = 0; i < COUNT(actions); i++)
		if (mail_starts(word, actions[i].begins))
			return actions[i].action;
	if (class == '2')
		return "delivered";
	return class == '4' ? "delayed" : "failed";
}

/* "Status: 5.1.1 (…)", "550 5.1.1", "5.1", "550"; NULL: it says nothing */
static const char *
group_status(struct ouv_arena *arena, struct ouv_str raw)
{
	const char *status = mail_status_find(arena, raw.p, raw.len);
	char class = raw.len > 0 ? raw.p[0] : ' ';

	if (status != NULL)
		return status;
	if ((class != '2' && class != '4' && class != '5') ||
		(raw.len > 1 && strchr(".0123456789 ", raw.p[1]) == NULL))
		return NULL;
	return ouv_arena_printf(arena, "%c.0.0", class);
}

static void
flush(struct reading *r)
{
	struct ouv_arena *arena = r->arena;
	const struct group *g = &r->group;
	struct ouv_str raw = shortened(g->action), text;
	const char *status, *action, *addr = group_addr(arena, g);
	struct mail_cause why = { "", "" };

	if (addr[0] == '\0' && g->action.p == NULL && g->status.p == NULL)
		return;
	text = shortened(g->code);
	if (g->more.p != NULL || text.len == 0) {
		struct ouv_str status_text = shortened(g->status);
		struct ouv_str more = shortened(g->more);

		text.p = ouv_arena_printf(arena, "%.*s\n%.*s\n%.*s",
			(int)text.len, text.p, (int)status_text.len,
			status_text.p, (int)more.len, more.p);
		text.len = strlen(text.p);
	}
	status = group_status(arena, shortened(g->status));
	action = group_action(arena, raw, status == NULL ? ' ' : status[0]);
	if (strcmp(action, "failed") == 0 || strcmp(action, "delayed") == 0)
		mail_cause(arena, status, text, strcmp(action, "delayed") == 0,
			&why);
	else
		why.status = status == NULL ? "" : status;
	/* no action and no status of its own: the diagnosis tells */
	if (raw.len == 0 && status == NULL && why.status[0] == '4')
		action = "delayed";
	mail_dsn_add(arena, r->mail, addr, action, &why);
}

static void
end_group(struct reading *r)
{
	flush(r);
	memset(&r->group, 0, sizeof r->group);
}

static bool
names_somebody(const struct group *g)
{
	return g->final.p != NULL || g->original.p != NULL;
}

/* A second one of the fields that name a recipient begins another. */
static void
take_field(struct reading *r, const struct mail_field *field)
{
	for (size_t i = 0; i < COUNT(group_fields); i++) {
		struct ouv_str *place;

		if (!mail_name_is(field->name, group_fields[i].name))
			continue;
		place = (struct ouv_str *)((char *)&r->group +
					   group_fields[i].at);
		if (place->p != NULL && i < 2) {
			end_group(r);
		} else if (place->p != NULL) {
			return;
		}
		place->len = field->raw.len < FIELD_TEXT ? field->raw.len
							 : FIELD_TEXT;
		place->p =
			ouv_arena_strndup(r->arena, field->raw.p, place->len);
		return;
	}
}

/*
 * One block of fields.  An empty line ends a recipient, unless it stands
 * between his name and what is said of him.
 */
static void
take_block(struct reading *r, const struct mail_header *header)
{
	bool names = mail_field_raw(header, "Final-Recipient").p != NULL ||
		     mail_field_raw(header, "Original-Recipient").p != NULL;
	bool said = r->group.action.p != NULL || r->group.status.p != NULL;

	if (names ? names_somebody(&r->group) || said : said)
		end_group(r);
	for (size_t i = 0; i < header->count; i++)
		take_field(r, &header->fields[i]);
}

/* What was said of nobody counts only when nobody was named. */
static void
drop_nobody(struct ouv_mail *mail)
{
	size_t named = 0;

	for (size_t i = 0; i < mail->dsn_count; i++)
		if (mail->dsn[i].addr[0] != '\0')
			mail->dsn[named++] = mail->dsn[i];
	if (named > 0)
		mail->dsn_count = named;
}

void
mail_dsn_fields(
	struct ouv_arena *arena, struct ouv_str text, struct ouv_mail *mail)
{
	struct reading r = { .arena = arena,
		.scratch = ouv_arena_new(OUV_ARENA_PLAIN),
		.mail = mail };
	size_t len = text.len < STATUS_MAX ? text.len : STATUS_MAX;
	struct mail_lines lines = { text.p, text.p + len,
		mail_eol(text.p, len) };
	struct ouv_str junk;

	while (!is_all_told(mail)) {
		struct mail_header header = { 0 };

		while (lines.p < lines.end && strchr("\r\n ", *lines.p) != NULL)
			lines.p++;
		if (lines.p == lines.end)
			break;
		ouv_arena_reset(r.scratch);
		mail_header_lines(r.scratch, &lines, &header);
		take_block(&r, &header);
		if (header.length == 0)
			(void)mail_line_next(&lines, &junk);
	}
	end_group(&r);
	ouv_arena_free(&r.scratch);
	drop_nobody(mail);
	mail_dsn_verdict(mail);
}

/* ---- finding them ------------------------------------------------ */

/* Where lines like "Final-Recipient:" begin in a text; NULL: nowhere. */
static const char *
fields_in(const char *text, const char *end)
{
	static const char *const firsts[] = {
		"reporting-mta:", "final-recipient:", "original-recipient:"
	};

	for (const char *p = text; p < end;) {
		const char *eol = memchr(p, '\n', (size_t)(end - p));

		while (p < end && (*p == ' ' || *p == '\t'))
			p++;
		for (size_t i = 0; i < COUNT(firsts); i++)
			if ((size_t)(end - p) > strlen(firsts[i]) &&
				strncasecmp(p, firsts[i], strlen(firsts[i])) ==
					0)
				return p;
		if (eol == NULL)
			break;
		p = eol + 1;
	}
	return NULL;
}

/* The same lines without the indent of the first. */
static struct ouv_str
unindented(struct ouv_arena *arena, const char *text, const char *from,
	const char *end)
{
	struct ouv_buf out;
	size_t indent = 0;

	while (from > text && (from[-1] == ' ' || from[-1] == '\t')) {
		from--;
		indent++;
	}
	if (indent == 0)
		return (struct ouv_str){ from, (size_t)(end - from) };
	ouv_buf_init(&out, arena, (size_t)(end - from) + 1);
	while (from < end) {
		const char *eol = memchr(from, '\n', (size_t)(end - from));
		const char *stop = eol == NULL ? end : eol + 1;
		size_t skip = 0;

		while (skip < indent && from + skip < stop &&
			(from[skip] == ' ' || from[skip] == '\t'))
			skip++;
		ouv_buf_add(&out, from + skip, (size_t)(stop - from) - skip);
		from = stop;
	}
	return (struct ouv_str){ out.data, out.len };
}

/* Fields under a label of another sort, or none: text that holds them. */
static void
read_text_fields(struct mail_view *view, struct ouv_str text)
{
	const char *from, *end;

	if (text.len > STATUS_MAX)
		text.len = STATUS_MAX;
	end = text.p + text.len;
	from = text.len == 0 ? NULL : fields_in(text.p, end);
	if (from == NULL)
		return;
	mail_dsn_fields(view->arena, unindented(view->arena, text.p, from, end),
		view->mail);
}

static bool
is_status(const struct mail_leaf *leaf)
{
	return mail_starts(leaf->content_type, "message/") &&
	       mail_ends(leaf->content_type, "delivery-status");
}

/* Somebody's letter may quote a report: what was returned is not read. */
static bool
may_hold_fields(const struct mail_leaf *leaf)
{
	return mail_starts(leaf->content_type, "text/") ||
	       mail_starts(leaf->content_type, "application/") ||
	       strstr(leaf->content_type, "status") != NULL;
}

static void
read_parts(struct mail_view *view, bool (*wanted)(const struct mail_leaf *),
	void (*read)(struct mail_view *, struct ouv_str))
{
	const struct mail_message *message = view->message;

	for (size_t i = 0; i < message->count && view->mail->dsn_count == 0;
		i++) {
		const struct mail_leaf *leaf = &message->nodes[i];

		if (!leaf->multipart && leaf->depth <= 2 && wanted(leaf))
			read(view, mail_leaf_bytes(view->arena, message, leaf));
	}
}

static void
read_fields(struct mail_view *view, struct ouv_str bytes)
{
	mail_dsn_fields(view->arena, bytes, view->mail);
}

static bool
has_status_part(const struct mail_message *message)
{
	for (size_t i = 0; i < message->count; i++)
		if (!message->nodes[i].multipart &&
			message->nodes[i].depth <= 2 &&
			is_status(&message->nodes[i]))
			return true;
	return false;
}

/* Some mailers label their words as a report too: the first that names. */
bool
mail_dsn_read(struct mail_view *view, bool parts, bool texts)
{
	struct ouv_mail *mail = view->mail;
	const char *type = mail_report_type(view);
	bool found = strcasecmp(type, "delivery-status") == 0;

	if (parts || type[0] != '\0') {
		found |= has_status_part(view->message);
		read_parts(view, is_status, read_fields);
	}
	if (texts || type[0] != '\0') {
		struct ouv_str text = { mail->text, strlen(mail->text) };

		if (mail->dsn_count == 0)
			read_text_fields(view, text);
		read_parts(view, may_hold_fields, read_text_fields);
	}
	mail->has_dsn = found || mail->dsn_count > 0;
	return mail->has_dsn;
}
