/*
 * store_promise_test.c - options, choices and promises, against a real
 * PostgreSQL and as both programs
 */
#include "ouv/store_mediation.h"
#include "store_place.h"

#define DAY INT64_C(86400)
#define NOW INT64_C(1700000000)

static struct ouv_id who;

static struct store_case
make_case(const char *protocol)
{
	struct store_case c = a_case(OUV_STATE_PLAN);
	struct store_grant grant = {
		.case_id = c.id, .person = who, .version = 1, .pk = { 1 }
	};
	struct store_tx *tx = begin(place.gateway);

	c.protocol = protocol;
	ok(store_case_add(tx, &c));
	ok(store_grants_add(tx, &grant, 1));
	ok(store_commit(&tx));
	return c;
}

static struct store_promise
a_promise(const char *source, int64_t due_at)
{
	return (struct store_promise){ .id = ouv_id_new(),
		.item = ouv_id_new(),
		.promiser = "company",
		.source = source,
		.made_at = NOW,
		.due_at = due_at };
}

static struct store_promise *
promises(struct store *store, const struct ouv_id *id, size_t *count_out)
{
	struct store_tx *tx = begin(store);
	struct store_promise *list;

	ok(store_promises(tx, place.arena, id, &list, count_out));
	ok(store_commit(&tx));
	return list;
}

static void
add(struct store *store, const struct ouv_id *id, struct store_promise *p)
{
	struct store_tx *tx = begin(store);

	ok(store_promise_new(tx, id, p));
	ok(store_commit(&tx));
}

static void
promises_are_numbered_within_their_case(void **state)
{
	struct store_case one = make_case("2033-000001-1");
	struct store_case two = make_case("2033-000002-2");
	struct store_promise p[3] = { a_promise("agreement", NOW + DAY),
		a_promise("decision", NOW + 2 * DAY),
		a_promise("agreement", NOW + DAY) };
	struct store_promise *list;
	size_t count;

	(void)state;
	add(place.server, &one.id, &p[0]);
	add(place.gateway, &one.id, &p[1]);
	add(place.server, &two.id, &p[2]);
	assert_int_equal(p[0].n, 1);
	assert_int_equal(p[1].n, 2);
	assert_int_equal(p[2].n, 1);
	list = promises(place.gateway, &one.id, &count);
	assert_int_equal(count, 2);
	assert_true(ouv_id_equal(&list[0].item, &p[0].item));
	assert_string_equal(list[1].source, "decision");
	assert_string_equal(list[1].state, "open");
	assert_int_equal(list[1].due_at, NOW + 2 * DAY);
	assert_null(list[0].says_company);
	assert_int_equal(list[0].asked_at, 0);
}

static void
each_side_says_its_own_and_the_first_question_counts(void **state)
{
	struct store_case c = make_case("2033-000003-3");
	struct store_promise p = a_promise("agreement", NOW + DAY);
	struct store_promise *list;
	struct store_tx *tx;
	size_t count;

	(void)state;
	add(place.server, &c.id, &p);
	tx = begin(place.gateway);
	ok(store_promise_asked(tx, &c.id, 0, NOW + 1));
	ok(store_promise_asked(tx, &c.id, p.n, NOW + 2));
	ok(store_promise_says(tx, &c.id, p.n, "company", "done"));
	ok(store_promise_says(tx, &c.id, p.n, "consumer", "not-done"));
	ok(store_commit(&tx));
	list = promises(place.server, &c.id, &count);
	assert_int_equal(list[0].asked_at, NOW + 1);
	assert_string_equal(list[0].says_company, "done");
	assert_string_equal(list[0].says_consumer, "not-done");
}

static void
what_has_ended_does_not_end_again(void **state)
{
	struct store_case c = make_case("2033-000004-4");
	struct store_promise p = a_promise("agreement", NOW + DAY);
	struct store_promise *list;
	struct store_tx *tx;
	size_t count;

	(void)state;
	add(place.server, &c.id, &p);
	tx = begin(place.gateway);
	ok(store_promise_end(tx, &c.id, p.n, "late", NOW + 3));
	ok(store_commit(&tx));
	tx = begin(place.server);
	ok(store_promise_end(tx, &c.id, p.n, "kept", NOW + 4));
	assert_int_equal(store_commit(&tx), OUV_CONFLICT);
	tx = begin(place.server);
	ok(store_promises_void(tx, &c.id, NOW + 5));
	ok(store_commit(&tx));
	list = promises(place.server, &c.id, &count);
	assert_string_equal(list[0].state, "late");
	assert_int_equal(list[0].ended_at, NOW + 3);
}

/* What a letter promised is looked after as a task: the end of the plan does
 * not touch it, the end of its task does. */
