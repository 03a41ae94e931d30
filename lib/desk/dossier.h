/*
 * dossier.h - what the files about a case file for somebody else share
 *
 * The copy of copy.h, made of another list: what its recipient may have, byte
 * for byte or with words masked, with a manifest, the log and a printed whole.
 */
#ifndef OUV_DESK_DOSSIER_H
#define OUV_DESK_DOSSIER_H

#include "copy.h"

/* ---- what was asked for ----------------------------------------------------
 */

enum dossier_for {
	DOSSIER_CONSUMER, /* the two parties: what is theirs, and released */
	DOSSIER_COMPANY,
	DOSSIER_AUTHORITY,
	DOSSIER_COURT,
	DOSSIER_INTERNAL, /* the office's own archive */
	DOSSIER__FOR
};
extern const char *const dossier_for_names[DOSSIER__FOR + 1];

struct dossier_ask {
	enum dossier_for who;
	const char *whom, *purpose; /* in somebody's words; whom may be "" */
	unsigned lanes;             /* bits of enum ouv_lane */
	bool notes, log, masked, pdf;
	const char *from, *until; /* days as they were typed; "" : no limit */
	int64_t from_at, until_at;
	enum ouv_lang lang;
	bool has_lang;
};
bool dossier_is_party(const struct dossier_ask *ask);

/* ---- what is masked: dossier_mask.c ----------------------------------------
 */

struct masked {
	int names, addresses, numbers, links;
};
struct mask;
/* Names that are also the company's or the office's are nobody's own. */
struct mask *mask_new(const struct ouv_desk *desk, struct ouv_arena *arena,
	const char *company_name);
/* Either may be NULL or "". */
void mask_person(struct mask *mask, const char *name, const char *addr);
/* A line as a whole: of a postal address. */
void mask_line(struct mask *mask, const char *line);
/* The text with what is somebody's own replaced by the mark of extracts, in
 * that arena; what was masked is added to count. */
const char *mask_words(const struct mask *mask, const struct ouv_desk *desk,
	struct ouv_arena *arena, const char *text, struct masked *count);

/* ---- what belongs to it: dossier.c -----------------------------------------
 */

struct dossier_part {
	const char *name, *type; /* as they may be told */
	int64_t size;
	const char *sha256; /* at receipt; "" where it is not told */
	const char *path;   /* in the archive; NULL: left out */
	const char *why;    /* ... code of the reason */
	int n;
};
enum dossier_how {
	DOSSIER_RAW,      /* byte for byte */
	DOSSIER_MASKED,   /* its words, masked */
	DOSSIER_RELEASED, /* what was released of it to this party */
	DOSSIER_NOTE,     /* words of the office's own */
	DOSSIER_LOST,     /* it does not open */
};
struct dossier_entry {
	struct ouv_id item;
	uint8_t dek[OUV_KEY];
	enum dossier_how how;
	enum ouv_item_kind kind;
	enum ouv_lane lane;
	int n, seq; /* of the file; of the case */
	int64_t at, sent_at;
	enum ouv_delivery delivery;
	const char *from, *to; /* consumer, company, office, other */
	const char *from_name, *from_addr, *to_name, *to_addr, *author;
	const char *subject, *message_id, *sha256, *why;
	const char *spf, *dkim, *dmarc; /* "" : our server did not say */
	int64_t size;
	bool words; /* of a release: the words too, not attachments alone */
	const char *path; /* of its own file; NULL: none */
	struct dossier_part *parts;
	size_t part_count;
	struct masked masked; /* in what is told of it here */
};
struct dossier {
	struct dossier_ask ask;
	const char *by; /* who made it; "" : not told */
	enum ouv_role role;
	enum ouv_state state;
	int64_t opened_at, closed_at;
	const char *consumer_name, *consumer_addr, *company; /* "" : not told */
	struct dossier_entry *entries;
	size_t count, room;
	const struct mask *mask; /* NULL: nothing is */
	int64_t log_until;
	uint8_t csk[OUV_KEY]; /* for the log's details; wiped at its end */
	int version;
	struct ouv_mediation m; /* what is agreed, decided, counted */
	struct ouv_dossier_look look;
	const struct dossier_press *press; /* NULL: it is not printed */
};

