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
#include "party_say.h"
#include "release.h"

#define LABEL "lnk"
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

const char *
link_url(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct consumer *to)
{
	const struct ouv_config *config = desk->office->config;
	uint8_t raw[OUV_CODE_RAW];
	char name[OUV_NAME_MAX];
	struct ouv_id address;
	size_t len = strlen(config->server_base_url);

	if (ouv_code_read(to->code, strlen(to->code), raw, NULL) != OUV_OK)
		return "";
	ouv_code_id(raw, &address);
	ouv_message_name(tok_present(desk), LABEL, &address, name);
	while (len > 0 && config->server_base_url[len - 1] == '/')
		len--;
	return ouv_arena_printf(
		arena, "%.*s/t/%s", (int)len, config->server_base_url, name);
}

/* Two addresses of ours are secrets: a party's page, and what was released. */
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
			strncmp(at + len, "/d/", 3) == 0)
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
		return text;
	ouv_buf_init(&buf, arena, strlen(text) + 1);
	while ((at = secret_in(desk, text, &lead)) != NULL) {
		ouv_buf_add(&buf, text, (size_t)(at - text) + lead);
		ouv_buf_add(&buf, "\xe2\x80\xa6", 3); /* an ellipsis */
		text = at + lead + strspn(at + lead, token);
	}
	ouv_buf_add(&buf, text, strlen(text) + 1);
	return (const char *)buf.data;
}

/* A token that is none asks the same question: its answer takes as long. */
static enum ouv_err
find(struct ouv_desk *desk, struct store_tx *tx, struct ouv_arena *arena,
	const char *token, struct store_say *say)
{
	struct ouv_id address = { 0 };
	bool ours = ouv_message_name_read(desk->office->k_tok, LABEL, token,
			    strlen(token), &address) == OUV_OK;

	if (!ours)
		address = ouv_id_new();
	TRY(store_say_link(tx, arena, &address, say));
	if (!ours || say->protocol == NULL || say->state == OUV_STATE_HELD ||
		say->state == OUV_STATE_ERASED)
		return OUV_NOT_FOUND;
	return OUV_OK;
}

static void
fill(struct ouv_arena *arena, const struct store_say *say,
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

enum ouv_err
ouv_desk_party_page(struct ouv_desk *desk, struct ouv_arena *arena,
	const char *token, struct ouv_party_page *view_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct store_say say;

	TRY(store_begin(desk->store, &tx));
	TRY(find(desk, tx, arena, token, &say));
	fill(arena, &say, view_out);
	TRY(count_released(tx, arena, &say, view_out));
	return store_commit(&tx);
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

static bool
offers(const struct ouv_party_page *view, const struct ouv_party_decision *act)
{
	for (size_t i = 0; i < view->choice_count; i++)
		if (strcmp(view->choices[i].action, act->action) == 0 &&
			strcmp(view->choices[i].choice, act->choice) == 0)
			return true;
	return false;
}

/* What was pressed and typed, as a complete message. */
static enum ouv_err
make_message(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct store_say *say, const char *text, int64_t now,
	struct ouv_str *raw_out, struct ouv_str *doc_out)
{
	const struct ouv_config *config = desk->office->config;
	struct ouv_id id = ouv_id_new();
	char name[OUV_NAME_MAX];
	struct ouv_letter letter = { .from_name = config->office_name,
		.from_addr = config->office_address,
		.to_name = config->office_name,
		.to_addr = config->office_address,
		.date = now,
		.lang = ouv_lang_tag(say->lang),
		.subject = say->protocol,
		.text = text,
		.loop_id = desk->office->loop_id };
	struct ouv_mail mail = { .ok = true,
		.subject = say->protocol,
		.has_date = true,
		.date = now,
		.text = text,
		.text_source = OUV_TEXT_PLAIN,
		.reply_text = text,
		.lang = ouv_lang_tag(say->lang),
		.kind = OUV_MAIL_HUMAN };
	struct ouv_buf doc;

	ouv_message_name(tok_present(desk), LABEL, &id, name);
	letter.message_id =
		ouv_arena_printf(arena, "%s@%s", name, config->office_domain);
	TRY(ouv_letter_write(arena, &letter, raw_out));
	mail.size = raw_out->len;
	ouv_mail_sha256(raw_out->p, raw_out->len, mail.sha256);
	ouv_buf_init(&doc, arena, strlen(text) + 1024);
	ouv_mail_pack(&mail, &doc);
	*doc_out = (struct ouv_str){ doc.data, doc.len };
	return OUV_OK;
}

static enum ouv_err
keep_words(struct ouv_desk *desk, struct store_tx *tx, struct ouv_arena *arena,
	const struct store_say *say, const char *text, int64_t now,
	struct ouv_id *item_out)
{
	struct store_item item = { .id = ouv_id_new(),
		.kind = OUV_ITEM_MAIL_IN,
		.lane = say->company ? OUV_LANE_COMPANY : OUV_LANE_CONSUMER,
		.party = say->party,
		.why = "by-link",
		.at = now };
	struct colleague *colleagues;
	struct casefile file;
	uint8_t dek[OUV_KEY];
	struct ouv_str raw, doc;
	enum ouv_err err;
	size_t count;

	TRY(make_message(desk, arena, say, text, now, &raw, &doc));
	TRY(keys_colleagues(desk, tx, arena, &colleagues, &count));
	TRY(casefile_lock(
		desk, tx, arena, colleagues, count, &say->case_id, &file));
	ouv_random(dek, sizeof(dek));
	err = casefile_raw(
		desk, tx, &item.id, dek, raw.p, raw.len, &item.raw_padded);
	if (err == OUV_OK)
		err = casefile_item(desk, tx, arena, &file, &item, dek, &doc);
	ouv_wipe(dek, sizeof(dek));
	TRY(err);
	TRY(store_case_touch(tx, &say->case_id, 1, now));
	*item_out = item.id;
	TRY(log_case(desk, tx, &file, NULL, "append", &item.id));
	return file.state == OUV_STATE_CLOSED
		       ? retain_anew(desk, tx, arena, &file, &item.id, now)
		       : OUV_OK;
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

	TRY(keep_words(desk, tx, arena, say, act->text, row.at, &row.item));
	return store_party_act_add(tx, &row);
}

enum ouv_err
ouv_desk_party_decide(struct ouv_desk *desk, struct ouv_arena *arena,
	const char *token, const char *address,
	const struct ouv_party_decision *act, int *wait_secs_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct ouv_party_page view;
	struct store_say say;
	struct ouv_id key;
	enum ouv_err err;

	if (ouv_id_parse(act->form_key, &key) != OUV_OK ||
		strlen(act->text) > WORDS_MOST)
		return OUV_INVALID;
	TRY(link_count(desk, token, address, wait_secs_out));
	if (*wait_secs_out > 0)
		return OUV_REFUSED;
	TRY(store_begin(desk->store, &tx));
	TRY(find(desk, tx, arena, token, &say));
	err = store_form_key_use(tx, &key, &say.party, "link");
	if (err == OUV_CONFLICT)
		return OUV_OK; /* it is in already */
	TRY(err);
	fill(arena, &say, &view);
	if (!offers(&view, act))
		return OUV_CONFLICT;
	TRY(write_act(desk, tx, arena, &say, act));
	return store_commit(&tx);
}
