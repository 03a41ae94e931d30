/*
 * register.c - the registers of conflicts and of training
 */
#include <string.h>

#include "move.h"
#include "ouv/impartial.h"
#include "ouv/rekey.h"

#define NOTE_MOST 1000
/* New keys that are made at once; the others at the cases' next openings. */
#define REKEY_MOST 50
#define REKEY_MS 2000

const char *const ouv_conflict_kinds[] = { "worked-there", "family", "shares",
	"friendship", "dispute", "customer", "other", NULL };

static bool
heads(const struct ouv_actor *actor)
{
	return actor->role == OUV_ROLE_OMBUDSMAN ||
	       actor->role == OUV_ROLE_ADMIN;
}

/* ---- fields -------------------------------------------------------------- */

/* 0 where it may be empty and is. */
static int32_t
read_day(struct verb_call *call, const char *field, bool needed)
{
	const char *text = verb_field(call, field);
	int32_t day = 0;

	if (*text == '\0') {
		if (needed)
			verb_error(call, field, "empty");
		return 0;
	}
	if (!ouv_day_read(text, &day))
		verb_error(call, field, "not-a-date");
	return day;
}

static void
read_days(struct verb_call *call, const char *first, int32_t *first_out,
	const char *last, int32_t *last_out)
{
	*first_out = read_day(call, first, true);
	*last_out = read_day(call, last, false);
	if (*last_out != 0 && *last_out < *first_out)
		verb_error(call, last, "order");
}

/* Whom it is about: the login in `who`, or oneself. */
static enum ouv_err
read_who(struct verb_call *call, bool oneself, struct ouv_id *person_out)
{
	const char *login = verb_field(call, "who");
	struct store_person person;
	enum ouv_err err;

	if (*login == '\0' && oneself) {
		*person_out = call->actor->person;
		return OUV_OK;
	}
	err = store_person_by_login(call->tx, call->arena, login, &person);
	if (err == OUV_OK && person.active) {
		*person_out = person.id;
		return OUV_OK;
	}
	if (err == OUV_OK || err == OUV_NOT_FOUND) {
		verb_error(call, "who", *login == '\0' ? "empty" : "unknown");
		return OUV_OK;
	}
	return err;
}

static void
read_kind(struct verb_call *call, struct store_conflict *row)
{
	const char *kind = verb_field(call, "kind");

	for (int i = 0; ouv_conflict_kinds[i] != NULL; i++)
		if (strcmp(kind, ouv_conflict_kinds[i]) == 0)
			row->kind = ouv_conflict_kinds[i];
	if (row->kind == NULL)
		verb_error(call, "kind", *kind == '\0' ? "empty" : "unknown");
}

/* The consumer of a case the actor may read, as a blind token. */
static enum ouv_err
read_consumer(
	struct verb_call *call, const char *number, struct store_conflict *row)
{
	struct ouv_desk *desk = call->desk;
	struct store_capsule *list;
	struct ouv_context context;
	struct consumer consumer;
	struct opened opened;
	struct ouv_id party;
	size_t count;
	int version;

	TRY(open_case(
		desk, call->tx, call->arena, call->actor, number, &opened));
	TRY(store_party_side(
		call->tx, &opened.c.id, "consumer", &party, &version));
	TRY(store_capsules(call->tx, call->arena, &opened.c.id, &list, &count));
	for (size_t i = 0; i < count; i++) {
		if (!ouv_id_equal(&list[i].party, &party))
			continue;
		context_make(desk, OUV_KIND_CAPSULE_KEY, OUV_COLUMN_CPK,
			&opened.c.id, &list[i].id, list[i].key_version,
			&context);
		TRY(open_capsule(call->arena, &context, opened.csk,
			list[i].box_case, &list[i], &consumer));
		ident_make(desk->office, "addr",
			ouv_mail_addr_fold(call->arena, consumer.addr),
			&row->consumer);
		break;
	}
	ouv_wipe(opened.csk, sizeof(opened.csk));
	return ident_is_none(&row->consumer) ? OUV_NOT_FOUND : OUV_OK;
}

