/*
 * code_test.c - codebooks: what is shipped, what is refused, which version
 * counts on a day; and the register of companies, against a real PostgreSQL
 */
#include "store_place.h"

#include "ouv/calendar.h"
#include "ouv/code.h"
#include "ouv/company.h"
#include "ouv/lint.h"
#include "ouv/store_mediation.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static const char *const books[] = { "service", "allegation", "article", "law",
	"remedy", "ground", "referral", "sector", "training", "right",
	"denial" };

static struct ouv_arena *arena;

static int
setup(void **state)
{
	arena = ouv_arena_new(OUV_ARENA_PLAIN);
	if (place_start(state) != 0)
		return -1;
	place.config.paths_codes = "codes";
	place.config.office_language = "it";
	return 0;
}

static int
teardown(void **state)
{
	ouv_arena_free(&arena);
	return place_stop(state);
}

/* ---- what is shipped --------------------------------------------------------
 */

static struct ouv_code_book
read_book(const char *name)
{
	static char text[128 * 1024];
	struct ouv_code_book book;
	char path[80], what[200] = "";
	FILE *file;
	size_t len;

	(void)snprintf(path, sizeof(path), "codes/%s.json", name);
	file = fopen(path, "re");
	if (file == NULL)
		fail_msg("%s is not there", path);
	len = fread(text, 1, sizeof(text), file);
	(void)fclose(file);
	assert_true(len < sizeof(text));
	if (ouv_code_parse(arena, text, len, &book, what) != OUV_OK)
		fail_msg("%s: %s", path, what);
	assert_string_equal(book.name, name);
	return book;
}

static const struct ouv_code *
find(const struct ouv_code_book *book, const char *code)
{
	for (size_t i = 0; i < book->count; i++)
		if (strcmp(book->list[i].code, code) == 0)
			return &book->list[i];
	return NULL;
}

/* The founding document's list, in its order; a blank before the second
 * level. */
static const char *const services[] = {
	"Marketing de relacionamento",
	"Consultas de pré-vendas e pós-vendas",
	" Pré-vendas",
	" Pós-vendas",
	"Suporte técnico",
	"Pesquisa",
	"Recuperação de consumidores",
	"Serviço de atendimento ao consumidor",
	" Sugestões",
	" Reclamações",
	" Acionamento de serviços",
	" Agendamento de serviços",
	" Pedidos",
	" Informações",
	"Processamento de transações",
	" Pagamentos",
	" Transferências",
	" Desbloqueio de cheques",
	" Abertura de contas",
	" Ativação de contas",
	"Avaliação da percepção do consumidor",
	"Ouvidoria",
};

static void
the_services_are_those_of_the_founding_document(void **state)
{
	struct ouv_code_book book = read_book("service");

	(void)state;
	assert_int_equal(book.count, COUNT(services));
	for (size_t i = 0; i < book.count; i++) {
		bool second = *services[i] == ' ';

		assert_string_equal(book.list[i].label[OUV_LANG_PT_BR],
			services[i] + second);
		assert_int_equal(*book.list[i].parent != '\0', second);
	}
}

static void
an_allegation_names_an_article_and_a_severity_that_exist(void **state)
{
	static const char *const wanted[] = { "price", "function", "hidden-fee",
		"misleading-offer", "omission", "pressure-selling",
		"artificial-urgency", "privacy", "discourtesy" };
	struct ouv_code_book book = read_book("allegation");
	struct ouv_code_book articles = read_book("article");
	int raised = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(wanted); i++)
		assert_non_null(find(&book, wanted[i]));
	for (size_t i = 0; i < book.count; i++) {
		const char *article = json_string_value(
			json_object_get(book.list[i].more, "article"));
		const char *least = json_string_value(
			json_object_get(book.list[i].more, "least"));

		assert_non_null(article);
		if (*article != '\0' && find(&articles, article) == NULL)
			fail_msg("%s: %s", book.list[i].code, article);
		if (least == NULL)
			continue;
		raised++;
		assert_true(strcmp(least, "moderate") == 0 ||
			    strcmp(least, "high") == 0 ||
			    strcmp(least, "critical") == 0);
	}
	assert_true(raised >= 2); /* pressure, false urgency */
	assert_non_null(json_object_get(
		find(&book, "pressure-selling")->more, "least"));
	assert_non_null(json_object_get(
		find(&book, "artificial-urgency")->more, "least"));
}

