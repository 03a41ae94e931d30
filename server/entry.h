/*
 * entry.h - an entry of the register of companies that is being written: what
 * page_company_edit.c finds, and view_entry.c shows
 */
#ifndef SERVER_ENTRY_H
#define SERVER_ENTRY_H

#include "ouv/register.h"

#include "page.h"

/* Which entry an address means, and what is there. */
struct entry_place {
	enum ouv_entry entry;
	const char *path, *back; /* the form's; the company's file */
	struct ouv_id company, unit, contact; /* zero: none, or a new one */
	struct ouv_company_file file;
	const struct ouv_company_unit *of; /* the unit; NULL: none */
	const struct ouv_company_contact *who;
	struct ouv_register_choices choices;
	int64_t rev;
};

/* Its own id: of the company, the unit or the contact; zero: a new one. */
const struct ouv_id *entry_id(const struct entry_place *place);
bool entry_is_new(const struct entry_place *place);

/* The form, with what was typed and what is wrong, if trouble is not NULL; with
 * status 409 who was faster, and what it says now. */
void entry_show(struct request *request, struct ouv_desk *desk,
	struct entry_place *place, const struct trouble *trouble);

#endif
