/*
 * text.c - which parts are the text of a mail, and that text
 *
 * RFC 2046 5.1: of alternatives the plain one is read unless it is empty or
 * only says that there is another; texts side by side are read one after the
 * other.  Everything else is an attachment.
 */
#include <string.h>
#include <strings.h>

#include "marks.h"

/* One stretch of text: alone, or an alternative in two shapes. */
struct block {
	struct ouv_buf plain, html;
	bool has_plain, has_html;
	struct mail_spans spans; /* of html */
};

enum side {
	MAIN,
	ALT_PLAIN,
	ALT_HTML
};

struct composer {
	struct ouv_arena *arena, *scratch;
	const struct mail_message *message;
	struct ouv_mail *mail;
	enum mail_role *roles;
	struct mail_found *found, **last_found;
	struct block *block; /* the alternative being read */
	struct ouv_buf text, html;
	struct mail_spans text_spans, html_spans;
	bool used_plain, used_html, two_shapes;
	bool inside; /* a mail inside a signed envelope, not in raw */
};

/* ---- uuencode inside a text ---------------------------------------------- */

/*
 * Cuts files out of a text that is not encoded (so that they have a place in
 * raw), and returns what is left.
 */
static struct ouv_str
cut_files(struct composer *c, struct ouv_str bytes)
{
	struct mail_lines lines = { bytes.p, bytes.p + bytes.len,
		mail_eol(bytes.p, bytes.len) };
	const char *from = bytes.p;
	struct ouv_str block, name;
	struct ouv_buf rest;
	bool any = false;

	if (bytes.len < 20 || memmem(bytes.p, bytes.len, "begin ", 6) == NULL)
		return bytes;
	while (mail_uu_find(&lines, &block, &name)) {
		struct mail_found *found =
			ouv_arena_alloc(c->arena, sizeof(*found));

		if (!any)
			ouv_buf_init(&rest, c->scratch, bytes.len);
		any = true;
		ouv_buf_add(&rest, from, (size_t)(block.p - from));
		from = block.p + block.len;
		found->offset = (size_t)(block.p - c->message->raw.p);
		found->length = block.len;
		found->filename = mail_clean_filename(c->arena,
			mail_decode_2047(c->arena, name, c->message->charset));
		*c->last_found = found;
		c->last_found = &found->next;
	}
	if (!any)
		return bytes;
	ouv_buf_add(&rest, from, (size_t)(bytes.p + bytes.len - from));
	return (struct ouv_str){ rest.data, rest.len };
}

/* ---- which parts are text
 * ------------------------------------------------------ */

static bool
is_type(const struct mail_leaf *leaf, const char *type)
{
	return !leaf->multipart && strcmp(leaf->content_type, type) == 0;
}

/* A text may have a file's name and be the body all the same. */
static bool
is_body_place(const struct mail_message *message, const struct mail_leaf *leaf)
{
	const struct mail_leaf *parent;

	if (leaf->parent < 0)
		return true;
	parent = &message->nodes[leaf->parent];
	if (strcmp(parent->content_type, "multipart/alternative") == 0)
		return true;
	return strcmp(parent->content_type, "multipart/related") == 0 &&
	       leaf == parent + 1;
}

/* Text with a few marks in it. */
static bool
is_rich(const struct mail_leaf *leaf)
{
	return is_type(leaf, "text/enriched") || is_type(leaf, "text/richtext");
}

static bool
is_shown(const struct mail_message *message, const struct mail_leaf *leaf)
{
	if (!is_type(leaf, "text/plain") && !is_type(leaf, "text/html") &&
		!is_rich(leaf))
		return false;
	if (*leaf->disposition != '\0' &&
		strcmp(leaf->disposition, "inline") != 0)
		return false;
	return leaf->filename == NULL || is_body_place(message, leaf);
}

/* The first index behind the subtree of node i. */
static size_t
after(const struct mail_message *message, size_t i)
{
	size_t j = i + 1;

	while (j < message->count &&
		message->nodes[j].depth > message->nodes[i].depth)
		j++;
	return j;
}

