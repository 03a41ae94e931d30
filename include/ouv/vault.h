/*
 * vault.h - keys, sealed rows, identities, sessions, reply addresses
 *
 * The only door to libsodium.  docs/architecture.md draws the key tree; the
 * shapes below are stored and must never change for suite 1.
 *
 *   context  "OUV1" | kind u8 | suite u8 | tenant 16 | case 16 | row 16 |
 *            column u8 | key version u32 | extra 16        75 bytes, integers
 *            big-endian; fixed width, so two contexts never encode alike
 *   box      crypto_box_seal(BLAKE2b-256(context) | 32-byte key)   112 bytes
 *   blob     suite u8 | key version u32 | nonce 24 | XChaCha20-Poly1305-IETF
 *            of sodium_pad(text, 256), associated data = context, key =
 *            BLAKE2b-256(key = DEK, "ouv-blob" | context)
 *   chunk 0  suite u8 | key version u32 | secretstream header 24 | chunk
 *   chunk n  one secretstream message of at most OUV_CHUNK plain bytes,
 *            associated data = context | n u32; only the last is TAG_FINAL;
 *            stream key = BLAKE2b-256(key = DEK, "ouv-strm" | context).
 *            The plain stream is data | 0x80 | zeros up to Padme(len + 1)
 *            (Nikitin et al., PETS 2019: at most 12 % more)
 *   cert     Ed25519 over domain 16 | tenant 16 | subject 16 | extra 16 |
 *            version u32 | a 32 | b 32
 *   wrap     nonce 24 | XChaCha20-Poly1305-IETF of (X25519 secret | Ed25519
 *            seed), associated data = context; its key is
 *            BLAKE2b-256(key = PEPPER, "ouv-pass" | Argon2id) for a password,
 *            BLAKE2b-256(key = PEPPER, "ouv-recv" | salt | code 32) for a
 *            recovery code (ops and mem are 0), and
 *            BLAKE2b-256(key = PEPPER, "sess" | token) for a session;
 *            commitment = BLAKE2b-128(key = that key, "commit")
 *   link     32 random bytes L in one letter; with a code told otherwise L is
 *            BLAKE2b-256("lcod" | bytes of the letter | code 13).  Its row is
 *            named BLAKE2b-256("lid" | L), its key is BLAKE2b-256(key =
 *            PEPPER, "link" | L | disclosure 16)
 *   piece    nonce 24 | XChaCha20-Poly1305-IETF of (key 32 | part u32),
 *            associated data = context: a DEK under a link's key (part 0: the
 *            words of the message, n: its n-th attachment), or a link's key
 *            (part 0) under BLAKE2b-256(key = PEPPER, "visit" | cookie)
 *   page     a pair of X25519 whose secret is BLAKE2b-256("page" | id 16 | code
 *            13): what its reader has is the code, 26 characters as of a reply
 *            address.  Its row is found by BLAKE2b-256("pgid" | code 13).  Who
 *            writes to that reader seals an item's DEK to it as a box; a visit
 *            has its secret as a piece (part 0) under the cookie's key
 *   upload   32 random bytes S in the hidden field of one form.  Its rows are
 *            named BLAKE2b-256("ouv-upid" | S); the DEK of a file's chunks and
 *            of the blob that says what it is (kind 20, row = file) is
 *            BLAKE2b-256(key = PEPPER, "ouv-upld" | S | file 16)
 *   paper    code 32 | first 3 bytes of BLAKE2b-256("ouv-paper" | code 32),
 *            in base32
 *
 * An unknown suite is an error, never "probably plain text".  Every open
 * function returns OUV_REFUSED for anything altered, moved or truncated.
 */
#ifndef OUV_VAULT_H
#define OUV_VAULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ouv/arena.h"
#include "ouv/buf.h"
#include "ouv/config.h"
#include "ouv/id.h"

#define OUV_SUITE 1
#define OUV_KEY 32  /* every symmetric key, X25519 key, Ed25519 seed/public */
#define OUV_SIG 64  /* Ed25519 signature */
#define OUV_BOX 112 /* a key sealed to a public key */
#define OUV_CONTEXT 75 /* encoded context */
#define OUV_CHUNK 262144
#define OUV_BLOB_HEAD 29 /* suite, version, nonce */
#define OUV_COMMIT 16

