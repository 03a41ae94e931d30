/*
 * scan_job.c - reading pictures page by page: whose jobs there are, and one
 * page of one
 *
 * A job holds the key of one item in guarded memory and no key of a case.
 * Nothing is read inside a transaction.  What the fence answers is read
 * strictly before it is kept; a page that it could not read is kept as such.
 */
#include <stdlib.h>
#include <string.h>

#include "ouv/log.h"
#include "ouv/store_keys.h"
#include "scan.h"

/* ---- jobs ------------------------------------------------------------------
 */

void
ouv_scan_job_free(struct ouv_scan_job **job)
{
	if (*job == NULL)
		return;
	ouv_key_free(&(*job)->dek);
	free(*job);
	*job = NULL;
}

void
ouv_office_scans(struct ouv_office *office, ouv_scan_take_fn *take, void *user)
{
	office->scans = take;
	office->scans_user = user;
}

static struct ouv_scan_job *
job_new(const struct ouv_id *case_id, const struct ouv_id *item, int part,
	enum ouv_lang lang, const uint8_t dek[OUV_KEY])
{
	struct ouv_scan_job *job = calloc(1, sizeof(*job));

	if (job == NULL)
		abort();
	job->case_id = *case_id;
	job->item = *item;
	job->part = part;
	job->lang = lang;
	job->dek = ouv_key_new(dek);
	return job;
}

void
scan_offer(struct ouv_desk *desk, const struct ouv_id *case_id,
	const struct ouv_id *item, const uint8_t dek[OUV_KEY],
	enum ouv_lang lang, const struct ouv_mail *mail)
{
	const struct ouv_office *office = desk->office;

	if (office->scans == NULL)
		return;
	for (size_t i = 0; i < mail->part_count; i++)
		if (scan_is_picture(&mail->parts[i]))
			office->scans(office->scans_user,
				job_new(case_id, item, (int)i, lang, dek));
}

/* ---- of a case that somebody opens -----------------------------------------
 */

struct finding {
	struct ouv_desk *desk;
	struct ouv_arena *arena;
	const struct ouv_actor *actor;
	int64_t begun_us;
	struct opened opened;
	struct store_item_row *rows;
	struct store_scan_state *states;
	size_t row_count, state_count;
	ouv_scan_take_fn *take;
	void *user;
	bool left;
	bool done; /* nothing was left before */
};

/* Of which nothing is left to read, as this desk saw it last. */
static bool
is_done(const struct ouv_desk *desk, const struct store_case *c)
{
	for (size_t i = 0; i < SCANNED_MOST; i++)
		if (ouv_id_equal(&desk->scanned[i].id, &c->id) &&
			desk->scanned[i].items == c->items)
			return true;
	return false;
}

static enum ouv_err
find_rows(struct finding *f, const struct ouv_id *case_id)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	const struct ouv_id *id = &f->opened.c.id;
	uint8_t session[32];
	char hex[OUV_ID_HEX];

	ouv_id_hex(case_id, hex);
	ouv_session_id(f->actor->token, session);
	TRY(store_begin_reading(f->desk->store, &tx));
	TRY(open_case(f->desk, tx, f->arena, f->actor, hex, &f->opened));
	f->done = is_done(f->desk, &f->opened.c);
	if (f->done)
		return store_commit(&tx);
	TRY(store_session_begun(tx, session, &f->begun_us));
	TRY(store_items(tx, f->arena, id, &f->rows, &f->row_count));
	TRY(store_scan_states(tx, f->arena, id, &f->states, &f->state_count));
	return store_commit(&tx);
}

