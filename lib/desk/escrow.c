/*
 * escrow.c - keys of cases out of the escrow, off line
 *
 * Two shares give ESCROW's secret; with it the key of each case is opened and
 * sealed to a colleague.  Nothing of a host is needed and nothing is written: a
 * copy of the database on a machine without a network does.  Whoever wrote into
 * that copy gains nothing, for everything is checked up to ROOT.
 */
#include <string.h>

#include "escrow_file.h"
#include "grant.h"
#include "host_secret.h"
#include "ouv/log.h"

struct opening {
	struct bare bare;
	struct ouv_arena *arena;
	const struct ouv_escrow_ask *ask;
	uint8_t escrow[OUV_KEY];
	struct escrow_file file;
};

static enum ouv_err
find_person(struct opening *o)
{
	const struct colleague *who;
	struct store_person person;
	enum ouv_err err = store_person_by_login(
		o->bare.tx, o->arena, o->ask->login, &person);

	if (err == OUV_OK)
		err = keys_colleague(
			&o->bare.desk, o->bare.tx, o->arena, &person.id, &who);
	if (err == OUV_NOT_FOUND)
		ouv_log_error("nobody works here as %s", o->ask->login);
	if (err != OUV_OK)
		return err;
	o->file.tenant = o->bare.office.tenant;
	o->file.person = who->id;
	memcpy(o->file.pk, who->pk, sizeof(o->file.pk));
	return OUV_OK;
}

/* The secret of a case, if it is the one whose public half is certified. */
static enum ouv_err
open_key(struct opening *o, const struct store_grant *grant,
	uint8_t csk_out[OUV_KEY])
{
	struct ouv_desk *desk = &o->bare.desk;
	uint8_t cpk[OUV_KEY];
	struct ouv_context context;
	char hex[OUV_ID_HEX];
	enum ouv_err err;

	TRY(grant_signed(desk, o->bare.tx, grant));
	TRY(keys_case(desk, o->bare.tx, &grant->case_id, grant->version, NULL,
		0, cpk));
	context_make(desk, OUV_KIND_CASE_KEY, OUV_COLUMN_ESCROW,
		&grant->case_id, &grant->person, grant->version, &context);
	err = ouv_open_key(
		&context, o->escrow, grant->box, sizeof(grant->box), csk_out);
	if (err == OUV_OK)
		err = keys_fit(desk, &grant->case_id, csk_out, cpk);
	if (err == OUV_OK)
		return OUV_OK;
	ouv_wipe(csk_out, OUV_KEY);
	ouv_id_hex(&grant->case_id, hex);
	ouv_log_error("case=%s: what lies under ESCROW is not its key", hex);
	return OUV_REFUSED;
}

static enum ouv_err
take_out(struct opening *o, const struct store_escrow_case *c)
{
	struct escrow_key *key = &o->file.keys[o->file.count];
	struct ouv_context context;
	uint8_t csk[OUV_KEY];
	char hex[OUV_ID_HEX];

	if (c->conflict) {
		ouv_id_hex(&c->grant.case_id, hex);
		ouv_log_error("case=%s: %s is in conflict and may not have "
			      "its key",
			hex, o->ask->login);
		return OUV_CONFLICT;
	}
	TRY(open_key(o, &c->grant, csk));
	key->case_id = c->grant.case_id;
	key->version = c->grant.version;
	context_make(&o->bare.desk, OUV_KIND_CASE_KEY, OUV_COLUMN_PERSON,
		&key->case_id, &o->file.person, key->version, &context);
	ouv_seal_key(&context, o->file.pk, csk, key->box);
	ouv_wipe(csk, sizeof(csk));
	o->file.count++;
	return OUV_OK;
}

static enum ouv_err
take_named(struct opening *o, const char *number)
{
	struct store_escrow_case *list;
	size_t count;

	TRY(store_escrow_cases(
		o->bare.tx, o->arena, number, &o->file.person, &list, &count));
	if (count != 1) {
		ouv_log_error("%s is no case with a key under ESCROW", number);
		return OUV_NOT_FOUND;
	}
	return take_out(o, list);
}

static enum ouv_err
take_all(struct opening *o)
{
	struct store_escrow_case *list;
	size_t count;

	TRY(store_escrow_cases(
		o->bare.tx, o->arena, NULL, &o->file.person, &list, &count));
	o->file.keys =
		ouv_arena_array(o->arena, count + 1, sizeof(*o->file.keys));
	for (size_t i = 0; i < count; i++)
		/* Who is in conflict with one gets the others. */
		if (!list[i].conflict)
			TRY(take_out(o, &list[i]));
	return o->file.count > 0 ? OUV_OK : OUV_NOT_FOUND;
}

static enum ouv_err
take_cases(struct opening *o)
{
	size_t count = o->ask->case_count;

	if (count == 0)
		return take_all(o);
	o->file.keys = ouv_arena_array(o->arena, count, sizeof(*o->file.keys));
	for (size_t i = 0; i < count; i++)
		TRY(take_named(o, o->ask->cases[i]));
	return OUV_OK;
}

enum ouv_err
ouv_escrow_open(const struct ouv_config *config, struct ouv_arena *arena,
	const struct ouv_escrow_ask *ask, json_t **file_out,
	char fingerprint_out[OUV_FINGERPRINT_MAX])
{
	struct opening o = { .arena = arena, .ask = ask };
	enum ouv_err err = bare_open(&o.bare, config);

	if (err == OUV_OK)
		err = bare_escrow(
			&o.bare, ask->share_a, ask->share_b, o.escrow);
	if (err == OUV_OK)
		err = find_person(&o);
	if (err == OUV_OK)
		err = take_cases(&o);
	if (err == OUV_OK) {
		*file_out = escrow_file_write(&o.file);
		escrow_file_print(&o.file, fingerprint_out);
	}
	ouv_wipe(o.escrow, sizeof(o.escrow));
	bare_close(&o.bare);
	return err;
}
