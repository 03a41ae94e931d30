/*
 * sql_clock.h - the rows of sql.c's table about clocks and alarms
 *
 * Only sql.c includes it, inside the table and with its macros.
 */
/* clang-format off */

#define TIME_OR_NULL(x) "to_timestamp(nullif(" x ", 0))"
#define CLOCK_COLUMNS                                                         \
	" case_id, kind::text, n, state::text, profile, profile_n, calendar," \
	" unit, amount, law, " SECS("started") ", " SECS("since") ", used, "  \
	SECS("due") ", " SECS("stopped") ", round"
#define ALARM_KEY                                                             \
	" case_id = $1 AND clock = $2::clock_kind AND n = $3::int4"           \
	" AND round = $4::int4"

	[SQL_CLOCKS] = { "clocks", 1, SQL_BOTH, SQL_PLAIN,
		"SELECT" CLOCK_COLUMNS " FROM clock WHERE case_id = $1"
		" ORDER BY kind, n" },
	[SQL_CLOCKS_SET] = { "clocks_set", 16, SQL_BOTH, SQL_PLAIN,
		"INSERT INTO clock (case_id, kind, n, state, profile, profile_n,"
		" calendar, unit, amount, law, started, since, used, due, stopped,"
		" round) SELECT q.a, q.b::clock_kind, q.c, q.d::clock_state, q.e,"
		" q.f, q.g, q.h, q.i, q.j, to_timestamp(q.k), to_timestamp(q.l),"
		" q.m, " TIME_OR_NULL("q.o") ", " TIME_OR_NULL("q.p") ", q.q"
		"  FROM unnest($1::uuid[], $2::text[], $3::int8[], $4::text[],"
		"   $5::text[], $6::int8[], $7::text[], $8::text[], $9::int8[],"
		"   $10::text[], $11::int8[], $12::int8[], $13::int8[],"
		"   $14::int8[], $15::int8[], $16::int8[])"
		"   AS q(a, b, c, d, e, f, g, h, i, j, k, l, m, o, p, q)"
		" ON CONFLICT (case_id, kind, n) DO UPDATE SET"
		"  state = excluded.state, profile = excluded.profile,"
		"  profile_n = excluded.profile_n, calendar = excluded.calendar,"
		"  unit = excluded.unit, amount = excluded.amount,"
		"  law = excluded.law, started = excluded.started,"
		"  since = excluded.since, used = excluded.used,"
		"  due = excluded.due, stopped = excluded.stopped,"
		"  round = excluded.round" },
	[SQL_CLOCK_STOP] = { "clock_stop", 4, SQL_BOTH, SQL_PLAIN,
		"UPDATE clock SET state = 'stopped',"
		" stopped = to_timestamp($4::int8) WHERE case_id = $1"
		"  AND kind = $2::clock_kind AND n = $3::int4"
		"  AND state <> 'stopped'" },
	/* Agreed days ('date') and what stands still stay as they are; $1 '':
	 * of every calendar.  A page of cases after $2. */
	[SQL_CLOCKS_CASES] = { "clocks_cases", 3, SQL_BOTH, SQL_PLAIN,
		"SELECT DISTINCT case_id FROM clock"
		" WHERE state = 'running' AND unit <> 'date'"
		"  AND $1::text IN ('', calendar) AND case_id > $2"
		" ORDER BY case_id LIMIT $3::int4" },
	/* Their rows locked, in an order that everybody keeps. */
	[SQL_CLOCKS_LOCK] = { "clocks_lock", 1, SQL_BOTH, SQL_PLAIN,
		"SELECT id FROM case_file WHERE id = ANY ($1::uuid[])"
		" ORDER BY id FOR UPDATE" },
	[SQL_CLOCKS_RUNNING] = { "clocks_running", 2, SQL_BOTH, SQL_PLAIN,
		"SELECT" CLOCK_COLUMNS " FROM clock"
		" WHERE case_id = ANY ($1::uuid[]) AND state = 'running'"
		"  AND unit <> 'date' AND $2::text IN ('', calendar)"
		" ORDER BY case_id, kind, n" },
	/* The case's own date follows the clock it was taken from ($2 as it
	 * was, $3 as it is). */
	[SQL_CLOCKS_DUE] = { "clocks_due", 3, SQL_BOTH, SQL_PLAIN,
		"UPDATE case_file c SET due = to_timestamp(q.is_now)"
		"  FROM unnest($1::uuid[], $2::int8[], $3::int8[])"
		"   AS q(id, was, is_now)"
		" WHERE c.id = q.id AND c.due = to_timestamp(q.was)" },
	/* The last event of each of these chains. */
	[SQL_CLOCKS_HEADS] = { "clocks_heads", 1, SQL_BOTH, SQL_PLAIN,
		"SELECT q.id, e.seq, e.hash FROM unnest($1::uuid[]) AS q(id)"
		"  JOIN LATERAL (SELECT seq, hash FROM audit_event"
		"   WHERE chain = q.id ORDER BY seq DESC LIMIT 1) e ON true" },
	[SQL_CASE_DUE_SET] = { "case_due_set", 2, SQL_BOTH, SQL_MUST_CHANGE,
		"UPDATE case_file SET due = " TIME_OR_NULL("$2::int8")
		" WHERE id = $1" },
	/* Open, and older than clocks are. */
	[SQL_CLOCKS_NONE] = { "clocks_none", 1, SQL_GATEWAY, SQL_PLAIN,
		"SELECT c.id, c.state::text, " SECS("c.opened") ", "
		SECS("coalesce(c.closed, c.moved, c.opened)") " FROM case_file c"
		" WHERE c.state <> 'erased' AND c.desk_month IS NULL AND c.id > $1"
		"  AND (c.state <> 'closed' OR c.protocol IS NOT NULL)"
		"  AND NOT EXISTS (SELECT 1 FROM clock k WHERE k.case_id = c.id)"
		" ORDER BY c.id LIMIT 1 FOR UPDATE OF c SKIP LOCKED" },

	/* ---- alarms -------------------------------------------------------------- */

	/* One that was done stays done. */
	[SQL_ALARMS_SET] = { "alarms_set", 6, SQL_BOTH, SQL_PLAIN,
		"INSERT INTO alarm (case_id, clock, n, round, kind, at)"
		" SELECT q.a, q.b::clock_kind, q.c, q.d, q.e, to_timestamp(q.f)"
		"  FROM unnest($1::uuid[], $2::text[], $3::int8[], $4::int8[],"
		"   $5::text[], $6::int8[]) AS q(a, b, c, d, e, f)"
		" ON CONFLICT (case_id, clock, n, round, kind) DO UPDATE"
		"  SET at = excluded.at WHERE alarm.done IS NULL" },
	/* The case's row is what is locked: of one case one alarm at a time, of
	 * one clock in their order.  What is found is looked at once more under
	 * the lock. */
	[SQL_ALARM_CLAIM] = { "alarm_claim", 1, SQL_GATEWAY, SQL_PLAIN,
		"SELECT a.case_id, a.clock::text, a.n, a.round, a.kind, "
		SECS("a.at")
		"  FROM alarm a JOIN case_file c ON c.id = a.case_id"
		" WHERE a.done IS NULL AND a.at <= to_timestamp($1::int8)"
		"  AND NOT EXISTS (SELECT 1 FROM alarm b WHERE b.case_id = a.case_id"
		"   AND b.clock = a.clock AND b.n = a.n AND b.round = a.round"
		"   AND b.done IS NULL AND (b.at, b.kind = 'lapse', b.kind)"
		"    < (a.at, a.kind = 'lapse', a.kind))"
		" ORDER BY a.at, a.case_id, a.clock, a.n"
		" LIMIT 1 FOR UPDATE OF c SKIP LOCKED" },
	[SQL_ALARM_WAITS] = { "alarm_waits", 6, SQL_GATEWAY, SQL_PLAIN,
		"SELECT 1 FROM alarm WHERE" ALARM_KEY " AND kind = $5"
		"  AND done IS NULL AND at <= to_timestamp($6::int8)" },
	[SQL_ALARM_DONE] = { "alarm_done", 7, SQL_GATEWAY, SQL_MUST_CHANGE,
		"UPDATE alarm SET done = to_timestamp($7::int8), outcome = $6"
		" WHERE" ALARM_KEY " AND kind = $5 AND done IS NULL" },
	/* All of that clock that still wait: not before $5. */
	[SQL_ALARMS_LATER] = { "alarms_later", 5, SQL_BOTH, SQL_PLAIN,
		"UPDATE alarm SET at = greatest(at, to_timestamp($5::int8))"
		" WHERE" ALARM_KEY " AND done IS NULL" },
	/* It stands still; going on, it gets new times. */
	[SQL_ALARMS_NEVER] = { "alarms_never", 4, SQL_BOTH, SQL_PLAIN,
		"UPDATE alarm SET at = 'infinity' WHERE" ALARM_KEY
		" AND done IS NULL" },
	/* Of this clock's reminders: how many were made, arrived, are under way;
	 * when the last one left. */
	[SQL_ALARM_TOLD] = { "alarm_told", 4, SQL_BOTH, SQL_PLAIN,
		"SELECT count(*), count(*) FILTER (WHERE o.sent IS NOT NULL),"
		" count(*) FILTER (WHERE o.sent IS NULL AND o.waits), "
		SECS("max(o.sent)")
		"  FROM alarm a LEFT JOIN LATERAL (SELECT max(o.sent) FILTER"
		"    (WHERE o.state = 'sent') AS sent,"
		"    bool_or(o.state IN ('queued', 'unknown')) AS waits"
		"   FROM outbox o WHERE o.case_id = a.case_id"
		"    AND o.kind = 'reminder' AND starts_with(o.dedupe_key, 'alarm:'"
		"     || replace(a.case_id::text, '-', '') || ':' || a.clock || ':'"
		"     || a.n || ':' || a.round || ':' || a.kind || ':')) o ON true"
		" WHERE a.case_id = $1 AND a.clock = $2::clock_kind"
		"  AND a.n = $3::int4 AND a.round = $4::int4"
		"  AND a.kind IN ('remind', 'remind-2') AND a.done IS NOT NULL" },
	/* Letters of one kind in a case since $3, but for the one of item $4: when
	 * the first one arrived, and how many are still under way, by mail and on
	 * paper. */
	[SQL_LETTERS_OF_KIND] = { "letters_of_kind", 4, SQL_BOTH, SQL_PLAIN,
		"SELECT count(*), " SECS("min(sent) FILTER (WHERE state = 'sent')")
		", count(*) FILTER (WHERE state IN ('queued', 'unknown')"
		"   AND NOT paper)"
		", count(*) FILTER (WHERE state = 'queued' AND paper)"
		"  FROM outbox WHERE case_id = $1 AND kind = $2"
		"   AND created >= to_timestamp($3::int8 - 60) AND item <> $4" },
	/* Is every address of that side one whose last letter came back, or of
	 * somebody who is away on the day of $3?  Of who gets paper, paper counts. */
	[SQL_SIDE_LOST] = { "side_lost", 3, SQL_BOTH, SQL_PLAIN,
		"SELECT coalesce(bool_and(coalesce(o.state IN ('failed',"
		" 'bounced'), false) OR k.id IS NOT NULL), false)"
		"  FROM party p JOIN capsule c ON c.party = p.id"
		"  LEFT JOIN company_contact k ON k.id = c.contact"
		"   AND to_timestamp($3::int8)::date"
		"    BETWEEN k.away_from AND k.away_until"
		"  LEFT JOIN LATERAL (SELECT state FROM outbox WHERE capsule = c.id"
		"   AND case_id = p.case_id AND state NOT IN ('queued', 'unknown')"
		"   AND (paper OR NOT p.by_post)"
		"   ORDER BY created DESC, id DESC LIMIT 1) o ON true"
		" WHERE p.case_id = $1 AND p.side = $2::party_side" },
	[SQL_OUTBOX_KIND] = { "outbox_kind", 2, SQL_BOTH, SQL_PLAIN,
		"SELECT kind FROM outbox WHERE case_id = $1 AND item = $2" },

	/* ---- what parties decided --------------------------------------------------- */

	[SQL_ACT_CLAIM] = { "act_claim", 0, SQL_GATEWAY, SQL_PLAIN,
		"SELECT a.id, a.case_id, a.party, a.action, a.choice, a.item,"
		" a.source, p.side::text FROM party_act a"
		"  JOIN case_file c ON c.id = a.case_id"
		"  JOIN party p ON p.id = a.party"
		" WHERE a.done IS NULL AND NOT EXISTS (SELECT 1 FROM party_act b"
		"   WHERE b.case_id = a.case_id AND b.done IS NULL"
		"    AND (b.at, b.id) < (a.at, a.id))"
		" ORDER BY a.at, a.id LIMIT 1 FOR UPDATE OF c SKIP LOCKED" },
	[SQL_ACT_WAITS] = { "act_waits", 1, SQL_GATEWAY, SQL_PLAIN,
		"SELECT 1 FROM party_act WHERE id = $1 AND done IS NULL" },
	[SQL_ACT_DONE] = { "act_done", 3, SQL_GATEWAY, SQL_MUST_CHANGE,
		"UPDATE party_act SET done = to_timestamp($3::int8), outcome = $2"
		" WHERE id = $1 AND done IS NULL" },

	/* ---- what a clock asked for, and is not needed any more ------------------ */

	[SQL_TASKS_VOID] = { "tasks_void", 3, SQL_BOTH, SQL_PLAIN,
		"UPDATE task SET done = to_timestamp($3::int8),"
		" outcome = 'not-needed' WHERE case_id = $1"
		"  AND kind = ANY ($2::text[]) AND done IS NULL" },
	[SQL_TIMER_NOTIFY] = { "timer_notify", 0, SQL_BOTH, SQL_PLAIN,
		"SELECT pg_notify('ouv_timer', '')" },

