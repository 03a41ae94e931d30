/*
 * page_key.h - a party's own page: its key, a visit, what it reads there
 *
 * A *page key* is a public key whose secret is made of an access code that only
 * its reader has (vault.h, "page").  Whoever writes to that reader seals the
 * message to it; the page opens with the code, and with nothing else: not with
 * the database, not with this program.
 *
 *   consumer  one live key for each consumer of a case, made with the
 *             acknowledgement; a fresh one ends the one before
 *   contact   one for each contact of a company, for all cases that contact is
 *             written to about; made by the first notice (or forward) to them
 *             that finds none.  Of somebody the register does not know it is
 *             for their address in one case
 *   token     any number for a unit of a company, for all its cases; the code
 *             is what a program sends with each request
 *
 * How a page uses it:
 *
 *   GET of a link asks nothing.  Its button posts what was typed or what stood
 *   in the address to ouv_desk_page_enter, which answers a cookie's value; each
 *   request after that begins with ouv_desk_page_visit (or, for a program that
 *   sends its token, ouv_desk_page_bearer), and ends with ouv_page_visit_wipe.
 *   With the visit: ouv_desk_page_messages and ouv_desk_page_file read of a
 * case, ouv_desk_page_standing (ouv/party_page.h) tells where it stands and
 * what may be decided, ouv_desk_page_say writes.  What a visit may read of a
 * case is decided here, case by case: a contact's visit is good for any case
 * they are written to about, a token's for any case of its unit; of another one
 * all answer OUV_NOT_FOUND.
 *
 * A token is made by page_key_make (lib/desk/page_seal.h) in the session of a
 * colleague, who certifies it.
 */
#ifndef OUV_PAGE_KEY_H
#define OUV_PAGE_KEY_H

#include "ouv/party_page.h"
#include "ouv/vault.h"

/* Stored in each certificate: never another order. */
enum ouv_page_kind {
	OUV_PAGE_CONSUMER,
	OUV_PAGE_CONTACT,
	OUV_PAGE_TOKEN,
	OUV_PAGE_KIND__COUNT
};
const char *ouv_page_kind_name(enum ouv_page_kind kind);

#define OUV_PAGE_VISIT_SECS 1800
/* A code as it is printed: 26 characters in groups of four, and a zero. */
#define OUV_PAGE_CODE_MAX 33

/* ---- the way in ------------------------------------------------------------
 */

struct ouv_page_entry {
	unsigned kinds;   /* bits 1 << enum ouv_page_kind: whose page it is */
	const char *code; /* as typed: groups, blanks, either case */
	const char *protocol; /* as typed; NULL: not asked */
	const char *token;    /* of a letter's link; NULL: none */
	const char *address; /* where it comes from: limits only; may be NULL */
};
/*
 * token_out names the visit for half an hour, in a cookie.  Counted and
 * logged.
 *
 * OUV_INVALID: what was typed is no code (26 letters and digits, of which three
 * may be wrong).  OUV_NOT_FOUND: no such code, or it belongs to another case
 * than protocol or token say, or the case is erased; which one is not told, and
 * all take as long.  OUV_CONFLICT: it was one, and is over: they ask for a
 * fresh one.  OUV_REFUSED: too many tries, wait_secs_out says how long.
 */
OUV_MUST_CHECK enum ouv_err ouv_desk_page_enter(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_page_entry *entry,
	uint8_t token_out[32], int *wait_secs_out);
/* The visit is over; what is none is none. */
OUV_MUST_CHECK enum ouv_err ouv_desk_page_leave(
	struct ouv_desk *desk, const uint8_t token[32]);

/* Who reads now.  Wipe it. */
struct ouv_page_visit {
	enum ouv_page_kind kind;
	struct ouv_id key,
		reader;        /* reader: party, contact (or capsule), unit */
	struct ouv_id case_id; /* the one case it is for; zero: several */
	int64_t until_at;
	uint8_t secret[OUV_KEY], pk[OUV_KEY];
};
/* OUV_NOT_FOUND: no such visit, or it or its key is over. */
OUV_MUST_CHECK enum ouv_err ouv_desk_page_visit(struct ouv_desk *desk,
	struct ouv_arena *arena, const uint8_t token[32],
	struct ouv_page_visit *visit_out);
