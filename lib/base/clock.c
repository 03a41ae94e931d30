/*
 * clock.c - the host's clocks, and times written for mail and for JSON
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "ouv/clock.h"

int64_t
ouv_clock_now_us(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_REALTIME, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

int64_t
ouv_clock_now(void)
{
	return ouv_clock_now_us() / 1000000;
}

int64_t
ouv_clock_mono_ms(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

int32_t
ouv_clock_day(int64_t at)
{
	time_t t = (time_t)at;
	struct tm tm = { 0 };

	(void)localtime_r(&t, &tm);
	at += tm.tm_gmtoff;
	return (int32_t)((at >= 0 ? at : at - 86399) / 86400);
}

int32_t
ouv_clock_today(void)
{
	return ouv_clock_day(ouv_clock_now());
}

/* A program that takes the same zone again leaves the environment, which other
 * threads may be reading by then, as it is. */
void
ouv_clock_zone(const char *name)
{
	const char *now = getenv("TZ");

	if (now == NULL || strcmp(now, name) != 0)
		(void)setenv("TZ", name, 1);
	tzset();
}

bool
ouv_clock_zone_exists(const char *name)
{
	char path[256];
	struct stat st;
	int len = snprintf(path, sizeof(path), "/usr/share/zoneinfo/%s", name);

	return len < (int)sizeof(path) && strstr(name, "..") == NULL &&
	       *name != '/' && stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

void
ouv_clock_rfc3339(int64_t at, char out[21])
{
	time_t t = (time_t)at;
	struct tm tm;

	out[0] = '\0';
	if (gmtime_r(&t, &tm) != NULL)
		(void)strftime(out, 21, "%Y-%m-%dT%H:%M:%SZ", &tm);
}

void
ouv_clock_rfc5322(int64_t at, char out[32])
{
	/* Not strftime's names: those follow the locale. */
	static const char days[7][4] = { "Sun", "Mon", "Tue", "Wed", "Thu",
		"Fri", "Sat" };
	static const char months[12][4] = { "Jan", "Feb", "Mar", "Apr", "May",
		"Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	time_t t = (time_t)at;
	struct tm tm;

	out[0] = '\0';
	if (gmtime_r(&t, &tm) == NULL)
		return;
	(void)snprintf(out, 32, "%s, %02d %s %04d %02d:%02d:%02d +0000",
		days[tm.tm_wday % 7], tm.tm_mday % 100, months[tm.tm_mon % 12],
		(tm.tm_year + 1900) % 10000, tm.tm_hour % 100, tm.tm_min % 100,
		tm.tm_sec % 100);
}