/* What a context is about; the number is stored in every context. */
enum ouv_kind {
	OUV_KIND_CASE_KEY = 1,    /* CSK sealed to a person; row = person   */
	OUV_KIND_ITEM_KEY = 2,    /* DEK sealed to CPK or SVC; row = item    */
	OUV_KIND_ITEM_BODY = 3,   /* item.body; row = item                   */
	OUV_KIND_RAW = 4,         /* chunks; row = item; case = zero          */
	OUV_KIND_CAPSULE_KEY = 5, /* K_cap sealed; row = capsule              */
	OUV_KIND_CAPSULE = 6,     /* capsule.ct; row = capsule                */
	OUV_KIND_SUMMARY = 7,     /* case_file.summary; row = case            */
	OUV_KIND_PERSON_KEY =
		8,            /* wrapped identity; row = person, column = how */
	OUV_KIND_SESSION = 9, /* wrapped identity in a session; row = person,
				 extra = first 16 bytes of the session id */
	OUV_KIND_TOTP = 10,   /* seed sealed to its person; row = person  */
	OUV_KIND_AUDIT = 11,  /* details of an event                       */
	OUV_KIND_HOST_SECRET =
		12,           /* backup of a host secret sealed to ESCROW  */
	OUV_KIND_SIGNER = 13, /* first MAC key of an audit signer, to ESCROW */
	OUV_KIND_PIECE = 14,  /* DEK under a link's key; row = item, extra =
				 first 16 bytes of H("limits" | disclosure |
				 last moment u64 | openings u64) */
	OUV_KIND_VISIT = 15, /* a link's key in a visit; row = disclosure, extra
				= first 16 bytes of the visit's id */
	OUV_KIND_WORD_KEY = 16, /* K_word for its person; row = person   */
	OUV_KIND_DRAFT = 17,    /* what somebody typed, to them; row = person */
	OUV_KIND_PAGE_ITEM =
		18, /* DEK sealed to a page key; row = item, version
		     = part + 1, extra = first 16 bytes of
		     H("pgbox" | page key 16 | release 16 | last
		     moment u64); zeros where nothing was released */
	OUV_KIND_PAGE_VISIT = 19, /* a page key's secret in a visit; row = page
				   key, extra = first 16 bytes of the visit's
				   id */
	OUV_KIND_UPLOAD = 20,     /* a file that a form brought, and what it is;
				     row = file */
	OUV_KIND_POST = 22, /* where a letter on paper went and what became of
			       it, with its item's key; row = post */
	OUV_KIND_SCAN = 21, /* what was read on a page of an attachment; row =
			       item, extra = part u32 | page u32 | zeros */
};

/* Who holds what is sealed; the column byte of a context. */
enum ouv_column {
	OUV_COLUMN_NONE = 0,
	OUV_COLUMN_PASSWORD = 1,
	OUV_COLUMN_RECOVERY = 2,
	OUV_COLUMN_CPK = 3, /* sealed to the case's public key   */
	OUV_COLUMN_SVC = 4, /* sealed to the gateway             */
	OUV_COLUMN_PERSON = 5,
	OUV_COLUMN_ESCROW = 6,
};

struct ouv_context {
	enum ouv_kind kind;
	enum ouv_column column;
	struct ouv_id tenant, case_id, row, extra;
	uint32_t version; /* of the key that seals */
};

void ouv_context_encode(
	const struct ouv_context *context, uint8_t out[OUV_CONTEXT]);

/* Call once per process; ends it if the library cannot start. Also sets
 * PR_SET_DUMPABLE 0 and RLIMIT_CORE 0. */
void ouv_vault_init(void);

/* ---- keys in guarded memory ------------------------------------------ */

/* 32 secret bytes in guarded memory, read-only after filling. */
struct ouv_key;
struct ouv_key *ouv_key_new(const uint8_t bytes[OUV_KEY]); /* copies */
struct ouv_key *ouv_key_random(void);
/* 64 hexadecimal digits in a file read by ouv_secret_read; its errors. */
OUV_MUST_CHECK enum ouv_err ouv_key_read(
	const char *path, struct ouv_key **key_out);
