/*
 * search.c - which of my cases hold these words?
 *
 * One key to open and a token for each word: that for each case, then one
 * question to the database for all of them.  What is found shows no more than
 * the person's own list does.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "ouv/clock.h"
#include "ouv/log.h"
#include "search.h"

#define PAGE 50
/* What one asking takes in at most. */
#define TAKE_CASES 50
#define TAKE_MS 200
/* How many keys it leaves for the next. */
#define KEEP_KEYS 1000

/* ---- what is asked ----------------------------------------------------------
 */

struct asked {
	struct ouv_arena *arena;
	struct {
		const char *text;
		size_t len;
	} words[OUV_SEARCH_WORDS];
	size_t count;
	const char *address;             /* NULL: none, or more than that */
	char protocol[OUV_PROTOCOL_MAX]; /* "" : none */
};

static void
ask_word(void *user, enum fold_kind kind, bool part, const char *word,
	size_t len)
{
	struct asked *asked = user;

	/* Told as a whole already. */
	if (part || asked->count == OUV_SEARCH_WORDS)
		return;
	for (size_t i = 0; i < asked->count; i++)
		if (asked->words[i].len == len &&
			memcmp(asked->words[i].text, word, len) == 0)
			return;
	word = ouv_arena_strndup(asked->arena, word, len);
	asked->words[asked->count].text = word;
	asked->words[asked->count++].len = len;
	if (kind == FOLD_ADDRESS)
		asked->address = word;
}

static void
ask(struct ouv_arena *arena, const char *query, struct asked *asked)
{
	*asked = (struct asked){ .arena = arena };
	if (ouv_protocol_parse(query, asked->protocol) != OUV_OK)
		asked->protocol[0] = '\0';
	fold_words(arena, query, strlen(query), false, ask_word, asked);
	/* An address among other words is one of them. */
	if (asked->count != 1)
		asked->address = NULL;
}

/* ---- taking in
 * ---------------------------------------------------------------- */

struct search {
	struct ouv_desk *desk;
	struct ouv_arena *arena;
	const struct ouv_actor *actor;
	struct asked asked;
	struct store_search_row *rows;
	bool *found; /* of each row */
	size_t count;
	struct store_word_key *fresh; /* opened by their grants */
	size_t fresh_count;
	struct ouv_id *scans; /* cases where it stands on a picture */
	size_t scan_count;
	struct ouv_search result;
};

static enum ouv_err
find_rows(struct search *s)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;

	TRY(store_begin(s->desk->store, &tx));
	TRY(store_search_cases(
		tx, s->arena, &s->actor->person, &s->rows, &s->count));
	s->found = ouv_arena_array(s->arena, s->count + 1, sizeof(*s->found));
	s->result.mine = s->count;
	return store_commit(&tx);
}

/* Never our failure: what cannot be taken in now is left, and counted. */
static void
take_one(struct search *s, struct store_search_row *row, int64_t until_ms)
{
	char hex[OUV_ID_HEX];
	bool left;

	if (index_case(s->desk, s->actor, &row->id, until_ms, &left) !=
		OUV_OK) {
		ouv_id_hex(&row->id, hex);
		ouv_log_warn("case=%s: its words are not all taken in", hex);
		s->result.failed++;
	}
	row->indexed++; /* something of it at least */
	if (!left)
		s->result.searched++;
}

/* Newest first, as they are asked for; but those that were begun and not ended
 * come last, or one that takes long would keep all others waiting. */
static void
take_some(struct search *s)
{
	int64_t until_ms = ouv_clock_mono_ms() + TAKE_MS;
	int taken = 0;

	for (int halfway = 0; halfway < 2; halfway++)
		for (size_t i = 0; i < s->count; i++) {
			struct store_search_row *row = &s->rows[i];

			if (row->halfway != halfway)
				continue;
			if (row->indexed >= row->items && !row->pages)
				s->result.searched++;
			else if (taken < TAKE_CASES &&
				 ouv_clock_mono_ms() < until_ms) {
				take_one(s, row, until_ms);
				taken++;
			}
		}
}

/* ---- finding
 * -------------------------------------------------------------------- */

/* What opened a grant is kept for the next time, up to so many. */
static bool
word_key(struct search *s, const struct word_opener *opener,
	const struct store_search_row *row, uint8_t key[OUV_KEY])
{
	if (word_key_kept(opener, row, key))
		return true;
	if (word_key_granted(opener, row, key) != OUV_OK)
		return false;
	if (s->fresh_count < KEEP_KEYS)
		word_key_keep(opener, &row->id, row->version, key,
			&s->fresh[s->fresh_count++]);
	return true;
}

