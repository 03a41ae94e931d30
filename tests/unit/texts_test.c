/*
 * texts_test.c - which version of a text counts: proposed, decided, gone back
 * from, altered behind our back; on a real PostgreSQL, with a gateway's desk
 * and a server's
 */
#include <pthread.h>

#include "store_place.h"

#include "../../lib/desk/texts.h"
#include "ouv/setup.h"

static struct texts_place {
	char keys[64];
	char root_public[65];
	char path[6][128];
	uint8_t root[OUV_KEY];
	struct ouv_office *office, *gateway_office;
	struct ouv_desk *desk, *gateway;
	struct ouv_arena *arena;
	int log; /* what went to standard error */
} t;

/* ---- an office with people ------------------------------------------------
 */

enum who {
	ADMIN,
	OMBUDSMAN,
	MEDIATOR,
	READER,
	INTAKE,
	WHO__COUNT
};

static struct ouv_actor people[WHO__COUNT] = {
	[ADMIN] = { .role = OUV_ROLE_ADMIN, .login = "admin", .name = "Ada" },
	[OMBUDSMAN] = { .role = OUV_ROLE_OMBUDSMAN,
		.login = "ombudsman",
		.name = "Olga" },
	[MEDIATOR] = { .role = OUV_ROLE_MEDIATOR,
		.login = "mediator",
		.name = "Marta" },
	[READER] = { .role = OUV_ROLE_READER,
		.login = "reader",
		.name = "Rita" },
	[INTAKE] = { .role = OUV_ROLE_INTAKE,
		.login = "intake",
		.name = "Ines" },
};

static void
join(struct store_tx *tx, struct ouv_actor *actor)
{
	const struct ouv_actor *admin = &people[ADMIN];
	struct store_person row = { .id = ouv_id_new(),
		.login = actor->login,
		.name = actor->name,
		.lang = "en",
		.role = actor->role,
		.desk = actor->role == OUV_ROLE_MEDIATOR,
		.active = true,
		.totp_box = { "seed", 4 } };
	struct ouv_cert cert = { .kind = OUV_CERT_PERSON };

	actor->identity = ouv_identity_new();
	actor->person = row.id;
	ouv_box_public(actor->identity->box, row.pk);
	ouv_sign_public(actor->identity->sign, row.sig_pk);
	ok(ouv_id_parse(place.config.office_tenant, &cert.tenant));
	cert.subject = row.id;
	memcpy(cert.a, row.pk, OUV_KEY);
	memcpy(cert.b, row.sig_pk, OUV_KEY);
	ouv_cert_sign(&cert, admin->identity->sign, row.cert_sig);
	row.cert_admin = admin->person;
	if (actor == admin) {
		cert.kind = OUV_CERT_ADMIN;
		memcpy(cert.a, row.sig_pk, OUV_KEY);
		memset(cert.b, 0, OUV_KEY);
		ouv_cert_sign(&cert, t.root, row.admin_sig);
		row.has_admin_sig = true;
	}
	ok(store_person_add(tx, &row));
}

static const char *
key_path(int n, const char *name)
{
	(void)snprintf(t.path[n], sizeof(t.path[n]), "%s/%s.key", t.keys, name);
	return t.path[n];
}

static void
fill_config(void)
{
	struct ouv_config *c = &place.config;

	c->office_name = "Ouvidoria de Prova";
	c->office_address = "ouvidoria@localhost";
	c->office_domain = "localhost";
	c->office_local = "ouvidoria";
	c->office_reply_local = "caso";
	c->office_language = "pt-BR";
	c->office_time_zone = "America/Sao_Paulo";
	c->office_calendar = "br";
	c->office_deadlines = "default";
	c->office_phone = c->office_site = c->office_postal = "";
	c->office_tenant = "0123456789abcdef0123456789abcdef";
	c->paths_templates = "templates";
	c->paths_calendars = "calendars";
	c->paths_deadlines = "deadlines";
	c->paths_lint_rules = "lint/rules.json";
	c->mailgw_authserv_id = "";
	c->keys_svc_file = key_path(0, "svc");
	c->keys_k_id_file = key_path(1, "k_id");
	c->keys_k_tok_file = key_path(2, "k_tok");
	c->keys_gw_sig_file = key_path(3, "gw_sig");
	c->keys_srv_sig_file = key_path(4, "srv_sig");
	c->keys_pepper_file = key_path(5, "pepper");
}

static void
open_desks(void)
{
	ok(ouv_desk_open(t.office, &t.desk));
	ok(ouv_desk_open(t.gateway_office, &t.gateway));
}

static int
start(void **state)
{
	struct ouv_setup_keys keys;
	struct store_tx *tx;

	if (place_start(state) != 0)
		return -1;
	ouv_vault_init();
	(void)snprintf(t.keys, sizeof(t.keys), "/tmp/ouv-texts.XXXXXX");
	assert_non_null(mkdtemp(t.keys));
	fill_config();
	ok(ouv_setup_keys(&place.config, t.keys, &keys));
	(void)snprintf(
		t.root_public, sizeof(t.root_public), "%s", keys.root_public);
	place.config.keys_root_public = t.root_public;
	ok(ouv_share_join(
		"root", keys.root_shares[0], keys.root_shares[2], t.root));
	tx = begin(place.owner);
	for (int i = 0; i < WHO__COUNT; i++)
		join(tx, &people[i]);
	ok(store_commit(&tx));
	t.arena = ouv_arena_new(OUV_ARENA_PLAIN);
	ok(ouv_office_new(&place.config, OUV_DESK_SERVER, &t.office));
	ok(ouv_office_new(&place.config, OUV_DESK_GATEWAY, &t.gateway_office));
	open_desks();
	return 0;
}

