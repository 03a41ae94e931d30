/*
 * sql.c - every statement this product sends, in one table
 *
 * A row: its name, how many arguments it takes, who runs it (each program
 * prepares its own at connect), what no changed row means, the text.  Values
 * are always bound.  Times leave as whole seconds since the epoch (SECS),
 * rounded down, or as microseconds (MICROS) where two rows must be ordered.
 */
#include "sql.h"

/* clang-format off */
#define SECS(x) "floor(extract(epoch FROM " x "))::int8"
#define MICROS(x) "(extract(epoch FROM " x ") * 1000000)::int8"
#define FROM_MICROS(x) "timestamptz 'epoch' + " x "::int8 * interval '1 microsecond'"
#define MONTH(x) "make_date(" x "::int4 / 100, " x "::int4 % 100, 1)"

/* Whoever reads a case, or gives its key, changes nothing of it. */
#define IS_CHANGE "action NOT IN ('read', 'read-log', 'download', 'preview', 'denied', " \
	"'rekey', 'sent', 'released-open', 'released-file', 'print', 'post', 'case-file-out', 'grant', 'revoke', 'desk-end', 'key-left', 'tie-felt', " \
	"'address-end', 'address-back', " \
	"'escrow-grant', 'escrow-confirm')"
/* Notes, letters, what is automatic and who looks after it: of what somebody
 * judges none of them changes anything. */
#define IS_JUDGED IS_CHANGE " AND e.action NOT IN ('note', 'reply', 'holding', 'substitute', 'acknowledge', " \
	"'absence-note', 'delivery-failed', 'bounced', 'remind', 'record', 'recorded', 'clock-moved', " \
	"'task-open', 'task-done', 'overrule', 'by-post', 'delivered', 'returned', 'reach', 'export', 'case-file', 'whole-file', 'take-file', 'assign', 'draw', 'team', 'hand-over', 'keep-anew', " \
	"'ask-second', 'second')"
#define REV                                                                   \
	" coalesce((SELECT e.seq FROM audit_event e WHERE e.chain = c.id"     \
	"   AND e." IS_CHANGE " ORDER BY e.seq DESC LIMIT 1), 0)::int4"

/* As struct store_case is read (row_case). */
#define CASE_COLUMNS(last)                                                    \
	" c.id, c.protocol, c.state::text,"                                   \
	" coalesce(to_char(c.desk_month, 'YYYYMM')::int4, 0), c.lang,"        \
	" c.channel, " SECS("c.opened") ", " SECS("c.due") ", " last ","      \
	" c.items, c.key_version, c.summary, c.owner, c.rekey_due"

#define GRANT_COLUMNS " g.version, g.box, g.granted_by, g.sig"

#define CASE_FIND(where)                                                      \
	"SELECT" CASE_COLUMNS(SECS("c.last")) "," GRANT_COLUMNS               \
	"  FROM case_file c LEFT JOIN case_grant g ON g.case_id = c.id"       \
	"   AND g.version = c.key_version AND g.person = $2"                  \
	" WHERE " where

/* The conditions repeat those of the partial indexes, word for word. */
#define IS_OPEN                                                               \
	"c.desk_month IS NULL AND c.state NOT IN ('held', 'closed', 'erased')"
#define IS_CLOSED                                                             \
	"c.desk_month IS NULL AND c.state = 'closed' AND c.protocol IS NOT NULL"
#define IS_ASIDE "c.aside IS NOT NULL AND c.erased IS NULL"
/* What waits for a person; a month's file of automatic mail does not. */
#define IS_HELD                                                               \
	"c.state = 'held' AND c.desk_month IS NULL AND c.erased IS NULL"
#define IS_MONTH "c.desk_month IS NOT NULL AND c.erased IS NULL"

#define GRANTED                                                               \
	" JOIN case_grant g ON g.case_id = c.id AND g.version = c.key_version"\
	"  AND g.person = $1"

#define CASE_LINE_COLUMNS                                                     \
	CASE_COLUMNS(MICROS("c.last")) ", g.box, p.name,"                     \
	" EXISTS (SELECT 1 FROM outbox o WHERE o.case_id = c.id"              \
	"          AND o.state IN ('failed', 'bounced')),"                    \
	" (SELECT count(*) FROM task t WHERE t.case_id = c.id"                \
	"   AND t.done IS NULL), c.aside," REV
#define CASE_LINE_FROM                                                        \
	"  FROM case_file c" GRANTED                                          \
	"  LEFT JOIN person p ON p.id = c.owner"
#define CASE_LINE "SELECT" CASE_LINE_COLUMNS CASE_LINE_FROM
#define CASE_LIST(where)                                                      \
	CASE_LINE " WHERE " where                                             \
	"   AND (c.last, c.id) < (" FROM_MICROS("$2") ", $3::uuid)"           \
	" ORDER BY c.last DESC, c.id DESC LIMIT $4::int4"

/* Oldest first: each waits for a person. */
#define CASE_LIST_OLDEST(where)                                               \
	CASE_LINE " WHERE " where                                             \
	"   AND (c.last, c.id) > (" FROM_MICROS("$2") ", $3::uuid)"           \
	" ORDER BY c.last, c.id LIMIT $4::int4"

/* Keys of cases that a person certified; word for word as their index. */
#define BY_PERSON "signer <> '00000000-0000-0000-0000-000000000000'"

#define PERSON_COLUMNS                                                        \
	" id, role::text, desk, active, pk, sig_pk, cert_admin, cert_sig,"    \
	" admin_sig"
#define PERSON_ALL PERSON_COLUMNS ", login, name, lang, totp_box, totp_last_step, must"
/* Keys they had before, as rows to which nothing is sealed. */
#define PERSON_FORMER                                                         \
	" UNION ALL SELECT f.person, p.role::text, false, false, f.pk,"       \
	" f.sig_pk, f.cert_admin, f.cert_sig, f.admin_sig"                    \
	"  FROM person_former f JOIN person p ON p.id = f.person"

