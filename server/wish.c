/*
 * wish.c - an address as a filter of the list of cases, and back
 */
#include <string.h>
#include <time.h>

#include "view.h"
#include "wish.h"

/* clang-format off */
static const char *const names[WISH__COUNT] = {
	[WISH_QUEUE] = "queue",
	[WISH_STATE] = "state",
	[WISH_OWNER] = "owner",
	[WISH_KIND] = "kind",
	[WISH_SEVERITY] = "severity",
	[WISH_COMPANY] = "company",
	[WISH_CHANNEL] = "channel",
	[WISH_LANG] = "lang",
	[WISH_DUE_FROM] = "due_from",
	[WISH_DUE_TO] = "due_to",
	[WISH_OPENED_FROM] = "opened_from",
	[WISH_OPENED_TO] = "opened_to",
	[WISH_SORT] = "sort",
};

const char *const wish_langs[] = { "pt-BR", "en", "it", NULL };

/* Texts that go to the desk as they are. */
#define AT(field) offsetof(struct ouv_wish, field)
static const struct {
	enum wish_field field;
	size_t at;
} texts[] = {
	{ WISH_OWNER, AT(owner) },
	{ WISH_KIND, AT(kind) },
	{ WISH_SEVERITY, AT(severity) },
	{ WISH_COMPANY, AT(company) },
	{ WISH_CHANNEL, AT(channel) },
	{ WISH_LANG, AT(lang) },
};

/* Days: from their beginning, or up to the beginning of the next. */
static const struct {
	enum wish_field field;
	size_t at;
	int more;
} days[] = {
	{ WISH_DUE_FROM, AT(due_from), 0 },
	{ WISH_DUE_TO, AT(due_before), 1 },
	{ WISH_OPENED_FROM, AT(opened_from), 0 },
	{ WISH_OPENED_TO, AT(opened_before), 1 },
};

/* Lists of codes; the state, the queue and the order are read by the desk. */
static const struct {
	enum wish_field field;
	const char *const *codes;
} coded[] = {
	{ WISH_KIND, ouv_work_kinds },
	{ WISH_SEVERITY, ouv_work_severities },
	{ WISH_CHANNEL, ouv_work_channels },
	{ WISH_LANG, wish_langs },
};
/* clang-format on */
#define LENGTH(list) (sizeof(list) / sizeof((list)[0]))

const char *
wish_name(enum wish_field field)
{
	return names[field];
}

/* Where a day begins at the office. */
static int64_t
begin_of(int32_t day)
{
	struct tm tm = { .tm_isdst = -1 };

	ouv_day_split(day, &tm.tm_year, &tm.tm_mon, &tm.tm_mday);
	tm.tm_year -= 1900;
	tm.tm_mon -= 1;
	return (int64_t)mktime(&tm);
}

static void
read_days(const struct request *request, struct wish *w)
{
	for (size_t i = 0; i < LENGTH(days); i++) {
		const enum wish_field f = days[i].field;
		int64_t *at = (int64_t *)((char *)&w->ouv + days[i].at);
		int32_t day;

		if (*w->values[f] == '\0')
			continue;
		if (!view_day_typed(request->lang, w->values[f], &day)) {
			wish_wrong(w, f);
			continue;
		}
		*at = begin_of(day + days[i].more);
		w->values[f] = view_day_iso(request->arena, day);
	}
}

void
wish_wrong(struct wish *w, enum wish_field field)
{
	w->wrong[field] = w->is_wrong = true;
}

