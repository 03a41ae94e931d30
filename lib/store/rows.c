/*
 * rows.c - arguments into the wire's binary form, and columns back out of it
 */
#include <arpa/inet.h>
#include <endian.h>
#include <string.h>

#include "inner.h"

/* Of the catalogue's base types; fixed since long (pg_type.dat). */
enum oid {
	OID_BYTEA = 17,
	OID_INT8 = 20,
	OID_TEXT = 25,
	OID_UUID = 2950,
};

struct sql_arg
sql_id_or_null(const struct ouv_id *id)
{
	return ouv_id_is_zero(id) ? SQL_NULL : SQL_ID(id);
}

struct sql_arg
sql_str_or_null(struct ouv_str str)
{
	return str.len == 0 ? SQL_NULL : SQL_BYTES(str.p, str.len);
}

struct ouv_arena *
sql_scratch(struct store *store)
{
	ouv_arena_reset(store->scratch);
	return store->scratch;
}

static char *
put_u32(char *at, uint32_t n)
{
	n = htonl(n);
	memcpy(at, &n, sizeof(n));
	return at + sizeof(n);
}

/* One dimension, no NULLs: dimensions, flags, type, length, lower bound; each
 * element follows with its own length. */
static char *
put_head(char *at, enum oid type, size_t count)
{
	at = put_u32(at, 1);
	at = put_u32(at, 0);
	at = put_u32(at, type);
	at = put_u32(at, (uint32_t)count);
	return put_u32(at, 1);
}

static char *
put_element(char *at, const void *data, size_t len)
{
	at = put_u32(at, (uint32_t)len);
	memcpy(at, data, len);
	return at + len;
}

#define HEAD (5 * sizeof(uint32_t))

static struct sql_arg
array(struct ouv_arena *arena, enum oid type, const void *first, size_t len,
	size_t stride, size_t count)
{
	char *out =
		ouv_arena_alloc(arena, HEAD + count * (sizeof(uint32_t) + len));
	char *at = put_head(out, type, count);

	for (size_t i = 0; i < count; i++)
		at = put_element(at, (const char *)first + i * stride, len);
	return SQL_BYTES(out, (size_t)(at - out));
}

struct sql_arg
sql_words(struct ouv_arena *arena, const char *const *first, size_t stride,
	size_t count)
{
	size_t size = HEAD;
	char *out, *at;

#define WORD(i) (*(const char *const *)((const char *)first + (i)*stride))
	for (size_t i = 0; i < count; i++)
		size += sizeof(uint32_t) + strlen(WORD(i));
	out = ouv_arena_alloc(arena, size);
	at = put_head(out, OID_TEXT, count);
	for (size_t i = 0; i < count; i++)
		at = put_element(at, WORD(i), strlen(WORD(i)));
#undef WORD
	return SQL_BYTES(out, (size_t)(at - out));
}

struct sql_arg
sql_ids(struct ouv_arena *arena, const struct ouv_id *first, size_t stride,
	size_t count)
{
	return array(arena, OID_UUID, first, sizeof(first->b), stride, count);
}

struct sql_arg
sql_blobs(struct ouv_arena *arena, const void *first, size_t len, size_t stride,
	size_t count)
{
	return array(arena, OID_BYTEA, first, len, stride, count);
}

struct sql_arg
sql_strs(struct ouv_arena *arena, const struct ouv_str *first, size_t stride,
	size_t count)
{
	size_t size = HEAD;
	char *out, *at;

#define STR(i) ((const struct ouv_str *)((const char *)first + (i)*stride))
	for (size_t i = 0; i < count; i++)
		size += sizeof(uint32_t) + STR(i)->len;
	out = ouv_arena_alloc(arena, size);
	at = put_head(out, OID_BYTEA, count);
	for (size_t i = 0; i < count; i++)
		at = put_element(at, STR(i)->p, STR(i)->len);
#undef STR
	return SQL_BYTES(out, (size_t)(at - out));
}

struct sql_arg
sql_ints(struct ouv_arena *arena, const int64_t *numbers, size_t count)
{
	uint64_t *wire = ouv_arena_array(arena, count, sizeof(*wire));

	for (size_t i = 0; i < count; i++)
		wire[i] = htobe64((uint64_t)numbers[i]);
	return array(
		arena, OID_INT8, wire, sizeof(*wire), sizeof(*wire), count);
}

void
result_free(PGresult **result)
{
	PQclear(*result);
	*result = NULL;
}

struct row
row_at(const PGresult *result, int number)
{
	return (struct row){ result, number, 0 };
}

/* The next column; p NULL when the value is. */
static struct ouv_str
next(struct row *row)
{
	int column = row->column++;
	struct ouv_str out = { NULL, 0 };

	if (PQgetisnull(row->result, row->row, column))
		return out;
	out.p = PQgetvalue(row->result, row->row, column);
	out.len = (size_t)PQgetlength(row->result, row->row, column);
	return out;
}

bool
row_bytes(struct row *row, void *out, size_t len)
{
	struct ouv_str value = next(row);

	memset(out, 0, len);
	if (value.p == NULL)
		return false;
	memcpy(out, value.p, value.len < len ? value.len : len);
	return true;
}

struct ouv_id
row_id(struct row *row)
{
	struct ouv_id id;

	(void)row_bytes(row, id.b, sizeof(id.b));
	return id;
}

int64_t
row_int(struct row *row)
{
	struct ouv_str value = next(row);
	uint64_t n = 0;

	if (value.p == NULL)
		return 0;
	for (size_t i = 0; i < value.len; i++)
		n = n << 8 | (unsigned char)value.p[i];
	/* The sign of a shorter number. */
	if (value.len < sizeof(n) && value.len > 0 && (value.p[0] & 0x80))
		n |= ~UINT64_C(0) << (8 * value.len);
	return (int64_t)n;
}

bool
row_bool(struct row *row)
{
	struct ouv_str value = next(row);

	return value.p != NULL && value.len == 1 && value.p[0] != 0;
}

const char *
row_text(struct row *row, struct ouv_arena *arena)
{
	struct ouv_str value = next(row);

	return value.p == NULL ? NULL
			       : ouv_arena_strndup(arena, value.p, value.len);
}

struct ouv_str
row_str(struct row *row, struct ouv_arena *arena)
{
	struct ouv_str value = next(row);

	value.p = ouv_arena_strndup(
		arena, value.p != NULL ? value.p : "", value.len);
	return value;
}

struct ouv_str
row_peek(struct row *row)
{
	return next(row);
}

void *
read_rows(const PGresult *res, struct ouv_arena *arena, size_t size,
	row_read_fn *read, size_t *count_out)
{
	size_t count = (size_t)PQntuples(res);
	char *list = ouv_arena_array(arena, count, size);

	for (size_t i = 0; i < count; i++) {
		struct row row = row_at(res, (int)i);

		read(&row, arena, list + i * size);
	}
	*count_out = count;
	return list;
}

static void
row_only_id(struct row *row, struct ouv_arena *arena, void *entry)
{
	struct ouv_id *id = entry;

	(void)arena;
	*id = row_id(row);
}

struct ouv_id *
read_ids(const PGresult *res, struct ouv_arena *arena, size_t *count_out)
{
	return read_rows(
		res, arena, sizeof(struct ouv_id), row_only_id, count_out);
}
