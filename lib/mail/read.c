/*
 * read.c - any bytes to one struct: the reading of a mail from end to end
 *
 * Header, structure, text, attachments, then what it means.  Nothing here
 * can fail; what is wrong with a mail is a list of words in its defects.
 */
#include <string.h>
#include <strings.h>

#include "internal.h"

static void
say_once(struct ouv_arena *arena, const char *word, size_t most,
	const char ***list, size_t *count)
{
	for (size_t i = 0; i < *count; i++)
		if (strcmp((*list)[i], word) == 0)
			return;
	if (*count == most)
		return;
	if (*list == NULL)
		*list = ouv_arena_array(arena, most, sizeof(**list));
	(*list)[(*count)++] = word;
}

void
mail_defect(struct ouv_arena *arena, struct ouv_mail *mail, const char *defect)
{
	say_once(arena, defect, MAIL_DEFECTS_MAX, &mail->defects.list,
		&mail->defects.count);
}

void
mail_mark(struct ouv_arena *arena, struct ouv_mail *mail, const char *mark)
{
	say_once(arena, mark, MAIL_MARKS_MAX, &mail->marks.list,
		&mail->marks.count);
}

/* Blank lines, blanks and a byte order mark that stand before the header. */
static size_t
lead_length(const char *p, size_t len)
{
	size_t n = 0;

	if (len >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0)
		n = 3;
	while (n < len &&
		(p[n] == ' ' || p[n] == '\t' || p[n] == '\r' || p[n] == '\n'))
		n++;
	return n;
}

struct heading {
	struct ouv_arena *arena;
	const struct mail_message *message;
	struct ouv_mail *mail;
};

static const struct mail_field *
field_at(const struct heading *h, const char *name, size_t n)
{
	return mail_field_nth(&h->message->header, name, n);
}

/* The first value of that name that says something. */
static const char *
line_of(const struct heading *h, const char *name)
{
	const struct mail_field *field;

	for (size_t n = 0; (field = field_at(h, name, n)) != NULL; n++) {
		const char *line = mail_decode_2047(
			h->arena, field->raw, h->message->charset);

		if (*line != '\0')
			return line;
	}
	return NULL;
}

static bool
has_at(const struct ouv_mail_addrs *addrs)
{
	for (size_t i = 0; i < addrs->count; i++)
		if (strchr(addrs->list[i].addr, '@') != NULL)
			return true;
	return false;
}

/* Of several From: the first with an @, else the first with anything. */
static void
one_sender(const struct heading *h, const char *name,
	struct ouv_mail_addrs *addrs_out)
{
	const struct mail_field *field;
	struct ouv_mail_addrs addrs;

	for (size_t n = 0; (field = field_at(h, name, n)) != NULL; n++) {
		mail_addresses(
			h->arena, field->raw, h->message->charset, &addrs);
		if (has_at(&addrs)) {
			*addrs_out = addrs;
			return;
		}
		if (addrs_out->count == 0)
			*addrs_out = addrs;
	}
}

/* Recipients of all fields of that name: some mailers write one each. */
static void
all_recipients(const struct heading *h, const char *name,
	struct ouv_mail_addrs *addrs_out)
{
	const struct mail_field *field;
	struct ouv_mail_addrs addrs;
	struct ouv_mail_addr *list;
	size_t room;

	for (size_t n = 0; (field = field_at(h, name, n)) != NULL; n++) {
		mail_addresses(
			h->arena, field->raw, h->message->charset, &addrs);
		room = MAIL_ADDRS_MAX - addrs_out->count;
		if (addrs.count >= room)
			mail_defect(h->arena, h->mail, "addresses-limit");
		if (addrs.count > room)
			addrs.count = room;
		if (addrs_out->count == 0) {
			*addrs_out = addrs;
			continue;
		}
		if (addrs.count == 0)
			continue;
		list = ouv_arena_array(h->arena, addrs_out->count + addrs.count,
			sizeof(*list));
		memcpy(list, addrs_out->list, addrs_out->count * sizeof(*list));
		memcpy(list + addrs_out->count, addrs.list,
			addrs.count * sizeof(*list));
		addrs_out->list = list;
		addrs_out->count += addrs.count;
	}
}

static void
ids_of(const struct heading *h, const char *name, struct ouv_mail_ids *ids_out)
{
	const struct mail_field *field;

	for (size_t n = 0;
		ids_out->count == 0 && (field = field_at(h, name, n)) != NULL;
		n++)
		mail_ids(h->arena, field->raw, ids_out);
}

static void
read_message_id(const struct heading *h)
{
	struct ouv_mail_ids ids = { 0, NULL };

	ids_of(h, "Message-ID", &ids);
	h->mail->message_id =
		ids.count > 0 ? ids.list[0] : line_of(h, "Message-ID");
	if (h->mail->message_id == NULL)
		mail_defect(h->arena, h->mail, "no-message-id");
}

/* Dates are ASCII, but some mailers encode what they do not know. */
static struct ouv_str
plain_value(const struct heading *h, struct ouv_str raw)
{
	const char *line;

	if (memmem(raw.p, raw.len, "=?", 2) == NULL)
		return raw;
	line = mail_decode_2047(h->arena, raw, h->message->charset);
	return (struct ouv_str){ line, strlen(line) };
}

static void
read_date(const struct heading *h)
{
	const struct mail_field *field;
	struct ouv_mail *mail = h->mail;

	for (size_t n = 0;
		!mail->has_date && (field = field_at(h, "Date", n)) != NULL;
		n++)
		mail->has_date =
			mail_date(plain_value(h, field->raw), &mail->date);
	if (!mail->has_date)
		mail_defect(h->arena, mail,
			field_at(h, "Date", 0) == NULL ? "no-date"
						       : "bad-date");
}

