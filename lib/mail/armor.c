/*
 * armor.c - OpenPGP blocks inside a text (RFC 9580 6.2 and 7)
 *
 * A block counts when its first and its last line stand alone and something
 * like base64 stands between: a mail that talks about PGP is no such mail.
 */
#include <string.h>

#include "marks.h"

#define FRONT "-----BEGIN PGP "
#define BACK "-----END PGP "
#define DASHES "-----"
#define DATA_MIN 8 /* letters of base64 in a row, at least */

enum block {
	SIGNED_TEXT,
	SIGNATURE,
	MESSAGE,
	PUBLIC_KEY,
	PRIVATE_KEY,
	BLOCK__COUNT
};

/* clang-format off */
static const struct {
	const char *name;
	enum block end; /* the block whose last line ends it */
	unsigned says;
} blocks[BLOCK__COUNT] = {
	[SIGNED_TEXT] = { "SIGNED MESSAGE",    SIGNATURE,   MAIL_ARMOR_SIGNED },
	[SIGNATURE] =   { "SIGNATURE",         SIGNATURE,   MAIL_ARMOR_SIGNED },
	[MESSAGE] =     { "MESSAGE",           MESSAGE,     MAIL_ARMOR_MESSAGE },
	[PUBLIC_KEY] =  { "PUBLIC KEY BLOCK",  PUBLIC_KEY,  MAIL_ARMOR_KEY },
	[PRIVATE_KEY] = { "PRIVATE KEY BLOCK", PRIVATE_KEY, MAIL_ARMOR_KEY },
};
/* clang-format on */

struct finder {
	struct mail_lines lines;
	bool no_end[BLOCK__COUNT]; /* none of these lines comes any more */
};

static bool
is_marker(struct ouv_str line, const char *front, enum block *block_out)
{
	size_t skip = strlen(front);

	while (line.len > 0 && line.p[line.len - 1] <= ' ')
		line.len--;
	if (line.len < skip + strlen(DASHES) ||
		memcmp(line.p, front, skip) != 0 ||
		memcmp(line.p + line.len - 5, DASHES, 5) != 0)
		return false;
	line.p += skip;
	line.len -= skip + strlen(DASHES);
	for (int i = 0; i < BLOCK__COUNT; i++)
		if (mail_name_is(line, blocks[i].name)) {
			*block_out = (enum block)i;
			return true;
		}
	return false;
}

static bool
is_data(struct ouv_str line)
{
	size_t n = 0;

	while (n < line.len && ((line.p[n] >= 'a' && line.p[n] <= 'z') ||
				       (line.p[n] >= 'A' && line.p[n] <= 'Z') ||
				       (line.p[n] >= '0' && line.p[n] <= '9') ||
				       strchr("+/=", line.p[n]) != NULL))
		n++;
	return n >= DATA_MIN && n == mail_trim(line).len;
}

/* The block that begins with the line before: moves behind its last line. */
static bool
take_block(struct finder *f, enum block block)
{
	struct mail_lines ahead = f->lines;
	enum block end = blocks[block].end, seen;
	struct ouv_str line;
	bool data = false;

	if (f->no_end[end])
		return false;
	while (mail_line_next(&ahead, &line)) {
		data |= is_data(line);
		if (is_marker(line, FRONT, &seen) && seen == block)
			return false; /* the one before has no end */
		if (is_marker(line, BACK, &seen) && seen == end) {
			if (data)
				f->lines = ahead;
			return data;
		}
	}
	f->no_end[end] = true;
	return false;
}

static struct finder
finder_of(struct ouv_str text)
{
	return (struct finder){ .lines = { text.p, text.p + text.len, '\n' } };
}

unsigned
mail_armor(struct ouv_str text)
{
	struct finder f = finder_of(text);
	struct ouv_str line;
	unsigned found = 0;
	enum block block;

	if (memmem(text.p, text.len, FRONT, strlen(FRONT)) == NULL)
		return 0;
	while (mail_line_next(&f.lines, &line))
		if (is_marker(line, FRONT, &block) && take_block(&f, block))
			found |= blocks[block].says;
	return found;
}

/* The lines of a clear text: headers up to an empty line, then "- -x". */
static void
strip_signed(struct ouv_str whole, struct ouv_buf *out)
{
	struct mail_lines lines = { whole.p, whole.p + whole.len, '\n' };
	struct ouv_str line;
	enum block block;

	while (mail_line_next(&lines, &line) && mail_trim(line).len > 0)
		;
	while (mail_line_next(&lines, &line)) {
		if (is_marker(line, FRONT, &block) && block == SIGNATURE)
			return;
		if (line.len >= 2 && memcmp(line.p, "- ", 2) == 0) {
			line.p += 2;
			line.len -= 2;
		}
		ouv_buf_add(out, line.p, line.len);
		ouv_buf_char(out, '\n');
	}
}

void
mail_armor_strip(struct ouv_str text, struct ouv_buf *out)
{
	struct finder f = finder_of(text);
	const char *from = text.p;
	struct ouv_str line;
	enum block block;

	while (mail_line_next(&f.lines, &line)) {
		const char *inside = f.lines.p;

		if (!is_marker(line, FRONT, &block) || !take_block(&f, block) ||
			(block != SIGNED_TEXT && block != SIGNATURE))
			continue;
		ouv_buf_add(out, from, (size_t)(line.p - from));
		from = f.lines.p;
		if (block == SIGNED_TEXT)
			strip_signed((struct ouv_str){ inside,
					     (size_t)(from - inside) },
				out);
	}
	ouv_buf_add(out, from, (size_t)(text.p + text.len - from));
}
