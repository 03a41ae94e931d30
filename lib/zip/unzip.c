/*
 * unzip.c - somebody else's archive, looked at as it goes by
 *
 * What stands before each file is believed only where the directory at the end
 * says the same: programs read the one or the other, and an archive that says
 * two things shows different files to different readers.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "ouv/zip.h"

#define LOCAL 0x04034b50
#define DESCRIPTOR 0x08074b50
#define ENTRY 0x02014b50
#define END 0x06054b50
#define END64 0x06064b50
#define LOCATOR64 0x07064b50

#define SIZE_BEHIND 0x0008 /* flag: sizes and sum stand behind the file */
#define UTF8 0x0800
#define LONG 0xffffffffU /* the number stands in the extra field */
#define EXTRA64 0x0001
#define OUT ((size_t)64 << 10)
#define HEAD_MOST 70000 /* name, extra field: two lengths of 16 bits */

enum at {
	AT_SIGN,  /* what comes next? */
	AT_LOCAL, /* before a file    */
	AT_BYTES,
	AT_DESCRIPTOR,
	AT_ENTRY,
	AT_END,
	AT_END64,
	AT_LOCATOR64,
	AT_NOTHING, /* all was told */
};

struct entry {
	const char *name;
	uint64_t offset, packed, size;
	uint32_t sum;
};

struct ouv_unzip {
	struct ouv_arena *arena;
	ouv_unzip_fn *tell;
	void *user;
	enum at at;
	const char *wrong;
	uint64_t offset; /* of what is read next */
	uint8_t head[HEAD_MOST];
	size_t have, want;
	struct entry *entries;
	size_t count, room, directed;
	uint64_t directory, end64; /* where they begin */
	/* the file that is read, and what it turned out to be */
	bool deflated, behind, long_sizes;
	uint64_t left; /* of its packed bytes, where that is known */
	uint64_t packed, size;
	uint32_t sum;
	z_stream z;
	bool z_on;
	uint8_t out[OUT];
};

/* ---- numbers ---------------------------------------------------------------
 */

static uint64_t
number(const uint8_t *p, int bytes)
{
	uint64_t n = 0;

	for (int i = bytes; i-- > 0;)
		n = n << 8 | p[i];
	return n;
}

static uint32_t
get32(const uint8_t *p)
{
	return (uint32_t)number(p, 4);
}

static size_t
get16(const uint8_t *p)
{
	return (size_t)number(p, 2);
}

static void
fail(struct ouv_unzip *u, const char *what)
{
	if (u->wrong == NULL)
		u->wrong = what;
}

static void
go(struct ouv_unzip *u, enum at at, size_t want)
{
	u->at = at;
	u->have = 0;
	u->want = want;
}

/* ---- what stands before a file ---------------------------------------------
 */

static bool
is_plain(const char *name, size_t len)
{
	if (len == 0 || len > OUV_UNZIP_NAME || *name == '/')
		return false;
	for (size_t i = 0; i < len; i++)
		if (name[i] <= ' ' || name[i] >= 127 || name[i] == '\\')
			return false;
	return memmem(name, len, "..", 2) == NULL;
}

static struct entry *
add_entry(struct ouv_unzip *u)
{
	if (u->count == u->room) {
		size_t room = 2 * u->room + 64;
		struct entry *more =
			ouv_arena_array(u->arena, room, sizeof(*more));

		if (u->count > 0)
			memcpy(more, u->entries, u->count * sizeof(*more));
		u->entries = more;
		u->room = room;
	}
	return &u->entries[u->count++];
}

/* The numbers of 64 bits in an extra field; NULL: there are none. */
static const uint8_t *
extra64(const uint8_t *p, size_t len, size_t *len_out)
{
	while (len >= 4) {
		size_t n = get16(p + 2);

		if (n > len - 4)
			return NULL;
		if (get16(p) == EXTRA64) {
			*len_out = n;
			return p + 4;
		}
		p += 4 + n;
		len -= 4 + n;
	}
	return NULL;
}

