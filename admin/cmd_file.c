/*
 * cmd_file.c - files that are named on the command line
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "ouv/buf.h"
#include "ouv/vault.h"

char *
cmd_slurp(struct ouv_arena *arena, const char *path)
{
	FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
	struct ouv_buf buf;
	char piece[4096];
	size_t got;
	int failed;

	if (file == NULL)
		return NULL;
	ouv_buf_init(&buf, arena, sizeof(piece));
	while ((got = fread(piece, 1, sizeof(piece), file)) > 0)
		ouv_buf_add(&buf, piece, got);
	failed = ferror(file) ? errno : 0;
	if (file != stdin)
		(void)fclose(file);
	/* A zero byte would hide the rest from every reader of a C string. */
	if (failed == 0 && memchr(buf.data, '\0', buf.len) != NULL)
		failed = EILSEQ;
	errno = failed;
	return failed == 0 ? buf.data : NULL;
}

enum ouv_err
cmd_secret(struct ouv_arena *arena, const char *path, const char **text_out)
{
	char text[1024];
	size_t len;
	enum ouv_err err = ouv_secret_read(path, text, sizeof(text), &len);

	if (err == OUV_OK)
		*text_out = ouv_arena_strndup(arena, text, len);
	ouv_wipe(text, sizeof(text));
	return err;
}
