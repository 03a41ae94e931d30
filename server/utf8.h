/*
 * utf8.h - one character of UTF-8 at a time, strictly (RFC 3629)
 */
#ifndef SERVER_UTF8_H
#define SERVER_UTF8_H

#include <stddef.h>
#include <stdint.h>

/*
 * Length of the character at text, 1 to 4, and its code point; 0 when the
 * bytes are no character: overlong, a surrogate, above U+10FFFF, cut off.
 */
size_t utf8_step(const char *text, size_t len, uint32_t *code_out);

#endif
