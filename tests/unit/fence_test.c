/*
 * fence_test.c - that nothing a parser does reaches beyond its child
 */
#include "../../lib/fence/fence.c"
#include "../../lib/fence/fence_child.c"

#include <dirent.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#include <cmocka.h>

#include "fence_jobs.h"

#define MAIL "Subject: hello\r\n\r\nbody\r\n"

struct world {
	struct ouv_fence *fence;
	struct ouv_arena *arena;
};

static void
open_with(void **state, const struct ouv_fence_limits *limits)
{
	const struct ouv_fence_job job = { .warm = warm, .parse = parse };
	struct world *w = calloc(1, sizeof(*w));

	assert_non_null(w);
	w->arena = ouv_arena_new(OUV_ARENA_PLAIN);
	assert_int_equal(ouv_fence_new(&job, limits, &w->fence), OUV_OK);
	*state = w;
}

static int
set_up(void **state)
{
	const struct ouv_fence_limits quick = { .cpu_secs = 1,
		.wall_ms = 4000,
		.answer_max = 1 << 20,
		.memory = 512UL << 20 };

	open_with(state, &quick);
	return 0;
}

static int
tear_down(void **state)
{
	struct world *w = *state;
	pid_t keeper = w->fence->keeper;

	ouv_fence_free(&w->fence);
	ouv_arena_free(&w->arena);
	free(w);
	/* Nothing of the fence outlives it. */
	return kill(keeper, 0) == 0 ? -1 : 0;
}

static enum ouv_err
ask(struct world *w, const char *mail, struct ouv_str *answer_out,
	const char **failure_out)
{
	*failure_out = NULL;
	return ouv_fence_parse(w->fence, mail, strlen(mail), w->arena,
		answer_out, failure_out);
}

static void
assert_answers(struct world *w, const char *mail, const char *expected)
{
	struct ouv_str answer;
	const char *failure;

	assert_int_equal(ask(w, mail, &answer, &failure), OUV_OK);
	assert_int_equal(answer.len, strlen(expected));
	assert_memory_equal(answer.p, expected, answer.len);
}

static void
assert_fails(struct world *w, const char *mail, const char *expected)
{
	struct ouv_str answer;
	const char *failure;

	assert_int_equal(ask(w, mail, &answer, &failure), OUV_INVALID);
	assert_string_equal(failure, expected);
	/* and the gateway goes on with a fresh child */
	assert_answers(w, MAIL, MAIL);
}

static void
a_mail_comes_back_as_its_answer(void **state)
{
	assert_answers(*state, MAIL, MAIL);
	assert_answers(*state, "", "0");
	assert_answers(*state, "any", "3");
	assert_int_equal(
		ouv_fence_stats(((struct world *)*state)->fence).children, 1);
}

static void
the_largest_mail_passes_and_one_byte_more_does_not(void **state)
{
	struct world *w = *state;
	char *big = calloc(1, OUV_FENCE_RAW_MAX + 1);
	const char *failure = NULL;
	struct ouv_str answer;

	assert_non_null(big);
	assert_int_equal(ouv_fence_parse(w->fence, big, OUV_FENCE_RAW_MAX,
				 w->arena, &answer, &failure),
		OUV_OK);
	assert_memory_equal(answer.p, "41943040", 8);
	assert_int_equal(ouv_fence_parse(w->fence, big, OUV_FENCE_RAW_MAX + 1,
				 w->arena, &answer, &failure),
		OUV_INVALID);
	assert_string_equal(failure, "raw_too_large");
	free(big);
}

static void
a_crash_is_a_failed_mail(void **state)
{
	struct world *w = *state;

	assert_fails(w, "crash", "child_killed");
	assert_fails(w, "deep", "child_killed");
	assert_fails(w, "xit", "child_killed");
	assert_int_equal(ouv_fence_stats(w->fence).killed, 3);
}

static void
an_endless_loop_runs_into_its_cpu_limit(void **state)
{
	/* So patient that only the CPU limit can end it, on a busy machine
	 * as well. */
	const struct ouv_fence_limits patient = { .cpu_secs = 1,
		.wall_ms = 120000 };
	struct world *w;
	void *own = NULL;
	int64_t begun = now_ms();

	(void)state;
	open_with(&own, &patient);
	w = own;
	assert_fails(w, "loop", "child_timeout");
	assert_in_range(now_ms() - begun, 500, 100000);
	assert_int_equal(ouv_fence_stats(w->fence).timeouts, 1);
	assert_int_equal(tear_down(&own), 0);
}

static void
a_sleeper_and_a_stubborn_loop_run_into_the_wall_clock(void **state)
{
	int64_t begun = now_ms();

	assert_fails(*state, "wait", "child_timeout");
	assert_in_range(now_ms() - begun, 3500, 20000);
	begun = now_ms();
	assert_fails(*state, "L", "child_timeout");
	assert_in_range(now_ms() - begun, 3500, 20000);
}

