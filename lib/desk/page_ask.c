/*
 * page_ask.c - another code of a page: asked for by anybody, sent to whom we
 * know
 *
 * The console writes down what was typed and looks nothing up, so its answer
 * tells nobody whether there is such a case.  The gateway finds out whom it
 * means and writes to the address that it knows; the code before is over.
 */
#include <string.h>

#include "move.h"
#include "ouv/clock.h"
#include "ouv/log.h"
#include "page_seal.h"

#define BATCH 20 /* asks in one turn of the clockwork */
#define A_DAY 86400
#define CODES_A_DAY 4 /* of one reader, the first one included */

/* clang-format off */
static const struct page_limit limits[] = {
	{ "ask-address",  10,  3600, 3600 },
	{ "ask-what",      3,  3600, 3600 },
	{ "ask-all",     300,   600, 3600 },
};
/* clang-format on */
#define LIMITS (sizeof(limits) / sizeof(limits[0]))

/* ---- the console -----------------------------------------------------------
 */

/* OUV_INVALID: neither a number nor an address. */
static enum ouv_err
read_typed(struct ouv_desk *desk, struct ouv_arena *arena, const char *typed,
	struct store_page_ask *ask)
{
	char protocol[OUV_PROTOCOL_MAX];
	const char *text = typed + strspn(typed, " \t\r\n");
	struct store_token token;
	size_t len = strlen(text);

	while (len > 0 && strchr(" \t\r\n", text[len - 1]) != NULL)
		len--;
	text = ouv_arena_strndup(arena, text, len);
	if (ouv_protocol_parse(text, protocol) == OUV_OK) {
		ask->protocol = ouv_arena_strdup(arena, protocol);
		return OUV_OK;
	}
	if (!ouv_mail_addr_ok(text))
		return OUV_INVALID;
	ident_make(
		desk->office, "addr", ouv_mail_addr_fold(arena, text), &token);
	ask->token = token.now;
	ask->token_was = token.before;
	return OUV_OK;
}

static enum ouv_err
count_ask(struct ouv_desk *desk, const char *typed, const char *address,
	int *wait_out)
{
	struct ouv_id counted[LIMITS];

	ident_count(desk->office, "from", address != NULL ? address : "",
		&counted[0]);
	ident_count(desk->office, "ask", typed, &counted[1]);
	ident_count(desk->office, "ask-all", "", &counted[2]);
	return page_count(desk, limits, counted, LIMITS, wait_out);
}

enum ouv_err
ouv_desk_page_ask(struct ouv_desk *desk, struct ouv_arena *arena,
	enum ouv_page_kind kind, const char *typed, const char *address,
	int *wait_secs_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct store_page_ask ask = { .id = ouv_id_new(),
		.kind = ouv_page_kind_name(kind) };

	*wait_secs_out = 0;
	if (kind != OUV_PAGE_CONSUMER && kind != OUV_PAGE_CONTACT)
		return OUV_INVALID;
	TRY(read_typed(desk, arena, typed, &ask));
	TRY(count_ask(desk,
		ask.protocol != NULL ? ask.protocol
				     : ouv_mail_addr_fold(arena, typed),
		address, wait_secs_out));
	if (*wait_secs_out > 0)
		return OUV_REFUSED;
	TRY(store_begin(desk->store, &tx));
	TRY(store_page_ask_add(tx, &ask));
	return store_commit(&tx);
}

/* ---- the gateway: whom does it mean? ---------------------------------------
 */

struct answering {
	struct ouv_desk *desk;
	struct store_tx *tx;
	struct ouv_arena *arena;
	struct store_page_ask ask;
	int64_t now;
	int sent;
};

/* Their address, as the gateway may read it: a capsule of that party, or that
 * one alone.  OUV_NOT_FOUND: it cannot. */
static enum ouv_err
find_reader(struct answering *a, const struct ouv_id *case_id,
	const struct ouv_id *party, const struct ouv_id *capsule,
	struct consumer *to)
{
	struct store_capsule *list;
	size_t count;

