/*
 * sql_company_page.h - the rows of sql.c's table about a company's own page
 *
 * Only sql.c includes it, inside the table and with its macros.
 */
/* clang-format off */

/* $1 kind, $2 contact (or capsule) or unit, $3 one case or NULL. */
#define MEMBER_MINE                                                           \
	"WITH mine AS (SELECT k.case_id, k.party FROM capsule k"              \
	"  JOIN party y ON y.id = k.party AND y.side = 'company'"             \
	"  WHERE $1::text = 'contact' AND (k.contact = $2 OR k.id = $2)"      \
	"   AND ($3::uuid IS NULL OR k.case_id = $3)"                         \
	" UNION SELECT f.id, y.id FROM case_file f"                           \
	"  JOIN party y ON y.case_id = f.id AND y.side = 'company'"           \
	"  WHERE $1::text = 'token' AND f.unit = $2)"
/* Whose step it is.  What they were asked to comment on is theirs as long as
 * they may; what they answered is the office's to read. */
#define MEMBER_CASES                                                          \
	MEMBER_MINE ", q AS (SELECT f.id, m.party, f.protocol,"               \
	" f.state::text AS state, f.kind::text AS kind, f.identity,"          \
	" f.opened, f.moved, f.closed, a.waiting, a.reading, a.asked,"        \
	" coalesce(h.due, f.due) AS due,"                                     \
	" CASE WHEN f.state = 'closed' THEN 2"                                \
	"  WHEN NOT a.waiting AND (h.due IS NOT NULL"                         \
	"   OR (f.state IN ('company', 'forwarded') AND NOT a.reading)"       \
	"   OR (f.state = 'proposal' AND NOT EXISTS (SELECT 1"                \
	"     FROM settlement_choice k WHERE k.case_id = f.id"                \
	"      AND k.side = 'company' AND k.round = (SELECT max(s.round)"     \
	"       FROM settlement s WHERE s.case_id = f.id)))"                  \
	"   OR (f.state = 'plan' AND EXISTS (SELECT 1 FROM promise p"         \
	"     WHERE p.case_id = f.id AND p.promiser = 'company'"              \
	"      AND p.state = 'open' AND p.says_company IS NULL)))"            \
	"  THEN 0 ELSE 1 END AS stage"                                        \
	"  FROM mine m JOIN case_file f ON f.id = m.case_id"                  \
	"   AND f.protocol IS NOT NULL AND f.state NOT IN ('held', 'erased')" \
	"  CROSS JOIN LATERAL (SELECT EXISTS (SELECT 1 FROM party_act x"      \
	"    WHERE x.party = m.party AND x.done IS NULL) AS waiting,"         \
	"   EXISTS (SELECT 1 FROM task t WHERE t.case_id = f.id"              \
	"    AND t.kind = 'read-answer' AND t.done IS NULL) AS reading,"      \
	"   EXISTS (SELECT 1 FROM task t WHERE t.case_id = f.id"              \
	"    AND t.kind = 'extension-asked') AS asked) a"                     \
	"  LEFT JOIN LATERAL (SELECT h.due FROM hearing h"                    \
	"    WHERE h.case_id = f.id AND h.side = 'company'"                   \
	"     AND h.answered IS NULL AND h.lapsed IS NULL AND h.due > now()"  \
	"     AND f.state IN ('mediation', 'merit', 'provisional', 'review')" \
	"     AND h.round = (SELECT max(l.round) FROM hearing l"              \
	"      WHERE l.case_id = f.id AND l.side = 'company')) h ON true)"
/* In one order: open ones by their date, then the last closed first. */
#define MEMBER_SORT                                                           \
	"CASE WHEN q.stage = 2 THEN 10000000000 - " SECS("q.closed")          \
	" ELSE coalesce(" SECS("q.due") ", 5000000000) END"
#define MEMBER_COLUMNS                                                        \
	" q.id, q.party, q.protocol, q.kind, q.identity, q.state, q.stage,"   \
	" " SECS("q.opened") ", " SECS("q.moved") ", " SECS("q.closed") ","   \
	" " SECS("q.due") ", q.waiting, q.reading, q.asked, l.name, l.what,"  \
	" l.at,"                                                              \
	" " MEMBER_SORT
