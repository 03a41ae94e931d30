/*
 * smtp.h - letters to the relay, one recipient at a time
 *
 * A session serves many messages.  What happened to each is told as phase,
 * code and text, because a lost line means different things before and after
 * the final dot: before it nothing was sent, after it nobody knows.
 */
#ifndef MAILGW_SMTP_H
#define MAILGW_SMTP_H

#include <stdbool.h>
#include <stddef.h>

#include "ouv/config.h"
#include "ouv/err.h"

struct smtp;

enum smtp_phase {
	SMTP_CONNECT, /* to EHLO and AUTH, or the session was already lost */
	SMTP_MAIL,
	SMTP_RCPT,
	SMTP_DATA, /* DATA refused, or the line lost before the dot was out */
	SMTP_DOT,  /* the dot may have been read */
	SMTP_PHASE__COUNT
};
/* "connect", "mail", "rcpt", "data", "dot" */
const char *smtp_phase_name(enum smtp_phase phase);

struct smtp_reply {
	enum smtp_phase phase;
	int code;       /* 200-599; 0: the line was lost or stayed silent */
	char text[500]; /* printable ASCII, may be empty */
};

/*
 * Connects to [smtp] host, TLS as configured, EHLO, AUTH PLAIN when a user is
 * set (never on a line in clear).  The reply (may be NULL) says how far it
 * came.  Failures are logged once, without addresses.
 *
 * OUV_TEMPORARY: network, 4xx.  OUV_REFUSED: certificate, STARTTLS or AUTH
 * missing or denied, 5xx; or the password file cannot be used.
 */
OUV_MUST_CHECK enum ouv_err smtp_open(const struct ouv_config *config,
	struct smtp **smtp_out, struct smtp_reply *reply_out);

/*
 * Sends one message to one recipient.  from may be "" (the null reverse path;
 * then no delivery reports are asked for).  data is a complete message of
 * 7-bit lines; dots are stuffed and line ends made CRLF here.
 *
 * OUV_OK: 2xx to the dot.  OUV_INVALID: an address no server may see, or a
 * message above the server's SIZE; nothing was sent.  OUV_REFUSED: 5xx.
 * OUV_TEMPORARY: 4xx, or the line was lost; phase SMTP_DOT with code 0 is the
 * unknown case.
 */
OUV_MUST_CHECK enum ouv_err smtp_send(struct smtp *smtp, const char *from,
	const char *to, const char *data, size_t len,
	struct smtp_reply *reply_out);

/* Can this session take another message? False: close it and open anew. */
bool smtp_is_usable(const struct smtp *smtp);

/* QUIT, with little patience; NULLs *smtp. */
void smtp_close(struct smtp **smtp);

#endif
