/*
 * attribute.c - which case, which party: what a mail's addresses lead to
 *
 * The code of a reply address comes first, then our own Message-IDs, then
 * those we have seen; people's addresses only give a hint to whoever decides.
 * One question of each sort is asked for the whole batch.
 */
#include <string.h>

#include "attribute.h"
#include "ouv/store_keys.h"
#include "ouv/store_mediation.h"

#define TOKENS_MOST 8
#define IDS_MOST 20
#define OTHERS_MOST 20

const char *
lead_name(enum lead_kind kind)
{
	static const char *const names[] = { [LEAD_NONE] = "",
		[LEAD_ADDRESS] = "address",
		[LEAD_OUTBOX] = "letter",
		[LEAD_MESSAGE] = "message",
		[LEAD_SENDER] = "sender" };

	return names[kind];
}

/* All that a batch asks of one sort. */
struct asking {
	struct store_question *list;
	size_t count;
};

static void
ask(struct asking *a, int mail, const struct store_token *key,
	const struct store_token *sender)
{
	a->list[a->count++] = (struct store_question){
		.mail = mail, .key = *key, .sender = *sender
	};
}

/* By the id of a row: no key makes it. */
static void
ask_row(struct asking *a, int mail, const struct ouv_id *id,
	const struct store_token *sender)
{
	ask(a, mail, &(struct store_token){ *id, *id, 0 }, sender);
}

/* ---- questions ---------------------------------------------------------- */

static void
ask_addresses(struct ouv_arena *arena, struct incoming *in, int mail,
	struct asking *a)
{
	size_t n = in->mail.tokens.count;

	if (n > TOKENS_MOST)
		n = TOKENS_MOST;
	in->codes = ouv_arena_array(arena, n, sizeof(*in->codes));
	for (size_t i = 0; i < n; i++) {
		const char *text = in->mail.tokens.list[i];
		struct ouv_id id;

		if (ouv_code_read(text, strlen(text),
			    in->codes[in->code_count].raw, NULL) != OUV_OK)
			continue;
		ouv_code_id(in->codes[in->code_count].raw, &id);
		in->codes[in->code_count++].id = id;
		ask_row(a, mail, &id, &in->sender);
	}
	in->unreadable_code = n > in->code_count;
}

/* A Message-ID of ours is a name at our domain. */
static bool
own_name(const struct ouv_office *office, const char *label, const char *id,
	struct ouv_id *row_out)
{
	const char *at = strchr(id, '@');
	size_t len = at != NULL ? (size_t)(at - id) : strlen(id);

	if (at != NULL &&
		strcasecmp(at + 1, office->config->office_domain) != 0)
		return false;
	return ouv_message_name_read(office->k_tok, label, id, len, row_out) ==
	       OUV_OK;
}

static void
ask_names(const struct ouv_office *office, struct incoming *in, int mail,
	struct asking *own, struct asking *seen)
{
	const struct ouv_mail *m = &in->mail;
	struct store_token token;
	struct ouv_id row;

	if (m->verp != NULL && own_name(office, "verp", m->verp, &row)) {
		in->verp = row;
		ask_row(own, mail, &row, &in->sender);
	}
	if (m->dsn_original_id != NULL &&
		own_name(office, "mid", m->dsn_original_id, &row)) {
		in->original = row;
		ask_row(own, mail, &row, &in->sender);
	}
	for (size_t i = 0; i < m->thread_ids.count && i < IDS_MOST; i++) {
		if (own_name(office, "mid", m->thread_ids.list[i], &row)) {
			ask_row(own, mail, &row, &in->sender);
			continue;
		}
		ident_make(office, "mid", m->thread_ids.list[i], &token);
		ask(seen, mail, &token, &in->sender);
	}
}

/* The office itself: its address and everything behind "caso+". */
static bool
is_ours(const struct ouv_config *config, const char *addr)
{
	const char *at = strrchr(addr, '@');
	size_t len = strlen(config->office_reply_local);

	if (at == NULL || strcasecmp(at + 1, config->office_domain) != 0)
		return false;
	return strcasecmp(addr, config->office_address) == 0 ||
	       (strncasecmp(addr, config->office_reply_local, len) == 0 &&
		       (addr[len] == '+' || addr[len] == '@'));
}

static void
add_others(const struct ouv_office *office, struct ouv_arena *arena,
	struct incoming *in, const struct ouv_mail_addrs *addrs)
{
	for (size_t i = 0; i < addrs->count && in->other_count < OTHERS_MOST;
		i++) {
		const char *addr = addrs->list[i].addr;

		if (*addr == '\0' || is_ours(office->config, addr))
			continue;
		ident_make(office, "addr", ouv_mail_addr_fold(arena, addr),
			&in->others[in->other_count++]);
	}
}

