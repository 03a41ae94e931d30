/*
 * store_place.h - a real PostgreSQL for the tests of lib/store
 *
 * Started by pg_temp.sh, migrated by store_migrate, gone when the program ends
 * in whatever way: a child waits for the end of a pipe and takes it down.
 */
#ifndef STORE_PLACE_H
#define STORE_PLACE_H

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "ouv/clock.h"
#include "ouv/log.h"
#include "ouv/store.h"

#define SCRIPT "tests/unit/pg_temp.sh"
#define MIGRATIONS "migrations"

static struct place {
	char dir[64], dsn[128];
	struct ouv_config config;
	struct store *owner, *gateway, *server;
	struct ouv_arena *arena;
	int guard; /* closed with us */
	pid_t guardian;
} place;

static bool quiet; /* psql's complaints are expected */

/* Runs pg_temp.sh; what it prints goes to out.  Its exit status. */
static int
script(char *out, size_t cap, const char *verb, const char *dir,
	const char *text)
{
	int pipes[2], status = -1;
	size_t len = 0;
	ssize_t n;
	pid_t pid;

	assert_int_equal(pipe2(pipes, O_CLOEXEC), 0);
	pid = fork();
	if (pid == 0) {
		(void)dup2(pipes[1], STDOUT_FILENO);
		if (quiet && freopen("/dev/null", "w", stderr) == NULL)
			_exit(127);
		execl("/bin/sh", "sh", SCRIPT, verb, dir, text, (char *)NULL);
		_exit(127);
	}
	(void)close(pipes[1]);
	while (len + 1 < cap &&
		(n = read(pipes[0], out + len, cap - len - 1)) > 0)
		len += (size_t)n;
	out[len] = '\0';
	if (len > 0 && out[len - 1] == '\n')
		out[len - 1] = '\0';
	(void)close(pipes[0]);
	(void)waitpid(pid, &status, 0);
	return status;
}

/* As while k_id is not being changed. */
static inline struct store_token
known_by(struct ouv_id id)
{
	return (struct store_token){ id, id, 1 };
}

/* One statement as superuser; its rows as text. */
static const char *OUV_PRINTF(1, 2) sql(const char *format, ...)
{
	static char out[65536];
	char text[4096];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (script(out, sizeof(out), "sql", place.dir, text) != 0)
		fail_msg("psql refused: %s", text);
	return out;
}

/* Whether the superuser, acting as this role, may do so. */
static inline bool
may(const char *role, const char *text)
{
	char out[1024], both[1024];
	int status;

	(void)snprintf(both, sizeof(both), "SET ROLE %s; %s", role, text);
	quiet = true;
	status = script(out, sizeof(out), "sql", place.dir, both);
	quiet = false;
	return status == 0;
}

static inline const char *
hex(const struct ouv_id *id)
{
	static char text[8][OUV_ID_HEX];
	static unsigned next;
	char *out = text[next++ % 8];

	ouv_id_hex(id, out);
	return out;
}

static inline int
number(const char *text)
{
	return (int)strtol(text, NULL, 10);
}

static void
guard_cluster(void)
{
	int pipes[2];
	char c;

	assert_int_equal(pipe2(pipes, O_CLOEXEC), 0);
	place.guardian = fork();
	if (place.guardian == 0) {
		(void)close(pipes[1]);
		(void)setpgid(0, 0); /* Ctrl-C is for the tests */
		while (read(pipes[0], &c, 1) > 0)
			;
		execl("/bin/sh", "sh", SCRIPT, "stop", place.dir, (char *)NULL);
		_exit(127);
	}
	(void)close(pipes[0]);
	place.guard = pipes[1];
}

