/*
 * sql_checkpoint.h - the rows of sql.c's table about checkpoints of the log and
 * about the walk that verifies it
 *
 * Only sql.c includes it, inside the table and with its macros.  The walks need
 * nothing but SELECT.
 */
/* clang-format off */

#define CHECKPOINT_COLUMNS                                                    \
	" c.signer, c.n, c.at_us, c.signer_seq, c.events, c.merkle_root,"     \
	" c.prev, c.sig, s.kind, c.mailed IS NOT NULL"

	/* The answer to an earlier try may have been lost. */
	[SQL_CHECKPOINT_ADD] = { "checkpoint_add", 9, SQL_BOTH, SQL_PLAIN,
		"INSERT INTO audit_checkpoint (signer, n, at_us, signer_seq, events,"
		" merkle_root, prev, sig, heads)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
		" ON CONFLICT DO NOTHING" },
	[SQL_AUDIT_IS] = { "audit_is", 3, SQL_BOTH, SQL_PLAIN,
		"SELECT 1 FROM audit_event WHERE chain = $1 AND seq = $2"
		" AND hash = $3" },
	/* A line that was cut: is its transaction still at work?  Our own role's
	 * are the only ones whose times we see. */
	[SQL_BACKEND_BUSY] = { "backend_busy", 1, SQL_BOTH, SQL_PLAIN,
		"SELECT 1 FROM pg_stat_activity WHERE pid = $1::int4"
		" AND pid <> pg_backend_pid() AND xact_start IS NOT NULL" },
	/* Until the end of the transaction. */
	[SQL_CHAIN_LOCK] = { "chain_lock", 1, SQL_BOTH, SQL_PLAIN,
		"SELECT pg_advisory_xact_lock(hashtextextended($1::uuid::text, 0))" },
	/* The newest of each signer that was not mailed. */
	[SQL_CHECKPOINT_UNMAILED] = { "checkpoint_unmailed", 1, SQL_GATEWAY, SQL_PLAIN,
		"SELECT DISTINCT ON (c.signer)" CHECKPOINT_COLUMNS
		"  FROM audit_checkpoint c JOIN audit_signer s ON s.id = c.signer"
		" WHERE c.mailed IS NULL ORDER BY c.signer, c.n DESC"
		" LIMIT $1::int4" },
	/* With it those before it: each holds the hash of the one before. */
	[SQL_CHECKPOINT_MAILED] = { "checkpoint_mailed", 2, SQL_GATEWAY, SQL_PLAIN,
		"UPDATE audit_checkpoint SET mailed = now()"
		" WHERE signer = $1 AND n <= $2 AND mailed IS NULL" },
	[SQL_CHECKPOINT_WALK] = { "checkpoint_walk", 3, SQL_OWNER, SQL_PLAIN,
		"SELECT" CHECKPOINT_COLUMNS ", c.heads"
		"  FROM audit_checkpoint c JOIN audit_signer s ON s.id = c.signer"
		" WHERE c.signer = $1 AND c.n > $2::int8"
		" ORDER BY c.n LIMIT $3::int4" },
	/* The first of these heads that is not in the log as it was sealed. */
	[SQL_HEADS_MISSING] = { "heads_missing", 1, SQL_OWNER, SQL_PLAIN,
		"SELECT h.chain, h.seq, EXISTS (SELECT 1 FROM audit_event e"
		"   WHERE e.chain = h.chain AND e.seq = h.seq)"
		"  FROM (SELECT i, encode(substr($1::bytea, i * 56 + 1, 16),"
		"     'hex')::uuid AS chain,"
		"    ('x' || encode(substr($1::bytea, i * 56 + 17, 8),"
		"     'hex'))::bit(64)::int8 AS seq,"
		"    substr($1::bytea, i * 56 + 25, 32) AS hash"
		"   FROM generate_series(0, octet_length($1::bytea) / 56 - 1) i) h"
		" WHERE NOT EXISTS (SELECT 1 FROM audit_event e WHERE"
		"  e.chain = h.chain AND e.seq = h.seq AND e.hash = h.hash)"
		" ORDER BY h.i LIMIT 1" },
	[SQL_SIGNER_WALK] = { "signer_walk", 2, SQL_OWNER, SQL_PLAIN,
		"SELECT id, kind, mac_box, sig, coalesce(person,"
		"  '00000000-0000-0000-0000-000000000000'), public, root_sig,"
		"  (extract(epoch FROM started) * 1000000)::int8"
		"  FROM audit_signer WHERE id > $1::uuid ORDER BY id"
		" LIMIT $2::int4" },
	[SQL_SIGNER_ONE] = { "signer_one", 1, SQL_OWNER, SQL_PLAIN,
		"SELECT id, kind, mac_box, sig, coalesce(person,"
		"  '00000000-0000-0000-0000-000000000000'), public, root_sig,"
		"  (extract(epoch FROM started) * 1000000)::int8"
		"  FROM audit_signer WHERE id = $1::uuid" },
	[SQL_SIGNER_EVENTS] = { "signer_events", 4, SQL_OWNER, SQL_PLAIN,
		"SELECT signer, signer_seq, chain, seq, hash, mac, at_us"
		"  FROM audit_event WHERE signer = $1 AND signer_seq > $2::int8"
		"   AND signer_seq <= $3::int8 ORDER BY signer_seq LIMIT $4::int4" },
	/* An entry, or a checkpoint, of a signer that nobody knows. */
	[SQL_AUDIT_ORPHAN] = { "audit_orphan", 0, SQL_OWNER, SQL_PLAIN,
		"(SELECT e.chain, e.seq FROM audit_event e WHERE NOT EXISTS"
		"  (SELECT 1 FROM audit_signer s WHERE s.id = e.signer) LIMIT 1)"
		" UNION ALL"
		" (SELECT c.signer, c.n FROM audit_checkpoint c WHERE NOT EXISTS"
		"  (SELECT 1 FROM audit_signer s WHERE s.id = c.signer) LIMIT 1)"
		" LIMIT 1" },
	/* Each new key of a case is an entry: fewer or more, and the case's row
	 * is of another time than its log. */
	[SQL_AUDIT_REKEYS] = { "audit_rekeys", 0, SQL_OWNER, SQL_PLAIN,
		"SELECT c.id, coalesce(r.last, 0) FROM case_file c"
		"  LEFT JOIN (SELECT chain, count(*) AS n, max(seq) AS last"
		"   FROM audit_event WHERE action = 'rekey' GROUP BY chain) r"
		"  ON r.chain = c.id"
		" WHERE c.key_version <> 1 + coalesce(r.n, 0) LIMIT 1" },
	/* Every public key that may have signed a run of ours. */
	[SQL_SIGNING_KEYS] = { "signing_keys", 0, SQL_OWNER, SQL_PLAIN,
		"SELECT kind, version, public, sig, coalesce("
		"  (extract(epoch FROM retired) * 1000000)::int8, 0)"
		"  FROM office_key WHERE kind IN ('gateway', 'server') ORDER BY kind, version" },
	[SQL_AUDIT_STATUS] = { "audit_status", 0, SQL_OWNER, SQL_PLAIN,
		"SELECT (SELECT count(*) FROM audit_event)::int8,"
		" (SELECT count(*) FROM audit_signer)::int8,"
		" (SELECT count(*) FROM audit_checkpoint)::int8,"
		" (SELECT count(*) FROM audit_checkpoint WHERE mailed IS NULL)::int8,"
		" coalesce((SELECT max(at_us) FROM audit_checkpoint), 0)::int8,"
		" coalesce((SELECT (extract(epoch FROM max(mailed)) * 1000000)::int8"
		"   FROM audit_checkpoint), 0)::int8,"
		" (SELECT count(*) FROM audit_event e WHERE e.signer_seq > coalesce("
		"   (SELECT max(c.signer_seq) FROM audit_checkpoint c"
		"     WHERE c.signer = e.signer), 0))::int8" },
