/*
 * office.c - the words of a document of an office program
 *
 * Such a file is a ZIP archive of XML.  Of the archive its directory is read
 * and nothing else is believed; of the XML what stands between tags is text,
 * and an end of a paragraph, cell or line is the end of a word.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "ouv/attach.h"

#define ENTRIES_MOST 4096
#define PART_MOST ((size_t)8 << 20) /* of XML, unpacked */
#define END_LEN 22                  /* APPNOTE 4.3.16, without its comment */
#define ENTRY_LEN 46                /* 4.3.12 */
#define LOCAL_LEN 30                /* 4.3.7 */

struct file {
	const unsigned char *p;
	size_t len;
};

static uint32_t
number(const struct file *file, size_t at, int bytes)
{
	uint32_t n = 0;

	for (int i = bytes - 1; i >= 0; i--)
		n = n << 8 | file->p[at + (size_t)i];
	return n;
}

static bool
is_at(const struct file *file, size_t at, size_t len, const char *mark)
{
	return at <= file->len && file->len - at >= len &&
	       memcmp(file->p + at, mark, 4) == 0;
}

/* ---- the archive -----------------------------------------------------------
 */

/* Parts with words in them; "*" stands for the rest of a name. */
static bool
is_wanted(const char *name, size_t len)
{
	static const char *const parts[] = { "word/document.xml",
		"word/header*", "word/footer*", "word/footnotes.xml",
		"word/comments.xml", "xl/sharedStrings.xml",
		"ppt/slides/slide*", "ppt/notesSlides/notesSlide*",
		"content.xml" };

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		size_t n = strcspn(parts[i], "*");

		if (parts[i][n] == '*' ? len > n : len == n)
			if (memcmp(parts[i], name, n) == 0)
				return true;
	}
	return false;
}

/* Packed bytes to XML; false: damaged.  What is too long is cut. */
static bool
unpack(struct ouv_arena *arena, const struct file *packed, int method,
	struct ouv_buf *xml)
{
	unsigned char piece[16384];
	z_stream z = { .next_in = (unsigned char *)(uintptr_t)packed->p,
		.avail_in = (uInt)packed->len };
	int status = Z_OK;

	ouv_buf_init(xml, arena, packed->len);
	if (method == 0) {
		ouv_buf_add(xml, packed->p,
			packed->len < PART_MOST ? packed->len : PART_MOST);
		return true;
	}
	if (method != 8 || inflateInit2(&z, -MAX_WBITS) != Z_OK)
		return false;
	while (status == Z_OK && xml->len < PART_MOST) {
		z.next_out = piece;
		z.avail_out = sizeof(piece);
		status = inflate(&z, Z_NO_FLUSH);
		ouv_buf_add(xml, piece, sizeof(piece) - z.avail_out);
	}
	(void)inflateEnd(&z);
	return status == Z_OK || status == Z_STREAM_END;
}

/* The packed bytes an entry of the directory leads to. */
static bool
find_packed(const struct file *file, size_t entry, struct file *packed)
{
	size_t at = number(file, entry + 42, 4), head;

	packed->len = number(file, entry + 20, 4);
	if (!is_at(file, at, LOCAL_LEN, "PK\3\4"))
		return false;
	head = LOCAL_LEN + number(file, at + 26, 2) + number(file, at + 28, 2);
	if (file->len - at < head || file->len - at - head < packed->len)
		return false;
	packed->p = file->p + at + head;
	return true;
}

/* ---- the XML
 * ----------------------------------------------------------------- */

/* Does this tag end a word?  Names without their prefix. */
static bool
ends_word(const char *tag, size_t len)
{
	static const char *const names[] = { "p", "h", "tab", "br", "cr", "s",
		"tc", "tr", "si", "line-break", "table-cell" };
	const char *colon;

	if (len > 0 && *tag == '/')
		tag++, len--;
	len = strcspn(tag, "> /\t\r\n") < len ? strcspn(tag, "> /\t\r\n") : len;
	colon = memchr(tag, ':', len);
	if (colon != NULL) {
		len -= (size_t)(colon + 1 - tag);
		tag = colon + 1;
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strlen(names[i]) == len && memcmp(names[i], tag, len) == 0)
			return true;
	return false;
}

