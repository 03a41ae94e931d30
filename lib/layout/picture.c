/*
 * picture.c - is it a picture that may be shown, by its bytes and not by what
 * its sender calls it
 */
#include <string.h>

#include "inner.h"

/* A few kilobytes can say that they are a wall of paint. */
#define PIXELS_MAX (UINT64_C(25) * 1000 * 1000)

struct size {
	uint32_t width, height;
};

static uint32_t
big(const unsigned char *p, size_t n)
{
	uint32_t value = 0;

	while (n-- > 0)
		value = value << 8 | *p++;
	return value;
}

/* ISO/IEC 15948: the first chunk is the header. */
static bool
read_png(const unsigned char *p, size_t len, struct size *size)
{
	if (len < 24 || memcmp(p, "\x89PNG\r\n\x1a\n", 8) != 0 ||
		memcmp(p + 12, "IHDR", 4) != 0)
		return false;
	*size = (struct size){ big(p + 16, 4), big(p + 20, 4) };
	return true;
}

static bool
read_gif(const unsigned char *p, size_t len, struct size *size)
{
	if (len < 10 ||
		(memcmp(p, "GIF87a", 6) != 0 && memcmp(p, "GIF89a", 6) != 0))
		return false;
	*size = (struct size){ (uint32_t)p[6] | (uint32_t)p[7] << 8,
		(uint32_t)p[8] | (uint32_t)p[9] << 8 };
	return true;
}

/* ITU-T T.81 B.1.1.3: is the marker the beginning of a frame? */
static bool
is_frame(unsigned char marker)
{
	return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 &&
	       marker != 0xc8 && marker != 0xcc;
}

static bool
read_jpeg(const unsigned char *p, size_t len, struct size *size)
{
	size_t at = 2;

	if (len < 4 || memcmp(p, "\xff\xd8\xff", 3) != 0)
		return false;
	while (at + 9 <= len && p[at] == 0xff) {
		unsigned char marker = p[at + 1];

		if (is_frame(marker)) {
			*size = (struct size){ big(p + at + 7, 2),
				big(p + at + 5, 2) };
			return true;
		}
		/* 0xff may stand before a marker any number of times. */
		at += marker == 0xff ? 1 : 2 + (size_t)big(p + at + 2, 2);
	}
	return false;
}

const char *
picture_type(struct ouv_str bytes)
{
	/* clang-format off */
	static const struct {
		bool (*read)(const unsigned char *p, size_t len,
			struct size *size);
		const char *type;
	} kinds[] = {
		{ read_png, "image/png" },
		{ read_gif, "image/gif" },
		{ read_jpeg, "image/jpeg" },
	};
	/* clang-format on */
	struct size size;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (kinds[i].read(
			    (const unsigned char *)bytes.p, bytes.len, &size))
			return size.width > 0 && size.height > 0 &&
					       (uint64_t)size.width *
							       size.height <=
						       PIXELS_MAX
				       ? kinds[i].type
				       : NULL;
	return NULL;
}

void
picture_base64(struct ouv_buf *out, struct ouv_str bytes)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";
	const unsigned char *p = (const unsigned char *)bytes.p;

	for (size_t i = 0; i < bytes.len; i += 3) {
		size_t n = bytes.len - i < 3 ? bytes.len - i : 3;
		uint32_t bits = big(p + i, n) << 8 * (3 - n);
		char four[4] = { '=', '=', '=', '=' };

		for (size_t k = 0; k <= n; k++)
			four[k] = digits[bits >> (18 - 6 * k) & 63];
		ouv_buf_add(out, four, sizeof(four));
	}
}