/* The fields of a form; what is wrong is told.  whole: of whole-file. */
OUV_MUST_CHECK enum ouv_err dossier_ask_read(
	struct verb_call *call, bool whole, struct dossier_ask *ask_out);
/* "authority: reason (consumer, company, notes)", for the log. */
const char *dossier_reason(
	struct ouv_arena *arena, const struct dossier_ask *ask);
/* All that is in it, without its keys where dry; look is filled. */
OUV_MUST_CHECK enum ouv_err dossier_plan(struct verb_call *call,
	const struct dossier_ask *ask, struct dossier *dossier_out);
/* The copy that goes out. */
OUV_MUST_CHECK enum ouv_err dossier_make(struct verb_call *call,
	const struct dossier_ask *ask, struct ouv_copy **copy_out);

/* ---- its pictures: dossier_picture.c ---------------------------------------
 */

#define DOSSIER_PICTURES 20 /* pages of one attachment at most */
struct dossier_pictures {
	int pages; /* it has; 0: it is no picture */
	size_t count;
	int page[DOSSIER_PICTURES]; /* from 1; what could not be drawn lacks */
	struct ouv_str jpeg[DOSSIER_PICTURES];
};
/* In that arena.  OUV_INVALID: the message has no such attachment. */
OUV_MUST_CHECK enum ouv_err dossier_draw(struct ouv_desk *desk,
	struct store_tx *tx, struct ouv_copy *copy, struct ouv_arena *arena,
	const struct dossier_entry *entry, int part,
	struct dossier_pictures *pictures);

/* ---- its words: dossier_text.c ---------------------------------------------
 */

/* One message as text, with a head of its own. */
OUV_MUST_CHECK enum ouv_err dossier_words(struct ouv_desk *desk,
	struct ouv_copy *copy, struct copy_file *f, struct ouv_arena *arena,
	const struct ouv_mail *mail, const char **text_out);
/* Its own words, as this recipient may read them. */
const char *dossier_mail_words(struct ouv_desk *desk, struct ouv_copy *copy,
	struct dossier_entry *e, struct ouv_arena *arena,
	const struct ouv_mail *mail);
/* README.txt, MANIFEST.txt, manifest.json, SHA256SUMS. */
copy_more_fn dossier_readme, dossier_list, dossier_manifest, dossier_sums;
/* Values that every text about it has; the caller disposes of it. */
json_t *dossier_values(
	const struct ouv_desk *desk, const struct ouv_copy *copy);
/* ... and those of one message. */
void dossier_head(const struct ouv_copy *copy, const struct dossier_entry *e,
	json_t *data);
/* Why something is not in it: codes, and a list for texts and programs. */
extern const char *const dossier_left_names[];
json_t *dossier_left(const struct ouv_copy *copy);
/* NAME and has_NAME, on one line whatever it was; NULL is "". */
void dossier_line(json_t *data, const char *name, const char *text);
/* PREFIX_WORD: true for the word that it is. */
void dossier_word(json_t *data, const char *prefix, const char *const *words,
	const char *value);
OUV_MUST_CHECK enum ouv_err dossier_render(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_copy *copy, const char *name,
	const json_t *data, struct ouv_str *out);
/* In the recipient's language; "" for 0. */
const char *dossier_moment(
	struct ouv_arena *arena, const struct ouv_copy *copy, int64_t at);

/* ---- its log: dossier_log.c, dossier_out.c ---------------------------------
 */

copy_more_fn dossier_log;
/* What was handed out, and the sum of its manifest. */
OUV_MUST_CHECK enum ouv_err dossier_log_out(
	struct ouv_desk *desk, struct ouv_copy *copy);

/* ---- as one document: dossier_paper.c --------------------------------------
 */

/* Messages in one document: beyond that it comes in volumes, so that neither
 * its making nor its reading takes more than a machine has. */
#define DOSSIER_VOLUME 250
/* How, by a program that prints. */
struct dossier_press {
	copy_more_fn *more;
};

#endif
