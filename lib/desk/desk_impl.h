/*
 * desk_impl.h - what the files of this folder share
 */
#ifndef OUV_DESK_IMPL_H
#define OUV_DESK_IMPL_H

#include <pthread.h>

#include "ouv/calendar_file.h"
#include "ouv/desk.h"
#include "ouv/scan.h"
#include "ouv/gateway.h"
#include "ouv/store.h"
#include "ouv/term.h"
#include "ouv/upload.h"
#include "ledger.h"

#define TRY(call)                               \
	do {                                    \
		enum ouv_err try_err_ = (call); \
		if (try_err_ != OUV_OK)         \
			return try_err_;        \
	} while (0)

/* Who signs log events: one run of one program. */
struct signer {
	pthread_mutex_t lock;
	struct ouv_id id;
	uint64_t seq;
	uint8_t key[OUV_KEY]; /* of the MAC; inside guarded memory's owner */
	bool boxed;           /* its first key, sealed and signed, is below */
	uint8_t box[OUV_BOX], sig[OUV_SIG];
	struct ledger ledger;
};

#define DOUBTFUL_MOST 64
#define DISTRUSTED_MOST 64
#define SCANNED_MOST 64

/* A key or a signature that does not hold: distrust.c. */
struct ouv_post_paper;
struct ouv_print_made;
struct distrusted {
	const char *action; /* of the log; a constant */
	struct ouv_id object;
	char name[16]; /* of the office's key; "" : of something else */
	int64_t at_us;
	bool written;
};

struct ouv_scan_job;

struct ouv_office {
	const struct ouv_config *config;
	enum ouv_desk_kind kind;
	struct ouv_id tenant;
	uint8_t root[OUV_KEY];
	struct ouv_key *svc, *k_id, *k_tok, *pepper, *sig; /* by kind */
	uint8_t sig_public[OUV_KEY];
	int svc_version; /* what all desks seal to; 0: none was opened yet */
	struct ouv_tmpl_set *templates;
	struct ouv_text_book *texts;
	struct ouv_lint_set *lint;
	struct ouv_arena *arena; /* of the calendar */
	struct ouv_calendar_book calendar;
	char loop_id[33];
	struct signer signer;
	struct common *common;     /* password.c; NULL: not read yet */
	struct text_live *shipped; /* texts_file.c: as the files say */
	size_t shipped_count;
	struct ouv_id doubtful[DOUBTFUL_MOST]; /* versions told on the log */
	size_t doubtful_count;
	/* under the signer's lock */
	struct distrusted distrusted[DISTRUSTED_MOST];
	size_t distrusted_count;
	/* search_index.c: words of attachments; NULL: they are not read */
	enum ouv_err (*reader)(void *user, struct ouv_arena *arena,
		struct ouv_str bytes, struct ouv_str *text_out);
	void *reader_user;
	/* scan_job.c: who reads pictures; NULL: nobody */
	void (*scans)(void *user, struct ouv_scan_job *job);
	void *scans_user;
	/* upload.c: what a file is; NULL: no files are taken */
	ouv_upload_look_fn *looker;
	void *looker_user;
	/* dossier_paper.c: how case files are printed; NULL: not by this
	 * program, which then needs nothing of lib/print */
	const struct dossier_press *paper;
	/* dossier_picture.c: how their pictures are drawn; NULL: they are not
	 */
	ouv_scanner_fn *draw;
	void *draw_user;
	/* verb_post.c: how a letter is printed; NULL: not by this program */
	enum ouv_err (*press)(void *user, struct ouv_arena *arena,
		const struct ouv_post_paper *paper,
		struct ouv_print_made *made_out);
	void *press_user;
};

/* A colleague whose keys were checked up to ROOT. */
struct colleague {
	struct ouv_id id;
	bool desk;
	uint8_t pk[OUV_KEY], sig_pk[OUV_KEY];
};

struct ouv_desk {
	struct ouv_office *office;
	struct store *store;
	struct ouv_id worker;
	uint8_t escrow[OUV_KEY], svc_public[OUV_KEY];
	int svc_version; /* what is sealed to the gateway */
	bool tok_held;   /* reply_code.c: both programs hold our k_tok */
	uint8_t (*gateway_public)[OUV_KEY]; /* with its former ones */
	size_t gateway_count;
	struct texts *texts;       /* texts.c; NULL: nothing asked yet */
	struct absences *absences; /* absence_calendar.c; the same */
	struct codes *codes;       /* codes.c; the same */
	struct live *live;         /* terms_live.c; the same */
	struct docs *docs;         /* together.c; NULL: nothing is kept */
	struct quiet {
		struct ouv_id person;
		int64_t until_ms;
	} quiet[32]; /* ident_case.c: nothing was found for them */
	struct scanned {
		struct ouv_id id;
		int items;
	} scanned[SCANNED_MOST]; /* scan_job.c: nothing is left to read */
	unsigned scanned_at;
};

/* ---- office.c
 * ------------------------------------------------------------------ */

/* The calendar's file, read unless it was: the operator's commands seldom need
 * it. */
OUV_MUST_CHECK enum ouv_err office_calendar(struct ouv_office *office);

/* ---- keys.c: whom and what may we seal to?
 * ------------------------------------ */

/* Loads and checks ESCROW, SVC and the gateway's key. */
OUV_MUST_CHECK enum ouv_err keys_load(
	struct ouv_desk *desk, struct store_tx *tx);