static void
read_codes(struct wish *w)
{
	const char *const *values = w->values;

	w->ouv.queue = OUV_QUEUE_OPEN;
	w->ouv.state = OUV_STATE__COUNT;
	if (*values[WISH_STATE] != '\0' &&
		ouv_state_parse(values[WISH_STATE], &w->ouv.state) != OUV_OK)
		wish_wrong(w, WISH_STATE);
	if (w->ouv.state != OUV_STATE__COUNT &&
		!ouv_state_is_open(w->ouv.state))
		w->ouv.queue = OUV_QUEUE_CLOSED;
	if (*values[WISH_QUEUE] != '\0' &&
		ouv_queue_parse(values[WISH_QUEUE], &w->ouv.queue) != OUV_OK)
		wish_wrong(w, WISH_QUEUE);
	/* Of what is closed nothing is due any more. */
	w->ouv.order = w->ouv.queue == OUV_QUEUE_CLOSED ? OUV_ORDER_LAST
							: OUV_ORDER_DUE;
	if (*values[WISH_SORT] != '\0' &&
		ouv_order_parse(values[WISH_SORT], &w->ouv.order) != OUV_OK)
		wish_wrong(w, WISH_SORT);
}

/* A code that is none, and what is longer than any value of ours. */
static void
check_texts(struct wish *w)
{
	for (int i = 0; i < WISH__COUNT; i++)
		if (strlen(w->values[i]) > WISH_MOST)
			wish_wrong(w, (enum wish_field)i);
	for (size_t i = 0; i < LENGTH(coded); i++) {
		const char *value = w->values[coded[i].field];
		const char *const *code = coded[i].codes;

		while (*code != NULL && strcmp(*code, value) != 0)
			code++;
		if (*value != '\0' && *code == NULL)
			wish_wrong(w, coded[i].field);
	}
}

static void
read_place(const struct form *form, struct wish *w)
{
	const char *after = form_get(form, "after");
	const char *before = form_get(form, "before");

	w->ouv.back = before != NULL && *before != '\0';
	w->ouv.at = w->ouv.back ? before : after;
}

void
wish_read(
	const struct request *request, const struct form *form, struct wish *w)
{
	*w = (struct wish){ 0 };
	for (int i = 0; i < WISH__COUNT; i++) {
		const char *value = form_get(form, names[i]);

		w->values[i] = value != NULL ? value : "";
		if (i != WISH_QUEUE && i != WISH_SORT)
			w->is_filtered |= *w->values[i] != '\0';
	}
	read_codes(w);
	check_texts(w);
	for (size_t i = 0; i < LENGTH(texts); i++)
		*(const char **)((char *)&w->ouv + texts[i].at) =
			w->values[texts[i].field];
	if (strcmp(w->values[WISH_OWNER], "me") == 0)
		w->ouv.owner = request->actor->login;
	read_days(request, w);
	read_place(form, w);
}

const char *
wish_query(const struct request *request, const struct wish *w,
	enum wish_field without)
{
	struct ouv_buf buf;

	ouv_buf_init(&buf, request->arena, 128);
	for (int i = 0; i < WISH__COUNT; i++) {
		if (i == (int)without || *w->values[i] == '\0')
			continue;
		ouv_buf_printf(&buf, "%s%s=%s", buf.len > 0 ? "&" : "",
			names[i], form_escape(request->arena, w->values[i]));
	}
	return buf.len > 0 ? buf.data : "";
}

const char *
wish_page(const struct request *request, const struct wish *w)
{
	const char *query = wish_query(request, w, WISH__COUNT);

	if (w->ouv.at == NULL || *w->ouv.at == '\0')
		return query;
	return ouv_arena_printf(request->arena, "%s%s%s=%s", query,
		*query != '\0' ? "&" : "", w->ouv.back ? "before" : "after",
		form_escape(request->arena, w->ouv.at));
}

void
wish_parse(
	const struct request *request, const char *query, struct wish *wish_out)
{
	struct form form = { 0 };

	if (form_parse(request->arena, query, strlen(query), &form) != OUV_OK)
		form.count = 0;
	wish_read(request, &form, wish_out);
}

const char *
wish_back(const struct request *request, const char *query)
{
	struct wish wish;

	wish_parse(request, query, &wish);
	query = wish_page(request, &wish);
	return *query != '\0'
		       ? ouv_arena_printf(request->arena, "/cases?%s", query)
		       : "/";
}
