/*
 * letter_in.h - what reaches the office by letter, telephone, fax, chat or in
 * person, and messages that were taken for a colleague
 *
 * Functions of the desk (desk.h) with its conventions; docs/letters.md.
 */
#ifndef OUV_LETTER_IN_H
#define OUV_LETTER_IN_H

#include "ouv/desk.h"

/* How it came; NULL ends them. */
extern const char *const ouv_letter_channels[];

/* Whoever may register what came. */
bool ouv_letter_may(const struct ouv_actor *actor);
/*
 * A new case.  Fields: channel, arrived (YYYY-MM-DD), arrived_time (HH:MM, or
 * empty), name, addr, postal or phone, lang, subject, text, note (for the
 * office alone), upload and files (ouv/upload.h).  Its clocks begin with its
 * arrival.  What is for a case that exists is the verb "append" (ouv_desk_do):
 * channel, arrived, arrived_time, as (consumer, company, third), name, addr,
 * subject, text, note, upload, files.
 */
OUV_MUST_CHECK enum ouv_err ouv_desk_letter(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	const char *form_key, const struct ouv_field *fields,
	size_t field_count, struct ouv_verb_result *result_out);

/* Whoever may take a message for a colleague. */
bool ouv_call_may(const struct ouv_actor *actor);
/*
 * A message was taken: a case of its own with the task to call back, for whom
 * it is, or for whoever stands in while they are away; due within the profile's
 * time for messages.  Fields: whom (a login), name, phone, text.  In a case
 * that exists it is the verb "message" with the same fields.
 */
OUV_MUST_CHECK enum ouv_err ouv_desk_call(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	const char *form_key, const struct ouv_field *fields,
	size_t field_count, struct ouv_verb_result *result_out);

#endif
