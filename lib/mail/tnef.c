/*
 * tnef.c - the files inside a winmail.dat (MS-OXTNEF)
 *
 * A list of attributes, each with a length; names and types of a file may
 * stand before or behind its bytes.  Everything is read in place, and a
 * stream that ends early gives what it had.
 */
#include <string.h>

#include "marks.h"

#define SIGNATURE 0x223e9f78u

/* attributes (MS-OXTNEF 2.1.3.2) */
#define ATT_OEM_CODEPAGE 0x00069007u
#define ATT_BODY 0x0002800cu
#define ATT_MSG_PROPS 0x00069003u
#define ATT_SUBJECT 0x00018004u
#define ATT_REND_DATA 0x00069002u
#define ATT_TITLE 0x00018010u
#define ATT_DATA 0x0006800fu
#define ATT_FILE_PROPS 0x00069005u
#define LEVEL_FILE 2

/* properties (MS-OXPROPS) */
#define PR_SUBJECT 0x0037u
#define PR_BODY 0x1000u
#define PR_RTF 0x1009u
#define PR_HTML 0x1013u
#define PR_DISPLAY_NAME 0x3001u
#define PR_DATA 0x3701u
#define PR_FILENAME 0x3704u
#define PR_LONG_FILENAME 0x3707u
#define PR_MIME_TAG 0x370eu
#define PR_CONTENT_ID 0x3712u
#define PR_CPID 0x3fdeu /* code page of the HTML body */

/* property types */
#define PT_LONG 0x03u
#define PT_OBJECT 0x0du
#define PT_STRING8 0x1eu
#define PT_UNICODE 0x1fu
#define PT_BINARY 0x102u
#define PT_MANY 0x1000u

#define INSIDE_MAX 4 /* messages inside each other */

struct cursor {
	const unsigned char *p, *end;
	bool broken;
};

struct property {
	unsigned type, id;
	struct ouv_str value; /* the first one, of those with a length */
	uint32_t number;      /* of PT_LONG */
};

struct reader {
	struct ouv_arena *arena;
	struct mail_tnef *tnef;
	char codepage[24], html_page[24];
	int depth; /* of messages inside each other */
	const char *subject;
	struct ouv_str rtf, html; /* bodies as they are there */
	unsigned html_type;
	bool in_file;
	/* of the file being read */
	struct mail_tnef_file file;
	const char *title, *short_name, *display_name;
	struct ouv_str object;
};

static size_t
left(const struct cursor *c)
{
	return (size_t)(c->end - c->p);
}

static unsigned
take16(struct cursor *c)
{
	unsigned value;

	if (left(c) < 2) {
		c->broken = true;
		c->p = c->end;
		return 0;
	}
	value = (unsigned)c->p[0] | (unsigned)c->p[1] << 8;
	c->p += 2;
	return value;
}

static uint32_t
take32(struct cursor *c)
{
	uint32_t low = take16(c);

	return low | (uint32_t)take16(c) << 16;
}

/* What is there of the next len bytes. */
static struct ouv_str
take(struct cursor *c, size_t len)
{
	struct ouv_str out = { (const char *)c->p, len };

	if (len > left(c)) {
		c->broken = true;
		out.len = left(c);
	}
	c->p += out.len;
	return out;
}

static void
skip_padding(struct cursor *c, size_t len)
{
	size_t pad = (4 - len % 4) % 4;

	c->p += pad < left(c) ? pad : left(c);
}

static size_t
fixed_size(unsigned type)
{
	switch (type) {
	case 0x02: /* short, padded */
	case 0x03: /* long */
	case 0x04: /* float */
	case 0x0a: /* error */
	case 0x0b: /* boolean, padded */
		return 4;
	case 0x05: /* double */
	case 0x06: /* currency */
	case 0x07: /* application time */
	case 0x14: /* 64-bit */
	case 0x40: /* time */
		return 8;
	case 0x48: /* class id */
		return 16;
	default:
		return 0;
	}
}

/* Properties above 0x8000 carry a name or number of their own. */
static void
skip_name(struct cursor *c)
{
	(void)take(c, 16);
	if (take32(c) == 0) {
		(void)take32(c);
	} else {
		size_t len = take32(c);

		(void)take(c, len);
		skip_padding(c, len);
	}
}

static void
take_values(struct cursor *c, struct property *property)
{
	uint32_t count = take32(c);

	for (uint32_t i = 0; i < count && !c->broken; i++) {
		size_t len = take32(c);
		struct ouv_str value = take(c, len);

		skip_padding(c, len);
		if (i == 0)
			property->value = value;
	}
}

