/*
 * fuzz_prescan.c - counting before parsing: whatever the bytes, an end and one
 * of eight words; what has begun badly does not get better by going on
 */
#include <stdint.h>
#include <stdlib.h>

#include "../../mailgw/prescan.c" /* NOLINT(bugprone-suspicious-include) */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const words[] = { "header_too_large", "field_too_large",
	"parentheses_too_deep", "too_many_addresses", "too_many_encoded_words",
	"parts_too_deep", "too_many_parts", "boundary_too_long" };

static void
must(bool holds)
{
	if (!holds)
		abort();
}

static bool
is_word(const char *why)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(words[i], why) == 0)
			return true;
	return false;
}

/* Behind the message, in another place than its last line. */
static const char *
with_tail(const uint8_t *data, size_t size, const char *tail)
{
	size_t len = strlen(tail);
	char *longer = malloc(size + len);
	const char *why;

	must(longer != NULL);
	memcpy(longer, data, size);
	memcpy(longer + size, tail, len);
	why = prescan(longer, size + len);
	free(longer);
	return why;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *why = prescan(data, size);
	const uint8_t *lf = size > 0 ? memchr(data, '\n', size) : NULL;

	must(why == NULL || is_word(why));
	if (lf == NULL || data[size - 1] != '\n')
		return 0;
	/* A line of ordinary text changes nothing... */
	must(with_tail(data, size, "Ordinary text\n") == why);
	/* ...and nothing at all can take a refusal back. */
	for (size_t cut = size; cut > 0 && size - cut < 64; cut--)
		if (data[cut - 1] == '\n' && prescan(data, cut) != NULL)
			must(why != NULL);
	return 0;
}
