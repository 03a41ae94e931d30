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
	OPT_JSON,
	OPT_SHARE,
	OPT_ALL
};

static const struct option options[] = {
	{ "out", required_argument, NULL, OPT_OUT },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "share", required_argument, NULL, OPT_SHARE },
	{ "all-the-same", no_argument, NULL, OPT_ALL },
	{ NULL, 0, NULL, 0 },
};

static const char key_usage[] =
	"usage: ouvidoria key init --out DIR [--json]\n"
	"       ouvidoria key status [--json]\n"
	"       ouvidoria key backup\n"
	"       ouvidoria key rotate svc|gw-sig|srv-sig|pepper --share F "
	"--share F\n"
	"       ouvidoria key retire NAME [--all-the-same]\n"
	"       ouvidoria key drill --share F --share F\n"
	"  The shares that init prints are kept nowhere: give one each to\n"
	"  three custodians.  status exits with 1 if something is wrong;\n"
	"  backup seals to ESCROW what is not; rotate (two shares of ROOT)\n"
	"  makes another secret, retire destroys the one before; drill (two\n"
	"  shares of ESCROW) tries whether a lost host could come back.\n";

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

struct key_words {
	const char *out;
	bool json;
	size_t shares;
	struct cmd_key key;
};

/* False: they are none of ours. */
static bool
read_words(int argc, char **argv, struct key_words *w)
{
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == OPT_OUT)
			w->out = optarg;
		else if (c == OPT_JSON)
			w->json = true;
		else if (c == OPT_SHARE && w->shares < 2)
			w->key.shares[w->shares++] = optarg;
		else if (c == OPT_ALL)
			w->key.all_the_same = true;
		else
			return false;
	}
	return true;
}

static int
init(struct cmd_env *env, const struct key_words *w)
{
	struct ouv_setup_keys keys;
	enum ouv_err err = ouv_setup_keys(env->config, w->out, &keys);

	if (err == OUV_OK)
		print_keys(&keys, w->json);
	ouv_wipe(&keys, sizeof(keys));
	return cmd_status(err);
}

/* What a verb is given besides its name; it is given nothing else. */
static const struct key_verb {
	const char *name;
	bool out, json, all;
	size_t shares;
	int names;
} key_verbs[] = {
	{ "init", true, true, false, 0, 0 },
	{ "status", false, true, false, 0, 0 },
	{ "backup", false, false, false, 0, 0 },
	{ "rotate", false, false, false, 2, 1 },
	{ "retire", false, false, true, 0, 1 },
	{ "drill", false, false, false, 2, 0 },
};

static bool
fits(const struct key_verb *v, const struct key_words *w, int argc, char **argv)
{
	return argc == 1 + v->names && strcmp(argv[0], v->name) == 0 &&
	       v->out == (w->out != NULL) && v->shares == w->shares &&
	       (v->json || !w->json) && (v->all || !w->key.all_the_same);
}

int
cmd_key(struct cmd_env *env, int argc, char **argv)
{
	struct key_words w = { 0 };
	const char *verb = NULL;

	if (read_words(argc, argv, &w))
		for (size_t i = 0; i < sizeof(key_verbs) / sizeof(*key_verbs);
			i++)
			if (fits(&key_verbs[i], &w, argc - optind,
				    argv + optind))
				verb = key_verbs[i].name;
	if (verb == NULL) {
		fputs(key_usage, stderr);
		return 2;
	}
	w.key.name = argc - optind > 1 ? argv[optind + 1] : "";
	if (strcmp(verb, "status") == 0)
		return cmd_key_status(env, w.json);
	if (strcmp(verb, "backup") == 0)
		return cmd_key_backup(env);
	if (strcmp(verb, "rotate") == 0)
		return cmd_key_rotate(env, &w.key);
	if (strcmp(verb, "retire") == 0)
		return cmd_key_retire(env, &w.key);
	if (strcmp(verb, "drill") == 0)
		return cmd_key_drill(env, &w.key);
	return init(env, &w);
}
