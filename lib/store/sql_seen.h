/*
 * sql_seen.h - the rows of sql.c's table about who looks at a case, and how far
 * they have read
 *
 * Only sql.c includes it, inside the table and with its macros.
 */
/* clang-format off */

	/* $3 the last message there is.  A visit that goes on is written down
	 * twice a minute. */
	[SQL_SEEN_LOOK] = { "seen_look", 3, SQL_SERVER, SQL_PLAIN,
		"INSERT INTO case_seen AS s (case_id, person, base, seq, at)"
		" VALUES ($1, $2, $3::int4, $3::int4, now())"
		" ON CONFLICT (case_id, person) DO UPDATE SET base ="
		"   CASE WHEN s.at < now() - interval '10 minutes'"
		"   THEN s.seq ELSE s.base END,"
		"  seq = greatest(s.seq, $3::int4), at = now()"
		" WHERE s.at < now() - interval '30 seconds' OR s.seq < $3::int4" },
	/* Whoever writes has not left, and has read no further. */
	[SQL_SEEN_STAY] = { "seen_stay", 2, SQL_SERVER, SQL_PLAIN,
		"UPDATE case_seen SET at = now() WHERE case_id = $1 AND person = $2"
		" AND at < now() - interval '30 seconds'" },
	/* $2 the case that session $1 is at now; NULL: none. */
	[SQL_SEEN_AT] = { "seen_at", 2, SQL_SERVER, SQL_PLAIN,
		"UPDATE session SET at_case = $2::uuid WHERE id = $1"
		" AND at_case IS DISTINCT FROM $2::uuid" },
	/* Of case $1, for $2: its own row, and who else looked in the last ten
	 * minutes; both hold its key.  Then: is this still their last page? */
	[SQL_SEEN] = { "seen", 2, SQL_SERVER, SQL_PLAIN,
		"SELECT p.name, " SECS("s.at") ", s.base, p.id = $2::uuid,"
		" NOT EXISTS (SELECT FROM session n WHERE n.person = s.person"
		"  AND n.at_case = s.case_id)"
		"  FROM case_file c" KEY_OF("me", "$2")
		"  JOIN case_seen s ON s.case_id = c.id"
		"  JOIN case_grant g ON g.case_id = c.id AND g.version = c.key_version"
		"   AND g.person = s.person"
		"  JOIN person p ON p.id = s.person AND p.active"
		" WHERE c.id = $1 AND (s.person = $2::uuid"
		"   OR s.at > now() - interval '10 minutes')"
		" ORDER BY s.at DESC, p.name LIMIT 20" },
