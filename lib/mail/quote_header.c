/*
 * quote_header.c - lines that stand between a mail and the one it repeats
 *
 * A line of words between dashes, and the header of the older mail in words.
 * Both have a shape, whatever the language: the words only help.
 */
#include <string.h>

#include "quote.h"
#include "quote_header_words.h"

#define LABEL_LEN 40   /* bytes of a label */
#define BLOCK_LINES 24 /* of a repeated header, with its continuations */
#define FOLDED_LINES 4 /* over which one value goes */

/* ---- labels -------------------------------------------------------------- */

static bool
is_form_word(const char *plain, size_t len)
{
	for (size_t i = 0; i < QUOTE_COUNT(form_words); i++)
		if (strlen(form_words[i]) == len &&
			memcmp(plain, form_words[i], len) == 0)
			return true;
	return false;
}

/* One to four words without digits or signs. */
static bool
is_label_shaped(const char *plain, size_t len)
{
	size_t words = 1;

	for (size_t i = 0; i < len; i++) {
		words += plain[i] == ' ';
		if (strchr("0123456789@<>()[]{}?!,;\"=/#+", plain[i]) != NULL)
			return false;
	}
	return len > 0 && words <= 4 && !is_form_word(plain, len);
}

unsigned
quote_known_label(const char *plain, size_t len)
{
	for (size_t i = 0; i < QUOTE_COUNT(header_words); i++)
		if (header_words[i].word[0] == plain[0] &&
			strlen(header_words[i].word) == len &&
			memcmp(plain, header_words[i].word, len) == 0)
			return header_words[i].label;
	return 0;
}

/* The label of "Assunto: ..." or "*Assunto:* ..."; 0: none. */
unsigned
quote_label(const struct quote_letter *letter, size_t i)
{
	struct quote_line *line = &letter->lines[i];
	const char *plain;
	size_t len;

	if (line->label != LABEL_UNREAD)
		return line->label;
	line->label = 0;
	line->value = "";
	plain = quote_plain(letter, i);
	plain += strspn(plain, "*_ |");
	len = strcspn(plain, ":");
	if (plain[len] != ':' || len == 0 || len > LABEL_LEN)
		return 0;
	line->value = plain + len + 1;
	line->value += strspn(line->value, "*_ ");
	while (len > 0 && strchr(" *_", plain[len - 1]) != NULL)
		len--;
	line->label = quote_known_label(plain, len);
	if (line->label == 0 && is_label_shaped(plain, len))
		line->label = LABEL_UNKNOWN;
	return line->label;
}

/* ---- repeated headers ---------------------------------------------------- */

static void
add_label(const struct quote_letter *letter, struct quote_block *block,
	unsigned label, size_t i)
{
	if (label == LABEL_FROM && !(block->seen & LABEL_FROM))
		block->sender = i;
	if (label == LABEL_SUBJECT && !(block->seen & LABEL_SUBJECT))
		block->subject = i;
	block->seen |= label;
	block->end = i + 1;
	(void)letter;
}

/*
 * The labelled lines from i on, all in the same quote or in none.  A value
 * may go over several lines; one empty line may stand between two labels.
 */
static void
read_lines(const struct quote_letter *letter, size_t i, unsigned wanted,
	struct quote_block *block)
{
	bool quoted = letter->lines[i].kind == QUOTE_QUOTED;
	size_t folded = 0, blank = 0;

	*block = (struct quote_block){ .from = i, .end = i };
	block->sender = block->subject = letter->count;
	for (size_t n = 0; n < BLOCK_LINES && i < letter->count; n++, i++) {
		const struct quote_line *line = &letter->lines[i];
		unsigned label;

		if (line->kind == QUOTE_BLANK ||
			*quote_plain(letter, i) == '\0') {
			if (line->len > QUOTE_WORDY || ++blank > 1)
				break;
			continue;
		}
		if ((line->kind == QUOTE_QUOTED) != quoted)
			break;
		label = quote_label(letter, i) & wanted;
		/* after an empty line, what was there before is the text */
		if (blank > 0 && (block->seen & label) != 0)
			break;
		if (label != 0) {
			add_label(letter, block, label, i);
			folded = 0;
		} else if (blank > 0 || block->seen == 0 ||
			   ++folded > FOLDED_LINES) {
			break;
		}
		blank = 0;
	}
	/* what continues the last value belongs to it */
	while (block->end < letter->count && block->seen != 0 &&
		block->end < i && letter->lines[block->end].kind != QUOTE_BLANK)
		block->end++;
}

