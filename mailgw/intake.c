/*
 * intake.c - the mailbox: receive, flag, file, wait
 *
 * Commit first, flag later: a mail is in the database before the mail server
 * is told, and a crash between the two finds it again by its UID and by its
 * canonical digest.
 */
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "imap.h"
#include "mailgw.h"
#include "seal.h"
#include "ouv/clock.h"
#include "ouv/log.h"

#define BATCH_BYTES (8UL << 20)
#define LEASE_SECS 60 /* and ours again at once after a restart */
#define SETTLE_HOURS 24
#define HOUSEKEEPING_MS INT64_C(600000)

struct intake {
	const struct ouv_config *config;
	struct ouv_office *office;
	struct ouv_desk *desk;
	struct ouv_fence *fence;
	struct imap *imap;
	struct filer *filer;
	struct ouv_id worker;
	int signals;
	int64_t housekept_ms;
	struct gw_health health;
};

/* ---- receiving a batch
 * --------------------------------------------------------- */

/* The arena goes on to the filer, with the mails in it. */
static enum ouv_err
take(struct intake *in, struct ouv_arena **arena, struct ouv_arrival *arrivals,
	size_t count)
{
	struct ouv_filing *filings =
		ouv_arena_array(*arena, count, sizeof(*filings));
	uint32_t *uids = ouv_arena_array(*arena, count, sizeof(*uids));
	enum ouv_err err;
	size_t n = 0;

	if (count == 0)
		return OUV_OK;
	err = ouv_desk_receive(in->desk, *arena, arrivals, count);
	if (err != OUV_OK)
		return err;
	for (size_t i = 0; i < count; i++) {
		uids[i] = (uint32_t)arrivals[i].uid;
		if (strcmp(arrivals[i].state, "received") != 0)
			continue;
		filings[n++] = (struct ouv_filing){ .id = arrivals[i].id,
			.epoch = 1,
			.attempts = 1,
			.raw = arrivals[i].raw,
			.len = arrivals[i].len,
			.oversize = arrivals[i].oversize,
			.dek = arrivals[i].dek };
	}
	/* They are safe with us; that the flag is lost does no harm. */
	if (imap_mark(in->imap, uids, count) != OUV_OK)
		ouv_log_warn("received mails could not be flagged");
	ouv_log_info("received=%zu new=%zu", count, n);
	in->health.did = true;
	gw_tell(in->desk, &in->health, OUV_OK);
	err = gw_understand(in->desk, in->fence, *arena, filings, n, false, &n);
	if (err != OUV_OK)
		return err;
	return n > 0 ? filer_give(in->filer, arena, filings, n) : OUV_OK;
}

static void
arrive(struct intake *in, struct ouv_arrival *a, uint32_t uid, int64_t size)
{
	memset(a, 0, sizeof(*a));
	a->has_uid = true;
	a->uidvalidity = imap_uidvalidity(in->imap);
	a->uid = uid;
	a->size = size;
}

/* One mail too large for a batch: fetched in pieces into one buffer. */
static enum ouv_err
take_large(struct intake *in, uint32_t uid, uint32_t size)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_WIPE);
	struct ouv_arrival arrival;
	struct ouv_buf raw;
	enum ouv_err err;

	ouv_buf_init(&raw, arena, (size_t)size + 1);
	while (raw.len < size) {
		struct ouv_arena *piece OUV_CLEANUP(ouv_arena_free) =
			ouv_arena_new(OUV_ARENA_WIPE);
		struct ouv_str bytes;

		err = imap_fetch_piece(in->imap, piece, uid, (uint32_t)raw.len,
			IMAP_PIECE, &bytes);
		if (err == OUV_NOT_FOUND)
			return OUV_OK; /* somebody took it away */
		if (err == OUV_OK)
			err = ouv_desk_mailbox_lease(in->desk, LEASE_SECS);
		if (err != OUV_OK)
			return err;
		if (bytes.len == 0)
			break; /* the server's size was too high */
		ouv_buf_add(&raw, bytes.p, bytes.len);
	}
	arrive(in, &arrival, uid, (int64_t)raw.len);
	arrival.raw = raw.data;
	arrival.len = raw.len;
	return take(in, &arena, &arrival, 1);
}

