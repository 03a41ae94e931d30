/*
 * scanner.h - pages of attachments read and shown, behind fences
 */
#ifndef SERVER_SCANNER_H
#define SERVER_SCANNER_H

#include "ouv/scan.h"

/* Forks two keepers: call it before keys are read and threads begin.  Without
 * data for any language nothing is read, and the log says so.
 * OUV_TEMPORARY: they could not be made (logged). */
OUV_MUST_CHECK enum ouv_err scanner_begin(void);
void scanner_tell(void);  /* on the log: in which languages, or none */
bool scanner_reads(void); /* is there data for a language? */
/* As ouv_scanner_fn (ouv/scan.h), for the one thread that reads: a page may
 * take minutes. */
enum ouv_err scanner_read(void *user, struct ouv_arena *arena,
	const struct ouv_scan_wish *wish, struct ouv_str bytes,
	struct ouv_str *answer_out);
/* The same for a request: a picture of a page, within seconds.  OUV_TEMPORARY:
 * others are being shown. */
enum ouv_err scanner_show(void *user, struct ouv_arena *arena,
	const struct ouv_scan_wish *wish, struct ouv_str bytes,
	struct ouv_str *answer_out);
/* Nothing is read for a while: the last page's child ends. */
void scanner_rest(void);
/* By another thread: the page that is being read is left. */
void scanner_hurry(void);
/* The largest a child was that read (KiB), for the log and for tests. */
long scanner_largest_kb(void);
void scanner_end(void);

#endif
