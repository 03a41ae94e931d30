/*
 * store_worklist_test.c - what the lists of cases go by is what the keys and
 * the cases say, and what a list reads does not grow with what its reader
 * cannot open, against a real PostgreSQL
 */
#include <libpq-fe.h>

#include "../../lib/store/sql.h"
#include "store_place.h"

/* Holds every key; only those of open cases; none. */
static struct ouv_id all, desk, none;
static PGconn *line;

static int
people(void **state)
{
	char dsn[160];

	if (place_start(state) != 0)
		return -1;
	all = colleague("all", OUV_ROLE_MEDIATOR, false);
	desk = colleague("desk", OUV_ROLE_INTAKE, true);
	none = colleague("none", OUV_ROLE_READER, false);
	(void)snprintf(dsn, sizeof(dsn), "%s user=ouv_srv", place.dsn);
	line = PQconnectdb(dsn);
	return PQstatus(line) == CONNECTION_OK ? 0 : -1;
}

static int
end(void **state)
{
	PQfinish(line);
	return place_stop(state);
}

/* ---- the copy --------------------------------------------------------------
 */

/* What stands in one and not in the other, computed from its definition. */
#define TRUTH                                                               \
	"SELECT DISTINCT c.id, g.person, CASE WHEN c.desk_month IS NOT"     \
	" NULL THEN 'other' WHEN c.state IN ('held', 'erased') THEN"        \
	" 'other' WHEN c.state = 'closed' THEN CASE WHEN c.protocol IS"     \
	" NULL THEN 'other' ELSE 'closed' END ELSE 'open' END, c.state,"    \
	" c.owner, c.last, c.opened, coalesce(c.due, '3000-01-01 00:00+00'" \
	"), (SELECT count(*) FROM task t WHERE t.case_id = c.id AND"        \
	" t.done IS NULL), (SELECT count(*) FROM task t WHERE t.case_id ="  \
	" c.id AND t.done IS NULL AND t.kind IN ('other-channel',"          \
	" 'send-again')) FROM case_grant g JOIN case_file c ON c.id = "     \
	"g.case_id"                                                         \
	" WHERE g.person <> '00000000-0000-0000-0000-000000000000'"
#define COPY                                                             \
	"SELECT case_id, person, part, state, owner, last, opened, due," \
	" tasks, trouble FROM case_reader"

static void
assert_copied(int rows)
{
	assert_int_equal(number(sql("SELECT count(*) FROM case_reader")), rows);
	assert_string_equal(
		sql("SELECT count(*) FROM ((" TRUTH " EXCEPT " COPY
		    ") UNION ALL (" COPY " EXCEPT " TRUTH ")) differ"),
		"0");
}

/* Cases of that year, with keys of one or two people and of the escrow. */
static void
cases(int year, int count, const char *state, const char *holders)
{
	(void)sql("WITH c AS (INSERT INTO case_file (id, protocol, state, lang,"
		  " channel, opened, last, due, items, key_version, summary)"
		  " SELECT gen_random_uuid(), '%d-' || n, '%s', 'en', 'email',"
		  " now() - n * interval '1 hour', now() - n * interval"
		  " '1 minute', CASE WHEN n %% 5 > 0 THEN now() + (n %% 40 - 9)"
		  " * interval '9 hours' END, 0, 1, '' FROM"
		  " generate_series(1, %d) n RETURNING id)"
		  " INSERT INTO case_grant (case_id, version, person, pk, box,"
		  " granted_by, sig) SELECT c.id, 1, h, coalesce(p.pk, ''),"
		  " '', h, '' FROM c, unnest(ARRAY[%s]::uuid[]) h"
		  " LEFT JOIN person p ON p.id = h",
		year, state, count, holders);
}

/* Of an open case its term, of a closed one how long it is kept: some of these
 * are over as well. */
static void
clocks(int year, const char *kind)
{
	(void)sql("INSERT INTO clock (case_id, kind, state, profile, profile_n,"
		  " calendar, unit, amount, started, since, due)"
		  " SELECT id, '%s', 'running', 'default', 0, 'br', 'days', 9,"
		  " opened, opened, opened + interval '9 days' FROM case_file"
		  " WHERE protocol LIKE '%d-%%'",
		kind, year);
}

static const char *
holders(bool both)
{
	static char text[256];

	(void)snprintf(text, sizeof(text), "'%s'%s%s%s, '%032d'", hex(&all),
		both ? ", '" : "", both ? hex(&desk) : "", both ? "'" : "", 0);
	return text;
}

