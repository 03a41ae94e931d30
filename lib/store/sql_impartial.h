/*
 * sql_impartial.h - the rows of sql.c's table about impartiality: conflicts,
 * draws, teams, training, the spread of outcomes
 *
 * Only sql.c includes it, inside the table and with its macros.
 */
/* clang-format off */

/* Closed complaints of a time, by what who says: each axis counts for itself,
 * and what was never said is its own number.  A closed case keeps its owner. */
#define SPREAD(who, from, until, where)					\
	"SELECT " who " AS who,"					\
	" count(*),"							\
	" count(*) FILTER (WHERE c.merit = 'founded'),"			\
	" count(*) FILTER (WHERE c.merit = 'partly'),"			\
	" count(*) FILTER (WHERE c.merit = 'unfounded'),"		\
	" count(*) FILTER (WHERE c.merit = 'not-established'),"		\
	" count(*) FILTER (WHERE c.merit IS NULL),"			\
	" count(*) FILTER (WHERE c.resolution = 'kept'),"		\
	" count(*) FILTER (WHERE c.resolution = 'broken'),"		\
	" count(*) FILTER (WHERE c.resolution = 'refused'),"		\
	" count(*) FILTER (WHERE c.resolution = 'silent'),"		\
	" count(*) FILTER (WHERE c.resolution = 'none' OR c.resolution IS NULL),"\
	" count(*) FILTER (WHERE c.rating = 'resolved'),"		\
	" count(*) FILTER (WHERE c.rating = 'not-resolved'),"		\
	" count(*) FILTER (WHERE c.rating = 'not-rated' OR c.rating IS NULL)"\
	"  FROM case_file c LEFT JOIN company k ON k.id = c.company"	\
	"  LEFT JOIN person p ON p.id = c.owner"			\
	" WHERE c.state IN ('closed', 'erased') AND c.kind = 'complaint'"\
	"   AND c.closed >= to_timestamp(" from "::int8)"		\
	"   AND c.closed < to_timestamp(" until "::int8)" where		\
	" GROUP BY 1 ORDER BY 1"

