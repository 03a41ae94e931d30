/*
 * cause_status.h - what statuses and reply codes of failed deliveries mean
 *
 * Those of the registry "SMTP Enhanced Status Codes" (RFC 3463, 5248, 7293,
 * 7372, 7504, 7505) and those that Exchange adds.
 */
#ifndef OUV_MAIL_CAUSE_STATUS_H
#define OUV_MAIL_CAUSE_STATUS_H

#include <stdbool.h>

enum reason {
	REASON_NONE,
	REASON_USER,
	REASON_DISABLED,
	REASON_FULL,
	REASON_TOO_BIG,
	REASON_POLICY,
	REASON_SPAM,
	REASON_AUTH,
	REASON_RELAY,
	REASON_NO_HOST,
	REASON_NO_ANSWER,
	REASON_EXPIRED,
	REASON_LOOP,
	REASON_OTHER,
	REASON__COUNT
};

struct reason_row {
	const char *cause;  /* as in struct ouv_mail_dsn_rcpt */
	const char *detail; /* of the status that says the same; NULL: none */
	char class;         /* of it, when no code tells */
};

struct status_row {
	int subject, from, to; /* X.subject.from to X.subject.to */
	enum reason reason;
	bool vague; /* words of the same report know better */
};

struct reply_row {
	int code;
	const char *detail;
};

/* clang-format off */
static const struct reason_row reason_rows[REASON__COUNT] = {
	[REASON_NONE] =      { "other", NULL, '5' },
	[REASON_USER] =      { "unknown-user", ".1.1", '5' },
	[REASON_DISABLED] =  { "disabled", ".2.1", '5' },
	[REASON_FULL] =      { "full", ".2.2", '5' },
	[REASON_TOO_BIG] =   { "too-big", ".3.4", '5' },
	[REASON_POLICY] =    { "policy", ".7.1", '5' },
	[REASON_SPAM] =      { "spam", ".7.1", '5' },
	[REASON_AUTH] =      { "auth", ".7.26", '5' },
	[REASON_RELAY] =     { "relay", ".7.1", '5' },
	[REASON_NO_HOST] =   { "host", ".4.4", '5' },
	[REASON_NO_ANSWER] = { "host", ".4.1", '4' },
	[REASON_EXPIRED] =   { "expired", ".4.7", '4' },
	[REASON_LOOP] =      { "loop", ".4.6", '5' },
	[REASON_OTHER] =     { "other", NULL, '5' },
};