/* Towards whom: a company, or the consumer of a case. */
static enum ouv_err
read_other(struct verb_call *call, struct store_conflict *row)
{
	const char *company = verb_field(call, "company");
	const char *number = verb_field(call, "case");
	struct store_company found;
	enum ouv_err err;

	if ((*company == '\0') == (*number == '\0')) {
		verb_error(call, "company",
			*company == '\0' ? "empty" : "one-of-both");
		return OUV_OK;
	}
	if (*number != '\0') {
		err = read_consumer(call, number, row);
		if (err == OUV_NOT_FOUND || err == OUV_REFUSED) {
			verb_error(call, "case", "unknown");
			return OUV_OK;
		}
		return err;
	}
	if (ouv_id_parse(company, &row->company) != OUV_OK) {
		verb_error(call, "company", "unknown");
		return OUV_OK;
	}
	err = store_company(call->tx, call->arena, &row->company, NULL, &found);
	if (err == OUV_NOT_FOUND) {
		verb_error(call, "company", "unknown");
		return OUV_OK;
	}
	return err;
}

/* ---- conflicts -------------------------------------------------------------
 */

static enum ouv_err
declare(struct verb_call *call, void *user)
{
	struct store_conflict row = { .id = ouv_id_new(),
		.made_by = call->actor->person,
		.note = verb_field(call, "note") };

	(void)user;
	TRY(read_who(call, true, &row.person));
	if (!heads(call->actor) &&
		!ouv_id_equal(&row.person, &call->actor->person))
		return OUV_REFUSED;
	TRY(read_other(call, &row));
	read_kind(call, &row);
	read_days(call, "from", &row.from_day, "until", &row.until_day);
	if (strlen(row.note) > NOTE_MOST)
		verb_error(call, "note", "too-long");
	if (call->result->error_count > 0)
		return OUV_INVALID;
	/* It takes their keys: one's own nobody is asked about. */
	if (!ouv_id_equal(&row.person, &call->actor->person) &&
		!call->actor->stepped) {
		call->result->step_up = true;
		return OUV_REFUSED;
	}
	TRY(store_conflict_declare(call->tx, &row));
	return log_own(call->desk, call->tx, &call->actor->person,
		"conflict-declare", &row.person);
}

enum ouv_err
ouv_desk_conflict_declare(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const char *form_key,
	const struct ouv_field *fields, size_t field_count,
	struct ouv_verb_result *result_out)
{
	struct verb_call call = change_call(
		desk, arena, actor, fields, field_count, result_out);

	TRY(change_once(&call, form_key, "conflict-declare", declare, NULL));
	ouv_desk_rekey(desk, actor, REKEY_MOST, REKEY_MS);
	return OUV_OK;
}

/* Nobody ends their own. */
static enum ouv_err
end(struct verb_call *call, void *user)
{
	const struct ouv_id *conflict = user;
	struct store_conflict *list;
	size_t count, i = 0;

	TRY(store_conflicts(call->tx, call->arena, &(struct ouv_id){ { 0 } },
		&list, &count));
	while (i < count && !ouv_id_equal(&list[i].id, conflict))
		i++;
	if (i == count)
		return OUV_NOT_FOUND;
	if (ouv_id_equal(&list[i].person, &call->actor->person))
		return OUV_REFUSED;
	TRY(store_conflict_end(call->tx, conflict));
	return log_own(call->desk, call->tx, &call->actor->person,
		"conflict-end", conflict);
}

enum ouv_err
ouv_desk_conflict_end(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const char *form_key,
	const struct ouv_id *conflict, struct ouv_verb_result *result_out)
{
	struct verb_call call =
		change_call(desk, arena, actor, NULL, 0, result_out);
	struct ouv_id id = *conflict;

	if (actor->role != OUV_ROLE_OMBUDSMAN)
		return OUV_REFUSED;
	/* Whoever was shut out may be given the keys again. */
	if (!actor->stepped) {
		result_out->step_up = true;
		return OUV_REFUSED;
	}
	return change_once(&call, form_key, "conflict-end", end, &id);
}

