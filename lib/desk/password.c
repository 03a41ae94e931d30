/*
 * password.c - which passwords are accepted
 *
 * Length is what counts: at least 15 characters, of any kind.  What is left to
 * refuse are long ones that are short in truth: one or two words from a list
 * with digits and signs about them, the office's or one's own name, a row of
 * keys, one character again and again.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ouv/log.h"
#include "password.h"

#define WORD_LEAST 3
#define WORD_MOST 40
#define PARTS 2     /* so many words of the list are no password */
#define DIFFERENT 6 /* fewer different characters are none either */

/* ---- the list ---------------------------------------------------------------
 */

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Small letters alone, into out; false: too few or too many. */
static bool
letters_of(const char *text, char out[WORD_MOST + 1])
{
	size_t n = 0;

	for (; *text != '\0'; text++) {
		if (!isalpha((unsigned char)*text) || (*text & 0x80) != 0)
			continue;
		if (n == WORD_MOST)
			return false;
		out[n++] = (char)tolower((unsigned char)*text);
	}
	out[n] = '\0';
	return n >= WORD_LEAST;
}

static void
add_word(struct common *common, size_t *room, const char *line)
{
	char word[WORD_MOST + 1];
	const char **more;

	if (!letters_of(line, word))
		return;
	if (common->count == *room) {
		*room = *room > 0 ? *room * 2 : 4096;
		more = ouv_arena_array(common->arena, *room, sizeof(*more));
		if (common->count > 0)
			memcpy(more, common->words,
				common->count * sizeof(*more));
		common->words = more;
	}
	common->words[common->count++] = ouv_arena_strdup(common->arena, word);
}

static struct common *
read_list(const char *path)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	struct common *common = ouv_arena_alloc(arena, sizeof(*common));
	FILE *file = fopen(path, "re");
	size_t room = 0;
	char line[256];

	*common = (struct common){ .arena = arena };
	if (file == NULL) {
		ouv_log_error("%s: cannot be read: common words are no longer "
			      "refused in passwords",
			path);
		return common;
	}
	while (fgets(line, sizeof(line), file) != NULL)
		add_word(common, &room, line);
	(void)fclose(file);
	if (common->count > 0)
		qsort(common->words, common->count, sizeof(*common->words),
			by_text);
	return common;
}

static const struct common *
list_of(struct ouv_office *office)
{
	(void)pthread_mutex_lock(&office->signer.lock);
	if (office->common == NULL)
		office->common =
			read_list(office->config->paths_common_passwords);
	(void)pthread_mutex_unlock(&office->signer.lock);
	return office->common;
}

void
password_free(struct ouv_office *office)
{
	struct ouv_arena *arena =
		office->common != NULL ? office->common->arena : NULL;

	office->common = NULL; /* lies in the arena itself */
	ouv_arena_free(&arena);
}

/* ---- what a password is made of
 * ------------------------------------------------
 */

static size_t
characters(const char *text)
{
	size_t n = 0;

	for (; *text != '\0'; text++)
		n += ((unsigned char)*text & 0xc0) != 0x80;
	return n;
}

static size_t
different(const char *text)
{
	bool seen[256] = { false };
	size_t n = 0;

	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)tolower((unsigned char)*text);

		n += !seen[c];
		seen[c] = true;
	}
	return n;
}

/* Beside each other on a keyboard, or in the alphabet, or the same. */
static bool
are_neighbours(char a, char b)
{
	static const char keys[] = "qwertyuiop asdfghjkl zxcvbnm 1234567890";
	const char *at = strchr(keys, a);

	if (a - b >= -1 && a - b <= 1)
		return true;
	return at != NULL && b != ' ' &&
	       (at[1] == b || (at > keys && at[-1] == b));
}

/* Two steps out of three go to a neighbour. */
static bool
is_row(const char *password)
{
	size_t steps = strlen(password) - 1, close = 0;

	for (size_t i = 0; i < steps; i++)
		close += are_neighbours(
			(char)tolower((unsigned char)password[i]),
			(char)tolower((unsigned char)password[i + 1]));
	return close * 3 >= steps * 2;
}

