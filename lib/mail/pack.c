/*
 * pack.c - a message as it is kept in its case
 *
 * "<head> <text> <reply>\n", three decimal lengths, then so many bytes of the
 * parse document without its texts, of the text, and of what the writer wrote;
 * "=" for reply says that it is the whole text.  The texts stand outside the
 * JSON because reading and escaping them there costs more than all the rest.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

void
ouv_mail_pack(const struct ouv_mail *mail, struct ouv_buf *out)
{
	struct ouv_mail bare = *mail;
	size_t text = strlen(mail->text), reply = strlen(mail->reply_text);
	bool whole = text == reply &&
		     memcmp(mail->text, mail->reply_text, text) == 0;
	json_t *doc;
	char *head;

	bare.text = bare.reply_text = "";
	bare.html_text = NULL; /* can be made again from the raw bytes */
	doc = ouv_mail_to_json(&bare);
	head = json_dumps(doc, JSON_COMPACT);
	json_decref(doc);
	if (head == NULL)
		return;
	if (whole)
		ouv_buf_printf(out, "%zu %zu =\n", strlen(head), text);
	else
		ouv_buf_printf(out, "%zu %zu %zu\n", strlen(head), text, reply);
	ouv_buf_text(out, head);
	free(head);
	ouv_buf_add(out, mail->text, text);
	if (!whole)
		ouv_buf_add(out, mail->reply_text, reply);
}

/* One decimal length and the byte behind it. */
static bool
take_length(struct ouv_str *rest, char after, size_t *len_out)
{
	size_t len = 0, i = 0;

	while (i < rest->len && i < 9 && rest->p[i] >= '0' && rest->p[i] <= '9')
		len = len * 10 + (size_t)(rest->p[i++] - '0');
	if (i == 0 || i == rest->len || rest->p[i] != after)
		return false;
	rest->p += i + 1;
	rest->len -= i + 1;
	*len_out = len;
	return true;
}

static bool
take_text(struct ouv_arena *arena, struct ouv_str *rest, size_t len,
	const char **text_out)
{
	struct ouv_str text = { rest->p, len };

	if (len > rest->len || memchr(text.p, '\0', len) != NULL ||
		!mail_utf8_valid(text))
		return false;
	*text_out = ouv_arena_strndup(arena, text.p, len);
	rest->p += len;
	rest->len -= len;
	return true;
}

enum ouv_err
ouv_mail_unpack(struct ouv_arena *arena, struct ouv_str packed,
	struct ouv_mail *mail_out)
{
	struct ouv_str rest = packed;
	const char *text, *reply;
	size_t head_len, text_len, reply_len = 0;
	struct ouv_mail mail;
	bool whole;
	enum ouv_err err;
	json_t *doc;

	if (!take_length(&rest, ' ', &head_len) ||
		!take_length(&rest, ' ', &text_len))
		return OUV_INVALID;
	whole = rest.len >= 2 && rest.p[0] == '=' && rest.p[1] == '\n';
	if (whole) {
		rest.p += 2;
		rest.len -= 2;
	} else if (!take_length(&rest, '\n', &reply_len)) {
		return OUV_INVALID;
	}
	if (head_len > rest.len)
		return OUV_INVALID;
	doc = json_loadb(rest.p, head_len, 0, NULL);
	rest.p += head_len;
	rest.len -= head_len;
	err = doc != NULL ? ouv_mail_from_json(arena, doc, &mail) : OUV_INVALID;
	json_decref(doc);
	if (err != OUV_OK)
		return err;
	if (!take_text(arena, &rest, text_len, &text))
		return OUV_INVALID;
	reply = text;
	if (!whole && !take_text(arena, &rest, reply_len, &reply))
		return OUV_INVALID;
	if (rest.len != 0)
		return OUV_INVALID;
	mail.text = text;
	mail.reply_text = reply;
	*mail_out = mail;
	return OUV_OK;
}
