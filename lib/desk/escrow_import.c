/*
 * escrow_import.c - keys that came out of the escrow, into the office
 *
 * Two colleagues say that this is the document which they saw made; the first
 * one's signature makes each key a grant like any other, the second one's
 * stands beside it.  Every case tells who got its key, and by whose word.
 */
#include <string.h>

#include "escrow_file.h"
#include "grant.h"
#include "ouv/clock.h"
#include "ouv/log.h"

#define TASK_SECS INT64_C(86400)

struct witness {
	struct ouv_id id;
	struct store_person_key key;
	struct ouv_identity *identity;
};
struct import {
	struct ouv_desk *desk;
	struct store_tx *tx;
	struct ouv_arena *arena;
	struct escrow_file file;
	struct witness witness[2];
	int64_t now;
};

static bool
may_confirm(const struct import *im, const struct store_person *person)
{
	return person->active &&
	       (person->role == OUV_ROLE_CUSTODIAN ||
		       person->role == OUV_ROLE_OMBUDSMAN ||
		       person->role == OUV_ROLE_ADMIN) &&
	       !ouv_id_equal(&person->id, &im->file.person);
}

static enum ouv_err
find_witness(struct import *im, const struct ouv_escrow_confirm *confirm,
	struct witness *witness)
{
	const struct colleague *certified;
	struct store_person person;

	TRY(store_person_by_login(im->tx, im->arena, confirm->login, &person));
	if (!may_confirm(im, &person))
		return OUV_REFUSED;
	TRY(keys_colleague(
		im->desk, im->tx, im->arena, &person.id, &certified));
	witness->id = person.id;
	return store_person_key(
		im->tx, &person.id, OUV_COLUMN_PASSWORD, &witness->key);
}

static enum ouv_err
open_witness(struct import *im, const struct ouv_escrow_confirm *confirm,
	struct witness *witness)
{
	const struct ouv_office *office = im->desk->office;
	struct ouv_wrap wrap;

	wrap_of(&witness->key, &wrap);
	return ouv_identity_unwrap(&wrap, &office->tenant, &witness->id,
		OUV_COLUMN_PASSWORD, office->pepper, confirm->password,
		&witness->identity);
}

/* The same work for both; who cannot confirm is told in one way. */
static enum ouv_err
each_witness(struct import *im, const struct ouv_escrow_confirm confirm[2],
	enum ouv_err (*work)(struct import *im,
		const struct ouv_escrow_confirm *confirm,
		struct witness *witness))
{
	for (size_t i = 0; i < 2; i++) {
		enum ouv_err err = work(im, &confirm[i], &im->witness[i]);

		if (err == OUV_TEMPORARY)
			return err;
		if (err != OUV_OK) {
			ouv_log_error("%s cannot confirm it: a custodian, "
				      "ombudsman or administrator with their "
				      "own password, who does not get the keys",
				confirm[i].login);
			return OUV_REFUSED;
		}
	}
	return OUV_OK;
}

static enum ouv_err
look_up(struct import *im, const struct ouv_escrow_confirm confirm[2])
{
	TRY(store_begin(im->desk->store, &im->tx));
	TRY(each_witness(im, confirm, find_witness));
	return store_commit(&im->tx);
}

/* Two passwords take a second or more to stretch: no transaction waits open
 * for it. */
static enum ouv_err
open_witnesses(struct import *im, const struct ouv_escrow_confirm confirm[2])
{
	TRY(look_up(im, confirm));
	TRY(each_witness(im, confirm, open_witness));
	if (!ouv_id_equal(&im->witness[0].id, &im->witness[1].id))
		return OUV_OK;
	ouv_log_error("two different colleagues confirm it");
	return OUV_REFUSED;
}

/* Nobody left, or got another password, while both were stretched. */
static enum ouv_err
still_confirms(struct import *im, const struct ouv_escrow_confirm *confirm,
	struct witness *witness)
{
	struct witness now = { .identity = NULL };

	TRY(find_witness(im, confirm, &now));
	return ouv_id_equal(&now.id, &witness->id) &&
			       ouv_equal(now.key.commit, witness->key.commit,
				       sizeof(now.key.commit))
		       ? OUV_OK
		       : OUV_REFUSED;
}

/* They are sealed to the keys this colleague has now. */
static enum ouv_err
check_person(struct import *im)
{
	const struct colleague *to;
	enum ouv_err err = keys_colleague(
		im->desk, im->tx, im->arena, &im->file.person, &to);

	if (err == OUV_OK && !ouv_equal(to->pk, im->file.pk, sizeof(to->pk)))
		err = OUV_REFUSED;
	if (err == OUV_NOT_FOUND || err == OUV_REFUSED) {
		ouv_log_error("the keys are sealed to nobody who works here");
		return OUV_REFUSED;
	}
	return err;
}