/* Digits and signs that people write for letters. */
static char
letter_for(char c)
{
	static const char from[] = "013457@$", to[] = "oieastas";
	const char *at = c != '\0' ? strchr(from, c) : NULL;

	if (isalpha((unsigned char)c) && (c & 0x80) == 0)
		return (char)tolower((unsigned char)c);
	return at != NULL ? to[at - from] : '\0';
}

/* Its letters; swap: with those that digits and signs stand for. */
static void
fold(const char *password, bool swap, char out[PASSWORD_MOST + 1])
{
	size_t n = 0;

	for (; *password != '\0' && n < PASSWORD_MOST; password++) {
		char c = swap || isalpha((unsigned char)*password)
				 ? letter_for(*password)
				 : '\0';

		if (c != '\0')
			out[n++] = c;
	}
	out[n] = '\0';
}

static bool
is_listed(const struct common *common, const char *word, size_t len)
{
	char text[WORD_MOST + 1];
	const char *key = text;

	if (len < WORD_LEAST || len > WORD_MOST || common->count == 0)
		return false;
	memcpy(text, word, len);
	text[len] = '\0';
	return bsearch(&key, common->words, common->count,
		       sizeof(*common->words), by_text) != NULL;
}

static bool
is_name(const char *const *names, size_t count, const char *word, size_t len)
{
	for (size_t i = 0; i < count; i++)
		if (strlen(names[i]) == len && memcmp(names[i], word, len) == 0)
			return true;
	return false;
}

struct made {
	const struct common *common;
	const char *const *names;
	size_t name_count;
	bool named;
};

/* Nothing but at most so many words; the same one again is no further one. */
static bool
is_made_of(struct made *m, const char *text, const char *before,
	size_t before_len, int parts)
{
	size_t rest = strlen(text);

	if (rest == 0)
		return true;
	if (before_len > 0 && rest >= before_len &&
		memcmp(text, before, before_len) == 0 &&
		is_made_of(m, text + before_len, before, before_len, parts))
		return true;
	for (size_t len = rest < WORD_MOST ? rest : WORD_MOST;
		parts > 0 && len >= WORD_LEAST; len--) {
		bool name = is_name(m->names, m->name_count, text, len);

		if ((name || is_listed(m->common, text, len)) &&
			is_made_of(m, text + len, text, len, parts - 1)) {
			m->named = m->named || name;
			return true;
		}
	}
	return false;
}

const char *
password_judge(const struct common *common, const char *const *names,
	size_t name_count, const char *password)
{
	struct made made = { common, names, name_count, false };
	char text[PASSWORD_MOST + 1];

	if (strlen(password) > PASSWORD_MOST)
		return "password-long";
	if (characters(password) < PASSWORD_LEAST)
		return "password-short";
	if (different(password) < DIFFERENT || is_row(password))
		return "password-common";
	for (int swap = 0; swap < 2; swap++) {
		fold(password, swap != 0, text);
		/* Other writings than Latin have no letters here. */
		if (*text != '\0' && is_made_of(&made, text, NULL, 0, PARTS))
			return made.named ? "password-named"
					  : "password-common";
	}
	return NULL;
}

#define NAMES 24

/* Each word of a text, and the whole without blanks. */
static size_t
add_names(struct ouv_arena *arena, const char *text, const char **names,
	size_t count)
{
	char word[WORD_MOST + 1];

	if (count < NAMES && letters_of(text, word))
		names[count++] = ouv_arena_strdup(arena, word);
	while (*text != '\0' && count < NAMES) {
		size_t len = strcspn(text, " .@-_");

		if (letters_of(ouv_arena_strndup(arena, text, len), word))
			names[count++] = ouv_arena_strdup(arena, word);
		text += len;
		text += strspn(text, " .@-_");
	}
	return count;
}

const char *
password_wrong(struct ouv_office *office, const char *login, const char *name,
	const char *password)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_WIPE);
	const char *names[NAMES];
	size_t count = 0;

	count = add_names(arena, "ouvidoria", names, count);
	count = add_names(arena, login, names, count);
	count = add_names(arena, name, names, count);
	count = add_names(arena, office->config->office_name, names, count);
	count = add_names(arena, office->config->office_address, names, count);
	return password_judge(list_of(office), names, count, password);
}
