/*
 * party.c - one party of a case: its address, its thread, what is not its own
 *
 * Nothing of the other party goes with a letter: neither its names and numbers
 * in the words (the lint is told them) nor its Message-IDs in the thread.
 */
#include <stdlib.h>
#include <string.h>

#include "write.h"

/* ---- the address ----------------------------------------------------------
 */

static enum ouv_err
find_capsule(struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *case_id, const struct ouv_id *party,
	const struct store_capsule **capsule_out)
{
	struct store_capsule *list;
	size_t count;

	TRY(store_capsules(tx, arena, case_id, &list, &count));
	/* The oldest: later ones are for copies to somebody else. */
	for (size_t i = 0; i < count; i++)
		if (ouv_id_equal(&list[i].party, party)) {
			*capsule_out = &list[i];
			return OUV_OK;
		}
	return OUV_NOT_FOUND;
}

enum ouv_err
party_find(struct ouv_desk *desk, struct store_tx *tx, struct ouv_arena *arena,
	const struct opened *opened, const char *side,
	struct consumer *party_out)
{
	const struct store_capsule *capsule;
	struct ouv_context context;
	struct ouv_id party;
	int version;

	TRY(store_party_side(tx, &opened->c.id, side, &party, &version));
	TRY(find_capsule(tx, arena, &opened->c.id, &party, &capsule));
	context_make(desk, OUV_KIND_CAPSULE_KEY, OUV_COLUMN_CPK, &opened->c.id,
		&capsule->id, capsule->key_version, &context);
	TRY(open_capsule(arena, &context, opened->csk, capsule->box_case,
		capsule, party_out));
	return reply_code(desk, tx, &opened->c.id, &party, version, false,
		party_out->code);
}

/* ---- what is in the file --------------------------------------------------
 */

struct mail_of {
	const struct store_item *item;
	struct ouv_mail mail;
};

/* Every message of the case that opens. */
static enum ouv_err
read_mails(
	struct verb_call *call, struct mail_of **mails_out, size_t *count_out)
{
	struct store_item_row *rows;
	struct mail_of *mails;
	size_t count, n = 0;

	TRY(store_items(
		call->tx, call->arena, &call->opened->c.id, &rows, &count));
	mails = ouv_arena_array(call->arena, count, sizeof(*mails));
	for (size_t i = 0; i < count; i++)
		if (open_doc(call->desk, call->arena, call->opened,
			    &rows[i].item, &mails[n].mail) == OUV_OK)
			mails[n++].item = &rows[i].item;
	*mails_out = mails;
	*count_out = n;
	return OUV_OK;
}

static bool
came_in(const struct store_item *item)
{
	return item->kind == OUV_ITEM_MAIL_IN || item->kind == OUV_ITEM_AUTO_IN;
}

static bool
is_of(const struct mail_of *m, const struct ouv_id *party)
{
	return ouv_id_equal(&m->item->party, party);
}

/* ---- the thread -----------------------------------------------------------
 */

/* Their last message, or our last one to them: so their mail program puts the
 * letter beside it. */
static const struct ouv_mail *
parent(const struct mail_of *mails, size_t count, const struct ouv_id *party)
{
	const struct ouv_mail *ours = NULL;

	for (size_t i = count; i-- > 0;) {
		const struct mail_of *m = &mails[i];

		if (!is_of(m, party) || m->mail.message_id == NULL)
			continue;
		if (m->item->kind == OUV_ITEM_MAIL_IN)
			return &m->mail;
		if (ours == NULL && (m->item->kind == OUV_ITEM_MAIL_OUT ||
					    m->item->kind == OUV_ITEM_AUTO_OUT))
			ours = &m->mail;
	}
	return ours;
}

/* The name of a message that is not this party's. */
static bool
is_foreign(const struct mail_of *mails, size_t count,
	const struct ouv_id *party, const char *id)
{
	for (size_t i = 0; i < count; i++)
		if (!is_of(&mails[i], party) &&
			mails[i].mail.message_id != NULL &&
			strcmp(mails[i].mail.message_id, id) == 0)
			return true;
	return false;
}

