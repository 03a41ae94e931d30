/*
 * page_key.c - keys of parties' pages: made, certified, checked
 *
 * The database is not believed: whoever writes there could put a public key of
 * their own in the place of a party's, and read what is sealed to it.  So each
 * is signed with whose it is, for which case and until when, by the gateway or
 * by a colleague, and one that is not is told and used for nothing.
 */
#include <string.h>

#include "page_seal.h"
#include "ouv/log.h"

#define DAY_SECS INT64_C(86400)

/* clang-format off */
static const struct {
	const char *name;
	int days; /* as is usual */
} kinds[OUV_PAGE_KIND__COUNT] = {
	[OUV_PAGE_CONSUMER] = { "consumer", 730 },
	[OUV_PAGE_CONTACT]  = { "contact",  365 },
	[OUV_PAGE_TOKEN]    = { "token",    365 },
};
/* clang-format on */

const char *
ouv_page_kind_name(enum ouv_page_kind kind)
{
	return kinds[kind].name;
}

enum ouv_err
page_kind_parse(const char *name, enum ouv_page_kind *kind_out)
{
	for (int k = 0; k < OUV_PAGE_KIND__COUNT; k++)
		if (strcmp(kinds[k].name, name) == 0) {
			*kind_out = (enum ouv_page_kind)k;
			return OUV_OK;
		}
	return OUV_INVALID;
}

/* ---- certificates ----------------------------------------------------------
 */

static void
cert_of(const struct ouv_desk *desk, const struct store_page_key *key,
	enum ouv_page_kind kind, struct ouv_cert *cert)
{
	*cert = (struct ouv_cert){ .kind = OUV_CERT_PAGE,
		.tenant = desk->office->tenant,
		.subject = key->id,
		.extra = key->reader,
		.version = 1 };
	memcpy(cert->a, key->pk, sizeof(cert->a));
	ouv_page_terms((uint8_t)kind, &key->case_id, key->expires_at, cert->b);
}

enum ouv_err
page_key_check(struct ouv_desk *desk, struct store_tx *tx,
	const struct store_page_key *key)
{
	enum ouv_page_kind kind;
	struct ouv_cert cert;
	enum ouv_err err = page_kind_parse(key->kind, &kind);
	char hex[OUV_ID_HEX];

	if (err == OUV_OK) {
		cert_of(desk, key, kind, &cert);
		err = keys_signed(desk, tx, &key->signer, &cert, key->sig);
	}
	if (err == OUV_OK || err == OUV_TEMPORARY)
		return err;
	ouv_id_hex(&key->id, hex);
	ouv_log_error("page_key=%s: it has no certificate we trust: nothing is "
		      "sealed to it",
		hex);
	distrust(desk, "distrust-page",
		ouv_id_is_zero(&key->case_id) ? &key->reader : &key->case_id,
		"");
	return OUV_REFUSED;
}

/* ---- those of a case -------------------------------------------------------
 */

enum ouv_err
page_readers_load(struct ouv_desk *desk, struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *cases, size_t case_count,
	struct page_readers *readers_out)
{
	struct store_page_reader *list;
	size_t count, n = 0;

	TRY(store_page_readers(tx, arena, cases, case_count, &list, &count));
	for (size_t i = 0; i < count; i++) {
		enum ouv_err err = page_key_check(desk, tx, &list[i].key);

		if (err == OUV_TEMPORARY)
			return err;
		if (err == OUV_OK)
			list[n++] = list[i];
	}
	*readers_out = (struct page_readers){ n, list };
	return OUV_OK;
}

enum ouv_err
page_readers_of(struct ouv_desk *desk, struct store_tx *tx,
	struct ouv_arena *arena, struct casefile *file)
{
	if (file->readers != NULL)
		return OUV_OK;
	file->readers = ouv_arena_array(arena, 1, sizeof(*file->readers));
	*file->readers = (struct page_readers){ 0, NULL };
	if (file->fresh) /* nobody has one yet */
		return OUV_OK;
	return page_readers_load(desk, tx, arena, &file->id, 1, file->readers);
}

bool
page_has_key(const struct casefile *file, const struct consumer *to)
{
	const struct page_readers *r = file->readers;

	for (size_t i = 0; r != NULL && i < r->count; i++) {
		const struct ouv_id *reader = &r->list[i].key.reader;

		if (ouv_id_equal(reader, &to->contact) ||
			ouv_id_equal(reader, &to->capsule))
			return true;
	}
	return false;
}

static void
add_reader(struct ouv_arena *arena, struct page_readers *readers,
	const struct store_page_reader *one)
{
	struct store_page_reader *list =
		ouv_arena_array(arena, readers->count + 1, sizeof(*list));

	if (readers->count > 0)
		memcpy(list, readers->list, readers->count * sizeof(*list));
	list[readers->count++] = *one;
	readers->list = list;
}

/* ---- a new one -------------------------------------------------------------
 */

