/*
 * texts_read.c - the office's texts as a colleague sees them
 */
#include <string.h>

#include "texts.h"

/* clang-format off */
static const char *const states[OUV_VERSION__COUNT] = {
	[OUV_VERSION_WAITING] = "waiting",
	[OUV_VERSION_LIVE] = "live",
	[OUV_VERSION_PAST] = "past",
	[OUV_VERSION_REFUSED] = "refused",
	[OUV_VERSION_DOUBTFUL] = "doubtful",
};

/* Who may do what: a text that goes out by itself takes one of each column. */
static const struct {
	enum ouv_role role;
	bool change, decide;
} rights[] = {
	{ OUV_ROLE_ADMIN,     true,  true },
	{ OUV_ROLE_OMBUDSMAN, true,  true },
	{ OUV_ROLE_MEDIATOR,  true,  false },
	{ OUV_ROLE_READER,    false, true },
};
/* clang-format on */
#define RIGHTS (sizeof(rights) / sizeof(rights[0]))

const char *
ouv_version_state_name(enum ouv_version_state state)
{
	return states[state];
}

bool
text_may_change(const struct ouv_actor *actor)
{
	for (size_t i = 0; actor != NULL && i < RIGHTS; i++)
		if (rights[i].role == actor->role)
			return rights[i].change;
	return false;
}

bool
text_may_decide(const struct ouv_actor *actor)
{
	for (size_t i = 0; actor != NULL && i < RIGHTS; i++)
		if (rights[i].role == actor->role)
			return rights[i].decide;
	return false;
}

/* ---- all of them --------------------------------------------------------- */

/* Reading all of them anew for each page would take its time. */
static enum ouv_err
count_findings(struct ouv_arena *arena, struct ouv_office *office,
	struct text_now *now)
{
	struct text_live *shipped;
	struct ouv_text_finding *findings;
	size_t index;

	TRY(texts_index(office, now->live.decl->name, &index));
	shipped = &office->shipped[index];
	(void)pthread_mutex_lock(&office->signer.lock);
	if (now->live.n == 0 && shipped->findings >= 0) {
		now->findings = (size_t)shipped->findings;
		now->counted = true;
	}
	(void)pthread_mutex_unlock(&office->signer.lock);
	if (now->counted)
		return OUV_OK;
	TRY(text_check(arena, office, shipped, now->live.body, &findings,
		&now->findings));
	now->counted = true;
	(void)pthread_mutex_lock(&office->signer.lock);
	if (now->live.n == 0)
		shipped->findings = (int)now->findings;
	(void)pthread_mutex_unlock(&office->signer.lock);
	return OUV_OK;
}

/* The steps are sorted by name, newest first. */
static void
add_history(struct ouv_text_line *line, const struct store_text_step *steps,
	size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(steps[i].name, line->decl->name) != 0)
			continue;
		if (steps[i].waiting && steps[i].n > line->live_n)
			line->waiting = true;
		if (steps[i].n == line->live_n) {
			line->changed_at = steps[i].at;
			line->changed_by = steps[i].author_name;
		}
	}
}

enum ouv_err
ouv_desk_texts(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, struct ouv_text_line **list_out,
	size_t *count_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct store_text_step *steps;
	struct ouv_text_line *lines;
	struct text_now *now;
	size_t count, step_count;

	(void)actor; /* every colleague may read what the office says */
	TRY(store_begin(desk->store, &tx));
	TRY(texts_now(desk, tx, &now, &count));
	TRY(store_text_history(tx, arena, &steps, &step_count));
	TRY(store_commit(&tx));
	lines = ouv_arena_array(arena, count, sizeof(*lines));
	for (size_t i = 0; i < count; i++) {
		if (!now[i].counted)
			TRY(count_findings(arena, desk->office, &now[i]));
		lines[i].decl = now[i].live.decl;
		lines[i].live_n = now[i].n;
		lines[i].finding_count = now[i].findings;
		for (int l = 0; l < OUV_LANG__COUNT; l++)
			lines[i].body[l] =
				ouv_arena_strdup(arena, now[i].live.body[l]);
		add_history(&lines[i], steps, step_count);
	}
	*list_out = lines;
	*count_out = count;
	return OUV_OK;
}

