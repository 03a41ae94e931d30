/*
 * match.h - finding words in a text as people look for them
 */
#ifndef SERVER_MATCH_H
#define SERVER_MATCH_H

#include <stdbool.h>

#include "ouv/arena.h"

/*
 * Pure.  text in one spelling: lower case, without accents.
 */
const char *match_fold(struct ouv_arena *arena, const char *text);
/* Does every word of words (folded) stand in text (folded)? */
bool match_words(const char *text, const char *words);

#endif
