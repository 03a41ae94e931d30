/*
 * cause.c - why a letter was not delivered: status, reply code and words
 *
 * The enhanced status is a program's word and comes first (RFC 3463); words
 * count where it is missing or says nothing.  The tables are in
 * cause_status.h and cause_words.h.
 */
#include <string.h>

#include "meaning.h"
#include "cause_status.h"
#include "cause_words.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
#define WORDS_MAX 8192 /* bytes of a report in which words are sought */

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_word(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* ---- the enhanced status ----------------------------------------- */

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
	/* a subject above 7 is not registered: it is some version number */
	if (group != 2 || groups[1] > 1 || start[2] > '7' || groups[2] > 3)
		return 0;
	return p < end && *p == '.' && p + 1 < end && is_digit(p[1])
		       ? 0
		       : (size_t)(p - start);
}

/* The next status at or behind *p, which moves behind it; its length. */
static size_t
next_status(const char *text, const char **p, const char *end)
{
	for (; *p < end; (*p)++) {
		size_t n;

		if (*p > text && (is_digit((*p)[-1]) || (*p)[-1] == '.'))
			continue;
		n = status_len(*p, end);
		if (n > 0) {
			*p += n;
			return n;
		}
	}
	return 0;
}

const char *
mail_status_find(struct ouv_arena *arena, const char *text, size_t len)
{
	const char *p = text;
	size_t n = next_status(text, &p, text + len);

	return n == 0 ? NULL : ouv_arena_strndup(arena, p - n, n);
}

/* Does it stand where programs put it: "550 5.1.1", "(#5.1.1)"? */
static bool
is_announced(const char *text, const char *at)
{
	if (at > text && at[-1] == '#')
		return true;
	return at - text >= 4 && (at[-1] == ' ' || at[-1] == '-') &&
	       is_digit(at[-2]) && is_digit(at[-3]) && at[-4] == at[0];
}

static bool
is_general(const char *status)
{
	return mail_ends(status, ".0.0");
}

/* The status of a failure that says most; NULL: none. */
static const char *
best_status(struct ouv_arena *arena, const char *text, size_t len)
{
	const char *p = text, *best = NULL;
	int most = 0;
	size_t n;

	while ((n = next_status(text, &p, text + len)) > 0) {
		const char *at = p - n;
		bool general = n == 5 && memcmp(at + 1, ".0.0", 4) == 0;
		int worth = general ? 1 : is_announced(text, at) ? 3 : 2;

		if (*at == '2' || worth <= most)
			continue;
		most = worth;
		best = ouv_arena_strndup(arena, at, n);
		if (most == 3)
			break;
	}
	return best;
}

/* ---- the reply code ---------------------------------------------- */

/* The first "550" that is not part of a longer number; 0: none. */
static int
reply_code(const char *text, size_t len)
{
	for (size_t i = 0; i + 3 <= len; i++) {
		const char *p = text + i;

		if ((p[0] != '4' && p[0] != '5') || p[1] < '0' || p[1] > '5' ||
			!is_digit(p[2]))
			continue;
		if (i > 0 && (is_word(p[-1]) || strchr("./+@_", p[-1]) != NULL))
			continue;
		if (i + 3 < len && (is_word(p[3]) || p[3] == '/'))
			continue;
		if (i + 4 < len && p[3] == '.' && is_word(p[4]))
			continue;
		return (p[0] - '0') * 100 + (p[1] - '0') * 10 + p[2] - '0';
	}
	return 0;
}

/* ".2.2" of a code that means one thing (RFC 5321 4.2.3) */
static const char *
reply_detail(int code)
{
	for (size_t i = 0; i < COUNT(reply_rows); i++)
		if (reply_rows[i].code == code)
			return reply_rows[i].detail;
	return ".0.0";
}

/* ---- words ------------------------------------------------------- */

/* "550-" in front of a continued reply's words */
static bool
ends_code(const char *plain, const char *at)
{
	return at - plain >= 4 && at[-1] == '-' && is_digit(at[-2]) &&
	       is_digit(at[-3]) && is_digit(at[-4]);
}

/* Not in the middle of a word, nor of a host's name. */
static bool
stands_alone(const char *plain, const char *at, const char *end)
{
	bool label = at - plain >= 2 && strchr(".-@_", at[-1]) != NULL &&
		     is_word(at[-2]);

	if ((unsigned char)*at >= 0x80)
		return true;
	if (at > plain && (is_word(at[-1]) || label) && !ends_code(plain, at))
		return false;
	return *end != '@' && !(*end == '.' && is_word(end[1]));
}

static bool
has_words(const char *plain, const char *words)
{
	size_t len = strlen(words);

	for (const char *at = strstr(plain, words); at != NULL;
		at = strstr(at + 1, words))
		if (stands_alone(plain, at, at + len))
			return true;
	return false;
}

static enum reason
reason_of_words(const char *plain)
{
	for (size_t i = 0; *plain != '\0' && i < COUNT(word_groups); i++)
		for (const char *const *w = word_groups[i].words; *w; w++)
			if (has_words(plain, *w))
				return word_groups[i].reason;
	return REASON_NONE;
}

/* ---- all of it --------------------------------------------------- */

static enum reason
reason_of_status(const char *status, bool *vague_out)
{
	int subject = status[2] - '0', detail = 0;

	for (const char *p = status + 4; is_digit(*p); p++)
		detail = detail * 10 + (*p - '0');
	for (size_t i = 0; i < COUNT(status_rows); i++) {
		const struct status_row *row = &status_rows[i];

		if (row->subject == subject && row->from <= detail &&
			detail <= row->to) {
			*vague_out = row->vague;
			return row->reason;
		}
	}
	*vague_out = true;
	return REASON_OTHER;
}

/* Class and detail from words, else from the reply code. */
static const char *
derived(struct ouv_arena *arena, const char *status, enum reason words,
	int code, bool late)
{
	const struct reason_row *row = &reason_rows[words];
	const char *detail;
	char class;

	if (status == NULL && words == REASON_NONE && code == 0)
		return "";
	if (words != REASON_NONE && row->detail != NULL)
		detail = row->detail;
	else /* a code of another class was about something else */
		detail = status != NULL && code / 100 != status[0] - '0'
				 ? ".0.0"
				 : reply_detail(code);
	if (late)
		class = '4';
	else if (status != NULL)
		class = status[0];
	else
		class = code != 0 ? (char)('0' + code / 100) : row->class;
	return ouv_arena_printf(arena, "%c%s", class, detail);
}

void
mail_cause(struct ouv_arena *arena, const char *status, struct ouv_str text,
	bool late, struct mail_cause *cause_out)
{
	size_t len = text.len < WORDS_MAX ? text.len : WORDS_MAX;
	const char *found = best_status(arena, text.p, len);
	enum reason words, reason;
	bool vague;

	if (status != NULL && status[0] == '\0')
		status = NULL;
	if (found != NULL && (status == NULL || (is_general(status) &&
							found[0] == status[0])))
		status = found;
	words = reason_of_words(mail_plain(arena, text.p, len));
	if (status == NULL || is_general(status))
		status = derived(
			arena, status, words, reply_code(text.p, len), late);
	cause_out->status = status;
	if (status[0] == '\0') {
		cause_out->cause = "other";
		return;
	}
	reason = reason_of_status(status, &vague);
	if (vague && words != REASON_NONE)
		reason = words;
	cause_out->cause = reason_rows[reason].cause;
}
