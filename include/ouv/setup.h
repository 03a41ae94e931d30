/*
 * setup.h - what the operator does: keys, people, looking after the log
 *
 * Used by ouvidoria(1) with the owner's database role.
 */
#ifndef OUV_SETUP_H
#define OUV_SETUP_H

#include <jansson.h>

#include "ouv/desk.h"

struct ouv_setup_keys {
	char root_public[65];
	char root_shares[3][OUV_SHARE_MAX];
	char escrow_shares[3][OUV_SHARE_MAX];
};

/*
 * Makes every key of a new office: the host's secrets as files (mode 0600) in
 * folder, public halves and certificates in the database, the secrets' backup
 * sealed to ESCROW.  The shares are returned once and kept nowhere.
 *
 * OUV_CONFLICT: this database has an office already, or one of the files is
 * there; nothing was changed.
 */
OUV_MUST_CHECK enum ouv_err ouv_setup_keys(const struct ouv_config *config,
	const char *folder, struct ouv_setup_keys *keys_out);

struct ouv_setup_person {
	const char *login, *name;
	enum ouv_role role;
	enum ouv_lang lang;
	bool on_desk;         /* gets a key to every new case */
	const char *password; /* NULL: one is made */
	bool invite;          /* no password: a code to choose one with */
	bool ready;           /* nothing is asked for at the first login */
	bool all_the_same;    /* invited, even if few can open a case then */
	/* who certifies: two shares of ROOT for an administrator, or the
	 * login and password of one */
	const char *share_a, *share_b;
	const char *as_login, *as_password;
};
struct ouv_setup_credentials {
	char password[OUV_PASSWORD_MAX]; /* "" when it was given */
	char totp_secret[OUV_TOTP_B32];
	char recovery[OUV_RECOVERY_MAX];
	char invitation[OUV_RECOVERY_MAX]; /* alone, of whoever is invited */
};
/*
 * OUV_INVALID: login or password break a rule (said on the log).  OUV_REFUSED:
 * the certifier's shares or password do not fit, or shares are given for
 * somebody who is no administrator.  OUV_CONFLICT: the login is
 * taken.
 */
OUV_MUST_CHECK enum ouv_err ouv_setup_staff_add(struct ouv_desk *desk,
	const struct ouv_setup_person *person,
	struct ouv_setup_credentials *credentials_out);
/* A way in for somebody who lost password and recovery code: of person only
 * login, all_the_same and who certifies count.  OUV_NOT_FOUND: no such login.
 * OUV_INVALID: as ouv_desk_invite; else as above.
 */
struct ouv_leaving;
OUV_MUST_CHECK enum ouv_err ouv_setup_staff_invite(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_setup_person *person,
	struct ouv_setup_credentials *credentials_out,
	struct ouv_leaving *leaving_out);
/* [{"login","name","role","desk","active"}] */
OUV_MUST_CHECK enum ouv_err ouv_setup_staff_list(
	struct ouv_desk *desk, json_t **list_out);

/* Errors and outputs as ouv_desk_leave; wrong: its code, or NULL. */
OUV_MUST_CHECK enum ouv_err ouv_setup_staff_leave(struct ouv_desk *desk,
	struct ouv_arena *arena, const char *login,
	struct ouv_leaving *leaving_out, const char **wrong_out);
/* {"login","name","role","desk","active","away","can_open","looks_after",
 * "sessions","seen"} */
OUV_MUST_CHECK enum ouv_err ouv_setup_staff_show(
	struct ouv_desk *desk, const char *login, json_t **person_out);
/* The names of these guards, as a list; whoever calls disposes of it. */
json_t *ouv_desk_guard_names(uint64_t guards);

/* The rules of the lint, once for this process and the children it forks: an
 * office made after that does not read them again.  OUV_INVALID (said). */
OUV_MUST_CHECK enum ouv_err ouv_setup_rules(const struct ouv_config *config);

/* The office's texts and the rules of the lint, for an operator's office, which
 * is opened without them.  Errors as ouv_office_new. */
OUV_MUST_CHECK enum ouv_err ouv_setup_texts(struct ouv_office *office);

OUV_MUST_CHECK enum ouv_err ouv_setup_migrate(
	const struct ouv_config *config, int *applied_out);
OUV_MUST_CHECK enum ouv_err ouv_setup_check_sql(
	const struct ouv_config *config);
/* Can the dsn be shown, as an argument and in a backup?  OUV_INVALID: it holds
 * a password; logged without it. */
OUV_MUST_CHECK enum ouv_err ouv_setup_check_dsn(
	const struct ouv_config *config);

#endif
