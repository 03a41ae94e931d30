/*
 * store_absence_test.c - absences against a real PostgreSQL: when one holds,
 * who looks after whose cases, who was told of it
 */
#include "store_place.h"
#include "ouv/store_console.h"

#define DAY 86400

static struct ouv_id ana, bruno, carla, dora;
static int64_t now;
static int32_t today;

/* From `from` days to `until` days after today; the whole days, in UTC. */
static struct store_absence
an_absence(const struct ouv_id *person, const struct ouv_id *substitute,
	int from, int until)
{
	struct store_absence a = { .id = ouv_id_new(),
		.made_by = ana,
		.reason = "vacation",
		.first_day = today + from,
		.last_day = today + until,
		.back_day = today + until + 1,
		.starts_at = (int64_t)(today + from) * DAY,
		.ends_at = (int64_t)(today + until + 1) * DAY,
		.signed_as = "Ana Prova",
		.substitute_as = "",
		.urgent_name = "Bruno",
		.urgent_email = "bruno@example.org",
		.urgent_phone = "" };

	if (person != NULL)
		a.person = *person;
	if (substitute != NULL) {
		a.substitute = *substitute;
		a.substitute_as = "Bruno Prova";
	}
	return a;
}

static void
put(const struct store_absence *a)
{
	struct store_tx *tx = begin(place.server);

	ok(store_absence_add(tx, a));
	ok(store_commit(&tx));
}

static struct ouv_id
put_case(enum ouv_state state, const char *protocol, const struct ouv_id *owner)
{
	static int64_t last = 1700000000;
	struct store_case c = a_case(state);
	const struct ouv_id *readers[] = { &ana, &bruno, &carla };
	struct store_grant grants[3] = { 0 };
	struct store_tx *tx = begin(place.gateway);

	c.protocol = protocol;
	c.last_at = ++last; /* the newest comes first */
	if (owner != NULL)
		c.owner = *owner;
	for (size_t i = 0; i < 3; i++) {
		grants[i].case_id = c.id;
		grants[i].person = *readers[i];
		grants[i].version = 1;
		grants[i].pk[0] = 1;
	}
	ok(store_case_add(tx, &c));
	ok(store_grants_add(tx, grants, 3));
	ok(store_commit(&tx));
	return c.id;
}

/* The protocols of a queue, "a b". */
static const char *
queue(const struct ouv_id *who, const char *name)
{
	static char out[256];
	const struct store_wish wish = { .person = *who,
		.queue = name,
		.order = STORE_BY_LAST,
		.limit = 50 };
	struct store_work_line *lines;
	struct store_tx *tx = begin(place.server);
	size_t count;

	ok(store_work(tx, place.arena, &wish, &lines, &count));
	ok(store_commit(&tx));
	out[0] = '\0';
	for (size_t i = 0; i < count; i++) {
		(void)strncat(out, i > 0 ? " " : "", 2);
		(void)strncat(out, lines[i].row.c.protocol, 30);
	}
	return out;
}

static int64_t
counted(const struct ouv_id *who, int which)
{
	struct store_tx *tx = begin(place.server);
	int64_t counts[STORE_QUEUES];

	ok(store_work_counts(tx, place.arena, who, counts));
	ok(store_commit(&tx));
	return counts[which];
}

static int
empty(void **state)
{
	(void)state;
	(void)sql("DELETE FROM absence_note; DELETE FROM absence;"
		  " DELETE FROM case_conflict; DELETE FROM case_grant;"
		  " DELETE FROM case_file");
	return 0;
}

static int
begin_all(void **state)
{
	if (place_start(state) != 0)
		return -1;
	now = ouv_clock_now();
	today = (int32_t)(now / DAY);
	ana = add_person("ana", OUV_ROLE_MEDIATOR, true);
	bruno = add_person("bruno", OUV_ROLE_MEDIATOR, true);
	carla = add_person("carla", OUV_ROLE_INTAKE, true);
	dora = add_person("dora", OUV_ROLE_INTAKE, false);
	return 0;
}

