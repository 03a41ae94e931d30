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
	struct verb_call call;
	const struct text_live *shipped;
	enum ouv_err (*run)(struct change *c);
	struct text_now now;
	bool decided; /* a conflict that trying again does not end */
};

static const char *const body_fields[OUV_LANG__COUNT] = {
	[OUV_LANG_PT_BR] = "body-pt-BR",
	[OUV_LANG_EN] = "body-en",
	[OUV_LANG_IT] = "body-it",
};

static bool
is_blank(const char *text)
{
	return strspn(text, " \t\r\n") == strlen(text);
}

/* What a person says of it; needed: it must not be empty. */
static const char *
words(struct change *c, const char *name, bool needed)
{
	const char *text = verb_field(&c->call, name);

	if (needed && is_blank(text))
		verb_error(&c->call, name, "empty");
	else if (strlen(text) > REASON_MOST)
		verb_error(&c->call, name, "too-long");
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
		const char *text = verb_field(&c->call, body_fields[l]);

		if (is_blank(text))
			verb_error(&c->call, body_fields[l], "empty");
		else if (strlen(text) > BODY_MOST)
			verb_error(&c->call, body_fields[l], "too-long");
		body[l] = tidy(c->call.arena, text);
	}
	v->from_n = -1;
	v->content = text_content(c->call.arena, body);
	if (strlen(v->content) > CONTENT_MOST)
		verb_error(&c->call, body_fields[0], "too-long");
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

	v->from_n = number(verb_field(&c->call, "from"));
	v->content = "";
	memcpy(body, c->shipped->body, sizeof(c->shipped->body));
	if (v->from_n == 0)
		return OUV_OK;
	TRY(store_text_versions(c->call.tx, c->call.arena,
		c->shipped->decl->name, &rows, &count));
	TRY(text_signers(c->call.desk, c->call.tx, c->call.arena, &signers,
		&signer_count));
	for (size_t i = 0; i < count; i++) {
		if (rows[i].n != v->from_n || !rows[i].published ||
			text_signed(c->call.desk->office, signers, signer_count,
				c->shipped->decl, &rows[i]) != OUV_OK)
			continue;
		v->content = rows[i].content;
		if (*v->content == '\0' ||
			text_bodies(c->call.arena, v->content, body) == OUV_OK)
			return OUV_OK;
	}
	verb_error(&c->call, "from", "unknown");
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
	TRY(text_check(c->call.arena, c->call.desk->office, c->shipped, body,
		&findings, &count));
	for (size_t i = 0; i < count; i++) {
		if (!findings[i].blocks)
			warned = true;
		else if (!told[findings[i].lang])
			verb_error(&c->call,
				v->from_n >= 0 ? "from"
					       : body_fields[findings[i].lang],
				"blocked");
		told[findings[i].lang] |= findings[i].blocks;
	}
	if (warned && *v->overrule == '\0')
		verb_error(&c->call, "overrule", "warned");
	return OUV_OK;
}

static enum ouv_err
read_proposal(struct change *c, struct store_text *v)
{
	const char *body[OUV_LANG__COUNT];

	v->reason = words(c, "reason", true);
	v->overrule = words(c, "overrule", false);
	if (*verb_field(&c->call, "from") != '\0')
		TRY(take_former(c, v, body));
	else
		TRY(take_bodies(c, v, body));
	if (c->call.result->error_count > 0)
		return OUV_INVALID;
	if (same_words(body, c->now.live.body))
		verb_error(&c->call, v->from_n >= 0 ? "from" : body_fields[0],
			"same");
	else
		TRY(check_words(c, v, body));
	return c->call.result->error_count > 0 ? OUV_INVALID : OUV_OK;
}

static enum ouv_err
propose(struct change *c)
{
	const struct ouv_text_decl *decl = c->shipped->decl;
	struct store_text v = { .name = decl->name,
		.author = c->call.actor->person,
		.at = ouv_clock_now(),
		.published = !decl->automatic };
	struct ouv_id id;

	if (!text_may_change(c->call.actor))
		return OUV_REFUSED;
	if (*verb_field(&c->call, "base") != '\0' &&
		number(verb_field(&c->call, "base")) != c->now.n) {
		c->decided = true;
		return OUV_CONFLICT;
	}
	TRY(read_proposal(c, &v));
	TRY(store_text_last(c->call.tx, v.name, &v.n));
	v.n++;
	if (*v.overrule == '\0')
		v.overrule = NULL;
	text_sign(c->call.desk->office, c->call.actor->identity, &v);
	TRY(store_text_add(c->call.tx, &v));
	id = text_id(v.name, v.n);
	return log_own(c->call.desk, c->call.tx, &c->call.actor->person,
		"text-propose", &id);
}

