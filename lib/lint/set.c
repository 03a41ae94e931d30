/*
 * set.c - lint/rules.json to rules
 *
 * Strict: an unknown key, check or pattern is an error that names the rule.
 */
#include <stdio.h>
#include <string.h>
#include <unicode/ustring.h>

#include "lint_impl.h"

#define RULES_MOST 200

struct reader {
	struct ouv_lint_set *set;
	struct ouv_lint_error *error;
	const char *rule;
};

static enum ouv_err
wrong(struct reader *r, const char *what, const char *which)
{
	(void)snprintf(r->error->rule, sizeof(r->error->rule), "%s", r->rule);
	(void)snprintf(r->error->what, sizeof(r->error->what), "%s%s%s", what,
		*which != '\0' ? ": " : "", which);
	return OUV_INVALID;
}

/* A bit for each word of a list that stands in names; 0: one is unknown. */
static unsigned
bits(const json_t *list, const char *const *names, size_t count)
{
	unsigned out = 0;

	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *word = json_string_value(json_array_get(list, i));
		size_t n = 0;

		while (n < count &&
			(word == NULL || strcmp(names[n], word) != 0))
			n++;
		if (n == count)
			return 0;
		out |= 1U << n;
	}
	return out;
}

static const char *const kinds[OUV_LINT_KIND__COUNT] = {
	[OUV_LINT_LETTER] = "letter",
	[OUV_LINT_ACKNOWLEDGEMENT] = "acknowledgement",
	[OUV_LINT_ABSENCE] = "absence",
	[OUV_LINT_PIECE] = "piece",
};

static const char *const places[OUV_LINT_PLACE__COUNT] = {
	[OUV_LINT_SUBJECT] = "subject",
	[OUV_LINT_BODY] = "body",
	[OUV_LINT_HTML] = "html",
};

const char *
ouv_lint_kind_name(enum ouv_lint_kind kind)
{
	return kinds[kind];
}

/* ---- patterns
 * -------------------------------------------------------------------
 */

static void
close_pattern(void *pattern)
{
	uregex_close(pattern);
}

static const UChar *
units_of(struct reader *r, const char *text, int32_t *len, UErrorCode *status)
{
	int32_t room = (int32_t)strlen(text) + 1;
	UChar *units =
		ouv_arena_array(r->set->arena, (size_t)room, sizeof(*units));

	u_strFromUTF8(units, room, len, text, -1, status);
	return units;
}

static enum ouv_err
open_pattern(struct reader *r, const char *text, bool exact,
	URegularExpression **out)
{
	UErrorCode status = U_ZERO_ERROR;
	int32_t len = 0;
	const UChar *units =
		units_of(r, exact ? text : lint_any_case(r->set->arena, text),
			&len, &status);

	*out = uregex_open(units, len,
		(exact ? 0 : UREGEX_CASE_INSENSITIVE) | UREGEX_MULTILINE, NULL,
		&status);
	if (U_FAILURE(status))
		return wrong(r, "this pattern cannot be read", text);
	ouv_arena_defer(r->set->arena, close_pattern, *out);
	return OUV_OK;
}

static int
lang_of(const char *key)
{
	for (int i = 0; i < OUV_LANG__COUNT; i++)
		if (strcmp(ouv_lang_tag((enum ouv_lang)i), key) == 0)
			return i;
	return strcmp(key, "any") == 0 ? ANY_LANG : -1;
}

static enum ouv_err
known_lang(struct reader *r, const char *key, const json_t *list, int *lang_out)
{
	*lang_out = lang_of(key);
	if (*lang_out < 0 || json_array_size(list) == 0)
		return wrong(r, "no such language, or no pattern", key);
	return OUV_OK;
}

static enum ouv_err
pattern_at(struct reader *r, const json_t *list, size_t i, const char **out)
{
	*out = json_string_value(json_array_get(list, i));
	if (*out == NULL || **out == '\0')
		return wrong(r, "a pattern is no text", "");
	return OUV_OK;
}

/* Each alone first, so that an error names the one; then all as one. */
static enum ouv_err
join(struct reader *r, const json_t *list, bool exact, URegularExpression **out)
{
	struct ouv_buf joined;

	ouv_buf_init(&joined, r->set->arena, 1024);
	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *text;

		TRY(pattern_at(r, list, i, &text));
		TRY(open_pattern(r, text, exact, out));
		ouv_buf_printf(&joined, "%s(?:%s)", i > 0 ? "|" : "", text);
	}
	return open_pattern(r, joined.data, exact, out);
}

static enum ouv_err
read_patterns(
	struct reader *r, const json_t *object, bool exact, struct patterns *p)
{
	const char *key;
	json_t *list;

