/*
 * pg_tool.h - PostgreSQL's own programs, run as the owner of the schema
 */
#ifndef ADMIN_PG_TOOL_H
#define ADMIN_PG_TOOL_H

#include "ouv/config.h"
#include "ouv/err.h"

/*
 * Runs args[0] (args ends with NULL) with the database of the configuration
 * added to it, and waits.  out: where its output goes, -1: nowhere.  The
 * password stands in no argument, no environment and no file.
 *
 * OUV_INVALID: the dsn holds a password.  OUV_TEMPORARY: it could not be
 * started, or failed; what it said is on standard error.
 */
OUV_MUST_CHECK enum ouv_err pg_tool(
	const struct ouv_config *config, const char *const *args, int out);

#endif
