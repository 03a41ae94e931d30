/*
 * vault_kat_test.c - every stored format against answers made without our code
 *
 * tests/data/make_vault_kat.py wrote them with PyNaCl.  What is deterministic
 * must come out equal; what has a random part must open.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "ouv/vault.h"

static json_t *answers;
static uint8_t *chunks; /* vault_kat.bin */
static size_t chunks_len;
static struct ouv_arena *arena;

/* ---- reading the answers ----------------------------------------------- */

static json_t *
group(const char *name, size_t at_least)
{
	json_t *rows = json_object_get(answers, name);

	assert_non_null(rows);
	assert_true(json_array_size(rows) >= at_least);
	return rows;
}

static const char *
text_of(const json_t *row, const char *key)
{
	const char *text = json_string_value(json_object_get(row, key));

	assert_non_null(text);
	return text;
}

static int64_t
int_of(const json_t *row, const char *key)
{
	assert_true(json_is_integer(json_object_get(row, key)));
	return json_integer_value(json_object_get(row, key));
}

static uint64_t
u64_of(const json_t *row, const char *key)
{
	return strtoull(text_of(row, key), NULL, 10);
}

/* Bytes of any length, in the arena. */
static struct ouv_str
bytes_of(const json_t *row, const char *key)
{
	const char *text = text_of(row, key);
	struct ouv_str out = { NULL, strlen(text) / 2 };
	char *data = ouv_arena_alloc(arena, out.len + 1);

	assert_int_equal(ouv_unhex(text, data, out.len), OUV_OK);
	out.p = data;
	return out;
}

static const uint8_t *
fixed_of(const json_t *row, const char *key, size_t len)
{
	struct ouv_str bytes = bytes_of(row, key);

	assert_int_equal(bytes.len, len);
	return (const uint8_t *)bytes.p;
}

static struct ouv_id
id_of(const json_t *row, const char *key)
{
	struct ouv_id id;

	assert_int_equal(ouv_id_parse(text_of(row, key), &id), OUV_OK);
	return id;
}

static struct ouv_context
context_of(const json_t *row)
{
	return (struct ouv_context){ .kind = (enum ouv_kind)int_of(row, "kind"),
		.column = (enum ouv_column)int_of(row, "column"),
		.tenant = id_of(row, "tenant"),
		.case_id = id_of(row, "case"),
		.row = id_of(row, "row"),
		.extra = id_of(row, "extra"),
		.version = (uint32_t)int_of(row, "version") };
}

static struct ouv_key *
key_of(const json_t *row, const char *key)
{
	return ouv_key_new(fixed_of(row, key, OUV_KEY));
}

/* ---- sealed rows ------------------------------------------------------- */

static void
contexts_encode_as_written_down(void **state)
{
	size_t i;
	json_t *row;

	(void)state;
	json_array_foreach(group("context", 5), i, row)
	{
		struct ouv_context context = context_of(row);
		uint8_t out[OUV_CONTEXT];

		ouv_context_encode(&context, out);
		assert_memory_equal(out, fixed_of(row, "encoded", OUV_CONTEXT),
			OUV_CONTEXT);
	}
}

static void
boxes_of_another_program_open(void **state)
{
	size_t i;
	json_t *row;

	(void)state;
	json_array_foreach(group("box", 2), i, row)
	{
		struct ouv_context context =
			context_of(json_object_get(row, "context"));
		const uint8_t *secret = fixed_of(row, "secret", OUV_KEY);
		struct ouv_str box = bytes_of(row, "box");
		uint8_t public[OUV_KEY], key[OUV_KEY];

		ouv_box_public(secret, public);
		assert_memory_equal(
			public, fixed_of(row, "public", OUV_KEY), OUV_KEY);
		assert_int_equal(ouv_open_key(&context, secret,
					 (const uint8_t *)box.p, box.len, key),
			OUV_OK);
		assert_memory_equal(
			key, fixed_of(row, "key", OUV_KEY), OUV_KEY);
	}
}

