/*
 * texts_change.c - a new version of a text, and the second person's decision
 */
#include <stdlib.h>
#include <string.h>

#include "ouv/clock.h"
#include "texts.h"

#define BODY_MOST 40000
#define REASON_MOST 1000
#define CONTENT_MOST 262144 /* as the table says */
#define TRIES 5

struct change {
	struct ouv_desk *desk;
	struct ouv_arena *arena;
	const struct ouv_actor *actor;
	const struct ouv_field *fields;
	size_t field_count;
	struct ouv_verb_result *result;
	const char *form_key;
	struct store_tx *tx;
	const struct text_live *shipped;
	struct text_now now;
	bool decided; /* a conflict that trying again does not end */
};

static const char *const body_fields[OUV_LANG__COUNT] = {
	[OUV_LANG_PT_BR] = "body-pt-BR",
	[OUV_LANG_EN] = "body-en",
	[OUV_LANG_IT] = "body-it",
};

static const char *
field(const struct change *c, const char *name)
{
	for (size_t i = 0; i < c->field_count; i++)
		if (strcmp(c->fields[i].name, name) == 0)
			return c->fields[i].value;
	return "";
}

static void
wrong(struct change *c, const char *name, const char *code)
{
	struct ouv_verb_result *r = c->result;

	if (r->error_count < sizeof(r->errors) / sizeof(r->errors[0]))
		r->errors[r->error_count++] =
			(struct ouv_field_error){ .field = name, .code = code };
}

static bool
is_blank(const char *text)
{
	return strspn(text, " \t\r\n") == strlen(text);
}

/* What a person says of it; needed: it must not be empty. */
static const char *
words(struct change *c, const char *name, bool needed)
{
	const char *text = field(c, name);

	if (needed && is_blank(text))
		wrong(c, name, "empty");
	else if (strlen(text) > REASON_MOST)
		wrong(c, name, "too-long");
	return is_blank(text) ? "" : text;
}

/* -1: no number. */
static int
number(const char *text)
{
	char *end;
	long n = strtol(text, &end, 10);

	return *text == '\0' || *end != '\0' || n < 0 || n > 1000000 ? -1
								     : (int)n;
}

/* ---- a new version ------------------------------------------------------- */

/* Lines as they come from a form, with no blanks after the last one. */
static const char *
tidy(struct ouv_arena *arena, const char *text)
{
	char *out = ouv_arena_alloc(arena, strlen(text) + 2);
	size_t len = 0;

	for (; *text != '\0'; text++)
		if (*text != '\r')
			out[len++] = *text;
	while (len > 0 && strchr(" \t\n", out[len - 1]) != NULL)
		len--;
	out[len] = '\n';
	out[len + 1] = '\0';
	return out;
}

static enum ouv_err
take_bodies(struct change *c, struct store_text *v,
	const char *body[OUV_LANG__COUNT])
{
	for (int l = 0; l < OUV_LANG__COUNT; l++) {
		const char *text = field(c, body_fields[l]);

		if (is_blank(text))
			wrong(c, body_fields[l], "empty");
		else if (strlen(text) > BODY_MOST)
			wrong(c, body_fields[l], "too-long");
		body[l] = tidy(c->arena, text);
	}
	v->from_n = -1;
	v->content = text_content(c->arena, body);
	if (strlen(v->content) > CONTENT_MOST)
		wrong(c, body_fields[0], "too-long");
	return OUV_OK;
}

/* One that was live, or the product's own. */
static enum ouv_err
take_former(struct change *c, struct store_text *v,
	const char *body[OUV_LANG__COUNT])
{
	struct colleague *signers;
	struct store_text *rows;
	size_t count, signer_count;

	v->from_n = number(field(c, "from"));
	v->content = "";
	memcpy(body, c->shipped->body, sizeof(c->shipped->body));
	if (v->from_n == 0)
		return OUV_OK;
	TRY(store_text_versions(
		c->tx, c->arena, c->shipped->decl->name, &rows, &count));
	TRY(text_signers(c->desk, c->tx, c->arena, &signers, &signer_count));
	for (size_t i = 0; i < count; i++) {
		if (rows[i].n != v->from_n || !rows[i].published ||
			text_signed(c->desk->office, signers, signer_count,
				c->shipped->decl, &rows[i]) != OUV_OK)
			continue;
		v->content = rows[i].content;
		if (*v->content == '\0' ||
			text_bodies(c->arena, v->content, body) == OUV_OK)
			return OUV_OK;
	}
	wrong(c, "from", "unknown");
	return OUV_OK;
}

