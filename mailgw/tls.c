/*
 * tls.c - libetpan's low-level driver on poll() and GnuTLS
 *
 * The socket never blocks; each wait has an absolute deadline.  The end of the
 * stream is an error, as libetpan takes a read of nothing for "try again".
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <gnutls/gnutls.h>
#include <libetpan/libetpan.h>

#include "ouv/log.h"
#include "tls.h"

/* A TLS record; larger reads (literals) go past libetpan's buffer. */
#define STREAM_BUFFER 16384
/* Post-handshake messages in a row before data: nobody sends that many. */
#define QUIET_RECORDS_MAX 64
#define DEFAULT_WRITE_MS 60000
#define DEFAULT_ANSWER_MS 60000

/* TLS 1.2 and 1.3, 128-bit ciphers or better, keys of 2048 bits or more. */
#define PRIORITIES \
	"SECURE128:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:%PROFILE_MEDIUM"

struct tls {
	const char *what;
	char *host, *ca_file;
	int fd;
	int connect_ms;
	bool encrypted;
	const char *why;
	tls_guard *guard;
	void *user;
	mailstream *stream;
	gnutls_session_t session;
	gnutls_certificate_credentials_t trust;
	int write_ms, answer_ms;
	int64_t answer_by; /* monotonic milliseconds */
	uint64_t written;
};

static int64_t
now_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* 1: ready, 0: the deadline passed, -1: poll itself failed. */
static int
wait_for(int fd, short events, int64_t by)
{
	struct pollfd p = { .fd = fd, .events = events };

	for (;;) {
		int64_t left = by - now_ms();
		int n;

		if (left <= 0)
			return 0;
		n = poll(&p, 1, left > 3600000 ? 3600000 : (int)left);
		if (n > 0)
			return 1;
		if (n < 0 && errno != EINTR)
			return -1;
	}
}

/* The first reason is the one that explains the others. */
static ssize_t
broken(struct tls *tls, const char *why)
{
	if (tls->why == NULL)
		tls->why = why;
	return -1;
}

/* ---- bytes --------------------------------------------------------------- */

/* What a nearly finished read or write says: wait, or give up. */
static bool
wait_again(struct tls *tls, short events, int64_t by)
{
	int n = wait_for(tls->fd, events, by);

	if (n > 0)
		return true;
	(void)broken(tls, n == 0 ? "no answer in time" : "poll failed");
	return false;
}

static ssize_t
read_plain(struct tls *tls, void *buf, size_t count)
{
	for (;;) {
		ssize_t n = recv(tls->fd, buf, count, 0);

		if (n > 0)
			return n;
		if (n == 0)
			return broken(tls, "closed by the server");
		if (errno == EINTR)
			continue;
		if (errno != EAGAIN)
			return broken(tls, strerrordesc_np(errno));
		if (!wait_again(tls, POLLIN, tls->answer_by))
			return -1;
	}
}

static short
wanted(const struct tls *tls)
{
	return gnutls_record_get_direction(tls->session) ? POLLOUT : POLLIN;
}

static ssize_t
read_tls(struct tls *tls, void *buf, size_t count)
{
	for (int quiet = 0; quiet < QUIET_RECORDS_MAX;) {
		ssize_t n = gnutls_record_recv(tls->session, buf, count);

		if (n > 0)
			return n;
		if (n == 0 || n == GNUTLS_E_PREMATURE_TERMINATION)
			return broken(tls, "closed by the server");
		if (n == GNUTLS_E_AGAIN) {
			if (!wait_again(tls, wanted(tls), tls->answer_by))
				return -1;
			continue;
		}
		/* A renegotiation is the one non-fatal thing we will not do. */
		if (gnutls_error_is_fatal((int)n) || n == GNUTLS_E_REHANDSHAKE)
			return broken(tls, gnutls_strerror((int)n));
		quiet++;
	}
	return broken(tls, "too many records without data");
}

static ssize_t
driver_read(mailstream_low *low, void *buf, size_t count)
{
	struct tls *tls = low->data;
	ssize_t n;

	if (tls->fd < 0 || tls->why != NULL)
		return -1;
	if (now_ms() >= tls->answer_by)
		return broken(tls, "no answer in time");
	n = tls->encrypted ? read_tls(tls, buf, count)
			   : read_plain(tls, buf, count);
	if (n > 0 && tls->guard != NULL &&
		!tls->guard(tls->user, buf, (size_t)n))
		return broken(tls, "an answer that breaks the rules");
	return n;
}

