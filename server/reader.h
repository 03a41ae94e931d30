/*
 * reader.h - the words of attachments, read behind a fence
 */
#ifndef SERVER_READER_H
#define SERVER_READER_H

#include "ouv/desk.h"
#include "ouv/upload.h"

/* Forks the fence's keeper: call it before keys are read and threads begin.
 * OUV_TEMPORARY: it could not be made (logged). */
OUV_MUST_CHECK enum ouv_err reader_begin(void);
/* As ouv_reader_fn (ouv/search.h). */
enum ouv_err reader_text(void *user, struct ouv_arena *arena,
	struct ouv_str bytes, struct ouv_str *text_out);
/* As ouv_upload_look_fn (ouv/upload.h). */
ouv_upload_look_fn reader_look;
void reader_end(void);

#endif
