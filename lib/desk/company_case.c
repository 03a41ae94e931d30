/*
 * company_case.c - one case as whoever answers for the company sees it
 *
 * Standing, dates and lists of numbers; what stands in messages is opened by
 * page_read.c alone.
 */
#include <string.h>

#include "member.h"
#include "move.h"
#include "party_say.h"

struct showing {
	struct membership ms;
	struct store_member_case c;
	enum ouv_lang lang;
	struct ouv_member_case *out;
};
typedef enum ouv_err part_fn(struct showing *s);

/* What is alleged, each to be answered; a code that has ended stands for
 * itself. */
static enum ouv_err
show_points(struct showing *s)
{
	const struct membership *ms = &s->ms;
	struct store_allegation *all;
	size_t count;

	TRY(store_allegations(ms->tx, ms->arena, &s->c.id, &all, &count));
	if (count > OUV_MEMBER_POINTS)
		count = OUV_MEMBER_POINTS;
	s->out->points =
		ouv_arena_array(ms->arena, count, sizeof(*s->out->points));
	s->out->point_count = count;
	for (size_t i = 0; i < count; i++) {
		struct ouv_allegation_view *p = &s->out->points[i];

		*p = (struct ouv_allegation_view){ .code = all[i].code,
			.article = all[i].article,
			.law = all[i].law };
		TRY(code_label(ms->desk, ms->tx, "allegation", p->code, s->lang,
			&p->label));
		if (p->label == NULL)
			p->label = p->code;
		if (*p->article != '\0')
			TRY(code_label(ms->desk, ms->tx, "article", p->article,
				s->lang, &p->article_label));
		if (*p->law != '\0')
			TRY(code_label(ms->desk, ms->tx, "law", p->law, s->lang,
				&p->law_label));
	}
	return OUV_OK;
}

size_t
member_choices(const struct store_say *say, const struct store_member_case *c,
	struct said *list, size_t most)
{
	struct say_ask ask;
	size_t count, n = 0;

	if (say->waiting)
		return 0; /* one after another */
	say_ask_of(say, "", &ask);
	count = party_say_choices(&ask, list, most);
	for (size_t i = 0; i < count; i++)
		if (!c->asked || list[i].action != OUV_ACTION_ASK_EXTENSION)
			list[n++] = list[i];
	return n;
}

static enum ouv_err
show_choices(struct showing *s)
{
	struct said list[OUV_PARTY_CHOICES];
	struct ouv_member_case *out = s->out;
	struct store_say say;
	enum ouv_err err = store_say(s->ms.tx, s->ms.arena, &s->c.party, &say);

	if (err != OUV_OK)
		return err;
	out->may_answer = (say.state == OUV_STATE_COMPANY ||
				  say.state == OUV_STATE_FORWARDED) &&
			  !say.waiting;
	out->choice_count =
		member_choices(&say, &s->c, list, OUV_PARTY_CHOICES);
	for (size_t i = 0; i < out->choice_count; i++)
		out->choices[i] = (struct ouv_party_choice){
			.action = ouv_action_name(list[i].action),
			.choice = ouv_arena_strdup(s->ms.arena, list[i].choice)
		};
	return OUV_OK;
}

/* Those that concern both sides; what the office owes is its own. */
static bool
is_theirs(enum ouv_clock clock)
{
	static const enum ouv_clock list[] = { OUV_CLOCK_COMPANY,
		OUV_CLOCK_FEEDBACK, OUV_CLOCK_CONSUMER, OUV_CLOCK_MEDIATION,
		OUV_CLOCK_PROPOSAL, OUV_CLOCK_COMMENT, OUV_CLOCK_OPINION,
		OUV_CLOCK_PROMISE, OUV_CLOCK_REVIEW, OUV_CLOCK_REVIEW_WINDOW,
		OUV_CLOCK_TOTAL };

	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++)
		if (list[i] == clock)
			return true;
	return false;
}

static enum ouv_err
show_clocks(struct showing *s)
{
	const struct membership *ms = &s->ms;
	struct mv mv = { .desk = ms->desk,
		.tx = ms->tx,
		.arena = ms->arena,
		.lang = s->lang };
	struct store_clock *list;
	size_t count, n = 0;

	TRY(store_clocks(ms->tx, ms->arena, &s->c.id, &list, &count));
	s->out->clocks =
		ouv_arena_array(ms->arena, count, sizeof(*s->out->clocks));
	for (size_t i = 0; i < count; i++)
		if (list[i].state != STORE_CLOCK_STOPPED &&
			is_theirs(list[i].kind))
			TRY(mv_clock_view(
				&mv, &list[i], ms->now, &s->out->clocks[n++]));
	s->out->clock_count = n;
	return OUV_OK;
}

static bool
opens(const struct store_member_open *list, size_t count,
	const struct store_evidence *e)
{
	for (size_t i = 0; i < count; i++)
		if (list[i].seq == e->item_seq &&
			(list[i].own || list[i].part == e->part))
			return true;
	return false;
}

/* The index as far as the company was shown it: what was added since waits
 * until both sides are. */
