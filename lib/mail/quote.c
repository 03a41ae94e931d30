/*
 * quote.c - which lines of a mail its writer wrote now
 *
 * Nothing is deleted: the whole text is kept beside this, the rest is folded
 * away on the page.  So in doubt a line counts as new.  Answers written
 * between quoted lines stay with them.
 */
#include <string.h>

#include "quote.h"

#define OWN_LIST 6 /* '>' lines without an attribution that may be a list */

/* A run of lines of one sort, with what is left of it. */
struct segment {
	size_t from, to; /* lines */
	bool quoted, attributed;
};

/* Answers stand inside the quoted text below. */
static const char *const inline_words[] = {
	"respostas abaixo",
	"resposta abaixo",
	"respondo abaixo",
	"respondi abaixo",
	"em vermelho",
	"em azul",
	"entre as linhas",
	"no corpo da mensagem",
	"ao longo do texto",
	"no proprio texto",
	"risposte sotto",
	"rispondo sotto",
	"risposte in linea",
	"in rosso",
	"vedi sotto le risposte",
	"risposte di seguito",
	"rispondo di seguito",
	"nel testo sotto",
	"inline",
	"in line",
	"in red",
	"in blue",
	"answers below",
	"comments below",
	"replies below",
	"responses below",
	"my answers in the text",
	"respuestas abajo",
	"respondo abajo",
	"en rojo",
	"en azul",
	"respuestas mas abajo",
	"reponses ci-dessous",
	"mes reponses",
	"en rouge",
	"dans le texte",
	"antworten unten",
	"antworten im text",
	"im text unten",
	"in rot",
	"siehe unten im text",
};

/* ---- where the rest is somebody else's ----------------------------------- */

/* Behind the separator at i, the header and attribution that follow it. */
static size_t
after_announcement(const struct quote_letter *letter, size_t i)
{
	size_t next = quote_next(letter, i);
	struct quote_block block;

	if (next >= letter->count || letter->lines[next].kind != QUOTE_TEXT)
		return i;
	quote_read_block(letter, next, &block);
	if (block.seen != 0)
		i = block.end;
	next = quote_next(letter, i);
	if (next < letter->count && letter->lines[next].kind == QUOTE_TEXT) {
		size_t n = quote_intro(letter, next);

		if (n > 0)
			i = next + n;
	}
	return i;
}

/*
 * "Here is what they sent me:", and then a header: the writer shows a mail
 * and may go on after it.  Programs that quote say so, or the subject does.
 */
static bool
is_shown(const struct quote_letter *letter, size_t i)
{
	size_t before = quote_before(letter, i);

	return before < letter->count && !letter->lines[i].head &&
	       letter->kind == SUBJECT_OTHER &&
	       letter->lines[before].kind == QUOTE_TEXT &&
	       mail_ends(quote_plain(letter, before), ":");
}

/* What begins at this line; *end_out: the line behind it. */
static enum quote_cut_kind
announcement(const struct quote_letter *letter, size_t i, size_t *end_out)
{
	enum quote_cut_kind kind = quote_separator(letter, i);
	struct quote_block block;
	size_t n;

	if (kind != CUT_NONE) {
		*end_out = after_announcement(letter, i + 1);
		return kind;
	}
	if (letter->lines[i].kind != QUOTE_TEXT)
		return CUT_NONE;
	if (quote_header(letter, i, &block) && !is_shown(letter, i)) {
		*end_out = block.end;
		return CUT_HEADER;
	}
	n = quote_intro(letter, i);
	*end_out = i + n;
	return n > 0 ? CUT_INTRO : CUT_NONE;
}

static void
remember(struct quote_letter *letter, enum quote_cut_kind kind, size_t at)
{
	if (letter->first.kind == CUT_NONE)
		letter->first = (struct quote_cut){ kind, at };
}

static void
set_kind(struct quote_letter *letter, size_t from, size_t to,
	enum quote_kind kind)
{
	for (size_t i = from; i < to; i++)
		if (letter->lines[i].kind != QUOTE_BLANK)
			letter->lines[i].kind = kind;
}

/*
 * Marks what announces '>' lines; returns the line from where on everything
 * is somebody else's (count: none).
 */
static size_t
find_cut(struct quote_letter *letter)
{
	for (size_t i = 0; i < letter->count; i++) {
		const struct quote_line *line = &letter->lines[i];
		enum quote_cut_kind kind;
		size_t end = i, after;

		if (line->kind != QUOTE_TEXT && line->kind != QUOTE_QUOTED)
			continue;
		if (line->kind == QUOTE_QUOTED && line->len > 2 &&
			memcmp(line->p, ">>>", 3) != 0)
			continue;
		kind = announcement(letter, i, &end);
		if (kind == CUT_NONE ||
			(line->kind == QUOTE_QUOTED && kind != CUT_ORIGINAL))
			continue;
		remember(letter, kind, i);
		after = quote_next(letter, end);
		if (kind == CUT_LINE || after >= letter->count ||
			letter->lines[after].kind != QUOTE_QUOTED)
			return i;
		set_kind(letter, i, end, QUOTE_INTRO);
		i = end - 1;
	}
	return letter->count;
}

