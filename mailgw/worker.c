/*
 * worker.c - a name that survives being killed
 *
 * Leases belong to a worker.  When a part of the gateway is killed and started
 * again on the same machine, it must not wait for its own leases to run out:
 * so its name is made of the boot, the network namespace, the configuration
 * and the part.  An abstract socket of that name is the proof that nobody else
 * bears it now; a second gateway beside the first gets a random name.
 */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "mailgw.h"
#include "ouv/log.h"

static void
read_boot(char *out, size_t cap)
{
	FILE *file = fopen("/proc/sys/kernel/random/boot_id", "re");

	out[0] = '\0';
	if (file == NULL)
		return;
	if (fgets(out, (int)cap, file) == NULL)
		out[0] = '\0';
	(void)fclose(file);
}

/* Held until the process ends, however it ends. */
static bool
hold(const struct ouv_id *id)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	char hex[OUV_ID_HEX];
	socklen_t len;

	if (fd < 0)
		return false;
	ouv_id_hex(id, hex);
	len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 +
			  (size_t)snprintf(name.sun_path + 1,
				  sizeof(name.sun_path) - 1,
				  "ouvidoria-mailgw-%s", hex));
	if (bind(fd, (struct sockaddr *)&name, len) == 0)
		return true;
	(void)close(fd);
	return false;
}

struct ouv_id
gw_worker(const struct ouv_config *config, const char *part)
{
	char boot[64], text[1024];
	struct stat net = { 0 };
	struct ouv_id id;
	uint8_t hash[OUV_KEY];
	int len;

	read_boot(boot, sizeof(boot));
	(void)stat("/proc/self/ns/net", &net);
	len = snprintf(text, sizeof(text), "%s|%llu|%s|%s|%s|%s", boot,
		(unsigned long long)net.st_ino, config->db_dsn,
		config->imap_user, config->imap_mailbox, part);
	ouv_hash("worker", text, (size_t)len, hash);
	memcpy(id.b, hash, sizeof(id.b));
	if (boot[0] != '\0' && (size_t)len < sizeof(text) && hold(&id))
		return id;
	ouv_log_info("another gateway runs on this machine");
	return ouv_id_new();
}
