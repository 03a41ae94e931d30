/*
 * shown.h - does a name show an address that is not its owner's?
 */
#ifndef SERVER_SHOWN_H
#define SERVER_SHOWN_H

#include "ouv/arena.h"

/*
 * Pure.  The first e-mail address that stands in the display name, unless it
 * is addr itself; NULL: none.  Mail programs that show the name alone let a
 * stranger look like that address.
 */
const char *shown_address(
	struct ouv_arena *arena, const char *name, const char *addr);

#endif
