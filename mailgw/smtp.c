/*
 * smtp.c - libetpan's SMTP client, with everything it does not check checked
 *
 * It writes addresses into 513 bytes and lets line ends through, sends DATA
 * after a refused recipient and knows only some codes as success.  So here
 * addresses are validated, the reply code alone decides, and lengths that
 * would be cut are refused.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <libetpan/libetpan.h>

#include "guard.h"
#include "ouv/log.h"
#include "ouv/mail.h"
#include "smtp.h"
#include "tls.h"

#define CONNECT_MS 30000
#define COMMAND_MS 60000
#define QUIT_MS 2000
/* RFC 5321, 4.5.3.2.5: each block of data may take three minutes. */
#define BLOCK_MS 180000
/* AUTH PLAIN must fit libetpan's 512 bytes after base64. */
#define CREDENTIALS_MAX 360

struct smtp {
	mailsmtp *session; /* owns nothing once the stream is closed */
	struct tls *tls;
	struct guard_smtp guard;
	int dot_ms;
	bool used, dead;
};

const char *
smtp_phase_name(enum smtp_phase phase)
{
	static const char *const names[SMTP_PHASE__COUNT] = {
		[SMTP_CONNECT] = "connect",
		[SMTP_MAIL] = "mail",
		[SMTP_RCPT] = "rcpt",
		[SMTP_DATA] = "data",
		[SMTP_DOT] = "dot",
	};

	return phase < SMTP_PHASE__COUNT ? names[phase] : "?";
}

/* ---- one command --------------------------------------------------------- */

/* Before each command: a fresh allowance of bytes and of time. */
static void
arm(struct smtp *smtp, int write_ms, int answer_ms)
{
	guard_smtp_arm(&smtp->guard);
	tls_patience(smtp->tls, write_ms, answer_ms);
}

/*
 * Fills the reply from what libetpan kept.  Its return value only tells
 * whether there was an answer; the class of the code tells the rest.
 */
static enum ouv_err
outcome(struct smtp *smtp, enum smtp_phase phase, int returned, int wanted,
	struct smtp_reply *reply)
{
	const char *text = "";
	int code = 0;

	if (returned != MAILSMTP_ERROR_STREAM && !tls_is_broken(smtp->tls)) {
		code = smtp->session->response_code;
		text = smtp->session->response;
	}
	if (code < 200 || code > 599) {
		code = 0;
		text = smtp->guard.why != NULL ? smtp->guard.why
					       : tls_why(smtp->tls);
		smtp->dead = true;
	}
	if (code == 421) /* RFC 5321, 3.8: the server is closing */
		smtp->dead = true;
	reply->phase = phase;
	reply->code = code;
	(void)snprintf(reply->text, sizeof(reply->text), "%s", text);
	for (char *p = reply->text; *p != '\0'; p++)
		if (*p < 0x20 || *p > 0x7e)
			*p = ' '; /* between the lines of a reply */
	for (size_t n = strlen(reply->text); n > 0 && reply->text[n - 1] == ' ';
		n--)
		reply->text[n - 1] = '\0';
	if (code / 100 == wanted)
		return OUV_OK;
	return code >= 500 ? OUV_REFUSED : OUV_TEMPORARY;
}

/* ---- opening ------------------------------------------------------------- */

/*
 * RFC 5321, 4.1.4 wants a full name or an address literal.  libetpan knows the
 * host's name and the IPv4 literal, and reads the name unchecked.
 */
static int
ehlo_by_address(const struct smtp *smtp)
{
	struct sockaddr_storage address = { 0 };
	socklen_t len = sizeof(address);
	char name[256];
	size_t n;

	if (gethostname(name, sizeof(name)) == 0 &&
		memchr(name, '\0', sizeof(name)) != NULL) {
		n = strspn(name, "abcdefghijklmnopqrstuvwxyz"
				 "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-");
		if (n > 0 && name[n] == '\0' && strchr(name, '.') != NULL)
			return 0;
	}
	return getsockname(tls_fd(smtp->tls), (struct sockaddr *)&address,
		       &len) == 0 &&
	       address.ss_family == AF_INET;
}