	json_object_foreach((json_t *)object, key, list)
	{
		int lang;

		TRY(known_lang(r, key, list, &lang));
		TRY(join(r, list, exact, &p->of[lang]));
	}
	return OUV_OK;
}

static size_t
count_patterns(const json_t *object)
{
	const char *key;
	const json_t *list;
	size_t count = 0;

	json_object_foreach((json_t *)object, key, list) count +=
		json_array_size(list);
	return count;
}

/* What a rule looks for is not joined: the sieve knows each for itself. */
static enum ouv_err
read_find(struct reader *r, const json_t *object, bool exact, struct rule *rule)
{
	const char *key;
	json_t *list;

	rule->find = ouv_arena_array(
		r->set->arena, count_patterns(object), sizeof(*rule->find));
	json_object_foreach((json_t *)object, key, list)
	{
		int lang;

		TRY(known_lang(r, key, list, &lang));
		for (size_t i = 0; i < json_array_size(list); i++) {
			struct pattern *p = &rule->find[rule->find_count];
			UErrorCode status = U_ZERO_ERROR;
			const UChar *units;
			const char *text;
			int32_t len;

			TRY(pattern_at(r, list, i, &text));
			TRY(open_pattern(r, text, exact, &p->expression));
			units = units_of(r, text, &len, &status);
			p->lang = lang;
			p->n = lint_sieve_add(r->set->sieve, units, len);
			rule->find_count++;
		}
	}
	return OUV_OK;
}

/* ---- one rule
 * ------------------------------------------------------------------------ */

static enum ouv_err
known_keys(struct reader *r, const json_t *doc)
{
	static const char *const keys[] = { "rule", "severity", "says", "kinds",
		"places", "exact", "find", "spare", "unless", "need", "where",
		"check", "measure", "most", "others", "declared", "instead",
		"bad", "good" };
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)doc, key, value)
	{
		size_t i = 0, n = sizeof(keys) / sizeof(keys[0]);

		while (i < n && strcmp(keys[i], key) != 0)
			i++;
		if (i == n)
			return wrong(r, "unknown key", key);
	}
	return OUV_OK;
}

static enum ouv_err
read_public(struct reader *r, const json_t *doc, struct ouv_lint_rule *rule)
{
	const char *severity =
		json_string_value(json_object_get(doc, "severity"));
	const json_t *says = json_object_get(doc, "says");

	rule->name = ouv_arena_strdup(r->set->arena, r->rule);
	if (severity == NULL || (strcmp(severity, "blocks") != 0 &&
					strcmp(severity, "warns") != 0))
		return wrong(r, "severity is blocks or warns", "");
	rule->severity = *severity == 'b' ? OUV_LINT_BLOCKS : OUV_LINT_WARNS;
	for (int i = 0; i < OUV_LANG__COUNT; i++) {
		const char *tag = ouv_lang_tag((enum ouv_lang)i);
		const char *text =
			json_string_value(json_object_get(says, tag));

		if (text == NULL || *text == '\0')
			return wrong(r, "says nothing in", tag);
		rule->says[i] = ouv_arena_strdup(r->set->arena, text);
	}
	return OUV_OK;
}

static enum ouv_err
read_where(struct reader *r, const json_t *doc, struct rule *rule)
{
	const json_t *list = json_object_get(doc, "kinds");
	const char *where = json_string_value(json_object_get(doc, "where"));

	rule->kinds =
		list == NULL ? ~0U : bits(list, kinds, OUV_LINT_KIND__COUNT);
	list = json_object_get(doc, "places");
	rule->places = list == NULL
			       ? 1U << OUV_LINT_SUBJECT | 1U << OUV_LINT_BODY
			       : bits(list, places, OUV_LINT_PLACE__COUNT);
	if (rule->kinds == 0 || rule->places == 0)
		return wrong(r, "no such kind or place", "");
	rule->where = WHERE_ALL;
	if (where == NULL)
		return OUV_OK;
	if (strcmp(where, "head") != 0 && strcmp(where, "tail") != 0)
		return wrong(r, "where is head or tail", where);
	rule->where = *where == 'h' ? WHERE_HEAD : WHERE_TAIL;
	return OUV_OK;
}

/* {"en": {"prior to": "before"}}: what was found, and a plainer word. */
static enum ouv_err
read_instead(struct reader *r, const json_t *doc, struct rule *rule)
{
	const char *tag, *found;
	json_t *list, *word;
	size_t room = 0;

	json_object_foreach((json_t *)doc, tag, list) room +=
		json_object_size(list);
	rule->instead =
		ouv_arena_array(r->set->arena, room, sizeof(*rule->instead));
	json_object_foreach((json_t *)doc, tag, list)
	{
		if (lang_of(tag) < 0)
			return wrong(r, "no such language", tag);
		json_object_foreach(list, found, word)
		{
			struct instead *one =
				&rule->instead[rule->instead_count++];

			if (!json_is_string(word))
				return wrong(r, "no word instead of", found);
			one->lang = lang_of(tag);
			one->found = ouv_arena_strdup(r->set->arena, found);
			one->word = ouv_arena_strdup(
				r->set->arena, json_string_value(word));
		}
	}
	return OUV_OK;
}