#define MEMBER_FROM                                                           \
	"  FROM q LEFT JOIN LATERAL (SELECT coalesce(c.name, '') AS name,"    \
	"   p.what, " SECS("p.at") " AS at FROM company_post p"               \
	"   LEFT JOIN company_contact c ON c.id = p.contact"                  \
	"   WHERE p.case_id = q.id AND p.what <> 'reference'"                 \
	"   ORDER BY p.at DESC LIMIT 1) l ON true"

	[SQL_MEMBER_WHO] = { "member_who", 1, SQL_SERVER, SQL_PLAIN,
		"SELECT c.id, u.id, k.id, coalesce(c.name, ''),"
		" coalesce(c.addr, ''), u.name, k.name, k.sector,"
		" coalesce(c.active, true), u.owned, " COMPANY_DAY("u.from_day") ","
		" " COMPANY_DAY("u.until_day") ", " COMPANY_DAY("k.member_until") ","
		" k.lang FROM company_unit u JOIN company k ON k.id = u.company"
		"  LEFT JOIN company_contact c ON c.unit = u.id AND c.id = $1"
		" WHERE c.id = $1 OR u.id = $1" },
	/* $4 bits of stages, $5 days, $6 part of a number, $7 also these,
	 * $8 and $9 after, $10 how many. */
	[SQL_MEMBER_CASES] = { "member_cases", 10, SQL_SERVER, SQL_PLAIN,
		MEMBER_CASES " SELECT" MEMBER_COLUMNS MEMBER_FROM
		" WHERE (1 << q.stage) & $4::int4 <> 0"
		"   AND (q.stage <> 2 OR $5::int4 = 0"
		"    OR q.closed > now() - make_interval(days => $5::int4))"
		"   AND ($6::text = '' OR strpos(q.protocol, $6) > 0"
		"    OR q.id = ANY ($7::uuid[]))"
		"   AND (" MEMBER_SORT ", q.id) > ($8::int8, $9::uuid)"
		" ORDER BY " MEMBER_SORT ", q.id LIMIT $10::int4" },
	[SQL_MEMBER_COUNTS] = { "member_counts", 3, SQL_SERVER, SQL_PLAIN,
		MEMBER_CASES " SELECT count(*) FILTER (WHERE stage = 0),"
		" count(*) FILTER (WHERE stage = 1),"
		" count(*) FILTER (WHERE stage = 2),"
		" count(*) FILTER (WHERE stage = 0 AND due < now()) FROM q" },
	[SQL_MEMBER_CASE] = { "member_case", 4, SQL_SERVER, SQL_PLAIN,
		MEMBER_CASES " SELECT" MEMBER_COLUMNS MEMBER_FROM
		" WHERE $4::text IS NULL OR q.protocol = $4 LIMIT 1" },

	/* ---- what was written on the page -------------------------------------- */

	[SQL_MEMBER_POST_ADD] = { "member_post_add", 7, SQL_SERVER, SQL_PLAIN,
		"INSERT INTO company_post (item, case_id, contact, what, points,"
		" at, told) VALUES ($1, $2, $3, $4, $5, to_timestamp($6::int8),"
		" CASE WHEN NOT $7::bool THEN now() END)" },
	[SQL_MEMBER_FASTER] = { "member_faster", 3, SQL_SERVER, SQL_PLAIN,
		"SELECT c.name, coalesce(p.what, 'mail'), " SECS("i.at")
		"  FROM item i LEFT JOIN company_post p ON p.item = i.id"
		"  LEFT JOIN company_contact c ON c.id = p.contact"
		" WHERE i.case_id = $1 AND i.party = $2 AND i.seq > $3::int4"
		"   AND i.kind = 'mail_in' AND coalesce(p.what, '') <> 'reference'"
		" ORDER BY i.seq DESC LIMIT 1" },
	[SQL_MEMBER_LAST_SEQ] = { "member_last_seq", 2, SQL_SERVER, SQL_PLAIN,
		"SELECT coalesce(max(seq), 0) FROM item"
		" WHERE case_id = $1 AND party = $2 AND kind = 'mail_in'" },
	[SQL_MEMBER_POINTS] = { "member_points", 1, SQL_SERVER, SQL_PLAIN,
		"SELECT i.seq, p.points FROM company_post p"
		"  JOIN item i ON i.id = p.item"
		"  JOIN task t ON t.item = p.item AND t.kind = 'read-answer'"
		"   AND t.done IS NULL"
		" WHERE p.case_id = $1 AND p.points IS NOT NULL"
		" ORDER BY i.seq DESC LIMIT 1" },
	/* $4 the page key. */
	[SQL_MEMBER_REFERENCES] = { "member_references", 4, SQL_SERVER, SQL_PLAIN,
		MEMBER_MINE " SELECT" ITEM_COLUMNS ", b.box FROM mine m"
		"  CROSS JOIN LATERAL (SELECT p.item FROM company_post p"
		"   WHERE p.case_id = m.case_id AND p.what = 'reference'"
		"   ORDER BY p.at DESC, p.item DESC LIMIT 1) r"
		"  JOIN item i ON i.id = r.item"
		"  JOIN page_box b ON b.item = i.id AND b.page_key = $4"
		"   AND b.part = -1 AND b.disclosure IS NULL" },

	/* What key $1 opens of case $2 at this moment. */
	[SQL_MEMBER_OPENS] = { "member_opens", 2, SQL_SERVER, SQL_PLAIN,
		"SELECT i.seq, b.part, b.disclosure IS NULL FROM page_box b"
		"  JOIN item i ON i.id = b.item"
		"  LEFT JOIN disclosure d ON d.id = b.disclosure"
		" WHERE b.page_key = $1 AND i.case_id = $2"
		"   AND (b.disclosure IS NULL OR (d.revoked IS NULL"
		"    AND d.expires > now() AND d.opened < d.max_opens))" },

	/* ---- handing over ------------------------------------------------------ */

	[SQL_MEMBER_HEIRS] = { "member_heirs", 2, SQL_SERVER, SQL_PLAIN,
		"SELECT h.id, h.name, h.addr, u.name, u.owned, "
		COMPANY_DAY("h.away_from") ", " COMPANY_DAY("h.away_until") ", c.lang"
		"  FROM company_heirs($1, date '1970-01-01' + $2::int4) h"
		"  JOIN company_unit u ON u.id = h.unit"
		"  JOIN company c ON c.id = u.company ORDER BY u.name, h.name, h.addr" },
	[SQL_MEMBER_HAND_ADD] = { "member_hand_add", 6, SQL_SERVER, SQL_PLAIN,
		"SELECT company_hand_over($1, $2, $3, $4, $5::bool,"
		" date '1970-01-01' + $6::int4)" },
