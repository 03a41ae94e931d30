/*
 * cmd_lint.c - `ouvidoria lint`: what in a text may not leave the office
 *
 * "FILE:LINE: RULE: what is wrong", one line each.  A file named
 * NAME.LANG.txt or .html is a template: its tags are no open blanks.  Without
 * a file every text of templates/ is read as its reader gets it, with the
 * examples of its declaration, and the languages are compared.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "ouv/lint.h"
#include "ouv/text.h"
#include "ouv/tmpl.h"

#define OWN_MOST 500

struct job {
	struct ouv_arena *arena;
	struct ouv_lint_set *set;
	const char *rules, *templates;
	enum ouv_lang lang, say;
	int kind; /* -1: by the file's name */
	const char *protocol;
	const char *own[OWN_MOST], *others[OWN_MOST];
	size_t own_count, other_count;
	bool found;
};

static const char usage[] =
	"usage: ouvidoria lint [--lang L] [--kind KIND] [--protocol NUMBER]"
	" [--own TEXT]... [--other TEXT]... [--say L] [--rules FILE]"
	" [FILE|-]...\n"
	"  KIND: letter, acknowledgement, absence, piece\n";

static const struct option options[] = {
	{ "lang", required_argument, NULL, 'l' },
	{ "kind", required_argument, NULL, 'k' },
	{ "protocol", required_argument, NULL, 'p' },
	{ "own", required_argument, NULL, 'o' },
	{ "other", required_argument, NULL, 'x' },
	{ "say", required_argument, NULL, 's' },
	{ "rules", required_argument, NULL, 'r' },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

/* ---- one file
 * ------------------------------------------------------------------------ */

/* What a text's name says: "mail/ack.pt-BR.txt". */
struct named {
	bool template, html;
	enum ouv_lang lang;
	enum ouv_lint_kind kind;
};

static struct named
read_name(const struct job *job, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *base = slash != NULL ? slash + 1 : path;
	const char *suffix = strrchr(base, '.');
	struct named n = { .lang = job->lang };

	n.html = suffix != NULL && strcmp(suffix, ".html") == 0;
	for (int i = 0; suffix != NULL && i < OUV_LANG__COUNT; i++) {
		const char *tag = ouv_lang_tag((enum ouv_lang)i);
		size_t len = strlen(tag);

		if ((size_t)(suffix - base) <= len + 1 ||
			suffix[-(long)len - 1] != '.' ||
			strncmp(suffix - len, tag, len) != 0)
			continue;
		n.template = true;
		if (job->lang == OUV_LANG__COUNT)
			n.lang = (enum ouv_lang)i;
	}
	if (job->kind >= 0)
		n.kind = (enum ouv_lint_kind)job->kind;
	else if (strncmp(base, "ack.", 4) == 0)
		n.kind = OUV_LINT_ACKNOWLEDGEMENT;
	else if (strncmp(base, "absence", 7) == 0)
		n.kind = OUV_LINT_ABSENCE;
	else
		n.kind = OUV_LINT_LETTER;
	return n;
}

/* A template's tags are its own: neither blanks nor anything else. */
static size_t
add_tags(const struct job *job, const char *text, const char *own[OWN_MOST])
{
	size_t n = job->own_count;

	memcpy(own, job->own, n * sizeof(*own));
	while (n < OWN_MOST && (text = strstr(text, "{{")) != NULL) {
		const char *end = strstr(text, "}}");

		if (end == NULL)
			break;
		own[n++] = ouv_arena_strndup(
			job->arena, text, (size_t)(end + 2 - text));
		text = end + 2;
	}
	return n;
}

/* Sections, notes and partials are no words: blanks, so that lines and columns
 * stay where they are. */
static void
blank_sections(char *text)
{
	while ((text = strstr(text, "{{")) != NULL) {
		char *end = strstr(text, "}}");

		if (end == NULL)
			return;
		if (strchr("#^/!>=", text[2]) != NULL)
			for (char *p = text; p < end + 2; p++)
				*p = *p == '\n' ? '\n' : ' ';
		text = end + 2;
	}
}

/* On one line, and not longer than a line. */
static void
print_found(const char *found)
{
	size_t len = strlen(found), most = 80;

	while (len > most && ((unsigned char)found[most] & 0xC0) == 0x80)
		most--;
	(void)fputs(" (", stdout);
	for (size_t i = 0; i < len && i < most; i++)
		(void)putchar(found[i] == '\n' ? ' ' : found[i]);
	(void)fputs(len > most ? "…)" : ")", stdout);
}

static void
print(struct job *job, const char *path, int first_line,
	const struct ouv_finding *f)
{
	(void)printf("%s:%d: %s: %s", path,
		f->line + (f->place == OUV_LINT_BODY ? first_line : 0),
		f->rule->name, f->rule->says[job->say]);
	if (*f->found != '\0')
		print_found(f->found);
	if (*f->instead != '\0')
		(void)printf(" → %s", f->instead);
	(void)putchar('\n');
	job->found = true;
}

/* "Subject: ..." and an empty line before the text, as in a template. */
static int
split_subject(
	struct ouv_arena *arena, const char *all, struct ouv_lint_text *text)
{
	const char *end = strchr(all, '\n');

	text->body = all;
	if (strncmp(all, "Subject: ", 9) != 0 || end == NULL)
		return 0;
	text->subject =
		ouv_arena_strndup(arena, all + 9, (size_t)(end - all - 9));
	text->body = end + 1;
	return 1;
}

static int
lint_file(struct job *job, const char *path)
{
	struct named named = read_name(job, path);
	struct ouv_lint_text text = { .lang = named.lang,
		.kind = named.kind,
		.protocol = job->protocol,
		.other_count = job->other_count,
		.others = job->others };
	char *all = cmd_slurp(job->arena, path);
	const char *own[OWN_MOST];
	struct ouv_finding *findings;
	int first_line = 0;
	size_t count;

	if (all == NULL) {
		(void)fprintf(stderr, "%s: %s\n", path, strerror(errno));
		return 1;
	}
	if (named.template)
		blank_sections(all);
	if (named.html) {
		text.html = all;
		text.body = "";
		text.kind = OUV_LINT_PIECE; /* the text part greets */
	} else {
		first_line = split_subject(job->arena, all, &text);
	}
	text.own = own;
	text.own_count = job->own_count;
	if (named.template)
		text.own_count = add_tags(job, all, own);
	else
		memcpy(own, job->own, job->own_count * sizeof(*own));
	ouv_lint_run(job->arena, job->set, &text, &findings, &count);
	for (size_t i = 0; i < count; i++)
		print(job, path, first_line, &findings[i]);
	return 0;
}

static bool
add(const char *list[OWN_MOST], size_t *count, const char *text)
{
	if (*count == OWN_MOST)
		return false;
	list[(*count)++] = text;
	return true;
}

/* ---- every text of the product
 * ----------------------------------------------------------------- */

/* A text as its reader gets it, with the examples of its declaration. */
static bool
render(struct job *job, const struct ouv_tmpl_set *set,
	const struct ouv_text_decl *decl, enum ouv_lang lang, const char *file,
	char **text_out)
{
	struct ouv_text_error wrong = { "", "", "" };
	struct ouv_tmpl_error error = { "", 0, "" };
	json_t *data = ouv_text_example(decl), *values = NULL;
	struct ouv_str text = { "", 0 };
	bool ok = ouv_text_values(decl, data, lang, &values, &wrong) == OUV_OK;

	if (!ok)
		(void)fprintf(stderr, "%s: %s: %s\n", decl->name, wrong.var,
			wrong.what);
	else if (ouv_tmpl_render(job->arena, set, file, values, &text,
			 &error) != OUV_OK)
		ok = fprintf(stderr, "%s:%d: %s\n", file, error.line,
			     error.what) < 0;
	json_decref(values);
	json_decref(data);
	*text_out = ouv_arena_strndup(job->arena, text.p, text.len);
	return ok;
}

static int
lint_rendered(struct job *job, const struct ouv_tmpl_set *set,
	const struct ouv_text_decl *decl, enum ouv_lang lang)
{
	const char *file = ouv_arena_printf(
		job->arena, "%s.%s.txt", decl->name, ouv_lang_tag(lang));
	struct ouv_lint_text text = { .lang = lang,
		.kind = (enum ouv_lint_kind)decl->kind,
		.protocol = job->protocol };
	const char *own[OWN_MOST];
	struct ouv_finding *findings;
	size_t count;
	int first_line;
	char *all;

	if (!render(job, set, decl, lang, file, &all))
		return 1;
	first_line = split_subject(job->arena, all, &text);
	memcpy(own, job->own, job->own_count * sizeof(*own));
	text.own = own;
	text.own_count = job->own_count;
	for (size_t i = 0; i < decl->var_count; i++) {
		const struct ouv_text_var *var = &decl->vars[i];
		const char *example = json_string_value(var->example);

		if (example == NULL)
			continue;
		if (var->own)
			(void)add(own, &text.own_count, example);
		else if (var->type == OUV_TEXT_PROTOCOL)
			text.protocol = example;
	}
	ouv_lint_run(job->arena, job->set, &text, &findings, &count);
	for (size_t i = 0; i < count; i++)
		print(job, file, first_line, &findings[i]);
	return 0;
}

static bool
uses(const struct ouv_tmpl_name *names, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(names[i].name, name) == 0)
			return true;
	return false;
}

