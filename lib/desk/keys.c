/*
 * keys.c - whom and what may we seal to?
 *
 * The database is not believed: a public key counts only with a signature that
 * leads to ROOT, whose public key is in the configuration.
 */
#include <stdlib.h>
#include <string.h>

#include "desk_impl.h"
#include "ouv/log.h"
#include "ouv/store_keys.h"

struct trusted {
	const char *kind;
	enum ouv_cert_kind cert;
	size_t offset; /* SIZE_MAX: of each version */
};

/* clang-format off */
static const struct trusted trusted[] = {
	{ "escrow",  OUV_CERT_ESCROW,  offsetof(struct ouv_desk, escrow) },
	{ "svc",     OUV_CERT_SVC,     offsetof(struct ouv_desk, svc_public) },
	{ "gateway", OUV_CERT_GATEWAY, SIZE_MAX },
};
/* clang-format on */
#define TRUSTED (sizeof(trusted) / sizeof(trusted[0]))

void
keys_free(struct ouv_desk *desk)
{
	free(desk->gateway_public);
	desk->gateway_public = NULL;
	desk->gateway_count = 0;
}

/* What it signed with a former key stays signed, however long ago. */
static void
take_gateway(struct ouv_desk *desk, const struct store_office_key *key)
{
	desk->gateway_public = reallocarray(
		desk->gateway_public, desk->gateway_count + 1, OUV_KEY);
	if (desk->gateway_public == NULL)
		abort();
	memcpy(desk->gateway_public[desk->gateway_count++], key->public,
		OUV_KEY);
}

static enum ouv_err
take_key(struct ouv_desk *desk, const struct trusted *t,
	const struct store_office_key *key)
{
	struct ouv_cert cert = { .kind = t->cert,
		.tenant = desk->office->tenant,
		.version = (uint32_t)key->version };

	memcpy(cert.a, key->public, sizeof(cert.a));
	if (ouv_cert_check(&cert, desk->office->root, key->sig,
		    sizeof(key->sig)) != OUV_OK) {
		ouv_log_error("the %s key in the database is not signed by "
			      "ROOT: nothing is sealed to it",
			t->kind);
		distrust(desk, "distrust-office", &desk->office->tenant,
			t->kind);
		return OUV_INVALID;
	}
	if (t->offset == SIZE_MAX) {
		take_gateway(desk, key);
		return OUV_OK;
	}
	memcpy((char *)desk + t->offset, key->public, OUV_KEY);
	if (t->cert == OUV_CERT_SVC)
		desk->svc_version = key->version;
	return OUV_OK;
}

/* All desks of a process seal to the same key, for as long as it runs: what
 * lies under the one before is moved when none of them seals to it. */
static bool
not_yet(const struct ouv_desk *desk, const struct store_office_key *key)
{
	int version = desk->office->svc_version;

	return key->waits || (version != 0 && key->version > version &&
				     strcmp(key->kind, "svc") == 0);
}

enum ouv_err
keys_load(struct ouv_desk *desk, struct store_tx *tx)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_PLAIN);
	struct store_office_key *keys;
	size_t count, found = 0;

	TRY(store_office_keys(tx, arena, &keys, &count));
	keys_free(desk);
	for (size_t i = 0; i < count; i++) {
		for (size_t t = 0; t < TRUSTED; t++) {
			if (not_yet(desk, &keys[i]) ||
				strcmp(keys[i].kind, trusted[t].kind) != 0)
				continue;
			TRY(take_key(desk, &trusted[t], &keys[i]));
			found |= (size_t)1 << t;
		}
	}
	if (found != ((size_t)1 << TRUSTED) - 1) {
		ouv_log_error("keys of the office are missing; run "
			      "`ouvidoria key init`");
		return OUV_INVALID;
	}
	return OUV_OK;
}

/* Did this administrator, with these keys, certify them? */
static bool
certified_by(const struct ouv_desk *desk, const struct store_person *admin,
	const struct store_person *p)
{
	struct ouv_cert cert = { .kind = OUV_CERT_ADMIN,
		.tenant = desk->office->tenant,
		.subject = admin->id };

	if (!admin->has_admin_sig)
		return false;
	memcpy(cert.a, admin->sig_pk, sizeof(cert.a));
	if (ouv_cert_check(&cert, desk->office->root, admin->admin_sig,
		    sizeof(admin->admin_sig)) != OUV_OK)
		return false;
	memset(&cert, 0, sizeof(cert));
	cert.kind = OUV_CERT_PERSON;
	cert.tenant = desk->office->tenant;
	cert.subject = p->id;
	memcpy(cert.a, p->pk, sizeof(cert.a));
	memcpy(cert.b, p->sig_pk, sizeof(cert.b));
	return ouv_cert_check(&cert, admin->sig_pk, p->cert_sig,
		       sizeof(p->cert_sig)) == OUV_OK;
}