static void
a_ground_says_where_to_go_and_a_place_how_to_ask(void **state)
{
	struct ouv_code_book grounds = read_book("ground");
	struct ouv_code_book places = read_book("referral");

	(void)state;
	for (size_t i = 0; i < grounds.count; i++) {
		const json_t *where =
			json_object_get(grounds.list[i].more, "referral");

		for (size_t n = 0; n < json_array_size(where); n++)
			assert_non_null(find(&places,
				json_string_value(json_array_get(where, n))));
		for (int l = 0; l < OUV_LANG__COUNT; l++)
			assert_true(
				json_string_length(json_object_get(
					json_object_get(
						grounds.list[i].more, "say"),
					ouv_lang_tag((enum ouv_lang)l))) > 20);
	}
	for (size_t i = 0; i < places.count; i++) {
		const char *url = json_string_value(
			json_object_get(places.list[i].more, "url"));

		assert_true(url == NULL || strncmp(url, "https://", 8) == 0);
		for (int l = 0; l < OUV_LANG__COUNT; l++)
			assert_non_null(json_object_get(
				json_object_get(places.list[i].more, "how"),
				ouv_lang_tag((enum ouv_lang)l)));
	}
}

static void
lint_line(const struct ouv_lint_set *rules, const char *where, int lang,
	const char *text)
{
	struct ouv_lint_text what = { .lang = (enum ouv_lang)lang,
		.kind = OUV_LINT_PIECE,
		.body = text };
	struct ouv_finding *findings;
	size_t count;

	ouv_lint_run(arena, rules, &what, &findings, &count);
	if (count > 0)
		fail_msg("%s, %s: %s finds [%s]", where,
			ouv_lang_tag((enum ouv_lang)lang),
			findings[0].rule->name, findings[0].found);
}

/* Every word of a codebook may stand in a letter. */
static void
the_lint_finds_nothing_in_any_label(void **state)
{
	struct ouv_lint_set *rules = NULL;
	struct ouv_lint_error error = { "", "" };

	(void)state;
	ok(ouv_lint_load("lint/rules.json", &rules, &error));
	for (size_t b = 0; b < COUNT(books); b++) {
		struct ouv_code_book book = read_book(books[b]);

		for (size_t i = 0; i < book.count; i++) {
			const struct ouv_code *c = &book.list[i];
			const json_t *say = json_object_get(c->more, "say");

			if (say == NULL)
				say = json_object_get(c->more, "how");
			for (int l = 0; l < OUV_LANG__COUNT; l++) {
				const char *more =
					json_string_value(json_object_get(say,
						ouv_lang_tag(
							(enum ouv_lang)l)));

				lint_line(rules, c->code, l, c->label[l]);
				if (more != NULL)
					lint_line(rules, c->code, l, more);
			}
		}
	}
	ouv_lint_free(&rules);
}

/* ---- what is refused
 * --------------------------------------------------------- */

#define T "{\"pt-BR\":\"a\",\"en\":\"b\",\"it\":\"c\"}"
#define BOOK(entries) \
	"{\"book\":\"remedy\",\"title\":" T ",\"entries\":[" entries "]}"
#define ENTRY(more) \
	"{\"code\":\"x\",\"from\":\"2026-01-01\",\"label\":" T more "}"

static const struct {
	const char *json, *says;
} wrongs[] = {
	{ "{", "line 1" },
	{ "[]", "no book of that name" },
	{ "{\"book\":\"remedies\"}", "no book of that name" },
	{ "{\"book\":\"remedy\",\"titel\":1}", "unknown key titel" },
	{ "{\"book\":\"remedy\",\"title\":{\"en\":\"b\"}}", "in pt-BR" },
	{ "{\"book\":\"remedy\",\"title\":" T "}", "entries is no list" },
	{ BOOK("1"), "entry 1" },
	{ BOOK("{\"code\":\"X\"}"), "its code" },
	{ BOOK("{\"code\":\"-x\"}"), "its code" },
	{ BOOK(ENTRY("") "," ENTRY("")), "stands twice" },
	{ BOOK(ENTRY(",\"parent\":\"y\"")), "its parent" },
	{ BOOK("{\"code\":\"x\",\"label\":" T "}"), "from is no day" },
	{ BOOK("{\"code\":\"x\",\"from\":\"2026-02-30\",\"label\":" T "}"),
		"from is no day" },
	{ BOOK(ENTRY(",\"until\":\"2025-12-31\"")), "ends before it begins" },
	{ BOOK(ENTRY(",\"label2\":1")), "unknown key label2" },
	{ BOOK(ENTRY(",\"more\":{\"least\":\"high\"}")), "unknown key least" },
	{ BOOK("{\"code\":\"x\",\"from\":\"2026-01-01\",\"label\":"
	       "{\"pt-BR\":\"a\\nb\",\"en\":\"b\",\"it\":\"c\"}}"),
		"in pt-BR" },
};

