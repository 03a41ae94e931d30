/*
 * dossier_paper.c - a case file as one document to read and to print
 *
 * Told a few messages at a turn, so that no transaction waits for the printing;
 * the words around them are templates/casefile/paper.*, whose lines begin with
 * a mark that says what they become.
 */
#include <string.h>

#include "dossier.h"
#include "ouv/log.h"
#include "ouv/print.h"

#define AT_A_TURN 20      /* messages */
#define DRAWN_AT_A_TURN 4 /* pictures: each may take a second */
#define SLICE ((size_t)256 << 10)

enum stage {
	COVER,
	MESSAGES,
	REST,
	PRINT,
	GIVE,
};

struct paper {
	struct ouv_desk *desk;
	struct ouv_copy *copy;
	struct ouv_arena *arena; /* of the document */
	struct ouv_print *print;
	const struct copy_file *file;
	enum stage stage;
	size_t at;    /* message; byte of the document */
	size_t drawn; /* pictures in this turn */
	struct ouv_print_made made;
};

/* ---- lines with marks ------------------------------------------------------
 */

/* "= label | value" */
static void
tell_row(struct paper *p, struct ouv_arena *arena, const char *line)
{
	const char *bar = strstr(line, " | ");

	if (bar == NULL)
		ouv_print_row(p->print, line, "");
	else
		ouv_print_row(p->print,
			ouv_arena_strndup(arena, line, (size_t)(bar - line)),
			bar + 3);
}

static void
tell_line(struct paper *p, struct ouv_arena *arena, const char *line)
{
	if (strncmp(line, "# ", 2) == 0)
		ouv_print_heading(p->print, 1, line + 2);
	else if (strncmp(line, "## ", 3) == 0)
		ouv_print_heading(p->print, 2, line + 3);
	else if (strncmp(line, "### ", 4) == 0)
		ouv_print_heading(p->print, 3, line + 4);
	else if (strncmp(line, "- ", 2) == 0)
		ouv_print_item(p->print, line + 2);
	else if (strncmp(line, "= ", 2) == 0)
		tell_row(p, arena, line + 2);
	else if (strncmp(line, "~ ", 2) == 0)
		ouv_print_para(p->print, OUV_PRINT_SMALL, line + 2);
	else if (strncmp(line, "* ", 2) == 0)
		ouv_print_para(p->print, OUV_PRINT_STRONG, line + 2);
	else if (strcmp(line, "---") == 0)
		ouv_print_rule(p->print);
	else if (strcmp(line, "===") == 0)
		ouv_print_break(p->print);
	else if (*line != '\0')
		ouv_print_para(p->print, OUV_PRINT_PLAIN, line);
}

/* clang-format off */
static const char *const units[] = { "cover", "foot", "messages", "message",
	"part", "picture", "left", "evidence", "option", "promise", "opinion", "clock",
	"agreed", "opinions", "clocks", "index", "end", NULL };
/* clang-format on */

/* One unit of the template; data is disposed of. */
static enum ouv_err
render(struct paper *p, struct ouv_arena *arena, const char *unit, json_t *data,
	struct ouv_str *out)
{
	enum ouv_err err;

	dossier_word(data, "u", units, unit);
	err = dossier_render(p->desk, arena, p->copy, "paper", data, out);
	json_decref(data);
	return err;
}

static enum ouv_err
tell(struct paper *p, struct ouv_arena *arena, const char *unit, json_t *data)
{
	struct ouv_str text;
	char *all, *save, *line;

	TRY(render(p, arena, unit, data, &text));
	all = ouv_arena_strndup(arena, text.p, text.len);
	for (line = strtok_r(all, "\n", &save); line != NULL;
		line = strtok_r(NULL, "\n", &save))
		tell_line(p, arena, line);
	return OUV_OK;
}

static enum ouv_err
tell_title(struct paper *p, struct ouv_arena *arena, const char *unit)
{
	return tell(p, arena, unit, json_object());
}

/* ---- its first page --------------------------------------------------------
 */

