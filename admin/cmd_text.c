/*
 * cmd_text.c - `ouvidoria text`: what the office says now, version by version
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd.h"
#include "ouv/setup.h"

static const char usage[] =
	"usage: ouvidoria text list [--json]\n"
	"       ouvidoria text parity\n"
	"       ouvidoria text check [NAME]\n"
	"       ouvidoria text show NAME [--locale L] [--n N]\n"
	"       ouvidoria text export DIR\n";

struct job {
	struct ouv_arena *arena;
	struct ouv_desk *desk;
	const char *operand;
	enum ouv_lang lang; /* OUV_LANG__COUNT: all */
	int n;              /* -1: the live one */
	bool json;
};

static const struct option options[] = {
	{ "json", no_argument, NULL, 'j' },
	{ "locale", required_argument, NULL, 'l' },
	{ "n", required_argument, NULL, 'n' },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

/* ---- list ---------------------------------------------------------------- */

static const char *const kinds[OUV_TEXT_KIND__COUNT] = {
	[OUV_TEXT_LETTER] = "letter",
	[OUV_TEXT_ACKNOWLEDGEMENT] = "acknowledgement",
	[OUV_TEXT_ABSENCE] = "absence",
	[OUV_TEXT_PIECE] = "piece",
};

static json_t *
line_json(const struct ouv_text_line *line)
{
	return json_pack("{s:s, s:s, s:b, s:s, s:i, s:b, s:I, s:s?, s:I}",
		"name", line->decl->name, "kind", kinds[line->decl->kind],
		"automatic", (int)line->decl->automatic, "group",
		line->decl->group, "live", line->live_n, "waiting",
		(int)line->waiting, "changed_at", (json_int_t)line->changed_at,
		"changed_by", line->changed_by, "findings",
		(json_int_t)line->finding_count);
}

static int
list(struct job *job)
{
	struct ouv_text_line *lines;
	json_t *doc = json_array();
	size_t count;
	enum ouv_err err =
		ouv_desk_texts(job->desk, job->arena, NULL, &lines, &count);
	char *text;

	for (size_t i = 0; err == OUV_OK && i < count; i++) {
		const struct ouv_text_line *line = &lines[i];

		if (job->json)
			(void)json_array_append_new(doc, line_json(line));
		else
			(void)printf("%-40s version %d, findings %zu%s\n",
				line->decl->name, line->live_n,
				line->finding_count,
				line->waiting ? ", one waits" : "");
	}
	if (err == OUV_OK && job->json) {
		text = json_dumps(doc, JSON_INDENT(1));
		(void)puts(text != NULL ? text : "[]");
		free(text);
	}
	json_decref(doc);
	return cmd_status(err);
}

/* ---- check, parity ------------------------------------------------------- */

static bool
is_parity(const char *rule)
{
	static const char *const rules[] = { "parity", "unknown-variable",
		"missing-variable" };

	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (strcmp(rules[i], rule) == 0)
			return true;
	return false;
}

static void
print_finding(const char *name, const struct ouv_text_finding *f)
{
	(void)printf("%s.%s.txt:%d: %s: %s", name, ouv_lang_tag(f->lang),
		f->line, f->rule,
		f->says[OUV_LANG_EN] != NULL ? f->says[OUV_LANG_EN] : "");
	if (*f->found != '\0') {
		(void)fputs(" (", stdout);
		for (const char *p = f->found; *p != '\0'; p++)
			(void)putchar(*p == '\n' ? ' ' : *p);
		(void)putchar(')');
	}
	(void)putchar('\n');
}

/* How many findings of one text; of these rules only. */
static enum ouv_err
check_one(struct job *job, const char *name, bool parity_only, size_t *found)
{
	struct ouv_text_view view;
	enum ouv_err err =
		ouv_desk_text(job->desk, job->arena, NULL, name, &view);

	for (size_t i = 0; err == OUV_OK && i < view.finding_count; i++) {
		if (parity_only && !is_parity(view.findings[i].rule))
			continue;
		print_finding(name, &view.findings[i]);
		(*found)++;
	}
	if (err == OUV_NOT_FOUND)
		(void)fprintf(stderr, "%s: no such text\n", name);
	return err;
}

static int
check_all(struct job *job, bool parity_only)
{
	struct ouv_text_line *lines;
	size_t count, found = 0;
	enum ouv_err err =
		ouv_desk_texts(job->desk, job->arena, NULL, &lines, &count);

	for (size_t i = 0; err == OUV_OK && i < count; i++)
		err = check_one(job, lines[i].decl->name, parity_only, &found);
	if (err == OUV_OK)
		(void)printf("%zu texts, %zu findings\n", count, found);
	return err != OUV_OK ? cmd_status(err) : found > 0;
}

static int
check(struct job *job)
{
	size_t found = 0;
	enum ouv_err err;

	if (job->operand == NULL)
		return check_all(job, false);
	err = check_one(job, job->operand, false, &found);
	return err != OUV_OK ? cmd_status(err) : found > 0;
}

static int
parity(struct job *job)
{
	return check_all(job, true);
}

/* ---- show, export -------------------------------------------------------- */

static int
show(struct job *job)
{
	struct ouv_text_view view;
	const struct ouv_text_version *version = NULL;
	enum ouv_err err =
		ouv_desk_text(job->desk, job->arena, NULL, job->operand, &view);

	if (err != OUV_OK) {
		(void)fprintf(stderr, "%s: no such text\n", job->operand);
		return cmd_status(err);
	}
	for (size_t i = 0; i < view.version_count; i++)
		if (view.versions[i].n == (job->n >= 0 ? job->n : view.live_n))
			version = &view.versions[i];
	if (version == NULL) {
		(void)fprintf(
			stderr, "%s: no version %d\n", job->operand, job->n);
		return 1;
	}
	for (int l = 0; l < OUV_LANG__COUNT; l++) {
		if (job->lang == OUV_LANG__COUNT)
			(void)printf("%s---- %s\n", l > 0 ? "\n" : "",
				ouv_lang_tag((enum ouv_lang)l));
		if (job->lang == OUV_LANG__COUNT || (int)job->lang == l)
			(void)fputs(version->body[l], stdout);
	}
	return 0;
}

/* The folders of a new file below DIR; those that are there stay. */
static bool
make_folders(char *path)
{
	for (char *slash = strchr(path + 1, '/'); slash != NULL;
		slash = strchr(slash + 1, '/')) {
		bool made;

		*slash = '\0';
		made = mkdir(path, 0755) == 0 || errno == EEXIST;
		*slash = '/';
		if (!made)
			return false;
	}
	return true;
}

/* A file that is there already is not ours to replace. */
static bool
write_file(char *path, const char *text)
{
	const size_t len = strlen(text);
	bool ok = make_folders(path);
	int fd = ok ? open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644)
		    : -1;

	ok = fd >= 0 && write(fd, text, len) == (ssize_t)len;
	if (!ok)
		(void)fprintf(stderr, "%s: %s\n", path, strerror(errno));
	if (fd >= 0)
		ok = close(fd) == 0 && ok;
	return ok;
}