#define HAND_COLUMNS                                                          \
	" h.id, h.case_id, h.giver, h.heir, h.keeps, g.name, k.name, u.name,"  \
	" " SECS("h.at") "  FROM company_hand h"                              \
	"  JOIN company_contact g ON g.id = h.giver"                          \
	"  JOIN company_contact k ON k.id = h.heir"                           \
	"  JOIN company_unit u ON u.id = k.unit"
	[SQL_MEMBER_HANDS] = { "member_hands", 1, SQL_SERVER, SQL_PLAIN,
		"SELECT" HAND_COLUMNS " WHERE h.case_id = $1 ORDER BY h.at, h.id" },
	/* $1 the giver's key, $2 the case. */
	[SQL_MEMBER_LACKS] = { "member_lacks", 3, SQL_SERVER, SQL_PLAIN,
		"SELECT e.id, b.item, b.disclosure, b.part, b.box, " SECS("d.expires")
		"  FROM company_hand h JOIN page_key e ON e.reader = h.heir"
		"   AND e.kind = 'contact' AND e.revoked IS NULL AND e.expires > now()"
		"  JOIN page_box b ON b.page_key = $1"
		"  JOIN item i ON i.id = b.item AND i.case_id = h.case_id"
		"  LEFT JOIN disclosure d ON d.id = b.disclosure"
		" WHERE h.case_id = $2 AND e.id <> $1 AND NOT EXISTS (SELECT 1"
		"   FROM page_box x WHERE x.page_key = e.id AND x.item = b.item"
		"    AND x.part = b.part"
		"    AND x.disclosure IS NOT DISTINCT FROM b.disclosure)"
		"   AND (b.disclosure IS NULL OR (d.revoked IS NULL"
		"    AND d.expires > now() AND d.opened < d.max_opens))"
		" ORDER BY i.seq DESC LIMIT $3::int4" },
	[SQL_MEMBER_COLLEAGUES] = { "member_colleagues", 1, SQL_SERVER, SQL_PLAIN,
		"SELECT k.name, u.name, bool_or(c.main) FROM capsule c"
		"  JOIN company_contact k ON k.id = c.contact"
		"  JOIN company_unit u ON u.id = k.unit"
		" WHERE c.party = $1 AND k.active GROUP BY k.id, k.name, u.name"
		" ORDER BY 2, 1" },
	/* All of the text by mail; a page that can be opened. */
	[SQL_MEMBER_MAIL] = { "member_mail", 1, SQL_BOTH, SQL_PLAIN,
		"SELECT c.full_text, EXISTS (SELECT 1 FROM page_key p"
		"   WHERE p.reader = k.id AND p.kind = 'contact'"
		"    AND p.revoked IS NULL AND p.expires > now())"
		"  FROM company_contact k JOIN company_unit u ON u.id = k.unit"
		"  JOIN company c ON c.id = u.company WHERE k.id = $1" },

	/* ---- the gateway tells ------------------------------------------------- */

	[SQL_MEMBER_UNTOLD] = { "member_untold", 0, SQL_GATEWAY, SQL_PLAIN,
		"SELECT item, case_id, what FROM company_post WHERE told IS NULL"
		" ORDER BY at, item LIMIT 1 FOR UPDATE SKIP LOCKED" },
	[SQL_MEMBER_TOLD] = { "member_told", 1, SQL_GATEWAY, SQL_MUST_CHANGE,
		"UPDATE company_post SET told = now()"
		" WHERE item = $1 AND told IS NULL" },
	[SQL_MEMBER_HAND_UNTOLD] = { "member_hand_untold", 0, SQL_GATEWAY, SQL_PLAIN,
		"SELECT" HAND_COLUMNS " WHERE h.told IS NULL"
		" ORDER BY h.at, h.id LIMIT 1 FOR UPDATE OF h SKIP LOCKED" },
	[SQL_MEMBER_HAND_TOLD] = { "member_hand_told", 1, SQL_GATEWAY, SQL_MUST_CHANGE,
		"UPDATE company_hand SET told = now() WHERE id = $1 AND told IS NULL" },

	/* ---- figures ----------------------------------------------------------- */

	/* $1 company, $2 unit or NULL, $3 its own (else of the sector's others),
	 * $4 time zone, $5 and $6 days; as figures_refresh counts them. */
	[SQL_MEMBER_SUMS] = { "member_sums", 6, SQL_SERVER, SQL_PLAIN,
		"WITH t AS (SELECT ((date '1970-01-01' + $5::int4)::timestamp"
		"   AT TIME ZONE $4) AS a, ((date '1970-01-01' + $6::int4)::timestamp"
		"   AT TIME ZONE $4) AS b),"
		" c AS (SELECT f.*, f.state IN ('closed', 'erased') AS over"
		"  FROM case_file f JOIN company k ON k.id = f.company"
		"  WHERE f.kind = 'complaint' AND f.protocol IS NOT NULL"
		"   AND f.desk_month IS NULL AND f.state <> 'held'"
		"   AND (CASE WHEN $3::bool THEN f.company = $1"
		"     AND ($2::uuid IS NULL OR f.unit = $2)"
		"    ELSE f.company <> $1 AND k.sector <> '' AND k.sector ="
		"     (SELECT sector FROM company WHERE id = $1) END)"
		"   AND NOT EXISTS (SELECT 1 FROM case_link l WHERE l.case_id = f.id"
		"    AND l.kind = 'merge' AND l.undone IS NULL)),"
		" begun AS (SELECT count(*) AS n, count(DISTINCT c.company) AS k"
		"  FROM c, t WHERE c.opened >= t.a AND c.opened < t.b),"
		" w AS (SELECT CASE"
		"   WHEN k.state = 'stopped' AND (c.state = 'company' OR"
		"    c.closed_from = 'company' AND k.stopped >= c.closed) THEN 0"
		"   WHEN k.state = 'stopped' AND k.stopped <= k.due THEN 1"
		"   WHEN k.state = 'stopped' THEN 2"
		"   WHEN k.due < now() THEN 3 ELSE 0 END AS was,"
		"   ceil(extract(epoch FROM k.stopped - k.started) / 86400) AS days"
		"  FROM c JOIN clock k ON k.case_id = c.id AND k.kind = 'company'"
		"   AND k.n = 0, t WHERE k.started >= t.a AND k.started < t.b),"
		" e AS (SELECT c.* FROM c, t WHERE c.over AND c.closed >= t.a"
		"   AND c.closed < t.b),"
		" p AS (SELECT p.state FROM promise p JOIN c ON c.id = p.case_id, t"
		"  WHERE p.promiser = 'company' AND p.state IN ('kept', 'late',"
		"   'broken') AND p.ended >= t.a AND p.ended < t.b)"
		" SELECT begun.n, begun.k,"
		" (SELECT count(*) FROM w WHERE was = 1),"
		" (SELECT count(*) FROM w WHERE was > 0),"
		" (SELECT count(*) FROM w WHERE was IN (1, 2)),"
		" coalesce((SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY days)"
		"   FROM w WHERE was IN (1, 2)), -1)::int8,"
		" (SELECT count(*) FROM e WHERE merit IN ('founded', 'partly')),"
		" (SELECT count(*) FROM e WHERE merit IS NOT NULL),"
		" (SELECT count(*) FROM e WHERE resolution = 'kept'),"
		" (SELECT count(*) FROM e WHERE resolution = 'silent'),"
		" (SELECT count(*) FROM e),"
		" (SELECT count(*) FROM e WHERE rating = 'resolved'),"
		" (SELECT count(*) FROM e WHERE rating IN ('resolved',"
		"   'not-resolved')),"
		" (SELECT count(*) FROM p WHERE state = 'kept'),"
		" (SELECT count(*) FROM p) FROM begun" },
	/* $4: those that ended since. */
	[SQL_MEMBER_PROMISES] = { "member_promises", 4, SQL_SERVER, SQL_PLAIN,
		MEMBER_MINE " SELECT p.n, f.protocol, p.promiser, p.source, p.state,"
		" p.says_company, " SECS("p.made") ", " SECS("p.due") ","
		" " SECS("p.ended")
		"  FROM mine m JOIN case_file f ON f.id = m.case_id"
		"   AND f.state NOT IN ('held', 'erased') AND f.protocol IS NOT NULL"
		"  JOIN promise p ON p.case_id = f.id AND p.promiser = 'company'"
		" WHERE p.state = 'open' OR (p.state <> 'void'"
		"   AND p.ended > to_timestamp($4::int8))"
		" ORDER BY p.state <> 'open', p.due, f.protocol, p.n LIMIT 1000" },
	[SQL_MEMBER_ADVICES] = { "member_advices", 3, SQL_SERVER, SQL_PLAIN,
		MEMBER_MINE " SELECT f.protocol, r.state, " SECS("r.made") ","
		" " SECS("r.due") "  FROM mine m JOIN case_file f ON f.id = m.case_id"
		"   AND f.state NOT IN ('held', 'erased') AND f.protocol IS NOT NULL"
		"  JOIN recommendation r ON r.case_id = f.id"
		" ORDER BY r.state <> 'open', r.due, f.protocol LIMIT 1000" },