/* A flag for each value of an enumeration: how its value is called. */
static void
add_enum(json_t *data, const char *prefix, const char *(*name_of)(int value),
	int count, int value)
{
	for (int i = 0; i < count; i++) {
		const char *const names[] = { name_of(i), NULL };

		dossier_word(data, prefix, names, name_of(value));
	}
}

static const char *
state_of(int value)
{
	return ouv_state_name((enum ouv_state)value);
}

static const char *
clock_of(int value)
{
	return ouv_clock_name((enum ouv_clock)value);
}

static const char *
delivery_of(int value)
{
	return ouv_delivery_name((enum ouv_delivery)value);
}

static const char *
manifest_sum(const struct ouv_copy *copy)
{
	for (size_t i = 0; i < copy->count; i++)
		if (strcmp(copy->files[i].name, "manifest.json") == 0)
			return copy->files[i].sha256;
	return "";
}

static enum ouv_err
begin(struct paper *p)
{
	struct ouv_arena *arena = p->arena;
	json_t *data = dossier_values(p->desk, p->copy);
	const struct ouv_config *config = p->desk->office->config;
	struct ouv_print_about about = { .author = config->office_name,
		.lang = ouv_lang_tag(p->copy->lang),
		.title = p->copy->protocol,
		.made_at = p->copy->made_at };
	size_t count = p->copy->dossier->count;
	struct ouv_str foot;
	enum ouv_err err;

	(void)json_object_set_new(data, "volume",
		json_integer((json_int_t)(p->file->from / DOSSIER_VOLUME) + 1));
	(void)json_object_set_new(data, "volumes",
		json_integer((json_int_t)((count + DOSSIER_VOLUME - 1) /
					  DOSSIER_VOLUME)));
	(void)json_object_set_new(
		data, "has_volumes", json_boolean(count > DOSSIER_VOLUME));
	add_enum(data, "state", state_of, OUV_STATE__COUNT,
		(int)p->copy->dossier->state);
	dossier_line(data, "manifest_sum", manifest_sum(p->copy));
	err = ouv_print_begin(arena, &about, &p->print);
	if (err == OUV_OK)
		err = render(p, arena, "foot", json_deep_copy(data), &foot);
	if (err != OUV_OK) {
		json_decref(data);
		return err;
	}
	while (foot.len > 0 && foot.p[foot.len - 1] == '\n')
		foot.len--;
	ouv_print_part(p->print, ouv_arena_strndup(arena, foot.p, foot.len));
	TRY(tell(p, arena, "cover", data));
	return tell_title(p, arena, "messages");
}

/* ---- a message -------------------------------------------------------------
 */

static json_t *
message_data(struct paper *p, const struct dossier_entry *e)
{
	json_t *data = json_object();

	dossier_head(p->copy, e, data);
	dossier_line(data, "sha256", e->sha256);
	dossier_line(data, "spf", e->spf);
	dossier_line(data, "dkim", e->dkim);
	dossier_line(data, "dmarc", e->dmarc);
	add_enum(data, "delivery", delivery_of, OUV_DELIVERY__COUNT,
		(int)e->delivery);
	return data;
}

static enum ouv_err
tell_pictures(struct paper *p, struct store_tx *tx, struct ouv_arena *arena,
	const struct dossier_entry *e, const struct dossier_part *part)
{
	struct dossier_pictures pictures;
	enum ouv_err err = dossier_draw(
		p->desk, tx, p->copy, arena, e, part->n, &pictures);

	if (err != OUV_OK) /* its line and its sum are told */
		return err == OUV_TEMPORARY ? err : OUV_OK;
	for (size_t i = 0; i < pictures.count; i++) {
		json_t *data = json_object();
		struct ouv_str caption;

		dossier_line(data, "name", part->name);
		(void)json_object_set_new(data, "n", json_integer(part->n + 1));
		(void)json_object_set_new(
			data, "page", json_integer(pictures.page[i]));
		(void)json_object_set_new(
			data, "pages", json_integer(pictures.pages));
		(void)json_object_set_new(
			data, "has_pages", json_boolean(pictures.pages > 1));
		TRY(render(p, arena, "picture", data, &caption));
		ouv_print_picture(p->print, pictures.jpeg[i],
			ouv_arena_strndup(arena, caption.p,
				caption.len - (caption.len > 0)));
	}
	p->drawn += pictures.count;
	return OUV_OK;
}

