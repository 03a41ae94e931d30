/*
 * company_say.c - what somebody writes on their company's page: an answer to
 * each point, a decision, a message, a question for the consumer, their number
 *
 * All of it is a message of the company's lane.  A decision is carried out by
 * the clockwork as the same decision by mail is; an answer waits for the
 * mediator who passes it on, and the company's time stands still from now.
 */
#include <string.h>

#include "clock.h"
#include "frame.h"
#include "member.h"
#include "ouv/clock.h"
#include "party_say.h"
#include "settle.h"
#include "upload_use.h"

#define TEXT_MOST 100000 /* bytes, of an answer to all points */
#define WORDS_MOST_HERE 8000
#define POINT_MOST 4000
#define REFERENCE_MOST 60

enum how {
	HOW_ANSWER,
	HOW_MESSAGE,
	HOW_DATUM,
	HOW_REFERENCE,
	HOW_CHOICE
};

/* clang-format off */
static const struct {
	const char *what;
	enum how how;
	size_t most;
	bool needed, one_line;
} hows[] = {
	{ "answer",    HOW_ANSWER,    WORDS_MOST_HERE, false, false },
	{ "message",   HOW_MESSAGE,   WORDS_MOST_HERE, true,  false },
	{ "ask-datum", HOW_DATUM,     2000,            true,  false },
	{ "reference", HOW_REFERENCE, REFERENCE_MOST,  false, true },
	{ NULL,        HOW_CHOICE,    WORDS_MOST_HERE, false, false },
};

/* Decisions that say nothing without words. */
static const char *const wordy[] = { "comment", "ask-review", "ask-extension",
	"decline" };
/* clang-format on */

struct saying {
	struct membership ms;
	const struct ouv_member_said *said;
	struct ouv_member_done *done;
	size_t row; /* of hows */
	struct store_member_case c;
	struct store_say say;
	struct casefile file;
	struct verb_call call;
	struct opened opened;
	const struct ouv_calendar *calendar;
	size_t point_count; /* that the case has */
	struct store_allegation *points;
	struct upload_list files;
};

static bool
has_text(const char *text)
{
	return text != NULL && text[strspn(text, " \t\r\n")] != '\0';
}

static const char *
word(const char *text)
{
	return text != NULL ? text : "";
}

static size_t
row_of(const char *what)
{
	size_t i = 0;

	while (hows[i].what != NULL && strcmp(hows[i].what, what) != 0)
		i++;
	return i;
}

static enum how
how_of(const struct saying *s)
{
	return hows[s->row].how;
}

/* ---- the case, locked --------------------------------------------------- */

/* What was typed as fields, so that they are checked as all fields are. */
static void
make_fields(struct saying *s)
{
	const struct ouv_member_said *said = s->said;
	struct ouv_arena *arena = s->ms.arena;
	struct ouv_field *list = ouv_arena_array(
		arena, 3 + 3 * said->point_count, sizeof(*list));
	size_t n = 0;

	list[n++] = (struct ouv_field){ "words", word(said->words) };
	list[n++] = (struct ouv_field){ OUV_UPLOAD_FIELD, word(said->upload) };
	list[n++] =
		(struct ouv_field){ OUV_UPLOAD_FILES_FIELD, word(said->files) };
	for (size_t i = 0; i < said->point_count; i++) {
		const struct ouv_member_point *p = &said->points[i];
		const int number = (int)i + 1;

		list[n++] = (struct ouv_field){
			field_name(arena, "happened", number), word(p->happened)
		};
		list[n++] = (struct ouv_field){
			field_name(arena, "offered", number), word(p->offered)
		};
		list[n++] = (struct ouv_field){ field_name(arena, "by", number),
			word(p->by) };
	}
	s->call.fields = list;
	s->call.field_count = n;
}

