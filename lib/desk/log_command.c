/*
 * log_command.c - what an operator's command changes is in the log as well
 *
 * Nobody has logged in then: the entry names no person, and the run is signed
 * with the server's key, whose file lies on the host where such commands are
 * given.  A command that has a store and no desk gets what of one the log
 * needs.
 */
#include <stdlib.h>
#include <string.h>

#include "desk_impl.h"
#include "ouv/history.h"
#include "ouv/log.h"

#define NAME_MOST 200

enum ouv_err
log_command(struct ouv_desk *desk, struct store_tx *tx, const char *action,
	const struct ouv_id *object, const char *name)
{
	struct ouv_str details = { name, name != NULL ? strlen(name) : 0 };

	if (details.len > NAME_MOST)
		details.len = NAME_MOST;
	TRY(log_operator(desk, tx, NULL, NULL));
	return log_own_named(desk, tx, NULL, action, object, details);
}

struct command_log {
	struct ouv_office office;
	struct ouv_desk desk;
};

static enum ouv_err
open_log(struct command_log *log, const struct ouv_config *config,
	struct store *store, struct store_tx *tx)
{
	struct ouv_office *office = &log->office;

	office->config = config;
	office->kind = OUV_DESK_OPERATOR;
	(void)pthread_mutex_init(&office->signer.lock, NULL);
	office->signer.id = ouv_id_new();
	ouv_random(office->signer.key, sizeof(office->signer.key));
	log->desk.office = office;
	log->desk.store = store;
	if (ouv_unhex(config->keys_root_public, office->root,
		    sizeof(office->root)) != OUV_OK) {
		ouv_log_error("[keys] root_public is not set");
		return OUV_INVALID;
	}
	TRY(store_office_tenant(tx, &office->tenant));
	return keys_load(&log->desk, tx);
}

enum ouv_err
command_log_write(struct command_log **log, const struct ouv_config *config,
	struct store *store, struct store_tx *tx, const char *action,
	const struct ouv_id *object, const char *name)
{
	struct ouv_id tenant;
	enum ouv_err err = store_office_tenant(tx, &tenant);

	/* Before `key init` there is nobody whose log it could be. */
	if (err == OUV_NOT_FOUND)
		return OUV_OK;
	TRY(err);
	if (*log == NULL) {
		*log = calloc(1, sizeof(**log));
		if (*log == NULL)
			abort();
		TRY(open_log(*log, config, store, tx));
	}
	return log_command(&(*log)->desk, tx, action, object, name);
}

void
command_log_end(struct command_log **log)
{
	struct command_log *l = *log;

	if (l == NULL)
		return;
	(void)ouv_desk_checkpoint(&l->desk, true);
	ouv_key_free(&l->office.sig);
	ouv_wipe(l->office.signer.key, sizeof(l->office.signer.key));
	ledger_free(&l->office.signer.ledger);
	keys_free(&l->desk);
	(void)pthread_mutex_destroy(&l->office.signer.lock);
	free(l);
	*log = NULL;
}
