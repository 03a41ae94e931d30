/*
 * due.h - a term in its own grains: days, or seconds of counted time
 */
#ifndef CASE_DUE_H
#define CASE_DUE_H

#include "ouv/calendar.h"

/* So many of them make one of the unit: 1 for days, 3600 for hours. */
int64_t due_grain(enum ouv_unit unit);
/* As ouv_calendar_due; left 0: the end of that day, or of the next open one. */
OUV_MUST_CHECK enum ouv_err due_left(const struct ouv_calendar *calendar,
	enum ouv_unit unit, int64_t left, int64_t from,
	struct ouv_due *due_out);
/* Grains that count after from, up to until. */
int64_t due_used(const struct ouv_calendar *calendar, enum ouv_unit unit,
	int64_t from, int64_t until);

#endif
