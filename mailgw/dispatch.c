/*
 * dispatch.c - the outbox: claim, send, write down what was answered
 *
 * At least once: a letter whose answer was lost is sent again with the same
 * Message-ID, and the case shows it.
 */
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "mailgw.h"
#include "seal.h"
#include "smtp.h"
#include "ouv/clock.h"
#include "ouv/log.h"

#define CLAIM 20
#define CLAIM_MS INT64_C(300000) /* a third of the lease */
#define LOOK_MS 10000
#define SWEEP_MS (60LL * 60 * 1000)

struct dispatch {
	const struct ouv_config *config;
	struct ouv_office *office;
	struct ouv_desk *desk;
	struct smtp *smtp;
	struct ouv_id worker;
	int signals;
	int64_t swept_ms; /* 0: not yet */
	struct sealing sealing;
	struct gw_health health;
	bool no_relay; /* it was not there when we last looked */
};

/* What an answer means for the letter. */
static enum ouv_send_end
judge(enum ouv_err err, const struct smtp_reply *reply)
{
	if (err == OUV_OK)
		return OUV_SEND_SENT;
	if (err == OUV_INVALID || err == OUV_REFUSED)
		return OUV_SEND_REFUSED;
	if (reply->phase == SMTP_DOT && reply->code == 0)
		return OUV_SEND_LOST;
	/* 421 and a lost line are the relay's trouble, not the letter's. */
	if (reply->code == 0 || reply->code == 421 ||
		reply->phase == SMTP_CONNECT)
		return OUV_SEND_RELAY;
	return OUV_SEND_LATER;
}

/* Does the word hold the recipient, or a piece of the name before the @? */
static bool
tells(const char *word, size_t len, const char *to)
{
	size_t local = strcspn(to, "@");
	size_t from = 0;

	if (memchr(word, '@', len) != NULL)
		return true;
	while (from < local) {
		size_t piece = strcspn(to + from, "@._+-");

		for (size_t i = 0; piece > 1 && i + piece <= len; i++)
			if (strncasecmp(word + i, to + from, piece) == 0)
				return true;
		from += piece + 1;
	}
	return false;
}

/* Mail servers repeat the recipient in what they answer; neither the log nor
 * the database may hold it in clear. */
static void
hide_recipient(const char *text, const char *to, char *out, size_t cap)
{
	size_t n = 0;

	while (*text != '\0') {
		size_t blanks = strspn(text, " \t");
		size_t word = strcspn(text + blanks, " \t");
		bool hide = tells(text + blanks, word, to);
		const char *show = hide ? "<...>" : text + blanks;
		size_t len = hide ? 5 : word;

		if (n + blanks + len + 1 > cap)
			break;
		memcpy(out + n, text, blanks);
		memcpy(out + n + blanks, show, len);
		n += blanks + len;
		text += blanks + word;
	}
	out[n] = '\0';
}

static enum ouv_err
finish(struct dispatch *d, const struct ouv_outgoing *letter,
	enum ouv_send_end end, const struct smtp_reply *reply)
{
	char hex[OUV_ID_HEX], text[sizeof(reply->text)];
	enum ouv_err err;

	d->no_relay = end == OUV_SEND_RELAY && d->smtp == NULL;
	d->health.did = d->health.did || end == OUV_SEND_SENT;
	hide_recipient(reply->text, letter->to != NULL ? letter->to : "", text,
		sizeof(text));
	err = ouv_desk_outbox_finish(d->desk, letter, end,
		smtp_phase_name(reply->phase), reply->code, text);
	ouv_id_hex(&letter->id, hex);
	if (end == OUV_SEND_SENT)
		ouv_log_info("outbox=%s sent try=%d", hex, letter->attempts);
	else
		ouv_log_warn("outbox=%s not sent try=%d phase=%s code=%d: %s",
			hex, letter->attempts, smtp_phase_name(reply->phase),
			reply->code, text);
	if (err == OUV_CONFLICT) {
		ouv_log_warn("outbox=%s is another worker's by now", hex);
		return OUV_OK;
	}
	return err;
}

static enum ouv_err
send_one(struct dispatch *d, const struct ouv_outgoing *letter)
{
	struct smtp_reply reply = { .phase = SMTP_CONNECT };
	enum ouv_err err = OUV_OK;

	if (letter->failure != NULL || letter->expired) {
		(void)snprintf(reply.text, sizeof(reply.text), "%s",
			letter->failure != NULL ? letter->failure
						: "given up after five days");
		return finish(d, letter, OUV_SEND_REFUSED, &reply);
	}
	if (d->smtp != NULL && !smtp_is_usable(d->smtp))
		smtp_close(&d->smtp);
	if (d->smtp == NULL) {
		err = smtp_open(d->config, &d->smtp, &reply);
		if (err != OUV_OK)
			return finish(d, letter, OUV_SEND_RELAY, &reply);
	}
	err = smtp_send(d->smtp, letter->from, letter->to, letter->mime.p,
		letter->mime.len, &reply);
	return finish(d, letter, judge(err, &reply), &reply);
}

