/*
 * bench_search.c - milliseconds of a search over a colleague's cases
 *
 *   bench_search CONFIG CASES RUNS
 *
 * Makes so many cases with the words of a short exchange each, of which one
 * person holds the keys, and looks for words that stand in one case of a
 * hundred.  One line, milliseconds by the clock and of this
 * program's processor time: the first search, which opens every grant; the
 * median of those that find the keys kept; and in the same run what they
 * consist of: opening the grants, and asking the database for the tokens.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../lib/desk/search.h"
#include "ouv/clock.h"
#include "ouv/log.h"
#include "timing.h"

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
	memcpy(grant->pk, b->public, sizeof(grant->pk));
	ouv_seal_key(&context, b->public, file.csk, grant->box);
	TRY(store_case_add(tx, &c));
	TRY(store_case_key_add(tx, &file.id, 1, file.cpk, &nobody, sig));
	TRY(store_grants_add(tx, grant, 1));
	TRY(store_case_indexed(tx, &file.id, 0, 1, 1));
	return add_words(tx, &file.id, n, file.csk);
}

/* Of whom nothing is needed but the key. */
static enum ouv_err
make_person(struct bench *b)
{
	struct store_person person = { .id = ouv_id_new(),
		.login = "bench",
		.name = "Bea Prova",
		.lang = "en",
		.role = OUV_ROLE_MEDIATOR,
		.active = true,
		.totp_box = { "", 0 } };
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;

	memcpy(person.pk, b->public, sizeof(person.pk));
	b->actor.person = person.id;
	TRY(store_begin(b->owner->store, &tx));
	TRY(store_person_add(tx, &person));
	return store_commit(&tx);
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

struct span {
	double ms, cpu;
};

static struct span
span_begin(void)
{
	return (struct span){ millis(), cpu_millis() };
}

static struct span
span_end(struct span begun)
{
	return (struct span){ millis() - begun.ms, cpu_millis() - begun.cpu };
}

static struct span
grants_alone(const struct bench *b)
{
	const uint8_t *secret = b->actor.identity->box;
	struct span begun = span_begin();
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
	return span_end(begun);
}

/* Two words of each case, none of which is there. */
static enum ouv_err
join_alone(const struct bench *b, struct span *span_out)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_PLAIN);
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	size_t count = 2 * (size_t)b->cases;
	struct store_word *words =
		ouv_arena_array(arena, count, sizeof(*words));
	struct span begun;
	struct ouv_id *ids;

	for (size_t i = 0; i < count; i++) {
		words[i].case_id = b->grants[i / 2].case_id;
		ouv_random(words[i].token, sizeof(words[i].token));
	}
	begun = span_begin();
	TRY(store_begin(b->desk->store, &tx));
	TRY(store_words_find(tx, arena, words, count, 2, &ids, &count));
	TRY(store_commit(&tx));
	*span_out = span_end(begun);
	return count == 0 ? OUV_OK : OUV_INVALID;
}

static enum ouv_err
search(const struct bench *b, int n, struct span *span_out)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_WIPE);
	struct ouv_search found;
	char query[64];
	struct span begun = span_begin();

	(void)snprintf(query, sizeof(query), "word0x%d word3x%d",
		n % VOCABULARY, (n % VOCABULARY + 3) % 7);
	TRY(ouv_desk_search(b->desk, arena, &b->actor, query, NULL, &found));
	*span_out = span_end(begun);
	/* Found, not everything, and none without its subject. */
	if (found.count == 0 || (int)found.found > b->cases / 50 ||
		strcmp(found.lines[0].subject, "Geladeira quebrada") != 0)
		return OUV_INVALID;
	return OUV_OK;
}

/* What was measured of one thing. */
struct spans {
	double ms[RUNS_MOST], cpu[RUNS_MOST];
};

static void
put(struct spans *spans, int i, struct span span)
{
	spans->ms[i] = span.ms;
	spans->cpu[i] = span.cpu;
}

static void
say(const char *name, struct spans *spans, int runs)
{
	double ms = median(spans->ms, runs), cpu = median(spans->cpu, runs);

	/* Sorted by now: the first is what other work disturbed least. */
	printf(", \"%s\": {\"ms\": %.1f, \"best_ms\": %.1f, \"cpu_ms\": %.1f}",
		name, ms, spans->ms[0], cpu);
}

static enum ouv_err
measure(const struct bench *b, int runs)
{
	struct spans first, kept, grants, join;
	struct span span;
	int n = 0;

	TRY(search(b, n++, &span));
	put(&first, 0, span);
	/* Each leaves some of the keys for the next. */
	while (n <= b->cases / 1000)
		TRY(search(b, n++, &span));
	for (int i = 0; i < runs; i++) {
		TRY(search(b, n++, &span));
		put(&kept, i, span);
		put(&grants, i, grants_alone(b));
		TRY(join_alone(b, &span));
		put(&join, i, span);
	}
	printf("{\"cases\": %d", b->cases);
	say("first", &first, 1);
	say("search", &kept, runs);
	say("grants_alone", &grants, runs);
	say("join_alone", &join, runs);
	printf("}\n");
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
	struct bench b = { .cases = argc == 4 ? atoi(argv[2]) : 0 };
	int runs = argc == 4 ? atoi(argv[3]) : 0;
	enum ouv_err err;

	if (b.cases < VOCABULARY || runs < 1 || runs > RUNS_MOST)
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
		err = make_person(&b);
	if (err == OUV_OK)
		err = make_cases(&b);
	if (err == OUV_OK)
		err = measure(&b, runs);
	if (err != OUV_OK)
		fprintf(stderr, "bench_search: %s\n", ouv_err_name(err));
	return err != OUV_OK;
}
