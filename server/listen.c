/*
 * listen.c - the socket to serve on: handed over by systemd, unix, or loopback
 *
 * The HTTP library must not face a network, so no other address is taken.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "ouv/log.h"

#include "http.h"

#define BACKLOG 128
#define HANDED_OVER 3 /* sd_listen_fds(3) */

union address {
	struct sockaddr any;
	struct sockaddr_in in;
	struct sockaddr_un un;
};

/* 0: not an address of ours. */
static socklen_t
parse(const char *where, union address *address)
{
	long port;
	char *end;

	memset(address, 0, sizeof(*address));
	if (strncmp(where, "unix:/", 6) == 0) {
		if (strlen(where + 5) >= sizeof(address->un.sun_path))
			return 0;
		address->un.sun_family = AF_UNIX;
		memcpy(address->un.sun_path, where + 5, strlen(where + 5));
		return sizeof(address->un);
	}
	if (strncmp(where, "127.0.0.1:", 10) != 0)
		return 0;
	port = strtol(where + 10, &end, 10);
	if (where[10] == '\0' || *end != '\0' || port < 1 || port > 65535)
		return 0;
	address->in.sin_family = AF_INET;
	address->in.sin_port = htons((uint16_t)port);
	address->in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return sizeof(address->in);
}

enum ouv_err
listen_check(const char *where)
{
	union address address;

	if (parse(where, &address) != 0)
		return OUV_OK;
	ouv_log_error("[server] listen %s: expected unix:/path (at most 107 "
		      "bytes) or 127.0.0.1:port",
		where);
	return OUV_INVALID;
}

static bool
is_handed_over(void)
{
	const char *pid = getenv("LISTEN_PID");
	const char *fds = getenv("LISTEN_FDS");

	return pid != NULL && fds != NULL && strcmp(fds, "1") == 0 &&
	       strtol(pid, NULL, 10) == (long)getpid();
}

/* Does a program answer at this file? If not, the file is left over. */
static bool
is_answered(const union address *address, socklen_t len)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool answered;

	if (fd < 0)
		return true;
	answered = connect(fd, &address->any, len) == 0;
	(void)close(fd);
	return answered;
}

static enum ouv_err
clear_file(const union address *address, socklen_t len)
{
	const char *path = address->un.sun_path;
	struct stat st;

	if (lstat(path, &st) != 0)
		return OUV_OK;
	if (!S_ISSOCK(st.st_mode)) {
		ouv_log_error("%s: is there and is no socket", path);
		return OUV_CONFLICT;
	}
	if (is_answered(address, len)) {
		ouv_log_error("%s: a program already listens there", path);
		return OUV_CONFLICT;
	}
	(void)unlink(path);
	return OUV_OK;
}

enum ouv_err
listen_open(const char *where, int *socket_out)
{
	union address address;
	socklen_t len = parse(where, &address);
	int family = address.any.sa_family;
	int one = 1, fd;
	enum ouv_err err;

	if (is_handed_over()) {
		*socket_out = HANDED_OVER;
		return OUV_OK;
	}
	if (family == AF_UNIX && (err = clear_file(&address, len)) != OUV_OK)
		return err;
	fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0) {
		ouv_log_error("socket: %s", strerror(errno));
		return OUV_TEMPORARY;
	}
	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(fd, &address.any, len) != 0 ||
		(family == AF_UNIX && chmod(address.un.sun_path, 0660) != 0) ||
		listen(fd, BACKLOG) != 0) {
		err = errno == EADDRINUSE ? OUV_CONFLICT : OUV_TEMPORARY;
		ouv_log_error("listen on %s: %s", where, strerror(errno));
		(void)close(fd);
		return err;
	}
	*socket_out = fd;
	return OUV_OK;
}

void
listen_close(const char *where, int socket)
{
	union address address;

	(void)close(socket);
	if (socket != HANDED_OVER && parse(where, &address) != 0 &&
		address.any.sa_family == AF_UNIX)
		(void)unlink(address.un.sun_path);
}
