/*
 * vault_stream_test.c - a stream of chunks opens whole, in order, or not at all
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ouv/vault.h"

#define CHUNKS_MAX 8

struct rows {
	uint32_t n;
	struct ouv_str row[CHUNKS_MAX];
	uint32_t fail_at; /* 1 + number of the chunk that cannot be stored */
};

static struct ouv_arena *arena;
static uint8_t dek[OUV_KEY];
static uint8_t *plain; /* enough for the largest stream here */

#define PLAIN_MAX 1100000

static struct ouv_context
context_new(void)
{
	return (struct ouv_context){ .kind = OUV_KIND_RAW,
		.column = OUV_COLUMN_SVC,
		.tenant = ouv_id_new(),
		.row = ouv_id_new(),
		.version = 2 };
}

static enum ouv_err
store(uint32_t n, const void *data, size_t len, void *user)
{
	struct rows *rows = user;

	assert_int_equal(n, rows->n);
	assert_true(n < CHUNKS_MAX);
	if (rows->fail_at == n + 1)
		return OUV_TEMPORARY;
	rows->row[n].p = ouv_arena_memdup(arena, data, len);
	rows->row[n].len = len;
	rows->n++;
	return OUV_OK;
}

static struct rows
seal(const struct ouv_context *context, size_t len, size_t piece)
{
	struct rows rows = { 0 };
	struct ouv_stream_out *out =
		ouv_stream_out_new(context, dek, store, &rows);
	uint32_t chunks = 0;
	uint64_t padded = 0;
	size_t sum = 0;

	for (size_t at = 0; at < len; at += piece)
		assert_int_equal(ouv_stream_out_push(out, plain + at,
					 len - at < piece ? len - at : piece),
			OUV_OK);
	assert_int_equal(ouv_stream_out_end(&out, &chunks, &padded), OUV_OK);
	assert_null(out);
	assert_int_equal(chunks, rows.n);
	assert_int_equal(padded, ouv_padme(len + 1));
	for (uint32_t i = 0; i < rows.n; i++)
		sum += rows.row[i].len - 17 - (i == 0 ? OUV_BLOB_HEAD : 0);
	assert_int_equal(sum, padded);
	return rows;
}

/* The same piece by piece: neither more nor less opens, and never a byte that
 * is not the whole's. */
static void
passes_by(const struct ouv_context *context, const struct rows *rows,
	const int *order, enum ouv_err whole, const struct ouv_str *data)
{
	struct ouv_stream_in *in = ouv_stream_in_new(arena, context, dek);
	struct ouv_arena *scratch = ouv_arena_new(OUV_ARENA_WIPE);
	enum ouv_err err = OUV_OK;
	struct ouv_buf out;
	bool end = false;

	ouv_buf_init(&out, arena, 0);
	for (; err == OUV_OK && *order >= 0; order++) {
		const struct ouv_str *row = &rows->row[*order];

		err = ouv_stream_in_next(
			in, scratch, row->p, row->len, &out, &end);
		ouv_arena_reset(scratch);
	}
	assert_int_equal(err == OUV_OK && end, whole == OUV_OK);
	if (whole == OUV_OK) {
		assert_int_equal(out.len, data->len);
		assert_memory_equal(out.data, data->p, data->len);
	}
	ouv_arena_free(&scratch);
}

/* Opens the rows named by order, -1 ends it. */
static enum ouv_err
unseal(const struct ouv_context *context, const struct rows *rows,
	const int *order, struct ouv_str *data_out)
{
	struct ouv_stream_in *in = ouv_stream_in_new(arena, context, dek);
	const int *first = order;
	enum ouv_err err = OUV_OK, end;

	for (; *order >= 0; order++) {
		const struct ouv_str *row = &rows->row[*order];

		err = ouv_stream_in_chunk(in, row->p, row->len);
		if (err != OUV_OK)
			break;
	}
	end = ouv_stream_in_end(in, data_out);
	if (err != OUV_OK)
		assert_int_equal(end, OUV_REFUSED);
	passes_by(context, rows, first, end, data_out);
	return end;
}

static const int in_order[] = { 0, 1, 2, 3, 4, 5, 6, 7, -1 };

/* The order of the first n rows. */
static const int *
first_rows(uint32_t n)
{
	static int order[CHUNKS_MAX + 1];

	memcpy(order, in_order, sizeof(order));
	order[n] = -1;
	return order;
}

/* ---- claims ------------------------------------------------------------ */

