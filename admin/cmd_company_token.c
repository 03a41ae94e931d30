/*
 * cmd_company_token.c - company token add, list, revoke
 */
#include <getopt.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "ouv/api.h"
#include "ouv/log.h"

static const char usage[] =
	"usage: ouvidoria company token add --company N --unit U --label L\n"
	"           [--days D] [--scopes read|answer|read,answer] [--json]\n"
	"           --as LOGIN --as-password-file F\n"
	"       ouvidoria company token list [--company N] [--json]\n"
	"       ouvidoria company token revoke ID\n"
	"  It is printed once and kept nowhere. D is 1 to 365 (usually 365);\n"
	"  without --scopes it may read. LOGIN is the ombudsman, a registrar "
	"or an\n"
	"  administrator, who certifies it.\n";

struct asked {
	struct ouv_token_wish wish;
	const char *days, *scopes, *password_file;
	bool json, wrong;
};

#define AT(field) offsetof(struct asked, field)
/* clang-format off */
static const struct {
	const char *name;
	size_t at;
} texts[] = {
	{ "company",          AT(wish.company) },
	{ "unit",             AT(wish.unit) },
	{ "label",            AT(wish.label) },
	{ "days",             AT(days) },
	{ "scopes",           AT(scopes) },
	{ "as",               AT(wish.as_login) },
	{ "as-password-file", AT(password_file) },
};
/* clang-format on */
#define TEXTS (sizeof(texts) / sizeof(texts[0]))
#define OPT_FIRST 256
#define OPT_JSON (OPT_FIRST + (int)TEXTS)

static void
read_options(int argc, char **argv, struct asked *a)
{
	struct option options[TEXTS + 2] = { 0 };
	int c;

	for (size_t i = 0; i < TEXTS; i++)
		options[i] = (struct option){ texts[i].name, required_argument,
			NULL, OPT_FIRST + (int)i };
	options[TEXTS] = (struct option){ "json", no_argument, NULL, OPT_JSON };
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		const char **text;

		if (c == OPT_JSON) {
			a->json = true;
		} else if (c >= OPT_FIRST && c < OPT_JSON) {
			text = (const char **)(void *)((char *)a +
						       texts[c - OPT_FIRST].at);
			a->wrong = a->wrong || *text != NULL;
			*text = optarg;
		} else {
			a->wrong = true;
		}
	}
}

/* Words with commas between them; 0: one is none. */
static unsigned
scopes_of(const char *text)
{
	unsigned scopes = 0;

	while (*text != '\0') {
		const size_t len = strcspn(text, ",");
		unsigned bit = 0;

		for (int s = 0; s < OUV_SCOPE__COUNT; s++)
			if (strlen(ouv_scope_name(s)) == len &&
				strncmp(ouv_scope_name(s), text, len) == 0)
				bit = OUV_SCOPE_BIT(s);
		if (bit == 0)
			return 0;
		scopes |= bit;
		text += len + (text[len] == ',');
	}
	return scopes;
}

static enum ouv_err
open_desk(struct cmd_env *env, struct ouv_office **office_out,
	struct ouv_desk **desk_out)
{
	enum ouv_err err =
		ouv_office_new(env->config, OUV_DESK_OPERATOR, office_out);

	return err == OUV_OK ? ouv_desk_open(*office_out, desk_out) : err;
}

static int
add(struct cmd_env *env, struct asked *a)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_WIPE);
	struct ouv_office *office OUV_CLEANUP(ouv_office_free) = NULL;
	struct ouv_desk *desk OUV_CLEANUP(ouv_desk_close) = NULL;
	char bearer[OUV_BEARER_MAX] = "";
	enum ouv_err err;

	a->wish.days = a->days != NULL ? (int)strtol(a->days, NULL, 10)
				       : OUV_TOKEN_DAYS_MOST;
	a->wish.scopes = scopes_of(a->scopes != NULL ? a->scopes : "read");
	err = cmd_secret(arena, a->password_file, &a->wish.as_password);
	if (err == OUV_OK)
		err = open_desk(env, &office, &desk);
	if (err == OUV_OK)
		err = ouv_token_add(desk, &a->wish, bearer);
	if (err != OUV_OK)
		ouv_log_error("no token was made: %s", ouv_err_name(err));
	else if (a->json)
		printf("{\"token\":\"%s\"}\n", bearer);
	else
		puts(bearer);
	ouv_wipe(bearer, sizeof(bearer));
	return cmd_status(err);
}

static const char *
text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text != NULL ? text : "-";
}

static void
print_token(const json_t *t)
{
	json_t *scopes = json_object_get(t, "scopes");

	printf("%s  %s  %s  %s  %s%s%s  %s  %s%s\n", text_of(t, "id"),
		text_of(t, "company"), text_of(t, "unit"), text_of(t, "label"),
		json_string_value(json_array_get(scopes, 0)),
		json_array_size(scopes) > 1 ? "," : "",
		json_array_size(scopes) > 1
			? json_string_value(json_array_get(scopes, 1))
			: "",
		text_of(t, "expires"), text_of(t, "last_used"),
		json_is_true(json_object_get(t, "works")) ? "" : "  over");
}

static int
list(struct cmd_env *env, const struct asked *a)
{
	struct ouv_office *office OUV_CLEANUP(ouv_office_free) = NULL;
	struct ouv_desk *desk OUV_CLEANUP(ouv_desk_close) = NULL;
	json_t *tokens = NULL, *t;
	size_t i;
	enum ouv_err err = open_desk(env, &office, &desk);

	if (err == OUV_OK)
		err = ouv_token_list(desk, a->wish.company, &tokens);
	if (err != OUV_OK)
		return cmd_status(err);
	if (a->json) {
		(void)json_dumpf(tokens, stdout, JSON_COMPACT);
		(void)putchar('\n');
	} else {
		json_array_foreach(tokens, i, t) print_token(t);
	}
	json_decref(tokens);
	return 0;
}

static int
revoke(struct cmd_env *env, const char *text)
{
	struct ouv_office *office OUV_CLEANUP(ouv_office_free) = NULL;
	struct ouv_desk *desk OUV_CLEANUP(ouv_desk_close) = NULL;
	struct ouv_id id;
	enum ouv_err err = ouv_id_parse(text, &id);

	if (err != OUV_OK)
		ouv_log_error("not an id of a token: %s", text);
	else
		err = open_desk(env, &office, &desk);
	if (err == OUV_OK)
		err = ouv_token_end(desk, &id);
	return cmd_status(err);
}

int
cmd_company_token(struct cmd_env *env, int argc, char **argv)
{
	struct asked a = { .json = false };
	const char *verb;
	int left;

	read_options(argc, argv, &a);
	left = argc - optind;
	verb = left > 0 && !a.wrong ? argv[optind] : "";
	if (strcmp(verb, "add") == 0 && left == 1 && a.wish.company != NULL &&
		a.wish.unit != NULL && a.wish.label != NULL &&
		a.wish.as_login != NULL && a.password_file != NULL)
		return add(env, &a);
	if (strcmp(verb, "list") == 0 && left == 1)
		return list(env, &a);
	if (strcmp(verb, "revoke") == 0 && left == 2)
		return revoke(env, argv[optind + 1]);
	fputs(usage, stderr);
	return 2;
}
