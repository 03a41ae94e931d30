/*
 * main.c - ouvidoria-server: the staff console
 */
#include <getopt.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>

#include "ouv/clock.h"
#include "ouv/copy.h"
#include "ouv/disclosure.h"
#include "ouv/history.h"
#include "ouv/log.h"
#include "ouv/rotation.h"
#include "ouv/post.h"
#include "ouv/search.h"
#include "ouv/vault.h"

#include "http.h"
#include "ocr_worker.h"
#include "once.h"
#include "page.h"
#include "painter.h"
#include "reader.h"
#include "scanner.h"

#define CONF "/etc/ouvidoria/ouvidoria.conf"

enum exit_code {
	DONE = 0,
	FAILED = 1,
	USAGE = 2,
	TRY_AGAIN = 75, /* EX_TEMPFAIL */
};

static const char usage[] =
	"usage: ouvidoria-server [-n] [-c FILE]\n"
	"       ouvidoria-server --print-config | --version | --help\n"
	"\n"
	"  -c FILE         configuration (default $OUVIDORIA_CONF, else\n"
	"                  " CONF ")\n"
	"  -n              check the configuration and exit\n"
	"  --print-config  every key with its default and help\n";

struct options {
	const char *config;
	bool check;
};

/* -1: go on; else the code to exit with. */
static int
read_options(int argc, char **argv, struct options *options)
{
	static const struct option names[] = {
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ "print-config", no_argument, NULL, 'P' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	options->config = getenv("OUVIDORIA_CONF");
	if (options->config == NULL || *options->config == '\0')
		options->config = CONF;
	while ((c = getopt_long(argc, argv, "c:n", names, NULL)) != -1) {
		switch (c) {
		case 'c':
			options->config = optarg;
			break;
		case 'n':
			options->check = true;
			break;
		case 'h':
			fputs(usage, stdout);
			return DONE;
		case 'V':
			puts("ouvidoria-server " OUV_VERSION);
			return DONE;
		case 'P':
			ouv_config_print(stdout);
			return DONE;
		default:
			fputs(usage, stderr);
			return USAGE;
		}
	}
	if (optind == argc)
		return -1;
	fputs(usage, stderr);
	return USAGE;
}

static enum ouv_log_level
log_level(const char *name)
{
	static const char *const names[] = { "error", "warn", "info", "debug" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(name, names[i]) == 0)
			return (enum ouv_log_level)i;
	return OUV_LOG_INFO;
}

/* What the configuration alone can get wrong. */
static enum ouv_err
read_config(struct server *server, struct ouv_config *config, const char *path)
{
	enum ouv_err err;

	err = ouv_config_load(server->arena, path, NULL, config);
	if (err != OUV_OK)
		return err;
	server->config = config;
	ouv_log_init("ouvidoria-server", log_level(config->log_level));
	err = site_parse(server->arena, config->server_base_url, &server->site);
	if (err != OUV_OK)
		return err;
	err = site_parse_view(
		server->arena, config->server_view_url, &server->site);
	if (err != OUV_OK)
		return err;
	server->rules.host = server->site.host;
	server->rules.view_host = server->site.view_host;
	server->rules.cookies = server->site.cookies;
	return listen_check(config->server_listen);
}

static enum ouv_err
open_office(struct server *server)
{
	struct ouv_desk *desk = NULL;
	enum ouv_err err;

	err = ouv_office_new(server->config, OUV_DESK_SERVER, &server->office);
	if (err != OUV_OK)
		return err;
	ouv_office_reader(server->office, reader_text, NULL);
	ouv_office_press(server->office, ouv_post_press, NULL);
	ocr_worker_serve(server);
	ouv_office_prints(server->office);
	ouv_office_draws(server->office, scanner_show, NULL);
	ouv_office_looker(server->office, reader_look, NULL);
	/* A schema that is not ours ends us; a database that is away does not.
	 */
	err = ouv_desk_open(server->office, &desk);
	ouv_desk_close(&desk);
	return err == OUV_TEMPORARY ? OUV_OK : err;
}

static enum ouv_err
prepare(struct server *server)
{
	enum ouv_err err = open_office(server);

	if (err != OUV_OK)
		return err;
	err = words_load(server->config->paths_templates, &server->words);
	if (err != OUV_OK)
		return err;
	return assets_load(server);
}

/* Who answers now. */
struct serving {
	struct server *server;
	struct http *http;
	int socket;
	bool made; /* by a reload */
};

/* What was logged since the last time; a database that is away is asked again
 * the next time. */
static void
seal(const struct server *server, bool now)
{
	struct ouv_desk *desk;

	if (!now && !ouv_office_unsealed(server->office))
		return;
	if (desk_here(server, &desk) == OUV_OK &&
		ouv_desk_checkpoint(desk, now) == OUV_TEMPORARY)
		desk_drop();
}

/* Did the gateway get a key that nobody here seals to yet? */
static bool
is_stale(const struct server *server)
{
	struct ouv_desk *desk;
	bool stale = false;

	if (desk_here(server, &desk) == OUV_OK &&
		ouv_desk_stale(desk, &stale) == OUV_TEMPORARY)
		desk_drop();
	return stale;
}

/*
 * The same office with the secrets that lie there now: it takes new requests
 * from the same socket before the one before it stops, so nobody is refused.
 * With secrets that are no good all goes on as it was.
 */
static void
reload(struct serving *s)
{
	struct server *next = malloc(sizeof(*next));
	struct http *http = NULL;

	if (next == NULL)
		abort();
	desk_drop();
	*next = *s->server;
	next->office = NULL;
	if (open_office(next) != OUV_OK ||
		http_start(next, s->socket, &http) != OUV_OK) {
		ouv_log_error("not reloaded: the secrets are as they were");
		desk_drop();
		ouv_office_free(&next->office);
		free(next);
		return;
	}
	desk_drop();
	ocr_worker_stop();
	http_stop(&s->http);
	seal(s->server, true);
	desk_drop();
	ouv_office_free(&s->server->office);
	if (s->made)
		free(s->server);
	*s = (struct serving){ next, http, s->socket, true };
	ocr_worker_start(s->server);
	ouv_log_info("reloaded");
}

/* Once a minute: releases whose last day or last reading is over; keys that did
 * not hold. */
static void
look_round(const struct server *server)
{
	static int64_t looked_at;
	int64_t now = ouv_clock_now();
	struct ouv_desk *desk;

	if (now >= looked_at && now - looked_at < 60)
		return;
	if (desk_here(server, &desk) != OUV_OK)
		return;
	ouv_desk_distrust_write(desk);
	if (ouv_desk_disclosures_end(desk) == OUV_OK)
		looked_at = now;
	else
		desk_drop();
}

/* The signal.  This thread answers nobody: it has time to seal the log. */
static int
wait_for_end(struct serving *s, const sigset_t *ends)
{
	const struct timespec look = { .tv_sec = 5 };
	int got;

	for (;;) {
		got = sigtimedwait(ends, NULL, &look);
		if (got > 0 && got != SIGHUP)
			return got;
		if (got == SIGHUP || is_stale(s->server))
			reload(s);
		seal(s->server, false);
		look_round(s->server);
		once_sweep(ouv_clock_mono_ms());
	}
}

static enum ouv_err
serve(struct server *server)
{
	const char *where = server->config->server_listen;
	struct serving s = { .server = server };
	sigset_t ends;
	enum ouv_err err;
	int fd;

	/* Blocked before the threads start, so that none of them takes it. */
	(void)sigemptyset(&ends);
	(void)sigaddset(&ends, SIGTERM);
	(void)sigaddset(&ends, SIGINT);
	(void)sigaddset(&ends, SIGHUP);
	(void)pthread_sigmask(SIG_BLOCK, &ends, NULL);
	(void)signal(SIGPIPE, SIG_IGN);
	if ((err = listen_open(where, &fd)) != OUV_OK)
		return err;
	s.socket = fd;
	err = http_start(server, fd, &s.http);
	if (err == OUV_OK) {
		ouv_log_info(
			"listening on %s as %s", where, server->site.origin);
		ocr_worker_start(server);
		ouv_log_info("ending on signal %d", wait_for_end(&s, &ends));
		ocr_worker_stop();
		http_stop(&s.http);
		ocr_worker_end();
		seal(s.server, true);
		desk_drop();
		ouv_office_free(&s.server->office);
		if (s.made)
			free(s.server);
	}
	listen_close(where, fd);
	return err;
}

/* Pages are built as JSON: case text must not stay behind in freed memory. */
static void
free_wiped(void *data)
{
	if (data != NULL)
		explicit_bzero(data, malloc_usable_size(data));
	free(data);
}

int
main(int argc, char **argv)
{
	const struct rlimit no_core = { 0, 0 };
	struct server server = { 0 };
	struct options options = { 0 };
	struct ouv_config config;
	enum ouv_err err;
	int code;

	(void)umask(0077);
	(void)setrlimit(RLIMIT_CORE, &no_core);
	ouv_log_init("ouvidoria-server", OUV_LOG_INFO);
	if ((code = read_options(argc, argv, &options)) >= 0)
		return code;
	json_object_seed(0); /* before there are threads */
	json_set_alloc_funcs(malloc, free_wiped);
	server.arena = ouv_arena_new(OUV_ARENA_PLAIN);
	server.started_ms = ouv_clock_mono_ms();
	err = read_config(&server, &config, options.config);
	if (err == OUV_OK && !options.check)
		err = reader_begin();
	if (err == OUV_OK && !options.check)
		err = painter_begin();
	if (err == OUV_OK && !options.check)
		err = scanner_begin();
	if (err == OUV_OK && !options.check) {
		ouv_vault_init();
		if ((err = prepare(&server)) == OUV_OK)
			err = serve(&server);
		scanner_end();
		painter_end();
		reader_end();
		words_free(&server.words);
		ouv_office_free(&server.office);
	}
	ouv_arena_free(&server.arena);
	if (err == OUV_TEMPORARY)
		return TRY_AGAIN;
	return err == OUV_OK ? DONE : FAILED;
}
