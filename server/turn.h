/*
 * turn.h - waiting, but not for long, to be the one who asks a fenced child
 */
#ifndef SERVER_TURN_H
#define SERVER_TURN_H

#include <pthread.h>
#include <stdbool.h>

/* False: somebody else holds it, and did not let go within so many ms. */
bool turn_take(pthread_mutex_t *turn, int ms);

#endif
