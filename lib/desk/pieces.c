/*
 * pieces.c - what a colleague may put into a letter, with the case's values in
 */
#include <stdlib.h>
#include <string.h>

#include "ouv/log.h"
#include "write.h"

#define FOLDER "piece/"

struct piecing {
	struct ouv_desk *desk;
	struct store_tx *tx;
	struct ouv_arena *arena;
	const struct consumer *to;
	enum ouv_lang titles; /* the colleague's */
	json_t *known;        /* what the case gives */
};

static const struct ouv_text_var *
find_var(const struct ouv_text_decl *decl, const char *name)
{
	for (size_t i = 0; i < decl->var_count; i++)
		if (strcmp(decl->vars[i].name, name) == 0)
			return &decl->vars[i];
	return NULL;
}

/* Of what the case gives the piece gets what it declares; what it needs and
 * the case does not give comes from its example, for now. */
static json_t *
data_of(const struct piecing *p, const struct ouv_text_decl *decl)
{
	json_t *data = ouv_text_example(decl), *value;
	const char *key;

	for (size_t i = 0; i < decl->var_count; i++)
		if (decl->vars[i].optional)
			(void)json_object_del(data, decl->vars[i].name);
	json_object_foreach(p->known, key, value)
	{
		if (find_var(decl, key) != NULL)
			(void)json_object_set(data, key, value);
	}
	return data;
}

/* An example must not be sent: an open blank in its place is refused. */
static void
open_blanks(const struct piecing *p, const struct ouv_text_decl *decl,
	json_t *values)
{
	for (size_t i = 0; i < decl->var_count; i++) {
		const struct ouv_text_var *var = &decl->vars[i];

		if (!var->optional && var->type != OUV_TEXT_FLAG &&
			var->type != OUV_TEXT_LIST &&
			json_object_get(p->known, var->name) == NULL)
			json_object_set_new(values, var->name,
				json_string(ouv_arena_printf(p->arena,
					"[\xE2\x80\xA6 %s]",
					var->says[p->titles])));
	}
}

static enum ouv_err
render(const struct piecing *p, const struct text_live *live,
	const char **text_out)
{
	const struct ouv_text_decl *decl = live->decl;
	struct ouv_text_error wrong = { 0 };
	struct ouv_tmpl_error error = { 0 };
	json_t *data = data_of(p, decl), *values = NULL;
	struct ouv_str text;
	enum ouv_err err;

	err = ouv_text_values(decl, data, p->to->lang, &values, &wrong);
	json_decref(data);
	if (err != OUV_OK) {
		ouv_log_error("the data for %s: %s %s", wrong.text, wrong.var,
			wrong.what);
		return err;
	}
	open_blanks(p, decl, values);
	err = ouv_tmpl_render_text(p->arena, OUV_TMPL_STRICT_TEXT, decl->name,
		live->body[p->to->lang], values, NULL, NULL, &text, &error);
	json_decref(values);
	if (err != OUV_OK)
		ouv_log_error("piece %s, version %d, line %d: %s", decl->name,
			live->n, error.line, error.what);
	else
		*text_out = ouv_arena_strndup(p->arena, text.p, text.len);
	return err;
}

static int
by_group_and_title(const void *a, const void *b)
{
	const struct ouv_piece *x = a, *y = b;
	int order = strcmp(x->group, y->group);

	return order != 0 ? order : strcoll(x->title, y->title);
}

/* One that does not render is left out: the others are needed all the same. */
static enum ouv_err
all_pieces(struct piecing *p, struct ouv_piece **pieces_out, size_t *count_out)
{
	size_t decl_count, n = 0;
	const struct ouv_text_decl *decls =
		ouv_text_list(p->desk->office->texts, &decl_count);
	struct ouv_piece *list =
		ouv_arena_array(p->arena, decl_count, sizeof(*list));

	for (size_t i = 0; i < decl_count; i++) {
		const struct ouv_text_decl *decl = &decls[i];
		struct text_live live;

		if (strncmp(decl->name, FOLDER, sizeof(FOLDER) - 1) != 0)
			continue;
		TRY(texts_live(p->desk, p->tx, decl->name, &live));
		if (live.body[p->to->lang] == NULL ||
			render(p, &live, &list[n].text) != OUV_OK)
			continue;
		list[n].name = decl->name;
		list[n].group = decl->group;
		list[n++].title = decl->title[p->titles];
	}
	if (n > 1)
		qsort(list, n, sizeof(*list), by_group_and_title);
	*pieces_out = list;
	*count_out = n;
	return OUV_OK;
}

static enum ouv_err
pieces_of(struct piecing *p, const struct ouv_actor *actor, const char *number,
	const char *side, struct consumer *to, const char **protocol_out)
{
	struct opened opened;
	enum ouv_err err;

	TRY(open_case(p->desk, p->tx, p->arena, actor, number, &opened));
	err = party_find(p->desk, p->tx, p->arena, &opened, side, to);
	*protocol_out = opened.c.protocol;
	ouv_wipe(opened.csk, sizeof(opened.csk));
	return err == OUV_NOT_FOUND ? OUV_INVALID : err;
}

enum ouv_err
ouv_desk_pieces(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const char *number, const char *to,
	enum ouv_lang lang, struct ouv_piece **pieces_out, size_t *count_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	const char *protocol;
	struct consumer party;
	struct piecing p = {
		.desk = desk, .arena = arena, .to = &party, .titles = lang
	};
	enum ouv_err err;
	bool blue;

	TRY(store_begin_reading(desk->store, &tx));
	p.tx = tx;
	TRY(pieces_of(&p, actor, number,
		to != NULL && *to != '\0' ? to : "consumer", &party,
		&protocol));
	p.known = json_pack("{s:s, s:s}", "protocol",
		protocol != NULL ? protocol : "", "name", party.name);
	err = p.known != NULL ? profile_sign(tx, arena, actor, p.known, &blue)
			      : OUV_INVALID;
	if (err == OUV_OK) {
		letter_office(desk->office->config, p.known);
		err = all_pieces(&p, pieces_out, count_out);
	}
	json_decref(p.known);
	return err;
}
