/*
 * text_impl.h - what the files of this folder share
 */
#ifndef OUV_TEXT_IMPL_H
#define OUV_TEXT_IMPL_H

#include "ouv/text.h"

#define TRY(call)                               \
	do {                                    \
		enum ouv_err try_err_ = (call); \
		if (try_err_ != OUV_OK)         \
			return try_err_;        \
	} while (0)

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

/* Says what is wrong; error may be NULL.  Always OUV_INVALID. */
enum ouv_err text_wrong(struct ouv_text_error *error, const char *text,
	const char *var, const char *what);

/* ---- decl.c ------------------------------------------------------------ */

/* What a declaration is read with. */
struct decl_reader {
	struct ouv_arena *arena; /* of the book */
	const char *name;        /* "mail/ack" */
	struct ouv_text_error *error;
};
OUV_MUST_CHECK enum ouv_err decl_vars(struct decl_reader *r,
	const json_t *object, size_t room, struct ouv_text_var **vars_out,
	size_t *count_out);
/* What texts share: of the office alone, or of the case and the office. */
struct text_common {
	struct ouv_text_var *office, *of_case;
	size_t office_count, case_count;
};
/* Its own variables, then those it shares with others. */
OUV_MUST_CHECK enum ouv_err decl_read(struct decl_reader *r, const json_t *doc,
	const struct text_common *common, struct ouv_text_decl *decl_out);

/* ---- check.c ------------------------------------------------------------ */

/* What is wrong with a value of this variable, in English; NULL: nothing.  Of
 * a list only that it is one. */
const char *check_value(const struct ouv_text_var *var, const json_t *value);
/* Missing, null, or nothing but blanks: what an optional variable may be. */
bool check_empty(const json_t *value);

/* ---- blocks.c: a rendered text as its lines ----------------------------- */

enum line_kind {
	LINE_WORDS,
	LINE_HEADING, /* without its "# " */
	LINE_ITEM,    /* with its "- " */
	LINE_EMPTY,   /* one, between two paragraphs */
};

struct line {
	enum line_kind kind;
	struct ouv_str text; /* without blanks at its ends */
};

struct body {
	struct ouv_str subject;
	struct line *lines; /* never begins or ends with an empty one */
	size_t count;
};

/* OUV_INVALID: no subject line, or no words. */
OUV_MUST_CHECK enum ouv_err blocks_read(
	struct ouv_arena *arena, struct ouv_str text, struct body *body_out);

/* ---- flow.c, page.c: the same lines twice ------------------------------- */

void flow_line(struct ouv_buf *out, struct ouv_str text);
/* The lines of one language below each other. */
void page_lines(struct ouv_buf *out, const struct body *body);
void page_escape(struct ouv_buf *out, const char *text, size_t len);

#endif
