/*
 * vault_code_test.c - reply codes that mend, names nobody else can give, and
 * the links of the audit chain
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "ouv/vault.h"

static const char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";
static struct ouv_key *k_tok;

/* xorshift: the same "random" words in every run, so a failure can be found
 * again. */
static uint32_t
dice(uint32_t sides)
{
	static uint64_t x = 88172645463325252;

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	return (uint32_t)((x >> 16) % sides);
}

struct made {
	struct ouv_id case_id, party;
	char code[OUV_CODE_MAX];
	uint8_t raw[OUV_CODE_RAW];
};

static struct made
code_new(void)
{
	struct made made = { .case_id = ouv_id_new(), .party = ouv_id_new() };
	int mended = -1;

	ouv_code_make(k_tok, &made.case_id, &made.party, 1, made.code);
	assert_int_equal(
		ouv_code_read(made.code, OUV_CODE, made.raw, &mended), OUV_OK);
	assert_int_equal(mended, 0);
	return made;
}

static bool
fits(const struct made *made, const uint8_t raw[OUV_CODE_RAW])
{
	return ouv_code_fits(k_tok, &made->case_id, &made->party, 1, raw);
}

/* Puts another symbol there. */
static void
spoil(char *text, size_t at)
{
	const char *was = strchr(alphabet, text[at]);

	text[at] = alphabet[((size_t)(was - alphabet) + 1 + dice(31)) % 32];
}

static void
mends(const struct made *made, const char *typed, int errors)
{
	uint8_t raw[OUV_CODE_RAW];
	int mended = -1;

	assert_int_equal(ouv_code_read(typed, OUV_CODE, raw, &mended), OUV_OK);
	assert_int_equal(mended, errors);
	assert_memory_equal(raw, made->raw, sizeof(raw));
	assert_true(fits(made, raw));
}

/* ---- reply codes ------------------------------------------------------- */

static void
a_code_is_26_symbols_and_its_bits_come_back(void **state)
{
	(void)state;
	for (int i = 0; i < 500; i++) {
		struct made made = code_new();

		assert_int_equal(strlen(made.code), OUV_CODE);
		assert_int_equal(strspn(made.code, alphabet), OUV_CODE);
		assert_int_equal(made.raw[OUV_CODE_RAW - 1] & 0x0f, 0);
		assert_true(fits(&made, made.raw));
	}
}

static void
every_single_error_is_mended(void **state)
{
	struct made made = code_new();

	(void)state;
	for (size_t at = 0; at < OUV_CODE; at++)
		for (size_t s = 0; s < 32; s++) {
			struct made typed = made;

			typed.code[at] = alphabet[s];
			mends(&made, typed.code,
				alphabet[s] != made.code[at] ? 1 : 0);
		}
}

static void
every_pair_of_errors_is_mended(void **state)
{
	(void)state;
	for (size_t a = 0; a < OUV_CODE; a++)
		for (size_t b = 0; b < a; b++)
			for (int round = 0; round < 30; round++) {
				struct made made = code_new(), typed = made;

				spoil(typed.code, a);
				spoil(typed.code, b);
				mends(&made, typed.code, 2);
			}
}

static void
every_three_errors_are_mended(void **state)
{
	(void)state;
	for (size_t a = 0; a < OUV_CODE; a++)
		for (size_t b = 0; b < a; b++)
			for (size_t c = 0; c < b; c++)
				for (int round = 0; round < 10; round++) {
					struct made made = code_new();
					struct made typed = made;

					spoil(typed.code, a);
					spoil(typed.code, b);
					spoil(typed.code, c);
					mends(&made, typed.code, 3);
				}
}

static void
more_than_three_errors_never_give_the_code_away(void **state)
{
	int read = 0;

	(void)state;
	for (int round = 0; round < 50000; round++) {
		struct made made = code_new(), typed = made;
		uint8_t raw[OUV_CODE_RAW];
		const size_t first = dice(OUV_CODE);
		const size_t errors = 4 + dice(3);

		for (size_t i = 0; i < errors; i++)
			spoil(typed.code, (first + 5 * i) % OUV_CODE);
		if (ouv_code_read(typed.code, OUV_CODE, raw, NULL) != OUV_OK)
			continue;
		read++;
		assert_false(fits(&made, raw));
	}
	/* Words within three errors of some other code: about 7 %. */
	assert_in_range(read, 50000 * 5 / 100, 50000 * 9 / 100);
}

