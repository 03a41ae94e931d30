/*
 * pg_tool.c - PostgreSQL's own programs, run as the owner of the schema
 *
 * The password goes to them in a file that lies in memory alone and that only
 * they have open.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ouv/buf.h"
#include "ouv/log.h"
#include "ouv/setup.h"
#include "ouv/vault.h"
#include "pg_tool.h"

#define ARGS_MOST 16
#define PASSWORD_MOST 1024

/* A line of .pgpass, in which two characters are written with a backslash. */
static enum ouv_err
write_password(int fd, const char *password, size_t len)
{
	char line[2 * PASSWORD_MOST + 16] = "*:*:*:*:";
	size_t n = strlen(line);
	bool wrote;

	for (size_t i = 0; i < len; i++) {
		if (password[i] == ':' || password[i] == '\\')
			line[n++] = '\\';
		line[n++] = password[i];
	}
	line[n++] = '\n';
	wrote = write(fd, line, n) == (ssize_t)n;
	ouv_wipe(line, sizeof(line));
	return wrote ? OUV_OK : OUV_TEMPORARY;
}

/* -1: none is needed. */
static enum ouv_err
password_file(const struct ouv_config *config, int *fd_out)
{
	const char *path = config->db_owner_password_file;
	char password[PASSWORD_MOST];
	size_t len = 0;
	enum ouv_err err;

	*fd_out = -1;
	if (path == NULL || *path == '\0')
		return OUV_OK;
	err = ouv_secret_read(path, password, sizeof(password), &len);
	if (err != OUV_OK)
		return err;
	/* The program that is run must have it: no CLOEXEC. */
	*fd_out = memfd_create("pgpass", 0);
	if (*fd_out < 0 || fchmod(*fd_out, 0600) != 0)
		err = OUV_TEMPORARY;
	else
		err = write_password(*fd_out, password, len);
	ouv_wipe(password, sizeof(password));
	return err;
}

static void
become(const struct ouv_config *config, const char *const *args, int password,
	int out)
{
	const char *argv[ARGS_MOST + 8];
	char dsn[2048], user[256], pass[64] = "PGPASSFILE=/dev/null";
	const char *environment[] = { "LC_ALL=C.UTF-8",
		"PATH=/usr/lib/postgresql/15/bin:/usr/bin:/bin",
		"PGCONNECT_TIMEOUT=10", "PGAPPNAME=ouvidoria", pass, NULL };
	int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
	size_t n = 0;

	(void)snprintf(dsn, sizeof(dsn), "--dbname=%s", config->db_dsn);
	(void)snprintf(
		user, sizeof(user), "--username=%s", config->db_owner_user);
	if (password >= 0)
		(void)snprintf(pass, sizeof(pass),
			"PGPASSFILE=/proc/self/fd/%d", password);
	for (; args[n] != NULL && n < ARGS_MOST; n++)
		argv[n] = args[n];
	argv[n++] = "--no-password";
	argv[n++] = dsn;
	if (*config->db_owner_user != '\0')
		argv[n++] = user;
	argv[n] = NULL;
	if (dup2(nowhere, STDIN_FILENO) < 0 ||
		dup2(out >= 0 ? out : nowhere, STDOUT_FILENO) < 0)
		_exit(126);
	(void)execvpe(argv[0], (char *const *)argv, (char *const *)environment);
	_exit(127);
}

static enum ouv_err
wait_for(pid_t child, const char *name)
{
	int status;

	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return OUV_TEMPORARY;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return OUV_OK;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
		ouv_log_error("%s: there is no such program; install "
			      "postgresql-client",
			name);
	else
		ouv_log_error("%s failed", name);
	return OUV_TEMPORARY;
}

enum ouv_err
pg_tool(const struct ouv_config *config, const char *const *args, int out)
{
	int password = -1;
	enum ouv_err err = ouv_setup_check_dsn(config);

	if (err == OUV_OK)
		err = password_file(config, &password);
	if (err == OUV_OK) {
		pid_t child = fork();

		if (child == 0)
			become(config, args, password, out);
		err = child > 0 ? wait_for(child, args[0]) : OUV_TEMPORARY;
	}
	if (password >= 0)
		(void)close(password);
	return err;
}
