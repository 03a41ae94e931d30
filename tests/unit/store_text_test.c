/*
 * store_text_test.c - versions of texts come back as written and are decided
 * once, against a real PostgreSQL
 */
#include "store_place.h"

static struct ouv_id author, second;

static struct store_text
a_version(const char *name, int n)
{
	return (struct store_text){ .name = name,
		.n = n,
		.from_n = -1,
		.content = "{\"en\":\"Words\"}",
		.reason = "Clearer",
		.author = author,
		.at = 1700000000,
		.sig = { 1, 2, 3 } };
}

static enum ouv_err
add(const struct store_text *v)
{
	struct store_tx *tx = begin(place.server);

	ok(store_text_add(tx, v));
	return store_commit(&tx);
}

static enum ouv_err
decide(const char *name, int n, bool publish)
{
	struct store_text v = a_version(name, n);
	struct store_tx *tx = begin(place.server);

	v.second = second;
	v.second_at = 1700000100;
	v.second_sig[0] = 9;
	v.second_why = "Good";
	v.published = publish;
	ok(store_text_decide(tx, &v));
	return store_commit(&tx);
}

static size_t
published(const char *name, int before_n, struct store_text **list)
{
	struct store_tx *tx = begin(place.gateway);
	size_t count;

	ok(store_text_published(tx, place.arena, name, before_n, list, &count));
	ok(store_commit(&tx));
	return count;
}

static struct store_text_stamp
stamp(void)
{
	struct store_tx *tx = begin(place.gateway);
	struct store_text_stamp out;

	ok(store_text_stamp(tx, &out));
	ok(store_commit(&tx));
	return out;
}

static int
start(void **state)
{
	if (place_start(state) != 0)
		return -1;
	author = add_person("author", OUV_ROLE_MEDIATOR, true);
	second = add_person("second", OUV_ROLE_READER, false);
	return 0;
}

static int
clear(void **state)
{
	(void)state;
	(void)sql("DELETE FROM text_version");
	return 0;
}

/* ---- claims ----------------------------------------------------------------
 */

static void
a_version_comes_back_as_it_was_written(void **state)
{
	struct store_text v = a_version("mail/ack", 1), *list;
	struct store_tx *tx;
	size_t count;

	(void)state;
	v.from_n = 0;
	v.overrule = "It is meant so";
	ok(add(&v));
	tx = begin(place.server);
	ok(store_text_versions(tx, place.arena, "mail/ack", &list, &count));
	ok(store_commit(&tx));
	assert_int_equal(count, 1);
	assert_string_equal(list[0].name, "mail/ack");
	assert_int_equal(list[0].n, 1);
	assert_int_equal(list[0].from_n, 0);
	assert_string_equal(list[0].content, v.content);
	assert_string_equal(list[0].reason, "Clearer");
	assert_string_equal(list[0].overrule, "It is meant so");
	assert_true(ouv_id_equal(&list[0].author, &author));
	assert_int_equal(list[0].at, 1700000000);
	assert_memory_equal(list[0].sig, v.sig, sizeof(v.sig));
	assert_true(ouv_id_is_zero(&list[0].second));
	assert_false(list[0].has_second_sig);
	assert_false(list[0].published || list[0].refused);
	assert_string_equal(list[0].author_name, "Ana Prova");
	assert_null(list[0].second_name);
}

static void
the_newest_published_of_each_text_is_found(void **state)
{
	static const struct {
		const char *name;
		int n;
		bool published;
	} rows[] = { { "mail/ack", 1, true }, { "mail/ack", 2, true },
		{ "mail/ack", 3, false }, { "piece/a", 1, true },
		{ "piece/b", 1, false } };
	struct store_text *list;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct store_text v = a_version(rows[i].name, rows[i].n);

		v.published = rows[i].published;
		ok(add(&v));
	}
	assert_int_equal(published(NULL, 0, &list), 2);
	assert_string_equal(list[0].name, "mail/ack");
	assert_int_equal(list[0].n, 2);
	assert_string_equal(list[1].name, "piece/a");
	assert_int_equal(published("mail/ack", 2, &list), 1);
	assert_int_equal(list[0].n, 1);
	assert_int_equal(published("mail/ack", 1, &list), 0);
}

static void
the_stamp_changes_when_something_is_published_and_only_then(void **state)
{
	struct store_text v = a_version("mail/ack", 1);
	struct store_text_stamp none = stamp(), waiting, live;

	(void)state;
	ok(add(&v));
	waiting = stamp();
	assert_int_equal(none.count, waiting.count);
	assert_int_equal(none.last_us, waiting.last_us);
	ok(decide("mail/ack", 1, true));
	live = stamp();
	assert_int_equal(live.count, waiting.count + 1);
	assert_true(live.last_us > waiting.last_us);
}