static void
a_stream_gives_back_its_bytes_whatever_the_pieces(void **state)
{
	/* clang-format off */
	static const size_t sizes[] = { 0, 1, 2, 100, 37000, 262142, 262143,
		262144, 262145, 270334, 270335, 270336, 524287, 524288, 524289,
		1048575, PLAIN_MAX };
	static const size_t pieces[] = { 997, 65536, OUV_CHUNK, OUV_CHUNK + 1,
		PLAIN_MAX };
	/* clang-format on */
	const struct ouv_context context = context_new();

	(void)state;
	for (size_t s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++)
		for (size_t p = 0; p < sizeof(pieces) / sizeof(pieces[0]);
			p++) {
			struct rows rows = seal(&context, sizes[s], pieces[p]);
			struct ouv_str data;

			assert_int_equal(unseal(&context, &rows,
						 first_rows(rows.n), &data),
				OUV_OK);
			assert_int_equal(data.len, sizes[s]);
			assert_memory_equal(data.p, plain, data.len);
			assert_int_equal(data.p[data.len], 0);
			ouv_arena_reset(arena);
		}
}

static void
padding_costs_at_most_twelve_per_cent(void **state)
{
	uint64_t before = 0;

	(void)state;
	for (uint64_t len = 0; len < 70000; len++) {
		const uint64_t padded = ouv_padme(len);

		assert_true(padded >= len && padded >= before);
		assert_true(padded - len <= len * 12 / 100);
		before = padded;
	}
	for (unsigned shift = 17; shift < 63; shift++) {
		const uint64_t len = (UINT64_C(1) << shift) + 1;

		assert_true(ouv_padme(len) > len);
		assert_true(ouv_padme(len) - len <= len / 25 * 3);
	}
	assert_true(ouv_padme(UINT64_MAX) == UINT64_MAX);
}

static void
a_chunk_leaves_as_soon_as_it_is_full(void **state)
{
	const struct ouv_context context = context_new();
	struct rows rows = { 0 };
	struct ouv_stream_out *out =
		ouv_stream_out_new(&context, dek, store, &rows);

	(void)state;
	assert_int_equal(
		ouv_stream_out_push(out, plain, OUV_CHUNK - 1), OUV_OK);
	assert_int_equal(rows.n, 0);
	assert_int_equal(ouv_stream_out_push(out, plain, 2), OUV_OK);
	assert_int_equal(rows.n, 1);
	ouv_stream_out_free(&out);
	assert_null(out);
	assert_int_equal(rows.n, 1);
}

static void
an_error_of_the_store_stops_the_stream(void **state)
{
	const struct ouv_context context = context_new();

	(void)state;
	for (uint32_t at = 1; at <= 4; at++) {
		struct rows rows = { .fail_at = at };
		struct ouv_stream_out *out =
			ouv_stream_out_new(&context, dek, store, &rows);
		uint32_t chunks = 77;
		const enum ouv_err err =
			ouv_stream_out_push(out, plain, (size_t)3 * OUV_CHUNK);

		assert_int_equal(err, at <= 3 ? OUV_TEMPORARY : OUV_OK);
		if (at <= 3)
			assert_int_equal(ouv_stream_out_push(out, plain,
						 (size_t)2 * OUV_CHUNK),
				OUV_TEMPORARY);
		assert_int_equal(
			ouv_stream_out_end(&out, &chunks, NULL), OUV_TEMPORARY);
		assert_null(out);
		assert_int_equal(chunks, 77);
		assert_int_equal(rows.n, at - 1);
		ouv_arena_reset(arena);
	}
}

static void
a_stream_altered_in_any_byte_is_refused(void **state)
{
	const struct ouv_context context = context_new();
	struct rows rows = seal(&context, 300, 300);
	struct ouv_str data;
	char *bytes = (char *)(uintptr_t)rows.row[0].p;

	(void)state;
	assert_int_equal(rows.n, 1);
	for (size_t bit = 0; bit < 8 * rows.row[0].len; bit++) {
		bytes[bit / 8] ^= (char)(1 << bit % 8);
		assert_int_equal(unseal(&context, &rows, first_rows(1), &data),
			OUV_REFUSED);
		bytes[bit / 8] ^= (char)(1 << bit % 8);
	}
	assert_int_equal(unseal(&context, &rows, first_rows(1), &data), OUV_OK);
}

