/*
 * mv_pending.c - the acts of a case that wait for a second person
 */
#include <string.h>

#include "frame.h"
#include "pending.h"

/* May this colleague be the second one?  The row is the author's; whether they
 * are impartial is asked when they confirm. */
static bool
may_decide(const struct mv *mv, const struct store_pending *p)
{
	size_t count;
	const struct ouv_move *rows = ouv_workflow_rows(&count);
	uint32_t roles = 0;
	enum ouv_action action;

	if (ouv_id_equal(&p->author, &mv->actor->person) ||
		ouv_action_parse(p->action, &action) != OUV_OK)
		return false;
	for (size_t i = 0; i < count; i++)
		if (rows[i].action == action)
			roles |= rows[i].second;
	return (roles & OUV_ROLE_BIT(mv->actor->role)) != 0;
}

static bool
is_gone(const struct mv *mv, const struct store_pending *p)
{
	const struct ouv_move *row;
	enum ouv_action action;

	return ouv_action_parse(p->action, &action) != OUV_OK ||
	       ouv_workflow_find(mv->opened->c.state, action, p->author_role,
		       &row) != OUV_OK;
}

/* The declaration of a field, or of the one that "NAME-2" repeats. */
static const struct ouv_field_decl *
declared(const struct verb *verb, const char *name)
{
	const struct ouv_field_decl *d = verb != NULL ? verb->fields : NULL;

	for (; d != NULL && d->name != NULL; d++) {
		size_t len = strlen(d->name);

		if (strncmp(d->name, name, len) == 0 &&
			(name[len] == '\0' ||
				(d->repeat > 1 && name[len] == '-')))
			return d;
	}
	return NULL;
}

static enum ouv_err
read_labels(struct mv *mv, const struct store_pending *p,
	struct ouv_pending_view *view)
{
	const struct verb *verb = verb_find(p->action);

	view->labels = ouv_arena_array(
		mv->arena, view->field_count, sizeof(*view->labels));
	for (size_t i = 0; i < view->field_count; i++) {
		const struct ouv_field *field = &view->fields[i];
		const struct ouv_field_decl *d = declared(verb, field->name);

		view->labels[i] = NULL;
		if (d != NULL && d->kind == OUV_FIELD_CODE)
			TRY(mv_label(
				mv, d->book, field->value, &view->labels[i]));
	}
	return OUV_OK;
}

static enum ouv_err
read_fields(struct mv *mv, const struct store_pending *p,
	struct ouv_pending_view *view)
{
	const char *text;

	TRY(mv_words(mv, &p->item, &text));
	if (*text == '\0')
		return OUV_OK; /* altered: it shows nothing, and fails */
	TRY(pending_fields(mv->arena, text, &view->fields, &view->field_count));
	return read_labels(mv, p, view);
}

enum ouv_err
mv_pending(struct mv *mv)
{
	struct store_pending *list;
	size_t count;

	TRY(store_pendings(
		mv->tx, mv->arena, &mv->opened->c.id, &list, &count));
	mv->out->pending =
		ouv_arena_array(mv->arena, count, sizeof(*mv->out->pending));
	mv->out->pending_count = count;
	for (size_t i = 0; i < count; i++) {
		struct ouv_pending_view *view = &mv->out->pending[i];

		*view = (struct ouv_pending_view){ .id = list[i].id,
			.action = list[i].action,
			.author = list[i].author_name,
			.at = list[i].at,
			.mine = ouv_id_equal(
				&list[i].author, &mv->actor->person),
			.may_decide = may_decide(mv, &list[i]),
			.gone = is_gone(mv, &list[i]) };
		TRY(read_fields(mv, &list[i], view));
		TRY(store_changes_judged(mv->tx, mv->arena, &mv->opened->c.id,
			list[i].rev, &view->changes, &view->change_count));
	}
	return OUV_OK;
}
