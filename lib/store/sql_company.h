/*
 * sql_company.h - the rows of sql.c's table about the register of companies
 *
 * Only sql.c includes it, inside the table and with its macros.
 */
/* clang-format off */

#define COMPANY_DAY(column) column " - date '1970-01-01'"
/* A day as a number; 0: none. */
#define COMPANY_DATE(arg) \
	"CASE WHEN " arg "::int4 <> 0" \
	" THEN date '1970-01-01' + " arg "::int4 END"
#define COMPANY_COLUMNS \
	" id, name, sector, lang, " COMPANY_DAY("member_from") ", " \
	COMPANY_DAY("member_until") ", full_text, calendar"
#define UNIT_COLUMNS \
	" u.id, u.company, u.name, u.kind, u.owned, " \
	COMPANY_DAY("u.from_day") ", " COMPANY_DAY("u.until_day") "," \
	" c.name, c.lang, u.postal FROM company_unit u JOIN company c ON c.id = u.company"
/* Works on that day, and so does its company. */
#define UNIT_WORKS(arg) \
	"(date '1970-01-01' + " arg "::int4 BETWEEN u.from_day" \
	" AND coalesce(u.until_day, 'infinity')" \
	" AND (c.member_until IS NULL" \
	"  OR c.member_until >= date '1970-01-01' + " arg "::int4))"

	[SQL_COMPANIES] = { "companies", 0, SQL_BOTH, SQL_PLAIN,
		"SELECT" COMPANY_COLUMNS " FROM company ORDER BY name" },
	[SQL_COMPANY] = { "company", 2, SQL_BOTH, SQL_PLAIN,
		"SELECT" COMPANY_COLUMNS " FROM company"
		" WHERE id = $1 OR name = $2" },
	/* $1 NULL: of all companies; $2 0: also those that ended. */
	[SQL_UNITS] = { "units", 2, SQL_BOTH, SQL_PLAIN,
		"SELECT" UNIT_COLUMNS
		" WHERE ($1::uuid IS NULL OR u.company = $1)"
		" AND ($2::int4 = 0 OR " UNIT_WORKS("$2") ")"
		" ORDER BY c.name, u.name" },
	[SQL_UNIT] = { "unit", 2, SQL_BOTH, SQL_PLAIN,
		"SELECT" UNIT_COLUMNS " WHERE u.id = $1 AND " UNIT_WORKS("$2") },
	[SQL_CONTACTS] = { "contacts", 1, SQL_BOTH, SQL_PLAIN,
		"SELECT id, unit, substitute, name, addr, role, active, "
		COMPANY_DAY("away_from") ", " COMPANY_DAY("away_until")
		" FROM company_contact WHERE unit = $1 ORDER BY name, addr" },
	/* Whom of party $1 one may write to already. */
	[SQL_CAPSULE_CONTACTS] = { "capsule_contacts", 1, SQL_SERVER, SQL_PLAIN,
		"SELECT contact FROM capsule WHERE party = $1"
		" AND contact IS NOT NULL" },
	[SQL_COMPANY_SET] = { "company_set", 8, SQL_OWNER, SQL_MUST_CHANGE,
		"INSERT INTO company (id, name, sector, lang, member_from,"
		" member_until, full_text, calendar) VALUES ($1, $2, $3, $4, "
		COMPANY_DATE("$5") ", " COMPANY_DATE("$6") ", $7::bool, $8)"
		" ON CONFLICT (id) DO UPDATE SET name = excluded.name,"
		" sector = excluded.sector, lang = excluded.lang,"
		" member_from = excluded.member_from,"
		" member_until = excluded.member_until,"
		" full_text = excluded.full_text, calendar = excluded.calendar" },
	[SQL_UNIT_SET] = { "unit_set", 7, SQL_OWNER, SQL_MUST_CHANGE,
		"INSERT INTO company_unit (id, company, name, kind, owned,"
		" from_day, until_day) VALUES ($1, $2, $3, $4, $5::bool, "
		COMPANY_DATE("$6") ", " COMPANY_DATE("$7") ")"
		" ON CONFLICT (id) DO UPDATE SET name = excluded.name,"
		" kind = excluded.kind, owned = excluded.owned,"
		" from_day = excluded.from_day, until_day = excluded.until_day" },
	[SQL_CONTACT_SET] = { "contact_set", 9, SQL_OWNER, SQL_MUST_CHANGE,
		"INSERT INTO company_contact (id, unit, substitute, name, addr,"
		" role, active, away_from, away_until) VALUES ($1, $2, $3, $4, $5,"
		" $6, $7::bool, " COMPANY_DATE("$8") ", " COMPANY_DATE("$9") ")"
		" ON CONFLICT (id) DO UPDATE SET substitute = excluded.substitute,"
		" name = excluded.name, addr = excluded.addr, role = excluded.role,"
		" active = excluded.active, away_from = excluded.away_from,"
		" away_until = excluded.away_until" },