/* The pairs to ask for: one for each word of each case that opens. */
static size_t
pairs(struct search *s, struct store_word *out)
{
	struct word_opener opener;
	uint8_t key[OUV_KEY];
	size_t n = 0;

	word_opener_init(&opener, s->desk, s->actor);
	s->fresh = ouv_arena_array(s->arena, KEEP_KEYS, sizeof(*s->fresh));
	for (size_t i = 0; i < s->count; i++) {
		const struct store_search_row *row = &s->rows[i];

		/* Of nothing taken in there is nothing to ask for. */
		if ((row->indexed == 0 && !row->halfway) ||
			!word_key(s, &opener, row, key))
			continue;
		for (size_t w = 0; w < s->asked.count; w++, n++) {
			out[n].case_id = row->id;
			ouv_word_token(key, s->asked.words[w].text,
				s->asked.words[w].len, out[n].token);
		}
	}
	ouv_wipe(key, sizeof(key));
	word_opener_wipe(&opener);
	return n;
}

static int
by_id(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct ouv_id));
}

static void
mark(struct search *s, struct ouv_id *ids, size_t count)
{
	if (count == 0)
		return;
	qsort(ids, count, sizeof(*ids), by_id);
	for (size_t i = 0; i < s->count; i++)
		if (bsearch(&s->rows[i].id, ids, count, sizeof(*ids), by_id))
			s->found[i] = true;
}

static enum ouv_err
find_words(struct search *s, struct store_tx *tx)
{
	struct store_word *words;
	struct ouv_id *ids;
	size_t count;

	if (s->asked.count == 0)
		return OUV_OK;
	words = ouv_arena_array(
		s->arena, s->count * s->asked.count + 1, sizeof(*words));
	count = pairs(s, words);
	TRY(store_words_find(
		tx, s->arena, words, count, (int)s->asked.count, &ids, &count));
	mark(s, ids, count);
	return OUV_OK;
}

/* What is known without the words: the number, the address of a party. */
static enum ouv_err
find_named(struct search *s, struct store_tx *tx)
{
	struct store_grant grant;
	struct store_token token;
	struct ouv_id *ids;
	struct store_case c;
	enum ouv_err err;
	size_t count;

	if (s->asked.protocol[0] != '\0') {
		err = store_case_find(tx, s->arena, s->asked.protocol, NULL,
			&s->actor->person, &c, &grant);
		if (err == OUV_TEMPORARY)
			return err;
		if (err == OUV_OK)
			mark(s, &c.id, 1);
	}
	if (s->asked.address == NULL)
		return OUV_OK;
	ident_make(s->desk->office, "addr",
		ouv_mail_addr_fold(s->arena, s->asked.address), &token);
	TRY(store_ident_find(
		tx, s->arena, &s->actor->person, &token, &ids, &count));
	mark(s, ids, count);
	return OUV_OK;
}

/* ---- showing
 * ---------------------------------------------------------------------- */

/* us 0: this is the first page. */
static bool
is_behind(
	const struct store_search_row *row, int64_t us, const struct ouv_id *id)
{
	return us == 0 || row->last_us < us ||
	       (row->last_us == us && by_id(&row->id, id) < 0);
}

/* The rows of this page, and where the next begins. */
static enum ouv_err
choose(struct search *s, const char *after, struct ouv_id ids[PAGE],
	size_t *count_out)
{
	const struct store_search_row *last = NULL;
	char hex[OUV_ID_HEX];
	struct ouv_id after_id;
	int64_t after_us;
	size_t n = 0;

	TRY(list_cursor(after, &after_us, &after_id));
	for (size_t i = 0; i < s->count; i++) {
		if (!s->found[i])
			continue;
		s->result.found++;
		if (!is_behind(&s->rows[i], after_us, &after_id))
			continue;
		if (n == PAGE && s->result.after == NULL) {
			ouv_id_hex(&last->id, hex);
			s->result.after = ouv_arena_printf(
				s->arena, "%" PRId64 "-%s", last->last_us, hex);
		}
		if (n == PAGE)
			continue;
		last = &s->rows[i];
		ids[n++] = last->id;
	}
	*count_out = n;
	return OUV_OK;
}