/* What one language says and the other does not. */
static void
compare(struct job *job, const struct ouv_text_decl *decl, enum ouv_lang a,
	enum ouv_lang b)
{
	struct ouv_tmpl_name *names[2];
	size_t counts[2];
	const enum ouv_lang langs[2] = { a, b };

	for (int i = 0; i < 2; i++) {
		const char *file = ouv_arena_printf(job->arena, "%s/%s.%s.txt",
			job->templates, decl->name, ouv_lang_tag(langs[i]));
		const char *text = cmd_slurp(job->arena, file);

		if (text == NULL ||
			ouv_tmpl_names(job->arena, OUV_TMPL_STRICT_TEXT, file,
				text, &names[i], &counts[i], NULL) != OUV_OK)
			return; /* said when it was rendered */
	}
	for (size_t i = 0; i < counts[0]; i++) {
		if (uses(names[1], counts[1], names[0][i].name))
			continue;
		(void)printf("%s.%s.txt:%d: parity: {{%s}} (%s)\n", decl->name,
			ouv_lang_tag(a), names[0][i].line, names[0][i].name,
			ouv_lang_tag(b));
		job->found = true;
	}
}

static int
lint_text(struct job *job, const struct ouv_tmpl_set *set,
	const struct ouv_text_decl *decl)
{
	int status = 0;

	for (int lang = 0; lang < OUV_LANG__COUNT; lang++) {
		int next = (lang + 1) % OUV_LANG__COUNT;

		status |= lint_rendered(job, set, decl, (enum ouv_lang)lang);
		compare(job, decl, (enum ouv_lang)lang, (enum ouv_lang)next);
		compare(job, decl, (enum ouv_lang)next, (enum ouv_lang)lang);
	}
	return status;
}