static void
totp_boxes_of_another_program_open(void **state)
{
	size_t i;
	json_t *row;

	(void)state;
	json_array_foreach(group("totp_box", 1), i, row)
	{
		struct ouv_context context =
			context_of(json_object_get(row, "context"));
		struct ouv_str box = bytes_of(row, "box");
		uint8_t seed[OUV_TOTP_SEED];

		assert_int_equal(ouv_totp_open(&context,
					 fixed_of(row, "secret", OUV_KEY),
					 (const uint8_t *)box.p, box.len, seed),
			OUV_OK);
		assert_memory_equal(seed, fixed_of(row, "key", OUV_TOTP_SEED),
			OUV_TOTP_SEED);
	}
}

static void
blobs_of_another_program_open(void **state)
{
	size_t i;
	json_t *row;

	(void)state;
	json_array_foreach(group("blob", 6), i, row)
	{
		struct ouv_context context =
			context_of(json_object_get(row, "context"));
		struct ouv_str blob = bytes_of(row, "blob"), text;
		struct ouv_str want = bytes_of(row, "text");

		assert_int_equal(ouv_blob_open(arena, &context,
					 fixed_of(row, "dek", OUV_KEY), blob.p,
					 blob.len, &text),
			OUV_OK);
		assert_int_equal(text.len, want.len);
		assert_memory_equal(text.p, want.p, want.len);
		assert_int_equal(ouv_blob_len(want.len), blob.len);
	}
}

static void
stream_row_opens(const json_t *row)
{
	struct ouv_context context =
		context_of(json_object_get(row, "context"));
	const size_t size = (size_t)int_of(row, "size");
	struct ouv_stream_in *in = ouv_stream_in_new(
		arena, &context, fixed_of(row, "dek", OUV_KEY));
	struct ouv_str data;
	size_t n;
	json_t *chunk;

	assert_int_equal(ouv_padme(size + 1), int_of(row, "padded"));
	json_array_foreach(json_object_get(row, "chunks"), n, chunk)
	{
		const size_t at = (size_t)int_of(chunk, "at");
		const size_t len = (size_t)int_of(chunk, "len");

		assert_true(at <= chunks_len && len <= chunks_len - at);
		assert_int_equal(
			ouv_stream_in_chunk(in, chunks + at, len), OUV_OK);
	}
	assert_true(n > 0);
	assert_int_equal(ouv_stream_in_end(in, &data), OUV_OK);
	assert_int_equal(data.len, size);
	for (size_t i = 0; i < size; i++)
		if ((uint8_t)data.p[i] != (uint8_t)(i * 131 + (i >> 8)))
			fail_msg("byte %zu of %zu differs", i, size);
}

static void
streams_of_another_program_open(void **state)
{
	size_t i;
	json_t *row;

	(void)state;
	json_array_foreach(group("stream", 6), i, row)
	{
		stream_row_opens(row);
	}
}

static void
streams_of_another_shape_are_refused_even_with_the_key(void **state)
{
	size_t i;
	json_t *row;

	(void)state;
	json_array_foreach(group("bad_stream", 9), i, row)
	{
		struct ouv_context context =
			context_of(json_object_get(row, "context"));
		struct ouv_stream_in *in = ouv_stream_in_new(
			arena, &context, fixed_of(row, "dek", OUV_KEY));
		struct ouv_str data;
		size_t n;
		json_t *chunk;

		json_array_foreach(json_object_get(row, "chunks"), n, chunk)
		{
			const size_t at = (size_t)int_of(chunk, "at");
			const size_t len = (size_t)int_of(chunk, "len");

			assert_true(at <= chunks_len && len <= chunks_len - at);
			if (ouv_stream_in_chunk(in, chunks + at, len) != OUV_OK)
				break;
		}
		if (ouv_stream_in_end(in, &data) != OUV_REFUSED)
			fail_msg("opened: %s", text_of(row, "why"));
	}
}

static void
padme_is_that_of_the_paper(void **state)
{
	size_t i;
	json_t *row;

	(void)state;
	json_array_foreach(group("padme", 20), i, row)
	{
		assert_int_equal(ouv_padme((uint64_t)int_of(row, "len")),
			int_of(row, "padded"));
	}
}