static void
find_in(struct finding *f, const struct store_item *item,
	const uint8_t dek[OUV_KEY], const struct ouv_mail *mail)
{
	enum ouv_lang lang = ouv_lang_parse(f->opened.c.lang, OUV_LANG__COUNT);
	struct ouv_scan_state *list;
	struct ouv_scan_job *job;
	size_t count;

	scan_states(f->desk, f->arena, dek, &item->id, mail, f->states,
		f->state_count, &list, &count);
	for (size_t i = 0; i < count; i++) {
		if (list[i].pages >= 0 && list[i].done >= list[i].pages)
			continue;
		job = job_new(
			&f->opened.c.id, &item->id, list[i].part, lang, dek);
		job->person = f->actor->person;
		job->begun_us = f->begun_us;
		f->left = true;
		f->take(f->user, job);
	}
}

/* One that does not open is passed over: the page of the case says so. */
static void
find_jobs(struct finding *f)
{
	for (size_t i = 0; i < f->row_count; i++) {
		const struct store_item *item = &f->rows[i].item;
		struct ouv_mail mail;
		uint8_t dek[OUV_KEY];

		if ((item->why != NULL && strcmp(item->why, "fields") == 0) ||
			open_doc(f->desk, f->arena, &f->opened, item, &mail) !=
				OUV_OK ||
			mail.part_count == 0 ||
			open_item_key(f->desk, &f->opened, item, dek) != OUV_OK)
			continue;
		find_in(f, item, dek, &mail);
		ouv_wipe(dek, sizeof(dek));
	}
}

static void
note_done(struct ouv_desk *desk, const struct store_case *c)
{
	desk->scanned[desk->scanned_at++ % SCANNED_MOST] =
		(struct scanned){ c->id, c->items };
}

void
ouv_desk_scan_jobs(struct ouv_desk *desk, const struct ouv_actor *actor,
	const struct ouv_id *case_id, ouv_scan_take_fn *take, void *user)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_WIPE);
	struct finding f = { .desk = desk,
		.arena = arena,
		.actor = actor,
		.take = take,
		.user = user };
	enum ouv_err err = find_rows(&f, case_id);
	char hex[OUV_ID_HEX];

	if (err == OUV_OK && !f.done) {
		find_jobs(&f);
		if (!f.left)
			note_done(desk, &f.opened.c);
	}
	ouv_wipe(f.opened.csk, sizeof(f.opened.csk));
	if (err == OUV_OK)
		return;
	ouv_id_hex(case_id, hex);
	ouv_log_warn("case=%s: its pictures are not looked for", hex);
}

/* ---- one page --------------------------------------------------------------
 */

struct step {
	struct ouv_desk *desk;
	struct ouv_arena *arena;
	const struct ouv_scan_job *job;
	struct scan_head head;
	bool looked; /* the head is there */
	int page;    /* 0: the head; -1: nothing is left */
	int left;    /* pages after this one */
	struct ouv_str bytes;
};

static const uint8_t *
key_of(const struct step *s)
{
	return ouv_key_bytes(s->job->dek);
}

/* Whose session it came from may still read the case. */
static enum ouv_err
still_may(const struct step *s, struct store_tx *tx)
{
	const struct ouv_scan_job *job = s->job;

	if (ouv_id_is_zero(&job->person))
		return OUV_OK;
	return store_still_holds(
		tx, &job->case_id, &job->person, job->begun_us);
}

/* The first page without a row. */
static void
choose(struct step *s, const struct store_scan_rows *rows)
{
	size_t at = 0;

	s->page = -1;
	for (int page = 1; page <= s->head.pages; page++) {
		while (at < rows->count && rows->pages[at] < page)
			at++;
		if (at < rows->count && rows->pages[at] == page)
			continue;
		if (s->page < 0)
			s->page = page;
		else
			s->left++;
	}
}

static enum ouv_err
find_page(struct step *s, struct store_tx *tx)
{
	struct store_scan_rows rows;
	struct ouv_str text;

	TRY(store_scan_rows(tx, s->arena, &s->job->item, s->job->part, &rows));
	s->page = 0;
	if (rows.head.len == 0)
		return OUV_OK;
	/* Altered: it stays as it is, and nothing is read. */
	s->page = -1;
	if (scan_open(s->desk, s->arena, &s->job->item, s->job->part, 0,
		    key_of(s), rows.head, &text) == OUV_OK &&
		scan_head_read(s->arena, text, &s->head) == OUV_OK)
		choose(s, &rows);
	return OUV_OK;
}