/* What it allocated. */
void keys_free(struct ouv_desk *desk);
/* Everybody whose certificate holds; one that does not is logged, left out. */
OUV_MUST_CHECK enum ouv_err keys_colleagues(struct ouv_desk *desk,
	struct store_tx *tx, struct ouv_arena *arena,
	struct colleague **list_out, size_t *count_out);
/* Those of them whose certificate holds, logged as above. */
void keys_certified(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct store_person *people, size_t count,
	struct colleague **list_out, size_t *count_out);
/* An active colleague whose certificate holds; OUV_NOT_FOUND: not here any
 * more, OUV_REFUSED: it does not hold (said on the log). */
OUV_MUST_CHECK enum ouv_err keys_colleague(struct ouv_desk *desk,
	struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *person, const struct colleague **out);
/* The case's public key, its certificate checked. OUV_REFUSED. */
OUV_MUST_CHECK enum ouv_err keys_case(struct ouv_desk *desk,
	struct store_tx *tx, const struct ouv_id *case_id, int version,
	const struct colleague *colleagues, size_t count,
	uint8_t cpk_out[OUV_KEY]);

/* Did the gateway (signer zero) or a person we trust, now or formerly, sign
 * that?  OUV_REFUSED: nobody did; the caller says so on the log. */
OUV_MUST_CHECK enum ouv_err keys_signed(struct ouv_desk *desk,
	struct store_tx *tx, const struct ouv_id *signer,
	const struct ouv_cert *cert, const uint8_t sig[OUV_SIG]);

/* Is that the secret of the case's certified key?  OUV_REFUSED: said on the
 * log. */
OUV_MUST_CHECK enum ouv_err keys_fit(struct ouv_desk *desk,
	const struct ouv_id *case_id, const uint8_t csk[OUV_KEY],
	const uint8_t cpk[OUV_KEY]);
/* distrust.c: what does not hold, as an action of the log, once a day for each
 * object and name; written at a quiet moment. */
void distrust(struct ouv_desk *desk, const char *action,
	const struct ouv_id *object, const char *name);

/* Did the gateway (granted_by zero) or a person we trust give it?
 * OUV_REFUSED: nobody did (said on the log). */
OUV_MUST_CHECK enum ouv_err grant_signed(struct ouv_desk *desk,
	struct store_tx *tx, const struct store_grant *grant);

/* ---- svc.c: what is sealed to the gateway
 * ------------------------------------ */

/* The version of the context is not looked at.  OUV_TEMPORARY: it may lie under
 * a newer key than this process was started with; OUV_REFUSED: under none. */
OUV_MUST_CHECK enum ouv_err svc_open(const struct ouv_desk *desk,
	struct store_tx *tx, const struct ouv_context *context,
	const uint8_t box[OUV_BOX], uint8_t key_out[OUV_KEY]);
struct consumer;
/* box: its box for the gateway. */
OUV_MUST_CHECK enum ouv_err svc_capsule(const struct ouv_desk *desk,
	struct store_tx *tx, struct ouv_arena *arena,
	const struct store_capsule *capsule, const uint8_t box[OUV_BOX],
	struct consumer *consumer_out);
/* Which versions the console holds is written down, before keys_load; of the
 * gateway ouv_desk_hold does it. */
OUV_MUST_CHECK enum ouv_err svc_held(
	struct ouv_desk *desk, struct store_tx *tx);
/* And after it, which key of the gateway this process seals to. */
OUV_MUST_CHECK enum ouv_err svc_sealed_to(
	struct ouv_desk *desk, struct store_tx *tx);

/* ---- reply_code.c: codes and names that letters bear
 * ------------------------------------ */

/* What they are made with, as the last reply_code of this desk found it. */
const struct ouv_key *tok_present(const struct ouv_desk *desk);
/* The code of that party, with a row by which it is found; fresh: no letter
 * has borne any yet. */
OUV_MUST_CHECK enum ouv_err reply_code(struct ouv_desk *desk,
	struct store_tx *tx, const struct ouv_id *case_id,
	const struct ouv_id *party, int version, bool fresh,
	char code_out[OUV_CODE_MAX]);

/* ---- ident.c: by what addresses and messages are known again
 * ------------------------------------ */

/* kind: addr, of a folded address; mid, of a Message-ID. */
void ident_make(const struct ouv_office *office, const char *kind,
	const char *value, struct store_token *token_out);
bool ident_is_none(const struct store_token *token);
/* For what is counted for a while: one and the same in programs that were
 * started before and after the key was changed. */
void ident_count(const struct ouv_office *office, const char *kind,
	const char *value, struct ouv_id *token_out);

/* ---- casefile.c: sealing into a case
 * -------------------------------------------- */

/* A case file being written: new or existing. */
struct casefile {
	struct ouv_id id;
	int version;
	uint8_t cpk[OUV_KEY];
	uint8_t csk[OUV_KEY]; /* of a new one only; wiped by casefile_wipe */
	bool fresh;
	int items;   /* so far */
	int planned; /* of a new one: its row counts so many from the start */
	uint64_t audit_seq;
	uint8_t audit_head[32];
	enum ouv_state state;
	enum ouv_lang lang;
	const char *protocol;
	int desk_month; /* of a fresh desk file, else 0 */
	/* page_seal.h: who reads of it on a page of their own */
	struct page_readers *readers; /* NULL: not asked yet */
	struct page_pile *pile;       /* of a batch; NULL: written at once */
};
void casefile_wipe(struct casefile *file);

