/*
 * fuzz_header.c - the readers of header values, each over the same bytes: the
 * first byte chooses the charset of raw 8-bit bytes, the rest is the value
 */
#include <stdlib.h>
#include <string.h>

#include "../../lib/mail/internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const charsets[] = { NULL, "utf-8", "windows-1252", "koi8-r",
	"utf-7", "iso-2022-jp", "utf-16", "x-unknown" };

static void
must(bool holds)
{
	if (!holds)
		abort();
}

static void
must_be_line(const char *text)
{
	must(text != NULL);
	must(mail_utf8_valid((struct ouv_str){ text, strlen(text) }));
	for (; *text != '\0'; text++)
		must((unsigned char)*text >= ' ' && *text != 0x7f);
}

static void
check_params(struct ouv_arena *arena, struct ouv_str raw, const char *charset)
{
	struct mail_params params;
	const char *name;

	mail_params_read(arena, raw, charset, &params);
	must(params.count <= MAIL_PARAMS_MAX);
	for (size_t i = 0; i < params.count; i++) {
		if (strcmp(params.list[i].name, "boundary") != 0)
			must_be_line(params.list[i].value);
		must(mail_param(&params, params.list[i].name) != NULL);
		for (const char *c = params.list[i].name; *c != '\0'; c++)
			must(*c < 'A' || *c > 'Z');
		name = mail_clean_filename(arena, params.list[i].value);
		must(name == NULL || strpbrk(name, "/\\") == NULL);
		must(name == NULL || strlen(name) <= MAIL_FILENAME_MAX);
	}
}

/* An address that may be given to a server reads the same alone. */
static void
check_addr(struct ouv_arena *arena, const char *addr)
{
	struct ouv_mail_addrs again;

	must_be_line(addr);
	if (!ouv_mail_addr_ok(addr))
		return;
	mail_addresses(
		arena, (struct ouv_str){ addr, strlen(addr) }, NULL, &again);
	must(again.count == 1 && strcmp(again.list[0].addr, addr) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	const char *charset = size > 0 ? charsets[data[0] % 8] : NULL;
	struct ouv_str raw = { (const char *)data + (size > 0),
		size - (size > 0) };
	struct ouv_mail_addrs addrs;
	struct ouv_mail_ids ids;
	struct mail_header header;
	struct ouv_str text;
	int64_t date;

	if (raw.len == 0)
		raw.p = "";
	must_be_line(mail_decode_2047(arena, raw, charset));
	check_params(arena, raw, charset);
	mail_addresses(arena, raw, charset, &addrs);
	must(addrs.count <= MAIL_ADDRS_MAX);
	for (size_t i = 0; i < addrs.count; i++) {
		must_be_line(addrs.list[i].name);
		check_addr(arena, addrs.list[i].addr);
	}
	mail_ids(arena, raw, &ids);
	for (size_t i = 0; i < ids.count; i++)
		must_be_line(ids.list[i]);
	(void)mail_date(raw, &date);
	(void)mail_to_utf8(arena, charset, NULL, raw, &text);
	must(mail_utf8_valid(text));
	mail_header_split(arena, raw.p, raw.len, &header);
	must(header.length <= raw.len && header.count <= MAIL_FIELDS_MAX);
	ouv_arena_free(&arena);
	return 0;
}