/* ---- runs of lines ------------------------------------------------------- */

static bool
is_skipped(enum quote_kind kind)
{
	return kind == QUOTE_BLANK || kind == QUOTE_SIGNED;
}

/* The run of new or of quoted lines at `from`, blank lines inside it. */
static struct segment
next_segment(const struct quote_letter *letter, size_t from, size_t to)
{
	struct segment seg = { from, from, false, false };
	size_t first = from;

	while (first < to && is_skipped(letter->lines[first].kind))
		first++;
	if (first < to)
		seg.quoted = letter->lines[first].kind != QUOTE_TEXT;
	for (size_t i = first; i < to; i++) {
		enum quote_kind kind = letter->lines[i].kind;

		if (is_skipped(kind))
			continue;
		if ((kind != QUOTE_TEXT) != seg.quoted)
			break;
		seg.attributed |= kind != QUOTE_QUOTED;
		seg.to = i + 1;
	}
	if (seg.to == from) /* nothing but blank lines */
		seg.to = to;
	return seg;
}

/* Few lines of one depth, each with words: people make lists with '>'. */
static bool
is_list_shaped(const struct quote_letter *letter, const struct segment *seg)
{
	size_t from = quote_next(letter, seg->from);

	if (seg->to - from > OWN_LIST)
		return false;
	for (size_t i = from; i < seg->to; i++) {
		struct ouv_str inside = quote_inside(&letter->lines[i]);
		const char *mark = letter->lines[i].p;

		mark += strspn(mark, " ");
		if (letter->lines[i].kind != QUOTE_QUOTED || inside.len == 0 ||
			mark[1 + strspn(mark + 1, " ")] == '>')
			return false;
	}
	return true;
}

/* "My data:" and then lines that happen to begin with '>'. */
static bool
is_own_list(const struct quote_letter *letter, const struct segment *seg)
{
	size_t before = quote_before(letter, seg->from);

	if (!seg->quoted || seg->attributed || seg->from == 0 ||
		before >= letter->count ||
		letter->lines[before].kind != QUOTE_TEXT)
		return false;
	if (letter->may_answer)
		return before + 1 == seg->from &&
		       mail_ends(quote_plain(letter, before), ":") &&
		       is_list_shaped(letter, seg);
	return is_list_shaped(letter, seg) ||
	       (before + 1 == seg->from &&
		       mail_ends(quote_plain(letter, before), ":"));
}

static bool
says_inline(struct ouv_arena *arena, struct ouv_str text)
{
	return text.len <= 400 &&
	       mail_has_any(mail_plain(arena, text.p, text.len), inline_words,
		       QUOTE_COUNT(inline_words));
}

static struct ouv_str
slice(const struct quote_letter *letter, size_t from, size_t to)
{
	const char *start = letter->lines[from].p;
	const struct quote_line *last = &letter->lines[to - 1];

	return (struct ouv_str){ start, (size_t)(last->p + last->len - start) };
}

/* What is new, and whether it stands between quoted lines. */
struct found {
	size_t from, to, pieces;
	bool quote_seen, inside;
};

static struct found
find_new(struct quote_letter *letter, size_t cut)
{
	struct found found = { 0 };
	size_t at = 0;

	while (at < cut) {
		struct segment seg = next_segment(letter, at, cut);

		at = seg.to;
		if (is_own_list(letter, &seg)) {
			set_kind(letter, seg.from, seg.to, QUOTE_TEXT);
			seg.quoted = false;
		}
		if (seg.quoted) {
			found.quote_seen = true;
			continue;
		}
		seg.from = quote_next(letter, seg.from);
		quote_unsign(letter, seg.from, &seg.to);
		if (seg.from >= seg.to)
			continue;
		found.inside |= found.pieces > 0 && found.quote_seen;
		if (found.pieces++ == 0)
			found.from = seg.from;
		found.to = seg.to;
	}
	/* an answer, and '>' lines on both sides of it */
	for (size_t i = found.to;
		found.pieces > 0 && i < cut && !found.inside && found.from > 0;
		i++)
		found.inside = letter->lines[i].kind == QUOTE_QUOTED &&
			       found.quote_seen &&
			       quote_next(letter, 0) < found.from;
	return found;
}

/* The new text, in the bytes of text; all of them when there is none. */
static struct ouv_str
new_text(struct quote_letter *letter, const char *text)
{
	struct ouv_str whole = { text, strlen(text) }, reply;
	size_t cut = find_cut(letter);
	struct found found = find_new(letter, cut);

	if (found.pieces == 0)
		return whole;
	if (found.inside)
		return cut == letter->count ? whole : slice(letter, 0, cut);
	if (cut == letter->count && !found.quote_seen &&
		quote_next(letter, 0) == found.from &&
		quote_next(letter, found.to) == letter->count)
		return whole;
	reply = slice(letter, found.from, found.to);
	return says_inline(letter->arena, reply) ? whole : reply;
}

/* ---- the whole ----------------------------------------------------------- */