static void
what_a_list_goes_by_follows_keys_and_cases(void **state)
{
	static const char *const changes[] = {
		"UPDATE case_file SET state = 'closed' WHERE protocol = '1-1'",
		"UPDATE case_file SET last = now() WHERE protocol = '1-2'",
		"UPDATE case_file SET due = NULL WHERE protocol = '1-3'",
		"UPDATE case_file SET due = now() WHERE protocol = '1-4'",
		"UPDATE case_file SET owner = (SELECT id FROM person WHERE"
		" login = 'desk') WHERE protocol = '1-5'",
		"UPDATE case_file SET opened = now() WHERE protocol = '1-6'",
		"UPDATE case_file SET state = 'held' WHERE protocol = '1-7'",
		"UPDATE case_file SET state = 'closed', protocol = NULL"
		" WHERE protocol = '1-8'",
		"UPDATE case_file SET desk_month = '2001-01-01'"
		" WHERE protocol = '1-9'",
		"UPDATE case_grant SET version = 2",
		"INSERT INTO case_grant SELECT case_id, 3, person, box, person,"
		" sig, created, pk FROM case_grant",
		"INSERT INTO task (id, case_id, kind, opened, due)"
		" SELECT gen_random_uuid(), id, k, now(), now() FROM"
		" case_file, unnest(ARRAY['letter-in', 'send-again']) k",
		"UPDATE task SET done = now() WHERE kind = 'send-again'",
		"UPDATE task SET outcome = 'done', done = now() - interval"
		" '1 hour' WHERE done IS NOT NULL",
		"UPDATE task SET done = NULL WHERE case_id = (SELECT id FROM"
		" case_file WHERE protocol = '1-2')",
		"INSERT INTO task (id, case_id, kind, opened, due, done)"
		" SELECT gen_random_uuid(), id, 'letter-in', now(), now(),"
		" now() FROM case_file",
	};

	(void)state;
	cases(1, 20, "triage", holders(true));
	assert_copied(40);
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		(void)sql("%s", changes[i]);
		assert_copied(40);
	}
	/* One of two keys to a case gone, and then the other; and given again.
	 */
	(void)sql("DELETE FROM case_grant WHERE version = 2");
	assert_copied(40);
	(void)sql("DELETE FROM case_grant WHERE person = '%s'", hex(&desk));
	assert_copied(20);
	(void)sql("INSERT INTO case_grant SELECT case_id, 4, '%s', box, person,"
		  " sig, created, pk FROM case_grant WHERE person = '%s'",
		hex(&desk), hex(&all));
	assert_copied(40);
	(void)sql("DELETE FROM case_grant; DELETE FROM task;"
		  " DELETE FROM case_file");
	assert_copied(0);
}

/* ---- what a list reads -----------------------------------------------------
 */

static const char *const queues[] = { "open", "mine", "new", "due", "closed",
	"second", "overdue", "soon", "consumer", "company", "office", "trouble",
	"promise", "task", "unread" };
static const struct {
	enum sql_id id;
	const char *from;
} orders[] = {
	{ SQL_WORK_LAST_DOWN, "32503680001000000" },
	{ SQL_WORK_LAST_UP, "0" },
	{ SQL_WORK_DUE_UP, "0" },
	{ SQL_WORK_DUE_DOWN, "32503680001000000" },
	{ SQL_WORK_OPENED_DOWN, "32503680001000000" },
	{ SQL_WORK_OPENED_UP, "0" },
};
#define QUEUES (sizeof(queues) / sizeof(queues[0]))
#define ORDERS (sizeof(orders) / sizeof(orders[0]))

static PGresult *
run(const char *text, int count, const char *const *values)
{
	PGresult *res =
		PQexecParams(line, text, count, NULL, values, NULL, NULL, 0);

	if (PQresultStatus(res) != PGRES_TUPLES_OK)
		fail_msg("%s", PQerrorMessage(line));
	return res;
}

/* A line of a plan: the rows it gave or looked at and left, in all its turns.
 */
static int
rows_of(const char *plan_line, int *turns)
{
	const char *rows = strstr(plan_line, "(actual rows=");
	const char *left = strstr(plan_line, "Rows Removed by");

	if (rows != NULL) {
		*turns = number(strstr(rows, "loops=") + 6);
		return number(rows + 13) * *turns;
	}
	return left != NULL ? number(strchr(left, ':') + 1) * *turns : 0;
}

/* What a statement goes through: pages of the database, the same whether they
 * were in memory, and rows. */
static int
cost_of(enum sql_id id, int count, const char *const *values)
{
	static char text[16384];
	int cost = 0, turns = 1;
	PGresult *res;

	(void)snprintf(text, sizeof(text),
		"EXPLAIN (ANALYZE, BUFFERS, COSTS OFF, TIMING OFF) %s",
		sql_texts[id].text);
	res = run(text, count, values);
	for (int i = 0; i < PQntuples(res); i++) {
		const char *at = PQgetvalue(res, i, 0);

		cost += rows_of(at, &turns);
		/* The first are those of the whole. */
		at = i == 1 ? strstr(at, "Buffers: shared") : NULL;
		for (; at != NULL && *at != '\0'; at++)
			if (*at == '=')
				cost += number(at + 1);
	}
	PQclear(res);
	return cost;
}

