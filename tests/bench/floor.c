/*
 * floor.c - the fewest durable steps a mail can cost over libpq
 *
 * Reads one mail from standard input and stores copies of it: each is
 * encrypted, written by three inserts and committed.  Once with one commit for
 * every mail, once with 100 mails a commit, pipelined.  What the gateway does
 * beyond this is measured against it in the same run.
 *
 *   floor DSN MAILS < mail          prints {"single":…,"batch":…} mails/s
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <libpq-fe.h>
#include <sodium.h>

static PGconn *conn;

static void
die(const char *what)
{
	fprintf(stderr, "floor: %s: %s\n", what,
		conn != NULL ? PQerrorMessage(conn) : "");
	exit(1);
}

static double
now(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static void
run(const char *sql)
{
	PGresult *res = PQexec(conn, sql);

	if (PQresultStatus(res) != PGRES_COMMAND_OK)
		die(sql);
	PQclear(res);
}

static void
prepare(void)
{
	static const char *const statements[][2] = {
		{ "i", "INSERT INTO floor_inbound VALUES ($1::bytea, now())" },
		{ "c", "INSERT INTO floor_chunk VALUES ($1::bytea, "
		       "$2::bytea)" },
		{ "m", "INSERT INTO floor_item VALUES ($1::bytea, now())" },
	};

	run("DROP TABLE IF EXISTS floor_inbound, floor_chunk, floor_item");
	run("CREATE TABLE floor_inbound (id bytea PRIMARY KEY, at "
	    "timestamptz)");
	run("CREATE TABLE floor_chunk (id bytea PRIMARY KEY, ct bytea)");
	run("ALTER TABLE floor_chunk ALTER ct SET STORAGE EXTERNAL");
	run("CREATE TABLE floor_item (id bytea PRIMARY KEY, at timestamptz)");
	for (int i = 0; i < 3; i++) {
		PGresult *res = PQprepare(
			conn, statements[i][0], statements[i][1], 0, NULL);

		if (PQresultStatus(res) != PGRES_COMMAND_OK)
			die("prepare");
		PQclear(res);
	}
}

static void
queue(const char *name, int count, const void *id, const void *data, int len)
{
	const char *values[2] = { id, data };
	const int lengths[2] = { 16, len }, formats[2] = { 1, 1 };

	if (!PQsendQueryPrepared(
		    conn, name, count, values, lengths, formats, 1))
		die("send");
}

static void
command(const char *sql)
{
	if (!PQsendQueryParams(conn, sql, 0, NULL, NULL, NULL, NULL, 0))
		die("send");
}

/* Reads everything up to the synchronisation point. */
static void
drain(void)
{
	if (!PQpipelineSync(conn))
		die("sync");
	for (;;) {
		PGresult *res = PQgetResult(conn);
		ExecStatusType status = PQresultStatus(res);

		if (res == NULL)
			continue;
		PQclear(res);
		if (status == PGRES_PIPELINE_SYNC)
			return;
		if (status != PGRES_COMMAND_OK)
			die("result");
	}
}

static void
store_one(const unsigned char *mail, size_t len, unsigned char *sealed)
{
	unsigned char key[32], nonce[24], id[16];
	unsigned long long sealed_len;

	randombytes_buf(key, sizeof(key));
	randombytes_buf(nonce, sizeof(nonce));
	randombytes_buf(id, sizeof(id));
	(void)crypto_aead_xchacha20poly1305_ietf_encrypt(
		sealed, &sealed_len, mail, len, NULL, 0, NULL, nonce, key);
	queue("i", 1, id, NULL, 0);
	queue("c", 2, id, sealed, (int)sealed_len);
	queue("m", 1, id, NULL, 0);
}

static double
measure(const unsigned char *mail, size_t len, int mails, int batch)
{
	unsigned char *sealed = malloc(len + 64);
	double begun = now();

	if (sealed == NULL)
		die("memory");
	for (int done = 0; done < mails; done += batch) {
		command("BEGIN");
		for (int i = 0; i < batch; i++)
			store_one(mail, len, sealed);
		command("COMMIT");
		drain();
	}
	free(sealed);
	return mails / (now() - begun);
}

int
main(int argc, char **argv)
{
	static unsigned char mail[4 << 20];
	size_t len = fread(mail, 1, sizeof(mail), stdin);
	int mails = argc == 3 ? atoi(argv[2]) : 0;
	double single, batch;

	if (mails < 100 || len == 0) {
		fputs("usage: floor DSN MAILS < mail (100 or more)\n", stderr);
		return 2;
	}
	if (sodium_init() < 0)
		die("libsodium");
	conn = PQconnectdb(argv[1]);
	if (PQstatus(conn) != CONNECTION_OK)
		die("connect");
	prepare();
	if (!PQenterPipelineMode(conn))
		die("pipeline");
	single = measure(mail, len, mails, 1);
	batch = measure(mail, len, mails - mails % 100, 100);
	printf("{\"single\":%.1f,\"batch\":%.1f}\n", single, batch);
	PQfinish(conn);
	return 0;
}
