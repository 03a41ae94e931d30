/*
 * mailgw.h - what the files of the gateway share
 */
#ifndef MAILGW_H
#define MAILGW_H

#include <stdbool.h>

#include "ouv/gateway.h"
#include "ouv/fence.h"

/* Exit status of a process, sysexits.h where it has one. */
enum gw_exit {
	GW_DONE = 0,
	GW_FAILED = 1,
	GW_USAGE = 2,
	GW_AGAIN = 75,
};

/* Signals that ask us to stop arrive on this descriptor. */
int gw_signals(void);
bool gw_stopping(int signals);
/* Waits; true when it is time to stop. */
bool gw_pause(int signals, int ms);
/* Milliseconds to wait after the n-th failure in a row: 0.25 s to 15 s. */
int gw_backoff(int failures);

/* ---- understand.c -------------------------------------------------------- */

/* The parser behind its fence; make it before anything secret is read. */
OUV_MUST_CHECK enum ouv_err gw_fence(const struct ouv_config *config, bool pack,
	struct ouv_fence **fence_out);
/* The document of a mail the parser failed on. */
struct ouv_str gw_failed_doc(
	struct ouv_arena *arena, struct ouv_str raw, const char *failure);

/*
 * Parses what was received or claimed.  The ready ones come to the front; the
 * others failed and are tried again later.  final: do not wait for a third
 * attempt.  OUV_NOT_FOUND: there is no parser any more (its keeper was killed):
 * end this process and start anew; the mails are not at fault.
 */
OUV_MUST_CHECK enum ouv_err gw_understand(struct ouv_desk *desk,
	struct ouv_fence *fence, struct ouv_arena *arena,
	struct ouv_filing *filings, size_t count, bool final,
	size_t *ready_out);
/*
 * Files what was parsed: as one batch, and one by one when the batch is
 * refused.  OUV_TEMPORARY: the database; what was not filed is found again.
 */
OUV_MUST_CHECK enum ouv_err gw_file_ready(struct ouv_desk *desk,
	struct ouv_arena *arena, struct ouv_filing *filings, size_t count,
	bool final);
/* Everything that waits: left behind by a worker that died. */
OUV_MUST_CHECK enum ouv_err gw_file_waiting(
	struct ouv_desk *desk, struct ouv_fence *fence, int batch);

/* ---- filer.c: a thread that files one batch while the next is fetched ------
 */

struct filer;
struct filer *filer_new(struct ouv_office *office);
/* Takes the arena (NULLs it) and what lies in it.  The error is that of the
 * batch before; the arena is then not taken. */
OUV_MUST_CHECK enum ouv_err filer_give(struct filer *filer,
	struct ouv_arena **arena, struct ouv_filing *filings, size_t count);
/* Until nothing is in its hands; the error of the last batch. */
OUV_MUST_CHECK enum ouv_err filer_wait(struct filer *filer);
void filer_free(struct filer **filer);

/* ---- health.c: how each part is ---------------------------------------------
 */

struct gw_health {
	const char *part;
	bool did;        /* a mail, a letter, an alarm since it was told */
	int64_t told_ms; /* 0: not yet */
	bool was_good;
};
/* After a round: at most once a minute, and at once when it begins or ends to
 * go wrong.  desk may be NULL: nobody to tell. */
void gw_tell(struct ouv_desk *desk, struct gw_health *health, enum ouv_err err);
/* The same with the trouble's own code; "" : none. */
void gw_tell_trouble(
	struct ouv_desk *desk, struct gw_health *health, const char *trouble);

/* worker.c: to whom leases are given; the same after a restart. */
struct ouv_id gw_worker(const struct ouv_config *config, const char *part);

/* ---- the commands ----------------------------------------------------------
 */

int gw_run(const struct ouv_config *config, bool once);
int gw_intake(const struct ouv_config *config, bool once);
int gw_dispatch(const struct ouv_config *config, bool once);
int gw_timer(const struct ouv_config *config, bool once);
int gw_parse(const struct ouv_config *config, char **files);
int gw_ingest(const struct ouv_config *config, const char *rcpt, char **files);

/* Whole file, or standard input for "-"; in the arena, zero behind it. */
OUV_MUST_CHECK enum ouv_err gw_slurp(
	struct ouv_arena *arena, const char *path, struct ouv_str *bytes_out);

#endif
