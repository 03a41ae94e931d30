/*
 * main.c - ouvidoria: the operator's command, one verb per file
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "ouv/log.h"
#include "ouv/vault.h"

struct command {
	const char *name;
	int (*run)(struct cmd_env *env, int argc, char **argv);
	bool needs_config;
	const char *help;
};

/* clang-format off */
static const struct command commands[] = {
	{ "migrate",   cmd_migrate,   true,  "bring the database's schema up to date" },
	{ "check-sql", cmd_check_sql, true,  "prepare every statement" },
	{ "key",       cmd_key,       true,  "init, status, backup, rotate, retire, drill: the office's keys" },
	{ "escrow",    cmd_escrow,    true,  "open, import: keys of cases by two custodians" },
	{ "backup",    cmd_backup,    true,  "--out DIR: database and configuration, no clear secret" },
	{ "restore",   cmd_restore,   true,  "--from DIR --share F --share F: onto an empty machine" },
	{ "staff",     cmd_staff,     true,  "add, list: who works here" },
	{ "audit",     cmd_audit,     true,  "verify, status: was the log altered, is it sealed and kept?" },
	{ "text",      cmd_text,      true,  "list, parity, check, show, export: what the office says" },
	{ "report",    cmd_report,    true,  "figures, spread, draw, retention: figures; draws done again" },
	{ "export",    cmd_export,    true,  "CASE --out FILE: the file of a case, by a colleague's key" },
	{ "export-verify", cmd_export_verify, false, "FILE: is a case file whole?" },
	{ "calendar",  cmd_calendar,  true,  "days, absences, why, import, proposed, accept, refuse: when it is open" },
	{ "code",      cmd_code,      true,  "import, list: the words that cases are sorted by" },
	{ "company",   cmd_company,   true,  "add, unit, contact, list, show: the register of companies" },
	{ "deadline",  cmd_deadline,  true,  "--clock NAME --from RFC3339, list, show, set: when, and why" },
	{ "workflow",  cmd_workflow,  false, "--json | --dot: the states and moves of a case" },
	{ "lint",      cmd_lint,      false, "[FILE]...: what may not leave the office" },
	{ "render",    cmd_render,    false, "TEMPLATE --data FILE: what a template gives" },
};
/* clang-format on */
#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static void
usage(FILE *out)
{
	fputs("usage: ouvidoria [-c FILE] [-n] COMMAND ...\n", out);
	for (size_t i = 0; i < COMMANDS; i++)
		fprintf(out, "  %-13s %s\n", commands[i].name,
			commands[i].help);
	fputs("  -c FILE  configuration (default: $OUVIDORIA_CONF, else\n"
	      "           /etc/ouvidoria/ouvidoria.conf)\n"
	      "  -n       check the configuration and exit\n"
	      "  --print-config  --version  --help\n",
		out);
}

int
cmd_status(enum ouv_err err)
{
	if (err == OUV_OK)
		return 0;
	return err == OUV_TEMPORARY ? 75 : 1;
}

enum {
	OPT_VERSION = 256,
	OPT_HELP,
	OPT_PRINT
};

static const struct option options[] = {
	{ "version", no_argument, NULL, OPT_VERSION },
	{ "help", no_argument, NULL, OPT_HELP },
	{ "print-config", no_argument, NULL, OPT_PRINT },
	{ NULL, 0, NULL, 0 },
};

/* -1: go on; else the exit status. */
static int
read_options(int argc, char **argv, struct cmd_env *env, bool *check)
{
	int c;

	/* "+": what follows the command is the command's. */
	while ((c = getopt_long(argc, argv, "+c:n", options, NULL)) != -1) {
		switch (c) {
		case 'c':
			env->config_path = optarg;
			break;
		case 'n':
			*check = true;
			break;
		case OPT_VERSION:
			puts("ouvidoria " OUV_VERSION);
			return 0;
		case OPT_PRINT:
			ouv_config_print(stdout);
			return 0;
		case OPT_HELP:
			usage(stdout);
			return 0;
		default:
			usage(stderr);
			return 2;
		}
	}
	return -1;
}

static const struct command *
find(const char *name)
{
	for (size_t i = 0; name != NULL && i < COMMANDS; i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}

int
main(int argc, char **argv)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_PLAIN);
	const char *path = getenv("OUVIDORIA_CONF");
	struct cmd_env env = {
		.config_path = path != NULL && *path
				       ? path
				       : "/etc/ouvidoria/ouvidoria.conf"
	};
	const struct command *command;
	struct ouv_config config;
	bool check = false;
	int status;

	ouv_log_init("ouvidoria", OUV_LOG_INFO);
	status = read_options(argc, argv, &env, &check);
	if (status >= 0)
		return status;
	command = find(argv[optind]);
	if (command == NULL && !check) {
		usage(stderr);
		return 2;
	}
	if (check || command->needs_config) {
		if (ouv_config_load(arena, env.config_path, stderr, &config) !=
			OUV_OK)
			return 1;
		env.config = &config;
	}
	if (check)
		return 0;
	ouv_vault_init();
	argc -= optind;
	argv += optind;
	optind = 0; /* start getopt anew */
	return command->run(&env, argc, argv);
}
