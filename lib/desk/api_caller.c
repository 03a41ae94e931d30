/*
 * api_caller.c - a company's program asks: who it is, how often, what it may,
 * and whether the same was asked before
 */
#include <ctype.h>
#include <string.h>

#include "api_token.h"
#include "ouv/log.h"

#define WINDOW_SECS 60
#define PREFIX "ouv1_"
#define ID_DIGITS 32

/* ---- the token -------------------------------------------------------------
 */

/* OUV_INVALID: it has another shape. */
static enum ouv_err
split(const char *bearer, struct ouv_id *id_out, char code_out[OUV_CODE_MAX])
{
	char hex[ID_DIGITS + 1];

	if (strlen(bearer) != OUV_BEARER ||
		strncmp(bearer, PREFIX, strlen(PREFIX)) != 0)
		return OUV_INVALID;
	bearer += strlen(PREFIX);
	memcpy(hex, bearer, ID_DIGITS);
	hex[ID_DIGITS] = '\0';
	memcpy(code_out, bearer + ID_DIGITS, OUV_CODE_MAX);
	return ouv_id_parse(hex, id_out);
}

void
bearer_write(const struct ouv_id *key, const char *code,
	char bearer_out[OUV_BEARER_MAX])
{
	char hex[OUV_ID_HEX];
	size_t n;

	ouv_id_hex(key, hex);
	memcpy(bearer_out, PREFIX, strlen(PREFIX));
	memcpy(bearer_out + strlen(PREFIX), hex, ID_DIGITS);
	n = strlen(PREFIX) + ID_DIGITS;
	for (; *code != '\0' && n < OUV_BEARER; code++)
		if (*code != '-')
			bearer_out[n++] = (char)tolower((unsigned char)*code);
	bearer_out[n] = '\0';
}

void
scopes_cert(const struct ouv_desk *desk, const struct store_api_token *token,
	const uint8_t pk[OUV_KEY], struct ouv_cert *cert)
{
	*cert = (struct ouv_cert){ .kind = OUV_CERT_PAGE,
		.tenant = desk->office->tenant,
		.subject = token->page_key,
		.extra = token->unit,
		/* never the version of the key's own certificate */
		.version = 256 + (uint32_t)token->scopes };
	memcpy(cert->a, pk, sizeof(cert->a));
}

/* What the row says it may do was signed by who could. */
static enum ouv_err
check_scopes(struct ouv_desk *desk, struct store_tx *tx,
	const struct ouv_page_visit *visit, const struct store_api_use *use)
{
	struct ouv_cert cert;
	enum ouv_err err;
	char hex[OUV_ID_HEX];

	if (!ouv_id_equal(&use->token.unit, &visit->reader))
		return OUV_NOT_FOUND;
	scopes_cert(desk, &use->token, visit->pk, &cert);
	err = keys_signed(desk, tx, &use->token.signer, &cert, use->token.sig);
	if (err != OUV_REFUSED && err != OUV_NOT_FOUND)
		return err;
	ouv_id_hex(&visit->key, hex);
	ouv_log_error("token=%s: nobody we trust signed what it may do", hex);
	distrust(desk, "distrust-page", &visit->reader, "");
	return OUV_NOT_FOUND;
}

static enum ouv_err
count(struct ouv_desk *desk, struct ouv_caller *caller, int *wait_secs_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	const int limit = desk->office->config->server_api_minute;
	struct store_api_use use;

	TRY(store_begin(desk->store, &tx));
	TRY(store_api_count(tx, &caller->visit.key, WINDOW_SECS, &use));
	TRY(check_scopes(desk, tx, &caller->visit, &use));
	TRY(store_commit(&tx));
	caller->scopes = (unsigned)use.token.scopes;
	caller->shut = !use.works;
	caller->limit = limit;
	caller->window_secs = WINDOW_SECS;
	caller->left = use.used < limit ? limit - use.used : 0;
	caller->reset_secs = use.left_secs > 0 ? use.left_secs : 1;
	if (use.used <= limit)
		return OUV_OK;
	*wait_secs_out = caller->reset_secs;
	return OUV_REFUSED;
}

