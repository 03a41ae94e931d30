/*
 * run.c - the daemon: one process takes mail in, one does what is due, one
 * sends mail out
 *
 * Sending may wait ten minutes for one answer, receiving must not; so each has
 * a process.  They meet in the database.  The parent only starts them again:
 * kill -9 of either, or of the parent, is a normal way to stop.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "mailgw.h"
#include "ouv/clock.h"
#include "ouv/log.h"
#include "ouv/rotation.h"
#include "ouv/setup.h"

struct part {
	const char *name;
	int (*run)(const struct ouv_config *config, bool once);
	pid_t pid;
	int failures;
	int64_t started_ms;
};

static void
block_signals(sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGTERM);
	sigaddset(set, SIGINT);
	sigaddset(set, SIGCHLD);
	sigaddset(set, SIGHUP);
	(void)sigprocmask(SIG_BLOCK, set, NULL);
	(void)signal(SIGPIPE, SIG_IGN);
}

int
gw_signals(void)
{
	sigset_t set;

	block_signals(&set);
	sigdelset(&set, SIGCHLD);
	sigdelset(&set, SIGHUP); /* the parent's: a part goes on */
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

bool
gw_pause(int signals, int ms)
{
	struct pollfd fd = { .fd = signals, .events = POLLIN };

	return poll(&fd, 1, ms) > 0;
}

bool
gw_stopping(int signals)
{
	return gw_pause(signals, 0);
}

int
gw_backoff(int failures)
{
	int ms = 250;

	for (int i = 1; i < failures && ms < 15000; i++)
		ms *= 2;
	return ms > 15000 ? 15000 : ms;
}

static void
start(struct part *part, const struct ouv_config *config, bool once)
{
	pid_t parent = getpid(), pid = fork();

	if (pid < 0) {
		ouv_log_error("cannot start %s: fork failed", part->name);
		return;
	}
	if (pid == 0) {
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			_exit(GW_AGAIN);
		ouv_log_context("part=%s", part->name);
		exit(part->run(config, once));
	}
	part->pid = pid;
	part->started_ms = ouv_clock_mono_ms();
}

/* GW_FAILED means: it will fail again (a secret file, the schema). */
static int
bury(struct part *parts, size_t count, bool stopping)
{
	int worst = GW_DONE, status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		for (size_t i = 0; i < count; i++) {
			if (parts[i].pid != pid)
				continue;
			parts[i].pid = 0;
			if (ouv_clock_mono_ms() - parts[i].started_ms > 60000)
				parts[i].failures = 0;
			parts[i].failures++;
			if (WIFEXITED(status) &&
				WEXITSTATUS(status) == GW_FAILED)
				worst = GW_FAILED;
			else if (WIFEXITED(status) &&
				 WEXITSTATUS(status) == GW_AGAIN)
				worst = worst == GW_DONE ? GW_AGAIN : worst;
			else if (WIFSIGNALED(status) && !stopping)
				ouv_log_error("%s was ended by signal %d; "
					      "starting it again",
					parts[i].name, WTERMSIG(status));
		}
	}
	return worst;
}

static void
stop_all(struct part *parts, size_t count, int sig)
{
	for (size_t i = 0; i < count; i++)
		if (parts[i].pid > 0)
			(void)kill(parts[i].pid, sig);
}

static bool
any_alive(const struct part *parts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (parts[i].pid > 0)
			return true;
	return false;
}

static bool
is_end(int sig)
{
	return sig == SIGTERM || sig == SIGINT;
}

/* The last signal that asks us to stop; -1: none came. */
static int
wait_for_end(struct part *parts, size_t count, const sigset_t *set)
{
	struct timespec patience = { .tv_sec = 95 };
	int asked = -1;

	stop_all(parts, count, SIGTERM);
	while (any_alive(parts, count)) {
		int sig = sigtimedwait(set, NULL, &patience);

		if (is_end(sig))
			asked = sig;
		(void)bury(parts, count, true);
		if (sig != SIGCHLD && sig != SIGHUP &&
			any_alive(parts, count)) {
			/* Asked twice, or out of patience. */
			stop_all(parts, count, SIGKILL);
			patience.tv_sec = 5;
		}
	}
	return asked;
}

static int
run_once(const struct ouv_config *config, struct part *parts, size_t count)
{
	int worst = GW_DONE;

	for (size_t i = 0; i < count && worst == GW_DONE; i++) {
		int status;

		start(&parts[i], config, true);
		if (parts[i].pid <= 0 ||
			waitpid(parts[i].pid, &status, 0) != parts[i].pid)
			return GW_AGAIN;
		worst = WIFEXITED(status) ? WEXITSTATUS(status) : GW_AGAIN;
	}
	return worst;
}

