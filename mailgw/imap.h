/*
 * imap.h - the office's mailbox: list, fetch, flag, move, wait
 *
 * One session on one selected mailbox.  What the server says is bounded by a
 * guard before it is parsed; every call has a deadline.  After any
 * OUV_TEMPORARY the session is over: close it and open another one later.
 * Failures are logged once, without addresses or secrets.
 */
#ifndef MAILGW_IMAP_H
#define MAILGW_IMAP_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ouv/arena.h"
#include "ouv/buf.h"
#include "ouv/config.h"
#include "ouv/err.h"

struct imap;

/* One UID SEARCH returns at most this many; the rest comes next round. */
#define IMAP_UIDS_MAX 500000
/* What imap_header returns at most, and a good length for imap_fetch_piece. */
#define IMAP_PIECE 262144

struct imap_mail {
	uint32_t uid;
	struct ouv_str raw;
};

/*
 * Connects, encrypts, logs in, selects [imap] mailbox and creates [imap]
 * processed when it is missing.  LOGIN never goes over a line in clear unless
 * security is none, which tls_open allows for this machine only.
 *
 * OUV_TEMPORARY: network, or the server says it cannot now.  OUV_REFUSED:
 * certificate, STARTTLS or login refused, no such mailbox, mailbox read-only.
 */
OUV_MUST_CHECK enum ouv_err imap_open(
	const struct ouv_config *config, struct imap **imap_out);

/* Of the selected mailbox; with a uid it names a mail for ever. */
uint32_t imap_uidvalidity(const struct imap *imap);
/* Can imap_move work (MOVE or UIDPLUS)? Logged once at opening if not. */
bool imap_can_move(const struct imap *imap);

/* Every UID in the mailbox, ascending, without doubles. */
OUV_MUST_CHECK enum ouv_err imap_uids(struct imap *imap,
	struct ouv_arena *arena, uint32_t **uids_out, size_t *n_out);

/* RFC822.SIZE for each uid (ascending, as everywhere here); UINT32_MAX: the
 * server did not say (the mail is gone). */
OUV_MUST_CHECK enum ouv_err imap_sizes(struct imap *imap,
	struct ouv_arena *arena, const uint32_t *uids, size_t n,
	uint32_t **sizes_out);

/*
 * The raw bytes of a batch (uids ascending), by one command, without setting
 * \Seen.  Mails come in the order of uids; one that is gone, or whose answer
 * was not what was asked, is absent.  The caller keeps a batch at some 8 MiB;
 * all bodies together may be IMAP_BATCH_MAX.
 */
#define IMAP_BATCH_MAX (48UL << 20)
OUV_MUST_CHECK enum ouv_err imap_fetch(struct imap *imap,
	struct ouv_arena *arena, const uint32_t *uids, size_t n,
	struct imap_mail **mails_out, size_t *n_out);

/* len bytes from offset on, fewer at the end of the mail.
 * OUV_NOT_FOUND: the mail is gone. */
OUV_MUST_CHECK enum ouv_err imap_fetch_piece(struct imap *imap,
	struct ouv_arena *arena, uint32_t uid, uint32_t offset, uint32_t len,
	struct ouv_str *bytes_out);

/* The header block, at most IMAP_PIECE of it. OUV_NOT_FOUND: it is gone. */
OUV_MUST_CHECK enum ouv_err imap_header(struct imap *imap,
	struct ouv_arena *arena, uint32_t uid, struct ouv_str *bytes_out);

/* +FLAGS (\Seen $OuvReceived); without the keyword where it is refused. */
OUV_MUST_CHECK enum ouv_err imap_mark(
	struct imap *imap, const uint32_t *uids, size_t n);

/* To [imap] processed, by UID MOVE or else COPY, \Deleted, UID EXPUNGE.
 * OUV_REFUSED: the server can do neither, or said no; the mails stay. */
OUV_MUST_CHECK enum ouv_err imap_move(
	struct imap *imap, const uint32_t *uids, size_t n);

/* Deletes from [imap] processed what arrived more than days ago (RFC 3501
 * BEFORE: the server's own date of arrival).  The mailbox is selected anew
 * afterwards; a changed UIDVALIDITY ends the session. */
OUV_MUST_CHECK enum ouv_err imap_expunge_older(
	struct imap *imap, int days, int64_t now, size_t *n_out);

enum imap_woke {
	IMAP_WOKE_TIMEOUT = 0,
	IMAP_WOKE_MAIL = 1, /* something arrived since the last imap_uids */
	IMAP_WOKE_FD = 2,   /* one of others: look at revents */
};

/*
 * Waits for new mail (IDLE, or NOOP at the end where the server has none), for
 * one of the other descriptors, or for the time to pass.  The bits of enum
 * imap_woke go to woke_out.
 */
OUV_MUST_CHECK enum ouv_err imap_idle(struct imap *imap, int timeout_ms,
	struct pollfd *others, size_t n, int *woke_out);

/* LOGOUT with little patience; NULLs *imap. */
void imap_close(struct imap **imap);

#endif
