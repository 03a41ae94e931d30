/*
 * ocr_worker.c - the one thread that reads pictures, page after page
 *
 * A page takes seconds and a letter may have hundreds, so nobody waits for it:
 * jobs stand in a queue and each gets one page in its turn, with a desk and a
 * fence of their own and at the lowest priority.  What is done is in the
 * database; whatever ends the program loses the page at work, and the next
 * colleague who opens the case brings the job again.
 */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#include "ouv/clock.h"
#include "ouv/log.h"

#include "ocr_worker.h"
#include "scanner.h"

#define JOBS 64
/* An item whose transaction is not over, a database that is away. */
#define AGAIN_MS 2000
#define TRIES 30

struct place {
	struct ouv_scan_job *job;
	int64_t after_ms; /* monotonic: not before */
	int tries;        /* in vain, one after the other */
};

static struct {
	pthread_mutex_t lock;
	pthread_cond_t news;
	pthread_t thread;
	bool ready, running, stop;
	const struct server *server;
	struct place places[JOBS]; /* the first is the next */
	size_t count;
	struct ouv_scan_job *now; /* at work */
} worker = { .lock = PTHREAD_MUTEX_INITIALIZER };

static atomic_uint_fast64_t pages;

/* ---- the queue -------------------------------------------------------------
 */

static bool
is_same(const struct ouv_scan_job *a, const struct ouv_scan_job *b)
{
	return a->part == b->part && ouv_id_equal(&a->item, &b->item);
}

/* Whoever opened the case last is the one whose job it is: it shall not end
 * with the session of whoever opened it first. */
static bool
is_known(struct ouv_scan_job *job)
{
	for (size_t i = 0; i < worker.count; i++) {
		struct ouv_scan_job *old = worker.places[i].job;

		if (!is_same(old, job))
			continue;
		old->case_id = job->case_id;
		old->person = job->person;
		old->begun_us = job->begun_us;
		return true;
	}
	return false;
}

/* Takes the job over; the lock is held. */
static void
put(struct place place)
{
	if (worker.count == JOBS || is_known(place.job)) {
		ouv_scan_job_free(&place.job);
		return;
	}
	worker.places[worker.count++] = place;
	(void)pthread_cond_signal(&worker.news);
}

static void
take(void *user, struct ouv_scan_job *job)
{
	(void)user;
	if (!scanner_reads()) {
		ouv_scan_job_free(&job);
		return;
	}
	(void)pthread_mutex_lock(&worker.lock);
	/* What is at work comes back by itself, unless its person has left. */
	if (worker.now != NULL && is_same(worker.now, job) &&
		ouv_id_equal(&worker.now->person, &job->person) &&
		worker.now->begun_us == job->begun_us)
		ouv_scan_job_free(&job);
	else
		put((struct place){ .job = job });
	(void)pthread_mutex_unlock(&worker.lock);
}

/* The first whose time has come; else false, and when the next one's does. */
static bool
next(struct place *place_out, int64_t *wait_ms_out)
{
	const int64_t now = ouv_clock_mono_ms();

	*wait_ms_out = -1;
	for (size_t i = 0; i < worker.count; i++) {
		int64_t wait = worker.places[i].after_ms - now;

		if (wait > 0) {
			if (*wait_ms_out < 0 || wait < *wait_ms_out)
				*wait_ms_out = wait;
			continue;
		}
		*place_out = worker.places[i];
		for (size_t k = i + 1; k < worker.count; k++)
			worker.places[k - 1] = worker.places[k];
		worker.count--;
		return true;
	}
	return false;
}

/* ---- the thread ------------------------------------------------------------
 */

static bool
is_stopping(void)
{
	bool stop;

	(void)pthread_mutex_lock(&worker.lock);
	stop = worker.stop;
	(void)pthread_mutex_unlock(&worker.lock);
	return stop;
}

/* A page that is left because the program ends was not tried. */
static enum ouv_err
read_page(void *user, struct ouv_arena *arena, const struct ouv_scan_wish *wish,
	struct ouv_str bytes, struct ouv_str *answer_out)
{
	enum ouv_err err;

	if (is_stopping())
		return OUV_TEMPORARY;
	err = scanner_read(user, arena, wish, bytes, answer_out);
	return err == OUV_INVALID && is_stopping() ? OUV_TEMPORARY : err;
}

static enum ouv_err
step(const struct ouv_scan_job *job, bool *left)
{
	struct ouv_desk *desk;
	enum ouv_err err = desk_here(worker.server, &desk);

	*left = false;
	if (err == OUV_OK)
		err = ouv_desk_scan_step(desk, job, read_page, NULL, left);
	if (err == OUV_TEMPORARY)
		desk_drop();
	if (err == OUV_OK)
		atomic_fetch_add(&pages, 1);
	return err;
}

