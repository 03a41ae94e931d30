/*
 * next.c - what a colleague may do next in a case, and what the forms ask
 *
 * Every verb with declared fields that the workflow has for this state and
 * their role; intake and mediators also what a party could do, for they enter
 * what comes by letter or telephone.
 */
#include <string.h>

#include "frame.h"
#include "ouv/clock.h"
#include "release.h"

#define NOT_YET                                                          \
	(OUV_GUARD_BIT(OUV_GUARD_EYES) | OUV_GUARD_BIT(OUV_GUARD_LINT) | \
		OUV_GUARD_BIT(OUV_GUARD_POINTS))

struct message {
	const struct store_item *item;
	struct ouv_choice choice;
};
struct asking {
	struct verb_call *call;
	enum ouv_lang lang;
	struct store_mediation m;
	struct ouv_facts facts;
	int32_t today;
	/* asked once, when the first form wants them */
	const struct ouv_choice *people, *units;
	const struct message *items;
	struct ouv_choice *pieces;
	size_t item_count, person_count, unit_count, piece_count, piece_room;
	bool bare; /* without the fields of each */
};

/* ---- choices ---------------------------------------------------------------
 */

static const struct store_code *
find_code(const struct store_code *list, size_t count, const char *code)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(list[i].code, code) == 0)
			return &list[i];
	return NULL;
}

/* Each level above, then what is below it. */
static void
add_codes(const struct asking *a, const struct store_code *list, size_t count,
	const char *parent, struct ouv_choice *choices, size_t *n)
{
	const struct store_code *above = find_code(list, count, parent);

	for (size_t i = 0; i < count; i++) {
		bool orphan = find_code(list, count, list[i].parent) == NULL;

		if (*parent == '\0' ? !orphan
				    : strcmp(list[i].parent, parent) != 0)
			continue;
		choices[(*n)++] = (struct ouv_choice){ .value = list[i].code,
			.label = list[i].label[a->lang],
			.group = above != NULL ? above->label[a->lang] : NULL };
		if (above == NULL)
			add_codes(a, list, count, list[i].code, choices, n);
	}
}

static enum ouv_err
choose_code(struct asking *a, struct ouv_form_field *field)
{
	const struct store_code *list;
	struct ouv_choice *choices;
	size_t count, n = 0;

	TRY(codes_list(
		a->call->desk, a->call->tx, field->decl->book, &list, &count));
	choices = ouv_arena_array(a->call->arena, count, sizeof(*choices));
	add_codes(a, list, count, "", choices, &n);
	field->choices = choices;
	field->choice_count = n;
	return OUV_OK;
}

static enum ouv_err
choose_person(struct asking *a, struct ouv_form_field *field)
{
	struct store_candidate *list;
	struct ouv_choice *choices;

	if (a->people == NULL) {
		TRY(store_candidates(a->call->tx, a->call->arena, &a->m.case_id,
			&list, &a->person_count));
		choices = ouv_arena_array(
			a->call->arena, a->person_count, sizeof(*choices));
		for (size_t i = 0; i < a->person_count; i++)
			choices[i] =
				(struct ouv_choice){ .value = list[i].login,
					.label = list[i].name };
		a->people = choices;
	}
	field->choices = a->people;
	field->choice_count = a->person_count;
	return OUV_OK;
}

/* "3: Geladeira"; notes of the office are none of them. */
static enum ouv_err
load_items(struct asking *a)
{
	struct verb_call *call = a->call;
	struct store_item_row *rows;
	struct message *messages;
	size_t count, n = 0;

	TRY(store_items(call->tx, call->arena, &a->m.case_id, &rows, &count));
	messages = ouv_arena_array(call->arena, count, sizeof(*messages));
	for (size_t i = 0; i < count; i++) {
		const struct store_item *item = &rows[i].item;
		struct ouv_mail mail = { .subject = "" };

		if (item->kind == OUV_ITEM_NOTE ||
			open_doc(call->desk, call->arena, call->opened, item,
				&mail) != OUV_OK)
			continue;
		messages[n].item = item;
		messages[n++].choice = (struct ouv_choice){
			.value = ouv_arena_printf(call->arena, "%d", item->seq),
			.label = ouv_arena_printf(
				call->arena, "%d: %s", item->seq, mail.subject)
		};
	}
	a->items = messages;
	a->item_count = n;
	return OUV_OK;
}

/* Of a side: what it wrote itself, no program of theirs and no letter of ours.
 */
