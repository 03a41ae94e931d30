/*
 * mv_about.c - what a case is about, and its company, for the case's view
 */
#include "move.h"

/* Also of a code that has ended since: a case keeps what it was given. */
enum ouv_err
mv_label(struct mv *mv, const char *book, const char *code,
	const char **label_out)
{
	struct store_code old;
	enum ouv_err err;

	*label_out = NULL;
	if (code == NULL || *code == '\0')
		return OUV_OK;
	TRY(code_label(mv->desk, mv->tx, book, code, mv->lang, label_out));
	if (*label_out != NULL)
		return OUV_OK;
	err = store_code(mv->tx, mv->arena, book, code, INT32_MAX / 2, &old);
	*label_out = err == OUV_OK ? old.label[mv->lang] : code;
	return err == OUV_NOT_FOUND ? OUV_OK : err;
}

static enum ouv_err
allegations(struct mv *mv)
{
	struct store_allegation *list;
	struct ouv_allegation_view *views;
	size_t count;

	TRY(store_allegations(
		mv->tx, mv->arena, &mv->opened->c.id, &list, &count));
	views = ouv_arena_array(mv->arena, count, sizeof(*views));
	for (size_t i = 0; i < count; i++) {
		views[i].code = list[i].code;
		views[i].article = list[i].article;
		views[i].law = list[i].law;
		TRY(mv_label(mv, "allegation", list[i].code, &views[i].label));
		TRY(mv_label(mv, "article", list[i].article,
			&views[i].article_label));
		TRY(mv_label(mv, "law", list[i].law, &views[i].law_label));
	}
	mv->out->allegations = views;
	mv->out->allegation_count = count;
	return OUV_OK;
}

static enum ouv_err
unit_name(struct mv *mv, const struct ouv_id *id)
{
	struct store_unit *list;
	size_t count;

	if (ouv_id_is_zero(id))
		return OUV_OK;
	TRY(store_units(mv->tx, mv->arena, &(struct ouv_id){ { 0 } }, 0, &list,
		&count));
	for (size_t i = 0; i < count; i++)
		if (ouv_id_equal(&list[i].id, id))
			mv->out->unit = list[i].name;
	return OUV_OK;
}

static void
columns(struct ouv_mediation *out, const struct store_mediation *m)
{
	out->kind = m->kind;
	out->severity = m->severity;
	out->difficulty = m->difficulty;
	out->service = m->service;
	out->remedy = m->remedy;
	out->contact_channel = m->contact_channel;
	out->direction = m->direction;
	out->identity = m->identity;
	out->urgent = m->urgent;
	out->legal_hold = m->legal_hold;
	out->first_instance = m->first_instance;
	out->company = m->company_name;
	out->profile = m->profile;
	out->calendar = m->calendar;
	out->merit = m->merit;
	out->resolution = m->resolution;
	out->rating = m->rating;
	out->ground = m->ground;
	out->outcome = m->outcome;
	out->complete_at = m->complete_at;
	out->closed_at = m->closed_at;
}

enum ouv_err
mv_about(struct mv *mv)
{
	struct ouv_mediation *out = mv->out;
	struct store_mediation m;

	TRY(store_mediation(mv->tx, mv->arena, &mv->opened->c.id, &m));
	columns(out, &m);
	out->owes = ouv_state_info(m.state)->owes;
	out->due_at = mv->opened->c.due_at;
	TRY(mv_label(mv, "service", m.service, &out->service_label));
	TRY(mv_label(mv, "remedy", m.remedy, &out->remedy_label));
	TRY(mv_label(mv, "ground", m.ground, &out->ground_label));
	TRY(mv_label(mv, "right", m.right, &out->right_label));
	TRY(mv_label(mv, "denial", m.denial, &out->denial_label));
	TRY(unit_name(mv, &m.unit));
	return allegations(mv);
}