static int
cost_of_list(const struct ouv_id *person, size_t queue, size_t order)
{
	const char *values[18] = { hex(person), orders[order].from,
		"00000000-0000-0000-0000-000000000000", "41", queues[queue],
		"triage,info", NULL, NULL, "false", NULL, NULL, NULL, "0", "0",
		"0", "0", NULL, NULL };

	return cost_of(orders[order].id, 18, values);
}

static int
cost_of_counts(const struct ouv_id *person)
{
	const char *values[5] = { hex(person), "close mediator", "info",
		"company", "triage" };

	return cost_of(SQL_WORK_COUNTS, 5, values);
}

static int
cost_of_dues(const struct ouv_id *person, const char *mine)
{
	const char *values[6] = { hex(person), mine, "0", "0", "", "26" };

	return cost_of(SQL_DUES, 6, values);
}

static int
cost_of_due_counts(const struct ouv_id *person)
{
	static char bounds[32];
	const char *values[3] = { hex(person), "false", bounds };

	(void)snprintf(bounds, sizeof(bounds), "{%s}",
		sql("SELECT extract(epoch FROM now())::int8 + 864000"));
	return cost_of(SQL_DUE_COUNTS, 3, values);
}

struct cost {
	int counts, dues[2], due_counts, lists[QUEUES][ORDERS];
};

static void
measure(const struct ouv_id *person, struct cost *cost)
{
	cost->counts = cost_of_counts(person);
	cost->dues[0] = cost_of_dues(person, "false");
	cost->dues[1] = cost_of_dues(person, "true");
	cost->due_counts = cost_of_due_counts(person);
	for (size_t i = 0; i < QUEUES; i++)
		for (size_t j = 0; j < ORDERS; j++)
			cost->lists[i][j] = cost_of_list(person, i, j);
}

/* An index is a level deeper, a page of it fuller; no more. */
static bool
much_more(int now, int before)
{
	return now > before + before / 2 + 20;
}

/* Each date asks two indexes for its case, a level deeper each. */
static bool
many_more(int now, int before)
{
	return now > before * 3 + 100;
}

static void
assert_flat(const struct ouv_id *person, const char *name,
	const struct cost *before)
{
	struct cost now;

	measure(person, &now);
	if (much_more(now.counts, before->counts))
		fail_msg("%s counts: %d, %d", name, before->counts, now.counts);
	for (int i = 0; i < 2; i++)
		if (many_more(now.dues[i], before->dues[i]))
			fail_msg("%s dues %d: %d, %d", name, i, before->dues[i],
				now.dues[i]);
	if (many_more(now.due_counts, before->due_counts))
		fail_msg("%s due counts: %d, %d", name, before->due_counts,
			now.due_counts);
	for (size_t i = 0; i < QUEUES; i++)
		for (size_t j = 0; j < ORDERS; j++)
			if (much_more(now.lists[i][j], before->lists[i][j]))
				fail_msg("%s %s %s: %d, %d", name, queues[i],
					sql_texts[orders[j].id].name,
					before->lists[i][j], now.lists[i][j]);
}

/* A letter waits in every case, in those closed too; the rows lie as if they
 * had been written so. */
static void
unread(void)
{
	(void)sql("UPDATE case_reader SET seen = 0, fresh = 1");
	(void)sql("VACUUM FULL case_reader");
}

static void
what_a_list_reads_does_not_grow_with_what_is_closed(void **state)
{
	struct cost few[3];

	(void)state;
	cases(1, 200, "triage", holders(true));
	cases(2, 500, "closed", holders(false));
	clocks(1, "response");
	clocks(2, "retention");
	unread();
	(void)sql("VACUUM ANALYZE");
	measure(&all, &few[0]);
	measure(&desk, &few[1]);
	measure(&none, &few[2]);
	assert_true(few[0].lists[0][0] > 100 && few[0].counts > 200);
	assert_true(few[0].dues[0] > 50 && few[0].due_counts > 200);
	cases(3, 6000, "closed", holders(false));
	clocks(3, "retention");
	unread();
	(void)sql("VACUUM ANALYZE");
	assert_flat(&all, "all", &few[0]);
	assert_flat(&desk, "desk", &few[1]);
	assert_flat(&none, "none", &few[2]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_list_goes_by_follows_keys_and_cases),
		cmocka_unit_test(
			what_a_list_reads_does_not_grow_with_what_is_closed),
	};

	return cmocka_run_group_tests(tests, people, end);
}
