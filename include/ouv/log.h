/*
 * log.h - lines to standard error, for journald and for people
 *
 * `<n>` level prefix, the program's name, key=value fields.  Names, addresses,
 * subjects and bodies are never logged; text from outside (a server's answer)
 * goes through %s and is made printable here: control and non-ASCII bytes are
 * written as \xNN and the line is cut at 1,000 bytes.
 */
#ifndef OUV_LOG_H
#define OUV_LOG_H

#include "ouv/err.h"

enum ouv_log_level {
	OUV_LOG_ERROR, /* someone must act      <3> */
	OUV_LOG_WARN,  /* someone may           <4> */
	OUV_LOG_INFO,  /* one line per unit     <6> */
	OUV_LOG_DEBUG, /*                       <7> */
};

/* Call once at start. Lines below level are dropped. */
void ouv_log_init(const char *program, enum ouv_log_level level);
/* Sets the fields every line of this thread carries until changed, for
 * instance "req=1f3 case=..."; NULL clears. Copied, cut at 120 bytes. */
void ouv_log_context(const char *format, ...) OUV_PRINTF(1, 2);
void ouv_log_error(const char *format, ...) OUV_PRINTF(1, 2);
void ouv_log_warn(const char *format, ...) OUV_PRINTF(1, 2);
void ouv_log_info(const char *format, ...) OUV_PRINTF(1, 2);
void ouv_log_debug(const char *format, ...) OUV_PRINTF(1, 2);

#endif
