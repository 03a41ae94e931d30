/*
 * profile.c - what stands under a colleague's letters: title, telephone, colour
 */
#include <string.h>

#include "desk_impl.h"

#define TITLE_MOST 80
#define PHONE_MOST 40

/* ---- reading ---------------------------------------------------------------
 */

enum ouv_err
ouv_desk_profile(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, struct ouv_profile *profile_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct store_profile row;

	TRY(store_begin(desk->store, &tx));
	TRY(store_profile(tx, arena, &actor->person, &row));
	TRY(store_commit(&tx));
	*profile_out = (struct ouv_profile){ row.title, row.phone, row.blue };
	return OUV_OK;
}

/* clang-format off */
static const struct {
	const char *name;
	enum ouv_role role;
} flags[] = {
	{ "is_ombudsman", OUV_ROLE_OMBUDSMAN },
	{ "is_reader", OUV_ROLE_READER },
	{ "is_mediator", OUV_ROLE_MEDIATOR },
	{ "is_intake", OUV_ROLE_INTAKE },
};
/* clang-format on */

static void
set_or_drop(json_t *data, const char *key, const char *value)
{
	if (*value == '\0')
		(void)json_object_del(data, key);
	else
		json_object_set_new(data, key, json_string(value));
}

static void
add_signature(const struct ouv_actor *actor, const char *title,
	const char *phone, json_t *data)
{
	json_object_set_new(data, "author_name", json_string(actor->name));
	set_or_drop(data, "author_title", title);
	set_or_drop(data, "author_phone", phone);
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		json_object_set_new(data, flags[i].name,
			json_boolean(actor->role == flags[i].role));
}

enum ouv_err
profile_sign(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_actor *actor, json_t *data, bool *blue_out)
{
	struct store_profile row;

	TRY(store_profile(tx, arena, &actor->person, &row));
	add_signature(actor, row.title, row.phone, data);
	*blue_out = row.blue;
	return OUV_OK;
}

/* ---- as it will stand there
 * ------------------------------------------------------- */

/* The last line of what the example of the letter says: the rest is below. */
static const char *
last_line(struct ouv_arena *arena, const json_t *example)
{
	const char *words =
		json_string_value(json_object_get(example, "words"));
	size_t end = words != NULL ? strlen(words) : 0, begin;

	while (end > 0 && strchr(" \t\r\n", words[end - 1]) != NULL)
		end--;
	for (begin = end; begin > 0 && words[begin - 1] != '\n';)
		begin--;
	return end > begin
		       ? ouv_arena_strndup(arena, words + begin, end - begin)
		       : NULL;
}

/* Behind every paragraph that names the case: the number is an example's. */
static const char *
past_number(const char *text, const char *number)
{
	const char *at;

	while (number != NULL && *number != '\0' &&
		(at = strstr(text, number)) != NULL) {
		const char *end = strstr(at, "\n\n");

		text = end != NULL ? end : at + strlen(at);
	}
	return text + strspn(text, " \t\r\n");
}

static enum ouv_err
letter_end(struct ouv_desk *desk, struct store_tx *tx, struct ouv_arena *arena,
	const struct letter_out *letter, const char **text_out)
{
	const struct consumer to = { .name = "", .addr = "", .code = "" };
	const char *mark = last_line(arena, letter->data), *at;
	struct letter_words words;

	TRY(letter_words(desk, tx, arena, &to, letter, &words));
	at = mark != NULL ? strstr(words.plain, mark) : NULL;
	if (at == NULL)
		return OUV_INVALID;
	*text_out = past_number(at + strlen(mark),
		json_string_value(json_object_get(letter->data, "protocol")));
	return OUV_OK;
}

enum ouv_err
ouv_desk_signature(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const struct ouv_profile *profile,
	enum ouv_lang lang, const char **text_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct letter_out letter = { .template = "letter",
		.lang = lang,
		.kind = "reply",
		.author = actor->person };
	struct text_live live;
	enum ouv_err err;

	TRY(store_begin(desk->store, &tx));
	TRY(texts_live(desk, tx, "mail/letter", &live));
	letter.data = ouv_text_example(live.decl);
	add_signature(actor, profile->title, profile->phone, letter.data);
	err = letter_end(desk, tx, arena, &letter, text_out);
	json_decref(letter.data);
	return err == OUV_OK ? store_commit(&tx) : err;
}

