/*
 * mail_oracles.c - one mail as our reader, libetpan and GMime see it
 *
 * Included by the test that compares the three and by the bench that measures
 * them, so that both speak of the same work: parse from memory, decode every
 * part.
 */
#include <stdlib.h>
#include <string.h>

#include <gmime/gmime.h>
#include <libetpan/libetpan.h>

/* For the structure of a message, which ouv_mail_read keeps to itself. */
#include "../../lib/mail/read.c"

static const struct ouv_mail_office oracle_office = {
	.address = "ouvidoria@ouvidoria.example",
	.reply_local = "caso",
	.authserv_id = "mx.ouvidoria.example",
	.loop_id = "loop-7f3a",
};

/* What is compared; every string is from malloc. */
struct view {
	char *subject; /* UTF-8; NULL: none */
	char *from;    /* the first address; NULL: none */
	int leaves;
	char *text; /* decoded bytes of the first text part; NULL: none */
	size_t text_len;
	size_t decoded; /* bytes of all parts, decoded */
	int extra;      /* leaves that hold what is in no part */
	bool broken;    /* the header has a line that is no field */
	bool repaired;  /* a multipart was not as it says */
	bool odd_type;  /* the first text does not say that it is text */
};

/* The bench wants no copies. */
static bool keep_text = true;

static void
view_free(struct view *view)
{
	free(view->subject);
	free(view->from);
	free(view->text);
	memset(view, 0, sizeof(*view));
}

static char *
copy_of(const char *text, size_t len)
{
	char *copy = malloc(len + 1);

	if (copy == NULL)
		abort();
	if (len > 0)
		memcpy(copy, text, len);
	copy[len] = '\0';
	return copy;
}

static bool
is_text_type(const char *type)
{
	return strcasecmp(type, "text/plain") == 0 ||
	       strcasecmp(type, "text/html") == 0;
}

/* ---- GMime -----------------------------------------------------------------
 */

static void
gmime_part(GMimeObject *parent, GMimeObject *object, gpointer user)
{
	struct view *view = user;
	GMimeContentType *type = g_mime_object_get_content_type(object);
	GMimeDataWrapper *content;
	GMimeStream *stream;
	GByteArray *bytes;
	char *name;

	(void)parent;
	if (GMIME_IS_MULTIPART(object))
		return;
	view->leaves++;
	if (!GMIME_IS_PART(object) ||
		(content = g_mime_part_get_content(GMIME_PART(object))) == NULL)
		return;
	stream = g_mime_stream_mem_new();
	(void)g_mime_data_wrapper_write_to_stream(content, stream);
	bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
	view->decoded += bytes->len;
	name = g_mime_content_type_get_mime_type(type);
	if (keep_text && view->text == NULL && is_text_type(name)) {
		view->text = copy_of((const char *)bytes->data, bytes->len);
		view->text_len = bytes->len;
	}
	g_free(name);
	g_object_unref(stream);
}

static void
gmime_walk(GMimeObject *object, struct view *view)
{
	if (!GMIME_IS_MULTIPART(object)) {
		gmime_part(NULL, object, view);
		return;
	}
	for (int i = 0; i < g_mime_multipart_get_count(GMIME_MULTIPART(object));
		i++)
		gmime_walk(
			g_mime_multipart_get_part(GMIME_MULTIPART(object), i),
			view);
}

static void
view_gmime(const char *raw, size_t len, struct view *view)
{
	GMimeStream *stream = g_mime_stream_mem_new_with_buffer(raw, len);
	GMimeParser *parser = g_mime_parser_new_with_stream(stream);
	GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
	InternetAddressList *from;
	const char *subject;

	memset(view, 0, sizeof(*view));
	if (message != NULL) {
		subject = g_mime_message_get_subject(message);
		if (subject != NULL)
			view->subject = copy_of(subject, strlen(subject));
		from = g_mime_message_get_from(message);
		for (int i = 0; view->from == NULL && from != NULL &&
				i < internet_address_list_length(from);
			i++) {
			InternetAddress *ia =
				internet_address_list_get_address(from, i);

			if (INTERNET_ADDRESS_IS_MAILBOX(ia)) {
				const char *addr =
					internet_address_mailbox_get_addr(
						INTERNET_ADDRESS_MAILBOX(ia));

				if (addr != NULL)
					view->from =
						copy_of(addr, strlen(addr));
			}
		}
		if (g_mime_message_get_mime_part(message) != NULL)
			gmime_walk(g_mime_message_get_mime_part(message), view);
		g_object_unref(message);
	}
	g_object_unref(parser);
	g_object_unref(stream);
}