static void
what_is_no_codebook_is_told_with_its_place(void **state)
{
	struct ouv_code_book book;

	(void)state;
	for (size_t i = 0; i < COUNT(wrongs); i++) {
		char what[200] = "";

		assert_int_equal(ouv_code_parse(arena, wrongs[i].json,
					 strlen(wrongs[i].json), &book, what),
			OUV_INVALID);
		if (strstr(what, wrongs[i].says) == NULL)
			fail_msg("%s: [%s]", wrongs[i].json, what);
	}
	/* The frame of these is right. */
	ok(ouv_code_parse(arena, BOOK(ENTRY("")), strlen(BOOK(ENTRY(""))),
		&book, (char[200]){ 0 }));
}

/* ---- versions
 * ------------------------------------------------------------------ */

static struct ouv_code_change
import(const char *text, const char *login)
{
	struct ouv_code_change change = { 0 };

	ok(ouv_code_import(&place.config, text, login, &change));
	return change;
}

static void
a_shipped_book_is_imported_once(void **state)
{
	struct ouv_code_change first = import(NULL, NULL);
	struct ouv_code_change again = import(NULL, NULL);
	size_t all = 0;

	(void)state;
	for (size_t b = 0; b < COUNT(books); b++)
		all += read_book(books[b]).count;
	assert_int_equal(first.added, all);
	assert_int_equal(again.added, 0);
	assert_int_equal(again.same, all);
	assert_int_equal(number(sql("SELECT count(*) FROM code_entry")), all);
}

/* Which label counts that day; NULL: the code is in no list. */
static const char *
label_on(const char *book, const char *code, int32_t day)
{
	struct store_tx *tx = begin(place.server);
	struct store_code *list;
	const char *label = NULL;
	size_t count;

	ok(store_codes(tx, arena, book, day, &list, &count));
	for (size_t i = 0; i < count; i++)
		if (strcmp(list[i].code, code) == 0)
			label = list[i].label[OUV_LANG_EN];
	ok(store_commit(&tx));
	return label;
}

#define EDITED(from, until, label)                                     \
	"{\"book\":\"remedy\",\"title\":" T ",\"entries\":[{\"code\":" \
	"\"refund\",\"from\":\"" from "\"" until                       \
	",\"label\":{\"pt-BR\":\"" label "\",\"en\":\"" label          \
	"\",\"it\":\"" label "\"}}]}"

static void
the_version_in_force_on_a_day_counts(void **state)
{
	const int32_t day = ouv_day_of(2027, 3, 1);
	struct ouv_code_change change;
	struct store_code old;
	struct store_tx *tx;

	(void)state;
	(void)sql("INSERT INTO person (id, login, name, role, lang, desk,"
		  " active, pk, sig_pk, cert_admin, cert_sig, totp_box) SELECT"
		  " gen_random_uuid(), 'chief', 'Chief', 'ombudsman', 'en',"
		  " false, true, p, p, gen_random_uuid(), p || p, p"
		  " FROM (SELECT decode(repeat('00', 32), 'hex') p) x");
	change = import(EDITED("2027-03-01", "", "Money back"), "chief");
	assert_int_equal(change.added, 1);
	assert_string_equal(label_on("remedy", "refund", day - 1),
		"Refund of what was paid");
	assert_string_equal(label_on("remedy", "refund", day), "Money back");
	/* A shipped book never takes the office's own version away. */
	change = import(NULL, NULL);
	assert_int_equal(change.added, 0);
	assert_int_equal(change.kept, 1);
	assert_string_equal(label_on("remedy", "refund", day), "Money back");
	/* Ended: in no list any more, and still known by its name. */
	change = import(
		EDITED("2027-03-01", ",\"until\":\"2027-03-31\"", "Money back"),
		"chief");
	assert_int_equal(change.added, 1);
	assert_string_equal(
		label_on("remedy", "refund", day + 30), "Money back");
	assert_null(label_on("remedy", "refund", day + 31));
	tx = begin(place.gateway);
	ok(store_code(tx, arena, "remedy", "refund", day + 400, &old));
	assert_string_equal(old.label[OUV_LANG_EN], "Money back");
	assert_int_equal(old.until_day, day + 30);
	assert_int_equal(old.n, 3);
	assert_int_equal(store_code(tx, arena, "remedy", "refund",
				 ouv_day_of(1999, 1, 1), &old),
		OUV_NOT_FOUND);
	ok(store_commit(&tx));
}

