/*
 * party_page.c - a party's personal page: what it may read there, and decide
 *
 * The token in its address names a reply address of that party, with our MAC.
 * A new reply address makes the old link worthless.  Nothing sealed is opened
 * here: there is no key for it in this program without a colleague.
 */
#include <string.h>

#include "batch.h"
#include "clock.h"
#include "ouv/clock.h"
#include "ouv/party_page.h"
#include "page_seal.h"
#include "party_say.h"
#include "release.h"

#define ELLIPSIS "\xe2\x80\xa6"
#define LABEL "lnk"
#define LABEL_COMPANY "cap"
#define WORDS_MOST 8000

/* clang-format off */
static const struct {
	const char *scope;
	int free, max_secs, window_secs;
} limits[] = {
	{ "link-address", 40, 600, 3600 },
	{ "link",         10, 600, 3600 },
};
/* clang-format on */
#define LIMITS (sizeof(limits) / sizeof(limits[0]))

static size_t
base_len(const struct ouv_config *config)
{
	size_t len = strlen(config->server_base_url);

	while (len > 0 && config->server_base_url[len - 1] == '/')
		len--;
	return len;
}

/* Where the letter may bear it; else it stands beside the address alone. */
static const char *
code_in_link(const struct ouv_desk *desk, struct ouv_arena *arena,
	const struct consumer *to)
{
	char code[OUV_CODE_MAX];
	size_t n = 0;

	if (to->page_code == NULL ||
		strcmp(desk->office->config->server_party_code, "link") != 0)
		return "";
	for (const char *p = to->page_code; *p != '\0' && n < OUV_CODE; p++)
		if (*p != '-')
			code[n++] = *p;
	code[n] = '\0';
	return ouv_arena_printf(arena, "-%s", code);
}

const char *
link_url(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct consumer *to)
{
	const struct ouv_config *config = desk->office->config;
	const bool company = to->main && !ouv_id_is_zero(&to->capsule);
	uint8_t raw[OUV_CODE_RAW];
	char name[OUV_NAME_MAX];
	struct ouv_id address;

	if (ouv_code_read(to->code, strlen(to->code), raw, NULL) != OUV_OK)
		return "";
	ouv_code_id(raw, &address);
	ouv_message_name(tok_present(desk), company ? LABEL_COMPANY : LABEL,
		company ? &to->capsule : &address, name);
	return ouv_arena_printf(arena, "%.*s/%c/%s%s", (int)base_len(config),
		config->server_base_url, company ? 'p' : 't', name,
		code_in_link(desk, arena, to));
}

const char *
page_base_url(struct ouv_desk *desk, struct ouv_arena *arena, bool company)
{
	const struct ouv_config *config = desk->office->config;

	return ouv_arena_printf(arena, "%.*s/%c", (int)base_len(config),
		config->server_base_url, company ? 'p' : 't');
}

/* Addresses of ours that are secrets: a party's page, and what was released. */
static const char *
secret_in(const struct ouv_desk *desk, const char *text, size_t *lead_out)
{
	const char *base = desk->office->config->server_base_url;
	size_t len = strlen(base);

	while (len > 0 && base[len - 1] == '/')
		len--;
	*lead_out = len + strlen("/t/");
	for (const char *at = text; len > 0; at += len) {
		at = strstr(at, base);
		if (at == NULL)
			return NULL;
		if (strncmp(at + len, "/t/", 3) == 0 ||
			strncmp(at + len, "/d/", 3) == 0 ||
			strncmp(at + len, "/p/", 3) == 0)
			return at;
	}
	return NULL;
}

