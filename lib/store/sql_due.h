/*
 * sql_due.h - the rows of sql.c's table about what falls due
 *
 * Only sql.c includes it, inside the table and with its macros.
 */
/* clang-format off */

/* What somebody must do by then: a party's right to ask for something, and how
 * long a file is kept, are no such dates.  The words of index clock_dates. */
#define DUE_CLOCK                                                             \
	"k.state = 'running' AND k.kind NOT IN ('retention',"                 \
	" 'review-window', 'reopen-window')"
/* One's own, and those of whom one stands in for, as in the worklist. */
#define DUE_MINE "(NOT $2::bool OR (" MINE_OF("c.id", "c.owner") "))"
#define DUE_FROM(due)                                                         \
	due " >= " FROM_MICROS("$3") " AND ($4::int8 = 0"                     \
	" OR " due " < to_timestamp($4::int8))"
/* Each date asks for its case, which cannot become a walk through all cases. */
#define DUE_CASE_OF(of, mine)                                                 \
	" CROSS JOIN LATERAL (SELECT FROM case_file c" GRANTED                \
	"  WHERE c.id = " of ".case_id AND (" mine ") OFFSET 0) c"
#define DUE_CASE(of) DUE_CASE_OF(of, DUE_MINE)
/* What one was asked for by name is one's own in anybody's case. */
#define DUE_TASK DUE_CASE_OF("t", DUE_MINE " OR t.person = $1")
#define DUE_KEY_CLOCK "'c' || k.case_id || k.kind || ':' || k.n"

	/* $1 person, $2 only theirs, $3 from (microseconds), $4 before (0:
	 * without end), $5 after the row of that key, among those of $3.  In
	 * the order of clock_dates and task_due, as far as a page goes. */
	[SQL_DUES] = { "dues", 6, SQL_SERVER, SQL_PLAIN,
		"SELECT" CASE_COLUMNS(SECS("c.last")) ", g.box, p.name,"
		" " MICROS("d.at") ", d.key, d.task, k.*"
		"  FROM (SELECT * FROM ("
		"   (SELECT k.case_id, k.due AS at, "
		     DUE_KEY_CLOCK " AS key, NULL AS task, k.kind, k.n"
		"     FROM clock k" DUE_CASE("k")
		"    WHERE " DUE_CLOCK " AND " DUE_FROM("k.due")
		"     AND (k.due, " DUE_KEY_CLOCK ") > (" FROM_MICROS("$3") ", $5)"
		"    ORDER BY 2, 3 LIMIT $6::int4)"
		"   UNION ALL"
		"   (SELECT t.case_id, t.due, 't' || t.id, t.kind,"
		"      NULL, NULL"
		"     FROM task t" DUE_TASK
		"    WHERE t.done IS NULL AND " DUE_FROM("t.due")
		"     AND (t.due, 't' || t.id) > (" FROM_MICROS("$3") ", $5)"
		"    ORDER BY 2, 3 LIMIT $6::int4)) u"
		"   ORDER BY at, key LIMIT $6::int4) d"
		"  JOIN case_file c ON c.id = d.case_id" GRANTED
		"  LEFT JOIN person p ON p.id = c.owner"
		"  LEFT JOIN LATERAL (SELECT" CLOCK_COLUMNS " FROM clock"
		"   WHERE case_id = d.case_id AND kind = d.kind AND n = d.n) k"
		"   ON true"
		" ORDER BY d.at, d.key" },
	/* $3 moments in order: into which of the spans between them it falls. */
	[SQL_DUE_COUNTS] = { "due_counts", 3, SQL_SERVER, SQL_PLAIN,
		"SELECT width_bucket(u.at, $3::int8[]), u.task, count(*) FROM ("
		"  SELECT " SECS("k.due") " AS at, false AS task FROM clock k"
		    DUE_CASE("k")
		"   WHERE " DUE_CLOCK " AND k.due <"
		"    to_timestamp(($3::int8[])[array_upper($3::int8[], 1)])"
		"  UNION ALL"
		"  SELECT " SECS("t.due") ", true FROM task t"
		    DUE_TASK
		"   WHERE t.done IS NULL AND t.due <"
		"    to_timestamp(($3::int8[])[array_upper($3::int8[], 1)])) u"
		" GROUP BY 1, 2" },

