/*
 * sql_worklist.h - the lists of cases, their counts, and saved views
 * (worklist.c, saved_view.c)
 *
 * Only sql.c includes it, inside the table and with its macros.
 */
/* clang-format off */

/*
 * Lists and counts go through what their reader can open, in the order of the
 * list (case_reader r).  Cases by their ids: the array is asked first, and each
 * found by its key; or, where all are gone through, a set.
 */
#define AMONG(ids) "r.case_id = ANY(ARRAY(SELECT DISTINCT " ids "))"
#define AMONG_STRAY AMONG("id FROM case_stray")
#define PROMISED                                               \
	"o.case_id FROM promise o WHERE o.state = 'open'"      \
	" AND o.due < now() + interval '1 day'"
#define SECOND(acts)                                                      \
	"a.case_id FROM act_pending a JOIN person me ON me.id = $1"       \
	" WHERE a.decided IS NULL AND a.author <> $1"                     \
	" AND (a.action || ' ' || me.role)"                               \
	" = ANY(string_to_array(" acts "::text, ','))"
/* Something is to be done; of it: a letter did not arrive. */
#define TASKS "r.tasks > 0"
#define TROUBLE TASKS " AND r.trouble > 0"
/* One's own, and those of whom one stands in for. */
#define MINE_OF(case_id, owner)                                         \
	owner " = ANY(ARRAY(SELECT $1::uuid UNION ALL"                  \
	" SELECT s.person FROM stand_in s WHERE s.who = $1))"           \
	" AND (" owner " = $1 OR NOT EXISTS (SELECT FROM case_conflict" \
	"  v WHERE v.case_id = " case_id " AND v.person = $1))"
/* Whose it is comes first, also where conflicts are few and looked up first. */
#define WORK_MINE                                               \
	"CASE WHEN r.owner = ANY(ARRAY(SELECT $1::uuid"         \
	" UNION ALL SELECT s.person FROM stand_in s"            \
	" WHERE s.who = $1)) THEN r.owner = $1 OR NOT EXISTS ("         \
	"SELECT FROM case_conflict v WHERE v.case_id = r.case_id" \
	" AND v.person = $1) ELSE false END"
/* In a list of its own, or it is taken apart for each row. */
#define IN_STATES(states)                                       \
	"r.state = ANY(ARRAY(SELECT unnest(string_to_array(" states \
	", ',')::case_state[])))"
/*
 * An answer of the company waits to be read while its clock stands still: until
 * then it is the office's turn, whatever the state says, in the lists, in their
 * counts and on the line itself.  Each case is asked for itself, and only those
 * in that state.
 */
#define UNREAD(case_id)                                                 \
	" FROM task t WHERE t.done IS NULL AND t.case_id = " case_id    \
	" AND t.kind = 'read-answer' AND NOT EXISTS (SELECT FROM clock k" \
	" WHERE k.case_id = " case_id " AND k.kind = 'company'"         \
	" AND k.state <> 'paused')"
#define IS_UNREAD                                                             \
	"CASE WHEN r.state = 'company' THEN EXISTS (SELECT" UNREAD("r.case_id") \
	") ELSE false END"
#define COMPANYS(states) IN_STATES(states) " AND NOT (" IS_UNREAD ")"
#define OFFICES(states) IN_STATES(states) " OR " IS_UNREAD
/*
 * Letters of a party came since its reader looked last; of a case that they never
 * opened only if it is in their care.
 */
#define FOLLOWED "(r.seen IS NOT NULL OR (" WORK_MINE "))"
#define FRESH "r.fresh > 0 AND " FOLLOWED
#define OVERDUE "r.due < now()"
#define SOON "r.due >= now() AND r.due < now() + interval '1 day'"
#define DUE "r.due < now() + interval '1 day'"

/*
 * Only while $5 has that name.  The plan is made for the values (PLAN_FRESH),
 * so that what does not apply is gone from it, the case itself where nothing
 * asks for more than the copy, and the rest finds its index.
 */
#define WHEN(name, where) " AND ($5::text <> '" name "' OR (" where "))"
/* These three know their few cases by name, open or closed. */
#define BY_NAME "$5::text IN ('second', 'task', 'trouble')"
#define WORK_QUEUE                                                            \
	"r.person = $1 AND (" BY_NAME " OR r.part = CASE $5::text"            \
	" WHEN 'closed' THEN 'closed' ELSE 'open' END)"                       \
	" AND (NOT " BY_NAME " OR r.part IN ('open', 'closed'))"              \
	WHEN("mine", WORK_MINE)                                               \
	WHEN("new", "r.state = 'received' OR " AMONG_STRAY)                   \
	WHEN("unread", FRESH)                                                 \
	WHEN("due", DUE " OR " AMONG(PROMISED))                               \
	WHEN("overdue", OVERDUE)                                              \
	WHEN("soon", SOON)                                                    \
	WHEN("consumer", IN_STATES("$6::text"))                               \
	WHEN("company", COMPANYS("$6::text"))                                 \
	WHEN("office", OFFICES("$6::text"))                                   \
	WHEN("second", AMONG(SECOND("$6")))                                   \
	WHEN("trouble", TROUBLE)                                              \
	WHEN("promise", AMONG(PROMISED))                                      \
	WHEN("task", TASKS)