static void
random_words_are_seldom_read_and_never_fit(void **state)
{
	struct made made = code_new();
	int read = 0;

	(void)state;
	for (int round = 0; round < 200000; round++) {
		char word[OUV_CODE];
		uint8_t raw[OUV_CODE_RAW];
		int mended;

		for (size_t i = 0; i < OUV_CODE; i++)
			word[i] = alphabet[dice(32)];
		if (ouv_code_read(word, OUV_CODE, raw, &mended) != OUV_OK)
			continue;
		read++;
		assert_in_range(mended, 0, 3);
		assert_false(fits(&made, raw));
	}
	/* Spheres of radius 3 fill (1 + 26*31 + 325*31^2 + 2600*31^3) / 32^6,
	 * 7.24 %, of all words: 14,480, give or take 116. */
	assert_in_range(read, 14480 - 600, 14480 + 600);
}

static void
look_alikes_and_upper_case_are_read_without_mending(void **state)
{
	int replaced = 0;

	(void)state;
	for (int round = 0; round < 100; round++) {
		struct made made = code_new(), typed = made;

		for (size_t i = 0; i < OUV_CODE; i++) {
			char *c = &typed.code[i];

			replaced += *c == '0' || *c == '1';
			if (*c == '0')
				*c = "oO"[dice(2)];
			else if (*c == '1')
				*c = "iIlL"[dice(4)];
			else if (*c >= 'a')
				*c = (char)(*c - 'a' + 'A');
		}
		mends(&made, typed.code, 0);
	}
	assert_true(replaced > 50);
}

static void
the_letter_that_stands_for_nothing_counts_as_an_error(void **state)
{
	(void)state;
	for (int round = 0; round < 300; round++) {
		struct made made = code_new(), typed = made;
		uint8_t raw[OUV_CODE_RAW];

		for (size_t i = 0; i < 3; i++) {
			typed.code[(7 * i + 3) % OUV_CODE] = "uU"[dice(2)];
			mends(&made, typed.code, (int)i + 1);
		}
		typed.code[25] = 'u';
		if (ouv_code_read(typed.code, OUV_CODE, raw, NULL) == OUV_OK)
			assert_false(fits(&made, raw));
	}
}

static void
other_characters_and_lengths_are_no_code(void **state)
{
	struct made made = code_new();
	uint8_t raw[OUV_CODE_RAW] = { 9 };
	char longer[OUV_CODE + 2];
	int mended = 42;

	(void)state;
	for (int c = 0; c < 256; c++) {
		const bool alnum = (c >= '0' && c <= '9') ||
				   (c >= 'a' && c <= 'z') ||
				   (c >= 'A' && c <= 'Z');
		struct made typed = made;

		typed.code[c % OUV_CODE] = (char)c;
		assert_int_equal(ouv_code_read(typed.code, OUV_CODE, raw, NULL),
			alnum ? OUV_OK : OUV_INVALID);
	}
	(void)snprintf(longer, sizeof(longer), "%s0", made.code);
	memset(raw, 9, sizeof(raw));
	for (size_t len = 0; len <= OUV_CODE + 1; len++)
		if (len != OUV_CODE)
			assert_int_equal(
				ouv_code_read(longer, len, raw, &mended),
				OUV_INVALID);
	assert_int_equal(mended, 42);
	assert_int_equal(raw[0], 9);
}