static int
stop(void **state)
{
	ouv_desk_close(&t.desk);
	ouv_desk_close(&t.gateway);
	ouv_office_free(&t.office);
	ouv_office_free(&t.gateway_office);
	ouv_arena_free(&t.arena);
	for (int i = 0; i < WHO__COUNT; i++)
		ouv_identity_free(&people[i].identity);
	for (int i = 0; i < 6; i++)
		(void)unlink(t.path[i]);
	(void)rmdir(t.keys);
	return place_stop(state);
}

/* Each test begins without any version. */
static int
clear(void **state)
{
	(void)state;
	(void)sql("DELETE FROM text_version; DELETE FROM form_key");
	ouv_desk_close(&t.desk);
	ouv_desk_close(&t.gateway);
	open_desks();
	ouv_arena_reset(t.arena);
	return 0;
}

/* ---- what a test does -----------------------------------------------------
 */

#define ACK "mail/ack"       /* goes out by itself */
#define LETTER "mail/letter" /* a person sends it */

static struct ouv_verb_result result;

static const struct text_live *
shipped(const char *name)
{
	size_t index;

	ok(texts_index(t.office, name, &index));
	return &t.office->shipped[index];
}

static const char *
form_key(void)
{
	struct ouv_id id = ouv_id_new();
	char *out = ouv_arena_alloc(t.arena, OUV_ID_HEX);

	ouv_id_hex(&id, out);
	return out;
}

/* The product's words with a mark in the subject of every language. */
static void
marked(const char *name, const char *mark, const char *body[OUV_LANG__COUNT])
{
	for (int l = 0; l < OUV_LANG__COUNT; l++)
		body[l] = ouv_arena_printf(t.arena, "Subject: %s, %s", mark,
			shipped(name)->body[l] + strlen("Subject: "));
}

static enum ouv_err
propose_with(enum who who, const char *name,
	const char *const body[OUV_LANG__COUNT], const char *more,
	const char *value)
{
	const struct ouv_field fields[] = { { "body-pt-BR",
						    body[OUV_LANG_PT_BR] },
		{ "body-en", body[OUV_LANG_EN] },
		{ "body-it", body[OUV_LANG_IT] }, { "reason", "Clearer" },
		{ more, value } };

	return ouv_desk_text_propose(t.desk, t.arena, &people[who], name,
		form_key(), fields, more != NULL ? 5 : 4, &result);
}

static enum ouv_err
propose(enum who who, const char *name, const char *mark)
{
	const char *body[OUV_LANG__COUNT];

	marked(name, mark, body);
	return propose_with(who, name, (const char *const *)body, NULL, NULL);
}

static enum ouv_err
go_back(enum who who, const char *name, const char *from)
{
	const struct ouv_field fields[] = { { "from", from },
		{ "reason", "It was better" } };

	return ouv_desk_text_propose(t.desk, t.arena, &people[who], name,
		form_key(), fields, 2, &result);
}

static enum ouv_err
decide_at(struct ouv_desk *desk, struct ouv_arena *arena, enum who who,
	const char *key, const char *name, const char *n, const char *decision,
	const char *why, struct ouv_verb_result *result_out)
{
	const struct ouv_field fields[] = { { "n", n },
		{ "decision", decision }, { "why", why } };

	return ouv_desk_text_decide(
		desk, arena, &people[who], name, key, fields, 3, result_out);
}

static enum ouv_err
decide(enum who who, const char *name, const char *n, const char *decision)
{
	return decide_at(t.desk, t.arena, who, form_key(), name, n, decision,
		"As agreed", &result);
}

/* What the gateway would say now. */
static const char *
now_in(const char *name, enum ouv_lang lang, int *n_out)
{
	struct store_tx *tx;
	struct text_live live;
	const char *out;

	ok(store_begin(t.gateway->store, &tx));
	ok(texts_live(t.gateway, tx, name, &live));
	out = ouv_arena_strdup(t.arena, live.body[lang]);
	*n_out = live.n;
	store_rollback(&tx);
	return out;
}

static void
assert_marked(const char *name, const char *mark)
{
	for (int l = 0; l < OUV_LANG__COUNT; l++) {
		const char *words;
		int n;

		words = now_in(name, (enum ouv_lang)l, &n);
		assert_int_equal(strncmp(words + strlen("Subject: "), mark,
					 strlen(mark)),
			0);
		assert_true(n > 0);
	}
}

static void
assert_shipped(const char *name)
{
	for (int l = 0; l < OUV_LANG__COUNT; l++) {
		int n;

		assert_string_equal(now_in(name, (enum ouv_lang)l, &n),
			shipped(name)->body[l]);
		assert_int_equal(n, 0);
	}
}

static struct ouv_text_view
view(enum who who, const char *name)
{
	struct ouv_text_view out;

	ok(ouv_desk_text(t.desk, t.arena, &people[who], name, &out));
	return out;
}

