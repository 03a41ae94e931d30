/*
 * vault_rotation_test.c - two versions of a secret: which file says so, and
 * what opens under which of them
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

#define OLD_HEX \
	"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define NEW_HEX \
	"ff0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

struct place {
	char folder[64], path[96], old[96];
};

static void
put(const char *path, const char *text, mode_t mode)
{
	FILE *file;

	(void)unlink(path);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(path, mode), 0);
}

static int
begin(void **state)
{
	struct place *p = calloc(1, sizeof(*p));

	if (p == NULL)
		return -1;
	(void)snprintf(p->folder, sizeof(p->folder), "/tmp/ouv-key-XXXXXX");
	if (mkdtemp(p->folder) == NULL)
		return -1;
	(void)snprintf(p->path, sizeof(p->path), "%s/one.key", p->folder);
	(void)snprintf(p->old, sizeof(p->old), "%s/one.key.old", p->folder);
	*state = p;
	return 0;
}

static int
end(void **state)
{
	struct place *p = *state;

	(void)unsetenv("CREDENTIALS_DIRECTORY");
	(void)unlink(p->path);
	(void)unlink(p->old);
	(void)rmdir(p->folder);
	free(p);
	return 0;
}

static void
a_version_stands_behind_the_digits(void **state)
{
	static const struct {
		const char *text;
		uint32_t version; /* 0: refused */
	} cases[] = {
		{ NEW_HEX, 1 },
		{ NEW_HEX "\n", 1 },
		{ NEW_HEX " 2\n", 2 },
		{ NEW_HEX " 17", 17 },
		{ NEW_HEX " 0\n", 0 },
		{ NEW_HEX " \n", 0 },
		{ NEW_HEX "2\n", 0 },
		{ NEW_HEX " 2x\n", 0 },
		{ NEW_HEX "  2\n", 0 },
		{ NEW_HEX " -2\n", 0 },
		{ NEW_HEX " 1234567\n", 0 },
		{ "none", 0 },
	};
	struct place *p = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct ouv_key *key = NULL;
		enum ouv_err err;

		put(p->path, cases[i].text, 0600);
		err = ouv_key_read(p->path, &key);
		if (cases[i].version == 0) {
			assert_int_not_equal(err, OUV_OK);
			assert_null(key);
			continue;
		}
		assert_int_equal(err, OUV_OK);
		assert_int_equal(ouv_key_version(key), cases[i].version);
		assert_int_equal(ouv_key_bytes(key)[0], 0xff);
		assert_null(ouv_key_former(key));
		ouv_key_free(&key);
	}
}

static void
the_one_before_lies_beside_it(void **state)
{
	struct place *p = *state;
	struct ouv_key *key = NULL;

	put(p->path, NEW_HEX " 2\n", 0600);
	assert_int_equal(ouv_key_read_both(p->path, &key), OUV_OK);
	assert_null(ouv_key_former(key));
	ouv_key_free(&key);
	put(p->old, "none", 0600);
	assert_int_equal(ouv_key_read_both(p->path, &key), OUV_OK);
	assert_null(ouv_key_former(key));
	ouv_key_free(&key);
	put(p->old, OLD_HEX "\n", 0600);
	assert_int_equal(ouv_key_read_both(p->path, &key), OUV_OK);
	assert_int_equal(ouv_key_version(ouv_key_former(key)), 1);
	assert_int_equal(ouv_key_bytes(ouv_key_former(key))[0], 0);
	ouv_key_free(&key);
	/* One that others can read is no good, whatever stands beside it. */
	assert_int_equal(chmod(p->old, 0644), 0);
	assert_int_equal(ouv_key_read_both(p->path, &key), OUV_REFUSED);
	assert_null(key);
}

static void
what_systemd_hands_over_is_read_instead(void **state)
{
	struct place *p = *state;
	struct ouv_key *key = NULL;

	put(p->path, NEW_HEX " 2\n", 0440);
	assert_int_equal(ouv_key_read(p->path, &key), OUV_REFUSED);
	assert_false(ouv_secret_there("/nowhere/one.key"));
	assert_int_equal(setenv("CREDENTIALS_DIRECTORY", p->folder, 1), 0);
	assert_true(ouv_secret_there("/nowhere/one.key"));
	assert_false(ouv_secret_there("/nowhere/two.key"));
	/* Its list of rights shows as a group's; everybody's are refused. */
	assert_int_equal(ouv_key_read_both("/nowhere/one.key", &key), OUV_OK);
	assert_int_equal(ouv_key_version(key), 2);
	ouv_key_free(&key);
	assert_int_equal(chmod(p->path, 0444), 0);
	assert_int_equal(ouv_key_read("/nowhere/one.key", &key), OUV_REFUSED);
}

/* Both of a secret that was changed, the one before, and the present alone. */
struct both {
	struct ouv_key *old, *both, *new;
	struct ouv_id tenant, person;
	struct ouv_identity *identity;
};

static void
make_both(const struct place *p, struct both *b)
{
	put(p->path, OLD_HEX "\n", 0600);
	assert_int_equal(ouv_key_read(p->path, &b->old), OUV_OK);
	put(p->path, NEW_HEX " 2\n", 0600);
	assert_int_equal(ouv_key_read(p->path, &b->new), OUV_OK);
	put(p->old, OLD_HEX "\n", 0600);
	assert_int_equal(ouv_key_read_both(p->path, &b->both), OUV_OK);
	b->tenant = ouv_id_new();
	b->person = ouv_id_new();
	b->identity = ouv_identity_new();
}