enum ouv_err
ouv_desk_conflicts(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, struct ouv_conflict **list_out,
	size_t *count_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	const struct ouv_id everybody = { { 0 } };
	struct store_conflict *rows;
	struct ouv_conflict *list;

	TRY(store_begin(desk->store, &tx));
	TRY(store_conflicts(tx, arena,
		heads(actor) ? &everybody : &actor->person, &rows, count_out));
	list = ouv_arena_array(arena, *count_out, sizeof(*list));
	for (size_t i = 0; i < *count_out; i++)
		list[i] = (struct ouv_conflict){ .id = rows[i].id,
			.name = rows[i].name,
			.company = rows[i].company_name,
			.kind = rows[i].kind,
			.note = rows[i].note,
			.made_by = rows[i].made_by_name,
			.from_day = rows[i].from_day,
			.until_day = rows[i].until_day,
			.made_at = rows[i].made_at,
			.ended_at = rows[i].ended_at,
			.mine = ouv_id_equal(&rows[i].person, &actor->person) };
	*list_out = list;
	return store_commit(&tx);
}

/* ---- training
 * ---------------------------------------------------------------- */

static enum ouv_err
train(struct verb_call *call, void *user)
{
	struct store_training row = { .id = ouv_id_new(),
		.made_by = call->actor->person,
		.subject = verb_field(call, "subject") };
	const struct store_code *code;
	enum ouv_err err;

	(void)user;
	TRY(read_who(call, false, &row.person));
	read_days(call, "on", &row.on_day, "until", &row.until_day);
	err = codes_find(call->desk, call->tx, "training", row.subject, &code);
	if (err == OUV_NOT_FOUND)
		verb_error(call, "subject",
			*row.subject == '\0' ? "empty" : "unknown");
	else if (err != OUV_OK)
		return err;
	if (call->result->error_count > 0)
		return OUV_INVALID;
	TRY(store_training_add(call->tx, &row));
	return log_own(call->desk, call->tx, &call->actor->person, "training",
		&row.person);
}

enum ouv_err
ouv_desk_training_add(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const char *form_key,
	const struct ouv_field *fields, size_t field_count,
	struct ouv_verb_result *result_out)
{
	struct verb_call call = change_call(
		desk, arena, actor, fields, field_count, result_out);

	if (!heads(actor))
		return OUV_REFUSED;
	return change_once(&call, form_key, "training", train, NULL);
}

enum ouv_err
ouv_desk_trainings(struct ouv_desk *desk, struct ouv_arena *arena,
	struct ouv_training **list_out, size_t *count_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct store_training *rows;
	struct ouv_training *list;

	TRY(store_begin(desk->store, &tx));
	TRY(store_trainings(tx, arena, &rows, count_out));
	list = ouv_arena_array(arena, *count_out, sizeof(*list));
	for (size_t i = 0; i < *count_out; i++)
		list[i] = (struct ouv_training){ rows[i].name, rows[i].subject,
			rows[i].on_day, rows[i].until_day };
	*list_out = list;
	return store_commit(&tx);
}

/* ---- what there is to choose from
 * ------------------------------------------------ */

enum ouv_err
ouv_desk_register_choices(struct ouv_desk *desk, struct ouv_arena *arena,
	enum ouv_lang lang, struct ouv_register_choices *choices_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct ouv_register_choices c = { 0 };
	struct store_company *companies;
	const struct store_code *codes;

	TRY(store_begin(desk->store, &tx));
	TRY(store_companies(tx, arena, &companies, &c.company_count));
	TRY(codes_list(desk, tx, "training", &codes, &c.subject_count));
	c.companies =
		ouv_arena_array(arena, c.company_count, sizeof(*c.companies));
	for (size_t i = 0; i < c.company_count; i++) {
		char *hex = ouv_arena_alloc(arena, OUV_ID_HEX);

		ouv_id_hex(&companies[i].id, hex);
		c.companies[i] = (struct ouv_choice){ .value = hex,
			.label = companies[i].name };
	}
	c.subjects =
		ouv_arena_array(arena, c.subject_count, sizeof(*c.subjects));
	for (size_t i = 0; i < c.subject_count; i++)
		c.subjects[i] = (struct ouv_choice){ .value = codes[i].code,
			.label = codes[i].label[lang] };
	TRY(codes_list(desk, tx, "sector", &codes, &c.sector_count));
	c.sectors = ouv_arena_array(arena, c.sector_count, sizeof(*c.sectors));
	for (size_t i = 0; i < c.sector_count; i++)
		c.sectors[i] = (struct ouv_choice){ .value = codes[i].code,
			.label = codes[i].label[lang] };
	*choices_out = c;
	return store_commit(&tx);
}
