/*
 * utf8.h - one character of UTF-8 at a time, strictly (RFC 3629), and which
 * characters a page must not show as they are
 */
#ifndef SERVER_UTF8_H
#define SERVER_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Length of the character at text, 1 to 4, and its code point; 0 when the
 * bytes are no character: overlong, a surrogate, above U+10FFFF, cut off.
 */
size_t utf8_step(const char *text, size_t len, uint32_t *code_out);

/* Is all of it such characters? */
bool utf8_is_text(const char *text, size_t len);

/* Nothing is seen of it: bidirectional controls, zero width, the byte order
 * mark. */
bool utf8_invisible(uint32_t code);
/* Turns the direction of a line: embeddings, overrides, isolates (UAX #9). */
bool utf8_turning(uint32_t code);
/* Controls and noncharacters, which HTML does not allow. */
bool utf8_forbidden(uint32_t code);

#endif
