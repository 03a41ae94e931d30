/*
 * zip.c - a ZIP archive that goes out as it is made (libarchive's writer alone)
 */
#include <archive.h>
#include <archive_entry.h>

#include "ouv/zip.h"

struct ouv_zip {
	struct archive *archive;
	struct ouv_arena *room; /* of out */
	struct ouv_buf out;
};

static void
zip_free(void *it)
{
	struct ouv_zip *zip = it;

	/* What is left is not written any more: out may be gone. */
	(void)archive_write_fail(zip->archive);
	(void)archive_write_free(zip->archive);
	ouv_arena_free(&zip->room);
}

static la_ssize_t
take(struct archive *archive, void *user, const void *data, size_t len)
{
	struct ouv_zip *zip = user;

	(void)archive;
	ouv_buf_add(&zip->out, data, len);
	return (la_ssize_t)len;
}

struct ouv_zip *
ouv_zip_new(struct ouv_arena *arena)
{
	struct ouv_zip *zip = ouv_arena_alloc(arena, sizeof(*zip));

	zip->archive = archive_write_new();
	if (zip->archive == NULL)
		return NULL;
	zip->room = ouv_arena_new(OUV_ARENA_WIPE);
	ouv_arena_defer(arena, zip_free, zip);
	ouv_buf_init(&zip->out, zip->room, 0);
	if (archive_write_set_format_zip(zip->archive) != ARCHIVE_OK ||
		archive_write_set_bytes_per_block(zip->archive, 0) !=
			ARCHIVE_OK ||
		archive_write_open(zip->archive, zip, NULL, take, NULL) !=
			ARCHIVE_OK)
		return NULL;
	return zip;
}

enum ouv_err
ouv_zip_file(struct ouv_zip *zip, const char *name, int64_t at)
{
	struct archive_entry *entry = archive_entry_new();
	int done;

	if (entry == NULL)
		return OUV_TEMPORARY;
	archive_entry_set_pathname(entry, name);
	archive_entry_set_filetype(entry, AE_IFREG);
	archive_entry_set_perm(entry, 0644);
	archive_entry_set_mtime(entry, (time_t)at, 0);
	/* its size stands behind it */
	archive_entry_unset_size(entry);
	done = archive_write_header(zip->archive, entry);
	archive_entry_free(entry);
	return done >= ARCHIVE_WARN ? OUV_OK : OUV_TEMPORARY;
}

enum ouv_err
ouv_zip_bytes(struct ouv_zip *zip, const void *data, size_t len)
{
	if (len == 0)
		return OUV_OK;
	return archive_write_data(zip->archive, data, len) == (la_ssize_t)len
		       ? OUV_OK
		       : OUV_TEMPORARY;
}

enum ouv_err
ouv_zip_end(struct ouv_zip *zip)
{
	return archive_write_close(zip->archive) == ARCHIVE_OK ? OUV_OK
							       : OUV_TEMPORARY;
}

struct ouv_str
ouv_zip_take(struct ouv_zip *zip)
{
	struct ouv_str ready = { zip->out.data, zip->out.len };

	zip->out.len = 0;
	return ready;
}
