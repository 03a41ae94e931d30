/*
 * forward.c - the message that a mail hands on
 *
 * A forward says so in the line above the older mail, or in its subject; the
 * header that follows names the sender and the subject.
 */
#include <string.h>

#include "quote.h"

#define FOLDED_MAX 6 /* lines of one value */
#define LONG_LINE 60 /* bytes: it may have been broken */

struct forwarding {
	const struct quote_letter *letter;
	struct ouv_arena *arena;
	struct ouv_mail_forward *forward;
};

/* ---- values -------------------------------------------------------------- */

static struct ouv_str
unwrap(struct ouv_str text, const char *left, const char *right)
{
	for (;;) {
		text = mail_trim(text);
		while (text.len > 0 && strchr(left, *text.p) != NULL) {
			text.p++;
			text.len--;
		}
		if (text.len == 0 ||
			strchr(right, text.p[text.len - 1]) == NULL)
			return mail_trim(text);
		text.len--;
	}
}

/* "Ana <ana@x>", "Ana [mailto:ana@x]", "Ana <ana@x<mailto:ana@x>>", "Ana" */
static void
set_sender(const struct forwarding *f, struct ouv_str value)
{
	static const char ends[] = " \t<>()[]\",;:";
	const char *end = value.p + value.len;
	const char *at = memchr(value.p, '@', value.len), *p, *q;
	struct ouv_str name = value;

	if (at != NULL) {
		for (p = at; p > value.p && strchr(ends, p[-1]) == NULL;)
			p--;
		for (q = at; q < end && strchr(ends, *q) == NULL;)
			q++;
		f->forward->from.addr = mail_clean_line(
			f->arena, (struct ouv_str){ p, (size_t)(q - p) });
		name.len = (size_t)(p - value.p);
		if (name.len >= 7 &&
			memcmp(name.p + name.len - 7, "mailto:", 7) == 0)
			name.len -= 7;
	}
	name = unwrap(name, "*_\"'<([ \t:", "*_\"'<([; \t,");
	/* quotation marks of other languages */
	if (name.len > 4 && memcmp(name.p, "\xC2\xAB", 2) == 0)
		name = unwrap(
			(struct ouv_str){ name.p + 2, name.len - 4 }, " ", " ");
	f->forward->from.name = mail_clean_line(f->arena, name);
}

/* Programs break long lines, or begin the next with a blank. */
static bool
goes_on(const struct quote_line *line, const struct quote_line *next)
{
	return line->len >= LONG_LINE ||
	       (line->len > 0 && line->p[line->len - 1] == '<') ||
	       (next->len > 0 && (*next->p == ' ' || *next->p == '\t'));
}

/* What stands behind the colon of line i, and in the lines it goes on in. */
static struct ouv_str
value_of(const struct forwarding *f, size_t i)
{
	const struct quote_letter *letter = f->letter;
	struct ouv_str line = quote_inside(&letter->lines[i]);
	const char *colon = memchr(line.p, ':', line.len);
	const char *wide = memmem(line.p, line.len, "\xEF\xBC\x9A", 3);
	struct ouv_buf buf;
	size_t skip;

	if (wide != NULL && (colon == NULL || wide < colon))
		colon = wide + 2;
	skip = colon == NULL ? 0 : (size_t)(colon + 1 - line.p);
	ouv_buf_init(&buf, letter->arena, 100);
	ouv_buf_add(&buf, line.p + skip, line.len - skip);
	for (size_t n = 1; n < FOLDED_MAX && i + n < letter->count; n++) {
		const struct quote_line *next = &letter->lines[i + n];

		if (next->kind == QUOTE_BLANK || next->len > 200 ||
			quote_label(letter, i + n) != 0 ||
			!goes_on(next - 1, next) ||
			*quote_plain(letter, i + n) == '\0')
			break;
		line = quote_inside(next);
		ouv_buf_char(&buf, ' ');
		ouv_buf_add(&buf, line.p, line.len);
	}
	return unwrap((struct ouv_str){ buf.data, buf.len }, "*_ \t", "* \t");
}

/* ---- a header ------------------------------------------------------------ */

static void
read_block(const struct forwarding *f, const struct quote_block *block)
{
	if (block->sender < f->letter->count)
		set_sender(f, value_of(f, block->sender));
	if (block->subject < f->letter->count)
		f->forward->subject =
			mail_clean_line(f->arena, value_of(f, block->subject));
}

/*
 * Labels in a language that the table has not: the first address is the
 * sender's, what is neither address nor time is the subject.
 */
