/*
 * tls.h - the wire under IMAP and SMTP: TCP, then TLS with a checked name
 *
 * libetpan as Debian builds it encrypts but never verifies a certificate,
 * waits with select() and loops for ever when a server goes away inside a
 * literal.  So it gets its bytes from here, through its own low-level driver
 * interface.  One struct tls is one connection and is used by one thread.
 */
#ifndef MAILGW_TLS_H
#define MAILGW_TLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libetpan/mailstream.h>

#include "ouv/err.h"

enum tls_security {
	TLS_NONE,     /* clear: loopback addresses only        */
	TLS_STARTTLS, /* clear until tls_upgrade, then as TLS_DIRECT */
	TLS_DIRECT,   /* encrypted from the first byte         */
};

struct tls_peer {
	const char *what; /* "imap", "smtp": for the log */
	const char *host;
	int port;
	enum tls_security security;
	const char *ca_file; /* "" or NULL: the system's store */
	int connect_ms;      /* for names, TCP and handshake together */
};

/*
 * Sees every run of bytes that came in before libetpan does, and may change
 * them in place.  False ends the connection.
 */
typedef bool tls_guard(void *user, char *data, size_t len);

struct tls;

/* The words of [imap] security and [smtp] security. OUV_INVALID: none. */
OUV_MUST_CHECK enum ouv_err tls_security_parse(
	const char *word, enum tls_security *security_out);

/*
 * Connects, and with TLS_DIRECT shakes hands: TLS 1.2 or later, the host name
 * must be in a certificate that a trusted authority signed and that is valid
 * today.  The guard (borrowed with its user for the connection's life) may be
 * NULL.  Every failure is logged once.
 *
 * OUV_TEMPORARY: no such name now, nobody answers, the line was cut.
 * OUV_REFUSED: the certificate or the protocol version is not good enough,
 * the authorities cannot be read, or the clear was asked for and the host is
 * not this machine.
 */
OUV_MUST_CHECK enum ouv_err tls_open(const struct tls_peer *peer,
	tls_guard *guard, void *user, struct tls **tls_out);

/* The stream libetpan reads and writes. mailstream_close() shuts the
 * connection but leaves struct tls, which goes with tls_close. */
mailstream *tls_stream(struct tls *tls);

/*
 * The handshake after STARTTLS was granted.  Bytes that are already here were
 * written by whoever sits on the line before it was safe: OUV_REFUSED.
 * Otherwise as tls_open.
 */
OUV_MUST_CHECK enum ouv_err tls_upgrade(struct tls *tls);

bool tls_is_encrypted(const struct tls *tls);

/*
 * How long a write may stall, and how long after the last byte written the
 * whole answer may take: a server that drips a byte a second cannot stretch
 * it.
 */
void tls_patience(struct tls *tls, int write_ms, int answer_ms);

/* Bytes written since the connection began. */
uint64_t tls_written(const struct tls *tls);

/* For poll(); -1 once closed. */
int tls_fd(const struct tls *tls);
/* Are there bytes that poll() cannot see, in GnuTLS or in libetpan? */
bool tls_has_input(const struct tls *tls);
/* Did a read or write fail? Then nothing more can be said on this line. */
bool tls_is_broken(const struct tls *tls);
/* Why it broke, for a log line; "" when it did not. */
const char *tls_why(const struct tls *tls);

/* Closes what is still open and frees; NULLs *tls. */
void tls_close(struct tls **tls);

#endif