/* The same by a code that comes with the request.  Errors as of enter. */
OUV_MUST_CHECK enum ouv_err ouv_desk_page_bearer(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_page_entry *entry,
	struct ouv_page_visit *visit_out, int *wait_secs_out);
void ouv_page_visit_wipe(struct ouv_page_visit *visit);

/* ---- what they read --------------------------------------------------------
 */

struct ouv_page_file {
	int part;
	const char *name; /* "" */
	size_t size;
};
struct ouv_page_message {
	int seq;
	const char *from; /* you, office, consumer, company, extract, other */
	int64_t at;
	const char *subject, *lang;
	const char *text; /* secrets of ours in it are masked; "" */
	bool words;       /* its words may be read, not only files of it */
	bool released;    /* ... for it was released to them, until until_at */
	int64_t until_at;
	size_t file_count;
	struct ouv_page_file *files;
};
struct ouv_page_messages {
	const char *protocol;
	size_t count; /* newest first */
	struct ouv_page_message *list;
	bool more;   /* older ones follow */
	int lacking; /* written to them, and not readable here yet: a colleague
			who opens the case seals them to this key */
};
/* number: which case (protocol or id); NULL: the visit's own.  before: numbers
 * below that, 0: from the newest.  OUV_NOT_FOUND: not theirs. */
OUV_MUST_CHECK enum ouv_err ouv_desk_page_messages(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_page_visit *visit,
	const char *number, int before, int most,
	struct ouv_page_messages *out);
/* The bytes of one attachment; logged.  OUV_NOT_FOUND: not theirs. */
OUV_MUST_CHECK enum ouv_err ouv_desk_page_file(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_page_visit *visit,
	const char *number, int seq, int part, struct ouv_str *bytes_out,
	const char **name_out);

/* ---- what a consumer writes ------------------------------------------------
 */

/*
 * what:
 *   message   words for the office, in any state
 *   person    they ask for somebody to call or to write: a task for whoever
 *             looks after the case, due as the office promises an answer
 *   data      they ask for what is kept about them: a task in the same time
 *             (docs/requests.md)
 *   else an action of the page's choices, with its choice
 */
struct ouv_page_said {
	const char *what, *choice; /* choice "" : none */
	const char *words;         /* as typed; "" */
	const char *text;          /* all of it as people read it; "" : words */
	const char *upload, *files; /* as OUV_UPLOAD_FIELD; "" : none */
	const char *form_key;       /* as in ouv_desk_do; twice does it once */
	const char *address;        /* limits only; may be NULL */
};
/*
 * A message of theirs in the case, and what it asks for.
 *
 * OUV_INVALID: result tells fields (words: empty, too-long; files: gone), or
 * there is no form key.  OUV_CONFLICT: that is not theirs to decide now.
 * OUV_REFUSED: too many in a row, wait_secs_out says how long.  OUV_NOT_FOUND:
 * the case is not theirs, or is not there any more.
 */
OUV_MUST_CHECK enum ouv_err ouv_desk_page_say(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_page_visit *visit,
	const char *number, const struct ouv_page_said *said,
	struct ouv_verb_result *result_out, int *wait_secs_out);

/* ---- another code ----------------------------------------------------------
 */

/*
 * Somebody asks for a fresh code: by a protocol or an e-mail address, as typed.
 * Nothing is looked up: the gateway finds out whom it means and writes to the
 * address that it knows, so the answer is the same, and takes as long, whether
 * there is such a case or not.
 *
 * OUV_INVALID: neither a protocol nor an address (OUV_PAGE_TOKEN: nobody can
 * ask for one).  OUV_REFUSED: too many, wait_secs_out says how long.
 */
OUV_MUST_CHECK enum ouv_err ouv_desk_page_ask(struct ouv_desk *desk,
	struct ouv_arena *arena, enum ouv_page_kind kind, const char *typed,
	const char *address, int *wait_secs_out);

#endif