static ssize_t
write_some(struct tls *tls, const void *buf, size_t count, int64_t by)
{
	for (;;) {
		ssize_t n;
		short events = POLLOUT;

		if (tls->encrypted) {
			n = gnutls_record_send(tls->session, buf, count);
			if (n >= 0)
				return n;
			if (n != GNUTLS_E_AGAIN && n != GNUTLS_E_INTERRUPTED)
				return broken(tls, gnutls_strerror((int)n));
			events = wanted(tls);
		} else {
			n = send(tls->fd, buf, count, MSG_NOSIGNAL);
			if (n >= 0)
				return n;
			if (errno != EAGAIN && errno != EINTR)
				return broken(tls, strerrordesc_np(errno));
		}
		if (!wait_again(tls, events, by))
			return -1;
	}
}

static ssize_t
driver_write(mailstream_low *low, const void *buf, size_t count)
{
	struct tls *tls = low->data;
	ssize_t n;

	if (tls->fd < 0 || tls->why != NULL)
		return -1;
	if (count == 0)
		return 0;
	n = write_some(tls, buf, count, now_ms() + tls->write_ms);
	if (n > 0) {
		tls->written += (uint64_t)n;
		tls->answer_by = now_ms() + tls->answer_ms;
	}
	return n;
}

/* ---- the rest of the driver ---------------------------------------------- */

static void
shut(struct tls *tls)
{
	if (tls->session != NULL) {
		/* Says goodbye if the socket takes it at once. */
		if (tls->encrypted && tls->why == NULL)
			(void)gnutls_bye(tls->session, GNUTLS_SHUT_WR);
		gnutls_deinit(tls->session);
		tls->session = NULL;
	}
	if (tls->trust != NULL) {
		gnutls_certificate_free_credentials(tls->trust);
		tls->trust = NULL;
	}
	if (tls->fd >= 0)
		(void)close(tls->fd);
	tls->fd = -1;
}

static int
driver_close(mailstream_low *low)
{
	struct tls *tls = low->data;

	/* What was typed and read must not stay behind in the heap. */
	explicit_bzero(tls->stream->read_buffer, STREAM_BUFFER);
	explicit_bzero(tls->stream->write_buffer, STREAM_BUFFER);
	shut(tls);
	tls->stream = NULL; /* freed by mailstream_close, which called us */
	return 0;
}

static int
driver_get_fd(mailstream_low *low)
{
	const struct tls *tls = low->data;

	return tls->fd;
}

static void
driver_free(mailstream_low *low)
{
	free(low);
}

static void
driver_cancel(mailstream_low *low)
{
	(void)low;
}

static mailstream_low_driver driver = {
	.mailstream_read = driver_read,
	.mailstream_write = driver_write,
	.mailstream_close = driver_close,
	.mailstream_get_fd = driver_get_fd,
	.mailstream_free = driver_free,
	.mailstream_cancel = driver_cancel,
};

/* ---- TCP ----------------------------------------------------------------- */

static bool
is_loopback(const struct sockaddr *sa)
{
	if (sa->sa_family == AF_INET) {
		const struct sockaddr_in *in = (const void *)sa;

		return ntohl(in->sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
	}
	if (sa->sa_family == AF_INET6) {
		const struct sockaddr_in6 *in6 = (const void *)sa;

		return IN6_IS_ADDR_LOOPBACK(&in6->sin6_addr);
	}
	return false;
}

static int
connect_one(const struct addrinfo *ai, int64_t by)
{
	int one = 1, failed = 0;
	socklen_t len = sizeof(failed);
	int fd = socket(ai->ai_family,
		ai->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK,
		ai->ai_protocol);

	if (fd < 0)
		return -1;
	if (connect(fd, ai->ai_addr, ai->ai_addrlen) != 0 &&
		(errno != EINPROGRESS || wait_for(fd, POLLOUT, by) != 1 ||
			getsockopt(fd, SOL_SOCKET, SO_ERROR, &failed, &len) !=
				0 ||
			failed != 0)) {
		(void)close(fd);
		return -1;
	}
	/* Commands are small and wait for answers; an idle line is watched. */
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	(void)setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &one, sizeof(one));
	return fd;
}

