/*
 * page_company_edit.c - which entry of the register of companies an address
 * means, what is posted for it, and the second look at a contact's address
 */
#include <string.h>

#include "again.h"
#include "calendar.h"
#include "entry.h"
#include "move.h"
#include "page.h"
#include "reply.h"
#include "session.h"

#define HERE "/companies"

/* clang-format off */
static const char *const dates[] = { "member_until", "from", "until",
	"away_from", "away_until", NULL };
/* clang-format on */

/* ---- finding it ------------------------------------------------------------
 */

const struct ouv_id *
entry_id(const struct entry_place *p)
{
	const struct ouv_id *ids[OUV_ENTRY__COUNT] = {
		[OUV_ENTRY_COMPANY] = &p->company,
		[OUV_ENTRY_UNIT] = &p->unit,
		[OUV_ENTRY_CONTACT] = &p->contact,
	};

	return ids[p->entry];
}

bool
entry_is_new(const struct entry_place *p)
{
	return ouv_id_is_zero(entry_id(p));
}

/* "new" is nobody's id. */
static bool
read_id(const char *text, struct ouv_id *id)
{
	return text == NULL || strcmp(text, "new") == 0 ||
	       ouv_id_parse(text, id) == OUV_OK;
}

static enum ouv_err
find_parts(struct entry_place *p)
{
	for (size_t i = 0; i < p->file.unit_count; i++)
		if (ouv_id_equal(&p->file.units[i].id, &p->unit))
			p->of = &p->file.units[i];
	if (p->of == NULL)
		return ouv_id_is_zero(&p->unit) && p->entry != OUV_ENTRY_CONTACT
			       ? OUV_OK
			       : OUV_NOT_FOUND;
	for (size_t i = 0; i < p->of->contact_count; i++)
		if (ouv_id_equal(&p->of->contacts[i].id, &p->contact))
			p->who = &p->of->contacts[i];
	return p->who == NULL && !ouv_id_is_zero(&p->contact) ? OUV_NOT_FOUND
							      : OUV_OK;
}

static enum ouv_err
find(struct request *request, struct ouv_desk **desk, struct entry_place *p)
{
	enum ouv_err err = OUV_OK;

	if (!ouv_company_may_edit(request->actor))
		return OUV_REFUSED;
	if (!read_id(request->args[0], &p->company) ||
		!read_id(request->args[1], &p->unit) ||
		!read_id(request->args[2], &p->contact))
		return OUV_NOT_FOUND;
	p->path = request->path;
	p->back = ouv_id_is_zero(&p->company)
			  ? HERE
			  : ouv_arena_printf(request->arena, HERE "/%s",
				    request->args[0]);
	err = desk_here(request->server, desk);
	if (err == OUV_OK && !ouv_id_is_zero(&p->company))
		err = ouv_desk_company_entry(*desk, request->arena, &p->company,
			request->lang, &p->file);
	if (err == OUV_OK)
		err = find_parts(p);
	if (err == OUV_OK && !entry_is_new(p))
		err = ouv_desk_entry_rev(*desk, p->entry, entry_id(p), &p->rev);
	return err;
}

static void
show_form(struct request *request, enum ouv_entry entry)
{
	struct entry_place p = { .entry = entry };
	struct ouv_desk *desk;
	enum ouv_err err = find(request, &desk, &p);

	if (err != OUV_OK)
		page_error_desk(request, err);
	else
		entry_show(request, desk, &p, NULL);
}

void
page_company_edit(struct request *request)
{
	show_form(request, OUV_ENTRY_COMPANY);
}

void
page_unit_edit(struct request *request)
{
	show_form(request, OUV_ENTRY_UNIT);
}

void
page_contact_edit(struct request *request)
{
	show_form(request, OUV_ENTRY_CONTACT);
}

/* ---- the second look -------------------------------------------------------
 */

static bool
wants_look(const struct ouv_verb_result *result)
{
	return result->error_count == 1 &&
	       strcmp(result->errors[0].code, "look-again") == 0;
}

