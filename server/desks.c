/*
 * desks.c - one desk per thread, because a database connection serves one
 */
#include <pthread.h>

#include "ouv/log.h"

#include "server.h"

static pthread_key_t here;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void
close_desk(void *object)
{
	struct ouv_desk *desk = object;

	ouv_desk_close(&desk);
}

static void
make_key(void)
{
	(void)pthread_key_create(&here, close_desk);
}

enum ouv_err
desk_here(const struct server *server, struct ouv_desk **desk_out)
{
	struct ouv_desk *desk;
	enum ouv_err err;

	(void)pthread_once(&once, make_key);
	desk = pthread_getspecific(here);
	if (desk == NULL) {
		err = ouv_desk_open(server->office, &desk);
		/* A wrong schema is the operator's to mend, not the reader's.
		 */
		if (err != OUV_OK)
			return OUV_TEMPORARY;
		if (pthread_setspecific(here, desk) != 0) {
			ouv_desk_close(&desk);
			return OUV_TEMPORARY;
		}
	}
	*desk_out = desk;
	return OUV_OK;
}

void
desk_drop(void)
{
	struct ouv_desk *desk;

	(void)pthread_once(&once, make_key);
	desk = pthread_getspecific(here);
	(void)pthread_setspecific(here, NULL);
	ouv_desk_close(&desk);
}
