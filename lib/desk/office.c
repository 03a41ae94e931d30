/*
 * office.c - what all desks of a process share: keys, templates, the signer
 */
#include <stdlib.h>
#include <string.h>

#include "move.h"
#include "password.h"
#include "ouv/clock.h"
#include "ouv/history.h"
#include "ouv/log.h"
#include "ouv/setup.h"
#include "ouv/store_keys.h"

struct wanted {
	size_t key;    /* offset in struct ouv_office */
	size_t config; /* offset in struct ouv_config */
	unsigned kinds;
	bool both; /* what lies under the former one is opened as well */
};

#define FOR(kind) (1U << OUV_DESK_##kind)
/* clang-format off */
static const struct wanted wanted[] = {
	{ offsetof(struct ouv_office, svc),    offsetof(struct ouv_config, keys_svc_file),     FOR(GATEWAY), true },
	{ offsetof(struct ouv_office, sig),    offsetof(struct ouv_config, keys_gw_sig_file),  FOR(GATEWAY), false },
	{ offsetof(struct ouv_office, sig),    offsetof(struct ouv_config, keys_srv_sig_file), FOR(SERVER), false },
	{ offsetof(struct ouv_office, pepper), offsetof(struct ouv_config, keys_pepper_file),  FOR(SERVER) | FOR(OPERATOR), true },
	{ offsetof(struct ouv_office, k_id),   offsetof(struct ouv_config, keys_k_id_file),    FOR(GATEWAY) | FOR(SERVER), true },
	{ offsetof(struct ouv_office, k_tok),  offsetof(struct ouv_config, keys_k_tok_file),   FOR(GATEWAY) | FOR(SERVER), true },
};
/* clang-format on */

static enum ouv_err
read_keys(struct ouv_office *office)
{
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		struct ouv_key **key =
			(struct ouv_key **)(void *)((char *)office +
						    wanted[i].key);
		const char *const *path =
			(const char *const *)(const void *)((const char *)office
								    ->config +
							    wanted[i].config);

		if (wanted[i].kinds & (1U << office->kind))
			TRY(wanted[i].both ? ouv_key_read_both(*path, key)
					   : ouv_key_read(*path, key));
	}
	if (ouv_unhex(office->config->keys_root_public, office->root,
		    sizeof(office->root)) != OUV_OK) {
		ouv_log_error("[keys] root_public is not set; run "
			      "`ouvidoria key init` and put it there");
		return OUV_INVALID;
	}
	if (office->sig != NULL)
		ouv_sign_public(ouv_key_bytes(office->sig), office->sig_public);
	return OUV_OK;
}

static enum ouv_err
read_templates(struct ouv_office *office)
{
	struct ouv_tmpl_error error = { 0 };
	enum ouv_err err = ouv_tmpl_load(
		office->config->paths_templates, &office->templates, &error);

	if (err != OUV_OK)
		ouv_log_error("templates in %s: %s:%d: %s",
			office->config->paths_templates, error.template,
			error.line, error.what);
	return err;
}

/* The words of every letter, and whether the office's own values fit. */
static enum ouv_err
read_texts(struct ouv_office *office)
{
	struct ouv_text_error error = { 0 };
	json_t *own = json_object();
	enum ouv_err err = ouv_text_read(
		office->config->paths_templates, &office->texts, &error);

	letter_office(office->config, own);
	if (err == OUV_OK)
		err = ouv_text_office(office->texts, own, &error);
	json_decref(own);
	if (err != OUV_OK) {
		ouv_log_error("texts in %s: %s: %s %s",
			office->config->paths_templates, error.text, error.var,
			error.what);
		return err;
	}
	return texts_read(office);
}

static enum ouv_err
load_lint(const struct ouv_config *config, struct ouv_lint_set **set_out)
{
	struct ouv_lint_error error = { 0 };
	enum ouv_err err =
		ouv_lint_load(config->paths_lint_rules, set_out, &error);

	if (err != OUV_OK)
		ouv_log_error("lint rules %s: %s: %s", config->paths_lint_rules,
			error.rule, error.what);
	return err;
}

/* What a program read before its children began; theirs as well. */
static struct ouv_lint_set *shared;

enum ouv_err
ouv_setup_rules(const struct ouv_config *config)
{
	return load_lint(config, &shared);
}

static enum ouv_err
read_lint(struct ouv_office *office)
{
	if (shared == NULL)
		return load_lint(office->config, &office->lint);
	office->lint = shared;
	return OUV_OK;
}