/* ---- rows ---------------------------------------------------------------- */

static void
what_is_put_in_comes_out(void **state)
{
	struct store_absence a = an_absence(&ana, &bruno, -1, 3), *list, one;
	struct store_tx *tx;
	size_t count;

	(void)state;
	put(&a);
	tx = begin(place.server);
	ok(store_absences(
		tx, place.arena, today + 3, today + 9, &list, &count));
	assert_int_equal(count, 1);
	assert_memory_equal(&list[0].id, &a.id, sizeof(a.id));
	assert_memory_equal(&list[0].substitute, &bruno, sizeof(bruno));
	assert_string_equal(list[0].reason, "vacation");
	assert_int_equal(list[0].first_day, today - 1);
	assert_int_equal(list[0].last_day, today + 3);
	assert_int_equal(list[0].back_day, today + 4);
	assert_true(list[0].starts_at == a.starts_at);
	assert_true(list[0].ends_at == a.ends_at);
	assert_true(list[0].called_off_at == 0);
	assert_string_equal(list[0].urgent_email, "bruno@example.org");
	assert_string_equal(list[0].substitute_as, "Bruno Prova");
	assert_string_equal(list[0].login, "ana");
	assert_int_equal(list[0].told, 0);
	ok(store_absences(
		tx, place.arena, today + 4, today + 9, &list, &count));
	assert_int_equal(count, 0);
	one.id = ouv_id_new();
	assert_int_equal(
		store_absence(tx, place.arena, &one.id, &one), OUV_NOT_FOUND);
	ok(store_commit(&tx));
}

static void
the_stamp_changes_with_every_absence_and_every_end(void **state)
{
	struct store_absence a = an_absence(&ana, &bruno, 0, 3);
	struct store_absence_stamp stamps[3];
	struct store_tx *tx;

	(void)state;
	for (int i = 0; i < 3; i++) {
		if (i == 1)
			put(&a);
		tx = begin(i == 1 ? place.gateway : place.server);
		if (i == 2)
			ok(store_absence_end(tx, &a.id, &bruno));
		ok(store_absence_stamp(tx, &stamps[i]));
		ok(store_commit(&tx));
	}
	assert_true(stamps[1].count == stamps[0].count + 1);
	assert_true(stamps[2].called_off == stamps[1].called_off + 1);
}

static void
of_persons_only_what_is_not_over_is_live_of_the_office_all(void **state)
{
	struct store_absence rows[] = { an_absence(&ana, &bruno, -9, -3),
		an_absence(&ana, &bruno, 5, 6), an_absence(NULL, NULL, -9, -3),
		an_absence(&bruno, &ana, 5, 6) };
	struct store_absence *list;
	struct store_tx *tx;
	size_t count;

	(void)state;
	for (size_t i = 0; i < 4; i++)
		put(&rows[i]);
	tx = begin(place.server);
	ok(store_absence_end(tx, &rows[3].id, &ana));
	ok(store_commit(&tx));
	tx = begin(place.gateway);
	ok(store_absences_live(tx, place.arena, now, &list, &count));
	ok(store_commit(&tx));
	assert_int_equal(count, 2);
	assert_memory_equal(&list[0].id, &rows[2].id, sizeof(rows[2].id));
	assert_true(ouv_id_is_zero(&list[0].person));
	assert_memory_equal(&list[1].id, &rows[1].id, sizeof(rows[1].id));
}

