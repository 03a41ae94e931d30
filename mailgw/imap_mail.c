/*
 * imap_mail.c - what is done with mails: list, size, fetch, flag, move, expunge
 *
 * Bodies go from libetpan's handler into one scratch buffer and from there
 * into the arena, so that its parse tree never holds a mail.  A mail counts
 * only when its FETCH answer is complete and is exactly what was asked.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "imap_int.h"
#include "ouv/log.h"

/* One command names at most so many ranges (a line of some 7,000 bytes; RFC
 * 7162, 4 asks servers for 8,192) and so many mails. */
#define RANGES_MAX 320
#define MAILS_MAX 10000
#define SEARCH_CHUNK 50000
/* Beyond this a server's EXISTS is not believed. */
#define EXISTS_MAX 5000000
/* Text of one FETCH, EXPUNGE or SEARCH answer about one mail. */
#define FETCH_TEXT 256
#define SEARCH_TEXT 11

/* ---- sets ---------------------------------------------------------------- */

static bool
is_ascending(const uint32_t *uids, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (uids[i] == 0 || (i > 0 && uids[i] <= uids[i - 1]))
			return false;
	return true;
}

/* The set of as many uids as one command takes (1:5,7); how many: n_out. */
static struct mailimap_set *
set_of(const uint32_t *uids, size_t n, size_t *n_out)
{
	struct mailimap_set *set = imap_must(mailimap_set_new_empty());
	size_t i = 0;

	for (int ranges = 0; i < n && i < MAILS_MAX && ranges < RANGES_MAX;
		ranges++) {
		size_t first = i++;

		while (i < n && i < MAILS_MAX && uids[i] == uids[i - 1] + 1)
			i++;
		if (mailimap_set_add_interval(set, uids[first], uids[i - 1]) !=
			MAILIMAP_NO_ERROR)
			abort();
	}
	*n_out = i;
	return set;
}

/* ---- searching ----------------------------------------------------------- */