static void
read_shape(const struct forwarding *f, size_t i)
{
	const struct quote_letter *letter = f->letter;

	for (size_t n = 0; n < 8 && i < letter->count; n++, i++) {
		const char *value;

		if (quote_label(letter, i) == 0)
			return;
		value = letter->lines[i].value;
		if (quote_has_address(value, false)) {
			if (f->forward->from.addr[0] == '\0')
				set_sender(f, value_of(f, i));
		} else if (!(quote_has_date(value) && quote_has_clock(value)) &&
			   f->forward->subject[0] == '\0' &&
			   f->forward->from.addr[0] != '\0') {
			f->forward->subject =
				mail_clean_line(f->arena, value_of(f, i));
		}
	}
}

/* eM Client: "From "Ana" <ana@x>", a label without a colon. */
static void
read_bare_labels(const struct forwarding *f, size_t i)
{
	const struct quote_letter *letter = f->letter;

	for (size_t n = 0; n < 6 && i < letter->count; n++, i++) {
		struct ouv_str line = quote_inside(&letter->lines[i]);
		const char *plain = quote_plain(letter, i);
		size_t len = strcspn(plain, " ");
		const char *space = memchr(line.p, ' ', line.len);
		unsigned label = quote_known_label(plain, len);
		struct ouv_str rest;

		if (label == 0 || space == NULL)
			return;
		rest = (struct ouv_str){ space + 1,
			(size_t)(line.p + line.len - space - 1) };
		if (label == LABEL_FROM && f->forward->from.addr[0] == '\0')
			set_sender(f, rest);
		if (label == LABEL_SUBJECT)
			f->forward->subject = mail_clean_line(f->arena, rest);
	}
}

/* The label right before a colon, where "GMTSubject" is one, too. */
static unsigned
label_before(const struct forwarding *f, const char *start, const char *colon,
	const char **word_out)
{
	const char *word = colon, *plain;
	unsigned label;

	while (word > start && strchr(" >-0123456789", word[-1]) == NULL)
		word--;
	*word_out = word;
	plain = quote_fold(f->letter->arena, word, (size_t)(colon - word));
	label = quote_known_label(plain, strlen(plain));
	for (const char *p = colon - 1; label == 0 && p > word; p--)
		if (*p >= 'A' && *p <= 'Z') {
			*word_out = p;
			plain = quote_fold(
				f->letter->arena, p, (size_t)(colon - p));
			return quote_known_label(plain, strlen(plain));
		}
	return label;
}

/* The value of a label inside a line: up to the next label that is known. */
static struct ouv_str
value_inside(const struct forwarding *f, struct ouv_str line, unsigned want)
{
	const char *end = line.p + line.len, *from = NULL;

	for (const char *p = line.p; p < end; p++) {
		const char *word;
		unsigned label;

		if (*p != ':')
			continue;
		label = label_before(f, line.p, p, &word);
		if (from != NULL && label != 0)
			return mail_trim((struct ouv_str){
				from, (size_t)(word - from) });
		if (label == want)
			from = p + 1;
	}
	return from == NULL ? (struct ouv_str){ "", 0 }
			    : mail_trim((struct ouv_str){
				      from, (size_t)(end - from) });
}

/* Yahoo: marker and header in one line. */
static bool
read_one_line(const struct forwarding *f, size_t i)
{
	struct ouv_str line = quote_inside(&f->letter->lines[i]);
	struct ouv_str sender, subject;

	if (memchr(line.p, ':', line.len) == NULL || line.len > 2000)
		return false;
	sender = value_inside(f, line, LABEL_FROM);
	subject = value_inside(f, line, LABEL_SUBJECT);
	if (sender.len == 0)
		return false;
	set_sender(f, sender);
	f->forward->subject = mail_clean_line(f->arena, subject);
	return true;
}

/* ---- an attribution ------------------------------------------------------ */

/* "On 02/02/2026 10:00, "Ana" <ana@x> wrote:": what stands by the address. */
static void
read_intro(const struct forwarding *f, size_t i, size_t lines)
{
	struct ouv_buf buf;
	const char *start, *clock, *open;

	ouv_buf_init(&buf, f->letter->arena, 200);
	for (size_t k = i; k < i + lines; k++) {
		struct ouv_str line = quote_inside(&f->letter->lines[k]);

		if (buf.len > 0 && buf.data[buf.len - 1] != '<')
			ouv_buf_char(&buf, ' ');
		ouv_buf_add(&buf, line.p, line.len);
	}
	start = buf.data;
	open = strpbrk(start, "<[");
	clock = quote_after_clock(start);
	if (open == NULL)
		return;
	if (clock != NULL && clock < open)
		start = clock;
	/* a name in quotation marks begins there */
	for (const char *p = start; p < open; p++)
		if (*p == '"') {
			start = p;
			break;
		}
	start += strspn(start, " ,");
	set_sender(f, (struct ouv_str){ start, strlen(start) });
}

