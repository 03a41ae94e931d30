/*
 * clock.h - time is read once per unit of work and passed down as `now`
 *
 * Seconds since the epoch, UTC.  What decides a lease or a deadline is the
 * database's clock; this one stamps texts and measures durations.
 */
#ifndef OUV_CLOCK_H
#define OUV_CLOCK_H

#include <stddef.h>
#include <stdint.h>

int64_t ouv_clock_now(void);
int64_t ouv_clock_now_us(void);  /* microseconds since the epoch */
int64_t ouv_clock_mono_ms(void); /* monotonic: for durations only */

/* "2026-02-02T10:00:00Z"; out holds at least 21 bytes. */
void ouv_clock_rfc3339(int64_t at, char out[21]);
/* "Mon, 02 Feb 2026 10:00:00 +0000" (RFC 5322); at least 32 bytes. */
void ouv_clock_rfc5322(int64_t at, char out[32]);

#endif
