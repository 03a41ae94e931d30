/*
 * quote.c - which lines of a mail its writer wrote now
 *
 * Nothing is deleted: the whole text is kept beside this, the rest is folded
 * away on the page.  So in doubt a line counts as new.  Answers written
 * between quoted lines stay with them.
 */
#include <string.h>

#include "meaning.h"
#include "quote_words.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
#define LINES_MAX 20000   /* the last one takes the rest of the text */
#define WORDY 400         /* bytes: a longer line was written by a person */
#define ATTRIBUTION_MAX 4 /* lines over which programs wrap an attribution */

enum kind {
	BLANK,
	TEXT,
	QUOTED,
	ATTRIBUTION
};

struct line {
	const char *p;
	size_t len;
	enum kind kind;
	const char *plain; /* "" for quoted, blank and long lines */
};

enum match {
	MATCH_NONE,
	MATCH_LIKELY,
	MATCH_SURE
};

struct letter {
	struct ouv_arena *arena;
	struct line *lines;
	size_t count;
};

/* A run of lines of one sort, with what is left of it. */
struct segment {
	size_t from, to; /* lines */
	bool quoted, attributed;
};

/* ---- lines ------------------------------------------------------------------
 */

static bool
is_quoted(const char *p, size_t len)
{
	size_t i = 0;

	while (i < len && i < 2 && p[i] == ' ')
		i++;
	return i < len && p[i] == '>';
}

static void
read_line(struct letter *letter, struct line *line)
{
	while (line->len > 0 && line->p[line->len - 1] == '\r')
		line->len--;
	line->plain = "";
	line->kind = TEXT;
	if (is_quoted(line->p, line->len)) {
		line->kind = QUOTED;
	} else if (line->len <= WORDY) {
		line->plain = mail_plain(letter->arena, line->p, line->len);
		if (line->plain[0] == '\0')
			line->kind = BLANK;
	}
}

static void
split(struct letter *letter, const char *text)
{
	size_t count = 1;

	for (const char *p = text; *p != '\0' && count < LINES_MAX; p++)
		count += *p == '\n';
	letter->lines =
		ouv_arena_array(letter->arena, count, sizeof *letter->lines);
	letter->count = count;
	for (size_t i = 0; i < count; i++) {
		struct line *line = &letter->lines[i];

		line->p = text;
		line->len = i + 1 < count ? strcspn(text, "\n") : strlen(text);
		text += line->len;
		text += *text == '\n';
		read_line(letter, line);
	}
}

static size_t
next_full(const struct letter *letter, size_t i)
{
	while (i < letter->count && letter->lines[i].kind == BLANK)
		i++;
	return i;
}

/* ---- "on ... somebody wrote:" ------------------------------------ */

static bool
has_any(const char *plain, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strstr(plain, words[i]) != NULL)
			return true;
	return false;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* "10:00", "10.00", "10h00" */
static bool
has_clock(const char *plain)
{
	for (const char *p = plain; *p != '\0'; p++)
		if (is_digit(p[0]) &&
			(p[1] == ':' || p[1] == 'h' || p[1] == '.') &&
			is_digit(p[2]) && is_digit(p[3]))
			return true;
	return false;
}

/*
 * Takes the colon, or the dashes that Zoho puts on both sides, away.
 * A date may follow the verb: "Ana <a@b> escreveu em 2/2/2026 10:00:".
 */
static bool
strip_end(char *plain)
{
	size_t len = strlen(plain);
	bool found = false;

	while (len > 0 && strchr(": -", plain[len - 1]) != NULL) {
		found |= plain[len - 1] == ':' ||
			 (len > 1 && plain[len - 1] == '-' &&
				 plain[len - 2] == '-');
		plain[--len] = '\0';
	}
	while (len > 0 && plain[len - 1] == ',')
		plain[--len] = '\0';
	return found;
}

