/*
 * ids.c - Message-ID, References and their kind to lists of ids
 *
 * RFC 5322 3.6.4, and what is sent instead: ids without brackets, folded
 * inside, with prose between them.
 */
#include <string.h>

#include "internal.h"

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool
ids_have(const struct ouv_mail_ids *ids, const char *id)
{
	for (size_t i = 0; i < ids->count; i++)
		if (strcmp(ids->list[i], id) == 0)
			return true;
	return false;
}

/* Blanks that folding left inside an id are no part of it. */
static const char *
clean_id(struct ouv_arena *arena, const char *start, const char *stop)
{
	char *out = ouv_arena_alloc(arena, (size_t)(stop - start) + 1);
	struct ouv_str utf8;
	size_t n = 0;

	for (; start < stop; start++)
		if ((unsigned char)*start > ' ' && *start != '<' &&
			*start != '>' && *start != 0x7f)
			out[n++] = *start;
	if (n == 0)
		return "";
	(void)mail_to_utf8(
		arena, NULL, NULL, (struct ouv_str){ out, n }, &utf8);
	return mail_clean_line(arena, utf8);
}

void
mail_ids(struct ouv_arena *arena, struct ouv_str raw,
	struct ouv_mail_ids *ids_out)
{
	const char *p = raw.p, *end = raw.p + raw.len;
	size_t cap = 0;

	ids_out->count = 0;
	ids_out->list = NULL;
	while (p < end && ids_out->count < MAIL_IDS_MAX) {
		const char *start, *id;

		while (p < end && (is_blank(*p) || *p == ',' || *p == '>'))
			p++;
		if (p == end)
			return;
		start = p;
		if (*p == '<')
			for (p++; p < end && *p != '>' && *p != '<';)
				p++;
		else /* an id that forgot its brackets; prose has no @ */
			while (p < end && !is_blank(*p) && *p != '<' &&
				*p != ',')
				p++;
		if (*start != '<' &&
			memchr(start, '@', (size_t)(p - start)) == NULL)
			continue;
		id = clean_id(arena, start, p);
		if (*id == '\0' || ids_have(ids_out, id))
			continue;
		if (ids_out->count == cap) {
			const char **more;

			cap = cap == 0 ? 8 : cap * 2;
			more = ouv_arena_array(arena, cap, sizeof(*more));
			if (ids_out->count > 0)
				memcpy(more, ids_out->list,
					ids_out->count * sizeof(*more));
			ids_out->list = more;
		}
		ids_out->list[ids_out->count++] = id;
	}
}