static enum ouv_err
connect_any(const struct tls_peer *peer, int64_t by, int *fd_out)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM,
		.ai_flags = AI_NUMERICSERV };
	struct addrinfo *list = NULL;
	bool tried = false;
	char port[8];
	int fd = -1, failed;

	(void)snprintf(port, sizeof(port), "%u", (unsigned)peer->port & 0xffff);
	failed = getaddrinfo(peer->host, port, &hints, &list);
	if (failed != 0) {
		ouv_log_warn(
			"%s: host name: %s", peer->what, gai_strerror(failed));
		return OUV_TEMPORARY;
	}
	for (struct addrinfo *ai = list; ai != NULL && fd < 0;
		ai = ai->ai_next) {
		if (peer->security == TLS_NONE && !is_loopback(ai->ai_addr))
			continue;
		tried = true;
		fd = connect_one(ai, by);
	}
	freeaddrinfo(list);
	if (!tried) {
		ouv_log_error("%s: security is none and the host is not this "
			      "machine; nothing was sent",
			peer->what);
		return OUV_REFUSED;
	}
	if (fd < 0) {
		ouv_log_warn("%s: cannot connect", peer->what);
		return OUV_TEMPORARY;
	}
	*fd_out = fd;
	return OUV_OK;
}

/* ---- the handshake ------------------------------------------------------- */

static enum ouv_err
trust_load(struct tls *tls)
{
	int n;

	if (gnutls_certificate_allocate_credentials(&tls->trust) < 0)
		return OUV_TEMPORARY;
	if (tls->ca_file != NULL)
		n = gnutls_certificate_set_x509_trust_file(
			tls->trust, tls->ca_file, GNUTLS_X509_FMT_PEM);
	else
		n = gnutls_certificate_set_x509_system_trust(tls->trust);
	if (n > 0)
		return OUV_OK;
	ouv_log_error("%s: no certificate authority could be read from %s",
		tls->what, tls->ca_file ? tls->ca_file : "the system's store");
	return OUV_REFUSED;
}

static bool
is_address(const char *host)
{
	unsigned char address[16];

	return inet_pton(AF_INET, host, address) == 1 ||
	       inet_pton(AF_INET6, host, address) == 1;
}

static bool
session_init(struct tls *tls)
{
	if (gnutls_init(&tls->session,
		    GNUTLS_CLIENT | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL) < 0)
		return false;
	if (gnutls_priority_set_direct(tls->session, PRIORITIES, NULL) < 0 ||
		gnutls_credentials_set(
			tls->session, GNUTLS_CRD_CERTIFICATE, tls->trust) < 0)
		return false;
	/* RFC 6066, 3: literal addresses are not named. */
	if (!is_address(tls->host) &&
		gnutls_server_name_set(tls->session, GNUTLS_NAME_DNS, tls->host,
			strlen(tls->host)) < 0)
		return false;
	gnutls_session_set_verify_cert(tls->session, tls->host, 0);
	gnutls_transport_set_int(tls->session, tls->fd);
	gnutls_handshake_set_timeout(tls->session, 0); /* ours is below */
	return true;
}

static void
log_certificate(const struct tls *tls)
{
	gnutls_datum_t text = { NULL, 0 };

	if (gnutls_certificate_verification_status_print(
		    gnutls_session_get_verify_cert_status(tls->session),
		    GNUTLS_CRT_X509, &text, 0) >= 0)
		ouv_log_error("%s: certificate refused: %s", tls->what,
			(const char *)text.data);
	gnutls_free(text.data);
}

static enum ouv_err
handshake_failed(struct tls *tls, int failed)
{
	(void)broken(tls, "no secure connection");
	if (failed == GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR) {
		log_certificate(tls);
		return OUV_REFUSED;
	}
	if (failed == GNUTLS_E_AGAIN || failed == GNUTLS_E_PUSH_ERROR ||
		failed == GNUTLS_E_PULL_ERROR ||
		failed == GNUTLS_E_PREMATURE_TERMINATION) {
		ouv_log_warn("%s: handshake: %s", tls->what,
			failed == GNUTLS_E_AGAIN ? "no answer in time"
						 : gnutls_strerror(failed));
		return OUV_TEMPORARY;
	}
	ouv_log_error("%s: handshake refused: %s", tls->what,
		gnutls_strerror(failed));
	return OUV_REFUSED;
}

static enum ouv_err
handshake(struct tls *tls, int64_t by)
{
	enum ouv_err err = trust_load(tls);
	int n, step = 0;

	if (err != OUV_OK) {
		(void)broken(tls, "no secure connection");
		return err;
	}
	if (!session_init(tls)) {
		(void)broken(tls, "no secure connection");
		ouv_log_error("%s: GnuTLS cannot be set up", tls->what);
		return OUV_REFUSED;
	}
	while ((n = gnutls_handshake(tls->session)) < 0) {
		if (n == GNUTLS_E_AGAIN &&
			wait_for(tls->fd, wanted(tls), by) == 1)
			continue;
		if (n == GNUTLS_E_AGAIN || gnutls_error_is_fatal(n) ||
			++step > QUIET_RECORDS_MAX)
			return handshake_failed(tls, n);
	}
	tls->encrypted = true;
	return OUV_OK;
}

