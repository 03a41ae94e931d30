/*
 * page_write.c - a letter is looked at before it is sent: nothing is changed
 * here, and the form's key is not used up
 *
 * The same form goes to three places: back to the whole page, to the list of
 * findings beside the text while one types, and into a frame that shows the
 * formatted part.
 */
#include <string.h>

#include "page.h"
#include "reply.h"
#include "view.h"
#include "write.h"

/* The letter's own styles, and nothing that acts. */
#define LETTER_POLICY                                              \
	"sandbox; default-src 'none'; style-src 'unsafe-inline'; " \
	"form-action 'none'; frame-ancestors 'self'; base-uri 'none'"

static const char *const verbs[] = { "reply", "holding" };

void
write_policy(struct request *request)
{
	reply_policy(request, POLICY_SCRIPT | POLICY_FRAME);
}

static const char *
verb_of(const struct request *request)
{
	const char *given = form_get(&request->form, "verb");

	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (given != NULL && strcmp(given, verbs[i]) == 0)
			return verbs[i];
	return NULL;
}

static bool
is_part(const struct request *request, const char *name)
{
	const char *part = form_get(&request->query_form, "part");

	return part != NULL && strcmp(part, name) == 0;
}

/* ---- putting a piece in
 * ----------------------------------------------------- */

/* The piece that the form asks to put in; "" : none. */
static const char *
piece_wanted(const struct request *request)
{
	const char *action = form_get(&request->form, "action");
	const char *piece = form_get(&request->form, "piece");

	if (action == NULL || strcmp(action, "insert") != 0 || piece == NULL)
		return "";
	return piece;
}

static enum ouv_err
all_pieces(
	struct request *request, struct ouv_piece **list_out, size_t *count_out)
{
	struct ouv_desk *desk;
	enum ouv_err err = desk_here(request->server, &desk);

	if (err != OUV_OK)
		return err;
	return ouv_desk_pieces(desk, request->arena, request->actor,
		request->args[0], write_to(request), request->lang, list_out,
		count_out);
}

static enum ouv_err
find_piece(struct request *request, const char *name, const char **text_out)
{
	struct ouv_piece *list;
	size_t count;
	enum ouv_err err = all_pieces(request, &list, &count);

	if (err != OUV_OK)
		return err;
	for (size_t i = 0; i < count; i++)
		if (strcmp(list[i].name, name) == 0) {
			*text_out = list[i].text;
			return OUV_OK;
		}
	return OUV_INVALID;
}

/* All of them to read, in a window beside the letter. */
static void
show_pieces(struct request *request)
{
	struct ouv_piece *list;
	size_t count;
	json_t *data;
	enum ouv_err err = all_pieces(request, &list, &count);

	if (err != OUV_OK) {
		page_error_desk(request, err);
		return;
	}
	data = view_base(request, "pieces_title");
	view_pieces(request, data, list, count);
	reply_page(request, 200, "pieces", data);
}

/* The one chosen, for who puts it where the cursor stands. */
static void
show_piece(struct request *request)
{
	const char *name = form_get(&request->form, "piece");
	const char *text = "";
	enum ouv_err err = find_piece(request, name != NULL ? name : "", &text);

	if (err == OUV_OK)
		reply_bytes(request, 200, "text/plain; charset=utf-8",
			(struct ouv_str){ text, strlen(text) });
	else
		page_error_desk(
			request, err == OUV_INVALID ? OUV_NOT_FOUND : err);
}

/* At the end of what was typed, as a paragraph of its own. */
static void
append(struct request *request, const char *piece)
{
	for (size_t i = 0; i < request->form.count; i++) {
		struct ouv_field *field = &request->form.fields[i];
		size_t len = strlen(field->value);

		if (strcmp(field->name, "text") != 0)
			continue;
		while (len > 0 && strchr(" \t\n", field->value[len - 1]))
			len--;
		field->value = ouv_arena_printf(request->arena, "%.*s%s%s",
			(int)len, field->value, len > 0 ? "\n\n" : "", piece);
	}
}

/* A few letters of its title, typed instead of choosing it. */
static const char *
letters_typed(const struct request *request)
{
	const char *letters = form_get(&request->form, "piece_find");

	if (letters == NULL || form_get(&request->query_form, "part") != NULL)
		return "";
	return letters + strspn(letters, " ");
}

static void
forget_letters(struct request *request)
{
	for (size_t i = 0; i < request->form.count; i++)
		if (strcmp(request->form.fields[i].name, "piece_find") == 0)
			request->form.fields[i].value = "";
}

/* The only one with these letters is put in; else its author chooses. */
static void
insert_found(struct request *request, const char *letters)
{
	struct ouv_verb_result result = { 0 };
	struct trouble trouble = { .status = 200, .result = &result };
	struct ouv_piece *list;
	size_t count, found;
	enum ouv_err err = all_pieces(request, &list, &count);

	if (err != OUV_OK) {
		page_error_desk(request, err);
		return;
	}
	found = write_matching(list, count, letters);
	if (found == 1) {
		append(request, list[0].text);
		forget_letters(request);
	} else {
		trouble.status = 422;
		result.error_count = 1;
		result.errors[0] =
			(struct ouv_field_error){ .field = "piece_find",
				.code = found == 0 ? "none-such" : "several" };
	}
	page_case_show(request, &trouble);
}