/* One property; false: no more can be read. */
static bool
take_property(struct cursor *c, struct property *property)
{
	unsigned type, many;
	size_t size;

	memset(property, 0, sizeof(*property));
	type = take16(c);
	property->id = take16(c);
	if (property->id >= 0x8000)
		skip_name(c);
	if (c->broken)
		return false;
	many = type & PT_MANY;
	type &= ~PT_MANY;
	property->type = type;
	size = fixed_size(type);
	if (type == PT_OBJECT || type == PT_STRING8 || type == PT_UNICODE ||
		type == PT_BINARY) {
		take_values(c, property);
		return true;
	}
	if (size == 0) { /* of unknown size: the rest cannot be found */
		c->broken = true;
		return false;
	}
	if (many == 0) {
		struct cursor value = *c;

		property->number = type == PT_LONG ? take32(&value) : 0;
		(void)take(c, size);
	} else {
		uint32_t count = take32(c);

		(void)take(c, count > left(c) ? left(c) + 1 : count * size);
	}
	return !c->broken;
}

/* The name of a code page by its number, "" if we know none. */
static void
page_name(uint32_t page, char *out, size_t size)
{
	/* clang-format off */
	static const struct {
		uint32_t page;
		const char *name;
	} pages[] = {
		{ 932, "shift_jis" },    { 936, "gb18030" },
		{ 949, "cp949" },        { 950, "big5" },
		{ 20127, "windows-1252" }, { 20866, "koi8-r" },
		{ 28591, "windows-1252" }, { 28592, "iso-8859-2" },
		{ 28605, "iso-8859-15" }, { 50220, "iso-2022-jp" },
		{ 51932, "euc-jp" },     { 54936, "gb18030" },
		{ 65000, "utf-7" },      { 65001, "utf-8" },
	};
	/* clang-format on */

	(void)snprintf(out, size, "windows-%u", (unsigned)page);
	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++)
		if (pages[i].page == page)
			(void)snprintf(out, size, "%s", pages[i].name);
	if (!mail_charset_known(out))
		*out = '\0';
}

static struct ouv_str
text_of(struct reader *r, unsigned type, struct ouv_str value)
{
	struct ouv_str text;

	(void)mail_to_utf8(r->arena,
		type == PT_UNICODE     ? "utf-16le"
		: *r->codepage != '\0' ? r->codepage
				       : NULL,
		NULL, value, &text);
	return text;
}

static const char *
line_of(struct reader *r, unsigned type, struct ouv_str value)
{
	const char *line = mail_clean_line(r->arena, text_of(r, type, value));

	return *line == '\0' ? NULL : line;
}

static bool
is_mime_type(const char *type)
{
	const char *slash = strchr(type, '/');

	return slash != NULL && slash > type && slash[1] != '\0' &&
	       strspn(type, "abcdefghijklmnopqrstuvwxyz0123456789!#$&^_.+-/") ==
		       strlen(type) &&
	       strchr(slash + 1, '/') == NULL;
}

static void
file_property(struct reader *r, const struct property *p)
{
	bool text = p->type == PT_STRING8 || p->type == PT_UNICODE;
	const char *line = text ? line_of(r, p->type, p->value) : NULL;
	const char *type;

	if (p->id == PR_DATA && !text) {
		r->object = p->value;
		/* an object begins with the class id of its kind */
		if (p->type == PT_OBJECT && r->object.len >= 16) {
			r->object.p += 16;
			r->object.len -= 16;
		}
	}
	if (line == NULL)
		return;
	switch (p->id) {
	case PR_LONG_FILENAME:
		r->file.filename = line;
		break;
	case PR_FILENAME:
		r->short_name = line;
		break;
	case PR_DISPLAY_NAME:
		r->display_name = line;
		break;
	case PR_CONTENT_ID:
		r->file.content_id = line;
		break;
	case PR_MIME_TAG:
		type = mail_lower(
			r->arena, (struct ouv_str){ line, strlen(line) });
		if (is_mime_type(type))
			r->file.content_type = type;
		break;
	default:
		break;
	}
}

