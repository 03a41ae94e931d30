/*
 * vault_people_test.c - passwords, paper codes, sessions
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "ouv/vault.h"

static const char password[] = "quatro cavalos na grama";
static struct ouv_key *pepper;
static struct ouv_id tenant, person;
static struct ouv_identity *identity;

static enum ouv_err
unwrap(const struct ouv_wrap *wrap, enum ouv_column column, const char *text)
{
	struct ouv_identity *out = NULL;
	enum ouv_err err = ouv_identity_unwrap(
		wrap, &tenant, &person, column, pepper, text, &out);

	assert_int_equal(out != NULL, err == OUV_OK);
	if (out != NULL)
		assert_memory_equal(out, identity, sizeof(*out));
	ouv_identity_free(&out);
	return err;
}

static struct ouv_wrap
wrap_code(const char *code)
{
	struct ouv_wrap wrap;

	assert_int_equal(ouv_identity_wrap(identity, &tenant, &person,
				 OUV_COLUMN_RECOVERY, pepper, code, &wrap),
		OUV_OK);
	return wrap;
}

/* ---- passwords --------------------------------------------------------- */

static void
the_password_opens_and_another_does_not(void **state)
{
	struct ouv_wrap wrap;
	struct ouv_identity *out = NULL;

	(void)state;
	assert_int_equal(ouv_identity_wrap(identity, &tenant, &person,
				 OUV_COLUMN_PASSWORD, pepper, password, &wrap),
		OUV_OK);
	assert_int_equal(wrap.ops, 3);
	assert_int_equal(wrap.mem, 268435456);
	assert_int_equal(unwrap(&wrap, OUV_COLUMN_PASSWORD, password), OUV_OK);
	assert_int_equal(
		unwrap(&wrap, OUV_COLUMN_PASSWORD, "quatro cavalos na gramA"),
		OUV_REFUSED);
	assert_int_equal(unwrap(&wrap, OUV_COLUMN_PASSWORD, ""), OUV_REFUSED);
	/* The commitment alone does not open: what it vouches for must. */
	wrap.wrapped[30] ^= 1;
	assert_int_equal(
		unwrap(&wrap, OUV_COLUMN_PASSWORD, password), OUV_REFUSED);
	wrap.wrapped[30] ^= 1;
	person.b[0] ^= 1;
	assert_int_equal(
		unwrap(&wrap, OUV_COLUMN_PASSWORD, password), OUV_REFUSED);
	person.b[0] ^= 1;
	assert_int_equal(ouv_identity_unwrap(&wrap, &tenant, &person,
				 OUV_COLUMN_CPK, pepper, password, &out),
		OUV_REFUSED);
	assert_null(out);
}

static void
nothing_is_wrapped_under_an_empty_secret_or_for_another_column(void **state)
{
	struct ouv_wrap wrap = { .version = 55 };

	(void)state;
	assert_int_equal(ouv_identity_wrap(identity, &tenant, &person,
				 OUV_COLUMN_PASSWORD, pepper, "", &wrap),
		OUV_INVALID);
	assert_int_equal(ouv_identity_wrap(identity, &tenant, &person,
				 OUV_COLUMN_RECOVERY, pepper, password, &wrap),
		OUV_INVALID);
	assert_int_equal(ouv_identity_wrap(identity, &tenant, &person,
				 OUV_COLUMN_SVC, pepper, password, &wrap),
		OUV_INVALID);
	assert_int_equal(wrap.version, 55);
}

static void
a_row_that_asks_for_too_little_or_too_much_is_refused(void **state)
{
	/* clang-format off */
	static const struct {
		uint32_t ops;
		uint64_t mem;
	} rows[] = {
		{ 0, 8 << 20 }, { 11, 8 << 20 }, { UINT32_MAX, 8 << 20 },
		{ 1, (8 << 20) - 1 }, { 1, 0 }, { 1, (1 << 30) + 1 },
		{ 1, UINT64_MAX }, { 0, 0 },
	};
	/* clang-format on */
	struct ouv_wrap wrap = { .version = 1 };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		wrap.ops = rows[i].ops;
		wrap.mem = rows[i].mem;
		assert_int_equal(unwrap(&wrap, OUV_COLUMN_PASSWORD, password),
			OUV_REFUSED);
	}
}

