/*
 * clock.h - time is read once per unit of work and passed down as `now`
 *
 * Seconds since the epoch, UTC.  What decides a lease or a deadline is the
 * database's clock; this one stamps texts and measures durations.
 */
#ifndef OUV_CLOCK_H
#define OUV_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

int64_t ouv_clock_now(void);
int64_t ouv_clock_now_us(void);  /* microseconds since the epoch */
int64_t ouv_clock_mono_ms(void); /* monotonic: for durations only */
/* The day of that moment in the time zone of TZ, which is the office's once its
 * configuration was read: days since 1970-01-01, as in ouv/calendar.h. */
int32_t ouv_clock_day(int64_t at);
int32_t ouv_clock_today(void);

/* IANA name; before threads.  It is TZ from then on. */
void ouv_clock_zone(const char *name);
/* Has this host's time zone database that name? */
bool ouv_clock_zone_exists(const char *name);

/* "2026-02-02T10:00:00Z"; out holds at least 21 bytes. */
void ouv_clock_rfc3339(int64_t at, char out[21]);
/* "Mon, 02 Feb 2026 10:00:00 +0000" (RFC 5322); at least 32 bytes. */
void ouv_clock_rfc5322(int64_t at, char out[32]);

#endif
