/*
 * html_element.c - the elements of HTML, as one table
 *
 * What is not here stands in a line like any word.
 */
#include <stdlib.h>
#include <string.h>

#include "html_element.h"

/* clang-format off */
/* In alphabetical order: it is searched by halves. */
static const struct element {
	const char *name;
	enum html_what what;
} elements[] = {
	{ "a",          HTML_LINK },
	{ "address",    HTML_BLOCK },
	{ "area",       HTML_VOID },
	{ "article",    HTML_BLOCK },
	{ "aside",      HTML_BLOCK },
	{ "audio",      HTML_FETCH },
	{ "base",       HTML_VOID },
	{ "blockquote", HTML_QUOTE },
	{ "body",       HTML_BLOCK },
	{ "br",         HTML_BREAK },
	{ "caption",    HTML_BLOCK },
	{ "center",     HTML_BLOCK },
	{ "col",        HTML_VOID },
	{ "dd",         HTML_BLOCK },
	{ "details",    HTML_BLOCK },
	{ "dialog",     HTML_BLOCK },
	{ "dir",        HTML_LIST },
	{ "div",        HTML_BLOCK },
	{ "dl",         HTML_PARA },
	{ "dt",         HTML_BLOCK },
	{ "embed",      HTML_FETCH },
	{ "fieldset",   HTML_BLOCK },
	{ "figcaption", HTML_BLOCK },
	{ "figure",     HTML_BLOCK },
	{ "footer",     HTML_BLOCK },
	{ "form",       HTML_BLOCK },
	{ "frame",      HTML_FETCH },
	{ "h1",         HTML_PARA },
	{ "h2",         HTML_PARA },
	{ "h3",         HTML_PARA },
	{ "h4",         HTML_PARA },
	{ "h5",         HTML_PARA },
	{ "h6",         HTML_PARA },
	{ "header",     HTML_BLOCK },
	{ "hgroup",     HTML_BLOCK },
	{ "hr",         HTML_RULE },
	{ "html",       HTML_BLOCK },
	{ "iframe",     HTML_RAW },
	{ "img",        HTML_IMAGE },
	{ "input",      HTML_INPUT },
	{ "legend",     HTML_BLOCK },
	{ "li",         HTML_ITEM },
	{ "link",       HTML_FETCH },
	{ "listing",    HTML_PRE },
	{ "main",       HTML_BLOCK },
	{ "menu",       HTML_LIST },
	{ "meta",       HTML_VOID },
	{ "nav",        HTML_BLOCK },
	{ "ol",         HTML_NUMBERED },
	{ "optgroup",   HTML_OPTION },
	{ "option",     HTML_OPTION },
	{ "p",          HTML_PARA },
	{ "param",      HTML_VOID },
	{ "plaintext",  HTML_PRE },
	{ "pre",        HTML_PRE },
	{ "q",          HTML_CITED },
	{ "rt",         HTML_RUBY_TEXT },
	{ "script",     HTML_RAW },
	{ "search",     HTML_BLOCK },
	{ "section",    HTML_BLOCK },
	{ "select",     HTML_SELECT },
	{ "source",     HTML_FETCH },
	{ "style",      HTML_RAW },
	{ "summary",    HTML_BLOCK },
	{ "table",      HTML_TABLE },
	{ "tbody",      HTML_GROUP },
	{ "td",         HTML_CELL },
	{ "template",   HTML_RAW },
	{ "textarea",   HTML_AREA },
	{ "tfoot",      HTML_GROUP },
	{ "th",         HTML_HEAD_CELL },
	{ "thead",      HTML_GROUP },
	{ "title",      HTML_RAW },
	{ "tr",         HTML_ROW },
	{ "track",      HTML_VOID },
	{ "ul",         HTML_LIST },
	{ "video",      HTML_FETCH },
	{ "wbr",        HTML_VOID },
	{ "xml",        HTML_RAW },
	{ "xmp",        HTML_PRE },
};
/* clang-format on */

static int
compare(const void *name, const void *row)
{
	return strcmp(name, ((const struct element *)row)->name);
}

enum html_what
html_what(const char *name)
{
	const struct element *found =
		bsearch(name, elements, sizeof(elements) / sizeof(elements[0]),
			sizeof(elements[0]), compare);

	return found == NULL ? HTML_PLAIN : found->what;
}
