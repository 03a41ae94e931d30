/*
 * gate.h - what a request must look like before anything else looks at it
 *
 * Pure.  The HTTP library is lenient (two lengths, folded headers, absolute
 * addresses are handed on); a proxy that is strict stands in front, and this
 * refuses whatever the proxy should have refused, so that neither is trusted
 * alone.
 */
#ifndef SERVER_GATE_H
#define SERVER_GATE_H

#include <stdbool.h>
#include <stddef.h>

struct header {
	const char *name, *value;
};

/* Why a request is turned away; each row of the table has an HTTP status. */
enum gate {
	GATE_OK,
	GATE_METHOD_UNKNOWN,
	GATE_METHOD_REFUSED,
	GATE_TARGET_LONG,
	GATE_TARGET_SHAPE, /* a character that none of our addresses has */
	GATE_TARGET_TRICK, /* // .. %00 %0a %0d and encoded dots          */
	GATE_HEADERS_MANY,
	GATE_HEADER_NAME,  /* not a token: folding, blank before the colon */
	GATE_HEADER_VALUE, /* control characters                            */
	GATE_HOST,         /* none, two, or another's                        */
	GATE_LENGTH_SHAPE,
	GATE_LENGTH_TWICE,
	GATE_LENGTH_MISSING, /* POST without a length */
	GATE_BODY_UNWANTED,  /* GET or HEAD with one  */
	GATE_TRANSFER, /* any Transfer-Encoding                             */
	GATE_COOKIE_TWICE, /* two Cookie lines, or one of our names twice */
	GATE__COUNT
};

#define GATE_TARGET_MAX 2048
#define GATE_HEADER_MAX 64      /* lines */
#define GATE_HEADER_BYTES 16384 /* names and values together */

struct gate_rules {
	const char *host;           /* authority of the configured address */
	const char *const *cookies; /* names that may come once; NULL ends */
	const char *view_host;      /* the second name; NULL: there is none */
};

enum gate gate_check(const struct gate_rules *rules, const char *method,
	const char *target, const struct header *headers, size_t count);
/* Is it for the second name? */
bool gate_is_view(const struct gate_rules *rules, const struct header *headers,
	size_t count);
/* 200 for GATE_OK. */
int gate_status(enum gate gate);
/* For the log: "host", "target_shape", ... */
const char *gate_name(enum gate gate);
/* Value of the first header of that name, any case; NULL: none. */
const char *header_find(
	const struct header *headers, size_t count, const char *name);

#endif
