/*
 * migrate.c - the schema, one numbered file after the other, each once
 *
 * A file that was applied is history: it must be there and unchanged.  Each is
 * one transaction together with its row in schema_migration, under a lock that
 * one migrator holds.  The connection leaves pipeline mode for it: a file is
 * many statements.
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <gnutls/crypto.h>

#include "inner.h"
#include "ouv/log.h"

#define HASH 32
#define FILE_MAX ((size_t)4 * 1024 * 1024)
#define TRIES 5 /* a lock may be late once */

struct migration {
	int number;
	const char *name; /* of the file */
	struct ouv_str text;
	uint8_t hash[HASH];
};

struct plan {
	struct ouv_arena *arena;
	const char *folder;
	struct migration *files;
	size_t count;
};

/* ---- the folder -------------------------------------------------------- */

/* NNNN_name.sql; other files (a dump, a text) may stand beside them. */
static int
is_migration(const struct dirent *entry)
{
	const char *name = entry->d_name;
	size_t len = strlen(name);

	for (int i = 0; i < 4; i++)
		if (!isdigit((unsigned char)name[i]))
			return 0;
	return name[4] == '_' && len > 9 && strcmp(name + len - 4, ".sql") == 0;
}

static enum ouv_err
read_file(const struct plan *plan, struct migration *m)
{
	const char *path =
		ouv_arena_printf(plan->arena, "%s/%s", plan->folder, m->name);
	FILE *file = fopen(path, "re");
	char *text = ouv_arena_alloc(plan->arena, FILE_MAX + 1);
	size_t len;
	int bad;

	if (file == NULL) {
		ouv_log_error("migration %s: %s", path, strerror(errno));
		return OUV_INVALID;
	}
	len = fread(text, 1, FILE_MAX + 1, file);
	bad = ferror(file);
	(void)fclose(file);
	if (bad || len == 0 || len > FILE_MAX || memchr(text, 0, len) != NULL) {
		ouv_log_error("migration %s: cannot be read whole", path);
		return OUV_INVALID;
	}
	m->text = (struct ouv_str){ text, len };
	if (gnutls_hash_fast(GNUTLS_DIG_SHA256, text, len, m->hash) != 0)
		abort();
	return OUV_OK;
}

static enum ouv_err
read_folder(struct plan *plan)
{
	struct dirent **entries;
	int n = scandir(plan->folder, &entries, is_migration, alphasort);
	enum ouv_err err = OUV_OK;

	if (n < 0) {
		ouv_log_error(
			"migrations %s: %s", plan->folder, strerror(errno));
		return OUV_INVALID;
	}
	plan->files =
		ouv_arena_array(plan->arena, (size_t)n, sizeof(*plan->files));
	plan->count = (size_t)n;
	for (int i = 0; i < n; i++) {
		struct migration *m = &plan->files[i];

		m->name = ouv_arena_strdup(plan->arena, entries[i]->d_name);
		m->number = (int)strtol(m->name, NULL, 10);
		if (err == OUV_OK && m->number != i + 1) {
			ouv_log_error("migrations %s: %s should have number "
				      "%04d",
				plan->folder, m->name, i + 1);
			err = OUV_INVALID;
		}
		if (err == OUV_OK)
			err = read_file(plan, m);
		free(entries[i]);
	}
	free(entries);
	if (err == OUV_OK && n == 0) {
		ouv_log_error(
			"migrations %s: no NNNN_name.sql in it", plan->folder);
		err = OUV_INVALID;
	}
	return err;
}

/* ---- the database ------------------------------------------------------ */

static enum ouv_err
judge(struct store *store, const char *what, const PGresult *res)
{
	const char *sqlstate, *text, *at;

	if (PQresultStatus(res) == PGRES_COMMAND_OK ||
		PQresultStatus(res) == PGRES_TUPLES_OK)
		return OUV_OK;
	sqlstate = PQresultErrorField(res, PG_DIAG_SQLSTATE);
	text = PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY);
	at = PQresultErrorField(res, PG_DIAG_STATEMENT_POSITION);
	if (sqlstate == NULL || PQstatus(store->conn) != CONNECTION_OK) {
		ouv_log_error("%s: the connection was lost", what);
		return OUV_TEMPORARY;
	}
	/* Nothing of ours is quoted here but the schema's own text. */
	ouv_log_error("%s: %s %s%s%s", what, sqlstate, text != NULL ? text : "",
		at != NULL ? ", at character " : "", at != NULL ? at : "");
	return strcmp(sqlstate, "55P03") == 0 ? OUV_TEMPORARY : OUV_INVALID;
}

static enum ouv_err
script(struct store *store, const char *what, const char *text)
{
	PGresult *res RESULT;

	res = PQexec(store->conn, text);
	return judge(store, what, res);
}

static enum ouv_err
query(struct store *store, enum sql_id id, int count, const char *const *values,
	const int *lengths, PGresult **res_out)
{
	static const int formats[] = { 0, 0, 1 };
	PGresult *res RESULT;

	res = PQexecParams(store->conn, sql_texts[id].text, count, NULL, values,
		lengths, formats, 1);
	TRY(judge(store, sql_texts[id].name, res));
	if (res_out != NULL) {
		*res_out = res;
		res = NULL;
	}
	return OUV_OK;
}

