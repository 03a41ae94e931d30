/*
 * facts.c - what the guards of a move ask, computed from the file
 *
 * Nothing here is ticked by a person but that every point is answered, which
 * only somebody who reads both letters can tell.
 */
#include <string.h>

#include "frame.h"

static void
facts_about(const struct store_mediation *m, const struct store_facts *row,
	struct ouv_facts *f)
{
	f->kinded = m->kind != NULL;
	f->dispute = f->kinded && strcmp(m->kind, "complaint") == 0;
	f->request = f->kinded && strcmp(m->kind, "data-request") == 0;
	f->classified = m->severity != NULL && m->difficulty != NULL &&
			m->remedy != NULL && row->article;
	f->chain = !ouv_id_is_zero(&m->company) && !ouv_id_is_zero(&m->unit);
	f->identity = m->identity != NULL;
	f->complex =
		m->difficulty != NULL && strcmp(m->difficulty, "complex") == 0;
	f->company_told = m->told;
	f->legal_hold = m->legal_hold;
}

static void
facts_row(const struct store_facts *row, struct ouv_facts *f)
{
	f->free = row->free;
	f->qualified = row->qualified;
	f->author = row->author;
	f->involved = row->involved;
	f->team = row->team;
	f->asked = row->asked;
	f->extended = row->extended;
	f->lapsed = row->lapsed;
	f->reminders = row->reminders;
	f->refusable = row->refusable;
	f->agreed = row->agreed;
	f->consumer_asked = row->consumer_asked;
	f->review_open = row->review_open;
	f->reopen_open = row->reopen_open;
	f->late_mail = row->late_mail;
	f->retained = row->retained;
	f->notified = row->notified;
	f->quiet = row->quiet;
	f->confirmed = row->confirmed;
}

enum ouv_err
facts_of(struct verb_call *call, const struct store_mediation *m,
	struct ouv_facts *facts_out)
{
	struct ouv_facts f = { .stored = true, .human = true, .linted = true };
	struct ouv_hearing hearing = { .now = call->now };
	struct store_facts row = { 0 };
	int32_t today;

	TRY(office_day(call->desk, call->tx, call->now, &today));
	TRY(store_facts(call->tx, &m->case_id, &call->actor->person,
		ouv_state_info(m->state)->clock, call->now, today, &row));
	TRY(store_hearing(call->tx, &m->case_id, call->now, &hearing));
	facts_row(&row, &f);
	facts_about(m, &row, &f);
	f.heard = ouv_hearing_heard(&hearing);
	f.commented = ouv_hearing_ended(&hearing);
	f.person = !by_program(call);
	f.points = move_flag(call, "points");
	*facts_out = f;
	return OUV_OK;
}
