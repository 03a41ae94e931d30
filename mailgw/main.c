/*
 * main.c - ouvidoria-mailgw: the mail gateway's command line
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mailgw.h"
#include "ouv/log.h"

static const char usage[] =
	"usage: ouvidoria-mailgw [-c FILE] [-n] COMMAND\n"
	"  run [--once]                     take mail in, do what is due,\n"
	"                                   send mail out\n"
	"  parse [FILE|-]...                one JSON document per message\n"
	"  ingest [--rcpt ADDR] [FILE|-]... hand messages in without IMAP\n"
	"  -c FILE   configuration (default: $OUVIDORIA_CONF, else\n"
	"            /etc/ouvidoria/ouvidoria.conf)\n"
	"  -n        check the configuration and exit\n"
	"  --print-config  --version  --help\n";

struct options {
	const char *config_path;
	bool config_given, check, once;
	const char *rcpt;
};

enum long_only {
	OPT_VERSION = 256,
	OPT_HELP,
	OPT_ONCE,
	OPT_RCPT,
	OPT_PRINT
};

static const struct option long_options[] = {
	{ "version", no_argument, NULL, OPT_VERSION },
	{ "help", no_argument, NULL, OPT_HELP },
	{ "once", no_argument, NULL, OPT_ONCE },
	{ "rcpt", required_argument, NULL, OPT_RCPT },
	{ "print-config", no_argument, NULL, OPT_PRINT },
	{ NULL, 0, NULL, 0 },
};

/* -1: go on; else the exit status. */
static int
read_options(int argc, char **argv, struct options *o)
{
	int c;

	while ((c = getopt_long(argc, argv, "c:n", long_options, NULL)) != -1) {
		switch (c) {
		case 'c':
			o->config_path = optarg;
			o->config_given = true;
			break;
		case 'n':
			o->check = true;
			break;
		case OPT_ONCE:
			o->once = true;
			break;
		case OPT_RCPT:
			o->rcpt = optarg;
			break;
		case OPT_VERSION:
			puts("ouvidoria-mailgw " OUV_VERSION);
			return GW_DONE;
		case OPT_PRINT:
			ouv_config_print(stdout);
			return GW_DONE;
		case OPT_HELP:
			fputs(usage, stdout);
			return GW_DONE;
		default:
			fputs(usage, stderr);
			return GW_USAGE;
		}
	}
	return -1;
}

static enum ouv_log_level
log_level(const char *name)
{
	static const char *const names[] = { "error", "warn", "info", "debug" };

	for (int i = 0; i < 4; i++)
		if (strcmp(names[i], name) == 0)
			return (enum ouv_log_level)i;
	return OUV_LOG_INFO;
}

static int
with_config(const struct ouv_config *config, const struct options *o, int argc,
	char **argv)
{
	if (argc == 0 && o->check)
		return GW_DONE;
	if (argc == 1 && strcmp(argv[0], "run") == 0)
		return o->check ? GW_DONE : gw_run(config, o->once);
	if (argc >= 1 && strcmp(argv[0], "ingest") == 0)
		return gw_ingest(config, o->rcpt, argv + 1);
	fputs(usage, stderr);
	return GW_USAGE;
}

int
main(int argc, char **argv)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_PLAIN);
	const char *env = getenv("OUVIDORIA_CONF");
	struct options o = {
		.config_path = env != NULL && *env
				       ? env
				       : "/etc/ouvidoria/ouvidoria.conf"
	};
	struct ouv_config config;
	bool parse;
	int status;

	ouv_log_init("ouvidoria-mailgw", OUV_LOG_INFO);
	status = read_options(argc, argv, &o);
	if (status >= 0)
		return status;
	ouv_vault_init();
	parse = argc - optind >= 1 && strcmp(argv[optind], "parse") == 0;
	if (parse && !o.config_given)
		return gw_parse(NULL, argv + optind + 1);
	if (ouv_config_load(arena, o.config_path, stderr, &config) != OUV_OK)
		return GW_FAILED;
	ouv_log_init("ouvidoria-mailgw", log_level(config.log_level));
	if (parse)
		return gw_parse(&config, argv + optind + 1);
	return with_config(&config, &o, argc - optind, argv + optind);
}
