/*
 * copy_rows.h - rows of one table as PostgreSQL's COPY takes them (binary),
 * gathered here and sent at once
 */
#ifndef BENCH_COPY_ROWS_H
#define BENCH_COPY_ROWS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <libpq-fe.h>

#include "ouv/id.h"

struct rows {
	char *data;
	size_t len, room;
};

static void
rows_add(struct rows *r, const void *data, size_t len)
{
	if (r->room - r->len < len) {
		r->room = 2 * r->room + len + 65536;
		r->data = realloc(r->data, r->room);
		if (r->data == NULL)
			abort();
	}
	memcpy(r->data + r->len, data, len);
	r->len += len;
}

static void
rows_number(struct rows *r, uint64_t value, size_t bytes)
{
	uint8_t b[8];

	for (size_t i = 0; i < bytes; i++)
		b[i] = (uint8_t)(value >> 8 * (bytes - 1 - i));
	rows_add(r, b, bytes);
}

/* A row, of so many columns; each of them with one of the next. */
static inline void
rows_begin(struct rows *r, int columns)
{
	rows_number(r, (uint64_t)columns, 2);
}

static inline void
rows_bytes(struct rows *r, const void *data, size_t len)
{
	rows_number(r, len, 4);
	rows_add(r, data, len);
}

static inline void
rows_null(struct rows *r)
{
	rows_number(r, UINT32_MAX, 4);
}

static inline void
rows_text(struct rows *r, const char *text)
{
	rows_bytes(r, text, strlen(text));
}

static inline void
rows_id(struct rows *r, const struct ouv_id *id)
{
	rows_bytes(r, id->b, sizeof(id->b));
}

static inline void
rows_int(struct rows *r, int value)
{
	rows_number(r, 4, 4);
	rows_number(r, (uint32_t)value, 4);
}

static inline void
rows_int8(struct rows *r, int64_t value)
{
	rows_number(r, 8, 4);
	rows_number(r, (uint64_t)value, 8);
}

static inline void
rows_int2(struct rows *r, int value)
{
	rows_number(r, 2, 4);
	rows_number(r, (uint16_t)value, 2);
}

static inline void
rows_bool(struct rows *r, bool value)
{
	rows_number(r, 1, 4);
	rows_number(r, value, 1);
}

/* Seconds of 1970, kept as microseconds of 2000. */
static inline void
rows_time(struct rows *r, int64_t at)
{
	rows_int8(r, (at - INT64_C(946684800)) * 1000000);
}

/* table: with the names of its columns.  False: the server refused (said). */
static inline bool
rows_send(struct rows *r, PGconn *line, const char *table)
{
	static const char head[19] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0";
	char sql[512];
	PGresult *res;
	bool ok;

	(void)snprintf(sql, sizeof(sql),
		"COPY %s FROM STDIN WITH (FORMAT binary)", table);
	res = PQexec(line, sql);
	ok = PQresultStatus(res) == PGRES_COPY_IN &&
	     PQputCopyData(line, head, sizeof(head)) == 1 &&
	     PQputCopyData(line, r->data, (int)r->len) == 1 &&
	     PQputCopyData(line, "\377\377", 2) == 1 &&
	     PQputCopyEnd(line, NULL) == 1;
	PQclear(res);
	while ((res = PQgetResult(line)) != NULL) {
		ok = ok && PQresultStatus(res) == PGRES_COMMAND_OK;
		PQclear(res);
	}
	if (!ok)
		fprintf(stderr, "%s: %s", table, PQerrorMessage(line));
	r->len = 0;
	return ok;
}

#endif
