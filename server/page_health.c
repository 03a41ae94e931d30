/*
 * page_health.c - what machines ask: is it alive, and how busy
 */
#include <string.h>

#include "ouv/clock.h"

#include "metrics.h"
#include "ocr_worker.h"
#include "page.h"
#include "reply.h"

void
page_health(struct request *request)
{
	struct ouv_desk *desk;
	enum ouv_err err;

	err = desk_here(request->server, &desk);
	if (err == OUV_OK)
		err = ouv_desk_ping(desk);
	if (err == OUV_OK) {
		reply_text(request, 200, "ok");
		return;
	}
	desk_drop();
	reply_header(request, "Retry-After", "5");
	reply_text(request, 503, "the database does not answer");
}

/*
 * For this machine alone.  Behind the proxy every connection is local, so what
 * tells a visitor from a local program is the header the proxy writes.
 */
void
page_metrics(struct request *request)
{
	struct ouv_buf buf;
	struct ouv_str text;
	uint64_t statements, waits, pages, waiting;

	if (header_find(request->headers, request->header_count,
		    "X-Forwarded-For") != NULL) {
		page_error(request, 404);
		return;
	}
	ouv_buf_init(&buf, request->arena, 2048);
	metrics_write(&buf, ouv_clock_mono_ms() - request->server->started_ms);
	ouv_desk_counts(&statements, &waits);
	metrics_database(&buf, statements, waits);
	ocr_worker_counts(&pages, &waiting);
	metrics_scans(&buf, pages, waiting);
	text.p = buf.data;
	text.len = buf.len;
	reply_bytes(
		request, 200, "text/plain; version=0.0.4; charset=utf-8", text);
}
