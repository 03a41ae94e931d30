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

/* One script, ours, from a file; and the frame that shows the letter. */
#define WRITE_POLICY                                                    \
	"default-src 'none'; script-src 'self'; connect-src 'self'; "   \
	"frame-src 'self'; style-src 'self'; img-src 'self'; "          \
	"font-src 'self'; form-action 'self'; frame-ancestors 'none'; " \
	"base-uri 'none'"
/* The letter's own styles, and nothing that acts. */
#define LETTER_POLICY                                              \
	"sandbox; default-src 'none'; style-src 'unsafe-inline'; " \
	"form-action 'none'; frame-ancestors 'self'; base-uri 'none'"

static const char *const verbs[] = { "reply", "holding" };

void
write_policy(struct request *request)
{
	reply_header_set(request, "Content-Security-Policy", WRITE_POLICY);
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
find_piece(struct request *request, const char *name, const char **text_out)
{
	struct ouv_piece *list;
	struct ouv_desk *desk;
	size_t count;
	enum ouv_err err;

	err = desk_here(request->server, &desk);
	if (err == OUV_OK)
		err = ouv_desk_pieces(desk, request->arena, request->actor,
			request->args[0], write_to(request), request->lang,
			&list, &count);
	if (err != OUV_OK)
		return err;
	for (size_t i = 0; i < count; i++)
		if (strcmp(list[i].name, name) == 0) {
			*text_out = list[i].text;
			return OUV_OK;
		}
	return OUV_INVALID;
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

	if (verb == NULL) {
		page_error(request, 404);
		return;
	}
	request->args[1] = verb; /* as if it were sent */
	if (*piece_wanted(request) != '\0') {
		insert(request, piece_wanted(request));
		return;
	}
	err = look(request, &check, &result);
	if (is_part(request, "findings") &&
		(err == OUV_OK || err == OUV_INVALID))
		show_findings(request, &result);
	else if (is_part(request, "html") && err == OUV_OK)
		write_letter(request, check.html);
	else
		show_page(request, err, &result);
}
