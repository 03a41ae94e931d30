/*
 * password.h - which passwords are accepted
 */
#ifndef OUV_DESK_PASSWORD_H
#define OUV_DESK_PASSWORD_H

#include "desk_impl.h"

#define PASSWORD_LEAST 15 /* characters */
#define PASSWORD_MOST 128 /* bytes */

/*
 * Why nobody may have that password, as the code of a field's error:
 * password-short, password-long, password-common (a word or two of the list,
 * whatever digits and signs stand between them; a row of keys; hardly any
 * different characters), password-named (the office, the login, the person).
 * NULL: it will do.
 */
const char *password_wrong(struct ouv_office *office, const char *login,
	const char *name, const char *password);
void password_free(struct ouv_office *office);

/* The same, pure: words sorted, of 3 to 40 letters a to z. */
struct common {
	struct ouv_arena *arena;
	size_t count;
	const char **words;
};
const char *password_judge(const struct common *common,
	const char *const *names, size_t name_count, const char *password);

#endif
