/*
 * hearing.h - were both sides heard?
 *
 * Computed from the file, never ticked: both were shown the index of evidence,
 * had the same number of days, and answered or let them lapse.  Pure.
 */
#ifndef OUV_HEARING_H
#define OUV_HEARING_H

#include <stdbool.h>
#include <stdint.h>

enum {
	OUV_HEARING_CONSUMER,
	OUV_HEARING_COMPANY,
	OUV_HEARING_SIDES
};

/* One side in the last round. */
struct ouv_hearing_side {
	bool sent;               /* it was shown the index */
	int last_n;              /* ... up to that number */
	int need_n;              /* the highest number now in the index that
				    somebody else brought */
	int days;                /* it had so many */
	int64_t sent_at, due_at; /* from then until then */
	int64_t answered_at;     /* noted as such; 0: it did not */
	bool lapsed;             /* noted as such */
};
struct ouv_hearing {
	int round; /* 0: nobody was shown anything yet */
	int64_t now;
	struct ouv_hearing_side side[OUV_HEARING_SIDES];
};

/* What is lacking, as bits. */
enum ouv_hearing_lack {
	OUV_HEARING_NOT_SHOWN, /* was not shown the index in this round      */
	OUV_HEARING_INDEX,     /* was not shown all of it                    */
	OUV_HEARING_OPEN,      /* neither answered, nor is its term over     */
	OUV_HEARING_DAYS,      /* had fewer days than the other              */
	OUV_HEARING_LACK__COUNT
};
#define OUV_HEARING_BIT(lack) (1U << (lack))
/* "not-shown", "index", "open", "days". */
const char *ouv_hearing_lack_name(enum ouv_hearing_lack lack);

/* Of one side. 0: nothing. */
uint32_t ouv_hearing_lacks(const struct ouv_hearing *hearing, int side);
/* Nothing is lacking on either side. */
bool ouv_hearing_heard(const struct ouv_hearing *hearing);
/* Both answered the last round, or its term is over. */
bool ouv_hearing_ended(const struct ouv_hearing *hearing);

#endif