static void
make_call(struct saying *s, struct colleague *colleagues, size_t count)
{
	const struct membership *ms = &s->ms;

	s->opened.c = (struct store_case){ .id = s->file.id,
		.protocol = s->file.protocol,
		.state = s->file.state,
		.lang = ouv_lang_tag(s->file.lang),
		.items = s->file.items,
		.key_version = s->file.version };
	s->call = (struct verb_call){ .desk = ms->desk,
		.tx = ms->tx,
		.arena = ms->arena,
		.actor = act_nobody(),
		.opened = &s->opened,
		.file = &s->file,
		.colleagues = colleagues,
		.colleague_count = count,
		.now = ms->now,
		.object = s->file.id,
		.result = &s->done->result };
	make_fields(s);
}

/* Found first without the lock, and once more with it: by then somebody may
 * have moved it. */
static enum ouv_err
take_case(struct saying *s, const char *number)
{
	const struct membership *ms = &s->ms;
	struct store_mediation m;
	struct colleague *colleagues;
	size_t count;

	TRY(member_case(ms, number, &s->c));
	TRY(keys_colleagues(ms->desk, ms->tx, ms->arena, &colleagues, &count));
	TRY(casefile_lock(ms->desk, ms->tx, ms->arena, colleagues, count,
		&s->c.id, &s->file));
	TRY(member_case(ms, s->c.protocol, &s->c));
	TRY(store_say(ms->tx, ms->arena, &s->c.party, &s->say));
	TRY(store_mediation(ms->tx, ms->arena, &s->c.id, &m));
	TRY(calendar_live(ms->desk, ms->tx, m.calendar, &s->calendar));
	TRY(store_allegations(
		ms->tx, ms->arena, &s->c.id, &s->points, &s->point_count));
	if (s->point_count > OUV_MEMBER_POINTS)
		s->point_count = OUV_MEMBER_POINTS;
	make_call(s, colleagues, count);
	return OUV_OK;
}

/* ---- is it possible, and well said? ------------------------------------- */

static bool
offers(const struct saying *s)
{
	struct said list[OUV_PARTY_CHOICES];
	size_t count = member_choices(&s->say, &s->c, list, OUV_PARTY_CHOICES);

	for (size_t i = 0; i < count; i++)
		if (strcmp(ouv_action_name(list[i].action), s->said->what) ==
				0 &&
			strcmp(list[i].choice, word(s->said->choice)) == 0)
			return true;
	return false;
}

static bool
is_possible(const struct saying *s)
{
	switch (how_of(s)) {
	case HOW_ANSWER:
		return s->say.state == OUV_STATE_COMPANY ||
		       s->say.state == OUV_STATE_FORWARDED;
	case HOW_DATUM:
		return ouv_state_is_open(s->say.state);
	case HOW_CHOICE:
		return offers(s);
	case HOW_MESSAGE:
	case HOW_REFERENCE:
		break;
	}
	return true;
}

/* Two of one company: the second one learns of the first before anything is
 * done a second time.  A message, or a question, takes nothing from anybody. */
static enum ouv_err
check_seen(struct saying *s)
{
	const struct membership *ms = &s->ms;
	struct ouv_member_done *d = s->done;
	const char *by;
	enum ouv_err err;

	if (s->said->seen < 0 ||
		(how_of(s) != HOW_ANSWER && how_of(s) != HOW_CHOICE))
		return OUV_OK;
	err = store_member_faster(ms->tx, ms->arena, &s->c.id, &s->c.party,
		s->said->seen, &by, &d->faster_what, &d->faster_at);
	if (err != OUV_OK)
		return err == OUV_NOT_FOUND ? OUV_OK : err;
	d->faster_name = by != NULL ? by : "";
	return OUV_CONFLICT;
}

static void
check_point(struct saying *s, size_t i)
{
	const struct ouv_member_point *p = &s->said->points[i];
	struct ouv_arena *arena = s->ms.arena;
	const int n = (int)i + 1;
	const char *by = field_name(arena, "by", n);
	const bool promised = has_text(p->by);
	int64_t end;
	int32_t day;

	(void)field_words(&s->call, field_name(arena, "happened", n),
		POINT_MOST, false, !has_text(p->offered));
	(void)field_words(&s->call, field_name(arena, "offered", n),
		promised ? PROMISE_WORDS : POINT_MOST, false, false);
	if (promised && !has_text(p->offered))
		verb_error(&s->call, by, "no-offer");
	else if (promised)
		(void)field_day(&s->call, s->calendar, by, 0, &day, &end);
}