/*
 * A key that was changed has a version above 1, which stands behind its digits
 * (" 2"), and until it is retired the one before it beside it: the file of the
 * same name with ".old" (one that says "none" is none).
 */
#define OUV_KEY_OLD ".old"
OUV_MUST_CHECK enum ouv_err ouv_key_read_both(
	const char *path, struct ouv_key **key_out);
uint32_t ouv_key_version(const struct ouv_key *key);
const struct ouv_key *ouv_key_former(const struct ouv_key *key); /* or NULL */
/* A fresh one of the next version. */
struct ouv_key *ouv_key_after(const struct ouv_key *key);
const uint8_t *ouv_key_bytes(const struct ouv_key *key);
void ouv_key_free(struct ouv_key **key); /* wipes, NULLs */

void ouv_wipe(void *data, size_t len);
bool ouv_equal(const void *a, const void *b, size_t len); /* constant time */

/* X25519 public key of a secret; fresh pair. */
void ouv_box_public(const uint8_t secret[OUV_KEY], uint8_t public_out[OUV_KEY]);
void ouv_box_pair(uint8_t public_out[OUV_KEY], uint8_t secret_out[OUV_KEY]);
/* Ed25519 public key of a seed. */
void ouv_sign_public(const uint8_t seed[OUV_KEY], uint8_t public_out[OUV_KEY]);

/* BLAKE2b-256(key, label | parts...); label is a short ASCII string without
 * its zero, separated by nothing: labels used here are prefix-free. */
void ouv_hash_keyed(const uint8_t key[OUV_KEY], const char *label,
	const void *data, size_t len, uint8_t out[OUV_KEY]);
/* Unkeyed BLAKE2b-256(label | data). */
void ouv_hash(
	const char *label, const void *data, size_t len, uint8_t out[OUV_KEY]);
/* Keyed BLAKE2b-256 over pieces, for large mails. key may be NULL. */
struct ouv_hasher;
struct ouv_hasher *ouv_hasher_new(
	struct ouv_arena *arena, const uint8_t key[OUV_KEY]);
void ouv_hasher_add(struct ouv_hasher *hasher, const void *data, size_t len);
void ouv_hasher_end(struct ouv_hasher *hasher, uint8_t out[OUV_KEY]);

/* ---- sealing ----------------------------------------------------------- */

/* Ends the process for a public key of small order: check its certificate. */
void ouv_seal_key(const struct ouv_context *context,
	const uint8_t public[OUV_KEY], const uint8_t key[OUV_KEY],
	uint8_t box_out[OUV_BOX]);
OUV_MUST_CHECK enum ouv_err ouv_open_key(const struct ouv_context *context,
	const uint8_t secret[OUV_KEY], const uint8_t *box, size_t box_len,
	uint8_t key_out[OUV_KEY]);
/* The same for a caller who keeps the public half: at half the cost, for lists
 * and searches over many cases. */
OUV_MUST_CHECK enum ouv_err ouv_open_key_pair(const struct ouv_context *context,
	const uint8_t public[OUV_KEY], const uint8_t secret[OUV_KEY],
	const uint8_t *box, size_t box_len, uint8_t key_out[OUV_KEY]);

/* Length of the blob that holds len bytes. */
size_t ouv_blob_len(size_t len);
/* blob_out in the arena. */
void ouv_blob_seal(struct ouv_arena *arena, const struct ouv_context *context,
	const uint8_t dek[OUV_KEY], const void *text, size_t len,
	struct ouv_str *blob_out);
/* Plain text in the arena (make it OUV_ARENA_WIPE), zero behind it. */
OUV_MUST_CHECK enum ouv_err ouv_blob_open(struct ouv_arena *arena,
	const struct ouv_context *context, const uint8_t dek[OUV_KEY],
	const void *blob, size_t blob_len, struct ouv_str *text_out);

/*
 * A stream of chunks.  push takes any number of bytes; whenever a chunk is
 * full, emit(n, ciphertext, user) is called; its error is passed on, and after
 * it nothing more is emitted.  end pads, writes the final chunk and frees,
 * also after an error; free only frees.
 */