/* As struct store_text is read (row_version). */
#define TEXT_COLUMNS                                                          \
	" v.name, v.n, v.content, v.reason, coalesce(v.from_n, -1),"          \
	" v.overrule, v.author, " SECS("v.at") ", v.sig, v.second,"           \
	" " SECS("v.second_at") ", v.second_sig, v.second_why,"               \
	" v.published IS NOT NULL, v.refused IS NOT NULL"

#define ITEM_COLUMNS                                                          \
	" i.id, i.case_id, i.seq, i.kind::text, i.lane::text, i.party,"       \
	" i.author, " SECS("i.at") ", i.why, i.key_version, i.dek_box,"       \
	" i.body, i.raw_padded, i.body_version"

/* A lead: the case c, the party p it names, and who the sender is there. */
#define LEAD(c, p, version)                                                   \
	"SELECT q.n, " c ", " p ", " version ","                              \
	" coalesce(lp.side = 'company', false), s.party,"                     \
	" coalesce(sp.side = 'company', false),"                              \
	" EXISTS (SELECT 1 FROM ident_token k WHERE " IS_SENDER("k")          \
	"          AND k.kind = 3 AND k.case_id = " c "), NULL::text"         \
	QUESTIONS
#define LEAD_SENDER(c, p)                                                     \
	" LEFT JOIN party lp ON lp.id = " p                                   \
	" LEFT JOIN LATERAL (SELECT k.party FROM ident_token k"               \
	"   WHERE " IS_SENDER("k") " AND k.kind = 1 AND k.case_id = " c       \
	"   ORDER BY k.party = " p " DESC LIMIT 1) s ON true"                 \
	" LEFT JOIN party sp ON sp.id = s.party"
/* Whose side a guess means, and whether this person may read that case. */
#define GUESS_READER(person)                                                  \
	"  LEFT JOIN party p ON p.id = s.party"                               \
	"  LEFT JOIN case_file c ON c.id = s.case_id"                         \
	"  LEFT JOIN case_grant g ON g.case_id = c.id"                        \
	"   AND g.version = c.key_version AND g.person = " person
/* Each under the present k_id and under the one before. */
#define QUESTIONS                                                             \
	" FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[])"        \
	" WITH ORDINALITY AS q(key, key_was, sender, sender_was, n)"
#define IS_KEY(t) t ".token = ANY(ARRAY[q.key, q.key_was])"
#define IS_SENDER(t) t ".token = ANY(ARRAY[q.sender, q.sender_was])"

/* Due, not leased to another worker ($1 is us); taken oldest first.  A
 * materialized list, so that the limit holds whatever plan the update gets. */
#define FREE                                                                  \
	" AND not_before <= now()"                                            \
	" AND (lease_until IS NULL OR lease_until < now() OR lease_by = $1)"  \
	" ORDER BY not_before, id LIMIT $2::int4 FOR UPDATE SKIP LOCKED"

#define NEXT_DUE(table, waiting)                                              \
	"SELECT CASE WHEN count(*) = 0 THEN -1 ELSE greatest(0, least(2e9,"   \
	" ceil(extract(epoch FROM min(greatest(not_before, lease_until))"     \
	" - now())))) END::int4 FROM " table " WHERE " waiting