static size_t
promised(const struct ouv_member_said *said)
{
	size_t n = 0;

	for (size_t i = 0; i < said->point_count; i++)
		n += has_text(said->points[i].by);
	return n;
}

static void
check_points(struct saying *s)
{
	const struct ouv_member_said *said = s->said;

	if (said->point_count != s->point_count) {
		verb_error(&s->call, "happened", "unknown");
		return;
	}
	for (size_t i = 0; i < said->point_count; i++)
		check_point(s, i);
	/* So many can be passed on with one answer. */
	if (promised(said) > PLEDGES_MOST)
		verb_error(&s->call, "by", "too-many");
}

static bool
needs_words(const struct saying *s)
{
	if (hows[s->row].needed)
		return true;
	if (how_of(s) == HOW_ANSWER)
		return s->point_count == 0;
	for (size_t i = 0; i < sizeof(wordy) / sizeof(wordy[0]); i++)
		if (strcmp(wordy[i], s->said->what) == 0)
			return true;
	return false;
}

static enum ouv_err
check_fields(struct saying *s)
{
	(void)field_words(&s->call, "words", hows[s->row].most,
		hows[s->row].one_line, needs_words(s));
	if (how_of(s) == HOW_ANSWER && s->say.state == OUV_STATE_COMPANY)
		check_points(s);
	if (strlen(word(s->said->text)) > TEXT_MOST)
		verb_error(&s->call, "words", "too-long");
	TRY(upload_chosen(&s->call, &s->files));
	return s->done->result.error_count > 0 ? OUV_INVALID : OUV_OK;
}

/* ---- the message -------------------------------------------------------- */

static void
fill_letter(const struct saying *s, const char *text, struct ouv_letter *letter,
	struct ouv_mail *mail)
{
	const struct membership *ms = &s->ms;
	const struct ouv_config *config = ms->desk->office->config;
	const bool named = ms->known && *ms->who.addr != '\0';
	struct ouv_mail_addr *from =
		ouv_arena_array(ms->arena, 1, sizeof(*from));
	struct ouv_id id = ouv_id_new();
	char name[OUV_NAME_MAX];

	ouv_message_name(tok_present(ms->desk), "lnk", &id, name);
	*letter = (struct ouv_letter){ .from_name = named ? ms->who.name
							  : config->office_name,
		.from_addr = named ? ms->who.addr : config->office_address,
		.to_name = config->office_name,
		.to_addr = config->office_address,
		.date = ms->now,
		.lang = ouv_lang_tag(s->say.lang),
		.subject = s->c.protocol,
		.text = text,
		.message_id = ouv_arena_printf(
			ms->arena, "%s@%s", name, config->office_domain),
		.loop_id = ms->desk->office->loop_id };
	*mail = (struct ouv_mail){ .ok = true,
		.subject = s->c.protocol,
		.has_date = true,
		.date = ms->now,
		.text = text,
		.text_source = OUV_TEXT_PLAIN,
		.reply_text = text,
		.lang = ouv_lang_tag(s->say.lang),
		.kind = OUV_MAIL_HUMAN };
	if (named) {
		*from = (struct ouv_mail_addr){ .name = ms->who.name,
			.addr = ms->who.addr };
		mail->from.count = 1;
		mail->from.list = from;
	}
}

static enum ouv_err
keep(struct saying *s, struct store_item *item, const uint8_t dek[OUV_KEY],
	const char *text)
{
	const struct membership *ms = &s->ms;
	struct ouv_letter letter;
	struct ouv_mail mail;
	struct ouv_buf doc;

	fill_letter(s, text, &letter, &mail);
	TRY(upload_letter(&s->call, &s->files, &letter, item, dek, &mail));
	TRY(upload_taken(&s->call, &s->files));
	ouv_buf_init(&doc, ms->arena, strlen(text) + 1024);
	ouv_mail_pack(&mail, &doc);
	return casefile_item(ms->desk, ms->tx, ms->arena, &s->file, item, dek,
		&(struct ouv_str){ doc.data, doc.len });
}

