/*
 * staff.c - a new colleague: two key pairs, three wrappings, one certificate
 */
#include <string.h>

#include "desk_impl.h"
#include "ouv/log.h"
#include "ouv/setup.h"

#define PASSWORD_LEAST 15
#define PASSWORD_MOST 128

struct joining {
	struct ouv_desk *desk;
	const struct ouv_setup_person *who;
	struct store_tx *tx;
	struct ouv_identity *identity;  /* the new colleague's */
	struct ouv_identity *certifier; /* an administrator's; NULL: self */
	struct ouv_id certifier_id;
	uint8_t root[OUV_KEY];
	bool has_root;
	struct store_person row;
	const char *password;
};

static enum ouv_err
check_words(const struct ouv_setup_person *who)
{
	size_t len = who->password != NULL ? strlen(who->password) : 0;

	if (who->password != NULL &&
		(len < PASSWORD_LEAST || len > PASSWORD_MOST)) {
		ouv_log_error("a password has %d to %d bytes", PASSWORD_LEAST,
			PASSWORD_MOST);
		return OUV_INVALID;
	}
	if (*who->login == '\0' || strlen(who->login) > 63 ||
		strspn(who->login, "abcdefghijklmnopqrstuvwxyz0123456789._-") !=
			strlen(who->login)) {
		ouv_log_error("a login has 1 to 63 of a-z 0-9 . _ -");
		return OUV_INVALID;
	}
	if (*who->name == '\0') {
		ouv_log_error("a colleague needs a name");
		return OUV_INVALID;
	}
	return OUV_OK;
}

/* An administrator opens their signing key with their password. */
static enum ouv_err
find_certifier(struct joining *j, struct ouv_arena *arena)
{
	const struct ouv_office *office = j->desk->office;
	struct store_person admin;
	struct store_person_key key;
	struct ouv_wrap wrap;

	if (j->who->share_a != NULL) {
		j->has_root = true;
		return ouv_share_join(
			"root", j->who->share_a, j->who->share_b, j->root);
	}
	TRY(store_person_by_login(j->tx, arena, j->who->as_login, &admin));
	TRY(store_person_key(j->tx, &admin.id, OUV_COLUMN_PASSWORD, &key));
	wrap_of(&key, &wrap);
	TRY(ouv_identity_unwrap(&wrap, &office->tenant, &admin.id,
		OUV_COLUMN_PASSWORD, office->pepper, j->who->as_password,
		&j->certifier));
	j->certifier_id = admin.id;
	return admin.has_admin_sig ? OUV_OK : OUV_REFUSED;
}

static void
certify(struct joining *j)
{
	struct ouv_cert cert = { .kind = OUV_CERT_PERSON,
		.tenant = j->desk->office->tenant,
		.subject = j->row.id };

	memcpy(cert.a, j->row.pk, sizeof(cert.a));
	memcpy(cert.b, j->row.sig_pk, sizeof(cert.b));
	j->row.cert_admin = j->has_root ? j->row.id : j->certifier_id;
	ouv_cert_sign(&cert,
		j->has_root ? j->identity->sign : j->certifier->sign,
		j->row.cert_sig);
	if (!j->has_root)
		return;
	memset(&cert, 0, sizeof(cert));
	cert.kind = OUV_CERT_ADMIN;
	cert.tenant = j->desk->office->tenant;
	cert.subject = j->row.id;
	memcpy(cert.a, j->row.sig_pk, sizeof(cert.a));
	ouv_cert_sign(&cert, j->root, j->row.admin_sig);
	j->row.has_admin_sig = true;
}

static enum ouv_err
add_wrapping(struct joining *j, enum ouv_column how, const char *secret)
{
	const struct ouv_office *office = j->desk->office;
	struct store_person_key row = { .person = j->row.id, .how = (int)how };
	struct ouv_wrap wrap;

	TRY(ouv_identity_wrap(j->identity, &office->tenant, &j->row.id, how,
		office->pepper, secret, &wrap));
	memcpy(row.salt, wrap.salt, sizeof(row.salt));
	memcpy(row.commit, wrap.commit, sizeof(row.commit));
	memcpy(row.wrapped, wrap.wrapped, sizeof(row.wrapped));
	row.ops = (int)wrap.ops;
	row.mem = (int64_t)wrap.mem;
	row.version = (int)wrap.version;
	return store_person_key_add(j->tx, &row);
}

