/*
 * bench_search.c - milliseconds of a search over a colleague's cases
 *
 *   bench_search CONFIG PERSON CASES RUNS
 *
 * Makes so many cases with the words of a short exchange each, of which the
 * person (32 hexadecimal digits) holds the keys, and looks for words that stand
 * in one case of a hundred.  One line: the median of the searches, and of what
 * cannot be saved: opening the keys, nothing else.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../../lib/desk/search.h"
#include "ouv/clock.h"
#include "ouv/log.h"
#include "ouv/store_keys.h"

#define WORDS 320      /* of a case, a multiple of TOKENS_PAD */
#define VOCABULARY 100 /* a word stands in one case of so many */
#define RUNS_MOST 100

struct bench {
	struct ouv_desk *owner, *desk;
	struct ouv_actor actor;
	uint8_t public[OUV_KEY];
	int cases;
	struct store_grant *grants;
};

static double
millis(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int
ascending(const void *a, const void *b)
{
	const double *x = a;
	const double *y = b;

	return (*x > *y) - (*x < *y);
}

static double
median(double *took, int runs)
{
	qsort(took, (size_t)runs, sizeof(*took), ascending);
	return took[runs / 2];
}

/* ---- making cases ----------------------------------------------------------
 */

static enum ouv_err
add_words(struct store_tx *tx, const struct ouv_id *id, int n,
	const uint8_t csk[OUV_KEY])
{
	uint8_t tokens[WORDS][OUV_WORD], key[OUV_KEY];

	ouv_word_key(csk, key);
	for (int i = 0; i < WORDS; i++) {
		char word[32];
		int len = snprintf(word, sizeof(word), "word%dx%d", i,
			i == 0 ? n % VOCABULARY : (n + i) % 7);

		ouv_word_token(key, word, (size_t)len, tokens[i]);
	}
	return store_words_add(tx, id, tokens, WORDS);
}

static enum ouv_err
add_case(struct bench *b, struct store_tx *tx, struct ouv_arena *arena, int n)
{
	static const struct ouv_id nobody;
	const struct summary summary = { .subject = "Geladeira quebrada",
		.name = "Ana Souza",
		.addr = "ana@consumidora.example" };
	struct store_grant *grant = &b->grants[n];
	struct casefile file = { .id = ouv_id_new(), .version = 1 };
	struct store_case c = { .id = file.id,
		.state = OUV_STATE_TRIAGE,
		.lang = "pt-BR",
		.channel = "letter",
		.opened_at = ouv_clock_now() - n,
		.last_at = ouv_clock_now() - n,
		.due_at = ouv_clock_now() + 86400,
		.items = 1,
		.key_version = 1 };
	struct ouv_context context;
	char protocol[OUV_PROTOCOL_MAX];
	uint8_t sig[OUV_SIG] = { 0 };

	ouv_protocol_format(1990, n + 1, protocol);
	c.protocol = protocol;
	ouv_box_pair(file.cpk, file.csk);
	casefile_summary(
		b->owner, arena, &file, file.csk, &summary, &c.summary);
	*grant = (struct store_grant){
		.case_id = file.id, .person = b->actor.person, .version = 1
	};
	context_make(b->owner, OUV_KIND_CASE_KEY, OUV_COLUMN_PERSON, &file.id,
		&b->actor.person, 1, &context);
	ouv_seal_key(&context, b->public, file.csk, grant->box);
	TRY(store_case_add(tx, &c));
	TRY(store_case_key_add(tx, &file.id, 1, file.cpk, &nobody, sig));
	TRY(store_grants_add(tx, grant, 1));
	TRY(store_case_indexed(tx, &file.id, 0, 1, 1));
	return add_words(tx, &file.id, n, file.csk);
}

static enum ouv_err
make_cases(struct bench *b)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_PLAIN);
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;

	TRY(store_begin(b->owner->store, &tx));
	for (int n = 0; n < b->cases; n++) {
		TRY(add_case(b, tx, arena, n));
		ouv_arena_reset(arena);
	}
	return store_commit(&tx);
}

