/*
 * verb_disclose.c - a person releases messages and attachments to a party
 *
 * Nothing of them is in the letter: it carries a link.  What may belong to the
 * other side is found first, and passed over only with a reason that is kept.
 */
#include <stdlib.h>
#include <string.h>

#include "frame.h"
#include "release.h"

#define DAYS 14
#define OPENS 20
#define DAY_SECS INT64_C(86400)
#define FOUND_MOST 100

/* clang-format off */
static const char *const side_words[] = { "consumer", "company", NULL };
static const char *const modes[] = { "link", "code", NULL };

static const struct ouv_field_decl fields[] = {
	{ .name = "to", .kind = OUV_FIELD_WORD, .required = true, .words = side_words },
	{ .name = "piece", .kind = OUV_FIELD_PIECES, .repeat = OUV_PIECES_MOST },
	{ .name = "words", .kind = OUV_FIELD_WORDS, .most = 2000, .letter = true },
	{ .name = "mode", .kind = OUV_FIELD_WORD, .required = true, .words = modes },
	{ .name = "days", .kind = OUV_FIELD_NUMBER, .most = 90 },
	{ .name = "opens", .kind = OUV_FIELD_NUMBER, .most = 200 },
	{ .name = NULL },
};

/* Rules that find what is somebody's own. */
static const char *const leaks[] = { "other-party", "other-protocol",
	"card-number", "cpf", "iban", "codice-fiscale", "bank-account",
	"phone", "email-address" };
/* clang-format on */

/* ---- what was chosen -------------------------------------------------------
 */

static const struct store_item *
find_item(const struct store_item_row *rows, size_t count, int seq)
{
	for (size_t i = 0; i < count; i++)
		if (rows[i].item.seq == seq)
			return &rows[i].item;
	return NULL;
}

/* One box that was ticked; what is wrong is told. */
static enum ouv_err
read_piece(struct verb_call *call, const struct store_item_row *rows,
	size_t count, const char *value, struct piece *piece)
{
	int seq;

	if (!piece_read(value, &seq, &piece->part) ||
		(piece->item = find_item(rows, count, seq)) == NULL) {
		verb_error(call, "piece", "unknown");
		return OUV_INVALID;
	}
	if (!release_may(piece->item)) {
		verb_error(call, "piece", "internal");
		return OUV_INVALID;
	}
	TRY(open_doc(call->desk, call->arena, call->opened, piece->item,
		&piece->mail));
	if (piece->part >= 0 && (size_t)piece->part >= piece->mail.part_count) {
		verb_error(call, "piece", "unknown");
		return OUV_INVALID;
	}
	if (piece->part < 0 && release_only_quotes(call->arena, &piece->mail)) {
		verb_error(call, "piece", "only-quoted");
		return OUV_INVALID;
	}
	return OUV_OK;
}

static enum ouv_err
read_pieces(struct verb_call *call, struct release *release)
{
	struct store_item_row *rows;
	struct piece *list =
		ouv_arena_array(call->arena, call->field_count, sizeof(*list));
	size_t count, n = 0;

	TRY(store_items(
		call->tx, call->arena, &call->opened->c.id, &rows, &count));
	for (size_t i = 0; i < call->field_count; i++) {
		const struct ouv_field *field = &call->fields[i];

		if (strncmp(field->name, "piece", 5) != 0 ||
			(field->name[5] != '\0' && field->name[5] != '-') ||
			*field->value == '\0')
			continue;
		list[n].field = field->name;
		TRY(read_piece(call, rows, count, field->value, &list[n]));
		n++;
	}
	if (n == 0) {
		verb_error(call, "piece", "empty");
		return OUV_INVALID;
	}
	release->pieces = list;
	release->piece_count = n;
	return OUV_OK;
}

static int
number(const struct verb_call *call, const char *field, int otherwise)
{
	long n = strtol(move_text(call, field, 1), NULL, 10);

	return n > 0 ? (int)n : otherwise;
}

static enum ouv_err
read_form(struct verb_call *call, struct release *release, int *side_out)
{
	enum ouv_err err;
	int version;

	release->side = move_text(call, "to", 1);
	release->mode = move_text(call, "mode", 1);
	*side_out = strcmp(release->side, "company") == 0 ? COMPANY : CONSUMER;
	err = store_party_side(call->tx, &call->file->id, release->side,
		&release->party, &version);
	if (err == OUV_NOT_FOUND) {
		verb_error(call, "to", "no-such-party");
		return OUV_INVALID;
	}
	TRY(err);
	release->expires_at = call->now + number(call, "days", DAYS) * DAY_SECS;
	release->max_opens = number(call, "opens", OPENS);
	return read_pieces(call, release);
}

/* ---- what is the other side's ----------------------------------------------
 */

static bool
is_leak(const struct ouv_finding *f)
{
	for (size_t i = 0; f->len > 0 && i < sizeof(leaks) / sizeof(leaks[0]);
		i++)
		if (strcmp(leaks[i], f->rule->name) == 0)
			return true;
	return false;
}

