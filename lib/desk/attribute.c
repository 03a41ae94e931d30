/*
 * attribute.c - which case, which party: what a mail's addresses lead to
 *
 * A reply address and its sender must fit together; our own Message-IDs come
 * next; a subject alone never attaches a mail.  What is doubtful is held for a
 * person, with a guess and its reason.
 */
#include <string.h>

#include "attribute.h"
#include "ouv/log.h"

#define TOKENS_MOST 8
#define IDS_MOST 20

/* All leads a batch asks for, in three questions to the database. */
struct asking {
	struct store_question *list;
	size_t count;
};

static void
ask(struct asking *a, int mail, const struct ouv_id *key,
	const struct ouv_id *sender)
{
	a->list[a->count++] = (struct store_question){
		.mail = mail, .key = *key, .sender = *sender
	};
}

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
		ask(a, mail, &id, &in->sender);
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
	struct ouv_id row;

	if (m->verp != NULL && own_name(office, "verp", m->verp, &row)) {
		in->verp = row;
		ask(own, mail, &row, &in->sender);
	}
	if (m->dsn_original_id != NULL &&
		own_name(office, "mid", m->dsn_original_id, &row)) {
		in->original = row;
		ask(own, mail, &row, &in->sender);
	}
	for (size_t i = 0; i < m->thread_ids.count && i < IDS_MOST; i++) {
		if (own_name(office, "mid", m->thread_ids.list[i], &row)) {
			ask(own, mail, &row, &in->sender);
			continue;
		}
		ouv_ident_token(
			office->k_id, "mid", m->thread_ids.list[i], &row);
		ask(seen, mail, &row, &in->sender);
	}
}

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

static void
take_lead(
	struct incoming *in, const struct store_lead *lead, enum lead_kind kind)
{
	if (in->lead != LEAD_NONE &&
		!ouv_id_equal(&in->case_id, &lead->case_id)) {
		/* A weaker lead elsewhere says nothing; an equal one does. */
		if (in->lead == kind)
			in->several = true;
		return;
	}
	if (in->lead != LEAD_NONE && in->sender_fits)
		return;
	in->lead = in->lead == LEAD_NONE ? kind : in->lead;
	in->case_id = lead->case_id;
	in->party = lead->party;
	in->sender_fits = lead->sender_fits;
}

enum ouv_err
attribute(struct ouv_desk *desk, struct store_tx *tx, struct ouv_arena *arena,
	struct incoming *in, size_t count)
{
	struct asking by[3] = { 0 };
	struct store_lead *leads;
	size_t n;

	by[0].list = ouv_arena_array(
		arena, count * TOKENS_MOST, sizeof(*by[0].list));
	by[1].list = ouv_arena_array(
		arena, count * (IDS_MOST + 2), sizeof(*by[1].list));
	by[2].list =
		ouv_arena_array(arena, count * IDS_MOST, sizeof(*by[2].list));
	for (size_t i = 0; i < count; i++) {
		if (!in[i].understood)
			continue;
		ask_addresses(arena, &in[i], (int)i, &by[0]);
		ask_names(desk->office, &in[i], (int)i, &by[1], &by[2]);
	}
	if (by[0].count > 0) {
		TRY(store_leads_by_address(
			tx, arena, by[0].list, by[0].count, &leads, &n));
		for (size_t i = 0; i < n; i++)
			if (code_fits(desk->office, &in[leads[i].mail],
				    &leads[i]))
				take_lead(&in[leads[i].mail], &leads[i],
					LEAD_ADDRESS);
	}
	if (by[1].count > 0) {
		TRY(store_leads_by_outbox(
			tx, arena, by[1].list, by[1].count, &leads, &n));
		for (size_t i = 0; i < n; i++)
			take_lead(&in[leads[i].mail], &leads[i], LEAD_OUTBOX);
	}
	if (by[2].count > 0) {
		TRY(store_leads_by_message(
			tx, arena, by[2].list, by[2].count, &leads, &n));
		for (size_t i = 0; i < n; i++)
			take_lead(&in[leads[i].mail], &leads[i], LEAD_MESSAGE);
	}
	return OUV_OK;
}

/* ---- the decision, as a table
 * ------------------------------------------------ */

struct rule {
	bool (*holds)(const struct incoming *in);
	enum ouv_action action;
	const char *reason; /* key of the words; NULL: none needed */
};

static bool
not_understood(const struct incoming *in)
{
	return !in->understood || !in->mail.ok;
}

static bool
automatic_of_a_case(const struct incoming *in)
{
	return in->mail.kind != OUV_MAIL_HUMAN && in->lead != LEAD_NONE &&
	       !in->several;
}

static bool
automatic(const struct incoming *in)
{
	return in->mail.kind != OUV_MAIL_HUMAN;
}

static bool
no_sender(const struct incoming *in)
{
	return in->mail.from.count == 0 ||
	       !ouv_mail_addr_ok(in->mail.from.list[0].addr);
}

static bool
several_cases(const struct incoming *in)
{
	return in->several;
}

static bool
failed_authentication(const struct incoming *in)
{
	return in->mail.auth_results != NULL &&
	       strstr(in->mail.auth_results, "dmarc=fail") != NULL;
}

static bool
stranger_with_address(const struct incoming *in)
{
	return in->lead == LEAD_ADDRESS && !in->sender_fits;
}

static bool
stranger_in_thread(const struct incoming *in)
{
	return in->lead != LEAD_NONE && !in->sender_fits;
}

static bool
of_a_case(const struct incoming *in)
{
	return in->lead != LEAD_NONE;
}

static bool
broken_address(const struct incoming *in)
{
	return in->unreadable_code || in->code_count > 0;
}

static bool
may_not_open(const struct incoming *in)
{
	return !in->mail.may_case;
}

static bool
anything(const struct incoming *in)
{
	(void)in;
	return true;
}

/* Read from the top: the first rule that holds decides. */
/* clang-format off */
static const struct rule rules[] = {
	{ not_understood,        OUV_ACTION_HOLD,     "unparsed" },
	{ automatic_of_a_case,   OUV_ACTION_RECORD,   NULL },
	{ automatic,             OUV_ACTION_RECORD,   "automatic" },
	{ no_sender,             OUV_ACTION_HOLD,     "no-sender" },
	{ several_cases,         OUV_ACTION_HOLD,     "several-cases" },
	{ failed_authentication, OUV_ACTION_HOLD,     "authentication-failed" },
	{ stranger_with_address, OUV_ACTION_HOLD,     "address-of-another" },
	{ stranger_in_thread,    OUV_ACTION_HOLD,     "thread-of-another" },
	{ of_a_case,             OUV_ACTION_APPEND,   NULL },
	{ broken_address,        OUV_ACTION_HOLD,     "address-unknown" },
	{ may_not_open,          OUV_ACTION_HOLD,     "not-a-manifestation" },
	{ anything,              OUV_ACTION_REGISTER, NULL },
};
/* clang-format on */

void
attribute_decide(struct incoming *in)
{
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		if (!rules[i].holds(in))
			continue;
		in->action = rules[i].action;
		in->reason = rules[i].reason;
		return;
	}
}
