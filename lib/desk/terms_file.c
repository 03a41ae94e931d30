/*
 * terms_file.c - deadlines/NAME.json to a deadline profile
 *
 * Strict, as calendars are: what is not understood is an error with its place.
 * A profile that extends another one says only what differs; in the end every
 * clock and every limit has a term.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <jansson.h>

#include "terms.h"

#define AMOUNT_MOST 20000
#define EXTENDS_MOST 4
#define POST_DAYS 7
#define WHAT 200

struct reader {
	struct ouv_arena *arena;
	struct ouv_terms *terms;
	char *what;
};

static enum ouv_err
wrong(const struct reader *r, const char *where, const char *what)
{
	(void)snprintf(r->what, WHAT, "%s: %s", where, what);
	return OUV_INVALID;
}

static enum ouv_err
known_keys(const struct reader *r, const char *where, const json_t *object,
	const char *const *keys)
{
	const char *key;
	json_t *value;

	if (!json_is_object(object))
		return wrong(r, where, "is not an object");
	json_object_foreach((json_t *)object, key, value)
	{
		size_t i = 0;

		while (keys[i] != NULL && strcmp(keys[i], key) != 0)
			i++;
		if (keys[i] == NULL) {
			(void)snprintf(r->what, WHAT, "%s: unknown key %.60s",
				where, key);
			return OUV_INVALID;
		}
	}
	return OUV_OK;
}

/* ---- one term -------------------------------------------------------------
 */

/* "10 service-days", or "none". */
static enum ouv_err
read_term(const struct reader *r, const char *where, const json_t *value,
	bool needed, struct ouv_term *term)
{
	const char *text = json_string_value(value);
	char *end;
	long amount;

	if (text != NULL && strcmp(text, "none") == 0 && !needed) {
		term->amount = 0;
		return OUV_OK;
	}
	if (text == NULL || *text < '1' || *text > '9')
		return wrong(r, where, "is not a term such as \"10 days\"");
	amount = strtol(text, &end, 10);
	if (amount > AMOUNT_MOST)
		return wrong(r, where, "is too long");
	if (*end != ' ' || ouv_unit_parse(end + 1, &term->unit) != OUV_OK)
		return wrong(r, where,
			"is not of hours, service-hours, days, service-days "
			"or exact-days");
	term->amount = (int)amount;
	return OUV_OK;
}

/* How long it is at least, to compare terms of different units. */
static int64_t
about_hours(const struct ouv_term *term)
{
	return term->unit == OUV_UNIT_HOURS ||
			       term->unit == OUV_UNIT_SERVICE_HOURS
		       ? term->amount
		       : (int64_t)term->amount * 24;
}

static enum ouv_err
read_reminders(const struct reader *r, const char *where, const json_t *list,
	struct ouv_terms_clock *clock)
{
	if (!json_is_array(list) || json_array_size(list) > OUV_REMINDERS)
		return wrong(r, where, "remind is a list of at most two terms");
	for (size_t i = 0; i < OUV_REMINDERS; i++) {
		clock->remind[i].amount = 0;
		if (i < json_array_size(list))
			TRY(read_term(r, where, json_array_get(list, i), true,
				&clock->remind[i]));
	}
	return OUV_OK;
}

static enum ouv_err
check_reminders(const struct reader *r, const char *where,
	const struct ouv_terms_clock *clock)
{
	int64_t before = about_hours(&clock->term);

	for (size_t i = 0; i < OUV_REMINDERS; i++) {
		int64_t length = about_hours(&clock->remind[i]);

		if (length == 0)
			continue;
		if (length >= before)
			return wrong(r, where,
				"each reminder is shorter than the one before "
				"it, and than the term");
		before = length;
	}
	return OUV_OK;
}

/* ---- clocks and limits ----------------------------------------------------
 */

static enum ouv_err
read_law(const struct reader *r, const char *where, const json_t *value,
	const char **law_out)
{
	if (value == NULL)
		return OUV_OK;
	if (!json_is_string(value) || json_string_length(value) > 120)
		return wrong(r, where, "law is a text of at most 120 bytes");
	*law_out = ouv_arena_strdup(r->arena, json_string_value(value));
	return OUV_OK;
}