static void
read_return_path(const struct heading *h)
{
	const struct mail_field *field = field_at(h, "Return-Path", 0);
	struct ouv_mail_addrs addrs;

	if (field == NULL)
		return;
	mail_addresses(h->arena, field->raw, NULL, &addrs);
	h->mail->return_path = addrs.count == 0 ? "" : addrs.list[0].addr;
}

/* The keyword alone: comments and parameters do not count (RFC 3834 5). */
static void
read_auto_submitted(const struct heading *h)
{
	struct mail_params params;
	size_t n;

	mail_params_read(h->arena,
		mail_field_raw(&h->message->header, "Auto-Submitted"), NULL,
		&params);
	n = strcspn(params.value, " \t");
	if (n > 0)
		h->mail->auto_submitted = mail_clean_line(
			h->arena, (struct ouv_str){ params.value, n });
}

/* RFC 2919: what stands in the brackets. */
static void
read_list_id(const struct heading *h)
{
	const char *line = line_of(h, "List-Id"), *open, *shut;

	h->mail->list_id = line;
	if (line == NULL || (open = strrchr(line, '<')) == NULL ||
		(shut = strchr(open, '>')) == NULL || shut == open + 1)
		return;
	h->mail->list_id = ouv_arena_strndup(
		h->arena, open + 1, (size_t)(shut - open - 1));
}

static void
read_headers(struct ouv_arena *arena, const struct mail_message *message,
	struct ouv_mail *mail)
{
	struct heading h = { arena, message, mail };
	const char *subject = line_of(&h, "Subject");

	if (subject != NULL)
		mail->subject = subject;
	one_sender(&h, "From", &mail->from);
	one_sender(&h, "Sender", &mail->sender);
	one_sender(&h, "Reply-To", &mail->reply_to);
	all_recipients(&h, "To", &mail->to);
	all_recipients(&h, "Cc", &mail->cc);
	read_date(&h);
	read_message_id(&h);
	ids_of(&h, "In-Reply-To", &mail->in_reply_to);
	ids_of(&h, "References", &mail->references);
	read_return_path(&h);
	read_auto_submitted(&h);
	read_list_id(&h);
	if (!has_at(&mail->from))
		mail_defect(arena, mail, "no-from");
	if (field_at(&h, "From", 1) != NULL)
		mail_defect(arena, mail, "several-from");
}

/* Neither fields nor text: nothing but bytes. */
static bool
is_binary(struct ouv_str body)
{
	size_t most = body.len < 4096 ? body.len : 4096, odd = 0;

	for (size_t i = 0; i < most; i++) {
		unsigned char c = (unsigned char)body.p[i];

		odd += c < ' ' && c != '\n' && c != '\r' && c != '\t' &&
		       c != '\f';
	}
	return odd > most / 16;
}

static void
read_body(struct ouv_arena *arena, struct mail_lines *lines,
	struct mail_message *message, struct ouv_mail *mail)
{
	struct mail_found *found = NULL;
	enum mail_role *roles;
	const char *text;

	if (message->header.count == 0 &&
		is_binary((struct ouv_str){
			lines->p, (size_t)(lines->end - lines->p) })) {
		mail->ok = false;
		mail_defect(arena, mail, "not-a-message");
	}
	mail_structure(arena, lines, message, mail);
	if (!mail->ok)
		message->nodes[0].content_type = "application/octet-stream";
	mail->has_page = mail_has_page(message);
	roles = ouv_arena_array(arena, message->count, sizeof(*roles));
	mail_text(arena, message, mail, roles, &found);
	mail_parts(arena, message, roles, found, mail);
	for (text = mail->text; *text != '\0' && (unsigned char)*text <= ' ';)
		text++;
	if (*text == '\0')
		mail_defect(arena, mail, "empty-body");
}

static void
read_message(struct ouv_arena *arena, struct mail_message *message,
	struct ouv_mail *mail)
{
	struct ouv_str raw = message->raw;
	size_t lead = lead_length(raw.p, raw.len);
	struct mail_lines lines = { raw.p + lead, raw.p + raw.len,
		mail_eol(raw.p, raw.len) };

	if (lead == raw.len)
		mail_defect(arena, mail, "empty-message");
	mail_header_lines(arena, &lines, &message->header);
	if (message->header.count == 0)
		mail_defect(arena, mail, "no-header");
	if (message->header.cut)
		mail_defect(arena, mail, "header-limit");
	if (message->header.broken)
		mail_defect(arena, mail, "bad-header");
	read_body(arena, &lines, message, mail);
	read_headers(arena, message, mail);
}

void
mail_open(struct ouv_arena *arena, struct mail_message *message,
	struct ouv_mail *mail)
{
	struct ouv_str raw = message->raw;
	size_t lead = lead_length(raw.p, raw.len);
	struct mail_lines lines = { raw.p + lead, raw.p + raw.len,
		mail_eol(raw.p, raw.len) };

	mail_header_lines(arena, &lines, &message->header);
	mail_structure(arena, &lines, message, mail);
}

void
ouv_mail_read(struct ouv_arena *arena, const void *raw, size_t len,
	const struct ouv_mail_office *office, struct ouv_mail *mail_out)
{
	struct mail_message message = { 0 };

	message.raw = (struct ouv_str){ len == 0 ? "" : raw, len };
	memset(mail_out, 0, sizeof(*mail_out));
	mail_out->ok = true;
	mail_out->size = len;
	mail_sha256(message.raw.p, len, mail_out->sha256);
	mail_out->subject = "";
	mail_out->text = "";
	mail_out->reply_text = "";
	mail_out->lang = "und";
	mail_out->dsn_hard = -1;
	read_message(arena, &message, mail_out);
	mail_meaning(arena, &message, office, mail_out);
}
