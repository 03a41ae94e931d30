/*
 * fuzz_kept.c - documents that come back from outside: mails of checkpoints
 * that somebody kept, and what the escrow's custodians bring
 *
 * The first byte chooses.  What is read must be of the promised shape; a
 * document of the escrow that is taken comes back as it was, with the same
 * fingerprint, and with another one when anything in it is changed.
 */
#include <stdlib.h>
#include <string.h>

#include "../../lib/desk/escrow_file.h"
#include "../../lib/desk/kept_mail.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool holds)
{
	if (!holds)
		abort();
}

/* ---- kept mails --------------------------------------------------------- */

struct told {
	size_t size, count, most;
};

static enum ouv_err
tell(struct kept *kept, void *user)
{
	struct told *told = user;

	must(kept->c.n != 0);
	told->count++;
	/* Its six lines alone are longer than that. */
	must(!kept->whole || told->size > 300);
	return told->count == told->most ? OUV_CONFLICT : OUV_OK;
}

static void
read_mail(const uint8_t *data, size_t size)
{
	struct told told = { .size = size, .most = size > 0 ? data[0] : 1 };
	FILE *file;
	enum ouv_err err;

	if (size == 0)
		return;
	file = fmemopen((void *)(uintptr_t)data, size, "r");
	must(file != NULL);
	err = kept_mail_read(file, tell, &told);
	must((err == OUV_OK) == (told.count < told.most || told.most == 0));
	(void)fclose(file);
}

/* ---- the escrow's document ---------------------------------------------- */

static void
same(struct ouv_arena *arena, const struct escrow_file *file)
{
	char first[OUV_FINGERPRINT_MAX], second[OUV_FINGERPRINT_MAX];
	json_t *doc = escrow_file_write(file);
	struct escrow_file again;

	must(doc != NULL);
	must(escrow_file_read(arena, doc, &again) == OUV_OK);
	must(again.count == file->count);
	escrow_file_print(file, first);
	escrow_file_print(&again, second);
	must(strcmp(first, second) == 0);
	again.keys[again.count - 1].box[OUV_BOX - 1] ^= 1;
	escrow_file_print(&again, second);
	must(strcmp(first, second) != 0);
	json_decref(doc);
}

static void
read_escrow(const uint8_t *data, size_t size)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	json_t *doc = json_loadb((const char *)data, size, 0, NULL);
	struct escrow_file file;

	if (doc != NULL && escrow_file_read(arena, doc, &file) == OUV_OK)
		same(arena, &file);
	json_decref(doc);
	ouv_arena_free(&arena);
}

static void (*const readers[])(const uint8_t *data, size_t size) = {
	read_mail,
	read_escrow,
};

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool started;

	if (size == 0)
		return 0;
	if (!started)
		ouv_vault_init();
	started = true;
	readers[data[0] % (sizeof(readers) / sizeof(readers[0]))](
		data + 1, size - 1);
	return 0;
}
