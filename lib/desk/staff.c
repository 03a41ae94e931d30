/*
 * staff.c - a new colleague: two key pairs, three wrappings, one certificate
 */
#include <string.h>

#include "account.h"
#include "leave.h"
#include "ouv/log.h"
#include "ouv/setup.h"

struct joining {
	struct ouv_desk *desk;
	const struct ouv_setup_person *who;
	struct store_tx *tx;
	struct ouv_identity *identity;  /* the new colleague's */
	struct ouv_identity *certifier; /* an administrator's; NULL: self */
	struct ouv_id certifier_id;
	struct store_person certifier_row;
	uint8_t root[OUV_KEY];
	bool has_root;
	struct store_person row;
	const char *password;
	struct ouv_arena *told; /* for the words of leaving */
	struct ouv_leaving *leaving;
};

static enum ouv_err
check_words(const struct ouv_setup_person *who)
{
	if (who->password != NULL &&
		(strlen(who->password) < PASSWORD_LEAST ||
			strlen(who->password) > PASSWORD_MOST)) {
		ouv_log_error("a password has %d characters to %d bytes",
			PASSWORD_LEAST, PASSWORD_MOST);
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

/* ROOT certifies administrators and nobody else, and only ROOT does. */
static enum ouv_err
check_root(enum ouv_role role, bool has_root)
{
	if ((role == OUV_ROLE_ADMIN) == has_root)
		return OUV_OK;
	ouv_log_error(has_root ? "shares of ROOT certify administrators alone"
			       : "an administrator is certified by ROOT: give "
				 "two of its shares");
	return OUV_REFUSED;
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
	j->certifier_row = admin;
	return admin.has_admin_sig && admin.role == OUV_ROLE_ADMIN
		       ? OUV_OK
		       : OUV_REFUSED;
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
	struct store_person_key row;

	TRY(account_wrap(
		j->desk->office, j->identity, &j->row.id, how, secret, &row));
	return store_person_key_add(j->tx, &row);
}

/* Whoever certifies signs the log as well. */
static enum ouv_err
log_joining(struct joining *j, const char *action)
{
	struct ouv_id actor = j->has_root ? j->row.id : j->certifier_id;

	TRY(log_operator(j->desk, j->tx,
		j->has_root ? &j->row : &j->certifier_row,
		j->has_root ? j->identity->sign : j->certifier->sign));
	return log_own(j->desk, j->tx, &actor, action, &j->row.id);
}

/* A password and a recovery code, both on paper. */
static enum ouv_err
add_secrets(struct joining *j, struct ouv_setup_credentials *out)
{
	int must = j->who->ready ? 0 : OUV_MUST_RECOVERY;

	if (!j->who->ready && j->who->password == NULL)
		must |= OUV_MUST_PASSWORD;
	ouv_recovery_new(out->recovery);
	TRY(add_wrapping(j, OUV_COLUMN_RECOVERY, out->recovery));
	TRY(add_wrapping(j, OUV_COLUMN_PASSWORD, j->password));
	return store_person_must(j->tx, &j->row.id, 0, must);
}

/* The keys wait under a code until their owner comes. */
static enum ouv_err
add_invite(struct joining *j, struct ouv_setup_credentials *out)
{
	struct store_person_key key;

	ouv_recovery_new(out->invitation);
	TRY(account_wrap(j->desk->office, j->identity, &j->row.id,
		OUV_COLUMN_RECOVERY, out->invitation, &key));
	return store_invite_put(j->tx, &j->row, &key, j->who->all_the_same);
}

static void
make_keys(struct joining *j, struct ouv_arena *arena)
{
	j->identity = ouv_identity_new();
	invite_make(j->desk, arena, j->identity, &j->row);
	certify(j);
}

/* The secret of the authenticator, once, for the paper. */
static enum ouv_err
tell_totp(struct joining *j, struct ouv_setup_credentials *out)
{
	uint8_t seed[OUV_TOTP_SEED];
	struct ouv_context context;

	context_make(j->desk, OUV_KIND_TOTP, OUV_COLUMN_PERSON, NULL,
		&j->row.id, 1, &context);
	TRY(ouv_totp_open(&context, j->identity->box,
		(const uint8_t *)j->row.totp_box.p, j->row.totp_box.len, seed));
	ouv_totp_base32(seed, out->totp_secret);
	ouv_wipe(seed, sizeof(seed));
	return OUV_OK;
}

static enum ouv_err
add_rows(struct joining *j, struct ouv_arena *arena,
	struct ouv_setup_credentials *out)
{
	j->row.id = ouv_id_new();
	j->row.login = j->who->login;
	j->row.name = j->who->name;
	j->row.lang = ouv_lang_tag(j->who->lang);
	j->row.role = j->who->role;
	j->row.desk = j->who->on_desk;
	j->row.active = true;
	make_keys(j, arena);
	TRY(store_person_add(j->tx, &j->row));
	if (j->who->invite) {
		TRY(add_invite(j, out));
	} else {
		TRY(tell_totp(j, out));
		TRY(add_secrets(j, out));
	}
	return log_joining(j, "staff-add");
}

/* Somebody who is there already gets new keys, once the code is used. */
static enum ouv_err
invite_again(struct joining *j, struct ouv_arena *arena,
	struct ouv_setup_credentials *out)
{
	enum ouv_err err;

	TRY(store_person_by_login(j->tx, arena, j->who->login, &j->row));
	TRY(check_root(j->row.role, j->has_root));
	j->row.has_admin_sig = false;
	make_keys(j, arena);
	err = add_invite(j, out);
	if (err == OUV_CONFLICT) /* the cases that stand against it */
		TRY(leave_stops(j->tx, j->told, &j->row.id, j->leaving));
	TRY(err);
	return log_joining(j, "invite");
}

static enum ouv_err
join(struct joining *j,
	enum ouv_err (*work)(struct joining *j, struct ouv_arena *arena,
		struct ouv_setup_credentials *out),
	struct ouv_setup_credentials *out)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_WIPE);
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	enum ouv_err err;

	TRY(store_begin(j->desk->store, &tx));
	j->tx = tx;
	err = find_certifier(j, arena);
	if (err == OUV_OK)
		err = work(j, arena, out);
	ouv_identity_free(&j->identity);
	ouv_identity_free(&j->certifier);
	ouv_wipe(j->root, sizeof(j->root));
	return err != OUV_OK ? err : store_commit(&tx);
}

enum ouv_err
ouv_setup_staff_add(struct ouv_desk *desk,
	const struct ouv_setup_person *person,
	struct ouv_setup_credentials *credentials_out)
{
	struct joining j = { .desk = desk, .who = person };

	memset(credentials_out, 0, sizeof(*credentials_out));
	TRY(check_words(person));
	TRY(check_root(person->role, person->share_a != NULL));
	j.password = person->password;
	if (j.password == NULL && !person->invite) {
		ouv_password_new(credentials_out->password);
		j.password = credentials_out->password;
	}
	return join(&j, add_rows, credentials_out);
}

enum ouv_err
ouv_setup_staff_invite(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_setup_person *person,
	struct ouv_setup_credentials *credentials_out,
	struct ouv_leaving *leaving_out)
{
	struct joining j = { .desk = desk,
		.who = person,
		.told = arena,
		.leaving = leaving_out };

	memset(leaving_out, 0, sizeof(*leaving_out));
	memset(credentials_out, 0, sizeof(*credentials_out));
	return join(&j, invite_again, credentials_out);
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
