/*
 * view_effect.c - "sending this gives the company until 4 December": what an
 * act does to the terms of its case, in words
 */
#include <string.h>

#include "move.h"

static const char *const kinds[OUV_EFFECT__COUNT] = {
	[OUV_EFFECT_BEGINS] = "begins",
	[OUV_EFFECT_MOVES] = "moves",
	[OUV_EFFECT_GOES_ON] = "goes_on",
	[OUV_EFFECT_PAUSES] = "pauses",
	[OUV_EFFECT_ENDS] = "ends",
};

static json_t *
effect(const struct request *request, const struct ouv_effect *e, bool later)
{
	const bool runs = e->kind < OUV_EFFECT_PAUSES;
	const bool counted = runs && e->amount > 0;
	const char *name = ouv_clock_name(e->clock);
	json_t *one = json_object();

	/* "May be reopened until" is no subject of a sentence. */
	view_code(request, one, "effect_clock",
		move_word(request, "effect_clock_", name, name) != NULL
			? "effect_clock_"
			: "clock_",
		name);
	view_code(request, one, "effect_says",
		later ? "effect_later_" : "effect_", kinds[e->kind]);
	view_time(request, one, "effect_due", e->due_at);
	view_flag(one, "has_effect_amount", counted);
	view_number(one, "effect_amount", e->amount);
	view_code(request, one, "effect_unit",
		e->amount == 1 ? "unit_one_" : "unit_",
		counted ? e->unit : "date");
	return one;
}

void
view_effects(const struct request *request, json_t *data,
	const struct ouv_effects *effects)
{
	json_t *list = json_array();

	for (size_t i = 0; effects->known && i < effects->count; i++)
		json_array_append_new(list,
			effect(request, &effects->list[i], effects->later));
	view_flag(data, "is_foreseen", effects->known);
	view_flag(data, "is_arrival", effects->arrival);
	view_flag(data, "has_effects", json_array_size(list) > 0);
	json_object_set_new(data, "effects", list);
}