/* Where nobody made one text of it (a program sent fields): the points in their
 * order below their names, then what else was said. */
static enum ouv_err
text_of(const struct saying *s, const char **text_out)
{
	const struct ouv_member_said *said = s->said;
	struct ouv_buf buf;

	if (has_text(said->text)) {
		*text_out = said->text;
		return OUV_OK;
	}
	ouv_buf_init(&buf, s->ms.arena, 1024);
	for (size_t i = 0; i < said->point_count; i++) {
		const struct ouv_member_point *p = &said->points[i];
		const char *label = NULL;

		TRY(code_label(s->ms.desk, s->ms.tx, "allegation",
			s->points[i].code, s->say.lang, &label));
		ouv_buf_printf(&buf, "%zu. %s\n", i + 1,
			label != NULL ? label : s->points[i].code);
		if (has_text(p->happened))
			ouv_buf_printf(&buf, "- %s\n", p->happened);
		if (has_text(p->offered))
			ouv_buf_printf(&buf, "- %s%s%s%s\n", p->offered,
				has_text(p->by) ? " (" : "",
				has_text(p->by) ? p->by : "",
				has_text(p->by) ? ")" : "");
		ouv_buf_text(&buf, "\n");
	}
	ouv_buf_text(&buf, word(said->words));
	*text_out = ouv_arena_strndup(s->ms.arena, buf.data, buf.len);
	return OUV_OK;
}

static enum ouv_err
write_message(struct saying *s, struct store_item *item)
{
	const struct membership *ms = &s->ms;
	const char *text;
	uint8_t dek[OUV_KEY];
	enum ouv_err err;

	*item = (struct store_item){ .id = ouv_id_new(),
		.kind = OUV_ITEM_MAIL_IN,
		.lane = OUV_LANE_COMPANY,
		.party = s->c.party,
		.why = "by-link",
		.at = ms->now };
	TRY(text_of(s, &text));
	ouv_random(dek, sizeof(dek));
	err = keep(s, item, dek, text);
	ouv_wipe(dek, sizeof(dek));
	TRY(err);
	TRY(store_case_touch(ms->tx, &s->c.id, 1, ms->now));
	return log_case(ms->desk, ms->tx, &s->file, NULL, "append", &item->id);
}

/* What is answered to each point, so that whoever passes it on need not type
 * it again: sealed to the case, among the words of forms. */
static enum ouv_err
write_points(struct saying *s, struct ouv_id *item_out)
{
	json_t *list = json_array();
	char *text;
	enum ouv_err err;

	for (size_t i = 0; i < s->said->point_count; i++) {
		const struct ouv_member_point *p = &s->said->points[i];

		(void)json_array_append_new(list,
			json_pack("{s:s, s:s, s:s, s:s}", "code",
				s->points[i].code, "happened",
				word(p->happened), "offered", word(p->offered),
				"by", has_text(p->by) ? p->by : ""));
	}
	text = json_dumps(list, JSON_COMPACT);
	err = text != NULL ? held_words(&s->call, text, "fields", item_out)
			   : OUV_INVALID;
	if (text != NULL)
		ouv_wipe(text, strlen(text));
	free(text);
	json_decref(list);
	return err;
}

/* ---- what follows from it ----------------------------------------------- */

static enum ouv_err
open_task(struct saying *s, const struct store_item *item, const char *kind)
{
	const struct membership *ms = &s->ms;
	const struct store_letter about = {
		.case_id = s->c.id, .item = item->id, .party = s->c.party
	};

	return task_open(
		ms->desk, ms->tx, ms->arena, &s->file, &about, kind, ms->now);
}

