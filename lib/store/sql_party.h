/*
 * sql_party.h - the rows of sql.c's table about what parties say and decide
 *
 * Only sql.c includes it, inside the table and with its macros.
 */
/* clang-format off */

/* What one needs to know to understand party p of case c. */
#define SAY_COLUMNS                                                           \
	" c.id, p.id, p.code_version, c.state::text,"                         \
	" (p.side = 'company'), c.protocol, c.lang, " SECS("c.moved") ","     \
	" " SECS("c.due") ","                                                 \
	" (SELECT count(*) FROM settlement s WHERE s.case_id = c.id"          \
	"  AND s.round = r.round),"                                           \
	" EXISTS (SELECT 1 FROM settlement_choice k WHERE k.case_id = c.id"   \
	"  AND k.round = r.round AND k.side = p.side),"                       \
	" EXISTS (SELECT 1 FROM promise o WHERE o.case_id = c.id"             \
	"  AND o.state = 'open' AND o.asked IS NOT NULL),"                    \
	" EXISTS (SELECT 1 FROM hearing h WHERE h.case_id = c.id"             \
	"  AND h.side = p.side AND h.answered IS NULL AND h.round ="          \
	"  (SELECT max(l.round) FROM hearing l WHERE l.case_id = c.id"        \
	"   AND l.side = p.side)),"                                           \
	" EXISTS (SELECT 1 FROM party_act a WHERE a.party = p.id"             \
	"  AND a.done IS NULL)"
#define SAY_FROM                                                              \
	"  JOIN case_file c ON c.id = p.case_id"                              \
	" CROSS JOIN LATERAL (SELECT max(s.round) AS round FROM settlement s" \
	"  WHERE s.case_id = c.id) r"

	[SQL_PARTY_SAYS] = { "party_says", 1, SQL_BOTH, SQL_PLAIN,
		"SELECT q.n," SAY_COLUMNS
		"  FROM unnest($1::uuid[]) WITH ORDINALITY AS q(party, n)"
		"  JOIN party p ON p.id = q.party" SAY_FROM },
	/* By the row of a reply address, while it is the party's present one. */
	[SQL_PARTY_LINK] = { "party_link", 1, SQL_SERVER, SQL_PLAIN,
		"SELECT" SAY_COLUMNS "  FROM reply_address q"
		"  JOIN party p ON p.id = q.party AND p.code_version = q.version"
		SAY_FROM " WHERE q.id = $1" },
	/* By the address of somebody who answers for a company. */
	[SQL_PARTY_CAPSULE] = { "party_capsule", 1, SQL_SERVER, SQL_PLAIN,
		"SELECT q.contact," SAY_COLUMNS "  FROM capsule q"
		"  JOIN party p ON p.id = q.party AND p.side = 'company'" SAY_FROM
		"  LEFT JOIN company_contact k ON k.id = q.contact"
		" WHERE q.id = $1 AND coalesce(k.active, true)" },
	[SQL_PARTY_ACT_ADD] = { "party_act_add", 8, SQL_BOTH, SQL_PLAIN,
		"INSERT INTO party_act (id, case_id, party, action, choice, item,"
		" source, at) VALUES ($1, $2, $3, $4, $5, $6, $7,"
		" to_timestamp($8::int8))" },
	/* Was a letter with this key queued already? */
	[SQL_LETTER_KNOWN] = { "letter_known", 1, SQL_GATEWAY, SQL_PLAIN,
		"SELECT 1 FROM outbox WHERE dedupe_key = $1" },
	/* Is this somebody of the unit that the case was sent to, or who stands
	 * in for them?  $2 is folded. */
	[SQL_CONTACT_FITS] = { "contact_fits", 2, SQL_GATEWAY, SQL_PLAIN,
		"SELECT 1 FROM case_file c JOIN company_contact k"
		"   ON k.unit = c.unit"
		"  LEFT JOIN company_contact s ON s.id = k.substitute"
		" WHERE c.id = $1 AND k.active AND (lower(k.addr) = $2"
		"   OR (s.active AND lower(s.addr) = $2)) LIMIT 1" },

