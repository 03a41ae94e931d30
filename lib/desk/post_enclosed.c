/*
 * post_enclosed.c - what goes into the envelope with a letter
 */
#include <string.h>

#include "ouv/store_keys.h"
#include "post.h"

struct enclosing {
	struct verb_call *call;
	const struct store_post *post;
	int64_t at; /* when the letter was written */
	const struct store_disclosure *releases;
	size_t release_count;
	const char **lines;
	size_t count;
};

/* It was released by this very letter, in the same moment. */
static bool
is_of_it(const struct enclosing *e, const struct store_disclosure_piece *piece)
{
	for (size_t i = 0; i < e->release_count; i++) {
		const struct store_disclosure *d = &e->releases[i];

		if (ouv_id_equal(&d->id, &piece->disclosure) &&
			ouv_id_equal(&d->party, &e->post->party) &&
			d->created_at == e->at)
			return true;
	}
	return false;
}

/* With the hash by which anybody can tell that it is the one. */
static const char *
line_of(struct verb_call *call, const struct store_disclosure_piece *piece,
	const struct ouv_mail *mail)
{
	const struct ouv_mail_part *part;

	if (piece->part < 0 || piece->part >= (int)mail->part_count)
		return ouv_arena_printf(call->arena, "%d %s (SHA-256 %s)",
			piece->item_seq, mail->subject, mail->sha256);
	part = &mail->parts[piece->part];
	return ouv_arena_printf(call->arena, "%d.%d %s (SHA-256 %s)",
		piece->item_seq, piece->part + 1,
		part->filename != NULL ? part->filename : part->content_type,
		part->sha256);
}

static enum ouv_err
add(struct enclosing *e, const struct store_disclosure_piece *piece)
{
	struct verb_call *call = e->call;
	struct store_item item;
	struct ouv_mail mail;

	TRY(store_item(
		call->tx, call->arena, &call->file->id, &piece->item, &item));
	TRY(open_doc(call->desk, call->arena, call->opened, &item, &mail));
	e->lines[e->count++] = line_of(call, piece, &mail);
	return OUV_OK;
}

enum ouv_err
post_enclosed(struct verb_call *call, const struct store_post *post,
	const struct store_item *item, struct ouv_print_letter *letter)
{
	struct enclosing e = { .call = call, .post = post, .at = item->at };
	struct store_disclosure *releases;
	struct store_disclosure_piece *pieces;
	size_t piece_count;

	if (strcmp(post->kind, "disclosed") != 0)
		return OUV_OK;
	TRY(store_disclosures(call->tx, call->arena, &call->file->id, &releases,
		&e.release_count));
	TRY(store_disclosure_pieces(
		call->tx, call->arena, &call->file->id, &pieces, &piece_count));
	e.releases = releases;
	e.lines =
		ouv_arena_array(call->arena, piece_count + 1, sizeof(*e.lines));
	for (size_t i = 0; i < piece_count; i++)
		if (is_of_it(&e, &pieces[i]))
			TRY(add(&e, &pieces[i]));
	letter->enclosures = e.lines;
	letter->enclosure_count = e.count;
	return OUV_OK;
}
