/*
 * office_of.c - fills an office with sealed cases, as its gateway would
 *
 *   office_of CONFIG FIRST COUNT ITEMS OPEN CLOSED OWN DESK SECOND
 *
 * Cases FIRST to FIRST + COUNT - 1, each with ITEMS messages: keys, grants,
 * summary, address, messages and words are really sealed, and the log is the
 * gateway's own, so that the pages open them as ever and whoever verifies finds
 * nothing.  One case of twenty is open.  The other arguments are ids of people,
 * with commas: who gets the keys of all open cases, of all closed ones, of one
 * mediator's, of those that are new or in triage, of those that need a second
 * person.  What is in clear besides (states, owners, letters that left) is
 * office_of.py's.
 *
 * Rows go by COPY over a connection of their own (OUV_BENCH_DSN), where neither
 * triggers nor references are looked at; office_of.py makes what they would
 * have made.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <libpq-fe.h>
#include <sodium.h>

#include "../../lib/desk/search.h"
#include "copy_rows.h"
#include "ouv/clock.h"
#include "ouv/history.h"
#include "ouv/log.h"

#define BATCH 250 /* cases in a transaction */
#define PEOPLE 32
#define LARGE 20 /* this case has many messages */
#define LARGE_ITEMS 200
#define AGREED 256
#define DAY INT64_C(86400)

enum group {
	GROUP_OPEN,
	GROUP_CLOSED,
	GROUP_OWN,
	GROUP_DESK,
	GROUP_SECOND,
	GROUP__COUNT
};

/* clang-format off */
enum table { CASE, KEY, GRANT, PARTY, ADDRESS, IDENT, CAPSULE, ITEM, WORD,
	TABLES };
static const char *const tables[TABLES] = {
	[CASE] = "case_file (id, protocol, state, lang, channel, opened, due,"
		 " last, items, key_version, summary, indexed)",
	[KEY] = "case_key (case_id, version, cpk, signer, sig)",
	[GRANT] = "case_grant (case_id, version, person, box, granted_by, sig,"
		  " pk)",
	[PARTY] = "party (id, case_id, side)",
	[ADDRESS] = "reply_address (id, case_id, party, version)",
	[IDENT] = "ident_token (token, kind, case_id, party, version)",
	[CAPSULE] = "capsule (id, case_id, party, key_version, ct, box_case,"
		    " box_svc, main)",
	[ITEM] = "item (id, case_id, seq, kind, lane, party, at, key_version,"
		 " dek_box, body, raw_padded)",
	[WORD] = "word_token (case_id, token)",
};
/* clang-format on */

struct filling {
	struct ouv_desk *desk;
	PGconn *line;
	struct rows rows[TABLES];
	struct colleague people[PEOPLE];
	bool in[PEOPLE][GROUP__COUNT];
	size_t count;
	int items;
	int64_t now;
};

static const char *const subjects[] = { "Geladeira quebrada",
	"Entrega atrasada", "Cobrança indevida", "Cancelamento do plano",
	"Reembolso não pago", "Internet fora do ar", "Produto com defeito" };
static const char sentence[] =
	"Comprei uma geladeira em maio, a loja prometeu entregar em dez dias e "
	"ninguém responde às minhas ligações.\n";
static const struct ouv_id nobody;
static const char *const names[] = { "Ana Souza", "Bruno Lima", "Carla Mendes",
	"Davi Rocha", "Elisa Prado" };

/* Of which group is case n?  Open cases count from 0 by m, and their states
 * follow each other in rounds of fifteen. */
static bool
belongs(int n, enum group group)
{
	const bool closed = n % 20 != 0;
	const int m = n / 20, state = m % 15;

	switch (group) {
	case GROUP_OPEN:
		return !closed;
	case GROUP_CLOSED:
		return closed;
	case GROUP_OWN: /* forty, and those of before */
		return m < 43 && (closed || state > 0);
	case GROUP_DESK:
		return !closed && state < 3;
	case GROUP_SECOND:
		return !closed && m < 600 && (state == 10 || state == 11);
	case GROUP__COUNT:
		break;
	}
	return false;
}

