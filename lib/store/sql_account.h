/*
 * sql_account.h - the rows of sql.c's table about colleagues' own passwords,
 * codes, devices and sessions
 *
 * Only sql.c includes it, inside the table and with its macros.
 */
/* clang-format off */

	/* $2: the hash of another cookie.  The first one is nobody's then. */
	[SQL_SESSION_STEP] = { "session_step", 3, SQL_SERVER, SQL_MUST_CHANGE,
		"UPDATE session SET id = $2, wrapped = $3, stepped = now(),"
		" seen = now() WHERE id = $1" },
	[SQL_SESSION_AGENT] = { "session_agent", 2, SQL_SERVER, SQL_MUST_CHANGE,
		"UPDATE session SET agent = $2 WHERE id = $1" },
	/* Those that would still be let in. */
	[SQL_SESSIONS] = { "sessions", 3, SQL_SERVER, SQL_PLAIN,
		"SELECT id, " SECS("created") ", " SECS("seen") ", agent"
		"  FROM session WHERE person = $1"
		"   AND seen > now() - make_interval(mins => $2::int4)"
		"   AND created > now() - make_interval(hours => $3::int4)"
		" ORDER BY seen DESC, id" },
	/* $2: the first half of a session's name. */
	[SQL_SESSION_END_ONE] = { "session_end_one", 2, SQL_SERVER,
		SQL_MUST_CHANGE,
		"DELETE FROM session WHERE person = $1"
		" AND substr(id, 1, 16) = $2" },
	[SQL_SESSION_END_OTHERS] = { "session_end_others", 2, SQL_SERVER,
		SQL_PLAIN,
		"DELETE FROM session WHERE person = $1 AND id <> $2" },
	[SQL_SESSION_NEW] = { "session_new", 1, SQL_SERVER, SQL_PLAIN,
		"SELECT totp_new, recovery_new FROM session WHERE id = $1" },
	[SQL_SESSION_TOTP_NEW] = { "session_totp_new", 2, SQL_SERVER,
		SQL_MUST_CHANGE,
		"UPDATE session SET totp_new = $2 WHERE id = $1" },
	[SQL_SESSION_RECOVERY_NEW] = { "session_recovery_new", 2, SQL_SERVER,
		SQL_MUST_CHANGE,
		"UPDATE session SET recovery_new = $2 WHERE id = $1" },

	[SQL_PERSON_KEY_SET] = { "person_key_set", 9, SQL_SERVER,
		SQL_MUST_CHANGE,
		"SELECT 1 WHERE person_key_set($1, $2, $3::int4, $4, $5::int4,"
		" $6::int8, $7::int4, $8, $9)" },
	/* $3: the step of the code that confirmed it counts no second time. */
	[SQL_PERSON_TOTP_SET] = { "person_totp_set", 3, SQL_SERVER,
		SQL_MUST_CHANGE,
		"UPDATE person SET totp_box = $2, totp_last_step = $3"
		" WHERE id = $1" },
	/* $2: what is done; $3: what is asked for from now on. */
	[SQL_PERSON_MUST] = { "person_must", 3, SQL_SERVER, SQL_MUST_CHANGE,
		"UPDATE person SET must = (must & ~$2::int4) | $3::int4"
		" WHERE id = $1" },

	/* Is it a browser they had before? */
	[SQL_DEVICE_SEEN] = { "device_seen", 2, SQL_SERVER, SQL_PLAIN,
		"UPDATE person_device SET last = now()"
		" WHERE person = $1 AND id = $2 RETURNING 1" },
	[SQL_DEVICE_IS] = { "device_is", 2, SQL_SERVER, SQL_PLAIN,
		"SELECT known FROM person_device WHERE person = $1 AND id = $2" },
	/* The first one of all is no news. */
	[SQL_DEVICE_ADD] = { "device_add", 2, SQL_SERVER, SQL_PLAIN,
		"INSERT INTO person_device (person, id, known)"
		" SELECT $1, $2, NOT EXISTS (SELECT 1 FROM person_device"
		"  WHERE person = $1) ON CONFLICT DO NOTHING" },
	/* $2: the browser they look from. */
	[SQL_DEVICE_NEWS] = { "device_news", 2, SQL_SERVER, SQL_PLAIN,
		"SELECT coalesce(" SECS("max(last)") ", 0) FROM person_device"
		" WHERE person = $1 AND id <> $2 AND NOT known" },
	[SQL_DEVICE_KNOWN] = { "device_known", 1, SQL_SERVER, SQL_PLAIN,
		"UPDATE person_device SET known = true"
		" WHERE person = $1 AND NOT known" },

	/* An operator's, who may have ROOT's word for an administrator. */
	[SQL_INVITE_PUT] = { "invite_put", 11, SQL_OWNER, SQL_PLAIN,
		"SELECT invite_put($1, $2, $3::bool, $4, $5, $6, $7, $8, $9, $10,"
		" $11)" },
	[SQL_INVITE_ASK] = { "invite_ask", 10, SQL_SERVER, SQL_PLAIN,
		"SELECT invite_ask($1, $2, $3::bool, $4, $5, $6, $7, $8, $9, $10)" },
	[SQL_INVITE] = { "invite", 1, SQL_SERVER, SQL_PLAIN,
		"SELECT salt, commit, wrapped FROM invite"
		" WHERE person = $1 AND until > now()" },
	[SQL_INVITE_TAKE] = { "invite_take", 2, SQL_SERVER, SQL_PLAIN,
		"SELECT invite_take($1, $2)" },
