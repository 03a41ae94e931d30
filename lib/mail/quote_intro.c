/*
 * quote_intro.c - the line with which a program announces quoted text
 *
 * "On ... somebody wrote:" has a time, a name, often an address, mostly a
 * verb and nearly always a colon, in any order and over several lines.  When
 * '>' lines follow, little is asked; otherwise much, or a person's own story
 * would be cut.
 */
#include <string.h>

#include "quote.h"
#include "quote_intro_words.h"

#define INTRO_MAX 5    /* lines over which programs wrap it */
#define INTRO_WORDS 34 /* more is a story */
#define VERB_BYTES 40  /* the longest verb is shorter */

struct intro {
	const char *plain;    /* its lines as one, folded, without the colon */
	const char *first;    /* its first line, folded */
	const char *text;     /* its lines as one, as they are */
	const char *verb_end; /* behind the verb, NULL: there is none */
	bool colon, alone;    /* an empty line stands above it */
	size_t lines;
	/* what is in it */
	bool date, clock, bracketed, address, verb, last_verb, start;
};

/* ---- words --------------------------------------------------------------- */

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (unsigned char)c >= 0x80;
}

/* "wrote" as a word; without blanks around only where a script has none. */
static bool
is_word_at(const char *plain, const char *found, size_t len)
{
	bool latin = *found >= 'a' && *found <= 'z';

	if (!latin && (unsigned char)*found >= 0xE0)
		return true;
	return (found == plain || !is_letter(found[-1])) &&
	       !is_letter(found[len]);
}