#define KNOWN (LABEL_FROM | LABEL_DATE | LABEL_TO | LABEL_SUBJECT | LABEL_OTHER)

void
quote_read_block(const struct quote_letter *letter, size_t i,
	struct quote_block *block_out)
{
	read_lines(letter, i, KNOWN, block_out);
}

/* Is a value of this label an address, or a time? */
static bool
has_value(const struct quote_letter *letter, const struct quote_block *block,
	unsigned label, bool (*is)(const char *))
{
	for (size_t i = block->from; i < block->end; i++)
		if (quote_label(letter, i) == label &&
			is(letter->lines[i].value))
			return true;
	return false;
}

static bool
is_address(const char *value)
{
	return quote_has_address(value, false);
}

static bool
is_time(const char *value)
{
	return quote_has_date(value) || quote_has_clock(value);
}

static int
bits(unsigned seen)
{
	return __builtin_popcount(seen);
}

/* A rule, or a border that HTML drew, stands above. */
static bool
is_under_rule(const struct quote_letter *letter, size_t i)
{
	size_t before = quote_before(letter, i);

	return letter->lines[i].head ||
	       (before < letter->count &&
		       quote_is_rule(quote_plain(letter, before)));
}

/*
 * Three different labels that are known, the sender and either the time or an
 * address among them; under a rule two are enough.
 */
static bool
is_known_block(const struct quote_letter *letter,
	const struct quote_block *block, bool ruled)
{
	unsigned seen = block->seen;
	bool dated, address;

	if (!(seen & LABEL_FROM))
		return false;
	dated = has_value(letter, block, LABEL_DATE, is_time);
	address = has_value(letter, block, LABEL_FROM, is_address);
	/* from where to where and when: somebody tells of a journey */
	if (!address && !(seen & LABEL_SUBJECT))
		return false;
	if (ruled && bits(seen) >= 2 && (dated || address))
		return true;
	return bits(seen) >= 3 && (seen & (LABEL_TO | LABEL_SUBJECT)) &&
	       (dated || (seen & LABEL_DATE) || address);
}

/*
 * A header in a language that the table has not: under a rule, three labels
 * at once, an address in the first two and a date with a time of day.
 */
static bool
is_shaped_block(const struct quote_letter *letter, size_t i)
{
	size_t labels = 0;
	bool address = false, dated = false;

	for (size_t n = 0; n < 6 && i < letter->count; n++, i++) {
		unsigned label = quote_label(letter, i);
		const char *value = letter->lines[i].value;

		if (letter->lines[i].kind == QUOTE_BLANK || label == 0)
			break;
		labels++;
		address |= n < 2 && quote_has_address(value, false);
		dated |= quote_has_date(value) && quote_has_clock(value);
	}
	return labels >= 3 && address && dated;
}

bool
quote_header(const struct quote_letter *letter, size_t i,
	struct quote_block *block_out)
{
	unsigned first = quote_label(letter, i);
	bool ruled;

	if (first == 0)
		return false;
	ruled = is_under_rule(letter, i);
	if (first == LABEL_UNKNOWN) {
		if (!ruled || !is_shaped_block(letter, i))
			return false;
		read_lines(letter, i, KNOWN | LABEL_UNKNOWN, block_out);
		return true;
	}
	if (first == LABEL_OTHER)
		return false;
	quote_read_block(letter, i, block_out);
	if (first == LABEL_TO && bits(block_out->seen) < 4)
		return false;
	return is_known_block(letter, block_out, ruled) ||
	       (ruled && is_shaped_block(letter, i));
}

/* ---- lines between ------------------------------------------------------- */

static const struct quote_separator_word *
find_separator(const char *words, size_t len, bool dashes)
{
	for (size_t i = 0; i < QUOTE_COUNT(separator_words); i++) {
		const struct quote_separator_word *row = &separator_words[i];
		size_t n = strlen(row->words);

		if (n > len || memcmp(row->words, words, n) != 0)
			continue;
		if (n == len ||
			(dashes && (row->how & IN_START) && words[n] == ' '))
			return row;
	}
	return NULL;
}

/* Words between dashes that no table has, a whole header behind them. */
static bool
is_shaped_separator(const struct quote_letter *letter, size_t i)
{
	size_t after = quote_next(letter, i + 1);
	struct quote_block block;

	if (after >= letter->count || after > i + 2)
		return false;
	if (is_shaped_block(letter, after))
		return true;
	quote_read_block(letter, after, &block);
	return is_known_block(letter, &block, true);
}

