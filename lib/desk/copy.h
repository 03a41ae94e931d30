/*
 * copy.h - what the files about copies of a case share: the one for the person
 * it is about, and case files for others (dossier.h)
 */
#ifndef OUV_DESK_COPY_H
#define OUV_DESK_COPY_H

#include "move.h"
#include "ouv/text.h"
#include "ouv/copy.h"
#include "raw_read.h"

struct copy_file;

enum copy_kind {
	COPY_TEXT,     /* made already */
	COPY_WORDS,    /* of a message of theirs, or to them */
	COPY_RELEASED, /* of a message that was released to them */
	COPY_RAW,      /* a message byte for byte */
	COPY_PART,     /* one attachment of it, decoded */
	COPY_MASKED,   /* the words of a message in a case file */
	COPY_MORE,     /* made at its turn, in as many turns as it wants */
	COPY_PROBLEMS, /* what could not be read; left out when all could */
	COPY_MANIFEST,
};

/*
 * Of COPY_MORE: the next bytes into out->out, which may stay empty; out->end
 * with the last.  Its own memory: copy_room, which lasts as long as the file.
 */
typedef enum ouv_err copy_more_fn(struct ouv_desk *desk, struct store_tx *tx,
	struct ouv_copy *copy, struct copy_file *f, struct raw_reading *out);

/* One file of the copy. */
struct copy_file {
	enum copy_kind kind;
	const char *name;
	int64_t at;
	struct ouv_id item;
	uint8_t dek[OUV_KEY];
	int part;
	struct ouv_str text; /* of TEXT */
	copy_more_fn *more;  /* of MORE */
	void *state;         /* ... its own, from one turn to the next */
	size_t from, until;  /* ... of which messages; volumes of a document */
	/* of a case file: the message, and its attachment; NULL: neither */
	struct dossier_entry *entry;
	const struct dossier_part *part_of;
	/* once it has been read */
	bool done, broken;
	int64_t size;
	char sha256[65];
};

struct ouv_copy {
	struct ouv_arena *arena; /* of the request: lives as long as it */
	struct ouv_id case_id, person;
	int64_t begun_us, checked_ms; /* of the session; of still_may */
	const char *protocol, *name;
	enum ouv_lang lang;
	int64_t made_at;
	struct copy_file *files;
	size_t count, room;
	int lost; /* messages whose keys do not open */
	struct copy_reading *reading;
	struct dossier *dossier; /* NULL: it is the person's own copy */
	bool single;             /* one file, and no archive around it */
	bool ended;
};

/* ---- copy.c: what belongs to it --------------------------------------------
 */

/* As of now, by the actor of the call in their session; nothing in it yet. */
OUV_MUST_CHECK enum ouv_err copy_begin(
	struct verb_call *call, struct ouv_copy *copy);
/* The next file; the key is copied, and wiped when the file was read. */
struct copy_file *copy_add(
	struct ouv_copy *copy, enum copy_kind kind, const char *name);
void copy_add_sealed(struct ouv_copy *copy, enum copy_kind kind,
	const char *name, const struct store_item *item,
	const uint8_t dek[OUV_KEY], int part);
/* A file's name as plain ASCII without a path, at most 60 bytes. */
const char *copy_plain_name(struct ouv_arena *arena, const char *name);
OUV_MUST_CHECK enum ouv_err copy_make(
	struct verb_call *call, struct ouv_copy **copy_out);

/* ---- copy_text.c: its words ------------------------------------------------
 */

/* index.html and index.txt, in the person's language. */
OUV_MUST_CHECK enum ouv_err copy_index(struct ouv_desk *desk,
	struct ouv_copy *copy, const json_t *data, struct ouv_str *html_out,
	struct ouv_str *text_out);
/* What could not be read, for whoever opens the copy. */
OUV_MUST_CHECK enum ouv_err copy_problems(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_copy *copy,
	struct ouv_str *text_out);
struct ouv_str copy_manifest(
	struct ouv_arena *arena, const struct ouv_copy *copy);
/* A date or a moment of a letter, in words; "" for none. */
void copy_when(json_t *data, const char *name, enum ouv_lang lang,
	enum ouv_text_type type, int64_t value);

/* ---- copy_read.c -----------------------------------------------------------
 */

/* Prepares reading: with the copy's arena everything goes. */
void copy_reading_begin(struct ouv_copy *copy);
/* Memory of the file that is read. */
struct ouv_arena *copy_room(struct ouv_copy *copy);
/* A message of the copy, opened with its key. */
OUV_MUST_CHECK enum ouv_err copy_mail(struct ouv_desk *desk,
	struct store_tx *tx, struct ouv_copy *copy, struct ouv_arena *arena,
	const struct ouv_id *item, const uint8_t dek[OUV_KEY],
	struct ouv_mail *mail_out);

#endif