/* ---- certificates ------------------------------------------------------ */

static void
certificates_are_equal_and_accepted(void **state)
{
	size_t i;
	json_t *row;

	(void)state;
	json_array_foreach(group("cert", OUV_CERT__COUNT), i, row)
	{
		struct ouv_cert cert = { .kind = (enum ouv_cert_kind)int_of(
						 row, "kind"),
			.tenant = id_of(row, "tenant"),
			.subject = id_of(row, "subject"),
			.extra = id_of(row, "extra"),
			.version = (uint32_t)int_of(row, "version") };
		const uint8_t *want = fixed_of(row, "sig", OUV_SIG);
		uint8_t sig[OUV_SIG], public[OUV_KEY];

		memcpy(cert.a, fixed_of(row, "a", OUV_KEY), OUV_KEY);
		memcpy(cert.b, fixed_of(row, "b", OUV_KEY), OUV_KEY);
		ouv_cert_sign(&cert, fixed_of(row, "seed", OUV_KEY), sig);
		assert_memory_equal(sig, want, OUV_SIG);
		ouv_sign_public(fixed_of(row, "seed", OUV_KEY), public);
		assert_memory_equal(
			public, fixed_of(row, "public", OUV_KEY), OUV_KEY);
		assert_int_equal(
			ouv_cert_check(&cert, public, want, OUV_SIG), OUV_OK);
	}
}

/* ---- people ------------------------------------------------------------ */

static void
wrapped_identities_open(void **state)
{
	size_t i;
	json_t *row;

	(void)state;
	json_array_foreach(group("wrap", 3), i, row)
	{
		struct ouv_wrap wrap = { .ops = (uint32_t)int_of(row, "ops"),
			.mem = (uint64_t)int_of(row, "mem"),
			.version = (uint32_t)int_of(row, "version") };
		struct ouv_id tenant = id_of(row, "tenant");
		struct ouv_id person = id_of(row, "person");
		struct ouv_key *pepper = key_of(row, "pepper");
		struct ouv_identity *identity = NULL;

		memcpy(wrap.salt, fixed_of(row, "salt", OUV_SALT), OUV_SALT);
		memcpy(wrap.commit, fixed_of(row, "commit", OUV_COMMIT),
			OUV_COMMIT);
		memcpy(wrap.wrapped, fixed_of(row, "wrapped", OUV_WRAPPED),
			OUV_WRAPPED);
		assert_int_equal(
			ouv_identity_unwrap(&wrap, &tenant, &person,
				(enum ouv_column)int_of(row, "column"), pepper,
				text_of(row, "secret"), &identity),
			OUV_OK);
		assert_memory_equal(
			identity->box, fixed_of(row, "box", OUV_KEY), OUV_KEY);
		assert_memory_equal(identity->sign,
			fixed_of(row, "sign", OUV_KEY), OUV_KEY);
		ouv_identity_free(&identity);
		ouv_key_free(&pepper);
	}
}

static void
what_a_label_derives_is_known(void **state)
{
	size_t i;
	json_t *row;

	(void)state;
	json_array_foreach(group("derived", 4), i, row)
	{
		struct ouv_str data = bytes_of(row, "data");
		struct ouv_str key = bytes_of(row, "key");
		const char *label = text_of(row, "label");
		uint8_t hash[OUV_KEY];

		if (key.len == OUV_KEY)
			ouv_hash_keyed((const uint8_t *)key.p, label, data.p,
				data.len, hash);
		else
			ouv_hash(label, data.p, data.len, hash);
		assert_memory_equal(
			hash, fixed_of(row, "hash", OUV_KEY), OUV_KEY);
	}
}