static const struct store_search_row *
row_of(const struct search *s, const struct ouv_id *id)
{
	for (size_t i = 0; i < s->count; i++)
		if (by_id(&s->rows[i].id, id) == 0)
			return &s->rows[i];
	return NULL;
}

/* Of the cases that are shown: in which of them does a word that was asked for
 * stand on a picture? */
static enum ouv_err
find_scans(struct search *s, struct store_tx *tx, const struct ouv_id *cases,
	size_t count)
{
	struct store_word *words = ouv_arena_array(
		s->arena, count * s->asked.count + 1, sizeof(*words));
	struct word_opener opener;
	uint8_t key[OUV_KEY];
	size_t n = 0;

	word_opener_init(&opener, s->desk, s->actor);
	for (size_t i = 0; i < count; i++) {
		const struct store_search_row *row = row_of(s, &cases[i]);

		if (row == NULL ||
			(!word_key_kept(&opener, row, key) &&
				word_key_granted(&opener, row, key) != OUV_OK))
			continue;
		for (size_t w = 0; w < s->asked.count; w++, n++) {
			words[n].case_id = cases[i];
			token_scan(key, s->asked.words[w].text,
				s->asked.words[w].len, words[n].token);
		}
	}
	ouv_wipe(key, sizeof(key));
	word_opener_wipe(&opener);
	return store_words_find(
		tx, s->arena, words, n, 1, &s->scans, &s->scan_count);
}

static bool
in_scan(const struct search *s, const struct ouv_id *id)
{
	for (size_t i = 0; i < s->scan_count; i++)
		if (ouv_id_equal(&s->scans[i], id))
			return true;
	return false;
}

static void
show(struct search *s, const struct store_case_line *rows, size_t count)
{
	s->result.count = count;
	s->result.lines =
		ouv_arena_array(s->arena, count, sizeof(*s->result.lines));
	for (size_t i = 0; i < count; i++) {
		struct ouv_case_line *line = &s->result.lines[i];

		list_line(&rows[i], line);
		line->last_at = rows[i].c.last_at / 1000000;
		line->in_scan = in_scan(s, &rows[i].c.id);
		list_summary(s->desk, s->arena, s->actor, &rows[i], line);
	}
}

/* How many were found, and nothing of what was asked. */
static enum ouv_err
log_count(struct search *s, struct store_tx *tx)
{
	struct ouv_id object = { { 0 } };

	for (size_t i = 0; i < sizeof(s->result.found); i++)
		object.b[sizeof(object.b) - 1 - i] =
			(uint8_t)(s->result.found >> (8 * i));
	return log_own(s->desk, tx, &s->actor->person, "search", &object);
}

static enum ouv_err
run(struct search *s, const char *after)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct store_case_line *lines;
	struct ouv_id ids[PAGE];
	size_t count;

	TRY(store_begin(s->desk->store, &tx));
	TRY(find_words(s, tx));
	TRY(find_named(s, tx));
	TRY(choose(s, after, ids, &count));
	TRY(find_scans(s, tx, ids, count));
	TRY(store_search_lines(
		tx, s->arena, &s->actor->person, ids, count, &lines, &count));
	TRY(log_count(s, tx));
	TRY(store_commit(&tx));
	show(s, lines, count);
	return OUV_OK;
}

/* Beside the search: without them the next one opens the grants again. */
static void
keep_keys(struct search *s)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	enum ouv_err err = OUV_OK;

	if (s->fresh_count == 0)
		return;
	err = store_begin(s->desk->store, &tx);
	if (err == OUV_OK)
		err = store_word_keys_add(
			tx, &s->actor->person, s->fresh, s->fresh_count);
	if (err == OUV_OK)
		err = store_commit(&tx);
	if (err != OUV_OK)
		ouv_log_warn("keys of a search cannot be kept: %s",
			ouv_err_name(err));
}

enum ouv_err
ouv_desk_search(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const char *query, const char *after,
	struct ouv_search *search_out)
{
	struct search s = { .desk = desk, .arena = arena, .actor = actor };

	ask(arena, query, &s.asked);
	s.result.asked = s.asked.count > 0 || s.asked.protocol[0] != '\0';
	TRY(find_rows(&s));
	if (s.result.asked) {
		take_some(&s);
		TRY(run(&s, after));
		keep_keys(&s);
	}
	*search_out = s.result;
	return OUV_OK;
}