static void
begin_bytes(struct ouv_unzip *u)
{
	memset(&u->z, 0, sizeof(u->z));
	u->packed = u->size = 0;
	u->sum = 0;
	u->z_on = u->deflated && inflateInit2(&u->z, -MAX_WBITS) == Z_OK;
	if (u->deflated && !u->z_on)
		fail(u, "there is no memory to unpack it");
	else
		go(u, AT_BYTES, 0);
}

static void
check_local(struct ouv_unzip *u, const char *name, size_t len)
{
	size_t flags = get16(u->head + 6), method = get16(u->head + 8);

	if ((flags & ~(size_t)(SIZE_BEHIND | UTF8 | 6)) != 0 ||
		(method != 0 && method != 8) || (method == 0 && u->behind))
		fail(u, "a file is packed in a way that is not read here");
	else if (!is_plain(name, len))
		fail(u, "a file has a name that is no plain one");
	else if (u->count == OUV_UNZIP_FILES)
		fail(u, "there are too many files");
	else if (u->long_sizes != (get32(u->head + 18) == LONG) ||
		 (u->long_sizes && !u->behind))
		fail(u, "a file's size is not where it should be");
}

static void
read_local(struct ouv_unzip *u)
{
	const uint8_t *p = u->head;
	size_t name_len = get16(p + 26), extra_len = get16(p + 28), n = 0;
	const char *name = (const char *)p + 30;
	struct entry *e;

	if (u->want == 30) {
		u->want = 30 + name_len + extra_len;
		if (u->want > 30)
			return;
	}
	u->behind = (get16(p + 6) & SIZE_BEHIND) != 0;
	u->deflated = get16(p + 8) == 8;
	u->long_sizes =
		extra64(p + 30 + name_len, extra_len, &n) != NULL && n >= 16;
	check_local(u, name, name_len);
	if (u->wrong != NULL)
		return;
	e = add_entry(u);
	*e = (struct entry){ .name = ouv_arena_strndup(
				     u->arena, name, name_len),
		.offset = u->offset - u->want,
		.packed = get32(p + 18),
		.size = get32(p + 22),
		.sum = get32(p + 14) };
	u->left = e->packed;
	u->tell(u->user, OUV_UNZIP_FILE, e->name, NULL, 0);
	begin_bytes(u);
}

/* ---- the file itself -------------------------------------------------------
 */

static struct entry *
last(struct ouv_unzip *u)
{
	return &u->entries[u->count - 1];
}

static void
give(struct ouv_unzip *u, const void *bytes, size_t len)
{
	if (len == 0)
		return;
	u->size += len;
	u->sum = (uint32_t)crc32(u->sum, bytes, (uInt)len);
	u->tell(u->user, OUV_UNZIP_BYTES, last(u)->name, bytes, len);
}

static void
end_file(struct ouv_unzip *u)
{
	const struct entry *e = last(u);

	if (u->packed != e->packed || u->size != e->size || u->sum != e->sum) {
		fail(u, "a file is not what its size and sum say");
		return;
	}
	u->tell(u->user, OUV_UNZIP_DONE, e->name, NULL, 0);
	go(u, AT_SIGN, 4);
}

static void
end_bytes(struct ouv_unzip *u)
{
	if (u->z_on)
		(void)inflateEnd(&u->z);
	u->z_on = false;
	if (u->behind)
		go(u, AT_DESCRIPTOR, u->long_sizes ? 24 : 16);
	else
		end_file(u);
}