static enum ouv_err
read_checks(struct reader *r, const json_t *doc, struct rule *rule)
{
	const char *check = json_string_value(json_object_get(doc, "check"));
	const char *measure =
		json_string_value(json_object_get(doc, "measure"));

	rule->most = (int)json_integer_value(json_object_get(doc, "most"));
	rule->others = json_is_true(json_object_get(doc, "others"));
	TRY(read_instead(r, json_object_get(doc, "instead"), rule));
	if (check != NULL && (rule->verify = lint_verify_find(check)) == NULL)
		return wrong(r, "no such check", check);
	if (measure != NULL &&
		(rule->measure = lint_measure_find(measure)) == NULL)
		return wrong(r, "no such measure", measure);
	return OUV_OK;
}

static enum ouv_err
read_rule(struct reader *r, const json_t *doc, size_t n)
{
	struct rule *rule = &r->set->how[n];
	bool exact = json_is_true(json_object_get(doc, "exact"));
	const char *name = json_string_value(json_object_get(doc, "rule"));
	int ways;

	if (name == NULL || *name == '\0')
		return wrong(r, "a rule has no name", "");
	r->rule = name;
	for (size_t i = 0; i < n; i++)
		if (strcmp(r->set->rules[i].name, name) == 0)
			return wrong(r, "is there twice", "");
	TRY(known_keys(r, doc));
	TRY(read_public(r, doc, &r->set->rules[n]));
	TRY(read_where(r, doc, rule));
	TRY(read_checks(r, doc, rule));
	TRY(read_find(r, json_object_get(doc, "find"), exact, rule));
	TRY(read_patterns(
		r, json_object_get(doc, "spare"), exact, &rule->spare));
	TRY(read_patterns(
		r, json_object_get(doc, "unless"), exact, &rule->unless));
	TRY(read_patterns(r, json_object_get(doc, "need"), exact, &rule->need));
	rule->needs = json_object_get(doc, "need") != NULL;
	ways = (json_object_get(doc, "find") != NULL) + rule->needs +
	       (rule->measure != NULL) + rule->others +
	       json_is_true(json_object_get(doc, "declared"));
	if (ways != 1)
		return wrong(r,
			"needs one of find, need, measure, others, declared",
			"");
	return OUV_OK;
}

/* ---- the file
 * ------------------------------------------------------------------------ */

static enum ouv_err
read_all(struct reader *r, const json_t *doc)
{
	const json_t *list = json_object_get(doc, "rules");
	size_t n = json_array_size(list);

	if (n == 0 || n > RULES_MOST)
		return wrong(r, "a list of rules is missing", "rules");
	r->set->rules =
		ouv_arena_array(r->set->arena, n, sizeof(*r->set->rules));
	r->set->sieve = lint_sieve_new(r->set->arena);
	r->set->how = ouv_arena_array(r->set->arena, n, sizeof(*r->set->how));
	for (size_t i = 0; i < n; i++) {
		TRY(read_rule(r, json_array_get(list, i), i));
		r->set->count = i + 1;
	}
	return OUV_OK;
}

enum ouv_err
ouv_lint_load(const char *path, struct ouv_lint_set **set_out,
	struct ouv_lint_error *error_out)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	struct ouv_lint_set *set = ouv_arena_alloc(arena, sizeof(*set));
	struct reader r = { set, error_out, "" };
	json_error_t json_error;
	json_t *doc = json_load_file(path, JSON_REJECT_DUPLICATES, &json_error);
	enum ouv_err err;

	memset(error_out, 0, sizeof(*error_out));
	set->arena = arena;
	if (doc == NULL) {
		err = wrong(&r, json_error.text, "");
		if (json_error_code(&json_error) == json_error_cannot_open_file)
			err = OUV_NOT_FOUND;
	} else {
		err = read_all(&r, doc);
	}
	json_decref(doc);
	if (err == OUV_OK)
		*set_out = set;
	else
		ouv_arena_free(&arena);
	return err;
}

void
ouv_lint_free(struct ouv_lint_set **set)
{
	struct ouv_arena *arena;

	if (*set == NULL)
		return;
	arena = (*set)->arena;
	*set = NULL;
	ouv_arena_free(&arena);
}

const struct ouv_lint_rule *
ouv_lint_rules(const struct ouv_lint_set *set, size_t *count_out)
{
	*count_out = set->count;
	return set->rules;
}