static void
join_thread(struct verb_call *call, struct draft *draft,
	const struct mail_of *mails, size_t count)
{
	const struct ouv_id *party = &draft->to.party;
	const struct ouv_mail *to = parent(mails, count, party);
	struct ouv_mail_ids *ids = &draft->letter.references;
	const char **list;

	if (to == NULL)
		return;
	draft->letter.in_reply_to = to->message_id;
	list = ouv_arena_array(
		call->arena, to->references.count, sizeof(*list));
	for (size_t i = 0; i < to->references.count; i++)
		if (!is_foreign(mails, count, party, to->references.list[i]))
			list[ids->count++] = to->references.list[i];
	ids->list = list;
}

/* ---- what is whose ---------------------------------------------------------
 */

#define WORDS_MOST 200 /* names, addresses, numbers: beyond that, no more */
#define DIGITS_LEAST 7
/* Bytes of a line of an address that tells whose it is. */
#define LINE_LEAST 12

struct words {
	const char *list[WORDS_MOST];
	size_t count;
};

static void
add(struct words *words, const char *text)
{
	if (text == NULL || strlen(text) < 3)
		return;
	for (size_t i = 0; i < words->count; i++)
		if (strcasecmp(words->list[i], text) == 0)
			return;
	if (words->count < WORDS_MOST)
		words->list[words->count++] = text;
}

static bool
has(const struct words *words, const char *text)
{
	for (size_t i = 0; i < words->count; i++)
		if (strcasecmp(words->list[i], text) == 0)
			return true;
	return false;
}

/* A single word is nobody's name alone: "Ana", "Sales". */
static void
add_people(struct words *words, const struct ouv_mail_addrs *people)
{
	for (size_t i = 0; i < people->count; i++) {
		const char *name = people->list[i].name;

		add(words, people->list[i].addr);
		if (name != NULL && strchr(name, ' ') != NULL)
			add(words, name);
	}
}

/* Of a postal address each line that is more than a floor or a town. */
static void
add_lines(struct verb_call *call, struct words *words, const char *postal)
{
	while (postal != NULL && *postal != '\0') {
		size_t len = strcspn(postal, "\n");

		if (len >= LINE_LEAST)
			add(words, ouv_arena_strndup(call->arena, postal, len));
		postal += len + (postal[len] == '\n');
	}
}

/* 0800 and the like are everybody's. */
static bool
is_service_line(const char *phone)
{
	char digits[24];
	size_t n = 0;

	for (; *phone != '\0' && n < sizeof(digits) - 1; phone++)
		if (*phone >= '0' && *phone <= '9')
			digits[n++] = *phone;
	digits[n] = '\0';
	return strncmp(digits, "0800", 4) == 0 ||
	       strncmp(digits, "0300", 4) == 0 ||
	       strncmp(digits, "800", 3) == 0 ||
	       (n == 8 && (digits[0] == '4' || digits[0] == '3') &&
		       digits[1] == '0' && digits[2] == '0');
}

static bool
is_phone(const struct ouv_finding *f)
{
	return f->len > 0 && strcmp(f->rule->name, "phone") == 0 &&
	       !is_service_line(f->found);
}

/* What the rules know of a person's numbers. */
static bool
is_number(const struct ouv_finding *f)
{
	static const char *const rules[] = { "cpf", "codice-fiscale", "iban",
		"bank-account" };

	if (f->len == 0)
		return false;
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (strcmp(f->rule->name, rules[i]) == 0)
			return true;
	return is_phone(f);
}

static bool
has_digits(const char *text)
{
	size_t n = 0;

	for (; *text != '\0' && n < DIGITS_LEAST; text++)
		n += *text >= '0' && *text <= '9';
	return n == DIGITS_LEAST;
}

static void
add_numbers(struct verb_call *call, struct words *words, const char *text,
	bool (*wanted)(const struct ouv_finding *f))
{
	const struct ouv_lint_text what = {
		.lang = OUV_LANG__COUNT, .kind = OUV_LINT_LETTER, .body = text
	};
	struct ouv_finding *findings;
	size_t count;

	if (text == NULL || !has_digits(text))
		return;
	ouv_lint_run(call->arena, call->desk->office->lint, &what, &findings,
		&count);
	for (size_t i = 0; i < count; i++)
		if (wanted(&findings[i]))
			add(words, findings[i].found);
}

