/*
 * inputs.h - the fields of a form that a table describes, for {{> inputs}}
 *
 * Each row says what it is; its label is the word PREFIX_NAME of the form.
 */
#ifndef SERVER_INPUTS_H
#define SERVER_INPUTS_H

#include <jansson.h>

#include "sheet.h"

enum input {
	INPUT_TEXT,
	INPUT_ADDR,
	INPUT_PHONE,
	INPUT_NUMBER,
	INPUT_DATE,
	INPUT_TIME,
	INPUT_AREA,
	/* from here on a choice */
	INPUT_WORDS, /* codes, whose words stand under prefix */
	INPUT_LANG,
	INPUT_OWN, /* the page's own: choices */
};

struct input_field {
	const char *name, *help; /* help: a word; NULL: none */
	enum input input;
	bool needed;
	int most, group;
	const char *prefix; /* of the words of codes */
	const char *const *codes;
};

/* What differs from page to page. */
struct inputs {
	const char *id, *prefix; /* "letter", "letter_" */
	const struct input_field *fields;
	size_t count;
	/* What stands there at first; NULL: nothing.  May be NULL. */
	const char *(*value)(const struct sheet *sheet, void *user,
		const struct input_field *field);
	/* The choices of INPUT_OWN, put to list.  May be NULL. */
	void (*choices)(const struct sheet *sheet, void *user,
		const struct input_field *field, const char *chosen,
		json_t *list);
	void *user;
};

/* Names and labels, for sheet_form; more: further ones, or NULL. */
const struct sheet_field *inputs_names(const struct sheet *sheet,
	const struct inputs *inputs, const struct sheet_field *more);
/* The fields of that group, as a list; form is sheet_form's. */
json_t *inputs_view(const struct sheet *sheet, const struct inputs *inputs,
	const json_t *form, int group);

#endif
