/*
 * charset.h - names of charsets, for the files that convert them
 */
#ifndef OUV_MAIL_CHARSET_H
#define OUV_MAIL_CHARSET_H

#include <unicode/ucnv.h>

#include "internal.h"

#define MAIL_CHARSET_LEN 48

/*
 * What a name means to us: "" for whatever it is, else a name for ICU, which
 * may know nothing of it.  The result may be in space, which then holds the
 * name in lower case and without what no name has.
 */
const char *mail_charset_name(
	const char *charset, char space[MAIL_CHARSET_LEN]);
/* NULL: nobody knows it.  The caller closes it with ucnv_close. */
UConverter *mail_charset_open(const char *name);

#endif
