/*
 * cmd_lint.c - `ouvidoria lint`: what in a text may not leave the office
 *
 * "FILE:LINE: RULE: what is wrong", one line each.  A file named
 * NAME.LANG.txt or .html is a template: its tags are no open blanks.  Without
 * a file, every letter below templates/mail is read.
 */
#include <errno.h>
#include <getopt.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "ouv/lint.h"

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

static int
lint_templates(struct job *job)
{
	static const char *const shapes[] = { "*.txt", "*.html" };
	int status = 0;
	size_t files = 0;

	for (size_t i = 0; i < 2; i++) {
		glob_t found = { 0 };

		if (glob(ouv_arena_printf(job->arena, "%s/mail/%s",
				 job->templates, shapes[i]),
			    0, NULL, &found) == 0)
			for (size_t n = 0; n < found.gl_pathc; n++)
				status |= lint_file(job, found.gl_pathv[n]);
		files += found.gl_pathc;
		globfree(&found);
	}
	if (files > 0)
		return status;
	(void)fprintf(stderr, "%s/mail: no letters there\n", job->templates);
	return 1;
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

static bool
add(const char *list[OWN_MOST], size_t *count, const char *text)
{
	if (*count == OWN_MOST)
		return false;
	list[(*count)++] = text;
	return true;
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
