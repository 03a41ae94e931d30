/*
 * cmd_company.c - the register of companies: add, unit, contact, list, show,
 * token
 */
#include <getopt.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "ouv/company.h"

static const char usage[] =
	"usage: ouvidoria company add --name N [--sector S] [--lang T]\n"
	"           [--member-until D] [--full-text yes|no]\n"
	"       ouvidoria company unit --company N --name U [--kind K]\n"
	"           [--owned yes|no] [--from D] [--until D]\n"
	"       ouvidoria company contact --company N --unit U --address A\n"
	"           [--name P] [--role answers|copy] [--active yes|no]\n"
	"           [--away-from D --away-until D] [--substitute A]\n"
	"       ouvidoria company list [--json]\n"
	"       ouvidoria company show NAME [--json]\n"
	"       ouvidoria company token add|list|revoke ...\n"
	"  A day D is YYYY-MM-DD, \"\" takes it away. Kinds of units: "
	"call-center,\n"
	"  contact-center, help-desk, sac, telemarketing, ombudsman, other.\n";

/* What may be said of anything; each verb knows which of it. */
struct asked {
	const char *name, *company, *unit, *address;
	const char *sector, *lang, *member_until, *full_text;
	const char *kind, *owned, *from, *until;
	const char *role, *active, *away_from, *away_until, *substitute;
	bool json, wrong;
	unsigned seen; /* a bit for each row of texts */
};

#define AT(field) offsetof(struct asked, field)
enum {
	ADD = 1,
	UNIT = 2,
	CONTACT = 4
};
/* clang-format off */
static const struct {
	const char *name;
	size_t at;
	unsigned verbs;
} texts[] = {
	{ "name",         AT(name),         ADD | UNIT | CONTACT },
	{ "company",      AT(company),      UNIT | CONTACT },
	{ "unit",         AT(unit),         CONTACT },
	{ "address",      AT(address),      CONTACT },
	{ "sector",       AT(sector),       ADD },
	{ "lang",         AT(lang),         ADD },
	{ "member-until", AT(member_until), ADD },
	{ "full-text",    AT(full_text),    ADD },
	{ "kind",         AT(kind),         UNIT },
	{ "owned",        AT(owned),        UNIT },
	{ "from",         AT(from),         UNIT },
	{ "until",        AT(until),        UNIT },
	{ "role",         AT(role),         CONTACT },
	{ "active",       AT(active),       CONTACT },
	{ "away-from",    AT(away_from),    CONTACT },
	{ "away-until",   AT(away_until),   CONTACT },
	{ "substitute",   AT(substitute),   CONTACT },
};
/* clang-format on */
#define TEXTS (sizeof(texts) / sizeof(texts[0]))
#define OPT_FIRST 256
#define OPT_JSON (OPT_FIRST + (int)TEXTS)

static void
read_options(int argc, char **argv, struct asked *a)
{
	struct option options[TEXTS + 2] = { 0 };
	int c;

	for (size_t i = 0; i < TEXTS; i++)
		options[i] = (struct option){ texts[i].name, required_argument,
			NULL, OPT_FIRST + (int)i };
	options[TEXTS] = (struct option){ "json", no_argument, NULL, OPT_JSON };
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == OPT_JSON) {
			a->json = true;
		} else if (c >= OPT_FIRST && c < OPT_JSON) {
			*(const char **)(void *)((char *)a +
						 texts[c - OPT_FIRST].at) =
				optarg;
			a->seen |= 1U << (c - OPT_FIRST);
		} else {
			a->wrong = true;
		}
	}
}

/* Nothing was said that this verb does not know. */
static bool
fits(const struct asked *a, unsigned verb)
{
	for (size_t i = 0; i < TEXTS; i++)
		if ((a->seen & (1U << i)) != 0 && (texts[i].verbs & verb) == 0)
			return false;
	return !a->wrong;
}

