/*
 * conn.c - one connection: made, checked, lost, made again
 *
 * Every setting a transaction depends on is given at connect, so that a new
 * connection is never in a state of its own.
 */
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "inner.h"
#include "ouv/clock.h"
#include "ouv/log.h"

#define PASSWORD_MAX 1024
#define OPTIONS_MAX 1024

/* Limits, so that nobody waits for ever; durability, whatever the server's own
 * default; and a planner for many short questions: no compiling, no workers of
 * its own, and indexes, as on a disk without a moving head. */
static const char settings[] = "-c statement_timeout=15000"
			       " -c lock_timeout=3000"
			       " -c idle_in_transaction_session_timeout=30000"
			       " -c synchronous_commit=on"
			       " -c search_path=public,pg_temp"
			       " -c client_min_messages=warning"
			       " -c jit=off"
			       " -c max_parallel_workers_per_gather=0"
			       " -c random_page_cost=1.1";

struct login {
	const char *program, *user, *password_file;
};

static struct login
login_of(const struct ouv_config *config, enum store_role role)
{
	const struct login logins[] = {
		[STORE_OWNER] = { "ouvidoria", config->db_owner_user,
			config->db_owner_password_file },
		[STORE_GATEWAY] = { "ouvidoria-mailgw", config->db_gateway_user,
			config->db_gateway_password_file },
		[STORE_SERVER] = { "ouvidoria-server", config->db_server_user,
			config->db_server_password_file },
	};

	return logins[role];
}

/* A notice may quote a row. */
static void
drop_notice(void *user, const PGresult *notice)
{
	(void)user;
	ouv_log_debug("database: notice %s",
		PQresultErrorField(notice, PG_DIAG_SQLSTATE) != NULL
			? PQresultErrorField(notice, PG_DIAG_SQLSTATE)
			: "");
}

static PGconn *
dial(const struct ouv_config *config, const struct login *login,
	const char *password)
{
	/* What is today, and this month, is so in the office's time zone. */
	char options[OPTIONS_MAX];
	/* What stands before dbname the dsn may change, what follows not. */
	const struct {
		const char *key, *value;
	} words[] = {
		{ "target_session_attrs", "read-write" },
		{ "connect_timeout", "5" },
		{ "keepalives_idle", "30" },
		{ "keepalives_interval", "10" },
		{ "keepalives_count", "3" },
		{ "tcp_user_timeout", "30000" },
		{ "dbname", config->db_dsn },
		{ "user", login->user },
		{ "password", password },
		{ "application_name", login->program },
		{ "client_encoding", "UTF8" },
		{ "options", options },
	};
	enum {
		WORDS = sizeof(words) / sizeof(words[0])
	};
	const char *keys[WORDS + 1] = { NULL }, *values[WORDS + 1] = { NULL };

	(void)snprintf(options, sizeof(options), "%s -c timezone=%s", settings,
		config->office_time_zone);
	for (size_t i = 0; i < WORDS; i++) {
		keys[i] = words[i].key;
		values[i] = words[i].value;
	}
	return PQconnectdbParams(keys, values, 1);
}

/* libpq says of each of its words whether it is shown while it is typed. */
enum ouv_err
store_dsn_secret(const char *dsn, bool *is_out)
{
	PQconninfoOption *words = PQconninfoParse(dsn, NULL);
	bool is = false;

	if (words == NULL) {
		ouv_log_error("[database] dsn is no connection string");
		return OUV_INVALID;
	}
	for (const PQconninfoOption *w = words; w->keyword != NULL; w++)
		is = is || (w->val != NULL && strchr(w->dispchar, '*') != NULL);
	PQconninfoFree(words);
	*is_out = is;
	return OUV_OK;
}