static void
a_long_stream_altered_anywhere_is_refused(void **state)
{
	const struct ouv_context context = context_new();
	struct rows rows = seal(&context, 300000, 300000);
	struct ouv_arena *const rows_arena = arena;

	(void)state;
	assert_int_equal(rows.n, 2);
	for (uint32_t n = 0; n < rows.n; n++) {
		const size_t len = rows.row[n].len;
		char *bytes = (char *)(uintptr_t)rows.row[n].p;

		/* The ends byte by byte, the middle in steps. */
		for (size_t i = 0; i < len;
			i += i < 50 || i + 50 > len ? 1 : 7919) {
			struct ouv_arena *scratch =
				ouv_arena_new(OUV_ARENA_WIPE);
			struct ouv_str data;

			arena = scratch;
			bytes[i] ^= 4;
			assert_int_equal(
				unseal(&context, &rows, first_rows(2), &data),
				OUV_REFUSED);
			bytes[i] ^= 4;
			arena = rows_arena;
			ouv_arena_free(&scratch);
		}
	}
}

static void
a_cut_stream_is_refused(void **state)
{
	const struct ouv_context context = context_new();
	struct rows rows = seal(&context, 300, 300), cut = rows;
	struct ouv_str data;

	(void)state;
	for (cut.row[0].len = 0; cut.row[0].len < rows.row[0].len;
		cut.row[0].len++)
		assert_int_equal(unseal(&context, &cut, first_rows(1), &data),
			OUV_REFUSED);
	assert_int_equal(
		unseal(&context, &rows, first_rows(0), &data), OUV_REFUSED);
}

static void
a_stream_cut_at_a_chunk_border_is_refused(void **state)
{
	/* clang-format off */
	static const size_t sizes[] = { 262143, 262144, 262145, 524287, 524288,
		600000, PLAIN_MAX };
	/* clang-format on */
	const struct ouv_context context = context_new();

	(void)state;
	for (size_t s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++) {
		struct rows rows = seal(&context, sizes[s], sizes[s]), cut;
		struct ouv_str data;

		for (uint32_t n = 0; n < rows.n; n++)
			assert_int_equal(
				unseal(&context, &rows, first_rows(n), &data),
				OUV_REFUSED);
		/* And one byte either side of each chunk's end. */
		for (uint32_t n = 0; n < rows.n; n++) {
			cut = rows;
			cut.row[n].len--;
			assert_int_equal(unseal(&context, &cut,
						 first_rows(rows.n), &data),
				OUV_REFUSED);
			cut.row[n].p = ouv_arena_strndup(
				arena, rows.row[n].p, rows.row[n].len + 1);
			cut.row[n].len = rows.row[n].len + 1;
			assert_int_equal(unseal(&context, &cut,
						 first_rows(rows.n), &data),
				OUV_REFUSED);
		}
		ouv_arena_reset(arena);
	}
}

static void
chunks_swapped_repeated_dropped_or_added_are_refused(void **state)
{
	/* clang-format off */
	static const int orders[][8] = {
		{ 1, 0, 2, 3, -1 }, { 0, 2, 1, 3, -1 }, { 0, 1, 3, 2, -1 },
		{ 3, 2, 1, 0, -1 }, { 0, 0, 1, 2, 3, -1 },
		{ 0, 1, 1, 2, 3, -1 }, { 0, 1, 2, 3, 3, -1 },
		{ 0, 1, 2, 3, 0, -1 }, { 0, 1, 2, 3, 2, -1 },
		{ 1, 2, 3, -1 }, { 0, 2, 3, -1 }, { 0, 1, 3, -1 },
		{ 0, 1, 2, -1 }, { 0, 3, -1 }, { 3, -1 }, { 0, -1 }, { -1 },
	};
	/* clang-format on */
	const struct ouv_context context = context_new();
	struct rows rows = seal(&context, 1000000, 1000000);
	struct ouv_str data;

	(void)state;
	assert_int_equal(rows.n, 4);
	assert_int_equal(unseal(&context, &rows, first_rows(4), &data), OUV_OK);
	for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++)
		assert_int_equal(
			unseal(&context, &rows, orders[i], &data), OUV_REFUSED);
}

static void
a_chunk_of_another_stream_is_refused(void **state)
{
	const struct ouv_context context = context_new();
	struct rows rows = seal(&context, 600000, 600000);
	/* The same key, place and text: only the stream differs. */
	struct rows twin = seal(&context, 600000, 600000);
	struct ouv_str data;

	(void)state;
	assert_int_equal(rows.n, 3);
	for (uint32_t n = 0; n < rows.n; n++) {
		struct rows mixed = rows;

		mixed.row[n] = twin.row[n];
		assert_int_equal(unseal(&context, &mixed, first_rows(3), &data),
			OUV_REFUSED);
	}
}

