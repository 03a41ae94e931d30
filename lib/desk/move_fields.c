/*
 * move_fields.c - the fields of a move, checked by their declarations
 *
 * A party's own message stands for words: of a party that acts alone only its
 * choice must be there.
 */
#include <stdlib.h>
#include <string.h>

#include "frame.h"
#include "release.h"

const char *
field_name(struct ouv_arena *arena, const char *field, int n)
{
	return n <= 1 ? field : ouv_arena_printf(arena, "%s-%d", field, n);
}

/* ---- what a verb asks ------------------------------------------------------
 */

const char *
move_text(const struct verb_call *call, const char *field, int n)
{
	struct ouv_verb_result ignored = { 0 };
	struct verb_call quiet = *call;

	quiet.result = &ignored;
	return field_words(&quiet, field_name(call->arena, field, n), SIZE_MAX,
		false, false);
}

bool
move_flag(const struct verb_call *call, const char *field)
{
	return strcmp(verb_field(call, field), "1") == 0;
}

bool
move_day(const struct verb_call *call, const char *field, int n,
	int32_t *day_out, int64_t *end_out)
{
	const struct ouv_calendar *calendar = call->move->days;
	int32_t day;

	if (!ouv_day_read(move_text(call, field, n), &day))
		return false;
	*day_out = day;
	*end_out = ouv_calendar_instant(calendar, day + 1, 0) - 1;
	return true;
}

int
move_count(const struct verb_call *call, const char *field)
{
	int n = 0;

	while (*move_text(call, field, n + 1) != '\0')
		n++;
	return n;
}

/* ---- one kind each ---------------------------------------------------------
 */

/* A field that holds something; its errors are told.  OUV_TEMPORARY and the
 * like are the database's. */
struct check {
	struct verb_call *call;
	const struct ouv_field_decl *decl;
	const char *name, *value;
};
typedef enum ouv_err check_fn(const struct check *c);

static enum ouv_err
wrong(const struct check *c, const char *code)
{
	verb_error(c->call, c->name, code);
	return OUV_OK;
}

static enum ouv_err
known(const struct check *c, enum ouv_err err)
{
	return err == OUV_NOT_FOUND || err == OUV_INVALID ? wrong(c, "unknown")
							  : err;
}

static enum ouv_err
check_line(const struct check *c)
{
	(void)field_words(c->call, c->name, (size_t)c->decl->most, true, false);
	return OUV_OK;
}

static enum ouv_err
check_words(const struct check *c)
{
	(void)field_words(
		c->call, c->name, (size_t)c->decl->most, false, false);
	return OUV_OK;
}

static enum ouv_err
check_day(const struct check *c)
{
	struct ouv_verb_result *r = c->call->result;
	size_t before = r->error_count;
	int64_t end;
	int32_t day;

	if (!field_day(c->call, c->call->move->days, c->name, 0, &day, &end) &&
		r->error_count > before &&
		strcmp(r->errors[before].code, "calendar-ends") == 0)
		r->errors[before].offer = c->call->move->days->name;
	return OUV_OK;
}

static enum ouv_err
check_past_day(const struct check *c)
{
	int32_t day;

	if (!ouv_day_read(c->value, &day))
		return wrong(c, "not-a-date");
	if (day > ouv_calendar_day(c->call->move->days, c->call->now, NULL))
		return wrong(c, "future");
	return OUV_OK;
}

static enum ouv_err
check_code(const struct check *c)
{
	const struct store_code *code;

	return known(c, codes_find(c->call->desk, c->call->tx, c->decl->book,
				c->value, &code));
}

static enum ouv_err
check_word(const struct check *c)
{
	for (const char *const *w = c->decl->words; *w != NULL; w++)
		if (strcmp(*w, c->value) == 0)
			return OUV_OK;
	return wrong(c, "unknown");
}

static enum ouv_err
check_flag(const struct check *c)
{
	return strcmp(c->value, "1") == 0 ? OUV_OK : wrong(c, "unknown");
}

/* Digits alone, at most `most` (0: any that fits). */
static bool
read_number(const char *value, int most, int *n_out)
{
	char *end;
	long n;

	if (*value < '0' || *value > '9' || strlen(value) > 9)
		return false;
	n = strtol(value, &end, 10);
	*n_out = (int)n;
	return *end == '\0' && (most == 0 || n <= most);
}

