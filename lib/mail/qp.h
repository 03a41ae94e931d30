/*
 * qp.h - encoders of outgoing mail: header values and bodies to 7-bit lines
 */
#ifndef OUV_MAIL_QP_H
#define OUV_MAIL_QP_H

#include <stdbool.h>

#include "ouv/buf.h"

/* Quoted-printable (RFC 2045 6.7) of UTF-8 text; LF and CRLF end a line. */
void mail_qp(struct ouv_buf *buf, const char *text, size_t len);
/* Base64 (RFC 2045 6.8) in lines of 76, each ended. */
void mail_base64(struct ouv_buf *buf, const void *data, size_t len);
/*
 * Encoded words (RFC 2047), each holding whole characters, folded; column is
 * where in the line the first one begins.  Returns the column after the last.
 */
size_t mail_words(struct ouv_buf *buf, const char *text, size_t column);
/* Bytes of the UTF-8 character at p; 1 for a byte that begins none. */
size_t mail_char_len(const char *p);

#endif
