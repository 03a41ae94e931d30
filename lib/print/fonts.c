/*
 * fonts.c - the fonts a document is made of, and what they can show
 *
 * Fontconfig is shown these two files and nothing else of the machine, so that
 * no other font can ever stand in for a character: it would be another look
 * on another machine.  What they have no picture of is replaced before it gets
 * here, visibly, and counted.
 */
#include <fontconfig/fontconfig.h>
#include <pango/pangofc-fontmap.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utf8.h>

#include "inner.h"
#include "ouv/log.h"

#define WORD_MOST 60 /* bytes of a word that is told */

static const char *const files[] = { "LiberationSans-Regular.ttf",
	"LiberationSans-Bold.ttf" };
#define FILES (sizeof(files) / sizeof(files[0]))

struct fonts {
	FcConfig *config;
	FcCharSet *covered; /* what both have */
	PangoFontMap *map;
	PangoContext *context;
};

static void
close_fonts(void *object)
{
	struct fonts *f = object;

	if (f->context != NULL)
		g_object_unref(f->context);
	if (f->map != NULL)
		g_object_unref(f->map);
	if (f->covered != NULL)
		FcCharSetDestroy(f->covered);
	if (f->config != NULL)
		FcConfigDestroy(f->config);
}

static bool
add_files(struct fonts *f, const char *folder)
{
	char path[1024];

	for (size_t i = 0; i < FILES; i++) {
		int n = snprintf(path, sizeof(path), "%s/%s", folder, files[i]);

		if (n < 0 || (size_t)n >= sizeof(path) ||
			!FcConfigAppFontAddFile(
				f->config, (const FcChar8 *)path))
			return false;
	}
	return true;
}

static bool
find_covered(struct fonts *f)
{
	FcFontSet *set = FcConfigGetFonts(f->config, FcSetApplication);

	if (set == NULL || set->nfont != (int)FILES)
		return false;
	for (int i = 0; i < set->nfont; i++) {
		FcCharSet *one, *both;

		if (FcPatternGetCharSet(set->fonts[i], FC_CHARSET, 0, &one) !=
			FcResultMatch)
			return false;
		both = f->covered == NULL ? FcCharSetCopy(one)
					  : FcCharSetIntersect(f->covered, one);
		if (f->covered != NULL)
			FcCharSetDestroy(f->covered);
		f->covered = both;
	}
	return f->covered != NULL;
}

/* Layout must not depend on a screen: no hinting, no rounding, and a point is
 * a point. */
static bool
make_context(struct fonts *f)
{
	cairo_font_options_t *options = cairo_font_options_create();

	f->map = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);
	if (f->map == NULL) {
		cairo_font_options_destroy(options);
		return false;
	}
	pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(f->map), f->config);
	pango_cairo_font_map_set_resolution(PANGO_CAIRO_FONT_MAP(f->map), 72);
	f->context = pango_font_map_create_context(f->map);
	cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
	cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
	pango_cairo_context_set_font_options(f->context, options);
	pango_context_set_round_glyph_positions(f->context, FALSE);
	cairo_font_options_destroy(options);
	return true;
}

enum ouv_err
fonts_open(struct ouv_arena *arena, const char *folder, struct fonts **out)
{
	struct fonts *f = ouv_arena_alloc(arena, sizeof(*f));

	if (folder == NULL)
		folder = OUV_PRINT_FONTS;
	ouv_arena_defer(arena, close_fonts, f);
	f->config = FcConfigCreate();
	if (f->config == NULL || !add_files(f, folder) || !find_covered(f) ||
		!make_context(f)) {
		ouv_log_error("fonts for printing: %s does not hold %s and %s",
			folder, files[0], files[1]);
		return OUV_TEMPORARY;
	}
	*out = f;
	return OUV_OK;
}

PangoContext *
fonts_context(const struct fonts *fonts)
{
	return fonts->context;
}

/* ---- what can be shown -----------------------------------------------------
 */

