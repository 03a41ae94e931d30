/*
 * cmd_render.c - `ouvidoria render`: what a template makes of given data
 *
 * For whoever edits a letter or a page: the result on standard output, with
 * nothing added, or one line that says what is wrong and where.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "cmd.h"
#include "ouv/tmpl.h"
#include "render.h"

enum {
	DONE = 0,
	FAILED = 1,
	USAGE = 2
};

struct job {
	struct ouv_arena *arena;
	const char *template;
	const char *data_path;
	const char *locale;
	const char *partials;
	const char *templates;
	const char *second;
	int is_spec;
	int is_example;
	enum render_as as;
	json_t *data;
	struct ouv_tmpl_error error;
};

static const char usage[] =
	"usage: ouvidoria render TEXT --locale L [--data FILE.json|--example]"
	" [--second L] [--html|--mail] [--templates DIR]\n"
	"       ouvidoria render FILE --data FILE.json [--strict|--spec]"
	" [--partials DIR]\n";

static const struct option options[] = {
	{ "data", required_argument, NULL, 'd' },
	{ "locale", required_argument, NULL, 'l' },
	{ "partials", required_argument, NULL, 'p' },
	{ "templates", required_argument, NULL, 't' },
	{ "second", required_argument, NULL, '2' },
	{ "example", no_argument, NULL, 'e' },
	{ "html", no_argument, NULL, 'H' },
	{ "mail", no_argument, NULL, 'M' },
	{ "strict", no_argument, NULL, 's' },
	{ "spec", no_argument, NULL, 'm' },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

int
render_say(const char *where, int line, const char *what)
{
	(void)fprintf(stderr, "%s:%d: %s\n", where, line, what);
	return FAILED;
}

int
render_print(const char *text, size_t len)
{
	if (fwrite(text, 1, len, stdout) != len || fflush(stdout) != 0)
		return render_say("standard output", 0, strerror(errno));
	return DONE;
}

static int
has_suffix(const char *name, const char *suffix)
{
	size_t len = strlen(name);
	size_t end = strlen(suffix);

	return len > end && strcmp(name + len - end, suffix) == 0;
}

/*
 * A partial's text, or NULL if it is not there.  Plain: DIR/NAME.mustache.
 * Strict, as in a folder of templates: NAME as it is if it has the suffix,
 * else with all that follows the template's first dot, else with the last.
 * A name that would leave the folder is not there.
 */
static const char *
partial_file(const char *name, void *user)
{
	struct job *job = user;
	const char *slash = strrchr(job->template, '/');
	const char *base = slash == NULL ? job->template : slash + 1;
	const char *suffixes[] = { "", strchr(base, '.'), strrchr(base, '.') };
	const char *text = NULL;

	if (name[0] == '/' || strstr(name, "..") != NULL)
		return NULL;
	if (job->is_spec)
		return cmd_slurp(job->arena,
			ouv_arena_printf(job->arena, "%s/%s.mustache",
				job->partials, name));
	for (size_t i = has_suffix(name, suffixes[2]) ? 0 : 1;
		i < 3 && text == NULL; i++)
		text = cmd_slurp(
			job->arena, ouv_arena_printf(job->arena, "%s/%s%s",
					    job->partials, name, suffixes[i]));
	return text;
}

static int
print_result(const struct job *job, enum ouv_err err, struct ouv_str text)
{
	if (err != OUV_OK)
		return render_say(
			job->error.template, job->error.line, job->error.what);
	return render_print(text.p, text.len);
}

static int
render_file(struct job *job)
{
	enum ouv_tmpl_mode mode = OUV_TMPL_SPEC;
	struct ouv_str result = { "", 0 };
	const char *slash = strrchr(job->template, '/');
	const char *text;
	enum ouv_err err;

	if (!job->is_spec && has_suffix(job->template, ".html"))
		mode = OUV_TMPL_STRICT_HTML;
	else if (!job->is_spec && has_suffix(job->template, ".txt"))
		mode = OUV_TMPL_STRICT_TEXT;
	else if (!job->is_spec)
		return render_say(job->template, 0,
			"a strict template's name ends in .html or .txt");
	if (job->partials == NULL)
		job->partials =
			slash == NULL
				? "."
				: ouv_arena_strndup(job->arena, job->template,
					  (size_t)(slash - job->template) + 1);
	text = cmd_slurp(job->arena, job->template);
	if (text == NULL)
		return render_say(job->template, 0, strerror(errno));
	err = ouv_tmpl_render_text(job->arena, mode, job->template, text,
		job->data, partial_file, job, &result, &job->error);
	return print_result(job, err, result);
}

/* "mail/ack" is mail/ack.L.txt, or .html if there is no text; a suffix in the
 * name chooses: "mail/ack.html". */