static enum ouv_err
say_ehlo(struct smtp *smtp, struct smtp_reply *reply)
{
	arm(smtp, COMMAND_MS, COMMAND_MS);
	return outcome(smtp, SMTP_CONNECT,
		mailesmtp_ehlo_with_ip(smtp->session, ehlo_by_address(smtp)), 2,
		reply);
}

static enum ouv_err
start_tls(struct smtp *smtp, struct smtp_reply *reply)
{
	enum ouv_err err;

	if ((smtp->session->esmtp & MAILSMTP_ESMTP_STARTTLS) == 0) {
		ouv_log_error("smtp: the server does not offer STARTTLS; "
			      "nothing was sent in clear");
		return OUV_REFUSED;
	}
	arm(smtp, COMMAND_MS, COMMAND_MS);
	err = outcome(smtp, SMTP_CONNECT, mailesmtp_starttls(smtp->session), 2,
		reply);
	if (err != OUV_OK) {
		ouv_log_error(
			"smtp: STARTTLS was denied, code %d", reply->code);
		return err;
	}
	if ((err = tls_upgrade(smtp->tls)) != OUV_OK)
		return err; /* logged there */
	/* RFC 3207, 4.2: forget what was learnt in clear. */
	if ((err = say_ehlo(smtp, reply)) != OUV_OK)
		ouv_log_warn("smtp: EHLO after STARTTLS: code %d %s",
			reply->code, reply->code == 0 ? reply->text : "");
	return err;
}

static enum ouv_err
authenticate(struct smtp *smtp, const struct ouv_config *config,
	struct smtp_reply *reply)
{
	char password[CREDENTIALS_MAX + 1];
	size_t len = 0;
	enum ouv_err err;
	int r;

	if (!tls_is_encrypted(smtp->tls)) {
		ouv_log_error("smtp: a user is set but the line is in clear; "
			      "not logging in");
		return OUV_REFUSED;
	}
	if ((smtp->session->auth & MAILSMTP_AUTH_PLAIN) == 0) {
		ouv_log_error("smtp: the server does not offer AUTH PLAIN");
		return OUV_REFUSED;
	}
	err = ouv_secret_read(config->smtp_password_file, password,
		sizeof(password) - 1, &len);
	if (err != OUV_OK)
		return OUV_REFUSED;
	password[len] = '\0';
	/* PLAIN is <NUL>user<NUL>password (RFC 4616). */
	if (strlen(password) != len ||
		2 * strlen(config->smtp_user) + len + 2 > CREDENTIALS_MAX) {
		explicit_bzero(password, sizeof(password));
		ouv_log_error("smtp: the password or the user is too long or "
			      "holds a zero byte");
		return OUV_REFUSED;
	}
	arm(smtp, COMMAND_MS, COMMAND_MS);
	r = mailesmtp_auth_sasl(smtp->session, "PLAIN", config->smtp_host, NULL,
		NULL, config->smtp_user, config->smtp_user, password, NULL);
	explicit_bzero(password, sizeof(password));
	/* No response: the SASL library itself gave up (a missing module). */
	if (r == MAILSMTP_ERROR_AUTH_LOGIN &&
		smtp->session->response_code == 250) {
		ouv_log_error("smtp: SASL PLAIN is not available here "
			      "(package libsasl2-modules)");
		return OUV_REFUSED;
	}
	err = outcome(smtp, SMTP_CONNECT, r, 2, reply);
	if (err != OUV_OK)
		ouv_log_error("smtp: login failed, code %d", reply->code);
	return err;
}

static enum ouv_err
greet(struct smtp *smtp, const struct ouv_config *config,
	enum tls_security security, struct smtp_reply *reply)
{
	enum ouv_err err;
	int r;