static void
pile_key(struct ouv_arena *arena, struct page_pile *pile,
	const struct store_page_key *key)
{
	if (pile->key_count == pile->key_room) {
		size_t room = 2 * pile->key_room + 16;
		struct store_page_key *keys =
			ouv_arena_array(arena, room, sizeof(*keys));

		if (pile->key_count > 0)
			memcpy(keys, pile->keys,
				pile->key_count * sizeof(*keys));
		pile->keys = keys;
		pile->key_room = room;
	}
	pile->keys[pile->key_count++] = *key;
}

enum ouv_err
page_pile_write(struct store_tx *tx, const struct page_pile *pile)
{
	return store_page_write(
		tx, pile->keys, pile->key_count, pile->boxes, pile->box_count);
}

static void
certify(struct ouv_desk *desk, const struct page_wish *wish,
	struct store_page_key *key)
{
	struct ouv_cert cert;

	cert_of(desk, key, wish->kind, &cert);
	if (wish->actor != NULL)
		key->signer = wish->actor->person;
	ouv_cert_sign(&cert,
		wish->actor != NULL ? wish->actor->identity->sign
				    : ouv_key_bytes(desk->office->sig),
		key->sig);
}

enum ouv_err
page_key_make(struct ouv_desk *desk, struct store_tx *tx,
	struct ouv_arena *arena, struct page_pile *pile,
	const struct page_wish *wish, struct store_page_key *key_out,
	const char **code_out)
{
	const int days = wish->days > 0 ? wish->days : kinds[wish->kind].days;
	struct store_page_key key = { .id = ouv_id_new(),
		.kind = kinds[wish->kind].name,
		.case_id = wish->case_id,
		.reader = wish->reader,
		.label = wish->label != NULL ? wish->label : "",
		.made_at = wish->now,
		.expires_at = wish->now + days * DAY_SECS };
	uint8_t raw[OUV_CODE_RAW], secret[OUV_KEY];

	*code_out = access_code_new(desk, arena, raw);
	ouv_page_secret(&key.id, raw, secret);
	ouv_page_name(raw, key.name);
	ouv_box_public(secret, key.pk);
	ouv_wipe(secret, sizeof(secret));
	ouv_wipe(raw, sizeof(raw));
	certify(desk, wish, &key);
	*key_out = key;
	if (pile != NULL) {
		pile_key(arena, pile, &key);
		return OUV_OK;
	}
	return store_page_write(tx, &key, 1, NULL, 0);
}

/* What is written to the file from now on is sealed to it. */
static void
joined(struct ouv_arena *arena, struct casefile *file,
	const struct consumer *to, const struct store_page_key *key,
	bool by_capsule)
{
	struct store_page_reader reader = {
		.case_id = file->id, .party = to->party, .key = *key
	};

	if (by_capsule)
		reader.capsule = to->capsule;
	add_reader(arena, file->readers, &reader);
}

static void
without(struct page_readers *readers, const struct ouv_id *reader)
{
	size_t n = 0;

	for (size_t i = 0; i < readers->count; i++)
		if (!ouv_id_equal(&readers->list[i].key.reader, reader))
			readers->list[n++] = readers->list[i];
	readers->count = n;
}

enum ouv_err
page_key_consumer(struct ouv_desk *desk, struct store_tx *tx,
	struct ouv_arena *arena, struct casefile *file,
	const struct ouv_actor *actor, bool fresh, int64_t now,
	struct consumer *to)
{
	const struct page_wish wish = { .kind = OUV_PAGE_CONSUMER,
		.reader = to->party,
		.case_id = file->id,
		.now = now,
		.actor = actor };
	struct store_page_key key;

	TRY(page_readers_of(desk, tx, arena, file));
	if (!fresh) {
		TRY(store_page_keys_end(tx, &to->party, "fresh"));
		without(file->readers, &to->party);
	}
	TRY(page_key_make(
		desk, tx, arena, file->pile, &wish, &key, &to->page_code));
	joined(arena, file, to, &key, false);
	return OUV_OK;
}

enum ouv_err
page_key_contact(struct ouv_desk *desk, struct store_tx *tx,
	struct ouv_arena *arena, struct casefile *file,
	const struct ouv_actor *actor, int64_t now, struct consumer *to)
{
	const bool known = !ouv_id_is_zero(&to->contact);
	struct page_wish wish = { .kind = OUV_PAGE_CONTACT,
		.reader = known ? to->contact : to->capsule,
		.now = now,
		.actor = actor };
	struct store_page_key key;

	TRY(page_readers_of(desk, tx, arena, file));
	if (page_has_key(file, to))
		return OUV_OK;
	if (!known)
		wish.case_id = file->id;
	/* One whose time is over. */
	TRY(store_page_keys_end(tx, &wish.reader, "fresh"));
	TRY(page_key_make(
		desk, tx, arena, file->pile, &wish, &key, &to->page_code));
	joined(arena, file, to, &key, true);
	return OUV_OK;
}