/* The first verb that begins with this byte, or with a later one. */
static size_t
first_verb(char byte)
{
	size_t low = 0, high = QUOTE_COUNT(intro_verbs);

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if ((unsigned char)*intro_verbs[mid] < (unsigned char)byte)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* The longest verb at p, which may begin a word; 0: none. */
static size_t
verb_at(const char *plain, const char *p)
{
	size_t longest = 0;

	for (size_t i = first_verb(*p);
		i < QUOTE_COUNT(intro_verbs) && *intro_verbs[i] == *p; i++) {
		size_t len;

		if (!mail_starts(p, intro_verbs[i]))
			continue;
		len = strlen(intro_verbs[i]);
		if (len > longest && is_word_at(plain, p, len))
			longest = len;
	}
	return longest;
}

/* The last verb; NULL: there is none. */
static const char *
find_verb(const char *plain, size_t *len_out)
{
	const char *best = NULL;
	bool word = true;

	*len_out = 0;
	for (const char *p = plain; *p != '\0'; p++) {
		size_t len = word || (unsigned char)*p >= 0xE0
				     ? verb_at(plain, p)
				     : 0;

		if (len > 0) {
			best = p;
			*len_out = len;
			p += len - 1;
		}
		word = !is_letter(*p);
	}
	return best;
}

/* Behind the last verb; NULL: there is none. */
static const char *
after_verb(const char *plain)
{
	size_t len;
	const char *verb = find_verb(plain, &len);

	return verb == NULL ? NULL : verb + len;
}

/* The same asked of the end alone, for every line of a letter. */
static bool
ends_with_verb(const char *plain)
{
	size_t len = strlen(plain);
	const char *end = plain + len;
	const char *p = len > VERB_BYTES ? end - VERB_BYTES : plain;

	for (; p < end; p++) {
		bool word = p == plain || !is_letter(p[-1]);

		if ((word || (unsigned char)*p >= 0xE0) &&
			p + verb_at(plain, p) == end)
			return true;
	}
	return false;
}

/* The number of the word that begins at or before this place. */
static size_t
word_at(const char *plain, const char *place)
{
	size_t n = 0;

	for (; plain < place; plain++)
		n += *plain == ' ';
	return n;
}

/*
 * Does each word begin with a capital (or a sign, or no case at all)?  The
 * verb does not count.
 */
static bool
is_name(struct ouv_arena *arena, const char *text, size_t len)
{
	const char *whole = quote_fold(arena, text, len), *end = text + len;
	size_t verb_len, words = 0, at = 0;
	const char *verb = find_verb(whole, &verb_len);
	size_t skip = verb == NULL ? SIZE_MAX : word_at(whole, verb);
	size_t until = verb == NULL ? 0 : word_at(whole, verb + verb_len);

	for (; text < end; at++) {
		const char *plain;
		size_t n = 0;

		while (text + n < end && text[n] != ' ')
			n++;
		plain = quote_fold(arena, text, n);
		if (n > 0 && (at < skip || at > until) &&
			!mail_is_any(
				plain, intro_hours, QUOTE_COUNT(intro_hours))) {
			/* a letter that folding leaves alone was small */
			if (*text != *plain || *plain < 'a' || *plain > 'z')
				words++;
			else if (words == 0 ||
				 !mail_is_any(plain, intro_particles,
					 QUOTE_COUNT(intro_particles)))
				return false;
		}
		for (text += n; text < end && *text == ' ';)
			text++;
	}
	return words > 0 && words <= 8;
}

/* ---- its lines ----------------------------------------------------------- */

/* Takes the colon, or the dashes that Zoho puts on both sides, away. */
static bool
strip_end(char *plain)
{
	size_t len = strlen(plain);
	bool found = false;

	while (len > 0 && strchr(": -*_", plain[len - 1]) != NULL) {
		found |= plain[len - 1] == ':' ||
			 (len > 1 && plain[len - 1] == '-' &&
				 plain[len - 2] == '-');
		plain[--len] = '\0';
	}
	while (len > 0 && strchr(", ", plain[len - 1]) != NULL)
		plain[--len] = '\0';
	return found;
}

static void
join(const struct quote_letter *letter, size_t i, size_t n, struct intro *intro)
{
	struct ouv_buf plain, text;
	char *joined;

	ouv_buf_init(&plain, letter->arena, 160);
	ouv_buf_init(&text, letter->arena, 160);
	for (size_t k = i; k < i + n; k++) {
		struct ouv_str inside = quote_inside(&letter->lines[k]);

		if (plain.len > 0 && plain.data[plain.len - 1] != '<')
			ouv_buf_char(&plain, ' ');
		ouv_buf_text(&plain, quote_plain(letter, k));
		if (text.len > 0)
			ouv_buf_char(&text, ' ');
		ouv_buf_add(&text, inside.p, inside.len);
	}
	joined = plain.data + strspn(plain.data, "-*_ ");
	intro->colon = strip_end(joined);
	intro->plain = joined;
	intro->text = text.data;
	intro->first = quote_plain(letter, i);
	intro->lines = n;
	intro->alone = i == 0 || letter->lines[i - 1].kind == QUOTE_BLANK;
}

static void
look(struct intro *intro)
{
	const char *verb = after_verb(intro->plain);

	intro->verb_end = verb;
	intro->date = quote_has_date(intro->plain);
	intro->clock = quote_has_clock(intro->plain);
	intro->bracketed = quote_has_address(intro->plain, true);
	intro->address = quote_has_address(intro->plain, false);
	intro->verb = verb != NULL;
	intro->last_verb = verb != NULL && strspn(verb, " ,.)") == strlen(verb);
	intro->start = mail_starts_any(
		intro->plain, intro_starts, QUOTE_COUNT(intro_starts));
}

/* ---- what it is ---------------------------------------------------------- */

static bool
is_story(const struct intro *intro)
{
	return quote_words_in(intro->plain) > INTRO_WORDS ||
	       mail_has_any(
		       intro->plain, intro_stories, QUOTE_COUNT(intro_stories));
}

/* Time, name and address together, as only programs write them. */
static bool
is_complete(const struct intro *intro)
{
	if (!intro->bracketed || (!intro->colon && !intro->last_verb))
		return false;
	if (intro->verb)
		return intro->date || intro->clock;
	return intro->date && intro->clock &&
	       quote_words_in(intro->plain) <= 18;
}

/* "2. Feb. 2026, 10:00 von ana@consumidora.example", AOL's and Terra's */
static bool
is_bare_address(const struct intro *intro)
{
	const char *last = strrchr(intro->plain, ' ');

	if (!intro->address || !intro->colon || !intro->date || !intro->clock)
		return false;
	if (intro->start &&
		(intro->last_verb || mail_ends(intro->plain, " sent") ||
			mail_ends(intro->plain, " says")))
		return true;
	return last != NULL && strchr(last, '@') != NULL &&
	       quote_words_in(intro->plain) <= 9;
}

/*
 * "On 02/02/2026 10:00, Ana Souza wrote:" with nothing between the time and
 * the colon but a name and the verb.
 */
static bool
is_named(struct ouv_arena *arena, const struct intro *intro)
{
	const char *name;
	size_t len;

	if (!intro->alone || !intro->colon || !intro->verb || !intro->date ||
		!intro->clock || !intro->start || intro->address)
		return false;
	name = quote_after_clock(intro->text);
	if (name == NULL)
		return false;
	name += strspn(name, " ,");
	len = strlen(name);
	while (len > 0 && strchr(": ", name[len - 1]) != NULL)
		len--;
	return is_name(arena, name, len) && quote_words_in(intro->plain) <= 20;
}

/* "Ana Souza <ana@consumidora.example> wrote:" */
static bool
is_short(struct ouv_arena *arena, const struct intro *intro)
{
	const char *open = strchr(intro->text, '<');

	return intro->colon && intro->bracketed && intro->last_verb &&
	       intro->lines == 1 && open != NULL &&
	       (open == intro->text || is_name(arena, intro->text,
					       (size_t)(open - intro->text)));
}

/* Lotus Notes: "Ana Souza/Office wrote on 02/02/2026 10:00:00 AM" */
static bool
is_notes(const struct intro *intro)
{
	const char *slash = strchr(intro->plain, '/');
	const char *verb = intro->verb_end;

	return intro->colon && intro->date && intro->clock && verb != NULL &&
	       slash != NULL && slash < verb && intro->lines <= 2 &&
	       is_letter(slash[1]) && quote_words_in(intro->plain) <= 14;
}

static bool
is_quoting(const struct intro *intro)
{
	return intro->colon && mail_starts_any(intro->plain, intro_quoting,
				       QUOTE_COUNT(intro_quoting));
}

/* Enough on its own, whatever follows. */
static bool
is_sure(struct ouv_arena *arena, const struct intro *intro)
{
	return (is_complete(intro) || is_bare_address(intro) ||
		       is_named(arena, intro) || is_short(arena, intro) ||
		       is_notes(intro) ||
		       (is_quoting(intro) && intro->bracketed)) &&
	       !is_story(intro);
}

/* Enough before '>' lines. */
static bool
is_before_quote(struct ouv_arena *arena, const struct intro *intro)
{
	bool time = intro->date || intro->clock;
	size_t len = strcspn(intro->text, ":");

	if (quote_words_in(intro->plain) > INTRO_WORDS)
		return false;
	if (!intro->colon) /* old Gmail: "2026/2/2 Ana <ana@x.example>" */
		return time && intro->start &&
		       (intro->last_verb ||
			       (intro->bracketed && intro->lines <= 2 &&
				       quote_words_in(intro->plain) <= 9 &&
				       mail_ends(intro->plain, ">")));
	if (intro->verb && (time || intro->address))
		return true;
	if (intro->lines > 1)
		return intro->bracketed && time;
	return intro->bracketed || is_quoting(intro) ||
	       (intro->address && time) ||
	       (intro->verb && len <= 60 && is_name(arena, intro->text, len)) ||
	       (intro->date && intro->clock && intro->start &&
		       quote_words_in(intro->plain) <= 9);
}

/* ---- finding it ---------------------------------------------------------- */

/* Can an attribution end with this line? */
static bool
may_end(struct quote_line *line)
{
	const char *plain = line->plain;

	if (line->ends == 0)
		line->ends = mail_ends(plain, ":") || mail_ends(plain, "--") ||
					     mail_ends(plain, ":*") ||
					     mail_ends(plain, ">") ||
					     ends_with_verb(plain)
				     ? 1
				     : -1;
	return line->ends > 0;
}

/* What line i and the n - 1 after it are together. */
enum intro_match {
	INTRO_NOT,
	INTRO_ANY,  /* with '>' lines behind it */
	INTRO_DATED /* and a date in it */
};

static enum intro_match
match(const struct quote_letter *letter, size_t i, size_t n)
{
	size_t after = quote_next(letter, i + n);
	struct intro intro = { 0 };

	join(letter, i, n, &intro);
	look(&intro);
	if (!is_sure(letter->arena, &intro) &&
		(after >= letter->count ||
			letter->lines[after].kind != QUOTE_QUOTED ||
			!is_before_quote(letter->arena, &intro)))
		return INTRO_NOT;
	return intro.date ? INTRO_DATED : INTRO_ANY;
}

/* A line that begins as attributions do, with a word. */
static bool
begins(const char *plain)
{
	plain += strspn(plain, "-*_ ");
	return (*plain < '0' || *plain > '9') &&
	       mail_starts_any(plain, intro_starts, QUOTE_COUNT(intro_starts));
}

/*
 * Does the attribution whose first line is i begin one line earlier?  Then
 * the address or the second half of the date stands first on this one.
 */
static bool
begins_above(const struct quote_letter *letter, size_t i)
{
	const char *plain = quote_plain(letter, i), *above;

	if (i == 0 || letter->lines[i - 1].kind != QUOTE_TEXT)
		return false;
	above = quote_plain(letter, i - 1);
	/* "Ana Souza <ana@consumidora.example> wrote on" */
	if (quote_has_address(above, true) && strchr(plain, '@') == NULL &&
		(after_verb(above) != NULL || i < 2 ||
			letter->lines[i - 2].kind == QUOTE_BLANK))
		return true;
	if (*above == '\0' || strchr(".!?:;", above[strlen(above) - 1]) != NULL)
		return false;
	if (*plain == '<' || *plain == '(')
		return true;
	return begins(above) && !begins(plain) && strlen(above) >= 20 &&
	       strpbrk(above, "0123456789,") != NULL;
}

/* A date, an address or a verb: without one of them it is none. */
static bool
has_any_sign(const struct quote_letter *letter, size_t end)
{
	const char *last = quote_plain(letter, end - 1);

	for (size_t n = 1; n <= INTRO_MAX && n <= end; n++)
		if (letter->lines[end - n].kind == QUOTE_TEXT &&
			strpbrk(quote_plain(letter, end - n), "0123456789@"))
			return true;
	return after_verb(last) != NULL ||
	       mail_starts_any(last, intro_quoting, QUOTE_COUNT(intro_quoting));
}

/*
 * Text may touch an attribution from above: of all beginnings the latest is
 * right that has the date, or the latest at all.  Returns its lines, 0: none.
 */
static size_t
lines_before(const struct quote_letter *letter, size_t end)
{
	size_t best = 0;

	if (!has_any_sign(letter, end))
		return 0;
	for (size_t n = 1; n <= INTRO_MAX && n <= end; n++) {
		enum intro_match found;

		if (letter->lines[end - n].kind != QUOTE_TEXT ||
			*quote_plain(letter, end - n) == '\0')
			break;
		found = match(letter, end - n, n);
		if (found != INTRO_NOT && best == 0)
			best = n;
		if (found == INTRO_DATED) {
			best = n;
			break;
		}
	}
	while (best > 0 && best < INTRO_MAX && begins_above(letter, end - best))
		best++;
	return best;
}

size_t
quote_intro(const struct quote_letter *letter, size_t i)
{
	for (size_t n = 1; n <= INTRO_MAX && i + n <= letter->count; n++) {
		struct quote_line *last = &letter->lines[i + n - 1];

		if (last->kind != QUOTE_TEXT || last->len > QUOTE_WORDY ||
			*quote_plain(letter, i + n - 1) == '\0')
			return 0;
		if (!may_end(last))
			continue;
		if (last->before == 0)
			last->before =
				(signed char)(1 + lines_before(letter, i + n));
		if ((size_t)last->before == n + 1)
			return n;
	}
	return 0;
}