static bool
holds(const struct mail_message *message, size_t i, const char *type)
{
	size_t end = after(message, i);

	for (; i < end; i++)
		if (is_type(&message->nodes[i], type) &&
			is_shown(message, &message->nodes[i]))
			return true;
	return false;
}

static void
new_line(struct ouv_buf *buf)
{
	if (buf->len > 0 && buf->data[buf->len - 1] != '\n')
		ouv_buf_char(buf, '\n');
}

/* What a text leaf says, appended to out. */
static void
render_plain(
	const struct mail_leaf *leaf, struct ouv_str text, struct ouv_buf *out)
{
	const char *format = mail_param(&leaf->type, "format");
	const char *delsp = mail_param(&leaf->type, "delsp");

	if (is_rich(leaf))
		mail_rich(text, is_type(leaf, "text/enriched"), out);
	else if (format != NULL && strcasecmp(format, "flowed") == 0)
		mail_unflow(text,
			delsp != NULL && strcasecmp(delsp, "yes") == 0, out);
	else
		ouv_buf_add(out, text.p, text.len);
}

/* Appends what HTML said of lines that stand `shift` bytes further on now. */
static void
add_spans(struct composer *c, struct mail_spans *to,
	const struct mail_spans *from, size_t shift)
{
	struct mail_span *list;

	if (from->count == 0)
		return;
	list = ouv_arena_array(
		c->arena, to->count + from->count, sizeof(*list));
	if (to->count > 0)
		memcpy(list, to->list, to->count * sizeof(*list));
	for (size_t i = 0; i < from->count; i++) {
		list[to->count + i] = from->list[i];
		list[to->count + i].from += shift;
		list[to->count + i].to += shift;
	}
	to->list = list;
	to->count += from->count;
}

void
mail_say_rendering(struct ouv_arena *arena, struct ouv_mail *mail,
	const struct mail_rendering *seen)
{
	if (seen->hidden) {
		mail_defect(arena, mail, "hidden-text");
		mail_mark(arena, mail, "hidden-text");
	}
	if (seen->remote)
		mail_mark(arena, mail, "remote-content");
	if (seen->too_deep)
		mail_defect(arena, mail, "html-depth-limit");
	if (seen->cut)
		mail_defect(arena, mail, "html-limit");
}

static void
render_html(struct composer *c, struct ouv_str text, struct ouv_buf *out)
{
	struct mail_rendering seen = mail_html_render(c->scratch, text, out);

	add_spans(c, out == &c->text ? &c->text_spans : &c->block->spans,
		&seen.spans, 0);
	mail_say_rendering(c->arena, c->mail, &seen);
}

/* A file that was sent as the whole mail, or is no text at all. */
static bool
keeps_file(
	struct composer *c, const struct mail_leaf *leaf, struct ouv_str bytes)
{
	if (bytes.len > 0 && memchr(bytes.p, '\0', bytes.len) != NULL &&
		(leaf->charset == NULL ||
			(strncasecmp(leaf->charset, "utf-16", 6) != 0 &&
				strncasecmp(leaf->charset, "utf-32", 6) != 0 &&
				strncasecmp(leaf->charset, "ucs", 3) != 0))) {
		mail_defect(c->arena, c->mail, "zero-bytes");
		return true;
	}
	return leaf->parent < 0 && leaf->filename != NULL;
}