	TRY(store_capsules(a->tx, a->arena, case_id, &list, &count));
	for (size_t i = 0; i < count; i++) {
		if (!list[i].has_svc || !ouv_id_equal(&list[i].party, party) ||
			(capsule != NULL &&
				!ouv_id_equal(&list[i].id, capsule)))
			continue;
		TRY(svc_capsule(a->desk, a->tx, a->arena, &list[i],
			list[i].box_svc, to));
		to->main = list[i].main;
		to->contact = list[i].contact;
		return OUV_OK;
	}
	return OUV_NOT_FOUND;
}

static json_t *
data_of(struct answering *a, const struct casefile *file,
	const struct consumer *to, bool company)
{
	struct ouv_desk *desk = a->desk;

	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:b, s:b, s:b}",
		"protocol", file->protocol, "name", to->name, "signature",
		desk->office->config->office_name, "link_url",
		link_url(desk, a->arena, to), "page_url",
		page_base_url(desk, a->arena, company), "page_code",
		to->page_code, "owes_you", 0, "owes_us", 0, "owes_other", 0);
}

/* One letter with the code that was just made. */
static enum ouv_err
send_code(struct answering *a, struct casefile *file, const struct consumer *to,
	bool company)
{
	char hex[OUV_ID_HEX], who[OUV_ID_HEX];
	struct letter_out letter = { .template = "page-code",
		.kind = "page-code",
		.lang = to->lang,
		.automatic = true,
		.lane = company ? OUV_LANE_COMPANY : OUV_LANE_CONSUMER,
		.now = a->now };
	struct ouv_id outbox;
	enum ouv_err err;

	ouv_id_hex(&a->ask.id, hex);
	ouv_id_hex(&to->party, who);
	letter.dedupe_key = ouv_arena_printf(a->arena, "code:%s:%s", hex, who);
	letter.data = data_of(a, file, to, company);
	err = letter_queue(
		a->desk, a->tx, a->arena, file, to, &letter, &outbox);
	json_decref(letter.data);
	TRY(err);
	TRY(store_case_touch(a->tx, &file->id, 1, a->now));
	a->sent++;
	return log_case(a->desk, a->tx, file, NULL, "page-code", &outbox);
}

/* Not more than so many a day, whoever asks for them. */
static enum ouv_err
too_many(struct answering *a, const struct ouv_id *reader, bool *many_out)
{
	int count;

	TRY(store_page_made_since(a->tx, reader, A_DAY, &count));
	*many_out = count >= CODES_A_DAY;
	return OUV_OK;
}

static enum ouv_err
lock(struct answering *a, const struct ouv_id *case_id, struct casefile *file)
{
	struct colleague *colleagues;
	size_t count;

	TRY(keys_colleagues(a->desk, a->tx, a->arena, &colleagues, &count));
	return casefile_lock(
		a->desk, a->tx, a->arena, colleagues, count, case_id, file);
}

/* A consumer of a case. */
static enum ouv_err
answer_consumer(struct answering *a, const struct store_page_asker *who)
{
	struct store_say say;
	struct casefile file;
	struct consumer to;
	enum ouv_err err;
	bool many;

	TRY(too_many(a, &who->party, &many));
	if (many)
		return OUV_OK;
	TRY(lock(a, &who->case_id, &file));
	err = find_reader(a, &who->case_id, &who->party, NULL, &to);
	if (err == OUV_NOT_FOUND)
		return OUV_OK;
	TRY(err);
	TRY(store_say(a->tx, a->arena, &who->party, &say));
	TRY(reply_code(a->desk, a->tx, &who->case_id, &who->party,
		say.code_version, false, to.code));
	TRY(page_key_consumer(
		a->desk, a->tx, a->arena, &file, NULL, false, a->now, &to));
	return send_code(a, &file, &to, false);
}

