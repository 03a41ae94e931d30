/*
 * sql_page.h - the rows of sql.c's table about the keys of parties' pages
 *
 * Only sql.c includes it, inside the table and with its macros.
 */
/* clang-format off */

#define PAGE_KEY                                                              \
	" k.id, k.kind, k.case_id, k.reader, k.pk, k.signer, k.sig, k.label," \
	" " SECS("k.made") ", " SECS("k.expires") ", " SECS("k.revoked") ","  \
	" " SECS("k.last_used")
#define PAGE_NONE "'00000000-0000-0000-0000-000000000000'::uuid"
#define PAGE_KEYS_IN                                                          \
	"INSERT INTO page_key (id, name, kind, case_id, reader, pk, signer,"  \
	" sig, label, made, expires) SELECT u.id, u.name, u.kind,"            \
	" nullif(u.case_id, " PAGE_NONE "), u.reader, u.pk, u.signer, u.sig," \
	" u.label, to_timestamp(u.made), to_timestamp(u.expires)"             \
	"  FROM unnest($1::uuid[], $2::bytea[], $3::text[], $4::uuid[],"      \
	"   $5::uuid[], $6::bytea[], $7::uuid[], $8::bytea[], $9::text[],"    \
	"   $10::int8[], $11::int8[]) AS u(id, name, kind, case_id, reader,"  \
	"   pk, signer, sig, label, made, expires)"