static enum ouv_version_state
state_of(const char *name, int n)
{
	struct ouv_text_view v = view(ADMIN, name);

	for (size_t i = 0; i < v.version_count; i++)
		if (v.versions[i].n == n)
			return v.versions[i].state;
	fail_msg("%s has no version %d", name, n);
	return OUV_VERSION__COUNT;
}

static void
assert_error(enum ouv_err err, const char *field, const char *code)
{
	assert_int_equal(err, OUV_INVALID);
	for (size_t i = 0; i < result.error_count; i++)
		if (strcmp(result.errors[i].field, field) == 0 &&
			strcmp(result.errors[i].code, code) == 0)
			return;
	fail_msg("no %s at %s", code, field);
}

/* ---- who may do what ------------------------------------------------------
 */

static void
without_a_version_the_products_own_words_count(void **state)
{
	struct ouv_text_view v;

	(void)state;
	assert_shipped(ACK);
	v = view(MEDIATOR, ACK);
	assert_int_equal(v.version_count, 1);
	assert_int_equal(v.versions[0].n, 0);
	assert_int_equal(v.versions[0].state, OUV_VERSION_LIVE);
	assert_int_equal(v.finding_count, 0);
}

static void
a_text_that_a_person_sends_is_live_at_once(void **state)
{
	(void)state;
	ok(propose(MEDIATOR, LETTER, "One"));
	assert_marked(LETTER, "One");
	assert_int_equal(state_of(LETTER, 1), OUV_VERSION_LIVE);
	assert_int_equal(state_of(LETTER, 0), OUV_VERSION_PAST);
	ok(propose(ADMIN, LETTER, "Two"));
	assert_marked(LETTER, "Two");
	assert_int_equal(state_of(LETTER, 1), OUV_VERSION_PAST);
}

static void
a_text_that_goes_out_by_itself_waits_for_a_second_person(void **state)
{
	(void)state;
	ok(propose(MEDIATOR, ACK, "One"));
	assert_shipped(ACK);
	assert_int_equal(state_of(ACK, 1), OUV_VERSION_WAITING);
	ok(decide(READER, ACK, "1", "publish"));
	assert_marked(ACK, "One");
	assert_int_equal(state_of(ACK, 1), OUV_VERSION_LIVE);
}

static void
whoever_proposed_never_decides(void **state)
{
	(void)state;
	ok(propose(OMBUDSMAN, ACK, "One"));
	assert_int_equal(decide(OMBUDSMAN, ACK, "1", "publish"), OUV_REFUSED);
	assert_int_equal(decide(OMBUDSMAN, ACK, "1", "refuse"), OUV_REFUSED);
	assert_shipped(ACK);
	assert_true(view(OMBUDSMAN, ACK).versions[0].mine);
	assert_false(view(ADMIN, ACK).versions[0].mine);
	ok(decide(ADMIN, ACK, "1", "publish"));
	assert_marked(ACK, "One");
}