/* Secrets, schema, keys: said once, before three parts would say it. */
static int
check_office(const struct ouv_config *config, bool hold)
{
	struct ouv_office *office = NULL;
	struct ouv_desk *desk = NULL;
	enum ouv_err err = ouv_office_new(config, OUV_DESK_GATEWAY, &office);

	if (err == OUV_OK)
		err = ouv_desk_open(office, &desk);
	if (err == OUV_OK && hold)
		err = ouv_desk_hold(desk);
	ouv_desk_close(&desk);
	ouv_office_free(&office);
	if (err == OUV_TEMPORARY)
		return GW_AGAIN;
	return err == OUV_OK ? GW_DONE : GW_FAILED;
}

static int
look_office(const struct ouv_config *config, bool once)
{
	(void)once;
	return check_office(config, false);
}

/* While no part runs: what lies there now is what all of them will hold. */
static int
hold_office(const struct ouv_config *config, bool once)
{
	(void)once;
	return check_office(config, true);
}

/* In a child: the parent of a parser must not have held a secret. */
static int
in_child(const struct ouv_config *config,
	int (*run)(const struct ouv_config *config, bool once))
{
	struct part check = { .name = "check", .run = run };

	return run_once(config, &check, 1);
}

/* Each part ends what it is at; then all are started again, with the secrets
 * that lie there then.  Nothing is sealed to a new one while somebody runs who
 * does not hold it.  If they are no good, all goes on with the ones before.
 * The signal that stops us, if one came meanwhile. */
static int
reload(const struct ouv_config *config, struct part *parts, size_t count,
	const sigset_t *set, bool *held)
{
	int sig;

	if (in_child(config, look_office) == GW_FAILED) {
		ouv_log_error("not reloaded: the secrets are as they were");
		return SIGHUP;
	}
	ouv_log_info("reloading");
	sig = wait_for_end(parts, count, set);
	for (size_t i = 0; i < count; i++)
		parts[i].failures = 0;
	*held = false;
	return sig;
}

/* Without a database all wait for it here. */
static int
hold(const struct ouv_config *config, bool *held, int *failures)
{
	int status = *held ? GW_DONE : in_child(config, hold_office);

	*held = status == GW_DONE;
	*failures = *held ? 0 : *failures + 1;
	if (status == GW_AGAIN)
		ouv_log_warn("the database does not answer");
	return status;
}

static struct timespec
millis(int ms)
{
	return (struct timespec){ .tv_sec = ms / 1000,
		.tv_nsec = ms % 1000 * 1000000L };
}

int
gw_run(const struct ouv_config *config, bool once)
{
	struct part parts[] = {
		{ .name = "intake", .run = gw_intake },
		{ .name = "timer", .run = gw_timer },
		{ .name = "dispatch", .run = gw_dispatch },
	};
	const size_t count = sizeof(parts) / sizeof(parts[0]);
	int worst = GW_DONE, failures = 0;
	bool held = false;
	sigset_t set;

	block_signals(&set);
	/* They take a while to read and are no secret: once for all parts. */
	if (ouv_setup_rules(config) != OUV_OK)
		return GW_FAILED;
	worst = hold(config, &held, &failures);
	if (worst == GW_FAILED)
		return GW_FAILED;
	if (once)
		return held ? run_once(config, parts, count) : worst;
	ouv_log_info("started version=%s", OUV_VERSION);
	if (*config->audit_mail_to == '\0')
		ouv_log_warn("[audit] mail_to is empty: nobody outside keeps "
			     "the log's checkpoints");
	for (;;) {
		struct timespec soon;
		int sig;

		for (size_t i = 0; i < count && held; i++)
			if (parts[i].pid == 0)
				start(&parts[i], config, false);
		soon = millis(held ? 1000 : gw_backoff(failures));
		sig = sigtimedwait(&set, NULL, &soon);
		worst = bury(parts, count, false);
		if (sig == SIGHUP)
			sig = reload(config, parts, count, &set, &held);
		if (is_end(sig) || worst == GW_FAILED)
			break;
		for (size_t i = 0; i < count; i++) {
			struct timespec pause =
				millis(gw_backoff(parts[i].failures));

			if (parts[i].pid == 0 && held)
				(void)nanosleep(&pause, NULL);
		}
		worst = hold(config, &held, &failures);
		if (worst == GW_FAILED)
			break;
	}
	(void)wait_for_end(parts, count, &set);
	ouv_log_info("stopped");
	return worst == GW_FAILED ? GW_FAILED : GW_DONE;
}
