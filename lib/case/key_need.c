/*
 * key_need.c - who must be able to read a case for its next step, as one table
 *
 * Whoever makes a step gives the key to those who go on from there; what only a
 * machine or a party moved waits for the next colleague who can give it.
 */
#include "ouv/case.h"

#define S(name) OUV_STATE_BIT(OUV_STATE_##name)
#define A(name) OUV_ACTION_##name
#define R(name) OUV_ROLE_BIT(OUV_ROLE_##name)
#define NONE OUV_ACTION__COUNT

/* clang-format off */
static const struct ouv_key_need needs[] = {
	/* in the state    or while it waits     these get the key            why */
	{ 0,               A(REFUSE),            R(READER),                   "second" },
	{ 0,               A(DRAFT_OPINION),     R(READER),                   "second" },
	{ 0,               A(ERASE),             R(OMBUDSMAN) | R(READER),    "second" },
	{ 0,               A(WHOLE_FILE),        R(OMBUDSMAN) | R(READER),    "second" },
	{ S(PROVISIONAL),  NONE,                 R(OMBUDSMAN),                "decide" },
	{ S(REVIEW),       NONE,                 R(READER) | R(OMBUDSMAN),    "review" },
	{ S(CLOSED),       NONE,                 R(CUSTODIAN),                "custody" },
};
/* clang-format on */

const struct ouv_key_need *
ouv_key_needs(size_t *count_out)
{
	*count_out = sizeof(needs) / sizeof(needs[0]);
	return needs;
}
