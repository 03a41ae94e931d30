/*
 * sql_absence.h - the rows of sql.c's table about who is away
 *
 * Only sql.c includes it, inside the table and with its macros.
 */
/* clang-format off */

#define DAY(x) "(" x " - date '1970-01-01')"
#define FROM_DAY(x) "date '1970-01-01' + " x "::int4"
/* As struct store_absence is read (row_absence). */
#define ABSENCE_COLUMNS                                                       \
	"SELECT a.id, a.person, a.substitute, a.made_by, a.reason::text,"     \
	" " DAY("a.first_day") ", " DAY("a.last_day") ", " DAY("a.back_day") ","\
	" " SECS("a.starts") ", " SECS("a.ends") ", " SECS("a.made") ","      \
	" " SECS("a.called_off") ", a.signed_as, a.substitute_as,"            \
	" a.urgent_name, a.urgent_email, a.urgent_phone"
#define ABSENCE_ALL                                                           \
	ABSENCE_COLUMNS ", p.login, p.name,"                                  \
	" (SELECT count(*) FROM absence_note n WHERE n.absence = a.id)"

	/* Rows are only added, and called off once: two counts tell it all. */
	[SQL_ABSENCE_STAMP] = { "absence_stamp", 0, SQL_BOTH, SQL_PLAIN,
		"SELECT count(*), count(called_off) FROM absence" },
	[SQL_ABSENCES_LIVE] = { "absences_live", 1, SQL_BOTH, SQL_PLAIN,
		ABSENCE_COLUMNS " FROM absence a WHERE a.person IS NULL"
		" OR (a.called_off IS NULL AND a.ends > to_timestamp($1::int8))"
		" ORDER BY a.starts, a.id" },
	[SQL_ABSENCES] = { "absences", 2, SQL_SERVER, SQL_PLAIN,
		ABSENCE_ALL " FROM absence a LEFT JOIN person p ON p.id = a.person"
		" WHERE a.last_day >= " FROM_DAY("$1")
		"   AND a.first_day <= " FROM_DAY("$2")
		" ORDER BY a.first_day, a.id" },
	[SQL_ABSENCE_GET] = { "absence_get", 1, SQL_SERVER, SQL_PLAIN,
		ABSENCE_ALL " FROM absence a LEFT JOIN person p ON p.id = a.person"
		" WHERE a.id = $1" },
	/* The number is of our choosing. */
	[SQL_ABSENCE_LOCK] = { "absence_lock", 0, SQL_SERVER, SQL_PLAIN,
		"SELECT pg_advisory_xact_lock(7165291403)" },
	[SQL_ABSENCE_ADD] = { "absence_add", 15, SQL_SERVER, SQL_PLAIN,
		"INSERT INTO absence (id, person, reason, first_day, last_day,"
		" back_day, starts, ends, signed_as, urgent_name, urgent_email,"
		" urgent_phone, substitute, substitute_as, made_by)"
		" VALUES ($1, $2, $3, " FROM_DAY("$4") ", " FROM_DAY("$5") ","
		" " FROM_DAY("$6") ", to_timestamp($7::int8),"
		" to_timestamp($8::int8), $9, $10, $11, $12, $13, $14, $15)" },
	[SQL_ABSENCE_END] = { "absence_end", 2, SQL_SERVER, SQL_MUST_CHANGE,
		"UPDATE absence SET called_off = now(), called_by = $2"
		" WHERE id = $1 AND called_off IS NULL AND ends > now()" },
	[SQL_ABSENCE_CASES] = { "absence_cases", 1, SQL_SERVER, SQL_PLAIN,
		"SELECT c.state::text, count(*) FROM case_file c"
		" WHERE c.owner = $1 AND " IS_OPEN " GROUP BY 1" },
	[SQL_CASE_OWNERS] = { "case_owners", 1, SQL_GATEWAY, SQL_PLAIN,
		"SELECT c.owner FROM unnest($1::uuid[]) WITH ORDINALITY q(id, n)"
		"  LEFT JOIN case_file c ON c.id = q.id ORDER BY q.n" },
	[SQL_CASE_STAND_IN] = { "case_stand_in", 1, SQL_SERVER, SQL_PLAIN,
		ABSENCE_ALL ", w.name FROM case_file c"
		"  JOIN absence a ON a.person = c.owner AND a.called_off IS NULL"
		"   AND a.starts <= now() AND now() < a.ends"
		"  JOIN person p ON p.id = a.person"
		"  LEFT JOIN stand_in s ON s.person = a.person"
		"   AND NOT EXISTS (SELECT 1 FROM case_conflict k"
		"    WHERE k.case_id = c.id AND k.person = s.who)"
		"  LEFT JOIN person w ON w.id = s.who"
		" WHERE c.id = $1 ORDER BY a.ends DESC LIMIT 1" },

	/* Two gateways with a letter each of the same sender: the second waits
	 * for the first and then finds that it was told.  In one order, so that
	 * they cannot lock each other out. */
	[SQL_NOTES_CLAIM] = { "notes_claim", 4, SQL_BOTH, SQL_PLAIN,
		"WITH q AS (SELECT * FROM unnest($1::uuid[], $2::uuid[])"
		"  WITH ORDINALITY u(absence, sender, n)),"
		" told AS (INSERT INTO absence_note AS t (absence, sender, at)"
		"  SELECT absence, sender, to_timestamp($3::int8) FROM q"
		"  ORDER BY absence, sender"
		"  ON CONFLICT (absence, sender) DO UPDATE SET at = excluded.at"
		"  WHERE t.at <= to_timestamp($4::int8)"
		"  RETURNING absence, sender)"
		" SELECT q.n FROM q JOIN told USING (absence, sender)" },
	[SQL_PARTY_CODE] = { "party_code", 1, SQL_GATEWAY, SQL_PLAIN,
		"SELECT code_version FROM party WHERE id = $1" },