enum ouv_err
ouv_setup_texts(struct ouv_office *office)
{
	TRY(read_texts(office));
	return read_lint(office);
}

enum ouv_err
office_calendar(struct ouv_office *office)
{
	struct ouv_calendar_error error;
	enum ouv_err err;

	if (office->calendar.calendar.name != NULL)
		return OUV_OK;
	err = ouv_calendar_read(office->arena, office->config->paths_calendars,
		office->config->office_calendar, &office->calendar, &error);
	if (err != OUV_OK)
		ouv_log_error("calendars in %s: %s: %s",
			office->config->paths_calendars, error.file,
			error.what);
	return err;
}

/* Our own mail, seen again, is known by this; it is no secret. */
static void
loop_mark(const struct ouv_id *tenant, char out[33])
{
	uint8_t mark[OUV_KEY];

	ouv_hash("loop", tenant->b, sizeof(tenant->b), mark);
	ouv_hex(mark, 16, out);
}

void
ouv_desk_mail_office(
	const struct ouv_config *config, struct ouv_mail_office *office_out)
{
	/* The same whenever it is asked: a process serves one office. */
	static char mark[33];
	struct ouv_id tenant;

	if (ouv_id_parse(config->office_tenant, &tenant) == OUV_OK)
		loop_mark(&tenant, mark);
	*office_out = (struct ouv_mail_office){
		.address = config->office_address,
		.reply_local = config->office_reply_local,
		.authserv_id = *config->mailgw_authserv_id
				       ? config->mailgw_authserv_id
				       : NULL,
		.loop_id = mark,
	};
}

enum ouv_err
ouv_office_new(const struct ouv_config *config, enum ouv_desk_kind kind,
	struct ouv_office **office_out)
{
	struct ouv_office *office = calloc(1, sizeof(*office));
	enum ouv_err err;

	if (office == NULL)
		abort();
	office->config = config;
	office->kind = kind;
	office->arena = ouv_arena_new(OUV_ARENA_PLAIN);
	(void)pthread_mutex_init(&office->signer.lock, NULL);
	ouv_clock_zone(config->office_time_zone);
	err = ouv_id_parse(config->office_tenant, &office->tenant);
	if (err == OUV_OK)
		err = read_keys(office);
	if (err == OUV_OK && kind != OUV_DESK_OPERATOR)
		err = read_templates(office);
	if (err == OUV_OK && kind != OUV_DESK_OPERATOR)
		err = read_texts(office);
	if (err == OUV_OK && kind != OUV_DESK_OPERATOR)
		err = read_lint(office);
	if (err == OUV_OK && kind != OUV_DESK_OPERATOR)
		err = office_calendar(office);
	if (err != OUV_OK) {
		ouv_office_free(&office);
		return err;
	}
	loop_mark(&office->tenant, office->loop_id);
	office->signer.id = ouv_id_new();
	ouv_random(office->signer.key, sizeof(office->signer.key));
	*office_out = office;
	return OUV_OK;
}

void
ouv_office_free(struct ouv_office **office)
{
	struct ouv_office *o = *office;

	if (o == NULL)
		return;
	ouv_key_free(&o->svc);
	ouv_key_free(&o->k_id);
	ouv_key_free(&o->k_tok);
	ouv_key_free(&o->pepper);
	ouv_key_free(&o->sig);
	ouv_wipe(o->signer.key, sizeof(o->signer.key));
	ledger_free(&o->signer.ledger);
	if (o->templates != NULL)
		ouv_tmpl_free(&o->templates);
	ouv_text_free(&o->texts);
	if (o->lint != shared)
		ouv_lint_free(&o->lint);
	password_free(o);
	ouv_arena_free(&o->arena);
	(void)pthread_mutex_destroy(&o->signer.lock);
	free(o);
	*office = NULL;
}

const struct ouv_config *
ouv_office_config(const struct ouv_office *office)
{
	return office->config;
}

const struct ouv_tmpl_set *
ouv_office_templates(const struct ouv_office *office)
{
	return office->templates;
}

const struct ouv_key *
ouv_office_pepper(const struct ouv_office *office)
{
	return office->pepper;
}

/* ---- one worker's desk ------------------------------------------------------
 */

/* Without the one before it nobody of before would be known again, and what
 * is written meanwhile would stay so. */
