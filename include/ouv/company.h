/*
 * company.h - the register of companies: their contact centres, and who
 * answers for them
 *
 * What the operator's command does, with the owner's role.  A notice of a case
 * goes to the active contacts of one unit; whoever is away is replaced by
 * their substitute.
 */
#ifndef OUV_COMPANY_H
#define OUV_COMPANY_H

#include <jansson.h>

#include "ouv/config.h"
#include "ouv/err.h"

/* NULL: as it is, or the usual value of a new one. */
struct ouv_company_entry {
	const char *company;      /* its name: which one */
	const char *sector;       /* code */
	const char *lang;         /* usually the office's */
	const char *member_until; /* YYYY-MM-DD; "" : no end */
	const char *full_text;    /* yes, no: gets all of the text by mail */
};
struct ouv_unit_entry {
	const char *company, *unit; /* names: which one */
	const char *kind;           /* "contact-center" */
	const char *owned;          /* yes; no: outsourced */
	const char *from, *until;   /* of the contract; until "" : no end */
};
struct ouv_contact_entry {
	const char *company, *unit, *addr; /* which one */
	const char *name;
	const char *role;                   /* answers, copy */
	const char *active;                 /* yes, no */
	const char *away_from, *away_until; /* "" : not away */
	const char *substitute; /* address of another contact; "" : nobody */
};

/*
 * Each makes the entry or changes what is given of it.
 *
 * OUV_INVALID: a value that may not be; OUV_NOT_FOUND: no such company, unit
 * or contact.  Both are said on the log.
 */
OUV_MUST_CHECK enum ouv_err ouv_company_put(
	const struct ouv_config *config, const struct ouv_company_entry *entry);
OUV_MUST_CHECK enum ouv_err ouv_unit_put(
	const struct ouv_config *config, const struct ouv_unit_entry *entry);
OUV_MUST_CHECK enum ouv_err ouv_contact_put(
	const struct ouv_config *config, const struct ouv_contact_entry *entry);

/* One company, or all (name NULL), each with its units and their contacts:
 * {"name","sector","lang","member_from","member_until","full_text","units":
 * [{"id","name","kind","owned","from","until","contacts":[{"name","address",
 * "role","active","away_from","away_until","substitute"}]}]} */
OUV_MUST_CHECK enum ouv_err ouv_company_list(
	const struct ouv_config *config, const char *name, json_t **list_out);

#endif
