/*
 * decide.c - what is done with a mail, as a table of rules
 *
 * A reply address and its sender must fit together; a subject alone never
 * attaches a mail.  What is doubtful is held for a person, with its reason.
 */
#include "attribute.h"

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

bool
is_letter(const struct incoming *in)
{
	return in->mail.kind == OUV_MAIL_HUMAN || in->mail.may_case;
}

static bool
automatic(const struct incoming *in)
{
	return !is_letter(in);
}

static bool
automatic_of_a_case(const struct incoming *in)
{
	return automatic(in) && in->lead != LEAD_NONE && !in->several;
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
	       auth_says(in->mail.auth_results, "dmarc", "fail");
}

/* With its own address the company says itself which case it means. */
static bool
direct_copy_to_its_case(const struct incoming *in)
{
	return in->direct_copy && in->sender_fits;
}

static bool
direct_copy(const struct incoming *in)
{
	return in->direct_copy;
}

static bool
other_party(const struct incoming *in)
{
	return in->lead != LEAD_NONE && !in->sender_fits && in->other_party;
}

static bool
third_person(const struct incoming *in)
{
	return in->lead != LEAD_NONE && !in->sender_fits && in->copied;
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

/* A list, or an answer that only its words betray: a person looks at it. */
static bool
perhaps_automatic(const struct incoming *in)
{
	return in->mail.kind != OUV_MAIL_HUMAN;
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
	{ not_understood,          OUV_ACTION_HOLD,     "unparsed" },
	{ automatic_of_a_case,     OUV_ACTION_RECORD,   NULL },
	{ automatic,               OUV_ACTION_RECORD,   "automatic" },
	{ no_sender,               OUV_ACTION_HOLD,     "no-sender" },
	{ several_cases,           OUV_ACTION_HOLD,     "several-cases" },
	{ failed_authentication,   OUV_ACTION_HOLD,     "authentication-failed" },
	{ direct_copy_to_its_case, OUV_ACTION_APPEND,   "copy-of-direct-answer" },
	{ direct_copy,             OUV_ACTION_HOLD,     "copy-of-direct-answer" },
	{ other_party,             OUV_ACTION_HOLD,     "other-party" },
	{ third_person,            OUV_ACTION_HOLD,     "third-person" },
	{ stranger_with_address,   OUV_ACTION_HOLD,     "address-of-another" },
	{ stranger_in_thread,      OUV_ACTION_HOLD,     "thread-of-another" },
	{ of_a_case,               OUV_ACTION_APPEND,   NULL },
	{ broken_address,          OUV_ACTION_HOLD,     "address-unknown" },
	{ perhaps_automatic,       OUV_ACTION_HOLD,     "not-a-manifestation" },
	{ anything,                OUV_ACTION_REGISTER, NULL },
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
