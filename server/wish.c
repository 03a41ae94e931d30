/*
 * wish.c - an address as a filter of the list of cases, and back
 */
#include <string.h>
#include <time.h>

#include "view.h"
#include "wish.h"

#define TEXT_MOST 80

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
			w->wrong[f] = w->is_wrong = true;
			continue;
		}
		*at = begin_of(day + days[i].more);
		w->values[f] = view_day_iso(request->arena, day);
	}
}

static bool
read_codes(struct wish *w)
{
	const char *state = w->values[WISH_STATE];

	w->ouv.queue = OUV_QUEUE_OPEN;
	w->ouv.state = OUV_STATE__COUNT;
	if (*state != '\0') {
		if (ouv_state_parse(state, &w->ouv.state) != OUV_OK)
			return false;
		if (!ouv_state_is_open(w->ouv.state))
			w->ouv.queue = OUV_QUEUE_CLOSED;
	}
	if (*w->values[WISH_QUEUE] != '\0' &&
		ouv_queue_parse(w->values[WISH_QUEUE], &w->ouv.queue) != OUV_OK)
		return false;
	/* Of what is closed nothing is due any more. */
	w->ouv.order = w->ouv.queue == OUV_QUEUE_CLOSED ? OUV_ORDER_LAST
							: OUV_ORDER_DUE;
	return *w->values[WISH_SORT] == '\0' ||
	       ouv_order_parse(w->values[WISH_SORT], &w->ouv.order) == OUV_OK;
}

static void
read_place(const struct form *form, struct wish *w)
{
	const char *after = form_get(form, "after");
	const char *before = form_get(form, "before");

	w->ouv.back = before != NULL && *before != '\0';
	w->ouv.at = w->ouv.back ? before : after;
}

bool
wish_read(
	const struct request *request, const struct form *form, struct wish *w)
{
	*w = (struct wish){ 0 };
	for (int i = 0; i < WISH__COUNT; i++) {
		const char *value = form_get(form, names[i]);

		w->values[i] = value != NULL ? value : "";
		if (strlen(w->values[i]) > TEXT_MOST)
			return false;
		if (i != WISH_QUEUE && i != WISH_SORT)
			w->is_filtered |= *w->values[i] != '\0';
	}
	if (!read_codes(w))
		return false;
	for (size_t i = 0; i < LENGTH(texts); i++)
		*(const char **)((char *)&w->ouv + texts[i].at) =
			w->values[texts[i].field];
	if (strcmp(w->values[WISH_OWNER], "me") == 0)
		w->ouv.owner = request->actor->login;
	read_days(request, w);
	read_place(form, w);
	return true;
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