static void
only_these_roles_propose_and_decide(void **state)
{
	static const struct {
		enum who who;
		bool proposes, decides;
	} table[] = {
		{ ADMIN, true, true },
		{ OMBUDSMAN, true, true },
		{ MEDIATOR, true, false },
		{ READER, false, true },
		{ INTAKE, false, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		const enum who who = table[i].who;
		const struct ouv_text_view v = view(who, ACK);
		char n[16];

		assert_int_equal(v.may_change, table[i].proposes);
		assert_int_equal(v.may_decide, table[i].decides);
		assert_int_equal(propose(who, ACK, people[who].name),
			table[i].proposes ? OUV_OK : OUV_REFUSED);
		ok(propose(who == ADMIN ? MEDIATOR : ADMIN, ACK,
			people[who].login));
		(void)snprintf(
			n, sizeof(n), "%d", view(who, ACK).versions[0].n);
		assert_int_equal(decide(who, ACK, n, "publish"),
			table[i].decides ? OUV_OK : OUV_REFUSED);
	}
}

static void
a_refused_version_never_counts_and_needs_a_reason(void **state)
{
	struct ouv_text_view v;

	(void)state;
	ok(propose(MEDIATOR, ACK, "One"));
	assert_error(decide_at(t.desk, t.arena, READER, form_key(), ACK, "1",
			     "refuse", " \n", &result),
		"why", "empty");
	ok(decide(READER, ACK, "1", "refuse"));
	assert_shipped(ACK);
	assert_int_equal(decide(ADMIN, ACK, "1", "publish"), OUV_CONFLICT);
	v = view(ADMIN, ACK);
	assert_int_equal(v.versions[0].state, OUV_VERSION_REFUSED);
	assert_string_equal(v.versions[0].author, "Marta");
	assert_string_equal(v.versions[0].second, "Rita");
	assert_string_equal(v.versions[0].second_why, "As agreed");
	assert_string_equal(v.versions[0].reason, "Clearer");
	assert_error(go_back(MEDIATOR, ACK, "1"), "from", "unknown");
}

static void
a_decision_is_publish_or_refuse(void **state)
{
	(void)state;
	ok(propose(MEDIATOR, ACK, "One"));
	assert_error(decide(READER, ACK, "1", ""), "decision", "empty");
	assert_error(decide(READER, ACK, "1", "yes"), "decision", "unknown");
	assert_int_equal(decide(READER, ACK, "2", "publish"), OUV_NOT_FOUND);
	assert_int_equal(decide(READER, ACK, "x", "publish"), OUV_NOT_FOUND);
	assert_int_equal(
		decide(READER, "mail/none", "1", "publish"), OUV_NOT_FOUND);
	assert_shipped(ACK);
}

/* ---- at the same time ------------------------------------------------------
 */

struct decider {
	enum who who;
	const char *decision, *key;
	struct ouv_desk *desk;
	pthread_barrier_t *start;
	enum ouv_err err;
};

static void *
run_decider(void *user)
{
	struct decider *d = user;
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	struct ouv_verb_result out;

	(void)pthread_barrier_wait(d->start);
	d->err = decide_at(d->desk, arena, d->who, d->key, ACK, "1",
		d->decision, "At once", &out);
	ouv_arena_free(&arena);
	return NULL;
}

static void
two_decide_at_once_and_one_wins(void **state)
{
	pthread_barrier_t barrier;
	struct decider d[] = {
		{ .who = ADMIN, .decision = "publish", .start = &barrier },
		{ .who = READER, .decision = "refuse", .start = &barrier },
	};
	pthread_t threads[2];

	(void)state;
	assert_int_equal(pthread_barrier_init(&barrier, NULL, 2), 0);
	ok(propose(MEDIATOR, ACK, "One"));
	for (int i = 0; i < 2; i++) {
		d[i].key = form_key();
		ok(ouv_desk_open(t.office, &d[i].desk));
		assert_int_equal(
			pthread_create(&threads[i], NULL, run_decider, &d[i]),
			0);
	}
	for (int i = 0; i < 2; i++) {
		assert_int_equal(pthread_join(threads[i], NULL), 0);
		ouv_desk_close(&d[i].desk);
	}
	(void)pthread_barrier_destroy(&barrier);
	assert_int_equal(
		d[0].err == OUV_OK ? d[1].err : d[0].err, OUV_CONFLICT);
	assert_true((d[0].err == OUV_OK) != (d[1].err == OUV_OK));
	if (d[0].err == OUV_OK)
		assert_marked(ACK, "One");
	else
		assert_shipped(ACK);
}

static void
an_older_version_is_not_published_after_a_later_one(void **state)
{
	(void)state;
	ok(propose(MEDIATOR, ACK, "One"));
	ok(propose(ADMIN, ACK, "Two"));
	ok(decide(READER, ACK, "2", "publish"));
	assert_int_equal(decide(READER, ACK, "1", "publish"), OUV_CONFLICT);
	assert_marked(ACK, "Two");
	assert_int_equal(state_of(ACK, 1), OUV_VERSION_PAST);
}

static void
who_began_with_another_version_is_told(void **state)
{
	const char *body[OUV_LANG__COUNT];

	(void)state;
	marked(LETTER, "Mine", body);
	ok(propose(ADMIN, LETTER, "One"));
	assert_int_equal(propose_with(MEDIATOR, LETTER,
				 (const char *const *)body, "base", "0"),
		OUV_CONFLICT);
	assert_marked(LETTER, "One");
	ok(propose_with(
		MEDIATOR, LETTER, (const char *const *)body, "base", "1"));
	assert_marked(LETTER, "Mine");
}

static void
a_form_that_was_sent_twice_is_done_once(void **state)
{
	const struct ouv_field fields[] = { { "from", "0" },
		{ "reason", "Again" } };
	const char *key = form_key();

	(void)state;
	ok(propose(MEDIATOR, LETTER, "One"));
	ok(ouv_desk_text_propose(t.desk, t.arena, &people[MEDIATOR], LETTER,
		key, fields, 2, &result));
	assert_false(result.repeated);
	ok(ouv_desk_text_propose(t.desk, t.arena, &people[MEDIATOR], LETTER,
		key, fields, 2, &result));
	assert_true(result.repeated);
	assert_string_equal(sql("SELECT count(*) FROM text_version"), "2");
}

/* ---- going back ------------------------------------------------------------
 */

static void
one_goes_back_to_an_earlier_version_and_to_the_products_own(void **state)
{
	struct ouv_text_view v;

	(void)state;
	ok(propose(MEDIATOR, LETTER, "One"));
	ok(propose(MEDIATOR, LETTER, "Two"));
	ok(propose(MEDIATOR, LETTER, "Three"));
	ok(go_back(MEDIATOR, LETTER, "2"));
	assert_marked(LETTER, "Two");
	v = view(ADMIN, LETTER);
	assert_int_equal(v.live_n, 4);
	assert_int_equal(v.versions[0].from_n, 2);
	ok(go_back(MEDIATOR, LETTER, "0"));
	assert_shipped(LETTER);
	v = view(ADMIN, LETTER);
	assert_int_equal(v.live_n, 5);
	assert_int_equal(v.versions[0].from_n, 0);
	assert_string_equal(v.versions[0].body[OUV_LANG_IT],
		shipped(LETTER)->body[OUV_LANG_IT]);
	assert_error(go_back(MEDIATOR, LETTER, "0"), "from", "same");
	assert_error(go_back(MEDIATOR, LETTER, "9"), "from", "unknown");
	assert_error(go_back(MEDIATOR, LETTER, "-1"), "from", "unknown");
}

static void
going_back_needs_the_second_person_as_well(void **state)
{
	(void)state;
	ok(propose(MEDIATOR, ACK, "One"));
	ok(decide(READER, ACK, "1", "publish"));
	ok(go_back(MEDIATOR, ACK, "0"));
	assert_marked(ACK, "One");
	ok(decide(READER, ACK, "2", "publish"));
	assert_shipped(ACK);
	ok(go_back(MEDIATOR, ACK, "1"));
	ok(decide(ADMIN, ACK, "3", "publish"));
	assert_marked(ACK, "One");
}

/* ---- what may be proposed ---------------------------------------------------
 */

static void
what_blocks_is_never_saved_and_what_warns_needs_a_reason(void **state)
{
	const char *body[OUV_LANG__COUNT];
	struct ouv_text_view v;

	(void)state;
	marked(LETTER, "(month/day)", body);
	assert_error(propose_with(MEDIATOR, LETTER, (const char *const *)body,
			     "overrule", "I want it so"),
		"body-en", "blocked");
	marked(LETTER, "One", body);
	body[OUV_LANG_IT] = ouv_arena_printf(t.arena,
		"%s\n{{#has_author_phone}}{{/has_author_phone}}"
		"{{#has_copy_for}}{{^is_reader}}{{/is_reader}}"
		"{{/has_copy_for}}\n",
		body[OUV_LANG_IT]);
	assert_error(propose_with(MEDIATOR, LETTER, (const char *const *)body,
			     NULL, NULL),
		"overrule", "warned");
	assert_string_equal(sql("SELECT count(*) FROM text_version"), "0");
	ok(propose_with(MEDIATOR, LETTER, (const char *const *)body, "overrule",
		"Italian needs it"));
	v = view(ADMIN, LETTER);
	assert_string_equal(v.versions[0].overrule, "Italian needs it");
	assert_true(v.finding_count > 0);
}

static void
fields_that_are_empty_too_long_or_nothing_new_are_told(void **state)
{
	char *big = ouv_arena_alloc(t.arena, 50001);
	const char *body[OUV_LANG__COUNT];
	const struct ouv_field no_reason[] = { { "from", "0" },
		{ "reason", " " } };

	(void)state;
	memset(big, 'a', 50000);
	memcpy(body, shipped(LETTER)->body, sizeof(body));
	assert_error(propose_with(MEDIATOR, LETTER, (const char *const *)body,
			     NULL, NULL),
		"body-pt-BR", "same");
	body[OUV_LANG_EN] = " \r\n";
	body[OUV_LANG_IT] = big;
	assert_error(propose_with(MEDIATOR, LETTER, (const char *const *)body,
			     NULL, NULL),
		"body-en", "empty");
	assert_error(propose_with(MEDIATOR, LETTER, (const char *const *)body,
			     NULL, NULL),
		"body-it", "too-long");
	assert_error(ouv_desk_text_propose(t.desk, t.arena, &people[MEDIATOR],
			     LETTER, form_key(), no_reason, 2, &result),
		"reason", "empty");
	assert_int_equal(
		ouv_desk_text_propose(t.desk, t.arena, &people[MEDIATOR],
			"mail/none", form_key(), no_reason, 2, &result),
		OUV_NOT_FOUND);
}

static void
lines_of_a_form_are_stored_as_lines_of_a_file(void **state)
{
	const char *body[OUV_LANG__COUNT];
	struct ouv_buf crlf;

	(void)state;
	marked(LETTER, "One", body);
	for (int l = 0; l < OUV_LANG__COUNT; l++) {
		ouv_buf_init(&crlf, t.arena, strlen(body[l]) * 2);
		for (const char *p = body[l]; *p != '\0'; p++) {
			if (*p == '\n')
				ouv_buf_char(&crlf, '\r');
			ouv_buf_char(&crlf, *p);
		}
		ouv_buf_add(&crlf, "\r\n\r\n", 5);
		body[l] = crlf.data;
	}
	ok(propose_with(
		MEDIATOR, LETTER, (const char *const *)body, NULL, NULL));
	assert_marked(LETTER, "One");
	assert_null(strchr(
		view(ADMIN, LETTER).versions[0].body[OUV_LANG_EN], '\r'));
	assert_error(propose_with(MEDIATOR, LETTER, (const char *const *)body,
			     NULL, NULL),
		"body-pt-BR", "same");
}

/* ---- who can only write in the database -------------------------------------
 */

/* Two versions are there, 1 and 2; then 2 is made wrong. */
static const struct forgery {
	const char *claim, *sql;
} forgeries[] = {
	{ "other words", "UPDATE text_version SET content = replace(content,"
			 " 'Two', 'Six') WHERE n = 2" },
	{ "another number", "UPDATE text_version SET n = 7 WHERE n = 2" },
	{ "numbers swapped", "UPDATE text_version SET n = 100 WHERE n = 1;"
			     "UPDATE text_version SET n = 1 WHERE n = 2;"
			     "UPDATE text_version SET n = 2 WHERE n = 100" },
	{ "another text", "UPDATE text_version SET name = 'mail/absence'"
			  " WHERE n = 2" },
	{ "another author",
		"UPDATE text_version SET author = (SELECT id FROM person"
		" WHERE login = 'ombudsman') WHERE n = 2" },
	{ "another second person",
		"UPDATE text_version SET second = (SELECT id FROM person"
		" WHERE login = 'ombudsman') WHERE n = 2" },
	{ "no second person", "UPDATE text_version SET second = NULL,"
			      " second_sig = NULL WHERE n = 2" },
	{ "the author's signature as the second's",
		"UPDATE text_version SET second_sig = sig WHERE n = 2" },
	{ "the second signature of another version",
		"UPDATE text_version SET second_sig = (SELECT second_sig FROM"
		" text_version WHERE n = 1) WHERE n = 2" },
	{ "another reason",
		"UPDATE text_version SET reason = 'x' WHERE n = 2" },
	{ "another moment", "UPDATE text_version SET at = at - interval '1 h'"
			    " WHERE n = 2" },
	{ "another moment of the decision",
		"UPDATE text_version SET second_at = second_at -"
		" interval '1 h' WHERE n = 2" },
	{ "a reason for passing over warnings",
		"UPDATE text_version SET overrule = 'x' WHERE n = 2" },
	{ "no words", "UPDATE text_version SET content = '' WHERE n = 2" },
	{ "a copy of the first with a higher number",
		"DELETE FROM text_version WHERE n = 2;"
		"INSERT INTO text_version SELECT name, 2, content, reason,"
		" from_n, overrule, author, at, sig, second, second_at,"
		" second_sig, second_why, published, refused"
		" FROM text_version WHERE n = 1" },
};

/* As the rows were, then as the forger leaves them. */
static void
forge(const struct forgery *f)
{
	(void)sql("DELETE FROM text_version;"
		  "INSERT INTO text_version SELECT * FROM kept; %s",
		f->sql);
	ouv_desk_close(&t.gateway);
	ok(ouv_desk_open(t.gateway_office, &t.gateway));
}

static void
an_altered_version_is_never_used(void **state)
{
	const size_t count = sizeof(forgeries) / sizeof(forgeries[0]);
	const char *words;
	int n;

	(void)state;
	ok(propose(MEDIATOR, ACK, "One"));
	ok(decide(READER, ACK, "1", "publish"));
	ok(propose(MEDIATOR, ACK, "Two"));
	ok(decide(READER, ACK, "2", "publish"));
	assert_marked(ACK, "Two");
	(void)sql("CREATE TABLE kept AS TABLE text_version");
	for (size_t i = 0; i < count; i++) {
		forge(&forgeries[i]);
		words = now_in(ACK, OUV_LANG_EN, &n);
		if (strstr(words, "Two, ") != NULL ||
			strstr(words, "Six, ") != NULL)
			fail_msg("used: %s", forgeries[i].claim);
		(void)now_in("mail/absence", OUV_LANG_EN, &n);
		assert_int_equal(n, 0);
	}
	(void)sql("DROP TABLE kept");
}

static void
the_version_before_an_altered_one_counts_and_the_page_shows_it(void **state)
{
	(void)state;
	ok(propose(MEDIATOR, ACK, "One"));
	ok(decide(READER, ACK, "1", "publish"));
	ok(propose(MEDIATOR, ACK, "Two"));
	ok(decide(READER, ACK, "2", "publish"));
	(void)sql("%s", forgeries[0].sql);
	ouv_desk_close(&t.gateway);
	ouv_desk_close(&t.desk);
	open_desks();
	assert_marked(ACK, "One");
	assert_int_equal(state_of(ACK, 2), OUV_VERSION_DOUBTFUL);
	assert_int_equal(state_of(ACK, 1), OUV_VERSION_LIVE);
	assert_error(go_back(MEDIATOR, ACK, "2"), "from", "unknown");
}

static void
a_proposal_is_not_published_in_the_database(void **state)
{
	(void)state;
	ok(propose(MEDIATOR, ACK, "One"));
	(void)sql("UPDATE text_version SET published = now()");
	assert_shipped(ACK);
	assert_int_equal(state_of(ACK, 1), OUV_VERSION_DOUBTFUL);
	(void)sql("UPDATE text_version SET published = NULL");
	ok(decide(READER, ACK, "1", "refuse"));
	(void)sql("UPDATE text_version SET published = refused,"
		  " refused = NULL");
	assert_shipped(ACK);
	assert_int_equal(state_of(ACK, 1), OUV_VERSION_DOUBTFUL);
}

/* Both are words without variables: what moves would fit. */
static void
words_moved_to_another_text_are_not_used(void **state)
{
	const char *body[OUV_LANG__COUNT];

	(void)state;
	for (int l = 0; l < OUV_LANG__COUNT; l++)
		body[l] = ouv_arena_printf(t.arena, "%s\n%s",
			shipped("piece/hear-you")->body[l],
			shipped("piece/thanks")->body[l]);
	ok(propose_with(MEDIATOR, "piece/hear-you", (const char *const *)body,
		NULL, NULL));
	(void)sql("UPDATE text_version SET name = 'piece/thanks'");
	assert_shipped("piece/thanks");
	assert_int_equal(state_of("piece/thanks", 1), OUV_VERSION_DOUBTFUL);
	assert_shipped("piece/hear-you");
}

static void
an_altered_proposal_is_not_decided(void **state)
{
	(void)state;
	ok(propose(MEDIATOR, ACK, "One"));
	(void)sql("UPDATE text_version SET content = replace(content, 'One',"
		  " 'Six')");
	assert_int_equal(decide(READER, ACK, "1", "publish"), OUV_REFUSED);
	assert_shipped(ACK);
}

static void
a_signature_without_a_certificate_counts_for_nothing(void **state)
{
	(void)state;
	ok(propose(MEDIATOR, LETTER, "One"));
	(void)sql("UPDATE person SET cert_sig = sha256('x') || sha256('y')"
		  " WHERE login = 'mediator'");
	ouv_desk_close(&t.gateway);
	ok(ouv_desk_open(t.gateway_office, &t.gateway));
	assert_shipped(LETTER);
	/* put back: what was certified is what it was */
	{
		struct ouv_cert cert = { .kind = OUV_CERT_PERSON,
			.tenant = t.office->tenant,
			.subject = people[MEDIATOR].person };
		char hex_sig[2 * OUV_SIG + 1];
		uint8_t sig[OUV_SIG];

		ouv_box_public(people[MEDIATOR].identity->box, cert.a);
		ouv_sign_public(people[MEDIATOR].identity->sign, cert.b);
		ouv_cert_sign(&cert, people[ADMIN].identity->sign, sig);
		ouv_hex(sig, sizeof(sig), hex_sig);
		(void)sql("UPDATE person SET cert_sig = '\\x%s' WHERE"
			  " login = 'mediator'",
			hex_sig);
	}
	ouv_desk_close(&t.gateway);
	ok(ouv_desk_open(t.gateway_office, &t.gateway));
	assert_marked(LETTER, "One");
}

static int
lines_of_log(void)
{
	char text[16384];
	ssize_t n = pread(t.log, text, sizeof(text) - 1, 0);
	int lines = 0;

	text[n > 0 ? n : 0] = '\0';
	for (char *p = text; (p = strstr(p, "is not used")) != NULL; p++)
		lines++;
	return lines;
}

static void
a_doubtful_version_is_told_once_on_the_log(void **state)
{
	char path[] = "/tmp/ouv-texts-log.XXXXXX";
	const int err = dup(STDERR_FILENO);
	int lines;

	(void)state;
	ok(propose(MEDIATOR, LETTER, "Once"));
	(void)sql("UPDATE text_version SET reason = 'other'");
	t.log = mkstemp(path);
	assert_true(t.log >= 0 && err >= 0);
	(void)unlink(path);
	(void)dup2(t.log, STDERR_FILENO);
	t.gateway_office->doubtful_count = 0;
	for (int i = 0; i < 3; i++) {
		int n;

		ouv_desk_close(&t.gateway);
		if (ouv_desk_open(t.gateway_office, &t.gateway) != OUV_OK)
			break;
		(void)now_in(LETTER, OUV_LANG_EN, &n);
		(void)now_in(LETTER, OUV_LANG_EN, &n);
	}
	(void)dup2(err, STDERR_FILENO);
	(void)close(err);
	lines = lines_of_log();
	(void)close(t.log);
	assert_int_equal(lines, 1);
}

/* ---- what a reader does
 * ------------------------------------------------------ */

/* A version that is well signed and no longer fits, as after a new release. */
static void
a_version_that_no_longer_fits_is_passed_over(void **state)
{
	struct store_text v = { .name = LETTER,
		.n = 2,
		.from_n = -1,
		.reason = "It did fit once",
		.author = people[MEDIATOR].person,
		.at = 1700000000,
		.published = true };
	const char *body[OUV_LANG__COUNT];
	struct store_tx *tx;

	(void)state;
	ok(propose(MEDIATOR, LETTER, "One"));
	marked(LETTER, "Two", body);
	body[OUV_LANG_IT] =
		ouv_arena_printf(t.arena, "%s{{gone}}", body[OUV_LANG_IT]);
	v.content = text_content(t.arena, (const char *const *)body);
	text_sign(t.office, people[MEDIATOR].identity, &v);
	tx = begin(place.server);
	ok(store_text_add(tx, &v));
	ok(store_commit(&tx));
	assert_marked(LETTER, "One");
	assert_int_equal(state_of(LETTER, 2), OUV_VERSION_DOUBTFUL);
	assert_int_equal(state_of(LETTER, 1), OUV_VERSION_LIVE);
}

/* Well signed, and proposed before there was a rule against it. */
static void
what_would_be_refused_today_is_not_published(void **state)
{
	struct store_text v = { .name = ACK,
		.n = 1,
		.from_n = -1,
		.reason = "It was right once",
		.author = people[MEDIATOR].person,
		.at = 1700000000 };
	const char *body[OUV_LANG__COUNT];
	struct store_tx *tx;

	(void)state;
	marked(ACK, "(month/day)", body);
	v.content = text_content(t.arena, (const char *const *)body);
	text_sign(t.office, people[MEDIATOR].identity, &v);
	tx = begin(place.server);
	ok(store_text_add(tx, &v));
	ok(store_commit(&tx));
	assert_error(decide(READER, ACK, "1", "publish"), "n", "blocked");
	assert_shipped(ACK);
	ok(decide(READER, ACK, "1", "refuse"));
}

static void
words_of_somebody_who_left_stay(void **state)
{
	(void)state;
	ok(propose(MEDIATOR, LETTER, "One"));
	(void)sql("UPDATE person SET active = false, role = 'custodian',"
		  " desk = false WHERE login = 'mediator'");
	ouv_desk_close(&t.gateway);
	ok(ouv_desk_open(t.gateway_office, &t.gateway));
	assert_marked(LETTER, "One");
	(void)sql("UPDATE person SET active = true, role = 'mediator',"
		  " desk = true WHERE login = 'mediator'");
}

static void
the_list_says_what_is_live_what_waits_and_who_changed_it(void **state)
{
	struct ouv_text_line *lines;
	size_t count, seen = 0;

	(void)state;
	ok(propose(MEDIATOR, LETTER, "One"));
	ok(propose(OMBUDSMAN, ACK, "One"));
	ok(ouv_desk_texts(t.desk, t.arena, &people[INTAKE], &lines, &count));
	assert_int_equal(count, t.office->shipped_count);
	for (size_t i = 0; i < count; i++) {
		const bool ack = strcmp(lines[i].decl->name, ACK) == 0;
		const bool letter = strcmp(lines[i].decl->name, LETTER) == 0;

		seen += ack || letter;
		assert_int_equal(lines[i].waiting, ack);
		assert_int_equal(lines[i].live_n, letter);
		assert_int_equal(lines[i].changed_at > 0, letter);
		if (letter)
			assert_string_equal(lines[i].changed_by, "Marta");
		assert_non_null(lines[i].body[OUV_LANG_IT]);
	}
	assert_int_equal(seen, 2);
}

static void
each_step_is_an_event_of_its_actor(void **state)
{
	static const char count[] =
		"SELECT count(*) FROM audit_event e JOIN person p ON p.id ="
		" e.actor WHERE action = '%s' AND login = '%s'";
	int before[3];

	(void)state;
	before[0] = number(sql(count, "text-propose", "mediator"));
	before[1] = number(sql(count, "text-publish", "reader"));
	before[2] = number(sql(count, "text-refuse", "admin"));
	ok(propose(MEDIATOR, ACK, "One"));
	ok(propose(MEDIATOR, ACK, "Two"));
	ok(decide(READER, ACK, "1", "publish"));
	ok(decide(ADMIN, ACK, "2", "refuse"));
	assert_int_equal(
		number(sql(count, "text-propose", "mediator")), before[0] + 2);
	assert_int_equal(
		number(sql(count, "text-publish", "reader")), before[1] + 1);
	assert_int_equal(
		number(sql(count, "text-refuse", "admin")), before[2] + 1);
}

static void
a_preview_is_the_letter_with_the_examples(void **state)
{
	const char *body[OUV_LANG__COUNT];
	struct ouv_text_letter letter;
	struct ouv_tmpl_error error;

	(void)state;
	marked(ACK, "Marked", body);
	ok(ouv_desk_text_preview(t.desk, t.arena, &people[READER], ACK,
		body[OUV_LANG_EN], OUV_LANG_EN, NULL, &letter, &error));
	assert_int_equal(strncmp(letter.subject, "Marked, ", 8), 0);
	assert_non_null(strstr(letter.plain, "Ouvidoria de Prova"));
	assert_non_null(strstr(letter.html, "lang=\"en\""));
	assert_int_equal(ouv_desk_text_preview(t.desk, t.arena, &people[READER],
				 ACK, "Subject: x\n\nHello,\n{{nobody}}\n",
				 OUV_LANG_EN, "", &letter, &error),
		OUV_INVALID);
	assert_int_equal(error.line, 4);
	assert_non_null(strstr(error.what, "nobody"));
	assert_int_equal(ouv_desk_text_preview(t.desk, t.arena, &people[READER],
				 ACK, body[OUV_LANG_EN], OUV_LANG_EN,
				 "2026-000001-8", &letter, &error),
		OUV_NOT_FOUND);
}

#define TEST(name) cmocka_unit_test_setup(name, clear)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(without_a_version_the_products_own_words_count),
		TEST(a_text_that_a_person_sends_is_live_at_once),
		TEST(a_text_that_goes_out_by_itself_waits_for_a_second_person),
		TEST(whoever_proposed_never_decides),
		TEST(only_these_roles_propose_and_decide),
		TEST(a_refused_version_never_counts_and_needs_a_reason),
		TEST(a_decision_is_publish_or_refuse),
		TEST(two_decide_at_once_and_one_wins),
		TEST(an_older_version_is_not_published_after_a_later_one),
		TEST(who_began_with_another_version_is_told),
		TEST(a_form_that_was_sent_twice_is_done_once),
		TEST(one_goes_back_to_an_earlier_version_and_to_the_products_own),
		TEST(going_back_needs_the_second_person_as_well),
		TEST(what_blocks_is_never_saved_and_what_warns_needs_a_reason),
		TEST(fields_that_are_empty_too_long_or_nothing_new_are_told),
		TEST(lines_of_a_form_are_stored_as_lines_of_a_file),
		TEST(an_altered_version_is_never_used),
		TEST(the_version_before_an_altered_one_counts_and_the_page_shows_it),
		TEST(a_proposal_is_not_published_in_the_database),
		TEST(words_moved_to_another_text_are_not_used),
		TEST(an_altered_proposal_is_not_decided),
		TEST(a_signature_without_a_certificate_counts_for_nothing),
		TEST(a_doubtful_version_is_told_once_on_the_log),
		TEST(a_version_that_no_longer_fits_is_passed_over),
		TEST(what_would_be_refused_today_is_not_published),
		TEST(words_of_somebody_who_left_stay),
		TEST(the_list_says_what_is_live_what_waits_and_who_changed_it),
		TEST(each_step_is_an_event_of_its_actor),
		TEST(a_preview_is_the_letter_with_the_examples),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