/* Does a rule match?  *named_out: one that also knows the first words. */
static bool
writes(const char *plain, bool *named_out)
{
	bool found = false;

	*named_out = false;
	plain += strspn(plain, "- *_");
	for (size_t i = 0; i < COUNT(quote_writes); i++) {
		const struct quote_writes *rule = &quote_writes[i];

		if (!mail_starts(plain, rule->start))
			continue;
		if (rule->anywhere ? strstr(plain, rule->verb) == NULL
				   : !mail_ends(plain, rule->verb))
			continue;
		found = true;
		*named_out |= rule->start[0] != '\0';
	}
	return found;
}

/* Lines i to i+n-1 as one, folded; NULL: too long for an attribution. */
static char *
joined(const struct letter *letter, size_t i, size_t n)
{
	struct ouv_buf buf;

	ouv_buf_init(&buf, letter->arena, 160);
	for (size_t k = i; k < i + n; k++) {
		if (buf.len > WORDY)
			return NULL;
		if (buf.len > 0 && buf.data[buf.len - 1] != '<')
			ouv_buf_char(&buf, ' ');
		ouv_buf_text(&buf, letter->lines[k].plain);
	}
	return buf.data;
}

/*
 * Do exactly these lines announce quoted text?  When '>' lines follow, a name
 * and a verb are enough; otherwise an address or the time of day must be
 * there, or a person's own story would be cut.
 */
static enum match
attributes(const struct letter *letter, size_t i, size_t n)
{
	size_t after = next_full(letter, i + n);
	const char *first = letter->lines[i].plain;
	char *plain = joined(letter, i, n);
	bool address, dated, named, rule;

	if (plain == NULL || !strip_end(plain))
		return MATCH_NONE;
	address = strchr(plain, '@') != NULL;
	dated = strpbrk(first, "0123456789@<") != NULL;
	rule = writes(plain, &named);
	if (is_digit(plain[0]) && has_clock(plain) && address &&
		mail_ends(plain, ">"))
		return MATCH_SURE;
	if (rule && named && dated && (address || has_clock(plain)) &&
		!has_any(plain, quote_not_writes, COUNT(quote_not_writes)))
		return MATCH_SURE;
	if (after >= letter->count || letter->lines[after].kind != QUOTED)
		return rule && address && n == 1 ? MATCH_LIKELY : MATCH_NONE;
	if (rule && named && dated)
		return MATCH_SURE;
	if (n == 1)
		return rule || address ||
		       has_any(plain, quote_verbs, COUNT(quote_verbs));
	return n == 2 && rule && strchr(first, '@') != NULL;
}

/* Number of lines of the attribution that begins at line i, 0: none. */
static size_t
attribution(const struct letter *letter, size_t i)
{
	for (size_t n = 1; n <= ATTRIBUTION_MAX; n++) {
		const struct line *last;

		if (i + n > letter->count)
			return 0;
		last = &letter->lines[i + n - 1];
		if (last->kind != TEXT || last->plain[0] == '\0')
			return 0;
		if (!mail_ends(last->plain, ":") &&
			!mail_ends(last->plain, "--"))
			continue;
		if (attributes(letter, i, n) == MATCH_NONE)
			return 0;
		/* text may touch it from above: the latest start is right */
		for (size_t k = n - 1; k > 0; k--)
			if (attributes(letter, i + k, n - k) == MATCH_SURE)
				return 0;
		return n;
	}
	return 0;
}

/* ---- separators and repeated headers ----------------------------- */

static bool
is_rule(const char *plain)
{
	size_t len = strlen(plain);

	return len >= 5 && strspn(plain, "-_=*") == len;
}

static bool
is_separator(struct ouv_arena *arena, const char *plain)
{
	const char *from = plain + strspn(plain, "-_=*#> ");
	size_t len = strlen(from), dashes = (size_t)(from - plain);
	char *words;

	while (len > 0 && strchr("-_=*#: ", from[len - 1]) != NULL)
		len--;
	if (len == 0 || len > 60)
		return false;
	words = ouv_arena_strndup(arena, from, len);
	for (size_t i = 0; i < COUNT(quote_separators); i++) {
		const struct quote_separator *row = &quote_separators[i];

		if (strcmp(words, row->words) == 0)
			return dashes >= 2 ||
			       (row->bare && mail_ends(plain, ":"));
	}
	return false;
}

