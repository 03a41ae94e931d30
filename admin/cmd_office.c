/*
 * cmd_office.c - migrate, check-sql, key init, audit verify
 */
#include <getopt.h>
#include <inttypes.h>
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
	const char *out = NULL;
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
	if (wrong || out == NULL || argc - optind != 1 ||
		strcmp(argv[optind], "init") != 0) {
		fputs("usage: ouvidoria key init --out DIR [--json]\n"
		      "  The shares are printed once and kept nowhere: give\n"
		      "  one each to three custodians.\n",
			stderr);
		return 2;
	}
	err = ouv_setup_keys(env->config, out, &keys);
	if (err == OUV_OK)
		print_keys(&keys, json);
	ouv_wipe(&keys, sizeof(keys));
	return cmd_status(err);
}

int
cmd_audit(struct cmd_env *env, int argc, char **argv)
{
	struct ouv_setup_audit audit;
	bool json = argc == 3 && strcmp(argv[2], "--json") == 0;
	enum ouv_err err;

	if ((argc != 2 && !json) || strcmp(argv[1], "verify") != 0) {
		fputs("usage: ouvidoria audit verify [--json]\n", stderr);
		return 2;
	}
	err = ouv_setup_audit_verify(env->config, &audit);
	if (err != OUV_OK)
		return cmd_status(err);
	if (json)
		printf("{\"ok\":%s,\"events\":%" PRId64 ",\"chains\":%" PRId64
		       ",\"chain\":\"%s\",\"seq\":%" PRId64
		       ",\"what\":\"%s\"}\n",
			audit.broken ? "false" : "true", audit.events,
			audit.chains, audit.broken ? audit.chain : "",
			audit.seq, audit.broken ? audit.what : "");
	else if (audit.broken)
		printf("broken: chain %s entry %" PRId64 ": %s\n", audit.chain,
			audit.seq, audit.what);
	else
		printf("%" PRId64 " entries in %" PRId64 " chains: whole\n",
			audit.events, audit.chains);
	return audit.broken ? 1 : 0;
}
