/*
 * archive.c - a PDF of cairo's becomes one that can be kept (ISO 19005-2, B)
 *
 * The only door to qpdf.  What is added: what the file is (XMP), what its
 * colours mean, its language, and an identifier made of its own bytes.  What is
 * set right: a map that cairo leaves out of its fonts.
 */
#include <qpdf/qpdf-c.h>
#include <string.h>
#include <time.h>

#include "inner.h"
#include "ouv/log.h"

#define PRODUCER "Ouvidoria " OUV_VERSION

/* Key and value, each as PDF writes it. */
struct entry {
	const char *key, *value;
};

static qpdf_oh
dictionary(qpdf_data q, const struct entry *list, size_t count)
{
	qpdf_oh dict = qpdf_oh_new_dictionary(q);

	for (size_t i = 0; i < count; i++)
		qpdf_oh_replace_key(
			q, dict, list[i].key, qpdf_oh_parse(q, list[i].value));
	return dict;
}

/* ---- what it says of itself ------------------------------------------------
 */

static void
xml_text(struct ouv_buf *buf, const char *text)
{
	for (; *text != '\0'; text++)
		switch (*text) {
		case '&':
			ouv_buf_text(buf, "&amp;");
			break;
		case '<':
			ouv_buf_text(buf, "&lt;");
			break;
		case '>':
			ouv_buf_text(buf, "&gt;");
			break;
		case '\n':
			ouv_buf_char(buf, ' ');
			break;
		default:
			ouv_buf_char(buf, *text);
		}
}

/* Wrapped: <dc:title><rdf:Alt><rdf:li ...>text</...> */
static void
xml_list(struct ouv_buf *buf, const char *name, const char *list,
	const char *attribute, const char *text)
{
	ouv_buf_printf(buf, "<%s><rdf:%s><rdf:li%s>", name, list, attribute);
	xml_text(buf, text);
	ouv_buf_printf(buf, "</rdf:li></rdf:%s></%s>\n", list, name);
}

static struct ouv_str
xmp(struct ouv_arena *arena, const struct ouv_print_about *about)
{
	struct ouv_buf buf;
	struct tm tm;
	char at[32];

	(void)gmtime_r(&(time_t){ about->made_at }, &tm);
	(void)strftime(at, sizeof(at), "%Y-%m-%dT%H:%M:%SZ", &tm);
	ouv_buf_init(&buf, arena, 2048);
	ouv_buf_text(&buf,
		"<?xpacket begin=\"\xEF\xBB\xBF\" "
		"id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"
		"<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n"
		"<rdf:RDF xmlns:rdf="
		"\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n"
		"<rdf:Description rdf:about=\"\"\n"
		" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"\n"
		" xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\"\n"
		" xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\"\n"
		" xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\">\n"
		"<pdfaid:part>2</pdfaid:part>\n"
		"<pdfaid:conformance>B</pdfaid:conformance>\n");
	xml_list(&buf, "dc:title", "Alt", " xml:lang=\"x-default\"",
		about->title);
	xml_list(&buf, "dc:creator", "Seq", "", about->author);
	xml_list(&buf, "dc:language", "Bag", "", about->lang);
	ouv_buf_printf(&buf,
		"<xmp:CreateDate>%s</xmp:CreateDate>\n"
		"<pdf:Producer>" PRODUCER "</pdf:Producer>\n",
		at);
	ouv_buf_text(&buf, "</rdf:Description>\n</rdf:RDF>\n</x:xmpmeta>\n"
			   "<?xpacket end=\"r\"?>");
	return (struct ouv_str){ buf.data, buf.len };
}

/* A stream that no filter packs, so that any program finds it. */
static void
add_metadata(qpdf_data q, qpdf_oh root, struct ouv_str packet)
{
	static const struct entry keys[] = { { "/Type", "/Metadata" },
		{ "/Subtype", "/XML" } };
	qpdf_oh stream = qpdf_oh_new_stream(q);
	qpdf_oh dict = qpdf_oh_get_dict(q, stream);

	for (size_t i = 0; i < 2; i++)
		qpdf_oh_replace_key(
			q, dict, keys[i].key, qpdf_oh_parse(q, keys[i].value));
	qpdf_oh_replace_stream_data(q, stream, (const unsigned char *)packet.p,
		packet.len, qpdf_oh_new_null(q), qpdf_oh_new_null(q));
	qpdf_oh_replace_key(q, root, "/Metadata", stream);
}