/* The address alone and in full, and everything else as it was typed. */
static void
show_look(struct request *request, const struct entry_place *p)
{
	const char *action =
		ouv_arena_printf(request->arena, "%s/put", p->path);
	json_t *data = view_base(request, "contact_look");
	json_t *kept = json_array();

	for (size_t i = 0; i < request->form.count; i++) {
		const struct ouv_field *f = &request->form.fields[i];
		json_t *one;

		if (strcmp(f->name, "csrf") == 0 ||
			strcmp(f->name, "seen") == 0 ||
			strcmp(f->name, "back") == 0)
			continue;
		one = json_object();
		view_line(one, "name", f->name);
		view_line(one, "value", f->value);
		json_array_append_new(kept, one);
	}
	view_line(data, "here", p->path);
	view_line(data, "back_path", p->back);
	view_line(data, "company", p->file.name);
	view_line(data, "unit", p->of->name);
	view_line(data, "action_path", action);
	view_line(data, "csrf", session_token(request, action));
	view_line(data, "addr", form_get(&request->form, "addr"));
	move_line(data, "was", p->who != NULL ? p->who->addr : NULL);
	json_object_set_new(data, "kept", kept);
	reply_page(request, 200, "contactlook", data);
}

/* ---- what is posted --------------------------------------------------------
 */

static const char *
done_path(const struct request *request, const struct entry_place *p)
{
	return ouv_id_is_zero(&p->company)
		       ? ouv_arena_printf(request->arena, HERE "?q=%s",
				 form_escape(request->arena,
					 form_get(&request->form, "name")))
		       : ouv_arena_printf(request->arena, "%s?done=company-set",
				 p->back);
}

static void
answer(struct request *request, struct ouv_desk *desk, struct entry_place *p,
	enum ouv_err err, const struct ouv_verb_result *result)
{
	struct trouble trouble = { .status = reply_status(err),
		.result = result };

	if (err == OUV_OK) {
		reply_redirect(request, done_path(request, p));
	} else if (err == OUV_REFUSED && result->step_up) {
		page_step_up(request);
	} else if (err == OUV_INVALID && wants_look(result)) {
		show_look(request, p);
	} else if (err == OUV_INVALID || err == OUV_CONFLICT) {
		trouble.word = err == OUV_CONFLICT        ? "entry_changed"
			       : result->error_count == 0 ? "field_wrong"
							  : NULL;
		entry_show(request, desk, p, &trouble);
	} else {
		page_error_desk(request, err);
	}
}

static void
put(struct request *request, enum ouv_entry entry)
{
	static const struct ouv_verb_result nothing_wrong;
	struct ouv_field fields[FORM_FIELDS];
	struct ouv_verb_result result = { 0 };
	const char *key = own_key(request);
	struct entry_place p = { .entry = entry };
	struct ouv_desk *desk;
	enum ouv_err err;
	char *path;

	if (key == NULL)
		return;
	path = ouv_arena_strdup(request->arena, request->path);
	err = find(request, &desk, &p);
	if (err != OUV_OK) {
		page_error_desk(request, err);
		return;
	}
	*strrchr(path, '/') = '\0'; /* without "/put" */
	p.path = path;
	own_dates(request, dates);
	if (form_get(&request->form, "back") != NULL) {
		entry_show(request, desk, &p,
			&(struct trouble){
				.status = 200, .result = &nothing_wrong });
		return;
	}
	err = ouv_desk_entry_put(desk, request->arena, request->actor, key,
		entry, entry == OUV_ENTRY_CONTACT ? &p.unit : &p.company,
		entry_id(&p), fields, own_fields(&request->form, fields),
		&result);
	answer(request, desk, &p, err, &result);
}

void
page_company_put(struct request *request)
{
	put(request, OUV_ENTRY_COMPANY);
}

void
page_unit_put(struct request *request)
{
	put(request, OUV_ENTRY_UNIT);
}

void
page_contact_put(struct request *request)
{
	put(request, OUV_ENTRY_CONTACT);
}

/* As whoever goes back from the second look. */
static void
put_again(struct request *request, enum ouv_entry entry)
{
	again_set(request, "back", "1");
	put(request, entry);
}

void
page_company_again(struct request *request)
{
	put_again(request, OUV_ENTRY_COMPANY);
}

void
page_unit_again(struct request *request)
{
	put_again(request, OUV_ENTRY_UNIT);
}

void
page_contact_again(struct request *request)
{
	put_again(request, OUV_ENTRY_CONTACT);
}
