/*
 * company_page.c - whoever answers for a company: who they are by the register,
 * and their cases with whose step it is
 */
#include <inttypes.h>
#include <string.h>

#include "member.h"
#include "move.h"
#include "ouv/clock.h"

#define REFERENCE_MOST 200

const char *
ouv_member_stage_name(enum ouv_member_stage stage)
{
	/* clang-format off */
	static const char *const names[OUV_MEMBER_STAGE__COUNT] = {
		[OUV_MEMBER_OWED] = "owed",
		[OUV_MEMBER_WAITING] = "waiting",
		[OUV_MEMBER_CLOSED] = "closed",
	};
	/* clang-format on */

	return names[stage];
}

/* ---- who reads ---------------------------------------------------------- */

static enum ouv_member_shut
shut_of(const struct store_member_who *who, int32_t today)
{
	if (!who->active)
		return OUV_MEMBER_LEFT;
	if (who->member_until != 0 && who->member_until < today)
		return OUV_MEMBER_OVER;
	if (who->until_day != 0 && who->until_day < today)
		return OUV_MEMBER_UNIT_ENDED;
	return OUV_MEMBER_OPEN;
}

static enum ouv_err
look_up(struct membership *ms, const struct ouv_page_visit *visit)
{
	enum ouv_err err;

	ms->m = (struct store_member_of){ .kind = ouv_page_kind_name(
						  visit->kind),
		.reader = visit->reader,
		.case_id = visit->case_id,
		.page_key = visit->key };
	ms->now = ouv_clock_now();
	TRY(office_day(ms->desk, ms->tx, ms->now, &ms->today));
	err = store_member_who(ms->tx, ms->arena, &visit->reader, &ms->who);
	ms->known = err == OUV_OK;
	if (ms->known)
		ms->shut = shut_of(&ms->who, ms->today);
	return err == OUV_NOT_FOUND ? OUV_OK : err;
}

static enum ouv_err
begin(struct ouv_desk *desk, struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_page_visit *visit, struct membership *out)
{
	*out = (struct membership){
		.desk = desk, .tx = tx, .arena = arena, .visit = visit
	};
	if (visit->kind == OUV_PAGE_CONSUMER)
		return OUV_NOT_FOUND;
	return look_up(out, visit);
}

enum ouv_err
member_begin(struct ouv_desk *desk, struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_page_visit *visit,
	struct membership *out)
{
	TRY(begin(desk, tx, arena, visit, out));
	return out->shut == OUV_MEMBER_OPEN ? OUV_OK : OUV_REFUSED;
}

static void
fill_reader(const struct membership *ms, struct ouv_member_reader *reader)
{
	const struct store_member_who *w = &ms->who;

	*reader = (struct ouv_member_reader){ .shut = ms->shut,
		.name = "",
		.addr = "",
		.company = "",
		.unit = "" };
	if (!ms->known)
		return;
	reader->name = w->name;
	reader->addr = w->addr;
	reader->company = w->company_name;
	reader->unit = w->unit_name;
	reader->owned = w->owned;
	reader->until_day = w->until_day;
	reader->contact = w->contact;
	reader->unit_id = w->unit;
	reader->company_id = w->company;
}

enum ouv_err
ouv_desk_member_reader(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_page_visit *visit,
	struct ouv_member_reader *reader_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct membership ms;

	TRY(store_begin_reading(desk->store, &tx));
	TRY(begin(desk, tx, arena, visit, &ms));
	fill_reader(&ms, reader_out);
	return store_commit(&tx);
}

enum ouv_err
ouv_desk_member_link(struct ouv_desk *desk, struct ouv_arena *arena,
	const char *token, struct ouv_member_reader *reader_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct membership ms;
	struct party_link link;
	struct ouv_page_visit as = { .kind = OUV_PAGE_CONTACT };

	TRY(store_begin_reading(desk->store, &tx));
	TRY(party_of_token(desk, tx, arena, token, &link));
	if (!link.say.company)
		return OUV_NOT_FOUND;
	as.reader = link.contact;
	TRY(begin(desk, tx, arena, &as, &ms));
	fill_reader(&ms, reader_out);
	return store_commit(&tx);
}

/* ---- their own numbers -------------------------------------------------- */

static enum ouv_err
open_reference(const struct membership *ms,
	const struct store_member_reference *row, const char **text_out)
{
	static const struct ouv_id none;
	struct ouv_context context;
	uint8_t dek[OUV_KEY];
	struct ouv_mail mail;
	struct ouv_str doc;
	enum ouv_err err;

	page_box_context(ms->desk, &ms->visit->key, &row->item.case_id,
		&row->item.id, -1, &none, 0, &context);
	err = ouv_open_key_pair(&context, ms->visit->pk, ms->visit->secret,
		row->box, sizeof(row->box), dek);
	if (err == OUV_OK)
		err = open_body_by_key(
			ms->desk, ms->arena, &row->item, dek, &doc);
	if (err == OUV_OK)
		err = ouv_mail_unpack(ms->arena, doc, &mail);
	ouv_wipe(dek, sizeof(dek));
	if (err == OUV_OK)
		*text_out = mail.text;
	return err;
}

enum ouv_err
member_references(const struct membership *ms,
	struct member_reference **list_out, size_t *count_out)
{
	struct store_member_reference *rows;
	struct member_reference *list;
	size_t count, n = 0;