enum ouv_err
ouv_desk_caller(struct ouv_desk *desk, struct ouv_arena *arena,
	const char *bearer, const char *address, struct ouv_caller *caller_out,
	int *wait_secs_out)
{
	char code[OUV_CODE_MAX];
	const struct ouv_page_entry entry = {
		.kinds = 1u << OUV_PAGE_TOKEN, .code = code, .address = address
	};
	struct ouv_id id;
	enum ouv_err err = split(bearer, &id, code);

	*wait_secs_out = 0;
	memset(caller_out, 0, sizeof(*caller_out));
	if (err == OUV_OK)
		err = ouv_desk_page_bearer(
			desk, arena, &entry, &caller_out->visit, wait_secs_out);
	ouv_wipe(code, sizeof(code));
	if (err == OUV_OK &&
		!ouv_equal(id.b, caller_out->visit.key.b, sizeof(id.b)))
		err = OUV_NOT_FOUND;
	if (err == OUV_OK)
		err = count(desk, caller_out, wait_secs_out);
	if (err != OUV_OK)
		ouv_page_visit_wipe(&caller_out->visit);
	return err;
}

/* ---- done once -------------------------------------------------------------
 */

enum ouv_err
ouv_desk_once_begin(struct ouv_desk *desk, struct ouv_arena *arena,
	const struct ouv_caller *caller, const char *key,
	struct ouv_str request, struct ouv_once *once_out)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;
	const uint8_t *secret = caller->visit.secret;
	struct ouv_once once = { .repeated = false };
	uint8_t asked[32], form[32];
	struct store_api_once row;
	struct ouv_id form_key;

	ouv_hash_keyed(secret, "apikey", key, strlen(key), once.key);
	ouv_hash_keyed(secret, "apireq", request.p, request.len, asked);
	ouv_hash_keyed(secret, "apifrm", key, strlen(key), form);
	memcpy(form_key.b, form, sizeof(form_key.b));
	ouv_id_hex(&form_key, once.form_key);
	TRY(store_begin(desk->store, &tx));
	TRY(store_api_once_begin(
		tx, arena, &caller->visit.key, once.key, asked, &row));
	TRY(store_commit(&tx));
	if (!row.ours && !ouv_equal(row.request, asked, sizeof(asked)))
		return OUV_INVALID;
	if (!row.ours && row.status == 0)
		return OUV_CONFLICT;
	once.repeated = !row.ours;
	once.status = row.status;
	once.answer = row.answer;
	*once_out = once;
	return OUV_OK;
}

enum ouv_err
ouv_desk_once_done(struct ouv_desk *desk, const struct ouv_caller *caller,
	const struct ouv_once *once, int status, const char *answer)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;

	TRY(store_begin(desk->store, &tx));
	TRY(store_api_once_done(
		tx, &caller->visit.key, once->key, status, answer));
	return store_commit(&tx);
}

enum ouv_err
ouv_desk_once_drop(struct ouv_desk *desk, const struct ouv_caller *caller,
	const struct ouv_once *once)
{
	struct store_tx *tx OUV_CLEANUP(store_rollback) = NULL;

	TRY(store_begin(desk->store, &tx));
	TRY(store_api_once_drop(tx, &caller->visit.key, once->key));
	return store_commit(&tx);
}

void
ouv_caller_upload(const struct ouv_caller *caller, const char *protocol,
	char secret_out[OUV_UPLOAD_SECRET])
{
	uint8_t secret[OUV_KEY];

	ouv_hash_keyed(caller->visit.secret, "apiupl", protocol,
		strlen(protocol), secret);
	ouv_token_text(secret, secret_out);
	ouv_wipe(secret, sizeof(secret));
}