/* Too large altogether: its header, and the mail stays where it is. */
static enum ouv_err
take_oversize(struct intake *in, uint32_t uid, uint32_t size)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_WIPE);
	struct ouv_arrival arrival;
	struct ouv_str header;
	enum ouv_err err = imap_header(in->imap, arena, uid, &header);

	if (err == OUV_NOT_FOUND)
		return OUV_OK;
	if (err != OUV_OK)
		return err;
	arrive(in, &arrival, uid, (int64_t)size);
	arrival.raw = header.p;
	arrival.len = header.len;
	arrival.oversize = true;
	return take(in, &arena, &arrival, 1);
}

static enum ouv_err
take_batch(struct intake *in, const uint32_t *uids, size_t count)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_WIPE);
	struct ouv_arrival *arrivals;
	struct imap_mail *mails;
	enum ouv_err err;
	size_t n;

	err = imap_fetch(in->imap, arena, uids, count, &mails, &n);
	if (err != OUV_OK)
		return err;
	arrivals = ouv_arena_array(arena, n, sizeof(*arrivals));
	for (size_t i = 0; i < n; i++) {
		arrive(in, &arrivals[i], mails[i].uid,
			(int64_t)mails[i].raw.len);
		arrivals[i].raw = mails[i].raw.p;
		arrivals[i].len = mails[i].raw.len;
	}
	return take(in, &arena, arrivals, n);
}

static enum ouv_err
take_all(struct intake *in, const uint32_t *uids, const uint32_t *sizes,
	size_t count)
{
	const uint32_t limit = (uint32_t)in->config->imap_size_limit_mib << 20;
	size_t most = (size_t)in->config->mailgw_batch;
	size_t from = 0;
	enum ouv_err err = OUV_OK;

	while (from < count && err == OUV_OK && !gw_stopping(in->signals)) {
		size_t n = 0, bytes = 0;

		err = ouv_desk_mailbox_lease(in->desk, LEASE_SECS);
		if (err != OUV_OK)
			return err;
		if (sizes[from] == UINT32_MAX) {
			from++; /* gone */
			continue;
		}
		if (sizes[from] > limit) {
			err = take_oversize(in, uids[from], sizes[from]);
			from++;
			continue;
		}
		if (sizes[from] > BATCH_BYTES) {
			err = take_large(in, uids[from], sizes[from]);
			from++;
			continue;
		}
		while (from + n < count && n < most &&
			sizes[from + n] <= BATCH_BYTES &&
			bytes + sizes[from + n] <= BATCH_BYTES)
			bytes += sizes[from + n++];
		err = take_batch(in, uids + from, n);
		from += n;
	}
	return err;
}

/* ---- one look at the mailbox
 * ------------------------------------------------------ */

static enum ouv_err
look(struct intake *in)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_PLAIN);
	uint32_t *uids, *sizes;
	size_t count, n = 0;
	enum ouv_err err;
	bool *known;

	err = imap_uids(in->imap, arena, &uids, &count);
	if (err != OUV_OK || count == 0)
		return err;
	known = ouv_arena_array(arena, count, sizeof(*known));
	err = ouv_desk_mailbox_known(in->desk, arena,
		imap_uidvalidity(in->imap), uids, count, known);
	if (err != OUV_OK)
		return err;
	for (size_t i = 0; i < count; i++)
		if (!known[i])
			uids[n++] = uids[i];
	if (n == 0)
		return OUV_OK;
	err = imap_sizes(in->imap, arena, uids, n, &sizes);
	return err != OUV_OK ? err : take_all(in, uids, sizes, n);
}

/* Mail filed long enough ago goes to the other mailbox, and from there, after
 * the days the office keeps it, away. */
static enum ouv_err
housekeep(struct intake *in)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_PLAIN);
	int64_t validity = imap_uidvalidity(in->imap);
	uint32_t *uids;
	size_t count, gone = 0;
	enum ouv_err err;

	if (!imap_can_move(in->imap) ||
		ouv_clock_mono_ms() - in->housekept_ms < HOUSEKEEPING_MS)
		return OUV_OK;
	in->housekept_ms = ouv_clock_mono_ms();
	err = ouv_desk_mailbox_settled(
		in->desk, arena, validity, SETTLE_HOURS, &uids, &count);
	if (err == OUV_OK && count > 0)
		err = imap_move(in->imap, uids, count);
	if (err == OUV_OK && count > 0)
		err = ouv_desk_mailbox_moved(in->desk, validity, uids, count);
	if (err == OUV_OK)
		err = imap_expunge_older(in->imap, in->config->imap_keep_days,
			ouv_clock_now(), &gone);
	if (count + gone > 0)
		ouv_log_info("moved=%zu expunged=%zu", count, gone);
	return err;
}

