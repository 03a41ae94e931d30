/*
 * tmpl.h - logic-less templates: Mustache, and our strict mode
 *
 * All required modules of the public Mustache specification (comments,
 * delimiters, interpolation, inverted, partials, sections).  Everything the
 * product sends or shows uses strict mode on top of it:
 *
 *   - escaping by the file's suffix: .html escapes & < > " ' ; .txt does not
 *     escape, and refuses a line break in a value that stands in a header
 *     line (the first line, "Subject: ...");
 *   - no raw tag: {{{x}}} and {{&x}} are errors;
 *   - a name that the data does not hold is an error, never a blank;
 *   - in a page, values stand in text and in double-quoted attributes only,
 *     never in a script, a style, an on* or style attribute; one that begins
 *     a link is named *_url or *_path and must be an address when rendered;
 *   - no partial includes itself.
 *
 * For sections these are false: false, null, the empty list, the empty string
 * and the number 0.  docs/templates.md says all this to whoever edits one.
 *
 * Data are JSON values (jansson), borrowed for the call.
 */
#ifndef OUV_TMPL_H
#define OUV_TMPL_H

#include <jansson.h>

#include "ouv/arena.h"
#include "ouv/buf.h"

enum ouv_tmpl_mode {
	OUV_TMPL_SPEC,        /* plain Mustache                       */
	OUV_TMPL_STRICT_HTML, /* strict, values escaped for HTML      */
	OUV_TMPL_STRICT_TEXT, /* strict, values as they are           */
};

/* Where a template is wrong, in words for its editor (English). */
struct ouv_tmpl_error {
	char template[128];
	int line;
	char what[200];
};

struct ouv_tmpl_set;

/*
 * Reads and parses every *.html and *.txt below folder (names are paths below
 * it, "mail/ack.pt-BR.txt").  A partial {{> name}} is looked up first beside
 * its template, then as a full name, with the template's own suffix added
 * when name has none: in "mail/ack.en.txt" first ".en.txt", then ".txt".
 * Files whose names begin with a dot are left out.  The set is read-only
 * afterwards and may be shared by threads; it lives until freed.
 *
 * OUV_INVALID: one does not parse, or names a partial that is not there;
 * error_out says which and where.  OUV_NOT_FOUND: no such folder.
 * OUV_TEMPORARY: something below it cannot be read.
 */
OUV_MUST_CHECK enum ouv_err ouv_tmpl_load(const char *folder,
	struct ouv_tmpl_set **set_out, struct ouv_tmpl_error *error_out);
void ouv_tmpl_free(struct ouv_tmpl_set **set);
/* Is there a template of that name? */
int ouv_tmpl_has(const struct ouv_tmpl_set *set, const char *name);

/*
 * Renders one template; mode follows its suffix.  OUV_NOT_FOUND: no such
 * template.  OUV_INVALID: strict mode was broken (unknown name, line break in
 * a header line, no address in a link) or the result has no end; error_out
 * says where (it may be NULL).
 */
OUV_MUST_CHECK enum ouv_err ouv_tmpl_render(struct ouv_arena *arena,
	const struct ouv_tmpl_set *set, const char *name, const json_t *data,
	struct ouv_str *text_out, struct ouv_tmpl_error *error_out);

/*
 * Renders a text that is not in a set, for `ouvidoria render`; partial(name)
 * returns the text of a partial, which must outlive the call, or NULL.
 */
typedef const char *ouv_tmpl_partial_fn(const char *name, void *user);
OUV_MUST_CHECK enum ouv_err ouv_tmpl_render_text(struct ouv_arena *arena,
	enum ouv_tmpl_mode mode, const char *name, const char *text,
	const json_t *data, ouv_tmpl_partial_fn *partial, void *user,
	struct ouv_str *text_out, struct ouv_tmpl_error *error_out);

/* A tag of a template that has a name. */
enum ouv_tmpl_use {
	OUV_TMPL_VALUE,
	OUV_TMPL_SECTION,
	OUV_TMPL_INVERTED,
	OUV_TMPL_PARTIAL,
};
struct ouv_tmpl_name {
	enum ouv_tmpl_use use;
	const char *name; /* as written */
	int line;         /* from 1 */
	int inside;       /* the section it stands in, by index; -1: none */
};
/* Every one of a text that is in no set, in the order of the text.
 * OUV_INVALID: it does not parse. */
OUV_MUST_CHECK enum ouv_err ouv_tmpl_names(struct ouv_arena *arena,
	enum ouv_tmpl_mode mode, const char *name, const char *text,
	struct ouv_tmpl_name **names_out, size_t *count_out,
	struct ouv_tmpl_error *error_out);

#endif
