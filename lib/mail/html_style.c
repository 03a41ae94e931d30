/*
 * html_style.c - what style and attributes do to the reading of an element
 *
 * Only what stands at the element itself counts; style sheets are not read.
 * So in doubt a text is shown: hiding is a claim that needs proof.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "html_style.h"

#define VALUE_MAX 200     /* bytes of a value that are looked at */
#define STYLE_MAX 8192    /* bytes of a style */
#define FAR_AWAY (-500.0) /* pixels to the left: outside of any window */

struct value {
	char text[VALUE_MAX]; /* lower case, blanks as one */
};

/* What several declarations say together. */
struct box {
	struct html_look *look;
	bool flat;     /* a width or height of nothing */
	bool overflow; /* what does not fit is not shown */
	bool fades;    /* clipped to nothing */
};

/* ---- numbers and colours ------------------------------------------------- */

/* A length in pixels; false: it is none that is known. */
static bool
pixels(const char *text, double *px_out)
{
	static const struct {
		const char *unit;
		double px;
	} units[] = { { "px", 1 }, { "pt", 1.333 }, { "em", 16 }, { "rem", 16 },
		{ "ex", 8 }, { "in", 96 }, { "cm", 37.8 }, { "mm", 3.78 },
		{ "%", 0.16 }, { "vw", 10 }, { "vh", 10 } };
	double value = 0, part = 0.1;
	bool minus = *text == '-', any = false;

	text += minus || *text == '+';
	for (; *text >= '0' && *text <= '9'; text++, any = true)
		if (value < 1e9)
			value = value * 10 + (*text - '0');
	if (*text == '.')
		for (text++; *text >= '0' && *text <= '9'; text++, any = true) {
			value += part * (*text - '0');
			part /= 10;
		}
	if (!any)
		return false;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (strncmp(text, units[i].unit, strlen(units[i].unit)) == 0) {
			value *= units[i].px;
			break;
		}
	*px_out = minus ? -value : value;
	return true;
}

static bool
is_zero(const char *text)
{
	double px;

	return pixels(text, &px) && px == 0;
}

static int
hex_color(const char *p)
{
	size_t len = strspn(p, "0123456789abcdef");
	unsigned long value = strtoul(p, NULL, 16);

	if (len == 6)
		return (int)value;
	if (len == 3)
		return (int)((value >> 8 & 15) * 0x110000 +
			     (value >> 4 & 15) * 0x1100 + (value & 15) * 0x11);
	return HTML_COLOR_UNKNOWN;
}

/* "rgb(255, 255, 255)"; what lets something through is not known. */
static int
rgb_color(const char *p)
{
	int color = 0;

	p = strchr(p, '(') + 1;
	for (int i = 0; i < 3; i++) {
		int part = 0, digits = 0;

		p += strspn(p, " ,");
		for (; *p >= '0' && *p <= '9' && digits < 4; p++, digits++)
			part = part * 10 + (*p - '0');
		if (digits == 0 || part > 255 || *p == '%' || *p == '.')
			return HTML_COLOR_UNKNOWN;
		color = color << 8 | part;
	}
	p += strspn(p, " ,/");
	return *p == ')' || strncmp(p, "1)", 2) == 0 ? color
						     : HTML_COLOR_UNKNOWN;
}

static int
color_of(const char *text)
{
	static const struct {
		const char *name;
		int color;
	} names[] = { { "white", 0xffffff }, { "black", 0 },
		{ "red", 0xff0000 }, { "gray", 0x808080 }, { "grey", 0x808080 },
		{ "silver", 0xc0c0c0 }, { "blue", 0x0000ff },
		{ "green", 0x008000 }, { "yellow", 0xffff00 },
		{ "whitesmoke", 0xf5f5f5 }, { "inherit", HTML_COLOR_UNSET } };

	if (*text == '#')
		return hex_color(text + 1);
	if (strncmp(text, "rgb(", 4) == 0 || strncmp(text, "rgba(", 5) == 0)
		return rgb_color(text);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		size_t len = strlen(names[i].name);

		if (strncmp(text, names[i].name, len) == 0 &&
			(text[len] == '\0' || text[len] == ' '))
			return names[i].color;
	}
	return HTML_COLOR_UNKNOWN;
}

/* ---- declarations ---------------------------------------------------------
 */

static void
on_display(struct box *box, const char *v)
{
	box->look->hides |= strncmp(v, "none", 4) == 0;
}

static void
on_visibility(struct box *box, const char *v)
{
	box->look->hides |=
		strncmp(v, "hidden", 6) == 0 || strncmp(v, "collapse", 8) == 0;
}

static void
on_mso_hide(struct box *box, const char *v)
{
	box->look->hides |= strncmp(v, "all", 3) == 0;
}

