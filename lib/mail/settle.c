/*
 * settle.c - parts that are not what they say, once all of them are known
 *
 * A multipart without parts, base64 that is prose, a page that nobody calls
 * one, a letter that was written where no program looks: whatever it takes,
 * a person sees the text.
 */
#include <string.h>
#include <strings.h>

#include "internal.h"

#define LOOK_AT 4096 /* bytes of a part that tell what it is */
#define SHORT 64     /* letters that could be a word as well as base64 */

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '+' || c == '/' || c == '=';
}

/* Is the first line whole groups of four? Then a list's footer follows. */
static bool
first_line_is_base64(struct ouv_str text)
{
	size_t n = 0;

	while (n < text.len && is_letter(text.p[n]))
		n++;
	return n >= 8 && n % 4 == 0 && n < text.len &&
	       (text.p[n] == '\n' || text.p[n] == '\r');
}

/* Signs that base64 has not, and blanks between words of any length. */
static size_t
odd_signs(struct ouv_str text)
{
	size_t odd = 0, blanks = 0, run = 0, in_line = 0;
	bool ragged = false;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.p[i];

		if (is_letter(c)) {
			run++;
			continue;
		}
		if (c == '\n' || c == '\r') {
			ragged |= in_line > 0 && run % 4 != 0;
			in_line = 0;
		} else if (c == ' ' || c == '\t') {
			ragged |= run % 4 != 0;
			in_line += run > 0;
			blanks += run > 0;
		} else {
			odd++;
		}
		run = 0;
	}
	ragged |= in_line > 0 && run % 4 != 0;
	return odd + (ragged ? blanks : 0);
}

/* Is it a text in UTF-8 once decoded? */
static bool
decodes_to_text(struct ouv_arena *arena, struct ouv_str text)
{
	struct ouv_str bytes;

	(void)mail_decode_bytes(arena, OUV_MAIL_BASE64, text, &bytes);
	for (size_t i = 0; i < bytes.len; i++)
		if ((unsigned char)bytes.p[i] < ' ' &&
			strchr("\t\n\r\f\016\017\033", bytes.p[i]) == NULL)
			return false;
	return bytes.len > 0 && mail_utf8_valid(bytes);
}

/* Letters as a word has them: base64 mixes high, low and digits. */
static bool
is_word(struct ouv_str text)
{
	size_t low = 0, high = 0;

	for (size_t i = 0; i < text.len; i++) {
		low += text.p[i] >= 'a' && text.p[i] <= 'z';
		high += text.p[i] >= 'A' && text.p[i] <= 'Z';
	}
	return low + high == text.len &&
	       (low == 0 || high == 0 ||
		       (high == 1 && text.p[0] >= 'A' && text.p[0] <= 'Z'));
}

/*
 * A few letters can be a word as well as base64: "Obrigado" decodes, too, but
 * to nothing that anybody wrote.
 */
static bool
is_short_base64(struct ouv_arena *arena, struct ouv_str text)
{
	text = mail_trim(text);
	return text.len == 0 || text.p[text.len - 1] == '=' ||
	       (odd_signs(text) == 0 && text.len % 4 == 0 && !is_word(text)) ||
	       decodes_to_text(arena, text);
}

static bool
is_base64(struct ouv_arena *arena, struct ouv_str text)
{
	if (text.len <= SHORT)
		return is_short_base64(arena, text);
	if (text.len > LOOK_AT)
		text.len = LOOK_AT;
	return first_line_is_base64(text) || odd_signs(text) * 25 <= text.len;
}

static void
settle_encoding(struct ouv_arena *arena, struct mail_message *message,
	struct mail_leaf *node, struct ouv_mail *mail)
{
	struct ouv_str encoded = { message->raw.p + node->offset,
		node->length };

	if (node->multipart || node->encoding != OUV_MAIL_BASE64 ||
		strncmp(node->content_type, "text/", 5) != 0 ||
		is_base64(arena, encoded))
		return;
	mail_defect(arena, mail, "bad-encoding");
	node->encoding = OUV_MAIL_IDENTITY;
}

