/*
 * guard.c - what must hold before a move, as one table over facts
 */
#include "ouv/case.h"

#define R(name) OUV_ROLE_BIT(OUV_ROLE_##name)
#define ALL UINT32_MAX
#define PARTIES (R(CONSUMER) | R(COMPANY))
#define MACHINES (R(GATEWAY) | R(TIMER))
#define STAFF (ALL & ~PARTIES & ~MACHINES)

/* clang-format off */
#define FACT(name, expression) \
	static bool name(const struct ouv_facts *f) { return expression; }
FACT(stored, f->stored)
FACT(human, f->human)
FACT(auth, f->auth)
FACT(person, f->person)
FACT(free_, f->free)
FACT(qualified, f->qualified)
FACT(eyes, f->second)
FACT(lint, f->linted)
FACT(complaint, f->kinded && f->dispute)
FACT(no_dispute, f->kinded && !f->dispute && !f->request)
FACT(classified, f->classified)
FACT(chain, f->chain)
FACT(identity, f->identity)
FACT(team, !f->complex || f->team >= 2)
FACT(not_asked, !f->asked)
FACT(not_extended, !f->extended)
FACT(in_time, !f->lapsed)
FACT(refusable, f->refusable)
FACT(lapsed, f->lapsed)
FACT(reminded, f->reminders >= 1)
FACT(reminded_twice, f->reminders >= 2)
FACT(points, f->points)
FACT(heard, f->heard)
FACT(agreed, f->agreed)
FACT(commented, f->commented)
FACT(asked, f->consumer_asked)
FACT(not_author, !f->author)
FACT(new_reader, !f->involved)
FACT(window, f->review_open)
FACT(reopenable, f->reopen_open)
FACT(late_mail, f->late_mail)
FACT(retained, f->retained)
FACT(no_hold, !f->legal_hold)
FACT(notified, f->notified)
FACT(quiet, f->quiet)
FACT(request, f->request)
FACT(no_request, !f->request)
FACT(confirmed, f->confirmed)

static const struct {
	uint32_t roles; /* whom it concerns */
	bool (*holds)(const struct ouv_facts *facts);
} guards[OUV_GUARD__COUNT] = {
	[OUV_GUARD_STORED] = { ALL, stored },
	[OUV_GUARD_HUMAN] = { ALL, human },
	[OUV_GUARD_AUTH] = { PARTIES, auth },
	[OUV_GUARD_PERSON] = { ALL, person },
	[OUV_GUARD_FREE] = { STAFF, free_ },
	[OUV_GUARD_QUALIFIED] = { STAFF, qualified },
	[OUV_GUARD_EYES] = { ALL, eyes },
	[OUV_GUARD_LINT] = { ALL, lint },
	[OUV_GUARD_COMPLAINT] = { ALL, complaint },
	[OUV_GUARD_NO_DISPUTE] = { ALL, no_dispute },
	[OUV_GUARD_CLASSIFIED] = { ALL, classified },
	[OUV_GUARD_CHAIN] = { ALL, chain },
	[OUV_GUARD_IDENTITY] = { ALL, identity },
	[OUV_GUARD_TEAM] = { ALL, team },
	[OUV_GUARD_NOT_ASKED] = { ALL, not_asked },
	[OUV_GUARD_NOT_EXTENDED] = { ALL, not_extended },
	[OUV_GUARD_IN_TIME] = { ALL, in_time },
	[OUV_GUARD_REFUSABLE] = { ALL, refusable },
	[OUV_GUARD_LAPSED] = { ALL & ~PARTIES, lapsed },
	[OUV_GUARD_REMINDED] = { ALL, reminded },
	[OUV_GUARD_REMINDED_TWICE] = { ALL & ~PARTIES, reminded_twice },
	[OUV_GUARD_POINTS] = { ALL, points },
	[OUV_GUARD_HEARD] = { ALL, heard },
	[OUV_GUARD_AGREED] = { ALL, agreed },
	[OUV_GUARD_COMMENTED] = { ALL, commented },
	[OUV_GUARD_ASKED] = { ALL, asked },
	[OUV_GUARD_NOT_AUTHOR] = { ALL, not_author },
	[OUV_GUARD_NEW_READER] = { ALL, new_reader },
	[OUV_GUARD_WINDOW] = { ALL, window },
	[OUV_GUARD_REOPENABLE] = { ALL, reopenable },
	[OUV_GUARD_LATE_MAIL] = { ALL, late_mail },
	[OUV_GUARD_RETAINED] = { ALL, retained },
	[OUV_GUARD_NO_HOLD] = { ALL, no_hold },
	[OUV_GUARD_NOTIFIED] = { ALL, notified },
	[OUV_GUARD_QUIET] = { ALL, quiet },
	[OUV_GUARD_REQUEST] = { ALL, request },
	[OUV_GUARD_NO_REQUEST] = { ALL, no_request },
	[OUV_GUARD_CONFIRMED] = { ALL, confirmed },
};
/* clang-format on */

bool
ouv_guard_holds(
	enum ouv_guard guard, enum ouv_role role, const struct ouv_facts *facts)
{
	return (guards[guard].roles & OUV_ROLE_BIT(role)) == 0 ||
	       guards[guard].holds(facts);
}

uint64_t
ouv_guards_failed(const struct ouv_move *move, enum ouv_role role,
	const struct ouv_facts *facts)
{
	uint64_t failed = 0;

	for (int g = 0; g < OUV_GUARD__COUNT; g++)
		if ((move->guards & OUV_GUARD_BIT(g)) != 0 &&
			!ouv_guard_holds((enum ouv_guard)g, role, facts))
			failed |= OUV_GUARD_BIT(g);
	return failed;
}
