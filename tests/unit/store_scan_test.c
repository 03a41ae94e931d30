/*
 * store_scan_test.c - rows of pages read from pictures: once, where their item
 * is, gone with it, against a real PostgreSQL and as the console
 */
#include "ouv/store_scan.h"
#include "store_place.h"

static struct ouv_id who;

struct filed {
	struct store_case c;
	struct store_item item;
};

static struct filed
file_one(const char *protocol)
{
	struct filed f = { .c = a_case(OUV_STATE_TRIAGE) };
	struct store_grant grant = {
		.case_id = f.c.id, .person = who, .version = 1, .pk = { 1 }
	};
	struct store_tx *tx = begin(place.gateway);

	f.c.protocol = protocol;
	f.item = an_item(&f.c.id);
	ok(store_case_add(tx, &f.c));
	ok(store_grants_add(tx, &grant, 1));
	ok(store_item_add(tx, &f.item));
	ok(store_commit(&tx));
	return f;
}

static void
add(const struct filed *f, int part, int page, const char *ct)
{
	struct store_tx *tx = begin(place.server);

	ok(store_scan_add(tx, &f->c.id, &f->item.id, part, page,
		(struct ouv_str){ ct, strlen(ct) }));
	ok(store_commit(&tx));
}

static const char *
rows(const struct ouv_id *item)
{
	return sql("SELECT coalesce(string_agg(part || '.' || page || '=' ||"
		   " convert_from(ct, 'UTF8'), ' ' ORDER BY part, page), '-')"
		   " FROM item_page WHERE item = '%s'",
		hex(item));
}

static void
a_page_is_written_once(void **state)
{
	struct filed f = file_one("2034-000001-1");
	struct store_scan_rows there;
	struct store_scan_state *states;
	struct store_tx *tx;
	struct ouv_str ct;
	size_t count;

	(void)state;
	add(&f, 0, 0, "head");
	add(&f, 0, 2, "two");
	add(&f, 0, 2, "again");
	add(&f, 1, 1, "other");
	assert_string_equal(rows(&f.item.id), "0.0=head 0.2=two 1.1=other");
	tx = begin(place.server);
	ok(store_scan_rows(tx, place.arena, &f.item.id, 0, &there));
	assert_int_equal(there.head.len, 4);
	assert_int_equal(there.count, 1);
	assert_int_equal(there.pages[0], 2);
	ok(store_scan_page(tx, place.arena, &f.c.id, &f.item.id, 0, 2, &ct));
	assert_memory_equal(ct.p, "two", 3);
	assert_int_equal(store_scan_page(tx, place.arena, &f.c.id, &f.item.id,
				 0, 3, &ct),
		OUV_NOT_FOUND);
	ok(store_scan_states(tx, place.arena, &f.c.id, &states, &count));
	assert_int_equal(count, 2);
	assert_int_equal(states[0].done, 1);
	assert_int_equal(states[0].head.len, 4);
	assert_int_equal(states[1].done, 1);
	assert_int_equal(states[1].head.len, 0);
	ok(store_commit(&tx));
}

static void
nothing_is_written_of_a_case_the_item_is_not_of(void **state)
{
	struct filed f = file_one("2034-000002-2");
	struct filed other = file_one("2034-000003-3");
	struct ouv_id item = f.item.id;
	struct store_tx *tx;
	struct ouv_str ct;

	(void)state;
	other.item.id = item;
	add(&other, 0, 1, "wrong");
	assert_string_equal(rows(&item), "-");
	add(&f, 0, 1, "right");
	tx = begin(place.server);
	assert_int_equal(
		store_scan_page(tx, place.arena, &other.c.id, &item, 0, 1, &ct),
		OUV_NOT_FOUND);
	ok(store_commit(&tx));
}

static void
erased_with_its_case_and_nothing_comes_after_it(void **state)
{
	struct filed f = file_one("2034-000004-4");

	(void)state;
	add(&f, 0, 1, "words");
	(void)sql("SELECT file_wipe('%s')", hex(&f.c.id));
	assert_string_equal(rows(&f.item.id), "-");
	add(&f, 0, 2, "late");
	assert_string_equal(rows(&f.item.id), "-");
}

static void
gone_with_its_item(void **state)
{
	struct filed f = file_one("2034-000005-5");

	(void)state;
	add(&f, 0, 1, "words");
	(void)sql("DELETE FROM item WHERE id = '%s'", hex(&f.item.id));
	assert_string_equal(rows(&f.item.id), "-");
}

static size_t
due(const struct ouv_id *case_id, struct store_scan_due **list)
{
	struct store_tx *tx = begin(place.server);
	size_t count;

	ok(store_scan_due(tx, place.arena, case_id, 10, list, &count));
	ok(store_commit(&tx));
	return count;
}

static enum ouv_err
taken(const struct ouv_id *case_id, int version,
	const struct store_scan_due *list, size_t count)
{
	struct store_tx *tx = begin(place.server);
	enum ouv_err err = store_scan_taken(tx, case_id, version, list, count);

	if (err == OUV_OK)
		err = store_commit(&tx);
	store_rollback(&tx);
	return err;
}

static void
words_are_taken_in_once_under_each_key_and_in_each_case(void **state)
{
	struct filed f = file_one("2034-000006-6");
	struct filed other = file_one("2034-000007-7");
	struct store_scan_due *list, *none;

	(void)state;
	add(&f, 0, 0, "head");
	add(&f, 0, 1, "one");
	add(&f, 0, 2, "two");
	assert_int_equal(due(&f.c.id, &list), 2);
	assert_int_equal(list[1].page, 2);
	assert_int_equal(list[1].key_version, 1);
	/* Too late for another key, and in another case. */
	assert_int_equal(taken(&f.c.id, 2, list, 2), OUV_CONFLICT);
	assert_int_equal(taken(&other.c.id, 1, list, 2), OUV_CONFLICT);
	ok(taken(&f.c.id, 1, list, 2));
	assert_int_equal(due(&f.c.id, &none), 0);
	assert_int_equal(taken(&f.c.id, 1, list, 2), OUV_CONFLICT);
	(void)sql("UPDATE case_file SET key_version = 2 WHERE id = '%s'",
		hex(&f.c.id));
	assert_int_equal(due(&f.c.id, &list), 2);
	ok(taken(&f.c.id, 2, list, 2));
	(void)sql("UPDATE item SET case_id = '%s', seq = 9 WHERE id = '%s'",
		hex(&other.c.id), hex(&f.item.id));
	assert_int_equal(due(&f.c.id, &none), 0);
	assert_int_equal(due(&other.c.id, &list), 2);
}

static int
start(void **state)
{
	int err = place_start(state);

	if (err == 0)
		who = add_person("reader", OUV_ROLE_READER, true);
	return err;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_page_is_written_once),
		cmocka_unit_test(
			nothing_is_written_of_a_case_the_item_is_not_of),
		cmocka_unit_test(
			erased_with_its_case_and_nothing_comes_after_it),
		cmocka_unit_test(gone_with_its_item),
		cmocka_unit_test(
			words_are_taken_in_once_under_each_key_and_in_each_case),
	};

	return cmocka_run_group_tests(tests, start, place_stop);
}
