/*
 * guard.h - what a mail server may say before libetpan has to understand it
 *
 * libetpan allocates whatever literal a server announces, recurses as deep as
 * its parentheses go, keeps every untagged line and has an endless loop for a
 * tab in an AUTH line.  These two filters read along, count, and end the
 * connection at the first thing that no answer to our commands needs.  Pure:
 * bytes and counters, no I/O and no memory of their own.
 */
#ifndef MAILGW_GUARD_H
#define MAILGW_GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GUARD_IMAP_PARENS 32 /* opened in one answer line */
#define GUARD_IMAP_HEAD 64   /* of a line, enough to know what it is */
#define GUARD_SMTP_LINE 2000
#define GUARD_SMTP_REPLY 65536

struct guard_imap {
	size_t text_left;    /* bytes outside literals, until armed again */
	size_t literal_left; /* bytes inside literals, likewise */
	uint32_t exists;     /* mails in the selected mailbox */
	bool news;           /* exists has grown since somebody cleared this */
	const char *why;     /* the first broken rule; NULL: none */

	uint64_t in_literal; /* bytes that remain of the current one */
	char head[GUARD_IMAP_HEAD];
	size_t head_len;
	int parens;
	bool quoted, escaped, continues;
	enum guard_brace {
		GUARD_NO_BRACE,
		GUARD_BRACE,  /* { */
		GUARD_NUMBER, /* {1 */
		GUARD_CLOSED, /* {12} */
		GUARD_CR      /* {12}CR */
	} brace;
	uint64_t number;
};

/* What the answer to the next command may cost. */
void guard_imap_arm(struct guard_imap *guard, size_t text, size_t literals);
/* A tls_guard on struct guard_imap. */
bool guard_imap_feed(void *guard, char *data, size_t len);

struct guard_smtp {
	size_t reply_left;
	size_t line_len;
	const char *why;
};

void guard_smtp_arm(struct guard_smtp *guard);
/* A tls_guard on struct guard_smtp: lines begin with three digits, control
 * characters become question marks. */
bool guard_smtp_feed(void *guard, char *data, size_t len);

#endif
