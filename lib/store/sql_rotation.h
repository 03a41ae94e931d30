/*
 * sql_rotation.h - the rows of sql.c's table about changing the office's own
 * keys
 *
 * Only sql.c includes it, inside the table and with its macros.
 */
/* clang-format off */

	[SQL_GATEWAY_HOLDS] = { "gateway_holds", 2, SQL_GATEWAY, SQL_PLAIN,
		"SELECT gateway_holds($1, $2::int4)" },
	[SQL_SERVER_HOLDS] = { "server_holds", 2, SQL_SERVER, SQL_PLAIN,
		"SELECT server_holds($1, $2::int4)" },
	[SQL_KEY_TAKEN] = { "key_taken", 0, SQL_BOTH, SQL_PLAIN,
		"SELECT program, name, version FROM key_taken"
		" ORDER BY program, name" },
	/* $3: nothing lies under the former one. */
	[SQL_ROTATION_ADD] = { "rotation_add", 3, SQL_OWNER, SQL_PLAIN,
		"INSERT INTO key_rotation (name, version, done)"
		" VALUES ($1, $2::int4, CASE WHEN $3::bool THEN now() END)"
		" ON CONFLICT (name) DO UPDATE SET version = excluded.version,"
		"  began = now(), stage = 0, moved = 0, done = excluded.done,"
		"  at = '00000000-0000-0000-0000-000000000000'" },
	[SQL_ROTATIONS] = { "rotations", 0, SQL_OWNER, SQL_PLAIN,
		"SELECT name, version, " SECS("began") ", stage, moved,"
		" done IS NOT NULL FROM key_rotation ORDER BY name" },
	/* Once both programs have held the new one for longer than the console
	 * takes to end what it began under the former, and nobody else does
	 * it.  Of k_id a minute later: whatever was written by the former until
	 * then is there to be read. */
	[SQL_ROTATION_NEXT] = { "rotation_next", 1, SQL_GATEWAY, SQL_PLAIN,
		"SELECT r.version, r.stage, r.at FROM key_rotation r"
		" WHERE r.name = $1 AND r.done IS NULL"
		"   AND (SELECT count(*) FROM key_taken t WHERE t.name = $1"
		"         AND t.version >= r.version"
		"         AND t.at < now() - CASE WHEN $1 = 'k_id'"
		"          THEN interval '105 seconds'"
		"          ELSE interval '45 seconds' END) = 2"
		" FOR UPDATE SKIP LOCKED" },
	[SQL_ROTATION_MOVED] = { "rotation_moved", 5, SQL_GATEWAY,
		SQL_MUST_CHANGE,
		"UPDATE key_rotation SET stage = $2::int4, at = $3,"
		" moved = moved + $4, done = CASE WHEN $5::bool THEN now() END"
		" WHERE name = $1" },
	/* $1 the stage, $2 where it stands.  case_id and row: of the context. */
	[SQL_SVC_BOXES] = { "svc_boxes", 2, SQL_GATEWAY, SQL_PLAIN,
		"SELECT id, case_id, id, box_svc FROM capsule"
		" WHERE $1::int4 = 0 AND box_svc IS NOT NULL AND id > $2"
		" UNION ALL SELECT id, case_id, item, dek_box_svc FROM outbox"
		" WHERE $1::int4 = 1 AND dek_box_svc IS NOT NULL AND id > $2"
		" UNION ALL SELECT id, '00000000-0000-0000-0000-000000000000',"
		"  id, dek_box_svc FROM inbound"
		" WHERE $1::int4 = 2 AND dek_box_svc IS NOT NULL AND id > $2"
		" ORDER BY 1 LIMIT 200" },
	[SQL_SVC_RESEAL] = { "svc_reseal", 4, SQL_GATEWAY, SQL_PLAIN,
		"SELECT svc_reseal($1::int4, $2, $3, $4)" },
	/* $1 the secret, $2 its kind of public key or NULL, $3 what stays. */
	[SQL_KEY_RETIRE] = { "key_retire", 3, SQL_OWNER, SQL_PLAIN,
		"WITH k AS (UPDATE office_key SET retired = now()"
		"  WHERE kind = $2 AND version < $3::int4 AND retired IS NULL)"
		" DELETE FROM host_secret WHERE name = $1 AND version < $3::int4" },
	/* $1: the present version of pepper.  Who would have to be invited (or
	 * have been, with another letter); links of parties that would open
	 * nothing.  Of before is what was made until the console held the new
	 * one, and had ended what it began under the former. */
	[SQL_KEY_LEFT] = { "key_left", 1, SQL_OWNER, SQL_PLAIN,
		"WITH held AS (SELECT coalesce((SELECT t.at"
		"    + interval '45 seconds' FROM key_taken t"
		"   WHERE t.program = 'server' AND t.name = 'pepper'"
		"     AND t.version >= $1::int4), 'infinity') AS at"
		"  FROM key_rotation r WHERE r.name = 'pepper')"
		" SELECT p.login FROM person p"
		" WHERE (p.active AND EXISTS (SELECT 1 FROM person_key k"
		"     WHERE k.person = p.id AND k.version < $1::int4))"
		"    OR EXISTS (SELECT 1 FROM invite i WHERE i.person = p.id"
		"     AND i.until > now() AND i.made < (SELECT at FROM held))"
		" UNION ALL SELECT NULL FROM disclosure d"
		" WHERE d.created < (SELECT at FROM held) AND d.revoked IS NULL"
		"   AND d.expires > now() AND d.opened < d.max_opens"
		" ORDER BY 1" },
	/* Cases with letters of before the last change of k_tok; those of them
	 * that somebody may still write about.  A moment more than it takes a
	 * process to see that both programs hold the new one. */
	[SQL_KEY_LETTERS] = { "key_letters", 0, SQL_OWNER, SQL_PLAIN,
		"SELECT count(*), count(*) FILTER (WHERE c.state <> 'closed'"
		"   OR coalesce((SELECT max(k.due) FROM clock k"
		"     WHERE k.case_id = c.id"
		"       AND k.kind IN ('review-window', 'reopen-window')),"
		"     c.closed + interval '30 days') > now())"
		"  FROM key_rotation r, case_file c"
		" WHERE r.name = 'k_tok' AND c.state <> 'erased'"
		"   AND EXISTS (SELECT 1 FROM outbox o WHERE o.case_id = c.id"
		"     AND o.created < coalesce((SELECT max(t.at)"
		"         + interval '1 minute' FROM key_taken t"
		"        WHERE t.name = 'k_tok' AND t.version >= r.version"
		"        HAVING count(*) = 2), now()))" },
	/* Made since the last change, whoever wrote it down: $1 the person. */
	[SQL_PERSON_RENEW_PAPER] = { "person_renew_paper", 2, SQL_SERVER,
		SQL_PLAIN,
		"UPDATE person SET must = must | 4 WHERE id = $1"
		" AND must & 4 = 0 AND EXISTS (SELECT 1 FROM person_key k"
		"  WHERE k.person = $1 AND k.how = 2 AND k.version < $2::int4)" },
