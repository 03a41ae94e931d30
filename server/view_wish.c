/*
 * view_wish.c - the form of the filter, and what is filtered by
 */
#include <string.h>

#include "ouv/desk.h"

#include "view.h"
#include "wish.h"

/* Of a select: its codes and the prefix of their words. */
struct choices {
	enum wish_field field;
	const char *prefix;
	const char *const *codes;
};

/* clang-format off */
static const char *const sorts[] = { "due", "last", "opened", NULL };
static const struct choices selects[] = {
	{ WISH_KIND, "word_kind_", ouv_work_kinds },
	{ WISH_SEVERITY, "word_severity_", ouv_work_severities },
	{ WISH_CHANNEL, "word_contact_channel_", ouv_work_channels },
	{ WISH_LANG, "lang_", wish_langs },
	{ WISH_SORT, "sort_", sorts },
};
/* clang-format on */
#define LENGTH(list) (sizeof(list) / sizeof((list)[0]))

static void
add_selects(struct request *request, json_t *data, const struct wish *wish)
{
	for (size_t i = 0; i < LENGTH(selects); i++) {
		const struct choices *s = &selects[i];
		const char *now = s->field == WISH_SORT
					  ? ouv_order_name(wish->ouv.order)
					  : wish->values[s->field];
		json_t *list = json_array();

		for (const char *const *code = s->codes; *code != NULL; code++)
			view_option(list, *code,
				view_word_of(request, s->prefix, *code),
				strcmp(*code, now) == 0);
		json_object_set_new(data,
			ouv_arena_printf(request->arena, "%s_choices",
				wish_name(s->field)),
			list);
	}
}

static void
add_states(struct request *request, json_t *data, const struct wish *wish)
{
	json_t *list = json_array();

	for (int i = 0; i < OUV_STATE__COUNT; i++) {
		const char *name = ouv_state_name((enum ouv_state)i);

		if (i == OUV_STATE_HELD) /* has a page of its own */
			continue;
		view_option(list, name, view_word_of(request, "state_", name),
			i == (int)wish->ouv.state);
	}
	json_object_set_new(data, "state_choices", list);
}

/* Name of the owner asked for; its login when nobody has it. */
static const char *
add_owners(struct request *request, json_t *data, const struct wish *wish,
	const struct ouv_colleague *people, size_t count)
{
	const char *now = wish->values[WISH_OWNER], *found = now;
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++) {
		bool is_current = strcmp(people[i].login, now) == 0;

		view_option(list, people[i].login, people[i].name, is_current);
		if (is_current)
			found = people[i].name;
	}
	json_object_set_new(data, "owner_choices", list);
	view_flag(data, "is_owner_me", strcmp(now, "me") == 0);
	view_flag(data, "is_owner_nobody", strcmp(now, "nobody") == 0);
	if (strcmp(now, "me") == 0 || strcmp(now, "nobody") == 0)
		return view_word_of(request, "owner_", now);
	return found;
}

static bool
is_day(enum wish_field field)
{
	return field >= WISH_DUE_FROM && field <= WISH_OPENED_TO;
}

static const char *
value_of(const struct request *request, const struct wish *wish,
	enum wish_field field, const char *owner)
{
	if (field == WISH_OWNER)
		return owner;
	if (field == WISH_STATE)
		return view_word_of(request, "state_", wish->values[field]);
	for (size_t i = 0; i < LENGTH(selects); i++)
		if (selects[i].field == field)
			return view_word_of(request, selects[i].prefix,
				wish->values[field]);
	return wish->values[field];
}

