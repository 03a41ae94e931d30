/*
 * number.h - whole numbers that somebody wrote: forms, addresses, a child
 * behind a fence
 */
#ifndef OUV_NUMBER_H
#define OUV_NUMBER_H

#include <stdbool.h>

/* Digits alone, with a minus before them where least is below 0; from least to
 * most.  Moves *at behind them.  false: there is no such number, and *at stays.
 */
bool ouv_number(const char **at, int least, int most, int *out);
/* That character is next, and passed over. */
bool ouv_passed(const char **at, char c);

#endif