/* How many of these bytes are the file's; the rest is what comes behind. */
static size_t
unpack(struct ouv_unzip *u, const uint8_t *bytes, size_t len)
{
	size_t used;
	int done = Z_OK;

	u->z.next_in = (Bytef *)(uintptr_t)bytes;
	u->z.avail_in = (uInt)len;
	while (done == Z_OK && u->wrong == NULL) {
		u->z.next_out = u->out;
		u->z.avail_out = (uInt)sizeof(u->out);
		done = inflate(&u->z, Z_NO_FLUSH);
		give(u, u->out, sizeof(u->out) - u->z.avail_out);
		if (done == Z_OK && u->z.avail_in == 0 && u->z.avail_out > 0)
			break;
	}
	if (done != Z_OK && done != Z_STREAM_END && done != Z_BUF_ERROR)
		fail(u, "a file cannot be unpacked");
	used = len - u->z.avail_in;
	u->packed += used;
	u->left -= u->behind ? 0 : used;
	if (done == Z_STREAM_END) {
		if (!u->behind && u->left > 0)
			fail(u, "a file is not what its size and sum say");
		end_bytes(u);
	} else if (!u->behind && u->left == 0) {
		fail(u, "a file is not what its size and sum say");
	}
	return used;
}

static size_t
read_bytes(struct ouv_unzip *u, const uint8_t *bytes, size_t len)
{
	if (!u->behind && len > u->left)
		len = (size_t)u->left;
	if (u->deflated)
		return unpack(u, bytes, len);
	give(u, bytes, len);
	u->packed += len;
	u->left -= len;
	if (u->left == 0)
		end_bytes(u);
	return len;
}

static void
read_descriptor(struct ouv_unzip *u)
{
	const uint8_t *p = u->head;
	int wide = u->long_sizes ? 8 : 4;

	if (get32(p) != DESCRIPTOR) {
		fail(u, "a file's size is not where it should be");
		return;
	}
	last(u)->sum = get32(p + 4);
	last(u)->packed = number(p + 8, wide);
	last(u)->size = number(p + 8 + wide, wide);
	end_file(u);
}

/* ---- the directory ---------------------------------------------------------
 */

/* A number that may stand in the extra field instead. */
static uint64_t
wide(uint32_t n, const uint8_t **extra, size_t *len)
{
	uint64_t value = n;

	if (n != LONG || *len < 8)
		return value;
	value = number(*extra, 8);
	*extra += 8;
	*len -= 8;
	return value;
}

static void
read_entry(struct ouv_unzip *u)
{
	const uint8_t *p = u->head, *extra;
	size_t name_len = get16(p + 28), extra_len = get16(p + 30), n = 0;
	uint64_t size, packed, offset;
	const struct entry *e;

	if (u->want == 46) {
		u->want = 46 + name_len + extra_len;
		if (u->want > 46)
			return;
	}
	if (u->directed == 0)
		u->directory = u->offset - u->want;
	extra = extra64(p + 46 + name_len, extra_len, &n);
	size = wide(get32(p + 24), &extra, &n);
	packed = wide(get32(p + 20), &extra, &n);
	offset = wide(get32(p + 42), &extra, &n);
	e = u->directed < u->count ? &u->entries[u->directed++] : NULL;
	if (e == NULL || get16(p + 32) != 0 || strlen(e->name) != name_len ||
		memcmp(e->name, p + 46, name_len) != 0 || e->size != size ||
		e->packed != packed || e->offset != offset ||
		e->sum != get32(p + 16))
		fail(u, "the directory at its end says something else");
	else
		go(u, AT_SIGN, 4);
}

static int
by_name(const void *a, const void *b)
{
	return strcasecmp(((const struct entry *)a)->name,
		((const struct entry *)b)->name);
}

static void
read_end64(struct ouv_unzip *u)
{
	u->end64 = u->offset - u->want;
	if (number(u->head + 48, 8) != u->directory ||
		number(u->head + 32, 8) != u->count)
		fail(u, "the directory at its end says something else");
	go(u, AT_SIGN, 4);
}

static void
read_locator64(struct ouv_unzip *u)
{
	if (u->end64 == 0 || number(u->head + 8, 8) != u->end64)
		fail(u, "the directory at its end says something else");
	go(u, AT_SIGN, 4);
}

