/*
 * bounce.c - delivery failures in words: who was not reached, and why
 *
 * One reader for all systems: an address counts by where it stands (at the
 * start of a line, behind "Recipient:", beside a reply code or a reason),
 * and the lines from it to the next one say why.  bounce_words.h has the
 * words, cause.c weighs the reasons.
 */
#include <string.h>
#include <strings.h>

#include "meaning.h"
#include "report.h"
#include "bounce_words.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
#define TEXT_MAX 65536 /* bytes of the text that are looked at */
#define OPENING 1500   /* where a mail system's first words stand */
#define LINE_SEEN 400  /* bytes of one line that are compared */
#define SEGMENT 1200   /* bytes that tell of one recipient */
#define TRIES 8        /* '@' of one line */
#define SUBJECT_MAX 300
#define FOUND_MAX ((size_t)2 * MAIL_ADDRS_MAX)

/* Where an address stands: the higher, the surer. */
enum rank {
	RANK_NONE,
	RANK_ANYWHERE, /* in a sentence */
	RANK_BESIDE,   /* labelled, or beside a reply or a reason */
	RANK_FIRST,    /* the line begins with it */
};

struct found {
	const char *addr;
	size_t at; /* where its line begins */
	enum rank rank;
	bool reason; /* a reply or a reason stands on its line */
};

struct scan {
	struct mail_view *view;
	const char *text, *end;
	size_t count;
	struct found *list;
	struct mail_cause whole; /* of all the text, once it was asked for */
};

/* ---- opening, subject, copy -------------------------------------- */

static bool
is_decoration(char c)
{
	return c != '\0' && strchr("-=_*>#+:. \t[]|~\"'", c) != NULL;
}

/* The line's words without dashes around them, folded. */
static const char *
bare_line(struct ouv_arena *arena, const char *p, const char *eol)
{
	if (eol - p > LINE_SEEN)
		eol = p + LINE_SEEN;
	while (p < eol && is_decoration(*p))
		p++;
	while (eol > p && is_decoration(eol[-1]))
		eol--;
	return mail_plain(arena, p, (size_t)(eol - p));
}

static bool
begins_copy(struct ouv_arena *arena, const char *p, const char *eol)
{
	const char *words;

	for (size_t i = 0; i < COUNT(header_lines); i++) {
		size_t len = strlen(header_lines[i]);

		if ((size_t)(eol - p) > len &&
			strncasecmp(p, header_lines[i], len) == 0)
			return true;
	}
	words = bare_line(arena, p, eol);
	for (size_t i = 0; i < COUNT(copy_lines); i++)
		if (copy_lines[i].whole
				? strcmp(words, copy_lines[i].words) == 0
				: mail_starts(words, copy_lines[i].words))
			return true;
	return false;
}

/* Bytes before the copy of our letter. */
static size_t
report_len(struct ouv_arena *arena, const char *text, bool *copy_out)
{
	const char *end = text + strnlen(text, TEXT_MAX);

	*copy_out = false;
	for (const char *p = text; p < end;) {
		const char *eol = memchr(p, '\n', (size_t)(end - p));

		eol = eol == NULL ? end : eol;
		if (p > text && begins_copy(arena, p, eol)) {
			*copy_out = true;
			return (size_t)(p - text);
		}
		p = eol + 1;
	}
	return (size_t)(end - text);
}

static const struct opening *
find(const struct opening *rows, size_t count, const char *plain)
{
	for (size_t i = 0; i < count; i++)
		if (strstr(plain, rows[i].words) != NULL)
			return &rows[i];
	return NULL;
}

static bool
is_reply(const char *subject)
{
	static const char *const prefixes[] = { "re:", "res:", "r:", "aw:",
		"fw:", "fwd:", "enc:", "i:", "wg:", "tr:", "rv:", "rif:" };

	for (size_t i = 0; i < COUNT(prefixes); i++)
		if (mail_starts(subject, prefixes[i]))
			return true;
	return false;
}