/* Reads one leaf into out; it stays a file as well if it is too long. */
static void
read_leaf(struct composer *c, size_t i, struct ouv_buf *out)
{
	const struct mail_leaf *leaf = &c->message->nodes[i];
	bool html = is_type(leaf, "text/html");
	size_t most = html ? MAIL_HTML_MAX : MAIL_TEXT_MAX;
	struct ouv_arena *outer = c->scratch;
	struct ouv_str encoded = { c->message->raw.p + leaf->offset,
		leaf->length };
	struct ouv_str bytes, text;

	c->scratch = ouv_arena_new(OUV_ARENA_WIPE);
	if (!mail_decode_bytes(c->scratch, leaf->encoding, encoded, &bytes))
		mail_defect(c->arena, c->mail, "bad-encoding");
	if (!html && !c->inside && leaf->encoding == OUV_MAIL_IDENTITY)
		bytes = cut_files(c, bytes);
	c->roles[i] =
		keeps_file(c, leaf, bytes) ? MAIL_ROLE_BOTH : MAIL_ROLE_TEXT;
	if (bytes.len > most) {
		/* a charset is cut at a line, if there is one near */
		const char *nl = memrchr(bytes.p + most - 4096, '\n', 4096);

		bytes.len = nl == NULL ? most : (size_t)(nl + 1 - bytes.p);
		c->roles[i] = MAIL_ROLE_BOTH;
		mail_defect(c->arena, c->mail, "text-limit");
	}
	text = mail_utf8_of(
		c->scratch, c->message, leaf, bytes, c->mail, c->arena);
	new_line(out);
	if (html)
		render_html(c, text, out);
	else
		render_plain(leaf, text, out);
	ouv_arena_free(&c->scratch);
	c->scratch = outer;
}

static void walk(struct composer *c, size_t i, enum side side);

/* Shapes of a text that are neither read nor worth a file. */
static bool
is_other_shape(const struct mail_leaf *leaf)
{
	return is_type(leaf, "text/x-amp-html") ||
	       is_type(leaf, "text/watch-html") || is_rich(leaf);
}

static void
join_block(struct composer *c, struct block *block)
{
	enum mail_choice choice = MAIL_READ_HTML;
	const struct ouv_buf *shown;
	bool html;

	if (block->has_plain)
		choice = mail_choose(
			(struct ouv_str){ block->plain.data, block->plain.len },
			(struct ouv_str){ block->html.data, block->html.len });
	if (choice == MAIL_READ_HTML_MORE)
		mail_defect(c->arena, c->mail, "plain-incomplete");
	html = block->has_html && choice != MAIL_READ_PLAIN;
	shown = html ? &block->html : &block->plain;
	new_line(&c->text);
	if (html)
		add_spans(c, &c->text_spans, &block->spans, c->text.len);
	ouv_buf_add(&c->text, shown->data, shown->len);
	c->used_html |= html;
	c->used_plain |= !html;
	new_line(&c->html);
	add_spans(c, &c->html_spans, &block->spans, c->html.len);
	ouv_buf_add(&c->html, block->has_html ? block->html.data : shown->data,
		block->has_html ? block->html.len : shown->len);
	c->two_shapes |= block->has_html && block->has_plain;
}

/* The children of an alternative, each on its side. */
static void
walk_sides(struct composer *c, size_t i)
{
	size_t end = after(c->message, i);
	bool plain = holds(c->message, i, "text/plain");
	bool html = holds(c->message, i, "text/html");

	for (size_t j = i + 1; j < end; j = after(c->message, j)) {
		const struct mail_leaf *node = &c->message->nodes[j];

		if (holds(c->message, j, "text/html"))
			walk(c, j, ALT_HTML);
		else if (holds(c->message, j, "text/plain") ||
			 (!plain && !html && is_rich(node)))
			walk(c, j, ALT_PLAIN);
		else if ((plain || html) && is_other_shape(node))
			c->roles[j] = MAIL_ROLE_TEXT;
	}
}

static void
walk_alternative(struct composer *c, size_t i)
{
	struct ouv_arena *outer = c->scratch;
	struct block block = { 0 };

	c->scratch = ouv_arena_new(OUV_ARENA_WIPE);
	ouv_buf_init(&block.plain, c->scratch, 0);
	ouv_buf_init(&block.html, c->scratch, 0);
	c->block = &block;
	walk_sides(c, i);
	c->block = NULL;
	if (block.has_plain || block.has_html)
		join_block(c, &block);
	ouv_arena_free(&c->scratch);
	c->scratch = outer;
}

