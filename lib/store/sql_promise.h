/*
 * sql_promise.h - the rows of sql.c's table about promises and ratings
 *
 * Only sql.c includes it, inside the table and with its macros.
 */
/* clang-format off */

/* What a letter of ours promised is looked after as a task, not by the plan. */
#define OF_PLAN "state = 'open' AND source <> 'letter'"

	[SQL_PROMISES] = { "promises", 1, SQL_BOTH, SQL_PLAIN,
		"SELECT id, n, promiser, person, item, source, " SECS("made") ","
		" " SECS("due") ", says_company, says_consumer, " SECS("asked") ","
		" state, " SECS("ended") " FROM promise WHERE case_id = $1"
		" ORDER BY n" },
	/* The case's row is locked by us: the number is the next. */
	[SQL_PROMISE_NEW] = { "promise_new", 8, SQL_BOTH, SQL_PLAIN,
		"INSERT INTO promise (id, case_id, n, promiser, person, item, source,"
		" made, due) SELECT $1, $2, coalesce(max(n), 0) + 1, $3, $4, $5, $6,"
		" to_timestamp($7::int8), to_timestamp($8::int8)"
		"  FROM promise WHERE case_id = $2 RETURNING n" },
	/* $2 0: all of them. */
	[SQL_PROMISE_ASKED] = { "promise_asked", 3, SQL_BOTH, SQL_PLAIN,
		"UPDATE promise SET asked = coalesce(asked, to_timestamp($3::int8))"
		" WHERE case_id = $1 AND ($2::int4 = 0 OR n = $2::int4) AND " OF_PLAN },
	/* $3 consumer or company, $4 done, late, not-done, silent. */
	[SQL_PROMISE_SAYS] = { "promise_says", 4, SQL_BOTH, SQL_MUST_CHANGE,
		"UPDATE promise SET"
		" says_consumer = CASE $3 WHEN 'consumer' THEN $4"
		"  ELSE says_consumer END,"
		" says_company = CASE $3 WHEN 'company' THEN $4"
		"  ELSE says_company END"
		" WHERE case_id = $1 AND n = $2 AND " OF_PLAN },
	[SQL_PROMISE_END] = { "promise_end", 4, SQL_BOTH, SQL_MUST_CHANGE,
		"UPDATE promise SET state = $3, ended = to_timestamp($4::int8)"
		" WHERE case_id = $1 AND n = $2 AND " OF_PLAN },
	[SQL_PROMISES_VOID] = { "promises_void", 2, SQL_BOTH, SQL_PLAIN,
		"UPDATE promise SET state = 'void', ended = to_timestamp($2::int8)"
		" WHERE case_id = $1 AND " OF_PLAN },
	/* $1 the task that looked after it. */
	[SQL_PROMISE_END_TASK] = { "promise_end_task", 3, SQL_SERVER, SQL_PLAIN,
		"UPDATE promise p SET state = $2, ended = to_timestamp($3::int8)"
		"  FROM task t WHERE t.id = $1 AND t.case_id = p.case_id"
		"   AND t.words = p.item AND t.kind = 'promise' AND p.state = 'open'" },
	/* What a party says of it after the end, told to a colleague; by mail or
	 * page there is a row already. */
	[SQL_RATING_ADD] = { "rating_add", 6, SQL_SERVER, SQL_PLAIN,
		"INSERT INTO party_act (id, case_id, party, action, choice, source,"
		" at, done, outcome) VALUES ($1, $2, $3, 'rate', $4, $5,"
		" to_timestamp($6::int8), to_timestamp($6::int8), 'noted')" },
