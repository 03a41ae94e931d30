/*
 * copy.h - what the files about a copy for the person it is about share
 */
#ifndef OUV_DESK_COPY_H
#define OUV_DESK_COPY_H

#include "move.h"
#include "ouv/text.h"
#include "ouv/copy.h"

enum copy_kind {
	COPY_TEXT,     /* made already */
	COPY_WORDS,    /* of a message of theirs, or to them */
	COPY_RELEASED, /* of a message that was released to them */
	COPY_RAW,      /* a message byte for byte */
	COPY_PART,     /* one attachment of it, decoded */
	COPY_PROBLEMS, /* what could not be read; left out when all could */
	COPY_MANIFEST,
};

/* One file of the copy. */
struct copy_file {
	enum copy_kind kind;
	const char *name;
	int64_t at;
	struct ouv_id item;
	uint8_t dek[OUV_KEY];
	int part;
	struct ouv_str text; /* of TEXT */
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
};

/* ---- copy.c: what belongs to it --------------------------------------------
 */

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

#endif
