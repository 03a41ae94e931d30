/*
 * keepers_test.c - whom the gateway mails the log's checkpoints, and when it
 * stops waiting for one of them
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ouv/clock.h"

static int64_t now_ms;
#define ouv_clock_mono_ms() now_ms
#include "../../mailgw/seal.c"
#undef ouv_clock_mono_ms

/* ---- a mail server, and a desk with two keepers ---------------------------
 */

static enum ouv_err answers[2]; /* of each keeper's mail server */
static int mails[2], composed, mailed;
static int seen_good, seen_bad; /* what the health of this part would say */

const char *
smtp_phase_name(enum smtp_phase phase)
{
	return phase == SMTP_RCPT ? "rcpt" : "connect";
}

enum ouv_err
smtp_open(const struct ouv_config *config, struct smtp **smtp_out,
	struct smtp_reply *reply_out)
{
	(void)config;
	(void)reply_out;
	*smtp_out = NULL;
	return OUV_OK;
}

enum ouv_err
smtp_send(struct smtp *smtp, const char *from, const char *to, const char *data,
	size_t len, struct smtp_reply *reply_out)
{
	int keeper = strcmp(to, "dois@guarda.example") == 0;

	(void)smtp;
	(void)data;
	(void)len;
	assert_string_equal(from, "");
	reply_out->phase = SMTP_RCPT;
	mails[keeper] += answers[keeper] == OUV_OK;
	return answers[keeper];
}

void
smtp_close(struct smtp **smtp)
{
	*smtp = NULL;
}

enum ouv_err
ouv_desk_checkpoint(struct ouv_desk *desk, bool now)
{
	(void)desk;
	(void)now;
	return OUV_OK;
}

enum ouv_err
ouv_desk_checkpoint_mail(struct ouv_desk *desk, struct ouv_arena *arena,
	struct ouv_checkpoint_mail *mail_out)
{
	(void)desk;
	composed++;
	*mail_out = (struct ouv_checkpoint_mail){ .count = 1, .to_count = 2 };
	mail_out->mails = ouv_arena_array(arena, 2, sizeof(*mail_out->mails));
	mail_out->mails[0].to = "um@guarda.example";
	mail_out->mails[1].to = "dois@guarda.example";
	return OUV_OK;
}

enum ouv_err
ouv_desk_checkpoints_mailed(
	struct ouv_desk *desk, const struct ouv_checkpoint_mail *mail)
{
	(void)desk;
	assert_int_equal(mail->count, 1);
	mailed++;
	return OUV_OK;
}

enum ouv_err
ouv_desk_part_seen(struct ouv_desk *desk, const char *part, bool good, bool did,
	const char *trouble)
{
	(void)desk;
	assert_string_equal(part, "seal");
	assert_int_equal(did, good);
	assert_string_equal(trouble, good ? "" : "relay");
	*(good ? &seen_good : &seen_bad) += 1;
	return OUV_OK;
}

/* ---- the office's day ------------------------------------------------------
 */

#define MINUTE INT64_C(60000)

static struct sealing sealing;
static const struct ouv_config config = { .audit_mail_minutes = 60,
	.audit_mail_to = "um@guarda.example, dois@guarda.example" };

static int
morning(void **state)
{
	(void)state;
	ouv_log_init("keepers_test", OUV_LOG_ERROR);
	now_ms = 1000 * MINUTE;
	answers[0] = answers[1] = OUV_OK;
	mails[0] = mails[1] = composed = mailed = 0;
	seen_good = seen_bad = 0;
	memset(&sealing, 0, sizeof(sealing));
	return 0;
}

static int
evening(void **state)
{
	(void)state;
	gw_sealing_free(&sealing);
	return 0;
}

/* So many minutes go by, and the gateway looks every ten seconds. */
static void
minutes(int n)
{
	for (int64_t until = now_ms + n * MINUTE; now_ms < until;
		now_ms += 10000)
		assert_int_equal(
			gw_mail_checkpoints(&sealing, &config, NULL), OUV_OK);
}

static void
each_gets_one_mail_an_hour(void **state)
{
	(void)state;
	minutes(180);
	assert_int_equal(mails[0], 3);
	assert_int_equal(mails[1], 3);
	assert_int_equal(mailed, 3);
	assert_int_equal(seen_good, 3);
	assert_int_equal(seen_bad, 0);
}

static void
who_was_away_gets_the_same_mail_and_nobody_two(void **state)
{
	(void)state;
	answers[1] = OUV_TEMPORARY;
	minutes(20);
	assert_int_equal(mails[0], 1);
	assert_int_equal(mailed, 0);
	answers[1] = OUV_OK;
	minutes(2);
	assert_int_equal(mails[0], 1);
	assert_int_equal(mails[1], 1);
	assert_int_equal(composed, 1);
	assert_int_equal(mailed, 1);
}

static void
one_who_stays_away_does_not_stop_the_others_mails(void **state)
{
	(void)state;
	answers[1] = OUV_TEMPORARY;
	minutes(181);
	assert_int_equal(mails[0], 4); /* at 0, 60, 120, 180 */
	assert_int_equal(mails[1], 0);
	assert_int_equal(mailed, 3);
	answers[1] = OUV_OK;
	minutes(2);
	assert_int_equal(mails[1], 1); /* the newest */
	assert_int_equal(mails[0], 4);
}

static void
while_nobody_took_it_nothing_counts_as_mailed(void **state)
{
	(void)state;
	answers[0] = answers[1] = OUV_TEMPORARY;
	minutes(59);
	assert_int_equal(seen_bad, 0);
	minutes(141);
	assert_int_equal(composed, 1);
	assert_int_equal(mailed, 0);
	assert_int_equal(seen_good, 0);
	assert_in_range(seen_bad, 139, 142); /* once a minute */
	answers[0] = OUV_OK;
	minutes(2);
	/* The late one, and the one that is due by now. */
	assert_int_equal(mails[0], 2);
	assert_int_equal(composed, 2);
	assert_int_equal(mailed, 1);
}

#define ROW(claim) cmocka_unit_test_setup_teardown(claim, morning, evening)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ROW(each_gets_one_mail_an_hour),
		ROW(who_was_away_gets_the_same_mail_and_nobody_two),
		ROW(one_who_stays_away_does_not_stop_the_others_mails),
		ROW(while_nobody_took_it_nothing_counts_as_mailed),
	};

	return cmocka_run_group_tests_name("keepers", tests, NULL, NULL);
}