static enum ouv_err
read_part(struct step *s, struct store_tx *tx, const struct store_item *item)
{
	struct ouv_str doc, raw;
	struct ouv_mail mail;

	TRY(open_body_by_key(s->desk, s->arena, item, key_of(s), &doc));
	TRY(ouv_mail_unpack(s->arena, doc, &mail));
	if ((size_t)s->job->part >= mail.part_count)
		return OUV_NOT_FOUND;
	TRY(open_raw(s->desk, tx, s->arena, &item->id, key_of(s), false, &raw));
	return ouv_mail_part_bytes(
		s->arena, raw.p, raw.len, &mail.parts[s->job->part], &s->bytes);
}

static enum ouv_err
prepare(struct step *s)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct store_item item;
	enum ouv_err err;

	TRY(store_begin(s->desk->store, &tx));
	TRY(still_may(s, tx));
	TRY(store_item(tx, s->arena, &s->job->case_id, &s->job->item, &item));
	TRY(find_page(s, tx));
	if (s->page >= 0) {
		err = read_part(s, tx, &item);
		/* Not as it was sealed: nothing to read, and never will be. */
		if (err == OUV_INVALID || err == OUV_REFUSED)
			s->bytes = (struct ouv_str){ "", 0 };
		else if (err != OUV_OK)
			return err;
	}
	return store_commit(&tx);
}

static bool
is_read(struct step *s, struct ouv_str answer)
{
	struct ouv_ocr_page page;

	if (s->page == 0)
		return scan_head_read(s->arena, answer, &s->head) == OUV_OK;
	return scan_why(answer) != NULL ||
	       ouv_ocr_page_read(s->arena, answer, &page) == OUV_OK;
}

static enum ouv_err
ask(struct step *s, ouv_scanner_fn *scanner, void *user, struct ouv_str *text)
{
	const struct ouv_scan_wish wish = {
		.ask = s->page == 0 ? OUV_SCAN_LOOK : OUV_SCAN_READ,
		.page = s->page,
		.kind = s->page > 0 ? s->head.kinds[s->page - 1] : 's',
		.lang = s->job->lang < OUV_LANG__COUNT
				? ouv_lang_tag(s->job->lang)
				: "",
	};
	enum ouv_err err = scanner(user, s->arena, &wish, s->bytes, text);

	if (err == OUV_TEMPORARY)
		return err;
	if (err != OUV_OK)
		*text = (struct ouv_str){ "none stuck", 10 };
	else if (!is_read(s, *text))
		*text = (struct ouv_str){ "none damaged", 12 };
	return OUV_OK;
}

static enum ouv_err
keep(struct step *s, struct ouv_str text)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	const struct ouv_scan_job *job = s->job;
	struct ouv_str ct;

	scan_seal(s->desk, s->arena, &job->item, job->part, s->page, key_of(s),
		text, &ct);
	TRY(store_begin(s->desk->store, &tx));
	TRY(still_may(s, tx));
	TRY(store_scan_add(
		tx, &job->case_id, &job->item, job->part, s->page, ct));
	return store_commit(&tx);
}

enum ouv_err
ouv_desk_scan_step(struct ouv_desk *desk, const struct ouv_scan_job *job,
	ouv_scanner_fn *scanner, void *user, bool *left_out)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_WIPE);
	struct step s = { .desk = desk, .arena = arena, .job = job };
	struct ouv_str text;

	*left_out = false;
	TRY(prepare(&s));
	if (s.page < 0)
		return OUV_OK;
	TRY(ask(&s, scanner, user, &text));
	TRY(keep(&s, text));
	*left_out = s.page == 0 ? s.head.pages > 0 : s.left > 0;
	return OUV_OK;
}