const struct sql_text sql_texts[SQL__COUNT] = {
	[SQL_BEGIN] = { "begin", 0, SQL_BOTH, SQL_PLAIN, "BEGIN" },
	[SQL_BEGIN_READING] = { "begin_reading", 0, SQL_BOTH, SQL_PLAIN,
		"BEGIN ISOLATION LEVEL REPEATABLE READ" },
	[SQL_COMMIT] = { "commit", 0, SQL_BOTH, SQL_PLAIN, "COMMIT" },
	[SQL_ROLLBACK] = { "rollback", 0, SQL_BOTH, SQL_PLAIN, "ROLLBACK" },
	[SQL_PING] = { "ping", 0, SQL_BOTH, SQL_PLAIN, "SELECT 1" },
	[SQL_CLOCK] = { "clock", 0, SQL_BOTH, SQL_PLAIN,
		"SELECT " MICROS("clock_timestamp()") },

	/* ---- before there is a schema ------------------------------------------ */

	[SQL_SCHEMA_NUMBER] = { "schema_number", 0, SQL_BOTH, SQL_BARE,
		"SELECT max(number) FROM schema_migration" },
	/* Building an index takes its time; waiting for a lock does not: it
	 * would hold up everybody who comes after. */
	[SQL_MIGRATE_LIMITS] = { "migrate_limits", 2, SQL_OWNER, SQL_BARE,
		"SELECT set_config('statement_timeout', $1, false),"
		" set_config('lock_timeout', $2, false)" },
	/* One migrator at a time; the number is of our choosing. */
	[SQL_MIGRATE_LOCK] = { "migrate_lock", 0, SQL_OWNER, SQL_BARE,
		"SELECT pg_advisory_lock(7165291402)" },
	[SQL_MIGRATE_UNLOCK] = { "migrate_unlock", 0, SQL_OWNER, SQL_BARE,
		"SELECT pg_advisory_unlock(7165291402)" },
	[SQL_MIGRATE_ROLES] = { "migrate_roles", 0, SQL_OWNER, SQL_BARE,
		"SELECT r FROM unnest('{ouv_gw,ouv_srv}'::text[]) r"
		" WHERE NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = r)" },
	[SQL_MIGRATE_TABLE] = { "migrate_table", 0, SQL_OWNER, SQL_BARE,
		"CREATE TABLE IF NOT EXISTS schema_migration ("
		" number int PRIMARY KEY,"
		" name text NOT NULL,"
		" hash bytea NOT NULL CHECK (octet_length(hash) = 32),"
		" applied timestamptz NOT NULL DEFAULT now())" },
	[SQL_MIGRATE_GRANT] = { "migrate_grant", 0, SQL_OWNER, SQL_BARE,
		"GRANT SELECT ON schema_migration TO ouv_gw, ouv_srv" },
	[SQL_MIGRATE_APPLIED] = { "migrate_applied", 0, SQL_OWNER, SQL_BARE,
		"SELECT number, name, hash FROM schema_migration"
		" ORDER BY number" },
	[SQL_MIGRATE_ADD] = { "migrate_add", 3, SQL_OWNER, SQL_BARE,
		"INSERT INTO schema_migration (number, name, hash)"
		" VALUES ($1, $2, $3)" },

	/* ---- office and people ------------------------------------------------- */

	[SQL_OFFICE_TENANT] = { "office_tenant", 0, SQL_BOTH, SQL_PLAIN,
		"SELECT tenant FROM office" },
	/* The retired ones too: old signatures are still verified. */
	[SQL_OFFICE_KEYS] = { "office_keys", 0, SQL_BOTH, SQL_PLAIN,
		"SELECT kind, version, public, sig, kind = 'svc' AND version >"
		"  coalesce((SELECT t.version FROM key_taken t"
		"    WHERE t.program = 'gateway' AND t.name = 'svc'), 1)"
		"  FROM office_key ORDER BY kind, version" },
	[SQL_OFFICE_ADD] = { "office_add", 1, SQL_OWNER, SQL_PLAIN,
		"INSERT INTO office (tenant) VALUES ($1)" },
	[SQL_OFFICE_KEY_ADD] = { "office_key_add", 4, SQL_OWNER, SQL_PLAIN,
		"INSERT INTO office_key (kind, version, public, sig)"
		" VALUES ($1, $2, $3, $4)" },
	[SQL_HOST_SECRET_ADD] = { "host_secret_add", 3, SQL_OWNER, SQL_PLAIN,
		"INSERT INTO host_secret (name, version, box)"
		" VALUES ($1, $2, $3)" },

	/* Whoever left gets no grant; an admin's certificates outlive them. */
	[SQL_PERSON_CERTIFIED] = { "person_certified", 0, SQL_BOTH, SQL_PLAIN,
		"SELECT" PERSON_COLUMNS " FROM person"
		" WHERE (desk AND active) OR role = 'admin' OR id IN"
		"  (SELECT signer FROM case_key WHERE " BY_PERSON ")" PERSON_FORMER
		" ORDER BY 1" },
	[SQL_PERSON_BY_LOGIN] = { "person_by_login", 1, SQL_SERVER, SQL_PLAIN,
		"SELECT" PERSON_ALL " FROM person WHERE login = $1" },
	[SQL_PERSON_BY_ID] = { "person_by_id", 1, SQL_SERVER, SQL_PLAIN,
		"SELECT" PERSON_ALL " FROM person WHERE id = $1" },
	[SQL_PERSON_LIST] = { "person_list", 0, SQL_SERVER, SQL_PLAIN,
		"SELECT" PERSON_ALL " FROM person ORDER BY login" },
	[SQL_PERSON_KEY] = { "person_key", 2, SQL_SERVER, SQL_PLAIN,
		"SELECT salt, ops, mem, version, commit, wrapped"
		"  FROM person_key WHERE person = $1 AND how = $2" },
	[SQL_PERSON_ADD] = { "person_add", 13, SQL_OWNER, SQL_PLAIN,
		"INSERT INTO person (id, login, name, role, desk, active, lang,"
		" pk, sig_pk, cert_admin, cert_sig, admin_sig, totp_box)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7,"
		" $8, $9, $10, $11, $12, $13)" },
	[SQL_PERSON_KEY_ADD] = { "person_key_add", 8, SQL_OWNER, SQL_PLAIN,
		"INSERT INTO person_key (person, how, salt, ops, mem, version,"
		" commit, wrapped) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)" },
	/* A code is good once: the step only grows. */
	[SQL_PERSON_TOTP_USED] = { "person_totp_used", 2, SQL_SERVER, SQL_PLAIN,
		"UPDATE person SET totp_last_step = $2"
		" WHERE id = $1 AND totp_last_step < $2 RETURNING 1" },
	[SQL_PERSON_LANG] = { "person_lang", 2, SQL_SERVER, SQL_MUST_CHANGE,
		"UPDATE person SET lang = $2 WHERE id = $1" },

	/* ---- sessions, throttle, form keys ------------------------------------- */

	/* $2: how many of a person's sessions stay beside the new one. */
	[SQL_SESSION_TRIM] = { "session_trim", 2, SQL_SERVER, SQL_PLAIN,
		"DELETE FROM session WHERE id IN (SELECT id FROM session"
		" WHERE person = $1 ORDER BY created DESC, id OFFSET $2::int4)" },
	[SQL_SESSION_ADD] = { "session_add", 4, SQL_SERVER, SQL_PLAIN,
		"INSERT INTO session (id, person, wrapped, ua_hash)"
		" VALUES ($1, $2, $3, $4)" },
	/* The last column asks for SQL_SESSION_SEEN: not a write a request. */
	[SQL_SESSION_GET] = { "session_get", 3, SQL_SERVER, SQL_PLAIN,
		"SELECT s.person, s.wrapped,"
		" coalesce(s.stepped > now() - interval '5 minutes', false),"
		" coalesce(h.theme, 'auto'), coalesce(h.keys, true),"
		" s.at_case IS NOT NULL, s.seen < now() - interval '30 seconds'"
		"  FROM session s JOIN person p ON p.id = s.person AND p.active"
		"  LEFT JOIN person_choice h ON h.person = s.person"
		" WHERE s.id = $1"
		"   AND s.seen > now() - make_interval(mins => $2::int4)"
		"   AND s.created > now() - make_interval(hours => $3::int4)" },
	[SQL_SESSION_SEEN] = { "session_seen", 1, SQL_SERVER, SQL_PLAIN,
		"UPDATE session SET seen = now() WHERE id = $1" },
	[SQL_SESSION_END] = { "session_end", 1, SQL_SERVER, SQL_PLAIN,
		"DELETE FROM session WHERE id = $1" },

	/* By the clock: somebody who began a moment later and was written down
	 * first makes nobody wait. */
	[SQL_THROTTLE_WAIT] = { "throttle_wait", 2, SQL_SERVER, SQL_PLAIN,
		"SELECT greatest(ceil(extract(epoch FROM until -"
		" clock_timestamp())), 0)::int4"
		"  FROM login_throttle WHERE scope = $1 AND token = $2" },
	/* $3 free failures, $4 longest wait, $5 window.  Failure number
	 * free + 1 costs one second, each further one twice as many. */
	[SQL_THROTTLE_FAIL] = { "throttle_fail", 5, SQL_SERVER, SQL_PLAIN,
		"INSERT INTO login_throttle AS t (scope, token, fails, since, until)"
		" VALUES ($1, $2, 1, now(), now() + make_interval(secs =>"
		"  CASE WHEN $3::int4 >= 1 THEN 0 ELSE least(1, $4::int4) END))"
		" ON CONFLICT (scope, token) DO UPDATE SET (fails, since, until) ="
		" (SELECT n.fails, n.since, now() + make_interval(secs =>"
		"   CASE WHEN n.fails <= $3::int4 THEN 0 ELSE least($4::int4,"
		"    power(2, least(n.fails - $3::int4 - 1, 30))) END)"
		"   FROM (SELECT CASE WHEN old THEN 1 ELSE t.fails + 1 END,"
		"          CASE WHEN old THEN now() ELSE t.since END"
		"          FROM (SELECT t.since <"
		"            now() - make_interval(secs => $5::int4)) w(old))"
		"        n(fails, since))" },
	[SQL_THROTTLE_CLEAR] = { "throttle_clear", 2, SQL_SERVER, SQL_PLAIN,
		"DELETE FROM login_throttle WHERE scope = $1 AND token = $2" },

	[SQL_FORM_KEY_USE] = { "form_key_use", 3, SQL_SERVER, SQL_PLAIN,
		"INSERT INTO form_key (key, person, verb) VALUES ($1, $2, $3)"
		" ON CONFLICT (key) DO NOTHING RETURNING 1" },

	/* ---- what has served its time ------------------------------------------ */

	/* $1 idle minutes, $2 hours of a session; a form is not posted again
	 * after a month. */
	[SQL_SWEEP_SERVER] = { "sweep_server", 2, SQL_SERVER, SQL_PLAIN,
		"WITH s AS (DELETE FROM session"
		"  WHERE seen < now() - make_interval(mins => $1::int4)"
		"   OR created < now() - make_interval(hours => $2::int4)),"
		" t AS (DELETE FROM login_throttle"
		"  WHERE greatest(since, until) < now() - interval '2 days')"
		" DELETE FROM form_key WHERE at < now() - interval '30 days'" },
	[SQL_SWEEP_GATEWAY] = { "sweep_gateway", 0, SQL_GATEWAY, SQL_PLAIN,
		"WITH b AS (DELETE FROM mail_burst"
		"  WHERE start < now() - interval '2 days')"
		" DELETE FROM rate_bucket"
		"  WHERE start < now() - interval '2 days'" },

	/* ---- cases: writing ---------------------------------------------------- */

	[SQL_CASE_ADD] = { "case_add", 13, SQL_GATEWAY, SQL_PLAIN,
		"INSERT INTO case_file (id, protocol, state, desk_month, lang,"
		" channel, owner, opened, due, last, items, key_version, summary)"
		" VALUES ($1, $2, $3, CASE WHEN $4::int4 > 0 THEN " MONTH("$4") " END,"
		" $5, $6, $7, to_timestamp($8::int8),"
		" to_timestamp(nullif($9::int8, 0)), to_timestamp($10::int8),"
		" $11, $12, $13)" },
	[SQL_CASE_KEY_ADD] = { "case_key_add", 5, SQL_GATEWAY, SQL_PLAIN,
		"INSERT INTO case_key (case_id, version, cpk, signer, sig)"
		" VALUES ($1, $2, $3, $4, $5)" },
	[SQL_GRANTS_ADD] = { "grants_add", 7, SQL_BOTH, SQL_PLAIN,
		"INSERT INTO case_grant (case_id, version, person, pk, box,"
		" granted_by, sig)"
		" SELECT * FROM unnest($1::uuid[], $2::int8[], $3::uuid[],"
		" $4::bytea[], $5::bytea[], $6::uuid[], $7::bytea[])" },
	[SQL_PARTY_ADD] = { "party_add", 3, SQL_BOTH, SQL_PLAIN,
		"INSERT INTO party (id, case_id, side) VALUES ($1, $2, $3)" },
	[SQL_REPLY_ADDRESS_ADD] = { "reply_address_add", 4, SQL_BOTH, SQL_PLAIN,
		"INSERT INTO reply_address (id, case_id, party, version)"
		" VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING" },
	/* The same Message-ID may come back to the same case. */
	[SQL_IDENT_ADD] = { "ident_add", 6, SQL_BOTH, SQL_PLAIN,
		"INSERT INTO ident_token (token, version, kind, case_id, party)"
		" SELECT w.token, w.version, $4, $5, $6"
		"  FROM ident_write($1, $2, $3::int4) w ON CONFLICT DO NOTHING" },
	[SQL_CAPSULE_ADD] = { "capsule_add", 9, SQL_BOTH, SQL_PLAIN,
		"INSERT INTO capsule (id, case_id, party, key_version, ct,"
		" box_case, box_svc, main, contact)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8::bool, $9)" },
	/* $3: 0 takes the next number; the case's row is locked by us. */
	[SQL_ITEM_ADD] = { "item_add", 13, SQL_BOTH, SQL_PLAIN,
		"INSERT INTO item (id, case_id, seq, kind, lane, party, author,"
		" at, why, key_version, dek_box, body, raw_padded, body_version)"
		" VALUES ($1, $2, CASE WHEN $3::int4 > 0 THEN $3::int4 ELSE"
		"  (SELECT coalesce(max(seq), 0) + 1 FROM item WHERE case_id = $2)"
		" END, $4, $5, $6, $7, to_timestamp($8::int8), $9, $10, $11, $12,"
		" $13, $10)" },
	[SQL_CHUNK_ADD] = { "chunk_add", 3, SQL_BOTH, SQL_PLAIN,
		"INSERT INTO chunk (item, n, ct) VALUES ($1, $2, $3)" },
	[SQL_CASE_TOUCH] = { "case_touch", 3, SQL_BOTH, SQL_MUST_CHANGE,
		"UPDATE case_file SET items = items + $2::int4,"
		" last = greatest(last, to_timestamp($3::int8)) WHERE id = $1" },
	/* $2 the state we read, $3 the one we want; no row: too late. */
	[SQL_CASE_MOVE] = { "case_move", 4, SQL_SERVER, SQL_MUST_CHANGE,
		"UPDATE case_file SET state = $3, moved = now(),"
		" owner = coalesce($4, owner) WHERE id = $1 AND state = $2" },
	[SQL_PROTOCOL_TAKE] = { "protocol_take", 2, SQL_GATEWAY, SQL_PLAIN,
		"SELECT protocol_take($1, $2)" },

	/* ---- cases: reading ---------------------------------------------------- */

	[SQL_CASE_LOCK] = { "case_lock", 1, SQL_SERVER, SQL_PLAIN,
		"SELECT" CASE_COLUMNS(SECS("c.last")) " FROM case_file c"
		" WHERE c.id = $1 FOR UPDATE" },
	/* The same columns without what the gateway may not read. */
	[SQL_CASE_LOCK_GATEWAY] = { "case_lock_gateway", 1, SQL_GATEWAY, SQL_PLAIN,
		"SELECT c.id, c.protocol, c.state::text,"
		" coalesce(to_char(c.desk_month, 'YYYYMM')::int4, 0), c.lang,"
		" NULL::text, NULL::int8, NULL::int8, " SECS("c.last") ", c.items,"
		" c.key_version, NULL::bytea, NULL::uuid, NULL::bool FROM case_file c"
		" WHERE c.id = $1 FOR UPDATE" },
	[SQL_CASE_BY_PROTOCOL] = { "case_by_protocol", 2, SQL_SERVER, SQL_PLAIN,
		CASE_FIND("c.protocol = $1") },
	[SQL_CASE_BY_ID] = { "case_by_id", 2, SQL_SERVER, SQL_PLAIN,
		CASE_FIND("c.id = $1") },
	/* $1 the reader, $2 and $3 the line before, $4 how many. */
	[SQL_CASE_LIST_HELD] = { "case_list_held", 4, SQL_SERVER, SQL_PLAIN,
		CASE_LIST_OLDEST(IS_HELD) },
	[SQL_CASE_LIST_MONTHS] = { "case_list_months", 4, SQL_SERVER, SQL_PLAIN,
		CASE_LIST(IS_MONTH) },
	[SQL_CASE_LIST_ASIDE] = { "case_list_aside", 4, SQL_SERVER, SQL_PLAIN,
		CASE_LIST(IS_ASIDE) },
	/* The same columns for one case: $1 the reader, $2 the case. */
	[SQL_CASE_LINE] = { "case_line", 2, SQL_SERVER, SQL_PLAIN,
		CASE_LINE " WHERE c.id = $2" },
#include "sql_worklist.h"

	/* With the newest letter of each item. */
	[SQL_ITEMS] = { "items", 1, SQL_SERVER, SQL_PLAIN,
		"SELECT" ITEM_COLUMNS ", p.name, o.state::text, o.attempts,"
		" " SECS("o.sent") ", " SECS("o.not_before") ", o.last_text,"
		" y.side::text, q.state, q.assumed, "
		" coalesce(coalesce(q.ended, CASE WHEN q.assumed THEN q.presumed"
		"  END, q.posted) - date '1970-01-01', 0)"
		"  FROM item i LEFT JOIN person p ON p.id = i.author"
		"  LEFT JOIN party y ON y.id = i.party"
		"  LEFT JOIN LATERAL (SELECT * FROM outbox b WHERE b.item = i.id"
		"    ORDER BY b.id DESC LIMIT 1) o ON true"
		"  LEFT JOIN LATERAL (SELECT * FROM post e WHERE e.letter = o.id"
		"    ORDER BY e.id DESC LIMIT 1) q ON o.paper"
		" WHERE i.case_id = $1 ORDER BY i.seq" },
	[SQL_ITEM] = { "item", 2, SQL_SERVER, SQL_PLAIN,
		"SELECT" ITEM_COLUMNS " FROM item i"
		" WHERE i.id = $2 AND i.case_id = $1" },
	/* In pages: a mail of 35 MiB is never in memory twice. */
	[SQL_CHUNKS] = { "chunks", 3, SQL_SERVER, SQL_PLAIN,
		"SELECT n, ct FROM chunk WHERE item = $1 AND n >= $2"
		" ORDER BY n LIMIT $3::int4" },
	[SQL_CHUNKS_TRANSIT] = { "chunks_transit", 3, SQL_GATEWAY, SQL_PLAIN,
		"SELECT n, ct FROM transit_chunks($1, $2, $3)" },
	[SQL_CAPSULES] = { "capsules", 1, SQL_SERVER, SQL_PLAIN,
		"SELECT l.id, l.case_id, l.party, l.key_version, l.ct, l.box_case,"
		" l.box_svc, l.main, l.contact, p.by_post"
		"  FROM capsule l LEFT JOIN party p ON p.id = l.party"
		" WHERE l.case_id = $1 ORDER BY l.id" },
	[SQL_CAPSULES_GATEWAY] = { "capsules_gateway", 1, SQL_GATEWAY, SQL_PLAIN,
		"SELECT l.id, l.case_id, l.party, l.key_version, l.ct, NULL::bytea,"
		" l.box_svc, l.main, l.contact, p.by_post"
		"  FROM capsule l LEFT JOIN party p ON p.id = l.party"
		" WHERE l.case_id = $1 ORDER BY l.id" },
	[SQL_CASE_KEY] = { "case_key", 2, SQL_BOTH, SQL_PLAIN,
		"SELECT version, cpk, sig, signer FROM case_key"
		" WHERE case_id = $1 AND version = $2" },

	/* ---- what the gateway knows of a mail ---------------------------------- */

	[SQL_LEADS_BY_ADDRESS] = { "leads_by_address", 4, SQL_GATEWAY, SQL_PLAIN,
		LEAD("r.case_id", "r.party", "r.version")
		"  JOIN reply_address r ON r.id = q.key"
		LEAD_SENDER("r.case_id", "r.party") " ORDER BY q.n" },
	[SQL_LEADS_BY_OUTBOX] = { "leads_by_outbox", 4, SQL_GATEWAY, SQL_PLAIN,
		LEAD("o.case_id", "c.party", "0")
		"  JOIN outbox o ON o.id = q.key"
		"  JOIN capsule c ON c.id = o.capsule"
		LEAD_SENDER("o.case_id", "c.party") " ORDER BY q.n" },
	[SQL_LEADS_BY_MESSAGE] = { "leads_by_message", 4, SQL_GATEWAY, SQL_PLAIN,
		LEAD("t.case_id", "t.party", "0")
		"  JOIN ident_token t ON " IS_KEY("t") " AND t.kind = 2"
		LEAD_SENDER("t.case_id", "t.party") " ORDER BY q.n, t.case_id" },
	/* The newest open cases of an address; ids grow with time. */
	[SQL_LEADS_BY_SENDER] = { "leads_by_sender", 4, SQL_GATEWAY, SQL_PLAIN,
		"SELECT q.n, x.case_id, x.party, 0, p.side = 'company', x.party,"
		" p.side = 'company', false, x.protocol" QUESTIONS
		"  JOIN LATERAL (SELECT i.case_id, i.party, c.protocol"
		"    FROM ident_token i JOIN case_file c ON c.id = i.case_id"
		"     AND c.state NOT IN ('held', 'closed', 'erased')"
		"   WHERE " IS_KEY("i") " AND i.kind = 1"
		"   ORDER BY i.case_id DESC LIMIT 8) x ON true"
		"  JOIN party p ON p.id = x.party ORDER BY q.n, x.case_id DESC" },
	/* Cases of which the recipient and the sender are two parties. */
	[SQL_LEADS_BY_RECIPIENT] = { "leads_by_recipient", 4, SQL_GATEWAY, SQL_PLAIN,
		"SELECT q.n, r.case_id, r.party, 0, rp.side = 'company', s.party,"
		" sp.side = 'company', false, NULL::text" QUESTIONS
		"  JOIN ident_token r ON " IS_KEY("r") " AND r.kind = 1"
		"  JOIN ident_token s ON " IS_SENDER("s") " AND s.kind = 1"
		"   AND s.case_id = r.case_id AND s.party <> r.party"
		"  JOIN case_file c ON c.id = r.case_id"
		"   AND c.state NOT IN ('held', 'closed', 'erased')"
		"  JOIN party rp ON rp.id = r.party JOIN party sp ON sp.id = s.party"
		" ORDER BY q.n, r.case_id DESC" },
	[SQL_DESK_FILE] = { "desk_file", 1, SQL_BOTH, SQL_PLAIN,
		"SELECT id FROM case_file WHERE desk_month = " MONTH("$1")
		" ORDER BY id DESC LIMIT 1" },
	/* Each bucket once and in one order, so that two gateways cannot lock
	 * each other out; then every question gets its own place in the sum. */
	[SQL_RATES_ADD] = { "rates_add", 3, SQL_BOTH, SQL_PLAIN,
		"WITH q AS (SELECT scope, token, to_timestamp(at) AS start, n,"
		"  row_number() OVER (PARTITION BY scope, token, at ORDER BY n) AS nth,"
		"  count(*) OVER (PARTITION BY scope, token, at) AS added"
		"  FROM unnest($1::text[], $2::uuid[], $3::int8[])"
		"  WITH ORDINALITY AS u(scope, token, at, n)),"
		" b AS (INSERT INTO rate_bucket AS r (scope, token, start, count)"
		"  SELECT scope, token, start, count(*) FROM q"
		"  GROUP BY scope, token, start ORDER BY scope, token, start"
		"  ON CONFLICT (scope, token, start)"
		"  DO UPDATE SET count = r.count + excluded.count"
		"  RETURNING scope, token, start, count)"
		" SELECT b.count - q.added + q.nth FROM q"
		"  JOIN b USING (scope, token, start) ORDER BY q.n" },

#include "sql_held.h"
#include "sql_write.h"
#include "sql_absence.h"
#include "sql_text.h"
#include "sql_colleague.h"
#include "sql_retention.h"
#include "sql_loose.h"
#include "sql_distrust.h"
#include "sql_paper.h"
#include "sql_upload.h"
#include "sql_post.h"
#include "sql_mediation.h"
#include "sql_pending.h"
#include "sql_hearing.h"
#include "sql_link.h"
#include "sql_clock.h"
#include "sql_impartial.h"
#include "sql_grant.h"
#include "sql_address.h"
#include "sql_code.h"
#include "sql_company.h"
#include "sql_allegation.h"
#include "sql_terms.h"
#include "sql_settlement.h"
#include "sql_promise.h"
#include "sql_party.h"
#include "sql_words.h"
#include "sql_scan.h"
#include "sql_account.h"
#include "sql_checkpoint.h"
#include "sql_history.h"
#include "sql_office_key.h"
#include "sql_rotation.h"
#include "sql_ident.h"
#include "sql_disclosure.h"
#include "sql_rekey.h"
#include "sql_health.h"
#include "sql_due.h"
#include "sql_register.h"
#include "sql_told.h"
#include "sql_seen.h"
#include "sql_figure.h"
#include "sql_choice.h"
#include "sql_page.h"
#include "sql_company_page.h"
#include "sql_api.h"

	/* ---- mail in ----------------------------------------------------------- */

	/* A new holder gets a new epoch; the old one's writes are then late. */
	[SQL_LEASE] = { "lease", 3, SQL_GATEWAY, SQL_PLAIN,
		"INSERT INTO mailbox_lease AS l (mailbox, holder, epoch, until)"
		" VALUES ($1, $2, 1, now() + make_interval(secs => $3::int4))"
		" ON CONFLICT (mailbox) DO UPDATE SET holder = excluded.holder,"
		"  epoch = CASE WHEN l.holder = excluded.holder THEN l.epoch"
		"   ELSE l.epoch + 1 END, until = excluded.until"
		" WHERE l.until <= now() OR l.holder = excluded.holder"
		" RETURNING epoch" },
	/* One row whatever happens, and never a second one: a mail known by its
	 * canonical MAC is written down as a duplicate of the first; a UID that
	 * has a row is left alone. */
	[SQL_INBOUND_ADD] = { "inbound_add", 14, SQL_GATEWAY, SQL_PLAIN,
		"INSERT INTO inbound (id, mailbox, uidvalidity, uid, raw_mac,"
		" canon_mac, duplicate_of, size, padded, state, filed, attempts,"
		" lease_by, lease_until, lease_epoch, dek_box_svc, mac_version)"
		" SELECT m.id, m.mailbox, $3::int8, $4::int8,"
		"  CASE WHEN h.now THEN $5::bytea ELSE $12::bytea END,"
		"  CASE WHEN d.id IS NULL AND h.now THEN m.canon_mac"
		"   WHEN d.id IS NULL THEN m.canon_before END, d.id,"
		"  $7::int8, $8::int8, s.state::inbound_state,"
		"  CASE WHEN s.state <> 'received' THEN now() END,"
		"  CASE WHEN s.state = 'received' THEN 1 ELSE 0 END,"
		"  CASE WHEN s.state = 'received' THEN $11::uuid END,"
		"  CASE WHEN s.state = 'received' THEN now() + interval '5 minutes' END,"
		"  CASE WHEN s.state = 'received' THEN 1 ELSE 0 END,"
		"  CASE WHEN s.state = 'received' THEN $9::bytea END,"
		"  $14::int4 - CASE WHEN h.now THEN 0 ELSE 1 END"
		"  FROM (VALUES ($1::uuid, $2::text, $6::bytea, $13::bytea))"
		"   m(id, mailbox, canon_mac, canon_before)"
		" CROSS JOIN (SELECT $12::bytea IS NULL OR ident_held($14::int4)) h(now)"
		"  LEFT JOIN LATERAL (SELECT o.id FROM inbound o"
		"    WHERE o.mailbox = m.mailbox"
		"      AND o.canon_mac = ANY(ARRAY[m.canon_mac, m.canon_before])"
		"    LIMIT 1) d ON true"
		" CROSS JOIN LATERAL (SELECT CASE WHEN d.id IS NOT NULL THEN 'duplicate'"
		"   WHEN $10::bool THEN 'oversize' ELSE 'received' END) s(state)"
		" ON CONFLICT DO NOTHING" },
	[SQL_INBOUND_CHUNK] = { "inbound_chunk", 3, SQL_GATEWAY, SQL_PLAIN,
		"INSERT INTO chunk (item, n, ct) SELECT $1::uuid, $2::int4, $3::bytea"
		" WHERE EXISTS (SELECT 1 FROM inbound"
		"  WHERE id = $1::uuid AND state = 'received')" },
	[SQL_INBOUND_STATES] = { "inbound_states", 1, SQL_GATEWAY, SQL_PLAIN,
		"SELECT i.state::text"
		"  FROM unnest($1::uuid[]) WITH ORDINALITY AS q(id, n)"
		"  LEFT JOIN inbound i ON i.id = q.id ORDER BY q.n" },
	[SQL_INBOUND_KNOWN] = { "inbound_known", 3, SQL_GATEWAY, SQL_PLAIN,
		"SELECT q.n FROM unnest($3::int8[]) WITH ORDINALITY AS q(uid, n)"
		"  JOIN inbound i ON i.mailbox = $1 AND i.uidvalidity = $2"
		"   AND i.uid = q.uid" },
	[SQL_INBOUND_CLAIM] = { "inbound_claim", 2, SQL_GATEWAY, SQL_PLAIN,
		"WITH free AS MATERIALIZED (SELECT id FROM inbound"
		"  WHERE state = 'received'" FREE "),"
		" mine AS (UPDATE inbound i SET lease_by = $1,"
		"  lease_until = now() + interval '5 minutes',"
		"  lease_epoch = i.lease_epoch + 1, attempts = i.attempts + 1"
		"  FROM free WHERE i.id = free.id RETURNING i.*)"
		" SELECT id, mailbox, uidvalidity, uid, raw_mac, canon_mac, size,"
		"  padded, dek_box_svc, attempts, lease_epoch, error_code"
		"  FROM mine ORDER BY not_before, id" },
	/* With its key for us the mail is out of our reach. */
	[SQL_INBOUND_FILED] = { "inbound_filed", 6, SQL_GATEWAY, SQL_MUST_CHANGE,
		"UPDATE inbound SET state = $3, case_id = $4, outcome = $5,"
		" error_code = $6, filed = now(), dek_box_svc = NULL,"
		" lease_by = NULL, lease_until = NULL"
		" WHERE id = $1 AND lease_epoch = $2 AND state = 'received'" },
	[SQL_INBOUND_FAILED] = { "inbound_failed", 4, SQL_GATEWAY, SQL_MUST_CHANGE,
		"UPDATE inbound SET error_code = $3, lease_by = NULL,"
		" lease_until = NULL,"
		" not_before = now() + make_interval(secs => $4::int4)"
		" WHERE id = $1 AND lease_epoch = $2 AND state = 'received'" },
	/* A duplicate stays beside its original until that one is filed.  What
	 * was too large is nowhere else: it stays. */
	[SQL_INBOUND_NEXT] = { "inbound_next", 0, SQL_GATEWAY, SQL_PLAIN,
		NEXT_DUE("inbound", "state = 'received'") },
	/* What we hold only the header of stays where it is. */
	[SQL_INBOUND_SETTLED] = { "inbound_settled", 3, SQL_GATEWAY, SQL_PLAIN,
		"SELECT i.uid FROM inbound i WHERE i.mailbox = $1"
		"   AND i.uidvalidity = $2 AND i.uid IS NOT NULL AND i.moved IS NULL"
		"   AND i.state IN ('filed', 'duplicate', 'quarantine')"
		"   AND i.error_code IS DISTINCT FROM 'oversize'"
		"   AND i.filed <= now() - make_interval(hours => $3::int4)"
		"   AND (i.duplicate_of IS NULL OR EXISTS (SELECT 1 FROM inbound d"
		"    WHERE d.id = i.duplicate_of AND d.state IN ('filed', 'quarantine')))"
		" ORDER BY i.uid" },
	[SQL_INBOUND_MOVED] = { "inbound_moved", 3, SQL_GATEWAY, SQL_PLAIN,
		"UPDATE inbound SET moved = now() WHERE mailbox = $1"
		" AND uidvalidity = $2 AND uid = ANY ($3::int8[])"
		" AND moved IS NULL" },

	/* ---- mail out ---------------------------------------------------------- */

	[SQL_OUTBOX_ADD] = { "outbox_add", 8, SQL_BOTH, SQL_PLAIN,
		"INSERT INTO outbox (id, case_id, item, capsule, kind, dedupe_key,"
		" null_path, dek_box_svc) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)" },
	/* Only a hint: whoever misses it looks again after ten seconds. */
	[SQL_OUTBOX_NOTIFY] = { "outbox_notify", 0, SQL_BOTH, SQL_PLAIN,
		"SELECT pg_notify('ouv_outbox', '')" },
	/* A try without an end may have been delivered: the row says so before
	 * it is sent again. */
	[SQL_OUTBOX_CLAIM] = { "outbox_claim", 2, SQL_GATEWAY, SQL_PLAIN,
		"WITH free AS MATERIALIZED (SELECT id FROM outbox"
		"  WHERE state IN ('queued', 'unknown') AND NOT paper" FREE "),"
		" mine AS (UPDATE outbox o SET lease_by = $1,"
		"  lease_until = now() + interval '15 minutes',"
		"  lease_epoch = o.lease_epoch + 1, attempts = o.attempts + 1,"
		"  state = CASE WHEN EXISTS (SELECT 1 FROM outbox_try t"
		"    WHERE t.outbox = o.id AND t.n = o.attempts"
		"    AND t.finished IS NULL)"
		"   THEN 'unknown' ELSE o.state END"
		"  FROM free WHERE o.id = free.id RETURNING o.*),"
		" tries AS (INSERT INTO outbox_try (outbox, n)"
		"  SELECT id, attempts FROM mine)"
		" SELECT m.id, m.case_id, m.item, m.capsule, m.kind, m.dedupe_key,"
		"  m.null_path, m.dek_box_svc, m.attempts, m.lease_epoch,"
		"  m.expires < now(), c.party, c.key_version, c.ct, c.box_svc"
		"  FROM mine m LEFT JOIN capsule c ON c.id = m.capsule"
		" ORDER BY m.not_before, m.id" },
	/* A report that it came back may be faster than our own answer. */
	[SQL_OUTBOX_FINISH] = { "outbox_finish", 6, SQL_GATEWAY, SQL_MUST_CHANGE,
		"UPDATE outbox o SET lease_by = NULL, lease_until = NULL,"
		" state = CASE WHEN o.state = 'bounced' THEN o.state ELSE e.state END,"
		" dek_box_svc = CASE WHEN e.state IN ('sent', 'failed') THEN NULL"
		"  ELSE o.dek_box_svc END,"
		" sent = CASE WHEN e.state = 'sent' THEN now() ELSE o.sent END,"
		" not_before = CASE WHEN e.state IN ('queued', 'unknown')"
		"  THEN now() + make_interval(secs => $6::int4) ELSE o.not_before END,"
		" last_code = $4::int4, last_text = $5"
		" FROM (SELECT $3::outbox_state) e(state)"
		" WHERE o.id = $1 AND o.lease_epoch = $2"
		"   AND o.state IN ('queued', 'unknown', 'bounced')" },
	/* $3: was there an answer?  Without one the try stays open. */
	[SQL_OUTBOX_TRY_END] = { "outbox_try_end", 6, SQL_GATEWAY, SQL_MUST_CHANGE,
		"UPDATE outbox_try SET phase = $4, reply_code = $5,"
		" reply_text = $6, finished = CASE WHEN $3::bool THEN now() END"
		" WHERE outbox = $1 AND n = $2" },
	[SQL_OUTBOX_BOUNCED] = { "outbox_bounced", 2, SQL_GATEWAY, SQL_PLAIN,
		"UPDATE outbox SET state = 'bounced', last_text = $2,"
		" dek_box_svc = NULL"
		" WHERE id = $1 AND state IN ('queued', 'unknown', 'sent')" },
	[SQL_OUTBOX_NEXT] = { "outbox_next", 0, SQL_GATEWAY, SQL_PLAIN,
		NEXT_DUE("outbox", "state IN ('queued', 'unknown') AND NOT paper") },

	/* ---- the log ----------------------------------------------------------- */

	/* Each connection of a process makes its one signer known. */
	[SQL_AUDIT_SIGNER_ADD] = { "audit_signer_add", 7, SQL_BOTH, SQL_PLAIN,
		"INSERT INTO audit_signer (id, kind, mac_box, sig, person, public,"
		" root_sig) VALUES ($1, $2, $3, $4, $5, $6, $7)"
		" ON CONFLICT DO NOTHING" },
	[SQL_AUDIT_HEAD] = { "audit_head", 1, SQL_BOTH, SQL_PLAIN,
		"SELECT seq, hash FROM audit_event WHERE chain = $1"
		" ORDER BY seq DESC LIMIT 1" },
	[SQL_AUDIT_ADD] = { "audit_add", 12, SQL_BOTH, SQL_PLAIN,
		"INSERT INTO audit_event (chain, seq, at_us, signer, signer_seq,"
		" actor, action, object, details, prev, hash, mac) VALUES"
		" ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)" },
	[SQL_AUDIT_WALK] = { "audit_walk", 3, SQL_OWNER, SQL_PLAIN,
		"SELECT chain, seq, at_us, signer, signer_seq, actor, action,"
		" object, details, prev, hash, mac FROM audit_event"
		" WHERE (chain, seq) > ($1::uuid, $2::int8)"
		" ORDER BY chain, seq LIMIT $3::int4" },
};
/* clang-format on */