/* The company may know who complains: the name, nothing else of them. */
static bool
may_know(const struct verb_call *call, int side, const struct ouv_finding *f)
{
	const struct consumer *who = call->move->party[CONSUMER];

	return side == COMPANY && call->move->name_consumer && who != NULL &&
	       strcasecmp(f->found, who->name) == 0;
}

/* A person decides: what blocks a letter only warns here. */
static const struct ouv_lint_rule *
soft(struct ouv_arena *arena, const struct ouv_lint_rule *rule)
{
	struct ouv_lint_rule *own =
		ouv_arena_memdup(arena, rule, sizeof(*rule));

	own->severity = OUV_LINT_WARNS;
	return own;
}

struct found {
	struct ouv_finding list[FOUND_MOST];
	const char *fields[FOUND_MOST];
	size_t count;
};

static void
look_at(struct verb_call *call, int side, const struct draft *draft,
	const struct piece *piece, struct found *found)
{
	const struct letter_out *letter = &draft->letter;
	const struct ouv_lint_text text = { .lang = OUV_LANG__COUNT,
		.kind = OUV_LINT_PIECE,
		.subject = piece->mail.subject,
		.body = release_words(call->desk, call->arena, &piece->mail),
		.protocol = call->opened->c.protocol,
		.other_count = letter->other_count,
		.others = letter->others,
		.own_count = letter->own_count,
		.own = letter->own };
	struct ouv_finding *list;
	size_t count;

	ouv_lint_run(
		call->arena, call->desk->office->lint, &text, &list, &count);
	for (size_t i = 0; i < count && found->count < FOUND_MOST; i++) {
		if (!is_leak(&list[i]) || may_know(call, side, &list[i]))
			continue;
		found->list[found->count] = list[i];
		found->list[found->count].rule =
			soft(call->arena, list[i].rule);
		found->fields[found->count++] = piece->field;
	}
}

/* They wrote it themselves. */
static bool
is_own(const struct piece *piece, const struct release *release)
{
	return piece->item->kind == OUV_ITEM_MAIL_IN &&
	       ouv_id_equal(&piece->item->party, &release->party);
}

/* What is found is shown with the form that comes back. */
static enum ouv_err
judge(struct verb_call *call, const struct release *release, int side)
{
	struct found *found = ouv_arena_array(call->arena, 1, sizeof(*found));
	struct ouv_check *check =
		ouv_arena_array(call->arena, 1, sizeof(*check));
	struct draft draft = { .side = release->side,
		.to = { .party = release->party, .name = "", .addr = "" } };

	if (call->move->party[side] != NULL)
		draft.to = *call->move->party[side];
	TRY(party_letter(call, &draft));
	for (size_t i = 0; i < release->piece_count; i++)
		if (release->pieces[i].part < 0 &&
			!is_own(&release->pieces[i], release))
			look_at(call, side, &draft, &release->pieces[i], found);
	if (found->count == 0)
		return OUV_OK;
	*check = (struct ouv_check){ .to_name = draft.to.name,
		.to_addr = draft.to.addr,
		.lang = draft.to.lang,
		.finding_count = found->count,
		.findings = found->list,
		.fields = found->fields,
		.warned = true };
	draft.overrule = move_text(call, "overrule", 1);
	if (*draft.overrule != '\0')
		return draft_overruled(call, &draft, check);
	verb_error(call, "overrule", "warned");
	call->result->check = check;
	return OUV_OK; /* the letter is looked at as well */
}

/* ---- the letter ------------------------------------------------------------
 */

static void
tell(struct verb_call *call, const struct release *release, int side,
	const char *url)
{
	struct moving *move = call->move;
	const char *words = move_text(call, "words", 1);
	json_t *data = move->data[side];

	move->text[side] = "disclosed";
	(void)json_object_set_new(data, "release_url", json_string(url));
	(void)json_object_set_new(
		data, "release_by", json_integer(release->expires_at));
	(void)json_object_set_new(
		data, "release_opens", json_integer(release->max_opens));
	(void)json_object_set_new(data, "needs_code",
		json_boolean(strcmp(release->mode, "code") == 0));
	if (*words != '\0')
		(void)json_object_set_new(data, "words", json_string(words));
}

/* For the log: "company: 3, 4.1". */
static const char *
what_of(struct verb_call *call, const struct release *release)
{
	struct ouv_buf out;

	ouv_buf_init(&out, call->arena, 64);
	ouv_buf_printf(&out, "%s:", release->side);
	for (size_t i = 0; i < release->piece_count; i++) {
		const struct piece *p = &release->pieces[i];

		ouv_buf_printf(&out, "%s %d", i > 0 ? "," : "", p->item->seq);
		if (p->part >= 0)
			ouv_buf_printf(&out, ".%d", p->part + 1);
	}
	return ouv_arena_strndup(call->arena, out.data, out.len);
}

static enum ouv_err
run(struct verb_call *call)
{
	struct release release = { 0 };
	const char *url;
	int side;

	TRY(read_form(call, &release, &side));
	TRY(judge(call, &release, side));
	TRY(release_make(call, &release, &call->object, &url));
	tell(call, &release, side, url);
	call->move->reason = what_of(call, &release);
	return OUV_OK;
}

const struct verb verb_disclose = { "disclose", OUV_ACTION_DISCLOSE, run, false,
	fields };