/* After a page: to the end of the queue, or nothing is left of it. */
static void
settle(struct place place, enum ouv_err err, bool left)
{
	char hex[OUV_ID_HEX];

	if (err == OUV_OK) {
		place.tries = 0;
		if (left) {
			put(place);
			return;
		}
	} else if ((err == OUV_TEMPORARY || err == OUV_NOT_FOUND) &&
		   (worker.stop || ++place.tries < TRIES)) {
		place.after_ms =
			worker.stop ? 0 : ouv_clock_mono_ms() + AGAIN_MS;
		put(place);
		return;
	} else {
		ouv_id_hex(&place.job->item, hex);
		ouv_log_info("item=%s part=%d: its pages are not read further: "
			     "%s",
			hex, place.job->part, ouv_err_name(err));
	}
	ouv_scan_job_free(&place.job);
}

static void
wait_for_news(int64_t ms)
{
	struct timespec by;

	if (ms < 0) {
		(void)pthread_cond_wait(&worker.news, &worker.lock);
		return;
	}
	(void)clock_gettime(CLOCK_MONOTONIC, &by);
	by.tv_sec += ms / 1000;
	by.tv_nsec += ms % 1000 * 1000000;
	by.tv_sec += by.tv_nsec / 1000000000;
	by.tv_nsec %= 1000000000;
	(void)pthread_cond_clockwait(
		&worker.news, &worker.lock, CLOCK_MONOTONIC, &by);
}

static void *
run(void *unused)
{
	struct place place;
	int64_t wait;

	(void)unused;
	(void)pthread_mutex_lock(&worker.lock);
	while (!worker.stop) {
		enum ouv_err err;
		bool left;

		if (!next(&place, &wait)) {
			wait_for_news(wait);
			continue;
		}
		worker.now = place.job;
		(void)pthread_mutex_unlock(&worker.lock);
		err = step(place.job, &left);
		ouv_stack_wipe(); /* the page was on it, and its key */
		(void)pthread_mutex_lock(&worker.lock);
		worker.now = NULL;
		settle(place, err, left);
		if (worker.count == 0)
			scanner_rest();
	}
	(void)pthread_mutex_unlock(&worker.lock);
	desk_drop();
	return NULL;
}

/* ---- beginning and ending --------------------------------------------------
 */

void
ocr_worker_serve(struct server *server)
{
	ouv_office_scans(server->office, take, NULL);
}

void
ocr_worker_start(const struct server *server)
{
	worker.server = server;
	worker.stop = false;
	scanner_tell();
	if (!scanner_reads())
		return;
	if (!worker.ready)
		worker.ready = pthread_cond_init(&worker.news, NULL) == 0;
	worker.running = worker.ready &&
			 pthread_create(&worker.thread, NULL, run, NULL) == 0;
	if (!worker.running)
		ouv_log_error("scans are not read: no thread for it");
}

/* The thread may be about to begin a page when it is told: told again. */
void
ocr_worker_stop(void)
{
	struct timespec by;

	if (!worker.running)
		return;
	(void)pthread_mutex_lock(&worker.lock);
	worker.stop = true;
	(void)pthread_cond_signal(&worker.news);
	(void)pthread_mutex_unlock(&worker.lock);
	do {
		scanner_hurry();
		(void)clock_gettime(CLOCK_REALTIME, &by);
		by.tv_sec++;
	} while (pthread_timedjoin_np(worker.thread, NULL, &by) == ETIMEDOUT);
	worker.running = false;
}

void
ocr_worker_case(struct ouv_desk *desk, const struct ouv_actor *actor,
	const struct ouv_id *case_id)
{
	if (scanner_reads())
		ouv_desk_scan_jobs(desk, actor, case_id, take, NULL);
}

void
ocr_worker_end(void)
{
	(void)pthread_mutex_lock(&worker.lock);
	for (size_t i = 0; i < worker.count; i++)
		ouv_scan_job_free(&worker.places[i].job);
	worker.count = 0;
	(void)pthread_mutex_unlock(&worker.lock);
}

void
ocr_worker_counts(uint64_t *pages_out, uint64_t *jobs_out)
{
	*pages_out = atomic_load(&pages);
	(void)pthread_mutex_lock(&worker.lock);
	*jobs_out = worker.count + (worker.now != NULL ? 1 : 0);
	(void)pthread_mutex_unlock(&worker.lock);
}