void context_make(const struct ouv_desk *desk, enum ouv_kind kind,
	enum ouv_column column, const struct ouv_id *case_id,
	const struct ouv_id *row, int version, struct ouv_context *context_out);

/* What lists show of a case; each may be "". */
struct summary {
	const char *subject, *name, *addr; /* of whoever wrote first */
};

/* Keys and grants of a new case, queued. c says the rest of the row. */
OUV_MUST_CHECK enum ouv_err casefile_new(struct ouv_desk *desk,
	struct store_tx *tx, struct ouv_arena *arena,
	const struct colleague *colleagues, size_t count, struct store_case *c,
	const struct summary *summary, struct casefile *file_out);
/* A new case in triage whose key a colleague certifies: nothing is written. */
void casefile_fresh(const struct ouv_desk *desk, const struct ouv_actor *actor,
	enum ouv_lang lang, struct casefile *file_out,
	struct store_case_key *key_out);
/* Words of ours as staff see them: who reads a letter gets no party's page, nor
 * what was released to one, by its address. text may be NULL. */
const char *link_hidden(
	const struct ouv_desk *desk, struct ouv_arena *arena, const char *text);
struct verb_call;
/* The next protocol number of the office's year, as the schema lets OF (the
 * case or person it is asked by) take one. */
typedef enum ouv_err casefile_number_fn(struct store_tx *tx,
	const struct ouv_id *of, int year, int64_t *number_out);
OUV_MUST_CHECK enum ouv_err casefile_number(const struct verb_call *call,
	casefile_number_fn *take, const struct ouv_id *of,
	const char **protocol_out);
/* Locks an existing one and checks its key. */
OUV_MUST_CHECK enum ouv_err casefile_lock(struct ouv_desk *desk,
	struct store_tx *tx, struct ouv_arena *arena,
	const struct colleague *colleagues, size_t count,
	const struct ouv_id *id, struct casefile *file_out);
/* Key and document of an item sealed into this case: case_id, key_version,
 * dek_box and body of the item are set. */
void casefile_seal(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct casefile *file, struct store_item *item,
	const uint8_t dek[OUV_KEY], const struct ouv_str *doc);
/* What lists show of a case, under its secret. */
void casefile_summary(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct casefile *file, const uint8_t csk[OUV_KEY],
	const struct summary *summary, struct ouv_str *blob_out);
/* One item with its document, queued, and sealed to the page keys of its party;
 * item->seq is set here. */
OUV_MUST_CHECK enum ouv_err casefile_item(struct ouv_desk *desk,
	struct store_tx *tx, struct ouv_arena *arena, struct casefile *file,
	struct store_item *item, const uint8_t dek[OUV_KEY],
	const struct ouv_str *doc);
/* The same of a letter to that capsule: others of its side do not read it on
 * their pages. */
OUV_MUST_CHECK enum ouv_err casefile_letter(struct ouv_desk *desk,
	struct store_tx *tx, struct ouv_arena *arena, struct casefile *file,
	struct store_item *item, const uint8_t dek[OUV_KEY],
	const struct ouv_str *doc, const struct ouv_id *capsule);
/* Raw bytes of an item of ours, in chunks; padded_out for its row. */
OUV_MUST_CHECK enum ouv_err casefile_raw(struct ouv_desk *desk,
	struct store_tx *tx, const struct ouv_id *item,
	const uint8_t dek[OUV_KEY], const void *raw, size_t len,
	int64_t *padded_out);
/* Party, reply address, capsule, index of its address, queued. */
struct consumer {
	struct ouv_id party, capsule;
	const char *name, *addr;
	enum ouv_lang lang;
	bool lang_assumed;     /* the office's: theirs is not known */
	bool main;             /* one of several people of a company */
	struct ouv_id contact; /* ... by the register; zero: not there */
	char code[OUV_CODE_MAX];
	const char *postal; /* lines of an address, with LF; NULL or "": none */
	bool by_post;       /* our letters to them go on paper (post.c); always
			       so of whoever has no mail address */
	/* A fresh code of their page that this letter brings; NULL: none. */
	const char *page_code;
};
OUV_MUST_CHECK enum ouv_err casefile_consumer(struct ouv_desk *desk,
	struct store_tx *tx, struct ouv_arena *arena, struct casefile *file,
	struct consumer *consumer);
/* The same for either side: "consumer", "company". */
OUV_MUST_CHECK enum ouv_err casefile_party(struct ouv_desk *desk,
	struct store_tx *tx, struct ouv_arena *arena, struct casefile *file,
	const char *side, struct consumer *consumer);
/* One more address to write to for consumer->party; sets ->capsule. */
OUV_MUST_CHECK enum ouv_err casefile_capsule(struct ouv_desk *desk,
	struct store_tx *tx, struct ouv_arena *arena,
	const struct casefile *file, struct consumer *consumer);

/* One grant of file->csk: to a person, or to ESCROW (zero), signed by `by`. */
void casefile_grant(const struct ouv_desk *desk, const struct casefile *file,
	const struct ouv_id *person, const uint8_t public[OUV_KEY],
	const struct ouv_id *by, const uint8_t seed[OUV_KEY],
	struct store_grant *grant);
/* What a capsule says under a fresh key, for the case and for the gateway;
 * id, case and party are the caller's. */