/* From the name on: thanks and closing words are each letter's own. */
static const char *
from_name(struct ouv_arena *arena, const char *text, const char *name)
{
	size_t len = strlen(name), end;

	for (const char *p = text; p != NULL; p = strchr(p, '\n')) {
		p += *p == '\n';
		if (strncmp(p, name, len) == 0 &&
			(p[len] == '\n' || p[len] == '\0')) {
			text = p;
			break;
		}
	}
	for (end = strlen(text); end > 0 && text[end - 1] == '\n';)
		end--;
	return ouv_arena_strndup(arena, text, end);
}

enum ouv_err
profile_lines(struct ouv_desk *desk, struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	enum ouv_lang lang, const char **text_out, bool *blue_out)
{
	struct letter_out letter = { .template = "letter",
		.lang = lang,
		.kind = "reply",
		.author = actor->person };
	const char *text = "";
	struct text_live live;
	enum ouv_err err;

	TRY(texts_live(desk, tx, "mail/letter", &live));
	letter.data = ouv_text_example(live.decl);
	err = profile_sign(tx, arena, actor, letter.data, blue_out);
	if (err == OUV_OK)
		err = letter_end(desk, tx, arena, &letter, &text);
	json_decref(letter.data);
	if (err == OUV_OK)
		*text_out = from_name(arena, text, actor->name);
	return err;
}

/* ---- writing ---------------------------------------------------------------
 */

/* What no letter may hold must not come in through the signature. */
static bool
is_blocked(struct ouv_desk *desk, struct ouv_arena *arena, const char *text)
{
	const struct ouv_lint_text what = {
		.lang = OUV_LANG__COUNT, .kind = OUV_LINT_PIECE, .body = text
	};
	struct ouv_finding *findings;
	size_t count;

	ouv_lint_run(arena, desk->office->lint, &what, &findings, &count);
	for (size_t i = 0; i < count; i++)
		if (findings[i].rule->severity == OUV_LINT_BLOCKS)
			return true;
	return false;
}

static const char *
line(struct verb_call *call, const char *field, size_t most)
{
	const char *text = held_text(call, field, most, true);
	size_t len = strlen(text);

	while (len > 0 && strchr(" \t", text[len - 1]) != NULL)
		len--;
	text = ouv_arena_strndup(call->arena, text, len);
	if (call->result->error_count == 0 &&
		is_blocked(call->desk, call->arena, text))
		verb_error(call, field, "blocked");
	return text;
}

static enum ouv_err
read_fields(struct verb_call *call, struct store_profile *row_out)
{
	/* clang-format off */
	static const char *const colors[] = { "black", "blue" };
	/* clang-format on */
	const char *color = held_word(call, "color", colors, 2);
	const char *title = line(call, "title", TITLE_MOST);
	const char *phone = line(call, "phone", PHONE_MOST);

	if (call->result->error_count == 0 && *phone != '\0' &&
		!ouv_text_fits(OUV_TEXT_PHONE, phone))
		verb_error(call, "phone", "not-a-phone");
	if (call->result->error_count > 0)
		return OUV_INVALID;
	*row_out = (struct store_profile){ title, phone, color == colors[1] };
	return OUV_OK;
}

enum ouv_err
ouv_desk_profile_set(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const char *form_key,
	const struct ouv_field *fields, size_t field_count,
	struct ouv_verb_result *result_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct verb_call call = { .desk = desk,
		.arena = arena,
		.actor = actor,
		.fields = fields,
		.field_count = field_count,
		.result = result_out };
	struct store_profile row;
	enum ouv_err err;

	memset(result_out, 0, sizeof(*result_out));
	TRY(read_fields(&call, &row));
	TRY(store_begin(desk->store, &tx));
	err = form_once(tx, actor, form_key, "profile");
	if (err == OUV_CONFLICT) {
		result_out->repeated = true;
		return OUV_OK;
	}
	if (err != OUV_OK)
		return err;
	TRY(store_profile_set(tx, &actor->person, &row));
	TRY(log_own(desk, tx, &actor->person, "profile", &actor->person));
	return store_commit(&tx);
}