static void
a_letters_promise_ends_with_its_task_alone(void **state)
{
	struct store_case c = make_case("2033-000005-5");
	struct store_promise ours = a_promise("letter", NOW + DAY);
	struct store_promise theirs = a_promise("agreement", NOW + DAY);
	struct ouv_id task = ouv_id_new();
	struct store_promise *list;
	struct store_tx *tx;
	size_t count;

	(void)state;
	add(place.server, &c.id, &ours);
	add(place.server, &c.id, &theirs);
	(void)sql("INSERT INTO task (id, case_id, kind, item, opened, due, "
		  "words)"
		  " VALUES ('%s', '%s', 'promise', '%s', now(), now(), '%s')",
		hex(&task), hex(&c.id), hex(&c.id), hex(&ours.item));
	tx = begin(place.server);
	ok(store_promises_void(tx, &c.id, NOW + 5));
	ok(store_commit(&tx));
	list = promises(place.server, &c.id, &count);
	assert_string_equal(list[0].state, "open");
	assert_string_equal(list[1].state, "void");
	tx = begin(place.server);
	ok(store_promise_end_task(tx, &task, "kept", NOW + 6));
	ok(store_commit(&tx));
	list = promises(place.server, &c.id, &count);
	assert_string_equal(list[0].state, "kept");
}

/* ---- options ------------------------------------------------------------- */

static void
offer(const struct ouv_id *id, int round, int count)
{
	struct store_tx *tx = begin(place.server);

	for (int n = 1; n <= count; n++) {
		struct store_option option = { .round = round,
			.n = n,
			.item = ouv_id_new(),
			.promiser = "company",
			.due_at = NOW + n * DAY };

		ok(store_option_add(tx, id, &option));
	}
	ok(store_commit(&tx));
}

static void
choose(struct store *store, const struct ouv_id *id, int round,
	const char *side, int n)
{
	struct store_choice choice = { .round = round,
		.side = side,
		.n = n,
		.source = "mail",
		.at = NOW };
	struct store_tx *tx = begin(store);

	ok(store_choice_set(tx, id, &choice));
	ok(store_commit(&tx));
}

static void
only_the_last_round_of_options_counts(void **state)
{
	struct store_case c = make_case("2033-000006-6");
	struct store_option *list;
	struct store_tx *tx;
	size_t count;
	int round, consumer, company;

	(void)state;
	offer(&c.id, 1, 3);
	choose(place.gateway, &c.id, 1, "consumer", 3);
	choose(place.gateway, &c.id, 1, "company", 0);
	offer(&c.id, 2, 2);
	tx = begin(place.gateway);
	ok(store_choices(tx, &c.id, &consumer, &company));
	assert_int_equal(consumer, -1);
	assert_int_equal(company, -1);
	ok(store_options(tx, place.arena, &c.id, &list, &count));
	ok(store_commit(&tx));
	assert_int_equal(count, 2);
	assert_int_equal(list[1].round, 2);
	assert_false(list[1].consumer || list[1].company);
	tx = begin(place.server);
	ok(store_option_round(tx, &c.id, &round));
	ok(store_commit(&tx));
	assert_int_equal(round, 2);
}

static void
a_choice_may_be_changed_and_is_each_sides_own(void **state)
{
	struct store_case c = make_case("2033-000007-7");
	struct store_option *list;
	struct store_tx *tx;
	size_t count;
	int consumer, company;

	(void)state;
	offer(&c.id, 1, 2);
	choose(place.gateway, &c.id, 1, "consumer", 1);
	choose(place.server, &c.id, 1, "consumer", 2);
	choose(place.server, &c.id, 1, "company", 1);
	tx = begin(place.server);
	ok(store_choices(tx, &c.id, &consumer, &company));
	ok(store_options(tx, place.arena, &c.id, &list, &count));
	ok(store_commit(&tx));
	assert_int_equal(consumer, 2);
	assert_int_equal(company, 1);
	assert_true(list[0].company && !list[0].consumer);
	assert_true(list[1].consumer && !list[1].company);
}

/* Options are the mediator's: the gateway can neither make nor change one. */
static void
the_gateway_makes_no_options(void **state)
{
	(void)state;
	assert_false(may("ouv_gw",
		"INSERT INTO settlement VALUES (gen_random_uuid(), 1, 1,"
		" gen_random_uuid(), 'company', now())"));
	assert_false(may("ouv_gw", "UPDATE settlement SET n = 2"));
	assert_false(may("ouv_srv", "DELETE FROM promise"));
	assert_false(may("ouv_gw", "DELETE FROM settlement_choice"));
}

static int
prepare(void **state)
{
	if (place_start(state) != 0)
		return -1;
	who = add_person("ana", OUV_ROLE_MEDIATOR, true);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(promises_are_numbered_within_their_case),
		cmocka_unit_test(
			each_side_says_its_own_and_the_first_question_counts),
		cmocka_unit_test(what_has_ended_does_not_end_again),
		cmocka_unit_test(a_letters_promise_ends_with_its_task_alone),
		cmocka_unit_test(only_the_last_round_of_options_counts),
		cmocka_unit_test(a_choice_may_be_changed_and_is_each_sides_own),
		cmocka_unit_test(the_gateway_makes_no_options),
	};

	return cmocka_run_group_tests(tests, prepare, place_stop);
}