static int
by_uid(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static enum ouv_err
search(struct imap *imap, struct mailimap_search_key *key, size_t expected,
	uint32_t *uids, size_t cap, size_t *n)
{
	clist *list = NULL;
	enum said said;
	int r;

	/* Some may arrive while it answers. */
	imap_begin(imap, (expected + 1000) * SEARCH_TEXT, 0, IMAP_BULK_MS);
	r = mailimap_uid_search(imap->session, NULL, key, &list);
	mailimap_search_key_free(key);
	said = imap_end(imap, r, "search");
	if (said == SAID_NO)
		imap_log_no(imap, "search");
	for (clistiter *i = list == NULL ? NULL : clist_begin(list);
		i != NULL && *n < cap; i = clist_next(i)) {
		uint32_t uid = *(const uint32_t *)clist_content(i);

		if (uid != 0)
			uids[(*n)++] = uid;
	}
	if (list != NULL)
		mailimap_search_result_free(list);
	return said == SAID_OK ? OUV_OK : OUV_TEMPORARY;
}

/* By ranges of sequence numbers when there are many, so that one answer, and
 * what libetpan makes of it, stays small. */
static enum ouv_err
search_all(struct imap *imap, uint32_t *uids, size_t cap, size_t *n)
{
	uint32_t total = imap->guard.exists, first = 1;
	enum ouv_err err;

	if (total > EXISTS_MAX)
		total = EXISTS_MAX;

	if (total <= SEARCH_CHUNK)
		return search(imap, imap_must(mailimap_search_key_new_all()),
			total, uids, cap, n);
	while (first <= total && *n < cap) {
		/* 0 is `*`: also those that arrive meanwhile. */
		uint32_t last = total - first < SEARCH_CHUNK
					? 0
					: first + SEARCH_CHUNK - 1;

		err = search(imap,
			imap_must(mailimap_search_key_new_set(imap_must(
				mailimap_set_new_interval(first, last)))),
			SEARCH_CHUNK, uids, cap, n);
		if (err != OUV_OK)
			return err;
		if (last == 0)
			break;
		first = last + 1;
	}
	return OUV_OK;
}

static size_t
sort_and_unite(uint32_t *uids, size_t n)
{
	size_t kept = 0;

	if (n > 0)
		qsort(uids, n, sizeof(*uids), by_uid);
	for (size_t i = 0; i < n; i++)
		if (kept == 0 || uids[i] != uids[kept - 1])
			uids[kept++] = uids[i];
	return kept;
}

enum ouv_err
imap_uids(struct imap *imap, struct ouv_arena *arena, uint32_t **uids_out,
	size_t *n_out)
{
	size_t cap, n = 0;
	uint32_t *uids;
	enum ouv_err err;

	if (imap->dead)
		return OUV_TEMPORARY;
	cap = (size_t)imap->guard.exists + 1000;
	if (cap > IMAP_UIDS_MAX)
		cap = IMAP_UIDS_MAX;
	uids = ouv_arena_array(arena, cap, sizeof(*uids));
	/* What arrives from here on is news again. */
	imap->guard.news = false;
	if ((err = search_all(imap, uids, cap, &n)) != OUV_OK)
		return err;
	*n_out = sort_and_unite(uids, n);
	*uids_out = uids;
	return OUV_OK;
}

/* ---- fetching ------------------------------------------------------------ */

struct fetch {
	struct ouv_arena *arena;
	const uint32_t *uids; /* asked for, ascending */
	size_t n;
	uint32_t *sizes;         /* when sizes are asked for */
	struct imap_mail *mails; /* when bytes are: a place per uid, 0: none */
	bool header;
	uint32_t offset;

	/* the answer that is being read */
	unsigned char *scratch;
	size_t len, cap, max;
	bool spoiled;
};

static size_t
place_of(const struct fetch *fetch, uint32_t uid)
{
	const uint32_t *found =
		bsearch(&uid, fetch->uids, fetch->n, sizeof(uid), by_uid);

	return found == NULL ? fetch->n : (size_t)(found - fetch->uids);
}

/* Called by libetpan with each piece of a body, before it has a uid. */
static bool
take_bytes(int type, struct mailimap_msg_att_body_section *section,
	const char *bytes, size_t len, void *user)
{
	struct fetch *fetch = user;
	size_t cap = fetch->cap;

	(void)section;
	if (type != MAILIMAP_MSG_ATT_BODY_SECTION)
		fetch->spoiled = true;
	if (len > fetch->max - fetch->len)
		return false; /* the guard is stricter; this is for quotes */
	while (cap < fetch->len + len)
		cap = cap == 0 ? 65536 : cap * 2;
	if (cap != fetch->cap) {
		unsigned char *larger = imap_must(malloc(cap));

		/* realloc would leave a copy of the mail behind */
		if (fetch->len > 0)
			memcpy(larger, fetch->scratch, fetch->len);
		if (fetch->scratch != NULL)
			explicit_bzero(fetch->scratch, fetch->len);
		free(fetch->scratch);
		fetch->scratch = larger;
		fetch->cap = cap;
	}
	memcpy(fetch->scratch + fetch->len, bytes, len);
	fetch->len += len;
	return true;
}

struct answer {
	uint32_t uid, size;
	bool has_size;
	int bodies; /* that are what was asked */
};

static void
read_item(struct fetch *fetch, const struct mailimap_msg_att_item *item,
	struct answer *answer)
{
	const struct mailimap_msg_att_static *s;
	const struct mailimap_msg_att_body_section *body;

	if (item->att_type != MAILIMAP_MSG_ATT_ITEM_STATIC)
		return;
	s = item->att_data.att_static;
	if (s->att_type == MAILIMAP_MSG_ATT_UID)
		answer->uid = s->att_data.att_uid;
	if (s->att_type == MAILIMAP_MSG_ATT_RFC822_SIZE) {
		answer->size = s->att_data.att_rfc822_size;
		answer->has_size = true;
	}
	if (s->att_type != MAILIMAP_MSG_ATT_BODY_SECTION)
		return;
	body = s->att_data.att_body_section;
	answer->bodies++;
	/* NIL, another section, another place: not what was asked. */
	if (body->sec_body_part == NULL ||
		body->sec_origin_octet != fetch->offset ||
		(body->sec_section != NULL &&
			body->sec_section->sec_spec != NULL) != fetch->header)
		fetch->spoiled = true;
}

/* Called by libetpan at the end of each FETCH answer. */
static void
take_answer(struct mailimap_msg_att *att, void *user)
{
	struct fetch *fetch = user;
	struct answer answer = { 0 };
	size_t place;

	for (clistiter *i = clist_begin(att->att_list); i != NULL;
		i = clist_next(i))
		read_item(fetch, clist_content(i), &answer);
	place = place_of(fetch, answer.uid);
	if (place < fetch->n && fetch->sizes != NULL && answer.has_size)
		fetch->sizes[place] = answer.size;
	if (place < fetch->n && fetch->mails != NULL && answer.bodies == 1 &&
		!fetch->spoiled && fetch->mails[place].uid == 0) {
		struct imap_mail *mail = &fetch->mails[place];

		mail->uid = answer.uid;
		mail->raw.len = fetch->len;
		mail->raw.p = ouv_arena_strndup(fetch->arena,
			fetch->len > 0 ? (char *)fetch->scratch : "",
			fetch->len);
	}
	fetch->len = 0;
	fetch->spoiled = false;
}

static struct mailimap_fetch_type *
type_of(struct mailimap_fetch_att *att)
{
	struct mailimap_fetch_type *type =
		imap_must(mailimap_fetch_type_new_fetch_att_list_empty());

	if (mailimap_fetch_type_new_fetch_att_list_add(
		    type, imap_must(mailimap_fetch_att_new_uid())) !=
			MAILIMAP_NO_ERROR ||
		mailimap_fetch_type_new_fetch_att_list_add(
			type, imap_must(att)) != MAILIMAP_NO_ERROR)
		abort();
	return type;
}

static enum ouv_err
fetch_chunk(struct imap *imap, struct fetch *fetch,
	struct mailimap_fetch_type *type, size_t from, size_t *done_out)
{
	struct mailimap_set *set =
		set_of(fetch->uids + from, fetch->n - from, done_out);
	clist *list = NULL;
	enum said said;
	int r;

	imap_begin(imap, *done_out * FETCH_TEXT, fetch->max, IMAP_BULK_MS);
	mailimap_set_msg_body_handler(imap->session, take_bytes, fetch);
	mailimap_set_msg_att_handler(imap->session, take_answer, fetch);
	r = mailimap_uid_fetch(imap->session, set, type, &list);
	mailimap_set_msg_body_handler(imap->session, NULL, NULL);
	mailimap_set_msg_att_handler(imap->session, NULL, NULL);
	mailimap_set_free(set);
	/* After anything else it is not ours, even when it is set. */
	if (r == MAILIMAP_NO_ERROR && list != NULL)
		mailimap_fetch_list_free(list);
	said = imap_end(imap, r, "fetch");
	/* NO after some answers: others expunged the rest meanwhile (RFC
	 * 2180, 4.1). They are absent, which is the truth. */
	if (said == SAID_NO)
		ouv_log_info("imap: fetch: some mails are gone");
	return said == SAID_LOST ? OUV_TEMPORARY : OUV_OK;
}

static enum ouv_err
fetch_run(
	struct imap *imap, struct fetch *fetch, struct mailimap_fetch_att *att)
{
	struct mailimap_fetch_type *type = type_of(att);
	enum ouv_err err = OUV_OK;
	size_t done = 0;

	if (imap->dead)
		err = OUV_TEMPORARY;
	else if (!is_ascending(fetch->uids, fetch->n))
		err = OUV_INVALID;
	for (size_t i = 0; err == OUV_OK && i < fetch->n; i += done)
		err = fetch_chunk(imap, fetch, type, i, &done);
	mailimap_fetch_type_free(type);
	if (fetch->scratch != NULL)
		explicit_bzero(fetch->scratch, fetch->cap);
	free(fetch->scratch);
	return err;
}

enum ouv_err
imap_sizes(struct imap *imap, struct ouv_arena *arena, const uint32_t *uids,
	size_t n, uint32_t **sizes_out)
{
	struct fetch fetch = { .arena = arena, .uids = uids, .n = n };
	enum ouv_err err;

	fetch.sizes = ouv_arena_array(arena, n, sizeof(*fetch.sizes));
	memset(fetch.sizes, 0xff, n * sizeof(*fetch.sizes));
	err = fetch_run(imap, &fetch, mailimap_fetch_att_new_rfc822_size());
	if (err == OUV_OK)
		*sizes_out = fetch.sizes;
	return err;
}

enum ouv_err
imap_fetch(struct imap *imap, struct ouv_arena *arena, const uint32_t *uids,
	size_t n, struct imap_mail **mails_out, size_t *n_out)
{
	struct fetch fetch = {
		.arena = arena, .uids = uids, .n = n, .max = IMAP_BATCH_MAX
	};
	size_t found = 0;
	enum ouv_err err;

	fetch.mails = ouv_arena_array(arena, n, sizeof(struct imap_mail));
	err = fetch_run(imap, &fetch,
		mailimap_fetch_att_new_body_peek_section(
			imap_must(mailimap_section_new(NULL))));
	if (err != OUV_OK)
		return err;
	for (size_t i = 0; i < n; i++)
		if (fetch.mails[i].uid != 0)
			fetch.mails[found++] = fetch.mails[i];
	*mails_out = fetch.mails;
	*n_out = found;
	return OUV_OK;
}

static enum ouv_err
fetch_part(struct imap *imap, struct ouv_arena *arena, uint32_t uid,
	struct mailimap_section *section, bool header, uint32_t offset,
	uint32_t len, struct ouv_str *bytes_out)
{
	struct imap_mail mail = { 0 };
	struct fetch fetch = { .arena = arena,
		.uids = &uid,
		.n = 1,
		.max = len,
		.mails = &mail,
		.header = header,
		.offset = offset };
	enum ouv_err err = fetch_run(imap, &fetch,
		mailimap_fetch_att_new_body_peek_section_partial(
			imap_must(section), offset, len));

	if (err != OUV_OK)
		return err;
	if (mail.uid == 0)
		return OUV_NOT_FOUND;
	*bytes_out = mail.raw;
	return OUV_OK;
}

enum ouv_err
imap_fetch_piece(struct imap *imap, struct ouv_arena *arena, uint32_t uid,
	uint32_t offset, uint32_t len, struct ouv_str *bytes_out)
{
	return fetch_part(imap, arena, uid, mailimap_section_new(NULL), false,
		offset, len, bytes_out);
}

enum ouv_err
imap_header(struct imap *imap, struct ouv_arena *arena, uint32_t uid,
	struct ouv_str *bytes_out)
{
	return fetch_part(imap, arena, uid, mailimap_section_new_header(), true,
		0, IMAP_PIECE, bytes_out);
}

/* ---- flags --------------------------------------------------------------- */

static void
add_flag(struct mailimap_flag_list *list, struct mailimap_flag *flag)
{
	if (mailimap_flag_list_add(list, imap_must(flag)) != MAILIMAP_NO_ERROR)
		abort();
}

/* libetpan's raw value: the caller knows what a NO means here. */
static int
store(struct imap *imap, struct mailimap_set *set, size_t n, bool deleted,
	bool keyword)
{
	struct mailimap_flag_list *flags =
		imap_must(mailimap_flag_list_new_empty());
	struct mailimap_store_att_flags *att;
	int r;

	add_flag(flags, deleted ? mailimap_flag_new_deleted()
				: mailimap_flag_new_seen());
	if (keyword)
		add_flag(flags, mailimap_flag_new_flag_keyword(
					imap_must(strdup("$OuvReceived"))));
	att = imap_must(mailimap_store_att_flags_new_add_flags_silent(flags));
	imap_begin(imap, n * FETCH_TEXT, 0, IMAP_BULK_MS);
	r = mailimap_uid_store(imap->session, set, att);
	mailimap_store_att_flags_free(att);
	return r;
}

static enum ouv_err
declined(struct imap *imap, enum said said, const char *what)
{
	if (said == SAID_NO)
		imap_log_no(imap, what);
	return said == SAID_NO ? OUV_REFUSED : OUV_TEMPORARY;
}

enum ouv_err
imap_mark(struct imap *imap, const uint32_t *uids, size_t n)
{
	size_t done = 0;

	if (imap->dead)
		return OUV_TEMPORARY;
	if (!is_ascending(uids, n))
		return OUV_INVALID;
	for (size_t i = 0; i < n; i += done) {
		struct mailimap_set *set = set_of(uids + i, n - i, &done);
		int r = store(imap, set, done, false, imap->keyword);
		enum said said;

		/* PERMANENTFLAGS promises and some servers still decline. */
		if ((r == MAILIMAP_ERROR_UID_STORE ||
			    r == MAILIMAP_ERROR_PROTOCOL) &&
			imap->keyword) {
			imap->keyword = false;
			r = store(imap, set, done, false, false);
		}
		mailimap_set_free(set);
		said = imap_end(imap, r, "store");
		if (said != SAID_OK)
			return declined(imap, said, "store");
	}
	return OUV_OK;
}

/* ---- moving and expunging ------------------------------------------------ */

static enum said
relocate(struct imap *imap, struct mailimap_set *set, size_t n)
{
	int r;

	imap_begin(imap, n * FETCH_TEXT, 0, IMAP_BULK_MS);
	if (imap->can_move)
		r = mailimap_uid_move(imap->session, set, imap->processed);
	else
		r = mailimap_uid_copy(imap->session, set, imap->processed);
	return imap_end(imap, r, "move");
}

static enum said
expunge(struct imap *imap, struct mailimap_set *set, size_t n)
{
	enum said said =
		imap_end(imap, store(imap, set, n, true, false), "store");
	int r;

	if (said != SAID_OK)
		return said;
	imap_begin(imap, n * FETCH_TEXT, 0, IMAP_BULK_MS);
	/* UID EXPUNGE: a plain one would take what people flagged too. */
	r = mailimap_uid_expunge(imap->session, set);
	return imap_end(imap, r, "expunge");
}

static enum said
move_chunk(struct imap *imap, struct mailimap_set *set, size_t n)
{
	const struct mailimap_response_info *info;
	enum said said = relocate(imap, set, n);

	info = imap->session->imap_response_info;
	if (said == SAID_NO && info != NULL && info->rsp_trycreate) {
		said = imap_create(imap);
		if (said == SAID_OK)
			said = relocate(imap, set, n);
	}
	if (said == SAID_OK && !imap->can_move)
		said = expunge(imap, set, n);
	return said;
}

enum ouv_err
imap_move(struct imap *imap, const uint32_t *uids, size_t n)
{
	size_t done = 0;

	if (imap->dead)
		return OUV_TEMPORARY;
	if (!imap_can_move(imap))
		return OUV_REFUSED;
	if (!is_ascending(uids, n))
		return OUV_INVALID;
	for (size_t i = 0; i < n; i += done) {
		struct mailimap_set *set = set_of(uids + i, n - i, &done);
		enum said said = move_chunk(imap, set, done);

		mailimap_set_free(set);
		if (said != SAID_OK)
			return declined(imap, said, "move");
	}
	return OUV_OK;
}

static struct mailimap_search_key *
key_before(int days, int64_t now)
{
	time_t then = (time_t)(now - (int64_t)days * 86400);
	struct tm tm;

	imap_must(gmtime_r(&then, &tm));
	return imap_must(
		mailimap_search_key_new_before(imap_must(mailimap_date_new(
			tm.tm_mday, tm.tm_mon + 1, tm.tm_year + 1900))));
}

static enum ouv_err
expunge_old(struct imap *imap, int days, int64_t now, size_t *n_out)
{
	size_t cap = (size_t)imap->guard.exists, n = 0, done = 0;
	enum said said = SAID_OK;
	enum ouv_err err;
	uint32_t *uids;

	/* A round's worth; the rest goes with the next. */
	if (cap > SEARCH_CHUNK)
		cap = SEARCH_CHUNK;
	uids = imap_must(calloc(cap + 1, sizeof(*uids)));
	err = search(imap, key_before(days, now),
		imap->guard.exists < IMAP_UIDS_MAX ? imap->guard.exists
						   : IMAP_UIDS_MAX,
		uids, cap, &n);
	if (err == OUV_OK)
		n = sort_and_unite(uids, n);
	for (size_t i = 0; err == OUV_OK && i < n; i += done) {
		struct mailimap_set *set = set_of(uids + i, n - i, &done);

		said = expunge(imap, set, done);
		mailimap_set_free(set);
		if (said != SAID_OK)
			err = declined(imap, said, "expunge");
	}
	free(uids);
	if (err == OUV_OK)
		*n_out = n;
	return err;
}

enum ouv_err
imap_expunge_older(struct imap *imap, int days, int64_t now, size_t *n_out)
{
	uint32_t uidvalidity = 0;
	enum ouv_err err, back;

	if (imap->dead)
		return OUV_TEMPORARY;
	if (days < 0)
		return OUV_INVALID;
	if (!imap->can_uidplus)
		return OUV_REFUSED;
	err = imap_select(imap, true, &uidvalidity);
	if (err == OUV_OK)
		err = expunge_old(imap, days, now, n_out);
	if (imap->dead)
		return OUV_TEMPORARY;
	back = imap_select(imap, false, &uidvalidity);
	if (back == OUV_OK && uidvalidity == imap->uidvalidity)
		return err;
	/* Whatever uids the caller holds mean nothing any more. */
	imap->dead = true;
	if (back == OUV_OK)
		ouv_log_warn("imap: UIDVALIDITY has changed");
	return OUV_TEMPORARY;
}