/* Somebody who answers for a company: by the newest case they know. */
static enum ouv_err
answer_contact(struct answering *a, const struct ouv_id *contact)
{
	struct ouv_id case_id, capsule, party;
	struct store_say say;
	struct casefile file;
	struct consumer to;
	enum ouv_err err;
	bool many;

	TRY(too_many(a, contact, &many));
	if (many)
		return OUV_OK;
	err = store_page_contact_case(
		a->tx, contact, &case_id, &capsule, &party);
	if (err == OUV_OK)
		err = lock(a, &case_id, &file);
	if (err == OUV_OK)
		err = find_reader(a, &case_id, &party, &capsule, &to);
	if (err != OUV_OK)
		return err == OUV_NOT_FOUND ? OUV_OK : err;
	TRY(store_say(a->tx, a->arena, &party, &say));
	TRY(reply_code(a->desk, a->tx, &case_id, &party, say.code_version,
		false, to.code));
	TRY(store_page_keys_end(a->tx, contact, "fresh"));
	TRY(page_key_contact(
		a->desk, a->tx, a->arena, &file, NULL, a->now, &to));
	return send_code(a, &file, &to, true);
}

/* The register holds addresses as they are. */
static enum ouv_err
answer_contacts(struct answering *a)
{
	struct store_page_contact *list;
	size_t count;

	if (ouv_id_is_zero(&a->ask.token))
		return OUV_OK;
	TRY(store_page_contacts(a->tx, a->arena, &list, &count));
	for (size_t i = 0; i < count; i++) {
		struct store_token token;

		ident_make(a->desk->office, "addr",
			ouv_mail_addr_fold(a->arena, list[i].addr), &token);
		if (ouv_id_equal(&token.now, &a->ask.token) ||
			ouv_id_equal(&token.now, &a->ask.token_was) ||
			ouv_id_equal(&token.before, &a->ask.token))
			TRY(answer_contact(a, &list[i].id));
	}
	return OUV_OK;
}

static enum ouv_err
answer(struct answering *a)
{
	struct store_page_asker *list;
	size_t count;

	if (strcmp(a->ask.kind, ouv_page_kind_name(OUV_PAGE_CONTACT)) == 0)
		return answer_contacts(a);
	TRY(store_page_askers(a->tx, a->arena, &a->ask, &list, &count));
	for (size_t i = 0; i < count; i++)
		TRY(answer_consumer(a, &list[i]));
	return OUV_OK;
}

/* ---- one after the other ---------------------------------------------------
 */

static enum ouv_err
run(struct answering *a)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;

	TRY(store_begin(a->desk->store, &tx));
	a->tx = tx;
	TRY(store_page_ask_take(tx, a->arena, &a->ask));
	TRY(answer(a));
	TRY(store_page_ask_done(
		tx, &a->ask.id, a->sent > 0 ? "sent" : "nobody"));
	if (a->sent > 0)
		TRY(store_outbox_notify(tx));
	return store_commit(&tx);
}

/* What cannot be done is not tried for ever; the code before goes on. */
static enum ouv_err
give_up(struct answering *a)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;

	ouv_log_error("a fresh code of a page could not be sent");
	TRY(store_begin(a->desk->store, &tx));
	TRY(store_page_ask_done(tx, &a->ask.id, "failed"));
	return store_commit(&tx);
}

static enum ouv_err
next(struct ouv_desk *desk)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_WIPE);
	struct answering a = {
		.desk = desk, .arena = arena, .now = ouv_clock_now()
	};
	enum ouv_err err = run(&a);

	if (err == OUV_OK || err == OUV_TEMPORARY || a.ask.kind == NULL)
		return err;
	if (err == OUV_CONFLICT) /* another worker, another key */
		return OUV_TEMPORARY;
	return give_up(&a);
}

enum ouv_err
tick_page_asks(struct ouv_desk *desk, size_t *done_out)
{
	enum ouv_err err = OUV_OK;
	size_t n = 0;

	while (err == OUV_OK && n < BATCH) {
		err = next(desk);
		n += err == OUV_OK;
	}
	*done_out = n;
	return err == OUV_NOT_FOUND ? OUV_OK : err;
}
