/*
 * look.c - what a file is, by its bytes
 *
 * Neither its name nor its declared type is asked here.  Pictures and PDFs are
 * taken apart as far as it needs to know that they are whole; sounds, texts and
 * office documents are known by how they begin.
 */
#include <string.h>
#include <strings.h>

#include "ouv/attach.h"

#define ODF "application/vnd.oasis.opendocument."
#define OOXML "application/vnd.openxmlformats-officedocument."

/* clang-format off */
static const char *const TEXT = "text/plain";

/* Each with the endings of names and the declared types that say the same. */
static const struct kind {
	const char *type;
	bool party; /* taken from a party only */
	const char *endings, *declared;
} kinds[] = {
	{ "application/pdf", false, " pdf ", " application/pdf application/x-pdf " },
	{ "image/jpeg", false, " jpg jpeg jpe jfif ", " image/jpeg image/jpg image/pjpeg " },
	{ "image/png", false, " png ", " image/png image/x-png " },
	{ "image/tiff", false, " tif tiff ", " image/tiff image/tif " },
	{ "text/plain", true, " txt text csv ", " text/plain text/csv application/vnd.ms-excel " },
	{ ODF "text", true, " odt ", " " ODF "text " },
	{ ODF "spreadsheet", true, " ods ", " " ODF "spreadsheet " },
	{ ODF "presentation", true, " odp ", " " ODF "presentation " },
	{ OOXML "wordprocessingml.document", true, " docx ", " " OOXML "wordprocessingml.document " },
	{ OOXML "spreadsheetml.sheet", true, " xlsx ", " " OOXML "spreadsheetml.sheet " },
	{ OOXML "presentationml.presentation", true, " pptx ", " " OOXML "presentationml.presentation " },
	{ "audio/mpeg", true, " mp3 ", " audio/mpeg audio/mp3 audio/x-mp3 audio/mpeg3 " },
	{ "audio/ogg", true, " ogg oga opus ", " audio/ogg application/ogg audio/opus audio/vorbis video/ogg " },
	{ "audio/wav", true, " wav wave ", " audio/wav audio/x-wav audio/wave audio/vnd.wave " },
	{ "audio/mp4", true, " m4a mp4 ", " audio/mp4 audio/x-m4a audio/m4a audio/aac video/mp4 " },
};
/* clang-format on */
#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

/* ---- does all say the same? ------------------------------------------------
 */

/* Is word one of the list's, in any case?  The list has blanks around each. */
static bool
in_list(const char *list, const char *word, size_t len)
{
	for (const char *p = list; *p != '\0'; p++)
		if (*p == ' ' && strncasecmp(p + 1, word, len) == 0 &&
			p[1 + len] == ' ')
			return len > 0;
	return false;
}

static bool
is_said(const char *declared)
{
	return declared != NULL && *declared != '\0' &&
	       strcasecmp(declared, "application/octet-stream") != 0;
}

enum ouv_look_fits
ouv_look_fits(
	const char *type, bool party, const char *name, const char *declared)
{
	const struct kind *kind = NULL;
	const char *dot = strrchr(name, '.');

	for (size_t i = 0; i < KINDS; i++)
		if (type != NULL && strcmp(kinds[i].type, type) == 0)
			kind = &kinds[i];
	if (kind == NULL || (kind->party && !party))
		return OUV_LOOK_NOT_TAKEN;
	if (dot != NULL && dot[1] != '\0' &&
		!in_list(kind->endings, dot + 1, strlen(dot + 1)))
		return OUV_LOOK_LIES;
	if (is_said(declared) &&
		!in_list(kind->declared, declared, strcspn(declared, "; ")))
		return OUV_LOOK_LIES;
	return OUV_LOOK_FITS;
}

const char *
ouv_look_type(const char *text)
{
	for (size_t i = 0; i < KINDS; i++)
		if (strcmp(kinds[i].type, text) == 0)
			return kinds[i].type;
	return NULL;
}

/* ---- how it begins ---------------------------------------------------------
 */

struct file {
	const unsigned char *p;
	size_t len;
};

static bool
is_at(const struct file *file, size_t at, const char *mark, size_t len)
{
	return file->len >= at + len && memcmp(file->p + at, mark, len) == 0;
}
#define AT(file, at, mark) is_at(file, at, mark, sizeof(mark) - 1)