/* "10 days", or an object that says what differs from the extended one. */
static enum ouv_err
read_clock(const struct reader *r, const char *where, const json_t *value,
	struct ouv_terms_clock *clock)
{
	static const char *const keys[] = { "term", "law", "extension",
		"remind", "notice", NULL };
	const json_t *term =
		json_is_string(value) ? value : json_object_get(value, "term");
	const json_t *extension = json_object_get(value, "extension");
	const json_t *remind = json_object_get(value, "remind");
	const json_t *notice = json_object_get(value, "notice");
	const char *law = term != NULL ? r->terms->law : clock->term.law;

	if (!json_is_string(value))
		TRY(known_keys(r, where, value, keys));
	TRY(read_law(r, where, json_object_get(value, "law"), &law));
	if (term != NULL)
		TRY(read_term(r, where, term, true, &clock->term));
	if (extension != NULL)
		TRY(read_term(r, where, extension, false, &clock->extension));
	if (remind != NULL)
		TRY(read_reminders(r, where, remind, clock));
	if (notice != NULL)
		TRY(read_term(r, where, notice, false, &clock->notice));
	clock->term.law = clock->extension.law = law;
	return OUV_OK;
}

static enum ouv_err
read_clocks(const struct reader *r, const json_t *object)
{
	const char *key;
	json_t *value;

	if (object != NULL && !json_is_object(object))
		return wrong(r, "clocks", "is not an object");
	json_object_foreach((json_t *)object, key, value)
	{
		enum ouv_clock clock;

		if (ouv_clock_parse(key, &clock) != OUV_OK)
			return wrong(r, key, "there is no such clock");
		TRY(read_clock(r, key, value, &r->terms->clocks[clock]));
	}
	for (int i = 0; i < OUV_CLOCK__COUNT; i++) {
		const char *name = ouv_clock_name((enum ouv_clock)i);

		if (r->terms->clocks[i].term.amount == 0)
			return wrong(r, name, "this clock has no term");
		TRY(check_reminders(r, name, &r->terms->clocks[i]));
	}
	return OUV_OK;
}

static bool
counts_days(const struct ouv_term *term)
{
	return term->unit != OUV_UNIT_HOURS &&
	       term->unit != OUV_UNIT_SERVICE_HOURS;
}

static enum ouv_err
read_limits(const struct reader *r, const json_t *object)
{
	const char *keys[OUV_LIMIT__COUNT + 1] = { NULL };

	for (int i = 0; i < OUV_LIMIT__COUNT; i++)
		keys[i] = ouv_limit_name((enum ouv_limit)i);
	if (object != NULL)
		TRY(known_keys(r, "limits", object, keys));
	for (int i = 0; i < OUV_LIMIT__COUNT; i++) {
		const json_t *value = json_object_get(object, keys[i]);
		struct ouv_term *term = &r->terms->limits[i];

		if (value != NULL) {
			TRY(read_term(r, keys[i], value, true, term));
			term->law = r->terms->law;
		}
		if (term->amount == 0)
			return wrong(r, keys[i], "this limit has no term");
		if (i == OUV_LIMIT_POST && !counts_days(term))
			return wrong(r, keys[i], "counts days");
	}
	return OUV_OK;
}

/* ---- how long files are kept ----------------------------------------------
 */

/* "731 days", or with its law; "default": as the clock's own term. */
static enum ouv_err
read_kept_one(const struct reader *r, const char *where, const json_t *value,
	struct ouv_term *kept)
{
	static const char *const keys[] = { "term", "law", NULL };
	const json_t *term =
		json_is_string(value) ? value : json_object_get(value, "term");
	const char *text = json_string_value(term);

	if (!json_is_string(value))
		TRY(known_keys(r, where, value, keys));
	kept->law = r->terms->law;
	TRY(read_law(r, where, json_object_get(value, "law"), &kept->law));
	kept->amount = 0;
	if (text != NULL && strcmp(text, "default") == 0)
		return OUV_OK;
	return read_term(r, where, term, true, kept);
}