/* As of an answer by mail (party_act.c). */
static enum ouv_err
follow_answer(struct saying *s, const struct store_item *item,
	struct store_member_post *post)
{
	post->tell = true;
	if (s->said->point_count > 0)
		TRY(write_points(s, &post->points));
	TRY(open_task(s, item, "read-answer"));
	if (s->say.state != OUV_STATE_COMPANY)
		return OUV_OK;
	return clock_pause(s->ms.desk, s->ms.tx, s->ms.arena, &s->c.id,
		OUV_CLOCK_COMPANY, s->ms.now);
}

static enum ouv_err
follow_choice(struct saying *s, const struct store_item *item,
	struct store_member_post *post)
{
	const struct store_party_act act = { .id = ouv_id_new(),
		.case_id = s->c.id,
		.party = s->c.party,
		.action = s->said->what,
		.choice = word(s->said->choice),
		.item = item->id,
		.source = "link",
		.at = s->ms.now };

	(void)post;
	return store_party_act_add(s->ms.tx, &act);
}

static enum ouv_err
follow_datum(struct saying *s, const struct store_item *item,
	struct store_member_post *post)
{
	(void)post;
	return open_task(s, item, "ask-consumer");
}

/* A closed case is kept longer, and a person looks whether it goes on. */
static enum ouv_err
follow_message(struct saying *s, const struct store_item *item,
	struct store_member_post *post)
{
	(void)post;
	return s->say.state == OUV_STATE_CLOSED ? open_task(s, item, "reopen")
						: OUV_OK;
}

/* NULL: nothing. */
static enum ouv_err (*const follows[])(struct saying *s,
	const struct store_item *item, struct store_member_post *post) = {
	[HOW_ANSWER] = follow_answer,
	[HOW_MESSAGE] = follow_message,
	[HOW_DATUM] = follow_datum,
	[HOW_REFERENCE] = NULL,
	[HOW_CHOICE] = follow_choice,
};

static enum ouv_err
write_all(struct saying *s)
{
	const struct membership *ms = &s->ms;
	struct store_member_post post = {
		.case_id = s->c.id, .what = s->said->what, .at = ms->now
	};
	struct store_item item;

	if (ms->known)
		post.contact = ms->who.contact;
	TRY(write_message(s, &item));
	post.item = item.id;
	if (follows[how_of(s)] != NULL)
		TRY(follows[how_of(s)](s, &item, &post));
	TRY(store_member_post_add(ms->tx, &post));
	s->done->seq = item.seq;
	return s->file.state == OUV_STATE_CLOSED
		       ? retain_anew(ms->desk, ms->tx, ms->arena, &s->file,
				 &item.id, ms->now)
		       : OUV_OK;
}

/* ---- all of it ---------------------------------------------------------- */

static enum ouv_err
say(struct saying *s, const char *number)
{
	struct ouv_id key;
	enum ouv_err err;

	TRY(take_case(s, number));
	if (!s->said->look) {
		if (ouv_id_parse(s->said->form_key, &key) != OUV_OK)
			return OUV_INVALID;
		err = store_form_key_use(
			s->ms.tx, &key, &s->ms.visit->reader, "company");
		if (err == OUV_CONFLICT)
			return OUV_OK; /* it is in already */
		TRY(err);
	}
	TRY(check_seen(s));
	if (!is_possible(s))
		return OUV_CONFLICT;
	TRY(check_fields(s));
	return s->said->look ? OUV_OK : write_all(s);
}

enum ouv_err
ouv_desk_member_say(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_page_visit *visit, const char *number,
	const struct ouv_member_said *said, struct ouv_member_done *done_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct saying s = {
		.said = said, .done = done_out, .row = row_of(said->what)
	};
	enum ouv_err err;

	memset(done_out, 0, sizeof(*done_out));
	TRY(store_begin(desk->store, &tx));
	err = member_begin(desk, tx, arena, visit, &s.ms);
	if (err == OUV_OK)
		err = say(&s, number);
	upload_wipe(&s.files);
	if (err != OUV_OK || said->look)
		return err;
	return store_commit(&tx);
}