/* An archive's first entry is "mimetype", unpacked: OpenDocument 1.2, 3.3. */
static const char *
odf_type(const struct file *file)
{
	char text[80];
	size_t len = 0;

	if (!AT(file, 30, "mimetype" ODF))
		return NULL;
	while (38 + len < file->len && len < sizeof(text) - 1 &&
		file->p[38 + len] >= '-' && file->p[38 + len] <= 'z')
		len++;
	memcpy(text, file->p + 38, len);
	text[len] = '\0';
	for (size_t i = 0; i < KINDS; i++)
		if (strncmp(kinds[i].type, ODF, sizeof(ODF) - 1) == 0 &&
			strncmp(kinds[i].type, text, strlen(kinds[i].type)) ==
				0)
			return kinds[i].type;
	return NULL;
}

/* Of Word, Excel, PowerPoint (2007 on): by the name of what all have. */
static const char *
ooxml_type(const struct file *file)
{
	static const struct {
		const char *part, *type;
	} parts[] = {
		{ "word/document.xml", OOXML "wordprocessingml.document" },
		{ "xl/workbook.xml", OOXML "spreadsheetml.sheet" },
		{ "ppt/presentation.xml", OOXML "presentationml.presentation" },
	};

	if (memmem(file->p, file->len, "[Content_Types].xml", 19) == NULL)
		return NULL;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (memmem(file->p, file->len, parts[i].part,
			    strlen(parts[i].part)) != NULL)
			return ouv_look_type(parts[i].type);
	return NULL;
}

/* No character that no text has; whatever its charset. */
static bool
is_text(const struct file *file)
{
	for (size_t i = 0; i < file->len; i++)
		if (file->p[i] < ' ' && strchr("\t\n\f\r", file->p[i]) == NULL)
			return false;
	return memchr(file->p, '\0', file->len) == NULL && file->len > 0;
}

/* MPEG audio without a tag before it: layer III, a bitrate, a sampling rate. */
static bool
is_mp3(const struct file *file)
{
	return file->len >= 4 && file->p[0] == 0xff &&
	       (file->p[1] & 0xe6) == 0xe2 && (file->p[1] & 0x18) != 0x08 &&
	       (file->p[2] & 0xf0) != 0xf0 && (file->p[2] & 0xf0) != 0 &&
	       (file->p[2] & 0x0c) != 0x0c;
}

static const char *
plain_type(const struct file *file)
{
	if (AT(file, 0, "OggS"))
		return "audio/ogg";
	if (AT(file, 0, "RIFF") && AT(file, 8, "WAVE"))
		return "audio/wav";
	if (AT(file, 4, "ftyp") && (AT(file, 8, "M4A") || AT(file, 8, "mp4") ||
					   AT(file, 8, "isom")))
		return "audio/mp4";
	if (AT(file, 0, "ID3") || is_mp3(file))
		return "audio/mpeg";
	return is_text(file) ? TEXT : NULL;
}

/* ---- all of it -------------------------------------------------------------
 */

typedef void look_fn(const void *data, size_t len, struct ouv_look *look);

/* clang-format off */
static const struct {
	const char *mark;
	size_t len;
	const char *type;
	look_fn *look;
} pictures[] = {
	{ "%PDF-", 5, "application/pdf", ouv_look_pdf },
	{ "\xff\xd8\xff", 3, "image/jpeg", ouv_look_jpeg },
	{ "\x89PNG\r\n\x1a\n", 8, "image/png", ouv_look_png },
	{ "II*\0", 4, "image/tiff", ouv_look_tiff },
	{ "MM\0*", 4, "image/tiff", ouv_look_tiff },
};
/* clang-format on */

void
ouv_attach_look(const void *data, size_t len, struct ouv_look *look_out)
{
	const struct file file = { data, len };
	struct ouv_look look = { .type = NULL };

	for (size_t i = 0; i < sizeof(pictures) / sizeof(pictures[0]); i++)
		if (is_at(&file, 0, pictures[i].mark, pictures[i].len)) {
			look.type = pictures[i].type;
			pictures[i].look(data, len, &look);
			*look_out = look;
			return;
		}
	if (AT(&file, 0, "PK\3\4")) {
		look.type = odf_type(&file);
		if (look.type == NULL)
			look.type = ooxml_type(&file);
		/* Without the end of its directory it was cut off. */
		look.damaged = memmem(file.p, file.len, "PK\5\6", 4) == NULL;
	} else {
		look.type = plain_type(&file);
	}
	*look_out = look;
}
