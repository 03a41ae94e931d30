/*
 * prescan.h - which mails are too strange to be parsed at all
 *
 * Counts what a parser would have to build, without building anything: one
 * pass, no memory, no recursion.  What is over a limit is kept byte for byte
 * and shown to a person; no letter from a person comes near one.  The reader
 * has limits of its own for whatever is said in a way this file cannot see.
 */
#ifndef MAILGW_PRESCAN_H
#define MAILGW_PRESCAN_H

#include <stddef.h>

#define PRESCAN_HEADER 262144      /* bytes of fields in one header block */
#define PRESCAN_FIELD 65536        /* bytes of one field, with its folds */
#define PRESCAN_PARENTHESES 32     /* inside each other, where comments are */
#define PRESCAN_ADDRESSES 500      /* of all senders and recipients */
#define PRESCAN_ENCODED_WORDS 2000 /* of all fields */
#define PRESCAN_DEPTH 50           /* multiparts inside each other */
#define PRESCAN_PARTS 500
#define PRESCAN_BOUNDARY 200 /* bytes */

/*
 * NULL: it may be parsed.  Else why not, a constant string: "header_too_large",
 * "field_too_large", "parentheses_too_deep", "too_many_addresses",
 * "too_many_encoded_words", "parts_too_deep", "too_many_parts",
 * "boundary_too_long".
 */
const char *prescan(const void *raw, size_t len);

#endif
