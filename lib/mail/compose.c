/*
 * compose.c - a letter as the bytes that are sent
 *
 * Made by hand and not with a library, because the bytes are kept and sent
 * again after a doubt: the same letter must give the same bytes, and nothing
 * that a stranger wrote may begin a new header line.
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "compose.h"
#include "qp.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
#define FOLD 78       /* columns of a header line (RFC 5322 2.1.1) */
#define TOKEN_MAX 76  /* a longer word can only be folded when encoded */
#define ID_MAX 900    /* of somebody else's Message-ID: one line holds it */
#define REFERENCES 40 /* the first and the last ones (RFC 5537 3.4.4) */
#define LINE_MAX_7BIT 76

/* ---- what may stand in a header ---------------------------------- */

/* No control characters, C1 and Unicode line ends among them. */
static bool
is_line(const char *text)
{
	const unsigned char *p = (const unsigned char *)text;

	if (text == NULL)
		return true;
	for (; *p != '\0'; p++) {
		if (*p < ' ' || *p == 0x7f)
			return false;
		if (p[0] == 0xC2 && p[1] >= 0x80 && p[1] <= 0x9F)
			return false;
		if (p[0] == 0xE2 && p[1] == 0x80 &&
			(p[2] == 0xA8 || p[2] == 0xA9))
			return false;
	}
	return true;
}

static bool
is_id(const char *id)
{
	size_t len = 0;

	if (id == NULL)
		return false;
	for (; id[len] != '\0'; len++)
		if (id[len] <= ' ' || id[len] >= 0x7f || id[len] == '<' ||
			id[len] == '>')
			return false;
	return len > 0 && len <= ID_MAX;
}

/* A language tag, a keyword, our own id: short ASCII without blanks. */
static bool
is_token(const char *text)
{
	return text == NULL || (is_id(text) && strlen(text) <= 200);
}

/* RFC 3282: tags with a comma and a blank between them. */
static bool
is_languages(const char *text)
{
	static const char tag[] = "abcdefghijklmnopqrstuvwxyz"
				  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";

	for (;;) {
		size_t len = strspn(text, tag);

		if (len == 0 || len > 35 || strncmp(text + len, ", ", 2) != 0)
			return len > 0 && len <= 35 && text[len] == '\0';
		text += len + 2;
	}
}

/* It goes to nobody's mailbox. */
static bool
on_paper(const struct ouv_letter *letter)
{
	return letter->postal != NULL && *letter->to_addr == '\0';
}

static bool
is_valid(const struct ouv_letter *letter)
{
	const char *const lines[] = { letter->from_name, letter->to_name,
		letter->subject, letter->in_reply_to, letter->postal };
	const char *const tokens[] = { letter->auto_submitted, letter->loop_id,
		letter->channel };

	for (size_t i = 0; i < COUNT(lines); i++)
		if (!is_line(lines[i]))
			return false;
	for (size_t i = 0; i < COUNT(tokens); i++)
		if (!is_token(tokens[i]))
			return false;
	for (size_t i = 0; i < letter->references.count; i++)
		if (!is_line(letter->references.list[i]))
			return false;
	for (size_t i = 0; i < letter->part_count; i++)
		if (!is_line(letter->parts[i].filename) ||
			!is_line(letter->parts[i].content_type))
			return false;
	if (letter->lang != NULL && !is_languages(letter->lang))
		return false;
	return is_id(letter->message_id) &&
	       ouv_mail_addr_ok(letter->from_addr) &&
	       (on_paper(letter) || ouv_mail_addr_ok(letter->to_addr)) &&
	       (!letter->reply_to || ouv_mail_addr_ok(letter->reply_to));
}

/* ---- header lines ------------------------------------------------ */

static void
begin(struct writer *w, const char *name)
{
	ouv_buf_text(&w->buf, name);
	ouv_buf_text(&w->buf, ": ");
	w->column = strlen(name) + 2;
}

static void
end(struct writer *w)
{
	ouv_buf_text(&w->buf, "\r\n");
}

static void
fold(struct writer *w)
{
	ouv_buf_text(&w->buf, "\r\n ");
	w->column = 1;
}

/* A piece that is not broken, on a line of its own if need be. */
static void
put(struct writer *w, const char *text, size_t len)
{
	ouv_buf_add(&w->buf, text, len);
	w->column += len;
}

/* Blank and piece; the blank becomes a fold when the line is full. */
static void
put_after_blank(struct writer *w, const char *text, size_t len)
{
	if (w->column + 1 + len > FOLD)
		fold(w);
	else
		put(w, " ", 1);
	put(w, text, len);
}