static void
a_book_with_a_mistake_changes_nothing(void **state)
{
	struct ouv_code_change change;
	int before = number(sql("SELECT count(*) FROM code_entry"));

	(void)state;
	assert_int_equal(ouv_code_import(&place.config, BOOK(ENTRY("") ",1"),
				 "chief", &change),
		OUV_INVALID);
	assert_int_equal(ouv_code_import(&place.config, BOOK(ENTRY("")),
				 "nobody", &change),
		OUV_NOT_FOUND);
	assert_int_equal(
		number(sql("SELECT count(*) FROM code_entry")), before);
}

/* The console keeps the register, but no address is ever changed and nothing
 * is ever taken out of it; codes come from the operator alone. */
static void
the_programs_may_write_no_codes_and_change_no_address(void **state)
{
	static const char *const roles[] = { "ouv_gw", "ouv_srv" };
	static const char *const tables[] = { "code_entry", "company",
		"company_unit", "company_contact" };
	char text[128];

	(void)state;
	for (size_t r = 0; r < COUNT(roles); r++) {
		for (size_t t = 0; t < COUNT(tables); t++) {
			(void)snprintf(text, sizeof(text), "SELECT FROM %s",
				tables[t]);
			assert_true(may(roles[r], text));
			(void)snprintf(text, sizeof(text),
				"DELETE FROM %s WHERE false", tables[t]);
			assert_false(may(roles[r], text));
			(void)snprintf(text, sizeof(text),
				"INSERT INTO %s SELECT * FROM %s WHERE false",
				tables[t], tables[t]);
			assert_int_equal(may(roles[r], text), r == 1 && t > 0);
		}
		assert_false(may(roles[r],
			"UPDATE company_contact SET addr = '' WHERE false"));
		assert_false(may(roles[r],
			"UPDATE company_contact SET unit = NULL WHERE false"));
		assert_false(may(roles[r],
			"UPDATE company_unit SET company = NULL WHERE false"));
	}
	assert_true(may("ouv_owner",
		"INSERT INTO company SELECT * FROM company WHERE false"));
}

/* ---- companies
 * ------------------------------------------------------------------- */

static enum ouv_err
contact(const char *addr, const char *substitute, const char *from,
	const char *until)
{
	struct ouv_contact_entry entry = { .company = "Aurora",
		.unit = "SAC",
		.addr = addr,
		.name = addr,
		.substitute = substitute,
		.away_from = from,
		.away_until = until };

	return ouv_contact_put(&place.config, &entry);
}

static size_t
units_on(int32_t day)
{
	static const struct ouv_id all;
	struct store_tx *tx = begin(place.server);
	struct store_unit *list;
	size_t count;

	ok(store_units(tx, arena, &all, day, &list, &count));
	ok(store_commit(&tx));
	return count;
}