static const char *
localized(const struct job *job, const struct ouv_tmpl_set *set)
{
	static const char *const suffixes[] = { ".txt", ".html" };
	size_t len = strlen(job->template);
	char *name = NULL;

	for (size_t i = 0; i < 2; i++) {
		if (has_suffix(job->template, suffixes[i]))
			return ouv_arena_printf(job->arena, "%.*s.%s%s",
				(int)(len - strlen(suffixes[i])), job->template,
				job->locale, suffixes[i]);
	}
	for (size_t i = 0; i < 2; i++) {
		name = ouv_arena_printf(job->arena, "%s.%s%s", job->template,
			job->locale, suffixes[i]);
		if (ouv_tmpl_has(set, name))
			break;
	}
	return name;
}

/* What has no declaration: a template and its data as they are. */
static int
render_template(struct job *job, const struct ouv_tmpl_set *set)
{
	struct ouv_str result = { "", 0 };
	enum ouv_err err;

	if (job->data == NULL || job->second != NULL || job->as != RENDER_TEXT)
		return render_say(job->template, 0, "no such letter");
	err = ouv_tmpl_render(job->arena, set, localized(job, set), job->data,
		&result, &job->error);
	return print_result(job, err, result);
}

static int
render_localized(struct job *job)
{
	struct render_ask ask = { .arena = job->arena,
		.templates = job->templates,
		.name = job->template,
		.locale = job->locale,
		.second = job->second,
		.data = job->data,
		.as = job->as };
	struct ouv_tmpl_set *set = NULL;
	enum ouv_err err;
	int status;

	err = ouv_tmpl_load(job->templates, &set, &job->error);
	if (err == OUV_NOT_FOUND)
		return render_say(job->templates, 0, "no such folder");
	if (err != OUV_OK)
		return render_say(
			job->error.template, job->error.line, job->error.what);
	status = render_letter(&ask, set);
	if (status < 0)
		status = render_template(job, set);
	ouv_tmpl_free(&set);
	return status;
}

static int
read_data(struct job *job)
{
	const char *text;
	json_error_t error;

	if (job->is_example)
		return DONE;
	text = cmd_slurp(job->arena, job->data_path);
	if (text == NULL)
		return render_say(job->data_path, 0, strerror(errno));
	job->data = json_loads(text,
		JSON_REJECT_DUPLICATES |
			(job->is_spec ? JSON_DECODE_ANY | JSON_ALLOW_NUL : 0),
		&error);
	if (job->data == NULL)
		return render_say(job->data_path, error.line, error.text);
	if (!job->is_spec && !json_is_object(job->data))
		return render_say(
			job->data_path, 1, "the data must be an object");
	return DONE;
}

/* DONE, USAGE, or -1 to print the usage as an answer. */
static int
read_arguments(struct job *job, int argc, char **argv)
{
	int c;

	optind = 0;
	opterr = 0;
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case 'd':
			job->data_path = optarg;
			break;
		case 'l':
			job->locale = optarg;
			break;
		case 'p':
			job->partials = optarg;
			break;
		case 't':
			job->templates = optarg;
			break;
		case '2':
			job->second = optarg;
			break;
		case 'e':
			job->is_example = 1;
			break;
		case 'H':
			job->as = RENDER_HTML;
			break;
		case 'M':
			job->as = RENDER_MAIL;
			break;
		case 's':
			job->is_spec = 0;
			break;
		case 'm':
			job->is_spec = 1;
			break;
		case 'h':
			return -1;
		default:
			return USAGE;
		}
	}
	if (optind + 1 != argc || (job->data_path == NULL) != job->is_example)
		return USAGE;
	/* Examples, parts and a second language are a letter's. */
	if (job->locale == NULL &&
		(job->is_example || job->second != NULL || job->as != 0))
		return USAGE;
	/* A folder's templates have rules and partials of their own. */
	if (job->locale != NULL && (job->is_spec || job->partials != NULL))
		return USAGE;
	job->template = argv[optind];
	return DONE;
}

int
cmd_render(struct cmd_env *env, int argc, char **argv)
{
	struct job job = { .templates = getenv("OUV_TEMPLATES") };
	int status;

	(void)env;
	if (job.templates == NULL)
		job.templates = "templates";
	status = read_arguments(&job, argc, argv);
	if (status != DONE) {
		(void)fputs(usage, status == USAGE ? stderr : stdout);
		return status == USAGE ? USAGE : DONE;
	}
	job.arena = ouv_arena_new(OUV_ARENA_PLAIN);
	status = read_data(&job);
	if (status == DONE)
		status = job.locale == NULL ? render_file(&job)
					    : render_localized(&job);
	json_decref(job.data);
	ouv_arena_free(&job.arena);
	return status;
}
