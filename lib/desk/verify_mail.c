/*
 * verify_mail.c - checkpoints as they were mailed, against what the database
 * says now
 */
#include <errno.h>
#include <string.h>

#include "kept_mail.h"
#include "ouv/log.h"
#include "verify.h"

static enum ouv_err
wrong(struct verify *v, const struct kept *k, const char *what)
{
	return verify_broken(v, "mail", &k->c.signer, (int64_t)k->c.n, what);
}

struct compared {
	struct verify *v;
	struct kept *k;
	bool found;
};

static enum ouv_err
compare(const struct store_checkpoint *row, void *user)
{
	struct compared *d = user;
	struct ouv_checkpoint c;
	uint8_t here[32], there[32];

	if (row->n != (int64_t)d->k->c.n)
		return OUV_CONFLICT; /* ends the walk: it is not there */
	verify_checkpoint_of(d->v, row, &c);
	ouv_checkpoint_hash(&c, here);
	ouv_checkpoint_hash(&d->k->c, there);
	d->found = true;
	if (memcmp(here, there, sizeof(here)) == 0)
		return OUV_CONFLICT; /* all is well: no other is needed */
	return wrong(d->v, d->k,
		"the database has another checkpoint than the one that was "
		"mailed");
}

/* Signed first, so that a mail somebody made accuses nobody. */
static enum ouv_err
settle(struct verify *v, struct kept *k)
{
	struct compared d = { .v = v, .k = k };
	struct store_signer signer;
	uint8_t public[OUV_KEY];
	enum ouv_err err;

	if (!k->whole)
		return wrong(v, k,
			"a line of the kept mail is missing or was altered");
	err = store_signer_one(v->store, v->arena, &k->c.signer, &signer);
	if (err == OUV_NOT_FOUND)
		return wrong(v, k,
			"the database does not know the run of a program that "
			"was mailed");
	TRY(err);
	TRY(verify_signer_key(v, &signer, public));
	if (ouv_checkpoint_check(&k->c, public, k->sig, sizeof(k->sig)) !=
		OUV_OK)
		return wrong(v, k, "the kept mail was altered");
	err = store_checkpoint_walk(
		v->store, &k->c.signer, (int64_t)k->c.n - 1, compare, &d);
	if (err != OUV_OK && err != OUV_CONFLICT)
		return err;
	if (!d.found)
		return wrong(
			v, k, "it was mailed and is missing: the log was cut");
	v->found->mails++;
	return OUV_OK;
}

static enum ouv_err
compare_with(struct kept *k, void *user)
{
	struct verify *v = user;

	k->c.tenant = v->tenant;
	return settle(v, k);
}

enum ouv_err
verify_mail(struct verify *v, const char *path)
{
	FILE *file = fopen(path, "re");
	const int64_t before = v->found->mails;
	enum ouv_err err;

	if (file == NULL) {
		ouv_log_error("%s: %s", path, strerror(errno));
		return OUV_NOT_FOUND;
	}
	err = kept_mail_read(file, compare_with, v);
	(void)fclose(file);
	if (err != OUV_OK || v->found->mails > before)
		return err;
	ouv_log_error("%s holds no checkpoint", path);
	return OUV_INVALID;
}