static void
message_property(struct reader *r, const struct property *p)
{
	bool text = p->type == PT_STRING8 || p->type == PT_UNICODE;

	if (p->id == PR_RTF && p->value.len > 0) {
		r->rtf = p->value;
	} else if (p->id == PR_HTML && p->value.len > 0) {
		r->html = p->value;
		r->html_type = p->type;
	} else if (p->id == PR_BODY && text) {
		r->tnef->text = text_of(r, p->type, p->value);
	} else if (p->id == PR_SUBJECT && text) {
		r->subject = line_of(r, p->type, p->value);
	} else if (p->id == PR_CPID && p->number > 0) {
		page_name(p->number, r->html_page, sizeof(r->html_page));
	}
}

static void
properties(struct reader *r, struct ouv_str data, bool of_file)
{
	struct cursor c = { (const unsigned char *)data.p,
		(const unsigned char *)data.p + data.len, false };
	uint32_t count = take32(&c);
	struct property property;

	while (count-- > 0 && take_property(&c, &property)) {
		if (of_file)
			file_property(r, &property);
		else
			message_property(r, &property);
	}
	r->tnef->broken |= c.broken;
}

static const char *
first_of(const char *a, const char *b, const char *c, const char *d)
{
	return a != NULL ? a : b != NULL ? b : c != NULL ? c : d;
}

static bool open_at(struct ouv_arena *arena, struct ouv_str bytes, int depth,
	struct mail_tnef *tnef_out, const char **subject_out);

static void
add_file(struct reader *r, const struct mail_tnef_file *file)
{
	struct mail_tnef *tnef = r->tnef;

	if (tnef->count == MAIL_TNEF_MAX) {
		tnef->broken = true;
		return;
	}
	if (tnef->files == NULL)
		tnef->files = ouv_arena_array(
			r->arena, MAIL_TNEF_MAX, sizeof(*tnef->files));
	tnef->files[tnef->count++] = *file;
}

/* What a message inside says, as a file that anybody can open. */
static void
add_message_text(struct reader *r, const struct mail_tnef *inner,
	const char *subject, const char *name)
{
	bool html = inner->text.len == 0;
	struct ouv_str body = html ? inner->html : inner->text;
	struct mail_tnef_file file = { 0 };
	struct ouv_buf text;

	if (body.len == 0)
		return;
	ouv_buf_init(&text, r->arena, body.len + 100);
	if (subject != NULL && !html)
		ouv_buf_printf(&text, "%s\n\n", subject);
	ouv_buf_add(&text, body.p, body.len);
	file.filename = mail_clean_filename(
		r->arena, ouv_arena_printf(r->arena, "%s.%s",
				  name != NULL      ? name
				  : subject != NULL ? subject
						    : "message",
				  html ? "html" : "txt"));
	file.content_type = html ? "text/html" : "text/plain";
	file.data = (struct ouv_str){ text.data, text.len };
	add_file(r, &file);
}

/* A message inside is kept as it is, and what is in it is listed as well. */
static void
add_message(struct reader *r, const struct mail_tnef_file *file)
{
	const char *subject = NULL;
	struct mail_tnef inner;

	if (r->depth == INSIDE_MAX ||
		!open_at(r->arena, file->data, r->depth + 1, &inner, &subject))
		return;
	add_message_text(r, &inner, subject, file->filename);
	for (size_t i = 0; i < inner.count; i++)
		add_file(r, &inner.files[i]);
	r->tnef->broken |= inner.broken;
}

static bool
is_tnef(struct ouv_str bytes)
{
	return bytes.len >= 4 && memcmp(bytes.p, "\x78\x9f\x3e\x22", 4) == 0;
}

static void
finish_file(struct reader *r)
{
	struct mail_tnef_file *file = &r->file;
	bool message = false;

	if (!r->in_file)
		return;
	r->in_file = false;
	if (file->data.p == NULL) {
		file->data = r->object;
		message = is_tnef(file->data);
	}
	if (file->data.p == NULL)
		file->data = (struct ouv_str){ "", 0 };
	file->filename = mail_clean_filename(
		r->arena, first_of(file->filename, r->title, r->short_name,
				  r->display_name));
	if (message)
		file->content_type = "application/ms-tnef";
	if (file->content_type == NULL)
		file->content_type = "application/octet-stream";
	add_file(r, file);
	if (message)
		add_message(r, file);
}

static void
start_file(struct reader *r)
{
	finish_file(r);
	memset(&r->file, 0, sizeof(r->file));
	r->title = r->short_name = r->display_name = NULL;
	r->object = (struct ouv_str){ NULL, 0 };
	r->in_file = true;
}

