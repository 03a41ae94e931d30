/*
 * view_release.c - what of a case was released to whom, and how often they
 * opened it
 */
#include <string.h>

#include "ouv/disclosure.h"

#include "move.h"

static json_t *
make_piece(const struct request *request, const json_t *data, const char *path,
	const struct ouv_disclosed *piece)
{
	json_t *one = json_object();

	view_number(one, "piece_seq", piece->item_seq);
	view_number(one, "piece_part", piece->part + 1);
	view_flag(one, "is_file", piece->part >= 0);
	view_line(one, "piece_path",
		view_item_path(request, data, path, piece->item_seq));
	return one;
}

static json_t *
make_one(const struct request *request, const json_t *data, const char *path,
	const struct ouv_disclosure *d)
{
	json_t *one = json_object(), *pieces = json_array();

	for (size_t i = 0; i < d->piece_count; i++)
		json_array_append_new(
			pieces, make_piece(request, data, path, &d->pieces[i]));
	json_object_set_new(one, "release_pieces", pieces);
	view_number(one, "release_n", d->n);
	move_code(request, one, "release_side", "side_", d->side);
	move_line(one, "release_code", d->code);
	move_line(one, "release_author", d->by);
	move_line(one, "release_revoked_by", d->revoked_by);
	view_number(one, "opened", d->opened);
	view_number(one, "max_opens", d->max_opens);
	view_flag(one, "is_opened", d->opened > 0);
	view_time(request, one, "released_at", d->created_at);
	view_time(request, one, "expires", d->expires_at);
	view_time(request, one, "first_opened", d->first_opened_at);
	view_time(request, one, "last_opened", d->last_opened_at);
	view_time(request, one, "revoked", d->revoked_at);
	view_flag(one, "is_over", d->over != NULL);
	move_code(request, one, "over", "release_over_", d->over);
	view_line(one, "withhold_path",
		ouv_arena_printf(
			request->arena, "%s/do/withhold?which=%d", path, d->n));
	return one;
}

void
view_releases(const struct request *request, json_t *data, const char *path,
	const struct ouv_disclosure *list, size_t count)
{
	json_t *all = json_array();
	size_t open = 0;

	for (size_t i = 0; i < count; i++) {
		json_array_append_new(
			all, make_one(request, data, path, &list[i]));
		open += list[i].over == NULL;
	}
	view_flag(data, "has_releases", count > 0);
	view_number(data, "release_count", (int64_t)count);
	view_number(data, "release_open_count", (int64_t)open);
	view_flag(data, "has_open_releases", open > 0);
	json_object_set_new(data, "releases", all);
}
