/*
 * imap_int.h - what imap.c (the session) and imap_mail.c (the mails) share
 */
#ifndef MAILGW_IMAP_INT_H
#define MAILGW_IMAP_INT_H

#include <libetpan/libetpan.h>

#include "guard.h"
#include "imap.h"
#include "tls.h"

struct imap {
	mailimap *session;
	struct tls *tls;
	struct guard_imap guard;
	char *mailbox, *processed;
	uint32_t uidvalidity;
	bool can_idle, can_move, can_uidplus;
	bool keyword; /* the server lets us set $OuvReceived */
	bool dead;
};

/* How a command ended. */
enum said {
	SAID_OK,
	SAID_NO,   /* the server understood and declined */
	SAID_LOST, /* network, deadline, guard or protocol: logged, dead */
};

/* Bytes of protocol text that any answer may have, besides what it lists. */
#define IMAP_TEXT 65536
#define IMAP_COMMAND_MS 60000
/* Fetching megabytes, moving thousands. */
#define IMAP_BULK_MS 300000

/* Before each command: what its answer may cost. */
void imap_begin(struct imap *imap, size_t text, size_t literals, int ms);
/* After it: r is libetpan's value, what the command's name for the log. */
enum said imap_end(struct imap *imap, int r, const char *what);
/* One line with the server's words, addresses left out. */
void imap_log_no(struct imap *imap, const char *what);

/* Selects the office's mailbox or, other being true, the processed one. */
enum ouv_err imap_select(
	struct imap *imap, bool other, uint32_t *uidvalidity_out);
/* Creates the processed mailbox. */
enum said imap_create(struct imap *imap);

/* libetpan's constructors only fail for lack of memory. */
void *imap_must(void *object);

#endif