static enum ouv_err
connect_as(struct store *store)
{
	struct login login = login_of(store->config, store->role);
	char password[PASSWORD_MAX + 1] = "", text[512];
	size_t len = 0;
	enum ouv_err err = OUV_OK;
	PGconn *conn;

	if (login.password_file != NULL && *login.password_file != '\0')
		err = ouv_secret_read(
			login.password_file, password, PASSWORD_MAX, &len);
	if (err == OUV_OK) {
		password[len] = '\0';
		conn = dial(store->config, &login, len > 0 ? password : NULL);
	}
	explicit_bzero(password, sizeof(password));
	if (err != OUV_OK)
		return err;
	if (PQstatus(conn) != CONNECTION_OK) {
		/* libpq names the host and the user, never the password. */
		(void)snprintf(text, sizeof(text), "%s", PQerrorMessage(conn));
		text[strcspn(text, "\n")] = '\0';
		ouv_log_error("database: cannot connect: %s", text);
		PQfinish(conn);
		return OUV_TEMPORARY;
	}
	(void)PQsetNoticeReceiver(conn, drop_notice, NULL);
	store->conn = conn;
	return OUV_OK;
}

/* Before anything is prepared: one clear line, not eighty. */
static enum ouv_err
check_schema(struct store *store)
{
	PGresult *res RESULT;
	int64_t number = 0;

	if (store->bare)
		return OUV_OK;
	res = PQexecParams(store->conn, sql_texts[SQL_SCHEMA_NUMBER].text, 0,
		NULL, NULL, NULL, NULL, 1);
	if (PQstatus(store->conn) != CONNECTION_OK)
		return OUV_TEMPORARY;
	if (PQresultStatus(res) == PGRES_TUPLES_OK) {
		struct row row = row_at(res, 0);

		number = row_int(&row);
	}
	if (number == STORE_SCHEMA)
		return OUV_OK;
	ouv_log_error("database: the schema has number %lld and this program "
		      "needs %d: run `ouvidoria migrate` of the same version",
		(long long)number, STORE_SCHEMA);
	return OUV_INVALID;
}

static bool
is_prepared(enum store_role role, const struct sql_text *sql)
{
	return !(sql->flags & SQL_BARE) &&
	       (role == STORE_OWNER || (sql->roles & (1U << role)));
}

static enum ouv_err
prepare_all(struct store *store)
{
	if (store->bare)
		return OUV_OK;
	for (enum sql_id id = 0; id < SQL__COUNT; id++) {
		const struct sql_text *sql = &sql_texts[id];

		if (!is_prepared(store->role, sql))
			continue;
		if (PQsendPrepare(store->conn, sql->name, sql->text, 0, NULL) !=
			1)
			return OUV_TEMPORARY;
		pipe_sent(store, id);
	}
	return pipe_sync(store, NULL);
}

static enum ouv_err
listen_again(struct store *store)
{
	char text[CHANNEL_LEN + 16];

	for (size_t i = 0; i < store->channel_count; i++) {
		/* The name was looked at by store_listen. */
		(void)snprintf(
			text, sizeof(text), "LISTEN %s", store->channels[i]);
		if (PQsendQueryParams(store->conn, text, 0, NULL, NULL, NULL,
			    NULL, 1) != 1)
			return OUV_TEMPORARY;
		pipe_sent(store, SQL_PING);
	}
	return store->channel_count == 0 ? OUV_OK : pipe_sync(store, NULL);
}

void
conn_lost(struct store *store)
{
	if (store->conn != NULL)
		ouv_log_warn("database: connection lost");
	conn_drop(store);
}

void
conn_drop(struct store *store)
{
	PQfinish(store->conn);
	store->conn = NULL;
	store->queued = 0;
	store->queued_bytes = 0;
	if (store->tx.open)
		store->tx.failed = OUV_TEMPORARY;
}

static enum ouv_err
set_up(struct store *store)
{
	TRY(check_schema(store));
	if (PQsetnonblocking(store->conn, 1) != 0 ||
		PQenterPipelineMode(store->conn) != 1)
		return OUV_TEMPORARY;
	TRY(prepare_all(store));
	return listen_again(store);
}

