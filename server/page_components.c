/*
 * page_components.c - each part of pages in each of its states, made from the
 * same templates, to look at whenever the style sheet changes
 *
 * Its cases are invented; nothing is read from the database.
 */
#include "ouv/clock.h"

#include "page.h"
#include "reply.h"
#include "view.h"

#define DAY INT64_C(86400)

/* clang-format off */
static const char *const icons[] = { "mail-in", "mail-out", "letter", "phone",
	"automatic", "internal", "attachment", "warning", "clock", "lock",
	"search", "person", "company", "calendar", "print", "check",
	"contrast" };
static const char *const steps[] = { "received", "triage", "company",
	"consumer", "mediation", "opinion", "plan", "closed" };
static const enum ouv_lane lanes[] = { OUV_LANE_CONSUMER, OUV_LANE_COMPANY,
	OUV_LANE_INTERNAL };
/* What a row of a list may have besides its state. */
static const struct {
	int due_days; /* from now; 0: no date */
	bool failed;
	int tasks;
	const char *owner;
} marks[] = {
	{ 14, false, 0, "Marta Queiroz" },
	{ -1, false, 1, "Danilo Peixoto" },
	{ 1, true, 0, NULL },
	{ 0, false, 2, "Rita Fontes" },
};
/* clang-format on */
#define MARKS (sizeof(marks) / sizeof(marks[0]))

static json_t *
add_list(json_t *data, const char *name)
{
	json_t *list = json_array();

	json_object_set_new(data, name, list);
	return list;
}

static void
add_icons(const struct request *request, json_t *data)
{
	json_t *list = add_list(data, "icons");

	for (size_t i = 0; i < sizeof(icons) / sizeof(icons[0]); i++) {
		json_t *one = json_object();

		view_line(one, "name", icons[i]);
		view_line(one, "use_path",
			ouv_arena_printf(request->arena, "%s#%s",
				request->server->assets[ASSET_ICONS].path,
				icons[i]));
		json_array_append_new(list, one);
	}
}

static void
add_steps(const struct request *request, json_t *data)
{
	json_t *list = add_list(data, "steps");

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		json_t *one = json_object();

		view_code(request, one, "step", "step_", steps[i]);
		view_flag(one, "is_passed", i < 3);
		view_flag(one, "is_here", i == 3);
		json_array_append_new(list, one);
	}
	view_flag(data, "has_owes", false);
}

static void
add_lanes(const struct request *request, json_t *data)
{
	json_t *list = add_list(data, "lanes");

	for (size_t i = 0; i < sizeof(lanes) / sizeof(lanes[0]); i++) {
		json_t *one = json_object();

		view_line(one, "lane", ouv_lane_name(lanes[i]));
		view_code(
			request, one, "name", "lane_", ouv_lane_name(lanes[i]));
		json_array_append_new(list, one);
	}
}

/* A case in every state, as lists show them. */
static void
add_lines(const struct request *request, json_t *data)
{
	int64_t now = ouv_clock_now();
	json_t *list = add_list(data, "lines");

	for (int i = 0; i < OUV_STATE__COUNT; i++) {
		size_t m = (size_t)i % MARKS;
		struct ouv_case_line line = {
			.protocol = "2026-000001-5",
			.state = (enum ouv_state)i,
			.subject = m == 2 ? "" : "Geladeira com defeito",
			.from_name = "João Batista Ferreira",
			.from_addr = "jb.ferreira@consumidores.example",
			.owner = marks[m].owner,
			.opened_at = now - 3 * DAY,
			.due_at = marks[m].due_days == 0
					  ? 0
					  : now +
						    (int64_t)marks[m].due_days *
							    DAY -
						    60,
			.last_at = now - DAY,
			.items = i,
			.failed = marks[m].failed,
			.tasks = marks[m].tasks,
		};
		json_t *one = json_object();

		view_case_line(request, one, &line, now);
		json_array_append_new(list, one);
	}
}

/* A message of each lane: come in, sent, not delivered. */
static void
add_items(const struct request *request, json_t *data)
{
	json_t *list = add_list(data, "items");

	for (size_t i = 0; i < sizeof(lanes) / sizeof(lanes[0]); i++) {
		const char *lane = ouv_lane_name(lanes[i]);
		json_t *one = json_object();

		view_line(one, "lane", lane);
		view_code(request, one, "lane_name", "lane_", lane);
		view_line(one, "icon", icons[i * 2]);
		view_code(request, one, "kind_name", "kind_",
			i == 0 ? "mail_in" : "mail_out");
		view_line(one, "by", "Marta Queiroz");
		view_number(one, "seq", (int64_t)i + 1);
		view_time(request, one, "at", ouv_clock_now() - DAY);
		view_flag(one, "is_incoming", i == 0);
		view_flag(one, "is_auto", false);
		view_flag(one, "is_new", i == 0);
		view_flag(one, "is_open", i == 1);
		view_flag(one, "is_failed", i == 2);
		view_flag(one, "is_waiting", i == 1);
		view_flag(one, "has_delivery", i > 0);
		view_code(request, one, "delivery_name", "delivery_",
			i == 2 ? "failed" : "sent");
		view_flag(one, "has_attachments", true);
		view_number(one, "file_count", 1);
		view_flag(one, "has_one_file", true);
		view_word(request, one, "first_words", "components_sentence");
		json_array_append_new(list, one);
	}
}

/* The summary over a form that came back. */
static void
add_errors(const struct request *request, json_t *data)
{
	json_t *list = add_list(data, "errors");
	json_t *one = json_object();

	view_line(one, "target_path", "#wrong");
	view_flag(one, "has_label", true);
	view_word(request, one, "label", "subject");
	view_word(request, one, "text", "field_empty");
	json_array_append_new(list, one);
	view_flag(data, "has_errors", true);
}

void
page_components(struct request *request)
{
	json_t *data = view_base(request, "components_title");

	add_icons(request, data);
	add_steps(request, data);
	add_lanes(request, data);
	add_lines(request, data);
	add_items(request, data);
	add_errors(request, data);
	view_flag(data, "has_pager", true);
	view_flag(data, "is_first", false);
	view_line(data, "first_path", "/components");
	view_flag(data, "has_next", true);
	view_line(data, "next_path", "/components");
	reply_page(request, 200, "components", data);
}
