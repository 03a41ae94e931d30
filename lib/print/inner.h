/*
 * inner.h - what the files of lib/print share
 *
 * A document is first a list of pieces.  It is laid out twice by the same code:
 * once without drawing, to know how many pages each part has, and once more to
 * draw.  Lengths are points (1/72 inch), y grows downwards.
 */
#ifndef PRINT_INNER_H
#define PRINT_INNER_H

#include <pango/pangocairo.h>

#include "ouv/print.h"

#define MM(mm) ((mm)*72.0 / 25.4)
#define PAGE_WIDTH MM(210)
#define PAGE_HEIGHT MM(297)
#define LEFT MM(25)
#define RIGHT MM(20)
#define TOP MM(25)
#define BOTTOM MM(24)
#define FOOT_AT MM(283)
#define TEXT_WIDTH (PAGE_WIDTH - LEFT - RIGHT)

enum piece_kind {
	PIECE_PART,
	PIECE_LETTER,
	PIECE_HEADING,
	PIECE_PARA,
	PIECE_ITEM,
	PIECE_ROW,
	PIECE_RULE,
	PIECE_GAP,
	PIECE_BREAK,
	PIECE_PICTURE,
	PIECE__COUNT
};

struct piece {
	struct piece *next;
	enum piece_kind kind;
	int n;                /* level, style, millimetres */
	bool goes_on;         /* the same paragraph as the piece before */
	const char *a, *b;    /* text; label (of items a dot) and value; foot */
	struct ouv_str bytes; /* of a picture */
	const struct ouv_print_letter *letter;
};

struct fonts; /* fonts.c */

struct ouv_print {
	struct ouv_arena *arena;
	struct ouv_print_about about;
	struct fonts *fonts;
	struct piece *first, **end;
	size_t part_count, picture_bytes;
	size_t unknown, undecoded;
	const char *unknown_in;
	int parents[4]; /* the newest bookmark of each level */
};

/* ---- told.c ----------------------------------------------------------------
 */

/* A text as it can be shown: valid, composed, every character with a picture.
 * NULL becomes "". */
const char *told_text(struct ouv_print *print, const char *text);

/* ---- fonts.c: which fonts there are, and what they can show ----------------
 */

OUV_MUST_CHECK enum ouv_err fonts_open(
	struct ouv_arena *arena, const char *folder, struct fonts **out);
PangoContext *fonts_context(const struct fonts *fonts);
/* A text of which nothing is left out but what has no picture by its nature;
 * unknown_out grows by each character that became OUV_PRINT_UNKNOWN, and
 * word_out, if it is "", becomes the first word that has one. */
const char *fonts_clean(const struct fonts *fonts, struct ouv_arena *arena,
	const char *text, size_t *unknown_out, const char **word_out);

/* ---- flow.c: pieces onto pages ---------------------------------------------
 */

enum open_group {
	GROUP_NONE,
	GROUP_LIST,
	GROUP_TABLE
};

struct flow {
	struct ouv_print *print;
	cairo_surface_t *surface;
	cairo_t *cr; /* NULL: pages are only counted */
	double y;
	size_t page;        /* of this part, from 1; 0: none is begun */
	size_t pages;       /* of the document */
	size_t part;        /* the parts begun */
	size_t *part_pages; /* of each; written while counting */
	const char *foot;
	enum open_group group;
};

void flow_run(struct flow *flow);
void flow_page(struct flow *flow); /* begins one, and ends the one before */
double flow_room(const struct flow *flow);
/* A structure element of the tagged file; nothing while counting. */
void flow_tag(struct flow *flow, const char *tag);
void flow_untag(struct flow *flow, const char *tag);

struct type { /* how a text looks */
	double size;
	bool strong, bar;
	double indent;
	PangoAlignment align;
};
PangoLayout *flow_layout(struct flow *flow, const struct type *type,
	const char *text, double width);
double flow_height(PangoLayout *layout);
/* Where the flow stands, from page to page, each piece as an element tag. */
void flow_lines(struct flow *flow, PangoLayout *layout, const struct type *type,
	const char *tag);
/* At a place of the page; the flow stands where it stood.  Height used. */
double flow_at(struct flow *flow, const struct type *type, const char *text,
	double x, double y, double width, const char *tag);

/* ---- letter.c, picture.c, square.c -----------------------------------------
 */

/* Its first page, down to where its words begin. */
void letter_head(struct flow *flow, const struct ouv_print_letter *letter);
struct ouv_print_letter *letter_copy(
	struct ouv_print *print, const struct ouv_print_letter *letter);
void picture_place(struct flow *flow, const struct piece *piece);
/* False: it is none that can be placed. */
bool picture_size(struct ouv_str bytes, int *width_out, int *height_out);
/* A QR code with its quiet zone, this wide; nothing for what does not fit. */
void square_draw(
	struct flow *flow, const char *text, double x, double y, double width);

/* ---- archive.c, colour.c: from PDF to PDF/A -------------------------------
 */

OUV_MUST_CHECK enum ouv_err archive_make(struct ouv_arena *arena,
	const struct ouv_print_about *about, struct ouv_str pdf,
	struct ouv_str *out);
/* sRGB as an ICC profile, always the same bytes. */
OUV_MUST_CHECK enum ouv_err colour_srgb(
	struct ouv_arena *arena, struct ouv_str *out);

#endif