/* This process's own time, whatever else the machine does. */
static double
spent(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void
a_login_that_does_not_exist_is_refused_as_slowly(void **state)
{
	double known = 1e9, unknown = 1e9;
	struct ouv_wrap wrap;

	(void)state;
	/* As every person's is who was not made for a test. */
	assert_int_equal(ouv_identity_wrap(identity, &tenant, &person,
				 OUV_COLUMN_PASSWORD, pepper, password, &wrap),
		OUV_OK);
	for (int i = 0; i < 2; i++) { /* the better of two of each */
		double began = spent(), took;

		assert_int_equal(
			unwrap(&wrap, OUV_COLUMN_PASSWORD, "another password"),
			OUV_REFUSED);
		took = spent() - began;
		known = took < known ? took : known;
		began = spent();
		assert_int_equal(
			ouv_identity_pretend(pepper, password), OUV_REFUSED);
		took = spent() - began;
		unknown = took < unknown ? took : unknown;
	}
	/* 256 MiB three times over cannot be faster than this anywhere. */
	assert_true(unknown > 0.05);
	assert_true(unknown > 0.8 * known && unknown < 1.25 * known);
}

/* ---- the queue before Argon2id ----------------------------------------- */

#define HOLDERS 3
#define CALLERS 37
#define HOLDER_MEM ((size_t)96 << 20)

struct caller {
	pthread_t thread;
	struct ouv_wrap row;
	pthread_barrier_t *gate; /* NULL: goes at once */
	enum ouv_err err;
};

static void *
call(void *arg)
{
	struct caller *caller = arg;
	struct ouv_identity *out = NULL;

	if (caller->gate != NULL)
		(void)pthread_barrier_wait(caller->gate);
	caller->err = ouv_identity_unwrap(&caller->row, &tenant, &person,
		OUV_COLUMN_PASSWORD, pepper, password, &out);
	return NULL;
}

static void
caller_start(struct caller *caller, uint32_t ops, size_t mem,
	pthread_barrier_t *gate)
{
	caller->row = (struct ouv_wrap){ .version = 1, .ops = ops, .mem = mem };
	caller->gate = gate;
	assert_int_equal(
		pthread_create(&caller->thread, NULL, call, caller), 0);
}

static size_t
resident_memory(void)
{
	FILE *file = fopen("/proc/self/statm", "r");
	char line[200];
	const char *second;

	assert_non_null(file);
	assert_non_null(fgets(line, sizeof(line), file));
	(void)fclose(file);
	second = strchr(line, ' ');
	assert_non_null(second);
	return strtoul(second, NULL, 10) * (size_t)sysconf(_SC_PAGESIZE);
}

/* Until the memory of all holders is there: each has its place. */
static void
wait_for_memory(size_t bytes)
{
	static const struct timespec moment = { .tv_nsec = 1000000 };
	const time_t deadline = time(NULL) + 30;

	while (resident_memory() < bytes) {
		assert_true(time(NULL) < deadline);
		(void)nanosleep(&moment, NULL);
	}
}

static void
of_many_logins_three_run_twenty_wait_and_the_rest_come_again(void **state)
{
	struct caller holders[HOLDERS], callers[CALLERS];
	const size_t before = resident_memory();
	pthread_barrier_t gate;
	int answers[OUV_ERR__COUNT] = { 0 };

	(void)state;
	assert_int_equal(pthread_barrier_init(&gate, NULL, CALLERS + 1), 0);
	for (int i = 0; i < CALLERS; i++)
		caller_start(&callers[i], 1, (size_t)8 << 20, &gate);
	for (int i = 0; i < HOLDERS; i++)
		caller_start(&holders[i], 10, HOLDER_MEM, NULL);
	/* Filled in a tenth of the time they hold it. */
	wait_for_memory(before + HOLDERS * HOLDER_MEM / 100 * 95);
	(void)pthread_barrier_wait(&gate);
	for (int i = 0; i < HOLDERS; i++) {
		assert_int_equal(pthread_join(holders[i].thread, NULL), 0);
		assert_int_equal(holders[i].err, OUV_REFUSED);
	}
	for (int i = 0; i < CALLERS; i++) {
		assert_int_equal(pthread_join(callers[i].thread, NULL), 0);
		answers[callers[i].err]++;
	}
	(void)pthread_barrier_destroy(&gate);
	assert_int_equal(answers[OUV_REFUSED], 20);
	assert_int_equal(answers[OUV_TEMPORARY], CALLERS - 20);
}

/* ---- paper ------------------------------------------------------------- */

static void
a_recovery_code_is_eight_groups_of_seven(void **state)
{
	char code[OUV_RECOVERY_MAX], other[OUV_RECOVERY_MAX];

	(void)state;
	ouv_recovery_new(code);
	ouv_recovery_new(other);
	assert_string_not_equal(code, other);
	assert_int_equal(strlen(code), 63);
	for (size_t i = 0; i < 63; i++)
		if (i % 8 == 7)
			assert_int_equal(code[i], '-');
		else
			assert_non_null(strchr(
				"0123456789ABCDEFGHJKMNPQRSTVWXYZ", code[i]));
}

static void
a_recovery_code_opens_however_it_is_typed(void **state)
{
	int zeros = 0, ones = 0;

	(void)state;
	for (int round = 0; round < 20; round++) {
		char code[OUV_RECOVERY_MAX], typed[2 * OUV_RECOVERY_MAX] = "";
		struct ouv_wrap wrap;

		ouv_recovery_new(code);
		wrap = wrap_code(code);
		assert_int_equal(wrap.ops, 0);
		assert_int_equal(wrap.mem, 0);
		assert_int_equal(
			unwrap(&wrap, OUV_COLUMN_RECOVERY, code), OUV_OK);
		for (size_t i = 0, n = 0; code[i] != 0; i++) {
			char c = code[i];

			zeros += c == '0';
			ones += c == '1';
			if (c == '-')
				c = ' ';
			else if (c == '0')
				c = "oO0"[i % 3];
			else if (c == '1')
				c = "lIiL"[i % 4];
			else if (c >= 'A' && i % 2 == 0)
				c = (char)(c - 'A' + 'a');
			typed[n++] = c;
			if (i % 5 == 0)
				typed[n++] = ' ';
		}
		assert_int_equal(
			unwrap(&wrap, OUV_COLUMN_RECOVERY, typed), OUV_OK);
	}
	assert_true(zeros > 0 && ones > 0);
}

static void
a_mistyped_recovery_code_is_told_from_a_wrong_one(void **state)
{
	char code[OUV_RECOVERY_MAX], other[OUV_RECOVERY_MAX];
	char longer[OUV_RECOVERY_MAX + 1];
	struct ouv_wrap wrap;

	(void)state;
	ouv_recovery_new(code);
	ouv_recovery_new(other);
	wrap = wrap_code(code);
	assert_int_equal(
		unwrap(&wrap, OUV_COLUMN_RECOVERY, other), OUV_REFUSED);
	for (size_t i = 0; i < 63; i++) {
		if (code[i] == '-')
			continue;
		memcpy(other, code, sizeof(other));
		other[i] = code[i] == 'Z' ? 'Y' : 'Z';
		assert_int_equal(
			unwrap(&wrap, OUV_COLUMN_RECOVERY, other), OUV_INVALID);
		other[i] = 'U';
		assert_int_equal(
			unwrap(&wrap, OUV_COLUMN_RECOVERY, other), OUV_INVALID);
		other[i] = 0;
		assert_int_equal(
			unwrap(&wrap, OUV_COLUMN_RECOVERY, other), OUV_INVALID);
	}
	(void)snprintf(longer, sizeof(longer), "%s0", code);
	assert_int_equal(
		unwrap(&wrap, OUV_COLUMN_RECOVERY, longer), OUV_INVALID);
	wrap.ops = 1;
	assert_int_equal(unwrap(&wrap, OUV_COLUMN_RECOVERY, code), OUV_REFUSED);
}

static void
a_wrapped_identity_altered_or_moved_is_refused(void **state)
{
	char code[OUV_RECOVERY_MAX];
	struct ouv_wrap good, wrap;
	struct ouv_key *other = ouv_key_random(), *kept = pepper;

	(void)state;
	ouv_recovery_new(code);
	good = wrap_code(code);
	/* Salt, commitment and ciphertext, and the version; ops and mem have
	 * a claim of their own. */
	for (size_t i = 0; i < sizeof(wrap); i++) {
		wrap = good;
		((uint8_t *)&wrap)[i] ^= 1;
		if (memcmp(wrap.salt, good.salt, sizeof(good.salt)) == 0 &&
			wrap.version == good.version &&
			memcmp(wrap.commit, good.commit, sizeof(good.commit)) ==
				0 &&
			memcmp(wrap.wrapped, good.wrapped,
				sizeof(good.wrapped)) == 0)
			continue;
		assert_int_equal(
			unwrap(&wrap, OUV_COLUMN_RECOVERY, code), OUV_REFUSED);
	}
	for (int i = 0; i < 2; i++) {
		struct ouv_id *id = i == 0 ? &tenant : &person;

		id->b[15] ^= 1;
		assert_int_equal(
			unwrap(&good, OUV_COLUMN_RECOVERY, code), OUV_REFUSED);
		id->b[15] ^= 1;
	}
	pepper = other;
	assert_int_equal(unwrap(&good, OUV_COLUMN_RECOVERY, code), OUV_REFUSED);
	pepper = kept;
	assert_int_equal(unwrap(&good, OUV_COLUMN_RECOVERY, code), OUV_OK);
	ouv_key_free(&other);
}

static void
made_passwords_have_twenty_characters_without_look_alikes(void **state)
{
	static const char symbols[] = "abcdefghjkmnpqrstuvwxyz23456789";
	char text[OUV_PASSWORD_MAX], before[OUV_PASSWORD_MAX] = "";
	size_t seen[sizeof(symbols)] = { 0 };

	(void)state;
	for (int round = 0; round < 500; round++) {
		ouv_password_new(text);
		assert_int_equal(strlen(text), 20);
		assert_int_equal(strspn(text, symbols), 20);
		assert_string_not_equal(text, before);
		memcpy(before, text, sizeof(text));
		for (const char *p = text; *p != 0; p++)
			seen[strchr(symbols, *p) - symbols]++;
	}
	/* 10,000 draws of 31: 323 each, give or take 18. */
	for (size_t i = 0; i < sizeof(symbols) - 1; i++)
		assert_in_range(seen[i], 200, 450);
}

/* ---- sessions ---------------------------------------------------------- */

static enum ouv_err
session_open(const uint8_t *wrapped, size_t len, const uint8_t *token)
{
	struct ouv_identity *out = NULL;
	enum ouv_err err = ouv_session_unwrap(
		wrapped, len, &tenant, &person, pepper, token, &out);

	assert_int_equal(out != NULL, err == OUV_OK);
	if (out != NULL)
		assert_memory_equal(out, identity, sizeof(*out));
	ouv_identity_free(&out);
	return err;
}

static void
a_session_opens_by_its_cookie_alone(void **state)
{
	uint8_t token[32], wrapped[OUV_WRAPPED + 1] = { 0 };
	struct ouv_key *other = ouv_key_random(), *kept = pepper;

	(void)state;
	ouv_random(token, sizeof(token));
	ouv_session_wrap(identity, &tenant, &person, pepper, token, wrapped);
	assert_int_equal(session_open(wrapped, OUV_WRAPPED, token), OUV_OK);
	for (size_t i = 0; i < OUV_WRAPPED; i++) {
		wrapped[i] ^= 0x80;
		assert_int_equal(
			session_open(wrapped, OUV_WRAPPED, token), OUV_REFUSED);
		wrapped[i] ^= 0x80;
		assert_int_equal(session_open(wrapped, i, token), OUV_REFUSED);
	}
	assert_int_equal(
		session_open(wrapped, OUV_WRAPPED + 1, token), OUV_REFUSED);
	for (size_t i = 0; i < sizeof(token); i++) {
		token[i] ^= 1;
		assert_int_equal(
			session_open(wrapped, OUV_WRAPPED, token), OUV_REFUSED);
		token[i] ^= 1;
	}
	person.b[3] ^= 1;
	assert_int_equal(
		session_open(wrapped, OUV_WRAPPED, token), OUV_REFUSED);
	person.b[3] ^= 1;
	tenant.b[3] ^= 1;
	assert_int_equal(
		session_open(wrapped, OUV_WRAPPED, token), OUV_REFUSED);
	tenant.b[3] ^= 1;
	pepper = other;
	assert_int_equal(
		session_open(wrapped, OUV_WRAPPED, token), OUV_REFUSED);
	pepper = kept;
	ouv_key_free(&other);
}

static void
bytes_of_any_length_come_back_from_their_text(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	struct ouv_str back, none = { "", 0 };
	uint8_t bytes[200];

	(void)state;
	ouv_random(bytes, sizeof(bytes));
	for (size_t len = 1; len <= sizeof(bytes); len++) {
		struct ouv_str given = { (const char *)bytes, len };
		const char *text = ouv_b64_text(arena, given);

		assert_int_equal(strlen(text), (len * 4 + 2) / 3);
		assert_int_equal(ouv_b64_parse(arena, text, &back), OUV_OK);
		assert_int_equal(back.len, len);
		assert_memory_equal(back.p, bytes, len);
	}
	assert_string_equal(ouv_b64_text(arena, none), "");
	assert_int_equal(ouv_b64_parse(arena, "", &back), OUV_INVALID);
	assert_int_equal(ouv_b64_parse(arena, "AA=", &back), OUV_INVALID);
	assert_int_equal(ouv_b64_parse(arena, "A A", &back), OUV_INVALID);
	ouv_arena_free(&arena);
}

static void
a_token_has_one_spelling(void **state)
{
	uint8_t token[32], out[32] = { 0 };
	char text[OUV_TOKEN_B64], bad[OUV_TOKEN_B64 + 1];
	int read = 0;

	(void)state;
	for (int round = 0; round < 200; round++) {
		ouv_random(token, sizeof(token));
		ouv_token_text(token, text);
		assert_int_equal(strlen(text), 43);
		assert_int_equal(ouv_token_parse(text, out), OUV_OK);
		assert_memory_equal(out, token, 32);
	}
	/* Each byte at each place: what is read is written just so again. */
	for (size_t at = 0; at < 43; at++)
		for (int c = 0; c < 256; c++) {
			char again[OUV_TOKEN_B64];

			memcpy(bad, text, sizeof(text));
			bad[at] = (char)c;
			if (ouv_token_parse(bad, out) == OUV_INVALID)
				continue;
			read++;
			ouv_token_text(out, again);
			assert_string_equal(again, bad);
		}
	/* 64 letters; the last has two bits that must be zero. */
	assert_int_equal(read, 42 * 64 + 16);
	(void)snprintf(bad, sizeof(bad), "%s=", text);
	assert_int_equal(ouv_token_parse(bad, out), OUV_INVALID);
}

static void
a_form_token_is_for_one_session_and_one_form(void **state)
{
	uint8_t token[32];
	char a[OUV_TOKEN_B64], b[OUV_TOKEN_B64];
	struct ouv_key *other = ouv_key_random();

	(void)state;
	ouv_random(token, sizeof(token));
	ouv_csrf_token(pepper, token, "close", a);
	assert_int_equal(strlen(a), 43);
	ouv_csrf_token(pepper, token, "close", b);
	assert_string_equal(a, b);
	ouv_csrf_token(pepper, token, "clos", b);
	assert_string_not_equal(a, b);
	ouv_csrf_token(other, token, "close", b);
	assert_string_not_equal(a, b);
	token[31] ^= 1;
	ouv_csrf_token(pepper, token, "close", b);
	assert_string_not_equal(a, b);
	ouv_key_free(&other);
}

/* ---- the frame --------------------------------------------------------- */

static int
start(void **state)
{
	(void)state;
	ouv_vault_init();
	pepper = ouv_key_random();
	identity = ouv_identity_new();
	tenant = ouv_id_new();
	person = ouv_id_new();
	return 0;
}

static int
finish(void **state)
{
	(void)state;
	ouv_key_free(&pepper);
	ouv_identity_free(&identity);
	return 0;
}

#define ROW(claim) cmocka_unit_test(claim)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ROW(the_password_opens_and_another_does_not),
		ROW(nothing_is_wrapped_under_an_empty_secret_or_for_another_column),
		ROW(a_row_that_asks_for_too_little_or_too_much_is_refused),
		ROW(a_login_that_does_not_exist_is_refused_as_slowly),
		ROW(of_many_logins_three_run_twenty_wait_and_the_rest_come_again),
		ROW(a_recovery_code_is_eight_groups_of_seven),
		ROW(a_recovery_code_opens_however_it_is_typed),
		ROW(a_mistyped_recovery_code_is_told_from_a_wrong_one),
		ROW(a_wrapped_identity_altered_or_moved_is_refused),
		ROW(made_passwords_have_twenty_characters_without_look_alikes),
		ROW(a_session_opens_by_its_cookie_alone),
		ROW(bytes_of_any_length_come_back_from_their_text),
		ROW(a_token_has_one_spelling),
		ROW(a_form_token_is_for_one_session_and_one_form),
	};

	return cmocka_run_group_tests_name(
		"vault_people", tests, start, finish);
}