/* Valid, and letters with their accents in one piece. */
static const char *
composed(struct ouv_arena *arena, const char *text, int32_t *len_out)
{
	UErrorCode status = U_ZERO_ERROR;
	const UNormalizer2 *nfc = unorm2_getNFCInstance(&status);
	int32_t len = (int32_t)strlen(text), units = 0, n = 0;
	UChar *wide = ouv_arena_raw(arena, ((size_t)len + 1) * sizeof(*wide));
	UChar *one = ouv_arena_raw(arena, ((size_t)len * 3 + 1) * sizeof(*one));
	char *out = ouv_arena_raw(arena, (size_t)len * 9 + 1);

	(void)u_strFromUTF8WithSub(
		wide, len + 1, &units, text, len, 0xFFFD, NULL, &status);
	n = unorm2_normalize(nfc, wide, units, one, len * 3 + 1, &status);
	(void)u_strToUTF8WithSub(
		out, len * 9 + 1, len_out, one, n, 0xFFFD, NULL, &status);
	if (U_SUCCESS(status))
		return out;
	*len_out = 0;
	return "";
}

/* Has no picture by its nature: it goes without being missed. */
static bool
invisible(UChar32 c)
{
	return (c < 0x20 && c != '\n') || (c >= 0x7f && c < 0xa0) ||
	       u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) ||
	       u_charType(c) == U_FORMAT_CHAR;
}

/* What it is shown as; 0: not at all. */
static UChar32
shown(const struct fonts *f, UChar32 c)
{
	if (c == '\t' || c == 0x2028)
		return c == '\t' ? ' ' : '\n';
	if (c == 0x2029)
		return '\n';
	if (invisible(c))
		return 0;
	if (c == 0xFFFD)
		return 0x25A1;
	if (c == '\n' || FcCharSetHasChar(f->covered, (FcChar32)c))
		return c;
	if (u_charType(c) == U_SPACE_SEPARATOR)
		return ' ';
	if (c == 0x2010 || c == 0x2011 || c == 0x2212)
		return '-';
	return 0x25A1;
}

/* The word around a place, for whoever prints. */
static const char *
word_at(struct ouv_arena *arena, const char *text, int32_t at, int32_t len)
{
	int32_t from = at, to = at;

	while (from > 0 && strchr(" \n\t", text[from - 1]) == NULL)
		from--;
	while (to < len && strchr(" \n\t", text[to]) == NULL)
		to++;
	if (to - from > WORD_MOST) {
		to = from + WORD_MOST;
		U8_SET_CP_START((const uint8_t *)text, from, to);
	}
	return ouv_arena_strndup(arena, text + from, (size_t)(to - from));
}

/* The words that are told go into keep. */
static const char *
replaced(const struct fonts *f, struct ouv_arena *arena, const char *text,
	size_t *unknown_out, const char **word_out, struct ouv_arena *keep)
{
	int32_t len, i = 0, n = 0, at;
	const char *in = composed(arena, text, &len);
	uint8_t *out = ouv_arena_raw(arena, (size_t)len * 3 + 4);
	bool marked = false; /* one square for a letter and its marks */

	while (i < len) {
		UChar32 c, as;

		at = i;
		U8_NEXT((const uint8_t *)in, i, len, c);
		as = shown(f, c < 0 ? 0xFFFD : c);
		if (as == 0)
			continue;
		if (as == 0x25A1 && c != 0x25A1) {
			if (marked && u_charType(c) == U_NON_SPACING_MARK)
				continue;
			(*unknown_out)++;
			if (**word_out == '\0')
				*word_out = word_at(keep, in, at, len);
			marked = true;
		} else
			marked = false;
		U8_APPEND_UNSAFE(out, n, as);
	}
	out[n] = '\0';
	return (const char *)out;
}

/* Most texts are, and need no look at their letters. */
static bool
plain(const char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text >= 0x7f ||
			(*text < ' ' && *text != '\n'))
			return false;
	return true;
}

const char *
fonts_clean(const struct fonts *f, struct ouv_arena *arena, const char *text,
	size_t *unknown_out, const char **word_out)
{
	struct ouv_arena *scratch;
	const char *clean;

	if (plain(text))
		return ouv_arena_strdup(arena, text);
	scratch = ouv_arena_new(OUV_ARENA_WIPE);
	clean = ouv_arena_strdup(arena,
		replaced(f, scratch, text, unknown_out, word_out, arena));
	ouv_arena_free(&scratch);
	return clean;
}

enum ouv_err
ouv_print_unknown(const char *folder, const char *text, size_t *unknown_out)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_WIPE);
	struct fonts *fonts;
	const char *word = "";
	size_t unknown = 0;
	enum ouv_err err = fonts_open(arena, folder, &fonts);

	if (err == OUV_OK) {
		(void)fonts_clean(fonts, arena, text, &unknown, &word);
		*unknown_out = unknown;
	}
	ouv_arena_free(&arena);
	return err;
}
