/*
 * sql_pending.h - the rows of sql.c's table about acts that wait for a second
 * person
 *
 * Only sql.c includes it, inside the table and with its macros.
 */
/* clang-format off */

#define PENDING_COLUMNS                                                       \
	" a.id, a.case_id, a.action, a.fields_item, a.rev, a.author, p.name," \
	" p.login, p.role::text, p.lang, " SECS("a.at")                       \
	" FROM act_pending a JOIN person p ON p.id = a.author"                \
	" WHERE a.case_id = $1 AND a.decided IS NULL"

	[SQL_PENDING_LIST] = { "pending_list", 1, SQL_SERVER, SQL_PLAIN,
		"SELECT" PENDING_COLUMNS " ORDER BY a.at, a.id" },
	[SQL_PENDING] = { "pending", 2, SQL_SERVER, SQL_PLAIN,
		"SELECT" PENDING_COLUMNS " AND a.id = $2" },
	[SQL_PENDING_ADD] = { "pending_add", 6, SQL_SERVER, SQL_PLAIN,
		"INSERT INTO act_pending (id, case_id, action, fields_item, rev,"
		" author) VALUES ($1, $2, $3, $4, $5, $6)" },
	/* An author who writes it anew takes the one before back. */
	[SQL_PENDING_VOID] = { "pending_void", 2, SQL_SERVER, SQL_PLAIN,
		"UPDATE act_pending SET decided = now(), decision = 'void'"
		" WHERE case_id = $1 AND action = $2 AND decided IS NULL"
		" RETURNING fields_item" },
	[SQL_PENDING_DECIDE] = { "pending_decide", 5, SQL_SERVER, SQL_MUST_CHANGE,
		"UPDATE act_pending SET decided = now(), decision = $3,"
		" second = $4, why_item = $5"
		" WHERE case_id = $1 AND id = $2 AND decided IS NULL" },
	/* Whatever became of it, unless it was carried out. */
	[SQL_PREPARED] = { "prepared", 2, SQL_SERVER, SQL_PLAIN,
		"SELECT a.id, a.action, a.fields_item, a.why_item, p.name, s.name,"
		" a.decision, " SECS("a.at") ", " SECS("a.decided")
		" FROM act_pending a JOIN person p ON p.id = a.author"
		" LEFT JOIN person s ON s.id = a.second"
		" WHERE a.case_id = $1 AND a.id = $2"
		" AND a.decision IS DISTINCT FROM 'confirmed'" },
	/* Of that author, confirmed by somebody since then; the newest first. */
	[SQL_CONFIRMED] = { "confirmed", 4, SQL_SERVER, SQL_PLAIN,
		"SELECT a.id, a.fields_item, s.name, " SECS("a.decided")
		" FROM act_pending a LEFT JOIN person s ON s.id = a.second"
		" WHERE a.case_id = $1 AND a.action = $2 AND a.author = $3"
		" AND a.decision = 'confirmed' AND a.decided > to_timestamp($4::int8)"
		" ORDER BY a.decided DESC, a.id" },
	/* It is written anew: nobody need take up what came back. */
	[SQL_PREPARED_AGAIN] = { "prepared_again", 3, SQL_SERVER, SQL_PLAIN,
		"UPDATE task SET done = now(), done_by = $3, outcome = 'done'"
		" WHERE case_id = $1 AND done IS NULL"
		" AND kind IN ('act-returned', 'act-void') AND item IN"
		"  (SELECT a.fields_item FROM act_pending a WHERE a.case_id = $1"
		"   AND a.action = $2)" },
	[SQL_TASK_END] = { "task_end", 4, SQL_SERVER, SQL_PLAIN,
		"UPDATE task SET done = now(), done_by = $3, outcome = $4"
		" WHERE item = $1 AND kind = $2 AND done IS NULL" },
	[SQL_SAVEPOINT] = { "savepoint", 0, SQL_BOTH, SQL_PLAIN, "SAVEPOINT act" },
	[SQL_UNDO] = { "undo", 0, SQL_BOTH, SQL_PLAIN, "ROLLBACK TO act" },