static void
walk_leaf(struct composer *c, size_t i, enum side side)
{
	const struct mail_leaf *leaf = &c->message->nodes[i];
	bool html = is_type(leaf, "text/html");

	if (!is_shown(c->message, leaf))
		return;
	if (c->text.len >= MAIL_TEXT_MAX) { /* enough: it stays a file */
		mail_defect(c->arena, c->mail, "text-limit");
		return;
	}
	if (side == MAIN) {
		size_t begin = c->text.len;

		read_leaf(c, i, &c->text);
		c->used_html |= html;
		c->used_plain |= !html;
		new_line(&c->html);
		ouv_buf_add(
			&c->html, c->text.data + begin, c->text.len - begin);
		return;
	}
	if (side == ALT_HTML) {
		read_leaf(c, i, &c->block->html);
		c->block->has_html = true;
		return;
	}
	/* a second plain one beside the first is the same text again */
	if (c->block->has_plain &&
		strcmp(c->message->nodes[leaf->parent].content_type,
			"multipart/alternative") == 0) {
		c->roles[i] = MAIL_ROLE_TEXT;
		return;
	}
	read_leaf(c, i, &c->block->plain);
	c->block->has_plain = true;
}

/* Depth is at most MAIL_DEPTH_MAX: mime.c goes no deeper. */
static void
walk(struct composer *c, size_t i, enum side side)
{
	const struct mail_leaf *node = &c->message->nodes[i];
	size_t end = after(c->message, i);
	bool alternative =
		node->multipart &&
		strcmp(node->content_type, "multipart/alternative") == 0;

	if (!node->multipart) {
		walk_leaf(c, i, side);
		return;
	}
	if (alternative) {
		if (side == MAIN)
			walk_alternative(c, i);
		else
			walk_sides(c, i);
		return;
	}
	for (size_t j = i + 1; j < end; j = after(c->message, j))
		walk(c, j, side);
}

/* A mail whose only text calls itself an attachment is read all the same. */
static void
read_attached_text(struct composer *c)
{
	for (size_t i = 0; i < c->message->count; i++) {
		const struct mail_leaf *leaf = &c->message->nodes[i];

		if (leaf->filename != NULL || leaf->length == 0 ||
			(!is_type(leaf, "text/plain") &&
				!is_type(leaf, "text/html")))
			continue;
		read_leaf(c, i, &c->text);
		c->used_html = is_type(leaf, "text/html");
		c->used_plain = !c->used_html;
		return;
	}
}

/* ---- mails whose only text has another shape -------------------------------
 */

static bool
is_blank(const struct ouv_buf *text)
{
	for (size_t i = 0; i < text->len; i++)
		if ((unsigned char)text->data[i] > ' ')
			return false;
	return true;
}

static void
add_rtf(struct composer *c, size_t i)
{
	const struct mail_leaf *leaf = &c->message->nodes[i];
	struct ouv_buf text;
	enum mail_rtf kind;

	ouv_buf_init(&text, c->scratch, 0);
	kind = mail_rtf_read(c->scratch,
		mail_leaf_bytes(c->scratch, c->message, leaf), &text);
	if (kind == MAIL_RTF_NONE || text.len > MAIL_TEXT_MAX)
		return;
	if (kind == MAIL_RTF_HTML)
		render_html(
			c, (struct ouv_str){ text.data, text.len }, &c->text);
	else
		ouv_buf_add(&c->text, text.data, text.len);
	c->used_plain = true;
	if (leaf->filename == NULL)
		c->roles[i] = MAIL_ROLE_TEXT;
}

static void
read_rtf(struct composer *c)
{
	for (size_t i = 0; i < c->message->count && is_blank(&c->text); i++) {
		const struct mail_leaf *leaf = &c->message->nodes[i];

		if ((is_type(leaf, "text/rtf") ||
			    is_type(leaf, "application/rtf")) &&
			(leaf->filename == NULL || leaf->parent < 0))
			add_rtf(c, i);
	}
}

