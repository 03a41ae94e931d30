/*
 * page_say.c - what a consumer says on their page: words, files, a decision, a
 * wish
 *
 * A decision is the same act that a mail of the same words is, carried out by
 * the clockwork; a wish is a task for whoever looks after the case.
 */
#include <string.h>

#include "frame.h"
#include "ouv/clock.h"
#include "page_seal.h"

#define WORDS_MOST 8000

/* clang-format off */
static const struct {
	const char *what, *task; /* NULL: none */
	bool words; /* says nothing without */
} wishes[] = {
	{ "message", NULL,         true },
	{ "person",  "ask-person", false },
	{ "data",    "ask-data",   false },
};

/* Decisions that say nothing without words, unless files say it. */
static const char *const wordy[] = { "complement", "comment", "ask-review" };
/* clang-format on */
#define WISHES (sizeof(wishes) / sizeof(wishes[0]))

struct saying {
	const struct ouv_page_said *said;
	const struct ouv_page_visit *visit;
	const char *number;
	size_t wish; /* WISHES: a decision */
	struct store_say say;
	struct upload_list files;
	struct opened opened;
	struct verb_call call;
};

static bool
is_blank(const char *text)
{
	return text[strspn(text, " \t\r\n")] == '\0';
}

static bool
needs_words(const struct saying *s)
{
	if (s->files.count > 0)
		return false;
	if (s->wish < WISHES)
		return wishes[s->wish].words;
	for (size_t i = 0; i < sizeof(wordy) / sizeof(wordy[0]); i++)
		if (strcmp(wordy[i], s->said->what) == 0)
			return true;
	return false;
}

static enum ouv_err
check(struct saying *s)
{
	struct verb_call *call = &s->call;

	TRY(upload_chosen(call, &s->files));
	if (strlen(s->said->words) > WORDS_MOST ||
		strlen(s->said->text) > (size_t)2 * WORDS_MOST)
		verb_error(call, "words", "too-long");
	else if (needs_words(s) && is_blank(s->said->words))
		verb_error(call, "words", "empty");
	return call->result->error_count > 0 ? OUV_INVALID : OUV_OK;
}

/* ---- whose case ------------------------------------------------------------
 */

static enum ouv_err
find(struct saying *s)
{
	struct verb_call *call = &s->call;
	struct ouv_party_page view;
	struct store_page_case c;
	struct store_case locked;

	TRY(page_case_of(call->tx, call->arena, s->visit, s->number, &c));
	/* Of two at once the second one sees what the first one said. */
	TRY(store_case_lock(call->tx, call->arena, &c.case_id, &locked));
	TRY(store_say(call->tx, call->arena, &c.party, &s->say));
	TRY(party_is_there(&s->say));
	if (s->wish < WISHES)
		return OUV_OK;
	party_fill(call->arena, &s->say, &view);
	return party_offers(&view, s->said->what, s->said->choice)
		       ? OUV_OK
		       : OUV_CONFLICT;
}

/* ---- writing ---------------------------------------------------------------
 */

static enum ouv_err
ask_for(struct saying *s, const char *kind, const struct ouv_id *item)
{
	struct verb_call *call = &s->call;
	struct store_letter about = {
		.case_id = s->say.case_id, .item = *item, .party = s->say.party
	};

	return task_open(call->desk, call->tx, call->arena, NULL, &about, kind,
		call->now);
}

static enum ouv_err
decide(struct saying *s, const struct ouv_id *item)
{
	const struct store_party_act row = { .id = ouv_id_new(),
		.case_id = s->say.case_id,
		.party = s->say.party,
		.item = *item,
		.action = s->said->what,
		.choice = s->said->choice,
		.source = "link",
		.at = s->call.now };

	return store_party_act_add(s->call.tx, &row);
}

/* What came after the end: somebody looks whether it opens the case again. */
static enum ouv_err
too_late(struct saying *s, const struct ouv_id *item)
{
	return s->say.state == OUV_STATE_CLOSED && s->wish < WISHES &&
			       wishes[s->wish].task == NULL
		       ? ask_for(s, "reopen", item)
		       : OUV_OK;
}

static enum ouv_err
write_all(struct saying *s)
{
	struct verb_call *call = &s->call;
	const char *text =
		*s->said->text != '\0' ? s->said->text : s->said->words;
	const struct party_words words = { .say = &s->say,
		.text = text,
		.at = call->now,
		.files = &s->files,
		.call = call };
	struct ouv_id item;

	TRY(party_words_keep(call->desk, call->tx, call->arena, &words, &item));
	if (s->files.count > 0)
		TRY(upload_taken(call, &s->files));
	if (s->wish == WISHES)
		return decide(s, &item);
	if (wishes[s->wish].task != NULL)
		return ask_for(s, wishes[s->wish].task, &item);
	return too_late(s, &item);
}

/* Sent twice it is in already. */
static enum ouv_err
once(struct saying *s, const struct ouv_id *key)
{
	enum ouv_err err =
		store_form_key_use(s->call.tx, key, &s->visit->reader, "link");

	if (err == OUV_CONFLICT)
		return OUV_OK;
	TRY(err);
	TRY(check(s));
	TRY(find(s));
	TRY(write_all(s));
	return store_commit(&s->call.tx);
}

static enum ouv_err
count(struct ouv_desk *desk, struct ouv_arena *arena, const struct saying *s,
	int *wait_out)
{
	char hex[OUV_ID_HEX];

	ouv_id_hex(&s->visit->reader, hex);
	return link_count(desk,
		ouv_arena_printf(arena, "%s %s", hex,
			s->number != NULL ? s->number : ""),
		s->said->address, wait_out);
}

enum ouv_err
ouv_desk_page_say(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_page_visit *visit, const char *number,
	const struct ouv_page_said *said, struct ouv_verb_result *result_out,
	int *wait_secs_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	const struct ouv_field fields[] = { { OUV_UPLOAD_FIELD, said->upload },
		{ OUV_UPLOAD_FILES_FIELD, said->files } };
	struct saying s = { .said = said, .visit = visit, .number = number };
	struct ouv_id key;
	enum ouv_err err;

	memset(result_out, 0, sizeof(*result_out));
	*wait_secs_out = 0;
	while (s.wish < WISHES && strcmp(wishes[s.wish].what, said->what) != 0)
		s.wish++;
	if (ouv_id_parse(said->form_key, &key) != OUV_OK)
		return OUV_INVALID;
	TRY(count(desk, arena, &s, wait_secs_out));
	if (*wait_secs_out > 0)
		return OUV_REFUSED;
	s.call = change_call(desk, arena, act_nobody(), fields,
		sizeof(fields) / sizeof(fields[0]), result_out);
	s.call.opened = &s.opened;
	TRY(store_begin(desk->store, &tx));
	s.call.tx = tx;
	err = once(&s, &key);
	tx = s.call.tx; /* NULL: committed */
	upload_wipe(&s.files);
	return err;
}
