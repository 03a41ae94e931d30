/*
 * sql_mediation.h - the rows of sql.c's table about a move: what a case is
 * about, what its guards must know, what has changed
 *
 * Only sql.c includes it, inside the table and with its macros.
 */
/* clang-format off */

#define MEDIATION_FROM                                                        \
	" FROM case_file c LEFT JOIN company y ON y.id = c.company"           \
	" WHERE c.id = $1"
#define MEDIATION_SHARED                                                      \
	" c.urgent, c.legal_hold, c.told, c.company, c.unit, y.name,"         \
	" c.profile, c.calendar, " SECS("c.opened") ", " SECS("c.complete")   \
	", " SECS("c.closed") ", c.closed_by, c.closed_from::text,"           \
	" c.merit::text, c.resolution::text, c.rating::text,"                 \
	" c.kind::text, c.severity::text, c.difficulty::text, c.identity"

	[SQL_MEDIATION] = { "mediation", 1, SQL_SERVER, SQL_PLAIN,
		"SELECT c.state::text," REV "," MEDIATION_SHARED ","
		" c.service, c.remedy, c.contact_channel, c.direction,"
		" " DAY_OF("c.first_instance") ", c.first_instance_item, c.ground,"
		" c.data_right, c.data_outcome, c.data_denial" MEDIATION_FROM },
	/* Without what the gateway may not read. */
	[SQL_MEDIATION_GATEWAY] = { "mediation_gateway", 1, SQL_GATEWAY, SQL_PLAIN,
		"SELECT c.state::text, 0," MEDIATION_SHARED ","
		" NULL::text, NULL::text, NULL::text, NULL::text, NULL::int4,"
		" NULL::uuid, NULL::text, NULL::text, NULL::text, NULL::text"
		MEDIATION_FROM },
	/* $2 the state we read, $3 the one we want; due below 0: as it is.  Of
	 * what a case is about, and of whose it is, a program changes nothing. */
	[SQL_MEDIATION_MOVE] = { "mediation_move", 12, SQL_BOTH, SQL_MUST_CHANGE,
		"UPDATE case_file SET state = $3,"
		" moved = CASE WHEN $3 = $2 THEN moved ELSE now() END,"
		" due = CASE WHEN $4::int8 < 0 THEN due"
		"  ELSE to_timestamp(nullif($4::int8, 0)) END,"
		" owes = $5, told = $6::bool,"
		" complete = to_timestamp(nullif($7::int8, 0)),"
		" closed = to_timestamp(nullif($8::int8, 0)), closed_by = $9,"
		" closed_from = $10::case_state, resolution = $11::resolution,"
		" rating = $12::rating WHERE id = $1 AND state = $2" },
	/* What only a person changes. */
	[SQL_MEDIATION_ABOUT] = { "mediation_about", 19, SQL_SERVER, SQL_MUST_CHANGE,
		"UPDATE case_file SET kind = $2::case_kind,"
		" severity = $3::severity, difficulty = $4::difficulty,"
		" service = $5, remedy = $6, contact_channel = $7, direction = $8,"
		" identity = $9, urgent = $10::bool, legal_hold = $11::bool,"
		" first_instance = date '1970-01-01' + $12::int4,"
		" first_instance_item = $13, ground = $14, profile = $15,"
		" merit = $16::merit, data_right = $17, data_outcome = $18,"
		" data_denial = $19 WHERE id = $1" },
	[SQL_MEDIATION_COMPANY] = { "mediation_company", 5, SQL_SERVER, SQL_MUST_CHANGE,
		"UPDATE case_file SET company = $2, unit = $3, calendar = $4,"
		" owner = coalesce($5, owner) WHERE id = $1" },
	/* The number of a message, for a form. */
	[SQL_ITEM_SEQ] = { "item_seq", 2, SQL_BOTH, SQL_PLAIN,
		"SELECT id FROM item WHERE case_id = $1 AND seq = $2::int4" },
#define CHANGES(which)                                                        \
	"SELECT e.at_us / 1000000, p.name, e.action, coalesce(i.seq, 0)"      \
	"  FROM audit_event e LEFT JOIN person p ON p.id = e.actor"           \
	"  LEFT JOIN item i ON i.id = e.object AND i.case_id = e.chain"       \
	"   AND e.action = 'append'"                                          \
	" WHERE e.chain = $1 AND e.seq > $2::int8 AND e." which               \
	" ORDER BY e.seq LIMIT 50"
	[SQL_CHANGES] = { "changes", 2, SQL_SERVER, SQL_PLAIN,
		CHANGES(IS_CHANGE) },
	[SQL_CHANGES_JUDGED] = { "changes_judged", 2, SQL_SERVER, SQL_PLAIN,
		CHANGES(IS_JUDGED) },

	/* ---- what guards must know ------------------------------------------- */

	/* $1 the case, $2 who acts, $3 the clock of its state, $4 now. */
#define RUNS(kind) "k.case_id = c.id AND k.n = 0 AND k.kind = " kind         \
	" AND k.state = 'running'"
