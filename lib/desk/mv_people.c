/*
 * mv_people.c - who works on a case, and how it fell to them
 */
#include <jansson.h>
#include <string.h>

#include "move.h"

/* Names live in the arena; what a record lacks is left out. */
static void
read_pool(struct ouv_arena *arena, const char *text, struct ouv_draw_view *view)
{
	json_t *record = json_loads(text, 0, NULL);
	size_t count = json_array_size(record);
	struct ouv_draw_entry *pool =
		ouv_arena_array(arena, count, sizeof(*pool));

	for (size_t i = 0; i < count; i++) {
		const char *name = "", *against = NULL;
		int load = 0;

		(void)json_unpack(json_array_get(record, i), "{s?s, s?s, s?i}",
			"name", &name, "against", &against, "load", &load);
		pool[i].name = ouv_arena_strdup(arena, name);
		pool[i].against = against != NULL
					  ? ouv_arena_strdup(arena, against)
					  : NULL;
		pool[i].load = load;
	}
	view->pool = pool;
	view->pool_count = count;
	json_decref(record);
}

static enum ouv_err
view_draws(struct mv *mv)
{
	struct store_draw *list;
	size_t count;

	TRY(store_draws(mv->tx, mv->arena, &mv->opened->c.id, &list, &count));
	mv->out->draws =
		ouv_arena_array(mv->arena, count, sizeof(*mv->out->draws));
	mv->out->draw_count = count;
	for (size_t i = 0; i < count; i++) {
		mv->out->draws[i] = (struct ouv_draw_view){ .at = list[i].at,
			.chosen = list[i].chosen_name,
			.by = list[i].by_name };
		read_pool(mv->arena, list[i].pool, &mv->out->draws[i]);
	}
	return OUV_OK;
}

enum ouv_err
mv_people(struct mv *mv)
{
	struct store_member *team;
	size_t count;

	TRY(store_team(mv->tx, mv->arena, &mv->opened->c.id, &team, &count));
	mv->out->team =
		ouv_arena_array(mv->arena, count, sizeof(*mv->out->team));
	mv->out->team_count = count;
	for (size_t i = 0; i < count; i++)
		mv->out->team[i] = team[i].name;
	return view_draws(mv);
}