/* A page that nobody calls one begins like one. */
static bool
is_page(const struct mail_message *message, const struct mail_leaf *node)
{
	struct ouv_str text = mail_trim((struct ouv_str){
		message->raw.p + node->offset, node->length });

	return !node->typed && node->filename == NULL &&
	       node->encoding != OUV_MAIL_BASE64 &&
	       strcmp(node->content_type, "text/plain") == 0 &&
	       ((text.len > 14 &&
			strncasecmp(text.p, "<!doctype html", 14) == 0) ||
		       (text.len > 6 && strncasecmp(text.p, "<html", 5) == 0 &&
			       (text.p[5] == '>' || text.p[5] == ' ')));
}

/* RFC 2046 4.1.4: text of a kind we do not know is text. */
static bool
is_other_text(const struct mail_leaf *node)
{
	static const char *const known[] = { "plain", "html", "enriched",
		"richtext", "calendar", "rtf", "enriched", "richtext", "vcard",
		"x-vcard", "directory" };

	if (node->multipart || strncmp(node->content_type, "text/", 5) != 0 ||
		node->filename != NULL || *node->disposition != '\0')
		return false;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(node->content_type + 5, known[i]) == 0)
			return false;
	return true;
}

static void
settle_type(struct mail_message *message, size_t i, struct ouv_mail *mail,
	struct ouv_arena *arena)
{
	struct mail_leaf *node = &message->nodes[i];
	bool parent = i + 1 < message->count &&
		      message->nodes[i + 1].parent == (int)i;

	if (node->multipart && !parent) {
		/* nobody would see it otherwise */
		mail_defect(arena, mail, "no-parts");
		node->multipart = false;
		node->typed = false;
		node->content_type = "text/plain";
	}
	if (i == 0 && is_other_text(node))
		node->content_type = "text/plain";
	if (!node->multipart && is_page(message, node))
		node->content_type = "text/html";
}

static bool
has_text(const struct mail_message *message)
{
	for (size_t i = 0; i < message->count; i++)
		if (strcmp(message->nodes[i].content_type, "text/plain") == 0 ||
			strcmp(message->nodes[i].content_type, "text/html") ==
				0)
			return true;
	return false;
}

/* What mailers write for readers without MIME is no letter. */
static bool
is_notice(struct ouv_str text)
{
	size_t most = text.len < 400 ? text.len : 400;

	return memmem(text.p, most, "MIME", 4) != NULL ||
	       memmem(text.p, most, "multi-part", 10) != NULL ||
	       memmem(text.p, most, "multipart", 9) != NULL;
}

/* A letter in front of the first part or behind the last becomes a part. */
static void
add_edge(struct ouv_arena *arena, struct mail_message *message, size_t from,
	size_t to)
{
	struct mail_leaf *more, *node;

	if (to <= from ||
		mail_trim((struct ouv_str){ message->raw.p + from, to - from })
				.len == 0 ||
		is_notice((struct ouv_str){ message->raw.p + from, to - from }))
		return;
	more = ouv_arena_array(arena, message->count + 1, sizeof(*more));
	memcpy(more, message->nodes, message->count * sizeof(*more));
	message->nodes = more;
	node = &more[message->count++];
	node->content_type = "text/plain";
	node->type.value = "";
	node->disposition = "";
	node->offset = from;
	node->length = to - from;
	node->depth = 1;
}

void
mail_settle(struct ouv_arena *arena, struct mail_message *message,
	const struct mail_edges *edges, struct ouv_mail *mail)
{
	for (size_t i = 0; i < message->count; i++) {
		settle_encoding(arena, message, &message->nodes[i], mail);
		settle_type(message, i, mail, arena);
	}
	if (!message->nodes[0].multipart || has_text(message))
		return;
	if (edges->preamble > 0)
		add_edge(arena, message, message->nodes[0].offset,
			edges->preamble);
	if (edges->epilogue > 0)
		add_edge(arena, message, edges->epilogue, message->raw.len);
}
