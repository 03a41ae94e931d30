/*
 * history.h - the log: sealing it, mailing its checkpoints, verifying it,
 * reading it
 *
 * docs/log.md says what it proves.
 */
#ifndef OUV_HISTORY_H
#define OUV_HISTORY_H

#include "ouv/desk.h"

/* ---- sealing ------------------------------------------------------------ */

/*
 * Writes a checkpoint over what this run of the program has logged, when it is
 * [audit] checkpoint_secs old, or (now) whatever there is.  Any thread may call
 * it at any time; one does it.  OUV_TEMPORARY: it is done the next time.
 */
enum ouv_err ouv_desk_checkpoint(struct ouv_desk *desk, bool now);
/* Is there anything for it to do? Asks no database. */
bool ouv_office_unsealed(struct ouv_office *office);

/* ---- the gateway mails them ---------------------------------------------- */

/* The newest checkpoint of each run, as one mail for each keeper. */
struct ouv_checkpoint_mail {
	size_t count; /* of checkpoints; 0: there is nothing new */
	size_t to_count;
	struct {
		const char *to;
		struct ouv_str mime;
	} * mails;
	void *rows; /* for ouv_desk_checkpoints_mailed */
};
/* OUV_INVALID: an address of [audit] mail_to is none (said on the log). */
OUV_MUST_CHECK enum ouv_err ouv_desk_checkpoint_mail(struct ouv_desk *desk,
	struct ouv_arena *arena, struct ouv_checkpoint_mail *mail_out);
OUV_MUST_CHECK enum ouv_err ouv_desk_checkpoints_mailed(
	struct ouv_desk *desk, const struct ouv_checkpoint_mail *mail);

/* ---- verifying ------------------------------------------------------------
 */

struct ouv_audit_ask {
	size_t mail_count;
	const char *const *mails;      /* files that were kept */
	const char *share_a, *share_b; /* of ESCROW: MACs too; NULL: without */
};
struct ouv_audit_found {
	int64_t events, chains, signers, checkpoints, mails;
	int64_t macs;     /* checked */
	int64_t unsealed; /* entries after the last checkpoint of their run */
	bool broken;
	/* the first broken entry: of a chain, or of a signer's numbers */
	char chain[OUV_ID_HEX];
	int64_t seq;
	const char *what;  /* a sentence */
	const char *where; /* "chain", "signer", "checkpoint", "mail" */
};
/*
 * Walks the whole log; needs no secret, and of the database only SELECT.
 * OUV_NOT_FOUND, OUV_INVALID: a mail's file cannot be read, or holds no
 * checkpoint (said on the log).  OUV_REFUSED: the shares do not fit.
 */
OUV_MUST_CHECK enum ouv_err ouv_audit_verify(const struct ouv_config *config,
	const struct ouv_audit_ask *ask, struct ouv_audit_found *found_out);

struct ouv_audit_status {
	int64_t events, signers, checkpoints, unmailed, unsealed;
	int64_t newest_at, mailed_at; /* 0: never */
	const char *mail_to;          /* "" : nobody */
};
OUV_MUST_CHECK enum ouv_err ouv_audit_status(
	const struct ouv_config *config, struct ouv_audit_status *status_out);

/* ---- reading it ------------------------------------------------------------
 */

/* Somebody was refused: it is written down, once a minute for each person and
 * case.  number NULL: it was no case. */
void ouv_desk_denied(struct ouv_desk *desk, const struct ouv_actor *actor,
	const char *number);
/* Something was read that is no case: on the office's chain, once a minute. */
OUV_MUST_CHECK enum ouv_err ouv_desk_seen(struct ouv_desk *desk,
	const struct ouv_actor *actor, const char *action);

struct ouv_log_line {
	int64_t at, seq;
	const char *who;     /* a colleague's name; "": a program or a party */
	const char *program; /* gateway, server, operator */
	const char *action;  /* words: event_ACTION */
	const char *object;  /* a colleague's name, or "" */
	int item;            /* number of the message it is about; 0: none */
	const char *lane;    /* of that message, or "" */
	const char *details; /* of a case: JSON as it was sealed; else the
				name of what was changed; "": none */
	bool locked;         /* there are details, and they do not open */
};
struct ouv_log_page {
	size_t count;
	struct ouv_log_line *lines; /* newest last */
	const char *before;         /* cursor of the page before; NULL: none */
	int64_t total;              /* entries of the case's chain */
	int64_t first_at;
	int64_t broken; /* the first entry that does not fit; 0: unbroken */
};
/*
 * The log of a case, at most 100 lines, and whether its chain holds.  Errors as
 * ouv_desk_case; OUV_INVALID: before is no cursor of ours.
 */
OUV_MUST_CHECK enum ouv_err ouv_desk_case_log(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	const char *number, const char *before, struct ouv_log_page *page_out);
/*
 * Certificates and signatures that did not hold, since this was called last: an
 * entry each in the office's own log, once a day for each key.  At a quiet
 * moment: no transaction of this desk may run.
 */
void ouv_desk_distrust_write(struct ouv_desk *desk);
struct ouv_log_ask {
	const char *login; /* NULL: anybody */
	int32_t day;       /* 0: any; in the office's time */
	const char *before;
};
struct ouv_log_person {
	const char *login, *name;
};
/* The office's own: logins, keys, registers; for the ombudsman and for
 * administrators.  OUV_REFUSED: somebody else. */
OUV_MUST_CHECK enum ouv_err ouv_desk_office_log(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	const struct ouv_log_ask *ask, struct ouv_log_page *page_out,
	struct ouv_log_person **people_out, size_t *people_count_out);

#endif