static void
a_wrapped_session_opens(void **state)
{
	const json_t *row = json_object_get(answers, "session");
	const uint8_t *token = fixed_of(row, "token", 32);
	struct ouv_key *pepper = key_of(row, "pepper");
	struct ouv_id tenant = id_of(row, "tenant");
	struct ouv_id person = id_of(row, "person");
	struct ouv_identity *identity = NULL;
	uint8_t id[32], parsed[32];
	char text[OUV_TOKEN_B64];

	(void)state;
	ouv_session_id(token, id);
	assert_memory_equal(id, fixed_of(row, "id", 32), 32);
	ouv_token_text(token, text);
	assert_string_equal(text, text_of(row, "text"));
	assert_int_equal(ouv_token_parse(text, parsed), OUV_OK);
	assert_memory_equal(parsed, token, 32);
	assert_int_equal(
		ouv_session_unwrap(fixed_of(row, "wrapped", OUV_WRAPPED),
			OUV_WRAPPED, &tenant, &person, pepper, token,
			&identity),
		OUV_OK);
	assert_memory_equal(
		identity->box, fixed_of(row, "box", OUV_KEY), OUV_KEY);
	assert_memory_equal(
		identity->sign, fixed_of(row, "sign", OUV_KEY), OUV_KEY);
	ouv_identity_free(&identity);
	ouv_key_free(&pepper);
}

static void
form_tokens_are_equal(void **state)
{
	const json_t *session = json_object_get(answers, "session");
	const json_t *forms = json_object_get(session, "csrf");
	struct ouv_key *pepper = key_of(session, "pepper");
	size_t i;
	json_t *row;

	(void)state;
	assert_true(json_array_size(forms) >= 3);
	json_array_foreach(forms, i, row)
	{
		char text[OUV_TOKEN_B64];

		ouv_csrf_token(pepper, fixed_of(session, "token", 32),
			text_of(row, "form"), text);
		assert_string_equal(text, text_of(row, "text"));
	}
	ouv_key_free(&pepper);
}

static void
pieces_of_another_program_open(const json_t *pieces, const uint8_t key[OUV_KEY])
{
	size_t i;
	json_t *row;

	assert_int_equal(json_array_size(pieces), 3);
	json_array_foreach(pieces, i, row)
	{
		struct ouv_context context =
			context_of(json_object_get(row, "context"));
		struct ouv_str box = bytes_of(row, "box");
		uint32_t part = (uint32_t)int_of(row, "part");
		uint8_t dek[OUV_KEY];

		assert_int_equal(
			ouv_piece_open(&context, key, (const uint8_t *)box.p,
				box.len, part, dek),
			OUV_OK);
		assert_memory_equal(dek, fixed_of(row, "dek", 32), OUV_KEY);
	}
}

static void
links_and_what_they_open_are_equal(void **state)
{
	size_t i;
	json_t *row;

	(void)state;
	json_array_foreach(group("link", 2), i, row)
	{
		struct ouv_key *pepper = key_of(row, "pepper");
		struct ouv_id disclosure = id_of(row, "disclosure");
		uint8_t link[OUV_LINK], out[OUV_KEY];

		memcpy(link, fixed_of(row, "letter", 32), sizeof(link));
		if (json_is_true(json_object_get(row, "coded")))
			ouv_link_coded(link,
				fixed_of(row, "code", OUV_CODE_RAW), link);
		assert_memory_equal(link, fixed_of(row, "link", 32), 32);
		ouv_link_id(link, out);
		assert_memory_equal(out, fixed_of(row, "id", 32), 32);
		ouv_visit_key(pepper, fixed_of(row, "token", 32), out);
		assert_memory_equal(out, fixed_of(row, "visit_key", 32), 32);
		ouv_link_key(pepper, link, &disclosure, out);
		assert_memory_equal(out, fixed_of(row, "key", 32), 32);
		pieces_of_another_program_open(
			json_object_get(row, "pieces"), out);
		ouv_key_free(&pepper);
	}
}