/* ---- which it is --------------------------------------------------------- */

/* The first '>' line, when a forward is quoted as a whole; count: none. */
static size_t
first_quoted(const struct quote_letter *letter)
{
	size_t i = 0;

	while (i < letter->count &&
		(letter->lines[i].kind != QUOTE_QUOTED ||
			quote_inside(&letter->lines[i]).len == 0))
		i++;
	return i;
}

/* Behind the marker: its header, in one of its shapes. */
static void
read_marked(const struct forwarding *f, size_t at)
{
	const struct quote_letter *letter = f->letter;
	size_t next = at + 1;
	struct quote_block block;

	while (next < letter->count &&
		(letter->lines[next].kind == QUOTE_BLANK ||
			quote_inside(&letter->lines[next]).len == 0 ||
			quote_is_rule(quote_plain(letter, next))))
		next++;
	if (next >= letter->count) {
		(void)read_one_line(f, at);
		return;
	}
	quote_read_block(letter, next, &block);
	if ((block.seen & (LABEL_FROM | LABEL_SUBJECT)) ==
		(LABEL_FROM | LABEL_SUBJECT)) {
		read_block(f, &block);
		return;
	}
	if (read_one_line(f, at))
		return;
	read_block(f, &block);
	if (block.seen != 0 && f->forward->subject[0] == '\0' &&
		read_one_line(f, next))
		return;
	if (block.seen == 0)
		read_shape(f, next);
	if (f->forward->from.addr[0] == '\0')
		read_bare_labels(f, next);
	if (f->forward->from.addr[0] == '\0' &&
		letter->lines[next].kind != QUOTE_QUOTED) {
		size_t n = quote_intro(letter, next);

		if (n > 0)
			read_intro(f, next, n);
	}
}

/* The older mail's subject, when only ours tells it: "Fwd: ..." */
static void
use_own_subject(const struct forwarding *f)
{
	const char *subject = f->letter->subject;
	size_t prefix;

	if (f->forward->subject[0] != '\0' ||
		f->letter->kind != SUBJECT_FORWARD)
		return;
	(void)quote_subject_kind(f->letter->arena, subject, &prefix);
	subject += prefix;
	f->forward->subject = mail_clean_line(f->arena,
		mail_trim((struct ouv_str){ subject, strlen(subject) }));
}

/* Is there nothing but what announces it? */
static bool
is_alone(const struct quote_letter *letter, size_t at)
{
	return quote_before(letter, at) >= letter->count;
}

void
quote_forward(const struct quote_letter *letter, struct ouv_arena *arena,
	struct ouv_mail *mail)
{
	struct quote_cut cut = letter->first;
	struct forwarding f = { letter, arena, &mail->forward };
	struct quote_block block;
	bool named = letter->kind == SUBJECT_FORWARD;

	mail->forward = (struct ouv_mail_forward){ { "", "" }, "" };
	if (cut.kind == CUT_NONE && letter->kind != SUBJECT_REPLY) {
		cut.at = first_quoted(letter);
		if (cut.at < letter->count)
			cut.kind = quote_separator(letter, cut.at);
		if (cut.at < letter->count && cut.kind == CUT_NONE && named)
			cut.kind = CUT_HEADER;
	}
	if (cut.kind == CUT_NONE || cut.kind == CUT_LINE ||
		(cut.kind != CUT_FORWARD && !named &&
			!(cut.kind == CUT_HEADER &&
				letter->kind == SUBJECT_OTHER &&
				!letter->may_answer &&
				is_alone(letter, cut.at))))
		return;
	mail->has_forward = true;
	if (cut.kind == CUT_HEADER) {
		quote_read_block(letter, cut.at, &block);
		read_block(&f, &block);
		if (block.seen == 0)
			read_shape(&f, cut.at);
	} else if (cut.kind == CUT_INTRO) {
		read_intro(&f, cut.at,
			letter->lines[cut.at].kind == QUOTE_TEXT
				? quote_intro(letter, cut.at)
				: 2);
	} else {
		read_marked(&f, cut.at);
	}
	use_own_subject(&f);
}