struct ouv_stream_out;
typedef enum ouv_err ouv_chunk_fn(
	uint32_t n, const void *data, size_t len, void *user);
struct ouv_stream_out *ouv_stream_out_new(const struct ouv_context *context,
	const uint8_t dek[OUV_KEY], ouv_chunk_fn *emit, void *user);
OUV_MUST_CHECK enum ouv_err ouv_stream_out_push(
	struct ouv_stream_out *stream, const void *data, size_t len);
/* chunks_out and padded_out may be NULL. */
OUV_MUST_CHECK enum ouv_err ouv_stream_out_end(struct ouv_stream_out **stream,
	uint32_t *chunks_out, uint64_t *padded_out);
void ouv_stream_out_free(struct ouv_stream_out **stream);

/*
 * Opens chunks in order into one growing buffer; end checks that the last
 * chunk was final and takes the padding away.  OUV_REFUSED also for a chunk
 * after the final one or out of order, and for every call after a refusal.
 * The arena (make it OUV_ARENA_WIPE) holds the plain text, with a zero behind
 * it.
 */
struct ouv_stream_in;
struct ouv_stream_in *ouv_stream_in_new(struct ouv_arena *arena,
	const struct ouv_context *context, const uint8_t dek[OUV_KEY]);
OUV_MUST_CHECK enum ouv_err ouv_stream_in_chunk(
	struct ouv_stream_in *stream, const void *data, size_t len);
OUV_MUST_CHECK enum ouv_err ouv_stream_in_end(
	struct ouv_stream_in *stream, struct ouv_str *data_out);

/*
 * The same piece by piece, for a reader who need not have it all at once: adds
 * to out what chunk n says, but for what may be the padding; that comes once
 * it has proved to be none.  end_out: this was the last, and whole.  scratch
 * (OUV_ARENA_WIPE) is the caller's to reset.  Not together with the two above.
 */
OUV_MUST_CHECK enum ouv_err ouv_stream_in_next(struct ouv_stream_in *stream,
	struct ouv_arena *scratch, const void *data, size_t len,
	struct ouv_buf *out, bool *end_out);

uint64_t ouv_padme(uint64_t len);

/* ---- certificates ------------------------------------------------------ */

/* The 16-byte domain strings are in lib/vault/cert.c. */
enum ouv_cert_kind {
	OUV_CERT_ADMIN,   /* ROOT signs an administrator's signing key       */
	OUV_CERT_GATEWAY, /* ROOT signs GW_SIG's public key                   */
	OUV_CERT_SERVER,  /* ROOT signs SRV_SIG's public key                  */
	OUV_CERT_ESCROW, /* ROOT signs the ESCROW public key                  */
	OUV_CERT_SVC,    /* ROOT signs the SVC public key                     */
	OUV_CERT_PERSON, /* an administrator signs a person's two public keys */
	OUV_CERT_CASE,   /* GW_SIG or a person signs CPK                      */
	OUV_CERT_GRANT,  /* a person or GW_SIG signs a grant's box            */
	OUV_CERT_SIGNER, /* GW_SIG or SRV_SIG signs an audit signer           */
	OUV_CERT_TEXT,   /* a person signs a version of a text they wrote     */
	OUV_CERT_SECOND, /* a person signs what they decided of one           */
	OUV_CERT_PAGE,   /* GW_SIG or a person signs a page key; subject = it,
			    extra = its reader, a = public key, b = H("pgkey" |
			    kind u8 | case 16 | last moment u64)               */
	OUV_CERT__COUNT
};

/*
 * What is certified: kind, tenant, subject (person, case, ... or zero), key
 * version, and up to two 32-byte values (public keys, or the hash of a box).
 */
struct ouv_cert {
	enum ouv_cert_kind kind;
	struct ouv_id tenant, subject, extra;
	uint32_t version;
	uint8_t a[OUV_KEY], b[OUV_KEY];
};
void ouv_cert_sign(const struct ouv_cert *cert, const uint8_t seed[OUV_KEY],
	uint8_t sig_out[OUV_SIG]);
