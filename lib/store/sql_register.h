/*
 * sql_register.h - the rows of sql.c's table about the register of companies,
 * as the console reads and changes it
 *
 * Only sql.c includes it, inside the table and with its macros, behind
 * sql_company.h.
 */
/* clang-format off */

/* Another value with every change. */
#define ENTRY_REV "xmin::text::int8"
#define ENTRY_AS(arg) " AND " ENTRY_REV " = " arg "::int8"

	[SQL_COMPANIES_PAGE] = { "companies_page", 3, SQL_SERVER, SQL_PLAIN,
		"SELECT" COMPANY_COLUMNS " FROM company"
		" WHERE name > $2 AND ($1 = '' OR"
		"  strpos(lower(name), lower($1)) > 0)"
		" ORDER BY name LIMIT $3::int4" },
	[SQL_COMPANY_REV] = { "company_rev", 1, SQL_SERVER, SQL_PLAIN,
		"SELECT " ENTRY_REV " FROM company WHERE id = $1" },
	[SQL_UNIT_REV] = { "unit_rev", 1, SQL_SERVER, SQL_PLAIN,
		"SELECT " ENTRY_REV " FROM company_unit WHERE id = $1" },
	[SQL_CONTACT_REV] = { "contact_rev", 1, SQL_SERVER, SQL_PLAIN,
		"SELECT " ENTRY_REV " FROM company_contact WHERE id = $1" },
	/* Backwards through the log: asked when somebody was faster. */
	[SQL_ENTRY_LAST] = { "entry_last", 1, SQL_SERVER, SQL_PLAIN,
		"SELECT e.at_us / 1000000, p.name FROM audit_event e"
		"  JOIN person p ON p.id = e.actor"
		" WHERE e.chain = e.signer AND e.object = $1"
		"   AND e.action IN ('company-set', 'unit-set', 'contact-set')"
		" ORDER BY e.at_us DESC, e.chain DESC, e.seq DESC LIMIT 1" },
	[SQL_COMPANY_NEW] = { "company_new", 8, SQL_SERVER, SQL_MUST_CHANGE,
		"INSERT INTO company (id, name, sector, lang, member_from,"
		" member_until, full_text, calendar) VALUES ($1, $2, $3, $4, "
		COMPANY_DATE("$5") ", " COMPANY_DATE("$6") ", $7::bool, $8)"
		" ON CONFLICT DO NOTHING" },
	[SQL_COMPANY_EDIT] = { "company_edit", 7, SQL_SERVER, SQL_MUST_CHANGE,
		"UPDATE company SET name = $2, sector = $3, lang = $4,"
		" member_until = " COMPANY_DATE("$5") ", full_text = $6::bool"
		" WHERE id = $1" ENTRY_AS("$7") },
	[SQL_UNIT_NEW] = { "unit_new", 8, SQL_SERVER, SQL_MUST_CHANGE,
		"INSERT INTO company_unit (id, company, name, kind, owned,"
		" from_day, until_day, postal) VALUES ($1, $2, $3, $4, $5::bool, "
		COMPANY_DATE("$6") ", " COMPANY_DATE("$7") ", $8)"
		" ON CONFLICT DO NOTHING" },
	[SQL_UNIT_EDIT] = { "unit_edit", 8, SQL_SERVER, SQL_MUST_CHANGE,
		"UPDATE company_unit SET name = $2, kind = $3, owned = $4::bool,"
		" from_day = " COMPANY_DATE("$5") ","
		" until_day = " COMPANY_DATE("$6") ", postal = $8"
		" WHERE id = $1" ENTRY_AS("$7") },
	[SQL_CONTACT_NEW] = { "contact_new", 9, SQL_SERVER, SQL_MUST_CHANGE,
		"INSERT INTO company_contact (id, unit, substitute, name, addr,"
		" role, active, away_from, away_until) VALUES ($1, $2, $3, $4, $5,"
		" $6, $7::bool, " COMPANY_DATE("$8") ", " COMPANY_DATE("$9") ")"
		" ON CONFLICT DO NOTHING" },
	/* Never its address. */
	[SQL_CONTACT_EDIT] = { "contact_edit", 8, SQL_SERVER, SQL_MUST_CHANGE,
		"UPDATE company_contact SET substitute = $2, name = $3, role = $4,"
		" active = $5::bool, away_from = " COMPANY_DATE("$6") ","
		" away_until = " COMPANY_DATE("$7")
		" WHERE id = $1" ENTRY_AS("$8") },
	[SQL_CONTACT_FOLLOW] = { "contact_follow", 2, SQL_SERVER, SQL_PLAIN,
		"UPDATE company_contact SET substitute = $2"
		" WHERE substitute = $1 AND id <> $2" },
	[SQL_COMPANY_CASES] = { "company_cases", 3, SQL_SERVER, SQL_PLAIN,
		"SELECT" CASE_COLUMNS(SECS("c.last")) ", g.box, p.name,"
		" false, 0, NULL::text, 0 FROM case_file c" GRANTED
		"  LEFT JOIN person p ON p.id = c.owner"
		" WHERE c.company = $2 AND c.state <> 'erased'"
		" ORDER BY c.opened DESC, c.id LIMIT $3::int4" },
	[SQL_COMPANY_OWES] = { "company_owes", 3, SQL_SERVER, SQL_PLAIN,
		"SELECT c.protocol, true, " SECS("o.due") " AS at"
		"  FROM case_file c" GRANTED
		"  JOIN promise o ON o.case_id = c.id"
		" WHERE c.company = $2 AND o.state = 'open'"
		"  AND o.promiser = 'company'"
		" UNION ALL SELECT c.protocol, false, " SECS("r.due")
		"  FROM case_file c" GRANTED
		"  JOIN recommendation r ON r.case_id = c.id"
		" WHERE c.company = $2 AND r.state = 'open'"
		" ORDER BY at LIMIT $3::int4" },

