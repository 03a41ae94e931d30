/*
 * request.c - a request about the writer's own data: the term of its law
 *
 * The law counts from the day on which it came, not from the day on which
 * somebody saw what it was.
 */
#include <string.h>

#include "clock.h"
#include "intake.h"

/* Profiles that are a law's term for such requests; the first is the usual one
 * of an office that writes in Portuguese. */
static const char *const laws[] = { "lgpd", "gdpr" };

static bool
is_law(const char *profile)
{
	for (size_t i = 0; i < sizeof(laws) / sizeof(laws[0]); i++)
		if (profile != NULL && strcmp(laws[i], profile) == 0)
			return true;
	return false;
}

static const char *
usual(const struct verb_call *call)
{
	enum ouv_lang lang = ouv_lang_parse(
		call->desk->office->config->office_language, OUV_LANG_PT_BR);

	return lang == OUV_LANG_PT_BR ? laws[0] : laws[1];
}

static bool
same(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

bool
request_is(const struct store_mediation *m)
{
	return m->kind != NULL && strcmp(m->kind, "data-request") == 0;
}

/* The whole case's clock by the other profile, and the case's date with it. */
static enum ouv_err
count_again(struct verb_call *call)
{
	const struct store_mediation *m = &call->move->m;
	struct store_clock *list;
	size_t count;

	TRY(clock_begin(call->desk, call->tx, call->arena, m, OUV_CLOCK_TOTAL,
		0, m->opened_at));
	TRY(store_clocks(call->tx, call->arena, &m->case_id, &list, &count));
	return store_case_due_set(
		call->tx, &m->case_id, clock_case_due(m->state, list, count));
}

enum ouv_err
request_terms(struct verb_call *call, const char *profile)
{
	struct store_mediation *m = &call->move->m;
	bool is = request_is(m);

	if (is && m->right == NULL) {
		verb_error(call, "right", "empty");
		return OUV_OK;
	}
	/* Who it was passed on to answers; there is no act for the law's
	 * answer there. */
	if (is && !is_law(profile) && m->state != OUV_STATE_TRIAGE) {
		verb_error(call, "kind", "passed-on");
		return OUV_OK;
	}
	if (!is)
		m->right = NULL;
	if (is && !is_law(m->profile))
		m->profile = usual(call);
	else if (!is && is_law(m->profile))
		m->profile = NULL;
	if (same(profile, m->profile) ||
		(!is_law(profile) && !is_law(m->profile)) ||
		m->state != OUV_STATE_TRIAGE)
		return OUV_OK;
	return count_again(call);
}