	TRY(store_member_references(ms->tx, ms->arena, &ms->m, &rows, &count));
	list = ouv_arena_array(ms->arena, count, sizeof(*list));
	for (size_t i = 0; i < count; i++) {
		enum ouv_err err = open_reference(ms, &rows[i], &list[n].text);

		if (err == OUV_TEMPORARY)
			return err;
		if (err == OUV_OK && strlen(list[n].text) <= REFERENCE_MOST)
			list[n++].case_id = rows[i].item.case_id;
	}
	*list_out = list;
	*count_out = n;
	return OUV_OK;
}

static const char *
reference_of(const struct member_reference *list, size_t count,
	const struct ouv_id *case_id)
{
	for (size_t i = 0; i < count; i++)
		if (ouv_id_equal(&list[i].case_id, case_id))
			return list[i].text;
	return "";
}

/* ---- the list ----------------------------------------------------------- */

enum ouv_err
member_case(const struct membership *ms, const char *number,
	struct store_member_case *case_out)
{
	char protocol[OUV_PROTOCOL_MAX];

	if (number != NULL && ouv_protocol_parse(number, protocol) != OUV_OK)
		return OUV_NOT_FOUND;
	return store_member_case(ms->tx, ms->arena, &ms->m,
		number != NULL ? protocol : NULL, case_out);
}

void
member_line(const struct store_member_case *c, int64_t now,
	struct ouv_member_line *line)
{
	const bool closed = c->stage == OUV_MEMBER_CLOSED;

	*line = (struct ouv_member_line){ .protocol = c->protocol,
		.state = c->state,
		.stage = (enum ouv_member_stage)c->stage,
		.owes = ouv_state_info(c->state)->owes,
		.opened_at = c->opened_at,
		.moved_at = c->moved_at,
		.closed_at = closed ? c->closed_at : 0,
		.due_at = closed ? 0 : c->due_at,
		.late = c->stage == OUV_MEMBER_OWED && c->due_at != 0 &&
			c->due_at < now,
		.reading = c->reading,
		.waiting = c->waiting,
		.reference = "",
		.last_by = c->last_by != NULL ? c->last_by : "",
		.last_at = c->last_at };
}

/* The clock that the date is of: the case's own, whatever else runs. */
static enum ouv_err
add_reason(const struct membership *ms, enum ouv_lang lang,
	const struct store_member_case *c, struct ouv_member_line *line)
{
	struct mv mv = {
		.desk = ms->desk, .tx = ms->tx, .arena = ms->arena, .lang = lang
	};
	struct store_clock *list;
	size_t count;

	if (line->due_at == 0)
		return OUV_OK;
	TRY(store_clocks(ms->tx, ms->arena, &c->id, &list, &count));
	for (size_t i = 0; i < count; i++) {
		if (list[i].state != STORE_CLOCK_RUNNING ||
			list[i].due_at != line->due_at)
			continue;
		line->clocks =
			ouv_arena_array(ms->arena, 1, sizeof(*line->clocks));
		TRY(mv_clock_view(&mv, &list[i], ms->now, line->clocks));
		line->clock_count = 1;
		break;
	}
	return OUV_OK;
}

static enum ouv_err
read_wish(const struct membership *ms, const struct ouv_member_wish *wish,
	const struct member_reference *refs, size_t ref_count,
	struct store_member_wish *out)
{
	struct ouv_id *also =
		ouv_arena_array(ms->arena, ref_count, sizeof(*also));

	*out = (struct store_member_wish){ .stages = wish->stages,
		.closed_days = wish->closed_days,
		.search = wish->search != NULL ? wish->search : "",
		.also = also,
		.most = wish->most + 1 };
	TRY(list_cursor(wish->after, &out->after, &out->after_id));
	for (size_t i = 0; *out->search != '\0' && i < ref_count; i++)
		if (strcasestr(refs[i].text, out->search) != NULL)
			also[out->also_count++] = refs[i].case_id;
	return OUV_OK;
}

static enum ouv_err
read_lines(const struct membership *ms, const struct ouv_member_wish *wish,
	enum ouv_lang lang, struct ouv_member_lines *out)
{
	const size_t most = (size_t)wish->most;
	struct member_reference *refs;
	struct store_member_wish rows;
	struct store_member_case *list;
	size_t count, ref_count;
	char hex[OUV_ID_HEX];

	TRY(member_references(ms, &refs, &ref_count));
	TRY(read_wish(ms, wish, refs, ref_count, &rows));
	TRY(store_member_cases(
		ms->tx, ms->arena, &ms->m, &rows, &list, &count));
	out->count = count > most ? most : count;
	out->list = ouv_arena_array(ms->arena, out->count, sizeof(*out->list));
	for (size_t i = 0; i < out->count; i++) {
		member_line(&list[i], ms->now, &out->list[i]);
		out->list[i].reference =
			reference_of(refs, ref_count, &list[i].id);
		if (!wish->bare)
			TRY(add_reason(ms, lang, &list[i], &out->list[i]));
	}
	if (count > most) {
		ouv_id_hex(&list[most - 1].id, hex);
		out->after = ouv_arena_printf(
			ms->arena, "%" PRId64 "-%s", list[most - 1].sort, hex);
	}
	return OUV_OK;
}

enum ouv_err
ouv_desk_member_lines(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_page_visit *visit, const struct ouv_member_wish *wish,
	enum ouv_lang lang, struct ouv_member_lines *lines_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct ouv_member_lines lines = { 0 };
	struct membership ms;

	TRY(store_begin_reading(desk->store, &tx));
	TRY(member_begin(desk, tx, arena, visit, &ms));
	TRY(store_member_counts(tx, &ms.m, lines.counts, &lines.late));
	TRY(read_lines(&ms, wish, lang, &lines));
	*lines_out = lines;
	return store_commit(&tx);
}
