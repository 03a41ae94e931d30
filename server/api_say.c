/*
 * api_say.c - what a company's program does in a case: the acts of its page
 *
 * Each is one call of the desk with the request's own form key, so that the
 * same act is done once and by the same guards, whoever sends it and how.
 */
#include <limits.h>
#include <string.h>

#include "ouv/clock.h"

#include "api.h"
#include "ouv/number.h"
#include "reply.h"
#include "view.h"

static const char *
text_of(const struct api_call *call, const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text != NULL ? view_clean(call->request->arena, text, true) : "";
}

/* ---- what is said ----------------------------------------------------------
 */

static void
read_points(const struct api_call *call, struct ouv_member_said *said)
{
	const json_t *list = json_object_get(call->body, "points");
	struct ouv_member_point *points;
	size_t i, count = json_array_size(list);
	json_t *one;

	points = ouv_arena_array(call->request->arena, count, sizeof(*points));
	json_array_foreach(list, i, one)
	{
		points[i].happened = text_of(call, one, "happened");
		points[i].offered = text_of(call, one, "offered");
		points[i].by = text_of(call, one, "by");
	}
	said->points = points;
	said->point_count = count;
}

/* Their numbers, as api_post_file told them. */
static void
read_files(const struct api_call *call, struct ouv_member_said *said)
{
	struct ouv_arena *arena = call->request->arena;
	const json_t *list = json_object_get(call->body, "files");
	char *secret;
	struct ouv_buf buf;
	size_t i;
	json_t *one;

	said->upload = said->files = "";
	if (json_array_size(list) == 0)
		return;
	secret = ouv_arena_alloc(arena, OUV_UPLOAD_SECRET);
	ouv_caller_upload(&call->caller, api_protocol(call), secret);
	ouv_buf_init(&buf, arena, 128);
	json_array_foreach(list, i, one) ouv_buf_text(
		&buf, ouv_arena_printf(arena, "%s%d", i > 0 ? "," : "",
			      (int)json_integer_value(one)));
	ouv_buf_add(&buf, "", 1);
	said->upload = secret;
	said->files = (const char *)buf.data;
}

/* ---- what is wrong ---------------------------------------------------------
 */

/* "happened-2" is /points/1/happened. */
static const char *
pointer_of(const struct api_call *call, const char *field)
{
	static const char *const of_points[] = { "happened", "offered", "by" };
	struct ouv_arena *arena = call->request->arena;

	for (size_t i = 0; i < 3; i++) {
		const size_t len = strlen(of_points[i]);
		const char *at = field + len;
		int n = 1;

		if (strncmp(field, of_points[i], len) != 0)
			continue;
		if (*at != '\0' && (!ouv_passed(&at, '-') ||
					   !ouv_number(&at, 1, INT_MAX, &n)))
			continue;
		return ouv_arena_printf(
			arena, "/points/%d/%s", n - 1, of_points[i]);
	}
	return ouv_arena_printf(arena, "/%s", field);
}

static void
tell_wrong(struct api_call *call, const struct ouv_verb_result *result)
{
	json_t *errors = json_array();

	for (size_t i = 0; i < result->error_count; i++)
		api_wrong(call->request, errors,
			pointer_of(call, result->errors[i].field),
			result->errors[i].code);
	api_problem(call->request, API_INVALID, errors);
}

/* ---- doing -----------------------------------------------------------------
 */

/* What went with the message lies in the case now. */
static void
drop_files(struct api_call *call, const struct ouv_member_said *said)
{
	const json_t *list = json_object_get(call->body, "files");
	size_t i;
	json_t *one;

	json_array_foreach(
		list, i, one) if (ouv_desk_upload_remove(call->desk,
					  call->request->arena, said->upload,
					  (int)json_integer_value(one)) !=
				  OUV_OK) return; /* swept tomorrow */
}

static void
answer(struct api_call *call, enum ouv_err err,
	const struct ouv_member_done *done)
{
	if (err == OUV_INVALID) {
		tell_wrong(call, &done->result);
	} else if (err == OUV_CONFLICT && done->faster_at > 0) {
		api_problem(call->request, API_FASTER, NULL);
	} else if (err != OUV_OK) {
		api_error(call, err);
	} else {
		api_reply(call,
			json_pack("{s:s, s:o, s:o}", "protocol",
				api_protocol(call), "message",
				done->seq > 0 ? json_integer(done->seq)
					      : json_null(),
				"received_at", api_moment(ouv_clock_now())));
	}
}

static void
say(struct api_call *call, struct ouv_member_said *said)
{
	struct ouv_member_done done = { .seq = 0 };
	enum ouv_err err;

	said->text = "";
	said->form_key = call->once.form_key;
	err = ouv_desk_member_say(call->desk, call->request->arena,
		&call->caller.visit, call->args[0], said, &done);
	if (err == OUV_OK && *said->files != '\0')
		drop_files(call, said);
	answer(call, err, &done);
}

void
api_say(struct api_call *call)
{
	const json_t *seen = json_object_get(call->body, "seen");
	struct ouv_member_said said = { .what = call->op->what,
		.choice = text_of(call, call->body, "choice"),
		.words = text_of(call, call->body, "words"),
		.seen = seen != NULL ? (int)json_integer_value(seen) : -1 };

	if (said.what == NULL)
		said.what = text_of(call, call->body, "action");
	read_points(call, &said);
	read_files(call, &said);
	say(call, &said);
}

void
api_set_reference(struct api_call *call)
{
	struct ouv_member_said said = { .what = call->op->what,
		.choice = "",
		.words = text_of(call, call->body, "reference"),
		.upload = "",
		.files = "",
		.seen = -1 };

	say(call, &said);
}
