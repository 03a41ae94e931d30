/*
 * watched_hash.c - whoever stretches a password is seen doing it
 *
 *   LD_PRELOAD=watched_hash.so OUV_HASH_WATCH=SOCKET program
 *
 * Each time the program is about to, it says so to whoever listens at SOCKET
 * and waits for an answer: a test looks around in between, however quick or
 * slow the machine is.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

typedef int stretch_fn(unsigned char *const out, unsigned long long out_len,
	const char *const secret, unsigned long long secret_len,
	const unsigned char *const salt, unsigned long long ops, size_t mem,
	int alg);

/* A program that is not watched must not pass for one that is. */
static void
give_up(const char *why)
{
	(void)fprintf(stderr, "watched_hash: %s\n", why);
	_exit(70);
}

static void
wait_to_be_seen(void)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	const char *path = getenv("OUV_HASH_WATCH");
	char answer;
	int line;

	if (path == NULL || strlen(path) >= sizeof(to.sun_path))
		give_up("OUV_HASH_WATCH names no socket");
	memcpy(to.sun_path, path, strlen(path) + 1);
	line = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (line < 0 ||
		connect(line, (const struct sockaddr *)&to, sizeof(to)) != 0 ||
		read(line, &answer, 1) != 1)
		give_up("nobody watches");
	(void)close(line);
}

int crypto_pwhash(unsigned char *const out, unsigned long long out_len,
	const char *const secret, unsigned long long secret_len,
	const unsigned char *const salt, unsigned long long ops, size_t mem,
	int alg);

int
crypto_pwhash(unsigned char *const out, unsigned long long out_len,
	const char *const secret, unsigned long long secret_len,
	const unsigned char *const salt, unsigned long long ops, size_t mem,
	int alg)
{
	stretch_fn *real;

	*(void **)&real = dlsym(RTLD_NEXT, "crypto_pwhash");
	if (real == NULL)
		give_up("nothing to watch");
	wait_to_be_seen();
	return real(out, out_len, secret, secret_len, salt, ops, mem, alg);
}