static void
read_end(struct ouv_unzip *u)
{
	size_t count = get16(u->head + 10);
	uint32_t begins = get32(u->head + 16);

	if (u->directed != u->count || get16(u->head + 20) != 0 ||
		(count != u->count && (count != 0xffff || u->end64 == 0)) ||
		(begins != u->directory && (begins != LONG || u->end64 == 0)) ||
		get16(u->head + 4) != 0)
		fail(u, "the directory at its end says something else");
	qsort(u->entries, u->count, sizeof(*u->entries), by_name);
	for (size_t i = 1; i < u->count; i++)
		if (by_name(&u->entries[i - 1], &u->entries[i]) == 0)
			fail(u, "two files have one name");
	go(u, AT_NOTHING, 0);
}

/* ---- one after the other ---------------------------------------------------
 */

static void
read_sign(struct ouv_unzip *u)
{
	/* clang-format off */
	static const struct {
		uint32_t sign;
		enum at at;
		size_t want;
		bool behind; /* comes only when no file can follow */
	} signs[] = {
		{ LOCAL, AT_LOCAL, 30, false },
		{ ENTRY, AT_ENTRY, 46, true },
		{ END64, AT_END64, 56, true },
		{ LOCATOR64, AT_LOCATOR64, 20, true },
		{ END, AT_END, 22, true },
	};
	/* clang-format on */

	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
		if (get32(u->head) == signs[i].sign &&
			(signs[i].behind || u->directed == 0)) {
			u->at = signs[i].at;
			u->want = signs[i].want;
			return;
		}
	fail(u, u->count == 0 ? "it is no ZIP archive"
			      : "something stands between its files");
}

static void
read_head(struct ouv_unzip *u)
{
	switch (u->at) {
	case AT_SIGN:
		read_sign(u);
		break;
	case AT_LOCAL:
		read_local(u);
		break;
	case AT_DESCRIPTOR:
		read_descriptor(u);
		break;
	case AT_ENTRY:
		read_entry(u);
		break;
	case AT_END:
		read_end(u);
		break;
	case AT_END64:
		read_end64(u);
		break;
	case AT_LOCATOR64:
		read_locator64(u);
		break;
	case AT_BYTES:
	case AT_NOTHING:
	default: /* these have no head */
		break;
	}
}

static void
free_stream(void *unzip)
{
	struct ouv_unzip *u = unzip;

	if (u->z_on)
		(void)inflateEnd(&u->z);
}

struct ouv_unzip *
ouv_unzip_new(struct ouv_arena *arena, ouv_unzip_fn *tell, void *user)
{
	struct ouv_unzip *u = ouv_arena_alloc(arena, sizeof(*u));

	u->arena = arena;
	u->tell = tell;
	u->user = user;
	ouv_arena_defer(arena, free_stream, u);
	go(u, AT_SIGN, 4);
	return u;
}

enum ouv_err
ouv_unzip_add(struct ouv_unzip *u, const void *bytes, size_t len)
{
	const uint8_t *p = bytes;

	while (len > 0 && u->wrong == NULL) {
		size_t n = len;

		if (u->at == AT_NOTHING) {
			fail(u, "something stands behind its end");
			break;
		}
		if (u->at == AT_BYTES) {
			n = read_bytes(u, p, len);
			u->offset += n;
		} else {
			if (n > u->want - u->have)
				n = u->want - u->have;
			memcpy(u->head + u->have, p, n);
			u->have += n;
			u->offset += n;
			while (u->have == u->want && u->wrong == NULL &&
				u->at != AT_BYTES && u->at != AT_NOTHING)
				read_head(u);
		}
		p += n;
		len -= n;
	}
	return u->wrong == NULL ? OUV_OK : OUV_INVALID;
}

enum ouv_err
ouv_unzip_end(struct ouv_unzip *u)
{
	if (u->at != AT_NOTHING)
		fail(u, u->offset == 0 ? "it is no ZIP archive"
				       : "its end is missing");
	return u->wrong == NULL ? OUV_OK : OUV_INVALID;
}

const char *
ouv_unzip_wrong(const struct ouv_unzip *u)
{
	return u->wrong;
}
