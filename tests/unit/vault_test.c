/*
 * vault_test.c - sealed rows: whatever is altered, cut or moved is refused
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "ouv/vault.h"

static struct ouv_arena *arena;
static uint8_t public[OUV_KEY], secret[OUV_KEY], dek[OUV_KEY];

static struct ouv_context
context_new(void)
{
	return (struct ouv_context){ .kind = OUV_KIND_ITEM_BODY,
		.column = OUV_COLUMN_CPK,
		.tenant = ouv_id_new(),
		.case_id = ouv_id_new(),
		.row = ouv_id_new(),
		.extra = ouv_id_new(),
		.version = 7 };
}

/* Every way a row can be somewhere else: one field changed each. */
#define MOVES 8
static struct ouv_context
context_moved(struct ouv_context context, int move)
{
	/* clang-format off */
	struct ouv_id *ids[] = { &context.tenant, &context.case_id,
		&context.row, &context.extra };
	/* clang-format on */

	if (move < 4)
		ids[move]->b[15 - 5 * (size_t)move] ^= 1;
	else if (move == 4)
		context.kind = OUV_KIND_CAPSULE;
	else if (move == 5)
		context.column = OUV_COLUMN_SVC;
	else if (move == 6)
		context.version++;
	else
		context.case_id = ouv_id_new();
	return context;
}

/* True if the function ends the process. */
static bool
dies(void (*function)(void))
{
	int status = 0;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		/* Not to the handlers of the test library, which go on. */
		(void)signal(SIGSEGV, SIG_DFL);
		(void)signal(SIGBUS, SIG_DFL);
		if (freopen("/dev/null", "w", stderr) != NULL)
			function();
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return !WIFEXITED(status) || WEXITSTATUS(status) != 0;
}

/* ---- the process and its keys ------------------------------------------ */

static void
the_process_leaves_no_core(void **state)
{
	struct rlimit limit;

	(void)state;
	assert_int_equal(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0), 0);
	assert_int_equal(getrlimit(RLIMIT_CORE, &limit), 0);
	assert_int_equal(limit.rlim_cur, 0);
	assert_int_equal(limit.rlim_max, 0);
}

static void
write_to_a_key(void)
{
	struct ouv_key *key = ouv_key_random();

	*(volatile uint8_t *)(uintptr_t)ouv_key_bytes(key) = 1;
}

static void
write_to_an_identity(void)
{
	struct ouv_identity *identity = ouv_identity_new();

	*(volatile uint8_t *)identity->box = 1;
}

static void
secrets_in_memory_cannot_be_written_over(void **state)
{
	(void)state;
	assert_true(dies(write_to_a_key));
	assert_true(dies(write_to_an_identity));
}

static void
a_freed_key_is_null_and_copies_are_its_own(void **state)
{
	uint8_t bytes[OUV_KEY];
	struct ouv_key *key, *other = ouv_key_random();

	(void)state;
	ouv_random(bytes, sizeof(bytes));
	key = ouv_key_new(bytes);
	assert_true(ouv_equal(ouv_key_bytes(key), bytes, OUV_KEY));
	assert_false(ouv_equal(ouv_key_bytes(other), bytes, OUV_KEY));
	ouv_wipe(bytes, sizeof(bytes));
	for (size_t i = 0; i < sizeof(bytes); i++)
		assert_int_equal(bytes[i], 0);
	assert_false(ouv_equal(ouv_key_bytes(key), bytes, OUV_KEY));
	ouv_key_free(&key);
	ouv_key_free(&other);
	assert_null(key);
	ouv_key_free(&key);
}

