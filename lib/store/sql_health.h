/*
 * sql_health.h - the rows of sql.c's table about the gateway's health
 *
 * Only sql.c includes it, inside the table and with its macros.
 */
/* clang-format off */

	/* $2 its program, $3 a whole round, $4 it did something, $5 trouble. */
	[SQL_PART_SEEN] = { "part_seen", 5, SQL_GATEWAY, SQL_PLAIN,
		"INSERT INTO gateway_part AS p (part, program, seen, good, did,"
		" trouble, since) VALUES ($1, $2, now(),"
		" CASE WHEN $3::bool THEN now() END,"
		" CASE WHEN $4::bool THEN now() END, $5,"
		" CASE WHEN $5 <> '' THEN now() END)"
		" ON CONFLICT (part) DO UPDATE SET program = excluded.program,"
		" seen = now(), good = coalesce(excluded.good, p.good),"
		" did = coalesce(excluded.did, p.did),"
		" trouble = excluded.trouble, since = CASE"
		"  WHEN excluded.trouble <> '' THEN coalesce(p.since, now()) END" },
	[SQL_PARTS] = { "parts", 0, SQL_SERVER, SQL_PLAIN,
		"SELECT part, program, " SECS("seen") ", " SECS("good") ", "
		SECS("did") ", " SECS("since") ", trouble FROM gateway_part" },
	[SQL_LETTERS_WAIT] = { "letters_wait", 0, SQL_SERVER, SQL_PLAIN,
		"SELECT count(*) FILTER (WHERE state = 'queued'),"
		" count(*) FILTER (WHERE state = 'unknown'),"
		" (SELECT count(*) FROM (SELECT 1 FROM outbox"
		"   WHERE state IN ('failed', 'bounced')"
		"    AND created > now() - interval '30 days' LIMIT 1000) f),"
		" " SECS("min(created)") ","
		" (SELECT " SECS("max(until)") " FROM mailbox_lease"
		"   WHERE until > now()),"
		" (SELECT " SECS("created") " FROM office)"
		" FROM outbox WHERE state IN ('queued', 'unknown') AND NOT paper" },