static void
a_stream_moved_elsewhere_or_under_another_key_is_refused(void **state)
{
	const struct ouv_context context = context_new();
	struct rows rows = seal(&context, 300, 300);
	struct ouv_context moved[8];
	struct ouv_str data;

	(void)state;
	for (int i = 0; i < 8; i++)
		moved[i] = context;
	moved[0].kind = OUV_KIND_ITEM_BODY;
	moved[1].column = OUV_COLUMN_CPK;
	moved[2].tenant.b[0] ^= 1;
	moved[3].case_id.b[15] ^= 1;
	moved[4].row.b[8] ^= 1;
	moved[5].extra.b[0] ^= 1;
	moved[6].version ^= 1;
	moved[7].version += 256;
	for (int i = 0; i < 8; i++)
		assert_int_equal(unseal(&moved[i], &rows, first_rows(1), &data),
			OUV_REFUSED);
	dek[31] ^= 1;
	assert_int_equal(
		unseal(&context, &rows, first_rows(1), &data), OUV_REFUSED);
	dek[31] ^= 1;
}

static void
nothing_opens_after_a_refusal_or_after_the_end(void **state)
{
	const struct ouv_context context = context_new();
	struct rows rows = seal(&context, 300000, 300000);
	struct ouv_stream_in *in = ouv_stream_in_new(arena, &context, dek);
	struct ouv_str data = { NULL, 5 };

	(void)state;
	assert_int_equal(
		ouv_stream_in_chunk(in, rows.row[1].p, rows.row[1].len),
		OUV_REFUSED);
	for (int i = 0; i < 2; i++)
		assert_int_equal(
			ouv_stream_in_chunk(in, rows.row[i].p, rows.row[i].len),
			OUV_REFUSED);
	assert_int_equal(ouv_stream_in_end(in, &data), OUV_REFUSED);
	assert_null(data.p);
	assert_int_equal(data.len, 5);
	in = ouv_stream_in_new(arena, &context, dek);
	assert_int_equal(
		ouv_stream_in_chunk(in, rows.row[0].p, rows.row[0].len),
		OUV_OK);
	assert_int_equal(ouv_stream_in_end(in, &data), OUV_REFUSED);
	assert_int_equal(
		ouv_stream_in_chunk(in, rows.row[1].p, rows.row[1].len),
		OUV_REFUSED);
}

/* ---- the frame --------------------------------------------------------- */

static int
start(void **state)
{
	(void)state;
	ouv_vault_init();
	ouv_random(dek, sizeof(dek));
	plain = malloc(PLAIN_MAX);
	if (plain == NULL)
		return -1;
	/* Ends in zeros and marks too: the padding must not eat data. */
	ouv_random(plain, PLAIN_MAX);
	memset(plain + 290, 0, 10);
	memset(plain + 262140, 0x80, 4);
	memset(plain + PLAIN_MAX - 3, 0, 3);
	return 0;
}

static int
finish(void **state)
{
	(void)state;
	free(plain);
	return 0;
}

static int
arena_up(void **state)
{
	(void)state;
	arena = ouv_arena_new(OUV_ARENA_WIPE);
	return 0;
}

static int
arena_down(void **state)
{
	(void)state;
	ouv_arena_free(&arena);
	return 0;
}

#define ROW(claim) cmocka_unit_test_setup_teardown(claim, arena_up, arena_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ROW(a_stream_gives_back_its_bytes_whatever_the_pieces),
		ROW(padding_costs_at_most_twelve_per_cent),
		ROW(a_chunk_leaves_as_soon_as_it_is_full),
		ROW(an_error_of_the_store_stops_the_stream),
		ROW(a_stream_altered_in_any_byte_is_refused),
		ROW(a_long_stream_altered_anywhere_is_refused),
		ROW(a_cut_stream_is_refused),
		ROW(a_stream_cut_at_a_chunk_border_is_refused),
		ROW(chunks_swapped_repeated_dropped_or_added_are_refused),
		ROW(a_chunk_of_another_stream_is_refused),
		ROW(a_stream_moved_elsewhere_or_under_another_key_is_refused),
		ROW(nothing_opens_after_a_refusal_or_after_the_end),
	};

	return cmocka_run_group_tests_name(
		"vault_stream", tests, start, finish);
}