/* To whom else it went: a copy of a company's direct answer, for one. */
static void
ask_recipients(const struct ouv_office *office, struct ouv_arena *arena,
	struct incoming *in, int mail, struct asking *a)
{
	if (!is_letter(in) || ident_is_none(&in->sender))
		return;
	in->others = ouv_arena_array(arena, OTHERS_MOST, sizeof(*in->others));
	add_others(office, arena, in, &in->mail.to);
	add_others(office, arena, in, &in->mail.cc);
	for (size_t i = 0; i < in->other_count; i++)
		ask(a, mail, &in->others[i], &in->sender);
}

/* ---- answers ------------------------------------------------------------- */

/* The leads of one mail that carry our own proof: the code's MAC. */
static bool
code_fits(const struct ouv_office *office, const struct incoming *in,
	const struct store_lead *lead)
{
	for (size_t i = 0; i < in->code_count; i++)
		if (ouv_code_fits(office->k_tok, &lead->case_id, &lead->party,
			    (uint32_t)lead->version, in->codes[i].raw))
			return true;
	return false;
}

/* Who is known there as another party is taken to be that one. */
static void
add_candidate(
	struct incoming *in, const struct store_lead *lead, enum lead_kind kind)
{
	const struct ouv_id *party = ouv_id_is_zero(&lead->sender_party)
					     ? &lead->party
					     : &lead->sender_party;

	for (size_t i = 0; i < in->candidate_count; i++)
		if (ouv_id_equal(&in->candidates[i].case_id, &lead->case_id) &&
			ouv_id_equal(&in->candidates[i].party, party))
			return;
	if (in->candidate_count < CANDIDATES)
		in->candidates[in->candidate_count++] =
			(struct candidate){ .kind = kind,
				.case_id = lead->case_id,
				.party = *party,
				.protocol = lead->protocol };
}

static void
take_lead(
	struct incoming *in, const struct store_lead *lead, enum lead_kind kind)
{
	bool known = !ouv_id_is_zero(&lead->sender_party);
	bool fits = known && ouv_id_equal(&lead->sender_party, &lead->party);

	add_candidate(in, lead, kind);
	if (in->lead != LEAD_NONE) {
		/* A weaker lead says nothing: neither of another case nor of
		 * another party; an equal one does. */
		if (in->lead != kind)
			return;
		if (!ouv_id_equal(&in->case_id, &lead->case_id)) {
			in->several = true;
			return;
		}
		if (in->sender_fits || !fits)
			return;
	}
	in->lead = kind;
	in->case_id = lead->case_id;
	in->party = lead->party;
	in->company = lead->company;
	in->sender_fits = fits;
	in->other_party = known && !fits;
	in->copied = lead->sender_copied;
}

static void
take_recipient(struct incoming *in, const struct store_lead *lead)
{
	if (!lead->sender_company || lead->company)
		return;
	if (in->lead != LEAD_NONE &&
		!ouv_id_equal(&in->case_id, &lead->case_id))
		return;
	in->direct_copy = true;
	add_candidate(in, lead, LEAD_SENDER);
}

/* A case number in the subject only says which of them comes first. */
static void
take_sender(struct incoming *in, const struct store_lead *lead)
{
	const char *tag = in->mail.subject_tag;
	size_t n = in->candidate_count;
	struct candidate one;

	add_candidate(in, lead, LEAD_SENDER);
	if (n == in->candidate_count || tag == NULL || lead->protocol == NULL ||
		strcmp(tag, lead->protocol) != 0)
		return;
	one = in->candidates[n];
	memmove(&in->candidates[1], &in->candidates[0], n * sizeof(one));
	in->candidates[0] = one;
}

/* ---- all of a batch -------------------------------------------------------
 */

enum sort {
	BY_ADDRESS,
	BY_OUTBOX,
	BY_MESSAGE,
	BY_RECIPIENT,
	BY_SENDER,
	SORTS
};

