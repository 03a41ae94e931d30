/*
 * dossier_mask.c - what of a text is somebody's own, and may not go along
 *
 * Names and addresses that are known of the parties, however they are written
 * (case, accents, broken over lines, after marks of quotation), the numbers
 * that the rules for letters know, and the secret halves of our own links: each
 * becomes the mark of extracts.  What nobody told us it cannot know: a nickname
 * stays.
 */
#include <stdlib.h>
#include <string.h>

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/utf8.h>

#include "dossier.h"
#include "release.h"

#define NAME_LEAST 3 /* letters of a name by itself */
#define NEEDLES 400

enum kind {
	NAME,
	ADDRESS
};
struct needle {
	const UChar32 *c;
	size_t len;
	enum kind kind;
	bool capital; /* counts only where it begins with a capital */
};
struct mask {
	struct ouv_arena *arena;
	const char *own[8];
	size_t own_count, count;
	struct needle list[NEEDLES];
	const char *common; /* the company's name, the office's */
};

/* Rules that find what is a person's own. */
static const char *const rules[] = { "card-number", "cpf", "iban",
	"codice-fiscale", "bank-account", "phone", "email-address" };
/* Between names, and nobody's. */
static const char *const particles[] = { "das", "dos", "del", "della", "van",
	"von", "der", "den", "sra", "srs", "mrs", "sac", "via", "the", "and" };

/* ---- a text without what does not count ------------------------------------
 */

struct folded {
	UChar32 *c;
	size_t *from, *until; /* bytes of the text */
	bool *capital;
	size_t len;
};

static UChar32
fold(UChar32 c)
{
	UErrorCode status = U_ZERO_ERROR;
	const UNormalizer2 *nfd = unorm2_getNFDInstance(&status);
	UChar parts[16];
	int32_t n = U_SUCCESS(status) ? unorm2_getDecomposition(
						nfd, c, parts, 16, &status)
				      : -1;

	if (U_SUCCESS(status) && n > 0 && !U_IS_SURROGATE(parts[0]))
		c = parts[0];
	return u_foldCase(c, U_FOLD_CASE_DEFAULT);
}

static bool
is_nothing(UChar32 c)
{
	int8_t type = u_charType(c);

	return type == U_NON_SPACING_MARK || type == U_ENCLOSING_MARK ||
	       type == U_FORMAT_CHAR || c == 0xad;
}

static struct folded
fold_text(struct ouv_arena *arena, const char *text, size_t len)
{
	struct folded f = { .c = ouv_arena_array(arena, len + 1, sizeof(*f.c)),
		.from = ouv_arena_array(arena, len + 1, sizeof(*f.from)),
		.until = ouv_arena_array(arena, len + 1, sizeof(*f.until)),
		.capital =
			ouv_arena_array(arena, len + 1, sizeof(*f.capital)) };
	size_t at = 0;
	bool begins = false; /* of a line: marks of quotation are blanks */

	while (at < len) {
		size_t from = at;
		UChar32 c;

		U8_NEXT(text, at, len, c);
		if (c > 0 && is_nothing(c)) {
			if (f.len > 0)
				f.until[f.len - 1] = at;
			continue;
		}
		begins = c == '\n' || (begins && (c == '>' || c == ' '));
		if (u_isUWhiteSpace(c) || begins) {
			if (f.len > 0 && f.c[f.len - 1] == ' ')
				continue;
			c = ' ';
		}
		f.from[f.len] = from;
		f.until[f.len] = at;
		f.capital[f.len] = u_isUUppercase(c) || u_istitle(c);
		f.c[f.len++] = c == ' ' ? c : fold(c);
	}
	return f;
}

/* ---- what is looked for ----------------------------------------------------
 */

static bool
is_known(const struct mask *mask, const struct folded *f, bool capital)
{
	for (size_t i = 0; i < mask->count; i++) {
		const struct needle *n = &mask->list[i];

		if (n->len == f->len && (capital || !n->capital) &&
			memcmp(n->c, f->c, f->len * sizeof(*f->c)) == 0)
			return true;
	}
	return false;
}

