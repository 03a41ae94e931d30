/*
 * cmd.h - the subcommands of ouvidoria, one file each
 *
 * argv[0] is the subcommand's own name.  Each returns the exit status: 0
 * done, 1 failed, 2 usage, 75 try again.
 */
#ifndef ADMIN_CMD_H
#define ADMIN_CMD_H

#include <jansson.h>

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
/* cmd_key_status.c: status, backup. */
int cmd_key_status(struct cmd_env *env, bool json);
int cmd_key_backup(struct cmd_env *env);
/* cmd_key_change.c: rotate, retire, drill. */
struct cmd_key {
	const char *name;
	const char *shares[2]; /* files */
	bool all_the_same;
};
int cmd_key_rotate(struct cmd_env *env, const struct cmd_key *key);
int cmd_key_retire(struct cmd_env *env, const struct cmd_key *key);
int cmd_key_drill(struct cmd_env *env, const struct cmd_key *key);
/* What a secret's change waits for, a line each, as of ouv_key_retire. */
void cmd_key_waits(const json_t *found, const char *before);
int cmd_escrow(struct cmd_env *env, int argc, char **argv);
int cmd_backup(struct cmd_env *env, int argc, char **argv);
int cmd_restore(struct cmd_env *env, int argc, char **argv);
int cmd_staff(struct cmd_env *env, int argc, char **argv);
/* cmd_staff_one.c: show, leave; and the cases that stand against something. */
struct ouv_leaving;
void cmd_staff_stops(
	const char *what, const struct ouv_leaving *leaving, bool json);
int cmd_staff_one(
	struct cmd_env *env, const char *verb, const char *login, bool json);
int cmd_audit(struct cmd_env *env, int argc, char **argv);
int cmd_text(struct cmd_env *env, int argc, char **argv);
int cmd_calendar(struct cmd_env *env, int argc, char **argv);
int cmd_code(struct cmd_env *env, int argc, char **argv);
int cmd_company(struct cmd_env *env, int argc, char **argv);
/* cmd_company_token.c: token add, list, revoke. */
int cmd_company_token(struct cmd_env *env, int argc, char **argv);
int cmd_report(struct cmd_env *env, int argc, char **argv);
int cmd_export(struct cmd_env *env, int argc, char **argv);
int cmd_export_verify(struct cmd_env *env, int argc, char **argv);
/* cmd_figures.c: report figures. */
int report_figures(struct cmd_env *env, int argc, char **argv);
/* cmd_calendar_days.c: import, proposed, accept, refuse. */
bool cmd_calendar_is_day(const char *verb);
int cmd_calendar_days(struct cmd_env *env, int argc, char **argv);
int cmd_deadline(struct cmd_env *env, int argc, char **argv);
int cmd_workflow(struct cmd_env *env, int argc, char **argv);

/* The whole of a file, "-" is standard input.  NULL with errno set: it cannot
 * be read, or holds a zero byte (EILSEQ), which would hide the rest of it. */
char *cmd_slurp(struct ouv_arena *arena, const char *path);
/* A secret's file as ouv_secret_read; the arena should wipe. */
OUV_MUST_CHECK enum ouv_err cmd_secret(
	struct ouv_arena *arena, const char *path, const char **text_out);

/* Exit status of an error. */
int cmd_status(enum ouv_err err);

#endif