/* The label of "Assunto: ..." or "*Assunto:* ..."; 0: none. */
static unsigned
label_of(const char *plain, const char **value_out)
{
	size_t len;

	plain += strspn(plain, "*_ ");
	len = strcspn(plain, ":");
	if (plain[len] != ':' || len > 20)
		return 0;
	*value_out = plain + len + 1;
	while (len > 0 && strchr(" *_", plain[len - 1]) != NULL)
		len--;
	for (size_t i = 0; i < COUNT(quote_headers); i++)
		if (strlen(quote_headers[i].word) == len &&
			memcmp(plain, quote_headers[i].word, len) == 0)
			return quote_headers[i].label;
	return 0;
}

/*
 * Three different labels of a mail header in a row, the sender and either
 * the time or an address among them.
 */
static bool
is_header_block(const struct letter *letter, size_t i)
{
	unsigned seen = 0;
	bool address = false;
	int foreign = 0;

	for (size_t n = 0; n < 16 && i < letter->count; n++, i++) {
		const char *value = "";
		unsigned label = label_of(letter->lines[i].plain, &value);

		if (n == 0 &&
			!(label & (LABEL_FROM | LABEL_DATE | LABEL_SUBJECT)))
			return false;
		if (label != 0) {
			seen |= label;
			address |= label == LABEL_FROM &&
				   strchr(value, '@') != NULL;
			foreign = 0;
		} else if (++foreign > 2) {
			break;
		}
	}
	return (seen & LABEL_FROM) && (seen & (LABEL_TO | LABEL_SUBJECT)) &&
	       ((seen & LABEL_DATE) || address) &&
	       __builtin_popcount(seen) >= 3;
}

/*
 * Marks attributions of '>' text; returns the line from where on everything
 * is somebody else's (count: none).
 */
static size_t
find_cut(struct letter *letter)
{
	for (size_t i = 0; i < letter->count; i++) {
		struct line *line = &letter->lines[i];
		size_t n, after;

		if (line->kind != TEXT || line->plain[0] == '\0')
			continue;
		if (is_separator(letter->arena, line->plain) ||
			is_header_block(letter, i))
			return i;
		n = attribution(letter, i);
		if (n == 0)
			continue;
		after = next_full(letter, i + n);
		if (after >= letter->count ||
			letter->lines[after].kind != QUOTED)
			return i;
		for (size_t k = 0; k < n; k++)
			letter->lines[i + k].kind = ATTRIBUTION;
		i += n - 1;
	}
	return letter->count;
}

/* ---- signatures -------------------------------------------------- */

static size_t
words_in(const char *plain)
{
	size_t words = plain[0] != '\0';

	for (; *plain != '\0'; plain++)
		words += *plain == ' ';
	return words;
}

static bool
is_mobile(const char *plain)
{
	plain += strspn(plain, "-*_ ");
	if (strlen(plain) > 160 || words_in(plain) > 9)
		return false;
	for (size_t i = 0; i < COUNT(quote_mobiles); i++) {
		const struct quote_mobile *row = &quote_mobiles[i];

		if (mail_starts(plain, row->start))
			return !row->device || has_any(plain, quote_devices,
						       COUNT(quote_devices));
	}
	return false;
}

/* RFC 3676 4.3; some programs lose the blank: then it must be short. */
static bool
is_signature(const struct letter *letter, size_t i, size_t to)
{
	const struct line *line = &letter->lines[i];
	size_t full = 0;
	bool exact = line->len == 3 && memcmp(line->p, "-- ", 3) == 0;

	if (!exact && strcmp(line->plain, "--") != 0)
		return false;
	for (size_t k = i + 1; k < to && full <= 30; k++)
		full += letter->lines[k].kind != BLANK;
	return full <= (exact ? 30 : 8);
}