/* A character by number, as UTF-8. */
static void
add_character(struct ouv_buf *out, unsigned long c)
{
	if (c < 0x80) {
		ouv_buf_char(out, c < ' ' ? ' ' : (char)c);
		return;
	}
	if (c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
		c = 0xfffd;
	if (c >= 0x10000) {
		ouv_buf_char(out, (char)(0xf0 | c >> 18));
		ouv_buf_char(out, (char)(0x80 | (c >> 12 & 0x3f)));
	} else if (c >= 0x800) {
		ouv_buf_char(out, (char)(0xe0 | c >> 12));
	}
	if (c >= 0x800)
		ouv_buf_char(out, (char)(0x80 | (c >> 6 & 0x3f)));
	else
		ouv_buf_char(out, (char)(0xc0 | c >> 6));
	ouv_buf_char(out, (char)(0x80 | (c & 0x3f)));
}

/* "&...;" at p: one character; how long it is. */
static size_t
add_entity(struct ouv_buf *out, const char *p, size_t len)
{
	static const struct {
		const char *name;
		char c;
	} named[] = { { "&amp;", '&' }, { "&lt;", '<' }, { "&gt;", '>' },
		{ "&quot;", '"' }, { "&apos;", '\'' } };
	const char *end = memchr(p, ';', len < 12 ? len : 12);

	for (size_t i = 0; i < sizeof(named) / sizeof(named[0]); i++)
		if (strlen(named[i].name) <= len &&
			memcmp(p, named[i].name, strlen(named[i].name)) == 0) {
			ouv_buf_char(out, named[i].c);
			return strlen(named[i].name);
		}
	if (end == NULL || len < 4 || p[1] != '#') {
		ouv_buf_char(out, '&');
		return 1;
	}
	add_character(out, p[2] == 'x' ? strtoul(p + 3, NULL, 16)
				       : strtoul(p + 2, NULL, 10));
	return (size_t)(end - p) + 1;
}

/* xml ends with a zero. */
static void
take_xml(const char *xml, size_t len, struct ouv_buf *out)
{
	for (size_t at = 0; at < len && out->len < OUV_ATTACH_TEXT;) {
		const char *p = xml + at, *end;

		if (*p == '&') {
			at += add_entity(out, p, len - at);
			continue;
		}
		if (*p != '<') {
			ouv_buf_char(out, *p != '\0' ? *p : ' ');
			at++;
			continue;
		}
		end = memchr(p, '>', len - at);
		if (end == NULL)
			return;
		if (ends_word(p + 1, (size_t)(end - p - 1)))
			ouv_buf_char(out, ' ');
		at += (size_t)(end - p) + 1;
	}
}

/* ---- all of it
 * ----------------------------------------------------------------- */

/* The end of the directory, from behind: a comment may follow it. */
static size_t
find_end(const struct file *file)
{
	size_t at = file->len;

	while (at > 0 && file->len - at < END_LEN + 65535)
		if (is_at(file, --at, END_LEN, "PK\5\6"))
			return at;
	return file->len;
}

bool
ouv_attach_office(struct ouv_arena *arena, const void *data, size_t len,
	struct ouv_buf *text_out)
{
	const struct file file = { data, len };
	size_t end = find_end(&file), at;
	uint32_t count;
	bool any = false;

	if (end == len)
		return false;
	count = number(&file, end + 10, 2);
	at = number(&file, end + 16, 4);
	for (uint32_t i = 0; i < count && i < ENTRIES_MOST; i++) {
		struct file packed;
		struct ouv_buf xml;
		size_t name;

		if (!is_at(&file, at, ENTRY_LEN, "PK\1\2"))
			break;
		name = number(&file, at + 28, 2);
		if (len - at - ENTRY_LEN < name)
			break;
		if (is_wanted((const char *)file.p + at + ENTRY_LEN, name) &&
			find_packed(&file, at, &packed) &&
			unpack(arena, &packed, (int)number(&file, at + 10, 2),
				&xml)) {
			take_xml(xml.data, xml.len, text_out);
			ouv_buf_char(text_out, '\n');
			any = true;
		}
		at += ENTRY_LEN + name + number(&file, at + 30, 2) +
		      number(&file, at + 32, 2);
	}
	return any;
}
