/*
 * sql.h - the statements by name: the only way to ask the database anything
 */
#ifndef STORE_SQL_H
#define STORE_SQL_H

#include "ouv/store.h"

enum sql_id {
	SQL_BEGIN,
	SQL_COMMIT,
	SQL_ROLLBACK,
	SQL_PING,
	SQL_CLOCK,
	/* before there is a schema: never prepared */
	SQL_SCHEMA_NUMBER,
	SQL_MIGRATE_LIMITS,
	SQL_MIGRATE_LOCK,
	SQL_MIGRATE_UNLOCK,
	SQL_MIGRATE_ROLES,
	SQL_MIGRATE_TABLE,
	SQL_MIGRATE_GRANT,
	SQL_MIGRATE_APPLIED,
	SQL_MIGRATE_ADD,
	/* office and people */
	SQL_OFFICE_TENANT,
	SQL_OFFICE_KEYS,
	SQL_OFFICE_ADD,
	SQL_OFFICE_KEY_ADD,
	SQL_HOST_SECRET_ADD,
	SQL_PERSON_CERTIFIED,
	SQL_PERSON_BY_LOGIN,
	SQL_PERSON_BY_ID,
	SQL_PERSON_LIST,
	SQL_PERSON_KEY,
	SQL_PERSON_ADD,
	SQL_PERSON_KEY_ADD,
	SQL_PERSON_TOTP_USED,
	SQL_PERSON_LANG,
	/* sessions */
	SQL_SESSION_TRIM,
	SQL_SESSION_ADD,
	SQL_SESSION_GET,
	SQL_SESSION_SEEN,
	SQL_SESSION_END,
	SQL_THROTTLE_WAIT,
	SQL_THROTTLE_FAIL,
	SQL_THROTTLE_CLEAR,
	SQL_FORM_KEY_USE,
	/* cases: writing */
	SQL_CASE_ADD,
	SQL_CASE_KEY_ADD,
	SQL_GRANTS_ADD,
	SQL_PARTY_ADD,
	SQL_REPLY_ADDRESS_ADD,
	SQL_IDENT_ADD,
	SQL_CAPSULE_ADD,
	SQL_ITEM_ADD,
	SQL_CHUNK_ADD,
	SQL_CASE_TOUCH,
	SQL_CASE_MOVE,
	SQL_PROTOCOL_TAKE,
	/* cases: reading */
	SQL_CASE_LOCK,
	SQL_CASE_LOCK_GATEWAY,
	SQL_CASE_BY_PROTOCOL,
	SQL_CASE_BY_ID,
	SQL_CASE_LIST_OPEN,
	SQL_CASE_LIST_MINE,
	SQL_CASE_LIST_NEW,
	SQL_CASE_LIST_DUE,
	SQL_CASE_LIST_CLOSED,
	SQL_CASE_LIST_HELD,
	SQL_CASE_LIST_ASIDE,
	SQL_CASE_LINE,
	SQL_CASE_COUNTS,
	SQL_ITEMS,
	SQL_ITEM,
	SQL_CHUNKS,
	SQL_CHUNKS_TRANSIT,
	SQL_CAPSULES,
	SQL_CAPSULES_GATEWAY,
	SQL_PARTY_CONSUMER,
	SQL_CASE_KEY,
	/* what the gateway knows of a mail */
	SQL_LEADS_BY_ADDRESS,
	SQL_LEADS_BY_OUTBOX,
	SQL_LEADS_BY_MESSAGE,
	SQL_LEADS_BY_SENDER,
	SQL_LEADS_BY_RECIPIENT,
	SQL_DESK_FILE,
	SQL_RATES_ADD,
	/* held mail, tasks, floods: sql_held.h */
	SQL_GUESSES_ADD,
	SQL_GUESSES,
	SQL_HELD_NOTES,
	SQL_HELD_MOVE,
	SQL_HELD_RETRY,
	SQL_HELD_NUMBER,
	SQL_HELD_REGISTER,
	SQL_CASE_ASIDE,
	SQL_CASE_ASIDE_GET,
	SQL_PARTY_OF_SIDE,
	SQL_IDENT_PARTY,
	SQL_TASK_ADD,
	SQL_TASKS,
	SQL_TASK_IS,
	SQL_TASK_DONE,
	SQL_LETTER_OF,
	SQL_BURSTS,
	SQL_BURST_SET,
	/* mail in */
	SQL_LEASE,
	SQL_INBOUND_ADD,
	SQL_INBOUND_CHUNK,
	SQL_INBOUND_STATES,
	SQL_INBOUND_KNOWN,
	SQL_INBOUND_CLAIM,
	SQL_INBOUND_FILED,
	SQL_INBOUND_FAILED,
	SQL_INBOUND_NEXT,
	SQL_INBOUND_SETTLED,
	SQL_INBOUND_MOVED,
	/* mail out */
	SQL_OUTBOX_ADD,
	SQL_OUTBOX_NOTIFY,
	SQL_OUTBOX_CLAIM,
	SQL_OUTBOX_FINISH,
	SQL_OUTBOX_TRY_END,
	SQL_OUTBOX_BOUNCED,
	SQL_OUTBOX_NEXT,
	/* the log */
	SQL_AUDIT_SIGNER_ADD,
	SQL_AUDIT_HEAD,
	SQL_AUDIT_ADD,
	SQL_AUDIT_WALK,
	SQL__COUNT
};

enum sql_flags {
	SQL_PLAIN = 0,
	SQL_MUST_CHANGE = 1, /* no row changed means OUV_CONFLICT */
	SQL_BARE = 2,        /* used before the schema exists: sent as text */
};

/* Who runs a statement, a bit per enum store_role; the owner may run all. */
enum sql_roles {
	SQL_OWNER = 1 << STORE_OWNER,
	SQL_GATEWAY = 1 << STORE_GATEWAY,
	SQL_SERVER = 1 << STORE_SERVER,
	SQL_BOTH = SQL_GATEWAY | SQL_SERVER,
};

struct sql_text {
	const char *name;
	int args;
	enum sql_roles roles;
	enum sql_flags flags;
	const char *text;
};

/* lib/store/sql.c */
extern const struct sql_text sql_texts[SQL__COUNT];

/*
 * Runs a statement with NULL for every argument and undoes it: what counts is
 * whether this role may run it at all.  For the test of the grants.
 *
 * OUV_OK: looked at; sqlstate_out is "" when nothing was refused.
 * OUV_TEMPORARY: no database.
 */
OUV_MUST_CHECK enum ouv_err sql_probe(
	struct store *store, enum sql_id id, char sqlstate_out[6]);

#endif