static void
an_absence_ends_once_and_not_when_it_is_over(void **state)
{
	struct store_absence a = an_absence(&ana, &bruno, 2, 3);
	struct store_absence past = an_absence(&bruno, &ana, -3, -2);
	struct store_tx *tx;

	(void)state;
	put(&a);
	put(&past);
	tx = begin(place.server);
	ok(store_absence_end(tx, &a.id, &bruno));
	ok(store_commit(&tx));
	assert_string_equal(sql("SELECT p.login FROM absence a JOIN person p"
				" ON p.id = a.called_by"),
		"bruno");
	tx = begin(place.server);
	ok(store_absence_end(tx, &a.id, &bruno));
	assert_int_equal(store_commit(&tx), OUV_CONFLICT);
	tx = begin(place.server);
	ok(store_absence_end(tx, &past.id, &bruno));
	assert_int_equal(store_commit(&tx), OUV_CONFLICT);
}

static void
the_schema_wants_a_contact_and_a_substitute(void **state)
{
	struct store_absence a = an_absence(&ana, &bruno, 0, 1);
	struct store_absence broken[5];

	(void)state;
	for (size_t i = 0; i < 5; i++)
		broken[i] = a;
	broken[0].urgent_name = "";
	broken[1].urgent_email = "";
	broken[2].substitute = (struct ouv_id){ 0 };
	broken[3].substitute = ana;
	broken[4].last_day = a.first_day - 1;
	for (size_t i = 0; i < 5; i++) {
		struct store_tx *tx = begin(place.server);

		ok(store_absence_add(tx, &broken[i]));
		assert_int_equal(store_commit(&tx), OUV_INVALID);
	}
}

/* ---- whose work it is ---------------------------------------------------- */

static void
the_substitute_finds_the_cases_and_only_while_it_lasts(void **state)
{
	struct store_absence away = an_absence(&ana, &bruno, 0, 3);
	struct store_absence later = an_absence(&bruno, &carla, 5, 6);

	(void)state;
	(void)put_case(OUV_STATE_TRIAGE, "hers", &ana);
	(void)put_case(OUV_STATE_TRIAGE, "his", &bruno);
	assert_string_equal(queue(&bruno, "mine"), "his");
	put(&away);
	put(&later); /* not yet */
	assert_string_equal(queue(&bruno, "mine"), "his hers");
	assert_int_equal(counted(&bruno, 1), 2);
	/* They stay hers. */
	assert_string_equal(queue(&ana, "mine"), "hers");
	assert_string_equal(queue(&carla, "mine"), "");
	assert_string_equal(queue(&carla, "new"), "");
	(void)sql("UPDATE absence SET called_off = now() WHERE id = '%s'",
		hex(&away.id));
	assert_string_equal(queue(&bruno, "mine"), "his");
	assert_int_equal(counted(&bruno, 1), 1);
}

static void
a_substitute_who_is_away_has_a_substitute(void **state)
{
	struct store_absence first = an_absence(&ana, &bruno, 0, 3);
	struct store_absence second = an_absence(&bruno, &carla, 0, 1);

	(void)state;
	(void)put_case(OUV_STATE_TRIAGE, "hers", &ana);
	put(&first);
	put(&second);
	assert_string_equal(queue(&bruno, "mine"), "");
	assert_string_equal(queue(&carla, "mine"), "hers");
}

static void
two_who_stand_in_for_each_other_leave_the_cases_to_everybody(void **state)
{
	struct store_absence first = an_absence(&ana, &bruno, 0, 3);
	struct store_absence second = an_absence(&bruno, &ana, 0, 1);

	(void)state;
	(void)put_case(OUV_STATE_TRIAGE, "hers", &ana);
	(void)put_case(OUV_STATE_RECEIVED, "fresh", NULL);
	put(&first);
	put(&second);
	assert_string_equal(queue(&carla, "mine"), "");
	assert_string_equal(queue(&bruno, "mine"), "");
	assert_string_equal(queue(&carla, "new"), "fresh hers");
	assert_int_equal(counted(&carla, 2), 2);
}

