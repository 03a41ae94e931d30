/*
 * staff.c - a new colleague: two key pairs, three wrappings, one certificate
 *
 * A password takes half a second to stretch, and much longer where many do:
 * all of it happens between two short transactions, since the database ends
 * one in which nothing is said.
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
	struct store_person_key certifier_key;
	uint8_t root[OUV_KEY];
	bool has_root;
	struct store_person row;
	const char *password;
	struct store_person_key under_password, under_code;
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

static bool
is_administrator(const struct store_person *person)
{
	return person->has_admin_sig && person->role == OUV_ROLE_ADMIN;
}

static enum ouv_err
find_certifier(struct joining *j, struct store_tx *tx, struct ouv_arena *arena)
{
	if (j->has_root)
		return OUV_OK;
	TRY(store_person_by_login(
		tx, arena, j->who->as_login, &j->certifier_row));
	j->certifier_id = j->certifier_row.id;
	return store_person_key(
		tx, &j->certifier_id, OUV_COLUMN_PASSWORD, &j->certifier_key);
}

/* An administrator opens their signing key with their password. */
static enum ouv_err
open_certifier(struct joining *j)
{
	const struct ouv_office *office = j->desk->office;
	struct ouv_wrap wrap;

	if (j->has_root)
		return ouv_share_join(
			"root", j->who->share_a, j->who->share_b, j->root);
	wrap_of(&j->certifier_key, &wrap);
	TRY(ouv_identity_unwrap(&wrap, &office->tenant, &j->certifier_id,
		OUV_COLUMN_PASSWORD, office->pepper, j->who->as_password,
		&j->certifier));
	return is_administrator(&j->certifier_row) ? OUV_OK : OUV_REFUSED;
}

/* While the password was stretched, they may have got other keys or left. */
static enum ouv_err
still_certifies(struct joining *j, struct ouv_arena *arena)
{
	const struct store_person *was = &j->certifier_row;
	struct store_person now;

	if (j->has_root)
		return OUV_OK;
	TRY(store_person_by_id(j->tx, arena, &j->certifier_id, &now));
	return is_administrator(&now) && now.active == was->active &&
			       ouv_equal(now.sig_pk, was->sig_pk,
				       sizeof(now.sig_pk))
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
wrap(struct joining *j, enum ouv_column how, const char *secret,
	struct store_person_key *key_out)
{
	return account_wrap(
		j->desk->office, j->identity, &j->row.id, how, secret, key_out);
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

/* The keys wait under a code until their owner comes. */
static enum ouv_err
make_invitation(struct joining *j, struct ouv_setup_credentials *out)
{
	ouv_recovery_new(out->invitation);
	return wrap(j, OUV_COLUMN_RECOVERY, out->invitation, &j->under_code);
}

/* A password and a recovery code, both on paper. */
static enum ouv_err
make_secrets(struct joining *j, struct ouv_setup_credentials *out)
{
	TRY(tell_totp(j, out));
	ouv_recovery_new(out->recovery);
	TRY(wrap(j, OUV_COLUMN_RECOVERY, out->recovery, &j->under_code));
	return wrap(j, OUV_COLUMN_PASSWORD, j->password, &j->under_password);
}

/* ---- somebody new ----------------------------------------------------------
 */

static enum ouv_err
make_new(struct joining *j, struct ouv_arena *arena,
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
	return j->who->invite ? make_invitation(j, out) : make_secrets(j, out);
}

static enum ouv_err
write_secrets(struct joining *j)
{
	int must = j->who->ready ? 0 : OUV_MUST_RECOVERY;

	if (!j->who->ready && j->who->password == NULL)
		must |= OUV_MUST_PASSWORD;
	TRY(store_person_key_add(j->tx, &j->under_code));
	TRY(store_person_key_add(j->tx, &j->under_password));
	return store_person_must(j->tx, &j->row.id, 0, must);
}

static enum ouv_err
write_new(struct joining *j)
{
	TRY(store_person_add(j->tx, &j->row));
	if (j->who->invite)
		TRY(store_invite_put(
			j->tx, &j->row, &j->under_code, j->who->all_the_same));
	else
		TRY(write_secrets(j));
	return log_joining(j, "staff-add");
}

/* ---- somebody who is there already gets new keys, once the code is used ----
 */

static enum ouv_err
make_again(struct joining *j, struct ouv_arena *arena,
	struct ouv_setup_credentials *out)
{
	TRY(check_root(j->row.role, j->has_root));
	j->row.has_admin_sig = false;
	make_keys(j, arena);
	return make_invitation(j, out);
}

static enum ouv_err
write_again(struct joining *j)
{
	enum ouv_err err = store_invite_put(
		j->tx, &j->row, &j->under_code, j->who->all_the_same);

	if (err == OUV_CONFLICT) /* the cases that stand against it */
		TRY(leave_stops(j->tx, j->told, &j->row.id, j->leaving));
	TRY(err);
	return log_joining(j, "invite");
}

/* ---- the frame of both -----------------------------------------------------
 */

struct way {
	bool is_there; /* already */
	enum ouv_err (*make)(struct joining *j, struct ouv_arena *arena,
		struct ouv_setup_credentials *out); /* slow, without database */
	enum ouv_err (*write)(struct joining *j);
};

static const struct way newly = { false, make_new, write_new };
static const struct way again = { true, make_again, write_again };

static enum ouv_err
look_up(struct joining *j, const struct way *way, struct ouv_arena *arena)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;

	TRY(store_begin(j->desk->store, &tx));
	TRY(find_certifier(j, tx, arena));
	if (way->is_there)
		TRY(store_person_by_login(tx, arena, j->who->login, &j->row));
	return store_commit(&tx);
}

static enum ouv_err
write_all(struct joining *j, const struct way *way, struct ouv_arena *arena)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;

	TRY(store_begin(j->desk->store, &tx));
	j->tx = tx;
	TRY(still_certifies(j, arena));
	TRY(way->write(j));
	return store_commit(&tx);
}

static enum ouv_err
join(struct joining *j, const struct way *way,
	struct ouv_setup_credentials *out)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_WIPE);
	enum ouv_err err;

	j->has_root = j->who->share_a != NULL;
	err = look_up(j, way, arena);
	if (err == OUV_OK)
		err = open_certifier(j);
	if (err == OUV_OK)
		err = way->make(j, arena, out);
	if (err == OUV_OK)
		err = write_all(j, way, arena);
	ouv_identity_free(&j->identity);
	ouv_identity_free(&j->certifier);
	ouv_wipe(j->root, sizeof(j->root));
	return err;
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
	return join(&j, &newly, credentials_out);
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
	return join(&j, &again, credentials_out);
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
