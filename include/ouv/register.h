/*
 * register.h - the register of companies at the console: read by everybody,
 * changed by the ombudsman and administrators
 *
 * Functions of the desk (desk.h) with its conventions; docs/codes.md.  What the
 * operator's command does is in company.h.
 */
#ifndef OUV_REGISTER_H
#define OUV_REGISTER_H

#include "ouv/impartial.h"

struct ouv_company_line {
	struct ouv_id id;
	const char *name, *sector; /* sector: its word; NULL: none */
	bool member;
};
struct ouv_company_list {
	size_t count;
	struct ouv_company_line *list;
	const char *after; /* cursor of the next page; NULL: the last one */
};
/* By name; text: those whose name holds it ("" : all). */
OUV_MUST_CHECK enum ouv_err ouv_desk_companies(struct ouv_desk *desk,
	struct ouv_arena *arena, const char *text, const char *after,
	enum ouv_lang lang, struct ouv_company_list *list_out);

struct ouv_company_contact {
	struct ouv_id id;
	const char *name, *addr, *role;
	const char *substitute; /* address; NULL: nobody */
	struct ouv_id substitute_id;
	bool active;
	int32_t away_from, away_until; /* 0: not away */
};
struct ouv_company_unit {
	struct ouv_id id;
	const char *name, *kind;
	bool owned, works; /* works: its contract runs today */
	int32_t from_day, until_day;
	const char *postal; /* lines of its address; "" : not known */
	size_t contact_count;
	struct ouv_company_contact *contacts;
};
struct ouv_company_owed {
	const char *protocol;
	bool promise; /* else a recommendation that is open */
	int64_t at;   /* due */
};
struct ouv_company_file {
	struct ouv_id id;
	const char *name, *sector, *sector_word;
	enum ouv_lang lang;
	int32_t member_from, member_until;
	bool member, full_text;
	size_t unit_count, case_count, owed_count;
	struct ouv_company_unit *units;
	struct ouv_case_line *cases; /* those the actor may read, newest first:
					at most OUV_COMPANY_MOST */
	struct ouv_company_owed *owed; /* the same */
	bool has_spread; /* closed cases of a year, if there are enough */
	struct ouv_spread spread;
};
#define OUV_COMPANY_MOST 20
/* OUV_NOT_FOUND. */
OUV_MUST_CHECK enum ouv_err ouv_desk_company(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	const struct ouv_id *id, enum ouv_lang lang,
	struct ouv_company_file *file_out);
/* The entry alone, for its form: neither cases nor figures. */
OUV_MUST_CHECK enum ouv_err ouv_desk_company_entry(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_id *id, enum ouv_lang lang,
	struct ouv_company_file *file_out);

/* ---- changing -------------------------------------------------------------
 */

bool ouv_company_may_edit(const struct ouv_actor *actor);

enum ouv_entry {
	OUV_ENTRY_COMPANY,
	OUV_ENTRY_UNIT,
	OUV_ENTRY_CONTACT,
	OUV_ENTRY__COUNT
};
/* What the form of an entry must send along as `rev`. */
OUV_MUST_CHECK enum ouv_err ouv_desk_entry_rev(struct ouv_desk *desk,
	enum ouv_entry entry, const struct ouv_id *id, int64_t *rev_out);
/* Who changed it last, and when; OUV_NOT_FOUND: nobody, by the log. */
OUV_MUST_CHECK enum ouv_err ouv_desk_entry_last(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_id *id, int64_t *at_out,
	const char **who_out);

/*
 * of: the company of a unit, the unit of a contact; id zero: a new entry.
 * Fields, of a company: name, sector (code or ""), lang, member_until,
 * full_text (yes, no); of a unit: name, kind, owned (yes, no), from, until; of
 * a contact: name, addr, role (answers, copy), active (yes, no), away_from,
 * away_until, substitute (id of a contact of the unit, or ""), seen.  Of all:
 * rev.
 *
 * An address is never changed: with another one the entry is put out of use and
 * a new one made, so that nothing of before is sent there.  seen must be the
 * new address as it is written then, else the field error "look-again".
 *
 * Errors as ouv_desk_do.  OUV_REFUSED: not this role; or, for a contact and for
 * full_text, without a fresh code (result_out->step_up).  OUV_CONFLICT:
 * somebody else changed it meanwhile.
 */
OUV_MUST_CHECK enum ouv_err ouv_desk_entry_put(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	const char *form_key, enum ouv_entry entry, const struct ouv_id *of,
	const struct ouv_id *id, const struct ouv_field *fields,
	size_t field_count, struct ouv_verb_result *result_out);
/* The words of a unit's kind and of a contact's role; ended by NULL. */
extern const char *const ouv_unit_kinds[];
extern const char *const ouv_contact_roles[];

#endif
