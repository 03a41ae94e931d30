/*
 * verb_draw.c - blind rotation: to whom a case falls
 *
 * Nobody chooses.  Whoever may answer in this state, is there, has no conflict
 * and is trained for a case of this severity is in the pool; a seed decides,
 * whoever looks after fewer cases more likely.  Pool, seed and who was left out
 * are recorded, so that anybody can do the draw again (docs/impartiality.md).
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "move.h"
#include "ouv/draw.h"

static const struct ouv_field_decl fields[] = {
	{ .name = "reason", .kind = OUV_FIELD_LINE, .most = 500 },
	{ .name = NULL },
};

static bool
severe(const struct store_mediation *m)
{
	return m->severity != NULL &&
	       (strcmp(m->severity, "high") == 0 ||
		       strcmp(m->severity, "critical") == 0);
}

/* Why that person is not in the pool; NULL: they are. */
static const char *
left_out(const struct verb_call *call, const struct store_pool *who)
{
	return who->conflict                                        ? "conflict"
	       : who->away                                          ? "away"
	       : ouv_id_equal(&who->person, &call->opened->c.owner) ? "owner"
	       : severe(&call->move->m) && !who->trained            ? "training"
								    : NULL;
}

/* Intake opens cases; a complaint is carried by those who may to its end. */
static bool
carries(const struct verb_call *call, enum ouv_role role)
{
	const char *kind = call->move->m.kind;
	const bool complaint = kind == NULL || strcmp(kind, "complaint") == 0;
	const struct ouv_move *reply;

	return ouv_workflow_find(call->file->state, OUV_ACTION_REPLY, role,
		       &reply) == OUV_OK &&
	       !(complaint && role == OUV_ROLE_INTAKE);
}

/* Those whose work it is, in the pool or not, into the record. */
static size_t
sort_out(struct verb_call *call, const struct store_pool *list, size_t count,
	size_t *pool_out, int *loads_out, json_t *record)
{
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		const char *against = left_out(call, &list[i]);
		char hex[OUV_ID_HEX];

		if (!carries(call, list[i].role))
			continue;
		ouv_id_hex(&list[i].person, hex);
		(void)json_array_append_new(record,
			against != NULL
				? json_pack("{s:s, s:s, s:s, s:i}", "person",
					  hex, "name", list[i].name, "against",
					  against, "load", list[i].load)
				: json_pack("{s:s, s:s, s:i, s:i}", "person",
					  hex, "name", list[i].name, "load",
					  list[i].load, "weight",
					  ouv_draw_weight(list[i].load)));
		if (against != NULL)
			continue;
		pool_out[n] = i;
		loads_out[n++] = list[i].load;
	}
	return n;
}

static enum ouv_err
record_draw(struct verb_call *call, const struct store_pool *chosen,
	const uint8_t seed[OUV_DRAW_SEED], const json_t *record)
{
	struct store_draw draw = { .by = call->actor->person,
		.chosen = chosen->person };
	char *text = json_dumps(record, JSON_COMPACT);

	memcpy(draw.seed, seed, sizeof(draw.seed));
	draw.pool = ouv_arena_strdup(call->arena, text);
	free(text);
	call->object = chosen->person;
	TRY(store_draw_add(call->tx, &call->file->id, &draw));
	if (!chosen->key)
		TRY(grant_give(call, &chosen->person, "drawn"));
	return store_case_owner(call->tx, &call->file->id, &chosen->person);
}

static enum ouv_err
run(struct verb_call *call)
{
	json_t *record = json_array();
	uint8_t seed[OUV_DRAW_SEED];
	struct store_pool *list;
	size_t count, n, *pool;
	enum ouv_err err;
	int32_t today;
	int *loads;

	call->move->reason = verb_field(call, "reason");
	err = office_day(call->desk, call->tx, call->now, &today);
	if (err == OUV_OK)
		err = store_pool(call->tx, call->arena, &call->file->id, today,
			&list, &count);
	if (err == OUV_OK) {
		pool = ouv_arena_array(call->arena, count, sizeof(*pool));
		loads = ouv_arena_array(call->arena, count, sizeof(*loads));
		n = sort_out(call, list, count, pool, loads, record);
		ouv_random(seed, sizeof(seed));
		if (n == 0) {
			verb_error(call, "reason", "nobody");
			err = OUV_INVALID;
		} else
			err = record_draw(call,
				&list[pool[ouv_draw(loads, n, seed)]], seed,
				record);
	}
	json_decref(record);
	return err;
}

const struct verb verb_draw = { "draw", OUV_ACTION_DRAW, run, false, fields };