/* Small and even, the same in each run. */
static unsigned
of(int n, unsigned salt)
{
	unsigned x = (unsigned)n * 2654435761U + salt * 40503U;

	x ^= x >> 15;
	x *= 2246822519U;
	return x ^ (x >> 13);
}

/* ---- in less time ----------------------------------------------------------
 *
 * These two stand before libsodium's in this program alone.  A million sealed
 * keys would be a million pairs and as many agreements; here all are of one
 * pair, and what was agreed with the last recipients is kept.  Real boxes never
 * share a pair.  They open as ever, and no faster.
 */

static const struct agreed {
	uint8_t to[OUV_KEY], key[crypto_box_BEFORENMBYTES];
	uint8_t nonce[crypto_box_NONCEBYTES];
} * agree(const uint8_t *to, uint8_t pair_out[OUV_KEY])
{
	static struct agreed kept[AGREED];
	static uint8_t public[OUV_KEY], secret[OUV_KEY];
	static unsigned count;
	struct agreed *made;
	crypto_generichash_state state;

	if (count == 0)
		(void)crypto_box_keypair(public, secret);
	memcpy(pair_out, public, OUV_KEY);
	for (unsigned i = 0; i < AGREED && i < count; i++)
		if (memcmp(kept[i].to, to, OUV_KEY) == 0)
			return &kept[i];
	/* People and office come first and stay; a case's key goes. */
	made = &kept[count < AGREED - 1 ? count : AGREED - 1];
	count++;
	memcpy(made->to, to, OUV_KEY);
	if (crypto_box_beforenm(made->key, to, secret) != 0)
		return NULL;
	(void)crypto_generichash_init(&state, NULL, 0, sizeof(made->nonce));
	(void)crypto_generichash_update(&state, public, OUV_KEY);
	(void)crypto_generichash_update(&state, to, OUV_KEY);
	(void)crypto_generichash_final(
		&state, made->nonce, sizeof(made->nonce));
	return made;
}

int
crypto_box_seal(unsigned char *c, const unsigned char *m,
	unsigned long long mlen, const unsigned char *pk)
{
	const struct agreed *with = agree(pk, c);

	return with == NULL ? -1
			    : crypto_box_easy_afternm(c + OUV_KEY, m, mlen,
				      with->nonce, with->key);
}

/* Of the one seed that everything here is signed with. */
int
crypto_sign_seed_keypair(
	unsigned char *pk, unsigned char *sk, const unsigned char *seed)
{
	static uint8_t last[OUV_KEY], secret[crypto_sign_SECRETKEYBYTES];
	static bool any;
	uint8_t hash[64];

	if (!any || memcmp(last, seed, sizeof(last)) != 0) {
		/* libsodium's form: the seed, then its public half. */
		(void)crypto_hash_sha512(hash, seed, OUV_KEY);
		hash[0] &= 248;
		hash[31] &= 127;
		hash[31] |= 64;
		(void)crypto_scalarmult_ed25519_base_noclamp(
			secret + OUV_KEY, hash);
		memcpy(secret, seed, OUV_KEY);
		memcpy(last, seed, sizeof(last));
		any = true;
	}
	memcpy(pk, secret + OUV_KEY, OUV_KEY);
	memcpy(sk, secret, sizeof(secret));
	return 0;
}

/* ---- one message -----------------------------------------------------------
 */