/* ---- one of them --------------------------------------------------------- */

struct viewing {
	const struct ouv_office *office;
	struct ouv_arena *arena;
	const struct ouv_actor *actor;
	const struct text_live *shipped;
	struct colleague *signers;
	size_t signer_count;
	int live_n;
};

static enum ouv_version_state
state_of(const struct viewing *v, const struct store_text *row, bool readable)
{
	if (!readable || text_signed(v->office, v->signers, v->signer_count,
				 v->shipped->decl, row) != OUV_OK)
		return OUV_VERSION_DOUBTFUL;
	if (row->refused)
		return OUV_VERSION_REFUSED;
	if (row->n == v->live_n)
		return OUV_VERSION_LIVE;
	if (row->n < v->live_n)
		return OUV_VERSION_PAST;
	/* Published and newer, but passed over: it does not fit any more. */
	return row->published ? OUV_VERSION_DOUBTFUL : OUV_VERSION_WAITING;
}

static const char *
or_null(const char *words)
{
	return words != NULL && *words != '\0' ? words : NULL;
}

static void
view_version(const struct viewing *v, const struct store_text *row,
	struct ouv_text_version *out)
{
	bool readable = true;

	memcpy(out->body, v->shipped->body, sizeof(out->body));
	if (*row->content != '\0')
		readable = text_bodies(v->arena, row->content, out->body) ==
			   OUV_OK;
	for (int l = 0; !readable && l < OUV_LANG__COUNT; l++)
		out->body[l] = "";
	out->n = row->n;
	out->from_n = row->from_n;
	out->state = state_of(v, row, readable);
	out->author = row->author_name;
	out->reason = row->reason;
	out->overrule = or_null(row->overrule);
	out->second = row->second_name;
	out->second_why = or_null(row->second_why);
	out->mine = v->actor != NULL &&
		    ouv_id_equal(&row->author, &v->actor->person);
	out->at = row->at;
	out->second_at = row->second_at;
}

static enum ouv_err
read_text(struct ouv_desk *desk, struct ouv_arena *arena, const char *name,
	struct text_now *now_out, struct viewing *v, struct store_text **rows,
	size_t *count)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct text_now *list;
	size_t index, all;

	TRY(texts_index(desk->office, name, &index));
	TRY(store_begin(desk->store, &tx));
	TRY(store_text_versions(tx, arena, name, rows, count));
	TRY(texts_now(desk, tx, &list, &all));
	/* Published between the two questions. */
	if (list[index].n > (*count > 0 ? (*rows)[0].n : 0))
		TRY(store_text_versions(tx, arena, name, rows, count));
	TRY(text_signers(desk, tx, arena, &v->signers, &v->signer_count));
	TRY(store_commit(&tx));
	v->shipped = &desk->office->shipped[index];
	v->live_n = list[index].n;
	*now_out = list[index];
	return OUV_OK;
}

enum ouv_err
ouv_desk_text(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_actor *actor, const char *name,
	struct ouv_text_view *view_out)
{
	struct viewing v = {
		.office = desk->office, .arena = arena, .actor = actor
	};
	struct ouv_text_view view = { 0 };
	struct ouv_text_version *shipped;
	struct store_text *rows;
	struct text_now now;
	size_t count;

	TRY(read_text(desk, arena, name, &now, &v, &rows, &count));
	view.decl = v.shipped->decl;
	view.live_n = v.live_n;
	view.may_change = text_may_change(actor);
	view.may_decide = text_may_decide(actor);
	view.version_count = count + 1;
	view.versions =
		ouv_arena_array(arena, count + 1, sizeof(*view.versions));
	for (size_t i = 0; i < count; i++)
		view_version(&v, &rows[i], &view.versions[i]);
	shipped = &view.versions[count];
	shipped->from_n = -1;
	shipped->state = v.live_n == 0 ? OUV_VERSION_LIVE : OUV_VERSION_PAST;
	memcpy(shipped->body, v.shipped->body, sizeof(shipped->body));
	TRY(text_check(arena, desk->office, v.shipped, now.live.body,
		&view.findings, &view.finding_count));
	*view_out = view;
	return OUV_OK;
}
