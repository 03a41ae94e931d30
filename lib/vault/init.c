/*
 * init.c - start of the library, and a process that leaves no core behind
 */
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <liboath/oath.h>
#include <sodium.h>

#include "ouv/log.h"
#include "inner.h"

_Noreturn void
vault_die(const char *what)
{
	ouv_log_error("vault: %s", what);
	abort();
}

void
ouv_vault_init(void)
{
	static const struct rlimit no_core = { 0, 0 };

	if (sodium_init() < 0)
		vault_die("libsodium does not start");
	if (oath_init() != OATH_OK)
		vault_die("liboath does not start");
	/* A crash must not write case text to disk, nor may another process
	 * of the same user attach and read it. */
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
		vault_die("PR_SET_DUMPABLE");
	if (setrlimit(RLIMIT_CORE, &no_core) != 0)
		vault_die("RLIMIT_CORE");
}

void *
vault_guarded(size_t len)
{
	void *out = sodium_malloc(len);

	if (out == NULL)
		vault_die("no guarded memory left");
	return out;
}

void
ouv_wipe(void *data, size_t len)
{
	sodium_memzero(data, len);
}

bool
ouv_equal(const void *a, const void *b, size_t len)
{
	return sodium_memcmp(a, b, len) == 0;
}
