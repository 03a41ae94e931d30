/*
 * print.h - words on paper: documents as PDF/A-2b
 *
 * A document is told piece by piece, from the top of its first page to the
 * bottom of its last, and comes out as one file: A4, Liberation Sans embedded,
 * tagged, with bookmarks for its headings, and the same bytes for the same
 * input (docs/letters.md says what of ISO 19005-2 is kept and how it is
 * tested).  No clock, no network; the fonts are read from the folder named.
 *
 * Texts are UTF-8 and may be anybody's: they are only shaped, by fonts of
 * ours.  What is no UTF-8, and what the fonts have no picture of, becomes
 * OUV_PRINT_UNKNOWN, is counted, and is told to whoever prints.  Pictures are
 * decoded: only such as have been made anew behind a fence may come here.
 *
 * Nothing fails while a document is told; what went wrong is remembered and
 * told at its end.  One thread for each document; any number of documents.
 */
#ifndef OUV_PRINT_H
#define OUV_PRINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ouv/arena.h"
#include "ouv/buf.h"
#include "ouv/err.h"

struct ouv_print;

#define OUV_PRINT_UNKNOWN "\xE2\x96\xA1" /* a white square, U+25A1 */
#define OUV_PRINT_FONTS "/usr/share/fonts/truetype/liberation"
#define OUV_PRINT_PAGES 20000                  /* of one document */
#define OUV_PRINT_PICTURES ((size_t)256 << 20) /* bytes of all its pictures */

struct ouv_print_about {
	const char *title, *author; /* of the file's properties; UTF-8 */
	const char *lang;           /* "pt-BR" (BCP 47) */
	int64_t made_at;            /* UTC; the only time in the file */
	const char *fonts;          /* NULL: OUV_PRINT_FONTS */
};

/*
 * In the arena's care until its end: everything that is told is copied, and
 * what the libraries hold goes with the arena.
 *
 * OUV_TEMPORARY: the fonts are not there, or cannot be read; logged.
 */
OUV_MUST_CHECK enum ouv_err ouv_print_begin(struct ouv_arena *arena,
	const struct ouv_print_about *about, struct ouv_print **print_out);

/* ---- pieces ----------------------------------------------------------------
 */

/*
 * What follows is a part of its own: it begins on a new page, its pages are
 * counted from 1, and foot stands at the bottom of each; "{n}" and "{m}" in it
 * become the page's number and how many the part has ("2026-000123-4 - page
 * {n} of {m}").  Without a call the whole document is one part without a foot.
 */
void ouv_print_part(struct ouv_print *print, const char *foot);

/* level 1 to 3; also a bookmark.  Never alone at the end of a page. */
void ouv_print_heading(struct ouv_print *print, int level, const char *text);

enum ouv_print_style {
	OUV_PRINT_PLAIN,
	OUV_PRINT_STRONG,
	OUV_PRINT_SMALL, /* remarks, hashes */
	OUV_PRINT_QUOTE  /* indented, with a bar: somebody else's words */
};
/* One paragraph; its line ends stay.  Empty lines in it are gaps. */
void ouv_print_para(
	struct ouv_print *print, enum ouv_print_style style, const char *text);
/* An item of a list; items that follow each other are one list. */
void ouv_print_item(struct ouv_print *print, const char *text);
/* A row of a table of two columns; rows that follow each other are one table.
 */
void ouv_print_row(
	struct ouv_print *print, const char *label, const char *value);
void ouv_print_rule(struct ouv_print *print);
void ouv_print_gap(struct ouv_print *print, int mm);
void ouv_print_break(struct ouv_print *print);

/* PNG or JPEG (RGB or grey), as wide as the text at most and never larger than
 * the room of a page; with its caption below, which is also read aloud for it.
 * What cannot be decoded becomes its caption alone, and is counted. */
void ouv_print_picture(
	struct ouv_print *print, struct ouv_str bytes, const char *caption);

/* The marks of ouv/text.h: "# " a heading (of that level), "- " items, an empty
 * line ends a paragraph. */
void ouv_print_words(struct ouv_print *print, int level, const char *words);

/* ---- a letter --------------------------------------------------------------
 */

/*
 * The first page of a letter, DIN 5008:2020 form B: the address stands where
 * the window of a DL, C6/5 or C4 envelope shows it once the sheet is folded at
 * its marks.  Millimetres from the sheet's left and upper edge.
 */
#define OUV_PRINT_FIELD_LEFT 20
#define OUV_PRINT_FIELD_TOP 45
#define OUV_PRINT_FIELD_WIDTH 85
#define OUV_PRINT_FIELD_HEIGHT 45
#define OUV_PRINT_RETURN_HEIGHT 17.7 /* of it: the sender's line, remarks */
#define OUV_PRINT_FOLD_1 105
#define OUV_PRINT_FOLD_2 210
#define OUV_PRINT_HOLE 148.5
#define OUV_PRINT_ADDRESS_LINES 6 /* name and address, at most */

struct ouv_print_letter {
	const char *foot; /* as of a part */
	const char *office;
	size_t head_count;
	const char *const *head; /* address, telephone, site: below its name */
	const char *sender;      /* in one line, small, in the window */
	const char *service;     /* "AR": above the address; or NULL */
	size_t to_count;         /* at most OUV_PRINT_ADDRESS_LINES are shown
				    whole; more are joined in the last */
	const char *const *to;
	const char *place_date;
	const char *reference_label, *reference; /* the protocol */
	const char *qr;                          /* what its square says */
	const char *subject;
	const char *words;     /* marks as above, with no "Subject:" line */
	const char *signature; /* a line of them that has room for a hand above
				  it; NULL: none has */
	const char *enclosures_label;
	size_t enclosure_count;
	const char *const *enclosures;
};

/* A part of the document. */
void ouv_print_letter(
	struct ouv_print *print, const struct ouv_print_letter *letter);

/* ---- the end ---------------------------------------------------------------
 */

struct ouv_print_made {
	struct ouv_str pdf; /* in the arena */
	size_t pages;
	size_t unknown;         /* characters without a picture */
	const char *unknown_in; /* the first word that has one; or "" */
	size_t undecoded;       /* pictures */
};

/*
 * print is spent, whatever it returns.
 *
 * OUV_INVALID: more pages or bytes than a document may have; nothing was told.
 * OUV_TEMPORARY: a library failed; logged.
 */
OUV_MUST_CHECK enum ouv_err ouv_print_end(
	struct ouv_print *print, struct ouv_print_made *made_out);

/* How much of a text the fonts cannot show, before it is printed: a place with
 * another writing, told on the form.  0: all is well. */
OUV_MUST_CHECK enum ouv_err ouv_print_unknown(
	const char *fonts, const char *text, size_t *unknown_out);

#endif