/* ---- libetpan --------------------------------------------------------------
 */

static bool
etpan_is_text(const struct mailmime *mime)
{
	const struct mailmime_content *type = mime->mm_content_type;

	if (type == NULL) /* RFC 2045 5.2 */
		return true;
	return type->ct_type->tp_type == MAILMIME_TYPE_DISCRETE_TYPE &&
	       type->ct_type->tp_data.tp_discrete_type->dt_type ==
		       MAILMIME_DISCRETE_TYPE_TEXT &&
	       (strcasecmp(type->ct_subtype, "plain") == 0 ||
		       strcasecmp(type->ct_subtype, "html") == 0);
}

static void
etpan_leaf(struct mailmime *mime, struct view *view)
{
	struct mailmime_data *data = mime->mm_data.mm_single;
	char *decoded = NULL;
	size_t at = 0, len = 0;

	view->leaves++;
	if (data == NULL || data->dt_type != MAILMIME_DATA_TEXT)
		return;
	if (mailmime_part_parse(data->dt_data.dt_text.dt_data,
		    data->dt_data.dt_text.dt_length, &at, data->dt_encoding,
		    &decoded, &len) != MAILIMF_NO_ERROR)
		return;
	view->decoded += len;
	if (keep_text && view->text == NULL && etpan_is_text(mime)) {
		view->text = copy_of(decoded, len);
		view->text_len = len;
	}
	mailmime_decoded_part_free(decoded);
}

static void
etpan_walk(struct mailmime *mime, bool top, struct view *view)
{
	clistiter *cur;

	switch (mime->mm_type) {
	case MAILMIME_SINGLE:
		etpan_leaf(mime, view);
		break;
	case MAILMIME_MULTIPLE:
		for (cur = clist_begin(mime->mm_data.mm_multipart.mm_mp_list);
			cur != NULL; cur = clist_next(cur))
			etpan_walk(clist_content(cur), false, view);
		break;
	case MAILMIME_MESSAGE:
		if (!top)
			view->leaves++;
		else if (mime->mm_data.mm_message.mm_msg_mime != NULL)
			etpan_walk(mime->mm_data.mm_message.mm_msg_mime, false,
				view);
		break;
	default:
		break;
	}
}

static void
etpan_fields(struct mailimf_fields *fields, struct view *view)
{
	struct mailimf_single_fields single;
	clistiter *first;

	mailimf_single_fields_init(&single, fields);
	if (single.fld_subject != NULL) {
		const char *value = single.fld_subject->sbj_value;
		char *decoded = NULL;
		size_t at = 0;

		if (mailmime_encoded_phrase_parse("iso-8859-1", value,
			    strlen(value), &at, "utf-8",
			    &decoded) == MAILIMF_NO_ERROR) {
			view->subject = copy_of(decoded, strlen(decoded));
			free(decoded);
		}
	}
	if (single.fld_from == NULL)
		return;
	first = clist_begin(single.fld_from->frm_mb_list->mb_list);
	if (first != NULL) {
		struct mailimf_mailbox *box = clist_content(first);

		if (box->mb_addr_spec != NULL)
			view->from = copy_of(
				box->mb_addr_spec, strlen(box->mb_addr_spec));
	}
}

static void
view_etpan(const char *raw, size_t len, struct view *view)
{
	struct mailmime *mime = NULL;
	size_t at = 0;

	memset(view, 0, sizeof(*view));
	if (mailmime_parse(raw, len, &at, &mime) != MAILIMF_NO_ERROR)
		return;
	if (mime->mm_type == MAILMIME_MESSAGE &&
		mime->mm_data.mm_message.mm_fields != NULL)
		etpan_fields(mime->mm_data.mm_message.mm_fields, view);
	etpan_walk(mime, true, view);
	mailmime_free(mime);
}
