/*
 * text.h - a text of the office: what it needs, and how it becomes a letter
 *
 * Every text is one Mustache template in each language
 * (templates/mail/NAME.LANG.txt, templates/piece/NAME.LANG.txt) and one
 * declaration beside it (NAME.json): what kind of text it is, whether it goes
 * out by itself, and each variable with its type and an example.  Data are
 * given typed - a date is a number, not words - and are checked and written
 * for a language here, so that no template formats and no text has a hole.
 *
 * There is one source for both parts of a mail: the rendered text is laid out
 * as text/plain and as HTML, so that they cannot say different things.  Pure:
 * no I/O but ouv_text_read, no clock.
 *
 * The marks a rendered text may hold: the first line "Subject: ...", then an
 * empty line; an empty line ends a paragraph; "# " begins a heading's line,
 * "- " an item of a list; every other line is a line of its paragraph.  An
 * address https://... or http://... is a link.  Lines are not wrapped by hand.
 */
#ifndef OUV_TEXT_H
#define OUV_TEXT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "ouv/arena.h"
#include "ouv/buf.h"
#include "ouv/case.h"

/* How a value is given, and how it is written. */
enum ouv_text_type {
	OUV_TEXT_LINE,     /* text without a line break                   */
	OUV_TEXT_LINES,    /* text with line breaks                       */
	OUV_TEXT_DATE,     /* integer: days since 1970-01-01, no zone     */
	OUV_TEXT_MOMENT,   /* integer: seconds since the epoch, UTC       */
	OUV_TEXT_NUMBER,   /* integer                                     */
	OUV_TEXT_PROTOCOL, /* "2025-000123-4"                             */
	OUV_TEXT_EMAIL,    /* an address                                  */
	OUV_TEXT_PHONE,    /* digits, + ( ) - . and spaces                */
	OUV_TEXT_URL,      /* https://... or http://...                   */
	OUV_TEXT_FLAG,     /* true or false                               */
	OUV_TEXT_LIST,     /* list of objects, checked by their own vars  */
	OUV_TEXT_TYPE__COUNT
};
const char *ouv_text_type_name(enum ouv_text_type type);

struct ouv_text_var {
	const char *name;
	enum ouv_text_type type;
	/* May be missing, null or empty: the template gets "" and a false
	 * has_NAME (every optional variable has one). */
	bool optional;
	bool own; /* the reader's or the office's: the lint finds nothing in
		     it; never what a colleague types */
	const json_t *example;
	const char *says[OUV_LANG__COUNT]; /* for the editor */
	size_t var_count;                  /* of a list */
	const struct ouv_text_var *vars;
};

enum ouv_text_kind { /* the same order as enum ouv_lint_kind */
	OUV_TEXT_LETTER,
	OUV_TEXT_ACKNOWLEDGEMENT,
	OUV_TEXT_ABSENCE,
	OUV_TEXT_PIECE,
	OUV_TEXT_KIND__COUNT
};

struct ouv_text_decl {
	const char *name; /* "mail/ack", "piece/hear-you" */
	enum ouv_text_kind kind;
	bool automatic; /* goes out by itself: changes need a second person */
	bool of_case;   /* takes what every letter of a move says of its case */
	const char
		*group; /* pieces: empathy, questions, closing, ...; else "" */
	const char *title[OUV_LANG__COUNT]; /* for lists */
	size_t own_count; /* of var_count: its own come first */
	size_t var_count;
	const struct ouv_text_var *vars; /* its own, then the case's, then
					    the office's */
};

/* What is wrong with a declaration or with data, in words for a maintainer. */
struct ouv_text_error {
	char text[128]; /* "mail/ack" */
	char var[64];   /* "" : none */
	char what[200];
};

struct ouv_text_book; /* every declaration below templates/ */

/*
 * Reads every mail/NAME.json and piece/NAME.json below folder.  Read-only
 * afterwards, may be shared by threads.
 *
 * OUV_NOT_FOUND: no such folder.  OUV_INVALID: a declaration is wrong;
 * error_out says which and why.
 */
OUV_MUST_CHECK enum ouv_err ouv_text_read(const char *folder,
	struct ouv_text_book **book_out, struct ouv_text_error *error_out);
void ouv_text_free(struct ouv_text_book **book);
/* By name; NULL: none. */
const struct ouv_text_decl *ouv_text_find(
	const struct ouv_text_book *book, const char *name);
/* All, sorted by name. */
const struct ouv_text_decl *ouv_text_list(
	const struct ouv_text_book *book, size_t *count_out);

/* The examples of a declaration as data: what a preview shows. */
json_t *ouv_text_example(const struct ouv_text_decl *decl);

/*
 * Typed data to what a template of that language is rendered with: dates and
 * moments in the language's words and order and in the time zone of TZ, a
 * has_NAME for each optional variable.  values_out is a new reference.
 *
 * OUV_INVALID: a variable is missing, unknown or of another type; error_out
 * names it.
 */
OUV_MUST_CHECK enum ouv_err ouv_text_values(const struct ouv_text_decl *decl,
	const json_t *data, enum ouv_lang lang, json_t **values_out,
	struct ouv_text_error *error_out);

/* A date or a moment in the language's words; false: it cannot be written. */
#define OUV_TEXT_WHEN_MAX 256
bool ouv_text_when(enum ouv_lang lang, enum ouv_text_type type, int64_t value,
	char out[OUV_TEXT_WHEN_MAX]);

/* What the office says of itself, before any letter is made of it: the
 * variables of office.json.  Errors as ouv_text_values. */
OUV_MUST_CHECK enum ouv_err ouv_text_office(const struct ouv_text_book *book,
	const json_t *data, struct ouv_text_error *error_out);

/* Would this text do as a value of that type?  So that what is kept for later
 * letters is refused when it is entered, not when a letter is made. */
bool ouv_text_fits(enum ouv_text_type type, const char *text);

/* One language of a letter, rendered. */
struct ouv_text_part {
	enum ouv_lang lang;
	struct ouv_str text; /* with its "Subject: " line */
};

struct ouv_text_letter {
	const char *subject;
	const char *text;   /* UTF-8, LF, for format=flowed (RFC 3676): a soft
			       line end is a space before the LF */
	const char *html;   /* a whole document: Arial 10, black or blue */
	const char *plain;  /* the words as they were rendered, no wrapping:
			       what the console shows and the lint reads */
	const char *marked; /* the same with the marks of headings: for paper */
};

/*
 * Lays out one language, or two one after the other in one mail: each part
 * under its own lang attribute, the subject of both.  blue: the letter is in
 * blue, else black.
 *
 * OUV_INVALID: a part has no subject line or no words.
 */
OUV_MUST_CHECK enum ouv_err ouv_text_layout(struct ouv_arena *arena,
	const struct ouv_text_part *parts, size_t count, bool blue,
	struct ouv_text_letter *letter_out);

#endif