void casefile_capsule_seal(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct casefile *file, const struct ouv_str *text,
	struct store_capsule *capsule);

/* ---- log.c: the audit chain
 * --------------------------------------------------------- */

/* Queues one event on the case's chain and moves the file's head. */
OUV_MUST_CHECK enum ouv_err log_case(struct ouv_desk *desk, struct store_tx *tx,
	struct casefile *file, const struct ouv_id *actor, const char *action,
	const struct ouv_id *object);
/* The same with details, sealed to the case; empty: none. */
OUV_MUST_CHECK enum ouv_err log_case_details(struct ouv_desk *desk,
	struct store_tx *tx, struct ouv_arena *arena, struct casefile *file,
	const struct ouv_id *actor, const char *action,
	const struct ouv_id *object, struct ouv_str details);
/* The same for a case that is not being written: locks it, finds its head; or
 * it is locked already. */
OUV_MUST_CHECK enum ouv_err log_existing(struct ouv_desk *desk,
	struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *case_id, const struct ouv_id *actor,
	const char *action, const struct ouv_id *object);
OUV_MUST_CHECK enum ouv_err log_locked(struct ouv_desk *desk,
	struct store_tx *tx, const struct ouv_id *case_id,
	const struct ouv_id *actor, const char *action,
	const struct ouv_id *object);
/* One event on our own chain (logins). */
OUV_MUST_CHECK enum ouv_err log_own(struct ouv_desk *desk, struct store_tx *tx,
	const struct ouv_id *actor, const char *action,
	const struct ouv_id *object);
/* The same with a name that is nobody's secret; it stands there in clear. */
OUV_MUST_CHECK enum ouv_err log_own_named(struct ouv_desk *desk,
	struct store_tx *tx, const struct ouv_id *actor, const char *action,
	const struct ouv_id *object, struct ouv_str name);
/* Makes our signer known; once per process is enough, more do no harm. */
OUV_MUST_CHECK enum ouv_err log_signer(
	struct ouv_desk *desk, struct store_tx *tx);
/* The same for an operator's run, before its first log_own: admin with their
 * signing seed, or NULL: the server's key, whose file lies on this host. */
OUV_MUST_CHECK enum ouv_err log_operator(struct ouv_desk *desk,
	struct store_tx *tx, const struct store_person *admin,
	const uint8_t seed[OUV_KEY]);
/* log_command.c: one event of an operator's command, by nobody; name: as
 * log_own_named, or NULL. */
OUV_MUST_CHECK enum ouv_err log_command(struct ouv_desk *desk,
	struct store_tx *tx, const char *action, const struct ouv_id *object,
	const char *name);
/* The same where there is a store and no desk: *log NULL at first; ended after
 * the commit.  Nothing is written while there is no office yet. */
struct command_log;
OUV_MUST_CHECK enum ouv_err command_log_write(struct command_log **log,
	const struct ouv_config *config, struct store *store,
	struct store_tx *tx, const char *action, const struct ouv_id *object,
	const char *name);
void command_log_end(struct command_log **log);
/* Somebody tried what they may not: on the case's chain (case_id), or on ours
 * (NULL); at most once a minute for each person and chain. */
OUV_MUST_CHECK enum ouv_err log_denied(struct ouv_desk *desk,
	struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *case_id, const struct ouv_id *actor);

/* ---- letter.c: words to a queued letter
 * ------------------------------------------------ */

struct letter_out {
	const char *template; /* "ack", "letter" */
	enum ouv_lang lang;
	json_t *data;     /* borrowed */
	const char *kind; /* acknowledgement, reply */
	const char *dedupe_key;
	bool automatic; /* by no person */
	/* It answers a mail by itself: its envelope has no sender, so that no
	 * machine answers it.  Of everything else we hear what became of it. */
	bool answers;
	const char *in_reply_to;
	struct ouv_mail_ids references;
	struct ouv_id author; /* zero: the system */
	int64_t now;
	bool two; /* in two languages: the second one below the first */
	enum ouv_lang second_lang;
	enum ouv_lane lane; /* whose letter it is; zero: the consumer's */
	bool blue;          /* what is typed is in blue, else black */
	/* for the lint: what belongs to the other party; what is the reader's
	 * or the office's besides what the data tell */
	size_t other_count, own_count;
	const char *const *others, *const *own;
	/* On paper: the clock that begins when it is delivered, and how long
	 * it is; term.amount 0: none does. */
	enum ouv_clock clock;
	int clock_round;
	struct ouv_term term;
};
/*
 * Renders, composes, stores as an item and queues it.  OUV_REFUSED: the lint
 * found something that blocks, OUV_INVALID: as letter_words (both on the log,
 * without words of the letter); nothing was queued and the transaction goes
 * on: whoever sends by itself opens a task "write-by-hand" then.
 */
OUV_MUST_CHECK enum ouv_err letter_queue(struct ouv_desk *desk,
	struct store_tx *tx, struct ouv_arena *arena, struct casefile *file,
	const struct consumer *to, const struct letter_out *letter,
	struct ouv_id *outbox_out);

/* What the office says of itself into the data of a letter. */
void letter_office(const struct ouv_config *config, json_t *data);
/*
 * The words of that letter as they would go out now, and what the lint says of
 * them; nothing is queued.  OUV_INVALID: the text cannot be made of these data
 * (on the log).
 */