static void
a_key_file_holds_64_hexadecimal_digits_and_nothing_else(void **state)
{
	static const char good[] = "000102030405060708090a0b0c0d0e0f"
				   "101112131415161718191A1B1C1D1E1F";
	/* clang-format off */
	static const struct {
		const char *text;
		mode_t mode;
		enum ouv_err err;
	} rows[] = {
		{ "%s", 0600, OUV_OK },
		{ "%s\n", 0400, OUV_OK },
		{ "%s", 0644, OUV_REFUSED },
		{ "%.62s", 0600, OUV_INVALID },
		{ "%.63s", 0600, OUV_INVALID },
		{ "%.63sg", 0600, OUV_INVALID },
		{ "%.32s %.31s", 0600, OUV_INVALID },
		{ "%s00", 0600, OUV_INVALID },
		{ "", 0600, OUV_INVALID },
	};
	/* clang-format on */
	char path[] = "/tmp/vault_test.XXXXXX", text[200];
	struct ouv_key *key = NULL;
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	(void)close(fd);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		FILE *file = fopen(path, "w");

		assert_non_null(file);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		(void)snprintf(text, sizeof(text), rows[i].text, good, good);
#pragma GCC diagnostic pop
		(void)fputs(text, file);
		(void)fclose(file);
		assert_int_equal(chmod(path, rows[i].mode), 0);
		assert_int_equal(ouv_key_read(path, &key), rows[i].err);
		assert_int_equal(key != NULL, rows[i].err == OUV_OK);
		for (int b = 0; key != NULL && b < OUV_KEY; b++)
			assert_int_equal(ouv_key_bytes(key)[b], b);
		ouv_key_free(&key);
	}
	assert_int_equal(unlink(path), 0);
	assert_int_equal(ouv_key_read(path, &key), OUV_NOT_FOUND);
}

static void
hashing_in_pieces_is_hashing_at_once(void **state)
{
	uint8_t data[5000], whole[OUV_KEY], pieces[OUV_KEY], unkeyed[OUV_KEY];

	(void)state;
	ouv_random(data, sizeof(data));
	for (size_t cut = 0; cut <= sizeof(data); cut += 125) {
		struct ouv_hasher *hasher = ouv_hasher_new(arena, dek);

		ouv_hasher_add(hasher, "mark", 4);
		ouv_hasher_add(hasher, data, cut);
		ouv_hasher_add(hasher, data + cut, sizeof(data) - cut);
		ouv_hasher_end(hasher, pieces);
		ouv_hash_keyed(dek, "mark", data, sizeof(data), whole);
		assert_memory_equal(pieces, whole, sizeof(whole));
		hasher = ouv_hasher_new(arena, NULL);
		ouv_hasher_add(hasher, data, sizeof(data));
		ouv_hasher_end(hasher, pieces);
		ouv_hash("", data, sizeof(data), unkeyed);
		assert_memory_equal(pieces, unkeyed, sizeof(unkeyed));
		assert_memory_not_equal(whole, unkeyed, sizeof(whole));
	}
}

/* ---- boxes ------------------------------------------------------------- */

static void
a_sealed_key_opens_for_its_holder_alone(void **state)
{
	struct ouv_context context = context_new();
	uint8_t box[OUV_BOX], key[OUV_KEY] = { 0 }, other[OUV_KEY];
	uint8_t other_public[OUV_KEY];

	(void)state;
	ouv_box_pair(other_public, other);
	ouv_seal_key(&context, public, dek, box);
	assert_int_equal(ouv_open_key(&context, other, box, sizeof(box), key),
		OUV_REFUSED);
	assert_int_equal(
		ouv_open_key(&context, secret, box, sizeof(box), key), OUV_OK);
	assert_memory_equal(key, dek, OUV_KEY);
	memset(key, 0, sizeof(key));
	assert_int_equal(ouv_open_key_pair(&context, public, secret, box,
				 sizeof(box), key),
		OUV_OK);
	assert_memory_equal(key, dek, OUV_KEY);
	assert_int_equal(ouv_open_key_pair(&context, other_public, secret, box,
				 sizeof(box), key),
		OUV_REFUSED);
}