static void
add_tags(const struct request *request, json_t *data, const struct wish *wish,
	const char *owner)
{
	json_t *tags = json_array();

	for (int i = 0; i < WISH__COUNT; i++) {
		const enum wish_field f = (enum wish_field)i;
		json_t *one;
		int32_t day;

		if (f == WISH_QUEUE || f == WISH_SORT ||
			*wish->values[f] == '\0' || wish->wrong[f])
			continue;
		one = json_object();
		view_code(request, one, "name", "filter_", wish_name(f));
		view_line(one, "value", value_of(request, wish, f, owner));
		if (is_day(f) &&
			view_day_typed(request->lang, wish->values[f], &day))
			view_day(request, one, "value", day);
		view_line(one, "tag_path",
			ouv_arena_printf(request->arena, "/cases?%s",
				wish_query(request, wish, f)));
		json_array_append_new(tags, one);
	}
	view_flag(data, "has_tags", json_array_size(tags) > 0);
	json_object_set_new(data, "tags", tags);
}

/* For forms that are about this list: each field that has a value. */
static void
add_fields(json_t *data, const struct wish *wish)
{
	json_t *list = json_array();

	for (int i = 0; i < WISH__COUNT; i++) {
		json_t *one;

		if (*wish->values[i] == '\0')
			continue;
		one = json_object();
		view_line(one, "field", wish_name((enum wish_field)i));
		view_line(one, "value", wish->values[i]);
		json_array_append_new(list, one);
	}
	json_object_set_new(data, "wish_fields", list);
}

/* Why a field's value is none, and which: its choices do not show it. */
static const char *
wrong_text(const struct request *request, const struct wish *wish,
	enum wish_field field)
{
	const struct words *words = &request->server->words;
	const char *value = wish->values[field];

	if (is_day(field))
		return words_get(words, request->lang, "filter_day_wrong");
	if (strlen(value) > WISH_MOST)
		return words_get(words, request->lang, "filter_long");
	return ouv_arena_printf(request->arena, "%s %s",
		words_get(words, request->lang,
			field == WISH_OWNER ? "filter_owner_wrong"
					    : "filter_value_wrong"),
		value);
}

static void
add_errors(const struct request *request, json_t *data, const struct wish *wish)
{
	for (int i = 0; i < WISH__COUNT; i++) {
		const enum wish_field f = (enum wish_field)i;
		const char *name = wish_name(f);

		view_flag(data,
			ouv_arena_printf(request->arena, "has_%s_error", name),
			wish->wrong[f]);
		view_line(data,
			ouv_arena_printf(request->arena, "%s_error", name),
			wish->wrong[f] ? wrong_text(request, wish, f) : "");
	}
}

/* What was typed into fields of one's own words. */
static void
add_typed(const struct request *request, json_t *data, const struct wish *wish)
{
	static const enum wish_field typed[] = { WISH_COMPANY, WISH_DUE_FROM,
		WISH_DUE_TO, WISH_OPENED_FROM, WISH_OPENED_TO };

	for (size_t i = 0; i < LENGTH(typed); i++)
		view_line(data, wish_name(typed[i]), wish->values[typed[i]]);
	add_errors(request, data, wish);
	view_line(data, "queue", ouv_queue_name(wish->ouv.queue));
	view_line(data, "query", wish_query(request, wish, WISH__COUNT));
	view_flag(data, "is_by_due", wish->ouv.order == OUV_ORDER_DUE);
	view_flag(data, "is_filtered", wish->is_filtered);
	view_flag(data, "is_wrong_filter", wish->is_wrong);
}

enum ouv_err
view_wish(struct request *request, json_t *data, const struct wish *wish)
{
	struct ouv_colleague *people;
	struct ouv_desk *desk;
	enum ouv_err err;
	size_t count;

	err = desk_here(request->server, &desk);
	if (err == OUV_OK)
		err = ouv_desk_colleagues(
			desk, request->arena, &people, &count);
	if (err != OUV_OK)
		return err;
	add_selects(request, data, wish);
	add_states(request, data, wish);
	add_tags(request, data, wish,
		add_owners(request, data, wish, people, count));
	add_typed(request, data, wish);
	add_fields(data, wish);
	return OUV_OK;
}