static void
totp_is_that_of_rfc_6238(void **state)
{
	const json_t *totp = json_object_get(answers, "totp");
	const json_t *codes = json_object_get(totp, "codes");
	const uint8_t *seed = fixed_of(totp, "seed", OUV_TOTP_SEED);
	char text[OUV_TOTP_B32];
	size_t i;
	json_t *row;

	(void)state;
	ouv_totp_base32(seed, text);
	assert_string_equal(text, text_of(totp, "base32"));
	assert_true(json_array_size(codes) == 6);
	json_array_foreach(codes, i, row)
	{
		const int64_t at = int_of(row, "at");
		int64_t step = -1;

		assert_int_equal(ouv_totp_check(seed, text_of(row, "code"), at,
					 -1, &step),
			OUV_OK);
		assert_int_equal(step, at / 30);
	}
}

/* ---- codes and names --------------------------------------------------- */

static void
reply_codes_are_equal(void **state)
{
	size_t i;
	json_t *row;

	(void)state;
	json_array_foreach(group("code", 24), i, row)
	{
		struct ouv_key *k_tok = key_of(row, "k_tok");
		struct ouv_id case_id = id_of(row, "case");
		struct ouv_id party = id_of(row, "party"), id;
		struct ouv_id want = id_of(row, "id");
		const uint32_t version = (uint32_t)int_of(row, "version");
		char code[OUV_CODE_MAX];
		uint8_t raw[OUV_CODE_RAW];
		int mended = -1;

		ouv_code_make(k_tok, &case_id, &party, version, code);
		assert_string_equal(code, text_of(row, "code"));
		assert_int_equal(
			ouv_code_read(code, OUV_CODE, raw, &mended), OUV_OK);
		assert_int_equal(mended, 0);
		assert_memory_equal(
			raw, fixed_of(row, "raw", OUV_CODE_RAW), OUV_CODE_RAW);
		ouv_code_id(raw, &id);
		assert_memory_equal(&id, &want, sizeof(id));
		assert_true(
			ouv_code_fits(k_tok, &case_id, &party, version, raw));
		ouv_key_free(&k_tok);
	}
}

static void
message_names_are_equal(void **state)
{
	size_t i;
	json_t *row;

	(void)state;
	json_array_foreach(group("name", 6), i, row)
	{
		struct ouv_key *k_tok = key_of(row, "k_tok");
		struct ouv_id id = id_of(row, "row"), read;
		const char *label = text_of(row, "label");
		char name[OUV_NAME_MAX];

		ouv_message_name(k_tok, label, &id, name);
		assert_string_equal(name, text_of(row, "name"));
		assert_int_equal(ouv_message_name_read(k_tok, label, name,
					 strlen(name), &read),
			OUV_OK);
		assert_memory_equal(&read, &id, sizeof(id));
		ouv_key_free(&k_tok);
	}
}

static void
identifier_tokens_are_equal(void **state)
{
	size_t i;
	json_t *row;

	(void)state;
	json_array_foreach(group("ident", 4), i, row)
	{
		struct ouv_key *k_id = key_of(row, "k_id");
		struct ouv_id want = id_of(row, "token"), token;

		ouv_ident_token(k_id, text_of(row, "kind"),
			text_of(row, "value"), &token);
		assert_memory_equal(&token, &want, sizeof(token));
		ouv_key_free(&k_id);
	}
}

/* ---- audit and shares -------------------------------------------------- */

static void
audit_links_are_equal(void **state)
{
	size_t i;
	json_t *row;

	(void)state;
	json_array_foreach(group("audit", 3), i, row)
	{
		struct ouv_str details = bytes_of(row, "details");
		struct ouv_audit_event event = { .chain = id_of(row, "chain"),
			.signer = id_of(row, "signer"),
			.actor = id_of(row, "actor"),
			.object = id_of(row, "object"),
			.seq = u64_of(row, "seq"),
			.at_us = u64_of(row, "at_us"),
			.signer_seq = u64_of(row, "signer_seq"),
			.action = text_of(row, "action"),
			.details = details.p,
			.details_len = details.len };
		uint8_t hash[32], mac[16], key[OUV_KEY];

		memcpy(event.prev, fixed_of(row, "prev", 32), 32);
		memcpy(key, fixed_of(row, "key", OUV_KEY), OUV_KEY);
		ouv_audit_hash(&event, hash);
		assert_memory_equal(hash, fixed_of(row, "hash", 32), 32);
		ouv_audit_mac(key, hash, mac);
		assert_memory_equal(mac, fixed_of(row, "mac", 16), 16);
		ouv_audit_ratchet(key);
		assert_memory_equal(
			key, fixed_of(row, "next", OUV_KEY), OUV_KEY);
	}
}

