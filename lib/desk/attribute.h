/*
 * attribute.h - a mail on its way to a case
 */
#ifndef OUV_DESK_ATTRIBUTE_H
#define OUV_DESK_ATTRIBUTE_H

#include <strings.h>

#include "desk_impl.h"

/* What led to a case, best first. */
enum lead_kind {
	LEAD_NONE,
	LEAD_ADDRESS, /* a reply address of ours            */
	LEAD_OUTBOX,  /* names a message we sent             */
	LEAD_MESSAGE, /* names a message we were sent        */
	LEAD_SENDER,  /* that address has an open case       */
};

/* Where it may belong, for the person who decides. */
struct candidate {
	enum lead_kind kind;
	struct ouv_id case_id, party; /* who is taken to have written */
	const char *protocol;         /* of LEAD_SENDER */
};
#define CANDIDATES 8

struct burst; /* burst.c */

struct incoming {
	struct ouv_filing *filing;
	struct ouv_mail mail;
	bool understood;
	struct store_token sender; /* zero: no address */
	/* tokens of To and Cc without the office's own addresses */
	struct store_token *others;
	size_t other_count;

	struct {
		uint8_t raw[OUV_CODE_RAW];
		struct ouv_id id;
	} * codes;
	size_t code_count;
	bool unreadable_code; /* looks like a reply address, leads nowhere */
	struct ouv_id verp, original; /* outbox rows a bounce names */

	/* the best lead */
	enum lead_kind lead;
	struct ouv_id case_id, party;
	bool company;     /* the party is one */
	bool sender_fits; /* the sender's address is that party's */
	bool other_party; /* ... it is another party's of that case */
	bool copied;      /* ... it was in copy of a message there */
	bool several;     /* an equal lead goes to another case */
	bool direct_copy; /* a company writes to its consumer, we are in copy */
	struct candidate candidates[CANDIDATES];
	size_t candidate_count;

	enum ouv_action action;
	const char *reason;
	bool ack;                         /* an acknowledgement may go */
	const struct store_absence *away; /* the case's owner or the office */
	bool note;                        /* the sender is told of it now */
	struct burst *burst;              /* of a flood; NULL: not of one */
	const struct store_say *say; /* party_act.c; NULL: it decides nothing */
	bool late;                   /* for a case that may be opened again */
	struct ouv_id former;        /* the closed case that this one follows */
	const char *former_protocol; /* NULL: it follows none */
	bool former_erased;          /* ... of which nothing is left */
};

/* Fills what is known of every mail's leads. */
OUV_MUST_CHECK enum ouv_err attribute(struct ouv_desk *desk,
	struct store_tx *tx, struct ouv_arena *arena, struct incoming *in,
	size_t count);
/* address, letter, message, sender. */
const char *lead_name(enum lead_kind kind);

/* decide.c: may a person stand behind it?  The rest is recorded, never more. */
bool is_letter(const struct incoming *in);
/* decide.c: fills action and reason, by a table of rules. */
void attribute_decide(struct incoming *in);

/* auth_result.c: does this Authentication-Results field (of our own server)
 * say so? method "dmarc", result "fail". */
bool auth_says(const char *field, const char *method, const char *result);

#endif
