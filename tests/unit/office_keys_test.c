/*
 * office_keys_test.c - the office's own keys after many changes, and what lies
 * under a newer one than this process has, against a real PostgreSQL
 */
#include "../../lib/desk/desk_impl.h"
#include "ouv/store_keys.h"
#include "store_place.h"

#define CHANGES 12

static struct {
	struct ouv_office office;
	struct ouv_desk desk;
	struct ouv_key *root, *escrow, *svc, *gateway[CHANGES];
} t;

/* As `key rotate` does it: certified by ROOT. */
static void
add_key(const char *kind, enum ouv_cert_kind cert_kind, int version,
	const struct ouv_key *secret)
{
	struct store_office_key key = { .kind = kind, .version = version };
	struct ouv_cert cert = { .kind = cert_kind,
		.tenant = t.office.tenant,
		.version = (uint32_t)version };
	struct store_tx *tx = begin(place.owner);

	if (cert_kind == OUV_CERT_GATEWAY)
		ouv_sign_public(ouv_key_bytes(secret), cert.a);
	else
		ouv_box_public(ouv_key_bytes(secret), cert.a);
	memcpy(key.public, cert.a, sizeof(key.public));
	ouv_cert_sign(&cert, ouv_key_bytes(t.root), key.sig);
	ok(store_office_key_add(tx, &key));
	ok(store_commit(&tx));
}

static int
keys(void **state)
{
	if (place_start(state) != 0)
		return -1;
	ouv_vault_init();
	t.office.kind = OUV_DESK_GATEWAY;
	t.office.tenant = ouv_id_new();
	t.root = ouv_key_random();
	t.escrow = ouv_key_random();
	t.svc = ouv_key_random();
	t.office.svc = t.svc;
	ouv_sign_public(ouv_key_bytes(t.root), t.office.root);
	t.desk.office = &t.office;
	add_key("escrow", OUV_CERT_ESCROW, 1, t.escrow);
	add_key("svc", OUV_CERT_SVC, 1, t.svc);
	for (int i = 0; i < CHANGES; i++) {
		t.gateway[i] = ouv_key_random();
		add_key("gateway", OUV_CERT_GATEWAY, i + 1, t.gateway[i]);
	}
	return 0;
}

static int
end(void **state)
{
	keys_free(&t.desk);
	ouv_key_free(&t.root);
	ouv_key_free(&t.escrow);
	ouv_key_free(&t.svc);
	for (int i = 0; i < CHANGES; i++)
		ouv_key_free(&t.gateway[i]);
	return place_stop(state);
}

static enum ouv_err
of_a_case_signed_with(const struct ouv_key *gateway)
{
	struct store_case c = a_case(OUV_STATE_TRIAGE);
	struct ouv_cert cert = { .kind = OUV_CERT_CASE,
		.tenant = t.office.tenant,
		.subject = c.id,
		.version = 1 };
	struct store_tx *tx = begin(place.gateway);
	const struct ouv_id nobody = { { 0 } };
	uint8_t cpk[OUV_KEY], sig[OUV_SIG];
	enum ouv_err err;

	ouv_random(cert.a, sizeof(cert.a));
	ouv_cert_sign(&cert, ouv_key_bytes(gateway), sig);
	ok(store_case_add(tx, &c));
	ok(store_case_key_add(tx, &c.id, 1, cert.a, &nobody, sig));
	err = keys_case(&t.desk, tx, &c.id, 1, NULL, 0, cpk);
	if (err == OUV_OK)
		assert_memory_equal(cpk, cert.a, sizeof(cpk));
	store_rollback(&tx);
	return err;
}

static void
whatever_the_gateway_signed_stays_signed(void **state)
{
	struct ouv_key *other = ouv_key_random();
	struct store_tx *tx = begin(place.gateway);

	(void)state;
	ok(keys_load(&t.desk, tx));
	ok(keys_load(&t.desk, tx)); /* and they are not counted twice */
	ok(store_commit(&tx));
	assert_int_equal(t.desk.gateway_count, CHANGES);
	for (int i = 0; i < CHANGES; i++)
		assert_int_equal(of_a_case_signed_with(t.gateway[i]), OUV_OK);
	assert_int_equal(of_a_case_signed_with(other), OUV_REFUSED);
	ouv_key_free(&other);
}

static enum ouv_err
opened(const struct ouv_key *sealed_to, int version)
{
	struct ouv_id id = ouv_id_new();
	struct ouv_context context;
	struct store_tx *tx = begin(place.gateway);
	struct ouv_key *key = ouv_key_random();
	uint8_t public[OUV_KEY], box[OUV_BOX], out[OUV_KEY];
	enum ouv_err err;

	context_make(&t.desk, OUV_KIND_ITEM_KEY, OUV_COLUMN_SVC, &id, &id,
		version, &context);
	ouv_box_public(ouv_key_bytes(sealed_to), public);
	ouv_seal_key(&context, public, ouv_key_bytes(key), box);
	err = svc_open(&t.desk, tx, &context, box, out);
	if (err == OUV_OK)
		assert_memory_equal(out, ouv_key_bytes(key), sizeof(out));
	ouv_key_free(&key);
	store_rollback(&tx);
	return err;
}

/* It is lost for good only if no part of the gateway could have the key. */
static void
what_lies_under_a_newer_key_waits_for_it(void **state)
{
	struct ouv_key *next = ouv_key_after(t.svc);

	(void)state;
	assert_int_equal(opened(t.svc, 1), OUV_OK);
	assert_int_equal(opened(next, 2), OUV_REFUSED);
	(void)sql("SELECT gateway_holds('svc', 1)");
	(void)sql("SELECT server_holds('svc', 2)");
	(void)sql("SELECT gateway_holds('gw_sig', 2)");
	assert_int_equal(opened(next, 2), OUV_REFUSED);
	(void)sql("SELECT gateway_holds('svc', 2)");
	assert_int_equal(opened(next, 2), OUV_TEMPORARY);
	assert_int_equal(opened(t.svc, 1), OUV_OK);
	t.office.svc = next;
	assert_int_equal(opened(next, 2), OUV_OK);
	assert_int_equal(opened(t.root, 2), OUV_REFUSED);
	t.office.svc = t.svc;
	ouv_key_free(&next);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whatever_the_gateway_signed_stays_signed),
		cmocka_unit_test(what_lies_under_a_newer_key_waits_for_it),
	};

	return cmocka_run_group_tests(tests, keys, end);
}
