/*
 * secret.c - reading secret files, and refusing those others could read
 *
 * systemd may hand them over (LoadCredential=): then the one of the same name
 * in its folder is read, wherever the configuration says that it lies.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ouv/config.h"
#include "ouv/log.h"

#define SECRET_MAX 4096

/* False: it was not handed over. */
static bool
handed_over(const char *path, char *out, size_t cap)
{
	const char *folder = getenv("CREDENTIALS_DIRECTORY");
	const char *name = strrchr(path, '/');
	int len;

	if (folder == NULL || *folder != '/')
		return false;
	len = snprintf(
		out, cap, "%s/%s", folder, name != NULL ? name + 1 : path);
	return len > 0 && (size_t)len < cap && access(out, F_OK) == 0;
}

bool
ouv_secret_there(const char *path)
{
	char other[SECRET_MAX];

	return *path != '\0' && (handed_over(path, other, sizeof(other)) ||
					access(path, F_OK) == 0);
}

/* In its folder systemd lets one user in by an access list, which shows as
 * rights of a group; elsewhere a group is others. */
static enum ouv_err
check_file(const char *path, int fd, bool handed)
{
	const mode_t others = handed ? 0137 : 0177;
	struct stat st;

	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		ouv_log_error("secret file %s: not a regular file", path);
		return OUV_REFUSED;
	}
	if (st.st_uid != geteuid() && st.st_uid != 0) {
		ouv_log_error("secret file %s: owned by uid %u; chown it to "
			      "the user that runs this program",
			path, (unsigned)st.st_uid);
		return OUV_REFUSED;
	}
	if ((st.st_mode & others) != 0) {
		ouv_log_error("secret file %s: mode %04o lets others in; "
			      "chmod 600 it",
			path, (unsigned)(st.st_mode & 07777));
		return OUV_REFUSED;
	}
	return OUV_OK;
}

static enum ouv_err
read_whole(const char *path, int fd, void *out, size_t cap, size_t *len_out)
{
	char text[SECRET_MAX + 1];
	size_t len = 0;
	ssize_t n;
	enum ouv_err err = OUV_OK;

	while (len < sizeof(text) &&
		(n = read(fd, text + len, sizeof(text) - len)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			break;
		len += (size_t)n;
	}
	if (len > 0 && text[len - 1] == '\n')
		len--;
	if (len == 0 || len > SECRET_MAX || len > cap) {
		ouv_log_error("secret file %s: %s", path,
			len == 0 ? "empty" : "too long");
		err = OUV_INVALID;
	} else {
		memcpy(out, text, len);
		*len_out = len;
	}
	explicit_bzero(text, sizeof(text));
	return err;
}

enum ouv_err
ouv_secret_read(const char *path, void *out, size_t cap, size_t *len_out)
{
	char other[SECRET_MAX];
	bool handed;
	enum ouv_err err;
	int fd;

	if (path == NULL || *path == '\0') {
		ouv_log_error(
			"a secret file is not named in the configuration");
		return OUV_NOT_FOUND;
	}
	handed = handed_over(path, other, sizeof(other));
	if (handed)
		path = other;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0) {
		ouv_log_error("secret file %s: %s", path, strerror(errno));
		return OUV_NOT_FOUND;
	}
	err = check_file(path, fd, handed);
	if (err == OUV_OK)
		err = read_whole(path, fd, out, cap, len_out);
	(void)close(fd);
	return err;
}