static const struct {
	enum ouv_item_kind kind;
	enum ouv_lane lane;
	bool ours;
} kinds[] = {
	{ OUV_ITEM_MAIL_IN, OUV_LANE_CONSUMER, false },
	{ OUV_ITEM_AUTO_OUT, OUV_LANE_CONSUMER, true },
	{ OUV_ITEM_MAIL_OUT, OUV_LANE_CONSUMER, true },
	{ OUV_ITEM_MAIL_IN, OUV_LANE_CONSUMER, false },
	{ OUV_ITEM_MAIL_OUT, OUV_LANE_CONSUMER, true },
	{ OUV_ITEM_MAIL_IN, OUV_LANE_CONSUMER, false },
};
#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

static void
add_item(struct filling *f, struct ouv_arena *arena, struct casefile *file,
	const struct consumer *who, int n, int64_t at, struct ouv_id *id_out)
{
	const size_t kind = (size_t)file->items % KINDS;
	struct ouv_mail_addr from = { .name = who->name, .addr = who->addr };
	struct ouv_mail mail = { .ok = true,
		.subject = subjects[of(n, 1) % 7],
		.lang = "pt-BR",
		.date = at };
	struct store_item item = { .id = ouv_id_new() };
	struct rows *row = &f->rows[ITEM];
	uint8_t dek[OUV_KEY];
	struct ouv_buf doc, text;

	ouv_buf_init(&text, arena, 1024);
	for (unsigned i = 0; i < 1 + of(n, 7) % 6; i++)
		ouv_buf_text(&text, sentence);
	mail.text = mail.reply_text = text.data;
	mail.size = text.len;
	if (!kinds[kind].ours) {
		mail.from.list = &from;
		mail.from.count = 1;
	}
	ouv_mail_sha256(text.data, text.len, mail.sha256);
	ouv_buf_init(&doc, arena, 2048);
	ouv_mail_pack(&mail, &doc);
	ouv_random(dek, sizeof(dek));
	casefile_seal(f->desk, arena, file, &item, dek,
		&(struct ouv_str){ doc.data, doc.len });
	rows_begin(row, 11);
	rows_id(row, &item.id);
	rows_id(row, &file->id);
	rows_int(row, ++file->items);
	rows_text(row, ouv_item_kind_name(kinds[kind].kind));
	rows_text(row, ouv_lane_name(kinds[kind].lane));
	rows_id(row, &who->party);
	rows_time(row, at);
	rows_int(row, file->version);
	rows_bytes(row, item.dek_box, sizeof(item.dek_box));
	rows_bytes(row, item.body.p, item.body.len);
	rows_int8(row, 4096);
	*id_out = item.id;
}

/* Each mail that came is an event. */
static enum ouv_err
add_items(struct filling *f, struct store_tx *tx, struct ouv_arena *arena,
	struct casefile *file, const struct consumer *who, int n,
	const struct store_case *c)
{
	struct ouv_id item;

	for (int i = 0; i < c->items; i++) {
		add_item(f, arena, file, who, n,
			c->opened_at +
				(c->last_at - c->opened_at) * i / c->items,
			&item);
		if (!kinds[(size_t)i % KINDS].ours)
			TRY(log_case(f->desk, tx, file, &nobody,
				i == 0 ? "register" : "append", &item));
	}
	return OUV_OK;
}

/* ---- one case --------------------------------------------------------------
 */

