/*
 * filer.c - filing one batch while the next is being fetched
 *
 * A thread with a desk of its own.  One batch is in its hands, so that reading
 * the mailbox, sealing and parsing go on beside the database's work.  A batch
 * it could not file lies in the database and is found again.
 */
#include <pthread.h>
#include <stdlib.h>

#include "mailgw.h"
#include "ouv/log.h"

struct filer {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct ouv_office *office;
	struct ouv_desk *desk; /* the thread's own */

	/* what it was given; arena NULL: nothing */
	struct ouv_arena *arena;
	struct ouv_filing *filings;
	size_t count;

	bool stop;
	enum ouv_err err; /* of a batch nobody has heard of yet */
};

static enum ouv_err
file(struct filer *filer)
{
	if (filer->desk == NULL) {
		enum ouv_err err = ouv_desk_open(filer->office, &filer->desk);

		if (err != OUV_OK)
			return err;
	}
	return gw_file_ready(
		filer->desk, filer->arena, filer->filings, filer->count, false);
}

static void *
run(void *user)
{
	struct filer *filer = user;

	ouv_log_context("part=intake");
	(void)pthread_mutex_lock(&filer->lock);
	for (;;) {
		enum ouv_err err;

		while (filer->arena == NULL && !filer->stop)
			(void)pthread_cond_wait(&filer->changed, &filer->lock);
		if (filer->arena == NULL)
			break;
		(void)pthread_mutex_unlock(&filer->lock);
		err = file(filer);
		(void)pthread_mutex_lock(&filer->lock);
		if (err != OUV_OK)
			filer->err = err;
		ouv_arena_free(&filer->arena);
		(void)pthread_cond_broadcast(&filer->changed);
	}
	(void)pthread_mutex_unlock(&filer->lock);
	ouv_desk_close(&filer->desk);
	return NULL;
}

struct filer *
filer_new(struct ouv_office *office)
{
	struct filer *filer = calloc(1, sizeof(*filer));

	if (filer == NULL)
		abort();
	filer->office = office;
	(void)pthread_mutex_init(&filer->lock, NULL);
	(void)pthread_cond_init(&filer->changed, NULL);
	if (pthread_create(&filer->thread, NULL, run, filer) != 0)
		abort();
	return filer;
}

/* Both wait until the batch before is done, and tell how it went. */
static enum ouv_err
settle(struct filer *filer)
{
	enum ouv_err err;

	while (filer->arena != NULL)
		(void)pthread_cond_wait(&filer->changed, &filer->lock);
	err = filer->err;
	filer->err = OUV_OK;
	return err;
}

enum ouv_err
filer_give(struct filer *filer, struct ouv_arena **arena,
	struct ouv_filing *filings, size_t count)
{
	enum ouv_err err;

	(void)pthread_mutex_lock(&filer->lock);
	err = settle(filer);
	if (err == OUV_OK) {
		filer->arena = *arena;
		filer->filings = filings;
		filer->count = count;
		*arena = NULL;
		(void)pthread_cond_broadcast(&filer->changed);
	}
	(void)pthread_mutex_unlock(&filer->lock);
	return err;
}

enum ouv_err
filer_wait(struct filer *filer)
{
	enum ouv_err err;

	(void)pthread_mutex_lock(&filer->lock);
	err = settle(filer);
	(void)pthread_mutex_unlock(&filer->lock);
	return err;
}

void
filer_free(struct filer **filer)
{
	struct filer *f = *filer;

	if (f == NULL)
		return;
	(void)pthread_mutex_lock(&f->lock);
	f->stop = true;
	(void)pthread_cond_broadcast(&f->changed);
	(void)pthread_mutex_unlock(&f->lock);
	(void)pthread_join(f->thread, NULL);
	(void)pthread_mutex_destroy(&f->lock);
	(void)pthread_cond_destroy(&f->changed);
	free(f);
	*filer = NULL;
}
