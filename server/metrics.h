/*
 * metrics.h - counters for Prometheus; nothing in them is about a person
 */
#ifndef SERVER_METRICS_H
#define SERVER_METRICS_H

#include <stdint.h>

#include "ouv/buf.h"

enum metrics_login {
	LOGIN_DONE,
	LOGIN_REFUSED,
	LOGIN_THROTTLED,
	LOGIN__COUNT
};

void metrics_request(int status, int64_t ms);
void metrics_login(enum metrics_login how);
/* The text of /metrics. */
void metrics_write(struct ouv_buf *buf, int64_t uptime_ms);
/* ... and what the database was asked. */
void metrics_database(struct ouv_buf *buf, uint64_t statements, uint64_t waits);
/* ... and how far scans are read. */
void metrics_scans(struct ouv_buf *buf, uint64_t pages, uint64_t waiting);

#endif
