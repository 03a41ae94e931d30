/*
 * verify_signer.c - one run of a program after another: who vouches for it,
 * what it sealed, whether all of that is there
 */
#include <string.h>

#include "ouv/log.h"
#include "verify.h"

/* ---- certificates
 * ------------------------------------------------------------------ */

static const struct {
	const char *kind;
	enum ouv_cert_kind cert;
} programs[] = {
	{ "gateway", OUV_CERT_GATEWAY },
	{ "server", OUV_CERT_SERVER },
};

static bool
is_certified(const struct verify *v, const struct store_office_key *key)
{
	struct ouv_cert cert = { .tenant = v->tenant,
		.version = (uint32_t)key->version };

	memcpy(cert.a, key->public, sizeof(cert.a));
	for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++) {
		if (strcmp(programs[i].kind, key->kind) != 0)
			continue;
		cert.kind = programs[i].cert;
		return ouv_cert_check(&cert, v->root, key->sig,
			       sizeof(key->sig)) == OUV_OK;
	}
	return false;
}

/* One that was put there by somebody else vouches for nothing. */
enum ouv_err
verify_keys(struct verify *v)
{
	struct store_office_key *keys;
	size_t count;

	TRY(store_signing_keys(v->store, v->arena, &keys, &count));
	for (size_t i = 0; i < count; i++)
		if (is_certified(v, &keys[i]))
			keys[v->key_count++] = keys[i];
	v->keys = keys;
	return OUV_OK;
}

static bool
is_signed(const struct verify *v, const struct store_signer *signer,
	const uint8_t public[OUV_KEY])
{
	struct ouv_cert cert = { .kind = OUV_CERT_SIGNER,
		.tenant = v->tenant,
		.subject = signer->id };

	ouv_hash("signer", signer->mac_box, sizeof(signer->mac_box), cert.a);
	return ouv_cert_check(&cert, public, signer->sig,
		       sizeof(signer->sig)) == OUV_OK;
}

/* By an administrator, with the key and ROOT's word for it of that time. */
static bool
is_administrators(const struct verify *v, const struct store_signer *signer)
{
	struct ouv_cert cert = { .kind = OUV_CERT_ADMIN,
		.tenant = v->tenant,
		.subject = signer->person };

	memcpy(cert.a, signer->public, sizeof(cert.a));
	return ouv_cert_check(&cert, v->root, signer->root_sig,
		       sizeof(signer->root_sig)) == OUV_OK;
}

enum ouv_err
verify_signer_key(const struct verify *v, const struct store_signer *signer,
	uint8_t public_out[OUV_KEY])
{
	/* An operator without a person has the server's key. */
	const char *kind =
		strcmp(signer->kind, "operator") == 0 ? "server" : signer->kind;

	if (!ouv_id_is_zero(&signer->person)) {
		if (!is_administrators(v, signer) ||
			!is_signed(v, signer, signer->public))
			return OUV_REFUSED;
		memcpy(public_out, signer->public, OUV_KEY);
		return OUV_OK;
	}
	for (size_t i = 0; i < v->key_count; i++)
		if (strcmp(v->keys[i].kind, kind) == 0 &&
			is_signed(v, signer, v->keys[i].public)) {
			memcpy(public_out, v->keys[i].public, OUV_KEY);
			return OUV_OK;
		}
	return OUV_REFUSED;
}

/* ---- what one run wrote
 * ------------------------------------------------------------ */

struct run {
	struct verify *v;
	const struct store_signer *signer;
	uint8_t public[OUV_KEY];
	uint8_t key[OUV_KEY];       /* of the MACs, as far as we are */
	int64_t retired_us;         /* its certified key; 0: it is not */
	struct ouv_checkpoint last; /* n 0: none yet */
	/* of the entries since then */
	int64_t events, number, hole;
};

static enum ouv_err
open_mac_key(struct run *r)
{
	struct ouv_context context = { .kind = OUV_KIND_SIGNER,
		.column = OUV_COLUMN_ESCROW,
		.tenant = r->v->tenant,
		.row = r->signer->id,
		.version = 1 };

	if (!r->v->with_escrow)
		return OUV_OK;
	if (ouv_open_key(&context, r->v->escrow, r->signer->mac_box,
		    sizeof(r->signer->mac_box), r->key) == OUV_OK)
		return OUV_OK;
	return verify_broken(r->v, "signer", &r->signer->id, 0,
		"its key does not open with the shares of ESCROW");
}

static enum ouv_err
on_event(const struct store_audit *event, void *user)
{
	struct run *r = user;
	uint8_t mac[16];

	r->events++;
	if (event->signer_seq != r->number + 1 && r->hole == 0)
		r->hole = r->number + 1;
	r->number = event->signer_seq;
	if (r->retired_us != 0 && event->at_us > r->retired_us)
		return verify_broken(r->v, "chain", &event->chain, event->seq,
			"a key signed for that run which was retired before");
	if (!r->v->with_escrow)
		return OUV_OK;
	r->v->found->macs++;
	ouv_audit_mac(r->key, event->hash, mac);
	if (memcmp(mac, event->mac, sizeof(mac)) == 0)
		return OUV_OK;
	return verify_broken(r->v, "chain", &event->chain, event->seq,
		"its MAC does not fit: that run of a program did not write it");
}

