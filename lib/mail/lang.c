/*
 * lang.c - in which of six languages a short letter is written
 *
 * Only chooses the language of a template, so a guess may be wrong but "und"
 * costs little: below a margin nothing is claimed.  Everything is compiled
 * in, because the process that reads mail may open no file.
 */
#include <string.h>

#include "meaning.h"
#include "lang_words.h"

#define LANG_BYTES ((size_t)6 * 1024) /* looked at */
#define COUNT(table) (sizeof(table) / sizeof(table)[0])
#define WORD_MAX 24    /* longer ones are no words of these lists */
#define SLOTS 4096     /* of the hash, about twice the words in all */
#define LETTER_MAX 8   /* points one sort of letter may give */
#define SURE_POINTS 8  /* below: too little was recognised */
#define WORDS_READ 600 /* enough for any letter */

/* How much a word says, by the number of languages that have it. */
static const int points_by_sharing[LANG__COUNT + 1] = { 0, 6, 3, 2, 1, 1, 1,
	1 };

struct slot {
	const char *word;
	unsigned char len;
	unsigned char langs; /* bit per language */
};

/* Filled before main(), constant after it: shared by every thread. */
static struct slot slots[SLOTS];

struct tally {
	int points[LANG__COUNT];
	int words;
};

static uint32_t
hash(const char *word, size_t len)
{
	uint32_t h = 2166136261U; /* FNV-1a */

	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char)word[i]) * 16777619U;
	return h;
}

static struct slot *
find(const char *word, size_t len)
{
	uint32_t at = hash(word, len) % SLOTS;

	while (slots[at].word != NULL &&
		(slots[at].len != len ||
			memcmp(slots[at].word, word, len) != 0))
		at = (at + 1) % SLOTS;
	return &slots[at];
}

__attribute__((constructor)) static void
load(void)
{
	for (unsigned lang = 0; lang < LANG__COUNT; lang++) {
		const char *p = lang_words[lang];

		while (*p != '\0') {
			size_t len = strcspn(p, " ");
			struct slot *slot = find(p, len);

			slot->word = p;
			slot->len = (unsigned char)len;
			slot->langs |= (unsigned char)(1U << lang);
			p += len;
			p += strspn(p, " ");
		}
	}
}

static void
count_word(struct tally *tally, const char *word, size_t len)
{
	unsigned langs;
	int points;

	tally->words++;
	langs = len <= WORD_MAX ? find(word, len)->langs : 0;
	points = points_by_sharing[__builtin_popcount(langs)];
	for (unsigned i = 0; i < LANG__COUNT; i++)
		if (langs & 1U << i)
			tally->points[i] += points;
	if (langs != 0 || len < 4)
		return;
	for (size_t i = 0; i < COUNT(lang_ends); i++) {
		const struct lang_end *row = &lang_ends[i];
		size_t n = strlen(row->end);

		if (len > n && memcmp(word + len - n, row->end, n) == 0)
			tally->points[row->lang] += row->points;
	}
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (unsigned char)c >= 0x80;
}

/* Skips addresses and links: they are English whoever writes them. */
static void
count_words(struct tally *tally, const char *plain)
{
	while (*plain != '\0' && tally->words < WORDS_READ) {
		size_t token = strcspn(plain, " ");
		const char *end = plain + token;
		bool link = memchr(plain, '@', token) != NULL ||
			    mail_starts(plain, "http") ||
			    mail_starts(plain, "www.");

		while (plain < end && !link) {
			size_t len = 0;

			while (plain < end && !is_letter(*plain))
				plain++;
			while (plain + len < end && is_letter(plain[len]))
				len++;
			if (len > 0)
				count_word(tally, plain, len);
			plain += len;
		}
		plain = end + (*end == ' ');
	}
}

static void
count_letters(struct tally *tally, const char *text, size_t len)
{
	int seen[COUNT(lang_letters)] = { 0 };

	for (size_t i = 0; i + 1 < len; i++) {
		if ((unsigned char)text[i] < 0xC2)
			continue;
		for (size_t k = 0; k < COUNT(lang_letters); k++) {
			const struct lang_letter *row = &lang_letters[k];

			if (memcmp(text + i, row->utf8, 2) != 0 ||
				seen[k] >= LETTER_MAX)
				continue;
			seen[k] += row->points;
			tally->points[row->lang] += row->points;
		}
	}
}

/* The language of these words, LANG_OTHER: none of ours for sure. */
static int
verdict(struct ouv_arena *arena, const char *text, size_t len)
{
	struct tally tally = { { 0 }, 0 };
	int best = 0, second = -1;

	count_words(&tally, mail_plain(arena, text, len));
	count_letters(&tally, text, len);
	for (int i = 1; i < LANG__COUNT; i++) {
		if (tally.points[i] > tally.points[best]) {
			second = best;
			best = i;
		} else if (second < 0 ||
			   tally.points[i] > tally.points[second]) {
			second = i;
		}
	}
	if (tally.points[best] < SURE_POINTS || tally.words < 2 ||
		tally.points[best] * 4 < tally.points[second] * 5)
		return LANG_OTHER;
	return best;
}

/*
 * The beginning of a letter tells its language, and more of it no better.
 * What is pasted below may outvote it: then its first paragraph decides.
 */
const char *
mail_lang(struct ouv_arena *arena, const char *text, size_t len)
{
	const char *gap;
	int lang;

	while (len > 0 && (unsigned char)*text <= ' ') {
		text++;
		len--;
	}
	if (len > LANG_BYTES) {
		len = LANG_BYTES;
		while (len > 0 && ((unsigned char)text[len] & 0xC0) == 0x80)
			len--; /* not inside a character */
	}
	lang = verdict(arena, text, len);
	gap = memmem(text, len, "\n\n", 2);
	if (lang == LANG_OTHER && gap != NULL)
		lang = verdict(arena, text, (size_t)(gap - text));
	return lang_names[lang];
}

const char *
ouv_mail_lang(struct ouv_arena *arena, const char *text)
{
	return mail_lang(arena, text, strlen(text));
}