static void
add(struct mask *mask, const char *text, size_t len, enum kind kind,
	bool capital)
{
	struct folded f;

	while (len > 0 && strchr(" \t\"'.,", text[len - 1]) != NULL)
		len--;
	f = fold_text(mask->arena, text, len);
	if (f.len < NAME_LEAST || mask->count == NEEDLES ||
		is_known(mask, &f, capital))
		return;
	mask->list[mask->count++] = (struct needle){
		.c = f.c, .len = f.len, .kind = kind, .capital = capital
	};
}

static bool
is_particle(const char *word, size_t len)
{
	for (size_t i = 0; i < sizeof(particles) / sizeof(particles[0]); i++)
		if (strlen(particles[i]) == len &&
			strncasecmp(particles[i], word, len) == 0)
			return true;
	return false;
}

/* A word of the company's own name, or of the office's. */
static bool
is_common(const struct mask *mask, const char *word, size_t len)
{
	const char *at = mask->common;
	char *one = ouv_arena_strndup(mask->arena, word, len);

	while ((at = strcasestr(at, one)) != NULL) {
		bool begins = at == mask->common || at[-1] == ' ';

		if (begins && (at[len] == ' ' || at[len] == '\0'))
			return true;
		at += len;
	}
	return false;
}

#define BETWEEN " \t\r\n,;()\"'"

static void
add_name(struct mask *mask, const char *name)
{
	bool whole = false;

	for (const char *at = name; *at != '\0';) {
		size_t len = strcspn(at, BETWEEN);

		if (len >= NAME_LEAST && !is_particle(at, len) &&
			!is_common(mask, at, len)) {
			add(mask, at, len, NAME, true);
			whole = true;
		}
		at += len;
		at += strspn(at, BETWEEN);
	}
	if (whole && strchr(name, ' ') != NULL)
		add(mask, name, strlen(name), NAME, false);
}

struct mask *
mask_new(const struct ouv_desk *desk, struct ouv_arena *arena,
	const char *company_name)
{
	const struct ouv_config *config = desk->office->config;
	const char *const own[] = { config->office_name, config->office_address,
		config->office_phone, config->office_site,
		config->office_postal };
	struct mask *mask = ouv_arena_alloc(arena, sizeof(*mask));

	mask->arena = arena;
	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		if (own[i] != NULL && *own[i] != '\0')
			mask->own[mask->own_count++] = own[i];
	mask->common = ouv_arena_printf(arena, "%s %s",
		company_name != NULL ? company_name : "", config->office_name);
	return mask;
}

void
mask_person(struct mask *mask, const char *name, const char *addr)
{
	if (addr != NULL && *addr != '\0')
		add(mask, addr, strlen(addr), ADDRESS, false);
	if (name != NULL && strchr(name, '@') == NULL)
		add_name(mask, name);
}

void
mask_line(struct mask *mask, const char *line)
{
	size_t len = strlen(line);

	if (len >= 6)
		add(mask, line, len, ADDRESS, false);
}

/* ---- finding it ------------------------------------------------------------
 */

struct span {
	size_t from, until;
};
struct spans {
	struct ouv_arena *arena;
	struct span *list;
	size_t count, room;
};

static void
add_span(struct spans *spans, size_t from, size_t until)
{
	if (spans->count == spans->room) {
		size_t room = 2 * spans->room + 32;
		struct span *more =
			ouv_arena_array(spans->arena, room, sizeof(*more));

		if (spans->count > 0)
			memcpy(more, spans->list, spans->count * sizeof(*more));
		spans->list = more;
		spans->room = room;
	}
	spans->list[spans->count++] = (struct span){ from, until };
}

static bool
is_letter(const struct folded *f, size_t at)
{
	return at < f->len && u_isalnum(f->c[at]);
}

static bool
stands(const struct folded *f, size_t at, const struct needle *n)
{
	return at + n->len <= f->len && (!n->capital || f->capital[at]) &&
	       memcmp(f->c + at, n->c, n->len * sizeof(*n->c)) == 0 &&
	       !(u_isalnum(n->c[n->len - 1]) && is_letter(f, at + n->len));
}

