/*
 * uu.c - finds files that were written into a text (uuencode)
 *
 * What mailers did before MIME, and some scripts still do.
 */
#include <string.h>

#include "internal.h"

/* Is it as long as its first letter says? */
static bool
is_uu_line(struct ouv_str line)
{
	size_t want;

	if (line.len == 0 || line.p[0] < 32 || line.p[0] > 96)
		return false;
	want = (((unsigned char)line.p[0] - 32u) & 63u);
	want = 1 + (want + 2) / 3 * 4;
	return line.len <= want + 1 && line.len + 3 >= want;
}

bool
mail_uu_find(struct mail_lines *lines, struct ouv_str *block_out,
	struct ouv_str *name_out)
{
	struct ouv_str line;

	while (mail_line_next(lines, &line)) {
		const char *start = line.p;
		size_t data = 0;

		if (!mail_uu_begin(line, name_out))
			continue;
		for (;;) {
			struct mail_lines before = *lines;

			if (!mail_line_next(lines, &line))
				return false;
			if (data > 0 && mail_str_is(line, "end")) {
				block_out->p = start;
				block_out->len = (size_t)(lines->p - start);
				return true;
			}
			if (!is_uu_line(line)) {
				*lines = before;
				break;
			}
			data++;
		}
	}
	return false;
}
