/*
 * node.h - a parsed template, as the files of this folder share it
 *
 * A template becomes one flat array of nodes when it is loaded.  The body of
 * a section is the run of nodes after it, up to its field end; so rendering
 * is a walk along the array, and nothing is parsed twice.
 */
#ifndef TMPL_NODE_H
#define TMPL_NODE_H

#include "ouv/tmpl.h"

enum {
	TMPL_TEXT_MAX = 1 << 20,    /* bytes of one template's text         */
	TMPL_SECTIONS_MAX = 64,     /* sections inside each other, one text */
	TMPL_PARTIALS_MAX = 100,    /* partials inside each other           */
	TMPL_DEPTH_MAX = 512,       /* both together, while rendering       */
	TMPL_STEPS_MAX = 10000000,  /* nodes visited by one rendering       */
	TMPL_OUTPUT_MAX = 64 << 20, /* bytes of one result                  */
};

enum tmpl_kind {
	NODE_TEXT,     /* literal                                      */
	NODE_LINE,     /* a line begins: an indented partial indents   */
	NODE_VALUE,    /* {{name}}                                     */
	NODE_RAW,      /* {{{name}}} and {{&name}}                     */
	NODE_SECTION,  /* {{#name}}                                    */
	NODE_INVERTED, /* {{^name}}                                    */
	NODE_PARTIAL,  /* {{>name}}                                    */
};

struct tmpl_node {
	enum tmpl_kind kind;
	unsigned line;
	struct ouv_str text;        /* the literal, or the name as written  */
	const struct ouv_str *keys; /* the name cut at its dots; "." : none */
	unsigned key_count;
	unsigned end;               /* a section: the node after its body   */
	int here_only;              /* ".name": the top context, no other   */
	int is_link;                /* begins an address: check its scheme  */
	struct ouv_str indent;      /* a partial: what stood before it      */
	const struct tmpl *partial; /* NULL: not there (plain mode only)    */
};

struct tmpl {
	const char *name;
	enum ouv_tmpl_mode mode;
	struct tmpl_node *nodes;
	unsigned count;
	int visit; /* used once, while cycles are looked for */
	struct tmpl *next;
};

/* Fills error_out, which may be NULL; always OUV_INVALID. */
enum ouv_err tmpl_fail(struct ouv_tmpl_error *error_out, const char *name,
	unsigned line, const char *format, ...) OUV_PRINTF(4, 5);

/*
 * Parses len bytes of text, which must live as long as the result; lints it
 * too when mode is strict HTML.  Partials are left unresolved.
 */
OUV_MUST_CHECK enum ouv_err tmpl_parse(struct ouv_arena *arena,
	enum ouv_tmpl_mode mode, const char *name, const char *text, size_t len,
	struct tmpl **tmpl_out, struct ouv_tmpl_error *error_out);

/*
 * Where values may stand in a page: in text and in double-quoted attributes,
 * never in scripts, styles, on* and style attributes, never as a link's
 * scheme.  Marks the values that begin a link (is_link).
 */
OUV_MUST_CHECK enum ouv_err tmpl_lint(
	struct tmpl *tmpl, struct ouv_tmpl_error *error_out);

/* Is the address of a kind that may stand in a link? */
int tmpl_link_is_safe(const char *address, size_t len);

OUV_MUST_CHECK enum ouv_err tmpl_render(struct ouv_arena *arena,
	const struct tmpl *tmpl, const json_t *data, struct ouv_str *text_out,
	struct ouv_tmpl_error *error_out);

#endif