/* The longest that stands there; NULL: none. */
static const struct needle *
found(const struct mask *mask, const struct folded *f, size_t at)
{
	const struct needle *best = NULL;

	for (size_t i = 0; i < mask->count; i++) {
		const struct needle *n = &mask->list[i];

		if (n->c[0] == f->c[at] && stands(f, at, n) &&
			(best == NULL || n->len > best->len))
			best = n;
	}
	return best;
}

static void
find_people(const struct mask *mask, const char *text, struct spans *spans,
	struct masked *count)
{
	struct folded f = fold_text(spans->arena, text, strlen(text));

	for (size_t at = 0; at < f.len; at++) {
		const struct needle *n =
			at > 0 && is_letter(&f, at - 1) && is_letter(&f, at)
				? NULL
				: found(mask, &f, at);

		if (n == NULL)
			continue;
		add_span(spans, f.from[at], f.until[at + n->len - 1]);
		count->names += n->kind == NAME;
		count->addresses += n->kind == ADDRESS;
		at += n->len - 1;
	}
}

static bool
is_own_number(const struct ouv_finding *f)
{
	for (size_t i = 0; f->len > 0 && i < sizeof(rules) / sizeof(rules[0]);
		i++)
		if (strcmp(rules[i], f->rule->name) == 0)
			return true;
	return false;
}

static void
find_numbers(const struct mask *mask, const struct ouv_desk *desk,
	const char *text, struct spans *spans, struct masked *count)
{
	const struct ouv_lint_text what = { .lang = OUV_LANG__COUNT,
		.kind = OUV_LINT_PIECE,
		.body = text,
		.own = mask->own,
		.own_count = mask->own_count };
	struct ouv_finding *list;
	size_t n;

	ouv_lint_run(spans->arena, desk->office->lint, &what, &list, &n);
	for (size_t i = 0; i < n; i++) {
		bool addr = strcmp(list[i].rule->name, "email-address") == 0;

		if (list[i].place != OUV_LINT_BODY || !is_own_number(&list[i]))
			continue;
		add_span(spans, list[i].offset, list[i].offset + list[i].len);
		count->addresses += addr;
		count->numbers += !addr;
	}
}

static int
by_place(const void *a, const void *b)
{
	const struct span *x = a, *y = b;

	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	return 0;
}

/* One mark for what overlaps, and its length says nothing. */
static const char *
marked(const char *text, struct spans *spans)
{
	struct ouv_buf out;
	size_t at = 0;

	qsort(spans->list, spans->count, sizeof(*spans->list), by_place);
	ouv_buf_init(&out, spans->arena, strlen(text) + 64);
	for (size_t i = 0; i < spans->count;) {
		struct span s = spans->list[i++];

		while (i < spans->count && spans->list[i].from <= s.until) {
			if (spans->list[i].until > s.until)
				s.until = spans->list[i].until;
			i++;
		}
		ouv_buf_add(&out, text + at, s.from - at);
		ouv_buf_text(&out, RELEASE_MARK);
		at = s.until;
	}
	ouv_buf_text(&out, text + at);
	return ouv_arena_strndup(spans->arena, out.data, out.len);
}

static int
marks_in(const char *text)
{
	int n = 0;

	for (; (text = strstr(text, RELEASE_MARK)) != NULL; n++)
		text += strlen(RELEASE_MARK);
	return n;
}

const char *
mask_words(const struct mask *mask, const struct ouv_desk *desk,
	struct ouv_arena *arena, const char *text, struct masked *count)
{
	struct spans spans = { .arena = arena };
	const char *hidden;

	if (mask == NULL || text == NULL || *text == '\0')
		return text;
	hidden = release_mask(desk, arena, text);
	count->links += marks_in(hidden) - marks_in(text);
	find_people(mask, hidden, &spans, count);
	find_numbers(mask, desk, hidden, &spans, count);
	return spans.count > 0 ? marked(hidden, &spans) : hidden;
}