static void
on_opacity(struct box *box, const char *v)
{
	box->look->hides |= is_zero(v);
}

static void
on_font_size(struct box *box, const char *v)
{
	double px = 16;

	if (strncmp(v, "inherit", 7) == 0)
		return;
	(void)pixels(v, &px);
	box->look->font = px < 1.5 ? HTML_SIZE_NONE : HTML_SIZE_SEEN;
}

/* "0/0 a" and "bold 12px/1.5 arial": the first number is the size. */
static void
on_font(struct box *box, const char *v)
{
	double px;

	for (; *v != '\0'; v += strcspn(v, " "), v += *v == ' ')
		if (pixels(v, &px) && px != 400 && px != 700) {
			on_font_size(box, v);
			return;
		}
}

static void
on_color(struct box *box, const char *v)
{
	box->look->color = color_of(v);
	if (strncmp(v, "transparent", 11) == 0)
		box->look->hides = true;
}

static void
on_background(struct box *box, const char *v)
{
	const char *url = strstr(v, "url(");

	if (url != NULL) {
		url += 4 + strspn(url + 4, "'\" ");
		box->look->fetches |=
			html_is_remote((struct ouv_str){ url, strlen(url) });
	}
	if (url != NULL || strstr(v, "gradient(") != NULL)
		box->look->background = HTML_COLOR_UNKNOWN;
	else if (box->look->background != HTML_COLOR_UNKNOWN &&
		 strncmp(v, "none", 4) != 0 &&
		 strncmp(v, "transparent", 11) != 0)
		box->look->background = color_of(v);
}

static void
on_height(struct box *box, const char *v)
{
	double px = 100;

	(void)pixels(v, &px);
	box->flat |= px == 0;
	box->look->dot |= px <= 1 && strchr(v, '%') == NULL;
}

static void
on_max(struct box *box, const char *v)
{
	box->flat |= is_zero(v);
}

static void
on_overflow(struct box *box, const char *v)
{
	box->overflow |= strncmp(v, "hidden", 6) == 0;
}

static void
on_offset(struct box *box, const char *v)
{
	double px = 0;

	(void)pixels(v, &px);
	box->look->hides |= px <= FAR_AWAY;
}

/* "rect(0 0 0 0)", "inset(50%)" */
static void
on_clip(struct box *box, const char *v)
{
	box->look->hides |= strncmp(v, "rect(0", 6) == 0 ||
			    strncmp(v, "rect(1px,", 9) == 0 ||
			    strncmp(v, "inset(50%", 9) == 0 ||
			    strncmp(v, "inset(100%", 10) == 0;
}

static void
on_transform(struct box *box, const char *v)
{
	box->look->hides |= strncmp(v, "scale(0)", 8) == 0;
}

static void
on_white_space(struct box *box, const char *v)
{
	box->look->space =
		strncmp(v, "pre", 3) == 0 || strncmp(v, "break-spaces", 12) == 0
			? HTML_SPACE_PRE
			: HTML_SPACE_NORMAL;
}

/* "0", "0 auto 10px": the first is above, the third below. */
static void
on_margin(struct box *box, const char *v)
{
	double above = 16, below;

	(void)pixels(v, &above);
	for (int i = 0; i < 2 && *v != '\0'; i++)
		v += strcspn(v, " "), v += *v == ' ';
	if (*v == '\0' || !pixels(v, &below))
		below = above;
	box->look->tight = above < 1 && below < 1;
}

static void
on_border(struct box *box, const char *v)
{
	box->look->frameless = strncmp(v, "none", 4) == 0 ||
			       strncmp(v, "medium none", 11) == 0 || is_zero(v);
}

/* clang-format off */
static const struct {
	const char *name;
	void (*apply)(struct box *box, const char *value);
} declarations[] = {
	{ "background",       on_background },
	{ "background-color", on_background },
	{ "background-image", on_background },
	{ "border",           on_border },
	{ "border-left",      on_border },
	{ "clip",             on_clip },
	{ "clip-path",        on_clip },
	{ "color",            on_color },
	{ "display",          on_display },
	{ "font",             on_font },
	{ "font-size",        on_font_size },
	{ "height",           on_height },
	{ "left",             on_offset },
	{ "margin",           on_margin },
	{ "margin-bottom",    on_margin },
	{ "margin-left",      on_offset },
	{ "margin-top",       on_offset },
	{ "max-height",       on_max },
	{ "max-width",        on_max },
	{ "mso-hide",         on_mso_hide },
	{ "opacity",          on_opacity },
	{ "overflow",         on_overflow },
	{ "overflow-y",       on_overflow },
	{ "text-indent",      on_offset },
	{ "top",              on_offset },
	{ "transform",        on_transform },
	{ "visibility",       on_visibility },
	{ "white-space",      on_white_space },
	{ "width",            on_height },
};
/* clang-format on */