static void
add_intent(qpdf_data q, qpdf_oh root, struct ouv_str profile)
{
	static const struct entry keys[] = { { "/Type", "/OutputIntent" },
		{ "/S", "/GTS_PDFA1" },
		{ "/OutputConditionIdentifier", "(sRGB)" },
		{ "/Info", "(sRGB IEC61966-2.1)" } };
	qpdf_oh stream = qpdf_oh_new_stream(q);
	qpdf_oh intent = dictionary(q, keys, 4);
	qpdf_oh list = qpdf_oh_new_array(q);

	qpdf_oh_replace_key(q, qpdf_oh_get_dict(q, stream), "/N",
		qpdf_oh_new_integer(q, 3));
	qpdf_oh_replace_stream_data(q, stream, (const unsigned char *)profile.p,
		profile.len, qpdf_oh_new_null(q), qpdf_oh_new_null(q));
	qpdf_oh_replace_key(q, intent, "/DestOutputProfile", stream);
	qpdf_oh_append_item(q, list, intent);
	qpdf_oh_replace_key(q, root, "/OutputIntents", list);
}

/* ---- what cairo leaves out -------------------------------------------------
 */

/* ISO 19005-2, 6.2.11.3.2: a font of TrueType glyphs says which number is which
 * glyph, even where they are the same. */
static void
mend_fonts(qpdf_data q)
{
	qpdf_oh trailer = qpdf_get_trailer(q);
	int size = qpdf_oh_get_int_value_as_int(
		q, qpdf_oh_get_key(q, trailer, "/Size"));

	for (int id = 1; id < size; id++) {
		qpdf_oh object = qpdf_get_object_by_id(q, id, 0);
		qpdf_oh kind;

		if (!qpdf_oh_is_dictionary(q, object))
			continue;
		kind = qpdf_oh_get_key(q, object, "/Subtype");
		if (!qpdf_oh_is_name(q, kind) ||
			strcmp(qpdf_oh_get_name(q, kind), "/CIDFontType2") != 0)
			continue;
		if (!qpdf_oh_has_key(q, object, "/CIDToGIDMap"))
			qpdf_oh_replace_key(q, object, "/CIDToGIDMap",
				qpdf_oh_new_name(q, "/Identity"));
	}
}

static void
set_root(qpdf_data q, const struct ouv_print_about *about,
	struct ouv_str packet, struct ouv_str profile)
{
	qpdf_oh root = qpdf_get_root(q);

	add_metadata(q, root, packet);
	add_intent(q, root, profile);
	qpdf_oh_replace_key(
		q, root, "/Lang", qpdf_oh_new_unicode_string(q, about->lang));
	qpdf_oh_replace_key(q, root, "/ViewerPreferences",
		qpdf_oh_parse(q, "<< /DisplayDocTitle true >>"));
	qpdf_set_info_key(q, "/Producer", PRODUCER);
}

static bool
write_out(qpdf_data q)
{
	if (qpdf_init_write_memory(q) >= QPDF_ERRORS)
		return false;
	qpdf_set_deterministic_ID(q, QPDF_TRUE);
	qpdf_set_object_stream_mode(q, qpdf_o_disable);
	qpdf_set_newline_before_endstream(q, QPDF_TRUE);
	qpdf_set_minimum_pdf_version(q, "1.7");
	return qpdf_write(q) < QPDF_ERRORS;
}

enum ouv_err
archive_make(struct ouv_arena *arena, const struct ouv_print_about *about,
	struct ouv_str pdf, struct ouv_str *out)
{
	struct ouv_str packet = xmp(arena, about), profile;
	enum ouv_err err = colour_srgb(arena, &profile);
	qpdf_data q;

	if (err != OUV_OK)
		return err;
	q = qpdf_init();
	qpdf_set_suppress_warnings(q, QPDF_TRUE);
	err = OUV_TEMPORARY;
	if (qpdf_read_memory(q, "letter", pdf.p, pdf.len, NULL) >= QPDF_ERRORS)
		ouv_log_error("qpdf does not read what cairo wrote");
	else {
		mend_fonts(q);
		set_root(q, about, packet, profile);
		if (!write_out(q))
			ouv_log_error("qpdf does not write a file");
		else {
			out->len = qpdf_get_buffer_length(q);
			out->p = ouv_arena_memdup(
				arena, qpdf_get_buffer(q), out->len);
			err = OUV_OK;
		}
	}
	qpdf_cleanup(&q);
	return err;
}