static enum ouv_err
tell_parts(struct paper *p, struct store_tx *tx, struct ouv_arena *arena,
	const struct dossier_entry *e)
{
	for (size_t i = 0; i < e->part_count; i++) {
		const struct dossier_part *part = &e->parts[i];
		json_t *data = json_object();

		(void)json_object_set_new(data, "n", json_integer(part->n + 1));
		dossier_line(data, "name", part->name);
		dossier_line(data, "type", part->type);
		dossier_line(data, "path", part->path);
		dossier_line(data, "sha256", part->sha256);
		(void)json_object_set_new(
			data, "bytes", json_integer(part->size));
		(void)json_object_set_new(
			data, "is_left", json_boolean(part->path == NULL));
		TRY(tell(p, arena, "part", data));
		if (part->path != NULL)
			TRY(tell_pictures(p, tx, arena, e, part));
	}
	return OUV_OK;
}

static enum ouv_err
tell_words(struct paper *p, struct store_tx *tx, struct ouv_arena *arena,
	struct dossier_entry *e)
{
	struct masked counted = e->masked; /* once is enough */
	struct ouv_mail mail;
	enum ouv_err err;

	if (e->how == DOSSIER_LOST || !e->words)
		return OUV_OK;
	err = copy_mail(p->desk, tx, p->copy, arena, &e->item, e->dek, &mail);
	if (err == OUV_TEMPORARY)
		return err;
	if (err == OUV_OK)
		ouv_print_para(p->print, OUV_PRINT_QUOTE,
			dossier_mail_words(p->desk, p->copy, e, arena, &mail));
	e->masked = counted;
	return OUV_OK;
}

static enum ouv_err
tell_message(struct paper *p, struct store_tx *tx, struct dossier_entry *e)
{
	struct ouv_arena *own OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_WIPE);

	TRY(tell(p, own, "message", message_data(p, e)));
	TRY(tell_words(p, tx, own, e));
	return tell_parts(p, tx, own, e);
}

static enum ouv_err
some_messages(struct paper *p, struct store_tx *tx)
{
	struct dossier *d = p->copy->dossier;

	p->drawn = 0;
	for (int n = 0; n < AT_A_TURN && p->drawn < DRAWN_AT_A_TURN &&
			p->at < p->file->until;
		n++)
		TRY(tell_message(p, tx, &d->entries[p->at++]));
	return OUV_OK;
}

/* ---- what came of it -------------------------------------------------------
 */

/* Words of the office, which a party knows from its letters. */
static void
quote(struct paper *p, struct ouv_arena *arena, const char *words)
{
	struct masked ignored = { 0 };

	if (words != NULL && *words != '\0')
		ouv_print_para(p->print, OUV_PRINT_QUOTE,
			mask_words(p->copy->dossier->mask, p->desk, arena,
				words, &ignored));
}

static void
add_when(const struct paper *p, json_t *data, const char *name, int64_t at)
{
	copy_when(data, name, p->copy->lang, OUV_TEXT_MOMENT, at);
}

/* clang-format off */
static const char *const promisers[] = { "consumer", "company", NULL };
static const char *const promise_states[] = { "open", "kept", "late", "broken",
	NULL };
static const char *const term_units[] = { "hours", "service-hours", "days",
	"service-days", "exact-days", "date", NULL };
static const char *const merits[] = { "founded", "partly", "unfounded",
	"not-established", NULL };
/* clang-format on */

static const char *
word(const char *text)
{
	return text != NULL ? text : "";
}

static enum ouv_err
tell_options(struct paper *p, struct ouv_arena *arena)
{
	const struct ouv_mediation *m = &p->copy->dossier->m;

	for (size_t i = 0; i < m->option_count; i++) {
		const struct ouv_option_view *o = &m->options[i];
		json_t *data = json_pack("{s:i, s:b, s:b}", "n", o->n,
			"consumer", o->consumer, "company", o->company);

		dossier_word(data, "by", promisers, word(o->promiser));
		add_when(p, data, "due", o->due_at);
		TRY(tell(p, arena, "option", data));
		quote(p, arena, o->words);
	}
	return OUV_OK;
}