/* Whoever got new keys stands there once for each: any of them may do. */
static bool
certified(const struct ouv_desk *desk, const struct store_person *people,
	size_t count, const struct store_person *p)
{
	for (size_t i = 0; i < count; i++)
		if (ouv_id_equal(&people[i].id, &p->cert_admin) &&
			certified_by(desk, &people[i], p))
			return true;
	return false;
}

static void
tell_uncertified(struct ouv_desk *desk, const struct ouv_id *person)
{
	char hex[OUV_ID_HEX];

	ouv_id_hex(person, hex);
	ouv_log_error("person=%s has no certificate that leads to ROOT: no key "
		      "is given",
		hex);
	distrust(desk, "distrust-person", person, "");
}

static void
take_colleague(const struct store_person *p, struct colleague *out)
{
	out->id = p->id;
	out->desk = p->desk && p->active;
	memcpy(out->pk, p->pk, OUV_KEY);
	memcpy(out->sig_pk, p->sig_pk, OUV_KEY);
}

void
keys_certified(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct store_person *people, size_t count,
	struct colleague **list_out, size_t *count_out)
{
	struct colleague *list = ouv_arena_array(arena, count, sizeof(*list));
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		if (certified(desk, people, count, &people[i]))
			take_colleague(&people[i], &list[n++]);
		else
			tell_uncertified(desk, &people[i].id);
	}
	*list_out = list;
	*count_out = n;
}

enum ouv_err
keys_colleagues(struct ouv_desk *desk, struct store_tx *tx,
	struct ouv_arena *arena, struct colleague **list_out, size_t *count_out)
{
	struct store_person *people;
	size_t count;

	TRY(store_person_certified(tx, arena, &people, &count));
	keys_certified(desk, arena, people, count, list_out, count_out);
	return OUV_OK;
}

/* The row of their present keys; former ones are nobody's who is active. */
static const struct store_person *
present(const struct store_person *people, size_t count,
	const struct ouv_id *person)
{
	for (size_t i = 0; i < count; i++)
		if (people[i].active && ouv_id_equal(&people[i].id, person))
			return &people[i];
	return NULL;
}

enum ouv_err
keys_colleague(struct ouv_desk *desk, struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *person,
	const struct colleague **out)
{
	const struct store_person *row;
	struct store_person *people;
	struct colleague *found;
	size_t count;

	/* With whoever certified them, and the keys these had before. */
	TRY(store_person_signer(tx, arena, person, &people, &count));
	row = present(people, count, person);
	if (row == NULL)
		return OUV_NOT_FOUND;
	if (!certified(desk, people, count, row)) {
		tell_uncertified(desk, person);
		return OUV_REFUSED;
	}
	found = ouv_arena_array(arena, 1, sizeof(*found));
	take_colleague(row, found);
	*out = found;
	return OUV_OK;
}

/* One of these, with the keys of now or with those before. */
static bool
signed_by(const struct colleague *colleagues, size_t count,
	const struct ouv_id *signer, const struct ouv_cert *cert,
	const uint8_t sig[OUV_SIG])
{
	for (size_t i = 0; i < count; i++)
		if (ouv_id_equal(&colleagues[i].id, signer) &&
			ouv_cert_check(cert, colleagues[i].sig_pk, sig,
				OUV_SIG) == OUV_OK)
			return true;
	return false;
}

static bool
by_gateway(const struct ouv_desk *desk, const struct ouv_cert *cert,
	const uint8_t sig[OUV_SIG])
{
	for (size_t i = desk->gateway_count; i-- > 0;)
		if (ouv_cert_check(cert, desk->gateway_public[i], sig,
			    OUV_SIG) == OUV_OK)
			return true;
	return false;
}