static int
add(struct cmd_env *env, const struct asked *a)
{
	struct ouv_company_entry entry = { .company = a->name,
		.sector = a->sector,
		.lang = a->lang,
		.member_until = a->member_until,
		.full_text = a->full_text };

	return cmd_status(ouv_company_put(env->config, &entry));
}

static int
unit(struct cmd_env *env, const struct asked *a)
{
	struct ouv_unit_entry entry = { .company = a->company,
		.unit = a->name,
		.kind = a->kind,
		.owned = a->owned,
		.from = a->from,
		.until = a->until };

	return cmd_status(ouv_unit_put(env->config, &entry));
}

static int
contact(struct cmd_env *env, const struct asked *a)
{
	struct ouv_contact_entry entry = { .company = a->company,
		.unit = a->unit,
		.addr = a->address,
		.name = a->name,
		.role = a->role,
		.active = a->active,
		.away_from = a->away_from,
		.away_until = a->away_until,
		.substitute = a->substitute };

	return cmd_status(ouv_contact_put(env->config, &entry));
}

static const char *
text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text != NULL ? text : "-";
}

static bool
is(const json_t *object, const char *key)
{
	return json_is_true(json_object_get(object, key));
}

static void
print_company(const json_t *company)
{
	json_t *u, *c;
	size_t i, n;

	printf("%s  %s  %s  %s %s\n", text_of(company, "name"),
		text_of(company, "sector"), text_of(company, "lang"),
		text_of(company, "member_from"),
		text_of(company, "member_until"));
	json_array_foreach(json_object_get(company, "units"), i, u)
	{
		printf("  %s  %s  %s  %s %s\n", text_of(u, "name"),
			text_of(u, "kind"),
			is(u, "owned") ? "own" : "outsourced",
			text_of(u, "from"), text_of(u, "until"));
		json_array_foreach(json_object_get(u, "contacts"), n, c) printf(
			"    %s <%s>  %s%s  %s %s  %s\n", text_of(c, "name"),
			text_of(c, "address"), text_of(c, "role"),
			is(c, "active") ? "" : " inactive",
			text_of(c, "away_from"), text_of(c, "away_until"),
			text_of(c, "substitute"));
	}
}

static int
list(struct cmd_env *env, const char *name, bool json)
{
	json_t *companies = NULL, *company;
	size_t i;
	enum ouv_err err = ouv_company_list(env->config, name, &companies);

	if (err != OUV_OK)
		return cmd_status(err);
	if (json) {
		(void)json_dumpf(
			name != NULL ? json_array_get(companies, 0) : companies,
			stdout, JSON_COMPACT);
		(void)putchar('\n');
	} else {
		json_array_foreach(companies, i, company)
			print_company(company);
	}
	json_decref(companies);
	return 0;
}

int
cmd_company(struct cmd_env *env, int argc, char **argv)
{
	struct asked a = { 0 };
	const char *verb;
	int left;

	if (argc > 1 && strcmp(argv[1], "token") == 0)
		return cmd_company_token(env, argc - 1, argv + 1);
	read_options(argc, argv, &a);
	left = argc - optind;
	verb = left > 0 ? argv[optind] : "";
	if (strcmp(verb, "add") == 0 && left == 1 && !a.json && fits(&a, ADD) &&
		a.name != NULL)
		return add(env, &a);
	if (strcmp(verb, "unit") == 0 && left == 1 && !a.json &&
		fits(&a, UNIT) && a.company != NULL && a.name != NULL)
		return unit(env, &a);
	if (strcmp(verb, "contact") == 0 && left == 1 && !a.json &&
		fits(&a, CONTACT) && a.company != NULL && a.unit != NULL &&
		a.address != NULL)
		return contact(env, &a);
	if (strcmp(verb, "list") == 0 && left == 1 && fits(&a, 0))
		return list(env, NULL, a.json);
	if (strcmp(verb, "show") == 0 && left == 2 && fits(&a, 0))
		return list(env, argv[optind + 1], a.json);
	fputs(usage, stderr);
	return 2;
}