static int
lint_templates(struct job *job)
{
	struct ouv_tmpl_error error = { "", 0, "" };
	struct ouv_text_error wrong = { "", "", "" };
	struct ouv_tmpl_set *set = NULL;
	struct ouv_text_book *book = NULL;
	const struct ouv_text_decl *list = NULL;
	size_t count = 0;
	int status = 1;

	if (ouv_tmpl_load(job->templates, &set, &error) != OUV_OK)
		(void)fprintf(stderr, "%s:%d: %s\n",
			*error.template != '\0' ? error.template
						: job->templates,
			error.line, error.what);
	else if (ouv_text_read(job->templates, &book, &wrong) != OUV_OK)
		(void)fprintf(stderr, "%s: %s: %s\n", wrong.text, wrong.var,
			wrong.what);
	else if (list = ouv_text_list(book, &count), count == 0)
		(void)fprintf(stderr, "%s: no letters there\n", job->templates);
	else
		status = 0;
	for (size_t i = 0; i < count; i++)
		status |= lint_text(job, set, &list[i]);
	ouv_text_free(&book);
	ouv_tmpl_free(&set);
	return status;
}

/* ---- the command
 * --------------------------------------------------------------------- */

static bool
lang_named(const char *name, enum ouv_lang *lang_out)
{
	*lang_out = ouv_lang_parse(name, OUV_LANG__COUNT);
	return *lang_out != OUV_LANG__COUNT;
}

static bool
kind_named(const char *name, int *kind_out)
{
	for (int i = 0; i < OUV_LINT_KIND__COUNT; i++) {
		if (strcmp(ouv_lint_kind_name((enum ouv_lint_kind)i), name) !=
			0)
			continue;
		*kind_out = i;
		return true;
	}
	return false;
}

/* false: not a use of this command; help_out: the usage is the answer. */
static bool
read_arguments(struct job *job, int argc, char **argv, bool *help_out)
{
	bool ok = true;
	int c;

	optind = 0;
	opterr = 0;
	while (ok && (c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case 'l':
			ok = lang_named(optarg, &job->lang);
			break;
		case 's':
			ok = lang_named(optarg, &job->say);
			break;
		case 'k':
			ok = kind_named(optarg, &job->kind);
			break;
		case 'p':
			job->protocol = optarg;
			break;
		case 'o':
			ok = add(job->own, &job->own_count, optarg);
			break;
		case 'x':
			ok = add(job->others, &job->other_count, optarg);
			break;
		case 'r':
			job->rules = optarg;
			break;
		default:
			*help_out = c == 'h';
			return false;
		}
	}
	return ok;
}

static int
run(struct job *job, int count, char **files)
{
	struct ouv_lint_error error;
	int status = 0;

	if (ouv_lint_load(job->rules, &job->set, &error) != OUV_OK) {
		(void)fprintf(stderr, "%s: %s%s%s\n", job->rules, error.rule,
			*error.rule != '\0' ? ": " : "", error.what);
		return 1;
	}
	if (count == 0)
		status = lint_templates(job);
	for (int i = 0; i < count; i++)
		status |= lint_file(job, files[i]);
	ouv_lint_free(&job->set);
	return status != 0 || job->found ? 1 : 0;
}

int
cmd_lint(struct cmd_env *env, int argc, char **argv)
{
	struct job *job = calloc(1, sizeof(*job));
	bool help = false;
	int status;

	(void)env;
	if (job == NULL)
		return 75;
	job->lang = OUV_LANG__COUNT;
	job->say = OUV_LANG_EN;
	job->kind = -1;
	job->rules = getenv("OUV_LINT");
	job->templates = getenv("OUV_TEMPLATES");
	if (job->rules == NULL)
		job->rules = "lint/rules.json";
	if (job->templates == NULL)
		job->templates = "templates";
	if (!read_arguments(job, argc, argv, &help)) {
		(void)fputs(usage, help ? stdout : stderr);
		free(job);
		return help ? 0 : 2;
	}
	job->arena = ouv_arena_new(OUV_ARENA_PLAIN);
	status = run(job, argc - optind, argv + optind);
	ouv_arena_free(&job->arena);
	free(job);
	return status;
}