/* What we promised in a letter is its reader's alone. */
static bool
is_for_both(const struct ouv_promise_view *promise)
{
	return strcmp(word(promise->source), "letter") != 0;
}

static enum ouv_err
tell_promises(struct paper *p, struct ouv_arena *arena)
{
	const struct dossier *d = p->copy->dossier;

	for (size_t i = 0; i < d->m.promise_count; i++) {
		const struct ouv_promise_view *o = &d->m.promises[i];
		json_t *data;

		if (dossier_is_party(&d->ask) && !is_for_both(o))
			continue;
		data = json_pack("{s:i}", "n", o->n);
		dossier_word(data, "by", promisers, word(o->promiser));
		dossier_word(data, "state", promise_states, word(o->state));
		add_when(p, data, "made", o->made_at);
		add_when(p, data, "due", o->due_at);
		add_when(p, data, "ended", o->ended_at);
		TRY(tell(p, arena, "promise", data));
		quote(p, arena, o->words);
	}
	return OUV_OK;
}

static enum ouv_err
tell_opinions(struct paper *p, struct ouv_arena *arena)
{
	const struct dossier *d = p->copy->dossier;

	for (size_t i = 0; i < d->m.opinion_count; i++) {
		const struct ouv_opinion_view *o = &d->m.opinions[i];
		bool party = dossier_is_party(&d->ask);
		json_t *data = json_pack("{s:i, s:b}", "n", o->n, "is_last",
			strcmp(word(o->kind), "provisional") != 0);

		dossier_word(data, "merit", merits, word(o->merit));
		dossier_line(data, "author", party ? "" : o->author);
		dossier_line(data, "reader", party ? "" : o->reader);
		add_when(p, data, "at", o->at);
		TRY(tell(p, arena, "opinion", data));
		quote(p, arena, o->words);
	}
	return OUV_OK;
}

/* What is in the file, with its title in the index. */
static const struct dossier_entry *
entry_of(const struct dossier *d, const struct ouv_evidence_view *e)
{
	for (size_t i = 0; i < d->count; i++)
		if (d->entries[i].seq == e->item_seq)
			return &d->entries[i];
	return NULL;
}

static enum ouv_err
tell_index(struct paper *p, struct ouv_arena *arena)
{
	const struct dossier *d = p->copy->dossier;
	struct masked ignored = { 0 };
	bool any = false;

	for (size_t i = 0; i < d->m.evidence_count; i++) {
		const struct ouv_evidence_view *e = &d->m.evidence[i];
		const struct dossier_entry *in = entry_of(d, e);
		json_t *data;

		/* What its recipient has not, they are not told of. */
		if (in == NULL)
			continue;
		if (!any)
			TRY(tell_title(p, arena, "index"));
		any = true;
		data = json_pack("{s:i, s:i, s:i, s:b}", "n", e->n, "message",
			in->n, "part", e->part + 1, "is_part", e->part >= 0);
		dossier_line(data, "title",
			mask_words(d->mask, p->desk, arena, word(e->title),
				&ignored));
		add_when(p, data, "at", e->added_at);
		TRY(tell(p, arena, "evidence", data));
	}
	return OUV_OK;
}

static json_t *
steps_of(struct ouv_arena *arena, const struct ouv_clock_view *c)
{
	json_t *list = json_array();

	for (size_t i = 0; i < c->step_count; i++) {
		int year, month, day;
		json_t *one;

		if (c->why[i] == NULL)
			continue;
		ouv_day_split(c->steps[i].day, &year, &month, &day);
		one = json_object();
		dossier_line(one, "day",
			ouv_arena_printf(
				arena, "%04d-%02d-%02d", year, month, day));
		dossier_line(one, "why", c->why[i]);
		(void)json_array_append_new(list, one);
	}
	return list;
}

