/*
 * page_admin.c - the office's machinery at a glance: does mail come and go, is
 * the clockwork alive, which programs run; and the red line where it is not so
 */
#include <string.h>

#include "ouv/clock.h"
#include "ouv/health.h"
#include "ouv/log.h"

#include "move.h"
#include "page.h"
#include "reply.h"
#include "view.h"

bool
admin_may(struct request *request)
{
	if (ouv_health_told(request->actor))
		return true;
	page_error(request, 403);
	return false;
}

/* ---- the red line ----------------------------------------------------------
 */

void
view_alarm(const struct request *request, json_t *data)
{
	struct ouv_health h = { .unfetched = false };
	struct ouv_desk *desk;
	bool told = ouv_health_told(request->actor) &&
		    desk_here(request->server, &desk) == OUV_OK &&
		    ouv_desk_health(desk, request->arena, &h) == OUV_OK;

	view_flag(data, "is_unfetched", told && h.unfetched);
	view_flag(data, "is_stuck", told && h.stuck);
	view_flag(data, "is_stopped", told && h.stopped);
	view_flag(data, "has_alarm",
		told && (h.unfetched || h.stuck || h.stopped));
	view_time(request, data, "fetched_at",
		told ? h.parts[OUV_PART_INTAKE].good_at : 0);
	view_time(request, data, "oldest_at", told ? h.oldest_at : 0);
}

/* ---- the page --------------------------------------------------------------
 */

static json_t *
part_of(const struct request *request, const struct ouv_health *h,
	enum ouv_part which)
{
	const struct ouv_part_health *p = &h->parts[which];
	const char *name = ouv_part_name(which);
	json_t *one = json_object();
	bool trouble = *p->trouble != '\0';

	view_line(one, "part", name);
	view_code(request, one, "name", "part_", name);
	view_code(request, one, "what", "part_what_", name);
	view_code(request, one, "did_word", "part_did_", name);
	view_flag(one, "is_known", p->seen_at != 0);
	view_flag(one, "is_late", p->late);
	view_flag(one, "is_good", p->seen_at != 0 && !p->late && !trouble);
	view_time(request, one, "seen", p->seen_at);
	view_time(request, one, "good", p->good_at);
	view_time(request, one, "did", p->did_at);
	view_flag(one, "has_trouble", trouble);
	view_line(one, "trouble", "");
	if (trouble)
		view_code(request, one, "trouble",
			ouv_arena_printf(
				request->arena, "part_trouble_%s_", name),
			p->trouble);
	view_time(request, one, "since", p->since_at);
	move_line(one, "program", p->program);
	return one;
}

static void
add_health(
	const struct request *request, json_t *data, const struct ouv_health *h)
{
	const struct ouv_config *config = request->server->config;
	json_t *parts = json_array();

	for (int i = 0; i < OUV_PART__COUNT; i++)
		json_array_append_new(
			parts, part_of(request, h, (enum ouv_part)i));
	json_object_set_new(data, "parts", parts);
	view_flag(data, "has_lease", h->lease_until > ouv_clock_now());
	view_time(request, data, "lease_until", h->lease_until);
	view_line(data, "mailbox_address", config->office_address);
	view_number(data, "queued", h->queued);
	view_number(data, "unknown", h->unknown);
	view_number(data, "failed", h->failed);
	view_flag(data, "is_oldest_late", h->stuck);
	view_line(data, "version", OUV_VERSION);
	view_number(data, "schema", ouv_desk_schema());
}

void
page_admin(struct request *request)
{
	struct ouv_health h;
	struct ouv_desk *desk;
	enum ouv_err err;
	json_t *data;

	if (!admin_may(request))
		return;
	err = desk_here(request->server, &desk);
	if (err == OUV_OK)
		err = ouv_desk_health(desk, request->arena, &h);
	if (err != OUV_OK) {
		page_error_desk(request, err);
		return;
	}
	data = view_base(request, "admin_title");
	view_line(data, "here", "/admin");
	view_alarm(request, data);
	add_health(request, data, &h);
	reply_page(request, 200, "admin", data);
}