static int export(struct job *job)
{
	struct ouv_text_line *lines;
	size_t count;
	enum ouv_err err =
		ouv_desk_texts(job->desk, job->arena, NULL, &lines, &count);

	for (size_t i = 0; err == OUV_OK && i < count; i++) {
		for (int l = 0; l < OUV_LANG__COUNT; l++) {
			char *path =
				ouv_arena_printf(job->arena, "%s/%s.%s.txt",
					job->operand, lines[i].decl->name,
					ouv_lang_tag((enum ouv_lang)l));

			if (!write_file(path, lines[i].body[l]))
				return 1;
		}
	}
	return cmd_status(err);
}

/* ---- the command --------------------------------------------------------- */

static const struct verb {
	const char *name;
	int (*run)(struct job *job);
	int least, most; /* operands */
} verbs[] = {
	{ "list", list, 0, 0 },
	{ "parity", parity, 0, 0 },
	{ "check", check, 0, 1 },
	{ "show", show, 1, 1 },
	{ "export", export, 1, 1 },
};

static const struct verb *
find_verb(const char *name)
{
	for (size_t i = 0; name != NULL && i < sizeof(verbs) / sizeof(*verbs);
		i++)
		if (strcmp(verbs[i].name, name) == 0)
			return &verbs[i];
	return NULL;
}

static bool
read_number(const char *text, int *n_out)
{
	char *end;
	long n = strtol(text, &end, 10);

	*n_out = (int)n;
	return *text != '\0' && *end == '\0' && n >= 0 && n <= 1000000;
}

/* NULL: not a use of this command. */
static const struct verb *
read_arguments(struct job *job, int argc, char **argv)
{
	const struct verb *verb;
	bool ok = true;
	int c;

	while (ok && (c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'j')
			job->json = true;
		else if (c == 'l')
			ok = (job->lang = ouv_lang_parse(optarg,
				      OUV_LANG__COUNT)) != OUV_LANG__COUNT;
		else if (c == 'n')
			ok = read_number(optarg, &job->n);
		else
			ok = false;
	}
	argc -= optind;
	argv += optind;
	verb = ok && argc > 0 ? find_verb(argv[0]) : NULL;
	if (verb == NULL || argc - 1 < verb->least || argc - 1 > verb->most)
		return NULL;
	job->operand = argc > 1 ? argv[1] : NULL;
	return verb;
}

int
cmd_text(struct cmd_env *env, int argc, char **argv)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_PLAIN);
	struct ouv_office *office OUV_CLEANUP(ouv_office_free) = NULL;
	struct ouv_desk *desk OUV_CLEANUP(ouv_desk_close) = NULL;
	struct job job = { .arena = arena, .lang = OUV_LANG__COUNT, .n = -1 };
	const struct verb *verb = read_arguments(&job, argc, argv);
	enum ouv_err err;

	if (verb == NULL) {
		(void)fputs(usage, stderr);
		return 2;
	}
	err = ouv_office_new(env->config, OUV_DESK_OPERATOR, &office);
	if (err == OUV_OK)
		err = ouv_setup_texts(office);
	if (err == OUV_OK)
		err = ouv_desk_open(office, &desk);
	if (err != OUV_OK)
		return cmd_status(err);
	job.desk = desk;
	return verb->run(&job);
}