#define WORK_FILTERS                                                          \
	" AND ($7::case_state IS NULL OR r.state = $7::case_state)"           \
	" AND ($8::uuid IS NULL OR r.owner = $8::uuid)"                       \
	" AND ($9::bool IS NOT TRUE OR r.owner IS NULL)"                      \
	" AND ($10::case_kind IS NULL OR r.kind = $10::case_kind)"            \
	" AND ($11::severity IS NULL OR r.severity = $11::severity)"          \
	" AND ($12::text IS NULL OR r.company = ANY(ARRAY(SELECT f.id"        \
	"  FROM company f WHERE position(lower($12::text) in lower(f.name)) " \
	"> 0)))"                                                              \
	" AND ($13::int8 = 0 OR (r.due >= to_timestamp($13::int8)"            \
	"  AND r.due < timestamptz '3000-01-01 00:00:00+00'))"                \
	" AND ($14::int8 = 0 OR r.due < to_timestamp($14::int8))"             \
	" AND ($15::int8 = 0 OR r.opened >= to_timestamp($15::int8))"         \
	" AND ($16::int8 = 0 OR r.opened < to_timestamp($16::int8))"          \
	" AND ($17::text IS NULL OR r.lang = $17::text)"                      \
	" AND ($18::text IS NULL OR r.channel = $18::text)"
/* Which, in which order; then what is shown of them, as struct store_work_line
 * is read. */
#define WORK(key, after, order)                                               \
	"SELECT" CASE_LINE_COLUMNS ", " MICROS("w.at") ", y.name,"            \
	" c.kind, c.severity, c.contact_channel,"                             \
	" EXISTS (SELECT FROM promise o WHERE o.case_id = c.id"               \
	"   AND o.state = 'open' AND o.due < now() + interval '1 day'),"      \
	" EXISTS (SELECT FROM act_pending a WHERE a.case_id = c.id"           \
	"   AND a.decided IS NULL),"                                          \
	" EXISTS (SELECT FROM absence b WHERE b.person = c.owner"             \
	"   AND b.starts <= now() AND now() < b.ends"                         \
	"   AND b.called_off IS NULL),"                                       \
	" (SELECT " SECS("min(t.due)") UNREAD("c.id") "), w.fresh"            \
	"  FROM (SELECT r.case_id, " key " AS at, CASE WHEN " FRESH           \
	"   THEN r.fresh ELSE 0 END AS fresh FROM case_reader r"              \
	"  WHERE " WORK_QUEUE WORK_FILTERS                                    \
	"   AND (" key ", r.case_id) " after " (" FROM_MICROS("$2")           \
	", $3::uuid)"                                                         \
	"  ORDER BY " key " " order ", r.case_id " order                      \
	"  LIMIT $4::int4) w"                                                 \
	/* OFFSET 0: each by its key, never all cases for a page of them. */  \
	" CROSS JOIN LATERAL (SELECT * FROM case_file WHERE id = w.case_id"   \
	"  OFFSET 0) c" GRANTED                                               \
	" LEFT JOIN person p ON p.id = c.owner"                               \
	" LEFT JOIN company y ON y.id = c.company"                            \
	" ORDER BY w.at " order ", c.id " order
#define WORK_UP(key) WORK(key, ">", "ASC")
#define WORK_DOWN(key) WORK(key, "<", "DESC")

/* Up to STORE_COUNT_MOST: nobody reads the difference. */
#define COUNT_IF(where)                                                      \
	"(SELECT count(*) FROM (SELECT FROM case_reader r WHERE r.person = $1" \
	"  AND r.part = 'open' AND (" where ") LIMIT 100) counted)"
#define COUNT_PROMISED                                                     \
	"(SELECT count(*) FROM (SELECT FROM (SELECT DISTINCT " PROMISED ") n" \
	"  JOIN case_reader r ON r.case_id = n.case_id AND r.person = $1"  \
	"   AND r.part = 'open' LIMIT 100) counted)"
/* Also of closed ones. */
#define COUNT_TASKS(where)                                                   \
	"(SELECT count(*) FROM (SELECT FROM case_reader r WHERE r.person = $1" \
	"  AND r.part IN ('open', 'closed') AND " where " LIMIT 100) counted)"
