/*
 * letter_words.c - the words of a letter, and whether they may leave
 *
 * Data become values, values a text, the text both parts of a mail; then the
 * lint reads what the reader would read.  Nothing of a letter goes to the log:
 * only the names of variables and rules.
 */
#include <stdio.h>
#include <string.h>

#include "desk_impl.h"
#include "ouv/log.h"

/* Shorter than this an own value would excuse every text. */
#define OWN_LEAST 3

void
letter_office(const struct ouv_config *config, json_t *data)
{
	const struct {
		const char *name, *value;
	} own[] = {
		{ "office_name", config->office_name },
		{ "office_address", config->office_postal },
		{ "office_phone", config->office_phone },
		{ "office_site_url", config->office_site },
	};

	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		(void)json_object_set_new(
			data, own[i].name, json_string(own[i].value));
}

/* ---- a stranger's name -------------------------------------------------- */

#define NAME_MOST 100

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80);
}

/* "x.example", but not "J.R. Silva". */
static bool
is_domain(const char *dot)
{
	return *dot == '.' && is_letter(dot[1]) && is_letter(dot[2]);
}

/*
 * A forged sender would have us write to whoever he likes.  What he can put
 * into that letter is a name: nothing that calls, links or runs on.
 */
static bool
is_name(const char *name)
{
	bool letters = false;

	for (const char *p = name; *p != '\0'; p++) {
		if (strchr("/@\\:<>", *p) != NULL || is_domain(p) ||
			(*p >= '0' && *p <= '9'))
			return false;
		letters |= is_letter(*p);
	}
	return letters && strlen(name) <= NAME_MOST;
}

/* What goes out by itself greets without a name rather than with that. */
static void
drop_odd_name(json_t *data)
{
	const char *name = json_string_value(json_object_get(data, "name"));

	if (name != NULL && !is_name(name))
		(void)json_object_del(data, "name");
}

/* ---- data to text -------------------------------------------------------- */

/* The office's version is a text; the product's own is parsed already. */
static enum ouv_err
render(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct text_live *live, enum ouv_lang lang, const json_t *values,
	struct ouv_text_part *part_out)
{
	struct ouv_tmpl_error error = { 0 };
	const char *name = ouv_arena_printf(
		arena, "%s.%s.txt", live->decl->name, ouv_lang_tag(lang));
	enum ouv_err err;

	if (live->n == 0)
		err = ouv_tmpl_render(arena, desk->office->templates, name,
			values, &part_out->text, &error);
	else
		err = ouv_tmpl_render_text(arena, OUV_TMPL_STRICT_TEXT, name,
			live->body[lang], values, NULL, NULL, &part_out->text,
			&error);
	part_out->lang = lang;
	if (err == OUV_OK)
		return OUV_OK;
	ouv_log_error("template %s, version %d, line %d: %s", name, live->n,
		error.line, error.what);
	return OUV_INVALID;
}

static enum ouv_err
make_part(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct text_live *live, enum ouv_lang lang, const json_t *data,
	struct ouv_text_part *part_out)
{
	struct ouv_text_error error = { 0 };
	json_t *values = NULL;
	enum ouv_err err =
		ouv_text_values(live->decl, data, lang, &values, &error);

	if (err != OUV_OK) {
		ouv_log_error("the data for %s: %s %s", error.text, error.var,
			error.what);
		return err;
	}
	err = render(desk, arena, live, lang, values, part_out);
	json_decref(values);
	return err;
}

/* ---- the lint --------------------------------------------------------------
 */

struct own {
	const char **list;
	size_t count;
};

static void
add_own(struct own *own, const char *text)
{
	if (text != NULL && strlen(text) >= OWN_LEAST)
		own->list[own->count++] = text;
}

/* The reader's and the office's: what the declaration says is theirs, and what
 * the caller adds. */
static struct own
own_values(struct ouv_arena *arena, const struct ouv_text_decl *decl,
	const json_t *data, const struct consumer *to,
	const struct letter_out *letter)
{
	struct own own = { .count = 0 };

	own.list = ouv_arena_array(arena,
		decl->var_count + letter->own_count + 2, sizeof(*own.list));
	for (size_t i = 0; i < decl->var_count; i++)
		if (decl->vars[i].own)
			add_own(&own, json_string_value(json_object_get(
					      data, decl->vars[i].name)));
	for (size_t i = 0; i < letter->own_count; i++)
		add_own(&own, letter->own[i]);
	add_own(&own, to->name);
	add_own(&own, to->addr);
	return own;
}

static void
add_findings(struct ouv_arena *arena, struct letter_words *words,
	const struct ouv_finding *findings, size_t count)
{
	struct ouv_finding *all = ouv_arena_array(
		arena, words->finding_count + count, sizeof(*all));

	if (words->finding_count > 0)
		memcpy(all, words->findings,
			words->finding_count * sizeof(*all));
	for (size_t i = 0; i < count; i++) {
		all[words->finding_count++] = findings[i];
		words->blocked |= findings[i].rule->severity == OUV_LINT_BLOCKS;
	}
	words->findings = all;
}

/* Each language by its own rules, and by what its reader sees: the HTML is
 * made of the same lines and can hold nothing else. */
