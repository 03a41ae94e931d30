/*
 * company_hand.c - one who answers for a company gives a case to another
 *
 * The register says to whom.  What the giver's page opens is sealed to the
 * heir's key at once, if they have one; else as soon as they have, by whoever
 * of the company comes by, or by a colleague of the office.  No new right comes
 * of it: both answer for the same company.
 */
#include <string.h>

#include "member.h"
#include "move.h"
#include "ouv/clock.h"

#define AT_ONCE 100 /* boxes at a time */

/* ---- to whom ------------------------------------------------------------ */

static bool
is_away(const struct store_member_heir *h, int32_t today)
{
	return h->away_from != 0 && h->away_from <= today &&
	       today <= h->away_until;
}

static enum ouv_err
load_heirs(const struct membership *ms, struct store_member_heir **list_out,
	size_t *count_out)
{
	if (!ms->known || ouv_id_is_zero(&ms->who.contact))
		return OUV_REFUSED;
	return store_member_heirs(ms->tx, ms->arena, &ms->who.contact,
		ms->today, list_out, count_out);
}

enum ouv_err
ouv_desk_member_heirs(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_page_visit *visit, const char *number,
	struct ouv_member_heir **list_out, size_t *count_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct store_member_heir *rows;
	struct ouv_member_heir *list;
	struct store_member_case c;
	struct membership ms;

	TRY(store_begin_reading(desk->store, &tx));
	TRY(member_begin(desk, tx, arena, visit, &ms));
	TRY(member_case(&ms, number, &c));
	TRY(load_heirs(&ms, &rows, count_out));
	list = ouv_arena_array(arena, *count_out, sizeof(*list));
	for (size_t i = 0; i < *count_out; i++)
		list[i] = (struct ouv_member_heir){ .contact = rows[i].id,
			.name = *rows[i].name != '\0' ? rows[i].name
						      : rows[i].addr,
			.unit = rows[i].unit_name,
			.owned = rows[i].owned,
			.away = is_away(&rows[i], ms.today) };
	*list_out = list;
	return store_commit(&tx);
}

/* ---- what they cannot read yet ------------------------------------------ */

static const struct store_page_key *
key_named(const struct page_readers *readers, const struct ouv_id *id)
{
	for (size_t i = 0; i < readers->count; i++)
		if (ouv_id_equal(&readers->list[i].key.id, id))
			return &readers->list[i].key;
	return NULL;
}

static void
seal_to(const struct ouv_desk *desk, const struct ouv_id *case_id,
	const struct store_page_key *key, const uint8_t dek[OUV_KEY],
	struct store_page_box *box, int64_t until_at)
{
	struct ouv_context context;

	box->page_key = key->id;
	page_box_context(desk, &key->id, case_id, &box->item, box->part,
		&box->disclosure, until_at, &context);
	ouv_seal_key(&context, key->pk, dek, box->box);
}

/* What was released keeps its limits: they are in the box. */
static bool
pass_on(const struct membership *ms, const struct ouv_id *case_id,
	const struct page_readers *readers,
	const struct store_member_lack *lack, struct store_page_box *box)
{
	const struct store_page_key *key = key_named(readers, &lack->heir_key);
	struct ouv_context context;
	uint8_t dek[OUV_KEY];
	enum ouv_err err;

	page_box_context(ms->desk, &ms->visit->key, case_id, &lack->item,
		lack->part, &lack->disclosure, lack->until_at, &context);
	err = ouv_open_key_pair(&context, ms->visit->pk, ms->visit->secret,
		lack->box, sizeof(lack->box), dek);
	*box = (struct store_page_box){ .item = lack->item,
		.disclosure = lack->disclosure,
		.part = lack->part };
	if (key != NULL && err == OUV_OK)
		seal_to(ms->desk, case_id, key, dek, box, lack->until_at);
	ouv_wipe(dek, sizeof(dek));
	return key != NULL && err == OUV_OK;
}

enum ouv_err
member_catch_up(const struct membership *ms, const struct ouv_id *case_id)
{
	struct store_member_lack *lacks;
	struct store_page_box *boxes;
	struct page_readers readers;
	size_t count, n = 0;

	TRY(store_member_lacks(ms->tx, ms->arena, &ms->visit->key, case_id,
		AT_ONCE, &lacks, &count));
	if (count == 0)
		return OUV_OK;
	TRY(page_readers_load(
		ms->desk, ms->tx, ms->arena, case_id, 1, &readers));
	boxes = ouv_arena_array(ms->arena, count, sizeof(*boxes));
	for (size_t i = 0; i < count; i++)
		n += pass_on(ms, case_id, &readers, &lacks[i], &boxes[n]);
	return n > 0 ? store_page_write(ms->tx, NULL, 0, boxes, n) : OUV_OK;
}

/* ---- handing over ------------------------------------------------------- */

struct handing {
	struct membership ms;
	const struct ouv_member_handing *said;
	struct store_member_case c;
	struct store_member_heir heir;
	struct casefile file;
	struct verb_call call;
};