static void
a_sealed_key_altered_in_any_bit_is_refused(void **state)
{
	static const uint8_t untouched[OUV_KEY] = { 0 };
	struct ouv_context context = context_new();
	uint8_t box[OUV_BOX], key[OUV_KEY] = { 0 };

	(void)state;
	ouv_seal_key(&context, public, dek, box);
	for (size_t bit = 0; bit < 8 * sizeof(box); bit++) {
		box[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_int_equal(
			ouv_open_key(&context, secret, box, sizeof(box), key),
			OUV_REFUSED);
		box[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	for (size_t len = 0; len < sizeof(box); len++)
		assert_int_equal(ouv_open_key(&context, secret, box, len, key),
			OUV_REFUSED);
	assert_int_equal(
		ouv_open_key(&context, secret, box, sizeof(box) + 1, key),
		OUV_REFUSED);
	assert_memory_equal(key, untouched, OUV_KEY);
}

static void
a_sealed_key_moved_elsewhere_is_refused(void **state)
{
	struct ouv_context context = context_new();
	uint8_t box[OUV_BOX], key[OUV_KEY];

	(void)state;
	ouv_seal_key(&context, public, dek, box);
	for (int move = 0; move < MOVES; move++) {
		struct ouv_context other = context_moved(context, move);

		assert_int_equal(
			ouv_open_key(&other, secret, box, sizeof(box), key),
			OUV_REFUSED);
	}
}

static void
seal_to_no_key(void)
{
	static const uint8_t none[OUV_KEY] = { 0 };
	struct ouv_context context = context_new();
	uint8_t box[OUV_BOX];

	ouv_seal_key(&context, none, dek, box);
}

static void
sealing_to_a_public_key_of_small_order_ends_the_process(void **state)
{
	(void)state;
	assert_true(dies(seal_to_no_key));
}

static void
a_totp_seed_altered_or_moved_is_refused(void **state)
{
	struct ouv_context context = context_new();
	uint8_t box[OUV_TOTP_BOX], seed[OUV_TOTP_SEED], out[OUV_TOTP_SEED];

	(void)state;
	ouv_random(seed, sizeof(seed));
	ouv_totp_seal(&context, public, seed, box);
	assert_int_equal(
		ouv_totp_open(&context, secret, box, sizeof(box), out), OUV_OK);
	assert_memory_equal(out, seed, sizeof(seed));
	for (size_t i = 0; i < sizeof(box); i++) {
		box[i] ^= 0x10;
		assert_int_equal(
			ouv_totp_open(&context, secret, box, sizeof(box), out),
			OUV_REFUSED);
		box[i] ^= 0x10;
		assert_int_equal(ouv_totp_open(&context, secret, box, i, out),
			OUV_REFUSED);
	}
	for (int move = 0; move < MOVES; move++) {
		struct ouv_context other = context_moved(context, move);

		assert_int_equal(
			ouv_totp_open(&other, secret, box, sizeof(box), out),
			OUV_REFUSED);
	}
}

/* ---- blobs ------------------------------------------------------------- */

static const char lorem[] = "O cliente pede que a empresa cumpra o contrato.";

static void
a_blob_gives_back_its_text_at_every_length(void **state)
{
	struct ouv_context context = context_new();
	uint8_t text[1100];

	(void)state;
	ouv_random(text, sizeof(text));
	for (size_t len = 0; len <= sizeof(text); len++) {
		struct ouv_str blob, out;

		ouv_blob_seal(arena, &context, dek, text, len, &blob);
		assert_int_equal(blob.len, ouv_blob_len(len));
		assert_int_equal((blob.len - OUV_BLOB_HEAD - 16) % 256, 0);
		assert_int_equal(ouv_blob_open(arena, &context, dek, blob.p,
					 blob.len, &out),
			OUV_OK);
		assert_int_equal(out.len, len);
		assert_memory_equal(out.p, text, len);
		assert_int_equal(out.p[len], 0);
		ouv_arena_reset(arena);
	}
}

static void
two_blobs_of_one_text_differ(void **state)
{
	struct ouv_context context = context_new();
	struct ouv_str a, b;

	(void)state;
	ouv_blob_seal(arena, &context, dek, lorem, sizeof(lorem), &a);
	ouv_blob_seal(arena, &context, dek, lorem, sizeof(lorem), &b);
	assert_int_equal(a.len, b.len);
	assert_memory_equal(a.p, b.p, 5); /* suite and version alone */
	assert_memory_not_equal(a.p + 5, b.p + 5, 24);
	assert_memory_not_equal(a.p + 29, b.p + 29, a.len - 29);
}

static void
a_blob_altered_in_any_bit_or_cut_anywhere_is_refused(void **state)
{
	struct ouv_context context = context_new();
	struct ouv_str blob, out = { NULL, 99 };
	uint8_t *bytes;

	(void)state;
	ouv_blob_seal(arena, &context, dek, lorem, sizeof(lorem), &blob);
	bytes = malloc(blob.len + 256);
	assert_non_null(bytes);
	memset(bytes, 0, blob.len + 256);
	memcpy(bytes, blob.p, blob.len);
	for (size_t bit = 0; bit < 8 * blob.len; bit++) {
		bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_int_equal(ouv_blob_open(arena, &context, dek, bytes,
					 blob.len, &out),
			OUV_REFUSED);
		bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	for (size_t len = 0; len < blob.len + 256; len++) {
		if (len == blob.len)
			continue;
		assert_int_equal(
			ouv_blob_open(arena, &context, dek, bytes, len, &out),
			OUV_REFUSED);
	}
	assert_null(out.p);
	assert_int_equal(out.len, 99);
	free(bytes);
}

static void
a_blob_moved_elsewhere_or_under_another_key_is_refused(void **state)
{
	struct ouv_context context = context_new();
	struct ouv_str blob, out;
	uint8_t other_dek[OUV_KEY];

	(void)state;
	ouv_blob_seal(arena, &context, dek, lorem, sizeof(lorem), &blob);
	for (int move = 0; move < MOVES; move++) {
		struct ouv_context other = context_moved(context, move);
		char *copy = ouv_arena_memdup(arena, blob.p, blob.len);

		assert_int_equal(
			ouv_blob_open(arena, &other, dek, copy, blob.len, &out),
			OUV_REFUSED);
		/* Nor with the version in its head changed to match. */
		copy[4] = (char)other.version;
		assert_int_equal(
			ouv_blob_open(arena, &other, dek, copy, blob.len, &out),
			OUV_REFUSED);
	}
	memcpy(other_dek, dek, OUV_KEY);
	other_dek[0] ^= 1;
	assert_int_equal(ouv_blob_open(arena, &context, other_dek, blob.p,
				 blob.len, &out),
		OUV_REFUSED);
}

static void
the_plain_text_of_a_blob_does_not_stay_in_the_arena(void **state)
{
	struct ouv_context context = context_new();
	struct ouv_str blob;

	(void)state;
	ouv_blob_seal(arena, &context, dek, lorem, sizeof(lorem), &blob);
	/* The bytes around the blob in the arena's first block. */
	assert_null(memmem(blob.p, blob.len, lorem, 8));
	assert_int_equal(ouv_arena_used(arena), (blob.len + 15) / 16 * 16);
}

/* ---- certificates ------------------------------------------------------ */

static void
a_certificate_holds_for_its_own_fields_alone(void **state)
{
	const struct ouv_cert good = { .kind = OUV_CERT_CASE,
		.tenant = ouv_id_new(),
		.subject = ouv_id_new(),
		.extra = ouv_id_new(),
		.version = 3,
		.a = { 1, 2, 3 },
		.b = { 4, 5, 6 } };
	uint8_t seed[OUV_KEY], signer[OUV_KEY], sig[OUV_SIG];

	(void)state;
	ouv_random(seed, sizeof(seed));
	ouv_sign_public(seed, signer);
	ouv_cert_sign(&good, seed, sig);
	assert_int_equal(
		ouv_cert_check(&good, signer, sig, sizeof(sig)), OUV_OK);
	for (int kind = 0; kind <= OUV_CERT__COUNT; kind++) {
		struct ouv_cert cert = good;

		cert.kind = (enum ouv_cert_kind)kind;
		assert_int_equal(
			ouv_cert_check(&cert, signer, sig, sizeof(sig)),
			kind == OUV_CERT_CASE ? OUV_OK : OUV_REFUSED);
	}
	for (size_t i = offsetof(struct ouv_cert, tenant); i < sizeof(good);
		i++) {
		struct ouv_cert cert;

		memcpy(&cert, &good, sizeof(cert));
		((uint8_t *)&cert)[i] ^= 1;
		assert_int_equal(
			ouv_cert_check(&cert, signer, sig, sizeof(sig)),
			OUV_REFUSED);
	}
}

static void
a_signature_altered_cut_or_of_another_is_refused(void **state)
{
	const struct ouv_cert cert = { .kind = OUV_CERT_PERSON, .version = 1 };
	uint8_t seed[OUV_KEY], signer[OUV_KEY], sig[OUV_SIG + 1] = { 0 };

	(void)state;
	ouv_random(seed, sizeof(seed));
	ouv_sign_public(seed, signer);
	ouv_cert_sign(&cert, seed, sig);
	for (size_t bit = 0; bit < (size_t)8 * OUV_SIG; bit++) {
		sig[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_int_equal(ouv_cert_check(&cert, signer, sig, OUV_SIG),
			OUV_REFUSED);
		sig[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	for (size_t len = 0; len <= sizeof(sig); len++)
		assert_int_equal(ouv_cert_check(&cert, signer, sig, len),
			len == OUV_SIG ? OUV_OK : OUV_REFUSED);
	signer[0] ^= 1;
	assert_int_equal(
		ouv_cert_check(&cert, signer, sig, OUV_SIG), OUV_REFUSED);
	seed[0] ^= 1;
	ouv_sign_public(seed, signer);
	assert_int_equal(
		ouv_cert_check(&cert, signer, sig, OUV_SIG), OUV_REFUSED);
}

static void
sign_for_nothing(void)
{
	const struct ouv_cert cert = { .kind = OUV_CERT__COUNT };
	uint8_t sig[OUV_SIG];

	ouv_cert_sign(&cert, dek, sig);
}

static void
a_certificate_of_no_kind_is_never_signed(void **state)
{
	(void)state;
	assert_true(dies(sign_for_nothing));
}

/* ---- the frame --------------------------------------------------------- */

static int
start(void **state)
{
	(void)state;
	ouv_vault_init();
	ouv_box_pair(public, secret);
	ouv_random(dek, sizeof(dek));
	return 0;
}

static int
arena_up(void **state)
{
	(void)state;
	arena = ouv_arena_new(OUV_ARENA_WIPE);
	return 0;
}

static int
arena_down(void **state)
{
	(void)state;
	ouv_arena_free(&arena);
	return 0;
}

#define ROW(claim) cmocka_unit_test_setup_teardown(claim, arena_up, arena_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ROW(the_process_leaves_no_core),
		ROW(secrets_in_memory_cannot_be_written_over),
		ROW(a_freed_key_is_null_and_copies_are_its_own),
		ROW(a_key_file_holds_64_hexadecimal_digits_and_nothing_else),
		ROW(hashing_in_pieces_is_hashing_at_once),
		ROW(a_sealed_key_opens_for_its_holder_alone),
		ROW(a_sealed_key_altered_in_any_bit_is_refused),
		ROW(a_sealed_key_moved_elsewhere_is_refused),
		ROW(sealing_to_a_public_key_of_small_order_ends_the_process),
		ROW(a_totp_seed_altered_or_moved_is_refused),
		ROW(a_blob_gives_back_its_text_at_every_length),
		ROW(two_blobs_of_one_text_differ),
		ROW(a_blob_altered_in_any_bit_or_cut_anywhere_is_refused),
		ROW(a_blob_moved_elsewhere_or_under_another_key_is_refused),
		ROW(the_plain_text_of_a_blob_does_not_stay_in_the_arena),
		ROW(a_certificate_holds_for_its_own_fields_alone),
		ROW(a_signature_altered_cut_or_of_another_is_refused),
		ROW(a_certificate_of_no_kind_is_never_signed),
	};

	return cmocka_run_group_tests_name("vault", tests, start, NULL);
}
