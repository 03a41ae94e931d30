/*
 * member.h - what the files about a company's own page share
 */
#ifndef OUV_DESK_MEMBER_H
#define OUV_DESK_MEMBER_H

#include "ouv/company_page.h"
#include "ouv/store_company_page.h"
#include "page_seal.h"
#include "party_say.h"

/* ---- company_page.c: who reads ------------------------------------------ */

/* One request of a visit, in one transaction. */
struct membership {
	struct ouv_desk *desk;
	struct store_tx *tx;
	struct ouv_arena *arena;
	const struct ouv_page_visit *visit;
	int64_t now;
	int32_t today;
	struct store_member_of m;
	struct store_member_who who; /* of the register, if known */
	bool known;
	enum ouv_member_shut shut;
};
/* OUV_REFUSED: they have no way in any more. */
OUV_MUST_CHECK enum ouv_err member_begin(struct ouv_desk *desk,
	struct store_tx *tx, struct ouv_arena *arena,
	const struct ouv_page_visit *visit, struct membership *out);
/* number: as typed; NULL: the visit's own case.  OUV_NOT_FOUND. */
OUV_MUST_CHECK enum ouv_err member_case(const struct membership *ms,
	const char *number, struct store_member_case *case_out);
/* Their own numbers: of all cases that have one. */
struct member_reference {
	struct ouv_id case_id;
	const char *text;
};
OUV_MUST_CHECK enum ouv_err member_references(const struct membership *ms,
	struct member_reference **list_out, size_t *count_out);
/* What they may decide now; more time is asked for once. */
size_t member_choices(const struct store_say *say,
	const struct store_member_case *c, struct said *list, size_t most);
void member_line(const struct store_member_case *c, int64_t now,
	struct ouv_member_line *line);

/* ---- company_hand.c ----------------------------------------------------- */

/* Seals what this visit opens of a case to whom it was handed over and who
 * cannot read it yet: a part of it each time.  In the session of a colleague
 * page_catch_up does. */
OUV_MUST_CHECK enum ouv_err member_catch_up(
	const struct membership *ms, const struct ouv_id *case_id);

/* ---- company_told.c: the gateway's part --------------------------------- */

/* Who of a company wrote on its page, or got a case, hears of it by mail. */
OUV_MUST_CHECK enum ouv_err tick_company(
	struct ouv_desk *desk, size_t *done_out);

#endif