/* It may have got another key since this desk was opened. */
static enum ouv_err
gateway_signed(struct ouv_desk *desk, struct store_tx *tx,
	const struct ouv_cert *cert, const uint8_t sig[OUV_SIG])
{
	if (by_gateway(desk, cert, sig))
		return OUV_OK;
	TRY(keys_load(desk, tx));
	return by_gateway(desk, cert, sig) ? OUV_OK : OUV_REFUSED;
}

/* Did the gateway sign it, one of these, or somebody who did it since they
 * were asked for? */
static enum ouv_err
case_signed(struct ouv_desk *desk, struct store_tx *tx,
	const struct ouv_id *signer, const struct colleague *colleagues,
	size_t count, const struct ouv_cert *cert, const uint8_t sig[OUV_SIG])
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_PLAIN);
	struct store_person *people;
	size_t found;

	if (ouv_id_is_zero(signer))
		return gateway_signed(desk, tx, cert, sig);
	if (signed_by(colleagues, count, signer, cert, sig))
		return OUV_OK;
	TRY(store_person_signer(tx, arena, signer, &people, &found));
	for (size_t i = 0; i < found; i++)
		if (ouv_id_equal(&people[i].id, signer) &&
			certified(desk, people, found, &people[i]) &&
			ouv_cert_check(cert, people[i].sig_pk, sig, OUV_SIG) ==
				OUV_OK)
			return OUV_OK;
	return OUV_REFUSED;
}

enum ouv_err
keys_signed(struct ouv_desk *desk, struct store_tx *tx,
	const struct ouv_id *signer, const struct ouv_cert *cert,
	const uint8_t sig[OUV_SIG])
{
	return case_signed(desk, tx, signer, NULL, 0, cert, sig);
}

enum ouv_err
keys_case(struct ouv_desk *desk, struct store_tx *tx,
	const struct ouv_id *case_id, int version,
	const struct colleague *colleagues, size_t count,
	uint8_t cpk_out[OUV_KEY])
{
	struct store_case_key key;
	struct ouv_cert cert = { .kind = OUV_CERT_CASE,
		.tenant = desk->office->tenant,
		.subject = *case_id,
		.version = (uint32_t)version };
	char hex[OUV_ID_HEX];
	enum ouv_err err;

	TRY(store_case_key(tx, case_id, version, &key));
	memcpy(cert.a, key.cpk, sizeof(cert.a));
	err = case_signed(
		desk, tx, &key.signer, colleagues, count, &cert, key.sig);
	if (err == OUV_TEMPORARY)
		return err;
	if (err != OUV_OK) {
		ouv_id_hex(case_id, hex);
		ouv_log_error("case=%s: its public key has no certificate we "
			      "trust: nothing is sealed to it",
			hex);
		distrust(desk, "distrust-case", case_id, "");
		return OUV_REFUSED;
	}
	memcpy(cpk_out, key.cpk, OUV_KEY);
	return OUV_OK;
}

enum ouv_err
keys_fit(struct ouv_desk *desk, const struct ouv_id *case_id,
	const uint8_t csk[OUV_KEY], const uint8_t cpk[OUV_KEY])
{
	uint8_t public[OUV_KEY];
	char hex[OUV_ID_HEX];

	ouv_box_public(csk, public);
	if (ouv_equal(public, cpk, OUV_KEY))
		return OUV_OK;
	ouv_id_hex(case_id, hex);
	ouv_log_error("case=%s: what was given as its key is another one: it "
		      "is not used",
		hex);
	distrust(desk, "distrust-secret", case_id, "");
	return OUV_REFUSED;
}

enum ouv_err
grant_signed(struct ouv_desk *desk, struct store_tx *tx,
	const struct store_grant *grant)
{
	struct ouv_cert cert = { .kind = OUV_CERT_GRANT,
		.tenant = desk->office->tenant,
		.subject = grant->case_id,
		.extra = grant->person,
		.version = (uint32_t)grant->version };
	char hex[OUV_ID_HEX];
	enum ouv_err err;

	ouv_hash("grant", grant->box, sizeof(grant->box), cert.a);
	err = case_signed(
		desk, tx, &grant->granted_by, NULL, 0, &cert, grant->sig);
	if (err == OUV_OK || err == OUV_TEMPORARY)
		return err;
	ouv_id_hex(&grant->case_id, hex);
	ouv_log_error("case=%s: a key in it was given by nobody we trust: it "
		      "is not used",
		hex);
	distrust(desk, "distrust-grant", &grant->case_id, "");
	return OUV_REFUSED;
}