static enum ouv_err
check_case(struct import *im, const struct escrow_key *key)
{
	struct store_escrow_case *found;
	char hex[OUV_ID_HEX];
	size_t count;

	ouv_id_hex(&key->case_id, hex);
	TRY(store_escrow_cases(
		im->tx, im->arena, hex, &im->file.person, &found, &count));
	if (count == 1 && !found->conflict &&
		found->grant.version == key->version)
		return OUV_OK;
	ouv_log_error("case=%s: %s", hex,
		count != 1        ? "it is not here"
		: found->conflict ? "that person may not have its key"
				  : "it has another key since the copy was "
				    "made");
	return OUV_CONFLICT;
}

static enum ouv_err
add_grant(struct import *im, const struct escrow_key *key)
{
	struct store_grant grant = { .case_id = key->case_id,
		.person = im->file.person,
		.granted_by = im->witness[0].id,
		.version = key->version };
	struct ouv_cert cert = { .kind = OUV_CERT_GRANT,
		.tenant = im->desk->office->tenant,
		.subject = key->case_id,
		.extra = im->file.person,
		.version = (uint32_t)key->version };
	struct store_escrow_given given = { .case_id = key->case_id,
		.person = im->file.person,
		.first = im->witness[0].id,
		.second = im->witness[1].id,
		.version = key->version };

	memcpy(grant.pk, im->file.pk, sizeof(grant.pk));
	memcpy(grant.box, key->box, sizeof(grant.box));
	ouv_hash("grant", grant.box, sizeof(grant.box), cert.a);
	ouv_cert_sign(&cert, im->witness[0].identity->sign, grant.sig);
	memcpy(given.grant_hash, cert.a, sizeof(given.grant_hash));
	memcpy(given.first_sig, grant.sig, sizeof(given.first_sig));
	ouv_cert_sign(&cert, im->witness[1].identity->sign, given.second_sig);
	TRY(store_grant_add(im->tx, &grant, "escrow"));
	return store_escrow_given_add(im->tx, &given);
}

static enum ouv_err
add_case(struct import *im, const struct escrow_key *key)
{
	struct store_task task = { .id = ouv_id_new(),
		.case_id = key->case_id,
		.kind = "escrow-opened",
		.opened_at = im->now,
		.due_at = im->now + TASK_SECS };
	bool opened;

	/* Its row first: no new key is made in between. */
	TRY(log_existing(im->desk, im->tx, im->arena, &key->case_id,
		&im->witness[0].id, "escrow-grant", &im->file.person));
	TRY(check_case(im, key));
	TRY(add_grant(im, key));
	TRY(log_existing(im->desk, im->tx, im->arena, &key->case_id,
		&im->witness[1].id, "escrow-confirm", &im->file.person));
	return store_task_add(im->tx, &task, &opened);
}

static enum ouv_err
run(struct import *im, const struct ouv_escrow_confirm confirm[2])
{
	TRY(open_witnesses(im, confirm));
	TRY(store_begin(im->desk->store, &im->tx));
	TRY(each_witness(im, confirm, still_confirms));
	TRY(check_person(im));
	TRY(log_operator(im->desk, im->tx, NULL, NULL));
	for (size_t i = 0; i < im->file.count; i++)
		TRY(add_case(im, &im->file.keys[i]));
	return store_commit(&im->tx);
}

static enum ouv_err
read_file(struct import *im, const json_t *doc, const char *fingerprint)
{
	char found[OUV_FINGERPRINT_MAX];

	if (escrow_file_read(im->arena, doc, &im->file) != OUV_OK ||
		!ouv_id_equal(&im->file.tenant, &im->desk->office->tenant)) {
		ouv_log_error("this is no document of this office's escrow");
		return OUV_INVALID;
	}
	escrow_file_print(&im->file, found);
	if (strcasecmp(found, fingerprint) == 0)
		return OUV_OK;
	ouv_log_error("the document has another fingerprint than the one that "
		      "the custodians wrote down");
	return OUV_REFUSED;
}

enum ouv_err
ouv_escrow_import(struct ouv_desk *desk, const json_t *file,
	const char *fingerprint, const struct ouv_escrow_confirm confirm[2],
	int64_t *given_out)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_WIPE);
	struct import im = {
		.desk = desk, .arena = arena, .now = ouv_clock_now()
	};
	enum ouv_err err = read_file(&im, file, fingerprint);

	if (err == OUV_OK)
		err = run(&im, confirm);
	store_rollback(&im.tx);
	ouv_identity_free(&im.witness[0].identity);
	ouv_identity_free(&im.witness[1].identity);
	*given_out = err == OUV_OK ? (int64_t)im.file.count : 0;
	return err;
}