	arm(smtp, COMMAND_MS, COMMAND_MS);
	r = mailsmtp_connect(smtp->session, tls_stream(smtp->tls));
	/* Anything but 220 has closed the stream, and with it the socket; the
	 * code is still there. */
	if (r != MAILSMTP_NO_ERROR) {
		reply->code = smtp->session->response_code;
		if (r == MAILSMTP_ERROR_STREAM || reply->code < 200 ||
			reply->code > 599)
			reply->code = 0;
		ouv_log_warn("smtp: greeting: code %d", reply->code);
		return reply->code >= 500 ? OUV_REFUSED : OUV_TEMPORARY;
	}
	if ((err = say_ehlo(smtp, reply)) != OUV_OK) {
		ouv_log_warn("smtp: EHLO: code %d %s", reply->code,
			reply->code == 0 ? reply->text : "");
		return err;
	}
	if (security == TLS_STARTTLS &&
		(err = start_tls(smtp, reply)) != OUV_OK)
		return err;
	if (config->smtp_user != NULL && *config->smtp_user != '\0')
		return authenticate(smtp, config, reply);
	return OUV_OK;
}

enum ouv_err
smtp_open(const struct ouv_config *config, struct smtp **smtp_out,
	struct smtp_reply *reply_out)
{
	struct smtp_reply reply = { .phase = SMTP_CONNECT };
	struct tls_peer peer = { .what = "smtp",
		.host = config->smtp_host,
		.port = config->smtp_port,
		.ca_file = config->smtp_ca_file,
		.connect_ms = CONNECT_MS };
	struct smtp *smtp = NULL;
	enum ouv_err err;

	if (tls_security_parse(config->smtp_security, &peer.security) !=
		OUV_OK) {
		ouv_log_error("smtp: security is none of tls, starttls, none");
		return OUV_REFUSED;
	}
	if ((smtp = calloc(1, sizeof(*smtp))) == NULL ||
		(smtp->session = mailsmtp_new(0, NULL)) == NULL)
		abort();
	smtp->dot_ms = config->smtp_dot_secs * 1000;
	guard_smtp_arm(&smtp->guard);
	err = tls_open(&peer, guard_smtp_feed, &smtp->guard, &smtp->tls);
	if (err == OUV_OK)
		err = greet(smtp, config, peer.security, &reply);
	if (reply_out != NULL) {
		*reply_out = reply;
		reply_out->phase = SMTP_CONNECT;
	}
	if (err != OUV_OK) {
		smtp_close(&smtp);
		return err;
	}
	*smtp_out = smtp;
	return OUV_OK;
}

/* ---- sending ------------------------------------------------------------- */

/* An address beyond ASCII needs SMTPUTF8 (RFC 6531), which libetpan cannot
 * ask for. */
static bool
is_ascii(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if ((text[i] & 0x80) != 0 || text[i] == '\0')
			return false;
	return true;
}

static enum ouv_err
check(const struct smtp *smtp, const char *from, const char *to,
	const char *data, size_t len, struct smtp_reply *reply)
{
	size_t max = smtp->session->smtp_max_msg_size;

	if ((*from != '\0' && !ouv_mail_addr_ok(from)) ||
		!ouv_mail_addr_ok(to)) {
		(void)snprintf(
			reply->text, sizeof(reply->text), "address not usable");
		return OUV_INVALID;
	}
	if (!is_ascii(from, strlen(from)) || !is_ascii(to, strlen(to))) {
		(void)snprintf(reply->text, sizeof(reply->text),
			"address needs SMTPUTF8");
		return OUV_INVALID;
	}
	/* 8BITMIME is not asked for: a byte above ASCII would be damaged. */
	if (!is_ascii(data, len)) {
		(void)snprintf(reply->text, sizeof(reply->text),
			"message is not 7-bit");
		return OUV_INVALID;
	}
	if (max != 0 && len > max) {
		(void)snprintf(reply->text, sizeof(reply->text),
			"message above the server's limit");
		return OUV_INVALID;
	}
	return OUV_OK;
}

