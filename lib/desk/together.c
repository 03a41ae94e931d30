/*
 * together.c - one request that reads a case in several ways: in one
 * transaction, and each of its messages opened once
 */
#include "desk_impl.h"
#include "together.h"

struct doc {
	struct ouv_id case_id, item;
	struct ouv_mail mail;
};
struct docs {
	struct ouv_arena *arena; /* of the request */
	struct doc *list;
	size_t count, room;
	size_t at; /* where the last one was found: they come in their order */
};

void
ouv_desk_together(struct ouv_desk *desk, struct ouv_arena *arena)
{
	desk->docs = ouv_arena_alloc(arena, sizeof(*desk->docs));
	*desk->docs = (struct docs){ .arena = arena };
	store_together(desk->store);
}

enum ouv_err
ouv_desk_apart(struct ouv_desk *desk)
{
	desk->docs = NULL;
	return store_apart(desk->store);
}

void
ouv_desk_counts(uint64_t *statements_out, uint64_t *waits_out)
{
	store_counts(statements_out, waits_out);
}

bool
docs_find(struct ouv_desk *desk, const struct ouv_id *case_id,
	const struct ouv_id *item, struct ouv_mail *mail_out)
{
	struct docs *docs = desk->docs;

	for (size_t i = 0; docs != NULL && i < docs->count; i++) {
		size_t at = (docs->at + 1 + i) % docs->count;

		if (!ouv_id_equal(&docs->list[at].item, item) ||
			!ouv_id_equal(&docs->list[at].case_id, case_id))
			continue;
		docs->at = at;
		*mail_out = docs->list[at].mail;
		return true;
	}
	return false;
}

void
docs_keep(struct ouv_desk *desk, const struct ouv_arena *arena,
	const struct ouv_id *case_id, const struct ouv_id *item,
	const struct ouv_mail *mail)
{
	struct docs *docs = desk->docs;

	/* What lives shorter than the request is not kept. */
	if (docs == NULL || docs->arena != arena)
		return;
	if (docs->count == docs->room) {
		size_t room = docs->room > 0 ? 2 * docs->room : 64;
		struct doc *list =
			ouv_arena_array(docs->arena, room, sizeof(*list));

		for (size_t i = 0; i < docs->count; i++)
			list[i] = docs->list[i];
		docs->list = list;
		docs->room = room;
	}
	docs->list[docs->count++] = (struct doc){ *case_id, *item, *mail };
}
