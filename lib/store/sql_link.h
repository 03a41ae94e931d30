/*
 * sql_link.h - the rows of sql.c's table about cases that belong together, and
 * about the end of a case
 *
 * Only sql.c includes it, inside the table and with its macros.
 */
/* clang-format off */

	/* Both ways; the other's number only for who has a key to it ($2). */
	[SQL_LINKS] = { "links", 2, SQL_SERVER, SQL_PLAIN,
		"SELECT l.id, l.kind, l.case_id = $1, " SECS("l.at") ", o.id,"
		" CASE WHEN g.person IS NOT NULL THEN o.protocol END"
		"  FROM case_link l JOIN case_file o"
		"    ON o.id = CASE WHEN l.case_id = $1 THEN l.other ELSE l.case_id END"
		"  LEFT JOIN case_grant g ON g.case_id = o.id"
		"   AND g.version = o.key_version AND g.person = $2"
		" WHERE (l.case_id = $1 OR l.other = $1) AND l.undone IS NULL"
		" ORDER BY l.at, l.id" },
	[SQL_LINK_ADD] = { "link_add", 5, SQL_BOTH, SQL_PLAIN,
		"INSERT INTO case_link (id, case_id, other, kind, by_person)"
		" VALUES ($1, $2, $3, $4, $5)" },
	[SQL_LINK_UNDO] = { "link_undo", 3, SQL_SERVER, SQL_MUST_CHANGE,
		"UPDATE case_link SET undone = now(), undone_by = $3"
		" WHERE id = $1 AND $2 IN (case_id, other) AND undone IS NULL" },
	/* The same consumer: an address of theirs is known in both. */
	[SQL_LINK_SHARED] = { "link_shared", 2, SQL_SERVER, SQL_PLAIN,
		"SELECT EXISTS (SELECT 1 FROM ident_token a"
		"  JOIN party pa ON pa.id = a.party AND pa.side = 'consumer'"
		"  JOIN ident_token b ON b.token = a.token AND b.kind = 1"
		"  JOIN party pb ON pb.id = b.party AND pb.side = 'consumer'"
		" WHERE a.case_id = $1 AND a.kind = 1 AND b.case_id = $2)" },
	/* Where these cases go on, and the party there of the same side; nowhere
	 * once that one was erased. */
	[SQL_LINK_MERGED] = { "link_merged", 2, SQL_BOTH, SQL_PLAIN,
		"SELECT q.n, l.other, p.id"
		"  FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY"
		"   AS q(case_id, party, n)"
		"  JOIN case_link l ON l.case_id = q.case_id AND l.kind = 'merge'"
		"   AND l.undone IS NULL"
		"  JOIN case_file t ON t.id = l.other AND t.state <> 'erased'"
		"  JOIN party was ON was.id = q.party"
		"  JOIN LATERAL (SELECT id FROM party"
		"    WHERE case_id = l.other AND side = was.side"
		"    ORDER BY id LIMIT 1) p ON true" },

	/* What goes on in $1, also by way of another, and was not erased; the
	 * nearest first. */
	[SQL_LINK_DUPLICATES] = { "link_duplicates", 1, SQL_SERVER, SQL_PLAIN,
		"WITH RECURSIVE d AS (SELECT $1::uuid AS id, 0 AS far"
		"  UNION SELECT l.case_id, d.far + 1 FROM case_link l"
		"   JOIN d ON l.other = d.id AND d.far < 20"
		"   WHERE l.kind = 'merge' AND l.undone IS NULL)"
		" SELECT c.id FROM case_file c JOIN d ON d.id = c.id"
		" WHERE d.far > 0 AND c.state <> 'erased' ORDER BY d.far, c.id" },

	/* ---- a case of its own for a part -------------------------------------- */

	[SQL_SPLIT_NUMBER] = { "split_number", 2, SQL_SERVER, SQL_PLAIN,
		"SELECT split_number($1, $2::int4)" },
	[SQL_SPLIT] = { "split", 7, SQL_SERVER, SQL_PLAIN,
		"SELECT case_split($1, $2, $3, $4, $5, $6, $7)" },

	/* ---- the end ------------------------------------------------------------ */

	[SQL_CASE_ERASE] = { "case_erase", 1, SQL_SERVER, SQL_PLAIN,
		"SELECT case_erase($1)" },
	/* Those of these cases that are closed: may they still be opened again?
	 * One that was closed before there was such a window may. */
	[SQL_CASE_ENDS] = { "case_ends", 2, SQL_GATEWAY, SQL_PLAIN,
		"SELECT q.n, c.protocol,"
		" coalesce(k.due >= to_timestamp($2::int8), k.case_id IS NULL)"
		"  FROM unnest($1::uuid[]) WITH ORDINALITY AS q(id, n)"
		"  JOIN case_file c ON c.id = q.id AND c.state = 'closed'"
		"   AND c.protocol IS NOT NULL"
		"  LEFT JOIN clock k ON k.case_id = c.id"
		"   AND k.kind = 'reopen-window' AND k.n = 0" },

