/*
 * texts_sign.c - who wrote a version, and who let it go out
 *
 * Whoever can only write in the database changes nothing of what the office
 * says: a version counts with the signature of its author, and where it goes
 * out by itself with that of a second person over the same.
 */
#include <stdlib.h>
#include <string.h>

#include "texts.h"

/* Pieces with their final zero: no two lists of words give the same bytes. */
static void
add_words(struct ouv_buf *buf, const char *words)
{
	ouv_buf_text(buf, words != NULL ? words : "");
	ouv_buf_add(buf, "", 1);
}

static void
add_number(struct ouv_buf *buf, int64_t number)
{
	for (int shift = 56; shift >= 0; shift -= 8) {
		const uint8_t byte = (uint8_t)((uint64_t)number >> shift);

		ouv_buf_add(buf, &byte, 1);
	}
}

static void
hash_and_free(const char *label, struct ouv_buf *buf, struct ouv_arena **arena,
	uint8_t out[OUV_KEY])
{
	ouv_hash(label, buf->data, buf->len, out);
	ouv_arena_free(arena);
}

/* a: which text and which words; b: why, from where, when. */
static struct ouv_cert
author_cert(const struct ouv_office *office, const struct store_text *v)
{
	struct ouv_cert cert = { .kind = OUV_CERT_TEXT,
		.tenant = office->tenant,
		.subject = v->author,
		.version = (uint32_t)v->n };
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	struct ouv_buf buf;

	ouv_buf_init(&buf, arena, strlen(v->content) + 128);
	add_words(&buf, v->name);
	add_words(&buf, v->content);
	hash_and_free("text-words", &buf, &arena, cert.a);
	arena = ouv_arena_new(OUV_ARENA_PLAIN);
	ouv_buf_init(&buf, arena, 256);
	add_number(&buf, v->at);
	add_number(&buf, v->from_n);
	add_words(&buf, v->reason);
	add_words(&buf, v->overrule);
	hash_and_free("text-reason", &buf, &arena, cert.b);
	return cert;
}

/* The same words; b: the author's own signature, the decision, why, when. */
static struct ouv_cert
second_cert(const struct ouv_office *office, const struct store_text *v)
{
	struct ouv_cert cert = author_cert(office, v);
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	struct ouv_buf buf;

	cert.kind = OUV_CERT_SECOND;
	cert.subject = v->second;
	cert.extra = v->author;
	ouv_buf_init(&buf, arena, 256);
	ouv_buf_add(&buf, v->sig, sizeof(v->sig));
	add_number(&buf, v->second_at);
	add_words(&buf, v->published ? "publish" : "refuse");
	add_words(&buf, v->second_why);
	hash_and_free("text-second", &buf, &arena, cert.b);
	return cert;
}

void
text_sign(const struct ouv_office *office, const struct ouv_identity *identity,
	struct store_text *v)
{
	const struct ouv_cert cert = author_cert(office, v);

	ouv_cert_sign(&cert, identity->sign, v->sig);
}

void
text_sign_second(const struct ouv_office *office,
	const struct ouv_identity *identity, struct store_text *v)
{
	const struct ouv_cert cert = second_cert(office, v);

	ouv_cert_sign(&cert, identity->sign, v->second_sig);
	v->has_second_sig = true;
}

static bool
holds(const struct ouv_cert *cert, const struct colleague *signers,
	size_t count, const uint8_t sig[OUV_SIG])
{
	for (size_t i = 0; i < count; i++)
		if (ouv_id_equal(&signers[i].id, &cert->subject) &&
			ouv_cert_check(cert, signers[i].sig_pk, sig, OUV_SIG) ==
				OUV_OK)
			return true; /* by the keys of now, or those before */
	return false;
}

enum ouv_err
text_signed(const struct ouv_office *office, const struct colleague *signers,
	size_t count, const struct ouv_text_decl *decl,
	const struct store_text *v)
{
	const struct ouv_cert author = author_cert(office, v);
	const bool decided =
		v->refused || v->has_second_sig || !ouv_id_is_zero(&v->second);
	struct ouv_cert second;

	if (!holds(&author, signers, count, v->sig))
		return OUV_REFUSED;
	if (!decided && !(v->published && decl->automatic))
		return OUV_OK;
	if (!v->has_second_sig || ouv_id_equal(&v->second, &v->author))
		return OUV_REFUSED;
	second = second_cert(office, v);
	return holds(&second, signers, count, v->second_sig) ? OUV_OK
							     : OUV_REFUSED;
}

enum ouv_err
text_signers(struct ouv_desk *desk, struct store_tx *tx,
	struct ouv_arena *arena, struct colleague **list_out, size_t *count_out)
{
	struct store_person *people;
	size_t count;

	TRY(store_text_signers(tx, arena, &people, &count));
	keys_certified(desk, arena, people, count, list_out, count_out);
	return OUV_OK;
}

/* ---- what is signed ------------------------------------------------------ */

const char *
text_content(struct ouv_arena *arena, const char *const body[OUV_LANG__COUNT])
{
	json_t *doc = json_object();
	const char *out;
	char *dump;

	for (int l = 0; l < OUV_LANG__COUNT; l++)
		json_object_set_new(doc, ouv_lang_tag((enum ouv_lang)l),
			json_string(body[l]));
	dump = json_dumps(doc, JSON_COMPACT | JSON_PRESERVE_ORDER);
	out = ouv_arena_strdup(arena, dump != NULL ? dump : "");
	free(dump);
	json_decref(doc);
	return out;
}

enum ouv_err
text_bodies(struct ouv_arena *arena, const char *content,
	const char *body_out[OUV_LANG__COUNT])
{
	json_t *doc = json_loads(content, JSON_REJECT_DUPLICATES, NULL);
	enum ouv_err err = OUV_OK;

	for (int l = 0; l < OUV_LANG__COUNT; l++) {
		const char *text = json_string_value(
			json_object_get(doc, ouv_lang_tag((enum ouv_lang)l)));

		if (text == NULL)
			err = OUV_INVALID;
		else
			body_out[l] = ouv_arena_strdup(arena, text);
	}
	json_decref(doc);
	return err;
}

struct ouv_id
text_id(const char *name, int n)
{
	uint8_t hash[OUV_KEY];
	char words[256];
	struct ouv_id id;

	(void)snprintf(words, sizeof(words), "%s %d", name, n);
	ouv_hash("text-version", words, strlen(words), hash);
	memcpy(id.b, hash, sizeof(id.b));
	return id;
}
