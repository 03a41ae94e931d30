/*
 * reason.c - why mail is held, as one table
 */
#include <string.h>

#include "reason.h"

/* clang-format off */
static const struct reason reasons[] = {
	/* code                      family                   doubtful quiet  retry */
	{ "unparsed",                "unparsed",              false,   false, true },
	{ "child_killed",            "unparsed",              false,   false, true },
	{ "child_timeout",           "unparsed",              false,   false, true },
	{ "answer_too_large",        "unparsed",              false,   false, true },
	{ "raw_too_large",           "unparsed",              false,   false, true },
	{ "header_too_large",        "unparsed",              false,   false, true },
	{ "field_too_large",         "unparsed",              false,   false, true },
	{ "parentheses_too_deep",    "unparsed",              false,   false, true },
	{ "too_many_addresses",      "unparsed",              false,   false, true },
	{ "too_many_encoded_words",  "unparsed",              false,   false, true },
	{ "parts_too_deep",          "unparsed",              false,   false, true },
	{ "too_many_parts",          "unparsed",              false,   false, true },
	{ "boundary_too_long",       "unparsed",              false,   false, true },
	{ "parser_not_started",      "unparsed",              false,   false, true },
	{ "cannot-be-filed",         "cannot-be-filed",       false,   false, true },
	{ "oversize",                "oversize",              false,   false, false },
	{ "sealed-bytes-altered",    "altered",               true,    false, false },
	{ "does-not-open",           "altered",               true,    false, false },
	{ "no-sender",               "no-sender",             true,    false, false },
	{ "several-cases",           "several-cases",         false,   false, false },
	{ "authentication-failed",   "authentication-failed", true,    true,  false },
	{ "address-of-another",      "stranger",              true,    false, false },
	{ "thread-of-another",       "stranger",              true,    false, false },
	{ "other-party",             "other-party",           true,    false, false },
	{ "third-person",            "third-person",          true,    false, false },
	{ "copy-of-direct-answer",   "copy-of-direct-answer", true,    false, false },
	{ "address-unknown",         "address-unknown",       false,   false, false },
	{ "not-a-manifestation",     "not-a-manifestation",   false,   false, false },
	{ "burst",                   "burst",                 false,   true,  false },
	{ "automatic",               "automatic",             false,   false, false },
};
/* clang-format on */

static const struct reason unknown = { "other", "other", true, false, false };

const struct reason *
reason_of(const char *code)
{
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (strcmp(reasons[i].code, code) == 0)
			return &reasons[i];
	return &unknown;
}

const struct reason *
reason_rows(size_t *count_out)
{
	*count_out = sizeof(reasons) / sizeof(reasons[0]);
	return reasons;
}