static void
field(struct writer *w, const char *name, const char *value)
{
	if (value == NULL)
		return;
	begin(w, name);
	put(w, value, strlen(value));
	end(w);
}

/* May it stand as written?  Words short enough to fold, nothing to decode. */
static bool
is_plain(const char *text)
{
	size_t token = 0;

	if (strstr(text, "=?") != NULL || text[0] == ' ' ||
		strstr(text, "  ") != NULL)
		return false;
	for (const char *p = text; *p != '\0'; p++) {
		if ((unsigned char)*p >= 0x7f)
			return false;
		token = *p == ' ' ? 0 : token + 1;
		if (token > TOKEN_MAX - 10 || (*p == ' ' && p[1] == '\0'))
			return false;
	}
	return true;
}

static void
unstructured(struct writer *w, const char *name, const char *text)
{
	bool first = true;

	begin(w, name);
	if (!is_plain(text)) {
		w->column = mail_words(&w->buf, text, w->column);
		end(w);
		return;
	}
	while (*text != '\0') {
		size_t len = strcspn(text, " ");

		if (first)
			put(w, text, len);
		else
			put_after_blank(w, text, len);
		first = false;
		text += len + (text[len] == ' ');
	}
	end(w);
}

/* "Ana Souza" quoted (RFC 5322 3.2.4) unless atoms alone. */
static void
quoted(struct writer *w, const char *name)
{
	static const char atom[] = "abcdefghijklmnopqrstuvwxyz"
				   "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "0123456789!#$%&'*+-/=?^_`{|}~ ";

	if (strspn(name, atom) == strlen(name)) {
		put(w, name, strlen(name));
		return;
	}
	put(w, "\"", 1);
	for (; *name != '\0'; name++) {
		if (*name == '"' || *name == '\\')
			put(w, "\\", 1);
		put(w, name, 1);
	}
	put(w, "\"", 1);
}

static void
mailbox(struct writer *w, const char *field_name, const char *name,
	const char *addr)
{
	char *angle;

	if (addr == NULL)
		return;
	begin(w, field_name);
	if (name == NULL || name[0] == '\0') {
		put(w, addr, strlen(addr));
		end(w);
		return;
	}
	if (is_plain(name) && strlen(name) <= FOLD - 10)
		quoted(w, name);
	else
		w->column = mail_words(&w->buf, name, w->column);
	angle = ouv_arena_printf(w->buf.arena, "<%s>", addr);
	put_after_blank(w, angle, strlen(angle));
	end(w);
}

/* A name without an address is a group of nobody (RFC 5322, 3.4). */
static void
group(struct writer *w, const char *field_name, const char *name)
{
	begin(w, field_name);
	if (is_plain(name) && *name != '\0' && strlen(name) <= FOLD - 10)
		quoted(w, name);
	else
		w->column = mail_words(
			&w->buf, *name != '\0' ? name : "-", w->column);
	put(w, ":;", 2);
	end(w);
}

/* ---- dates and ids ----------------------------------------------- */

/* Days to a date of the proleptic Gregorian calendar, no locale, no zone. */
static void
civil(int64_t days, int *year, unsigned *month, unsigned *day)
{
	int64_t era, z = days + 719468; /* from 1 March of year 0 */
	unsigned doe, yoe, doy, mp;

	era = (z >= 0 ? z : z - 146096) / 146097;
	doe = (unsigned)(z - era * 146097);
	yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	mp = (5 * doy + 2) / 153;
	*day = doy - (153 * mp + 2) / 5 + 1;
	*month = mp < 10 ? mp + 3 : mp - 9;
	*year = (int)(yoe + era * 400) + (*month <= 2);
}

static void
date(struct writer *w)
{
	static const char week[] = "ThuFriSatSunMonTueWed";
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	int64_t at = w->letter->date;
	int64_t days = (at >= 0 ? at : at - 86399) / 86400;
	unsigned secs = (unsigned)(at - days * 86400);
	size_t weekday = (size_t)((days % 7 + 7) % 7);
	unsigned month, day;
	int year;

	civil(days, &year, &month, &day);
	ouv_buf_printf(&w->buf,
		"Date: %.3s, %u %.3s %04d %02u:%02u:%02u +0000\r\n",
		week + weekday * 3, day, months + (size_t)(month - 1) * 3, year,
		secs / 3600, secs / 60 % 60, secs % 60);
}

static void
put_id(struct writer *w, const char *id, bool first)
{
	char *angle = ouv_arena_printf(w->buf.arena, "<%s>", id);

	if (first)
		put(w, angle, strlen(angle));
	else
		put_after_blank(w, angle, strlen(angle));
}