/* OUV_REFUSED: not signed by that key over exactly these fields. */
OUV_MUST_CHECK enum ouv_err ouv_cert_check(const struct ouv_cert *cert,
	const uint8_t public[OUV_KEY], const uint8_t *sig, size_t sig_len);

/* ---- people ------------------------------------------------------------ */

/* The 64 secret bytes of a person, in guarded memory, read-only. */
struct ouv_identity {
	uint8_t box[OUV_KEY];  /* X25519 secret */
	uint8_t sign[OUV_KEY]; /* Ed25519 seed  */
};
struct ouv_identity *ouv_identity_new(void); /* fresh */
void ouv_identity_free(struct ouv_identity **identity);

#define OUV_SALT 16
#define OUV_WRAPPED (24 + 64 + 16)

/* How an identity lies under a password or a recovery code. */
struct ouv_wrap {
	uint8_t salt[OUV_SALT];
	uint32_t ops; /* Argon2id */
	uint64_t mem; /* bytes    */
	uint32_t version;
	uint8_t commit[OUV_COMMIT];
	uint8_t wrapped[OUV_WRAPPED]; /* nonce | ciphertext */
};

/*
 * column is OUV_COLUMN_PASSWORD (Argon2id, ops 3, 256 MiB, then keyed BLAKE2b
 * with PEPPER) or OUV_COLUMN_RECOVERY (32 random bytes need no stretching).
 * The wrap has PEPPER's version; unwrap takes the one before it where that is
 * the wrap's.  secret is the
 * password, or the code as printed.  At most three Argon2id run at once in a
 * process; 20 may wait, more get OUV_TEMPORARY.
 *
 * OUV_INVALID: secret is empty or no recovery code, or another column.
 */
OUV_MUST_CHECK enum ouv_err ouv_identity_wrap(
	const struct ouv_identity *identity, const struct ouv_id *tenant,
	const struct ouv_id *person, enum ouv_column column,
	const struct ouv_key *pepper, const char *secret,
	struct ouv_wrap *wrap_out);
/* OUV_REFUSED: wrong password (commitment differs), altered, or ops and mem
 * outside 1 to 10 and 8 MiB to 1 GiB.  OUV_INVALID: a recovery code that is
 * mistyped, whoever's it is. */
OUV_MUST_CHECK enum ouv_err ouv_identity_unwrap(const struct ouv_wrap *wrap,
	const struct ouv_id *tenant, const struct ouv_id *person,
	enum ouv_column column, const struct ouv_key *pepper,
	const char *secret, struct ouv_identity **identity_out);
/* Burns the time of one Argon2id, for a login that does not exist: answers
 * OUV_REFUSED or OUV_TEMPORARY, as unwrap would. */
enum ouv_err ouv_identity_pretend(
	const struct ouv_key *pepper, const char *secret);

/* 32 random bytes and a checksum as 8 groups of 7 base32 characters, for paper.
 * Read back in either case, with or without dashes and blanks. */
#define OUV_RECOVERY_MAX 80
void ouv_recovery_new(char out[OUV_RECOVERY_MAX]);
/* A password of 20 characters without look-alikes: 99 bits. */
#define OUV_PASSWORD_MAX 32
void ouv_password_new(char out[OUV_PASSWORD_MAX]);

/* ---- TOTP (RFC 6238, SHA-1, 30 s, 6 digits) ----------------------------- */

#define OUV_TOTP_SEED 20
#define OUV_TOTP_B32 33
void ouv_totp_base32(const uint8_t seed[OUV_TOTP_SEED], char out[OUV_TOTP_B32]);
/*
 * code must match a step in [now/30-1, now/30+1] that is later than last_step.
 * OUV_REFUSED: it does not.  step_out: store it before letting anyone in.
 */
OUV_MUST_CHECK enum ouv_err ouv_totp_check(const uint8_t seed[OUV_TOTP_SEED],
	const char *code, int64_t now, int64_t last_step, int64_t *step_out);
