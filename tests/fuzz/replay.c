/*
 * replay.c - runs a fuzz target over files, without a fuzzer
 *
 * Every file named, and every file below the folders named, goes through the
 * target once; so what a fuzzer found stays found in every ordinary build.
 */
#include <fts.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static int
replay(const FTSENT *entry)
{
	size_t len = (size_t)entry->fts_statp->st_size;
	/* Of the exact size, so that a sanitizer sees one byte too far. */
	uint8_t *data = malloc(len > 0 ? len : 1);
	FILE *file = fopen(entry->fts_accpath, "re");
	int whole = data != NULL && file != NULL &&
		    fread(data, 1, len, file) == len;

	if (file != NULL)
		(void)fclose(file);
	if (whole)
		(void)LLVMFuzzerTestOneInput(data, len);
	else
		(void)fprintf(stderr, "%s: cannot be read\n", entry->fts_path);
	free(data);
	return whole;
}

int
main(int argc, char **argv)
{
	unsigned count = 0;
	FTSENT *entry;
	FTS *tree;

	if (argc < 2) {
		(void)fprintf(stderr, "usage: %s FILE|FOLDER...\n", argv[0]);
		return 1;
	}
	tree = fts_open(argv + 1, FTS_LOGICAL | FTS_NOCHDIR, NULL);
	while (tree != NULL && (entry = fts_read(tree)) != NULL) {
		if (entry->fts_info == FTS_D || entry->fts_info == FTS_DP)
			continue;
		if (entry->fts_info != FTS_F || !replay(entry)) {
			(void)fprintf(stderr, "%s: no file to replay\n",
				entry->fts_path);
			return 1;
		}
		count++;
	}
	if (tree != NULL)
		(void)fts_close(tree);
	printf("%u replayed\n", count);
	return count == 0;
}