static void
a_number_is_given_once(void **state)
{
	struct store_text v = a_version("mail/ack", 1);
	struct store_tx *tx = begin(place.server);
	int last = -1;

	(void)state;
	ok(store_text_last(tx, "mail/ack", &last));
	ok(store_commit(&tx));
	assert_int_equal(last, 0);
	ok(add(&v));
	assert_int_equal(add(&v), OUV_CONFLICT);
	tx = begin(place.server);
	ok(store_text_last(tx, "mail/ack", &last));
	ok(store_commit(&tx));
	assert_int_equal(last, 1);
}

static void
a_version_is_decided_once(void **state)
{
	struct store_text v = a_version("mail/ack", 1), *list;

	(void)state;
	ok(add(&v));
	ok(decide("mail/ack", 1, true));
	assert_int_equal(decide("mail/ack", 1, false), OUV_CONFLICT);
	assert_int_equal(decide("mail/ack", 1, true), OUV_CONFLICT);
	assert_int_equal(published("mail/ack", 99, &list), 1);
	assert_true(list[0].published && !list[0].refused);
	assert_true(ouv_id_equal(&list[0].second, &second));
	assert_true(list[0].has_second_sig);
	assert_int_equal(list[0].second_at, 1700000100);
	assert_string_equal(list[0].second_why, "Good");
	v.n = 2;
	ok(add(&v));
	ok(decide("mail/ack", 2, false));
	assert_int_equal(decide("mail/ack", 2, true), OUV_CONFLICT);
	assert_int_equal(published("mail/ack", 99, &list), 1);
	assert_int_equal(list[0].n, 1);
}

static void
one_that_was_overtaken_is_not_published(void **state)
{
	struct store_text v = a_version("mail/ack", 1);

	(void)state;
	ok(add(&v));
	v.n = 2;
	v.published = true;
	ok(add(&v));
	assert_int_equal(decide("mail/ack", 1, true), OUV_CONFLICT);
}

static void
nobody_is_the_second_person_of_their_own_version(void **state)
{
	const struct ouv_id other = second;
	struct store_text v = a_version("mail/ack", 1);

	(void)state;
	ok(add(&v));
	second = author;
	assert_int_equal(decide("mail/ack", 1, true), OUV_INVALID);
	second = other;
}

static void
what_is_too_large_or_has_no_reason_is_refused(void **state)
{
	struct store_text v = a_version("mail/ack", 1);
	char *big = ouv_arena_alloc(place.arena, 262146);

	(void)state;
	memset(big, 'a', 262145);
	v.content = big;
	assert_int_equal(add(&v), OUV_INVALID);
	big[262144] = '\0';
	ok(add(&v));
	v.n = 2;
	v.reason = "";
	assert_int_equal(add(&v), OUV_INVALID);
}

static void
whoever_signed_is_found_also_after_leaving(void **state)
{
	struct store_text v = a_version("mail/ack", 1);
	struct store_person *people;
	struct store_tx *tx;
	size_t count;
	bool seen[2] = { false };

	(void)state;
	(void)add_person("bystander", OUV_ROLE_INTAKE, true);
	ok(add(&v));
	ok(decide("mail/ack", 1, true));
	(void)sql("UPDATE person SET active = false, desk = false");
	tx = begin(place.gateway);
	ok(store_text_signers(tx, place.arena, &people, &count));
	ok(store_commit(&tx));
	(void)sql("UPDATE person SET active = true");
	assert_int_equal(count, 2);
	for (size_t i = 0; i < count; i++) {
		seen[0] |= ouv_id_equal(&people[i].id, &author);
		seen[1] |= ouv_id_equal(&people[i].id, &second);
	}
	assert_true(seen[0] && seen[1]);
}

static void
the_history_has_every_version_without_its_words(void **state)
{
	struct store_text v = a_version("mail/ack", 1);
	struct store_text_step *steps;
	struct store_tx *tx;
	size_t count;

	(void)state;
	ok(add(&v));
	ok(decide("mail/ack", 1, true));
	v.n = 2;
	ok(add(&v));
	tx = begin(place.server);
	ok(store_text_history(tx, place.arena, &steps, &count));
	ok(store_commit(&tx));
	assert_int_equal(count, 2);
	assert_int_equal(steps[0].n, 2);
	assert_true(steps[0].waiting);
	assert_int_equal(steps[1].n, 1);
	assert_false(steps[1].waiting);
	assert_int_equal(steps[1].at, 1700000000);
	assert_string_equal(steps[1].author_name, "Ana Prova");
}

#define TEST(name) cmocka_unit_test_setup(name, clear)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_version_comes_back_as_it_was_written),
		TEST(the_newest_published_of_each_text_is_found),
		TEST(the_stamp_changes_when_something_is_published_and_only_then),
		TEST(a_number_is_given_once),
		TEST(a_version_is_decided_once),
		TEST(one_that_was_overtaken_is_not_published),
		TEST(nobody_is_the_second_person_of_their_own_version),
		TEST(what_is_too_large_or_has_no_reason_is_refused),
		TEST(whoever_signed_is_found_also_after_leaving),
		TEST(the_history_has_every_version_without_its_words),
	};

	return cmocka_run_group_tests(tests, start, place_stop);
}
