/*
 * health.c - each part of the gateway writes down how it is, so that whoever
 * sits at the console sees when mail no longer comes or goes
 */
#include <string.h>

#include "mailgw.h"
#include "ouv/clock.h"
#include "ouv/health.h"

#define TELL_MS INT64_C(60000)

/* In words that templates know; a conflict is another gateway's lease. */
static const char *
trouble_of(enum ouv_err err)
{
	static const char *const codes[OUV_ERR__COUNT] = {
		[OUV_OK] = "",
		[OUV_NOT_FOUND] = "failed",
		[OUV_INVALID] = "failed",
		[OUV_REFUSED] = "refused",
		[OUV_CONFLICT] = "",
		[OUV_TEMPORARY] = "no-answer",
	};

	return codes[err];
}

void
gw_tell_trouble(struct ouv_desk *desk, struct gw_health *h, const char *trouble)
{
	int64_t now = ouv_clock_mono_ms();
	bool good = *trouble == '\0';

	if (desk == NULL)
		return;
	if (h->told_ms != 0 && now - h->told_ms < TELL_MS &&
		good == h->was_good)
		return;
	/* What fails here is told by the next call that needs the database. */
	if (ouv_desk_part_seen(desk, h->part, good, h->did, trouble) != OUV_OK)
		return;
	h->told_ms = now;
	h->was_good = good;
	h->did = false;
}

void
gw_tell(struct ouv_desk *desk, struct gw_health *h, enum ouv_err err)
{
	if (err != OUV_CONFLICT)
		gw_tell_trouble(desk, h, trouble_of(err));
}
