/*
 * hearing.c - the rule of equal hearing
 *
 * What a side brought itself it need not be shown.  Terms that begin together
 * must be equal.  Where they do not (the company answers the notice, the
 * consumer that answer) the procedure gives each its own, and nobody may be
 * passed over by the shorter one: whoever had fewer days must have answered.
 */
#include "ouv/hearing.h"

const char *
ouv_hearing_lack_name(enum ouv_hearing_lack lack)
{
	static const char *const names[OUV_HEARING_LACK__COUNT] = {
		[OUV_HEARING_NOT_SHOWN] = "not-shown",
		[OUV_HEARING_INDEX] = "index",
		[OUV_HEARING_OPEN] = "open",
		[OUV_HEARING_DAYS] = "days",
	};

	return names[lack];
}

static bool
ended(const struct ouv_hearing *h, int side)
{
	const struct ouv_hearing_side *s = &h->side[side];

	return s->sent &&
	       (s->answered_at != 0 || s->lapsed || s->due_at < h->now);
}

static bool
short_of_days(const struct ouv_hearing *h, int side)
{
	const struct ouv_hearing_side *s = &h->side[side];
	const struct ouv_hearing_side *other = &h->side[1 - side];

	if (!other->sent || s->days >= other->days)
		return false;
	if (s->answered_at == 0)
		return true;
	/* What one did before the other was shown anything came first, be it
	 * within the same second. */
	return s->sent_at == other->sent_at && s->answered_at > other->sent_at;
}

uint32_t
ouv_hearing_lacks(const struct ouv_hearing *hearing, int side)
{
	const struct ouv_hearing_side *s = &hearing->side[side];
	uint32_t lacks = 0;

	if (!s->sent)
		return OUV_HEARING_BIT(OUV_HEARING_NOT_SHOWN);
	if (s->last_n < s->need_n)
		lacks |= OUV_HEARING_BIT(OUV_HEARING_INDEX);
	if (!ended(hearing, side))
		lacks |= OUV_HEARING_BIT(OUV_HEARING_OPEN);
	if (short_of_days(hearing, side))
		lacks |= OUV_HEARING_BIT(OUV_HEARING_DAYS);
	return lacks;
}

bool
ouv_hearing_heard(const struct ouv_hearing *hearing)
{
	return ouv_hearing_lacks(hearing, OUV_HEARING_CONSUMER) == 0 &&
	       ouv_hearing_lacks(hearing, OUV_HEARING_COMPANY) == 0;
}

bool
ouv_hearing_ended(const struct ouv_hearing *hearing)
{
	return ended(hearing, OUV_HEARING_CONSUMER) &&
	       ended(hearing, OUV_HEARING_COMPANY);
}