static enum ouv_err
count_events(struct run *r, int64_t until)
{
	r->events = r->hole = 0;
	r->number = (int64_t)r->last.signer_seq;
	return store_signer_events(
		r->v->store, &r->signer->id, r->number, until, on_event, r);
}

void
verify_checkpoint_of(const struct verify *v, const struct store_checkpoint *row,
	struct ouv_checkpoint *out)
{
	*out = (struct ouv_checkpoint){ .tenant = v->tenant,
		.signer = row->signer,
		.n = (uint64_t)row->n,
		.at_us = (uint64_t)row->at_us,
		.signer_seq = (uint64_t)row->signer_seq,
		.events = (uint64_t)row->events };
	memcpy(out->root, row->root, sizeof(out->root));
	memcpy(out->prev, row->prev, sizeof(out->prev));
}

/* The row by itself and after the one before it; NULL: as it should be. */
static const char *
look_at_row(const struct run *r, const struct ouv_checkpoint *c,
	const struct store_checkpoint *row)
{
	uint8_t prev[32] = { 0 }, root[32];

	if (c->n != r->last.n + 1)
		return "a checkpoint before this one is missing";
	if (ouv_checkpoint_check(c, r->public, row->sig, sizeof(row->sig)) !=
		OUV_OK)
		return "the checkpoint's signature does not hold";
	if (r->last.n > 0)
		ouv_checkpoint_hash(&r->last, prev);
	if (memcmp(prev, c->prev, sizeof(prev)) != 0 ||
		c->signer_seq <= r->last.signer_seq)
		return "the checkpoint does not follow the one before it";
	ouv_merkle_root((const uint8_t *)row->heads.p,
		row->heads.len / OUV_HEAD, OUV_HEAD, root);
	if (row->heads.len % OUV_HEAD != 0 ||
		memcmp(root, c->root, sizeof(root)) != 0)
		return "the checkpoint's heads are not those that were sealed";
	return NULL;
}

static enum ouv_err
look_for_heads(struct run *r, const struct store_checkpoint *row)
{
	struct ouv_id chain;
	int64_t seq;
	bool other;
	enum ouv_err err = store_heads_missing(
		r->v->store, row->heads, &chain, &seq, &other);

	if (err == OUV_NOT_FOUND)
		return OUV_OK;
	if (err != OUV_OK)
		return err;
	return verify_broken(r->v, "chain", &chain, seq,
		other ? "it is not the entry that was sealed"
		      : "it was sealed and is missing");
}

static enum ouv_err
on_checkpoint(const struct store_checkpoint *row, void *user)
{
	struct run *r = user;
	struct ouv_checkpoint c;
	const char *wrong;

	verify_checkpoint_of(r->v, row, &c);
	wrong = look_at_row(r, &c, row);
	if (wrong != NULL)
		return verify_broken(
			r->v, "checkpoint", &row->signer, row->n, wrong);
	TRY(look_for_heads(r, row));
	TRY(count_events(r, row->signer_seq));
	if (r->events < row->events)
		return verify_broken(r->v, "signer", &row->signer,
			r->hole != 0 ? r->hole : row->signer_seq,
			"entries that were sealed are missing");
	if (r->events > row->events)
		return verify_broken(r->v, "checkpoint", &row->signer, row->n,
			"entries were added after it was sealed");
	ouv_audit_ratchet(r->key);
	r->last = c;
	r->v->found->checkpoints++;
	return OUV_OK;
}

static int64_t
retired_at(const struct verify *v, const uint8_t public[OUV_KEY])
{
	for (size_t i = 0; i < v->key_count; i++)
		if (memcmp(v->keys[i].public, public, OUV_KEY) == 0)
			return v->keys[i].retired_us;
	return 0;
}

static enum ouv_err
on_signer(const struct store_signer *signer, void *user)
{
	struct verify *v = user;
	struct run r = { .v = v, .signer = signer };
	enum ouv_err err;

	if (verify_signer_key(v, signer, r.public) != OUV_OK)
		return verify_broken(v, "signer", &signer->id, 0,
			"this run of a program has no certificate that leads "
			"to ROOT");
	r.retired_us = retired_at(v, r.public);
	TRY(open_mac_key(&r));
	v->found->signers++;
	err = store_checkpoint_walk(
		v->store, &signer->id, 0, on_checkpoint, &r);
	if (err == OUV_OK)
		err = count_events(&r, INT64_MAX);
	ouv_wipe(r.key, sizeof(r.key));
	v->found->unsealed += r.events;
	return err;
}

enum ouv_err
verify_signers(struct verify *v)
{
	return store_signer_walk(v->store, on_signer, v);
}