struct letter_words {
	const char *subject, *text, *html, *plain;
	const char *marked; /* plain with its marks: for paper */
	size_t finding_count;
	struct ouv_finding *findings;
	bool blocked;
};
OUV_MUST_CHECK enum ouv_err letter_words(struct ouv_desk *desk,
	struct store_tx *tx, struct ouv_arena *arena, const struct consumer *to,
	const struct letter_out *letter, struct letter_words *words_out);

/* letter_cover.c: what goes by mail to a company in the place of those words.
 * Not covered: the words themselves. */
OUV_MUST_CHECK enum ouv_err letter_cover(struct ouv_desk *desk,
	struct store_tx *tx, struct ouv_arena *arena, const struct consumer *to,
	const struct letter_out *letter, struct letter_words *cover_out,
	bool *is_covered_out);
/* Would that letter to them be? */
OUV_MUST_CHECK enum ouv_err letter_is_covered(struct store_tx *tx,
	const struct consumer *to, const char *template, bool *is_covered_out);

/* ---- texts.c: which words count now
 * ------------------------------------------------ */

struct text_live {
	const struct ouv_text_decl *decl;
	int n;                             /* 0: the product's own */
	const char *body[OUV_LANG__COUNT]; /* valid in this transaction */
	int findings; /* of the product's own, counted once; -1: not yet */
};
/* Reads the words of every declared text, once, when the office starts. */
OUV_MUST_CHECK enum ouv_err texts_read(struct ouv_office *office);
void texts_free(struct ouv_desk *desk);
/* From what this desk keeps; asks the database at most once a transaction
 * whether something new was published.  OUV_NOT_FOUND: no such text. */
OUV_MUST_CHECK enum ouv_err texts_live(struct ouv_desk *desk,
	struct store_tx *tx, const char *name, struct text_live *live_out);

/* ---- absence_calendar.c: who is away
 * -------------------------------------------------------- */

/* Calendar file and the office's own closings together; as texts_live, from
 * what this desk keeps. */
OUV_MUST_CHECK enum ouv_err absence_calendar(struct ouv_desk *desk,
	struct store_tx *tx, const struct ouv_calendar **calendar_out);

/* The day on the office's wall, by that calendar. */
OUV_MUST_CHECK enum ouv_err office_day(struct ouv_desk *desk,
	struct store_tx *tx, int64_t now, int32_t *day_out);
/* When the first answer by a person is due, by that calendar. */
OUV_MUST_CHECK enum ouv_err letter_due(struct ouv_desk *desk,
	struct store_tx *tx, int64_t received_at, int64_t *due_at_out);

/* Of the absences this desk keeps, asked as above. */
OUV_MUST_CHECK enum ouv_err absence_stamp(struct ouv_desk *desk,
	struct store_tx *tx, struct store_absence_stamp *stamp_out);
/* The office's own closings as rules, a day each; rules NULL: how many.  After
 * absence_stamp. */
size_t absence_closings(const struct ouv_desk *desk,
	const struct ouv_calendar *file, struct ouv_closed *rules);

/* Is it in effect at that moment? */
bool absence_holds(const struct store_absence *absence, int64_t now);
/* The absence of this person (zero: of the whole office) at that moment; NULL:
 * none.  Valid in this transaction. */
OUV_MUST_CHECK enum ouv_err absence_of(struct ouv_desk *desk,
	struct store_tx *tx, const struct ouv_id *person, int64_t now,
	const struct store_absence **absence_out);
/* Is anybody away at all? */
OUV_MUST_CHECK enum ouv_err absence_any(
	struct ouv_desk *desk, struct store_tx *tx, int64_t now, bool *any_out);
/* The first day after it on which the office is open and the person is not
 * away again. OUV_INVALID: the calendar ends before. */
OUV_MUST_CHECK enum ouv_err absence_back(struct ouv_desk *desk,
	struct store_tx *tx, const struct store_absence *absence,
	int32_t *day_out);
/* The name of whoever looks after this case of somebody who is away; "":
 * nobody does.  As the view stand_in of the schema. */
OUV_MUST_CHECK enum ouv_err absence_stand_in(struct ouv_desk *desk,
	struct store_tx *tx, const struct store_absence *absence,
	const struct ouv_id *case_id, int64_t now, const char **name_out);
void absence_free(struct ouv_desk *desk);
void codes_free(struct ouv_desk *desk); /* codes.c */
/* terms_live.c */
void live_free(struct ouv_desk *desk);

/* ---- absence.c: absences as people see them
 * -------------------------------------------------------- */

struct ouv_absence *absence_view(
	struct ouv_arena *arena, const struct store_absence *absence);
/* Reason, days and contact into the data of a letter; absence NULL: the
 * reasons alone, all false. */
OUV_MUST_CHECK enum ouv_err absence_data(struct ouv_desk *desk,
	struct store_tx *tx, const struct store_absence *absence, json_t *data);
/* owner_away and stand_in of the view. */
OUV_MUST_CHECK enum ouv_err absence_owner(struct ouv_desk *desk,
	struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_id *case_id, struct ouv_case_view *view);

/* ---- absence_note.c
 * -------------------------------------------------------------- */

/* The note of an absence, in this party's language; letter_out->data is the
 * caller's to release. */
OUV_MUST_CHECK enum ouv_err note_letter(struct ouv_desk *desk,
	struct store_tx *tx, const struct store_absence *absence,
	const char *substitute, const char *protocol, const struct consumer *to,
	int64_t now, struct letter_out *letter_out);
