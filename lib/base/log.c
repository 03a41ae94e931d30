/*
 * log.c - lines to standard error, with journald's level prefix
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ouv/log.h"

#define LINE_MAX_ 1000

static const char *program = "ouvidoria";
static enum ouv_log_level limit = OUV_LOG_INFO;
static _Thread_local char context[121];

void
ouv_log_init(const char *name, enum ouv_log_level level)
{
	program = name;
	limit = level;
}

void
ouv_log_context(const char *format, ...)
{
	va_list args;

	context[0] = '\0';
	if (format == NULL)
		return;
	va_start(args, format);
	(void)vsnprintf(context, sizeof(context), format, args);
	va_end(args);
}

/* What came from outside cannot break a line or hide in one. */
static size_t
make_printable(const char *in, char *out, size_t cap)
{
	size_t n = 0;

	for (; *in != '\0' && n + 5 < cap; in++) {
		unsigned char c = (unsigned char)*in;

		if (c >= 0x20 && c < 0x7f)
			out[n++] = (char)c;
		else
			n += (size_t)snprintf(out + n, cap - n, "\\x%02x", c);
	}
	out[n] = '\0';
	return n;
}

static void OUV_PRINTF(2, 0)
	line(enum ouv_log_level level, const char *format, va_list args)
{
	static const char prefix[] = { '3', '4', '6', '7' };
	char text[LINE_MAX_], safe[LINE_MAX_], out[LINE_MAX_ + 256];
	int len;

	if (level > limit)
		return;
	(void)vsnprintf(text, sizeof(text), format, args);
	(void)make_printable(text, safe, sizeof(safe));
	len = snprintf(out, sizeof(out), "<%c>%s[%d]: %s%s%s\n", prefix[level],
		program, (int)getpid(), context, context[0] ? " " : "", safe);
	/* One write, so that lines of two threads do not mix. A log that
	 * cannot be written must not stop the work. */
	if (len > 0 && write(STDERR_FILENO, out, (size_t)len) < 0)
		return;
}

#define LOG_FUNCTION(name, level)          \
	void name(const char *format, ...) \
	{                                  \
		va_list args;              \
                                           \
		va_start(args, format);    \
		line(level, format, args); \
		va_end(args);              \
	}

LOG_FUNCTION(ouv_log_error, OUV_LOG_ERROR)
LOG_FUNCTION(ouv_log_warn, OUV_LOG_WARN)
LOG_FUNCTION(ouv_log_info, OUV_LOG_INFO)
LOG_FUNCTION(ouv_log_debug, OUV_LOG_DEBUG)