/* Its key, and what lists show of it. */
static void
add_file(struct filling *f, struct ouv_arena *arena, struct store_case *c,
	const struct consumer *who, int n, struct casefile *file)
{
	struct ouv_cert cert = { .kind = OUV_CERT_CASE,
		.tenant = f->desk->office->tenant,
		.subject = c->id,
		.version = 1 };
	const struct summary summary = { .subject = subjects[of(n, 1) % 7],
		.name = who->name,
		.addr = who->addr };
	struct rows *row = &f->rows[CASE];
	uint8_t sig[OUV_SIG];

	*file = (struct casefile){ .id = c->id, .version = 1 };
	ouv_box_pair(file->cpk, file->csk);
	memcpy(cert.a, file->cpk, sizeof(cert.a));
	ouv_cert_sign(&cert, ouv_key_bytes(f->desk->office->sig), sig);
	casefile_summary(
		f->desk, arena, file, file->csk, &summary, &c->summary);
	rows_begin(row, 12);
	rows_id(row, &c->id);
	rows_text(row, c->protocol);
	rows_text(row, ouv_state_name(c->state));
	rows_text(row, c->lang);
	rows_text(row, c->channel);
	rows_time(row, c->opened_at);
	if (c->due_at != 0)
		rows_time(row, c->due_at);
	else
		rows_null(row);
	rows_time(row, c->last_at);
	rows_int(row, c->items);
	rows_int(row, 1);
	rows_bytes(row, c->summary.p, c->summary.len);
	rows_int(row, c->items); /* its words are taken in */
	row = &f->rows[KEY];
	rows_begin(row, 5);
	rows_id(row, &c->id);
	rows_int(row, 1);
	rows_bytes(row, file->cpk, sizeof(file->cpk));
	rows_id(row, &nobody);
	rows_bytes(row, sig, sizeof(sig));
}

static void
add_grant(struct filling *f, const struct casefile *file,
	const struct ouv_id *person, const uint8_t public[OUV_KEY])
{
	struct rows *row = &f->rows[GRANT];
	struct store_grant grant;

	casefile_grant(f->desk, file, person, public, &nobody,
		ouv_key_bytes(f->desk->office->sig), &grant);
	rows_begin(row, 7);
	rows_id(row, &file->id);
	rows_int(row, file->version);
	rows_id(row, person);
	rows_bytes(row, grant.box, sizeof(grant.box));
	rows_id(row, &nobody);
	rows_bytes(row, grant.sig, sizeof(grant.sig));
	rows_bytes(row, grant.pk, sizeof(grant.pk));
}

static void
add_grants(struct filling *f, const struct casefile *file, int n)
{
	add_grant(f, file, &nobody, f->desk->escrow);
	for (size_t i = 0; i < f->count; i++) {
		bool gets = false;

		for (int g = 0; g < GROUP__COUNT; g++)
			gets = gets ||
			       (f->in[i][g] && belongs(n, (enum group)g));
		if (gets)
			add_grant(f, file, &f->people[i].id, f->people[i].pk);
	}
}

/* What the gateway can read of a closed case it has given up. */
static void
add_capsule(struct filling *f, struct ouv_arena *arena,
	const struct casefile *file, const struct consumer *who, bool closed)
{
	struct rows *row = &f->rows[CAPSULE];
	struct store_capsule capsule = { .id = ouv_id_new() };
	const char *text = ouv_arena_printf(arena,
		"{\"name\":\"%s\",\"addr\":\"%s\",\"lang\":\"pt-BR\"}",
		who->name, who->addr);

	casefile_capsule_seal(f->desk, arena, file,
		&(struct ouv_str){ text, strlen(text) }, &capsule);
	rows_begin(row, 8);
	rows_id(row, &capsule.id);
	rows_id(row, &file->id);
	rows_id(row, &who->party);
	rows_int(row, file->version);
	rows_bytes(row, capsule.ct.p, capsule.ct.len);
	rows_bytes(row, capsule.box_case, sizeof(capsule.box_case));
	if (closed)
		rows_null(row);
	else
		rows_bytes(row, capsule.box_svc, sizeof(capsule.box_svc));
	rows_bool(row, true);
}

