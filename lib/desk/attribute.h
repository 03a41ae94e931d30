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
};

struct incoming {
	struct ouv_filing *filing;
	struct ouv_mail mail;
	bool understood;
	struct ouv_id sender; /* blind token; zero: no address */

	struct {
		uint8_t raw[OUV_CODE_RAW];
		struct ouv_id id;
	} * codes;
	size_t code_count;
	bool unreadable_code; /* looks like a reply address, leads nowhere */
	struct ouv_id verp, original; /* outbox rows a bounce names */

	enum lead_kind lead;
	struct ouv_id case_id, party;
	bool sender_fits, several;

	enum ouv_action action;
	const char *reason;
	bool ack; /* an acknowledgement may go */
};

/* Fills lead, case_id, party, sender_fits, several of every mail. */
OUV_MUST_CHECK enum ouv_err attribute(struct ouv_desk *desk,
	struct store_tx *tx, struct ouv_arena *arena, struct incoming *in,
	size_t count);
/* Fills action and reason, by the table in attribute.c. */
void attribute_decide(struct incoming *in);

#endif