/* ---- measuring
 * --------------------------------------------------------------- */

static double
keys_alone(const struct bench *b)
{
	const uint8_t *secret = b->actor.identity->box;
	double begun = millis();
	struct ouv_context context;
	uint8_t csk[OUV_KEY];

	for (int i = 0; i < b->cases; i++) {
		context_make(b->desk, OUV_KIND_CASE_KEY, OUV_COLUMN_PERSON,
			&b->grants[i].case_id, &b->actor.person, 1, &context);
		if (ouv_open_key_pair(&context, b->public, secret,
			    b->grants[i].box, sizeof(b->grants[i].box),
			    csk) != OUV_OK)
			abort();
	}
	return millis() - begun;
}

static enum ouv_err
search(const struct bench *b, int n, double *ms_out)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_WIPE);
	struct ouv_search found;
	char query[64];
	double begun = millis();

	(void)snprintf(query, sizeof(query), "word0x%d word3x%d",
		n % VOCABULARY, (n % VOCABULARY + 3) % 7);
	TRY(ouv_desk_search(b->desk, arena, &b->actor, query, NULL, &found));
	*ms_out = millis() - begun;
	/* Found, not everything, and none without its subject. */
	if (found.count == 0 || (int)found.found > b->cases / 50 ||
		strcmp(found.lines[0].subject, "Geladeira quebrada") != 0)
		return OUV_INVALID;
	return OUV_OK;
}

static enum ouv_err
measure(const struct bench *b, int runs)
{
	double took[RUNS_MOST], alone[RUNS_MOST];

	for (int i = 0; i < runs; i++) {
		TRY(search(b, i, &took[i]));
		alone[i] = keys_alone(b);
	}
	printf("{\"cases\": %d, \"ms\": %.1f, \"keys_alone_ms\": %.1f,",
		b->cases, median(took, runs), median(alone, runs));
	/* Sorted by now: what other work disturbed least. */
	printf(" \"best_ms\": %.1f, \"best_alone_ms\": %.1f}\n", took[0],
		alone[0]);
	return OUV_OK;
}

static enum ouv_err
open_desk(struct ouv_arena *arena, const char *path, enum ouv_desk_kind kind,
	struct ouv_desk **desk_out)
{
	struct ouv_config *config = ouv_arena_alloc(arena, sizeof(*config));
	struct ouv_office *office;

	TRY(ouv_config_load(arena, path, stderr, config));
	TRY(ouv_office_new(config, kind, &office));
	return ouv_desk_open(office, desk_out);
}

int
main(int argc, char **argv)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_PLAIN);
	struct bench b = { .cases = argc == 5 ? atoi(argv[3]) : 0 };
	int runs = argc == 5 ? atoi(argv[4]) : 0;
	enum ouv_err err;

	if (b.cases < VOCABULARY || runs < 1 || runs > RUNS_MOST ||
		ouv_id_parse(argv[2], &b.actor.person) != OUV_OK)
		return 2;
	ouv_log_init("bench", OUV_LOG_WARN);
	ouv_vault_init();
	b.grants = ouv_arena_array(arena, (size_t)b.cases, sizeof(*b.grants));
	b.actor.identity = ouv_identity_new();
	ouv_box_public(b.actor.identity->box, b.public);
	err = open_desk(arena, argv[1], OUV_DESK_OPERATOR, &b.owner);
	if (err == OUV_OK)
		err = open_desk(arena, argv[1], OUV_DESK_SERVER, &b.desk);
	if (err == OUV_OK)
		err = make_cases(&b);
	if (err == OUV_OK)
		err = measure(&b, runs);
	if (err != OUV_OK)
		fprintf(stderr, "bench_search: %s\n", ouv_err_name(err));
	return err != OUV_OK;
}