static void
a_unit_works_while_its_contract_and_its_company_last(void **state)
{
	struct ouv_company_entry company = { .company = "Aurora",
		.sector = "retail" };
	struct ouv_unit_entry unit = { .company = "Aurora",
		.unit = "SAC",
		.kind = "sac",
		.owned = "no",
		.from = "2026-03-01",
		.until = "2026-03-31" };
	const int32_t first = ouv_day_of(2026, 3, 1);

	(void)state;
	ok(ouv_company_put(&place.config, &company));
	ok(ouv_unit_put(&place.config, &unit));
	assert_string_equal(
		sql("SELECT lang || ' ' || sector FROM company"), "it retail");
	assert_int_equal(units_on(first - 1), 0);
	assert_int_equal(units_on(first), 1);
	assert_int_equal(units_on(first + 30), 1);
	assert_int_equal(units_on(first + 31), 0);
	/* What is not said of it stays: still outsourced. */
	unit = (struct ouv_unit_entry){
		.company = "Aurora", .unit = "SAC", .until = ""
	};
	ok(ouv_unit_put(&place.config, &unit));
	assert_int_equal(units_on(first + 31), 1);
	assert_string_equal(sql("SELECT owned FROM company_unit"), "f");
	company.member_until = "2026-04-15";
	ok(ouv_company_put(&place.config, &company));
	assert_int_equal(units_on(ouv_day_of(2026, 4, 16)), 0);
	company.member_until = "";
	ok(ouv_company_put(&place.config, &company));
	assert_int_equal(number(sql("SELECT count(*) FROM company_unit")), 1);
}

static void
what_may_not_be_in_the_register_is_refused(void **state)
{
	struct ouv_company_entry company = { .company = "Boreal",
		.sector = "no-such" };
	struct ouv_unit_entry unit = {
		.company = "Aurora", .unit = "SAC", .kind = "palace"
	};

	(void)state;
	assert_int_equal(ouv_company_put(&place.config, &company), OUV_INVALID);
	assert_int_equal(ouv_unit_put(&place.config, &unit), OUV_INVALID);
	unit.kind = NULL;
	unit.from = "2026-13-01";
	assert_int_equal(ouv_unit_put(&place.config, &unit), OUV_INVALID);
	unit.company = "Nobody";
	assert_int_equal(ouv_unit_put(&place.config, &unit), OUV_NOT_FOUND);
	assert_int_equal(contact("no address", NULL, NULL, NULL), OUV_INVALID);
	ok(contact("a@aurora.example", NULL, NULL, NULL));
	/* Nobody is their own substitute, nor is somebody of elsewhere. */
	assert_int_equal(
		contact("a@aurora.example", "a@aurora.example", NULL, NULL),
		OUV_INVALID);
	assert_int_equal(
		contact("a@aurora.example", "z@aurora.example", NULL, NULL),
		OUV_NOT_FOUND);
	assert_int_equal(contact("a@aurora.example", NULL, "2026-05-02", NULL),
		OUV_INVALID);
	assert_int_equal(
		contact("a@aurora.example", NULL, "2026-05-02", "2026-05-01"),
		OUV_INVALID);
	ok(contact("b@aurora.example", "a@aurora.example", "2026-05-01",
		"2026-05-31"));
	assert_string_equal(
		sql("SELECT string_agg(c.addr || '>' ||"
		    " coalesce(s.addr, '-') || ' ' ||"
		    " coalesce(c.away_until::text, '-'), '; ' ORDER BY c.addr)"
		    " FROM company_contact c"
		    " LEFT JOIN company_contact s ON s.id = c.substitute"),
		"a@aurora.example>- -; b@aurora.example>a@aurora.example"
		" 2026-05-31");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			the_services_are_those_of_the_founding_document),
		cmocka_unit_test(
			an_allegation_names_an_article_and_a_severity_that_exist),
		cmocka_unit_test(
			a_ground_says_where_to_go_and_a_place_how_to_ask),
		cmocka_unit_test(the_lint_finds_nothing_in_any_label),
		cmocka_unit_test(what_is_no_codebook_is_told_with_its_place),
		cmocka_unit_test(a_shipped_book_is_imported_once),
		cmocka_unit_test(the_version_in_force_on_a_day_counts),
		cmocka_unit_test(a_book_with_a_mistake_changes_nothing),
		cmocka_unit_test(
			the_programs_may_write_no_codes_and_change_no_address),
		cmocka_unit_test(
			a_unit_works_while_its_contract_and_its_company_last),
		cmocka_unit_test(what_may_not_be_in_the_register_is_refused),
	};

	return cmocka_run_group_tests_name("code", tests, setup, teardown);
}