static void
trees_over_heads_are_equal(void **state)
{
	size_t i;
	json_t *row;

	(void)state;
	json_array_foreach(group("merkle", 12), i, row)
	{
		struct ouv_str leaves = bytes_of(row, "leaves");
		size_t count = (size_t)int_of(row, "count");
		size_t size = (size_t)int_of(row, "size");
		uint8_t root[32];

		assert_int_equal(leaves.len, count * size);
		ouv_merkle_root((const uint8_t *)leaves.p, count, size, root);
		assert_memory_equal(root, fixed_of(row, "root", 32), 32);
	}
}

/* Each field by itself: a signature holds for all of them or for none. */
static void
a_changed_checkpoint_is_refused(const struct ouv_checkpoint *good,
	const uint8_t public[OUV_KEY], const uint8_t sig[OUV_SIG])
{
	for (size_t at = 0; at < sizeof(*good); at++) {
		struct ouv_checkpoint bad = *good;

		((uint8_t *)&bad)[at] ^= 1;
		assert_int_equal(
			ouv_checkpoint_check(&bad, public, sig, OUV_SIG),
			OUV_REFUSED);
	}
	assert_int_equal(ouv_checkpoint_check(good, public, sig, OUV_SIG - 1),
		OUV_REFUSED);
}

static void
page_keys_of_another_program_are_equal(void **state)
{
	size_t i;
	json_t *row;

	(void)state;
	json_array_foreach(group("page", 3), i, row)
	{
		const struct ouv_id id = id_of(row, "id"),
				    case_id = id_of(row, "case"),
				    release = id_of(row, "release"),
				    extra = id_of(row, "extra");
		const bool released =
			json_is_true(json_object_get(row, "released"));
		const uint8_t *code = fixed_of(row, "code", OUV_CODE_RAW);
		struct ouv_context context =
			context_of(json_object_get(row, "context"));
		uint8_t secret[OUV_KEY], public[OUV_KEY], name[32],
			terms[OUV_KEY], dek[OUV_KEY];
		struct ouv_id made;

		ouv_page_secret(&id, code, secret);
		assert_memory_equal(
			secret, fixed_of(row, "secret", OUV_KEY), OUV_KEY);
		ouv_box_public(secret, public);
		assert_memory_equal(
			public, fixed_of(row, "public", OUV_KEY), OUV_KEY);
		ouv_page_name(code, name);
		assert_memory_equal(name, fixed_of(row, "name", 32), 32);
		ouv_page_extra(&id, released ? &release : NULL,
			int_of(row, "until"), &made);
		assert_true(ouv_id_equal(&made, &extra));
		ouv_page_terms((uint8_t)int_of(row, "kind"),
			released ? &case_id : NULL, int_of(row, "until"),
			terms);
		assert_memory_equal(
			terms, fixed_of(row, "terms", OUV_KEY), OUV_KEY);
		assert_int_equal(context.kind, OUV_KIND_PAGE_ITEM);
		assert_int_equal(
			ouv_open_key(&context, secret,
				fixed_of(row, "box", OUV_BOX), OUV_BOX, dek),
			OUV_OK);
		assert_memory_equal(
			dek, fixed_of(row, "dek", OUV_KEY), OUV_KEY);
		context.version++; /* another attachment */
		assert_int_equal(
			ouv_open_key(&context, secret,
				fixed_of(row, "box", OUV_BOX), OUV_BOX, dek),
			OUV_REFUSED);
	}
}