/* Seed sealed to a person: crypto_box_seal(H32(context) | seed 20). */
#define OUV_TOTP_BOX (48 + 32 + OUV_TOTP_SEED)
void ouv_totp_seal(const struct ouv_context *context,
	const uint8_t public[OUV_KEY], const uint8_t seed[OUV_TOTP_SEED],
	uint8_t box_out[OUV_TOTP_BOX]);
OUV_MUST_CHECK enum ouv_err ouv_totp_open(const struct ouv_context *context,
	const uint8_t secret[OUV_KEY], const uint8_t *box, size_t box_len,
	uint8_t seed_out[OUV_TOTP_SEED]);

/* ---- sessions ------------------------------------------------------------ */

#define OUV_TOKEN_B64 44 /* 32 bytes, base64url without padding, zero */
void ouv_token_text(const uint8_t token[32], char out[OUV_TOKEN_B64]);
OUV_MUST_CHECK enum ouv_err ouv_token_parse(
	const char *text, uint8_t token_out[32]);
/* The same of any bytes; OUV_INVALID as well: nothing. */
const char *ouv_b64_text(struct ouv_arena *arena, struct ouv_str bytes);
OUV_MUST_CHECK enum ouv_err ouv_b64_parse(
	struct ouv_arena *arena, const char *text, struct ouv_str *bytes_out);
/* BLAKE2b-256("sid" | T). */
void ouv_session_id(const uint8_t token[32], uint8_t id_out[32]);
/* The identity under BLAKE2b-256(PEPPER, "sess" | T). */
void ouv_session_wrap(const struct ouv_identity *identity,
	const struct ouv_id *tenant, const struct ouv_id *person,
	const struct ouv_key *pepper, const uint8_t token[32],
	uint8_t wrapped_out[OUV_WRAPPED]);
/* Under PEPPER or the one before it. */
OUV_MUST_CHECK enum ouv_err ouv_session_unwrap(const uint8_t *wrapped,
	size_t wrapped_len, const struct ouv_id *tenant,
	const struct ouv_id *person, const struct ouv_key *pepper,
	const uint8_t token[32], struct ouv_identity **identity_out);
/* Hidden form token: BLAKE2b-256(PEPPER, "csrf" | T | form id), as text. */
void ouv_csrf_token(const struct ouv_key *pepper, const uint8_t token[32],
	const char *form, char out[OUV_TOKEN_B64]);

/* ---- what was released to a party -----------------------------------------
 */

#define OUV_LINK 32
#define OUV_PIECE (24 + OUV_KEY + 4 + 16)
/* How the row of a link is named. */
void ouv_link_id(const uint8_t link[OUV_LINK], uint8_t id_out[32]);
/* The link of a letter and a code together. */
void ouv_link_coded(const uint8_t link[OUV_LINK],
	const uint8_t code[13], /* OUV_CODE_RAW */
	uint8_t link_out[OUV_LINK]);
void ouv_link_key(const struct ouv_key *pepper, const uint8_t link[OUV_LINK],
	const struct ouv_id *disclosure, uint8_t key_out[OUV_KEY]);
void ouv_visit_key(const struct ouv_key *pepper, const uint8_t token[32],
	uint8_t key_out[OUV_KEY]);
void ouv_piece_seal(const struct ouv_context *context,
	const uint8_t key[OUV_KEY], const uint8_t dek[OUV_KEY], uint32_t part,
	uint8_t box_out[OUV_PIECE]);
OUV_MUST_CHECK enum ouv_err ouv_piece_open(const struct ouv_context *context,
	const uint8_t key[OUV_KEY], const uint8_t *box, size_t box_len,
	uint32_t part, uint8_t dek_out[OUV_KEY]);

/* ---- a party's page --------------------------------------------------------
 */

/* The secret of the page key of that id, for who has the code. */
void ouv_page_secret(const struct ouv_id *id,
	const uint8_t code[13], /* OUV_CODE_RAW */
	uint8_t secret_out[OUV_KEY]);
/* How the row of a code is named. */
void ouv_page_name(const uint8_t code[13], uint8_t name_out[32]);
/* The extra of OUV_KIND_PAGE_ITEM; release may be NULL. */
void ouv_page_extra(const struct ouv_id *page_key, const struct ouv_id *release,
	int64_t until_at, struct ouv_id *extra_out);