static void
a_substitute_with_a_conflict_gets_not_that_case(void **state)
{
	struct store_absence away = an_absence(&ana, &bruno, 0, 3), row;
	struct ouv_id hers = put_case(OUV_STATE_TRIAGE, "hers", &ana);
	struct ouv_id other = put_case(OUV_STATE_TRIAGE, "other", &ana);
	struct store_tx *tx;
	const char *name = "?";

	(void)state;
	put(&away);
	tx = begin(place.server);
	ok(store_conflict_add(tx, &hers, &bruno));
	ok(store_commit(&tx));
	assert_string_equal(queue(&bruno, "mine"), "other");
	assert_string_equal(queue(&carla, "new"), "hers");
	tx = begin(place.server);
	ok(store_case_stand_in(tx, place.arena, &hers, &row, &name));
	assert_null(name);
	assert_memory_equal(&row.id, &away.id, sizeof(row.id));
	ok(store_case_stand_in(tx, place.arena, &other, &row, &name));
	assert_string_equal(name, "Ana Prova"); /* as everybody here */
	ok(store_commit(&tx));
}

static void
what_nobody_has_taken_over_is_in_the_list_for_everybody(void **state)
{
	(void)state;
	(void)put_case(OUV_STATE_TRIAGE, "dropped", NULL);
	(void)put_case(OUV_STATE_RECEIVED, "fresh", NULL);
	(void)put_case(OUV_STATE_CLOSED, "closed", NULL);
	(void)put_case(OUV_STATE_TRIAGE, "kept", &ana);
	assert_string_equal(queue(&carla, "new"), "fresh dropped");
}

static void
the_open_cases_of_somebody_are_counted_by_state(void **state)
{
	struct store_absence_cases *cases;
	struct store_tx *tx;
	size_t count;

	(void)state;
	(void)put_case(OUV_STATE_TRIAGE, "one", &ana);
	(void)put_case(OUV_STATE_TRIAGE, "two", &ana);
	(void)put_case(OUV_STATE_CLOSED, "three", &ana);
	tx = begin(place.server);
	ok(store_absence_cases(tx, place.arena, &ana, &cases, &count));
	assert_int_equal(count, 1);
	assert_int_equal(cases[0].state, OUV_STATE_TRIAGE);
	assert_int_equal(cases[0].count, 2);
	ok(store_commit(&tx));
}

static void
the_gateway_learns_whose_a_case_is(void **state)
{
	struct ouv_id cases[3] = { put_case(OUV_STATE_TRIAGE, "a", &ana),
		put_case(OUV_STATE_RECEIVED, "b", NULL), ouv_id_new() };
	struct ouv_id owners[3];
	struct store_tx *tx = begin(place.gateway);

	(void)state;
	ok(store_case_owners(tx, cases, 3, owners));
	ok(store_commit(&tx));
	assert_memory_equal(&owners[0], &ana, sizeof(ana));
	assert_true(ouv_id_is_zero(&owners[1]));
	assert_true(ouv_id_is_zero(&owners[2]));
}

/* ---- who was told -------------------------------------------------------- */

static bool
told(const struct ouv_id *absence, const struct ouv_id *sender, int64_t at)
{
	struct store_note note = { .absence = *absence, .sender = *sender };
	struct store_tx *tx = begin(place.gateway);

	ok(store_notes_claim(tx, &note, 1, at, at - 7 * DAY));
	ok(store_commit(&tx));
	return note.granted;
}

static void
a_sender_is_told_once_and_again_after_a_week(void **state)
{
	struct store_absence a = an_absence(&ana, &bruno, 0, 20);
	struct store_absence b = an_absence(NULL, NULL, 0, 20);
	struct ouv_id sender = ouv_id_new(), other = ouv_id_new();

	(void)state;
	put(&a);
	put(&b);
	assert_true(told(&a.id, &sender, now));
	assert_false(told(&a.id, &sender, now));
	assert_false(told(&a.id, &sender, now + 7 * DAY - 1));
	/* Asking does not put it off. */
	assert_true(told(&a.id, &sender, now + 7 * DAY));
	assert_false(told(&a.id, &sender, now + 7 * DAY + 1));
	/* Another sender, another absence. */
	assert_true(told(&a.id, &other, now));
	assert_true(told(&b.id, &sender, now));
	assert_string_equal(sql("SELECT count(*) FROM absence_note"), "3");
}

