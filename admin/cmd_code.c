/*
 * cmd_code.c - code import, code list: the words that cases are sorted by
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cmd.h"
#include "ouv/calendar.h"
#include "ouv/code.h"
#include "ouv/log.h"

static const char usage[] = "usage: ouvidoria code import FILE --as LOGIN\n"
			    "       ouvidoria code import --shipped\n"
			    "       ouvidoria code list [--book BOOK] [--day "
			    "YYYY-MM-DD] [--json]\n";

struct asked {
	const char *book, *login;
	int32_t day;
	bool shipped, json, wrong;
};

static int
import(struct cmd_env *env, const struct asked *a, const char *path)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_PLAIN);
	struct ouv_code_change change;
	const char *text = NULL;
	enum ouv_err err;

	if (path != NULL && (text = cmd_slurp(arena, path)) == NULL) {
		ouv_log_error("%s: %s", path, strerror(errno));
		return 1;
	}
	err = ouv_code_import(env->config, text, a->login, &change);
	if (err == OUV_OK)
		printf("added %d unchanged %d kept %d\n", change.added,
			change.same, change.kept);
	return cmd_status(err);
}

static void
print_code(const json_t *code, const char *lang)
{
	const char *until = json_string_value(json_object_get(code, "until"));

	printf("%-10s %s%-22s %s %s  %s\n",
		json_string_value(json_object_get(code, "book")),
		json_string_length(json_object_get(code, "parent")) > 0 ? "  "
									: "",
		json_string_value(json_object_get(code, "code")),
		json_string_value(json_object_get(code, "from")),
		until != NULL ? until : "-",
		json_string_value(
			json_object_get(json_object_get(code, "label"), lang)));
}

static int
list(struct cmd_env *env, const struct asked *a)
{
	json_t *codes = NULL, *code;
	size_t i;
	enum ouv_err err = ouv_code_list(env->config, a->book, a->day, &codes);

	if (err != OUV_OK)
		return cmd_status(err);
	if (a->json) {
		(void)json_dumpf(codes, stdout, JSON_COMPACT);
		(void)putchar('\n');
	} else {
		json_array_foreach(codes, i, code)
			print_code(code, env->config->office_language);
	}
	json_decref(codes);
	return 0;
}

static void
read_options(int argc, char **argv, struct asked *a)
{
	static const struct option options[] = { { "as", required_argument,
							 NULL, 'a' },
		{ "book", required_argument, NULL, 'b' },
		{ "day", required_argument, NULL, 'd' },
		{ "shipped", no_argument, NULL, 's' },
		{ "json", no_argument, NULL, 'j' }, { NULL, 0, NULL, 0 } };
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'a')
			a->login = optarg;
		else if (c == 'b')
			a->book = optarg;
		else if (c == 'd' && ouv_day_read(optarg, &a->day))
			continue;
		else if (c == 's')
			a->shipped = true;
		else if (c == 'j')
			a->json = true;
		else
			a->wrong = true;
	}
}

int
cmd_code(struct cmd_env *env, int argc, char **argv)
{
	struct asked a = { .day = (int32_t)(time(NULL) / 86400) };
	const char *verb;
	int left;

	read_options(argc, argv, &a);
	left = argc - optind;
	verb = !a.wrong && left > 0 ? argv[optind] : "";
	if (strcmp(verb, "list") == 0 && left == 1 && a.login == NULL &&
		!a.shipped)
		return list(env, &a);
	if (strcmp(verb, "import") == 0 && a.book == NULL && !a.json) {
		if (a.shipped && left == 1 && a.login == NULL)
			return import(env, &a, NULL);
		if (!a.shipped && left == 2 && a.login != NULL)
			return import(env, &a, argv[optind + 1]);
	}
	fputs(usage, stderr);
	return 2;
}
