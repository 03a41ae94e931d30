/*
 * sql_held.h - the rows of sql.c's table about held mail, tasks and floods
 *
 * Only sql.c includes it, inside the table and with its macros.
 */
/* clang-format off */

	/* ---- where a held mail may belong -------------------------------------- */

	[SQL_GUESSES_ADD] = { "guesses_add", 5, SQL_GATEWAY, SQL_PLAIN,
		"INSERT INTO item_guess (item, n, case_id, party, lead)"
		" SELECT * FROM unnest($1::uuid[], $2::int8[], $3::uuid[],"
		" $4::uuid[], $5::text[])" },
	/* Of every item of case $1; the number only for who has a key ($2). */
	[SQL_GUESSES] = { "guesses", 2, SQL_SERVER, SQL_PLAIN,
		"SELECT s.item, s.case_id, s.party, s.lead, p.side::text,"
		" CASE WHEN g.person IS NOT NULL THEN c.protocol END"
		"  FROM item i JOIN item_guess s ON s.item = i.id"
		GUESS_READER("$2")
		" WHERE i.case_id = $1 ORDER BY i.seq, s.n" },
	/* For a page of held cases, each by its first message: why it is held,
	 * the best guess, and what opens it; not that of a message so long that
	 * a page of such would keep everybody waiting. */
	[SQL_HELD_NOTES] = { "held_notes", 2, SQL_SERVER, SQL_PLAIN,
		"SELECT i.why, s.lead, p.side::text,"
		" CASE WHEN g.person IS NOT NULL THEN c.protocol END,"
		" i.id, i.key_version, i.dek_box, CASE WHEN octet_length(i.body)"
		"  <= 131072 THEN i.body END, i.body_version"
		"  FROM unnest($1::uuid[]) WITH ORDINALITY AS q(id, n)"
		"  LEFT JOIN LATERAL (SELECT f.* FROM item f"
		"    WHERE f.case_id = q.id AND f.kind <> 'note'"
		"    ORDER BY f.seq LIMIT 1) i ON true"
		"  LEFT JOIN LATERAL (SELECT * FROM item_guess b"
		"    WHERE b.item = i.id ORDER BY b.n LIMIT 1) s ON true"
		GUESS_READER("$2")
		" ORDER BY q.n" },
	/* $2 who asks, who holds a key to it; $3 one of its messages, or NULL.
	 * While it is held only what became of that message. */
	[SQL_HELD_FATE] = { "held_fate", 3, SQL_SERVER, SQL_PLAIN,
		"SELECT e.action, e.at_us / 1000000, p.name,"
		" coalesce(c.protocol, CASE WHEN g.person IS NOT NULL"
		"  THEN t.protocol END), c.state = 'held'"
		"  FROM case_file c"
		"  JOIN case_grant k ON k.case_id = c.id AND k.person = $2"
		"   AND k.version = c.key_version"
		"  JOIN audit_event e ON e.chain = c.id"
		"   AND e.action IN ('attribute', 'register', 'discard', 'retry')"
		"  JOIN person p ON p.id = e.actor"
		"  LEFT JOIN item i ON i.id = e.object AND i.case_id <> c.id"
		"  LEFT JOIN case_file t ON t.id = i.case_id"
		"  LEFT JOIN case_grant g ON g.case_id = t.id AND g.person = $2"
		"   AND g.version = t.key_version"
		" WHERE c.id = $1 AND (c.state <> 'held' OR e.object = $3::uuid)"
		" ORDER BY e.object IS NOT DISTINCT FROM $3::uuid DESC, e.seq DESC"
		" LIMIT 1" },

	/* ---- what a person does with it ---------------------------------------- */

	[SQL_HELD_MOVE] = { "held_move", 9, SQL_SERVER, SQL_PLAIN,
		"SELECT held_move($1, $2, $3, $4::int4, $5::lane, $6, $7::int4,"
		" $8, $9)" },
	[SQL_HELD_RETRY] = { "held_retry", 3, SQL_SERVER, SQL_PLAIN,
		"SELECT held_retry($1, $2, $3)" },
	[SQL_HELD_NUMBER] = { "held_number", 2, SQL_SERVER, SQL_PLAIN,
		"SELECT held_number($1, $2::int4)" },
	[SQL_HELD_REGISTER] = { "held_register", 6, SQL_SERVER, SQL_PLAIN,
		"SELECT held_register($1, $2, $3, to_timestamp($4::int8), $5, $6)" },
	[SQL_CASE_ASIDE] = { "case_aside", 2, SQL_SERVER, SQL_MUST_CHANGE,
		"UPDATE case_file SET aside = $2 WHERE id = $1" },
	[SQL_CASE_ASIDE_GET] = { "case_aside_get", 1, SQL_SERVER, SQL_PLAIN,
		"SELECT aside FROM case_file WHERE id = $1" },
	/* Whose address is this in that case? */
	[SQL_IDENT_PARTY] = { "ident_party", 3, SQL_BOTH, SQL_PLAIN,
		"SELECT party FROM ident_token"
		" WHERE token = ANY(ARRAY[$1::uuid, $2::uuid]) AND kind = 1"
		"   AND case_id = $3 LIMIT 1" },

	/* ---- tasks ------------------------------------------------------------- */

	[SQL_TASK_ADD] = { "task_add", 7, SQL_BOTH, SQL_PLAIN,
		"INSERT INTO task (id, case_id, kind, item, party, opened, due)"
		" VALUES ($1, $2, $3, $4, $5, to_timestamp($6::int8),"
		" to_timestamp($7::int8))"
		" ON CONFLICT (item, kind) WHERE kind <> 'promise'"
		" DO NOTHING RETURNING 1" },
	[SQL_TASKS] = { "tasks", 1, SQL_SERVER, SQL_PLAIN,
		"SELECT t.id, t.kind, coalesce(i.seq, 0), " SECS("t.opened") ","
		" " SECS("t.due") ", " SECS("t.done") ", p.name, t.outcome, t.note,"
		" t.words, a.id, a.action, w.name"
		"  FROM task t LEFT JOIN item i ON i.id = t.item"
		"  LEFT JOIN person w ON w.id = t.person"
		"  LEFT JOIN act_pending a ON a.fields_item = t.item"
		"   AND a.case_id = t.case_id"
		"  LEFT JOIN person p ON p.id = t.done_by"
		" WHERE t.case_id = $1 ORDER BY t.opened, t.id" },
	[SQL_CALLBACK_ADD] = { "callback_add", 8, SQL_SERVER, SQL_PLAIN,
		"INSERT INTO task (id, case_id, kind, item, words, person,"
		" opened, due) VALUES ($1, $2, $3, $4, $5, $6,"
		" to_timestamp($7::int8), to_timestamp($8::int8))" },
	[SQL_TASK_IS] = { "task_is", 2, SQL_SERVER, SQL_PLAIN,
		"SELECT kind FROM task WHERE id = $1 AND case_id = $2" },
	/* Once: who comes second changes nothing. */
	[SQL_TASK_DONE] = { "task_done", 5, SQL_SERVER, SQL_MUST_CHANGE,
		"UPDATE task SET done = now(), done_by = $3, outcome = $4,"
		" note = $5 WHERE id = $1 AND case_id = $2 AND done IS NULL" },
	/* What a colleague's step has settled; of one side's, or of any. */
	[SQL_TASKS_SETTLED] = { "tasks_settled", 4, SQL_SERVER, SQL_PLAIN,
		"UPDATE task t SET done = now(), done_by = $4, outcome = 'done'"
		" WHERE t.case_id = $1 AND t.kind = $2 AND t.done IS NULL"
		"  AND ($3::party_side IS NULL OR EXISTS (SELECT FROM party p"
		"   WHERE p.id = t.party AND p.side = $3::party_side))" },
	/* The letter a report names: where it lies, to whom it goes. */
	[SQL_LETTER_OF] = { "letter_of", 1, SQL_GATEWAY, SQL_PLAIN,
		"SELECT o.case_id, o.item, c.party, o.capsule, o.kind FROM outbox o"
		"  LEFT JOIN capsule c ON c.id = o.capsule WHERE o.id = $1" },

	/* ---- floods ------------------------------------------------------------ */

	[SQL_BURSTS] = { "bursts", 2, SQL_GATEWAY, SQL_PLAIN,
		"SELECT q.n, b.case_id"
		"  FROM unnest($1::uuid[], $2::int8[])"
		"   WITH ORDINALITY AS q(token, at, n)"
		"  JOIN mail_burst b ON b.token = q.token"
		"   AND b.start = to_timestamp(q.at)" },
	[SQL_BURST_SET] = { "burst_set", 3, SQL_GATEWAY, SQL_PLAIN,
		"INSERT INTO mail_burst (token, start, case_id)"
		" VALUES ($1, to_timestamp($2::int8), $3)"
		" ON CONFLICT (token, start) DO UPDATE SET case_id = excluded.case_id" },