static enum ouv_err
check_number(const struct check *c)
{
	int n;

	return read_number(c->value, c->decl->most, &n) ? OUV_OK
							: wrong(c, "unknown");
}

static enum ouv_err
check_person(const struct check *c)
{
	struct store_person person;
	enum ouv_err err = store_person_by_login(
		c->call->tx, c->call->arena, c->value, &person);

	if (err == OUV_OK && !person.active)
		return wrong(c, "unknown");
	return known(c, err);
}

static enum ouv_err
check_item(const struct check *c)
{
	struct ouv_id item;
	int seq;

	if (!read_number(c->value, 0, &seq))
		return wrong(c, "unknown");
	return known(
		c, store_item_seq(c->call->tx, &c->call->file->id, seq, &item));
}

static enum ouv_err
check_protocol(const struct check *c)
{
	char protocol[OUV_PROTOCOL_MAX];

	return known(c, ouv_protocol_parse(c->value, protocol));
}

static enum ouv_err
check_company(const struct check *c)
{
	struct store_unit unit;
	struct ouv_id id;

	if (ouv_id_parse(c->value, &id) != OUV_OK)
		return wrong(c, "unknown");
	return known(c, store_unit(c->call->tx, c->call->arena, &id,
				ouv_calendar_day(c->call->move->days,
					c->call->now, NULL),
				&unit));
}

static enum ouv_err
check_piece(const struct check *c)
{
	struct ouv_id item;
	int seq, part;

	if (!piece_read(c->value, &seq, &part))
		return wrong(c, "unknown");
	return known(
		c, store_item_seq(c->call->tx, &c->call->file->id, seq, &item));
}

static check_fn *const checks[OUV_FIELD__COUNT] = {
	[OUV_FIELD_LINE] = check_line,
	[OUV_FIELD_WORDS] = check_words,
	[OUV_FIELD_DAY] = check_day,
	[OUV_FIELD_PAST_DAY] = check_past_day,
	[OUV_FIELD_CODE] = check_code,
	[OUV_FIELD_WORD] = check_word,
	[OUV_FIELD_FLAG] = check_flag,
	[OUV_FIELD_NUMBER] = check_number,
	[OUV_FIELD_PERSON] = check_person,
	[OUV_FIELD_ITEM] = check_item,
	[OUV_FIELD_PROTOCOL] = check_protocol,
	[OUV_FIELD_COMPANY] = check_company,
	[OUV_FIELD_PIECES] = check_piece,
	[OUV_FIELD_EVIDENCE] = check_number,
};

/* ---- all of them -----------------------------------------------------------
 */

static int
times(const struct ouv_field_decl *decl)
{
	return decl->repeat > 1 ? decl->repeat : 1;
}

static bool
needed(const struct verb_call *call, const struct ouv_field_decl *decl, int n)
{
	return decl->required && n == 1 &&
	       (!by_program(call) || strcmp(decl->name, "choice") == 0);
}

enum ouv_err
fields_check(struct verb_call *call, const struct ouv_field_decl *fields)
{
	for (const struct ouv_field_decl *d = fields; d->name != NULL; d++)
		for (int n = 1; n <= times(d); n++) {
			const struct check c = { call, d,
				field_name(call->arena, d->name, n),
				move_text(call, d->name, n) };

			if (*c.value != '\0')
				TRY(checks[d->kind](&c));
			else if (needed(call, d, n))
				verb_error(call, c.name, "empty");
		}
	return call->result->error_count > 0 ? OUV_INVALID : OUV_OK;
}

size_t
fields_typed(struct verb_call *call, const struct ouv_field_decl *fields,
	struct typed *typed, size_t most)
{
	size_t count = 0;

	for (const struct ouv_field_decl *d = fields; d->name != NULL; d++)
		for (int n = 1; d->letter && n <= times(d); n++) {
			const char *text = move_text(call, d->name, n);

			if (*text != '\0' && count < most)
				typed[count++] = (struct typed){
					.field = field_name(
						call->arena, d->name, n),
					.text = text
				};
		}
	return count;
}

bool
fields_dated(const struct verb_call *call, const struct ouv_field_decl *fields)
{
	for (const struct ouv_field_decl *d = fields; d->name != NULL; d++)
		if (d->kind == OUV_FIELD_DAY &&
			*move_text(call, d->name, 1) != '\0')
			return true;
	return false;
}