static void
insert(struct request *request, const char *name)
{
	struct ouv_verb_result result = { 0 };
	struct trouble trouble = { .status = 200, .result = &result };
	const char *piece = "";
	enum ouv_err err = find_piece(request, name, &piece);

	if (err == OUV_INVALID) {
		trouble.status = 422;
		result.error_count = 1;
		result.errors[0] = (struct ouv_field_error){ .field = "piece",
			.code = "unknown" };
	} else if (err != OUV_OK) {
		page_error_desk(request, err);
		return;
	} else {
		append(request, piece);
		forget_letters(request);
	}
	page_case_show(request, &trouble);
}

/* ---- looking
 * ------------------------------------------------------------------ */

static enum ouv_err
look(struct request *request, struct ouv_check *check,
	struct ouv_verb_result *result)
{
	struct ouv_field list[FORM_FIELDS];
	size_t count = page_case_fields(request, list);
	struct ouv_desk *desk;
	enum ouv_err err;

	if ((err = desk_here(request->server, &desk)) != OUV_OK)
		return err;
	err = ouv_desk_check(desk, request->arena, request->actor,
		request->args[0], request->args[1], list, count, check, result);
	if (err == OUV_OK)
		result->check = check;
	return err;
}

/* What stands beside the text while one types. */
static void
show_findings(struct request *request, const struct ouv_verb_result *result)
{
	json_t *data = view_base(request, "check_heading");

	view_findings(request, data, request->args[1], result->check, result);
	view_flag(data, "has_keys", false); /* a part of a page */
	reply_page(request, 200, "findings", data);
}

/* The formatted part, byte for byte, where no script can run. */
void
write_letter(struct request *request, const char *html)
{
	struct ouv_str bytes = { html, strlen(html) };

	reply_bytes(request, 200, "text/html; charset=utf-8", bytes);
	reply_header_set(request, "Content-Security-Policy", LETTER_POLICY);
	reply_header_set(request, "X-Frame-Options", "SAMEORIGIN");
}

static enum ouv_err
stay(struct request *request)
{
	struct ouv_desk *desk;
	enum ouv_err err = desk_here(request->server, &desk);

	return err != OUV_OK ? err
			     : ouv_desk_stay(desk, request->arena,
				       request->actor, request->args[0]);
}

/* Of a form whose words are not looked at while one types: just that one does.
 */
static void
say_here(struct request *request)
{
	enum ouv_err err = stay(request);

	if (err != OUV_OK)
		page_error_desk(request, err);
	else
		reply_text(request, 200, "");
}

static void
show_page(struct request *request, enum ouv_err err,
	const struct ouv_verb_result *result)
{
	struct trouble trouble = { .status = reply_status(err),
		.result = result };

	switch (err) {
	case OUV_OK:
		break;
	case OUV_INVALID:
		trouble.word = result->error_count == 0 ? "field_wrong" : NULL;
		break;
	case OUV_REFUSED:
		trouble.word = "act_refused";
		break;
	default:
		page_error_desk(request, err);
		return;
	}
	page_case_show(request, &trouble);
}

void
page_check(struct request *request)
{
	struct ouv_verb_result result = { 0 };
	struct ouv_check check = { 0 };
	const char *verb = verb_of(request);
	enum ouv_err err;

	if (is_part(request, "here")) {
		say_here(request);
		return;
	}
	if (verb == NULL) {
		page_error(request, 404);
		return;
	}
	if (is_part(request, "pieces")) {
		show_pieces(request);
		return;
	}
	if (is_part(request, "piece")) {
		show_piece(request);
		return;
	}
	request->args[1] = verb; /* as if it were sent */
	if (*piece_wanted(request) != '\0') {
		insert(request, piece_wanted(request));
		return;
	}
	if (*letters_typed(request) != '\0') {
		insert_found(request, letters_typed(request));
		return;
	}
	err = look(request, &check, &result);
	if (err == OUV_OK || err == OUV_INVALID)
		(void)stay(request); /* told to others; no reason to say less */
	if (is_part(request, "findings") &&
		(err == OUV_OK || err == OUV_INVALID))
		show_findings(request, &result);
	else if (is_part(request, "html") && err == OUV_OK)
		write_letter(request, check.html);
	else
		show_page(request, err, &result);
}

void
page_check_again(struct request *request)
{
	static const struct ouv_verb_result nothing;
	const struct trouble typed = { .status = 200, .result = &nothing };

	request->args[1] = verb_of(request);
	if (request->args[1] != NULL)
		page_case_show(request, &typed);
	else
		page_error(request, 404);
}