static enum ouv_err
check_kept(const struct reader *r)
{
	const struct ouv_terms_clock *own =
		&r->terms->clocks[OUV_CLOCK_RETENTION];

	for (int i = 0; i < OUV_END__COUNT; i++) {
		struct ouv_terms_clock clock = *own;

		if (r->terms->kept[i].amount == 0)
			continue;
		if (i == OUV_END_SET_ASIDE || i == OUV_END_AUTOMATIC) {
			if (r->terms->kept[i].unit != OUV_UNIT_DAYS)
				return wrong(r, ouv_end_name((enum ouv_end)i),
					"counts days");
			continue; /* nobody is told before */
		}
		clock.term = r->terms->kept[i];
		TRY(check_reminders(r, ouv_end_name((enum ouv_end)i), &clock));
	}
	return OUV_OK;
}

static enum ouv_err
read_kept(const struct reader *r, const json_t *object)
{
	const char *key;
	json_t *value;

	if (object != NULL && !json_is_object(object))
		return wrong(r, "retention", "is not an object");
	json_object_foreach((json_t *)object, key, value)
	{
		enum ouv_end end;

		if (ouv_end_parse(key, &end) != OUV_OK)
			return wrong(r, key, "no case ends so");
		TRY(read_kept_one(r, key, value, &r->terms->kept[end]));
	}
	return check_kept(r);
}

/* ---- the whole ------------------------------------------------------------
 */

/* Nothing of what follows may be NULL, whatever is missing. */
static void
begin(struct ouv_terms *terms)
{
	memset(terms, 0, sizeof(*terms));
	terms->law = terms->calendar = "";
	for (int i = 0; i < OUV_CLOCK__COUNT; i++) {
		struct ouv_terms_clock *clock = &terms->clocks[i];

		clock->term.law = clock->extension.law = clock->notice.law = "";
		for (int n = 0; n < OUV_REMINDERS; n++)
			clock->remind[n].law = "";
	}
	for (int i = 0; i < OUV_LIMIT__COUNT; i++)
		terms->limits[i].law = "";
	/* An office's own version may be older than this limit. */
	terms->limits[OUV_LIMIT_POST].unit = OUV_UNIT_DAYS;
	terms->limits[OUV_LIMIT_POST].amount = POST_DAYS;
	for (int i = 0; i < OUV_END__COUNT; i++)
		terms->kept[i].law = "";
}

static bool
is_name(const char *name)
{
	return *name != '\0' && strlen(name) <= 60 &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-_") ==
		       strlen(name);
}

static enum ouv_err
read_head(const struct reader *r, const json_t *doc, const char *name)
{
	const char *own = json_string_value(json_object_get(doc, "profile"));
	const json_t *calendar = json_object_get(doc, "calendar");
	const json_t *title = json_object_get(doc, "name");

	if (own == NULL || strcmp(own, name) != 0 || !is_name(name))
		return wrong(r, "profile", "is not the profile's own name");
	r->terms->name = ouv_arena_strdup(r->arena, name);
	r->terms->n = 0;
	r->terms->law = "";
	TRY(read_law(r, "law", json_object_get(doc, "law"), &r->terms->law));
	if (calendar != NULL && !json_is_string(calendar))
		return wrong(r, "calendar", "is not a name");
	if (calendar != NULL)
		r->terms->calendar =
			ouv_arena_strdup(r->arena, json_string_value(calendar));
	for (int i = 0; i < OUV_LANG__COUNT; i++) {
		const char *text = json_string_value(
			json_object_get(title, ouv_lang_tag((enum ouv_lang)i)));

		if (text == NULL || *text == '\0')
			return wrong(r, "name", "is missing in a language");
		r->terms->title[i] = ouv_arena_strdup(r->arena, text);
	}
	return OUV_OK;
}