/* The consumer, and by what they are known again. */
static enum ouv_err
add_party(struct filling *f, struct ouv_arena *arena,
	const struct casefile *file, struct consumer *who, bool closed)
{
	struct rows *row = &f->rows[PARTY];
	uint8_t raw[OUV_CODE_RAW];
	struct store_token token;
	struct ouv_id address;

	who->party = ouv_id_new();
	rows_begin(row, 3);
	rows_id(row, &who->party);
	rows_id(row, &file->id);
	rows_text(row, "consumer");
	ouv_code_make(
		tok_present(f->desk), &file->id, &who->party, 1, who->code);
	TRY(ouv_code_read(who->code, strlen(who->code), raw, NULL));
	ouv_code_id(raw, &address);
	row = &f->rows[ADDRESS];
	rows_begin(row, 4);
	rows_id(row, &address);
	rows_id(row, &file->id);
	rows_id(row, &who->party);
	rows_int(row, 1);
	ident_make(f->desk->office, "addr",
		ouv_mail_addr_fold(arena, who->addr), &token);
	row = &f->rows[IDENT];
	rows_begin(row, 5);
	rows_id(row, &token.now);
	rows_int2(row, STORE_IDENT_ADDRESS);
	rows_id(row, &file->id);
	rows_id(row, &who->party);
	rows_int(row, token.version);
	add_capsule(f, arena, file, who, closed);
	return OUV_OK;
}

static void
add_words(struct filling *f, struct ouv_arena *arena, struct ouv_arena *scratch,
	const struct casefile *file, const struct consumer *who, int n)
{
	struct rows *row = &f->rows[WORD];
	struct tokens words, none;
	uint8_t(*list)[OUV_WORD];
	size_t count;

	tokens_init(&words, arena, file->csk);
	tokens_init(&none, arena, file->csk);
	tokens_text(&words, scratch, subjects[of(n, 1) % 7]);
	tokens_text(&words, scratch, sentence);
	tokens_text(&words, scratch, who->name);
	tokens_text(&words, scratch, who->addr);
	list = tokens_new(&words, &none, &count);
	for (size_t i = 0; i < count; i++) {
		rows_begin(row, 2);
		rows_id(row, &file->id);
		rows_bytes(row, list[i], OUV_WORD);
	}
	tokens_wipe(&words);
	tokens_wipe(&none);
}

static void
plan_case(const struct filling *f, int n, struct store_case *c)
{
	const bool closed = n % 20 != 0;
	/* Open ones of two months, closed ones of five years. */
	const int64_t age =
		closed ? (30 + of(n, 2) % 1800) * DAY : (of(n, 2) % 60) * DAY;
	const int64_t opened = f->now - age - (int64_t)(of(n, 3) % 86400);
	const int64_t end = closed ? opened + 20 * DAY : f->now;

	*c = (struct store_case){ .id = ouv_id_new(),
		.state = closed ? OUV_STATE_CLOSED : OUV_STATE_TRIAGE,
		.lang = "pt-BR",
		.channel = "email",
		.opened_at = opened,
		.last_at = opened + (end - opened) * (of(n, 5) % 100) / 100,
		.due_at =
			closed ? 0
			       : f->now + ((int64_t)(of(n, 6) % 28) - 3) * DAY +
					 of(n, 8) % 86400,
		.items = n == LARGE ? LARGE_ITEMS : f->items };
}

static enum ouv_err
add_case(struct filling *f, struct store_tx *tx, struct ouv_arena *arena,
	struct ouv_arena *scratch, int n)
{
	struct consumer who = { .name = names[of(n, 4) % 5],
		.lang = OUV_LANG_PT_BR,
		.main = true };
	char protocol[OUV_PROTOCOL_MAX];
	struct casefile file;
	struct store_case c;
	enum ouv_err err;

	plan_case(f, n, &c);
	ouv_protocol_format(2020, n + 1, protocol);
	c.protocol = protocol;
	who.addr =
		ouv_arena_printf(arena, "c%d@consumidora%d.example", n, n % 50);
	add_file(f, arena, &c, &who, n, &file);
	add_grants(f, &file, n);
	err = add_party(f, arena, &file, &who, c.state == OUV_STATE_CLOSED);
	if (err == OUV_OK)
		err = add_items(f, tx, arena, &file, &who, n, &c);
	add_words(f, arena, scratch, &file, &who, n);
	casefile_wipe(&file);
	return err;
}

