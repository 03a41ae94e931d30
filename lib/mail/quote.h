/*
 * quote.h - what the files that tell new text from quoted text share
 */
#ifndef OUV_MAIL_QUOTE_H
#define OUV_MAIL_QUOTE_H

#include "meaning.h"

#define QUOTE_COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define QUOTE_WORDY 400 /* bytes: a longer line was written by a person */

enum quote_kind {
	QUOTE_BLANK,
	QUOTE_TEXT,
	QUOTE_QUOTED,  /* begins with '>' */
	QUOTE_INTRO,   /* announces quoted lines */
	QUOTE_FOREIGN, /* in a container that the mail program made for it */
	QUOTE_SIGNED   /* in a container for signatures */
};

enum quote_label {
	LABEL_FROM = 1,
	LABEL_DATE = 2,
	LABEL_TO = 4,
	LABEL_SUBJECT = 8,
	LABEL_OTHER = 16,
	LABEL_UNKNOWN = 32, /* has the shape of one */
	LABEL_UNREAD = 64
};

struct quote_line {
	const char *p;
	size_t len;
	enum quote_kind kind;
	bool head;          /* HTML draws a border above: a header may follow */
	signed char ends;   /* an attribution may end here: 1, not: -1 */
	signed char before; /* 1 + the lines of the one that does; 0: unread */
	unsigned label;     /* of a repeated header */
	const char *value;  /* after the label, folded */
	const char *plain;  /* folded, without marks; NULL: not looked at yet */
};

/* How a mail calls itself. */
enum quote_subject {
	SUBJECT_OTHER,
	SUBJECT_REPLY,
	SUBJECT_FORWARD
};

/* What announces that the rest is somebody else's. */
enum quote_cut_kind {
	CUT_NONE,
	CUT_INTRO,    /* "on ... somebody wrote:" */
	CUT_HEADER,   /* a repeated header */
	CUT_ORIGINAL, /* "---- Original message ----" */
	CUT_FORWARD,  /* "---- Forwarded message ----" */
	CUT_LINE      /* "reply above this line" */
};

struct quote_cut {
	enum quote_cut_kind kind;
	size_t at; /* its first line */
};

struct quote_letter {
	struct ouv_arena *arena; /* gone when reading ends */
	struct quote_line *lines;
	size_t count;
	const char *subject; /* of the mail, never NULL */
	enum quote_subject kind;
	bool may_answer;        /* false: by its header it answers no mail */
	struct quote_cut first; /* what announces a quotation first */
};

/* The lines of a repeated header. */
struct quote_block {
	unsigned seen;          /* labels, together */
	size_t from, end;       /* lines */
	size_t sender, subject; /* lines, `end`: none */
};

/* ---- quote_line.c -------------------------------------------------------- */

void quote_split(struct quote_letter *letter, const char *text);
/* The line folded as its table words are. */
const char *quote_plain(const struct quote_letter *letter, size_t i);
char *quote_fold(struct ouv_arena *arena, const char *text, size_t len);
/* Its bytes without quote marks and blanks around. */
struct ouv_str quote_inside(const struct quote_line *line);
/* The first line from i on that is not blank. */
size_t quote_next(const struct quote_letter *letter, size_t i);
/* The line before i that is not blank; count: none. */
size_t quote_before(const struct quote_letter *letter, size_t i);
bool quote_is_rule(const char *plain);
size_t quote_words_in(const char *plain);
/* "02/02/2026", "2026", "10:00" and their kind */
bool quote_has_date(const char *plain);
bool quote_has_clock(const char *plain);
/* Behind the last "10:00" and the like; NULL: none. */
const char *quote_after_clock(const char *text);
/* An address; bracketed: only "<a@b>", "(a@b)", "[mailto:a@b]". */
bool quote_has_address(const char *plain, bool bracketed);

/* ---- quote_html.c -------------------------------------------------------- */

/* Gives lines the kinds that HTML knows of. */
void quote_use_spans(struct quote_letter *letter, const char *text,
	const struct mail_spans *spans);
/* text, cut where what stands before and behind is what reply ends with. */
const char *quote_transfer(struct ouv_arena *arena, const char *text,
	const char *html_text, const char *html_reply);

/* ---- quote_intro.c, quote_header.c --------------------------------------- */

/* Lines of the attribution that begins at line i, 0: none. */
size_t quote_intro(const struct quote_letter *letter, size_t i);
/* Is line i one that stands between a mail and what it answers? */
enum quote_cut_kind quote_separator(
	const struct quote_letter *letter, size_t i);
/* Do lines that repeat a mail's header begin at i? */
bool quote_header(const struct quote_letter *letter, size_t i,
	struct quote_block *block_out);
/* The same behind a separator, where less is asked. */
void quote_read_block(const struct quote_letter *letter, size_t i,
	struct quote_block *block_out);
unsigned quote_label(const struct quote_letter *letter, size_t i);
/* The label that these bytes, folded, are; 0: none. */
unsigned quote_known_label(const char *plain, size_t len);
enum quote_subject quote_subject_kind(
	struct ouv_arena *arena, const char *subject, size_t *prefix_out);

/* ---- quote_sign.c -------------------------------------------------------- */

/* Moves *to up over blank lines, signatures, footers, disclaimers. */
void quote_unsign(const struct quote_letter *letter, size_t from, size_t *to);

/* ---- forward.c ----------------------------------------------------------- */

/* Sets has_forward and forward of mail. */
void quote_forward(const struct quote_letter *letter, struct ouv_arena *arena,
	struct ouv_mail *mail);

#endif