static enum ouv_err
lint(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_text_part *part, struct ouv_lint_text *text,
	struct letter_words *words)
{
	struct ouv_text_letter alone;
	struct ouv_finding *findings;
	size_t count;

	TRY(ouv_text_layout(arena, part, 1, false, &alone));
	text->lang = part->lang;
	text->subject = alone.subject;
	text->body = alone.plain;
	ouv_lint_run(arena, desk->office->lint, text, &findings, &count);
	add_findings(arena, words, findings, count);
	return OUV_OK;
}

/* ---- all of it -------------------------------------------------------------
 */

static enum ouv_err
make_words(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct text_live *live, const json_t *data,
	const struct consumer *to, const struct letter_out *letter,
	struct letter_words *words)
{
	struct own own = own_values(arena, live->decl, data, to, letter);
	struct ouv_lint_text text = {
		.kind = (enum ouv_lint_kind)live->decl->kind,
		.protocol =
			json_string_value(json_object_get(data, "protocol")),
		.other_count = letter->other_count,
		.others = letter->others,
		.own_count = own.count,
		.own = own.list,
		.blocks_only = letter->automatic,
	};
	const enum ouv_lang langs[] = { letter->lang, letter->second_lang };
	size_t count = letter->two ? 2 : 1;
	struct ouv_text_part parts[2];
	struct ouv_text_letter laid;

	for (size_t i = 0; i < count; i++) {
		TRY(make_part(desk, arena, live, langs[i], data, &parts[i]));
		TRY(lint(desk, arena, &parts[i], &text, words));
	}
	TRY(ouv_text_layout(arena, parts, count, letter->blue, &laid));
	words->subject = laid.subject;
	words->text = laid.text;
	words->html = laid.html;
	words->plain = laid.plain;
	words->marked = laid.marked;
	return OUV_OK;
}

/* ---- on paper --------------------------------------------------------------
 */

static void
set_given(json_t *data, const char *name, const char *value)
{
	char has[64];

	(void)snprintf(has, sizeof(has), "has_%s", name);
	(void)json_object_set_new(data, name, json_string(value));
	(void)json_object_set_new(data, has, json_boolean(*value != '\0'));
}

static json_t *
paper_data(struct ouv_desk *desk, const struct letter_out *letter)
{
	const struct ouv_config *config = desk->office->config;
	const char *protocol =
		json_string_value(json_object_get(letter->data, "protocol"));
	json_t *data = json_pack("{s:s, s:i, s:b, s:b}", "office_name",
		config->office_name, "days", letter->term.amount, "has_days",
		letter->term.amount > 0, "working",
		letter->term.unit == OUV_UNIT_SERVICE_DAYS);

	set_given(data, "protocol", protocol != NULL ? protocol : "");
	set_given(data, "office_address", config->office_postal);
	set_given(data, "office_phone", config->office_phone);
	return data;
}

/* Without the marks of headings. */
static const char *
unmarked(struct ouv_arena *arena, struct ouv_str text)
{
	struct ouv_buf buf;
	bool begins = true;

	ouv_buf_init(&buf, arena, text.len + 1);
	for (size_t i = 0; i < text.len; i++) {
		if (begins && i + 1 < text.len && text.p[i] == '#' &&
			text.p[i + 1] == ' ') {
			i++;
			continue;
		}
		ouv_buf_char(&buf, text.p[i]);
		begins = text.p[i] == '\n';
	}
	return buf.data;
}

/* Whoever holds paper in their hands can reply to no mail: how they answer,
 * and from when their time counts, stands below. */
static enum ouv_err
add_paper(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct letter_out *letter, struct letter_words *words)
{
	struct ouv_tmpl_error error = { 0 };
	json_t *data = paper_data(desk, letter);
	struct ouv_str below;
	enum ouv_err err = ouv_tmpl_render(arena, desk->office->templates,
		ouv_arena_printf(arena, "paper/below.%s.txt",
			ouv_lang_tag(letter->lang)),
		data, &below, &error);

	json_decref(data);
	if (err != OUV_OK) {
		ouv_log_error("template %s:%d: %s", error.template, error.line,
			error.what);
		return OUV_INVALID;
	}
	words->plain = ouv_arena_printf(
		arena, "%s\n%s", words->plain, unmarked(arena, below));
	words->marked = ouv_arena_printf(
		arena, "%s\n%.*s", words->marked, (int)below.len, below.p);
	words->text = words->marked;
	words->html = NULL;
	return OUV_OK;
}

enum ouv_err
letter_words(struct ouv_desk *desk, struct store_tx *tx,
	struct ouv_arena *arena, const struct consumer *to,
	const struct letter_out *letter, struct letter_words *words_out)
{
	struct letter_words words = { 0 };
	struct text_live live;
	json_t *data;
	enum ouv_err err;

	TRY(texts_live(desk, tx,
		ouv_arena_printf(arena, "mail/%s", letter->template), &live));
	data = json_copy(letter->data);
	letter_office(desk->office->config, data);
	if (letter->automatic)
		drop_odd_name(data);
	err = make_words(desk, arena, &live, data, to, letter, &words);
	json_decref(data);
	if (err == OUV_OK && to->by_post)
		err = add_paper(desk, arena, letter, &words);
	if (err != OUV_OK)
		return err;
	*words_out = words;
	return OUV_OK;
}
