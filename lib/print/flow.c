/*
 * flow.c - pieces onto pages, from the top of the first to the end of the last
 *
 * The same code counts and draws.  Elements of the tagged file (Document, H1,
 * P, L, Table) are opened and closed here; one that holds words ends with its
 * page and begins anew on the next, for what is marked belongs to one page.
 */
#include <cairo-pdf.h>
#include <string.h>

#include "inner.h"

#define LEADING 1.2
#define SPACE MM(2.2) /* between pieces */
#define INDENT MM(6)  /* of items and of quotations */
#define LABEL_WIDTH MM(45)
#define FONT "Liberation Sans"

static const struct type plain_type = { .size = 10.5 };
static const struct type foot_type = { .size = 8, .align = PANGO_ALIGN_CENTER };
static const struct type heading_types[] = {
	{ .size = 15, .strong = true },
	{ .size = 12, .strong = true },
	{ .size = 10.5, .strong = true },
};
static const char *const heading_tags[] = { "H1", "H2", "H3" };
static const struct type para_types[] = {
	[OUV_PRINT_PLAIN] = { .size = 10.5 },
	[OUV_PRINT_STRONG] = { .size = 10.5, .strong = true },
	[OUV_PRINT_SMALL] = { .size = 8 },
	[OUV_PRINT_QUOTE] = { .size = 10, .bar = true, .indent = INDENT },
};
static const struct type item_type = { .size = 10.5, .indent = INDENT };
static const struct type label_type = { .size = 10.5, .strong = true };
static const struct type value_type = { .size = 10.5, .indent = LABEL_WIDTH };

/* ---- elements of the tagged file -------------------------------------------
 */

void
flow_tag(struct flow *flow, const char *tag)
{
	if (flow->cr != NULL)
		cairo_tag_begin(flow->cr, tag, NULL);
}

void
flow_untag(struct flow *flow, const char *tag)
{
	if (flow->cr != NULL)
		cairo_tag_end(flow->cr, tag);
}

static void
group(struct flow *flow, enum open_group wanted)
{
	static const char *const tags[] = { NULL, "L", "Table" };

	if (flow->group == wanted)
		return;
	if (flow->group != GROUP_NONE)
		flow_untag(flow, tags[flow->group]);
	if (wanted != GROUP_NONE)
		flow_tag(flow, tags[wanted]);
	flow->group = wanted;
}

/* ---- text ------------------------------------------------------------------
 */