static bool
may_be_chosen(const struct ouv_field_decl *decl, const struct store_item *item)
{
	return decl->side == NULL ||
	       (item->kind == OUV_ITEM_MAIL_IN &&
		       strcmp(ouv_lane_name(item->lane), decl->side) == 0);
}

static enum ouv_err
choose_item(struct asking *a, struct ouv_form_field *field)
{
	struct ouv_choice *choices;
	size_t n = 0;

	if (a->items == NULL)
		TRY(load_items(a));
	choices = ouv_arena_array(
		a->call->arena, a->item_count, sizeof(*choices));
	for (size_t i = 0; i < a->item_count; i++)
		if (may_be_chosen(field->decl, a->items[i].item))
			choices[n++] = a->items[i].choice;
	field->choices = choices;
	field->choice_count = n;
	return OUV_OK;
}

/* Each message that may be released, then its attachments by their names. */
static void
add_piece(struct asking *a, const char *value, const char *label)
{
	if (a->pieces == NULL || a->piece_count == a->piece_room) {
		struct ouv_choice *more = ouv_arena_array(a->call->arena,
			2 * a->piece_room + OUV_PIECES_MOST, sizeof(*more));

		if (a->pieces != NULL)
			memcpy(more, a->pieces, a->piece_count * sizeof(*more));
		a->piece_room = 2 * a->piece_room + OUV_PIECES_MOST;
		a->pieces = more;
	}
	a->pieces[a->piece_count++] =
		(struct ouv_choice){ .value = value, .label = label };
}

static bool
is_named(const struct ouv_mail_part *part)
{
	return part->filename != NULL &&
	       part->filename[strspn(part->filename, " ")] != '\0';
}

static void
add_pieces(struct asking *a, const struct store_item *item)
{
	struct ouv_arena *arena = a->call->arena;
	struct ouv_mail mail;

	if (!release_may(item) ||
		open_doc(a->call->desk, arena, a->call->opened, item, &mail) !=
			OUV_OK)
		return;
	/* An extract is known by its title. */
	add_piece(a, ouv_arena_printf(arena, "%d", item->seq),
		item->kind == OUV_ITEM_NOTE ? ouv_arena_printf(arena, "#%d %s",
						      item->seq, mail.subject)
					    : NULL);
	for (size_t i = 0; i < mail.part_count; i++)
		add_piece(a,
			ouv_arena_printf(arena, "%d.%zu", item->seq, i + 1),
			is_named(&mail.parts[i]) ? mail.parts[i].filename
						 : NULL);
}

static enum ouv_err
choose_piece(struct asking *a, struct ouv_form_field *field)
{
	struct verb_call *call = a->call;
	struct store_item_row *rows;
	size_t count;

	if (a->pieces == NULL) {
		TRY(store_items(
			call->tx, call->arena, &a->m.case_id, &rows, &count));
		for (size_t i = 0; i < count; i++)
			add_pieces(a, &rows[i].item);
	}
	field->choices = a->pieces;
	field->choice_count = a->piece_count;
	return OUV_OK;
}

/* "3. Contract": what is in the index now, by the number it has there. */
static enum ouv_err
choose_evidence(struct asking *a, struct ouv_form_field *field)
{
	struct verb_call *call = a->call;
	struct store_evidence *list;
	struct ouv_choice *choices;
	size_t count, n = 0;

	TRY(store_evidence(
		call->tx, call->arena, &a->m.case_id, &list, &count));
	choices = ouv_arena_array(call->arena, count, sizeof(*choices));
	for (size_t i = 0; i < count; i++) {
		const char *title;

		if (list[i].removed_at != 0)
			continue;
		TRY(words_read(call, &list[i].title, &title));
		choices[n++] = (struct ouv_choice){
			.value = ouv_arena_printf(call->arena, "%d", list[i].n),
			.label = ouv_arena_printf(
				call->arena, "%d. %s", list[i].n, title)
		};
	}
	field->choices = choices;
	field->choice_count = n;
	return OUV_OK;
}

static enum ouv_err
load_units(struct asking *a)
{
	static const struct ouv_id all;
	struct ouv_arena *arena = a->call->arena;
	struct ouv_choice *choices;
	struct store_unit *list;

	TRY(store_units(
		a->call->tx, arena, &all, a->today, &list, &a->unit_count));
	choices = ouv_arena_array(arena, a->unit_count, sizeof(*choices));
	for (size_t i = 0; i < a->unit_count; i++) {
		char hex[OUV_ID_HEX];

		ouv_id_hex(&list[i].id, hex);
		choices[i] = (struct ouv_choice){ .value = ouv_arena_strdup(
							  arena, hex),
			.label = ouv_arena_printf(arena, "%s: %s",
				list[i].company_name, list[i].name) };
	}
	a->units = choices;
	return OUV_OK;
}

