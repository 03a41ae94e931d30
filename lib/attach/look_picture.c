/*
 * look_picture.c - is a picture whole, and how many dots has it?
 *
 * JPEG, PNG and TIFF by the structure of their formats: nothing is drawn.  Of a
 * PNG the packed dots are unpacked once, into nowhere, because its checksums
 * say only that it came as it was sent.
 */
#include <stdint.h>
#include <string.h>

#include <zlib.h>

#include "ouv/attach.h"

struct file {
	const unsigned char *p;
	size_t len;
};

static uint32_t
big(const unsigned char *p, int bytes)
{
	uint32_t n = 0;

	for (int i = 0; i < bytes; i++)
		n = n << 8 | p[i];
	return n;
}

static void
measure(struct ouv_look *look, uint64_t width, uint64_t height)
{
	look->damaged |= width == 0 || height == 0;
	look->bomb |= height != 0 && width > OUV_LOOK_DOTS / height;
}

/* ---- JPEG: ITU-T T.81, annex B ---------------------------------------------
 */

/* Is it a frame's header, SOF0 to SOF15 without DHT, JPG and DAC? */
static bool
is_frame(unsigned char marker)
{
	return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 &&
	       marker != 0xc8 && marker != 0xcc;
}

/* Behind a scan's header its coded dots, up to the next marker. */
static size_t
scan_end(const struct file *file, size_t at)
{
	while (at + 1 < file->len) {
		const unsigned char *ff =
			memchr(file->p + at, 0xff, file->len - at - 1);

		if (ff == NULL)
			break;
		at = (size_t)(ff - file->p);
		if (ff[1] != 0 && (ff[1] < 0xd0 || ff[1] > 0xd7) &&
			ff[1] != 0xff)
			return at;
		at += ff[1] == 0xff ? 1 : 2;
	}
	return file->len;
}

void
ouv_look_jpeg(const void *data, size_t len, struct ouv_look *look)
{
	const struct file file = { data, len };
	bool frame = false, scan = false;
	size_t at = 2;

	look->pages = 1;
	while (at + 4 <= len && file.p[at] == 0xff) {
		const unsigned char marker = file.p[at + 1];
		const size_t size = big(file.p + at + 2, 2);

		if (marker == 0xff) { /* filled up */
			at++;
			continue;
		}
		if (marker == 0xd9)
			break;
		if (size < 2 || len - at - 2 < size) {
			at = len;
			break;
		}
		if (is_frame(marker) && size >= 8) {
			measure(look, big(file.p + at + 7, 2),
				big(file.p + at + 5, 2));
			frame = true;
		}
		at += 2 + size;
		if (marker == 0xda) {
			scan = true;
			at = scan_end(&file, at);
		}
	}
	look->damaged |= !frame || !scan || at + 2 > len ||
			 file.p[at] != 0xff || file.p[at + 1] != 0xd9;
}

/* ---- PNG: ISO/IEC 15948 ----------------------------------------------------
 */

struct png {
	uint32_t width, height;
	unsigned depth, channels;
	bool interlaced, head, end;
	z_stream z;
	bool unpacking, unpacked, broken;
	uint64_t wanted, got; /* bytes of dots */
};

static uint64_t
rows(const struct png *png, uint64_t width, uint64_t height)
{
	if (width == 0 || height == 0)
		return 0;
	return height * (1 + (width * png->channels * png->depth + 7) / 8);
}

/* All dots with the filter byte of each row; Adam7 is seven small pictures. */
static uint64_t
dots(const struct png *png)
{
	static const unsigned x0[] = { 0, 4, 0, 2, 0, 1, 0 },
			      dx[] = { 8, 8, 4, 4, 2, 2, 1 },
			      y0[] = { 0, 0, 4, 0, 2, 0, 1 },
			      dy[] = { 8, 8, 8, 4, 4, 2, 2 };
	uint64_t sum = 0;

	if (!png->interlaced)
		return rows(png, png->width, png->height);
	for (size_t i = 0; i < 7; i++)
		if (png->width > x0[i] && png->height > y0[i])
			sum += rows(png,
				(png->width - x0[i] + dx[i] - 1) / dx[i],
				(png->height - y0[i] + dy[i] - 1) / dy[i]);
	return sum;
}

static void
png_head(struct png *png, const unsigned char *p, size_t len,
	struct ouv_look *look)
{
	static const unsigned channels[] = { 1, 0, 3, 1, 2, 0, 4 };

	if (len != 13 || p[9] > 6 || channels[p[9]] == 0 || p[8] == 0 ||
		p[8] > 16 || p[12] > 1) {
		png->broken = true;
		return;
	}
	png->head = true;
	png->width = big(p, 4);
	png->height = big(p + 4, 4);
	png->depth = p[8];
	png->channels = channels[p[9]];
	png->interlaced = p[12] == 1;
	png->wanted = dots(png);
	measure(look, png->width, png->height);
}

static void
png_dots(struct png *png, const unsigned char *p, size_t len)
{
	unsigned char nowhere[16384];
	int status = Z_OK;

	if (!png->unpacking) {
		png->unpacking = inflateInit(&png->z) == Z_OK;
		png->broken |= !png->unpacking;
	}
	png->z.next_in = (unsigned char *)(uintptr_t)p;
	png->z.avail_in = (uInt)len;
	while (!png->broken && !png->unpacked && status == Z_OK &&
		png->got <= png->wanted) {
		png->z.next_out = nowhere;
		png->z.avail_out = sizeof(nowhere);
		status = inflate(&png->z, Z_NO_FLUSH);
		png->got += sizeof(nowhere) - png->z.avail_out;
		png->unpacked = status == Z_STREAM_END;
		png->broken |= status != Z_OK && status != Z_STREAM_END &&
			       status != Z_BUF_ERROR;
	}
}