/* Whoever certifies signs the log as well. */
static enum ouv_err
log_joining(struct joining *j)
{
	struct ouv_office *office = j->desk->office;
	struct ouv_id actor = j->has_root ? j->row.id : j->certifier_id;

	ouv_key_free(&office->sig);
	office->sig = ouv_key_new(
		j->has_root ? j->identity->sign : j->certifier->sign);
	TRY(log_signer(j->desk, j->tx));
	return log_own(j->desk, j->tx, &actor, "staff-add", &j->row.id);
}

static enum ouv_err
add_rows(struct joining *j, struct ouv_arena *arena,
	struct ouv_setup_credentials *out)
{
	uint8_t seed[OUV_TOTP_SEED], box[OUV_TOTP_BOX];
	struct ouv_context context;

	j->identity = ouv_identity_new();
	j->row.id = ouv_id_new();
	j->row.login = j->who->login;
	j->row.name = j->who->name;
	j->row.lang = ouv_lang_tag(j->who->lang);
	j->row.role = j->who->role;
	j->row.desk = j->who->on_desk;
	j->row.active = true;
	ouv_box_public(j->identity->box, j->row.pk);
	ouv_sign_public(j->identity->sign, j->row.sig_pk);
	certify(j);
	ouv_random(seed, sizeof(seed));
	ouv_totp_base32(seed, out->totp_secret);
	context_make(j->desk, OUV_KIND_TOTP, OUV_COLUMN_PERSON, NULL,
		&j->row.id, 1, &context);
	ouv_totp_seal(&context, j->row.pk, seed, box);
	ouv_wipe(seed, sizeof(seed));
	j->row.totp_box.p = ouv_arena_memdup(arena, box, sizeof(box));
	j->row.totp_box.len = sizeof(box);
	TRY(store_person_add(j->tx, &j->row));
	ouv_recovery_new(out->recovery);
	TRY(add_wrapping(j, OUV_COLUMN_RECOVERY, out->recovery));
	TRY(add_wrapping(j, OUV_COLUMN_PASSWORD, j->password));
	return log_joining(j);
}

enum ouv_err
ouv_setup_staff_add(struct ouv_desk *desk,
	const struct ouv_setup_person *person,
	struct ouv_setup_credentials *credentials_out)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_WIPE);
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct joining j = { .desk = desk, .who = person };
	enum ouv_err err;

	memset(credentials_out, 0, sizeof(*credentials_out));
	TRY(check_words(person));
	if (person->role == OUV_ROLE_ADMIN && person->share_a == NULL) {
		ouv_log_error("an administrator is certified by ROOT: give "
			      "two of its shares");
		return OUV_REFUSED;
	}
	j.password = person->password;
	if (j.password == NULL) {
		ouv_password_new(credentials_out->password);
		j.password = credentials_out->password;
	}
	TRY(store_begin(desk->store, &tx));
	j.tx = tx;
	err = find_certifier(&j, arena);
	if (err == OUV_OK)
		err = add_rows(&j, arena, credentials_out);
	ouv_identity_free(&j.identity);
	ouv_identity_free(&j.certifier);
	ouv_wipe(j.root, sizeof(j.root));
	return err != OUV_OK ? err : store_commit(&tx);
}

enum ouv_err
ouv_setup_staff_list(struct ouv_desk *desk, json_t **list_out)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_PLAIN);
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct store_person *people;
	json_t *list;
	size_t count;

	TRY(store_begin(desk->store, &tx));
	TRY(store_person_list(tx, arena, &people, &count));
	TRY(store_commit(&tx));
	list = json_array();
	for (size_t i = 0; i < count; i++)
		(void)json_array_append_new(
			list, json_pack("{s:s, s:s, s:s, s:b, s:b}", "login",
				      people[i].login, "name", people[i].name,
				      "role", ouv_role_name(people[i].role),
				      "desk", (int)people[i].desk, "active",
				      (int)people[i].active));
	*list_out = list;
	return OUV_OK;
}