/* A sender is told of the same absence again after so long (RFC 5230, 4.1). */
#define NOTE_SECS (7 * INT64_C(86400))

/* ---- ack.c: acknowledgements
 * -------------------------------------------------------------- */

struct ack_ask {
	struct ouv_id sender; /* token */
	const char *addr;
	bool allowed; /* filled */
};
/* Counts these against the limits of sender, domain and office. */
OUV_MUST_CHECK enum ouv_err ack_allow(struct ouv_desk *desk,
	struct store_tx *tx, struct ouv_arena *arena, int64_t now,
	struct ack_ask *asks, size_t count);
struct ack_facts {
	const struct ouv_mail *mail; /* that is answered */
	struct ouv_id item;
	const struct store_absence *away; /* the office's; NULL: none */
	const char *former;               /* the case it follows; NULL: none */
	bool former_erased;               /* ... and nothing is left of it */
	int64_t received_at, now;
	bool oversize;
};
/* Queues it and writes the log; the case's items grow by one.  queued_out
 * false: the words must not go out (the log says why); a person is asked to
 * write instead. */
OUV_MUST_CHECK enum ouv_err ack_queue(struct ouv_desk *desk,
	struct store_tx *tx, struct ouv_arena *arena, struct casefile *file,
	const struct consumer *to, const struct ack_facts *facts,
	bool *queued_out);
/* Is the whole office away?  Then the acknowledgement says so, and the sender
 * counts as told. */
OUV_MUST_CHECK enum ouv_err ack_away(struct ouv_desk *desk, struct store_tx *tx,
	int64_t now, const struct ouv_id *sender, struct ack_facts *facts);
/* It answers that mail. */
void ack_thread(const struct ouv_mail *mail, struct letter_out *letter);
/* What every automatic letter is: queued, or a task for a person.  answers:
 * the item of the mail that is answered; action: for the log. */
OUV_MUST_CHECK enum ouv_err ack_send(struct ouv_desk *desk, struct store_tx *tx,
	struct ouv_arena *arena, struct casefile *file,
	const struct consumer *to, const struct letter_out *letter,
	const struct ouv_id *answers, const char *action, bool *queued_out);

/* ---- post.c: letters on paper
 * --------------------------------------------------------------------------
 */

/* The row of a letter that letter_queue has just written: to be printed. */
OUV_MUST_CHECK enum ouv_err post_queue(struct ouv_desk *desk,
	struct store_tx *tx, struct casefile *file, const struct consumer *to,
	const struct store_outbox *out, const struct letter_out *letter);
/* A letter that came back by mail goes on paper, and so does all that follows,
 * if we know where to: then no other way needs to be found.  file: its case,
 * or NULL. */
OUV_MUST_CHECK enum ouv_err post_instead(struct ouv_desk *desk,
	struct store_tx *tx, struct ouv_arena *arena, struct casefile *file,
	const struct store_letter *letter, const struct ouv_id *outbox,
	int64_t now, bool *instead_out);
/* When a letter made now counts as arrived: noon of that day. */
OUV_MUST_CHECK enum ouv_err post_presumed(struct ouv_desk *desk,
	struct store_tx *tx, const char *profile, const char *calendar,
	int64_t from, int64_t *at_out);
/* "Rua 1 / 01000-000 São Paulo": on one line. */
const char *post_line(struct ouv_arena *arena, const char *postal);

/* ---- bounce.c
 * -----------------------------------------------------------------------------
 */

/* Once for each letter and kind (other-channel, send-again); due in a service
 * day.  file NULL: the case is not being written. */
OUV_MUST_CHECK enum ouv_err task_open(struct ouv_desk *desk,
	struct store_tx *tx, struct ouv_arena *arena, struct casefile *file,
	const struct store_letter *letter, const char *kind, int64_t now);

/* ---- open.c (reading sealed rows)
 * --------------------------------------------------------- */

/* The case as this person may open it. */
struct opened {
	struct store_case c;
	uint8_t csk[OUV_KEY];
};
OUV_MUST_CHECK enum ouv_err open_case(struct ouv_desk *desk,
	struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_actor *actor, const char *number,
	struct opened *opened_out);
/* address.c: of a case that was closed when it was opened, the gateway can read
 * the addresses again, if it is to write to one.  The case is locked; back:
 * there were some, and its log is to say so. */
OUV_MUST_CHECK enum ouv_err address_back(struct ouv_desk *desk,
	struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_actor *actor, const struct opened *opened,
	bool *back_out);
/* The same case once its row is locked: anew if it has another key by now. */
OUV_MUST_CHECK enum ouv_err open_again(struct ouv_desk *desk,
	struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_actor *actor, int version, struct opened *opened);
/* For reading in a transaction that goes on to write: opened and locked; if a
 * new key is due it is made first. */
OUV_MUST_CHECK enum ouv_err open_locked(struct ouv_desk *desk,
	struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_actor *actor, const char *number,
	struct opened *opened_out);
/* The same of one that is open; its key is wiped on failure. */
OUV_MUST_CHECK enum ouv_err open_lock(struct ouv_desk *desk,
	struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_actor *actor, struct opened *opened);
/* presence.c: the actor's session is at that case; NULL: at none. */
OUV_MUST_CHECK enum ouv_err presence_at(struct store_tx *tx,
	const struct ouv_actor *actor, const struct ouv_id *case_id);