/* "##- Please type your reply above this line -##" */
static bool
is_reply_line(const char *plain)
{
	/* what is cheap first: every line of a letter comes here */
	return (strspn(plain, "-_=*#>[ ") >= 2 ||
		       quote_words_in(plain) <= 12) &&
	       strlen(plain) <= 200 &&
	       mail_has_any(plain, line_above, QUOTE_COUNT(line_above)) &&
	       mail_has_any(plain, line_reply, QUOTE_COUNT(line_reply));
}

/* "--- words ---": where the words are, how many signs stand around. */
static const char *
between_dashes(
	const char *plain, size_t *len_out, size_t *left_out, size_t *right_out)
{
	const char *words = plain + strspn(plain, "-_=*#> ");
	size_t len = strlen(words), whole = len;

	while (len > 0 && strchr("-_=*#: ", words[len - 1]) != NULL)
		len--;
	*left_out = (size_t)(words - plain);
	*right_out = whole - len;
	*len_out = len;
	return words;
}

/* "----- Forwarded Message ----- From: ...": all in one line. */
static bool
starts_separator(const char *plain)
{
	const char *words = plain + strspn(plain, "-=_* "), *dash;
	const struct quote_separator_word *row;
	size_t len;

	if (words - plain < 3)
		return false;
	dash = strstr(words, " ---");
	if (dash == NULL)
		return false;
	len = (size_t)(dash - words);
	row = find_separator(words, len, false);
	return row != NULL && (row->how & IN_FORWARD) && strchr(dash, ':');
}

/* ">>> Ana Souza <ana@consumidora.example> 02/02/2026 10:00 >>>" */
static bool
is_groupwise(const struct quote_letter *letter, size_t i)
{
	const struct quote_line *line = &letter->lines[i];
	const char *plain;

	if (line->len < 12 || line->len > 200 || memcmp(line->p, ">>>", 3) != 0)
		return false;
	plain = quote_plain(letter, i);
	return mail_ends(plain, ">>>") && quote_has_date(plain) &&
	       quote_has_clock(plain);
}

enum quote_cut_kind
quote_separator(const struct quote_letter *letter, size_t i)
{
	const struct quote_line *line = &letter->lines[i];
	const struct quote_separator_word *row;
	const char *plain, *words;
	size_t len, left, right;
	bool dashes;

	if (is_groupwise(letter, i))
		return CUT_ORIGINAL;
	if (line->len > 300)
		return CUT_NONE;
	plain = quote_plain(letter, i);
	if (is_reply_line(plain))
		return CUT_LINE;
	if (starts_separator(plain))
		return CUT_FORWARD;
	words = between_dashes(plain, &len, &left, &right);
	dashes = left >= 2;
	if (len == 0 || len > 120 || (!dashes && !mail_ends(plain, ":")))
		return CUT_NONE;
	row = find_separator(words, len, dashes);
	if (row == NULL)
		return dashes && right >= 2 && len <= 60 &&
				       is_shaped_separator(letter, i)
			       ? CUT_ORIGINAL
			       : CUT_NONE;
	if (!dashes && !(row->how & IN_BARE))
		return CUT_NONE;
	return row->how & IN_FORWARD ? CUT_FORWARD : CUT_ORIGINAL;
}

/* ---- subjects ------------------------------------------------------------ */

/* What it says of itself first; *prefix_out: bytes of that. */
enum quote_subject
quote_subject_kind(
	struct ouv_arena *arena, const char *subject, size_t *prefix_out)
{
	const char *colon = strchr(subject, ':');
	const char *wide = strstr(subject, "\xEF\xBC\x9A");
	const char *plain;
	size_t len;

	*prefix_out = 0;
	if (colon == NULL || (wide != NULL && wide < colon))
		colon = wide;
	if (colon == NULL || colon - subject > 20)
		return SUBJECT_OTHER;
	plain = quote_fold(arena, subject, (size_t)(colon - subject));
	len = strcspn(plain, "[(");
	while (len > 0 && plain[len - 1] == ' ')
		len--;
	for (size_t i = 0; i < QUOTE_COUNT(subject_words); i++)
		if (strlen(subject_words[i].prefix) == len &&
			memcmp(plain, subject_words[i].prefix, len) == 0) {
			*prefix_out = (size_t)(colon - subject) +
				      (colon == wide ? 3 : 1);
			return subject_words[i].kind;
		}
	return SUBJECT_OTHER;
}
