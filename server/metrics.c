/*
 * metrics.c - counters for Prometheus (text format 0.0.4)
 */
#include <inttypes.h>
#include <stdatomic.h>

#include "metrics.h"

#define CLASSES 6 /* status / 100 */

/* clang-format off */
static const struct {
	int64_t most_ms;
	const char *label;
} buckets[] = {
	{ 5, "0.005" }, { 25, "0.025" }, { 100, "0.1" }, { 250, "0.25" },
	{ 1000, "1" }, { 5000, "5" }, { 30000, "30" },
};
static const char *const login_labels[LOGIN__COUNT] = {
	[LOGIN_DONE] = "done", [LOGIN_REFUSED] = "refused",
	[LOGIN_THROTTLED] = "throttled",
};
/* clang-format on */
#define BUCKETS (sizeof(buckets) / sizeof(buckets[0]))

static atomic_uint_fast64_t by_class[CLASSES];
static atomic_uint_fast64_t by_time[BUCKETS];
static atomic_uint_fast64_t requests, total_ms;
static atomic_uint_fast64_t logins[LOGIN__COUNT];

void
metrics_request(int status, int64_t ms)
{
	int hundred = status / 100;

	if (hundred < 0 || hundred >= CLASSES)
		hundred = 0;
	atomic_fetch_add(&by_class[hundred], 1);
	for (size_t i = 0; i < BUCKETS; i++)
		if (ms <= buckets[i].most_ms)
			atomic_fetch_add(&by_time[i], 1);
	atomic_fetch_add(&requests, 1);
	atomic_fetch_add(&total_ms, (uint64_t)(ms > 0 ? ms : 0));
}

void
metrics_login(enum metrics_login how)
{
	atomic_fetch_add(&logins[how], 1);
}

static void
write_times(struct ouv_buf *buf)
{
	uint64_t ms = atomic_load(&total_ms);
	uint64_t count = atomic_load(&requests);

	ouv_buf_text(buf,
		"# HELP ouvidoria_request_seconds Time to answer a request.\n"
		"# TYPE ouvidoria_request_seconds histogram\n");
	for (size_t i = 0; i < BUCKETS; i++)
		ouv_buf_printf(buf,
			"ouvidoria_request_seconds_bucket{le=\"%s\"} %" PRIu64
			"\n",
			buckets[i].label, (uint64_t)atomic_load(&by_time[i]));
	ouv_buf_printf(buf,
		"ouvidoria_request_seconds_bucket{le=\"+Inf\"} %" PRIu64 "\n"
		"ouvidoria_request_seconds_sum %" PRIu64 ".%03u\n"
		"ouvidoria_request_seconds_count %" PRIu64 "\n",
		count, ms / 1000, (unsigned)(ms % 1000), count);
}

void
metrics_write(struct ouv_buf *buf, int64_t uptime_ms)
{
	ouv_buf_text(buf, "# HELP ouvidoria_requests_total Requests answered.\n"
			  "# TYPE ouvidoria_requests_total counter\n");
	for (int i = 1; i < CLASSES; i++)
		ouv_buf_printf(buf,
			"ouvidoria_requests_total{class=\"%dxx\"} %" PRIu64
			"\n",
			i, (uint64_t)atomic_load(&by_class[i]));
	write_times(buf);
	ouv_buf_text(buf, "# HELP ouvidoria_logins_total Attempts to log in.\n"
			  "# TYPE ouvidoria_logins_total counter\n");
	for (int i = 0; i < LOGIN__COUNT; i++)
		ouv_buf_printf(buf,
			"ouvidoria_logins_total{result=\"%s\"} %" PRIu64 "\n",
			login_labels[i], (uint64_t)atomic_load(&logins[i]));
	ouv_buf_printf(buf,
		"# HELP ouvidoria_uptime_seconds Since the program started.\n"
		"# TYPE ouvidoria_uptime_seconds gauge\n"
		"ouvidoria_uptime_seconds %" PRId64 "\n",
		uptime_ms / 1000);
}

void
metrics_database(struct ouv_buf *buf, uint64_t statements, uint64_t waits)
{
	ouv_buf_printf(buf,
		"# HELP ouvidoria_statements_total Sent to the database.\n"
		"# TYPE ouvidoria_statements_total counter\n"
		"ouvidoria_statements_total %" PRIu64 "\n"
		"# HELP ouvidoria_waits_total Times its answer was waited "
		"for.\n"
		"# TYPE ouvidoria_waits_total counter\n"
		"ouvidoria_waits_total %" PRIu64 "\n",
		statements, waits);
}

void
metrics_scans(struct ouv_buf *buf, uint64_t pages, uint64_t waiting)
{
	ouv_buf_printf(buf,
		"# HELP ouvidoria_scan_pages_total Pages of pictures looked "
		"at.\n"
		"# TYPE ouvidoria_scan_pages_total counter\n"
		"ouvidoria_scan_pages_total %" PRIu64 "\n"
		"# HELP ouvidoria_scans_waiting Attachments that are not read "
		"to their end.\n"
		"# TYPE ouvidoria_scans_waiting gauge\n"
		"ouvidoria_scans_waiting %" PRIu64 "\n",
		pages, waiting);
}