/* ---- the interface ------------------------------------------------------- */

enum ouv_err
tls_security_parse(const char *word, enum tls_security *security_out)
{
	static const char *const words[] = { [TLS_NONE] = "none",
		[TLS_STARTTLS] = "starttls",
		[TLS_DIRECT] = "tls" };

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (word != NULL && strcasecmp(word, words[i]) == 0) {
			*security_out = (enum tls_security)i;
			return OUV_OK;
		}
	return OUV_INVALID;
}

static struct tls *
tls_new(const struct tls_peer *peer, tls_guard *guard, void *user)
{
	struct tls *tls = calloc(1, sizeof(*tls));

	if (tls == NULL || (tls->host = strdup(peer->host)) == NULL)
		abort();
	if (peer->ca_file != NULL && *peer->ca_file != '\0' &&
		(tls->ca_file = strdup(peer->ca_file)) == NULL)
		abort();
	tls->what = peer->what;
	tls->fd = -1;
	tls->connect_ms = peer->connect_ms;
	tls->guard = guard;
	tls->user = user;
	tls->write_ms = DEFAULT_WRITE_MS;
	tls->answer_ms = DEFAULT_ANSWER_MS;
	return tls;
}

static void
stream_new(struct tls *tls)
{
	mailstream_low *low = mailstream_low_new(tls, &driver);

	if (low == NULL ||
		(tls->stream = mailstream_new(low, STREAM_BUFFER)) == NULL)
		abort();
}

enum ouv_err
tls_open(const struct tls_peer *peer, tls_guard *guard, void *user,
	struct tls **tls_out)
{
	int64_t by = now_ms() + peer->connect_ms;
	struct tls *tls;
	enum ouv_err err;

	tls = tls_new(peer, guard, user);
	err = connect_any(peer, by, &tls->fd);
	if (err == OUV_OK && peer->security == TLS_DIRECT)
		err = handshake(tls, by);
	if (err != OUV_OK) {
		tls_close(&tls);
		return err;
	}
	stream_new(tls);
	tls->answer_by = now_ms() + tls->answer_ms; /* for the greeting */
	*tls_out = tls;
	return OUV_OK;
}

enum ouv_err
tls_upgrade(struct tls *tls)
{
	char c;

	if (tls->fd < 0 || tls->why != NULL)
		return OUV_TEMPORARY;
	if (tls->stream->read_buffer_len > 0 ||
		recv(tls->fd, &c, 1, MSG_PEEK) > 0) {
		(void)broken(tls, "bytes before the handshake");
		ouv_log_error("%s: somebody wrote into the line before it was "
			      "encrypted",
			tls->what);
		return OUV_REFUSED;
	}
	return handshake(tls, now_ms() + tls->connect_ms);
}

mailstream *
tls_stream(struct tls *tls)
{
	return tls->stream;
}

bool
tls_is_encrypted(const struct tls *tls)
{
	return tls->encrypted;
}

void
tls_patience(struct tls *tls, int write_ms, int answer_ms)
{
	tls->write_ms = write_ms;
	tls->answer_ms = answer_ms;
}

uint64_t
tls_written(const struct tls *tls)
{
	return tls->written;
}

int
tls_fd(const struct tls *tls)
{
	return tls->fd;
}

bool
tls_has_input(const struct tls *tls)
{
	if (tls->stream != NULL && tls->stream->read_buffer_len > 0)
		return true;
	return tls->session != NULL &&
	       gnutls_record_check_pending(tls->session) > 0;
}

bool
tls_is_broken(const struct tls *tls)
{
	return tls->fd < 0 || tls->why != NULL;
}

const char *
tls_why(const struct tls *tls)
{
	return tls->why != NULL ? tls->why : "";
}

void
tls_close(struct tls **tls)
{
	if (tls == NULL || *tls == NULL)
		return;
	if ((*tls)->stream != NULL)
		(void)mailstream_close((*tls)->stream);
	shut(*tls);
	free((*tls)->host);
	free((*tls)->ca_file);
	free(*tls);
	*tls = NULL;
}