/* What a stranger's program wrote as an id and is none is left out. */
static void
references(struct writer *w)
{
	const struct ouv_mail_ids *ids = &w->letter->references;
	bool first = true;

	for (size_t i = 0; i < ids->count; i++) {
		bool kept = i == 0 || i + REFERENCES > ids->count;

		if (!kept || !is_id(ids->list[i]))
			continue;
		if (first)
			begin(w, "References");
		put_id(w, ids->list[i], first);
		first = false;
	}
	if (!first)
		end(w);
}

static void
headers(struct writer *w)
{
	const struct ouv_letter *letter = w->letter;

	mailbox(w, "From", letter->from_name, letter->from_addr);
	if (on_paper(letter))
		group(w, "To", letter->to_name);
	else
		mailbox(w, "To", letter->to_name, letter->to_addr);
	mailbox(w, "Reply-To", NULL, letter->reply_to);
	unstructured(w, "Subject", letter->subject ? letter->subject : "");
	date(w);
	begin(w, "Message-ID");
	put_id(w, letter->message_id, true);
	end(w);
	if (is_id(letter->in_reply_to)) {
		begin(w, "In-Reply-To");
		put_id(w, letter->in_reply_to, true);
		end(w);
	}
	references(w);
	field(w, "MIME-Version", "1.0");
	field(w, "Content-Language", letter->lang);
	field(w, "Auto-Submitted", letter->auto_submitted);
	if (letter->auto_submitted != NULL)
		field(w, "X-Auto-Response-Suppress", "All");
	if (letter->precedence_bulk)
		field(w, "Precedence", "bulk");
	field(w, "X-Ouvidoria-Loop", letter->loop_id);
	field(w, "X-Ouvidoria-Channel", letter->channel);
	if (letter->postal != NULL)
		unstructured(w, "X-Ouvidoria-Postal", letter->postal);
}

/* ---- parts ------------------------------------------------------- */

/*
 * Lines that every relay leaves alone: short, ASCII, nothing at the beginning
 * that a mailbox would change, no blank at the end that counts - except the
 * one of a flowed line, which is no reason to encode (RFC 3676 4.2): should it
 * be lost, the line ends there.
 */
static bool
is_7bit(const char *text, bool flowed)
{
	while (*text != '\0') {
		size_t len = strcspn(text, "\n");

		if (len > LINE_MAX_7BIT || *text == '.' ||
			strncmp(text, "From ", 5) == 0 ||
			(!flowed && len > 0 && text[len - 1] == ' '))
			return false;
		for (size_t i = 0; i < len; i++)
			if (text[i] < ' ' || text[i] == 0x7f)
				return false;
		text += len + (text[len] == '\n');
	}
	return true;
}

static void
put_7bit(struct ouv_buf *buf, const char *text)
{
	while (*text != '\0') {
		size_t len = strcspn(text, "\n");

		ouv_buf_add(buf, text, len);
		if (text[len] == '\n')
			ouv_buf_text(buf, "\r\n");
		text += len + (text[len] == '\n');
	}
}

static void
text_part(struct writer *w, const char *type, const char *text, bool flowed)
{
	bool plain = is_7bit(text, flowed);

	ouv_buf_printf(&w->buf,
		"Content-Type: text/%s\r\n"
		"Content-Transfer-Encoding: %s\r\n\r\n",
		type, plain ? "7bit" : "quoted-printable");
	if (plain)
		put_7bit(&w->buf, text);
	else
		mail_qp(&w->buf, text, strlen(text));
}

static void
content(struct writer *w)
{
	const struct ouv_letter *letter = w->letter;
	const char *text = letter->text ? letter->text : "";
	const char *type = letter->flowed
				   ? "plain; charset=utf-8; format=flowed;"
				     " delsp=no"
				   : "plain; charset=utf-8";

	if (letter->html == NULL) {
		text_part(w, type, text, letter->flowed);
		return;
	}
	ouv_buf_printf(&w->buf,
		"Content-Type: multipart/alternative;\r\n"
		" boundary=\"%s\"\r\n\r\n--%s\r\n",
		w->alternative, w->alternative);
	text_part(w, type, text, letter->flowed);
	ouv_buf_printf(&w->buf, "\r\n--%s\r\n", w->alternative);
	text_part(w, "html; charset=utf-8", letter->html, false);
	ouv_buf_printf(&w->buf, "\r\n--%s--\r\n", w->alternative);
}