/* The mail that was signed, read like any other; its files stay inside. */
static void
add_enveloped(struct composer *c, struct ouv_str content)
{
	struct mail_message *inner = ouv_arena_alloc(c->arena, sizeof(*inner));
	struct mail_lines lines = { content.p, content.p + content.len,
		mail_eol(content.p, content.len) };
	struct composer sub = { .arena = c->arena,
		.scratch = c->scratch,
		.message = inner,
		.mail = c->mail,
		.inside = true };

	inner->raw = content;
	inner->charset = c->message->charset;
	sub.last_found = &sub.found;
	mail_header_lines(c->arena, &lines, &inner->header);
	if (mail_field_nth(&inner->header, "Content-Type", 0) == NULL)
		return; /* a file that somebody signed, no mail */
	mail_structure(c->arena, &lines, inner, c->mail);
	sub.roles = ouv_arena_array(c->arena, inner->count, sizeof(*sub.roles));
	ouv_buf_init(&sub.text, c->scratch, 0);
	ouv_buf_init(&sub.html, c->scratch, 0);
	walk(&sub, 0, MAIN);
	add_spans(c, &c->text_spans, &sub.text_spans, c->text.len);
	ouv_buf_add(&c->text, sub.text.data, sub.text.len);
	c->used_plain |= sub.used_plain;
	c->used_html |= sub.used_html;
	for (size_t i = 0; i < inner->count; i++)
		if (!inner->nodes[i].multipart &&
			sub.roles[i] != MAIL_ROLE_TEXT)
			mail_defect(c->arena, c->mail, "files-in-envelope");
	mail_marks(c->arena, inner, c->mail);
}

static void
read_enveloped(struct composer *c)
{
	for (size_t i = 0; i < c->message->count && is_blank(&c->text); i++) {
		const struct mail_leaf *leaf = &c->message->nodes[i];
		struct ouv_str content;

		if (!mail_is_smime(c->message, leaf))
			continue;
		(void)mail_cms_open(c->arena,
			mail_leaf_bytes(c->scratch, c->message, leaf),
			&content);
		if (content.p != NULL)
			add_enveloped(c, content);
	}
}

static void
read_invite(struct composer *c)
{
	for (size_t i = 0; i < c->message->count && is_blank(&c->text); i++) {
		const struct mail_leaf *leaf = &c->message->nodes[i];
		struct ouv_str text;

		if (!is_type(leaf, "text/calendar"))
			continue;
		text = mail_utf8_of(c->scratch, c->message, leaf,
			mail_leaf_bytes(c->scratch, c->message, leaf), c->mail,
			c->arena);
		mail_invite(c->scratch, text, &c->text);
		c->used_plain |= c->text.len > 0;
	}
}

/* Signed in clear: the text without its armor, and the mark. */
static void
take_armor_off(struct composer *c)
{
	struct ouv_str text = { c->text.data, c->text.len };
	struct ouv_buf clear;

	if ((mail_armor(text) & MAIL_ARMOR_SIGNED) == 0)
		return;
	mail_mark(c->arena, c->mail, "pgp-signed");
	ouv_buf_init(&clear, c->arena, text.len);
	mail_armor_strip(text, &clear);
	c->text = clear;
	c->text_spans.count = 0; /* the lines have moved */
	c->text_spans.count = 0; /* they are elsewhere now */
}

void
mail_text(struct ouv_arena *arena, struct mail_message *message,
	struct ouv_mail *mail, enum mail_role *roles,
	struct mail_found **found_out)
{
	struct composer c = {
		.arena = arena, .message = message, .mail = mail, .roles = roles
	};

	c.last_found = &c.found;
	c.scratch = ouv_arena_new(OUV_ARENA_WIPE);
	ouv_buf_init(&c.text, arena, 0);
	ouv_buf_init(&c.html, c.scratch, 0);
	walk(&c, 0, MAIN);
	if (!c.used_plain && !c.used_html)
		read_attached_text(&c);
	read_enveloped(&c);
	read_rtf(&c);
	read_invite(&c);
	take_armor_off(&c);
	mail->text = c.text.data;
	mail->text_source = c.used_plain  ? OUV_TEXT_PLAIN
			    : c.used_html ? OUV_TEXT_HTML
					  : OUV_TEXT_NONE;
	if (c.two_shapes)
		mail->html_text =
			ouv_arena_strndup(arena, c.html.data, c.html.len);
	c.text_spans.of = mail->text;
	c.html_spans.of = mail->html_text;
	message->text_spans = c.text_spans;
	message->html_spans = c.html_spans;
	ouv_arena_free(&c.scratch);
	*found_out = c.found;
}
