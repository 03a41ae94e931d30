/*
 * move.h - what the pages of mediation share: the case's way, the form of a
 * move, and the words of codes
 */
#ifndef SERVER_MOVE_H
#define SERVER_MOVE_H

#include "view.h"

/* ---- view_code.c: codes as words ------------------------------------------
 */

/* KEY and has_KEY: the word of prefix + code; code NULL or "": none. */
void move_code(const struct request *request, json_t *data, const char *key,
	const char *prefix, const char *code);
/* KEY and has_KEY: that text; NULL or "": none. */
void move_line(json_t *data, const char *key, const char *text);
/* The same of many lines. */
void move_body(json_t *data, const char *key, const char *text);
/*
 * The first of these keys that has a word: PREFIX + verb + "_" + name, PREFIX +
 * name; NULL: neither.  Letters and digits of names stay, all else is "_".
 */
const char *move_key(const struct request *request, const char *prefix,
	const char *verb, const char *name);
/* The word itself; NULL: none. */
const char *move_word(const struct request *request, const char *prefix,
	const char *verb, const char *name);
/* The name of a field without the number of its row: "article" of "article-2".
 */
const char *move_field(struct ouv_arena *arena, const char *name);
/* The key of a field's label in the form of an act; NULL: in the composer. */
const char *move_label(const struct request *request, const char *field);
/* Each guard that fails, with what to do about it. */
json_t *move_guards(const struct request *request, uint64_t failed);

/* has_guards, guards: those of an act that was refused for them. */
void view_guards(const struct request *request, json_t *data, uint64_t failed);
/* is_conflict, changes, changed_say: what others did meanwhile, and the word
 * that says how to go on. */
void view_changes(const struct request *request, json_t *data,
	const struct trouble *trouble, const char *say);

/* view_clocks.c: one clock, with the reason of its date as {{> clockwhy}} shows
 * it. */
json_t *view_clock(const struct request *request,
	const struct ouv_clock_view *clock, int number);

/* view_sides.c: has_sides and what {{> sides}} shows, where an act weighs what
 * both sides brought. */
void view_sides(const struct request *request, json_t *data,
	const struct ouv_case_view *view, const struct ouv_mediation *m,
	enum ouv_action action);

/* view_said.c: has_said_messages and what {{> said}} shows, the messages that
 * an act judges. */
void view_said(const struct request *request, json_t *data,
	const struct ouv_case_view *view, const struct ouv_next *next);
/* The message that an act takes unless another is chosen; NULL: none. */
const struct ouv_item_view *view_said_unread(const struct request *request,
	const struct ouv_case_view *view, const struct ouv_next *next);

/* view_dossier.c: has_file_look and what {{> filelook}} shows, what would be in
 * a case file; look NULL: it is none, or nobody looked. */
struct ouv_dossier_look;
void view_dossier(const struct request *request, json_t *data,
	const struct ouv_dossier_look *look);

/* view_effect.c: has_effects, effects, is_still: what an act does to the terms
 * of its case, as {{> effects}} shows it. */
void view_effects(const struct request *request, json_t *data,
	const struct ouv_effects *effects);

/* ---- view_form.c: the form of a move --------------------------------------
 */

/*
 * The form of what may be done next, made of the fields its verb declares.
 * view is the case's, for its messages.  OUV_ARENA memory of the request.
 */
json_t *view_form(struct sheet *sheet, const struct ouv_case_view *view,
	const struct ouv_next *next);

/* ---- view_next.c: what can happen next -------------------------------------
 */

void view_next(const struct request *request, json_t *data,
	const struct ouv_case_view *view, const struct ouv_next *list,
	size_t count);
/* The page of that form. */
const char *view_next_path(const struct request *request,
	const struct ouv_case_view *view, const char *verb, enum ouv_role role);

/* ---- view_clocks.c: steps, who owes, every clock ----------------------------
 */

void view_clocks(const struct request *request, json_t *data,
	const struct ouv_case_view *view, const struct ouv_mediation *m);

/* ---- view_mediation.c, view_file.c, view_pending.c --------------------------
 */

/* What it is about, the agreement. */
void view_mediation(const struct request *request, json_t *data,
	const struct ouv_mediation *m);
/* Evidence, who was heard, opinions, other cases. */
void view_file(const struct request *request, json_t *data,
	const struct ouv_case_view *view, const struct ouv_mediation *m);
/* What was released to whom; path is the case's. */
struct ouv_disclosure;
void view_releases(const struct request *request, json_t *data,
	const char *path, const struct ouv_disclosure *list, size_t count);
/* view_readers.c: who can read it; and the acts that change that, which stand
 * there and not among the others. */
struct ouv_reader;
void view_readers(const struct request *request, json_t *data,
	const struct ouv_reader *readers, size_t count);
void view_key_moves(const struct request *request, json_t *data,
	const struct ouv_case_view *view, const struct ouv_next *next,
	size_t count);
bool view_is_key_move(const char *verb);
/* What waits for a second person, with the forms to decide. */
void view_pending(struct sheet *sheet, json_t *data,
	const struct ouv_case_view *view, const struct ouv_mediation *m);
/* Does the act that this form decides still wait? */
bool view_pending_waits(
	const struct sheet *sheet, const struct ouv_mediation *m);
/* The form of that act, filled again with what was prepared. */
const char *view_prepared_path(const struct request *request,
	const char *case_path, const char *verb, const struct ouv_id *act);

#endif