/* ---- the second person --------------------------------------------------- */

static enum ouv_err
find_waiting(struct change *c, struct store_text *v)
{
	const int n = number(verb_field(&c->call, "n"));
	struct colleague *signers;
	struct store_text *rows;
	size_t count, signer_count, i = 0;

	TRY(store_text_versions(c->call.tx, c->call.arena,
		c->shipped->decl->name, &rows, &count));
	while (i < count && rows[i].n != n)
		i++;
	if (i == count)
		return OUV_NOT_FOUND;
	*v = rows[i];
	if (v->published || v->refused || v->n < c->now.n) {
		c->decided = true;
		return OUV_CONFLICT;
	}
	TRY(text_signers(c->call.desk, c->call.tx, c->call.arena, &signers,
		&signer_count));
	return text_signed(c->call.desk->office, signers, signer_count,
		c->shipped->decl, v);
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
	TRY(text_bodies(c->call.arena, v->content, body));
	TRY(text_check(c->call.arena, c->call.desk->office, c->shipped,
		(const char *const *)body, &findings, &count));
	for (size_t i = 0; i < count; i++)
		if (findings[i].blocks) {
			verb_error(&c->call, "n", "blocked");
			return OUV_INVALID;
		}
	return OUV_OK;
}

static enum ouv_err
decide(struct change *c)
{
	const char *decision = verb_field(&c->call, "decision"), *said;
	struct store_text v;
	struct ouv_id id;

	if (!text_may_decide(c->call.actor))
		return OUV_REFUSED;
	TRY(find_waiting(c, &v));
	if (ouv_id_equal(&v.author, &c->call.actor->person))
		return OUV_REFUSED;
	v.published = strcmp(decision, "publish") == 0;
	v.refused = strcmp(decision, "refuse") == 0;
	if (!v.published && !v.refused)
		verb_error(&c->call, "decision",
			*decision != '\0' ? "unknown" : "empty");
	said = words(c, "why", v.refused);
	if (c->call.result->error_count > 0)
		return OUV_INVALID;
	if (v.published)
		TRY(check_again(c, &v));
	v.second = c->call.actor->person;
	v.second_at = ouv_clock_now();
	v.second_why = said;
	text_sign_second(c->call.desk->office, c->call.actor->identity, &v);
	TRY(store_text_decide(c->call.tx, &v));
	id = text_id(v.name, v.n);
	return log_own(c->call.desk, c->call.tx, &c->call.actor->person,
		v.published ? "text-publish" : "text-refuse", &id);
}

/* ---- the frame of both --------------------------------------------------- */

/* What is live is read in the transaction that changes it. */
static enum ouv_err
run_change(struct verb_call *call, void *user)
{
	struct change *c = user;
	struct text_now *list;
	size_t index, count;

	TRY(texts_now(call->desk, call->tx, &list, &count));
	TRY(texts_index(call->desk->office, c->shipped->decl->name, &index));
	c->now = list[index];
	return c->run(c);
}

/* Two at the same moment meet at the number or on our log's chain: the other
 * one looks again. */
static enum ouv_err
change(struct change *c, const char *name, const char *form_key,
	const char *verb)
{
	const struct ouv_office *office = c->call.desk->office;
	enum ouv_err err = OUV_CONFLICT;
	size_t index;

	memset(c->call.result, 0, sizeof(*c->call.result));
	TRY(texts_index(office, name, &index));
	c->shipped = &office->shipped[index];
	for (int i = 0; i < TRIES && err == OUV_CONFLICT && !c->decided; i++)
		err = change_once(&c->call, form_key, verb, run_change, c);
	return err;
}

enum ouv_err
ouv_desk_text_propose(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const char *name, const char *form_key,
	const struct ouv_field *fields, size_t field_count,
	struct ouv_verb_result *result_out)
{
	struct change c = { .call = change_call(desk, arena, actor, fields,
				    field_count, result_out),
		.run = propose };

	return change(&c, name, form_key, "text-propose");
}

enum ouv_err
ouv_desk_text_decide(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const char *name, const char *form_key,
	const struct ouv_field *fields, size_t field_count,
	struct ouv_verb_result *result_out)
{
	struct change c = { .call = change_call(desk, arena, actor, fields,
				    field_count, result_out),
		.run = decide };

	return change(&c, name, form_key, "text-decide");
}
