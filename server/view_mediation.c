/*
 * view_mediation.c - what a case is about, as codes and labels, and what the
 * parties agreed on
 */
#include <string.h>

#include "ouv/clock.h"

#include "move.h"

/* ---- what it is about ------------------------------------------------------
 */

/* "Collections (cobranca)": the label in force, else the code itself. */
static void
labelled(json_t *data, const char *key, const char *label, const char *code)
{
	move_line(data, key, label != NULL && *label != '\0' ? label : code);
}

static void
add_day(const struct request *request, json_t *data, const char *key,
	int32_t day)
{
	view_day(request, data, key, day);
	view_flag(data, ouv_arena_printf(request->arena, "has_%s", key),
		day != 0);
}

static void
add_kind(const struct request *request, json_t *data,
	const struct ouv_mediation *m)
{
	move_code(request, data, "kind", "case_", m->kind);
	move_code(request, data, "severity", "severity_", m->severity);
	view_flag(data, "is_severe",
		m->severity != NULL &&
			(strcmp(m->severity, "high") == 0 ||
				strcmp(m->severity, "critical") == 0));
	move_code(request, data, "difficulty", "difficulty_", m->difficulty);
	view_flag(data, "is_urgent", m->urgent);
	view_flag(data, "is_kept", m->legal_hold);
	labelled(data, "service", m->service_label, m->service);
	labelled(data, "remedy", m->remedy_label, m->remedy);
	move_code(request, data, "contact_channel", "channel_",
		m->contact_channel);
	move_code(request, data, "direction", "direction_", m->direction);
	move_code(request, data, "identity", "identity_", m->identity);
	add_day(request, data, "first_instance", m->first_instance);
	move_line(data, "company", m->company);
	move_line(data, "unit", m->unit);
	move_code(request, data, "profile", "profile_", m->profile);
}

static void
add_end(const struct request *request, json_t *data,
	const struct ouv_mediation *m)
{
	move_code(request, data, "merit", "merit_", m->merit);
	move_code(request, data, "resolution", "resolution_", m->resolution);
	move_code(request, data, "rating", "rating_", m->rating);
	labelled(data, "ground", m->ground_label, m->ground);
	view_time(request, data, "complete_at", m->complete_at);
	view_time(request, data, "closed_at", m->closed_at);
}

static void
add_allegations(json_t *data, const struct ouv_mediation *m)
{
	json_t *list = json_array();

	for (size_t i = 0; i < m->allegation_count; i++) {
		const struct ouv_allegation_view *a = &m->allegations[i];
		json_t *one = json_object();

		labelled(one, "allegation", a->label, a->code);
		labelled(one, "article", a->article_label, a->article);
		labelled(one, "law", a->law_label, a->law);
		json_array_append_new(list, one);
	}
	view_flag(data, "has_allegations", m->allegation_count > 0);
	json_object_set_new(data, "allegations", list);
}

static void
add_team(json_t *data, const struct ouv_mediation *m)
{
	json_t *list = json_array();

	for (size_t i = 0; i < m->team_count; i++) {
		json_t *one = json_object();

		view_line(one, "member", m->team[i]);
		json_array_append_new(list, one);
	}
	view_flag(data, "has_team", m->team_count > 0);
	json_object_set_new(data, "team", list);
}

/* ---- how it fell to somebody ------------------------------------------------
 */

static json_t *
make_draw(const struct request *request, const struct ouv_draw_view *draw)
{
	json_t *one = json_object(), *pool = json_array();

	view_time(request, one, "drawn_at", draw->at);
	view_line(one, "chosen", draw->chosen);
	move_line(one, "drawn_by", draw->by);
	for (size_t i = 0; i < draw->pool_count; i++) {
		json_t *who = json_object();

		view_line(who, "name", draw->pool[i].name);
		move_code(request, who, "against", "against_",
			draw->pool[i].against);
		view_number(who, "load", draw->pool[i].load);
		json_array_append_new(pool, who);
	}
	json_object_set_new(one, "pool", pool);
	return one;
}