PangoLayout *
flow_layout(struct flow *flow, const struct type *type, const char *text,
	double width)
{
	PangoLayout *layout =
		pango_layout_new(fonts_context(flow->print->fonts));
	PangoFontDescription *font = pango_font_description_new();

	pango_font_description_set_family_static(font, FONT);
	pango_font_description_set_size(font, (gint)(type->size * PANGO_SCALE));
	pango_font_description_set_weight(
		font, type->strong ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
	pango_layout_set_font_description(layout, font);
	pango_font_description_free(font);
	pango_layout_set_width(
		layout, (int)((width - type->indent) * PANGO_SCALE));
	pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
	pango_layout_set_line_spacing(layout, LEADING);
	pango_layout_set_alignment(layout, type->align);
	pango_layout_set_text(layout, text, -1);
	return layout;
}

double
flow_height(PangoLayout *layout)
{
	PangoRectangle box;

	pango_layout_get_extents(layout, NULL, &box);
	return (double)box.height / PANGO_SCALE;
}

static void
draw_line(struct flow *flow, PangoLayoutIter *line, double x, double y)
{
	if (flow->cr == NULL)
		return;
	cairo_move_to(flow->cr, x, y);
	pango_cairo_show_layout_line(
		flow->cr, pango_layout_iter_get_line_readonly(line));
}

/* One line's box: where it begins and how high it is, in the layout. */
struct line_box {
	double x, top, height, base;
};

static struct line_box
line_box(PangoLayoutIter *line)
{
	PangoRectangle box;
	int from, to;

	pango_layout_iter_get_line_extents(line, NULL, &box);
	pango_layout_iter_get_line_yrange(line, &from, &to);
	return (struct line_box){ .x = (double)box.x / PANGO_SCALE,
		.top = (double)from / PANGO_SCALE,
		.height = (double)(to - from) / PANGO_SCALE,
		.base = (double)(pango_layout_iter_get_baseline(line) - from) /
			PANGO_SCALE };
}

static void
draw_bar(struct flow *flow, double height)
{
	if (flow->cr == NULL)
		return;
	cairo_set_line_width(flow->cr, 1);
	cairo_move_to(flow->cr, LEFT + MM(2), flow->y);
	cairo_line_to(flow->cr, LEFT + MM(2), flow->y + height);
	cairo_stroke(flow->cr);
}

double
flow_room(const struct flow *flow)
{
	return PAGE_HEIGHT - BOTTOM - flow->y;
}

/* How many of the lines that are left go onto this page: never the first or
 * the last one alone, where a paragraph has more. */
static int
lines_here(struct flow *flow, double height, int left, bool first)
{
	int fit = height > 0 ? (int)(flow_room(flow) / height) : left;

	if (fit >= left)
		return left;
	if (left - fit == 1 && fit > 2)
		fit--;
	if (fit < 2 && first)
		fit = 0;
	return fit > 0 ? fit : 0;
}

void
flow_lines(struct flow *flow, PangoLayout *layout, const struct type *type,
	const char *tag)
{
	int left = pango_layout_get_line_count(layout);
	PangoLayoutIter *line = pango_layout_get_iter(layout);
	double height = flow_height(layout) / (left > 0 ? left : 1);
	bool first = true;

	while (left > 0) {
		int here = lines_here(flow, height, left, first);

		if (here == 0 && flow->y > TOP)
			flow_page(flow);
		here = here > 0 ? here : lines_here(flow, height, left, false);
		flow_tag(flow, tag);
		for (left -= here > 0 ? here : 1; here-- > 0;
			(void)pango_layout_iter_next_line(line)) {
			struct line_box box = line_box(line);

			draw_line(flow, line, LEFT + type->indent + box.x,
				flow->y + box.base);
			if (type->bar)
				draw_bar(flow, box.height);
			flow->y += box.height;
		}
		flow_untag(flow, tag);
		first = false;
		if (left > 0)
			flow_page(flow);
	}
	pango_layout_iter_free(line);
	g_object_unref(layout);
}

double
flow_at(struct flow *flow, const struct type *type, const char *text, double x,
	double y, double width, const char *tag)
{
	PangoLayout *layout = flow_layout(flow, type, text, width);
	double height = flow_height(layout);

	if (flow->cr != NULL && *text != '\0') {
		if (tag != NULL)
			flow_tag(flow, tag);
		cairo_move_to(flow->cr, x + type->indent, y);
		pango_cairo_show_layout(flow->cr, layout);
		if (tag != NULL)
			flow_untag(flow, tag);
	}
	g_object_unref(layout);
	return height;
}

/* ---- pages -----------------------------------------------------------------
 */

/* "{n}" and "{m}". */
static const char *
foot_text(struct flow *flow)
{
	size_t m = flow->part > 0 ? flow->part_pages[flow->part - 1] : 0;
	const char *p = flow->foot;
	struct ouv_buf buf;

	ouv_buf_init(&buf, flow->print->arena, 128);
	for (; *p != '\0'; p++) {
		if (strncmp(p, "{n}", 3) == 0)
			ouv_buf_printf(&buf, "%zu", flow->page);
		else if (strncmp(p, "{m}", 3) == 0)
			ouv_buf_printf(&buf, "%zu", m);
		else {
			ouv_buf_char(&buf, *p);
			continue;
		}
		p += 2;
	}
	return buf.data;
}

static void
end_page(struct flow *flow)
{
	if (flow->page == 0)
		return;
	if (flow->cr == NULL) {
		if (flow->part > 0)
			flow->part_pages[flow->part - 1] = flow->page;
		return;
	}
	if (flow->foot != NULL)
		(void)flow_at(flow, &foot_type, foot_text(flow), LEFT, FOOT_AT,
			TEXT_WIDTH, NULL);
	cairo_show_page(flow->cr);
}

void
flow_page(struct flow *flow)
{
	end_page(flow);
	flow->page++;
	flow->pages++;
	flow->y = TOP;
}

static void
begin_part(struct flow *flow, const struct piece *piece)
{
	end_page(flow);
	flow->foot = piece->a;
	flow->part++;
	flow->page = 0;
	flow_page(flow);
}

static void
gap(struct flow *flow, double height)
{
	if (flow->y > TOP)
		flow->y += height;
}

/* ---- pieces ----------------------------------------------------------------
 */

static void
put_part(struct flow *flow, const struct piece *piece)
{
	begin_part(flow, piece);
}

static void
put_letter(struct flow *flow, const struct piece *piece)
{
	letter_head(flow, piece->letter);
}

static void
bookmark(struct flow *flow, const struct piece *piece, int *parents)
{
	char place[96];

	if (flow->cr == NULL || *piece->a == '\0')
		return;
	(void)snprintf(place, sizeof(place), "page=%zu pos=[%d %d]",
		flow->pages, (int)LEFT, (int)flow->y);
	parents[piece->n] = cairo_pdf_surface_add_outline(flow->surface,
		parents[piece->n - 1], piece->a, place,
		CAIRO_PDF_OUTLINE_FLAG_OPEN);
	for (int i = piece->n + 1; i <= 3; i++)
		parents[i] = parents[piece->n];
}

/* With two lines of what follows. */
static void
put_heading(struct flow *flow, const struct piece *piece)
{
	const int at = piece->n < 1 ? 0 : piece->n > 3 ? 2 : piece->n - 1;
	const struct type *type = &heading_types[at];
	PangoLayout *layout = flow_layout(flow, type, piece->a, TEXT_WIDTH);

	gap(flow, SPACE * 1.5);
	if (flow_room(flow) < flow_height(layout) + SPACE +
				      4 * LEADING * plain_type.size &&
		flow->y > TOP)
		flow_page(flow);
	bookmark(flow, piece, flow->print->parents);
	flow_lines(flow, layout, type, heading_tags[at]);
	flow->y += SPACE * 0.6;
}

static void
put_para(struct flow *flow, const struct piece *piece)
{
	const struct type *type = &para_types[piece->n];

	if (!piece->goes_on)
		gap(flow, SPACE);
	flow_lines(
		flow, flow_layout(flow, type, piece->a, TEXT_WIDTH), type, "P");
}

static void
put_item(struct flow *flow, const struct piece *piece)
{
	PangoLayout *layout =
		flow_layout(flow, &item_type, piece->b, TEXT_WIDTH);

	if (!piece->goes_on)
		gap(flow, SPACE * 0.6);
	if (flow_room(flow) < 2 * LEADING * item_type.size && flow->y > TOP)
		flow_page(flow);
	flow_tag(flow, "LI");
	(void)flow_at(flow, &plain_type, piece->a, LEFT + MM(2), flow->y,
		INDENT, "Lbl");
	flow_lines(flow, layout, &item_type, "LBody");
	flow_untag(flow, "LI");
}

static void
put_row(struct flow *flow, const struct piece *piece)
{
	PangoLayout *value =
		flow_layout(flow, &value_type, piece->b, TEXT_WIDTH);
	size_t page;
	double label, top;

	if (!piece->goes_on)
		gap(flow, SPACE * 0.6);
	label = flow_at(flow, &label_type, "", LEFT, flow->y,
		LABEL_WIDTH - MM(3), NULL);
	if (flow_room(flow) < label + LEADING * plain_type.size &&
		flow->y > TOP)
		flow_page(flow);
	page = flow->pages;
	top = flow->y;
	flow_tag(flow, "TR");
	label = flow_at(flow, &label_type, piece->a, LEFT, flow->y,
		LABEL_WIDTH - MM(3), "TH");
	flow_lines(flow, value, &value_type, "TD");
	flow_untag(flow, "TR");
	if (flow->pages == page && flow->y < top + label)
		flow->y = top + label;
}

static void
put_rule(struct flow *flow, const struct piece *piece)
{
	(void)piece;
	gap(flow, SPACE * 1.5);
	if (flow->cr == NULL)
		return;
	cairo_set_line_width(flow->cr, 0.5);
	cairo_move_to(flow->cr, LEFT, flow->y);
	cairo_line_to(flow->cr, LEFT + TEXT_WIDTH, flow->y);
	cairo_stroke(flow->cr);
}

static void
put_gap(struct flow *flow, const struct piece *piece)
{
	gap(flow, MM(piece->n));
}

static void
put_break(struct flow *flow, const struct piece *piece)
{
	(void)piece;
	if (flow->y > TOP)
		flow_page(flow);
}

static void
put_picture(struct flow *flow, const struct piece *piece)
{
	gap(flow, SPACE);
	picture_place(flow, piece);
	put_para(flow, &(struct piece){ .n = OUV_PRINT_SMALL, .a = piece->a });
}

static const struct {
	void (*put)(struct flow *flow, const struct piece *piece);
	enum open_group group;
} kinds[PIECE__COUNT] = {
	[PIECE_PART] = { put_part, GROUP_NONE },
	[PIECE_LETTER] = { put_letter, GROUP_NONE },
	[PIECE_HEADING] = { put_heading, GROUP_NONE },
	[PIECE_PARA] = { put_para, GROUP_NONE },
	[PIECE_ITEM] = { put_item, GROUP_LIST },
	[PIECE_ROW] = { put_row, GROUP_TABLE },
	[PIECE_RULE] = { put_rule, GROUP_NONE },
	[PIECE_GAP] = { put_gap, GROUP_NONE },
	[PIECE_BREAK] = { put_break, GROUP_NONE },
	[PIECE_PICTURE] = { put_picture, GROUP_NONE },
};

void
flow_run(struct flow *flow)
{
	flow->y = TOP;
	flow_tag(flow, "Document");
	for (const struct piece *piece = flow->print->first;
		piece != NULL && flow->pages <= OUV_PRINT_PAGES;
		piece = piece->next) {
		if (flow->page == 0 && piece->kind != PIECE_PART)
			flow_page(flow);
		group(flow, kinds[piece->kind].group);
		kinds[piece->kind].put(flow, piece);
	}
	group(flow, GROUP_NONE);
	if (flow->page == 0)
		flow_page(flow);
	end_page(flow);
	flow_untag(flow, "Document");
}