static bool
same_words(const char *const a[OUV_LANG__COUNT],
	const char *const b[OUV_LANG__COUNT])
{
	for (int l = 0; l < OUV_LANG__COUNT; l++)
		if (strcmp(a[l], b[l]) != 0)
			return false;
	return true;
}

/* Blocking findings are never saved; warnings with a reason. */
static enum ouv_err
check_words(struct change *c, const struct store_text *v,
	const char *const body[OUV_LANG__COUNT])
{
	bool told[OUV_LANG__COUNT] = { false }, warned = false;
	struct ouv_text_finding *findings;
	size_t count;

	if (*v->content == '\0')
		return OUV_OK; /* the product's own */
	TRY(text_check(c->arena, c->desk->office, c->shipped, body, &findings,
		&count));
	for (size_t i = 0; i < count; i++) {
		if (!findings[i].blocks)
			warned = true;
		else if (!told[findings[i].lang])
			wrong(c,
				v->from_n >= 0 ? "from"
					       : body_fields[findings[i].lang],
				"blocked");
		told[findings[i].lang] |= findings[i].blocks;
	}
	if (warned && *v->overrule == '\0')
		wrong(c, "overrule", "warned");
	return OUV_OK;
}

static enum ouv_err
read_proposal(struct change *c, struct store_text *v)
{
	const char *body[OUV_LANG__COUNT];

	v->reason = words(c, "reason", true);
	v->overrule = words(c, "overrule", false);
	if (*field(c, "from") != '\0')
		TRY(take_former(c, v, body));
	else
		TRY(take_bodies(c, v, body));
	if (c->result->error_count > 0)
		return OUV_INVALID;
	if (same_words(body, c->now.live.body))
		wrong(c, v->from_n >= 0 ? "from" : body_fields[0], "same");
	else
		TRY(check_words(c, v, body));
	return c->result->error_count > 0 ? OUV_INVALID : OUV_OK;
}

static enum ouv_err
propose(struct change *c)
{
	const struct ouv_text_decl *decl = c->shipped->decl;
	struct store_text v = { .name = decl->name,
		.author = c->actor->person,
		.at = ouv_clock_now(),
		.published = !decl->automatic };
	struct ouv_id id;

	if (!text_may_change(c->actor))
		return OUV_REFUSED;
	if (*field(c, "base") != '\0' && number(field(c, "base")) != c->now.n) {
		c->decided = true;
		return OUV_CONFLICT;
	}
	TRY(read_proposal(c, &v));
	TRY(store_text_last(c->tx, v.name, &v.n));
	v.n++;
	if (*v.overrule == '\0')
		v.overrule = NULL;
	text_sign(c->desk->office, c->actor->identity, &v);
	TRY(store_text_add(c->tx, &v));
	id = text_id(v.name, v.n);
	return log_own(c->desk, c->tx, &c->actor->person, "text-propose", &id);
}

/* ---- the second person --------------------------------------------------- */

static enum ouv_err
find_waiting(struct change *c, struct store_text *v)
{
	const int n = number(field(c, "n"));
	struct colleague *signers;
	struct store_text *rows;
	size_t count, signer_count, i = 0;

	TRY(store_text_versions(
		c->tx, c->arena, c->shipped->decl->name, &rows, &count));
	while (i < count && rows[i].n != n)
		i++;
	if (i == count)
		return OUV_NOT_FOUND;
	*v = rows[i];
	if (v->published || v->refused || v->n < c->now.n) {
		c->decided = true;
		return OUV_CONFLICT;
	}
	TRY(text_signers(c->desk, c->tx, c->arena, &signers, &signer_count));
	return text_signed(
		c->desk->office, signers, signer_count, c->shipped->decl, v);
}