/* By name; of the office's own, few. */
#define COUNT_NAMED(ids)                                                   \
	"(SELECT count(*) FROM (SELECT FROM (SELECT DISTINCT " ids ") n"   \
	"  JOIN case_reader r ON r.case_id = n.case_id AND r.person = $1"  \
	"  WHERE r.part IN ('open', 'closed') LIMIT 100) counted)"

	[SQL_PLAN_FRESH] = { "plan_fresh", 0, SQL_SERVER, SQL_PLAIN,
		"SELECT set_config('plan_cache_mode', 'force_custom_plan', true)" },
	[SQL_PLAN_KEPT] = { "plan_kept", 0, SQL_SERVER, SQL_PLAIN,
		"SELECT set_config('plan_cache_mode', 'force_generic_plan', true)" },
	[SQL_WORK_LAST_DOWN] = { "work_last_down", 18, SQL_SERVER, SQL_PLAIN,
		WORK_DOWN("r.last") },
	[SQL_WORK_LAST_UP] = { "work_last_up", 18, SQL_SERVER, SQL_PLAIN,
		WORK_UP("r.last") },
	[SQL_WORK_DUE_UP] = { "work_due_up", 18, SQL_SERVER, SQL_PLAIN,
		WORK_UP("r.due") },
	[SQL_WORK_DUE_DOWN] = { "work_due_down", 18, SQL_SERVER, SQL_PLAIN,
		WORK_DOWN("r.due") },
	[SQL_WORK_OPENED_DOWN] = { "work_opened_down", 18, SQL_SERVER,
		SQL_PLAIN, WORK_DOWN("r.opened") },
	[SQL_WORK_OPENED_UP] = { "work_opened_up", 18, SQL_SERVER, SQL_PLAIN,
		WORK_UP("r.opened") },
	/* In the order of enum ouv_queue, then what is held; each goes through
	 * what the reader can open of the open cases until it has enough.  What
	 * is closed is not counted.  $2 the acts with the roles that may confirm
	 * them, $3 to $5 states that wait for consumer, company, office. */
	[SQL_WORK_COUNTS] = { "work_counts", 5, SQL_SERVER, SQL_PLAIN,
		"SELECT " COUNT_IF("true") ", " COUNT_IF(WORK_MINE)
		", " COUNT_IF("r.state = 'received' OR r.case_id IN"
			" (SELECT id FROM case_stray)")
		", " COUNT_IF(DUE " OR r.case_id IN (SELECT " PROMISED ")")
		", 0::int8"
		", " COUNT_NAMED(SECOND("$2"))
		", " COUNT_IF(OVERDUE)
		", " COUNT_IF(SOON)
		", " COUNT_IF(IN_STATES("$3::text"))
		", " COUNT_IF(COMPANYS("$4::text"))
		", " COUNT_IF(OFFICES("$5::text"))
		", " COUNT_TASKS(TROUBLE)
		", " COUNT_PROMISED
		", " COUNT_TASKS(TASKS)
		", " COUNT_IF(FRESH)
		", (SELECT count(*) FROM (SELECT FROM case_file c" GRANTED
		"  WHERE " IS_HELD " LIMIT 100) counted)" },

	/* $2 their numbers, with commas. */
	[SQL_WORK_CHOSEN] = { "work_chosen", 2, SQL_SERVER, SQL_PLAIN,
		"SELECT" CASE_LINE_COLUMNS ", c.kind, c.severity, c.urgent,"
		" p.login"
		"  FROM case_file c" GRANTED
		"  LEFT JOIN person p ON p.id = c.owner"
		" WHERE c.protocol = ANY(string_to_array($2::text, ','))" },

	/* ---- saved views ---------------------------------------------------- */

	[SQL_VIEWS] = { "views", 1, SQL_SERVER, SQL_PLAIN,
		"SELECT v.id, v.name, v.query, v.shared, v.person = $1, p.name"
		"  FROM saved_view v JOIN person p ON p.id = v.person AND p.active"
		" WHERE v.person = $1 OR v.shared"
		" ORDER BY v.shared, lower(v.name), v.id LIMIT 60" },
	/* No row: this person has as many as one may have. */
	[SQL_VIEW_ADD] = { "view_add", 5, SQL_SERVER, SQL_MUST_CHANGE,
		"INSERT INTO saved_view (id, person, name, query, shared)"
		" SELECT $1::uuid, $2::uuid, $3::text, $4::text, $5::bool"
		"  WHERE (SELECT count(*) FROM saved_view WHERE person = $2::uuid)"
		"   < 30" },
	/* $3: also what somebody else shared. */
	[SQL_VIEW_DROP] = { "view_drop", 3, SQL_SERVER, SQL_MUST_CHANGE,
		"DELETE FROM saved_view WHERE id = $1"
		" AND (person = $2 OR ($3::bool AND shared))" },

	/* clang-format on */