/* clang-format off */
static const struct {
	size_t most; /* questions of one mail */
	enum ouv_err (*find)(struct store_tx *tx, struct ouv_arena *arena,
		const struct store_question *questions, size_t count,
		struct store_lead **leads_out, size_t *leads_count_out);
	enum lead_kind kind;
} sorts[SORTS] = {
	[BY_ADDRESS]   = { TOKENS_MOST,  store_leads_by_address, LEAD_ADDRESS },
	[BY_OUTBOX]    = { IDS_MOST + 2, store_leads_by_outbox, LEAD_OUTBOX },
	[BY_MESSAGE]   = { IDS_MOST,     store_leads_by_message, LEAD_MESSAGE },
	[BY_RECIPIENT] = { OTHERS_MOST,  store_leads_by_recipient, LEAD_SENDER },
	[BY_SENDER]    = { 1,            store_leads_by_sender, LEAD_SENDER },
};
/* clang-format on */

static void
take(struct ouv_desk *desk, struct incoming *in, const struct store_lead *lead,
	enum sort sort)
{
	if (sort == BY_SENDER)
		take_sender(in, lead);
	else if (sort == BY_RECIPIENT)
		take_recipient(in, lead);
	else if (sort != BY_ADDRESS || code_fits(desk->office, in, lead))
		take_lead(in, lead, sorts[sort].kind);
}

/* Only of mail that nothing else places: most need no such question. */
static void
ask_senders(struct incoming *in, size_t count, struct asking *a)
{
	for (size_t i = 0; i < count; i++)
		if (in[i].understood && is_letter(&in[i]) &&
			in[i].lead == LEAD_NONE &&
			!ident_is_none(&in[i].sender))
			ask(a, (int)i, &in[i].sender, &in[i].sender);
}

/* ---- several people of one company ----------------------------------------
 */

/* Whoever has the company's reply address and is in the register as a contact
 * of that unit, or stands in for one, writes for the company. */
static enum ouv_err
accept_contact(
	struct store_tx *tx, struct ouv_arena *arena, struct incoming *in)
{
	if (in->lead != LEAD_ADDRESS || !in->company || in->sender_fits ||
		in->other_party || ident_is_none(&in->sender))
		return OUV_OK;
	return store_contact_fits(tx, &in->case_id,
		ouv_mail_addr_fold(arena, in->mail.from.list[0].addr),
		&in->sender_fits);
}

/* ---- another k_id
 * ----------------------------------------------------------------- */

/* What a mail names is known in the clear for once: its rows of before become
 * those of the present key. */
static enum ouv_err
learn(struct ouv_desk *desk, struct store_tx *tx, struct ouv_arena *arena,
	const struct asking by[SORTS])
{
	static const enum sort named[] = { BY_MESSAGE, BY_RECIPIENT,
		BY_SENDER };
	struct store_token *tokens;
	size_t n = 0, most = 0;
	int64_t moved;

	if (ouv_key_former(desk->office->k_id) == NULL)
		return OUV_OK;
	for (size_t s = 0; s < sizeof(named) / sizeof(named[0]); s++)
		most += by[named[s]].count;
	tokens = ouv_arena_array(arena, most, sizeof(*tokens));
	for (size_t s = 0; s < sizeof(named) / sizeof(named[0]); s++)
		for (size_t i = 0; i < by[named[s]].count; i++)
			tokens[n++] = by[named[s]].list[i].key;
	return store_idents_move(tx, tokens, n, &moved);
}

enum ouv_err
attribute(struct ouv_desk *desk, struct store_tx *tx, struct ouv_arena *arena,
	struct incoming *in, size_t count)
{
	struct asking by[SORTS] = { 0 };

	for (int s = 0; s < SORTS; s++)
		by[s].list = ouv_arena_array(
			arena, count * sorts[s].most, sizeof(*by[s].list));
	for (size_t i = 0; i < count; i++) {
		if (!in[i].understood)
			continue;
		ask_addresses(arena, &in[i], (int)i, &by[BY_ADDRESS]);
		ask_names(desk->office, &in[i], (int)i, &by[BY_OUTBOX],
			&by[BY_MESSAGE]);
		ask_recipients(
			desk->office, arena, &in[i], (int)i, &by[BY_RECIPIENT]);
	}
	for (int s = 0; s < SORTS; s++) {
		struct store_lead *leads;
		size_t n;

		if (s == BY_SENDER)
			ask_senders(in, count, &by[s]);
		if (by[s].count == 0)
			continue;
		TRY(sorts[s].find(
			tx, arena, by[s].list, by[s].count, &leads, &n));
		for (size_t i = 0; i < n; i++)
			take(desk, &in[leads[i].mail], &leads[i], (enum sort)s);
	}
	TRY(learn(desk, tx, arena, by));
	for (size_t i = 0; i < count; i++)
		if (in[i].understood)
			TRY(accept_contact(tx, arena, &in[i]));
	return OUV_OK;
}
