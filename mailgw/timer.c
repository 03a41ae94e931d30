/*
 * timer.c - the clockwork's process: reminders, ends of terms, acts of parties
 *
 * It asks every few seconds, and at once when something was written down for
 * it.  Two of them on two machines do each thing once all the same.
 */
#include <poll.h>
#include <unistd.h>

#include "mailgw.h"
#include "seal.h"
#include "ouv/clock.h"
#include "ouv/figures.h"
#include "ouv/grants.h"
#include "ouv/log.h"
#include "ouv/rotation.h"

#define LOOK_MS 5000
#define QUARTER_SECS (15LL * 60)
#define DAY_MS (24LL * 60 * 60 * 1000)

struct timer {
	struct ouv_office *office;
	struct ouv_desk *desk;
	struct ouv_id worker;
	struct gw_health health;
	int signals;
	int64_t counted_ms; /* 0: not yet */
	int64_t ties_at;    /* in QUARTER_SECS; 0: not yet */
	int64_t addresses_at;
	int64_t figures_at;
};

/* Once at the beginning, then once a day: a calendar's file may have changed,
 * and whoever should have counted again may have been killed. */
static enum ouv_err
count_again(struct timer *t)
{
	int64_t now = ouv_clock_mono_ms(), changed = 0;
	enum ouv_err err;
	size_t adopted = 0;

	if (t->counted_ms != 0 && now - t->counted_ms < DAY_MS)
		return OUV_OK;
	err = ouv_desk_adopt(t->desk, &adopted);
	if (err == OUV_OK)
		err = ouv_desk_recompute(t->desk, NULL, &changed);
	if (err != OUV_OK)
		return err;
	t->counted_ms = now;
	if (adopted > 0 || changed > 0)
		ouv_log_info("clocks begun for %zu cases, %lld moved", adopted,
			(long long)changed);
	return OUV_OK;
}

/* A day may have begun on which somebody is tied to a party. */
static enum ouv_err
feel_ties(struct timer *t)
{
	int64_t now = ouv_clock_now() / QUARTER_SECS;
	enum ouv_err err;
	size_t ended = 0;

	if (t->ties_at == now)
		return OUV_OK;
	err = ouv_desk_ties(t->desk, &ended);
	if (err != OUV_OK)
		return err;
	t->ties_at = now;
	if (ended > 0)
		ouv_log_info("%zu keys ended because a tie has begun", ended);
	return OUV_OK;
}

/* Of cases that are over. */
static enum ouv_err
end_addresses(struct timer *t)
{
	int64_t now = ouv_clock_now() / QUARTER_SECS;
	enum ouv_err err = OUV_OK;
	size_t ended = 1;

	while (t->addresses_at != now && err == OUV_OK && ended > 0 &&
		!gw_stopping(t->signals))
		err = ouv_desk_addresses_end(t->desk, &ended);
	if (err == OUV_OK)
		t->addresses_at = now;
	return err;
}

/* No clock waits because they cannot be counted; a second gateway finds them
 * young. */
static void
count_figures(struct timer *t)
{
	int64_t now = ouv_clock_now() / QUARTER_SECS;
	enum ouv_err err;
	bool made;

	if (t->figures_at == now)
		return;
	t->figures_at = now;
	err = ouv_desk_figures_refresh(t->desk, QUARTER_SECS / 2, &made);
	if (err != OUV_OK)
		ouv_log_warn("the office's figures were not counted: %s",
			ouv_err_name(err));
}

static enum ouv_err
tick_all(struct timer *t)
{
	size_t done = 0;
	enum ouv_err err;

	do {
		err = ouv_desk_tick(t->desk, &done);
		t->health.did = t->health.did || done > 0;
	} while (err == OUV_OK && done > 0 && !gw_stopping(t->signals));
	return err;
}

/* After a change of svc, or of k_id. */
static enum ouv_err
move_all(struct timer *t)
{
	static enum ouv_err (*const moves[])(struct ouv_desk * desk,
		size_t * read_out) = { ouv_desk_reseal, ouv_desk_idents };
	enum ouv_err err = OUV_OK;

	for (size_t i = 0; i < 2 && err == OUV_OK; i++) {
		size_t left = 1;

		while (err == OUV_OK && left > 0 && !gw_stopping(t->signals))
			err = moves[i](t->desk, &left);
	}
	return err;
}

static void
wait_for_work(struct timer *t)
{
	struct pollfd fds[] = {
		{ .fd = t->signals, .events = POLLIN },
		{ .fd = ouv_desk_socket(t->desk), .events = POLLIN },
	};

	if (!ouv_desk_notified(t->desk))
		(void)poll(fds, 2, LOOK_MS);
	(void)ouv_desk_notified(t->desk);
}

static enum ouv_err
open_desk(struct timer *t)
{
	enum ouv_err err;

	if (t->desk != NULL)
		return OUV_OK;
	err = ouv_desk_open(t->office, &t->desk);
	if (err != OUV_OK)
		return err;
	ouv_desk_worker(t->desk, &t->worker);
	return ouv_desk_listen(t->desk, "ouv_timer");
}

static int
loop(struct timer *t, bool once)
{
	int failures = 0;

	while (!gw_stopping(t->signals)) {
		enum ouv_err err = open_desk(t);

		if (err == OUV_INVALID && t->desk == NULL)
			return GW_FAILED;
		if (err == OUV_OK)
			err = count_again(t);
		if (err == OUV_OK)
			err = feel_ties(t);
		if (err == OUV_OK)
			err = tick_all(t);
		if (err == OUV_OK)
			err = end_addresses(t);
		if (err == OUV_OK)
			err = move_all(t);
		if (err == OUV_OK)
			count_figures(t);
		gw_tell(t->desk, &t->health, err);
		gw_seal(t->desk, once);
		if (once)
			return err == OUV_OK ? GW_DONE : GW_AGAIN;
		if (err == OUV_OK) {
			failures = 0;
			wait_for_work(t);
			continue;
		}
		failures++;
		ouv_log_warn("the clockwork pauses: %s", ouv_err_name(err));
		(void)gw_pause(t->signals, gw_backoff(failures));
	}
	return GW_DONE;
}

int
gw_timer(const struct ouv_config *config, bool once)
{
	struct timer t = { .signals = gw_signals(),
		.health = { .part = "timer" } };
	int status = GW_FAILED;

	t.worker = gw_worker(config, "timer");
	if (ouv_office_new(config, OUV_DESK_GATEWAY, &t.office) == OUV_OK)
		status = loop(&t, once);
	gw_seal(t.desk, true);
	ouv_desk_close(&t.desk);
	ouv_office_free(&t.office);
	(void)close(t.signals);
	return status;
}