static int
place_start(void **state)
{
	struct store *bare = NULL;
	int applied = 0;

	(void)state;
	ouv_log_init("store_test", OUV_LOG_ERROR);
	if (access(SCRIPT, R_OK) != 0) {
		fputs("run this from the top folder of the sources\n", stderr);
		return -1;
	}
	if (script(place.dir, sizeof(place.dir), "start", NULL, NULL) != 0)
		return -1;
	guard_cluster();
	/* psql's days are the office's too. */
	(void)setenv("PGTZ", "America/Sao_Paulo", 1);
	(void)snprintf(place.dsn, sizeof(place.dsn),
		"host=%s port=5432 dbname=ouvidoria", place.dir);
	place.config = (struct ouv_config){ .db_dsn = place.dsn,
		.office_time_zone = "America/Sao_Paulo",
		.db_owner_user = "ouv_owner",
		.db_gateway_user = "ouv_gw",
		.db_server_user = "ouv_srv" };
	place.arena = ouv_arena_new(OUV_ARENA_PLAIN);
	if (store_open_bare(&place.config, STORE_OWNER, &bare) != OUV_OK ||
		store_migrate(bare, MIGRATIONS, &applied) != OUV_OK ||
		applied != STORE_SCHEMA)
		return -1;
	store_close(&bare);
	if (store_open(&place.config, STORE_OWNER, &place.owner) != OUV_OK ||
		store_open(&place.config, STORE_GATEWAY, &place.gateway) !=
			OUV_OK ||
		store_open(&place.config, STORE_SERVER, &place.server) !=
			OUV_OK)
		return -1;
	return 0;
}

static int
place_stop(void **state)
{
	(void)state;
	store_close(&place.owner);
	store_close(&place.gateway);
	store_close(&place.server);
	ouv_arena_free(&place.arena);
	(void)close(place.guard);
	return waitpid(place.guardian, NULL, 0) == place.guardian ? 0 : -1;
}

/* ---- rows of the least content ----------------------------------------- */

#define ok(call) assert_int_equal(call, OUV_OK)

static inline struct store_tx *
begin(struct store *store)
{
	struct store_tx *tx = NULL;

	ok(store_begin(store, &tx));
	return tx;
}

static inline struct store_case
a_case(enum ouv_state state)
{
	return (struct store_case){ .id = ouv_id_new(),
		.state = state,
		.lang = "pt-BR",
		.channel = "mail",
		.opened_at = 1700000000,
		.last_at = 1700000000,
		.key_version = 1,
		.summary = { "sealed", 6 } };
}

static inline struct store_item
an_item(const struct ouv_id *case_id)
{
	return (struct store_item){ .id = ouv_id_new(),
		.case_id = *case_id,
		.kind = OUV_ITEM_MAIL_IN,
		.lane = OUV_LANE_CONSUMER,
		.at = 1700000000,
		.key_version = 1,
		.body = { "sealed", 6 },
		.raw_padded = 4096 };
}

static inline struct ouv_id
add_person(const char *login, enum ouv_role role, bool desk)
{
	struct store_person person = { .id = ouv_id_new(),
		.login = login,
		.name = "Ana Prova",
		.lang = "it",
		.role = role,
		.desk = desk,
		.active = true,
		.pk = { 1 },
		.sig_pk = { 2 },
		.cert_admin = ouv_id_new(),
		.cert_sig = { 3 },
		.has_admin_sig = role == OUV_ROLE_ADMIN,
		.admin_sig = { 4 },
		.totp_box = { "seed", 4 } };
	struct store_tx *tx = begin(place.owner);

	ok(store_person_add(tx, &person));
	ok(store_commit(&tx));
	return person.id;
}

/* The same, who has logged in: their keys lie under a password. */
static inline struct ouv_id
colleague(const char *login, enum ouv_role role, bool desk)
{
	struct ouv_id id = add_person(login, role, desk);
	struct store_person_key key = { .person = id, .how = 1, .version = 1 };
	struct store_tx *tx = begin(place.owner);

	ok(store_person_key_add(tx, &key));
	ok(store_commit(&tx));
	return id;
}

#endif
