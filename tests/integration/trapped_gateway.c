/*
 * trapped_gateway.c - the gateway whose parser fails on command
 *
 * No mail can do this to the real one, so the proof that a mail which does is
 * no danger needs a parser with a trap: a line "X-Trap: WORD" makes the child
 * crash, spin, sleep, answer too much, lie, or commit a crime.  Everything
 * else of this program is the gateway's own code; only waiting is shorter.
 */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ouv/mail.h"
#include "../../lib/fence/fence_int.h"

static void
spin(void)
{
	for (volatile unsigned long n = 0;; n++)
		;
}

static void
crash(void)
{
	(void)raise(SIGSEGV);
	abort();
}

static void
doze(void)
{
	for (;;)
		(void)poll(NULL, 0, 1000);
}

static void
call_out(void)
{
	(void)socket(AF_INET, SOCK_STREAM, 0);
}

static void
hoard(void)
{
	if (SANITIZED) /* then nothing bounds it */
		crash();
	for (;;)
		memset(malloc(1 << 20), 1, 1 << 20);
}

static void
leave(void)
{
	_exit(0);
}

/* clang-format off */
static const struct {
	const char *word;
	void (*act)(void);
} traps[] = {
	{ "crash",    crash },
	{ "spin",     spin },
	{ "doze",     doze },
	{ "call-out", call_out },
	{ "hoard",    hoard },
	{ "leave",    leave },
};
/* clang-format on */

static bool
asks_for(const void *raw, size_t len, const char *word)
{
	char line[64];
	int n = snprintf(line, sizeof(line), "X-Trap: %s\r\n", word);

	return memmem(raw, len, line, (size_t)n) != NULL;
}

static void
trapped_read(struct ouv_arena *arena, const void *raw, size_t len,
	const struct ouv_mail_office *office, struct ouv_mail *mail_out)
{
	for (size_t i = 0; i < sizeof(traps) / sizeof(traps[0]); i++)
		if (asks_for(raw, len, traps[i].word))
			traps[i].act();
	ouv_mail_read(arena, raw, len, office, mail_out);
}

/* What comes back from a child that was taken over. */
static void
trapped_pack(const struct ouv_mail *mail, struct ouv_buf *out)
{
	if (mail->subject != NULL && strcmp(mail->subject, "lie") == 0)
		ouv_buf_text(out, "9 999999 =\n{\"ok\":1}");
	else if (mail->subject != NULL && strcmp(mail->subject, "flood") == 0)
		while (out->len <= OUV_FENCE_ANSWER_MAX)
			ouv_buf_text(out, "0123456789abcdef0123456789abcdef");
	else
		ouv_mail_pack(mail, out);
}

static enum ouv_err
impatient_fence(const struct ouv_fence_job *job, const struct ouv_fence_limits *limits,
	struct ouv_fence **fence_out)
{
	const struct ouv_fence_limits short_ones = {
		.wall_ms = 5000, .cpu_secs = 2, .memory = 256UL << 20
	};

	(void)limits;
	return ouv_fence_new(job, &short_ones, fence_out);
}

#define ouv_mail_read trapped_read
#define ouv_mail_pack trapped_pack
#define ouv_fence_new impatient_fence
#include "../../mailgw/understand.c"
