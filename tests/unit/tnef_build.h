/*
 * tnef_build.h - writes winmail.dat files for tests (MS-OXTNEF, MS-OXRTFCP)
 */
#ifndef TNEF_BUILD_H
#define TNEF_BUILD_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

struct build {
	unsigned char bytes[65536];
	size_t len;
	bool wrong_sums; /* checksums that do not fit */
};

static inline void
build_add(struct build *b, const void *data, size_t len)
{
	if (len > sizeof(b->bytes) - b->len)
		len = sizeof(b->bytes) - b->len;
	memcpy(b->bytes + b->len, data, len);
	b->len += len;
}

static inline void
build_16(struct build *b, unsigned value)
{
	const unsigned char two[] = { (unsigned char)value,
		(unsigned char)(value >> 8) };

	build_add(b, two, 2);
}

static inline void
build_32(struct build *b, uint32_t value)
{
	build_16(b, value & 0xffff);
	build_16(b, value >> 16);
}

static inline void
build_start(struct build *b)
{
	memset(b, 0, sizeof(*b));
	build_32(b, 0x223e9f78);
	build_16(b, 1);
}

/* One attribute of the message (level 1) or of a file (level 2). */
static inline void
build_attribute(struct build *b, unsigned char level, uint32_t id,
	const void *data, size_t len)
{
	const unsigned char *p = data;
	unsigned sum = 0;

	build_add(b, &level, 1);
	build_32(b, id);
	build_32(b, (uint32_t)len);
	build_add(b, data, len);
	for (size_t i = 0; i < len; i++)
		sum += p[i];
	build_16(b, b->wrong_sums ? sum + 1 : sum);
}

/* A string attribute, with its final zero. */
static inline void
build_string(
	struct build *b, unsigned char level, uint32_t id, const char *text)
{
	build_attribute(b, level, id, text, strlen(text) + 1);
}

static inline void
build_code_page(struct build *b, uint32_t page)
{
	struct build value = { .len = 0 };

	build_32(&value, page);
	build_32(&value, 0);
	build_attribute(b, 1, 0x00069007, value.bytes, 8);
}

/* What a file begins with: attAttachRenddata. */
static inline void
build_file(struct build *b)
{
	static const unsigned char rend[14] = { 1, 0, 0xff, 0xff, 0xff, 0xff,
		32, 0, 32, 0, 0, 0, 0, 0 };

	build_attribute(b, 2, 0x00069002, rend, sizeof(rend));
}

/* ---- properties: in a build of their own, its first 4 bytes their count */

static inline void
build_properties(struct build *b)
{
	memset(b, 0, sizeof(*b));
	build_32(b, 0);
}

static inline void
build_property(struct build *b, unsigned type, unsigned id, const void *data,
	size_t len)
{
	static const unsigned char zero[4];

	b->bytes[0]++;
	build_16(b, type);
	build_16(b, id);
	build_32(b, 1);
	build_32(b, (uint32_t)len);
	build_add(b, data, len);
	build_add(b, zero, (4 - len % 4) % 4);
}

static inline void
build_long(struct build *b, unsigned id, uint32_t value)
{
	b->bytes[0]++;
	build_16(b, 0x03);
	build_16(b, id);
	build_32(b, value);
}

/* ASCII or Latin-1 as UTF-16. */
static inline void
build_unicode(struct build *b, unsigned id, const char *latin1)
{
	unsigned char wide[512];
	size_t n = 0;

	do {
		wide[n++] = (unsigned char)*latin1;
		wide[n++] = 0;
	} while (*latin1++ != '\0');
	build_property(b, 0x1f, id, wide, n);
}

/* Puts the properties into the message (level 1) or the file (level 2). */
static inline void
build_put(struct build *b, unsigned char level, const struct build *properties)
{
	build_attribute(b, level, level == 1 ? 0x00069003 : 0x00069005,
		properties->bytes, properties->len);
}

/* ---- compressed RTF
 * ---------------------------------------------------------- */

static const char build_prefix[] =
	"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman "
	"\\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes "
	"New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par "
	"\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";

/* The longest earlier place of text at `at`, in text with its prefix. */
static inline size_t
build_match(const unsigned char *all, size_t at, size_t len, size_t *from_out)
{
	size_t best = 0;

	for (size_t from = at > 4000 ? at - 4000 : 0; from < at; from++) {
		size_t n = 0;

		while (n < 17 && at + n < len && all[from + n] == all[at + n])
			n++;
		if (n > best) {
			best = n;
			*from_out = from;
		}
	}
	return best;
}

static inline void
build_reference(struct build *out, size_t from, size_t n)
{
	unsigned word = (unsigned)(from % 4096) << 4 | (unsigned)(n - 2);
	const unsigned char two[] = { (unsigned char)(word >> 8),
		(unsigned char)word };

	build_add(out, two, 2);
}

/* Greedy; out gets header and tokens. */
static inline void
build_rtf(struct build *out, const char *rtf)
{
	static unsigned char all[16384];
	size_t first = sizeof(build_prefix) - 1, at = first;
	size_t len = first + strlen(rtf);
	bool end = false;

	memcpy(all, build_prefix, first);
	memcpy(all + first, rtf, strlen(rtf));
	memset(out, 0, sizeof(*out));
	build_32(out, 0);
	build_32(out, (uint32_t)strlen(rtf));
	build_32(out, 0x75465a4c);
	build_32(out, 0); /* its CRC, which nobody keeps */
	while (!end) {
		size_t flags_at = out->len, from = 0;

		build_add(out, "", 1);
		for (int bit = 0; bit < 8 && !end; bit++) {
			size_t n = build_match(all, at, len, &from);

			end = at == len;
			if (end || n >= 2) {
				out->bytes[flags_at] |=
					(unsigned char)(1U << bit);
				build_reference(
					out, end ? at : from, end ? 2 : n);
				at += n;
			} else {
				build_add(out, all + at++, 1);
			}
		}
	}
	out->bytes[0] = (unsigned char)(out->len - 4);
	out->bytes[1] = (unsigned char)((out->len - 4) >> 8);
}

#endif
