/*
 * api.h - programs of member companies: their tokens, and what every request of
 * theirs begins and ends with
 *
 * A token is a page key of kind token (page_key.h) with a label and scopes: the
 * code is in it, so whoever has the token reads what its unit reads, and
 * nobody else does by having the database.  What a program reads and does are
 * the functions of the company's own page (company_page.h): same acts, same
 * guards.
 */
#ifndef OUV_API_H
#define OUV_API_H

#include <jansson.h>

#include "ouv/page_key.h"

/* ---- what a token may do ---------------------------------------------------
 */

/* Stored and signed as bits: never another order. */
enum ouv_scope {
	OUV_SCOPE_READ,   /* what the unit's page shows            */
	OUV_SCOPE_ANSWER, /* what the unit does there: acts, files */
	OUV_SCOPE__COUNT
};
#define OUV_SCOPE_BIT(scope) (1U << (scope))
const char *ouv_scope_name(enum ouv_scope scope); /* "read", "answer" */

/* "ouv1_", the key's id in hexadecimal digits, its code. */
#define OUV_BEARER (5 + 32 + OUV_CODE)
#define OUV_BEARER_MAX (OUV_BEARER + 1)
#define OUV_TOKEN_DAYS_MOST 365
#define OUV_TOKEN_LABEL_MOST 80

/* ---- the office's part -----------------------------------------------------
 */

struct ouv_token_line {
	struct ouv_id id, unit;
	const char *label, *by; /* by: who made it; "" not known any more */
	unsigned scopes;
	int64_t made_at, expires_at, revoked_at, last_used_at; /* 0: not */
	bool works;                                            /* now */
};
struct ouv_token_list {
	size_t count;
	struct ouv_token_line *list; /* newest first */
};
/* Of one unit: for the office, and for the company's own page. */
OUV_MUST_CHECK enum ouv_err ouv_desk_tokens(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_id *unit,
	struct ouv_token_list *list_out);

/* The ombudsman, registrars and administrators. */
bool ouv_token_may_edit(const struct ouv_actor *actor);
/*
 * Fields: label; days (1 to OUV_TOKEN_DAYS_MOST); read, answer ("yes" or not
 * sent), one of them at least.  bearer_out: the token, which is nowhere else.
 *
 * OUV_NOT_FOUND: no such unit of that company.  OUV_REFUSED: not this role, or
 * without a fresh code (result_out->step_up).  OUV_INVALID:
 * result_out->errors.  result_out->repeated: this form made one already, and
 * it is not shown again.  OUV_CONFLICT: the unit's contract has ended.
 */
OUV_MUST_CHECK enum ouv_err ouv_desk_token_add(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	const char *form_key, const struct ouv_id *company,
	const struct ouv_id *unit, const struct ouv_field *fields,
	size_t field_count, char bearer_out[OUV_BEARER_MAX],
	struct ouv_verb_result *result_out);
/* From now on it opens nothing.  OUV_NOT_FOUND: that unit has no such token;
 * one that is over already is no error. */
OUV_MUST_CHECK enum ouv_err ouv_desk_token_end(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_actor *actor,
	const char *form_key, const struct ouv_id *unit,
	const struct ouv_id *token, struct ouv_verb_result *result_out);

/* ---- the operator's part: company token ... --------------------------------
 */

struct ouv_token_wish {
	const char *company, *unit, *label; /* names */
	int days;
	unsigned scopes;
	const char *as_login, *as_password; /* of whoever certifies it */
};
/* OUV_INVALID, OUV_NOT_FOUND, OUV_REFUSED: said on the log. */
OUV_MUST_CHECK enum ouv_err ouv_token_add(struct ouv_desk *desk,
	const struct ouv_token_wish *wish, char bearer_out[OUV_BEARER_MAX]);
/* [{"id","company","unit","label","scopes":[],"made","expires","revoked",
 * "last_used","by","works"}]; company NULL: of all. */
OUV_MUST_CHECK enum ouv_err ouv_token_list(
	struct ouv_desk *desk, const char *company, json_t **list_out);
/* OUV_NOT_FOUND: no such token (said on the log). */
OUV_MUST_CHECK enum ouv_err ouv_token_end(
	struct ouv_desk *desk, const struct ouv_id *token);

/* ---- one request -----------------------------------------------------------
 */

/* Who asks.  Wipe it with ouv_page_visit_wipe(&caller.visit). */
struct ouv_caller {
	struct ouv_page_visit visit;
	unsigned scopes;
	bool shut; /* the unit's contract or the membership is over */
	int limit, window_secs; /* so many requests in so many seconds */
	int left, reset_secs;   /* of them; until all may be asked again */
};
/*
 * The token is looked up and the request counted.  address is where it came
 * from (limits of wrong tokens; may be NULL).
 *
 * OUV_INVALID: no token has that shape.  OUV_NOT_FOUND: there is none such.
 * OUV_CONFLICT: it is over.  OUV_REFUSED: too many, wait_secs_out says how
 * long; too many wrong ones of that address, or, with caller_out->limit not 0,
 * too many requests by this token.
 */
OUV_MUST_CHECK enum ouv_err ouv_desk_caller(struct ouv_desk *desk,
	struct ouv_arena *arena, const char *bearer, const char *address,
	struct ouv_caller *caller_out, int *wait_secs_out);

/* A request that must be done once, however often it is sent. */
struct ouv_once {
	bool repeated;             /* it was: answered as it was then */
	int status;                /* then */
	const char *answer;        /* then */
	char form_key[OUV_ID_HEX]; /* what the desk's own functions take */
	uint8_t key[32];
};
/*
 * key: what the program calls it; request: all that counts of it.  After OUV_OK
 * without `repeated` exactly one of the two below follows; after a crash
 * another request may do it a minute later.
 *
 * OUV_INVALID: that key came with another request.  OUV_CONFLICT: it is being
 * done at this moment.
 */
OUV_MUST_CHECK enum ouv_err ouv_desk_once_begin(struct ouv_desk *desk,
	struct ouv_arena *arena, const struct ouv_caller *caller,
	const char *key, struct ouv_str request, struct ouv_once *once_out);
/* answer: numbers and codes alone; it is kept in clear for a day. */
OUV_MUST_CHECK enum ouv_err ouv_desk_once_done(struct ouv_desk *desk,
	const struct ouv_caller *caller, const struct ouv_once *once,
	int status, const char *answer);
/* Nothing was done, and the key is free again. */
OUV_MUST_CHECK enum ouv_err ouv_desk_once_drop(struct ouv_desk *desk,
	const struct ouv_caller *caller, const struct ouv_once *once);
/* The secret of the files that this caller brings for that case
 * (ouv/upload.h): as long as its token. */
void ouv_caller_upload(const struct ouv_caller *caller, const char *protocol,
	char secret_out[44]);

#endif