#define PAGE_BOXES_IN(key, item, part, released, box)                         \
	"INSERT INTO page_box (page_key, item, part, disclosure, box)"        \
	" SELECT u.page_key, u.item, u.part::int4,"                           \
	" nullif(u.disclosure, " PAGE_NONE "), u.box"                         \
	"  FROM unnest(" key "::uuid[], " item "::uuid[], " part "::int8[],"  \
	"   " released "::uuid[], " box "::bytea[])"                          \
	"   AS u(page_key, item, part, disclosure, box)"                      \
	" ON CONFLICT DO NOTHING"

	/* Keys, and what is sealed to them, in one go. */
	[SQL_PAGE_KEYS_ADD] = { "page_keys_add", 16, SQL_BOTH, SQL_PLAIN,
		"WITH k AS (" PAGE_KEYS_IN ") "
		PAGE_BOXES_IN("$12", "$13", "$14", "$15", "$16") },
	[SQL_PAGE_BOXES_ADD] = { "page_boxes_add", 5, SQL_BOTH, SQL_PLAIN,
		PAGE_BOXES_IN("$1", "$2", "$3", "$4", "$5") },
	[SQL_PAGE_READERS] = { "page_readers", 1, SQL_BOTH, SQL_PLAIN,
		"SELECT r.of_case, r.party, r.capsule," PAGE_KEY
		"  FROM page_readers($1::uuid[]) r JOIN page_key k ON k.id = r.key" },
	/* What the readers of a case lack, and what went to whoever handed it
	 * over to one of them: as many of each. */
	[SQL_PAGE_MISSING] = { "page_missing", 2, SQL_SERVER, SQL_PLAIN,
		"(SELECT m.key, m.party, m.item, i.key_version, i.dek_box, m.part,"
		" m.disclosure, " SECS("d.expires")
		"  FROM page_missing($1) m JOIN item i ON i.id = m.item"
		"  LEFT JOIN disclosure d ON d.id = m.disclosure"
		" WHERE i.dek_box <> ''::bytea"
		" ORDER BY i.seq DESC, m.key LIMIT $2::int4)"
		" UNION ALL"
		" (SELECT e.id, i.party, i.id, i.key_version, i.dek_box, -1,"
		" NULL::uuid, 0::int8"
		"  FROM company_hand h JOIN page_key e ON e.reader = h.heir"
		"   AND e.kind = 'contact' AND e.revoked IS NULL AND e.expires > now()"
		"  JOIN item i ON i.case_id = h.case_id AND i.lane = 'company'"
		"   AND i.kind IN ('mail_out', 'auto_out') AND i.dek_box <> ''::bytea"
		"  JOIN outbox o ON o.item = i.id"
		"  JOIN capsule c ON c.id = o.capsule AND c.contact = h.giver"
		" WHERE h.case_id = $1 AND i.at <= h.at AND NOT EXISTS (SELECT 1"
		"   FROM page_box x WHERE x.page_key = e.id AND x.item = i.id"
		"    AND x.part = -1 AND x.disclosure IS NULL)"
		" ORDER BY i.seq DESC LIMIT $2::int4)" },
	[SQL_PAGE_KEY_NAMED] = { "page_key_named", 1, SQL_SERVER, SQL_PLAIN,
		"SELECT" PAGE_KEY " FROM page_key k WHERE k.name = $1" },
	[SQL_PAGE_KEY] = { "page_key", 1, SQL_SERVER, SQL_PLAIN,
		"SELECT" PAGE_KEY " FROM page_key k WHERE k.id = $1" },
	[SQL_PAGE_KEYS_OF] = { "page_keys_of", 1, SQL_BOTH, SQL_PLAIN,
		"SELECT" PAGE_KEY " FROM page_key k WHERE k.reader = $1"
		" ORDER BY k.made, k.id" },
	[SQL_PAGE_KEY_END] = { "page_key_end", 2, SQL_BOTH, SQL_PLAIN,
		"UPDATE page_key SET revoked = now(), why = $2"
		" WHERE id = $1 AND revoked IS NULL" },
	/* Whatever that reader has. */
	[SQL_PAGE_KEYS_END] = { "page_keys_end", 2, SQL_BOTH, SQL_PLAIN,
		"UPDATE page_key SET revoked = now(), why = $2"
		" WHERE reader = $1 AND revoked IS NULL" },
	[SQL_PAGE_SWEEP] = { "page_sweep", 1, SQL_SERVER, SQL_PLAIN,
		"WITH v AS (DELETE FROM page_visit"
		"  WHERE expires <= to_timestamp($1::int8))"
		" UPDATE page_key SET revoked = now(), why = 'expired'"
		"  WHERE revoked IS NULL AND expires <= to_timestamp($1::int8)" },
	/* What was released and is over, as disclosure_shut says it. */
	[SQL_PAGE_SHUT] = { "page_shut", 1, SQL_SERVER, SQL_PLAIN,
		"DELETE FROM page_box b USING disclosure d"
		" WHERE d.id = b.disclosure AND (d.revoked IS NOT NULL"
		"  OR d.expires <= to_timestamp($1::int8)"
		"  OR d.opened >= d.max_opens)" },
	[SQL_PAGE_VISIT_ADD] = { "page_visit_add", 4, SQL_SERVER, SQL_PLAIN,
		"WITH k AS (UPDATE page_key SET last_used = now() WHERE id = $2)"
		" INSERT INTO page_visit (id, page_key, box, expires)"
		" VALUES ($1, $2, $3, to_timestamp($4::int8))" },
	[SQL_PAGE_VISIT] = { "page_visit", 2, SQL_SERVER, SQL_PLAIN,
		"SELECT v.box, " SECS("v.expires") "," PAGE_KEY
		"  FROM page_visit v JOIN page_key k ON k.id = v.page_key"
		" WHERE v.id = $1 AND v.expires > to_timestamp($2::int8)"
		"   AND k.revoked IS NULL AND k.expires > to_timestamp($2::int8)" },
	[SQL_PAGE_VISIT_END] = { "page_visit_end", 1, SQL_SERVER, SQL_PLAIN,
		"DELETE FROM page_visit WHERE id = $1" },
	/* The case of that id or number in which key $1 opens a party's messages,
	 * and whose. */
	[SQL_PAGE_PARTY] = { "page_party", 3, SQL_SERVER, SQL_PLAIN,
		"SELECT c.id, r.party, c.protocol FROM case_file c"
		" CROSS JOIN LATERAL page_readers(ARRAY[c.id]) r"
		" WHERE (c.id = $2 OR c.protocol = $3) AND r.key = $1"
		"   AND c.state NOT IN ('held', 'erased') LIMIT 1" },
	/* Newest first; $3: before that number, $4 messages at most; $5: now. */
	[SQL_PAGE_ITEMS] = { "page_items", 5, SQL_SERVER, SQL_PLAIN,
		"WITH n AS (SELECT DISTINCT i.seq FROM page_box b"
		"  JOIN item i ON i.id = b.item"
		"  WHERE b.page_key = $1 AND i.case_id = $2 AND i.seq < $3::int4"
		"  ORDER BY i.seq DESC LIMIT $4::int4)"
		"SELECT" ITEM_COLUMNS ", b.part, b.disclosure, b.box,"
		" " SECS("d.expires") ", y.side::text"
		"  FROM n JOIN item i ON i.case_id = $2 AND i.seq = n.seq"
		"  JOIN page_box b ON b.item = i.id AND b.page_key = $1"
		"  LEFT JOIN disclosure d ON d.id = b.disclosure"
		"  LEFT JOIN party y ON y.id = i.party"
		" WHERE b.disclosure IS NULL OR (d.revoked IS NULL"
		"  AND d.expires > to_timestamp($5::int8)"
		"  AND d.opened < d.max_opens)"
		" ORDER BY i.seq DESC, b.disclosure NULLS FIRST, b.part" },
	[SQL_PAGE_LACKS] = { "page_lacks", 2, SQL_SERVER, SQL_PLAIN,
		"SELECT count(DISTINCT m.item) FROM page_missing($2) m"
		" WHERE m.key = $1" },

	/* ---- asking for another code ------------------------------------------- */

	[SQL_PAGE_ASK_ADD] = { "page_ask_add", 5, SQL_SERVER, SQL_PLAIN,
		"INSERT INTO page_ask (id, kind, protocol, token, token_was, at)"
		" VALUES ($1, $2, $3, $4, $5, now())" },
	[SQL_PAGE_ASK_TAKE] = { "page_ask_take", 0, SQL_GATEWAY, SQL_PLAIN,
		"SELECT id, kind, protocol, token, token_was FROM page_ask"
		" WHERE done IS NULL ORDER BY at, id LIMIT 1"
		" FOR UPDATE SKIP LOCKED" },
	[SQL_PAGE_ASK_DONE] = { "page_ask_done", 2, SQL_GATEWAY, SQL_MUST_CHANGE,
		"UPDATE page_ask SET done = now(), outcome = $2"
		" WHERE id = $1 AND done IS NULL" },
	/* Consumers of that case, or known by that address: newest first. */
	[SQL_PAGE_ASKERS] = { "page_askers", 3, SQL_GATEWAY, SQL_PLAIN,
		"SELECT c.id, p.id FROM case_file c JOIN party p"
		"   ON p.case_id = c.id AND p.side = 'consumer'"
		" WHERE c.state NOT IN ('held', 'erased') AND (c.protocol = $1"
		"  OR EXISTS (SELECT 1 FROM ident_token t WHERE t.party = p.id"
		"   AND t.case_id = c.id AND t.kind = 1"
		"   AND t.token = ANY(ARRAY[$2::uuid, $3::uuid])))"
		" ORDER BY c.last DESC, p.id LIMIT 5" },
	/* Where contact $1 is written to last: case, capsule. */
	[SQL_PAGE_CONTACT_CASE] = { "page_contact_case", 1, SQL_GATEWAY, SQL_PLAIN,
		"SELECT c.case_id, c.id, c.party FROM capsule c"
		"  JOIN case_file f ON f.id = c.case_id"
		" WHERE c.contact = $1 AND f.state NOT IN ('held', 'erased')"
		"   AND c.box_svc IS NOT NULL"
		" ORDER BY f.last DESC, c.id DESC LIMIT 1" },
	[SQL_PAGE_CONTACTS] = { "page_contacts", 0, SQL_GATEWAY, SQL_PLAIN,
		"SELECT id, addr FROM company_contact WHERE active ORDER BY id" },
	/* How many codes that reader got since: the present one included. */
	[SQL_PAGE_MADE_SINCE] = { "page_made_since", 2, SQL_BOTH, SQL_PLAIN,
		"SELECT count(*) FROM page_key WHERE reader = $1"
		" AND made > now() - make_interval(secs => $2::int4)" },
	[SQL_PAGE_ASK_SWEEP] = { "page_ask_sweep", 0, SQL_GATEWAY, SQL_PLAIN,
		"DELETE FROM page_ask WHERE done < now() - interval '2 days'" },