void
report_words(struct mail_view *view, struct report_words *words_out)
{
	const struct ouv_mail *mail = view->mail;
	const char *subject, *plain;
	const struct opening *opening, *row;
	size_t len;

	memset(words_out, 0, sizeof *words_out);
	words_out->len = report_len(view->arena, mail->text, &words_out->copy);
	len = words_out->len < OPENING ? words_out->len : OPENING;
	plain = mail_plain(view->arena, mail->text, len);
	while (is_decoration(*plain))
		plain++;
	opening = find(openings, COUNT(openings), plain);
	words_out->opening = opening != NULL;
	for (size_t i = 0; i < COUNT(openings); i++)
		if (openings[i].certain &&
			mail_starts(plain, openings[i].words))
			words_out->certain = true;
	subject = mail_plain(view->arena, mail->subject,
		strnlen(mail->subject, SUBJECT_MAX));
	row = is_reply(subject) ? NULL
				: find(subjects, COUNT(subjects), subject);
	words_out->subject = row != NULL;
	words_out->action = "failed";
	if (row != NULL && strcmp(row->action, "failed") != 0)
		words_out->action = row->action;
	else if (opening != NULL)
		words_out->action = opening->action;
}

/* ---- addresses --------------------------------------------------- */

static bool
is_addr_char(const char *p)
{
	char c = *p;

	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z') ||
	       (c != '\0' && strchr("!#$%&*+-/=?_~.", c) != NULL) ||
	       c == '\xC3'; /* Latin letters, of two bytes */
}

/* Does the word around *from stand in a link? */
static bool
in_link(const char *line, const char *from)
{
	while (from > line && strchr(" \t<>\"()", from[-1]) == NULL)
		from--;
	return strncasecmp(from, "http", 4) == 0;
}

static const char *
skip_marks(const char *from, const char *at)
{
	static const char *const marks[] = { "SMTP=", "RFC822=", "RFC-822=" };

	while (from < at && strchr("-*=/!.#~?&%$", *from) != NULL)
		from++;
	for (size_t i = 0; i < COUNT(marks); i++)
		if ((size_t)(at - from) > strlen(marks[i]) &&
			strncasecmp(from, marks[i], strlen(marks[i])) == 0)
			from += strlen(marks[i]);
	return from;
}

/* The address around the '@' at at; NULL: it is none. */
static const char *
addr_around(struct ouv_arena *arena, const char *line, const char *at,
	const char *eol, const char **from_out)
{
	const char *from = at, *to = at + 1;
	const char *addr;

	while (from > line && at - from < 254 &&
		(is_addr_char(from - 1) ||
			(from - line > 1 && from[-2] == '\xC3')))
		from--;
	while (to < eol && (is_addr_char(to) || (to[-1] == '\xC3')))
		to++;
	while (to > at && strchr(".-_/=!?*&%$#+~", to[-1]) != NULL)
		to--;
	if (in_link(line, from))
		return NULL;
	from = skip_marks(from, at);
	if (to - from > 254)
		return NULL;
	addr = ouv_arena_strndup(arena, from, (size_t)(to - from));
	*from_out = from;
	return ouv_mail_addr_ok(addr) ? addr : NULL;
}

static bool
among_addrs(const struct ouv_mail_addrs *addrs, const char *addr)
{
	for (size_t i = 0; i < addrs->count; i++)
		if (strcasecmp(addrs->list[i].addr, addr) == 0)
			return true;
	return false;
}

/* Ours, the reporter's own, or those that every report names for help. */
static bool
is_nobody(const struct mail_view *view, const char *addr)
{
	static const char *const helpers[] = { "postmaster@", "mailer-daemon@",
		"abuse@", "hostmaster@" };
	const struct ouv_mail *mail = view->mail;

	if (mail_is_ours(view->office, addr) ||
		among_addrs(&mail->from, addr) ||
		among_addrs(&mail->to, addr) ||
		among_addrs(&mail->delivered_to, addr))
		return true;
	for (size_t i = 0; i < COUNT(helpers); i++)
		if (strncasecmp(addr, helpers[i], strlen(helpers[i])) == 0)
			return true;
	return false;
}

/* ---- where they stand -------------------------------------------- */