/* ---- the style attribute ----------------------------------------------------
 */

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

/* Lower case, blanks as one, none around. */
static void
squash(struct ouv_str from, struct value *out)
{
	size_t n = 0;

	for (size_t i = 0; i < from.len && n < VALUE_MAX - 1; i++) {
		char c = from.p[i];

		if (is_space(c)) {
			if (n > 0 && out->text[n - 1] != ' ')
				out->text[n++] = ' ';
			continue;
		}
		out->text[n++] = c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
	}
	while (n > 0 && out->text[n - 1] == ' ')
		n--;
	out->text[n] = '\0';
}

static void
declare(struct box *box, struct ouv_str name, struct ouv_str text)
{
	struct value value = { "" };

	name = mail_trim(name);
	for (size_t i = 0; i < sizeof(declarations) / sizeof(declarations[0]);
		i++)
		if (mail_str_is(name, declarations[i].name)) {
			squash(text, &value);
			declarations[i].apply(box, value.text);
			return;
		}
}

/* "a:b; c:url(x;y)": what stands in parentheses ends no declaration. */
static void
read_style(struct box *box, struct ouv_str style)
{
	size_t start = 0, colon = 0;
	bool inside = false;

	if (style.len > STYLE_MAX)
		style.len = STYLE_MAX;
	for (size_t i = 0; i <= style.len; i++) {
		char c = i < style.len ? style.p[i] : ';';

		if (c == '(' || c == ')')
			inside = c == '(';
		if (c == ':' && colon == 0)
			colon = i;
		if (c != ';' || (inside && i < style.len))
			continue;
		if (colon > start)
			declare(box,
				(struct ouv_str){
					style.p + start, colon - start },
				(struct ouv_str){
					style.p + colon + 1, i - colon - 1 });
		start = i + 1;
		colon = 0;
	}
}

bool
html_is_remote(struct ouv_str url)
{
	url = mail_trim(url);
	return (url.len > 7 && strncasecmp(url.p, "http://", 7) == 0) ||
	       (url.len > 8 && strncasecmp(url.p, "https://", 8) == 0) ||
	       (url.len > 2 && memcmp(url.p, "//", 2) == 0);
}

bool
html_sheet_fetches(struct ouv_str sheet)
{
	const char *end = sheet.p + sheet.len;

	for (const char *p = sheet.p; p < end; p++) {
		size_t left = (size_t)(end - p);

		if (left > 8 && *p == '@' && strncasecmp(p, "@import", 7) == 0)
			return true;
		if (left < 5 || (*p != 'u' && *p != 'U') ||
			strncasecmp(p, "url(", 4) != 0)
			continue;
		p += 4;
		while (p < end && (is_space(*p) || *p == '"' || *p == '\''))
			p++;
		left = (size_t)(end - p);
		if (html_is_remote((struct ouv_str){ p, left < 9 ? left : 9 }))
			return true;
	}
	return false;
}

static void
read_attributes(struct box *box, const struct html_tag *tag)
{
	struct html_look *look = box->look;
	struct value value = { "" };

	look->hides |= tag->attr[HTML_HIDDEN].p != NULL;
	look->fetches |= html_is_remote(tag->attr[HTML_BACKGROUND]);
	if (tag->attr[HTML_BGCOLOR].len > 0) {
		squash(tag->attr[HTML_BGCOLOR], &value);
		look->background = color_of(value.text);
	}
	if (tag->attr[HTML_BACKGROUND].len > 0)
		look->background = HTML_COLOR_UNKNOWN;
	if (tag->attr[HTML_COLOR].len > 0) {
		squash(tag->attr[HTML_COLOR], &value);
		look->color = color_of(value.text);
	}
	for (int i = 0; i < 2; i++) {
		double px;

		squash(tag->attr[i == 0 ? HTML_WIDTH : HTML_HEIGHT], &value);
		if (pixels(value.text, &px) && px <= 1 &&
			strchr(value.text, '%') == NULL)
			look->dot = true;
	}
}

void
html_look_at(const struct html_tag *tag, struct html_look *look_out)
{
	struct box box = { .look = look_out };

	memset(look_out, 0, sizeof(*look_out));
	look_out->color = look_out->background = HTML_COLOR_UNSET;
	read_attributes(&box, tag);
	if (tag->attr[HTML_STYLE].len > 0)
		read_style(&box, tag->attr[HTML_STYLE]);
	look_out->hides |= box.flat && box.overflow;
}
