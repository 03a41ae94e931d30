/*
 * texts_preview.c - a text as it would arrive, with examples or a real case
 */
#include <string.h>

#include "texts.h"

struct preview {
	struct ouv_desk *desk;
	struct ouv_arena *arena;
	const struct ouv_actor *actor;
	const struct ouv_text_decl *decl;
	json_t *data; /* the examples; real values take their place */
	bool blue;
};

static const struct ouv_text_var *
find_var(const struct ouv_text_decl *decl, const char *name)
{
	for (size_t i = 0; i < decl->var_count; i++)
		if (strcmp(decl->vars[i].name, name) == 0)
			return &decl->vars[i];
	return NULL;
}

/* Of what is known, only what the text asks for; empty: as if not there. */
static void
put_real(struct preview *p, json_t *known)
{
	const char *key;
	json_t *value;

	json_object_foreach(known, key, value)
	{
		const struct ouv_text_var *var = find_var(p->decl, key);

		if (var == NULL)
			continue;
		if (json_is_string(value) &&
			*json_string_value(value) == '\0' && var->optional)
			json_object_del(p->data, key);
		else
			json_object_set(p->data, key, value);
	}
	json_decref(known);
}

static enum ouv_err
consumer_name(struct preview *p, struct store_tx *tx,
	const struct opened *opened, const char **name_out)
{
	struct store_capsule *capsules;
	struct ouv_context context;
	struct consumer consumer;
	size_t count;

	*name_out = "";
	TRY(store_capsules(tx, p->arena, &opened->c.id, &capsules, &count));
	if (count == 0)
		return OUV_OK;
	context_make(p->desk, OUV_KIND_CAPSULE_KEY, OUV_COLUMN_CPK,
		&opened->c.id, &capsules[0].id, capsules[0].key_version,
		&context);
	if (open_capsule(p->arena, &context, opened->csk, capsules[0].box_case,
		    &capsules[0], &consumer) == OUV_OK)
		*name_out = consumer.name;
	return OUV_OK;
}

/* Reading a name in a case is reading the case: its log says so. */
static enum ouv_err
put_case(struct preview *p, struct store_tx *tx, const char *number)
{
	json_t *known = json_object();
	struct opened opened;
	const char *name = "";
	enum ouv_err err =
		open_locked(p->desk, tx, p->arena, p->actor, number, &opened);

	if (err == OUV_OK)
		err = log_existing(p->desk, tx, p->arena, &opened.c.id,
			&p->actor->person, "read", &opened.c.id);
	if (err == OUV_OK)
		err = consumer_name(p, tx, &opened, &name);
	if (err == OUV_OK) {
		json_object_set_new(known, "name", json_string(name));
		json_object_set_new(
			known, "received_on", json_integer(opened.c.opened_at));
		if (opened.c.due_at != 0)
			json_object_set_new(known, "first_reply_by",
				json_integer(opened.c.due_at));
		if (opened.c.protocol != NULL)
			json_object_set_new(known, "protocol",
				json_string(opened.c.protocol));
		err = profile_sign(tx, p->arena, p->actor, known, &p->blue);
	}
	ouv_wipe(opened.csk, sizeof(opened.csk));
	put_real(p, known);
	return err;
}

static enum ouv_err
take_case(struct preview *p, const char *number)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;

	TRY(store_begin(p->desk->store, &tx));
	TRY(put_case(p, tx, number));
	return store_commit(&tx);
}

/* A piece is shown as a letter that says nothing else. */
static enum ouv_err
lay_out(struct preview *p, struct ouv_str text, enum ouv_lang lang,
	struct ouv_text_letter *letter_out)
{
	struct ouv_text_part part = { .lang = lang, .text = text };

	if (p->decl->kind == OUV_TEXT_PIECE) {
		part.text.p = ouv_arena_printf(p->arena, "Subject: %s\n\n%s",
			p->decl->title[lang], text.p);
		part.text.len = strlen(part.text.p);
	}
	return ouv_text_layout(p->arena, &part, 1, p->blue, letter_out);
}

static enum ouv_err
render(struct preview *p, const char *body, enum ouv_lang lang,
	struct ouv_text_letter *letter_out, struct ouv_tmpl_error *error_out)
{
	json_t *own = json_object();
	struct ouv_str text;

	letter_office(p->desk->office->config, own);
	put_real(p, own);
	TRY(text_render(
		p->arena, p->decl, body, lang, p->data, &text, error_out));
	return lay_out(p, text, lang, letter_out);
}

enum ouv_err
ouv_desk_text_preview(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const char *name, const char *body,
	enum ouv_lang lang, const char *number,
	struct ouv_text_letter *letter_out, struct ouv_tmpl_error *error_out)
{
	struct preview p = { .desk = desk, .arena = arena, .actor = actor };
	enum ouv_err err = OUV_OK;
	size_t index;

	memset(error_out, 0, sizeof(*error_out));
	TRY(texts_index(desk->office, name, &index));
	p.decl = desk->office->shipped[index].decl;
	p.data = ouv_text_example(p.decl);
	if (number != NULL && *number != '\0')
		err = take_case(&p, number);
	if (err == OUV_OK)
		err = render(&p, body, lang, letter_out, error_out);
	json_decref(p.data);
	return err;
}