static void
a_memory_bomb_dies_of_its_own_limit(void **state)
{
	if (SANITIZED)
		skip(); /* the address space is not limited then */
	assert_fails(*state, "memory", "child_killed");
}

static void
files_look_as_if_they_were_not_there(void **state)
{
	assert_answers(*state, "open", "ENOENT");
}

static void
files_are_not_made(void **state)
{
	assert_answers(*state, "O", "ENOENT");
	assert_int_equal(access("/tmp/of_the_fence", F_OK), -1);
}

static void
whatever_a_parser_does_not_need_is_deadly(void **state)
{
	struct world *w = *state;

	for (size_t i = 0; i < CRIMES; i++) {
		char mail[20];
		struct ouv_str answer;
		const char *failure;

		if (SANITIZED && crimes[i] == try_advice)
			continue;
		(void)snprintf(mail, sizeof(mail), "!%zu", i);
		if (ask(w, mail, &answer, &failure) != OUV_INVALID ||
			strcmp(failure, "child_killed") != 0)
			fail_msg("crime %zu was survived", i);
	}
	assert_int_equal(
		ouv_fence_stats(w->fence).killed, CRIMES - (SANITIZED ? 1 : 0));
	assert_fails(w, "raw is read-only", "child_killed");
}

/* One line of /proc/PID/status, without its name. */
static void
status_of(int pid, const char *name, char *out, size_t cap)
{
	char path[64], line[256];
	FILE *file;

	(void)snprintf(path, sizeof(path), "/proc/%d/status", pid);
	file = fopen(path, "re");
	assert_non_null(file);
	out[0] = '\0';
	while (fgets(line, sizeof(line), file) != NULL)
		if (strncmp(line, name, strlen(name)) == 0)
			(void)snprintf(out, cap, "%s",
				line + strlen(name) +
					strspn(line + strlen(name), "\t "));
	out[strcspn(out, "\n")] = '\0';
	(void)fclose(file);
}

static void
the_child_cannot_win_rights_back(void **state)
{
	struct world *w = *state;
	char value[64];

	assert_answers(w, MAIL, MAIL);
	status_of(ouv_fence_stats(w->fence).child, "Seccomp:", value,
		sizeof(value));
	assert_string_equal(value, "2");
	status_of(ouv_fence_stats(w->fence).child, "NoNewPrivs:", value,
		sizeof(value));
	assert_string_equal(value, "1");
}

/* How many descriptors a process has; each must be its part of the fence. */
static int
descriptors_of(int pid)
{
	char path[400], target[256];
	struct dirent *entry;
	int count = 0;
	DIR *folder;

	(void)snprintf(path, sizeof(path), "/proc/%d/fd", pid);
	folder = opendir(path);
	if (folder == NULL)
		return -1; /* not for this user: the child is not dumpable */
	while ((entry = readdir(folder)) != NULL) {
		ssize_t n;

		if (entry->d_name[0] == '.')
			continue;
		(void)snprintf(path, sizeof(path), "/proc/%d/fd/%s", pid,
			entry->d_name);
		n = readlink(path, target, sizeof(target) - 1);
		assert_true(n > 0);
		target[n] = '\0';
		if (!SANITIZED)
			assert_true(strcmp(target, "/dev/null") == 0 ||
				    strcmp(target, "anon_inode:[pidfd]") == 0 ||
				    strncmp(target, "pipe:", 5) == 0 ||
				    strncmp(target, "socket:", 7) == 0);
		count++;
	}
	(void)closedir(folder);
	return count;
}

static void
proc_shows_no_descriptor_but_those_of_the_fence(void **state)
{
	int handle = open("/etc/passwd", O_RDONLY);
	struct world w = { .arena = ((struct world *)*state)->arena };
	const struct ouv_fence_job job = { .parse = parse };
	int count;

	assert_true(handle >= 0);
	assert_int_equal(ouv_fence_new(&job, NULL, &w.fence), OUV_OK);
	assert_answers(&w, MAIL, MAIL);
	/* The keeper has the control line, and the handle of its child. */
	assert_int_equal(descriptors_of(w.fence->keeper), 3 + 2 + 2);
	count = descriptors_of(ouv_fence_stats(w.fence).child);
	assert_true(count == 3 + 2 || (count == -1 && geteuid() != 0));
	ouv_fence_free(&w.fence);
	(void)close(handle);
}