static enum ouv_err
tell_clocks(struct paper *p, struct ouv_arena *arena)
{
	const struct ouv_mediation *m = &p->copy->dossier->m;

	if (m->clock_count > 0)
		TRY(tell_title(p, arena, "clocks"));
	for (size_t i = 0; i < m->clock_count; i++) {
		const struct ouv_clock_view *c = &m->clocks[i];
		json_t *data = json_pack("{s:i, s:o}", "amount", c->amount,
			"steps", steps_of(arena, c));

		add_enum(data, "clock", clock_of, OUV_CLOCK__COUNT,
			(int)c->clock);
		dossier_word(data, "unit", term_units, word(c->unit));
		(void)json_object_set_new(data, "is_paused",
			json_boolean(strcmp(word(c->state), "paused") == 0));
		(void)json_object_set_new(data, "is_stopped",
			json_boolean(strcmp(word(c->state), "stopped") == 0));
		dossier_line(data, "law", word(c->law));
		dossier_line(data, "profile", word(c->profile));
		dossier_line(data, "calendar", word(c->calendar));
		add_when(p, data, "started", c->started_at);
		add_when(p, data, "due", c->due_at);
		TRY(tell(p, arena, "clock", data));
	}
	return OUV_OK;
}

static bool
has_agreed(const struct dossier *d)
{
	bool any = d->m.option_count > 0;

	for (size_t i = 0; i < d->m.promise_count; i++)
		any |= !dossier_is_party(&d->ask) ||
		       is_for_both(&d->m.promises[i]);
	return any;
}

static enum ouv_err
rest(struct paper *p, struct ouv_arena *arena)
{
	const struct dossier *d = p->copy->dossier;
	json_t *data;

	TRY(tell_index(p, arena));
	if (has_agreed(d))
		TRY(tell_title(p, arena, "agreed"));
	TRY(tell_options(p, arena));
	TRY(tell_promises(p, arena));
	if (d->m.opinion_count > 0)
		TRY(tell_title(p, arena, "opinions"));
	TRY(tell_opinions(p, arena));
	TRY(tell_clocks(p, arena));
	data = dossier_values(p->desk, p->copy);
	(void)json_object_set_new(data, "left", dossier_left(p->copy));
	TRY(tell(p, arena, "left", data));
	return tell(p, arena, "end", dossier_values(p->desk, p->copy));
}

/* ---- one turn after the other ----------------------------------------------
 */

static struct paper *
new_paper(
	struct ouv_desk *desk, struct ouv_copy *copy, const struct copy_file *f)
{
	struct ouv_arena *arena = raw_pieces(copy_room(copy));
	struct paper *p = ouv_arena_alloc(arena, sizeof(*p));

	p->arena = arena;
	p->copy = copy;
	p->desk = desk;
	p->file = f;
	p->at = f->from;
	return p;
}

static void
give(struct paper *p, struct raw_reading *out)
{
	size_t left = p->made.pdf.len - p->at;
	size_t len = left < SLICE ? left : SLICE;

	ouv_buf_add(&out->out, p->made.pdf.p + p->at, len);
	p->at += len;
	out->end = p->at == p->made.pdf.len;
}

static enum ouv_err
print(struct paper *p)
{
	enum ouv_err err = ouv_print_end(p->print, &p->made);

	if (err == OUV_OK && p->made.unknown > 0)
		ouv_log_info("a case file has %zu characters that its fonts "
			     "lack",
			p->made.unknown);
	p->at = 0;
	return err;
}

static enum ouv_err
more(struct ouv_desk *desk, struct store_tx *tx, struct ouv_copy *copy,
	struct copy_file *f, struct raw_reading *out)
{
	struct ouv_arena *own OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_WIPE);
	struct paper *p = f->state;

	if (p == NULL)
		p = f->state = new_paper(desk, copy, f);
	p->desk = desk;
	switch (p->stage) {
	case COVER:
		TRY(begin(p));
		break;
	case MESSAGES:
		TRY(some_messages(p, tx));
		if (p->at < f->until)
			return OUV_OK;
		break;
	case REST:
		if (f->until == copy->dossier->count)
			TRY(rest(p, own));
		break;
	case PRINT:
		TRY(print(p));
		break;
	case GIVE:
	default:
		give(p, out);
		return OUV_OK;
	}
	p->stage++;
	return OUV_OK;
}

static const struct dossier_press press = { more };

void
ouv_office_prints(struct ouv_office *office)
{
	office->paper = &press;
}
