/*
 * page_member_text.c - what somebody of a company typed into several fields, as
 * one text that people read
 */
#include <string.h>

#include "ouv/buf.h"

#include "member.h"

static const char *
word(const struct request *request, const char *key)
{
	const char *text =
		words_get(&request->server->words, request->lang, key);

	return text != NULL ? text : key;
}

static void
add_part(const struct request *request, struct ouv_buf *buf, const char *key,
	const char *text)
{
	if (*text != '\0')
		ouv_buf_printf(buf, "%s %s\n", word(request, key), text);
}

/* As one writes a day; what is none stays as it was typed. */
static const char *
day_text(const struct request *request, const char *iso)
{
	json_t *scratch;
	const char *text = iso;
	int32_t day;

	if (!view_day_typed(request->lang, iso, &day))
		return iso;
	scratch = json_object();
	view_day(request, scratch, "day", day);
	text = ouv_arena_strdup(request->arena,
		json_string_value(json_object_get(scratch, "day")));
	json_decref(scratch);
	return text;
}

static void
add_points(const struct request *request, struct ouv_buf *buf,
	const struct ouv_member_case *c, const struct ouv_member_said *said)
{
	for (size_t i = 0; i < said->point_count && i < c->point_count; i++) {
		const struct ouv_member_point *p = &said->points[i];

		ouv_buf_printf(buf, "%zu. %s\n", i + 1, c->points[i].label);
		add_part(request, buf, "member_said_happened", p->happened);
		add_part(request, buf, "member_said_offered", p->offered);
		if (*p->by != '\0')
			add_part(request, buf, "member_said_by",
				day_text(request, p->by));
		ouv_buf_text(buf, "\n");
	}
}

/* The word before what was typed says what it is; a number alone needs none. */
static void
add_title(const struct request *request, struct ouv_buf *buf,
	const struct ouv_member_said *said)
{
	const struct ouv_party_choice choice = { said->what, said->choice };
	const char *title = words_code(&request->server->words, request->lang,
		"member_said_", said->what);

	if (title == NULL && strcmp(said->what, "answer") != 0 &&
		strcmp(said->what, "message") != 0 &&
		strcmp(said->what, "reference") != 0)
		title = member_choice_label(request, &choice);
	if (title != NULL)
		ouv_buf_printf(buf, "%s\n\n", title);
}

const char *
member_text(const struct request *request, const struct ouv_member_case *c,
	const struct ouv_member_said *said)
{
	struct ouv_buf buf;
	size_t len;

	ouv_buf_init(&buf, request->arena, 1024);
	add_title(request, &buf, said);
	add_points(request, &buf, c, said);
	ouv_buf_text(&buf, said->words);
	len = buf.len;
	while (len > 0 && strchr(" \t\n", buf.data[len - 1]) != NULL)
		len--;
	return ouv_arena_strndup(request->arena, buf.data, len);
}
