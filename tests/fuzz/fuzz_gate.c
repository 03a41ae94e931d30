/*
 * fuzz_gate.c - requests of any shape at the gate
 *
 * Input: method LF target LF, then "name: value" lines.  Whatever passes must
 * keep every promise of the gate, checked here in another way than there.
 */
#include <stdint.h>
#include <stdlib.h>

#include "../../server/cookie.c" /* NOLINT(bugprone-suspicious-include) */
#include "../../server/gate.c"   /* NOLINT(bugprone-suspicious-include) */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define LINES (GATE_HEADER_MAX + 2)

static void
must(bool holds)
{
	if (!holds)
		abort();
}

/* Cuts the next line off *text, ending it with a zero. */
static char *
line(char **text)
{
	char *begin = *text;
	char *end = strchr(begin, '\n');

	if (end == NULL) {
		*text = begin + strlen(begin);
		return begin;
	}
	*end = '\0';
	*text = end + 1;
	return begin;
}

static void
check_passed(const char *method, const char *target,
	const struct header *headers, size_t count)
{
	int hosts = 0, lengths = 0;

	must(strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0 ||
		strcmp(method, "POST") == 0);
	must(*target == '/' && target[1] != '/');
	must(strstr(target, "..") == NULL && strstr(target, "%00") == NULL);
	for (const char *p = target; *p != '\0'; p++)
		must(*p > 0x20 && *p < 0x7f &&
			strchr("\"<>\\^`{}|#;", *p) == NULL);
	for (size_t i = 0; i < count; i++) {
		hosts += strcasecmp(headers[i].name, "host") == 0;
		lengths += strcasecmp(headers[i].name, "content-length") == 0;
		must(strcasecmp(headers[i].name, "transfer-encoding") != 0);
		must(strpbrk(headers[i].value, "\r\n") == NULL);
		must(strpbrk(headers[i].name, " \t:") == NULL);
	}
	must(hosts == 1 && lengths <= 1);
	must(lengths == 1 || strcmp(method, "POST") != 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const cookies[] = { "ouv", "ouv-pre", NULL };
	static const struct gate_rules rules = { "h", cookies, "v" };
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	char *text = ouv_arena_strndup(arena, (const char *)data, size);
	const char *method = line(&text), *target = line(&text);
	struct header headers[LINES];
	const char *value;
	size_t count = 0;
	enum gate gate;

	while (*text != '\0' && count < LINES) {
		char *name = line(&text);
		char *colon = strchr(name, ':');

		if (colon != NULL)
			*colon++ = '\0';
		headers[count++] = (struct header){ name,
			colon != NULL ? colon + strspn(colon, " ") : "" };
	}
	gate = gate_check(&rules, method, target, headers, count);
	must((gate_status(gate) == 200) == (gate == GATE_OK));
	if (gate == GATE_OK)
		check_passed(method, target, headers, count);
	/* The cookie reader takes any line, also one that did not pass. */
	if (cookie_find(arena, header_find(headers, count, "cookie"), "ouv",
		    &value) == OUV_OK)
		must(strpbrk(value, " \";,\\\r\n") == NULL);
	ouv_arena_free(&arena);
	return 0;
}