static enum ouv_err
plain(struct store *store, enum sql_id id)
{
	return query(store, id, 0, NULL, NULL, NULL);
}

static enum ouv_err
limits(struct store *store, const char *statement, const char *lock)
{
	const char *values[] = { statement, lock };

	return query(store, SQL_MIGRATE_LIMITS, 2, values, NULL, NULL);
}

static enum ouv_err
check_roles(struct store *store)
{
	PGresult *res RESULT;

	TRY(query(store, SQL_MIGRATE_ROLES, 0, NULL, NULL, &res));
	for (int i = 0; i < PQntuples(res); i++)
		ouv_log_error("database: the role %s does not exist; a "
			      "superuser makes it: CREATE ROLE %s LOGIN "
			      "PASSWORD '...'",
			PQgetvalue(res, i, 0), PQgetvalue(res, i, 0));
	return PQntuples(res) == 0 ? OUV_OK : OUV_INVALID;
}

/* How many of the files are in the database already. */
static enum ouv_err
compare(struct store *store, const struct plan *plan, size_t *applied_out)
{
	PGresult *res RESULT;

	TRY(query(store, SQL_MIGRATE_APPLIED, 0, NULL, NULL, &res));
	for (int i = 0; i < PQntuples(res); i++) {
		struct row row = row_at(res, i);
		int number = (int)row_int(&row);
		const char *name = row_peek(&row).p;
		uint8_t hash[HASH];

		(void)row_bytes(&row, hash, sizeof(hash));
		if ((size_t)i >= plan->count || number != i + 1 ||
			strcmp(plan->files[i].name, name) != 0) {
			ouv_log_error("migrations %s: %s was applied and is "
				      "not there",
				plan->folder, name);
			return OUV_INVALID;
		}
		if (memcmp(hash, plan->files[i].hash, HASH) != 0) {
			ouv_log_error("migrations %s: %s was applied and has "
				      "changed since; put it back and write a "
				      "new one",
				plan->folder, name);
			return OUV_INVALID;
		}
	}
	*applied_out = (size_t)PQntuples(res);
	return OUV_OK;
}

static enum ouv_err
apply_once(struct store *store, const struct migration *m)
{
	char number[16];
	const char *values[] = { number, m->name, (const char *)m->hash };
	const int lengths[] = { 0, 0, HASH };
	enum ouv_err err;

	(void)snprintf(number, sizeof(number), "%d", m->number);
	TRY(script(store, m->name, sql_texts[SQL_BEGIN].text));
	err = script(store, m->name, m->text.p);
	/* A file that ended the transaction itself would leave half of it. */
	if (err == OUV_OK &&
		PQtransactionStatus(store->conn) != PQTRANS_INTRANS) {
		ouv_log_error("%s: has a COMMIT or ROLLBACK in it", m->name);
		err = OUV_INVALID;
	}
	if (err == OUV_OK)
		err = query(store, SQL_MIGRATE_ADD, 3, values, lengths, NULL);
	if (err == OUV_OK)
		return script(store, m->name, sql_texts[SQL_COMMIT].text);
	if (script(store, m->name, sql_texts[SQL_ROLLBACK].text) != OUV_OK)
		return OUV_TEMPORARY;
	return err;
}

static enum ouv_err
apply(struct store *store, const struct migration *m)
{
	enum ouv_err err = OUV_TEMPORARY;

	for (int i = 0; i < TRIES && err == OUV_TEMPORARY &&
			PQstatus(store->conn) == CONNECTION_OK;
		i++)
		err = apply_once(store, m);
	if (err == OUV_OK)
		ouv_log_info("migration %s applied", m->name);
	return err;
}

static enum ouv_err
migrate_locked(struct store *store, const struct plan *plan, int *applied_out)
{
	size_t done;

	TRY(plain(store, SQL_MIGRATE_TABLE));
	TRY(plain(store, SQL_MIGRATE_GRANT));
	TRY(compare(store, plan, &done));
	*applied_out = (int)(plan->count - done);
	for (; done < plan->count; done++)
		TRY(apply(store, &plan->files[done]));
	return OUV_OK;
}

static enum ouv_err
migrate_plain(struct store *store, const struct plan *plan, int *applied_out)
{
	enum ouv_err err;

	TRY(check_roles(store));
	TRY(limits(store, "0", "60s"));
	TRY(plain(store, SQL_MIGRATE_LOCK));
	err = limits(store, "0", "2s");
	if (err == OUV_OK)
		err = migrate_locked(store, plan, applied_out);
	if (PQstatus(store->conn) != CONNECTION_OK)
		return err;
	if (plain(store, SQL_MIGRATE_UNLOCK) != OUV_OK && err == OUV_OK)
		err = OUV_TEMPORARY;
	return err;
}

enum ouv_err
store_migrate(struct store *store, const char *folder, int *applied_out)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_PLAIN);
	struct plan plan = { .arena = arena, .folder = folder };
	enum ouv_err err;
	int applied = 0;

	TRY(read_folder(&plan));
	TRY(conn_need(store));
	if (store->tx.open || PQexitPipelineMode(store->conn) != 1 ||
		PQsetnonblocking(store->conn, 0) != 0)
		return OUV_INVALID;
	err = migrate_plain(store, &plan, &applied);
	/* With its changed limits this connection is of no further use. */
	conn_drop(store);
	if (err == OUV_OK)
		*applied_out = applied;
	return err;
}