/* A session that has served a message starts the next one clean. */
static enum ouv_err
reset(struct smtp *smtp, struct smtp_reply *reply)
{
	if (!smtp->used)
		return OUV_OK;
	arm(smtp, COMMAND_MS, COMMAND_MS);
	return outcome(
		smtp, SMTP_CONNECT, mailsmtp_reset(smtp->session), 2, reply);
}

static enum ouv_err
envelope(struct smtp *smtp, const char *from, const char *to, size_t len,
	struct smtp_reply *reply)
{
	enum ouv_err err;

	arm(smtp, COMMAND_MS, COMMAND_MS);
	err = outcome(smtp, SMTP_MAIL,
		mailesmtp_mail_size(smtp->session, from, 0, NULL, len), 2,
		reply);
	if (err != OUV_OK)
		return err;
	arm(smtp, COMMAND_MS, COMMAND_MS);
	err = outcome(smtp, SMTP_RCPT,
		mailesmtp_rcpt(smtp->session, to,
			*from == '\0' ? MAILSMTP_DSN_NOTIFY_NEVER : 0, NULL),
		2, reply);
	if (err != OUV_OK)
		return err;
	arm(smtp, COMMAND_MS, COMMAND_MS);
	return outcome(smtp, SMTP_DATA, mailsmtp_data(smtp->session), 3, reply);
}

static enum ouv_err
body(struct smtp *smtp, const char *data, size_t len, struct smtp_reply *reply)
{
	uint64_t before = tls_written(smtp->tls);
	enum ouv_err err;
	int r;

	/* libetpan ends the last line itself. */
	if (len >= 2 && memcmp(data + len - 2, "\r\n", 2) == 0)
		len -= 2;
	arm(smtp, BLOCK_MS, smtp->dot_ms);
	r = mailsmtp_data_message(smtp->session, data, len);
	err = outcome(smtp, SMTP_DOT, r, 2, reply);
	/* The dot comes after all of the message: with less than that on the
	 * wire nobody can have taken it. */
	if (reply->code == 0 && tls_written(smtp->tls) - before < len)
		reply->phase = SMTP_DATA;
	return err;
}

enum ouv_err
smtp_send(struct smtp *smtp, const char *from, const char *to, const char *data,
	size_t len, struct smtp_reply *reply_out)
{
	struct smtp_reply reply = { .phase = SMTP_CONNECT };
	enum ouv_err err = check(smtp, from, to, data, len, &reply);

	if (err == OUV_OK && !smtp_is_usable(smtp)) {
		(void)snprintf(reply.text, sizeof(reply.text), "session lost");
		err = OUV_TEMPORARY;
	}
	/* A session that cannot be reset says nothing about this message. */
	if (err == OUV_OK && reset(smtp, &reply) != OUV_OK) {
		smtp->dead = true;
		err = OUV_TEMPORARY;
	}
	if (err == OUV_OK) {
		smtp->used = true;
		err = envelope(smtp, from, to, len, &reply);
		if (err == OUV_OK)
			err = body(smtp, data, len, &reply);
	}
	*reply_out = reply;
	return err;
}

bool
smtp_is_usable(const struct smtp *smtp)
{
	return !smtp->dead && !tls_is_broken(smtp->tls);
}

void
smtp_close(struct smtp **smtp)
{
	if (smtp == NULL || *smtp == NULL)
		return;
	/* mailsmtp_free says QUIT and closes the stream, if it has one; the
	 * answer is not waited for. */
	if ((*smtp)->tls != NULL)
		tls_patience((*smtp)->tls, QUIT_MS, QUIT_MS);
	mailsmtp_free((*smtp)->session);
	tls_close(&(*smtp)->tls);
	free(*smtp);
	*smtp = NULL;
}