static void
read_letter(struct quote_letter *letter, const struct ouv_mail *mail,
	const char *text, const struct mail_spans *spans)
{
	size_t prefix;

	quote_split(letter, text);
	if (spans->of == text) /* nothing was cut from it since */
		quote_use_spans(letter, text, spans);
	letter->subject = mail->subject;
	letter->kind =
		quote_subject_kind(letter->arena, mail->subject, &prefix);
	letter->may_answer = mail->in_reply_to.count > 0 ||
			     mail->references.count > 0 ||
			     letter->kind != SUBJECT_OTHER;
}

/* Where HTML knows better: its answer, found in the plain text. */
static const char *
agree(struct ouv_arena *scratch, const struct mail_view *view,
	struct ouv_str reply)
{
	const struct ouv_mail *mail = view->mail;
	const struct mail_spans *spans = &view->message->html_spans;
	struct quote_letter letter = { .arena = scratch };
	struct ouv_str html;
	const char *moved;

	if (mail->html_text == NULL || spans->count == 0)
		return NULL;
	read_letter(&letter, mail, mail->html_text, spans);
	html = new_text(&letter, mail->html_text);
	if (html.p == mail->html_text && mail->html_text[html.len] == '\0')
		return NULL;
	moved = quote_transfer(scratch, mail->text, mail->html_text,
		ouv_arena_strndup(scratch, html.p, html.len));
	if (moved == NULL || *moved == '\0')
		return NULL;
	/* both begin here: the shorter one saw more that is not new */
	return strlen(moved) < reply.len ? moved : NULL;
}

void
mail_quote(struct mail_view *view)
{
	struct ouv_arena *scratch = ouv_arena_new(OUV_ARENA_WIPE);
	struct quote_letter letter = { .arena = scratch };
	struct ouv_mail *mail = view->mail;
	const char *moved;
	struct ouv_str reply;

	read_letter(&letter, mail, mail->text, &view->message->text_spans);
	reply = new_text(&letter, mail->text);
	quote_forward(&letter, view->arena, mail);
	moved = agree(scratch, view, reply);
	if (moved != NULL)
		mail->reply_text = ouv_arena_strdup(view->arena, moved);
	else if (mail->text[reply.len] == '\0' && reply.p == mail->text)
		mail->reply_text = mail->text;
	else
		mail->reply_text =
			ouv_arena_strndup(view->arena, reply.p, reply.len);
	ouv_arena_free(&scratch);
}

const char *
mail_reply_text(struct ouv_arena *arena, const char *text)
{
	struct ouv_arena *scratch = ouv_arena_new(OUV_ARENA_WIPE);
	struct quote_letter letter = {
		.arena = scratch, .subject = "", .may_answer = true
	};
	struct ouv_str reply;
	const char *out = text;

	quote_split(&letter, text);
	reply = new_text(&letter, text);
	if (reply.p != text || text[reply.len] != '\0')
		out = ouv_arena_strndup(arena, reply.p, reply.len);
	ouv_arena_free(&scratch);
	return out;
}

/* ---- for somebody else's eyes ------------------------------------------- */

static bool
is_own(const struct quote_letter *letter, size_t i, size_t cut)
{
	enum quote_kind kind = letter->lines[i].kind;

	return kind == QUOTE_BLANK || (i < cut && kind == QUOTE_TEXT) ||
	       (i < cut && kind == QUOTE_SIGNED);
}

static void
add_own(struct ouv_buf *out, const struct quote_letter *letter, size_t cut,
	const char *mark)
{
	bool left_out = false;

	for (size_t i = 0; i < letter->count; i++) {
		const struct quote_line *line = &letter->lines[i];

		if (is_own(letter, i, cut)) {
			ouv_buf_add(out, line->p, line->len);
			ouv_buf_char(out, '\n');
			left_out = left_out && line->kind == QUOTE_BLANK;
		} else if (!left_out) {
			ouv_buf_printf(out, "%s\n", mark);
			left_out = true;
		}
	}
}

const char *
ouv_mail_own_words(
	struct ouv_arena *arena, const struct ouv_mail *mail, const char *mark)
{
	struct ouv_arena *scratch = ouv_arena_new(OUV_ARENA_WIPE);
	struct quote_letter letter = { .arena = scratch };
	const struct mail_spans none = { .of = NULL };
	const char *text = mail->reply_text;
	struct ouv_buf out;
	struct found found;
	size_t cut, own = 0;

	read_letter(&letter, mail, text, &none);
	cut = find_cut(&letter);
	found = find_new(&letter, cut);
	while (own < letter.count && is_own(&letter, own, cut))
		own++;
	if (own < letter.count && found.pieces == 0) {
		text = "";
	} else if (own < letter.count) {
		ouv_buf_init(&out, arena, strlen(text) + 64);
		add_own(&out, &letter, cut, mark);
		while (out.len > 0 && out.data[out.len - 1] == '\n')
			out.len--;
		text = ouv_arena_strndup(arena, out.data, out.len);
	}
	ouv_arena_free(&scratch);
	return text;
}
