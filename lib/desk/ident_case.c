/*
 * ident_case.c - what of a case is known by the former k_id and can be read by
 * whoever opens it alone: its messages' names, who wrote and who had a copy
 */
#include <string.h>

#include "desk_impl.h"
#include "ouv/clock.h"
#include "ouv/log.h"
#include "ouv/rotation.h"
#include "ouv/store_keys.h"

/* As many of a message as its filing writes down, and more. */
#define ADDRS_MOST 40
/* Messages that are read however late it is: some milliseconds. */
#define SURE 50
/* Cases of one page. */
#define CASES 20
/* Of whom nothing was found is not asked again for so long: tokens of before
 * become fewer alone. */
#define QUIET_MS INT64_C(300000)

struct naming {
	struct ouv_desk *desk;
	struct ouv_arena *arena; /* wiped after each case */
	struct opened opened;
	struct store_item_row *rows;
	struct store_capsule *capsules;
	size_t count, capsule_count;
	struct store_token *tokens;
	size_t token_count, token_room;
	int64_t until_ms;
	bool whole; /* nothing was left out for want of time */
};

static void
add(struct naming *n, const char *kind, const char *value)
{
	struct store_token *more;

	if (value == NULL || *value == '\0')
		return;
	if (n->token_count == n->token_room) {
		n->token_room = 2 * n->token_room + 64;
		more = ouv_arena_array(n->arena, n->token_room, sizeof(*more));
		if (n->token_count > 0)
			memcpy(more, n->tokens, n->token_count * sizeof(*more));
		n->tokens = more;
	}
	ident_make(n->desk->office, kind, value, &n->tokens[n->token_count++]);
}

static void
add_addrs(struct naming *n, const struct ouv_mail_addrs *addrs)
{
	for (size_t i = 0; i < addrs->count && i < ADDRS_MOST; i++)
		add(n, "addr",
			ouv_mail_addr_fold(n->arena, addrs->list[i].addr));
}

static void
add_message(struct naming *n, const struct store_item *item)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_WIPE);
	struct ouv_mail mail;

	if (open_doc(n->desk, arena, &n->opened, item, &mail) != OUV_OK)
		return;
	add(n, "mid", mail.message_id);
	add_addrs(n, &mail.from);
	add_addrs(n, &mail.to);
	add_addrs(n, &mail.cc);
}

static void
add_capsule(struct naming *n, const struct store_capsule *capsule)
{
	struct ouv_context context;
	struct consumer one;

	context_make(n->desk, OUV_KIND_CAPSULE_KEY, OUV_COLUMN_CPK,
		&n->opened.c.id, &capsule->id, capsule->key_version, &context);
	if (open_capsule(n->arena, &context, n->opened.csk, capsule->box_case,
		    capsule, &one) == OUV_OK)
		add(n, "addr", ouv_mail_addr_fold(n->arena, one.addr));
}

static enum ouv_err
begin(struct naming *n, const struct ouv_actor *actor, const struct ouv_id *id)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	char hex[OUV_ID_HEX];

	ouv_id_hex(id, hex);
	TRY(store_begin(n->desk->store, &tx));
	TRY(open_case(n->desk, tx, n->arena, actor, hex, &n->opened));
	TRY(store_capsules(tx, n->arena, id, &n->capsules, &n->capsule_count));
	TRY(store_items(tx, n->arena, id, &n->rows, &n->count));
	return store_commit(&tx);
}

/* A long case is begun anywhere: another time the rest of it is read. */
static void
read_all(struct naming *n)
{
	size_t from = 0;

	ouv_random(&from, sizeof(from));
	for (size_t i = 0; i < n->capsule_count; i++)
		add_capsule(n, &n->capsules[i]);
	n->whole = true;
	for (size_t i = 0; i < n->count && n->whole; i++) {
		add_message(n, &n->rows[(from % n->count + i) % n->count].item);
		n->whole = i + 1 == n->count || i + 1 < SURE ||
			   ouv_clock_mono_ms() < n->until_ms;
	}
}

static enum ouv_err
take(struct naming *n, const struct ouv_actor *actor, const struct ouv_id *id)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	const struct ouv_key *k_id = n->desk->office->k_id;

	TRY(begin(n, actor, id));
	read_all(n);
	TRY(store_begin(n->desk->store, &tx));
	TRY(store_case_idents_move(tx, id, (int)ouv_key_version(k_id),
		n->tokens, n->token_count, n->whole));
	return store_commit(&tx);
}

static enum ouv_err
take_one(struct ouv_desk *desk, const struct ouv_actor *actor,
	const struct ouv_id *id, int64_t until_ms)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_WIPE);
	struct naming n = {
		.desk = desk, .arena = arena, .until_ms = until_ms
	};
	enum ouv_err err = take(&n, actor, id);

	ouv_wipe(n.opened.csk, sizeof(n.opened.csk));
	return err == OUV_NOT_FOUND || err == OUV_REFUSED ? OUV_OK : err;
}

static struct quiet *
quiet_of(struct ouv_desk *desk, const struct ouv_id *person)
{
	const size_t room = sizeof(desk->quiet) / sizeof(desk->quiet[0]);

	return &desk->quiet[person->b[sizeof(person->b) - 1] % room];
}

static bool
is_quiet(struct ouv_desk *desk, const struct ouv_id *person)
{
	const struct quiet *quiet = quiet_of(desk, person);

	return ouv_id_equal(&quiet->person, person) &&
	       ouv_clock_mono_ms() < quiet->until_ms;
}

/* All cases of a person are looked through for what is left, and in the end
 * that is nothing: then the one that is open alone is asked about. */
static enum ouv_err
find_cases(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const struct ouv_id *first,
	struct ouv_id **list_out, size_t *count_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	const int version = (int)ouv_key_version(desk->office->k_id);
	bool moves = false, quiet = is_quiet(desk, &actor->person);

	*count_out = 0;
	TRY(store_begin(desk->store, &tx));
	TRY(store_ident_moves(tx, version, &moves));
	if (moves)
		TRY(store_idents_cases(tx, arena, &actor->person, version,
			first, quiet ? 0 : CASES, list_out, count_out));
	TRY(store_commit(&tx));
	if (moves && !quiet &&
		(*count_out == 0 ||
			(*count_out == 1 &&
				ouv_id_equal(&(*list_out)[0], first))))
		*quiet_of(desk, &actor->person) = (struct quiet){ actor->person,
			ouv_clock_mono_ms() + QUIET_MS };
	return OUV_OK;
}

void
ouv_desk_take_names(struct ouv_desk *desk, const struct ouv_actor *actor,
	const struct ouv_id *case_id, int most_ms)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) = NULL;
	int64_t until_ms = ouv_clock_mono_ms() + most_ms;
	struct ouv_id *list;
	enum ouv_err err;
	size_t count;

	if (ouv_key_former(desk->office->k_id) == NULL)
		return;
	arena = ouv_arena_new(OUV_ARENA_PLAIN);
	err = find_cases(desk, arena, actor, case_id, &list, &count);
	for (size_t i = 0; err == OUV_OK && i < count; i++) {
		if (i > 0 && ouv_clock_mono_ms() >= until_ms)
			break;
		err = take_one(desk, actor, &list[i], until_ms);
	}
	if (err != OUV_OK)
		ouv_log_warn("what is known by the former k_id is not taken "
			     "over yet");
}
