/*
 * fuzz_unzip.c - an archive of anybody's: its files one after the other, or a
 * reason, whatever the pieces it comes in
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "ouv/zip.h"

struct told {
	size_t files, bytes, whole;
};

static void
take(void *user, enum ouv_unzip_step step, const char *name, const void *bytes,
	size_t len)
{
	struct told *told = user;

	(void)bytes;
	if (name == NULL || *name == '\0' || strlen(name) > OUV_UNZIP_NAME ||
		strstr(name, "..") != NULL || *name == '/')
		abort();
	told->files += step == OUV_UNZIP_FILE;
	told->whole += step == OUV_UNZIP_DONE;
	told->bytes += len;
}

static struct told
look(const uint8_t *data, size_t size, size_t piece, bool *good)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	struct told told = { 0 };
	struct ouv_unzip *unzip = ouv_unzip_new(arena, take, &told);

	for (size_t at = 0; at < size; at += piece)
		(void)!ouv_unzip_add(unzip, data + at,
			size - at < piece ? size - at : piece);
	*good = ouv_unzip_end(unzip) == OUV_OK;
	if (*good == (ouv_unzip_wrong(unzip) != NULL))
		abort();
	ouv_arena_free(&arena);
	return told;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	bool good, again;
	struct told all = look(data, size, size + 1, &good);
	struct told bits = look(data, size, 3, &again);

	if (good != again || (good && memcmp(&all, &bits, sizeof(all)) != 0))
		abort();
	if (good && all.whole != all.files)
		abort();
	return 0;
}