static enum ouv_err
send(struct filling *f)
{
	for (int i = 0; i < TABLES; i++)
		if (!rows_send(&f->rows[i], f->line, tables[i]))
			return OUV_INVALID;
	return OUV_OK;
}

static enum ouv_err
add_cases(struct filling *f, int first, int count)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_PLAIN);
	struct ouv_arena *scratch OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_PLAIN);

	for (int n = first; n < first + count; n += BATCH) {
		struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
		int end = n + BATCH < first + count ? n + BATCH : first + count;

		TRY(store_begin(f->desk->store, &tx));
		for (int i = n; i < end; i++)
			TRY(add_case(f, tx, arena, scratch, i));
		TRY(store_commit(&tx));
		TRY(send(f));
		TRY(ouv_desk_checkpoint(f->desk, false));
		ouv_arena_reset(arena);
	}
	return ouv_desk_checkpoint(f->desk, true);
}

/* ---- beginning -------------------------------------------------------------
 */

/* ids: "id,id,..." of each group. */
static enum ouv_err
choose(struct filling *f, const struct colleague *all, size_t count,
	char *const *ids)
{
	for (size_t i = 0; i < count && f->count < PEOPLE; i++) {
		char hex[OUV_ID_HEX];
		bool any = false;

		ouv_id_hex(&all[i].id, hex);
		for (int g = 0; g < GROUP__COUNT; g++) {
			f->in[f->count][g] = strstr(ids[g], hex) != NULL;
			any = any || f->in[f->count][g];
		}
		if (any)
			f->people[f->count++] = all[i];
	}
	return f->count > 0 ? OUV_OK : OUV_INVALID;
}

static enum ouv_err
connect_rows(struct filling *f)
{
	PGresult *res;
	bool ok;

	f->line = PQconnectdb(getenv("OUV_BENCH_DSN"));
	res = PQexec(f->line, "SET session_replication_role = replica;"
			      " SET synchronous_commit = off");
	ok = PQresultStatus(res) == PGRES_COMMAND_OK;
	if (!ok)
		fprintf(stderr, "%s", PQerrorMessage(f->line));
	PQclear(res);
	return ok ? OUV_OK : OUV_INVALID;
}

static enum ouv_err
begin(struct filling *f, struct ouv_arena *arena, const char *path,
	char *const *ids)
{
	struct ouv_config *config = ouv_arena_alloc(arena, sizeof(*config));
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	struct ouv_office *office;
	struct colleague *all;
	size_t count;

	TRY(ouv_config_load(arena, path, stderr, config));
	TRY(ouv_office_new(config, OUV_DESK_GATEWAY, &office));
	TRY(ouv_desk_open(office, &f->desk));
	TRY(store_begin(f->desk->store, &tx));
	TRY(keys_load(f->desk, tx));
	TRY(keys_colleagues(f->desk, tx, arena, &all, &count));
	TRY(log_signer(f->desk, tx));
	TRY(store_commit(&tx));
	TRY(choose(f, all, count, ids));
	return connect_rows(f);
}

int
main(int argc, char **argv)
{
	struct ouv_arena *arena OUV_CLEANUP(ouv_arena_free) =
		ouv_arena_new(OUV_ARENA_PLAIN);
	struct filling f = { .items = argc == 5 + GROUP__COUNT ? atoi(argv[4])
							       : 0 };
	enum ouv_err err;

	if (f.items < 1 || getenv("OUV_BENCH_DSN") == NULL)
		return 2;
	ouv_log_init("bench", OUV_LOG_WARN);
	ouv_vault_init();
	f.now = ouv_clock_now();
	err = begin(&f, arena, argv[1], argv + 5);
	if (err == OUV_OK)
		err = add_cases(&f, atoi(argv[2]), atoi(argv[3]));
	if (err != OUV_OK)
		fprintf(stderr, "office_of: %s\n", ouv_err_name(err));
	PQfinish(f.line);
	return err != OUV_OK;
}