static void
the_child_knows_nothing_of_the_environment(void **state)
{
	void *own = NULL;

	(void)state;
	assert_int_equal(setenv("OUV_FENCE_TEST", "a password", 1), 0);
	open_with(&own, NULL);
	assert_string_equal(getenv("OUV_FENCE_TEST"), "a password");
	assert_answers(own, "E", "(none)");
	assert_int_equal(tear_down(&own), 0);
	assert_int_equal(unsetenv("OUV_FENCE_TEST"), 0);
}

static void
a_mail_finds_nothing_of_the_mail_before_it(void **state)
{
	char mail[8000];
	struct world *w = *state;
	struct ouv_str answer;
	const char *failure = NULL;

	memset(mail, 'k', sizeof(mail));
	assert_int_equal(ouv_fence_parse(w->fence, mail, sizeof(mail), w->arena,
				 &answer, &failure),
		OUV_OK);
	assert_answers(w, "z", "0 0");
	assert_int_equal(ouv_fence_stats(w->fence).children, 1);
}

/* A child may die with its answer half written, and a taken-over one may
 * leave behind whatever it likes. */
static void
a_fresh_child_finds_nothing_of_the_child_before_it(void **state)
{
	struct world *w = *state;
	const struct ouv_fence_limits *limits = &w->fence->limits;

	assert_answers(w, MAIL, MAIL);
	memset(w->fence->raw, 'x', limits->raw_max);
	memset(w->fence->answer, 'x', limits->answer_max);
	assert_fails(w, "crash", "child_killed");
	assert_answers(w, "z", "0 0");
	assert_int_equal(not_zero(w->fence->answer, limits->answer_max), 0);
}

static void
no_descriptor_but_its_own_survives_in_the_child(void **state)
{
	/* Opened before the fence could be told of it, as a database is. */
	int handle = open("/dev/null", O_RDWR);
	struct world w = { .arena = ((struct world *)*state)->arena };
	const struct ouv_fence_job job = { .parse = parse };

	assert_true(handle >= 0);
	assert_int_equal(ouv_fence_new(&job, NULL, &w.fence), OUV_OK);
	assert_answers(&w, "D", "0 1 2 3 4 ");
	ouv_fence_free(&w.fence);
	(void)close(handle);
}

/* Two fences of one process: what is read behind one is not to be seen from
 * behind the other. */
static void
another_fence_does_not_see_what_this_one_reads(void **state)
{
	struct world *w = *state, other = { .arena = w->arena };
	const struct ouv_fence_job job = { .parse = parse };
	struct ouv_str answer;
	const char *failure;
	unsigned char *windows[] = { w->fence->raw, w->fence->answer };

	assert_answers(w, MAIL, MAIL);
	for (int i = 0; i < 2; i++) {
		memcpy(windows[i], "a letter", 9);
		elsewhere = (const char *)windows[i];
		assert_int_equal(
			ouv_fence_new(&job, NULL, &other.fence), OUV_OK);
		assert_int_equal(
			ask(&other, "Y", &answer, &failure), OUV_INVALID);
		assert_string_equal(failure, "child_killed");
		ouv_fence_free(&other.fence);
	}
	/* What is anybody's is found in the same way. */
	elsewhere = "in the program";
	assert_int_equal(ouv_fence_new(&job, NULL, &other.fence), OUV_OK);
	assert_answers(&other, "Y", "in the program");
	ouv_fence_free(&other.fence);
}

static void
the_child_was_warmed_before_it_was_sealed(void **state)
{
	assert_answers(*state, "W", "warm");
	assert_fails(*state, "crash", "child_killed");
	assert_answers(*state, "W", "warm"); /* and so is the next one */
	assert_int_equal(warmed, 0);         /* not in this process */
}

static void
an_answer_above_the_cap_is_not_taken(void **state)
{
	assert_fails(*state, "B", "answer_too_large");
	/* and whoever wrote it is not asked again */
	assert_int_equal(
		ouv_fence_stats(((struct world *)*state)->fence).children, 2);
}

static void
a_forged_reply_is_refused(void **state)
{
	assert_fails(*state, "F", "child_killed");
}

static void
a_child_is_replaced_after_its_share_of_mails(void **state)
{
	const struct ouv_fence_limits few = { .mails = 3 };
	struct world *w;
	void *own = NULL;
	int first, fourth;

	(void)state;
	open_with(&own, &few);
	w = own;
	assert_answers(w, MAIL, MAIL);
	first = ouv_fence_stats(w->fence).child;
	assert_answers(w, MAIL, MAIL);
	assert_answers(w, MAIL, MAIL);
	assert_int_equal(ouv_fence_stats(w->fence).child, first);
	assert_answers(w, MAIL, MAIL);
	fourth = ouv_fence_stats(w->fence).child;
	assert_int_not_equal(first, fourth);
	assert_int_equal(ouv_fence_stats(w->fence).children, 2);
	assert_int_equal(kill(first, 0), -1);
	assert_int_equal(tear_down(&own), 0);
}