static void
add_draws(const struct request *request, json_t *data,
	const struct ouv_mediation *m)
{
	json_t *list = json_array();

	for (size_t i = 0; i < m->draw_count; i++)
		json_array_append_new(list, make_draw(request, &m->draws[i]));
	view_flag(data, "has_draws", m->draw_count > 0);
	json_object_set_new(data, "draws", list);
}

/* ---- the agreement ----------------------------------------------------------
 */

static json_t *
make_option(const struct request *request, const struct ouv_option_view *o)
{
	json_t *one = json_object();

	view_number(one, "option_n", o->n);
	view_text(one, "option_words", o->words);
	move_code(request, one, "promiser", "side_", o->promiser);
	view_time(request, one, "option_due", o->due_at);
	view_flag(one, "by_consumer", o->consumer);
	view_flag(one, "by_company", o->company);
	view_flag(one, "by_both", o->consumer && o->company);
	return one;
}

static json_t *
make_promise(const struct request *request, const struct ouv_promise_view *p)
{
	bool open = strcmp(p->state, "open") == 0;
	json_t *one = json_object();

	view_number(one, "promise_n", p->n);
	view_text(one, "promise_words", p->words);
	move_code(request, one, "promiser", "side_", p->promiser);
	move_code(request, one, "promise_source", "promise_source_", p->source);
	view_line(one, "promise_code", p->state);
	move_code(request, one, "promise_state", "promised_", p->state);
	view_flag(one, "is_late",
		open && p->due_at != 0 && p->due_at < ouv_clock_now());
	move_code(request, one, "says_company", "says_", p->says_company);
	move_code(request, one, "says_consumer", "says_", p->says_consumer);
	view_time(request, one, "promise_due", p->due_at);
	view_time(request, one, "promise_ended", p->ended_at);
	return one;
}

static void
add_agreed(const struct request *request, json_t *data,
	const struct ouv_mediation *m)
{
	json_t *options = json_array(), *promises = json_array();

	for (size_t i = 0; i < m->option_count; i++)
		json_array_append_new(
			options, make_option(request, &m->options[i]));
	for (size_t i = 0; i < m->promise_count; i++)
		json_array_append_new(
			promises, make_promise(request, &m->promises[i]));
	view_flag(data, "has_options", m->option_count > 0);
	json_object_set_new(data, "options", options);
	view_flag(data, "has_promises", m->promise_count > 0);
	json_object_set_new(data, "promises", promises);
}

/* ---- a request about the writer's own data
 * -------------------------------------
 */

static void
add_request(const struct request *request, json_t *data,
	const struct ouv_mediation *m)
{
	const struct ouv_clock_view *law = NULL;

	for (size_t i = 0; i < m->clock_count; i++)
		if (m->clocks[i].clock == OUV_CLOCK_TOTAL &&
			strcmp(m->clocks[i].state, "stopped") != 0)
			law = &m->clocks[i];
	view_flag(data, "is_request",
		m->kind != NULL &&
			strcmp(m->kind, ouv_case_kind_name(
						OUV_CASE_DATA_REQUEST)) == 0);
	move_line(data, "right", m->right_label);
	view_time(request, data, "law_by", law != NULL ? law->due_at : 0);
	move_line(data, "law_name", law != NULL ? law->law : NULL);
	view_flag(data, "law_waits", law != NULL && law->due_at == 0);
	move_code(request, data, "request_outcome", "outcome_", m->outcome);
	move_line(data, "denial", m->denial_label);
}

void
view_mediation(const struct request *request, json_t *data,
	const struct ouv_mediation *m)
{
	add_kind(request, data, m);
	add_end(request, data, m);
	add_request(request, data, m);
	add_allegations(data, m);
	add_team(data, m);
	add_draws(request, data, m);
	add_agreed(request, data, m);
	view_flag(data, "has_details",
		m->allegation_count > 0 || m->draw_count > 0 ||
			m->contact_channel != NULL || m->first_instance != 0 ||
			m->complete_at != 0 || m->closed_at != 0);
}