static enum ouv_err
show_proofs(struct showing *s)
{
	const struct membership *ms = &s->ms;
	struct store_hearing_row *rows;
	struct store_evidence *list;
	struct store_member_open *open;
	size_t count, row_count, open_count, n = 0;
	int last = 0;

	TRY(store_member_opens(ms->tx, ms->arena, &ms->visit->key, &s->c.id,
		&open, &open_count));
	TRY(store_hearings(ms->tx, ms->arena, &s->c.id, &rows, &row_count));
	for (size_t i = 0; i < row_count; i++)
		if (strcmp(rows[i].side, "company") == 0 &&
			rows[i].last_n > last)
			last = rows[i].last_n;
	TRY(store_evidence(ms->tx, ms->arena, &s->c.id, &list, &count));
	s->out->proofs =
		ouv_arena_array(ms->arena, count, sizeof(*s->out->proofs));
	for (size_t i = 0; i < count; i++)
		if (list[i].removed_at == 0 && list[i].n <= last)
			s->out->proofs[n++] = (struct ouv_member_proof){
				.n = list[i].n,
				.item_seq = list[i].item_seq,
				.part = list[i].part,
				.side = list[i].side,
				.added_at = list[i].added_at,
				.readable = opens(open, open_count, &list[i])
			};
	s->out->proof_count = n;
	return OUV_OK;
}

static enum ouv_err
show_promises(struct showing *s)
{
	const struct membership *ms = &s->ms;
	struct store_promise *list;
	size_t count, n = 0;

	TRY(store_promises(ms->tx, ms->arena, &s->c.id, &list, &count));
	s->out->promises =
		ouv_arena_array(ms->arena, count, sizeof(*s->out->promises));
	for (size_t i = 0; i < count; i++)
		if (strcmp(list[i].promiser, "office") != 0 &&
			strcmp(list[i].source, "letter") != 0)
			s->out->promises[n++] =
				(struct ouv_member_promise){ .n = list[i].n,
					.protocol = s->c.protocol,
					.promiser = list[i].promiser,
					.source = list[i].source,
					.state = list[i].state,
					.says_company = list[i].says_company,
					.made_at = list[i].made_at,
					.due_at = list[i].due_at,
					.ended_at = list[i].ended_at };
	s->out->promise_count = n;
	return OUV_OK;
}

static enum ouv_err
show_people(struct showing *s)
{
	const struct membership *ms = &s->ms;
	struct store_member_colleague *list;
	struct store_member_hand *hands;
	size_t count;

	TRY(store_member_colleagues(
		ms->tx, ms->arena, &s->c.party, &list, &count));
	s->out->colleagues =
		ouv_arena_array(ms->arena, count, sizeof(*s->out->colleagues));
	s->out->colleague_count = count;
	for (size_t i = 0; i < count; i++)
		s->out->colleagues[i] =
			(struct ouv_member_colleague){ list[i].name,
				list[i].unit_name, list[i].main };
	TRY(store_member_hands(ms->tx, ms->arena, &s->c.id, &hands, &count));
	s->out->hands =
		ouv_arena_array(ms->arena, count, sizeof(*s->out->hands));
	s->out->hand_count = count;
	for (size_t i = 0; i < count; i++)
		s->out->hands[i] =
			(struct ouv_member_hand){ .from = hands[i].giver_name,
				.to = hands[i].heir_name,
				.to_unit = hands[i].heir_unit,
				.both = hands[i].both,
				.at = hands[i].at };
	return OUV_OK;
}

static enum ouv_err
show_head(struct showing *s)
{
	const struct membership *ms = &s->ms;
	struct ouv_member_case *out = s->out;
	struct member_reference *refs;
	size_t count;

	member_line(&s->c, ms->now, &out->line);
	out->kind = s->c.kind;
	out->consumer_named =
		s->c.identity != NULL && strcmp(s->c.identity, "open") == 0;
	out->may_hand = ms->known && !ouv_id_is_zero(&ms->who.contact) &&
			s->c.stage != OUV_MEMBER_CLOSED;
	TRY(member_references(ms, &refs, &count));
	for (size_t i = 0; i < count; i++)
		if (ouv_id_equal(&refs[i].case_id, &s->c.id))
			out->line.reference = refs[i].text;
	return store_member_last_seq(
		ms->tx, &s->c.id, &s->c.party, &out->last_seq);
}

static part_fn *const parts[] = { show_head, show_points, show_choices,
	show_clocks, show_proofs, show_promises, show_people };

enum ouv_err
ouv_desk_member_case(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_page_visit *visit, const char *number,
	enum ouv_lang lang, struct ouv_member_case *case_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct showing s = { .lang = lang, .out = case_out };

	memset(case_out, 0, sizeof(*case_out));
	TRY(store_begin(desk->store, &tx));
	TRY(member_begin(desk, tx, arena, visit, &s.ms));
	TRY(member_case(&s.ms, number, &s.c));
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		TRY(parts[i](&s));
	TRY(member_catch_up(&s.ms, &s.c.id));
	return store_commit(&tx);
}