/* The b of OUV_CERT_PAGE; case_id may be NULL. */
void ouv_page_terms(uint8_t kind, const struct ouv_id *case_id,
	int64_t until_at, uint8_t out[OUV_KEY]);

/* ---- files that a form brings ----------------------------------------------
 */

#define OUV_UPLOAD_KEY 32 /* bytes of a form's secret */
/* How its rows are named. */
void ouv_upload_form(
	const uint8_t secret[OUV_UPLOAD_KEY], uint8_t form_out[32]);
void ouv_upload_dek(const struct ouv_key *pepper,
	const uint8_t secret[OUV_UPLOAD_KEY], const struct ouv_id *file,
	uint8_t dek_out[OUV_KEY]);

/* ---- reply addresses ------------------------------------------------------
 */

/*
 * CODE of caso+CODE@: 100 bits of BLAKE2b(K_TOK, "reply" | case | party |
 * version) as 20 base32 characters, then 6 of a Reed-Solomon code over GF(32):
 * any 3 mistyped characters are mended.  Alphabet without i, l, o, u; upper
 * case, i, l read as 1 and o as 0.  It shows no id.
 */
#define OUV_CODE 26
#define OUV_CODE_MAX 27
#define OUV_CODE_RAW 13 /* the 100 bits, left-aligned, last 4 bits zero */
void ouv_code_make(const struct ouv_key *k_tok, const struct ouv_id *case_id,
	const struct ouv_id *party, uint32_t version, char out[OUV_CODE_MAX]);
/* Mends and decodes. OUV_INVALID: not 26 characters of the alphabet, or more
 * wrong than can be mended. mended_out counts characters; may be NULL. */
OUV_MUST_CHECK enum ouv_err ouv_code_read(const char *text, size_t len,
	uint8_t raw_out[OUV_CODE_RAW], int *mended_out);
/* Row key of a code: BLAKE2b-128("rid" | raw); a dump holds no address. */
void ouv_code_id(const uint8_t raw[OUV_CODE_RAW], struct ouv_id *id_out);
/* Constant time: does raw belong to this case, party, version?  Made with the
 * key or with the one before it. */
bool ouv_code_fits(const struct ouv_key *k_tok, const struct ouv_id *case_id,
	const struct ouv_id *party, uint32_t version,
	const uint8_t raw[OUV_CODE_RAW]);

/*
 * Names of our own messages: "o.<row, 26 base32>.<MAC, 16 base32>".  The same
 * string is the left side of Message-ID ("<...@domain>") and, after "b+", of
 * the envelope sender of letters (VERP).  MAC = first 80 bits of
 * BLAKE2b(K_TOK, label | row), label "mid" or "verp".
 */
#define OUV_NAME_MAX 64
void ouv_message_name(const struct ouv_key *k_tok, const char *label,
	const struct ouv_id *row, char out[OUV_NAME_MAX]);
/* OUV_INVALID: not of ours, by the key or the one before it. Case-insensitive.
 */
OUV_MUST_CHECK enum ouv_err ouv_message_name_read(const struct ouv_key *k_tok,
	const char *label, const char *text, size_t len,
	struct ouv_id *row_out);

/* Blind index of an identifier: BLAKE2b-128(K_ID, "ident" | kind | 0 |
 * value); value is normalised by the caller (addresses: lower case). */
void ouv_ident_token(const struct ouv_key *k_id, const char *kind,
	const char *value, struct ouv_id *token_out);

/*
 * Words of a case, for finding them again: K_word = BLAKE2b-256(CSK,
 * "ouv-word"), a token the first 8 bytes of BLAKE2b-128(K_word, word).  The
 * same word has another token in every case and under every new key.
 */
#define OUV_WORD 8
void ouv_word_key(const uint8_t csk[OUV_KEY], uint8_t key_out[OUV_KEY]);
void ouv_word_token(const uint8_t key[OUV_KEY], const char *word, size_t len,
	uint8_t out[OUV_WORD]);

/* ---- the audit chain --------------------------------------------------------
 */