static enum ouv_err
former_held(const struct ouv_desk *desk, struct store_tx *tx)
{
	const struct ouv_key *k_id = desk->office->k_id;
	const char *path = desk->office->config->keys_k_id_file;
	bool stands = false;

	if (desk->office->kind == OUV_DESK_OPERATOR ||
		ouv_key_former(k_id) != NULL)
		return OUV_OK;
	TRY(store_ident_former(tx, (int)ouv_key_version(k_id), &stands));
	if (!stands)
		return OUV_OK;
	ouv_log_error("k_id version %u is here and the one before it, which is "
		      "not retired, is not: put %s" OUV_KEY_OLD " back, or end "
		      "it with `ouvidoria key retire k-id`",
		(unsigned)ouv_key_version(k_id), path);
	return OUV_INVALID;
}

static enum ouv_err
check_office(struct ouv_desk *desk)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	const struct ouv_terms *terms;
	struct ouv_id tenant;
	enum ouv_err err;

	TRY(store_begin(desk->store, &tx));
	err = store_office_tenant(tx, &tenant);
	if (err == OUV_NOT_FOUND) {
		ouv_log_error("the database has no office yet; run "
			      "`ouvidoria key init`");
		return OUV_INVALID;
	}
	if (err != OUV_OK)
		return err;
	if (!ouv_id_equal(&tenant, &desk->office->tenant)) {
		ouv_log_error("the database belongs to another office: "
			      "[office] tenant differs");
		return OUV_INVALID;
	}
	TRY(former_held(desk, tx));
	TRY(svc_held(desk, tx));
	TRY(keys_load(desk, tx));
	TRY(svc_sealed_to(desk, tx));
	if (desk->office->kind != OUV_DESK_OPERATOR) {
		TRY(log_signer(desk, tx));
		/* A profile that is not there is told now, not when a case
		 * needs it. */
		TRY(terms_live(desk, tx, NULL, &terms));
	}
	return store_commit(&tx);
}

#define CLOCK_SKEW_MOST 5

enum ouv_err
ouv_desk_open(struct ouv_office *office, struct ouv_desk **desk_out)
{
	static const enum store_role roles[] = {
		[OUV_DESK_GATEWAY] = STORE_GATEWAY,
		[OUV_DESK_SERVER] = STORE_SERVER,
		[OUV_DESK_OPERATOR] = STORE_OWNER,
	};
	struct ouv_desk *desk = calloc(1, sizeof(*desk));
	int64_t skew = 0;
	enum ouv_err err;

	if (desk == NULL)
		abort();
	desk->office = office;
	desk->worker = ouv_id_new();
	err = store_open(office->config, roles[office->kind], &desk->store);
	if (err == OUV_OK)
		err = store_clock_skew(desk->store, &skew);
	if (err == OUV_OK &&
		(skew > CLOCK_SKEW_MOST || skew < -CLOCK_SKEW_MOST)) {
		ouv_log_error("this host's clock is %lld s away from the "
			      "database's; set it",
			(long long)skew);
		err = OUV_INVALID;
	}
	if (err == OUV_OK)
		err = check_office(desk);
	if (err != OUV_OK) {
		ouv_desk_close(&desk);
		return err;
	}
	*desk_out = desk;
	return OUV_OK;
}

void
ouv_desk_close(struct ouv_desk **desk)
{
	if (*desk == NULL)
		return;
	/* An operator's run is as short as its desk. */
	if ((*desk)->office->kind == OUV_DESK_OPERATOR &&
		(*desk)->store != NULL)
		(void)!ouv_desk_checkpoint(*desk, true);
	texts_free(*desk);
	if ((*desk)->store != NULL)
		store_close(&(*desk)->store);
	absence_free(*desk);
	codes_free(*desk);
	live_free(*desk);
	keys_free(*desk);
	free(*desk);
	*desk = NULL;
}

void
ouv_desk_worker(struct ouv_desk *desk, const struct ouv_id *worker)
{
	desk->worker = *worker;
}

enum ouv_err
ouv_desk_ping(struct ouv_desk *desk)
{
	return store_ping(desk->store);
}

enum ouv_err
ouv_desk_listen(struct ouv_desk *desk, const char *channel)
{
	return store_listen(desk->store, channel);
}

int
ouv_desk_socket(const struct ouv_desk *desk)
{
	return store_socket(desk->store);
}

bool
ouv_desk_notified(struct ouv_desk *desk)
{
	return store_notified(desk->store);
}