static enum ouv_err
choose_company(struct asking *a, struct ouv_form_field *field)
{
	if (a->units == NULL)
		TRY(load_units(a));
	field->choices = a->units;
	field->choice_count = a->unit_count;
	return OUV_OK;
}

static enum ouv_err (*const choosers[OUV_FIELD__COUNT])(
	struct asking *a, struct ouv_form_field *field) = {
	[OUV_FIELD_CODE] = choose_code,
	[OUV_FIELD_PERSON] = choose_person,
	[OUV_FIELD_ITEM] = choose_item,
	[OUV_FIELD_COMPANY] = choose_company,
	[OUV_FIELD_PIECES] = choose_piece,
	[OUV_FIELD_EVIDENCE] = choose_evidence,
};

/* ---- what the case has now -------------------------------------------------
 */

static const char *
hex_or_none(struct ouv_arena *arena, const struct ouv_id *id)
{
	char hex[OUV_ID_HEX];

	if (ouv_id_is_zero(id))
		return "";
	ouv_id_hex(id, hex);
	return ouv_arena_strdup(arena, hex);
}

static enum ouv_err
read_words(struct asking *a, const struct ouv_id *item, const char **text_out)
{
	*text_out = "";
	if (ouv_id_is_zero(item))
		return OUV_OK;
	return words_read(a->call, item, text_out);
}

static enum ouv_err
value_of(struct asking *a, const char *name, const char **value_out)
{
	const struct store_mediation *m = &a->m;
	struct ouv_arena *arena = a->call->arena;
	const struct {
		const char *name, *value;
	} values[] = {
		{ "kind", m->kind },
		{ "severity", m->severity },
		{ "difficulty", m->difficulty },
		{ "urgent", m->urgent ? "1" : "" },
		{ "service", m->service },
		{ "remedy", m->remedy },
		{ "contact_channel", m->contact_channel },
		{ "direction", m->direction },
		{ "identity", m->identity },
		{ "unit", hex_or_none(arena, &m->unit) },
		{ "profile", m->profile },
		{ "right", m->right },
		{ "first_instance",
			m->first_instance == 0
				? ""
				: field_day_text(arena, m->first_instance) },
	};

	*value_out = "";
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		if (strcmp(values[i].name, name) == 0 &&
			values[i].value != NULL)
			*value_out = values[i].value;
	if (strcmp(name, "first_number") == 0)
		return read_words(a, &m->first_instance_item, value_out);
	return OUV_OK;
}

/* allegation, article, law: the first as the value, the others behind it. */
static enum ouv_err
add_allegations(struct asking *a, struct ouv_form_field *field)
{
	struct store_allegation *list;
	const char **more;
	size_t count;

	if (field->decl->repeat <= 1)
		return OUV_OK;
	TRY(store_allegations(
		a->call->tx, a->call->arena, &a->m.case_id, &list, &count));
	more = ouv_arena_array(a->call->arena, count + 1, sizeof(*more));
	for (size_t i = 0; i < count; i++) {
		const char *name = field->decl->name;
		const char *value =
			strcmp(name, "allegation") == 0 ? list[i].code
			: strcmp(name, "article") == 0  ? list[i].article
							: list[i].law;

		if (i == 0)
			field->value = value;
		else
			more[i - 1] = value;
	}
	field->more = more;
	return OUV_OK;
}

/* ---- one verb --------------------------------------------------------------
 */

static enum ouv_err
add_fields(struct asking *a, const struct verb *verb, struct ouv_next *next)
{
	struct ouv_form_field *fields;
	size_t count = 0;

	while (verb->fields[count].name != NULL)
		count++;
	fields = ouv_arena_array(a->call->arena, count, sizeof(*fields));
	for (size_t i = 0; i < count; i++) {
		const struct ouv_field_decl *decl = &verb->fields[i];

		fields[i] =
			(struct ouv_form_field){ .decl = decl, .value = "" };
		if (choosers[decl->kind] != NULL)
			TRY(choosers[decl->kind](a, &fields[i]));
		if (verb->action == OUV_ACTION_CLASSIFY)
			TRY(add_allegations(a, &fields[i]));
		if (decl->repeat <= 1 &&
			(verb->action == OUV_ACTION_CLASSIFY ||
				decl->kind == OUV_FIELD_COMPANY))
			TRY(value_of(a, decl->name, &fields[i].value));
	}
	next->fields = fields;
	next->field_count = count;
	return OUV_OK;
}

