/*
 * paper.c - a request about somebody's own data that came by letter, by
 * telephone or in person becomes a case
 *
 * Entered as any letter is (entering.c); what it asks for and by which law is
 * known at once.  The law counts from the day on which it arrived.
 */
#include <string.h>

#include "entering.h"
#include "ouv/paper.h"
#include "ouv/store_console.h"

const char *const ouv_paper_channels[] = { "letter", "phone", "in-person",
	NULL };
const char *const ouv_paper_laws[] = { "lgpd", "gdpr", NULL };

struct paper {
	struct entering e;
	const char *right, *law;
};

bool
ouv_paper_may(const struct ouv_actor *actor)
{
	return actor->role == OUV_ROLE_INTAKE ||
	       actor->role == OUV_ROLE_MEDIATOR ||
	       actor->role == OUV_ROLE_OMBUDSMAN ||
	       actor->role == OUV_ROLE_CUSTODIAN;
}

const char *
ouv_desk_paper_law(const struct ouv_desk *desk)
{
	enum ouv_lang lang = ouv_lang_parse(
		desk->office->config->office_language, OUV_LANG_PT_BR);

	return ouv_paper_laws[lang == OUV_LANG_PT_BR ? 0 : 1];
}

enum ouv_err
ouv_desk_paper_rights(struct ouv_desk *desk, struct ouv_arena *arena,
	enum ouv_lang lang, struct ouv_choice **list_out, size_t *count_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	const struct store_code *codes;
	struct ouv_choice *list;

	TRY(store_begin(desk->store, &tx));
	TRY(codes_list(desk, tx, "right", &codes, count_out));
	list = ouv_arena_array(arena, *count_out, sizeof(*list));
	for (size_t i = 0; i < *count_out; i++)
		list[i] = (struct ouv_choice){
			.value = ouv_arena_strdup(arena, codes[i].code),
			.label = ouv_arena_strdup(arena, codes[i].label[lang])
		};
	*list_out = list;
	return store_commit(&tx);
}

/* ---- what was typed --------------------------------------------------------
 */

static enum ouv_err
read_right(struct paper *p)
{
	struct verb_call *call = p->e.call;
	const struct store_code *code;
	enum ouv_err err;

	p->right = verb_field(call, "right");
	err = codes_find(call->desk, call->tx, "right", p->right, &code);
	if (err == OUV_NOT_FOUND)
		verb_error(
			call, "right", *p->right == '\0' ? "empty" : "unknown");
	return err == OUV_NOT_FOUND ? OUV_OK : err;
}

/* In the order in which the form shows them. */
static enum ouv_err
read_all(struct paper *p)
{
	struct entering *e = &p->e;
	struct verb_call *call = e->call;

	e->channel = entering_word(call, "channel", ouv_paper_channels);
	TRY(entering_arrived(e, false));
	entering_who(e);
	e->note = field_words(call, "identified", ENTER_POSTAL, false, true);
	TRY(read_right(p));
	p->law = entering_word(call, "profile", ouv_paper_laws);
	e->subject = field_words(call, "subject", ENTER_LINE, true, true);
	e->text = field_words(call, "text", ENTER_REQUEST, false, true);
	return call->result->error_count > 0 ? OUV_INVALID : OUV_OK;
}

/* ---- the case --------------------------------------------------------------
 */

static enum ouv_err
put_row(struct entering *e, void *user)
{
	const struct paper *p = user;

	return store_paper(e->call->tx, &e->c, &e->key, p->right, p->law);
}

/* The office's own terms begin now, the law's with the day it arrived. */
static enum ouv_err
begin_clocks(struct entering *e, void *user)
{
	struct verb_call *call = e->call;
	struct store_mediation m;
	struct store_clock *list;
	size_t count;

	(void)user;
	TRY(clock_new_cases(call->desk, call->tx, call->arena,
		OUV_ACTION_REGISTER, &e->file.id, 1, call->now));
	TRY(store_mediation(call->tx, call->arena, &e->file.id, &m));
	TRY(clock_begin(call->desk, call->tx, call->arena, &m, OUV_CLOCK_TOTAL,
		0, e->arrived_at));
	TRY(store_clocks(call->tx, call->arena, &e->file.id, &list, &count));
	return store_case_due_set(
		call->tx, &e->file.id, clock_case_due(m.state, list, count));
}

static enum ouv_err
enter(struct verb_call *call, void *user)
{
	struct paper p = { .e = { .call = call, .state = OUV_STATE_TRIAGE } };

	(void)user;
	TRY(read_all(&p));
	TRY(entering_case(&p.e, put_row, begin_clocks, &p));
	call->result->location = ouv_arena_printf(
		call->arena, "/cases/%s?done=paper", p.e.c.protocol);
	return OUV_OK;
}

enum ouv_err
ouv_desk_paper(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const char *form_key,
	const struct ouv_field *fields, size_t field_count,
	struct ouv_verb_result *result_out)
{
	struct verb_call call = change_call(
		desk, arena, actor, fields, field_count, result_out);

	if (!ouv_paper_may(actor))
		return OUV_REFUSED;
	return change_once(&call, form_key, "register-paper", enter, NULL);
}