/* Opens a case, has the visit noted and commits, before anything is shown: by
 * itself and short, for noting may lock the case. */
typedef enum ouv_err note_fn(struct ouv_desk *desk, struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	struct opened *opened);
OUV_MUST_CHECK enum ouv_err open_noted(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	const char *number, note_fn *note);
/* The same with what every reading of a case notes (read.c). */
OUV_MUST_CHECK enum ouv_err open_reading(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	const char *number);
OUV_MUST_CHECK enum ouv_err open_item_key(struct ouv_desk *desk,
	const struct opened *opened, const struct store_item *item,
	uint8_t dek_out[OUV_KEY]);
/* The message byte for byte; transit: as the gateway, before it is done. */
OUV_MUST_CHECK enum ouv_err open_raw(struct ouv_desk *desk, struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_id *item,
	const uint8_t dek[OUV_KEY], bool transit, struct ouv_str *raw_out);
/* The document as it was packed, for who has the item's key otherwise. */
OUV_MUST_CHECK enum ouv_err open_body_by_key(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct store_item *item,
	const uint8_t dek[OUV_KEY], struct ouv_str *doc_out);
/* The document as it was packed; dek_out is the item's key. */
OUV_MUST_CHECK enum ouv_err open_body(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct opened *opened,
	const struct store_item *item, uint8_t dek_out[OUV_KEY],
	struct ouv_str *doc_out);
OUV_MUST_CHECK enum ouv_err open_doc(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct opened *opened,
	const struct store_item *item, struct ouv_mail *mail_out);
/* With its own key; of the context which case and row. */
OUV_MUST_CHECK enum ouv_err read_capsule(struct ouv_arena *arena,
	const struct ouv_context *key_context, const uint8_t key[OUV_KEY],
	const struct store_capsule *capsule, struct consumer *consumer_out);
OUV_MUST_CHECK enum ouv_err open_capsule(struct ouv_arena *arena,
	const struct ouv_context *key_context, const uint8_t secret[OUV_KEY],
	const uint8_t *box, const struct store_capsule *capsule,
	struct consumer *consumer_out);

/* ---- list.c
 * -----------------------------------------------------------------------------
 */

/* What lists show, opened from the summary with this person's key. */
void list_summary(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const struct store_case_line *row,
	struct ouv_case_line *line);
void list_line(const struct store_case_line *row, struct ouv_case_line *line);
/* "microseconds-id": where a page ended; NULL or "" : 0 and zeros, the first
 * page.  OUV_INVALID: not of ours. */
OUV_MUST_CHECK enum ouv_err list_cursor(
	const char *text, int64_t *us_out, struct ouv_id *id_out);
struct ouv_guess list_guess(const struct store_guess *guess);

/* ---- login.c ------------------------------------------------------------ */

/* A stored wrapping in the vault's shape. */
void wrap_of(const struct store_person_key *key, struct ouv_wrap *wrap_out);

/* ---- verbs.c
 * -----------------------------------------------------------------------------------
 */

struct verb_call {
	struct ouv_desk *desk;
	struct store_tx *tx;
	struct ouv_arena *arena;
	const struct ouv_actor *actor;
	struct opened *opened;
	struct casefile *file;
	struct colleague *colleagues;
	size_t colleague_count;
	const struct ouv_field *fields;
	size_t field_count;
	int64_t now;
	struct ouv_id object; /* for the log; the case unless set */
	bool emptied;         /* the last message left a held case */
	struct moving *move;  /* move.h; NULL for verbs without fields */
	const char *reason;   /* for the log's details, of verbs without fields;
				 NULL: none */
	int64_t agreed_at;    /* until then the office has more time; 0: no */
	bool annulled;        /* what waited is void; that stays, the rest is a
				 conflict */
	struct ouv_verb_result *result;
};
struct verb {
	const char *name;
	enum ouv_action action;
	enum ouv_err (*run)(struct verb_call *call);
	bool takes; /* whoever does it to a case nobody has takes it */
	/* With them it runs in the frame of move.h; ended by a NULL name. */
	const struct ouv_field_decl *fields;
};
extern const struct verb verb_open, verb_reply, verb_attribute, verb_register,
	verb_retry, verb_discard, verb_restore, verb_task_done, verb_holding,
	verb_substitute, verb_assign, verb_conflict, verb_draw, verb_recuse,
	verb_team, verb_classify, verb_ask, verb_complement, verb_lapse,
	verb_refuse, verb_forward, verb_feed_back, verb_serve, verb_extend,
	verb_note, verb_second, verb_answer, verb_decline, verb_accept,
	verb_reject, verb_propose, verb_choose, verb_no_agreement, verb_attest,
	verb_confirm, verb_withdraw, verb_rate, verb_draft_opinion, verb_decide,
	verb_ask_review, verb_decide_review, verb_reopen, verb_erase, verb_hear,
	verb_comment, verb_ask_extension, verb_evidence, verb_link, verb_merge,
	verb_unlink, verb_split, verb_legal_hold, verb_disclose, verb_withhold,
	verb_redact, verb_grant, verb_revoke, verb_export, verb_append,
	verb_message, verb_answer_request, verb_case_file, verb_whole_file,
	verb_take_file, verb_print, verb_post, verb_delivered, verb_returned,
	verb_reach;
const struct verb *verb_find(const char *name);
/* Uses up a form's key in this transaction.  OUV_CONFLICT: that form was
 * carried out already.  OUV_INVALID: it is no key. */