#define DAYS(x) "(" x " - date '1970-01-01')"
#define OF_DAY(x) "date '1970-01-01' + " x "::int4"

	[SQL_CONFLICT_DECLARE] = { "conflict_declare", 11, SQL_SERVER, SQL_PLAIN,
		"INSERT INTO conflict_register (id, person, company, consumer, kind,"
		" from_day, until_day, note, made_by, consumer_version)"
		" SELECT $1, $2, $3, w.token, $5, "
		OF_DAY("$6") ", " OF_DAY("$7") ", $8, $9, w.version"
		"  FROM ident_write($4, $10, $11::int4) w" },
	[SQL_CONFLICT_END] = { "conflict_end", 1, SQL_SERVER, SQL_MUST_CHANGE,
		"UPDATE conflict_register SET ended = now()"
		" WHERE id = $1 AND ended IS NULL" },
	/* $1: of that person; NULL: of everybody.  In force first. */
	[SQL_CONFLICTS] = { "conflicts", 1, SQL_SERVER, SQL_PLAIN,
		"SELECT r.id, r.person, p.name, r.company, c.name, r.consumer, r.kind, "
		DAYS("r.from_day") ", " DAYS("r.until_day") ", r.note, m.name, "
		SECS("r.made") ", " SECS("r.ended")
		"  FROM conflict_register r JOIN person p ON p.id = r.person"
		"  JOIN person m ON m.id = r.made_by"
		"  LEFT JOIN company c ON c.id = r.company"
		" WHERE $1::uuid IS NULL OR r.person = $1"
		" ORDER BY r.ended IS NOT NULL, p.name, r.made" },
	[SQL_RECUSE] = { "recuse", 3, SQL_SERVER, SQL_MUST_CHANGE,
		"INSERT INTO case_conflict (case_id, person, ordered_by)"
		" VALUES ($1, $2, $3) ON CONFLICT DO NOTHING" },
	/* How many others can open case $1 now, and may. */
	[SQL_GRANT_OTHERS] = { "grant_others", 2, SQL_SERVER, SQL_PLAIN,
		"SELECT key_holders($1, $2)" },
	/* ... and where it came from, which a new key of the case leaves alone.
	 * Whoever gives one deliberately undoes that it was taken back. */
	[SQL_GRANT_ADD] = { "grant_add", 8, SQL_SERVER, SQL_PLAIN,
		"WITH g AS (INSERT INTO case_grant (case_id, version, person, pk, box,"
		"  granted_by, sig) VALUES ($1, $2, $3, $8, $4, $5, $6)"
		"  ON CONFLICT DO NOTHING RETURNING case_id, person, granted_by),"
		" d AS (DELETE FROM grant_due WHERE case_id = $1 AND person = $3),"
		" e AS (DELETE FROM grant_ended WHERE case_id = $1 AND person = $3)"
		" INSERT INTO grant_given (case_id, person, giver, why)"
		" SELECT case_id, person, granted_by, $7 FROM g"
		"  WHERE person <> '00000000-0000-0000-0000-000000000000'"
		" ON CONFLICT (case_id, person) DO UPDATE SET giver = excluded.giver,"
		"  why = excluded.why, at = excluded.at" },
	/* Everybody to whom case $1 could fall on day $2, in the order of their
	 * ids. */
	[SQL_POOL] = { "pool", 2, SQL_SERVER, SQL_PLAIN,
		"SELECT p.id, p.login, p.name, p.role::text, g.person IS NOT NULL,"
		" conflicted(c.id, p.id),"
		" EXISTS (SELECT 1 FROM absence a WHERE a.person = p.id"
		"  AND a.called_off IS NULL AND a.starts <= now() AND a.ends > now()), "
		TRAINED("p.id", "$2") ","
		" (SELECT count(*) FROM case_file o WHERE o.owner = p.id"
		"   AND o.desk_month IS NULL"
		"   AND o.state NOT IN ('held', 'closed', 'erased'))"
		"  FROM case_file c CROSS JOIN person p"
		"  LEFT JOIN case_grant g ON g.case_id = c.id"
		"   AND g.version = c.key_version AND g.person = p.id"
		" WHERE c.id = $1 AND p.active ORDER BY p.id" },
	[SQL_DRAW_ADD] = { "draw_add", 5, SQL_SERVER, SQL_PLAIN,
		"INSERT INTO draw (case_id, n, at, by_person, seed, pool, chosen)"
		" SELECT $1, coalesce(max(n), 0) + 1, now(), $2, $3, $4::jsonb, $5"
		"  FROM draw WHERE case_id = $1" },
	[SQL_DRAWS] = { "draws", 1, SQL_SERVER, SQL_PLAIN,
		"SELECT d.n, " SECS("d.at") ", b.name, d.seed, d.pool::text, d.chosen,"
		" p.name FROM draw d JOIN person p ON p.id = d.chosen"
		"  LEFT JOIN person b ON b.id = d.by_person"
		" WHERE d.case_id = $1 ORDER BY d.n" },
	[SQL_TEAM_ADD] = { "team_add", 2, SQL_SERVER, SQL_PLAIN,
		"INSERT INTO case_team (case_id, person) VALUES ($1, $2)"
		" ON CONFLICT (case_id, person) DO UPDATE SET since = now(),"
		" until = NULL WHERE case_team.until IS NOT NULL" },
	[SQL_TEAM_END] = { "team_end", 2, SQL_SERVER, SQL_MUST_CHANGE,
		"UPDATE case_team SET until = now()"
		" WHERE case_id = $1 AND person = $2 AND until IS NULL" },
	[SQL_TEAM] = { "team", 1, SQL_SERVER, SQL_PLAIN,
		"SELECT t.person, p.login, p.name FROM case_team t"
		"  JOIN person p ON p.id = t.person"
		" WHERE t.case_id = $1 AND t.until IS NULL ORDER BY p.name" },
	[SQL_TRAINING_ADD] = { "training_add", 6, SQL_SERVER, SQL_PLAIN,
		"INSERT INTO training (id, person, subject, on_day, until_day, made_by)"
		" VALUES ($1, $2, $3, " OF_DAY("$4") ", " OF_DAY("$5") ", $6)" },
	[SQL_TRAININGS] = { "trainings", 0, SQL_SERVER, SQL_PLAIN,
		"SELECT t.id, t.person, p.login, p.name, t.subject, "
		DAYS("t.on_day") ", " DAYS("t.until_day")
		"  FROM training t JOIN person p ON p.id = t.person"
		" ORDER BY p.name, t.on_day DESC" },
	[SQL_SPREAD] = { "spread", 3, SQL_SERVER, SQL_PLAIN,
		SPREAD("CASE $1 WHEN 'company' THEN coalesce(k.name, '')"
			" WHEN 'mediator' THEN coalesce(p.name, '') ELSE '' END",
			"$2", "$3", "") },
	/* Of one company: its cases alone are read. */
	[SQL_SPREAD_OF] = { "spread_of", 3, SQL_SERVER, SQL_PLAIN,
		SPREAD("k.name", "$2", "$3", " AND c.company = $1::uuid") },

