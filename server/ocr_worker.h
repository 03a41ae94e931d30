/*
 * ocr_worker.h - the one thread that reads pictures, page after page
 */
#ifndef SERVER_OCR_WORKER_H
#define SERVER_OCR_WORKER_H

#include "ouv/scan.h"

#include "server.h"

/* Offered from then on: sets ouv_office_scans of the office.  Before threads.
 */
void ocr_worker_serve(struct server *server);
/* Begins and ends the thread; what is queued stays for the next one.  Without
 * language data nothing begins. */
void ocr_worker_start(const struct server *server);
void ocr_worker_stop(void);
/* What is not read yet of a case that this person has opened. */
void ocr_worker_case(struct ouv_desk *desk, const struct ouv_actor *actor,
	const struct ouv_id *case_id);
/* All that is queued is forgotten. */
void ocr_worker_end(void);

/* For /metrics: pages done since the start, jobs that wait. */
void ocr_worker_counts(uint64_t *pages_out, uint64_t *jobs_out);

#endif
