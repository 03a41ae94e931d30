/*
 * cmd_office.c - migrate, check-sql, key
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "ouv/code.h"
#include "ouv/setup.h"

int
cmd_migrate(struct cmd_env *env, int argc, char **argv)
{
	struct ouv_code_change change;
	int applied = 0;
	enum ouv_err err;

	(void)argv;
	if (argc != 1) {
		fputs("usage: ouvidoria migrate\n", stderr);
		return 2;
	}
	err = ouv_setup_migrate(env->config, &applied);
	if (err == OUV_OK)
		err = ouv_code_import(env->config, NULL, NULL, &change);
	if (err == OUV_OK)
		printf("%d\n", applied);
	return cmd_status(err);
}

int
cmd_check_sql(struct cmd_env *env, int argc, char **argv)
{
	(void)argv;
	if (argc != 1) {
		fputs("usage: ouvidoria check-sql\n", stderr);
		return 2;
	}
	return cmd_status(ouv_setup_check_sql(env->config));
}

enum {
	OPT_OUT = 256,
	OPT_JSON
};

static const struct option options[] = {
	{ "out", required_argument, NULL, OPT_OUT },
	{ "json", no_argument, NULL, OPT_JSON },
	{ NULL, 0, NULL, 0 },
};

static void
print_shares(const char *what, char shares[3][OUV_SHARE_MAX])
{
	printf("%s, any two of three:\n", what);
	for (int i = 0; i < 3; i++)
		printf("  %s\n", shares[i]);
}

static void
print_keys(struct ouv_setup_keys *keys, bool json)
{
	json_t *doc;
	char *text;

	if (!json) {
		printf("root_public = %s\n", keys->root_public);
		print_shares("ROOT", keys->root_shares);
		print_shares("ESCROW", keys->escrow_shares);
		return;
	}
	doc = json_pack("{s:s, s:[s,s,s], s:[s,s,s]}", "root_public",
		keys->root_public, "root_shares", keys->root_shares[0],
		keys->root_shares[1], keys->root_shares[2], "escrow_shares",
		keys->escrow_shares[0], keys->escrow_shares[1],
		keys->escrow_shares[2]);
	text = json_dumps(doc, JSON_COMPACT);
	puts(text != NULL ? text : "{}");
	ouv_wipe(text, text != NULL ? strlen(text) : 0);
	free(text);
	json_decref(doc);
}

int
cmd_key(struct cmd_env *env, int argc, char **argv)
{
	struct ouv_setup_keys keys;
	const char *out = NULL, *verb;
	bool json = false, wrong = false;
	enum ouv_err err;
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == OPT_OUT)
			out = optarg;
		else if (c == OPT_JSON)
			json = true;
		else
			wrong = true;
	}
	verb = !wrong && argc - optind == 1 ? argv[optind] : "";
	if (strcmp(verb, "status") == 0 && out == NULL)
		return cmd_key_status(env, json);
	if (strcmp(verb, "backup") == 0 && out == NULL && !json)
		return cmd_key_backup(env);
	if (strcmp(verb, "init") != 0 || out == NULL) {
		fputs("usage: ouvidoria key init --out DIR [--json]\n"
		      "       ouvidoria key status [--json]\n"
		      "       ouvidoria key backup\n"
		      "  The shares that init prints are kept nowhere: give "
		      "one\n"
		      "  each to three custodians.  status exits with 1 if\n"
		      "  something is wrong; backup seals to ESCROW what is "
		      "not.\n",
			stderr);
		return 2;
	}
	err = ouv_setup_keys(env->config, out, &keys);
	if (err == OUV_OK)
		print_keys(&keys, json);
	ouv_wipe(&keys, sizeof(keys));
	return cmd_status(err);
}