/* The reader wrote it: it is no secret from them. */
static bool
wrote(const struct mail_of *mails, size_t count, const struct ouv_id *party,
	const char *text)
{
	for (size_t i = 0; i < count; i++)
		if (came_in(mails[i].item) && is_of(&mails[i], party) &&
			(strcasestr(mails[i].mail.reply_text, text) != NULL ||
				strcasestr(mails[i].mail.subject, text) !=
					NULL))
			return true;
	return false;
}

static void
add_own(struct verb_call *call, const struct draft *draft,
	const struct mail_of *mails, size_t count, struct words *own)
{
	const struct ouv_config *config = call->desk->office->config;

	add(own, draft->to.addr);
	add(own, draft->to.name);
	add_lines(call, own, draft->to.postal);
	add(own, config->office_name);
	add(own, config->office_address);
	add(own, config->office_phone);
	add(own, config->office_site);
	add(own, config->office_postal);
	add(own, call->actor->name);
	add(own, json_string_value(
			 json_object_get(draft->letter.data, "author_phone")));
	for (size_t i = 0; i < count; i++) {
		const struct mail_of *m = &mails[i];

		if (!came_in(m->item) || !is_of(m, &draft->to.party))
			continue;
		add_people(own, &m->mail.from);
		add_numbers(call, own, m->mail.reply_text, is_phone);
	}
}

/* Addresses always; names and numbers unless the reader wrote them. */
static enum ouv_err
add_others(struct verb_call *call, const struct draft *draft,
	const struct mail_of *mails, size_t count, const struct words *own,
	struct words *others)
{
	const struct ouv_id *reader = &draft->to.party;
	struct words found = { .count = 0 };
	struct consumer other;
	const bool to_company = strcmp(draft->side, "company") == 0;
	enum ouv_err err;

	err = party_find(call->desk, call->tx, call->arena, call->opened,
		to_company ? "consumer" : "company", &other);
	/* Of a company that gets paper nobody is named but itself. */
	if (err == OUV_OK && !to_company && *other.addr == '\0')
		other.name = "";
	if (err == OUV_OK)
		add_people(&found, &(struct ouv_mail_addrs){ 1,
					   &(struct ouv_mail_addr){
						   other.name, other.addr } });
	else if (err != OUV_NOT_FOUND)
		return err;
	if (err == OUV_OK)
		add_lines(call, &found, other.postal);
	for (size_t i = 0; i < count; i++) {
		const struct mail_of *m = &mails[i];

		if (!came_in(m->item) || is_of(m, reader) ||
			ouv_id_is_zero(&m->item->party))
			continue;
		add_people(&found, &m->mail.from);
		add_people(&found, &m->mail.reply_to);
		add_numbers(call, &found, m->mail.reply_text, is_number);
	}
	for (size_t i = 0; i < found.count; i++) {
		const char *text = found.list[i];

		if (!has(own, text) &&
			(strchr(text, '@') != NULL ||
				!wrote(mails, count, reader, text)))
			add(others, text);
	}
	return OUV_OK;
}

static const char *const *
keep(struct ouv_arena *arena, const struct words *words)
{
	const char **list = ouv_arena_array(arena, words->count, sizeof(*list));

	for (size_t i = 0; i < words->count; i++)
		list[i] = words->list[i];
	return list;
}

enum ouv_err
party_letter(struct verb_call *call, struct draft *draft)
{
	struct words own = { .count = 0 }, others = { .count = 0 };
	struct letter_out *letter = &draft->letter;
	struct mail_of *mails;
	size_t count;

	TRY(read_mails(call, &mails, &count));
	letter->lane = strcmp(draft->side, "company") == 0 ? OUV_LANE_COMPANY
							   : OUV_LANE_CONSUMER;
	join_thread(call, draft, mails, count);
	add_own(call, draft, mails, count, &own);
	TRY(add_others(call, draft, mails, count, &own, &others));
	letter->own = keep(call->arena, &own);
	letter->own_count = own.count;
	letter->others = keep(call->arena, &others);
	letter->other_count = others.count;
	return OUV_OK;
}
