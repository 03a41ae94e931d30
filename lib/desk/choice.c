/*
 * choice.c - how a person wants their pages: theme and single keys
 */
#include <string.h>

#include "desk_impl.h"
#include "ouv/store_console.h"

/* clang-format off */
static const char *const themes[OUV_THEME__COUNT] = {
	[OUV_THEME_AUTO] = "auto",
	[OUV_THEME_LIGHT] = "light",
	[OUV_THEME_DARK] = "dark",
	[OUV_THEME_CONTRAST] = "contrast",
};
/* clang-format on */

const char *
ouv_theme_name(enum ouv_theme theme)
{
	return themes[theme];
}

enum ouv_theme
ouv_theme_parse(const char *name, enum ouv_theme fallback)
{
	for (int i = 0; name != NULL && i < OUV_THEME__COUNT; i++)
		if (strcmp(name, themes[i]) == 0)
			return (enum ouv_theme)i;
	return fallback;
}

enum ouv_err
ouv_desk_theme(struct ouv_desk *desk, const struct ouv_actor *actor,
	enum ouv_theme theme)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;

	TRY(store_begin(desk->store, &tx));
	TRY(store_choice_theme(tx, &actor->person, themes[theme]));
	return store_commit(&tx);
}

enum ouv_err
ouv_desk_keys_on(struct ouv_desk *desk, const struct ouv_actor *actor, bool on)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;

	TRY(store_begin(desk->store, &tx));
	TRY(store_choice_keys(tx, &actor->person, on));
	return store_commit(&tx);
}