static void
of_several_each_is_answered_for_itself(void **state)
{
	struct store_absence a = an_absence(&ana, &bruno, 0, 20);
	struct ouv_id known = ouv_id_new();
	struct store_note notes[3];
	struct store_tx *tx;

	(void)state;
	put(&a);
	assert_true(told(&a.id, &known, now));
	for (size_t i = 0; i < 3; i++)
		notes[i] = (struct store_note){ .absence = a.id,
			.sender = i == 1 ? known : ouv_id_new() };
	tx = begin(place.gateway);
	ok(store_notes_claim(tx, notes, 3, now, now - 7 * DAY));
	ok(store_notes_claim(tx, notes, 0, now, now - 7 * DAY));
	ok(store_commit(&tx));
	assert_true(notes[0].granted);
	assert_false(notes[1].granted);
	assert_true(notes[2].granted);
}

/* Two gateways, one sender: the second waits for the first, as a child whose
 * answer is its exit status. */
static void
two_gateways_tell_a_sender_once(void **state)
{
	struct store_absence a = an_absence(&ana, &bruno, 0, 20);
	struct ouv_id sender = ouv_id_new();
	struct store_note note = { .sender = sender };
	struct store_tx *tx;
	int status = -1;
	pid_t pid;

	(void)state;
	put(&a);
	note.absence = a.id;
	tx = begin(place.gateway);
	ok(store_notes_claim(tx, &note, 1, now, now - 7 * DAY));
	assert_true(note.granted);
	pid = fork();
	if (pid == 0) {
		struct store *second = NULL;
		struct store_tx *other = NULL;

		if (store_open(&place.config, STORE_GATEWAY, &second) !=
				OUV_OK ||
			store_begin(second, &other) != OUV_OK ||
			store_notes_claim(other, &note, 1, now,
				now - 7 * DAY) != OUV_OK ||
			store_commit(&other) != OUV_OK)
			_exit(9);
		_exit(note.granted ? 1 : 0);
	}
	/* It waits at the row of the first. */
	for (int i = 0; i < 500; i++) {
		if (strcmp(sql("SELECT count(*) FROM pg_stat_activity WHERE"
			       " wait_event_type = 'Lock'"),
			    "1") == 0)
			break;
		(void)usleep(10000);
	}
	ok(store_commit(&tx));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_teardown(f, empty)
	const struct CMUnitTest tests[] = {
		TEST(what_is_put_in_comes_out),
		TEST(the_stamp_changes_with_every_absence_and_every_end),
		TEST(of_persons_only_what_is_not_over_is_live_of_the_office_all),
		TEST(an_absence_ends_once_and_not_when_it_is_over),
		TEST(the_schema_wants_a_contact_and_a_substitute),
		TEST(the_substitute_finds_the_cases_and_only_while_it_lasts),
		TEST(a_substitute_who_is_away_has_a_substitute),
		TEST(two_who_stand_in_for_each_other_leave_the_cases_to_everybody),
		TEST(a_substitute_with_a_conflict_gets_not_that_case),
		TEST(what_nobody_has_taken_over_is_in_the_list_for_everybody),
		TEST(the_open_cases_of_somebody_are_counted_by_state),
		TEST(the_gateway_learns_whose_a_case_is),
		TEST(a_sender_is_told_once_and_again_after_a_week),
		TEST(of_several_each_is_answered_for_itself),
		TEST(two_gateways_tell_a_sender_once),
	};

	return cmocka_run_group_tests_name(
		"store_absence", tests, begin_all, place_stop);
}