/*
 * hash = BLAKE2b-256("OUV-AUDIT-1" padded to 16 | chain 16 | seq u64 |
 * at_us u64 | signer 16 | signer_seq u64 | actor 16 | action 32 (zero padded)
 * | object 16 | BLAKE2b-256(details) | prev 32).
 * mac = first 16 bytes of BLAKE2b-256(K_n, hash), K_{n+1} = BLAKE2b-256(K_n)
 * at each checkpoint.
 */
#define OUV_AUDIT_ACTION 32 /* bytes at most */
struct ouv_audit_event {
	struct ouv_id chain, signer, actor, object;
	uint64_t seq, at_us, signer_seq;
	const char *action;
	const void *details;
	size_t details_len;
	uint8_t prev[32];
};
void ouv_audit_hash(const struct ouv_audit_event *event, uint8_t hash_out[32]);
void ouv_audit_mac(const uint8_t key[OUV_KEY], const uint8_t hash[32],
	uint8_t mac_out[16]);
void ouv_audit_ratchet(uint8_t key[OUV_KEY]);

/*
 * A checkpoint fixes every entry that a signer wrote up to signer_seq, by the
 * heads of the chains it moved since the checkpoint before.
 *
 * head = chain 16 | seq u64 | hash of that entry 32; one for each chain, sorted
 * by chain.  root = the tree of RFC 6962 over them with BLAKE2b-256: leaf
 * H(0x00 | head), node H(0x01 | left | right), of none H("").
 * sig = Ed25519 over "OUV-CHECKPOINT-1" | tenant 16 | signer 16 | n u64 |
 * at_us u64 | signer_seq u64 | events u64 | root 32 | prev 32, where prev is
 * BLAKE2b-256 of that message of the checkpoint before (n = 1: zeros).
 * events: entries of the signer since then; fewer than its numbers say when a
 * transaction was undone.
 */
#define OUV_HEAD 56
struct ouv_checkpoint {
	struct ouv_id tenant, signer;
	uint64_t n, at_us, signer_seq, events;
	uint8_t root[32], prev[32];
};
void ouv_head_encode(const struct ouv_id *chain, uint64_t seq,
	const uint8_t hash[32], uint8_t out[OUV_HEAD]);
void ouv_head_decode(const uint8_t head[OUV_HEAD], struct ouv_id *chain_out,
	uint64_t *seq_out, uint8_t hash_out[32]);
/* count leaves of len bytes each, one behind the other. */
void ouv_merkle_root(
	const uint8_t *leaves, size_t count, size_t len, uint8_t root_out[32]);
void ouv_checkpoint_hash(
	const struct ouv_checkpoint *checkpoint, uint8_t hash_out[32]);
void ouv_checkpoint_sign(const struct ouv_checkpoint *checkpoint,
	const uint8_t seed[OUV_KEY], uint8_t sig_out[OUV_SIG]);
/* OUV_REFUSED: not signed by that key over exactly these fields. */
OUV_MUST_CHECK enum ouv_err ouv_checkpoint_check(
	const struct ouv_checkpoint *checkpoint, const uint8_t public[OUV_KEY],
	const uint8_t *sig, size_t sig_len);

/* ---- shares
 * ------------------------------------------------------------------ */

/*
 * 2-of-3 by XOR pairs: for pairs (1,2) (1,3) (2,3) a random pad r; the first
 * holds r, the second secret^r.  Text of a share, one line:
 * "OUV-SHARE-1 <name> <n> <128 hex digits> <8 hex digits of BLAKE2b>", the
 * last over "OUV-SHARE-1" | name | 0 | n as a digit | the 64 bytes.  A name
 * has 1 to 40 characters of A-Z a-z 0-9 . _ - (split ends the process for
 * another).  join allows white space around a share.
 */
#define OUV_SHARE_MAX 200
void ouv_share_split(const char *name, const uint8_t secret[OUV_KEY],
	char out[3][OUV_SHARE_MAX]);
/* OUV_INVALID: damaged, of another name, or twice the same share. */
OUV_MUST_CHECK enum ouv_err ouv_share_join(const char *name,
	const char *share_a, const char *share_b, uint8_t secret_out[OUV_KEY]);

#endif
