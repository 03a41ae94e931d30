/*
 * sql_terms.h - the rows of sql.c's table about deadline profiles and the days
 * that came with a file
 *
 * Only sql.c includes it, inside the table and with its macros.
 */
/* clang-format off */

	/* Versions are only added; a decision about a day is known by its time,
	 * and the remainders keep the sum from growing too long. */
	[SQL_TERMS_STAMP] = { "terms_stamp", 0, SQL_BOTH, SQL_PLAIN,
		"SELECT (SELECT count(*) FROM deadline_profile),"
		" count(*) FILTER (WHERE state = 'accepted'),"
		" coalesce(sum(" MICROS("decided") " % 1000000007), 0)::int8"
		"  FROM calendar_day WHERE state <> 'proposed'" },
	[SQL_TERMS_NEWEST] = { "terms_newest", 0, SQL_BOTH, SQL_PLAIN,
		"SELECT DISTINCT ON (name) name, n, content"
		"  FROM deadline_profile ORDER BY name, n DESC" },
	/* All of them, or those of one profile. */
	[SQL_TERMS_VERSIONS] = { "terms_versions", 1, SQL_OWNER | SQL_SERVER, SQL_PLAIN,
		"SELECT name, n, content, reason, " SECS("at")
		"  FROM deadline_profile WHERE $1::text IN ('', name)"
		" ORDER BY name COLLATE \"C\", n DESC" },
	[SQL_TERMS_ADD] = { "terms_add", 3, SQL_OWNER, SQL_PLAIN,
		"INSERT INTO deadline_profile (name, n, content, reason)"
		" SELECT $1, coalesce(max(n), 0) + 1, $2, $3"
		"  FROM deadline_profile WHERE name = $1 RETURNING n" },
	[SQL_DAYS_ACCEPTED] = { "days_accepted", 0, SQL_BOTH, SQL_PLAIN,
		"SELECT calendar, " DAY("day") ", name, source FROM calendar_day"
		" WHERE state = 'accepted' ORDER BY day, calendar" },
	/* Of calendar $1 or of all, in state $2 or in all. */
	[SQL_DAYS_LIST] = { "days_list", 2, SQL_SERVER, SQL_PLAIN,
		"SELECT d.id, d.calendar, " DAY("d.day") ", d.name, d.source,"
		" d.state, " SECS("d.added") ", " SECS("d.decided") ", p.name"
		"  FROM calendar_day d LEFT JOIN person p ON p.id = d.decided_by"
		" WHERE $1::text IN ('', d.calendar) AND $2::text IN ('', d.state)"
		" ORDER BY d.day, d.calendar" },
	/* One that is known already stays what it is. */
	[SQL_DAYS_PROPOSE] = { "days_propose", 6, SQL_OWNER, SQL_PLAIN,
		"INSERT INTO calendar_day (id, calendar, day, name, source,"
		" added_by) SELECT id, $3, " FROM_DAY("day") ", name, $5, $6"
		"  FROM unnest($1::uuid[], $2::int8[], $4::text[])"
		"   q(id, day, name)"
		" ON CONFLICT (calendar, day) DO NOTHING RETURNING " DAY("day") },
	/* $4: also one that was decided, in the other way. */
	[SQL_DAY_DECIDE] = { "day_decide", 4, SQL_SERVER, SQL_PLAIN,
		"UPDATE calendar_day SET state = $2, decided = clock_timestamp(),"
		" decided_by = $3 WHERE id = $1 AND state <> $2"
		"   AND (state = 'proposed' OR $4::boolean) RETURNING calendar" },

