/*
 * rtf_pack.c - the compressed RTF of a mailbox (MS-OXRTFCP)
 *
 * A window of 4 KB that begins with words every RTF has.  What is cut or
 * lies gives as much as it had.
 */
#include <string.h>

#include "marks.h"

#define HEADER 16u
#define PACKED 0x75465a4cu /* "LZFu" */
#define STORED 0x414c454du /* "MELA" */
#define WINDOW 4096u

static const char prefix[] =
	"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman "
	"\\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes "
	"New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par "
	"\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";

struct window {
	unsigned char bytes[WINDOW];
	size_t at;
};

static uint32_t
number(const unsigned char *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
	       (uint32_t)p[3] << 24;
}

static void
put(struct window *w, struct ouv_buf *out, unsigned char c)
{
	w->bytes[w->at] = c;
	w->at = (w->at + 1) % WINDOW;
	ouv_buf_char(out, (char)c);
}

/* A place in the window and a length; false: that is the end. */
static bool
repeat(struct window *w, struct ouv_buf *out, unsigned word)
{
	size_t from = word >> 4, len = (word & 15) + 2;

	if (from == w->at)
		return false;
	while (len-- > 0) {
		put(w, out, w->bytes[from]);
		from = (from + 1) % WINDOW;
	}
	return true;
}

static void
expand(const unsigned char *p, const unsigned char *end, struct ouv_buf *out)
{
	struct window w = { .at = sizeof(prefix) - 1 };

	memcpy(w.bytes, prefix, sizeof(prefix) - 1);
	while (p < end) {
		unsigned flags = *p++;

		for (int i = 0; i < 8 && p < end; i++, flags >>= 1) {
			if ((flags & 1) == 0) {
				put(&w, out, *p++);
				continue;
			}
			if (end - p < 2 ||
				!repeat(&w, out, (unsigned)p[0] << 8 | p[1]))
				return;
			p += 2;
		}
	}
}

bool
mail_rtf_expand(struct ouv_arena *arena, struct ouv_str compressed,
	struct ouv_str *rtf_out)
{
	const unsigned char *p = (const unsigned char *)compressed.p;
	struct ouv_buf out;
	uint32_t kind;

	if (compressed.len < HEADER)
		return false;
	kind = number(p + 8);
	if (kind == STORED) {
		*rtf_out = (struct ouv_str){ compressed.p + HEADER,
			compressed.len - HEADER };
		return true;
	}
	if (kind != PACKED)
		return false;
	ouv_buf_init(&out, arena, compressed.len * 3);
	expand(p + HEADER, p + compressed.len, &out);
	*rtf_out = (struct ouv_str){ out.data, out.len };
	return true;
}