#define NOW "to_timestamp($4::int8)"
#define ARRIVED                                                               \
	"EXISTS (SELECT 1 FROM outbox o WHERE o.case_id = a.case_id"          \
	"  AND o.kind = 'reminder' AND o.state = 'sent'"                      \
	"  AND starts_with(o.dedupe_key, 'alarm:'"                            \
	"   || replace(a.case_id::text, '-', '') || ':' || a.clock || ':'"    \
	"   || a.n || ':' || a.round || ':' || a.kind || ':'))"
#define REMINDED(kind)                                                        \
	"(SELECT count(*) FROM alarm a JOIN clock k ON k.case_id = a.case_id" \
	"  AND k.kind = a.clock AND k.n = a.n AND k.round = a.round"          \
	"  WHERE a.case_id = c.id AND a.n = 0 AND a.clock = " kind            \
	"  AND a.kind IN ('remind', 'remind-2') AND " ARRIVED ")"
#define FACTS_SHARED                                                          \
	" EXISTS (SELECT 1 FROM allegation l WHERE l.case_id = c.id"          \
	"  AND l.article <> ''),"                                             \
	" EXISTS (SELECT 1 FROM clock k WHERE " RUNS("$3::clock_kind")        \
	"  AND k.due < " NOW "), " REMINDED("$3::clock_kind") ","             \
	" NOT EXISTS (SELECT 1 FROM clock k WHERE " RUNS("'refusal'")         \
	"  AND k.due < " NOW "),"                                             \
	" coalesce((SELECT min(s.n) > 0 AND min(s.n) = max(s.n)"              \
	"   AND count(*) = 2 FROM settlement_choice s WHERE s.case_id = c.id" \
	"   AND s.round = (SELECT max(m.round) FROM settlement m"             \
	"    WHERE m.case_id = c.id)), false),"                               \
	" EXISTS (SELECT 1 FROM promise p WHERE p.case_id = c.id"             \
	"  AND p.source <> 'letter' AND p.asked IS NOT NULL)"                 \
	" AND NOT EXISTS (SELECT 1 FROM promise p WHERE p.case_id = c.id"     \
	"  AND p.source <> 'letter' AND p.state = 'open'"                     \
	"  AND p.asked IS NULL),"                                             \
	" EXISTS (SELECT 1 FROM clock k WHERE " RUNS("'review-window'")       \
	"  AND k.due >= " NOW "),"                                            \
	" EXISTS (SELECT 1 FROM clock k WHERE " RUNS("'reopen-window'")       \
	"  AND k.due >= " NOW "),"                                            \
	" EXISTS (SELECT 1 FROM clock k WHERE " RUNS("'retention'")           \
	"  AND k.due < " NOW ")"
/* For severe cases, on that day of the office. */
#define TRAINED(person, day)                                                  \
	"EXISTS (SELECT 1 FROM training t WHERE t.person = " person           \
	"  AND t.subject = 'severe-cases'"                                    \
	"  AND t.on_day <= date '1970-01-01' + " day "::int4"                 \
	"  AND (t.until_day IS NULL"                                          \
	"   OR t.until_day >= date '1970-01-01' + " day "::int4))"
#define FACTS_FROM " FROM case_file c WHERE c.id = $1"
#define ACTED(name)                                                           \
	"(SELECT max(e.seq) FROM audit_event e WHERE e.chain = c.id"          \
	"  AND e.action = " name ")"

	[SQL_FACTS] = { "facts", 5, SQL_SERVER, SQL_PLAIN,
		"SELECT" FACTS_SHARED ", " KEPT_NOTIFIED ","
		" NOT conflicted(c.id, $2),"
		" c.severity IS NULL OR c.severity NOT IN ('high', 'critical')"
		"  OR " TRAINED("$2", "$5") ","
		" EXISTS (SELECT 1 FROM opinion o WHERE o.case_id = c.id"
		"  AND o.kind = 'provisional' AND o.author = $2),"
		" EXISTS (SELECT 1 FROM audit_event e WHERE e.chain = c.id"
		"  AND e.actor = $2 AND e." IS_CHANGE
		"  AND e.seq < coalesce(" ACTED("'ask-review'") ", e.seq + 1)),"
		" (SELECT count(DISTINCT w.person) FROM (SELECT c.owner AS person"
		"   UNION ALL SELECT m.person FROM case_team m"
		"   WHERE m.case_id = c.id AND m.until IS NULL) w),"
		" " ACTED("'ask'") " IS NOT NULL,"
		" " ACTED("'extend'") " > coalesce(" ACTED("'serve'") ", 0),"
		" EXISTS (SELECT 1 FROM item i WHERE i.case_id = c.id"
		"  AND i.kind = 'mail_in' AND i.party IS NOT NULL"
		"  AND i.at > c.closed),"
		" " KEPT_QUIET ","
		" EXISTS (SELECT 1 FROM act_pending a WHERE a.case_id = c.id"
		"  AND a.author = $2 AND a.action = 'whole-file'"
		"  AND a.decision = 'confirmed'"
		"  AND a.decided > " NOW " - interval '7 days')" FACTS_FROM },
	/* Of people, and of what they did, the gateway knows nothing. */
	[SQL_FACTS_GATEWAY] = { "facts_gateway", 4, SQL_GATEWAY, SQL_PLAIN,
		"SELECT" FACTS_SHARED ", false, $2::uuid IS NOT NULL, true, false, false,"
		" 0::int8, false, false, false, false, false" FACTS_FROM },
#undef NOW
#undef RUNS