/* Everything due now; none left, or an error. */
static enum ouv_err
send_due(struct dispatch *d)
{
	for (;;) {
		struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
			ouv_arena_new(OUV_ARENA_WIPE);
		const struct smtp_reply unsent = { .phase = SMTP_CONNECT,
			.text = "not tried yet" };
		struct ouv_outgoing *letters;
		int64_t claimed = ouv_clock_mono_ms();
		enum ouv_err err;
		size_t count;

		err = ouv_desk_outbox_claim(
			d->desk, arena, CLAIM, &letters, &count);
		if (err != OUV_OK || count == 0)
			return err;
		for (size_t i = 0; i < count && err == OUV_OK; i++) {
			bool late = ouv_clock_mono_ms() - claimed > CLAIM_MS ||
				    gw_stopping(d->signals);

			err = late ? finish(d, &letters[i], OUV_SEND_RELAY,
					     &unsent)
				   : send_one(d, &letters[i]);
		}
		if (err != OUV_OK || gw_stopping(d->signals))
			return err;
	}
}

static void
wait_for_work(struct dispatch *d)
{
	struct pollfd fds[] = {
		{ .fd = d->signals, .events = POLLIN },
		{ .fd = ouv_desk_socket(d->desk), .events = POLLIN },
	};
	int secs = -1, ms = LOOK_MS;

	if (ouv_desk_outbox_next(d->desk, &secs) == OUV_OK && secs >= 0 &&
		secs < LOOK_MS / 1000)
		ms = secs > 0 ? secs * 1000 : 100;
	if (!ouv_desk_notified(d->desk))
		(void)poll(fds, 2, ms);
	(void)ouv_desk_notified(d->desk);
}

/* Once at the beginning, then once an hour. */
static enum ouv_err
sweep(struct dispatch *d)
{
	int64_t now = ouv_clock_mono_ms();

	if (d->swept_ms != 0 && now - d->swept_ms < SWEEP_MS)
		return OUV_OK;
	d->swept_ms = now;
	return ouv_desk_sweep(d->desk);
}

static int
loop(struct dispatch *d, bool once)
{
	int failures = 0;

	while (!gw_stopping(d->signals)) {
		enum ouv_err err = OUV_OK;

		if (d->desk == NULL) {
			err = ouv_desk_open(d->office, &d->desk);
			if (err == OUV_INVALID)
				return GW_FAILED;
			if (err == OUV_OK)
				ouv_desk_worker(d->desk, &d->worker);
			if (err == OUV_OK)
				err = ouv_desk_listen(d->desk, "ouv_outbox");
		}
		if (err == OUV_OK)
			err = send_due(d);
		if (err == OUV_OK)
			err = sweep(d);
		if (err == OUV_OK && d->no_relay)
			gw_tell_trouble(d->desk, &d->health, "relay");
		else
			gw_tell(d->desk, &d->health, err);
		gw_seal(d->desk, once);
		if (err == OUV_OK)
			err = gw_mail_checkpoints(
				&d->sealing, d->config, d->desk);
		if (once)
			return err == OUV_OK ? GW_DONE : GW_AGAIN;
		if (err == OUV_OK) {
			failures = 0;
			/* An idle relay would cut the line; we do it first. */
			smtp_close(&d->smtp);
			wait_for_work(d);
			continue;
		}
		failures++;
		ouv_log_warn("dispatch pauses: %s", ouv_err_name(err));
		(void)gw_pause(d->signals, gw_backoff(failures));
	}
	return GW_DONE;
}

int
gw_dispatch(const struct ouv_config *config, bool once)
{
	struct dispatch d = { .config = config,
		.signals = gw_signals(),
		.health = { .part = "dispatch" } };
	int status = GW_FAILED;

	d.worker = gw_worker(config, "dispatch");
	if (ouv_office_new(config, OUV_DESK_GATEWAY, &d.office) == OUV_OK)
		status = loop(&d, once);
	smtp_close(&d.smtp);
	gw_sealing_free(&d.sealing);
	gw_seal(d.desk, true);
	ouv_desk_close(&d.desk);
	ouv_office_free(&d.office);
	(void)close(d.signals);
	return status;
}