static const struct label *
label_of(const char *words)
{
	const struct label *best = NULL;

	for (size_t i = 0; i < COUNT(labels); i++) {
		size_t len = strlen(labels[i].words);
		bool open = mail_ends(labels[i].words, "-");

		if (mail_starts(words, labels[i].words) &&
			(open || words[len] == '\0' || words[len] == ':' ||
				words[len] == '(') &&
			(best == NULL || len > strlen(best->words)))
			best = &labels[i];
	}
	return best;
}

static bool
is_vague(const char *status)
{
	return status[0] == '\0' || mail_ends(status, ".0.0");
}

/* A bare "550" may be anything: a status, or words that mean something. */
static bool
has_reason(struct ouv_arena *arena, const char *p, const char *eol)
{
	struct mail_cause why;

	if (eol - p > LINE_SEEN)
		eol = p + LINE_SEEN;
	mail_cause(arena, NULL, (struct ouv_str){ p, (size_t)(eol - p) }, false,
		&why);
	return !is_vague(why.status);
}

static enum rank
rank_of(struct ouv_arena *arena, const char *line, const char *from,
	bool reason)
{
	const char *words = bare_line(arena, line, from);
	const struct label *label;

	while (*words == '<' || *words == '(' || *words == ' ')
		words++;
	if (*words == '\0')
		return RANK_FIRST;
	label = label_of(words);
	if (label != NULL)
		return label->recipient ? RANK_BESIDE : RANK_NONE;
	while (from > line && strchr(" \t<\"'(", from[-1]) != NULL)
		from--;
	return reason || (from > line && from[-1] == ':') ? RANK_BESIDE
							  : RANK_ANYWHERE;
}

/* The first address on the line that may be a recipient's. */
static void
scan_line(struct scan *s, const char *line, const char *eol)
{
	struct ouv_arena *arena = s->view->arena;
	const char *at = line;

	for (int tries = 0; tries < TRIES; tries++) {
		const char *addr, *from;
		struct found *one;
		bool reason;

		at = memchr(at, '@', (size_t)(eol - at));
		if (at == NULL)
			return;
		addr = addr_around(arena, line, at++, eol, &from);
		if (addr == NULL || is_nobody(s->view, addr))
			continue;
		reason = has_reason(arena, line, eol);
		one = &s->list[s->count];
		one->rank = rank_of(arena, line, from, reason);
		if (one->rank == RANK_NONE)
			return;
		one->addr = addr;
		one->at = (size_t)(line - s->text);
		one->reason = reason;
		s->count++;
		return;
	}
}

static void
scan_lines(struct scan *s)
{
	s->list = ouv_arena_array(s->view->arena, FOUND_MAX, sizeof *s->list);
	for (const char *p = s->text; p < s->end && s->count < FOUND_MAX;) {
		const char *eol = memchr(p, '\n', (size_t)(s->end - p));

		eol = eol == NULL ? s->end : eol;
		scan_line(s, p, eol);
		p = eol + 1;
	}
}

/* ---- which of them count ----------------------------------------- */

static enum rank
best_rank(const struct scan *s)
{
	enum rank best = RANK_NONE;

	for (size_t i = 0; i < s->count; i++)
		if (s->list[i].rank > best)
			best = s->list[i].rank;
	return best;
}

/* Only one is meant by "anywhere": a sentence may name others, too. */
static void
keep_rank(struct scan *s, enum rank rank)
{
	size_t kept = 0;

	for (size_t i = 0; i < s->count; i++)
		if (s->list[i].rank == rank &&
			(rank != RANK_ANYWHERE || kept == 0))
			s->list[kept++] = s->list[i];
	s->count = kept;
}

static bool
was_sent_on(const struct scan *s)
{
	const char *plain =
		mail_plain(s->view->arena, s->text, (size_t)(s->end - s->text));

	for (size_t i = 0; i < COUNT(forwarded); i++)
		if (strstr(plain, forwarded[i]) != NULL)
			return true;
	return false;
}