static void
a_child_that_grew_is_replaced(void **state)
{
	const struct ouv_fence_limits small = { .growth_kb = 32L << 10 };
	struct world *w;
	void *own = NULL;

	(void)state;
	open_with(&own, &small);
	w = own;
	assert_answers(w, MAIL, MAIL);
	assert_answers(w, "grow", "");
	assert_answers(w, MAIL, MAIL);
	assert_int_equal(ouv_fence_stats(w->fence).children, 2);
	assert_in_range(
		ouv_fence_stats(w->fence).maxrss_kb, 64 << 10, 400 << 10);
	assert_int_equal(tear_down(&own), 0);
}

static void
a_child_killed_between_two_mails_costs_at_most_one(void **state)
{
	struct world *w = *state;
	struct ouv_str answer;
	const char *failure;
	enum ouv_err err;

	assert_answers(w, MAIL, MAIL);
	assert_int_equal(kill(ouv_fence_stats(w->fence).child, SIGKILL), 0);
	err = ask(w, MAIL, &answer, &failure);
	assert_true(err == OUV_OK || err == OUV_INVALID);
	assert_answers(w, MAIL, MAIL);
}

static void
without_its_keeper_the_fence_says_so_for_ever(void **state)
{
	struct world *w = *state;
	struct ouv_str answer;
	const char *failure;
	int64_t begun = now_ms();
	enum ouv_err err;

	assert_answers(w, MAIL, MAIL);
	assert_int_equal(kill(w->fence->keeper, SIGKILL), 0);
	/* The child may finish some before the kernel has it follow. */
	while ((err = ask(w, MAIL, &answer, &failure)) == OUV_OK)
		assert_true(now_ms() - begun < 20000);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(err, OUV_TEMPORARY);
		err = ask(w, MAIL, &answer, &failure);
	}
}

static void
a_stop_signal_to_the_whole_group_ends_no_mail(void **state)
{
	struct world *w = *state;

	assert_answers(w, MAIL, MAIL);
	assert_int_equal(kill(w->fence->keeper, SIGTERM), 0);
	assert_int_equal(kill(ouv_fence_stats(w->fence).child, SIGTERM), 0);
	assert_answers(w, MAIL, MAIL);
	assert_int_equal(ouv_fence_stats(w->fence).children, 1);
}

static void
small_mails_pass_at_full_speed(void **state)
{
	struct world *w = *state;
	const int count = SANITIZED ? 2000 : 30000;
	char mail[4096];
	struct ouv_str answer;
	const char *failure;
	int64_t begun = now_ms(), took;

	memset(mail, 'S', sizeof(mail));
	for (int i = 0; i < count; i++) {
		assert_int_equal(ouv_fence_parse(w->fence, mail, sizeof(mail),
					 w->arena, &answer, &failure),
			OUV_OK);
		assert_int_equal(answer.len, sizeof(mail));
		ouv_arena_reset(w->arena);
	}
	took = now_ms() - begun;
	print_message("# %d mails of 4 kB in %lld ms: %lld/s\n", count,
		(long long)took,
		(long long)count * 1000 / (took > 0 ? took : 1));
	if (!SANITIZED)
		assert_true(took < count / 3); /* 3,000 a second */
}

#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_mail_comes_back_as_its_answer),
		T(the_largest_mail_passes_and_one_byte_more_does_not),
		T(a_crash_is_a_failed_mail),
		cmocka_unit_test(an_endless_loop_runs_into_its_cpu_limit),
		T(a_sleeper_and_a_stubborn_loop_run_into_the_wall_clock),
		T(a_memory_bomb_dies_of_its_own_limit),
		T(files_look_as_if_they_were_not_there),
		T(files_are_not_made),
		T(whatever_a_parser_does_not_need_is_deadly),
		T(the_child_cannot_win_rights_back),
		T(proc_shows_no_descriptor_but_those_of_the_fence),
		T(the_child_knows_nothing_of_the_environment),
		T(a_mail_finds_nothing_of_the_mail_before_it),
		T(a_fresh_child_finds_nothing_of_the_child_before_it),
		T(no_descriptor_but_its_own_survives_in_the_child),
		T(another_fence_does_not_see_what_this_one_reads),
		T(the_child_was_warmed_before_it_was_sealed),
		T(an_answer_above_the_cap_is_not_taken),
		T(a_forged_reply_is_refused),
		cmocka_unit_test(a_child_is_replaced_after_its_share_of_mails),
		cmocka_unit_test(a_child_that_grew_is_replaced),
		T(a_child_killed_between_two_mails_costs_at_most_one),
		T(without_its_keeper_the_fence_says_so_for_ever),
		T(a_stop_signal_to_the_whole_group_ends_no_mail),
		T(small_mails_pass_at_full_speed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
