/*
 * verb_classify.c - what a case is about, in the words of the codebooks
 *
 * A field that was not sent stays as it is, one that is empty takes the value
 * away.
 */
#include <string.h>

#include "intake.h"
#include "ouv/clock.h"

#define NUMBER_MOST 80

/* clang-format off */
static const char *const kinds[] = { "complaint", "suggestion", "question",
	"criticism", "praise", "report", "data-request", NULL };
static const char *const severities[] = { "low", "moderate", "high",
	"critical", NULL };
static const char *const difficulties[] = { "simple", "complex", NULL };
static const char *const channels[] = { "phone", "e-mail", "chat", "fax",
	"letter", "in-person", "site", "app", "social", "other", NULL };
static const char *const directions[] = { "inbound", "outbound", NULL };
static const char *const identities[] = { "protected", "open", NULL };
static const char *const profiles[] = { "default", "seed", "br-public",
	"br-bank", "br-sac", "consumidor", "eu-adr", "lgpd", "gdpr", NULL };

static const struct ouv_field_decl fields[] = {
	{ .name = "kind", .kind = OUV_FIELD_WORD, .words = kinds, .required = true },
	{ .name = "severity", .kind = OUV_FIELD_WORD, .words = severities },
	{ .name = "difficulty", .kind = OUV_FIELD_WORD, .words = difficulties },
	{ .name = "urgent", .kind = OUV_FIELD_FLAG },
	{ .name = "service", .kind = OUV_FIELD_CODE, .book = "service" },
	{ .name = "remedy", .kind = OUV_FIELD_CODE, .book = "remedy" },
	{ .name = "contact_channel", .kind = OUV_FIELD_WORD, .words = channels },
	{ .name = "direction", .kind = OUV_FIELD_WORD, .words = directions },
	{ .name = "first_instance", .kind = OUV_FIELD_PAST_DAY },
	{ .name = "first_number", .kind = OUV_FIELD_LINE, .most = NUMBER_MOST },
	{ .name = "unit", .kind = OUV_FIELD_COMPANY },
	{ .name = "identity", .kind = OUV_FIELD_WORD, .words = identities },
	{ .name = "allegation", .kind = OUV_FIELD_CODE, .book = "allegation",
	  .repeat = INTAKE_ALLEGATIONS },
	{ .name = "article", .kind = OUV_FIELD_CODE, .book = "article",
	  .repeat = INTAKE_ALLEGATIONS },
	{ .name = "law", .kind = OUV_FIELD_CODE, .book = "law",
	  .repeat = INTAKE_ALLEGATIONS },
	{ .name = "right", .kind = OUV_FIELD_CODE, .book = "right" },
	{ .name = "profile", .kind = OUV_FIELD_WORD, .words = profiles },
	{ .name = NULL },
};

/* Fields that are a column as they stand. */
#define AT(column) offsetof(struct store_mediation, column)
static const struct {
	const char *field;
	size_t at;
} columns[] = {
	{ "kind", AT(kind) },
	{ "severity", AT(severity) },
	{ "difficulty", AT(difficulty) },
	{ "service", AT(service) },
	{ "remedy", AT(remedy) },
	{ "contact_channel", AT(contact_channel) },
	{ "direction", AT(direction) },
	{ "identity", AT(identity) },
	{ "right", AT(right) },
	{ "profile", AT(profile) },
};
/* clang-format on */

static bool
sent(const struct verb_call *call, const char *field)
{
	for (size_t i = 0; i < call->field_count; i++)
		if (strcmp(call->fields[i].name, field) == 0)
			return true;
	return false;
}

static bool
differs(const char *was, const char *now)
{
	return was != NULL && (now == NULL || strcmp(was, now) != 0);
}

static void
take_columns(struct verb_call *call)
{
	struct store_mediation *m = &call->move->m;
	const char *was = m->kind;

	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
		const char *value = move_text(call, columns[i].field, 1);

		if (sent(call, columns[i].field))
			*(const char **)(void *)((char *)m + columns[i].at) =
				*value != '\0' ? value : NULL;
	}
	if (m->told && differs(was, m->kind))
		verb_error(call, "kind", "already-told");
	m->urgent = move_flag(call, "urgent");
}

/* ---- the company
 * ------------------------------------------------------------- */

static enum ouv_err
take_unit(struct verb_call *call)
{
	static const struct ouv_id none;
	struct store_mediation *m = &call->move->m;
	struct store_unit unit = { .id = none };

	if (!sent(call, "unit"))
		return OUV_OK;
	if (*move_text(call, "unit", 1) != '\0')
		TRY(respondent_unit(call, "unit", &unit));
	if (m->told && !ouv_id_equal(&m->unit, &unit.id)) {
		verb_error(call, "unit", "already-told");
		return OUV_OK;
	}
	m->unit = unit.id;
	m->company = unit.company;
	m->company_name = unit.company_name;
	return OUV_OK;
}