static const struct status_row status_rows[] = {
	{ 0, 0, 999, REASON_OTHER, true },
	/* 1: addresses */
	{ 1, 0, 0, REASON_USER, true },
	{ 1, 1, 1, REASON_USER, false },
	{ 1, 2, 2, REASON_NO_HOST, false },
	{ 1, 3, 4, REASON_USER, false },
	{ 1, 5, 5, REASON_OTHER, true },
	{ 1, 6, 6, REASON_USER, false },
	{ 1, 7, 8, REASON_POLICY, true },  /* the sender's address */
	{ 1, 9, 9, REASON_OTHER, true },
	{ 1, 10, 10, REASON_NO_HOST, true },/* null MX; Exchange: no such user */
	{ 1, 90, 90, REASON_POLICY, false },/* Exchange: daily limit */
	{ 1, 350, 351, REASON_USER, true },/* Exchange: refused over there */
	{ 1, 11, 999, REASON_USER, true },
	/* 2: mailboxes */
	{ 2, 0, 0, REASON_OTHER, true },
	{ 2, 1, 1, REASON_DISABLED, false },
	{ 2, 2, 2, REASON_FULL, false },
	{ 2, 3, 3, REASON_TOO_BIG, false },
	{ 2, 120, 122, REASON_POLICY, true },/* Exchange: rate limits */
	{ 2, 4, 999, REASON_OTHER, true },
	/* 3: the recipient's mail system */
	{ 3, 1, 1, REASON_FULL, false },
	{ 3, 2, 2, REASON_NO_ANSWER, true },
	{ 3, 4, 4, REASON_TOO_BIG, false },
	{ 3, 0, 999, REASON_OTHER, true },
	/* 4: network and routing */
	{ 4, 0, 0, REASON_NO_ANSWER, true },
	{ 4, 1, 2, REASON_NO_ANSWER, true },/* Exchange: 5.4.1 no such user */
	{ 4, 3, 4, REASON_NO_HOST, false },
	{ 4, 5, 5, REASON_NO_ANSWER, false },
	{ 4, 6, 6, REASON_LOOP, false },
	{ 4, 7, 7, REASON_EXPIRED, false },
	{ 4, 8, 8, REASON_LOOP, true },
	{ 4, 11, 14, REASON_LOOP, false },  /* Exchange */
	{ 4, 300, 300, REASON_EXPIRED, true },
	{ 4, 310, 312, REASON_NO_HOST, false },
	{ 4, 313, 315, REASON_NO_ANSWER, false },
	{ 4, 316, 316, REASON_EXPIRED, false },
	{ 4, 9, 999, REASON_NO_ANSWER, true },
	/* 5: the protocol */
	{ 5, 3, 3, REASON_POLICY, true },   /* too many recipients */
	{ 5, 0, 999, REASON_OTHER, true },
	/* 6: the content */
	{ 6, 0, 999, REASON_OTHER, true },
	/* 7: security and policy */
	{ 7, 0, 1, REASON_POLICY, true },
	{ 7, 2, 2, REASON_POLICY, false },
	{ 7, 3, 3, REASON_AUTH, true },
	{ 7, 4, 7, REASON_POLICY, true },
	{ 7, 8, 9, REASON_AUTH, false },
	{ 7, 10, 10, REASON_POLICY, false },
	{ 7, 11, 12, REASON_AUTH, false },
	{ 7, 13, 13, REASON_DISABLED, false },
	{ 7, 14, 14, REASON_AUTH, false },
	{ 7, 15, 15, REASON_POLICY, false },
	{ 7, 16, 16, REASON_TOO_BIG, false },
	{ 7, 17, 18, REASON_USER, false },  /* another owner (RFC 7293) */
	{ 7, 20, 26, REASON_AUTH, false },
	{ 7, 27, 28, REASON_POLICY, true },
	{ 7, 29, 29, REASON_AUTH, false },
	{ 7, 54, 54, REASON_RELAY, false }, /* Exchange, from here on */
	{ 7, 57, 57, REASON_AUTH, false },
	{ 7, 64, 64, REASON_RELAY, false },
	{ 7, 509, 509, REASON_AUTH, false },
	{ 7, 515, 515, REASON_AUTH, false },
	{ 7, 501, 503, REASON_SPAM, false },
	{ 7, 510, 514, REASON_SPAM, true },
	{ 7, 606, 649, REASON_SPAM, true },
	{ 7, 700, 750, REASON_SPAM, true },
	{ 7, 19, 999, REASON_POLICY, true },
};

/* 550 and 554 are said for everything and tell nothing. */
static const struct reply_row reply_rows[] = {
	{ 421, ".3.2" }, { 450, ".2.0" }, { 451, ".3.0" }, { 452, ".3.1" },
	{ 454, ".7.0" }, { 455, ".5.4" }, { 500, ".5.2" }, { 501, ".5.4" },
	{ 502, ".5.1" }, { 503, ".5.1" }, { 504, ".5.4" }, { 521, ".3.2" },
	{ 523, ".3.4" }, { 530, ".7.0" }, { 535, ".7.8" }, { 538, ".7.11" },
	{ 551, ".1.6" }, { 552, ".2.2" }, { 553, ".1.3" }, { 555, ".5.4" },
	{ 556, ".1.10" },
};
/* clang-format on */

#endif
