/*
 * sql_api.h - the rows of sql.c's table about programs of companies
 *
 * Only sql.c includes it, inside the table and with its macros.
 */
/* clang-format off */

	[SQL_API_TOKEN_ADD] = { "api_token_add", 5, SQL_SERVER, SQL_PLAIN,
		"INSERT INTO api_token (page_key, unit, scopes, signer, sig)"
		" VALUES ($1, $2, $3, $4, $5)" },
	/* Of unit $1, or of all (NULL); who made it has a name. */
	[SQL_API_TOKENS] = { "api_tokens", 1, SQL_SERVER, SQL_PLAIN,
		"SELECT k.id, k.reader, t.scopes, k.label, coalesce(p.name, ''),"
		" " SECS("k.made") ", " SECS("k.expires") ","
		" " SECS("k.revoked") ", " SECS("k.last_used")
		"  FROM api_token t JOIN page_key k ON k.id = t.page_key"
		"  LEFT JOIN person p ON p.id = k.signer"
		" WHERE k.kind = 'token' AND ($1::uuid IS NULL OR t.unit = $1)"
		" ORDER BY k.made DESC, k.id" },
	/* One request more of $1 in $2 seconds: how often it asked in this time,
	 * what it may, whether contract and membership run.  last_used is told to
	 * the minute. */
	[SQL_API_COUNT] = { "api_count", 2, SQL_SERVER, SQL_PLAIN,
		"WITH n AS (INSERT INTO api_count AS c (page_key, since, used)"
		"  VALUES ($1, now(), 1)"
		"  ON CONFLICT (page_key) DO UPDATE SET (since, used) ="
		"   (SELECT CASE WHEN o.old THEN now() ELSE c.since END,"
		"     CASE WHEN o.old THEN 1 ELSE least(c.used, 1000000) + 1 END"
		"     FROM (SELECT c.since <="
		"       now() - make_interval(secs => $2::int4)) o(old))"
		"  RETURNING used, ceil(extract(epoch FROM since"
		"   + make_interval(secs => $2::int4) - now()))::int4),"
		" u AS (UPDATE page_key SET last_used = now() WHERE id = $1"
		"  AND (last_used IS NULL"
		"   OR last_used < now() - interval '1 minute'))"
		" SELECT n.used, n.ceil, t.unit, t.scopes, t.signer, t.sig,"
		"  coalesce(w.from_day <= current_date"
		"   AND coalesce(w.until_day, 'infinity') >= current_date"
		"   AND coalesce(c.member_until, 'infinity') >= current_date, false)"
		"  FROM n LEFT JOIN api_token t ON t.page_key = $1"
		"  LEFT JOIN company_unit w ON w.id = t.unit"
		"  LEFT JOIN company c ON c.id = w.company" },
	/* Ours to do: new, or left by a program that died over it. */
	[SQL_API_ONCE_BEGIN] = { "api_once_begin", 3, SQL_SERVER, SQL_PLAIN,
		"WITH d AS (DELETE FROM api_once WHERE page_key = $1"
		"  AND key <> $2 AND at < now() - interval '1 day')"
		" INSERT INTO api_once AS o (page_key, key, request)"
		" VALUES ($1, $2, $3)"
		" ON CONFLICT (page_key, key) DO UPDATE SET at = now()"
		"  WHERE o.status IS NULL AND o.request = EXCLUDED.request"
		"   AND o.at < now() - interval '1 minute'"
		" RETURNING 1" },
	[SQL_API_ONCE] = { "api_once", 2, SQL_SERVER, SQL_PLAIN,
		"SELECT request, coalesce(status, 0), answer FROM api_once"
		" WHERE page_key = $1 AND key = $2" },
	[SQL_API_ONCE_DONE] = { "api_once_done", 4, SQL_SERVER, SQL_PLAIN,
		"UPDATE api_once SET status = $3, answer = $4, at = now()"
		" WHERE page_key = $1 AND key = $2 AND status IS NULL" },
	/* Nothing was done: the key may come again with another body. */
	[SQL_API_ONCE_DROP] = { "api_once_drop", 2, SQL_SERVER, SQL_PLAIN,
		"DELETE FROM api_once"
		" WHERE page_key = $1 AND key = $2 AND status IS NULL" },

