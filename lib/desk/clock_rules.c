/*
 * clock_rules.c - what each clock of a case reminds of, and what its end means,
 * as one table
 */
#include "clock.h"

#define NOBODY             \
	{                  \
		NULL, NULL \
	}
#define CONSUMER_ONLY(text) \
	{                   \
		text, NULL  \
	}
#define COMPANY_ONLY(text) \
	{                  \
		NULL, text \
	}

/* clang-format off */
static const struct clock_rule rules[OUV_CLOCK__COUNT] = {
	[OUV_CLOCK_HOLD] = { .end = END_NOTHING },
	[OUV_CLOCK_RESPONSE] = { .end = END_TASK, .task = "overdue" },
	[OUV_CLOCK_REFUSAL] = { .end = END_TASK, .task = "overdue-refusal" },
	[OUV_CLOCK_INFO] = { .end = END_CONFIRM, .task = "confirm-lapse", .told = 1,
		.remind = { CONSUMER_ONLY("questions-reminder"), CONSUMER_ONLY("lapse-notice") } },
	[OUV_CLOCK_FEEDBACK] = { .end = END_TASK, .task = "overdue" },
	[OUV_CLOCK_COMPANY] = { .end = END_DECLINE, .told = 2,
		.remind = { COMPANY_ONLY("notice-reminder"), COMPANY_ONLY("last-call") } },
	[OUV_CLOCK_CONSUMER] = { .end = END_CONFIRM, .task = "confirm-lapse", .told = 1,
		.remind = { CONSUMER_ONLY("lapse-notice"), CONSUMER_ONLY("lapse-notice") } },
	[OUV_CLOCK_MEDIATION] = { .end = END_TASK, .task = "overdue" },
	[OUV_CLOCK_PROPOSAL] = { .end = END_CONFIRM, .task = "proposal-over", .told = 1,
		.remind = { { "proposal-reminder", "proposal-reminder-company" },
			    { "proposal-reminder", "proposal-reminder-company" } } },
	[OUV_CLOCK_OPINION] = { .end = END_TASK, .task = "overdue" },
	[OUV_CLOCK_COMMENT] = { .end = END_HEARING, .task = "comments-over", .told = 1,
		.remind = { { "comment-reminder", "comment-reminder-company" },
			    { "comment-reminder", "comment-reminder-company" } } },
	[OUV_CLOCK_PROMISE] = { .end = END_PROMISE, .task = "promise-due",
		.remind = { { "promise-reminder", "promise-reminder" },
			    { "promise-reminder", "promise-reminder" } } },
	[OUV_CLOCK_ATTEST] = { .end = END_ATTEST, .task = "confirm-plan", .told = 1,
		.remind = { CONSUMER_ONLY("promise-check"), CONSUMER_ONLY("promise-check") } },
	[OUV_CLOCK_TOTAL] = { .end = END_TASK, .task = "overdue-total",
		.ahead = "request-due" },
	[OUV_CLOCK_SILENCE] = { .end = END_TASK, .task = "silence" },
	[OUV_CLOCK_REVIEW] = { .end = END_TASK, .task = "overdue" },
	[OUV_CLOCK_REVIEW_WINDOW] = { .end = END_NOTHING },
	[OUV_CLOCK_REOPEN_WINDOW] = { .end = END_NOTHING },
	[OUV_CLOCK_RETENTION] = { .end = END_ERASE, .task = "erase", .told = 1, .anyway = true,
		.untold = "tell-erasure", .waits_for_address = true,
		.remind = { { "erasure-notice", "erasure-notice-company" }, NOBODY } },
};
/* clang-format on */

const struct clock_rule *
clock_rule(enum ouv_clock kind)
{
	return &rules[kind];
}