static enum ouv_err
reconnect(struct store *store)
{
	enum ouv_err err;

	TRY(connect_as(store));
	err = set_up(store);
	if (err != OUV_OK) {
		conn_drop(store);
		return err;
	}
	/* What was announced while nobody listened. */
	store->notified = store->channel_count > 0;
	return OUV_OK;
}

static bool
readable(int fd)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };

	return poll(&pfd, 1, 0) > 0;
}

/* A server that went away has said so by now: better to find out here than
 * with the first result of a transaction.  The last words and the end of the
 * stream are two reads. */
static bool
is_alive(struct store *store)
{
	for (int i = 0; i < 16 && readable(PQsocket(store->conn)); i++) {
		if (PQconsumeInput(store->conn) != 1)
			return false;
		(void)PQisBusy(store->conn);
	}
	return PQstatus(store->conn) == CONNECTION_OK;
}

enum ouv_err
conn_need(struct store *store)
{
	if (store->conn != NULL && !is_alive(store))
		conn_lost(store);
	return store->conn != NULL ? OUV_OK : reconnect(store);
}

static enum ouv_err
open_store(const struct ouv_config *config, enum store_role role, bool bare,
	struct store **store_out)
{
	struct store *store = calloc(1, sizeof(*store));
	enum ouv_err err;

	if (store == NULL)
		abort();
	store->config = config;
	store->role = role;
	store->bare = bare;
	store->scratch = ouv_arena_new(OUV_ARENA_PLAIN);
	err = reconnect(store);
	if (err != OUV_OK) {
		store_close(&store);
		return err;
	}
	*store_out = store;
	return OUV_OK;
}

enum ouv_err
store_open(const struct ouv_config *config, enum store_role role,
	struct store **store_out)
{
	return open_store(config, role, false, store_out);
}

enum ouv_err
store_open_bare(const struct ouv_config *config, enum store_role role,
	struct store **store_out)
{
	return open_store(config, role, true, store_out);
}

void
store_close(struct store **store)
{
	if (store == NULL || *store == NULL)
		return;
	PQfinish((*store)->conn);
	ouv_arena_free(&(*store)->scratch);
	free(*store);
	*store = NULL;
}

enum ouv_err
store_ping(struct store *store)
{
	return sql_once(store, SQL_PING, NULL, NO_ARGS);
}

enum ouv_err
store_clock_skew(struct store *store, int64_t *skew_secs_out)
{
	PGresult *res RESULT;
	int64_t before, after;
	struct row row;

	before = ouv_clock_now_us();
	TRY(sql_once(store, SQL_CLOCK, &res, NO_ARGS));
	after = ouv_clock_now_us();
	row = row_at(res, 0);
	*skew_secs_out =
		(before + (after - before) / 2 - row_int(&row)) / 1000000;
	return OUV_OK;
}

int
store_socket(const struct store *store)
{
	return store->conn != NULL ? PQsocket(store->conn) : -1;
}

enum ouv_err
store_listen(struct store *store, const char *channel)
{
	if (strspn(channel, "abcdefghijklmnopqrstuvwxyz_") != strlen(channel) ||
		*channel == '\0' || strlen(channel) >= CHANNEL_LEN ||
		store->channel_count == CHANNELS || store->tx.open) {
		ouv_log_error("database: cannot listen on %s", channel);
		return OUV_INVALID;
	}
	(void)snprintf(store->channels[store->channel_count], CHANNEL_LEN, "%s",
		channel);
	/* The name counts from here on: a new connection listens by itself. */
	store->channel_count++;
	TRY(conn_need(store));
	return listen_again(store);
}

bool
store_notified(struct store *store)
{
	bool notified = store->notified;
	PGnotify *note;

	store->notified = false;
	if (store->conn == NULL)
		return notified;
	if (!is_alive(store)) {
		conn_lost(store);
		return notified;
	}
	while ((note = PQnotifies(store->conn)) != NULL) {
		notified = true;
		PQfreemem(note);
	}
	return notified;
}