static enum ouv_err
add_verb(struct asking *a, const struct verb *verb, enum ouv_role role,
	struct ouv_next *list, size_t *n)
{
	struct ouv_next *next = &list[*n];
	const struct ouv_move *row;

	/* What waits has its own form beside it. */
	if (verb->fields == NULL || verb->action == OUV_ACTION_SECOND ||
		ouv_workflow_find(a->m.state, verb->action, role, &row) !=
			OUV_OK)
		return OUV_OK;
	*next = (struct ouv_next){ .move = row,
		.verb = verb->name,
		.role = role,
		.failed = ouv_guards_failed(row, role, &a->facts) & ~NOT_YET };
	if (!a->facts.free)
		next->failed |= OUV_GUARD_BIT(OUV_GUARD_FREE);
	(*n)++;
	return a->bare ? OUV_OK : add_fields(a, verb, next);
}

static bool
enters_for_parties(enum ouv_role role)
{
	return role == OUV_ROLE_INTAKE || role == OUV_ROLE_MEDIATOR;
}

/* Moves first, as they are numbered; then the rest as it comes. */
static int
place(const struct ouv_next *next)
{
	return next->move->n > 0 ? next->move->n : INT32_MAX;
}

static void
sort(struct ouv_next *list, size_t count)
{
	for (size_t i = 1; i < count; i++)
		for (size_t k = i;
			k > 0 && place(&list[k]) < place(&list[k - 1]); k--) {
			struct ouv_next moved = list[k];

			list[k] = list[k - 1];
			list[k - 1] = moved;
		}
}

static enum ouv_err
list_all(struct asking *a, struct ouv_next **list_out, size_t *count_out)
{
	static const enum ouv_role parties[] = { OUV_ROLE_CONSUMER,
		OUV_ROLE_COMPANY };
	enum ouv_role role = a->call->actor->role;
	size_t parts = enters_for_parties(role) ? 2 : 0, count, n = 0;
	const struct verb *const *verbs = verb_all(&count);
	struct ouv_next *list =
		ouv_arena_array(a->call->arena, 3 * count, sizeof(*list));

	for (size_t i = 0; i < count; i++) {
		TRY(add_verb(a, verbs[i], role, list, &n));
		for (size_t p = 0; p < parts; p++)
			TRY(add_verb(a, verbs[i], parties[p], list, &n));
	}
	sort(list, n);
	*list_out = list;
	*count_out = n;
	return OUV_OK;
}

static enum ouv_err
ask(struct asking *a, struct ouv_next **list_out, size_t *count_out)
{
	struct verb_call *call = a->call;
	const struct ouv_calendar *days;

	*count_out = 0;
	if (call->opened->c.desk_month != 0)
		return OUV_OK;
	TRY(store_mediation(call->tx, call->arena, &call->opened->c.id, &a->m));
	TRY(facts_of(call, &a->m, &a->facts));
	a->facts.auth = true;
	TRY(calendar_live(call->desk, call->tx, a->m.calendar, &days));
	a->today = ouv_calendar_day(days, call->now, NULL);
	return list_all(a, list_out, count_out);
}

static enum ouv_err
find_next(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const char *number, enum ouv_lang lang,
	bool bare, struct ouv_next **list_out, size_t *count_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct casefile file;
	struct opened opened;
	struct verb_call call = { .desk = desk,
		.arena = arena,
		.actor = actor,
		.opened = &opened,
		.file = &file,
		.now = ouv_clock_now() };
	struct asking asking = { .call = &call, .lang = lang, .bare = bare };
	enum ouv_err err;

	TRY(store_begin_reading(desk->store, &tx));
	call.tx = tx;
	TRY(open_case(desk, tx, arena, actor, number, &opened));
	file = (struct casefile){ .id = opened.c.id,
		.state = opened.c.state,
		.protocol = opened.c.protocol };
	err = ask(&asking, list_out, count_out);
	ouv_wipe(opened.csk, sizeof(opened.csk));
	return err == OUV_OK ? store_commit(&tx) : err;
}

enum ouv_err
ouv_desk_next(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const char *number, enum ouv_lang lang,
	struct ouv_next **list_out, size_t *count_out)
{
	return find_next(
		desk, arena, actor, number, lang, false, list_out, count_out);
}

enum ouv_err
ouv_desk_next_bare(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const char *number, enum ouv_lang lang,
	struct ouv_next **list_out, size_t *count_out)
{
	return find_next(
		desk, arena, actor, number, lang, true, list_out, count_out);
}