static void
free_both(struct both *b)
{
	ouv_key_free(&b->old);
	ouv_key_free(&b->both);
	ouv_key_free(&b->new);
	ouv_identity_free(&b->identity);
}

static enum ouv_err
unwraps(const struct both *b, const struct ouv_wrap *wrap,
	const struct ouv_key *pepper, const char *code)
{
	struct ouv_identity *identity = NULL;
	enum ouv_err err = ouv_identity_unwrap(wrap, &b->tenant, &b->person,
		OUV_COLUMN_RECOVERY, pepper, code, &identity);

	if (err == OUV_OK)
		assert_memory_equal(
			identity, b->identity, sizeof(*b->identity));
	ouv_identity_free(&identity);
	return err;
}

static void
a_code_opens_under_the_pepper_of_its_version(void **state)
{
	char code[OUV_RECOVERY_MAX];
	struct ouv_wrap wrap, altered;
	struct both b = { 0 };

	make_both(*state, &b);
	ouv_recovery_new(code);
	assert_int_equal(ouv_identity_wrap(b.identity, &b.tenant, &b.person,
				 OUV_COLUMN_RECOVERY, b.old, code, &wrap),
		OUV_OK);
	assert_int_equal(wrap.version, 1);
	assert_int_equal(unwraps(&b, &wrap, b.old, code), OUV_OK);
	assert_int_equal(unwraps(&b, &wrap, b.both, code), OUV_OK);
	assert_int_equal(unwraps(&b, &wrap, b.new, code), OUV_REFUSED);
	/* The version is part of what was sealed. */
	for (uint32_t other = 0; other < 4; other++) {
		altered = wrap;
		altered.version = other;
		assert_int_equal(unwraps(&b, &altered, b.both, code),
			other == 1 ? OUV_OK : OUV_REFUSED);
	}
	/* A mistyped code is told as one, whatever it lies under. */
	altered.version = 9;
	assert_int_equal(unwraps(&b, &altered, b.both, "x"), OUV_INVALID);
	/* What is written now is of the present one. */
	assert_int_equal(ouv_identity_wrap(b.identity, &b.tenant, &b.person,
				 OUV_COLUMN_RECOVERY, b.both, code, &wrap),
		OUV_OK);
	assert_int_equal(wrap.version, 2);
	assert_int_equal(unwraps(&b, &wrap, b.new, code), OUV_OK);
	assert_int_equal(unwraps(&b, &wrap, b.old, code), OUV_REFUSED);
	wrap.version = 1;
	assert_int_equal(unwraps(&b, &wrap, b.both, code), OUV_REFUSED);
	free_both(&b);
}

static void
a_session_of_before_goes_on(void **state)
{
	uint8_t token[32], wrapped[OUV_WRAPPED];
	struct ouv_identity *identity = NULL;
	struct both b = { 0 };

	make_both(*state, &b);
	ouv_random(token, sizeof(token));
	ouv_session_wrap(
		b.identity, &b.tenant, &b.person, b.old, token, wrapped);
	assert_int_equal(ouv_session_unwrap(wrapped, sizeof(wrapped), &b.tenant,
				 &b.person, b.new, token, &identity),
		OUV_REFUSED);
	assert_int_equal(ouv_session_unwrap(wrapped, sizeof(wrapped), &b.tenant,
				 &b.person, b.both, token, &identity),
		OUV_OK);
	assert_memory_equal(identity, b.identity, sizeof(*b.identity));
	ouv_identity_free(&identity);
	token[0] ^= 1;
	assert_int_equal(ouv_session_unwrap(wrapped, sizeof(wrapped), &b.tenant,
				 &b.person, b.both, token, &identity),
		OUV_REFUSED);
	free_both(&b);
}

static void
the_next_one_is_another_of_the_next_version(void **state)
{
	struct ouv_key *first = ouv_key_random(), *next, *third;

	(void)state;
	next = ouv_key_after(first);
	third = ouv_key_after(next);
	assert_int_equal(ouv_key_version(first), 1);
	assert_int_equal(ouv_key_version(next), 2);
	assert_int_equal(ouv_key_version(third), 3);
	assert_memory_not_equal(
		ouv_key_bytes(first), ouv_key_bytes(next), OUV_KEY);
	assert_null(ouv_key_former(next));
	ouv_key_free(&first);
	ouv_key_free(&next);
	ouv_key_free(&third);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_version_stands_behind_the_digits, begin, end),
		cmocka_unit_test_setup_teardown(
			the_one_before_lies_beside_it, begin, end),
		cmocka_unit_test_setup_teardown(
			what_systemd_hands_over_is_read_instead, begin, end),
		cmocka_unit_test_setup_teardown(
			a_code_opens_under_the_pepper_of_its_version, begin,
			end),
		cmocka_unit_test_setup_teardown(
			a_session_of_before_goes_on, begin, end),
		cmocka_unit_test(the_next_one_is_another_of_the_next_version),
	};

	ouv_vault_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