static void
png_chunk(struct png *png, const unsigned char *p, size_t len,
	struct ouv_look *look)
{
	if (!png->head && memcmp(p + 4, "IHDR", 4) != 0)
		png->broken = true;
	else if (memcmp(p + 4, "IHDR", 4) == 0)
		png_head(png, p + 8, len, look);
	else if (memcmp(p + 4, "IDAT", 4) == 0 && !look->bomb)
		png_dots(png, p + 8, len);
	else if (memcmp(p + 4, "IEND", 4) == 0)
		png->end = true;
}

void
ouv_look_png(const void *data, size_t len, struct ouv_look *look)
{
	const struct file file = { data, len };
	struct png png = { .head = false };
	size_t at = 8;

	look->pages = 1;
	while (!png.broken && !png.end && !look->bomb && len - at >= 12) {
		const unsigned char *p = file.p + at;
		const size_t size = big(p, 4);

		if (len - at - 12 < size ||
			crc32(crc32(0, NULL, 0), p + 4, (uInt)size + 4) !=
				big(p + 8 + size, 4))
			break;
		png_chunk(&png, p, size, look);
		at += 12 + size;
	}
	if (png.unpacking)
		(void)inflateEnd(&png.z);
	look->damaged |= png.broken || !png.end || !png.unpacked ||
			 png.got != png.wanted;
}

/* ---- TIFF 6.0 --------------------------------------------------------------
 */

#define IFDS_MOST 20000
#define ENTRY 12

enum tag {
	TAG_WIDTH = 256,
	TAG_HEIGHT = 257,
	TAG_STRIPS = 273,
	TAG_STRIP_BYTES = 279,
	TAG_TILES = 324,
	TAG_TILE_BYTES = 325,
};

struct tiff {
	struct file file;
	bool little;
};

static uint32_t
number(const struct tiff *t, size_t at, int bytes)
{
	uint32_t n = 0;

	if (!t->little)
		return big(t->file.p + at, bytes);
	for (int i = bytes - 1; i >= 0; i--)
		n = n << 8 | t->file.p[at + (size_t)i];
	return n;
}

/* The i-th value of an entry, SHORT or LONG; false: outside of the file. */
static bool
value(const struct tiff *t, size_t entry, uint32_t i, uint32_t *out)
{
	const int bytes = number(t, entry + 2, 2) == 3 ? 2 : 4;
	const uint64_t count = number(t, entry + 4, 4);
	uint64_t at = count * (unsigned)bytes <= 4 ? entry + 8
						   : number(t, entry + 8, 4);

	at += (uint64_t)i * (unsigned)bytes;
	if (i >= count || at + (unsigned)bytes > t->file.len)
		return false;
	*out = number(t, (size_t)at, bytes);
	return true;
}

/* Each piece of the dots lies within the file. */
static bool
pieces_lie(const struct tiff *t, size_t places, size_t sizes)
{
	const uint32_t count = number(t, places + 4, 4);
	uint32_t at, size;

	if (count != number(t, sizes + 4, 4) || count == 0)
		return false;
	for (uint32_t i = 0; i < count; i++)
		if (!value(t, places, i, &at) || !value(t, sizes, i, &size) ||
			at > t->file.len || t->file.len - at < size)
			return false;
	return true;
}

/* A page; where the next one is told, 0: damaged. */
static size_t
tiff_page(const struct tiff *t, size_t at, struct ouv_look *look)
{
	size_t places = 0, sizes = 0, count;
	uint32_t width = 0, height = 0;

	if (t->file.len < at || t->file.len - at < 2)
		return 0;
	count = number(t, at, 2);
	at += 2;
	if (count == 0 || (t->file.len - at) / ENTRY < count ||
		t->file.len - at - count * ENTRY < 4)
		return 0;
	for (; count > 0; count--, at += ENTRY) {
		const uint32_t tag = number(t, at, 2);

		if (tag == TAG_WIDTH)
			(void)value(t, at, 0, &width);
		else if (tag == TAG_HEIGHT)
			(void)value(t, at, 0, &height);
		else if (tag == TAG_STRIPS || tag == TAG_TILES)
			places = at;
		else if (tag == TAG_STRIP_BYTES || tag == TAG_TILE_BYTES)
			sizes = at;
	}
	measure(look, width, height);
	if (places == 0 || sizes == 0 || !pieces_lie(t, places, sizes))
		look->damaged = true;
	return at;
}

void
ouv_look_tiff(const void *data, size_t len, struct ouv_look *look)
{
	const struct tiff t = { { data, len }, *(const char *)data == 'I' };
	size_t at = len >= 8 ? number(&t, 4, 4) : 0, next;

	while (at != 0 && look->pages < IFDS_MOST) {
		next = tiff_page(&t, at, look);
		if (next == 0) {
			look->damaged = true;
			return;
		}
		look->pages++;
		at = number(&t, next, 4);
	}
	/* A chain without an end is a ring. */
	look->damaged |= look->pages == 0 || at != 0;
}
