/*
 * limits.h - how much of a hostile message is looked at
 *
 * Every number is a promise that reading ends: what lies beyond one is kept
 * as it is and said in the message's defects, never lost.
 */
#ifndef OUV_MAIL_LIMITS_H
#define OUV_MAIL_LIMITS_H

#include <stddef.h>

/* bytes of one header block that are split into fields */
#define MAIL_HEADER_MAX ((size_t)256 * 1024)
/* bytes of one field's value, unfolded */
#define MAIL_FIELD_MAX ((size_t)64 * 1024)
/* fields of one header block */
#define MAIL_FIELDS_MAX 10000
/* encoded words of one field: the rest stays as written */
#define MAIL_WORDS_MAX 2000
/* addresses of one field; Message-IDs of one field */
#define MAIL_ADDRS_MAX 200
#define MAIL_IDS_MAX 500
/* parameters of one Content-Type or Content-Disposition */
#define MAIL_PARAMS_MAX 100
/* bytes of one Content-Type or Content-Disposition that are looked at */
#define MAIL_PARAM_BYTES ((size_t)16 * 1024)
/* multiparts inside multiparts, leaves in all, bytes of a boundary */
#define MAIL_DEPTH_MAX 32
#define MAIL_PARTS_MAX 1000
#define MAIL_BOUNDARY_MAX 1000
/* bytes of text shown; a longer text part is kept as an attachment too */
#define MAIL_TEXT_MAX ((size_t)4 * 1024 * 1024)
/* HTML: element depth told apart, bytes rendered */
#define MAIL_HTML_DEPTH 200
#define MAIL_HTML_MAX ((size_t)2 * 1024 * 1024)
/* files opened inside one winmail.dat */
#define MAIL_TNEF_MAX 200
/* defects named; more of them are not worth a line */
#define MAIL_DEFECTS_MAX 40
#define MAIL_MARKS_MAX 20
/* bytes of a file name in UTF-8 */
#define MAIL_FILENAME_MAX 240

#endif