static void
attribute(struct reader *r, unsigned level, uint32_t id, struct ouv_str data)
{
	struct cursor c = { (const unsigned char *)data.p,
		(const unsigned char *)data.p + data.len, false };

	/* some writers leave out what a file begins with */
	if (level == LEVEL_FILE &&
		(id == ATT_REND_DATA || !r->in_file ||
			(id == ATT_DATA && r->file.data.p != NULL)))
		start_file(r);
	switch (id) {
	case ATT_OEM_CODEPAGE:
		page_name(take32(&c), r->codepage, sizeof(r->codepage));
		break;
	case ATT_BODY:
		if (r->tnef->text.p == NULL)
			r->tnef->text = text_of(r, PT_STRING8, data);
		break;
	case ATT_SUBJECT:
		if (r->subject == NULL)
			r->subject = line_of(r, PT_STRING8, data);
		break;
	case ATT_MSG_PROPS:
		properties(r, data, false);
		break;
	case ATT_FILE_PROPS:
		if (level == LEVEL_FILE)
			properties(r, data, true);
		break;
	case ATT_TITLE:
		r->title = line_of(r, PT_STRING8, data);
		break;
	case ATT_DATA:
		r->file.data = data;
		break;
	default:
		break;
	}
}

static bool
is_blank(struct ouv_str text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.p[i] > ' ')
			return false;
	return true;
}

/* The body in the first shape that can be read: text, HTML, RTF. */
static void
finish_body(struct reader *r)
{
	struct mail_tnef *tnef = r->tnef;
	enum mail_rtf kind = MAIL_RTF_NONE;
	struct ouv_str rtf;
	struct ouv_buf out;

	if (r->html.len > 0 && r->html_type == PT_UNICODE)
		tnef->html = text_of(r, PT_UNICODE, r->html);
	else if (r->html.len > 0)
		(void)mail_to_utf8(r->arena,
			*r->html_page != '\0' ? r->html_page : NULL,
			*r->codepage != '\0' ? r->codepage : NULL, r->html,
			&tnef->html);
	if (is_blank(tnef->text) && (r->html.len > 0 || r->rtf.len > 0))
		tnef->text.len = 0;
	if (r->rtf.len == 0 || tnef->text.len > 0 || tnef->html.len > 0)
		return;
	ouv_buf_init(&out, r->arena, r->rtf.len);
	if (mail_rtf_expand(r->arena, r->rtf, &rtf))
		kind = mail_rtf_read(r->arena, rtf, &out);
	if (kind == MAIL_RTF_HTML)
		tnef->html = (struct ouv_str){ out.data, out.len };
	else if (kind == MAIL_RTF_TEXT)
		tnef->text = (struct ouv_str){ out.data, out.len };
	else
		tnef->rtf = true;
}

static bool
open_at(struct ouv_arena *arena, struct ouv_str bytes, int depth,
	struct mail_tnef *tnef_out, const char **subject_out)
{
	struct cursor c = { (const unsigned char *)bytes.p,
		(const unsigned char *)bytes.p + bytes.len, false };
	struct reader r = { .arena = arena, .tnef = tnef_out, .depth = depth };

	memset(tnef_out, 0, sizeof(*tnef_out));
	if (take32(&c) != SIGNATURE)
		return false;
	(void)take16(&c);
	while (left(&c) > 0 && !c.broken) {
		unsigned level = *c.p++;
		uint32_t id = take32(&c);
		uint32_t len = take32(&c);

		if (c.broken || level < 1 || level > 2) {
			c.broken = true;
			break;
		}
		attribute(&r, level, id, take(&c, len));
		if (left(&c) > 0)
			(void)take16(&c); /* checksum: nobody keeps it */
	}
	finish_file(&r);
	finish_body(&r);
	tnef_out->broken |= c.broken;
	*subject_out = r.subject;
	return true;
}

bool
mail_tnef_open(struct ouv_arena *arena, struct ouv_str bytes,
	struct mail_tnef *tnef_out)
{
	const char *subject = NULL;

	return open_at(arena, bytes, 0, tnef_out, &subject);
}

struct ouv_str
mail_tnef_bytes(struct ouv_arena *arena, struct ouv_str encoded)
{
	static const enum ouv_mail_encoding tries[] = { OUV_MAIL_BASE64,
		OUV_MAIL_QP, OUV_MAIL_UUENCODE };
	struct ouv_str bytes;

	for (size_t i = 0; i < 3 && !is_tnef(encoded); i++) {
		(void)mail_decode_bytes(arena, tries[i], encoded, &bytes);
		if (is_tnef(bytes))
			return bytes;
	}
	return encoded;
}
