/*
 * manifest.h - what a backup holds, and whether it still does
 */
#ifndef ADMIN_MANIFEST_H
#define ADMIN_MANIFEST_H

#include <stdint.h>

#include "ouv/arena.h"
#include "ouv/config.h"
#include "ouv/err.h"

#define MANIFEST "manifest.json"
#define BACKUP_DATABASE "database.dump"
#define BACKUP_CONFIG "ouvidoria.conf"

/* Names, sizes and BLAKE2b-256 of the two files in folder, beside them. */
OUV_MUST_CHECK enum ouv_err manifest_write(
	const char *folder, const struct ouv_config *config, int64_t made);
/* OUV_INVALID: it is no backup of this office, or a file is not what was
 * written (said on the log). */
OUV_MUST_CHECK enum ouv_err manifest_check(
	const char *folder, const struct ouv_config *config);

#endif