/* "a/b" of token characters; a mail or a multipart cannot be base64. */
static const char *
type_of(const struct ouv_letter_part *part)
{
	static const char token[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789!#$&-^_.+";
	const char *type = part->content_type;
	size_t main, sub;

	if (type == NULL)
		return "application/octet-stream";
	main = strspn(type, token);
	sub = type[main] == '/' ? strspn(type + main + 1, token) : 0;
	if (main == 0 || sub == 0 || type[main + 1 + sub] != '\0' ||
		strlen(type) > 127 || strncasecmp(type, "message/", 8) == 0 ||
		strncasecmp(type, "multipart/", 10) == 0)
		return "application/octet-stream";
	return type;
}

static bool
is_attr_char(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z') || (c != '\0' && strchr("-._", c));
}

/* RFC 2231: one section a line, cut between characters only. */
static void
filename_2231(struct writer *w, const char *name)
{
	static const char digits[] = "0123456789ABCDEF";
	int section = 0;

	while (*name != '\0') {
		char line[96];
		int n = snprintf(line, sizeof line, " filename*%d*=%s", section,
			section == 0 ? "UTF-8''" : "");
		size_t at = (size_t)n;

		section++;
		while (*name != '\0') {
			size_t len = mail_char_len(name);

			if (at + len * 3 + 1 > FOLD - 2)
				break;
			for (; len > 0; len--, name++) {
				if (is_attr_char(*name)) {
					line[at++] = *name;
					continue;
				}
				line[at++] = '%';
				line[at++] = digits[(unsigned char)*name >> 4];
				line[at++] = digits[(unsigned char)*name & 15];
			}
		}
		ouv_buf_text(&w->buf, ";\r\n");
		ouv_buf_add(&w->buf, line, at);
	}
}

static void
filename(struct writer *w, const char *name)
{
	bool plain = true;

	if (name == NULL || name[0] == '\0')
		return;
	for (const char *p = name; *p != '\0'; p++)
		plain &= is_attr_char(*p) || *p == ' ';
	if (plain && strlen(name) <= 60)
		ouv_buf_printf(&w->buf, ";\r\n filename=\"%s\"", name);
	else
		filename_2231(w, name);
}

void
letter_part(struct writer *w, const struct ouv_letter_part *part)
{
	ouv_buf_printf(&w->buf,
		"\r\n--%s\r\nContent-Type: %s\r\n"
		"Content-Transfer-Encoding: base64\r\n"
		"Content-Disposition: attachment",
		w->mixed, type_of(part));
	filename(w, part->filename);
	ouv_buf_text(&w->buf, "\r\n\r\n");
}

static void
body(struct writer *w)
{
	if (w->letter->part_count > 0)
		ouv_buf_printf(&w->buf,
			"Content-Type: multipart/mixed;\r\n"
			" boundary=\"%s\"\r\n\r\n--%s\r\n",
			w->mixed, w->mixed);
	content(w);
}

/* The same letter, the same bytes: a resend must not differ. */
static void
boundaries(struct writer *w)
{
	uint64_t h = 14695981039346656037U; /* FNV-1a */

	for (const char *p = w->letter->message_id; *p != '\0'; p++)
		h = (h ^ (unsigned char)*p) * 1099511628211U;
	(void)snprintf(w->mixed, sizeof w->mixed, "=_m.%016llx",
		(unsigned long long)h);
	(void)snprintf(w->alternative, sizeof w->alternative, "=_a.%016llx",
		(unsigned long long)h);
}

bool
letter_begin(struct writer *w, struct ouv_arena *arena,
	const struct ouv_letter *letter, size_t hint)
{
	*w = (struct writer){ .letter = letter };
	if (!is_valid(letter))
		return false;
	hint += letter->text ? strlen(letter->text) * 5 / 4 : 0;
	hint += letter->html ? strlen(letter->html) * 5 / 4 : 0;
	ouv_buf_init(&w->buf, arena, hint + 4096);
	boundaries(w);
	headers(w);
	body(w);
	return true;
}

void
letter_end(struct writer *w)
{
	if (w->letter->part_count > 0)
		ouv_buf_printf(&w->buf, "\r\n--%s--\r\n", w->mixed);
	else if (w->buf.data[w->buf.len - 1] != '\n')
		ouv_buf_text(&w->buf, "\r\n");
}

enum ouv_err
ouv_letter_write(struct ouv_arena *arena, const struct ouv_letter *letter,
	struct ouv_str *mime_out)
{
	struct writer w;
	size_t hint = 0;

	for (size_t i = 0; i < letter->part_count; i++)
		hint += letter->parts[i].len / 57 * 78 + 1024;
	if (!letter_begin(&w, arena, letter, hint))
		return OUV_INVALID;
	for (size_t i = 0; i < letter->part_count; i++) {
		letter_part(&w, &letter->parts[i]);
		mail_base64(
			&w.buf, letter->parts[i].data, letter->parts[i].len);
	}
	letter_end(&w);
	mime_out->p = w.buf.data;
	mime_out->len = w.buf.len;
	return OUV_OK;
}
