/*
 * seal.c - the gateway's part in keeping the log honest: sealing what it wrote,
 * and mailing everybody's checkpoints to people outside
 *
 * The same mail is kept until each keeper's mail server took it or refused it
 * for good, or the next one is due; nothing counts as mailed before one of them
 * has it.
 */
#include <stdlib.h>

#include "ouv/clock.h"
#include "ouv/health.h"
#include "ouv/log.h"
#include "seal.h"
#include "smtp.h"

#define MINUTE_MS INT64_C(60000)

void
gw_seal(struct ouv_desk *desk, bool now)
{
	/* What fails is said there and done the next time. */
	if (desk != NULL)
		(void)ouv_desk_checkpoint(desk, now);
}

/* One mail and how far it got. */
struct keeping {
	struct ouv_arena *arena;
	struct ouv_checkpoint_mail mail;
	int64_t until_ms; /* then the next mail is due */
	bool *done;
	size_t taken;
};

static void
forget(struct keeping **keeping)
{
	if (*keeping == NULL)
		return;
	ouv_arena_free(&(*keeping)->arena);
	free(*keeping);
	*keeping = NULL;
}

static enum ouv_err
begin(struct sealing *s, struct ouv_desk *desk, int64_t until_ms)
{
	struct keeping *k = calloc(1, sizeof(*k));
	enum ouv_err err;

	if (k == NULL)
		abort();
	s->keeping = k;
	k->until_ms = until_ms;
	k->arena = ouv_arena_new(OUV_ARENA_PLAIN);
	err = ouv_desk_checkpoint_mail(desk, k->arena, &k->mail);
	if (err != OUV_OK || k->mail.count == 0 || k->mail.to_count == 0)
		forget(&s->keeping);
	else
		k->done = ouv_arena_array(
			k->arena, k->mail.to_count, sizeof(*k->done));
	return err;
}

/* Nobody of the case's is told, and nobody is written back to: the path is
 * null. */
static bool
send_to(const struct ouv_config *config, struct keeping *k, size_t i)
{
	struct smtp_reply reply = { .phase = SMTP_CONNECT };
	struct smtp *smtp = NULL;
	enum ouv_err err = smtp_open(config, &smtp, &reply);

	if (err == OUV_OK)
		err = smtp_send(smtp, "", k->mail.mails[i].to,
			k->mail.mails[i].mime.p, k->mail.mails[i].mime.len,
			&reply);
	smtp_close(&smtp);
	if (err == OUV_OK) {
		k->taken++;
		return true;
	}
	ouv_log_warn("checkpoints not mailed to keeper %zu: phase=%s code=%d",
		i + 1, smtp_phase_name(reply.phase), reply.code);
	/* That keeper will not have it, whatever we do. */
	return (err == OUV_REFUSED || err == OUV_INVALID) &&
	       reply.phase != SMTP_CONNECT;
}

static bool
send_all(const struct ouv_config *config, struct keeping *k)
{
	bool all = true;

	for (size_t i = 0; i < k->mail.to_count; i++) {
		if (!k->done[i])
			k->done[i] = send_to(config, k, i);
		all = all && k->done[i];
	}
	return all;
}

/* One keeper's trouble must not keep the others from the next mail: with it
 * the one who lacks this mail gets what is newest. */
static bool
is_late(const struct keeping *k, int64_t now)
{
	return k->taken > 0 && now >= k->until_ms;
}

/* The next mail is due and nobody has the one before: that is trouble. */
static enum ouv_err
tell_waiting(const struct keeping *k, struct ouv_desk *desk, int64_t now)
{
	if (k->taken > 0 || now < k->until_ms)
		return OUV_OK;
	return ouv_desk_part_seen(desk, "seal", false, false, "relay");
}

enum ouv_err
gw_mail_checkpoints(struct sealing *s, const struct ouv_config *config,
	struct ouv_desk *desk)
{
	int64_t now = ouv_clock_mono_ms();
	int64_t next_ms = now + config->audit_mail_minutes * MINUTE_MS;
	enum ouv_err err = OUV_OK;

	if (*config->audit_mail_to == '\0' || now < s->next_ms)
		return OUV_OK;
	if (s->keeping == NULL)
		err = begin(s, desk, next_ms);
	if (s->keeping != NULL && !send_all(config, s->keeping)) {
		if (!is_late(s->keeping, now)) {
			s->next_ms = now + MINUTE_MS;
			return tell_waiting(s->keeping, desk, now);
		}
		next_ms = now; /* that is when the next one is due */
	}
	s->next_ms = next_ms;
	if (s->keeping == NULL)
		return err == OUV_INVALID ? OUV_OK : err; /* said on the log */
	if (s->keeping->taken > 0) {
		err = ouv_desk_checkpoints_mailed(desk, &s->keeping->mail);
		if (err == OUV_OK)
			err = ouv_desk_part_seen(desk, "seal", true, true, "");
		ouv_log_info("checkpoints=%zu mailed to %zu of %zu",
			s->keeping->mail.count, s->keeping->taken,
			s->keeping->mail.to_count);
	} else {
		ouv_log_error("no keeper took the log's checkpoints");
		err = ouv_desk_part_seen(desk, "seal", false, false, "relay");
	}
	forget(&s->keeping);
	return err;
}

void
gw_sealing_free(struct sealing *s)
{
	forget(&s->keeping);
}