/* Whom our letter went to is surer than a help desk's line of its own. */
static void
keep_returned(struct scan *s, size_t from)
{
	struct mail_header returned = { 0 };
	struct ouv_mail_addrs to = { 0, NULL };
	struct ouv_str raw;
	size_t kept = 0;
	enum rank best = best_rank(s);
	bool known = false;

	if (!report_returned(s->view, from, &returned))
		return;
	raw = mail_field_raw(&returned, "To");
	if (raw.p == NULL)
		return;
	mail_addresses(s->view->arena, raw, "utf-8", &to);
	for (size_t i = 0; i < s->count; i++) {
		bool same = among_addrs(&to, s->list[i].addr);

		if (same && s->list[i].rank == best)
			return;
		known |= same;
	}
	if (!known || was_sent_on(s))
		return;
	for (size_t i = 0; i < s->count; i++)
		if (among_addrs(&to, s->list[i].addr)) {
			s->list[kept] = s->list[i];
			s->list[kept++].rank = best;
		}
	s->count = kept;
}

/* ---- why --------------------------------------------------------- */

static void
why_whole(struct scan *s, bool late)
{
	if (s->whole.status == NULL)
		mail_cause(s->view->arena, NULL,
			(struct ouv_str){ s->text, (size_t)(s->end - s->text) },
			late, &s->whole);
}

/* From this line to the next recipient; else what all the text says. */
static void
why_one(struct scan *s, size_t from, size_t to, bool late,
	struct mail_cause *why_out)
{
	struct ouv_str part = { s->text + from,
		to - from > SEGMENT ? SEGMENT : to - from };

	mail_cause(s->view->arena, NULL, part, late, why_out);
	if (!is_vague(why_out->status))
		return;
	why_whole(s, late);
	if (why_out->status[0] == '\0' ||
		(!is_vague(s->whole.status) &&
			s->whole.status[0] == why_out->status[0]))
		*why_out = s->whole;
}

static bool
already(const struct ouv_mail *mail, const char *addr)
{
	for (size_t i = 0; i < mail->dsn_count; i++)
		if (strcasecmp(mail->dsn[i].addr, addr) == 0)
			return true;
	return false;
}

static void
start_scan(struct scan *s, struct mail_view *view, size_t len)
{
	*s = (struct scan){ .view = view,
		.text = view->mail->text,
		.end = view->mail->text + len };
}

bool
report_recipients(struct mail_view *view, const struct report_words *words)
{
	bool beside = false, late = strcmp(words->action, "delayed") == 0;
	struct scan s;

	start_scan(&s, view, words->len);
	scan_lines(&s);
	keep_returned(&s, words->len);
	for (size_t i = 0; i < s.count; i++)
		beside |= s.list[i].reason && s.list[i].rank >= RANK_BESIDE;
	keep_rank(&s, best_rank(&s));
	for (size_t i = 0; i < s.count; i++) {
		size_t to = i + 1 < s.count ? s.list[i + 1].at
					    : (size_t)(s.end - s.text);
		struct mail_cause why;

		if (already(view->mail, s.list[i].addr))
			continue;
		why_one(&s, s.list[i].at, to, late, &why);
		beside |=
			!is_vague(why.status) && s.list[i].rank >= RANK_BESIDE;
		mail_dsn_add(view->arena, view->mail, s.list[i].addr,
			words->action, &why);
	}
	return beside;
}

void
report_header_recipients(
	struct mail_view *view, const struct report_words *words)
{
	bool late = strcmp(words->action, "delayed") == 0;
	const struct mail_field *field;
	struct scan s;

	start_scan(&s, view, words->len);
	for (size_t n = 0; view->mail->dsn_count < MAIL_ADDRS_MAX &&
			   (field = mail_field_nth(&view->message->header,
				    "X-Failed-Recipients", n)) != NULL;
		n++) {
		struct ouv_mail_addrs addrs = { 0, NULL };

		mail_addresses(view->arena, field->raw, NULL, &addrs);
		for (size_t i = 0; i < addrs.count; i++) {
			const char *addr = addrs.list[i].addr;
			struct mail_cause why;
			char *at;

			if (already(view->mail, addr))
				continue;
			at = strcasestr(s.text, addr);
			if (at != NULL && at < s.end)
				why_one(&s, (size_t)(at - s.text),
					(size_t)(s.end - s.text), late, &why);
			else
				why_one(&s, 0, 0, late, &why);
			mail_dsn_add(view->arena, view->mail, addr,
				words->action, &why);
		}
	}
}