/* Nothing goes out that would be refused today. */
static enum ouv_err
check_again(struct change *c, const struct store_text *v)
{
	const char *body[OUV_LANG__COUNT];
	struct ouv_text_finding *findings;
	size_t count;

	if (*v->content == '\0')
		return OUV_OK;
	TRY(text_bodies(c->arena, v->content, body));
	TRY(text_check(c->arena, c->desk->office, c->shipped,
		(const char *const *)body, &findings, &count));
	for (size_t i = 0; i < count; i++)
		if (findings[i].blocks) {
			wrong(c, "n", "blocked");
			return OUV_INVALID;
		}
	return OUV_OK;
}

static enum ouv_err
decide(struct change *c)
{
	const char *decision = field(c, "decision"), *said;
	struct store_text v;
	struct ouv_id id;

	if (!text_may_decide(c->actor))
		return OUV_REFUSED;
	TRY(find_waiting(c, &v));
	if (ouv_id_equal(&v.author, &c->actor->person))
		return OUV_REFUSED;
	v.published = strcmp(decision, "publish") == 0;
	v.refused = strcmp(decision, "refuse") == 0;
	if (!v.published && !v.refused)
		wrong(c, "decision", *decision != '\0' ? "unknown" : "empty");
	said = words(c, "why", v.refused);
	if (c->result->error_count > 0)
		return OUV_INVALID;
	if (v.published)
		TRY(check_again(c, &v));
	v.second = c->actor->person;
	v.second_at = ouv_clock_now();
	v.second_why = said;
	text_sign_second(c->desk->office, c->actor->identity, &v);
	TRY(store_text_decide(c->tx, &v));
	id = text_id(v.name, v.n);
	return log_own(c->desk, c->tx, &c->actor->person,
		v.published ? "text-publish" : "text-refuse", &id);
}

/* ---- the frame of both --------------------------------------------------- */

typedef enum ouv_err change_fn(struct change *c);

static enum ouv_err
change_once(struct change *c, change_fn *run, const char *verb)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct text_now *list;
	size_t index, count;
	enum ouv_err err;

	memset(c->result, 0, sizeof(*c->result));
	TRY(store_begin(c->desk->store, &tx));
	c->tx = tx;
	err = form_once(tx, c->actor, c->form_key, verb);
	if (err == OUV_CONFLICT) {
		c->result->repeated = true;
		return OUV_OK;
	}
	if (err != OUV_OK)
		return err;
	TRY(texts_now(c->desk, tx, &list, &count));
	TRY(texts_index(c->desk->office, c->shipped->decl->name, &index));
	c->now = list[index];
	TRY(run(c));
	return store_commit(&tx);
}

/* Two at the same moment meet at the number or on our log's chain: the other
 * one looks again. */
static enum ouv_err
change(struct change *c, const char *name, const char *form_key, change_fn *run,
	const char *verb)
{
	enum ouv_err err = OUV_CONFLICT;
	size_t index;

	memset(c->result, 0, sizeof(*c->result));
	TRY(texts_index(c->desk->office, name, &index));
	c->shipped = &c->desk->office->shipped[index];
	c->form_key = form_key;
	for (int i = 0; i < TRIES && err == OUV_CONFLICT && !c->decided; i++)
		err = change_once(c, run, verb);
	return err;
}

enum ouv_err
ouv_desk_text_propose(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const char *name, const char *form_key,
	const struct ouv_field *fields, size_t field_count,
	struct ouv_verb_result *result_out)
{
	struct change c = { .desk = desk,
		.arena = arena,
		.actor = actor,
		.fields = fields,
		.field_count = field_count,
		.result = result_out };

	return change(&c, name, form_key, propose, "text-propose");
}

enum ouv_err
ouv_desk_text_decide(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const char *name, const char *form_key,
	const struct ouv_field *fields, size_t field_count,
	struct ouv_verb_result *result_out)
{
	struct change c = { .desk = desk,
		.arena = arena,
		.actor = actor,
		.fields = fields,
		.field_count = field_count,
		.result = result_out };

	return change(&c, name, form_key, decide, "text-decide");
}