/* The company was asked before; its number there is the case's secret. */
static enum ouv_err
take_first(struct verb_call *call)
{
	static const struct ouv_id none;
	struct store_mediation *m = &call->move->m;
	const char *number = move_text(call, "first_number", 1), *was = "";
	int64_t end;

	if (sent(call, "first_instance")) {
		m->first_instance = 0;
		(void)move_day(
			call, "first_instance", 1, &m->first_instance, &end);
	}
	if (!sent(call, "first_number"))
		return OUV_OK;
	if (!ouv_id_is_zero(&m->first_instance_item))
		TRY(words_read(call, &m->first_instance_item, &was));
	if (strcmp(was, number) == 0)
		return OUV_OK;
	m->first_instance_item = none;
	return *number == '\0'
		       ? OUV_OK
		       : words_keep(call, number, &m->first_instance_item);
}

/* ---- what is alleged
 * ----------------------------------------------------------- */

static int
rank(const char *severity)
{
	for (int i = 0; severities[i] != NULL; i++)
		if (severity != NULL && strcmp(severities[i], severity) == 0)
			return i;
	return -1;
}

static const char *
more_text(
	struct ouv_arena *arena, const struct store_code *code, const char *key)
{
	json_t *more = json_loads(code->more, 0, NULL);
	const char *text = json_string_value(json_object_get(more, key));
	const char *kept = text != NULL ? ouv_arena_strdup(arena, text) : "";

	json_decref(more);
	return kept;
}

/* Some weigh at least so much. */
static void
weigh(struct verb_call *call, const struct store_code *code)
{
	const char *least = more_text(call->arena, code, "least");

	if (call->move->m.severity == NULL ||
		rank(call->move->m.severity) >= rank(least))
		return;
	verb_error(call, "severity", "too-low");
	call->result->errors[call->result->error_count - 1].offer = least;
}

/* Without an article the allegation's own counts. */
static enum ouv_err
take_code(struct verb_call *call, struct store_allegation *a)
{
	const struct store_code *code;

	TRY(codes_find(call->desk, call->tx, "allegation", a->code, &code));
	if (*a->article == '\0')
		a->article = more_text(call->arena, code, "article");
	weigh(call, code);
	return OUV_OK;
}

/* Those the case has stay: they weigh what they did, also where their code has
 * ended since. */
static enum ouv_err
weigh_stored(struct verb_call *call)
{
	struct store_allegation *list;
	int32_t today;
	size_t count;

	TRY(office_day(call->desk, call->tx, ouv_clock_now(), &today));
	TRY(store_allegations(
		call->tx, call->arena, &call->file->id, &list, &count));
	for (size_t i = 0; i < count; i++) {
		struct store_code code;
		enum ouv_err err = store_code(call->tx, call->arena,
			"allegation", list[i].code, today, &code);

		if (err == OUV_OK)
			weigh(call, &code);
		else if (err != OUV_NOT_FOUND)
			return err;
	}
	return OUV_OK;
}

static enum ouv_err
take_allegations(struct verb_call *call)
{
	struct store_allegation list[INTAKE_ALLEGATIONS];
	size_t count = 0;

	if (!sent(call, "allegation"))
		return sent(call, "severity") ? weigh_stored(call) : OUV_OK;
	for (int n = 1; n <= INTAKE_ALLEGATIONS; n++) {
		struct store_allegation a = {
			.code = move_text(call, "allegation", n),
			.article = move_text(call, "article", n),
			.law = move_text(call, "law", n),
		};

		if (*a.code == '\0') {
			if (*a.article != '\0' || *a.law != '\0')
				verb_error(call,
					n == 1 ? "allegation"
					       : ouv_arena_printf(call->arena,
							 "allegation-%d", n),
					"empty");
			continue;
		}
		TRY(take_code(call, &a));
		list[count++] = a;
	}
	return call->result->error_count > 0
		       ? OUV_OK
		       : store_allegations_set(
				 call->tx, &call->file->id, list, count);
}

static enum ouv_err
run(struct verb_call *call)
{
	const char *profile = call->move->m.profile;

	take_columns(call);
	TRY(request_terms(call, profile));
	TRY(take_unit(call));
	TRY(take_allegations(call));
	if (call->result->error_count > 0)
		return OUV_INVALID;
	return take_first(call);
}

const struct verb verb_classify = { "classify", OUV_ACTION_CLASSIFY, run, true,
	fields };