OUV_MUST_CHECK enum ouv_err form_once(struct store_tx *tx,
	const struct ouv_actor *actor, const char *form_key, const char *verb);
/* change.c: what changes no case: the form's key, run, commit.  What run writes
 * on our own log is its own. */
typedef enum ouv_err change_fn(struct verb_call *call, void *user);
OUV_MUST_CHECK enum ouv_err change_once(struct verb_call *call,
	const char *form_key, const char *verb, change_fn *run, void *user);
struct verb_call change_call(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const struct ouv_field *fields,
	size_t field_count, struct ouv_verb_result *result);
/* Value of a field; "" when it was not sent. */
const char *verb_field(const struct verb_call *call, const char *name);
void verb_error(struct verb_call *call, const char *field, const char *code);

/* ---- rekey.c: a new key for a case
 * --------------------------------------------------- */

/*
 * The next key of the case of this call, by its actor, for everybody who holds
 * the present one; opened and file go on with it.  What was read of items
 * before is of no use then.  Nothing is done when the actor holds no grant any
 * more.
 */
OUV_MUST_CHECK enum ouv_err rekey_run(struct verb_call *call);
/* The same, and that person gets none (before the row that drops theirs). */
OUV_MUST_CHECK enum ouv_err rekey_without(
	struct verb_call *call, const struct ouv_id *person);
/* If somebody lost the present one. */
OUV_MUST_CHECK enum ouv_err rekey_if_due(struct verb_call *call);
/* For whoever just opened it; locks the case. */
OUV_MUST_CHECK enum ouv_err rekey_opening(struct ouv_desk *desk,
	struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_actor *actor, struct opened *opened);
/* The secret of an older key, for what it sealed in the log.  OUV_REFUSED,
 * OUV_NOT_FOUND: there is no way back to it. */
OUV_MUST_CHECK enum ouv_err rekey_old_secret(struct ouv_desk *desk,
	struct store_tx *tx, const struct opened *opened, int version,
	uint8_t csk_out[OUV_KEY]);

/* ---- hand.c: who may look after a case
 * ----------------------------------------------- */

/* OUV_REFUSED: that person said that they cannot be impartial in it. */
OUV_MUST_CHECK enum ouv_err hand_impartial(struct store_tx *tx,
	const struct ouv_id *case_id, const struct ouv_id *person);
/*
 * Everybody who could look after c, with the code of what stands against it:
 * NULL, away, no-key, conflict, or unknown for a role that may not answer in
 * this state.
 */
struct hand {
	struct store_candidate who;
	const char *against;
};
OUV_MUST_CHECK enum ouv_err hand_list(struct store_tx *tx,
	struct ouv_arena *arena, const struct store_case *c,
	struct hand **list_out, size_t *count_out);
/* OUV_CONFLICT: it is no longer the one's whom the fields "owner" and "since"
 * (whose it was, at which revision) name; the result says what happened. */
OUV_MUST_CHECK enum ouv_err hand_seen(struct verb_call *call);
/* owner, candidates, in_conflict, may_assign, may_conflict of the view. */
OUV_MUST_CHECK enum ouv_err hand_view(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	const struct store_case *c, struct ouv_case_view *view);

/* ---- profile.c: what stands under a colleague's letters
 * -------------------------------- */

/* author_name, author_title, author_phone, is_ombudsman, is_reader,
 * is_mediator, is_intake into the data of a letter. */
OUV_MUST_CHECK enum ouv_err profile_sign(struct store_tx *tx,
	struct ouv_arena *arena, const struct ouv_actor *actor, json_t *data,
	bool *blue_out);
/* Name, title, telephone as they stand under the letters of moves. */
OUV_MUST_CHECK enum ouv_err profile_lines(struct ouv_desk *desk,
	struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_actor *actor, enum ouv_lang lang,
	const char **text_out, bool *blue_out);

/* ---- held.c: what the verbs about held mail share
 * ----------------------------------------- */

/*
 * The messages of the held case, oldest first; only the one named by the
 * field `item` when there is such a field.  remaining_out: how many others.
 *
 * OUV_INVALID: the field names none of them (said as a field's error).
 */
OUV_MUST_CHECK enum ouv_err held_messages(struct verb_call *call,
	struct store_item **items_out, size_t *count_out,
	size_t *remaining_out);
/* An internal note of the actor's, as an item of the case. */
OUV_MUST_CHECK enum ouv_err held_note(
	struct verb_call *call, const char *text, struct ouv_id *item_out);
/* The same with a title and a reason: "extract". */
OUV_MUST_CHECK enum ouv_err held_titled(struct verb_call *call,
	const char *title, const char *text, const char *why,
	struct ouv_id *item_out);
/* The same; why says what it is where it is no note for people: "fields". */
OUV_MUST_CHECK enum ouv_err held_words(struct verb_call *call, const char *text,
	const char *why, struct ouv_id *item_out);
/* One event for each message; the last one is the frame's. */
OUV_MUST_CHECK enum ouv_err held_log(struct verb_call *call, const char *action,
	const struct store_item *items, size_t count);
/* The field as one of these words, an error of it otherwise; NULL then. */
const char *held_word(struct verb_call *call, const char *field,
	const char *const *words, size_t count);
/* The field's text, at most `most` bytes on one line (or many). */
const char *held_text(
	struct verb_call *call, const char *field, size_t most, bool one_line);

#endif
