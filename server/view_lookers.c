/*
 * view_lookers.c - which colleagues have the same case open, or just had
 */
#include "ouv/clock.h"

#include "view.h"

/* "Ana Lima, 2 minutes ago" */
void
view_lookers(const struct request *request, json_t *data,
	const struct ouv_case_view *view)
{
	json_t *list = json_array();

	for (size_t i = 0; i < view->looker_count; i++) {
		const struct ouv_looker *looker = &view->lookers[i];
		int64_t ago = (ouv_clock_now() - looker->at) / 60;
		json_t *one = json_object();

		view_line(one, "looker", looker->name);
		view_flag(one, "has_left", looker->left);
		view_number(one, "minutes", ago > 0 ? ago : 0);
		view_flag(one, "is_now", ago < 1);
		view_time(request, one, "looked_at", looker->at);
		json_array_append_new(list, one);
	}
	view_flag(data, "has_lookers", view->looker_count > 0);
	json_object_set_new(data, "lookers", list);
}