static enum ouv_err
read_doc(struct reader *r, const json_t *doc, const char *name,
	ouv_terms_base_fn *base, void *of)
{
	static const char *const keys[] = { "profile", "extends", "calendar",
		"law", "name", "clocks", "limits", "retention", NULL };
	const json_t *extends = json_object_get(doc, "extends");

	TRY(known_keys(r, name, doc, keys));
	begin(r->terms);
	if (extends != NULL) {
		if (!json_is_string(extends) || base == NULL)
			return wrong(r, "extends", "is not a profile's name");
		TRY(base(of, json_string_value(extends), r->terms, r->what));
	}
	TRY(read_head(r, doc, name));
	TRY(read_clocks(r, json_object_get(doc, "clocks")));
	TRY(read_limits(r, json_object_get(doc, "limits")));
	return read_kept(r, json_object_get(doc, "retention"));
}

enum ouv_err
ouv_terms_parse(struct ouv_arena *arena, const char *name, const char *json,
	size_t len, ouv_terms_base_fn *base, void *of,
	struct ouv_terms *terms_out, char what_out[200])
{
	struct ouv_terms terms;
	struct reader r = { arena, &terms, what_out };
	json_error_t error;
	json_t *doc;
	enum ouv_err err;

	if (len > OUV_TERMS_MOST)
		return wrong(&r, name, "is too long");
	doc = json_loadb(json, len, JSON_REJECT_DUPLICATES, &error);
	if (doc == NULL) {
		(void)snprintf(what_out, WHAT, "line %d: %.150s", error.line,
			error.text);
		return OUV_INVALID;
	}
	err = read_doc(&r, doc, name, base, of);
	json_decref(doc);
	if (err == OUV_OK)
		*terms_out = terms;
	return err;
}

/* ---- files ----------------------------------------------------------------
 */

struct folder {
	struct ouv_arena *arena;
	const char *path;
	int depth;
};

enum ouv_err
terms_text(struct ouv_arena *arena, const char *folder, const char *name,
	const char **text_out, size_t *len_out, char what_out[200])
{
	FILE *file = NULL;
	char *text;

	if (is_name(name))
		file = fopen(
			ouv_arena_printf(arena, "%s/%s.json", folder, name),
			"re");
	if (file == NULL) {
		(void)snprintf(what_out, WHAT,
			"%.60s: there is no such profile", name);
		return OUV_NOT_FOUND;
	}
	/* At most one byte more than a profile may have. */
	text = ouv_arena_raw(arena, OUV_TERMS_MOST + 1);
	*len_out = fread(text, 1, OUV_TERMS_MOST + 1, file);
	(void)fclose(file);
	*text_out = text;
	return OUV_OK;
}

static enum ouv_err
from_folder(void *of, const char *name, struct ouv_terms *terms_out,
	char what_out[200])
{
	struct folder *f = of;
	const char *text;
	size_t len;

	if (f->depth++ == EXTENDS_MOST) {
		(void)snprintf(what_out, WHAT, "extends: goes in circles");
		return OUV_INVALID;
	}
	TRY(terms_text(f->arena, f->path, name, &text, &len, what_out));
	return ouv_terms_parse(
		f->arena, name, text, len, from_folder, f, terms_out, what_out);
}

enum ouv_err
ouv_terms_read_file(struct ouv_arena *arena, const char *folder,
	const char *name, struct ouv_terms *terms_out, char what_out[200])
{
	struct folder f = { arena, folder, 0 };

	return from_folder(&f, name, terms_out, what_out);
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

enum ouv_err
ouv_terms_names(struct ouv_arena *arena, const char *folder,
	const char ***names_out, size_t *count_out)
{
	const char **names = ouv_arena_array(arena, 64, sizeof(*names));
	DIR *dir = opendir(folder);
	const struct dirent *entry;
	size_t count = 0;

	if (dir == NULL)
		return OUV_NOT_FOUND;
	/* Nobody else reads this stream. */
	while ((entry = readdir(dir)) != NULL && count < 64) { /* NOLINT */
		size_t len = strlen(entry->d_name);
		const char *name;

		if (len < 6 || strcmp(entry->d_name + len - 5, ".json") != 0)
			continue;
		name = ouv_arena_strndup(arena, entry->d_name, len - 5);
		if (is_name(name))
			names[count++] = name;
	}
	(void)closedir(dir);
	qsort(names, count, sizeof(*names), by_name);
	*names_out = names;
	*count_out = count;
	return OUV_OK;
}
