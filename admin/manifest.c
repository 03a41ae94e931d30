/*
 * manifest.c - what a backup holds, and whether it still does
 *
 * `b2sum -l 256` gives the same hashes.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <jansson.h>

#include "manifest.h"
#include "ouv/clock.h"
#include "ouv/id.h"
#include "ouv/log.h"
#include "ouv/vault.h"

#define FORMAT "ouvidoria-backup-1"
#define PATH_MOST 4096

static const char *const names[] = { BACKUP_DATABASE, BACKUP_CONFIG };
#define NAMES (sizeof(names) / sizeof(names[0]))

struct one {
	int64_t bytes;
	char hash[2 * OUV_KEY + 1];
};

static enum ouv_err
look(const char *folder, const char *name, struct one *one_out)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_PLAIN);
	struct ouv_hasher *hasher = ouv_hasher_new(arena, NULL);
	char path[PATH_MOST];
	uint8_t piece[65536], hash[OUV_KEY];
	ssize_t got;
	int fd;

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		ouv_log_error("%s: %s", path, strerror(errno));
		return OUV_NOT_FOUND;
	}
	one_out->bytes = 0;
	while ((got = read(fd, piece, sizeof(piece))) > 0) {
		ouv_hasher_add(hasher, piece, (size_t)got);
		one_out->bytes += got;
	}
	(void)close(fd);
	if (got < 0) {
		ouv_log_error("%s: %s", path, strerror(errno));
		return OUV_TEMPORARY;
	}
	ouv_hasher_end(hasher, hash);
	ouv_hex(hash, sizeof(hash), one_out->hash);
	return OUV_OK;
}

static enum ouv_err
save(const char *folder, json_t *doc)
{
	char path[PATH_MOST];
	enum ouv_err err = OUV_OK;
	int fd;

	(void)snprintf(path, sizeof(path), "%s/" MANIFEST, folder);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0 || json_dumpfd(doc, fd, JSON_INDENT(1)) != 0 ||
		fsync(fd) != 0) {
		ouv_log_error("%s: %s", path, strerror(errno));
		err = OUV_TEMPORARY;
	}
	if (fd >= 0)
		(void)close(fd);
	return err;
}

enum ouv_err
manifest_write(
	const char *folder, const struct ouv_config *config, int64_t made)
{
	json_t *files = json_array(), *doc;
	enum ouv_err err = OUV_OK;
	char at[21];

	ouv_clock_rfc3339(made, at);
	for (size_t i = 0; i < NAMES && err == OUV_OK; i++) {
		struct one one;

		err = look(folder, names[i], &one);
		if (err == OUV_OK)
			(void)json_array_append_new(files,
				json_pack("{s:s, s:I, s:s}", "name", names[i],
					"bytes", (json_int_t)one.bytes,
					"blake2b", one.hash));
	}
	doc = json_pack("{s:s, s:s, s:s, s:s, s:o}", "format", FORMAT, "made",
		at, "program", OUV_VERSION, "tenant", config->office_tenant,
		"files", files);
	if (err == OUV_OK)
		err = save(folder, doc);
	json_decref(doc);
	return err;
}

static bool
is_text(const json_t *doc, const char *name, const char *text)
{
	const char *value = json_string_value(json_object_get(doc, name));

	return value != NULL && strcasecmp(value, text) == 0;
}

static enum ouv_err
check_files(const char *folder, const json_t *doc)
{
	const json_t *files = json_object_get(doc, "files");

	if (json_array_size(files) != NAMES)
		return OUV_INVALID;
	for (size_t i = 0; i < NAMES; i++) {
		const json_t *file = json_array_get(files, i);
		struct one one;
		enum ouv_err err = look(folder, names[i], &one);

		if (err != OUV_OK)
			return err;
		if (!is_text(file, "name", names[i]) ||
			!is_text(file, "blake2b", one.hash)) {
			ouv_log_error("%s/%s is not what was backed up", folder,
				names[i]);
			return OUV_INVALID;
		}
	}
	return OUV_OK;
}

enum ouv_err
manifest_check(const char *folder, const struct ouv_config *config)
{
	char path[PATH_MOST];
	json_t *doc;
	enum ouv_err err;

	(void)snprintf(path, sizeof(path), "%s/" MANIFEST, folder);
	doc = json_load_file(path, JSON_REJECT_DUPLICATES, NULL);
	if (!is_text(doc, "format", FORMAT) ||
		!is_text(doc, "tenant", config->office_tenant)) {
		ouv_log_error("%s holds no backup of this office", folder);
		err = OUV_INVALID;
	} else {
		err = check_files(folder, doc);
	}
	json_decref(doc);
	return err;
}