static bool
is_empty(const struct line *line)
{
	return line->kind == BLANK || is_rule(line->plain);
}

/* Cuts blank lines, rules and signatures at the end of a segment. */
static void
trim_segment(const struct letter *letter, struct segment *seg)
{
	for (size_t i = seg->from; i < seg->to; i++)
		if (letter->lines[i].plain[0] == '-' &&
			is_signature(letter, i, seg->to)) {
			seg->to = i;
			break;
		}
	while (seg->to > seg->from &&
		(is_empty(&letter->lines[seg->to - 1]) ||
			is_mobile(letter->lines[seg->to - 1].plain)))
		seg->to--;
	while (seg->from < seg->to && letter->lines[seg->from].kind == BLANK)
		seg->from++;
}

/* ---- the whole --------------------------------------------------- */

/* The run of new or of quoted lines at `from`, blank lines inside it. */
static struct segment
next_segment(const struct letter *letter, size_t from, size_t to)
{
	struct segment seg = { from, from, false, false };
	size_t first = from;

	while (first < to && letter->lines[first].kind == BLANK)
		first++;
	if (first < to)
		seg.quoted = letter->lines[first].kind != TEXT;
	for (size_t i = from; i < to; i++) {
		enum kind kind = letter->lines[i].kind;

		if (kind == BLANK)
			continue;
		if ((kind != TEXT) != seg.quoted)
			break;
		seg.attributed |= kind == ATTRIBUTION;
		seg.to = i + 1;
	}
	if (seg.to == from) /* nothing but blank lines */
		seg.to = to;
	return seg;
}

/* "My data:" and then lines that happen to begin with '>'. */
static bool
is_own_list(const struct letter *letter, const struct segment *seg)
{
	return seg->quoted && !seg->attributed && seg->from > 0 &&
	       letter->lines[seg->from].kind == QUOTED &&
	       letter->lines[seg->from - 1].kind == TEXT &&
	       mail_ends(letter->lines[seg->from - 1].plain, ":");
}

static const char *
slice(const struct letter *letter, size_t from, size_t to)
{
	const char *start = letter->lines[from].p;
	const struct line *last = &letter->lines[to - 1];

	return ouv_arena_strndup(
		letter->arena, start, (size_t)(last->p + last->len - start));
}

static bool
says_inline(struct ouv_arena *arena, const char *text)
{
	size_t len = strlen(text);

	return len <= 400 &&
	       has_any(mail_plain(arena, text, len), quote_inline_words,
		       COUNT(quote_inline_words));
}

const char *
mail_reply_text(struct ouv_arena *arena, const char *text)
{
	struct letter letter = { arena, NULL, 0 };
	struct segment kept = { 0, 0, false, false };
	size_t cut, at = 0, pieces = 0;
	bool quote_seen = false, inside = false;
	const char *reply;

	split(&letter, text);
	cut = find_cut(&letter);
	while (at < cut) {
		struct segment seg = next_segment(&letter, at, cut);

		at = seg.to;
		if (is_own_list(&letter, &seg))
			seg.quoted = false;
		if (seg.quoted) {
			quote_seen = true;
			continue;
		}
		trim_segment(&letter, &seg);
		if (seg.from == seg.to)
			continue;
		inside |= pieces > 0 && quote_seen;
		if (pieces++ == 0)
			kept.from = seg.from;
		kept.to = seg.to;
	}
	if (pieces == 0)
		return text;
	/* an answer, and '>' lines on both sides of it */
	for (size_t i = kept.to; i < cut && !inside && kept.from > 0; i++)
		inside = letter.lines[i].kind == QUOTED && quote_seen &&
			 next_full(&letter, 0) < kept.from;
	if (inside)
		return cut == letter.count ? text : slice(&letter, 0, cut);
	if (cut == letter.count && !quote_seen &&
		next_full(&letter, 0) == kept.from &&
		next_full(&letter, kept.to) == letter.count)
		return text;
	reply = slice(&letter, kept.from, kept.to);
	return says_inline(arena, reply) ? text : reply;
}