static enum ouv_err
pass(struct intake *in)
{
	enum ouv_err err = ouv_desk_mailbox_lease(in->desk, LEASE_SECS);
	enum ouv_err settled;

	if (err != OUV_OK)
		return err;
	err = look(in);
	settled = filer_wait(in->filer);
	if (err == OUV_OK)
		err = settled;
	if (err == OUV_OK)
		err = gw_file_waiting(
			in->desk, in->fence, in->config->mailgw_batch);
	return err == OUV_OK ? housekeep(in) : err;
}

/* ---- the loop
 * ------------------------------------------------------------------------ */

static enum ouv_err
be_connected(struct intake *in)
{
	enum ouv_err err = OUV_OK;

	if (in->desk == NULL) {
		err = ouv_desk_open(in->office, &in->desk);
		if (err == OUV_OK)
			ouv_desk_worker(in->desk, &in->worker);
	}
	if (err == OUV_OK && in->imap == NULL)
		err = imap_open(in->config, &in->imap);
	return err;
}

/* Until the next look, or until a mail that failed is due again. */
static int
longest_wait(struct intake *in)
{
	int secs = in->config->imap_poll_secs, next = -1;

	if (ouv_desk_inbound_next(in->desk, &next) == OUV_OK && next >= 0 &&
		next < secs)
		secs = next + 1;
	return secs * 1000;
}

static int
loop(struct intake *in, bool once)
{
	int failures = 0;

	while (!gw_stopping(in->signals)) {
		bool had_desk = in->desk != NULL;
		enum ouv_err err = be_connected(in);
		int woke;

		if (err == OUV_INVALID && !had_desk && in->desk == NULL)
			return GW_FAILED; /* schema, keys: said on the log */
		if (err == OUV_OK)
			err = pass(in);
		gw_tell(in->desk, &in->health, err);
		gw_seal(in->desk, once);
		if (err == OUV_NOT_FOUND)
			return GW_AGAIN; /* no parser: a new process has one */
		if (err == OUV_OK && once)
			return GW_DONE;
		if (err == OUV_OK) {
			failures = 0;
			err = imap_idle(in->imap, longest_wait(in),
				&(struct pollfd){
					.fd = in->signals, .events = POLLIN },
				1, &woke);
		}
		if (err == OUV_OK)
			continue;
		if (once)
			return err == OUV_TEMPORARY ? GW_AGAIN : GW_FAILED;
		/* A lease held by another is no failure of the line. */
		if (err != OUV_CONFLICT)
			imap_close(&in->imap);
		failures++;
		ouv_log_warn("intake pauses: %s", ouv_err_name(err));
		(void)gw_pause(in->signals, gw_backoff(failures));
		if (in->imap == NULL && in->desk != NULL &&
			ouv_desk_ping(in->desk) != OUV_OK)
			ouv_log_warn("the database does not answer");
	}
	return GW_DONE;
}

int
gw_intake(const struct ouv_config *config, bool once)
{
	struct intake in = { .config = config,
		.signals = gw_signals(),
		.health = { .part = "intake" } };
	int status = GW_FAILED;

	if (gw_fence(config, true, &in.fence) != OUV_OK)
		return GW_AGAIN;
	in.worker = gw_worker(config, "intake");
	if (ouv_office_new(config, OUV_DESK_GATEWAY, &in.office) == OUV_OK) {
		in.filer = filer_new(in.office);
		status = loop(&in, once);
	}
	filer_free(&in.filer);
	imap_close(&in.imap);
	gw_seal(in.desk, true);
	if (in.desk != NULL)
		(void)!ouv_desk_mailbox_lease(in.desk, 0);
	ouv_desk_close(&in.desk);
	ouv_office_free(&in.office);
	ouv_fence_free(&in.fence);
	(void)close(in.signals);
	return status;
}
