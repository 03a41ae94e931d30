/*
 * cmd.h - the subcommands of ouvidoria, one file each
 *
 * argv[0] is the subcommand's own name.  Each returns the exit status: 0
 * done, 1 failed, 2 usage, 75 try again.
 */
#ifndef ADMIN_CMD_H
#define ADMIN_CMD_H

#include "ouv/arena.h"
#include "ouv/config.h"
#include "ouv/err.h"

struct cmd_env {
	const char *config_path;
	const struct ouv_config *config; /* NULL for commands without */
};

int cmd_render(struct cmd_env *env, int argc, char **argv);
int cmd_lint(struct cmd_env *env, int argc, char **argv);
int cmd_migrate(struct cmd_env *env, int argc, char **argv);
int cmd_check_sql(struct cmd_env *env, int argc, char **argv);
int cmd_key(struct cmd_env *env, int argc, char **argv);
int cmd_staff(struct cmd_env *env, int argc, char **argv);
int cmd_audit(struct cmd_env *env, int argc, char **argv);
int cmd_text(struct cmd_env *env, int argc, char **argv);
int cmd_calendar(struct cmd_env *env, int argc, char **argv);
int cmd_code(struct cmd_env *env, int argc, char **argv);
int cmd_company(struct cmd_env *env, int argc, char **argv);
int cmd_report(struct cmd_env *env, int argc, char **argv);
/* cmd_calendar_days.c: import, proposed, accept, refuse. */
bool cmd_calendar_is_day(const char *verb);
int cmd_calendar_days(struct cmd_env *env, int argc, char **argv);
int cmd_deadline(struct cmd_env *env, int argc, char **argv);
int cmd_workflow(struct cmd_env *env, int argc, char **argv);

/* The whole of a file, "-" is standard input.  NULL with errno set: it cannot
 * be read, or holds a zero byte (EILSEQ), which would hide the rest of it. */
char *cmd_slurp(struct ouv_arena *arena, const char *path);

/* Exit status of an error. */
int cmd_status(enum ouv_err err);

#endif
