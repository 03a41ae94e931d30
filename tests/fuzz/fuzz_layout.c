/*
 * fuzz_layout.c - any page is rebuilt, and rebuilding it again changes nothing;
 * in what is written no tag, attribute or address stands that may not
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "ouv/layout.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool holds)
{
	if (!holds)
		abort();
}

static struct ouv_str
word(const char *p, const char *letters)
{
	return (struct ouv_str){ p, strspn(p, letters) };
}

#define LOWER "abcdefghijklmnopqrstuvwxyz"

static bool
is_one_of(struct ouv_str name, const char *names)
{
	char find[24] = " ";

	if (name.len == 0 || name.len > 20)
		return false;
	memcpy(find + 1, name.p, name.len);
	find[name.len + 1] = ' ';
	return strstr(names, find) != NULL;
}

static const char *
after_attribute(const char *p, bool document)
{
	struct ouv_str name = word(p, LOWER);
	const char *value = p + name.len + 2, *end;

	must(is_one_of(
		name, " href src alt title colspan rowspan dir lang class "));
	must(memcmp(p + name.len, "=\"", 2) == 0);
	must((end = strchr(value, '"')) != NULL);
	for (const char *c = value; c < end; c++)
		must(strchr("<>'`", *c) == NULL);
	if (is_one_of(name, " class "))
		must(document);
	if (is_one_of(name, " href "))
		must(!document && (strncmp(value, "http://", 7) == 0 ||
					  strncmp(value, "https://", 8) == 0 ||
					  strncmp(value, "mailto:", 7) == 0));
	if (is_one_of(name, " src ")) /* no picture came along */
		must(!document && strncmp(value, "cid:", 4) == 0);
	return end + 1;
}

static void
check_tags(const char *p, bool document)
{
	while ((p = strchr(p, '<')) != NULL) {
		struct ouv_str name;

		p += p[1] == '/' ? 2 : 1;
		name = word(p, LOWER "123456");
		must(is_one_of(name,
			" a b bdi blockquote br caption code dd del div dl dt "
			"em h1 h2 h3 h4 h5 h6 hr i img ins li ol p pre s small "
			"span strong sub sup table tbody td tfoot th thead tr "
			"u ul "));
		p += name.len;
		while (*p == ' ')
			p = after_attribute(p + 1, document);
		must(*p == '>');
	}
}

/* Head and end are ours. */
static void
check_body(const char *document)
{
	static const char end[] = "\n</body></html>\n";
	char *body = strstr(document, "<body>\n");

	must(body != NULL);
	body += strlen("<body>\n");
	body[strlen(body) - strlen(end)] = '\0';
	check_tags(body, true);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	const struct ouv_str html = { (const char *)data, size };
	const struct ouv_layout layout = { .part_count = 1,
		.parts = &html,
		.title = "t",
		.remote = "r",
		.missing = "m" };
	struct ouv_buf once, twice;

	ouv_buf_init(&once, arena, 0);
	ouv_buf_init(&twice, arena, 0);
	if (ouv_layout_clean(html, &once) == OUV_OK) {
		check_tags(once.data, false);
		must(ouv_layout_clean((struct ouv_str){ once.data, once.len },
			     &twice) == OUV_OK);
		must(strcmp(once.data, twice.data) == 0);
		twice.len = 0;
		must(ouv_layout_document(&layout, &twice) == OUV_OK);
		check_body(twice.data);
	}
	ouv_arena_free(&arena);
	return 0;
}