static void
checkpoints_of_another_program_are_equal(void **state)
{
	size_t i;
	json_t *row;

	(void)state;
	json_array_foreach(group("checkpoint", 3), i, row)
	{
		struct ouv_checkpoint c = { .tenant = id_of(row, "tenant"),
			.signer = id_of(row, "signer"),
			.n = u64_of(row, "n"),
			.at_us = u64_of(row, "at_us"),
			.signer_seq = u64_of(row, "signer_seq"),
			.events = u64_of(row, "events") };
		const uint8_t *public = fixed_of(row, "public", OUV_KEY);
		uint8_t sig[OUV_SIG], hash[32];

		memcpy(c.root, fixed_of(row, "root", 32), 32);
		memcpy(c.prev, fixed_of(row, "prev", 32), 32);
		ouv_checkpoint_hash(&c, hash);
		assert_memory_equal(hash, fixed_of(row, "hash", 32), 32);
		ouv_checkpoint_sign(&c, fixed_of(row, "seed", OUV_KEY), sig);
		assert_memory_equal(
			sig, fixed_of(row, "sig", OUV_SIG), OUV_SIG);
		assert_int_equal(
			ouv_checkpoint_check(&c, public, sig, OUV_SIG), OUV_OK);
		a_changed_checkpoint_is_refused(&c, public, sig);
	}
}

static void
any_two_shares_of_another_program_join(void **state)
{
	size_t i;
	json_t *row;

	(void)state;
	json_array_foreach(group("share", 3), i, row)
	{
		const json_t *shares = json_object_get(row, "shares");
		const char *name = text_of(row, "name");

		for (size_t a = 0; a < 3; a++)
			for (size_t b = 0; b < 3; b++) {
				uint8_t secret[OUV_KEY] = { 0 };

				assert_int_equal(
					ouv_share_join(name,
						json_string_value(
							json_array_get(
								shares, a)),
						json_string_value(
							json_array_get(
								shares, b)),
						secret),
					a == b ? OUV_INVALID : OUV_OK);
				if (a != b)
					assert_memory_equal(secret,
						fixed_of(
							row, "secret", OUV_KEY),
						OUV_KEY);
			}
	}
}

/* ---- the frame --------------------------------------------------------- */

static int
load(void **state)
{
	FILE *file = fopen("tests/data/vault_kat.bin", "rb");

	(void)state;
	ouv_vault_init();
	answers = json_load_file("tests/data/vault_kat.json", 0, NULL);
	if (answers == NULL || file == NULL) {
		print_error("run from the root of the repository\n");
		return -1;
	}
	(void)fseek(file, 0, SEEK_END);
	chunks_len = (size_t)ftell(file);
	(void)fseek(file, 0, SEEK_SET);
	chunks = malloc(chunks_len);
	if (chunks == NULL || fread(chunks, 1, chunks_len, file) != chunks_len)
		return -1;
	(void)fclose(file);
	return 0;
}

static int
unload(void **state)
{
	(void)state;
	json_decref(answers);
	free(chunks);
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
		ROW(contexts_encode_as_written_down),
		ROW(boxes_of_another_program_open),
		ROW(totp_boxes_of_another_program_open),
		ROW(blobs_of_another_program_open),
		ROW(streams_of_another_program_open),
		ROW(streams_of_another_shape_are_refused_even_with_the_key),
		ROW(padme_is_that_of_the_paper),
		ROW(certificates_are_equal_and_accepted),
		ROW(wrapped_identities_open),
		ROW(what_a_label_derives_is_known),
		ROW(a_wrapped_session_opens),
		ROW(form_tokens_are_equal),
		ROW(links_and_what_they_open_are_equal),
		ROW(totp_is_that_of_rfc_6238),
		ROW(reply_codes_are_equal),
		ROW(message_names_are_equal),
		ROW(identifier_tokens_are_equal),
		ROW(audit_links_are_equal),
		ROW(trees_over_heads_are_equal),
		ROW(page_keys_of_another_program_are_equal),
		ROW(checkpoints_of_another_program_are_equal),
		ROW(any_two_shares_of_another_program_join),
	};

	return cmocka_run_group_tests_name("vault_kat", tests, load, unload);
}