const char *
link_hidden(
	const struct ouv_desk *desk, struct ouv_arena *arena, const char *text)
{
	static const char token[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
	struct ouv_buf buf;
	const char *at;
	size_t lead;

	if (text == NULL || secret_in(desk, text, &lead) == NULL)
		return access_code_hidden(arena, text);
	ouv_buf_init(&buf, arena, strlen(text) + 1);
	while ((at = secret_in(desk, text, &lead)) != NULL) {
		ouv_buf_add(&buf, text, (size_t)(at - text) + lead);
		ouv_buf_add(&buf, ELLIPSIS, sizeof(ELLIPSIS) - 1);
		text = at + lead;
		/* What was hidden before has one. */
		if (strncmp(text, ELLIPSIS, sizeof(ELLIPSIS) - 1) == 0)
			text += sizeof(ELLIPSIS) - 1;
		text += strspn(text, token);
	}
	ouv_buf_add(&buf, text, strlen(text) + 1);
	return access_code_hidden(arena, (const char *)buf.data);
}

enum ouv_err
party_is_there(const struct store_say *say)
{
	return say->protocol == NULL || say->state == OUV_STATE_HELD ||
			       say->state == OUV_STATE_ERASED
		       ? OUV_NOT_FOUND
		       : OUV_OK;
}

/* A token that is none asks the same question: its answer takes as long. */
enum ouv_err
party_of_token(struct ouv_desk *desk, struct store_tx *tx,
	struct ouv_arena *arena, const char *token, struct party_link *link_out)
{
	const struct ouv_key *k_tok = desk->office->k_tok;
	const size_t len = strlen(token);
	struct ouv_id row = { 0 };
	struct party_link link = { .say = { .protocol = NULL } };
	bool company = ouv_message_name_read(k_tok, LABEL_COMPANY, token, len,
			       &row) == OUV_OK;
	bool ours = company || ouv_message_name_read(k_tok, LABEL, token, len,
				       &row) == OUV_OK;

	if (!ours)
		row = ouv_id_new();
	if (company) {
		link.capsule = row;
		TRY(store_say_capsule(
			tx, arena, &row, &link.say, &link.contact));
	} else
		TRY(store_say_link(tx, arena, &row, &link.say));
	TRY(ours ? party_is_there(&link.say) : OUV_NOT_FOUND);
	*link_out = link;
	return OUV_OK;
}

/* By which door they came. */
struct way {
	const char *token; /* of a letter; NULL: a visit */
	const struct ouv_page_visit *visit;
	const char *number; /* which case of several; NULL */
};

static enum ouv_err
find(struct ouv_desk *desk, struct store_tx *tx, struct ouv_arena *arena,
	const struct way *way, struct store_say *say)
{
	struct store_page_case c;
	struct party_link link;

	if (way->token != NULL) {
		TRY(party_of_token(desk, tx, arena, way->token, &link));
		*say = link.say;
		return OUV_OK;
	}
	TRY(page_case_of(tx, arena, way->visit, way->number, &c));
	TRY(store_say(tx, arena, &c.party, say));
	return party_is_there(say);
}

void
party_fill(struct ouv_arena *arena, const struct store_say *say,
	struct ouv_party_page *view)
{
	struct said list[OUV_PARTY_CHOICES];
	struct say_ask ask;
	enum ouv_owes owes = ouv_state_info(say->state)->owes;

	say_ask_of(say, "", &ask);
	*view = (struct ouv_party_page){ .protocol = say->protocol,
		.state = say->state,
		.company = say->company,
		.owes = owes,
		.due_at = owes != OUV_OWES_NONE ? say->due_at : 0,
		.waiting = say->waiting };
	if (say->waiting)
		return; /* one after another */
	view->choice_count = party_say_choices(&ask, list, OUV_PARTY_CHOICES);
	for (size_t i = 0; i < view->choice_count; i++)
		view->choices[i] = (struct ouv_party_choice){
			.action = ouv_action_name(list[i].action),
			.choice = ouv_arena_strdup(arena, list[i].choice)
		};
}

/* How many links of theirs open now; what they open needs the link itself. */
static enum ouv_err
count_released(struct store_tx *tx, struct ouv_arena *arena,
	const struct store_say *say, struct ouv_party_page *view)
{
	int64_t now = ouv_clock_now();
	struct store_disclosure *list;
	size_t count;

	TRY(store_disclosures(tx, arena, &say->case_id, &list, &count));
	for (size_t i = 0; i < count; i++) {
		if (!ouv_id_equal(&list[i].party, &say->party) ||
			release_over(&list[i], now) != NULL)
			continue;
		view->released++;
		if (list[i].expires_at > view->released_until)
			view->released_until = list[i].expires_at;
	}
	return OUV_OK;
}

static enum ouv_err
show(struct ouv_desk *desk, struct ouv_arena *arena, const struct way *way,
	struct ouv_party_page *view_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct store_say say;

	TRY(store_begin(desk->store, &tx));
	TRY(find(desk, tx, arena, way, &say));
	party_fill(arena, &say, view_out);
	TRY(count_released(tx, arena, &say, view_out));
	return store_commit(&tx);
}

enum ouv_err
ouv_desk_party_page(struct ouv_desk *desk, struct ouv_arena *arena,
	const char *token, struct ouv_party_page *view_out)
{
	return show(desk, arena, &(struct way){ .token = token }, view_out);
}

enum ouv_err
ouv_desk_page_standing(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_page_visit *visit, const char *number,
	struct ouv_party_page *view_out)
{
	return show(desk, arena,
		&(struct way){ .visit = visit, .number = number }, view_out);
}

/* ---- a decision ------------------------------------------------------------
 */

/* Whoever posts is counted, right or wrong. */
enum ouv_err
link_count(struct ouv_desk *desk, const char *token, const char *address,
	int *wait_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct ouv_id counted[LIMITS];

	ident_count(desk->office, "from", address != NULL ? address : "",
		&counted[0]);
	ident_count(desk->office, "link", token, &counted[1]);
	*wait_out = 0;
	TRY(store_begin(desk->store, &tx));
	for (size_t i = 0; i < LIMITS; i++) {
		int secs = 0;

		TRY(store_throttle_wait(
			tx, limits[i].scope, &counted[i], &secs));
		if (secs > *wait_out)
			*wait_out = secs;
	}
	for (size_t i = 0; *wait_out == 0 && i < LIMITS; i++)
		TRY(store_throttle_fail(tx, limits[i].scope, &counted[i],
			limits[i].free, limits[i].max_secs,
			limits[i].window_secs));
	return store_commit(&tx);
}

bool
party_offers(const struct ouv_party_page *view, const char *action,
	const char *choice)
{
	for (size_t i = 0; i < view->choice_count; i++)
		if (strcmp(view->choices[i].action, action) == 0 &&
			strcmp(view->choices[i].choice, choice) == 0)
			return true;
	return false;
}

static enum ouv_err
write_act(struct ouv_desk *desk, struct store_tx *tx, struct ouv_arena *arena,
	const struct store_say *say, const struct ouv_party_decision *act)
{
	struct store_party_act row = { .id = ouv_id_new(),
		.case_id = say->case_id,
		.party = say->party,
		.action = act->action,
		.choice = act->choice,
		.source = "link",
		.at = ouv_clock_now() };

	struct party_words words = {
		.say = say, .text = act->text, .at = row.at
	};

	TRY(party_words_keep(desk, tx, arena, &words, &row.item));
	return store_party_act_add(tx, &row);
}

enum ouv_err
ouv_desk_party_decide(struct ouv_desk *desk, struct ouv_arena *arena,
	const char *token, const char *address,
	const struct ouv_party_decision *act, int *wait_secs_out)
{
	const struct way way = { .token = token };
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct ouv_party_page view;
	struct store_case locked;
	struct store_say say;
	struct ouv_id key;
	enum ouv_err err;

	*wait_secs_out = 0;
	if (ouv_id_parse(act->form_key, &key) != OUV_OK ||
		strlen(act->text) > WORDS_MOST)
		return OUV_INVALID;
	TRY(link_count(desk, token, address, wait_secs_out));
	if (*wait_secs_out > 0)
		return OUV_REFUSED;
	TRY(store_begin(desk->store, &tx));
	TRY(find(desk, tx, arena, &way, &say));
	/* Of two at once the second one sees what the first one said. */
	TRY(store_case_lock(tx, arena, &say.case_id, &locked));
	TRY(find(desk, tx, arena, &way, &say));
	err = store_form_key_use(tx, &key, &say.party, "link");
	if (err == OUV_CONFLICT)
		return OUV_OK; /* it is in already */
	TRY(err);
	party_fill(arena, &say, &view);
	if (!party_offers(&view, act->action, act->choice))
		return OUV_CONFLICT;
	TRY(write_act(desk, tx, arena, &say, act));
	return store_commit(&tx);
}
