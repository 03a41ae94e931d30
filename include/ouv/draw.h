/*
 * draw.h - to whom a case falls: a draw that anybody can do again
 *
 * Everybody in the pool has a weight by the number of open cases they look
 * after; a seed of 32 random bytes decides.  With pool and seed recorded the
 * draw can be repeated by hand: docs/impartiality.md says how.  Pure.
 */
#ifndef OUV_DRAW_H
#define OUV_DRAW_H

#include <stddef.h>
#include <stdint.h>

#define OUV_DRAW_SEED 32

/* 1000 divided by one more than the load, rounded down; never below 1. */
int ouv_draw_weight(int load);
/*
 * Which of the pool, in the order given: the seed is read as four numbers of 64
 * bits, most significant byte first; the first one below the greatest multiple
 * of the sum of weights that 64 bits hold is divided by that sum, and what
 * remains falls to the first whose weights so far are greater than it.  (That
 * none of the four is below it does not happen; then the last one is taken.)
 * count is at least 1.
 */
size_t ouv_draw(
	const int *loads, size_t count, const uint8_t seed[OUV_DRAW_SEED]);

#endif