static void
a_code_is_for_one_case_party_version_and_key(void **state)
{
	struct made made = code_new();
	struct ouv_key *other = ouv_key_random();
	struct ouv_id id, other_id;
	uint8_t raw[OUV_CODE_RAW];

	(void)state;
	for (size_t i = 0; i < 16; i++) {
		struct made moved = made;

		moved.case_id.b[i] ^= 1;
		assert_false(fits(&moved, made.raw));
		moved = made;
		moved.party.b[i] ^= 1;
		assert_false(fits(&moved, made.raw));
	}
	assert_false(
		ouv_code_fits(k_tok, &made.case_id, &made.party, 2, made.raw));
	assert_false(
		ouv_code_fits(other, &made.case_id, &made.party, 1, made.raw));
	/* Case and party are not interchangeable. */
	assert_false(
		ouv_code_fits(k_tok, &made.party, &made.case_id, 1, made.raw));
	ouv_code_id(made.raw, &id);
	for (int bit = 0; bit < 8 * OUV_CODE_RAW; bit++) {
		memcpy(raw, made.raw, sizeof(raw));
		raw[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_false(fits(&made, raw));
		ouv_code_id(raw, &other_id);
		assert_false(ouv_id_equal(&id, &other_id));
	}
	ouv_key_free(&other);
}

/* ---- names ------------------------------------------------------------- */

static void
a_message_name_comes_back_in_either_case(void **state)
{
	(void)state;
	for (int round = 0; round < 200; round++) {
		struct ouv_id row = ouv_id_new(), out;
		char name[OUV_NAME_MAX];

		ouv_message_name(k_tok, "mid", &row, name);
		assert_int_equal(strlen(name), 45);
		assert_int_equal(
			ouv_message_name_read(k_tok, "mid", name, 45, &out),
			OUV_OK);
		assert_true(ouv_id_equal(&row, &out));
		for (char *p = name; *p != 0; p++)
			if (*p >= 'a' && *p <= 'z')
				*p = (char)(*p - 'a' + 'A');
		assert_int_equal(
			ouv_message_name_read(k_tok, "mid", name, 45, &out),
			OUV_OK);
		assert_true(ouv_id_equal(&row, &out));
	}
}

static void
a_name_with_any_other_character_is_not_ours(void **state)
{
	struct ouv_id row = ouv_id_new(), out = { { 7 } };
	char name[OUV_NAME_MAX];

	(void)state;
	ouv_message_name(k_tok, "mid", &row, name);
	for (size_t at = 0; at < 45; at++)
		for (int c = 0; c < 256; c++) {
			char bad[OUV_NAME_MAX];
			const char *same = NULL;

			memcpy(bad, name, sizeof(bad));
			bad[at] = (char)c;
			/* The other spellings of the same symbol. */
			if (name[at] == '0' && at > 1)
				same = "0oO";
			else if (name[at] == '1')
				same = "1iIlL";
			if (c == name[at] ||
				(name[at] >= 'a' && c == name[at] - 32) ||
				(same != NULL && c != 0 &&
					strchr(same, c) != NULL))
				continue;
			assert_int_equal(ouv_message_name_read(
						 k_tok, "mid", bad, 45, &out),
				OUV_INVALID);
		}
	assert_int_equal(out.b[0], 7);
}

static void
a_name_of_another_label_key_or_length_is_not_ours(void **state)
{
	struct ouv_id row = ouv_id_new(), out;
	struct ouv_key *other = ouv_key_random();
	char name[OUV_NAME_MAX + 1] = { 0 };

	(void)state;
	ouv_message_name(k_tok, "mid", &row, name);
	assert_int_equal(ouv_message_name_read(k_tok, "verp", name, 45, &out),
		OUV_INVALID);
	assert_int_equal(ouv_message_name_read(other, "mid", name, 45, &out),
		OUV_INVALID);
	for (size_t len = 0; len < OUV_NAME_MAX; len++)
		assert_int_equal(
			ouv_message_name_read(k_tok, "mid", name, len, &out),
			len == 45 ? OUV_OK : OUV_INVALID);
	ouv_key_free(&other);
}

static void
write_key(const char *path, const char *digit, const char *version)
{
	FILE *out = fopen(path, "w");

	assert_non_null(out);
	for (int i = 0; i < 64; i++)
		assert_true(fputs(digit, out) >= 0);
	assert_true(fprintf(out, "%s\n", version) > 0);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(chmod(path, 0600), 0);
}

/* A key with the one before it, and each of the two alone. */
struct pair {
	struct ouv_key *both, *present, *former;
};

static struct pair
read_pair(void)
{
	char folder[] = "/tmp/ouv-code-XXXXXX", path[64], old[64];
	struct pair pair;

	assert_non_null(mkdtemp(folder));
	(void)snprintf(path, sizeof(path), "%s/k", folder);
	(void)snprintf(old, sizeof(old), "%s/k.old", folder);
	write_key(path, "a", " 2");
	write_key(old, "b", "");
	assert_int_equal(ouv_key_read_both(path, &pair.both), OUV_OK);
	assert_int_equal(ouv_key_read(path, &pair.present), OUV_OK);
	assert_int_equal(ouv_key_read(old, &pair.former), OUV_OK);
	assert_int_equal(unlink(path) | unlink(old) | rmdir(folder), 0);
	return pair;
}

static void
free_pair(struct pair *pair)
{
	ouv_key_free(&pair->both);
	ouv_key_free(&pair->present);
	ouv_key_free(&pair->former);
}

static void
a_name_of_the_key_before_is_still_ours(void **state)
{
	struct ouv_id row = ouv_id_new(), out;
	char of_both[OUV_NAME_MAX], of_present[OUV_NAME_MAX],
		of_former[OUV_NAME_MAX], of_other[OUV_NAME_MAX];
	struct pair pair = read_pair();

	(void)state;
	ouv_message_name(pair.both, "mid", &row, of_both);
	ouv_message_name(pair.present, "mid", &row, of_present);
	ouv_message_name(pair.former, "mid", &row, of_former);
	ouv_message_name(k_tok, "mid", &row, of_other);
	assert_string_equal(of_both, of_present);
	assert_string_not_equal(of_both, of_former);
	assert_int_equal(
		ouv_message_name_read(pair.both, "mid", of_present, 45, &out),
		OUV_OK);
	out = (struct ouv_id){ { 0 } };
	assert_int_equal(
		ouv_message_name_read(pair.both, "mid", of_former, 45, &out),
		OUV_OK);
	assert_true(ouv_id_equal(&row, &out));
	assert_int_equal(
		ouv_message_name_read(pair.both, "verp", of_former, 45, &out),
		OUV_INVALID);
	assert_int_equal(
		ouv_message_name_read(pair.both, "mid", of_other, 45, &out),
		OUV_INVALID);
	assert_int_equal(
		ouv_message_name_read(pair.present, "mid", of_former, 45, &out),
		OUV_INVALID);
	free_pair(&pair);
}

static bool
code_fits(const struct ouv_key *maker, const struct ouv_key *reader)
{
	const struct ouv_id case_id = ouv_id_new(), party = ouv_id_new();
	uint8_t raw[OUV_CODE_RAW];
	char code[OUV_CODE_MAX];

	ouv_code_make(maker, &case_id, &party, 3, code);
	assert_int_equal(ouv_code_read(code, OUV_CODE, raw, NULL), OUV_OK);
	assert_false(ouv_code_fits(reader, &case_id, &party, 4, raw));
	assert_false(ouv_code_fits(reader, &party, &party, 3, raw));
	return ouv_code_fits(reader, &case_id, &party, 3, raw);
}

static void
a_code_of_the_key_before_still_fits(void **state)
{
	struct pair pair = read_pair();

	(void)state;
	assert_true(code_fits(pair.both, pair.present));
	assert_true(code_fits(pair.former, pair.both));
	assert_true(code_fits(pair.both, pair.both));
	assert_false(code_fits(k_tok, pair.both));
	assert_false(code_fits(pair.former, pair.present));
	free_pair(&pair);
}

static void
identifier_tokens_differ_by_kind_and_value(void **state)
{
	static const char *const pairs[][2] = { { "mail", "ana@example.org" },
		{ "mail", "ana@example.com" }, { "phone", "ana@example.org" },
		{ "mai", "lana@example.org" }, { "mail", "" }, { "", "mail" } };
	const size_t count = sizeof(pairs) / sizeof(pairs[0]);

	(void)state;
	for (size_t a = 0; a < count; a++)
		for (size_t b = 0; b < count; b++) {
			struct ouv_id x, y;

			ouv_ident_token(k_tok, pairs[a][0], pairs[a][1], &x);
			ouv_ident_token(k_tok, pairs[b][0], pairs[b][1], &y);
			assert_int_equal(ouv_id_equal(&x, &y), a == b);
		}
}

/* ---- the audit chain --------------------------------------------------- */

static void
every_field_of_an_event_is_in_its_hash(void **state)
{
	struct ouv_audit_event event = { .chain = ouv_id_new(),
		.signer = ouv_id_new(),
		.actor = ouv_id_new(),
		.object = ouv_id_new(),
		.seq = 1,
		.at_us = 2,
		.signer_seq = 3,
		.action = "case.close",
		.details = "abc",
		.details_len = 3 };
	struct ouv_audit_event other;
	uint8_t hash[32], changed[32];
	/* clang-format off */
	static const struct {
		size_t at, len;
	} fields[] = {
#define FIELD(f) { offsetof(struct ouv_audit_event, f), sizeof(event.f) }
		FIELD(chain), FIELD(signer), FIELD(actor), FIELD(object),
		FIELD(seq), FIELD(at_us), FIELD(signer_seq), FIELD(prev),
	};
	/* clang-format on */

	(void)state;
	ouv_audit_hash(&event, hash);
	for (size_t f = 0; f < sizeof(fields) / sizeof(fields[0]); f++)
		for (size_t i = 0; i < fields[f].len; i++) {
			other = event;
			((uint8_t *)&other)[fields[f].at + i] ^= 1;
			ouv_audit_hash(&other, changed);
			assert_memory_not_equal(hash, changed, 32);
		}
	other = event;
	other.action = "case.clos";
	ouv_audit_hash(&other, changed);
	assert_memory_not_equal(hash, changed, 32);
	other = event;
	other.details_len = 2;
	ouv_audit_hash(&other, changed);
	assert_memory_not_equal(hash, changed, 32);
	other = event;
	other.details = NULL;
	other.details_len = 0;
	ouv_audit_hash(&other, changed);
	assert_memory_not_equal(hash, changed, 32);
	ouv_audit_hash(&event, changed);
	assert_memory_equal(hash, changed, 32);
}

static void
a_ratcheted_key_makes_other_macs(void **state)
{
	uint8_t key[OUV_KEY], first[OUV_KEY], hash[32] = { 1 };
	uint8_t mac[16], later[16];

	(void)state;
	ouv_random(key, sizeof(key));
	memcpy(first, key, sizeof(key));
	ouv_audit_mac(key, hash, mac);
	ouv_audit_ratchet(key);
	assert_memory_not_equal(key, first, sizeof(key));
	ouv_audit_mac(key, hash, later);
	assert_memory_not_equal(mac, later, sizeof(mac));
	ouv_audit_mac(first, hash, later);
	assert_memory_equal(mac, later, sizeof(mac));
}

/* ---- the frame --------------------------------------------------------- */

static int
start(void **state)
{
	(void)state;
	ouv_vault_init();
	k_tok = ouv_key_random();
	return 0;
}

static int
finish(void **state)
{
	(void)state;
	ouv_key_free(&k_tok);
	return 0;
}

#define ROW(claim) cmocka_unit_test(claim)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ROW(a_code_is_26_symbols_and_its_bits_come_back),
		ROW(every_single_error_is_mended),
		ROW(every_pair_of_errors_is_mended),
		ROW(every_three_errors_are_mended),
		ROW(more_than_three_errors_never_give_the_code_away),
		ROW(random_words_are_seldom_read_and_never_fit),
		ROW(look_alikes_and_upper_case_are_read_without_mending),
		ROW(the_letter_that_stands_for_nothing_counts_as_an_error),
		ROW(other_characters_and_lengths_are_no_code),
		ROW(a_code_is_for_one_case_party_version_and_key),
		ROW(a_message_name_comes_back_in_either_case),
		ROW(a_name_with_any_other_character_is_not_ours),
		ROW(a_name_of_another_label_key_or_length_is_not_ours),
		ROW(a_name_of_the_key_before_is_still_ours),
		ROW(a_code_of_the_key_before_still_fits),
		ROW(identifier_tokens_differ_by_kind_and_value),
		ROW(every_field_of_an_event_is_in_its_hash),
		ROW(a_ratcheted_key_makes_other_macs),
	};

	return cmocka_run_group_tests_name("vault_code", tests, start, finish);
}