/* One of those whom the register allows. */
static enum ouv_err
find_heir(struct handing *h)
{
	struct store_member_heir *list;
	struct ouv_id id;
	size_t count;

	TRY(load_heirs(&h->ms, &list, &count));
	if (*h->said->to == '\0') {
		verb_error(&h->call, "to", "empty");
		return OUV_INVALID;
	}
	for (size_t i = 0;
		ouv_id_parse(h->said->to, &id) == OUV_OK && i < count; i++)
		if (ouv_id_equal(&list[i].id, &id)) {
			h->heir = list[i];
			return OUV_OK;
		}
	verb_error(&h->call, "to", "unknown");
	return OUV_INVALID;
}

/* Their address is known as the company's from now on.  One that is known as
 * the other side's gets nothing. */
static enum ouv_err
know(struct handing *h)
{
	const struct membership *ms = &h->ms;
	struct store_token token;
	struct ouv_id known;

	ident_make(ms->desk->office, "addr",
		ouv_mail_addr_fold(ms->arena, h->heir.addr), &token);
	TRY(store_ident_party(ms->tx, &token, &h->c.id, &known));
	if (ouv_id_is_zero(&known))
		return store_ident_add(ms->tx, &token, STORE_IDENT_ADDRESS,
			&h->c.id, &h->c.party);
	if (ouv_id_equal(&known, &h->c.party))
		return OUV_OK;
	verb_error(&h->call, "to", "unknown");
	return OUV_INVALID;
}

static enum ouv_err
make_address(struct handing *h)
{
	const struct membership *ms = &h->ms;
	struct consumer one = { .party = h->c.party,
		.name = h->heir.name,
		.addr = h->heir.addr,
		.lang = h->heir.lang,
		.main = true,
		.contact = h->heir.id };
	struct ouv_id *there;
	size_t count;

	TRY(know(h));
	TRY(store_capsule_contacts(
		ms->tx, ms->arena, &h->c.party, &there, &count));
	for (size_t i = 0; i < count; i++)
		if (ouv_id_equal(&there[i], &h->heir.id))
			return OUV_OK;
	return casefile_capsule(ms->desk, ms->tx, ms->arena, &h->file, &one);
}

/* Who to whom, for whoever reads the case's log. */
static enum ouv_err
note(struct handing *h, const struct ouv_id *id)
{
	const struct membership *ms = &h->ms;
	json_t *doc = json_object();
	struct ouv_str text;
	char *dump;
	enum ouv_err err;

	(void)json_object_set_new(doc, "reason",
		json_string(ouv_arena_printf(ms->arena, "%s (%s) > %s (%s)%s",
			ms->who.name, ms->who.unit_name, h->heir.name,
			h->heir.unit_name, h->said->both ? " +" : "")));
	dump = json_dumps(doc, JSON_COMPACT);
	json_decref(doc);
	if (dump == NULL)
		return OUV_INVALID;
	text = (struct ouv_str){ dump, strlen(dump) };
	err = log_case_details(ms->desk, ms->tx, ms->arena, &h->file, NULL,
		"hand-over", id, text);
	free(dump);
	return err;
}

static enum ouv_err
write_all(struct handing *h)
{
	const struct membership *ms = &h->ms;
	const struct store_member_hand hand = { .id = ouv_id_new(),
		.case_id = h->c.id,
		.giver = ms->who.contact,
		.heir = h->heir.id,
		.both = h->said->both };
	struct colleague *colleagues;
	size_t count;

	TRY(keys_colleagues(ms->desk, ms->tx, ms->arena, &colleagues, &count));
	TRY(casefile_lock(ms->desk, ms->tx, ms->arena, colleagues, count,
		&h->c.id, &h->file));
	TRY(make_address(h));
	TRY(store_member_hand_add(ms->tx, &hand, ms->today));
	TRY(member_catch_up(ms, &h->c.id));
	return note(h, &hand.id);
}

static enum ouv_err
hand(struct handing *h, const char *number)
{
	struct ouv_id key;
	enum ouv_err err;

	TRY(member_case(&h->ms, number, &h->c));
	if (ouv_id_parse(h->said->form_key, &key) != OUV_OK)
		return OUV_INVALID;
	err = store_form_key_use(
		h->ms.tx, &key, &h->ms.visit->reader, "hand-over");
	if (err == OUV_CONFLICT)
		return OUV_OK; /* it is done already */
	TRY(err);
	TRY(find_heir(h));
	return h->c.stage == OUV_MEMBER_CLOSED ? OUV_CONFLICT : write_all(h);
}

enum ouv_err
ouv_desk_member_hand(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_page_visit *visit, const char *number,
	const struct ouv_member_handing *handing,
	struct ouv_verb_result *result_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct handing h = { .said = handing };

	memset(result_out, 0, sizeof(*result_out));
	TRY(store_begin(desk->store, &tx));
	TRY(member_begin(desk, tx, arena, visit, &h.ms));
	h.call = (struct verb_call){ .desk = desk,
		.tx = tx,
		.arena = arena,
		.now = h.ms.now,
		.result = result_out };
	TRY(hand(&h, number));
	return store_commit(&tx);
}
